/* SPDX-License-Identifier: MIT */
/* Round a fractional point up to whole deployments and routes that may carry its shares. */
#ifndef IFP_ENGINE_HEURISTICS_ROUNDING_H
#define IFP_ENGINE_HEURISTICS_ROUNDING_H

#include "milp/milp.h"

/*
 * Keep the largest routes of each query type that the placement allows together. For every pair
 * that they use, rent the cheapest degree, with the number of replicas that its routes need. Writes
 * the integer columns of `rounded`, and 0 to all others. Limits are not checked here: the caller
 * solves for the shares, and that may fail. Returns IFP_OK or IFP_ERROR_MEMORY.
 */
int ifp_round_up(const struct ifp_problem *problem, const struct ifp_milp *milp,
                 const double *point, double *rounded);

#endif
