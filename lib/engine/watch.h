/* SPDX-License-Identifier: MIT */
/*
 * Cancel, time limit, progress and log of a solve. The solve runs on a private thread: it polls the
 * caller's cancel flag and the time limit, and writes progress and log lines to a mailbox. The
 * caller's thread waits, and passes the contents of the mailbox to the caller's functions.
 */
#ifndef IFP_ENGINE_WATCH_H
#define IFP_ENGINE_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "engine/options.h"
#include "util/cancel.h"

/* Stop callback. ifp_watch_wait calls it on the caller's thread every IFP_POLL_MILLISECONDS. A
 * nonzero return stops the solve. */
struct ifp_stop_request {
    int (*stop)(void *user); /* NULL if there is no such callback */
    void *user;
};

struct ifp_watch {
    const struct ifp_options *options; /* borrowed: callbacks and time limit */
    struct ifp_stop_request request;
    double begin; /* ifp_clock_seconds at the beginning of the solve */
    /* The flag is borrowed. The watch sets it, too, if a callback asks to stop. The deadline is
     * written only by the thread that solves, once it runs. */
    struct ifp_cancel cancel;
    size_t stuck; /* number of master LPs that were not solved; of the thread that solves */
    bool progress_stopped; /* has the progress function asked to stop? It is not called again; of
                              the caller's thread */
    pthread_mutex_t mutex; /* guards the members below */
    pthread_cond_t change; /* signalled when `done` becomes true */
    struct ifp_progress progress;
    bool fresh;          /* `progress` has not been passed on yet */
    struct ifp_text log; /* lines that have not been passed on yet, each ended by a newline */
    bool done;           /* the work is done */
};

/* Begin to watch a solve, on the caller's thread and before the other thread starts. `begin` is a
 * time by ifp_clock_seconds. The options and the cancel flag are borrowed until ifp_watch_close.
 * `request` may be NULL; it is copied. Returns IFP_OK, or IFP_ERROR_MEMORY if the system provides
 * no lock; then do not call ifp_watch_close. */
int ifp_watch_open(struct ifp_watch *watch, const struct ifp_options *options, double begin,
                   atomic_bool *cancel, const struct ifp_stop_request *request);
void ifp_watch_close(struct ifp_watch *watch);

/* -- for the thread that solves -- */

/* Has the caller or a callback cancelled, or is the time limit reached? */
bool ifp_watch_stopped(struct ifp_watch *watch);

/* The cancel flag and the deadline, for code below the engine. Valid as long as the watch. */
const struct ifp_cancel *ifp_watch_cancel(struct ifp_watch *watch);

/* Seconds until the deadline, 0 or less once it has passed; +infinity if there is no deadline. */
double ifp_watch_seconds_left(struct ifp_watch *watch);

/* Treat the time limit as reached, since the next step would exceed it: the deadline becomes now,
 * if it is later. */
void ifp_watch_end_early(struct ifp_watch *watch);

/* Seconds since the solve began. */
double ifp_watch_seconds(const struct ifp_watch *watch);

/* Report progress, in dollars. Only the latest report reaches the caller's progress function. The
 * reported bound is at most the objective and, unless it is -infinity, at least 0. */
void ifp_watch_progress(struct ifp_watch *watch, double objective, double bound, double nodes,
                        double open_nodes);

/* Report one line of log. Does nothing if there is no log function. */
void ifp_watch_log(struct ifp_watch *watch, const char *format, ...) IFP_FORMAT(2, 3);

/* Note that an LP of the master was not solved. The first one is logged. If there are more,
 * ifp_watch_done logs their number. */
void ifp_watch_note_stuck(struct ifp_watch *watch);

/* Mark the work as done, so that ifp_watch_wait returns. */
void ifp_watch_done(struct ifp_watch *watch);

/* -- for the caller's thread -- */

/* Wait until the work is done. Calls the caller's functions while waiting, and once more at the end
 * for what is left in the mailbox. */
void ifp_watch_wait(struct ifp_watch *watch);

#endif
