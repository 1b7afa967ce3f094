/* SPDX-License-Identifier: MIT */
/* How a violation is measured. check.h defines what is measured. */
#ifndef IFP_CHECK_VIOLATION_H
#define IFP_CHECK_VIOLATION_H

#include <float.h>
#include <math.h>
#include <stddef.h>

#include "util/number.h"
#include "util/wide.h"

/* a - b, rounded to a double only at the end. */
static inline double ifp_violation_excess(struct ifp_wide a, struct ifp_wide b)
{
    return ifp_wide_get(ifp_wide_minus(a, b));
}

static inline double ifp_violation_of_quantity(struct ifp_wide used, struct ifp_wide limit)
{
    double over = ifp_violation_excess(used, limit);
    if (over <= 0)
        return 0;
    return ifp_wide_get(limit) > 0 ? over / ifp_wide_get(limit) : 1;
}

/* If the limit is millions, a whole unit may be below the tolerance. Its violation is then 1. */
static inline double ifp_violation_of_count(struct ifp_wide used, struct ifp_wide limit)
{
    double over = ifp_violation_excess(used, limit);
    if (over <= 0)
        return 0;
    double relative = over / fmax(1, ifp_wide_get(limit));
    return over >= 0.5 && relative <= IFP_VERIFY_TOLERANCE ? 1 : relative;
}

/* The violation of `count` routes if one is allowed. */
static inline double ifp_violation_of_second(size_t count)
{
    return ifp_violation_of_count(ifp_wide((double)count), ifp_wide(1));
}

/* A fraction that is safe to add: 0 if it is not finite, and limited in size. Fractions above the
 * limit are wrong anyway, and their products with numbers of an instance might overflow. */
static inline double ifp_violation_share(double fraction)
{
    static const double maximum = 1e100;
    return isfinite(fraction) ? fmax(-maximum, fmin(fraction, maximum)) : 0;
}

/* The missing demand of a query type whose fractions sum to `listed`: the fraction that no route
 * serves and the plan does not list as unmet, beyond the rounding of its fractions to doubles. If
 * the tolerance accepts it, it counts as unmet: it is charged, and counted against the largest
 * unmet share. Penalties may be so large that a millionth of the demand costs more than all
 * else. */
static inline struct ifp_wide ifp_violation_missing(struct ifp_wide listed, size_t fractions)
{
    double miss = ifp_violation_excess(ifp_wide(1), listed);
    bool counts = miss > (double)fractions * (DBL_EPSILON / 2);
    return ifp_wide(counts && miss <= IFP_VERIFY_TOLERANCE ? miss : 0);
}

#endif
