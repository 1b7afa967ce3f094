/* SPDX-License-Identifier: MIT */
/*
 * Worst cases: which come down to coefficients, worked out by hand; and the value of a block, at
 * random shares, against the linear program that defines it and against the dual one that stands in
 * the compact MILP.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "lp/lp.h"
#include "problem/problem.h"
#include "problem/worst.h"
#include "support/random.h"
#include "support/suite.h"

/*
 * Query a: 200 tokens, 1000 an hour, over 10 hours; M on T: 2 ms a token, 0.5 more at worst, error
 * 0.02, 0.01 more at worst. At degree 1: 400 ms and 100 more, at degree 2 half of that. A
 * millisecond costs 10 h x 0.001 $ x 1000 = 10 $.
 */
static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"worst\","
    " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0,"
    " \"policy\": {\"placement\": \"single\"},"
    " \"uncertainty\": {\"kind\": \"budget\", \"delay_budget\": 1, \"error_budget\": 1},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 1000, \"delay_penalty_usd_per_ms\": 0.001,"
    "   \"unmet_penalty_usd\": 1000}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 0}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2]},"
    "  {\"name\": \"U\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 3,"
    "   \"tp_degrees\": [1, 2]}],"
    " \"performance\": {\"delay_ms_per_token\": 2, \"delay_deviation_ms_per_token\": 0.5,"
    "   \"error_rate\": 0.02, \"error_deviation\": 0.01}}";

static ifp_instance *instance;
static struct ifp_problem *problem;

static void build(const char *changes)
{
    char copy[256];
    struct ifp_error error = {0};
    instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(instance);
    ck_assert_uint_lt(strlen(changes), sizeof copy);
    strcpy(copy, changes);
    for (char *change = strtok(copy, " "); change; change = strtok(NULL, " ")) {
        char *value = strchr(change, '=');
        ck_assert_ptr_nonnull(value);
        *value++ = '\0';
        ck_assert_msg(ifp_instance_set(instance, change, value) == IFP_OK, "%s: %s", change,
                      ifp_error_message(ifp_instance_last_error(instance)));
    }
    ck_assert_msg(ifp_problem_new(instance, NULL, &problem, &error) == IFP_OK, "%s", error.message);
}

static void destroy(void)
{
    ifp_problem_free(problem);
    ifp_instance_free(instance);
}

/* Of the route at degree 1 on the first tier. */
static const struct {
    const char *changes;
    double delay_ms;
    double delay_deviation_ms; /* what is left to be weighed */
    double error;
    double error_deviation;
    double delay_usd;
    double deviation_usd;
} finished[] = {
    {"uncertainty.kind=none", 400, 0, 0.02, 0, 4000, 0},
    /* One route: all of the deviation, or as much as the budget allows. */
    {"", 500, 0, 0.03, 0, 5000, 0},
    {"uncertainty.delay_budget=0.4 uncertainty.error_budget=0", 440, 0, 0.02, 0, 4400, 0},
    {"uncertainty.delay_budget=7", 500, 0, 0.03, 0, 5000, 0},
    {"uncertainty.kind=decision_dependent uncertainty.level=cell performance.delay_shrink=0.7"
     " performance.error_shrink=1",
     430, 0, 0.02, 0, 4300, 0},
    {"uncertainty.kind=decision_dependent uncertainty.level=cell performance.delay_shrink=-1"
     " uncertainty.delay_budget=1.5",
     550, 0, 0.03, 0, 5500, 0},
    /* Level query: limits by the route's own cap; the cost from one budget for all, which here is
     * enough for the only query type there is. */
    {"uncertainty.kind=decision_dependent performance.delay_shrink=0.7", 430, 0, 0.03, 0, 4300, 0},
    /* Two routes, on two tiers: enough for both, or not. */
    {"policy.placement=split uncertainty.delay_budget=2 uncertainty.error_budget=1.9", 500, 0, 0.02,
     0.01, 5000, 0},
    {"policy.placement=split", 400, 100, 0.02, 0.01, 4000, 0},
    /* Of one model there is no more than one with matching. */
    {"policy.placement=matching", 500, 0, 0.03, 0, 5000, 0},
    {"policy.placement=split uncertainty.kind=decision_dependent uncertainty.level=cell"
     " performance.delay_shrink=0.5",
     450, 0, 0.02, 0.01, 4500, 0},
};

START_TEST(coefficients)
{
    build(finished[_i].changes);
    ck_assert_uint_gt(problem->route_count, 0);
    const struct ifp_route_data *route = &problem->routes[0];
    struct ifp_route_deviation of = ifp_route_deviation(problem, route);
    ck_assert_double_eq_tol(route->level[IFP_SERVICE_DELAY], finished[_i].delay_ms, 1e-9);
    ck_assert_double_eq_tol(of.deviation[IFP_SERVICE_DELAY], finished[_i].delay_deviation_ms, 1e-9);
    ck_assert_double_eq_tol(route->level[IFP_SERVICE_ERROR], finished[_i].error, 1e-12);
    ck_assert_double_eq_tol(of.deviation[IFP_SERVICE_ERROR], finished[_i].error_deviation, 1e-12);
    ck_assert_double_eq_tol(ifp_route_delay_usd(problem, route), finished[_i].delay_usd, 1e-9);
    ck_assert_double_eq_tol(of.deviation_usd, finished[_i].deviation_usd, 1e-9);
    destroy();
}
END_TEST

/* Two query types and one budget for the cost of both: a's deviation is worth 100 x 10 $. */
START_TEST(one_budget_for_all)
{
    build("uncertainty.kind=decision_dependent uncertainty.delay_budget=1.5");
    ck_assert_double_eq_tol(problem->deviations[0].delay_usd, 5000, 1e-9);
    destroy();
    instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_int_eq(ifp_instance_add_query(instance, "b"), IFP_OK);
    static const char *const fields[] = {"input_tokens=100", "output_tokens=0", "rate_per_hour=100",
                                         "unmet_penalty_usd=9000",
                                         "delay_penalty_usd_per_ms=0.001"};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        char path[80] = "queries[b].";
        strcat(path, fields[f]);
        char *value = strchr(path, '=');
        *value++ = '\0';
        ck_assert_int_eq(ifp_instance_set(instance, path, value), IFP_OK);
    }
    struct ifp_error error = {0};
    ck_assert_int_eq(ifp_instance_set(instance, "uncertainty.kind", "decision_dependent"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(instance, "uncertainty.delay_budget", "1.5"), IFP_OK);
    ck_assert_int_eq(ifp_problem_new(instance, NULL, &problem, &error), IFP_OK);
    ck_assert_double_eq_tol(problem->routes[0].level[IFP_SERVICE_DELAY], 500,
                            1e-9); /* in its limit */
    ck_assert_double_eq_tol(problem->deviations[0].delay_usd, 4000, 1e-9);
    ck_assert_double_eq_tol(problem->deviations[0].deviation_usd, 1000, 1e-9);
    struct ifp_worst *worst = ifp_worst_new(problem);
    ck_assert_ptr_nonnull(worst);
    ck_assert_uint_eq(worst->count, 1);
    const struct ifp_worst_block *block = &worst->blocks[worst->cost];
    struct ifp_worst_workspace *workspace = ifp_worst_workspace_new(worst);
    double *shares = calloc(problem->route_count, sizeof *shares);
    ck_assert_uint_eq(block->group_count, 2);
    for (size_t r = 0; r < problem->route_count; r++)
        shares[r] = problem->routes[r].configuration == 0 ? 1 : 0;
    /* All of a's 1000 $, and half of b's 50 ms x 1 $. */
    ck_assert_double_eq_tol(block->usd * ifp_worst_value(block, shares, NULL, workspace, NULL),
                            1025, 1e-9);
    free(shares);
    ifp_worst_workspace_free(workspace);
    ifp_worst_free(worst);
    destroy();
}
END_TEST

/* -- blocks at random -- */

enum { GROUPS = 4, EACH = 4, ENTRIES = GROUPS * EACH };

struct sample {
    struct ifp_worst_block block;
    size_t start[GROUPS + 1];
    struct ifp_worst_entry entries[ENTRIES];
    double shares[ENTRIES];
    struct ifp_worst worst;
};

static int by_cap(const void *left, const void *right)
{
    const struct ifp_worst_entry *a = left;
    const struct ifp_worst_entry *b = right;
    return (a->cap > b->cap) - (a->cap < b->cap);
}

static void random_sample(struct sample *sample, uint64_t seed, bool plan)
{
    static const double budgets[] = {0, 0.3, 1, 1.5, 2, 3.5, 100};
    struct random random = {seed};
    memset(sample, 0, sizeof *sample);
    struct ifp_worst_block *block = &sample->block;
    block->budget = budgets[random_below(&random, 7)];
    block->start = sample->start;
    block->entries = sample->entries;
    block->group_count = 1 + (size_t)random_below(&random, GROUPS);
    for (size_t g = 0; g < block->group_count; g++) {
        size_t count = 1 + (size_t)random_below(&random, EACH);
        block->start[g] = block->entry_count;
        for (size_t k = 0; k < count; k++) {
            struct ifp_worst_entry *member = &block->entries[block->entry_count];
            *member = (struct ifp_worst_entry){
                .route = block->entry_count++,
                .deviation = random_between(&random, 0.01, 2),
                .cap = random_chance(&random, 0.4) ? 1 : random_between(&random, 0.05, 1.8)};
        }
        qsort(block->entries + block->start[g], count, sizeof *block->entries, by_cap);
        size_t only = (size_t)random_below(&random, (int)count);
        for (size_t k = 0; k < count; k++)
            sample->shares[block->entries[block->start[g] + k].route] =
                (plan && k != only) || random_chance(&random, 0.3) ? 0
                                                                   : random_between(&random, 0, 1);
    }
    block->start[block->group_count] = block->entry_count;
    sample->worst = (struct ifp_worst){.count = 1, .blocks = block, .largest = ENTRIES};
}

static struct ifp_lp_environment *environment;
static struct ifp_error error;

static void ok(int code)
{
    ck_assert_msg(code == IFP_OK, "%s", error.message);
}

static double solve(struct ifp_lp *lp)
{
    const struct ifp_lp_limits limits = {
        .seconds = INFINITY, .iterations = 10000, .cutoff = INFINITY};
    struct ifp_lp_result result;
    ok(ifp_lp_solve(lp, &limits, &result, &error));
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ifp_lp_free(lp);
    return result.objective;
}

/* max sum g v x over the set: columns g by member, then what each group takes of the budget. */
static double by_definition(const struct sample *sample)
{
    const struct ifp_worst_block *block = &sample->block;
    double cost[ENTRIES + GROUPS] = {0};
    double lower[ENTRIES + GROUPS] = {0};
    double upper[ENTRIES + GROUPS];
    size_t index[GROUPS];
    double ones[GROUPS];
    size_t columns = block->entry_count + block->group_count;
    struct ifp_lp *lp;
    for (size_t m = 0; m < block->entry_count; m++) {
        cost[m] = -block->entries[m].deviation * sample->shares[block->entries[m].route];
        upper[m] = block->entries[m].cap;
    }
    for (size_t g = 0; g < block->group_count; g++) {
        upper[block->entry_count + g] = 1000;
        index[g] = block->entry_count + g;
        ones[g] = 1;
    }
    ok(ifp_lp_new(environment, IFP_LP_LARGE, columns, cost, lower, upper, NULL, &lp, &error));
    ok(ifp_lp_add_row(lp, -INFINITY, block->budget, block->group_count, index, ones, &error));
    for (size_t g = 0; g < block->group_count; g++) {
        for (size_t m = block->start[g]; m < block->start[g + 1]; m++) {
            const size_t pair[2] = {m, block->entry_count + g};
            const double values[2] = {1, -1};
            ok(ifp_lp_add_row(lp, -INFINITY, 0, 2, pair, values, &error));
        }
    }
    return -solve(lp);
}

/* min budget t + sum s,  s_G + c t >= sum min(cap, c) v x  for the caps c of each group. */
static double by_duality(const struct sample *sample)
{
    const struct ifp_worst_block *block = &sample->block;
    double cost[GROUPS + 1];
    double lower[GROUPS + 1] = {0};
    double upper[GROUPS + 1];
    struct ifp_lp *lp;
    for (size_t g = 0; g <= block->group_count; g++) {
        cost[g] = g ? 1 : block->budget;
        upper[g] = 1000;
    }
    ok(ifp_lp_new(environment, IFP_LP_LARGE, block->group_count + 1, cost, lower, upper, NULL, &lp,
                  &error));
    for (size_t g = 0; g < block->group_count; g++) {
        for (size_t k = block->start[g]; k < block->start[g + 1]; k++) {
            double cap = block->entries[k].cap;
            const size_t pair[2] = {0, g + 1};
            const double values[2] = {cap, 1};
            double minimum = 0;
            for (size_t m = block->start[g]; m < block->start[g + 1]; m++)
                minimum += fmin(cap, block->entries[m].cap) * block->entries[m].deviation *
                           sample->shares[block->entries[m].route];
            ok(ifp_lp_add_row(lp, minimum, INFINITY, 2, pair, values, &error));
        }
    }
    return solve(lp);
}

START_TEST(values_of_blocks)
{
    ok(ifp_lp_environment_new(false, &environment, &error));
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct sample sample;
        double g[ENTRIES];
        random_sample(&sample, seed, false);
        struct ifp_worst_workspace *workspace = ifp_worst_workspace_new(&sample.worst);
        ck_assert_ptr_nonnull(workspace);
        double value = ifp_worst_value(&sample.block, sample.shares, NULL, workspace, NULL);
        double again = ifp_worst_value(&sample.block, sample.shares, NULL, workspace, g);
        ck_assert_double_eq_tol(value, by_definition(&sample), 1e-7);
        ck_assert_double_eq_tol(value, by_duality(&sample), 1e-7);
        ck_assert_double_eq_tol(value, again, 1e-12);
        /* g is of the set, is worth the value, and leaves nothing of the budget that it could
         * take. */
        double worth = 0;
        double used = 0;
        bool full = true;
        for (size_t k = 0; k < sample.block.group_count; k++) {
            double largest = 0;
            double cap = 0;
            for (size_t m = sample.block.start[k]; m < sample.block.start[k + 1]; m++) {
                const struct ifp_worst_entry *member = &sample.block.entries[m];
                ck_assert(g[m] >= 0 && g[m] <= member->cap);
                worth += g[m] * member->deviation * sample.shares[member->route];
                largest = fmax(largest, g[m]);
                cap = fmax(cap, member->cap);
            }
            used += largest;
            full &= largest >= cap - 1e-12;
        }
        ck_assert_double_eq_tol(worth, value, 1e-9);
        ck_assert(used <= sample.block.budget + 1e-12);
        ck_assert(full || used >= sample.block.budget - 1e-12);
        ifp_worst_workspace_free(workspace);
    }
    ifp_lp_environment_free(environment);
}
END_TEST

/* With one route of each group, the worst case of the formulation: every route has its own cap and
 * all share the budget. The worst ones first. */
START_TEST(values_at_plans)
{
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct sample sample;
        bool taken[ENTRIES] = {false};
        double expected = 0;
        random_sample(&sample, seed, true);
        struct ifp_worst_workspace *workspace = ifp_worst_workspace_new(&sample.worst);
        for (double left = sample.block.budget; left > 0;) {
            double worst = 0;
            size_t at = ENTRIES;
            for (size_t m = 0; m < sample.block.entry_count; m++) {
                const struct ifp_worst_entry *member = &sample.block.entries[m];
                double each = member->deviation * sample.shares[member->route];
                if (!taken[m] && each > worst) {
                    worst = each;
                    at = m;
                }
            }
            if (at == ENTRIES)
                break;
            taken[at] = true;
            expected += worst * fmin(left, sample.block.entries[at].cap);
            left -= sample.block.entries[at].cap;
        }
        ck_assert_double_eq_tol(
            ifp_worst_value(&sample.block, sample.shares, NULL, workspace, NULL), expected, 1e-12);
        ifp_worst_workspace_free(workspace);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("worst");
    TCase *tests = tcase_create("worst");
    tcase_add_loop_test(tests, coefficients, 0, (int)(sizeof finished / sizeof *finished));
    tcase_add_test(tests, one_budget_for_all);
    tcase_add_test(tests, values_of_blocks);
    tcase_add_test(tests, values_at_plans);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
