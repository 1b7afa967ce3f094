/* SPDX-License-Identifier: MIT */
/* The context of a search: what its tree, its heuristics and its nested searches share. */
#ifndef IFP_ENGINE_CONTEXT_H
#define IFP_ENGINE_CONTEXT_H

#include "engine/incumbent.h"
#include "engine/watch.h"
#include "lp/lp.h"
#include "milp/milp.h"

struct ifp_warm_start;

/* All members are borrowed. ifp_search sets `environment`; its caller leaves it NULL. A nested
 * search has a context of its own, which differs in problem and milp only. */
struct ifp_context {
    struct ifp_lp_environment *environment;
    const struct ifp_problem *problem;
    struct ifp_milp *milp; /* the compact MILP of the problem */
    struct ifp_incumbent *incumbent;
    struct ifp_warm_start *warm_start; /* from earlier searches; never NULL inside a search */
    struct ifp_watch *watch;
    struct ifp_error *error; /* describes the failure of a function that returns a code */
    double gap; /* relative gap at which the search may stop, as a fraction of max(1, |cost|) */
};

/* The numbers that a search reports. The bounds are in dollars. */
struct ifp_tally {
    double nodes;      /* number of nodes solved */
    double open_nodes; /* number of nodes that are still to be solved */
    double floor; /* a bound proved by another search of the problem; 0 if there was no such search,
                     since costs are not negative */
    double bound; /* the bound that was reported last */
};

/*
 * The cutoff, in dollars: a node with a greater bound is closed. It is the best plan's cost z, less
 * max(1, |z|) times a small fraction (IFP_PRUNE_GAP): a plan that saves less is not looked for.
 * +infinity if there is no plan yet.
 */
double ifp_context_cutoff(const struct ifp_context *context);

/* Report the cost of the best plan and a bound on all plans: the larger one of `bound` and the
 * floor. */
void ifp_context_report(const struct ifp_context *context, struct ifp_tally *tally, double bound);

#endif
