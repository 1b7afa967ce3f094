/* SPDX-License-Identifier: MIT */
/*
 * What a master has learnt, for the next one of the same model: patterns, in the instance's indices
 * so that they outlive what the filters remove, and what branching did to the bound. All of it only
 * tells where to look first: patterns are fitted to the problem that takes them, and what is proven
 * does not depend on any of it.
 */
#ifndef IFP_ENGINE_MASTER_WARM_START_H
#define IFP_ENGINE_MASTER_WARM_START_H

#include <inferplan/error.h>

#include "engine/master/coupling.h"

struct ifp_stocked_part {
    size_t query;
    double share;
};

struct ifp_stocked {
    size_t model;
    size_t tier;
    size_t degree_index;
    double replicas;
    size_t count;
    struct ifp_stocked_part *parts; /* by query */
};

struct ifp_stock {
    struct ifp_stocked *items;
    size_t count;
    size_t capacity;
    struct ifp_pseudocost *pseudocosts; /* by entity of a search; NULL: none */
    size_t entities;
};

/* Empty it; what is all 0 is an empty one. */
void ifp_stock_clear(struct ifp_stock *stock);
/* Empty it of patterns alone. */
void ifp_stock_clear_patterns(struct ifp_stock *stock);

/* Take a copy of a pattern of a problem; false when out of memory. */
bool ifp_stock_put(struct ifp_stock *stock, const struct ifp_problem *problem,
                   const struct ifp_pattern *pattern);

/*
 * A stocked pattern for a problem: its configuration and replicas, and as many of its routes as
 * there are, with shares that its room holds; parts has room for all query types. SIZE_MAX as
 * configuration where the problem has no such thing.
 */
void ifp_stock_fit(const struct ifp_stocked *stocked, const struct ifp_problem *problem,
                   struct ifp_pattern *pattern);

/* What branching did: taken over where the search has as many entities, that is, most likely the
 * same ones. False when out of memory. */
bool ifp_stock_remember(struct ifp_stock *stock, const struct ifp_pseudocost *pseudocosts,
                        size_t entities);
void ifp_stock_recall(const struct ifp_stock *stock, struct ifp_pseudocost *pseudocosts,
                      size_t entities);

#endif
