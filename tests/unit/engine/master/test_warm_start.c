/* SPDX-License-Identifier: MIT */
/* Patterns that outlive their problem: they fit what they are put into, whatever has changed. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/master/warm_start.h"
#include "support/random.h"
#include "support/sample.h"
#include "support/suite.h"
#include "util/error.h"

enum { SEEDS = 24, PATTERNS = 40, CHANGES = 4 };

static struct random random_state;

/* Some routes of a configuration, more than its room may hold. */
static void random_pattern(const struct ifp_problem *problem, struct ifp_pattern *pattern)
{
    size_t c = (size_t)random_below(&random_state, (int)problem->configuration_count);
    const struct ifp_configuration *configuration = &problem->configurations[c];
    pattern->configuration = c;
    pattern->replicas = 1 + random_below(&random_state, (int)fmin(8, configuration->max_replicas));
    pattern->count = 0;
    for (size_t k = 0; k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        if (random_below(&random_state, 2))
            pattern->entries[pattern->count++] = (struct ifp_pattern_entry){
                .route = r,
                .share = random_between(&random_state, 0, problem->routes[r].max_share)};
    }
}

/* How full it is, in parts of the fuller capacity's room. */
static double fullness(const struct ifp_problem *problem, const struct ifp_pattern *pattern)
{
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    double kv_gb = 0;
    double tflops = 0;
    for (size_t t = 0; t < pattern->count; t++) {
        const struct ifp_route_data *route = &problem->routes[pattern->entries[t].route];
        kv_gb += pattern->entries[t].share * ifp_route_need(problem, route, IFP_CAPACITY_MEMORY) *
                 c->kv_gb;
        tflops += pattern->entries[t].share * ifp_route_need(problem, route, IFP_CAPACITY_LOAD) *
                  c->tflops;
    }
    double by_memory = kv_gb > 0 ? kv_gb / (pattern->replicas * c->kv_gb) : 0;
    return fmax(by_memory, tflops / (pattern->replicas * c->tflops));
}

static void expect_fit(const struct ifp_stored_pattern *stored, const struct ifp_problem *problem,
                       const struct ifp_pattern *pattern)
{
    const struct ifp_configuration *c = &problem->configurations[pattern->configuration];
    ck_assert_uint_eq(c->model, stored->model);
    ck_assert_uint_eq(c->tier, stored->tier);
    ck_assert_uint_eq(c->degree_index, stored->degree_index);
    ck_assert_double_ge(pattern->replicas, 1);
    ck_assert_double_le(pattern->replicas, fmin(stored->replicas, c->max_replicas));
    ck_assert_double_le(fullness(problem, pattern), 1 + 1e-12);
    size_t at = 0;
    for (size_t t = 0; t < pattern->count; t++) {
        const struct ifp_route_data *route = &problem->routes[pattern->entries[t].route];
        ck_assert_uint_eq(route->configuration, pattern->configuration);
        while (at < stored->count && stored->entries[at].query != route->query)
            at++;
        ck_assert_uint_lt(at, stored->count);
        ck_assert_double_le(pattern->entries[t].share,
                            fmin(stored->entries[at].share, route->max_share));
    }
}

START_TEST(patterns_fit_what_has_changed)
{
    struct ifp_problem *before;
    struct ifp_problem *after;
    struct ifp_warm_start warm_start = {0};
    struct ifp_error error = {0};
    random_state.state = (uint64_t)_i;
    ifp_instance *changed = sample_instance((uint64_t)_i, 6, 3, 4);
    ck_assert_int_eq(ifp_problem_new(changed, NULL, &before, &error), IFP_OK);
    for (int k = 0; k < CHANGES; k++) {
        char value[SAMPLE_VALUE];
        const char *path = sample_change(&random_state, value);
        ck_assert_int_eq(ifp_instance_set(changed, path, value), IFP_OK);
    }
    ck_assert_int_eq(ifp_problem_new(changed, NULL, &after, &error), IFP_OK);
    struct ifp_pattern pattern = {.entries = calloc(7, sizeof(struct ifp_pattern_entry))};
    struct ifp_pattern fitted = {.entries = calloc(7, sizeof(struct ifp_pattern_entry))};
    ck_assert_ptr_nonnull(pattern.entries);
    ck_assert_ptr_nonnull(fitted.entries);
    for (int k = 0; before->configuration_count && k < PATTERNS; k++) {
        random_pattern(before, &pattern);
        ck_assert(ifp_warm_start_add(&warm_start, before, &pattern));
        const struct ifp_stored_pattern *stored = &warm_start.items[warm_start.count - 1];
        /* The problem it is from: what fits stays as it is. */
        ifp_warm_start_fit(stored, before, &fitted);
        ck_assert_uint_eq(fitted.configuration, pattern.configuration);
        ck_assert_uint_eq(fitted.count, pattern.count);
        expect_fit(stored, before, &fitted);
        for (size_t t = 0; fullness(before, &pattern) <= 1 && t < fitted.count; t++) {
            ck_assert_uint_eq(fitted.entries[t].route, pattern.entries[t].route);
            ck_assert_double_eq(fitted.entries[t].share, pattern.entries[t].share);
        }
        ifp_warm_start_fit(stored, after, &fitted);
        if (fitted.configuration != SIZE_MAX)
            expect_fit(stored, after, &fitted);
    }
    ck_assert_uint_eq(warm_start.count, before->configuration_count ? PATTERNS : 0);
    ifp_warm_start_clear(&warm_start);
    ck_assert_uint_eq(warm_start.count, 0);
    free(pattern.entries);
    free(fitted.entries);
    ifp_problem_free(before);
    ifp_problem_free(after);
    ifp_instance_free(changed);
}
END_TEST

static Suite *warm_start_suite(void)
{
    Suite *suite = suite_create("warm_start");
    TCase *tests = tcase_create("warm_start");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, patterns_fit_what_has_changed, 0, SEEDS);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(warm_start_suite());
}
