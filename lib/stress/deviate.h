/* SPDX-License-Identifier: MIT */
/*
 * Deviations drawn from the uncertainty set of an instance, and the instance with these deviations.
 *
 *   budget                     For each query type, its candidate pairs (j,k) in a random order:
 *   decision_dependent, cell   each takes g_ijk = cap_jk with probability 1/2, else a uniform
 *                              fraction of it, until sum g = Gd; the last one takes the rest.
 *                              cap_jk is 1, or max(0, 1 - gd_jk).
 *   decision_dependent, query  The query types in a random order: each takes one theta_i, drawn in
 *                              the same way with cap 1, and g_i = theta_i cap_i uses the budget.
 *                              cap_i is that of the plan's route. A pair then deviates by
 *                              theta_i max(0, 1 - gd_jk), which is g_i on the plan's own route.
 *
 * If the plan has several deployments of a pair, all of them deviate by the pair's factor, and it
 * uses the budget once for each of them.
 *
 * Errors are drawn in the same way, with Ge and ge_jk and their own random numbers. Every sample is
 * a point of the set. Most samples spend the whole budget if the caps allow it, and many are
 * corners of the set. A sample depends on its seed, but not on the plan, except with level query
 * and with several deployments of a pair. Plans can thus be compared on the same samples.
 */
#ifndef IFP_STRESS_DEVIATE_H
#define IFP_STRESS_DEVIATE_H

#include <stdint.h>

#include "instance/instance.h"
#include "plan/plan.h"

enum ifp_deviating { IFP_DEVIATING_DELAY, IFP_DEVIATING_ERROR, IFP_DEVIATING_COUNT };

/* A table of the instance. If it was given for fewer dimensions, `repeat` consecutive cells have
 * the same entry. */
struct ifp_deviate_given {
    const double *values; /* NULL: all values are 0 */
    size_t repeat;
};

/* Cells are indexed by query, model and tier, in row-major order. */
struct ifp_deviate_table {
    struct ifp_deviate_given nominal;   /* d_ijk or e_ijk; NaN: not a candidate */
    struct ifp_deviate_given deviation; /* dd_ijk or de_ijk */
    double *factor;                     /* by cell: the fraction of the deviation that was drawn */
    double *pair_cap;                   /* by model and tier */
    double *query_cap;                  /* by query, for level query */
    double budget;
};

struct ifp_deviate {
    const struct ifp_instance *instance; /* borrowed */
    struct ifp_deviate_table tables[IFP_DEVIATING_COUNT];
    bool by_query; /* level query */
    bool
        by_point; /* are delays those of operating points? Then factors take the place of a table */
    bool *candidate;     /* by cell: may the query type be served there? */
    size_t *deployments; /* by model and tier: those of the plan, at least 1 */
    size_t *order;       /* workspace */
};

static inline double ifp_deviate_entry(const struct ifp_deviate_given *given, size_t cell)
{
    return given->values ? given->values[cell / given->repeat] : 0;
}

/* For a valid instance with uncertainty and at most IFP_TABLE_SIZE_MAX cells. The plan has the
 * instance's indices. NULL if out of memory. */
struct ifp_deviate *ifp_deviate_new(const struct ifp_instance *instance, const ifp_plan *plan);
void ifp_deviate_free(struct ifp_deviate *deviate);

/* Draw the factors, which depend only on the seed. */
void ifp_deviate_sample(struct ifp_deviate *deviate, uint64_t seed);

/* A copy of the instance without uncertainty, with nominal delays and errors, which
 * ifp_deviate_realise can overwrite. If the instance has profiles, or if requests stay in memory
 * for their delay, it has factors of the deviations of delay instead of other delays, since a
 * request's residency is nominal. NULL if out of memory. */
struct ifp_instance *ifp_deviate_instance(const struct ifp_deviate *deviate);

/* Set delays and errors of `realised`: nominal value + inflation * factor * deviation, or the
 * factors inflation * factor. */
void ifp_deviate_realise(const struct ifp_deviate *deviate, double inflation,
                         struct ifp_instance *realised);

#endif
