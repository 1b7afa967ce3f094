/* SPDX-License-Identifier: MIT */
/* Tells the fields of paths apart, and says which of them depend on each other: what
 * ifp_instance_set and ifp_instance_validate check beyond the range of each field. */
#include "sweep/grid_field.h"

#include <stdlib.h>
#include <string.h>

/* The name of a field of a list begins behind the last "]." of its path: names of members may hold
 * brackets and dots, names of fields hold neither. */
static void read_list_path(const char *path, struct grid_field *field)
{
    const char *end = path + strlen(path);
    field->every = strncmp(path + field->section_length, "[*].", 4) == 0;
    if (end[-1] == ']') {
        field->entries = true;
        end = strrchr(path, '[');
    }
    const char *at = end;
    while (at > path && !(at[-1] == '.' && at - path > 1 && at[-2] == ']'))
        at--;
    field->name = at;
    field->name_length = (size_t)(end - at);
}

static bool equals(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool is(const struct grid_field *field, const char *section, const char *name)
{
    return equals(field->section, field->section_length, section) &&
           equals(field->name, field->name_length, name);
}

static struct grid_field read_path(const char *path)
{
    struct grid_field field = {.section = path, .section_length = strcspn(path, ".["), .name = ""};
    if (path[field.section_length] == '[') {
        read_list_path(path, &field);
    } else if (path[field.section_length] == '.') {
        field.name = path + field.section_length + 1;
        /* Brackets follow the tables of performance. */
        field.name_length = strcspn(field.name, "[.");
    }
    bool degrees = is(&field, "tiers", "tp_degrees");
    field.replaces = !field.entries && !equals(field.section, field.section_length, "performance");
    field.lists = degrees || is(&field, "tiers", "tp_speedup");
    /* Profiles have integers, lists in order, and forms that exclude each other. */
    bool profiles =
        equals(field.section, field.section_length, "profiles") || is(&field, "policy", "headroom");
    field.whole = degrees || profiles || is(&field, "policy", "max_replicas") ||
                  is(&field, "policy", "paces") || is(&field, "policy", "deployments_per_pair");
    field.entangled = field.lists || profiles || is(&field, "queries", "tpot_limit_ms") ||
                      is(&field, "queries", "input_tokens") ||
                      is(&field, "queries", "output_tokens") || is(&field, "policy", "placement") ||
                      equals(field.section, field.section_length, "uncertainty");
    return field;
}

static int compare_texts(const char *left, size_t left_length, const char *right,
                         size_t right_length)
{
    if (left_length != right_length)
        return left_length < right_length ? -1 : 1;
    return memcmp(left, right, left_length);
}

static int compare_names(const struct grid_field *a, const struct grid_field *b)
{
    int order = compare_texts(a->section, a->section_length, b->section, b->section_length);
    return order ? order : compare_texts(a->name, a->name_length, b->name, b->name_length);
}

static int compare(const void *left, const void *right)
{
    const struct grid_field *a = *(struct grid_field *const *)left;
    const struct grid_field *b = *(struct grid_field *const *)right;
    int order = compare_names(a, b);
    return order ? order : (a > b) - (a < b);
}

/* Entries of speed-ups that were not given begin as the degrees. */
static void relate_lists(struct grid_field *fields, size_t count)
{
    bool degrees = false;
    bool entries = false;
    for (size_t a = 0; a < count; a++) {
        bool is_degrees = is(&fields[a], "tiers", "tp_degrees");
        bool is_entries = fields[a].lists && !is_degrees && fields[a].entries;
        if (is_entries && degrees)
            fields[a].follows = true;
        degrees = degrees || is_degrees;
        entries = entries || is_entries;
    }
    for (size_t a = 0; degrees && entries && a < count; a++) {
        if (fields[a].lists && (fields[a].entries || is(&fields[a], "tiers", "tp_degrees")))
            fields[a].shared = true;
    }
}

bool grid_fields_read(const struct grid *grid, struct grid_field *fields)
{
    size_t count = grid->axis_count;
    struct grid_field **sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return false;
    for (size_t a = 0; a < count; a++) {
        fields[a] = read_path(grid->axes[a].path);
        sorted[a] = &fields[a];
    }
    /* There may be thousands of axes. */
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t s = 1; s < count; s++) {
        if (compare_names(sorted[s - 1], sorted[s]) == 0) {
            sorted[s]->follows = true;
            sorted[s]->shared = sorted[s - 1]->shared = true;
        }
    }
    free(sorted);
    relate_lists(fields, count);
    for (size_t a = 0; a < count; a++)
        fields[a].entangled = fields[a].entangled || fields[a].shared;
    return true;
}
