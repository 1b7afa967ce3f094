/* SPDX-License-Identifier: MIT */
/* Finds query types without a candidate route in the two tables whose entries may be null. A route
 * needs a number in both. */
#include "commands/candidates.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "terminal/output.h"

static const char *const tables[] = {"performance.delay_ms_per_token", "performance.error_rate"};

enum { TABLE_COUNT = sizeof tables / sizeof *tables };

/* Why a query type has no candidate: NO_PAIR, or the index of a table without a number for it. */
enum { HAS_ONE = -1, NO_PAIR = TABLE_COUNT };

/* `values` holds a number for each model and tier from each table. */
static int find_missing(const ifp_instance *instance, size_t query, double *values, size_t pairs)
{
    bool any[TABLE_COUNT] = {false};
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        char path[96];
        size_t count = pairs;
        snprintf(path, sizeof path, "%s[%zu]", tables[t], query);
        if (ifp_instance_get_numbers(instance, path, values + t * pairs, &count, NULL) != IFP_OK)
            return HAS_ONE; /* the instance is incomplete, which validation reports */
        for (size_t p = 0; p < pairs && !any[t]; p++)
            any[t] = isfinite(values[t * pairs + p]) != 0;
    }
    for (size_t p = 0; p < pairs; p++) {
        if (isfinite(values[p]) && isfinite(values[pairs + p]))
            return HAS_ONE;
    }
    return !any[0] ? 0 : !any[1] ? 1 : NO_PAIR;
}

int candidates_note(const ifp_instance *instance)
{
    size_t pairs = ifp_instance_model_count(instance) * ifp_instance_tier_count(instance);
    size_t without = 0;
    size_t first = 0;
    int why = HAS_ONE;
    double *values = calloc(TABLE_COUNT * (pairs ? pairs : 1), sizeof *values);
    if (!values)
        return output_fail_memory();
    for (size_t i = 0; i < ifp_instance_query_count(instance); i++) {
        int found = find_missing(instance, i, values, pairs);
        if (found == HAS_ONE)
            continue;
        if (without++ == 0) {
            first = i;
            why = found;
        }
    }
    free(values);
    if (!without)
        return STATUS_DONE;
    const char *name = ifp_instance_query_name(instance, first);
    char more[48] = "";
    if (without > 1)
        snprintf(more, sizeof more, " and %zu other%s", without - 1, without > 2 ? "s" : "");
    if (why == NO_PAIR)
        output_note(
            "queries[%s]%s: no candidate route: wherever one of %s and %s is given, the other "
            "is null or left out",
            name, more, tables[0], tables[1]);
    else
        output_note("queries[%s]%s: no candidate route: %s is null or left out", name, more,
                    tables[why]);
    return STATUS_DONE;
}
