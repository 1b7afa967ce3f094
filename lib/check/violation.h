/* SPDX-License-Identifier: MIT */
/* How a violation is measured; check.h says of what. */
#ifndef IFP_CHECK_VIOLATION_H
#define IFP_CHECK_VIOLATION_H

#include <float.h>
#include <math.h>
#include <stddef.h>

#include "util/number.h"
#include "util/wide.h"

/* a - b, to a double only at the end. */
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

/* Of a limit of millions a whole unit is less than the tolerance: it counts as 1 all the same. */
static inline double ifp_violation_of_count(struct ifp_wide used, struct ifp_wide limit)
{
    double over = ifp_violation_excess(used, limit);
    if (over <= 0)
        return 0;
    double relative = over / fmax(1, ifp_wide_get(limit));
    return over >= 0.5 && relative <= IFP_VERIFY_TOLERANCE ? 1 : relative;
}

/* Of n routes where one is allowed. */
static inline double ifp_violation_of_second(size_t count)
{
    return ifp_violation_of_count(ifp_wide((double)count), ifp_wide(1));
}

/* A fraction as a number to add: 0 if it is not finite. Larger ones than this are as wrong as they
 * can be, and their products with what an instance holds might overflow. */
static inline double ifp_violation_share(double fraction)
{
    static const double most = 1e100;
    return isfinite(fraction) ? fmax(-most, fmin(fraction, most)) : 0;
}

/* What neither a route serves nor the plan lists as unmet, of a query type whose fractions sum to
 * `listed`, beyond the rounding of these fractions to doubles. As far as the tolerance lets it
 * pass, it is unmet all the same: charged, and counted against the largest unmet share. Penalties
 * may be so large that a millionth of the demand is worth more than all the rest. */
static inline struct ifp_wide ifp_violation_missing(struct ifp_wide listed, size_t fractions)
{
    double miss = ifp_violation_excess(ifp_wide(1), listed);
    bool counts = miss > (double)fractions * (DBL_EPSILON / 2);
    return ifp_wide(counts && miss <= IFP_VERIFY_TOLERANCE ? miss : 0);
}

#endif
