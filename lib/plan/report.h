/* SPDX-License-Identifier: MIT */
/* The report, in memory, and its pictures. */
#ifndef IFP_PLAN_REPORT_H
#define IFP_PLAN_REPORT_H

#include <stddef.h>

#include <inferplan/report.h>

#include "base/text.h"
#include "instance/instance.h"
#include "plan/check.h"

struct ifp_report_point {
    double seconds;
    double objective;
    double bound;
};

struct ifp_report {
    struct ifp_instance *instance;
    ifp_check *check; /* with the plan; NULL: none */
    int status;       /* enum ifp_status; 0: nothing is known */
    double bound;
    struct ifp_report_point *points;
    size_t point_count;
    size_t point_capacity;
};

/* One colour for each part of the cost, wherever it is shown; told apart by the colour-blind. */
extern const char *const ifp_colour_of_cost[IFP_COST_UNMET + 1];

/* Each adds one <svg> element of that width. */
void ifp_picture_traffic(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_costs(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_fleet(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_limits(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_gap(struct ifp_text *text, const struct ifp_report *report, double width);

/* A picture that says in words why there is nothing to show. */
void ifp_picture_nothing(struct ifp_text *text, const char *kind, double width, const char *words);

/* The page of report_page.c. */
void ifp_report_page(struct ifp_text *text, const struct ifp_report *report);

#endif
