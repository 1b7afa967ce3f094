/* SPDX-License-Identifier: MIT */
/* The LP with up to three rows, against a simplex method in long double and against its own dual.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "brute/simplex.h"
#include "engine/master/few_row_lp.h"

enum { FEW = 8, MANY = 40, TRIALS = 12000, ROWS = IFP_CAPACITY_COUNT };

enum kind { RANDOM, DEGENERATE, PROPORTIONAL, SCALED, PARALLEL, HUGE_RATIOS, KINDS };

struct sample {
    struct ifp_item items[MANY];
    size_t count;
    double capacity[ROWS];
};

static unsigned long long state;

static double uniform(void)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(state >> 11) / 9007199254740992.0;
}

static double one_of(double count)
{
    return floor(count * uniform());
}

static double tiny(void)
{
    return uniform() < 0.3 ? 0 : pow(10, -6 * uniform());
}

/* Small whole numbers make equal items, items without needs and crossings of many lines. */
static struct ifp_item random_item(enum kind kind)
{
    struct ifp_item item = {.max_share = 0.01 + uniform(), .value = 0.01 + uniform()};
    double scale = 1 + one_of(2);
    for (int r = 0; r < ROWS; r++)
        item.need[r] = 2 * uniform();
    switch (kind) {
    case DEGENERATE:
        item.value = 1 + one_of(3);
        item.max_share = 1;
        for (int r = 0; r < ROWS; r++)
            item.need[r] = one_of(3);
        break;
    case PROPORTIONAL:
        item.value = scale;
        item.max_share = uniform() < 0.5 ? 1 : 0.1 + uniform();
        for (int r = 0; r < ROWS; r++)
            item.need[r] = (uniform() < 0.5 ? 0.3 : 0.7) * scale;
        break;
    case SCALED:
        item.value = 1e-6 + tiny();
        for (int r = 0; r < ROWS; r++)
            item.need[r] = tiny();
        break;
    case PARALLEL:
        item.need[2] = item.need[0] * 3;
        break;
    case HUGE_RATIOS:
        item.value *= pow(10, 18 * uniform() - 9);
        for (int r = 0; r < ROWS; r++)
            item.need[r] *= pow(10, 18 * uniform() - 9);
        break;
    default:
        break;
    }
    return item;
}

static double random_capacity(enum kind kind)
{
    double which = uniform();
    double capacity = which < 0.08 ? 0 : which < 0.4 ? 1 : 4 * uniform();
    return kind == HUGE_RATIOS ? capacity * pow(10, 18 * uniform() - 9) : capacity;
}

/* Items for one to three rows, each with its own capacity or all with the same. No share exceeds by
 * itself a capacity above 0 if the ratios are huge. */
static void make_sample(struct sample *sample, size_t count, enum kind kind)
{
    bool same = uniform() < 0.3;
    bool used[ROWS];
    sample->count = count;
    for (int r = 0; r < ROWS; r++) {
        sample->capacity[r] = r > 0 && same ? sample->capacity[0] : random_capacity(kind);
        used[r] = uniform() < 0.9;
    }
    for (size_t i = 0; i < count; i++) {
        struct ifp_item *item = &sample->items[i];
        *item = i > 0 && uniform() < 0.1 ? sample->items[i - 1] : random_item(kind);
        for (int r = 0; r < ROWS; r++) {
            if (!used[r] || uniform() < 0.1)
                item->need[r] = 0;
            if (kind == HUGE_RATIOS && item->need[r] > 0 && sample->capacity[r] > 0)
                item->max_share = fmin(item->max_share, sample->capacity[r] / item->need[r]);
        }
    }
}

/* The optimum by a method that is not ours: shares in parts of the largest one. */
static double optimum(const struct sample *sample, const struct ifp_fill *fill)
{
    struct simplex simplex = {.columns = (int)sample->count};
    double size = 0;
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++)
        size = fmax(size, fill->worth[k] * sample->items[fill->id[k]].max_share);
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++) {
        const struct ifp_item *item = &sample->items[fill->id[k]];
        simplex.cost[fill->id[k]] = -(long double)fill->worth[k] * item->max_share / size;
    }
    for (int r = 0; r < ROWS; r++) {
        long double largest = sample->capacity[r];
        for (size_t i = 0; i < sample->count; i++)
            largest = fmaxl(largest, sample->items[i].need[r] * sample->items[i].max_share);
        largest = largest > 0 ? largest : 1;
        simplex.right[simplex.rows] = sample->capacity[r] / largest;
        for (size_t i = 0; i < sample->count; i++)
            simplex.entry[simplex.rows][i] =
                (long double)sample->items[i].need[r] * sample->items[i].max_share / largest;
        simplex.rows++;
    }
    for (size_t i = 0; i < sample->count; i++) {
        simplex.right[simplex.rows] = 1;
        simplex.entry[simplex.rows++][i] = 1;
    }
    ck_assert(simplex_solve(&simplex));
    return size > 0 ? (double)-simplex.objective * size : 0;
}

/* The shares are a solution, and its value is the most that the prices allow. Returns how many
 * capacities above 0 have a price. */
static int check_solution(const struct sample *sample, const struct ifp_fill *fill, double bound,
                          unsigned trial)
{
    struct ifp_capacity_price price = ifp_fill_price(fill);
    double used[ROWS] = {0};
    double value = 0;
    double dual = 0;
    double size = 0;
    int priced = 0;
    for (int r = 0; r < ROWS; r++) {
        ck_assert_msg(price.each[r] >= 0 && isfinite(price.each[r]), "trial %u", trial);
        dual += price.each[r] * sample->capacity[r];
        priced += price.each[r] * sample->capacity[r] > 0;
    }
    size += dual;
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++) {
        const struct ifp_item *item = &sample->items[fill->id[k]];
        ck_assert_msg(fill->share[k] >= 0 && fill->share[k] <= item->max_share, "trial %u", trial);
        double need = 0;
        for (int r = 0; r < ROWS; r++) {
            need += price.each[r] * item->need[r];
            used[r] += item->need[r] * fill->share[k];
        }
        value += fill->worth[k] * fill->share[k];
        dual += fmax(0, fill->worth[k] - need) * item->max_share;
        size += fill->worth[k] * item->max_share;
    }
    for (size_t i = 0; i < sample->count; i++) {
        double need = 0;
        for (int r = 0; r < ROWS; r++)
            need += price.each[r] * sample->items[i].need[r];
        ck_assert_msg(!ifp_fill_shuts_out(fill, &sample->items[i]) ||
                          need >= sample->items[i].value,
                      "trial %u: item %zu pays at a capacity of 0", trial, i);
    }
    for (int r = 0; r < ROWS; r++)
        ck_assert_msg(used[r] <= sample->capacity[r] * (1 + 1e-13), "trial %u: row %d, %g of %g",
                      trial, r, used[r], sample->capacity[r]);
    ck_assert_msg(fabs(fill->value - value) <= 1e-13 * size, "trial %u: worth %.12g, said %.12g",
                  trial, value, fill->value);
    ck_assert_msg(bound >= dual * (1 - 1e-15) && bound <= dual + 1e-11 * size,
                  "trial %u: bound %.12g, proved %.12g", trial, bound, dual);
    ck_assert_msg(bound >= value && bound <= value + 2e-11 * size, "trial %u: %.15g of %.15g (%g)",
                  trial, value, bound, size);
    return priced;
}

START_TEST(agrees_with_a_simplex_method)
{
    struct ifp_fill *fill = ifp_fill_new(FEW);
    struct sample sample;
    int with[ROWS + 1] = {0};
    ck_assert_ptr_nonnull(fill);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        make_sample(&sample, (size_t)one_of(FEW + 1), (enum kind)(trial % KINDS));
        ifp_fill_start(fill, sample.items, sample.count, sample.capacity);
        for (size_t i = 0; i < sample.count; i++)
            ifp_fill_add(fill, i, sample.items[i].value);
        double bound = ifp_fill_solve(fill);
        double best = optimum(&sample, fill);
        double size = 1e-300;
        for (size_t i = 0; i < sample.count; i++)
            size += sample.items[i].value * sample.items[i].max_share;
        with[check_solution(&sample, fill, bound, trial)]++;
        ck_assert_msg(fabs(bound - best) <= 1e-9 * size, "trial %u: %.12g, best %.12g", trial,
                      bound, best);
    }
    /* Any number of rows has been tight. */
    for (int rows = 0; rows <= ROWS; rows++)
        ck_assert_msg(with[rows] >= TRIALS / 80, "%d rows: %d", rows, with[rows]);
    ifp_fill_free(fill);
}
END_TEST

/* From any basis, after items were removed, added or given another worth, the optimum is that of a
 * start from the origin. */
START_TEST(starts_anywhere)
{
    struct ifp_fill *warm = ifp_fill_new(MANY);
    struct ifp_fill *cold = ifp_fill_new(MANY);
    struct sample sample;
    ck_assert_ptr_nonnull(warm);
    ck_assert_ptr_nonnull(cold);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        if (trial % 8 == 0) {
            make_sample(&sample, (size_t)one_of(MANY + 1), (enum kind)(trial / 8 % KINDS));
            ifp_fill_start(warm, sample.items, sample.count, sample.capacity);
        }
        bool few = uniform() < 0.5;
        ifp_fill_clear(warm);
        ifp_fill_start(cold, sample.items, sample.count, sample.capacity);
        for (size_t i = 0; i < sample.count; i++) {
            double worth = sample.items[i].value * (few ? 1 : 0.01 + 0.99 * uniform());
            if (uniform() < 0.4)
                continue;
            ifp_fill_add(warm, i, worth);
            ifp_fill_add(cold, i, worth);
        }
        double bound = ifp_fill_solve(warm);
        check_solution(&sample, warm, bound, trial);
        double other = ifp_fill_solve(cold);
        check_solution(&sample, cold, other, trial);
    }
    ifp_fill_free(warm);
    ifp_fill_free(cold);
}
END_TEST

/* A row without needs or implied by another is left out, and has no price. */
START_TEST(leaves_out_rows)
{
    struct ifp_fill *fill = ifp_fill_new(3);
    struct ifp_item items[3] = {
        {.value = 3, .need = {1, 2, 2.9}, .max_share = 1},
        {.value = 2, .need = {2, 1, 1.5}, .max_share = 1},
        {.value = 1, .need = {1, 1, 0}, .max_share = 1},
    };
    const double capacity[3] = {2, 2, 3};
    ck_assert_ptr_nonnull(fill);
    ifp_fill_start(fill, items, 3, capacity);
    ck_assert_uint_eq(fill->rows, 2);
    ck_assert_uint_eq(fill->row[0], IFP_CAPACITY_MEMORY);
    ck_assert_uint_eq(fill->row[1], IFP_CAPACITY_LOAD);
    items[2].need[2] = 1.6;
    ifp_fill_start(fill, items, 3, capacity);
    ck_assert_uint_eq(fill->rows, 3);
    items[0].need[0] = items[1].need[0] = items[2].need[0] = 0;
    ifp_fill_start(fill, items, 3, capacity);
    ck_assert_uint_eq(fill->rows, 2);
    ck_assert_uint_eq(fill->row[0], IFP_CAPACITY_LOAD);
    ck_assert_uint_eq(fill->row[1], IFP_CAPACITY_SLOTS);
    ifp_fill_free(fill);
    ifp_fill_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fill");
    TCase *tests = tcase_create("lp");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, agrees_with_a_simplex_method);
    tcase_add_test(tests, starts_anywhere);
    tcase_add_test(tests, leaves_out_rows);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
