/* SPDX-License-Identifier: MIT */
/* Rows of stacked bars. */
#include "report/bars.h"

#include <math.h>

#include "report/svg.h"

void ifp_bar_row(struct ifp_text *text, double y, double width, const char *label,
                 const struct ifp_text *figure, const struct ifp_bar_segment *segments,
                 size_t count, double whole, ifp_bar_figure segment_figure)
{
    static const double TEXT = 13;
    static const double BAR_HEIGHT = 10;
    double figure_width = 0;
    text->failed |= figure->failed;
    if (figure->data && !figure->failed) {
        figure_width = fmin(ifp_svg_text_width(figure->data), 0.6 * width);
        ifp_svg_text(text, width, y + TEXT, IFP_SVG_END, "s", figure_width, figure->data);
    }
    ifp_svg_text(text, 0, y + TEXT, IFP_SVG_START, "", width - figure_width - 8, label);
    ifp_svg_rect(text, 0, y + TEXT + 4, width, BAR_HEIGHT, "#eee", NULL);
    double x = 0;
    for (size_t p = 0; p < count; p++) {
        double fraction = whole > 0 && isfinite(whole) ? segments[p].value / whole : 0;
        double length = fmin(fmax(fraction, 0) * width, width - x);
        if (!(length > 0))
            continue;
        struct ifp_text title = {0};
        ifp_text_format(&title, "%s: ", segments[p].name);
        segment_figure(&title, segments[p].value);
        ifp_svg_rect(text, x, y + TEXT + 4, length, BAR_HEIGHT, segments[p].colour, &title);
        text->failed |= title.failed;
        ifp_text_clear(&title);
        x += length;
    }
}
