/* SPDX-License-Identifier: MIT */
/* The best routes on the deployments of a plan: the same search, on a problem with fixed
 * deployments. */
#include "engine/solve/reroute.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/tuning.h"
#include "plan/plan.h"

/* With fixed deployments, the relaxation of the compact program is nearly integral. The other
 * engine is used if rounding prevents the proof. */
static const int engines[] = {IFP_ENGINE_MIP, IFP_ENGINE_DECOMPOSE};

static struct ifp_rented *list_deployments(const struct ifp_instance *instance,
                                           const ifp_plan *plan)
{
    struct ifp_rented *rented = calloc(plan->deployment_count + 1, sizeof *rented);
    for (size_t d = 0; rented && d < plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        const struct ifp_numbers *degrees = &instance->tiers[deployment->tier].tp_degrees;
        size_t n = 0;
        while (n + 1 < degrees->count && degrees->values[n] != (double)deployment->degree)
            n++;
        rented[d] = (struct ifp_rented){.model = deployment->model,
                                        .tier = deployment->tier,
                                        .degree_index = n,
                                        .profile = SIZE_MAX,
                                        .point = SIZE_MAX,
                                        .pace_ms = NAN,
                                        .replicas = (double)deployment->replicas};
    }
    return rented;
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
    struct ifp_rented *rented = list_deployments(instance, plan);
    *solution = NULL;
    *stopped = false;
    int code = rented ? ifp_problem_of_deployments(instance, rented, plan->deployment_count,
                                                   &problem, error)
                      : ifp_error_memory(error);
    if (!code)
        code = ifp_milp_new(problem, NULL, &milp, error);
    if (!code)
        code = solve(instance, problem, milp, plan, watch, stopped, solution, error);
    ifp_milp_free(milp);
    ifp_problem_free(problem);
    free(rented);
    return code;
}
