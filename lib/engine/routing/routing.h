/* SPDX-License-Identifier: MIT */
/*
 * The best routes for a selection of deployments: a small LP over the routes of these deployments.
 * Of two routes that the placement does not allow together, the smaller one is dropped. So the
 * result is a plan, but perhaps not the best plan of the selection. Of each worst case
 * (problem/worst.h), the LP holds the deviations that were the worst at one of its points.
 */
#ifndef IFP_ENGINE_ROUTING_ROUTING_H
#define IFP_ENGINE_ROUTING_ROUTING_H

#include "engine/routing/routing_lp.h"
#include "engine/selection.h"
#include "engine/watch.h"

/* The cost of a selection with its best routes. */
struct ifp_valuation {
    double value;  /* dollars, with a penalty for unserved demand that must be met */
    bool complete; /* is all demand met that must be met? Then it is a plan */
    double bound;  /* lower bound on the cost with any routes; -INFINITY if unknown */
    size_t count;  /* number of routes with a share */
    size_t *route;
    double *share;
    double *price; /* of demand by query, of service levels by query; of the budget */
};

struct ifp_routing {
    const struct ifp_problem *problem;
    struct ifp_watch *watch;
    struct ifp_valuation now; /* of the last selection valued */
    double scale;             /* dollars per unit of the LP's objective */
    double solves;            /* total number of LPs solved */
    bool *allowed;            /* by route: is its charge paid? Used if routes have charges */
    bool sunk; /* are the charges of allowed routes paid already, and other routes left out? */
    struct ifp_routing_terms terms;
    struct ifp_routing_lp none; /* the LP without deployments */
    struct ifp_routing_lp kept; /* the LP of the selection given to ifp_routing_keep */
    struct ifp_routing_lp last; /* the LP of the last selection that was not an addition */
    struct ifp_routing_lp trial;
    bool has_kept;
    bool has_last;
    /* Workspace. */
    double *shares; /* the LP's point */
    double objective;
    size_t *closed; /* columns */
    double *used;   /* by resource */
    bool *here;     /* by pair: is its deployment in the LP? */
};

int ifp_routing_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                    const struct ifp_milp *milp, struct ifp_watch *watch,
                    struct ifp_routing **routing, struct ifp_error *error);
void ifp_routing_free(struct ifp_routing *routing);

/* Does a selection of exactly the `count` given pairs, in ascending order, fit every resource,
 * without its routes? */
bool ifp_routing_affordable(struct ifp_routing *routing, const struct ifp_selection *selection,
                            const size_t *pairs, size_t count);
/* The selected pairs in ascending order; `pairs` has a capacity of all pairs. Returns their number.
 */
size_t ifp_routing_selected(const struct ifp_problem *problem,
                            const struct ifp_selection *selection, size_t *pairs);

/*
 * Find the best routes for a selection, into routing->now. The solve ends early if the cost proves
 * to be at least `than`; then the value is INFINITY. The LP starts from the nearest of three LPs:
 * that of the last selection that was not an addition, the kept one, or the one without
 * deployments. Prices are those of the last selection that was not an addition, before routes are
 * dropped for the placement. If routes have charges, the LP first pays them in proportion to the
 * share; then the charges of its routes are paid in full and the shares are solved for again.
 */
int ifp_routing_value(struct ifp_routing *routing, const struct ifp_selection *selection,
                      bool addition, double than, struct ifp_error *error);

/* Keep the LP of the last selection that was not an addition, as a start for the next ones. */
int ifp_routing_keep(struct ifp_routing *routing, struct ifp_error *error);

/* At the present prices: the price of a dollar of the budget (at most 0), and what share 1 of each
 * route of a configuration would save, scaled. */
double ifp_routing_budget_price(const struct ifp_routing *routing);
void ifp_routing_gains(const struct ifp_routing *routing,
                       const struct ifp_configuration *configuration, double *gain);

#endif
