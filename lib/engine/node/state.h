/* SPDX-License-Identifier: MIT */
/*
 * The state of a search: its tree, its relaxations and their present bounds. Bounds are changed
 * along the path from the root to a node, and undone in reverse order.
 */
#ifndef IFP_ENGINE_NODE_STATE_H
#define IFP_ENGINE_NODE_STATE_H

#include <stdint.h>

#include "engine/node/branch.h"
#include "engine/outcome.h"
#include "engine/pseudocost.h"
#include "engine/incumbent.h"
#include "engine/master/master.h"
#include "engine/node/nodes.h"
#include "engine/compact/relaxation.h"

/* The bounds before a change. */
struct ifp_undo {
    size_t index;
    bool row;
    double lower;
    double upper;
};

struct ifp_local;

/* The search that makes a state frees its own members: the relaxations, heuristics, tree and
 * arrays. All other pointers are borrowed. */
struct ifp_state {
    struct ifp_lp_environment *environment;
    struct ifp_incumbent *incumbent;
    struct ifp_stock *stock; /* warm start from earlier masters */
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    struct ifp_watch *watch;
    bool decompose;
    bool looked;                /* have the heuristics before the first bound been run? */
    struct ifp_problem *capped; /* if not NULL, restart the search with these costs */
    bool restarted;             /* have the heuristics that run once been run? */
    bool main;                  /* true for the main search, false for a sub-search */
    double nodes_max;           /* end the search after this number of nodes */
    double iterations_max;
    double allowance;       /* iterations_max of a sub-search */
    double allowance_nodes; /* nodes_max of a sub-search, if above the default */
    bool *keep;             /* by configuration; if not NULL, restart the search with only these */
    struct ifp_error *error;
    double gap;
    struct ifp_relaxation *relaxation;
    struct ifp_master *master;      /* NULL if nodes are bounded by the compact relaxation */
    struct ifp_local *local_lp;     /* NULL if the run was stopped early */
    struct ifp_local *local_single; /* NULL in a sub-search, or if the run was stopped early */
    struct ifp_nodes tree;
    struct ifp_pseudocost *pseudocosts;
    struct ifp_branches branches;
    struct ifp_undo *touched; /* bounds before each change of the path, latest last */
    size_t touched_count;
    size_t touched_capacity;
    double usual_usd; /* typical size of a cost, used while there is no plan */
    double floor;     /* a bound proved by an earlier search; -infinity if none */
    double fathomed;  /* the least bound of a closed node */
    double nodes;
    size_t searches;    /* number of sub-searches among some configurations */
    double spent;       /* simplex iterations of those sub-searches */
    double undecided;   /* nodes that the LP solver gave up on */
    bool thorough;      /* continue for any number of undecided nodes? */
    double other_turns; /* turns that the other relaxation has had */
    bool other_proved;  /* has the other relaxation proved that there is no plan? */
    double other_next;  /* iterations at which the other relaxation has its next turn */
    uint64_t random;    /* state of ifp_draw, for choosing configurations */
    double reported;    /* the bound that was reported last */
    double polished;    /* cost of the best plan when fleets were last improved at a tree node */
    double next_dive;   /* number of nodes at which to dive again */
    double enough;      /* number of nodes at which to stop once the gap is reached */
    /* A nested search among the configurations in `keep`: ifp_search_among of search.h. */
    int (*search_among)(const struct ifp_state *state, const bool *keep, bool main,
                        struct ifp_outcome *outcome);
};

/* Change a bound. For a column, a later change never widens an earlier one; for a row, it replaces
 * the earlier one. */
int ifp_state_apply(struct ifp_state *state, const struct ifp_change *change);
/* Undo the latest changes until only `down_to` changes are left. */
int ifp_state_restore(struct ifp_state *state, size_t down_to);
/* Set the bounds of a node, and its basis if one is kept. */
int ifp_state_enter(struct ifp_state *state, const struct ifp_node *node);

/* The cutoff: a node with a greater bound is closed. +infinity if there is no plan yet. */
double ifp_state_cutoff(const struct ifp_state *state);

/* Is the bound of the relaxation at most the cutoff? */
bool ifp_state_is_open(const struct ifp_state *state);

/* Find the branching candidates at the relaxation's point, into state->branches. */
int ifp_state_find_candidates(struct ifp_state *state);

/* Solve the relaxation under its present bounds: the master if there is one; the compact relaxation
 * if there is no master or if the master fails. */
int ifp_state_solve(struct ifp_state *state, enum ifp_relaxation_status *status);

/* Report the best plan and a bound on all plans. */
void ifp_state_report(struct ifp_state *state, double bound);

/* The results of a solve in the relaxation, to be restored after other solves. */
struct ifp_snapshot {
    double *point; /* by column; then the reduced costs by column */
    double bound;
    double reduced_bound;
    double objective;
    char *basis; /* of the compact relaxation; NULL if there is a master */
    size_t rows;
};

/* The caller frees the snapshot with ifp_snapshot_free. If the code is not IFP_OK, the snapshot is
 * empty. */
int ifp_state_remember(const struct ifp_state *state, struct ifp_snapshot *snapshot);
int ifp_state_put_back(struct ifp_state *state, const struct ifp_snapshot *snapshot);
void ifp_snapshot_free(struct ifp_snapshot *snapshot);

#endif
