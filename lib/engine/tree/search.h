/* SPDX-License-Identifier: MIT */
/* Branch and bound. */
#ifndef IFP_ENGINE_TREE_SEARCH_H
#define IFP_ENGINE_TREE_SEARCH_H

#include "engine/bounder.h"
#include "engine/context.h"
#include "engine/outcome.h"

/*
 * Improve the incumbent and prove a bound until the gap is reached or the run is stopped. Nodes are
 * bounded by methods.own. The other method has turns in a long search, and searches again if the
 * search ends without a proof. The search makes the environment: the context's is NULL. The
 * context's warm start may be NULL; otherwise the search starts from it and updates it for the next
 * search of the same model. Returns IFP_OK or the code of the context's error.
 */
int ifp_search(const struct ifp_context *context, struct ifp_bound_methods methods,
               struct ifp_outcome *outcome);

#endif
