/* SPDX-License-Identifier: MIT */
/* The compact program: its rows and columns as documented, and the same answer as the check of a
 * plan, which shares no code with it, for thousands of random plans. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute/tiny.h"
#include "check/check.h"
#include "milp/milp.h"
#include "plan/plan.h"
#include "support/random.h"
#include "support/suite.h"

static ifp_instance *instance;
static struct ifp_problem *problem;
static struct ifp_milp *milp;

static void build(void)
{
    struct ifp_error error = {0};
    ck_assert_msg(ifp_problem_new(instance, NULL, &problem, &error) == IFP_OK, "%s", error.message);
    ck_assert_msg(ifp_milp_new(problem, NULL, &milp, &error) == IFP_OK, "%s", error.message);
    ck_assert_msg(ifp_milp_complete(problem, milp, NULL, &error) == IFP_OK, "%s", error.message);
}

static void destroy(void)
{
    ifp_milp_free(milp);
    ifp_problem_free(problem);
    ifp_instance_free(instance);
    milp = NULL;
    problem = NULL;
    instance = NULL;
}

/* Two of everything, of which nothing can be left out: each degree of each pair is useful, and two
 * replicas of the largest. A mix of routes may break the limits on delay and error. */
static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"milp\","
    " \"horizon\": {\"rental_hours\": 10}, \"limits\": {\"budget_usd\": 1000, \"storage_gb\": 40},"
    " \"storage_usd_per_gb_hour\": 0.01, \"policy\": {\"max_replicas\": 3},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 3600, \"tflop_per_1k_tokens\": 50, \"delay_limit_ms\": 450,"
    "   \"error_limit\": 0.03, \"unmet_penalty_usd\": 0.5, \"max_unmet\": 0.25},"
    "  {\"name\": \"b\", \"input_tokens\": 120, \"output_tokens\": 80, \"rate_per_hour\": 3600,"
    "   \"tflop_per_1k_tokens\": 75, \"delay_limit_ms\": 450, \"error_limit\": 0.03,"
    "   \"unmet_penalty_usd\": 1}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 0.01},"
    "   {\"name\": \"N\", \"weights_gb\": 8, \"kv_gb_per_token\": 0.01}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2], \"pool\": \"P\"},"
    "  {\"name\": \"U\", \"memory_gb\": 32, \"tflops\": 12, \"usd_per_hour\": 3,"
    "   \"tp_degrees\": [1, 2], \"pool\": \"P\"}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 9}, {\"name\": \"Q\", \"gpus\": 5}],"
    " \"performance\": {\"delay_ms_per_token\": [[[2, 3], [2.5, 3.5]], [[2, 3], [2.5, 3.5]]],"
    "  \"error_rate\": [[[0.02, 0.04], [0.02, 0.04]], [[0.02, 0.04], [0.02, 0.04]]],"
    "  \"kv_residency_hours\": 0.01}}";

static void build_hand(const char *placement, const char *storage_basis, const char *slo_basis)
{
    instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(instance);
    ck_assert_int_eq(ifp_instance_set_word(instance, "policy.placement", placement), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_word(instance, "policy.storage_basis", storage_basis),
                     IFP_OK);
    ck_assert_int_eq(ifp_instance_set_word(instance, "policy.slo_basis", slo_basis), IFP_OK);
    build();
}

/* The value of a column in a row, 0 where it is not in it. */
static double entry(size_t row, size_t column)
{
    for (size_t e = milp->start[row]; e < milp->start[row + 1]; e++) {
        if (milp->index[e] == column)
            return milp->value[e];
    }
    return 0;
}

static size_t length(size_t row)
{
    return milp->start[row + 1] - milp->start[row];
}

/* The row of the kind for first and second; fails where it is not there. */
static size_t row_of(enum ifp_row_kind kind, size_t first, size_t second)
{
    for (size_t r = 0; r < milp->row_count; r++) {
        const struct ifp_row *row = &milp->rows[r];
        if (row->kind == kind && row->first == first && row->second == second)
            return r;
    }
    ck_abort_msg("no row of kind %d for %zu, %zu", (int)kind, first, second);
    return 0;
}

static void expect_bounds(size_t row, double lower, double upper)
{
    ck_assert_double_eq(milp->row_lower[row], lower);
    ck_assert_double_eq_tol(milp->row_upper[row], upper, 1e-15);
}

static const struct {
    const char *placement;
    const char *storage_basis;
    size_t routes; /* columns z_ic */
    size_t pairs;  /* columns z_ijk */
    size_t limits; /* rows of delay and of error, each */
} policies[] = {
    {"single", "deployment", 16, 0, 0},  {"single", "route", 16, 0, 0},
    {"matching", "deployment", 0, 8, 2}, {"matching", "route", 0, 8, 2},
    {"split", "deployment", 0, 0, 2},    {"split", "route", 0, 8, 2},
};

/* Which columns and rows there are. */
START_TEST(what_there_is)
{
    bool single = policies[_i].routes > 0;
    bool matching = !strcmp(policies[_i].placement, "matching");
    const size_t columns[IFP_COLUMN_KIND_COUNT] = {
        [IFP_COLUMN_UNMET] = 2,
        [IFP_COLUMN_RENT] = 8,
        [IFP_COLUMN_REPLICAS] = 8,
        [IFP_COLUMN_SHARE] = 16,
        [IFP_COLUMN_ROUTE] = policies[_i].routes,
        [IFP_COLUMN_PAIR] = policies[_i].pairs,
    };
    const size_t rows[] = {
        [IFP_ROW_DEMAND] = 2,
        [IFP_ROW_DEGREE] = 4,
        [IFP_ROW_REPLICAS_MIN] = 8,
        [IFP_ROW_REPLICAS_MAX] = 8,
        [IFP_ROW_MEMORY] = 8,
        [IFP_ROW_LOAD] = 8,
        [IFP_ROW_RESOURCE] = 3, /* budget, storage and a pool; the other pool has no tier */
        [IFP_ROW_LEVEL] = 2 * policies[_i].limits,
        [IFP_ROW_SINGLE] = single ? 2 : 0,
        [IFP_ROW_MATCHING_MODEL] = matching ? 4 : 0,
        [IFP_ROW_MATCHING_TIER] = matching ? 4 : 0,
        [IFP_ROW_SERVE] = 16,
        [IFP_ROW_SERVE_PAIR] = policies[_i].pairs,
        [IFP_ROW_OPEN] = policies[_i].routes,
        [IFP_ROW_OPEN_PAIR] = policies[_i].pairs,
    };
    size_t found_columns[sizeof columns / sizeof *columns] = {0};
    size_t found_rows[sizeof rows / sizeof *rows] = {0};
    build_hand(policies[_i].placement, policies[_i].storage_basis, "offered");
    ck_assert_uint_eq(problem->configuration_count, 8);
    for (size_t c = 0; c < milp->column_count; c++)
        found_columns[milp->columns[c].kind]++;
    for (size_t r = 0; r < milp->row_count; r++) {
        enum ifp_row_kind kind = milp->rows[r].kind;
        found_rows[kind]++;
        ck_assert_int_eq(ifp_row_traits[kind].is_link,
                         kind == IFP_ROW_SERVE || kind == IFP_ROW_SERVE_PAIR ||
                             kind == IFP_ROW_OPEN || kind == IFP_ROW_OPEN_PAIR);
        ck_assert_uint_gt(length(r), 0);
    }
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        ck_assert_uint_eq(found_columns[k], columns[k]);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        ck_assert_msg(found_rows[k] == rows[k], "%zu, not %zu, rows of kind %zu", found_rows[k],
                      rows[k], k);
    ck_assert_uint_eq(milp->start[milp->row_count], milp->entry_count);
    destroy();
}
END_TEST

/* Bounds, kinds and costs of columns, and where to find them. */
START_TEST(columns)
{
    bool by_route = !strcmp(policies[_i].storage_basis, "route");
    build_hand(policies[_i].placement, policies[_i].storage_basis, "served");
    for (size_t c = 0; c < milp->column_count; c++) {
        const struct ifp_column *column = &milp->columns[c];
        const struct ifp_configuration *configuration;
        double cost = 0;
        double upper = 1;
        bool integer = true;
        switch (column->kind) {
        case IFP_COLUMN_UNMET:
            cost = column->first ? 36000 : 18000;
            upper = column->first ? 1 : 0.25;
            integer = false;
            break;
        case IFP_COLUMN_RENT:
            configuration = &problem->configurations[column->first];
            ck_assert_uint_eq(milp->rent[column->first], c);
            cost = by_route ? 0 : configuration->model ? 0.8 : 1.6;
            break;
        case IFP_COLUMN_REPLICAS:
            configuration = &problem->configurations[column->first];
            ck_assert_uint_eq(milp->replicas[column->first], c);
            cost = (configuration->tier ? 30 : 20) * configuration->degree;
            upper = configuration->max_replicas;
            ck_assert_double_gt(upper, 1);
            break;
        case IFP_COLUMN_SHARE:
            ck_assert_uint_eq(ifp_milp_share(milp, column->first), c);
            upper = problem->routes[column->first].max_share;
            integer = false;
            break;
        case IFP_COLUMN_ROUTE: {
            const struct ifp_route_data *route = &problem->routes[column->first];
            configuration = &problem->configurations[route->configuration];
            ck_assert_uint_eq(ifp_milp_choice(milp, column->first), c);
            cost = !by_route ? 0 : configuration->model ? 0.8 : 1.6;
            break;
        }
        case IFP_COLUMN_PAIR:
            cost = !by_route ? 0 : problem->pairs[column->second].model ? 0.8 : 1.6;
            for (size_t r = 0; r < problem->route_count; r++) {
                const struct ifp_pair *pair = &problem->pairs[column->second];
                size_t of = problem->routes[r].configuration;
                if (problem->routes[r].query == column->first && of >= pair->first &&
                    of < pair->first + pair->count)
                    ck_assert_uint_eq(ifp_milp_choice(milp, r), c);
            }
            break;
        default:
            ck_abort_msg("a column of a worst case where nothing is uncertain");
        }
        ck_assert_double_eq_tol(milp->cost[c], cost, 1e-9);
        ck_assert_double_eq(milp->lower[c], 0);
        ck_assert_double_eq(milp->upper[c], upper);
        ck_assert_int_eq(milp->integer[c], integer);
    }
    destroy();
}
END_TEST

/* Each kind of row, entry by entry. Loads of all of a: 72 GB of KV cache and 10 TFLOP/s, of b: 72
 * GB and 15 TFLOP/s. */
START_TEST(rows_of_configurations)
{
    build_hand("split", "deployment", "served");
    const size_t c = 1; /* M on T at degree 2: 32 GB of room, 20 TFLOP/s */
    const size_t first = problem->configurations[c].first_route;
    const size_t rent = milp->rent[c];
    const size_t replicas = milp->replicas[c];
    ck_assert_double_eq(problem->configurations[c].degree, 2);

    size_t row = row_of(IFP_ROW_DEMAND, 1, 0);
    expect_bounds(row, 1, 1);
    ck_assert_uint_eq(length(row), 9);
    ck_assert_double_eq(entry(row, 1), 1);
    ck_assert_double_eq(entry(row, ifp_milp_share(milp, first + 1)), 1);
    ck_assert_double_eq(entry(row, ifp_milp_share(milp, first)), 0);

    row = row_of(IFP_ROW_DEGREE, 0, 0);
    ck_assert_uint_eq(milp->degree[0], row);
    expect_bounds(row, -INFINITY, 1);
    ck_assert_uint_eq(length(row), 2);
    ck_assert_double_eq(entry(row, rent), 1);
    ck_assert_double_eq(entry(row, milp->rent[0]), 1);

    row = row_of(IFP_ROW_REPLICAS_MIN, c, 0);
    expect_bounds(row, -INFINITY, 0);
    ck_assert_double_eq(entry(row, rent), 1);
    ck_assert_double_eq(entry(row, replicas), -1);
    row = row_of(IFP_ROW_REPLICAS_MAX, c, 0);
    expect_bounds(row, -INFINITY, 0);
    ck_assert_double_eq(entry(row, replicas), 1);
    ck_assert_double_eq(entry(row, rent), -problem->configurations[c].max_replicas);

    row = row_of(IFP_ROW_MEMORY, c, 0);
    expect_bounds(row, -INFINITY, 0);
    ck_assert_uint_eq(length(row), 3);
    ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, first)), 72.0 / 32, 1e-12);
    ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, first + 1)), 72.0 / 32, 1e-12);
    ck_assert_double_eq(entry(row, replicas), -1);
    row = row_of(IFP_ROW_LOAD, c, 0);
    expect_bounds(row, -INFINITY, 0);
    ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, first)), 10.0 / 20, 1e-12);
    ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, first + 1)), 15.0 / 20, 1e-12);
    ck_assert_double_eq(entry(row, replicas), -1);
    destroy();
}
END_TEST

START_TEST(rows_of_limits)
{
    build_hand("split", _i ? "route" : "deployment", _i ? "offered" : "served");
    const size_t c = 1;
    const size_t first = problem->configurations[c].first_route;
    size_t row = row_of(IFP_ROW_RESOURCE, 0, 0);
    expect_bounds(row, -INFINITY, 1);
    ck_assert_double_eq_tol(entry(row, milp->rent[c]), _i ? 0 : 0.0016, 1e-12);
    ck_assert_double_eq_tol(entry(row, milp->replicas[c]), 0.04, 1e-12);
    if (_i)
        ck_assert_double_eq_tol(entry(row, ifp_milp_choice(milp, first)), 0.0016, 1e-12);
    row = row_of(IFP_ROW_RESOURCE, 1, 0);
    expect_bounds(row, -INFINITY, 1);
    ck_assert_uint_eq(length(row), 8);
    ck_assert_double_eq_tol(entry(row, _i ? ifp_milp_choice(milp, first) : milp->rent[c]),
                            16.0 / 40, 1e-12);
    row = row_of(IFP_ROW_RESOURCE, 2, 0);
    expect_bounds(row, -INFINITY, 1);
    ck_assert_uint_eq(length(row), 8);
    ck_assert_double_eq_tol(entry(row, milp->replicas[c]), 2.0 / 9, 1e-12);
    ck_assert_double_eq_tol(entry(row, milp->replicas[0]), 1.0 / 9, 1e-12);
    /* 2 ms x 200 / 2 = 200 ms at degree 2, 400 at degree 1, of 450. */
    row = row_of(IFP_ROW_LEVEL, 0, IFP_SERVICE_DELAY);
    expect_bounds(row, -INFINITY, _i ? 1 : 0);
    ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, first)),
                            _i ? 200.0 / 450 : -250.0 / 450, 1e-12);
    ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, 0)), _i ? 400.0 / 450 : -50.0 / 450,
                            1e-12);
    row = row_of(IFP_ROW_LEVEL, 1, IFP_SERVICE_ERROR);
    expect_bounds(row, -INFINITY, _i ? 1 : 0);
    ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, first + 1)), _i ? 2.0 / 3 : -1.0 / 3,
                            1e-12);
    destroy();
}
END_TEST

/* A share is linked to what it needs by its own largest value, so that no row is looser than the
 * integers make it. */
START_TEST(links)
{
    build_hand(policies[_i].placement, policies[_i].storage_basis, "served");
    bool single = policies[_i].routes > 0;
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        size_t rent = milp->rent[route->configuration];
        size_t row = row_of(IFP_ROW_SERVE, r, 0);
        expect_bounds(row, -INFINITY, 0);
        ck_assert_uint_eq(length(row), 2);
        ck_assert_double_eq(entry(row, ifp_milp_share(milp, r)), 1);
        ck_assert_double_eq(entry(row, single ? ifp_milp_choice(milp, r) : rent),
                            -route->max_share);
        ck_assert_double_le(route->max_share, 1);
        if (single) {
            row = row_of(IFP_ROW_OPEN, r, 0);
            expect_bounds(row, -INFINITY, 0);
            ck_assert_double_eq(entry(row, ifp_milp_choice(milp, r)), 1);
            ck_assert_double_eq(entry(row, rent), -1);
        }
        if (!policies[_i].pairs)
            continue;
        const struct ifp_column *column = &milp->columns[ifp_milp_choice(milp, r)];
        row = row_of(IFP_ROW_SERVE_PAIR, column->first, column->second);
        expect_bounds(row, -INFINITY, 0);
        ck_assert_uint_eq(length(row), 3);
        ck_assert_double_eq_tol(entry(row, ifp_milp_share(milp, r)), 1 / route->max_share, 1e-12);
        ck_assert_double_eq(entry(row, ifp_milp_choice(milp, r)), -1);
        row = row_of(IFP_ROW_OPEN_PAIR, column->first, column->second);
        expect_bounds(row, -INFINITY, 0);
        ck_assert_uint_eq(length(row), 3);
        ck_assert_double_eq(entry(row, ifp_milp_choice(milp, r)), 1);
        ck_assert_double_eq(entry(row, rent), -1);
    }
    destroy();
}
END_TEST

START_TEST(rows_of_placements)
{
    build_hand("matching", "deployment", "served");
    for (size_t i = 0; i < 2; i++) {
        for (size_t side = 0; side < 2; side++) {
            size_t by_model = row_of(IFP_ROW_MATCHING_MODEL, i, side);
            size_t by_tier = row_of(IFP_ROW_MATCHING_TIER, i, side);
            expect_bounds(by_model, -INFINITY, 1);
            expect_bounds(by_tier, -INFINITY, 1);
            ck_assert_uint_eq(length(by_model), 2);
            ck_assert_uint_eq(length(by_tier), 2);
            for (size_t c = 0; c < milp->column_count; c++) {
                const struct ifp_column *column = &milp->columns[c];
                if (column->kind != IFP_COLUMN_PAIR || column->first != i)
                    continue;
                const struct ifp_pair *pair = &problem->pairs[column->second];
                ck_assert_double_eq(entry(by_model, c), pair->model == side);
                ck_assert_double_eq(entry(by_tier, c), pair->tier == side);
            }
        }
    }
    destroy();
    build_hand("single", "deployment", "offered");
    for (size_t i = 0; i < 2; i++) {
        size_t row = row_of(IFP_ROW_SINGLE, i, 0);
        expect_bounds(row, -INFINITY, 1);
        ck_assert_uint_eq(length(row), 8);
        for (size_t r = 0; r < problem->route_count; r++)
            ck_assert_double_eq(entry(row, ifp_milp_choice(milp, r)),
                                problem->routes[r].query == i);
    }
    destroy();
}
END_TEST

/* One replica is all that is allowed: then renting is all there is to count. */
START_TEST(one_replica)
{
    instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_int_eq(ifp_instance_set(instance, "policy.max_replicas", "1"), IFP_OK);
    build();
    for (size_t c = 0; c < problem->configuration_count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        ck_assert_uint_eq(milp->replicas[c], milp->rent[c]);
        ck_assert_double_eq_tol(milp->cost[milp->rent[c]],
                                ifp_rates_minimum(&configuration->cost, 1), 1e-12);
        ck_assert_double_eq(entry(row_of(IFP_ROW_MEMORY, c, 0), milp->rent[c]), -1);
    }
    for (size_t r = 0; r < milp->row_count; r++)
        ck_assert(milp->rows[r].kind != IFP_ROW_REPLICAS_MIN &&
                  milp->rows[r].kind != IFP_ROW_REPLICAS_MAX);
    destroy();
}
END_TEST

/* By how much the point breaks a bound or a row. */
static double violation(const double *point)
{
    double worst = 0;
    for (size_t c = 0; c < milp->column_count; c++)
        worst = fmax(worst, fmax(milp->lower[c] - point[c], point[c] - milp->upper[c]));
    for (size_t r = 0; r < milp->row_count; r++) {
        double activity = 0;
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++)
            activity += milp->value[e] * point[milp->index[e]];
        worst = fmax(worst, fmax(milp->row_lower[r] - activity, activity - milp->row_upper[r]));
    }
    return worst;
}

/* A plan over what was kept, both as a plan and as a point: deployments and routes at random, with
 * no regard to any limit. */
static ifp_plan *random_plan(struct random *random, double *point)
{
    ifp_plan *plan = ifp_plan_new(instance);
    ck_assert_ptr_nonnull(plan);
    memset(point, 0, milp->column_count * sizeof *point);
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        size_t c = pair->first + (size_t)random_below(random, (int)pair->count);
        const struct ifp_configuration *configuration = &problem->configurations[c];
        int replicas = 1 + random_below(random, (int)configuration->max_replicas);
        if (random_chance(random, 0.3))
            continue;
        point[milp->rent[c]] = 1;
        point[milp->replicas[c]] = replicas;
        ck_assert_int_eq(ifp_plan_add_deployment(plan, configuration->model, configuration->tier,
                                                 (int64_t)configuration->degree, replicas),
                         IFP_OK);
    }
    for (size_t i = 0; i < problem->query_count; i++) {
        double unmet = 1;
        double size = random_chance(random, 0.3) ? 1 : random_between(random, 0.1, 0.9);
        for (size_t r = 0; r < problem->route_count; r++) {
            const struct ifp_route_data *route = &problem->routes[r];
            const struct ifp_configuration *configuration =
                &problem->configurations[route->configuration];
            if (route->query != i || point[milp->rent[route->configuration]] < 1 ||
                random_chance(random, 0.5))
                continue;
            double share = fmin(unmet, size);
            size = random_between(random, 0.05, 0.5);
            if (share < 0.05)
                continue;
            unmet -= share;
            point[ifp_milp_share(milp, r)] = share;
            if (ifp_milp_choice(milp, r) != SIZE_MAX)
                point[ifp_milp_choice(milp, r)] = 1;
            ck_assert_int_eq(
                ifp_plan_add_route(plan, i, configuration->model, configuration->tier, share),
                IFP_OK);
        }
        point[i] = unmet;
        ck_assert_int_eq(ifp_plan_add_unmet(plan, i, unmet), IFP_OK);
    }
    ifp_plan_sort(plan);
    return plan;
}

/* Row by row or straight from the instance: a plan is feasible by both or by none, and costs the
 * same. */
START_TEST(agrees_with_the_check)
{
    int feasible = 0;
    int infeasible = 0;
    struct random random = {(uint64_t)_i};
    for (int n = 0; n < 60; n++) {
        struct tiny tiny;
        tiny_make(&tiny, 100000 + (uint64_t)(_i * 60 + n));
        instance = tiny_instance(&tiny);
        build();
        double *point = calloc(milp->column_count, sizeof *point);
        for (int p = 0; p < 25; p++) {
            ifp_plan *plan = random_plan(&random, point);
            ifp_check *check = ifp_check_new(instance, plan, NULL);
            ck_assert_ptr_nonnull(check);
            double by_rows = violation(point);
            double by_check = ifp_check_max_violation(check);
            double cost = 0;
            for (size_t c = 0; c < milp->column_count; c++)
                cost += milp->cost[c] * point[c];
            ck_assert_double_eq_tol(ifp_check_cost(check, IFP_COST_TOTAL), cost,
                                    1e-9 * fmax(1, cost));
            ck_assert_msg((by_rows <= 1e-9) == ifp_check_feasible(check) ||
                              (by_check > 1e-10 && by_check < 1e-4),
                          "seed %d: %g by the rows, %g by the check: %s", _i * 60 + n, by_rows,
                          by_check, ifp_check_reason(check));
            feasible += ifp_check_feasible(check);
            infeasible += !ifp_check_feasible(check);
            ifp_check_free(check);
            ifp_plan_free(plan);
        }
        free(point);
        destroy();
    }
    ck_assert_int_gt(feasible, 100);
    ck_assert_int_gt(infeasible, 100);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static Suite *milp_suite(void)
{
    Suite *suite = suite_create("milp");
    TCase *hand = tcase_create("by hand");
    tcase_add_loop_test(hand, what_there_is, 0, COUNT(policies));
    tcase_add_loop_test(hand, columns, 0, COUNT(policies));
    tcase_add_test(hand, rows_of_configurations);
    tcase_add_loop_test(hand, rows_of_limits, 0, 2);
    tcase_add_loop_test(hand, links, 0, COUNT(policies));
    tcase_add_test(hand, rows_of_placements);
    tcase_add_test(hand, one_replica);
    suite_add_tcase(suite, hand);
    TCase *random = tcase_create("random");
    tcase_set_timeout(random, 60);
    tcase_add_loop_test(random, agrees_with_the_check, 0, 6);
    suite_add_tcase(suite, random);
    return suite;
}

int main(void)
{
    return suite_run(milp_suite());
}
