/* SPDX-License-Identifier: MIT */
/*
 * Looking for cuts that the relaxation's point violates: mixed-integer rounding (mir.h) of
 *   - single rows, and paths of rows in which each next one removes a continuous variable that is
 *     between its bounds (capacity of a deployment, then the demand of what it serves, ..);
 *   - rows of the simplex tableau of integers that are not whole.
 */
#ifndef IFP_ENGINE_COMPACT_SEPARATE_H
#define IFP_ENGINE_COMPACT_SEPARATE_H

#include "engine/compact/relaxation.h"

struct ifp_separator;

struct ifp_separator *ifp_separator_new(const struct ifp_relaxation *relaxation);
void ifp_separator_free(struct ifp_separator *separator);

/*
 * Add the deepest cuts to the relaxation, with tableau the tableau's as well (only after its own
 * solve); *added counts them. They hold at every node, wherever the relaxation stands.
 */
int ifp_separate(struct ifp_separator *separator, struct ifp_relaxation *relaxation, bool tableau,
                 size_t *added, struct ifp_error *error);

#endif
