/* SPDX-License-Identifier: MIT */
/* From a point of the compact MILP to a plan that has been verified against the instance. */
#ifndef IFP_ENGINE_INCUMBENT_H
#define IFP_ENGINE_INCUMBENT_H

#include "instance/instance.h"
#include "model/milp.h"
#include "plan/plan.h"

struct ifp_incumbent {
    const struct ifp_instance *instance;
    ifp_plan *plan;        /* the best verified plan; NULL: none yet */
    ifp_check *check;      /* of that plan */
    double objective;      /* the check's total; +infinity without a plan */
    double max_violation;  /* of the last point offered */
    const ifp_plan *start; /* what it began with, verified or not; NULL: nothing */
};

void ifp_incumbent_clear(struct ifp_incumbent *incumbent);

/*
 * Read a plan off a point of a problem of the instance, whose integers are whole up to rounding,
 * and keep it if it is verified and better. *verified says whether it held; the code is
 * IFP_ERROR_MEMORY or IFP_OK.
 */
int ifp_incumbent_offer(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                        const struct ifp_milp *milp, const double *point, bool *verified,
                        struct ifp_error *error);

/* Begin with a plan in the instance's indices: kept if it is verified, and in any case remembered
 * as the fleet to look at first. IFP_ERROR_MEMORY or IFP_OK. */
int ifp_incumbent_start(struct ifp_incumbent *incumbent, const ifp_plan *plan,
                        struct ifp_error *error);

/* How many replicas the best plan, or without one the start, rents of a deployment; 0: none. */
double ifp_incumbent_replicas(const struct ifp_incumbent *incumbent,
                              const struct ifp_configuration *configuration);

#endif
