/* SPDX-License-Identifier: MIT */
/*
 * Who pays for what: the cost of a plan, by route and by deployment (docs/formulation.md,
 * "Objective").
 *
 *   rental   of a deployment: T p_k y_jk. Its routes share it in proportion to the tokens that each
 *            sends there, r_i lam_i x_ijk; in equal parts where none sends any.
 *   storage  T ps times the weights kept and the data kept. The weights of a deployment are shared
 *            like its rental (storage_basis deployment), or are each route's own (route); data are
 *            each route's own.
 *   delay    H rho_i lam_i (delay_ijk x_ijk + what the worst case adds on that route): the very
 *            deviations that make the delay cost of the check.
 *   unmet    H phi_i lam_i u_i. What neither a route serves nor the plan lists as unmet, within the
 *            verifier's tolerance, is paid by the query type's unmet entry, or by its routes in
 *            proportion to their shares where it has none.
 *
 * Routes pay for all of a plan but the unmet demand and the deployments that no route uses.
 */
#ifndef IFP_CHECK_BILL_H
#define IFP_CHECK_BILL_H

#include <stdbool.h>

#include <inferplan/instance.h>
#include <inferplan/plan.h>

struct ifp_bill_entry {
    double rental;
    double storage;
    double delay;
    double unmet; /* of a route; of demand that is missing */
};

struct ifp_bill {
    struct ifp_bill_entry *routes;      /* by the plan's routes */
    struct ifp_bill_entry *deployments; /* by the plan's deployments: all that is rented, with the
                                           weights that are kept for it; no delay */
    double *unmet;                      /* by the plan's unmet entries */
};

/* Of a plan in the instance's own indices and order, feasible or not. False when memory ran out;
 * there is nothing to clear then. */
bool ifp_bill_make(struct ifp_bill *bill, const ifp_instance *instance, const ifp_plan *plan);
void ifp_bill_clear(struct ifp_bill *bill);

#endif
