/* SPDX-License-Identifier: MIT */
/*
 * Erlang's loss formula by its recursion over the servers (Jagerman, Some properties of the Erlang
 * loss function, Bell System Technical Journal 53, 1974), written for I = 1/B:
 *
 *   I(0) = 1,  I(n) = 1 + n/a I(n-1);   1/C = (1 - a/N) I(N) + a/N,
 *   P(wait > w) = C exp(-2 (N - a) w / ((1 + cv2) D)).
 *
 * All terms are positive, so no digits cancel. Where I overflows, C is below 1e-300 and counts as
 * 0. The largest load is found by bisection.
 */
#include "check/waiting.h"

#include <math.h>

/* An error of I(n) at n = a - t sqrt(a) is multiplied by at most exp(-t^2/2) on its way to a. So
 * the recursion may begin there with any number: 4e-32 at this t. */
static const double START_DISTANCE = 12;

static const double SERVERS_DEFINED = 1e9;

/* 1/B, or infinity. */
static double inverse_loss(double servers, double load)
{
    double n = fmax(0, floor(load - START_DISTANCE * sqrt(load)) - 1);
    double inverse = 1;
    while (n < servers && inverse < INFINITY) {
        n++;
        inverse = 1 + n / load * inverse;
    }
    return inverse;
}

double ifp_waiting_probability(const struct ifp_headroom_data *headroom, double replicas,
                               double load)
{
    if (!(load > 0))
        return 0;
    if (load >= replicas)
        return 1;
    double servers = headroom->slots * replicas;
    double busy = headroom->slots * load;
    double idle = headroom->slots * (replicas - load);
    double delay = 1 / (busy / servers + idle / servers * inverse_loss(servers, busy));
    double rate = 2 * (headroom->wait_ms / headroom->service_ms) / (1 + headroom->cv2);
    return delay * exp(-rate * idle);
}

static double waiting_load(const struct ifp_headroom_data *headroom, double replicas)
{
    if (headroom->slots * replicas > SERVERS_DEFINED) {
        struct ifp_headroom_data large = *headroom;
        large.slots = SERVERS_DEFINED;
        return waiting_load(&large, 1) * replicas;
    }
    double allowed = 1 - headroom->quantile;
    double low = 0, high = replicas;
    if (allowed >= 1)
        return replicas;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return low;
        if (ifp_waiting_probability(headroom, replicas, middle) <= allowed)
            low = middle;
        else
            high = middle;
    }
}

double ifp_waiting_load(const struct ifp_headroom_data *headroom, double replicas)
{
    if (!(replicas > 0))
        return 0;
    if (headroom->kind == IFP_HEADROOM_UTILIZATION)
        return replicas * headroom->utilization;
    if (headroom->kind == IFP_HEADROOM_WAIT)
        return waiting_load(headroom, replicas);
    if (headroom->kind != IFP_HEADROOM_TABLE)
        return replicas;
    const struct ifp_numbers *table = &headroom->table;
    double load = 0, step = 0;
    for (size_t m = 1; m <= table->count && (double)m <= replicas; m++) {
        step = table->values[m - 1] - load;
        load = table->values[m - 1];
    }
    double beyond = floor(replicas) - (double)table->count;
    return beyond > 0 ? load + beyond * step : load;
}
