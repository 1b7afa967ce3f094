/* SPDX-License-Identifier: MIT */
/* Which configurations and routes may be left out of a problem before it is built. If the reason is
 * a limit, *miss becomes the value and the limit; otherwise it is unchanged. */
#ifndef IFP_PROBLEM_FILTER_H
#define IFP_PROBLEM_FILTER_H

#include "problem/operating.h"
#include "problem/problem.h"
#include "problem/removal.h"
#include "util/number.h"

/* Returns 0 if the least number of replicas of the configuration fits its GPUs' memory and every
 * resource, else an enum ifp_removal. Call it after ifp_account_enter. */
int ifp_filter_configuration(const struct ifp_problem *problem,
                             const struct ifp_configuration *configuration, struct ifp_miss *miss);

/* Returns 0 if what a query type gets from a configuration holds its limits on TTFT and TPOT, and
 * is measured if a limit needs it, else an enum ifp_removal. `cap` is the largest factor of the
 * deviations of delay. */
int ifp_filter_operation(const struct ifp_problem *problem,
                         const struct ifp_configuration *configuration, size_t query,
                         const struct ifp_operation *operation, double cap, struct ifp_miss *miss);

/* Returns 0 if one request of the query type fits the memory of a replica, or need not, else an
 * enum ifp_removal. */
int ifp_filter_request(const struct ifp_instance *instance, const struct ifp_problem *problem,
                       const struct ifp_configuration *configuration, size_t query,
                       struct ifp_miss *miss);

/* Sets max_share. Returns 0 if a share of the route can be part of an optimal plan, else an enum
 * ifp_removal. `minimum` has, by service level, the lowest nominal value of the query type's
 * routes. It bounds how much other routes can compensate if this one exceeds a limit. */
int ifp_filter_route(const struct ifp_problem *problem,
                     const struct ifp_configuration *configuration, const double *minimum,
                     struct ifp_route_data *route, struct ifp_miss *miss);

/* Returns 0 if the configuration can save more than its cost, else an enum ifp_removal. Call it
 * after the configuration's routes are filtered. `routes` points to the first of them. */
int ifp_filter_profit(const struct ifp_problem *problem,
                      const struct ifp_configuration *configuration,
                      const struct ifp_route_data *routes, struct ifp_miss *miss);

/* Is `other`, another configuration of the same pair, at least as good in every plan? Both may
 * dominate each other if they are equal. Both pointers to routes point to the first route of their
 * configuration. */
bool ifp_filter_dominates(const struct ifp_problem *problem, const struct ifp_configuration *other,
                          const struct ifp_route_data *other_routes,
                          const struct ifp_configuration *configuration,
                          const struct ifp_route_data *routes);

#endif
