/* SPDX-License-Identifier: MIT */
/*
 * Worst cases over the uncertainty set of docs/formulation.md. Where a budget is enough for every
 * deviation that a plan could meet at once, or a query type has one route, the worst case is a
 * coefficient of the route, and ifp_worst_settle makes it one. What is left are blocks:
 *
 *     D(x) = max  sum_r g_r v_r x_r     v_r: the deviation of route r at share 1
 *            over 0 <= g_r <= cap_r,  sum over groups of the largest g_r in it <= budget
 *
 *     delay, error  of one query type, where it may have several routes
 *     cost          of all query types together (decision-dependent, level query), each a group
 *
 * A group is a set of routes of which a plan uses at most one: all degrees of a pair (split), of
 * all pairs of a model or of a tier (matching), all of a query type (single). For a plan D is
 * therefore the worst case of the formulation, where every route has a budget of its own; for
 * fractional points it is never less and often more, since g is not shared out among routes that
 * exclude each other. By LP duality, with thresholds t and for all c >= 0,
 *
 *     D = min budget t + sum_G s_G   with   s_G + c t >= sum_{r in G} min(cap_r, c) v_r x_r,
 *
 * and only the caps of the group are needed as c, since the right side is linear between them.
 */
#ifndef IFP_PROBLEM_WORST_H
#define IFP_PROBLEM_WORST_H

#include <stdbool.h>
#include <stddef.h>

struct ifp_problem;
struct ifp_candidate;

enum ifp_worst_kind { IFP_WORST_DELAY, IFP_WORST_ERROR, IFP_WORST_COST };

struct ifp_worst_member {
    size_t route;
    double deviation; /* v_r, in units of the block */
    double cap;
};

struct ifp_worst_block {
    enum ifp_worst_kind kind;
    size_t query; /* of delay and error */
    double budget;
    double unit;  /* ms, fraction or dollars in one unit of D: the limit, where there is one */
    double usd;   /* what one unit of D costs */
    bool limited; /* does D stand in the query type's limit row? */
    double part; /* then: what one unit of D is of the limit; a power of 2, 1 unless that costs more
                    than penalties may */
    double most; /* D is never larger */
    size_t group_count;
    size_t *start; /* members of group g: start[g] .. start[g + 1] - 1 */
    size_t member_count;
    struct ifp_worst_member *members; /* of a group by ascending cap */
};

struct ifp_worst {
    size_t count;
    struct ifp_worst_block *blocks;
    size_t *delay; /* by query: its block, or SIZE_MAX */
    size_t *error;
    size_t cost;    /* its block, or SIZE_MAX */
    size_t largest; /* members of the block with most of them */
};

/* Is the budget enough for every deviation that one query type's routes can meet at once? cap by
 * model and tier (model * tiers + tier): 0 where there is no route. */
bool ifp_worst_certain(const struct ifp_problem *problem, const double *cap, double budget);
/* Make a coefficient of the worst case, of an uncertain problem: in the route's delay_ms and
 * delay_usd, or its error. */
void ifp_worst_fold(struct ifp_problem *problem, size_t route, enum ifp_worst_kind kind);
/* Fold whatever comes down to coefficients, once the routes are known. False when out of memory. */
bool ifp_worst_settle(struct ifp_problem *problem);

/* With placement matching: are groups by model, or by tier? The fewer groups, the more routes in
 * each, the tighter. */
bool ifp_worst_by_model(const struct ifp_problem *problem);

/* The blocks of a settled problem; NULL when out of memory. */
struct ifp_worst *ifp_worst_new(const struct ifp_problem *problem);
void ifp_worst_free(struct ifp_worst *worst);

/* Room for ifp_worst_value; NULL when out of memory. */
struct ifp_worst_room;
struct ifp_worst_room *ifp_worst_room_new(const struct ifp_worst *worst);
void ifp_worst_room_free(struct ifp_worst_room *room);

/* D at shares by route, in units, and a g by member that attains it; g may be NULL. What the shares
 * leave of the budget g spends on routes without a share, of those that are marked: by route, or
 * NULL for all. */
double ifp_worst_value(const struct ifp_worst_block *block, const double *shares,
                       const bool *marked, struct ifp_worst_room *room, double *g);

#endif
