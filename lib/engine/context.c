/* SPDX-License-Identifier: MIT */
/* The context of a search: its cutoff and its reports. */
#include "engine/context.h"

#include <math.h>

/* Nodes are pruned if they can save less than this fraction of the objective, which is a negligible
 * difference between two plans, unless a smaller gap is requested. */
static const double PRUNE = 1e-7;
static const double PRUNE_LEAST = 1e-9; /* smaller fractions are rounding noise */

double ifp_context_cutoff(const struct ifp_context *context)
{
    double objective = context->incumbent->objective;
    /* Well within the gap, since the bound claimed at the end is a little below the cutoff. */
    double fraction = fmax(PRUNE_LEAST, fmin(PRUNE, 0.9 * context->gap));
    return isinf(objective) ? INFINITY : objective - fraction * fmax(1, fabs(objective));
}

void ifp_context_report(const struct ifp_context *context, struct ifp_tally *tally, double bound)
{
    tally->bound = fmax(tally->floor, bound);
    ifp_watch_progress(context->watch, context->incumbent->objective, tally->bound, tally->nodes,
                       tally->open_nodes);
}
