/* SPDX-License-Identifier: MIT */
/* What all methods that bound a node have in common: the release of bounders and snapshots. */
#include "engine/bounder.h"

#include <stdlib.h>

void ifp_bounder_free(struct ifp_bounder *bounder)
{
    if (bounder)
        bounder->method->free(bounder);
}

void ifp_snapshot_free(struct ifp_snapshot *snapshot)
{
    free(snapshot->point);
    free(snapshot->basis);
    *snapshot = (struct ifp_snapshot){0};
}
