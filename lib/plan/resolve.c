/* SPDX-License-Identifier: MIT */
/* Resolving the points of a plan and the deployments of its routes. */
#include "plan/resolve.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plan/point.h"
#include "util/text.h"

int ifp_plan_resolve_deployments(const struct ifp_instance *instance, ifp_plan *plan)
{
    for (size_t d = 0; d < plan->deployment_count; d++) {
        struct ifp_plan_deployment *deployment = &plan->deployments[d];
        const struct ifp_profile_data *profile =
            ifp_point_profile(instance, deployment->model, deployment->tier, deployment->degree);
        if (!ifp_point_resolve(profile, &deployment->point, &deployment->order))
            return IFP_ERROR_MEMORY;
    }
    ifp_plan_sort(plan);
    return IFP_OK;
}

/* Is the route's point, which may be in another spelling, that of the deployment? Sets *failed if
 * out of memory. */
static bool fits(const struct ifp_instance *instance, const struct ifp_plan_route *route,
                 const struct ifp_plan_deployment *deployment, bool *failed)
{
    if (!route->point)
        return true;
    char *point = ifp_string_copy(route->point);
    double order = 0;
    *failed = !point || !ifp_point_resolve(ifp_point_profile(instance, deployment->model,
                                                             deployment->tier, deployment->degree),
                                           &point, &order);
    bool same = !*failed && deployment->point && strcmp(point, deployment->point) == 0;
    free(point);
    return same;
}

static int take_over(struct ifp_plan_route *route, const struct ifp_plan_deployment *deployment)
{
    char *point = deployment->point ? ifp_string_copy(deployment->point) : NULL;
    if (deployment->point && !point)
        return IFP_ERROR_MEMORY;
    free(route->point);
    route->point = point;
    route->degree = deployment->degree;
    route->order = deployment->order;
    return IFP_OK;
}

/* A route that says its degree needs one comparison of names: its deployments are sorted. */
static int resolve_at_degree(const struct ifp_instance *instance, ifp_plan *plan, size_t index)
{
    struct ifp_plan_route *route = &plan->routes[index];
    return ifp_point_resolve(ifp_point_profile(instance, route->model, route->tier, route->degree),
                             &route->point, &route->order)
               ? IFP_OK
               : IFP_ERROR_MEMORY;
}

int ifp_plan_resolve_route(const struct ifp_instance *instance, ifp_plan *plan, size_t index)
{
    struct ifp_plan_route *route = &plan->routes[index];
    size_t first = 0;
    size_t end = 0;
    if (route->degree && route->point)
        return resolve_at_degree(instance, plan, index);
    size_t found = plan->deployment_count;
    bool several = false;
    ifp_plan_pair_deployments(plan, route->model, route->tier, route->degree, &first, &end);
    for (size_t d = first; d < end && !several; d++) {
        bool failed = false;
        bool fit = fits(instance, route, &plan->deployments[d], &failed);
        if (failed)
            return IFP_ERROR_MEMORY;
        several = fit && found < end;
        if (fit && !several)
            found = d;
    }
    if (found >= end || (several && instance->deployments_per_pair != 1))
        return IFP_OK;
    return take_over(route, &plan->deployments[found]);
}

int ifp_plan_resolve(const struct ifp_instance *instance, ifp_plan *plan)
{
    int code = ifp_plan_resolve_deployments(instance, plan);
    for (size_t r = 0; r < plan->route_count && code == IFP_OK; r++)
        code = ifp_plan_resolve_route(instance, plan, r);
    if (code == IFP_OK)
        ifp_plan_sort(plan);
    return code;
}
