/* SPDX-License-Identifier: MIT */
/* Which calls use a handle, as one atomic number. */
#include "util/busy.h"

#include <time.h>

/* The state holds the number of reading calls, what the call that needs the handle alone does (enum
 * ifp_busy_with), and whether the handle is freed. */
static const unsigned ALONE_SHIFT = 24;
static const unsigned ALONE = 0x7f000000U;
static const unsigned FREED = 0x80000000U;

/* How long a waiting thread sleeps between two looks, in nanoseconds. */
enum { PAUSE = 100 * 1000 };

#define BUSY(where, text)                                                                          \
    {                                                                                              \
        IFP_ERROR_BUSY, where, text                                                                \
    }

/* A report has no last error. */
static const struct ifp_error errors[IFP_BUSY_COUNT] = {
    [IFP_BUSY_MODEL_SOLVED] =
        BUSY("model", "the model is being solved; allowed meanwhile: to cancel it"),
    [IFP_BUSY_MODEL_CHANGED] =
        BUSY("model", "the model is being changed by another thread; allowed: one call at a time"),
    [IFP_BUSY_MODEL_EXPORTED] =
        BUSY("model", "the model is being exported by another thread; allowed: one call at a time"),
    [IFP_BUSY_INSTANCE_CHANGED] =
        BUSY("instance",
             "the instance is being changed by another thread; allowed: one change at a time"),
    [IFP_BUSY_INSTANCE_READ] = BUSY(
        "instance", "the instance is being read by another call; allowed meanwhile: to read it"),
    [IFP_BUSY_OPTIONS_CHANGED] =
        BUSY("options",
             "the options are being changed by another thread; allowed: one change at a time"),
    [IFP_BUSY_OPTIONS_READ] = BUSY(
        "options", "the options are being read by another thread; allowed meanwhile: to read them"),
};

/* Calls that only read a handle also change its count of readers. */
static struct ifp_busy *writable(const struct ifp_busy *busy)
{
    return (struct ifp_busy *)busy;
}

static enum ifp_busy_with alone_of(unsigned state)
{
    return (enum ifp_busy_with)((state & ALONE) >> ALONE_SHIFT);
}

bool ifp_busy_begin(struct ifp_busy *busy, enum ifp_busy_with with)
{
    unsigned found = 0;
    if (atomic_compare_exchange_strong(&busy->state, &found, (unsigned)with << ALONE_SHIFT))
        return true;
    enum ifp_busy_with alone = alone_of(found);
    atomic_store(&busy->refused, alone ? (int)alone : (int)with + 1);
    return false;
}

bool ifp_busy_end(struct ifp_busy *busy, bool failed)
{
    if (failed)
        atomic_store(&busy->refused, IFP_BUSY_NOT);
    return (atomic_fetch_and(&busy->state, ~ALONE) & ~ALONE) == FREED;
}

void ifp_busy_begin_read(const struct ifp_busy *busy)
{
    struct ifp_busy *counted = writable(busy);
    unsigned found = atomic_load(&counted->state);
    for (;;) {
        if (found & ALONE) {
            ifp_busy_pause();
            found = atomic_load(&counted->state);
        } else if (atomic_compare_exchange_weak(&counted->state, &found, found + 1)) {
            return;
        }
    }
}

bool ifp_busy_end_read(const struct ifp_busy *busy)
{
    unsigned left = atomic_fetch_sub(&writable(busy)->state, 1) - 1;
    return left == FREED;
}

bool ifp_busy_free(struct ifp_busy *busy)
{
    return atomic_fetch_or(&busy->state, FREED) == 0;
}

bool ifp_busy_freed(const struct ifp_busy *busy)
{
    return (atomic_load(&writable(busy)->state) & FREED) != 0;
}

const struct ifp_error *ifp_busy_error(const struct ifp_busy *busy, const struct ifp_error *own)
{
    enum ifp_busy_with alone = alone_of(atomic_load(&writable(busy)->state));
    if (alone)
        return &errors[alone];
    int refused = atomic_load(&writable(busy)->refused);
    return refused ? &errors[refused] : own;
}

void ifp_busy_pause(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE};
    nanosleep(&pause, NULL);
}
