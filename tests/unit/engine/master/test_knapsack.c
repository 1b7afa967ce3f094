/* SPDX-License-Identifier: MIT */
/* The knapsack that prices deployments, against every combination of choices. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/master/knapsack.h"

enum { ITEMS_MAX = 6, TRIALS = 4000 };

static unsigned long long state;

static double uniform(void)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(state >> 11) / 9007199254740992.0;
}

/* The best of up to two partial items in the room left: every crossing of two of its edges. */
static double best_fractions(const struct ifp_item *a, const struct ifp_item *b, double kv,
                             double tflops)
{
    const double edges[6][3] = {
        {a->kv, b ? b->kv : 0, kv}, {a->tflops, b ? b->tflops : 0, tflops}, {1, 0, 0}, {0, 1, 0},
        {1, 0, a->max_share},       {0, 1, b ? b->max_share : 0},
    };
    double best = -INFINITY;
    for (int i = 0; i < 6; i++) {
        for (int j = i + 1; j < 6; j++) {
            double det = edges[i][0] * edges[j][1] - edges[j][0] * edges[i][1];
            if (fabs(det) < 1e-14)
                continue;
            double x = (edges[i][2] * edges[j][1] - edges[j][2] * edges[i][1]) / det;
            double y = (edges[i][0] * edges[j][2] - edges[j][0] * edges[i][2]) / det;
            const double slack = 1e-9;
            if (x < -slack || y < -slack || x > edges[4][2] + slack || y > edges[5][2] + slack ||
                edges[0][0] * x + edges[0][1] * y > kv + slack ||
                edges[1][0] * x + edges[1][1] * y > tflops + slack)
                continue;
            best = fmax(best, a->value * x + (b ? b->value * y : 0));
        }
    }
    return best;
}

/* Every item out, full, in part (two at most) or taken but idle. */
static double brute(const struct ifp_item *items, size_t count, double capacity)
{
    double best = -INFINITY;
    size_t all = (size_t)1 << (2 * count);
    for (size_t code = 0; code < all; code++) {
        const struct ifp_item *chosen[2] = {NULL, NULL};
        size_t chosen_count = 0;
        double value = 0;
        double kv = capacity;
        double tflops = capacity;
        bool good = true;
        for (size_t i = 0; i < count; i++) {
            size_t choice = code >> (2 * i) & 3;
            if (choice == 0) {
                good &= !items[i].forced;
                continue;
            }
            value -= items[i].charge;
            if (choice == 1) {
                value += items[i].value * items[i].max_share;
                kv -= items[i].kv * items[i].max_share;
                tflops -= items[i].tflops * items[i].max_share;
            } else if (choice == 2) {
                good &= chosen_count < 2;
                if (chosen_count < 2)
                    chosen[chosen_count++] = &items[i];
            }
        }
        if (!good || kv < -1e-12 || tflops < -1e-12)
            continue;
        if (chosen_count)
            value += best_fractions(chosen[0], chosen[1], kv, tflops);
        best = fmax(best, value);
    }
    return best;
}

static size_t random_items(struct ifp_item *items, double capacity)
{
    size_t wanted = 1 + (size_t)(uniform() * ITEMS_MAX);
    size_t count = 0;
    bool coarse = uniform() < 0.3;
    bool alike = !coarse && uniform() < 0.5;
    for (size_t i = 0; i < wanted; i++) {
        struct ifp_item item = {.route = i};
        item.value = 10 * uniform() - (uniform() < 0.2 ? 8 : 0);
        item.charge = uniform() < 0.3 ? 0 : 4 * uniform();
        item.kv = uniform() < 0.15 ? 0 : 2 * uniform();
        item.tflops = uniform() < 0.15 ? 0 : 2 * uniform();
        item.max_share = uniform() < 0.5 ? 1 : uniform();
        /* Equal items, and choices that are worth the same. */
        if (coarse) {
            item.value = floor(item.value / 4) * 4;
            item.charge = floor(item.charge / 2) * 2;
            item.kv = floor(2 * item.kv) / 2;
            item.tflops = floor(2 * item.tflops) / 2;
            item.max_share = 1;
        }
        /* Worth nearly the same for their need, and charges that hardly matter. */
        if (alike) {
            item.value = (item.kv + item.tflops) * (1 + 0.1 * uniform());
            item.charge *= 0.02;
        }
        item.forced = uniform() < 0.2;
        if (item.kv > 0)
            item.max_share = fmin(item.max_share, capacity / item.kv);
        if (item.tflops > 0)
            item.max_share = fmin(item.max_share, capacity / item.tflops);
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
        double capacity = 1 + floor(3 * uniform());
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
        double kv = 0;
        double tflops = 0;
        for (size_t i = 0; i < count; i++) {
            ck_assert(items[i].taken || (!items[i].forced && items[i].share == 0));
            ck_assert(items[i].share >= 0 && items[i].share <= items[i].max_share + 1e-12);
            value += items[i].value * items[i].share - (items[i].taken ? items[i].charge : 0);
            kv += items[i].kv * items[i].share;
            tflops += items[i].tflops * items[i].share;
        }
        ck_assert(kv <= capacity + 1e-9 && tflops <= capacity + 1e-9);
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
        double capacity = 1 + floor(3 * uniform());
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
    int both = 0; /* capacities that are full */
    ck_assert_ptr_nonnull(pricing);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        struct ifp_item items[ITEMS_MAX];
        double capacity = 1 + floor(3 * uniform());
        size_t count = random_items(items, capacity);
        for (size_t i = 0; i < count; i++) {
            items[i].charge = items[i].forced ? items[i].charge : 0;
            items[i].max_share = uniform() < 0.3 ? 3 : items[i].max_share;
        }
        double kv = 0;
        double tflops = 0;
        double value = 0;
        double maximum;
        double found = ifp_pricing_fill(pricing, items, count, capacity, &maximum);
        for (size_t i = 0; i < count; i++) {
            ck_assert(items[i].share >= 0 && items[i].share <= items[i].max_share + 1e-12);
            ck_assert(items[i].taken || (!items[i].forced && items[i].share == 0));
            value += items[i].value * items[i].share - (items[i].taken ? items[i].charge : 0);
            kv += items[i].kv * items[i].share;
            tflops += items[i].tflops * items[i].share;
            items[i].forced = items[i].forced && items[i].charge > 0;
        }
        double best = count ? brute(items, count, capacity) : 0;
        ck_assert_msg(fabs(found - best) <= 1e-6 && fabs(value - found) <= 1e-9,
                      "trial %u: found %.9f, worth %.9f, best %.9f", trial, found, value, best);
        ck_assert_msg(maximum >= best - 1e-9 && maximum <= best + 1e-6,
                      "trial %u: bound %.9f of %.9f", trial, maximum, best);
        ck_assert(kv <= capacity + 1e-9 && tflops <= capacity + 1e-9);
        both += kv > capacity - 1e-6 && tflops > capacity - 1e-6;
    }
    ck_assert_int_ge(both, TRIALS / 100);
    ifp_pricing_free(pricing);
}
END_TEST

START_TEST(looks_only_for_what_is_better)
{
    struct ifp_pricing *pricing = ifp_pricing_new(1, NULL);
    struct ifp_item item = {.value = 5, .charge = 1, .kv = 0.5, .tflops = 0.25, .max_share = 1};
    double maximum;
    ck_assert_double_eq_tol(ifp_pricing_solve(pricing, &item, 1, 1, 3, 5000, &maximum), 4, 1e-12);
    ck_assert(item.taken);
    ck_assert_double_eq(ifp_pricing_solve(pricing, &item, 1, 1, 6, 5000, &maximum), 6);
    ck_assert(!item.taken);
    ck_assert(maximum <= 6 + 1e-9 && maximum >= 4 - 1e-9);
    ifp_pricing_free(pricing);
    ifp_pricing_free(NULL);
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
    tcase_add_test(tests, looks_only_for_what_is_better);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
