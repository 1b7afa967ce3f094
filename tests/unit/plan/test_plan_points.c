/* SPDX-License-Identifier: MIT */
/* Plans that name operating points: reading, order, copies, and what is refused. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "instance/instance.h"
#include "plan/adopt.h"
#include "plan/plan.h"
#include "plan/point.h"
#include "support/suite.h"

/* On T: a law at degree 1, measured points at degree 2, a law with one pace at degree 4, and one
 * measured point at degree 8; no profile at degree 16 and on U. */
static const char instance_text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"points\","
    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
    " \"policy\": {\"deployments_per_pair\": null},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 1, \"output_tokens\": 1,"
    "   \"rate_per_hour\": 1, \"unmet_penalty_usd\": 1}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 1, \"kv_gb_per_token\": 0}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 1,"
    "   \"tp_degrees\": [1, 2, 4, 8, 16]},"
    "  {\"name\": \"U\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 1, \"tp_degrees\": "
    "[1]}],"
    " \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0},"
    " \"profiles\": ["
    "  {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1, \"iteration_ms\": 6.5,"
    "   \"prefill_ms_per_token\": 0, \"decode_ms_per_token\": 0},"
    "  {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, \"points\": ["
    "    {\"name\": \"z\", \"tpot_ms\": 1, \"queries\": {\"a\": {\"rate_per_hour\": 1, "
    "\"ttft_ms\": 1}}},"
    "    {\"name\": \"40ms\", \"tpot_ms\": 1,"
    "     \"queries\": {\"a\": {\"rate_per_hour\": 1, \"ttft_ms\": 1}}}]},"
    "  {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 4, \"iteration_ms\": 5,"
    "   \"prefill_ms_per_token\": 0, \"decode_ms_per_token\": 0, \"paces_ms\": [12.345]},"
    "  {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 8, \"points\": ["
    "    {\"name\": \"only\", \"tpot_ms\": 1,"
    "     \"queries\": {\"a\": {\"rate_per_hour\": 1, \"ttft_ms\": 1}}}]}]}";

static ifp_instance *instance;
static ifp_error *error;

static void setup(void)
{
    error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
    instance = ifp_instance_read_string(instance_text, strlen(instance_text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
}

static void teardown(void)
{
    ifp_instance_free(instance);
    ifp_error_free(error);
}

#define ON(tier, degree) "{\"model\": \"M\", \"tier\": \"" tier "\", \"tp_degree\": " degree
#define RENT(tier, degree, more) ON(tier, degree) ", \"replicas\": 1" more "}"
#define SEND(tier, more)                                                                           \
    "{\"query\": \"a\", \"model\": \"M\", \"tier\": \"" tier "\", \"fraction\": 0.5" more "}"
#define POINT(name) ", \"point\": " name

static ifp_plan *read_plan(const char *deployments, const char *routes)
{
    char text[2000];
    static const char *const parts[] = {
        "{\"format\": \"inferplan-plan\", \"version\": 1, \"deployments\": [", "], \"routes\": [",
        "], \"unmet\": []}"};
    text[0] = '\0';
    ck_assert_uint_lt(strlen(deployments) + strlen(routes) + 200, sizeof text);
    strcat(text, parts[0]);
    strcat(text, deployments);
    strcat(text, parts[1]);
    strcat(text, routes);
    strcat(text, parts[2]);
    return ifp_plan_read_string(instance, text, strlen(text), error);
}

static ifp_plan *expect_read(const char *deployments, const char *routes)
{
    ifp_plan *plan = read_plan(deployments, routes);
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    return plan;
}

START_TEST(paces_have_names)
{
    static const struct {
        double ms;
        const char *name;
    } cases[] = {{40, "40ms"},
                 {12.345, "12.345ms"},
                 {0.1, "0.1ms"},
                 {1.0 / 3, "0.3333333333333333ms"},
                 {0.1 + 0.2, "0.30000000000000004ms"}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        double ms = 0;
        char *name = ifp_point_of_pace(cases[c].ms);
        ck_assert_str_eq(name, cases[c].name);
        ck_assert(ifp_point_pace(name, &ms));
        ck_assert_double_eq(ms, cases[c].ms);
        free(name);
    }
    double ms = 0;
    ck_assert(ifp_point_pace("40.0ms", &ms) && ms == 40);
    static const char *const wrong[] = {"",    "ms",    "40",    "40 ms", "40s",   "-1ms",   "0ms",
                                        "xms", "nanms", "infms", "4 0ms", "40msx", "1e999ms"};
    for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++)
        ck_assert_msg(!ifp_point_pace(wrong[w], &ms), "%s", wrong[w]);
}
END_TEST

static void expect_point(const ifp_plan *plan, size_t index, int64_t degree, const char *point)
{
    ifp_deployment entry = IFP_DEPLOYMENT_INIT;
    ck_assert_int_eq(ifp_plan_deployment(plan, index, &entry), IFP_OK);
    ck_assert_int_eq(entry.tp_degree, degree);
    ck_assert_double_nan(entry.tpot_ms);
    ck_assert_double_nan(entry.load);
    if (point)
        ck_assert_str_eq(entry.point, point);
    else
        ck_assert_ptr_null(entry.point);
}

static void expect_route(const ifp_plan *plan, size_t index, int64_t degree, const char *point)
{
    ifp_route entry = IFP_ROUTE_INIT;
    ck_assert_int_eq(ifp_plan_route(plan, index, &entry), IFP_OK);
    ck_assert_int_eq(entry.tp_degree, degree);
    ck_assert_double_nan(entry.ttft_ms);
    ck_assert_double_nan(entry.delay_ms);
    if (point)
        ck_assert_str_eq(entry.point, point);
    else
        ck_assert_ptr_null(entry.point);
    const struct ifp_plan_deployment *found =
        &plan->deployments[ifp_plan_route_deployment(plan, index)];
    ck_assert_int_eq(found->degree, degree);
}

/* Degree first, then the order of the profile or of the paces; never the names. */
static void expect_order(const ifp_plan *plan)
{
    ck_assert_uint_eq(plan->deployment_count, 8);
    expect_point(plan, 0, 1, "9.5ms");
    expect_point(plan, 1, 1, "20ms");
    expect_point(plan, 2, 1, "100ms");
    expect_point(plan, 3, 2, "z");
    expect_point(plan, 4, 2, "40ms");
    expect_point(plan, 5, 4, "12.345ms");
    expect_point(plan, 6, 8, "only");
    expect_point(plan, 7, 16, NULL);
    expect_route(plan, 0, 1, "20ms");
    expect_route(plan, 1, 1, "100ms");
    expect_route(plan, 2, 2, "40ms");
    expect_route(plan, 3, 4, "12.345ms");
}

START_TEST(points_are_read_sorted_and_copied)
{
    ifp_plan *plan = expect_read(
        RENT("T", "2", POINT("\"40ms\"")) "," RENT("T", "1", POINT("\"1e2ms\"")) "," RENT("T", "16", "") "," RENT(
            "T", "8",
            "") "," RENT("T", "4",
                         POINT(
                             "null")) "," RENT("T", "1",
                                               POINT(
                                                   "\"20.0ms\"")) "," RENT("T", "2",
                                                                           POINT(
                                                                               "\"z\"")) "," RENT("T",
                                                                                                  "1",
                                                                                                  POINT(
                                                                                                      "\"9.5ms\"")),
        SEND("T", ", \"tp_degree\": 2, \"point\": \"40ms\"") "," SEND("T", ", \"tp_degree\": 4") "," SEND(
            "T", ", \"tp_degree\": 1, \"point\": \"100.0ms\"") "," SEND("T",
                                                                        ", \"tp_degree\": 1, "
                                                                        "\"point\": \"20ms\""));
    expect_order(plan);
    ifp_plan *copy = ifp_plan_copy(plan);
    ck_assert_ptr_nonnull(copy);
    ifp_plan *adopted = NULL;
    ck_assert_int_eq(ifp_plan_adopt(instance, plan, &adopted, error), IFP_OK);
    ifp_plan_free(plan);
    expect_order(copy);
    expect_order(adopted);
    ifp_plan_free(copy);
    ifp_plan_free(adopted);
}
END_TEST

/* Where there is one deployment, a route need not say which. */
START_TEST(routes_take_over_the_only_deployment)
{
    ifp_plan *plan = expect_read(RENT("T", "1", POINT("\"20.0ms\"")), SEND("T", ""));
    expect_route(plan, 0, 1, "20ms");
    ifp_plan_free(plan);
    plan = expect_read(RENT("T", "1", POINT("\"20ms\"")), SEND("T", POINT("\"2e1ms\"")));
    expect_route(plan, 0, 1, "20ms");
    ifp_plan_free(plan);
    /* A route to another one has none; the check judges that. */
    plan = expect_read(RENT("T", "1", POINT("\"20ms\"")), SEND("T", POINT("\"30ms\"")));
    ck_assert_uint_eq(ifp_plan_route_deployment(plan, 0), 1);
    ifp_plan_free(plan);
    plan = expect_read(RENT("U", "1", ""), SEND("U", ", \"tp_degree\": 2"));
    ck_assert_uint_eq(ifp_plan_route_deployment(plan, 0), 1);
    ifp_plan_free(plan);
}
END_TEST

START_TEST(bad_points_are_refused)
{
#define LAW RENT("T", "1", POINT("\"20ms\"")) "," RENT("T", "1", POINT("\"30ms\""))
    static const struct {
        const char *deployments;
        const char *routes;
        const char *message;
    } cases[] = {
        {RENT("T", "1", ""), "",
         "deployments[0].point: missing; allowed: a pace above iteration_ms, 6.5, such as "
         "\"40ms\""},
        {RENT("T", "1", POINT("null")), "", "deployments[0].point: missing; allowed: a pace"},
        {RENT("T", "1", POINT("\"6.5ms\"")), "",
         "deployments[0].point: found \"6.5ms\"; allowed: a pace above iteration_ms, 6.5"},
        {RENT("T", "1", POINT("\"z\"")), "", "deployments[0].point: found \"z\"; allowed: a pace"},
        {RENT("T", "1", POINT("20")), "",
         "deployments[0].point: found 20; allowed: the name of an operating point"},
        {RENT("T", "2", ""), "",
         "deployments[0].point: missing; allowed: the name of a point of its profile: \"z\", "
         "\"40ms\""},
        {RENT("T", "2", POINT("\"40.0ms\"")), "",
         "deployments[0].point: found \"40.0ms\"; allowed: the name of a point of its profile"},
        {RENT("T", "16", POINT("\"z\"")), "",
         "deployments[0].point: found \"z\"; allowed: no point: this model, tier and degree have "
         "no "
         "profile"},
        {RENT("T", "1", POINT("\"20ms\"")) "," RENT("T", "1", POINT("\"20.0ms\"")), "",
         "deployments[1]: found the same as in deployments[0]; allowed: each once"},
        {LAW, SEND("T", ""),
         "routes[0].tp_degree: missing; allowed: the tp_degree of its deployment, since the pair "
         "has "
         "several: 1"},
        {LAW, SEND("T", ", \"tp_degree\": 1"),
         "routes[0].point: missing; allowed: the point of its deployment, since the pair has "
         "several: \"20ms\", \"30ms\""},
        {LAW, SEND("T", ", \"tp_degree\": 1, \"point\": 20"),
         "routes[0].point: found 20; allowed: the name of an operating point"},
        {LAW, SEND("T", ", \"tp_degree\": 1.5"),
         "routes[0].tp_degree: found 1.5; allowed: an integer"},
        {LAW,
         SEND("T", ", \"tp_degree\": 1, \"point\": \"20ms\"") "," SEND(
             "T", ", \"tp_degree\": 1, \"point\": \"20.0ms\""),
         "routes[1]: found the same as in routes[0]; allowed: each once"},
    };
    const char *expected = cases[_i].message;
    ck_assert_ptr_null(read_plan(cases[_i].deployments, cases[_i].routes));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ck_assert_msg(strncmp(ifp_error_message(error), expected, strlen(expected)) == 0, "%s",
                  ifp_error_message(error));
}
END_TEST

enum { BAD_POINTS = 14 };

/* With one deployment of a pair, a pair is listed once, at whatever degree and point. */
START_TEST(pairs_are_listed_once)
{
    ck_assert_int_eq(ifp_instance_set_number(instance, "policy.deployments_per_pair", 1), IFP_OK);
    ck_assert_ptr_null(read_plan(LAW, ""));
    ck_assert_str_eq(ifp_error_message(error),
                     "deployments[1]: found the same as in deployments[0]; allowed: each once");
    ck_assert_ptr_null(read_plan(RENT("T", "1", POINT("\"20ms\"")),
                                 SEND("T", "") "," SEND("T", ", \"tp_degree\": 2")));
    ck_assert_str_eq(ifp_error_message(error),
                     "routes[1]: found the same as in routes[0]; allowed: each once");
}
END_TEST

/* A program of the first release passes smaller entries: nothing is written behind them. */
START_TEST(entries_of_the_first_release)
{
    struct {
        ifp_deployment entry;
        char behind;
    } deployment = {.entry = {.size = IFP_DEPLOYMENT_SIZE_FIRST, .tpot_ms = 7, .headroom = 7}};
    struct {
        ifp_route entry;
        char behind;
    } route = {.entry = {.size = IFP_ROUTE_SIZE_FIRST, .tp_degree = 7, .error = 7}};
    ifp_plan *plan = expect_read(RENT("T", "1", POINT("\"20ms\"")), SEND("T", ""));
    ck_assert_int_eq(ifp_plan_deployment(plan, 0, &deployment.entry), IFP_OK);
    ck_assert_int_eq(deployment.entry.gpus, 1);
    ck_assert_ptr_null(deployment.entry.point);
    ck_assert_double_eq(deployment.entry.tpot_ms, 7);
    ck_assert_double_eq(deployment.entry.headroom, 7);
    ck_assert_int_eq(ifp_plan_route(plan, 0, &route.entry), IFP_OK);
    ck_assert_double_eq(route.entry.fraction, 0.5);
    ck_assert_int_eq(route.entry.tp_degree, 7);
    ck_assert_double_eq(route.entry.error, 7);
    ifp_plan_free(plan);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan points");
    TCase *tests = tcase_create("points");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, paces_have_names);
    tcase_add_test(tests, points_are_read_sorted_and_copied);
    tcase_add_test(tests, routes_take_over_the_only_deployment);
    tcase_add_loop_test(tests, bad_points_are_refused, 0, BAD_POINTS);
    tcase_add_test(tests, pairs_are_listed_once);
    tcase_add_test(tests, entries_of_the_first_release);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
