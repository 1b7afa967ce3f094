/* SPDX-License-Identifier: MIT */
/* Save the results of a solve in a compact relaxation, and restore them. */
#ifndef IFP_ENGINE_COMPACT_SNAPSHOT_H
#define IFP_ENGINE_COMPACT_SNAPSHOT_H

#include "engine/compact/relaxation.h"

/* Copy the results (point, objective, bounds and reduced costs), and the basis of the LP if `basis`
 * is true; that loads the LP. The caller frees the snapshot with ifp_snapshot_free; it is empty if
 * the code is not IFP_OK. */
int ifp_snapshot_take(struct ifp_relaxation *relaxation, bool basis, struct ifp_snapshot *snapshot,
                      struct ifp_error *error);
/* Restore them, and the basis if the snapshot has one. */
int ifp_snapshot_put_back(struct ifp_relaxation *relaxation, const struct ifp_snapshot *snapshot,
                          struct ifp_error *error);

#endif
