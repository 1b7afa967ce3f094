/* SPDX-License-Identifier: MIT */
/* The page of `solve --report`. A point in time is kept if the plan or the bound has changed. */
#include "commands/report.h"

#include <stdlib.h>

#include <inferplan/inferplan.h>

#include "terminal/output.h"
#include "terminal/save.h"

/* The maximum number of points. At the maximum, every second one is dropped. */
enum { POINTS_MAX = 2000 };

static void add_point(struct report *report, double seconds, double objective, double bound)
{
    const struct report_point *last = report->count ? &report->points[report->count - 1] : NULL;
    if (last && last->objective == objective && last->bound == bound)
        return;
    if (report->count == POINTS_MAX) {
        for (size_t p = 0; p < POINTS_MAX / 2; p++)
            report->points[p] = report->points[2 * p + 1];
        report->count = POINTS_MAX / 2;
    }
    report->points[report->count++] =
        (struct report_point){.seconds = seconds, .objective = objective, .bound = bound};
}

static int watch(const ifp_progress *state, void *user)
{
    struct report *report = user;
    add_point(report, ifp_progress_seconds(state), ifp_progress_objective(state),
              ifp_progress_bound(state));
    return report->shown ? progress_report(state, report->progress) : 0;
}

int report_begin(struct report *report, ifp_options *options, const char *path,
                 struct progress *progress, bool shown)
{
    report->path = path;
    report->progress = progress;
    report->shown = shown;
    if (!path)
        return shown ? ifp_options_set_progress(options, progress_report, progress) : IFP_OK;
    report->points = malloc(POINTS_MAX * sizeof *report->points);
    return report->points ? ifp_options_set_progress(options, watch, report) : IFP_ERROR_MEMORY;
}

int report_write(const struct report *report, const ifp_model *model, const ifp_solution *solution)
{
    ifp_error *error = ifp_error_new();
    ifp_report *page =
        error ? ifp_report_new(ifp_model_instance(model), ifp_solution_plan(solution), error)
              : NULL;
    char *text = NULL;
    int code = page ? ifp_report_set_proof(page, ifp_solution_status(solution),
                                           ifp_solution_bound(solution))
                    : IFP_ERROR_MEMORY;
    double last = 0;
    for (size_t p = 0; p < report->count && code == IFP_OK; p++) {
        last = report->points[p].seconds;
        code = ifp_report_add_progress(page, last, report->points[p].objective,
                                       report->points[p].bound);
    }
    double end = ifp_solution_seconds(solution);
    if (code == IFP_OK)
        code =
            ifp_report_add_progress(page, end > last ? end : last, ifp_solution_objective(solution),
                                    ifp_solution_bound(solution));
    if (code == IFP_OK)
        text = ifp_report_write_html(page);
    int status = text ? save_text(report->path, SAVE_PAGE, text) : output_fail_memory();
    ifp_text_free(text);
    ifp_report_free(page);
    ifp_error_free(error);
    return status;
}

void report_clear(struct report *report)
{
    free(report->points);
    *report = (struct report){0};
}
