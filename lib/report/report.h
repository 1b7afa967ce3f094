/* SPDX-License-Identifier: MIT */
/* The report, in memory. */
#ifndef IFP_REPORT_REPORT_H
#define IFP_REPORT_REPORT_H

#include <stddef.h>

#include <inferplan/report.h>

#include "check/check.h"
#include "instance/instance.h"
#include "util/busy.h"
#include "util/text.h"

struct ifp_report_point {
    double seconds;
    double objective;
    double bound;
};

struct ifp_report {
    struct ifp_instance *instance;
    ifp_check *check;           /* with the plan; NULL: no plan */
    struct ifp_note_list notes; /* on the instance; empty if there is a check */
    int status;                 /* enum ifp_status; 0: unknown */
    double bound;
    struct ifp_report_point *points;
    size_t point_count;
    size_t point_capacity;
    struct ifp_busy busy;
};

/* Write the page (report_page.c). */
void ifp_report_page(struct ifp_text *text, const struct ifp_report *report);

#endif
