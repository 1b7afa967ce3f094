/* SPDX-License-Identifier: MIT */
/* Writes one line about what runs: on a terminal the same line again and again, elsewhere a
 * new line at most once a second, a last one, and no control characters. */
#define _POSIX_C_SOURCE 200809L

#include "terminal/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "terminal/terminal.h"

/* Quick enough to look alive, slow enough not to cost anything. */
static const double terminal_interval = 0.1;
static const double plain_interval = 1.0;

bool progress_ready(struct progress *progress, bool asked)
{
    memset(progress, 0, sizeof *progress);
    progress->terminal = isatty(STDERR_FILENO) == 1;
    if (!progress->terminal && !asked)
        return false;
    progress->columns = terminal_columns(STDERR_FILENO);
    return true;
}

bool progress_due(struct progress *progress, double seconds)
{
    if (seconds < progress->next_seconds)
        return false;
    progress->next_seconds = seconds + (progress->terminal ? terminal_interval : plain_interval);
    return true;
}

void progress_show(struct progress *progress, const char *line)
{
    if (!progress->terminal) {
        fprintf(stderr, "%s\n", line);
        return;
    }
    /* A line that reaches the last column would wrap, and could not be rewritten. */
    int length = (int)strlen(line);
    if (progress->columns > 0 && length >= progress->columns)
        length = progress->columns - 1;
    int rest = progress->shown > length ? progress->shown - length : 0;
    fprintf(stderr, "\r%.*s%*s", length, line, rest, "");
    progress->shown = length;
}

enum { LINE_SIZE = 240 };

/* What matters most comes first: a narrow terminal shows only the beginning. */
static void put_state(char line[LINE_SIZE], double seconds, double objective, double bound,
                      double gap, double nodes, const char *rest)
{
    char plan_text[40] = "none";
    char bound_text[40] = "none";
    char gap_text[40] = "unknown";
    if (isfinite(objective))
        snprintf(plan_text, sizeof plan_text, "%.8g", objective);
    if (isfinite(bound))
        snprintf(bound_text, sizeof bound_text, "%.8g", bound);
    if (isfinite(gap))
        snprintf(gap_text, sizeof gap_text, "%.3g %%", 100 * gap);
    snprintf(line, LINE_SIZE, "%.1f s, gap %s, plan %s, bound %s, %.0f node%s, %s", seconds,
             gap_text, plan_text, bound_text, nodes, nodes == 1 ? "" : "s", rest);
}

int progress_report(const ifp_progress *state, void *user)
{
    struct progress *progress = user;
    double seconds = ifp_progress_seconds(state);
    if (!progress_due(progress, seconds))
        return 0;
    char open[40];
    char line[LINE_SIZE];
    snprintf(open, sizeof open, "%.0f open", ifp_progress_open_nodes(state));
    put_state(line, seconds, ifp_progress_objective(state), ifp_progress_bound(state),
              ifp_progress_gap(state), ifp_progress_nodes(state), open);
    progress_show(progress, line);
    progress->reported = true;
    return 0;
}

void progress_last(struct progress *progress, const ifp_solution *solution)
{
    char line[LINE_SIZE];
    if (progress->terminal || !progress->reported)
        return;
    put_state(line, ifp_solution_seconds(solution), ifp_solution_objective(solution),
              ifp_solution_bound(solution), ifp_solution_gap(solution),
              ifp_solution_nodes(solution), ifp_solution_status_word(solution));
    progress_show(progress, line);
}

void progress_end(struct progress *progress)
{
    if (progress->shown > 0)
        fprintf(stderr, "\r%*s\r", progress->shown, "");
    progress->shown = 0;
}
