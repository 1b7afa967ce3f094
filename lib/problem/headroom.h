/* SPDX-License-Identifier: MIT */
/*
 * Head-room: the load L(m) that m replicas may carry, in replicas. It is given as a utilization, as
 * a table, or by a limit on the waiting time, for which Erlang's delay formula is inverted
 * (docs/formulation.md, Performance under load).
 */
#ifndef IFP_PROBLEM_HEADROOM_H
#define IFP_PROBLEM_HEADROOM_H

#include <stdbool.h>
#include <stddef.h>

#include "instance/instance.h"

/*
 * L(m) for m = `replicas`, a whole number: m if the head-room is absent, 0 if m is not above 0. It
 * does not decrease in m.
 *
 * For a waiting time, m replicas are N = slots * m servers, and L(m) is the largest load l at which
 * at most the fraction 1 - quantile of the requests waits longer than wait_ms. It is at most 1e-12
 * of itself below the exact value and never above it. Its time grows with the square root of N; it
 * is below a millisecond at N = 1e6. Beyond 1e9 servers the utilization of 1e9 servers is used,
 * which is too low by less than 0.1 %.
 *
 * Beyond the end of a table its last step repeats. The step of a table of one entry is this entry.
 */
double ifp_headroom_load(const struct ifp_headroom_data *headroom, double replicas);

/*
 * Is L(m) = u m with one u above 0? Then *utilization is u. So it is without head-room, with a
 * utilization, with a quantile of 0 and with a table of one positive entry.
 */
bool ifp_headroom_is_linear(const struct ifp_headroom_data *headroom, double *utilization);

/*
 * Fill load[0..count-1] with L(1) .. L(count). For waiting times this is several times as fast as
 * single calls, and an entry differs from theirs by at most 1e-12 of it. Returns false if a value
 * exceeds the range of a double; it is then infinite.
 */
bool ifp_headroom_fill(const struct ifp_headroom_data *headroom, size_t count, double *load);

#endif
