/* SPDX-License-Identifier: MIT */
/*
 * The master: a Dantzig-Wolfe relaxation over deployments, solved by column generation. Its columns
 * are patterns s: deployments with their shares; l_s is the value of a pattern and u_i the unmet
 * share of query type i. Pricing is a small problem for each
 * configuration (knapsack.h). Its rows are those that deployments share (coupling.h):
 *
 *     minimise   sum_s cost_s l_s + sum_i unmet_i u_i
 *     subject to the coupling rows, with l_s >= 0;  rows of pairs that must be rented = 1
 *
 * The rows of demand, delay, error and resources are in the LP from the start. Rows of pairs, of
 * the placement, of balances and of worst cases (worst_rows.c) are added when a point violates
 * them. The row of a pair that must be rented is added at once. The master takes the same bounds as
 * the compact relaxation and returns a point in the same columns, so branching is the same for
 * both. It is tighter than the compact relaxation if routes carry fixed charges or placement
 * constraints, since a column has whole routes, and if a deployment may have several replicas.
 *
 * The bound is Lagrangian. At any prices p of the rows with right sides b, it is
 *
 *     p b + sum_i min(0, (unmet_i - p_i) zeta_i) + sum over pairs of R_pair
 *
 * and a term for worst cases. R_pair is the minimum of the reduced costs of the pair's deployments,
 * or 0 if that is smaller and the pair need not be rented. The prices of pair rows are not in the
 * bound. It is safe, since prices of the wrong sign are set to zero, pricing returns bounds and not
 * only values, and rounding is subtracted.
 *
 * Order of calls: ifp_master_new; ifp_master_take, if there is a warm start; then, any number of
 * times, change the bounds of the relaxation and call ifp_master_solve; ifp_master_give, to keep
 * the patterns; ifp_master_free.
 */
#ifndef IFP_ENGINE_MASTER_MASTER_H
#define IFP_ENGINE_MASTER_MASTER_H

#include "engine/compact/relaxation.h"
#include "engine/master/warm_start.h"

struct ifp_master;

/* The master follows the bounds of a compact relaxation and writes its results to it. The
 * problem and the relaxation are borrowed. */
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
 * columns are -infinity (unknown). `cutoff` is in dollars. effort.mode decides how long pricing
 * searches; IFP_BOUND_TRIAL is as IFP_BOUND_NODE. IFP_RELAXATION_UNKNOWN means that the master gave
 * up, for example because artificial columns stay in use. The master never proves
 * IFP_RELAXATION_INFEASIBLE. */
int ifp_master_solve(struct ifp_master *master, struct ifp_bound_effort effort, double cutoff,
                     enum ifp_relaxation_status *status, struct ifp_error *error);

/* Solve the LP under the present bounds of the relaxation, with the present patterns and rows only.
 * *objective receives its objective in dollars. It is not a bound, but a
 * fast estimate that ranks branching candidates. */
int ifp_master_estimate(struct ifp_master *master, double *objective, struct ifp_error *error);

/* The patterns of the last solve, in no particular order. *weight is the pattern's value in the
 * LP's point. The patterns belong to the master and are valid until it is solved again. A
 * configuration of SIZE_MAX is the artificial column of a pair that must be rented. */
size_t ifp_master_pattern_count(const struct ifp_master *master);
const struct ifp_pattern *ifp_master_pattern(const struct ifp_master *master, size_t k,
                                             double *weight);

#endif
