/* SPDX-License-Identifier: MIT */
/*
 * The indices of a plan's degrees in the lists of their tiers. Plans and lists may both be long, so
 * the deployments are sorted and each list is read once.
 */
#include "plan/degrees.h"

#include <stdlib.h>

struct wanted {
    size_t tier;
    double degree;
    size_t deployment;
};

static int compare(const void *left, const void *right)
{
    const struct wanted *a = left;
    const struct wanted *b = right;
    if (a->tier != b->tier)
        return a->tier < b->tier ? -1 : 1;
    if (a->degree != b->degree)
        return a->degree < b->degree ? -1 : 1;
    return (a->deployment > b->deployment) - (a->deployment < b->deployment);
}

/* The first element of `wanted`, all of one tier, whose degree is at least `degree`. */
static size_t first_from(const struct wanted *wanted, size_t count, double degree)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wanted[middle].degree < degree)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void find_in_tier(const struct ifp_numbers *degrees, const struct wanted *wanted,
                         size_t count, size_t *places)
{
    for (size_t w = 0; w < count; w++)
        places[wanted[w].deployment] = degrees->count;
    for (size_t n = 0; n < degrees->count; n++) {
        double degree = degrees->values[n];
        for (size_t w = first_from(wanted, count, degree); w < count && wanted[w].degree == degree;
             w++)
            places[wanted[w].deployment] = n;
    }
}

bool ifp_plan_find_degrees(const struct ifp_instance *instance, const ifp_plan *plan,
                           size_t *places)
{
    size_t count = plan->deployment_count;
    struct wanted *wanted = malloc((count + 1) * sizeof *wanted);
    if (!wanted)
        return false;
    for (size_t d = 0; d < count; d++)
        wanted[d] = (struct wanted){.tier = plan->deployments[d].tier,
                                    .degree = (double)plan->deployments[d].degree,
                                    .deployment = d};
    if (count > 1)
        qsort(wanted, count, sizeof *wanted, compare);
    for (size_t first = 0, end = 0; first < count; first = end) {
        while (end < count && wanted[end].tier == wanted[first].tier)
            end++;
        find_in_tier(&instance->tiers[wanted[first].tier].tp_degrees, &wanted[first], end - first,
                     places);
    }
    free(wanted);
    return true;
}
