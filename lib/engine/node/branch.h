/* SPDX-License-Identifier: MIT */
/*
 * What to branch on. Not single binaries first, but the decisions behind them:
 *   open      is the pair (j,k) rented at all?                 sum_n w_jkn = 0  or  = 1
 *   degree    at a small or a large degree?                    w_jkn = 0 above or up to some n
 *   replicas  how many?                                        m_c <= floor  or  >= ceiling
 *   route     does query i go to the pair (j,k)?               its z all 0,  or the others of i
 */
#ifndef IFP_ENGINE_NODE_BRANCH_H
#define IFP_ENGINE_NODE_BRANCH_H

#include "engine/compact/relaxation.h"

/* One bound that a branch changes, of a column or of a row. */
struct ifp_change {
    size_t index;
    bool row;
    double lower;
    double upper;
};

struct ifp_changes {
    struct ifp_change *items;
    size_t count;
    size_t capacity;
};

int ifp_changes_add(struct ifp_changes *changes, struct ifp_change change);

enum ifp_branch_kind {
    IFP_BRANCH_OPEN,
    IFP_BRANCH_DEGREE,
    IFP_BRANCH_REPLICAS,
    IFP_BRANCH_ROUTE, /* first: query, second: pair (single) */
    IFP_BRANCH_COLUMN /* first: a route column of its own */
};

struct ifp_branch {
    enum ifp_branch_kind kind;
    size_t first;
    size_t second;
    double value;    /* in the relaxation's point, not whole; degree: the mean degree */
    double fraction; /* between 0 and 1: how far up from the lower branch */
    double weight;   /* how much hangs on it, before anything is known: dollars */
    size_t entity;   /* for remembering what branching on it did */
};

struct ifp_branches {
    struct ifp_branch *items;
    size_t count;
    size_t capacity;
};

/* How many entities there are. */
size_t ifp_branch_entities(const struct ifp_problem *problem, const struct ifp_milp *milp);

/* The candidates at the point: pairs and degrees, replicas, routes; or of these, in that order,
 * only the first class that has any. None if every integer is whole. */
int ifp_branch_candidates(const struct ifp_problem *problem, const struct ifp_milp *milp,
                          const double *point, bool all, struct ifp_branches *branches);

/* One integer that is whole at the point but not fixed, to go on with; none if all are fixed. */
int ifp_branch_unfixed(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       struct ifp_branches *branches);

/* The bounds that make the lower or the upper branch, given the present ones. */
int ifp_branch_changes(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       const struct ifp_branch *branch, bool up, struct ifp_changes *changes);

#endif
