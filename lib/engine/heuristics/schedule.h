/* SPDX-License-Identifier: MIT */
/*
 * The schedule of heuristics: which of them run before the first bound, at the root and at tree
 * nodes, and with what effort. Plans are offered to the incumbent. All functions return IFP_OK or
 * the code of the context's error.
 *
 * The order of calls: ifp_schedule_begin; ifp_schedule_start, only in the main search and not after
 * a restart; at the solved root ifp_schedule_root and ifp_schedule_neighbourhood; ifp_schedule_node
 * at other solved nodes, and at the root if it is split; ifp_schedule_end.
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
    bool restarted; /* is this a restart? Then the heuristics that run once have been run */
    /* Run a sub-search among the configurations in `keep`, with at most `iterations` simplex
     * iterations. Adds its nodes and iterations to the outcome. Returns IFP_OK or the code of the
     * context's error. The first argument is the member `search`. */
    int (*search_among)(void *search, const bool *keep, double iterations,
                        struct ifp_outcome *outcome);
    void *search;

    struct ifp_local *local_lp; /* owned; NULL if the run was stopped early */
    struct ifp_local
        *local_single;        /* owned; NULL in a sub-search, or if the run was stopped early */
    size_t searches;          /* number of sub-searches */
    double spent;             /* simplex iterations of the sub-searches */
    double idle;              /* sub-searches since the last one that found a better plan */
    struct ifp_random random; /* for choosing the configurations of sub-searches */
    double polished;  /* dollars: cost of the best plan when it was last improved at a tree node;
                         +infinity at first */
    double next_dive; /* number of nodes at which to dive again */
};

/* Make the local searches. Ends early if the run is stopped; then ifp_schedule_start tries only the
 * plan that serves nothing. */
int ifp_schedule_begin(struct ifp_schedule *schedule);
/* Free the local searches. */
void ifp_schedule_end(struct ifp_schedule *schedule);

/* Heuristics before the root relaxation is solved: the plan that serves nothing, then local search
 * with one route per query type. `bound`, in dollars, is the bound to report with the plans. */
int ifp_schedule_start(struct ifp_schedule *schedule, double bound);

/* The first heuristics at the solved root: improve the start plan; then dive by patterns, or round
 * the point and improve the selection, and then run sub-searches if the master's are worth their
 * time. The bounds and, after a dive, the relaxation's results are restored. Does nothing in a
 * sub-search or a restart, or if the deployments are fixed. */
int ifp_schedule_root(struct ifp_schedule *schedule);
/* Neighbourhood search at the solved root if a gap is left: a random walk from the best selection,
 * then a sub-search. Does nothing unless the method says that it is worth its time
 * (searches_around). */
int ifp_schedule_neighbourhood(struct ifp_schedule *schedule);

/* At a solved node, whose bounds the path has and whose candidates it has found: round often; dive
 * and search the neighbourhood of the best plan occasionally. Bounds, basis and the relaxation's
 * results are restored afterwards; branching candidates are found again. */
int ifp_schedule_node(struct ifp_schedule *schedule, const struct ifp_node *node);

#endif
