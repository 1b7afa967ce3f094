/* SPDX-License-Identifier: MIT */
/*
 * The stress test: a plan in samples of the uncertainty set, and statistics of them. Each sample is
 * an instance without uncertainty. The check evaluates the plan in it, and a callback that can
 * solve it finds other routes.
 */
#ifndef IFP_STRESS_STRESS_H
#define IFP_STRESS_STRESS_H

#include <stdbool.h>

#include <inferplan/stress.h>

#include "util/error.h"

struct ifp_stress_asker {
    ifp_stress_function progress; /* may be NULL */
    void *user;
    double fraction; /* the fraction of samples that are done */
};

/* Call the progress callback. A nonzero result stops the test. */
int ifp_stress_asked(struct ifp_stress_asker *asker);

/*
 * Sets *usd to the lowest total cost of an instance with the plan's deployments and any routes, or
 * to +infinity if no routes are feasible. The plan has the instance's indices. If `asker` stops the
 * test, *stopped is true and *usd is meaningless.
 */
typedef int (*ifp_stress_reroute)(const ifp_instance *realised, const ifp_plan *plan,
                                  struct ifp_stress_asker *asker, double *usd, bool *stopped,
                                  struct ifp_error *error);

/* ifp_stress_new, with `reroute` to find routes. */
ifp_stress *ifp_stress_run(const ifp_instance *instance, const ifp_plan *plan,
                           const ifp_stress_options *options, ifp_stress_reroute reroute,
                           struct ifp_error *error);

#define IFP_STRESS_OPTIONS_SIZE_FIRST (offsetof(ifp_stress_options, user) + sizeof(void *))
#define IFP_STRESS_ENTRY_SIZE_FIRST (offsetof(ifp_stress_entry, worst_error_full) + sizeof(double))

#endif
