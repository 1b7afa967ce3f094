/* SPDX-License-Identifier: MIT */
/* Notes on the figures of an instance: units, deviations, and defaults that a user may not want. */
#include "check/notes.h"

#include <math.h>

#include "util/figure.h"

/*
 * The range of published models, in GB. Smallest weights: SmolLM with 135 million parameters, 0.27
 * GB at 16 bits and less than 0.1 at 4. Largest: Kimi K2 with 1.03e12 parameters, 2.1 TB at 16
 * bits; 4 TB leaves room for 32 bits.
 */
static const double WEIGHTS_MIN = 0.05;
static const double WEIGHTS_MAX = 4000;

/*
 * KV cache per token, 2 x layers x KV heads x head size x bytes. Smallest: Falcon-7B with one KV
 * head, 2 x 32 x 64 x 2 bytes = 8.2e-6 GB, a quarter of that at 4 bits. Largest: MT-NLG 530B with
 * full attention, 2 x 105 x 20480 x 2 bytes = 8.6e-3 GB, twice that at 32 bits. 0 is meant: models
 * without attention have no cache that grows.
 */
static const double KV_MIN = 1e-6;
static const double KV_MAX = 0.02;

/* tpot_ms of a point that differ by more than this fraction are different paces. */
static const double PACES_APART = 0.1;

static bool is_outside(double value, double minimum, double maximum)
{
    return value > 0 && (value < minimum || value > maximum);
}

void ifp_noting_weights(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    for (size_t j = 0; j < instance->model_count; j++) {
        const struct ifp_model_data *model = &instance->models[j];
        if (!is_outside(model->weights_gb, WEIGHTS_MIN, WEIGHTS_MAX) || cases++ > 0)
            continue;
        ifp_text_format(&text, "The weights of %s take ", model->name);
        ifp_figure_number(&text, model->weights_gb);
        ifp_text_format(&text, " GB; those of published models take %g to ", WEIGHTS_MIN);
        ifp_figure_number(&text, WEIGHTS_MAX);
        ifp_text_string(&text, " GB, so the unit may be wrong");
        ifp_noting_path(&path, "models", model->name, j, "weights_gb");
    }
    ifp_noting_put(noting, cases, &text, &path);
}

void ifp_noting_kv(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    for (size_t j = 0; j < instance->model_count; j++) {
        const struct ifp_model_data *model = &instance->models[j];
        if (!is_outside(model->kv_gb_per_token, KV_MIN, KV_MAX) || cases++ > 0)
            continue;
        ifp_text_format(&text, "The KV cache of %s takes ", model->name);
        ifp_figure_number(&text, model->kv_gb_per_token);
        ifp_text_format(&text,
                        " GB per token; that of published models takes 0.000001 to %g GB, so the "
                        "unit may be wrong",
                        KV_MAX);
        ifp_noting_path(&path, "models", model->name, j, "kv_gb_per_token");
    }
    ifp_noting_put(noting, cases, &text, &path);
}

/* -- deviations -- */

static double largest_of(const struct ifp_table *table)
{
    double largest = 0;
    for (size_t v = 0; table->values && v < table->count; v++)
        largest = fmax(largest, table->values[v]);
    return largest;
}

/* Does a measured entry state a deviation? */
static bool deviates(const struct ifp_measured_data *entry)
{
    return entry->ttft_deviation_ms > 0 || entry->tpot_deviation_ms > 0 ||
           entry->e2e_deviation_ms > 0;
}

/* The index of a profile with a deviation, or the number of profiles. */
static size_t deviating_profile(const struct ifp_instance *instance)
{
    for (size_t n = 0; n < instance->profile_count; n++) {
        const struct ifp_profile_data *profile = &instance->profiles[n];
        if (profile->delay_deviation > 0)
            return n;
        for (size_t p = 0; p < profile->point_count; p++) {
            for (size_t q = 0; q < profile->points[p].query_count; q++) {
                if (deviates(&profile->points[p].queries[q]))
                    return n;
            }
        }
    }
    return instance->profile_count;
}

void ifp_noting_deviations(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    if (instance->uncertainty != IFP_UNCERTAINTY_NONE)
        return;
    double delay = largest_of(&instance->performance[IFP_DELAY_DEVIATION]);
    double error = largest_of(&instance->performance[IFP_ERROR_DEVIATION]);
    size_t profile = deviating_profile(instance);
    if (delay > 0) {
        ifp_text_string(&text, "delay_deviation_ms_per_token is given, up to ");
        ifp_figure_number(&text, delay);
        ifp_text_string(&text, " ms per token");
    } else if (error > 0) {
        ifp_text_string(&text, "error_deviation is given, up to ");
        ifp_figure_number(&text, error);
    } else if (profile < instance->profile_count) {
        ifp_text_format(&text, "profiles[%zu] (%s on %s) gives deviations of delay", profile,
                        instance->profiles[profile].model, instance->profiles[profile].tier);
    }
    ifp_text_string(&text, ", but uncertainty.kind is none, so no deviation is planned for");
    ifp_text_string(&path, "uncertainty.kind");
    ifp_noting_put(noting, delay > 0 || error > 0 || profile < instance->profile_count, &text,
                   &path);
}

/* -- speed-ups -- */

/* The first default speed-up of a degree above 1 that a plan could use. Returns false if there is
 * none. */
static bool find_speedup(const struct ifp_instance *instance, size_t *model, size_t *tier,
                         double *degree)
{
    for (size_t k = 0; k < instance->tier_count; k++) {
        const struct ifp_numbers *degrees = &instance->tiers[k].tp_degrees;
        for (size_t n = 0; !instance->tiers[k].tp_speedup.count && n < degrees->count; n++) {
            for (size_t j = 0; degrees->values[n] > 1 && j < instance->model_count; j++) {
                if (ifp_instance_profile(instance, j, k, degrees->values[n]))
                    continue;
                *model = j;
                *tier = k;
                *degree = degrees->values[n];
                return true;
            }
        }
    }
    return false;
}

/*
 * The default is the most optimistic speed-up. A plan that does not use a degree at it would not
 * use it with a smaller one, so beside a plan only degrees in use give a note.
 */
void ifp_noting_speedup(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    const struct ifp_evaluation *evaluation = noting->evaluation;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    size_t model = 0;
    size_t tier = 0;
    double degree = 1;
    if (!evaluation)
        cases = find_speedup(instance, &model, &tier, &degree);
    for (size_t d = 0; evaluation && d < evaluation->plan->deployment_count; d++) {
        const struct ifp_operating *operating = &evaluation->deployments[d].operating;
        if (operating->profile || !(operating->degree > 1) ||
            instance->tiers[operating->tier].tp_speedup.count || cases++ > 0)
            continue;
        model = operating->model;
        tier = operating->tier;
        degree = operating->degree;
    }
    ifp_text_format(&text,
                    "%s on %s at degree %g counts as %g times as fast as on one GPU, since the "
                    "tier has no tp_speedup; measured speed-ups are smaller",
                    instance->models[model].name, instance->tiers[tier].name, degree, degree);
    ifp_noting_path(&path, "tiers", instance->tiers[tier].name, tier, "tp_speedup");
    ifp_noting_put(noting, cases, &text, &path);
}

/* -- measured points -- */

/* The smallest and the largest tpot_ms given at a point. */
static void find_paces(const struct ifp_point_data *point, double *minimum, double *maximum)
{
    *minimum = INFINITY;
    *maximum = 0;
    for (size_t q = 0; q < point->query_count; q++) {
        double given = point->queries[q].tpot_ms;
        double pace = isnan(given) ? point->tpot_ms : given;
        if (isnan(pace))
            continue;
        *minimum = fmin(*minimum, pace);
        *maximum = fmax(*maximum, pace);
    }
}

/* Describe a point if its paces differ, unless it is not the first such case. */
static void note_point(struct ifp_noting *noting, const struct ifp_profile_data *profile,
                       const struct ifp_point_data *point, size_t *cases, struct ifp_text *text,
                       struct ifp_text *path)
{
    double minimum;
    double maximum;
    find_paces(point, &minimum, &maximum);
    if (!(maximum > minimum * (1 + PACES_APART)) || (*cases)++ > 0)
        return;
    ifp_text_format(text, "At the point %s of %s on %s, tpot_ms is ", point->name, profile->model,
                    profile->tier);
    ifp_figure_number(text, minimum);
    ifp_text_string(text, " to ");
    ifp_figure_number(text, maximum);
    ifp_text_string(text, " by query type; loads of mixed traffic add up exactly only if all were "
                          "measured at one pace");
    ifp_text_format(path, "profiles[%zu].points[%zu].tpot_ms",
                    (size_t)(profile - noting->instance->profiles),
                    (size_t)(point - profile->points));
}

void ifp_noting_points(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    const struct ifp_evaluation *evaluation = noting->evaluation;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    for (size_t d = 0; evaluation && d < evaluation->plan->deployment_count; d++) {
        const struct ifp_operating *operating = &evaluation->deployments[d].operating;
        if (operating->point)
            note_point(noting, operating->profile, operating->point, &cases, &text, &path);
    }
    for (size_t n = 0; !evaluation && n < instance->profile_count; n++) {
        const struct ifp_profile_data *profile = &instance->profiles[n];
        for (size_t p = 0; p < profile->point_count; p++)
            note_point(noting, profile, &profile->points[p], &cases, &text, &path);
    }
    ifp_noting_put(noting, cases, &text, &path);
}
