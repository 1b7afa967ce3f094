/* SPDX-License-Identifier: MIT */
/* Numbers as people read them, and text in SVG. */
#include <check.h>
#include <math.h>

#include "plan/figure.h"
#include "plan/svg.h"
#include "unit/suite.h"

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
