/* SPDX-License-Identifier: MIT */
/* The method `mip`: nodes are bounded by the compact relaxation, with cuts at the root. */
#ifndef IFP_ENGINE_COMPACT_COMPACT_BOUNDER_H
#define IFP_ENGINE_COMPACT_COMPACT_BOUNDER_H

#include "engine/bounder.h"

extern const struct ifp_bound_method ifp_compact_method;

#endif
