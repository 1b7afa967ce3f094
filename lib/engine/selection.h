/* SPDX-License-Identifier: MIT */
/* A selection of deployments: which configuration of each pair is rented, and how many replicas. */
#ifndef IFP_ENGINE_SELECTION_H
#define IFP_ENGINE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

/* The rented deployments, by pair. Heuristics compare selections by their value. */
struct ifp_selection {
    size_t *configuration; /* index in the problem; SIZE_MAX if the pair is not rented */
    double *replicas;      /* a whole number; undefined if the pair is not rented */
    double value;          /* dollars; more is better; -infinity while it is unknown */
};

/* Make a selection without deployments, of unknown value. Returns false if out of memory; the
 * selection must be freed in any case. */
bool ifp_selection_new(size_t pairs, struct ifp_selection *selection);
/* Free the arrays, not the struct. */
void ifp_selection_free(struct ifp_selection *selection);
/* Copy into a selection of as many pairs. */
void ifp_selection_copy(struct ifp_selection *to, const struct ifp_selection *from, size_t pairs);

#endif
