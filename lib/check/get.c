/* SPDX-License-Identifier: MIT */
/* The public calls that read a check: the verdict, the costs and the limits. */
#include "check/check.h"

#include <math.h>

#include "plan/plan.h"
#include "util/number.h"

int ifp_check_feasible(const ifp_check *check)
{
    return check && check->violation <= IFP_VERIFY_TOLERANCE;
}

double ifp_check_max_violation(const ifp_check *check)
{
    return check ? check->max_violation : (double)NAN;
}

const char *ifp_check_reason(const ifp_check *check)
{
    return check ? check->reason : "";
}

static double pick_cost(int cost, double total, const double *cost_parts)
{
    size_t p = ifp_cost_part_find(cost);
    return cost == IFP_COST_TOTAL ? total : p < IFP_COST_PART_COUNT ? cost_parts[p] : (double)NAN;
}

double ifp_check_cost(const ifp_check *check, int cost)
{
    return check ? pick_cost(cost, check->total, check->cost_parts) : (double)NAN;
}

const ifp_plan *ifp_check_plan(const ifp_check *check)
{
    return check ? check->plan : NULL;
}

static double cost_of(const struct ifp_bill_entry *entry, int cost)
{
    return pick_cost(cost, ifp_bill_total(entry), entry->cost_parts);
}

double ifp_check_route_cost(const ifp_check *check, size_t index, int cost)
{
    return check && index < check->plan->route_count ? cost_of(&check->bill.routes[index], cost)
                                                     : (double)NAN;
}

double ifp_check_deployment_cost(const ifp_check *check, size_t index, int cost)
{
    return check && index < check->plan->deployment_count
               ? cost_of(&check->bill.deployments[index], cost)
               : (double)NAN;
}

double ifp_check_unmet_cost(const ifp_check *check, size_t index)
{
    return check && index < check->plan->unmet_count ? check->bill.unmet[index] : (double)NAN;
}

size_t ifp_check_limit_count(const ifp_check *check)
{
    return check ? check->limit_count : 0;
}

int ifp_check_limit(const ifp_check *check, size_t index, ifp_limit *entry)
{
    if (!check || !entry || index >= check->limit_count)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_check_limit *from = &check->limits[index];
    const ifp_limit ours = {.size = entry->size,
                            .name = from->name,
                            .used = from->used,
                            .limit = from->limit,
                            .kind = from->traits->kind,
                            .unit = from->traits->unit,
                            .query = from->subject.query,
                            .model = from->subject.model,
                            .tier = from->subject.tier,
                            .pool = from->subject.pool,
                            .tp_degree = from->subject.degree,
                            .point = from->subject.point};
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_LIMIT_SIZE_FIRST);
}

size_t ifp_check_note_count(const ifp_check *check)
{
    return check ? check->notes.count : 0;
}

int ifp_check_note(const ifp_check *check, size_t index, ifp_note *entry)
{
    return check ? ifp_note_list_get(&check->notes, index, entry) : IFP_ERROR_ARGUMENT;
}
