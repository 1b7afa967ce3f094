/* SPDX-License-Identifier: MIT */
/*
 * Evaluator of the local search that finds the best routes of a selection by a small LP
 * (routing.h). The multipliers of that LP price each query type and so bound the saving of a
 * further deployment. The value of a selection is its negated cost in dollars. Effort is counted in
 * LP solves. `offer` is NULL: plans are offered whenever a value is computed.
 */
#ifndef IFP_ENGINE_HEURISTICS_EVAL_LP_H
#define IFP_ENGINE_HEURISTICS_EVAL_LP_H

#include "engine/heuristics/local.h"
#include "lp/lp.h"

/* For ifp_local_new. Plans of the problem are offered to the incumbent. All arguments are borrowed.
 * Returns NULL if out of memory. */
struct ifp_evaluator *ifp_eval_lp_new(struct ifp_lp_environment *environment,
                                      const struct ifp_problem *problem,
                                      const struct ifp_milp *milp, struct ifp_incumbent *incumbent,
                                      struct ifp_watch *watch);

#endif
