/* SPDX-License-Identifier: MIT */
/* One node of the tree: solve it, and close it or make its children. Private to tree/. */
#ifndef IFP_ENGINE_TREE_PROCESS_H
#define IFP_ENGINE_TREE_PROCESS_H

#include "engine/heuristics/schedule.h"
#include "engine/node/path.h"
#include "engine/pseudocost.h"

/* The tree of one search, with what its nodes share. */
struct ifp_tree {
    const struct ifp_context *context; /* borrowed */
    bool main;                         /* true for the main search, false for a sub-search */
    struct ifp_bounder *bounder;
    struct ifp_path path;
    struct ifp_schedule schedule;
    struct ifp_nodes open;
    struct ifp_pseudocost *pseudocosts; /* by entity */
    struct ifp_tally tally;
    double fathomed;  /* the least bound of a closed node */
    double undecided; /* nodes that the LP solver gave up on */
    bool *keep;       /* by configuration; if not NULL, restart the search with only these */
};

/* A new node. Returns NULL if out of memory; then the context's error says so. */
struct ifp_node *ifp_tree_node_new(struct ifp_tree *tree, struct ifp_node *parent, double bound);

/* Solve a node whose bounds have been entered. *next is its preferred child, with the reference
 * for the caller, or NULL if the dive ends; the other child is opened. If tree->keep is not NULL
 * afterwards, the search is to be restarted. Returns IFP_OK or the code of the context's error. */
int ifp_tree_process(struct ifp_tree *tree, struct ifp_node *node, struct ifp_node **next);

#endif
