/* SPDX-License-Identifier: MIT */
/* The best routes for a fleet, against the solver behind lp.h on the whole program with that fleet
 * fixed: fleets that change step by step, as a search changes them. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brute/tiny.h"
#include "engine/routing/routing.h"
#include "support/program.h"
#include "support/sample.h"
#include "support/suite.h"

enum { POLICIES = 12, EACH = 4, STEPS = 15, ADDITIONS = 3 };

static struct ifp_error error;
static struct random random_state;

/* -- the whole program -- */

/* The program's LP with a fleet fixed; what is missing of the demand costs its penalty. */
static double value_otherwise(const struct program *program, const struct ifp_routing *routing,
                              const struct ifp_selection *selection)
{
    const struct ifp_milp *milp = program->milp;
    const struct ifp_problem *problem = program->problem;
    double scale = routing->scale;
    double objective;
    double *lower = malloc(2 * milp->column_count * sizeof *lower);
    ck_assert_ptr_nonnull(lower);
    double *upper = lower + milp->column_count;
    memcpy(lower, milp->lower, milp->column_count * sizeof *lower);
    memcpy(upper, milp->upper, milp->column_count * sizeof *upper);
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            bool rented = selection->configuration[p] == c;
            lower[milp->rent[c]] = upper[milp->rent[c]] = rented ? 1 : 0;
            if (milp->replicas[c] != milp->rent[c])
                lower[milp->replicas[c]] = upper[milp->replicas[c]] =
                    rented ? selection->replicas[p] : 0;
        }
    }
    struct ifp_lp *lp = program_lp(program, milp->cost, scale, lower, upper, NULL, NULL);
    const double one = 1;
    for (size_t r = 0; r < milp->row_count; r++) {
        if (milp->rows[r].kind == IFP_ROW_DEMAND)
            program_ok(
                ifp_lp_add_column(lp, routing->terms.penalty / scale, 0, 1, 1, &r, &one, &error),
                &error);
    }
    enum ifp_lp_status status = program_solve(lp, &objective);
    ck_assert_int_eq((int)status, IFP_LP_OPTIMAL);
    ifp_lp_free(lp);
    free(lower);
    return objective * scale;
}

/* -- fleets -- */

static bool within(double used, double limit)
{
    return used <= limit + 1e-9 * fabs(limit);
}

/* By a plain look at every resource and every pair, which the function has to agree with. */
static bool affordable(struct ifp_routing *routing, const struct ifp_selection *selection)
{
    const struct ifp_problem *problem = routing->problem;
    bool holds = true;
    size_t *pairs = calloc(problem->pair_count + 1, sizeof *pairs);
    ck_assert_ptr_nonnull(pairs);
    for (size_t s = 0; s < problem->resource_count; s++) {
        double used = 0;
        for (size_t p = 0; p < problem->pair_count; p++) {
            size_t c = selection->configuration[p];
            for (size_t u = 0; c != SIZE_MAX && u < problem->configurations[c].use_count; u++) {
                const struct ifp_use *use = &problem->configurations[c].uses[u];
                if (use->resource == s)
                    used += selection->replicas[p] * use->rates.replica + use->rates.deployment;
            }
        }
        holds = holds && within(used, problem->resources[s].limit);
    }
    size_t count = ifp_routing_selected(problem, selection, pairs);
    ck_assert_int_eq(ifp_routing_affordable(routing, selection, pairs, count), holds);
    free(pairs);
    return holds;
}

/* Rent something else, or nothing, for one pair, or let it have other replicas; not what the limits
 * do not allow. */
static void change(struct ifp_routing *routing, struct ifp_selection *selection)
{
    const struct ifp_problem *problem = routing->problem;
    size_t p = (size_t)random_below(&random_state, (int)problem->pair_count);
    const struct ifp_pair *pair = &problem->pairs[p];
    size_t before = selection->configuration[p];
    double replicas = selection->replicas[p];
    size_t c = pair->first + (size_t)random_below(&random_state, (int)pair->count);
    if (before != SIZE_MAX && random_chance(&random_state, 0.5)) {
        selection->configuration[p] = SIZE_MAX;
        return;
    }
    if (before != SIZE_MAX && random_chance(&random_state, 0.5))
        c = before;
    selection->configuration[p] = c;
    selection->replicas[p] =
        1 + random_below(&random_state, (int)problem->configurations[c].max_replicas);
    if (!affordable(routing, selection)) {
        selection->configuration[p] = before;
        selection->replicas[p] = replicas;
    }
}

struct tally {
    int values;
    int additions;
    int missing; /* fleets that cannot serve what must be served */
    int beaten;
};

static void expect_right(const struct program *program, const struct ifp_routing *routing,
                         const struct ifp_selection *selection, double than, unsigned long seed,
                         struct tally *tally)
{
    const struct ifp_problem *problem = program->problem;
    const struct ifp_valuation *now = &routing->now;
    double minimum = value_otherwise(program, routing, selection);
    double tolerance = 1e-6 * fmax(1, fabs(minimum));
    tally->values++;
    if (minimum > than + tolerance) {
        ck_assert_double_eq(now->value, INFINITY);
        tally->beaten++;
        return;
    }
    if (minimum > than - tolerance)
        return;
    ck_assert_msg(fabs(now->bound - minimum) <= tolerance, "seed %lu: %.12g, but it is %.12g", seed,
                  now->bound, minimum);
    if (isinf(now->value))
        return;
    ck_assert_msg(now->value >= minimum - tolerance, "seed %lu: %.12g, but none is below %.12g",
                  seed, now->value, minimum);
    if (problem->placement == IFP_PLACEMENT_SPLIT && !problem->route_charges)
        ck_assert_msg(now->value <= minimum + tolerance, "seed %lu: %.12g, but %.12g can be had",
                      seed, now->value, minimum);
    tally->missing += !now->complete;
    for (size_t k = 0; k < now->count; k++) {
        const struct ifp_route_data *route = &problem->routes[now->route[k]];
        bool rented = false;
        for (size_t p = 0; p < problem->pair_count; p++)
            rented |= selection->configuration[p] == route->configuration;
        ck_assert(rented);
        ck_assert_double_le(now->share[k], route->max_share);
    }
}

/* What the prices of the selection valued last say of a deployment: that the fleet cannot be worth
 * less with it as well. */
static double minimum_with(const struct ifp_problem *problem, const struct ifp_routing *routing,
                           size_t c, double *gain)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    double usd = ifp_rates_of_deployment(&configuration->cost, 1);
    double saved = ifp_routing_budget_price(routing) * usd;
    ifp_routing_gains(routing, configuration, gain);
    for (size_t k = 0; k < configuration->route_count; k++)
        saved += fmax(0, gain[k]) * problem->routes[configuration->first_route + k].max_share;
    return routing->now.bound + usd - routing->scale * saved;
}

/* A fleet that changes, valued anew after each change; and additions to it, not kept. */
static void walk(ifp_instance *instance, unsigned long seed, struct tally *tally)
{
    struct program program;
    struct ifp_routing *routing;
    struct ifp_selection selection;
    program_build(&program, instance);
    const struct ifp_problem *problem = program.problem;
    ck_assert(ifp_selection_new(problem->pair_count, &selection));
    double *gain = calloc(problem->query_count + problem->configuration_count, sizeof *gain);
    ck_assert_ptr_nonnull(gain);
    double *expected = gain + problem->query_count; /* by configuration */
    program_ok(ifp_routing_new(program.environment, problem, program.milp, program.watch, &routing,
                               &error),
               &error);
    random_state.state = seed;
    for (int step = 0; step < STEPS && problem->pair_count; step++) {
        for (int changes = 1 + random_below(&random_state, 3); changes > 0; changes--)
            change(routing, &selection);
        program_ok(ifp_routing_value(routing, &selection, false, INFINITY, &error), &error);
        expect_right(&program, routing, &selection, INFINITY, seed, tally);
        double value = routing->now.value;
        for (size_t c = 0; c < problem->configuration_count; c++)
            expected[c] = minimum_with(problem, routing, c, gain);
        if (random_chance(&random_state, 0.3))
            program_ok(ifp_routing_keep(routing, &error), &error);
        for (int n = 0; n < ADDITIONS; n++) {
            size_t p = (size_t)random_below(&random_state, (int)problem->pair_count);
            if (selection.configuration[p] != SIZE_MAX)
                continue;
            selection.configuration[p] =
                problem->pairs[p].first +
                (size_t)random_below(&random_state, (int)problem->pairs[p].count);
            selection.replicas[p] = 1;
            if (affordable(routing, &selection)) {
                double than = random_chance(&random_state, 0.5) ? value : (double)INFINITY;
                program_ok(ifp_routing_value(routing, &selection, true, than, &error), &error);
                expect_right(&program, routing, &selection, than, seed, tally);
                tally->additions++;
                double minimum = expected[selection.configuration[p]];
                ck_assert_msg(!(routing->now.value < minimum - 1e-6 * fmax(1, fabs(minimum))),
                              "seed %lu: %.12g, but its prices said %.12g", seed,
                              routing->now.value, minimum);
            }
            selection.configuration[p] = SIZE_MAX;
        }
    }
    free(gain);
    ifp_routing_free(routing);
    ifp_selection_free(&selection);
    program_destroy(&program);
}

/* Every route deviates by up to a half of what it is. */
static void make_uncertain(ifp_instance *instance, int queries, int models, int tiers)
{
    char path[100];
    ck_assert_int_eq(ifp_instance_set_word(instance, "uncertainty.kind", "budget"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(instance, "uncertainty.delay_budget",
                                             random_between(&random_state, 0.5, 2.5)),
                     IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(instance, "uncertainty.error_budget",
                                             random_between(&random_state, 0.5, 2.5)),
                     IFP_OK);
    for (int n = 0; n < queries * models * tiers; n++) {
        int i = n / (models * tiers);
        int j = n / tiers % models;
        int k = n % tiers;
        (void)snprintf(path, sizeof path, "performance.delay_deviation_ms_per_token[%d][%d][%d]", i,
                       j, k);
        ck_assert_int_eq(
            ifp_instance_set_number(instance, path, random_between(&random_state, 0, 0.5)), IFP_OK);
        (void)snprintf(path, sizeof path, "performance.error_deviation[%d][%d][%d]", i, j, k);
        ck_assert_int_eq(
            ifp_instance_set_number(instance, path, random_between(&random_state, 0, 0.03)),
            IFP_OK);
    }
}

START_TEST(tiny_selections)
{
    struct tally tally = {0};
    for (int n = 0; n < EACH; n++) {
        struct tiny tiny;
        unsigned long seed = (unsigned long)(_i + POLICIES * n);
        if (n % 2)
            tiny_make_uncertain(&tiny, seed);
        else
            tiny_make(&tiny, seed);
        walk(tiny_instance(&tiny), seed, &tally);
    }
    ck_assert_int_gt(tally.values, STEPS);
    ck_assert_int_gt(tally.additions, 0);
}
END_TEST

START_TEST(larger_selections)
{
    struct tally tally = {0};
    for (int n = 0; n < EACH; n++) {
        unsigned long seed = (unsigned long)(_i + POLICIES * n);
        int size = 3 + n % 3;
        ifp_instance *instance = sample_instance(seed, size + 1, size, size);
        random_state.state = seed;
        if (n % 2)
            make_uncertain(instance, size + 1, size, size);
        walk(instance, seed, &tally);
    }
    ck_assert_int_gt(tally.additions, EACH * STEPS / 3);
    ck_assert_int_gt(tally.missing, 0);
    ck_assert_int_gt(tally.beaten, 0);
}
END_TEST

static Suite *routing_suite(void)
{
    Suite *suite = suite_create("routing");
    TCase *tests = tcase_create("routing");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, tiny_selections, 0, POLICIES);
    tcase_add_loop_test(tests, larger_selections, 0, POLICIES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(routing_suite());
}
