/* SPDX-License-Identifier: MIT */
/* How a running solve is shown on standard error. */
#ifndef INFERPLAN_TOOLS_PROGRESS_H
#define INFERPLAN_TOOLS_PROGRESS_H

#include <stdbool.h>

#include <inferplan/options.h>

struct progress {
    bool terminal;       /* one line rewritten in place, else a line per report */
    int columns;         /* the terminal's width */
    int shown;           /* columns taken by the line that stands there now */
    double next_seconds; /* no report before */
};

/* Show progress if standard error is a terminal, or if it was asked for. */
int progress_begin(struct progress *progress, ifp_options *options, bool asked);

/* Take the line off the terminal again. */
void progress_end(struct progress *progress);

#endif
