/* SPDX-License-Identifier: MIT */
/* The knapsack that prices deployments, against every combination of choices. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "brute/simplex.h"
#include "engine/master/knapsack.h"

enum { ITEMS_MAX = 6, TRIALS = 3000, ROWS = IFP_CAPACITY_COUNT };

static unsigned long long state;

static double uniform(void)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(state >> 11) / 9007199254740992.0;
}

/* The best shares of the items of a set, by a method that is not ours, net of their charges. */
static double best_of_set(const struct ifp_item *items, size_t count, unsigned set,
                          const double *capacity)
{
    struct simplex simplex = {.columns = (int)count, .rows = ROWS};
    double charges = 0;
    for (int r = 0; r < ROWS; r++)
        simplex.right[r] = capacity[r];
    for (size_t i = 0; i < count; i++) {
        bool taken = set >> i & 1;
        charges += taken ? items[i].charge : 0;
        simplex.cost[i] = -items[i].value;
        for (int r = 0; r < ROWS; r++)
            simplex.entry[r][i] = items[i].need[r];
        simplex.right[simplex.rows] = taken ? items[i].max_share : 0;
        simplex.entry[simplex.rows++][i] = 1;
    }
    ck_assert(simplex_solve(&simplex));
    return (double)-simplex.objective - charges;
}

/* Every set of taken items that has the forced ones. Those without a charge are always taken. */
static double brute(const struct ifp_item *items, size_t count, const double *capacity)
{
    double best = -INFINITY;
    for (unsigned set = 0; set < 1u << count; set++) {
        bool good = true;
        for (size_t i = 0; i < count; i++)
            good &= (set >> i & 1) || (!items[i].forced && items[i].charge > 0);
        if (good)
            best = fmax(best, best_of_set(items, count, set, capacity));
    }
    return best;
}

/* Whole and fractional capacities, equal or not, at times 0. */
static void random_capacity(double *capacity)
{
    bool same = uniform() < 0.3;
    for (int r = 0; r < ROWS; r++) {
        capacity[r] = 1 + floor(3 * uniform());
        if (uniform() < 0.3)
            capacity[r] *= uniform();
        if (uniform() < 0.05)
            capacity[r] = 0;
        if (same)
            capacity[r] = capacity[0];
    }
}

static size_t random_items(struct ifp_item *items, const double *capacity)
{
    size_t wanted = 1 + (size_t)(uniform() * ITEMS_MAX);
    size_t count = 0;
    int rows = 1 + (int)(uniform() * ROWS);
    bool coarse = uniform() < 0.3;
    bool alike = !coarse && uniform() < 0.5;
    for (size_t i = 0; i < wanted; i++) {
        struct ifp_item item = {.route = i};
        item.value = 10 * uniform() - (uniform() < 0.2 ? 8 : 0);
        item.charge = uniform() < 0.3 ? 0 : 4 * uniform();
        for (int r = 0; r < rows; r++)
            item.need[r] = uniform() < 0.15 ? 0 : 2 * uniform();
        item.max_share = uniform() < 0.5 ? 1 : uniform();
        /* Equal items, and choices that are worth the same. */
        if (coarse) {
            item.value = floor(item.value / 4) * 4;
            item.charge = floor(item.charge / 2) * 2;
            for (int r = 0; r < rows; r++)
                item.need[r] = floor(2 * item.need[r]) / 2;
            item.max_share = 1;
        }
        /* Worth nearly the same for their need, and charges that hardly matter. */
        if (alike) {
            item.value = (item.need[0] + item.need[1] + item.need[2]) * (1 + 0.1 * uniform());
            item.charge *= 0.02;
        }
        item.forced = uniform() < 0.2;
        for (int r = 0; r < rows; r++) {
            if (item.need[r] > 0 && capacity[r] > 0)
                item.max_share = fmin(item.max_share, capacity[r] / item.need[r]);
        }
        if (item.forced || item.value * item.max_share > item.charge)
            items[count++] = item;
    }
    return count;
}

START_TEST(agrees_with_every_combination)
{
    struct ifp_pricing *pricing = ifp_pricing_new(ITEMS_MAX, NULL);
    ck_assert_ptr_nonnull(pricing);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        struct ifp_item items[ITEMS_MAX];
        double capacity[ROWS];
        random_capacity(capacity);
        size_t count = random_items(items, capacity);
        double best = count ? brute(items, count, capacity) : 0;
        double maximum;
        double found = ifp_pricing_solve(pricing, items, count, capacity, -1e6, 5000, &maximum);
        ck_assert_msg(fabs(found - best) <= 1e-7, "trial %u: found %.9f, best %.9f", trial, found,
                      best);
        ck_assert_msg(maximum >= best - 1e-9 && maximum <= best + 1e-6,
                      "trial %u: bound %.9f of %.9f", trial, maximum, best);
        /* The solution is one, and is worth what is said. */
        double value = 0;
        double used[ROWS] = {0};
        for (size_t i = 0; i < count; i++) {
            ck_assert(items[i].taken || (!items[i].forced && items[i].share == 0));
            ck_assert(items[i].share >= 0 && items[i].share <= items[i].max_share + 1e-12);
            value += items[i].value * items[i].share - (items[i].taken ? items[i].charge : 0);
            for (int r = 0; r < ROWS; r++)
                used[r] += items[i].need[r] * items[i].share;
        }
        for (int r = 0; r < ROWS; r++)
            ck_assert(used[r] <= capacity[r] + 1e-9);
        ck_assert_msg(fabs(value - found) <= 1e-7, "trial %u: worth %.9f, said %.9f", trial, value,
                      found);
    }
    ifp_pricing_free(pricing);
}
END_TEST

/* A search that is cut short says so, and what it has is worth no more than the best, its bound no
 * less; with nodes enough it is the best. */
START_TEST(says_where_it_was_cut_short)
{
    struct ifp_pricing *pricing = ifp_pricing_new(ITEMS_MAX, NULL);
    int cut = 0;
    int missed = 0;
    ck_assert_ptr_nonnull(pricing);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        struct ifp_item items[ITEMS_MAX];
        double capacity[ROWS];
        random_capacity(capacity);
        size_t count = random_items(items, capacity);
        double best = count ? brute(items, count, capacity) : 0;
        double nodes = 1 + floor(3 * uniform());
        double maximum;
        double found = ifp_pricing_solve(pricing, items, count, capacity, -1e6, nodes, &maximum);
        bool short_cut = ifp_pricing_cut_short(pricing);
        ck_assert_msg(found <= best + 1e-7 && maximum >= best - 1e-9,
                      "trial %u: found %.9f, best %.9f, bound %.9f", trial, found, best, maximum);
        ck_assert(short_cut || fabs(found - best) <= 1e-7);
        cut += short_cut;
        missed += found < best - 1e-7;
    }
    ck_assert_int_ge(cut, TRIALS / 50);
    ck_assert_int_ge(missed, TRIALS / 500);
    ifp_pricing_free(pricing);
}
END_TEST

/* Without charges but those of forced items, the LP of ifp_pricing_fill has the same optimum. */
START_TEST(fills_as_well_as_any_combination)
{
    struct ifp_pricing *pricing = ifp_pricing_new(ITEMS_MAX, NULL);
    int with[ROWS + 1] = {0}; /* by the number of full capacities */
    ck_assert_ptr_nonnull(pricing);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        struct ifp_item items[ITEMS_MAX];
        double capacity[ROWS];
        random_capacity(capacity);
        size_t count = random_items(items, capacity);
        for (size_t i = 0; i < count; i++) {
            items[i].charge = items[i].forced ? items[i].charge : 0;
            items[i].max_share = uniform() < 0.3 ? 3 : items[i].max_share;
        }
        double used[ROWS] = {0};
        double value = 0;
        double maximum;
        double found = ifp_pricing_fill(pricing, items, count, capacity, &maximum);
        for (size_t i = 0; i < count; i++) {
            ck_assert(items[i].share >= 0 && items[i].share <= items[i].max_share + 1e-12);
            ck_assert(items[i].taken || (!items[i].forced && items[i].share == 0));
            value += items[i].value * items[i].share - (items[i].taken ? items[i].charge : 0);
            for (int r = 0; r < ROWS; r++)
                used[r] += items[i].need[r] * items[i].share;
            items[i].forced = items[i].forced && items[i].charge > 0;
        }
        double best = count ? brute(items, count, capacity) : 0;
        ck_assert_msg(fabs(found - best) <= 1e-6 && fabs(value - found) <= 1e-9,
                      "trial %u: found %.9f, worth %.9f, best %.9f", trial, found, value, best);
        ck_assert_msg(maximum >= best - 1e-9 && maximum <= best + 1e-6,
                      "trial %u: bound %.9f of %.9f", trial, maximum, best);
        int full = 0;
        for (int r = 0; r < ROWS; r++) {
            ck_assert(used[r] <= capacity[r] + 1e-9);
            full += used[r] > capacity[r] - 1e-6 && capacity[r] > 0;
        }
        with[full]++;
    }
    for (int rows = 0; rows <= ROWS; rows++)
        ck_assert_msg(with[rows] >= TRIALS / 100, "%d full: %d", rows, with[rows]);
    ifp_pricing_free(pricing);
}
END_TEST

START_TEST(looks_only_for_what_is_better)
{
    struct ifp_pricing *pricing = ifp_pricing_new(1, NULL);
    struct ifp_item item = {.value = 5, .charge = 1, .need = {0.5, 0.25}, .max_share = 1};
    const double capacity[ROWS] = {1, 1, 1};
    double maximum;
    ck_assert_double_eq_tol(ifp_pricing_solve(pricing, &item, 1, capacity, 3, 5000, &maximum), 4,
                            1e-12);
    ck_assert(item.taken);
    ck_assert_double_eq(ifp_pricing_solve(pricing, &item, 1, capacity, 6, 5000, &maximum), 6);
    ck_assert(!item.taken);
    ck_assert(maximum <= 6 + 1e-9 && maximum >= 4 - 1e-9);
    ifp_pricing_free(pricing);
    ifp_pricing_free(NULL);
}
END_TEST

/* The sum of the profits at the prices of one problem bounds the optimum of all others with these
 * items, and is the LP's optimum for its own. */
START_TEST(prices_prove_a_bound)
{
    struct ifp_pricing *pricing = ifp_pricing_new(ITEMS_MAX, NULL);
    ck_assert_ptr_nonnull(pricing);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        struct ifp_item items[ITEMS_MAX];
        double capacity[ROWS];
        double maximum;
        random_capacity(capacity);
        size_t count = random_items(items, capacity);
        bool free = uniform() < 0.5;
        for (size_t i = 0; free && i < count; i++)
            items[i].charge = 0;
        if (free)
            ifp_pricing_fill(pricing, items, count, capacity, &maximum);
        else
            ifp_pricing_solve(pricing, items, count, capacity, -1e6, 5000, &maximum);
        struct ifp_capacity_price price = ifp_pricing_capacity_price(pricing);
        for (int other = 0; other < 4; other++) {
            double bound = 0;
            for (int r = 0; r < ROWS; r++) {
                ck_assert(price.each[r] >= 0);
                bound += price.each[r] * capacity[r];
            }
            for (size_t i = 0; i < count; i++)
                bound += ifp_pricing_profit(&items[i], &price);
            double best = count ? brute(items, count, capacity) : 0;
            ck_assert_msg(bound >= best - 1e-9, "trial %u: bound %.12f, best %.12f", trial, bound,
                          best);
            ck_assert_msg(!free || other > 0 || bound <= best + 1e-9,
                          "trial %u: bound %.12f, best %.12f", trial, bound, best);
            random_capacity(capacity);
        }
    }
    ifp_pricing_free(pricing);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pricing");
    TCase *tests = tcase_create("knapsack");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, agrees_with_every_combination);
    tcase_add_test(tests, says_where_it_was_cut_short);
    tcase_add_test(tests, fills_as_well_as_any_combination);
    tcase_add_test(tests, prices_prove_a_bound);
    tcase_add_test(tests, looks_only_for_what_is_better);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
