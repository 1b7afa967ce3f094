/* SPDX-License-Identifier: MIT */
/*
 * Dives by patterns, for placement single. Starting from a solved node of the master, fix one
 * pattern (a deployment with its routes) at a time and re-price; then backtrack and exclude
 * patterns that were fixed early (limited discrepancy search; Sadykov et al. 2019, "Primal
 * heuristics for branch and price"). Plans are offered to the incumbent.
 */
#ifndef IFP_ENGINE_HEURISTICS_DIVE_H
#define IFP_ENGINE_HEURISTICS_DIVE_H

#include "engine/node/path.h"

/* Dive from the present bounds of a path whose bounder has patterns and has just been solved. At
 * most `discrepancies` patterns are excluded at a time, and never more than IFP_DIVE_EXCLUDED_MAX.
 * After each plan, progress is reported with `tally`. The bounds are restored afterwards; the
 * results in the relaxation are not. Returns IFP_OK or the code of the context's error. */
int ifp_dive(struct ifp_path *path, struct ifp_tally *tally, size_t discrepancies);

#endif
