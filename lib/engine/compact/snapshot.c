/* SPDX-License-Identifier: MIT */
/* Save the results of a solve in a compact relaxation, and restore them. */
#include "engine/compact/snapshot.h"

#include <stdlib.h>
#include <string.h>

int ifp_snapshot_take(struct ifp_relaxation *relaxation, bool basis, struct ifp_snapshot *snapshot,
                      struct ifp_error *error)
{
    size_t columns = relaxation->milp->column_count;
    *snapshot = (struct ifp_snapshot){.bound = relaxation->bound,
                                      .reduced_bound = relaxation->reduced_bound,
                                      .objective = relaxation->objective};
    snapshot->point = malloc((2 * columns + 1) * sizeof *snapshot->point);
    int code = snapshot->point ? IFP_OK : ifp_error_memory(error);
    if (!code && basis)
        code = ifp_relaxation_get_basis(relaxation, &snapshot->basis, &snapshot->rows, error);
    if (code) {
        ifp_snapshot_free(snapshot);
        return code;
    }
    memcpy(snapshot->point, relaxation->point, columns * sizeof *snapshot->point);
    memcpy(snapshot->point + columns, relaxation->reduced, columns * sizeof *snapshot->point);
    return IFP_OK;
}

int ifp_snapshot_put_back(struct ifp_relaxation *relaxation, const struct ifp_snapshot *snapshot,
                          struct ifp_error *error)
{
    size_t columns = relaxation->milp->column_count;
    memcpy(relaxation->point, snapshot->point, columns * sizeof *snapshot->point);
    memcpy(relaxation->reduced, snapshot->point + columns, columns * sizeof *snapshot->point);
    relaxation->bound = snapshot->bound;
    relaxation->reduced_bound = snapshot->reduced_bound;
    relaxation->objective = snapshot->objective;
    if (!snapshot->basis)
        return IFP_OK;
    return ifp_relaxation_set_basis(relaxation, snapshot->basis, snapshot->rows, error);
}
