/* SPDX-License-Identifier: MIT */
/*
 * Problems that are made of others: with penalties capped, and with limits relaxed. Each
 * coefficient that changes, those that do not, and that what comes of it bounds the optimum found
 * by trying everything, or is that of the relaxed limits.
 */
#include <check.h>
#include <math.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute/brute.h"
#include "problem/problem.h"
#include "support/program.h"
#include "support/suite.h"

static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"problem\","
    " \"horizon\": {\"rental_hours\": 10}, \"limits\": {\"budget_usd\": 1000, \"storage_gb\": 100},"
    " \"storage_usd_per_gb_hour\": 0.01, \"policy\": {\"max_replicas\": 3},"
    " \"uncertainty\": {\"kind\": \"none\", \"delay_budget\": 1, \"error_budget\": 1},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 3600, \"tflop_per_1k_tokens\": 5, \"storage_gb_per_token\": 1e-5,"
    "   \"delay_limit_ms\": 1000, \"error_limit\": 0.1, \"delay_penalty_usd_per_ms\": 1e-4,"
    "   \"unmet_penalty_usd\": 0.5, \"max_unmet\": 0.25},"
    "  {\"name\": \"b\", \"input_tokens\": 30, \"output_tokens\": 70, \"rate_per_hour\": 7200,"
    "   \"tflop_per_1k_tokens\": 10, \"delay_penalty_usd_per_ms\": 2e-6,"
    "   \"unmet_penalty_usd\": 0.25}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 0.001},"
    "  {\"name\": \"N\", \"weights_gb\": 8, \"kv_gb_per_token\": 0.0005}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2], \"pool\": \"P\"},"
    "  {\"name\": \"U\", \"memory_gb\": 48, \"tflops\": 20, \"usd_per_hour\": 4,"
    "   \"tp_degrees\": [1, 2], \"pool\": \"Q\"}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 6}, {\"name\": \"Q\", \"gpus\": 2000000}],"
    " \"performance\": {\"delay_ms_per_token\": [[[2, 1], [1, 0.5]], [[2, 1], [1, 0.5]]],"
    "  \"error_rate\": [[[0.02, 0.03], [0.01, 0.04]], [[0.02, 0.03], [0.01, 0.04]]],"
    "  \"delay_deviation_ms_per_token\": 0.25, \"error_deviation\": 0.01, \"delay_shrink\": 0.5,"
    "  \"kv_residency_hours\": 0.01}}";

static ifp_instance *instance;
static struct ifp_problem *problem;
static struct ifp_problem *other; /* made of it */

static void setup(void)
{
    instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(instance);
    problem = NULL;
    other = NULL;
}

static void teardown(void)
{
    ifp_problem_free(other);
    ifp_problem_free(problem);
    ifp_instance_free(instance);
}

/* certain, budget, by cell and by query; the last has one route for each query type */
enum { UNCERTAINTIES = 4 };

static void set(const char *path, const char *word)
{
    ck_assert_msg(ifp_instance_set(instance, path, word) == IFP_OK, "%s",
                  ifp_error_message(ifp_instance_last_error(instance)));
}

static void make_uncertain(int which)
{
    static const char *const kinds[] = {"none", "budget", "decision_dependent",
                                        "decision_dependent"};
    set("uncertainty.kind", kinds[which]);
    set("uncertainty.level", which == 2 ? "cell" : "query");
    set("policy.placement", which == 3 ? "single" : "split");
    /* Less than the deviations of both query types, so that they have to be weighed. */
    set("uncertainty.delay_budget", which == 3 ? "0.75" : "1");
}

static void build(void)
{
    struct ifp_error error = {0};
    ifp_problem_free(problem);
    problem = NULL;
    ck_assert_msg(ifp_problem_new(instance, NULL, &problem, &error) == IFP_OK, "%s", error.message);
}

static void cap(double usd)
{
    ifp_problem_free(other);
    other = NULL;
    ck_assert_int_eq(ifp_problem_cap(problem, usd, &other), IFP_OK);
}

/* The dearest that anything is. */
static double dearest(void)
{
    double maximum = 0;
    for (size_t i = 0; i < problem->query_count; i++)
        maximum = fmax(maximum, problem->demands[i].unmet_usd);
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        maximum = fmax(maximum, ifp_route_delay_usd(problem, route));
        maximum = fmax(maximum, ifp_route_deviation(problem, route).deviation_usd);
    }
    return maximum;
}

/* What a route deviates by, at most as far as what it then costs alone is capped. */
static double deviation_at(const struct ifp_problem *of, size_t r, double usd)
{
    struct ifp_route_deviation route = ifp_route_deviation(of, &of->routes[r]);
    double price = of->demands[of->routes[r].query].delay_usd * route.cap[IFP_SERVICE_DELAY];
    return price > 0 ? fmin(route.deviation[IFP_SERVICE_DELAY], usd / price)
                     : route.deviation[IFP_SERVICE_DELAY];
}

/* -- capped penalties -- */

/* All but penalties is the same. */
static void expect_same_but_penalties(void)
{
    ck_assert_uint_eq(other->query_count, problem->query_count);
    ck_assert_uint_eq(other->pair_count, problem->pair_count);
    ck_assert_uint_eq(other->configuration_count, problem->configuration_count);
    ck_assert_uint_eq(other->route_count, problem->route_count);
    ck_assert_int_eq(memcmp(other->configurations, problem->configurations,
                            problem->configuration_count * sizeof *problem->configurations),
                     0);
    ck_assert_int_eq(
        memcmp(other->routes, problem->routes, problem->route_count * sizeof *problem->routes), 0);
    ck_assert_int_eq(
        memcmp(other->pairs, problem->pairs, problem->pair_count * sizeof *problem->pairs), 0);
    ck_assert_uint_eq(other->resource_count, problem->resource_count);
    ck_assert_int_eq(memcmp(other->resources, problem->resources,
                            problem->resource_count * sizeof *problem->resources),
                     0);
    ck_assert_int_eq(!other->deviations, !problem->deviations);
    for (size_t i = 0; i < problem->query_count; i++) {
        struct ifp_demand demand = other->demands[i];
        demand.unmet_usd = problem->demands[i].unmet_usd;
        ck_assert_int_eq(memcmp(&demand, &problem->demands[i], sizeof demand), 0);
    }
}

START_TEST(penalties_are_capped)
{
    make_uncertain(_i);
    build();
    ck_assert_int_eq(problem->uncertain, _i > 0);
    /* 18000 $ are unmet of a and b; the delay of a on M/T costs 3.6 x 400 ms = 1440 $, half of
     * that at degree 2. */
    static const double caps[] = {1e-3, 100, 720, 1440, 17999.5};
    for (size_t k = 0; k < sizeof caps / sizeof *caps; k++) {
        int below = 0;
        int above = 0;
        int deviating = 0;
        int dear = 0;
        cap(caps[k]);
        ck_assert_ptr_nonnull(other);
        expect_same_but_penalties();
        for (size_t i = 0; i < problem->query_count; i++)
            ck_assert_double_eq(other->demands[i].unmet_usd,
                                fmin(problem->demands[i].unmet_usd, caps[k]));
        for (size_t r = 0; r < problem->route_count; r++) {
            double before = ifp_route_delay_usd(problem, &problem->routes[r]);
            double after = ifp_route_delay_usd(other, &other->routes[r]);
            struct ifp_route_deviation was = ifp_route_deviation(problem, &problem->routes[r]);
            struct ifp_route_deviation is = ifp_route_deviation(other, &other->routes[r]);
            ck_assert_double_eq(after, fmin(before, caps[k]));
            ck_assert_double_eq(is.deviation_usd, fmin(was.deviation_usd, caps[k]));
            /* Of a query type's own worst case it is the deviation that is lowered. */
            double ms = problem->coupled ? was.deviation[IFP_SERVICE_DELAY]
                                         : deviation_at(problem, r, caps[k]);
            ck_assert_double_eq_tol(is.deviation[IFP_SERVICE_DELAY], ms, 1e-12 * ms + 1e-300);
            dear += is.deviation[IFP_SERVICE_DELAY] < was.deviation[IFP_SERVICE_DELAY];
            ck_assert_double_eq(is.deviation[IFP_SERVICE_ERROR], was.deviation[IFP_SERVICE_ERROR]);
            ck_assert_double_eq(is.cap[IFP_SERVICE_DELAY], was.cap[IFP_SERVICE_DELAY]);
            ck_assert_double_eq(is.cap[IFP_SERVICE_ERROR], was.cap[IFP_SERVICE_ERROR]);
            below += before < caps[k];
            above += before > caps[k];
            deviating += was.deviation_usd > caps[k];
        }
        ck_assert(k != 0 || (deviating > 0) == problem->coupled);
        ck_assert(k != 0 || (dear > 0) == (problem->uncertain && !problem->coupled));
        /* Each side of the caps in the middle is there. */
        ck_assert(k != 1 || (below && above));
    }
}
END_TEST

START_TEST(nothing_to_cap)
{
    make_uncertain(_i);
    build();
    double maximum = dearest();
    ck_assert_double_ge(maximum, 18000);
    cap(maximum * 2);
    ck_assert_ptr_null(other);
    cap(maximum);
    ck_assert_ptr_null(other);
    cap(nextafter(maximum, 0));
    ck_assert_ptr_nonnull(other);
}
END_TEST

/* Delay alone is dear. */
START_TEST(delays_are_reason_enough)
{
    make_uncertain(_i);
    set("queries[*].unmet_penalty_usd", "0.001");
    set("queries[*].max_unmet", "0");
    set("queries[*].delay_penalty_usd_per_ms", "1");
    build();
    double unmet = fmax(problem->demands[0].unmet_usd, problem->demands[1].unmet_usd);
    ck_assert_double_gt(dearest(), 100 * unmet);
    cap(2 * unmet);
    ck_assert_ptr_nonnull(other);
    expect_same_but_penalties();
}
END_TEST

/* Of a capped problem the lower cap holds, and a restricted one is capped as before. */
START_TEST(capped_twice)
{
    bool keep[16];
    make_uncertain(_i);
    build();
    cap(100);
    ifp_problem_free(problem);
    problem = other;
    other = NULL;
    cap(1000);
    ck_assert_ptr_null(other);
    cap(10);
    ck_assert_ptr_nonnull(other);
    ck_assert_double_eq(dearest(), 100);
    ck_assert_double_eq(other->demands[0].unmet_usd, 10);
    ck_assert_uint_le(problem->configuration_count, 16);
    for (size_t c = 0; c < problem->configuration_count; c++)
        keep[c] = c < 2;
    ifp_problem_free(other);
    other = ifp_problem_restrict(problem, keep);
    ck_assert_ptr_nonnull(other);
    ck_assert_uint_gt(other->route_count, 0);
    for (size_t r = 0; r < other->route_count; r++)
        ck_assert_double_le(ifp_route_delay_usd(other, &other->routes[r]), 100);
}
END_TEST

/* -- relaxed limits -- */

static void relax(double slack)
{
    struct ifp_error error = {0};
    ifp_problem_free(other);
    other = NULL;
    ck_assert_msg(ifp_problem_new_relaxed(instance, slack, NULL, &other, &error) == IFP_OK, "%s",
                  error.message);
    ck_assert_ptr_nonnull(other);
}

START_TEST(limits_are_relaxed)
{
    static const double slacks[] = {0, 0.998e-6, 1e-3, 0.1};
    make_uncertain(_i);
    build();
    for (size_t s = 0; s < sizeof slacks / sizeof *slacks; s++) {
        double more = 1 + slacks[s];
        relax(slacks[s]);
        ck_assert_double_eq(other->slack, slacks[s]);
        ck_assert_uint_eq(other->resource_count, 4);
        ck_assert_double_eq(other->resources[0].limit, 1000 * more);
        ck_assert_double_eq(other->resources[1].limit, 100 * more);
        ck_assert_double_eq(other->demands[0].limit[IFP_SERVICE_DELAY], 1000 * more);
        ck_assert_double_eq(other->demands[0].limit[IFP_SERVICE_ERROR], 0.1 * more);
        ck_assert_double_eq(other->demands[1].limit[IFP_SERVICE_DELAY], INFINITY);
        ck_assert_double_eq(other->demands[1].limit[IFP_SERVICE_ERROR], INFINITY);
        /* of the demand, and never more than all */
        ck_assert_double_eq(other->demands[0].max_unmet, 0.25 + slacks[s]);
        ck_assert_double_eq(other->demands[1].max_unmet, 1);
        /* A whole GPU more is never let pass, however many there are. */
        ck_assert_double_eq(other->resources[2].limit, 6 + fmin(0.5, 6 * slacks[s]));
        ck_assert_double_eq(other->resources[3].limit, 2000000 + fmin(0.5, 2000000 * slacks[s]));
        ck_assert_uint_eq(other->configuration_count, problem->configuration_count);
        for (size_t c = 0; c < problem->configuration_count; c++) {
            const struct ifp_configuration *was = &problem->configurations[c];
            const struct ifp_configuration *is = &other->configurations[c];
            ck_assert_double_eq(is->kv_gb, was->kv_gb * more);
            ck_assert_double_eq(is->tflops, was->tflops * more);
            ck_assert_int_eq(ifp_account_compare(is, was), 0);
            ck_assert_double_eq(is->weights_gb, was->weights_gb);
            ck_assert_double_eq(is->kv_gb_per_token, was->kv_gb_per_token);
            ck_assert_double_eq(is->degree, was->degree);
        }
        ck_assert_uint_ge(other->route_count, problem->route_count);
        for (size_t i = 0; i < problem->query_count; i++) {
            ck_assert_double_eq(other->demands[i].unmet_usd, problem->demands[i].unmet_usd);
            ck_assert_double_eq(other->demands[i].delay_usd, problem->demands[i].delay_usd);
            ck_assert_double_eq(other->demands[i].storage_gb, problem->demands[i].storage_gb);
        }
    }
}
END_TEST

/* What a route takes and costs is no limit. */
/* Fractions near 1 are known to half of DBL_EPSILON, and the verifier lets that pass. */
START_TEST(last_digit_of_unmet)
{
    set("queries[0].max_unmet", "0.9999999921295595");
    set("queries[1].max_unmet", "0.5");
    build();
    ck_assert_double_eq(problem->demands[0].max_unmet, nextafter(0.9999999921295595, 1));
    ck_assert_double_eq(problem->demands[1].max_unmet, 0.5);
    set("queries[1].max_unmet", "0");
    relax(0);
    ck_assert_double_eq(other->demands[1].max_unmet, 0);
}
END_TEST

START_TEST(routes_are_not_relaxed)
{
    make_uncertain(_i);
    build();
    relax(1e-3);
    ck_assert_uint_eq(other->route_count, problem->route_count);
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *was = &problem->routes[r];
        const struct ifp_route_data *is = &other->routes[r];
        struct ifp_route_deviation deviation_was = ifp_route_deviation(problem, was);
        struct ifp_route_deviation deviation_is = ifp_route_deviation(other, is);
        ck_assert_double_eq(is->level[IFP_SERVICE_DELAY], was->level[IFP_SERVICE_DELAY]);
        ck_assert_double_eq(is->level[IFP_SERVICE_ERROR], was->level[IFP_SERVICE_ERROR]);
        ck_assert_double_ge(is->max_share, was->max_share);
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++) /* a relaxed replica has more */
            ck_assert_double_eq_tol(ifp_route_need(other, is, (enum ifp_capacity)k) *
                                        (1 + other->slack),
                                    ifp_route_need(problem, was, (enum ifp_capacity)k), 1e-12);
        ck_assert_double_eq(ifp_route_delay_usd(other, is), ifp_route_delay_usd(problem, was));
        ck_assert_int_eq(memcmp(&deviation_is, &deviation_was, sizeof deviation_is), 0);
    }
}
END_TEST

/* -- beside trying everything -- */

enum { BATCH = 40, BATCHES = 6, NODES = 20000 };

/* The least cost of a problem, by plain branching on its program; +infinity without a plan. */
static double minimum_of(const struct ifp_problem *of)
{
    struct program program = {0};
    struct ifp_error error = {0};
    program_ok(ifp_milp_new(of, NULL, &program.milp, &error), &error);
    program_ok(ifp_milp_complete(of, program.milp, NULL, &error), &error);
    program_ok(ifp_lp_environment_new(false, &program.environment, &error), &error);
    double minimum = program_minimum(&program, program.milp->cost, (double)INFINITY, NODES, NULL);
    ck_assert(!isnan(minimum));
    ifp_lp_environment_free(program.environment);
    ifp_milp_free(program.milp);
    return minimum;
}

static void make_tiny(struct tiny *tiny, uint64_t seed)
{
    if (seed / 12 % 2)
        tiny_make_uncertain(tiny, seed);
    else
        tiny_make(tiny, seed);
    ifp_instance_free(instance);
    instance = tiny_instance(tiny);
    build();
}

/* No plan costs less than the capped problem says, whatever the cap. */
START_TEST(capped_problems_bound)
{
    int capped = 0;
    int lower = 0;
    for (int n = 0; n < BATCH; n++) {
        static const double times[] = {1e-3, 0.1, 1};
        struct tiny tiny;
        unsigned long seed = (unsigned long)(_i * BATCH + n);
        make_tiny(&tiny, seed);
        struct brute brute = brute_solve(&tiny);
        double best = brute.objective;
        for (int t = 0; brute.feasible && t < 3; t++) {
            cap(times[t] * best);
            if (!other)
                continue;
            double minimum = minimum_of(other);
            ck_assert_msg(minimum <= best + 1e-6 * fmax(1, best),
                          "seed %lu: %.12g, but a plan costs %.12g", seed, minimum, best);
            capped++;
            lower += minimum < best * (1 - 1e-6);
        }
    }
    ck_assert_int_ge(capped, BATCH);
    ck_assert_int_ge(lower, BATCH / 2);
}
END_TEST

/* Does a weight shard fit only because its limit is relaxed? The problem keeps it out, where more
 * than the tolerance is missing. */
static bool has_shard_between(const struct tiny *tiny, double slack)
{
    for (int j = 0; j < tiny->models; j++) {
        for (int k = 0; k < tiny->tiers; k++) {
            for (int n = 0; n < tiny->tier[k].degrees; n++) {
                double capacity = tiny->tier[k].memory_gb * tiny->tier[k].tp_degrees[n];
                double weights = tiny->model[j].weights_gb * tiny->tier[k].weight_scale;
                if (weights > capacity && weights <= capacity * (1 + slack))
                    return true;
            }
        }
    }
    return false;
}

/* The relaxed problem has the optimum of the relaxed limits, which is far enough from that of the
 * limits as they are to be told apart. */
START_TEST(relaxed_problems_relax)
{
    static const double slack = 0.05;
    int cheaper = 0;
    for (int n = 0; n < BATCH; n++) {
        struct tiny tiny;
        unsigned long seed = (unsigned long)(_i * BATCH + n);
        make_tiny(&tiny, seed);
        if (has_shard_between(&tiny, slack))
            continue;
        struct brute strict = brute_solve(&tiny);
        struct brute relaxed = brute_solve_relaxed(&tiny, slack);
        relax(slack);
        double minimum = minimum_of(other);
        if (relaxed.feasible)
            ck_assert_msg(fabs(minimum - relaxed.objective) <= 1e-6 * fmax(1, relaxed.objective),
                          "seed %lu: %.12g, not %.12g", seed, minimum, relaxed.objective);
        else
            ck_assert_msg(isinf(minimum), "seed %lu: %.12g, but there is no plan", seed, minimum);
        cheaper += strict.feasible && relaxed.objective < strict.objective * (1 - 1e-6);
    }
    ck_assert_int_ge(cheaper, BATCH / 10);
}
END_TEST

static Suite *problem_suite(void)
{
    Suite *suite = suite_create("problem");
    TCase *tests = tcase_create("problem");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, penalties_are_capped, 0, UNCERTAINTIES);
    tcase_add_loop_test(tests, nothing_to_cap, 0, UNCERTAINTIES);
    tcase_add_loop_test(tests, delays_are_reason_enough, 0, UNCERTAINTIES);
    tcase_add_loop_test(tests, capped_twice, 0, UNCERTAINTIES);
    tcase_add_loop_test(tests, limits_are_relaxed, 0, UNCERTAINTIES);
    tcase_add_test(tests, last_digit_of_unmet);
    tcase_add_loop_test(tests, routes_are_not_relaxed, 0, UNCERTAINTIES);
    tcase_add_loop_test(tests, capped_problems_bound, 0, BATCHES);
    tcase_add_loop_test(tests, relaxed_problems_relax, 0, BATCHES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(problem_suite());
}
