/* SPDX-License-Identifier: MIT */
/* Reads --vary PATH=VALUES and numbers the cells of the product. VALUES are separated by commas;
 * each is a value as --set takes it, or a:b:n or scale:a:b:n, n evenly spaced ones from a to b. */
#include "sweep/grid.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/input.h"
#include "terminal/output.h"
#include "util/array.h"
#include "util/number_text.h"

static const char scale_word[] = "scale:";
enum { SCALE_LENGTH = sizeof scale_word - 1 };

/* The maximum number of bytes of the user's text in an error, so that the allowed values stay
 * visible. */
enum { GIVEN_MAX = 399 };

/* Report a wrong part of one --vary. */
static int fail_entry(const char *given, const char *entry, size_t length, const char *why)
{
    struct ifp_text text = {0};
    struct ifp_text place = {0};
    output_print(&place, "--vary %s", given);
    output_print(&text, "found \"%.*s\"", (int)length, entry);
    int status = STATUS_USAGE;
    if (place.failed || text.failed) {
        status = output_fail_memory();
    } else {
        output_shorten(place.data, GIVEN_MAX);
        output_shorten(text.data, GIVEN_MAX);
        status = output_fail(STATUS_USAGE, "%s: %s; %s", place.data, text.data, why);
    }
    ifp_text_clear(&place);
    ifp_text_clear(&text);
    return status;
}

/* The length up to the next comma outside brackets; of all the text if brackets do not close. */
static size_t entry_length(const char *text)
{
    int depth = 0;
    for (size_t i = 0; text[i]; i++) {
        if (text[i] == '[')
            depth++;
        else if (text[i] == ']')
            depth--;
        else if (text[i] == ',' && depth <= 0)
            return i;
    }
    return strlen(text);
}

/* Append a value to an axis that has capacity for it. */
static int add_value(struct grid_axis *axis, enum grid_kind kind, const char *before,
                     const char *text, size_t length)
{
    size_t before_length = strlen(before);
    char *copy = malloc(before_length + length + 1);
    if (!copy)
        return output_fail_memory();
    memcpy(copy, before, before_length);
    memcpy(copy + before_length, text, length);
    copy[before_length + length] = '\0';
    axis->values[axis->count].text = copy;
    axis->values[axis->count].kind = kind;
    axis->count++;
    return STATUS_DONE;
}

static int add_number(struct grid_axis *axis, bool scale, double number)
{
    char text[IFP_NUMBER_SIZE];
    ifp_number_write(text, number);
    return add_value(axis, scale ? GRID_SCALE : GRID_NUMBER, scale ? scale_word : "", text,
                     strlen(text));
}

static int reserve(struct grid_axis *axis, size_t more)
{
    if (axis->count + more > GRID_SIZE_MAX)
        return output_fail(STATUS_USAGE,
                           "--vary %s: found more than %d values; allowed: at most %d", axis->path,
                           GRID_SIZE_MAX, GRID_SIZE_MAX);
    return ifp_array_reserve(&axis->values, &axis->capacity, axis->count + more,
                             sizeof *axis->values)
               ? STATUS_DONE
               : output_fail_memory();
}

/* a + (b - a) k / (n - 1), both ends exact. Where rounding has moved a number that is short in
 * decimal, such as 0.3 to 0.30000000000000004, the short one is meant. */
static double spaced(double a, double b, size_t k, size_t n)
{
    if (k == 0 || n == 1)
        return a;
    if (k == n - 1)
        return b;
    double share = (double)k / (double)(n - 1);
    /* The difference of two large numbers need not be finite. */
    double value =
        isfinite(b - a) ? a + (b - a) * (double)k / (double)(n - 1) : a * (1 - share) + b * share;
    double rounding = 4 * DBL_EPSILON;
    if (fabs(value) <= rounding * fmax(fabs(a), fabs(b)))
        return 0;
    double near = ifp_number_to_digits(value, 12);
    return fabs(near - value) <= rounding * fabs(value) ? near : value;
}

/* Read a:b:n, or scale:a:b:n. */
static int read_range(struct grid_axis *axis, const char *entry, size_t length, bool scale)
{
    const char *text = entry + (scale ? SCALE_LENGTH : 0);
    const char *end = entry + length;
    const char *first = memchr(text, ':', (size_t)(end - text));
    const char *second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;
    double a;
    double b;
    double n;
    const char *third = second ? memchr(second + 1, ':', (size_t)(end - second - 1)) : NULL;
    if (!second || third || !ifp_number_read(text, (size_t)(first - text), &a) ||
        !ifp_number_read(first + 1, (size_t)(second - first - 1), &b))
        return fail_entry(axis->given, entry, length,
                          "allowed: a:b:n or scale:a:b:n, n evenly spaced values from a to b");
    if (!ifp_number_read(second + 1, (size_t)(end - second - 1), &n) || n != floor(n) || n < 1 ||
        n > GRID_SIZE_MAX)
        return fail_entry(axis->given, entry, length,
                          "allowed behind the last colon: how many values, a whole number from 1 "
                          "to 1000000");
    if (n == 1 && a != b)
        return fail_entry(axis->given, entry, length,
                          "one value cannot be both ends; allowed: at least 2 values, or equal "
                          "ends");
    size_t count = (size_t)n;
    int status = reserve(axis, count);
    for (size_t k = 0; status == STATUS_DONE && k < count; k++)
        status = add_number(axis, scale, spaced(a, b, k, count));
    return status;
}

/* Append a list as the library writes it, which is also JSON; unchanged if it is not a list. */
static int add_list(struct grid_axis *axis, const char *entry, size_t length)
{
    static const char blanks[] = " \t";
    struct ifp_text text = {0};
    const char *end = entry + length - 1;
    const char *at = entry + 1;
    bool good = *end == ']';
    output_print(&text, "[");
    while (good && at < end) {
        at += strspn(at, blanks);
        size_t size = strcspn(at, ", \t]");
        char number[IFP_NUMBER_SIZE];
        double value;
        good = ifp_number_read(at, size, &value);
        at += size;
        at += strspn(at, blanks);
        if (good) {
            ifp_number_write(number, value);
            output_print(&text, "%s%s", text.size > 1 ? ", " : "", number);
        }
        if (at < end && *at == ',')
            at++;
        else
            good = good && at == end;
    }
    good = good && end[-1] != ',' && text.size > 1;
    output_print(&text, "]");
    int status = text.failed ? output_fail_memory()
                 : good      ? add_value(axis, GRID_LIST, "", text.data, text.size)
                             : add_value(axis, GRID_WORD, "", entry, length);
    ifp_text_clear(&text);
    return status;
}

/* Read one value or a range. Anything but a number, a list and null is a word, which the library
 * checks. */
static int read_entry(struct grid_axis *axis, const char *entry, size_t length)
{
    while (length > 0 && (entry[0] == ' ' || entry[0] == '\t')) {
        entry++;
        length--;
    }
    while (length > 0 && (entry[length - 1] == ' ' || entry[length - 1] == '\t'))
        length--;
    if (length == 0)
        return fail_entry(axis->given, entry, 0,
                          "a value is missing; allowed: a:b:n, scale:a:b:n, or values as --set "
                          "takes them, separated by commas");
    bool scale = length >= SCALE_LENGTH && memcmp(entry, scale_word, SCALE_LENGTH) == 0;
    const char *text = entry + (scale ? SCALE_LENGTH : 0);
    size_t text_length = length - (scale ? SCALE_LENGTH : 0);
    double number;
    if (ifp_number_read(text, text_length, &number)) {
        int status = reserve(axis, 1);
        return status == STATUS_DONE ? add_number(axis, scale, number) : status;
    }
    bool colon = memchr(text, ':', text_length) != NULL;
    if (colon && (scale || strchr("0123456789+-.:", text[0])))
        return read_range(axis, entry, length, scale);
    if (scale)
        return fail_entry(axis->given, entry, length,
                          "allowed: scale:F with a number F, or scale:a:b:n, n evenly spaced "
                          "factors from a to b");
    int status = reserve(axis, 1);
    if (status != STATUS_DONE)
        return status;
    if (entry[0] == '[')
        return add_list(axis, entry, length);
    bool null = length == 4 && memcmp(entry, "null", 4) == 0;
    return add_value(axis, null ? GRID_NULL : GRID_WORD, "", entry, length);
}

static int read_axis(const char *given, struct grid_axis *axis)
{
    const char *equals = input_equals(given);
    if (!equals || equals == given)
        return output_fail(STATUS_USAGE,
                           "--vary %s: PATH=VALUES is expected; allowed as VALUES: a:b:n, "
                           "scale:a:b:n, or values as --set takes them, separated by commas",
                           given);
    size_t length = (size_t)(equals - given);
    axis->given = given;
    axis->path = malloc(length + 1);
    if (!axis->path)
        return output_fail_memory();
    memcpy(axis->path, given, length);
    axis->path[length] = '\0';
    for (const char *at = equals + 1;;) {
        size_t entry = entry_length(at);
        int status = read_entry(axis, at, entry);
        if (status != STATUS_DONE || at[entry] == '\0')
            return status;
        at += entry + 1;
    }
}

static int compare_paths(const void *left, const void *right)
{
    const struct grid_axis *const *a = left;
    const struct grid_axis *const *b = right;
    int order = strcmp((*a)->path, (*b)->path);
    return order ? order : (*a > *b) - (*a < *b);
}

/* Check that no path is given twice. There may be thousands of paths, so they are sorted. */
static int check_paths(const struct grid *grid)
{
    const struct grid_axis **axes = malloc(grid->axis_count * sizeof *axes);
    const struct grid_axis *again = NULL;
    if (!axes)
        return output_fail_memory();
    for (size_t a = 0; a < grid->axis_count; a++)
        axes[a] = &grid->axes[a];
    qsort(axes, grid->axis_count, sizeof *axes, compare_paths);
    for (size_t a = 1; a < grid->axis_count; a++) {
        if (strcmp(axes[a - 1]->path, axes[a]->path) == 0 && (!again || axes[a] < again))
            again = axes[a];
    }
    free(axes);
    return again
               ? output_fail(STATUS_USAGE, "--vary %s is given twice; once is allowed", again->path)
               : STATUS_DONE;
}

int grid_read(const struct arguments *arguments, struct grid *grid)
{
    memset(grid, 0, sizeof *grid);
    grid->axes = calloc(arguments->given_count + 1, sizeof *grid->axes);
    if (!grid->axes)
        return output_fail_memory();
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, "vary") != 0)
            continue;
        struct grid_axis *axis = &grid->axes[grid->axis_count];
        int status = read_axis(arguments->given[i].value, axis);
        grid->axis_count++;
        if (status != STATUS_DONE)
            return status;
    }
    if (grid->axis_count == 0)
        return output_fail(STATUS_USAGE, "sweep needs --vary PATH=VALUES at least once; see: "
                                         "inferplan sweep --help");
    int status = check_paths(grid);
    if (status != STATUS_DONE)
        return status;
    grid->cell_count = 1;
    for (size_t a = grid->axis_count; a-- > 0;) {
        struct grid_axis *axis = &grid->axes[a];
        axis->stride = grid->cell_count;
        if (axis->count > GRID_SIZE_MAX / grid->cell_count)
            return output_fail(STATUS_USAGE,
                               "--vary: the grid has more than %d cells; allowed: at most %d",
                               GRID_SIZE_MAX, GRID_SIZE_MAX);
        grid->cell_count *= axis->count;
    }
    return STATUS_DONE;
}

void grid_free(struct grid *grid)
{
    for (size_t a = 0; grid->axes && a < grid->axis_count; a++) {
        struct grid_axis *axis = &grid->axes[a];
        for (size_t v = 0; v < axis->count; v++)
            free(axis->values[v].text);
        free(axis->values);
        free(axis->path);
    }
    free(grid->axes);
    memset(grid, 0, sizeof *grid);
}

size_t grid_index(const struct grid_axis *axis, size_t cell)
{
    return cell / axis->stride % axis->count;
}

const struct grid_value *grid_value(const struct grid_axis *axis, size_t cell)
{
    return &axis->values[grid_index(axis, cell)];
}

int grid_apply(const struct grid *grid, size_t cell, ifp_instance *instance, size_t *failed)
{
    for (size_t a = 0; a < grid->axis_count; a++) {
        const struct grid_axis *axis = &grid->axes[a];
        int code = ifp_instance_set(instance, axis->path, grid_value(axis, cell)->text);
        if (code != IFP_OK) {
            *failed = a;
            return code;
        }
    }
    return IFP_OK;
}
