/* SPDX-License-Identifier: MIT */
/* The report handle: setting its data, and choosing a picture. */
#include "report/report.h"

#include <math.h>
#include <stdlib.h>

#include "util/array.h"
#include "util/error.h"
#include "report/picture.h"

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
    if (!report || status < IFP_STATUS_OPTIMAL || status > IFP_STATUS_NO_PLAN || isnan(bound))
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

char *ifp_report_write_svg(const ifp_report *report, int picture, double width)
{
    if (!report || picture < IFP_PICTURE_TRAFFIC || picture > IFP_PICTURE_GAP ||
        !(width >= NARROWEST) || width > WIDEST)
        return NULL;
    struct ifp_text text = {0};
    ifp_busy_begin_read(&report->busy);
    switch (picture) {
    case IFP_PICTURE_TRAFFIC:
        ifp_picture_traffic(&text, report, width);
        break;
    case IFP_PICTURE_COSTS:
        ifp_picture_costs(&text, report, width);
        break;
    case IFP_PICTURE_FLEET:
        ifp_picture_fleet(&text, report, width);
        break;
    case IFP_PICTURE_LIMITS:
        ifp_picture_limits(&text, report, width);
        break;
    default:
        ifp_picture_gap(&text, report, width);
        break;
    }
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
