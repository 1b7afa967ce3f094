/* SPDX-License-Identifier: MIT */
/* Solving a model again after changes, from the plan before and what else it has learnt: what is
 * proven is what a new model proves. */
#include <check.h>
#include <math.h>

#include <inferplan/inferplan.h>

#include "unit/random.h"
#include "unit/sample.h"
#include "unit/suite.h"

enum { SEEDS = 24, CHANGES = 4 };

static struct random drawn;

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
    drawn.state = 1000 + (uint64_t)_i;
    ifp_instance *instance = sample_instance((uint64_t)_i, 5, 3, 3);
    ifp_model *model = ifp_model_new(instance, NULL, NULL);
    ck_assert_ptr_nonnull(model);
    ifp_solution *last = solve(model);
    for (int k = 0; k < CHANGES; k++) {
        if (ifp_solution_plan(last))
            ck_assert_int_eq(ifp_model_set_start(model, ifp_solution_plan(last)), IFP_OK);
        ifp_solution_free(last);
        char value[SAMPLE_VALUE];
        const char *path = sample_change(&drawn, value);
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

static Suite *again_suite(void)
{
    Suite *suite = suite_create("again");
    TCase *tests = tcase_create("again");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, solving_again_proves_the_same, 0, SEEDS);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(again_suite());
}
