/* SPDX-License-Identifier: MIT */
/* From a fractional point to whole deployments and routes that may carry its shares. */
#ifndef IFP_ENGINE_HEURISTICS_ROUNDING_H
#define IFP_ENGINE_HEURISTICS_ROUNDING_H

#include "milp/milp.h"

/*
 * Keep each query type's largest routes that the placement allows together, and rent for every
 * pair that is then used the cheapest degree and replicas that carry what is routed to it. Writes
 * the integer columns of `rounded` (and zero elsewhere); whether limits hold is left to the LP
 * over the shares. IFP_OK or IFP_ERROR_MEMORY.
 */
int ifp_round_up(const struct ifp_problem *problem, const struct ifp_milp *milp,
                 const double *point, double *rounded);

#endif
