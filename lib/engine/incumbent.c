/* SPDX-License-Identifier: MIT */
/* The best plan so far: from a point of the compact MILP to a plan verified against the
 * instance. */
#include "engine/incumbent.h"

#include <stdlib.h>

#include "check/check.h"
#include "engine/tuning.h"
#include "plan/point.h"
#include "plan/resolve.h"
#include "util/number.h"
#include "util/text.h"

void ifp_incumbent_clear(struct ifp_incumbent *incumbent)
{
    ifp_plan_free(incumbent->plan);
    ifp_check_free(incumbent->check);
    ifp_plan_free(incumbent->loose);
    ifp_check_free(incumbent->loose_check);
    incumbent->plan = incumbent->loose = NULL;
    incumbent->check = incumbent->loose_check = NULL;
    incumbent->objective = INFINITY;
}

/* The name of a configuration's operating point, owned by the caller. NULL if it has none. False if
 * out of memory. */
static bool name_point(const struct ifp_instance *instance,
                       const struct ifp_configuration *configuration, char **point)
{
    *point = NULL;
    if (configuration->profile == SIZE_MAX)
        return true;
    *point =
        configuration->point == SIZE_MAX
            ? ifp_point_of_pace(configuration->pace_ms)
            : ifp_string_copy(
                  instance->profiles[configuration->profile].points[configuration->point].name);
    return *point != NULL;
}

/* Add a rented configuration and its routes to the plan. A deployment without routes is left out.
 * If the deployments are fixed, only the routes are read. */
static int add_configuration(const struct ifp_incumbent *incumbent,
                             const struct ifp_problem *problem, const struct ifp_milp *milp,
                             size_t c, const double *point, double noise, struct ifp_sum *served,
                             ifp_plan *plan)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    bool fixed = incumbent->fixed_plan != NULL;
    bool used = false;
    char *name;
    if (!fixed && point[milp->rent[c]] < 0.5)
        return IFP_OK;
    int code = name_point(incumbent->instance, configuration, &name) ? IFP_OK : IFP_ERROR_MEMORY;
    for (size_t r = configuration->first_route;
         !code && r < configuration->first_route + configuration->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        double share = fmin(point[ifp_milp_share(milp, r)], 1);
        if (share <= noise)
            continue;
        code = ifp_plan_add_route_at(plan, route->query, configuration->model, configuration->tier,
                                     (int64_t)configuration->degree, name, share);
        ifp_sum_add(&served[route->query], share);
        used = true;
    }
    if (!code && used && !fixed) {
        /* Without a column for replicas there is one number of them. */
        double replicas =
            milp->replicas[c] == milp->rent[c]
                ? configuration->min_replicas
                : fmax(configuration->min_replicas, floor(point[milp->replicas[c]] + 0.5));
        code = ifp_plan_add_deployment_at(plan, configuration->model, configuration->tier,
                                          (int64_t)configuration->degree, name, (int64_t)replicas);
    }
    free(name);
    return code;
}

static int add_deployments(const ifp_plan *fixed_plan, ifp_plan *plan)
{
    int code = IFP_OK;
    for (size_t d = 0; !code && fixed_plan && d < fixed_plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &fixed_plan->deployments[d];
        code =
            ifp_plan_add_deployment_at(plan, deployment->model, deployment->tier,
                                       deployment->degree, deployment->point, deployment->replicas);
    }
    return code;
}

/* Make the shares and the unmet share of each query type sum to 1. A rounding remainder is added to
 * the unmet share. If the shares exceed 1, or if the remainder does not fit the largest unmet share
 * or is noise, the shares are scaled. */
static int sum_to_one(const struct ifp_problem *problem, const struct ifp_sum *served,
                      ifp_plan *plan)
{
    for (size_t i = 0; i < problem->query_count; i++) {
        double sum = ifp_sum_total(&served[i]);
        double unmet = 1 - sum;
        double maximum = problem->demands[i].max_unmet;
        bool rescale = sum > 1 ||
                       (unmet > maximum && unmet < maximum + IFP_VERIFY_TOLERANCE && sum > 0) ||
                       (unmet > 0 && unmet < IFP_POINT_SHARE_MIN && sum > 0);
        if (rescale) {
            double target = sum > 1 || unmet < IFP_POINT_SHARE_MIN ? 1 : 1 - maximum;
            for (size_t r = 0; r < plan->route_count; r++) {
                if (plan->routes[r].query == i)
                    plan->routes[r].fraction = fmin(1, plan->routes[r].fraction * (target / sum));
            }
            unmet = 1 - target;
        }
        if (unmet > 0 && ifp_plan_add_unmet(plan, i, unmet))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

/* Keep the better plan and free the other one. Takes ownership of `plan` and `check`. *held: is the
 * plan within the tolerance? */
static void keep_better(struct ifp_incumbent *incumbent, ifp_plan *plan, ifp_check *check,
                        bool *held)
{
    incumbent->max_violation = ifp_check_max_violation(check);
    *held = incumbent->max_violation <= incumbent->tolerance;
    double objective = ifp_check_cost(check, IFP_COST_TOTAL);
    ifp_plan **best_plan = *held ? &incumbent->plan : &incumbent->loose;
    ifp_check **best_check = *held ? &incumbent->check : &incumbent->loose_check;
    double than = *best_check ? ifp_check_cost(*best_check, IFP_COST_TOTAL) : INFINITY;
    if (ifp_check_feasible(check) && objective < than) {
        ifp_plan *old_plan = *best_plan;
        ifp_check *old_check = *best_check;
        *best_plan = plan;
        *best_check = check;
        plan = old_plan;
        check = old_check;
        if (*held)
            incumbent->objective = objective - incumbent->sunk_usd;
    }
    ifp_plan_free(plan);
    ifp_check_free(check);
}

void ifp_incumbent_relax(struct ifp_incumbent *incumbent)
{
    incumbent->tolerance = IFP_VERIFY_TOLERANCE;
    if (incumbent->plan || !incumbent->loose)
        return;
    incumbent->plan = incumbent->loose;
    incumbent->check = incumbent->loose_check;
    incumbent->objective = ifp_check_cost(incumbent->check, IFP_COST_TOTAL) - incumbent->sunk_usd;
    incumbent->loose = NULL;
    incumbent->loose_check = NULL;
}

int ifp_incumbent_start(struct ifp_incumbent *incumbent, const ifp_plan *plan,
                        struct ifp_error *error)
{
    bool held;
    ifp_plan *own = ifp_plan_copy(plan);
    ifp_check *check = own ? ifp_check_evaluate(incumbent->instance, own, error) : NULL;
    if (!check) {
        ifp_plan_free(own);
        return ifp_error_memory(error);
    }
    keep_better(incumbent, own, check, &held);
    incumbent->start = plan;
    incumbent->start_holds = incumbent->plan != NULL;
    return IFP_OK;
}

int ifp_incumbent_serve_nothing(struct ifp_incumbent *incumbent, struct ifp_error *error)
{
    const struct ifp_instance *instance = incumbent->instance;
    bool held;
    for (size_t i = 0; i < instance->query_count; i++) {
        if (instance->queries[i].max_unmet < 1)
            return IFP_OK;
    }
    ifp_plan *plan = ifp_plan_new(instance);
    int code = plan ? IFP_OK : IFP_ERROR_MEMORY;
    for (size_t i = 0; !code && i < instance->query_count; i++)
        code = ifp_plan_add_unmet(plan, i, 1);
    ifp_check *check = code ? NULL : ifp_check_evaluate(instance, plan, error);
    if (!check) {
        ifp_plan_free(plan);
        return ifp_error_memory(error);
    }
    keep_better(incumbent, plan, check, &held);
    return IFP_OK;
}

static int offer(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                 const struct ifp_milp *milp, const double *point, double noise, bool *held,
                 struct ifp_error *error)
{
    ifp_plan *plan = ifp_plan_new(incumbent->instance);
    ifp_check *check = NULL;
    struct ifp_sum *served = calloc(problem->query_count, sizeof *served);
    int code = plan && served ? IFP_OK : IFP_ERROR_MEMORY;
    *held = false;
    for (size_t c = 0; !code && c < problem->configuration_count; c++)
        code = add_configuration(incumbent, problem, milp, c, point, noise, served, plan);
    if (!code)
        code = add_deployments(incumbent->fixed_plan, plan);
    if (!code)
        code = sum_to_one(problem, served, plan);
    if (!code)
        code = ifp_plan_resolve(incumbent->instance, plan);
    if (!code) {
        check = ifp_check_evaluate(incumbent->instance, plan, error);
        code = check ? IFP_OK : IFP_ERROR_MEMORY;
    }
    free(served);
    if (code) {
        ifp_plan_free(plan);
        return ifp_error_memory(error);
    }
    keep_better(incumbent, plan, check, held);
    return IFP_OK;
}

int ifp_incumbent_offer(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                        const struct ifp_milp *milp, const double *point, bool *held,
                        struct ifp_error *error)
{
    return offer(incumbent, problem, milp, point, IFP_POINT_SHARE_MIN, held, error);
}

int ifp_incumbent_offer_exact(struct ifp_incumbent *incumbent, const struct ifp_problem *problem,
                              const struct ifp_milp *milp, const double *point, bool *held,
                              struct ifp_error *error)
{
    return offer(incumbent, problem, milp, point, 0, held, error);
}

/* Is `point`, of a deployment of a checked plan or of a route to it, that of the configuration? */
static bool is_at_point(const struct ifp_incumbent *incumbent, const char *point,
                        const struct ifp_configuration *configuration)
{
    double pace;
    if (configuration->profile == SIZE_MAX || !point)
        return true;
    const struct ifp_profile_data *profile = &incumbent->instance->profiles[configuration->profile];
    return configuration->point == SIZE_MAX
               ? ifp_point_pace(point, &pace) && pace == configuration->pace_ms
               : ifp_point_measured(profile, point) == configuration->point;
}

bool ifp_incumbent_routes_to(const struct ifp_incumbent *incumbent,
                             const struct ifp_plan_route *route,
                             const struct ifp_configuration *configuration)
{
    return route->model == configuration->model && route->tier == configuration->tier &&
           (!route->degree || (double)route->degree == configuration->degree) &&
           is_at_point(incumbent, route->point, configuration);
}

double ifp_incumbent_replicas(const struct ifp_incumbent *incumbent, const ifp_plan *plan,
                              const struct ifp_configuration *configuration)
{
    for (size_t d = 0; plan && d < plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        if (deployment->model == configuration->model && deployment->tier == configuration->tier &&
            (double)deployment->degree == configuration->degree &&
            is_at_point(incumbent, deployment->point, configuration))
            return incumbent->fixed_plan ? 1 : (double)deployment->replicas;
    }
    return 0;
}
