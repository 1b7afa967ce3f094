/* SPDX-License-Identifier: MIT */
/* Options: the table, setting by key and by name, and what is refused. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "engine/options.h"
#include "support/suite.h"

static ifp_options *options;

static void setup(void)
{
    options = ifp_options_new();
    ck_assert_ptr_nonnull(options);
}

static void teardown(void)
{
    ifp_options_free(options);
}

static void expect_error(int code, int expected, const char *message)
{
    ck_assert_int_eq(code, expected);
    ck_assert_int_eq(ifp_error_code(ifp_options_last_error(options)), expected);
    ck_assert_str_eq(ifp_error_message(ifp_options_last_error(options)), message);
}

/* The keys are promised for ever. */
START_TEST(table)
{
    static const struct {
        int key;
        int type;
        const char *name;
        const char *allowed;
        const char *standard;
    } expected[] = {
        {100, IFP_OPTION_TYPE_NUMBER, "gap", "a number from 0 to 1", "1e-4"},
        {101, IFP_OPTION_TYPE_NUMBER, "time_limit", "a number of seconds above 0, or none", "none"},
        {102, IFP_OPTION_TYPE_NUMBER, "memory_limit_mb", "a number of megabytes above 0, or none",
         "8192"},
        {200, IFP_OPTION_TYPE_WORD, "engine", "auto|mip|decompose", "auto"},
        {201, IFP_OPTION_TYPE_WORD, "linearization", "exact|mccormick|sos1", "exact"},
    };
    const size_t count = sizeof expected / sizeof *expected;
    ck_assert_uint_eq(ifp_option_count(), count);
    for (size_t o = 0; o < count; o++) {
        ck_assert_int_eq(ifp_option_key(o), expected[o].key);
        ck_assert_int_eq(ifp_option_type(o), expected[o].type);
        ck_assert_str_eq(ifp_option_name(o), expected[o].name);
        ck_assert_str_eq(ifp_option_allowed(o), expected[o].allowed);
        ck_assert_str_eq(ifp_option_default(o), expected[o].standard);
        ck_assert_uint_gt(strlen(ifp_option_doc(o)), 10);
    }
    ck_assert_int_eq(ifp_option_key(count), 0);
    ck_assert_int_eq(ifp_option_type(count), 0);
    ck_assert_ptr_null(ifp_option_name(count));
    ck_assert_ptr_null(ifp_option_allowed(count));
    ck_assert_ptr_null(ifp_option_default(count));
    ck_assert_ptr_null(ifp_option_doc((size_t)-1));
}
END_TEST

/* What the table says is what new options hold, and can be set by name as it stands. */
START_TEST(defaults)
{
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_GAP), 1e-4);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_TIME_LIMIT), INFINITY);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_MEMORY_LIMIT_MB), 8192);
    ck_assert_str_eq(ifp_options_word(options, IFP_OPTION_ENGINE), "auto");
    ck_assert_str_eq(ifp_options_word(options, IFP_OPTION_LINEARIZATION), "exact");
    ck_assert_int_eq(ifp_error_code(ifp_options_last_error(options)), IFP_OK);
    ifp_options *changed = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(changed, "gap", "0.5"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(changed, "time_limit", "7"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(changed, "engine", "mip"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(changed, "linearization", "sos1"), IFP_OK);
    for (size_t o = 0; o < ifp_option_count(); o++) {
        int key = ifp_option_key(o);
        ck_assert_int_eq(ifp_options_set(changed, ifp_option_name(o), ifp_option_default(o)),
                         IFP_OK);
        if (ifp_option_type(o) == IFP_OPTION_TYPE_NUMBER)
            ck_assert_double_eq(ifp_options_number(changed, key), ifp_options_number(options, key));
        else
            ck_assert_str_eq(ifp_options_word(changed, key), ifp_options_word(options, key));
    }
    ifp_options_free(changed);
}
END_TEST

START_TEST(numbers)
{
    ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_GAP, 0), IFP_OK);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_GAP), 0);
    ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_GAP, 1), IFP_OK);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_GAP), 1);
    ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_TIME_LIMIT, 1e-9), IFP_OK);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_TIME_LIMIT), 1e-9);
    ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_TIME_LIMIT, INFINITY), IFP_OK);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_TIME_LIMIT), INFINITY);
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "2.5e1"), IFP_OK);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_TIME_LIMIT), 25);
    ck_assert(isnan(ifp_options_number(options, IFP_OPTION_ENGINE)));
    ck_assert(isnan(ifp_options_number(options, 999)));
    ck_assert_ptr_null(ifp_options_word(options, IFP_OPTION_GAP));
    ck_assert_ptr_null(ifp_options_word(options, 0));
}
END_TEST

START_TEST(words)
{
    static const struct {
        int key;
        const char *words[3];
    } all[] = {{IFP_OPTION_ENGINE, {"decompose", "mip", "auto"}},
               {IFP_OPTION_LINEARIZATION, {"sos1", "mccormick", "exact"}}};
    for (size_t o = 0; o < 2; o++) {
        for (size_t w = 0; w < 3; w++) {
            ck_assert_int_eq(ifp_options_set_word(options, all[o].key, all[o].words[w]), IFP_OK);
            ck_assert_str_eq(ifp_options_word(options, all[o].key), all[o].words[w]);
        }
    }
}
END_TEST

static const struct {
    const char *name;
    const char *value;
    const char *message;
} refused[] = {
    {"gap", "-0.1", "gap: found -0.1; allowed: a number from 0 to 1"},
    {"gap", "1.5", "gap: found 1.5; allowed: a number from 0 to 1"},
    {"gap", "none", "gap: found \"none\"; allowed: a number from 0 to 1"},
    {"gap", "1 %", "gap: found \"1 %\"; allowed: a number from 0 to 1"},
    {"gap", "", "gap: found \"\"; allowed: a number from 0 to 1"},
    {"gap", "nan", "gap: found \"nan\"; allowed: a number from 0 to 1"},
    {"time_limit", "0", "time_limit: found 0; allowed: a number of seconds above 0, or none"},
    {"time_limit", "-1", "time_limit: found -1; allowed: a number of seconds above 0, or none"},
    {"time_limit", "inf",
     "time_limit: found \"inf\"; allowed: a number of seconds above 0, or none"},
    {"time_limit", "5s", "time_limit: found \"5s\"; allowed: a number of seconds above 0, or none"},
    {"engine", "MIP", "engine: found \"MIP\" (mip?); allowed: auto|mip|decompose"},
    {"engine", "", "engine: found \"\"; allowed: auto|mip|decompose"},
    {"engine", "1", "engine: found \"1\"; allowed: auto|mip|decompose"},
    {"linearization", "bigM", "linearization: found \"bigM\"; allowed: exact|mccormick|sos1"},
};

/* What is refused leaves the option at what it was. */
START_TEST(refusals)
{
    ck_assert_int_eq(ifp_options_set(options, "gap", "0.25"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "9"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "engine", "mip"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "linearization", "sos1"), IFP_OK);
    expect_error(ifp_options_set(options, refused[_i].name, refused[_i].value), IFP_ERROR_VALUE,
                 refused[_i].message);
    ck_assert_str_eq(ifp_error_where(ifp_options_last_error(options)), refused[_i].name);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_GAP), 0.25);
    ck_assert_double_eq(ifp_options_number(options, IFP_OPTION_TIME_LIMIT), 9);
    ck_assert_str_eq(ifp_options_word(options, IFP_OPTION_ENGINE), "mip");
    ck_assert_str_eq(ifp_options_word(options, IFP_OPTION_LINEARIZATION), "sos1");
}
END_TEST

#define NAMES "gap, time_limit, memory_limit_mb, engine, linearization"
#define KEYS "100 (gap), 101 (time_limit), 102 (memory_limit_mb), 200 (engine), 201 (linearization)"

START_TEST(refusals_by_key)
{
    expect_error(ifp_options_set_number(options, IFP_OPTION_GAP, NAN), IFP_ERROR_VALUE,
                 "gap: found nan; allowed: a number from 0 to 1");
    expect_error(ifp_options_set_number(options, IFP_OPTION_GAP, INFINITY), IFP_ERROR_VALUE,
                 "gap: found inf; allowed: a number from 0 to 1");
    expect_error(ifp_options_set_number(options, IFP_OPTION_TIME_LIMIT, NAN), IFP_ERROR_VALUE,
                 "time_limit: found nan; allowed: a number of seconds above 0, or none");
    expect_error(ifp_options_set_number(options, IFP_OPTION_ENGINE, 1), IFP_ERROR_VALUE,
                 "engine: found a number; allowed: auto|mip|decompose");
    expect_error(ifp_options_set_word(options, IFP_OPTION_GAP, "0.5"), IFP_ERROR_VALUE,
                 "gap: found \"0.5\"; allowed: a number from 0 to 1");
    expect_error(ifp_options_set_number(options, 103, 1), IFP_ERROR_ARGUMENT,
                 "no option has the key 103; allowed: " KEYS);
    expect_error(ifp_options_set_word(options, 0, "mip"), IFP_ERROR_ARGUMENT,
                 "no option has the key 0; allowed: " KEYS);
    expect_error(ifp_options_set(options, "time-limit", "1"), IFP_ERROR_ARGUMENT,
                 "time-limit: there is no such option (time_limit?); allowed: " NAMES);
    expect_error(ifp_options_set(options, "", "1"), IFP_ERROR_ARGUMENT,
                 "there is no such option; allowed: " NAMES);
    expect_error(ifp_options_set(options, NULL, "1"), IFP_ERROR_ARGUMENT, "an argument is NULL");
    expect_error(ifp_options_set(options, "gap", NULL), IFP_ERROR_ARGUMENT, "an argument is NULL");
    expect_error(ifp_options_set_word(options, IFP_OPTION_ENGINE, NULL), IFP_ERROR_ARGUMENT,
                 "engine: the word is NULL");
}
END_TEST

static int go_on(const ifp_progress *progress, void *user)
{
    (void)progress;
    (void)user;
    return 0;
}

static void keep_quiet(const char *line, void *user)
{
    (void)line;
    (void)user;
}

START_TEST(functions)
{
    ck_assert_int_eq(ifp_options_set_progress(options, go_on, NULL), IFP_OK);
    ck_assert_int_eq(ifp_options_set_progress(options, NULL, NULL), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(options, keep_quiet, options), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(options, NULL, NULL), IFP_OK);
    ck_assert_int_eq(ifp_options_set_progress(NULL, go_on, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_options_set_log(NULL, keep_quiet, NULL), IFP_ERROR_ARGUMENT);
}
END_TEST

/* A copy has every value and callback, and goes its own way. */
START_TEST(copies)
{
    int user = 0;
    ck_assert_int_eq(ifp_options_set(options, "gap", "0.25"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "9"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "engine", "mip"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "linearization", "sos1"), IFP_OK);
    ck_assert_int_eq(ifp_options_set_progress(options, go_on, &user), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(options, keep_quiet, options), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "gap", "2"), IFP_ERROR_VALUE);
    ifp_options *copy = ifp_options_copy(options);
    ck_assert_ptr_nonnull(copy);
    ck_assert_int_eq(ifp_error_code(ifp_options_last_error(copy)), IFP_OK);
    ck_assert_int_eq(ifp_error_code(ifp_options_last_error(options)), IFP_ERROR_VALUE);
    ck_assert(copy->progress == go_on && copy->progress_user == &user);
    ck_assert(copy->log == keep_quiet && copy->log_user == options);
    ck_assert_int_eq(ifp_options_set(options, "gap", "0.5"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(copy, "engine", "decompose"), IFP_OK);
    ck_assert_str_eq(ifp_options_word(options, IFP_OPTION_ENGINE), "mip");
    ck_assert_double_eq(ifp_options_number(copy, IFP_OPTION_GAP), 0.25);
    ck_assert_double_eq(ifp_options_number(copy, IFP_OPTION_TIME_LIMIT), 9);
    ck_assert_str_eq(ifp_options_word(copy, IFP_OPTION_LINEARIZATION), "sos1");
    ifp_options_free(copy);
    ck_assert_ptr_null(ifp_options_copy(NULL));
}
END_TEST

static Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tests = tcase_create("options");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, table);
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, numbers);
    tcase_add_test(tests, words);
    tcase_add_loop_test(tests, refusals, 0, (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tests, refusals_by_key);
    tcase_add_test(tests, functions);
    tcase_add_test(tests, copies);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(options_suite());
}
