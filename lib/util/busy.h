/* SPDX-License-Identifier: MIT */
/*
 * Which calls use a handle: any number of calls that read it, or a single call that changes it. A
 * call that may not run beside the present ones is refused with IFP_ERROR_BUSY. No lock is taken,
 * so a call from inside a callback is refused like a call from another thread.
 */
#ifndef IFP_UTIL_BUSY_H
#define IFP_UTIL_BUSY_H

#include <stdatomic.h>
#include <stdbool.h>

#include "util/error.h"

/* The uses of a handle. If calls may read the handle, its _READ follows its _CHANGED. */
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
    /* enum ifp_busy_with: the reason of the last refusal; IFP_BUSY_NOT if a call failed later */
    atomic_int refused;
};

/* Begin a call that needs the handle alone. Returns false, and records the refusal, if another call
 * uses the handle. */
bool ifp_busy_begin(struct ifp_busy *busy, enum ifp_busy_with with);

/* End a call that needed the handle alone. `failed`: the call has left an error in the handle.
 * Returns true if the handle was freed meanwhile; the caller must then destroy it. */
bool ifp_busy_end(struct ifp_busy *busy, bool failed);

/* Begin a call that reads the handle. Waits for a change that is under way on another thread:
 * changes are short and run no callback. */
void ifp_busy_begin_read(const struct ifp_busy *busy);

/* End a call that reads the handle. Returns true like ifp_busy_end. */
bool ifp_busy_end_read(const struct ifp_busy *busy);

/* Mark the handle as freed. Returns true if the caller must destroy it. Otherwise the last call
 * that uses it does. */
bool ifp_busy_free(struct ifp_busy *busy);

/* Has ifp_busy_free been called? */
bool ifp_busy_freed(const struct ifp_busy *busy);

/* The last error of the handle: `own`, or the error that the handle is or was in use. */
const struct ifp_error *ifp_busy_error(const struct ifp_busy *busy, const struct ifp_error *own);

/* Sleep briefly, in a loop that waits for another thread. */
void ifp_busy_pause(void);

#endif
