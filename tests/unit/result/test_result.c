/* SPDX-License-Identifier: MIT */
/* Check and solution as handles, and the result document that both write. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "check/check.h"
#include "plan/plan.h"
#include "result/solution.h"
#include "support/plan_by_hand.h"
#include "util/text.h"

/* Only names tie a plan to an instance: lists in another order, other members besides. */
START_TEST(plans_of_another_instance)
{
    static const char other_text[] =
        "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"other\","
        " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
        " \"queries\": [{\"name\": \"b\", \"input_tokens\": 1, \"output_tokens\": 1,"
        "   \"rate_per_hour\": 1, \"unmet_penalty_usd\": 1},"
        "  {\"name\": \"a\", \"input_tokens\": 1, \"output_tokens\": 1,"
        "   \"rate_per_hour\": 1, \"unmet_penalty_usd\": 1}],"
        " \"models\": [{\"name\": \"N\", \"weights_gb\": 1, \"kv_gb_per_token\": 0},"
        "  {\"name\": \"L\", \"weights_gb\": 1, \"kv_gb_per_token\": 0},"
        "  {\"name\": \"M\", \"weights_gb\": 1, \"kv_gb_per_token\": 0}],"
        " \"tiers\": [{\"name\": \"U\", \"memory_gb\": 9, \"tflops\": 1, \"usd_per_hour\": 1,"
        "   \"tp_degrees\": [1]},"
        "  {\"name\": \"T\", \"memory_gb\": 9, \"tflops\": 1, \"usd_per_hour\": 100,"
        "   \"tp_degrees\": [2]}],"
        " \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0}}";
    ifp_instance *other = ifp_instance_read_string(other_text, strlen(other_text), error);
    ck_assert_msg(other != NULL, "%s", ifp_error_message(error));
    check = ifp_check_new(other, plan, error);
    ck_assert_msg(check != NULL, "%s", ifp_error_message(error));
    ck_assert_str_eq(ifp_check_reason(check), "");
    expect_near(ifp_check_cost(check, IFP_COST_RENTAL), 201);
    /* In the order of the instance, not of the plan. */
    ck_assert_str_eq(check->plan->instance, "other");
    ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
    ck_assert_int_eq(ifp_plan_deployment(check->plan, 0, &deployment), IFP_OK);
    ck_assert_str_eq(deployment.model, "N");
    ifp_instance_free(other);
}
END_TEST

/* The same instance with one name changed: a plan that uses it cannot be checked. */
START_TEST(plans_with_unknown_names)
{
    static const struct {
        const char *from;
        const char *to;
        const char *message;
    } cases[] = {
        {"\"name\": \"M\"", "\"name\": \"O\"",
         "deployments[0].model: found \"M\"; allowed: the name of a model of the instance: \"O\", "
         "\"N\""},
        {"\"name\": \"U\"", "\"name\": \"O\"",
         "deployments[1].tier: found \"U\"; allowed: the name of a tier of the instance: \"T\", "
         "\"O\""},
        {"\"name\": \"b\"", "\"name\": \"o\"",
         "routes[1].query: found \"b\"; allowed: the name of a query of the instance: \"a\", "
         "\"o\""},
        {"\"name\": \"a\"", "\"name\": \"o\"",
         "routes[0].query: found \"a\"; allowed: the name of a query of the instance: \"o\", "
         "\"b\""},
    };
    char *text = malloc(sizeof instance_text);
    ck_assert_ptr_nonnull(text);
    memcpy(text, instance_text, sizeof instance_text);
    char *at = strstr(text, cases[_i].from);
    ck_assert_ptr_nonnull(at);
    memcpy(at, cases[_i].to, strlen(cases[_i].to));
    ifp_instance *other = ifp_instance_read_string(text, strlen(text), error);
    free(text);
    ck_assert_msg(other != NULL, "%s", ifp_error_message(error));
    ck_assert_ptr_null(ifp_check_new(other, plan, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(error), cases[_i].message);
    ifp_instance_free(other);
}
END_TEST

START_TEST(unknown_names_in_routes_and_unmet)
{
    static const char other_text[] =
        "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"other\","
        " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
        " \"queries\": [{\"name\": \"b\", \"input_tokens\": 1, \"output_tokens\": 1,"
        "   \"rate_per_hour\": 1, \"unmet_penalty_usd\": 1}],"
        " \"models\": [{\"name\": \"N\", \"weights_gb\": 1, \"kv_gb_per_token\": 0}],"
        " \"tiers\": [{\"name\": \"U\", \"memory_gb\": 9, \"tflops\": 1, \"usd_per_hour\": 1,"
        "   \"tp_degrees\": [1]}],"
        " \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0}}";
    ifp_instance *other = ifp_instance_read_string(other_text, strlen(other_text), error);
    ck_assert_msg(other != NULL, "%s", ifp_error_message(error));
    plan->deployment_count = 0;
    plan->route_count = 0;
    ck_assert_ptr_null(ifp_check_new(other, plan, error));
    ck_assert_str_eq(ifp_error_where(error), "unmet[0].query");
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, U, 1), IFP_OK);
    ck_assert_ptr_null(ifp_check_new(other, plan, error));
    ck_assert_str_eq(ifp_error_where(error), "routes[0].model");
    plan->routes[0].model = N;
    plan->routes[0].tier = T;
    ck_assert_ptr_null(ifp_check_new(other, plan, error));
    ck_assert_str_eq(ifp_error_where(error), "routes[0].tier");
    ifp_instance_free(other);
}
END_TEST

START_TEST(incomplete_instances)
{
    ck_assert_int_eq(ifp_instance_add_query(instance, "c"), IFP_OK);
    ck_assert_ptr_null(ifp_check_new(instance, plan, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ifp_instance *empty = ifp_instance_new();
    ck_assert_ptr_nonnull(empty);
    ck_assert_ptr_null(ifp_check_new(empty, plan, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ifp_instance_free(empty);
}
END_TEST

START_TEST(null_is_taken)
{
    ck_assert_ptr_null(ifp_check_new(NULL, plan, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ARGUMENT);
    ck_assert_str_eq(ifp_error_message(error), "the instance is NULL");
    ck_assert_ptr_null(ifp_check_new(instance, NULL, error));
    ck_assert_str_eq(ifp_error_message(error), "the plan is NULL");
    ck_assert_ptr_null(ifp_check_new(NULL, NULL, NULL));
    ck_assert_int_eq(ifp_check_feasible(NULL), 0);
    ck_assert_double_nan(ifp_check_max_violation(NULL));
    ck_assert_str_eq(ifp_check_reason(NULL), "");
    ck_assert_double_nan(ifp_check_cost(NULL, IFP_COST_TOTAL));
    ck_assert_uint_eq(ifp_check_limit_count(NULL), 0);
    ifp_limit limit = IFP_LIMIT_INIT;
    ck_assert_int_eq(ifp_check_limit(NULL, 0, &limit), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_check_write_json(NULL));
    ifp_check_free(NULL);

    ck_assert_int_eq(ifp_solution_status(NULL), 0);
    ck_assert_str_eq(ifp_solution_status_word(NULL), "");
    ck_assert_double_infinite(ifp_solution_objective(NULL));
    ck_assert_double_infinite(ifp_solution_bound(NULL));
    ck_assert_double_infinite(ifp_solution_gap(NULL));
    ck_assert_double_eq(ifp_solution_seconds(NULL), 0);
    ck_assert_double_eq(ifp_solution_nodes(NULL), 0);
    ck_assert_str_eq(ifp_solution_engine(NULL), "");
    ck_assert_ptr_null(ifp_solution_plan(NULL));
    ck_assert_ptr_null(ifp_solution_check(NULL));
    ck_assert_ptr_null(ifp_solution_write_json(NULL));
    ifp_solution_free(NULL);
}
END_TEST

START_TEST(accessors_know_their_range)
{
    run_check();
    ifp_limit limit = IFP_LIMIT_INIT;
    ck_assert_int_eq(ifp_check_limit(check, 12, &limit), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_check_limit(check, 0, NULL), IFP_ERROR_ARGUMENT);
    limit.size = IFP_LIMIT_SIZE_FIRST - 1;
    ck_assert_int_eq(ifp_check_limit(check, 0, &limit), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(limit.name);
    struct {
        ifp_limit entry;
        double later;
    } longer = {.entry = {.size = sizeof longer}, .later = -7};
    ck_assert_int_eq(ifp_check_limit(check, 0, &longer.entry), IFP_OK);
    ck_assert_str_eq(longer.entry.name, "budget_usd");
    ck_assert_uint_eq(longer.entry.size, sizeof longer);
    ck_assert_double_eq(longer.later, -7);
    ck_assert_double_nan(ifp_check_cost(check, 5));
    ck_assert_double_nan(ifp_check_route_cost(check, 0, 5));
    ck_assert_double_nan(ifp_check_cost(check, -1));
}
END_TEST

/* A program that was compiled against the first release passes the size of its own entry. The
 * library fills that, and writes nothing behind it. */
START_TEST(limits_of_the_first_release)
{
    struct first_limit {
        size_t size;
        const char *name;
        double used;
        double limit;
    };
    struct {
        struct first_limit limit;
        char behind[sizeof(ifp_limit)];
    } old = {.limit = {.size = sizeof old.limit}};
    memset(old.behind, 0x5a, sizeof old.behind);
    run_check();
    ck_assert_uint_eq(sizeof old.limit, IFP_LIMIT_SIZE_FIRST);
    ck_assert_uint_eq(offsetof(ifp_limit, kind), sizeof old.limit);
    ck_assert_int_eq(ifp_check_limit(check, 2, (ifp_limit *)(void *)&old), IFP_OK);
    ck_assert_uint_eq(old.limit.size, sizeof old.limit);
    ck_assert_str_eq(old.limit.name, "pool[P]");
    ck_assert_double_eq(old.limit.used, 3);
    ck_assert_double_eq(old.limit.limit, 6);
    for (size_t b = 0; b < sizeof old.behind; b++)
        ck_assert_int_eq(old.behind[b], 0x5a);
}
END_TEST

/* Everything the check shows is its own. */
START_TEST(outlives_instance_and_plan)
{
    set_number("limits.budget_usd", 80);
    run_check();
    ifp_plan_free(plan);
    ifp_instance_free(instance);
    plan = NULL;
    instance = NULL;
    ck_assert_str_eq(ifp_check_reason(check), "budget_usd: 82.54 of 80 USD");
    expect_limit("delay[a]", 250, 1000);
    ck_assert_str_eq(get_limit("delay[a]").query, "a");
    ck_assert_str_eq(get_limit("memory[N,U]").tier, "U");
    ck_assert_str_eq(get_limit("pool[P]").pool, "P");
    char *text = ifp_check_write_json(check);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(strstr(text, "\"by hand\""));
    ifp_text_free(text);
}
END_TEST

#define DOCUMENT_HEAD(status)                                                                      \
    "{\n \"format\": \"inferplan-plan\",\n \"version\": 1,\n \"instance\": \"by hand\",\n"         \
    " \"status\": \"" status "\",\n"
#define DOCUMENT_VALUES(bound, gap)                                                                \
    " \"objective_usd\": 4596.49,\n \"bound_usd\": " bound ",\n \"gap\": " gap ",\n"               \
    " \"costs\": {\"rental_usd\": 80, \"storage_usd\": 2.54, \"delay_usd\": 13.95,"                \
    " \"unmet_usd\": 4500},\n"
#define DOCUMENT_PLAN                                                                              \
    " \"deployments\": [\n"                                                                        \
    "  {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, \"replicas\": 1, \"gpus\": 2},\n"     \
    "  {\"model\": \"N\", \"tier\": \"U\", \"tp_degree\": 1, \"replicas\": 1, \"gpus\": 1}\n"      \
    " ],\n"                                                                                        \
    " \"routes\": [\n"                                                                             \
    "  {\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, \"fraction\": "     \
    "0.75, "                                                                                       \
    "\"delay_ms\": 250, \"error\": 0.02},\n"                                                       \
    "  {\"query\": \"b\", \"model\": \"N\", \"tier\": \"U\", \"tp_degree\": 1, \"fraction\": 1, "  \
    "\"delay_ms\": 50, \"error\": 0.04}\n"                                                         \
    " ],\n"                                                                                        \
    " \"unmet\": [\n"                                                                              \
    "  {\"query\": \"a\", \"fraction\": 0.25}\n"                                                   \
    " ],\n"
#define DOCUMENT_LIMITS(storage)                                                                   \
    " \"limits\": [\n"                                                                             \
    "  {\"name\": \"budget_usd\", \"used\": 82.54, \"limit\": 1000,"                               \
    " \"kind\": \"budget\", \"unit\": \"USD\"},\n"                                                 \
    "  {\"name\": \"storage_gb\", \"used\": 20, \"limit\": " storage ","                           \
    " \"kind\": \"storage\", \"unit\": \"GB\"},\n"                                                 \
    "  {\"name\": \"pool[P]\", \"used\": 3, \"limit\": 6,"                                         \
    " \"kind\": \"pool\", \"unit\": \"GPUs\", \"pool\": \"P\"},\n"                                 \
    "  {\"name\": \"pool[Q]\", \"used\": 0, \"limit\": 0,"                                         \
    " \"kind\": \"pool\", \"unit\": \"GPUs\", \"pool\": \"Q\"},\n"                                 \
    "  {\"name\": \"memory[M,T]\", \"used\": 21.4, \"limit\": 48,"                                 \
    " \"kind\": \"memory\", \"unit\": \"GB\", \"model\": \"M\", \"tier\": \"T\"},\n"               \
    "  {\"name\": \"compute[M,T]\", \"used\": 0.75, \"limit\": 20,"                                \
    " \"kind\": \"compute\", \"unit\": \"TFLOP/s\", \"model\": \"M\", \"tier\": \"T\"},\n"         \
    "  {\"name\": \"memory[N,U]\", \"used\": 5.8, \"limit\": 48,"                                  \
    " \"kind\": \"memory\", \"unit\": \"GB\", \"model\": \"N\", \"tier\": \"U\"},\n"               \
    "  {\"name\": \"compute[N,U]\", \"used\": 1, \"limit\": 20,"                                   \
    " \"kind\": \"compute\", \"unit\": \"TFLOP/s\", \"model\": \"N\", \"tier\": \"U\"},\n"         \
    "  {\"name\": \"delay[a]\", \"used\": 250, \"limit\": 1000,"                                   \
    " \"kind\": \"delay\", \"unit\": \"ms\", \"query\": \"a\"},\n"                                 \
    "  {\"name\": \"error[a]\", \"used\": 0.02, \"limit\": 0.1,"                                   \
    " \"kind\": \"error\", \"unit\": \"\", \"query\": \"a\"},\n"                                   \
    "  {\"name\": \"delay[b]\", \"used\": 50, \"limit\": 1000,"                                    \
    " \"kind\": \"delay\", \"unit\": \"ms\", \"query\": \"b\"},\n"                                 \
    "  {\"name\": \"error[b]\", \"used\": 0.04, \"limit\": 0.1,"                                   \
    " \"kind\": \"error\", \"unit\": \"\", \"query\": \"b\"}\n"                                    \
    " ],\n"

/* Takes the text. Shows where it differs; the whole would be too long for a message. */
static void expect_document(char *text, const char *expected)
{
    ck_assert_ptr_nonnull(text);
    size_t same = 0;
    while (text[same] && text[same] == expected[same])
        same++;
    ck_assert_msg(text[same] == expected[same], "found %.60s, expected %.60s", text + same,
                  expected + same);
    ifp_text_free(text);
}

START_TEST(document_of_a_feasible_plan)
{
    run_check();
    expect_document(
        ifp_check_write_json(check),
        DOCUMENT_HEAD("feasible") DOCUMENT_VALUES("null", "null")
            DOCUMENT_PLAN DOCUMENT_LIMITS("100") " \"verified\": true,\n \"max_violation\": 0,\n"
                                                 " \"notes\": []\n}\n");
}
END_TEST

START_TEST(document_of_a_broken_plan)
{
    set_number("limits.storage_gb", 16);
    run_check();
    expect_document(
        ifp_check_write_json(check),
        DOCUMENT_HEAD("infeasible") DOCUMENT_VALUES("null", "null")
            DOCUMENT_PLAN DOCUMENT_LIMITS("16") " \"verified\": false,\n \"max_violation\": 0.25,\n"
                                                " \"notes\": [],\n"
                                                " \"reason\": \"storage_gb: 20 of 16 GB\"\n}\n");
}
END_TEST

/* Written, read, checked and written again: not a bit is lost, whatever the fractions are. */
START_TEST(round_trip)
{
    plan->routes[0].fraction = 1.0 / 3;
    plan->unmet[0].fraction = nextafter(2.0 / 3, 1);
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, 5e-324), IFP_OK);
    run_check();
    char *text = ifp_check_write_json(check);
    ck_assert_ptr_nonnull(text);
    ifp_plan *read = ifp_plan_read_string(instance, text, strlen(text), error);
    ck_assert_msg(read != NULL, "%s", ifp_error_message(error));
    ck_assert_double_eq(read->routes[0].fraction, 1.0 / 3);
    ck_assert_double_eq(read->routes[1].fraction, 5e-324);
    ck_assert_double_eq(read->unmet[0].fraction, nextafter(2.0 / 3, 1));
    ifp_check *again = ifp_check_new(instance, read, error);
    ck_assert_msg(again != NULL, "%s", ifp_error_message(error));
    char *text_again = ifp_check_write_json(again);
    ck_assert_ptr_nonnull(text_again);
    ck_assert_str_eq(text, text_again);
    ifp_text_free(text);
    ifp_text_free(text_again);
    ifp_check_free(again);
    ifp_plan_free(read);
}
END_TEST

/* Unmet shares that are none, by rounding below 0, are not listed. */
START_TEST(unmet_lists_what_is_unmet)
{
    ck_assert_int_eq(ifp_plan_add_unmet(plan, B, -1e-17), IFP_OK);
    run_check();
    char *text = ifp_check_write_json(check);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(strstr(text, " \"unmet\": [\n  {\"query\": \"a\", \"fraction\": 0.25}\n"
                                       " ],\n"));
    ifp_text_free(text);
}
END_TEST

START_TEST(solution_without_a_plan)
{
    ifp_solution *solution = ifp_solution_new();
    ck_assert_ptr_nonnull(solution);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_NO_PLAN);
    ck_assert_str_eq(ifp_solution_status_word(solution), "no_plan");
    ck_assert_str_eq(ifp_solution_stop_word(solution), "exhausted");
    ck_assert_double_eq(ifp_solution_objective(solution), INFINITY);
    ck_assert_double_eq(ifp_solution_bound(solution), -INFINITY);
    ck_assert_double_eq(ifp_solution_gap(solution), INFINITY);
    ck_assert_ptr_null(ifp_solution_plan(solution));
    ck_assert_ptr_null(ifp_solution_check(solution));
    solution->status = IFP_STATUS_INFEASIBLE;
    solution->bound = INFINITY;
    solution->engine = "mip";
    solution->seconds = 0.25;
    solution->instance = ifp_string_copy("by hand");
    ck_assert_str_eq(ifp_solution_status_word(solution), "infeasible");
    ck_assert_double_eq(ifp_solution_gap(solution), INFINITY);
    expect_document(
        ifp_solution_write_json(solution),
        DOCUMENT_HEAD(
            "infeasible") " \"objective_usd\": null,\n \"bound_usd\": null,\n \"gap\": null,\n"
                          " \"costs\": {\"rental_usd\": null, \"storage_usd\": null,"
                          " \"delay_usd\": null, \"unmet_usd\": null},\n"
                          " \"deployments\": [],\n \"routes\": [],\n \"unmet\": [],\n"
                          " \"limits\": [],\n \"verified\": false,\n"
                          " \"max_violation\": null,\n \"notes\": [],\n \"removed\": [],\n "
                          "\"engine\": \"mip\",\n"
                          " \"seconds\": 0.25\n}\n");
    char *text = ifp_solution_write_json(solution);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_null(ifp_plan_read_string(instance, text, strlen(text), error));
    ck_assert_str_eq(ifp_error_where(error), "status");
    ifp_text_free(text);
    ifp_solution_free(solution);
}
END_TEST

START_TEST(solution_with_a_plan)
{
    run_check();
    ifp_solution *solution = ifp_solution_new();
    ck_assert_ptr_nonnull(solution);
    solution->status = IFP_STATUS_OPTIMAL;
    solution->objective = ifp_check_cost(check, IFP_COST_TOTAL);
    solution->bound = 0;
    solution->engine = "decompose";
    solution->seconds = 1.5;
    solution->nodes = 7;
    solution->stop = IFP_STOP_CANCELLED;
    solution->instance = ifp_string_copy("by hand");
    solution->plan = plan;
    solution->check = check;
    plan = NULL;
    check = NULL;
    ck_assert_double_eq(ifp_solution_gap(solution), 1);
    ck_assert_double_eq(ifp_solution_objective(solution), 4596.49);
    ck_assert_double_eq(ifp_solution_bound(solution), 0);
    ck_assert_double_eq(ifp_solution_seconds(solution), 1.5);
    ck_assert_double_eq(ifp_solution_nodes(solution), 7);
    ck_assert_str_eq(ifp_solution_engine(solution), "decompose");
    ck_assert_str_eq(ifp_solution_status_word(solution), "optimal");
    ck_assert_int_eq(ifp_solution_stop(solution), IFP_STOP_PROVEN);
    ck_assert_ptr_eq(ifp_solution_plan(solution), ifp_check_plan(solution->check));
    ck_assert_ptr_eq(ifp_solution_check(solution), solution->check);
    expect_document(ifp_solution_write_json(solution),
                    DOCUMENT_HEAD("optimal") DOCUMENT_VALUES("0", "1")
                        DOCUMENT_PLAN DOCUMENT_LIMITS(
                            "100") " \"verified\": true,\n \"max_violation\": 0,\n"
                                   " \"notes\": [],\n \"removed\": [],\n"
                                   " \"engine\": \"decompose\",\n \"seconds\": 1.5\n}\n");
    solution->status = IFP_STATUS_FEASIBLE;
    ck_assert_str_eq(ifp_solution_status_word(solution), "feasible");
    ck_assert_str_eq(ifp_solution_stop_word(solution), "cancelled");
    /* Below a dollar the gap is in dollars. */
    solution->objective = 0.5;
    solution->bound = 0.25;
    ck_assert_double_eq(ifp_solution_gap(solution), 0.25);
    solution->bound = -INFINITY;
    ck_assert_double_eq(ifp_solution_gap(solution), INFINITY);
    ifp_solution_free(solution);
}
END_TEST

/* A bound that rounding took below 0 is raised, and what that proves is said; never above the
 * plan's own cost, and not where nothing was proven. */
START_TEST(bounds_are_raised)
{
    run_check();
    ifp_solution *solution = ifp_solution_new();
    ck_assert_ptr_nonnull(solution);
    ifp_solution_raise_bound(solution, 0, 1);
    ck_assert_double_eq(ifp_solution_bound(solution), -INFINITY);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_NO_PLAN);
    solution->bound = -6.6e-9;
    ifp_solution_raise_bound(solution, 0, 1);
    ck_assert_double_eq(ifp_solution_bound(solution), 0);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_NO_PLAN);
    solution->plan = plan;
    plan = NULL;
    solution->status = IFP_STATUS_FEASIBLE;
    solution->bound = -6.6e-9;
    solution->objective = 1e-9;
    ifp_solution_raise_bound(solution, 0, 0);
    ck_assert_double_eq(ifp_solution_bound(solution), 0);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_FEASIBLE);
    solution->bound = -6.6e-9;
    solution->objective = 0;
    ifp_solution_raise_bound(solution, 0, 0);
    ck_assert_double_eq(ifp_solution_gap(solution), 0);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_OPTIMAL);
    solution->bound = 3;
    solution->objective = 5;
    ifp_solution_raise_bound(solution, 7, 0);
    ck_assert_double_eq(ifp_solution_bound(solution), 5);
    ifp_solution_raise_bound(solution, 0, 0);
    ck_assert_double_eq(ifp_solution_bound(solution), 5);
    ifp_solution_free(solution);
}
END_TEST

/* For which instance a plan was made: as its document says, whatever it is read for. */
START_TEST(names_of_instances)
{
    static const struct {
        const char *member;
        const char *name;
    } documents[] = {
        {"\"instance\": \"by hand\",", "by hand"},
        {"\"instance\": \"another\",", "another"},
        {"\"instance\": \"q\\\"\\u00e9\\ud83d\\ude00\",", "q\"\xc3\xa9\xf0\x9f\x98\x80"},
        {"\"x\": {\"instance\": \"nested\"},", NULL},
        {"\"instance\": null,", NULL},
        {"\"instance\": 7,", NULL},
        {"", NULL},
    };
    ck_assert_str_eq(ifp_plan_instance_name(plan), "by hand");
    for (size_t d = 0; d < sizeof documents / sizeof *documents; d++) {
        struct ifp_text text = {0};
        ifp_text_format(&text,
                        "{%s \"format\": \"inferplan-plan\", \"version\": 1,"
                        " \"deployments\": [], \"routes\": [], \"unmet\": []}",
                        documents[d].member);
        ifp_plan *read = ifp_plan_read_string(instance, text.data, text.size, error);
        ifp_text_clear(&text);
        ck_assert_msg(read != NULL, "%s", ifp_error_message(error));
        ifp_plan *copy = ifp_plan_copy(read);
        ifp_plan_free(read);
        if (documents[d].name)
            ck_assert_str_eq(ifp_plan_instance_name(copy), documents[d].name);
        else
            ck_assert_ptr_null(ifp_plan_instance_name(copy));
        /* The check is of the instance that it was held against. */
        ifp_check *held = ifp_check_new(instance, copy, error);
        ck_assert_msg(held != NULL, "%s", ifp_error_message(error));
        char *json = ifp_check_write_json(held);
        ck_assert_ptr_nonnull(strstr(json, "\"instance\": \"by hand\""));
        ifp_text_free(json);
        ifp_check_free(held);
        ifp_plan_free(copy);
    }
}
END_TEST

static Suite *result_suite(void)
{
    Suite *suite = suite_create("result");
    TCase *handles = new_case(suite, "handles");
    tcase_add_test(handles, plans_of_another_instance);
    tcase_add_loop_test(handles, plans_with_unknown_names, 0, 4);
    tcase_add_test(handles, unknown_names_in_routes_and_unmet);
    tcase_add_test(handles, incomplete_instances);
    tcase_add_test(handles, null_is_taken);
    tcase_add_test(handles, accessors_know_their_range);
    tcase_add_test(handles, limits_of_the_first_release);
    tcase_add_test(handles, outlives_instance_and_plan);
    tcase_add_test(handles, names_of_instances);
    tcase_add_test(handles, bounds_are_raised);

    TCase *documents = new_case(suite, "documents");
    tcase_add_test(documents, document_of_a_feasible_plan);
    tcase_add_test(documents, document_of_a_broken_plan);
    tcase_add_test(documents, round_trip);
    tcase_add_test(documents, unmet_lists_what_is_unmet);
    tcase_add_test(documents, solution_without_a_plan);
    tcase_add_test(documents, solution_with_a_plan);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(result_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures;
}
