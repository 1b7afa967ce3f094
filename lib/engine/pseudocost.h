/* SPDX-License-Identifier: MIT */
/*
 * Pseudo-costs of an entity (node/branch.h): the gains of the bound from branching on it. A gain is
 * in dollars per unit of distance, and a distance is the fraction by which a side moves the value.
 */
#ifndef IFP_ENGINE_PSEUDOCOST_H
#define IFP_ENGINE_PSEUDOCOST_H

struct ifp_pseudocost {
    double gain[2];  /* sum of all gains, by side: 0 lower, 1 upper; the mean is gain / tries */
    double tries[2]; /* number of gains in that sum, by side */
};

#endif
