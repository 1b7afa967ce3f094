/* SPDX-License-Identifier: MIT */
/*
 * Branching candidates. We branch on the decisions behind the binaries, the lower branch first:
 *   open      is the pair (j,k) rented at all?                 sum_n w_jkn = 0  or  = 1
 *   degree    at a small or a large degree?                    w_jkn = 0 above or up to some n
 *   point     at which points of one degree?                   w = 0 behind or up to some point
 *   replicas  how many?                                        m_c <= floor  or  >= ceiling
 *   route     does query i use the pair (j,k)?                 its z all 0,  or the others of i
 *   column    is the binary 1?                                 z = 0  or  = 1
 * Numbers of replicas below the least one are skipped, and columns v_cm follow the bounds of m_c.
 * If m_c is whole but v_cm is not, a mixture of numbers stands for it: then we branch between them.
 * Of identical pairs (problem/twins.h) the first ones are rented. So if such a pair is closed, the
 * later ones are closed with it; if it is rented, the earlier ones are rented with it.
 *
 * Functions that return an int return IFP_OK or IFP_ERROR_MEMORY. An array of zeros is an empty
 * one; its owner frees `items`.
 */
#ifndef IFP_ENGINE_NODE_BRANCH_H
#define IFP_ENGINE_NODE_BRANCH_H

#include "engine/compact/relaxation.h"

/* The new bounds of a column or of a row. */
struct ifp_change {
    size_t index; /* in the compact MILP */
    bool row;     /* is it a row? If false, a column */
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
    IFP_BRANCH_OPEN,     /* first: pair */
    IFP_BRANCH_DEGREE,   /* first: pair */
    IFP_BRANCH_POINT,    /* first: pair */
    IFP_BRANCH_REPLICAS, /* first: configuration */
    IFP_BRANCH_ROUTE,    /* first: query, second: pair; only with placement single */
    IFP_BRANCH_COLUMN    /* first: a binary column */
};

struct ifp_branch {
    enum ifp_branch_kind kind;
    size_t first;
    size_t second;
    double value; /* in the relaxation's point. OPEN: number of rented pairs, of the pair or of its
                     set of identical ones; DEGREE: mean degree; POINT: mean place in the pair;
                     REPLICAS: replicas; otherwise the value of the binary */
    double fraction; /* between 0 and 1: distance of the value from the lower branch; 0.5 if the two
                        branches are not neighbouring integers */
    double weight;   /* estimated importance in dollars, used while pseudo-costs are not known;
                        select_branch.h overwrites it */
    size_t entity;   /* index of its pseudo-costs */
};

struct ifp_branches {
    struct ifp_branch *items;
    size_t count;
    size_t capacity;
};

/* The number of entities, which have pseudo-costs: open and degree (or point) of each pair,
 * replicas of each configuration, and each query at each pair. */
size_t ifp_branch_entities(const struct ifp_problem *problem);

/* Find the candidates at the point in three classes: pairs and degrees, replicas, routes. If `all`
 * is false, only the first class that is not empty. `branches` is replaced. It is empty if every
 * integer is whole, except for binaries of routes that cost nothing and break no rule of the
 * placement: those can be rounded without a change of the cost. */
int ifp_branch_candidates(const struct ifp_problem *problem, const struct ifp_milp *milp,
                          const double *point, bool all, struct ifp_branches *branches);

/* Find one integer that is not fixed, for a node that is still open although all integers are whole
 * at the point. `branches` is replaced; it is empty if all integers are fixed. All these branches
 * share the pseudo-costs of one entity, since they teach little. */
int ifp_branch_unfixed(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       struct ifp_branches *branches);

/* Append the bounds that leave configuration c between `lower` and `upper` replicas, both whole: of
 * its replicas, and of its columns v_cm. `upper` below the least number of replicas closes it. */
int ifp_branch_replicas(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                        size_t c, double lower, double upper, struct ifp_changes *changes);

/* Fill `changes`, which is replaced, with the bounds that make the lower or the upper branch, given
 * the present bounds of the relaxation. */
int ifp_branch_changes(const struct ifp_problem *problem, const struct ifp_relaxation *relaxation,
                       const struct ifp_branch *branch, bool up, struct ifp_changes *changes);

#endif
