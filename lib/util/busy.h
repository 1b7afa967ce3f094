/* SPDX-License-Identifier: MIT */
/*
 * Which calls use a handle: any number that read it, or a single one that changes it. A call that
 * finds the handle in use where it may not be is refused with IFP_ERROR_BUSY; nothing is locked, so
 * that a call from inside a callback is refused like one from another thread.
 */
#ifndef IFP_UTIL_BUSY_H
#define IFP_UTIL_BUSY_H

#include <stdatomic.h>
#include <stdbool.h>

#include "util/error.h"

/* What a handle is being used for. Of handles that calls may read, _READ follows _CHANGED. */
enum ifp_busy_with {
    IFP_BUSY_NOT,
    IFP_BUSY_MODEL_SOLVED,
    IFP_BUSY_MODEL_CHANGED,
    IFP_BUSY_MODEL_EXPORTED,
    IFP_BUSY_INSTANCE_CHANGED,
    IFP_BUSY_INSTANCE_READ,
    IFP_BUSY_OPTIONS_CHANGED,
    IFP_BUSY_OPTIONS_READ,
    IFP_BUSY_REPORT_CHANGED,
    IFP_BUSY_REPORT_READ,
    IFP_BUSY_COUNT
};

/* All zero: not in use. */
struct ifp_busy {
    atomic_uint state;
    atomic_int refused; /* enum ifp_busy_with, of the last refusal; IFP_BUSY_NOT: a later failure */
};

/* Begin a call that needs the handle alone. False if another call uses it, which is recorded. */
bool ifp_busy_begin(struct ifp_busy *busy, enum ifp_busy_with with);

/* End it. `failed` says that the call has left an error in the handle. Returns true if the handle
 * was freed meanwhile, and the caller is to destroy it. */
bool ifp_busy_end(struct ifp_busy *busy, bool failed);

/* Begin a call that reads the handle. A change that is under way on another thread is waited for:
 * changes are short and call nothing of the caller's. */
void ifp_busy_begin_read(const struct ifp_busy *busy);

/* End it. Returns true as ifp_busy_end does. */
bool ifp_busy_end_read(const struct ifp_busy *busy);

/* Free the handle. True if the caller is to destroy it; else the call that uses it last does. */
bool ifp_busy_free(struct ifp_busy *busy);

/* Has ifp_busy_free been called? */
bool ifp_busy_freed(const struct ifp_busy *busy);

/* The last error of the handle: `own`, or that the handle is or was in use. */
const struct ifp_error *ifp_busy_error(const struct ifp_busy *busy, const struct ifp_error *own);

/* Sleep for a moment, in a loop that waits for another thread. */
void ifp_busy_pause(void);

#endif
