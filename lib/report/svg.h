/* SPDX-License-Identifier: MIT */
/* Writing SVG: escaped text, coordinates rounded to a tenth, and the few shapes that our pictures
 * need. The text records a failed allocation. */
#ifndef IFP_REPORT_SVG_H
#define IFP_REPORT_SVG_H

#include "util/text.h"

/* Append text escaped for HTML and XML, in elements and in quoted attributes. Characters that XML
 * does not allow, that reorder text or that are invisible become U+FFFD. */
void ifp_markup_text(struct ifp_text *text, const char *string);

enum ifp_svg_anchor { IFP_SVG_START, IFP_SVG_MIDDLE, IFP_SVG_END };

/* Begin a picture of that size, which scales to the width of its container. `label` is for screen
 * readers, and is escaped. The picture includes its styles, so it can stand alone. */
void ifp_svg_open(struct ifp_text *text, const char *kind, double width, double height,
                  const char *label);
void ifp_svg_close(struct ifp_text *text);

/* `title` is a tooltip, which is escaped; there is no tooltip if it is NULL or failed. `fill` is a
 * colour. */
void ifp_svg_rect(struct ifp_text *text, double x, double y, double width, double height,
                  const char *fill, const struct ifp_text *title);

/* An S-shaped band. (x0, y0) and (x1, y1) are its upper corners. */
void ifp_svg_band(struct ifp_text *text, double x0, double y0, double x1, double y1, double height,
                  const char *fill, const struct ifp_text *title);

void ifp_svg_line(struct ifp_text *text, double x0, double y0, double x1, double y1,
                  const char *style);

/* A line of text, cut with an ellipsis if it is wider than `max_width`. `style` has any of the
 * letters b (bold), s (small) and h (with a halo). */
void ifp_svg_text(struct ifp_text *text, double x, double y, enum ifp_svg_anchor anchor,
                  const char *style, double max_width, const char *string);

/* A line of text, and after it a small remark, which is never cut. `remark` may be NULL. */
void ifp_svg_remark(struct ifp_text *text, double x, double y, enum ifp_svg_anchor anchor,
                    const char *style, double max_width, const char *string, const char *remark);

/* Append a number of a coordinate list, and a space. */
void ifp_svg_coordinate(struct ifp_text *text, double value);

/* The approximate width of a line of text in the font size of pictures. */
double ifp_svg_text_width(const char *string);

#endif
