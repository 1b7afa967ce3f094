/* SPDX-License-Identifier: MIT */
/*
 * The capacities of a deployment. A route needs a part of one replica of each capacity, and m
 * replicas have so many parts:
 *
 *     memory    KV cache                                              m - spare
 *     load      compute, or the load at the operating point           L(m - spare)
 *     slots     running sequences                                     m - spare
 *
 * L(m) is the head-room of the configuration (docs/formulation.md, "Head-room"). A constant
 * utilization is part of the needs, and L(m) = m; other head-rooms have tables.
 */
#ifndef IFP_PROBLEM_CAPACITY_H
#define IFP_PROBLEM_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>

#include "instance/instance.h"

struct ifp_problem;
struct ifp_configuration;

enum ifp_capacity {
    IFP_CAPACITY_MEMORY,
    IFP_CAPACITY_LOAD,
    IFP_CAPACITY_SLOTS,
    IFP_CAPACITY_COUNT
};

/* L(1) .. L(count) of a head-room that is no constant utilization. The table is not decreasing. */
struct ifp_load_table {
    struct ifp_headroom_data headroom; /* its own copy */
    double *load;
    size_t count;
};

/* The index of the table of a head-room in the problem; a new one is made if needed. SIZE_MAX if
 * the head-room is a constant utilization, which *utilization receives (else 1). Returns false if
 * out of memory. */
bool ifp_capacity_table(struct ifp_problem *problem, const struct ifp_headroom_data *headroom,
                        size_t *table, double *utilization);
/* Make a table reach to at least `count` replicas. Returns false if out of memory. */
bool ifp_capacity_reach(struct ifp_load_table *table, size_t count);
/* Give `problem`, a shallow copy of `from`, its own tables. Returns false if out of memory; its
 * tables are then NULL. */
bool ifp_capacity_copy(const struct ifp_problem *from, struct ifp_problem *problem);
/* Free the tables and set them to NULL. */
void ifp_capacity_close(struct ifp_problem *problem);

/* What `replicas` replicas of a configuration have of a capacity, in parts of one replica. */
double ifp_capacity_of(const struct ifp_problem *problem, const struct ifp_configuration *c,
                       enum ifp_capacity capacity, double replicas);

/* The least number of replicas, from the configuration's least to its largest one, that have
 * `load`, by enum ifp_capacity; each may be exceeded by `tolerance`. INFINITY if there is none. */
double ifp_capacity_replicas(const struct ifp_problem *problem, const struct ifp_configuration *c,
                             const double load[IFP_CAPACITY_COUNT], double tolerance);

#endif
