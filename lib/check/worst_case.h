/* SPDX-License-Identifier: MIT */
/*
 * The worst case over a budgeted set of deviations, for the check of a plan:
 *
 *   max sum_n v_n g_n    subject to    0 <= g_n <= cap_n,  sum_n g_n <= budget
 *
 * It is found in the set itself and not by duality, which the solver's rows use. v_n is the
 * increase of the plan's delay, error or delay cost for each unit of the factor g_n. The factors
 * and their caps depend on the kind and the level of the uncertainty (docs/formulation.md).
 */
#ifndef IFP_CHECK_WORST_CASE_H
#define IFP_CHECK_WORST_CASE_H

#include <stddef.h>

#include "util/wide.h"

struct ifp_deviation {
    struct ifp_wide value;  /* v_n, at least 0 */
    struct ifp_wide cap;    /* of g_n; a negative cap counts as 0 */
    size_t owner;           /* for the caller; not used */
    struct ifp_wide factor; /* result: g_n in the worst case */
};

/* Returns the maximum. Reorders the deviations and sets their factors. */
struct ifp_wide ifp_worst_case(struct ifp_deviation *deviations, size_t count, double budget);

#endif
