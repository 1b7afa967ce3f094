/* SPDX-License-Identifier: MIT */
/*
 * Deviations drawn from the uncertainty set of an instance, and the instance that they make real.
 *
 *   budget                     for each query type, its candidate pairs (j,k) in a random order:
 *   decision_dependent, cell   each takes g_ijk = cap_jk with probability 1/2, else a uniform part
 *                              of it, until sum g = Gd; the last one takes what is left. cap_jk is
 *                              1, or max(0, 1 - gd_jk).
 *   decision_dependent, query  the query types in a random order, likewise with one theta_i in
 *                              [0, 1] each, g_i = theta_i cap_i, cap_i by the route of the plan. A
 *                              pair then deviates by theta_i max(0, 1 - gd_jk): on the plan's own
 *                              route that is g_i.
 *
 * Error likewise, by Ge and ge_jk and on its own. So every draw is a point of the set, most of them
 * spend the whole budget where there is room for it, and many lie at its corners. A draw depends on
 * its seed and, but for level query, not on the plan: plans can be held against the same draws.
 */
#ifndef IFP_STRESS_DEVIATE_H
#define IFP_STRESS_DEVIATE_H

#include <stdint.h>

#include "instance/instance.h"
#include "plan/plan.h"

enum ifp_deviating { IFP_DEVIATING_DELAY, IFP_DEVIATING_ERROR, IFP_DEVIATING_COUNT };

/* A table of the instance, which may have been given for fewer dimensions: `repeat` cells in a row
 * have the same entry. */
struct ifp_deviate_given {
    const double *values; /* NULL: all are 0 */
    size_t repeat;
};

/* Cells are by query, model and tier; row-major. */
struct ifp_deviate_table {
    struct ifp_deviate_given nominal;   /* d_ijk or e_ijk; NaN: no candidate */
    struct ifp_deviate_given deviation; /* dd_ijk or de_ijk */
    double *factor;    /* by cell, what was drawn: the part of the deviation that is real */
    double *pair_cap;  /* by model and tier */
    double *query_cap; /* by query, at level query */
    double budget;
};

struct ifp_deviate {
    const struct ifp_instance *instance; /* borrowed */
    struct ifp_deviate_table tables[IFP_DEVIATING_COUNT];
    bool by_query; /* level query */
    size_t *order; /* room to work in */
};

static inline double ifp_deviate_entry(const struct ifp_deviate_given *given, size_t cell)
{
    return given->values ? given->values[cell / given->repeat] : 0;
}

/* Of an instance that is valid and whose uncertainty is not none, with at most IFP_TABLE_MOST
 * cells; the plan has its indices. NULL when out of memory. */
struct ifp_deviate *ifp_deviate_new(const struct ifp_instance *instance, const ifp_plan *plan);
void ifp_deviate_free(struct ifp_deviate *deviate);

/* Draw: the same factors for the same seed. */
void ifp_deviate_draw(struct ifp_deviate *deviate, uint64_t seed);

/* A copy of the instance without uncertainty, whose delay and error tables ifp_deviate_realise can
 * fill; nominal until then. NULL when out of memory. */
struct ifp_instance *ifp_deviate_instance(const struct ifp_deviate *deviate);

/* Nominal values plus what was drawn, times the inflation. */
void ifp_deviate_realise(const struct ifp_deviate *deviate, double inflation,
                         struct ifp_instance *realised);

#endif
