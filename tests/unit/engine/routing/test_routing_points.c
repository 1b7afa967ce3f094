/* SPDX-License-Identifier: MIT */
/* The best routes for selections of operating points, against an LP that this test writes down
 * itself: capacities by ifp_headroom_load, all rows at once. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "engine/routing/routing.h"
#include "problem/headroom.h"
#include "support/points_sample.h"
#include "support/program.h"
#include "support/suite.h"

enum { SEEDS = 12, STEPS = 10, ENTRIES = 4096 };

static struct ifp_error error;

/* L(m - spare) for the load, else m - spare. */
static double capacity_of(const struct program *program, const struct ifp_configuration *c,
                          int capacity, double replicas)
{
    const struct ifp_profile_data *profile = &program->instance->profiles[c->profile];
    double counted = fmax(0, replicas - profile->spare_replicas);
    double utilization;
    if (capacity != IFP_CAPACITY_LOAD)
        return counted;
    /* The problem divides the needs by a constant utilization. */
    return ifp_headroom_is_linear(ifp_instance_headroom(program->instance, profile), &utilization)
               ? counted
               : ifp_headroom_load(ifp_instance_headroom(program->instance, profile), counted);
}

struct rows {
    struct ifp_lp *lp;
    size_t index[ENTRIES];
    double entry[ENTRIES];
    size_t count;
};

static void put(struct rows *rows, size_t column, double value)
{
    ck_assert_uint_lt(rows->count, ENTRIES);
    rows->index[rows->count] = column;
    rows->entry[rows->count++] = value;
}

static void close_row(struct rows *rows, double lower, double upper)
{
    program_ok(
        ifp_lp_add_row(rows->lp, lower, upper, rows->count, rows->index, rows->entry, &error),
        &error);
    rows->count = 0;
}

static bool is_selected(const struct ifp_problem *problem, const struct ifp_selection *selection,
                        size_t r)
{
    for (size_t p = 0; p < problem->pair_count; p++) {
        if (selection->configuration[p] == problem->routes[r].configuration)
            return true;
    }
    return false;
}

/* The rows of one query type: demand, attainment, placement. Columns: unmet, artificial, routes. */
static void add_query(const struct program *program, struct rows *rows,
                      const struct ifp_selection *selection, size_t i)
{
    const struct ifp_problem *problem = program->problem;
    size_t queries = problem->query_count;
    double target = program->instance->queries[i].attainment_target;
    bool offered = problem->slo_basis == IFP_SLO_OFFERED;
    put(rows, i, 1);
    put(rows, queries + i, 1);
    for (size_t r = 0; r < problem->route_count; r++) {
        if (problem->routes[r].query == i)
            put(rows, 2 * queries + r, 1);
    }
    close_row(rows, 1, 1);
    /* sum (q - a) x <= 0, or sum a x >= q; with placement single and served, by route. */
    for (size_t r = 0; !isnan(target) && r < problem->route_count; r++) {
        double attained = 1 - problem->routes[r].level[IFP_SERVICE_MISSED];
        if (problem->routes[r].query == i)
            put(rows, 2 * queries + r, offered ? -attained : target - attained);
    }
    if (!isnan(target)) {
        if (offered)
            put(rows, queries + i, -1);
        close_row(rows, -INFINITY, offered ? -target : 0);
    }
    size_t kinds = problem->placement == IFP_PLACEMENT_SINGLE     ? 1
                   : problem->placement == IFP_PLACEMENT_MATCHING ? 4
                                                                  : 0;
    for (size_t g = 0; g < kinds; g++) {
        for (size_t r = 0; r < problem->route_count; r++) {
            const struct ifp_configuration *c =
                &problem->configurations[problem->routes[r].configuration];
            bool in = kinds == 1 || (g < 2 ? c->model == g : c->tier == g - 2);
            if (problem->routes[r].query == i && in && is_selected(problem, selection, r))
                put(rows, 2 * queries + r, 1 / problem->routes[r].max_share);
        }
        close_row(rows, -INFINITY, 1);
    }
}

static double value_otherwise(const struct program *program, const struct ifp_routing *routing,
                              const struct ifp_selection *selection)
{
    const struct ifp_problem *problem = program->problem;
    size_t queries = problem->query_count;
    size_t columns = 2 * queries + problem->route_count;
    double *numbers = calloc(3 * columns, sizeof *numbers);
    struct rows *rows = calloc(1, sizeof *rows);
    ck_assert(numbers && rows);
    double *cost = numbers;
    double *lower = cost + columns;
    double *upper = lower + columns;
    double fixed = 0;
    for (size_t i = 0; i < queries; i++) {
        cost[i] = problem->demands[i].unmet_usd / routing->scale;
        upper[i] = problem->demands[i].max_unmet;
        cost[queries + i] = routing->terms.penalty / routing->scale;
        upper[queries + i] = 1;
    }
    for (size_t r = 0; r < problem->route_count; r++) {
        cost[2 * queries + r] = ifp_route_share_usd(problem, &problem->routes[r]) / routing->scale;
        upper[2 * queries + r] =
            is_selected(problem, selection, r) ? problem->routes[r].max_share : 0;
    }
    program_ok(ifp_lp_new(program->environment, IFP_LP_SMALL, columns, cost, lower, upper, NULL,
                          &rows->lp, &error),
               &error);
    for (size_t i = 0; i < queries; i++)
        add_query(program, rows, selection, i);
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c == SIZE_MAX)
            continue;
        const struct ifp_configuration *configuration = &problem->configurations[c];
        fixed +=
            selection->replicas[p] * configuration->cost.replica + configuration->cost.deployment;
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
            for (size_t n = 0; n < configuration->route_count; n++) {
                size_t r = configuration->first_route + n;
                put(rows, 2 * queries + r,
                    ifp_route_need(problem, &problem->routes[r], (enum ifp_capacity)k));
            }
            close_row(rows, -INFINITY,
                      capacity_of(program, configuration, k, selection->replicas[p]));
        }
    }
    double objective;
    ck_assert_int_eq((int)program_solve(rows->lp, &objective), IFP_LP_OPTIMAL);
    double value = objective * routing->scale + fixed;
    ifp_lp_free(rows->lp);
    free(rows);
    free(numbers);
    return value;
}

static void change(const struct ifp_problem *problem, struct random *random,
                   struct ifp_selection *selection)
{
    size_t p = (size_t)random_below(random, (int)problem->pair_count);
    const struct ifp_pair *pair = &problem->pairs[p];
    if (selection->configuration[p] != SIZE_MAX && random_chance(random, 0.4)) {
        selection->configuration[p] = SIZE_MAX;
        return;
    }
    if (selection->configuration[p] == SIZE_MAX || random_chance(random, 0.5))
        selection->configuration[p] = pair->first + (size_t)random_below(random, (int)pair->count);
    const struct ifp_configuration *c = &problem->configurations[selection->configuration[p]];
    selection->replicas[p] =
        c->min_replicas + random_below(random, (int)(c->max_replicas - c->min_replicas) + 1);
}

static const char *const placements[] = {"single", "matching", "split"};
static const char *const bases[] = {"served", "offered"};

START_TEST(selections_of_points)
{
    int values = 0;
    for (unsigned long seed = 1; seed <= SEEDS; seed++) {
        struct program program;
        struct ifp_routing *routing;
        struct ifp_selection selection;
        struct random random = {seed};
        program_build(&program, points_sample(seed, placements[_i % 3], bases[_i / 3 % 2],
                                              _i / 6 % 2, _i / 12 % 2));
        ck_assert(ifp_selection_new(program.problem->pair_count, &selection));
        program_ok(ifp_routing_new(program.environment, program.problem, program.milp,
                                   program.watch, &routing, &error),
                   &error);
        for (int step = 0; step < STEPS && program.problem->pair_count; step++) {
            for (int changes = random_below(&random, 3); changes >= 0; changes--)
                change(program.problem, &random, &selection);
            program_ok(ifp_routing_value(routing, &selection, false, INFINITY, &error), &error);
            double minimum = value_otherwise(&program, routing, &selection);
            ck_assert_msg(fabs(routing->now.bound - minimum) <= 1e-6 * fmax(1, fabs(minimum)),
                          "seed %lu: %.12g, but it is %.12g", seed, routing->now.bound, minimum);
            values++;
        }
        ifp_routing_free(routing);
        ifp_selection_free(&selection);
        program_destroy(&program);
    }
    ck_assert_int_ge(values, SEEDS * STEPS / 2);
}
END_TEST

static Suite *routing_points_suite(void)
{
    Suite *suite = suite_create("routing_points");
    TCase *tests = tcase_create("routing_points");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, selections_of_points, 0, 24);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(routing_points_suite());
}
