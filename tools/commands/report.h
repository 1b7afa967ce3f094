/* SPDX-License-Identifier: MIT */
/* `solve --report`: the course of a solve, and the page that shows it. */
#ifndef INFERPLAN_TOOLS_REPORT_H
#define INFERPLAN_TOOLS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <inferplan/model.h>
#include <inferplan/options.h>
#include <inferplan/solution.h>

#include "terminal/progress.h"

struct report_point {
    double seconds;
    double objective;
    double bound;
};

/* Zero-initialise. */
struct report {
    const char *path;          /* of the page; NULL if no page was asked for */
    struct progress *progress; /* shows the solve, if `shown` */
    bool shown;
    struct report_point *points;
    size_t count;
};

/* Watch a solve: for the page unless path is NULL, and for the progress if it is shown. Returns an
 * enum ifp_code. */
int report_begin(struct report *report, ifp_options *options, const char *path,
                 struct progress *progress, bool shown);

/* Write the page. Returns an exit status; a failure has been printed. */
int report_write(const struct report *report, const ifp_model *model, const ifp_solution *solution);

void report_clear(struct report *report);

#endif
