/* SPDX-License-Identifier: MIT */
/*
 * Erlang's delay formula C(N, a), N servers at a load of a servers, comes from his loss formula B:
 *
 *   1/C = a/N + (1 - a/N) / B,   1/B = 1/p - U,   U = sum over k >= 1 of a^k / ((N+1) .. (N+k)),
 *
 * with p = exp(-a) a^N / N!, the Poisson probability of N: B is p over the probability of at most N
 * (Cooper, Introduction to Queueing Theory, 1981, section 3.3), and p U is the probability of more
 * than N. For a <= N that is less than one half, so the difference loses at most one bit. The terms
 * of U fall like exp(-(g k + k^2/2) / N), g = N - a, so O(sqrt N) of them are needed near
 * saturation and few elsewhere. p comes from Stirling's series and the deviance (Loader, Fast and
 * accurate computation of binomial probabilities, 2000), as a logarithm, which cannot overflow.
 *
 * The probability of waiting longer than w is C exp(-r (N - a)), r = 2 w / ((1 + cv2) D) (Kimura,
 * Diffusion approximation for an M/G/m queue, Operations Research 31, 1983). Its logarithm is
 * solved for a by Newton's method, with dB/da = B (N/a - 1 + B), between bounds. The gap g is kept
 * apart from a, so that it is as accurate as a when a is close to N.
 */
#include "problem/headroom.h"

#include <math.h>

static const double SERVERS_MAX = 1e9;

/* The logarithm of the probability at the load returned is between these two below its limit, as
 * far as doubles are dense enough. Its rounding errors are smaller than the first. */
static const double MARGIN = 2e-13;
static const double MARGIN_AIMED = 4e-13;

/* A load this fraction of itself below the solution is the solution. */
static const double LOAD_TOLERANCE = 2e-13;

static const int NEWTON_STEPS_MAX = 400;

struct waiting {
    double slots;
    double servers;  /* N */
    double rate;     /* r */
    double limit;    /* log(1 - quantile) */
    double stirling; /* log N! - (N log N - N) */
};

/* log N! - (N log N - N) for N > 0, by Stirling's series. The recursion begins at an N for which it
 * is accurate. */
static double stirling(double servers)
{
    const double pi = 3.14159265358979323846;
    double sum = 0.5 * log(2 * pi * servers);
    for (; servers < 16; servers++)
        sum += (servers + 0.5) * log1p(1 / servers) - 1;
    double inverse = 1 / servers, square = inverse * inverse;
    double series = 1.0 / 1188;
    series = 1.0 / 1680 - square * series;
    series = 1.0 / 1260 - square * series;
    series = 1.0 / 360 - square * series;
    series = 1.0 / 12 - square * series;
    return sum + inverse * series;
}

/* -d - log(1 - d), given 1 - d as well, to the last digits for small d too. */
static double deviance(double d, double complement)
{
    if (d > 0.1)
        return -d - log(complement);
    double v = d / (2 - d), square = v * v;
    double series = 0;
    for (int k = 17; k >= 3; k -= 2)
        series = series * square + 1.0 / k;
    return d * v + 2 * v * square * series;
}

/* U, by Horner's rule from the smallest term up. */
static double upper_series(double servers, double load, double gap)
{
    const double logarithm = 39; /* terms below exp(-39) are left out */
    double b = gap - logarithm, root = sqrt(b * b + 2 * logarithm * servers);
    double terms = b > 0 ? 2 * logarithm * servers / (b + root) : root - b;
    double sum = 0;
    for (double k = ceil(terms) + 1; k > 0; k--)
        sum = (1 + sum) * (load / (servers + k));
    return sum;
}

/* The logarithm of the probability over its limit, at most 0 where that is kept, at a load of
 * `load` = N - `gap` servers, both above 0. *slope becomes its derivative by the load, above 0. */
static double excess(const struct waiting *waiting, double load, double gap, double *slope)
{
    double servers = waiting->servers, idle = gap / servers, busy = load / servers;
    double log_p = -waiting->stirling - servers * deviance(idle, busy);
    double upper = upper_series(servers, load, gap);
    double log_inverse = -log_p + log1p(-upper * exp(log_p)); /* of B */
    double log_delay, delay_slope;
    if (log_inverse < 600) {
        double inverse = exp(log_inverse);
        double reciprocal = busy + idle * inverse; /* of C */
        log_delay = -log(reciprocal);
        delay_slope = ((inverse - 1) / servers + idle * (inverse * gap / load + 1)) / reciprocal;
    } else {
        log_delay = -log(idle) - log_inverse;
        delay_slope = 1 / gap + gap / load;
    }
    *slope = delay_slope + waiting->rate;
    return log_delay - waiting->rate * gap - waiting->limit;
}

/* The load in replicas, near `start` if that is between 0 and `replicas`. */
static double solve(const struct waiting *waiting, double replicas, double start)
{
    double low = 0, high = replicas; /* the solution is in [low, high) */
    double result = start > low && start < high ? start : replicas / 2;
    for (int step = 0; step < NEWTON_STEPS_MAX; step++) {
        double load = waiting->slots * result;
        double gap = fma(-waiting->slots, result, waiting->servers), slope;
        double over = excess(waiting, load, gap, &slope);
        double change = -(over + MARGIN_AIMED) / slope;
        if (over <= -MARGIN) {
            low = result;
            if (change <= LOAD_TOLERANCE * load)
                break;
        } else {
            high = result;
        }
        /* The function is close to linear in the logarithm of a small load. */
        double next = load < gap ? result * exp(fmax(change / load, -30))
                                 : (waiting->servers - (gap - change)) / waiting->slots;
        if (over > -MARGIN && next >= result)
            next = nextafter(result, 0);
        if (next >= high && high >= replicas)
            next = nextafter(high, 0);
        if (!(next > low && next < high))
            next = low > 0 ? low + (high - low) / 2 : high / 4;
        if (next <= low || next >= high)
            break;
        result = next;
    }
    return low;
}

/* L(m) for a waiting time. */
static double waiting_load(const struct ifp_headroom_data *headroom, double replicas, double start)
{
    double fraction = 1 - headroom->quantile;
    if (fraction >= 1)
        return replicas;
    if (!(fraction > 0))
        return 0;
    if (headroom->slots * replicas > SERVERS_MAX) {
        struct ifp_headroom_data one = *headroom; /* replica with all the servers */
        one.slots = SERVERS_MAX;
        return replicas * waiting_load(&one, 1, start / replicas);
    }
    struct waiting waiting = {.slots = headroom->slots, .servers = headroom->slots * replicas};
    waiting.rate = 2 * (headroom->wait_ms / headroom->service_ms) / (1 + headroom->cv2);
    waiting.rate = fmin(waiting.rate, 1e200);
    waiting.limit = log(fraction);
    waiting.stirling = stirling(waiting.servers);
    return solve(&waiting, replicas, start);
}

static double table_load(const struct ifp_numbers *table, double replicas)
{
    size_t count = table->count;
    double last = table->values[count - 1];
    if (replicas < 1)
        return 0;
    if (replicas <= (double)count)
        return table->values[(size_t)replicas - 1];
    double before = count > 1 ? table->values[count - 2] : 0;
    return last > before ? last + (replicas - (double)count) * (last - before) : last;
}

static double load_near(const struct ifp_headroom_data *headroom, double replicas, double start)
{
    if (!(replicas > 0))
        return 0;
    switch (headroom->kind) {
    case IFP_HEADROOM_UTILIZATION:
        return headroom->utilization * replicas;
    case IFP_HEADROOM_WAIT:
        return waiting_load(headroom, replicas, start);
    case IFP_HEADROOM_TABLE:
        return table_load(&headroom->table, replicas);
    default:
        return replicas;
    }
}

double ifp_headroom_load(const struct ifp_headroom_data *headroom, double replicas)
{
    return load_near(headroom, replicas, 0);
}

bool ifp_headroom_is_linear(const struct ifp_headroom_data *headroom, double *utilization)
{
    bool linear = true;
    *utilization = 1;
    switch (headroom->kind) {
    case IFP_HEADROOM_UTILIZATION:
        *utilization = headroom->utilization;
        break;
    case IFP_HEADROOM_WAIT:
        linear = headroom->quantile <= 0;
        break;
    case IFP_HEADROOM_TABLE:
        linear = headroom->table.count == 1 && headroom->table.values[0] > 0;
        *utilization = linear ? headroom->table.values[0] : 1;
        break;
    default:
        break;
    }
    return linear;
}

bool ifp_headroom_fill(const struct ifp_headroom_data *headroom, size_t count, double *load)
{
    bool finite = true;
    for (size_t i = 0; i < count; i++) {
        double start = 0;
        if (i >= 4) /* the cubic through the last four */
            start = 4 * (load[i - 1] + load[i - 3]) - 6 * load[i - 2] - load[i - 4];
        load[i] = load_near(headroom, (double)(i + 1), start);
        finite = finite && isfinite(load[i]);
    }
    return finite;
}
