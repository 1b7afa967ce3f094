/* SPDX-License-Identifier: MIT */
/* The progress of a running solve, on standard error. */
#ifndef INFERPLAN_TOOLS_PROGRESS_H
#define INFERPLAN_TOOLS_PROGRESS_H

#include <stdbool.h>

#include <inferplan/options.h>
#include <inferplan/solution.h>

struct progress {
    bool terminal;       /* one line rewritten in place, else a line per report */
    int columns;         /* the terminal's width */
    int shown;           /* columns of the line on the terminal; 0 if there is none */
    double next_seconds; /* the time of the next report */
    bool reported;       /* a solve has been shown */
};

/* Prepare to show progress. Returns false, to show none, if standard error is no terminal and
 * progress was not asked for. */
bool progress_ready(struct progress *progress, bool asked);

/* Is it time for another line, `seconds` after the start? If so, the next one is scheduled. */
bool progress_due(struct progress *progress, double seconds);
void progress_show(struct progress *progress, const char *line);

/* Show the state of a solve: an ifp_progress_function that never stops it. `user` is a prepared
 * struct progress. */
int progress_report(const ifp_progress *state, void *user);

/* Print the last line of a solve that was shown, unless standard error is a terminal. */
void progress_last(struct progress *progress, const ifp_solution *solution);

/* Erase the line on the terminal. */
void progress_end(struct progress *progress);

#endif
