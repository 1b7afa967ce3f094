/* SPDX-License-Identifier: MIT */
/* Random LPs that are changed in every way and solved again after each change: every backend of the
 * build agrees with another one. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lp/lp.h"
#include "support/random.h"
#include "support/seam.h"
#include "support/suite.h"

enum { ROWS_MAX = 40, COLUMNS_MAX = 80, CHANGES = 12, TURNS = 50, SEEDS = 8 };

static struct random random_state;

/* The same LP in numbers of the test's own. */
struct numbers {
    size_t rows;
    size_t columns;
    double cost[COLUMNS_MAX];
    double lower[COLUMNS_MAX];
    double upper[COLUMNS_MAX];
    double row_lower[ROWS_MAX];
    double row_upper[ROWS_MAX];
    double entry[ROWS_MAX][COLUMNS_MAX];
};

static double random_entry(void)
{
    switch (random_below(&random_state, 5)) {
    case 0:
        return 1;
    case 1:
        return -1;
    default:
        return random_between(&random_state, -2, 3);
    }
}

static void random_bounds(double *lower, double *upper)
{
    *lower = random_below(&random_state, 3) ? 0 : random_between(&random_state, -2, 1);
    *upper =
        random_below(&random_state, 5) ? *lower + 1 : *lower + random_between(&random_state, 0, 3);
}

static void random_row_bounds(double *lower, double *upper)
{
    *lower = -INFINITY;
    *upper = INFINITY;
    switch (random_below(&random_state, 4)) {
    case 0:
        *lower = *upper = random_between(&random_state, 0, 2);
        break;
    case 1:
        *lower = random_between(&random_state, -1, 1);
        break;
    case 2:
        *lower = random_between(&random_state, -1, 1);
        *upper = *lower + random_between(&random_state, 0, 2);
        break;
    default:
        *upper = random_between(&random_state, -0.5, 3);
    }
}

static void random_column(struct numbers *lp)
{
    size_t c = lp->columns++;
    lp->cost[c] = random_below(&random_state, 4) ? random_between(&random_state, -1, 3) : 0;
    random_bounds(&lp->lower[c], &lp->upper[c]);
    for (size_t r = 0; r < lp->rows; r++)
        lp->entry[r][c] = random_below(&random_state, 3) ? 0 : random_entry();
}

static void random_row(struct numbers *lp)
{
    size_t r = lp->rows++;
    random_row_bounds(&lp->row_lower[r], &lp->row_upper[r]);
    for (size_t c = 0; c < lp->columns; c++)
        lp->entry[r][c] = random_below(&random_state, 3) ? 0 : random_entry();
}

static size_t row_entries(const struct numbers *lp, size_t row, size_t *index, double *value)
{
    size_t count = 0;
    for (size_t c = 0; c < lp->columns; c++) {
        if (lp->entry[row][c] == 0)
            continue;
        index[count] = c;
        value[count++] = lp->entry[row][c];
    }
    return count;
}

static void add_row(struct ifp_lp *tried, const struct numbers *lp, size_t row)
{
    size_t index[COLUMNS_MAX];
    double value[COLUMNS_MAX];
    size_t count = row_entries(lp, row, index, value);
    seam_ok(ifp_lp_add_row(tried, lp->row_lower[row], lp->row_upper[row], count, index, value,
                           &seam_error));
}

static struct ifp_lp *make(struct ifp_lp_environment *environment, const struct numbers *lp)
{
    struct ifp_lp *made = NULL;
    seam_ok(ifp_lp_new(environment, IFP_LP_SMALL, lp->columns, lp->cost, lp->lower, lp->upper, NULL,
                       &made, &seam_error));
    for (size_t r = 0; r < lp->rows; r++)
        add_row(made, lp, r);
    return made;
}

/* The result of another backend. */
static void solve_otherwise(const struct numbers *lp, struct ifp_lp_result *result)
{
    struct ifp_lp_environment *environment = seam_other_environment();
    struct ifp_lp *other = make(environment, lp);
    seam_ok(ifp_lp_solve(other, &seam_no_limits, result, &seam_error));
    ifp_lp_free(other);
    ifp_lp_environment_free(environment);
}

/* Is the point one of the LP, and do the multipliers prove its objective? */
static void expect_proven(const struct numbers *lp, struct ifp_lp *tried, double objective)
{
    double point[COLUMNS_MAX];
    double multipliers[ROWS_MAX];
    double reduced[COLUMNS_MAX];
    double value = 0;
    double bound = 0;
    seam_ok(ifp_lp_point(tried, point, &seam_error));
    seam_ok(ifp_lp_multipliers(tried, multipliers, &seam_error));
    seam_ok(ifp_lp_reduced_costs(tried, reduced, &seam_error));
    for (size_t c = 0; c < lp->columns; c++) {
        double price = lp->cost[c];
        ck_assert(point[c] >= lp->lower[c] && point[c] <= lp->upper[c]);
        value += lp->cost[c] * point[c];
        for (size_t r = 0; r < lp->rows; r++)
            price -= multipliers[r] * lp->entry[r][c];
        ck_assert_double_eq_tol(price, reduced[c], 1e-7);
        bound += price * (price > 0 ? lp->lower[c] : lp->upper[c]);
    }
    for (size_t r = 0; r < lp->rows; r++) {
        double sum = 0;
        for (size_t c = 0; c < lp->columns; c++)
            sum += lp->entry[r][c] * point[c];
        ck_assert(sum >= lp->row_lower[r] - 1e-7 && sum <= lp->row_upper[r] + 1e-7);
        if (fabs(multipliers[r]) > 1e-8) {
            double at = multipliers[r] > 0 ? lp->row_lower[r] : lp->row_upper[r];
            ck_assert(isfinite(at));
            bound += multipliers[r] * at;
        }
    }
    ck_assert_double_eq_tol(value, objective, 1e-7);
    ck_assert_double_eq_tol(bound, objective, 1e-6);
}

static bool expect_agreement(const struct numbers *lp, struct ifp_lp *tried)
{
    struct ifp_lp_result theirs;
    struct ifp_lp_result ours;
    solve_otherwise(lp, &theirs);
    seam_ok(ifp_lp_solve(tried, &seam_no_limits, &ours, &seam_error));
    if (theirs.status == IFP_LP_TROUBLE)
        return false;
    ck_assert_int_eq(ours.status, theirs.status);
    if (ours.status != IFP_LP_OPTIMAL)
        return false;
    ck_assert_double_eq_tol(ours.objective, theirs.objective, 1e-6);
    expect_proven(lp, tried, ours.objective);
    return true;
}

static void delete_columns(struct numbers *lp, struct ifp_lp *tried)
{
    size_t gone[COLUMNS_MAX];
    size_t count = 0;
    size_t kept = 0;
    for (size_t c = 0; c < lp->columns; c++) {
        if (random_below(&random_state, 5) == 0 && kept + lp->columns - c > 1) {
            gone[count++] = c;
            continue;
        }
        lp->cost[kept] = lp->cost[c];
        lp->lower[kept] = lp->lower[c];
        lp->upper[kept] = lp->upper[c];
        for (size_t r = 0; r < lp->rows; r++)
            lp->entry[r][kept] = lp->entry[r][c];
        kept++;
    }
    lp->columns = kept;
    seam_ok(ifp_lp_delete_columns(tried, count, gone, &seam_error));
}

static void delete_rows(struct numbers *lp, struct ifp_lp *tried)
{
    size_t gone[ROWS_MAX];
    size_t count = 0;
    size_t kept = 0;
    for (size_t r = 0; r < lp->rows; r++) {
        if (random_below(&random_state, 4) == 0) {
            gone[count++] = r;
            continue;
        }
        lp->row_lower[kept] = lp->row_lower[r];
        lp->row_upper[kept] = lp->row_upper[r];
        memcpy(lp->entry[kept], lp->entry[r], sizeof lp->entry[kept]);
        kept++;
    }
    lp->rows = kept;
    seam_ok(ifp_lp_delete_rows(tried, count, gone, &seam_error));
}

static void change(struct numbers *lp, struct ifp_lp **tried)
{
    struct ifp_lp *copy = NULL;
    size_t rows[ROWS_MAX];
    double value[ROWS_MAX];
    size_t count = 0;
    size_t which;
    switch (random_below(&random_state, 7)) {
    case 0:
        if (lp->columns == COLUMNS_MAX)
            return;
        random_column(lp);
        which = lp->columns - 1;
        for (size_t r = 0; r < lp->rows; r++) {
            if (lp->entry[r][which] == 0)
                continue;
            rows[count] = r;
            value[count++] = lp->entry[r][which];
        }
        seam_ok(ifp_lp_add_column(*tried, lp->cost[which], lp->lower[which], lp->upper[which],
                                  count, rows, value, &seam_error));
        return;
    case 1:
        if (lp->rows == ROWS_MAX)
            return;
        random_row(lp);
        add_row(*tried, lp, lp->rows - 1);
        return;
    case 2:
        delete_columns(lp, *tried);
        return;
    case 3:
        delete_rows(lp, *tried);
        return;
    case 4:
        if (!lp->rows)
            return;
        which = (size_t)random_below(&random_state, (int)lp->rows);
        random_row_bounds(&lp->row_lower[which], &lp->row_upper[which]);
        seam_ok(ifp_lp_set_row_bounds(*tried, which, lp->row_lower[which], lp->row_upper[which],
                                      &seam_error));
        return;
    case 5:
        seam_ok(ifp_lp_copy(&copy, *tried, &seam_error));
        ifp_lp_free(*tried);
        *tried = copy;
        return;
    default:
        for (size_t k = 0; k < 3 && lp->columns; k++) {
            which = (size_t)random_below(&random_state, (int)lp->columns);
            random_bounds(&lp->lower[which], &lp->upper[which]);
            if (random_below(&random_state, 3) == 0)
                lp->upper[which] = lp->lower[which];
            seam_ok(ifp_lp_set_column_bounds(*tried, which, lp->lower[which], lp->upper[which],
                                             &seam_error));
        }
    }
}

START_TEST(agrees_after_changes)
{
    struct numbers *lp = calloc(1, sizeof *lp);
    int optimal = 0;
    random_state.state = (uint64_t)seam_choose(_i, SEEDS);
    struct ifp_lp_environment *environment = seam_environment(false);
    ck_assert_ptr_nonnull(lp);
    for (int turn = 0; turn < TURNS; turn++) {
        memset(lp, 0, sizeof *lp);
        size_t columns = 1 + (size_t)random_below(&random_state, COLUMNS_MAX - 1);
        size_t rows =
            (size_t)random_below(&random_state, ROWS_MAX / (1 + random_below(&random_state, 4)));
        while (lp->columns < columns)
            random_column(lp);
        while (lp->rows < rows)
            random_row(lp);
        struct ifp_lp *tried = make(environment, lp);
        optimal += expect_agreement(lp, tried);
        for (int n = 0; n < CHANGES; n++) {
            for (int k = random_below(&random_state, 3); k >= 0; k--)
                change(lp, &tried);
            optimal += expect_agreement(lp, tried);
        }
        ifp_lp_free(tried);
    }
    ifp_lp_environment_free(environment);
    ck_assert_int_gt(optimal, TURNS);
    free(lp);
}
END_TEST

/* All columns have to go to their upper bounds for the row, whose limit is their sum up to
 * rounding. */
START_TEST(reaches_what_all_just_reach)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment = seam_environment(false);
    random_state.state = 1;
    for (int turn = 0; turn < 500; turn++) {
        double cost[COLUMNS_MAX];
        double lower[COLUMNS_MAX] = {0};
        double upper[COLUMNS_MAX];
        size_t index[COLUMNS_MAX];
        double value[COLUMNS_MAX];
        size_t columns = 2 + (size_t)random_below(&random_state, COLUMNS_MAX - 2);
        double sum = 0;
        for (size_t c = 0; c < columns; c++) {
            cost[c] = random_between(&random_state, 0, 1);
            upper[c] = 1;
            index[c] = c;
            value[c] = random_between(&random_state, 0.1, 3);
        }
        for (size_t c = columns; c-- > 0;)
            sum += value[c];
        struct ifp_lp *tried = NULL;
        struct ifp_lp_result result;
        seam_ok(ifp_lp_new(environment, IFP_LP_SMALL, columns, cost, lower, upper, NULL, &tried,
                           &seam_error));
        seam_ok(ifp_lp_add_row(tried, sum, INFINITY, columns, index, value, &seam_error));
        seam_ok(ifp_lp_solve(tried, &seam_no_limits, &result, &seam_error));
        ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
        seam_ok(ifp_lp_point(tried, lower, &seam_error));
        for (size_t c = 0; c < columns; c++)
            ck_assert_double_ge(lower[c], 1 - 1e-8);
        ifp_lp_free(tried);
    }
    ifp_lp_environment_free(environment);
}
END_TEST

/* Columns that cost nothing, beside others that cost so much that the rounding errors of the
 * multipliers exceed the tolerance of reduced costs. Our own method finds the optimum. */
START_TEST(knows_an_optimum_with_large_multipliers)
{
    const double unit = 0x1p27;
    struct numbers *lp = calloc(1, sizeof *lp);
    seam_choose_named("our own simplex method");
    struct ifp_lp_environment *environment = seam_environment(false);
    random_state.state = 3;
    ck_assert_ptr_nonnull(lp);
    for (int turn = 0; turn < TURNS; turn++) {
        memset(lp, 0, sizeof *lp);
        lp->rows = 10 + (size_t)random_below(&random_state, ROWS_MAX - 10);
        for (size_t r = 0; r < lp->rows; r++) {
            size_t c = lp->columns++;
            lp->cost[c] = random_between(&random_state, 1e8, 1e9);
            lp->upper[c] = 100;
            lp->entry[r][c] = random_between(&random_state, 0.5, 2);
            lp->row_lower[r] = random_between(&random_state, 1, 2);
            lp->row_upper[r] = INFINITY;
        }
        while (lp->columns < 2 * lp->rows) {
            size_t c = lp->columns++;
            lp->lower[c] = -1;
            lp->upper[c] = 1;
            for (size_t r = 0; r < lp->rows; r++)
                lp->entry[r][c] = random_below(&random_state, 3) ? 0 : random_entry();
        }
        struct ifp_lp *tried = make(environment, lp);
        struct ifp_lp_result result;
        struct ifp_lp_result expected;
        seam_ok(ifp_lp_solve(tried, &seam_no_limits, &result, &seam_error));
        /* Not every solver finds it: the expected result is that of the same LP in other units. */
        for (size_t c = 0; c < lp->columns; c++)
            lp->cost[c] /= unit;
        solve_otherwise(lp, &expected);
        expected.objective *= unit;
        ck_assert_int_eq(expected.status, IFP_LP_OPTIMAL);
        ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
        ck_assert_double_le(fabs(result.objective - expected.objective),
                            1e-7 * fabs(expected.objective));
        ifp_lp_free(tried);
    }
    ifp_lp_environment_free(environment);
    free(lp);
}
END_TEST

static Suite *lp_changes_suite(void)
{
    Suite *suite = suite_create("lp changes");
    TCase *tests = tcase_create("changes");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, agrees_after_changes, 0, seam_tests(SEEDS));
    tcase_add_loop_test(tests, reaches_what_all_just_reach, 0, seam_tests(1));
    tcase_add_test(tests, knows_an_optimum_with_large_multipliers);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(lp_changes_suite());
}
