/* SPDX-License-Identifier: MIT */
/* What deployments and routes cost, and what they use of each resource. */
#include "problem/account.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/model.h>

#include "problem/problem.h"
#include "util/number.h"

/* A kind of resource: its limit, and what a configuration uses of it. */
struct kind {
    struct ifp_resource_trait trait;
    bool pooled; /* one resource for each pool, used by the tiers in it */
    double (*limit)(const struct ifp_instance *instance, size_t pool);
    struct ifp_rates (*rates)(const struct ifp_instance *instance,
                              const struct ifp_configuration *configuration);
};

/* -- what a configuration costs and uses -- */

double ifp_account_storage_usd(const struct ifp_instance *instance, double gb)
{
    return instance->rental_hours * instance->storage_usd_per_gb_hour * gb;
}

/* Weights are stored once per deployment or once per route. */
static struct ifp_rates stored(const struct ifp_instance *instance, double weights)
{
    bool by_route = instance->storage_basis == IFP_STORAGE_ROUTE;
    return (struct ifp_rates){.deployment = by_route ? 0 : weights,
                              .charge = by_route ? weights : 0};
}

static struct ifp_rates usd_of(const struct ifp_instance *instance,
                               const struct ifp_configuration *configuration)
{
    const struct ifp_tier_data *tier = &instance->tiers[configuration->tier];
    struct ifp_rates cost =
        stored(instance, ifp_account_storage_usd(instance, configuration->weights_gb));
    cost.replica = instance->rental_hours * tier->usd_per_hour * configuration->degree;
    return cost;
}

static double budget(const struct ifp_instance *instance, size_t pool)
{
    (void)pool;
    return instance->budget_usd;
}

static struct ifp_rates gb_of(const struct ifp_instance *instance,
                              const struct ifp_configuration *configuration)
{
    return stored(instance, configuration->weights_gb);
}

static double storage(const struct ifp_instance *instance, size_t pool)
{
    (void)pool;
    return instance->storage_gb;
}

static struct ifp_rates gpus_of(const struct ifp_instance *instance,
                                const struct ifp_configuration *configuration)
{
    (void)instance;
    return (struct ifp_rates){.replica = configuration->degree};
}

static double pool_gpus(const struct ifp_instance *instance, size_t pool)
{
    return instance->pools[pool].gpus;
}

/* The kinds, in the order of resources and of their rows. */
static const struct kind kinds[] = {
    {.trait = {.key = "budget",
               .unit = "USD",
               .charged = true,
               .shared = true,
               .removal = IFP_REMOVAL_BUDGET,
               .alone = "one replica alone exceeds the budget"},
     .limit = budget,
     .rates = usd_of},
    {.trait = {.key = "storage",
               .unit = "GB",
               .charged = true,
               .removal = IFP_REMOVAL_STORAGE,
               .alone = "its weights alone exceed the storage capacity"},
     .limit = storage,
     .rates = gb_of},
    {.trait = {.key = "pool",
               .unit = "GPUs",
               .counted = true,
               .removal = IFP_REMOVAL_POOL,
               .alone = "one replica alone exceeds its pool"},
     .pooled = true,
     .limit = pool_gpus,
     .rates = gpus_of},
};
enum { KINDS = sizeof kinds / sizeof *kinds };
_Static_assert(sizeof kinds / sizeof *kinds <= IFP_USES_MAX,
               "a configuration uses at most one resource of each kind");

const char *ifp_account_removal_text(int reason)
{
    for (int k = 0; k < KINDS; k++) {
        if (kinds[k].trait.removal == reason)
            return kinds[k].trait.alone;
    }
    return NULL;
}

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

static void set_limit(struct ifp_resource *resource, double limit, double slack)
{
    bool counted = resource->trait->counted;
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
                         const struct kind *kind, size_t pool)
{
    struct ifp_resource *made = &problem->resources[problem->resource_count];
    double limit = kind->limit(instance, pool);
    if (isinf(limit) && !kind->pooled)
        return;
    *made = (struct ifp_resource){.trait = &kind->trait, .pool = pool};
    set_limit(made,
              kind->trait.counted ? limit + fmin(0.5, problem->slack * fmax(1, limit))
                                  : limit * (1 + problem->slack),
              problem->slack);
    if (kind->trait.shared)
        problem->shared_resource = problem->resource_count;
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
    problem->shared_resource = SIZE_MAX;
    problem->pool_count = instance->pool_count;
    problem->resources = calloc(KINDS + instance->pool_count, sizeof *problem->resources);
    problem->tier_pool = calloc(instance->tier_count + 1, sizeof *problem->tier_pool);
    if (!problem->resources || !problem->tier_pool) {
        ifp_account_close(problem);
        return false;
    }
    for (size_t k = 0; k < instance->tier_count; k++) {
        const char *pool = instance->tiers[k].pool;
        problem->tier_pool[k] =
            pool ? ifp_instance_find_pool(instance, pool) : instance->pool_count;
    }
    for (int k = 0; k < KINDS; k++) {
        for (size_t p = 0; kinds[k].pooled && p < instance->pool_count; p++)
            add_resource(instance, problem, &kinds[k], p);
        if (!kinds[k].pooled)
            add_resource(instance, problem, &kinds[k], SIZE_MAX);
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

static void add_use(const struct ifp_instance *instance, const struct kind *kind, size_t resource,
                    struct ifp_configuration *configuration)
{
    configuration->uses[configuration->use_count++] =
        (struct ifp_use){resource, kind->rates(instance, configuration)};
}

void ifp_account_enter(const struct ifp_instance *instance, const struct ifp_problem *problem,
                       struct ifp_configuration *configuration)
{
    size_t pool = problem->tier_pool[configuration->tier];
    size_t s = 0;
    configuration->cost = usd_of(instance, configuration);
    configuration->use_count = 0;
    for (int k = 0; k < KINDS; k++) {
        if (kinds[k].pooled) {
            if (pool < problem->pool_count)
                add_use(instance, &kinds[k], s + pool, configuration);
            s += problem->pool_count;
        } else if (s < problem->resource_count && problem->resources[s].trait == &kinds[k].trait) {
            add_use(instance, &kinds[k], s++, configuration);
        }
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

/* Move the uses of a resource to another index. If `replicas` is NULL, remove them; else sink them.
 * Returns what is sunk. */
static double sink_uses(struct ifp_problem *problem, size_t from, size_t to, const double *replicas)
{
    struct ifp_sum sunk = {0};
    for (size_t c = 0; c < problem->configuration_count; c++) {
        struct ifp_configuration *configuration = &problem->configurations[c];
        size_t kept = 0;
        for (size_t u = 0; u < configuration->use_count; u++) {
            struct ifp_use use = configuration->uses[u];
            if (use.resource == from && !replicas)
                continue;
            if (use.resource == from) {
                sink(&use.rates, replicas[c], &sunk);
                use.resource = to;
            }
            configuration->uses[kept++] = use;
        }
        configuration->use_count = kept;
    }
    return ifp_sum_total(&sunk);
}

void ifp_account_sink(struct ifp_problem *problem, const double *replicas)
{
    struct ifp_sum usd = {0};
    size_t kept = 0;
    for (size_t c = 0; c < problem->configuration_count; c++)
        sink(&problem->configurations[c].cost, replicas[c], &usd);
    problem->sunk_usd = ifp_sum_total(&usd);
    for (size_t s = 0; s < problem->resource_count; s++) {
        struct ifp_resource resource = problem->resources[s];
        bool used = resource.trait->shared || (resource.trait->charged && problem->route_charges);
        double sunk = sink_uses(problem, s, kept, used ? replicas : NULL);
        if (!used)
            continue;
        set_limit(&resource, fmax(0, resource.limit - sunk), problem->slack);
        if (resource.trait->shared)
            problem->shared_resource = kept;
        problem->resources[kept++] = resource;
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
    return fmax(configuration->min_replicas, maximum);
}

const struct ifp_use *ifp_account_exceeded(const struct ifp_problem *problem,
                                           const struct ifp_configuration *configuration)
{
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_use *use = &configuration->uses[u];
        const struct ifp_resource *resource = &problem->resources[use->resource];
        /* With either storage basis a deployment that serves demand stores its weights at least
         * once. */
        if (!ifp_resource_fits(resource,
                               ifp_rates_minimum(&use->rates, configuration->min_replicas),
                               IFP_MARGIN_VERIFIER))
            return use;
    }
    return NULL;
}

size_t ifp_account_pool(const struct ifp_problem *problem,
                        const struct ifp_configuration *configuration)
{
    for (size_t u = 0; u < configuration->use_count; u++) {
        const struct ifp_resource *resource = &problem->resources[configuration->uses[u].resource];
        if (resource->pool != SIZE_MAX)
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
