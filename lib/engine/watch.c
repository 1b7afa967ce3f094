/* SPDX-License-Identifier: MIT */
/* The mailbox between the thread that solves and the caller's thread. */
#include "engine/watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/tuning.h"
#include "util/clock.h"
#include "util/thread.h"

int ifp_watch_open(struct ifp_watch *watch, const struct ifp_options *options, double begin,
                   atomic_bool *cancel, const struct ifp_stop_request *request)
{
    *watch = (struct ifp_watch){
        .options = options, .begin = begin, .cancel = {cancel, begin + options->time_limit}};
    if (request)
        watch->request = *request;
    if (!ifp_thread_condition(&watch->change))
        return IFP_ERROR_MEMORY;
    if (pthread_mutex_init(&watch->mutex, NULL)) {
        pthread_cond_destroy(&watch->change);
        return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

void ifp_watch_close(struct ifp_watch *watch)
{
    pthread_cond_destroy(&watch->change);
    pthread_mutex_destroy(&watch->mutex);
    ifp_text_clear(&watch->log);
}

bool ifp_watch_stopped(struct ifp_watch *watch)
{
    return ifp_is_cancelled(&watch->cancel);
}

const struct ifp_cancel *ifp_watch_cancel(struct ifp_watch *watch)
{
    return &watch->cancel;
}

double ifp_watch_seconds_left(struct ifp_watch *watch)
{
    return isinf(watch->cancel.deadline) ? INFINITY : watch->cancel.deadline - ifp_clock_seconds();
}

void ifp_watch_end_early(struct ifp_watch *watch)
{
    watch->cancel.deadline = fmin(watch->cancel.deadline, ifp_clock_seconds());
}

double ifp_watch_seconds(const struct ifp_watch *watch)
{
    return ifp_clock_seconds() - watch->begin;
}

void ifp_watch_progress(struct ifp_watch *watch, double objective, double bound, double nodes,
                        double open_nodes)
{
    if (!watch->options->progress)
        return;
    pthread_mutex_lock(&watch->mutex);
    watch->progress = (struct ifp_progress){
        .seconds = ifp_watch_seconds(watch),
        .objective = objective,
        .bound = fmin(bound > -INFINITY ? fmax(0, bound) : bound, objective),
        .nodes = nodes,
        .open_nodes = open_nodes,
    };
    watch->fresh = true;
    pthread_mutex_unlock(&watch->mutex);
}

void ifp_watch_log(struct ifp_watch *watch, const char *format, ...)
{
    if (!watch->options->log)
        return;
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&watch->mutex);
    ifp_text_vformat(&watch->log, format, arguments);
    ifp_text_string(&watch->log, "\n");
    pthread_mutex_unlock(&watch->mutex);
    va_end(arguments);
}

void ifp_watch_note_stuck(struct ifp_watch *watch)
{
    if (watch->stuck++ == 0)
        ifp_watch_log(watch, "the master's LP is stuck");
}

void ifp_watch_done(struct ifp_watch *watch)
{
    if (watch->stuck > 1)
        ifp_watch_log(watch, "the master's LP was stuck %zu times", watch->stuck);
    pthread_mutex_lock(&watch->mutex);
    watch->done = true;
    pthread_cond_signal(&watch->change);
    pthread_mutex_unlock(&watch->mutex);
}

/* Pass the contents of the mailbox to the caller's functions. The lock is held on entry and on
 * return, but not while they run. */
static void pass_on(struct ifp_watch *watch)
{
    const struct ifp_options *options = watch->options;
    atomic_bool *cancel = watch->cancel.flag;
    struct ifp_progress progress = watch->progress;
    bool fresh = watch->fresh;
    char *log = watch->log.size ? ifp_text_take(&watch->log) : NULL;
    watch->fresh = false;
    pthread_mutex_unlock(&watch->mutex);
    for (char *line = log; line && *line;) {
        char *end = strchr(line, '\n');
        *end = '\0';
        options->log(line, options->log_user);
        line = end + 1;
    }
    free(log);
    if (fresh && !watch->progress_stopped && options->progress(&progress, options->progress_user)) {
        watch->progress_stopped = true;
        atomic_store(cancel, true);
    }
    if (watch->request.stop && !atomic_load(cancel) && watch->request.stop(watch->request.user))
        atomic_store(cancel, true);
    pthread_mutex_lock(&watch->mutex);
}

void ifp_watch_wait(struct ifp_watch *watch)
{
    pthread_mutex_lock(&watch->mutex);
    while (!watch->done) {
        const struct timespec until = ifp_thread_deadline(IFP_POLL_MILLISECONDS);
        pthread_cond_timedwait(&watch->change, &watch->mutex, &until);
        pass_on(watch);
    }
    pass_on(watch);
    pthread_mutex_unlock(&watch->mutex);
}
