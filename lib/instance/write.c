/* SPDX-License-Identifier: MIT */
/* Writing an instance as JSON, without absent fields. */
#include "instance/fields.h"
#include "util/json_write.h"

static bool absent(const struct ifp_field *field, double value)
{
    return isnan(value) || (isinf(value) && field->presence == IFP_LIMIT);
}

static void write_field(struct ifp_json *json, const struct ifp_field *field, void *record)
{
    switch (field->kind) {
    case IFP_FIELD_NUMBER: {
        double value = *ifp_field_number(field, record);
        bool unsaid = field->presence == IFP_DEFAULT && value == field->absent;
        if (!absent(field, value) && !unsaid)
            ifp_json_number(json, field->name, value);
        break;
    }
    case IFP_FIELD_WORD:
        ifp_json_string(json, field->name, field->words[*ifp_field_word(field, record)]);
        break;
    case IFP_FIELD_NUMBERS: {
        const struct ifp_numbers *numbers = ifp_field_numbers(field, record);
        if (!numbers->count)
            break;
        ifp_json_open(json, field->name, '[', true);
        for (size_t v = 0; v < numbers->count; v++)
            ifp_json_number(json, NULL, numbers->values[v]);
        ifp_json_close(json, ']');
        break;
    }
    default:
        if (*ifp_field_pool(field, record))
            ifp_json_string(json, field->name, *ifp_field_pool(field, record));
        break;
    }
}

static void write_fields(struct ifp_json *json, const struct ifp_section *section, void *record,
                         const char *extra)
{
    for (size_t f = 0; f < section->field_count; f++)
        write_field(json, &section->fields[f], record);
    if (extra)
        ifp_json_raw(json, NULL, extra);
}

static void write_list(struct ifp_json *json, const struct ifp_section *section,
                       const struct ifp_instance *instance)
{
    size_t length = ifp_section_length(section, instance);
    if (!length && section->optional)
        return;
    ifp_json_open(json, section->name, '[', false);
    for (size_t m = 0; m < length; m++) {
        void *record = ifp_section_record(section, instance, m);
        ifp_json_open(json, NULL, '{', false);
        ifp_json_string(json, "name", ((const struct ifp_record *)record)->name);
        write_fields(json, section, record, ((const struct ifp_record *)record)->extra);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
}

/* Write entries as nested lists, the innermost list on one line. Returns the next entry. */
static size_t write_table(struct ifp_json *json, const struct ifp_instance *instance,
                          const struct ifp_table_field *about, const struct ifp_table *table,
                          const char *key, int dimension, size_t entry)
{
    if (dimension == table->rank) {
        ifp_json_number(json, key, table->values[entry]); /* NaN (not a candidate) becomes null */
        return entry + 1;
    }
    size_t length = ifp_section_length(ifp_table_list(about, dimension), instance);
    ifp_json_open(json, key, '[', dimension == table->rank - 1);
    for (size_t m = 0; m < length && entry < table->count; m++)
        entry = write_table(json, instance, about, table, NULL, dimension + 1, entry);
    ifp_json_close(json, ']');
    return entry;
}

char *ifp_instance_write_json(const ifp_instance *instance)
{
    if (!instance)
        return NULL;
    ifp_instance_begin_read(instance);
    struct ifp_json json = {0};
    void *base = ifp_section_record(&ifp_sections[IFP_SECTION_TOP], instance, 0);
    ifp_json_open(&json, NULL, '{', false);
    ifp_json_string(&json, "format", "inferplan-instance");
    ifp_json_number(&json, "version", 1);
    ifp_json_string(&json, "name", instance->name);
    if (instance->source)
        ifp_json_string(&json, "source", instance->source);
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        const struct ifp_section *section = &ifp_sections[s];
        if (section->list || s == IFP_SECTION_TOP)
            continue;
        const char *extra = *(char **)((char *)base + section->extra);
        ifp_json_open(&json, section->name, '{', false);
        write_fields(&json, section, base, extra);
        ifp_json_close(&json, '}');
        if (s == IFP_SECTION_LIMITS)
            write_fields(&json, &ifp_sections[IFP_SECTION_TOP], base, NULL);
    }
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        if (ifp_sections[s].list)
            write_list(&json, &ifp_sections[s], instance);
    }
    ifp_json_open(&json, "performance", '{', false);
    for (size_t p = 0; p < IFP_PERFORMANCE_COUNT; p++) {
        if (instance->performance[p].values)
            write_table(&json, instance, &ifp_table_fields[p], &instance->performance[p],
                        ifp_table_fields[p].field.name, 0, 0);
    }
    if (instance->performance_extra)
        ifp_json_raw(&json, NULL, instance->performance_extra);
    ifp_json_close(&json, '}');
    if (instance->extra)
        ifp_json_raw(&json, NULL, instance->extra);
    ifp_json_close(&json, '}');
    ifp_instance_end_read(instance);
    ifp_text_string(&json.text, "\n");
    return ifp_text_take(&json.text);
}
