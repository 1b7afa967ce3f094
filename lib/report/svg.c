/* SPDX-License-Identifier: MIT */
/* The shapes of svg.h. */
#include "report/svg.h"

#include <math.h>
#include <string.h>

#include "util/unicode.h"
#include "util/utf8.h"

/* The average width of sans-serif letters of size 12. */
static const double LETTER_WIDTH = 6.4;

void ifp_markup_text(struct ifp_text *text, const char *string)
{
    while (*string) {
        const char *c = string;
        enum ifp_unicode kind = ifp_unicode_kind(ifp_utf8_next(&string));
        switch (*c) {
        case '&':
            ifp_text_string(text, "&amp;");
            break;
        case '<':
            ifp_text_string(text, "&lt;");
            break;
        case '>':
            ifp_text_string(text, "&gt;");
            break;
        case '"':
            ifp_text_string(text, "&quot;");
            break;
        case '\'':
            ifp_text_string(text, "&#39;");
            break;
        case '\n':
        case '\t':
            ifp_text_append(text, c, 1);
            break;
        default:
            if (kind == IFP_UNICODE_SHOWN)
                ifp_text_append(text, c, (size_t)(string - c));
            else
                ifp_text_string(text, "\xef\xbf\xbd");
            break;
        }
    }
}

void ifp_svg_coordinate(struct ifp_text *text, double value)
{
    ifp_text_format(text, "%g ", round(value * 10) / 10);
}

static void put_attribute(struct ifp_text *text, const char *name, double value)
{
    ifp_text_format(text, " %s=\"%g\"", name, round(value * 10) / 10);
}

void ifp_svg_open(struct ifp_text *text, const char *kind, double width, double height,
                  const char *label)
{
    ifp_text_format(text, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ifp-%s\" role=\"img\"",
                    kind);
    ifp_text_string(text, " viewBox=\"0 0 ");
    ifp_svg_coordinate(text, width);
    ifp_text_format(text, "%g\" style=\"width:100%%;max-width:", round(height * 10) / 10);
    ifp_text_format(text, "%gpx;height:auto;background:#fff;fill:#222;", 1.5 * round(width));
    ifp_text_string(text, "font:12px system-ui,sans-serif\" aria-label=\"");
    ifp_markup_text(text, label);
    ifp_text_string(text, "\">\n");
}

void ifp_svg_close(struct ifp_text *text)
{
    ifp_text_string(text, "</svg>\n");
}

static void end_shape(struct ifp_text *text, const char *name, const struct ifp_text *title)
{
    if (!title || !title->data || title->failed) {
        ifp_text_string(text, "/>\n");
        return;
    }
    ifp_text_string(text, "><title>");
    ifp_markup_text(text, title->data);
    ifp_text_format(text, "</title></%s>\n", name);
}

void ifp_svg_rect(struct ifp_text *text, double x, double y, double width, double height,
                  const char *fill, const struct ifp_text *title)
{
    ifp_text_string(text, "<rect");
    put_attribute(text, "x", x);
    put_attribute(text, "y", y);
    put_attribute(text, "width", fmax(width, 0));
    put_attribute(text, "height", fmax(height, 0));
    ifp_text_format(text, " fill=\"%s\"", fill);
    end_shape(text, "rect", title);
}

void ifp_svg_band(struct ifp_text *text, double x0, double y0, double x1, double y1, double height,
                  const char *fill, const struct ifp_text *title)
{
    double middle = (x0 + x1) / 2;
    const double points[] = {x0,     y0,          middle, y0,          middle, y1,
                             x1,     y1,          x1,     y1 + height, middle, y1 + height,
                             middle, y0 + height, x0,     y0 + height};
    static const char *const before[] = {"M", "C", "", "", "L", "C", "", ""};
    ifp_text_string(text, "<path d=\"");
    for (size_t p = 0; p < sizeof before / sizeof *before; p++) {
        ifp_text_string(text, before[p]);
        ifp_svg_coordinate(text, points[2 * p]);
        ifp_svg_coordinate(text, points[2 * p + 1]);
    }
    ifp_text_format(text, "Z\" fill=\"%s\" fill-opacity=\"0.75\"", fill);
    end_shape(text, "path", title);
}

void ifp_svg_line(struct ifp_text *text, double x0, double y0, double x1, double y1,
                  const char *style)
{
    ifp_text_string(text, "<line");
    put_attribute(text, "x1", x0);
    put_attribute(text, "y1", y0);
    put_attribute(text, "x2", x1);
    put_attribute(text, "y2", y1);
    ifp_text_format(text, " style=\"%s\"/>\n", style);
}

/* Many letters from U+1100 on (such as Chinese and Korean) are as wide as they are high. */
static double letter_width(uint32_t point)
{
    return point < 0x1100 ? LETTER_WIDTH : 2 * LETTER_WIDTH;
}

double ifp_svg_text_width(const char *string)
{
    double width = 0;
    while (*string)
        width += letter_width(ifp_utf8_next(&string));
    return width;
}

static void put_within(struct ifp_text *text, double max_width, const char *string)
{
    if (ifp_svg_text_width(string) <= max_width) {
        ifp_markup_text(text, string);
        return;
    }
    struct ifp_text cut = {0};
    const char *from = string;
    double left = max_width - 2 * LETTER_WIDTH;
    while (*from) {
        const char *next = from;
        left -= letter_width(ifp_utf8_next(&next));
        if (left < 0)
            break;
        ifp_text_append(&cut, from, (size_t)(next - from));
        from = next;
    }
    ifp_text_string(&cut, "\xe2\x80\xa6");
    text->failed |= cut.failed;
    if (!cut.failed)
        ifp_markup_text(text, cut.data);
    ifp_text_clear(&cut);
}

void ifp_svg_text(struct ifp_text *text, double x, double y, enum ifp_svg_anchor anchor,
                  const char *style, double max_width, const char *string)
{
    ifp_svg_remark(text, x, y, anchor, style, max_width, string, NULL);
}

void ifp_svg_remark(struct ifp_text *text, double x, double y, enum ifp_svg_anchor anchor,
                    const char *style, double max_width, const char *string, const char *remark)
{
    ifp_text_string(text, "<text");
    put_attribute(text, "x", x);
    put_attribute(text, "y", y);
    if (anchor != IFP_SVG_START)
        ifp_text_format(text, " text-anchor=\"%s\"", anchor == IFP_SVG_END ? "end" : "middle");
    if (strchr(style, 'b'))
        ifp_text_string(text, " font-weight=\"600\"");
    if (strchr(style, 's'))
        ifp_text_string(text, " font-size=\"11\" fill=\"#555\"");
    if (strchr(style, 'h'))
        ifp_text_string(text, " style=\"paint-order:stroke;stroke:#fff;stroke-width:3px\"");
    ifp_text_string(text, ">");
    put_within(text, max_width - (remark ? ifp_svg_text_width(remark) + LETTER_WIDTH : 0), string);
    if (remark) {
        ifp_text_string(text, "<tspan dx=\"6\" font-size=\"11\" fill=\"#555\">");
        ifp_markup_text(text, remark);
        ifp_text_string(text, "</tspan>");
    }
    ifp_text_string(text, "</text>\n");
}
