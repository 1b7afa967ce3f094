/* SPDX-License-Identifier: MIT */
/* Cuts: none removes an integer point, whatever has been branched on when it was found; bounds only
 * rise by them, and never beyond the best plan; and there are some. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "brute/brute.h"
#include "brute/tiny.h"
#include "engine/compact/relaxation.h"
#include "engine/compact/separate.h"
#include "support/program.h"
#include "support/random.h"
#include "support/sample.h"
#include "support/suite.h"

enum { POLICIES = 12, TINY_EACH = 40, SAMPLES_EACH = 4, LARGE_EACH = 2, ROUNDS = 4, DIVES = 4 };
/* Points of a program to hold cuts against, at most and of so many tried. */
enum { POINTS = 200, ATTEMPTS = 400 };
/* Nodes until a question to the exact search is dropped. */
enum { NODES = 400 };

static const double ENTRY = 1e-12;
static const double HOLDS = 1e-9;

/* -- integer points at random -- */

/* The program by columns, and a point with what its rows add up to. */
struct walker {
    const struct program *program;
    size_t *start;
    size_t *row;
    double *value;
    double *point;
    double *activity;
    size_t *order;
};

static void walker_make(struct walker *walker, const struct program *program)
{
    const struct ifp_milp *milp = program->milp;
    *walker = (struct walker){.program = program};
    walker->start = calloc(milp->column_count + 2, sizeof *walker->start);
    walker->row = calloc(milp->entry_count + 1, sizeof *walker->row);
    walker->value = calloc(milp->entry_count + 1, sizeof *walker->value);
    walker->point = calloc(milp->column_count, sizeof *walker->point);
    walker->activity = calloc(milp->row_count + 1, sizeof *walker->activity);
    walker->order = calloc(milp->column_count, sizeof *walker->order);
    ck_assert(walker->start && walker->row && walker->value && walker->point && walker->activity &&
              walker->order);
    for (size_t e = 0; e < milp->entry_count; e++)
        walker->start[milp->index[e] + 2]++;
    for (size_t c = 2; c < milp->column_count + 2; c++)
        walker->start[c] += walker->start[c - 1];
    for (size_t r = 0; r < milp->row_count; r++) {
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++) {
            size_t at = walker->start[milp->index[e] + 1]++;
            walker->row[at] = r;
            walker->value[at] = milp->value[e];
        }
    }
    for (size_t c = 0; c < milp->column_count; c++)
        walker->order[c] = c;
}

static void walker_free(struct walker *walker)
{
    free(walker->start);
    free(walker->row);
    free(walker->value);
    free(walker->point);
    free(walker->activity);
    free(walker->order);
}

static void move(struct walker *walker, size_t column, double step)
{
    walker->point[column] += step;
    for (size_t e = walker->start[column]; e < walker->start[column + 1]; e++)
        walker->activity[walker->row[e]] += step * walker->value[e];
}

/* Do the rows of the column hold? That of demand from above only: unmet demand comes last. */
static bool holds_around(const struct walker *walker, size_t column)
{
    const struct ifp_milp *milp = walker->program->milp;
    for (size_t e = walker->start[column]; e < walker->start[column + 1]; e++) {
        size_t r = walker->row[e];
        if (walker->activity[r] > milp->row_upper[r] + 1e-13)
            return false;
    }
    return true;
}

/* Rent a configuration, in some number of replicas, if nothing forbids it. */
static void try_rent(struct walker *walker, struct random *random, size_t configuration)
{
    const struct ifp_milp *milp = walker->program->milp;
    size_t rent = milp->rent[configuration];
    size_t replicas = milp->replicas[configuration];
    double count = 1 + random_below(random, (int)milp->upper[replicas]);
    move(walker, rent, 1);
    if (replicas != rent)
        move(walker, replicas, count);
    if (holds_around(walker, rent) && holds_around(walker, replicas))
        return;
    move(walker, rent, -1);
    if (replicas != rent)
        move(walker, replicas, -count);
}

/* Raise a share as far as its rows allow, or in part. */
static void try_share(struct walker *walker, struct random *random, size_t column)
{
    const struct ifp_milp *milp = walker->program->milp;
    double maximum = milp->upper[column] - walker->point[column];
    for (size_t e = walker->start[column]; e < walker->start[column + 1]; e++) {
        size_t r = walker->row[e];
        double slack = milp->row_upper[r] - walker->activity[r];
        if (walker->value[e] > 0)
            maximum = fmin(maximum, fmax(0, slack) / walker->value[e]);
    }
    if (random_chance(random, 0.3))
        maximum *= random_between(random, 0, 1);
    if (maximum > 0)
        move(walker, column, maximum);
}

static void shuffle(struct walker *walker, struct random *random)
{
    for (size_t c = walker->program->milp->column_count; c > 1; c--) {
        size_t other = (size_t)random_below(random, (int)c);
        size_t swap = walker->order[c - 1];
        walker->order[c - 1] = walker->order[other];
        walker->order[other] = swap;
    }
}

/* Whole rents, replicas and routes, then shares, in random order; false where that is no point. */
static bool walk(struct walker *walker, struct random *random)
{
    const struct ifp_milp *milp = walker->program->milp;
    size_t columns = milp->column_count;
    double rent = random_between(random, 0.05, 1);
    double route = random_chance(random, 0.5) ? 1 : random_between(random, 0.2, 1);
    double share = random_chance(random, 0.6) ? 1 : random_between(random, 0, 1);
    memset(walker->point, 0, columns * sizeof *walker->point);
    memset(walker->activity, 0, milp->row_count * sizeof *walker->activity);
    shuffle(walker, random);
    for (size_t k = 0; k < columns; k++) {
        const struct ifp_column *column = &milp->columns[walker->order[k]];
        if (column->kind == IFP_COLUMN_RENT && random_chance(random, rent))
            try_rent(walker, random, column->first);
    }
    for (size_t k = 0; k < columns; k++) {
        size_t c = walker->order[k];
        bool choice =
            milp->columns[c].kind == IFP_COLUMN_ROUTE || milp->columns[c].kind == IFP_COLUMN_PAIR;
        if (!choice || !random_chance(random, route))
            continue;
        move(walker, c, 1);
        if (!holds_around(walker, c))
            move(walker, c, -1);
    }
    /* A mix may have room for a share that it had not at first. */
    for (size_t k = 0; k < 2 * columns; k++) {
        size_t c = walker->order[k % columns];
        if (milp->columns[c].kind == IFP_COLUMN_SHARE && random_chance(random, share))
            try_share(walker, random, c);
    }
    for (size_t i = 0; i < walker->program->problem->query_count; i++) {
        long double sum = 0;
        for (size_t c = 0; c < columns; c++) {
            if (milp->columns[c].kind == IFP_COLUMN_SHARE &&
                walker->program->problem->routes[milp->columns[c].first].query == i)
                sum += walker->point[c];
        }
        walker->point[i] = (double)fmaxl(0, 1 - sum);
    }
    return program_excess(milp, walker->point) <= ENTRY;
}

/* -- what cuts are held against -- */

struct trial {
    struct program program;
    struct ifp_relaxation *relaxation;
    struct ifp_separator *separator;
    double *points;
    size_t count;
    double best; /* what the best plan costs; NaN: not known */
    bool exact;  /* is the program small enough to ask for every point at once? */
    size_t first;
    size_t cuts;
    size_t asked; /* of them, by the exact search */
    unsigned long seed;
};

static struct ifp_error error;

static void add_point(struct trial *trial, const double *point)
{
    size_t columns = trial->program.milp->column_count;
    memcpy(trial->points + trial->count++ * columns, point, columns * sizeof *point);
}

/* The cheapest point, and those at the ends of some random directions. */
static void add_vertices(struct trial *trial, struct random *random)
{
    const struct ifp_milp *milp = trial->program.milp;
    double *cost = malloc(2 * milp->column_count * sizeof *cost);
    ck_assert_ptr_nonnull(cost);
    double *point = cost + milp->column_count;
    for (int direction = 0; direction < 4; direction++) {
        for (size_t c = 0; c < milp->column_count; c++)
            cost[c] = direction == 0 ? milp->cost[c] : random_between(random, -1, 1);
        double minimum = program_minimum(&trial->program, cost, INFINITY, NODES, point);
        if (isnan(minimum) || isinf(minimum))
            continue;
        if (direction == 0 && !isnan(trial->best))
            ck_assert_msg(fabs(minimum - trial->best) <= 1e-6 * fmax(1, fabs(trial->best)),
                          "seed %lu: the program's optimum %.12g is not the plan's %.12g",
                          trial->seed, minimum, trial->best);
        if (program_excess(milp, point) <= ENTRY)
            add_point(trial, point);
    }
    free(cost);
}

static void trial_begin(struct trial *trial, ifp_instance *instance, struct random *random)
{
    struct walker walker;
    program_build(&trial->program, instance);
    const struct program *program = &trial->program;
    walker_make(&walker, program);
    trial->points = malloc((POINTS + 4) * program->milp->column_count * sizeof *trial->points);
    ck_assert_ptr_nonnull(trial->points);
    trial->count = 0;
    for (int attempt = 0; attempt < ATTEMPTS && trial->count < POINTS; attempt++) {
        if (walk(&walker, random))
            add_point(trial, walker.point);
    }
    if (trial->exact)
        add_vertices(trial, random);
    walker_free(&walker);
    program_ok(ifp_relaxation_new(program->environment, program->problem, program->milp,
                                  program->watch, &trial->relaxation, &error),
               &error);
    trial->separator = ifp_separator_new(trial->relaxation);
    ck_assert_ptr_nonnull(trial->separator);
    trial->first = program->milp->row_count;
    trial->cuts = trial->asked = 0;
}

static void trial_end(struct trial *trial)
{
    ifp_separator_free(trial->separator);
    ifp_relaxation_free(trial->relaxation);
    free(trial->points);
    program_destroy(&trial->program);
}

/* Is there any point of the program beyond the cut? */
static void ask(struct trial *trial, size_t cut)
{
    const struct ifp_rows *rows = &trial->relaxation->rows;
    const struct ifp_milp *milp = trial->program.milp;
    double *cost = calloc(milp->column_count, sizeof *cost);
    ck_assert_ptr_nonnull(cost);
    for (size_t e = rows->start[cut]; e < rows->start[cut + 1]; e++)
        cost[rows->index[e]] = -rows->value[e];
    double upper = rows->upper[cut];
    double minimum =
        program_minimum(&trial->program, cost, -upper - 1e-7 * fmax(1, fabs(upper)), NODES, NULL);
    ck_assert_msg(isnan(minimum) || isinf(minimum),
                  "seed %lu: a point of the program reaches %.12g in cut %zu, which allows %.12g",
                  trial->seed, -minimum, cut - milp->row_count, upper);
    trial->asked += isnan(minimum) ? 0 : 1;
    free(cost);
}

/* Every cut since the last call. */
static void expect_valid(struct trial *trial)
{
    const struct ifp_rows *rows = &trial->relaxation->rows;
    size_t columns = trial->program.milp->column_count;
    for (size_t cut = trial->first; cut < rows->row_count; cut++) {
        double upper = rows->upper[cut];
        ck_assert(isfinite(upper));
        ck_assert_double_eq(rows->lower[cut], -INFINITY);
        for (size_t p = 0; p < trial->count; p++) {
            long double activity = 0;
            for (size_t e = rows->start[cut]; e < rows->start[cut + 1]; e++)
                activity +=
                    (long double)rows->value[e] * trial->points[p * columns + rows->index[e]];
            ck_assert_msg(activity <= upper + HOLDS * fmax(1, fabs(upper)),
                          "seed %lu: point %zu reaches %.15g in cut %zu, which allows %.15g",
                          trial->seed, p, (double)activity, cut - trial->program.milp->row_count,
                          upper);
        }
        if (trial->exact)
            ask(trial, cut);
        trial->cuts++;
    }
    trial->first = rows->row_count;
}

static enum ifp_relaxation_status solve(struct trial *trial)
{
    enum ifp_relaxation_status status;
    program_ok(ifp_relaxation_solve(trial->relaxation, INFINITY, 0, &status, &error), &error);
    ck_assert_msg(status == IFP_RELAXATION_SOLVED || status == IFP_RELAXATION_INFEASIBLE,
                  "seed %lu: status %d", trial->seed, (int)status);
    return status;
}

static size_t separate(struct trial *trial, bool tableau)
{
    size_t added = 0;
    size_t before = trial->relaxation->rows.row_count;
    program_ok(ifp_separate(trial->separator, trial->relaxation, tableau, &added, &error), &error);
    ck_assert_uint_eq(trial->relaxation->rows.row_count, before + added);
    /* What was added, the point violates. */
    for (size_t cut = before; cut < before + added; cut++) {
        const struct ifp_rows *rows = &trial->relaxation->rows;
        double activity = 0;
        for (size_t e = rows->start[cut]; e < rows->start[cut + 1]; e++)
            activity += rows->value[e] * trial->relaxation->point[rows->index[e]];
        ck_assert_msg(activity > rows->upper[cut], "seed %lu: cut %zu cuts nothing off",
                      trial->seed, cut - trial->program.milp->row_count);
    }
    expect_valid(trial);
    return added;
}

/* Where nothing is branched on: bounds rise, up to the best plan. */
static double expect_bound(struct trial *trial, double before)
{
    enum ifp_relaxation_status status = solve(trial);
    double bound = trial->relaxation->bound;
    ck_assert_int_eq(status == IFP_RELAXATION_INFEASIBLE, bound == INFINITY);
    if (status == IFP_RELAXATION_INFEASIBLE)
        ck_assert_msg(trial->count == 0, "seed %lu: infeasible, it says", trial->seed);
    ck_assert_msg(bound >= before - 1e-7 * fmax(1, fabs(before)),
                  "seed %lu: the bound falls from %.15g to %.15g", trial->seed, before, bound);
    if (!isnan(trial->best))
        ck_assert_msg(bound <= trial->best + 1e-9 * fmax(1, fabs(trial->best)) ||
                          isinf(trial->best),
                      "seed %lu: the bound %.15g is above the optimum %.15g", trial->seed, bound,
                      trial->best);
    return bound;
}

/* -- as branching does it -- */

static void branch_on_pair(struct trial *trial, struct random *random)
{
    const struct ifp_problem *problem = trial->program.problem;
    const struct ifp_milp *milp = trial->program.milp;
    size_t p = (size_t)random_below(random, (int)problem->pair_count);
    bool up = random_chance(random, 0.5);
    if (milp->degree[p] != SIZE_MAX)
        program_ok(ifp_relaxation_set_row(trial->relaxation, milp->degree[p], up ? 1 : -INFINITY,
                                          up ? 1 : 0, &error),
                   &error);
    else
        program_ok(ifp_relaxation_set_column(trial->relaxation, milp->rent[problem->pairs[p].first],
                                             up, up, &error),
                   &error);
}

static void branch_on_column(struct trial *trial, struct random *random)
{
    const struct ifp_milp *milp = trial->program.milp;
    for (int attempt = 0; attempt < 10; attempt++) {
        size_t c = (size_t)random_below(random, (int)milp->column_count);
        double at = fmax(0, trial->relaxation->point[c] + 1e-6);
        bool up = random_chance(random, 0.5);
        /* Shares are never branched on, but their bounds may move as well. */
        if (!milp->integer[c]) {
            program_ok(ifp_relaxation_set_column(trial->relaxation, c, 0,
                                                 fmin(milp->upper[c], at * 0.7), &error),
                       &error);
            continue;
        }
        program_ok(ifp_relaxation_set_column(trial->relaxation, c,
                                             up ? fmin(milp->upper[c], floor(at) + 1) : 0,
                                             up ? milp->upper[c] : floor(at), &error),
                   &error);
        return;
    }
}

static void reset(struct trial *trial)
{
    const struct ifp_milp *milp = trial->program.milp;
    for (size_t c = 0; c < milp->column_count; c++)
        program_ok(
            ifp_relaxation_set_column(trial->relaxation, c, milp->lower[c], milp->upper[c], &error),
            &error);
    for (size_t p = 0; p < trial->program.problem->pair_count; p++) {
        if (milp->degree[p] != SIZE_MAX)
            program_ok(
                ifp_relaxation_set_row(trial->relaxation, milp->degree[p], -INFINITY, 1, &error),
                &error);
    }
}

/* Down a path of random branches, looking for cuts on the way; all of them hold everywhere. */
static size_t dive(struct trial *trial, struct random *random)
{
    size_t found = 0;
    for (int depth = 0; depth < 4; depth++) {
        if (random_chance(random, 0.5))
            branch_on_pair(trial, random);
        else
            branch_on_column(trial, random);
        if (solve(trial) != IFP_RELAXATION_SOLVED)
            break;
        found += separate(trial, random_chance(random, 0.7));
    }
    reset(trial);
    return found;
}

struct tally {
    size_t points;
    size_t cuts;
    size_t deep; /* cuts found below a branch */
    size_t asked;
    int raised; /* programs whose bound rose */
};

static void run_trial(struct trial *trial, struct random *random, struct tally *tally)
{
    double root = expect_bound(trial, -INFINITY);
    double bound = root;
    for (int round = 0; round < ROUNDS && isfinite(bound); round++) {
        if (!separate(trial, true))
            break;
        bound = expect_bound(trial, bound);
    }
    tally->raised += bound > root + 1e-6 * fmax(1, fabs(root));
    for (int d = 0; d < DIVES && isfinite(bound) && trial->program.problem->pair_count; d++) {
        tally->deep += dive(trial, random);
        bound = expect_bound(trial, bound);
    }
    tally->points += trial->count;
    tally->cuts += trial->cuts;
    tally->asked += trial->asked;
}

START_TEST(tiny_programs)
{
    struct tally tally = {0};
    for (int n = 0; n < TINY_EACH; n++) {
        struct tiny tiny;
        struct trial trial = {.exact = true, .seed = (unsigned long)(_i + POLICIES * n)};
        struct random random = {trial.seed};
        tiny_make(&tiny, trial.seed);
        trial.best = brute_solve(&tiny).objective;
        trial_begin(&trial, tiny_instance(&tiny), &random);
        run_trial(&trial, &random, &tally);
        trial_end(&trial);
    }
    ck_assert_uint_ge(tally.points, 50 * TINY_EACH);
    ck_assert_uint_ge(tally.cuts, 5);
    ck_assert_uint_ge(tally.asked, tally.cuts / 2);
}
END_TEST

static void run_samples(int policy, int count, bool exact, bool tables, struct tally *tally)
{
    for (int n = 0; n < count; n++) {
        struct trial trial = {
            .best = (double)NAN, .exact = exact, .seed = (unsigned long)(policy + POLICIES * n)};
        struct random random = {trial.seed};
        ifp_instance *instance = exact ? sample_instance(trial.seed, 3, 2, 2 + n % 2)
                                       : sample_instance(trial.seed, 4 + n, 3 + n, 4 + n);
        if (tables)
            instance = sample_with_table(instance, &random);
        trial_begin(&trial, instance, &random);
        run_trial(&trial, &random, tally);
        trial_end(&trial);
    }
}

START_TEST(small_programs)
{
    struct tally tally = {0};
    run_samples(_i, SAMPLES_EACH, true, false, &tally);
    ck_assert_uint_ge(tally.cuts, 3 * SAMPLES_EACH);
    ck_assert_uint_ge(tally.deep, SAMPLES_EACH);
    ck_assert_uint_ge(tally.asked, tally.cuts * 2 / 3);
    ck_assert_int_ge(tally.raised, 1);
}
END_TEST

/* With columns for numbers of replicas. */
START_TEST(programs_with_tables)
{
    struct tally tally = {0};
    run_samples(_i, SAMPLES_EACH, true, true, &tally);
    ck_assert_uint_ge(tally.cuts, SAMPLES_EACH);
}
END_TEST

/* With so many pairs that some are left out of the LP at first. */
START_TEST(larger_programs)
{
    struct tally tally = {0};
    run_samples(_i, LARGE_EACH, false, false, &tally);
    ck_assert_uint_ge(tally.points, 50);
    ck_assert_uint_ge(tally.cuts, 10 * LARGE_EACH);
    ck_assert_uint_ge(tally.deep, 5 * LARGE_EACH);
    ck_assert_int_ge(tally.raised, 1);
}
END_TEST

static Suite *mir_suite(void)
{
    Suite *suite = suite_create("mir");
    TCase *tests = tcase_create("cuts");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, tiny_programs, 0, POLICIES);
    tcase_add_loop_test(tests, small_programs, 0, POLICIES);
    tcase_add_loop_test(tests, programs_with_tables, 0, POLICIES);
    tcase_add_loop_test(tests, larger_programs, 0, POLICIES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(mir_suite());
}
