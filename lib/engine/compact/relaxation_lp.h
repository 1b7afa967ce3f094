/* SPDX-License-Identifier: MIT */
/* Which rows and columns of a compact relaxation its LP holds. Private to relaxation*.c. All
 * functions require that the LP is loaded, and return IFP_OK or the code of the error. */
#ifndef IFP_ENGINE_COMPACT_RELAXATION_LP_H
#define IFP_ENGINE_COMPACT_RELAXATION_LP_H

#include "engine/compact/relaxation.h"

/* Add a row of the program, or a cut, to the LP unless it is there. */
int ifp_relaxation_activate_row(struct ifp_relaxation *relaxation, size_t row,
                                struct ifp_error *error);

/* If the LP leaves out a pair: give its columns their present bounds, and add its rows for degrees,
 * capacities and replicas. The second function does this for all pairs. */
int ifp_relaxation_activate_pair(struct ifp_relaxation *relaxation, size_t pair,
                                 struct ifp_error *error);
int ifp_relaxation_activate_all_pairs(struct ifp_relaxation *relaxation, struct ifp_error *error);

#endif
