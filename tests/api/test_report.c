/* SPDX-License-Identifier: MIT */
/* The report as a program uses it: what is refused, what is the same every time, and what it
 * says. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/plan_by_hand.h"
#include "support/suite.h"

static ifp_report *report;

static void begin(void)
{
    setup();
    report = ifp_report_new(instance, plan, error);
    ck_assert_msg(report != NULL, "%s", ifp_error_message(error));
}

static void end(void)
{
    ifp_report_free(report);
    teardown();
}

static void expect_words(char *text, const char *words, bool there)
{
    ck_assert_ptr_nonnull(text);
    ck_assert_msg((strstr(text, words) != NULL) == there, "%s: %s", there ? "missing" : "there",
                  words);
    ifp_text_free(text);
}

START_TEST(refused)
{
    ck_assert_ptr_null(ifp_report_new(NULL, plan, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ARGUMENT);
    ifp_instance *empty = ifp_instance_new();
    ck_assert_ptr_null(ifp_report_new(empty, NULL, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ifp_instance_free(empty);
    ck_assert_ptr_null(ifp_report_write_svg(report, 0, 400));
    ck_assert_ptr_null(ifp_report_write_svg(report, IFP_PICTURE_GAP + 1, 400));
    ck_assert_ptr_null(ifp_report_write_svg(report, IFP_PICTURE_COSTS, 239));
    ck_assert_ptr_null(ifp_report_write_svg(report, IFP_PICTURE_COSTS, 4001));
    ck_assert_ptr_null(ifp_report_write_svg(report, IFP_PICTURE_COSTS, (double)NAN));
    ck_assert_ptr_null(ifp_report_write_svg(NULL, IFP_PICTURE_COSTS, 400));
    ck_assert_ptr_null(ifp_report_write_html(NULL));
    ck_assert_int_eq(ifp_report_set_proof(NULL, IFP_STATUS_OPTIMAL, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_set_proof(report, 0, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_set_proof(report, 5, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_set_proof(report, 1, (double)NAN), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_add_progress(NULL, 0, 1, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_add_progress(report, -1, 1, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_add_progress(report, (double)INFINITY, 1, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_add_progress(report, 2, (double)NAN, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_report_add_progress(report, 2, 1, 1), IFP_OK);
    ck_assert_int_eq(ifp_report_add_progress(report, 1, 1, 1), IFP_ERROR_ARGUMENT);
    ifp_report_free(NULL);
}
END_TEST

START_TEST(pictures)
{
    static const char *const words[] = {"", "8</title>", "rental", "1 GPU", "memory[M,T]"};
    for (int p = IFP_PICTURE_TRAFFIC; p <= IFP_PICTURE_GAP; p++) {
        char *one = ifp_report_write_svg(report, p, 360);
        char *other = ifp_report_write_svg(report, p, 360);
        ck_assert_ptr_nonnull(one);
        ck_assert(!strncmp(one, "<svg ", 5));
        ck_assert_str_eq(one + strlen(one) - 7, "</svg>\n");
        suite_expect_same(one, other);
        ifp_text_free(one);
        ifp_text_free(other);
    }
    for (int p = IFP_PICTURE_COSTS; p < IFP_PICTURE_GAP; p++)
        expect_words(ifp_report_write_svg(report, p, 360), words[p], true);
    /* 720,000 tokens an hour of each: a quarter of a is an eighth of all, and unmet. */
    expect_words(ifp_report_write_svg(report, IFP_PICTURE_TRAFFIC, 960),
                 "unmet: 13 % of all tokens", true);
    expect_words(ifp_report_write_svg(report, IFP_PICTURE_GAP, 360), "not watched", true);
    ck_assert_int_eq(ifp_report_add_progress(report, 0, (double)INFINITY, 1), IFP_OK);
    expect_words(ifp_report_write_svg(report, IFP_PICTURE_GAP, 360), "no gap", true);
    ck_assert_int_eq(ifp_report_add_progress(report, 1, 100, 90), IFP_OK);
    ck_assert_int_eq(ifp_report_add_progress(report, 1, 100, 99), IFP_OK);
    expect_words(ifp_report_write_svg(report, IFP_PICTURE_GAP, 360), "<title>1 %</title>", true);
}
END_TEST

START_TEST(pages)
{
    expect_words(ifp_report_write_html(report), "is not known", true);
    /* 80 + 2.54 + 13.95 + 4500 */
    ck_assert_int_eq(ifp_report_set_proof(report, IFP_STATUS_FEASIBLE, 4000), IFP_OK);
    expect_words(ifp_report_write_html(report), "$4,000, which is within 13 % of this one", true);
    ck_assert_int_eq(ifp_report_set_proof(report, IFP_STATUS_OPTIMAL, 4596.49), IFP_OK);
    expect_words(ifp_report_write_html(report), "no plan costs less.", true);
    expect_words(ifp_report_write_html(report), "worst case", false);
    set("limits.budget_usd", "1");
    set("uncertainty.kind", "budget");
    set("uncertainty.delay_budget", "1");
    set("uncertainty.error_budget", "1");
    ifp_report *broken = ifp_report_new(instance, plan, error);
    expect_words(ifp_report_write_html(broken), "breaks a limit: budget_usd: 82.54 of 1 USD", true);
    expect_words(ifp_report_write_html(broken), "worst case", true);
    ifp_report_free(broken);
    ifp_report *none = ifp_report_new(instance, NULL, error);
    expect_words(ifp_report_write_html(none), "No plan was found", true);
    ck_assert_int_eq(ifp_report_set_proof(none, IFP_STATUS_INFEASIBLE, (double)INFINITY), IFP_OK);
    expect_words(ifp_report_write_html(none), "no plan holds every limit", true);
    for (int p = IFP_PICTURE_TRAFFIC; p < IFP_PICTURE_GAP; p++)
        expect_words(ifp_report_write_svg(none, p, 240), "There is no plan", true);
    ifp_report_free(none);
}
END_TEST

/* A report is of the instance and the plan as they were. */
START_TEST(copies)
{
    char *before = ifp_report_write_html(report);
    set("tiers[*].usd_per_hour", "9");
    plan->routes[0].fraction = 0.1;
    char *after = ifp_report_write_html(report);
    suite_expect_same(before, after);
    ifp_text_free(before);
    ifp_text_free(after);
}
END_TEST

static Suite *report_suite(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, refused);
    tcase_add_test(tests, pictures);
    tcase_add_test(tests, pages);
    tcase_add_test(tests, copies);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(report_suite());
}
