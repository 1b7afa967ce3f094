/* SPDX-License-Identifier: MIT */
/* A wish to stop, raised by another thread. */
#ifndef IFP_BASE_CANCEL_H
#define IFP_BASE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

/* NULL: nobody can wish it. Cheap enough for every turn of a loop over configurations. */
static inline bool ifp_is_cancelled(atomic_bool *cancel)
{
    return cancel && atomic_load_explicit(cancel, memory_order_relaxed);
}

#endif
