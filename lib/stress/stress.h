/* SPDX-License-Identifier: MIT */
/*
 * A plan in samples of the uncertainty set, and what comes of them as numbers. Each sample is an
 * instance of its own, without uncertainty: the check says how the plan fares in it, and whoever
 * can solve finds other routes.
 */
#ifndef IFP_STRESS_STRESS_H
#define IFP_STRESS_STRESS_H

#include <stdbool.h>

#include <inferplan/stress.h>

#include "util/error.h"

struct ifp_stress_asker {
    ifp_stress_function progress; /* NULL: nobody is asked */
    void *user;
    double part;
};

/* Is it to stop? */
int ifp_stress_asked(struct ifp_stress_asker *asker);

/*
 * The least total cost of an instance with the plan's deployments, whatever the routes: +infinity
 * where there are none. The plan has the instance's indices. *stopped: the asker wants no more, and
 * the cost is of no use.
 */
typedef int (*ifp_stress_reroute)(const ifp_instance *realised, const ifp_plan *plan,
                                  struct ifp_stress_asker *asker, double *usd, bool *stopped,
                                  struct ifp_error *error);

/* ifp_stress_new, given how to find routes. */
ifp_stress *ifp_stress_run(const ifp_instance *instance, const ifp_plan *plan,
                           const ifp_stress_options *options, ifp_stress_reroute reroute,
                           struct ifp_error *error);

#define IFP_STRESS_OPTIONS_SIZE_FIRST (offsetof(ifp_stress_options, user) + sizeof(void *))
#define IFP_STRESS_ENTRY_SIZE_FIRST (offsetof(ifp_stress_entry, worst_error_full) + sizeof(double))

#endif
