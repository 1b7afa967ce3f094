/* SPDX-License-Identifier: MIT */
/*
 * Local search over plans in which every query type has at most one route, without an LP. The
 * capacity of a deployment is allocated to its query types (knapsack.h), query types are moved to
 * deployments where they save more, and deployments are added as long as one pays. Then subsets of
 * up to two deployments are removed and deployments that then pay are added: a single move does not
 * lead from two small deployments to a large one. Every placement allows such plans. They are found
 * in milliseconds; if routes may be split, they are starting points for other heuristics.
 */
#ifndef IFP_ENGINE_HEURISTICS_EVAL_SINGLE_H
#define IFP_ENGINE_HEURISTICS_EVAL_SINGLE_H

#include "engine/incumbent.h"
#include "engine/watch.h"

struct ifp_assign;

/* Plans of the problem are offered to the incumbent. All arguments but `assign` and `error` are
 * borrowed. */
int ifp_assign_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                   struct ifp_incumbent *incumbent, struct ifp_watch *watch,
                   struct ifp_assign **assign, struct ifp_error *error);
void ifp_assign_free(struct ifp_assign *assign);

/* Build two fleets, each from the empty one, and improve the better one. `looks` limits the effort
 * of this and the functions below: the number of passes over all configurations, approximately. */
int ifp_assign_construct(struct ifp_assign *assign, double looks, struct ifp_error *error);

/* Improve a plan: the best one, or the start. Deployments and routes that the limits do not allow
 * are left out first. */
int ifp_assign_polish(struct ifp_assign *assign, const ifp_plan *plan, double looks,
                      struct ifp_error *error);

/* Round a point of the relaxation to a plan and improve it. */
int ifp_assign_round(struct ifp_assign *assign, const double *point, double looks,
                     struct ifp_error *error);

/* Continue from the best plan so far, changing it at random (reproducibly). */
int ifp_assign_wander(struct ifp_assign *assign, double looks, struct ifp_error *error);

#endif
