/* SPDX-License-Identifier: MIT */
/* Setting fields by their path: what every caller that changes an instance uses. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "instance/fields.h"
#include "instance/path.h"
#include "instance/table.h"

enum value_kind { VALUE_NUMBER, VALUE_NUMBERS, VALUE_WORD, VALUE_NULL, VALUE_SCALE };

struct value {
    enum value_kind kind;
    double number; /* also the factor */
    const double *numbers;
    size_t count;
    const char *word;
};

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
        /* No limit, as numbers are read. */
        if (*result == (double)INFINITY && field->presence == IFP_LIMIT)
            return IFP_OK;
        break;
    case VALUE_NULL:
        if (field->presence != IFP_LIMIT && field->presence != IFP_INHERITED)
            return wrong_kind(field, value, path, error);
        *result = field->absent;
        return IFP_OK;
    default:
        if (isnan(now) && field->presence == IFP_REQUIRED)
            return ifp_path_refuse(error, path, "was never set, so there is nothing to scale");
        *result = now;
        if (!isfinite(now))
            return IFP_OK;
        *result = now * value->number;
        break;
    }
    return ifp_field_check(field, *result, path, error);
}

/* Two passes, the first only checking, so that a refusal leaves everything as it was. */
static int set_number_field(struct ifp_instance *instance, const struct ifp_path *target,
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

/* One entry of a list, or all of them, in a list that is already a copy; each in range by itself,
 * and the list as a whole. */
static int set_entries(struct ifp_numbers *list, const struct ifp_path *target,
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

/* A member's new list; *fresh stays empty where null or scaling leaves none. */
static int new_list(const struct ifp_numbers *now, const struct ifp_path *target,
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

static int set_numbers_field(struct ifp_instance *instance, const struct ifp_path *target,
                             const struct value *value, const char *path, struct ifp_error *error)
{
    bool nullable = target->field->presence == IFP_INHERITED && !target->entries;
    for (size_t m = target->first; target->entries && m < target->last; m++) {
        const struct ifp_numbers *now =
            ifp_path_list(target, ifp_section_record(target->section, instance, m));
        if (!target->every_entry && target->entry >= now->count)
            return ifp_path_refuse_entry(error, path, now);
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
        code = new_list(ifp_path_list(target, record), target, value, path, &fresh[m], error);
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

static int set_word_field(struct ifp_instance *instance, const struct ifp_path *target,
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

static int set_pool_field(struct ifp_instance *instance, const struct ifp_path *target,
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

/* The entries that a path chooses, of a table of that rank. */
static int set_chosen(const struct ifp_instance *instance, const struct ifp_path *target, int rank,
                      const struct value *value, const char *path, double *values, bool write,
                      struct ifp_error *error)
{
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    size_t length[3] = {1, 1, 1};
    size_t from[3] = {0, 0, 0};
    size_t to[3] = {1, 1, 1};
    for (int d = 0; d < rank; d++) {
        length[d] = ifp_section_length(ifp_table_list(about, d), instance);
        from[d] = d < target->selectors ? target->from[d] : 0;
        to[d] = d < target->selectors ? target->to[d] : length[d];
    }
    for (size_t a = from[0]; a < to[0]; a++) {
        for (size_t b = from[1]; b < to[1]; b++) {
            for (size_t c = from[2]; c < to[2]; c++) {
                double *entry = &values[(a * length[1] + b) * length[2] + c];
                double result;
                int code = new_entry(about, value, *entry, path, &result, error);
                if (code)
                    return code;
                if (write)
                    *entry = result;
            }
        }
    }
    return IFP_OK;
}

/* The whole table, from as many numbers as a rank has entries. */
static int set_all(struct ifp_instance *instance, const struct ifp_path *target,
                   const struct value *value, const char *path, struct ifp_error *error)
{
    struct ifp_table *table = &instance->performance[target->table];
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    if (!value->count)
        return ifp_numbers_check(&about->field, value->numbers, 0, path, error);
    int rank = target->selectors ? -1 : rank_of(instance, about, value->count);
    if (rank < 0)
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "found %zu numbers; allowed: one, or as many as the leading "
                             "lists multiply to",
                             value->count);
    double *values = malloc(value->count * sizeof *values);
    int code = values ? IFP_OK : ifp_error_memory(error);
    for (size_t v = 0; !code && v < value->count; v++) {
        values[v] = value->numbers[v];
        /* Not a candidate, as numbers are read. */
        if (about->nullable && values[v] == (double)INFINITY)
            values[v] = NAN;
        else
            code = ifp_field_check(&about->field, values[v], path, error);
    }
    if (code) {
        free(values);
        return code;
    }
    free(table->values);
    *table = (struct ifp_table){.values = values, .count = value->count, .rank = rank};
    return IFP_OK;
}

static int set_table(struct ifp_instance *instance, const struct ifp_path *target,
                     const struct value *value, const char *path, struct ifp_error *error)
{
    struct ifp_table *table = &instance->performance[target->table];
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    if (value->kind == VALUE_WORD)
        return wrong_kind(&about->field, value, path, error);
    if (value->kind == VALUE_NUMBERS)
        return set_all(instance, target, value, path, error);
    if (!table->values && value->kind == VALUE_SCALE && about->field.presence == IFP_REQUIRED)
        return ifp_path_refuse(error, path, "was never set, so there is nothing to scale");
    int rank = table->values ? table->rank : 0;
    if (!target->selectors && value->kind != VALUE_SCALE)
        rank = 0; /* one value for all: whatever was there is replaced */
    if (rank < target->selectors)
        rank = target->selectors;
    int code = IFP_OK;
    /* Of a table made for other lists, nobody knows which entry belongs to whom. */
    if (rank > 0 && table->values && (code = ifp_table_check(instance, target->table, error)))
        return code;
    if (rank == table->rank && table->values) {
        /* In place, and the first pass only checks: a refusal leaves everything as it was. */
        for (int pass = 0; !code && pass < 2; pass++)
            code = set_chosen(instance, target, rank, value, path, table->values, pass, error);
        return code;
    }
    double *values;
    size_t count = 1;
    if (rank > table->rank || !table->values) {
        if (!ifp_table_size(instance, about, rank, &count) || count > IFP_TABLE_MOST)
            return ifp_table_refuse(instance, about, rank, IFP_TABLE_MOST, path, error);
        values = ifp_table_expand(instance, target->table, rank, &count);
    } else {
        values = malloc(sizeof *values);
        if (values)
            *values = about->field.absent;
    }
    if (!values)
        return ifp_error_memory(error);
    code = set_chosen(instance, target, rank, value, path, values, true, error);
    if (code) {
        free(values);
        return code;
    }
    free(table->values);
    *table = (struct ifp_table){.values = values, .count = count, .rank = rank};
    return IFP_OK;
}

static int set(ifp_instance *instance, const char *path, const struct value *value)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    struct ifp_error *error = &instance->error;
    if (!path)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the path is NULL");
    struct ifp_path target;
    int code = ifp_path_read(instance, path, &target, error);
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
