/* SPDX-License-Identifier: MIT */
/* The instance as an object: making, copying and freeing it, growing lists and finding names. */
#include "instance/instance.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "instance/fields.h"
#include "instance/name.h"
#include "util/array.h"

ifp_instance *ifp_instance_new(void)
{
    ifp_instance *instance = calloc(1, sizeof *instance);
    if (!instance)
        return NULL;
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        if (!ifp_sections[s].list)
            ifp_section_defaults(&ifp_sections[s], instance);
    }
    instance->name = ifp_string_copy("");
    if (!instance->name) {
        free(instance);
        return NULL;
    }
    return instance;
}

static void free_record(const struct ifp_section *section, void *data)
{
    struct ifp_record *record = data;
    free(record->name);
    free(record->extra);
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        if (field->kind == IFP_FIELD_NUMBERS)
            free(ifp_field_numbers(field, data)->values);
        else if (field->kind == IFP_FIELD_POOL)
            free(*ifp_field_pool(field, data));
    }
}

static void destroy(ifp_instance *instance)
{
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        if (!ifp_sections[s].list)
            continue;
        size_t length = ifp_section_length(&ifp_sections[s], instance);
        for (size_t m = 0; m < length; m++)
            free_record(&ifp_sections[s], ifp_section_record(&ifp_sections[s], instance, m));
        ifp_names_clear(ifp_section_names(&ifp_sections[s], instance));
    }
    free(instance->queries);
    free(instance->models);
    free(instance->tiers);
    free(instance->pools);
    for (size_t p = 0; p < IFP_PERFORMANCE_COUNT; p++)
        free(instance->performance[p].values);
    free(instance->performance_extra);
    free(instance->uncertainty_extra);
    free(instance->policy_extra);
    free(instance->limits_extra);
    free(instance->horizon_extra);
    free(instance->extra);
    free(instance->source);
    free(instance->name);
    free(instance);
}

void ifp_instance_free(ifp_instance *instance)
{
    if (instance && ifp_busy_free(&instance->busy))
        destroy(instance);
}

void ifp_instance_begin_read(const struct ifp_instance *instance)
{
    if (instance)
        ifp_busy_begin_read(&instance->busy);
}

void ifp_instance_end_read(const struct ifp_instance *instance)
{
    if (instance && ifp_busy_end_read(&instance->busy))
        destroy((ifp_instance *)instance);
}

int ifp_instance_begin(struct ifp_instance *instance)
{
    return ifp_busy_begin(&instance->busy, IFP_BUSY_INSTANCE_CHANGED) ? IFP_OK : IFP_ERROR_BUSY;
}

int ifp_instance_end(struct ifp_instance *instance, int code)
{
    if (ifp_busy_end(&instance->busy, code != IFP_OK))
        destroy(instance);
    return code;
}

/* Copies `from` into *to; NULL stays NULL. Returns false if out of memory. */
static bool copy_string(char **to, const char *from)
{
    *to = NULL;
    if (!from)
        return true;
    *to = ifp_string_copy(from);
    return *to != NULL;
}

static bool copy_values(double **to, const double *from, size_t count)
{
    *to = NULL;
    if (!count)
        return true;
    *to = malloc(count * sizeof **to);
    if (*to)
        memcpy(*to, from, count * sizeof **to);
    return *to != NULL;
}

/* After a failed copy, free_record can free the record. */
static bool copy_record(const struct ifp_section *section, void *to, const void *from)
{
    memcpy(to, from, section->stride);
    struct ifp_record *copy = to;
    const struct ifp_record *record = from;
    bool good = copy_string(&copy->name, record->name);
    good &= copy_string(&copy->extra, record->extra);
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        if (field->kind == IFP_FIELD_NUMBERS) {
            struct ifp_numbers *numbers = ifp_field_numbers(field, to);
            good &= copy_values(&numbers->values, numbers->values, numbers->count);
        } else if (field->kind == IFP_FIELD_POOL) {
            char **pool = ifp_field_pool(field, to);
            good &= copy_string(pool, *pool);
        }
    }
    return good;
}

static bool copy_list(const struct ifp_section *section, ifp_instance *copy,
                      const ifp_instance *instance)
{
    size_t length = ifp_section_length(section, instance);
    if (!length)
        return true;
    /* The capacity must be that of ifp_instance_append: the next power of two. */
    size_t capacity = 1;
    while (capacity < length)
        capacity *= 2;
    char *records = calloc(capacity, section->stride);
    if (!records)
        return false;
    memcpy((char *)copy + section->data, &records, sizeof records);
    bool good = true;
    for (size_t m = 0; m < length; m++)
        good &= copy_record(section, records + m * section->stride,
                            ifp_section_record(section, instance, m));
    memcpy((char *)copy + section->count, &length, sizeof length);
    struct ifp_names *names = ifp_section_names(section, copy);
    good &= ifp_names_copy(names, ifp_section_names(section, instance));
    for (size_t m = 0; m < names->count; m++)
        names->entries[m].name =
            ((const struct ifp_record *)ifp_section_record(section, copy, m))->name;
    return good;
}

ifp_instance *ifp_instance_copy(const ifp_instance *instance)
{
    ifp_instance *copy = instance ? calloc(1, sizeof *copy) : NULL;
    if (!copy)
        return NULL;
    ifp_instance_begin_read(instance);
    memcpy(copy, instance, offsetof(struct ifp_instance, error));
    copy->queries = NULL;
    copy->models = NULL;
    copy->tiers = NULL;
    copy->pools = NULL;
    copy->query_count = copy->model_count = copy->tier_count = copy->pool_count = 0;
    copy->query_names = copy->model_names = (struct ifp_names){0};
    copy->tier_names = copy->pool_names = (struct ifp_names){0};
    bool good = copy_string(&copy->name, instance->name);
    good &= copy_string(&copy->source, instance->source);
    good &= copy_string(&copy->extra, instance->extra);
    good &= copy_string(&copy->horizon_extra, instance->horizon_extra);
    good &= copy_string(&copy->limits_extra, instance->limits_extra);
    good &= copy_string(&copy->policy_extra, instance->policy_extra);
    good &= copy_string(&copy->uncertainty_extra, instance->uncertainty_extra);
    good &= copy_string(&copy->performance_extra, instance->performance_extra);
    for (size_t p = 0; p < IFP_PERFORMANCE_COUNT; p++)
        good &= copy_values(&copy->performance[p].values, instance->performance[p].values,
                            instance->performance[p].count);
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++)
        good &= !ifp_sections[s].list || copy_list(&ifp_sections[s], copy, instance);
    ifp_instance_end_read(instance);
    if (!good) {
        ifp_instance_free(copy);
        return NULL;
    }
    return copy;
}

void ifp_text_free(char *text)
{
    free(text);
}

const char *ifp_instance_name(const ifp_instance *instance)
{
    ifp_instance_begin_read(instance);
    const char *name = instance ? instance->name : "";
    ifp_instance_end_read(instance);
    return name;
}

static int set_string(ifp_instance *instance, char **member, const char *value)
{
    if (!value)
        return ifp_error_set(&instance->error, IFP_ERROR_ARGUMENT, NULL, "the text is NULL");
    char *copy = ifp_string_copy(value);
    if (!copy)
        return ifp_error_memory(&instance->error);
    free(*member);
    *member = copy;
    return IFP_OK;
}

int ifp_instance_set_name(ifp_instance *instance, const char *name)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    int code = name ? ifp_name_check(name, "name", &instance->error) : IFP_OK;
    if (!code)
        code = set_string(instance, &instance->name, name);
    return ifp_instance_end(instance, code);
}

int ifp_instance_set_source(ifp_instance *instance, const char *source)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    int code = IFP_OK;
    if (source && !ifp_utf8_valid(source))
        code = ifp_error_set(&instance->error, IFP_ERROR_VALUE, "source",
                             "found bytes that are not UTF-8; allowed: UTF-8 text");
    if (!code)
        code = set_string(instance, &instance->source, source);
    return ifp_instance_end(instance, code);
}

int ifp_instance_append(ifp_instance *instance, const struct ifp_section *section, const char *name,
                        struct ifp_error *error)
{
    size_t length = ifp_section_length(section, instance);
    struct ifp_names *names = ifp_section_names(section, instance);
    struct ifp_text where = {0};
    ifp_text_format(&where, "%s[%zu].name", section->name, length);
    int code = where.failed ? ifp_error_memory(error) : ifp_name_check(name, where.data, error);
    if (!code) {
        size_t twin = ifp_section_find(section, instance, name);
        if (twin < length)
            code = ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                                 "found \"%s\", which %s[%zu] has already; allowed: a name that "
                                 "is unique in its list",
                                 name, section->name, twin);
    }
    ifp_text_clear(&where);
    if (code)
        return code;
    /* Double the capacity whenever the length is a power of two. */
    if ((length & (length - 1)) == 0 && !ifp_array_resize((char *)instance + section->data,
                                                          length ? 2 * length : 1, section->stride))
        return ifp_error_memory(error);
    char *records;
    memcpy(&records, (char *)instance + section->data, sizeof records);
    char *copy = ifp_string_copy(name);
    if (!copy || !ifp_names_add(names, copy)) {
        free(copy);
        return ifp_error_memory(error);
    }
    void *record = records + length * section->stride;
    memset(record, 0, section->stride);
    ifp_section_defaults(section, record);
    ((struct ifp_record *)record)->name = copy;
    length++;
    memcpy((char *)instance + section->count, &length, sizeof length);
    return IFP_OK;
}

static int add(ifp_instance *instance, int section, const char *name)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    int code = name ? ifp_instance_append(instance, &ifp_sections[section], name, &instance->error)
                    : ifp_error_set(&instance->error, IFP_ERROR_ARGUMENT, NULL, "the name is NULL");
    return ifp_instance_end(instance, code);
}

int ifp_instance_add_query(ifp_instance *instance, const char *name)
{
    return add(instance, IFP_SECTION_QUERIES, name);
}

int ifp_instance_add_model(ifp_instance *instance, const char *name)
{
    return add(instance, IFP_SECTION_MODELS, name);
}

int ifp_instance_add_tier(ifp_instance *instance, const char *name)
{
    return add(instance, IFP_SECTION_TIERS, name);
}

int ifp_instance_add_pool(ifp_instance *instance, const char *name)
{
    return add(instance, IFP_SECTION_POOLS, name);
}

static size_t member_count(const ifp_instance *instance, int section)
{
    ifp_instance_begin_read(instance);
    size_t count = instance ? ifp_section_length(&ifp_sections[section], instance) : 0;
    ifp_instance_end_read(instance);
    return count;
}

size_t ifp_instance_query_count(const ifp_instance *instance)
{
    return member_count(instance, IFP_SECTION_QUERIES);
}

size_t ifp_instance_model_count(const ifp_instance *instance)
{
    return member_count(instance, IFP_SECTION_MODELS);
}

size_t ifp_instance_tier_count(const ifp_instance *instance)
{
    return member_count(instance, IFP_SECTION_TIERS);
}

size_t ifp_instance_pool_count(const ifp_instance *instance)
{
    return member_count(instance, IFP_SECTION_POOLS);
}

static const char *member_name(const ifp_instance *instance, int section, size_t index)
{
    if (index >= member_count(instance, section))
        return NULL;
    ifp_instance_begin_read(instance);
    const struct ifp_record *record = ifp_section_record(&ifp_sections[section], instance, index);
    const char *name = record->name;
    ifp_instance_end_read(instance);
    return name;
}

const char *ifp_instance_query_name(const ifp_instance *instance, size_t index)
{
    return member_name(instance, IFP_SECTION_QUERIES, index);
}

const char *ifp_instance_model_name(const ifp_instance *instance, size_t index)
{
    return member_name(instance, IFP_SECTION_MODELS, index);
}

const char *ifp_instance_tier_name(const ifp_instance *instance, size_t index)
{
    return member_name(instance, IFP_SECTION_TIERS, index);
}

const char *ifp_instance_pool_name(const ifp_instance *instance, size_t index)
{
    return member_name(instance, IFP_SECTION_POOLS, index);
}

size_t ifp_instance_find_query(const struct ifp_instance *instance, const char *name)
{
    return ifp_section_find(&ifp_sections[IFP_SECTION_QUERIES], instance, name);
}

size_t ifp_instance_find_model(const struct ifp_instance *instance, const char *name)
{
    return ifp_section_find(&ifp_sections[IFP_SECTION_MODELS], instance, name);
}

size_t ifp_instance_find_tier(const struct ifp_instance *instance, const char *name)
{
    return ifp_section_find(&ifp_sections[IFP_SECTION_TIERS], instance, name);
}

size_t ifp_instance_find_pool(const struct ifp_instance *instance, const char *name)
{
    return ifp_section_find(&ifp_sections[IFP_SECTION_POOLS], instance, name);
}

double ifp_instance_performance(const struct ifp_instance *instance, enum ifp_performance field,
                                size_t query, size_t model, size_t tier)
{
    const struct ifp_table *table = &instance->performance[field];
    if (!table->values)
        return 0; /* the default of optional fields */
    size_t index = 0;
    if (table->rank > 0)
        index = query;
    if (table->rank > 1)
        index = index * instance->model_count + model;
    if (table->rank > 2)
        index = index * instance->tier_count + tier;
    return table->values[index];
}

const struct ifp_profile_data *ifp_instance_profile(const struct ifp_instance *instance,
                                                    size_t model, size_t tier, double degree)
{
    for (size_t p = 0; p < instance->profile_count; p++) {
        const struct ifp_profile_data *profile = &instance->profiles[p];
        if (profile->tp_degree == degree &&
            strcmp(profile->model, instance->models[model].name) == 0 &&
            strcmp(profile->tier, instance->tiers[tier].name) == 0)
            return profile;
    }
    return NULL;
}

double ifp_instance_shrink(const struct ifp_instance *instance, enum ifp_performance field,
                           size_t model, size_t tier)
{
    const struct ifp_table *table = &instance->performance[field];
    if (!table->values)
        return 0;
    size_t index = table->rank > 0 ? model : 0;
    if (table->rank > 1)
        index = index * instance->tier_count + tier;
    return table->values[index];
}

const ifp_error *ifp_instance_last_error(const ifp_instance *instance)
{
    return instance ? ifp_busy_error(&instance->busy, &instance->error) : NULL;
}
