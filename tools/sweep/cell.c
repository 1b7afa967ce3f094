/* SPDX-License-Identifier: MIT */
/* Makes the instance of a cell as --set would, solves it beginning with the plan of the cell
 * before, and reads off what the solve came to. */
#include "sweep/cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/output.h"

size_t cell_cost_part_count(void)
{
    size_t count = ifp_cost_part_count();
    return count < CELL_COST_PARTS_MAX ? count : CELL_COST_PARTS_MAX;
}

static void clear_numbers(struct cell_result *result)
{
    *result = (struct cell_result){
        .objective = NAN, .bound = NAN, .gap = NAN, .unmet_fraction = NAN, .seconds = NAN};
    for (size_t p = 0; p < CELL_COST_PARTS_MAX; p++)
        result->cost_parts[p] = NAN;
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

/* The unmet shares of all query types. Plans list them in the order of the instance, so that each
 * is near the one before. */
static void read_shares(const ifp_instance *instance, const ifp_plan *plan, double *shares)
{
    size_t count = ifp_instance_query_count(instance);
    size_t i = 0;
    for (size_t u = 0; u < ifp_plan_unmet_count(plan); u++) {
        ifp_unmet entry = IFP_UNMET_INIT;
        if (ifp_plan_unmet(plan, u, &entry) != IFP_OK)
            continue;
        size_t seen = 0;
        while (seen < count && strcmp(ifp_instance_query_name(instance, i), entry.query) != 0) {
            i = (i + 1) % count;
            seen++;
        }
        if (seen < count)
            shares[i] = entry.fraction;
    }
}

/* The part of all queries that is unmet, by their rates; where none ever comes, by their types.
 * False if out of memory. */
static bool find_unmet(const ifp_instance *instance, const ifp_plan *plan, double *fraction)
{
    double unmet = 0;
    double rates = 0;
    double sum = 0;
    size_t count = ifp_instance_query_count(instance);
    double *shares = calloc(count, sizeof *shares);
    double *rate = malloc(count * sizeof *rate);
    bool good = shares && rate &&
                ifp_instance_get_numbers(instance, "queries[*].rate_per_hour", rate, &count,
                                         NULL) == IFP_OK;
    if (good)
        read_shares(instance, plan, shares);
    for (size_t i = 0; good && i < count; i++) {
        rates += rate[i];
        unmet += rate[i] * shares[i];
        sum += shares[i];
    }
    free(shares);
    free(rate);
    *fraction = rates > 0 ? unmet / rates : sum / (double)count;
    return good;
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
        for (size_t p = 0; p < cell_cost_part_count(); p++) {
            ifp_cost_part cost_part = IFP_COST_PART_INIT;
            if (ifp_cost_part_get(p, &cost_part) == IFP_OK)
                result->cost_parts[p] = ifp_check_cost(check, cost_part.cost);
        }
        if (!find_unmet(ifp_model_instance(solver->model), plan, &result->unmet_fraction))
            fail(result, NULL);
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
