/* SPDX-License-Identifier: MIT */
/* The result of a sweep as rows, one for each cell, written as soon as they are there. */
#ifndef INFERPLAN_TOOLS_ROWS_H
#define INFERPLAN_TOOLS_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "sweep/cell.h"
#include "sweep/grid.h"
#include "terminal/output.h"
#include "util/json_write.h"

enum rows_format {
    ROWS_NONE, /* nothing is written */
    ROWS_TABLE,
    ROWS_CSV, /* RFC 4180 */
    ROWS_JSON
};

/* Zero-initialise. */
struct rows {
    enum rows_format format;
    const struct grid *grid;
    struct ifp_json json; /* its text is what is written in any format */
    size_t *widths;       /* of the varied fields' columns; table only */
    bool with_cost_parts; /* of the cost; table only */
};

/* Write what stands before the rows. A table tries to keep to `columns`; 0 is any width. These
 * return an exit status; a failure has been printed. */
int rows_begin(struct rows *rows, enum rows_format format, const struct grid *grid,
               const char *instance, int columns);

int rows_add(struct rows *rows, size_t cell, const struct cell_result *result);

/* Write what stands behind the rows, and close standard output. */
int rows_end(struct rows *rows);

void rows_clear(struct rows *rows);

#endif
