/* SPDX-License-Identifier: MIT */
/* Numbers as people read them, in text that may stand in HTML: the same bytes in every locale. */
#ifndef IFP_REPORT_FIGURE_H
#define IFP_REPORT_FIGURE_H

#include "util/text.h"

/* "$15,300", "$397.12", "$0.0123": whole dollars from 1000 on, cents from 1 on, and three digits of
 * what is less. */
void ifp_figure_dollars(struct ifp_text *text, double value);

/* A fraction as "62 %", "0.34 %": three digits below 10 %, else whole percents, and never "100 %"
 * or "0 %" of what is not. */
void ifp_figure_percent(struct ifp_text *text, double fraction);

/* Three digits of the number, all of those before the point, with commas: "0.0123", "1,234,567". */
void ifp_figure_number(struct ifp_text *text, double value);

/* "1 GPU", "1,234 GPUs". */
void ifp_figure_count(struct ifp_text *text, double count, const char *one, const char *many);

#endif
