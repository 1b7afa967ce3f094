/* SPDX-License-Identifier: MIT */
/*
 * The two-phase simplex method on a dense tableau with Bland's rule, which never cycles. Rows are
 * scaled to a largest entry of 1. With numbers of 113 bits, which is what there is nearly
 * everywhere, shares of 1e-12 and costs that differ by 20 orders of magnitude are told apart.
 */
#include "simplex.h"

#include <check.h>
#include <float.h>
#include <math.h>

#if LDBL_MANT_DIG < 113 && defined __SIZEOF_FLOAT128__
__extension__ typedef __float128 quad;
#define QUAD_DIGITS 33
#else
typedef long double quad;
#define QUAD_DIGITS LDBL_DIG
#endif

#if QUAD_DIGITS >= 33
/* Below this, an entry of the scaled tableau is rounding, and so is a reduced cost below as much of
 * the largest cost. */
static const long double TINY = 1e-27L;
/* What the first phase may leave of the rows' violations in all: rounding of the program itself. */
static const long double FEASIBLE = 1e-15L;
#else
static const long double TINY = 1e-13L;
static const long double FEASIBLE = 1e-11L;
#endif

enum { WIDTH = SIMPLEX_COLUMNS + 2 * SIMPLEX_ROWS };

struct tableau {
    int rows;
    int columns;                             /* the program's, then one slack for each row */
    int artificials;                         /* behind them */
    quad entry[SIMPLEX_ROWS + 1][WIDTH + 1]; /* last row: reduced costs; last: right side */
    quad largest_cost;
    int basic[SIMPLEX_ROWS];
};

static void pivot(struct tableau *tableau, int row, int column, int width)
{
    quad *at = tableau->entry[row];
    quad by = at[column];
    for (int c = 0; c <= width; c++)
        at[c] /= by;
    for (int r = 0; r <= tableau->rows; r++) {
        quad factor = tableau->entry[r][column];
        if (r == row || factor == 0)
            continue;
        for (int c = 0; c <= width; c++)
            tableau->entry[r][c] -= factor * at[c];
        tableau->entry[r][column] = 0;
    }
    tableau->basic[row] = column;
}

/* Minimise the last row over the first `columns` columns. */
static void run(struct tableau *tableau, int columns, int width)
{
    for (int step = 0; step < 10000; step++) {
        int enter = 0;
        int leave = -1;
        while (enter < columns &&
               tableau->entry[tableau->rows][enter] >= -TINY * tableau->largest_cost)
            enter++;
        if (enter == columns)
            return;
        for (int r = 0; r < tableau->rows; r++) {
            if (tableau->entry[r][enter] <= TINY)
                continue;
            if (leave < 0) {
                leave = r;
                continue;
            }
            quad one = tableau->entry[r][width] * tableau->entry[leave][enter];
            quad other = tableau->entry[leave][width] * tableau->entry[r][enter];
            if (one < other || (one == other && tableau->basic[r] < tableau->basic[leave]))
                leave = r;
        }
        ck_assert_msg(leave >= 0, "the program has no least objective");
        pivot(tableau, leave, enter, width);
    }
    ck_abort_msg("the simplex method does not end");
}

/* Slacks, and artificial variables where a slack is no starting point. Returns the width. */
static int set_up(struct tableau *tableau, const struct simplex *simplex)
{
    tableau->rows = simplex->rows;
    tableau->columns = simplex->columns + simplex->rows;
    tableau->artificials = 0;
    for (int r = 0; r < simplex->rows; r++) {
        long double largest = 0;
        for (int c = 0; c < simplex->columns; c++)
            largest = fmaxl(largest, fabsl(simplex->entry[r][c]));
        if (largest == 0)
            largest = 1;
        long double sign = simplex->right[r] < 0 ? -1 : 1;
        for (int c = 0; c <= simplex->columns + 2 * simplex->rows; c++)
            tableau->entry[r][c] = 0;
        for (int c = 0; c < simplex->columns; c++)
            tableau->entry[r][c] = (quad)sign * simplex->entry[r][c] / largest;
        int slack = simplex->columns + r;
        if (simplex->relation[r] == SIMPLEX_AT_MOST)
            tableau->entry[r][slack] = sign;
        tableau->basic[r] = slack;
        if (simplex->relation[r] == SIMPLEX_EQUAL || sign < 0) {
            tableau->basic[r] = tableau->columns + tableau->artificials++;
            tableau->entry[r][tableau->basic[r]] = 1;
        }
        tableau->entry[r][WIDTH] = (quad)sign * simplex->right[r] / largest;
    }
    int width = tableau->columns + tableau->artificials;
    for (int r = 0; r < simplex->rows; r++)
        tableau->entry[r][width] = tableau->entry[r][WIDTH];
    return width;
}

static bool reach_feasibility(struct tableau *tableau, int width)
{
    quad *reduced = tableau->entry[tableau->rows];
    for (int c = 0; c <= width; c++) {
        reduced[c] = 0;
        for (int r = 0; r < tableau->rows; r++) {
            bool artificial = tableau->basic[r] >= tableau->columns;
            if (artificial && (c < tableau->columns || c == width))
                reduced[c] -= tableau->entry[r][c];
        }
    }
    tableau->largest_cost = 1;
    run(tableau, tableau->columns, width);
    if (-reduced[width] > FEASIBLE)
        return false;
    /* An artificial variable that is left over is 0, and must stay so. */
    for (int r = 0; r < tableau->rows; r++) {
        int c = 0;
        if (tableau->basic[r] < tableau->columns)
            continue;
        while (c < tableau->columns && fabsl((long double)tableau->entry[r][c]) <= TINY)
            c++;
        if (c < tableau->columns) {
            pivot(tableau, r, c, width);
        } else {
            for (c = 0; c <= width; c++)
                tableau->entry[r][c] = 0;
        }
    }
    return true;
}

bool simplex_solve(struct simplex *simplex)
{
    struct tableau tableau;
    int width = set_up(&tableau, simplex);
    if (!reach_feasibility(&tableau, width))
        return false;
    quad *reduced = tableau.entry[tableau.rows];
    for (int c = 0; c <= width; c++) {
        reduced[c] = c < simplex->columns ? simplex->cost[c] : 0;
        for (int r = 0; r < tableau.rows; r++) {
            int basic = tableau.basic[r];
            if (basic < simplex->columns)
                reduced[c] -= simplex->cost[basic] * tableau.entry[r][c];
        }
    }
    tableau.largest_cost = 0;
    for (int c = 0; c < simplex->columns; c++)
        tableau.largest_cost = fmaxl((long double)tableau.largest_cost, fabsl(simplex->cost[c]));
    run(&tableau, tableau.columns, width);
    for (int c = 0; c < simplex->columns; c++)
        simplex->point[c] = 0;
    for (int r = 0; r < tableau.rows; r++) {
        if (tableau.basic[r] < simplex->columns)
            simplex->point[tableau.basic[r]] = fmaxl(0, (long double)tableau.entry[r][width]);
    }
    simplex->objective = 0;
    for (int c = 0; c < simplex->columns; c++)
        simplex->objective += simplex->cost[c] * simplex->point[c];
    return true;
}
