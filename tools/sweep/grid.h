/* SPDX-License-Identifier: MIT */
/* The grid of a sweep: which fields are varied, through which values, and which values each cell
 * has. */
#ifndef INFERPLAN_TOOLS_GRID_H
#define INFERPLAN_TOOLS_GRID_H

#include <stddef.h>

#include <inferplan/instance.h>
#include <inferplan/options.h>

#include "terminal/arguments.h"

/* No more values of one field, and no more cells of the grid. */
enum { GRID_MOST = 1000000 };

enum grid_kind {
    GRID_NUMBER,
    GRID_SCALE, /* scale:F */
    GRID_NULL,
    GRID_LIST, /* [1, 2] */
    GRID_WORD
};

struct grid_value {
    char *text; /* as --set takes it; numbers in the fewest digits that read back */
    enum grid_kind kind;
};

struct grid_axis {
    const char *given; /* the whole PATH=VALUES, borrowed from the command line */
    char *path;
    struct grid_value *values;
    size_t count;
    size_t capacity;
    size_t stride; /* so many cells on, the next value */
};

/* Zero-initialise. The cells are numbered from 0; the last axis varies fastest. */
struct grid {
    struct grid_axis *axes;
    size_t axis_count;
    size_t cell_count;
};

/* Read every --vary. Returns an exit status; a failure has been printed. Free with grid_free in
 * either case. */
int grid_read(const struct arguments *arguments, struct grid *grid);
void grid_free(struct grid *grid);

/* The number of the value, and the value, that an axis has in a cell. */
size_t grid_index(const struct grid_axis *axis, size_t cell);
const struct grid_value *grid_value(const struct grid_axis *axis, size_t cell);

/*
 * Set the values of a cell, in the order of the axes: what --set does with each of them. Returns a
 * code of the library; after a failure *failed is the axis, and the instance's last error says
 * why. The axes before it have been set.
 */
int grid_apply(const struct grid *grid, size_t cell, ifp_instance *instance, size_t *failed);

/*
 * Refuse values that make a valid instance in no cell, and instances that cannot be solved in any:
 * mistakes that need not wait until everything else is solved. Returns an exit status; a failure,
 * which names `file`, has been printed.
 */
int grid_check(const struct grid *grid, const char *file, const ifp_instance *instance,
               const ifp_options *options);

#endif
