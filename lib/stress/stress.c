/* SPDX-License-Identifier: MIT */
/* The stress test: a plan in samples of the uncertainty set, and statistics of them. */
#include "stress/stress.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "instance/table.h"
#include "plan/adopt.h"
#include "plan/plan.h"
#include "stress/deviate.h"
#include "util/json_write.h"
#include "util/number.h"
#include "util/number_text.h"
#include "util/random.h"
#include "util/wide.h"
#include "util/words.h"

enum { ROUTINGS = 2, INFLATIONS = 3, ROWS = ROUTINGS * INFLATIONS, SAMPLES_MAX = 1000000 };

static const double inflations[INFLATIONS] = {1, 1.2, 1.5};

static const struct ifp_word routing_words[ROUTINGS] = {
    {IFP_STRESS_ROUTING_KEPT, "kept"},
    {IFP_STRESS_ROUTING_REOPTIMISED, "reoptimised"},
};

struct ifp_stress {
    char *instance;
    size_t asked;
    size_t samples;
    uint64_t seed;
    ifp_stress_entry rows[ROWS];
};

/* The sums of one row over samples. */
struct tally {
    double *usd; /* the cost in each sample that has feasible or kept routes */
    size_t count;
    size_t delay; /* number of violated limits over all samples */
    size_t error;
    size_t any; /* number of samples with a violation, or without feasible routes */
};

struct evaluation {
    const struct ifp_instance *instance;
    ifp_plan *plan; /* in the instance's indices */
    struct ifp_deviate *deviate;
    struct ifp_instance *realised;
    struct ifp_stress_asker asker;
    ifp_stress_reroute reroute;
    size_t served; /* number of query types with a served share */
    struct tally tallies[ROWS];
    struct ifp_stress *stress;
    struct ifp_error *error;
};

int ifp_stress_asked(struct ifp_stress_asker *asker)
{
    return asker->progress ? asker->progress(asker->fraction, asker->user) : 0;
}

/* -- one sample -- */

/* Is the limit violated, as in the check? A limit of 0 is violated by any use. */
static bool is_violated(const struct ifp_check_limit *limit)
{
    if (limit->used <= limit->limit)
        return false;
    return !(limit->limit > 0) ||
           (limit->used - limit->limit) / limit->limit > IFP_VERIFY_TOLERANCE;
}

/* By how much a route may miss a limit on each route, as in the check. */
static const double ROUTE_TOLERANCE = 1e-9;

/* Does a route that serves demand miss a limit on TTFT or on the time per token? */
static bool is_late(const struct ifp_instance *instance, const struct ifp_plan_route *route)
{
    const struct ifp_query_data *query = &instance->queries[route->query];
    return route->fraction >= 1e-9 &&
           (route->ttft_ms > query->ttft_limit_ms * (1 + ROUTE_TOLERANCE) ||
            route->tpot_ms > query->tpot_limit_ms * (1 + ROUTE_TOLERANCE));
}

/* Count the query types that miss a limit on delays (end to end, TTFT, time per token), and those
 * that miss one on error or attainment. Limits and routes are in the order of the query types. */
static void count_broken(const struct ifp_instance *instance, const struct ifp_check *check,
                         struct tally *tally)
{
    const struct ifp_plan *plan = check->plan;
    size_t l = 0;
    size_t r = 0;
    while (l < check->limit_count && !check->limits[l].subject.query)
        l++;
    for (size_t i = 0; i < plan->queries.count; i++) {
        bool late = false;
        bool wrong = false;
        for (; l < check->limit_count && check->limits[l].subject.query == plan->queries.items[i];
             l++) {
            bool violated = is_violated(&check->limits[l]);
            late |= violated && check->limits[l].traits->kind == IFP_LIMIT_KIND_DELAY;
            wrong |= violated && check->limits[l].traits->kind != IFP_LIMIT_KIND_DELAY;
        }
        for (; r < plan->route_count && plan->routes[r].query == i; r++)
            late |= is_late(instance, &plan->routes[r]);
        tally->delay += late;
        tally->error += wrong;
    }
}

/* Evaluate the plan's own routes. *held: the cost if they hold every limit, else +infinity. */
static int tally_kept(struct evaluation *evaluation, struct tally *tally, double *held)
{
    ifp_check *check =
        ifp_check_evaluate(evaluation->realised, evaluation->plan, evaluation->error);
    if (!check)
        return IFP_ERROR_MEMORY;
    count_broken(evaluation->realised, check, tally);
    tally->any += !ifp_check_feasible(check);
    tally->usd[tally->count++] = check->total;
    *held = ifp_check_feasible(check) ? check->total : INFINITY;
    ifp_check_free(check);
    return IFP_OK;
}

/* Evaluate the best routes. The plan's own routes are one choice if they hold. They may need the
 * check's tolerance, which a search does not use. */
static int tally_rerouted(struct evaluation *evaluation, struct tally *tally, double held,
                          bool *stopped)
{
    double usd;
    int code = evaluation->reroute(evaluation->realised, evaluation->plan, &evaluation->asker, &usd,
                                   stopped, evaluation->error);
    if (code || *stopped)
        return code;
    usd = fmin(usd, held);
    if (usd < INFINITY)
        tally->usd[tally->count++] = usd;
    else
        tally->any++;
    return IFP_OK;
}

/* A sample counts in every row. If the test is stopped during it, it counts in no row. */
static int evaluate_sample(struct evaluation *evaluation, uint64_t seed, bool *stopped)
{
    struct tally before[ROWS];
    int code = IFP_OK;
    memcpy(before, evaluation->tallies, sizeof before);
    ifp_deviate_sample(evaluation->deviate, seed);
    for (size_t f = 0; !code && !*stopped && f < INFLATIONS; f++) {
        double held = INFINITY;
        ifp_deviate_realise(evaluation->deviate, inflations[f], evaluation->realised);
        code = tally_kept(evaluation, &evaluation->tallies[f], &held);
        if (!code)
            code = tally_rerouted(evaluation, &evaluation->tallies[INFLATIONS + f], held, stopped);
    }
    if (*stopped)
        memcpy(evaluation->tallies, before, sizeof before);
    else
        evaluation->stress->samples++;
    return code;
}

static int evaluate_samples(struct evaluation *evaluation)
{
    struct ifp_stress *stress = evaluation->stress;
    struct ifp_random seeds = {.state = stress->seed};
    bool stopped = false;
    int code = IFP_OK;
    while (!code && !stopped && stress->samples < stress->asked) {
        evaluation->asker.fraction = (double)stress->samples / (double)stress->asked;
        stopped = ifp_stress_asked(&evaluation->asker) != 0;
        if (!stopped)
            code = evaluate_sample(evaluation, ifp_random_bits(&seeds), &stopped);
    }
    return code;
}

/* -- rows -- */

static int compare(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static double fraction_of(size_t count, double of)
{
    return of > 0 ? (double)count / of : 0;
}

static void finish_row(const struct evaluation *evaluation, struct tally *tally,
                       ifp_stress_entry *row)
{
    double samples = (double)evaluation->stress->samples;
    double served = (double)evaluation->served;
    struct ifp_wide sum = {0};
    if (!evaluation->stress->samples)
        return;
    row->delay_violated = fraction_of(tally->delay, samples * served);
    row->error_violated = fraction_of(tally->error, samples * served);
    row->any_violated = fraction_of(tally->any, samples);
    row->samples_without_plan = evaluation->stress->samples - tally->count;
    if (!tally->count)
        return;
    qsort(tally->usd, tally->count, sizeof *tally->usd, compare);
    for (size_t n = 0; n < tally->count; n++)
        ifp_wide_add(&sum, ifp_wide(tally->usd[n]));
    /* The ceil(0.95 n)-th of n sorted costs, computed with integers. */
    size_t rank = (95 * tally->count + 99) / 100;
    row->cost_mean_usd = ifp_number_rounded(ifp_wide_get(sum) / (double)tally->count);
    row->cost_p95_usd = ifp_number_rounded(tally->usd[rank - 1]);
    row->cost_largest_usd = ifp_number_rounded(tally->usd[tally->count - 1]);
}

/* -- worst cases -- */

static void inflate(struct ifp_table *table, double inflation)
{
    for (size_t v = 0; v < table->count; v++)
        table->values[v] *= inflation;
}

/* Deviations that profiles state as fractions of times follow from the profile's own. */
static void inflate_profiles(struct ifp_instance *instance, double inflation)
{
    for (size_t n = 0; n < instance->profile_count; n++) {
        struct ifp_profile_data *profile = &instance->profiles[n];
        profile->delay_deviation *= inflation;
        for (size_t p = 0; p < profile->point_count; p++) {
            for (size_t q = 0; q < profile->points[p].query_count; q++) {
                struct ifp_measured_data *entry = &profile->points[p].queries[q];
                entry->ttft_deviation_ms *= inflation; /* NaN: the profile's fraction */
                entry->tpot_deviation_ms *= inflation;
                entry->e2e_deviation_ms *= inflation;
            }
        }
    }
}

static double fuller(double maximum, double used, double limit)
{
    double full = used > 0 ? used / limit : 0;
    return maximum >= full ? maximum : full;
}

/* The same for the limits of each route on TTFT and on the time per token. */
static double fullest_route(const struct ifp_instance *instance, const struct ifp_check *check,
                            double maximum)
{
    for (size_t r = 0; r < check->plan->route_count; r++) {
        const struct ifp_plan_route *route = &check->plan->routes[r];
        const struct ifp_query_data *query = &instance->queries[route->query];
        if (isfinite(query->ttft_limit_ms) && !isnan(route->ttft_ms))
            maximum = fuller(maximum, route->ttft_ms, query->ttft_limit_ms);
        if (isfinite(query->tpot_limit_ms) && !isnan(route->tpot_ms))
            maximum = fuller(maximum, route->tpot_ms, query->tpot_limit_ms);
    }
    return maximum;
}

/* The largest used / limit of the limits of a kind and `maximum`; NaN if there is no limit. */
static double fullest(const struct ifp_check *check, int kind, double maximum)
{
    for (size_t l = 0; l < check->limit_count; l++) {
        const struct ifp_check_limit *limit = &check->limits[l];
        if (limit->traits->kind != kind)
            continue;
        maximum = fuller(maximum, limit->used, limit->limit);
    }
    return maximum;
}

static int find_worst_case(const struct evaluation *evaluation, ifp_stress_entry *row)
{
    struct ifp_instance *inflated = ifp_instance_copy(evaluation->instance);
    if (!inflated)
        return ifp_error_memory(evaluation->error);
    inflate(&inflated->performance[IFP_DELAY_DEVIATION], row->inflation);
    inflate(&inflated->performance[IFP_ERROR_DEVIATION], row->inflation);
    inflate_profiles(inflated, row->inflation);
    ifp_check *check = ifp_check_evaluate(inflated, evaluation->plan, evaluation->error);
    if (check) {
        row->worst_cost_usd = ifp_number_rounded(check->total);
        double late = fullest(check, IFP_LIMIT_KIND_DELAY, (double)NAN);
        double wrong = fullest(check, IFP_LIMIT_KIND_ERROR, (double)NAN);
        row->worst_delay_full = ifp_number_rounded(fullest_route(inflated, check, late));
        row->worst_error_full =
            ifp_number_rounded(fullest(check, IFP_LIMIT_KIND_ATTAINMENT, wrong));
    }
    int code = check ? IFP_OK : IFP_ERROR_MEMORY;
    ifp_check_free(check);
    ifp_instance_free(inflated);
    return code;
}

/* -- the whole -- */

/* Constraints that no deviation changes must hold: deployments, shares, memory, the budget ... */
static int check_plan(const struct evaluation *evaluation)
{
    struct ifp_instance *lenient = ifp_deviate_instance(evaluation->deviate);
    if (!lenient)
        return ifp_error_memory(evaluation->error);
    for (size_t i = 0; i < lenient->query_count; i++) {
        lenient->queries[i].delay_limit_ms = INFINITY;
        lenient->queries[i].error_limit = INFINITY;
        lenient->queries[i].ttft_limit_ms = INFINITY;
        lenient->queries[i].tpot_limit_ms = INFINITY;
        lenient->queries[i].attainment_target = (double)NAN;
    }
    ifp_check *check = ifp_check_evaluate(lenient, evaluation->plan, evaluation->error);
    int code = check ? IFP_OK : IFP_ERROR_MEMORY;
    if (check && !ifp_check_feasible(check))
        code = ifp_error_set(evaluation->error, IFP_ERROR_VALUE, NULL,
                             "found a plan that does not hold whatever the deviations (%s); "
                             "allowed: one that breaks nothing but limits on delay and error",
                             check->reason);
    ifp_check_free(check);
    ifp_instance_free(lenient);
    return code;
}

static size_t count_served(const ifp_plan *plan)
{
    size_t served = 0;
    size_t last = SIZE_MAX;
    for (size_t r = 0; r < plan->route_count; r++) {
        if (plan->routes[r].fraction > 0 && plan->routes[r].query != last) {
            last = plan->routes[r].query;
            served++;
        }
    }
    return served;
}

static int prepare(struct evaluation *evaluation)
{
    struct ifp_stress *stress = evaluation->stress;
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_table_field *about = &ifp_table_fields[IFP_DELAY];
    size_t cells;
    /* A sample has a deviation for each cell. */
    if (!ifp_table_size(instance, about, about->dimensions, &cells) || cells > IFP_TABLE_SIZE_MAX)
        return ifp_table_refuse(instance, about, about->dimensions, IFP_TABLE_SIZE_MAX, "stress",
                                evaluation->error);
    stress->instance = ifp_string_copy(instance->name);
    evaluation->deviate = ifp_deviate_new(instance, evaluation->plan);
    evaluation->realised = evaluation->deviate ? ifp_deviate_instance(evaluation->deviate) : NULL;
    bool good = stress->instance && evaluation->realised;
    for (size_t n = 0; good && n < ROWS; n++) {
        bool kept = n < INFLATIONS;
        stress->rows[n] = (ifp_stress_entry){
            .size = sizeof stress->rows[n],
            .routing = kept ? IFP_STRESS_ROUTING_KEPT : IFP_STRESS_ROUTING_REOPTIMISED,
            .inflation = inflations[n % INFLATIONS],
            .cost_mean_usd = (double)NAN,
            .cost_p95_usd = (double)NAN,
            .cost_largest_usd = (double)NAN,
            .delay_violated = (double)NAN,
            .error_violated = (double)NAN,
            .any_violated = (double)NAN,
            .worst_cost_usd = (double)NAN,
            .worst_delay_full = (double)NAN,
            .worst_error_full = (double)NAN,
        };
        evaluation->tallies[n].usd = calloc(stress->asked, sizeof(double));
        good = evaluation->tallies[n].usd != NULL;
    }
    if (!good)
        return ifp_error_memory(evaluation->error);
    evaluation->served = count_served(evaluation->plan);
    return check_plan(evaluation);
}

static int evaluate(struct evaluation *evaluation)
{
    int code = prepare(evaluation);
    for (size_t n = 0; !code && n < INFLATIONS; n++)
        code = find_worst_case(evaluation, &evaluation->stress->rows[n]);
    if (!code)
        code = evaluate_samples(evaluation);
    for (size_t n = 0; !code && n < ROWS; n++)
        finish_row(evaluation, &evaluation->tallies[n], &evaluation->stress->rows[n]);
    return code;
}

static int take_options(const ifp_stress_options *from, ifp_stress_options *options,
                        struct ifp_error *error)
{
    if (from && from->size < IFP_STRESS_OPTIONS_SIZE_FIRST)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, "size",
                             "found %zu; allowed: sizeof(ifp_stress_options)", from->size);
    if (from)
        memcpy(options, from, from->size < sizeof *options ? from->size : sizeof *options);
    if (options->samples < 1 || options->samples > SAMPLES_MAX)
        return ifp_error_set(error, IFP_ERROR_VALUE, "samples", "found %zu; allowed: 1 to %d",
                             options->samples, (int)SAMPLES_MAX);
    return IFP_OK;
}

static ifp_stress *run(const ifp_instance *instance, const ifp_plan *plan,
                       const ifp_stress_options *options, ifp_stress_reroute reroute,
                       struct ifp_error *error)
{
    if (ifp_instance_validate(instance, error))
        return NULL;
    if (instance->uncertainty == IFP_UNCERTAINTY_NONE) {
        (void)ifp_error_set(error, IFP_ERROR_VALUE, "uncertainty.kind",
                            "found none, which is no set to draw deviations from; allowed: budget "
                            "or decision_dependent");
        return NULL;
    }
    struct evaluation evaluation = {
        .instance = instance,
        .asker = {.progress = options->progress, .user = options->user},
        .reroute = reroute,
        .error = error,
    };
    struct ifp_stress *stress = calloc(1, sizeof *stress);
    int code =
        stress ? ifp_plan_adopt(instance, plan, &evaluation.plan, error) : ifp_error_memory(error);
    if (!code) {
        stress->asked = options->samples;
        stress->seed = options->seed;
        evaluation.stress = stress;
        code = evaluate(&evaluation);
    }
    for (size_t n = 0; n < ROWS; n++)
        free(evaluation.tallies[n].usd);
    ifp_instance_free(evaluation.realised);
    ifp_deviate_free(evaluation.deviate);
    ifp_plan_free(evaluation.plan);
    if (code) {
        ifp_stress_free(stress);
        return NULL;
    }
    return stress;
}

ifp_stress *ifp_stress_run(const ifp_instance *instance, const ifp_plan *plan,
                           const ifp_stress_options *options, ifp_stress_reroute reroute,
                           struct ifp_error *error)
{
    ifp_stress_options taken = IFP_STRESS_OPTIONS_INIT;
    if (!instance || !plan) {
        (void)ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the %s is NULL",
                            instance ? "plan" : "instance");
        return NULL;
    }
    if (take_options(options, &taken, error))
        return NULL;
    /* During the whole test, since the callback or another thread might change or free it. */
    ifp_instance_begin_read(instance);
    ifp_stress *stress = run(instance, plan, &taken, reroute, error);
    ifp_instance_end_read(instance);
    return stress;
}

void ifp_stress_free(ifp_stress *stress)
{
    if (!stress)
        return;
    free(stress->instance);
    free(stress);
}

size_t ifp_stress_samples(const ifp_stress *stress)
{
    return stress ? stress->samples : 0;
}

size_t ifp_stress_row_count(const ifp_stress *stress)
{
    return stress ? ROWS : 0;
}

int ifp_stress_row(const ifp_stress *stress, size_t index, ifp_stress_entry *entry)
{
    if (!stress || !entry || index >= ROWS)
        return IFP_ERROR_ARGUMENT;
    ifp_stress_entry ours = stress->rows[index];
    ours.size = entry->size;
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_STRESS_ENTRY_SIZE_FIRST);
}

static void write_row(struct ifp_json *json, const ifp_stress_entry *row)
{
    ifp_json_open(json, NULL, '{', false);
    ifp_json_string(json, "routing", IFP_WORD_OF(routing_words, row->routing));
    ifp_json_number(json, "inflation", row->inflation);
    ifp_json_open(json, "cost_usd", '{', true);
    ifp_json_number(json, "mean", row->cost_mean_usd);
    ifp_json_number(json, "p95", row->cost_p95_usd);
    ifp_json_number(json, "largest", row->cost_largest_usd);
    ifp_json_close(json, '}');
    ifp_json_open(json, "violated", '{', true);
    ifp_json_number(json, "delay", row->delay_violated);
    ifp_json_number(json, "error", row->error_violated);
    ifp_json_number(json, "any", row->any_violated);
    ifp_json_close(json, '}');
    ifp_json_number(json, "samples_without_plan", (double)row->samples_without_plan);
    ifp_json_open(json, "worst_case", '{', true);
    ifp_json_number(json, "cost_usd", row->worst_cost_usd);
    ifp_json_number(json, "delay_full", row->worst_delay_full);
    ifp_json_number(json, "error_full", row->worst_error_full);
    ifp_json_close(json, '}');
    ifp_json_close(json, '}');
}

/* Write all digits of the seed: a double cannot represent every seed. */
static void write_seed(struct ifp_json *json, uint64_t seed)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + seed % 10);
    while (seed /= 10);
    ifp_json_raw(json, "seed", digits + at);
}

char *ifp_stress_write_json(const ifp_stress *stress)
{
    if (!stress)
        return NULL;
    struct ifp_json json = {0};
    ifp_json_open(&json, NULL, '{', false);
    ifp_json_string(&json, "format", "inferplan-stress");
    ifp_json_number(&json, "version", 1);
    ifp_json_string(&json, "instance", stress->instance);
    ifp_json_number(&json, "samples", (double)stress->samples);
    write_seed(&json, stress->seed);
    ifp_json_open(&json, "rows", '[', false);
    for (size_t n = 0; n < ROWS; n++)
        write_row(&json, &stress->rows[n]);
    ifp_json_close(&json, ']');
    ifp_json_close(&json, '}');
    ifp_text_string(&json.text, "\n");
    return ifp_text_take(&json.text);
}
