/* SPDX-License-Identifier: MIT */
/* Writing SVG: escaped text, coordinates to a tenth, and the few shapes that our pictures need. A
 * failed allocation is kept in the text, as everywhere. */
#ifndef IFP_REPORT_SVG_H
#define IFP_REPORT_SVG_H

#include "util/text.h"

/* Text for HTML and XML, in elements and in quoted attributes. What XML cannot hold, and what would
 * turn the text around or not be seen, becomes U+FFFD. */
void ifp_markup_text(struct ifp_text *text, const char *string);

enum ifp_svg_anchor { IFP_SVG_START, IFP_SVG_MIDDLE, IFP_SVG_END };

/* A picture of that size, which scales to the width of what it stands in; `label` is for those who
 * do not see it, and is escaped. Its styles are in it, so that it can stand alone. */
void ifp_svg_open(struct ifp_text *text, const char *kind, double width, double height,
                  const char *label);
void ifp_svg_close(struct ifp_text *text);

/* title: what a pointer over it shows, escaped; NULL or failed: nothing. fill: a colour. */
void ifp_svg_rect(struct ifp_text *text, double x, double y, double width, double height,
                  const char *fill, const struct ifp_text *title);

/* A band between (x0, y0) and (x1, y1), the upper corners, in the form of an S. */
void ifp_svg_band(struct ifp_text *text, double x0, double y0, double x1, double y1, double height,
                  const char *fill, const struct ifp_text *title);

void ifp_svg_line(struct ifp_text *text, double x0, double y0, double x1, double y1,
                  const char *style);

/* A line of text, cut with "..." where it is wider than `room`. style: "", "b" bold, "s" small, "h"
 * with a halo. */
void ifp_svg_text(struct ifp_text *text, double x, double y, enum ifp_svg_anchor anchor,
                  const char *style, double room, const char *string);

/* The same with a small remark behind it, which is never cut; NULL: none. */
void ifp_svg_remark(struct ifp_text *text, double x, double y, enum ifp_svg_anchor anchor,
                    const char *style, double room, const char *string, const char *remark);

/* A number of a coordinate list, with a blank behind it. */
void ifp_svg_coordinate(struct ifp_text *text, double value);

/* The width of a line of text in the size that pictures have, roughly. */
double ifp_svg_text_width(const char *string);

#endif
