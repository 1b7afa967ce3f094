/* SPDX-License-Identifier: MIT */
/* The instance as an object: making, copying and freeing it, growing lists and finding names. */
#include "instance/instance.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "instance/fields.h"
#include "instance/name.h"
#include "instance/record.h"

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

static void destroy(ifp_instance *instance)
{
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        if (ifp_sections[s].list)
            ifp_record_free_list(&ifp_sections[s], instance);
        else
            ifp_record_free_fields(&ifp_sections[s], instance);
    }
    for (size_t p = 0; p < IFP_PERFORMANCE_COUNT; p++)
        free(instance->performance[p].values);
    free(instance->sampled_delay);
    free(instance->sampled_error);
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

ifp_instance *ifp_instance_copy(const ifp_instance *instance)
{
    ifp_instance *copy = instance ? calloc(1, sizeof *copy) : NULL;
    if (!copy)
        return NULL;
    ifp_instance_begin_read(instance);
    memcpy(copy, instance, offsetof(struct ifp_instance, error));
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
        good &= ifp_sections[s].list ? ifp_record_copy_list(&ifp_sections[s], copy, instance)
                                     : ifp_record_copy_fields(&ifp_sections[s], copy, instance);
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

static int add(ifp_instance *instance, int section, const char *name)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    const struct ifp_place list = {.key = ifp_sections[section].name};
    int code =
        name ? ifp_record_append(&ifp_sections[section], instance, name, &list, &instance->error)
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
    if (!table->values) /* without delays, only configurations with a profile are candidates */
        return ifp_table_fields[field].nullable ? NAN : 0;
    size_t index = 0;
    if (table->rank > 0)
        index = query;
    if (table->rank > 1)
        index = index * instance->model_count + model;
    if (table->rank > 2)
        index = index * instance->tier_count + tier;
    return table->values[index];
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
