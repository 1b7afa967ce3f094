/* SPDX-License-Identifier: MIT */
/* The simplex method for small LPs, against the solver behind lp.h: random LPs that are changed in
 * every way there is and solved again after each change. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lp/own/dense.h"
#include "lp/own/dense_table.h"
#include "suite.h"
#include "unit/random.h"

enum { ROWS_MAX = 40, COLUMNS_MAX = 80, CHANGES = 12, TURNS = 50 };

static struct ifp_error error;
static struct random drawn;

static const struct ifp_lp_limits no_limits = {
    .seconds = INFINITY, .iterations = 1000000, .cutoff = INFINITY};

static void ok(int code)
{
    ck_assert_msg(code == IFP_OK, "%d: %s", code, error.message);
}

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

static double draw_entry(void)
{
    switch (random_below(&drawn, 5)) {
    case 0:
        return 1;
    case 1:
        return -1;
    default:
        return random_between(&drawn, -2, 3);
    }
}

static void draw_bounds(double *lower, double *upper)
{
    *lower = random_below(&drawn, 3) ? 0 : random_between(&drawn, -2, 1);
    *upper = random_below(&drawn, 5) ? *lower + 1 : *lower + random_between(&drawn, 0, 3);
}

static void draw_row_bounds(double *lower, double *upper)
{
    *lower = -INFINITY;
    *upper = INFINITY;
    switch (random_below(&drawn, 4)) {
    case 0:
        *lower = *upper = random_between(&drawn, 0, 2);
        break;
    case 1:
        *lower = random_between(&drawn, -1, 1);
        break;
    case 2:
        *lower = random_between(&drawn, -1, 1);
        *upper = *lower + random_between(&drawn, 0, 2);
        break;
    default:
        *upper = random_between(&drawn, -0.5, 3);
    }
}

static void draw_column(struct numbers *lp)
{
    size_t c = lp->columns++;
    lp->cost[c] = random_below(&drawn, 4) ? random_between(&drawn, -1, 3) : 0;
    draw_bounds(&lp->lower[c], &lp->upper[c]);
    for (size_t r = 0; r < lp->rows; r++)
        lp->entry[r][c] = random_below(&drawn, 3) ? 0 : draw_entry();
}

static void draw_row(struct numbers *lp)
{
    size_t r = lp->rows++;
    draw_row_bounds(&lp->row_lower[r], &lp->row_upper[r]);
    for (size_t c = 0; c < lp->columns; c++)
        lp->entry[r][c] = random_below(&drawn, 3) ? 0 : draw_entry();
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

static void add_row(struct ifp_dense *dense, const struct numbers *lp, size_t row)
{
    size_t index[COLUMNS_MAX];
    double value[COLUMNS_MAX];
    size_t count = row_entries(lp, row, index, value);
    ok(ifp_dense_add_row(dense, lp->row_lower[row], lp->row_upper[row], count, index, value,
                         &error));
}

static struct ifp_dense *make_dense(const struct numbers *lp)
{
    struct ifp_dense *dense = NULL;
    ok(ifp_dense_new(lp->columns, lp->cost, lp->lower, lp->upper, &dense, &error));
    for (size_t r = 0; r < lp->rows; r++)
        add_row(dense, lp, r);
    return dense;
}

/* What the other solver says of it. */
static void solve_otherwise(const struct numbers *lp, struct ifp_lp_result *result)
{
    struct ifp_lp_environment *environment;
    struct ifp_lp *other;
    size_t index[COLUMNS_MAX];
    double value[COLUMNS_MAX];
    ok(ifp_lp_environment_new(false, &environment, &error));
    ok(ifp_lp_new(environment, IFP_LP_LARGE, lp->columns, lp->cost, lp->lower, lp->upper, NULL,
                  &other, &error));
    for (size_t r = 0; r < lp->rows; r++) {
        size_t count = row_entries(lp, r, index, value);
        ok(ifp_lp_add_row(other, lp->row_lower[r], lp->row_upper[r], count, index, value, &error));
    }
    ok(ifp_lp_solve(other, &no_limits, result, &error));
    ifp_lp_free(other);
    ifp_lp_environment_free(environment);
}

/* Is the point one of the LP, and do the multipliers prove its objective? */
static void expect_proven(const struct numbers *lp, const struct ifp_dense *dense, double objective)
{
    double point[COLUMNS_MAX];
    double multipliers[ROWS_MAX];
    double reduced[COLUMNS_MAX];
    double value = 0;
    double bound = 0;
    ifp_dense_point(dense, point);
    ifp_dense_multipliers(dense, multipliers);
    ifp_dense_reduced_costs(dense, reduced);
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

static bool expect_agreement(const struct numbers *lp, struct ifp_dense *dense)
{
    struct ifp_lp_result theirs;
    struct ifp_lp_result ours;
    solve_otherwise(lp, &theirs);
    ifp_dense_solve(dense, &no_limits, &ours);
    if (theirs.status == IFP_LP_TROUBLE)
        return false;
    ck_assert_int_eq(ours.status, theirs.status);
    if (ours.status != IFP_LP_OPTIMAL)
        return false;
    ck_assert_double_eq_tol(ours.objective, theirs.objective, 1e-6);
    expect_proven(lp, dense, ours.objective);
    return true;
}

static void delete_columns(struct numbers *lp, struct ifp_dense *dense)
{
    size_t gone[COLUMNS_MAX];
    size_t count = 0;
    size_t kept = 0;
    for (size_t c = 0; c < lp->columns; c++) {
        if (random_below(&drawn, 5) == 0 && kept + lp->columns - c > 1) {
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
    ifp_dense_delete_columns(dense, count, gone);
}

static void delete_rows(struct numbers *lp, struct ifp_dense *dense)
{
    size_t gone[ROWS_MAX];
    size_t count = 0;
    size_t kept = 0;
    for (size_t r = 0; r < lp->rows; r++) {
        if (random_below(&drawn, 4) == 0) {
            gone[count++] = r;
            continue;
        }
        lp->row_lower[kept] = lp->row_lower[r];
        lp->row_upper[kept] = lp->row_upper[r];
        memcpy(lp->entry[kept], lp->entry[r], sizeof lp->entry[kept]);
        kept++;
    }
    lp->rows = kept;
    ifp_dense_delete_rows(dense, count, gone);
}

static void change(struct numbers *lp, struct ifp_dense **dense)
{
    struct ifp_dense *copy = NULL;
    size_t rows[ROWS_MAX];
    double value[ROWS_MAX];
    size_t count = 0;
    size_t which;
    switch (random_below(&drawn, 7)) {
    case 0:
        if (lp->columns == COLUMNS_MAX)
            return;
        draw_column(lp);
        which = lp->columns - 1;
        for (size_t r = 0; r < lp->rows; r++) {
            if (lp->entry[r][which] == 0)
                continue;
            rows[count] = r;
            value[count++] = lp->entry[r][which];
        }
        ok(ifp_dense_add_column(*dense, lp->cost[which], lp->lower[which], lp->upper[which], count,
                                rows, value, &error));
        return;
    case 1:
        if (lp->rows == ROWS_MAX)
            return;
        draw_row(lp);
        add_row(*dense, lp, lp->rows - 1);
        return;
    case 2:
        delete_columns(lp, *dense);
        return;
    case 3:
        delete_rows(lp, *dense);
        return;
    case 4:
        if (!lp->rows)
            return;
        which = (size_t)random_below(&drawn, (int)lp->rows);
        draw_row_bounds(&lp->row_lower[which], &lp->row_upper[which]);
        ifp_dense_set_row_bounds(*dense, which, lp->row_lower[which], lp->row_upper[which]);
        return;
    case 5:
        ok(ifp_dense_copy(&copy, *dense, &error));
        ifp_dense_free(*dense);
        *dense = copy;
        return;
    default:
        for (size_t k = 0; k < 3 && lp->columns; k++) {
            which = (size_t)random_below(&drawn, (int)lp->columns);
            draw_bounds(&lp->lower[which], &lp->upper[which]);
            if (random_below(&drawn, 3) == 0)
                lp->upper[which] = lp->lower[which];
            ifp_dense_set_column_bounds(*dense, which, lp->lower[which], lp->upper[which]);
        }
    }
}

START_TEST(agrees_after_changes)
{
    struct numbers *lp = calloc(1, sizeof *lp);
    int optimal = 0;
    drawn.state = (uint64_t)_i;
    ck_assert_ptr_nonnull(lp);
    for (int turn = 0; turn < TURNS; turn++) {
        memset(lp, 0, sizeof *lp);
        size_t columns = 1 + (size_t)random_below(&drawn, COLUMNS_MAX - 1);
        size_t rows = (size_t)random_below(&drawn, ROWS_MAX / (1 + random_below(&drawn, 4)));
        while (lp->columns < columns)
            draw_column(lp);
        while (lp->rows < rows)
            draw_row(lp);
        struct ifp_dense *dense = make_dense(lp);
        optimal += expect_agreement(lp, dense);
        for (int n = 0; n < CHANGES; n++) {
            for (int k = random_below(&drawn, 3); k >= 0; k--)
                change(lp, &dense);
            optimal += expect_agreement(lp, dense);
        }
        ifp_dense_free(dense);
    }
    ck_assert_int_gt(optimal, TURNS);
    free(lp);
}
END_TEST

/* All columns have to go to their upper bounds for the row, whose limit is their sum up to
 * rounding.
 */
START_TEST(reaches_what_all_just_reach)
{
    drawn.state = 1;
    for (int turn = 0; turn < 500; turn++) {
        double cost[COLUMNS_MAX];
        double lower[COLUMNS_MAX] = {0};
        double upper[COLUMNS_MAX];
        size_t index[COLUMNS_MAX];
        double value[COLUMNS_MAX];
        size_t columns = 2 + (size_t)random_below(&drawn, COLUMNS_MAX - 2);
        double sum = 0;
        for (size_t c = 0; c < columns; c++) {
            cost[c] = random_between(&drawn, 0, 1);
            upper[c] = 1;
            index[c] = c;
            value[c] = random_between(&drawn, 0.1, 3);
        }
        for (size_t c = columns; c-- > 0;)
            sum += value[c];
        struct ifp_dense *dense = NULL;
        struct ifp_lp_result result;
        ok(ifp_dense_new(columns, cost, lower, upper, &dense, &error));
        ok(ifp_dense_add_row(dense, sum, INFINITY, columns, index, value, &error));
        ifp_dense_solve(dense, &no_limits, &result);
        ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
        ifp_dense_point(dense, lower);
        for (size_t c = 0; c < columns; c++)
            ck_assert_double_ge(lower[c], 1 - 1e-8);
        ifp_dense_free(dense);
    }
}
END_TEST

/* Columns that cost nothing, beside others that cost so much that the multipliers' last digits are
 * larger than any price could be off by itself: the optimum is one all the same. */
START_TEST(knows_an_optimum_with_large_multipliers)
{
    const double unit = 0x1p27;
    struct numbers *lp = calloc(1, sizeof *lp);
    drawn.state = 3;
    ck_assert_ptr_nonnull(lp);
    for (int turn = 0; turn < TURNS; turn++) {
        memset(lp, 0, sizeof *lp);
        lp->rows = 10 + (size_t)random_below(&drawn, ROWS_MAX - 10);
        for (size_t r = 0; r < lp->rows; r++) {
            size_t c = lp->columns++;
            lp->cost[c] = random_between(&drawn, 1e8, 1e9);
            lp->upper[c] = 100;
            lp->entry[r][c] = random_between(&drawn, 0.5, 2);
            lp->row_lower[r] = random_between(&drawn, 1, 2);
            lp->row_upper[r] = INFINITY;
        }
        while (lp->columns < 2 * lp->rows) {
            size_t c = lp->columns++;
            lp->lower[c] = -1;
            lp->upper[c] = 1;
            for (size_t r = 0; r < lp->rows; r++)
                lp->entry[r][c] = random_below(&drawn, 3) ? 0 : draw_entry();
        }
        struct ifp_dense *dense = make_dense(lp);
        struct ifp_lp_result result;
        struct ifp_lp_result expected;
        ifp_dense_solve(dense, &no_limits, &result);
        /* Not every solver knows it: the same in other dollars. */
        for (size_t c = 0; c < lp->columns; c++)
            lp->cost[c] /= unit;
        solve_otherwise(lp, &expected);
        expected.objective *= unit;
        ck_assert_int_eq(expected.status, IFP_LP_OPTIMAL);
        ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
        ck_assert_double_le(fabs(result.objective - expected.objective),
                            1e-7 * fabs(expected.objective));
        ifp_dense_free(dense);
    }
    free(lp);
}
END_TEST

/*
 * Memory is taken for the part of the inverse that is used. Of `rows` demands x_r + y_r = 1 and one
 * limit on the sum of all x, the best leave the dearest y out:
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
    ok(ifp_dense_new(2 * MANY, cost, lower, upper, &dense, &error));
    for (size_t r = 0; r < MANY; r++) {
        size_t both[2] = {r, MANY + r};
        ok(ifp_dense_add_row(dense, 1, 1, 2, both, ones, &error));
    }
    ok(ifp_dense_add_row(dense, -INFINITY, ALLOWED, MANY, index, ones, &error));
    ck_assert_uint_gt(dense->row_room, MANY);
    ck_assert_uint_lt(dense->width, MANY / 2);
    ifp_dense_solve(dense, &no_limits, &result);
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_le(fabs(result.objective - expected), 1e-6 * expected);
    ck_assert_uint_gt(dense->active, MANY / 2);
    ck_assert_uint_gt(dense->width, dense->active);
    ok(ifp_dense_copy(&copy, dense, &error));
    ck_assert_uint_gt(copy->width, copy->active);
    /* Without the limit and half of the demands, nothing is left that costs. */
    for (size_t r = KEPT; r < MANY; r++)
        out[r - KEPT] = r + 1;
    ifp_dense_delete_rows(copy, MANY - KEPT, out);
    ifp_dense_solve(copy, &no_limits, &result);
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_le(fabs(result.objective), 1e-6);
    ifp_dense_solve(dense, &no_limits, &result);
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_le(fabs(result.objective - expected), 1e-6 * expected);
    ifp_dense_free(copy);
    ifp_dense_free(dense);
}
END_TEST

static Suite *dense_suite(void)
{
    Suite *suite = suite_create("dense");
    TCase *tests = tcase_create("changes");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, agrees_after_changes, 0, 8);
    tcase_add_test(tests, reaches_what_all_just_reach);
    tcase_add_test(tests, knows_an_optimum_with_large_multipliers);
    tcase_add_test(tests, memory_follows_what_is_active);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(dense_suite());
}
