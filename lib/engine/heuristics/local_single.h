/* SPDX-License-Identifier: MIT */
/*
 * Plans in which every query type has one route, without any LP: what a deployment serves is filled
 * into its room (pricing.h), query types are moved to where they bring more, and deployments are
 * added as long as one pays. From there on subsets of up to two deployments are left out and what
 * then pays is added: a single move does not get from two small deployments to a large one. Such
 * plans are allowed whatever the placement, and are there in milliseconds; where routes may be
 * split, they are a place to start from.
 */
#ifndef IFP_ENGINE_HEURISTICS_LOCAL_SINGLE_H
#define IFP_ENGINE_HEURISTICS_LOCAL_SINGLE_H

#include "engine/incumbent.h"
#include "engine/watch.h"

struct ifp_assign;

/* Plans of the problem are offered to the incumbent. */
int ifp_assign_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                   struct ifp_incumbent *incumbent, struct ifp_watch *watch,
                   struct ifp_assign **assign, struct ifp_error *error);
void ifp_assign_free(struct ifp_assign *assign);

/* Build fleets from nothing and improve the better one, for about so many looks at all
 * configurations. */
int ifp_assign_construct(struct ifp_assign *assign, double looks, struct ifp_error *error);

/* Improve a plan, or what the limits allow of it, likewise: the best plan there is, or the start.
 */
int ifp_assign_polish(struct ifp_assign *assign, const ifp_plan *plan, double looks,
                      struct ifp_error *error);

/* Improve the plan that a point of the relaxation is nearest to, likewise. */
int ifp_assign_round(struct ifp_assign *assign, const double *point, double looks,
                     struct ifp_error *error);

/* Search on from the best plan so far, changing it at random (the same every time). */
int ifp_assign_wander(struct ifp_assign *assign, double looks, struct ifp_error *error);

#endif
