/* SPDX-License-Identifier: MIT */
/* Performance tables: their shapes, and growing a table to a higher rank. */
#include "instance/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool ifp_table_size(const struct ifp_instance *instance, const struct ifp_table_field *field,
                    int rank, size_t *size)
{
    *size = 1;
    for (int d = 0; d < rank; d++) {
        size_t length = ifp_section_length(ifp_table_list(field, d), instance);
        if (length && *size > SIZE_MAX / sizeof(double) / length)
            return false;
        *size *= length;
    }
    return true;
}

int ifp_table_refuse(const struct ifp_instance *instance, const struct ifp_table_field *field,
                     int rank, size_t maximum, const char *where, struct ifp_error *error)
{
    struct ifp_text shape = {0};
    for (int d = 0; d < rank; d++) {
        const struct ifp_section *list = ifp_table_list(field, d);
        ifp_text_format(&shape, "%s%zu %s", d ? " by " : "", ifp_section_length(list, instance),
                        list->name);
    }
    int code = shape.failed ? ifp_error_memory(error)
                            : ifp_error_set(error, IFP_ERROR_VALUE, where,
                                            "found a table of %s; allowed: at most %zu entries",
                                            shape.data ? shape.data : "1", maximum);
    ifp_text_clear(&shape);
    return code;
}

double *ifp_table_expand(const struct ifp_instance *instance, enum ifp_performance field, int rank,
                         size_t *size)
{
    const struct ifp_table *table = &instance->performance[field];
    const struct ifp_table_field *about = &ifp_table_fields[field];
    if (!ifp_table_size(instance, about, rank, size))
        return NULL;
    double *values = malloc((*size ? *size : 1) * sizeof *values);
    if (!values)
        return NULL;
    size_t repeat = table->count ? *size / table->count : 0;
    double unset = about->nullable ? NAN : about->field.absent;
    for (size_t v = 0; v < *size; v++)
        values[v] = table->values && repeat ? table->values[v / repeat] : unset;
    return values;
}

enum ifp_performance ifp_table_find(const char *name, size_t length)
{
    int p = 0;
    while (p < IFP_PERFORMANCE_COUNT) {
        const char *known = ifp_table_fields[p].field.name;
        if (strlen(known) == length && !memcmp(known, name, length))
            break;
        p++;
    }
    return (enum ifp_performance)p;
}

bool ifp_table_required(const struct ifp_instance *instance, enum ifp_performance field)
{
    return ifp_table_fields[field].field.presence == IFP_REQUIRED &&
           !(field == IFP_DELAY && instance->profile_count);
}

bool ifp_table_is_word(const struct ifp_instance *instance, enum ifp_performance field)
{
    const struct ifp_table_field *about = &ifp_table_fields[field];
    return about->field.words && *(const bool *)((const char *)instance + about->word);
}

void ifp_table_set_word(struct ifp_instance *instance, enum ifp_performance field, bool word)
{
    const struct ifp_table_field *about = &ifp_table_fields[field];
    if (about->field.words)
        *(bool *)((char *)instance + about->word) = word;
}

int ifp_table_check(const struct ifp_instance *instance, enum ifp_performance field,
                    struct ifp_error *error)
{
    const struct ifp_table *table = &instance->performance[field];
    const struct ifp_table_field *about = &ifp_table_fields[field];
    struct ifp_text where = {0};
    ifp_text_format(&where, "performance.%s", about->field.name);
    if (where.failed)
        return ifp_error_memory(error);
    int code = IFP_OK;
    size_t size;
    if (!table->values && ifp_table_required(instance, field))
        code = ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                             "missing; allowed: a number or a list of them");
    else if (table->values &&
             (!ifp_table_size(instance, about, table->rank, &size) || size != table->count))
        code = ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                             "found %zu entr%s, given before the lists had their present "
                             "lengths; allowed: %zu",
                             table->count, table->count == 1 ? "y" : "ies", size);
    ifp_text_clear(&where);
    return code;
}
