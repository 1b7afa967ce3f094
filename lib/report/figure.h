/* SPDX-License-Identifier: MIT */
/* Numbers formatted for people, in text that is safe in HTML. The bytes are the same in every
 * locale. */
#ifndef IFP_REPORT_FIGURE_H
#define IFP_REPORT_FIGURE_H

#include "util/text.h"

/* "$15,300", "$397.12", "$0.0123": whole dollars from 1000 on, cents from 1 on, and three
 * significant digits below that. */
void ifp_figure_dollars(struct ifp_text *text, double value);

/* A fraction as "62 %" or "0.34 %": three significant digits below 10 %, else whole percents, but
 * two decimals between 99 % and 100 %. No fraction below 1 becomes "100 %", and only 0 becomes
 * "0 %". */
void ifp_figure_percent(struct ifp_text *text, double fraction);

/* Three significant digits, or all digits before the decimal point, with commas: "0.0123",
 * "1,234,567". */
void ifp_figure_number(struct ifp_text *text, double value);

/* "1 GPU", "1,234 GPUs". */
void ifp_figure_count(struct ifp_text *text, double count, const char *one, const char *many);

#endif
