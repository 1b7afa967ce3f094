/* SPDX-License-Identifier: MIT */
/* When to stop: a flag that any thread may set, and a deadline. */
#ifndef IFP_UTIL_CANCEL_H
#define IFP_UTIL_CANCEL_H

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "util/clock.h"

struct ifp_cancel {
    atomic_bool *flag; /* NULL: no flag */
    double deadline;   /* by ifp_clock_seconds; +infinity: no deadline */
};

/* False if `cancel` is NULL. Cheap enough for every iteration of a loop over configurations. */
static inline bool ifp_is_cancelled(const struct ifp_cancel *cancel)
{
    return cancel && ((cancel->flag && atomic_load_explicit(cancel->flag, memory_order_relaxed)) ||
                      (isfinite(cancel->deadline) && ifp_clock_seconds() >= cancel->deadline));
}

#endif
