/* SPDX-License-Identifier: MIT */
/*
 * The best routes for a selection of deployments: a small LP, over the routes of what is rented.
 * Routes that the placement does not allow together are shed, the larger of two stays. That makes a
 * plan of what the LP says, if perhaps not the best one of the selection. Of each worst case
 * (worst.h) the LP holds those deviations that turned out to be worst at its points.
 */
#ifndef IFP_ENGINE_ROUTING_ROUTING_H
#define IFP_ENGINE_ROUTING_ROUTING_H

#include "engine/routing/routing_lp.h"
#include "engine/watch.h"

/* What is rented, by pair. */
struct ifp_selection {
    size_t *configuration; /* SIZE_MAX: nothing */
    double *replicas;
};

/* False when out of memory; to be freed all the same. */
bool ifp_selection_new(size_t pairs, struct ifp_selection *selection);
void ifp_selection_free(struct ifp_selection *selection);
void ifp_selection_copy(struct ifp_selection *to, const struct ifp_selection *from, size_t pairs);

/* What a selection is worth. */
struct ifp_valuation {
    double value;  /* dollars, with the penalty for demand that must be met and is not */
    bool complete; /* nothing is missing: a plan */
    double bound;  /* no routes of the selection are worth less; -INFINITY: nothing is known */
    size_t count;  /* routes with a share */
    size_t *route;
    double *share;
    double *price; /* by query of demand, of its delay and its error limit; then of the budget */
};

struct ifp_routing {
    const struct ifp_problem *problem;
    struct ifp_watch *watch;
    struct ifp_valuation now; /* of the last selection valued */
    double scale;             /* dollars per unit of the LP's objective */
    double solves;            /* LPs, in all */
    bool *allowed; /* by route: where weights are paid by route, those whose weights are paid */
    bool sunk;     /* are they? then the others are left out */
    struct ifp_routing_terms terms;
    struct ifp_routing_lp none; /* without deployments */
    struct ifp_routing_lp kept; /* of the selection that the next ones are near */
    struct ifp_routing_lp last; /* of the last one that was no addition */
    struct ifp_routing_lp trial;
    bool has_kept;
    bool has_last;
    /* Room to work in. */
    double *shares; /* the LP's point */
    double objective;
    size_t *closed; /* columns */
    bool *here;     /* by pair: is its deployment in the LP? */
};

int ifp_routing_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                    struct ifp_watch *watch, struct ifp_routing **routing, struct ifp_error *error);
void ifp_routing_free(struct ifp_routing *routing);

/* What renting so many replicas costs, whatever they serve. */
double ifp_routing_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas);
/* Do the limits on renting hold, for a selection of no pairs but `count` ascending ones? */
bool ifp_routing_affordable(const struct ifp_problem *problem,
                            const struct ifp_selection *selection, const size_t *pairs,
                            size_t count);
/* The selected pairs, ascending; room for all. Returns their number. */
size_t ifp_routing_selected(const struct ifp_problem *problem,
                            const struct ifp_selection *selection, size_t *pairs);

/*
 * The best routes for a selection, into routing->now, as far as it may be worth less than `than`.
 * The LP starts from the nearest one there is: that of the selection valued last that was no
 * addition, that of one that was kept, or that without deployments. Prices are those of the last
 * that was no addition, before routes are shed to respect the placement. Where weights are paid by
 * route, the LP first pays them by share; then the routes it took are paid in full and the shares
 * chosen once more.
 */
int ifp_routing_value(struct ifp_routing *routing, const struct ifp_selection *selection,
                      bool addition, double than, struct ifp_error *error);

/* The selection valued last that was no addition is one that the next ones will be near. */
int ifp_routing_keep(struct ifp_routing *routing, struct ifp_error *error);

/* At the prices of the selection valued last: of a dollar of the budget (0 or less), and what share
 * 1 of each route of a configuration would save, scaled. */
double ifp_routing_budget_price(const struct ifp_routing *routing);
void ifp_routing_gains(const struct ifp_routing *routing,
                       const struct ifp_configuration *configuration, double *gain);

#endif
