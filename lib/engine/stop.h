/* SPDX-License-Identifier: MIT */
/* When to stop: the caller's wish, a time limit; and what is told meanwhile. */
#ifndef IFP_ENGINE_STOP_H
#define IFP_ENGINE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

#include "util/cancel.h"
#include "api/options.h"

struct ifp_run;

/* Has the caller cancelled, or has time run out? */
bool ifp_run_stopped(struct ifp_run *run);

/* The same for what is built in lib/model; lives as long as the run. */
const struct ifp_cancel *ifp_run_cancel(struct ifp_run *run);

/* Seconds until the time limit; +infinity without one. */
double ifp_run_seconds_left(struct ifp_run *run);

/* Count the time limit as reached: the next step would not end before it. */
void ifp_run_end_early(struct ifp_run *run);

/* Tell how things stand; reaches the caller's progress function soon, the latest news only. */
void ifp_run_progress(struct ifp_run *run, double objective, double bound, double nodes,
                      double open_nodes);

/* Tell one line of log; does nothing when nobody listens. */
void ifp_run_log(struct ifp_run *run, const char *format, ...) IFP_FORMAT(2, 3);

/* Tell that an LP of the master was not solved: once, and at the end how often. */
void ifp_run_note_stuck(struct ifp_run *run);

#endif
