/* SPDX-License-Identifier: MIT */
/* Solving a model again after changes, from the plan before and what else it has learnt: what is
 * proven is what a new model proves. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/random.h"
#include "support/sample.h"
#include "support/suite.h"

enum { SEEDS = 24, CHANGES = 4, BREAKS = 24 };

static struct random random_state;

static ifp_solution *solve(ifp_model *model)
{
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_ptr_nonnull(solution);
    return solution;
}

/* The same status, and bounds and plans that do not contradict each other. */
static void expect_agreement(const ifp_solution *warm, const ifp_solution *cold)
{
    ck_assert_int_eq(ifp_solution_status(warm), ifp_solution_status(cold));
    if (ifp_solution_status(cold) != IFP_STATUS_OPTIMAL)
        return;
    double objective = ifp_solution_objective(cold);
    double tolerance = 1e-7 * fmax(1, fabs(objective));
    ck_assert_double_le(ifp_solution_bound(warm), objective + tolerance);
    ck_assert_double_le(ifp_solution_bound(cold), ifp_solution_objective(warm) + tolerance);
    ck_assert_double_eq_tol(ifp_solution_objective(warm), objective,
                            2e-4 * fmax(1, fabs(objective)));
}

START_TEST(solving_again_proves_the_same)
{
    random_state.state = 1000 + (uint64_t)_i;
    ifp_instance *instance = sample_instance((uint64_t)_i, 5, 3, 3);
    ifp_model *model = ifp_model_new(instance, NULL, NULL);
    ck_assert_ptr_nonnull(model);
    ifp_solution *last = solve(model);
    for (int k = 0; k < CHANGES; k++) {
        if (ifp_solution_plan(last))
            ck_assert_int_eq(ifp_model_set_start(model, ifp_solution_plan(last)), IFP_OK);
        ifp_solution_free(last);
        char value[SAMPLE_VALUE];
        const char *path = sample_change(&random_state, value);
        ck_assert_int_eq(ifp_model_set(model, path, value), IFP_OK);
        ifp_model *fresh = ifp_model_new(ifp_model_instance(model), NULL, NULL);
        ck_assert_ptr_nonnull(fresh);
        ifp_solution *cold = solve(fresh);
        last = solve(model);
        expect_agreement(last, cold);
        ifp_solution_free(cold);
        ifp_model_free(fresh);
    }
    ifp_solution_free(last);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

/* Into a double: the plan that a search has before it looks for a bound, from its log. */
static void take_first_plan(const char *line, void *user)
{
    double *objective = user;
    const char *begin = "first plan ";
    const char *found = strstr(line, begin);
    if (found)
        *objective = strtod(found + strlen(begin), NULL);
}

/* That plan, of a plan to begin with that may be NULL. */
static double first_plan(const ifp_instance *instance, const ifp_plan *start)
{
    double objective = NAN;
    ifp_options *options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(options, "gap", "0.1"), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(options, take_first_plan, &objective), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, NULL);
    ck_assert_ptr_nonnull(model);
    if (start)
        ck_assert_int_eq(ifp_model_set_start(model, start), IFP_OK);
    ifp_solution_free(solve(model));
    ifp_model_free(model);
    ifp_options_free(options);
    return objective;
}

/* Where the budget falls below what the start costs, what is left of it has to be worth as much as
 * what is found from nothing: once it stood in the way of everything else. */
START_TEST(a_start_that_no_longer_holds_does_no_harm)
{
    size_t broken = 0;
    double warm = 0;
    double cold = 0;
    for (uint64_t seed = 0; seed < BREAKS; seed++) {
        ifp_instance *instance = sample_instance(seed, 8, 4, 4);
        ifp_model *model = ifp_model_new(instance, NULL, NULL);
        ifp_solution *before = solve(model);
        const ifp_plan *start = ifp_solution_plan(before);
        const ifp_check *check = ifp_solution_check(before);
        double budget = check ? ifp_check_cost(check, IFP_COST_RENTAL) : 0;
        ck_assert_int_eq(ifp_instance_set_number(instance, "limits.budget_usd", 0.8 * budget),
                         IFP_OK);
        double from_nothing = first_plan(instance, NULL);
        if (budget > 0 && isfinite(from_nothing)) {
            broken++;
            cold += from_nothing;
            warm += first_plan(instance, start);
        }
        ifp_solution_free(before);
        ifp_model_free(model);
        ifp_instance_free(instance);
    }
    ck_assert_uint_ge(broken, BREAKS / 2);
    ck_assert_double_le(warm, cold * (1 + 1e-3));
}
END_TEST

static Suite *again_suite(void)
{
    Suite *suite = suite_create("again");
    TCase *tests = tcase_create("again");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, solving_again_proves_the_same, 0, SEEDS);
    tcase_add_test(tests, a_start_that_no_longer_holds_does_no_harm);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(again_suite());
}
