/* SPDX-License-Identifier: MIT */
/* Private threads, and waiting for a condition by the monotonic clock. */
#ifndef IFP_UTIL_THREAD_H
#define IFP_UTIL_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

/* Start a thread on which all signals are blocked, so that handlers run on the program's own
 * threads. Returns false if no thread could be started. */
bool ifp_thread_start(pthread_t *thread, void *(*work)(void *), void *argument);

/* A condition variable whose waits are by the monotonic clock, as the deadlines below. Returns
 * false if it could not be made; destroy it with pthread_cond_destroy. */
bool ifp_thread_condition(pthread_cond_t *condition);

/* The moment `milliseconds` from now, at most a second, for pthread_cond_timedwait. */
struct timespec ifp_thread_deadline(int milliseconds);

#endif
