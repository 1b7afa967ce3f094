/* SPDX-License-Identifier: MIT */
/*
 * What a solve polls and reports to: the caller's cancel flag, the time limit, and a mailbox of
 * progress and log lines. The solve runs on a thread of its own and writes to the mailbox; the
 * caller's thread waits, and calls the caller's functions with what is in it.
 */
#ifndef IFP_ENGINE_WATCH_H
#define IFP_ENGINE_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "engine/options.h"
#include "util/cancel.h"

/* A function of the caller's, called many times a second on the caller's thread. A nonzero return
 * stops the solve. */
struct ifp_stop_request {
    int (*stop)(void *user); /* NULL: never */
    void *user;
};

struct ifp_watch {
    const struct ifp_options *options; /* borrowed: callbacks and time limit */
    struct ifp_stop_request request;
    double begin;             /* ifp_clock_seconds from which time counts */
    struct ifp_cancel cancel; /* the caller's flag, borrowed, and the deadline */
    bool progress_stopped;    /* the progress function has asked to stop, and is not called again */
    pthread_mutex_t mutex;    /* guards what follows */
    pthread_cond_t change;
    struct ifp_progress progress;
    bool fresh;          /* progress that was not passed on yet */
    struct ifp_text log; /* lines that were not passed on yet, each ended by a newline */
    bool done;
    size_t stuck; /* LPs that were not solved */
};

/* Begin to watch a solve: its options and cancel flag are borrowed until ifp_watch_close. `request`
 * may be NULL. IFP_ERROR_MEMORY if the system gives no lock; then there is nothing to close. */
int ifp_watch_open(struct ifp_watch *watch, const struct ifp_options *options, double begin,
                   atomic_bool *cancel, const struct ifp_stop_request *request);
void ifp_watch_close(struct ifp_watch *watch);

/* -- for the thread that solves -- */

/* Has the caller cancelled, or is the time limit over? */
bool ifp_watch_stopped(struct ifp_watch *watch);

/* The same as a flag and a deadline, for code below the engine. It lives as long as the watch. */
const struct ifp_cancel *ifp_watch_cancel(struct ifp_watch *watch);

/* Seconds until the time limit; +infinity without one. */
double ifp_watch_seconds_left(struct ifp_watch *watch);

/* Count the time limit as reached: the next step would not end before it. */
void ifp_watch_end_early(struct ifp_watch *watch);

/* Seconds since the solve began. */
double ifp_watch_seconds(const struct ifp_watch *watch);

/* Report progress. Only the latest report reaches the caller's progress function. */
void ifp_watch_progress(struct ifp_watch *watch, double objective, double bound, double nodes,
                        double open_nodes);

/* Report one line of log. Does nothing if there is no log function. */
void ifp_watch_log(struct ifp_watch *watch, const char *format, ...) IFP_FORMAT(2, 3);

/* The master's LP was not solved. It is logged for the first time, and with a count at the end. */
void ifp_watch_note_stuck(struct ifp_watch *watch);

/* The work is done: ifp_watch_wait returns. */
void ifp_watch_done(struct ifp_watch *watch);

/* -- for the caller's thread -- */

/* Wait until the work is done, and meanwhile call the caller's functions. */
void ifp_watch_wait(struct ifp_watch *watch);

#endif
