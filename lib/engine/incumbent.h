/* SPDX-License-Identifier: MIT */
/* From a point of the compact MILP to a plan that has been verified against the instance. */
#ifndef IFP_ENGINE_INCUMBENT_H
#define IFP_ENGINE_INCUMBENT_H

#include "instance/instance.h"
#include "milp/milp.h"
#include "plan/plan.h"

/*
 * The verifier lets a limit be exceeded by 1e-6 of it. That much can be worth a whole deployment,
 * and the bounds of a search are those of the limits as they are: so plans that hold them are
 * preferred. Others are kept in case there is none that does, for a search with limits relaxed by
 * as much.
 */
struct ifp_incumbent {
    const struct ifp_instance *instance;
    double tolerance;      /* IFP_HOLDS_TOLERANCE, or up to IFP_VERIFY_TOLERANCE */
    const ifp_plan *fleet; /* whose deployments are there whatever a point says; NULL: of none */
    double sunk_usd;       /* what those cost, which is no part of the problem */
    ifp_plan *plan;        /* the best plan that holds; NULL: none yet */
    ifp_check *check;      /* of that plan */
    double objective;      /* the check's total less what is sunk; +infinity without a plan */
    ifp_plan *loose;       /* the best of those that are verified all the same; NULL: none */
    ifp_check *loose_check;
    double max_violation;  /* of the last point offered */
    const ifp_plan *start; /* what it began with; NULL: nothing */
    bool start_holds;      /* and was it kept as the first plan? */
};

void ifp_incumbent_clear(struct ifp_incumbent *incumbent);

/*
 * Read a plan off a point of a problem of the instance, whose integers are whole up to rounding,
 * and keep it if it holds and is better. *held says whether it did; the code is
 * IFP_ERROR_MEMORY or IFP_OK.
 */
int ifp_incumbent_offer(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                        const struct ifp_milp *milp, const double *point, bool *held,
                        struct ifp_error *error);

/* The same for a point without rounding to speak of: every share above 0 counts. */
int ifp_incumbent_offer_exact(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                              const struct ifp_milp *milp, const double *point, bool *held,
                              struct ifp_error *error);

/* From now on every verified plan holds: the best so far that did not becomes the best one, if
 * there is no other. */
void ifp_incumbent_relax(struct ifp_incumbent *incumbent);

/* Begin with a plan in the instance's indices: kept if it holds, and in any case remembered, since
 * its fleet may be worth something where it does not. IFP_ERROR_MEMORY or IFP_OK. */
int ifp_incumbent_start(struct ifp_incumbent *incumbent, const ifp_plan *plan,
                        struct ifp_error *error);

/* The plan that serves nothing, if the instance lets all demand stay unmet: kept like any other.
 * IFP_ERROR_MEMORY or IFP_OK. */
int ifp_incumbent_serve_nothing(struct ifp_incumbent *incumbent, struct ifp_error *error);

/* How many replicas a plan (the best one, or the start; NULL: none) rents of a deployment; 0: none.
 * Of a fixed fleet each deployment is one. */
double ifp_incumbent_replicas(const struct ifp_incumbent *incumbent, const ifp_plan *plan,
                              const struct ifp_configuration *configuration);

#endif
