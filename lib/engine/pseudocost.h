/* SPDX-License-Identifier: MIT */
/* What branching on an entity (branch.h) did to the bound, per unit of distance and by side. */
#ifndef IFP_ENGINE_PSEUDOCOST_H
#define IFP_ENGINE_PSEUDOCOST_H

struct ifp_pseudocost {
    double gain[2];
    double tries[2];
};

#endif
