/* SPDX-License-Identifier: MIT */
/* The table of the cost parts, as data and as public calls. */
#include "check/cost_parts.h"

#include "plan/plan.h"

/* clang-format off */
#define ROW(product, penalty, key, label, title, colour)                                   \
    {sizeof(ifp_cost_part), IFP_COST_##product, penalty, key, label, title, colour},
/* clang-format on */
const ifp_cost_part ifp_cost_parts[IFP_COST_PART_COUNT] = {IFP_COST_PARTS(ROW)};

size_t ifp_cost_part_find(int cost)
{
    size_t p = 0;
    while (p < IFP_COST_PART_COUNT && ifp_cost_parts[p].cost != cost)
        p++;
    return p;
}

size_t ifp_cost_part_count(void)
{
    return IFP_COST_PART_COUNT;
}

int ifp_cost_part_get(size_t index, ifp_cost_part *entry)
{
    if (!entry || index >= IFP_COST_PART_COUNT)
        return IFP_ERROR_ARGUMENT;
    ifp_cost_part ours = ifp_cost_parts[index];
    ours.size = entry->size;
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_COST_PART_SIZE_FIRST);
}
