/* SPDX-License-Identifier: MIT */
/* The best plan so far. Turns a point of the compact MILP into a plan and verifies it against the
 * instance (check/check.h). */
#ifndef IFP_ENGINE_INCUMBENT_H
#define IFP_ENGINE_INCUMBENT_H

#include "instance/instance.h"
#include "milp/milp.h"
#include "plan/plan.h"

/*
 * The verifier accepts a plan that exceeds a limit by up to 1e-6 of it. That much can be worth a
 * whole deployment, and the bounds of a search are for the exact limits. So plans that hold the
 * limits to 1e-8 are preferred. The best other plan is kept as well, for a search with limits
 * relaxed by 1e-6, in case no plan holds the exact limits.
 *
 * The caller sets the first group of members. The rest begins as 0.
 */
struct ifp_incumbent {
    const struct ifp_instance *instance; /* borrowed */
    double tolerance; /* the maximum violation of a limit, as a fraction of it: IFP_HOLDS_TOLERANCE,
                         or IFP_VERIFY_TOLERANCE after ifp_incumbent_relax */
    const ifp_plan *fixed_plan; /* fixes the deployments of every plan; borrowed; NULL if they are
                                   free */
    double sunk_usd;  /* cost of the fixed deployments, which the problem does not contain */
    double objective; /* cost of the best plan less sunk_usd, in dollars; +infinity if there is no
                         plan yet */

    ifp_plan *plan;   /* the best plan within the tolerance, owned; NULL if there is no plan yet */
    ifp_check *check; /* of that plan, owned */
    ifp_plan *loose;  /* the best plan that the verifier accepts but that is not within the
                         tolerance, owned; NULL if there is no such plan */
    ifp_check *loose_check; /* of that plan, owned */
    double max_violation;   /* of the last plan offered: of a limit, as a fraction of it */
    const ifp_plan *start;  /* the start plan, borrowed; NULL if there is no start plan */
    bool start_holds;       /* was the start plan within the tolerance, so that it was kept? */
};

/* Free the plans and their checks. */
void ifp_incumbent_clear(struct ifp_incumbent *incumbent);

/*
 * Turn a point of the compact MILP into a plan, and offer it. The integers of the point are whole
 * up to rounding. The problem is the instance's, or one that was derived from it. A deployment
 * without routes is left out. The shares of each query type are scaled, or its unmet share is
 * adjusted, so that all of them sum to 1. If the deployments are fixed, only the routes are read.
 *
 * The plan is kept if the verifier accepts it and it costs less than the kept one: as `plan` if it
 * is within the tolerance, otherwise as `loose`. *held: is it within the tolerance? It may still
 * be more expensive than the best plan. Returns IFP_OK or IFP_ERROR_MEMORY.
 */
int ifp_incumbent_offer(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                        const struct ifp_milp *milp, const double *point, bool *held,
                        struct ifp_error *error);

/* As ifp_incumbent_offer, for a point with negligible rounding: every share above 0 is kept.
 * ifp_incumbent_offer drops shares of up to IFP_POINT_SHARE_MIN. */
int ifp_incumbent_offer_exact(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                              const struct ifp_milp *milp, const double *point, bool *held,
                              struct ifp_error *error);

/* From now on accept every plan that the verifier accepts. If there is no best plan yet, the best
 * of the plans that only the verifier accepts becomes it. */
void ifp_incumbent_relax(struct ifp_incumbent *incumbent);

/* Begin with a plan in the instance's indices, before any other is offered. A copy is kept as by
 * ifp_incumbent_offer. The plan itself is borrowed as `start` in any case, since its
 * deployments may be useful even if it breaks a limit. Returns IFP_OK or IFP_ERROR_MEMORY. */
int ifp_incumbent_start(struct ifp_incumbent *incumbent, const ifp_plan *plan,
                        struct ifp_error *error);

/* Offer the plan that serves nothing, if the instance lets all demand stay unmet. Returns IFP_OK or
 * IFP_ERROR_MEMORY. */
int ifp_incumbent_serve_nothing(struct ifp_incumbent *incumbent, struct ifp_error *error);

/* The number of replicas of a configuration that a plan rents; 0 if it does not rent the
 * configuration, or if `plan` is NULL. With fixed deployments, a problem's configuration stands for
 * all replicas of a deployment, so the result is 1 instead of their number. */
double ifp_incumbent_replicas(const struct ifp_incumbent *incumbent, const ifp_plan *plan,
                              const struct ifp_configuration *configuration);

/* Does a route of a checked plan lead to the configuration? */
bool ifp_incumbent_routes_to(const struct ifp_incumbent *incumbent,
                             const struct ifp_plan_route *route,
                             const struct ifp_configuration *configuration);

#endif
