/* SPDX-License-Identifier: MIT */
/* The best plan so far. Turns a point of the compact MILP into a plan and verifies it against the
 * instance. */
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
 */
struct ifp_incumbent {
    const struct ifp_instance *instance;
    double tolerance;           /* IFP_HOLDS_TOLERANCE, or up to IFP_VERIFY_TOLERANCE */
    const ifp_plan *fixed_plan; /* fixes the deployments of every plan; NULL if they are free */
    double sunk_usd;            /* cost of the fixed deployments, not part of the problem */
    ifp_plan *plan;             /* the best plan within the tolerance; NULL if there is none yet */
    ifp_check *check;           /* of that plan */
    double objective;           /* total of the check less sunk_usd; +infinity without a plan */
    ifp_plan *loose;            /* the best plan that only the verifier accepts; NULL if none */
    ifp_check *loose_check;
    double max_violation;  /* of the last point offered */
    const ifp_plan *start; /* the start plan, borrowed; NULL if there is none */
    bool start_holds;      /* was the start kept as the first plan? */
};

void ifp_incumbent_clear(struct ifp_incumbent *incumbent);

/*
 * Turn a point of a problem of the instance, whose integers are whole up to rounding, into a plan.
 * Keep the plan if it is within the tolerance and better than the best one. *held: is it within the
 * tolerance? Returns IFP_OK or IFP_ERROR_MEMORY.
 */
int ifp_incumbent_offer(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                        const struct ifp_milp *milp, const double *point, bool *held,
                        struct ifp_error *error);

/* As ifp_incumbent_offer, for a point with negligible rounding: every share above 0 counts. */
int ifp_incumbent_offer_exact(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                              const struct ifp_milp *milp, const double *point, bool *held,
                              struct ifp_error *error);

/* From now on accept every plan that the verifier accepts. If there is no best plan yet, the best
 * of the plans that only the verifier accepts becomes it. */
void ifp_incumbent_relax(struct ifp_incumbent *incumbent);

/* Begin with a plan in the instance's indices. It is kept if it is within the tolerance. It is
 * remembered as the start in any case, since its deployments may be useful even if it is not. The
 * plan is borrowed. Returns IFP_OK or IFP_ERROR_MEMORY. */
int ifp_incumbent_start(struct ifp_incumbent *incumbent, const ifp_plan *plan,
                        struct ifp_error *error);

/* Offer the plan that serves nothing, if the instance lets all demand stay unmet. Returns IFP_OK or
 * IFP_ERROR_MEMORY. */
int ifp_incumbent_serve_nothing(struct ifp_incumbent *incumbent, struct ifp_error *error);

/* The number of replicas of a configuration that a plan rents; 0 if it rents none or is NULL. With
 * fixed deployments, 1 for each configuration that the plan has. */
double ifp_incumbent_replicas(const struct ifp_incumbent *incumbent, const ifp_plan *plan,
                              const struct ifp_configuration *configuration);

#endif
