/* SPDX-License-Identifier: MIT */
/*
 * Local search over fleets. A fleet is a set of deployments; its best routes are a small LP
 * (routing.h). The multipliers of that LP price each query type and so bound the saving of a
 * further deployment. A fleet is improved by removing each subset of up to two deployments in turn
 * and adding deployments that then pay. Moves of one deployment do not suffice if two small
 * deployments should become a large one, or one should become two.
 */
#ifndef IFP_ENGINE_HEURISTICS_EVAL_LP_H
#define IFP_ENGINE_HEURISTICS_EVAL_LP_H

#include "engine/incumbent.h"
#include "engine/watch.h"
#include "milp/milp.h"

struct ifp_fleet;

/* Plans of the problem are offered to the incumbent. All arguments but `fleet` and `error` are
 * borrowed. */
int ifp_fleet_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                  struct ifp_incumbent *incumbent, struct ifp_watch *watch,
                  struct ifp_fleet **fleet, struct ifp_error *error);
void ifp_fleet_free(struct ifp_fleet *fleet);

/* Improve the fleet of a point whose integers are whole, or the empty fleet if the point is NULL.
 * The best plans on the way are offered. */
int ifp_fleet_improve(struct ifp_fleet *fleet, const double *point, struct ifp_error *error);

/* Only add deployments that pay to the fleet of a point whose integers are whole. Plans are
 * offered. */
int ifp_fleet_complete(struct ifp_fleet *fleet, const double *point, struct ifp_error *error);

/* Improve the fleet of a plan (the best one or the start), with many more candidates for addition.
 * Deployments that the limits do not allow are removed first. If the plan is NULL, begin with the
 * empty fleet. */
int ifp_fleet_polish(struct ifp_fleet *fleet, const ifp_plan *plan, struct ifp_error *error);

/* Continue from the best fleet so far for about `solves` LP solves: change it at random
 * (reproducibly), improve the result, and accept it if it is not much worse. */
int ifp_fleet_wander(struct ifp_fleet *fleet, double solves, struct ifp_error *error);

#endif
