/* SPDX-License-Identifier: MIT */
/* Growing text. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "util/text.h"

static void expect_format(const char *expected, const char *format, ...) IFP_FORMAT(2, 3);

static void expect_format(const char *expected, const char *format, ...)
{
    struct ifp_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    ifp_text_vformat(&text, format, arguments);
    va_end(arguments);
    char *found = ifp_text_take(&text);
    ck_assert_ptr_nonnull(found);
    ck_assert_str_eq(found, expected);
    free(found);
}

START_TEST(formats)
{
    expect_format("plain", "plain");
    expect_format("a-b", "%s-%s", "a", "b");
    expect_format("", "%s", "");
    expect_format("0 7 -7", "%d %d %d", 0, 7, -7);
    expect_format("2147483647 -2147483648", "%d %d", INT_MAX, INT_MIN);
    expect_format("0 12", "%zu %zu", (size_t)0, (size_t)12);
#if SIZE_MAX == 0xffffffffffffffff
    expect_format("18446744073709551615", "%zu", SIZE_MAX);
#endif
    expect_format("0.5 inf", "%g %g", 0.5, INFINITY);
    expect_format("x100%", "%c%d%%", 'x', 100);
    expect_format("a[3].b: \xc3\xa9", "%s[%zu].%s: %s", "a", (size_t)3, "b", "\xc3\xa9");
}
END_TEST

START_TEST(formats_in_other_locales)
{
    if (!suite_enter_locale(_i))
        return;
    struct ifp_text text = {0};
    ifp_text_format(&text, "%g|%d|%zu", 1234567.25, 1234567, (size_t)1234567);
    ck_assert_str_eq(text.data, "1234567.25|1234567|1234567");
    ifp_text_clear(&text);
}
END_TEST

/* Each append keeps what is there, over every growth of the buffer. */
START_TEST(text_grows)
{
    struct ifp_text text = {0};
    for (int n = 0; n < 5000; n++) {
        char byte = (char)('a' + n % 26);
        ifp_text_append(&text, &byte, 1);
        ck_assert_uint_eq(text.size, (size_t)n + 1);
        ck_assert_int_eq(text.data[n + 1], '\0');
    }
    for (int n = 0; n < 5000; n++)
        ck_assert_int_eq(text.data[n], 'a' + n % 26);
    char *taken = ifp_text_take(&text);
    ck_assert_uint_eq(strlen(taken), 5000);
    ck_assert_ptr_null(text.data);
    ck_assert_uint_eq(text.size, 0);
    free(taken);
}
END_TEST

START_TEST(empty_text_is_text)
{
    struct ifp_text text = {0};
    char *taken = ifp_text_take(&text);
    ck_assert_ptr_nonnull(taken);
    ck_assert_str_eq(taken, "");
    free(taken);
    ifp_text_append(&text, NULL, 0);
    ck_assert_str_eq(text.data, "");
    ifp_text_clear(&text);
    ck_assert_ptr_null(text.data);
}
END_TEST

/* Text that cannot be held fails once and for all, until it is taken or cleared. */
START_TEST(failure_sticks)
{
    struct ifp_text text = {0};
    ifp_text_string(&text, "kept");
    ifp_text_append(&text, "", SIZE_MAX - 2);
    ck_assert(text.failed);
    ifp_text_string(&text, "more");
    ifp_text_number(&text, 1);
    ck_assert_str_eq(text.data, "kept");
    ck_assert_ptr_null(ifp_text_take(&text));
    ck_assert(!text.failed);
    ifp_text_string(&text, "again");
    ck_assert_str_eq(text.data, "again");
    ifp_text_clear(&text);
}
END_TEST

START_TEST(string_copies)
{
    char original[] = "original";
    char *copy = ifp_string_copy(original);
    ck_assert_str_eq(copy, "original");
    original[0] = 'X';
    ck_assert_str_eq(copy, "original");
    free(copy);
    copy = ifp_string_copy("");
    ck_assert_str_eq(copy, "");
    free(copy);
}
END_TEST

/* Reserved room takes the bytes without another allocation. */
START_TEST(room_is_reserved)
{
    struct ifp_text text = {0};
    ck_assert(ifp_text_reserve(&text, 1000));
    const char *data = text.data;
    for (int n = 0; n < 1000; n++)
        ifp_text_append(&text, "x", 1);
    ck_assert_ptr_eq(text.data, data);
    ck_assert(!ifp_text_reserve(&text, SIZE_MAX));
    ck_assert(text.failed);
    ck_assert(!ifp_text_reserve(&text, 0));
    ifp_text_clear(&text);
}
END_TEST

START_TEST(long_text_is_shortened)
{
    struct ifp_text text = {0};
    ifp_text_shorten(&text, "short", 5, 5);
    ifp_text_string(&text, "|");
    ifp_text_shorten(&text, "abcdefghijk", 11, 10);
    ck_assert_str_eq(text.data, "short|abcd...ijk");
    ifp_text_clear(&text);
}
END_TEST

static Suite *text_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *text = tcase_create("text");
    tcase_add_test(text, formats);
    tcase_add_loop_test(text, formats_in_other_locales, 0, SUITE_LOCALES);
    tcase_add_test(text, text_grows);
    tcase_add_test(text, empty_text_is_text);
    tcase_add_test(text, failure_sticks);
    tcase_add_test(text, string_copies);
    tcase_add_test(text, room_is_reserved);
    tcase_add_test(text, long_text_is_shortened);
    suite_add_tcase(suite, text);
    return suite;
}

int main(void)
{
    return suite_run(text_suite());
}
