/* SPDX-License-Identifier: MIT */
/* The plan as a container: building, copying, ordering and reading its entries. */
#include "plan/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/point.h"
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
    for (size_t d = 0; d < plan->deployment_count; d++)
        free(plan->deployments[d].point);
    for (size_t r = 0; r < plan->route_count; r++)
        free(plan->routes[r].point);
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

/* Replace a borrowed text by a copy; if *failed, or NULL, by NULL. */
static void own_text(char **text, int *failed)
{
    if (!*text)
        return;
    *text = *failed ? NULL : ifp_string_copy(*text);
    *failed |= !*text;
}

static void copy_entries(ifp_plan *copy, const ifp_plan *plan, int *failed)
{
    copy->deployments =
        array_copy(plan->deployments, plan->deployment_count, sizeof *plan->deployments, failed);
    if (copy->deployments)
        copy->deployment_count = copy->deployment_capacity = plan->deployment_count;
    copy->routes = array_copy(plan->routes, plan->route_count, sizeof *plan->routes, failed);
    if (copy->routes)
        copy->route_count = copy->route_capacity = plan->route_count;
    copy->unmet = array_copy(plan->unmet, plan->unmet_count, sizeof *plan->unmet, failed);
    if (copy->unmet)
        copy->unmet_count = copy->unmet_capacity = plan->unmet_count;
    for (size_t d = 0; d < copy->deployment_count; d++)
        own_text(&copy->deployments[d].point, failed);
    for (size_t r = 0; r < copy->route_count; r++)
        own_text(&copy->routes[r].point, failed);
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
    copy_entries(copy, plan, &failed);
    if (!failed && names_from_names(&copy->queries, &plan->queries) == IFP_OK &&
        names_from_names(&copy->models, &plan->models) == IFP_OK &&
        names_from_names(&copy->tiers, &plan->tiers) == IFP_OK)
        return copy;
    ifp_plan_free(copy);
    return NULL;
}

/* Without the instance, paces are in order, and other points are sorted by their names. */
static double order_of(const char *point)
{
    double pace = 0;
    return point && ifp_point_pace(point, &pace) ? pace : 0;
}

int ifp_plan_add_deployment_at(ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                               const char *point, int64_t replicas)
{
    char *own = point ? ifp_string_copy(point) : NULL;
    if ((point && !own) ||
        !ifp_array_reserve(&plan->deployments, &plan->deployment_capacity,
                           plan->deployment_count + 1, sizeof *plan->deployments)) {
        free(own);
        return IFP_ERROR_MEMORY;
    }
    plan->deployments[plan->deployment_count++] =
        (struct ifp_plan_deployment){.model = model,
                                     .tier = tier,
                                     .degree = degree,
                                     .replicas = replicas,
                                     .point = own,
                                     .order = order_of(point),
                                     .tpot_ms = (double)NAN,
                                     .load = (double)NAN,
                                     .load_limit = (double)NAN};
    return IFP_OK;
}

int ifp_plan_add_deployment(ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                            int64_t replicas)
{
    return ifp_plan_add_deployment_at(plan, model, tier, degree, NULL, replicas);
}

int ifp_plan_add_route_at(ifp_plan *plan, size_t query, size_t model, size_t tier, int64_t degree,
                          const char *point, double fraction)
{
    char *own = point ? ifp_string_copy(point) : NULL;
    if ((point && !own) || !ifp_array_reserve(&plan->routes, &plan->route_capacity,
                                              plan->route_count + 1, sizeof *plan->routes)) {
        free(own);
        return IFP_ERROR_MEMORY;
    }
    plan->routes[plan->route_count++] = (struct ifp_plan_route){.query = query,
                                                                .model = model,
                                                                .tier = tier,
                                                                .fraction = fraction,
                                                                .degree = degree,
                                                                .point = own,
                                                                .order = order_of(point),
                                                                .ttft_ms = (double)NAN,
                                                                .tpot_ms = (double)NAN,
                                                                .delay_ms = (double)NAN,
                                                                .error = (double)NAN};
    return IFP_OK;
}

int ifp_plan_add_route(ifp_plan *plan, size_t query, size_t model, size_t tier, double fraction)
{
    return ifp_plan_add_route_at(plan, query, model, tier, 0, NULL, fraction);
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

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* What tells the deployments of one pair apart: degree, then point. */
static int compare_points(int64_t degree, double order, const char *point, int64_t other_degree,
                          double other_order, const char *other_point)
{
    int result = ORDER(degree, other_degree);
    if (!result)
        result = ORDER(order, other_order);
    return result ? result : compare_texts(point, other_point);
}

bool ifp_plan_same_point(int64_t degree, const char *point, int64_t other_degree,
                         const char *other_point)
{
    return degree == other_degree && compare_texts(point, other_point) == 0;
}

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
        order = compare_points(a->degree, a->order, a->point, b->degree, b->order, b->point);
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
    if (!order)
        order = compare_points(a->degree, a->order, a->point, b->degree, b->order, b->point);
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

/* The first deployment that is not before the pair and degree. */
static size_t first_deployment(const ifp_plan *plan, size_t model, size_t tier, int64_t degree)
{
    size_t low = 0;
    size_t high = plan->deployment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ifp_plan_deployment *at = &plan->deployments[middle];
        int order = ORDER(at->model, model);
        if (!order)
            order = ORDER(at->tier, tier);
        if (!order)
            order = ORDER(at->degree, degree);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ifp_plan_pair_deployments(const ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                               size_t *first, size_t *end)
{
    bool one = degree && degree < INT64_MAX;
    *first = first_deployment(plan, model, tier, degree ? degree : INT64_MIN);
    *end = one ? first_deployment(plan, model, tier, degree + 1)
               : first_deployment(plan, model, tier + 1, INT64_MIN);
}

size_t ifp_plan_find_deployment(const ifp_plan *plan, size_t model, size_t tier)
{
    size_t low = first_deployment(plan, model, tier, INT64_MIN);
    if (low == plan->deployment_count)
        return low;
    const struct ifp_plan_deployment *found = &plan->deployments[low];
    return found->model == model && found->tier == tier ? low : plan->deployment_count;
}

size_t ifp_plan_route_deployment(const ifp_plan *plan, size_t route)
{
    const struct ifp_plan_route *of = &plan->routes[route];
    if (!of->degree && !of->point) {
        size_t only = ifp_plan_find_deployment(plan, of->model, of->tier);
        bool several = only + 1 < plan->deployment_count &&
                       plan->deployments[only + 1].model == of->model &&
                       plan->deployments[only + 1].tier == of->tier;
        return several ? plan->deployment_count : only;
    }
    size_t low = 0;
    size_t high = plan->deployment_count;
    const struct ifp_plan_deployment key = {.model = of->model,
                                            .tier = of->tier,
                                            .degree = of->degree,
                                            .point = of->point,
                                            .order = of->order,
                                            .replicas = INT64_MIN};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_deployments(&plan->deployments[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct ifp_plan_deployment *found = &plan->deployments[low];
    bool same = low < plan->deployment_count && found->model == of->model &&
                found->tier == of->tier &&
                ifp_plan_same_point(found->degree, found->point, of->degree, of->point);
    return same ? low : plan->deployment_count;
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
                                 .gpus = ifp_plan_gpus(from),
                                 .point = from->point,
                                 .tpot_ms = from->tpot_ms,
                                 .load = from->load,
                                 .load_limit = from->load_limit,
                                 .headroom = (double)from->replicas - from->load_limit};
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
                            .fraction = from->fraction,
                            .tp_degree = from->degree,
                            .point = from->point,
                            .ttft_ms = from->ttft_ms,
                            .tpot_ms = from->tpot_ms,
                            .delay_ms = from->delay_ms,
                            .error = from->error};
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
