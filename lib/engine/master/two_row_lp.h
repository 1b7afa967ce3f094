/* SPDX-License-Identifier: MIT */
/*
 * Allocate the capacity of a deployment among items without fixed charges: an LP with two rows.
 *
 *     maximise    sum_i worth_i x_i
 *     subject to  sum_i kv_i x_i <= capacity,  sum_i tflops_i x_i <= capacity,
 *                 0 <= x_i <= max_share_i
 *
 * kv_i and tflops_i are fractions of one replica's capacity, so `capacity` is the number of
 * replicas. For multipliers a, b >= 0 of the two rows, the objective is at most
 *
 *     f(a, b) = (a + b) capacity + sum_i max(0, worth_i - a kv_i - b tflops_i) max_share_i.
 *
 * f is convex and piecewise linear. It bends along one line per item, worth_i = a kv_i + b
 * tflops_i, and along the axes, which are the lines of the rows' slacks. Its minimum is at a
 * crossing of two lines. The dual simplex method moves from crossing to crossing, each time along a
 * line and past all other lines while f decreases (bounds are flipped instead of pivoting). A
 * search solves the LP many times for nearly the same items, so each solve starts from the last
 * basis.
 */
#ifndef IFP_ENGINE_MASTER_TWO_ROW_LP_H
#define IFP_ENGINE_MASTER_TWO_ROW_LP_H

#include <stdbool.h>
#include <stddef.h>

/* A line of the basis, that of an item or of a slack: its data are copied, since the item may be
 * removed before the next solve. */
struct ifp_fill_line {
    size_t id;
    size_t at; /* its item; SIZE_MAX if it is not among the present items: its share is then 0 */
    double worth;
    double kv;
    double tflops;
    double max_share;
    double share; /* in the last solution */
};

/* Items are at indices 2 .. count - 1; indices 0 and 1 are the slacks of the two rows. */
enum { IFP_FILL_FIRST = 2 };

struct ifp_fill {
    size_t count;
    size_t *id; /* below the number of items given to ifp_fill_new */
    double *worth;
    double *kv;
    double *tflops;
    double *max_share;
    double *share; /* of the last solution */
    double value;  /* of the last solution */
    double mu_kv;  /* multipliers of the rows, of the last solution */
    double mu_tflops;
    /* private to two_row_lp.c, except that knapsack.c reads the basis: */
    struct ifp_fill_line basis[2];
    size_t *where;  /* by id: its last index */
    double left_kv; /* capacity left by the items that are not in the basis */
    double left_tflops;
    size_t crossed_count;
    size_t *crossed; /* lines ahead on a walk: item, distance, and decrease of the slope of f */
    double *step;
    double *bend;
};

/* Returns NULL if out of memory. */
struct ifp_fill *ifp_fill_new(size_t items);
void ifp_fill_free(struct ifp_fill *fill);

/* Remove all items. The basis is kept. */
static inline void ifp_fill_clear(struct ifp_fill *fill)
{
    fill->count = IFP_FILL_FIRST;
}

/* Add an item. Its worth and its largest share are above 0. Its id is unique and below the number
 * of items given to ifp_fill_new. To remove the last items, lower the count. */
static inline void ifp_fill_add(struct ifp_fill *fill, size_t id, double worth, double kv,
                                double tflops, double max_share)
{
    size_t at = fill->count++;
    fill->id[at] = id;
    fill->where[id] = at;
    fill->worth[at] = worth;
    fill->kv[at] = kv;
    fill->tflops[at] = tflops;
    fill->max_share[at] = max_share;
}

/* Forget the basis: the next solve starts from the origin. */
void ifp_fill_forget(struct ifp_fill *fill);

/* Solve the LP for the items added. Sets share, value, mu_kv and mu_tflops. Returns an upper bound
 * on the objective, proved by the multipliers and equal to the value up to rounding. */
double ifp_fill_solve(struct ifp_fill *fill, double capacity);

/* Solve the LP with one row only: that of tflops if `by_tflops` is true, else that of kv. Returns
 * the row's multiplier. The shares are not valid afterwards. The basis is forgotten. */
double ifp_fill_alone(struct ifp_fill *fill, double capacity, bool by_tflops);

#endif
