/* SPDX-License-Identifier: MIT */
/* Branch and bound. */
#ifndef IFP_ENGINE_TREE_SEARCH_H
#define IFP_ENGINE_TREE_SEARCH_H

#include "engine/bounder.h"
#include "engine/context.h"
#include "engine/outcome.h"

/*
 * Improve the incumbent and prove a bound until the gap is reached or the run is stopped. Nodes are
 * bounded by methods.own; the other method is asked in turn, or if the search ends without a proof.
 * The context has no environment: the search makes one. Its stock is read as a warm start and
 * updated for the next search of the same model; it may be NULL. Returns IFP_OK or the code of the
 * context's error.
 */
int ifp_search(const struct ifp_context *context, struct ifp_bound_methods methods,
               struct ifp_outcome *outcome);

#endif
