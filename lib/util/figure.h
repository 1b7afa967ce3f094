/* SPDX-License-Identifier: MIT */
/* Numbers formatted for people. The texts are safe in HTML, and the same in every locale. */
#ifndef IFP_UTIL_FIGURE_H
#define IFP_UTIL_FIGURE_H

#include "util/number_text.h"
#include "util/text.h"

/* On a page: "$15,300", "$397.12", "$0.0123": whole dollars from 1000 on, cents from 1 on, and
 * three significant digits below that. */
void ifp_figure_dollars(struct ifp_text *text, double value);

/* In a column of the terminal: "15300.00". From 0.1 up to 1e12, and for 0, two decimals; else three
 * significant digits, "0.0123" or "1.5e+12". "-" if not finite. */
void ifp_figure_usd(char text[IFP_NUMBER_SIZE], double usd);

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
