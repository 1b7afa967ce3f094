/* SPDX-License-Identifier: MIT */
/* The interface to what bounds a node, for each of its methods, on random small instances and under
 * the bounds of random branches: bounds are below the optimum in every mode, put_back restores what
 * was remembered, cuts and estimates keep their promises, and the methods agree on what is
 * infeasible. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "brute/brute.h"
#include "brute/tiny.h"
#include "engine/compact/compact_bounder.h"
#include "engine/master/coupling.h"
#include "engine/master/master_bounder.h"
#include "engine/node/path.h"
#include "support/program.h"
#include "support/suite.h"

enum { POLICIES = 12, EACH = 60, DEPTH = 3, NODES = 20000, METHODS = 2 };

static const struct ifp_bound_method *const methods[METHODS] = {&ifp_compact_method,
                                                                &ifp_master_method};
static const enum ifp_bound_mode modes[] = {IFP_BOUND_DIVE, IFP_BOUND_TRIAL, IFP_BOUND_THOROUGH,
                                            IFP_BOUND_NODE};

static struct ifp_error error;

/* One method on a program, with what it says of the present bounds. */
struct side {
    struct ifp_path path;
    enum ifp_relaxation_status status;
    double bound;
};

struct tally {
    int solved;
    int infeasible;
    int disagreed;
    int restored;
    int estimated;
    int cut;
};

static double slack_of(double value)
{
    return isfinite(value) ? 1e-6 * fmax(1, fabs(value)) : 0;
}

static const char *name_of(const struct side *side)
{
    return side->path.bounder->method->word;
}

static void expect_below(const struct side *side, double optimum, const char *step, uint64_t seed)
{
    double bound = side->path.bounder->relaxation->bound;
    ck_assert_msg(bound <= optimum + slack_of(optimum),
                  "seed %lu, %s, %s: bound %.12g, optimum %.12g", (unsigned long)seed,
                  name_of(side), step, bound, optimum);
}

/* In every mode, early or not, the bound is below the optimum; the last one is to the end. */
static void solve_in_all_modes(struct side *side, double optimum, uint64_t seed)
{
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        for (int early = 1; early >= 0; early--) {
            side->path.early = early;
            program_ok(ifp_path_solve(&side->path, modes[m], &side->status), &error);
            ck_assert_int_ne(side->status, IFP_RELAXATION_STOPPED);
            ck_assert_int_ne(side->status, IFP_RELAXATION_CUTOFF); /* there is no plan */
            expect_below(side, optimum, "a solve", seed);
            if (side->status == IFP_RELAXATION_INFEASIBLE)
                ck_assert_msg(isinf(optimum), "seed %lu, %s: infeasible, optimum %.12g",
                              (unsigned long)seed, name_of(side), optimum);
        }
    }
    side->bound = side->path.bounder->relaxation->bound;
}

/* Close configurations at random, solve, and open them again. */
static void go_elsewhere(struct ifp_path *path, struct random *random)
{
    const struct ifp_context *context = path->context;
    int count = (int)context->problem->configuration_count;
    size_t mark = path->count;
    enum ifp_relaxation_status status;
    for (int k = 0; k < 2; k++) {
        struct ifp_change change = {.index = context->milp->rent[random_below(random, count)]};
        program_ok(ifp_path_apply(path, &change), &error);
    }
    program_ok(ifp_path_solve(path, IFP_BOUND_NODE, &status), &error);
    program_ok(ifp_path_restore(path, mark), &error);
}

/* set_basis has set the basis that `basis` gives. */
static void expect_basis(const struct side *side, const char *letters)
{
    const struct ifp_bounder *bounder = side->path.bounder;
    char *now;
    size_t rows;
    program_ok(bounder->method->basis(bounder, &now, &rows, &error), &error);
    ck_assert_int_eq(letters != NULL, now != NULL);
    if (letters)
        ck_assert_mem_eq(now, letters, side->path.context->milp->column_count);
    free(now);
}

/* Remember, solve something else, put back: results are the same byte for byte, and a solve from
 * there has the same bound. So has a solve from the basis, if the method keeps one. */
static void expect_restored(struct side *side, struct random *random, uint64_t seed)
{
    struct ifp_path *path = &side->path;
    struct ifp_bounder *bounder = path->bounder;
    struct ifp_relaxation *relaxation = bounder->relaxation;
    size_t size = path->context->milp->column_count * sizeof(double);
    const struct ifp_relaxation before = *relaxation;
    struct ifp_snapshot snapshot;
    enum ifp_relaxation_status status;
    char *letters;
    size_t rows;
    char *point = malloc(2 * size + 1);
    ck_assert_ptr_nonnull(point);
    memcpy(point, relaxation->point, size);
    memcpy(point + size, relaxation->reduced, size);
    program_ok(bounder->method->remember(bounder, &snapshot, &error), &error);
    program_ok(bounder->method->basis(bounder, &letters, &rows, &error), &error);
    go_elsewhere(path, random);
    program_ok(bounder->method->put_back(bounder, &snapshot, &error), &error);
    ck_assert(!memcmp(point, relaxation->point, size));
    ck_assert(!memcmp(point + size, relaxation->reduced, size));
    ck_assert(relaxation->bound == before.bound && relaxation->objective == before.objective &&
              relaxation->reduced_bound == before.reduced_bound);
    for (int turn = 0; turn < 2; turn++) {
        if (turn == 1) {
            go_elsewhere(path, random);
            program_ok(bounder->method->set_basis(bounder, letters, rows, &error), &error);
        }
        expect_basis(side, letters);
        program_ok(ifp_path_solve(path, IFP_BOUND_NODE, &status), &error);
        ck_assert_int_eq(status, IFP_RELAXATION_SOLVED);
        ck_assert_msg(fabs(relaxation->bound - before.bound) <= slack_of(before.bound),
                      "seed %lu, %s: bound %.12g, then %.12g", (unsigned long)seed, name_of(side),
                      before.bound, relaxation->bound);
    }
    ifp_snapshot_free(&snapshot);
    free(letters);
    free(point);
}

/* The patterns of a point add up to what it rents. */
static void expect_patterns(const struct side *side)
{
    const struct ifp_bounder *bounder = side->path.bounder;
    const struct ifp_context *context = side->path.context;
    size_t count = context->problem->configuration_count;
    double *rented = calloc(count + 1, sizeof *rented);
    ck_assert_ptr_nonnull(rented);
    for (size_t k = 0; k < bounder->method->pattern_count(bounder); k++) {
        double weight;
        const struct ifp_pattern *pattern = bounder->method->pattern(bounder, k, &weight);
        if (pattern->configuration != SIZE_MAX)
            rented[pattern->configuration] += weight;
    }
    for (size_t c = 0; c < count; c++)
        ck_assert_double_eq_tol(rented[c], bounder->relaxation->point[context->milp->rent[c]],
                                1e-9);
    free(rented);
}

/* An estimate is the optimum of an LP with fewer columns, so it is not below the bound. */
static void expect_estimate(struct side *side)
{
    struct ifp_bounder *bounder = side->path.bounder;
    double objective;
    program_ok(bounder->method->estimate(bounder, &objective, &error), &error);
    ck_assert_double_ge(objective, side->bound - slack_of(side->bound));
}

/* Cuts raise the bound and cut off no plan. */
static void expect_cuts(struct side *side, double optimum, uint64_t seed)
{
    struct ifp_bounder *bounder = side->path.bounder;
    struct ifp_cutting cutting = {.more = true};
    while (cutting.more) {
        program_ok(bounder->method->cut(bounder, INFINITY, &cutting, &side->status, &error),
                   &error);
        expect_below(side, optimum, "a cut", seed);
        ck_assert_int_lt(cutting.rounds, 1000);
    }
    ck_assert(cutting.before == side->bound);
    if (side->status != IFP_RELAXATION_SOLVED) {
        ck_assert(isinf(optimum));
        return;
    }
    program_ok(bounder->method->drop_cuts(bounder, INFINITY, &side->status, &error), &error);
    expect_below(side, optimum, "dropped cuts", seed);
    double bound = bounder->relaxation->bound;
    ck_assert_double_ge(bound, side->bound - slack_of(side->bound));
    side->bound = bound;
}

/* What a method says of the present bounds. */
static void examine(struct side *side, double optimum, struct random *random, uint64_t seed,
                    struct tally *tally)
{
    const struct ifp_bound_method *method = side->path.bounder->method;
    solve_in_all_modes(side, optimum, seed);
    if (side->status != IFP_RELAXATION_SOLVED)
        return;
    tally->solved++;
    if (method->pattern)
        expect_patterns(side);
    if (method->estimate) {
        expect_estimate(side);
        tally->estimated++;
    }
    /* The estimate has changed the LP, not the results. */
    expect_restored(side, random, seed);
    side->bound = side->path.bounder->relaxation->bound;
    tally->restored++;
}

/* Take a random side of a random candidate of one method, in all methods and in the program. */
static bool branch(struct program *program, struct side sides[METHODS], struct random *random)
{
    struct ifp_path *path = &sides[random_below(random, METHODS)].path;
    struct ifp_changes changes = {0};
    program_ok(ifp_path_find_candidates(path), &error);
    size_t count = path->branches.count;
    if (!count)
        return false;
    const struct ifp_branch *chosen = &path->branches.items[random_below(random, (int)count)];
    ck_assert_int_eq(ifp_branch_changes(program->problem, path->bounder->relaxation, chosen,
                                        random_chance(random, 0.5), &changes),
                     IFP_OK);
    for (size_t c = 0; c < changes.count; c++) {
        const struct ifp_change *change = &changes.items[c];
        struct ifp_milp *milp = program->milp;
        for (int m = 0; m < METHODS; m++)
            program_ok(ifp_path_apply(&sides[m].path, change), &error);
        const struct ifp_relaxation *relaxation = path->bounder->relaxation;
        if (change->row) {
            milp->row_lower[change->index] = change->lower;
            milp->row_upper[change->index] = change->upper;
        } else {
            milp->lower[change->index] = relaxation->lower[change->index];
            milp->upper[change->index] = relaxation->upper[change->index];
        }
    }
    free(changes.items);
    return true;
}

/* At the root the methods agree on what is infeasible. Below, one relaxation may see more than the
 * other of bounds that contradict each other; that is rare. */
static void expect_agreement(const struct side sides[METHODS], int depth, uint64_t seed,
                             struct tally *tally)
{
    bool one = sides[0].status == IFP_RELAXATION_INFEASIBLE;
    bool two = sides[1].status == IFP_RELAXATION_INFEASIBLE;
    ck_assert_msg(depth > 0 || one == two, "seed %lu: %s says %d, %s says %d", (unsigned long)seed,
                  name_of(&sides[0]), sides[0].status, name_of(&sides[1]), sides[1].status);
    tally->infeasible += one || two;
    tally->disagreed += one != two;
}

/* Go down from the root, and ask all methods at each node. */
static void go_down(struct program *program, struct side sides[METHODS], double best, uint64_t seed,
                    struct tally *tally)
{
    struct random random = {seed};
    for (int depth = 0; depth <= DEPTH; depth++) {
        double optimum = program_minimum(program, program->milp->cost, INFINITY, NODES, NULL);
        bool all_solved = true;
        if (isnan(optimum))
            return;
        if (depth == 0)
            ck_assert_msg(best == optimum || fabs(best - optimum) <= slack_of(optimum),
                          "seed %lu: best plan %.12g, optimum %.12g", (unsigned long)seed, best,
                          optimum);
        for (int m = 0; m < METHODS; m++) {
            examine(&sides[m], optimum, &random, seed, tally);
            all_solved &= sides[m].status == IFP_RELAXATION_SOLVED;
        }
        expect_agreement(sides, depth, seed, tally);
        for (int m = 0; depth == 0 && all_solved && m < METHODS; m++) {
            if (!methods[m]->cut)
                continue;
            expect_cuts(&sides[m], optimum, seed);
            tally->cut++;
            all_solved &= sides[m].status == IFP_RELAXATION_SOLVED;
        }
        if (!all_solved || !branch(program, sides, &random))
            return;
    }
}

static void compare(bool uncertain, int policy)
{
    struct tally tally = {0};
    for (int n = 0; n < EACH; n++) {
        uint64_t seed = (uint64_t)(policy + POLICIES * n);
        struct tiny tiny;
        struct program program;
        struct side sides[METHODS];
        if (uncertain)
            tiny_make_uncertain(&tiny, seed);
        else
            tiny_make(&tiny, seed);
        struct brute brute = brute_solve(&tiny);
        program_build(&program, tiny_instance(&tiny));
        struct ifp_incumbent incumbent = {.instance = program.instance, .objective = INFINITY};
        const struct ifp_context context = {.environment = program.environment,
                                            .problem = program.problem,
                                            .milp = program.milp,
                                            .incumbent = &incumbent,
                                            .watch = program.watch,
                                            .error = &error};
        for (int m = 0; m < METHODS; m++) {
            sides[m] = (struct side){.path = {.context = &context}};
            program_ok(methods[m]->make(&context, &sides[m].path.bounder), &error);
            program_ok(methods[m]->begin(sides[m].path.bounder, NULL, &error), &error);
        }
        if (program.problem->configuration_count && program.problem->route_count)
            go_down(&program, sides, brute.feasible ? brute.objective : (double)INFINITY, seed,
                    &tally);
        for (int m = 0; m < METHODS; m++) {
            ifp_path_clear(&sides[m].path);
            ifp_bounder_free(sides[m].path.bounder);
        }
        program_destroy(&program);
    }
    ck_assert_int_ge(tally.restored, EACH / 3);
    ck_assert_int_ge(tally.estimated, EACH / 6);
    ck_assert_int_ge(tally.cut, EACH / 6);
    ck_assert_int_ge(tally.infeasible, EACH / 20);
    ck_assert_int_le(4 * tally.disagreed, tally.infeasible);
}

START_TEST(plain)
{
    compare(false, _i);
}
END_TEST

START_TEST(uncertain)
{
    compare(true, _i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bounder");
    TCase *tests = tcase_create("methods");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, plain, 0, POLICIES);
    tcase_add_loop_test(tests, uncertain, 0, POLICIES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
