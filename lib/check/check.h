/* SPDX-License-Identifier: MIT */
/*
 * Checking a plan against its instance, directly from the formulation and without code of the
 * solver.
 *
 * How a violation is measured (the plan is feasible if the largest violation is at most
 * IFP_VERIFY_TOLERANCE):
 *
 *   quantities  budget_usd, storage_gb, memory, compute, load, slots, delay, error, attainment:
 *               (used - limit) / limit, with the numbers in the list of limits. If a limit is 0 and
 * used is above 0, the violation is 1, since no fraction of 0 is defined. With slo_basis served,
 * used is the mean over the served share: sum delay x / sum x. A query type with a small served
 * share is thus held to its limit as strictly as any other, and scaling its shares has no effect.
 * Used is 0 if no share is served. Under uncertainty, delay and error are those of the worst case.
 *               The violation of memory is that of the KV load relative to the memory that the
 *               weights leave: a millionth of the whole memory could be more than that.
 *   counts      replicas, GPUs of a pool, routes by placement: (used - limit) / max(1, limit), or
 *               1 if that would be within the tolerance for a whole unit too many.
 *   shares      the absolute difference: of routes plus unmet from 1, of unmet above its maximum,
 *               of a fraction outside [0, 1]. If a plan's sum is below 1 within the tolerance, the
 *               difference counts as unmet: it is charged, and counted against the maximum.
 *   structure   1: a route to a pair that is not deployed or no candidate, a degree that the tier
 *               or a point that the profile does not have, fewer than one replica or than
 *               min_replicas, a repeated entry, a fraction that is not finite; a route with a share
 *               of at least 1e-9 that misses a limit on each route by itself (TTFT, time per token,
 *               delay and error with limit_basis route, memory for one request) by more than 1e-9
 *               of the limit. For a weight shard larger than a GPU's memory: the excess, relative
 * to the memory.
 *
 * A violation below IFP_NOISE is reported as 0, a larger one rounded to nine digits. The verdict
 * uses the number before rounding.
 *
 * Some numbers are undefined in a broken plan. They are chosen so that the other results are still
 * meaningful: a share that is negative or not finite serves no demand; a route without a deployment
 * is as fast as on one GPU and loads no GPU; a degree that the tier does not have has speedup 1.
 */
#ifndef IFP_CHECK_CHECK_H
#define IFP_CHECK_CHECK_H

#include <stddef.h>

#include <inferplan/plan.h>

#include "check/bill.h"
#include "check/limit_kinds.h"
#include "check/note_list.h"

struct ifp_check_limit {
    const struct ifp_limit_traits *traits;
    struct ifp_limit_subject subject; /* borrowed from the plan; the pool from pool_names */
    char *name;
    double used;
    double limit;
};

struct ifp_check {
    ifp_plan *plan;                         /* its own copy, in the instance's order and indices */
    double total;                           /* dollars over the horizon */
    double cost_parts[IFP_COST_PART_COUNT]; /* of the total */
    struct ifp_bill bill;                   /* of the plan */
    double violation;                       /* the largest */
    double max_violation;                   /* the largest, as it is reported */
    char *reason;                           /* empty if feasible */
    char **pool_names;                      /* of the instance, copied */
    size_t pool_count;
    struct ifp_check_limit *limits;
    size_t limit_count;
    size_t limit_capacity;
    struct ifp_note_list notes; /* empty after ifp_check_evaluate */
};

/* ifp_check_new without notes, for plans that nobody reads: those of a search and of samples. */
ifp_check *ifp_check_evaluate(const ifp_instance *instance, const ifp_plan *plan, ifp_error *error);

#endif
