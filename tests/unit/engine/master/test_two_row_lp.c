/* SPDX-License-Identifier: MIT */
/* The LP with two rows, against the enumeration of its vertices and against its own dual. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/master/two_row_lp.h"

enum { FEW = 5, MANY = 60, TRIALS = 8000 };

enum kind { RANDOM, DEGENERATE, PROPORTIONAL, SCALED, KINDS };

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

/* Small whole numbers make equal items, items of no weight and crossings of many lines. */
static void add_item(struct ifp_fill *fill, size_t id, enum kind kind)
{
    double scale = 1 + one_of(2);
    switch (kind) {
    case DEGENERATE:
        ifp_fill_add(fill, id, 1 + one_of(3), one_of(3), one_of(3), 1);
        break;
    case PROPORTIONAL:
        ifp_fill_add(fill, id, scale, 0.3 * scale, (uniform() < 0.5 ? 0.3 : 0.7) * scale,
                     uniform() < 0.5 ? 1 : 0.1 + uniform());
        break;
    case SCALED:
        ifp_fill_add(fill, id, 1e-6 + tiny(), tiny(), tiny(), 0.01 + uniform());
        break;
    default:
        ifp_fill_add(fill, id, 0.01 + uniform(), 2 * uniform(), 2 * uniform(), 0.01 + uniform());
    }
}

static double random_capacity(void)
{
    double which = uniform();
    return which < 0.1 ? 0 : which < 0.5 ? 1 : 4 * uniform();
}

struct vertex {
    double share[FEW];
    size_t basic[2];
    size_t basic_count;
};

/* Its value with the basic items where they make so many rows full, or less than 0 where that is
 * no solution. */
static double value_of(const struct ifp_fill *fill, struct vertex vertex, double capacity,
                       bool by_kv, bool by_tflops)
{
    size_t count = fill->count - IFP_FILL_FIRST;
    const double *kv = fill->kv + IFP_FILL_FIRST;
    const double *tflops = fill->tflops + IFP_FILL_FIRST;
    double left[2] = {capacity, capacity};
    double value = 0;
    for (size_t i = 0; i < count; i++) {
        left[0] -= kv[i] * vertex.share[i];
        left[1] -= tflops[i] * vertex.share[i];
    }
    size_t p = vertex.basic[0];
    size_t q = vertex.basic[1];
    if (vertex.basic_count == 1) {
        double weight = by_kv ? kv[p] : tflops[p];
        vertex.share[p] = weight > 0 ? left[by_kv ? 0 : 1] / weight : -1;
    } else if (vertex.basic_count == 2) {
        double det = kv[p] * tflops[q] - kv[q] * tflops[p];
        if (!by_kv || !by_tflops || fabs(det) < 1e-14)
            return -1;
        vertex.share[p] = (left[0] * tflops[q] - left[1] * kv[q]) / det;
        vertex.share[q] = (left[1] * kv[p] - left[0] * tflops[p]) / det;
    }
    left[0] = left[1] = capacity;
    for (size_t i = 0; i < count; i++) {
        if (vertex.share[i] < -1e-12 ||
            vertex.share[i] > fill->max_share[IFP_FILL_FIRST + i] + 1e-12)
            return -1;
        value += fill->worth[IFP_FILL_FIRST + i] * vertex.share[i];
        left[0] -= kv[i] * vertex.share[i];
        left[1] -= tflops[i] * vertex.share[i];
    }
    return left[0] < -1e-12 || left[1] < -1e-12 ? -1 : value;
}

/* Every item at 0, at its largest share or basic, and every row full or not. */
static double best_vertex(const struct ifp_fill *fill, double capacity)
{
    size_t count = fill->count - IFP_FILL_FIRST;
    size_t all = 1;
    double best = 0;
    for (size_t i = 0; i < count; i++)
        all *= 3;
    for (size_t code = 0; code < all; code++) {
        struct vertex vertex = {.basic_count = 0};
        size_t rest = code;
        for (size_t i = 0; i < count; i++, rest /= 3) {
            vertex.share[i] = rest % 3 == 1 ? fill->max_share[IFP_FILL_FIRST + i] : 0;
            if (rest % 3 == 2 && vertex.basic_count++ < 2)
                vertex.basic[vertex.basic_count - 1] = i;
        }
        if (vertex.basic_count > 2)
            continue;
        best = fmax(best, value_of(fill, vertex, capacity, true, false));
        best = fmax(best, value_of(fill, vertex, capacity, false, true));
        best = fmax(best, value_of(fill, vertex, capacity, true, true));
    }
    return best;
}

/* The shares are a solution, and worth what the multipliers prove to be the most. Returns how many
 * rows have a multiplier. */
static int check_solution(const struct ifp_fill *fill, double capacity, double bound,
                          unsigned trial)
{
    double kv = 0;
    double tflops = 0;
    double value = 0;
    double dual = (fill->mu_kv + fill->mu_tflops) * capacity;
    double size = dual;
    ck_assert_msg(fill->mu_kv >= 0 && fill->mu_tflops >= 0, "trial %u", trial);
    for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
        double need = fill->mu_kv * fill->kv[i] + fill->mu_tflops * fill->tflops[i];
        ck_assert_msg(fill->share[i] >= 0 && fill->share[i] <= fill->max_share[i], "trial %u",
                      trial);
        kv += fill->kv[i] * fill->share[i];
        tflops += fill->tflops[i] * fill->share[i];
        value += fill->worth[i] * fill->share[i];
        dual += fmax(0, fill->worth[i] - need) * fill->max_share[i];
        size += fill->worth[i] * fill->max_share[i];
    }
    ck_assert_msg(kv <= capacity * (1 + 1e-14) && tflops <= capacity * (1 + 1e-14),
                  "trial %u: %g, %g", trial, kv - capacity, tflops - capacity);
    ck_assert_msg(fabs(fill->value - value) <= 1e-13 * size, "trial %u: worth %.12f, said %.12f",
                  trial, value, fill->value);
    ck_assert_msg(bound >= dual && bound <= dual + 1e-11 * size, "trial %u: %.12f, proven %.12f",
                  trial, bound, dual);
    ck_assert_msg(bound >= value && bound <= value + 2e-11 * size, "trial %u: %.12f of %.12f",
                  trial, value, bound);
    return (fill->mu_kv > 0) + (fill->mu_tflops > 0);
}

START_TEST(finds_the_best_vertex)
{
    struct ifp_fill *fill = ifp_fill_new(FEW);
    int with[3] = {0};
    ck_assert_ptr_nonnull(fill);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        double capacity = random_capacity();
        size_t count = (size_t)one_of(FEW + 1);
        enum kind kind = (enum kind)(trial % KINDS);
        ifp_fill_clear(fill);
        for (size_t i = 0; i < count; i++)
            add_item(fill, i, kind);
        double best = best_vertex(fill, capacity);
        double bound = ifp_fill_solve(fill, capacity);
        with[check_solution(fill, capacity, bound, trial)]++;
        ck_assert_msg(fabs(bound - best) <= 1e-9 * (1 + best), "trial %u: %.12f, best %.12f", trial,
                      bound, best);
    }
    /* All that may be full has been. */
    for (int rows = 0; rows < 3; rows++)
        ck_assert_int_ge(with[rows], TRIALS / 20);
    ifp_fill_free(fill);
}
END_TEST

/* From the basis of whatever came before, and after the last ones have been taken out, the optimum
 * is that of a start from the origin. */
START_TEST(starts_anywhere)
{
    struct ifp_fill *warm = ifp_fill_new(MANY);
    struct ifp_fill *cold = ifp_fill_new(MANY);
    ck_assert_ptr_nonnull(warm);
    ck_assert_ptr_nonnull(cold);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        enum kind kind = (enum kind)(trial % KINDS);
        double capacity = random_capacity();
        if (uniform() < 0.5)
            ifp_fill_clear(warm);
        else
            warm->count -= (size_t)one_of((double)(warm->count - IFP_FILL_FIRST + 1));
        ifp_fill_clear(cold);
        for (size_t i = IFP_FILL_FIRST; i < warm->count; i++)
            ifp_fill_add(cold, warm->id[i], warm->worth[i], warm->kv[i], warm->tflops[i],
                         warm->max_share[i]);
        size_t first = warm->count == IFP_FILL_FIRST ? 0 : warm->id[warm->count - 1] + 1;
        for (size_t id = first; id < MANY; id++) {
            unsigned long long before = state;
            if (uniform() < 0.4)
                continue;
            add_item(warm, id, kind);
            state = before;
            uniform();
            add_item(cold, id, kind);
        }
        double bound = ifp_fill_solve(warm, capacity);
        check_solution(warm, capacity, bound, trial);
        ifp_fill_forget(cold);
        double other = ifp_fill_solve(cold, capacity);
        ck_assert_msg(fabs(bound - other) <= 1e-9 * (1 + other), "trial %u: %.12f, and %.12f",
                      trial, bound, other);
    }
    ifp_fill_free(warm);
    ifp_fill_free(cold);
}
END_TEST

/* One row alone is a knapsack: with its multiplier and none for the other, f is least. */
START_TEST(prices_one_row_alone)
{
    struct ifp_fill *fill = ifp_fill_new(MANY);
    int full = 0;
    ck_assert_ptr_nonnull(fill);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        state = trial;
        double capacity = random_capacity();
        bool by_tflops = uniform() < 0.5;
        enum kind kind = (enum kind)(trial % KINDS);
        ifp_fill_clear(fill);
        for (size_t i = 0; i < 12; i++)
            add_item(fill, i, kind);
        double multiplier = ifp_fill_alone(fill, capacity, by_tflops);
        /* The other row says nothing once nothing needs it. */
        double all = 0;
        for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
            const double *weight = by_tflops ? fill->tflops : fill->kv;
            all += fill->worth[i] * fill->max_share[i];
            *(by_tflops ? &fill->kv[i] : &fill->tflops[i]) = 0;
            full += multiplier > 0 && multiplier * weight[i] == fill->worth[i];
        }
        double bound = ifp_fill_solve(fill, capacity);
        double minimum = multiplier * capacity;
        for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
            double weight = by_tflops ? fill->tflops[i] : fill->kv[i];
            minimum += fmax(0, fill->worth[i] - multiplier * weight) * fill->max_share[i];
        }
        ck_assert_msg(fabs(minimum - bound) <= 1e-10 * (all + multiplier * capacity),
                      "trial %u: %.12f, least %.12f", trial, minimum, bound);
    }
    ck_assert_int_ge(full, TRIALS / 10);
    ifp_fill_free(fill);
    ifp_fill_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fill");
    TCase *tests = tcase_create("lp");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, finds_the_best_vertex);
    tcase_add_test(tests, starts_anywhere);
    tcase_add_test(tests, prices_one_row_alone);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
