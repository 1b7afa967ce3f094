/* SPDX-License-Identifier: MIT */
/* What is taken out leaves the rest as it was: rows of a linear program, cuts of a relaxation,
 * configurations of a problem. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/compact/relaxation.h"
#include "engine/compact/separate.h"
#include "engine/compact/sparse_rows.h"
#include "support/program.h"
#include "support/random.h"
#include "support/sample.h"
#include "support/suite.h"

enum { POLICIES = 12, ROUNDS = 6 };

static struct ifp_error error;

/* -- rows -- */

enum { ROWS_MAX = 400, LENGTH = 9 };

struct plain_row {
    size_t count;
    size_t index[LENGTH];
    double value[LENGTH];
    double lower;
    double upper;
};

static void expect_rows(const struct ifp_rows *rows, const struct plain_row *plain, size_t count)
{
    ck_assert_uint_eq(rows->row_count, count);
    for (size_t r = 0; r < count; r++) {
        ck_assert_uint_eq(rows->start[r + 1] - rows->start[r], plain[r].count);
        ck_assert_mem_eq(rows->index + rows->start[r], plain[r].index,
                         plain[r].count * sizeof *plain[r].index);
        ck_assert_mem_eq(rows->value + rows->start[r], plain[r].value,
                         plain[r].count * sizeof *plain[r].value);
        ck_assert_double_eq(rows->lower[r], plain[r].lower);
        ck_assert_double_eq(rows->upper[r], plain[r].upper);
    }
    if (count)
        ck_assert_uint_eq(rows->start[0], 0);
}

static struct plain_row random_row(struct random *random)
{
    struct plain_row row = {.count = (size_t)random_below(random, LENGTH + 1)};
    for (size_t e = 0; e < row.count; e++) {
        row.index[e] = (size_t)random_below(random, 1000);
        row.value[e] = random_between(random, -1, 1);
    }
    row.lower = random_chance(random, 0.5) ? -(double)INFINITY : random_between(random, -2, 0);
    row.upper = random_chance(random, 0.3) ? (double)INFINITY : random_between(random, 0, 2);
    return row;
}

START_TEST(rows_come_and_go)
{
    static struct plain_row plain[ROWS_MAX];
    struct random random = {(uint64_t)_i};
    struct ifp_rows rows = {.column_count = 1000};
    size_t count = 0;
    for (int turn = 0; turn < 60; turn++) {
        for (int n = random_below(&random, 40); n > 0 && count < ROWS_MAX; n--) {
            plain[count] = random_row(&random);
            ck_assert(ifp_rows_add(&rows, plain[count].count, plain[count].index,
                                   plain[count].value, plain[count].lower, plain[count].upper));
            count++;
        }
        expect_rows(&rows, plain, count);
        bool keep[ROWS_MAX];
        double chance = (double[]){0, 0.3, 0.9, 1}[random_below(&random, 4)];
        size_t first =
            random_chance(&random, 0.3) ? 0 : (size_t)random_below(&random, (int)count + 1);
        size_t kept = first;
        for (size_t r = first; r < count; r++) {
            keep[r - first] = random_chance(&random, chance);
            if (keep[r - first])
                plain[kept++] = plain[r];
        }
        ifp_rows_keep(&rows, first, keep);
        count = kept;
        expect_rows(&rows, plain, count);
    }
    ifp_rows_clear(&rows);
    ck_assert_ptr_null(rows.start);
    ck_assert_uint_eq(rows.row_count, 0);
}
END_TEST

/* -- cuts -- */

static void expect_same_row(const struct ifp_rows *rows, size_t r, const size_t *index,
                            const double *value, size_t count)
{
    ck_assert_uint_eq(rows->start[r + 1] - rows->start[r], count);
    ck_assert_mem_eq(rows->index + rows->start[r], index, count * sizeof *index);
    ck_assert_mem_eq(rows->value + rows->start[r], value, count * sizeof *value);
}

/* Which rows the LP has, and where, and the program's rows first and unchanged. */
static void expect_order(const struct ifp_relaxation *relaxation)
{
    const struct ifp_milp *milp = relaxation->milp;
    const struct ifp_rows *rows = &relaxation->rows;
    size_t placed = 0;
    ck_assert_uint_ge(rows->row_count, milp->row_count);
    for (size_t r = 0; r < rows->row_count; r++) {
        if (relaxation->place[r] == SIZE_MAX) {
            ck_assert_uint_lt(r, milp->row_count);
            continue;
        }
        placed++;
        ck_assert_uint_lt(relaxation->place[r], relaxation->active_count);
        ck_assert_uint_eq(relaxation->active[relaxation->place[r]], r);
    }
    ck_assert_uint_eq(placed, relaxation->active_count);
    for (size_t r = 0; r < milp->row_count; r++)
        expect_same_row(rows, r, milp->index + milp->start[r], milp->value + milp->start[r],
                        milp->start[r + 1] - milp->start[r]);
}

/* The optimum with all rows and the cuts that there are. */
static double full_optimum(const struct program *program, const struct ifp_relaxation *relaxation)
{
    const struct ifp_rows *rows = &relaxation->rows;
    double objective;
    struct ifp_lp *lp = program_lp(program, program->milp->cost, relaxation->scale,
                                   relaxation->lower, relaxation->upper, rows->lower, rows->upper);
    for (size_t r = program->milp->row_count; r < rows->row_count; r++) {
        size_t start = rows->start[r];
        program_ok(ifp_lp_add_row(lp, rows->lower[r], rows->upper[r], rows->start[r + 1] - start,
                                  rows->index + start, rows->value + start, &error),
                   &error);
    }
    enum ifp_lp_status status = program_solve(lp, &objective);
    ifp_lp_free(lp);
    return status == IFP_LP_OPTIMAL ? objective * relaxation->scale : (double)INFINITY;
}

static double solve(const struct program *program, struct ifp_relaxation *relaxation)
{
    enum ifp_relaxation_status status;
    program_ok(ifp_relaxation_solve(relaxation, INFINITY, 0, &status, &error), &error);
    double best = full_optimum(program, relaxation);
    if (isinf(best)) {
        ck_assert_int_eq(status, IFP_RELAXATION_INFEASIBLE);
        return best;
    }
    ck_assert_int_eq(status, IFP_RELAXATION_SOLVED);
    ck_assert_msg(fabs(relaxation->bound - best) <= 1e-7 * fmax(1, fabs(best)),
                  "the bound is %.12g, the optimum %.12g", relaxation->bound, best);
    return relaxation->bound;
}

/* The rows are some of those that there were, in their order, and those that are gone were not
 * needed by the point. */
static size_t expect_dropped(const struct ifp_relaxation *relaxation, const struct ifp_rows *before)
{
    const struct ifp_rows *rows = &relaxation->rows;
    size_t at = 0;
    size_t gone = 0;
    for (size_t r = 0; r < before->row_count; r++) {
        size_t count = before->start[r + 1] - before->start[r];
        const size_t *index = before->index + before->start[r];
        const double *value = before->value + before->start[r];
        bool same = at < rows->row_count && rows->upper[at] == before->upper[r] &&
                    rows->start[at + 1] - rows->start[at] == count &&
                    !memcmp(rows->index + rows->start[at], index, count * sizeof *index) &&
                    !memcmp(rows->value + rows->start[at], value, count * sizeof *value);
        if (same) {
            at++;
            continue;
        }
        double activity = 0;
        for (size_t e = 0; e < count; e++)
            activity += value[e] * relaxation->point[index[e]];
        ck_assert_double_le(activity, before->upper[r] + 1e-7);
        gone++;
    }
    ck_assert_uint_eq(at, rows->row_count);
    return gone;
}

/* Copies into rows that were empty. */
static void copy_rows(struct ifp_rows *to, const struct ifp_rows *from)
{
    to->column_count = from->column_count;
    for (size_t r = 0; r < from->row_count; r++)
        ck_assert(ifp_rows_add(to, from->start[r + 1] - from->start[r],
                               from->index + from->start[r], from->value + from->start[r],
                               from->lower[r], from->upper[r]));
}

static size_t drop(const struct program *program, struct ifp_relaxation *relaxation)
{
    struct ifp_rows before = {0};
    double bound = relaxation->bound;
    copy_rows(&before, &relaxation->rows);
    program_ok(ifp_relaxation_drop_cuts(relaxation, &error), &error);
    expect_order(relaxation);
    size_t gone = expect_dropped(relaxation, &before);
    ifp_rows_clear(&before);
    double again = solve(program, relaxation);
    ck_assert_msg(fabs(again - bound) <= 1e-9 * fmax(1, fabs(bound)),
                  "without cuts that were not tight, %.12g, before %.12g", again, bound);
    return gone;
}

/* Cuts come and go at the root and below branches. */
START_TEST(cuts_come_and_go)
{
    struct random random = {(uint64_t)_i};
    size_t found = 0;
    size_t gone = 0;
    for (int n = 0; n < 3; n++) {
        struct program program;
        struct ifp_relaxation *relaxation;
        program_build(&program,
                      sample_instance((unsigned long)(_i + POLICIES * n), 4, 3, 2 + 2 * n));
        program_ok(ifp_relaxation_new(program.environment, program.problem, program.milp,
                                      program.watch, &relaxation, &error),
                   &error);
        struct ifp_separator *separator = ifp_separator_new(relaxation);
        ck_assert_ptr_nonnull(separator);
        double bound = solve(&program, relaxation);
        for (int round = 0; round < ROUNDS && isfinite(bound); round++) {
            size_t added;
            program_ok(ifp_separate(separator, relaxation, true, &added, &error), &error);
            found += added;
            expect_order(relaxation);
            bound = solve(&program, relaxation);
            if (isfinite(bound) && round % 2)
                gone += drop(&program, relaxation);
            /* Another place of the tree, where the cuts stay. */
            for (int k = 0; k < 3 && program.problem->configuration_count; k++) {
                size_t c = (size_t)random_below(&random, (int)program.problem->configuration_count);
                program_ok(ifp_relaxation_set_column(relaxation, program.milp->rent[c], 0,
                                                     random_chance(&random, 0.5) ? 1 : 0, &error),
                           &error);
            }
            bound = isfinite(bound) ? solve(&program, relaxation) : bound;
        }
        ifp_separator_free(separator);
        ifp_relaxation_free(relaxation);
        program_destroy(&program);
    }
    ck_assert_uint_ge(found, 3);
    ck_assert_uint_ge(gone, 1);
}
END_TEST

/* Wherever the run is stopped while the LP is loaded, there is no LP, and it can be loaded
 * later. */
START_TEST(loading_stops_anywhere)
{
    struct program program;
    struct ifp_relaxation *relaxation;
    program_build(&program, sample_instance((unsigned long)_i, 4, 3, 4));
    program_ok(ifp_relaxation_new(program.environment, program.problem, program.milp, program.watch,
                                  &relaxation, &error),
               &error);
    double bound = solve(&program, relaxation);
    ifp_relaxation_free(relaxation);
    int stops = 0;
    for (bool loaded = false; !loaded; stops += !loaded) {
        program_ok(ifp_relaxation_new(program.environment, program.problem, program.milp,
                                      program.watch, &relaxation, &error),
                   &error);
        (void)program_stop_after(stops);
        program_ok(ifp_relaxation_load(relaxation, &error), &error);
        int polls = program_stop_after(INT_MAX);
        loaded = relaxation->lp;
        ck_assert_msg(loaded == (polls <= stops), "%d looks, stopped at number %d", polls, stops);
        ck_assert(!loaded ? !relaxation->inactive : relaxation->active_count > 0);
        double later = solve(&program, relaxation);
        ck_assert_msg(later == bound || fabs(later - bound) <= 1e-6 * fabs(bound), "%g, not %g",
                      later, bound);
        ifp_relaxation_free(relaxation);
    }
    ck_assert_int_ge(stops, 5);
    program_destroy(&program);
}
END_TEST

/* A call of the LP solver that would not end in time is not made, and the run ends. */
START_TEST(no_call_without_time)
{
    struct program program;
    struct ifp_relaxation *relaxation;
    enum ifp_relaxation_status status;
    program_build(&program, sample_instance((unsigned long)_i, 4, 3, 4));
    program_ok(ifp_relaxation_new(program.environment, program.problem, program.milp, program.watch,
                                  &relaxation, &error),
               &error);
    program_ok(ifp_relaxation_load(relaxation, &error), &error);
    relaxation->call = (struct ifp_duration){1000, true};
    program_leave_seconds(1000);
    program_ok(ifp_relaxation_solve(relaxation, INFINITY, 0, &status, &error), &error);
    ck_assert_int_eq(status, IFP_RELAXATION_STOPPED);
    ck_assert_double_eq(relaxation->iterations, 0);
    ck_assert(ifp_watch_stopped(program.watch));
    (void)program_stop_after(INT_MAX);
    program_leave_seconds(2000);
    program_ok(ifp_relaxation_solve(relaxation, INFINITY, 0, &status, &error), &error);
    ck_assert_int_eq(status, IFP_RELAXATION_SOLVED);
    ck_assert_double_lt(relaxation->call.seconds, 1000); /* measured anew */
    program_leave_seconds(INFINITY);
    ifp_relaxation_free(relaxation);
    program_destroy(&program);
}
END_TEST

/* -- configurations -- */

static void expect_same_configuration(const struct ifp_configuration *one,
                                      const struct ifp_configuration *other)
{
    ck_assert_uint_eq(one->model, other->model);
    ck_assert_uint_eq(one->tier, other->tier);
    ck_assert_uint_eq(one->degree_index, other->degree_index);
    ck_assert_double_eq(one->degree, other->degree);
    ck_assert_double_eq(one->max_replicas, other->max_replicas);
    ck_assert_double_eq(one->weights_gb, other->weights_gb);
    ck_assert_int_eq(ifp_account_compare(one, other), 0);
    ck_assert_double_eq(one->kv_gb, other->kv_gb);
    ck_assert_double_eq(one->tflops, other->tflops);
    ck_assert_uint_eq(one->route_count, other->route_count);
}

static void expect_same_route(const struct ifp_problem *one_problem,
                              const struct ifp_route_data *one,
                              const struct ifp_problem *other_problem,
                              const struct ifp_route_data *other)
{
    ck_assert_uint_eq(one->query, other->query);
    for (int level = 0; level < IFP_SERVICE_COUNT; level++)
        ck_assert_double_eq(one->level[level], other->level[level]);
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        ck_assert_double_eq(ifp_route_need(one_problem, one, (enum ifp_capacity)k),
                            ifp_route_need(other_problem, other, (enum ifp_capacity)k));
    ck_assert_double_eq(ifp_route_storage_usd(one_problem, one),
                        ifp_route_storage_usd(other_problem, other));
    ck_assert_double_eq(ifp_route_delay_usd(one_problem, one),
                        ifp_route_delay_usd(other_problem, other));
    ck_assert_double_eq(one->max_share, other->max_share);
}

/* All but configurations, routes and pairs. */
static void expect_same_rest(const struct ifp_problem *one, const struct ifp_problem *other)
{
    ck_assert_uint_eq(one->query_count, other->query_count);
    ck_assert_uint_eq(one->model_count, other->model_count);
    ck_assert_uint_eq(one->tier_count, other->tier_count);
    for (size_t i = 0; i < one->query_count; i++) {
        ck_assert_double_eq(one->demands[i].unmet_usd, other->demands[i].unmet_usd);
        ck_assert_double_eq(one->demands[i].max_unmet, other->demands[i].max_unmet);
        for (int level = 0; level < IFP_SERVICE_COUNT; level++)
            ck_assert_double_eq(one->demands[i].limit[level], other->demands[i].limit[level]);
    }
    ck_assert_uint_eq(one->pool_count, other->pool_count);
    ck_assert_uint_eq(one->resource_count, other->resource_count);
    for (size_t s = 0; s < one->resource_count; s++) {
        ck_assert_ptr_eq(one->resources[s].trait, other->resources[s].trait);
        ck_assert_double_eq(one->resources[s].limit, other->resources[s].limit);
    }
    for (size_t k = 0; k < one->tier_count; k++)
        ck_assert_uint_eq(one->tier_pool[k], other->tier_pool[k]);
    ck_assert_int_eq(one->placement, other->placement);
    ck_assert_int_eq(one->slo_basis, other->slo_basis);
    ck_assert_int_eq(one->route_charges, other->route_charges);
    ck_assert_mem_eq(one->removed, other->removed, sizeof one->removed);
}

static void expect_restricted(const struct ifp_problem *problem, const bool *keep)
{
    struct ifp_problem *made = ifp_problem_restrict(problem, keep);
    size_t at = 0;
    size_t route = 0;
    size_t pair = 0;
    ck_assert_ptr_nonnull(made);
    expect_same_rest(made, problem);
    for (size_t p = 0; p < problem->pair_count; p++) {
        const struct ifp_pair *of = &problem->pairs[p];
        size_t first = at;
        for (size_t c = of->first; c < of->first + of->count; c++) {
            if (!keep[c])
                continue;
            const struct ifp_configuration *from = &problem->configurations[c];
            ck_assert_uint_lt(at, made->configuration_count);
            const struct ifp_configuration *to = &made->configurations[at];
            expect_same_configuration(to, from);
            ck_assert_uint_eq(to->first_route, route);
            for (size_t k = 0; k < from->route_count; k++) {
                ck_assert_uint_lt(route, made->route_count);
                expect_same_route(made, &made->routes[route], problem,
                                  &problem->routes[from->first_route + k]);
                ck_assert_uint_eq(made->routes[route].configuration, at);
                route++;
            }
            at++;
        }
        if (at == first)
            continue;
        ck_assert_uint_lt(pair, made->pair_count);
        ck_assert_uint_eq(made->pairs[pair].model, of->model);
        ck_assert_uint_eq(made->pairs[pair].tier, of->tier);
        ck_assert_uint_eq(made->pairs[pair].first, first);
        ck_assert_uint_eq(made->pairs[pair].count, at - first);
        pair++;
    }
    ck_assert_uint_eq(made->configuration_count, at);
    ck_assert_uint_eq(made->route_count, route);
    ck_assert_uint_eq(made->pair_count, pair);
    ifp_problem_free(made);
}

START_TEST(configurations_go)
{
    static const double chances[] = {0, 0.1, 0.5, 0.9, 1};
    struct random random = {(uint64_t)_i};
    for (int n = 0; n < 5; n++) {
        struct program program;
        program_build(&program, sample_instance((unsigned long)(_i + POLICIES * n), 5, 3, 4));
        size_t count = program.problem->configuration_count;
        bool *keep = calloc(count + 1, sizeof *keep);
        ck_assert_ptr_nonnull(keep);
        for (size_t turn = 0; turn < sizeof chances / sizeof *chances; turn++) {
            for (size_t c = 0; c < count; c++)
                keep[c] = random_chance(&random, chances[turn]);
            expect_restricted(program.problem, keep);
        }
        free(keep);
        program_destroy(&program);
    }
}
END_TEST

static Suite *rows_suite(void)
{
    Suite *suite = suite_create("rows");
    TCase *tests = tcase_create("rows");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, rows_come_and_go, 0, 10);
    tcase_add_loop_test(tests, cuts_come_and_go, 0, POLICIES);
    tcase_add_loop_test(tests, loading_stops_anywhere, 0, POLICIES);
    tcase_add_loop_test(tests, no_call_without_time, 0, POLICIES);
    tcase_add_loop_test(tests, configurations_go, 0, POLICIES);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(rows_suite());
}
