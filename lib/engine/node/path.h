/* SPDX-License-Identifier: MIT */
/*
 * The path from the root to the present node: the bounds that it changes in the bounder's
 * relaxation, to be undone in reverse order, and the branching candidates at the point there.
 */
#ifndef IFP_ENGINE_NODE_PATH_H
#define IFP_ENGINE_NODE_PATH_H

#include "engine/bounder.h"
#include "engine/context.h"
#include "engine/node/branch.h"
#include "engine/node/nodes.h"

/* The bounds before a change. */
struct ifp_undo {
    size_t index;
    bool row;
    double lower;
    double upper;
};

/* A zero-initialised path with a context and a bounder is at the root. */
struct ifp_path {
    const struct ifp_context *context; /* borrowed */
    struct ifp_bounder *bounder;       /* borrowed */
    bool early; /* of ifp_path_solve, see ifp_bound_effort; the tree sets it once the root is
                   solved */
    struct ifp_branches branches; /* the candidates that were found last; owned */
    struct ifp_undo *changes;     /* bounds before each change of the path, latest last; owned */
    size_t count;
    size_t capacity;
};

/* All functions below return IFP_OK or the code of the context's error. */

/* Change the bounds of a column or of a row. A row gets the bounds of the change. A column gets
 * their intersection with its present bounds. If that is empty, so that the node is infeasible, the
 * column is fixed at the upper bound of the change. */
int ifp_path_apply(struct ifp_path *path, const struct ifp_change *change);
/* Undo the latest changes until only `down_to` are left. To return here later, note path->count. */
int ifp_path_restore(struct ifp_path *path, size_t down_to);
/* Go from anywhere in the tree to a node: undo all changes, apply those from the root to the node,
 * and set the node's basis if one is kept. */
int ifp_path_enter(struct ifp_path *path, const struct ifp_node *node);
/* Free the arrays; the bounds are not restored. */
void ifp_path_clear(struct ifp_path *path);

/* Solve under the present bounds, with the context's cutoff. */
int ifp_path_solve(struct ifp_path *path, enum ifp_bound_mode mode,
                   enum ifp_relaxation_status *status);
/* Is the bound of the last solve at most the cutoff? */
bool ifp_path_is_open(const struct ifp_path *path);
/* Find the branching candidates at the point of the last solve. */
int ifp_path_find_candidates(struct ifp_path *path);

#endif
