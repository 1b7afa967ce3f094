/* SPDX-License-Identifier: MIT */
/*
 * The bill: the cost of a plan, divided among its routes and deployments (docs/formulation.md,
 * "Objective").
 *
 *   rental   of a deployment: T p_k y_jk. Its routes share it in proportion to the tokens that each
 *            sends there, r_i lam_i x_ijk, or equally if no route sends tokens.
 *   storage  T ps times the weights kept and the data kept. The weights of a deployment are shared
 *            like its rental (storage_basis deployment), or each route pays its own (route). Each
 *            route pays for its own data.
 *   delay    H rho_i lam_i (delay_ijk x_ijk + what the worst case adds on that route), with the
 *            same deviations as in the delay cost of the check.
 *   unmet    H phi_i lam_i u_i. Missing demand within the verifier's tolerance (no route serves it
 *            and the plan does not list it as unmet) is charged to the query type's unmet entry. If
 *            there is no such entry, its routes pay in proportion to their shares.
 *
 * Routes pay all costs of a plan except for unmet demand and deployments that no route uses.
 */
#ifndef IFP_CHECK_BILL_H
#define IFP_CHECK_BILL_H

#include <stdbool.h>

#include <inferplan/instance.h>
#include <inferplan/plan.h>

#include "check/cost_parts.h"

/* Dollars over the horizon. The unmet cost of a route is its fraction of the missing demand. */
struct ifp_bill_entry {
    double cost_parts[IFP_COST_PART_COUNT];
};

struct ifp_bill {
    struct ifp_bill_entry *routes;      /* by route of the plan */
    struct ifp_bill_entry *deployments; /* by deployment of the plan: its rental, and the storage
                                           of weights kept per deployment; no delay */
    double *unmet;                      /* by unmet entry of the plan */
};

/* Make the bill of a plan in the instance's own indices and order, which may be infeasible. Returns
 * false if out of memory; *bill then needs no clearing. */
bool ifp_bill_make(struct ifp_bill *bill, const ifp_instance *instance, const ifp_plan *plan);
/* The sum of an entry's parts. */
double ifp_bill_total(const struct ifp_bill_entry *entry);
void ifp_bill_clear(struct ifp_bill *bill);

#endif
