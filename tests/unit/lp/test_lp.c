/* SPDX-License-Identifier: MIT */
/*
 * The interface to LP solvers: every test runs on every backend of the build. The results of a
 * backend are verified by arithmetic on a dense copy of the LP: optima by their point and their
 * multipliers, infeasibility by the combination of rows, rows of the tableau by the basis. Each
 * optimum is found again from the start.
 */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "lp/lp.h"
#include "support/mirror.h"
#include "support/seam.h"
#include "support/suite.h"

/* -- a small one, by hand -- */

START_TEST(answers)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    double point[2];
    double multipliers[2];
    double reduced[2];
    char basis[4];
    environment = seam_environment(false);
    struct ifp_lp *lp = seam_lp(environment);
    ck_assert_uint_gt(ifp_lp_size(lp), 0);
    ck_assert_str_ne(seam_name(), "");
    seam_expect_solved(lp, -5);
    seam_ok(ifp_lp_point(lp, point, &seam_error));
    ck_assert_double_eq_tol(point[0], 3, 1e-9);
    ck_assert_double_eq_tol(point[1], 1, 1e-9);
    seam_ok(ifp_lp_multipliers(lp, multipliers, &seam_error));
    ck_assert_double_eq_tol(multipliers[0], -0.5, 1e-9);
    ck_assert_double_eq_tol(multipliers[1], -0.5, 1e-9);
    seam_ok(ifp_lp_reduced_costs(lp, reduced, &seam_error));
    ck_assert_double_eq_tol(reduced[0], 0, 1e-9);
    seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
    ck_assert_mem_eq(basis, "bbuu", 4);
    /* Bounds change, and the basis comes back. */
    seam_ok(ifp_lp_set_column_bounds(lp, 1, 0, 0, &seam_error));
    seam_expect_solved(lp, -4);
    seam_ok(ifp_lp_set_column_bounds(lp, 1, 0, 10, &seam_error));
    seam_ok(ifp_lp_set_row_bounds(lp, 0, -INFINITY, 2, &seam_error));
    seam_expect_solved(lp, -4); /* (0, 2) */
    seam_ok(ifp_lp_set_row_bounds(lp, 0, -INFINITY, 4, &seam_error));
    seam_ok(ifp_lp_set_basis(lp, basis, 2, &seam_error));
    struct ifp_lp_result result;
    seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
    ck_assert_double_eq_tol(result.objective, -5, 1e-9);
    ck_assert_int_eq(result.iterations, 0);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* Before any solve, the rows are basic. */
START_TEST(first_basis)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    char basis[4];
    environment = seam_environment(false);
    struct ifp_lp *lp = seam_lp(environment);
    seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
    ck_assert_mem_eq(basis + 2, "bb", 2);
    for (size_t c = 0; c < 2; c++)
        ck_assert(basis[c] == 'l' || basis[c] == 'u');
    ck_assert(ifp_lp_row_is_basic(lp, 0) && ifp_lp_row_is_basic(lp, 1));
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* A basis that does not fit, having too many that are basic, is replaced. */
START_TEST(basis_that_does_not_fit)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment = seam_environment(false);
    struct ifp_lp *lp = seam_lp(environment);
    seam_ok(ifp_lp_set_basis(lp, "bbbb", 2, &seam_error));
    seam_expect_solved(lp, -5);
    seam_ok(ifp_lp_set_basis(lp, "llll", 2, &seam_error));
    seam_expect_solved(lp, -5);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* What is not held by any row, and rows without entries, in the way of those that have some. */
START_TEST(nothing_to_hold)
{
    (void)seam_choose(_i, 1);
    static const double cost[] = {1, -1};
    static const double lower[] = {-3, 2};
    static const double upper[] = {5, 7};
    static const size_t column = 1;
    static const double one = 1;
    struct ifp_lp_environment *environment;
    struct ifp_lp *lp;
    double multipliers[3];
    environment = seam_environment(false);
    seam_ok(ifp_lp_new(environment, IFP_LP_LARGE, 2, cost, lower, upper, NULL, &lp, &seam_error));
    seam_expect_solved(lp, -10);
    seam_ok(ifp_lp_add_row(lp, -INFINITY, 4, 0, NULL, NULL, &seam_error));
    seam_expect_solved(lp, -10);
    seam_ok(ifp_lp_add_row(lp, -1, INFINITY, 0, NULL, NULL, &seam_error));
    seam_ok(ifp_lp_add_row(lp, -INFINITY, 6, 1, &column, &one, &seam_error));
    seam_expect_solved(lp, -9);
    seam_ok(ifp_lp_multipliers(lp, multipliers, &seam_error));
    ck_assert_double_eq_tol(multipliers[2], -1, 1e-9);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* -- random ones, with a dense copy -- */

/* Solve, prove what comes out, and compare it with what comes out from the start. */
static enum ifp_lp_status solve_proven(const struct mirror *mirror,
                                       struct ifp_lp_environment *environment, struct ifp_lp *lp,
                                       bool primal)
{
    struct ifp_lp_limits limits = seam_no_limits;
    struct ifp_lp_result result;
    struct ifp_lp_result again;
    limits.primal = primal;
    seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
    struct ifp_lp *anew = mirror_anew(mirror, environment);
    seam_ok(ifp_lp_solve(anew, &seam_no_limits, &again, &seam_error));
    ck_assert_int_eq(result.status, again.status);
    if (result.status == IFP_LP_OPTIMAL) {
        ck_assert_double_eq_tol(result.objective, again.objective, 1e-6);
        mirror_expect_optimal(mirror, lp, &result);
        mirror_expect_optimal(mirror, anew, &again);
        mirror_expect_tableau(mirror, lp);
    } else {
        ck_assert_int_eq(result.status, IFP_LP_INFEASIBLE);
        /* Where phase 1 of the primal method ends, there need not be a ray. */
        ck_assert(primal || result.ray);
        ck_assert(again.ray);
        if (result.ray)
            mirror_expect_ray(mirror, lp);
        mirror_expect_ray(mirror, anew);
    }
    ifp_lp_free(anew);
    return result.status;
}

START_TEST(proofs)
{
    int variant = seam_choose(_i, 4);
    struct ifp_lp_environment *environment = seam_environment(variant % 2 != 0);
    int optimal = 0;
    int infeasible = 0;
    for (uint64_t seed = 0; seed < 150; seed++) {
        struct random random = {seed};
        struct mirror mirror;
        struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 12, 9);
        for (int turn = 0; turn < 4; turn++) {
            enum ifp_lp_status status = solve_proven(&mirror, environment, lp, variant >= 2);
            optimal += status == IFP_LP_OPTIMAL;
            infeasible += status == IFP_LP_INFEASIBLE;
            size_t column = (size_t)random_below(&random, 12);
            mirror.lower[column] = mirror.upper[column] = random_below(&random, 5) - 2;
            seam_ok(ifp_lp_set_column_bounds(lp, column, mirror.lower[column], mirror.upper[column],
                                             &seam_error));
        }
        ifp_lp_free(lp);
    }
    ifp_lp_environment_free(environment);
    ck_assert_int_ge(optimal, 100);
    ck_assert_int_ge(infeasible, 100);
}
END_TEST

static void delete_lines(struct mirror *mirror, struct ifp_lp *lp, struct random *random,
                         bool columns, bool keep_basis)
{
    char basis[2 * MIRROR_MAX];
    size_t gone[MIRROR_MAX];
    size_t count = 0;
    size_t kept = 0;
    size_t lines = columns ? mirror->columns : mirror->rows;
    seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
    for (size_t l = 0; l < lines; l++) {
        bool fits = columns ? basis[l] != 'b' : basis[mirror->columns + l] == 'b';
        if (lines - count > 3 && (fits || !keep_basis) && random_chance(random, 0.3)) {
            gone[count++] = l;
            continue;
        }
        if (columns) {
            mirror->cost[kept] = mirror->cost[l];
            mirror->lower[kept] = mirror->lower[l];
            mirror->upper[kept] = mirror->upper[l];
            for (size_t r = 0; r < mirror->rows; r++)
                mirror->entry[r][kept] = mirror->entry[r][l];
        } else {
            mirror->row_lower[kept] = mirror->row_lower[l];
            mirror->row_upper[kept] = mirror->row_upper[l];
            memmove(mirror->entry[kept], mirror->entry[l], sizeof mirror->entry[l]);
        }
        kept++;
    }
    *(columns ? &mirror->columns : &mirror->rows) = kept;
    seam_ok((columns ? ifp_lp_delete_columns : ifp_lp_delete_rows)(lp, count, gone, &seam_error));
    if (!keep_basis)
        return;
    /* Then the others have kept their place in it. */
    char after[2 * MIRROR_MAX];
    size_t at = 0;
    seam_ok(ifp_lp_get_basis(lp, after, &seam_error));
    for (size_t l = 0, g = 0; l < lines; l++) {
        if (g < count && gone[g] == l)
            g++;
        else
            ck_assert_int_eq(after[(columns ? 0 : mirror->columns) + at++],
                             basis[(columns ? 0 : mirror->columns) + l]);
    }
}

/* Everything that may happen to an LP between two solves, in any order and several at once. */
static void change(struct mirror *mirror, struct ifp_lp **changed, struct random *random)
{
    struct ifp_lp *lp = *changed;
    switch (random_below(random, 8)) {
    case 0:
        if (mirror->rows + 1 < MIRROR_MAX)
            mirror_add_row(mirror, lp, random);
        break;
    case 1:
        if (mirror->columns + 1 < MIRROR_MAX)
            mirror_add_column(mirror, lp, random);
        break;
    case 2: {
        size_t c = (size_t)random_below(random, (int)mirror->columns);
        mirror->lower[c] = random_below(random, 4) - 2;
        mirror->upper[c] = mirror->lower[c] + random_below(random, 8);
        seam_ok(ifp_lp_set_column_bounds(lp, c, mirror->lower[c], mirror->upper[c], &seam_error));
        break;
    }
    case 3: {
        size_t r = (size_t)random_below(random, (int)mirror->rows);
        mirror->row_lower[r] =
            random_chance(random, 0.7) ? (double)-INFINITY : random_below(random, 9) - 9;
        mirror->row_upper[r] =
            random_chance(random, 0.3) ? (double)INFINITY : random_below(random, 20);
        seam_ok(
            ifp_lp_set_row_bounds(lp, r, mirror->row_lower[r], mirror->row_upper[r], &seam_error));
        break;
    }
    case 4:
        delete_lines(mirror, lp, random, true, random_chance(random, 0.8));
        break;
    case 5:
        delete_lines(mirror, lp, random, false, random_chance(random, 0.8));
        break;
    case 6: {
        struct ifp_lp *copy = NULL;
        seam_ok(ifp_lp_copy(&copy, lp, &seam_error));
        ifp_lp_free(lp);
        *changed = copy;
        break;
    }
    default: {
        char basis[2 * MIRROR_MAX];
        seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
        seam_ok(ifp_lp_set_basis(lp, basis, mirror->rows, &seam_error));
    }
    }
}

START_TEST(changes)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    int optimal = 0;
    environment = seam_environment(false);
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random random = {1000 + seed};
        struct mirror mirror;
        struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 10, 6);
        for (int turn = 0; turn < 15; turn++) {
            for (int times = random_below(&random, 4); times >= 0; times--)
                change(&mirror, &lp, &random);
            optimal += solve_proven(&mirror, environment, lp, random_chance(&random, 0.3)) ==
                       IFP_LP_OPTIMAL;
        }
        ifp_lp_free(lp);
    }
    ifp_lp_environment_free(environment);
    ck_assert_int_ge(optimal, 200);
}
END_TEST

/* A basis that was optimal once takes no iteration, whatever was solved in between; nor where rows
 * have gone that were basic. */
START_TEST(bases_come_back)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    struct ifp_lp_result result;
    int tried = 0;
    environment = seam_environment(false);
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random random = {2000 + seed};
        struct mirror mirror;
        char basis[2 * MIRROR_MAX];
        struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 12, 8);
        seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
        if (result.status != IFP_LP_OPTIMAL) {
            ifp_lp_free(lp);
            continue;
        }
        tried++;
        double objective = result.objective;
        seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
        size_t column = (size_t)random_below(&random, 12);
        seam_ok(ifp_lp_set_column_bounds(lp, column, -2, -2, &seam_error));
        seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
        seam_ok(ifp_lp_set_column_bounds(lp, column, mirror.lower[column], mirror.upper[column],
                                         &seam_error));
        seam_ok(ifp_lp_set_basis(lp, basis, 8, &seam_error));
        seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
        ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
        ck_assert_double_eq_tol(result.objective, objective, 1e-7);
        ck_assert_int_eq(result.iterations, 0);
        delete_lines(&mirror, lp, &random, false, true);
        seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
        ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
        ck_assert_int_eq(result.iterations, 0);
        /* A row that the point satisfies starts basic, and so there is nothing to do. */
        seam_ok(ifp_lp_add_row(lp, -INFINITY, 1e6, 1, &(size_t){0}, &(double){1}, &seam_error));
        seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
        ck_assert_int_eq(result.iterations, 0);
        ifp_lp_free(lp);
    }
    ifp_lp_environment_free(environment);
    ck_assert_int_ge(tried, 30);
}
END_TEST

/* In slices of a few iterations the same comes out, and what stands in between is a bound. */
START_TEST(slices)
{
    int variant = seam_choose(_i, 2);
    struct ifp_lp_environment *environment;
    int limits_reached = 0;
    environment = seam_environment(false);
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random random = {3000 + seed};
        struct mirror mirror;
        struct ifp_lp_result whole;
        struct ifp_lp_result result;
        struct ifp_lp_limits limits = seam_no_limits;
        struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 30, 25);
        struct ifp_lp *other = mirror_anew(&mirror, environment);
        double multiplier[MIRROR_MAX];
        limits.primal = variant != 0;
        limits.iterations = 3;
        seam_ok(ifp_lp_solve(other, &seam_no_limits, &whole, &seam_error));
        int turns = 0;
        do {
            ck_assert_int_lt(turns++, 200);
            seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
            ck_assert_int_le(result.iterations, 3 + 2); /* a little more than asked for */
            limits_reached += result.status == IFP_LP_LIMIT;
            seam_ok(ifp_lp_multipliers(lp, multiplier, &seam_error));
            if (result.status == IFP_LP_LIMIT && whole.status == IFP_LP_OPTIMAL)
                ck_assert_double_le(mirror_bound(&mirror, true, multiplier),
                                    whole.objective + 1e-6);
        } while (result.status == IFP_LP_LIMIT);
        ck_assert_int_eq(result.status, whole.status);
        if (whole.status == IFP_LP_OPTIMAL) {
            ck_assert_double_eq_tol(result.objective, whole.objective, 1e-6);
            mirror_expect_optimal(&mirror, lp, &result);
        }
        ifp_lp_free(lp);
        ifp_lp_free(other);
    }
    ifp_lp_environment_free(environment);
    ck_assert_int_ge(limits_reached, 100);
}
END_TEST

START_TEST(no_time)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    struct ifp_lp_result result;
    struct random random = {5};
    struct mirror mirror;
    environment = seam_environment(false);
    struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 30, 25);
    struct ifp_lp_limits limits = seam_no_limits;
    limits.seconds = 0; /* so short an LP may be done all the same */
    seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
    ck_assert(result.status == IFP_LP_LIMIT || result.status == IFP_LP_OPTIMAL);
    /* Each solve has its own time. */
    for (int turn = 0; turn < 100; turn++) {
        limits.seconds = 60;
        seam_ok(ifp_lp_set_column_bounds(lp, (size_t)turn % 30, 0, 0, &seam_error));
        seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
        ck_assert(result.status == IFP_LP_OPTIMAL || result.status == IFP_LP_INFEASIBLE);
    }
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* Below the optimum the cut-off stops, with proof; above it it changes nothing. */
START_TEST(cutoffs)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    int stopped = 0;
    int optimal = 0;
    environment = seam_environment(false);
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct random random = {4000 + seed};
        struct mirror mirror;
        struct ifp_lp_result whole;
        struct ifp_lp_result result;
        struct ifp_lp_limits limits = seam_no_limits;
        double multiplier[MIRROR_MAX];
        struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 20, 12);
        struct ifp_lp *other = mirror_anew(&mirror, environment);
        seam_ok(ifp_lp_solve(other, &seam_no_limits, &whole, &seam_error));
        if (whole.status == IFP_LP_OPTIMAL) {
            optimal++;
            limits.cutoff = whole.objective - 10;
            seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
            ck_assert(result.status == IFP_LP_CUTOFF || result.status == IFP_LP_OPTIMAL);
            stopped += result.status == IFP_LP_CUTOFF;
            seam_ok(ifp_lp_multipliers(lp, multiplier, &seam_error));
            ck_assert_double_ge(mirror_bound(&mirror, true, multiplier), limits.cutoff - 1e-6);
            limits.cutoff = whole.objective + 1;
            seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
            ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
            mirror_expect_optimal(&mirror, lp, &result);
        }
        ifp_lp_free(lp);
        ifp_lp_free(other);
    }
    ifp_lp_environment_free(environment);
    ck_assert_int_ge(optimal, 50);
    ck_assert_int_ge(stopped, optimal / 4);
}
END_TEST

/* A cancel or a deadline that has passed leaves the columns unloaded. */
START_TEST(loading_is_cancelled)
{
    (void)seam_choose(_i, 1);
    static const double numbers[] = {1, 1};
    struct ifp_lp_environment *environment;
    atomic_bool flag;
    struct ifp_cancel cancel = {&flag, INFINITY};
    struct ifp_lp *lp;
    atomic_init(&flag, true);
    environment = seam_environment(false);
    seam_ok(ifp_lp_new(environment, IFP_LP_LARGE, 2, numbers, numbers, numbers, &cancel, &lp,
                       &seam_error));
    ck_assert_ptr_null(lp);
    atomic_store(&flag, false);
    seam_ok(ifp_lp_new(environment, IFP_LP_LARGE, 2, numbers, numbers, numbers, &cancel, &lp,
                       &seam_error));
    ck_assert_ptr_nonnull(lp);
    ifp_lp_free(lp);
    cancel.deadline = 0;
    seam_ok(ifp_lp_new(environment, IFP_LP_LARGE, 2, numbers, numbers, numbers, &cancel, &lp,
                       &seam_error));
    ck_assert_ptr_null(lp);
    lp = seam_lp(environment);
    seam_expect_solved(lp, -5);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* The deletion of a basic row and of a nonbasic column keeps the point of the others. */
START_TEST(point_stays)
{
    (void)seam_choose(_i, 1);
    static const double entry[] = {1, 1};
    struct ifp_lp_environment *environment = seam_environment(false);
    double point[3];
    struct ifp_lp *lp = seam_lp(environment);
    seam_ok(ifp_lp_add_row(lp, -INFINITY, 100, 2, (const size_t[]){0, 1}, entry, &seam_error));
    seam_ok(ifp_lp_add_column(lp, 7, 0, 1, 2, (const size_t[]){0, 2}, entry, &seam_error));
    seam_expect_solved(lp, -5);
    ck_assert(!ifp_lp_row_is_basic(lp, 0) && ifp_lp_row_is_basic(lp, 2));
    seam_ok(ifp_lp_delete_columns(lp, 1, (const size_t[]){2}, &seam_error));
    seam_ok(ifp_lp_delete_rows(lp, 1, (const size_t[]){2}, &seam_error));
    seam_ok(ifp_lp_point(lp, point, &seam_error));
    ck_assert_double_eq_tol(point[0], 3, 1e-9);
    ck_assert_double_eq_tol(point[1], 1, 1e-9);
    seam_expect_solved(lp, -5);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* A copy has the basis of the original, and neither is affected by changes of the other. */
START_TEST(copies)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment = seam_environment(false);
    struct ifp_lp *copy = NULL;
    int tried = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random random = {7000 + seed};
        struct mirror mirror;
        struct mirror other;
        struct ifp_lp_result result;
        char basis[2 * MIRROR_MAX];
        char same[2 * MIRROR_MAX];
        struct ifp_lp *lp =
            mirror_random(&mirror, environment, &random, 8 + seed % 20, 1 + seed % 15);
        seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
        if (seed % 3 == 0) { /* with changes that no solve has seen */
            mirror_add_row(&mirror, lp, &random);
            mirror_add_column(&mirror, lp, &random);
        }
        seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
        seam_ok(
            ifp_lp_copy(&copy, lp, &seam_error)); /* from the second time on, memory is reused */
        seam_ok(ifp_lp_get_basis(copy, same, &seam_error));
        ck_assert_mem_eq(basis, same, mirror.columns + mirror.rows);
        if (seed % 3 && result.status == IFP_LP_OPTIMAL) {
            double objective = result.objective;
            seam_ok(ifp_lp_solve(copy, &seam_no_limits, &result, &seam_error));
            ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
            ck_assert_int_eq(result.iterations, 0);
            ck_assert_double_eq_tol(result.objective, objective, 1e-7);
            tried++;
        }
        other = mirror;
        change(&other, &copy, &random);
        change(&mirror, &lp, &random);
        (void)solve_proven(&other, environment, copy, false);
        (void)solve_proven(&mirror, environment, lp, false);
        ifp_lp_free(lp);
    }
    ifp_lp_free(copy);
    ifp_lp_environment_free(environment);
    ck_assert_int_ge(tried, 10);
}
END_TEST

/* -- misuse: at once or at the next solve, everything of the environment is lost -- */

static void add_twice_the_same_column(struct ifp_lp *lp)
{
    static const size_t index[] = {1, 0, 1};
    static const double value[] = {1, 2, 3};
    (void)ifp_lp_add_row(lp, 0, 1, 3, index, value, &seam_error);
}

static void add_column_out_of_range(struct ifp_lp *lp)
{
    static const size_t index[] = {0, 2};
    static const double value[] = {1, 2};
    (void)ifp_lp_add_row(lp, 0, 1, 2, index, value, &seam_error);
}

static void bound_row_out_of_range(struct ifp_lp *lp)
{
    (void)ifp_lp_set_row_bounds(lp, 2, 0, 1, &seam_error);
}

static void bound_column_out_of_range(struct ifp_lp *lp)
{
    (void)ifp_lp_set_column_bounds(lp, 2, 0, 1, &seam_error);
}

static void delete_row_out_of_range(struct ifp_lp *lp)
{
    (void)ifp_lp_delete_rows(lp, 1, &(size_t){2}, &seam_error);
}

static void (*const misuses[])(struct ifp_lp *) = {
    add_twice_the_same_column, add_column_out_of_range, bound_row_out_of_range,
    bound_column_out_of_range, delete_row_out_of_range,
};
enum { MISUSES = sizeof misuses / sizeof *misuses };

START_TEST(misuse)
{
    int variant = seam_choose(_i, MISUSES);
    struct ifp_lp_environment *environment;
    struct ifp_lp_result result;
    double point[3];
    char basis[5];
    seam_capture();
    environment = seam_environment(false);
    struct ifp_lp *lp = seam_lp(environment);
    struct ifp_lp *other = seam_lp(environment);
    misuses[variant](lp);
    int later[] = {ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error),
                   ifp_lp_solve(other, &seam_no_limits, &result, &seam_error),
                   ifp_lp_point(lp, point, &seam_error),
                   ifp_lp_multipliers(lp, point, &seam_error),
                   ifp_lp_reduced_costs(other, point, &seam_error),
                   ifp_lp_tableau_row(other, 0, point, &seam_error),
                   ifp_lp_get_basis(other, basis, &seam_error),
                   ifp_lp_set_basis(other, "bbuu", 2, &seam_error),
                   ifp_lp_set_column_bounds(lp, 0, 0, 1, &seam_error)};
    size_t size = ifp_lp_size(other);
    ifp_lp_free(lp);
    ifp_lp_free(other);
    ifp_lp_environment_free(environment);
    seam_expect_silence();
    for (size_t l = 0; l < sizeof later / sizeof *later; l++)
        ck_assert_int_eq(later[l], IFP_ERROR_ENGINE);
    ck_assert_str_ne(seam_error.message, "");
    ck_assert_uint_eq(size, 0);
    /* And on this thread, where it happened. */
    environment = seam_environment(false);
    lp = seam_lp(environment);
    seam_expect_solved(lp, -5);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

START_TEST(no_columns)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    struct ifp_lp *lp = NULL;
    environment = seam_environment(false);
    ck_assert_int_eq(
        ifp_lp_new(environment, IFP_LP_LARGE, 0, NULL, NULL, NULL, NULL, &lp, &seam_error),
        IFP_ERROR_ENGINE);
    ck_assert_ptr_null(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* -- a library -- */

START_TEST(silent)
{
    (void)seam_choose(_i, 1);
    struct ifp_lp_environment *environment;
    seam_capture();
    environment = seam_environment(false);
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct random random = {5000 + seed};
        struct mirror mirror;
        struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 12, 9);
        for (int turn = 0; turn < 10; turn++) {
            change(&mirror, &lp, &random);
            (void)solve_proven(&mirror, environment, lp, turn % 2);
        }
        ifp_lp_free(lp);
    }
    ifp_lp_environment_free(environment);
    (void)seam_solve_instance();
    seam_expect_silence();
}
END_TEST

enum { THREADS = 4, ROUNDS = 10 };

/* The objectives and the points that come of some LPs, byte by byte. */
static void *solve_many(void *argument)
{
    double *kept = argument;
    struct ifp_lp_environment *environment = seam_try_environment();
    if (!environment)
        return NULL;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random random = {6000 + seed};
        struct mirror mirror;
        struct ifp_lp_result result;
        struct ifp_lp *lp = mirror_random(&mirror, environment, &random, 30, 20);
        seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &(struct ifp_error){0}));
        kept[seed] = result.objective;
        seam_ok(ifp_lp_point(lp, kept + ROUNDS + 30 * seed, &(struct ifp_error){0}));
        ifp_lp_free(lp);
    }
    ifp_lp_environment_free(environment);
    return NULL;
}

/* On several threads at once the same comes out, to the last bit. */
START_TEST(threads)
{
    (void)seam_choose(_i, 1);
    static double kept[THREADS + 1][31 * ROUNDS];
    pthread_t thread[THREADS];
    (void)solve_many(kept[THREADS]);
    for (int t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_create(&thread[t], NULL, solve_many, kept[t]), 0);
    for (int t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_join(thread[t], NULL), 0);
    for (int t = 0; t < THREADS; t++)
        ck_assert_mem_eq(kept[t], kept[THREADS], sizeof kept[t]);
}
END_TEST

static Suite *lp_suite(void)
{
    Suite *suite = suite_create("lp");
    TCase *seam = tcase_create("seam");
    tcase_set_timeout(seam, 60);
    tcase_add_loop_test(seam, answers, 0, seam_tests(1));
    tcase_add_loop_test(seam, first_basis, 0, seam_tests(1));
    tcase_add_loop_test(seam, basis_that_does_not_fit, 0, seam_tests(1));
    tcase_add_loop_test(seam, nothing_to_hold, 0, seam_tests(1));
    tcase_add_loop_test(seam, proofs, 0, seam_tests(4));
    tcase_add_loop_test(seam, changes, 0, seam_tests(1));
    tcase_add_loop_test(seam, bases_come_back, 0, seam_tests(1));
    tcase_add_loop_test(seam, slices, 0, seam_tests(2));
    tcase_add_loop_test(seam, no_time, 0, seam_tests(1));
    tcase_add_loop_test(seam, cutoffs, 0, seam_tests(1));
    tcase_add_loop_test(seam, loading_is_cancelled, 0, seam_tests(1));
    tcase_add_loop_test(seam, point_stays, 0, seam_tests(1));
    tcase_add_loop_test(seam, copies, 0, seam_tests(1));
    tcase_add_loop_test(seam, misuse, 0, seam_tests(MISUSES));
    tcase_add_loop_test(seam, no_columns, 0, seam_tests(1));
    tcase_add_loop_test(seam, silent, 0, seam_tests(1));
    tcase_add_loop_test(seam, threads, 0, seam_tests(1));
    suite_add_tcase(suite, seam);
    return suite;
}

int main(void)
{
    return suite_run(lp_suite());
}
