/* SPDX-License-Identifier: MIT */
/* What a query type feels at an operating point: the equations of docs/formulation.md for a law,
 * for a measured point, and for a configuration without a profile. */
#include "check/operating.h"

#include <math.h>
#include <string.h>

#include "check/waiting.h"
#include "plan/point.h"
#include "util/number.h"

/* A figure that misses its limit by more than this fraction of it is no candidate. */
static const double filter_tolerance = 1e-9;

/* ms in an hour */
static const double hour_ms = 3.6e6;

static const struct ifp_wide not_known = {.high = (double)NAN};

struct ifp_operating ifp_operating_undeployed(const struct ifp_instance *instance, size_t model,
                                              size_t tier)
{
    return (struct ifp_operating){.instance = instance,
                                  .model = model,
                                  .tier = tier,
                                  .degree = 1,
                                  .speedup = 1,
                                  .pace_ms = (double)NAN,
                                  .known = true};
}

static void find_point(struct ifp_operating *operating, const char *point)
{
    const struct ifp_profile_data *profile = operating->profile;
    double pace = 0;
    if (!profile) {
        operating->known = !point;
    } else if (!point) {
        operating->known = false;
    } else if (profile->point_count) {
        size_t p = ifp_point_measured(profile, point);
        operating->known = p < profile->point_count;
        if (operating->known)
            operating->point = &profile->points[p];
    } else {
        operating->known = ifp_point_pace_of_law(profile, point, &pace);
        if (operating->known)
            operating->pace_ms = pace;
    }
}

struct ifp_operating ifp_operating_of(const struct ifp_instance *instance,
                                      const struct ifp_plan_deployment *deployment,
                                      size_t degree_index)
{
    const struct ifp_tier_data *tier = &instance->tiers[deployment->tier];
    struct ifp_operating made =
        ifp_operating_undeployed(instance, deployment->model, deployment->tier);
    made.degree = (double)deployment->degree;
    if (degree_index < tier->tp_degrees.count)
        made.speedup = ifp_tier_speedup(tier, degree_index);
    made.profile =
        ifp_point_profile(instance, deployment->model, deployment->tier, deployment->degree);
    find_point(&made, deployment->point);
    return made;
}

double ifp_operating_counted(const struct ifp_operating *operating, double replicas)
{
    double spare = operating->profile ? operating->profile->spare_replicas : 0;
    return fmax(0, replicas - spare);
}

double ifp_operating_load_limit(const struct ifp_operating *operating, double replicas)
{
    double counted = ifp_operating_counted(operating, replicas);
    return counted > 0
               ? ifp_waiting_load(ifp_instance_headroom(operating->instance, operating->profile),
                                  counted)
               : 0;
}

struct ifp_wide ifp_operating_memory(const struct ifp_operating *operating)
{
    const struct ifp_tier_data *tier = &operating->instance->tiers[operating->tier];
    return IFP_WIDE_PRODUCT(tier->memory_gb, tier->memory_utilization);
}

struct ifp_wide ifp_operating_weights(const struct ifp_operating *operating)
{
    const struct ifp_instance *instance = operating->instance;
    return IFP_WIDE_PRODUCT(instance->models[operating->model].weights_gb,
                            instance->tiers[operating->tier].weight_scale);
}

static struct ifp_figure_felt figure(struct ifp_wide value, struct ifp_wide deviation)
{
    return (struct ifp_figure_felt){.basis = ifp_wide(1), .value = value, .deviation = deviation};
}

/* The deviation of a time: as measured, or else the profile's fraction of its nominal value. */
static struct ifp_wide deviation_of(const struct ifp_operating *operating, double measured,
                                    struct ifp_wide nominal)
{
    return isnan(measured) ? IFP_WIDE_SCALED(nominal, operating->profile->delay_deviation)
                           : ifp_wide(measured);
}

/* first + max(0, f_i - 1) tpot */
static struct ifp_wide end_to_end(const struct ifp_query_data *query, struct ifp_wide first,
                                  struct ifp_wide tpot)
{
    double after_first = fmax(0, query->output_tokens - 1);
    return after_first > 0 ? ifp_wide_plus(first, IFP_WIDE_SCALED(tpot, after_first)) : first;
}

/*
 * A law at the pace tau, with h'_i = h_i (1 - cached_i):
 *   W_ic   = b h'_i + g f_i + k f_i (h_i + (f_i + 1)/2)
 *   1 / mu = W_ic / (3.6e6 (1 - a / tau))
 *   ttft   = (1 + ceil(h'_i / chunk)) tau + b h'_i + network
 *   e2e    = ttft + max(0, f_i - 1) tau;   t_io = (e2e - network) / 3.6e6
 */
static void feel_law(const struct ifp_operating *operating, const struct ifp_query_data *query,
                     struct ifp_felt *felt)
{
    const struct ifp_profile_data *law = operating->profile;
    struct ifp_wide input = ifp_wide_times(ifp_wide(query->input_tokens),
                                           ifp_wide_two_sum(1, -query->cached_input_fraction));
    double f = query->output_tokens;
    struct ifp_wide pace = ifp_wide(operating->pace_ms);
    struct ifp_wide prefill = IFP_WIDE_SCALED(input, law->prefill_ms_per_token);
    struct ifp_wide context = /* h_i + (f_i + 1) / 2 */
        ifp_wide_plus(ifp_wide(query->input_tokens), IFP_WIDE_SCALED(ifp_wide_two_sum(f, 1), 0.5));
    struct ifp_wide work = ifp_wide_plus(prefill, IFP_WIDE_PRODUCT(law->decode_ms_per_token, f));
    ifp_wide_add(&work, IFP_WIDE_SCALED(context, law->context_ms_per_token, f));
    struct ifp_wide fullest = /* 1 - a / tau */
        ifp_wide_minus(ifp_wide(1), ifp_wide_over(ifp_wide(law->iteration_ms), pace));
    felt->replica_hours = ifp_wide_over(work, IFP_WIDE_SCALED(fullest, hour_ms));

    double chunks = 1;
    if (isfinite(law->chunk_tokens))
        chunks = ceil(ifp_wide_get(
            ifp_wide_minus(ifp_wide_over(input, ifp_wide(law->chunk_tokens)), ifp_wide(1e-12))));
    struct ifp_wide first = ifp_wide_plus(IFP_WIDE_SCALED(pace, 1 + fmax(0, chunks)), prefill);
    struct ifp_wide inside = end_to_end(query, first, pace);
    struct ifp_wide ttft = ifp_wide_plus(first, ifp_wide(law->network_ms));
    struct ifp_wide e2e = ifp_wide_plus(inside, ifp_wide(law->network_ms));
    felt->residency_hours = ifp_wide_over(inside, ifp_wide(hour_ms));
    felt->ttft = figure(ttft, deviation_of(operating, (double)NAN, ttft));
    felt->tpot = figure(pace, deviation_of(operating, (double)NAN, pace));
    felt->delay = figure(e2e, deviation_of(operating, (double)NAN, e2e));
}

/* A measured point. A query type that is absent from it is no candidate. */
static void feel_measured(const struct ifp_operating *operating, const struct ifp_query_data *query,
                          struct ifp_felt *felt)
{
    const struct ifp_point_data *point = operating->point;
    const struct ifp_measured_data *entry = NULL;
    for (size_t q = 0; q < point->query_count && !entry; q++) {
        if (strcmp(point->queries[q].query, query->name) == 0)
            entry = &point->queries[q];
    }
    if (!entry) {
        felt->unknown = "it was not measured at this point";
        return;
    }
    struct ifp_wide network = ifp_wide(operating->profile->network_ms);
    struct ifp_wide tpot = ifp_wide(isnan(entry->tpot_ms) ? point->tpot_ms : entry->tpot_ms);
    struct ifp_wide inside = isnan(entry->e2e_ms)
                                 ? end_to_end(query, ifp_wide(entry->ttft_ms), tpot)
                                 : ifp_wide(entry->e2e_ms);
    struct ifp_wide ttft = ifp_wide_plus(ifp_wide(entry->ttft_ms), network);
    struct ifp_wide e2e = ifp_wide_plus(inside, network);
    felt->replica_hours = ifp_wide_over(ifp_wide(1), ifp_wide(entry->rate_per_hour));
    felt->attainment = entry->attainment;
    felt->ttft = figure(ttft, deviation_of(operating, entry->ttft_deviation_ms, ttft));
    felt->tpot = figure(tpot, deviation_of(operating, entry->tpot_deviation_ms, tpot));
    felt->delay = figure(e2e, deviation_of(operating, entry->e2e_deviation_ms, e2e));
    if (isnan(ifp_wide_get(e2e))) {
        felt->delay = figure(not_known, ifp_wide(0));
        felt->unknown = "its delay was not measured at this point";
    }
}

/* delay_ijk = d_ijk r_i / S_k(n) */
static void feel_plain(const struct ifp_operating *operating, size_t i, struct ifp_felt *felt)
{
    const struct ifp_instance *instance = operating->instance;
    const struct ifp_query_data *query = &instance->queries[i];
    double delay =
        ifp_instance_performance(instance, IFP_DELAY, i, operating->model, operating->tier);
    double more = ifp_instance_performance(instance, IFP_DELAY_DEVIATION, i, operating->model,
                                           operating->tier);
    /* r_i */
    struct ifp_wide tokens = ifp_wide_two_sum(query->input_tokens, query->output_tokens);
    felt->delay.basis = ifp_wide_over(tokens, ifp_wide(operating->speedup));
    felt->delay.value = ifp_wide(delay);
    felt->delay.deviation = ifp_wide(isnan(delay) || isnan(more) ? 0 : more);
    if (!instance->residency_is_delay)
        felt->residency_hours = ifp_wide(ifp_instance_performance(
            instance, IFP_KV_RESIDENCY, i, operating->model, operating->tier));
    else if (!isnan(delay))
        felt->residency_hours =
            ifp_wide_over(ifp_wide_times(felt->delay.basis, felt->delay.value), ifp_wide(hour_ms));
    if (!instance->performance[IFP_DELAY].values)
        felt->unknown = "it has neither a profile nor a delay";
    else if (isnan(delay))
        felt->unknown = "its delay or error is null";
    else if (isfinite(query->ttft_limit_ms) || isfinite(query->tpot_limit_ms))
        felt->unknown = "it has a limit per token, and the configuration has no profile";
}

/* In a sample of the stress test, the deviations that were drawn are part of the values. */
static void add_sampled(const struct ifp_operating *operating, size_t i, struct ifp_felt *felt)
{
    const struct ifp_instance *instance = operating->instance;
    struct ifp_figure_felt *const times[] = {&felt->ttft, &felt->tpot, &felt->delay};
    double late = ifp_instance_sampled(instance, instance->sampled_delay, i, operating->model,
                                       operating->tier);
    double wrong = ifp_instance_sampled(instance, instance->sampled_error, i, operating->model,
                                        operating->tier);
    for (size_t t = 0; late > 0 && t < sizeof times / sizeof *times; t++)
        ifp_wide_add(&times[t]->value, IFP_WIDE_SCALED(times[t]->deviation, late));
    if (wrong > 0)
        felt->attainment -= wrong * ifp_instance_performance(instance, IFP_ERROR_DEVIATION, i,
                                                             operating->model, operating->tier);
}

void ifp_operating_feel(const struct ifp_operating *operating, size_t query, struct ifp_felt *felt)
{
    const struct ifp_instance *instance = operating->instance;
    double error = ifp_instance_performance(instance, IFP_ERROR_RATE, query, operating->model,
                                            operating->tier);
    double more = ifp_instance_performance(instance, IFP_ERROR_DEVIATION, query, operating->model,
                                           operating->tier);
    *felt = (struct ifp_felt){
        .ttft = figure(not_known, ifp_wide(0)),
        .tpot = figure(not_known, ifp_wide(0)),
        .delay = figure(not_known, ifp_wide(0)),
        .error = figure(ifp_wide(error), ifp_wide(isnan(error) || isnan(more) ? 0 : more)),
        .attainment = (double)NAN,
    };
    if (!operating->profile)
        feel_plain(operating, query, felt);
    else if (!operating->known)
        felt->unknown = "its deployment is at no point of the profile";
    else if (operating->point)
        feel_measured(operating, &instance->queries[query], felt);
    else
        feel_law(operating, &instance->queries[query], felt);
    if (isnan(error))
        felt->unknown = "its delay or error is null";
    else if (!felt->unknown && !isnan(instance->queries[query].attainment_target) &&
             isnan(felt->attainment))
        felt->unknown = "it has an attainment target, and its attainment was not measured";
    add_sampled(operating, query, felt);
}

struct ifp_wide ifp_operating_factor(const struct ifp_operating *operating,
                                     enum ifp_performance shrink)
{
    const struct ifp_instance *instance = operating->instance;
    double budget = shrink == IFP_DELAY_SHRINK ? instance->delay_budget : instance->error_budget;
    struct ifp_wide cap = ifp_wide(1);
    if (instance->uncertainty == IFP_UNCERTAINTY_NONE)
        return ifp_wide(0);
    if (instance->uncertainty == IFP_UNCERTAINTY_DECISION)
        ifp_wide_add(&cap, ifp_wide(-ifp_instance_shrink(instance, shrink, operating->model,
                                                         operating->tier)));
    if (ifp_wide_get(cap) < 0)
        cap = ifp_wide(0);
    return ifp_wide_above(cap, ifp_wide(budget)) ? ifp_wide(budget) : cap;
}

struct ifp_wide ifp_felt_worst(const struct ifp_figure_felt *felt, struct ifp_wide factor)
{
    struct ifp_wide value = felt->value;
    if (ifp_wide_get(factor) > 0)
        value = ifp_wide_plus(value, ifp_wide_times(felt->deviation, factor));
    return ifp_wide_times(felt->basis, value);
}

/* Does a known value miss the limit? Keeps the first limit that is missed. */
static void hold(struct ifp_filter_result *result, const char *name, const char *unit,
                 struct ifp_wide value, struct ifp_wide limit)
{
    if (result->name || isinf(ifp_wide_get(limit)))
        return;
    struct ifp_wide highest = ifp_wide_plus(limit, IFP_WIDE_SCALED(limit, filter_tolerance));
    if (!ifp_wide_above(value, highest) && !isnan(ifp_wide_get(value)))
        return;
    *result = (struct ifp_filter_result){
        .name = name, .unit = unit, .value = ifp_wide_get(value), .limit = ifp_wide_get(limit)};
}

struct ifp_filter_result ifp_operating_filter(const struct ifp_operating *operating, size_t i,
                                              const struct ifp_felt *felt)
{
    const struct ifp_instance *instance = operating->instance;
    const struct ifp_query_data *query = &instance->queries[i];
    struct ifp_filter_result result = {0};
    struct ifp_wide late = ifp_operating_factor(operating, IFP_DELAY_SHRINK);
    struct ifp_wide wrong = ifp_operating_factor(operating, IFP_ERROR_SHRINK);
    hold(&result, "ttft_limit_ms", "ms", ifp_felt_worst(&felt->ttft, late),
         ifp_wide(query->ttft_limit_ms));
    hold(&result, "tpot_limit_ms", "ms", ifp_felt_worst(&felt->tpot, late),
         ifp_wide(query->tpot_limit_ms));
    if (ifp_instance_limit_basis(instance, i) == IFP_BASIS_ROUTE) {
        hold(&result, "delay_limit_ms", "ms", ifp_felt_worst(&felt->delay, late),
             ifp_wide(query->delay_limit_ms));
        hold(&result, "error_limit", "", ifp_felt_worst(&felt->error, wrong),
             ifp_wide(query->error_limit));
    }
    if (operating->profile || instance->whole_requests) {
        /* kk_k b_j r_i / n against C_k - B_j wk_k / n */
        const struct ifp_tier_data *tier = &instance->tiers[operating->tier];
        struct ifp_wide degree = ifp_wide(operating->degree);
        struct ifp_wide tokens = ifp_wide_two_sum(query->input_tokens, query->output_tokens);
        struct ifp_wide request = IFP_WIDE_SCALED(
            tokens, tier->kv_scale, instance->models[operating->model].kv_gb_per_token);
        struct ifp_wide shard = ifp_wide_over(ifp_operating_weights(operating), degree);
        hold(&result, "the memory for one request", "GB", ifp_wide_over(request, degree),
             ifp_wide_minus(ifp_operating_memory(operating), shard));
    }
    return result;
}
