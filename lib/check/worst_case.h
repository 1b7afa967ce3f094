/* SPDX-License-Identifier: MIT */
/*
 * The worst case over a budgeted set of deviations, for the check of a plan:
 *
 *   max sum_n v_n g_n    subject to    0 <= g_n <= cap_n,  sum_n g_n <= budget
 *
 * found in the set itself and not by duality, on which the solver's rows rest. v_n is what the
 * plan's delay, error or delay cost grows by for each unit of the factor g_n; which factors there
 * are, and their caps, follows the kind and the level of the uncertainty (docs/formulation.md).
 */
#ifndef IFP_CHECK_WORST_CASE_H
#define IFP_CHECK_WORST_CASE_H

#include <stddef.h>

#include "util/wide.h"

struct ifp_deviation {
    struct ifp_wide value;  /* v_n, at least 0 */
    struct ifp_wide cap;    /* of g_n; below 0 it is 0 */
    size_t owner;           /* the caller's own: not looked at */
    struct ifp_wide factor; /* g_n in the worst case: what comes out */
};

/* Puts the deviations into another order, and fills in their factors. */
struct ifp_wide ifp_worst_case(struct ifp_deviation *deviations, size_t count, double budget);

#endif
