/* SPDX-License-Identifier: MIT */
/* The seam to HiGHS, beside what test_lp.c asks of every solver: a host program may use HiGHS
 * itself, on the same thread and on another at the same time, with threads and options of its own,
 * and neither disturbs the other. */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#pragma GCC diagnostic ignored "-Wunused-function"
#include <interfaces/highs_c_api.h>

#include <inferplan/inferplan.h>

#include "lp/lp.h"
#include "support/seam.h"
#include "support/suite.h"

/* max 10x + 6y + 4z with x + y + z <= 100, 10x + 4y + 5z <= 600, 2x + 2y + 6z <= 300: 733.333 */
static void *host_problem(HighsInt threads)
{
    static const double cost[] = {-10, -6, -4};
    static const double lower[] = {0, 0, 0};
    static const double upper[] = {1e3, 1e3, 1e3};
    static const double row_lower[] = {-1e30, -1e30, -1e30};
    static const double row_upper[] = {100, 600, 300};
    static const HighsInt start[] = {0, 3, 6};
    static const HighsInt index[] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
    static const double value[] = {1, 1, 1, 10, 4, 5, 2, 2, 6};
    void *highs = Highs_create();
    ck_assert_ptr_nonnull(highs);
    Highs_setBoolOptionValue(highs, "output_flag", 0);
    Highs_setIntOptionValue(highs, "threads", threads);
    ck_assert_int_eq(Highs_addCols(highs, 3, cost, lower, upper, 0, NULL, NULL, NULL),
                     kHighsStatusOk);
    ck_assert_int_eq(Highs_addRows(highs, 3, row_lower, row_upper, 9, start, index, value),
                     kHighsStatusOk);
    return highs;
}

static void expect_host_optimum(void *highs)
{
    double objective = 0;
    ck_assert_int_eq(Highs_run(highs), kHighsStatusOk);
    ck_assert_int_eq(Highs_getModelStatus(highs), kHighsModelStatusOptimal);
    Highs_getDoubleInfoValue(highs, "objective_function_value", &objective);
    ck_assert_double_eq_tol(objective, -2200.0 / 3, 1e-6);
}

/* With as many threads as the seam asks for, and with another number. */
START_TEST(on_the_same_thread)
{
    struct ifp_lp_environment *environment;
    HighsInt threads = 0;
    void *highs = host_problem(_i + 1);
    expect_host_optimum(highs);
    environment = seam_environment(false);
    struct ifp_lp *lp = seam_lp(environment);
    seam_expect_solved(lp, -5);
    double objective = seam_solve_instance();
    ck_assert_double_eq(seam_solve_instance(), objective);
    ck_assert_int_eq(Highs_changeColBounds(highs, 0, 0, 10), kHighsStatusOk);
    ck_assert_int_eq(Highs_changeColBounds(highs, 0, 0, 1e3), kHighsStatusOk);
    expect_host_optimum(highs);
    Highs_getIntOptionValue(highs, "threads", &threads);
    ck_assert_int_eq(threads, _i + 1);
    seam_ok(ifp_lp_set_column_bounds(lp, 1, 0, 0, &seam_error));
    seam_expect_solved(lp, -4);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
    Highs_destroy(highs);
}
END_TEST

static atomic_bool done;

static void *be_the_host(void *argument)
{
    int *rounds = argument;
    void *highs = host_problem(2);
    while (!atomic_load(&done) || *rounds == 0) {
        Highs_clearSolver(highs);
        expect_host_optimum(highs);
        *rounds += 1;
    }
    Highs_destroy(highs);
    Highs_resetGlobalScheduler(1);
    return NULL;
}

START_TEST(on_another_thread)
{
    pthread_t thread;
    int rounds = 0;
    double objective = seam_solve_instance();
    ck_assert_int_eq(pthread_create(&thread, NULL, be_the_host, &rounds), 0);
    for (int again = 0; again < 20; again++)
        ck_assert_double_eq(seam_solve_instance(), objective);
    atomic_store(&done, true);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_gt(rounds, 0);
}
END_TEST

static Suite *highs_suite(void)
{
    Suite *suite = suite_create("highs");
    TCase *host = tcase_create("host");
    tcase_set_timeout(host, 60);
    tcase_add_loop_test(host, on_the_same_thread, 0, 2);
    tcase_add_test(host, on_another_thread);
    suite_add_tcase(suite, host);
    return suite;
}

int main(void)
{
    seam_choose_named("HiGHS");
    return suite_run(highs_suite());
}
