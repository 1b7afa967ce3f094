/* SPDX-License-Identifier: MIT */
/*
 * The LP over the routes of a selection. It is reused from one selection to the next: deployments
 * are removed and added, and each solve starts from the last basis. It always holds the rows of
 * demand, capacities and the resources that routes may use. Rows of limits, worst cases and the
 * placement are added when a point violates them, since few of them are ever tight.
 *
 *     columns   unmet by query, artificial by query, worst cases that cost something, and routes by
 *               deployment
 *
 * A worst case that costs nothing has no column: each of its deviations makes a limit row of its
 * own, sum (d_r - limit + g_r v_r) x_r <= 0.
 */
#ifndef IFP_ENGINE_ROUTING_ROUTING_LP_H
#define IFP_ENGINE_ROUTING_ROUTING_LP_H

#include "lp/lp.h"
#include "milp/milp.h"

enum ifp_routing_row_kind {
    IFP_ROUTING_DEMAND,
    IFP_ROUTING_RESOURCE,
    IFP_ROUTING_CAPACITY,
    IFP_ROUTING_LEVEL,
    IFP_ROUTING_CASE,
    IFP_ROUTING_GROUP
};

struct ifp_routing_row {
    enum ifp_routing_row_kind kind;
    size_t of; /* a query, resource, pair, block of worst.h or group, depending on the kind */
    enum ifp_service_level level; /* of IFP_ROUTING_LEVEL, the limit of query `of` */
    enum ifp_capacity capacity;   /* of IFP_ROUTING_CAPACITY, of pair `of` */
};

struct ifp_routing_deployment {
    size_t pair;
    size_t configuration;
    double replicas;
    size_t first; /* its first route in ifp_routing_lp.route */
    bool gone;    /* are its routes closed? */
};

struct ifp_routing_lp {
    struct ifp_lp *lp;
    struct ifp_routing_deployment *deployments;
    size_t deployment_count;
    size_t *route; /* by column, from terms->first_route on */
    size_t route_count;
    struct ifp_routing_row *rows;
    size_t row_count;
    size_t row_capacity;
    size_t *index; /* by row; workspace, as is entry */
    double *entry;
};

/* The position of a route in a block of worst.h. */
struct ifp_routing_spot {
    size_t block; /* SIZE_MAX if it is in no block of the kind */
    size_t group;
    size_t entry;
};

/* Data that all LPs of a problem share, and workspace. */
struct ifp_routing_terms {
    const struct ifp_problem *problem;
    const struct ifp_worst *worst;
    double scale;   /* dollars per unit of the LP's objective */
    double penalty; /* cost of an artificial column, in dollars */
    size_t first_route;
    size_t *value_column; /* by block: the column of its D; SIZE_MAX if none */
    struct ifp_routing_spot
        *spots[IFP_WORST_KIND_COUNT]; /* by kind, by route; NULL if no blocks of the kind */
    struct ifp_worst_workspace *workspace;
    /* The blocks of an LP: of its routes only, each named by its column. */
    struct ifp_worst_block *blocks;
    struct ifp_worst_entry *entries;
    size_t *starts;
    size_t *order;     /* by entry: its index in the block of the whole problem */
    size_t *groups;    /* by entry: its group */
    double *deviation; /* by entry of a block */
    double *sums;      /* activity of the limits by service level and query */
    bool *present;     /* indexed as sums: is there a limit row? */
    double *crowd;     /* by group: activity of its row */
    double *line;      /* by column: entries of a row */
    size_t *index;
    double *entry;
};

/* Returns false if out of memory; the terms must be freed in any case. */
bool ifp_routing_terms_make(struct ifp_routing_terms *terms, const struct ifp_problem *problem,
                            const struct ifp_milp *milp);
void ifp_routing_terms_free(struct ifp_routing_terms *terms);

/* Make an LP without deployments. `lp` must be zero-initialised. */
int ifp_routing_lp_open(struct ifp_lp_environment *environment,
                        const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                        struct ifp_error *error);
void ifp_routing_lp_free(struct ifp_routing_lp *lp);
/* Copy an LP. `to` is zero-initialised, or an LP that is overwritten and whose memory is reused. */
int ifp_routing_lp_copy(const struct ifp_routing_terms *terms, struct ifp_routing_lp *to,
                        const struct ifp_routing_lp *from, struct ifp_error *error);

/* Set the limits for routes. `used`, by resource, is the use of the deployments without their
 * routes; it is subtracted from the limit. */
int ifp_routing_lp_limit(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                         const double *used, struct ifp_error *error);
/* Add a deployment with its routes. If `paid` is not NULL, only the routes marked there are added,
 * and their weights are paid already. */
int ifp_routing_lp_add(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                       size_t pair, size_t c, double replicas, const bool *paid,
                       struct ifp_error *error);
int ifp_routing_lp_set_replicas(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                                size_t deployment, double replicas, struct ifp_error *error);
/* Close the routes of a deployment. Solve the LP without them before ifp_routing_lp_tidy removes
 * them. */
int ifp_routing_lp_close(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                         size_t deployment, struct ifp_error *error);
/* Remove closed deployments. Also remove rows that are not tight, if a deployment was removed or if
 * there are many such rows. */
int ifp_routing_lp_tidy(const struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                        struct ifp_error *error);

/* Prepare the blocks for an LP with these routes; call it before the next two functions. */
void ifp_routing_lp_gather(struct ifp_routing_terms *terms, const struct ifp_routing_lp *lp);
/* Add the rows that the LP's point violates; *added is their number. */
int ifp_routing_lp_separate(struct ifp_routing_terms *terms, struct ifp_routing_lp *lp,
                            const double *point, size_t *added, struct ifp_error *error);
/* The exact cost of the worst cases at a point, in dollars. */
double ifp_routing_lp_worst_usd(const struct ifp_routing_terms *terms, const double *point);

/* The multipliers of the last solve: of demand by query, of each service level by query; then that
 * of the budget. */
int ifp_routing_lp_prices(const struct ifp_routing_terms *terms, const struct ifp_routing_lp *lp,
                          double *price, struct ifp_error *error);

/* The placement groups of a route: at most two. Returns their number. Groups are numbered from
 * 0. */
size_t ifp_routing_groups(const struct ifp_problem *problem, const struct ifp_route_data *route,
                          size_t *groups);
/* The coefficient of share 1 in the row of a limit of the query type. */
double ifp_routing_limit_coefficient(const struct ifp_problem *problem,
                                     const struct ifp_route_data *route,
                                     enum ifp_service_level level);

#endif
