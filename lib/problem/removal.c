/* SPDX-License-Identifier: MIT */
/* The table of the reasons for removals: what each removes, and why in words. Reasons that are
 * about a resource stand in the table of account.c. */
#include <inferplan/model.h>

#include <stddef.h>

#include "problem/account.h"

static const char configuration[] = "configuration";
static const char route[] = "route";

struct removal {
    int reason;       /* enum ifp_removal */
    const char *kind; /* of what is removed */
    const char *text;
};

static const struct removal removals[] = {
    {IFP_REMOVAL_WEIGHTS, configuration, "the weight shard alone exceeds a GPU's memory"},
    {IFP_REMOVAL_NO_ROUTE, configuration, "no query type can use it"},
    {IFP_REMOVAL_UNPROFITABLE, configuration, "it costs more than all it could ever save"},
    {IFP_REMOVAL_DOMINATED, configuration, "another configuration of the same pair is never worse"},
    {IFP_REMOVAL_REPLICAS, configuration,
     "max_replicas allows fewer replicas than it needs at least"},
    {IFP_REMOVAL_NOT_MEASURED, route, "not a candidate: its delay or error is null or left out"},
    {IFP_REMOVAL_DELAY, route, "no share of it can hold the delay limit"},
    {IFP_REMOVAL_ERROR, route, "no share of it can hold the error limit"},
    {IFP_REMOVAL_CAPACITY, route, "its capacity or a limit leaves it no share (below 1e-100)"},
    {IFP_REMOVAL_DEARER, route, "serving costs more than leaving the demand unmet"},
    {IFP_REMOVAL_TTFT, route, "its time to first token exceeds the limit"},
    {IFP_REMOVAL_TPOT, route, "its time per output token exceeds the limit"},
    {IFP_REMOVAL_REQUEST, route, "the KV cache of one request exceeds the memory of a replica"},
    {IFP_REMOVAL_ATTAINMENT, route, "no share of it can hold the attainment target"},
    {IFP_REMOVAL_UNPROFILED, route,
     "the query type limits TTFT, TPOT or attainment, which was not measured for it"},
};

static const struct removal *find(int reason)
{
    for (size_t r = 0; r < sizeof removals / sizeof *removals; r++) {
        if (removals[r].reason == reason)
            return &removals[r];
    }
    return NULL;
}

const char *ifp_removal_kind(int reason)
{
    const struct removal *removal = find(reason);
    if (removal)
        return removal->kind;
    return ifp_account_removal_text(reason) ? configuration : NULL;
}

const char *ifp_removal_text(int reason)
{
    const struct removal *removal = find(reason);
    return removal ? removal->text : ifp_account_removal_text(reason);
}
