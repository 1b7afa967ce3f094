/* SPDX-License-Identifier: MIT */
/* What a search has come to, beside the plans that it offered to the incumbent. */
#ifndef IFP_ENGINE_OUTCOME_H
#define IFP_ENGINE_OUTCOME_H

#include <stdbool.h>

struct ifp_outcome {
    double bound; /* safe; +infinity: proven that there is no plan */
    double nodes;
    double iterations; /* of the simplex method */
    bool by_other;     /* it was the other relaxation that proved that there is no plan */
};

#endif
