/* SPDX-License-Identifier: MIT */
/* Numbers as text and back, in every locale the machine has. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/random.h"
#include "support/suite.h"
#include "util/number_text.h"

static bool read_number(const char *text, double *value)
{
    return ifp_number_read(text, strlen(text), value);
}

/* The number as text; lives until the next call. */
static const char *text_of(double value)
{
    static char buffer[IFP_NUMBER_SIZE];
    ifp_number_write(buffer, value);
    return buffer;
}

static const struct {
    double value;
    const char *text;
} written[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-1, "-1"},
    {0.1, "0.1"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.0 / 3, "0.3333333333333333"},
    {2.0 / 3, "0.6666666666666666"},
    {100, "100"},
    {123456789012345, "123456789012345"},
    {1e15, "1e+15"},
    {1e21, "1e+21"},
    {1e-5, "1e-05"},
    {0.0001, "0.0001"},
    {9007199254740992, "9007199254740992"},
    {9007199254740994, "9007199254740994"},
    {DBL_MAX, "1.7976931348623157e+308"},
    {DBL_MIN, "2.2250738585072014e-308"},
    {DBL_EPSILON, "2.220446049250313e-16"},
    {0x1p-44, "5.6843418860808015e-14"}, /* 5.684341886080801e-14 is its neighbour */
    {5e-324, "4.94065645841247e-324"},
    {-1234.5, "-1234.5"},
    {INFINITY, "inf"},
    {-INFINITY, "-inf"},
};

static void expect_written(void)
{
    for (size_t w = 0; w < sizeof written / sizeof *written; w++)
        ck_assert_str_eq(text_of(written[w].value), written[w].text);
    ck_assert_str_eq(text_of(NAN), "nan");
    ck_assert_str_eq(text_of(-NAN), "nan");
}

/* Formats of the C library, with "." as the decimal sign. */
static void expect_formatted(void)
{
    char text[IFP_NUMBER_SIZE];
    ifp_number_format(text, "%.2f", 1234.567);
    ck_assert_str_eq(text, "1234.57");
    ifp_number_format(text, "%.3g", -0.00012345);
    ck_assert_str_eq(text, "-0.000123");
    ifp_number_format(text, "%.0f", 1e15);
    ck_assert_str_eq(text, "1000000000000000");
    ifp_number_format(text, "%.2f", DBL_MAX);
    ck_assert_uint_eq(strlen(text), IFP_NUMBER_SIZE - 1);
}

/* What is written reads back as the same double, here and by the C library in the C locale. */
static void expect_round_trip(uint64_t seed, int count)
{
    struct random random = {seed};
    for (int n = 0; n < count; n++) {
        double value = random_double(&random);
        double back = NAN;
        if (!isfinite(value))
            continue;
        const char *text = text_of(value);
        ck_assert_msg(read_number(text, &back), "%s is refused", text);
        ck_assert_msg(back == value, "%a became %s", value, text);
        ck_assert_msg(strspn(text, "0123456789+-.e") == strlen(text), "%s", text);
    }
}

/* To nine digits, in any locale. */
START_TEST(rounded_numbers)
{
    for (int locale = -1; locale < SUITE_LOCALES; locale++) {
        if (locale >= 0 && !suite_enter_locale(locale))
            continue;
        ck_assert_double_eq(ifp_number_rounded(0), 0);
        ck_assert_double_eq(ifp_number_to_digits(0.1 + 0.2, 17), 0.1 + 0.2);
        ck_assert_double_eq(ifp_number_to_digits(0.1 + 0.2, 12), 0.3);
        ck_assert_double_eq(ifp_number_to_digits(DBL_MAX, 1), (double)INFINITY);
        ck_assert_double_eq(ifp_number_to_digits(86, 1), 90);
        ck_assert_double_eq(ifp_number_rounded(0.1 + 0.2), 0.3);
        ck_assert_double_eq(ifp_number_rounded(2.0 / 3), 0.666666667);
        ck_assert_double_eq(ifp_number_rounded(-123456.7890123), -123456.789);
        ck_assert_double_eq(ifp_number_rounded(4e-300 / 3), 1.33333333e-300);
        ck_assert_double_eq(ifp_number_rounded((double)INFINITY), (double)INFINITY);
        ck_assert(isnan(ifp_number_rounded((double)NAN)));
    }
}
END_TEST

START_TEST(numbers_as_text)
{
    expect_written();
    expect_formatted();
}
END_TEST

START_TEST(numbers_round_trip)
{
    expect_round_trip((uint64_t)_i, 10000);
}
END_TEST

static size_t digits_of(const char *text)
{
    size_t digits = 0;
    size_t zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (!digits && *text == '0'))
            continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

/* Rounded to fewer digits, a number of the normal range would not read back. */
START_TEST(numbers_are_short)
{
    struct random random = {77};
    for (int n = 0; n < 5000; n++) {
        double value = random_double(&random);
        if (n % 3 == 1)
            value = floor(random_between(&random, 0, 1e6)) / 1000;
        if (n % 3 == 2)
            value = ldexp(1, random_below(&random, 2046) - 1022);
        if (!isnormal(value))
            continue;
        char shortest[64];
        for (int precision = 0; precision < 17; precision++) {
            (void)snprintf(shortest, sizeof shortest, "%.*e", precision, value);
            if (strtod(shortest, NULL) == value)
                break;
        }
        ck_assert_msg(digits_of(text_of(value)) <= digits_of(shortest), "%s could be %s",
                      text_of(value), shortest);
    }
}
END_TEST

static const struct {
    const char *text;
    double value;
} parsed[] = {
    {"0", 0},
    {"1", 1},
    {"+1", 1},
    {"-1", -1},
    {".5", 0.5},
    {"5.", 5},
    {"-.5e1", -5},
    {"1e5", 1e5},
    {"1E-5", 1e-5},
    {"1e+2", 100},
    {"00012", 12},
    {"1e-400", 0},
    {"0.1", 0.1},
    {"3.25", 3.25},
    {"1e308", 1e308},
    {"0e999999", 0},
    {"123456789.5", 123456789.5},
    {"1.7976931348623157e308", DBL_MAX},
    {"0.1000000000000000055511151231257827021181583404541015625", 0.1},
};

static const char *const refused[] = {
    "",         " ",   ".",     "+",          "-",        "e5",    "1e",  "1e+",   "1e-",
    "0x10",     "inf", "-inf",  "nan",        " 1",       "1 ",    "1,5", "1.2.3", "1e5.5",
    "--1",      "+-1", "1e400", "-1e400",     "infinity", "1_000", "1\n", "1.5f",  "1d5",
    "\xd9\xa3", "..5", "one",   "1\331\2535", "1e1e1",    "'1'",   "1%",
};

static void expect_parsed(void)
{
    for (size_t p = 0; p < sizeof parsed / sizeof *parsed; p++) {
        double value = NAN;
        ck_assert_msg(read_number(parsed[p].text, &value), "%s is refused", parsed[p].text);
        ck_assert_msg(value == parsed[p].value, "%s became %a", parsed[p].text, value);
    }
    for (size_t r = 0; r < sizeof refused / sizeof *refused; r++) {
        double value;
        ck_assert_msg(!read_number(refused[r], &value), "\"%s\" is taken", refused[r]);
    }
}

START_TEST(text_as_numbers)
{
    expect_parsed();
}
END_TEST

/* All digits of a long number count; one longer than any that is meant is no number. */
START_TEST(long_numbers)
{
    char text[5000];
    double value = 0;
    memset(text, '0', sizeof text);
    text[0] = '1';
    memcpy(text + 294, "e-293", 6); /* 1 and 293 zeros */
    ck_assert(read_number(text, &value));
    ck_assert_double_eq(value, 1);
    memset(text, '0', sizeof text);
    text[1] = '.';
    text[293] = '7';
    memcpy(text + 294, "e+292", 6);
    ck_assert_uint_eq(strlen(text), 299);
    ck_assert(read_number(text, &value));
    ck_assert_double_eq(value, 7);
    ck_assert(ifp_number_spelled(text));
    ck_assert(ifp_number_spelled("1e400") && ifp_number_spelled("-.5"));
    ck_assert(!ifp_number_spelled("1e") && !ifp_number_spelled("") && !ifp_number_spelled("1 "));
    memset(text, '1', sizeof text - 1);
    text[1] = '.';
    text[sizeof text - 1] = '\0';
    ck_assert(!read_number(text, &value));
    ck_assert(ifp_number_read(text, IFP_NUMBER_LENGTH_MAX, &value));
    ck_assert(!ifp_number_read(text, IFP_NUMBER_LENGTH_MAX + 1, &value));
}
END_TEST

/* Only `length` bytes are read, and all of them have to be the number. */
START_TEST(part_of_a_text)
{
    static const char text[] = "12.5:7";
    double value = 0;
    ck_assert(ifp_number_read(text, 4, &value));
    ck_assert_double_eq(value, 12.5);
    ck_assert(ifp_number_read(text, 2, &value));
    ck_assert_double_eq(value, 12);
    ck_assert(!ifp_number_read(text, 0, &value));
    ck_assert(!ifp_number_read(text, 5, &value));
    ck_assert(!ifp_number_read("1\0002", 3, &value));
}
END_TEST

START_TEST(other_locales)
{
    if (!suite_enter_locale(_i))
        return;
    char system[32];
    (void)snprintf(system, sizeof system, "%.1f", 0.5);
    ck_assert_str_ne(system, "0.5");
    expect_written();
    expect_formatted();
    expect_parsed();
    expect_round_trip(1000 + (uint64_t)_i, 5000);
}
END_TEST

static Suite *number_suite(void)
{
    Suite *suite = suite_create("number_text");
    TCase *numbers = tcase_create("numbers");
    tcase_set_timeout(numbers, 60);
    tcase_add_test(numbers, numbers_as_text);
    tcase_add_test(numbers, rounded_numbers);
    tcase_add_loop_test(numbers, numbers_round_trip, 0, 4);
    tcase_add_test(numbers, numbers_are_short);
    tcase_add_test(numbers, text_as_numbers);
    tcase_add_test(numbers, long_numbers);
    tcase_add_test(numbers, part_of_a_text);
    suite_add_tcase(suite, numbers);
    TCase *locales = tcase_create("locales");
    tcase_set_timeout(locales, 60);
    tcase_add_loop_test(locales, other_locales, 0, SUITE_LOCALES);
    suite_add_tcase(suite, locales);
    return suite;
}

int main(void)
{
    return suite_run(number_suite());
}
