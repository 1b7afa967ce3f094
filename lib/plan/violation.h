/* SPDX-License-Identifier: MIT */
/* How a violation is measured; check.h says of what. */
#ifndef IFP_PLAN_VIOLATION_H
#define IFP_PLAN_VIOLATION_H

#include <math.h>
#include <stddef.h>

#include "base/number.h"
#include "plan/wide.h"

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

#endif
