/* SPDX-License-Identifier: MIT */
/* A model over its life: solved, changed and solved again, stopped in every way, and what it says
 * when it is asked for what it cannot do. */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <inferplan/inferplan.h>

#include "scenario.h"
#include "support/suite.h"

static ifp_error *error;

static void setup(void)
{
    error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
}

static void teardown(void)
{
    ifp_error_free(error);
}

static ifp_model *make_model(const ifp_instance *instance, const ifp_options *options)
{
    ifp_model *model = ifp_model_new(instance, options, error);
    ck_assert_msg(model != NULL, "%s", ifp_error_message(error));
    return model;
}

static ifp_solution *solve(ifp_model *model)
{
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_msg(solution != NULL, "%s", ifp_error_message(ifp_model_last_error(model)));
    return solution;
}

static char *solve_document(ifp_model *model)
{
    ifp_solution *solution = solve(model);
    char *text = scenario_document(solution);
    ifp_solution_free(solution);
    return text;
}

static void expect_document(ifp_model *model, const char *expected)
{
    char *found = solve_document(model);
    suite_expect_same(found, expected);
    ifp_text_free(found);
}

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Time is measured only to tell "at once" from "never": sanitizers and valgrind are slow. */
static const double AT_ONCE = 60;

START_TEST(solved_again_and_again)
{
    for (uint64_t seed = 0; seed < 3; seed++) {
        ifp_instance *instance = scenario_small(seed);
        ifp_model *model = make_model(instance, NULL);
        char *first = solve_document(model);
        ck_assert_ptr_nonnull(strstr(first, "\"status\": \"optimal\""));
        expect_document(model, first);
        expect_document(model, first);
        ifp_model *other = make_model(instance, NULL);
        expect_document(other, first);
        ifp_model_free(other);
        ifp_model_free(model);
        ifp_instance_free(instance);
        ifp_text_free(first);
    }
}
END_TEST

/* After a change the model answers as one made anew from the changed instance. */
START_TEST(changed_and_solved_again)
{
    static const char *const changes[][2] = {
        {"limits.budget_usd", "60"},
        {"policy.placement", "single"},
        {"queries[query 1].unmet_penalty_usd", "scale:5"},
        {"tiers[*].usd_per_hour", "scale:0.5"},
        {"performance.delay_ms_per_token[0][*][2]", "null"},
        {"policy.storage_basis", "route"},
        {"limits.budget_usd", "null"},
        {"policy.max_replicas", "1"},
        {"pools[0].gpus", "0"},
    };
    ifp_instance *instance = scenario_small(7);
    ifp_model *model = make_model(instance, NULL);
    char *before = solve_document(model);
    int different = 0;
    for (size_t c = 0; c < sizeof changes / sizeof *changes; c++) {
        ck_assert_int_eq(ifp_model_set(model, changes[c][0], changes[c][1]), IFP_OK);
        ck_assert_int_eq(ifp_instance_set(instance, changes[c][0], changes[c][1]), IFP_OK);
        ifp_model *fresh = make_model(instance, NULL);
        char *expected = solve_document(fresh);
        expect_document(model, expected);
        ck_assert_uint_eq(ifp_model_route_count(model), ifp_model_route_count(fresh));
        different += strcmp(expected, before) != 0;
        ifp_text_free(before);
        before = expected;
        ifp_model_free(fresh);
    }
    ck_assert_int_ge(different, 5);
    ifp_text_free(before);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

/* The model has a copy of its own, which only ifp_model_set changes. */
START_TEST(inputs_are_copied)
{
    double value;
    ifp_instance *instance = scenario_small(3);
    ifp_options *options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(options, "gap", "0.001"), IFP_OK);
    ifp_model *model = make_model(instance, options);
    ifp_model *kept = make_model(instance, options);
    char *expected = solve_document(kept);
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "1e-9"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(instance, "limits.budget_usd", 0), IFP_OK);
    ifp_options_free(options);
    ifp_instance_free(instance);
    expect_document(model, expected);
    ck_assert_int_eq(ifp_model_set(model, "limits.budget_usd", "55.5"), IFP_OK);
    ck_assert_int_eq(
        ifp_instance_get_number(ifp_model_instance(model), "limits.budget_usd", &value, error),
        IFP_OK);
    ck_assert_double_eq(value, 55.5);
    ifp_text_free(expected);
    ifp_model_free(kept);
    ifp_model_free(model);
}
END_TEST

static const struct {
    const char *path;
    const char *value;
    int code;
    const char *message;
} bad_changes[] = {
    {"limits.budget", "1", IFP_ERROR_VALUE,
     "limits.budget: there is no such field (budget_usd?); allowed: budget_usd, storage_gb"},
    {"limits.budget_usd", "-1", IFP_ERROR_VALUE,
     "limits.budget_usd: found -1; allowed: a number of at least 0, or null for no limit"},
    {"queries[nobody].max_unmet", "1", IFP_ERROR_VALUE,
     "queries[nobody].max_unmet: no member of queries by that name; allowed: \"query 0\", "
     "\"query 1\", \"query 2\", a number from 0, or * for all"},
    {NULL, "1", IFP_ERROR_ARGUMENT, "the path is NULL"},
    {"limits.budget_usd", NULL, IFP_ERROR_ARGUMENT, "the value is NULL"},
};

START_TEST(refused_changes)
{
    ifp_instance *instance = scenario_small(5);
    ifp_model *model = make_model(instance, NULL);
    char *expected = solve_document(model);
    size_t routes = ifp_model_route_count(model);
    ck_assert_int_eq(ifp_model_set(model, bad_changes[_i].path, bad_changes[_i].value),
                     bad_changes[_i].code);
    ck_assert_int_eq(ifp_error_code(ifp_model_last_error(model)), bad_changes[_i].code);
    ck_assert_str_eq(ifp_error_message(ifp_model_last_error(model)), bad_changes[_i].message);
    ck_assert_uint_eq(ifp_model_route_count(model), routes);
    expect_document(model, expected);
    ifp_text_free(expected);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

/* Two fields that only together are wrong: the solve says so, and works once they are right. */
START_TEST(contradictions)
{
    ifp_instance *instance = scenario_small(5);
    ifp_model *model = make_model(instance, NULL);
    char *expected = solve_document(model);
    ck_assert_int_eq(ifp_model_set(model, "tiers[0].tp_speedup", "2"), IFP_OK);
    ck_assert_ptr_null(ifp_model_solve(model));
    ck_assert_int_eq(ifp_error_code(ifp_model_last_error(model)), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_where(ifp_model_last_error(model)), "tiers[0].tp_speedup");
    ck_assert_ptr_null(ifp_model_export(model, "lp"));
    ck_assert_int_eq(ifp_model_set(model, "tiers[0].tp_speedup", "null"), IFP_OK);
    expect_document(model, expected);
    /* An uncertainty that needs a budget which is not there. */
    ck_assert_int_eq(ifp_model_set(model, "uncertainty.kind", "budget"), IFP_OK);
    ck_assert_ptr_null(ifp_model_solve(model));
    ck_assert_int_eq(ifp_error_code(ifp_model_last_error(model)), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_where(ifp_model_last_error(model)), "uncertainty.delay_budget");
    ck_assert_int_eq(ifp_model_set(model, "uncertainty.kind", "none"), IFP_OK);
    expect_document(model, expected);
    ifp_text_free(expected);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

START_TEST(invalid_instances_are_refused)
{
    ifp_instance *instance = ifp_instance_new();
    ck_assert_ptr_null(ifp_model_new(instance, NULL, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_where(error), "name");
    ifp_instance_free(instance);
}
END_TEST

START_TEST(infeasible)
{
    ifp_instance *instance = scenario_small(2);
    ck_assert_int_eq(ifp_instance_set(instance, "queries[1].max_unmet", "0"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(instance, "limits.budget_usd", "0"), IFP_OK);
    ifp_model *model = make_model(instance, NULL);
    ifp_solution *solution = solve(model);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_INFEASIBLE);
    ck_assert_str_eq(ifp_solution_status_word(solution), "infeasible");
    ck_assert_str_eq(ifp_solution_stop_word(solution), "proven");
    ck_assert_double_eq(ifp_solution_objective(solution), INFINITY);
    ck_assert_double_eq(ifp_solution_bound(solution), INFINITY);
    ck_assert_double_eq(ifp_solution_gap(solution), INFINITY);
    ck_assert_ptr_null(ifp_solution_plan(solution));
    ck_assert_ptr_null(ifp_solution_check(solution));
    char *text = ifp_solution_write_json(solution);
    ck_assert_ptr_nonnull(strstr(text, "\"objective_usd\": null"));
    ck_assert_ptr_nonnull(strstr(text, "\"verified\": false"));
    ifp_text_free(text);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

/* What a solve that was cut short may come to: a verified plan and a valid bound, or neither. */
static void expect_stopped(const ifp_instance *instance, const ifp_solution *solution, int stop)
{
    int status = ifp_solution_status(solution);
    ck_assert_msg(ifp_solution_stop(solution) == stop, "%s", ifp_solution_stop_word(solution));
    char *text = ifp_solution_write_json(solution);
    ck_assert_msg(status == IFP_STATUS_FEASIBLE || status == IFP_STATUS_NO_PLAN, "%s",
                  ifp_solution_status_word(solution));
    if (status == IFP_STATUS_FEASIBLE) {
        ifp_check *check = ifp_check_new(instance, ifp_solution_plan(solution), error);
        ck_assert_msg(ifp_check_feasible(check), "%s", ifp_check_reason(check));
        ck_assert_double_eq(ifp_check_cost(check, IFP_COST_TOTAL),
                            ifp_solution_objective(solution));
        ck_assert_double_le(ifp_solution_bound(solution), ifp_solution_objective(solution));
        ck_assert_double_gt(ifp_solution_gap(solution), 0);
        ifp_check_free(check);
    } else {
        ck_assert_double_eq(ifp_solution_objective(solution), INFINITY);
        ck_assert_double_lt(ifp_solution_bound(solution), INFINITY);
        ck_assert_ptr_null(ifp_solution_plan(solution));
        ck_assert_ptr_nonnull(strstr(text, "\"status\": \"no_plan\""));
        ck_assert_ptr_nonnull(strstr(text, "\"objective_usd\": null"));
    }
    ifp_text_free(text);
}

static ifp_options *gap_zero(void)
{
    ifp_options *options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(options, "gap", "0"), IFP_OK);
    return options;
}

START_TEST(time_limits)
{
    static const char *const limits[] = {"1e-9", "0.001", "0.3"};
    ifp_instance *instance = scenario_hard();
    ifp_options *options = gap_zero();
    ck_assert_int_eq(ifp_options_set(options, "time_limit", limits[_i]), IFP_OK);
    ifp_model *model = make_model(instance, options);
    double start = seconds_now();
    ifp_solution *solution = solve(model);
    ck_assert_double_lt(seconds_now() - start, AT_ONCE);
    expect_stopped(instance, solution, IFP_STOP_TIME_LIMIT);
    ck_assert_double_gt(ifp_solution_seconds(solution), 0);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
}
END_TEST

/* Serving nothing is a plan, also of a program that was never built, unless some demand has to be
 * met. */
START_TEST(nothing_served)
{
    ifp_instance *instance = scenario_hard();
    ifp_options *options = gap_zero();
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "1e-9"), IFP_OK);
    for (int turn = 0; turn < 2; turn++) {
        ck_assert_int_eq(ifp_instance_set(instance, "queries[*].max_unmet", "1"), IFP_OK);
        if (turn)
            ck_assert_int_eq(ifp_instance_set(instance, "queries[1].max_unmet", "0.999"), IFP_OK);
        ifp_model *model = make_model(instance, options);
        ck_assert_uint_eq(ifp_model_configuration_count(model), 0);
        ifp_solution *solution = solve(model);
        const ifp_plan *plan = ifp_solution_plan(solution);
        expect_stopped(instance, solution, IFP_STOP_TIME_LIMIT);
        ck_assert_int_eq(ifp_solution_status(solution),
                         turn ? IFP_STATUS_NO_PLAN : IFP_STATUS_FEASIBLE);
        if (!turn) {
            ck_assert_uint_eq(ifp_plan_deployment_count(plan), 0);
            ck_assert_uint_eq(ifp_plan_unmet_count(plan), ifp_instance_query_count(instance));
        }
        ifp_solution_free(solution);
        ifp_model_free(model);
    }
    ifp_options_free(options);
    ifp_instance_free(instance);
}
END_TEST

/* Stopped before the first LP is solved. */
START_TEST(cancelled_before)
{
    ifp_instance *instance = scenario_hard();
    ifp_options *options = gap_zero();
    ifp_model *model = make_model(instance, options);
    ifp_model_cancel(model);
    ifp_model_cancel(model);
    double start = seconds_now();
    ifp_solution *solution = solve(model);
    ck_assert_double_lt(seconds_now() - start, AT_ONCE);
    expect_stopped(instance, solution, IFP_STOP_CANCELLED);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
    /* A cancel is for one solve. */
    instance = scenario_small(1);
    model = make_model(instance, NULL);
    char *expected = solve_document(model);
    ifp_model_cancel(model);
    ifp_solution_free(solve(model));
    expect_document(model, expected);
    ifp_text_free(expected);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

/* A plan that exceeds its limits within the tolerance is better than none. What has been proven
 * meanwhile is of the limits as they are: it says nothing of that plan. */
START_TEST(cancelled_with_a_plan_within_the_tolerance)
{
    ifp_instance *instance = scenario_small(1);
    ck_assert_int_eq(ifp_instance_set(instance, "queries[*].max_unmet", "0"), IFP_OK);
    ifp_model *model = make_model(instance, NULL);
    ifp_solution *first = solve(model);
    const ifp_check *check = ifp_solution_check(first);
    ck_assert_ptr_nonnull(check);
    double spent = ifp_check_cost(check, IFP_COST_RENTAL) + ifp_check_cost(check, IFP_COST_STORAGE);
    ck_assert_double_gt(spent, 0);
    ck_assert_int_eq(ifp_instance_set_number(instance, "limits.budget_usd", spent / (1 + 0.5e-6)),
                     IFP_OK);
    ifp_model *tight = make_model(instance, NULL);
    ck_assert_int_eq(ifp_model_set_start(tight, ifp_solution_plan(first)), IFP_OK);
    ifp_model_cancel(tight);
    ifp_solution *solution = solve(tight);
    expect_stopped(instance, solution, IFP_STOP_CANCELLED);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_FEASIBLE);
    ck_assert_double_eq(ifp_solution_objective(solution), ifp_solution_objective(first));
    ck_assert_double_eq(ifp_solution_bound(solution), -INFINITY);
    ck_assert_double_eq(ifp_solution_gap(solution), INFINITY);
    ifp_solution_free(solution);
    ifp_solution_free(first);
    ifp_model_free(tight);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

/* After a change the problem is built anew, and that stops as well: with the plan to begin with, or
 * the one that serves nothing. The next solve builds what is missing. */
START_TEST(cancelled_while_built)
{
    const char *const path = "limits.budget_usd";
    ifp_instance *instance = scenario_small(1);
    ifp_model *model = make_model(instance, NULL);
    ifp_solution *first = solve(model);
    double objective = ifp_solution_objective(first);
    for (int turn = 0; turn < 2; turn++) {
        if (turn)
            ck_assert_int_eq(ifp_model_set_start(model, ifp_solution_plan(first)), IFP_OK);
        ck_assert_int_eq(ifp_model_set(model, path, "scale:1"), IFP_OK);
        ifp_model_cancel(model);
        ifp_solution *solution = solve(model);
        ck_assert_int_eq(ifp_solution_stop(solution), IFP_STOP_CANCELLED);
        ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_FEASIBLE);
        ck_assert_double_eq(ifp_solution_bound(solution), -INFINITY);
        ck_assert_uint_eq(ifp_model_configuration_count(model), 0);
        if (turn)
            ck_assert_double_eq_tol(ifp_solution_objective(solution), objective, 1e-9 * objective);
        else
            ck_assert_uint_eq(ifp_plan_deployment_count(ifp_solution_plan(solution)), 0);
        ifp_solution_free(solution);
        /* An export has nothing to do with it. */
        ck_assert_int_eq(ifp_model_set(model, path, "scale:1"), IFP_OK);
        ifp_model_cancel(model);
        char *text = ifp_model_export(model, "lp");
        ck_assert_ptr_nonnull(text);
        ifp_text_free(text);
        ifp_solution_free(solve(model));
        solution = solve(model);
        ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_OPTIMAL);
        ck_assert_uint_gt(ifp_model_configuration_count(model), 0);
        ck_assert_double_eq_tol(ifp_solution_objective(solution), objective, 2e-4 * objective);
        ifp_solution_free(solution);
    }
    ifp_solution_free(first);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

static void *cancel_soon(void *model)
{
    const struct timespec wait = {.tv_nsec = 200 * 1000 * 1000};
    (void)nanosleep(&wait, NULL);
    ifp_model_cancel(model);
    return NULL;
}

START_TEST(cancelled_from_another_thread)
{
    pthread_t thread;
    ifp_instance *instance = scenario_hard();
    ifp_options *options = gap_zero();
    ifp_model *model = make_model(instance, options);
    double start = seconds_now();
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, model), 0);
    ifp_solution *solution = solve(model);
    ck_assert_double_lt(seconds_now() - start, AT_ONCE);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    expect_stopped(instance, solution, IFP_STOP_CANCELLED);
    ck_assert_double_gt(ifp_solution_seconds(solution), 0.15);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
}
END_TEST

struct watch {
    pthread_t thread;
    int calls;
    int stop_at;
    int after; /* calls after it has asked to stop */
    double seconds;
    double objective;
    double bound;
    double nodes;
    int lines;
};

static int watch_progress(const ifp_progress *progress, void *user)
{
    struct watch *watch = user;
    ck_assert(pthread_equal(watch->thread, pthread_self()));
    watch->calls++;
    watch->after += watch->calls > watch->stop_at;
    /* Things only get better. */
    ck_assert_double_ge(ifp_progress_seconds(progress), watch->seconds);
    ck_assert_double_le(ifp_progress_objective(progress), watch->objective);
    ck_assert_double_ge(ifp_progress_bound(progress), watch->bound);
    ck_assert_double_ge(ifp_progress_nodes(progress), watch->nodes);
    ck_assert_double_ge(ifp_progress_open_nodes(progress), 0);
    ck_assert_double_ge(ifp_progress_gap(progress), 0);
    ck_assert_double_le(ifp_progress_bound(progress), ifp_progress_objective(progress));
    watch->seconds = ifp_progress_seconds(progress);
    watch->objective = ifp_progress_objective(progress);
    watch->bound = ifp_progress_bound(progress);
    watch->nodes = ifp_progress_nodes(progress);
    return watch->calls >= watch->stop_at;
}

static void watch_log(const char *line, void *user)
{
    struct watch *watch = user;
    ck_assert(pthread_equal(watch->thread, pthread_self()));
    ck_assert_ptr_null(strchr(line, '\n'));
    watch->lines++;
}

/* Stopped at the first call, the second, .. */
START_TEST(stopped_by_progress)
{
    struct watch watch = {
        .thread = pthread_self(), .stop_at = _i, .objective = INFINITY, .bound = -INFINITY};
    ifp_instance *instance = scenario_hard();
    ifp_options *options = gap_zero();
    ck_assert_int_eq(ifp_options_set_progress(options, watch_progress, &watch), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(options, watch_log, &watch), IFP_OK);
    ifp_model *model = make_model(instance, options);
    double start = seconds_now();
    ifp_solution *solution = solve(model);
    ck_assert_double_lt(seconds_now() - start, AT_ONCE);
    ck_assert_int_ge(watch.calls, _i);
    /* What was on its way already may still arrive. */
    ck_assert_int_le(watch.after, 5);
    expect_stopped(instance, solution, IFP_STOP_CANCELLED);
    ck_assert_double_le(ifp_solution_objective(solution), watch.objective);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
}
END_TEST

/* Listening changes nothing. */
START_TEST(watched_to_the_end)
{
    struct watch watch = {
        .thread = pthread_self(), .stop_at = 1000000, .objective = INFINITY, .bound = -INFINITY};
    ifp_instance *instance = scenario_small(4);
    ifp_options *options = ifp_options_new();
    ifp_model *quiet = make_model(instance, options);
    char *expected = solve_document(quiet);
    ck_assert_int_eq(ifp_options_set_progress(options, watch_progress, &watch), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(options, watch_log, &watch), IFP_OK);
    ifp_model *model = make_model(instance, options);
    expect_document(model, expected);
    ck_assert_int_gt(watch.calls + watch.lines, 0);
    ifp_text_free(expected);
    ifp_model_free(quiet);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
}
END_TEST

/* Half the cost proven is enough, and so is a gap of 1; a gap of 0 means all digits. */
struct stuck {
    int lines;
    bool counted;
};

static void count_stuck(const char *line, void *user)
{
    struct stuck *stuck = user;
    stuck->lines += strstr(line, "stuck") != NULL;
    stuck->counted |= strstr(line, "stuck") && strstr(line, " times");
}

/* An instance whose delays cost so much that the master's LP is left unsolved dozens of times a
 * second: the log has a line at the first time, and one with their number at the end. */
START_TEST(the_log_is_not_flooded)
{
    char path[1024];
    struct stuck stuck = {0};
    const char *directory = getenv("INFERPLAN_DATA");
    (void)snprintf(path, sizeof path, "%s/stuck-master.json", directory ? directory : "tests/data");
    ifp_instance *instance = ifp_instance_read_file(path, error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    ifp_options *options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(options, "engine", "decompose"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "time_limit", "5"), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(options, count_stuck, &stuck), IFP_OK);
    ifp_model *model = make_model(instance, options);
    ifp_solution_free(solve(model));
    ck_assert_int_eq(stuck.lines, 2);
    ck_assert(stuck.counted);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
}
END_TEST

START_TEST(gaps)
{
    static const double asked[] = {1, 0.5, 0.01, 1e-6, 0};
    ifp_instance *instance = scenario_small(6);
    double best = 0;
    for (size_t g = sizeof asked / sizeof *asked; g-- > 0;) {
        ifp_options *options = ifp_options_new();
        ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_GAP, asked[g]), IFP_OK);
        ifp_model *model = make_model(instance, options);
        ifp_solution *solution = solve(model);
        double objective = ifp_solution_objective(solution);
        ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_OPTIMAL);
        ck_assert_double_le(ifp_solution_gap(solution), fmax(asked[g], 1e-8));
        if (asked[g] == 0)
            best = objective;
        ck_assert_double_ge(objective, best * (1 - 1e-9));
        ck_assert_double_le(objective * (1 - asked[g]), best * (1 + 1e-7));
        ifp_solution_free(solution);
        ifp_model_free(model);
        ifp_options_free(options);
    }
    ifp_instance_free(instance);
}
END_TEST

START_TEST(exports)
{
    static const char *const formats[] = {"mps", "lp"};
    ifp_instance *instance = scenario_small(1);
    ifp_model *model = make_model(instance, NULL);
    for (int f = 0; f < 2; f++) {
        char *one = ifp_model_export(model, formats[f]);
        char *two = ifp_model_export(model, formats[f]);
        ck_assert_ptr_nonnull(one);
        suite_expect_same(one, two);
        ck_assert_ptr_nonnull(strstr(one, "demand(query_0)"));
        ifp_text_free(one);
        ifp_text_free(two);
    }
    ck_assert_ptr_null(ifp_model_export(model, "MPS"));
    ck_assert_int_eq(ifp_error_code(ifp_model_last_error(model)), IFP_ERROR_ARGUMENT);
    ck_assert_str_eq(ifp_error_message(ifp_model_last_error(model)),
                     "format: found \"MPS\"; allowed: mps or lp");
    ck_assert_ptr_null(ifp_model_export(model, NULL));
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

/* A plan to begin with changes nothing of what is proven, whether it is the best one, one that no
 * longer holds, or another instance's. */
START_TEST(starts)
{
    ifp_instance *instance = scenario_small(5);
    ifp_model *model = make_model(instance, NULL);
    ifp_solution *first = solve(model);
    ck_assert_ptr_nonnull(ifp_solution_plan(first));
    ck_assert_int_eq(ifp_model_set_start(NULL, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_model_set_start(model, ifp_solution_plan(first)), IFP_OK);
    ifp_solution *again = solve(model);
    ck_assert_double_eq_tol(ifp_solution_objective(again), ifp_solution_objective(first), 1e-6);
    ck_assert_int_eq(ifp_solution_status(again), IFP_STATUS_OPTIMAL);
    ifp_solution_free(again);
    /* Nothing can be rented: the start does not hold, and is not returned. */
    ck_assert_int_eq(ifp_model_set(model, "limits.budget_usd", "0"), IFP_OK);
    again = solve(model);
    ck_assert_int_eq(ifp_solution_status(again), IFP_STATUS_OPTIMAL);
    ck_assert_uint_eq(ifp_plan_deployment_count(ifp_solution_plan(again)), 0);
    ifp_solution_free(again);
    ck_assert_int_eq(ifp_model_set(model, "limits.budget_usd", "null"), IFP_OK);
    ck_assert_int_eq(ifp_model_set_start(model, NULL), IFP_OK);
    ifp_instance *smaller = scenario_make(5, 1, 1, 1);
    ifp_model *other = make_model(smaller, NULL);
    ck_assert_int_eq(ifp_model_set_start(other, ifp_solution_plan(first)), IFP_ERROR_VALUE);
    ck_assert_ptr_nonnull(
        strstr(ifp_error_message(ifp_model_last_error(other)), "of the instance"));
    ifp_solution_free(first);
    first = solve(other);
    ifp_solution_free(first);
    ifp_model_free(other);
    ifp_instance_free(smaller);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

static Suite *model_suite(void)
{
    Suite *suite = suite_create("model");
    TCase *life = tcase_create("life");
    tcase_add_checked_fixture(life, setup, teardown);
    tcase_set_timeout(life, 120);
    tcase_add_test(life, solved_again_and_again);
    tcase_add_test(life, changed_and_solved_again);
    tcase_add_test(life, inputs_are_copied);
    tcase_add_loop_test(life, refused_changes, 0, (int)(sizeof bad_changes / sizeof *bad_changes));
    tcase_add_test(life, contradictions);
    tcase_add_test(life, invalid_instances_are_refused);
    tcase_add_test(life, infeasible);
    tcase_add_test(life, gaps);
    tcase_add_test(life, exports);
    tcase_add_test(life, starts);
    suite_add_tcase(suite, life);
    TCase *stops = tcase_create("stops");
    tcase_add_checked_fixture(stops, setup, teardown);
    tcase_set_timeout(stops, 120);
    tcase_add_loop_test(stops, time_limits, 0, 3);
    tcase_add_test(stops, nothing_served);
    tcase_add_test(stops, cancelled_before);
    tcase_add_test(stops, the_log_is_not_flooded);
    tcase_add_test(stops, cancelled_with_a_plan_within_the_tolerance);
    tcase_add_test(stops, cancelled_while_built);
    tcase_add_test(stops, cancelled_from_another_thread);
    tcase_add_loop_test(stops, stopped_by_progress, 1, 5);
    tcase_add_test(stops, watched_to_the_end);
    suite_add_tcase(suite, stops);
    return suite;
}

int main(void)
{
    return suite_run(model_suite());
}
