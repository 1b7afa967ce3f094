/* SPDX-License-Identifier: MIT */
/*
 * The schedule of heuristics: which of them run before the first bound, at the root and at tree
 * nodes, and with what effort. Plans are offered to the incumbent. All functions return IFP_OK or
 * the code of the context's error.
 */
#ifndef IFP_ENGINE_HEURISTICS_SCHEDULE_H
#define IFP_ENGINE_HEURISTICS_SCHEDULE_H

#include "engine/node/path.h"
#include "engine/outcome.h"
#include "util/random.h"

struct ifp_local;

/* The heuristics of one search. The search sets the first group of members, all borrowed, before
 * ifp_schedule_begin; the rest begins as 0. */
struct ifp_schedule {
    const struct ifp_context *context;
    struct ifp_path *path;
    struct ifp_tally *tally;
    bool main;      /* true for the main search, false for a sub-search */
    bool restarted; /* have the heuristics that run once been run by an earlier search? */
    /* Run a short search among the configurations in `keep`, with at most `iterations` simplex
     * iterations. Adds its nodes and iterations to the outcome. */
    int (*search_among)(void *search, const bool *keep, double iterations,
                        struct ifp_outcome *outcome);
    void *search;

    struct ifp_local *local_lp;     /* NULL if the run was stopped early */
    struct ifp_local *local_single; /* NULL in a sub-search, or if the run was stopped early */
    size_t searches;                /* number of sub-searches */
    double spent;                   /* simplex iterations of the sub-searches */
    struct ifp_random random;       /* for choosing configurations */
    double polished;  /* cost of the best plan when plans were last improved at a tree node */
    double next_dive; /* number of nodes at which to dive again */
};

/* Make the local searches. Ends early if the run is stopped; then only the plan that serves nothing
 * is tried. */
int ifp_schedule_begin(struct ifp_schedule *schedule);
void ifp_schedule_end(struct ifp_schedule *schedule);

/* Heuristics before the root relaxation is solved. `bound` is the bound to report with the
 * plans. */
int ifp_schedule_start(struct ifp_schedule *schedule, double bound);

/* The first heuristics at the solved root: from the point of the relaxation, or from the start. */
int ifp_schedule_root(struct ifp_schedule *schedule);
/* Neighbourhood search around the best plans, if the root heuristics left a gap. Does nothing
 * unless the method says that it is worth its time. */
int ifp_schedule_neighbourhood(struct ifp_schedule *schedule);

/* At a solved node: round often, dive occasionally. The relaxation's results are restored
 * afterwards; branching candidates are recomputed. */
int ifp_schedule_node(struct ifp_schedule *schedule, const struct ifp_node *node);

#endif
