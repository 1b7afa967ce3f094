/* SPDX-License-Identifier: MIT */
/*
 * Allocate the capacities of a deployment among items without fixed charges: an LP with up to three
 * rows.
 *
 *     maximise    sum_i worth_i x_i
 *     subject to  sum_i need_ri x_i <= capacity_r  for each capacity r,  0 <= x_i <= max_share_i
 *
 * Rows without needs and rows that another row implies are left out. The needs of the other rows
 * are scaled such that all rows have the same right side, the largest capacity C. For multipliers
 * mu_r >= 0 of the rows, the objective is at most
 *
 *     f(mu) = sum_r mu_r C + sum_i max(0, worth_i - sum_r mu_r need_ri) max_share_i.
 *
 * f is convex and piecewise linear. It bends along one line (a plane, if there are three rows) per
 * item, worth_i = sum_r mu_r need_ri, and along the axes, which are the lines of the rows' slacks.
 * Its minimum is at a crossing of as many lines as there are rows. The dual simplex method moves
 * from crossing to crossing, each time along all lines of the basis but one and past all other
 * lines while f decreases (bounds are flipped instead of pivoting). A search solves the LP many
 * times for nearly the same items, so each solve starts from the last basis.
 */
#ifndef IFP_ENGINE_MASTER_FEW_ROW_LP_H
#define IFP_ENGINE_MASTER_FEW_ROW_LP_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/master/item.h"

/* A line of the basis, that of an item or of a slack: its data are copied, since the item may be
 * removed before the next solve. */
struct ifp_fill_line {
    size_t id;
    size_t at; /* its item; SIZE_MAX if it is not among the present items: its share is then 0 */
    double worth;
    double need[IFP_CAPACITY_COUNT]; /* by row */
    double max_share;
    double share; /* in the last solution */
    /* The direction in which the crossing moves if this line leaves, by row, and the sum of the
     * magnitudes of its terms. */
    double across[IFP_CAPACITY_COUNT];
    double across_size[IFP_CAPACITY_COUNT];
};

/* Items are at indices IFP_FILL_FIRST .. count - 1. The slacks of the rows are before them. */
enum { IFP_FILL_FIRST = IFP_CAPACITY_COUNT };

struct ifp_fill {
    size_t count;
    size_t *id; /* index into the items given to ifp_fill_start */
    double *worth;
    double *need[IFP_CAPACITY_COUNT]; /* by row, scaled */
    double *max_share;
    double *share;                 /* of the last solution */
    double value;                  /* of the last solution */
    double mu[IFP_CAPACITY_COUNT]; /* multipliers of the rows, of the last solution */
    /* private to few_row_lp.c, except that knapsack.c reads the basis: */
    const struct ifp_item *items;
    size_t rows;                      /* 2 or 3; a row may have no needs */
    size_t row[IFP_CAPACITY_COUNT];   /* by row: enum ifp_capacity */
    double scale[IFP_CAPACITY_COUNT]; /* by row: factor on the needs */
    double capacity;                  /* of each scaled row */
    bool closed[IFP_CAPACITY_COUNT];  /* by enum ifp_capacity: is it 0? Items that need it are
                                         left out */
    bool any_closed;
    struct ifp_capacity_price prohibits; /* prices of closed capacities at which no item pays */
    struct ifp_fill_line basis[IFP_CAPACITY_COUNT];
    double determinant;              /* of the basis */
    size_t *where;                   /* by id: its last index */
    double left[IFP_CAPACITY_COUNT]; /* by row: capacity left by items that are not in the basis */
    size_t crossed_count;
    size_t *crossed; /* lines ahead on a walk: item, distance, and decrease of the slope of f */
    double *step;
    double *bend;
};

/* For at most `items` items. Returns NULL if out of memory. */
struct ifp_fill *ifp_fill_new(size_t items);
void ifp_fill_free(struct ifp_fill *fill);

/* Choose the rows for LPs with some of the items, remove all items and forget the basis. The items
 * are borrowed until the next start; their needs and largest shares must not change. `capacity` is
 * by enum ifp_capacity; values below 0 count as 0. Needs and capacities above 0 are between 1e-100
 * and 1e100. */
void ifp_fill_start(struct ifp_fill *fill, const struct ifp_item *items, size_t count,
                    const double *capacity);

/* Remove all items. The basis is kept. */
static inline void ifp_fill_clear(struct ifp_fill *fill)
{
    fill->count = IFP_FILL_FIRST;
}

/* Does the item need a capacity of 0? */
bool ifp_fill_shuts_out(const struct ifp_fill *fill, const struct ifp_item *item);

/* Add an item, by its index among those given to ifp_fill_start. Its worth is above 0 and at most
 * its value. Its index is not among those present. To remove the last items, lower the count. An
 * item that needs a capacity of 0 is not added. */
static inline void ifp_fill_add(struct ifp_fill *fill, size_t id, double worth)
{
    const struct ifp_item *item = &fill->items[id];
    if (fill->any_closed && ifp_fill_shuts_out(fill, item))
        return;
    size_t at = fill->count++;
    fill->id[at] = id;
    fill->where[id] = at;
    fill->worth[at] = worth;
    fill->need[0][at] = item->need[fill->row[0]] * fill->scale[0];
    fill->need[1][at] = item->need[fill->row[1]] * fill->scale[1];
    if (fill->rows > 2)
        fill->need[2][at] = item->need[fill->row[2]] * fill->scale[2];
    fill->max_share[at] = item->max_share;
}

/* Forget the basis: the next solve starts from the origin. */
void ifp_fill_forget(struct ifp_fill *fill);

/* Solve the LP for the items added. Sets share, value and mu. Returns an upper bound on the
 * objective, proved by the multipliers and equal to the value up to rounding. If worths per need
 * differ by 16 orders of magnitude or more, a warm start may lose the smaller ones: the value is
 * then less than the bound. */
double ifp_fill_solve(struct ifp_fill *fill);

/* The multipliers of the last solution, per unit of each capacity: 0 for rows that are left out. At
 * these prices items that need a capacity of 0 do not pay. */
struct ifp_capacity_price ifp_fill_price(const struct ifp_fill *fill);

#endif
