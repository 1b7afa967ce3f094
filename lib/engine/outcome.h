/* SPDX-License-Identifier: MIT */
/* The result of a search, apart from the plans that it offered to the incumbent. */
#ifndef IFP_ENGINE_OUTCOME_H
#define IFP_ENGINE_OUTCOME_H

#include "engine/bounder.h"

struct ifp_outcome {
    double bound;      /* in dollars, safe; +infinity if it is proven that there is no plan */
    double nodes;      /* number of nodes, nested searches included */
    double iterations; /* of the simplex method, nested searches included */
    /* The other method, if it proved during its turn that there is no plan (it is then the better
     * one for a search with relaxed limits); otherwise NULL. */
    const struct ifp_bound_method *proved_by;
};

#endif
