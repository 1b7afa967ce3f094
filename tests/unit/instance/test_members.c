/* SPDX-License-Identifier: MIT */
/* Lists that grow, the names of their members, and copies of an instance. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/suite.h"

static ifp_instance *instance;
static ifp_error *error;

static void setup(void)
{
    error = ifp_error_new();
    instance = ifp_instance_new();
    ck_assert_ptr_nonnull(error);
    ck_assert_ptr_nonnull(instance);
}

static void teardown(void)
{
    ifp_instance_free(instance);
    ifp_error_free(error);
}

static const char *said(void)
{
    return ifp_error_message(ifp_instance_last_error(instance));
}

#define OK(call) ck_assert_msg((call) == IFP_OK, "%s", said())

static int (*const adders[])(ifp_instance *, const char *) = {
    ifp_instance_add_query, ifp_instance_add_model, ifp_instance_add_tier, ifp_instance_add_pool};
static size_t (*const counters[])(const ifp_instance *) = {
    ifp_instance_query_count, ifp_instance_model_count, ifp_instance_tier_count,
    ifp_instance_pool_count};
static const char *(*const namers[])(const ifp_instance *,
                                     size_t) = {ifp_instance_query_name, ifp_instance_model_name,
                                                ifp_instance_tier_name, ifp_instance_pool_name};
static const char *const lists[] = {"queries", "models", "tiers", "pools"};
static const char *const fields[] = {"rate_per_hour", "weights_gb", "tflops", "gpus"};

static void add_numbered(ifp_instance *to, int list, int from, int count)
{
    for (int m = from; m < from + count; m++) {
        char name[32];
        char path[64];
        (void)snprintf(name, sizeof name, "member %d", m);
        ck_assert_int_eq(adders[list](to, name), IFP_OK);
        (void)snprintf(path, sizeof path, "%s[%s].%s", lists[list], name, fields[list]);
        ck_assert_int_eq(ifp_instance_set_number(to, path, m + 1), IFP_OK);
    }
}

static void expect_numbered(const ifp_instance *in, int list, int count)
{
    ck_assert_uint_eq(counters[list](in), (size_t)count);
    for (int m = 0; m < count; m++) {
        char name[32];
        char path[64];
        double value = -1;
        (void)snprintf(name, sizeof name, "member %d", m);
        ck_assert_str_eq(namers[list](in, (size_t)m), name);
        (void)snprintf(path, sizeof path, "%s[%d].%s", lists[list], m, fields[list]);
        ck_assert_int_eq(ifp_instance_get_number(in, path, &value, error), IFP_OK);
        ck_assert_double_eq(value, m + 1);
    }
}

START_TEST(lists_grow)
{
    add_numbered(instance, _i, 0, 100);
    expect_numbered(instance, _i, 100);
}
END_TEST

/* A copy grows on its own, from whatever length it was taken at. */
START_TEST(copies_grow)
{
    for (int length = 0; length < 20; length++) {
        ifp_instance *copy = ifp_instance_copy(instance);
        ck_assert_ptr_nonnull(copy);
        add_numbered(copy, _i, length, 20);
        expect_numbered(copy, _i, length + 20);
        expect_numbered(instance, _i, length);
        ifp_instance_free(copy);
        add_numbered(instance, _i, length, 1);
    }
}
END_TEST

static const char good_text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"original\","
    " \"source\": \"here\", \"x_own\": {\"a\": [1, 2]},"
    " \"horizon\": {\"rental_hours\": 10, \"x_h\": 1}, \"limits\": {\"budget_usd\": 9,"
    "  \"x_l\": 2}, \"storage_usd_per_gb_hour\": 1, \"policy\": {\"x_p\": 3},"
    " \"uncertainty\": {\"x_u\": 4},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 1, \"output_tokens\": 1,"
    "  \"rate_per_hour\": 1, \"unmet_penalty_usd\": 1, \"x_q\": 5}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 1, \"kv_gb_per_token\": 1, \"x_m\": 6}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 1,"
    "  \"tp_degrees\": [1, 2], \"tp_speedup\": [1, 2], \"pool\": \"P\", \"x_t\": 7}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 4, \"x_o\": 8}],"
    " \"performance\": {\"delay_ms_per_token\": [[[1]]], \"error_rate\": [0.5],"
    "  \"delay_shrink\": [[0.5]], \"x_f\": 9}}";

static int no_longer(ifp_instance *copy)
{
    (void)copy;
    return IFP_OK;
}

static int change_name(ifp_instance *copy)
{
    return ifp_instance_set_name(copy, "copy");
}

static int change_source(ifp_instance *copy)
{
    return ifp_instance_set_source(copy, "there");
}

static int change_numbers(ifp_instance *copy)
{
    return ifp_instance_set_number(copy, "limits.budget_usd", 1) ||
           ifp_instance_set_number(copy, "queries[0].rate_per_hour", 2) ||
           ifp_instance_set_number(copy, "models[0].weights_gb", 3) ||
           ifp_instance_set_number(copy, "tiers[0].tflops", 4) ||
           ifp_instance_set_number(copy, "pools[0].gpus", 5);
}

static int change_lists(ifp_instance *copy)
{
    return ifp_instance_scale(copy, "tiers[0].tp_degrees", 2) ||
           ifp_instance_scale(copy, "tiers[0].tp_speedup", 2);
}

static int change_pool(ifp_instance *copy)
{
    return ifp_instance_set_null(copy, "tiers[0].pool");
}

static int change_tables(ifp_instance *copy)
{
    return ifp_instance_scale(copy, "performance.delay_ms_per_token", 2) ||
           ifp_instance_set_number(copy, "performance.error_rate", 0.1) ||
           ifp_instance_set_null(copy, "performance.error_rate[0][0][0]") ||
           ifp_instance_scale(copy, "performance.delay_shrink[0]", 0.5);
}

static int change_words(ifp_instance *copy)
{
    return ifp_instance_set_word(copy, "policy.placement", "single");
}

static int change_length(ifp_instance *copy)
{
    return ifp_instance_add_query(copy, "b") || ifp_instance_add_model(copy, "N") ||
           ifp_instance_add_tier(copy, "U") || ifp_instance_add_pool(copy, "Q");
}

static int (*const changes[])(ifp_instance *) = {no_longer,      change_name,  change_source,
                                                 change_numbers, change_lists, change_pool,
                                                 change_tables,  change_words, change_length};

/* Whatever is changed in a copy, the original stays, and the other way round. */
START_TEST(copies_are_their_own)
{
    ifp_instance *original = ifp_instance_read_string(good_text, strlen(good_text), error);
    ck_assert_msg(original != NULL, "%s", ifp_error_message(error));
    char *before = ifp_instance_write_json(original);
    for (int which = 0; which < 2; which++) {
        ifp_instance *copy = ifp_instance_copy(original);
        char *same = ifp_instance_write_json(copy);
        suite_expect_same(same, before);
        ifp_text_free(same);
        ck_assert_int_eq(changes[_i](which ? original : copy), IFP_OK);
        char *kept = ifp_instance_write_json(which ? copy : original);
        char *changed = ifp_instance_write_json(which ? original : copy);
        suite_expect_same(kept, before);
        ck_assert_int_eq(strcmp(changed, before) == 0, _i == 0);
        ifp_text_free(kept);
        ifp_text_free(changed);
        ifp_instance_free(copy);
    }
    ifp_text_free(before);
    ifp_instance_free(original);
}
END_TEST

/* Also one that is not finished yet, and without the errors of the original. */
START_TEST(unfinished_copies)
{
    OK(ifp_instance_add_query(instance, "a"));
    OK(ifp_instance_set_number(instance, "performance.error_rate[a]", 0.5));
    ck_assert_int_eq(ifp_instance_add_query(instance, "a"), IFP_ERROR_VALUE);
    ifp_instance *copy = ifp_instance_copy(instance);
    ck_assert_ptr_nonnull(copy);
    ck_assert_int_eq(ifp_error_code(ifp_instance_last_error(copy)), IFP_OK);
    ck_assert_str_eq(ifp_error_message(ifp_instance_last_error(copy)), "");
    char *one = ifp_instance_write_json(instance);
    char *two = ifp_instance_write_json(copy);
    suite_expect_same(one, two);
    ifp_text_free(one);
    ifp_text_free(two);
    ifp_instance_free(copy);
    ck_assert_ptr_null(ifp_instance_copy(NULL));
}
END_TEST

static const struct {
    const char *name;
    const char *message; /* NULL: it is good */
} names[] = {
    {"a", NULL},
    {" ", NULL},
    {"x_a", NULL},
    {"name with [brackets], commas. and \"quotes\" \\", NULL},
    {"\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80", NULL},
    {"\xc2\xa0", NULL},
    {"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbd", NULL},
    {"\xe2\x80\x8c\xe2\x80\x8d\xef\xb8\x8f", NULL},
    {"", "found an empty name; allowed: a non-empty name"},
    {"a\nb", "found U+000A in \"a b\", a control character; allowed: text without control "
             "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\t", "found U+0009 in \" \", a control character; allowed: text without control "
           "characters, bidirectional controls, invisible characters and noncharacters"},
    {"a\x7f", "found U+007F in \"a \", a control character; allowed: text without control "
              "characters, bidirectional controls, invisible characters and noncharacters"},
    {"a\x1b[0m", "found U+001B in \"a [0m\", a control character; allowed: text without control "
                 "characters, bidirectional controls, invisible characters and noncharacters"},
    {"a\xc2\x85"
     "b",
     "found U+0085 in \"a b\", a control character; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"a\xe2\x80\xa8"
     "b",
     "found U+2028 in \"a b\", a control character; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"a\xe2\x80\xae"
     "b",
     "found U+202E in \"a?b\", a bidirectional control; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xd8\x9c", "found U+061C in \"?\", a bidirectional control; allowed: text without control "
                 "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xe2\x81\xa6",
     "found U+2066 in \"?\", a bidirectional control; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xc2\xad", "found U+00AD in \"?\", a invisible character; allowed: text without control "
                 "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xef\xbb\xbf", "found U+FEFF in \"?\", a invisible character; allowed: text without control "
                     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xf3\xa0\x81\x81",
     "found U+E0041 in \"?\", a invisible character; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xef\xbf\xbe", "found U+FFFE in \"?\", a noncharacter; allowed: text without control "
                     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xef\xb7\x90", "found U+FDD0 in \"?\", a noncharacter; allowed: text without control "
                     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\xf4\x8f\xbf\xbf",
     "found U+10FFFF in \"?\", a noncharacter; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"a\xff", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\x80", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xc0\xaf", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xc3", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xc3(", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xe0\x9f\xbf", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xe2\x82", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xed\xa0\x80", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xf0\x8f\xbf\xbf", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xf4\x90\x80\x80", "found bytes that are not UTF-8; allowed: UTF-8 text"},
    {"\xf8\x88\x80\x80\x80", "found bytes that are not UTF-8; allowed: UTF-8 text"},
};

static void expect_message(const char *where, const char *message)
{
    char all[256];
    (void)snprintf(all, sizeof all, "%s: %s", where, message);
    ck_assert_str_eq(said(), all);
    ck_assert_str_eq(ifp_error_where(ifp_instance_last_error(instance)), where);
}

START_TEST(what_a_name_may_be)
{
    const char *name = names[_i].name;
    for (int list = 0; list < 4; list++) {
        char where[32];
        ck_assert_int_eq(adders[list](instance, "first"), IFP_OK);
        ck_assert_int_eq(adders[list](instance, name),
                         names[_i].message ? IFP_ERROR_VALUE : IFP_OK);
        ck_assert_uint_eq(counters[list](instance), names[_i].message ? 1 : 2);
        (void)snprintf(where, sizeof where, "%s[1].name", lists[list]);
        if (names[_i].message)
            expect_message(where, names[_i].message);
        else
            ck_assert_str_eq(namers[list](instance, 1), name);
    }
    ck_assert_int_eq(ifp_instance_set_name(instance, name),
                     names[_i].message ? IFP_ERROR_VALUE : IFP_OK);
    if (names[_i].message)
        expect_message("name", names[_i].message);
    ck_assert_str_eq(ifp_instance_name(instance), names[_i].message ? "" : name);
}
END_TEST

START_TEST(names_are_unique_in_their_list)
{
    for (int list = 0; list < 4; list++) {
        char where[32];
        char message[128];
        ck_assert_int_eq(adders[list](instance, "a"), IFP_OK);
        ck_assert_int_eq(adders[list](instance, "A"), IFP_OK);
        ck_assert_int_eq(adders[list](instance, "a"), IFP_ERROR_VALUE);
        (void)snprintf(where, sizeof where, "%s[2].name", lists[list]);
        (void)snprintf(message, sizeof message,
                       "found \"a\", which %s[0] has already; allowed: a name that is unique in "
                       "its list",
                       lists[list]);
        expect_message(where, message);
        ck_assert_uint_eq(counters[list](instance), 2);
    }
}
END_TEST

START_TEST(null_is_no_name)
{
    for (int list = 0; list < 4; list++) {
        ck_assert_int_eq(adders[list](instance, NULL), IFP_ERROR_ARGUMENT);
        ck_assert_str_eq(said(), "the name is NULL");
        ck_assert_int_eq(adders[list](NULL, "a"), IFP_ERROR_ARGUMENT);
    }
    ck_assert_int_eq(ifp_instance_set_name(instance, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_source(instance, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_source(instance, "\xff"), IFP_ERROR_VALUE);
    ck_assert_str_eq(said(), "source: found bytes that are not UTF-8; allowed: UTF-8 text");
}
END_TEST

/* A table belongs to the lists it was given for. */
START_TEST(growth_after_tables)
{
    static const double two[] = {1, 2};
    static const double three[] = {1, 2, 3};
    double value;
    instance = (ifp_instance_free(instance),
                ifp_instance_read_string(good_text, strlen(good_text), error));
    OK(ifp_instance_add_query(instance, "b"));
    OK(ifp_instance_set_number(instance, "queries[b].input_tokens", 1));
    OK(ifp_instance_set_number(instance, "queries[b].output_tokens", 1));
    OK(ifp_instance_set_number(instance, "queries[b].rate_per_hour", 1));
    OK(ifp_instance_set_number(instance, "queries[b].unmet_penalty_usd", 1));
    static const char stale[] =
        "performance.delay_ms_per_token: found 1 entry, given before the lists had their "
        "present lengths; allowed: 2";
    ck_assert_int_eq(ifp_instance_validate(instance, error), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(error), stale);
    ck_assert_int_eq(
        ifp_instance_get_number(instance, "performance.delay_ms_per_token[b][M][T]", &value, error),
        IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(error), stale);
    /* Which of the old entries would belong to which member now, nobody can say. */
    ck_assert_int_eq(
        ifp_instance_set_number(instance, "performance.delay_ms_per_token[b][M][T]", 5),
        IFP_ERROR_VALUE);
    ck_assert_str_eq(said(), stale);
    ck_assert_int_eq(ifp_instance_scale(instance, "performance.delay_ms_per_token", 5),
                     IFP_ERROR_VALUE);
    ck_assert_str_eq(said(), stale);
    char *unfinished = ifp_instance_write_json(instance);
    ck_assert_ptr_nonnull(unfinished);
    ifp_text_free(unfinished);
    /* A table that is given anew is fine. */
    OK(ifp_instance_set_numbers(instance, "performance.delay_ms_per_token", two, 2));
    OK(ifp_instance_set_number(instance, "performance.error_rate", 0.5));
    ck_assert_msg(ifp_instance_validate(instance, error) == IFP_OK, "%s", ifp_error_message(error));
    OK(ifp_instance_add_query(instance, "c"));
    ck_assert_int_eq(ifp_instance_set_number(instance, "performance.delay_ms_per_token[c]", 5),
                     IFP_ERROR_VALUE);
    OK(ifp_instance_set_numbers(instance, "performance.delay_ms_per_token", three, 3));
    OK(ifp_instance_set_number(instance, "performance.delay_ms_per_token[c]", 5));
    ck_assert_int_eq(
        ifp_instance_get_number(instance, "performance.delay_ms_per_token[c]", &value, error),
        IFP_OK);
    ck_assert_double_eq(value, 5);
}
END_TEST

static Suite *members_suite(void)
{
    Suite *suite = suite_create("members");
    TCase *members = tcase_create("members");
    tcase_add_checked_fixture(members, setup, teardown);
    tcase_add_loop_test(members, lists_grow, 0, 4);
    tcase_add_loop_test(members, copies_grow, 0, 4);
    tcase_add_loop_test(members, copies_are_their_own, 0, (int)(sizeof changes / sizeof *changes));
    tcase_add_test(members, unfinished_copies);
    tcase_add_loop_test(members, what_a_name_may_be, 0, (int)(sizeof names / sizeof *names));
    tcase_add_test(members, names_are_unique_in_their_list);
    tcase_add_test(members, null_is_no_name);
    tcase_add_test(members, growth_after_tables);
    suite_add_tcase(suite, members);
    return suite;
}

int main(void)
{
    return suite_run(members_suite());
}
