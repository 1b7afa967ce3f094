/* SPDX-License-Identifier: MIT */
/* Safe bounds: for any multipliers at all, no bound is above the optimum; for the best ones it
 * reaches it; and infeasibility is never claimed of a program that has a point. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/compact/safe_bound.h"
#include "support/random.h"
#include "support/suite.h"
#include "util/wide.h"

enum { COLUMNS = 3, ROWS = 4, PLANES = 2 * COLUMNS + 2 * ROWS };

/* A dense program with everything that ifp_bound_safe asks for. */
struct program {
    struct ifp_rows rows;
    size_t start[ROWS + 1];
    size_t index[ROWS * COLUMNS];
    double value[ROWS * COLUMNS];
    double cost[COLUMNS];
    double lower[COLUMNS];
    double upper[COLUMNS];
    double row_lower[ROWS];
    double row_upper[ROWS];
};

static void lay_out(struct program *program)
{
    program->rows = (struct ifp_rows){.column_count = COLUMNS,
                                      .row_count = ROWS,
                                      .start = program->start,
                                      .index = program->index,
                                      .value = program->value,
                                      .lower = program->row_lower,
                                      .upper = program->row_upper};
    for (size_t r = 0; r <= ROWS; r++)
        program->start[r] = r * COLUMNS;
    for (size_t e = 0; e < ROWS * COLUMNS; e++)
        program->index[e] = e % COLUMNS;
}

/* Small whole numbers, so that vertices are well apart; rows with one bound, two, or equal ones. */
static void make_program(struct program *program, struct random *random)
{
    lay_out(program);
    for (size_t e = 0; e < ROWS * COLUMNS; e++)
        program->value[e] = random_below(random, 11) - 5;
    for (size_t c = 0; c < COLUMNS; c++) {
        program->cost[c] = random_below(random, 21) - 10;
        program->lower[c] = random_below(random, 5) - 3;
        program->upper[c] = program->lower[c] + random_below(random, 5);
    }
    for (size_t r = 0; r < ROWS; r++) {
        double limit = random_below(random, 25) - 3;
        int kind = random_below(random, 8);
        program->row_lower[r] = kind == 1 ? -limit : kind == 2 ? limit : -INFINITY;
        program->row_upper[r] = kind == 1 ? INFINITY : kind == 2 ? limit + 3 : limit;
        if (kind == 3)
            program->row_lower[r] = limit - random_below(random, 2);
    }
}

/* The plane a x = b of a bound: of a column (first 2 * COLUMNS) or of a row. */
static bool plane(const struct program *program, size_t p, long double a[COLUMNS], long double *b)
{
    for (size_t c = 0; c < COLUMNS; c++)
        a[c] = 0;
    if (p < 2 * COLUMNS) {
        a[p / 2] = 1;
        *b = p % 2 ? program->upper[p / 2] : program->lower[p / 2];
        return true;
    }
    size_t r = (p - 2 * COLUMNS) / 2;
    *b = p % 2 ? program->row_upper[r] : program->row_lower[r];
    for (size_t c = 0; c < COLUMNS; c++)
        a[c] = program->value[r * COLUMNS + c];
    return isfinite(*b);
}

/* Solves the square system, which is changed; false where it has no one solution. */
static bool solve_system(long double a[COLUMNS][COLUMNS], long double b[COLUMNS],
                         long double x[COLUMNS])
{
    for (size_t c = 0; c < COLUMNS; c++) {
        size_t best = c;
        for (size_t r = c; r < COLUMNS; r++)
            best = fabsl(a[r][c]) > fabsl(a[best][c]) ? r : best;
        if (fabsl(a[best][c]) < 1e-12L)
            return false;
        for (size_t k = 0; k < COLUMNS; k++) {
            long double swap = a[c][k];
            a[c][k] = a[best][k];
            a[best][k] = swap;
        }
        long double swap = b[c];
        b[c] = b[best];
        b[best] = swap;
        for (size_t r = 0; r < COLUMNS; r++) {
            long double factor = r == c ? 0 : a[r][c] / a[c][c];
            for (size_t k = 0; k < COLUMNS; k++)
                a[r][k] -= factor * a[c][k];
            b[r] -= factor * b[c];
        }
    }
    for (size_t c = 0; c < COLUMNS; c++)
        x[c] = b[c] / a[c][c];
    return true;
}

static bool feasible(const struct program *program, const long double x[COLUMNS])
{
    const long double slack = 1e-14L;
    for (size_t c = 0; c < COLUMNS; c++) {
        if (x[c] < program->lower[c] - slack || x[c] > program->upper[c] + slack)
            return false;
    }
    for (size_t r = 0; r < ROWS; r++) {
        long double activity = 0;
        for (size_t c = 0; c < COLUMNS; c++)
            activity += program->value[r * COLUMNS + c] * x[c];
        if (activity < program->row_lower[r] - slack || activity > program->row_upper[r] + slack)
            return false;
    }
    return true;
}

static double safe_bound(const struct program *program, const double *cost,
                         const double multipliers[ROWS], double reduced[COLUMNS])
{
    static const size_t rows[ROWS] = {0, 1, 2, 3};
    double work[2 * COLUMNS];
    const struct ifp_multipliers all = {.rows = ROWS, .row = rows, .value = multipliers};
    return ifp_bound_safe(&program->rows, cost, program->lower, program->upper, &all, work,
                          reduced);
}

/* The multipliers that make the reduced costs of the columns off their bounds 0 when just these
 * planes hold: those of the basis. */
static bool basis_multipliers(const struct program *program, const size_t planes[COLUMNS],
                              double multipliers[ROWS])
{
    long double a[COLUMNS][COLUMNS];
    long double b[COLUMNS];
    long double y[COLUMNS];
    long double ignored;
    for (size_t p = 0; p < COLUMNS; p++) {
        long double normal[COLUMNS];
        (void)plane(program, planes[p], normal, &ignored);
        for (size_t c = 0; c < COLUMNS; c++)
            a[c][p] = normal[c];
        b[p] = program->cost[p];
    }
    memset(multipliers, 0, ROWS * sizeof *multipliers);
    if (!solve_system(a, b, y))
        return false;
    for (size_t p = 0; p < COLUMNS; p++) {
        if (planes[p] >= 2 * COLUMNS)
            multipliers[(planes[p] - 2 * COLUMNS) / 2] += (double)y[p];
    }
    return true;
}

struct vertices {
    bool any;
    long double minimum; /* the optimum */
    double bound;        /* the best of all bases' bounds */
};

/* All ways to choose as many planes as there are columns. */
static struct vertices enumerate(const struct program *program)
{
    struct vertices found = {.bound = -INFINITY};
    for (size_t p = 0; p < PLANES * PLANES * PLANES; p++) {
        const size_t planes[COLUMNS] = {p / PLANES / PLANES, p / PLANES % PLANES, p % PLANES};
        long double a[COLUMNS][COLUMNS];
        long double b[COLUMNS];
        long double x[COLUMNS];
        bool good = planes[0] < planes[1] && planes[1] < planes[2];
        for (size_t k = 0; good && k < COLUMNS; k++)
            good = plane(program, planes[k], a[k], &b[k]);
        if (!good || !solve_system(a, b, x) || !feasible(program, x))
            continue;
        long double cost = 0;
        for (size_t c = 0; c < COLUMNS; c++)
            cost += program->cost[c] * x[c];
        if (!found.any || cost < found.minimum)
            found.minimum = cost;
        found.any = true;
        double multipliers[ROWS];
        if (basis_multipliers(program, planes, multipliers))
            found.bound = fmax(found.bound, safe_bound(program, program->cost, multipliers, NULL));
    }
    return found;
}

/* Multipliers of all kinds: whole, of either sign, large, tiny, zero, no numbers at all. */
static void random_multipliers(double multipliers[ROWS], struct random *random)
{
    for (size_t r = 0; r < ROWS; r++) {
        double value = random_between(random, -3, 3);
        switch (random_below(random, 9)) {
        case 0:
            value = 0;
            break;
        case 1:
            value = floor(value);
            break;
        case 2:
            value *= 1e12;
            break;
        case 3:
            value *= 1e-12;
            break;
        case 4:
            value = random_chance(random, 0.1) ? NAN : value;
            break;
        case 5:
            value = random_chance(random, 0.1) ? copysign(INFINITY, value) : value;
            break;
        default:
            break;
        }
        multipliers[r] = value;
    }
}

START_TEST(never_above_the_optimum)
{
    struct random random = {(uint64_t)_i};
    int feasible_programs = 0;
    int infeasible_programs = 0;
    int proofs = 0;
    for (int n = 0; n < 60; n++) {
        struct program program;
        make_program(&program, &random);
        struct vertices found = enumerate(&program);
        feasible_programs += found.any;
        infeasible_programs += !found.any;
        for (int m = 0; m < 200; m++) {
            double multipliers[ROWS];
            random_multipliers(multipliers, &random);
            double bound = safe_bound(&program, program.cost, multipliers, NULL);
            double proof = safe_bound(&program, NULL, multipliers, NULL);
            if (found.any) {
                ck_assert_msg(bound <= (double)found.minimum + 1e-15, "%.17g is above %.17g", bound,
                              (double)found.minimum);
                ck_assert_msg(proof <= 0, "%g claims that a feasible program is none", proof);
            } else {
                proofs += proof > 0;
            }
        }
        /* Of the best bases, the bound is the optimum itself, but for rounding. */
        if (found.any) {
            ck_assert_double_le(found.bound, (double)found.minimum + 1e-15);
            ck_assert_double_eq_tol(found.bound, (double)found.minimum, 1e-11);
        }
    }
    ck_assert_int_gt(feasible_programs, 8);
    ck_assert_int_gt(infeasible_programs, 3);
    ck_assert_int_gt(proofs, 10);
}
END_TEST

/* The same sum in long double. */
static long double exact(const struct program *program, const double multipliers[ROWS],
                         long double reduced[COLUMNS], long double *magnitude)
{
    long double total = 0;
    *magnitude = 0;
    for (size_t r = 0; r < ROWS; r++) {
        long double term = (long double)multipliers[r] *
                           (multipliers[r] > 0 ? program->row_lower[r] : program->row_upper[r]);
        total += term;
        *magnitude += fabsl(term);
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        long double size = fabsl((long double)program->cost[c]);
        reduced[c] = program->cost[c];
        for (size_t r = 0; r < ROWS; r++) {
            long double product = (long double)multipliers[r] * program->value[r * COLUMNS + c];
            reduced[c] -= product;
            size += fabsl(product);
        }
        total += fminl(reduced[c] * program->lower[c], reduced[c] * program->upper[c]);
        *magnitude += size * fmaxl(fabsl((long double)program->lower[c]),
                                   fabsl((long double)program->upper[c]));
    }
    return total;
}

/* Numbers of twenty orders of magnitude, where nearly everything cancels: rounding must never lift
 * the bound, and must not lower it by more than rounding. */
START_TEST(rounding_is_taken_off)
{
    struct random random = {4711 + (uint64_t)_i};
    for (int n = 0; n < 5000; n++) {
        struct program program;
        double multipliers[ROWS];
        double reduced[COLUMNS];
        long double exact_reduced[COLUMNS];
        long double magnitude;
        lay_out(&program);
        for (size_t r = 0; r < ROWS; r++) {
            for (size_t c = 0; c < COLUMNS; c++)
                program.value[r * COLUMNS + c] =
                    random_between(&random, -1, 1) * pow(10, random_below(&random, 9) - 4);
            program.row_lower[r] = random_between(&random, -1e6, 1e6);
            program.row_upper[r] = program.row_lower[r] + random_between(&random, 0, 1e-3);
            multipliers[r] =
                random_between(&random, -1, 1) * pow(10, random_below(&random, 13) - 6);
        }
        for (size_t c = 0; c < COLUMNS; c++) {
            program.lower[c] = random_between(&random, -10, 10);
            program.upper[c] = program.lower[c] + random_between(&random, 0, 10);
            program.cost[c] = 0;
        }
        /* A cost that the multipliers all but meet. */
        (void)exact(&program, multipliers, exact_reduced, &magnitude);
        for (size_t c = 0; c < COLUMNS; c++)
            program.cost[c] =
                (double)-exact_reduced[c] * (1 + random_between(&random, -1, 1) * 1e-15);
        long double value = exact(&program, multipliers, exact_reduced, &magnitude);
        double bound = safe_bound(&program, program.cost, multipliers, reduced);
        ck_assert_msg(bound <= value, "%.17g is above %.20Lg", bound, value);
        ck_assert_msg(value - bound <= 1e-14L * magnitude, "%.17g is far below %.20Lg of %Lg",
                      bound, value, magnitude);
        for (size_t c = 0; c < COLUMNS; c++)
            ck_assert_msg(reduced[c] <= exact_reduced[c], "%.17g is above %.20Lg", reduced[c],
                          exact_reduced[c]);
    }
}
END_TEST

/* minimise 2x + 3y - z with x + y >= 2, z <= 4 and columns in [0, 10]: 0 at (2, 0, 4). */
static void make_by_hand(struct program *made)
{
    struct program program;
    memset(&program, 0, sizeof program);
    program.value[0] = program.value[1] = 1;
    program.value[COLUMNS + 2] = 1;
    program.cost[0] = 2;
    program.cost[1] = 3;
    program.cost[2] = -1;
    for (size_t c = 0; c < COLUMNS; c++)
        program.upper[c] = 10;
    for (size_t r = 0; r < ROWS; r++) {
        program.row_lower[r] = -INFINITY;
        program.row_upper[r] = INFINITY;
    }
    program.row_lower[0] = 2;
    program.row_upper[1] = 4;
    *made = program;
    lay_out(made);
}

START_TEST(signs)
{
    const struct {
        double multipliers[ROWS];
        double bound;
    } cases[] = {
        {{0, 0}, -10},  /* the columns' bounds alone */
        {{2, -1}, 0},   /* the best ones */
        {{2, 0}, -6},   /* 2 x 2, and z at 10 */
        {{0, -1}, -4},  /* z at 4 */
        {{3, -1}, -8},  /* too much: x at 10 for -1 each */
        {{-1, -1}, -4}, /* against the row's one bound: as if it were 0 */
        {{2, 5}, -6},   /* likewise */
        {{NAN, -1}, -4},      {{INFINITY, -1}, -4},
        {{2, -INFINITY}, -6}, {{2, -1, 7, -7}, 0}, /* rows without any bound */
    };
    struct program program;
    make_by_hand(&program);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double reduced[COLUMNS];
        double bound = safe_bound(&program, program.cost, cases[k].multipliers, reduced);
        ck_assert_double_eq_tol(bound, cases[k].bound, 1e-12);
        ck_assert_double_le(bound, cases[k].bound);
    }
    double reduced[COLUMNS];
    const double best[ROWS] = {2, -1};
    (void)safe_bound(&program, program.cost, best, reduced);
    ck_assert_double_eq_tol(reduced[0], 0, 4e-14);
    ck_assert_double_eq_tol(reduced[1], 1, 4e-14);
    ck_assert_double_eq_tol(reduced[2], 0, 4e-14);
}
END_TEST

/* A program of one kind of row, sum of all columns >= 1 or <= 1, of any size. */
struct uniform {
    struct ifp_rows rows;
    size_t *row;
    double *multiplier;
    double *cost;
    double *lower;
    double *upper;
    double *work;
};

static void *array_of(size_t count, size_t size)
{
    void *made = calloc(count, size);
    ck_assert_ptr_nonnull(made);
    return made;
}

static void make_uniform(struct uniform *made, size_t rows, size_t columns)
{
    *made = (struct uniform){.rows = {.column_count = columns, .row_count = rows}};
    made->rows.start = array_of(rows + 1, sizeof(size_t));
    made->rows.index = array_of(rows * columns, sizeof(size_t));
    made->rows.value = array_of(rows * columns, sizeof(double));
    made->rows.lower = array_of(rows, sizeof(double));
    made->rows.upper = array_of(rows, sizeof(double));
    made->row = array_of(rows, sizeof(size_t));
    made->multiplier = array_of(rows, sizeof(double));
    made->cost = array_of(columns, sizeof(double));
    made->lower = array_of(columns, sizeof(double));
    made->upper = array_of(columns, sizeof(double));
    made->work = array_of(2 * columns, sizeof(double));
    for (size_t e = 0; e < rows * columns; e++) {
        made->rows.index[e] = e % columns;
        made->rows.value[e] = 1;
    }
    for (size_t r = 0; r <= rows; r++)
        made->rows.start[r] = r * columns;
    for (size_t r = 0; r < rows; r++) {
        made->rows.lower[r] = made->rows.upper[r] = 1;
        made->row[r] = r;
    }
}

static void free_uniform(struct uniform *made)
{
    free(made->rows.start);
    free(made->rows.index);
    free(made->rows.value);
    free(made->rows.lower);
    free(made->rows.upper);
    free(made->row);
    free(made->multiplier);
    free(made->cost);
    free(made->lower);
    free(made->upper);
    free(made->work);
}

static double bound_of(struct uniform *program, double *reduced)
{
    const struct ifp_multipliers all = {
        .rows = program->rows.row_count, .row = program->row, .value = program->multiplier};
    return ifp_bound_safe(&program->rows, program->cost, program->lower, program->upper, &all,
                          program->work, reduced);
}

/*
 * Where no operation rounds, what is taken off is seen alone. Of a reduced cost that is
 * (multipliers + 18) DBL_EPSILON of the magnitudes of its terms: a product and a subtraction for
 * each multiplier, and 16 operations that made a coefficient. Of the sum it is (multipliers +
 * columns + 9) DBL_EPSILON of the magnitudes of its terms.
 */
START_TEST(what_is_taken_off)
{
    static const size_t sizes[][2] = {{2, 1}, {2, 7}, {4, 3}, {64, 7}, {1000, 3}};
    size_t rows = sizes[_i][0];
    size_t columns = sizes[_i][1];
    struct uniform program;
    double reduced[8];
    make_uniform(&program, rows, columns);
    /* Multipliers of 1 and -1 in turn, so that sums stay small and whole. */
    for (size_t r = 0; r < rows; r++)
        program.multiplier[r] = r % 2 ? -1 : 1;
    for (size_t c = 0; c < columns; c++) {
        program.lower[c] = c % 2 ? -1 : 0;
        program.upper[c] = c % 2 ? 0 : 1;
    }
    double bound = bound_of(&program, reduced);
    double each = ((double)rows + 18) * DBL_EPSILON * (double)rows;
    for (size_t c = 0; c < columns; c++)
        ck_assert_double_eq(reduced[c], -each);
    double magnitude = (double)rows + (double)columns * each;
    double taken = ((double)rows + (double)columns + 18) * DBL_EPSILON * magnitude;
    ck_assert_double_eq_tol(bound, -(double)columns * each - taken, 1e-6 * taken);
    /* That is less than the allowance for one operation more or less. */
    ck_assert_double_gt(DBL_EPSILON * magnitude, 1e-6 * taken);
    /* A cost is one more term. */
    program.cost[0] = 1;
    (void)bound_of(&program, reduced);
    ck_assert_double_eq(reduced[0], 1 - ((double)rows + 18) * DBL_EPSILON * ((double)rows + 1));
    free_uniform(&program);
}
END_TEST

/* Coefficients that are small differences of large numbers are off by the rounding of those: by
 * what `noise` says. Whatever they are off by, no bound is above the exact one of the true
 * coefficients. */
START_TEST(rounded_differences)
{
    struct random random = {99 + (uint64_t)_i};
    double reduced[COLUMNS];
    int above = 0; /* if the noise were not taken off */
    for (int n = 0; n < 2000; n++) {
        struct program program;
        struct program given;
        double multipliers[ROWS];
        double noise[ROWS];
        long double exact_reduced[COLUMNS];
        long double magnitude;
        make_program(&program, &random);
        for (size_t r = 0; r < ROWS; r++) {
            noise[r] = pow(10, random_below(&random, 9));
            program.row_lower[r] = program.row_upper[r] = random_below(&random, 25) - 3;
            multipliers[r] = random_between(&random, -1, 1);
        }
        given = program;
        lay_out(&given);
        /* Up to 16 operations, each off by half of DBL_EPSILON. */
        for (size_t e = 0; e < ROWS * COLUMNS; e++)
            given.value[e] += random_between(&random, -8, 8) * DBL_EPSILON * noise[e / COLUMNS];
        long double value = exact(&program, multipliers, exact_reduced, &magnitude);
        double without = safe_bound(&given, given.cost, multipliers, reduced);
        given.rows.noise = noise;
        given.rows.noise_count = ROWS;
        double bound = safe_bound(&given, given.cost, multipliers, reduced);
        ck_assert_msg(bound <= value, "%.17g is above %.20Lg", bound, value);
        for (size_t c = 0; c < COLUMNS; c++)
            ck_assert_msg(reduced[c] <= exact_reduced[c], "%.17g is above %.20Lg", reduced[c],
                          exact_reduced[c]);
        above += without > value;
    }
    ck_assert_int_gt(above, 100);
}
END_TEST

/* Thousands of multipliers, of which every addition rounds: in pairs of doubles no bound is above
 * the exact one, and without the allowance for their number some would be. */
START_TEST(thousands_of_rows)
{
    struct random random = {77 + (uint64_t)_i};
    enum { MANY = 20000 };
    struct uniform program;
    size_t above = 0; /* if what is taken off did not grow with the number of rows */
    make_uniform(&program, MANY, 1);
    for (int trial = 0; trial < 20; trial++) {
        struct ifp_wide sum = {0};
        struct ifp_wide size = {0};
        double reduced;
        for (size_t r = 0; r < MANY; r++) {
            program.multiplier[r] =
                random_between(&random, 0, 1) * pow(10, random_below(&random, 3));
            program.rows.value[r] = random_between(&random, -2, -1);
            program.rows.lower[r] = 0; /* only the reduced cost counts */
            struct ifp_wide product =
                ifp_wide_two_product(program.multiplier[r], program.rows.value[r]);
            sum = ifp_wide_minus(sum, product);
            size = ifp_wide_minus(size, product);
        }
        program.cost[0] = 0;
        program.lower[0] = 0;
        program.upper[0] = 1;
        (void)bound_of(&program, &reduced);
        double excess = ifp_wide_get(ifp_wide_minus(ifp_wide(reduced), sum));
        double allowed = ((double)MANY + 18) * DBL_EPSILON * ifp_wide_get(size);
        ck_assert_double_le(excess, 0);
        above += excess + allowed > 18 * DBL_EPSILON * ifp_wide_get(size);
    }
    ck_assert_uint_gt(above, 0);
    free_uniform(&program);
}
END_TEST

/* x + y >= 2 cannot be with x and y below 0.9 each: with a multiplier of 1 that is a proof, and
 * with bounds of 1 it is none. Only some of the rows may take part. */
START_TEST(proofs_of_infeasibility)
{
    struct program program;
    make_by_hand(&program);
    const double one = 1;
    const size_t row = 0;
    double work[2 * COLUMNS];
    const struct ifp_multipliers first = {.rows = 1, .row = &row, .value = &one};
    const struct ifp_multipliers none = {.rows = 0};
    program.upper[0] = program.upper[1] = 0.9;
    double proof =
        ifp_bound_safe(&program.rows, NULL, program.lower, program.upper, &first, work, NULL);
    ck_assert_double_eq_tol(proof, 0.2, 4e-14);
    program.upper[0] = program.upper[1] = 1;
    proof = ifp_bound_safe(&program.rows, NULL, program.lower, program.upper, &first, work, NULL);
    ck_assert_double_le(proof, 0);
    proof = ifp_bound_safe(&program.rows, NULL, program.lower, program.upper, &none, work, NULL);
    ck_assert_double_le(proof, 0);
}
END_TEST

/* Numbers so large that sums overflow prove nothing. */
START_TEST(overflow_proves_nothing)
{
    struct program program;
    make_by_hand(&program);
    static const double huge[] = {1e300, 1e308, 1.7e308};
    for (int sign = -1; sign <= 1; sign += 2) {
        for (size_t h = 0; h < 3; h++) {
            for (size_t r = 0; r < ROWS; r++) {
                double multipliers[ROWS] = {0};
                struct program large = program;
                lay_out(&large);
                multipliers[r] = sign * huge[h];
                large.value[0] = 1e10;
                large.value[COLUMNS + 2] = -1e10;
                large.row_lower[1] = -1e15;
                ck_assert(!(safe_bound(&large, large.cost, multipliers, NULL) > 20));
                ck_assert(!(safe_bound(&large, NULL, multipliers, NULL) > 0));
            }
        }
    }
}
END_TEST

static Suite *bound_suite(void)
{
    Suite *suite = suite_create("bound");
    TCase *tests = tcase_create("bound");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, signs);
    tcase_add_test(tests, proofs_of_infeasibility);
    tcase_add_test(tests, overflow_proves_nothing);
    tcase_add_loop_test(tests, what_is_taken_off, 0, 5);
    tcase_add_loop_test(tests, rounded_differences, 0, 3);
    tcase_add_loop_test(tests, thousands_of_rows, 0, 3);
    tcase_add_loop_test(tests, never_above_the_optimum, 0, 6);
    tcase_add_loop_test(tests, rounding_is_taken_off, 0, 4);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(bound_suite());
}
