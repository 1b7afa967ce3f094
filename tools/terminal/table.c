/* SPDX-License-Identifier: MIT */
/* Lays out columns, counting characters instead of bytes so that UTF-8 names stay aligned. */
#include "terminal/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/utf8.h"

enum { INDENT = 2, BETWEEN = 2, NARROWEST = 4 };

size_t table_text_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += !ifp_utf8_continues(*text);
    return width;
}

/* Bytes taken by the first `width` code points. */
static size_t bytes_of(const char *text, size_t width)
{
    size_t bytes = 0;
    while (text[bytes]) {
        if (!ifp_utf8_continues(text[bytes]) && width-- == 0)
            break;
        bytes++;
    }
    return bytes;
}

void table_cell(struct table *table, const char *format, ...)
{
    if (table->failed)
        return;
    if (!ifp_array_reserve(&table->cells, &table->capacity, table->cell_count + 1,
                           sizeof *table->cells)) {
        table->failed = true;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *cell = length < 0 ? NULL : malloc((size_t)length + 1);
    if (cell) {
        vsnprintf(cell, (size_t)length + 1, format, again);
        table->cells[table->cell_count++] = cell;
    } else {
        table->failed = true;
    }
    va_end(again);
    va_end(arguments);
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        free(table->cells[i]);
    free(table->cells);
    table->cells = NULL;
    table->cell_count = 0;
    table->capacity = 0;
}

/* Narrow the widest name by one column until the line fits or no name can be cut further. */
static void shrink(const struct table *table, size_t *widths, size_t available)
{
    size_t total = INDENT;
    for (size_t i = 0; i < table->column_count; i++)
        total += widths[i] + (i ? BETWEEN : 0);
    while (total > available) {
        size_t widest = table->column_count;
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].may_be_cut && widths[i] > NARROWEST &&
                (widest == table->column_count || widths[i] > widths[widest]))
                widest = i;
        }
        if (widest == table->column_count)
            return;
        widths[widest]--;
        total--;
    }
}

/* Write *gap blanks and the text. Blanks are written only before a text, never at the end of a
 * line. */
static void put_text(struct ifp_text *out, const char *text, size_t bytes, size_t *gap)
{
    if (bytes == 0)
        return;
    output_print(out, "%*s", (int)*gap, "");
    ifp_text_append(out, text, bytes);
    *gap = 0;
}

static void put_cell(struct ifp_text *out, const char *text, size_t width, bool right, size_t *gap)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t needed = table_text_width(text);
    if (needed > width) {
        put_text(out, text, bytes_of(text, width - 1), gap);
        put_text(out, ellipsis, strlen(ellipsis), gap);
        return;
    }
    if (right)
        *gap += width - needed;
    put_text(out, text, strlen(text), gap);
    if (!right)
        *gap += width - needed;
}

void table_print(const struct table *table, struct ifp_text *out, int width)
{
    size_t columns = table->column_count;
    size_t *widths = table->failed ? NULL : calloc(columns, sizeof *widths);
    if (!widths) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < columns; i++)
        widths[i] = table_text_width(table->columns[i].heading);
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t needed = table_text_width(table->cells[i]);
        if (needed > widths[i % columns])
            widths[i % columns] = needed;
    }
    if (width > 0)
        shrink(table, widths, (size_t)width);
    size_t rows = table->cell_count / columns;
    for (size_t row = 0; row <= rows; row++) {
        size_t gap = INDENT;
        for (size_t i = 0; i < columns; i++) {
            const char *text =
                row == 0 ? table->columns[i].heading : table->cells[(row - 1) * columns + i];
            put_cell(out, text, widths[i], table->columns[i].right, &gap);
            gap += BETWEEN;
        }
        output_print(out, "\n");
    }
    free(widths);
}
