/* SPDX-License-Identifier: MIT */
/* What was removed before a solve: freeing, reading and writing it. */
#include "result/removed.h"

#include <math.h>
#include <stdlib.h>

#include "plan/plan.h"
#include "result/solution.h"

static void clear_case(struct ifp_removed_case *example)
{
    free(example->query);
    free(example->model);
    free(example->tier);
    free(example->point);
}

void ifp_removed_clear(struct ifp_removed_list *list)
{
    for (size_t n = 0; n < list->count; n++) {
        struct ifp_removed_reason *reason = &list->items[n];
        for (size_t e = 0; e < reason->example_count; e++)
            clear_case(&reason->examples[e]);
        if (reason->nearest)
            clear_case(reason->nearest);
        free(reason->examples);
        free(reason->nearest);
    }
    free(list->items);
    *list = (struct ifp_removed_list){0};
}

/* The members of an object that is open. */
static void write_case(struct ifp_json *json, const struct ifp_removed_case *example)
{
    if (example->query)
        ifp_json_string(json, "query", example->query);
    ifp_json_string(json, "model", example->model);
    ifp_json_string(json, "tier", example->tier);
    ifp_json_number(json, "tp_degree", (double)example->degree);
    if (example->point)
        ifp_json_string(json, "point", example->point);
}

static void write_reason(struct ifp_json *json, const struct ifp_removed_reason *reason)
{
    ifp_json_open(json, NULL, '{', true);
    ifp_json_string(json, "kind", reason->kind);
    ifp_json_string(json, "reason", reason->word);
    ifp_json_number(json, "count", (double)reason->count);
    ifp_json_open(json, "examples", '[', true);
    for (size_t e = 0; e < reason->example_count; e++) {
        ifp_json_open(json, NULL, '{', true);
        write_case(json, &reason->examples[e]);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
    if (reason->nearest) {
        ifp_json_open(json, "nearest", '{', true);
        write_case(json, reason->nearest);
        ifp_json_number(json, "value", reason->nearest->value);
        ifp_json_number(json, "limit", reason->nearest->limit);
        ifp_json_string(json, "unit", reason->unit);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, '}');
}

void ifp_removed_write(const struct ifp_removed_list *list, struct ifp_json *json)
{
    ifp_json_open(json, "removed", '[', false);
    for (size_t n = 0; n < list->count; n++)
        write_reason(json, &list->items[n]);
    ifp_json_close(json, ']');
}

/* -- the public calls -- */

size_t ifp_solution_removed_count(const ifp_solution *solution)
{
    return solution ? solution->removed.count : 0;
}

int ifp_solution_removed(const ifp_solution *solution, size_t index, ifp_removed *entry)
{
    if (!solution || !entry || index >= solution->removed.count)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_removed_reason *from = &solution->removed.items[index];
    const ifp_removed ours = {.size = entry->size,
                              .reason = from->reason,
                              .kind = from->kind,
                              .word = from->word,
                              .count = from->count,
                              .example_count = from->example_count};
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_REMOVED_SIZE_FIRST);
}

static int fill(const struct ifp_removed_reason *reason, const struct ifp_removed_case *from,
                ifp_removed_example *entry)
{
    const ifp_removed_example ours = {.size = entry->size,
                                      .query = from->query,
                                      .model = from->model,
                                      .tier = from->tier,
                                      .tp_degree = from->degree,
                                      .point = from->point,
                                      .value = from->value,
                                      .limit = from->limit,
                                      .unit = reason->unit};
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_REMOVED_EXAMPLE_SIZE_FIRST);
}

int ifp_solution_removed_example(const ifp_solution *solution, size_t index, size_t example,
                                 ifp_removed_example *entry)
{
    if (!solution || !entry || index >= solution->removed.count ||
        example >= solution->removed.items[index].example_count)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_removed_reason *reason = &solution->removed.items[index];
    return fill(reason, &reason->examples[example], entry);
}

int ifp_solution_removed_nearest(const ifp_solution *solution, size_t index,
                                 ifp_removed_example *entry)
{
    if (!solution || !entry || index >= solution->removed.count ||
        !solution->removed.items[index].nearest)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_removed_reason *reason = &solution->removed.items[index];
    return fill(reason, reason->nearest, entry);
}
