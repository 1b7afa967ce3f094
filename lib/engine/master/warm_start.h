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

struct ifp_stored_entry {
    size_t query;
    double share;
};

struct ifp_stored_pattern {
    size_t model;
    size_t tier;
    size_t degree_index;
    double replicas;
    size_t count;
    struct ifp_stored_entry *entries; /* by query */
};

struct ifp_warm_start {
    struct ifp_stored_pattern *items;
    size_t count;
    size_t capacity;
    struct ifp_pseudocost *pseudocosts; /* by entity of a search (pseudocost.h); may be NULL */
    size_t entities;
};

/* Empty a warm start. A zero-initialised warm start is empty. */
void ifp_warm_start_clear(struct ifp_warm_start *warm_start);
/* Remove only the patterns. */
void ifp_warm_start_clear_patterns(struct ifp_warm_start *warm_start);

/* Add a copy of a pattern of a problem. Returns false if out of memory. */
bool ifp_warm_start_add(struct ifp_warm_start *warm_start, const struct ifp_problem *problem,
                        const struct ifp_pattern *pattern);

/*
 * Map a stored pattern to a problem: drop routes that the problem does not have and scale the
 * shares down to the capacity. pattern->entries must have a capacity of all query types; it belongs
 * to the caller. The configuration is SIZE_MAX if the problem does not have it.
 */
void ifp_warm_start_fit(const struct ifp_stored_pattern *stored, const struct ifp_problem *problem,
                        struct ifp_pattern *pattern);

/* Store a copy of the pseudo-costs of a search, and read them back. ifp_warm_start_recall does
 * nothing unless the numbers of entities agree; then they are most likely the same entities.
 * ifp_warm_start_remember returns false if out of memory. */
bool ifp_warm_start_remember(struct ifp_warm_start *warm_start,
                             const struct ifp_pseudocost *pseudocosts, size_t entities);
void ifp_warm_start_recall(const struct ifp_warm_start *warm_start,
                           struct ifp_pseudocost *pseudocosts, size_t entities);

#endif
