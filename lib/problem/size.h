/* SPDX-License-Identifier: MIT */
/* The size that the problem of an instance would have, estimated before it is built. */
#ifndef IFP_PROBLEM_SIZE_H
#define IFP_PROBLEM_SIZE_H

#include "instance/instance.h"

/* The number of routes (query, model, tier, degree) before filtering: the maximum of the problem.
 * Takes time proportional to the instance's size. */
double ifp_size_routes(const struct ifp_instance *instance);

/*
 * Refuse an instance whose problem would need more than `limit_mb` megabytes, for the compact MILP
 * (`compact`) or for the decomposition: IFP_ERROR_VALUE at memory_limit_mb. The basis inverses of
 * the LPs are counted only if `solve` is true, since an export needs none.
 */
int ifp_size_check(const struct ifp_instance *instance, double limit_mb, bool compact, bool solve,
                   struct ifp_error *error);

#endif
