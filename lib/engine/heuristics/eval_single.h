/* SPDX-License-Identifier: MIT */
/*
 * Evaluator of the local search for plans in which every query type has at most one route, without
 * an LP. The capacity of a deployment is allocated to its query types (knapsack.h), and query types
 * are moved to deployments where they save more. Every placement allows such plans. They are found
 * in milliseconds; if routes may be split, they are starting points for other heuristics. The value
 * of a selection is in dollars saved, compared with serving nothing; the cost of the worst case of
 * all query types together is not part of it. Effort is counted in passes over all configurations.
 */
#ifndef IFP_ENGINE_HEURISTICS_EVAL_SINGLE_H
#define IFP_ENGINE_HEURISTICS_EVAL_SINGLE_H

#include "engine/heuristics/local.h"

/* For ifp_local_new. Plans of the problem are offered to the incumbent. All arguments are borrowed.
 * Returns NULL if out of memory. */
struct ifp_evaluator *ifp_eval_single_new(const struct ifp_problem *problem,
                                          const struct ifp_milp *milp,
                                          struct ifp_incumbent *incumbent, struct ifp_watch *watch);

#endif
