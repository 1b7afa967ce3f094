/* SPDX-License-Identifier: MIT */
/* What a problem has removed, in the names of its instance. */
#include "api/removed.h"

#include <math.h>
#include <stdlib.h>

#include "plan/point.h"
#include "util/text.h"

static bool name_case(const struct ifp_instance *instance, const struct ifp_removal_example *from,
                      struct ifp_removed_case *made)
{
    *made = (struct ifp_removed_case){
        .degree = (int64_t)from->degree, .value = from->miss.value, .limit = from->miss.limit};
    made->model = ifp_string_copy(instance->models[from->model].name);
    made->tier = ifp_string_copy(instance->tiers[from->tier].name);
    bool good = made->model && made->tier;
    if (from->query != SIZE_MAX) {
        made->query = ifp_string_copy(instance->queries[from->query].name);
        good &= made->query != NULL;
    }
    if (from->profile != SIZE_MAX) {
        const struct ifp_profile_data *profile = &instance->profiles[from->profile];
        made->point = from->point == SIZE_MAX ? ifp_point_of_pace(from->pace_ms)
                                              : ifp_string_copy(profile->points[from->point].name);
        good &= made->point != NULL;
    }
    return good;
}

static bool fill_reason(const struct ifp_instance *instance, const struct ifp_problem *problem,
                        int reason, struct ifp_removed_reason *made)
{
    const struct ifp_removal_record *record = &problem->removals[reason];
    *made = (struct ifp_removed_reason){
        .reason = reason,
        .kind = ifp_removal_kind(reason),
        .word = ifp_removal_word(reason),
        .unit = ifp_removal_unit(reason),
        .count = problem->removed[reason],
    };
    made->examples = calloc(IFP_REMOVAL_EXAMPLES, sizeof *made->examples);
    bool good = made->examples != NULL;
    for (size_t e = 0; good && e < record->count; e++)
        good = name_case(instance, &record->examples[e], &made->examples[made->example_count++]);
    if (good && record->has_nearest) {
        made->nearest = calloc(1, sizeof *made->nearest);
        good = made->nearest && name_case(instance, &record->nearest, made->nearest);
    }
    return good;
}

bool ifp_removed_fill(const struct ifp_instance *instance, const struct ifp_problem *problem,
                      struct ifp_removed_list *list)
{
    bool good = true;
    list->items = calloc(IFP_REMOVAL_COUNT, sizeof *list->items);
    if (!list->items)
        return false;
    for (int reason = 1; good && reason < IFP_REMOVAL_COUNT; reason++) {
        if (problem->removed[reason] > 0)
            good = fill_reason(instance, problem, reason, &list->items[list->count++]);
    }
    if (!good)
        ifp_removed_clear(list);
    return good;
}
