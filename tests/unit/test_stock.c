/* SPDX-License-Identifier: MIT */
/* Patterns that outlive their problem: they fit what they are put into, whatever has changed. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "util/error.h"
#include "engine/master/warm_start.h"
#include "unit/random.h"
#include "unit/sample.h"
#include "unit/suite.h"

enum { SEEDS = 24, PATTERNS = 40, CHANGES = 4 };

static struct random drawn;

/* Some routes of a configuration, more than its room may hold. */
static void draw_pattern(const struct ifp_problem *problem, struct ifp_pattern *pattern)
{
    size_t c = (size_t)random_below(&drawn, (int)problem->configuration_count);
    const struct ifp_configuration *configuration = &problem->configurations[c];
    pattern->configuration = c;
    pattern->replicas = 1 + random_below(&drawn, (int)fmin(8, configuration->max_replicas));
    pattern->count = 0;
    for (size_t k = 0; k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        if (random_below(&drawn, 2))
            pattern->parts[pattern->count++] = (struct ifp_part){
                .route = r, .share = random_between(&drawn, 0, problem->routes[r].max_share)};
    }
}

/* How full it is, in parts of the fuller capacity's room. */
static double fullness(const struct ifp_problem *problem, const struct ifp_pattern *pattern)
{
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    double kv_gb = 0;
    double tflops = 0;
    for (size_t t = 0; t < pattern->count; t++) {
        const struct ifp_candidate *route = &problem->routes[pattern->parts[t].route];
        kv_gb += pattern->parts[t].share * ifp_route_kv_gb(problem, route);
        tflops += pattern->parts[t].share * ifp_route_tflops(problem, route);
    }
    double by_memory = kv_gb > 0 ? kv_gb / (pattern->replicas * c->kv_gb) : 0;
    return fmax(by_memory, tflops / (pattern->replicas * c->tflops));
}

static void expect_fit(const struct ifp_stocked *stocked, const struct ifp_problem *problem,
                       const struct ifp_pattern *pattern)
{
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    ck_assert_uint_eq(c->model, stocked->model);
    ck_assert_uint_eq(c->tier, stocked->tier);
    ck_assert_uint_eq(c->degree_index, stocked->degree_index);
    ck_assert_double_ge(pattern->replicas, 1);
    ck_assert_double_le(pattern->replicas, fmin(stocked->replicas, c->max_replicas));
    ck_assert_double_le(fullness(problem, pattern), 1 + 1e-12);
    size_t at = 0;
    for (size_t t = 0; t < pattern->count; t++) {
        const struct ifp_candidate *route = &problem->routes[pattern->parts[t].route];
        ck_assert_uint_eq(route->configuration, pattern->configuration);
        while (at < stocked->count && stocked->parts[at].query != route->query)
            at++;
        ck_assert_uint_lt(at, stocked->count);
        ck_assert_double_le(pattern->parts[t].share,
                            fmin(stocked->parts[at].share, route->max_share));
    }
}

START_TEST(patterns_fit_what_has_changed)
{
    struct ifp_problem *before;
    struct ifp_problem *after;
    struct ifp_stock stock = {0};
    struct ifp_error error = {0};
    drawn.state = (uint64_t)_i;
    ifp_instance *changed = sample_instance((uint64_t)_i, 6, 3, 4);
    ck_assert_int_eq(ifp_problem_new(changed, NULL, &before, &error), IFP_OK);
    for (int k = 0; k < CHANGES; k++) {
        char value[SAMPLE_VALUE];
        const char *path = sample_change(&drawn, value);
        ck_assert_int_eq(ifp_instance_set(changed, path, value), IFP_OK);
    }
    ck_assert_int_eq(ifp_problem_new(changed, NULL, &after, &error), IFP_OK);
    struct ifp_pattern drawn_pattern = {.parts = calloc(7, sizeof(struct ifp_part))};
    struct ifp_pattern fitted = {.parts = calloc(7, sizeof(struct ifp_part))};
    ck_assert_ptr_nonnull(drawn_pattern.parts);
    ck_assert_ptr_nonnull(fitted.parts);
    for (int k = 0; before->configuration_count && k < PATTERNS; k++) {
        draw_pattern(before, &drawn_pattern);
        ck_assert(ifp_stock_put(&stock, before, &drawn_pattern));
        const struct ifp_stocked *stocked = &stock.items[stock.count - 1];
        /* The problem it is from: what fits stays as it is. */
        ifp_stock_fit(stocked, before, &fitted);
        ck_assert_uint_eq(fitted.configuration, drawn_pattern.configuration);
        ck_assert_uint_eq(fitted.count, drawn_pattern.count);
        expect_fit(stocked, before, &fitted);
        for (size_t t = 0; fullness(before, &drawn_pattern) <= 1 && t < fitted.count; t++) {
            ck_assert_uint_eq(fitted.parts[t].route, drawn_pattern.parts[t].route);
            ck_assert_double_eq(fitted.parts[t].share, drawn_pattern.parts[t].share);
        }
        ifp_stock_fit(stocked, after, &fitted);
        if (fitted.configuration != SIZE_MAX)
            expect_fit(stocked, after, &fitted);
    }
    ck_assert_uint_eq(stock.count, before->configuration_count ? PATTERNS : 0);
    ifp_stock_clear(&stock);
    ck_assert_uint_eq(stock.count, 0);
    free(drawn_pattern.parts);
    free(fitted.parts);
    ifp_problem_free(before);
    ifp_problem_free(after);
    ifp_instance_free(changed);
}
END_TEST

static Suite *stock_suite(void)
{
    Suite *suite = suite_create("stock");
    TCase *tests = tcase_create("stock");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, patterns_fit_what_has_changed, 0, SEEDS);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(stock_suite());
}
