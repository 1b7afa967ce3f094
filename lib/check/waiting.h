/* SPDX-License-Identifier: MIT */
/*
 * What the verifier makes of head-room: the probability of waiting, and the load L(m) that m
 * replicas may carry. Shares no code and no method with problem/headroom.
 */
#ifndef IFP_CHECK_WAITING_H
#define IFP_CHECK_WAITING_H

#include "instance/instance.h"

/*
 * P(wait > wait_ms) at a load in replicas, for head-room of the kind IFP_HEADROOM_WAIT: `replicas`
 * replicas are slots * replicas servers behind one queue. Both numbers are whole. 0 without load, 1
 * if the load is not below the replicas. Takes time proportional to the number of servers that are
 * idle on average and to the square root of the number of servers.
 */
double ifp_waiting_probability(const struct ifp_headroom_data *headroom, double replicas,
                               double load);

/*
 * The largest load in replicas that m = `replicas` replicas may carry, for every kind of head-room;
 * 0 if m is not above 0. Absent head-room: m. Beyond 1e9 servers the utilization of 1e9 servers is
 * used, as docs/formulation.md defines it.
 */
double ifp_waiting_load(const struct ifp_headroom_data *headroom, double replicas);

#endif
