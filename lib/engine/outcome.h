/* SPDX-License-Identifier: MIT */
/* The result of a search, apart from the plans that it offered to the incumbent. */
#ifndef IFP_ENGINE_OUTCOME_H
#define IFP_ENGINE_OUTCOME_H

#include "engine/bounder.h"

struct ifp_outcome {
    double bound; /* safe; +infinity if it is proven that there is no plan */
    double nodes;
    double iterations; /* of the simplex method */
    /* The method that has proved in its turn that there is no plan; NULL if none has. */
    const struct ifp_bound_method *proved_by;
};

#endif
