/* SPDX-License-Identifier: MIT */
/* A monotonic clock. */
#ifndef IFP_UTIL_CLOCK_H
#define IFP_UTIL_CLOCK_H

/* Seconds since a fixed moment. Changes of the wall clock do not affect it. */
double ifp_clock_seconds(void);

#endif
