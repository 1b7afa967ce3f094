/* SPDX-License-Identifier: MIT */
/* Parsing paths: which fields of an instance a path names. */
#include "instance/path.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "instance/profile.h"
#include "instance/table.h"
#include "instance/unknown.h"

int ifp_path_refuse(struct ifp_error *error, const char *path, const char *what)
{
    return ifp_error_set(error, IFP_ERROR_VALUE, path, "%s", what);
}

int ifp_path_refuse_entry(struct ifp_error *error, const char *path, const struct ifp_numbers *list)
{
    return ifp_error_set(error, IFP_ERROR_VALUE, path,
                         "no such entry; the list has %zu, counted from 0", list->count);
}

/* Only tp_speedup has another list as its default: the degrees. */
const struct ifp_numbers *ifp_path_list(const struct ifp_path *target, void *record)
{
    const struct ifp_numbers *now = ifp_field_numbers(target->field, record);
    bool inherited = target->field->presence == IFP_INHERITED && !now->count;
    return target->entries && inherited ? &((const struct ifp_tier_data *)record)->tp_degrees : now;
}

/* Is there no ] in the rest of the path? */
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

/* What stands in the brackets of a selector. */
enum selection { EVERY, BY_NUMBER, BY_NAME };

/* Reads "[*]" or "[number]" at `c`, which is in brackets that are closed. If it is neither, returns
 * BY_NAME. *index may be any number if it is too large for a list. */
static enum selection read_brackets(const char *c, size_t *index, const char **after)
{
    size_t digits = strspn(c + 1, "0123456789");
    *index = 0;
    if (c[1] == '*' && c[2] == ']') {
        *after = c + 3;
        return EVERY;
    }
    if (!digits || c[1 + digits] != ']')
        return BY_NAME;
    /* Further digits are ignored: no list is that long. */
    for (size_t d = 0; d < digits && *index <= SIZE_MAX / 100; d++)
        *index = *index * 10 + (size_t)(c[1 + d] - '0');
    *after = c + digits + 2;
    return BY_NUMBER;
}

/* The index of the profile in "MODEL,TIER,DEGREE]" at `c`, or the number of profiles. Names may
 * contain any character: the longest one that fits is meant. */
static size_t find_profile(const struct ifp_instance *instance, const char *c, const char **after)
{
    const struct ifp_names *models = &instance->model_names;
    const struct ifp_names *tiers = &instance->tier_names;
    size_t model = ifp_names_find_before(models, c, ',');
    if (model == models->count)
        return instance->profile_count;
    c += models->entries[model].size + 1;
    size_t tier = ifp_names_find_before(tiers, c, ',');
    if (tier == tiers->count)
        return instance->profile_count;
    c += tiers->entries[tier].size + 1;
    size_t digits = strspn(c, "0123456789");
    double degree = 0;
    for (size_t d = 0; d < digits; d++)
        degree = degree * 10 + (c[d] - '0');
    const struct ifp_profile_data *profile =
        c[digits] == ']' ? ifp_instance_profile(instance, model, tier, degree) : NULL;
    *after = c + digits + 1;
    return profile ? (size_t)(profile - instance->profiles) : instance->profile_count;
}

/* The index of the member that is named at `c`, before a ], or the length of the list. Names may
 * contain brackets too: the longest name that fits is meant. */
static size_t find_named(const struct ifp_instance *instance, const struct ifp_section *list,
                         const void *owner, const char *c, const char **after)
{
    if (list->key == IFP_KEY_CONFIGURATION)
        return find_profile(instance, c, after);
    const struct ifp_names *names = ifp_section_names(list, owner);
    size_t member = ifp_names_find_before(names, c, ']');
    if (member < names->count)
        *after = c + names->entries[member].size + 1;
    return member;
}

/* No member of the list of the first owner is named at `c`. */
static int unknown_name(const struct ifp_section *list, const void *owner, const char *path,
                        const char *c, struct ifp_error *error)
{
    if (list->key == IFP_KEY_CONFIGURATION)
        return ifp_path_refuse(error, path,
                               "there is no such profile; allowed: [MODEL,TIER,DEGREE] of a "
                               "profile, a number from 0, or * for all");
    return ifp_unknown_member(owner, list, c, (size_t)(strchr(c, ']') - c),
                              ", a number from 0, or * for all", path, error);
}

/* Reads "[..]" at *cursor, which names the members *first .. *last - 1 of the list. */
static int read_selector(const struct ifp_instance *instance, const struct ifp_section *list,
                         const char *path, const char **cursor, size_t *first, size_t *last,
                         struct ifp_error *error)
{
    const char *c = *cursor;
    size_t length = ifp_section_length(list, instance);
    if (is_open(c))
        return not_closed(error, path, list->name);
    enum selection selection = read_brackets(c, first, cursor);
    if (selection == EVERY) {
        *last = length;
        return length ? IFP_OK : no_members(error, path, list);
    }
    if (selection == BY_NAME)
        *first = find_named(instance, list, instance, c + 1, cursor);
    *last = *first + 1;
    if (*first < length)
        return IFP_OK;
    if (selection == BY_NUMBER)
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "no such member; %s has %zu, counted from 0", list->name, length);
    return length ? unknown_name(list, instance, path, c + 1, error)
                  : no_members(error, path, list);
}

/* A selector of members of nested lists. */
struct selector {
    enum selection selection;
    const char *name; /* BY_NAME: after the [ */
    const char *after;
    size_t index; /* BY_NUMBER */
};

/* The members of an owner's list that a selector names, *first .. *last - 1. */
static void select_members(const struct ifp_instance *instance, const struct ifp_section *list,
                           const void *owner, const struct selector *selector, size_t *first,
                           size_t *last)
{
    size_t length = ifp_section_length(list, owner);
    const char *after = NULL;
    *first = selector->index;
    if (selector->selection == BY_NAME)
        *first = find_named(instance, list, owner, selector->name, &after);
    *last = selector->selection == EVERY ? length : *first + 1;
    /* A shorter name that another owner's longer name begins with is not meant. */
    if (*last > length || (after && after != selector->after))
        *first = *last = 0;
}

/* Replace the records of the target by `count` others. Returns NULL if out of memory. */
static void **new_records(size_t count, struct ifp_path *target)
{
    return count > 1 ? malloc(count * sizeof(void *)) : &target->single;
}

static int nothing_selected(const struct ifp_section *list, const struct ifp_path *target,
                            size_t offset, const char *path, const struct selector *selector,
                            struct ifp_error *error)
{
    const char *owner = NULL;
    for (size_t r = 0; r < target->count; r++) {
        const char *candidate = (const char *)target->records[r] + offset;
        if (!owner || ifp_section_length(list, candidate) > ifp_section_length(list, owner))
            owner = candidate;
    }
    size_t length = ifp_section_length(list, owner);
    if (!length)
        return no_members(error, path, list);
    if (selector->selection == BY_NUMBER)
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "no such member; %s has %zu, counted from 0", list->name, length);
    return unknown_name(list, owner, path, selector->name, error);
}

/* Go from the records of the target to those of a list at `offset` in them, by the selector at
 * *cursor. After [*], a member that only some of the lists have is selected where it is. */
static int select_list(const struct ifp_instance *instance, const struct ifp_section *list,
                       size_t offset, const char *path, const char **cursor,
                       struct ifp_path *target, struct ifp_error *error)
{
    struct selector selector = {.name = *cursor + 1, .after = *cursor};
    if (is_open(*cursor))
        return not_closed(error, path, list->name);
    selector.selection = read_brackets(*cursor, &selector.index, &selector.after);
    for (size_t r = 0; selector.selection == BY_NAME && r < target->count; r++) {
        const char *after = NULL;
        const char *owner = (const char *)target->records[r] + offset;
        size_t found = find_named(instance, list, owner, selector.name, &after);
        if (found < ifp_section_length(list, owner) && after > selector.after)
            selector.after = after;
    }
    size_t total = 0;
    size_t first;
    size_t last;
    for (size_t r = 0; r < target->count; r++) {
        select_members(instance, list, (const char *)target->records[r] + offset, &selector, &first,
                       &last);
        total += last - first;
    }
    if (!total)
        return nothing_selected(list, target, offset, path, &selector, error);
    void **records = new_records(total, target);
    if (!records)
        return ifp_error_memory(error);
    size_t end = 0;
    for (size_t r = 0; r < target->count; r++) {
        const char *owner = (const char *)target->records[r] + offset;
        select_members(instance, list, owner, &selector, &first, &last);
        for (size_t m = first; m < last; m++)
            records[end++] = ifp_section_record(list, owner, m);
    }
    if (target->records != &target->single)
        free(target->records);
    target->records = records;
    target->count = total;
    target->section = list;
    *cursor = selector.after;
    return IFP_OK;
}

/* Reads "[number]" or "[*]" after the name of a list field. */
static int read_entry(const char *path, const char *c, struct ifp_path *target,
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
        return ifp_path_refuse(error, path,
                               "which entry? allowed: [number], counted from 0, or [*]");
    /* Further digits are ignored: no list is that long. */
    for (size_t d = 0; d < digits && target->entry <= SIZE_MAX / 100; d++)
        target->entry = target->entry * 10 + (size_t)(c[1 + d] - '0');
    return IFP_OK;
}

/* Is it a field of the file that a path cannot set: a name, source, format or version? */
static bool is_text(const struct ifp_section *section, const char *name)
{
    if (section->list && section->key == IFP_KEY_NAME)
        return !strcmp(name, "name");
    return section == &ifp_sections[IFP_SECTION_TOP] &&
           (!strcmp(name, "name") || !strcmp(name, "source") || !strcmp(name, "format") ||
            !strcmp(name, "version"));
}

static int read_table_path(const struct ifp_instance *instance, const char *path, const char *rest,
                           struct ifp_path *target, struct ifp_error *error)
{
    size_t length = strcspn(rest, "[.");
    target->table = ifp_table_find(rest, length);
    if (target->table == IFP_PERFORMANCE_COUNT)
        return ifp_unknown_in_path(NULL, rest, length, path, error);
    const struct ifp_table_field *about = &ifp_table_fields[target->table];
    const char *c = rest + length;
    while (*c == '[' && target->selectors < about->dimensions) {
        int d = target->selectors++;
        int code = read_selector(instance, ifp_table_list(about, d), path, &c, &target->from[d],
                                 &target->to[d], error);
        if (code)
            return code;
    }
    return *c ? ifp_path_refuse(error, path, "there is more after the field than it has dimensions")
              : IFP_OK;
}

/* Reads what follows the name of a section: selectors, and the . before a field. At the end of the
 * path of a nested object, *c is the end of the text. */
static int enter_section(const struct ifp_instance *instance, const struct ifp_section *section,
                         size_t offset, const char *path, const char **cursor,
                         struct ifp_path *target, struct ifp_error *error)
{
    const char *c = *cursor;
    if (section->list) {
        if (*c != '[')
            return ifp_path_refuse(error, path,
                                   section->key == IFP_KEY_CONFIGURATION
                                       ? "which member? allowed: [MODEL,TIER,DEGREE], [number] or "
                                         "[*]"
                                       : "which member? allowed: [name], [number] or [*]");
        int code = select_list(instance, section, offset, path, &c, target, error);
        if (code)
            return code;
    } else if (*c == '[') {
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "%s is no list, so that no [..] follows; allowed: %s.FIELD",
                             section->name, section->name);
    } else {
        for (size_t r = 0; r < target->count; r++)
            target->records[r] = (char *)target->records[r] + offset;
        target->section = section;
    }
    if (*c && *c != '.')
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "found \"%s\" behind the ]; allowed: . and a field's name", c);
    if (!*c)
        return ifp_path_refuse(error, path, "a field's name is missing after the section's");
    *cursor = c + 1;
    return IFP_OK;
}

/* Reads the fields' names at `c`, in the section of the target. */
static int read_field(const struct ifp_instance *instance, const char *path, const char *c,
                      struct ifp_path *target, struct ifp_error *error)
{
    size_t length = strcspn(c, ".[");
    const struct ifp_field *field = ifp_section_field(target->section, c, length);
    const char *rest = c + length;
    while (field && field->kind == IFP_FIELD_SECTION && (*rest || field->section->list)) {
        int code =
            enter_section(instance, field->section, field->offset, path, &rest, target, error);
        if (code)
            return code;
        c = rest;
        length = strcspn(c, ".[");
        field = ifp_section_field(target->section, c, length);
        rest = c + length;
    }
    target->field = *rest == '.' ? NULL : field;
    if (is_text(target->section, c) || (target->field && field->fixed))
        return ifp_path_refuse(error, path,
                               "is not to be set by a path; allowed: fields with numbers, with one "
                               "of a few words, or with the name of a pool");
    if (!target->field) /* without a selector, the name is all up to a bracket */
        return ifp_unknown_in_path(target->section, c, length, path, error);
    if (!*rest)
        return IFP_OK;
    if (field->kind == IFP_FIELD_NUMBERS)
        return read_entry(path, rest, target, error);
    return ifp_path_refuse(error, path, "is no list, so that no [..] follows");
}

int ifp_path_read(const struct ifp_instance *instance, const char *path, struct ifp_path *target,
                  struct ifp_error *error)
{
    *target = (struct ifp_path){0};
    size_t length = strcspn(path, ".[");
    if (length == strlen("performance") && !strncmp(path, "performance", length) &&
        path[length] == '.')
        return read_table_path(instance, path, path + length + 1, target, error);
    const char *c = path;
    int code = IFP_OK;
    target->section = &ifp_sections[IFP_SECTION_TOP];
    target->records = &target->single;
    target->single = (void *)(uintptr_t)instance;
    target->count = 1;
    for (size_t s = 0; path[length] && s < IFP_SECTION_COUNT; s++) {
        const struct ifp_section *section = &ifp_sections[s];
        if (s == IFP_SECTION_TOP || strlen(section->name) != length ||
            strncmp(path, section->name, length))
            continue;
        c = path + length;
        code = enter_section(instance, section, 0, path, &c, target, error);
        break;
    }
    if (!code)
        code = read_field(instance, path, c, target, error);
    if (code)
        ifp_path_release(target);
    return code;
}

void ifp_path_release(struct ifp_path *target)
{
    if (target->records != &target->single)
        free(target->records);
    target->records = NULL;
    target->count = 0;
}
