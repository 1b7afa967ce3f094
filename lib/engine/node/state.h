/* SPDX-License-Identifier: MIT */
/*
 * A search in progress: its tree, its relaxations and where they stand. Bounds change along the
 * path from the root to a node, and are taken back in the reverse order.
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

/* Bounds as they were before a change. */
struct ifp_undo {
    size_t index;
    bool row;
    double lower;
    double upper;
};

struct ifp_assign;
struct ifp_fleet;

/* Whoever makes one frees what it owns: what is there before a search begins is not its own. */
struct ifp_state {
    struct ifp_lp_environment *environment;
    struct ifp_incumbent *incumbent;
    struct ifp_stock *stock; /* of what earlier masters have learnt */
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    struct ifp_watch *watch;
    bool decompose;
    bool looked;                /* the plans to be looked for before any bound have been */
    struct ifp_problem *capped; /* set where the search should start again with these costs */
    bool restarted;             /* what looks for plans once at the start has been done */
    bool main;        /* no short search in between, as among some of the configurations */
    double nodes_max; /* give up after so many */
    double iterations_max;
    double allowance;       /* of a search that is not the main one: its iterations_max, */
    double allowance_nodes; /* and its nodes_max, where that is more than usual */
    bool *keep; /* by configuration: set where the search should start again with these */
    struct ifp_error *error;
    double gap;
    struct ifp_relaxation *relaxation;
    struct ifp_master *master; /* the tighter relaxation, where there is one */
    struct ifp_fleet *fleet;
    struct ifp_assign *assign; /* of the main search, unless that was stopped before; else NULL */
    struct ifp_nodes tree;
    struct ifp_pseudocost *pseudocosts;
    struct ifp_branches branches;
    struct ifp_undo *touched; /* what the path has changed, latest last */
    size_t touched_count;
    size_t touched_capacity;
    double usual_usd; /* of a cost, as long as there is no plan */
    double floor;     /* a bound known from before; -infinity: none */
    double fathomed;  /* the least bound of a node that is done with */
    double nodes;
    size_t searches;    /* among some configurations */
    double spent;       /* on them: simplex iterations */
    double undecided;   /* nodes that the LP solver gave up on */
    bool thorough;      /* however many those are */
    double other_turns; /* that the other relaxation has had */
    bool other_proved;  /* that there is no plan */
    double other_next;  /* iterations of this one until its next turn */
    uint64_t random;    /* of choosing them */
    double reported;    /* the bound that was reported last */
    double polished;    /* cost of the best plan when fleets were last improved along the tree */
    double next_dive;   /* nodes at which to dive again */
    double enough;      /* nodes at which to stop once the gap is reached */
    /* A nested search among the configurations in `keep`: ifp_search_among of search.h. */
    int (*search_among)(const struct ifp_state *state, const bool *keep, bool main,
                        struct ifp_outcome *outcome);
};

/* Change a bound. Of a column, a later change never widens what an earlier one has narrowed; of a
 * row it replaces it. */
int ifp_state_apply(struct ifp_state *state, const struct ifp_change *change);
/* Take back the latest changes, until only so many are left. */
int ifp_state_restore(struct ifp_state *state, size_t down_to);
/* Stand at a node: its bounds, and the basis it was left with. */
int ifp_state_enter(struct ifp_state *state, const struct ifp_node *node);

/* The bound from which on a node holds no plan worth having; +infinity while there is none. */
double ifp_state_cutoff(const struct ifp_state *state);

/* Is there still something to be gained below the bound of the relaxation as it stands? */
bool ifp_state_is_open(const struct ifp_state *state);

/* Into state->branches: what to branch on at the relaxation's point. */
int ifp_state_find_candidates(struct ifp_state *state);

/* Solve the relaxation as it stands, the tighter one where there is one. */
int ifp_state_solve(struct ifp_state *state, enum ifp_relaxation_status *status);

/* Tell the run of the best plan and of a bound that holds for all. */
void ifp_state_report(struct ifp_state *state, double bound);

/* What a solve has left in the relaxation, to be put back after others. */
struct ifp_snapshot {
    double *point; /* then the reduced costs */
    double bound;
    double reduced_bound;
    double objective;
    char *basis; /* of the compact relaxation, where that is the one that bounds */
    size_t rows;
};

/* The snapshot is the caller's, to be freed once; when the code is not IFP_OK there is nothing to
 * free. */
int ifp_state_remember(const struct ifp_state *state, struct ifp_snapshot *snapshot);
int ifp_state_put_back(struct ifp_state *state, const struct ifp_snapshot *snapshot);
void ifp_snapshot_free(struct ifp_snapshot *snapshot);

#endif
