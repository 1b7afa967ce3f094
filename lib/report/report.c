/* SPDX-License-Identifier: MIT */
/* The report handle: setting its data, and choosing a picture. */
#include "report/report.h"

#include <math.h>
#include <stdlib.h>

#include "check/notes.h"
#include "plan/status.h"
#include "report/picture.h"
#include "util/array.h"
#include "util/error.h"

static const double NARROWEST = 240;
static const double WIDEST = 4000;

ifp_report *ifp_report_new(const ifp_instance *instance, const ifp_plan *plan, ifp_error *error)
{
    if (!instance) {
        (void)ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the instance is NULL");
        return NULL;
    }
    ifp_report *report = calloc(1, sizeof *report);
    if (!report) {
        (void)ifp_error_memory(error);
        return NULL;
    }
    report->bound = -INFINITY;
    report->instance = ifp_instance_copy(instance);
    int code =
        report->instance ? ifp_instance_validate(report->instance, error) : ifp_error_memory(error);
    if (code == IFP_OK && plan) {
        report->check = ifp_check_new(report->instance, plan, error);
        code = report->check ? IFP_OK : IFP_ERROR_ARGUMENT;
    } else if (code == IFP_OK) {
        code = ifp_notes_make(report->instance, NULL, &report->notes) ? IFP_OK
                                                                      : ifp_error_memory(error);
    }
    if (code != IFP_OK) {
        ifp_report_free(report);
        return NULL;
    }
    return report;
}

static void destroy(ifp_report *report)
{
    ifp_instance_free(report->instance);
    ifp_check_free(report->check);
    ifp_note_list_clear(&report->notes);
    free(report->points);
    free(report);
}

void ifp_report_free(ifp_report *report)
{
    if (report && ifp_busy_free(&report->busy))
        destroy(report);
}

static int end(ifp_report *report, int code)
{
    if (ifp_busy_end(&report->busy, false))
        destroy(report);
    return code;
}

static void end_read(const ifp_report *report)
{
    if (ifp_busy_end_read(&report->busy))
        destroy((ifp_report *)report);
}

int ifp_report_set_proof(ifp_report *report, int status, double bound)
{
    if (!report || !ifp_status_word(status) || isnan(bound))
        return IFP_ERROR_ARGUMENT;
    if (!ifp_busy_begin(&report->busy, IFP_BUSY_REPORT_CHANGED))
        return IFP_ERROR_BUSY;
    report->status = status;
    report->bound = bound;
    return end(report, IFP_OK);
}

static int add_point(ifp_report *report, double seconds, double objective, double bound)
{
    if (report->point_count > 0 && seconds < report->points[report->point_count - 1].seconds)
        return IFP_ERROR_ARGUMENT;
    if (!ifp_array_reserve(&report->points, &report->point_capacity, report->point_count + 1,
                           sizeof *report->points))
        return IFP_ERROR_MEMORY;
    report->points[report->point_count++] =
        (struct ifp_report_point){.seconds = seconds, .objective = objective, .bound = bound};
    return IFP_OK;
}

int ifp_report_add_progress(ifp_report *report, double seconds, double objective, double bound)
{
    if (!report || !isfinite(seconds) || seconds < 0 || isnan(objective) || isnan(bound))
        return IFP_ERROR_ARGUMENT;
    if (!ifp_busy_begin(&report->busy, IFP_BUSY_REPORT_CHANGED))
        return IFP_ERROR_BUSY;
    return end(report, add_point(report, seconds, objective, bound));
}

struct picture {
    int picture; /* enum ifp_picture */
    const char *word;
    void (*draw)(struct ifp_text *text, const struct ifp_report *report, double width);
};

static const struct picture *find_picture(int picture)
{
    static const struct picture pictures[] = {
        {IFP_PICTURE_TRAFFIC, "traffic", ifp_picture_traffic},
        {IFP_PICTURE_COSTS, "costs", ifp_picture_costs},
        {IFP_PICTURE_FLEET, "fleet", ifp_picture_fleet},
        {IFP_PICTURE_LIMITS, "limits", ifp_picture_limits},
        {IFP_PICTURE_GAP, "gap", ifp_picture_gap},
    };
    for (size_t p = 0; p < sizeof pictures / sizeof *pictures; p++) {
        if (pictures[p].picture == picture)
            return &pictures[p];
    }
    return NULL;
}

const char *ifp_picture_word(int picture)
{
    const struct picture *found = find_picture(picture);
    return found ? found->word : NULL;
}

char *ifp_report_write_svg(const ifp_report *report, int picture, double width)
{
    const struct picture *found = find_picture(picture);
    if (!report || !found || !(width >= NARROWEST) || width > WIDEST)
        return NULL;
    struct ifp_text text = {0};
    ifp_busy_begin_read(&report->busy);
    found->draw(&text, report, width);
    end_read(report);
    return ifp_text_take(&text);
}

char *ifp_report_write_html(const ifp_report *report)
{
    if (!report)
        return NULL;
    struct ifp_text text = {0};
    ifp_busy_begin_read(&report->busy);
    ifp_report_page(&text, report);
    end_read(report);
    return ifp_text_take(&text);
}
