/* SPDX-License-Identifier: MIT */
/* What is read by a path can be set back by the same path: every field of every example, by each
 * form of its path, in one piece and number by number. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "instance/fields.h"
#include "support/suite.h"

static const char *const examples[] = {"icc2025-ddu.json", "icc2025.json", "seed-sample.json"};
enum { EXAMPLES = 3, PATH_SIZE = 512 };

static ifp_instance *read_example(int which)
{
    char path[1024];
    const char *directory = getenv("INFERPLAN_INSTANCES");
    ck_assert_ptr_nonnull(directory);
    (void)snprintf(path, sizeof path, "%s/%s", directory, examples[which]);
    ifp_error *error = ifp_error_new();
    ifp_instance *instance = ifp_instance_read_file(path, error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    ifp_error_free(error);
    return instance;
}

/* The numbers at a path, which the caller frees; NULL if it names none that can be read. */
static double *numbers_at(const ifp_instance *instance, const char *path, size_t *count)
{
    *count = 0;
    if (ifp_instance_get_numbers(instance, path, NULL, count, NULL))
        return NULL;
    double *values = malloc((*count + 1) * sizeof *values);
    ck_assert_ptr_nonnull(values);
    ck_assert_int_eq(ifp_instance_get_numbers(instance, path, values, count, NULL), IFP_OK);
    return values;
}

static void expect_numbers(const ifp_instance *instance, const char *path, const double *expected,
                           size_t count)
{
    size_t found_count;
    double *found = numbers_at(instance, path, &found_count);
    ck_assert_msg(found && found_count == count && !memcmp(found, expected, count * sizeof *found),
                  "%s: %zu numbers, expected %zu", path, found_count, count);
    free(found);
}

/* Everything in the instance, as what its fields mean and not as they were written. */
static void expect_same(const ifp_instance *one, const ifp_instance *other, const char *path)
{
    for (int s = 0; s < IFP_SECTION_COUNT; s++) {
        const struct ifp_section *section = &ifp_sections[s];
        size_t length = ifp_section_length(section, one);
        for (size_t m = 0; m < length; m++) {
            for (size_t f = 0; f < section->field_count; f++) {
                if (section->fields[f].kind != IFP_FIELD_NUMBER &&
                    section->fields[f].kind != IFP_FIELD_NUMBERS)
                    continue;
                char field[PATH_SIZE];
                if (section->list)
                    (void)snprintf(field, sizeof field, "%s[%zu].%s", section->name, m,
                                   section->fields[f].name);
                else
                    (void)snprintf(field, sizeof field, "%s%s%s", section->name,
                                   *section->name ? "." : "", section->fields[f].name);
                size_t count;
                double *expected = numbers_at(one, field, &count);
                if (expected)
                    expect_numbers(other, field, expected, count);
                free(expected);
            }
        }
    }
    for (int t = 0; t < IFP_PERFORMANCE_COUNT; t++) {
        char field[PATH_SIZE];
        (void)snprintf(field, sizeof field, "performance.%s", ifp_table_fields[t].field.name);
        size_t count;
        double *expected = numbers_at(one, field, &count);
        ck_assert_msg(expected != NULL, "%s after %s", field, path);
        expect_numbers(other, field, expected, count);
        free(expected);
    }
}

/* How many paths were held: a test that reads none would hold all. */
static size_t held;

/* `whole`: also compare all the rest of the instance. */
static void hold(const ifp_instance *instance, const char *path, bool whole)
{
    size_t count;
    double *values = numbers_at(instance, path, &count);
    if (!values)
        return;
    held++;
    ifp_instance *copy = ifp_instance_copy(instance);
    ck_assert_ptr_nonnull(copy);
    ck_assert_msg(ifp_instance_set_numbers(copy, path, values, count) == IFP_OK, "%s",
                  ifp_error_message(ifp_instance_last_error(copy)));
    expect_numbers(copy, path, values, count);
    double number;
    if (!ifp_instance_get_number(instance, path, &number, NULL)) {
        /* Numbers of a table show all entries that the one number stands for. */
        ck_assert(values[0] == number);
        ck_assert_msg(ifp_instance_set_number(copy, path, number) == IFP_OK, "%s",
                      ifp_error_message(ifp_instance_last_error(copy)));
        expect_numbers(copy, path, values, count);
    }
    if (whole)
        expect_same(instance, copy, path);
    ifp_instance_free(copy);
    free(values);
}

static const char *member_name(const ifp_instance *instance, const struct ifp_section *section,
                               size_t index)
{
    return ((const struct ifp_record *)ifp_section_record(section, instance, index))->name;
}

static void hold_field(const ifp_instance *instance, const char *before,
                       const struct ifp_field *field)
{
    static const char *const entries[] = {"", "[0]", "[1]", "[*]"};
    for (size_t e = 0; e < sizeof entries / sizeof *entries; e++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s%s%s", before, field->name, entries[e]);
        hold(instance, path, true);
    }
}

START_TEST(fields)
{
    ifp_instance *instance = read_example(_i);
    held = 0;
    for (int s = 0; s < IFP_SECTION_COUNT; s++) {
        const struct ifp_section *section = &ifp_sections[s];
        for (size_t f = 0; f < section->field_count; f++) {
            char before[PATH_SIZE];
            if (!section->list) {
                (void)snprintf(before, sizeof before, "%s%s", section->name,
                               *section->name ? "." : "");
                hold_field(instance, before, &section->fields[f]);
                continue;
            }
            (void)snprintf(before, sizeof before, "%s[*].", section->name);
            hold_field(instance, before, &section->fields[f]);
            for (size_t m = 0; m < ifp_section_length(section, instance); m++) {
                (void)snprintf(before, sizeof before, "%s[%zu].", section->name, m);
                hold_field(instance, before, &section->fields[f]);
                (void)snprintf(before, sizeof before, "%s[%s].", section->name,
                               member_name(instance, section, m));
                hold_field(instance, before, &section->fields[f]);
            }
        }
    }
    ck_assert_uint_gt(held, 100);
    ifp_instance_free(instance);
}
END_TEST

/* No selector, or first, last or every member, in each dimension down to each depth. */
static void hold_selectors(const ifp_instance *instance, enum ifp_performance table, int dimension,
                           const char *path, bool read_too)
{
    const struct ifp_table_field *about = &ifp_table_fields[table];
    if (read_too)
        hold(instance, path, true);
    if (dimension == about->dimensions)
        return;
    const struct ifp_section *list = ifp_table_list(about, dimension);
    size_t last = ifp_section_length(list, instance) - 1;
    char next[PATH_SIZE];
    ck_assert_int_lt(snprintf(next, sizeof next, "%s[*]", path), PATH_SIZE);
    hold_selectors(instance, table, dimension + 1, next, true);
    ck_assert_int_lt(snprintf(next, sizeof next, "%s[0]", path), PATH_SIZE);
    hold_selectors(instance, table, dimension + 1, next, true);
    ck_assert_int_lt(snprintf(next, sizeof next, "%s[%s]", path, member_name(instance, list, last)),
                     PATH_SIZE);
    hold_selectors(instance, table, dimension + 1, next, true);
}

START_TEST(tables)
{
    ifp_instance *instance = read_example(_i);
    held = 0;
    for (int t = 0; t < IFP_PERFORMANCE_COUNT; t++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "performance.%s", ifp_table_fields[t].field.name);
        hold_selectors(instance, (enum ifp_performance)t, 0, path, true);
    }
    ck_assert_uint_ge(held, 3 * 40);
    ifp_instance_free(instance);
}
END_TEST

/* Numbers land where they are read, whatever the rank of the table was: each entry is another. */
static void hold_distinct(ifp_instance *instance, const char *path)
{
    size_t count;
    double *values = numbers_at(instance, path, &count);
    ck_assert_ptr_nonnull(values);
    size_t whole_count;
    double *whole = numbers_at(instance, "performance.delay_ms_per_token", &whole_count);
    for (size_t v = 0; v < count; v++)
        values[v] = v % 7 == 3 ? (double)INFINITY : 1000 + (double)v;
    ck_assert_int_eq(ifp_instance_set_numbers(instance, path, values, count), IFP_OK);
    expect_numbers(instance, path, values, count);
    size_t after_count;
    double *after = numbers_at(instance, "performance.delay_ms_per_token", &after_count);
    ck_assert_uint_eq(whole_count, after_count);
    size_t changed = 0;
    for (size_t v = 0; v < whole_count; v++)
        changed += whole[v] != after[v];
    ck_assert_uint_le(changed, count);
    ck_assert_uint_ge(changed, count - (count + 3) / 7);
    free(values);
    free(whole);
    free(after);
}

START_TEST(tables_of_every_rank)
{
    static const char *const paths[] = {"",          "[0]",       "[*]",       "[1][0]",
                                        "[*][1]",    "[1][*]",    "[*][*]",    "[0][1][2]",
                                        "[*][0][1]", "[1][*][1]", "[0][1][*]", "[*][*][*]"};
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "performance.delay_ms_per_token%s", paths[p]);
        ifp_instance *instance = read_example(0);
        ck_assert_int_eq(ifp_instance_set_number(instance, "performance.delay_ms_per_token", 5),
                         IFP_OK);
        if (_i > 0) {
            /* One number for each member of the first list, or two. */
            ck_assert_int_eq(ifp_instance_set_number(instance,
                                                     _i == 1
                                                         ? "performance.delay_ms_per_token[0]"
                                                         : "performance.delay_ms_per_token[0][1]",
                                                     6),
                             IFP_OK);
        }
        hold_distinct(instance, path);
        ifp_instance_free(instance);
    }
}
END_TEST

/* A number for each member or entry, and one for all. */
START_TEST(entries_of_lists)
{
    static const double two[] = {4, 8};
    ifp_instance *instance = ifp_instance_new();
    ck_assert_ptr_nonnull(instance);
    ck_assert_int_eq(ifp_instance_add_tier(instance, "a"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_tier(instance, "b"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[*].tp_degrees", "[1, 2]"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "tiers[*].tp_degrees[1]", two, 2), IFP_OK);
    expect_numbers(instance, "tiers[a].tp_degrees", (const double[]){1, 4}, 2);
    expect_numbers(instance, "tiers[b].tp_degrees", (const double[]){1, 8}, 2);
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "tiers[b].tp_degrees[*]", two, 2), IFP_OK);
    expect_numbers(instance, "tiers[b].tp_degrees", two, 2);
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "tiers[*].tp_degrees[0]", two + 1, 1),
                     IFP_ERROR_VALUE);
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "tiers[*].tp_degrees[0]", (double[]){3}, 1),
                     IFP_OK);
    expect_numbers(instance, "tiers[*].tp_degrees[0]", (const double[]){3, 3}, 2);
    ifp_instance_free(instance);
}
END_TEST

START_TEST(nulls)
{
    ifp_instance *instance = read_example(0);
    double value;
    ck_assert_int_eq(ifp_instance_set(instance, "limits.budget_usd", "[null]"), IFP_OK);
    ck_assert_int_eq(ifp_instance_get_number(instance, "limits.budget_usd", &value, NULL), IFP_OK);
    ck_assert(isinf(value));
    ck_assert_int_eq(ifp_instance_set_number(instance, "limits.budget_usd", 7), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(instance, "limits.budget_usd", value), IFP_OK);
    static const char entry[] = "performance.error_rate[0][0][0]";
    static const double nothing[] = {NAN, INFINITY};
    for (int n = 0; n < 2; n++) {
        ck_assert_int_eq(ifp_instance_set_number(instance, entry, 0.5), IFP_OK);
        ck_assert_int_eq(ifp_instance_set_numbers(instance, entry, &nothing[n], 1), IFP_OK);
        ck_assert_int_eq(ifp_instance_get_number(instance, entry, &value, NULL), IFP_OK);
        ck_assert(isinf(value));
        ck_assert_int_eq(ifp_instance_set_number(instance, entry, 0.5), IFP_OK);
        ck_assert_int_eq(ifp_instance_set_number(instance, entry, nothing[n]), IFP_OK);
    }
    ck_assert_int_eq(ifp_instance_set_number(instance, "limits.budget_usd", (double)NAN),
                     IFP_ERROR_VALUE);
    ck_assert_int_eq(
        ifp_instance_set_number(instance, "performance.kv_residency_hours", (double)INFINITY),
        IFP_ERROR_VALUE);
    ifp_instance_free(instance);
}
END_TEST

static Suite *set_back_suite(void)
{
    Suite *suite = suite_create("set back");
    TCase *paths = tcase_create("paths");
    tcase_set_timeout(paths, 60);
    tcase_add_loop_test(paths, fields, 0, EXAMPLES);
    tcase_add_loop_test(paths, tables, 0, EXAMPLES);
    tcase_add_loop_test(paths, tables_of_every_rank, 0, 3);
    tcase_add_test(paths, entries_of_lists);
    tcase_add_test(paths, nulls);
    suite_add_tcase(suite, paths);
    return suite;
}

int main(void)
{
    return suite_run(set_back_suite());
}
