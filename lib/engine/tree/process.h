/* SPDX-License-Identifier: MIT */
/* One node of the tree: solve it, and close it or make its children. Private to tree/. */
#ifndef IFP_ENGINE_TREE_PROCESS_H
#define IFP_ENGINE_TREE_PROCESS_H

#include "engine/heuristics/schedule.h"
#include "engine/node/path.h"
#include "engine/pseudocost.h"

/* The tree of one search, with what its nodes share. All members are owned, except the context. */
struct ifp_tree {
    const struct ifp_context *context; /* borrowed */
    bool main;                         /* true for the main search, false for a sub-search */
    struct ifp_bounder *bounder;
    struct ifp_path path; /* from the root to the node whose bounds the bounder has */
    struct ifp_schedule schedule;
    struct ifp_nodes open;
    struct ifp_pseudocost *pseudocosts; /* by entity */
    struct ifp_tally tally;
    double fathomed;  /* lowest bound of all that was discarded, in dollars: closed nodes, pruned
                         sides, values excluded by reduced cost; +infinity at first */
    double undecided; /* number of nodes that neither the LP solver nor decide.h has bounded */
    bool *keep;       /* by configuration; if not NULL, restart the search with only these */
};

/* A new node. Returns NULL if out of memory; then the context's error says so. */
struct ifp_node *ifp_tree_node_new(struct ifp_tree *tree, struct ifp_node *parent, double bound);

/*
 * Solve a node that the path has entered (ifp_path_enter). Afterwards one of these holds:
 *   - The node is closed, and *next is NULL.
 *   - The node is split. *next is the preferred child, with one reference for the caller, who
 *     solves it next. The other child is opened. A side that strong branching has pruned has no
 *     child; if both are pruned, *next is NULL.
 *   - tree->keep is not NULL: restart the search. *next is NULL. This happens only at the root.
 * The node's bound is raised. Returns IFP_OK or the code of the context's error.
 */
int ifp_tree_process(struct ifp_tree *tree, struct ifp_node *node, struct ifp_node **next);

#endif
