/* SPDX-License-Identifier: MIT */
/* Reading numbers by the path of their field: one number, or all that a path names. */
#include <stdlib.h>
#include <string.h>

#include "instance/fields.h"
#include "instance/path.h"
#include "instance/table.h"

/* The number of a field in a record; +infinity stands for one that is not given. */
static int number_of(const struct ifp_instance *instance, const struct ifp_path *target,
                     void *record, const char *path, double *value, struct ifp_error *error)
{
    double now = *ifp_field_number(target->field, record);
    if (!ifp_field_has_form(target->section, target->field, record) ||
        (isnan(now) && target->field->presence == IFP_UNSET))
        now = INFINITY;
    if (isnan(now) && target->field->presence == IFP_INHERITED)
        now = ifp_instance_penalty_hours(instance);
    if (isnan(now))
        return ifp_path_refuse(error, path, "was never set");
    *value = now;
    return IFP_OK;
}

static int get_number_of_record(const struct ifp_instance *instance, const struct ifp_path *target,
                                const char *path, double *value, struct ifp_error *error)
{
    if (target->field->kind != IFP_FIELD_NUMBER && !target->entries)
        return ifp_path_refuse(error, path, "is not a number");
    if (target->count != 1 || target->every_entry)
        return ifp_path_refuse(error, path, "names more than one number");
    void *record = target->records[0];
    if (!target->entries)
        return number_of(instance, target, record, path, value, error);
    const struct ifp_numbers *list = ifp_path_list(target, record);
    if (target->entry >= list->count)
        return ifp_path_refuse_entry(error, path, list);
    *value = list->values[target->entry];
    return IFP_OK;
}

static int get_number(const ifp_instance *instance, const char *path, double *value,
                      ifp_error *error)
{
    struct ifp_path target;
    int code = ifp_path_read(instance, path, &target, error);
    if (code)
        return code;
    if (!target.section) {
        size_t index[3] = {0, 0, 0};
        int dimensions = ifp_table_fields[target.table].dimensions;
        for (int d = 0; d < target.selectors; d++) {
            if (target.to[d] - target.from[d] != 1)
                return ifp_path_refuse(error, path, "names more than one number");
            index[d] = target.from[d];
        }
        const struct ifp_table *table = &instance->performance[target.table];
        if (table->values && table->rank > target.selectors)
            return ifp_path_refuse(error, path, "names more than one number");
        if (ifp_table_is_word(instance, target.table))
            return ifp_path_refuse(error, path, "is a word, not a number");
        if (!table->values && ifp_table_fields[target.table].field.presence == IFP_REQUIRED)
            return ifp_path_refuse(error, path, "was never set");
        code = ifp_table_check(instance, target.table, error);
        if (code)
            return code;
        double entry =
            dimensions == 3
                ? ifp_instance_performance(instance, target.table, index[0], index[1], index[2])
                : ifp_instance_shrink(instance, target.table, index[0], index[1]);
        *value = isnan(entry) ? INFINITY : entry;
        return IFP_OK;
    }
    code = get_number_of_record(instance, &target, path, value, error);
    ifp_path_release(&target);
    return code;
}

/* The destination of numbers. All are counted, and as many as fit are written. */
struct sink {
    double *values;
    size_t capacity;
    size_t count;
};

static void put(struct sink *sink, double value)
{
    if (sink->values && sink->count < sink->capacity)
        sink->values[sink->count] = isnan(value) ? INFINITY : value;
    sink->count++;
}

static int get_table(const struct ifp_instance *instance, const struct ifp_path *target,
                     const char *path, struct sink *sink, struct ifp_error *error)
{
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    if (ifp_table_is_word(instance, target->table))
        return ifp_path_refuse(error, path, "is a word, not a number");
    if (!instance->performance[target->table].values && about->field.presence == IFP_REQUIRED)
        return ifp_path_refuse(error, path, "was never set");
    int code = ifp_table_check(instance, target->table, error);
    if (code)
        return code;
    /* A table with two dimensions has a third one of length 1. */
    size_t from[3] = {0, 0, 0};
    size_t to[3] = {1, 1, 1};
    for (int d = 0; d < about->dimensions; d++) {
        bool chosen = d < target->selectors;
        from[d] = chosen ? target->from[d] : 0;
        to[d] = chosen ? target->to[d] : ifp_section_length(ifp_table_list(about, d), instance);
    }
    /* Only counting takes no time, even for a large table. */
    if (!sink->values) {
        sink->count = (to[0] - from[0]) * (to[1] - from[1]) * (to[2] - from[2]);
        return IFP_OK;
    }
    for (size_t a = from[0]; a < to[0]; a++) {
        for (size_t b = from[1]; b < to[1]; b++) {
            for (size_t c = from[2]; c < to[2]; c++)
                put(sink, about->dimensions == 3
                              ? ifp_instance_performance(instance, target->table, a, b, c)
                              : ifp_instance_shrink(instance, target->table, a, b));
        }
    }
    return IFP_OK;
}

static int get_lists(struct ifp_path *target, const char *path, struct sink *sink,
                     struct ifp_error *error)
{
    bool whole = !target->entries || target->every_entry;
    if (whole && target->count != 1)
        return ifp_path_refuse(error, path, "names more than one list");
    /* A list that was not given is read as its default. */
    target->entries = true;
    for (size_t m = 0; m < target->count; m++) {
        const struct ifp_numbers *list = ifp_path_list(target, target->records[m]);
        if (!whole && target->entry >= list->count)
            return ifp_path_refuse_entry(error, path, list);
        if (!list->count && target->field->presence == IFP_UNSET)
            return ifp_path_refuse(error, path, "was never set");
        for (size_t e = 0; whole && e < list->count; e++)
            put(sink, list->values[e]);
        if (!whole)
            put(sink, list->values[target->entry]);
    }
    return IFP_OK;
}

static int get_fields(const struct ifp_instance *instance, const struct ifp_path *target,
                      const char *path, struct sink *sink, struct ifp_error *error)
{
    for (size_t m = 0; m < target->count; m++) {
        double now = 0;
        int code = number_of(instance, target, target->records[m], path, &now, error);
        if (code)
            return code;
        put(sink, now);
    }
    return IFP_OK;
}

static int get_numbers(const ifp_instance *instance, const char *path, double *values,
                       size_t *count, ifp_error *error)
{
    struct ifp_path target;
    struct sink sink = {.values = values, .capacity = *count};
    int code = ifp_path_read(instance, path, &target, error);
    if (code)
        return code;
    if (!target.section)
        code = get_table(instance, &target, path, &sink, error);
    else if (target.field->kind == IFP_FIELD_NUMBERS)
        code = get_lists(&target, path, &sink, error);
    else if (target.field->kind == IFP_FIELD_NUMBER)
        code = get_fields(instance, &target, path, &sink, error);
    else
        code = ifp_path_refuse(error, path, "is not a number");
    ifp_path_release(&target);
    if (code)
        return code;
    if (values && sink.count > sink.capacity)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, path,
                             "found room for %zu numbers; the path names %zu", sink.capacity,
                             sink.count);
    *count = sink.count;
    return IFP_OK;
}

int ifp_instance_get_number(const ifp_instance *instance, const char *path, double *value,
                            ifp_error *error)
{
    if (!instance || !path || !value)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "an argument is NULL");
    ifp_instance_begin_read(instance);
    int code = get_number(instance, path, value, error);
    ifp_instance_end_read(instance);
    return code;
}

int ifp_instance_get_numbers(const ifp_instance *instance, const char *path, double *values,
                             size_t *count, ifp_error *error)
{
    if (!instance || !path || !count)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "an argument is NULL");
    ifp_instance_begin_read(instance);
    int code = get_numbers(instance, path, values, count, error);
    ifp_instance_end_read(instance);
    return code;
}
