/* SPDX-License-Identifier: MIT */
/* Branching on numbers of replicas that a table of head-room makes binaries, and on operating
 * points of one degree: both sides exclude the point, no plan is lost, and mixtures end. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/node/branch.h"
#include "engine/tuning.h"
#include "support/program.h"
#include "support/suite.h"

enum { SEEDS = 12, NODES = 4000 };

static struct ifp_error error;

/* One model at one degree of one tier, with three measured points and 2 to 6 replicas. */
static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"branch\","
    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
    " \"policy\": {\"max_replicas\": 6, \"deployments_per_pair\": 1},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 1, \"output_tokens\": 1,"
    "   \"rate_per_hour\": 3000, \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"b\", \"input_tokens\": 1, \"output_tokens\": 1, \"rate_per_hour\": 3000,"
    "   \"unmet_penalty_usd\": 1}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 1, \"kv_gb_per_token\": 0}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 9, \"tflops\": 1, \"usd_per_hour\": 1,"
    "   \"tp_degrees\": [1]}],"
    " \"profiles\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1, \"min_replicas\": 2,"
    "  \"headroom\": {\"table\": [0.3, 0.9, 1.2, 2.5, 3, 3.5]}, \"points\": ["
    "  {\"name\": \"x\", \"tpot_ms\": 9, \"queries\": {"
    "    \"a\": {\"rate_per_hour\": 900, \"ttft_ms\": 1},"
    "    \"b\": {\"rate_per_hour\": 2000, \"ttft_ms\": 1}}},"
    "  {\"name\": \"y\", \"tpot_ms\": 9, \"queries\": {"
    "    \"a\": {\"rate_per_hour\": 1500, \"ttft_ms\": 1},"
    "    \"b\": {\"rate_per_hour\": 1500, \"ttft_ms\": 1}}},"
    "  {\"name\": \"z\", \"tpot_ms\": 9, \"queries\": {"
    "    \"a\": {\"rate_per_hour\": 2000, \"ttft_ms\": 1},"
    "    \"b\": {\"rate_per_hour\": 900, \"ttft_ms\": 1}}}]}],"
    " \"performance\": {\"error_rate\": 0}}";

static struct program program;
static struct ifp_relaxation *relaxation;
static struct ifp_branches branches;
static struct ifp_changes changes;

static void setup(void)
{
    ifp_instance *instance = ifp_instance_read_string(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(instance);
    program_build(&program, instance);
    ck_assert_uint_eq(program.problem->configuration_count, 3);
    ck_assert_uint_eq(program.problem->pair_count, 1);
    program_ok(ifp_relaxation_new(program.environment, program.problem, program.milp, program.watch,
                                  &relaxation, &error),
               &error);
}

static void teardown(void)
{
    free(branches.items);
    free(changes.items);
    branches = (struct ifp_branches){0};
    changes = (struct ifp_changes){0};
    ifp_relaxation_free(relaxation);
    program_destroy(&program);
}

/* Rent configuration c by `part`, at a number of replicas. */
static void rent(size_t c, double part, double replicas)
{
    const struct ifp_milp *milp = program.milp;
    relaxation->point[milp->rent[c]] += part;
    relaxation->point[milp->replicas[c]] += part * replicas;
    relaxation->point[ifp_milp_exactly(milp, c, replicas)] += part;
}

static const struct ifp_branch *only_candidate(enum ifp_branch_kind kind, double value)
{
    ck_assert_int_eq(
        ifp_branch_candidates(program.problem, program.milp, relaxation->point, true, &branches),
        IFP_OK);
    ck_assert_uint_eq(branches.count, 1);
    ck_assert_int_eq(branches.items[0].kind, kind);
    ck_assert_double_eq(branches.items[0].value, value);
    return &branches.items[0];
}

/* The bounds of a column on a side of the branch. */
static struct ifp_change side_of(const struct ifp_branch *branch, bool up, size_t column)
{
    struct ifp_change found = {
        .index = column, .lower = relaxation->lower[column], .upper = relaxation->upper[column]};
    ck_assert_int_eq(ifp_branch_changes(program.problem, relaxation, branch, up, &changes), IFP_OK);
    for (size_t k = 0; k < changes.count; k++) {
        ck_assert(!changes.items[k].row);
        if (changes.items[k].index == column)
            found = changes.items[k];
    }
    return found;
}

/* On a side of the branch, configuration c has from `least` to `most` replicas, or 0. */
static void expect_numbers(const struct ifp_branch *branch, bool up, size_t c, double least,
                           double most)
{
    const struct ifp_milp *milp = program.milp;
    struct ifp_change replicas = side_of(branch, up, milp->replicas[c]);
    ck_assert_double_eq(replicas.lower, up ? least : 0);
    ck_assert_double_eq(replicas.upper, most);
    for (double m = 2; m <= 6; m++) {
        struct ifp_change exactly = side_of(branch, up, ifp_milp_exactly(milp, c, m));
        ck_assert_double_eq(exactly.upper, m >= least && m <= most);
        ck_assert_double_eq(exactly.lower, up && least == most && m == least);
    }
}

/* Half 4 and half 6 are 5, but not exactly 5. */
START_TEST(mixtures_of_numbers)
{
    rent(1, 0.5, 4);
    rent(1, 0.5, 6);
    const struct ifp_branch branch = *only_candidate(IFP_BRANCH_REPLICAS, 5.5);
    ck_assert_uint_eq(branch.first, 1);
    expect_numbers(&branch, false, 1, 2, 5);
    expect_numbers(&branch, true, 1, 6, 6);
    memset(relaxation->point, 0, program.milp->column_count * sizeof *relaxation->point);
    rent(1, 0.25, 2);
    rent(1, 0.75, 6);
    (void)only_candidate(IFP_BRANCH_REPLICAS, 5.5);
    memset(relaxation->point, 0, program.milp->column_count * sizeof *relaxation->point);
    rent(1, 1, 5);
    ck_assert_int_eq(
        ifp_branch_candidates(program.problem, program.milp, relaxation->point, true, &branches),
        IFP_OK);
    ck_assert_uint_eq(branches.count, 0);
}
END_TEST

/* Fractional replicas close the numbers on either side; those below the least one are skipped. */
START_TEST(fractional_replicas)
{
    rent(0, 0.5, 3);
    rent(0, 0.5, 4);
    const struct ifp_branch branch = *only_candidate(IFP_BRANCH_REPLICAS, 3.5);
    expect_numbers(&branch, false, 0, 2, 3);
    expect_numbers(&branch, true, 0, 4, 6);
    const struct ifp_branch low = {.kind = IFP_BRANCH_REPLICAS, .first = 0, .value = 0.5};
    expect_numbers(&low, true, 0, 2, 6);
    const struct ifp_branch lower = {.kind = IFP_BRANCH_REPLICAS, .first = 0, .value = 1.5};
    expect_numbers(&lower, true, 0, 2, 6);
    ck_assert_double_eq(side_of(&lower, false, program.milp->replicas[0]).upper, 0);
    ck_assert_double_eq(side_of(&lower, false, program.milp->rent[0]).upper, 0);
}
END_TEST

/* Points of one degree are told apart by their place. */
START_TEST(mixtures_of_points)
{
    const struct ifp_milp *milp = program.milp;
    rent(0, 0.9, 3);
    rent(2, 0.1, 3);
    ck_assert_int_eq(
        ifp_branch_candidates(program.problem, milp, relaxation->point, true, &branches), IFP_OK);
    const struct ifp_branch branch = branches.items[0];
    ck_assert_int_eq(branch.kind, IFP_BRANCH_POINT);
    ck_assert_double_eq(branch.value, 0.5);
    for (size_t c = 0; c < 3; c++) {
        ck_assert_double_eq(side_of(&branch, false, milp->rent[c]).upper, c == 0);
        ck_assert_double_eq(side_of(&branch, true, milp->rent[c]).upper, c != 0);
    }
}
END_TEST

/* -- a whole tree, by branching alone -- */

static void apply(const struct ifp_changes *some)
{
    for (size_t k = 0; k < some->count; k++) {
        const struct ifp_change *change = &some->items[k];
        if (change->row) {
            program_ok(ifp_relaxation_set_row(relaxation, change->index, change->lower,
                                              change->upper, &error),
                       &error);
            continue;
        }
        double lower = fmax(change->lower, relaxation->lower[change->index]);
        double upper = fmin(change->upper, relaxation->upper[change->index]);
        program_ok(
            ifp_relaxation_set_column(relaxation, change->index, fmin(lower, upper), upper, &error),
            &error);
    }
}

/* The least cost of points below the present bounds without a candidate. */
static double search(int *nodes, double best)
{
    const struct ifp_milp *milp = program.milp;
    size_t size = milp->column_count * sizeof(double);
    enum ifp_relaxation_status status;
    ck_assert_int_lt(++*nodes, NODES);
    program_ok(ifp_relaxation_solve(relaxation, INFINITY, 0, &status, &error), &error);
    if (status == IFP_RELAXATION_INFEASIBLE || relaxation->bound >= best)
        return best;
    ck_assert_int_eq(status, IFP_RELAXATION_SOLVED);
    struct ifp_branches own = {0};
    ck_assert_int_eq(ifp_branch_candidates(program.problem, milp, relaxation->point, true, &own),
                     IFP_OK);
    if (!own.count) {
        for (size_t c = 0; c < milp->column_count; c++) {
            double at = relaxation->point[c];
            ck_assert(!milp->integer[c] || fabs(at - floor(at + 0.5)) <= IFP_WHOLE);
        }
        free(own.items);
        return fmin(best, relaxation->objective);
    }
    struct ifp_branch branch = own.items[0];
    double *before = malloc(2 * size);
    double *rows = malloc((milp->row_count + 1) * sizeof *rows);
    ck_assert(before && rows);
    memcpy(before, relaxation->lower, size);
    memcpy((char *)before + size, relaxation->upper, size);
    for (int up = 0; up < 2; up++) {
        struct ifp_changes some = {0};
        ck_assert_int_eq(ifp_branch_changes(program.problem, relaxation, &branch, up, &some),
                         IFP_OK);
        for (size_t r = 0; r < milp->row_count; r++)
            rows[r] = relaxation->rows.lower[r];
        apply(&some);
        best = search(nodes, best);
        for (size_t c = 0; c < milp->column_count; c++)
            program_ok(ifp_relaxation_set_column(relaxation, c, before[c],
                                                 before[milp->column_count + c], &error),
                       &error);
        for (size_t k = 0; k < some.count; k++) {
            if (some.items[k].row)
                program_ok(ifp_relaxation_set_row(relaxation, some.items[k].index,
                                                  rows[some.items[k].index], 1, &error),
                           &error);
        }
        free(some.items);
    }
    free(rows);
    free(before);
    free(own.items);
    return best;
}

/* A tree of these branches finds the optimum of plain branching on single columns. */
START_TEST(the_whole_tree)
{
    struct random random = {(uint64_t)_i};
    for (size_t c = 0; c < program.milp->column_count; c++) {
        if (program.milp->columns[c].kind == IFP_COLUMN_REPLICAS)
            program.milp->cost[c] = random_between(&random, 300, 1500);
        else if (program.milp->columns[c].kind == IFP_COLUMN_UNMET)
            program.milp->cost[c] = random_between(&random, 1000, 4000);
        else if (program.milp->columns[c].kind == IFP_COLUMN_EXACTLY)
            program.milp->cost[c] = random_between(&random, 0, 500);
        relaxation->cost[c] = program.milp->cost[c] / relaxation->scale;
    }
    double optimum = program_minimum(&program, program.milp->cost, (double)INFINITY, 100000, NULL);
    int nodes = 0;
    double found = search(&nodes, INFINITY);
    ck_assert_msg(fabs(found - optimum) <= 1e-6 * fmax(1, fabs(optimum)),
                  "seed %d: %.12g, not %.12g", _i, found, optimum);
}
END_TEST

static Suite *branch_suite(void)
{
    Suite *suite = suite_create("branch");
    TCase *tests = tcase_create("branch");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, mixtures_of_numbers);
    tcase_add_test(tests, fractional_replicas);
    tcase_add_test(tests, mixtures_of_points);
    tcase_add_loop_test(tests, the_whole_tree, 0, SEEDS);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(branch_suite());
}
