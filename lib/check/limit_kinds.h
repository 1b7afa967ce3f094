/* SPDX-License-Identifier: MIT */
/*
 * The kinds of limits that a check lists: their names in documents, their units and how they are
 * judged, in one table; and what a plan uses of the limits that its deployments share. The name of
 * a limit is the stem of its kind, followed by what it applies to in brackets: "budget_usd",
 * "pool[P]", "memory[MODEL,TIER]", "load[MODEL,TIER,DEGREE,POINT]" of one of several deployments of
 * a pair, "delay[QUERY]".
 */
#ifndef IFP_CHECK_LIMIT_KINDS_H
#define IFP_CHECK_LIMIT_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#include <inferplan/plan.h>

#include "instance/instance.h"
#include "plan/plan.h"
#include "util/wide.h"

struct ifp_limit_traits {
    int kind;         /* enum ifp_limit_kind */
    const char *word; /* in documents */
    const char *stem; /* of the limits' names */
    const char *unit; /* empty for a fraction */
    bool count;       /* whole units are counted: pools */
};

/* The row of an enum ifp_limit_kind; NULL if there is no such kind. */
const struct ifp_limit_traits *ifp_limit_traits_of(int kind);

/* What a limit applies to, by name; NULL if it does not apply to one query type, model, tier or
 * pool. */
struct ifp_limit_subject {
    const char *query;
    const char *model;
    const char *tier;
    const char *pool;
    int64_t degree;    /* of one of several deployments of a pair, else 0 */
    const char *point; /* the same, else NULL */
};

/* The name of a limit, owned by the caller. NULL if out of memory. */
char *ifp_limit_name(const struct ifp_limit_traits *traits,
                     const struct ifp_limit_subject *subject);

/* A plan, and the sums over its deployments and routes that the check knows already. All are
 * borrowed. */
struct ifp_limit_totals {
    const struct ifp_instance *instance;
    const struct ifp_plan *plan;
    struct ifp_wide spent_usd;  /* rental and storage */
    struct ifp_wide weights_gb; /* W */
};

/* `pool` is the index of a pool, or SIZE_MAX. */
typedef void ifp_limit_visit(void *user, int kind, size_t pool, struct ifp_wide used,
                             struct ifp_wide limit);

/* Visit each limit that all deployments share, with what the plan uses of it:
 *
 *     rental + storage <= Bud,   W <= Sto,   sum of y_jk over a pool's tiers <= its GPUs
 *
 * An infinite limit is visited, too. Returns false if out of memory. */
bool ifp_limits_visit_shared(const struct ifp_limit_totals *totals, ifp_limit_visit *visit,
                             void *user);

#endif
