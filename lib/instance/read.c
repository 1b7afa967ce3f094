/* SPDX-License-Identifier: MIT */
/* Reading an instance from JSON. fields.c defines the names and ranges of fields. This file finds
 * the fields, and names the place of an error. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "instance/fields.h"
#include "instance/name.h"
#include "instance/profile.h"
#include "instance/record.h"
#include "instance/table.h"
#include "instance/unknown.h"
#include "util/file.h"
#include "util/json_read.h"

/* Report "found X; allowed: Y" at a place. Y describes `field`, or is `allowed` if that is NULL. */
static int refuse(const struct ifp_place *place, json_t *found, const struct ifp_field *field,
                  const char *allowed, struct ifp_error *error)
{
    struct ifp_text where = {0};
    struct ifp_text what = {0};
    ifp_place_write(place, &where);
    if (found) {
        ifp_text_string(&what, "found ");
        ifp_json_describe(&what, found);
    } else {
        ifp_text_string(&what, "missing");
    }
    ifp_text_string(&what, "; allowed: ");
    if (field)
        ifp_field_allowed(field, &what);
    else
        ifp_text_string(&what, allowed);
    int code = where.failed || what.failed
                   ? ifp_error_memory(error)
                   : ifp_error_set(error, IFP_ERROR_VALUE, where.data, "%s", what.data);
    ifp_text_clear(&where);
    ifp_text_clear(&what);
    return code;
}

static int check_at(const struct ifp_place *place, const struct ifp_field *field, double value,
                    struct ifp_error *error)
{
    if (ifp_field_holds(field, value))
        return IFP_OK;
    struct ifp_error found = {0};
    (void)ifp_field_check(field, value, NULL, &found);
    struct ifp_text where = {0};
    ifp_place_write(place, &where);
    int code = where.failed ? ifp_error_memory(error)
                            : ifp_error_set(error, found.code, where.data, "%s", found.message);
    ifp_text_clear(&where);
    return code;
}

static int read_numbers(const struct ifp_place *place, json_t *json, const struct ifp_field *field,
                        void *record, struct ifp_error *error)
{
    if (json_is_null(json) && ifp_field_nullable(field))
        return IFP_OK;
    if (!json_is_array(json) || !json_array_size(json))
        return refuse(place, json, field, NULL, error);
    size_t count = json_array_size(json);
    double *values = malloc(count * sizeof *values);
    if (!values)
        return ifp_error_memory(error);
    int code = IFP_OK;
    for (size_t v = 0; !code && v < count; v++) {
        const struct ifp_place entry = {.up = place, .index = v};
        json_t *number = json_array_get(json, v);
        values[v] = json_number_value(number);
        code = json_is_number(number) ? check_at(&entry, field, values[v], error)
                                      : refuse(&entry, number, field, NULL, error);
    }
    struct ifp_text where = {0};
    ifp_place_write(place, &where);
    if (!code && where.failed)
        code = ifp_error_memory(error);
    if (!code)
        code = ifp_numbers_check(field, values, count, where.data, error);
    ifp_text_clear(&where);
    if (code) {
        free(values);
        return code;
    }
    struct ifp_numbers *numbers = ifp_field_numbers(field, record);
    numbers->values = values;
    numbers->count = count;
    return IFP_OK;
}

static int unknown_word(const struct ifp_place *place, const struct ifp_field *field,
                        const char *word, struct ifp_error *error)
{
    struct ifp_text where = {0};
    struct ifp_error found = {0};
    ifp_place_write(place, &where);
    if (where.failed)
        ifp_error_memory(&found);
    else
        (void)ifp_field_word_index(field, word, where.data, &found);
    ifp_text_clear(&where);
    return ifp_error_copy(error, &found);
}

static int read_section(const struct ifp_place *place, json_t *json,
                        const struct ifp_section *section, void *owner,
                        struct ifp_instance *instance, struct ifp_error *error);

/* Read a field of a record of the instance. */
static int read_field(const struct ifp_place *place, json_t *json, const struct ifp_field *field,
                      void *record, struct ifp_instance *instance, struct ifp_error *error)
{
    switch (field->kind) {
    case IFP_FIELD_NUMBER: {
        if (json_is_null(json) && ifp_field_nullable(field)) {
            if (field->presence == IFP_OPEN)
                *ifp_field_number(field, record) = INFINITY;
            return IFP_OK;
        }
        if (!json_is_number(json))
            return refuse(place, json, field, NULL, error);
        double value = json_number_value(json);
        int code = check_at(place, field, value, error);
        if (!code)
            *ifp_field_number(field, record) = value;
        return code;
    }
    case IFP_FIELD_WORD: {
        const char *word = json_string_value(json);
        int index = word ? ifp_field_word_index(field, word, NULL, NULL) : -1;
        if (json_is_null(json) && ifp_field_nullable(field))
            return IFP_OK;
        if (index < 0)
            return word ? unknown_word(place, field, word, error)
                        : refuse(place, json, field, NULL, error);
        *ifp_field_word(field, record) = index;
        return IFP_OK;
    }
    case IFP_FIELD_FLAG:
        if (!json_is_boolean(json))
            return refuse(place, json, field, NULL, error);
        *ifp_field_flag(field, record) = json_is_true(json);
        return IFP_OK;
    case IFP_FIELD_NUMBERS:
        return read_numbers(place, json, field, record, error);
    case IFP_FIELD_SECTION:
        if (json_is_null(json) && !field->section->list)
            return IFP_OK;
        return read_section(place, json, field->section, ifp_field_owner(field, record), instance,
                            error);
    default:
        if (json_is_null(json) && ifp_field_nullable(field))
            return IFP_OK;
        if (!json_is_string(json))
            return refuse(place, json, field, NULL, error);
        *ifp_field_reference(field, record) = ifp_string_copy(json_string_value(json));
        return *ifp_field_reference(field, record) ? IFP_OK : ifp_error_memory(error);
    }
}

static bool users_own(const char *key)
{
    return key[0] == 'x' && key[1] == '_';
}

/* Keep a user's own member for take_extra. */
static int keep_extra(const char *key, json_t *json, json_t **extra, struct ifp_error *error)
{
    if (!*extra)
        *extra = json_object();
    return *extra && !json_object_set(*extra, key, json) ? IFP_OK : ifp_error_memory(error);
}

/* *text becomes the kept members as text without braces. Frees `extra`. */
static int take_extra(json_t *extra, int code, char **text, struct ifp_error *error)
{
    if (!code && extra) {
        *text = ifp_json_dump(extra);
        if (*text) {
            size_t length = strlen(*text) - 2;
            memmove(*text, *text + 1, length);
            (*text)[length] = '\0';
        } else {
            code = ifp_error_memory(error);
        }
    }
    json_decref(extra);
    return code;
}

static int unknown(const struct ifp_place *place, const struct ifp_section *section,
                   struct ifp_error *error)
{
    struct ifp_text where = {0};
    ifp_place_write(place, &where);
    int code = where.failed ? ifp_error_memory(error)
                            : ifp_unknown_field(section, place->key, where.data, error);
    ifp_text_clear(&where);
    return code;
}

/* Report a required field that the object does not have. */
static int check_missing(const struct ifp_place *place, json_t *json,
                         const struct ifp_section *section, struct ifp_error *error)
{
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        const struct ifp_place at = {.up = place, .key = field->name};
        if (field->presence == IFP_REQUIRED && !json_object_get(json, field->name))
            return refuse(&at, NULL, field, NULL, error);
    }
    return IFP_OK;
}

/* Refuse fields of two forms. In an object that stores its form, set it, and refuse no form. */
static int read_form(const struct ifp_place *place, json_t *json, const struct ifp_section *section,
                     void *record, struct ifp_error *error)
{
    const char *key;
    json_t *value;
    const struct ifp_field *first = NULL;
    json_object_foreach(json, key, value)
    {
        const struct ifp_field *field = ifp_section_field(section, key, strlen(key));
        if (!field || !field->form || json_is_null(value))
            continue;
        if (first && field->form != first->form)
            return ifp_place_refuse(place, error, "found %s and %s; allowed: %s", first->name, key,
                                    section->forms);
        first = first ? first : field;
    }
    if (!section->stores_form)
        return IFP_OK;
    if (!first)
        return ifp_place_refuse(place, error, "found no form; allowed: %s", section->forms);
    *(int *)((char *)record + section->form) = first->form;
    return IFP_OK;
}

/* Read an object whose members are the section's fields. A member of a list may also have a
 * name. */
static int read_record(const struct ifp_place *place, json_t *json,
                       const struct ifp_section *section, void *record,
                       struct ifp_instance *instance, struct ifp_error *error)
{
    const char *key;
    json_t *value;
    json_t *own = NULL;
    bool named = section->list && section->key == IFP_KEY_NAME;
    int code = IFP_OK;
    json_object_foreach(json, key, value)
    {
        const struct ifp_place at = {.up = place, .key = key};
        const struct ifp_field *field = ifp_section_field(section, key, strlen(key));
        if (field)
            code = read_field(&at, value, field, record, instance, error);
        else if (users_own(key))
            code = keep_extra(key, value, &own, error);
        else if (!named || strcmp(key, "name") != 0)
            code = unknown(&at, section, error);
        if (code)
            break;
    }
    code = take_extra(own, code, ifp_section_extra(section, record), error);
    if (!code)
        code = check_missing(place, json, section, error);
    return code || !section->forms ? code : read_form(place, json, section, record, error);
}

/* Append the member of a list of the kind of `section`, and read it. */
static int read_member(const struct ifp_place *list, const struct ifp_place *place, json_t *json,
                       const struct ifp_section *section, void *owner,
                       struct ifp_instance *instance, struct ifp_error *error)
{
    if (!json_is_object(json))
        return refuse(place, json, NULL, "an object", error);
    int code = IFP_OK;
    if (section->key == IFP_KEY_NAME) {
        const struct ifp_place name_at = {.up = place, .key = "name"};
        json_t *name = json_object_get(json, "name");
        if (!json_is_string(name))
            return refuse(&name_at, name, NULL, "a name", error);
        code = ifp_record_append(section, owner, json_string_value(name), list, error);
    } else if (section->key == IFP_KEY_QUERY) {
        code = ifp_measured_append(instance, owner, place->key, list, error);
    } else if (!ifp_record_append_unnamed(section, owner)) {
        code = ifp_error_memory(error);
    }
    if (code)
        return code;
    void *record = ifp_section_record(section, owner, ifp_section_length(section, owner) - 1);
    code = read_record(place, json, section, record, instance, error);
    return code || section->key != IFP_KEY_CONFIGURATION
               ? code
               : ifp_profile_enter(instance, record, place, error);
}

/* Read a list, which is an object in the file if it is keyed by query types. There, names of the
 * user's own are ignored, as in performance tables. */
static int read_list(const struct ifp_place *place, json_t *json, const struct ifp_section *section,
                     void *owner, struct ifp_instance *instance, struct ifp_error *error)
{
    bool keyed = section->key == IFP_KEY_QUERY;
    if (keyed ? !json_is_object(json)
              : !json_is_array(json) || (!json_array_size(json) && !section->optional))
        return refuse(place, json, NULL,
                      keyed               ? "an object with at least one query type"
                      : section->optional ? "a list, which may be empty"
                                          : "a list with at least one member",
                      error);
    for (size_t m = 0; !keyed && m < json_array_size(json); m++) {
        const struct ifp_place at = {.up = place, .index = m};
        int code =
            read_member(place, &at, json_array_get(json, m), section, owner, instance, error);
        if (code)
            return code;
    }
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        const struct ifp_place at = {.up = place, .key = key, .member = true};
        if (users_own(key) && ifp_instance_find_query(instance, key) == instance->query_count)
            continue;
        int code = read_member(place, &at, value, section, owner, instance, error);
        if (code)
            return code;
    }
    if (!section->optional && !ifp_section_length(section, owner))
        return ifp_place_refuse(place, error,
                                "found no query type; allowed: an object with at least one query "
                                "type");
    return IFP_OK;
}

static int read_section(const struct ifp_place *place, json_t *json,
                        const struct ifp_section *section, void *owner,
                        struct ifp_instance *instance, struct ifp_error *error)
{
    if (section->list)
        return read_list(place, json, section, owner, instance, error);
    if (!json_is_object(json))
        return refuse(place, json, NULL, section->stores_form ? "an object, or null" : "an object",
                      error);
    return read_record(place, json, section, owner, instance, error);
}

/* The most entries of a table for each byte of the text, and the number that is always allowed. */
enum { TABLE_ENTRIES = 32, TABLE_FREE = 1 << 24 };

struct table_reader {
    const struct ifp_instance *instance;
    const struct ifp_table_field *about;
    double *values;
    int rank;
    struct ifp_error *error;
};

/* Does a key of a table's object name a member of the list? If not, it may be the user's own. */
static bool is_member(const struct table_reader *reader, int dimension, const char *key)
{
    const struct ifp_section *list = ifp_table_list(reader->about, dimension);
    return ifp_section_find(list, reader->instance, key) <
           ifp_section_length(list, reader->instance);
}

/* The nesting depth of the first number, or -1 if there is no number. */
static int depth_of(const struct table_reader *reader, json_t *json, int depth)
{
    if (json_is_number(json) || depth == reader->about->dimensions)
        return depth;
    int found = -1;
    if (json_is_array(json)) {
        for (size_t m = 0; found < 0 && m < json_array_size(json); m++)
            found = depth_of(reader, json_array_get(json, m), depth + 1);
    } else if (json_is_object(json)) {
        const char *key;
        json_t *value;
        json_object_foreach(json, key, value)
        {
            if (is_member(reader, depth, key))
                found = depth_of(reader, value, depth + 1);
            if (found >= 0)
                break;
        }
    }
    return found;
}

/* The nesting depth of lists and objects that contain no number. */
static int nesting_of(const struct table_reader *reader, json_t *json, int depth)
{
    int deepest = depth;
    if (depth == reader->about->dimensions)
        return depth;
    for (size_t m = 0; m < json_array_size(json); m++) { /* the size is 0 if it is no list */
        int found = nesting_of(reader, json_array_get(json, m), depth + 1);
        deepest = found > deepest ? found : deepest;
    }
    if (json_is_object(json)) {
        const char *key;
        json_t *value;
        deepest = depth + 1;
        json_object_foreach(json, key, value)
        {
            int found = is_member(reader, depth, key) ? nesting_of(reader, value, depth + 1) : 0;
            deepest = found > deepest ? found : deepest;
        }
    }
    return deepest;
}

static int read_entries(const struct table_reader *reader, const struct ifp_place *place,
                        json_t *json, int dimension, size_t first, size_t count);

static int read_keyed(const struct table_reader *reader, const struct ifp_place *place,
                      json_t *json, const struct ifp_section *list, int dimension, size_t first,
                      size_t each)
{
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        const struct ifp_place at = {.up = place, .key = key, .member = true};
        if (!is_member(reader, dimension, key) && !users_own(key)) {
            struct ifp_text where = {0};
            ifp_place_write(&at, &where);
            int code = where.failed
                           ? ifp_error_memory(reader->error)
                           : ifp_unknown_member(reader->instance, list, key, strlen(key),
                                                ", and names of your own that begin with x_",
                                                where.data, reader->error);
            ifp_text_clear(&where);
            return code;
        }
    }
    size_t length = ifp_section_length(list, reader->instance);
    size_t found = 0;
    json_object_foreach(json, key, value)
    {
        const struct ifp_place at = {.up = place, .key = key, .member = true};
        size_t m = ifp_section_find(list, reader->instance, key);
        if (m == length)
            continue;
        int code = read_entries(reader, &at, value, dimension + 1, first + m * each, each);
        if (code)
            return code;
        found++;
    }
    /* Nullable tables need no check. For them, a walk through the list could take much longer than
     * reading a text with few entries. */
    for (size_t m = 0; m < length && found < length && !reader->about->nullable; m++) {
        const struct ifp_record *member = ifp_section_record(list, reader->instance, m);
        const struct ifp_place at = {.up = place, .key = member->name, .member = true};
        if (!json_object_get(json, member->name))
            return refuse(&at, NULL, &reader->about->field, NULL, reader->error);
    }
    return IFP_OK;
}

static int read_entries(const struct table_reader *reader, const struct ifp_place *place,
                        json_t *json, int dimension, size_t first, size_t count)
{
    const struct ifp_field *field = &reader->about->field;
    if (json_is_null(json) && reader->about->nullable)
        return IFP_OK; /* the initial value is "not a candidate" */
    if (dimension == reader->rank) {
        if (!json_is_number(json))
            return refuse(place, json, field, NULL, reader->error);
        reader->values[first] = json_number_value(json);
        return check_at(place, field, reader->values[first], reader->error);
    }
    const struct ifp_section *list = ifp_table_list(reader->about, dimension);
    size_t length = ifp_section_length(list, reader->instance);
    size_t each = count / length;
    if (json_is_object(json))
        return read_keyed(reader, place, json, list, dimension, first, each);
    if (!json_is_array(json) || json_array_size(json) != length) {
        struct ifp_text allowed = {0};
        if (json_is_array(json))
            ifp_text_format(&allowed, "one entry for each of the %zu %s, not %zu", length,
                            list->name, json_array_size(json));
        else
            ifp_text_format(&allowed,
                            "a list with one entry for each of the %zu %s, as its "
                            "neighbours are",
                            length, list->name);
        int code = allowed.failed ? ifp_error_memory(reader->error)
                                  : refuse(place, json, NULL, allowed.data, reader->error);
        ifp_text_clear(&allowed);
        return code;
    }
    for (size_t m = 0; m < length; m++) {
        const struct ifp_place at = {.up = place, .index = m};
        int code = read_entries(reader, &at, json_array_get(json, m), dimension + 1,
                                first + m * each, each);
        if (code)
            return code;
    }
    return IFP_OK;
}

/* The text may give few entries of a table, but memory holds all of them. Refuse a table whose
 * memory would be out of proportion to the text. A table whose entries are all in the text is never
 * refused, since each takes at least a digit and a comma. */
static int check_size(const struct ifp_place *place, const struct table_reader *reader,
                      size_t length, size_t *count)
{
    size_t maximum = length > SIZE_MAX / TABLE_ENTRIES ? SIZE_MAX : length * TABLE_ENTRIES;
    maximum = maximum < TABLE_FREE ? TABLE_FREE : maximum;
    if (ifp_table_size(reader->instance, reader->about, reader->rank, count) && *count <= maximum)
        return IFP_OK;
    struct ifp_text where = {0};
    ifp_place_write(place, &where);
    int code = where.failed ? ifp_error_memory(reader->error)
                            : ifp_table_refuse(reader->instance, reader->about, reader->rank,
                                               maximum, where.data, reader->error);
    ifp_text_clear(&where);
    return code;
}

static int read_table(const struct ifp_place *place, json_t *json, enum ifp_performance which,
                      size_t length, struct ifp_instance *instance, struct ifp_error *error)
{
    const struct ifp_table_field *about = &ifp_table_fields[which];
    struct ifp_table *table = &instance->performance[which];
    const char *const *words = about->field.words;
    if (words && json_is_string(json)) {
        if (ifp_field_word_index(&about->field, json_string_value(json), NULL, NULL) < 0)
            return unknown_word(place, &about->field, json_string_value(json), error);
        ifp_table_set_word(instance, which, true);
        return IFP_OK;
    }
    if (!json_is_number(json) && !json_is_array(json) && !json_is_object(json) &&
        !(json_is_null(json) && about->nullable))
        return refuse(place, json, NULL,
                      words ? "a number, or a list or object of them, or \"delay\""
                            : "a number, or a list or object of them",
                      error);
    struct table_reader reader = {.instance = instance, .about = about, .error = error};
    reader.rank = depth_of(&reader, json, 0);
    if (reader.rank < 0)
        reader.rank = nesting_of(&reader, json, 0);
    size_t count;
    int code = check_size(place, &reader, length, &count);
    if (code)
        return code;
    reader.values = malloc(count * sizeof *reader.values);
    if (!reader.values)
        return ifp_error_memory(error);
    for (size_t v = 0; v < count; v++)
        reader.values[v] = about->nullable ? NAN : about->field.absent;
    code = read_entries(&reader, place, json, 0, 0, count);
    if (code) {
        free(reader.values);
        return code;
    }
    table->values = reader.values;
    table->count = count;
    table->rank = reader.rank;
    return IFP_OK;
}

/* `length` is the length of the text. */
static int read_performance(const struct ifp_place *place, json_t *json, size_t length,
                            struct ifp_instance *instance, struct ifp_error *error)
{
    const char *key;
    json_t *value;
    json_t *own = NULL;
    int code = IFP_OK;
    if (!json_is_object(json))
        return refuse(place, json, NULL, "an object", error);
    json_object_foreach(json, key, value)
    {
        const struct ifp_place at = {.up = place, .key = key};
        enum ifp_performance which = ifp_table_find(key, strlen(key));
        if (which != IFP_PERFORMANCE_COUNT)
            code = read_table(&at, value, which, length, instance, error);
        else if (users_own(key))
            code = keep_extra(key, value, &own, error);
        else
            code = unknown(&at, NULL, error);
        if (code)
            break;
    }
    code = take_extra(own, code, &instance->performance_extra, error);
    if (code)
        return code;
    for (size_t p = 0; p < IFP_PERFORMANCE_COUNT; p++) {
        const struct ifp_place at = {.up = place, .key = ifp_table_fields[p].field.name};
        if (ifp_table_required(instance, (enum ifp_performance)p) &&
            !instance->performance[p].values)
            return refuse(&at, NULL, NULL, "a number, or a list or object of them", error);
    }
    return IFP_OK;
}

static int read_string(const struct ifp_place *place, json_t *json, char **to,
                       struct ifp_error *error)
{
    if (!json_is_string(json))
        return refuse(place, json, NULL, "text", error);
    char *copy = ifp_string_copy(json_string_value(json));
    if (!copy)
        return ifp_error_memory(error);
    free(*to);
    *to = copy;
    return IFP_OK;
}

/* Read format and version. This comes first, so that a file of another kind is reported as such. */
static int read_header(json_t *root, struct ifp_instance *instance, struct ifp_error *error)
{
    const struct ifp_place format_at = {.key = "format"};
    const struct ifp_place version_at = {.key = "version"};
    const struct ifp_place name_at = {.key = "name"};
    if (!json_is_object(root))
        return refuse(&(struct ifp_place){.key = "document"}, root, NULL, "an object", error);
    json_t *format = json_object_get(root, "format");
    if (!json_is_string(format) || strcmp(json_string_value(format), "inferplan-instance") != 0)
        return refuse(&format_at, format, NULL, "\"inferplan-instance\"", error);
    json_t *version = json_object_get(root, "version");
    if (!json_is_number(version) || json_number_value(version) != 1)
        return refuse(&version_at, version, NULL, "1", error);
    json_t *name = json_object_get(root, "name");
    if (!json_is_string(name))
        return refuse(&name_at, name, NULL, "a name", error);
    int code = ifp_name_check(json_string_value(name), "name", error);
    return code ? code : read_string(&name_at, name, &instance->name, error);
}

/* Read the sections in the order of the table, not of the file: performance needs the lists. */
static int read_sections(json_t *root, struct ifp_instance *instance, struct ifp_error *error)
{
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        const struct ifp_section *section = &ifp_sections[s];
        const struct ifp_place at = {.key = section->name};
        json_t *json = json_object_get(root, section->name);
        int code = IFP_OK;
        if (s == IFP_SECTION_TOP)
            continue;
        if (!json && !section->optional)
            code = refuse(&at, NULL, NULL, section->list ? "a list" : "an object", error);
        else if (json)
            code = read_section(&at, json, section, instance, instance, error);
        if (code)
            return code;
    }
    return IFP_OK;
}

static int read_top(json_t *root, struct ifp_instance *instance, struct ifp_error *error)
{
    const struct ifp_section *top = &ifp_sections[IFP_SECTION_TOP];
    const char *key;
    json_t *value;
    json_t *own = NULL;
    int code = IFP_OK;
    json_object_foreach(root, key, value)
    {
        const struct ifp_place at = {.key = key};
        const struct ifp_field *field = ifp_section_field(top, key, strlen(key));
        bool known = !strcmp(key, "format") || !strcmp(key, "version") || !strcmp(key, "name") ||
                     !strcmp(key, "performance");
        for (size_t s = 0; s < IFP_SECTION_COUNT; s++)
            known |= s != IFP_SECTION_TOP && !strcmp(key, ifp_sections[s].name);
        if (field)
            code = read_field(&at, value, field, instance, instance, error);
        else if (!strcmp(key, "source"))
            code = read_string(&at, value, &instance->source, error);
        else if (users_own(key))
            code = keep_extra(key, value, &own, error);
        else if (!known)
            code = unknown(&at, top, error);
        if (code)
            break;
    }
    code = take_extra(own, code, &instance->extra, error);
    return code ? code : check_missing(NULL, root, top, error);
}

ifp_instance *ifp_instance_read_string(const char *text, size_t length, ifp_error *error)
{
    if (!text && length) {
        ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the text is NULL");
        return NULL;
    }
    const struct ifp_place performance_at = {.key = "performance"};
    json_t *root = NULL;
    ifp_instance *instance = ifp_instance_new();
    int code = instance ? IFP_OK : ifp_error_memory(error);
    if (!code)
        code = ifp_json_parse(text ? text : "", length, &root, error);
    if (!code)
        code = read_header(root, instance, error);
    if (!code)
        code = read_top(root, instance, error);
    if (!code)
        code = read_sections(root, instance, error);
    if (!code) {
        json_t *performance = json_object_get(root, "performance");
        code = performance ? read_performance(&performance_at, performance, length, instance, error)
                           : refuse(&performance_at, NULL, NULL, "an object", error);
    }
    if (!code)
        code = ifp_instance_validate(instance, error);
    json_decref(root);
    if (code) {
        ifp_instance_free(instance);
        instance = NULL;
    }
    return instance;
}

ifp_instance *ifp_instance_read_file(const char *path, ifp_error *error)
{
    if (!path) {
        ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the path is NULL");
        return NULL;
    }
    /* The message must name the file even if `error` is NULL. */
    struct ifp_error found = {0};
    ifp_instance *instance = NULL;
    size_t size;
    char *text = ifp_file_read(path, &size, &found);
    if (text)
        instance = ifp_instance_read_string(text, size, &found);
    free(text);
    if (!instance) {
        if (found.code != IFP_ERROR_FILE && found.code != IFP_ERROR_MEMORY)
            ifp_error_prefix(&found, path);
        ifp_error_copy(error, &found);
    }
    return instance;
}
