/* SPDX-License-Identifier: MIT */

#include "util/array.h"

/* The path from the root to the present node: changes of bounds, and solves under them. */
#include "engine/node/path.h"

#include <math.h>
#include <stdlib.h>

static int note(struct ifp_path *path, struct ifp_undo undo)
{
    if (!ifp_array_reserve(&path->changes, &path->capacity, path->count + 1, sizeof *path->changes))
        return ifp_error_memory(path->context->error);
    path->changes[path->count++] = undo;
    return IFP_OK;
}

int ifp_path_apply(struct ifp_path *path, const struct ifp_change *change)
{
    struct ifp_relaxation *relaxation = path->bounder->relaxation;
    struct ifp_error *error = path->context->error;
    size_t at = change->index;
    struct ifp_undo undo = {.index = at, .row = change->row};
    undo.lower = change->row ? relaxation->rows.lower[at] : relaxation->lower[at];
    undo.upper = change->row ? relaxation->rows.upper[at] : relaxation->upper[at];
    int code = note(path, undo);
    if (code)
        return code;
    if (change->row)
        return ifp_relaxation_set_row(relaxation, at, change->lower, change->upper, error);
    /* Never widen the bounds of an earlier change. */
    double lower = fmax(change->lower, undo.lower);
    double upper = fmin(change->upper, undo.upper);
    if (lower > upper) /* contradiction: use one of them; the other makes the LP infeasible */
        lower = upper = change->upper;
    return ifp_relaxation_set_column(relaxation, at, lower, upper, error);
}

int ifp_path_restore(struct ifp_path *path, size_t down_to)
{
    struct ifp_relaxation *relaxation = path->bounder->relaxation;
    struct ifp_error *error = path->context->error;
    int code = IFP_OK;
    while (!code && path->count > down_to) {
        const struct ifp_undo *undo = &path->changes[--path->count];
        if (undo->row)
            code = ifp_relaxation_set_row(relaxation, undo->index, undo->lower, undo->upper, error);
        else
            code =
                ifp_relaxation_set_column(relaxation, undo->index, undo->lower, undo->upper, error);
    }
    return code;
}

/* Apply the changes on the path to a node, those of the root first. */
static int apply_all(struct ifp_path *path, const struct ifp_node *node)
{
    if (!node)
        return IFP_OK;
    int code = apply_all(path, node->parent);
    for (size_t c = 0; !code && c < node->changes.count; c++)
        code = ifp_path_apply(path, &node->changes.items[c]);
    return code;
}

int ifp_path_enter(struct ifp_path *path, const struct ifp_node *node)
{
    struct ifp_bounder *bounder = path->bounder;
    int code = ifp_path_restore(path, 0);
    if (!code)
        code = apply_all(path, node);
    if (!code && node->basis)
        code = bounder->method->set_basis(bounder, node->basis->letters, node->basis->rows,
                                          path->context->error);
    return code;
}

void ifp_path_clear(struct ifp_path *path)
{
    free(path->branches.items);
    free(path->changes);
    *path = (struct ifp_path){.context = path->context, .bounder = path->bounder};
}

int ifp_path_solve(struct ifp_path *path, enum ifp_bound_mode mode,
                   enum ifp_relaxation_status *status)
{
    struct ifp_bound_effort effort = {.mode = mode, .early = path->early};
    *status = IFP_RELAXATION_UNKNOWN;
    return path->bounder->method->solve(path->bounder, effort, ifp_context_cutoff(path->context),
                                        status, path->context->error);
}

bool ifp_path_is_open(const struct ifp_path *path)
{
    return path->bounder->relaxation->bound <= ifp_context_cutoff(path->context);
}

int ifp_path_find_candidates(struct ifp_path *path)
{
    const struct ifp_context *context = path->context;
    if (ifp_branch_candidates(context->problem, context->milp, path->bounder->relaxation->point,
                              path->bounder->method->all_classes, &path->branches))
        return ifp_error_memory(context->error);
    return IFP_OK;
}
