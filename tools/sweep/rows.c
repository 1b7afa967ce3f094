/* SPDX-License-Identifier: MIT */
/* Writes the cells of a sweep as a table, as CSV or as JSON; each row is one piece of output, so
 * that a sweep that is killed leaves whole ones. */
#include "sweep/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/solution.h>

#include "terminal/table.h"
#include "util/figure.h"

/* The numbers of a result, in their order everywhere. COST_PARTS stands for all parts of the
 * cost. */
enum metric {
    OBJECTIVE,
    BOUND,
    GAP,
    COST_PARTS,
    GPUS,
    DEPLOYMENTS,
    UNMET_FRACTION,
    SECONDS,
    METRIC_COUNT
};

/* Money columns are as wide as a million dollars; a wider number pushes the rest aside, as what is
 * still to come is not known when a row is printed. */
enum { MONEY_WIDTH = 10 };

static const struct {
    const char *name;    /* in CSV and JSON */
    const char *heading; /* in the table; NULL: not in it */
    int width;
} metrics[METRIC_COUNT] = {
    [OBJECTIVE] = {"objective_usd", "cost USD", MONEY_WIDTH},
    [BOUND] = {"bound_usd", NULL, 0},
    [GAP] = {"gap", "gap %", 8},
    [GPUS] = {"gpus", "GPUs", 5},
    [DEPLOYMENTS] = {"deployments", NULL, 0},
    [UNMET_FRACTION] = {"unmet_fraction", "unmet %", 7},
    [SECONDS] = {"seconds", "seconds", 8},
};

/* A number of a result, with all that its column needs. */
struct column {
    enum metric metric;
    size_t cost_part; /* of the cost; for COST_PARTS */
    const char *name;
    const char *heading;
    int width;
};

static size_t column_count(void)
{
    return METRIC_COUNT - 1 + cell_cost_part_count();
}

static struct column column_at(size_t index)
{
    size_t cost_parts = cell_cost_part_count();
    if (index >= COST_PARTS && index < COST_PARTS + cost_parts) {
        ifp_cost_part cost_part = IFP_COST_PART_INIT;
        (void)ifp_cost_part_get(index - COST_PARTS, &cost_part);
        return (struct column){COST_PARTS, index - COST_PARTS, cost_part.key, cost_part.label,
                               MONEY_WIDTH};
    }
    size_t m = index < COST_PARTS ? index : index - cost_parts + 1;
    return (struct column){(enum metric)m, 0, metrics[m].name, metrics[m].heading,
                           metrics[m].width};
}

/* Not finite where there is no such number. */
static double number_of(const struct cell_result *result, const struct column *column)
{
    switch (column->metric) {
    case OBJECTIVE:
        return result->objective;
    case BOUND:
        return result->bound;
    case GAP:
        return result->gap;
    case COST_PARTS:
        return result->cost_parts[column->cost_part];
    case GPUS:
        return result->has_plan ? (double)result->gpus : NAN;
    case DEPLOYMENTS:
        return result->has_plan ? (double)result->deployments : NAN;
    case UNMET_FRACTION:
        return result->unmet_fraction;
    default:
        return result->seconds;
    }
}

static const char *status_word(const struct cell_result *result)
{
    return result->code == IFP_OK ? result->word : "error";
}

/* NULL where nothing went wrong. */
static const char *error_of(const struct cell_result *result)
{
    if (result->code == IFP_OK)
        return NULL;
    return result->error ? result->error : "out of memory";
}

/* --- CSV */

/* Would a spreadsheet take it for a formula? Apostrophes in front are what put_field has added. */
static bool is_formula(const char *text)
{
    double number;
    size_t apostrophes = strspn(text, "'");
    return text[apostrophes] && strchr("=+-@\t\r\n", text[apostrophes]) &&
           !ifp_number_read(text, strlen(text), &number);
}

/* A field of RFC 4180, in quotes if needed. What begins as a formula gets an apostrophe in front.
 * The Python package has the same rule. */
static void put_field(struct ifp_text *out, const char *text)
{
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';
    output_print(out, "%s%s", quoted ? "\"" : "", is_formula(text) ? "'" : "");
    for (; *text; text++)
        ifp_text_append(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    output_print(out, "%s", quoted ? "\"" : "");
}

static void begin_csv(struct rows *rows)
{
    for (size_t a = 0; a < rows->grid->axis_count; a++) {
        put_field(&rows->json.text, rows->grid->axes[a].path);
        output_print(&rows->json.text, ",");
    }
    output_print(&rows->json.text, "status");
    for (size_t c = 0; c < column_count(); c++)
        output_print(&rows->json.text, ",%s", column_at(c).name);
    output_print(&rows->json.text, ",error\r\n");
}

static void add_csv(struct rows *rows, size_t cell, const struct cell_result *result)
{
    for (size_t a = 0; a < rows->grid->axis_count; a++) {
        put_field(&rows->json.text, grid_value(&rows->grid->axes[a], cell)->text);
        output_print(&rows->json.text, ",");
    }
    output_print(&rows->json.text, "%s", status_word(result));
    for (size_t c = 0; c < column_count(); c++) {
        struct column column = column_at(c);
        char text[IFP_NUMBER_SIZE] = "";
        double number = number_of(result, &column);
        if (isfinite(number))
            ifp_number_write(text, number);
        output_print(&rows->json.text, ",%s", text);
    }
    output_print(&rows->json.text, ",");
    put_field(&rows->json.text, error_of(result) ? error_of(result) : "");
    output_print(&rows->json.text, "\r\n");
}

/* --- JSON */

/* Numbers, lists and null are JSON as they are. */
static void put_value(struct ifp_json *json, const struct grid_value *value)
{
    if (value->kind == GRID_SCALE || value->kind == GRID_WORD)
        ifp_json_string(json, NULL, value->text);
    else
        ifp_json_raw(json, NULL, value->text);
}

static void begin_json(struct rows *rows, const char *instance)
{
    struct ifp_json *json = &rows->json;
    ifp_json_open(json, NULL, '{', false);
    ifp_json_string(json, "format", "inferplan-sweep");
    ifp_json_number(json, "version", 1);
    ifp_json_string(json, "instance", instance);
    ifp_json_open(json, "vary", '[', false);
    for (size_t a = 0; a < rows->grid->axis_count; a++) {
        const struct grid_axis *axis = &rows->grid->axes[a];
        ifp_json_open(json, NULL, '{', true);
        ifp_json_string(json, "path", axis->path);
        ifp_json_open(json, "values", '[', true);
        for (size_t v = 0; v < axis->count; v++)
            put_value(json, &axis->values[v]);
        ifp_json_close(json, ']');
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
    ifp_json_open(json, "cells", '[', false);
}

static void add_json(struct rows *rows, size_t cell, const struct cell_result *result)
{
    struct ifp_json *json = &rows->json;
    ifp_json_open(json, NULL, '{', true);
    ifp_json_open(json, "values", '[', true);
    for (size_t a = 0; a < rows->grid->axis_count; a++)
        put_value(json, grid_value(&rows->grid->axes[a], cell));
    ifp_json_close(json, ']');
    ifp_json_string(json, "status", status_word(result));
    for (size_t c = 0; c < column_count(); c++) {
        struct column column = column_at(c);
        ifp_json_number(json, column.name, number_of(result, &column));
    }
    if (error_of(result))
        ifp_json_string(json, "error", error_of(result));
    else
        ifp_json_null(json, "error");
    ifp_json_close(json, '}');
}

static void end_json(struct rows *rows)
{
    ifp_json_close(&rows->json, ']');
    ifp_json_close(&rows->json, '}');
    ifp_text_string(&rows->json.text, "\n");
}

/* --- table */

enum { INDENT = 2, BETWEEN = 2, HEADING_MIN = 12 };

enum { STATUS_WIDTH = 10 };

/* Is a column in the table? The parts of the cost are left out if they do not fit. */
static bool is_shown(const struct rows *rows, const struct column *column)
{
    return column->heading && (rows->with_cost_parts || column->metric != COST_PARTS);
}

static size_t table_width(const struct rows *rows)
{
    size_t width = INDENT + STATUS_WIDTH;
    for (size_t a = 0; a < rows->grid->axis_count; a++)
        width += rows->widths[a] + BETWEEN;
    for (size_t c = 0; c < column_count(); c++) {
        struct column column = column_at(c);
        if (is_shown(rows, &column))
            width += (size_t)column.width + BETWEEN;
    }
    return width;
}

static void put_right(struct ifp_text *out, const char *text, size_t width)
{
    size_t needed = table_text_width(text);
    output_print(out, "%*s%s%*s", needed < width ? (int)(width - needed) : 0, "", text, BETWEEN,
                 "");
}

static void begin_table(struct rows *rows, const char *instance, int columns)
{
    const struct grid *grid = rows->grid;
    struct ifp_text *out = &rows->json.text;
    rows->widths = calloc(grid->axis_count, sizeof *rows->widths);
    if (!rows->widths) {
        out->failed = true;
        return;
    }
    /* First as wide as everything asks for; then without the parts of the cost; then with long
     * paths cut. */
    rows->with_cost_parts = true;
    for (int attempt = 0; attempt < 3; attempt++) {
        rows->with_cost_parts = attempt == 0;
        for (size_t a = 0; a < grid->axis_count; a++) {
            const struct grid_axis *axis = &grid->axes[a];
            size_t width = table_text_width(axis->path);
            if (attempt == 2 && width > HEADING_MIN)
                width = HEADING_MIN;
            for (size_t v = 0; v < axis->count; v++) {
                size_t needed = table_text_width(axis->values[v].text);
                width = needed > width ? needed : width;
            }
            rows->widths[a] = width;
        }
        if (columns == 0 || table_width(rows) <= (size_t)columns)
            break;
    }
    output_print(out, "instance   %s, %zu cell%s\n\n%*s", *instance ? instance : "unnamed",
                 grid->cell_count, grid->cell_count == 1 ? "" : "s", INDENT, "");
    for (size_t a = 0; a < grid->axis_count; a++) {
        struct ifp_text heading = {0};
        output_print(&heading, "%s", grid->axes[a].path);
        if (heading.failed)
            out->failed = true;
        else if (table_text_width(heading.data) > rows->widths[a])
            output_shorten(heading.data, rows->widths[a]);
        put_right(out, heading.failed ? "" : heading.data, rows->widths[a]);
        ifp_text_clear(&heading);
    }
    output_print(out, "%-*s", STATUS_WIDTH, "status");
    for (size_t c = 0; c < column_count(); c++) {
        struct column column = column_at(c);
        if (is_shown(rows, &column))
            output_print(out, "%*s%*s", BETWEEN, "", column.width, column.heading);
    }
    output_print(out, "\n");
}

static void format_metric(char text[IFP_NUMBER_SIZE], enum metric metric, double number)
{
    switch (metric) {
    case GAP:
        snprintf(text, IFP_NUMBER_SIZE, "%.3g", number < 1e-6 ? 0 : 100 * number);
        break;
    case UNMET_FRACTION:
        snprintf(text, IFP_NUMBER_SIZE, "%.1f", 100 * number);
        break;
    case GPUS:
        snprintf(text, IFP_NUMBER_SIZE, "%.0f", number);
        break;
    case SECONDS:
        snprintf(text, IFP_NUMBER_SIZE, "%.3f", number);
        break;
    default:
        ifp_figure_usd(text, number);
        break;
    }
}

static void add_table(struct rows *rows, size_t cell, const struct cell_result *result)
{
    struct ifp_text *out = &rows->json.text;
    output_print(out, "%*s", INDENT, "");
    for (size_t a = 0; a < rows->grid->axis_count; a++)
        put_right(out, grid_value(&rows->grid->axes[a], cell)->text, rows->widths[a]);
    output_print(out, "%-*s", STATUS_WIDTH, status_word(result));
    if (error_of(result)) {
        output_print(out, "%*s%s\n", BETWEEN, "", error_of(result));
        return;
    }
    for (size_t c = 0; c < column_count(); c++) {
        struct column column = column_at(c);
        if (!is_shown(rows, &column))
            continue;
        char text[IFP_NUMBER_SIZE] = "-";
        double number = number_of(result, &column);
        if (isfinite(number))
            format_metric(text, column.metric, number);
        output_print(out, "%*s%*s", BETWEEN, "", column.width, text);
    }
    output_print(out, "\n");
}

/* --- all of them */

int rows_begin(struct rows *rows, enum rows_format format, const struct grid *grid,
               const char *instance, int columns)
{
    memset(rows, 0, sizeof *rows);
    rows->format = format;
    rows->grid = grid;
    if (format == ROWS_CSV)
        begin_csv(rows);
    else if (format == ROWS_JSON)
        begin_json(rows, instance);
    else if (format == ROWS_TABLE)
        begin_table(rows, instance, columns);
    return output_stream(&rows->json.text);
}

int rows_add(struct rows *rows, size_t cell, const struct cell_result *result)
{
    if (rows->format == ROWS_CSV)
        add_csv(rows, cell, result);
    else if (rows->format == ROWS_JSON)
        add_json(rows, cell, result);
    else if (rows->format == ROWS_TABLE)
        add_table(rows, cell, result);
    return output_stream(&rows->json.text);
}

int rows_end(struct rows *rows)
{
    if (rows->format == ROWS_NONE)
        return STATUS_DONE;
    if (rows->format == ROWS_JSON)
        end_json(rows);
    return output_stream_end(&rows->json.text);
}

void rows_clear(struct rows *rows)
{
    ifp_text_clear(&rows->json.text);
    free(rows->widths);
    memset(rows, 0, sizeof *rows);
}
