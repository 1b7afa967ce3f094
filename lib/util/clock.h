/* SPDX-License-Identifier: MIT */
/* Time that only moves forward. */
#ifndef IFP_UTIL_CLOCK_H
#define IFP_UTIL_CLOCK_H

/* Seconds since some fixed moment; unaffected by changes of the wall clock. */
double ifp_clock_seconds(void);

#endif
