/* SPDX-License-Identifier: MIT */
/* Gains of the bound from branching on an entity (branch.h), per unit of distance and by side. */
#ifndef IFP_ENGINE_PSEUDOCOST_H
#define IFP_ENGINE_PSEUDOCOST_H

struct ifp_pseudocost {
    double gain[2];
    double tries[2];
};

#endif
