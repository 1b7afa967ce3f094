/* SPDX-License-Identifier: MIT */
/* Building a problem: coefficients from the instance, filtered. Symbols are those of
 * docs/formulation.md. */
#include "problem/build.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "problem/filter.h"
#include "problem/operating.h"
#include "util/array.h"
#include "util/number.h"

/* Configurations between two polls of the cancel. */
enum { PER_POLL = 256 };

/* -- demands -- */

/* The largest unmet fraction. Near 1, the fraction that must be served may be as small as rounding
 * errors, which the verifier accepts. Their cost can matter, so the rounding is added here. */
static double max_unmet(double fraction, double slack)
{
    double rounding = fraction > 0.5 ? DBL_EPSILON / 2 : 0;
    return fmin(1, fraction + slack + rounding);
}

/* Is the residency the same for all routes of a query type? */
static bool residency_is_shared(const struct ifp_instance *instance)
{
    return !instance->residency_is_delay && instance->performance[IFP_KV_RESIDENCY].rank <= 1;
}

/* The limits on service levels: of the mean, or of each route. */
static void set_limits(const struct ifp_instance *instance, double slack, size_t query,
                       struct ifp_demand *demand)
{
    const struct ifp_query_data *i = &instance->queries[query];
    bool by_route = ifp_instance_limit_basis(instance, query) == IFP_BASIS_ROUTE;
    const double given[] = {
        [IFP_SERVICE_DELAY] = i->delay_limit_ms, [IFP_SERVICE_ERROR] = i->error_limit};
    for (int l = 0; l < IFP_SERVICE_COUNT; l++) {
        demand->limit[l] = INFINITY;
        demand->route_limit[l] = INFINITY;
    }
    for (int l = IFP_SERVICE_DELAY; l <= IFP_SERVICE_ERROR; l++) {
        if (by_route)
            demand->route_limit[l] = given[l];
        else
            demand->limit[l] = given[l] * (1 + slack);
    }
    if (!isnan(i->attainment_target))
        demand->limit[IFP_SERVICE_MISSED] = (1 - i->attainment_target) * (1 + slack);
    demand->ttft_limit_ms = i->ttft_limit_ms;
    demand->tpot_limit_ms = i->tpot_limit_ms;
}

static bool build_demands(const struct ifp_instance *instance, struct ifp_problem *problem)
{
    double penalty_hours = ifp_instance_penalty_hours(instance);
    bool shared = residency_is_shared(instance);
    problem->query_count = instance->query_count;
    problem->demands = calloc(instance->query_count, sizeof *problem->demands);
    if (!problem->demands)
        return false;
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        double tokens_per_hour =
            (query->input_tokens + query->output_tokens) * query->rate_per_hour;
        double storage_gb = query->storage_gb_per_token * tokens_per_hour;
        problem->demands[i] = (struct ifp_demand){
            .unmet_usd = penalty_hours * query->unmet_penalty_usd * query->rate_per_hour,
            .delay_usd = penalty_hours * query->delay_penalty_usd_per_ms * query->rate_per_hour,
            .max_unmet = max_unmet(query->max_unmet, problem->slack),
            .residency_hours = shared
                                   ? ifp_instance_performance(instance, IFP_KV_RESIDENCY, i, 0, 0)
                                   : (double)NAN,
            .tokens_per_hour = tokens_per_hour,
            .tflop_per_1k_tokens = query->tflop_per_1k_tokens,
            .storage_gb = storage_gb,
            .storage_usd = ifp_account_storage_usd(instance, storage_gb),
        };
        set_limits(instance, problem->slack, i, &problem->demands[i]);
    }
    return true;
}

bool ifp_build_begin(const struct ifp_instance *instance, double slack, struct ifp_problem *made)
{
    made->model_count = instance->model_count;
    made->tier_count = instance->tier_count;
    made->slack = slack;
    made->tolerance = fmin(IFP_HOLDS_TOLERANCE, fmax(0, IFP_VERIFY_TOLERANCE - slack));
    made->placement = (enum ifp_placement)instance->placement;
    made->slo_basis = (enum ifp_slo_basis)instance->slo_basis;
    made->has_needs = instance->profile_count > 0;
    made->several = isinf(instance->deployments_per_pair);
    made->uncertain = instance->uncertainty != IFP_UNCERTAINTY_NONE;
    made->coupled =
        instance->uncertainty == IFP_UNCERTAINTY_DECISION && instance->level == IFP_LEVEL_QUERY;
    made->deviation_budget[IFP_SERVICE_DELAY] = instance->delay_budget;
    made->deviation_budget[IFP_SERVICE_ERROR] = instance->error_budget;
    made->deviation_budget[IFP_SERVICE_MISSED] = instance->error_budget;
    made->penalty_max = INFINITY;
    return ifp_account_open(instance, made) && build_demands(instance, made);
}

/* -- configurations -- */

/* a b - c d, accurate to the last digits even if the products cancel. */
static double difference_of_products(double a, double b, double c, double d)
{
    double first = a * b;
    double second = c * d;
    double rest = fma(a, b, -first) - fma(c, d, -second);
    return (first - second) + rest;
}

/* Where a configuration is driven: a profile, and a point or a pace of it, in the terms of
 * ifp_configuration. */
struct driven {
    size_t profile;
    size_t point;
    double pace_ms;
};

static const struct driven without_profile = {SIZE_MAX, SIZE_MAX, NAN};

static const struct ifp_profile_data *profile_of(const struct ifp_instance *instance,
                                                 size_t profile)
{
    return profile == SIZE_MAX ? NULL : &instance->profiles[profile];
}

/* *made becomes the configuration. Returns false if out of memory. */
static bool make_configuration(const struct ifp_instance *instance, struct ifp_problem *problem,
                               size_t model, size_t tier, size_t degree_index, struct driven driven,
                               struct ifp_configuration *made)
{
    const struct ifp_model_data *j = &instance->models[model];
    const struct ifp_tier_data *k = &instance->tiers[tier];
    const struct ifp_profile_data *profile = profile_of(instance, driven.profile);
    double degree = k->tp_degrees.values[degree_index];
    double memory_gb = k->memory_gb * k->memory_utilization;
    /* The rounding of this product would be large in a small difference below. */
    double rounded_gb = fma(k->memory_gb, k->memory_utilization, -memory_gb);
    double spare = profile ? profile->spare_replicas : 0;
    *made = (struct ifp_configuration){
        .model = model,
        .tier = tier,
        .degree_index = degree_index,
        .profile = driven.profile,
        .point = driven.point,
        .pace_ms = driven.pace_ms,
        .degree = degree,
        /* Replicas that only stand by serve nothing. */
        .min_replicas = fmax(spare + 1, profile ? profile->min_replicas : 1),
        .max_replicas = instance->max_replicas,
        .spare = spare,
        .weights_gb = j->weights_gb * k->weight_scale,
        .kv_gb = (difference_of_products(memory_gb, degree, j->weights_gb, k->weight_scale) +
                  rounded_gb * degree) *
                 (1 + problem->slack),
        .kv_gb_per_token = k->kv_scale * j->kv_gb_per_token,
        .compute_scale = j->compute_scale,
    };
    for (int capacity = 0; capacity < IFP_CAPACITY_COUNT; capacity++)
        made->whole[capacity] = 1;
    if (!ifp_capacity_table(problem, ifp_instance_headroom(instance, profile), &made->load_table,
                            &made->utilization))
        return false;
    made->tflops = k->tflops * degree * made->utilization * (1 + problem->slack);
    ifp_account_enter(instance, problem, made);
    return true;
}

/* Count the last configuration in, unless it can never be rented. */
static void keep_configuration(struct ifp_problem *problem)
{
    struct ifp_configuration *made = &problem->configurations[problem->configuration_count];
    struct ifp_miss miss = {NAN, NAN};
    int why = ifp_filter_configuration(problem, made, &miss);
    if (why && !made->idle)
        ifp_removal_add(problem, why, SIZE_MAX, made, miss);
    made->max_replicas = ifp_account_replicas(problem, made);
    /* A value below 0 is within the verifier's tolerance here. */
    made->kv_gb = fmax(0, made->kv_gb);
    problem->configuration_count += !why;
}

/* Add a configuration unless it can never be rented; and if it may have only spare replicas, one
 * for these, which can serve query types of rate 0. Returns false if out of memory. */
static bool add_configuration(const struct ifp_instance *instance, struct ifp_problem *problem,
                              size_t *capacity, size_t model, size_t tier, size_t degree_index,
                              struct driven driven)
{
    const struct ifp_profile_data *profile = profile_of(instance, driven.profile);
    struct ifp_configuration made;
    if (!ifp_array_reserve(&problem->configurations, capacity, problem->configuration_count + 2,
                           sizeof *problem->configurations) ||
        !make_configuration(instance, problem, model, tier, degree_index, driven, &made))
        return false;
    problem->configurations[problem->configuration_count] = made;
    keep_configuration(problem);
    if (!profile || profile->min_replicas > profile->spare_replicas || profile->spare_replicas < 1)
        return true;
    made.idle = true;
    made.min_replicas = fmax(1, profile->min_replicas);
    made.max_replicas = fmin(instance->max_replicas, profile->spare_replicas);
    made.spare = 0;
    made.load_table = SIZE_MAX;
    problem->configurations[problem->configuration_count] = made;
    keep_configuration(problem);
    return true;
}

/* Add the operating points of a profile. Returns false if out of memory. */
static bool add_points(const struct ifp_instance *instance, struct ifp_problem *problem,
                       size_t *capacity, size_t model, size_t tier, size_t degree_index,
                       size_t profile)
{
    const struct ifp_profile_data *data = &instance->profiles[profile];
    bool good = true;
    for (size_t p = 0; good && p < data->point_count; p++)
        good = add_configuration(instance, problem, capacity, model, tier, degree_index,
                                 (struct driven){profile, p, NAN});
    if (data->point_count)
        return good;
    double *paces;
    size_t count = ifp_operating_paces(instance, data, &paces);
    good = paces != NULL;
    for (size_t p = 0; good && p < count; p++)
        good = add_configuration(instance, problem, capacity, model, tier, degree_index,
                                 (struct driven){profile, SIZE_MAX, paces[p]});
    free(paces);
    return good;
}

/* The profile of every (model, tier, degree), in their order; SIZE_MAX if there is none. `start`
 * receives the first degree of each tier. NULL if out of memory. */
static size_t *find_profiles(const struct ifp_instance *instance, size_t *start, size_t *degrees)
{
    *degrees = 0;
    for (size_t k = 0; k < instance->tier_count; k++) {
        start[k] = *degrees;
        *degrees += instance->tiers[k].tp_degrees.count;
    }
    size_t count = instance->model_count * *degrees;
    size_t *profiles = malloc((count + 1) * sizeof *profiles);
    for (size_t c = 0; profiles && c < count; c++)
        profiles[c] = SIZE_MAX;
    for (size_t p = 0; profiles && p < instance->profile_count; p++) {
        const struct ifp_profile_data *profile = &instance->profiles[p];
        size_t j = ifp_instance_find_model(instance, profile->model);
        size_t k = ifp_instance_find_tier(instance, profile->tier);
        const struct ifp_numbers *of_tier = &instance->tiers[k].tp_degrees;
        for (size_t n = 0; n < of_tier->count; n++) {
            if (of_tier->values[n] == profile->tp_degree)
                profiles[j * *degrees + start[k] + n] = p;
        }
    }
    return profiles;
}

bool ifp_build_configurations(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                              struct ifp_problem *problem)
{
    size_t degrees;
    size_t capacity = 0;
    size_t *start = malloc((instance->tier_count + 1) * sizeof *start);
    size_t *profiles = start ? find_profiles(instance, start, &degrees) : NULL;
    bool good = profiles && ifp_array_reserve(&problem->configurations, &capacity, 1,
                                              sizeof *problem->configurations);
    bool stopped = false;
    for (size_t j = 0; good && !stopped && j < instance->model_count; j++) {
        for (size_t k = 0; good && !stopped && k < instance->tier_count; k++) {
            for (size_t n = 0; good && !stopped && n < instance->tiers[k].tp_degrees.count; n++) {
                size_t profile = profiles[j * degrees + start[k] + n];
                stopped = n % PER_POLL == 0 && ifp_is_cancelled(cancel);
                if (stopped)
                    break;
                good =
                    profile == SIZE_MAX
                        ? add_configuration(instance, problem, &capacity, j, k, n, without_profile)
                        : add_points(instance, problem, &capacity, j, k, n, profile);
            }
        }
    }
    free(profiles);
    free(start);
    return good;
}

bool ifp_build_deployments(const struct ifp_instance *instance, const struct ifp_rented *rented,
                           size_t count, struct ifp_problem *problem)
{
    double *replicas = calloc(count + 1, sizeof *replicas);
    problem->configurations = calloc(count + 1, sizeof *problem->configurations);
    bool good = replicas && problem->configurations;
    problem->has_needs = true;
    problem->several = true;
    for (size_t d = 0; good && d < count; d++) {
        struct ifp_configuration *made = &problem->configurations[problem->configuration_count++];
        good = make_configuration(
            instance, problem, rented[d].model, rented[d].tier, rented[d].degree_index,
            (struct driven){rented[d].profile, rented[d].point, rented[d].pace_ms}, made);
        replicas[d] = rented[d].replicas;
        made->kv_gb = fmax(0, made->kv_gb);
    }
    if (good)
        ifp_account_sink(problem, replicas);
    for (size_t d = 0; good && d < count; d++) {
        struct ifp_configuration *made = &problem->configurations[d];
        double counted = fmax(0, replicas[d] - made->spare);
        if (made->load_table != SIZE_MAX)
            good = ifp_capacity_reach(&problem->load_tables[made->load_table], (size_t)counted);
        for (int capacity = 0; good && capacity < IFP_CAPACITY_COUNT; capacity++)
            made->whole[capacity] =
                ifp_capacity_of(problem, made, (enum ifp_capacity)capacity, replicas[d]);
        made->load_table = SIZE_MAX;
        made->spare = 0;
        made->min_replicas = 1;
        made->max_replicas = 1;
    }
    free(replicas);
    return good;
}
