/* SPDX-License-Identifier: MIT */
/*
 * Warm start of a master from an earlier one of the same model: patterns and pseudo-costs. Patterns
 * are in the instance's indices, so that they remain valid if the filters remove different
 * configurations. A warm start only guides the search: patterns are fitted to the problem that
 * takes them, and no proof depends on it.
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
    struct ifp_pseudocost *pseudocosts; /* by entity of a search; NULL if there are none */
    size_t entities;
};

/* Empty a stock. A zero-initialised stock is empty. */
void ifp_stock_clear(struct ifp_stock *stock);
/* Remove only the patterns. */
void ifp_stock_clear_patterns(struct ifp_stock *stock);

/* Add a copy of a pattern of a problem. Returns false if out of memory. */
bool ifp_stock_put(struct ifp_stock *stock, const struct ifp_problem *problem,
                   const struct ifp_pattern *pattern);

/*
 * Map a stocked pattern to a problem: drop routes that the problem does not have and scale the
 * shares down to the capacity. pattern->parts needs room for all query types. The configuration is
 * SIZE_MAX if the problem does not have it.
 */
void ifp_stock_fit(const struct ifp_stocked *stocked, const struct ifp_problem *problem,
                   struct ifp_pattern *pattern);

/* Store a copy of the pseudo-costs of a search, and read them back. ifp_stock_recall does nothing
 * unless the numbers of entities agree; then they are most likely the same entities.
 * ifp_stock_remember returns false if out of memory. */
bool ifp_stock_remember(struct ifp_stock *stock, const struct ifp_pseudocost *pseudocosts,
                        size_t entities);
void ifp_stock_recall(const struct ifp_stock *stock, struct ifp_pseudocost *pseudocosts,
                      size_t entities);

#endif
