/* SPDX-License-Identifier: MIT */
/* The records of lists: growing a list, copying and freeing what a record owns. */
#include "instance/record.h"

#include <stdlib.h>
#include <string.h>

#include "instance/name.h"
#include "util/array.h"

/* Overwrite the list's pointer to its records, and their number. */
static void set_records(const struct ifp_section *section, void *owner, void *records, size_t count)
{
    memcpy((char *)owner + section->data, &records, sizeof records);
    memcpy((char *)owner + section->count, &count, sizeof count);
}

static void free_record(const struct ifp_section *section, struct ifp_record *record)
{
    ifp_record_free_fields(section, record);
    free(record->name);
    free(record->extra);
}

void ifp_record_free_list(const struct ifp_section *section, void *owner)
{
    size_t length = ifp_section_length(section, owner);
    for (size_t m = 0; m < length; m++)
        free_record(section, ifp_section_record(section, owner, m));
    ifp_names_clear(ifp_section_names(section, owner));
    free(ifp_section_record(section, owner, 0));
    set_records(section, owner, NULL, 0);
}

void ifp_record_free_fields(const struct ifp_section *section, void *record)
{
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        void *owner = ifp_field_owner(field, record);
        if (field->kind == IFP_FIELD_NUMBERS) {
            free(ifp_field_numbers(field, record)->values);
        } else if (field->kind == IFP_FIELD_REFERENCE) {
            free(*ifp_field_reference(field, record));
        } else if (field->kind == IFP_FIELD_SECTION && field->section->list) {
            ifp_record_free_list(field->section, owner);
        } else if (field->kind == IFP_FIELD_SECTION) {
            ifp_record_free_fields(field->section, owner);
            free(*ifp_section_extra(field->section, owner));
        }
    }
}

void ifp_record_reset(const struct ifp_section *section, void *record)
{
    char **extra = ifp_section_extra(section, record);
    ifp_record_free_fields(section, record);
    free(*extra);
    *extra = NULL;
    for (size_t f = 0; f < section->field_count; f++) {
        if (section->fields[f].kind == IFP_FIELD_NUMBERS)
            *ifp_field_numbers(&section->fields[f], record) = (struct ifp_numbers){0};
    }
    ifp_section_defaults(section, record);
    if (section->stores_form)
        *(int *)((char *)record + section->form) = 0;
}

/* Replaces the text by a copy; NULL stays NULL. Returns false if out of memory. */
static bool copy_text(char **text)
{
    if (!*text)
        return true;
    *text = ifp_string_copy(*text);
    return *text != NULL;
}

static bool copy_numbers(struct ifp_numbers *numbers)
{
    const double *from = numbers->values;
    numbers->values = NULL;
    if (!numbers->count)
        return true;
    numbers->values = malloc(numbers->count * sizeof *numbers->values);
    if (numbers->values)
        memcpy(numbers->values, from, numbers->count * sizeof *numbers->values);
    return numbers->values != NULL;
}

bool ifp_record_copy_list(const struct ifp_section *section, void *to, const void *from)
{
    size_t length = ifp_section_length(section, from);
    *ifp_section_names(section, to) = (struct ifp_names){0};
    set_records(section, to, NULL, 0);
    if (!length)
        return true;
    /* The capacity must be that of `grow`: the next power of two. */
    size_t capacity = 1;
    while (capacity < length)
        capacity *= 2;
    char *records = calloc(capacity, section->stride);
    if (!records)
        return false;
    set_records(section, to, records, length);
    bool good = true;
    for (size_t m = 0; m < length; m++) {
        struct ifp_record *record = (void *)(records + m * section->stride);
        const void *original = ifp_section_record(section, from, m);
        memcpy(record, original, section->stride);
        good &= copy_text(&record->name);
        good &= copy_text(&record->extra);
        good &= ifp_record_copy_fields(section, record, original);
    }
    struct ifp_names *names = ifp_section_names(section, to);
    good &= ifp_names_copy(names, ifp_section_names(section, from));
    for (size_t m = 0; m < names->count; m++)
        names->entries[m].name =
            ((const struct ifp_record *)ifp_section_record(section, to, m))->name;
    return good;
}

bool ifp_record_copy_fields(const struct ifp_section *section, void *to, const void *from)
{
    bool good = true;
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        void *owner = ifp_field_owner(field, to);
        if (field->kind == IFP_FIELD_NUMBERS) {
            good &= copy_numbers(ifp_field_numbers(field, to));
        } else if (field->kind == IFP_FIELD_REFERENCE) {
            good &= copy_text(ifp_field_reference(field, to));
        } else if (field->kind == IFP_FIELD_SECTION && field->section->list) {
            good &= ifp_record_copy_list(field->section, owner, ifp_field_owner(field, from));
        } else if (field->kind == IFP_FIELD_SECTION) {
            good &= ifp_record_copy_fields(field->section, owner, ifp_field_owner(field, from));
            good &= copy_text(ifp_section_extra(field->section, owner));
        }
    }
    return good;
}

/* Append a zeroed record with default values. Returns NULL if out of memory. */
void *ifp_record_append_unnamed(const struct ifp_section *section, void *owner)
{
    size_t length = ifp_section_length(section, owner);
    /* Double the capacity whenever the length is a power of two. */
    if ((length & (length - 1)) == 0 &&
        !ifp_array_resize((char *)owner + section->data, length ? 2 * length : 1, section->stride))
        return NULL;
    void *record = ifp_section_record(section, owner, length);
    memset(record, 0, section->stride);
    ifp_section_defaults(section, record);
    length++;
    memcpy((char *)owner + section->count, &length, sizeof length);
    return record;
}

void ifp_record_remove_last(const struct ifp_section *section, void *owner)
{
    size_t last = ifp_section_length(section, owner) - 1;
    free_record(section, ifp_section_record(section, owner, last));
    memcpy((char *)owner + section->count, &last, sizeof last);
}

int ifp_record_append(const struct ifp_section *section, void *owner, const char *name,
                      const struct ifp_place *list, struct ifp_error *error)
{
    size_t length = ifp_section_length(section, owner);
    const struct ifp_place member = {.up = list, .index = length};
    const struct ifp_place place = {.up = &member, .key = "name"};
    struct ifp_names *names = ifp_section_names(section, owner);
    int code = ifp_name_check(name, NULL, NULL);
    if (code) {
        struct ifp_text where = {0};
        ifp_place_write(&place, &where);
        code = where.failed ? ifp_error_memory(error) : ifp_name_check(name, where.data, error);
        ifp_text_clear(&where);
        return code;
    }
    size_t twin = ifp_names_find(names, name);
    if (twin < length)
        return ifp_place_refuse(&place, error,
                                "found \"%s\", which %s[%zu] has already; allowed: a name that is "
                                "unique in its list",
                                name, section->name, twin);
    struct ifp_record *record = ifp_record_append_unnamed(section, owner);
    if (!record)
        return ifp_error_memory(error);
    char *copy = ifp_string_copy(name);
    if (!copy || !ifp_names_add(names, copy)) {
        free(copy);
        ifp_record_remove_last(section, owner);
        return ifp_error_memory(error);
    }
    record->name = copy;
    return IFP_OK;
}
