/* SPDX-License-Identifier: MIT */
/*
 * A relaxation by deployments (Dantzig-Wolfe). Its columns are deployments with the query types
 * they serve, priced out by the knapsack of pricing.h as they are needed:
 *
 *     minimise   sum_s cost_s l_s + sum_i unmet_i u_i
 *     demand_i   sum_s x_is l_s + u_i = 1
 *     placement  sum of l_s over the deployments that serve i <= 1 (single); over those of the
 *                same model, and over those of the same tier (matching)
 *     pair_p     sum of l_s over the pair's deployments <= 1 (= 1 where the pair must be rented)
 *     delay_i, error_i, budget, storage, pools as in the compact MILP
 *
 * It takes the same bounds as the compact relaxation and answers with a point in the same
 * columns, so that branching does not see the difference. It is tighter wherever a route is more
 * than its share: what a route costs or forbids is not shared out in fractions of a route.
 *
 * The bound is Lagrange's: at any prices, what is best for each pair alone. It is safe, since
 * prices of the wrong sign are set to zero and the knapsack says what nothing exceeds.
 */
#ifndef IFP_ENGINE_MASTER_H
#define IFP_ENGINE_MASTER_H

#include "engine/relaxation.h"

struct ifp_master;

/* Is it tighter than the compact relaxation? Not where routes are free and unlimited: then the
 * compact rows of one configuration have whole corners already. */
bool ifp_master_helps(const struct ifp_problem *problem);
/* And does that pay for its slower nodes, as measured? With one route for each query type it does.
 */
bool ifp_master_pays(const struct ifp_problem *problem);

/* Beside a compact relaxation, whose bounds it follows and to whose results it writes. */
int ifp_master_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                   struct ifp_relaxation *relaxation, struct ifp_master **master,
                   struct ifp_error *error);
void ifp_master_free(struct ifp_master *master);

/* As ifp_relaxation_solve, under the compact relaxation's present bounds: fills its point,
 * objective and bound; its reduced costs are set to say nothing. */
int ifp_master_solve(struct ifp_master *master, double cutoff, enum ifp_relaxation_status *status,
                     struct ifp_error *error);

#endif
