/* SPDX-License-Identifier: MIT */
/* Numbers as people read them, and text in SVG. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "report/svg.h"
#include "support/suite.h"
#include "util/figure.h"
#include "util/json_write.h"
#include "util/unicode.h"

static void expect_text(struct ifp_text *text, const char *expected)
{
    ck_assert(!text->failed);
    ck_assert_str_eq(text->data, expected);
    ifp_text_clear(text);
}

static void expect_dollars(double value, const char *expected)
{
    struct ifp_text text = {0};
    ifp_figure_dollars(&text, value);
    expect_text(&text, expected);
}

static void expect_percent(double value, const char *expected)
{
    struct ifp_text text = {0};
    ifp_figure_percent(&text, value);
    expect_text(&text, expected);
}

static void expect_number(double value, const char *expected)
{
    struct ifp_text text = {0};
    ifp_figure_number(&text, value);
    expect_text(&text, expected);
}

/* A character as UTF-8, also one that is none. */
static void put_point(char to[5], uint32_t point)
{
    static const int heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    memset(to, 0, 5);
    for (int at = size - 1; at > 0; at--, point >>= 6)
        to[at] = (char)(0x80 | (point & 0x3f));
    to[0] = (char)(size == 1 ? (int)point : heads[size] | (int)point);
}

/* Every character: what is shown stays, all else is replaced in markup and escaped in JSON. */
START_TEST(every_character)
{
    int hidden = 0;
    for (uint32_t point = 1; point <= 0x10ffff; point++) {
        if (point >= 0xd800 && point < 0xe000)
            continue;
        char from[5];
        put_point(from, point);
        struct ifp_text markup = {0};
        struct ifp_json json = {0};
        ifp_markup_text(&markup, from);
        ifp_json_string(&json, NULL, from);
        bool shown = ifp_unicode_kind(point) == IFP_UNICODE_SHOWN;
        hidden += !shown;
        /* An assertion for each would take minutes. */
        bool good = true;
        if (shown && !(point < 0x80 && strchr("&<>\"'\\", (int)point)))
            good = !strcmp(markup.data, from) && !strncmp(json.text.data + 1, from, strlen(from));
        else if (!shown)
            good = (point == '\n' || point == '\t' || !strcmp(markup.data, "\xef\xbf\xbd")) &&
                   !strncmp(json.text.data, "\"\\u", 3);
        if (!good)
            ck_abort_msg("U+%x", point);
        ifp_text_clear(&markup);
        ifp_text_clear(&json.text);
    }
    ck_assert_int_gt(hidden, 400);
    ck_assert_int_lt(hidden, 600);
}
END_TEST

START_TEST(dollars)
{
    expect_dollars(0, "$0");
    expect_dollars(0.0123456, "$0.0123");
    expect_dollars(0.9994, "$0.999");
    expect_dollars(0.9996, "$1.00");
    expect_dollars(1, "$1.00");
    expect_dollars(397.119, "$397.12");
    expect_dollars(46.005, "$46.01");
    expect_dollars(999.994, "$999.99");
    expect_dollars(999.996, "$1,000");
    expect_dollars(15300, "$15,300");
    expect_dollars(1234567.8, "$1,234,568");
    expect_dollars(-12.5, "-$12.50");
    expect_dollars(1.25e18, "$1.25e+18");
    expect_dollars((double)INFINITY, "$inf");
}
END_TEST

START_TEST(percents)
{
    expect_percent(0, "0 %");
    expect_percent(1, "100 %");
    expect_percent(0.62, "62 %");
    expect_percent(0.0034, "0.34 %");
    expect_percent(0.05406, "5.41 %");
    expect_percent(0.09996, "10 %");
    expect_percent(0.9999999, "99.99 %");
    expect_percent(0.99123, "99.12 %");
    expect_percent(0.0000908, "0.00908 %");
    expect_percent(3, "300 %");
}
END_TEST

START_TEST(numbers)
{
    expect_number(0, "0");
    expect_number(0.012345, "0.0123");
    expect_number(5.678, "5.68");
    expect_number(99.94, "99.9");
    expect_number(99.96, "100");
    expect_number(1234.4, "1,234");
    expect_number(-1234.6, "-1,235");
    expect_number(1e15, "1e+15");
    expect_number((double)NAN, "nan");
    expect_number(1.23456e-300, "1.23e-300");
    struct ifp_text text = {0};
    ifp_figure_count(&text, 1, "GPU", "GPUs");
    expect_text(&text, "1 GPU");
    ifp_figure_count(&text, 1200, "GPU", "GPUs");
    expect_text(&text, "1,200 GPUs");
}
END_TEST

START_TEST(markup)
{
    struct ifp_text text = {0};
    ifp_markup_text(&text, "<a href=\"x\" b='y'>&amp;\xe6\xbc\xa2");
    expect_text(&text, "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;\xe6\xbc\xa2");
}
END_TEST

/* Names are cut between characters, never within one, and only where they do not fit. */
START_TEST(cut)
{
    struct ifp_text text = {0};
    ifp_svg_text(&text, 1, 2.04, IFP_SVG_END, "b", 40, "abcdefghijkl");
    expect_text(&text,
                "<text x=\"1\" y=\"2\" text-anchor=\"end\" font-weight=\"600\">abcd\xe2\x80\xa6"
                "</text>\n");
    ifp_svg_text(&text, 1, 2, IFP_SVG_START, "", 40, "abcdef");
    expect_text(&text, "<text x=\"1\" y=\"2\">abcdef</text>\n");
    ifp_svg_text(&text, 1, 2, IFP_SVG_START, "", 40,
                 "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2");
    expect_text(&text, "<text x=\"1\" y=\"2\">\xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6</text>\n");
    ifp_svg_text(&text, 1, 2, IFP_SVG_START, "", 1, "ab");
    expect_text(&text, "<text x=\"1\" y=\"2\">\xe2\x80\xa6</text>\n");
    ifp_svg_remark(&text, 1, 2, IFP_SVG_START, "", 75, "abcdefghijkl", "5 %");
    expect_text(&text, "<text x=\"1\" y=\"2\">abcde\xe2\x80\xa6<tspan dx=\"6\" font-size=\"11\" "
                       "fill=\"#555\">5 %</tspan></text>\n");
}
END_TEST

static Suite *figure_suite(void)
{
    Suite *suite = suite_create("figure");
    TCase *tests = tcase_create("figure");
    tcase_add_test(tests, every_character);
    tcase_add_test(tests, dollars);
    tcase_add_test(tests, percents);
    tcase_add_test(tests, numbers);
    tcase_add_test(tests, markup);
    tcase_add_test(tests, cut);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(figure_suite());
}
