/* SPDX-License-Identifier: MIT */
/* Conditions on several fields of head-room, profiles and their points. */
#include "instance/fields.h"
#include "instance/profile.h"

#include <stdlib.h>
#include <string.h>

/* Is the field of a profile given, where its default is not given? */
static bool is_given(const struct ifp_field *field, void *record)
{
    if (field->kind == IFP_FIELD_NUMBERS)
        return ifp_field_numbers(field, record)->count > 0;
    if (field->kind == IFP_FIELD_SECTION)
        return ifp_section_length(field->section, ifp_field_owner(field, record)) > 0;
    double value = *ifp_field_number(field, record);
    return !isnan(value) && value != field->absent;
}

static int missing(const struct ifp_section *section, const char *name,
                   const struct ifp_place *place, const char *why, struct ifp_error *error)
{
    const struct ifp_place at = {.up = place, .key = name};
    struct ifp_text allowed = {0};
    struct ifp_field field = *ifp_section_field(section, name, strlen(name));
    field.presence = IFP_REQUIRED; /* null is not allowed here */
    ifp_field_allowed(&field, &allowed);
    int code = allowed.failed
                   ? ifp_error_memory(error)
                   : ifp_place_refuse(&at, error, "missing; allowed: %s, as %s", allowed.data, why);
    ifp_text_clear(&allowed);
    return code;
}

static int check_headroom(const struct ifp_section *section, struct ifp_headroom_data *headroom,
                          const struct ifp_place *place, struct ifp_error *error)
{
    if (headroom->kind != IFP_HEADROOM_WAIT)
        return IFP_OK;
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        if (field->form == IFP_HEADROOM_WAIT && isnan(*ifp_field_number(field, headroom)))
            return missing(section, field->name, place,
                           "head-room by waiting times has wait_ms, quantile, slots and service_ms",
                           error);
    }
    return IFP_OK;
}

/* The degrees of all tiers, sorted within each tier. */
struct degrees {
    double *values;
    size_t *first; /* tier k has the values first[k] .. first[k + 1] - 1 */
};

static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static bool sort_degrees(const struct ifp_instance *instance, struct degrees *degrees)
{
    size_t total = 0;
    for (size_t k = 0; k < instance->tier_count; k++)
        total += instance->tiers[k].tp_degrees.count;
    degrees->values = malloc((total ? total : 1) * sizeof *degrees->values);
    degrees->first = malloc((instance->tier_count + 1) * sizeof *degrees->first);
    if (!degrees->values || !degrees->first)
        return false;
    size_t end = 0;
    for (size_t k = 0; k < instance->tier_count; k++) {
        const struct ifp_numbers *list = &instance->tiers[k].tp_degrees;
        degrees->first[k] = end;
        for (size_t d = 0; d < list->count; d++)
            degrees->values[end + d] = list->values[d];
        qsort(degrees->values + end, list->count, sizeof *degrees->values, compare_numbers);
        end += list->count;
    }
    degrees->first[instance->tier_count] = end;
    return true;
}

static int check_degree(const struct ifp_instance *instance, const struct ifp_profile_data *profile,
                        const struct degrees *degrees, const struct ifp_place *place,
                        struct ifp_error *error)
{
    enum { DEGREES_SHOWN = 12 };
    size_t tier = ifp_instance_find_tier(instance, profile->tier);
    const double *first = degrees->values + degrees->first[tier];
    size_t count = degrees->first[tier + 1] - degrees->first[tier];
    if (bsearch(&profile->tp_degree, first, count, sizeof *first, compare_numbers))
        return IFP_OK;
    const struct ifp_place at = {.up = place, .key = "tp_degree"};
    struct ifp_text list = {0};
    for (size_t d = 0; d < count && d < DEGREES_SHOWN; d++)
        ifp_text_format(&list, "%s%g", d ? ", " : "", first[d]);
    if (count > DEGREES_SHOWN)
        ifp_text_format(&list, " and %zu more", count - DEGREES_SHOWN);
    int code = list.failed
                   ? ifp_error_memory(error)
                   : ifp_place_refuse(&at, error, "found %g; allowed: a degree of tier \"%s\": %s",
                                      profile->tp_degree, profile->tier, list.data);
    ifp_text_clear(&list);
    return code;
}

static int check_paces(const struct ifp_profile_data *profile, const struct ifp_place *place,
                       struct ifp_error *error)
{
    const struct ifp_place paces = {.up = place, .key = "paces_ms"};
    if (profile->iteration_ms == 0 && !profile->paces_ms.count)
        return ifp_place_refuse(&paces, error,
                                "missing; allowed: a list of paces, as iteration_ms is 0");
    for (size_t p = 0; p < profile->paces_ms.count; p++) {
        if (profile->paces_ms.values[p] > profile->iteration_ms)
            continue;
        const struct ifp_place at = {.up = &paces, .index = p};
        return ifp_place_refuse(&at, error,
                                "found %g; allowed: paces above iteration_ms, which is %g",
                                profile->paces_ms.values[p], profile->iteration_ms);
    }
    return IFP_OK;
}

/* Exactly one form, and its required fields. */
static int check_form(struct ifp_profile_data *profile, const struct ifp_place *place,
                      struct ifp_error *error)
{
    const struct ifp_section *section = &ifp_sections[IFP_SECTION_PROFILES];
    const struct ifp_field *first = NULL;
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        if (!field->form || !is_given(field, profile))
            continue;
        if (first && field->form != first->form)
            return ifp_place_refuse(place, error, "found %s and %s; allowed: %s", first->name,
                                    field->name, section->forms);
        first = first ? first : field;
    }
    if (!first)
        return ifp_place_refuse(place, error, "found no form; allowed: %s", section->forms);
    if (profile->point_count)
        return IFP_OK;
    static const char *const required[] = {"iteration_ms", "prefill_ms_per_token",
                                           "decode_ms_per_token"};
    const double values[] = {profile->iteration_ms, profile->prefill_ms_per_token,
                             profile->decode_ms_per_token};
    for (int r = 0; r < 3; r++) {
        if (isnan(values[r]))
            return missing(section, required[r], place, "a law needs it", error);
    }
    return check_paces(profile, place, error);
}

static int check_measured(const struct ifp_instance *instance, const struct ifp_point_data *point,
                          const struct ifp_measured_data *measured, const struct ifp_place *place,
                          struct ifp_error *error)
{
    if (!isnan(measured->tpot_ms) || !isnan(point->tpot_ms))
        return IFP_OK;
    const struct ifp_place at = {.up = place, .key = "tpot_ms"};
    size_t query = ifp_instance_find_query(instance, measured->query);
    if (isnan(measured->e2e_ms))
        return ifp_place_refuse(&at, error,
                                "missing; allowed: a number above 0, here or as tpot_ms of the "
                                "point, as there is no e2e_ms");
    if (isfinite(instance->queries[query].tpot_limit_ms))
        return ifp_place_refuse(&at, error,
                                "missing; allowed: a number above 0, here or as tpot_ms of the "
                                "point, as the query type has a tpot_limit_ms");
    return IFP_OK;
}

static int check_points(const struct ifp_instance *instance, const struct ifp_profile_data *profile,
                        const struct ifp_place *place, struct ifp_error *error)
{
    const struct ifp_place points = {.up = place, .key = "points"};
    for (size_t o = 0; o < profile->point_count; o++) {
        const struct ifp_point_data *point = &profile->points[o];
        const struct ifp_place at = {.up = &points, .index = o};
        const struct ifp_place queries = {.up = &at, .key = "queries"};
        if (!point->query_count)
            return ifp_place_refuse(&queries, error,
                                    "missing; allowed: an object with at least one query type");
        for (size_t q = 0; q < point->query_count; q++) {
            const struct ifp_place entry = {
                .up = &queries, .key = point->queries[q].query, .member = true};
            int code = check_measured(instance, point, &point->queries[q], &entry, error);
            if (code)
                return code;
        }
    }
    return IFP_OK;
}

int ifp_profiles_validate(const struct ifp_instance *instance, struct ifp_error *error)
{
    const struct ifp_section *section = &ifp_sections[IFP_SECTION_PROFILES];
    const struct ifp_section *headroom =
        ifp_section_field(section, "headroom", strlen("headroom"))->section;
    const struct ifp_place policy = {.key = "policy"};
    const struct ifp_place policy_headroom = {.up = &policy, .key = "headroom"};
    const struct ifp_place list = {.key = "profiles"};
    struct degrees degrees = {0};
    int code = check_headroom(headroom, (struct ifp_headroom_data *)&instance->headroom,
                              &policy_headroom, error);
    if (!code && instance->profile_count && !sort_degrees(instance, &degrees))
        code = ifp_error_memory(error);
    for (size_t p = 0; !code && p < instance->profile_count; p++) {
        struct ifp_profile_data *profile = &instance->profiles[p];
        const struct ifp_place place = {.up = &list, .index = p};
        const struct ifp_place headroom_at = {.up = &place, .key = "headroom"};
        code = check_degree(instance, profile, &degrees, &place, error);
        if (!code)
            code = check_headroom(headroom, &profile->headroom, &headroom_at, error);
        if (!code)
            code = check_form(profile, &place, error);
        if (!code)
            code = check_points(instance, profile, &place, error);
    }
    free(degrees.values);
    free(degrees.first);
    return code;
}
