/* SPDX-License-Identifier: MIT */
/*
 * The numbers of dense.h, for dense.c (which builds them), dense_inverse.c and dense_solve.c alone.
 * A row's activity is a variable as well, its slack s_i = a_i x with the row's bounds, so that the
 * system is A x - s = 0. Every variable has a slot. With B the columns of the basic ones, the
 * inverse of B is kept, and rows and columns of the table B^-1 [A, -I] are made of it as they are
 * needed. Where a row's slack is basic, the inverse's column of that row is minus the unit vector
 * of the slack's place, and is not stored: the others, the active ones, stand close together. The
 * right-hand side being 0, the basic variables are minus the table times the others. Reduced costs
 * are kept for every slot; a slack's is its row's multiplier.
 */
#ifndef IFP_LP_OWN_DENSE_TABLE_H
#define IFP_LP_OWN_DENSE_TABLE_H

#include "lp/own/dense.h"

enum { NOT_BASIC = -1 };

/* Where a slot's column has its entries; a slack's are none, it is minus a unit vector. */
struct ifp_dense_column {
    size_t start;
    size_t count;
    size_t room;
    size_t row; /* of a slack; else SIZE_MAX */
};

struct ifp_dense {
    size_t rows;
    size_t columns;
    size_t slots; /* columns and rows */
    size_t row_room;
    size_t width;  /* columns of the inverse that there is memory for; at least active + 1 */
    size_t stride; /* of the inverse: what one pivot goes through should be close together */
    size_t active; /* columns of the inverse that are stored */
    size_t slot_room;
    size_t entries; /* used, with what has been given up */
    size_t entry_room;
    double *inverse;    /* of the basis: by place in it, active column */
    size_t *active_row; /* by active column */
    size_t *active_at;  /* by row: its active column, or SIZE_MAX */
    size_t *entry_row;
    double *entry_value;
    /* The same by row, of columns that are not fixed: made anew where a line needs it. */
    bool has_rows;
    size_t by_row_room;
    size_t *row_start; /* entries of row r: row_start[r] .. row_start[r + 1] - 1 */
    uint32_t *row_entry_slot;
    double *row_entry_value;
    struct ifp_dense_column *column; /* by slot, as all up to place */
    double *lower;
    double *upper;
    double *cost;        /* of slacks 0 */
    double *shift;       /* what the dual method has added to the cost for a while */
    double *value;       /* of those that are not basic */
    double *price;       /* reduced cost; not kept for columns that are fixed */
    double *weight;      /* of the primal method's choice */
    double *line;        /* a row of the table, as the last call of ifp_dense_line left it */
    int *place;          /* in the basis, or NOT_BASIC */
    size_t *basic;       /* by place: the slot */
    double *level;       /* by place: the basic variable's value */
    double *spike;       /* by place: a column of the table, as ifp_dense_spike left it */
    double *work;        /* by row */
    double *multipliers; /* by row, room for is_right */
    size_t *column_slot;
    size_t *row_slot;
    size_t *candidates; /* room for slots, and for rows */
    size_t *wanted;
    size_t *used;  /* room for active columns */
    bool *mark;    /* by slot */
    size_t pivots; /* since the inverse was made */
    bool shifted;
};

static inline double *ifp_dense_inverse(const struct ifp_dense *lp, size_t place)
{
    return lp->inverse + place * lp->stride;
}

/* The row whose slack is in a place, or SIZE_MAX. */
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

/* For loops that have no time for what fmax and fmin do about numbers that are none. */
static inline double ifp_dense_larger(double a, double b)
{
    return a > b ? a : b;
}

static inline double ifp_dense_smaller(double a, double b)
{
    return a < b ? a : b;
}

/* from -= times * what. */
static inline void ifp_dense_subtract(double *restrict from, const double *restrict what,
                                      double times, size_t count)
{
    for (size_t k = 0; k < count; k++)
        from[k] -= times * what[k];
}

/* The product of two vectors. The sum goes four abreast: one addition has not to wait for the
 * other. */
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

/* A slot's reduced cost from those of the slacks, which are always kept. */
static inline double ifp_dense_price(const struct ifp_dense *lp, size_t slot)
{
    const struct ifp_dense_column *column = &lp->column[slot];
    double price = lp->cost[slot];
    for (size_t e = column->start; e < column->start + column->count; e++)
        price -= lp->entry_value[e] * lp->price[lp->row_slot[lp->entry_row[e]]];
    return price;
}

/* A slot's column times a vector by row. */
double ifp_dense_product(const struct ifp_dense *lp, size_t slot, const double *vector);

/* A stride with room for so many active columns, and a few more if there is memory for them. */
size_t ifp_dense_stride_for(const struct ifp_dense *lp, size_t active);

/* The columns of an inverse of `rows` rows that memory is taken for, if so many are active: all of
 * a small one, since it is filled soon. */
size_t ifp_dense_width_for(size_t rows, size_t active);

/* Memory for so many active columns. False when out of memory; nothing has changed then. */
bool ifp_dense_reserve_active(struct ifp_dense *lp, size_t active);

/* A value for one that is not basic: at the bound where its price wants it. */
void ifp_dense_settle(struct ifp_dense *lp, size_t slot);

/* The table's entries in a place's row, for slots that are neither basic nor fixed, and for all
 * slacks; in a slot's column. */
void ifp_dense_line(struct ifp_dense *lp, size_t place);
void ifp_dense_spike(struct ifp_dense *lp, size_t slot);

/* The variable in a slot, whose spike is there, takes a place in the basis; values and prices are
 * the caller's business. */
void ifp_dense_pivot(struct ifp_dense *lp, size_t place, size_t slot);

/* Levels follow a value that changes. Leaves the slot's spike. */
void ifp_dense_move(struct ifp_dense *lp, size_t slot, double value);

/* Levels and prices anew; the costs are those given, without shifts. */
void ifp_dense_find_levels(struct ifp_dense *lp);
void ifp_dense_find_prices(struct ifp_dense *lp);

/* All of it anew from the original numbers, for the same basis as far as it is none that is
 * singular. */
void ifp_dense_refresh(struct ifp_dense *lp);

#endif
