/* SPDX-License-Identifier: MIT */
/* The picture that has words in place of data. */
#include "report/picture.h"

#include "report/svg.h"

void ifp_picture_nothing(struct ifp_text *text, const char *kind, double width, const char *words)
{
    ifp_svg_open(text, kind, width, 40, words);
    ifp_svg_text(text, 4, 24, IFP_SVG_START, "", width - 8, words);
    ifp_svg_close(text);
}
