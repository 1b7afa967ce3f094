/* SPDX-License-Identifier: MIT */
/* Private threads, and waiting for a condition by the monotonic clock. */
#include "util/thread.h"

#include <signal.h>

enum { NANOSECONDS = 1000000000, NANOSECONDS_PER_MILLISECOND = 1000000 };

bool ifp_thread_start(pthread_t *thread, void *(*work)(void *), void *argument)
{
    sigset_t all;
    sigset_t old;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &old))
        return false;
    int failed = pthread_create(thread, NULL, work, argument);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return !failed;
}

bool ifp_thread_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes))
        return false;
    bool good = !pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) &&
                !pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return good;
}

struct timespec ifp_thread_deadline(int milliseconds)
{
    struct timespec until = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)milliseconds * NANOSECONDS_PER_MILLISECOND;
    if (until.tv_nsec >= NANOSECONDS) {
        until.tv_nsec -= NANOSECONDS;
        until.tv_sec++;
    }
    return until;
}
