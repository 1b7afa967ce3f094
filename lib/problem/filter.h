/* SPDX-License-Identifier: MIT */
/* Which configurations and routes may be left out of a problem before it is built. */
#ifndef IFP_PROBLEM_FILTER_H
#define IFP_PROBLEM_FILTER_H

#include "problem/problem.h"
#include "util/number.h"

/* 0 if the configuration alone fits its memory and every limit, else an enum ifp_removal. */
int ifp_filter_configuration(const struct ifp_problem *problem,
                             const struct ifp_configuration *configuration);

/* Sets max_share. Returns 0 if a share of the route can be part of an optimal plan, else an enum
 * ifp_removal. `minimum`, the lowest of the query's routes by service level, bounds how much other
 * routes can compensate. */
int ifp_filter_route(const struct ifp_problem *problem,
                     const struct ifp_configuration *configuration, const double *minimum,
                     struct ifp_route_data *route);

/* Returns 0 if renting the configuration can pay, else an enum ifp_removal. Needs its routes. */
int ifp_filter_profit(const struct ifp_problem *problem,
                      const struct ifp_configuration *configuration,
                      const struct ifp_route_data *routes);

/* Is `other`, another degree of the same pair, at least as good in every plan? */
bool ifp_filter_dominates(const struct ifp_problem *problem, const struct ifp_configuration *other,
                          const struct ifp_route_data *other_routes,
                          const struct ifp_configuration *configuration,
                          const struct ifp_route_data *routes);

#endif
