/* SPDX-License-Identifier: MIT */
/*
 * The worst case of deviations under a budget, max sum v g over 0 <= g <= cap, sum g <= budget. A
 * unit of the budget has value v_n at factor n, whatever the other factors are. The budget
 * therefore goes to the largest value up to its cap, then to the next, until it is used up.
 */
#include "check/worst_case.h"

#include <stdlib.h>

/* The largest value comes first, and of equal values the larger cap, so that rounding does not
 * depend on the order of the input. */
static int compare(const void *one, const void *other)
{
    const struct ifp_deviation *a = one;
    const struct ifp_deviation *b = other;
    int order = ifp_wide_above(b->value, a->value) - ifp_wide_above(a->value, b->value);
    return order ? order : ifp_wide_above(b->cap, a->cap) - ifp_wide_above(a->cap, b->cap);
}

struct ifp_wide ifp_worst_case(struct ifp_deviation *deviations, size_t count, double budget)
{
    struct ifp_wide worst = {0};
    struct ifp_wide left = ifp_wide(budget);
    qsort(deviations, count, sizeof *deviations, compare);
    for (size_t n = 0; n < count; n++) {
        struct ifp_wide factor = ifp_wide_above(deviations[n].cap, left) ? left : deviations[n].cap;
        /* This also avoids multiplying an infinite value by 0. */
        bool any = ifp_wide_get(factor) > 0;
        deviations[n].factor = any ? factor : ifp_wide(0);
        if (!any)
            continue;
        ifp_wide_add(&worst, ifp_wide_times(deviations[n].value, factor));
        left = ifp_wide_minus(left, factor);
    }
    return worst;
}
