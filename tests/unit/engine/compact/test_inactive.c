/* SPDX-License-Identifier: MIT */
/* Pairs that the relaxation leaves out: with them or without, under any bounds, its answer is that
 * of the LP with all rows and columns, and its bounds and reduced costs are none too high. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/compact/relaxation.h"
#include "engine/compact/separate.h"
#include "support/program.h"
#include "support/random.h"
#include "support/sample.h"
#include "support/suite.h"

enum { POLICIES = 12, EACH = 5, STEPS = 14, FORCED = 6 };
/* From so many pairs on some sleep. */
enum { MANY_PAIRS = 12 };

static struct ifp_error error;

/* A relaxation, and the LP that it stands for, with the same bounds. */
struct twin {
    struct program program;
    struct ifp_relaxation *relaxation;
    struct ifp_separator *separator;
    struct ifp_lp *lp;
    size_t rows; /* of the relaxation that the LP has as well */
    unsigned long seed;
    /* How often things came about. */
    int inactive_count;
    int activated;
    int infeasible;
    int cut_off;
    int forced;
    int cuts;
};

static void twin_make(struct twin *twin, ifp_instance *instance)
{
    struct program *program = &twin->program;
    program_build(program, instance);
    program_ok(ifp_relaxation_new(program->environment, program->problem, program->milp,
                                  program->watch, &twin->relaxation, &error),
               &error);
    twin->separator = ifp_separator_new(twin->relaxation);
    ck_assert_ptr_nonnull(twin->separator);
    twin->rows = program->milp->row_count;
    twin->lp =
        program_lp(program, program->milp->cost, twin->relaxation->scale, NULL, NULL, NULL, NULL);
}

static void twin_free(struct twin *twin)
{
    ifp_lp_free(twin->lp);
    ifp_separator_free(twin->separator);
    ifp_relaxation_free(twin->relaxation);
    program_destroy(&twin->program);
}

/* -- the same bounds for both -- */

static void set_column(struct twin *twin, size_t column, double lower, double upper)
{
    program_ok(ifp_relaxation_set_column(twin->relaxation, column, lower, upper, &error), &error);
    program_ok(ifp_lp_set_column_bounds(twin->lp, column, lower, upper, &error), &error);
}

static void set_row(struct twin *twin, size_t row, double lower, double upper)
{
    program_ok(ifp_relaxation_set_row(twin->relaxation, row, lower, upper, &error), &error);
    program_ok(ifp_lp_set_row_bounds(twin->lp, row, lower, upper, &error), &error);
}

static void set_pair(struct twin *twin, size_t pair, bool rented)
{
    const struct ifp_milp *milp = twin->program.milp;
    size_t row = milp->degree[pair];
    if (row != SIZE_MAX)
        set_row(twin, row, rented ? 1 : -INFINITY, rented ? 1 : 0);
    else
        set_column(twin, milp->rent[twin->program.problem->pairs[pair].first], rented, rented);
}

static void set_replicas(struct twin *twin, struct random *random, size_t c)
{
    const struct ifp_milp *milp = twin->program.milp;
    size_t column = milp->replicas[c];
    double maximum = milp->upper[column];
    if (column == milp->rent[c])
        return;
    double at = random_below(random, (int)maximum + 1);
    set_column(twin, column, random_chance(random, 0.7) ? 0 : at,
               random_chance(random, 0.5) ? at : maximum);
}

static void set_route(struct twin *twin, struct random *random, size_t r)
{
    const struct ifp_milp *milp = twin->program.milp;
    size_t route = ifp_milp_choice(milp, r);
    bool open = random_chance(random, 0.3);
    if (route != SIZE_MAX && random_chance(random, 0.8))
        set_column(twin, route, open, open);
    else
        set_column(twin, ifp_milp_share(milp, r), 0,
                   open ? milp->upper[ifp_milp_share(milp, r)] * random_between(random, 0, 1) : 0);
}

static void change(struct twin *twin, struct random *random)
{
    const struct ifp_problem *problem = twin->program.problem;
    const struct ifp_milp *milp = twin->program.milp;
    size_t p = (size_t)random_below(random, (int)problem->pair_count);
    size_t c = (size_t)random_below(random, (int)problem->configuration_count);
    size_t r = (size_t)random_below(random, (int)problem->route_count);
    size_t i = (size_t)random_below(random, (int)problem->query_count);
    switch (random_below(random, 10)) {
    case 0:
    case 1:
    case 2:
        set_column(twin, milp->rent[c], 0, 0);
        break;
    case 3:
        set_column(twin, milp->rent[c], 1, 1);
        break;
    case 4:
        set_pair(twin, p, false);
        break;
    case 5:
        set_pair(twin, p, true);
        break;
    case 6:
        set_replicas(twin, random, c);
        break;
    case 7:
    case 8:
        set_route(twin, random, r);
        break;
    default:
        set_column(twin, i, 0, random_chance(random, 0.5) ? 0 : fmin(0.2, milp->upper[i]));
        break;
    }
}

static void reset(struct twin *twin)
{
    const struct ifp_milp *milp = twin->program.milp;
    for (size_t c = 0; c < milp->column_count; c++)
        set_column(twin, c, milp->lower[c], milp->upper[c]);
    for (size_t p = 0; p < twin->program.problem->pair_count; p++) {
        if (milp->degree[p] != SIZE_MAX)
            set_row(twin, milp->degree[p], -INFINITY, 1);
    }
}

/* A row that asks for some of a few integers, so that pairs are drawn on that no price would
 * wake. */
static void ask_for_some(struct twin *twin, struct random *random)
{
    const struct ifp_milp *milp = twin->program.milp;
    size_t index[6];
    double value[6];
    size_t count = 0;
    for (int attempt = 0; attempt < 60 && count < 6; attempt++) {
        size_t c = (size_t)random_below(random, (int)milp->column_count);
        bool known = !milp->integer[c];
        for (size_t k = 0; k < count; k++)
            known |= index[k] == c;
        if (known)
            continue;
        index[count] = c;
        value[count++] = random_chance(random, 0.2) ? 0.5 : -random_between(random, 0.2, 1);
    }
    program_ok(ifp_relaxation_add_cut(twin->relaxation, count, index, value,
                                      -random_between(random, 0, 0.3), &error),
               &error);
}

/* Cuts, after a solve. */
static void cut(struct twin *twin, struct random *random)
{
    const struct ifp_rows *rows = &twin->relaxation->rows;
    size_t added;
    if (random_chance(random, 0.5))
        program_ok(ifp_separate(twin->separator, twin->relaxation, true, &added, &error), &error);
    else
        ask_for_some(twin, random);
    for (; twin->rows < rows->row_count; twin->rows++) {
        size_t start = rows->start[twin->rows];
        program_ok(ifp_lp_add_row(twin->lp, rows->lower[twin->rows], rows->upper[twin->rows],
                                  rows->start[twin->rows + 1] - start, rows->index + start,
                                  rows->value + start, &error),
                   &error);
        twin->cuts++;
    }
}

/* -- the same answers -- */

static double slack_of(double value)
{
    return 1e-7 * fmax(1, fabs(value));
}

static double optimum(struct twin *twin)
{
    double objective;
    enum ifp_lp_status status = program_solve(twin->lp, &objective);
    return status == IFP_LP_OPTIMAL ? objective * twin->relaxation->scale : (double)INFINITY;
}

/* The point is one of the LP as it stands, and costs what is said. */
static void expect_point(const struct twin *twin)
{
    const struct ifp_relaxation *relaxation = twin->relaxation;
    const struct ifp_rows *rows = &relaxation->rows;
    double cost = 0;
    double worst = 0;
    for (size_t c = 0; c < rows->column_count; c++) {
        double at = relaxation->point[c];
        cost += twin->program.milp->cost[c] * at;
        worst = fmax(worst, fmax(relaxation->lower[c] - at, at - relaxation->upper[c]));
    }
    for (size_t r = 0; r < rows->row_count; r++) {
        double activity = 0;
        for (size_t e = rows->start[r]; e < rows->start[r + 1]; e++)
            activity += rows->value[e] * relaxation->point[rows->index[e]];
        worst = fmax(worst, fmax(rows->lower[r] - activity, activity - rows->upper[r]));
    }
    ck_assert_msg(worst <= 1e-6, "seed %lu: a row is broken by %.3g", twin->seed, worst);
    ck_assert_msg(fabs(cost - relaxation->objective) <= slack_of(cost),
                  "seed %lu: the point costs %.12g, not %.12g", twin->seed, cost,
                  relaxation->objective);
}

static void solve_fully(struct twin *twin, double best)
{
    const struct ifp_relaxation *relaxation = twin->relaxation;
    enum ifp_relaxation_status status;
    program_ok(ifp_relaxation_solve(twin->relaxation, INFINITY, 0, &status, &error), &error);
    if (isinf(best)) {
        twin->infeasible++;
        ck_assert_msg(status == IFP_RELAXATION_INFEASIBLE,
                      "seed %lu: status %d, bound %.12g, but the LP is infeasible", twin->seed,
                      (int)status, relaxation->bound);
        ck_assert_double_eq(relaxation->bound, INFINITY);
        return;
    }
    ck_assert_msg(status == IFP_RELAXATION_SOLVED,
                  "seed %lu: status %d, bound %.12g, but the LP has an optimum of %.12g",
                  twin->seed, (int)status, relaxation->bound, best);
    ck_assert_msg(fabs(relaxation->objective - best) <= slack_of(best),
                  "seed %lu: the optimum is %.12g, not %.12g", twin->seed, best,
                  relaxation->objective);
    ck_assert_msg(fabs(relaxation->bound - best) <= slack_of(best),
                  "seed %lu: the optimum is %.12g, the bound %.12g", twin->seed, best,
                  relaxation->bound);
    expect_point(twin);
    twin->inactive_count += relaxation->inactive->count > 0;
}

/* With a cut-off, or as a mere estimate: whatever is said of the bound holds. */
static void solve_partially(struct twin *twin, struct random *random, double best)
{
    const struct ifp_relaxation *relaxation = twin->relaxation;
    enum ifp_relaxation_status status;
    bool limited = random_chance(random, 0.6);
    double about = isinf(best) ? 10 * relaxation->scale : best;
    double cutoff = limited ? about * random_between(random, 0.2, 1.3) : (double)INFINITY;
    int quick = limited && random_chance(random, 0.5) ? 0 : 1 + random_below(random, 40);
    program_ok(ifp_relaxation_solve(twin->relaxation, cutoff, quick, &status, &error), &error);
    ck_assert_msg(relaxation->bound <= best + slack_of(best),
                  "seed %lu: the bound %.15g is above the optimum %.15g (status %d)", twin->seed,
                  relaxation->bound, best, (int)status);
    if (status == IFP_RELAXATION_INFEASIBLE)
        ck_assert_msg(isinf(best), "seed %lu: infeasible, it says of %.12g", twin->seed, best);
    if (status != IFP_RELAXATION_CUTOFF)
        return;
    ck_assert_double_gt(relaxation->bound, cutoff);
    twin->cut_off++;
}

/* An integer that is moved off 0 costs at least what its reduced cost says; of columns that sleep
 * as well, those first. */
static void force_columns(struct twin *twin, struct random *random)
{
    const struct ifp_milp *milp = twin->program.milp;
    const struct ifp_relaxation *relaxation = twin->relaxation;
    const struct ifp_inactive *inactive = relaxation->inactive;
    int left = FORCED;
    for (int attempt = 0; attempt < 40 * FORCED && left > 0; attempt++) {
        size_t c = (size_t)random_below(random, (int)milp->column_count);
        bool is_inactive =
            inactive->pair[c] != SIZE_MAX && inactive->is_inactive[inactive->pair[c]];
        double lower = relaxation->lower[c];
        double upper = relaxation->upper[c];
        if (!milp->integer[c] || lower > 0 || upper < 1 || relaxation->reduced[c] <= 0 ||
            (!is_inactive && attempt < 20 * FORCED))
            continue;
        double minimum = relaxation->reduced_bound + relaxation->reduced[c];
        program_ok(ifp_lp_set_column_bounds(twin->lp, c, 1, upper, &error), &error);
        double best = optimum(twin);
        program_ok(ifp_lp_set_column_bounds(twin->lp, c, lower, upper, &error), &error);
        ck_assert_msg(best >= minimum - slack_of(minimum),
                      "seed %lu: with column %zu at 1 the optimum is %.12g, not at least %.12g",
                      twin->seed, c, best, minimum);
        twin->forced += is_inactive;
        left--;
    }
}

static void run(struct twin *twin, struct random *random)
{
    size_t pairs = twin->program.problem->pair_count;
    /* Bounds that change before there is an LP are those that it begins with. */
    for (int n = twin->seed % 2 ? 1 + random_below(random, 9) : 0; n > 0; n--)
        change(twin, random);
    program_ok(ifp_relaxation_load(twin->relaxation, &error), &error);
    size_t before = twin->relaxation->inactive->count;
    size_t maximum = pairs < MANY_PAIRS ? 0 : pairs;
    ck_assert(twin->seed % 2 ? before <= maximum : before == maximum);
    for (int step = 0; step < STEPS; step++) {
        double best = optimum(twin);
        if (random_chance(random, 0.6))
            solve_partially(twin, random, best);
        solve_fully(twin, best);
        if (isfinite(best)) {
            force_columns(twin, random);
            if (random_chance(random, 0.25))
                cut(twin, random);
        }
        if (step % 5 == 4 || isinf(best))
            reset(twin);
        for (int n = 1 + random_below(random, 9); n > 0; n--)
            change(twin, random);
    }
    twin->activated += twin->relaxation->inactive->count < before;
}

START_TEST(the_same_as_active)
{
    struct twin twin = {0};
    int many = 0;
    for (int n = 0; n < EACH; n++) {
        twin.seed = (unsigned long)(_i + POLICIES * n);
        struct random random = {twin.seed};
        twin_make(&twin, sample_instance(twin.seed, 4 + n % 3, 4, 4 + n));
        many += twin.program.problem->pair_count >= MANY_PAIRS;
        run(&twin, &random);
        twin_free(&twin);
    }
    ck_assert_int_ge(many, EACH - 2);
    ck_assert_int_ge(twin.inactive_count, EACH);
    ck_assert_int_ge(twin.activated, 1);
    ck_assert_int_ge(twin.infeasible, 1);
    ck_assert_int_ge(twin.cut_off, EACH);
    ck_assert_int_ge(twin.forced, EACH);
    ck_assert_int_ge(twin.cuts, EACH);
}
END_TEST

/* With columns for numbers of replicas, each pair's own. */
START_TEST(the_same_with_tables)
{
    struct twin twin = {0};
    int counted = 0;
    for (int n = 0; n < EACH; n++) {
        twin.seed = (unsigned long)(_i + POLICIES * n);
        struct random random = {twin.seed};
        twin_make(&twin,
                  sample_with_table(sample_instance(twin.seed, 4 + n % 3, 4, 4 + n), &random));
        for (size_t c = 0; c < twin.program.milp->column_count; c++)
            counted += twin.program.milp->columns[c].kind == IFP_COLUMN_EXACTLY;
        run(&twin, &random);
        twin_free(&twin);
    }
    ck_assert_int_ge(counted, EACH);
    ck_assert_int_ge(twin.inactive_count, EACH);
    ck_assert_int_ge(twin.activated, 1);
    ck_assert_int_ge(twin.forced, EACH);
}
END_TEST

START_TEST(few_stay_active)
{
    struct twin twin = {.seed = (unsigned long)_i};
    struct random random = {twin.seed};
    twin_make(&twin, sample_instance(twin.seed, 4, 2, 3));
    ck_assert_uint_lt(twin.program.problem->pair_count, MANY_PAIRS);
    run(&twin, &random);
    twin_free(&twin);
    ck_assert_int_eq(twin.inactive_count, 0);
}
END_TEST

static Suite *inactive_suite(void)
{
    Suite *suite = suite_create("dormant");
    TCase *tests = tcase_create("relaxation");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, the_same_as_active, 0, POLICIES);
    tcase_add_loop_test(tests, the_same_with_tables, 0, POLICIES);
    tcase_add_loop_test(tests, few_stay_active, 0, POLICIES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(inactive_suite());
}
