/* SPDX-License-Identifier: MIT */
/*
 * The room of a deployment shared out among items that are free to take, an LP with two rows:
 *
 *     maximise  sum_i worth_i x_i
 *     subject to  sum_i kv_i x_i <= room,  sum_i tflops_i x_i <= room,  0 <= x_i <= most_i
 *
 * At multipliers a, b >= 0 of the two rows nothing exceeds
 *
 *     f(a, b) = (a + b) room + sum_i max(0, worth_i - a kv_i - b tflops_i) most_i.
 *
 * f is convex and bends along one line an item, worth_i = a kv_i + b tflops_i, and is least where
 * two of them cross, the axes being the lines of the rows' slacks. The dual simplex method walks
 * from crossing to crossing, each time along a line and past all the others for as long as f
 * falls (bounds are flipped instead of pivoting). Searches solve it again and again for nearly the
 * same items: it starts where it ended last.
 */
#ifndef IFP_ENGINE_MASTER_TWO_ROW_LP_H
#define IFP_ENGINE_MASTER_TWO_ROW_LP_H

#include <stdbool.h>
#include <stddef.h>

/* A line of the basis. */
struct ifp_fill_line {
    size_t id;
    size_t at; /* its item, or SIZE_MAX: not among them at present, nothing of it can be taken */
    double worth;
    double kv;
    double tflops;
    double most;
    double share;
};

/* The items are at 2 .. count - 1; before them are the slacks of the two rows. */
enum { IFP_FILL_FIRST = 2 };

struct ifp_fill {
    size_t count;
    size_t *id; /* below the number that there is room for */
    double *worth;
    double *kv;
    double *tflops;
    double *most;
    double *share; /* of the last solution */
    double value;  /* of the last solution */
    double mu_kv;  /* multipliers of the rows, of the last solution */
    double mu_tflops;
    /* for fill.c alone: */
    struct ifp_fill_line basis[2];
    size_t *where;  /* by id: at which place it was last */
    double left_kv; /* of the room, by what is not in the basis */
    double left_tflops;
    size_t crossed_count;
    size_t *crossed; /* on a walk: what has a line ahead, how far, and what f then falls less by */
    double *step;
    double *bend;
};

/* NULL when out of memory. */
struct ifp_fill *ifp_fill_new(size_t items);
void ifp_fill_free(struct ifp_fill *fill);

/* No items. The basis stays. */
static inline void ifp_fill_clear(struct ifp_fill *fill)
{
    fill->count = IFP_FILL_FIRST;
}

/* One more item, of a worth and a largest share above 0; its id is that of no other, below the
 * number that there is room for. To take the last ones out, lower the count. */
static inline void ifp_fill_add(struct ifp_fill *fill, size_t id, double worth, double kv,
                                double tflops, double most)
{
    size_t at = fill->count++;
    fill->id[at] = id;
    fill->where[id] = at;
    fill->worth[at] = worth;
    fill->kv[at] = kv;
    fill->tflops[at] = tflops;
    fill->most[at] = most;
}

/* Start from the origin next time. */
void ifp_fill_forget(struct ifp_fill *fill);

/* The best shares, their value, and the multipliers which prove that nothing exceeds what is
 * returned: the same up to rounding. */
double ifp_fill_solve(struct ifp_fill *fill, double room);

/* The multiplier of one row where the other is not there. Leaves no shares; forgets the basis. */
double ifp_fill_alone(struct ifp_fill *fill, double room, bool by_tflops);

#endif
