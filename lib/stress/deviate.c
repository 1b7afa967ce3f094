/* SPDX-License-Identifier: MIT */
/* Deviations drawn from the uncertainty set of an instance, and the instance with them. */
#include "stress/deviate.h"

#include <stdlib.h>

#include "util/random.h"

static const enum ifp_performance nominal_field[] = {IFP_DELAY, IFP_ERROR_RATE};
static const enum ifp_performance deviation_field[] = {IFP_DELAY_DEVIATION, IFP_ERROR_DEVIATION};
static const enum ifp_performance shrink_field[] = {IFP_DELAY_SHRINK, IFP_ERROR_SHRINK};

void ifp_deviate_free(struct ifp_deviate *deviate)
{
    if (!deviate)
        return;
    for (int kind = 0; kind < IFP_DEVIATING_COUNT; kind++) {
        struct ifp_deviate_table *table = &deviate->tables[kind];
        free(table->factor);
        free(table->pair_cap);
        free(table->query_cap);
    }
    free(deviate->order);
    free(deviate->candidate);
    free(deviate->deployments);
    free(deviate);
}

static size_t cell_count(const struct ifp_instance *instance)
{
    return instance->query_count * instance->model_count * instance->tier_count;
}

static struct ifp_deviate_given given_of(const struct ifp_instance *instance,
                                         enum ifp_performance field)
{
    const struct ifp_table *table = &instance->performance[field];
    return (struct ifp_deviate_given){
        .values = table->values,
        .repeat = table->values ? cell_count(instance) / table->count : 1,
    };
}

/* Caps by pair, and by query type the cap of its route in the plan. With level query a query type
 * has at most one route. */
static void find_caps(const struct ifp_instance *instance, const ifp_plan *plan, int kind,
                      struct ifp_deviate_table *table)
{
    bool shrinks = instance->uncertainty == IFP_UNCERTAINTY_DECISION;
    for (size_t j = 0; j < instance->model_count; j++) {
        for (size_t k = 0; k < instance->tier_count; k++) {
            double shrink = shrinks ? ifp_instance_shrink(instance, shrink_field[kind], j, k) : 0;
            table->pair_cap[j * instance->tier_count + k] = fmax(0, 1 - shrink);
        }
    }
    for (size_t i = 0; i < instance->query_count; i++)
        table->query_cap[i] = 1;
    for (size_t r = 0; r < plan->route_count; r++) {
        const struct ifp_plan_route *route = &plan->routes[r];
        table->query_cap[route->query] =
            table->pair_cap[route->model * instance->tier_count + route->tier];
    }
}

/* Mark the query types that a profile serves in their pair. */
static void add_profile(const struct ifp_instance *instance, const struct ifp_profile_data *profile,
                        bool *candidate)
{
    size_t pairs = instance->model_count * instance->tier_count;
    size_t pair = ifp_instance_find_model(instance, profile->model) * instance->tier_count +
                  ifp_instance_find_tier(instance, profile->tier);
    for (size_t i = 0; !profile->point_count && i < instance->query_count; i++)
        candidate[i * pairs + pair] = true;
    for (size_t p = 0; p < profile->point_count; p++) {
        for (size_t q = 0; q < profile->points[p].query_count; q++) {
            size_t i = ifp_instance_find_query(instance, profile->points[p].queries[q].query);
            candidate[i * pairs + pair] = true;
        }
    }
}

/* A query type may be served by a pair if its error is known, and its delay or a profile. */
static void find_candidates(struct ifp_deviate *deviate)
{
    const struct ifp_instance *instance = deviate->instance;
    size_t cell = 0;
    for (size_t n = 0; n < instance->profile_count; n++)
        add_profile(instance, &instance->profiles[n], deviate->candidate);
    for (size_t i = 0; i < instance->query_count; i++) {
        for (size_t j = 0; j < instance->model_count; j++) {
            for (size_t k = 0; k < instance->tier_count; k++, cell++) {
                deviate->candidate[cell] |=
                    !isnan(ifp_instance_performance(instance, IFP_DELAY, i, j, k));
                deviate->candidate[cell] &=
                    !isnan(ifp_instance_performance(instance, IFP_ERROR_RATE, i, j, k));
            }
        }
    }
}

static void count_deployments(struct ifp_deviate *deviate, const ifp_plan *plan)
{
    const struct ifp_instance *instance = deviate->instance;
    for (size_t d = 0; d < plan->deployment_count; d++)
        deviate->deployments[plan->deployments[d].model * instance->tier_count +
                             plan->deployments[d].tier]++;
    for (size_t p = 0; p < instance->model_count * instance->tier_count; p++) {
        if (!deviate->deployments[p])
            deviate->deployments[p] = 1;
    }
}

struct ifp_deviate *ifp_deviate_new(const struct ifp_instance *instance, const ifp_plan *plan)
{
    struct ifp_deviate *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->instance = instance;
    made->by_query =
        instance->uncertainty == IFP_UNCERTAINTY_DECISION && instance->level == IFP_LEVEL_QUERY;
    size_t pairs = instance->model_count * instance->tier_count;
    size_t maximum = pairs > instance->query_count ? pairs : instance->query_count;
    made->by_point = instance->profile_count > 0 || instance->residency_is_delay;
    made->order = calloc(maximum, sizeof *made->order);
    made->candidate = calloc(cell_count(instance), sizeof *made->candidate);
    made->deployments = calloc(pairs, sizeof *made->deployments);
    bool good = made->order && made->candidate && made->deployments;
    if (good) {
        find_candidates(made);
        count_deployments(made, plan);
    }
    for (int kind = 0; good && kind < IFP_DEVIATING_COUNT; kind++) {
        struct ifp_deviate_table *table = &made->tables[kind];
        table->nominal = given_of(instance, nominal_field[kind]);
        table->deviation = given_of(instance, deviation_field[kind]);
        table->factor = calloc(cell_count(instance), sizeof *table->factor);
        table->pair_cap = calloc(pairs, sizeof *table->pair_cap);
        table->query_cap = calloc(instance->query_count, sizeof *table->query_cap);
        table->budget =
            kind == IFP_DEVIATING_DELAY ? instance->delay_budget : instance->error_budget;
        good = table->factor && table->pair_cap && table->query_cap;
        if (good)
            find_caps(instance, plan, kind, table);
    }
    if (!good) {
        ifp_deviate_free(made);
        return NULL;
    }
    return made;
}

static void shuffle(struct ifp_random *random, size_t *order, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        size_t at = ifp_random_below(random, left);
        size_t last = order[left - 1];
        order[left - 1] = order[at];
        order[at] = last;
    }
}

/* 1 with probability 1/2, else uniform in [0, 1). */
static double random_fraction(struct ifp_random *random)
{
    bool whole = (ifp_random_bits(random) >> 63) != 0;
    double fraction = ifp_random_fraction(random);
    return whole ? 1 : fraction;
}

/* Draw a factor for each pair of one query type, whose cells begin at `first`. */
static void sample_pairs(struct ifp_deviate *deviate, struct ifp_deviate_table *table, size_t first,
                         struct ifp_random *random)
{
    size_t pairs = deviate->instance->model_count * deviate->instance->tier_count;
    size_t count = 0;
    double left = table->budget;
    for (size_t p = 0; p < pairs; p++) {
        table->factor[first + p] = 0;
        if (deviate->candidate[first + p])
            deviate->order[count++] = p;
    }
    shuffle(random, deviate->order, count);
    for (size_t n = 0; n < count && left > 0; n++) {
        size_t p = deviate->order[n];
        double factor = random_fraction(random) * table->pair_cap[p];
        double deployments = (double)deviate->deployments[p];
        factor = fmin(factor, left / deployments);
        table->factor[first + p] = factor;
        left -= deployments * factor;
    }
}

/* Draw one theta for each query type; all g share one budget. The count of random numbers is the
 * same for every plan, even if the budget is used up. */
static void sample_queries(struct ifp_deviate *deviate, struct ifp_deviate_table *table,
                           struct ifp_random *random)
{
    size_t queries = deviate->instance->query_count;
    size_t pairs = deviate->instance->model_count * deviate->instance->tier_count;
    double left = table->budget;
    for (size_t i = 0; i < queries; i++)
        deviate->order[i] = i;
    shuffle(random, deviate->order, queries);
    for (size_t n = 0; n < queries; n++) {
        size_t i = deviate->order[n];
        double cap = table->query_cap[i];
        double theta = random_fraction(random);
        double factor = theta * cap;
        if (!(left > 0)) {
            theta = 0;
            factor = 0;
        } else if (factor > left) {
            theta = left / cap;
            factor = left;
        }
        left -= factor;
        for (size_t p = 0; p < pairs; p++)
            table->factor[i * pairs + p] =
                deviate->candidate[i * pairs + p] ? theta * table->pair_cap[p] : 0;
    }
}

void ifp_deviate_sample(struct ifp_deviate *deviate, uint64_t seed)
{
    struct ifp_random random = {.state = seed};
    size_t pairs = deviate->instance->model_count * deviate->instance->tier_count;
    for (int kind = 0; kind < IFP_DEVIATING_COUNT; kind++) {
        struct ifp_deviate_table *table = &deviate->tables[kind];
        if (deviate->by_query) {
            sample_queries(deviate, table, &random);
            continue;
        }
        for (size_t i = 0; i < deviate->instance->query_count; i++)
            sample_pairs(deviate, table, i * pairs, &random);
    }
}

struct ifp_instance *ifp_deviate_instance(const struct ifp_deviate *deviate)
{
    struct ifp_instance *made = ifp_instance_copy(deviate->instance);
    size_t cells = cell_count(deviate->instance);
    if (made && deviate->by_point) {
        made->sampled_delay = calloc(cells, sizeof *made->sampled_delay);
        made->sampled_error = calloc(cells, sizeof *made->sampled_error);
        if (!made->sampled_delay || !made->sampled_error) {
            ifp_instance_free(made);
            return NULL;
        }
    }
    for (int kind = 0; made && kind < IFP_DEVIATING_COUNT; kind++) {
        if (kind == IFP_DEVIATING_DELAY && deviate->by_point)
            continue;
        double *values = malloc(cells * sizeof *values);
        if (!values) {
            ifp_instance_free(made);
            return NULL;
        }
        for (size_t cell = 0; cell < cells; cell++)
            values[cell] = ifp_deviate_entry(&deviate->tables[kind].nominal, cell);
        struct ifp_table *table = &made->performance[nominal_field[kind]];
        free(table->values);
        *table = (struct ifp_table){.values = values, .count = cells, .rank = 3};
    }
    if (made)
        made->uncertainty = IFP_UNCERTAINTY_NONE;
    return made;
}

static void set_factors(const struct ifp_deviate_table *table, double inflation, size_t cells,
                        double *sampled)
{
    for (size_t cell = 0; sampled && cell < cells; cell++)
        sampled[cell] = inflation * table->factor[cell];
}

void ifp_deviate_realise(const struct ifp_deviate *deviate, double inflation,
                         struct ifp_instance *realised)
{
    size_t cells = cell_count(deviate->instance);
    set_factors(&deviate->tables[IFP_DEVIATING_DELAY], inflation, cells, realised->sampled_delay);
    set_factors(&deviate->tables[IFP_DEVIATING_ERROR], inflation, cells, realised->sampled_error);
    for (int kind = 0; kind < IFP_DEVIATING_COUNT; kind++) {
        if (kind == IFP_DEVIATING_DELAY && deviate->by_point)
            continue;
        const struct ifp_deviate_table *table = &deviate->tables[kind];
        double *values = realised->performance[nominal_field[kind]].values;
        for (size_t cell = 0; cell < cells; cell++) {
            /* In separate steps, so that the compiler does not fuse two roundings into one. */
            double fraction = inflation * table->factor[cell];
            double more = fraction * ifp_deviate_entry(&table->deviation, cell);
            values[cell] = ifp_deviate_entry(&table->nominal, cell) + more;
        }
    }
}
