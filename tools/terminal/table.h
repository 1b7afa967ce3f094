/* SPDX-License-Identifier: MIT */
/* Aligned columns of text. */
#ifndef INFERPLAN_TOOLS_TABLE_H
#define INFERPLAN_TOOLS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "terminal/output.h"

struct table_column {
    const char *heading;
    bool right;      /* aligned to the right: numbers */
    bool may_be_cut; /* shortened if the terminal is too narrow: names */
};

struct table {
    const struct table_column *columns;
    size_t column_count;
    char **cells; /* row by row */
    size_t cell_count;
    size_t capacity;
    bool failed; /* out of memory: cells are missing */
};

/* The next cell of the current row, or the first of the next row. */
void table_cell(struct table *table, const char *format, ...) IFP_FORMAT(2, 3);

/* Print the headings and every full row, indented by two columns. Names are cut to fit `width`
 * columns; 0 means any width. If memory ran out, here or in table_cell, the output fails. */
void table_print(const struct table *table, struct ifp_text *out, int width);

/* The columns of a text: one for each code point. */
size_t table_text_width(const char *text);

void table_free(struct table *table);

#endif
