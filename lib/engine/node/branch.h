/* SPDX-License-Identifier: MIT */
/*
 * Branching candidates. We branch first on the decisions behind the binaries:
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
    IFP_BRANCH_COLUMN /* first: a column, branched on alone */
};

struct ifp_branch {
    enum ifp_branch_kind kind;
    size_t first;
    size_t second;
    double value;    /* fractional value in the relaxation's point; degree: the mean degree */
    double fraction; /* between 0 and 1: distance from the lower branch */
    double weight;   /* estimated importance in dollars, before any branching on it */
    size_t entity;   /* index of its pseudo-costs */
};

struct ifp_branches {
    struct ifp_branch *items;
    size_t count;
    size_t capacity;
};

/* The number of entities. */
size_t ifp_branch_entities(const struct ifp_problem *problem);

/* Find the candidates at the point in three classes: pairs and degrees, replicas, routes. If `all`
 * is false, only the first class that is not empty. `branches` is empty if every integer is
 * whole. */
int ifp_branch_candidates(const struct ifp_problem *problem, const struct ifp_milp *milp,
                          const double *point, bool all, struct ifp_branches *branches);

/* Find one integer that is not fixed, although all integers are whole at the point. `branches` is
 * empty if all are fixed. */
int ifp_branch_unfixed(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       struct ifp_branches *branches);

/* The changes of bounds that make the lower or the upper branch, given the present bounds. */
int ifp_branch_changes(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       const struct ifp_branch *branch, bool up, struct ifp_changes *changes);

#endif
