/* SPDX-License-Identifier: MIT */
/* Setting fields by their path. All callers that change an instance use this. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "instance/fields.h"
#include "instance/path.h"
#include "instance/record.h"
#include "instance/table.h"
#include "instance/unknown.h"
#include "util/number.h"
#include "util/number_text.h"

enum value_kind { VALUE_NUMBER, VALUE_NUMBERS, VALUE_WORD, VALUE_NULL, VALUE_SCALE };

struct value {
    enum value_kind kind;
    double number; /* the number, or the factor to scale by */
    const double *numbers;
    size_t count;
    const char *word;
};

/* Report "found X; allowed: Y" for a value of the wrong kind. */
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
        unread = ifp_number_spelled(value->word) &&
                 !ifp_number_read(value->word, strlen(value->word), &number);
        too_large = unread && strlen(value->word) <= IFP_NUMBER_LENGTH_MAX;
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

/* Report "found N numbers; allowed: COUNTS", with "or" before the last count. Counts of 0 are
 * ignored. */
static int wrong_count(size_t found, const size_t *counts, size_t count, const char *path,
                       struct ifp_error *error)
{
    struct ifp_text allowed = {0};
    size_t left = 0;
    for (size_t c = 0; c < count; c++)
        left += counts[c] > 0;
    bool first = true;
    for (size_t c = 0; c < count; c++) {
        if (!counts[c])
            continue;
        ifp_text_format(&allowed, "%s%zu", first ? "" : left == 1 ? " or " : ", ", counts[c]);
        first = false;
        left--;
    }
    int code = allowed.failed
                   ? ifp_error_memory(error)
                   : ifp_error_set(error, IFP_ERROR_VALUE, path, "found %zu number%s; allowed: %s",
                                   found, found == 1 ? "" : "s", allowed.data);
    ifp_text_clear(&allowed);
    return code;
}

/* *result becomes the new value of a number. Scaling keeps absent values unchanged. */
static int new_number(const struct ifp_field *field, const struct value *value, size_t position,
                      double now, const char *path, double *result, struct ifp_error *error)
{
    switch (value->kind) {
    case VALUE_NUMBER:
    case VALUE_NUMBERS:
        *result = value->kind == VALUE_NUMBER ? value->number : value->numbers[position];
        /* Infinity means "no limit", as it does when numbers are read. */
        if (*result != (double)INFINITY || !ifp_field_nullable(field) ||
            field->presence == IFP_INHERITED)
            break;
        *result = field->presence == IFP_UNSET ? NAN : *result;
        return IFP_OK;
    case VALUE_NULL:
        if (!ifp_field_nullable(field))
            return wrong_kind(field, value, path, error);
        *result = field->presence == IFP_OPEN ? INFINITY : field->absent;
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

/* Would the value leave a record of another form as it is? Null and scaling do: there is no value
 * to remove or to scale. */
static bool skips_record(const struct ifp_path *target, const struct value *value, size_t member)
{
    if (ifp_field_has_form(target->section, target->field, target->records[member]))
        return false;
    return value->kind == VALUE_NULL || value->kind == VALUE_SCALE ||
           (value->kind == VALUE_NUMBER && value->number == (double)INFINITY) ||
           (value->kind == VALUE_NUMBERS && target->field->kind == IFP_FIELD_NUMBER &&
            value->numbers[member] == (double)INFINITY);
}

/* Before a value of a field is written: give the record the form of the field. The values of
 * another form are dropped. */
static void take_form(const struct ifp_path *target, void *record)
{
    if (ifp_field_has_form(target->section, target->field, record))
        return;
    char **extra = ifp_section_extra(target->section, record);
    char *kept = *extra;
    *extra = NULL;
    ifp_record_reset(target->section, record);
    *extra = kept;
    *(int *)((char *)record + target->section->form) = target->field->form;
}

/* After a value was removed: a record that has no value left has no form. */
static void leave_form(const struct ifp_path *target, void *record)
{
    const struct ifp_section *section = target->section;
    if (!section->stores_form || !target->field->form)
        return;
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        if (field->kind == IFP_FIELD_NUMBERS
                ? ifp_field_numbers(field, record)->count > 0
                : field->presence == IFP_UNSET && !isnan(*ifp_field_number(field, record)))
            return;
    }
    ifp_record_reset(section, record);
}

/* The first of two passes only checks, so that an error changes no value. */
static int set_number_field(const struct ifp_path *target, const struct value *value,
                            const char *path, struct ifp_error *error)
{
    if (value->kind == VALUE_WORD)
        return wrong_kind(target->field, value, path, error);
    if (value->kind == VALUE_NUMBERS && value->count != target->count)
        return wrong_count(value->count, &target->count, 1, path, error);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t m = 0; m < target->count; m++) {
            void *record = target->records[m];
            double *now = ifp_field_number(target->field, record);
            double result = 0;
            if (skips_record(target, value, m))
                continue;
            int code = new_number(target->field, value, m, *now, path, &result, error);
            if (code)
                return code;
            if (pass == 0)
                continue;
            take_form(target, record);
            *now = result;
            if (isnan(result))
                leave_form(target, record);
        }
    }
    return IFP_OK;
}

/* The new value of entry `v` of the list of the `member`-th member that the path names. If the
 * value is several numbers, each is for one entry of [*], or for the entry of one member. */
static double new_entry_of_list(const struct ifp_path *target, const struct value *value,
                                size_t member, size_t v, double now)
{
    switch (value->kind) {
    case VALUE_SCALE:
        return now * value->number;
    case VALUE_NUMBERS:
        return value->numbers[value->count == 1 ? 0 : target->every_entry ? v : member];
    default:
        return value->number;
    }
}

/* Set one entry or all entries of a list, which is already a copy, and check the list. */
static int set_entries(struct ifp_numbers *list, const struct ifp_path *target,
                       const struct value *value, size_t member, const char *path,
                       struct ifp_error *error)
{
    struct ifp_text field = {0};
    ifp_text_append(&field, path, target->field_length);
    int code = field.failed ? ifp_error_memory(error) : IFP_OK;
    for (size_t v = 0; !code && v < list->count; v++) {
        if (target->every_entry || v == target->entry)
            list->values[v] = new_entry_of_list(target, value, member, v, list->values[v]);
    }
    if (!code)
        code = ifp_numbers_check(target->field, list->values, list->count, field.data, error);
    ifp_text_clear(&field);
    return code;
}

/* *fresh becomes a member's new list. It stays empty if the value is null, or if the list to scale
 * is empty. */
static int new_list(const struct ifp_numbers *now, const struct ifp_path *target,
                    const struct value *value, size_t member, const char *path,
                    struct ifp_numbers *fresh, struct ifp_error *error)
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
        return set_entries(fresh, target, value, member, path, error);
    for (size_t v = 0; v < count && value->kind == VALUE_SCALE; v++)
        fresh->values[v] *= value->number;
    return ifp_numbers_check(target->field, fresh->values, count, path, error);
}

static int set_numbers_field(const struct ifp_path *target, const struct value *value,
                             const char *path, struct ifp_error *error)
{
    bool nullable = ifp_field_nullable(target->field) && !target->entries;
    size_t members = target->count;
    for (size_t m = 0; target->entries && m < members; m++) {
        const struct ifp_numbers *now = ifp_path_list(target, target->records[m]);
        if (!target->every_entry && target->entry >= now->count)
            return ifp_path_refuse_entry(error, path, now);
        size_t counts[] = {1, target->every_entry ? now->count : members};
        if (value->kind == VALUE_NUMBERS && value->count != 1 && value->count != counts[1])
            return wrong_count(value->count, counts, counts[1] > 1 ? 2 : 1, path, error);
    }
    if (value->kind == VALUE_WORD || (value->kind == VALUE_NULL && !nullable))
        return wrong_kind(target->field, value, path, error);
    struct ifp_numbers *fresh = calloc(members, sizeof *fresh);
    int code = fresh ? IFP_OK : ifp_error_memory(error);
    for (size_t m = 0; !code && m < members; m++)
        code = new_list(ifp_path_list(target, target->records[m]), target, value, m, path,
                        &fresh[m], error);
    for (size_t m = 0; fresh && m < members; m++) {
        void *record = target->records[m];
        struct ifp_numbers drop = fresh[m];
        if (!code && !skips_record(target, value, m)) {
            take_form(target, record);
            drop = *ifp_field_numbers(target->field, record);
            *ifp_field_numbers(target->field, record) = fresh[m];
            if (!fresh[m].count)
                leave_form(target, record);
        }
        free(drop.values);
    }
    free(fresh);
    return code;
}

static int set_word_field(const struct ifp_path *target, const struct value *value,
                          const char *path, struct ifp_error *error)
{
    bool null = value->kind == VALUE_NULL && ifp_field_nullable(target->field);
    if (value->kind != VALUE_WORD && !null)
        return wrong_kind(target->field, value, path, error);
    int index = (int)target->field->absent;
    if (!null)
        index = ifp_field_word_index(target->field, value->word, path, error);
    if (index < 0 && !null)
        return error ? error->code : IFP_ERROR_VALUE;
    for (size_t m = 0; m < target->count; m++)
        *ifp_field_word(target->field, target->records[m]) = index;
    return IFP_OK;
}

static int set_flag_field(const struct ifp_path *target, const struct value *value,
                          const char *path, struct ifp_error *error)
{
    bool yes = value->kind == VALUE_WORD && !strcmp(value->word, "true");
    if (!yes && (value->kind != VALUE_WORD || strcmp(value->word, "false") != 0))
        return wrong_kind(target->field, value, path, error);
    for (size_t m = 0; m < target->count; m++)
        *ifp_field_flag(target->field, target->records[m]) = yes;
    return IFP_OK;
}

/* A nested object as a whole can only be removed. */
static int set_section_field(const struct ifp_path *target, const struct value *value,
                             const char *path, struct ifp_error *error)
{
    const struct ifp_section *section = target->field->section;
    if (value->kind != VALUE_NULL)
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "is an object; allowed: null, or a value for a field of it, as in "
                             "%s.%s",
                             section->name, section->fields[0].name);
    for (size_t m = 0; m < target->count; m++)
        ifp_record_reset(section, ifp_field_owner(target->field, target->records[m]));
    return IFP_OK;
}

static int set_reference_field(struct ifp_instance *instance, const struct ifp_path *target,
                               const struct value *value, const char *path, struct ifp_error *error)
{
    const struct ifp_section *list = &ifp_sections[target->field->list];
    if (value->kind != VALUE_WORD && value->kind != VALUE_NULL)
        return wrong_kind(target->field, value, path, error);
    if (value->kind == VALUE_WORD &&
        ifp_section_find(list, instance, value->word) == ifp_section_length(list, instance))
        return ifp_unknown_reference(instance, list, value->word, true, path, error);
    size_t members = target->count;
    char **fresh = calloc(members, sizeof *fresh);
    int code = fresh ? IFP_OK : ifp_error_memory(error);
    for (size_t m = 0; !code && value->kind == VALUE_WORD && m < members; m++) {
        fresh[m] = ifp_string_copy(value->word);
        if (!fresh[m])
            code = ifp_error_memory(error);
    }
    for (size_t m = 0; fresh && m < members; m++) {
        char **now = ifp_field_reference(target->field, target->records[m]);
        char *drop = code ? fresh[m] : *now;
        if (!code)
            *now = fresh[m];
        free(drop);
    }
    free(fresh);
    return code;
}

/* The region of a table that a path names, by ranges of its selected dimensions, and the number of
 * dimensions of the new values. */
struct region {
    const struct ifp_path *target;
    int rank;
};

/* The number of entries that the region of a path has at a rank, or 0 if it overflows. The rank is
 * at least the number of the path's selectors. */
static size_t region_size(const struct ifp_instance *instance, const struct ifp_path *target,
                          int rank)
{
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    size_t size = 1;
    for (int d = 0; d < rank; d++) {
        size_t length = d < target->selectors
                            ? target->to[d] - target->from[d]
                            : ifp_section_length(ifp_table_list(about, d), instance);
        if (length && size > SIZE_MAX / length)
            return 0;
        size *= length;
    }
    return size;
}

/* The lowest rank at which the region has `count` entries, or 0 for one number, which is for the
 * whole region. Returns -1 with the error set if there is no such rank. */
static int rank_of(const struct ifp_instance *instance, const struct ifp_path *target, size_t count,
                   const char *path, struct ifp_error *error)
{
    int dimensions = ifp_table_fields[target->table].dimensions;
    size_t allowed[4] = {1, 0, 0, 0};
    size_t last = 1;
    if (count == 1)
        return 0;
    for (int rank = target->selectors; rank <= dimensions; rank++) {
        size_t size = region_size(instance, target, rank);
        if (size == count)
            return rank;
        if (size > last)
            last = allowed[rank] = size;
    }
    (void)wrong_count(count, allowed, 4, path, error);
    return -1;
}

static int new_entry(const struct ifp_table_field *about, const struct value *value, size_t place,
                     double now, const char *path, double *result, struct ifp_error *error)
{
    double given = value->kind == VALUE_NUMBER    ? value->number
                   : value->kind == VALUE_NUMBERS ? value->numbers[place]
                                                  : 0;
    /* Null, infinity (as numbers are read) and NaN (as it is stored) mean "not a candidate". */
    if (about->nullable &&
        (value->kind == VALUE_NULL || given == (double)INFINITY || isnan(given))) {
        *result = NAN;
        return IFP_OK;
    }
    if (value->kind == VALUE_SCALE && isnan(now)) {
        *result = now;
        return IFP_OK;
    }
    return new_number(&about->field, value, place, now, path, result, error);
}

/* Set the entries of the region in the values of a table of that rank. Only checks unless `write`
 * is true. */
static int set_region(const struct ifp_instance *instance, const struct region *region, int rank,
                      const struct value *value, const char *path, double *values, bool write,
                      struct ifp_error *error)
{
    const struct ifp_path *target = region->target;
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    size_t length[3] = {1, 1, 1};
    size_t from[3] = {0, 0, 0};
    size_t to[3] = {1, 1, 1};
    size_t step[3] = {0, 0, 0}; /* by dimension: the stride in the given numbers */
    for (int d = 0; d < rank; d++) {
        length[d] = ifp_section_length(ifp_table_list(about, d), instance);
        from[d] = d < target->selectors ? target->from[d] : 0;
        to[d] = d < target->selectors ? target->to[d] : length[d];
    }
    for (int d = region->rank; d-- > 0;)
        step[d] = d + 1 < region->rank ? step[d + 1] * (to[d + 1] - from[d + 1]) : 1;
    for (size_t a = from[0]; a < to[0]; a++) {
        for (size_t b = from[1]; b < to[1]; b++) {
            for (size_t c = from[2]; c < to[2]; c++) {
                double *entry = &values[(a * length[1] + b) * length[2] + c];
                size_t place =
                    (a - from[0]) * step[0] + (b - from[1]) * step[1] + (c - from[2]) * step[2];
                double result = 0;
                int code = new_entry(about, value, place, *entry, path, &result, error);
                if (code)
                    return code;
                if (write)
                    *entry = result;
            }
        }
    }
    return IFP_OK;
}

/* The values of a table of that rank: those of the present table, or absent values if it is
 * replaced as a whole. Returns NULL and sets *code on error. */
static double *make_table(const struct ifp_instance *instance, const struct ifp_path *target,
                          bool replaced, int rank, const char *path, size_t *count, int *code,
                          struct ifp_error *error)
{
    const struct ifp_table *table = &instance->performance[target->table];
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    bool grows = rank > 0 && (replaced || !table->values || rank > table->rank);
    double *values = NULL;
    if (!ifp_table_size(instance, about, rank, count) || (grows && *count > IFP_TABLE_SIZE_MAX)) {
        *code = ifp_table_refuse(instance, about, rank, IFP_TABLE_SIZE_MAX, path, error);
        return NULL;
    }
    if (!replaced) {
        values = ifp_table_expand(instance, target->table, rank, count);
    } else {
        values = malloc((*count ? *count : 1) * sizeof *values);
        for (size_t v = 0; values && v < *count; v++)
            values[v] = about->field.absent;
    }
    if (!values)
        *code = ifp_error_memory(error);
    return values;
}

/* Does the path name all entries of the table? */
static bool names_whole_table(const struct ifp_instance *instance, const struct ifp_path *target)
{
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    bool whole = true;
    for (int d = 0; d < target->selectors; d++)
        whole &= target->to[d] - target->from[d] ==
                 ifp_section_length(ifp_table_list(about, d), instance);
    return whole;
}

static int set_table_word(struct ifp_instance *instance, const struct ifp_path *target,
                          const struct value *value, const char *path, struct ifp_error *error)
{
    struct ifp_table *table = &instance->performance[target->table];
    const struct ifp_field *field = &ifp_table_fields[target->table].field;
    double number;
    if (!field->words || ifp_number_read(value->word, strlen(value->word), &number) ||
        ifp_number_spelled(value->word))
        return wrong_kind(field, value, path, error);
    if (ifp_field_word_index(field, value->word, path, error) < 0)
        return error->code;
    if (!names_whole_table(instance, target))
        return ifp_path_refuse(error, path, "takes a word for the whole table only");
    free(table->values);
    *table = (struct ifp_table){0};
    ifp_table_set_word(instance, target->table, true);
    return IFP_OK;
}

static int set_table(struct ifp_instance *instance, const struct ifp_path *target,
                     const struct value *value, const char *path, struct ifp_error *error)
{
    struct ifp_table *table = &instance->performance[target->table];
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    struct region region = {.target = target};
    bool is_word = ifp_table_is_word(instance, target->table);
    if (value->kind == VALUE_WORD)
        return set_table_word(instance, target, value, path, error);
    if (is_word && value->kind == VALUE_SCALE)
        return IFP_OK;
    if (is_word && !names_whole_table(instance, target))
        return ifp_path_refuse(error, path,
                               "is a part of a table that is given as a word; allowed: numbers for "
                               "the whole table");
    if (value->kind == VALUE_NUMBERS) {
        if (!value->count)
            return ifp_numbers_check(&about->field, value->numbers, 0, path, error);
        region.rank = rank_of(instance, target, value->count, path, error);
        if (region.rank < 0)
            return error->code;
    }
    if (!table->values && value->kind == VALUE_SCALE && about->field.presence == IFP_REQUIRED)
        return ifp_path_refuse(error, path, "was never set, so there is nothing to scale");
    /* Without a selector, the whole table is replaced. */
    bool replaced = !target->selectors && value->kind != VALUE_SCALE;
    int rank = replaced || !table->values ? 0 : table->rank;
    if (rank < target->selectors)
        rank = target->selectors;
    if (rank < region.rank)
        rank = region.rank;
    int code = IFP_OK;
    /* If the table was given before the lists changed, its entries cannot be matched to members. */
    if (!replaced && rank > 0 && table->values)
        code = ifp_table_check(instance, target->table, error);
    if (code)
        return code;
    if (!replaced && table->values && rank == table->rank) {
        /* Change in place. The first pass only checks, so that an error changes no value. */
        for (int pass = 0; !code && pass < 2; pass++)
            code = set_region(instance, &region, rank, value, path, table->values, pass, error);
        return code;
    }
    size_t count;
    double *values = make_table(instance, target, replaced, rank, path, &count, &code, error);
    if (!code)
        code = set_region(instance, &region, rank, value, path, values, true, error);
    if (code) {
        free(values);
        return code;
    }
    free(table->values);
    *table = (struct ifp_table){.values = values, .count = count, .rank = rank};
    ifp_table_set_word(instance, target->table, false);
    return IFP_OK;
}

static int set_field(struct ifp_instance *instance, const struct ifp_path *target,
                     const struct value *value, const char *path, struct ifp_error *error)
{
    switch (target->field->kind) {
    case IFP_FIELD_NUMBER:
        return set_number_field(target, value, path, error);
    case IFP_FIELD_NUMBERS:
        return set_numbers_field(target, value, path, error);
    case IFP_FIELD_WORD:
        return set_word_field(target, value, path, error);
    case IFP_FIELD_FLAG:
        return set_flag_field(target, value, path, error);
    case IFP_FIELD_SECTION:
        return set_section_field(target, value, path, error);
    default:
        return set_reference_field(instance, target, value, path, error);
    }
}

static int apply(ifp_instance *instance, const char *path, const struct value *value)
{
    struct ifp_error *error = &instance->error;
    if (!path)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the path is NULL");
    if (value->kind == VALUE_NUMBERS && !value->numbers && value->count)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the values are NULL");
    if (value->kind == VALUE_WORD && !value->word)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the word is NULL");
    if (value->kind == VALUE_SCALE && !isfinite(value->number))
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "found the factor %g; allowed: a finite number", value->number);
    struct ifp_path target;
    int code = ifp_path_read(instance, path, &target, error);
    if (code)
        return code;
    code = target.section ? set_field(instance, &target, value, path, error)
                          : set_table(instance, &target, value, path, error);
    ifp_path_release(&target);
    return code;
}

static int set(ifp_instance *instance, const char *path, const struct value *value)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    return ifp_instance_end(instance, apply(instance, path, value));
}

int ifp_instance_set_number(ifp_instance *instance, const char *path, double value)
{
    return set(instance, path, &(struct value){.kind = VALUE_NUMBER, .number = value});
}

int ifp_instance_set_numbers(ifp_instance *instance, const char *path, const double *values,
                             size_t count)
{
    return set(instance, path,
               &(struct value){.kind = VALUE_NUMBERS, .numbers = values, .count = count});
}

int ifp_instance_set_word(ifp_instance *instance, const char *path, const char *word)
{
    return set(instance, path, &(struct value){.kind = VALUE_WORD, .word = word});
}

int ifp_instance_set_null(ifp_instance *instance, const char *path)
{
    return set(instance, path, &(struct value){.kind = VALUE_NULL});
}

int ifp_instance_scale(ifp_instance *instance, const char *path, double factor)
{
    return set(instance, path, &(struct value){.kind = VALUE_SCALE, .number = factor});
}

/* Reads "[1, 2.5]", with null as infinity. Returns false if the text is not such a list. If out of
 * memory, returns true with *numbers = NULL. The caller frees the numbers. */
static bool read_list(const char *text, double **numbers, size_t *count)
{
    static const char blanks[] = " \t";
    size_t size = strlen(text);
    *numbers = NULL;
    *count = 0;
    if (text[0] != '[' || text[size - 1] != ']')
        return false;
    char *copy = ifp_string_copy(text + 1);
    double *read = malloc(size * sizeof *read); /* more than the text can have */
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
            if (good && !strcmp(c, "null"))
                read[(*count)++] = INFINITY;
            else
                good = good && ifp_number_read(c, length, &read[(*count)++]);
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

/* Set a field from text, whose form determines the kind of value. */
static int apply_text(ifp_instance *instance, const char *path, const char *text)
{
    if (!text)
        return ifp_error_set(&instance->error, IFP_ERROR_ARGUMENT, NULL, "the value is NULL");
    static const char scale[] = "scale:";
    double number;
    if (!strncmp(text, scale, sizeof scale - 1)) {
        const char *factor = text + sizeof scale - 1;
        if (!ifp_number_read(factor, strlen(factor), &number))
            return ifp_error_set(&instance->error, IFP_ERROR_VALUE, path,
                                 "found \"%s\"; allowed: scale:F with a number F", text);
        return apply(instance, path, &(struct value){.kind = VALUE_SCALE, .number = number});
    }
    if (!strcmp(text, "null"))
        return apply(instance, path, &(struct value){.kind = VALUE_NULL});
    if (ifp_number_read(text, strlen(text), &number))
        return apply(instance, path, &(struct value){.kind = VALUE_NUMBER, .number = number});
    double *numbers;
    size_t count;
    if (read_list(text, &numbers, &count)) {
        int code =
            numbers
                ? apply(instance, path,
                        &(struct value){.kind = VALUE_NUMBERS, .numbers = numbers, .count = count})
                : ifp_error_memory(&instance->error);
        free(numbers);
        return code;
    }
    return apply(instance, path, &(struct value){.kind = VALUE_WORD, .word = text});
}

int ifp_instance_set(ifp_instance *instance, const char *path, const char *value)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    return ifp_instance_end(instance, apply_text(instance, path, value));
}
