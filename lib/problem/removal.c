/* SPDX-License-Identifier: MIT */
/* The reasons for removals: what each removes, why in words, and the record of examples. The texts
 * of reasons that are about a resource stand in the table of account.c. */
#include <inferplan/model.h>

#include <math.h>
#include <stdint.h>

#include "problem/problem.h"

static const char of_configuration[] = "configuration";
static const char of_route[] = "route";

struct removal {
    int reason;       /* enum ifp_removal */
    const char *kind; /* of what is removed */
    const char *text;
};

static const struct removal removals[] = {
    {IFP_REMOVAL_WEIGHTS, of_configuration, "the weight shard alone exceeds a GPU's memory"},
    {IFP_REMOVAL_NO_ROUTE, of_configuration, "no query type can use it"},
    {IFP_REMOVAL_UNPROFITABLE, of_configuration, "it costs more than all it could ever save"},
    {IFP_REMOVAL_DOMINATED, of_configuration,
     "another configuration of the same pair is never worse"},
    {IFP_REMOVAL_REPLICAS, of_configuration,
     "max_replicas allows fewer replicas than it needs at least"},
    {IFP_REMOVAL_NOT_MEASURED, of_route, "not a candidate: its delay or error is null or left out"},
    {IFP_REMOVAL_DELAY, of_route, "no share of it can hold the delay limit"},
    {IFP_REMOVAL_ERROR, of_route, "no share of it can hold the error limit"},
    {IFP_REMOVAL_CAPACITY, of_route, "its capacity or a limit leaves it no share (below 1e-100)"},
    {IFP_REMOVAL_DEARER, of_route, "serving costs more than leaving the demand unmet"},
    {IFP_REMOVAL_TTFT, of_route, "its time to first token exceeds the limit"},
    {IFP_REMOVAL_TPOT, of_route, "its time per output token exceeds the limit"},
    {IFP_REMOVAL_REQUEST, of_route, "the KV cache of one request exceeds the memory of a replica"},
    {IFP_REMOVAL_ATTAINMENT, of_route, "no share of it can hold the attainment target"},
    {IFP_REMOVAL_UNPROFILED, of_route,
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
    return ifp_account_removal_text(reason) ? of_configuration : NULL;
}

const char *ifp_removal_text(int reason)
{
    const struct removal *removal = find(reason);
    return removal ? removal->text : ifp_account_removal_text(reason);
}

/* The words in documents, which never change. */
static const struct removal_word {
    int reason;
    const char *word;
    const char *unit; /* of values and limits; NULL: not about a limit */
} words[] = {
    {IFP_REMOVAL_WEIGHTS, "weights", "GB"},
    {IFP_REMOVAL_BUDGET, "budget", "USD"},
    {IFP_REMOVAL_STORAGE, "storage", "GB"},
    {IFP_REMOVAL_POOL, "pool", "GPUs"},
    {IFP_REMOVAL_NO_ROUTE, "no_route", NULL},
    {IFP_REMOVAL_UNPROFITABLE, "unprofitable", "USD"},
    {IFP_REMOVAL_DOMINATED, "dominated", NULL},
    {IFP_REMOVAL_REPLICAS, "replicas", "replicas"},
    {IFP_REMOVAL_NOT_MEASURED, "not_measured", NULL},
    {IFP_REMOVAL_DELAY, "delay", "ms"},
    {IFP_REMOVAL_ERROR, "error", ""},
    {IFP_REMOVAL_CAPACITY, "capacity", NULL},
    {IFP_REMOVAL_DEARER, "dearer", "USD"},
    {IFP_REMOVAL_TTFT, "ttft", "ms"},
    {IFP_REMOVAL_TPOT, "tpot", "ms"},
    {IFP_REMOVAL_REQUEST, "request", "GB"},
    {IFP_REMOVAL_ATTAINMENT, "attainment", ""},
    {IFP_REMOVAL_UNPROFILED, "unprofiled", NULL},
};

static const struct removal_word *find_word(int reason)
{
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        if (words[w].reason == reason)
            return &words[w];
    }
    return NULL;
}

const char *ifp_removal_word(int reason)
{
    const struct removal_word *word = find_word(reason);
    return word ? word->word : NULL;
}

const char *ifp_removal_unit(int reason)
{
    const struct removal_word *word = find_word(reason);
    return word ? word->unit : NULL;
}

/* By what fraction of the limit it is missed. */
static double missed_by(const struct ifp_miss *miss)
{
    return fabs(miss->value - miss->limit) / ifp_limit_scale(miss->limit);
}

void ifp_removal_add(struct ifp_problem *problem, int reason, size_t query,
                     const struct ifp_configuration *configuration, struct ifp_miss miss)
{
    struct ifp_removal_record *record = &problem->removals[reason];
    const struct ifp_removal_example example = {
        .query = query,
        .model = configuration->model,
        .tier = configuration->tier,
        .degree = configuration->degree,
        .profile = configuration->profile,
        .point = configuration->point,
        .pace_ms = configuration->pace_ms,
        .miss = miss,
    };
    problem->removed[reason]++;
    if (record->count < IFP_REMOVAL_EXAMPLES)
        record->examples[record->count++] = example;
    if (isfinite(miss.value) && isfinite(miss.limit) &&
        (!record->has_nearest || missed_by(&miss) < missed_by(&record->nearest.miss))) {
        record->nearest = example;
        record->has_nearest = true;
    }
}
