/* SPDX-License-Identifier: MIT */
/*
 * Tiny instances that are hard on rounding, solved by the library and by trying everything. The
 * verifier is the judge between them, since it computes in pairs of doubles: the plan found by
 * trying everything is handed to it, and what that plan costs is what no bound may exceed.
 * Instances without a plan miss a limit by at least 1.1e-6 of it: there the library has to be sure
 * of it, and wherever the verifier accepts a plan it must not claim that there is none.
 */
#include <check.h>
#include <math.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute.h"
#include "hard.h"
#include "plans.h"
#include "support/suite.h"

enum { BATCH = 24, BATCHES = 5, EDGES = 192 };

/* What the verifier lets pass, with room for the LP solver's rounding and with hardly any; and a
 * little more than it lets pass. */
static const double LOOSE = 0.99e-6;
static const double BARELY = (1 - 1e-6) * 1e-6;
static const double BROKEN = 1.01e-6;
/* What a plan that holds may be off by. */
static const double HOLDS = 1e-8;

static const char *const families[] = {"shares", "zeros", "ties", "penalties", "twins", "missed"};
static const char *const engines[] = {"mip", "decompose"};

/* What there is to find. */
enum kind {
    KIND_STRICT, /* a plan that holds its limits to the last digits */
    KIND_HARDLY, /* one only by what counts as rounding in a plan, and not in a bound */
    KIND_LOOSE,  /* one only by what the verifier lets pass */
    KIND_BARELY, /* one only by all that it lets pass */
    KIND_EDGE,   /* neither surely one nor surely none */
    KIND_NONE,
    KINDS
};

struct truth {
    enum kind kind;
    struct brute brute;
    double cost; /* of that plan, by the verifier */
};

struct place {
    const char *family;
    unsigned long seed;
    const char *engine;
};

#define PLACE "%s %lu, %s: "
#define AT(place) (place)->family, (place)->seed, (place)->engine

static struct truth find_truth(const struct tiny *tiny, const ifp_instance *instance,
                               const struct place *place)
{
    static const double slacks[] = {0, HOLDS, LOOSE, BARELY, BROKEN};
    struct truth truth = {.kind = KIND_NONE, .cost = (double)INFINITY};
    for (int s = 0; s < 5 && truth.kind == KIND_NONE; s++) {
        truth.brute = brute_solve_relaxed(tiny, slacks[s]);
        if (truth.brute.feasible)
            truth.kind = (enum kind)s;
    }
    if (truth.kind == KIND_NONE || truth.kind == KIND_EDGE)
        return truth;
    ifp_plan *plan = tiny_plan(tiny, instance, &truth.brute);
    ifp_check *check = ifp_check_new(instance, plan, NULL);
    ck_assert_ptr_nonnull(check);
    ck_assert_msg(ifp_check_feasible(check), PLACE "%s", AT(place), ifp_check_reason(check));
    ck_assert_msg(truth.kind != KIND_STRICT || ifp_check_max_violation(check) <= 1e-9,
                  PLACE "a plan that holds is off by %g", AT(place),
                  ifp_check_max_violation(check));
    truth.cost = ifp_check_cost(check, IFP_COST_TOTAL);
    ifp_check_free(check);
    ifp_plan_free(plan);
    return truth;
}

static void expect_plan(const struct truth *truth, const ifp_instance *instance,
                        const ifp_solution *solution, const struct place *place)
{
    double objective = ifp_solution_objective(solution);
    double bound = ifp_solution_bound(solution);
    double cost = truth->cost;
    ck_assert_msg(ifp_solution_status(solution) == IFP_STATUS_OPTIMAL,
                  PLACE "%s with %.12g and the bound %.12g, but the optimum is %.12g", AT(place),
                  ifp_solution_status_word(solution), objective, bound, cost);
    ifp_check *check = ifp_check_new(instance, ifp_solution_plan(solution), NULL);
    ck_assert_ptr_nonnull(check);
    ck_assert_msg(ifp_check_feasible(check), PLACE "%s", AT(place), ifp_check_reason(check));
    ck_assert_double_eq(ifp_check_cost(check, IFP_COST_TOTAL), objective);
    double violation = ifp_check_max_violation(check);
    ifp_check_free(check);
    /* Which limits count is open there, and what they cost with them. */
    if (truth->kind == KIND_HARDLY)
        return;
    ck_assert_msg(bound <= cost + 1e-9 * fmax(1, cost),
                  PLACE "the bound %.15g is above the optimum %.15g", AT(place), bound, cost);
    ck_assert_msg(objective <= cost + 1e-6 * fmax(1, cost), PLACE "%.15g, not %.15g", AT(place),
                  objective, cost);
    ck_assert_msg(truth->kind != KIND_STRICT || violation <= HOLDS,
                  PLACE "off by %g, but there is a plan that holds", AT(place), violation);
}

static void compare(const struct truth *truth, const ifp_instance *instance,
                    const struct place *place)
{
    ifp_options *options = ifp_options_new();
    ifp_error *error = ifp_error_new();
    ck_assert_int_eq(ifp_options_set(options, "gap", "1e-7"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "60"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "engine", place->engine), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, error);
    ck_assert_msg(model || ifp_error_code(error) == IFP_ERROR_UNSUPPORTED, PLACE "%s", AT(place),
                  ifp_error_message(error));
    ifp_options_free(options);
    ifp_error_free(error);
    if (!model)
        return;
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_msg(solution != NULL, PLACE "%s", AT(place),
                  ifp_error_message(ifp_model_last_error(model)));
    if (truth->kind == KIND_NONE)
        ck_assert_msg(ifp_solution_status(solution) == IFP_STATUS_INFEASIBLE,
                      PLACE "%s, but there is no plan", AT(place),
                      ifp_solution_status_word(solution));
    else if (truth->kind == KIND_BARELY)
        ck_assert_msg(ifp_solution_status(solution) != IFP_STATUS_INFEASIBLE &&
                          ifp_solution_bound(solution) <= truth->cost * (1 + 1e-9),
                      PLACE "%s, and the bound %.12g, but a plan costs %.12g", AT(place),
                      ifp_solution_status_word(solution), ifp_solution_bound(solution),
                      truth->cost);
    else if (truth->kind != KIND_EDGE)
        expect_plan(truth, instance, solution, place);
    ifp_solution_free(solution);
    ifp_model_free(model);
}

static bool has_tiny_share(const struct tiny *tiny, const struct brute *brute)
{
    for (int i = 0; i < tiny->queries; i++) {
        for (int p = 0; p < tiny->models * tiny->tiers; p++) {
            if (brute->share[i][p] > 0 && brute->share[i][p] <= 1e-6)
                return true;
        }
    }
    return false;
}

static struct truth solve_and_compare(const struct tiny *tiny, struct place *place)
{
    ifp_instance *instance = tiny_instance(tiny);
    struct truth truth = find_truth(tiny, instance, place);
    for (size_t e = 0; e < sizeof engines / sizeof *engines; e++) {
        place->engine = engines[e];
        compare(&truth, instance, place);
    }
    ifp_instance_free(instance);
    return truth;
}

/* A batch of one family; it takes turns in the index of the loop. */
START_TEST(hard_instances)
{
    enum hard_family family = (enum hard_family)(_i % HARD_FAMILIES);
    int kinds[KINDS] = {0};
    int tiny_shares = 0;
    for (int n = 0; n < BATCH; n++) {
        struct tiny tiny;
        struct place place = {families[family], (unsigned long)(_i / HARD_FAMILIES * BATCH + n),
                              "by trying everything"};
        hard_make(&tiny, family, place.seed);
        struct truth truth = solve_and_compare(&tiny, &place);
        kinds[truth.kind]++;
        tiny_shares += truth.kind == KIND_STRICT && has_tiny_share(&tiny, &truth.brute);
    }
    /* A generator gone stale would prove nothing. */
    if (family == HARD_MISSED) {
        ck_assert_int_ge(kinds[KIND_LOOSE], BATCH / 4);
        ck_assert_int_ge(kinds[KIND_NONE], BATCH / 8);
    } else {
        ck_assert_int_ge(kinds[KIND_STRICT], BATCH / 3);
    }
    ck_assert(family != HARD_SHARES || tiny_shares >= BATCH / 12);
}
END_TEST

/* Just within the tolerance and just beyond it. */
START_TEST(edge_of_the_tolerance)
{
    static const double misses[] = {0.9998e-6, 1.1e-6};
    static const enum kind kinds[] = {KIND_BARELY, KIND_NONE};
    int found = 0;
    for (uint64_t seed = 0; seed < EDGES; seed++) {
        struct tiny tiny;
        struct place place = {families[HARD_MISSED], (unsigned long)seed, "by trying everything"};
        hard_make_missed_by(&tiny, misses[_i], seed);
        found += solve_and_compare(&tiny, &place).kind == kinds[_i];
    }
    ck_assert_int_ge(found, EDGES / 6);
}
END_TEST

/* Of these the LP solver's bounds prove nothing, its LPs cycle, or the search tried every integer
 * in vain. */
static const struct {
    enum hard_family family;
    unsigned long seed;
} extremes[] = {
    {HARD_SHARES, 203},     {HARD_SHARES, 225},  {HARD_SHARES, 748},    {HARD_SHARES, 1055},
    {HARD_SHARES, 2446},    {HARD_SHARES, 3163}, {HARD_SHARES, 3374},   {HARD_SHARES, 3514},
    {HARD_SHARES, 4018},    {HARD_SHARES, 4291}, {HARD_SHARES, 4330},   {HARD_SHARES, 6024},
    {HARD_SHARES, 7050},    {HARD_SHARES, 7907}, {HARD_PENALTIES, 140}, {HARD_PENALTIES, 1030},
    {HARD_PENALTIES, 3403}, {HARD_MISSED, 624},  {HARD_MISSED, 2604},   {HARD_MISSED, 6786},
};

START_TEST(extreme_instances)
{
    struct tiny tiny;
    struct place place = {families[extremes[_i].family], extremes[_i].seed, "by trying everything"};
    hard_make(&tiny, extremes[_i].family, place.seed);
    ifp_instance *instance = tiny_instance(&tiny);
    struct truth truth = find_truth(&tiny, instance, &place);
    ck_assert_msg(truth.kind != KIND_EDGE, PLACE "there may be a plan or none", AT(&place));
    for (size_t e = 0; e < sizeof engines / sizeof *engines; e++) {
        place.engine = engines[e];
        compare(&truth, instance, &place);
    }
    ifp_instance_free(instance);
}
END_TEST

static Suite *hard_suite(void)
{
    Suite *suite = suite_create("hard");
    TCase *tests = tcase_create("hard");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, hard_instances, 0, HARD_FAMILIES * BATCHES);
    tcase_add_loop_test(tests, edge_of_the_tolerance, 0, 2);
    tcase_add_loop_test(tests, extreme_instances, 0, sizeof extremes / sizeof *extremes);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(hard_suite());
}
