/* SPDX-License-Identifier: MIT */
/* Validation of an instance: the ranges of single fields, then conditions on several fields. */
#include "instance/fields.h"
#include "instance/name.h"
#include "instance/profile.h"
#include "instance/table.h"
#include "instance/unknown.h"

#include <string.h>

static int missing(const struct ifp_field *field, const char *where, struct ifp_error *error)
{
    struct ifp_text allowed = {0};
    ifp_field_allowed(field, &allowed);
    int code = allowed.failed ? ifp_error_memory(error)
                              : ifp_error_set(error, IFP_ERROR_VALUE, where, "missing; allowed: %s",
                                              allowed.data);
    ifp_text_clear(&allowed);
    return code;
}

static int check_field(const struct ifp_instance *instance, const struct ifp_field *field,
                       void *record, const char *where, struct ifp_error *error)
{
    switch (field->kind) {
    case IFP_FIELD_NUMBER: {
        double value = *ifp_field_number(field, record);
        if (isnan(value) && field->presence == IFP_REQUIRED)
            return missing(field, where, error);
        bool limitless =
            isinf(value) && (field->presence == IFP_LIMIT || field->presence == IFP_OPEN);
        return isnan(value) || limitless ? IFP_OK : ifp_field_check(field, value, where, error);
    }
    case IFP_FIELD_NUMBERS: {
        const struct ifp_numbers *numbers = ifp_field_numbers(field, record);
        if (!numbers->count)
            return field->presence == IFP_REQUIRED ? missing(field, where, error) : IFP_OK;
        return ifp_numbers_check(field, numbers->values, numbers->count, where, error);
    }
    case IFP_FIELD_REFERENCE: {
        const struct ifp_section *list = &ifp_sections[field->list];
        const char *name = *ifp_field_reference(field, record);
        if (name && ifp_section_find(list, instance, name) == ifp_section_length(list, instance))
            return ifp_unknown_reference(instance, list, name, ifp_field_nullable(field), where,
                                         error);
        return IFP_OK;
    }
    default:
        return IFP_OK;
    }
}

static int check_records(const struct ifp_instance *instance, const struct ifp_section *section,
                         const void *owner, const struct ifp_place *place, struct ifp_error *error);

static int check_record(const struct ifp_instance *instance, const struct ifp_section *section,
                        void *record, const struct ifp_place *place, struct ifp_error *error)
{
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        const struct ifp_place at = {.up = place, .key = field->name};
        int code = IFP_OK;
        if (!ifp_field_has_form(section, field, record))
            continue;
        if (field->kind == IFP_FIELD_SECTION) {
            code =
                check_records(instance, field->section, ifp_field_owner(field, record), &at, error);
        } else if (check_field(instance, field, record, NULL, NULL)) {
            struct ifp_text where = {0};
            ifp_place_write(&at, &where);
            code = where.failed ? ifp_error_memory(error)
                                : check_field(instance, field, record, where.data, error);
            ifp_text_clear(&where);
        }
        if (code)
            return code;
    }
    return IFP_OK;
}

/* The ranges of all fields of a section, `place`, which is NULL for the top level. */
static int check_records(const struct ifp_instance *instance, const struct ifp_section *section,
                         const void *owner, const struct ifp_place *place, struct ifp_error *error)
{
    if (!section->list)
        return check_record(instance, section, ifp_section_record(section, owner, 0), place, error);
    size_t length = ifp_section_length(section, owner);
    for (size_t m = 0; m < length; m++) {
        struct ifp_record *record = ifp_section_record(section, owner, m);
        bool keyed = section->key == IFP_KEY_QUERY;
        const struct ifp_place at = {
            .up = place, .key = keyed ? record->name : NULL, .index = m, .member = keyed};
        int code = check_record(instance, section, record, &at, error);
        if (code)
            return code;
    }
    return IFP_OK;
}

static int check_section(const struct ifp_instance *instance, const struct ifp_section *section,
                         struct ifp_error *error)
{
    const struct ifp_place place = {.key = section->name};
    if (section->list && !ifp_section_length(section, instance) && !section->optional)
        return ifp_error_set(error, IFP_ERROR_VALUE, section->name,
                             "found an empty list; allowed: at least one member");
    return check_records(instance, section, instance, *section->name ? &place : NULL, error);
}

static int check_queries(const struct ifp_instance *instance, struct ifp_error *error)
{
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        if (query->input_tokens + query->output_tokens > 0)
            continue;
        struct ifp_text where = {0};
        ifp_text_format(&where, "queries[%zu].input_tokens", i);
        int code = where.failed
                       ? ifp_error_memory(error)
                       : ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                                       "found 0 and output_tokens 0; allowed: a sum above 0");
        ifp_text_clear(&where);
        return code;
    }
    return IFP_OK;
}

static int check_speedups(const struct ifp_instance *instance, struct ifp_error *error)
{
    for (size_t k = 0; k < instance->tier_count; k++) {
        const struct ifp_tier_data *tier = &instance->tiers[k];
        if (!tier->tp_speedup.count || tier->tp_speedup.count == tier->tp_degrees.count)
            continue;
        struct ifp_text where = {0};
        ifp_text_format(&where, "tiers[%zu].tp_speedup", k);
        int code = where.failed ? ifp_error_memory(error)
                                : ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                                                "found %zu number%s; allowed: as many as "
                                                "tp_degrees has, %zu",
                                                tier->tp_speedup.count,
                                                tier->tp_speedup.count == 1 ? "" : "s",
                                                tier->tp_degrees.count);
        ifp_text_clear(&where);
        return code;
    }
    return IFP_OK;
}

static int check_uncertainty(const struct ifp_instance *instance, struct ifp_error *error)
{
    if (instance->uncertainty == IFP_UNCERTAINTY_NONE)
        return IFP_OK;
    if (isinf(instance->delay_budget))
        return ifp_error_set(error, IFP_ERROR_VALUE, "uncertainty.delay_budget",
                             "missing; allowed: a number of at least 0, as the kind is not none");
    if (isinf(instance->error_budget))
        return ifp_error_set(error, IFP_ERROR_VALUE, "uncertainty.error_budget",
                             "missing; allowed: a number of at least 0, as the kind is not none");
    if (instance->uncertainty == IFP_UNCERTAINTY_DECISION && instance->level == IFP_LEVEL_QUERY &&
        instance->placement != IFP_PLACEMENT_SINGLE)
        return ifp_error_set(error, IFP_ERROR_VALUE, "uncertainty.level",
                             "found query with policy.placement %s; allowed: level query needs "
                             "placement single, other placements take level cell",
                             instance->placement == IFP_PLACEMENT_SPLIT ? "split" : "matching");
    return IFP_OK;
}

int ifp_instance_validate(const ifp_instance *instance, ifp_error *error)
{
    if (!instance)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the instance is NULL");
    ifp_instance_begin_read(instance);
    int code = ifp_name_check(instance->name, "name", error);
    for (size_t s = 0; !code && s < IFP_SECTION_COUNT; s++)
        code = check_section(instance, &ifp_sections[s], error);
    for (int p = 0; !code && p < IFP_PERFORMANCE_COUNT; p++)
        code = ifp_table_check(instance, (enum ifp_performance)p, error);
    if (!code)
        code = check_queries(instance, error);
    if (!code)
        code = check_speedups(instance, error);
    if (!code)
        code = check_uncertainty(instance, error);
    if (!code)
        code = ifp_profiles_validate(instance, error);
    ifp_instance_end_read(instance);
    return code;
}
