/* SPDX-License-Identifier: MIT */
/*
 * A plan held against its instance, straight from the formulation and with no code of the solver.
 *
 * How a violation is measured (the plan is feasible when the largest is at most
 * IFP_VERIFY_TOLERANCE):
 *
 *   quantities  budget_usd, storage_gb, memory, compute, delay, error: (used - limit) / limit of
 *               the very numbers in the list of limits. A limit of 0 that is used at all counts
 *               as 1, since there is no part of 0.
 *               With slo_basis served, used is the mean over what is served: sum delay x / sum x.
 *               So a query type of which hardly anything is served is held to its limit as
 *               strictly as any other, and scaling its shares changes nothing. Nothing served
 *               uses nothing.
 *               Under uncertainty, delay and error are those of the worst case.
 *               Of memory the violation is that of KV load by what the weights leave for it: a
 *               millionth of the whole memory could be more than all that is left.
 *   counts      replicas, GPUs of a pool, routes by placement: (used - limit) / max(1, limit), or
 *               1 if a whole unit more would be less than the tolerance.
 *   shares      the amount: by how much routes and unmet miss 1 together, unmet exceeds its
 *               maximum, a fraction lies outside [0, 1]. What a plan misses of 1 within the
 *               tolerance is unmet: it is charged, and adds to what is held against the maximum.
 *   structure   1: a route to a pair that is not deployed or no candidate, a degree that the tier
 *               does not have, fewer than one replica, an entry listed twice, a fraction that is
 *               no number. A weight shard larger than a GPU's memory: by how much of it.
 *
 * A violation below IFP_NOISE is reported as 0, a larger one rounded to nine digits. The verdict
 * is of the number before that.
 *
 * What a broken plan leaves undefined is counted so that the rest still says something: a negative
 * share or one that is no number serves nothing; a route without a deployment is as fast as one
 * GPU and loads none; a degree that the tier does not have divides no delay.
 */
#ifndef IFP_CHECK_CHECK_H
#define IFP_CHECK_CHECK_H

#include <stddef.h>

#include <inferplan/plan.h>

#include "check/bill.h"

struct ifp_check_limit {
    char *name;
    double used;
    double limit;
};

struct ifp_check {
    ifp_plan *plan; /* its own copy, in the instance's order and indices */
    double costs[IFP_COST_UNMET + 1];
    struct ifp_bill bill; /* of the plan */
    double violation;     /* the largest */
    double max_violation; /* the same as it is reported */
    char *reason;         /* empty if feasible */
    struct ifp_check_limit *limits;
    size_t limit_count;
    size_t limit_capacity;
};

#endif
