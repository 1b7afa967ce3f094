/* SPDX-License-Identifier: MIT */
/* Our own simplex method, in addition to what test_lp.c tests of every backend. */
#include <check.h>
#include <math.h>

#include "lp/own/dense_table.h"
#include "support/seam.h"
#include "support/suite.h"

/*
 * Memory is allocated for the used columns of the inverse only. Of `rows` demands x_r + y_r = 1 and
 * one limit on the sum of all x, the best leave the dearest y out:
 */
START_TEST(memory_follows_what_is_active)
{
    enum { MANY = 1200, ALLOWED = 400, KEPT = 600 };
    double cost[2 * MANY] = {0};
    double lower[2 * MANY] = {0};
    double upper[2 * MANY];
    double ones[MANY];
    size_t index[MANY];
    size_t out[MANY - KEPT];
    struct ifp_dense *dense;
    struct ifp_dense *copy = NULL;
    struct ifp_lp_result result;
    double expected = 0;
    for (size_t r = 0; r < MANY; r++) {
        index[r] = r;
        ones[r] = 1;
        cost[MANY + r] = 1 + (double)(r * 7 % MANY); /* each of 1 to MANY once */
    }
    for (size_t c = 0; c < 2 * MANY; c++)
        upper[c] = 1;
    for (size_t k = 1; k <= MANY - ALLOWED; k++)
        expected += (double)k;
    seam_ok(ifp_dense_new(2 * MANY, cost, lower, upper, &dense, &seam_error));
    for (size_t r = 0; r < MANY; r++) {
        size_t both[2] = {r, MANY + r};
        seam_ok(ifp_dense_add_row(dense, 1, 1, 2, both, ones, &seam_error));
    }
    seam_ok(ifp_dense_add_row(dense, -INFINITY, ALLOWED, MANY, index, ones, &seam_error));
    ck_assert_uint_gt(dense->row_capacity, MANY);
    ck_assert_uint_lt(dense->width, MANY / 2);
    ifp_dense_solve(dense, &seam_no_limits, &result);
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_le(fabs(result.objective - expected), 1e-6 * expected);
    ck_assert_uint_gt(dense->active, MANY / 2);
    ck_assert_uint_gt(dense->width, dense->active);
    seam_ok(ifp_dense_copy(&copy, dense, &seam_error));
    ck_assert_uint_gt(copy->width, copy->active);
    /* Without the limit and half of the demands, nothing is left that costs. */
    for (size_t r = KEPT; r < MANY; r++)
        out[r - KEPT] = r + 1;
    ifp_dense_delete_rows(copy, MANY - KEPT, out);
    ifp_dense_solve(copy, &seam_no_limits, &result);
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_le(fabs(result.objective), 1e-6);
    ifp_dense_solve(dense, &seam_no_limits, &result);
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_le(fabs(result.objective - expected), 1e-6 * expected);
    ifp_dense_free(copy);
    ifp_dense_free(dense);
}
END_TEST

static Suite *own_suite(void)
{
    Suite *suite = suite_create("own");
    TCase *tests = tcase_create("memory");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, memory_follows_what_is_active);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(own_suite());
}
