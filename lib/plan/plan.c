/* SPDX-License-Identifier: MIT */
/* The plan as a container: building, copying, ordering and reading its entries. */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/text.h"

static void names_free(struct ifp_plan_names *names)
{
    for (size_t n = 0; n < names->count; n++)
        free(names->items[n]);
    free(names->items);
    *names = (struct ifp_plan_names){0};
}

/* Allocate for `count` names. names->count grows as names are copied, so the list can be freed at
 * any time. */
static int names_reserve(struct ifp_plan_names *names, size_t count)
{
    names->items = calloc(count ? count : 1, sizeof *names->items);
    return names->items ? IFP_OK : IFP_ERROR_MEMORY;
}

static int names_add(struct ifp_plan_names *names, const char *name)
{
    char *copy = ifp_string_copy(name);
    if (!copy)
        return IFP_ERROR_MEMORY;
    names->items[names->count++] = copy;
    return IFP_OK;
}

static int names_from_instance(struct ifp_plan_names *names, const ifp_instance *instance,
                               size_t count,
                               const char *(*name)(const ifp_instance *instance, size_t index))
{
    int code = names_reserve(names, count);
    for (size_t n = 0; n < count && code == IFP_OK; n++)
        code = names_add(names, name(instance, n));
    return code;
}

static int names_from_names(struct ifp_plan_names *names, const struct ifp_plan_names *from)
{
    int code = names_reserve(names, from->count);
    for (size_t n = 0; n < from->count && code == IFP_OK; n++)
        code = names_add(names, from->items[n]);
    return code;
}

void ifp_plan_free(ifp_plan *plan)
{
    if (!plan)
        return;
    free(plan->instance);
    names_free(&plan->queries);
    names_free(&plan->models);
    names_free(&plan->tiers);
    free(plan->deployments);
    free(plan->routes);
    free(plan->unmet);
    free(plan);
}

ifp_plan *ifp_plan_new(const ifp_instance *instance)
{
    ifp_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->instance = ifp_string_copy(ifp_instance_name(instance));
    if (plan->instance &&
        names_from_instance(&plan->queries, instance, ifp_instance_query_count(instance),
                            ifp_instance_query_name) == IFP_OK &&
        names_from_instance(&plan->models, instance, ifp_instance_model_count(instance),
                            ifp_instance_model_name) == IFP_OK &&
        names_from_instance(&plan->tiers, instance, ifp_instance_tier_count(instance),
                            ifp_instance_tier_name) == IFP_OK)
        return plan;
    ifp_plan_free(plan);
    return NULL;
}

/* A copy of an array's filled part. Sets *failed if out of memory. */
static void *array_copy(const void *from, size_t count, size_t size, int *failed)
{
    if (!count)
        return NULL;
    void *copy = malloc(count * size);
    if (copy)
        memcpy(copy, from, count * size);
    else
        *failed = 1;
    return copy;
}

ifp_plan *ifp_plan_copy(const ifp_plan *plan)
{
    ifp_plan *copy = calloc(1, sizeof *copy);
    if (!copy)
        return NULL;
    int failed = 0;
    if (plan->instance) {
        copy->instance = ifp_string_copy(plan->instance);
        failed = !copy->instance;
    }
    copy->deployments =
        array_copy(plan->deployments, plan->deployment_count, sizeof *plan->deployments, &failed);
    copy->deployment_count = copy->deployment_capacity = plan->deployment_count;
    copy->routes = array_copy(plan->routes, plan->route_count, sizeof *plan->routes, &failed);
    copy->route_count = copy->route_capacity = plan->route_count;
    copy->unmet = array_copy(plan->unmet, plan->unmet_count, sizeof *plan->unmet, &failed);
    copy->unmet_count = copy->unmet_capacity = plan->unmet_count;
    if (!failed && names_from_names(&copy->queries, &plan->queries) == IFP_OK &&
        names_from_names(&copy->models, &plan->models) == IFP_OK &&
        names_from_names(&copy->tiers, &plan->tiers) == IFP_OK)
        return copy;
    ifp_plan_free(copy);
    return NULL;
}

int ifp_plan_add_deployment(ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                            int64_t replicas)
{
    if (!ifp_array_reserve(&plan->deployments, &plan->deployment_capacity,
                           plan->deployment_count + 1, sizeof *plan->deployments))
        return IFP_ERROR_MEMORY;
    plan->deployments[plan->deployment_count++] = (struct ifp_plan_deployment){
        .model = model, .tier = tier, .degree = degree, .replicas = replicas};
    return IFP_OK;
}

int ifp_plan_add_route(ifp_plan *plan, size_t query, size_t model, size_t tier, double fraction)
{
    if (!ifp_array_reserve(&plan->routes, &plan->route_capacity, plan->route_count + 1,
                           sizeof *plan->routes))
        return IFP_ERROR_MEMORY;
    plan->routes[plan->route_count++] =
        (struct ifp_plan_route){.query = query, .model = model, .tier = tier, .fraction = fraction};
    return IFP_OK;
}

int ifp_plan_add_unmet(ifp_plan *plan, size_t query, double fraction)
{
    if (fraction == 0)
        return IFP_OK;
    if (!ifp_array_reserve(&plan->unmet, &plan->unmet_capacity, plan->unmet_count + 1,
                           sizeof *plan->unmet))
        return IFP_ERROR_MEMORY;
    plan->unmet[plan->unmet_count++] =
        (struct ifp_plan_unmet){.query = query, .fraction = fraction};
    return IFP_OK;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* Repeated entries are also ordered by their numbers, so the result does not depend on the C
 * library's sort. */
static int compare_deployments(const void *left, const void *right)
{
    const struct ifp_plan_deployment *a = left;
    const struct ifp_plan_deployment *b = right;
    int order = ORDER(a->model, b->model);
    if (!order)
        order = ORDER(a->tier, b->tier);
    if (!order)
        order = ORDER(a->degree, b->degree);
    return order ? order : ORDER(a->replicas, b->replicas);
}

static int compare_routes(const void *left, const void *right)
{
    const struct ifp_plan_route *a = left;
    const struct ifp_plan_route *b = right;
    int order = ORDER(a->query, b->query);
    if (!order)
        order = ORDER(a->model, b->model);
    if (!order)
        order = ORDER(a->tier, b->tier);
    return order ? order : ORDER(a->fraction, b->fraction);
}

static int compare_unmet(const void *left, const void *right)
{
    const struct ifp_plan_unmet *a = left;
    const struct ifp_plan_unmet *b = right;
    int order = ORDER(a->query, b->query);
    return order ? order : ORDER(a->fraction, b->fraction);
}

static void array_sort(void *array, size_t count, size_t size,
                       int (*compare)(const void *left, const void *right))
{
    if (count > 1)
        qsort(array, count, size, compare);
}

void ifp_plan_sort(ifp_plan *plan)
{
    array_sort(plan->deployments, plan->deployment_count, sizeof *plan->deployments,
               compare_deployments);
    array_sort(plan->routes, plan->route_count, sizeof *plan->routes, compare_routes);
    array_sort(plan->unmet, plan->unmet_count, sizeof *plan->unmet, compare_unmet);
}

size_t ifp_plan_find_deployment(const ifp_plan *plan, size_t model, size_t tier)
{
    size_t low = 0;
    size_t high = plan->deployment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ifp_plan_deployment *at = &plan->deployments[middle];
        if (at->model < model || (at->model == model && at->tier < tier))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == plan->deployment_count)
        return low;
    const struct ifp_plan_deployment *found = &plan->deployments[low];
    return found->model == model && found->tier == tier ? low : plan->deployment_count;
}

int64_t ifp_plan_gpus(const struct ifp_plan_deployment *deployment)
{
    if (deployment->degree <= 0 || deployment->replicas <= 0)
        return 0;
    if (deployment->replicas > INT64_MAX / deployment->degree)
        return INT64_MAX;
    return deployment->degree * deployment->replicas;
}

int ifp_entry_fill(void *entry, size_t size, const void *ours, size_t our_size, size_t first)
{
    if (size < first)
        return IFP_ERROR_ARGUMENT;
    memcpy(entry, ours, size < our_size ? size : our_size);
    return IFP_OK;
}

const char *ifp_plan_instance_name(const ifp_plan *plan)
{
    return plan ? plan->instance : NULL;
}

size_t ifp_plan_deployment_count(const ifp_plan *plan)
{
    return plan ? plan->deployment_count : 0;
}

int ifp_plan_deployment(const ifp_plan *plan, size_t index, ifp_deployment *entry)
{
    if (!plan || !entry || index >= plan->deployment_count)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_plan_deployment *from = &plan->deployments[index];
    const ifp_deployment ours = {.size = entry->size,
                                 .model = plan->models.items[from->model],
                                 .tier = plan->tiers.items[from->tier],
                                 .tp_degree = from->degree,
                                 .replicas = from->replicas,
                                 .gpus = ifp_plan_gpus(from)};
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_DEPLOYMENT_SIZE_FIRST);
}

size_t ifp_plan_route_count(const ifp_plan *plan)
{
    return plan ? plan->route_count : 0;
}

int ifp_plan_route(const ifp_plan *plan, size_t index, ifp_route *entry)
{
    if (!plan || !entry || index >= plan->route_count)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_plan_route *from = &plan->routes[index];
    const ifp_route ours = {.size = entry->size,
                            .query = plan->queries.items[from->query],
                            .model = plan->models.items[from->model],
                            .tier = plan->tiers.items[from->tier],
                            .fraction = from->fraction};
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_ROUTE_SIZE_FIRST);
}

size_t ifp_plan_unmet_count(const ifp_plan *plan)
{
    return plan ? plan->unmet_count : 0;
}

int ifp_plan_unmet(const ifp_plan *plan, size_t index, ifp_unmet *entry)
{
    if (!plan || !entry || index >= plan->unmet_count)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_plan_unmet *from = &plan->unmet[index];
    const ifp_unmet ours = {
        .size = entry->size, .query = plan->queries.items[from->query], .fraction = from->fraction};
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_UNMET_SIZE_FIRST);
}
