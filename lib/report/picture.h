/* SPDX-License-Identifier: MIT */
/* The pictures of a report, and what they share. */
#ifndef IFP_REPORT_PICTURE_H
#define IFP_REPORT_PICTURE_H

#include "util/text.h"
#include "report/report.h"

/* One colour for each part of the cost, in all pictures. Colour-blind readers can distinguish them.
 */
extern const char *const ifp_colour_of_cost[IFP_COST_UNMET + 1];

/* Each appends one <svg> element of that width. */
void ifp_picture_traffic(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_costs(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_fleet(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_limits(struct ifp_text *text, const struct ifp_report *report, double width);
void ifp_picture_gap(struct ifp_text *text, const struct ifp_report *report, double width);

/* An empty picture with `words`, the reason for it. */
void ifp_picture_nothing(struct ifp_text *text, const char *kind, double width, const char *words);

#endif
