/* SPDX-License-Identifier: MIT */
/* The context of a search: its cutoff and its reports. */
#include "engine/context.h"
#include "engine/tuning.h"

#include <math.h>

double ifp_context_cutoff(const struct ifp_context *context)
{
    double objective = context->incumbent->objective;
    /* Well within the gap, since the bound claimed at the end is a little below the cutoff. */
    double fraction = fmax(IFP_PRUNE_MIN, fmin(IFP_PRUNE_MAX, IFP_PRUNE_GAP * context->gap));
    return isinf(objective) ? INFINITY : objective - fraction * fmax(1, fabs(objective));
}

void ifp_context_report(const struct ifp_context *context, struct ifp_tally *tally, double bound)
{
    tally->bound = fmax(tally->floor, bound);
    ifp_watch_progress(context->watch, context->incumbent->objective, tally->bound, tally->nodes,
                       tally->open_nodes);
}
