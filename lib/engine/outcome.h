/* SPDX-License-Identifier: MIT */
/* The result of a search, apart from the plans that it offered to the incumbent. */
#ifndef IFP_ENGINE_OUTCOME_H
#define IFP_ENGINE_OUTCOME_H

#include <stdbool.h>

struct ifp_outcome {
    double bound; /* safe; +infinity if it is proven that there is no plan */
    double nodes;
    double iterations; /* of the simplex method */
    bool by_other;     /* the other relaxation has proved that there is no plan */
};

#endif
