/* SPDX-License-Identifier: MIT */
/* The inverse of the basis of a small LP, and rows, columns, levels and reduced costs from it. */
#include "lp/own/dense_table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The smallest pivot when the inverse is computed from the original data. */
static const double PIVOT = 1e-9;

enum { WIDTH_MIN = 256 };  /* initial columns of the inverse of a larger LP */
enum { SPARE_ACTIVE = 8 }; /* spare columns of the inverse */

static bool is_in_rows(const struct ifp_dense *lp, size_t slot)
{
    return lp->column[slot].row == SIZE_MAX && !ifp_dense_is_fixed(lp, slot);
}

/* Copy the entries in the order of rows, and of slots within a row. */
static void order_by_row(struct ifp_dense *lp)
{
    size_t *start = lp->row_start;
    memset(start, 0, (lp->rows + 1) * sizeof *start);
    for (size_t s = 0; s < lp->slots; s++) {
        const struct ifp_dense_column *column = &lp->column[s];
        for (size_t e = column->start; is_in_rows(lp, s) && e < column->start + column->count; e++)
            start[lp->entry_row[e]]++;
    }
    for (size_t r = 1; r <= lp->rows; r++)
        start[r] += start[r - 1];
    /* Filling from the end moves start[r] from the end of row r to its begin. */
    for (size_t s = lp->slots; s-- > 0;) {
        const struct ifp_dense_column *column = &lp->column[s];
        for (size_t e = column->start; is_in_rows(lp, s) && e < column->start + column->count;
             e++) {
            size_t at = --start[lp->entry_row[e]];
            lp->row_entry_slot[at] = (uint32_t)s;
            lp->row_entry_value[at] = lp->entry_value[e];
        }
    }
    lp->has_rows = true;
}

double ifp_dense_product(const struct ifp_dense *lp, size_t slot, const double *vector)
{
    const struct ifp_dense_column *column = &lp->column[slot];
    double sum = 0;
    if (column->row != SIZE_MAX)
        return -vector[column->row];
    for (size_t e = column->start; e < column->start + column->count; e++)
        sum += lp->entry_value[e] * vector[lp->entry_row[e]];
    return sum;
}

/* Add a row of [A, -I], times a weight, to lp->line. */
static void add_to_line(struct ifp_dense *lp, size_t row, double weight)
{
    double *line = lp->line;
    line[lp->row_slot[row]] = -weight;
    for (size_t e = lp->row_start[row]; e < lp->row_start[row + 1]; e++)
        line[lp->row_entry_slot[e]] += weight * lp->row_entry_value[e];
}

void ifp_dense_line(struct ifp_dense *lp, size_t place)
{
    const double *inverse = ifp_dense_inverse(lp, place);
    size_t own = ifp_dense_slack_row(lp, place);
    if (!lp->has_rows)
        order_by_row(lp);
    memset(lp->line, 0, lp->slots * sizeof *lp->line);
    if (own != SIZE_MAX)
        add_to_line(lp, own, -1);
    for (size_t k = 0; k < lp->active; k++) {
        if (inverse[k] != 0)
            add_to_line(lp, lp->active_row[k], inverse[k]);
    }
    for (size_t p = 0; p < lp->rows; p++)
        lp->line[lp->basic[p]] = 0;
}

/* Compute into lp->spike the sum of a few active columns of the inverse, each times a number. */
static void combine(struct ifp_dense *lp, size_t count, const size_t *at, const double *value)
{
    size_t stride = lp->stride;
    size_t p = 0;
    for (; p + 4 <= lp->rows; p += 4) { /* four independent sums, to break the dependency chain */
        const double *inverse = ifp_dense_inverse(lp, p);
        double sum[4] = {0};
        for (size_t k = 0; k < count; k++) {
            const double *from = inverse + at[k];
            sum[0] += value[k] * from[0];
            sum[1] += value[k] * from[stride];
            sum[2] += value[k] * from[2 * stride];
            sum[3] += value[k] * from[3 * stride];
        }
        memcpy(lp->spike + p, sum, sizeof sum);
    }
    for (; p < lp->rows; p++) {
        const double *inverse = ifp_dense_inverse(lp, p);
        lp->spike[p] = 0;
        for (size_t k = 0; k < count; k++)
            lp->spike[p] += value[k] * inverse[at[k]];
    }
}

void ifp_dense_spike(struct ifp_dense *lp, size_t slot)
{
    const struct ifp_dense_column *column = &lp->column[slot];
    const size_t *row = lp->entry_row + column->start;
    const double *value = lp->entry_value + column->start;
    size_t *at = lp->used;
    double *weight = lp->work;
    size_t count = 0;
    if (column->row != SIZE_MAX) {
        at[0] = lp->active_at[column->row];
        weight[0] = -1;
        combine(lp, 1, at, weight);
        return;
    }
    for (size_t e = 0; e < column->count; e++) {
        if (lp->active_at[row[e]] == SIZE_MAX)
            continue;
        at[count] = lp->active_at[row[e]];
        weight[count++] = value[e];
    }
    combine(lp, count, at, weight);
    for (size_t e = 0; e < column->count; e++) {
        if (lp->active_at[row[e]] == SIZE_MAX)
            lp->spike[lp->place[lp->row_slot[row[e]]]] -= value[e];
    }
}

size_t ifp_dense_stride_for(const struct ifp_dense *lp, size_t active)
{
    size_t stride = active + SPARE_ACTIVE;
    return stride < lp->width ? stride : lp->width;
}

size_t ifp_dense_width_for(size_t rows, size_t active)
{
    /* One more, so that a slack can replace another at any time. */
    size_t width = active + active / 2 + 1;
    if (width < WIDTH_MIN)
        width = WIDTH_MIN;
    return width < rows ? width : rows;
}

bool ifp_dense_reserve_active(struct ifp_dense *lp, size_t active)
{
    if (active < lp->width || lp->width >= lp->row_capacity)
        return true;
    size_t width = ifp_dense_width_for(lp->row_capacity, active);
    if (width > SIZE_MAX / sizeof *lp->inverse / lp->row_capacity)
        return false;
    double *inverse = realloc(lp->inverse, lp->row_capacity * width * sizeof *inverse);
    if (!inverse)
        return false;
    lp->inverse = inverse;
    lp->width = width;
    return true;
}

static void widen(struct ifp_dense *lp)
{
    size_t stride = ifp_dense_stride_for(lp, lp->active + 1);
    for (size_t p = lp->rows; p-- > 1;)
        memmove(lp->inverse + p * stride, ifp_dense_inverse(lp, p),
                lp->active * sizeof *lp->inverse);
    lp->stride = stride;
}

/* Store a row's column of the inverse, before a pivot after which it is no unit vector. */
static void store_column(struct ifp_dense *lp, size_t row, size_t place)
{
    if (lp->active == lp->stride)
        widen(lp);
    size_t at = lp->active++;
    for (size_t p = 0; p < lp->rows; p++)
        ifp_dense_inverse(lp, p)[at] = p == place ? -1 : 0;
    lp->active_at[row] = at;
    lp->active_row[at] = row;
}

static void drop_column(struct ifp_dense *lp, size_t row)
{
    size_t at = lp->active_at[row];
    size_t last = --lp->active;
    lp->active_at[lp->active_row[last]] = at;
    lp->active_row[at] = lp->active_row[last];
    lp->active_at[row] = SIZE_MAX;
    for (size_t p = 0; at != last && p < lp->rows; p++) {
        double *inverse = ifp_dense_inverse(lp, p);
        inverse[at] = inverse[last];
    }
}

void ifp_dense_pivot(struct ifp_dense *lp, size_t place, size_t slot)
{
    size_t left = ifp_dense_slack_row(lp, place);
    if (left != SIZE_MAX)
        store_column(lp, left, place);
    if (lp->column[slot].row != SIZE_MAX)
        drop_column(lp, lp->column[slot].row);
    double *chosen = ifp_dense_inverse(lp, place);
    double inverse = 1 / lp->spike[place];
    for (size_t k = 0; k < lp->active; k++)
        chosen[k] *= inverse;
    for (size_t p = 0; p < lp->rows; p++) {
        if (p != place && lp->spike[p] != 0)
            ifp_dense_subtract(ifp_dense_inverse(lp, p), chosen, lp->spike[p], lp->active);
    }
    lp->place[lp->basic[place]] = NOT_BASIC;
    lp->place[slot] = (int)place;
    lp->basic[place] = slot;
    lp->pivots++;
}

void ifp_dense_combination(const struct ifp_dense *lp, size_t slot, double sign,
                           double *multipliers)
{
    memset(multipliers, 0, lp->rows * sizeof *multipliers);
    if (lp->place[slot] == NOT_BASIC)
        return;
    size_t place = (size_t)lp->place[slot];
    const double *inverse = ifp_dense_inverse(lp, place);
    for (size_t k = 0; k < lp->active; k++)
        multipliers[lp->active_row[k]] = sign * inverse[k];
    size_t own = ifp_dense_slack_row(lp, place);
    if (own != SIZE_MAX)
        multipliers[own] = -sign;
}

void ifp_dense_move(struct ifp_dense *lp, size_t slot, double value)
{
    double change = value - lp->value[slot];
    lp->value[slot] = value;
    if (change == 0)
        return;
    ifp_dense_spike(lp, slot);
    for (size_t p = 0; p < lp->rows; p++)
        lp->level[p] -= lp->spike[p] * change;
}

void ifp_dense_find_levels(struct ifp_dense *lp)
{
    double *sum = lp->work; /* by row: the sum of the nonbasic variables' columns times values */
    memset(sum, 0, lp->rows * sizeof *sum);
    for (size_t s = 0; s < lp->slots; s++) {
        const struct ifp_dense_column *column = &lp->column[s];
        double value = lp->value[s];
        if (lp->place[s] != NOT_BASIC || value == 0)
            continue;
        if (column->row != SIZE_MAX)
            sum[column->row] -= value;
        for (size_t e = column->start; e < column->start + column->count; e++)
            sum[lp->entry_row[e]] += lp->entry_value[e] * value;
    }
    double *row_sum = lp->spike; /* by active column: the sum of its row */
    for (size_t k = 0; k < lp->active; k++)
        row_sum[k] = sum[lp->active_row[k]];
    for (size_t p = 0; p < lp->rows; p++) {
        size_t own = ifp_dense_slack_row(lp, p);
        lp->level[p] = (own == SIZE_MAX ? 0 : sum[own]) -
                       ifp_dense_dot(ifp_dense_inverse(lp, p), row_sum, lp->active);
    }
}

/* Compute the multipliers into lp->work from the costs. Slacks have cost 0. */
static void find_multipliers(struct ifp_dense *lp)
{
    double *sum = lp->spike; /* by active column */
    memset(sum, 0, lp->active * sizeof *sum);
    for (size_t p = 0; p < lp->rows; p++) {
        double cost = lp->cost[lp->basic[p]];
        if (cost != 0)
            ifp_dense_subtract(sum, ifp_dense_inverse(lp, p), -cost, lp->active);
    }
    for (size_t r = 0; r < lp->rows; r++)
        lp->work[r] = lp->active_at[r] == SIZE_MAX ? 0 : sum[lp->active_at[r]];
}

void ifp_dense_find_prices(struct ifp_dense *lp)
{
    find_multipliers(lp);
    for (size_t s = 0; s < lp->slots; s++)
        lp->price[s] =
            lp->place[s] == NOT_BASIC ? lp->cost[s] - ifp_dense_product(lp, s, lp->work) : 0;
    memset(lp->shift, 0, lp->slots * sizeof *lp->shift);
    lp->shifted = false;
}

void ifp_dense_set_nonbasic(struct ifp_dense *lp, size_t slot)
{
    double lower = lp->lower[slot];
    double upper = lp->upper[slot];
    if (isfinite(upper) && (lp->price[slot] < 0 || !isfinite(lower)))
        lp->value[slot] = upper;
    else
        lp->value[slot] = isfinite(lower) ? lower : 0;
}

void ifp_dense_refresh(struct ifp_dense *lp)
{
    size_t count = 0;       /* columns that should be basic */
    bool *taken = lp->mark; /* by row */
    for (size_t c = 0; c < lp->columns; c++) {
        size_t slot = lp->column_slot[c];
        if (lp->place[slot] != NOT_BASIC)
            lp->wanted[count++] = slot;
    }
    for (size_t k = 0; k < count; k++)
        lp->place[lp->wanted[k]] = NOT_BASIC;
    for (size_t r = 0; r < lp->rows; r++) {
        size_t slack = lp->row_slot[r];
        lp->active_at[r] = SIZE_MAX;
        taken[r] = lp->place[slack] != NOT_BASIC;
    }
    lp->active = 0;
    bool reserved = ifp_dense_reserve_active(lp, count);
    lp->stride = ifp_dense_stride_for(lp, reserved ? count : 0);
    for (size_t r = 0; r < lp->rows; r++) {
        lp->basic[r] = lp->row_slot[r];
        lp->place[lp->row_slot[r]] = (int)r;
    }
    for (size_t k = 0; k < count; k++) {
        size_t slot = lp->wanted[k];
        size_t best = SIZE_MAX;
        double largest = PIVOT;
        ifp_dense_spike(lp, slot);
        /* If out of memory, slacks replace the basic columns. */
        for (size_t r = 0; reserved && r < lp->rows; r++) {
            if (!taken[r] && fabs(lp->spike[r]) > largest) {
                largest = fabs(lp->spike[r]);
                best = r;
            }
        }
        if (best == SIZE_MAX) {
            ifp_dense_set_nonbasic(lp, slot);
            continue;
        }
        ifp_dense_pivot(lp, best, slot);
        taken[best] = true;
    }
    ifp_dense_find_levels(lp);
    ifp_dense_find_prices(lp);
    lp->pivots = 0;
}
