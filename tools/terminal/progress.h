/* SPDX-License-Identifier: MIT */
/* How a running solve is shown on standard error. */
#ifndef INFERPLAN_TOOLS_PROGRESS_H
#define INFERPLAN_TOOLS_PROGRESS_H

#include <stdbool.h>

#include <inferplan/options.h>
#include <inferplan/solution.h>

struct progress {
    bool terminal;       /* one line rewritten in place, else a line per report */
    int columns;         /* the terminal's width */
    int shown;           /* columns taken by the line that stands there now */
    double next_seconds; /* no report before */
    bool reported;       /* a solve has been shown */
};

/* Ready to show something if standard error is a terminal, or if it was asked for; false if neither
 * is so. */
bool progress_ready(struct progress *progress, bool asked);

/* Whether it is time for another line, `seconds` after the start; the line is then due. */
bool progress_due(struct progress *progress, double seconds);
void progress_show(struct progress *progress, const char *line);

/* Show how a solve stands: an ifp_progress_function, which never asks it to stop; `user` is a
 * struct progress that is ready. */
int progress_report(const ifp_progress *state, void *user);

/* Where lines stay: what the solve that was shown came to, if it was. */
void progress_last(struct progress *progress, const ifp_solution *solution);

/* Take the line off the terminal again. */
void progress_end(struct progress *progress);

#endif
