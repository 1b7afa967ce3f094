/* SPDX-License-Identifier: MIT */
/* Building a problem from an instance: its demands, configurations and routes. Private to the room
 * problem. */
#ifndef IFP_PROBLEM_BUILD_H
#define IFP_PROBLEM_BUILD_H

#include "problem/problem.h"

/* Set the data of a problem, all zero before, that do not depend on configurations. Returns false
 * if out of memory; what is set then is freed with the problem. */
bool ifp_build_begin(const struct ifp_instance *instance, double slack,
                     struct ifp_problem *problem);

/* Add every configuration that can be rented alone, pair by pair: one for each operating point, or
 * one if there is no profile. Returns false if out of memory. If cancelled, the result is
 * incomplete. */
bool ifp_build_configurations(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                              struct ifp_problem *problem);

/* Add a configuration for each fixed deployment, with the capacity of all its replicas; its cost is
 * sunk. Returns false if out of memory. */
bool ifp_build_deployments(const struct ifp_instance *instance, const struct ifp_rented *rented,
                           size_t count, struct ifp_problem *problem);

/* Add the routes that pass the filter, and lower the configurations' largest numbers of replicas to
 * what their routes can use. Returns false if out of memory. If cancelled, the result is
 * incomplete. */
bool ifp_build_routes(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                      struct ifp_problem *problem);

#endif
