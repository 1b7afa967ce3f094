/* SPDX-License-Identifier: MIT */
/* Bringing a plan in the indices of an instance into the form in which its entries can be compared:
 * points by one name each, routes with the degree and the point of their deployment. */
#ifndef IFP_PLAN_RESOLVE_H
#define IFP_PLAN_RESOLVE_H

#include "instance/instance.h"
#include "plan/plan.h"

/* Resolve the points of all deployments, and sort the deployments. Returns IFP_OK or
 * IFP_ERROR_MEMORY. */
int ifp_plan_resolve_deployments(const struct ifp_instance *instance, ifp_plan *plan);

/* Give a route the degree and the point of its deployment, where it does not say them. A route is
 * unchanged if no deployment fits, or, with any number of deployments of a pair, if several do.
 * With one deployment of a pair it belongs to the first. The deployments are resolved. Returns
 * IFP_OK or IFP_ERROR_MEMORY. */
int ifp_plan_resolve_route(const struct ifp_instance *instance, ifp_plan *plan, size_t route);

/* Resolve all entries and sort the plan. Returns IFP_OK or IFP_ERROR_MEMORY. */
int ifp_plan_resolve(const struct ifp_instance *instance, ifp_plan *plan);

#endif
