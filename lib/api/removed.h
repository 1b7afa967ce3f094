/* SPDX-License-Identifier: MIT */
/* What a problem has removed, in the names of its instance. */
#ifndef IFP_API_REMOVED_H
#define IFP_API_REMOVED_H

#include "instance/instance.h"
#include "problem/problem.h"
#include "result/removed.h"

/* Fill an empty list from a problem and the instance that it was made from. Returns false if out of
 * memory; the list is then empty. */
bool ifp_removed_fill(const struct ifp_instance *instance, const struct ifp_problem *problem,
                      struct ifp_removed_list *list);

#endif
