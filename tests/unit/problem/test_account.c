/* SPDX-License-Identifier: MIT */
/*
 * What deployments and routes cost and use: on random instances, beside the same arithmetic written
 * down once more from the plain numbers of the instance. And what must not fit.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute/tiny.h"
#include "problem/account.h"
#include "problem/problem.h"
#include "support/suite.h"

enum { BATCHES = 8, EACH = 50 };
enum kind { BUDGET, STORAGE, POOL, KIND_COUNT };

static struct tiny tiny;
static ifp_instance *instance;
static struct ifp_problem *problem;
static struct random random_state;
static struct ifp_error error;

static enum kind kind_of(const struct ifp_resource *resource)
{
    static const char *const keys[] = {"budget", "storage", "pool"};
    int kind = 0;
    while (kind < KIND_COUNT && strcmp(keys[kind], resource->trait->key) != 0)
        kind++;
    ck_assert_int_lt(kind, KIND_COUNT);
    return (enum kind)kind;
}

static void build(double slack)
{
    instance = tiny_instance(&tiny);
    ck_assert_msg(ifp_problem_new_relaxed(instance, slack, NULL, &problem, &error) == IFP_OK, "%s",
                  error.message);
}

static void destroy(void)
{
    ifp_problem_free(problem);
    ifp_instance_free(instance);
}

static void expect_near(double found, double expected)
{
    ck_assert_double_eq_tol(found, expected, 1e-12 * fmax(1, fabs(expected)));
}

/* An instance with some limits that are absent, zero or wide. */
static void make(uint64_t seed)
{
    static const double factors[] = {0, 0.3, 1, 4, (double)INFINITY};
    tiny_make(&tiny, seed);
    random_state.state = seed;
    tiny.stored_by_route = random_chance(&random_state, 0.5);
    tiny.max_replicas = 1 + random_below(&random_state, 6);
    if (isinf(tiny.budget_usd))
        tiny.budget_usd = 50 * tiny.rental_hours;
    if (isinf(tiny.storage_gb))
        tiny.storage_gb = 100;
    tiny.budget_usd *= factors[1 + random_below(&random_state, 4)];
    tiny.storage_gb *= factors[1 + random_below(&random_state, 4)];
    if (random_chance(&random_state, 0.05))
        tiny.budget_usd = 0;
    if (random_chance(&random_state, 0.05))
        tiny.storage_gb = 0;
}

/* -- the arithmetic once more -- */

static double weights(size_t j, size_t k)
{
    return tiny.model[j].weights_gb * tiny.tier[k].weight_scale;
}

static double stored_usd(double gb)
{
    return tiny.rental_hours * tiny.storage_usd_per_gb_hour * gb;
}

/* The dollars of replicas with some routes, without the shares. */
static double dollars(size_t j, size_t k, double degree, double replicas, double routes)
{
    double copies = tiny.stored_by_route ? routes : 1;
    return tiny.rental_hours * tiny.tier[k].usd_per_hour * degree * replicas +
           copies * stored_usd(weights(j, k));
}

/* What replicas with some routes use of a resource, without the shares. */
static double use(enum kind kind, size_t pool, size_t j, size_t k, double degree, double replicas,
                  double routes)
{
    switch (kind) {
    case BUDGET:
        return dollars(j, k, degree, replicas, routes);
    case STORAGE:
        return (tiny.stored_by_route ? routes : 1) * weights(j, k);
    case POOL:
        return tiny.tier[k].pool == (int)pool ? degree * replicas : 0;
    default:
        ck_abort_msg("a resource of an unknown kind");
    }
    return NAN;
}

/* What a share of a route stores, in dollars. */
static double data_usd(size_t i, double share)
{
    double tokens =
        (tiny.query[i].input_tokens + tiny.query[i].output_tokens) * tiny.query[i].rate_per_hour;
    return share * stored_usd(tiny.query[i].storage_gb_per_token * tokens);
}

/* -- resources -- */

static void expect_resource(size_t s, enum kind kind, size_t pool, double limit)
{
    const struct ifp_resource *resource = &problem->resources[s];
    ck_assert_uint_lt(s, problem->resource_count);
    ck_assert_int_eq(kind_of(resource), kind);
    ck_assert_uint_eq(resource->pool, pool);
    expect_near(resource->limit, limit);
    ck_assert_double_eq(resource->scale, resource->limit > 0 ? resource->limit : 1);
}

/* Budget, storage and pools, in this order, as far as they are limited. */
static void expect_resources(double slack)
{
    size_t s = 0;
    if (isfinite(tiny.budget_usd))
        expect_resource(s++, BUDGET, SIZE_MAX, tiny.budget_usd * (1 + slack));
    if (isfinite(tiny.storage_gb))
        expect_resource(s++, STORAGE, SIZE_MAX, tiny.storage_gb * (1 + slack));
    for (int p = 0; p < tiny.pools; p++)
        expect_resource(s++, POOL, (size_t)p,
                        tiny.pool_gpus[p] + fmin(0.5, slack * fmax(1, tiny.pool_gpus[p])));
    ck_assert_uint_eq(problem->resource_count, s);
}

/* The rates of a resource: all are 0 if the configuration does not use it. */
static struct ifp_rates rates_of(const struct ifp_configuration *c, size_t resource)
{
    for (size_t u = 0; u < c->use_count; u++) {
        if (c->uses[u].resource == resource)
            return c->uses[u].rates;
    }
    return (struct ifp_rates){0};
}

static void expect_rates(const struct ifp_configuration *c)
{
    for (double m = 0; m <= 5; m++) {
        double fixed = ifp_rates_of_deployment(&c->cost, m);
        expect_near(fixed, dollars(c->model, c->tier, c->degree, m, 0));
        expect_near(fixed + 2 * c->cost.charge, dollars(c->model, c->tier, c->degree, m, 2));
    }
    for (size_t s = 0; s < problem->resource_count; s++) {
        const struct ifp_resource *resource = &problem->resources[s];
        struct ifp_rates rates = rates_of(c, s);
        for (double m = 0; m <= 5; m++) {
            double fixed = ifp_rates_of_deployment(&rates, m);
            expect_near(fixed,
                        use(kind_of(resource), resource->pool, c->model, c->tier, c->degree, m, 0));
            expect_near(fixed + 3 * rates.charge,
                        use(kind_of(resource), resource->pool, c->model, c->tier, c->degree, m, 3));
        }
        expect_near(ifp_rates_minimum(&rates, 1),
                    use(kind_of(resource), resource->pool, c->model, c->tier, c->degree, 1, 1));
    }
}

static void expect_route(size_t r)
{
    const struct ifp_route_data *route = &problem->routes[r];
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    double share = random_between(&random_state, 0, 1);
    double data = data_usd(route->query, share);
    double delay = share * ifp_route_delay_usd(problem, route);
    double charge = tiny.stored_by_route ? stored_usd(weights(c->model, c->tier)) : 0;
    expect_near(ifp_rates_of_route(&c->cost, ifp_route_share_usd(problem, route), share),
                charge + data + delay);
    for (size_t s = 0; s < problem->resource_count; s++) {
        const struct ifp_resource *resource = &problem->resources[s];
        struct ifp_rates rates = rates_of(c, s);
        double by_share = ifp_route_share_use(problem, resource, route);
        double expected = kind_of(resource) == BUDGET ? charge + data : 0;
        if (kind_of(resource) == STORAGE && tiny.stored_by_route)
            expected = weights(c->model, c->tier);
        expect_near(ifp_rates_of_route(&rates, by_share, share), expected);
    }
    const struct ifp_demand *demand = &problem->demands[route->query];
    double kv =
        c->kv_gb_per_token * demand->tokens_per_hour *
        ifp_instance_performance(instance, IFP_KV_RESIDENCY, route->query, c->model, c->tier);
    expect_near(ifp_route_need(problem, route, IFP_CAPACITY_MEMORY),
                c->kv_gb > 0 ? kv / c->kv_gb : 0);
    expect_near(ifp_route_need(problem, route, IFP_CAPACITY_LOAD) * c->tflops,
                demand->tflop_per_1k_tokens * c->compute_scale / 1000 * demand->tokens_per_hour /
                    3600);
}

START_TEST(costs_and_uses)
{
    static const double slacks[] = {0, 0.998e-6, 0.01};
    int configurations = 0;
    int routes = 0;
    for (int n = 0; n < EACH; n++) {
        make((uint64_t)(_i * EACH + n));
        build(slacks[n % 3]);
        expect_resources(slacks[n % 3]);
        for (size_t c = 0; c < problem->configuration_count; c++)
            expect_rates(&problem->configurations[c]);
        for (size_t r = 0; r < problem->route_count; r++)
            expect_route(r);
        configurations += (int)problem->configuration_count;
        routes += (int)problem->route_count;
        destroy();
    }
    ck_assert_int_ge(configurations, EACH / 4);
    ck_assert_int_ge(routes, EACH / 4);
}
END_TEST

/* -- what does not fit -- */

static bool fits(const struct ifp_resource *resource, double used, enum ifp_margin margin)
{
    return ifp_resource_fits(resource, used, margin);
}

/* Each margin lets its tolerance pass and no more; of a count, no unit more. */
START_TEST(margins)
{
    static const double tolerances[] = {1e-12, 1e-9, 1e-6};
    int seen[KIND_COUNT] = {0};
    for (int n = 0; n < EACH; n++) {
        make((uint64_t)(_i * EACH + n));
        build(0);
        for (size_t s = 0; s < problem->resource_count; s++) {
            const struct ifp_resource *resource = &problem->resources[s];
            double limit = resource->limit;
            bool counted = kind_of(resource) == POOL;
            for (int m = 0; m < IFP_MARGIN_COUNT; m++) {
                enum ifp_margin margin = (enum ifp_margin)m;
                ck_assert(fits(resource, 0, margin));
                ck_assert(fits(resource, limit, margin));
                ck_assert(!fits(resource, limit + 1 + 2e-6 * limit, margin));
                if (counted) {
                    ck_assert(!fits(resource, limit + 1, margin));
                    ck_assert(!fits(resource, limit + 1.1e-6 * fmax(1, limit), margin));
                    continue;
                }
                ck_assert(fits(resource, limit * (1 + 0.9 * tolerances[m]), margin));
                if (limit > 0)
                    ck_assert(!fits(resource, limit * (1 + 1.1 * tolerances[m]), margin));
                else
                    ck_assert(!fits(resource, 1e-300, margin));
            }
            if (counted) {
                ck_assert(!fits(resource, nextafter(limit, INFINITY), IFP_MARGIN_SUM));
                ck_assert(fits(resource, limit + 0.9e-6 * fmax(1, limit), IFP_MARGIN_VERIFIER));
            }
            seen[kind_of(resource)]++;
        }
        destroy();
    }
    for (int kind = 0; kind < KIND_COUNT; kind++)
        ck_assert_int_gt(seen[kind], 0);
}
END_TEST

/* The verifier's tolerance is the same whether a part of it is in the limits already or not. */
START_TEST(slack_is_part_of_the_margin)
{
    for (int n = 0; n < EACH; n++) {
        make((uint64_t)(_i * EACH + n));
        double maximum[3][KIND_COUNT + TINY_POOLS];
        static const double slacks[] = {0, 0.5e-6, 1e-6};
        for (int k = 0; k < 3; k++) {
            build(slacks[k]);
            for (size_t s = 0; s < problem->resource_count; s++) {
                maximum[k][s] = problem->resources[s].maximum[IFP_MARGIN_VERIFIER];
                ck_assert_double_le(fabs(maximum[k][s] - maximum[0][s]), 1e-11 * maximum[0][s]);
            }
            destroy();
        }
    }
}
END_TEST

/* The first resource, in their order, that one replica with one route exceeds by much; -1 if all
 * are far from it, -2 if that is a matter of rounding. */
static int exceeded_kind(size_t j, size_t k, double degree)
{
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        int p = tiny.tier[k].pool;
        double limits[] = {tiny.budget_usd, tiny.storage_gb,
                           p < 0 ? (double)INFINITY : tiny.pool_gpus[p]};
        double used = use((enum kind)kind, (size_t)(p < 0 ? 0 : p), j, k, degree, 1, 1);
        if (used > limits[kind] * (1 + 2e-6))
            return kind;
        if (used > limits[kind])
            return -2;
    }
    return -1;
}

/* One replica alone: what exceeds a limit is refused for it, and what does not is kept. */
START_TEST(one_replica)
{
    int refused[KIND_COUNT] = {0};
    int kept = 0;
    for (int n = 0; n < EACH; n++) {
        make((uint64_t)(_i * EACH + n));
        build(0);
        for (size_t j = 0; j < (size_t)tiny.models; j++) {
            for (size_t k = 0; k < (size_t)tiny.tiers; k++) {
                struct ifp_configuration c = {.model = j,
                                              .tier = k,
                                              .degree = tiny.tier[k].tp_degrees[0],
                                              .min_replicas = 1,
                                              .max_replicas = 1000,
                                              .weights_gb = weights(j, k)};
                ifp_account_enter(instance, problem, &c);
                const struct ifp_use *over = ifp_account_exceeded(problem, &c);
                const struct ifp_resource *found =
                    over ? &problem->resources[over->resource] : NULL;
                int expected = exceeded_kind(j, k, c.degree);
                if (expected == -2)
                    continue;
                ck_assert_int_eq(found ? (int)kind_of(found) : -1, expected);
                if (found) {
                    refused[kind_of(found)]++;
                    ck_assert_double_ge(ifp_account_replicas(problem, &c), 1);
                    continue;
                }
                kept++;
                /* As many replicas as fit, and not one more. */
                double m = ifp_account_replicas(problem, &c);
                bool more = true;
                for (size_t s = 0; s < problem->resource_count; s++) {
                    const struct ifp_resource *resource = &problem->resources[s];
                    double limit = resource->limit;
                    ck_assert_double_le(
                        use(kind_of(resource), resource->pool, j, k, c.degree, m, 1),
                        limit * (1 + 2e-6));
                    more &=
                        use(kind_of(resource), resource->pool, j, k, c.degree, m + 1, 1) <= limit;
                }
                ck_assert_int_eq(more, m == 1000);
            }
        }
        destroy();
    }
    for (int kind = 0; kind < KIND_COUNT; kind++)
        ck_assert_int_gt(refused[kind], 0);
    ck_assert_int_gt(kept, EACH / 4);
}
END_TEST

/* -- fixed deployments -- */

/* The cost of what is rented is sunk, and the limits are what it leaves of them. */
START_TEST(sunk)
{
    int rented_count = 0;
    for (int n = 0; n < EACH; n++) {
        make((uint64_t)(_i * EACH + n));
        struct ifp_rented rented[TINY_PAIRS];
        size_t count = 0;
        double paid = 0;
        for (size_t j = 0; j < (size_t)tiny.models; j++) {
            for (size_t k = 0; k < (size_t)tiny.tiers; k++) {
                if (random_chance(&random_state, 0.4))
                    continue;
                size_t at = (size_t)random_below(&random_state, tiny.tier[k].degrees);
                double replicas = 1 + random_below(&random_state, 3);
                rented[count++] = (struct ifp_rented){j, k, at, SIZE_MAX, SIZE_MAX, NAN, replicas};
                paid += dollars(j, k, tiny.tier[k].tp_degrees[at], replicas, 0);
            }
        }
        instance = tiny_instance(&tiny);
        ck_assert_msg(ifp_problem_of_deployments(instance, rented, count, &problem, &error) ==
                          IFP_OK,
                      "%s", error.message);
        expect_near(problem->sunk_usd, paid);
        size_t s = 0;
        if (isfinite(tiny.budget_usd))
            expect_resource(s++, BUDGET, SIZE_MAX, fmax(0, tiny.budget_usd - paid));
        if (isfinite(tiny.storage_gb) && tiny.stored_by_route)
            expect_resource(s++, STORAGE, SIZE_MAX, tiny.storage_gb);
        ck_assert_uint_eq(problem->resource_count, s);
        for (size_t c = 0; c < problem->configuration_count; c++) {
            const struct ifp_configuration *of = &problem->configurations[c];
            double gb = tiny.stored_by_route ? weights(of->model, of->tier) : 0;
            ck_assert_double_eq(ifp_rates_of_deployment(&of->cost, 3), 0);
            expect_near(of->cost.charge, stored_usd(gb));
            ck_assert_uint_eq(of->use_count, s);
            for (size_t u = 0; u < s; u++) {
                const struct ifp_rates *rates = &of->uses[u].rates;
                ck_assert_uint_eq(of->uses[u].resource, u);
                ck_assert_double_eq(ifp_rates_of_deployment(rates, 3), 0);
                expect_near(rates->charge,
                            kind_of(&problem->resources[u]) == STORAGE ? gb : stored_usd(gb));
            }
        }
        rented_count += (int)count;
        destroy();
    }
    ck_assert_int_gt(rented_count, EACH);
}
END_TEST

/* -- comparing -- */

static struct ifp_configuration two_uses(void)
{
    return (struct ifp_configuration){
        .cost = {3, 2, 1}, .use_count = 2, .uses = {{0, {3, 2, 1}}, {2, {4, 0, 5}}}};
}

/* Any one number that differs is found. */
START_TEST(comparing)
{
    struct ifp_configuration one = two_uses();
    for (int which = 0; which < 9; which++) {
        struct ifp_configuration other = two_uses();
        double *numbers[] = {&other.cost.replica,
                             &other.cost.deployment,
                             &other.cost.charge,
                             &other.uses[0].rates.replica,
                             &other.uses[0].rates.deployment,
                             &other.uses[0].rates.charge,
                             &other.uses[1].rates.replica,
                             &other.uses[1].rates.deployment,
                             &other.uses[1].rates.charge};
        ck_assert_int_eq(ifp_account_compare(&one, &other), 0);
        ck_assert(ifp_account_at_most(&one, &other));
        *numbers[which] += 1e-9;
        ck_assert_int_lt(ifp_account_compare(&one, &other), 0);
        ck_assert_int_gt(ifp_account_compare(&other, &one), 0);
        ck_assert(ifp_account_at_most(&one, &other));
        ck_assert(!ifp_account_at_most(&other, &one));
    }
    struct ifp_configuration other = two_uses();
    other.uses[1].resource = 3;
    ck_assert_int_ne(ifp_account_compare(&one, &other), 0);
    other = two_uses();
    other.use_count = 1;
    ck_assert_int_ne(ifp_account_compare(&one, &other), 0);
}
END_TEST

static Suite *account_suite(void)
{
    Suite *suite = suite_create("account");
    TCase *tests = tcase_create("account");
    tcase_add_loop_test(tests, costs_and_uses, 0, BATCHES);
    tcase_add_loop_test(tests, margins, 0, BATCHES);
    tcase_add_loop_test(tests, slack_is_part_of_the_margin, 0, BATCHES);
    tcase_add_loop_test(tests, one_replica, 0, BATCHES);
    tcase_add_loop_test(tests, sunk, 0, BATCHES);
    tcase_add_test(tests, comparing);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(account_suite());
}
