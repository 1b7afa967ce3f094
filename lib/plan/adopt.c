/* SPDX-License-Identifier: MIT */
/*
 * Converting a plan to another instance's indices. A plan holds indices into its own lists of
 * names, so its entries are found in the other instance by their names.
 */
#include "plan/adopt.h"

#include <stdlib.h>

#include "instance/instance.h"
#include "instance/unknown.h"
#include "plan/plan.h"
#include "plan/resolve.h"
#include "util/text.h"

/* The index in the instance of each of the plan's names, or the list's length if it is missing. */
static size_t *map_names(const struct ifp_plan_names *names, const struct ifp_instance *instance,
                         size_t (*find)(const struct ifp_instance *instance, const char *name))
{
    size_t *map = calloc(names->count + 1, sizeof *map);
    for (size_t n = 0; map && n < names->count; n++)
        map[n] = find(instance, names->items[n]);
    return map;
}

static int refuse_name(const struct ifp_instance *instance, const char *list, size_t index,
                       const char *kind, const char *name, struct ifp_error *error)
{
    struct ifp_text where = {0};
    struct ifp_text allowed = {0};
    ifp_text_format(&where, "%s[%zu].%s", list, index, kind);
    ifp_unknown_allowed(instance, kind, name, &allowed);
    int code = where.failed || allowed.failed
                   ? ifp_error_memory(error)
                   : ifp_error_set(error, IFP_ERROR_VALUE, where.data, "found \"%s\"; allowed: %s",
                                   name, allowed.data);
    ifp_text_clear(&where);
    ifp_text_clear(&allowed);
    return code;
}

int ifp_plan_adopt(const struct ifp_instance *instance, const ifp_plan *plan, ifp_plan **adopted,
                   struct ifp_error *error)
{
    int code = IFP_OK;
    ifp_plan *own = ifp_plan_new(instance);
    size_t *query = map_names(&plan->queries, instance, ifp_instance_find_query);
    size_t *model = map_names(&plan->models, instance, ifp_instance_find_model);
    size_t *tier = map_names(&plan->tiers, instance, ifp_instance_find_tier);
    if (!own || !query || !model || !tier) {
        code = ifp_error_memory(error);
        goto cleanup;
    }
    for (size_t d = 0; d < plan->deployment_count && code == IFP_OK; d++) {
        const struct ifp_plan_deployment *from = &plan->deployments[d];
        if (model[from->model] == instance->model_count)
            code = refuse_name(instance, "deployments", d, "model", plan->models.items[from->model],
                               error);
        else if (tier[from->tier] == instance->tier_count)
            code = refuse_name(instance, "deployments", d, "tier", plan->tiers.items[from->tier],
                               error);
        else if (ifp_plan_add_deployment_at(own, model[from->model], tier[from->tier], from->degree,
                                            from->point, from->replicas) != IFP_OK)
            code = ifp_error_memory(error);
    }
    for (size_t r = 0; r < plan->route_count && code == IFP_OK; r++) {
        const struct ifp_plan_route *from = &plan->routes[r];
        if (query[from->query] == instance->query_count)
            code = refuse_name(instance, "routes", r, "query", plan->queries.items[from->query],
                               error);
        else if (model[from->model] == instance->model_count)
            code =
                refuse_name(instance, "routes", r, "model", plan->models.items[from->model], error);
        else if (tier[from->tier] == instance->tier_count)
            code = refuse_name(instance, "routes", r, "tier", plan->tiers.items[from->tier], error);
        else if (ifp_plan_add_route_at(own, query[from->query], model[from->model],
                                       tier[from->tier], from->degree, from->point,
                                       from->fraction) != IFP_OK)
            code = ifp_error_memory(error);
    }
    for (size_t u = 0; u < plan->unmet_count && code == IFP_OK; u++) {
        const struct ifp_plan_unmet *from = &plan->unmet[u];
        if (query[from->query] == instance->query_count)
            code =
                refuse_name(instance, "unmet", u, "query", plan->queries.items[from->query], error);
        else if (ifp_plan_add_unmet(own, query[from->query], from->fraction) != IFP_OK)
            code = ifp_error_memory(error);
    }
    if (code == IFP_OK && ifp_plan_resolve(instance, own) != IFP_OK)
        code = ifp_error_memory(error);
    if (code == IFP_OK) {
        *adopted = own;
        own = NULL;
    }

cleanup:
    ifp_plan_free(own);
    free(query);
    free(model);
    free(tier);
    return code;
}
