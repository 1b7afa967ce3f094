/* SPDX-License-Identifier: MIT */
/* The context of a search: what its tree, its heuristics and its nested searches share. */
#ifndef IFP_ENGINE_CONTEXT_H
#define IFP_ENGINE_CONTEXT_H

#include "engine/incumbent.h"
#include "engine/watch.h"
#include "lp/lp.h"
#include "milp/milp.h"

struct ifp_warm_start;

/* All members are borrowed. A nested search has a context of its own, which differs in problem and
 * milp only. */
struct ifp_context {
    struct ifp_lp_environment *environment;
    const struct ifp_problem *problem;
    struct ifp_milp *milp; /* the compact MILP of the problem */
    struct ifp_incumbent *incumbent;
    struct ifp_warm_start *warm_start; /* warm start from earlier searches */
    struct ifp_watch *watch;
    struct ifp_error *error;
    double gap; /* relative gap at which the search may stop */
};

/* The numbers that a search reports. */
struct ifp_tally {
    double nodes;
    double open_nodes;
    double floor; /* a bound proved by an earlier search; -infinity if none */
    double bound; /* the bound that was reported last */
};

/* The cutoff: a node with a greater bound is closed. +infinity if there is no plan yet. */
double ifp_context_cutoff(const struct ifp_context *context);

/* Report the best plan and a bound on all plans: `bound` or the floor. */
void ifp_context_report(const struct ifp_context *context, struct ifp_tally *tally, double bound);

#endif
