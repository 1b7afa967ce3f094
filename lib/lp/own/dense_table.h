/* SPDX-License-Identifier: MIT */
/*
 * The data of dense.h. Only for dense.c (which builds them), dense_inverse.c and dense_solve.c.
 *
 * The activity of a row is a variable with the row's bounds: s_i = a_i x. It is called the slack of
 * the row. The system is thus A x - s = 0. Every variable has a slot, and every basic variable has
 * a place in the basis. B is the matrix of the columns of the basic variables, and its inverse is
 * kept. Rows and columns of the table B^-1 [A, -I] are computed from it when needed. If a row's
 * slack is basic, the inverse's column of that row is minus the unit vector of the slack's place,
 * and is not stored. The other rows are active, and their columns are stored next to each other.
 * Since the right-hand side is 0, the basic variables are minus the table times the nonbasic ones.
 * Reduced costs are kept for every slot; that of a slack is the multiplier of its row.
 */
#ifndef IFP_LP_OWN_DENSE_TABLE_H
#define IFP_LP_OWN_DENSE_TABLE_H

#include "lp/own/dense.h"

enum { NOT_BASIC = -1 };

/* The entries of a slot's column. A slack has no entries: its column is minus a unit vector. */
struct ifp_dense_column {
    size_t start;
    size_t count;
    size_t capacity;
    size_t row; /* the row of a slack, else SIZE_MAX */
};

struct ifp_dense {
    size_t rows;
    size_t columns;
    size_t slots; /* columns and rows */
    size_t row_capacity;
    size_t width;  /* columns of the inverse with memory; at least active + 1 */
    size_t stride; /* of the inverse's rows; small, to keep the data of a pivot close together */
    size_t active; /* columns of the inverse that are stored */
    size_t slot_capacity;
    size_t entries; /* entries in use, including those of columns that were moved or deleted */
    size_t entry_capacity;
    double *inverse;    /* of the basis: by place, then by active column */
    size_t *active_row; /* by active column */
    size_t *active_at;  /* by row: its active column, or SIZE_MAX */
    size_t *entry_row;
    double *entry_value;
    /* The entries by row, for columns that are not fixed. ifp_dense_line computes them if has_rows
     * is false. */
    bool has_rows;
    size_t by_row_capacity;
    size_t *row_start; /* entries of row r: row_start[r] .. row_start[r + 1] - 1 */
    uint32_t *row_entry_slot;
    double *row_entry_value;
    struct ifp_dense_column *column; /* by slot, like all arrays up to `place` */
    double *lower;
    double *upper;
    double *cost;        /* 0 for slacks */
    double *shift;       /* temporary change of the cost by the dual method */
    double *value;       /* of nonbasic variables */
    double *price;       /* reduced cost; not kept for fixed columns */
    double *weight;      /* Devex weight */
    double *line;        /* a row of the table B^-1 [A, -I]: the result of ifp_dense_line */
    int *place;          /* in the basis, or NOT_BASIC */
    size_t *basic;       /* by place: the slot */
    double *level;       /* by place: the basic variable's value */
    double *spike;       /* by place: a column of the table, the result of ifp_dense_spike */
    double *work;        /* by row: workspace */
    double *multipliers; /* by row: workspace of is_right */
    size_t *column_slot; /* by column */
    size_t *row_slot;    /* by row: the slot of its slack */
    size_t *candidates;  /* workspace: slots */
    size_t *wanted;      /* workspace: rows or slots; row_capacity entries */
    size_t *used;        /* workspace: active columns */
    bool *mark;          /* by slot */
    size_t pivots;       /* since the inverse was computed from the original data */
    bool shifted;        /* is a cost shifted? */
    double end;          /* of the running solve's time, by ifp_clock_seconds */
    bool has_ray;        /* did the last solve find that no point satisfies the row of ray_slot? */
    size_t ray_slot;     /* a basic variable beyond its bound */
    double ray_sign;     /* 1: it is above its upper bound; -1: below its lower bound */
};

static inline double *ifp_dense_inverse(const struct ifp_dense *lp, size_t place)
{
    return lp->inverse + place * lp->stride;
}

/* The row whose slack is at a place of the basis, or SIZE_MAX. */
static inline size_t ifp_dense_slack_row(const struct ifp_dense *lp, size_t place)
{
    return lp->column[lp->basic[place]].row;
}

static inline double ifp_dense_value(const struct ifp_dense *lp, size_t slot)
{
    return lp->place[slot] == NOT_BASIC ? lp->value[slot] : lp->level[lp->place[slot]];
}

static inline bool ifp_dense_is_fixed(const struct ifp_dense *lp, size_t slot)
{
    return lp->lower[slot] == lp->upper[slot];
}

/* Faster than fmax and fmin: no NaN handling. */
static inline double ifp_dense_larger(double a, double b)
{
    return a > b ? a : b;
}

static inline double ifp_dense_smaller(double a, double b)
{
    return a < b ? a : b;
}

/* from -= times * vector, for vectors of `count` entries. */
static inline void ifp_dense_subtract(double *restrict from, const double *restrict vector,
                                      double times, size_t count)
{
    for (size_t k = 0; k < count; k++)
        from[k] -= times * vector[k];
}

/* The scalar product of two vectors. Four partial sums break the dependency chain. */
static inline double ifp_dense_dot(const double *a, const double *b, size_t count)
{
    double sum[4] = {0};
    size_t k = 0;
    for (; k + 4 <= count; k += 4) {
        sum[0] += a[k] * b[k];
        sum[1] += a[k + 1] * b[k + 1];
        sum[2] += a[k + 2] * b[k + 2];
        sum[3] += a[k + 3] * b[k + 3];
    }
    for (; k < count; k++)
        sum[0] += a[k] * b[k];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* A slot's reduced cost, computed from those of the slacks, which are always kept. */
static inline double ifp_dense_price(const struct ifp_dense *lp, size_t slot)
{
    const struct ifp_dense_column *column = &lp->column[slot];
    double price = lp->cost[slot];
    for (size_t e = column->start; e < column->start + column->count; e++)
        price -= lp->entry_value[e] * lp->price[lp->row_slot[lp->entry_row[e]]];
    return price;
}

/* The scalar product of a slot's column and a vector by row. */
double ifp_dense_product(const struct ifp_dense *lp, size_t slot, const double *vector);

/* A stride for `active` active columns, and a few more if the width allows. */
size_t ifp_dense_stride_for(const struct ifp_dense *lp, size_t active);

/* The number of columns to allocate for an inverse of `rows` rows with `active` active columns. A
 * small inverse is allocated in full, since it fills up soon. */
size_t ifp_dense_width_for(size_t rows, size_t active);

/* Allocate for `active` active columns. Returns false, with no change, if out of memory. */
bool ifp_dense_reserve_active(struct ifp_dense *lp, size_t active);

/* Compute the combination of rows, times `sign`, in which the variable of a slot is the only basic
 * one with an entry. All 0 if it is not basic. */
void ifp_dense_combination(const struct ifp_dense *lp, size_t slot, double sign,
                           double *multipliers);

/* Set the value of a nonbasic variable: the bound that its reduced cost prefers. */
void ifp_dense_set_nonbasic(struct ifp_dense *lp, size_t slot);

/* Compute lp->line, the table's row of a place, for nonbasic slots that are not fixed and for all
 * slacks; and lp->spike, the table's column of a slot. */
void ifp_dense_line(struct ifp_dense *lp, size_t place);
void ifp_dense_spike(struct ifp_dense *lp, size_t slot);

/* Put the variable of a slot at a place of the basis. lp->spike must be that of the slot. The
 * caller updates values and reduced costs. */
void ifp_dense_pivot(struct ifp_dense *lp, size_t place, size_t slot);

/* Change a nonbasic variable's value and update the levels. If it changes, lp->spike is that of the
 * slot afterwards. */
void ifp_dense_move(struct ifp_dense *lp, size_t slot, double value);

/* Compute levels and reduced costs from the original data. Shifts of costs are removed. */
void ifp_dense_find_levels(struct ifp_dense *lp);
void ifp_dense_find_prices(struct ifp_dense *lp);

/* Compute the inverse, levels and reduced costs from the original data, for the same basis.
 * Slacks replace basic columns if the basis is singular. */
void ifp_dense_refresh(struct ifp_dense *lp);

#endif
