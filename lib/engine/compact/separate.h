/* SPDX-License-Identifier: MIT */
/*
 * Find cuts that the relaxation's point violates, by mixed-integer rounding (mir.h) of
 *   - single rows, and paths of rows in which each further row eliminates a continuous variable
 *     that is strictly between its bounds (the capacity of a deployment, then the demand of a query
 *     type that it serves, ..);
 *   - rows of the simplex tableau whose basic variable is an integer with a fractional value.
 */
#ifndef IFP_ENGINE_COMPACT_SEPARATE_H
#define IFP_ENGINE_COMPACT_SEPARATE_H

#include "engine/compact/relaxation.h"

struct ifp_separator;

/* For one relaxation, which is borrowed. Returns NULL if out of memory. */
struct ifp_separator *ifp_separator_new(const struct ifp_relaxation *relaxation);
void ifp_separator_free(struct ifp_separator *separator);

/*
 * Add the cuts that the point violates most, by Euclidean distance, to the relaxation; *added is
 * their number. Returns IFP_OK or the code of the error. If `tableau` is true, cuts from
 * the tableau are included; this requires that the relaxation has just been solved. The cuts hold
 * at every node, whatever bounds the relaxation has now.
 */
int ifp_separate(struct ifp_separator *separator, struct ifp_relaxation *relaxation, bool tableau,
                 size_t *added, struct ifp_error *error);

#endif
