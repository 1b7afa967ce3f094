/* SPDX-License-Identifier: MIT */
/*
 * Worst cases over the uncertainty set of docs/formulation.md. If a budget is enough for every
 * deviation that a plan could meet at once, or a query type has one route, the worst case is a
 * coefficient of the route: ifp_worst_fold_all adds the deviation to the nominal value ("folds"
 * it). The other worst cases are blocks:
 *
 *     D(x) = max  sum_r g_r v_r x_r     v_r: the deviation of route r at share 1
 *            over 0 <= g_r <= cap_r,  sum over groups of the largest g_r in it <= budget
 *
 *     delay, error  of one query type, if it may have several routes
 *     cost          of all query types together (decision-dependent, level query), each a group
 *
 * A group is a set of routes of which a plan uses at most one: the routes to all degrees of a pair
 * (split), to all pairs of a model or of a tier (matching), or all routes of a query type (single).
 * For a plan, D is therefore the worst case of the formulation, in which every route has its own g.
 * For fractional points D is never less and often more, since routes that exclude each other need
 * not share the budget. By LP duality, with thresholds t and for all c >= 0,
 *
 *     D = min budget t + sum_G s_G   with   s_G + c t >= sum_{r in G} min(cap_r, c) v_r x_r,
 *
 * It is enough to take the caps of the group as c, since the right side is linear between them.
 */
#ifndef IFP_PROBLEM_WORST_H
#define IFP_PROBLEM_WORST_H

#include "problem/problem.h"

/* The kind of a worst case is an enum ifp_service_level, of one query type, or IFP_WORST_COST. */
enum { IFP_WORST_COST = IFP_SERVICE_COUNT, IFP_WORST_KIND_COUNT };

struct ifp_worst_entry {
    size_t route;
    double deviation; /* v_r, in the block's unit */
    double cap;
};

struct ifp_worst_block {
    size_t kind;
    size_t query; /* of a service level */
    double budget;
    double unit;     /* the size of one unit of D in ms (delay), as a fraction (error) or in dollars
                        (cost); if limited, `fraction` of the limit */
    double usd;      /* the cost of one unit of D */
    bool limited;    /* does D appear in the query type's limit row? */
    double fraction; /* if limited: one unit of D as a fraction of the limit. A power of 2: 1, or
                        less if the whole limit would cost more than penalties may (penalty_max) */
    double max_excess; /* an upper bound on D */
    size_t group_count;
    size_t *start; /* entries of group g: start[g] .. start[g + 1] - 1 */
    size_t entry_count;
    struct ifp_worst_entry *entries; /* within a group by ascending cap */
};

struct ifp_worst {
    size_t count;
    struct ifp_worst_block *blocks;
    size_t *level[IFP_SERVICE_COUNT]; /* by query: its block, or SIZE_MAX */
    size_t cost;                      /* its block, or SIZE_MAX */
    size_t largest;                   /* the number of entries of the largest block */
};

/* Is the budget enough for all deviations that the routes of one query type can have at the same
 * time? Then its worst case is a coefficient. `cap` is indexed by model * tier_count + tier. It is
 * 0 for a pair without a route. */
bool ifp_worst_certain(const struct ifp_problem *problem, const double *cap, double budget);
/* Add cap times deviation of a route to its nominal coefficient. The problem must be uncertain.
 *     kind             raises                                            sets to 0
 *     service level    level[kind]; for the delay also delay_usd,        deviation[kind]
 *                      unless the problem is coupled
 *     IFP_WORST_COST   delay_usd                                         deviation_usd */
void ifp_worst_fold(struct ifp_problem *problem, size_t route, size_t kind);
/* Fold every worst case that is a coefficient. Call it after the filters, since it depends on which
 * routes are left. Returns false if out of memory. */
bool ifp_worst_fold_all(struct ifp_problem *problem);

/* With placement matching: are groups by model (true) or by tier? Fewer groups have more routes
 * each and make D tighter. */
bool ifp_worst_by_model(const struct ifp_problem *problem);

/* The blocks of a finished problem, one that ifp_problem_new or a copying function has returned.
 * `problem` is not kept. Returns NULL if out of memory. */
struct ifp_worst *ifp_worst_new(const struct ifp_problem *problem);
void ifp_worst_free(struct ifp_worst *worst);

/* The workspace of ifp_worst_value, large enough for every block of `worst`. `worst` is not kept.
 * Returns NULL if out of memory. */
struct ifp_worst_workspace;
struct ifp_worst_workspace *ifp_worst_workspace_new(const struct ifp_worst *worst);
void ifp_worst_workspace_free(struct ifp_worst_workspace *workspace);

/* Returns D at `shares` (by route), in the block's unit. `g` receives the maximiser by entry of the
 * block; it may be NULL. If the shares do not use the whole budget, g spends the rest on marked
 * routes without a share. `marked` is by route; NULL marks every route. */
double ifp_worst_value(const struct ifp_worst_block *block, const double *shares,
                       const bool *marked, struct ifp_worst_workspace *workspace, double *g);

#endif
