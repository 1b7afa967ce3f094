/* SPDX-License-Identifier: MIT */
/* Setting fields by their path. All callers that change an instance use this. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "instance/fields.h"
#include "instance/path.h"
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

/* The first of two passes only checks, so that an error changes no value. */
static int set_number_field(struct ifp_instance *instance, const struct ifp_path *target,
                            const struct value *value, const char *path, struct ifp_error *error)
{
    size_t members = target->last - target->first;
    if (value->kind == VALUE_WORD)
        return wrong_kind(target->field, value, path, error);
    if (value->kind == VALUE_NUMBERS && value->count != members)
        return wrong_count(value->count, &members, 1, path, error);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t m = target->first; m < target->last; m++) {
            void *record = ifp_section_record(target->section, instance, m);
            double *now = ifp_field_number(target->field, record);
            double result = 0;
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

static int set_numbers_field(struct ifp_instance *instance, const struct ifp_path *target,
                             const struct value *value, const char *path, struct ifp_error *error)
{
    bool nullable = target->field->presence == IFP_INHERITED && !target->entries;
    for (size_t m = target->first; target->entries && m < target->last; m++) {
        const struct ifp_numbers *now =
            ifp_path_list(target, ifp_section_record(target->section, instance, m));
        if (!target->every_entry && target->entry >= now->count)
            return ifp_path_refuse_entry(error, path, now);
        size_t counts[] = {1, target->every_entry ? now->count : target->last - target->first};
        if (value->kind == VALUE_NUMBERS && value->count != 1 && value->count != counts[1])
            return wrong_count(value->count, counts, counts[1] > 1 ? 2 : 1, path, error);
    }
    if (value->kind == VALUE_WORD || (value->kind == VALUE_NULL && !nullable))
        return wrong_kind(target->field, value, path, error);
    size_t members = target->last - target->first;
    struct ifp_numbers *fresh = calloc(members, sizeof *fresh);
    int code = fresh ? IFP_OK : ifp_error_memory(error);
    for (size_t m = 0; !code && m < members; m++) {
        void *record = ifp_section_record(target->section, instance, target->first + m);
        code = new_list(ifp_path_list(target, record), target, value, m, path, &fresh[m], error);
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
        return ifp_unknown_pool(instance, value->word, path, error);
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

static int set_table(struct ifp_instance *instance, const struct ifp_path *target,
                     const struct value *value, const char *path, struct ifp_error *error)
{
    struct ifp_table *table = &instance->performance[target->table];
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    struct region region = {.target = target};
    if (value->kind == VALUE_WORD)
        return wrong_kind(&about->field, value, path, error);
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
    return IFP_OK;
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
