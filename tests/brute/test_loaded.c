/* SPDX-License-Identifier: MIT */
/* Tiny random instances with profiles, under every policy and uncertainty, read from JSON, solved
 * by the library and by trying every fleet: the same status, the same objective, a bound that is
 * none too high, a plan that holds and costs what it says. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "fleets.h"
#include "support/plain_numbers.h"
#include "support/random.h"
#include "support/suite.h"

enum { BATCH = 48, BATCHES = 20 };

static const char *const engines[] = {"auto", "mip", "decompose"};

static int number_of(const char *name)
{
    return name[1] - '0';
}

/* The pace that a point is named after. */
static double pace_named(const char *name)
{
    struct plain_numbers numbers = plain_numbers_begin();
    double pace = strtod(name, NULL);
    plain_numbers_end(numbers);
    return pace;
}

/* The operating point that a plan names. */
static int find_point(const struct loaded *loaded, const struct fleets *fleets, const char *model,
                      const char *tier, int64_t degree, const char *name)
{
    for (int o = 0; o < fleets->points; o++) {
        const struct point *point = &fleets->point[o];
        if (point->model != number_of(model) || point->tier != number_of(tier) ||
            loaded->tier[point->tier].tp_degrees[point->degree] != (double)degree)
            continue;
        if (point->form == LOADED_NO_PROFILE ||
            (point->form == LOADED_POINTS_FORM && point->entry == number_of(name)) ||
            (point->form == LOADED_LAW &&
             fabs(pace_named(name) - point->pace_ms) <= 1e-9 * point->pace_ms))
            return o;
    }
    ck_abort_msg("no such operating point: %s %s %s", model, tier, name ? name : "-");
    return -1;
}

static double cost_of_plan(const struct loaded *loaded, const struct fleets *best,
                           const ifp_plan *plan)
{
    struct fleets ours = *best;
    memset(ours.replicas, 0, sizeof ours.replicas);
    memset(ours.share, 0, sizeof ours.share);
    memset(ours.unmet, 0, sizeof ours.unmet);
    for (size_t d = 0; d < ifp_plan_deployment_count(plan); d++) {
        ifp_deployment entry = IFP_DEPLOYMENT_INIT;
        ck_assert_int_eq(ifp_plan_deployment(plan, d, &entry), IFP_OK);
        int o = find_point(loaded, best, entry.model, entry.tier, entry.tp_degree, entry.point);
        ck_assert_int_eq(ours.replicas[o], 0);
        ours.replicas[o] = (int)entry.replicas;
    }
    for (size_t r = 0; r < ifp_plan_route_count(plan); r++) {
        ifp_route entry = IFP_ROUTE_INIT;
        ck_assert_int_eq(ifp_plan_route(plan, r, &entry), IFP_OK);
        int o = find_point(loaded, best, entry.model, entry.tier, entry.tp_degree, entry.point);
        ours.share[number_of(entry.query)][o] = entry.fraction;
    }
    for (size_t u = 0; u < ifp_plan_unmet_count(plan); u++) {
        ifp_unmet entry = IFP_UNMET_INIT;
        ck_assert_int_eq(ifp_plan_unmet(plan, u, &entry), IFP_OK);
        ours.unmet[number_of(entry.query)] = entry.fraction;
    }
    return fleets_cost(loaded, &ours);
}

static void expect_plan(const struct loaded *loaded, const struct fleets *best,
                        const ifp_instance *instance, const ifp_solution *solution,
                        const char *where)
{
    const ifp_plan *plan = ifp_solution_plan(solution);
    double objective = ifp_solution_objective(solution);
    ck_assert_ptr_nonnull(plan);
    ifp_check *check = ifp_check_new(instance, plan, NULL);
    ck_assert_ptr_nonnull(check);
    ck_assert_msg(ifp_check_feasible(check), "%s: %s", where, ifp_check_reason(check));
    ck_assert_double_eq(ifp_check_cost(check, IFP_COST_TOTAL), objective);
    double cost = cost_of_plan(loaded, best, plan);
    ck_assert_msg(fabs(cost - objective) <= 1e-7 * fmax(1, fabs(objective)),
                  "%s: the plan costs %.12g, not %.12g", where, cost, objective);
    ifp_check_free(check);
}

/* Solves and compares with the optimum. */
static void compare(const struct loaded *loaded, const ifp_instance *instance,
                    const struct fleets *best, const char *engine, unsigned long seed)
{
    char where[60];
    (void)snprintf(where, sizeof where, "seed %lu, %s", seed, engine);
    ifp_options *options = ifp_options_new();
    ifp_error *error = ifp_error_new();
    ck_assert_int_eq(ifp_options_set(options, "gap", "1e-7"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "engine", engine), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, error);
    ck_assert_msg(model != NULL, "%s: %s", where, ifp_error_message(error));
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_msg(solution != NULL, "%s: %s", where,
                  ifp_error_message(ifp_model_last_error(model)));
    double optimum = best->objective;
    double objective = ifp_solution_objective(solution);
    ck_assert_msg(ifp_solution_status(solution) ==
                      (best->feasible ? IFP_STATUS_OPTIMAL : IFP_STATUS_INFEASIBLE),
                  "%s: %s with %.12g, but the optimum is %.12g", where,
                  ifp_solution_status_word(solution), objective, optimum);
    if (best->feasible) {
        ck_assert_msg(fabs(objective - optimum) <= 1e-6 * fmax(1, fabs(optimum)),
                      "%s: %.12g, not %.12g", where, objective, optimum);
        ck_assert_msg(ifp_solution_bound(solution) <= optimum + 1e-9 * fmax(1, fabs(optimum)),
                      "%s: the bound %.15g is above the optimum %.15g", where,
                      ifp_solution_bound(solution), optimum);
        expect_plan(loaded, best, instance, solution, where);
    } else {
        ck_assert_ptr_null(ifp_solution_plan(solution));
    }
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_error_free(error);
}

/* The optimum of every fleet itself keeps every row, and costs what it says. */
static void expect_consistent(const struct loaded *loaded, const struct fleets *best,
                              unsigned long seed)
{
    double cost = best->feasible ? fleets_cost(loaded, best) : best->objective;
    ck_assert_msg(!best->feasible ||
                      fabs(cost - best->objective) <= 1e-9 * fmax(1, fabs(best->objective)),
                  "seed %lu: %.12g, not %.12g", seed, cost, best->objective);
}

START_TEST(the_same_by_trying_every_fleet)
{
    int served = 0;
    int infeasible = 0;
    for (int n = 0; n < BATCH; n++) {
        struct loaded loaded;
        unsigned long seed = (unsigned long)(_i * BATCH + n);
        loaded_make(&loaded, seed);
        char *text = loaded_json(&loaded);
        struct fleets best = fleets_solve(&loaded);
        ifp_error *error = ifp_error_new();
        ifp_instance *instance = ifp_instance_read_string(text, strlen(text), error);
        ck_assert_msg(instance != NULL, "seed %lu: %s\n%s", seed, ifp_error_message(error), text);
        free(text);
        expect_consistent(&loaded, &best, seed);
        for (int i = 0; i < loaded.queries; i++) {
            if (best.feasible && best.unmet[i] < 0.9) {
                served++;
                break;
            }
        }
        infeasible += !best.feasible;
        for (size_t e = 0; e < sizeof engines / sizeof *engines; e++)
            compare(&loaded, instance, &best, engines[e], seed);
        ifp_instance_free(instance);
        ifp_error_free(error);
    }
    /* A generator gone stale would prove nothing. */
    ck_assert_int_ge(served, BATCH / 4);
    ck_assert_int_ge(infeasible, 1);
}
END_TEST

/* Any plan in which no pair has two deployments unless that is allowed, whatever its limits. */
static void plan_at_random(const struct loaded *loaded, struct fleets *plan, struct random *random)
{
    bool from_best = plan->feasible && random_chance(random, 0.7);
    for (int o = 0; o < plan->points; o++) {
        if (!from_best)
            plan->replicas[o] = random_below(random, 4);
        for (int p = 0; p < o && !loaded->many_deployments; p++) {
            if (plan->replicas[p] && plan->point[p].model == plan->point[o].model &&
                plan->point[p].tier == plan->point[o].tier)
                plan->replicas[o] = 0;
        }
    }
    for (int i = 0; i < loaded->queries; i++) {
        double left = 1;
        for (int o = 0; o < plan->points; o++) {
            double share = random_between(random, 0, left);
            if (from_best)
                share = plan->share[i][o] * random_between(random, 0.9, 1);
            plan->share[i][o] = 0;
            if (plan->replicas[o] && (from_best || random_chance(random, 0.5)))
                plan->share[i][o] = share < 1e-6 ? 0 : share;
            left -= plan->share[i][o];
        }
        plan->unmet[i] = left;
    }
}

/* Model, tier, degree and point, as a plan names them. */
static void write_place(FILE *out, const struct loaded *loaded, const struct point *point)
{
    (void)fprintf(out, "\"model\": \"m%d\", \"tier\": \"t%d\", \"tp_degree\": %d", point->model,
                  point->tier, (int)loaded->tier[point->tier].tp_degrees[point->degree]);
    if (point->form == LOADED_LAW)
        (void)fprintf(out, ", \"point\": \"%.17gms\"", point->pace_ms);
    if (point->form == LOADED_POINTS_FORM)
        (void)fprintf(out, ", \"point\": \"p%d\"", point->entry);
}

static ifp_plan *read_plan(const struct loaded *loaded, const struct fleets *plan,
                           const ifp_instance *instance)
{
    char *text = NULL;
    size_t size = 0;
    ifp_error *error = ifp_error_new();
    struct plain_numbers numbers = plain_numbers_begin();
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    (void)fputs("{\"format\": \"inferplan-plan\", \"version\": 1, \"instance\": \"loaded\","
                "\"deployments\": [",
                out);
    const char *comma = "";
    for (int o = 0; o < plan->points; o++) {
        if (!plan->replicas[o])
            continue;
        (void)fprintf(out, "%s{\"replicas\": %d, ", comma, plan->replicas[o]);
        write_place(out, loaded, &plan->point[o]);
        (void)fputs("}", out);
        comma = ", ";
    }
    comma = "";
    (void)fputs("], \"routes\": [", out);
    for (int i = 0; i < loaded->queries; i++) {
        for (int o = 0; o < plan->points; o++) {
            if (plan->share[i][o] <= 0)
                continue;
            (void)fprintf(out, "%s{\"query\": \"q%d\", \"fraction\": %.17g, ", comma, i,
                          plan->share[i][o]);
            write_place(out, loaded, &plan->point[o]);
            (void)fputs("}", out);
            comma = ", ";
        }
    }
    (void)fputs("], \"unmet\": [", out);
    for (int i = 0; i < loaded->queries; i++)
        (void)fprintf(out, "%s{\"query\": \"q%d\", \"fraction\": %.17g}", i ? ", " : "", i,
                      plan->unmet[i]);
    (void)fputs("]}", out);
    ck_assert_int_eq(fclose(out), 0);
    plain_numbers_end(numbers);
    ifp_plan *read = ifp_plan_read_string(instance, text, strlen(text), error);
    ck_assert_msg(read != NULL, "%s\n%s", ifp_error_message(error), text);
    free(text);
    ifp_error_free(error);
    return read;
}

/* Plans at random hold or break limits by the check as by the enumeration's own rows. */
START_TEST(plans_are_checked)
{
    enum { ANY = 20 };
    int held = 0;
    for (int n = 0; n < BATCH; n++) {
        struct loaded loaded;
        unsigned long seed = (unsigned long)(_i * BATCH + n);
        struct random random = {seed};
        loaded_make(&loaded, seed);
        struct fleets best = fleets_solve(&loaded);
        char *text = loaded_json(&loaded);
        ifp_instance *instance = ifp_instance_read_string(text, strlen(text), NULL);
        ck_assert_ptr_nonnull(instance);
        for (int a = 0; a < ANY; a++) {
            struct fleets any = best;
            plan_at_random(&loaded, &any, &random);
            double cost = fleets_cost(&loaded, &any);
            ifp_plan *plan = read_plan(&loaded, &any, instance);
            ifp_check *check = ifp_check_new(instance, plan, NULL);
            ck_assert_ptr_nonnull(check);
            ck_assert_msg(ifp_check_feasible(check) == !isnan(cost), "seed %lu, %d: %.12g, but %s",
                          seed, a, cost,
                          ifp_check_feasible(check) ? "the check holds" : ifp_check_reason(check));
            if (!isnan(cost))
                ck_assert_double_eq_tol(ifp_check_cost(check, IFP_COST_TOTAL), cost,
                                        1e-9 * fmax(1, fabs(cost)));
            ck_assert(isnan(cost) || cost >= best.objective - 1e-6 * fmax(1, fabs(cost)));
            held += !isnan(cost);
            ifp_check_free(check);
            ifp_plan_free(plan);
        }
        free(text);
        ifp_instance_free(instance);
    }
    /* A generator gone stale would prove nothing. */
    ck_assert_int_ge(held, BATCH * ANY / 20);
}
END_TEST

/* After the forms of head-room. */
enum {
    SPARE = LOADED_STEPS + 1,
    MINIMUM,
    SEQUENCES,
    DEVIATION,
    NETWORK,
    KV,
    ATTAINMENT,
    TOKEN_LIMITS,
    LIMITS_BY_ROUTE,
    CACHED,
    HEADROOM,
    MANY,
    FEATURES
};

/* Each takes one thing out of an instance; false where it is not there. */
static bool without(struct loaded *loaded, int what)
{
    bool there = false;
    for (int j = 0; j < LOADED_MODELS; j++) {
        for (int k = 0; k < LOADED_TIERS; k++) {
            for (int n = 0; n < LOADED_DEGREES; n++) {
                struct loaded_profile *profile = &loaded->profile[j][k][n];
                if (what <= LOADED_STEPS && profile->headroom.form == what) {
                    profile->headroom.form = LOADED_UTILIZATION;
                    profile->headroom.utilization = 1;
                    there = true;
                }
                there |= what >= SPARE;
                if (what == SPARE)
                    profile->spare_replicas = 0;
                if (what == MINIMUM)
                    profile->min_replicas = 0;
                if (what == SEQUENCES)
                    profile->max_sequences = (double)INFINITY;
                if (what == DEVIATION)
                    profile->delay_deviation = 0;
                if (what == NETWORK)
                    profile->network_ms = 0;
            }
        }
        if (what == KV)
            loaded->model[j].kv_gb_per_token = 0;
    }
    for (int i = 0; i < loaded->queries; i++) {
        if (what == ATTAINMENT)
            loaded->query[i].attainment_target = (double)NAN;
        if (what == TOKEN_LIMITS)
            loaded->query[i].ttft_limit_ms = loaded->query[i].tpot_limit_ms = (double)INFINITY;
        if (what == LIMITS_BY_ROUTE)
            loaded->query[i].limit_basis = 0;
        if (what == CACHED)
            loaded->query[i].cached_input_fraction = 0;
    }
    if (what == HEADROOM)
        loaded->headroom.form = LOADED_ABSENT;
    if (what == MANY)
        loaded->many_deployments = false;
    return there;
}

/* Every feature of the instances decides the optimum of some. Not among them: whole requests
 * without a profile, which decide too few of these (request-larger-than-replica.json is one by
 * hand). */
START_TEST(every_feature_matters)
{
    int changed = 0;
    for (unsigned long seed = 0; seed < BATCH * BATCHES && changed < 3; seed++) {
        struct loaded loaded;
        struct point points[POINTS_MAX];
        loaded_make(&loaded, seed);
        struct loaded other = loaded;
        if (!without(&other, _i) || points_find(&other, points) > LOADED_POINTS)
            continue;
        changed += fabs(fleets_solve(&loaded).objective - fleets_solve(&other).objective) > 1e-3 ||
                   fleets_solve(&loaded).feasible != fleets_solve(&other).feasible;
    }
    ck_assert_msg(changed >= 3, "feature %d: %d", _i, changed);
}
END_TEST

static Suite *loaded_suite(void)
{
    Suite *suite = suite_create("loaded");
    TCase *tests = tcase_create("loaded");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, every_feature_matters, LOADED_UTILIZATION, FEATURES);
    tcase_add_loop_test(tests, plans_are_checked, 0, BATCHES);
    tcase_add_loop_test(tests, the_same_by_trying_every_fleet, 0, BATCHES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(loaded_suite());
}
