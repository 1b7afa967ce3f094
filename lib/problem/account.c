/* SPDX-License-Identifier: MIT */
/* What deployments and routes cost, and what they use of each resource. */
#include "problem/account.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/model.h>

#include "util/number.h"
#include "problem/problem.h"

const struct ifp_resource_trait ifp_resource_traits[IFP_RESOURCE_KIND_COUNT] = {
    [IFP_RESOURCE_BUDGET] = {.key = "budget",
                             .unit = "USD",
                             .routed = true,
                             .removal = IFP_REMOVAL_BUDGET,
                             .alone = "one replica alone exceeds the budget"},
    [IFP_RESOURCE_STORAGE] = {.key = "storage",
                              .unit = "GB",
                              .routed = true,
                              .removal = IFP_REMOVAL_STORAGE,
                              .alone = "its weights alone exceed the storage capacity"},
    [IFP_RESOURCE_POOL] = {.key = "pool",
                           .unit = "GPUs",
                           .counted = true,
                           .removal = IFP_REMOVAL_POOL,
                           .alone = "one replica alone exceeds its pool"},
};

/* -- limits -- */

/* The part of the verifier's tolerance that the relaxed limits do not already contain. */
static double tolerance_left(double slack)
{
    return fmax(0, IFP_VERIFY_TOLERANCE - slack);
}

double ifp_limit_maximum(double limit, double slack)
{
    return limit * (1 + tolerance_left(slack)) * (1 + IFP_KEEP_TOLERANCE);
}

static double limit_of(const struct ifp_instance *instance, enum ifp_resource_kind kind,
                       size_t pool)
{
    switch (kind) {
    case IFP_RESOURCE_BUDGET:
        return instance->budget_usd;
    case IFP_RESOURCE_STORAGE:
        return instance->storage_gb;
    case IFP_RESOURCE_POOL:
        return instance->pools[pool].gpus;
    default:
        return INFINITY;
    }
}

static void set_limit(struct ifp_resource *resource, double limit, double slack)
{
    bool counted = ifp_resource_traits[resource->kind].counted;
    double fraction = tolerance_left(slack) + IFP_VERIFY_TOLERANCE * IFP_KEEP_TOLERANCE;
    resource->limit = limit;
    resource->scale = ifp_limit_scale(limit);
    resource->maximum[IFP_MARGIN_SUM] = counted ? limit : limit * (1 + IFP_SUM_TOLERANCE);
    resource->maximum[IFP_MARGIN_POINT] = limit + IFP_POINT_TOLERANCE * fabs(limit);
    /* One unit too many of a count breaks any limit, however large. */
    resource->maximum[IFP_MARGIN_VERIFIER] =
        counted ? limit + fmin(0.5, fraction * fmax(1, limit)) : ifp_limit_maximum(limit, slack);
}

static void add_resource(const struct ifp_instance *instance, struct ifp_problem *problem,
                         enum ifp_resource_kind kind, size_t pool)
{
    struct ifp_resource *made = &problem->resources[problem->resource_count];
    double limit = limit_of(instance, kind, pool);
    if (isinf(limit))
        return;
    *made = (struct ifp_resource){.kind = kind, .pool = pool};
    set_limit(made,
              ifp_resource_traits[kind].counted ? limit + fmin(0.5, problem->slack * fmax(1, limit))
                                                : limit * (1 + problem->slack),
              problem->slack);
    problem->resource_count++;
}

void ifp_account_close(struct ifp_problem *problem)
{
    free(problem->resources);
    free(problem->tier_pool);
    problem->resources = NULL;
    problem->tier_pool = NULL;
}

bool ifp_account_open(const struct ifp_instance *instance, struct ifp_problem *problem)
{
    problem->route_charges = instance->storage_basis == IFP_STORAGE_ROUTE;
    problem->resource_count = 0;
    problem->pool_count = instance->pool_count;
    problem->resources =
        calloc(IFP_RESOURCE_KIND_COUNT + instance->pool_count, sizeof *problem->resources);
    problem->tier_pool = calloc(instance->tier_count + 1, sizeof *problem->tier_pool);
    if (!problem->resources || !problem->tier_pool) {
        ifp_account_close(problem);
        return false;
    }
    for (int kind = 0; kind < IFP_RESOURCE_KIND_COUNT; kind++) {
        bool pools = kind == IFP_RESOURCE_POOL;
        problem->first_resource[kind] = problem->resource_count;
        for (size_t p = 0; p < (pools ? instance->pool_count : 1); p++)
            add_resource(instance, problem, (enum ifp_resource_kind)kind, pools ? p : SIZE_MAX);
        if (problem->first_resource[kind] == problem->resource_count)
            problem->first_resource[kind] = SIZE_MAX;
    }
    for (size_t k = 0; k < instance->tier_count; k++) {
        const char *pool = instance->tiers[k].pool;
        problem->tier_pool[k] = pool ? problem->first_resource[IFP_RESOURCE_POOL] +
                                           ifp_instance_find_pool(instance, pool)
                                     : SIZE_MAX;
    }
    return true;
}

bool ifp_account_copy(const struct ifp_problem *from, struct ifp_problem *problem)
{
    size_t resources = from->resource_count * sizeof *from->resources;
    size_t tiers = from->tier_count * sizeof *from->tier_pool;
    problem->resources = malloc(resources + sizeof *problem->resources);
    problem->tier_pool = malloc(tiers + sizeof *problem->tier_pool);
    if (!problem->resources || !problem->tier_pool) {
        ifp_account_close(problem);
        return false;
    }
    if (resources)
        memcpy(problem->resources, from->resources, resources);
    if (tiers)
        memcpy(problem->tier_pool, from->tier_pool, tiers);
    return true;
}

/* -- rates -- */

double ifp_account_storage_usd(const struct ifp_instance *instance, double gb)
{
    return instance->rental_hours * instance->storage_usd_per_gb_hour * gb;
}

/* Weights are stored once per deployment or once per route. */
static struct ifp_rates weights_of(const struct ifp_problem *problem, double weights)
{
    return (struct ifp_rates){.deployment = problem->route_charges ? 0 : weights,
                              .charge = problem->route_charges ? weights : 0};
}

static struct ifp_rates cost_of(const struct ifp_instance *instance,
                                const struct ifp_problem *problem,
                                const struct ifp_configuration *configuration)
{
    const struct ifp_tier_data *tier = &instance->tiers[configuration->tier];
    struct ifp_rates cost =
        weights_of(problem, ifp_account_storage_usd(instance, configuration->weights_gb));
    cost.replica = instance->rental_hours * tier->usd_per_hour * configuration->degree;
    return cost;
}

static struct ifp_rates rates_of(const struct ifp_problem *problem, enum ifp_resource_kind kind,
                                 const struct ifp_configuration *configuration)
{
    switch (kind) {
    case IFP_RESOURCE_BUDGET:
        return configuration->cost;
    case IFP_RESOURCE_STORAGE:
        return weights_of(problem, configuration->weights_gb);
    case IFP_RESOURCE_POOL:
        return (struct ifp_rates){.replica = configuration->degree};
    default:
        return (struct ifp_rates){0};
    }
}

void ifp_account_enter(const struct ifp_instance *instance, const struct ifp_problem *problem,
                       struct ifp_configuration *configuration)
{
    configuration->cost = cost_of(instance, problem, configuration);
    configuration->use_count = 0;
    for (int kind = 0; kind < IFP_RESOURCE_KIND_COUNT; kind++) {
        size_t resource = kind == IFP_RESOURCE_POOL ? problem->tier_pool[configuration->tier]
                                                    : problem->first_resource[kind];
        if (resource != SIZE_MAX)
            configuration->uses[configuration->use_count++] = (struct ifp_use){
                resource, rates_of(problem, (enum ifp_resource_kind)kind, configuration)};
    }
}

/* -- fixed deployments -- */

static void sink(struct ifp_rates *rates, double replicas, struct ifp_sum *sunk)
{
    ifp_sum_add(sunk, rates->replica * replicas);
    ifp_sum_add(sunk, rates->deployment);
    rates->replica = 0;
    rates->deployment = 0;
}

/* Can a route of some configuration use the resource? Only the budget pays for the shares. */
static bool is_routed(const struct ifp_problem *problem, enum ifp_resource_kind kind)
{
    return ifp_resource_traits[kind].routed &&
           (kind == IFP_RESOURCE_BUDGET || problem->route_charges);
}

void ifp_account_sink(struct ifp_problem *problem, const double *replicas)
{
    struct ifp_sum sunk[IFP_RESOURCE_KIND_COUNT] = {{0}};
    struct ifp_sum usd = {0};
    for (size_t c = 0; c < problem->configuration_count; c++) {
        struct ifp_configuration *configuration = &problem->configurations[c];
        size_t kept = 0;
        sink(&configuration->cost, replicas[c], &usd);
        for (size_t u = 0; u < configuration->use_count; u++) {
            struct ifp_use use = configuration->uses[u];
            enum ifp_resource_kind kind = problem->resources[use.resource].kind;
            if (!is_routed(problem, kind))
                continue;
            sink(&use.rates, replicas[c], &sunk[kind]);
            configuration->uses[kept++] = use;
        }
        configuration->use_count = kept;
    }
    problem->sunk_usd = ifp_sum_total(&usd);
    /* Of each kind that routes use there is one resource, and these come first. */
    size_t kept = 0;
    for (size_t s = 0; s < problem->resource_count; s++) {
        struct ifp_resource *resource = &problem->resources[s];
        enum ifp_resource_kind kind = resource->kind;
        if (!is_routed(problem, kind)) {
            problem->first_resource[kind] = SIZE_MAX;
            continue;
        }
        set_limit(resource, fmax(0, resource->limit - ifp_sum_total(&sunk[kind])), problem->slack);
        for (size_t c = 0; c < problem->configuration_count; c++) {
            struct ifp_configuration *configuration = &problem->configurations[c];
            for (size_t u = 0; u < configuration->use_count; u++) {
                if (configuration->uses[u].resource == s)
                    configuration->uses[u].resource = kept;
            }
        }
        problem->first_resource[kind] = kept;
        problem->resources[kept++] = *resource;
    }
    problem->resource_count = kept;
    problem->pool_count = 0;
}

/* -- configurations -- */

double ifp_account_replicas(const struct ifp_problem *problem,
                            const struct ifp_configuration *configuration)
{
    double maximum = configuration->max_replicas;
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_rates *rates = &configuration->uses[u].rates;
        const struct ifp_resource *resource = &problem->resources[configuration->uses[u].resource];
        if (rates->replica > 0)
            maximum = fmin(maximum,
                           floor((resource->maximum[IFP_MARGIN_VERIFIER] - ifp_rates_fixed(rates)) /
                                 rates->replica));
    }
    return fmax(1, maximum);
}

const struct ifp_resource *ifp_account_exceeded(const struct ifp_problem *problem,
                                                const struct ifp_configuration *configuration)
{
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_use *use = &configuration->uses[u];
        const struct ifp_resource *resource = &problem->resources[use->resource];
        /* With either storage basis a deployment that serves demand stores its weights at least
         * once. */
        if (!ifp_resource_fits(resource, ifp_rates_minimum(&use->rates), IFP_MARGIN_VERIFIER))
            return resource;
    }
    return NULL;
}

size_t ifp_account_pool(const struct ifp_problem *problem,
                        const struct ifp_configuration *configuration)
{
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_resource *resource = &problem->resources[configuration->uses[u].resource];
        if (resource->kind == IFP_RESOURCE_POOL)
            return resource->pool;
    }
    return problem->pool_count;
}

static bool is_at_most(const struct ifp_rates *a, const struct ifp_rates *b)
{
    return a->replica <= b->replica && a->deployment <= b->deployment && a->charge <= b->charge;
}

bool ifp_account_at_most(const struct ifp_configuration *a, const struct ifp_configuration *b)
{
    bool found = is_at_most(&a->cost, &b->cost);
    for (size_t u = 0; found && u < a->use_count; u++)
        found = is_at_most(&a->uses[u].rates, &b->uses[u].rates);
    return found;
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

static int order_rates(const struct ifp_rates *a, const struct ifp_rates *b)
{
    int found = order(a->replica, b->replica);
    if (!found)
        found = order(a->deployment, b->deployment);
    return found ? found : order(a->charge, b->charge);
}

int ifp_account_compare(const struct ifp_configuration *a, const struct ifp_configuration *b)
{
    int found = order((double)a->use_count, (double)b->use_count);
    if (!found)
        found = order_rates(&a->cost, &b->cost);
    for (size_t u = 0; !found && u < a->use_count; u++) {
        found = order((double)a->uses[u].resource, (double)b->uses[u].resource);
        if (!found)
            found = order_rates(&a->uses[u].rates, &b->uses[u].rates);
    }
    return found;
}
