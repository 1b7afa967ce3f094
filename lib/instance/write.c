/* SPDX-License-Identifier: MIT */
/* Writing an instance as JSON, without absent fields. */
#include "instance/fields.h"
#include "instance/table.h"
#include "util/json_write.h"

/* A number that has its default, or is not given, is not written. Null is "no limit" where that is
 * not the default. */
static void write_number(struct ifp_json *json, const struct ifp_field *field, double value)
{
    bool fallback = field->presence == IFP_DEFAULT || field->presence == IFP_OPEN;
    bool limitless = isinf(value) && field->presence == IFP_LIMIT;
    if (!isnan(value) && !limitless && !(fallback && value == field->absent))
        ifp_json_number(json, field->name, value);
}

static void write_section(struct ifp_json *json, const struct ifp_section *section,
                          const void *owner);

static void write_field(struct ifp_json *json, const struct ifp_field *field, void *record)
{
    switch (field->kind) {
    case IFP_FIELD_NUMBER:
        write_number(json, field, *ifp_field_number(field, record));
        break;
    case IFP_FIELD_WORD: {
        int word = *ifp_field_word(field, record);
        if (field->stated || word != (int)field->absent)
            ifp_json_string(json, field->name, field->words[word]);
        break;
    }
    case IFP_FIELD_FLAG:
        if (*ifp_field_flag(field, record))
            ifp_json_bool(json, field->name, true);
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
    case IFP_FIELD_SECTION:
        if (ifp_section_length(field->section, ifp_field_owner(field, record)))
            write_section(json, field->section, ifp_field_owner(field, record));
        break;
    default:
        if (*ifp_field_reference(field, record))
            ifp_json_string(json, field->name, *ifp_field_reference(field, record));
        break;
    }
}

static void write_fields(struct ifp_json *json, const struct ifp_section *section, void *record,
                         const char *extra)
{
    for (size_t f = 0; f < section->field_count; f++) {
        if (ifp_field_has_form(section, &section->fields[f], record))
            write_field(json, &section->fields[f], record);
    }
    if (extra)
        ifp_json_raw(json, NULL, extra);
}

/* Write an object, or a list, which is an object if it is keyed by query types. Lists and forms
 * that are absent are not written. */
static void write_section(struct ifp_json *json, const struct ifp_section *section,
                          const void *owner)
{
    size_t length = ifp_section_length(section, owner);
    bool keyed = section->key == IFP_KEY_QUERY;
    if (!section->list) {
        void *record = ifp_section_record(section, owner, 0);
        if (section->stores_form && !*(const int *)((const char *)owner + section->form))
            return;
        ifp_json_open(json, section->name, '{', section->stores_form);
        write_fields(json, section, record, *ifp_section_extra(section, record));
        ifp_json_close(json, '}');
        return;
    }
    if (!length && section->optional)
        return;
    ifp_json_open(json, section->name, keyed ? '{' : '[', false);
    for (size_t m = 0; m < length; m++) {
        struct ifp_record *record = ifp_section_record(section, owner, m);
        ifp_json_open(json, keyed ? record->name : NULL, '{', false);
        if (section->key == IFP_KEY_NAME)
            ifp_json_string(json, "name", record->name);
        write_fields(json, section, record, record->extra);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, keyed ? '}' : ']');
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
        write_section(&json, section, base);
        if (s == IFP_SECTION_LIMITS)
            write_fields(&json, &ifp_sections[IFP_SECTION_TOP], base, NULL);
    }
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        if (ifp_sections[s].list)
            write_section(&json, &ifp_sections[s], instance);
    }
    ifp_json_open(&json, "performance", '{', false);
    for (size_t p = 0; p < IFP_PERFORMANCE_COUNT; p++) {
        const struct ifp_field *field = &ifp_table_fields[p].field;
        if (ifp_table_is_word(instance, (enum ifp_performance)p))
            ifp_json_string(&json, field->name, field->words[0]);
        else if (instance->performance[p].values)
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
