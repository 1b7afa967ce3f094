/* SPDX-License-Identifier: MIT */
/*
 * The worst case of deviations under a budget, max sum v g over 0 <= g <= cap, sum g <= budget. A
 * unit of the budget is worth v_n at factor n, whatever the other factors are: so the budget goes
 * to the largest value up to its cap, then to the next, until it is used up.
 */
#include "plan/worst_case.h"

#include <math.h>
#include <stdlib.h>

#include "plan/total.h"

/* The largest value first. Of equal values the larger cap, so that rounding is the same whatever
 * order they come in. */
static int compare(const void *one, const void *other)
{
    const struct ifp_deviation *a = one;
    const struct ifp_deviation *b = other;
    if (a->value != b->value)
        return a->value < b->value ? 1 : -1;
    return (a->cap < b->cap) - (a->cap > b->cap);
}

long double ifp_worst_case(struct ifp_deviation *deviations, size_t count, long double budget)
{
    struct ifp_total worst = {0};
    struct ifp_total left = {.value = budget};
    qsort(deviations, count, sizeof *deviations, compare);
    for (size_t n = 0; n < count; n++) {
        long double factor = fminl(deviations[n].cap, ifp_total_get(&left));
        deviations[n].factor = factor > 0 ? factor : 0;
        /* Also keeps a value that grew without bound from being multiplied by 0. */
        if (!(factor > 0))
            continue;
        ifp_total_add(&worst, deviations[n].value * factor);
        ifp_total_add(&left, -factor);
    }
    return ifp_total_get(&worst);
}
