/* SPDX-License-Identifier: MIT */
/*
 * Which pairs (model, tier) of a problem are alike in every number. Any plan can be permuted so
 * that of each set of such pairs those that are rented come first. A search may therefore look only
 * at plans in that order: it loses no best plan, and does not prove the same thing once for each
 * permutation.
 */
#ifndef IFP_PROBLEM_TWINS_H
#define IFP_PROBLEM_TWINS_H

#include "problem/problem.h"

/* No sets for placement matching, where pairs of one model or one tier are tied to each other, and
 * none if cancelled (`cancel` may be NULL). False if out of memory; there is nothing to clear then.
 */
bool ifp_twins_find(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                    struct ifp_twins *twins);
void ifp_twins_clear(struct ifp_twins *twins);

#endif
