/* SPDX-License-Identifier: MIT */
/* The table of the limit kinds, the names of limits, and the limits that all deployments share. */
#include "check/limit_kinds.h"

#include <stdint.h>
#include <stdlib.h>

#include "util/number_text.h"
#include "util/text.h"

static const struct ifp_limit_traits table[] = {
    {IFP_LIMIT_KIND_BUDGET, "budget", "budget_usd", "USD", false},
    {IFP_LIMIT_KIND_STORAGE, "storage", "storage_gb", "GB", false},
    {IFP_LIMIT_KIND_POOL, "pool", "pool", "GPUs", true},
    {IFP_LIMIT_KIND_MEMORY, "memory", "memory", "GB", false},
    {IFP_LIMIT_KIND_COMPUTE, "compute", "compute", "TFLOP/s", false},
    {IFP_LIMIT_KIND_DELAY, "delay", "delay", "ms", false},
    {IFP_LIMIT_KIND_ERROR, "error", "error", "", false},
    {IFP_LIMIT_KIND_LOAD, "load", "load", "replicas", false},
    {IFP_LIMIT_KIND_SLOTS, "slots", "slots", "sequences", false},
    {IFP_LIMIT_KIND_ATTAINMENT, "attainment", "attainment", "", false},
};

enum { KIND_COUNT = sizeof table / sizeof *table };

const struct ifp_limit_traits *ifp_limit_traits_of(int kind)
{
    for (size_t k = 0; k < KIND_COUNT; k++) {
        if (table[k].kind == kind)
            return &table[k];
    }
    return NULL;
}

char *ifp_limit_name(const struct ifp_limit_traits *traits, const struct ifp_limit_subject *subject)
{
    char degree[IFP_NUMBER_SIZE];
    ifp_number_write(degree, (double)subject->degree);
    const char *const names[] = {subject->query,
                                 subject->model,
                                 subject->tier,
                                 subject->pool,
                                 subject->degree ? degree : NULL,
                                 subject->point};
    struct ifp_text text = {0};
    bool open = false;
    ifp_text_string(&text, traits->stem);
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        if (!names[n])
            continue;
        ifp_text_string(&text, open ? "," : "[");
        ifp_text_string(&text, names[n]);
        open = true;
    }
    if (open)
        ifp_text_string(&text, "]");
    return ifp_text_take(&text);
}

const char *ifp_limit_kind_word(int kind)
{
    const struct ifp_limit_traits *found = ifp_limit_traits_of(kind);
    return found ? found->word : NULL;
}

/* The GPUs that the plan rents of each pool, owned by the caller. NULL if out of memory. */
static struct ifp_wide *gpus_by_pool(const struct ifp_limit_totals *totals)
{
    const struct ifp_instance *instance = totals->instance;
    struct ifp_wide *gpus = calloc(instance->pool_count + 1, sizeof *gpus);
    for (size_t d = 0; gpus && d < totals->plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &totals->plan->deployments[d];
        const char *pool = instance->tiers[deployment->tier].pool;
        if (pool) /* n m_jkn */
            ifp_wide_add(
                &gpus[ifp_instance_find_pool(instance, pool)],
                IFP_WIDE_PRODUCT((double)deployment->degree, (double)deployment->replicas));
    }
    return gpus;
}

bool ifp_limits_visit_shared(const struct ifp_limit_totals *totals, ifp_limit_visit *visit,
                             void *user)
{
    const struct ifp_instance *instance = totals->instance;
    struct ifp_wide *gpus = gpus_by_pool(totals);
    if (!gpus)
        return false;
    visit(user, IFP_LIMIT_KIND_BUDGET, SIZE_MAX, totals->spent_usd, ifp_wide(instance->budget_usd));
    visit(user, IFP_LIMIT_KIND_STORAGE, SIZE_MAX, totals->weights_gb,
          ifp_wide(instance->storage_gb));
    for (size_t p = 0; p < instance->pool_count; p++)
        visit(user, IFP_LIMIT_KIND_POOL, p, gpus[p], ifp_wide(instance->pools[p].gpus));
    free(gpus);
    return true;
}
