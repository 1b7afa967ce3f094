/* SPDX-License-Identifier: MIT */
/* Setting fields by their path in the file: what every caller that changes an instance uses. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "instance/fields.h"
#include "instance/table.h"

/* A path, understood. */
struct target {
    const struct ifp_section *section; /* NULL: a performance table */
    const struct ifp_field *field;
    size_t first; /* members first..last of the section */
    size_t last;
    bool entries;        /* of a list field: [..] follows its name, */
    bool every_entry;    /* and says * */
    size_t entry;        /* or this one */
    size_t field_length; /* bytes of the path up to there */
    enum ifp_performance table;
    int selectors;  /* how many [..] follow the table's name */
    size_t from[3]; /* the range each selector names */
    size_t to[3];
};

enum value_kind { VALUE_NUMBER, VALUE_NUMBERS, VALUE_WORD, VALUE_NULL, VALUE_SCALE };

struct value {
    enum value_kind kind;
    double number; /* also the factor */
    const double *numbers;
    size_t count;
    const char *word;
};

static int no_such(struct ifp_error *error, const char *path, const char *what)
{
    return ifp_error_set(error, IFP_ERROR_VALUE, path, "%s", what);
}

/* The bracket at c, behind what is called `name`, has no end in the rest of the path. */
static bool is_open(const char *c)
{
    return !strchr(c, ']');
}

static int not_closed(struct ifp_error *error, const char *path, const char *name)
{
    return ifp_error_set(error, IFP_ERROR_VALUE, path,
                         "found no ] for the [ after %s; allowed: [name], [number] or [*]", name);
}

static int no_members(struct ifp_error *error, const char *path, const struct ifp_section *list)
{
    return ifp_error_set(error, IFP_ERROR_VALUE, path, "%s has no members", list->name);
}

/* How many names an error lists, and how many bytes of each. */
enum { NAMES_MOST = 4, NAME_MOST = 40 };

static int no_such_name(const struct ifp_instance *instance, const struct ifp_section *list,
                        const char *path, struct ifp_error *error)
{
    struct ifp_text names = {0};
    size_t length = ifp_section_length(list, instance);
    size_t shown = length <= NAMES_MOST ? length : NAMES_MOST;
    for (size_t m = 0; m < shown; m++) {
        const char *name = ((const struct ifp_record *)ifp_section_record(list, instance, m))->name;
        size_t head;
        size_t tail;
        size_t size = strlen(name);
        ifp_text_shorten(name, size, NAME_MOST, &head, &tail);
        ifp_text_string(&names, m ? ", \"" : "\"");
        ifp_text_append(&names, name, head);
        if (head < size)
            ifp_text_string(&names, "...");
        ifp_text_append(&names, name + size - tail, tail);
        ifp_text_string(&names, "\"");
    }
    if (shown < length)
        ifp_text_format(&names, " and %zu more", length - shown);
    int code = names.failed
                   ? ifp_error_memory(error)
                   : ifp_error_set(error, IFP_ERROR_VALUE, path,
                                   "no member of %s by that name; allowed: %s, a number from 0, "
                                   "or * for all",
                                   list->name, names.data);
    ifp_text_clear(&names);
    return code;
}

/* Reads "[..]" at *cursor: the members first..last of the list. */
static int read_selector(const struct ifp_instance *instance, const struct ifp_section *list,
                         const char *path, const char **cursor, size_t *first, size_t *last,
                         struct ifp_error *error)
{
    const char *c = *cursor + 1;
    size_t length = ifp_section_length(list, instance);
    if (is_open(c))
        return not_closed(error, path, list->name);
    if (c[0] == '*' && c[1] == ']') {
        *first = 0;
        *last = length; /* past the end, as everywhere */
        *cursor = c + 2;
        return length ? IFP_OK : no_members(error, path, list);
    }
    size_t digits = strspn(c, "0123456789");
    if (digits && c[digits] == ']') {
        size_t index = 0;
        for (size_t d = 0; d < digits && index < length; d++)
            index = index * 10 + (size_t)(c[d] - '0');
        if (index >= length)
            return ifp_error_set(error, IFP_ERROR_VALUE, path,
                                 "no such member; %s has %zu, counted from 0", list->name, length);
        *first = index;
        *last = index + 1;
        *cursor = c + digits + 1;
        return IFP_OK;
    }
    /* Names may hold any character, brackets too: the longest name that fits is meant. */
    size_t best = 0;
    for (size_t m = 0; m < length; m++) {
        const struct ifp_record *record = ifp_section_record(list, instance, m);
        size_t size = strlen(record->name);
        if (size > best && !strncmp(c, record->name, size) && c[size] == ']') {
            best = size;
            *first = m;
            *last = m + 1;
        }
    }
    if (!best)
        return length ? no_such_name(instance, list, path, error) : no_members(error, path, list);
    *cursor = c + best + 1;
    return IFP_OK;
}

/* Reads "[number]" or "[*]" behind the name of a field that is a list. */
static int read_entry(const char *path, const char *c, struct target *target,
                      struct ifp_error *error)
{
    target->entries = true;
    target->field_length = (size_t)(c - path);
    if (is_open(c))
        return not_closed(error, path, target->field->name);
    if (!strcmp(c, "[*]")) {
        target->every_entry = true;
        return IFP_OK;
    }
    size_t digits = strspn(c + 1, "0123456789");
    if (!digits || strcmp(c + 1 + digits, "]") != 0)
        return no_such(error, path, "which entry? allowed: [number], counted from 0, or [*]");
    /* No list is as long as numbers of more digits than these say. */
    for (size_t d = 0; d < digits && target->entry <= SIZE_MAX / 100; d++)
        target->entry = target->entry * 10 + (size_t)(c[1 + d] - '0');
    return IFP_OK;
}

/* Fields of the file that are no data: text, and what says which format it is. */
static bool is_text(const struct ifp_section *section, const char *name)
{
    if (section->list)
        return !strcmp(name, "name");
    return section == &ifp_sections[IFP_SECTION_TOP] &&
           (!strcmp(name, "name") || !strcmp(name, "source") || !strcmp(name, "format") ||
            !strcmp(name, "version"));
}

static int read_table_path(const struct ifp_instance *instance, const char *path, const char *rest,
                           struct target *target, struct ifp_error *error)
{
    size_t length = strcspn(rest, "[.");
    target->table = ifp_table_find(rest, length);
    if (target->table == IFP_PERFORMANCE_COUNT)
        return no_such(error, path,
                       "there is no such field; allowed: the fields of performance, as "
                       "in performance.error_rate");
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    const char *c = rest + length;
    while (*c == '[' && target->selectors < about->dimensions) {
        int d = target->selectors++;
        int code = read_selector(instance, ifp_table_list(about, d), path, &c, &target->from[d],
                                 &target->to[d], error);
        if (code)
            return code;
    }
    return *c ? no_such(error, path, "there is more after the field than it has dimensions")
              : IFP_OK;
}

static int read_path(const struct ifp_instance *instance, const char *path, struct target *target,
                     struct ifp_error *error)
{
    *target = (struct target){0};
    size_t length = strcspn(path, ".[");
    if (length == strlen("performance") && !strncmp(path, "performance", length) &&
        path[length] == '.')
        return read_table_path(instance, path, path + length + 1, target, error);
    const char *c = path;
    target->section = &ifp_sections[IFP_SECTION_TOP];
    target->last = 1;
    for (size_t s = IFP_SECTION_TOP + 1; path[length] && s < IFP_SECTION_COUNT; s++) {
        const struct ifp_section *section = &ifp_sections[s];
        if (strlen(section->name) != length || strncmp(path, section->name, length))
            continue;
        target->section = section;
        c = path + length;
        if (section->list) {
            if (*c != '[')
                return no_such(error, path, "which member? allowed: [name], [number] or [*]");
            int code =
                read_selector(instance, section, path, &c, &target->first, &target->last, error);
            if (code)
                return code;
        }
        if (*c == '[' && !section->list)
            return ifp_error_set(error, IFP_ERROR_VALUE, path,
                                 "%s is no list, so that no [..] follows; allowed: %s.FIELD",
                                 section->name, section->name);
        if (*c && *c != '.')
            return ifp_error_set(error, IFP_ERROR_VALUE, path,
                                 "found \"%s\" behind the ]; allowed: . and a field's name", c);
        if (!*c)
            return no_such(error, path, "a field's name is missing after the section's");
        c++;
        break;
    }
    size_t length_of_name = strcspn(c, "[");
    const char *rest = c + length_of_name;
    target->field = ifp_section_field(target->section, c, length_of_name);
    if (target->field && !*rest)
        return IFP_OK;
    if (target->field && target->field->kind == IFP_FIELD_NUMBERS)
        return read_entry(path, rest, target, error);
    if (target->field)
        return no_such(error, path, "is no list, so that no [..] follows");
    return no_such(error, path,
                   is_text(target->section, c)
                       ? "is not to be set by a path; allowed: fields with numbers, with one of a "
                         "few words, or with the name of a pool"
                       : "there is no such field; allowed: the fields of the instance file, as in "
                         "limits.budget_usd and queries[0].rate_per_hour");
}

/* Of what is spelled like a number and yet not read as one: shorter is too large in size. */
enum { LONGEST_NUMBER = 300 };

/* "found X; allowed: Y" for what is no value of this kind of field. */
static int wrong_kind(const struct ifp_field *field, const struct value *value, const char *path,
                      struct ifp_error *error)
{
    struct ifp_text what = {0};
    double number;
    bool unread;
    bool too_large = false;
    ifp_text_string(&what, "found ");
    switch (value->kind) {
    case VALUE_NUMBER:
        ifp_text_number(&what, value->number);
        break;
    case VALUE_NUMBERS:
        ifp_text_format(&what, "a list of %zu number%s", value->count,
                        value->count == 1 ? "" : "s");
        break;
    case VALUE_WORD:
        unread = ifp_number_spelled(value->word) && !ifp_number_parse(value->word, &number);
        too_large = unread && strlen(value->word) <= LONGEST_NUMBER;
        if (!unread)
            ifp_text_format(&what, "\"%s\"", value->word);
        else
            ifp_text_format(&what, "%s, which %s", value->word,
                            too_large ? "is too large" : "has too many digits");
        break;
    case VALUE_NULL:
        ifp_text_string(&what, "null");
        break;
    default:
        ifp_text_format(&what, "scale:%g", value->number);
        break;
    }
    ifp_text_string(&what, "; allowed: ");
    ifp_field_allowed(field, &what);
    if (too_large && field->high >= IFP_NUMBER_MAX)
        ifp_text_format(&what, ", and at most %g", IFP_NUMBER_MAX);
    int code = what.failed ? ifp_error_memory(error)
                           : ifp_error_set(error, IFP_ERROR_VALUE, path, "%s", what.data);
    ifp_text_clear(&what);
    return code;
}

/* One number's new value; IFP_OK and the same value back where scaling leaves it be. */
static int new_number(const struct ifp_field *field, const struct value *value, size_t position,
                      double now, const char *path, double *result, struct ifp_error *error)
{
    switch (value->kind) {
    case VALUE_NUMBER:
        *result = value->number;
        break;
    case VALUE_NUMBERS:
        *result = value->numbers[position];
        break;
    case VALUE_NULL:
        if (field->presence != IFP_LIMIT && field->presence != IFP_INHERITED)
            return wrong_kind(field, value, path, error);
        *result = field->absent;
        return IFP_OK;
    default:
        if (isnan(now) && field->presence == IFP_REQUIRED)
            return no_such(error, path, "was never set, so there is nothing to scale");
        *result = now;
        if (!isfinite(now))
            return IFP_OK;
        *result = now * value->number;
        break;
    }
    return ifp_field_check(field, *result, path, error);
}

/* Two passes, the first only checking, so that a refusal leaves everything as it was. */
static int set_number_field(struct ifp_instance *instance, const struct target *target,
                            const struct value *value, const char *path, struct ifp_error *error)
{
    size_t members = target->last - target->first;
    if (value->kind == VALUE_WORD)
        return wrong_kind(target->field, value, path, error);
    if (value->kind == VALUE_NUMBERS && value->count != members)
        return ifp_error_set(error, IFP_ERROR_VALUE, path, "found %zu numbers; allowed: %zu",
                             value->count, members);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t m = target->first; m < target->last; m++) {
            void *record = ifp_section_record(target->section, instance, m);
            double *now = ifp_field_number(target->field, record);
            double result;
            int code =
                new_number(target->field, value, m - target->first, *now, path, &result, error);
            if (code)
                return code;
            if (pass == 1)
                *now = result;
        }
    }
    return IFP_OK;
}

static int no_such_entry(struct ifp_error *error, const char *path, const struct ifp_numbers *list)
{
    return ifp_error_set(error, IFP_ERROR_VALUE, path,
                         "no such entry; the list has %zu, counted from 0", list->count);
}

/* One entry of a list, or all of them, in a list that is already a copy; each in range by itself,
 * and the list as a whole. */
static int set_entries(struct ifp_numbers *list, const struct target *target,
                       const struct value *value, const char *path, struct ifp_error *error)
{
    struct ifp_text field = {0};
    ifp_text_append(&field, path, target->field_length);
    int code = field.failed ? ifp_error_memory(error) : IFP_OK;
    for (size_t v = 0; !code && v < list->count; v++) {
        if (target->every_entry || v == target->entry)
            list->values[v] = value->kind == VALUE_SCALE     ? list->values[v] * value->number
                              : value->kind == VALUE_NUMBERS ? value->numbers[0]
                                                             : value->number;
    }
    if (!code)
        code = ifp_numbers_check(target->field, list->values, list->count, field.data, error);
    ifp_text_clear(&field);
    return code;
}

/* The list to begin with: a member's own. Where an entry of a list is meant that was not given, the
 * one that stands for it: the degrees, for the only list that follows another. */
static const struct ifp_numbers *list_now(const struct target *target, void *record)
{
    const struct ifp_numbers *now = ifp_field_numbers(target->field, record);
    bool inherited = target->field->presence == IFP_INHERITED && !now->count;
    return target->entries && inherited ? &((const struct ifp_tier_data *)record)->tp_degrees : now;
}

/* A member's new list; *fresh stays empty where null or scaling leaves none. */
static int new_list(const struct ifp_numbers *now, const struct target *target,
                    const struct value *value, const char *path, struct ifp_numbers *fresh,
                    struct ifp_error *error)
{
    const double *source = value->numbers;
    size_t count = value->count;
    if (target->entries || value->kind == VALUE_SCALE) {
        source = now->values;
        count = now->count;
    } else if (value->kind == VALUE_NUMBER) {
        source = &value->number;
        count = 1;
    } else if (value->kind == VALUE_NULL) {
        count = 0;
    }
    if (!count && (value->kind == VALUE_NULL || value->kind == VALUE_SCALE) && !target->entries)
        return IFP_OK;
    fresh->values = malloc((count ? count : 1) * sizeof *fresh->values);
    if (!fresh->values)
        return ifp_error_memory(error);
    fresh->count = count;
    for (size_t v = 0; v < count; v++)
        fresh->values[v] = source[v];
    if (target->entries)
        return set_entries(fresh, target, value, path, error);
    for (size_t v = 0; v < count && value->kind == VALUE_SCALE; v++)
        fresh->values[v] *= value->number;
    return ifp_numbers_check(target->field, fresh->values, count, path, error);
}

static int set_numbers_field(struct ifp_instance *instance, const struct target *target,
                             const struct value *value, const char *path, struct ifp_error *error)
{
    bool nullable = target->field->presence == IFP_INHERITED && !target->entries;
    for (size_t m = target->first; target->entries && m < target->last; m++) {
        const struct ifp_numbers *now =
            list_now(target, ifp_section_record(target->section, instance, m));
        if (!target->every_entry && target->entry >= now->count)
            return no_such_entry(error, path, now);
    }
    if (value->kind == VALUE_WORD || (value->kind == VALUE_NULL && !nullable))
        return wrong_kind(target->field, value, path, error);
    if (target->entries && value->kind == VALUE_NUMBERS && value->count != 1)
        return ifp_error_set(error, IFP_ERROR_VALUE, path, "found %zu numbers; allowed: 1",
                             value->count);
    size_t members = target->last - target->first;
    struct ifp_numbers *fresh = calloc(members, sizeof *fresh);
    int code = fresh ? IFP_OK : ifp_error_memory(error);
    for (size_t m = 0; !code && m < members; m++) {
        void *record = ifp_section_record(target->section, instance, target->first + m);
        code = new_list(list_now(target, record), target, value, path, &fresh[m], error);
    }
    for (size_t m = 0; fresh && m < members; m++) {
        void *record = ifp_section_record(target->section, instance, target->first + m);
        struct ifp_numbers *now = ifp_field_numbers(target->field, record);
        struct ifp_numbers drop = code ? fresh[m] : *now;
        if (!code)
            *now = fresh[m];
        free(drop.values);
    }
    free(fresh);
    return code;
}

static int set_word_field(struct ifp_instance *instance, const struct target *target,
                          const struct value *value, const char *path, struct ifp_error *error)
{
    if (value->kind != VALUE_WORD)
        return wrong_kind(target->field, value, path, error);
    int index = ifp_field_word_index(target->field, value->word, path, error);
    if (index < 0)
        return error ? error->code : IFP_ERROR_VALUE;
    *ifp_field_word(target->field, instance) = index;
    return IFP_OK;
}

static int set_pool_field(struct ifp_instance *instance, const struct target *target,
                          const struct value *value, const char *path, struct ifp_error *error)
{
    if (value->kind != VALUE_WORD && value->kind != VALUE_NULL)
        return wrong_kind(target->field, value, path, error);
    if (value->kind == VALUE_WORD &&
        ifp_instance_find_pool(instance, value->word) == instance->pool_count)
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "found \"%s\", which is no pool; allowed: the name of a pool, or "
                             "null",
                             value->word);
    size_t members = target->last - target->first;
    char **fresh = calloc(members, sizeof *fresh);
    int code = fresh ? IFP_OK : ifp_error_memory(error);
    for (size_t m = 0; !code && value->kind == VALUE_WORD && m < members; m++) {
        fresh[m] = ifp_string_copy(value->word);
        if (!fresh[m])
            code = ifp_error_memory(error);
    }
    for (size_t m = 0; fresh && m < members; m++) {
        void *record = ifp_section_record(target->section, instance, target->first + m);
        char **now = ifp_field_pool(target->field, record);
        char *drop = code ? fresh[m] : *now;
        if (!code)
            *now = fresh[m];
        free(drop);
    }
    free(fresh);
    return code;
}

/* The rank whose table has `count` entries, or -1. */
static int rank_of(const struct ifp_instance *instance, const struct ifp_table_field *about,
                   size_t count)
{
    for (int rank = 0; rank <= about->dimensions; rank++) {
        size_t size;
        if (ifp_table_size(instance, about, rank, &size) && size == count)
            return rank;
    }
    return -1;
}

static int new_entry(const struct ifp_table_field *about, const struct value *value, double now,
                     const char *path, double *result, struct ifp_error *error)
{
    if (value->kind == VALUE_NULL && about->nullable) {
        *result = NAN;
        return IFP_OK;
    }
    if (value->kind == VALUE_SCALE && isnan(now)) {
        *result = now;
        return IFP_OK;
    }
    return new_number(&about->field, value, 0, now, path, result, error);
}

static int set_table(struct ifp_instance *instance, const struct target *target,
                     const struct value *value, const char *path, struct ifp_error *error)
{
    struct ifp_table *table = &instance->performance[target->table];
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    if (value->kind == VALUE_WORD)
        return wrong_kind(&about->field, value, path, error);
    double *values = NULL;
    size_t count = 0;
    int rank = 0;
    int code = IFP_OK;
    if (value->kind == VALUE_NUMBERS) {
        if (!value->count)
            return ifp_numbers_check(&about->field, value->numbers, 0, path, error);
        rank = target->selectors ? -1 : rank_of(instance, about, value->count);
        if (rank < 0)
            return ifp_error_set(error, IFP_ERROR_VALUE, path,
                                 "found %zu numbers; allowed: one, or as many as the leading "
                                 "lists multiply to",
                                 value->count);
        count = value->count;
        values = malloc(count * sizeof *values);
        if (!values)
            return ifp_error_memory(error);
        for (size_t v = 0; !code && v < count; v++) {
            values[v] = value->numbers[v];
            code = ifp_field_check(&about->field, values[v], path, error);
        }
        goto done;
    }
    if (!table->values && value->kind == VALUE_SCALE && about->field.presence == IFP_REQUIRED)
        return no_such(error, path, "was never set, so there is nothing to scale");
    rank = table->values ? table->rank : 0;
    if (!target->selectors && value->kind != VALUE_SCALE)
        rank = 0; /* one value for all: whatever was there is replaced */
    if (rank < target->selectors)
        rank = target->selectors;
    if (rank >= table->rank || !table->values) {
        /* Of a table made for other lists, nobody knows which entry belongs to whom. */
        if (rank > 0 && table->values && (code = ifp_table_check(instance, target->table, error)))
            return code;
        values = ifp_table_expand(instance, target->table, rank, &count);
    } else {
        count = 1;
        values = malloc(sizeof *values);
        if (values)
            *values = about->field.absent;
    }
    if (!values)
        return ifp_error_memory(error);
    size_t length[3] = {1, 1, 1};
    for (int d = 0; d < rank; d++)
        length[d] = ifp_section_length(ifp_table_list(about, d), instance);
    for (size_t v = 0; !code && v < count; v++) {
        size_t rest = v;
        bool chosen = true;
        for (int d = rank - 1; d >= 0; d--) {
            size_t index = rest % length[d];
            rest /= length[d];
            if (d < target->selectors)
                chosen &= index >= target->from[d] && index < target->to[d];
        }
        if (chosen)
            code = new_entry(about, value, values[v], path, &values[v], error);
    }
done:
    if (code) {
        free(values);
        return code;
    }
    free(table->values);
    table->values = values;
    table->count = count;
    table->rank = rank;
    return IFP_OK;
}

static int set(ifp_instance *instance, const char *path, const struct value *value)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    struct ifp_error *error = &instance->error;
    if (!path)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the path is NULL");
    struct target target;
    int code = read_path(instance, path, &target, error);
    if (code)
        return code;
    if (!target.section)
        return set_table(instance, &target, value, path, error);
    switch (target.field->kind) {
    case IFP_FIELD_NUMBER:
        return set_number_field(instance, &target, value, path, error);
    case IFP_FIELD_NUMBERS:
        return set_numbers_field(instance, &target, value, path, error);
    case IFP_FIELD_WORD:
        return set_word_field(instance, &target, value, path, error);
    default:
        return set_pool_field(instance, &target, value, path, error);
    }
}

int ifp_instance_set_number(ifp_instance *instance, const char *path, double value)
{
    return set(instance, path, &(struct value){.kind = VALUE_NUMBER, .number = value});
}

int ifp_instance_set_numbers(ifp_instance *instance, const char *path, const double *values,
                             size_t count)
{
    if (instance && !values && count)
        return ifp_error_set(&instance->error, IFP_ERROR_ARGUMENT, NULL, "the values are NULL");
    return set(instance, path,
               &(struct value){.kind = VALUE_NUMBERS, .numbers = values, .count = count});
}

int ifp_instance_set_word(ifp_instance *instance, const char *path, const char *word)
{
    if (instance && !word)
        return ifp_error_set(&instance->error, IFP_ERROR_ARGUMENT, NULL, "the word is NULL");
    return set(instance, path, &(struct value){.kind = VALUE_WORD, .word = word});
}

int ifp_instance_set_null(ifp_instance *instance, const char *path)
{
    return set(instance, path, &(struct value){.kind = VALUE_NULL});
}

int ifp_instance_scale(ifp_instance *instance, const char *path, double factor)
{
    if (instance && !isfinite(factor))
        return ifp_error_set(&instance->error, IFP_ERROR_VALUE, path,
                             "found the factor %g; allowed: a finite number", factor);
    return set(instance, path, &(struct value){.kind = VALUE_SCALE, .number = factor});
}

/* Reads "[1, 2.5]"; false where the text is anything else, and with NULL in *numbers where memory
 * ran out. The caller frees the numbers. */
static bool read_list(const char *text, double **numbers, size_t *count)
{
    static const char blanks[] = " \t";
    size_t size = strlen(text);
    *numbers = NULL;
    *count = 0;
    if (text[0] != '[' || text[size - 1] != ']')
        return false;
    char *copy = ifp_string_copy(text + 1);
    double *read = malloc(size * sizeof *read); /* more than there can be */
    bool good = true;
    if (copy && read) {
        copy[size - 2] = '\0';
        char *c = copy + strspn(copy, blanks);
        for (bool more = *c; more && good;) {
            size_t length = strcspn(c, ", \t");
            char *after = c + length + strspn(c + length, blanks);
            more = *after == ',';
            good = more || !*after;
            c[length] = '\0';
            good = good && ifp_number_parse(c, &read[(*count)++]);
            c = after + more + strspn(after + more, blanks);
        }
    }
    free(copy);
    if (!copy || !good) {
        free(read);
        read = NULL;
    }
    *numbers = read;
    return good;
}

int ifp_instance_set(ifp_instance *instance, const char *path, const char *value)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (!value)
        return ifp_error_set(&instance->error, IFP_ERROR_ARGUMENT, NULL, "the value is NULL");
    static const char scale[] = "scale:";
    double number;
    if (!strncmp(value, scale, sizeof scale - 1)) {
        if (!ifp_number_parse(value + sizeof scale - 1, &number))
            return ifp_error_set(&instance->error, IFP_ERROR_VALUE, path,
                                 "found \"%s\"; allowed: scale:F with a number F", value);
        return ifp_instance_scale(instance, path, number);
    }
    if (!strcmp(value, "null"))
        return ifp_instance_set_null(instance, path);
    if (ifp_number_parse(value, &number))
        return ifp_instance_set_number(instance, path, number);
    double *numbers;
    size_t count;
    if (read_list(value, &numbers, &count)) {
        int code = numbers ? ifp_instance_set_numbers(instance, path, numbers, count)
                           : ifp_error_memory(&instance->error);
        free(numbers);
        return code;
    }
    return ifp_instance_set_word(instance, path, value);
}

int ifp_instance_get_number(const ifp_instance *instance, const char *path, double *value,
                            ifp_error *error)
{
    if (!instance || !path || !value)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "an argument is NULL");
    struct target target;
    int code = read_path(instance, path, &target, error);
    if (code)
        return code;
    if (!target.section) {
        size_t index[3] = {0, 0, 0};
        int dimensions = ifp_table_fields[target.table].dimensions;
        for (int d = 0; d < target.selectors; d++) {
            if (target.to[d] - target.from[d] != 1)
                return no_such(error, path, "names more than one number");
            index[d] = target.from[d];
        }
        const struct ifp_table *table = &instance->performance[target.table];
        if (table->values && table->rank > target.selectors)
            return no_such(error, path, "names more than one number");
        if (!table->values && ifp_table_fields[target.table].field.presence == IFP_REQUIRED)
            return no_such(error, path, "was never set");
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
    if (target.field->kind != IFP_FIELD_NUMBER && !target.entries)
        return no_such(error, path, "is not a number");
    if (target.last - target.first != 1 || target.every_entry)
        return no_such(error, path, "names more than one number");
    void *record = ifp_section_record(target.section, instance, target.first);
    if (target.entries) {
        const struct ifp_numbers *list = list_now(&target, record);
        if (target.entry >= list->count)
            return no_such_entry(error, path, list);
        *value = list->values[target.entry];
        return IFP_OK;
    }
    double now = *ifp_field_number(target.field, record);
    if (isnan(now) && target.field->presence == IFP_INHERITED)
        now = ifp_instance_penalty_hours(instance);
    if (isnan(now))
        return no_such(error, path, "was never set");
    *value = now;
    return IFP_OK;
}
