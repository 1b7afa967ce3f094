/* SPDX-License-Identifier: MIT */
/* The problem by configurations: coefficients from the instance, filtered. Symbols are those of
 * docs/formulation.md. */
#include "problem/problem.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "problem/filter.h"
#include "problem/twins.h"
#include "problem/worst.h"
#include "util/array.h"
#include "util/number.h"

const char *const ifp_service_names[IFP_SERVICE_COUNT] = {"delay", "error"};

/* Configurations between two polls of the cancel. */
enum { PER_POLL = 256 };

void ifp_problem_free(struct ifp_problem *problem)
{
    if (!problem)
        return;
    free(problem->demands);
    free(problem->configurations);
    free(problem->routes);
    free(problem->deviations);
    free(problem->residency_hours);
    free(problem->pairs);
    ifp_twins_clear(&problem->twins);
    ifp_account_close(problem);
    free(problem);
}

/* The largest unmet fraction. Near 1, the fraction that must be served may be as small as rounding
 * errors, which the verifier accepts. Their cost can matter, so the rounding is added here. */
static double max_unmet(double fraction, double slack)
{
    double rounding = fraction > 0.5 ? DBL_EPSILON / 2 : 0;
    return fmin(1, fraction + slack + rounding);
}

static bool build_demands(const struct ifp_instance *instance, struct ifp_problem *problem)
{
    double penalty_hours = ifp_instance_penalty_hours(instance);
    bool shared = instance->performance[IFP_KV_RESIDENCY].rank <= 1;
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
            .limit = {query->delay_limit_ms * (1 + problem->slack),
                      query->error_limit * (1 + problem->slack)},
            .residency_hours = shared
                                   ? ifp_instance_performance(instance, IFP_KV_RESIDENCY, i, 0, 0)
                                   : (double)NAN,
            .tokens_per_hour = tokens_per_hour,
            .tflop_per_1k_tokens = query->tflop_per_1k_tokens,
            .storage_gb = storage_gb,
            .storage_usd = ifp_account_storage_usd(instance, storage_gb),
        };
    }
    return true;
}

/* a b - c d, accurate to the last digits even if the products cancel. */
static double difference_of_products(double a, double b, double c, double d)
{
    double first = a * b;
    double second = c * d;
    double rest = fma(a, b, -first) - fma(c, d, -second);
    return (first - second) + rest;
}

static struct ifp_configuration configuration_of(const struct ifp_instance *instance,
                                                 const struct ifp_problem *problem, size_t model,
                                                 size_t tier, size_t degree_index)
{
    const struct ifp_model_data *j = &instance->models[model];
    const struct ifp_tier_data *k = &instance->tiers[tier];
    double degree = k->tp_degrees.values[degree_index];
    double weights = j->weights_gb * k->weight_scale;
    struct ifp_configuration made = {
        .model = model,
        .tier = tier,
        .degree_index = degree_index,
        .degree = degree,
        .max_replicas = instance->max_replicas,
        .weights_gb = weights,
        .kv_gb = difference_of_products(k->memory_gb, degree, j->weights_gb, k->weight_scale) *
                 (1 + problem->slack),
        .tflops = k->tflops * degree * (1 + problem->slack),
        .kv_gb_per_token = k->kv_scale * j->kv_gb_per_token,
        .compute_scale = j->compute_scale,
    };
    ifp_account_enter(instance, problem, &made);
    return made;
}

/* The performance fields of each service level. */
static const struct {
    enum ifp_performance nominal;
    enum ifp_performance deviation;
    enum ifp_performance shrink;
} fields[IFP_SERVICE_COUNT] = {
    [IFP_SERVICE_DELAY] = {IFP_DELAY, IFP_DELAY_DEVIATION, IFP_DELAY_SHRINK},
    [IFP_SERVICE_ERROR] = {IFP_ERROR_RATE, IFP_ERROR_DEVIATION, IFP_ERROR_SHRINK},
};

/* The largest factor of a deviation: 1, or what the choice of the pair leaves of it, but at most
 * the budget. */
static double cap_of(const struct ifp_instance *instance, const struct ifp_problem *problem,
                     enum ifp_service_level level, size_t model, size_t tier)
{
    double cap = 1;
    if (instance->uncertainty == IFP_UNCERTAINTY_DECISION)
        cap = fmax(0, 1 - ifp_instance_shrink(instance, fields[level].shrink, model, tier));
    return fmin(cap, problem->deviation_budget[level]);
}

/* Reserve memory for one more route. False if out of memory. */
static bool reserve_route(struct ifp_problem *problem, size_t *capacity)
{
    if (problem->route_count < *capacity)
        return true;
    size_t larger = *capacity + *capacity / 2 + 256;
    bool good = ifp_array_resize(&problem->routes, larger, sizeof *problem->routes);
    if (good && problem->uncertain)
        good = ifp_array_resize(&problem->deviations, larger, sizeof *problem->deviations);
    if (good && problem->query_count && isnan(problem->demands[0].residency_hours))
        good =
            ifp_array_resize(&problem->residency_hours, larger, sizeof *problem->residency_hours);
    if (good)
        *capacity = larger;
    return good;
}

/* The rate of a route: delay is given per token and on one GPU. */
static double rate_of(enum ifp_service_level level, double value, double tokens, double speedup)
{
    return level == IFP_SERVICE_DELAY ? value * tokens / speedup : value;
}

/* Write the route of a query type to a configuration after the last route, without counting it.
 * certain[level]: is the worst case a coefficient whatever routes are used? */
static struct ifp_route_data *make_route(const struct ifp_instance *instance,
                                         struct ifp_problem *problem, size_t query,
                                         size_t configuration, const bool *certain)
{
    const struct ifp_configuration *c = &problem->configurations[configuration];
    const struct ifp_query_data *i = &instance->queries[query];
    size_t model = c->model;
    size_t tier = c->tier;
    size_t r = problem->route_count;
    double tokens = i->input_tokens + i->output_tokens;
    double speedup = ifp_tier_speedup(&instance->tiers[tier], c->degree_index);
    struct ifp_route_data *route = &problem->routes[r];
    *route =
        (struct ifp_route_data){.query = (uint32_t)query, .configuration = (uint32_t)configuration};
    for (size_t l = 0; l < IFP_SERVICE_COUNT; l++)
        route->level[l] =
            rate_of((enum ifp_service_level)l,
                    ifp_instance_performance(instance, fields[l].nominal, query, model, tier),
                    tokens, speedup);
    if (problem->residency_hours)
        problem->residency_hours[r] =
            ifp_instance_performance(instance, IFP_KV_RESIDENCY, query, model, tier);
    if (!problem->uncertain)
        return route;
    double delay_usd = problem->demands[query].delay_usd;
    struct ifp_route_deviation *of = &problem->deviations[r];
    *of = (struct ifp_route_deviation){.delay_usd = delay_usd * route->level[IFP_SERVICE_DELAY]};
    for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
        of->deviation[l] =
            rate_of((enum ifp_service_level)l,
                    ifp_instance_performance(instance, fields[l].deviation, query, model, tier),
                    tokens, speedup);
        of->cap[l] = cap_of(instance, problem, (enum ifp_service_level)l, model, tier);
    }
    if (problem->coupled)
        of->deviation_usd = delay_usd * of->deviation[IFP_SERVICE_DELAY];
    for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
        if (certain[l])
            ifp_worst_fold(problem, r, l);
    }
    return route;
}

/* Is the budget enough whatever routes are used? By service level. */
static bool find_certain(const struct ifp_instance *instance, const struct ifp_problem *problem,
                         bool *certain)
{
    double *cap = calloc(problem->model_count * problem->tier_count + 1, sizeof *cap);
    for (size_t l = 0; cap && l < IFP_SERVICE_COUNT; l++) {
        for (size_t j = 0; j < problem->model_count; j++) {
            for (size_t k = 0; k < problem->tier_count; k++)
                cap[j * problem->tier_count + k] =
                    cap_of(instance, problem, (enum ifp_service_level)l, j, k);
        }
        certain[l] = ifp_worst_certain(problem, cap, problem->deviation_budget[l]);
    }
    free(cap);
    return cap != NULL;
}

/* Every configuration that fits all limits alone, pair by pair. */
static bool build_configurations(const struct ifp_instance *instance,
                                 const struct ifp_cancel *cancel, struct ifp_problem *problem)
{
    size_t all = 0;
    for (size_t k = 0; k < instance->tier_count; k++)
        all += instance->tiers[k].tp_degrees.count;
    all *= instance->model_count;
    problem->configurations = calloc(all + 1, sizeof *problem->configurations);
    if (!problem->configurations)
        return false;
    for (size_t j = 0; j < instance->model_count; j++) {
        for (size_t k = 0; k < instance->tier_count; k++) {
            for (size_t n = 0; n < instance->tiers[k].tp_degrees.count; n++) {
                if (n % PER_POLL == 0 && ifp_is_cancelled(cancel))
                    return true;
                struct ifp_configuration made = configuration_of(instance, problem, j, k, n);
                int why = ifp_filter_configuration(problem, &made);
                problem->removed[why]++;
                made.max_replicas = ifp_account_replicas(problem, &made);
                /* A value below 0 is within the verifier's tolerance here. */
                made.kv_gb = fmax(0, made.kv_gb);
                if (!why)
                    problem->configurations[problem->configuration_count++] = made;
            }
        }
    }
    return true;
}

static bool is_measured(const struct ifp_route_data *route)
{
    bool measured = true;
    for (int level = 0; level < IFP_SERVICE_COUNT; level++)
        measured &= !isnan(route->level[level]);
    return measured;
}

/* For each query type and service level, the lowest value of its candidates: those whose
 * configuration was kept and whose values are all known. */
static void find_minimum(const struct ifp_instance *instance, struct ifp_problem *problem,
                         const bool *certain, const struct ifp_cancel *cancel, double *minimum)
{
    for (size_t i = 0; i < problem->query_count && !ifp_is_cancelled(cancel); i++) {
        double *of = minimum + IFP_SERVICE_COUNT * i;
        for (int level = 0; level < IFP_SERVICE_COUNT; level++)
            of[level] = INFINITY;
        for (size_t c = 0; c < problem->configuration_count; c++) {
            if (c % PER_POLL == 0 && ifp_is_cancelled(cancel))
                return;
            const struct ifp_route_data *route = make_route(instance, problem, i, c, certain);
            if (!is_measured(route))
                continue;
            for (int level = 0; level < IFP_SERVICE_COUNT; level++)
                of[level] = fmin(of[level], route->level[level]);
        }
    }
}

/* The number of replicas, at most max_replicas, that all routes together can fill. */
static double useful_replicas(const struct ifp_problem *problem,
                              const struct ifp_configuration *configuration)
{
    const struct ifp_route_data *routes = problem->routes + configuration->first_route;
    struct ifp_sum kv = {0};
    struct ifp_sum tflops = {0};
    for (size_t r = 0; r < configuration->route_count; r++) {
        ifp_sum_add(&kv, ifp_route_kv_gb(problem, &routes[r]) * routes[r].max_share);
        ifp_sum_add(&tflops, ifp_route_tflops(problem, &routes[r]) * routes[r].max_share);
    }
    double need = 1;
    if (ifp_sum_total(&kv) > 0)
        need = fmax(need, ceil(ifp_sum_total(&kv) / configuration->kv_gb));
    if (ifp_sum_total(&tflops) > 0)
        need = fmax(need, ceil(ifp_sum_total(&tflops) / configuration->tflops));
    return fmin(configuration->max_replicas, need);
}

static bool build_routes(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                         struct ifp_problem *problem)
{
    double *minimum = calloc(IFP_SERVICE_COUNT * problem->query_count, sizeof *minimum);
    size_t capacity = 0;
    bool certain[IFP_SERVICE_COUNT] = {false};
    bool good = minimum && reserve_route(problem, &capacity) &&
                (!problem->uncertain || find_certain(instance, problem, certain));
    if (good)
        find_minimum(instance, problem, certain, cancel, minimum);
    for (size_t c = 0; good && c < problem->configuration_count && !ifp_is_cancelled(cancel); c++) {
        struct ifp_configuration *configuration = &problem->configurations[c];
        configuration->first_route = problem->route_count;
        for (size_t i = 0; good && i < problem->query_count; i++) {
            good = reserve_route(problem, &capacity);
            if (!good)
                break;
            struct ifp_route_data *route = make_route(instance, problem, i, c, certain);
            int why =
                ifp_filter_route(problem, configuration, minimum + IFP_SERVICE_COUNT * i, route);
            problem->removed[why]++;
            problem->route_count += !why;
        }
        configuration->route_count = problem->route_count - configuration->first_route;
        configuration->max_replicas = useful_replicas(problem, configuration);
    }
    free(minimum);
    return good;
}

/* A configuration of a pair, for sorting by degree. */
struct placed {
    double degree;
    double speedup;
    size_t configuration;
};

static int by_degree(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;
    if (a->degree != b->degree)
        return a->degree < b->degree ? -1 : 1;
    return (a->configuration > b->configuration) - (a->configuration < b->configuration);
}

static bool dominates(const struct ifp_problem *problem, size_t other, size_t configuration)
{
    const struct ifp_configuration *a = &problem->configurations[other];
    const struct ifp_configuration *b = &problem->configurations[configuration];
    return ifp_filter_dominates(problem, a, problem->routes + a->first_route, b,
                                problem->routes + b->first_route);
}

/* The maximum number of degrees that each degree of a pair is compared with. Real tiers have
 * fewer. */
enum { COMPARED_MAX = 32 };

/*
 * Count why configurations of a pair are useless, and keep the others. Only a smaller degree can
 * dominate. A configuration is compared with the nearest smaller degrees and with the fastest of
 * all smaller ones. More comparisons could only remove more, and their number would grow with the
 * square of the number of degrees.
 */
static void find_useless(struct ifp_problem *problem, const struct placed *sorted, size_t count,
                         const struct ifp_cancel *cancel, bool *keep)
{
    size_t fastest = 0;
    for (size_t n = 0; n < count && !ifp_is_cancelled(cancel); n++) {
        size_t c = sorted[n].configuration;
        const struct ifp_configuration *configuration = &problem->configurations[c];
        int why =
            ifp_filter_profit(problem, configuration, problem->routes + configuration->first_route);
        size_t minimum = n > COMPARED_MAX ? n - COMPARED_MAX : 0;
        for (size_t o = n; !why && o-- > minimum;) {
            if (dominates(problem, sorted[o].configuration, c))
                why = IFP_REMOVAL_DOMINATED;
        }
        if (!why && fastest < minimum && dominates(problem, sorted[fastest].configuration, c))
            why = IFP_REMOVAL_DOMINATED;
        /* If two are equally fast, the larger degree has more capacity. */
        if (sorted[n].speedup >= sorted[fastest].speedup)
            fastest = n;
        problem->removed[why]++;
        keep[c] = why == 0;
    }
}

/* Move the kept configurations together, and count the pairs. If cancelled, the result is
 * incomplete and must not be used. False if out of memory. */
static bool compact(struct ifp_problem *problem, const bool *keep, const struct ifp_cancel *cancel)
{
    size_t count = problem->configuration_count;
    size_t kept = 0;
    size_t routes = 0;
    problem->pairs = calloc(count + 1, sizeof *problem->pairs);
    if (!problem->pairs)
        return false;
    for (size_t c = 0; c < count; c++) {
        if (c % PER_POLL == 0 && ifp_is_cancelled(cancel))
            break;
        if (!keep[c])
            continue;
        struct ifp_configuration configuration = problem->configurations[c];
        size_t from = configuration.first_route;
        memmove(problem->routes + routes, problem->routes + from,
                configuration.route_count * sizeof *problem->routes);
        if (problem->deviations)
            memmove(problem->deviations + routes, problem->deviations + from,
                    configuration.route_count * sizeof *problem->deviations);
        if (problem->residency_hours)
            memmove(problem->residency_hours + routes, problem->residency_hours + from,
                    configuration.route_count * sizeof *problem->residency_hours);
        configuration.first_route = routes;
        for (size_t r = 0; r < configuration.route_count; r++)
            problem->routes[routes++].configuration = (uint32_t)kept;
        struct ifp_pair *pair =
            problem->pair_count ? &problem->pairs[problem->pair_count - 1] : NULL;
        if (!pair || pair->model != configuration.model || pair->tier != configuration.tier) {
            pair = &problem->pairs[problem->pair_count++];
            *pair = (struct ifp_pair){
                .model = configuration.model, .tier = configuration.tier, .first = kept};
        }
        pair->count++;
        problem->configurations[kept++] = configuration;
    }
    problem->configuration_count = kept;
    problem->route_count = routes;
    return true;
}

/* Fold worst cases and find twins. Needs the final routes. */
static bool finish(struct ifp_problem *problem, const struct ifp_cancel *cancel)
{
    return ifp_worst_fold_all(problem) && ifp_twins_find(problem, cancel, &problem->twins);
}

/* Free the memory that growing has left unused. */
static void shrink_routes(struct ifp_problem *problem)
{
    size_t count = problem->route_count + 1;
    struct ifp_route_data *routes = realloc(problem->routes, count * sizeof *routes);
    if (routes)
        problem->routes = routes;
}

/* Remove useless configurations. If cancelled, the result is incomplete and must not be used. */
static bool drop_useless(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                         struct ifp_problem *problem)
{
    size_t count = problem->configuration_count;
    bool *keep = calloc(count + 1, sizeof *keep);
    struct placed *sorted = malloc((count + 1) * sizeof *sorted);
    bool done = keep && sorted;
    for (size_t c = 0, first = 0; done && c < count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        const struct ifp_configuration *next = configuration + 1;
        sorted[c - first] = (struct placed){
            .degree = configuration->degree,
            .speedup = ifp_tier_speedup(&instance->tiers[configuration->tier],
                                        configuration->degree_index),
            .configuration = c,
        };
        if (c + 1 < count && next->model == configuration->model &&
            next->tier == configuration->tier)
            continue;
        /* The instance may list degrees in any order. */
        if (c > first)
            qsort(sorted, c + 1 - first, sizeof *sorted, by_degree);
        find_useless(problem, sorted, c + 1 - first, cancel, keep);
        first = c + 1;
    }
    problem->removed[0] = 0;
    done = done && compact(problem, keep, cancel);
    shrink_routes(problem);
    free(sorted);
    free(keep);
    return done;
}

static void *copy_array(const void *array, size_t count, size_t size)
{
    void *copy = calloc(count + 1, size);
    if (copy && count)
        memcpy(copy, array, count * size);
    return copy;
}

static struct ifp_problem *copy_problem(const struct ifp_problem *problem)
{
    struct ifp_problem *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    *made = *problem;
    made->demands = copy_array(problem->demands, problem->query_count, sizeof *made->demands);
    made->configurations = copy_array(problem->configurations, problem->configuration_count,
                                      sizeof *made->configurations);
    made->routes = copy_array(problem->routes, problem->route_count, sizeof *made->routes);
    bool account = ifp_account_copy(problem, made);
    made->pairs = copy_array(problem->pairs, problem->pair_count, sizeof *made->pairs);
    made->deviations = NULL;
    made->residency_hours = NULL;
    made->twins = (struct ifp_twins){0};
    if (problem->deviations)
        made->deviations =
            copy_array(problem->deviations, problem->route_count, sizeof *made->deviations);
    if (problem->residency_hours)
        made->residency_hours =
            copy_array(problem->residency_hours, problem->route_count, sizeof(double));
    if (!made->deviations == !problem->deviations &&
        !made->residency_hours == !problem->residency_hours && made->demands &&
        made->configurations && made->routes && account && made->pairs)
        return made;
    ifp_problem_free(made);
    return NULL;
}

struct ifp_problem *ifp_problem_restrict(const struct ifp_problem *problem, const bool *keep)
{
    struct ifp_problem *made = copy_problem(problem);
    if (!made)
        return NULL;
    free(made->pairs);
    made->pairs = NULL;
    made->pair_count = 0;
    if (compact(made, keep, NULL) && finish(made, NULL))
        return made;
    ifp_problem_free(made);
    return NULL;
}

/* The deviation of a route, limited to what costs `usd` if the route serves in full and deviates
 * alone. It is not limited in coupled problems, which charge deviation_usd instead. */
static double max_deviation_ms(const struct ifp_problem *problem, size_t route, double usd)
{
    struct ifp_route_deviation of = ifp_route_deviation(problem, &problem->routes[route]);
    double price =
        problem->demands[problem->routes[route].query].delay_usd * of.cap[IFP_SERVICE_DELAY];
    if (problem->coupled || of.deviation[IFP_SERVICE_DELAY] * price <= usd)
        return of.deviation[IFP_SERVICE_DELAY];
    return usd / price;
}

int ifp_problem_cap(const struct ifp_problem *problem, double usd, struct ifp_problem **capped)
{
    bool any = false;
    *capped = NULL;
    for (size_t i = 0; i < problem->query_count; i++)
        any |= problem->demands[i].unmet_usd > usd;
    for (size_t r = 0; r < problem->route_count; r++)
        any |= ifp_route_delay_usd(problem, &problem->routes[r]) > usd ||
               ifp_route_deviation(problem, &problem->routes[r]).deviation_usd > usd ||
               max_deviation_ms(problem, r, usd) <
                   ifp_route_deviation(problem, &problem->routes[r]).deviation[IFP_SERVICE_DELAY];
    if (!any)
        return IFP_OK;
    struct ifp_problem *made = copy_problem(problem);
    if (!made)
        return IFP_ERROR_MEMORY;
    for (size_t i = 0; i < problem->query_count; i++)
        made->demands[i].unmet_usd = fmin(made->demands[i].unmet_usd, usd);
    made->penalty_max = fmin(problem->penalty_max, usd);
    for (size_t r = 0; made->deviations && r < problem->route_count; r++) {
        struct ifp_route_deviation *of = &made->deviations[r];
        of->delay_usd = fmin(of->delay_usd, usd);
        of->deviation_usd = fmin(of->deviation_usd, usd);
        of->deviation[IFP_SERVICE_DELAY] = max_deviation_ms(problem, r, usd);
    }
    if (!ifp_twins_find(made, NULL, &made->twins)) {
        ifp_problem_free(made);
        return IFP_ERROR_MEMORY;
    }
    *capped = made;
    return IFP_OK;
}

/* A problem without configurations: the data that do not depend on them. NULL if out of memory. */
static struct ifp_problem *begin(const struct ifp_instance *instance, double slack)
{
    struct ifp_problem *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->model_count = instance->model_count;
    made->tier_count = instance->tier_count;
    made->slack = slack;
    made->tolerance = fmin(IFP_HOLDS_TOLERANCE, fmax(0, IFP_VERIFY_TOLERANCE - slack));
    made->placement = (enum ifp_placement)instance->placement;
    made->slo_basis = (enum ifp_slo_basis)instance->slo_basis;
    made->uncertain = instance->uncertainty != IFP_UNCERTAINTY_NONE;
    made->coupled =
        instance->uncertainty == IFP_UNCERTAINTY_DECISION && instance->level == IFP_LEVEL_QUERY;
    made->deviation_budget[IFP_SERVICE_DELAY] = instance->delay_budget;
    made->deviation_budget[IFP_SERVICE_ERROR] = instance->error_budget;
    made->penalty_max = INFINITY;
    if (ifp_account_open(instance, made) && build_demands(instance, made))
        return made;
    ifp_problem_free(made);
    return NULL;
}

int ifp_problem_new(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                    struct ifp_problem **problem, struct ifp_error *error)
{
    return ifp_problem_new_relaxed(instance, 0, cancel, problem, error);
}

int ifp_problem_new_relaxed(const struct ifp_instance *instance, double slack,
                            const struct ifp_cancel *cancel, struct ifp_problem **problem,
                            struct ifp_error *error)
{
    struct ifp_problem *made = begin(instance, slack);
    *problem = NULL;
    bool done = made && build_configurations(instance, cancel, made) &&
                build_routes(instance, cancel, made);
    /* A cancel may have left any of these steps incomplete. */
    if (done && !ifp_is_cancelled(cancel))
        done = drop_useless(instance, cancel, made);
    if (done && !ifp_is_cancelled(cancel))
        done = finish(made, cancel);
    if (done && !ifp_is_cancelled(cancel))
        *problem = made;
    else
        ifp_problem_free(made);
    return done ? IFP_OK : ifp_error_memory(error);
}

/* Make each deployment one configuration with the capacity of all its replicas. Its cost is
 * sunk. */
static bool build_deployments(const struct ifp_instance *instance, const struct ifp_rented *rented,
                              size_t count, struct ifp_problem *problem)
{
    double *replicas = calloc(count + 1, sizeof *replicas);
    problem->configurations = calloc(count + 1, sizeof *problem->configurations);
    for (size_t d = 0; replicas && problem->configurations && d < count; d++) {
        struct ifp_configuration made = configuration_of(instance, problem, rented[d].model,
                                                         rented[d].tier, rented[d].degree_index);
        replicas[d] = rented[d].replicas;
        made.max_replicas = 1;
        made.kv_gb = fmax(0, made.kv_gb) * rented[d].replicas;
        made.tflops *= rented[d].replicas;
        problem->configurations[problem->configuration_count++] = made;
    }
    bool done = replicas && problem->configurations;
    if (done)
        ifp_account_sink(problem, replicas);
    free(replicas);
    return done;
}

/* Remove only configurations without routes. Dominated ones stay, since the fleet is fixed. */
static bool keep_routed(struct ifp_problem *problem)
{
    bool *keep = calloc(problem->configuration_count + 1, sizeof *keep);
    if (!keep)
        return false;
    for (size_t c = 0; c < problem->configuration_count; c++)
        keep[c] = problem->configurations[c].route_count > 0;
    bool done = compact(problem, keep, NULL);
    free(keep);
    return done;
}

int ifp_problem_of_deployments(const struct ifp_instance *instance, const struct ifp_rented *rented,
                               size_t count, struct ifp_problem **problem, struct ifp_error *error)
{
    struct ifp_problem *made = begin(instance, 0);
    *problem = NULL;
    if (made) /* no search with relaxed limits follows */
        made->tolerance = IFP_VERIFY_TOLERANCE;
    if (!made || !build_deployments(instance, rented, count, made) ||
        !build_routes(instance, NULL, made) || !keep_routed(made) || !finish(made, NULL)) {
        ifp_problem_free(made);
        return ifp_error_memory(error);
    }
    *problem = made;
    return IFP_OK;
}
