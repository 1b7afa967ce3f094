/* SPDX-License-Identifier: MIT */
/* The time limit and the seconds of a solution count the time that building the model takes: of a
 * new model and of a changed one. The linker's --wrap makes the building slow by moving the clock,
 * so that no test waits. */
#include <check.h>
#include <math.h>
#include <stdatomic.h>

#include "api/scenario.h"
#include "milp/milp.h"
#include "support/suite.h"
#include "util/clock.h"

enum { SECONDS = 1000 }; /* that building takes; far more than any solve here */
enum step { NOTHING, PROBLEM, PROGRAM, STEPS };

double __real_ifp_clock_seconds(void);
double __wrap_ifp_clock_seconds(void);
int __real_ifp_problem_new(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                           struct ifp_problem **problem, struct ifp_error *error);
int __wrap_ifp_problem_new(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                           struct ifp_problem **problem, struct ifp_error *error);
int __real_ifp_milp_new(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                        struct ifp_milp **milp, struct ifp_error *error);
int __wrap_ifp_milp_new(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                        struct ifp_milp **milp, struct ifp_error *error);

static atomic_int moved; /* seconds by which the clock has been moved */
static atomic_int slow;  /* the step that is slow the next time; enum step */

static void spend(enum step step)
{
    int expected = (int)step;
    if (atomic_compare_exchange_strong(&slow, &expected, NOTHING))
        atomic_fetch_add(&moved, SECONDS);
}

double __wrap_ifp_clock_seconds(void)
{
    return __real_ifp_clock_seconds() + atomic_load(&moved);
}

int __wrap_ifp_problem_new(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                           struct ifp_problem **problem, struct ifp_error *error)
{
    spend(PROBLEM);
    return __real_ifp_problem_new(instance, cancel, problem, error);
}

int __wrap_ifp_milp_new(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                        struct ifp_milp **milp, struct ifp_error *error)
{
    spend(PROGRAM);
    return __real_ifp_milp_new(problem, cancel, milp, error);
}

static ifp_model *make_model(double time_limit)
{
    ifp_instance *instance = scenario_small(1);
    ifp_options *options = ifp_options_new();
    ck_assert_ptr_nonnull(options);
    if (isfinite(time_limit))
        ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_TIME_LIMIT, time_limit),
                         IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, NULL);
    ck_assert_ptr_nonnull(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
    return model;
}

/* Solve; the solution is optimal, or is stopped by the time limit. Returns its seconds. */
static double solve(ifp_model *model, bool in_time)
{
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_msg(solution != NULL, "%s", ifp_error_message(ifp_model_last_error(model)));
    ck_assert_int_eq(ifp_solution_stop(solution), in_time ? IFP_STOP_PROVEN : IFP_STOP_TIME_LIMIT);
    double seconds = ifp_solution_seconds(solution);
    ifp_solution_free(solution);
    return seconds;
}

static void change(ifp_model *model)
{
    ck_assert_int_eq(ifp_model_set(model, "limits.budget_usd", "150"), IFP_OK);
}

/* The seconds of the first solve contain the building of the model, those of the second do not, and
 * those of a solve after a change contain the building again. */
START_TEST(seconds_contain_building)
{
    atomic_store(&slow, _i);
    ifp_model *model = make_model((double)INFINITY);
    ck_assert_int_eq(atomic_load(&slow), NOTHING);
    ck_assert_double_ge(solve(model, true), SECONDS);
    ck_assert_double_lt(solve(model, true), SECONDS);
    change(model);
    atomic_store(&slow, _i);
    ck_assert_double_ge(solve(model, true), SECONDS);
    ck_assert_int_eq(atomic_load(&slow), NOTHING);
    ck_assert_double_lt(solve(model, true), SECONDS);
    ifp_model_free(model);
}
END_TEST

/* A building that takes longer than the time limit leaves no time to search. */
START_TEST(limit_contains_building)
{
    ifp_model *model = make_model(SECONDS / 2.0);
    ck_assert_double_lt(solve(model, true), SECONDS / 2.0);
    change(model);
    ck_assert_double_lt(solve(model, true), SECONDS / 2.0);
    change(model);
    atomic_store(&slow, _i);
    ck_assert_double_ge(solve(model, false), SECONDS);
    ck_assert_int_eq(atomic_load(&slow), NOTHING);
    ifp_model_free(model);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clock");
    TCase *tests = tcase_create("building");
    tcase_add_loop_test(tests, seconds_contain_building, PROBLEM, STEPS);
    tcase_add_loop_test(tests, limit_contains_building, PROBLEM, STEPS);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
