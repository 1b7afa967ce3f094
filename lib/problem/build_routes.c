/* SPDX-License-Identifier: MIT */
/* Building a problem: its routes, with what they need and cost. Symbols are those of
 * docs/formulation.md. */
#include <math.h>
#include <stdlib.h>

#include "problem/build.h"
#include "problem/filter.h"
#include "problem/operating.h"
#include "problem/worst.h"
#include "util/array.h"
#include "util/number.h"

/* Configurations between two polls of the cancel. */
enum { PER_POLL = 256 };

static const double MS_PER_HOUR = 3.6e6;

struct builder {
    const struct ifp_instance *instance;
    struct ifp_problem *problem;
    size_t capacity;                 /* of the arrays by route */
    bool certain[IFP_SERVICE_COUNT]; /* is the worst case a coefficient whatever routes are used? */
    double *minimum; /* by query and service level: the lowest nominal value of its candidates */
    /* By query: its entry at the measured point of the present configuration, or NULL. */
    const struct ifp_measured_data **measured;
    const struct ifp_point_data *point; /* whose entries these are */
};

/* The performance fields of the service levels. */
static const struct {
    enum ifp_performance nominal;
    enum ifp_performance deviation;
    enum ifp_performance shrink;
} fields[] = {
    [IFP_SERVICE_DELAY] = {IFP_DELAY, IFP_DELAY_DEVIATION, IFP_DELAY_SHRINK},
    [IFP_SERVICE_ERROR] = {IFP_ERROR_RATE, IFP_ERROR_DEVIATION, IFP_ERROR_SHRINK},
    /* What is missed is of the error's kind; its nominal value is not in a table. */
    [IFP_SERVICE_MISSED] = {IFP_ERROR_RATE, IFP_ERROR_DEVIATION, IFP_ERROR_SHRINK},
};

/* The largest factor of a deviation: 1, or what the choice of the pair leaves of it, but at most
 * the budget. */
static double cap_of(const struct ifp_instance *instance, const struct ifp_problem *problem,
                     enum ifp_service_level level, size_t model, size_t tier)
{
    double cap = 1;
    if (!problem->uncertain)
        return 0;
    if (instance->uncertainty == IFP_UNCERTAINTY_DECISION)
        cap = fmax(0, 1 - ifp_instance_shrink(instance, fields[level].shrink, model, tier));
    return fmin(cap, problem->deviation_budget[level]);
}

/* Reserve memory for one more route. False if out of memory. */
static bool reserve_route(struct builder *builder)
{
    struct ifp_problem *problem = builder->problem;
    if (problem->route_count < builder->capacity)
        return true;
    size_t larger = builder->capacity + builder->capacity / 2 + 256;
    bool good = ifp_array_resize(&problem->routes, larger, sizeof *problem->routes);
    if (good && problem->uncertain)
        good = ifp_array_resize(&problem->deviations, larger, sizeof *problem->deviations);
    if (good && problem->has_needs)
        good =
            ifp_array_resize(&problem->needs, larger, IFP_CAPACITY_COUNT * sizeof *problem->needs);
    else if (good && problem->query_count && isnan(problem->demands[0].residency_hours))
        good =
            ifp_array_resize(&problem->residency_hours, larger, sizeof *problem->residency_hours);
    if (good)
        builder->capacity = larger;
    return good;
}

/* Find the entries of the configuration's measured point by query. */
static void read_point(struct builder *builder, const struct ifp_configuration *c)
{
    const struct ifp_instance *instance = builder->instance;
    const struct ifp_point_data *point =
        c->point == SIZE_MAX ? NULL : &instance->profiles[c->profile].points[c->point];
    if (!point || point == builder->point)
        return;
    for (size_t i = 0; i < instance->query_count; i++)
        builder->measured[i] = NULL;
    for (size_t e = 0; e < point->query_count; e++)
        builder->measured[ifp_instance_find_query(instance, point->queries[e].query)] =
            &point->queries[e];
    builder->point = point;
}

/* What a query type gets from a configuration without a profile: delay is given per token and on
 * one GPU. The parts that only profiles have are NaN. */
static struct ifp_operation operation_of_table(const struct builder *builder,
                                               const struct ifp_configuration *c, size_t query)
{
    const struct ifp_instance *instance = builder->instance;
    const struct ifp_query_data *i = &instance->queries[query];
    const struct ifp_demand *demand = &builder->problem->demands[query];
    double tokens = i->input_tokens + i->output_tokens;
    double speedup = ifp_tier_speedup(&instance->tiers[c->tier], c->degree_index);
    double delay = ifp_instance_performance(instance, IFP_DELAY, query, c->model, c->tier);
    double deviation =
        ifp_instance_performance(instance, IFP_DELAY_DEVIATION, query, c->model, c->tier);
    struct ifp_operation made = {
        .ttft_ms = NAN,
        .tpot_ms = NAN,
        .e2e_ms = delay * tokens / speedup,
        .ttft_deviation_ms = NAN,
        .tpot_deviation_ms = NAN,
        .e2e_deviation_ms = deviation * tokens / speedup,
        .load = demand->tflop_per_1k_tokens * c->compute_scale / 1000 * demand->tokens_per_hour /
                3600 / c->tflops,
        .attainment = NAN,
    };
    made.residency_hours =
        instance->residency_is_delay
            ? made.e2e_ms / MS_PER_HOUR
            : ifp_instance_performance(instance, IFP_KV_RESIDENCY, query, c->model, c->tier);
    return made;
}

/* In a sample of the stress test, the deviations that were drawn are part of the values. */
static void add_sampled(const struct ifp_instance *instance, const struct ifp_configuration *c,
                        size_t query, struct ifp_operation *operation)
{
    double late = ifp_instance_sampled(instance, instance->sampled_delay, query, c->model, c->tier);
    double wrong =
        ifp_instance_sampled(instance, instance->sampled_error, query, c->model, c->tier);
    if (late > 0) {
        operation->ttft_ms += late * operation->ttft_deviation_ms;
        operation->tpot_ms += late * operation->tpot_deviation_ms;
        operation->e2e_ms += late * operation->e2e_deviation_ms;
    }
    if (wrong > 0)
        operation->attainment -= wrong * ifp_instance_performance(instance, IFP_ERROR_DEVIATION,
                                                                  query, c->model, c->tier);
}

/* Returns false if the query type is no candidate at the point. */
static bool find_operation(const struct builder *builder, const struct ifp_configuration *c,
                           size_t query, struct ifp_operation *operation)
{
    const struct ifp_instance *instance = builder->instance;
    if (c->profile == SIZE_MAX) {
        *operation = operation_of_table(builder, c, query);
        return !isnan(operation->e2e_ms);
    }
    const struct ifp_profile_data *profile = &instance->profiles[c->profile];
    if (c->point == SIZE_MAX) {
        *operation = ifp_operation_by_law(instance, profile, c->pace_ms, query);
        return true;
    }
    const struct ifp_measured_data *measured = builder->measured[query];
    if (measured)
        *operation =
            ifp_operation_measured(instance, profile, &profile->points[c->point], measured, query);
    return measured != NULL;
}

static bool operation_of(const struct builder *builder, const struct ifp_configuration *c,
                         size_t query, struct ifp_operation *operation)
{
    if (!find_operation(builder, c, query, operation))
        return false;
    add_sampled(builder->instance, c, query, operation);
    return true;
}

/* The parts of one replica's capacities that share 1 needs, by enum ifp_capacity. */
static void set_needs(const struct builder *builder, const struct ifp_configuration *c,
                      size_t query, const struct ifp_operation *operation, double *needs)
{
    const struct ifp_instance *instance = builder->instance;
    const struct ifp_demand *demand = &builder->problem->demands[query];
    const struct ifp_profile_data *profile =
        c->profile == SIZE_MAX ? NULL : &instance->profiles[c->profile];
    bool measured = c->point != SIZE_MAX;
    double hours = operation->residency_hours;
    double kv_gb = measured ? 0 : c->kv_gb_per_token * demand->tokens_per_hour * hours;
    double relaxed = 1 + builder->problem->slack;
    needs[IFP_CAPACITY_MEMORY] = ifp_fraction_of(kv_gb, c->kv_gb);
    /* Without a profile, the compute of a replica is relaxed and contains the utilization. */
    needs[IFP_CAPACITY_LOAD] =
        profile ? operation->load / (c->utilization * relaxed) : operation->load;
    needs[IFP_CAPACITY_SLOTS] =
        profile && !measured
            ? instance->queries[query].rate_per_hour * hours / (profile->max_sequences * relaxed)
            : 0;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        needs[k] = ifp_fraction_of(needs[k], c->whole[k]);
}

/* Set the deviations of a route, and add those that are coefficients. */
static void set_deviations(const struct builder *builder, const struct ifp_configuration *c,
                           const struct ifp_operation *operation, size_t r)
{
    struct ifp_problem *problem = builder->problem;
    const struct ifp_route_data *route = &problem->routes[r];
    double delay_usd = problem->demands[route->query].delay_usd;
    struct ifp_route_deviation *of = &problem->deviations[r];
    *of = (struct ifp_route_deviation){.delay_usd = delay_usd * route->level[IFP_SERVICE_DELAY]};
    of->deviation[IFP_SERVICE_DELAY] = operation->e2e_deviation_ms;
    of->deviation[IFP_SERVICE_ERROR] = ifp_instance_performance(
        builder->instance, IFP_ERROR_DEVIATION, route->query, c->model, c->tier);
    of->deviation[IFP_SERVICE_MISSED] =
        isfinite(problem->demands[route->query].limit[IFP_SERVICE_MISSED])
            ? of->deviation[IFP_SERVICE_ERROR]
            : 0;
    for (size_t l = 0; l < IFP_SERVICE_COUNT; l++)
        of->cap[l] =
            cap_of(builder->instance, problem, (enum ifp_service_level)l, c->model, c->tier);
    if (problem->coupled)
        of->deviation_usd = delay_usd * of->deviation[IFP_SERVICE_DELAY];
    for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
        if (builder->certain[l])
            ifp_worst_fold(problem, r, l);
    }
}

/* Write the route of a query type to a configuration after the last route, without counting it.
 * Returns false if the query type is no candidate there. *operation is what it gets. */
static bool make_route(struct builder *builder, size_t query, size_t configuration,
                       struct ifp_operation *operation)
{
    const struct ifp_instance *instance = builder->instance;
    struct ifp_problem *problem = builder->problem;
    const struct ifp_configuration *c = &problem->configurations[configuration];
    size_t r = problem->route_count;
    double error = ifp_instance_performance(instance, IFP_ERROR_RATE, query, c->model, c->tier);
    if (!operation_of(builder, c, query, operation) || isnan(error))
        return false;
    struct ifp_route_data *route = &problem->routes[r];
    *route = (struct ifp_route_data){
        .query = (uint32_t)query,
        .configuration = (uint32_t)configuration,
        .level = {[IFP_SERVICE_DELAY] = operation->e2e_ms,
                  [IFP_SERVICE_ERROR] = error,
                  [IFP_SERVICE_MISSED] =
                      isnan(operation->attainment) ? 0 : 1 - operation->attainment},
    };
    if (problem->has_needs)
        set_needs(builder, c, query, operation, &problem->needs[IFP_CAPACITY_COUNT * r]);
    else if (problem->residency_hours)
        problem->residency_hours[r] = operation->residency_hours;
    if (problem->uncertain)
        set_deviations(builder, c, operation, r);
    return true;
}

/* Is the budget enough whatever routes are used? By service level. */
static bool find_certain(struct builder *builder)
{
    struct ifp_problem *problem = builder->problem;
    double *cap = calloc(problem->model_count * problem->tier_count + 1, sizeof *cap);
    for (size_t l = 0; cap && l < IFP_SERVICE_COUNT; l++) {
        for (size_t j = 0; j < problem->model_count; j++) {
            for (size_t k = 0; k < problem->tier_count; k++)
                cap[j * problem->tier_count + k] =
                    cap_of(builder->instance, problem, (enum ifp_service_level)l, j, k);
        }
        /* With several deployments of a pair, its cap counts several times: ifp_worst_fold_all
         * decides when the routes are known. */
        bool by_pair = !problem->several || problem->placement != IFP_PLACEMENT_SPLIT;
        builder->certain[l] =
            by_pair && ifp_worst_certain(problem, cap, problem->deviation_budget[l]);
    }
    free(cap);
    return cap != NULL;
}

/* For each query type and service level, the lowest value of its candidates. */
static void find_minimum(struct builder *builder, const struct ifp_cancel *cancel)
{
    struct ifp_problem *problem = builder->problem;
    for (size_t m = 0; m < IFP_SERVICE_COUNT * problem->query_count; m++)
        builder->minimum[m] = INFINITY;
    for (size_t c = 0; c < problem->configuration_count; c++) {
        if (c % PER_POLL == 0 && ifp_is_cancelled(cancel))
            return;
        read_point(builder, &problem->configurations[c]);
        for (size_t i = 0; i < problem->query_count; i++) {
            struct ifp_operation operation;
            double *of = builder->minimum + IFP_SERVICE_COUNT * i;
            if (!make_route(builder, i, c, &operation))
                continue;
            for (int level = 0; level < IFP_SERVICE_COUNT; level++)
                of[level] = fmin(of[level], problem->routes[problem->route_count].level[level]);
        }
    }
}

/* The replicas that all routes of a configuration together can fill, at most max_replicas. Its
 * table reaches that far afterwards. Returns false if out of memory. */
static bool set_useful_replicas(struct ifp_problem *problem, struct ifp_configuration *c)
{
    const struct ifp_route_data *routes = problem->routes + c->first_route;
    struct ifp_load_table *table =
        c->load_table == SIZE_MAX ? NULL : &problem->load_tables[c->load_table];
    double load[IFP_CAPACITY_COUNT];
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        struct ifp_sum sum = {0};
        for (size_t r = 0; r < c->route_count; r++)
            ifp_sum_add(&sum, ifp_route_need(problem, &routes[r], (enum ifp_capacity)k) *
                                  routes[r].max_share);
        load[k] = ifp_sum_total(&sum);
    }
    /* A larger table than needed is cut off again by the search for the number of replicas. */
    size_t maximum = (size_t)fmax(0, c->max_replicas - c->spare);
    size_t reach = 1;
    while (table && reach < maximum &&
           !(reach <= table->count && table->load[reach - 1] >= load[IFP_CAPACITY_LOAD])) {
        reach = 2 * reach < maximum ? 2 * reach : maximum;
        if (!ifp_capacity_reach(table, reach))
            return false;
    }
    if (table && !ifp_capacity_reach(table, reach))
        return false;
    c->max_replicas = fmin(c->max_replicas, ifp_capacity_replicas(problem, c, load, 0));
    return true;
}

/* Is capacity `implied` never exhausted before capacity `by` is? */
static bool is_implied(const struct ifp_problem *problem, const struct ifp_configuration *c,
                       enum ifp_capacity implied, enum ifp_capacity by)
{
    bool equal =
        c->load_table == SIZE_MAX || (implied != IFP_CAPACITY_LOAD && by != IFP_CAPACITY_LOAD);
    for (double m = c->min_replicas; !equal && m <= c->max_replicas; m++) {
        if (ifp_capacity_of(problem, c, by, m) > ifp_capacity_of(problem, c, implied, m))
            return false;
    }
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        if (problem->needs[IFP_CAPACITY_COUNT * r + implied] >
            problem->needs[IFP_CAPACITY_COUNT * r + by])
            return false;
    }
    return true;
}

/* Set the needs of capacities to 0 that another one implies. Fewer rows make the program smaller
 * and pricing faster. */
static void drop_implied(struct ifp_problem *problem, const struct ifp_configuration *c)
{
    static const struct {
        enum ifp_capacity implied;
        enum ifp_capacity by;
    } tried[] = {
        {IFP_CAPACITY_MEMORY, IFP_CAPACITY_LOAD},  {IFP_CAPACITY_SLOTS, IFP_CAPACITY_LOAD},
        {IFP_CAPACITY_LOAD, IFP_CAPACITY_MEMORY},  {IFP_CAPACITY_LOAD, IFP_CAPACITY_SLOTS},
        {IFP_CAPACITY_MEMORY, IFP_CAPACITY_SLOTS}, {IFP_CAPACITY_SLOTS, IFP_CAPACITY_MEMORY},
    };
    for (size_t t = 0; problem->has_needs && t < sizeof tried / sizeof *tried; t++) {
        if (!is_implied(problem, c, tried[t].implied, tried[t].by))
            continue;
        for (size_t r = c->first_route; r < c->first_route + c->route_count; r++)
            problem->needs[IFP_CAPACITY_COUNT * r + tried[t].implied] = 0;
    }
}

/* Does the route after the last one need any capacity? */
static bool needs_anything(const struct ifp_problem *problem)
{
    bool found = false;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        found |= ifp_route_need(problem, &problem->routes[problem->route_count],
                                (enum ifp_capacity)k) > 0;
    return found;
}

/* Add the routes of a configuration that pass the filter. False if out of memory. */
static bool add_routes(struct builder *builder, size_t c)
{
    struct ifp_problem *problem = builder->problem;
    struct ifp_configuration *configuration = &problem->configurations[c];
    read_point(builder, configuration);
    configuration->first_route = problem->route_count;
    for (size_t i = 0; i < problem->query_count; i++) {
        struct ifp_operation operation;
        if (!reserve_route(builder))
            return false;
        struct ifp_miss miss = {NAN, NAN};
        int why = IFP_REMOVAL_NOT_MEASURED;
        if (make_route(builder, i, c, &operation))
            why = ifp_filter_operation(problem, configuration, i, &operation,
                                       cap_of(builder->instance, problem, IFP_SERVICE_DELAY,
                                              configuration->model, configuration->tier),
                                       &miss);
        if (!why)
            why = ifp_filter_request(builder->instance, problem, configuration, i, &miss);
        if (!why)
            why = ifp_filter_route(problem, configuration, builder->minimum + IFP_SERVICE_COUNT * i,
                                   &problem->routes[problem->route_count], &miss);
        if (!why && configuration->idle && needs_anything(problem))
            why = IFP_REMOVAL_CAPACITY;
        if (why && !configuration->idle)
            ifp_removal_add(problem, why, i, configuration, miss);
        problem->route_count += !why;
    }
    configuration->route_count = problem->route_count - configuration->first_route;
    if (!set_useful_replicas(problem, configuration))
        return false;
    drop_implied(problem, configuration);
    return true;
}

/* If unmet demand counts as missed, no plan leaves more unmet than the best attainment allows. */
static void tighten_unmet(struct builder *builder)
{
    struct ifp_problem *problem = builder->problem;
    for (size_t i = 0; problem->slo_basis == IFP_SLO_OFFERED && i < problem->query_count; i++) {
        struct ifp_demand *demand = &problem->demands[i];
        double missed = demand->limit[IFP_SERVICE_MISSED];
        double minimum = builder->minimum[IFP_SERVICE_COUNT * i + IFP_SERVICE_MISSED];
        if (!(missed < 1))
            continue;
        double maximum = minimum < missed ? (missed - minimum) / (1 - minimum) : 0;
        demand->max_unmet = fmin(demand->max_unmet, maximum + IFP_VERIFY_TOLERANCE);
    }
}

bool ifp_build_routes(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                      struct ifp_problem *problem)
{
    struct builder builder = {.instance = instance, .problem = problem};
    builder.minimum = calloc(IFP_SERVICE_COUNT * problem->query_count, sizeof *builder.minimum);
    builder.measured = calloc(problem->query_count, sizeof *builder.measured);
    bool good = builder.minimum && builder.measured && reserve_route(&builder) &&
                (!problem->uncertain || find_certain(&builder));
    if (good)
        find_minimum(&builder, cancel);
    if (good && !ifp_is_cancelled(cancel))
        tighten_unmet(&builder);
    for (size_t c = 0; good && c < problem->configuration_count && !ifp_is_cancelled(cancel); c++)
        good = add_routes(&builder, c);
    free(builder.minimum);
    free(builder.measured);
    return good;
}
