/* SPDX-License-Identifier: MIT */
/* Makes the instance of a cell as --set would, solves it beginning with the plan of the cell
 * before, and reads off what the solve came to. */
#include "cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "output.h"

static void clear_numbers(struct cell_result *result)
{
    *result = (struct cell_result){.objective = NAN,
                                   .bound = NAN,
                                   .gap = NAN,
                                   .rental = NAN,
                                   .storage = NAN,
                                   .delay = NAN,
                                   .unmet = NAN,
                                   .unmet_fraction = NAN,
                                   .seconds = NAN};
}

/* Leave a failure in the result: without `error`, that memory ran out. */
static bool fail(struct cell_result *result, const ifp_error *error)
{
    static const char no_memory[] = "out of memory";
    const char *message = error ? ifp_error_message(error) : no_memory;
    result->code = error ? ifp_error_code(error) : IFP_ERROR_MEMORY;
    size_t size = strlen(message) + 1;
    result->error = malloc(size);
    if (result->error)
        memcpy(result->error, message, size);
    return false;
}

bool cell_prepare(struct cell_solver *solver, size_t cell, struct cell_result *result)
{
    size_t failed;
    bool good = false;
    clear_numbers(result);
    if (!solver->error)
        solver->error = ifp_error_new();
    ifp_instance *truth = ifp_instance_copy(solver->instance);
    if (!solver->error || !truth) {
        fail(result, NULL);
    } else if (grid_apply(solver->grid, cell, truth, &failed) != IFP_OK) {
        fail(result, ifp_instance_last_error(truth));
    } else if (ifp_instance_validate(truth, solver->error) != IFP_OK) {
        fail(result, solver->error);
    } else {
        ifp_model_free(solver->model);
        solver->model = ifp_model_new(truth, solver->options, solver->error);
        good = solver->model || fail(result, solver->error);
        if (good && solver->before &&
            ifp_model_set_start(solver->model, ifp_solution_plan(solver->before)) != IFP_OK)
            good = fail(result, ifp_model_last_error(solver->model));
    }
    ifp_instance_free(truth);
    return good;
}

/* The part of all queries that is unmet, by their rates; where none ever comes, by their types. */
static double unmet_of(const ifp_instance *instance, const ifp_plan *plan)
{
    double unmet = 0;
    double rates = 0;
    double shares = 0;
    size_t count = ifp_instance_query_count(instance);
    for (size_t i = 0; i < count; i++) {
        char path[80];
        double rate;
        snprintf(path, sizeof path, "queries[%zu].rate_per_hour", i);
        if (ifp_instance_get_number(instance, path, &rate, NULL) != IFP_OK)
            return NAN;
        const char *name = ifp_instance_query_name(instance, i);
        double share = 0;
        for (size_t u = 0; u < ifp_plan_unmet_count(plan); u++) {
            ifp_unmet entry = IFP_UNMET_INIT;
            if (ifp_plan_unmet(plan, u, &entry) == IFP_OK && strcmp(entry.query, name) == 0)
                share = entry.fraction;
        }
        rates += rate;
        unmet += rate * share;
        shares += share;
    }
    return rates > 0 ? unmet / rates : shares / (double)count;
}

void cell_solve(struct cell_solver *solver, struct cell_result *result)
{
    ifp_solution *solution = ifp_model_solve(solver->model);
    if (!solution) {
        fail(result, ifp_model_last_error(solver->model));
        return;
    }
    const ifp_plan *plan = ifp_solution_plan(solution);
    const ifp_check *check = ifp_solution_check(solution);
    result->status = ifp_solution_status(solution);
    result->word = ifp_solution_status_word(solution);
    result->objective = ifp_solution_objective(solution);
    result->bound = ifp_solution_bound(solution);
    result->gap = ifp_solution_gap(solution);
    result->seconds = ifp_solution_seconds(solution);
    result->has_plan = plan && check;
    if (result->has_plan) {
        result->rental = ifp_check_cost(check, IFP_COST_RENTAL);
        result->storage = ifp_check_cost(check, IFP_COST_STORAGE);
        result->delay = ifp_check_cost(check, IFP_COST_DELAY);
        result->unmet = ifp_check_cost(check, IFP_COST_UNMET);
        result->unmet_fraction = unmet_of(ifp_model_instance(solver->model), plan);
        result->deployments = ifp_plan_deployment_count(plan);
        for (size_t d = 0; d < result->deployments; d++) {
            ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
            if (ifp_plan_deployment(plan, d, &deployment) == IFP_OK)
                result->gpus += deployment.gpus;
        }
    }
    if (plan) {
        ifp_solution_free(solver->before);
        solver->before = solution;
    } else {
        ifp_solution_free(solution);
    }
}

void cell_forget(struct cell_solver *solver)
{
    ifp_solution_free(solver->before);
    solver->before = NULL;
}

void cell_solver_clear(struct cell_solver *solver)
{
    cell_forget(solver);
    ifp_model_free(solver->model);
    solver->model = NULL;
    ifp_error_free(solver->error);
    solver->error = NULL;
}

void cell_result_clear(struct cell_result *result)
{
    free(result->error);
    result->error = NULL;
}
