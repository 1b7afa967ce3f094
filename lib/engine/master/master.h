/* SPDX-License-Identifier: MIT */
/*
 * A relaxation by deployments (Dantzig-Wolfe). Its columns are deployments with the query types
 * they serve (patterns), priced out as they are needed by a small problem for each configuration
 * (pricing.h); its rows are those that deployments share (coupling.h):
 *
 *     minimise   sum_s cost_s l_s + sum_i unmet_i u_i
 *     subject to the coupling rows, with l_s >= 0;  rows of pairs that must be rented = 1
 *
 * Rows of pairs and of the placement are in the LP only once a point violates them. The master
 * takes the same bounds as the compact relaxation and answers with a point in the same columns, so
 * that branching does not see the difference. It is tighter wherever a route is more than its
 * share: what a route costs or forbids is not shared out in fractions of a route; and where
 * replicas are several.
 *
 * The bound is Lagrange's: at any prices, what is best for each pair alone. It is safe, since
 * prices of the wrong sign are set to zero and pricing says what nothing exceeds.
 */
#ifndef IFP_ENGINE_MASTER_MASTER_H
#define IFP_ENGINE_MASTER_MASTER_H

#include "engine/compact/relaxation.h"
#include "engine/master/warm_start.h"

struct ifp_master;

/* Does it pay, as measured? Not with very many replicas, each number of which may have to be
 * priced by itself. */
bool ifp_master_pays(const struct ifp_problem *problem);

/* Beside a compact relaxation, whose bounds it follows and to whose results it writes. */
int ifp_master_new(const struct ifp_problem *problem, struct ifp_relaxation *relaxation,
                   struct ifp_master **master, struct ifp_error *error);
void ifp_master_free(struct ifp_master *master);

/* Begin with the patterns in stock; and leave there, in their place, those that are there now. */
int ifp_master_take(struct ifp_master *master, const struct ifp_stock *stock,
                    struct ifp_error *error);
int ifp_master_give(const struct ifp_master *master, struct ifp_stock *stock,
                    struct ifp_error *error);

/* As ifp_relaxation_solve, under the compact relaxation's present bounds: fills its point,
 * objective and bound. Reduced costs are Lagrange's, of renting each configuration; those of all
 * other columns are set to say nothing. */
int ifp_master_solve(struct ifp_master *master, double cutoff, enum ifp_relaxation_status *status,
                     struct ifp_error *error);

/* From now on, where whole deployments are rented, search pricing for much longer, or as usual. */
void ifp_master_be_patient(struct ifp_master *master, bool patient);

/* From now on, where fractions are rented, leave off before the bound is that of the LP as soon as
 * the cut-off is much further away than that; or as usual. */
void ifp_master_be_hasty(struct ifp_master *master, bool hasty);

/* From now on, look for patterns in few rounds only, which will do to find plans; or as usual. */
void ifp_master_be_rough(struct ifp_master *master, bool rough);

/* What the LP's objective would be, in dollars, with the patterns that are there and rows violated
 * or not: no bound, but it tells candidates for branching apart in no time. */
int ifp_master_estimate(struct ifp_master *master, double *objective, struct ifp_error *error);

/* The patterns of the last solve, in no particular order, and how much of each its point rents.
 * They are the master's, until it is solved again. A configuration of SIZE_MAX only stands in for a
 * pair that must be rented. */
size_t ifp_master_pattern_count(const struct ifp_master *master);
const struct ifp_pattern *ifp_master_pattern(const struct ifp_master *master, size_t k,
                                             double *weight);

#endif
