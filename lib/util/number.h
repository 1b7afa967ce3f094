/* SPDX-License-Identifier: MIT */
/* Sums that decide something, and the tolerances of the project, each said once. */
#ifndef IFP_UTIL_NUMBER_H
#define IFP_UTIL_NUMBER_H

#include <math.h>

/* A constraint holds when it is exceeded by at most this part of its limit (the promise of
 * "verified" in the result document). */
#define IFP_VERIFY_TOLERANCE 1e-6

/* A plan holds its limits when it exceeds none by more than this part of it: what rounding leaves
 * of the LP solver's own tolerance of 1e-9. Such plans are preferred to those that are only
 * verified. */
#define IFP_HOLDS_TOLERANCE 1e-8

/* A violation below this is what rounding the plan's own fractions to doubles leaves. */
#define IFP_NOISE 1e-12

/* The largest number an instance may hold, and the smallest that anything is divided by. No
 * quantity of the problem comes near them in its unit, and no coefficient is the product of more
 * than seven numbers (H rho lam d (h + f) / S), so that each is finite whatever an instance holds.
 */
#define IFP_NUMBER_MAX 1e15
#define IFP_SPEEDUP_MIN 1e-15

/* Neumaier's compensated sum: the error does not grow with the number of terms. Zero-initialise. */
struct ifp_sum {
    double value;
    double lost;
};

static inline void ifp_sum_add(struct ifp_sum *sum, double term)
{
    double total = sum->value + term;
    if (fabs(sum->value) >= fabs(term))
        sum->lost += (sum->value - total) + term;
    else
        sum->lost += (term - total) + sum->value;
    sum->value = total;
}

static inline double ifp_sum_total(const struct ifp_sum *sum)
{
    return sum->value + sum->lost;
}

#endif
