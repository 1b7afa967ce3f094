/* SPDX-License-Identifier: MIT */
/* The state of a search: bounds along a path, cutoff and snapshots. */
#include "engine/node/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Nodes are pruned if they can save less than this fraction of the objective, which is a negligible
 * difference between two plans, unless a smaller gap is requested. */
static const double PRUNE = 1e-7;
static const double PRUNE_LEAST = 1e-9; /* smaller fractions are rounding noise */

static int touch(struct ifp_state *state, struct ifp_undo undo)
{
    if (state->touched_count == state->touched_capacity) {
        size_t capacity = state->touched_capacity ? 2 * state->touched_capacity : 256;
        struct ifp_undo *touched = realloc(state->touched, capacity * sizeof *touched);
        if (!touched)
            return ifp_error_memory(state->error);
        state->touched = touched;
        state->touched_capacity = capacity;
    }
    state->touched[state->touched_count++] = undo;
    return IFP_OK;
}

int ifp_state_apply(struct ifp_state *state, const struct ifp_change *change)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    size_t at = change->index;
    struct ifp_undo undo = {.index = at, .row = change->row};
    undo.lower = change->row ? relaxation->rows.lower[at] : relaxation->lower[at];
    undo.upper = change->row ? relaxation->rows.upper[at] : relaxation->upper[at];
    int code = touch(state, undo);
    if (code)
        return code;
    if (change->row)
        return ifp_relaxation_set_row(relaxation, at, change->lower, change->upper, state->error);
    /* Never widen the bounds of an earlier change. */
    double lower = fmax(change->lower, undo.lower);
    double upper = fmin(change->upper, undo.upper);
    if (lower > upper) /* contradiction: use one of them; the other makes the LP infeasible */
        lower = upper = change->upper;
    return ifp_relaxation_set_column(relaxation, at, lower, upper, state->error);
}

int ifp_state_restore(struct ifp_state *state, size_t down_to)
{
    while (state->touched_count > down_to) {
        const struct ifp_undo *undo = &state->touched[--state->touched_count];
        int code = undo->row ? ifp_relaxation_set_row(state->relaxation, undo->index, undo->lower,
                                                      undo->upper, state->error)
                             : ifp_relaxation_set_column(state->relaxation, undo->index,
                                                         undo->lower, undo->upper, state->error);
        if (code)
            return code;
    }
    return IFP_OK;
}

/* Apply the changes on the path to a node, those of the root first. */
static int apply_path(struct ifp_state *state, const struct ifp_node *node)
{
    if (!node)
        return IFP_OK;
    int code = apply_path(state, node->parent);
    for (size_t c = 0; !code && c < node->changes.count; c++)
        code = ifp_state_apply(state, &node->changes.items[c]);
    return code;
}

int ifp_state_enter(struct ifp_state *state, const struct ifp_node *node)
{
    int code = ifp_state_restore(state, 0);
    if (!code)
        code = apply_path(state, node);
    if (!code && node->basis)
        code = ifp_relaxation_set_basis(state->relaxation, node->basis->letters, node->basis->rows,
                                        state->error);
    return code;
}

double ifp_state_cutoff(const struct ifp_state *state)
{
    double objective = state->incumbent->objective;
    /* Well within the gap, since the bound claimed at the end is a little below the cutoff. */
    double part = fmax(PRUNE_LEAST, fmin(PRUNE, 0.9 * state->gap));
    return isinf(objective) ? INFINITY : objective - part * fmax(1, fabs(objective));
}

bool ifp_state_is_open(const struct ifp_state *state)
{
    return state->relaxation->bound <= ifp_state_cutoff(state);
}

/* Under the master, patterns have whole routes: branch on routes only if deployments are whole. */
int ifp_state_find_candidates(struct ifp_state *state)
{
    return ifp_branch_candidates(state->problem, state->milp, state->relaxation->point,
                                 !state->master, &state->branches);
}

int ifp_state_solve(struct ifp_state *state, enum ifp_relaxation_status *status)
{
    double known = -INFINITY;
    *status = IFP_RELAXATION_UNKNOWN;
    if (state->master) {
        int code = ifp_master_solve(state->master, ifp_state_cutoff(state), status, state->error);
        if (code || *status != IFP_RELAXATION_UNKNOWN)
            return code;
        known = state->relaxation->bound;
    }
    int code =
        ifp_relaxation_solve(state->relaxation, ifp_state_cutoff(state), 0, status, state->error);
    state->relaxation->bound = fmax(state->relaxation->bound, known);
    return code;
}

void ifp_state_report(struct ifp_state *state, double bound)
{
    state->reported = bound;
    ifp_watch_progress(state->watch, state->incumbent->objective, bound, state->nodes,
                       (double)state->tree.count);
}

void ifp_snapshot_free(struct ifp_snapshot *snapshot)
{
    free(snapshot->point);
    free(snapshot->basis);
    *snapshot = (struct ifp_snapshot){0};
}

int ifp_state_remember(const struct ifp_state *state, struct ifp_snapshot *snapshot)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    size_t columns = state->milp->column_count;
    *snapshot = (struct ifp_snapshot){.bound = relaxation->bound,
                                      .reduced_bound = relaxation->reduced_bound,
                                      .objective = relaxation->objective};
    snapshot->point = malloc((2 * columns + 1) * sizeof *snapshot->point);
    if (snapshot->point && !state->master)
        snapshot->basis = ifp_relaxation_basis(relaxation, &snapshot->rows, state->error);
    if (!snapshot->point || (!state->master && !snapshot->basis)) {
        ifp_snapshot_free(snapshot);
        return ifp_error_memory(state->error);
    }
    memcpy(snapshot->point, relaxation->point, columns * sizeof *snapshot->point);
    memcpy(snapshot->point + columns, relaxation->reduced, columns * sizeof *snapshot->point);
    return IFP_OK;
}

int ifp_state_put_back(struct ifp_state *state, const struct ifp_snapshot *snapshot)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    size_t columns = state->milp->column_count;
    memcpy(relaxation->point, snapshot->point, columns * sizeof *snapshot->point);
    memcpy(relaxation->reduced, snapshot->point + columns, columns * sizeof *snapshot->point);
    relaxation->bound = snapshot->bound;
    relaxation->reduced_bound = snapshot->reduced_bound;
    relaxation->objective = snapshot->objective;
    return snapshot->basis
               ? ifp_relaxation_set_basis(relaxation, snapshot->basis, snapshot->rows, state->error)
               : IFP_OK;
}
