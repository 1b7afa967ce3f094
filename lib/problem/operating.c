/* SPDX-License-Identifier: MIT */
/* Operating points: the paces of a law, and what a query type gets at a pace or measured point. */
#include "problem/operating.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/number_text.h"

static const double MS_PER_HOUR = 3.6e6;

/* ceil(h'_i / chunk): the iterations that prefill the input; 1 without chunks. The margin keeps a
 * whole number of chunks whole after rounding. */
static double chunks_of(const struct ifp_profile_data *profile, double computed_tokens)
{
    static const double WHOLE_MARGIN = 1e-12;
    return isfinite(profile->chunk_tokens)
               ? ceil(computed_tokens / profile->chunk_tokens - WHOLE_MARGIN)
               : 1;
}

/* h'_i = h_i (1 - cached_i) */
static double computed_tokens(const struct ifp_query_data *query)
{
    return query->input_tokens * (1 - query->cached_input_fraction);
}

/* -- paces -- */

/* The largest number of at most six significant digits that is at most `value`. Rounding of the
 * last bits of `value` does not take a digit away. */
static double rounded_down(double value)
{
    enum { DIGITS = 6 };
    static const double LAST_BITS = 1e-12;
    double rounded = ifp_number_to_digits(value, DIGITS);
    if (!(value > 0) || rounded <= value * (1 + LAST_BITS))
        return rounded;
    double unit = pow(10, floor(log10(value)) - DIGITS + 1);
    return ifp_number_to_digits(rounded - unit, DIGITS);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Sort the paces; of paces that differ by rounding only, keep the first. */
static size_t distinct(double *paces, size_t count)
{
    static const double ROUNDING = 1e-12;
    size_t kept = 0;
    qsort(paces, count, sizeof *paces, ascending);
    for (size_t p = 0; p < count; p++) {
        if (!kept || paces[p] > paces[kept - 1] * (1 + ROUNDING))
            paces[kept++] = paces[p];
    }
    return kept;
}

/* The paces at which the query types that state a limit meet it exactly, rounded down. Returns
 * their number, at most three for each query type. */
static size_t limit_paces(const struct ifp_instance *instance,
                          const struct ifp_profile_data *profile, double *paces)
{
    size_t count = 0;
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        double tokens = computed_tokens(query);
        double chunks = chunks_of(profile, tokens);
        double fixed = profile->prefill_ms_per_token * tokens + profile->network_ms;
        if (isfinite(query->tpot_limit_ms))
            paces[count++] = rounded_down(query->tpot_limit_ms);
        if (isfinite(query->ttft_limit_ms))
            paces[count++] = rounded_down((query->ttft_limit_ms - fixed) / (1 + chunks));
        /* Without chunks and output tokens no pace meets the limit exactly. */
        if (isfinite(query->delay_limit_ms) && chunks + query->output_tokens > 0)
            paces[count++] =
                rounded_down((query->delay_limit_ms - fixed) / (chunks + query->output_tokens));
    }
    return count;
}

size_t ifp_operating_paces(const struct ifp_instance *instance,
                           const struct ifp_profile_data *profile, double **paces)
{
    enum { PER_QUERY = 3 };
    static const double SLOWEST = 10;  /* of iteration_ms, without limits */
    static const double FASTEST = 1.1; /* of iteration_ms */
    size_t given = profile->paces_ms.count;
    size_t steps = (size_t)instance->paces;
    double *list = malloc((given + PER_QUERY * instance->query_count + steps + 1) * sizeof *list);
    *paces = list;
    if (!list)
        return 0;
    if (given) {
        memcpy(list, profile->paces_ms.values, given * sizeof *list);
        return distinct(list, given);
    }
    double iteration = profile->iteration_ms;
    size_t limits = limit_paces(instance, profile, list);
    double top = limits ? list[0] : SLOWEST * iteration;
    for (size_t p = 1; p < limits; p++)
        top = fmax(top, list[p]);
    size_t count = 0;
    for (size_t p = 0; p < limits; p++) {
        if (list[p] > iteration)
            list[count++] = list[p];
    }
    double first = FASTEST * iteration;
    for (size_t k = 0; top > first && k < steps; k++)
        list[count++] = k > 0 && k + 1 == steps
                            ? top
                            : first * pow(top / first, k > 0 ? (double)k / (double)(steps - 1) : 0);
    return distinct(list, count);
}

/* -- what a query type gets -- */

/* A deviation that was not given is a fraction of the nominal value. */
static double deviation(const struct ifp_profile_data *profile, double given, double nominal)
{
    return isnan(given) ? profile->delay_deviation * nominal : given;
}

/* The time of the tokens after the first one. */
static double after_first(const struct ifp_query_data *query, double tpot_ms)
{
    return query->output_tokens > 1 ? (query->output_tokens - 1) * tpot_ms : 0;
}

struct ifp_operation ifp_operation_by_law(const struct ifp_instance *instance,
                                          const struct ifp_profile_data *profile, double pace_ms,
                                          size_t query)
{
    const struct ifp_query_data *i = &instance->queries[query];
    double tokens = computed_tokens(i);
    double inside =
        (1 + chunks_of(profile, tokens)) * pace_ms + profile->prefill_ms_per_token * tokens;
    double e2e = inside + after_first(i, pace_ms);
    /* W_ic = b h'_i + g f_i + k f_i (h_i + (f_i + 1) / 2), ms of engine time for a request */
    double work = profile->prefill_ms_per_token * tokens +
                  profile->decode_ms_per_token * i->output_tokens +
                  profile->context_ms_per_token * i->output_tokens *
                      (i->input_tokens + (i->output_tokens + 1) / 2);
    struct ifp_operation made = {
        .ttft_ms = inside + profile->network_ms,
        .tpot_ms = pace_ms,
        .e2e_ms = e2e + profile->network_ms,
        /* 1 - a / tau as a quotient, so that a pace near iteration_ms loses no digits. */
        .load =
            i->rate_per_hour / MS_PER_HOUR * work / ((pace_ms - profile->iteration_ms) / pace_ms),
        .residency_hours = e2e / MS_PER_HOUR,
        .attainment = NAN,
    };
    made.ttft_deviation_ms = deviation(profile, NAN, made.ttft_ms);
    made.tpot_deviation_ms = deviation(profile, NAN, made.tpot_ms);
    made.e2e_deviation_ms = deviation(profile, NAN, made.e2e_ms);
    return made;
}

struct ifp_operation ifp_operation_measured(const struct ifp_instance *instance,
                                            const struct ifp_profile_data *profile,
                                            const struct ifp_point_data *point,
                                            const struct ifp_measured_data *measured, size_t query)
{
    const struct ifp_query_data *i = &instance->queries[query];
    double tpot = isnan(measured->tpot_ms) ? point->tpot_ms : measured->tpot_ms;
    double e2e =
        isnan(measured->e2e_ms) ? measured->ttft_ms + after_first(i, tpot) : measured->e2e_ms;
    struct ifp_operation made = {
        .ttft_ms = measured->ttft_ms + profile->network_ms,
        .tpot_ms = tpot,
        .e2e_ms = e2e + profile->network_ms,
        .load = i->rate_per_hour / measured->rate_per_hour,
        .attainment = measured->attainment,
    };
    made.ttft_deviation_ms = deviation(profile, measured->ttft_deviation_ms, made.ttft_ms);
    made.tpot_deviation_ms = deviation(profile, measured->tpot_deviation_ms, made.tpot_ms);
    made.e2e_deviation_ms = deviation(profile, measured->e2e_deviation_ms, made.e2e_ms);
    return made;
}
