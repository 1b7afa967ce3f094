/* SPDX-License-Identifier: MIT */
/* When to stop: the wish of another thread, and a point in time. */
#ifndef IFP_UTIL_CANCEL_H
#define IFP_UTIL_CANCEL_H

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "util/clock.h"

struct ifp_cancel {
    atomic_bool *flag; /* NULL: nobody can wish it */
    double deadline;   /* of ifp_clock_seconds; +infinity: none */
};

/* NULL: never. Cheap enough for every turn of a loop over configurations. */
static inline bool ifp_is_cancelled(const struct ifp_cancel *cancel)
{
    return cancel && ((cancel->flag && atomic_load_explicit(cancel->flag, memory_order_relaxed)) ||
                      (isfinite(cancel->deadline) && ifp_clock_seconds() >= cancel->deadline));
}

#endif
