/* SPDX-License-Identifier: MIT */
/*
 * Plans by improving a fleet: a set of deployments, for which the best routes are a small LP.
 * Its multipliers price what each query type still costs, and so say which deployment is worth
 * adding. A fleet is improved by leaving out every subset of up to two deployments in turn and
 * adding what then pays: single moves get stuck where two small deployments should become a large
 * one, or one should become two.
 */
#ifndef IFP_ENGINE_HEURISTICS_LOCAL_LP_H
#define IFP_ENGINE_HEURISTICS_LOCAL_LP_H

#include "engine/incumbent.h"
#include "engine/watch.h"
#include "milp/milp.h"

struct ifp_fleet;

/* Plans of the problem are offered to the incumbent. */
int ifp_fleet_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                  struct ifp_incumbent *incumbent, struct ifp_watch *watch,
                  struct ifp_fleet **fleet, struct ifp_error *error);
void ifp_fleet_free(struct ifp_fleet *fleet);

/* Improve the fleet that a point's whole integers rent, from nothing where the point is NULL; the
 * best plans on the way are offered. */
int ifp_fleet_improve(struct ifp_fleet *fleet, const double *point, struct ifp_error *error);

/* Only add what pays to the fleet that a point's whole integers rent; plans are offered. */
int ifp_fleet_complete(struct ifp_fleet *fleet, const double *point, struct ifp_error *error);

/* Improve the fleet of a plan, or what the limits allow of it, with all additions that promise
 * anything: of the best plan there is, or of the start; NULL: from nothing. */
int ifp_fleet_polish(struct ifp_fleet *fleet, const ifp_plan *plan, struct ifp_error *error);

/* Search on from the best fleet so far: change it at random (the same every time), improve that,
 * and keep it if it is better, for about so many LP solves. */
int ifp_fleet_wander(struct ifp_fleet *fleet, double solves, struct ifp_error *error);

#endif
