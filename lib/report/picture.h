/* SPDX-License-Identifier: MIT */
/* The pictures of a report, and what they share. */
#ifndef IFP_REPORT_PICTURE_H
#define IFP_REPORT_PICTURE_H

#include "report/report.h"
#include "util/text.h"

/* Each appends one <svg> element of that width. */
void ifp_picture_traffic(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_costs(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_fleet(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_limits(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_gap(struct ifp_text *text, const struct ifp_report *report, double width);

/* An empty picture with `words`, the reason for it. */
void ifp_picture_nothing(struct ifp_text *text, const char *kind, double width, const char *words);

#endif
