/* SPDX-License-Identifier: MIT */
/* Neumaier's sum as in base/number.h, in long double: the verifier owes the solver nothing. */
#ifndef IFP_PLAN_TOTAL_H
#define IFP_PLAN_TOTAL_H

#include <math.h>

/* Zero-initialise. */
struct ifp_total {
    long double value;
    long double lost;
};

static inline void ifp_total_add(struct ifp_total *total, long double term)
{
    long double value = total->value + term;
    if (fabsl(total->value) >= fabsl(term))
        total->lost += (total->value - value) + term;
    else
        total->lost += (term - value) + total->value;
    total->value = value;
}

static inline long double ifp_total_get(const struct ifp_total *total)
{
    return total->value + total->lost;
}

#endif
