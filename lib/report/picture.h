/* SPDX-License-Identifier: MIT */
/* The pictures of a report, and what they share. */
#ifndef IFP_REPORT_PICTURE_H
#define IFP_REPORT_PICTURE_H

#include <stdbool.h>

#include "plan/plan.h"
#include "report/report.h"
#include "util/text.h"

/* Each appends one <svg> element of that width. */
void ifp_picture_traffic(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_costs(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_fleet(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_limits(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_gap(struct ifp_text *text, const struct ifp_report *report, double width);

/* The same for the loads of the deployments that ifp_picture_load_shows. There has to be a plan. */
void ifp_picture_load(struct ifp_text *text, const struct ifp_report *report, double width);

/* Does a load of the deployment mean something? */
bool ifp_picture_load_shows(const struct ifp_plan_deployment *deployment);

/* An empty picture with `words`, the reason for it. */
void ifp_picture_nothing(struct ifp_text *text, const char *kind, double width, const char *words);

#endif
