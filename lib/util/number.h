/* SPDX-License-Identifier: MIT */
/* Compensated sums, and the tolerances of the project, each defined once. */
#ifndef IFP_UTIL_NUMBER_H
#define IFP_UTIL_NUMBER_H

#include <math.h>

/* A constraint holds if it is exceeded by at most this fraction of its limit. This is what
 * "verified" in the result document means. */
#define IFP_VERIFY_TOLERANCE 1e-6

/* Plans that exceed each limit by at most this fraction of it are preferred to plans that are only
 * verified. It is above the LP solver's own tolerance of 1e-9, so that rounding does not matter. */
#define IFP_HOLDS_TOLERANCE 1e-8

/* A violation below this comes from rounding the plan's own fractions to doubles. */
#define IFP_NOISE 1e-12

/* The largest number that an instance may hold, and the smallest divisor. Realistic quantities are
 * far from both. No coefficient is the product of more than seven numbers
 * (H rho lam d (h + f) / S), so coefficients are finite for every instance. */
#define IFP_NUMBER_MAX 1e15
#define IFP_SPEEDUP_MIN 1e-15

/* Neumaier's compensated sum: its error does not grow with the number of terms. Zero-initialise. */
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
