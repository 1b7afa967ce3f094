/* SPDX-License-Identifier: MIT */
/*
 * A relaxation by deployments (Dantzig-Wolfe), solved by column generation. Its columns are
 * patterns: deployments with the query types that they serve. Pricing is a small problem for each
 * configuration (knapsack.h). Its rows are those that deployments share (coupling.h):
 *
 *     minimise   sum_s cost_s l_s + sum_i unmet_i u_i
 *     subject to the coupling rows, with l_s >= 0;  rows of pairs that must be rented = 1
 *
 * Rows of pairs and of the placement are added to the LP only when a point violates them. The
 * master takes the same bounds as the compact relaxation and returns a point in the same columns,
 * so branching is the same for both. It is tighter than the compact relaxation if routes carry
 * fixed charges or placement constraints, since a column has whole routes, and if a deployment may
 * have several replicas.
 *
 * The bound is Lagrangian: at any prices, the sum of the best value of each pair alone. It is safe,
 * since prices of the wrong sign are set to zero and pricing returns upper bounds.
 */
#ifndef IFP_ENGINE_MASTER_MASTER_H
#define IFP_ENGINE_MASTER_MASTER_H

#include "engine/compact/relaxation.h"
#include "engine/master/warm_start.h"

struct ifp_master;

/* Is the master faster than the compact relaxation, as measured? It is not if a configuration may
 * have very many replicas, since each number of replicas may have to be priced separately. */
bool ifp_master_pays(const struct ifp_problem *problem);

/* The master follows the bounds of a compact relaxation and writes its results to it. The
 * relaxation is borrowed. */
int ifp_master_new(const struct ifp_problem *problem, struct ifp_relaxation *relaxation,
                   struct ifp_master **master, struct ifp_error *error);
void ifp_master_free(struct ifp_master *master);

/* ifp_master_take adds the patterns of the warm start to the LP. ifp_master_give replaces the
 * patterns of the warm start by those of the LP. */
int ifp_master_take(struct ifp_master *master, const struct ifp_warm_start *warm_start,
                    struct ifp_error *error);
int ifp_master_give(const struct ifp_master *master, struct ifp_warm_start *warm_start,
                    struct ifp_error *error);

/* As ifp_relaxation_solve, under the present bounds of the compact relaxation: fills its point,
 * objective and bound. Fills Lagrangian reduced costs for the rent columns; those of all other
 * columns are -infinity (unknown). The mode is the effort of pricing; IFP_BOUND_TRIAL is as
 * IFP_BOUND_NODE. */
int ifp_master_solve(struct ifp_master *master, struct ifp_bound_effort effort, double cutoff,
                     enum ifp_relaxation_status *status, struct ifp_error *error);

/* The LP's objective in dollars, with the present patterns and rows only. It is not a bound, but a
 * fast estimate that ranks branching candidates. */
int ifp_master_estimate(struct ifp_master *master, double *objective, struct ifp_error *error);

/* The patterns of the last solve, in no particular order. *weight is the pattern's value in the
 * LP's point. The patterns belong to the master and are valid until it is solved again. A
 * configuration of SIZE_MAX is the artificial column of a pair that must be rented. */
size_t ifp_master_pattern_count(const struct ifp_master *master);
const struct ifp_pattern *ifp_master_pattern(const struct ifp_master *master, size_t k,
                                             double *weight);

#endif
