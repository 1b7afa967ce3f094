/* SPDX-License-Identifier: MIT */
/* The table of the limit kinds, and the names of limits. */
#include "check/limit_kinds.h"

#include "util/text.h"

static const struct ifp_limit_traits table[] = {
    {IFP_LIMIT_KIND_BUDGET, "budget", "budget_usd", "USD", false},
    {IFP_LIMIT_KIND_STORAGE, "storage", "storage_gb", "GB", false},
    {IFP_LIMIT_KIND_POOL, "pool", "pool", "GPUs", true},
    {IFP_LIMIT_KIND_MEMORY, "memory", "memory", "GB", false},
    {IFP_LIMIT_KIND_COMPUTE, "compute", "compute", "TFLOP/s", false},
    {IFP_LIMIT_KIND_DELAY, "delay", "delay", "ms", false},
    {IFP_LIMIT_KIND_ERROR, "error", "error", "", false},
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
    const char *const names[] = {subject->query, subject->model, subject->tier, subject->pool};
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
