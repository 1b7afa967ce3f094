/* SPDX-License-Identifier: MIT */
/*
 * Finds values that no cell of a grid allows, by making instances and solving none. The work grows
 * with the size of the instance and with the number of values, not with their product. First each
 * value is set by itself, which finds all values out of range. Then cells are made, but only for
 * fields that are compared with others. A value may be wrong only in combination with some others,
 * so one good cell is enough for it.
 */
#include "sweep/grid.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/model.h>

#include "sweep/grid_field.h"
#include "sweep/grid_sift.h"
#include "terminal/input.h"
#include "terminal/output.h"
#include "util/array.h"

/* The number of cells of a value that are tried before it counts as wrong. */
enum { TRIES_MAX = 1000 };

/* The maximum number of bytes of a file's name and a --vary that an error shows. */
enum { PLACE_MAX = 399 };

struct trial {
    const struct grid *grid;
    const ifp_instance *instance;
    const ifp_options *options;
    ifp_error *error;
    struct grid_field *fields; /* by axis */
    struct sift *sifts;        /* by axis, of cells; without an axis if it needs no cells */
    size_t **picked;           /* by axis with a sift: values that stand for all */
    size_t *picked_count;
    size_t axis;      /* the axis whose values are tried */
    size_t good_cell; /* the last one that made a valid instance; cell_count: none yet */
    size_t bad_cell;  /* the last one that did not */
    ifp_instance *at; /* its instance, which holds the error of a value; NULL: error does */
};

/* Print the error of a value, or with axis_count as the axis of all values of the cell. */
static int fail_values(const struct trial *trial, const char *file, size_t axis, size_t cell)
{
    const struct grid *grid = trial->grid;
    struct ifp_text place = {0};
    output_print(&place, "%s:", input_name(file));
    for (size_t a = 0; a < grid->axis_count; a++) {
        if (axis == grid->axis_count || a == axis)
            output_print(&place, " --vary %s=%s", grid->axes[a].path,
                         grid_value(&grid->axes[a], cell)->text);
    }
    if (!place.failed)
        output_shorten(place.data, PLACE_MAX);
    int status =
        place.failed
            ? output_fail_memory()
            : output_fail_error(place.data,
                                trial->at ? ifp_instance_last_error(trial->at) : trial->error, 0);
    ifp_text_clear(&place);
    return status;
}

/* --- values by themselves */

/* Values of one axis, set one after the other in one copy of the instance. */
struct alone {
    struct trial *trial;
    const struct grid_axis *axis;
    const struct grid_field *field;
    char *one_path; /* of one member instead of all; NULL: the path names not all */
    bool changed;   /* trial->at has other values of this axis than the instance */
};

/* "tiers[0].pool" for "tiers[*].pool". False if out of memory. */
static bool name_one(struct alone *alone)
{
    if (!alone->field->every || alone->field->entries)
        return true;
    size_t size = strlen(alone->axis->path) + 1;
    alone->one_path = malloc(size);
    if (!alone->one_path)
        return false;
    memcpy(alone->one_path, alone->axis->path, size);
    alone->one_path[alone->field->section_length + 1] = '0';
    return true;
}

/* Whether a value that one member takes is one that all take. Factors depend on what the member
 * has, and lists of numbers are for one member each. */
static bool is_for_all(const struct alone *alone, const struct grid_value *value)
{
    return alone->one_path && value->kind != GRID_SCALE &&
           (value->kind != GRID_LIST || alone->field->lists);
}

static bool copy_again(struct alone *alone)
{
    ifp_instance_free(alone->trial->at);
    alone->trial->at = ifp_instance_copy(alone->trial->instance);
    alone->changed = false;
    return alone->trial->at != NULL;
}

/* Whole numbers may need as many tests as there are factors: they are set back without a copy. */
static bool set_back(struct alone *alone)
{
    const ifp_instance *instance = alone->trial->instance;
    const char *path = alone->axis->path;
    double *numbers = NULL;
    size_t count = 0;
    if (!alone->field->whole ||
        ifp_instance_get_numbers(instance, path, NULL, &count, NULL) != IFP_OK)
        return copy_again(alone);
    numbers = malloc((count ? count : 1) * sizeof *numbers);
    bool good = numbers &&
                ifp_instance_get_numbers(instance, path, numbers, &count, NULL) == IFP_OK &&
                ifp_instance_set_numbers(alone->trial->at, path, numbers, count) == IFP_OK;
    free(numbers);
    alone->changed = false;
    return good || copy_again(alone);
}

static int test_alone(void *user, size_t index)
{
    struct alone *alone = user;
    const struct grid_value *value = &alone->axis->values[index];
    if (value->kind == GRID_SCALE && alone->changed && !set_back(alone))
        return IFP_ERROR_MEMORY;
    const char *path = is_for_all(alone, value) ? alone->one_path : alone->axis->path;
    int code = ifp_instance_set(alone->trial->at, path, value->text);
    alone->changed = alone->changed || code == IFP_OK;
    /* The error is to name the path that was given. */
    if (code != IFP_OK && path != alone->axis->path)
        code = ifp_instance_set(alone->trial->at, alone->axis->path, value->text);
    return code;
}

static int compare_numbers(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

/* An entry of a list of degrees may be any degree that is not in the list: read all lists, for only
 * their numbers are to be tested one by one. False if out of memory. */
static bool read_degrees(const struct alone *alone, double **degrees,
                         struct sift_exceptions *exceptions)
{
    const ifp_instance *instance = alone->trial->instance;
    size_t count = 0;
    size_t capacity = 0;
    if (!alone->field->whole || !alone->field->entries)
        return true;
    for (size_t k = 0; k < ifp_instance_tier_count(instance); k++) {
        char path[80];
        size_t more = 0;
        snprintf(path, sizeof path, "tiers[%zu].tp_degrees", k);
        if (ifp_instance_get_numbers(instance, path, NULL, &more, NULL) != IFP_OK)
            continue;
        if (!ifp_array_reserve(degrees, &capacity, count + more, sizeof **degrees))
            return false;
        if (ifp_instance_get_numbers(instance, path, *degrees + count, &more, NULL) == IFP_OK)
            count += more;
    }
    if (count)
        qsort(*degrees, count, sizeof **degrees, compare_numbers);
    exceptions->numbers = *degrees;
    exceptions->count = count;
    return true;
}

/* Set every value of the axis, but for those that another axis may make right. Returns IFP_OK, or
 * the code of the first that is wrong, with *bad its index. */
static int sift_alone(struct trial *trial, size_t a, size_t *bad)
{
    struct alone alone = {
        .trial = trial, .axis = &trial->grid->axes[a], .field = &trial->fields[a]};
    struct sift sift = {0};
    struct sift_exceptions others = {.factors = alone.field->entries};
    double *degrees = NULL;
    int code = IFP_ERROR_MEMORY;
    if (read_degrees(&alone, &degrees, &others) &&
        sift_init(&sift, alone.axis, alone.field->whole ? SIFT_WHOLE : SIFT_BETWEEN, &others) &&
        name_one(&alone) && (trial->at || copy_again(&alone)))
        code = IFP_OK;
    for (size_t index = 0; code == IFP_OK && index < alone.axis->count; index++) {
        bool later = alone.field->follows &&
                     (!alone.field->replaces || alone.axis->values[index].kind == GRID_SCALE);
        if (sift.good[index] || later)
            continue;
        *bad = index;
        code = test_alone(&alone, index);
        if (code == IFP_OK)
            code = sift_spread(&sift, index, test_alone, &alone);
    }
    free(alone.one_path);
    free(degrees);
    sift_clear(&sift);
    return code;
}

/* Returns an exit status; a failure has been printed. */
static int check_alone(struct trial *trial, const char *file)
{
    const struct grid *grid = trial->grid;
    for (size_t a = 0; a < grid->axis_count; a++) {
        size_t bad = 0;
        int code = sift_alone(trial, a, &bad);
        if (code == IFP_ERROR_MEMORY)
            return output_fail_memory();
        if (code != IFP_OK)
            return fail_values(trial, file, a, bad * grid->axes[a].stride);
    }
    return STATUS_DONE;
}

/* --- cells */

/* Whether a cell makes a valid instance. With `model`, also whether this version could solve it.
 * Returns IFP_OK or the code of the failure. */
static int try_cell(struct trial *trial, size_t cell, bool model)
{
    const struct grid *grid = trial->grid;
    ifp_instance_free(trial->at);
    trial->at = ifp_instance_copy(trial->instance);
    if (!trial->at)
        return IFP_ERROR_MEMORY;
    trial->bad_cell = cell;
    size_t failed;
    int code = grid_apply(grid, cell, trial->at, &failed);
    if (code != IFP_OK)
        return code;
    code = ifp_instance_validate(trial->at, trial->error);
    if (code == IFP_OK && model) {
        ifp_model *made = ifp_model_new(trial->at, trial->options, trial->error);
        code = made ? IFP_OK : ifp_error_code(trial->error);
        ifp_model_free(made);
    }
    if (code != IFP_OK) {
        ifp_instance_free(trial->at);
        trial->at = NULL;
        return code;
    }
    trial->good_cell = cell;
    return IFP_OK;
}

/* Cells in which every axis moves on at once: they meet each value, mostly at the first try. */
static size_t diagonal(const struct grid *grid, size_t step)
{
    size_t cell = 0;
    for (size_t a = 0; a < grid->axis_count; a++)
        cell += step % grid->axes[a].count * grid->axes[a].stride;
    return cell;
}

/* The cell with another value of an axis. */
static size_t with_value(const struct grid *grid, size_t cell, size_t a, size_t index)
{
    const struct grid_axis *axis = &grid->axes[a];
    return cell - grid_index(axis, cell) * axis->stride + index * axis->stride;
}

/* Lists of degrees and of speed-ups are compared by their lengths, unless several axes change
 * them. */
static enum sift_rule rule_of(const struct grid_field *field)
{
    if (field->lists && !field->shared)
        return SIFT_LENGTH;
    return field->whole ? SIFT_EQUAL : SIFT_BETWEEN;
}

static bool prepare_cells(struct trial *trial)
{
    const struct grid *grid = trial->grid;
    for (size_t a = 0; a < grid->axis_count; a++) {
        const struct grid_axis *axis = &grid->axes[a];
        if (!trial->fields[a].entangled)
            continue;
        trial->picked[a] = malloc(axis->count * sizeof **trial->picked);
        if (!sift_init(&trial->sifts[a], axis, rule_of(&trial->fields[a]), NULL) ||
            !trial->picked[a])
            return false;
        trial->picked_count[a] = sift_pick(&trial->sifts[a], trial->picked[a]);
    }
    return true;
}

/* The cells with one value, first the one beside the values of the last good cell. The other axes
 * take the values that stand for all, spread evenly if there are too many to try. */
static int try_value(struct trial *trial, size_t a, size_t index)
{
    const struct grid *grid = trial->grid;
    int code = IFP_ERROR_VALUE;
    if (trial->good_cell < grid->cell_count)
        code = try_cell(trial, with_value(grid, trial->good_cell, a, index), false);
    if (code == IFP_OK || code == IFP_ERROR_MEMORY)
        return code;
    size_t cells = 1;
    for (size_t b = 0; b < grid->axis_count; b++)
        cells *= b != a && trial->sifts[b].axis ? trial->picked_count[b] : 1;
    size_t tries = cells < TRIES_MAX ? cells : TRIES_MAX;
    for (size_t t = 0; t < tries; t++) {
        size_t rest = (size_t)((unsigned long long)t * cells / tries);
        size_t cell = with_value(grid, 0, a, index);
        for (size_t b = grid->axis_count; b-- > 0;) {
            if (b == a || !trial->sifts[b].axis)
                continue;
            cell = with_value(grid, cell, b, trial->picked[b][rest % trial->picked_count[b]]);
            rest /= trial->picked_count[b];
        }
        code = try_cell(trial, cell, false);
        if (code == IFP_OK || code == IFP_ERROR_MEMORY)
            return code;
    }
    return code;
}

/* The value beside the values of the last good cell. */
static int test_beside(void *user, size_t index)
{
    struct trial *trial = user;
    size_t good = trial->good_cell;
    int code = try_cell(trial, with_value(trial->grid, good, trial->axis, index), false);
    trial->good_cell = good;
    return code;
}

/* Every value has a good cell. */
static int try_values(struct trial *trial)
{
    const struct grid *grid = trial->grid;
    int code = IFP_OK;
    for (size_t a = 0; a < grid->axis_count; a++) {
        struct sift *sift = &trial->sifts[a];
        trial->axis = a;
        /* A good cell has the only value of each axis that has one. */
        if (grid->axes[a].count == 1 && trial->good_cell < grid->cell_count)
            continue;
        for (size_t index = 0; sift->axis && index < sift->axis->count; index++) {
            if (sift->good[index])
                continue;
            code = try_value(trial, a, index);
            if (code == IFP_OK)
                code = sift_spread(sift, index, test_beside, trial);
            if (code != IFP_OK)
                return code;
        }
    }
    return trial->good_cell < grid->cell_count ? IFP_OK : try_cell(trial, 0, false);
}

/* This version solves at least one of the first cells; only what it cannot solve at all is worth
 * stopping for. */
static int try_models(struct trial *trial)
{
    int code = IFP_OK;
    size_t cells = trial->grid->cell_count;
    for (size_t step = 0; step < cells && step < 20; step++) {
        code = try_cell(trial, diagonal(trial->grid, step), true);
        if (code != IFP_ERROR_UNSUPPORTED)
            return IFP_OK;
    }
    return code;
}

/* Returns an exit status; a failure has been printed. */
static int check_cells(struct trial *trial, const char *file)
{
    int code = prepare_cells(trial) ? try_values(trial) : IFP_ERROR_MEMORY;
    if (code == IFP_OK)
        code = try_models(trial);
    if (code == IFP_ERROR_MEMORY)
        return output_fail_memory();
    /* Values that are wrong by themselves are gone: the cell's values are wrong together. */
    return code == IFP_OK ? STATUS_DONE
                          : fail_values(trial, file, trial->grid->axis_count, trial->bad_cell);
}

int grid_check(const struct grid *grid, const char *file, const ifp_instance *instance,
               const ifp_options *options)
{
    size_t axes = grid->axis_count;
    struct trial trial = {.grid = grid,
                          .instance = instance,
                          .options = options,
                          .error = ifp_error_new(),
                          .fields = calloc(axes, sizeof *trial.fields),
                          .sifts = calloc(axes, sizeof *trial.sifts),
                          .picked = calloc(axes, sizeof *trial.picked),
                          .picked_count = calloc(axes, sizeof *trial.picked_count),
                          .good_cell = grid->cell_count};
    bool allocated =
        trial.error && trial.fields && trial.sifts && trial.picked && trial.picked_count;
    int status = allocated && grid_fields_read(grid, trial.fields) ? check_alone(&trial, file)
                                                                   : output_fail_memory();
    if (status == STATUS_DONE)
        status = check_cells(&trial, file);
    for (size_t a = 0; allocated && a < axes; a++) {
        sift_clear(&trial.sifts[a]);
        free(trial.picked[a]);
    }
    free(trial.fields);
    free(trial.sifts);
    free(trial.picked);
    free(trial.picked_count);
    ifp_instance_free(trial.at);
    ifp_error_free(trial.error);
    return status;
}
