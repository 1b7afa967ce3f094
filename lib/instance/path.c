/* SPDX-License-Identifier: MIT */
/* Parsing paths: which fields of an instance a path names. */
#include "instance/path.h"

#include <stdint.h>
#include <string.h>

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

/* Reads "[..]" at *cursor, which names the members *first .. *last - 1 of the list. */
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
        *last = length;
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
    /* Names may contain any character, brackets too: the path means the longest name that fits. */
    const struct ifp_names *names = ifp_section_names(list, instance);
    size_t member = ifp_names_find_before(names, c, ']');
    if (member == length)
        return length ? ifp_unknown_member(instance, list, c, (size_t)(strchr(c, ']') - c),
                                           ", a number from 0, or * for all", path, error)
                      : no_members(error, path, list);
    *first = member;
    *last = member + 1;
    *cursor = c + names->entries[member].size + 1;
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
    if (section->list)
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

int ifp_path_read(const struct ifp_instance *instance, const char *path, struct ifp_path *target,
                  struct ifp_error *error)
{
    *target = (struct ifp_path){0};
    size_t length = strcspn(path, ".[");
    if (length == strlen("performance") && !strncmp(path, "performance", length) &&
        path[length] == '.')
        return read_table_path(instance, path, path + length + 1, target, error);
    const char *c = path;
    target->section = &ifp_sections[IFP_SECTION_TOP];
    target->last = 1;
    for (size_t s = 0; path[length] && s < IFP_SECTION_COUNT; s++) {
        const struct ifp_section *section = &ifp_sections[s];
        if (s == IFP_SECTION_TOP || strlen(section->name) != length ||
            strncmp(path, section->name, length))
            continue;
        target->section = section;
        c = path + length;
        if (section->list) {
            if (*c != '[')
                return ifp_path_refuse(error, path,
                                       "which member? allowed: [name], [number] or [*]");
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
            return ifp_path_refuse(error, path, "a field's name is missing after the section's");
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
        return ifp_path_refuse(error, path, "is no list, so that no [..] follows");
    if (is_text(target->section, c))
        return ifp_path_refuse(error, path,
                               "is not to be set by a path; allowed: fields with numbers, with one "
                               "of a few words, or with the name of a pool");
    return ifp_unknown_in_path(target->section, c, strcspn(c, ".["), path, error);
}
