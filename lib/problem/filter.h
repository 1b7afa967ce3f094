/* SPDX-License-Identifier: MIT */
/* What may be left out of a problem before anything is built. */
#ifndef IFP_PROBLEM_FILTER_H
#define IFP_PROBLEM_FILTER_H

#include "util/number.h"
#include "problem/problem.h"

/* The most of a quantity, and of a count, that the verifier lets pass, by a limit of the problem,
 * which may be relaxed already. Of a quantity whose limit is 0 that is nothing. */
double ifp_filter_most(const struct ifp_problem *problem, double limit);
double ifp_filter_most_count(const struct ifp_problem *problem, double limit);

/* 0 if the configuration alone can hold its memory and every limit, else why not. */
int ifp_filter_configuration(const struct ifp_problem *problem,
                             const struct ifp_configuration *configuration);

/* Set max_share; 0 if some share of the route can be part of a best plan, else why not. The
 * query's fastest and most accurate candidates bound what a mix of routes can make good. */
int ifp_filter_route(const struct ifp_problem *problem,
                     const struct ifp_configuration *configuration, double least_delay_ms,
                     double least_error, struct ifp_candidate *route);

/* Once the routes are known: 0 if renting the configuration can pay, else why not. */
int ifp_filter_profit(const struct ifp_problem *problem,
                      const struct ifp_configuration *configuration,
                      const struct ifp_candidate *routes);

/* Is `other`, another degree of the same pair, never worse than the configuration? */
bool ifp_filter_dominates(const struct ifp_problem *problem, const struct ifp_configuration *other,
                          const struct ifp_candidate *other_routes,
                          const struct ifp_configuration *configuration,
                          const struct ifp_candidate *routes);

#endif
