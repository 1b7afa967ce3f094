/* SPDX-License-Identifier: MIT */
/*
 * Which pairs are alike: two models on three tiers, the same in every number, of which each case
 * changes some. Pairs are M/T, M/U, M/V, N/T, N/U, N/V, in this order. A plan in which like pairs
 * change places is the same plan to the verifier, and a search that takes them in order ends.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute/hard.h"
#include "brute/plans.h"
#include "problem/problem.h"
#include "problem/twins.h"
#include "support/suite.h"
#include "util/text.h"

static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"twins\","
    " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0.01,"
    " \"policy\": {\"max_replicas\": 3},"
    " \"uncertainty\": {\"kind\": \"none\", \"delay_budget\": 1.5, \"error_budget\": 1.5},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 3600, \"tflop_per_1k_tokens\": 50, \"delay_limit_ms\": 1000,"
    "   \"error_limit\": 0.1, \"delay_penalty_usd_per_ms\": 1e-6, \"unmet_penalty_usd\": 5},"
    "  {\"name\": \"b\", \"input_tokens\": 120, \"output_tokens\": 80, \"rate_per_hour\": 3600,"
    "   \"tflop_per_1k_tokens\": 75, \"delay_limit_ms\": 1000, \"error_limit\": 0.1,"
    "   \"unmet_penalty_usd\": 5}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 8, \"kv_gb_per_token\": 0.01},"
    "   {\"name\": \"N\", \"weights_gb\": 8, \"kv_gb_per_token\": 0.01}],"
    " \"tiers\": ["
    "  {\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2]},"
    "  {\"name\": \"U\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2]},"
    "  {\"name\": \"V\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2]}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 9}, {\"name\": \"Q\", \"gpus\": 9}],"
    " \"performance\": {\"delay_ms_per_token\": 2, \"error_rate\": 0.02,"
    "  \"kv_residency_hours\": 0.01, \"delay_deviation_ms_per_token\": 0.5,"
    "  \"error_deviation\": 0.01, \"delay_shrink\": 0.25, \"error_shrink\": 0.25}}";

static ifp_instance *instance;
static struct ifp_problem *problem;

static void setup(void)
{
    instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(instance);
    problem = NULL;
}

static void teardown(void)
{
    ifp_problem_free(problem);
    ifp_instance_free(instance);
}

/* "PATH=VALUE PATH=VALUE .." */
static void change(const char *changes)
{
    char copy[256];
    ck_assert_uint_lt(strlen(changes), sizeof copy);
    strcpy(copy, changes);
    char *rest = NULL;
    for (char *one = strtok_r(copy, " ", &rest); one; one = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(one, '=');
        *value++ = '\0';
        ck_assert_msg(ifp_instance_set(instance, one, value) == IFP_OK, "%s",
                      ifp_error_message(ifp_instance_last_error(instance)));
    }
}

static void build(void)
{
    struct ifp_error error = {0};
    ifp_problem_free(problem);
    ck_assert_msg(ifp_problem_new(instance, NULL, &problem, &error) == IFP_OK, "%s", error.message);
}

/* Sets are listed by pair and by set alike, in ascending order, and each has two pairs at least. */
static void expect_consistent(const struct ifp_problem *of)
{
    const struct ifp_twins *twins = &of->twins;
    size_t entries = 0;
    for (size_t p = 0; p < of->pair_count; p++)
        entries += twins->set[p] != SIZE_MAX;
    ck_assert_uint_eq(twins->start[twins->count], entries);
    for (size_t s = 0; s < twins->count; s++) {
        ck_assert_uint_ge(twins->start[s + 1], twins->start[s] + 2);
        for (size_t t = twins->start[s]; t < twins->start[s + 1]; t++) {
            ck_assert_uint_eq(twins->set[twins->pairs[t]], s);
            ck_assert(t == twins->start[s] || twins->pairs[t - 1] < twins->pairs[t]);
        }
    }
}

/* A letter for each pair: the same for those of a set; '-' for those in none. */
static void expect_sets(const struct ifp_problem *of, const char *expected, const char *what)
{
    const size_t *set = of->twins.set;
    ck_assert_msg(of->pair_count == strlen(expected), "%s: %zu pairs", what, of->pair_count);
    expect_consistent(of);
    for (size_t p = 0; p < of->pair_count; p++) {
        for (size_t o = 0; o < p; o++) {
            bool same = set[o] != SIZE_MAX && set[o] == set[p];
            ck_assert_msg(same == (expected[o] == expected[p] && expected[p] != '-'),
                          "%s: pairs %zu and %zu are %salike", what, o, p, same ? "" : "not ");
        }
    }
}

static const struct {
    const char *changes;
    const char *sets;
} cases[] = {
    {"", "aaaaaa"},
    {"policy.placement=single", "aaaaaa"},
    {"policy.placement=matching", "------"},
    {"policy.storage_basis=route policy.slo_basis=offered", "aaaaaa"},
    /* tiers */
    {"tiers[U].usd_per_hour=2.1", "abaaba"},
    {"tiers[U].usd_per_hour=2.1 tiers[V].usd_per_hour=2.2", "abcabc"},
    {"tiers[*].usd_per_hour=0", "aaaaaa"},
    {"tiers[U].memory_gb=25", "abaaba"},
    {"tiers[U].kv_scale=0.5", "abaaba"},
    {"tiers[U].weight_scale=0.5", "abaaba"},
    {"tiers[U].tp_degrees=[1,4]", "abaaba"},
    {"tiers[U].tp_degrees=[1]", "abaaba"},
    {"tiers[U].tp_speedup=[1,1.5]", "abaaba"},
    {"tiers[*].tp_speedup=[1,2]", "aaaaaa"},
    /* pools: the same for all, another one, another one of the same size */
    {"tiers[*].pool=P", "aaaaaa"},
    {"tiers[U].pool=P", "abaaba"},
    {"tiers[*].pool=P tiers[U].pool=Q", "abaaba"},
    /* models */
    {"models[N].weights_gb=8.5", "aaabbb"},
    {"models[N].kv_gb_per_token=0.011", "aaabbb"},
    {"models[N].weights_gb=8.5 tiers[U].usd_per_hour=3", "abacdc"},
    /* single figures */
    {"performance.delay_ms_per_token[a][N][V]=2.1", "aaaaa-"},
    {"performance.error_rate[b][M][U]=0.021", "a-aaaa"},
    {"performance.kv_residency_hours[b][M][T]=0.011", "-aaaaa"},
    {"performance.delay_ms_per_token[a][M][V]=null", "aa-aaa"},
    {"performance.error_rate[*][M][V]=null", "aaaaa"},
    /* deviations do not matter unless there is uncertainty, and then each of them does */
    {"performance.delay_deviation_ms_per_token[a][N][T]=0.6", "aaaaaa"},
    {"uncertainty.kind=budget", "aaaaaa"},
    {"uncertainty.kind=budget performance.delay_deviation_ms_per_token[a][N][T]=0.6", "aaa-aa"},
    {"uncertainty.kind=budget performance.error_deviation[b][N][U]=0.02", "aaaa-a"},
    {"uncertainty.kind=budget performance.delay_shrink[N][T]=0.5", "aaaaaa"},
    {"uncertainty.kind=decision_dependent uncertainty.level=cell", "aaaaaa"},
    {"uncertainty.kind=decision_dependent uncertainty.level=cell"
     " performance.delay_shrink[N][T]=0.5",
     "aaa-aa"},
    {"uncertainty.kind=decision_dependent uncertainty.level=cell"
     " performance.error_shrink[N][U]=0.5",
     "aaaa-a"},
    {"uncertainty.kind=decision_dependent policy.placement=single", "aaaaaa"},
    {"uncertainty.kind=decision_dependent policy.placement=single"
     " performance.delay_shrink[N][T]=0.5",
     "aaa-aa"},
    {"uncertainty.kind=decision_dependent policy.placement=single"
     " performance.delay_deviation_ms_per_token[a][M][V]=0.6",
     "aa-aaa"},
    /* What the hash leaves out collides, and both sets are found all the same. */
    {"tiers[V].tflops=11", "aabaab"},
    {"tiers[T].tflops=11", "baabaa"},
    {"models[N].compute_scale=0.5", "aaabbb"},
    {"tiers[T].tflops=11 tiers[V].tflops=12", "abcabc"},
    {"tiers[V].memory_gb=20 tiers[V].weight_scale=0.5", "aabaab"},
};
enum { CASES = sizeof cases / sizeof *cases };

START_TEST(sets)
{
    change(cases[_i].changes);
    build();
    expect_sets(problem, cases[_i].sets, cases[_i].changes);
}
END_TEST

/* Without the pair M/U, and without the larger degree of N/T: M/T, M/V, N/T, N/U, N/V are left. */
START_TEST(sets_of_a_restricted_problem)
{
    bool keep[12];
    build();
    ck_assert_uint_eq(problem->configuration_count, 12);
    for (size_t c = 0; c < 12; c++)
        keep[c] = c != 2 && c != 3 && c != 7;
    struct ifp_problem *restricted = ifp_problem_restrict(problem, keep);
    ck_assert_ptr_nonnull(restricted);
    expect_sets(restricted, "aa-aa", "restricted");
    expect_sets(problem, "aaaaaa", "as it was");
    ifp_problem_free(restricted);
    for (size_t c = 0; c < 12; c++)
        keep[c] = c == 4;
    restricted = ifp_problem_restrict(problem, keep);
    ck_assert_ptr_nonnull(restricted);
    expect_sets(restricted, "-", "one configuration");
    ifp_problem_free(restricted);
}
END_TEST

START_TEST(sets_of_a_capped_problem)
{
    struct ifp_problem *capped = NULL;
    change("models[N].weights_gb=8.5");
    build();
    ck_assert_int_eq(ifp_problem_cap(problem, 1, &capped), IFP_OK);
    ck_assert_ptr_nonnull(capped);
    expect_sets(capped, "aaabbb", "capped");
    ifp_problem_free(capped);
}
END_TEST

/* Of a fleet, deployments are alike if their replicas are as many, too. */
START_TEST(sets_of_fixed_deployments)
{
    static const struct ifp_rented rented[] = {{0, 0, 0, SIZE_MAX, SIZE_MAX, NAN, 2},
                                               {0, 1, 0, SIZE_MAX, SIZE_MAX, NAN, 2},
                                               {1, 0, 0, SIZE_MAX, SIZE_MAX, NAN, 1},
                                               {1, 2, 0, SIZE_MAX, SIZE_MAX, NAN, 1},
                                               {1, 1, 1, SIZE_MAX, SIZE_MAX, NAN, 1}};
    struct ifp_problem *fixed = NULL;
    struct ifp_error error = {0};
    /* in the order of models and tiers */
    const struct ifp_rented ordered[] = {rented[0], rented[1], rented[2], rented[4], rented[3]};
    ck_assert_int_eq(ifp_problem_of_deployments(instance, ordered, 5, &fixed, &error), IFP_OK);
    expect_sets(fixed, "aab-b", "fleet");
    ifp_problem_free(fixed);
}
END_TEST

/* -- by plans -- */

static void swap_pairs(struct brute *plan, int a, int b)
{
    int degree = plan->degree_index[a];
    int replicas = plan->replicas[a];
    plan->degree_index[a] = plan->degree_index[b];
    plan->replicas[a] = plan->replicas[b];
    plan->degree_index[b] = degree;
    plan->replicas[b] = replicas;
    for (int i = 0; i < TINY_QUERIES; i++) {
        double share = plan->share[i][a];
        plan->share[i][a] = plan->share[i][b];
        plan->share[i][b] = share;
    }
}

static double cost_of(const struct tiny *tiny, const ifp_instance *of, const struct brute *brute)
{
    ifp_plan *made = tiny_plan(tiny, of, brute);
    ifp_check *check = ifp_check_new(of, made, NULL);
    ck_assert_ptr_nonnull(check);
    double cost =
        ifp_check_feasible(check) ? ifp_check_cost(check, IFP_COST_TOTAL) : (double)INFINITY;
    ifp_check_free(check);
    ifp_plan_free(made);
    return cost;
}

/* Sets of tiny instances with twins: at random, a plan stays one, and costs the same. */
START_TEST(like_pairs_may_change_places)
{
    enum { SEEDS = 240, PLANS = 10 };
    int swapped = 0;
    int held = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct tiny tiny;
        struct random random = {seed};
        hard_make(&tiny, HARD_TWINS, seed);
        ifp_instance_free(instance);
        instance = tiny_instance(&tiny);
        build();
        expect_consistent(problem);
        const struct ifp_twins *twins = &problem->twins;
        for (size_t t = 1; twins->count && t < twins->start[1]; t++) {
            const struct ifp_pair *one = &problem->pairs[twins->pairs[t - 1]];
            const struct ifp_pair *other = &problem->pairs[twins->pairs[t]];
            for (int n = 0; n < PLANS; n++) {
                struct brute brute = tiny_plan_at_random(&tiny, &random);
                double before = cost_of(&tiny, instance, &brute);
                swap_pairs(&brute, (int)one->model * tiny.tiers + (int)one->tier,
                           (int)other->model * tiny.tiers + (int)other->tier);
                double after = cost_of(&tiny, instance, &brute);
                ck_assert_msg(before == after || fabs(before - after) <= 1e-12 * before,
                              "seed %lu: %.15g, then %.15g", (unsigned long)seed, before, after);
                swapped++;
                held += isfinite(before);
            }
        }
    }
    ck_assert_int_ge(swapped, 5 * SEEDS / 2);
    ck_assert_int_ge(held, swapped / 20);
}
END_TEST

/* -- by searches -- */

/* 200 tiers alike, of which 14 hold the load: 48 TFLOP/s, 3.5 each. */
START_TEST(hundreds_of_twins)
{
    static const char *const engines[] = {"mip", "decompose"};
    struct ifp_text json = {0};
    ifp_text_format(&json,
                    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"like\","
                    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
                    " \"policy\": {\"placement\": \"split\"}, \"queries\": [");
    for (int i = 0; i < 4; i++)
        ifp_text_format(&json,
                        "%s{\"name\": \"q%d\", \"input_tokens\": 500, \"output_tokens\": 500,"
                        " \"rate_per_hour\": 3600, \"tflop_per_1k_tokens\": %d,"
                        " \"unmet_penalty_usd\": 1}",
                        i ? ", " : "", i, (int[]){7, 11, 13, 17}[i]);
    ifp_text_format(&json, "], \"models\": [{\"name\": \"m\", \"weights_gb\": 1,"
                           " \"kv_gb_per_token\": 0}], \"tiers\": [");
    for (int k = 0; k < 200; k++)
        ifp_text_format(&json,
                        "%s{\"name\": \"t%d\", \"memory_gb\": 8, \"tflops\": 3.5,"
                        " \"usd_per_hour\": 1, \"tp_degrees\": [1]}",
                        k ? ", " : "", k);
    ifp_text_format(&json, "], \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0,"
                           " \"kv_residency_hours\": 0}}");
    ck_assert(!json.failed);
    ifp_instance *like = ifp_instance_read_string(json.data, json.size, NULL);
    ck_assert_ptr_nonnull(like);
    ifp_text_clear(&json);
    ifp_options *options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(options, "engine", engines[_i]), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "gap", "1e-6"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "60"), IFP_OK);
    ifp_model *model = ifp_model_new(like, options, NULL);
    ck_assert_ptr_nonnull(model);
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_ptr_nonnull(solution);
    ck_assert_msg(ifp_solution_status(solution) == IFP_STATUS_OPTIMAL, "%s with a gap of %g",
                  ifp_solution_status_word(solution), ifp_solution_gap(solution));
    ck_assert_double_eq_tol(ifp_solution_objective(solution), 14, 1e-6);
    ck_assert_double_le(ifp_solution_bound(solution), 14 * (1 + 1e-9));
    ck_assert_double_le(ifp_solution_nodes(solution), 500);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(like);
}
END_TEST

static Suite *twins_suite(void)
{
    Suite *suite = suite_create("twins");
    TCase *tests = tcase_create("twins");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, sets, 0, CASES);
    tcase_add_test(tests, sets_of_a_restricted_problem);
    tcase_add_test(tests, sets_of_a_capped_problem);
    tcase_add_test(tests, sets_of_fixed_deployments);
    tcase_add_test(tests, like_pairs_may_change_places);
    tcase_add_loop_test(tests, hundreds_of_twins, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(twins_suite());
}
