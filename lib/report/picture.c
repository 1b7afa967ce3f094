/* SPDX-License-Identifier: MIT */
/* What the pictures share: the colours, and the empty picture. */
#include "report/picture.h"

#include "report/svg.h"

const char *const ifp_colour_of_cost[IFP_COST_UNMET + 1] = {
    [IFP_COST_TOTAL] = "#222222", [IFP_COST_RENTAL] = "#4477aa", [IFP_COST_STORAGE] = "#66ccee",
    [IFP_COST_DELAY] = "#ccbb44", [IFP_COST_UNMET] = "#ee6677",
};

void ifp_picture_nothing(struct ifp_text *text, const char *kind, double width, const char *words)
{
    ifp_svg_open(text, kind, width, 40, words);
    ifp_svg_text(text, 4, 24, IFP_SVG_START, "", width - 8, words);
    ifp_svg_close(text);
}
