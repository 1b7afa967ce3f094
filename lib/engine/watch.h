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

/* Stop callback, called many times a second on the caller's thread. A nonzero return stops the
 * solve. */
struct ifp_stop_request {
    int (*stop)(void *user); /* NULL if there is no such callback */
    void *user;
};

struct ifp_watch {
    const struct ifp_options *options; /* borrowed: callbacks and time limit */
    struct ifp_stop_request request;
    double begin;             /* ifp_clock_seconds at the beginning of the solve */
    struct ifp_cancel cancel; /* the caller's flag, borrowed, and the deadline */
    bool progress_stopped;    /* the progress function has asked to stop; it is not called again */
    pthread_mutex_t mutex;    /* guards the members below */
    pthread_cond_t change;
    struct ifp_progress progress;
    bool fresh;          /* `progress` has not been passed on yet */
    struct ifp_text log; /* lines that have not been passed on yet, each ended by a newline */
    bool done;
    size_t stuck; /* number of master LPs that were not solved */
};

/* Begin to watch a solve. The options and the cancel flag are borrowed until ifp_watch_close.
 * `request` may be NULL. Returns IFP_ERROR_MEMORY if the system provides no lock; then do not call
 * ifp_watch_close. */
int ifp_watch_open(struct ifp_watch *watch, const struct ifp_options *options, double begin,
                   atomic_bool *cancel, const struct ifp_stop_request *request);
void ifp_watch_close(struct ifp_watch *watch);

/* -- for the thread that solves -- */

/* Has the caller cancelled, or is the time limit reached? */
bool ifp_watch_stopped(struct ifp_watch *watch);

/* The cancel flag and the deadline, for code below the engine. Valid as long as the watch. */
const struct ifp_cancel *ifp_watch_cancel(struct ifp_watch *watch);

/* Seconds until the time limit; +infinity if there is no limit. */
double ifp_watch_seconds_left(struct ifp_watch *watch);

/* Treat the time limit as reached, since the next step would exceed it. */
void ifp_watch_end_early(struct ifp_watch *watch);

/* Seconds since the solve began. */
double ifp_watch_seconds(const struct ifp_watch *watch);

/* Report progress. Only the latest report reaches the caller's progress function. */
void ifp_watch_progress(struct ifp_watch *watch, double objective, double bound, double nodes,
                        double open_nodes);

/* Report one line of log. Does nothing if there is no log function. */
void ifp_watch_log(struct ifp_watch *watch, const char *format, ...) IFP_FORMAT(2, 3);

/* Note that an LP of the master was not solved. The first one is logged, and at the end their
 * number. */
void ifp_watch_note_stuck(struct ifp_watch *watch);

/* Mark the work as done, so that ifp_watch_wait returns. */
void ifp_watch_done(struct ifp_watch *watch);

/* -- for the caller's thread -- */

/* Wait until the work is done, and call the caller's functions while waiting. */
void ifp_watch_wait(struct ifp_watch *watch);

#endif
