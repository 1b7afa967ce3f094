/* SPDX-License-Identifier: MIT */
/* The solution as an object: making, reading, writing and freeing it. */
#include "result/solution.h"

#include <math.h>
#include <stdlib.h>

#include "check/check.h"
#include "check/notes.h"
#include "plan/status.h"
#include "result/document.h"
#include "util/json_write.h"
#include "util/words.h"

static const struct ifp_word stop_words[] = {
    {IFP_STOP_PROVEN, "proven"},
    {IFP_STOP_TIME_LIMIT, "time_limit"},
    {IFP_STOP_CANCELLED, "cancelled"},
    {IFP_STOP_EXHAUSTED, "exhausted"},
};

ifp_solution *ifp_solution_new(void)
{
    ifp_solution *solution = calloc(1, sizeof *solution);
    if (!solution)
        return NULL;
    solution->status = IFP_STATUS_NO_PLAN;
    solution->stop = IFP_STOP_EXHAUSTED;
    solution->engine = "";
    solution->objective = INFINITY;
    solution->bound = -INFINITY;
    return solution;
}

void ifp_solution_free(ifp_solution *solution)
{
    if (!solution)
        return;
    free(solution->instance);
    ifp_plan_free(solution->plan);
    ifp_check_free(solution->check);
    ifp_note_list_clear(&solution->notes);
    ifp_removed_clear(&solution->removed);
    free(solution);
}

void ifp_solution_raise_bound(ifp_solution *solution, double bound, double gap)
{
    if (!isfinite(solution->bound) || solution->bound >= bound)
        return;
    solution->bound = fmin(bound, solution->objective);
    if (solution->plan && ifp_solution_gap(solution) <= gap)
        solution->status = IFP_STATUS_OPTIMAL;
}

int ifp_solution_status(const ifp_solution *solution)
{
    return solution ? solution->status : 0;
}

const char *ifp_solution_status_word(const ifp_solution *solution)
{
    const char *word = ifp_status_word(ifp_solution_status(solution));
    return word ? word : "";
}

/* A proven status always means IFP_STOP_PROVEN, even if a limit was reached at the same time. */
int ifp_solution_stop(const ifp_solution *solution)
{
    int status = ifp_solution_status(solution);
    return status == IFP_STATUS_OPTIMAL || status == IFP_STATUS_INFEASIBLE ? IFP_STOP_PROVEN
           : solution                                                      ? solution->stop
                                                                           : 0;
}

const char *ifp_solution_stop_word(const ifp_solution *solution)
{
    const char *word = IFP_WORD_OF(stop_words, ifp_solution_stop(solution));
    return word ? word : "";
}

double ifp_solution_objective(const ifp_solution *solution)
{
    return solution ? solution->objective : INFINITY;
}

double ifp_solution_bound(const ifp_solution *solution)
{
    return solution ? solution->bound : -INFINITY;
}

double ifp_solution_gap(const ifp_solution *solution)
{
    return solution ? ifp_document_gap(solution->objective, solution->bound) : INFINITY;
}

double ifp_solution_seconds(const ifp_solution *solution)
{
    return solution ? solution->seconds : 0;
}

double ifp_solution_nodes(const ifp_solution *solution)
{
    return solution ? solution->nodes : 0;
}

const char *ifp_solution_engine(const ifp_solution *solution)
{
    return solution ? solution->engine : "";
}

const ifp_plan *ifp_solution_plan(const ifp_solution *solution)
{
    /* The copy of the check says what its deployments and routes are like. */
    return solution && solution->check ? ifp_check_plan(solution->check)
           : solution                  ? solution->plan
                                       : NULL;
}

const ifp_check *ifp_solution_check(const ifp_solution *solution)
{
    return solution ? solution->check : NULL;
}

int ifp_solution_add_notes(ifp_solution *solution, const ifp_instance *instance,
                           struct ifp_error *error)
{
    if (!solution->plan)
        return ifp_notes_make(instance, NULL, &solution->notes) ? IFP_OK : ifp_error_memory(error);
    /* A search checks its plans without notes. */
    ifp_check *noted = ifp_check_new(instance, solution->plan, error);
    if (!noted)
        return IFP_ERROR_MEMORY;
    ifp_check_free(solution->check);
    solution->check = noted;
    return IFP_OK;
}

static const struct ifp_note_list *notes_of(const ifp_solution *solution)
{
    return solution->check ? &solution->check->notes : &solution->notes;
}

size_t ifp_solution_note_count(const ifp_solution *solution)
{
    return solution ? notes_of(solution)->count : 0;
}

int ifp_solution_note(const ifp_solution *solution, size_t index, ifp_note *entry)
{
    return solution ? ifp_note_list_get(notes_of(solution), index, entry) : IFP_ERROR_ARGUMENT;
}

char *ifp_solution_write_json(const ifp_solution *solution)
{
    if (!solution)
        return NULL;
    struct ifp_json json = {0};
    const struct ifp_document document = {
        .instance = solution->instance ? solution->instance : "",
        .status = ifp_solution_status_word(solution),
        .objective = solution->objective,
        .bound = solution->bound,
        .gap = ifp_solution_gap(solution),
        .check = solution->check,
    };
    ifp_document_begin(&json, &document);
    ifp_note_list_write(notes_of(solution), &json);
    ifp_removed_write(&solution->removed, &json);
    ifp_json_string(&json, "engine", solution->engine);
    ifp_json_number(&json, "seconds", solution->seconds);
    return ifp_document_end(&json);
}
