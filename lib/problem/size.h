/* SPDX-License-Identifier: MIT */
/* How large the problem of an instance would be, before anything of it is built. */
#ifndef IFP_PROBLEM_SIZE_H
#define IFP_PROBLEM_SIZE_H

#include "instance/instance.h"

/* Routes (query, model, tier, degree) that are candidates: no fewer than the problem will have.
 * Takes time in proportion to the instance. */
double ifp_size_routes(const struct ifp_instance *instance);

/*
 * Refuse an instance whose problem would need more than `limit_mb` megabytes, by the compact
 * program or by the decomposition: IFP_ERROR_VALUE at memory_limit_mb. Routes are counted in full
 * in any case; the inverses that only a solve needs, if it is to be solved: an export does without
 * them.
 */
int ifp_size_check(const struct ifp_instance *instance, double limit_mb, bool compact, bool solve,
                   struct ifp_error *error);

#endif
