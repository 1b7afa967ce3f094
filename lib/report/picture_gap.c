/* SPDX-License-Identifier: MIT */
/* The picture of the gap over the time of a solve: steps on a logarithmic scale from 100 % to
 * 0.01 %. */
#include <math.h>

#include "report/picture.h"
#include "report/svg.h"
#include "result/document.h"
#include "util/figure.h"

static const double LEFT = 52;
static const double TOP = 10;
static const double GAP_HEIGHT = 170;
enum { DECADES = 4 }; /* 1 to 1e-4 */

/* The distance of marks: 1, 2 or 5 times a power of ten, with at most six marks up to `end`. */
static double mark_step(double end)
{
    double step = pow(10, floor(log10(end)) - 1);
    static const double factors[] = {1, 2, 5, 10, 20};
    for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
        if (end / (step * factors[f]) <= 6)
            return step * factors[f];
    }
    return end;
}

/* The y coordinate of a gap. Gaps above the scale are at its top; gaps below it, and 0, are at its
 * bottom. */
static double height_of(double gap)
{
    double fraction = gap > 0 ? -log10(gap) / DECADES : 1;
    return TOP + fmin(fmax(fraction, 0), 1) * GAP_HEIGHT;
}

static void draw_axes(struct ifp_text *text, double width, double end)
{
    static const char *const marks[DECADES + 1] = {"100 %", "10 %", "1 %", "0.1 %", "0.01 %"};
    for (int d = 0; d <= DECADES; d++) {
        double y = TOP + GAP_HEIGHT * d / DECADES;
        ifp_svg_line(text, LEFT, y, width - 8, y, "stroke:#ddd");
        ifp_svg_text(text, LEFT - 6, y + 4, IFP_SVG_END, "s", LEFT, marks[d]);
    }
    double step = mark_step(end);
    for (int m = 0; m * step <= end * (1 + 1e-9); m++) {
        double x = LEFT + (width - 8 - LEFT) * m * step / end;
        struct ifp_text mark = {0};
        ifp_figure_number(&mark, m * step);
        ifp_text_string(&mark, m == 0 ? " s" : "");
        ifp_svg_line(text, x, TOP + GAP_HEIGHT, x, TOP + GAP_HEIGHT + 4, "stroke:#888");
        if (!mark.failed)
            ifp_svg_text(text, x, TOP + GAP_HEIGHT + 17, IFP_SVG_MIDDLE, "s", width, mark.data);
        text->failed |= mark.failed;
        ifp_text_clear(&mark);
    }
}

void ifp_picture_gap(struct ifp_text *text, const struct ifp_report *report, double width)
{
    size_t first = 0;
    while (
        first < report->point_count &&
        !isfinite(ifp_document_gap(report->points[first].objective, report->points[first].bound)))
        first++;
    if (first == report->point_count) {
        ifp_picture_nothing(text, "gap", width,
                            report->point_count > 0 ? "There was no gap: no plan, or no bound."
                                                    : "The solve was not watched.");
        return;
    }
    double end = fmax(report->points[report->point_count - 1].seconds, 1e-3);
    ifp_svg_open(text, "gap", width, TOP + GAP_HEIGHT + 24,
                 "The gap between plan and bound over the time of the solve");
    draw_axes(text, width, end);
    ifp_text_string(text, "<path fill=\"none\" stroke=\"#4477aa\" stroke-width=\"2\" d=\"");
    double x = 0;
    for (size_t p = first; p < report->point_count; p++) {
        const struct ifp_report_point *point = &report->points[p];
        double y = height_of(ifp_document_gap(point->objective, point->bound));
        x = LEFT + (width - 8 - LEFT) * point->seconds / end;
        if (p == first) {
            ifp_text_string(text, "M");
            ifp_svg_coordinate(text, x);
            ifp_svg_coordinate(text, y);
            continue;
        }
        ifp_text_string(text, "H");
        ifp_svg_coordinate(text, x);
        ifp_text_string(text, "V");
        ifp_svg_coordinate(text, y);
    }
    ifp_text_string(text, "\"/>\n");
    const struct ifp_report_point *last = &report->points[report->point_count - 1];
    struct ifp_text title = {0};
    ifp_figure_percent(&title, ifp_document_gap(last->objective, last->bound));
    double y = height_of(ifp_document_gap(last->objective, last->bound));
    ifp_svg_rect(text, x - 3, y - 3, 6, 6, "#4477aa", &title);
    text->failed |= title.failed;
    ifp_text_clear(&title);
    ifp_svg_close(text);
}
