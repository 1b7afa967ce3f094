/* SPDX-License-Identifier: MIT */
/* The method `decompose`: nodes are bounded by the master, and by the compact relaxation if the
 * master gives up. */
#ifndef IFP_ENGINE_MASTER_MASTER_BOUNDER_H
#define IFP_ENGINE_MASTER_MASTER_BOUNDER_H

#include "engine/bounder.h"

extern const struct ifp_bound_method ifp_master_method;

#endif
