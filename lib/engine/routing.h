/* SPDX-License-Identifier: MIT */
/*
 * The best routes for a selection of deployments: a small LP, over the routes of what is rented.
 * Routes that the placement does not allow together are shed, the larger of two stays. That makes a
 * plan of what the LP says, if perhaps not the best one of the selection. Of each worst case
 * (worst.h) the LP holds those deviations that turned out to be worst at its points.
 */
#ifndef IFP_ENGINE_ROUTING_H
#define IFP_ENGINE_ROUTING_H

#include "engine/stop.h"
#include "lp/lp.h"
#include "model/milp.h"

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
    size_t count;  /* routes with a share */
    size_t *route;
    double *share;
    double *price; /* by row of the LP */
};

struct ifp_routing {
    struct ifp_lp_environment *environment;
    const struct ifp_problem *problem;
    const struct ifp_worst *worst; /* the program's */
    struct ifp_run *run;
    struct ifp_valuation now; /* of the last selection valued */
    double scale;             /* dollars per unit of the LP's objective */
    double penalty;           /* of demand not met, in dollars */
    double solves;            /* LPs, in all */
    bool *allowed; /* by route: where weights are paid by route, those whose weights are paid */
    bool sunk;     /* are they? then the others are closed */
    /* Room to work in. */
    size_t first_route; /* column of the LP */
    size_t *columns;    /* routes of the LP's columns from there on */
    size_t *place_of_route;
    struct ifp_worst_room *room;
    double *by_route;  /* shares */
    bool *rented;      /* by route */
    double *deviation; /* by member of a worst case */
    double *shares;
    double *numbers;
    size_t *index;
    double *entry;
    size_t *place;     /* by pair: its number among the rented ones */
    size_t *group_row; /* by group of routes that the placement keeps apart */
    /* The basis of a selection, for the same one with an addition. */
    char *letters;
    char *column_letter;   /* unmet, missing, then routes */
    char *row_letter;      /* of the rows before capacities */
    char *capacity_letter; /* two by pair */
    char *group_letter;
};

int ifp_routing_new(struct ifp_lp_environment *environment, const struct ifp_problem *problem,
                    const struct ifp_milp *milp, struct ifp_run *run, struct ifp_routing **routing,
                    struct ifp_error *error);
void ifp_routing_free(struct ifp_routing *routing);

/* What renting so many replicas costs, whatever they serve. */
double ifp_routing_fixed_usd(const struct ifp_problem *problem, size_t c, double replicas);
/* Do the limits on renting hold? */
bool ifp_routing_affordable(const struct ifp_problem *problem,
                            const struct ifp_selection *selection);

/*
 * The best routes for a selection, into routing->now, as far as it may be worth less than `than`.
 * Prices are those of the LP before routes are shed to respect the placement. An addition to the
 * selection valued last that was none starts from that one's basis. Where weights are paid by
 * route, the LP first pays them by share; then the routes it took are paid in full and the shares
 * chosen once more.
 */
int ifp_routing_value(struct ifp_routing *routing, const struct ifp_selection *selection,
                      bool addition, double than, struct ifp_error *error);

/* At the prices of the selection valued last: of a dollar of the budget (0 or less), and what share
 * 1 of each route of a configuration would save, scaled. */
double ifp_routing_budget_price(const struct ifp_routing *routing);
void ifp_routing_gains(const struct ifp_routing *routing,
                       const struct ifp_configuration *configuration, double *gain);

#endif
