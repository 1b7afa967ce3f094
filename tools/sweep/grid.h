/* SPDX-License-Identifier: MIT */
/* The grid of a sweep: the varied fields, their values, and the values of each cell. */
#ifndef INFERPLAN_TOOLS_GRID_H
#define INFERPLAN_TOOLS_GRID_H

#include <stddef.h>

#include <inferplan/instance.h>
#include <inferplan/options.h>

#include "terminal/arguments.h"

/* The maximum number of values of a field, and of cells. */
enum { GRID_SIZE_MAX = 1000000 };

enum grid_kind {
    GRID_NUMBER,
    GRID_SCALE, /* scale:F */
    GRID_NULL,
    GRID_LIST, /* [1, 2] */
    GRID_WORD
};

struct grid_value {
    char *text; /* as for --set; numbers with the fewest digits that read back as the same double */
    enum grid_kind kind;
};

struct grid_axis {
    const char *given; /* the whole PATH=VALUES, borrowed from the command line */
    char *path;
    struct grid_value *values;
    size_t count;
    size_t capacity;
    size_t stride; /* the number of cells to the next value */
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

/* The index of an axis's value in a cell, and the value. */
size_t grid_index(const struct grid_axis *axis, size_t cell);
const struct grid_value *grid_value(const struct grid_axis *axis, size_t cell);

/*
 * Set the values of a cell in the order of the axes, as --set does. Returns an enum ifp_code; after
 * a failure *failed is the axis, and the instance's last error holds the reason. The axes before it
 * have been set.
 */
int grid_apply(const struct grid *grid, size_t cell, ifp_instance *instance, size_t *failed);

/*
 * Refuse values that make no cell's instance valid, and instances that cannot be solved in any
 * cell, so that such mistakes are reported before anything is solved. Returns an exit status; a
 * failure, which names `file`, has been printed.
 */
int grid_check(const struct grid *grid, const char *file, const ifp_instance *instance,
               const ifp_options *options);

#endif
