/* SPDX-License-Identifier: MIT */
/* Makes the instance of a cell as --set would, moves the model of the cell before to it, and reads
 * off what the solve came to. */
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

/* The number that stands at `path` in `truth`, set in the model. What is not finite is no limit or
 * no candidate, and no factor changes that. */
static bool copy_number(ifp_model *model, const char *path, const ifp_instance *truth)
{
    double value;
    char text[NUMBER_SIZE];
    if (ifp_instance_get_number(truth, path, &value, NULL) != IFP_OK)
        return false;
    if (!isfinite(value))
        return true;
    number_text(text, value);
    return ifp_model_set(model, path, text) == IFP_OK;
}

/* The numbers of a field of every member, LIST[*].FIELD. */
static bool copy_members(ifp_model *model, const char *path, const ifp_instance *truth)
{
    static const struct {
        const char *head;
        size_t (*count)(const ifp_instance *instance);
    } lists[] = {{"queries[*].", ifp_instance_query_count},
                 {"models[*].", ifp_instance_model_count},
                 {"tiers[*].", ifp_instance_tier_count},
                 {"pools[*].", ifp_instance_pool_count}};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        size_t length = strlen(lists[l].head);
        if (strncmp(path, lists[l].head, length) != 0)
            continue;
        bool good = true;
        size_t count = lists[l].count(truth);
        for (size_t m = 0; good && m < count; m++) {
            struct output member = {0};
            output_print(&member, "%.*s[%zu].%s", (int)strcspn(path, "["), path, m, path + length);
            good = !member.failed && copy_number(model, member.text, truth);
            free(member.text);
        }
        return good;
    }
    return false;
}

/* Whether the model's instance is the same to the last byte. */
static bool is_same(const ifp_model *model, const ifp_instance *truth)
{
    char *have = ifp_instance_write_json(ifp_model_instance(model));
    char *want = ifp_instance_write_json(truth);
    bool same = have && want && strcmp(have, want) == 0;
    ifp_text_free(have);
    ifp_text_free(want);
    return same;
}

/*
 * Move the model on to a cell, whose instance is `truth`. The axes from the first that changes on
 * are set again, as a later one may have the last word on a field of an earlier one. A factor is
 * for the value of the file and not for the one that stands in the model now, so the product is
 * set. What this does not reach (a factor for a whole table, say) shows in the comparison.
 */
static bool move_on(struct cell_solver *solver, size_t cell, const ifp_instance *truth)
{
    const struct grid *grid = solver->grid;
    size_t first = 0;
    while (first < grid->axis_count &&
           grid_index(&grid->axes[first], cell) == grid_index(&grid->axes[first], solver->cell))
        first++;
    for (size_t a = first; a < grid->axis_count; a++) {
        const char *path = grid->axes[a].path;
        const struct grid_value *value = grid_value(&grid->axes[a], cell);
        bool good = value->kind == GRID_SCALE ? copy_number(solver->model, path, truth) ||
                                                    copy_members(solver->model, path, truth)
                                              : !ifp_model_set(solver->model, path, value->text);
        if (!good)
            return false;
    }
    return is_same(solver->model, truth);
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
        if (solver->model && !move_on(solver, cell, truth))
            cell_forget(solver);
        if (!solver->model)
            solver->model = ifp_model_new(truth, solver->options, solver->error);
        solver->cell = cell;
        good = solver->model || fail(result, solver->error);
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
    ifp_solution_free(solution);
}

void cell_forget(struct cell_solver *solver)
{
    ifp_model_free(solver->model);
    solver->model = NULL;
}

void cell_solver_clear(struct cell_solver *solver)
{
    cell_forget(solver);
    ifp_error_free(solver->error);
    solver->error = NULL;
}

void cell_result_clear(struct cell_result *result)
{
    free(result->error);
    result->error = NULL;
}
