/* SPDX-License-Identifier: MIT */
/* A selection of deployments. */
#include "engine/selection.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool ifp_selection_new(size_t pairs, struct ifp_selection *selection)
{
    selection->configuration = malloc((pairs + 1) * sizeof *selection->configuration);
    selection->replicas = calloc(pairs + 1, sizeof *selection->replicas);
    selection->value = -INFINITY;
    if (!selection->configuration || !selection->replicas)
        return false;
    for (size_t p = 0; p < pairs; p++)
        selection->configuration[p] = SIZE_MAX;
    return true;
}

void ifp_selection_free(struct ifp_selection *selection)
{
    free(selection->configuration);
    free(selection->replicas);
}

void ifp_selection_copy(struct ifp_selection *to, const struct ifp_selection *from, size_t pairs)
{
    memcpy(to->configuration, from->configuration, pairs * sizeof *to->configuration);
    memcpy(to->replicas, from->replicas, pairs * sizeof *to->replicas);
    to->value = from->value;
}
