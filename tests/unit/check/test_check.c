/* SPDX-License-Identifier: MIT */
/* The check of a plan: every cost, and every constraint held, just held, just broken and broken,
 * against numbers worked out by hand. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "check/check.h"
#include "plan/plan.h"
#include "support/plan_by_hand.h"
#include "util/text.h"

static void expect_feasible(void)
{
    run_check();
    ck_assert_msg(ifp_check_feasible(check) == 1, "%s", ifp_check_reason(check));
    ck_assert_str_eq(ifp_check_reason(check), "");
}

static void expect_broken(double violation, const char *reason)
{
    run_check();
    ck_assert_str_eq(ifp_check_reason(check), reason);
    ck_assert_int_eq(ifp_check_feasible(check), 0);
    /* Nine digits are reported. */
    ck_assert_double_eq_tol(ifp_check_max_violation(check), violation, 5e-9 * fmax(0.1, violation));
}

static void expect_costs(double rental, double storage, double delay, double unmet)
{
    expect_near(ifp_check_cost(check, IFP_COST_RENTAL), rental);
    expect_near(ifp_check_cost(check, IFP_COST_STORAGE), storage);
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), delay);
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), unmet);
    expect_near(ifp_check_cost(check, IFP_COST_TOTAL), rental + storage + delay + unmet);
}

/* The fields of a limit that is used by `used` when the instance's field at `path` is 1 of
 * `per_unit`: just loose enough, then just too tight. `fixed` of that is no part of what is judged:
 * weights. The reason begins with `name`. */
static void expect_edge(const char *name, const char *path, double used, double fixed,
                        double per_unit)
{
    for (int tight = 0; tight < 2; tight++) {
        double violation = tight ? 1.01e-6 : 0.99e-6;
        set_number(path, (fixed + (used - fixed) / (1 + violation)) / per_unit);
        run_check();
        ck_assert_double_eq_tol(ifp_check_max_violation(check), violation, 1e-12);
        ck_assert_int_eq(ifp_check_feasible(check), !tight);
        if (tight) {
            struct ifp_text start = {0};
            ifp_text_format(&start, "%s: ", name);
            ck_assert(!start.failed);
            ck_assert_msg(!strncmp(ifp_check_reason(check), start.data, start.size), "%s",
                          ifp_check_reason(check));
            ifp_text_clear(&start);
        } else {
            ck_assert_str_eq(ifp_check_reason(check), "");
        }
        expect_near(get_limit(name).used, used);
    }
}

START_TEST(costs)
{
    expect_feasible();
    ck_assert_double_eq(ifp_check_max_violation(check), 0);
    expect_costs(80, 2.54, 13.95, 4500);
}
END_TEST

START_TEST(limits)
{
    static const struct {
        const char *name;
        double used;
        double limit;
        int kind;
        const char *unit;
        const char *query;
        const char *model;
        const char *tier;
        const char *pool;
    } expected[] = {
        {"budget_usd", 82.54, 1000, IFP_LIMIT_KIND_BUDGET, "USD", NULL, NULL, NULL, NULL},
        {"storage_gb", 20, 100, IFP_LIMIT_KIND_STORAGE, "GB", NULL, NULL, NULL, NULL},
        {"pool[P]", 3, 6, IFP_LIMIT_KIND_POOL, "GPUs", NULL, NULL, NULL, "P"},
        {"pool[Q]", 0, 0, IFP_LIMIT_KIND_POOL, "GPUs", NULL, NULL, NULL, "Q"},
        {"memory[M,T]", 21.4, 48, IFP_LIMIT_KIND_MEMORY, "GB", NULL, "M", "T", NULL},
        {"compute[M,T]", 0.75, 20, IFP_LIMIT_KIND_COMPUTE, "TFLOP/s", NULL, "M", "T", NULL},
        {"memory[N,U]", 5.8, 48, IFP_LIMIT_KIND_MEMORY, "GB", NULL, "N", "U", NULL},
        {"compute[N,U]", 1, 20, IFP_LIMIT_KIND_COMPUTE, "TFLOP/s", NULL, "N", "U", NULL},
        {"delay[a]", 250, 1000, IFP_LIMIT_KIND_DELAY, "ms", "a", NULL, NULL, NULL},
        {"error[a]", 0.02, 0.1, IFP_LIMIT_KIND_ERROR, "", "a", NULL, NULL, NULL},
        {"delay[b]", 50, 1000, IFP_LIMIT_KIND_DELAY, "ms", "b", NULL, NULL, NULL},
        {"error[b]", 0.04, 0.1, IFP_LIMIT_KIND_ERROR, "", "b", NULL, NULL, NULL},
    };
    expect_feasible();
    ck_assert_uint_eq(ifp_check_limit_count(check), sizeof expected / sizeof *expected);
    for (size_t l = 0; l < sizeof expected / sizeof *expected; l++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        ck_assert_int_eq(ifp_check_limit(check, l, &limit), IFP_OK);
        ck_assert_str_eq(limit.name, expected[l].name);
        expect_near(limit.used, expected[l].used);
        expect_near(limit.limit, expected[l].limit);
        ck_assert_int_eq(limit.kind, expected[l].kind);
        ck_assert_str_eq(limit.unit, expected[l].unit);
        ck_assert_pstr_eq(limit.query, expected[l].query);
        ck_assert_pstr_eq(limit.model, expected[l].model);
        ck_assert_pstr_eq(limit.tier, expected[l].tier);
        ck_assert_pstr_eq(limit.pool, expected[l].pool);
    }
}
END_TEST

START_TEST(absent_limits_are_not_listed)
{
    set("limits.budget_usd", "null");
    set("limits.storage_gb", "null");
    set("queries[*].delay_limit_ms", "null");
    set("queries[a].error_limit", "null");
    expect_feasible();
    ck_assert_uint_eq(ifp_check_limit_count(check), 7);
    expect_limit("error[b]", 0.04, 0.1);
}
END_TEST

START_TEST(penalty_hours)
{
    set_number("horizon.penalty_hours", 1);
    expect_feasible();
    expect_costs(80, 2.54, 1.395, 450);
    set_number("horizon.penalty_hours", 0);
    expect_feasible();
    expect_costs(80, 2.54, 0, 0);
}
END_TEST

START_TEST(replicas)
{
    plan->deployments[1].replicas = 3;
    expect_feasible();
    /* rental 10 (2 x 2 + 3 x 4); the weights are stored once, but loaded by each replica */
    expect_costs(160, 2.54, 13.95, 4500);
    expect_limit("storage_gb", 20, 100);
    expect_limit("pool[P]", 5, 6);
    expect_limit("memory[N,U]", 12 + 1.8, 144);
    expect_limit("compute[N,U]", 1, 60);
    set_number("policy.max_replicas", 2);
    expect_broken(0.5, "deployment[N,U]: 3 of 2 replicas");
    set_number("policy.max_replicas", 3);
    plan->deployments[1].replicas = 4;
    set_number("pools[P].gpus", 5);
    expect_broken(1.0 / 3, "deployment[N,U]: 4 of 3 replicas");
    plan->deployments[1].replicas = 0;
    expect_broken(1, "deployment[N,U]: 0 replicas, at least 1 is required");
    expect_near(ifp_check_cost(check, IFP_COST_RENTAL), 40);
    plan->deployments[1].replicas = -3;
    expect_broken(1, "deployment[N,U]: -3 replicas, at least 1 is required");
    expect_near(ifp_check_cost(check, IFP_COST_RENTAL), 40);
}
END_TEST

START_TEST(degrees)
{
    plan->deployments[0].degree = 4;
    expect_feasible();
    /* 2 x 200 / 3 = 133 1/3 ms; rental 10 (4 x 2 + 4) */
    expect_limit("delay[a]", 400.0 / 3, 1000);
    expect_costs(120, 2.54, 10 * (0.0036 * 100 + 0.0144 * 50), 4500);
    expect_limit("memory[M,T]", 21.4, 96);
    plan->deployments[0].degree = 1;
    expect_feasible();
    expect_limit("delay[a]", 400, 1000);
    plan->deployments[0].degree = 3;
    expect_broken(1, "deployment[M,T]: degree 3 is none of the tier's");
    expect_limit("delay[a]", 400, 1000);
    expect_limit("compute[M,T]", 0.75, 30);
    plan->deployments[0].degree = 0;
    expect_broken(1, "deployment[M,T]: degree 0 is none of the tier's");
    expect_near(ifp_check_cost(check, IFP_COST_RENTAL), 40);
}
END_TEST

/* Without tp_speedup a degree divides the delay by itself. */
START_TEST(speedup_defaults_to_the_degree)
{
    plan->deployments[1].degree = 2;
    expect_feasible();
    expect_limit("delay[b]", 25, 1000);
}
END_TEST

START_TEST(storage_by_route)
{
    set("policy.storage_basis", "route");
    expect_feasible();
    expect_costs(80, 2.54, 13.95, 4500);
    expect_limit("storage_gb", 20, 100);
    /* A route of no share is a route: its weights are stored. */
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, 0), IFP_OK);
    expect_feasible();
    expect_limit("storage_gb", 36, 100);
    expect_costs(80, 4.14, 13.95, 4500);
    set("policy.storage_basis", "deployment");
    expect_feasible();
    expect_limit("storage_gb", 20, 100);
    expect_costs(80, 2.54, 13.95, 4500);
}
END_TEST

START_TEST(slo_by_offered)
{
    set("policy.slo_basis", "offered");
    expect_feasible();
    expect_limit("delay[a]", 187.5, 1000);
    expect_limit("error[a]", 0.015, 0.1);
    expect_limit("delay[b]", 50, 1000);
    expect_costs(80, 2.54, 13.95, 4500);
    expect_edge("delay[a]", "queries[a].delay_limit_ms", 187.5, 0, 1);
}
END_TEST

START_TEST(error_by_offered)
{
    set("policy.slo_basis", "offered");
    expect_edge("error[a]", "queries[a].error_limit", 0.015, 0, 1);
}
END_TEST

/* Half on 250 ms, a quarter on 0.5 x 200 = 100 ms: 150 ms over 0.75 served. */
START_TEST(mean_over_routes)
{
    plan->routes[0].fraction = 0.5;
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, 0.25), IFP_OK);
    expect_feasible();
    expect_limit("delay[a]", 200, 1000);
    expect_limit("error[a]", (0.5 * 0.02 + 0.25 * 0.04) / 0.75, 0.1);
    expect_limit("memory[N,U]", 5.8 + 0.5 * 0.0005 * 200 * 3600 * 0.01 * 0.25, 48);
    expect_limit("compute[N,U]", 1 + 5 * 0.5 / 1000 * 200 * 0.25, 20);
    expect_edge("delay[a]", "queries[a].delay_limit_ms", 200, 0, 1);
}
END_TEST

static const struct {
    const char *name;
    const char *path;
    double used;
    double fixed;
    double per_unit;
} edges[] = {
    {"budget_usd", "limits.budget_usd", 82.54, 0, 1},
    {"storage_gb", "limits.storage_gb", 20, 0, 1},
    {"pool[P]", "pools[P].gpus", 3, 0, 1},
    {"memory[M,T]", "tiers[T].memory_gb", 21.4, 16, 2},
    {"memory[N,U]", "tiers[U].memory_gb", 5.8, 4, 1},
    {"compute[M,T]", "tiers[T].tflops", 0.75, 0, 2},
    {"compute[N,U]", "tiers[U].tflops", 1, 0, 1},
    {"delay[a]", "queries[a].delay_limit_ms", 250, 0, 1},
    {"delay[b]", "queries[b].delay_limit_ms", 50, 0, 1},
    {"error[a]", "queries[a].error_limit", 0.02, 0, 1},
    {"error[b]", "queries[b].error_limit", 0.04, 0, 1},
};

START_TEST(limits_hold_to_a_millionth)
{
    expect_edge(edges[_i].name, edges[_i].path, edges[_i].used, edges[_i].fixed,
                edges[_i].per_unit);
}
END_TEST

START_TEST(reasons_say_used_and_limit)
{
    static const struct {
        const char *path;
        double value;
        double violation;
        const char *reason;
    } cases[] = {
        {"limits.budget_usd", 80, 2.54 / 80, "budget_usd: 82.54 of 80 USD"},
        {"limits.storage_gb", 16, 0.25, "storage_gb: 20 of 16 GB"},
        {"pools[P].gpus", 2, 0.5, "pool[P]: 3 of 2 GPUs"},
        {"pools[P].gpus", 0, 3, "pool[P]: 3 of 0 GPUs"},
        {"tiers[T].memory_gb", 10, 0.35,
         "memory[M,T]: 21.4 of 20 GB"}, /* 5.4 of 4 without weights */
        {"tiers[U].tflops", 0.5, 1, "compute[N,U]: 1 of 0.5 TFLOP/s"},
        {"queries[a].delay_limit_ms", 200, 0.25, "delay[a]: 250 of 200 ms"},
        {"queries[b].error_limit", 0.02, 1, "error[b]: 0.04 of 0.02"},
        {"queries[a].max_unmet", 0.125, 0.125, "unmet[a]: 0.25 of 0.125"},
        /* There is no part of a limit of 0: used at all, it counts as 1. */
        {"limits.budget_usd", 0, 1, "budget_usd: 82.54 of 0 USD"},
        {"limits.storage_gb", 0, 1, "storage_gb: 20 of 0 GB"},
        {"queries[b].delay_limit_ms", 0, 1, "delay[b]: 50 of 0 ms"},
        {"queries[b].error_limit", 0, 1, "error[b]: 0.04 of 0"},
        {"limits.budget_usd", 1e-300, 82.54e300, "budget_usd: 82.54 of 1e-300 USD"},
        /* Five digits, or as many as tell the two apart. */
        {"limits.budget_usd", 100.0 / 3, 82.54 * 3 / 100 - 1, "budget_usd: 82.54 of 33.333 USD"},
        {"limits.budget_usd", 82.5396, 82.54 / 82.5396 - 1, "budget_usd: 82.54 of 82.5396 USD"},
    };
    set_number(cases[_i].path, cases[_i].value);
    expect_broken(cases[_i].violation, cases[_i].reason);
}
END_TEST
enum { REASONS = 16 };

START_TEST(a_limit_of_zero_may_be_left_unused)
{
    set_number("queries[b].error_limit", 0);
    set_number("performance.error_rate[b][N][U]", 0);
    expect_feasible();
    ck_assert_double_eq(ifp_check_max_violation(check), 0);
    expect_limit("error[b]", 0, 0);
}
END_TEST

/* Counts are compared to max(1, limit): a pool of 2 GPUs of which 3 are rented is off by half. */
START_TEST(pools)
{
    set("tiers[U].pool", "Q");
    expect_broken(1, "pool[Q]: 1 of 0 GPUs");
    expect_limit("pool[P]", 2, 6);
    set("tiers[U].pool", "null");
    expect_feasible();
    expect_limit("pool[P]", 2, 6);
    expect_limit("pool[Q]", 0, 0);
}
END_TEST

/* Of millions, one unit is less than the tolerance, and breaks the limit all the same. Half of one
 * is what rounding may make of a limit that is no whole number. */
START_TEST(a_whole_unit_over_a_limit_of_millions)
{
    set("limits.budget_usd", "null");
    set_number("policy.max_replicas", 1e6);
    set_number("pools[P].gpus", 1e9);
    plan->deployments[1].replicas = 1000000;
    expect_feasible();
    plan->deployments[1].replicas = 1000001;
    expect_broken(1, "deployment[N,U]: 1000001 of 1000000 replicas");
    plan->deployments[1].degree = 2;
    plan->deployments[1].replicas = 1000000;
    set_number("pools[P].gpus", 2000002);
    expect_feasible();
    set_number("pools[P].gpus", 2000001);
    expect_broken(1, "pool[P]: 2000002 of 2000001 GPUs");
    set_number("pools[P].gpus", 2000001.51);
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 1);
    ck_assert_double_eq_tol(ifp_check_max_violation(check), 0.49 / 2000001.51, 1e-15);
    set_number("pools[P].gpus", 2000001.49);
    expect_broken(1, "pool[P]: 2000002 of 2000001.49 GPUs");
}
END_TEST

/* Weights leave 4e-6 GB of 16.000004 for KV load: what exceeds that by a tenth is far below a
 * millionth of the memory. */
START_TEST(kv_load_is_judged_by_what_weights_leave)
{
    set_number("models[M].weights_gb", 16);
    set_number("tiers[T].memory_gb", 8 + 2e-6);
    double hours = 4e-6 / (0.001 * 200 * 3600 * 0.75);
    set_number("performance.kv_residency_hours", hours * (1 + 0.99e-6));
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 1);
    /* 8.000002 is rounded, which the difference to 8 shows. */
    double capacity = 2 * (8.000002 - 8);
    ck_assert_double_eq_tol(ifp_check_max_violation(check), 4e-6 * (1 + 0.99e-6) / capacity - 1,
                            1e-13);
    set_number("performance.kv_residency_hours", hours * 1.1);
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 0);
    ck_assert_double_eq_tol(ifp_check_max_violation(check), 0.1, 1e-6);
    ck_assert_str_eq(ifp_check_reason(check), "memory[M,T]: 16.0000044 of 16.000004 GB");
    /* A second replica brings its own room, and its own weights. */
    plan->deployments[0].replicas = 2;
    set_number("performance.kv_residency_hours", hours * 1.9);
    expect_feasible();
    set_number("performance.kv_residency_hours", hours * 2.2);
    run_check();
    ck_assert_double_eq_tol(ifp_check_max_violation(check), 0.1, 1e-6);
    /* No room at all: any load breaks it, none does not. */
    plan->deployments[0].replicas = 1;
    set_number("tiers[T].memory_gb", 8);
    set_number("performance.kv_residency_hours", 1e-30);
    expect_broken(1, "memory[M,T]: 16 of 16 GB");
    set_number("performance.kv_residency_hours", 0);
    expect_feasible();
}
END_TEST

START_TEST(weight_shards)
{
    set_number("performance.kv_residency_hours", 0);
    expect_feasible();
    /* Two GPUs hold 8 GB of the 16 each; memory says the same, but the shard explains it. */
    set_number("tiers[T].memory_gb", 8 / (1 + 0.99e-6));
    expect_feasible();
    ck_assert_double_eq_tol(ifp_check_max_violation(check), 0.99e-6, 1e-12);
    set_number("tiers[T].memory_gb", 6.4);
    expect_broken(0.25, "deployment[M,T]: a weight shard of 8 GB on a GPU of 6.4 GB");
    set_number("tiers[T].memory_gb", 8 / (1 + 1.01e-6));
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 0);
    ck_assert_double_eq_tol(ifp_check_max_violation(check), 1.01e-6, 1e-12);
    ck_assert_int_eq(strncmp(ifp_check_reason(check), "deployment[M,T]: a weight shard", 31), 0);
}
END_TEST

/* Shares: the amount by which they are off, loose at 0.99e-6, tight at 1.01e-6. */
static void expect_share(double amount, const char *start)
{
    run_check();
    ck_assert_double_eq_tol(ifp_check_max_violation(check), fabs(amount), 1e-15);
    ck_assert_int_eq(ifp_check_feasible(check), fabs(amount) <= 1e-6);
    if (fabs(amount) <= 1e-6)
        start = "";
    ck_assert_msg(!strncmp(ifp_check_reason(check), start, strlen(start)), "%s",
                  ifp_check_reason(check));
    ck_assert_int_eq(*ifp_check_reason(check) == '\0', *start == '\0');
}

static const double amounts[] = {-1.01e-6, -0.99e-6, 0.99e-6, 1.01e-6};
enum { AMOUNTS = 4 };

START_TEST(demand_by_route)
{
    plan->routes[0].fraction = 0.75 + amounts[_i];
    expect_share(amounts[_i], "demand[a]: routes and unmet add up to ");
}
END_TEST

START_TEST(demand_by_unmet)
{
    plan->unmet[0].fraction = 0.25 + amounts[_i];
    expect_share(amounts[_i], "demand[a]: routes and unmet add up to ");
}
END_TEST

START_TEST(demand_in_words)
{
    plan->routes[1].fraction = 0.5;
    expect_broken(0.5, "demand[b]: routes and unmet add up to 0.5, not 1");
    plan->routes[1].fraction = 1;
    plan->routes[0].fraction = 1;
    expect_broken(0.25, "demand[a]: routes and unmet add up to 1.25, not 1");
    plan->route_count = 1;
    expect_broken(1, "demand[b]: routes and unmet add up to 0, not 1");
}
END_TEST

/* Many shares that are not decimal fractions still add up. */
START_TEST(demand_of_many_small_shares)
{
    plan->route_count = 0;
    plan->unmet_count = 0;
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, T, 0.1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, 0.2), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 0.7), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_unmet(plan, B, 1), IFP_OK);
    expect_feasible();
    ck_assert_double_le(ifp_check_max_violation(check), 1e-16);
}
END_TEST

/* Rounding noise is reported as 0, more than that as it is, to nine digits. */
START_TEST(noise)
{
    plan->routes[0].fraction = 0.75 + 4e-13;
    run_check();
    ck_assert_double_eq(ifp_check_max_violation(check), 0);
    plan->routes[0].fraction = 0.75 + 2e-12;
    run_check();
    ck_assert_double_eq_tol(ifp_check_max_violation(check), 2e-12, 2e-16);
    plan->routes[0].fraction = 0.75 + 0.1 / 3;
    run_check();
    ck_assert_double_eq(ifp_check_max_violation(check), 0.0333333333);
}
END_TEST

/* What nine digits cannot tell from the tolerance is still on one side of it, in the verdict and in
 * the number. */
START_TEST(next_to_the_tolerance)
{
    for (int step = -3; step <= 3; step++) {
        /* The next double of 0.75 is 2^-53 away. */
        double miss = 9007199255 * 0x1p-53 + step * 0x1p-53;
        plan->routes[0].fraction = 0.75 + miss;
        run_check();
        ck_assert_int_eq(ifp_check_feasible(check), miss <= 1e-6);
        ck_assert_int_eq(ifp_check_max_violation(check) <= 1e-6, miss <= 1e-6);
    }
}
END_TEST

START_TEST(unmet_maximum)
{
    double excess = amounts[2 + _i];
    set_number("queries[a].max_unmet", 0.25 - excess);
    expect_share(excess, "unmet[a]: 0.25 of ");
}
END_TEST

/* Demand that the plan does not list is unmet, as far as the tolerance lets it pass, and costs as
 * much: of a 18000 $ for all. */
START_TEST(missing_demand_is_charged)
{
    static const double misses[] = {1e-15, 1e-12, 1e-9, 0.99e-6};
    for (size_t m = 0; m < sizeof misses / sizeof *misses; m++) {
        plan->routes[0].fraction = 0.75;
        plan->unmet[0].fraction = 0.25 - misses[m];
        set_number("queries[a].unmet_penalty_usd", 0.5e15);
        run_check();
        ck_assert_int_eq(ifp_check_feasible(check), 1);
        ck_assert_double_eq(ifp_check_cost(check, IFP_COST_UNMET), 4500e15);
        /* A route that serves less leaves the rest unmet, too. */
        plan->routes[0].fraction = 0.75 - misses[m];
        plan->unmet[0].fraction = 0.25;
        double miss = 0.75 - plan->routes[0].fraction;
        run_check();
        expect_near(ifp_check_cost(check, IFP_COST_UNMET), 4500e15 + 18000e15 * miss);
        expect_near(
            ifp_check_cost(check, IFP_COST_TOTAL),
            ifp_check_cost(check, IFP_COST_RENTAL) + ifp_check_cost(check, IFP_COST_STORAGE) +
                ifp_check_cost(check, IFP_COST_DELAY) + ifp_check_cost(check, IFP_COST_UNMET));
    }
    /* A query type without an entry for what is unmet. */
    plan->routes[0].fraction = 0.75;
    plan->unmet[0].fraction = 0.25;
    set_number("queries[a].unmet_penalty_usd", 0.5);
    set_number("queries[b].unmet_penalty_usd", 1e12);
    plan->routes[1].fraction = 1 - 0x1p-20;
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 1);
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), 4500 + 7200e13 * 0x1p-20);
}
END_TEST

/* What is missing is unmet, and the largest unmet share holds for both: what each may be alone is
 * too much together. */
START_TEST(missing_demand_counts_as_unmet)
{
    plan->routes[0].fraction = 0.75 - 0.6e-6;
    expect_feasible();
    set_number("queries[a].max_unmet", 0.25 - 0.6e-6);
    expect_broken(1.2e-6, "unmet[a]: 0.2500006 of 0.2499994");
    plan->routes[0].fraction = 0.75;
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 1);
}
END_TEST

/* Neither what is listed beyond the demand is paid back, nor does a plan that is broken by what is
 * missing say what that costs. */
START_TEST(demand_beyond_or_broken_is_not_charged)
{
    plan->routes[0].fraction = 0.75 + 0.5e-6;
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 1);
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), 4500);
    plan->routes[0].fraction = 0.25;
    expect_broken(0.5, "demand[a]: routes and unmet add up to 0.5, not 1");
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), 4500);
}
END_TEST

/* 0.7 and 0.3 are rounded to doubles that sum to 2^-54 less than 1: no demand is missing. */
START_TEST(rounding_of_fractions_is_not_charged)
{
    set_number("queries[a].unmet_penalty_usd", 1e15);
    plan->routes[0].fraction = 0.7;
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, 0.3), IFP_OK);
    plan->unmet_count = 0;
    expect_feasible();
    ck_assert_double_eq(ifp_check_cost(check, IFP_COST_UNMET), 0);
    plan->routes[0].fraction = 0.7 - 0x1p-52;
    expect_feasible();
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), 36000e15 * (0x1p-52 + 0x1p-54));
}
END_TEST

START_TEST(negative_route)
{
    double below = amounts[2 + _i];
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, -below), IFP_OK);
    plan->routes[1].fraction = 1;
    ck_assert_int_eq(ifp_plan_add_unmet(plan, B, below), IFP_OK);
    expect_share(below, "route[b,M,T]: the fraction -");
    /* It serves nothing, and takes no load off anybody. */
    expect_limit("memory[M,T]", 21.4, 48);
    expect_limit("delay[b]", 50, 1000);
}
END_TEST

START_TEST(route_above_one)
{
    double above = amounts[2 + _i];
    plan->routes[1].fraction = 1 + above;
    ck_assert_int_eq(ifp_plan_add_unmet(plan, B, -above), IFP_OK);
    expect_share(above, "route[b,N,U]: the fraction 1.00000");
}
END_TEST

START_TEST(negative_unmet)
{
    double below = amounts[2 + _i];
    ck_assert_int_eq(ifp_plan_add_unmet(plan, B, -below), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, below), IFP_OK);
    expect_share(below, "unmet[b]: the fraction -");
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), 4500);
}
END_TEST

START_TEST(fractions_that_are_no_numbers)
{
    plan->routes[1].fraction = NAN;
    expect_broken(1, "route[b,N,U]: the fraction is no finite number");
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), 6.75);
    plan->routes[1].fraction = -INFINITY;
    expect_broken(1, "route[b,N,U]: the fraction is no finite number");
    plan->routes[1].fraction = 1;
    plan->unmet[0].fraction = INFINITY;
    expect_broken(1, "unmet[a]: the fraction is no finite number");
    expect_near(ifp_check_cost(check, IFP_COST_UNMET), 0);
}
END_TEST

START_TEST(routes_need_a_deployment)
{
    plan->deployment_count = 1;
    expect_broken(1, "route[b,N,U]: the model is not deployed on the tier");
    expect_limit("delay[b]", 50, 1000);
    /* Also when another model is on that tier, that model on another tier, and when the route
     * carries nothing. */
    plan->deployment_count = 2;
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, U, 0), IFP_OK);
    expect_broken(1, "route[a,M,U]: the model is not deployed on the tier");
    plan->routes[2].model = N;
    plan->routes[2].tier = T;
    expect_broken(1, "route[a,N,T]: the model is not deployed on the tier");
}
END_TEST

START_TEST(routes_need_a_candidate)
{
    set("performance.delay_ms_per_token[a][M][T]", "null");
    expect_broken(1, "route[a,M,T]: no candidate, its delay or error is null");
    expect_limit("delay[a]", 0, 1000);
    expect_limit("error[a]", 0.02, 0.1);
    set_number("performance.delay_ms_per_token[a][M][T]", 2);
    set("performance.error_rate[a][M][T]", "null");
    expect_broken(1, "route[a,M,T]: no candidate, its delay or error is null");
    expect_limit("error[a]", 0, 0.1);
    /* Others need not be. */
    set_number("performance.error_rate[a][M][T]", 0.02);
    set("performance.error_rate[a][N][*]", "null");
    expect_feasible();
}
END_TEST

START_TEST(entries_listed_twice)
{
    ck_assert_int_eq(ifp_plan_add_deployment(plan, M, T, 1, 1), IFP_OK);
    expect_broken(1, "deployment[M,T]: listed twice, a pair has one deployment");
    expect_near(ifp_check_cost(check, IFP_COST_RENTAL), 100);
    plan->deployment_count = 2;
    ck_assert_int_eq(ifp_plan_add_route(plan, B, N, U, 0), IFP_OK);
    set("policy.placement", "single");
    set("policy.storage_basis", "route");
    expect_broken(1, "route[b,N,U]: listed twice");
    expect_limit("storage_gb", 20, 100);
    /* However often, it is one route for placement. */
    ck_assert_int_eq(ifp_plan_add_route(plan, B, N, U, 0), IFP_OK);
    expect_broken(1, "route[b,N,U]: listed twice");
    plan->route_count = 2;
    expect_feasible();
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 1e-9), IFP_OK);
    expect_broken(1, "unmet[a]: listed twice");
}
END_TEST

/* A route of no share counts for placement as any other. */
START_TEST(placement_single)
{
    set("policy.placement", "single");
    expect_feasible();
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, 0), IFP_OK);
    expect_broken(1, "placement[a]: 2 of 1 routes");
    ck_assert_int_eq(ifp_plan_add_deployment(plan, N, T, 1, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, T, 0), IFP_OK);
    expect_broken(2, "placement[a]: 3 of 1 routes");
    set("policy.placement", "split");
    expect_feasible();
}
END_TEST

START_TEST(placement_matching)
{
    set("policy.placement", "matching");
    expect_feasible();
    ck_assert_int_eq(ifp_plan_add_deployment(plan, N, T, 1, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_deployment(plan, M, U, 1, 1), IFP_OK);
    /* Two pairs without a model or a tier in common. */
    ck_assert_int_eq(ifp_plan_add_route(plan, A, N, U, 0), IFP_OK);
    expect_feasible();
    /* One model on two tiers. */
    plan->routes[2].model = M;
    expect_broken(1, "placement[a,M]: 2 of 1 tiers");
    /* Two models on one tier. */
    plan->routes[2].model = N;
    plan->routes[2].tier = T;
    expect_broken(1, "placement[a,T]: 2 of 1 models");
    /* The other query type may use the same tier and model. */
    plan->routes[2].query = B;
    expect_broken(1, "placement[b,N]: 2 of 1 tiers");
    plan->routes[2].model = M;
    expect_feasible();
    set("policy.placement", "split");
    plan->routes[2].query = A;
    plan->routes[2].model = N;
    expect_feasible();
}
END_TEST

/* However little is served is held to the limit; what is not served at all uses nothing. */
START_TEST(hardly_anything_served)
{
    set_number("queries[a].delay_limit_ms", 200);
    for (double share = 1e-3; share > 1e-30; share *= 1e-3) {
        plan->routes[0].fraction = share;
        plan->unmet[0].fraction = 1 - share;
        expect_broken(0.25, "delay[a]: 250 of 200 ms");
    }
    set("policy.slo_basis", "offered");
    expect_feasible();
    set("policy.slo_basis", "served");
    plan->routes[0].fraction = 0;
    plan->unmet[0].fraction = 1;
    expect_feasible();
    expect_limit("delay[a]", 0, 200);
    expect_limit("error[a]", 0, 0.1);
}
END_TEST

/* Of violations equally bad the one in the plan's structure is told. Rental is 10 (3 x 2 + 4),
 * storage 0.1 (20 + 3.6). */
START_TEST(the_worst_is_told)
{
    plan->routes[0].fraction = 0.5;
    set_number("pools[P].gpus", 2);
    expect_broken(0.5, "pool[P]: 3 of 2 GPUs");
    set_number("pools[P].gpus", 6);
    plan->deployments[0].degree = 3;
    set_number("limits.storage_gb", 10);
    expect_broken(1, "deployment[M,T]: degree 3 is none of the tier's");
    set_number("limits.budget_usd", 34.12);
    expect_broken(2, "budget_usd: 102.36 of 34.12 USD");
}
END_TEST

static Suite *check_suite(void)
{
    Suite *suite = suite_create("check");
    TCase *values = new_case(suite, "values");
    tcase_add_test(values, costs);
    tcase_add_test(values, limits);
    tcase_add_test(values, absent_limits_are_not_listed);
    tcase_add_test(values, penalty_hours);
    tcase_add_test(values, replicas);
    tcase_add_test(values, degrees);
    tcase_add_test(values, speedup_defaults_to_the_degree);
    tcase_add_test(values, storage_by_route);
    tcase_add_test(values, slo_by_offered);
    tcase_add_test(values, error_by_offered);
    tcase_add_test(values, mean_over_routes);

    TCase *quantities = new_case(suite, "quantities");
    tcase_add_loop_test(quantities, limits_hold_to_a_millionth, 0,
                        (int)(sizeof edges / sizeof *edges));
    tcase_add_loop_test(quantities, reasons_say_used_and_limit, 0, REASONS);
    tcase_add_test(quantities, a_limit_of_zero_may_be_left_unused);
    tcase_add_test(quantities, pools);
    tcase_add_test(quantities, a_whole_unit_over_a_limit_of_millions);
    tcase_add_test(quantities, kv_load_is_judged_by_what_weights_leave);
    tcase_add_test(quantities, weight_shards);
    tcase_add_test(quantities, hardly_anything_served);
    tcase_add_test(quantities, the_worst_is_told);

    TCase *shares = new_case(suite, "shares");
    tcase_add_loop_test(shares, demand_by_route, 0, AMOUNTS);
    tcase_add_loop_test(shares, demand_by_unmet, 0, AMOUNTS);
    tcase_add_test(shares, demand_in_words);
    tcase_add_test(shares, demand_of_many_small_shares);
    tcase_add_test(shares, noise);
    tcase_add_test(shares, next_to_the_tolerance);
    tcase_add_loop_test(shares, unmet_maximum, 0, 2);
    tcase_add_test(shares, missing_demand_is_charged);
    tcase_add_test(shares, missing_demand_counts_as_unmet);
    tcase_add_test(shares, demand_beyond_or_broken_is_not_charged);
    tcase_add_test(shares, rounding_of_fractions_is_not_charged);
    tcase_add_loop_test(shares, negative_route, 0, 2);
    tcase_add_loop_test(shares, route_above_one, 0, 2);
    tcase_add_loop_test(shares, negative_unmet, 0, 2);
    tcase_add_test(shares, fractions_that_are_no_numbers);

    TCase *structure = new_case(suite, "structure");
    tcase_add_test(structure, routes_need_a_deployment);
    tcase_add_test(structure, routes_need_a_candidate);
    tcase_add_test(structure, entries_listed_twice);
    tcase_add_test(structure, placement_single);
    tcase_add_test(structure, placement_matching);

    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(check_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures;
}
