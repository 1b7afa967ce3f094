/* SPDX-License-Identifier: MIT */
/* The best routes on the deployments of a plan: the same search, on a problem with fixed
 * deployments. */
#include "engine/solve/reroute.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/tuning.h"
#include "plan/plan.h"
#include "plan/point.h"

/* With fixed deployments, the relaxation of the compact program is nearly integral. The other
 * engine is used if rounding prevents the proof. */
static const int engines[] = {IFP_ENGINE_MIP, IFP_ENGINE_DECOMPOSE};

/* The profile of a deployment, and its point or pace there. Returns false if the plan does not say
 * a point that the profile has. */
static bool find_point(const struct ifp_instance *instance,
                       const struct ifp_plan_deployment *deployment, struct ifp_rented *rented)
{
    const struct ifp_profile_data *profile =
        ifp_point_profile(instance, deployment->model, deployment->tier, deployment->degree);
    rented->profile = rented->point = SIZE_MAX;
    rented->pace_ms = NAN;
    if (!profile)
        return !deployment->point;
    rented->profile = (size_t)(profile - instance->profiles);
    if (!deployment->point && !ifp_point_is_optional(profile))
        return false;
    if (profile->point_count) {
        rented->point = deployment->point ? ifp_point_measured(profile, deployment->point) : 0;
        return rented->point < profile->point_count;
    }
    if (deployment->point)
        return ifp_point_pace_of_law(profile, deployment->point, &rented->pace_ms);
    rented->pace_ms = profile->paces_ms.values[0];
    return true;
}

/* The plan's deployments in its order, owned by the caller. */
static int list_deployments(const struct ifp_instance *instance, const ifp_plan *plan,
                            struct ifp_rented **rented, struct ifp_error *error)
{
    struct ifp_rented *made = calloc(plan->deployment_count + 1, sizeof *made);
    *rented = made;
    if (!made)
        return ifp_error_memory(error);
    for (size_t d = 0; d < plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        const struct ifp_numbers *degrees = &instance->tiers[deployment->tier].tp_degrees;
        size_t n = 0;
        while (n + 1 < degrees->count && degrees->values[n] != (double)deployment->degree)
            n++;
        made[d] = (struct ifp_rented){.model = deployment->model,
                                      .tier = deployment->tier,
                                      .degree_index = n,
                                      .replicas = (double)deployment->replicas};
        if (!find_point(instance, deployment, &made[d]))
            return ifp_error_set(error, IFP_ERROR_VALUE, "plan",
                                 "found the operating point %s of deployment %zu; allowed: a point "
                                 "of its profile",
                                 deployment->point ? deployment->point : "(not given)", d);
    }
    return IFP_OK;
}

static bool is_proven(const struct ifp_solution *solution)
{
    return solution &&
           (solution->status == IFP_STATUS_OPTIMAL || solution->status == IFP_STATUS_INFEASIBLE);
}

/* Try the engines in turn. The result is the first solution that is proven, else the best one. */
static int solve(const struct ifp_instance *instance, const struct ifp_problem *problem,
                 struct ifp_milp *milp, const ifp_plan *plan, const struct ifp_stop_request *watch,
                 bool *stopped, struct ifp_solution **solution, struct ifp_error *error)
{
    int code = IFP_OK;
    for (size_t e = 0;
         !code && !*stopped && !is_proven(*solution) && e < sizeof engines / sizeof *engines; e++) {
        const struct ifp_options options = {
            .gap = IFP_REROUTE_GAP, .time_limit = INFINITY, .engine = engines[e]};
        struct ifp_solution *found = NULL;
        code =
            ifp_run_routing(instance, problem, milp, &options, plan, watch, stopped, &found, error);
        if (found &&
            (!*solution || is_proven(found) || found->objective < (*solution)->objective)) {
            ifp_solution_free(*solution);
            *solution = found;
        } else {
            ifp_solution_free(found);
        }
    }
    if (code) {
        ifp_solution_free(*solution);
        *solution = NULL;
    }
    return code;
}

int ifp_reroute(const struct ifp_instance *instance, const ifp_plan *plan,
                const struct ifp_stop_request *watch, bool *stopped, struct ifp_solution **solution,
                struct ifp_error *error)
{
    struct ifp_problem *problem = NULL;
    struct ifp_milp *milp = NULL;
    struct ifp_rented *rented;
    *solution = NULL;
    *stopped = false;
    int code = list_deployments(instance, plan, &rented, error);
    if (!code)
        code =
            ifp_problem_of_deployments(instance, rented, plan->deployment_count, &problem, error);
    if (!code)
        code = ifp_milp_new(problem, NULL, &milp, error);
    if (!code)
        code = solve(instance, problem, milp, plan, watch, stopped, solution, error);
    ifp_milp_free(milp);
    ifp_problem_free(problem);
    free(rented);
    return code;
}
