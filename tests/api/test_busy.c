/* SPDX-License-Identifier: MIT */
/* Handles that are changed or freed while a call uses them: by its callback, by other threads. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <inferplan/inferplan.h>

#include "scenario.h"
#include "support/suite.h"

#define SOLVED "the model is being solved; allowed meanwhile: to cancel it"
#define READ "the instance is being read by another call; allowed meanwhile: to read it"

static void pause_a_while(void)
{
    const struct timespec pause = {.tv_nsec = 1000 * 1000};
    nanosleep(&pause, NULL);
}

/* A solve that has no end of its own, and what its callback does. */
struct solve {
    ifp_instance *instance;
    ifp_options *options;
    ifp_model *model;
    ifp_plan *plan; /* of the instance, to start from */
    void (*act)(struct solve *solve);
    pthread_t thread;
    atomic_int calls;    /* of the callback */
    atomic_bool ended;   /* no callback may run any more */
    atomic_int too_late; /* callbacks that did */
    atomic_int stop;
};

static int on_progress(const ifp_progress *progress, void *user)
{
    struct solve *solve = user;
    (void)progress;
    if (atomic_load(&solve->ended))
        atomic_fetch_add(&solve->too_late, 1);
    if (atomic_fetch_add(&solve->calls, 1) == 0 && solve->act)
        solve->act(solve);
    return atomic_load(&solve->stop);
}

static void begin(struct solve *solve, void (*act)(struct solve *solve))
{
    static const char empty[] = "{\"format\": \"inferplan-plan\", \"version\": 1, \"deployments\": "
                                "[], \"routes\": [], \"unmet\": []}";
    memset(solve, 0, sizeof *solve);
    solve->act = act;
    solve->instance = scenario_hard();
    solve->options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(solve->options, "gap", "0"), IFP_OK);
    ck_assert_int_eq(ifp_options_set_progress(solve->options, on_progress, solve), IFP_OK);
    solve->model = ifp_model_new(solve->instance, solve->options, NULL);
    solve->plan = ifp_plan_read_string(solve->instance, empty, sizeof empty - 1, NULL);
    ck_assert_ptr_nonnull(solve->model);
    ck_assert_ptr_nonnull(solve->plan);
}

static void end(struct solve *solve)
{
    ifp_plan_free(solve->plan);
    ifp_model_free(solve->model);
    ifp_options_free(solve->options);
    ifp_instance_free(solve->instance);
}

static void *solve_it(void *argument)
{
    struct solve *solve = argument;
    return ifp_model_solve(solve->model);
}

/* Solve on another thread, and wait until the callback has been called. */
static void begin_thread(struct solve *solve)
{
    ck_assert_int_eq(pthread_create(&solve->thread, NULL, solve_it, solve), 0);
    while (!atomic_load(&solve->calls))
        pause_a_while();
}

static ifp_solution *end_thread(struct solve *solve)
{
    void *solution = NULL;
    ck_assert_int_eq(pthread_join(solve->thread, &solution), 0);
    return solution;
}

static void expect_cancelled(ifp_solution *solution)
{
    ck_assert_ptr_nonnull(solution);
    ck_assert_int_eq(ifp_solution_stop(solution), IFP_STOP_CANCELLED);
    ifp_solution_free(solution);
}

static void expect_error(const ifp_error *error, const char *message)
{
    ck_assert_str_eq(ifp_error_message(error), message);
    /* "the model is being ..": at the model. */
    const char *where = ifp_error_where(error);
    ck_assert_msg(*where && !strncmp(message + strlen("the "), where, strlen(where)), "%s", where);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_BUSY);
}

/* Everything that changes or solves the model is refused, and says why. */
static void expect_refusals(struct solve *solve)
{
    ifp_model *model = solve->model;
    ck_assert_int_eq(ifp_model_set(model, "limits.budget_usd", "1"), IFP_ERROR_BUSY);
    ck_assert_int_eq(ifp_model_set(model, "no such path", "1"), IFP_ERROR_BUSY);
    expect_error(ifp_model_last_error(model), SOLVED);
    ck_assert_int_eq(ifp_model_set_start(model, solve->plan), IFP_ERROR_BUSY);
    ck_assert_int_eq(ifp_model_set_start(model, NULL), IFP_ERROR_BUSY);
    ck_assert_ptr_null(ifp_model_solve(model));
    ck_assert_ptr_null(ifp_model_export(model, "mps"));
    ck_assert_ptr_null(ifp_model_export(model, "no such format"));
    expect_error(ifp_model_last_error(model), SOLVED);
}

/* What may be asked all the while. */
static void expect_reads(struct solve *solve)
{
    double budget = 0;
    const ifp_instance *instance = ifp_model_instance(solve->model);
    ck_assert_int_eq(ifp_instance_get_number(instance, "limits.budget_usd", &budget, NULL), IFP_OK);
    ck_assert_double_gt(budget, 1);
    ck_assert_int_eq(ifp_instance_validate(instance, NULL), IFP_OK);
    ck_assert_uint_gt(ifp_model_route_count(solve->model), 0);
    ck_assert_uint_gt(ifp_model_configuration_count(solve->model), 0);
    ck_assert_uint_eq(ifp_model_removed(solve->model, IFP_REMOVAL_BUDGET), 0);
}

static void refuse_and_stop(struct solve *solve)
{
    expect_refusals(solve);
    expect_reads(solve);
    atomic_store(&solve->stop, 1);
}

START_TEST(from_the_callback)
{
    struct solve solve;
    begin(&solve, refuse_and_stop);
    expect_cancelled(ifp_model_solve(solve.model));
    /* The refusal was the last failure; then the next one is. */
    expect_error(ifp_model_last_error(solve.model), SOLVED);
    ck_assert_int_eq(ifp_model_set(solve.model, "limits.budget_usd", "-1"), IFP_ERROR_VALUE);
    ck_assert_int_eq(ifp_error_code(ifp_model_last_error(solve.model)), IFP_ERROR_VALUE);
    ck_assert_int_eq(ifp_model_set(solve.model, "limits.budget_usd", "9"), IFP_OK);
    end(&solve);
}
END_TEST

/* The first build of a changed model is part of its solve. */
START_TEST(from_another_thread)
{
    struct solve solve;
    begin(&solve, NULL);
    ck_assert_int_eq(ifp_model_set(solve.model, "limits.budget_usd", "900"), IFP_OK);
    ck_assert_uint_eq(ifp_model_route_count(solve.model), 0);
    begin_thread(&solve);
    for (int round = 0; round < 20; round++) {
        expect_refusals(&solve);
        expect_reads(&solve);
    }
    ifp_model_cancel(solve.model);
    expect_cancelled(end_thread(&solve));
    end(&solve);
}
END_TEST

static void log_and_stop(const char *line, void *user)
{
    struct solve *solve = user;
    (void)line;
    if (atomic_fetch_add(&solve->calls, 1) == 0)
        expect_refusals(solve);
    ifp_model_cancel(solve->model);
}

START_TEST(from_the_log)
{
    struct solve solve;
    begin(&solve, NULL);
    ifp_model_free(solve.model);
    ck_assert_int_eq(ifp_options_set_progress(solve.options, NULL, NULL), IFP_OK);
    ck_assert_int_eq(ifp_options_set_log(solve.options, log_and_stop, &solve), IFP_OK);
    solve.model = ifp_model_new(solve.instance, solve.options, NULL);
    expect_cancelled(ifp_model_solve(solve.model));
    ck_assert_int_gt(atomic_load(&solve.calls), 0);
    end(&solve);
}
END_TEST

/* Its own copies are what a model is solved from: what it was made of may go, and change. */
static void free_what_it_was_made_of(struct solve *solve)
{
    ck_assert_int_eq(ifp_instance_set(solve->instance, "limits.budget_usd", "1"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(solve->options, "gap", "1"), IFP_OK);
    ck_assert_int_eq(ifp_options_set_progress(solve->options, NULL, NULL), IFP_OK);
    ifp_instance_free(solve->instance);
    ifp_options_free(solve->options);
    ifp_plan_free(solve->plan);
    solve->instance = NULL;
    solve->options = NULL;
    solve->plan = NULL;
    atomic_store(&solve->stop, 1);
}

START_TEST(inputs_are_copies)
{
    struct solve solve;
    begin(&solve, free_what_it_was_made_of);
    ck_assert_int_eq(ifp_model_set_start(solve.model, solve.plan), IFP_OK);
    expect_cancelled(ifp_model_solve(solve.model));
    end(&solve);
}
END_TEST

static void solve_another(struct solve *solve)
{
    struct solve other;
    begin(&other, refuse_and_stop);
    expect_cancelled(ifp_model_solve(other.model));
    expect_error(ifp_model_last_error(other.model), SOLVED);
    end(&other);
    atomic_store(&solve->stop, 1);
}

START_TEST(another_model_in_the_callback)
{
    struct solve solve;
    begin(&solve, solve_another);
    expect_cancelled(ifp_model_solve(solve.model));
    ck_assert_str_eq(ifp_error_message(ifp_model_last_error(solve.model)), "");
    end(&solve);
}
END_TEST

static void free_it(struct solve *solve)
{
    ifp_model_free(solve->model);
    /* It is still there until the solve ends, and of no use. */
    ck_assert_int_eq(ifp_model_set(solve->model, "limits.budget_usd", "1"), IFP_ERROR_BUSY);
    ifp_model_cancel(solve->model);
    ifp_model_free(solve->model);
}

START_TEST(freed_in_the_callback)
{
    struct solve solve;
    begin(&solve, free_it);
    expect_cancelled(ifp_model_solve(solve.model));
    solve.model = NULL;
    end(&solve);
}
END_TEST

START_TEST(freed_by_another_thread)
{
    for (int round = 0; round < 3; round++) {
        struct solve solve;
        begin(&solve, NULL);
        begin_thread(&solve);
        ifp_model_free(solve.model);
        atomic_store(&solve.ended, true);
        expect_cancelled(end_thread(&solve));
        ck_assert_int_eq(atomic_load(&solve.too_late), 0);
        solve.model = NULL;
        end(&solve);
    }
}
END_TEST

/* -- stress tests -- */

struct stressed {
    ifp_instance *instance;
    ifp_plan *plan;
    pthread_t thread;
    void (*act)(struct stressed *stressed);
    atomic_int calls;
    atomic_int stop;
};

static int on_sample(double fraction, void *user)
{
    struct stressed *stressed = user;
    (void)fraction;
    if (atomic_fetch_add(&stressed->calls, 1) == 3 && stressed->act)
        stressed->act(stressed);
    return atomic_load(&stressed->stop);
}

static void *stress_it(void *argument)
{
    struct stressed *stressed = argument;
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    options.samples = 1000000;
    options.progress = on_sample;
    options.user = stressed;
    return ifp_stress_new(stressed->instance, stressed->plan, &options, NULL);
}

static void begin_stressed(struct stressed *stressed, void (*act)(struct stressed *stressed))
{
    memset(stressed, 0, sizeof *stressed);
    stressed->act = act;
    stressed->instance = scenario_small(3);
    scenario_ok(stressed->instance,
                ifp_instance_set_word(stressed->instance, "uncertainty.kind", "budget"));
    scenario_ok(stressed->instance,
                ifp_instance_set_number(stressed->instance, "uncertainty.delay_budget", 1));
    scenario_ok(stressed->instance,
                ifp_instance_set_number(stressed->instance, "uncertainty.error_budget", 1));
    ifp_model *model = ifp_model_new(stressed->instance, NULL, NULL);
    ifp_solution *solution = ifp_model_solve(model);
    char *text = ifp_solution_write_json(solution);
    stressed->plan = ifp_plan_read_string(stressed->instance, text, strlen(text), NULL);
    ck_assert_ptr_nonnull(stressed->plan);
    ifp_text_free(text);
    ifp_solution_free(solution);
    ifp_model_free(model);
}

static void expect_instance_refusals(struct stressed *stressed)
{
    ifp_instance *instance = stressed->instance;
    const double two[] = {1, 2};
    const int codes[] = {
        ifp_instance_set(instance, "limits.budget_usd", "1"),
        ifp_instance_set_number(instance, "limits.budget_usd", 1),
        ifp_instance_set_numbers(instance, "tiers[0].tp_degrees", two, 2),
        ifp_instance_set_word(instance, "uncertainty.kind", "none"),
        ifp_instance_set_null(instance, "limits.budget_usd"),
        ifp_instance_scale(instance, "queries[*].rate_per_hour", 2),
        ifp_instance_set_name(instance, "another"),
        ifp_instance_set_source(instance, "another"),
        ifp_instance_add_query(instance, "another"),
        ifp_instance_add_model(instance, "another"),
        ifp_instance_add_tier(instance, "another"),
        ifp_instance_add_pool(instance, "another"),
        ifp_instance_add_profile(instance, "another", "another", 1),
        ifp_instance_add_point(instance, 0, "another"),
        ifp_instance_add_measured(instance, 0, 0, "another"),
    };
    for (size_t c = 0; c < sizeof codes / sizeof *codes; c++)
        ck_assert_int_eq(codes[c], IFP_ERROR_BUSY);
    expect_error(ifp_instance_last_error(instance), READ);
}

static void expect_instance_reads(struct stressed *stressed)
{
    size_t count = 0;
    ck_assert_str_eq(ifp_instance_name(stressed->instance), "scenario");
    ck_assert_uint_eq(ifp_instance_query_count(stressed->instance), 3);
    ck_assert_str_eq(ifp_instance_tier_name(stressed->instance, 1), "tier 1");
    ck_assert_int_eq(
        ifp_instance_get_numbers(stressed->instance, "performance.error_rate", NULL, &count, NULL),
        IFP_OK);
    ck_assert_uint_eq(count, 18);
    ifp_instance *copy = ifp_instance_copy(stressed->instance);
    ck_assert_int_eq(ifp_instance_set_name(copy, "another"), IFP_OK);
    ck_assert_str_eq(ifp_error_message(ifp_instance_last_error(copy)), "");
    ifp_instance_free(copy);
    ifp_check *check = ifp_check_new(stressed->instance, stressed->plan, NULL);
    ck_assert_ptr_nonnull(check);
    ifp_check_free(check);
}

static void refuse_and_stop_stress(struct stressed *stressed)
{
    expect_instance_refusals(stressed);
    expect_instance_reads(stressed);
    atomic_store(&stressed->stop, 1);
}

START_TEST(stressed_and_changed)
{
    struct stressed stressed;
    begin_stressed(&stressed, refuse_and_stop_stress);
    ifp_stress *stress = stress_it(&stressed);
    ck_assert_ptr_nonnull(stress);
    ck_assert_int_eq(ifp_instance_set_name(stressed.instance, "free again"), IFP_OK);
    ifp_stress_free(stress);
    ifp_plan_free(stressed.plan);
    ifp_instance_free(stressed.instance);
}
END_TEST

START_TEST(stressed_and_changed_by_another_thread)
{
    struct stressed stressed;
    void *stress = NULL;
    begin_stressed(&stressed, NULL);
    ck_assert_int_eq(pthread_create(&stressed.thread, NULL, stress_it, &stressed), 0);
    while (!atomic_load(&stressed.calls))
        pause_a_while();
    for (int round = 0; round < 20; round++) {
        expect_instance_refusals(&stressed);
        expect_instance_reads(&stressed);
    }
    ifp_instance_free(stressed.instance);
    ifp_plan_free(stressed.plan);
    atomic_store(&stressed.stop, 1);
    ck_assert_int_eq(pthread_join(stressed.thread, &stress), 0);
    ck_assert_ptr_nonnull(stress);
    ifp_stress_free(stress);
}
END_TEST

static void free_what_is_stressed(struct stressed *stressed)
{
    ifp_instance_free(stressed->instance);
    ifp_plan_free(stressed->plan);
}

static int stop_later(double fraction, void *user)
{
    struct stressed *stressed = user;
    return on_sample(fraction, user) || atomic_load(&stressed->calls) > 40;
}

START_TEST(stressed_and_freed)
{
    struct stressed stressed;
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    begin_stressed(&stressed, free_what_is_stressed);
    options.progress = stop_later;
    options.user = &stressed;
    ifp_stress *stress = ifp_stress_new(stressed.instance, stressed.plan, &options, NULL);
    ck_assert_ptr_nonnull(stress);
    ck_assert_uint_gt(ifp_stress_samples(stress), 1);
    ifp_stress_free(stress);
}
END_TEST

/* -- two threads at one handle -- */

enum { THREADS = 4, ROUNDS = 300, ENTRIES = 60 };

struct shared {
    ifp_instance *instance;
    ifp_options *options;
    ifp_report *report;
    ifp_model *model;
    atomic_int wrong;
    atomic_int changed;
    atomic_int solved;
};

static void note(struct shared *shared, int code)
{
    if (code == IFP_OK)
        atomic_fetch_add(&shared->changed, 1);
    else if (code != IFP_ERROR_BUSY)
        atomic_fetch_add(&shared->wrong, 1);
}

/* Changes take effect as a whole or not at all, and reads wait for them. */
static void change_rates(struct shared *shared, double rate)
{
    double values[ENTRIES];
    for (int v = 0; v < ENTRIES; v++)
        values[v] = rate;
    note(shared,
         ifp_instance_set_numbers(shared->instance, "queries[*].rate_per_hour", values, ENTRIES));
}

static void read_rates(struct shared *shared, const ifp_instance *from)
{
    double values[ENTRIES] = {0};
    size_t count = ENTRIES;
    atomic_fetch_add(&shared->wrong, ifp_instance_get_numbers(from, "queries[*].rate_per_hour",
                                                              values, &count, NULL) != IFP_OK ||
                                         values[0] != values[ENTRIES - 1]);
}

static void *change_and_read(void *argument)
{
    struct shared *shared = argument;
    for (int round = 1; round <= ROUNDS; round++) {
        for (int again = 0; again < 20; again++) {
            change_rates(shared, round);
            read_rates(shared, shared->instance);
        }
        ifp_instance *copy = ifp_instance_copy(shared->instance);
        read_rates(shared, copy);
        ifp_instance_free(copy);
        note(shared, ifp_options_set_word(shared->options, IFP_OPTION_ENGINE,
                                          round % 2 ? "mip" : "decompose"));
        note(shared, ifp_options_set_number(shared->options, IFP_OPTION_GAP, 0.5));
        note(shared, ifp_options_set_progress(shared->options, NULL, shared));
        note(shared, ifp_options_set_log(shared->options, NULL, shared));
        ifp_options *options = ifp_options_copy(shared->options);
        atomic_fetch_add(&shared->wrong, !ifp_options_word(options, IFP_OPTION_ENGINE) ||
                                             !(ifp_options_number(options, IFP_OPTION_GAP) <= 0.5));
        ifp_options_free(options);
    }
    return NULL;
}

static void *report_it(void *argument)
{
    struct shared *shared = argument;
    for (int round = 0; round < 20; round++) {
        note(shared, ifp_report_set_proof(shared->report, IFP_STATUS_FEASIBLE, 1));
        int code = ifp_report_add_progress(shared->report, 5, 3, 2);
        note(shared, code);
        char *text = round % 2 ? ifp_report_write_html(shared->report)
                               : ifp_report_write_svg(shared->report, IFP_PICTURE_GAP, 700);
        atomic_fetch_add(&shared->wrong, !text);
        ifp_text_free(text);
    }
    return NULL;
}

/* Each solve is whole, or refused. */
static void *solve_or_change(void *argument)
{
    struct shared *shared = argument;
    for (int round = 0; round < 10; round++) {
        ifp_solution *solution = ifp_model_solve(shared->model);
        atomic_fetch_add(&shared->solved, solution != NULL);
        atomic_fetch_add(&shared->wrong,
                         solution && ifp_solution_status(solution) != IFP_STATUS_OPTIMAL);
        ifp_solution_free(solution);
        note(shared, ifp_model_set(shared->model, "queries[*].rate_per_hour", "scale:1.01"));
        char *text = ifp_model_export(shared->model, "lp");
        ifp_text_free(text);
        (void)ifp_model_route_count(shared->model);
    }
    return NULL;
}

static void run_threads(struct shared *shared, void *(*work)(void *))
{
    pthread_t threads[THREADS];
    for (int t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_create(&threads[t], NULL, work, shared), 0);
    for (int t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
    ck_assert_int_eq(atomic_load(&shared->wrong), 0);
    ck_assert_int_gt(atomic_load(&shared->changed), 0);
}

START_TEST(one_handle_in_several_threads)
{
    struct shared shared = {.instance = scenario_make(5, ENTRIES, 2, 2),
                            .options = ifp_options_new()};
    ifp_instance *small = scenario_small(5);
    shared.report = ifp_report_new(small, NULL, NULL);
    shared.model = ifp_model_new(small, NULL, NULL);
    ifp_instance_free(small);
    scenario_ok(shared.instance,
                ifp_instance_set_number(shared.instance, "queries[*].rate_per_hour", 1));
    run_threads(&shared, change_and_read);
    run_threads(&shared, report_it);
    run_threads(&shared, solve_or_change);
    ck_assert_int_gt(atomic_load(&shared.solved), 0);
    ifp_model_free(shared.model);
    ifp_report_free(shared.report);
    ifp_options_free(shared.options);
    ifp_instance_free(shared.instance);
}
END_TEST

static Suite *busy_suite(void)
{
    Suite *suite = suite_create("busy");
    TCase *tests = tcase_create("busy");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, from_the_callback);
    tcase_add_test(tests, from_another_thread);
    tcase_add_test(tests, from_the_log);
    tcase_add_test(tests, inputs_are_copies);
    tcase_add_test(tests, another_model_in_the_callback);
    tcase_add_test(tests, freed_in_the_callback);
    tcase_add_test(tests, freed_by_another_thread);
    tcase_add_test(tests, stressed_and_changed);
    tcase_add_test(tests, stressed_and_changed_by_another_thread);
    tcase_add_test(tests, stressed_and_freed);
    tcase_add_test(tests, one_handle_in_several_threads);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(busy_suite());
}
