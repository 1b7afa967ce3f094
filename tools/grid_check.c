/* SPDX-License-Identifier: MIT */
/* Finds values that no cell of a grid allows, by making instances and solving none. A value may be
 * wrong only beside certain others, so one good cell is enough for it. */
#include "grid.h"

#include <stdbool.h>
#include <stdlib.h>

#include <inferplan/model.h>

#include "input.h"
#include "output.h"

/* So many cells of a value are looked at before it is taken for wrong. */
enum { TRIES_MOST = 1000 };

/* How much of a file's name and a --vary an error shows. */
enum { PLACE_MOST = 400 };

struct trial {
    const struct grid *grid;
    const ifp_instance *instance;
    const ifp_options *options;
    ifp_error *error;
    bool **good; /* by axis and value: a cell with it makes an instance */
    size_t bad_axis;
    size_t bad_cell;  /* the last one that did not */
    ifp_instance *at; /* its instance, which holds the error of a value; NULL: error does */
};

/* Whether a cell makes a valid instance; marks its values as good if so. With `model`, also whether
 * this version could solve it. Returns IFP_OK or the code of the failure. */
static int try_cell(struct trial *trial, size_t cell, bool model)
{
    const struct grid *grid = trial->grid;
    ifp_instance_free(trial->at);
    trial->at = ifp_instance_copy(trial->instance);
    if (!trial->at)
        return IFP_ERROR_MEMORY;
    trial->bad_cell = cell;
    trial->bad_axis = grid->axis_count;
    int code = grid_apply(grid, cell, trial->at, &trial->bad_axis);
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
    for (size_t a = 0; a < grid->axis_count; a++)
        trial->good[a][grid_index(&grid->axes[a], cell)] = true;
    return IFP_OK;
}

/* Whether the value that was refused in the last cell tried is refused by itself. */
static bool is_bad_alone(const struct trial *trial)
{
    if (trial->bad_axis == trial->grid->axis_count)
        return false;
    const struct grid_axis *axis = &trial->grid->axes[trial->bad_axis];
    ifp_instance *alone = ifp_instance_copy(trial->instance);
    int code = ifp_instance_set(alone, axis->path, grid_value(axis, trial->bad_cell)->text);
    ifp_instance_free(alone);
    return code == IFP_ERROR_VALUE;
}

/* The error of the last cell tried, with the value to blame, or with all of them. */
static int fail_trial(const struct trial *trial, const char *file)
{
    const struct grid *grid = trial->grid;
    bool one = is_bad_alone(trial);
    struct output place = {0};
    output_print(&place, "%s:", input_name(file));
    for (size_t a = 0; a < grid->axis_count; a++) {
        if (!one || a == trial->bad_axis)
            output_print(&place, " --vary %s=%s", grid->axes[a].path,
                         grid_value(&grid->axes[a], trial->bad_cell)->text);
    }
    if (!place.failed)
        output_shorten(place.text, PLACE_MOST);
    int status =
        place.failed
            ? output_fail_memory()
            : output_fail_error(place.text,
                                trial->at ? ifp_instance_last_error(trial->at) : trial->error, 0);
    free(place.text);
    return status;
}

/* Cells in which every axis moves on at once: they meet each value, mostly at the first try. */
static size_t diagonal(const struct grid *grid, size_t step)
{
    size_t cell = 0;
    for (size_t a = 0; a < grid->axis_count; a++)
        cell += step % grid->axes[a].count * grid->axes[a].stride;
    return cell;
}

/* The cells of one value, spread evenly where there are too many to try. */
static int try_value(struct trial *trial, size_t a, size_t index)
{
    const struct grid_axis *axis = &trial->grid->axes[a];
    size_t cells = trial->grid->cell_count / axis->count;
    size_t tries = cells < TRIES_MOST ? cells : TRIES_MOST;
    int code = IFP_OK;
    for (size_t t = 0; t < tries; t++) {
        /* The place among the cells of this value, then in the grid. */
        size_t rest = (size_t)((unsigned long long)t * cells / tries);
        size_t outer = rest / axis->stride * axis->stride * axis->count;
        size_t cell = outer + index * axis->stride + rest % axis->stride;
        code = try_cell(trial, cell, false);
        if (code == IFP_OK || code == IFP_ERROR_MEMORY)
            return code;
    }
    return code;
}

/* Every value has a good cell. Of several that have none, the one that is refused by itself is to
 * blame: whatever stands beside it fails with it. */
static int try_values(struct trial *trial)
{
    const struct grid *grid = trial->grid;
    int code = IFP_OK;
    size_t longest = 1;
    for (size_t a = 0; a < grid->axis_count; a++)
        longest = grid->axes[a].count > longest ? grid->axes[a].count : longest;
    for (size_t step = 0; step < longest; step++) {
        code = try_cell(trial, diagonal(grid, step), false);
        if (code == IFP_ERROR_MEMORY)
            return code;
    }
    for (size_t a = 0; a < grid->axis_count; a++) {
        for (size_t index = 0; index < grid->axes[a].count; index++) {
            code = trial->good[a][index] ? IFP_OK : try_value(trial, a, index);
            if (code != IFP_OK)
                return code;
        }
    }
    return IFP_OK;
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

int grid_check(const struct grid *grid, const char *file, const ifp_instance *instance,
               const ifp_options *options)
{
    struct trial trial = {.grid = grid, .instance = instance, .options = options};
    trial.error = ifp_error_new();
    trial.good = calloc(grid->axis_count, sizeof *trial.good);
    bool room = trial.error && trial.good;
    for (size_t a = 0; room && a < grid->axis_count; a++) {
        trial.good[a] = calloc(grid->axes[a].count, sizeof **trial.good);
        room = trial.good[a] != NULL;
    }
    int code = room ? try_values(&trial) : IFP_ERROR_MEMORY;
    if (code == IFP_OK)
        code = try_models(&trial);
    int status = STATUS_DONE;
    if (code == IFP_ERROR_MEMORY)
        status = output_fail_memory();
    else if (code != IFP_OK)
        status = fail_trial(&trial, file);
    for (size_t a = 0; trial.good && a < grid->axis_count; a++)
        free(trial.good[a]);
    free(trial.good);
    ifp_instance_free(trial.at);
    ifp_error_free(trial.error);
    return status;
}
