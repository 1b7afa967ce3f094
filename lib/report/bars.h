/* SPDX-License-Identifier: MIT */
/* Rows of stacked bars: a label, a figure, and below them a bar of parts. */
#ifndef IFP_REPORT_BARS_H
#define IFP_REPORT_BARS_H

#include <stddef.h>

#include "util/text.h"

/* The height of a row. */
#define IFP_BAR_ROW 32.0

struct ifp_bar_segment {
    double value;       /* at least 0 */
    const char *colour; /* borrowed */
    const char *name;   /* for the tooltip, before the part's figure; borrowed */
};

/* Appends the figure of a part, formatted for people. */
typedef void (*ifp_bar_figure)(struct ifp_text *text, double value);

/* One row of that width with its upper edge at y. `whole` is the value of a bar of full width.
 * `label` and `figure` are cut if they are too wide. */
void ifp_bar_row(struct ifp_text *text, double y, double width, const char *label,
                 const struct ifp_text *figure, const struct ifp_bar_segment *segments,
                 size_t count, double whole, ifp_bar_figure segment_figure);

#endif
