/* SPDX-License-Identifier: MIT */
/*
 * Twins: pairs (model, tier) of a problem that are equal in every number. Any plan can be permuted
 * so that the rented pairs of each set of twins come first. A search may therefore consider only
 * plans in that order. It loses no optimal cost, and does not repeat a proof for each permutation.
 */
#ifndef IFP_PROBLEM_TWINS_H
#define IFP_PROBLEM_TWINS_H

#include "problem/problem.h"

/* Finds no sets with placement matching, which ties the pairs of one model or one tier to each
 * other, and no sets if cancelled (`cancel` may be NULL). Returns false if out of memory; *twins
 * then needs no clearing. */
bool ifp_twins_find(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                    struct ifp_twins *twins);
void ifp_twins_clear(struct ifp_twins *twins);

#endif
