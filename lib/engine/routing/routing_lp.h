/* SPDX-License-Identifier: MIT */
/*
 * The LP over the routes of a fleet, as it is kept from one fleet to the next: deployments are
 * taken out of it and put into it, and it goes on from its last basis. It holds the rows that every
 * plan of the fleet is bound by (demand, budget, storage, capacities); limits, worst cases and what
 * the placement keeps apart come in when a point breaks them, since few of them ever do anything.
 *
 *     columns   unmet by query, what is missing by query, the worst cases that cost something, and
 *               routes, by deployment
 *
 * A worst case that costs nothing has no column: each of its deviations makes a limit row of its
 * own, sum (d_r - limit + g_r v_r) x_r <= 0.
 */
#ifndef IFP_ENGINE_ROUTING_ROUTING_LP_H
#define IFP_ENGINE_ROUTING_ROUTING_LP_H

#include "lp/own/dense.h"
#include "milp/milp.h"

enum ifp_routing_row_kind {
    IFP_ROUTING_DEMAND,
    IFP_ROUTING_BUDGET,
    IFP_ROUTING_STORAGE,
    IFP_ROUTING_CAPACITY, /* the rest comes and goes */
    IFP_ROUTING_DELAY,
    IFP_ROUTING_ERROR,
    IFP_ROUTING_CASE,
    IFP_ROUTING_GROUP
};

struct ifp_routing_row {
    enum ifp_routing_row_kind kind;
    size_t of; /* a query, a pair, a block of worst.h or a group, as the kind has it */
};

struct ifp_routing_deployment {
    size_t pair;
    size_t configuration;
    double replicas;
    size_t first; /* of its routes, among those of the LP */
    bool gone;    /* its routes are closed */
};

struct ifp_routing_lp {
    struct ifp_dense *dense;
    struct ifp_routing_deployment *deployments;
    size_t deployment_count;
    size_t *route; /* by column, from terms->first_route on */
    size_t route_count;
    struct ifp_routing_row *rows;
    size_t row_count;
    size_t row_room;
    size_t *index; /* by row: room to work in */
    double *entry;
};

/* Where a route stands in a block of worst.h. */
struct ifp_routing_spot {
    size_t block; /* SIZE_MAX: in none of the kind */
    size_t group;
    size_t member;
};

/* What all LPs of a problem share, and room to work in. */
struct ifp_routing_terms {
    const struct ifp_problem *problem;
    const struct ifp_worst *worst;
    double scale;   /* dollars per unit of the LP's objective */
    double penalty; /* of demand not met, in dollars */
    size_t first_route;
    size_t *value_column;              /* by block: of its D; SIZE_MAX: it has none */
    struct ifp_routing_spot *spots[3]; /* by kind, by route; NULL: no blocks of the kind */
    struct ifp_worst_room *room;
    /* The blocks of an LP: of its routes only, each named by its column. */
    struct ifp_worst_block *blocks;
    struct ifp_worst_member *members;
    size_t *starts;
    size_t *order; /* by member: its place among all of the block, its group */
    size_t *groups;
    double *deviation; /* by member of a block */
    double *sums;      /* by query: of delays, of errors */
    bool *present;     /* likewise: is there a limit row? */
    double *crowd;     /* by group: what its routes take of it */
    double *line;      /* by column: of a row */
    size_t *index;
    double *entry;
};

/* False when out of memory; to be freed all the same. */
bool ifp_routing_terms_make(struct ifp_routing_terms *terms, const struct ifp_problem *problem,
                            const struct ifp_milp *milp);
void ifp_routing_terms_free(struct ifp_routing_terms *terms);

/* An LP without deployments. */
int ifp_routing_lp_open(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                        struct ifp_error *error);
void ifp_routing_lp_free(struct ifp_routing_lp *lp);
/* `to` is all zero, or an LP whose room is used. */
int ifp_routing_lp_copy(const struct ifp_routing_terms *terms, struct ifp_routing_lp *to,
                        const struct ifp_routing_lp *from, struct ifp_error *error);

/* What is left for routes, in dollars and GB. */
void ifp_routing_lp_limit(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                          double usd, double gb);
/* With `paid`, only its routes that are marked there, and their weights are paid already; else
 * NULL. */
int ifp_routing_lp_add(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                       size_t pair, size_t c, double replicas, const bool *paid,
                       struct ifp_error *error);
void ifp_routing_lp_set_replicas(struct ifp_routing_lp *lp, size_t deployment, double replicas);
/* Close its routes; once the LP is solved without them, they can be left out. */
void ifp_routing_lp_close(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                          size_t deployment);
/* Leave out what is closed, and, with it or where there are many, rows that do nothing. */
void ifp_routing_lp_tidy(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp);

/* Before the next two: for LPs with these routes. */
void ifp_routing_lp_gather(struct ifp_routing_terms *terms, const struct ifp_routing_lp *lp);
/* Bring in what the LP's point breaks. */
int ifp_routing_lp_separate(struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                            const double *point, size_t *added, struct ifp_error *error);
/* What the worst cases really cost at a point, in dollars. */
double ifp_routing_lp_worst_usd(const struct ifp_routing_terms *terms, const double *point);

/* The multipliers of the last solve: by query of demand, of delay, of error; then the budget's. */
void ifp_routing_lp_prices(const struct ifp_routing_terms *terms, const struct ifp_routing_lp *lp,
                           double *price);

/* The rows that keep a query type's routes apart as the placement demands: at most two, counted
 * from the first of them. */
size_t ifp_routing_groups(const struct ifp_problem *problem, const struct ifp_candidate *route,
                          size_t *groups);
/* What a share of 1 adds to a query type's delay (or error) row. */
double ifp_routing_limit_coefficient(const struct ifp_problem *problem,
                                     const struct ifp_candidate *route, bool delay);
double ifp_routing_scale_of(double limit);

#endif
