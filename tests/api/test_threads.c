/* SPDX-License-Identifier: MIT */
/* Different models in different threads at once: each gets the answer that it gets alone. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "scenario.h"
#include "support/suite.h"

enum { THREADS = 4, ROUNDS = 3 };

struct job {
    uint64_t seed;
    char *expected; /* the document of the solve alone */
    int wrong;
    int stopped;
};

static char *document_of(uint64_t seed)
{
    static const char *const placements[] = {"single", "matching", "split"};
    ifp_instance *instance = scenario_small(seed);
    char *text = NULL;
    (void)ifp_instance_set_word(instance, "policy.placement", placements[seed % 3]);
    ifp_model *model = ifp_model_new(instance, NULL, NULL);
    ifp_solution *solution = ifp_model_solve(model);
    if (solution)
        text = scenario_document(solution);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_instance_free(instance);
    return text;
}

/* Reads, writes, builds, solves and refuses, all in one thread. */
static void *work(void *argument)
{
    struct job *job = argument;
    for (int round = 0; round < ROUNDS; round++) {
        char *found = document_of(job->seed);
        job->wrong += !found || strcmp(found, job->expected) != 0;
        ifp_text_free(found);
        ifp_error *error = ifp_error_new();
        ifp_instance *instance = scenario_small(job->seed);
        char *text = ifp_instance_write_json(instance);
        ifp_instance *read = ifp_instance_read_string(text, strlen(text), error);
        char *again = ifp_instance_write_json(read);
        job->wrong += strcmp(text, again) != 0;
        job->wrong += ifp_instance_read_string("{", 1, error) != NULL ||
                      strcmp(ifp_error_where(error), "line 1, column 2") != 0;
        ifp_text_free(again);
        ifp_text_free(text);
        ifp_instance_free(read);
        ifp_instance_free(instance);
        ifp_error_free(error);
    }
    return NULL;
}

/* Solves what has no end, over and over, each time stopped from the main thread. */
static void *endless(void *argument)
{
    struct job *job = argument;
    ifp_instance *instance = scenario_hard();
    ifp_options *options = ifp_options_new();
    (void)ifp_options_set(options, "gap", "0");
    (void)ifp_options_set(options, "time_limit", "0.2");
    ifp_model *model = ifp_model_new(instance, options, NULL);
    ifp_solution *solution = ifp_model_solve(model);
    job->stopped = ifp_solution_status(solution) == IFP_STATUS_FEASIBLE ||
                   ifp_solution_status(solution) == IFP_STATUS_NO_PLAN;
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_instance_free(instance);
    return NULL;
}

static void run_threads(int count, void *(*first)(void *))
{
    pthread_t threads[THREADS];
    struct job jobs[THREADS] = {{0}};
    for (int t = 0; t < count; t++) {
        jobs[t].seed = (uint64_t)t + 10;
        jobs[t].expected = document_of(jobs[t].seed);
        ck_assert_ptr_nonnull(jobs[t].expected);
    }
    for (int t = 0; t < count; t++)
        ck_assert_int_eq(pthread_create(&threads[t], NULL, t ? work : first, &jobs[t]), 0);
    for (int t = 0; t < count; t++) {
        ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
        ck_assert_int_eq(jobs[t].wrong, 0);
        if (t == 0 && first == endless)
            ck_assert_int_eq(jobs[t].stopped, 1);
        ifp_text_free(jobs[t].expected);
    }
}

START_TEST(two_threads)
{
    run_threads(2, work);
}
END_TEST

START_TEST(four_threads)
{
    run_threads(4, work);
}
END_TEST

/* One that is stopped by its clock does not disturb the others. */
START_TEST(one_is_stopped)
{
    run_threads(3, endless);
}
END_TEST

/* A model may be made in one thread and solved in another, one at a time. */
static void *solve_it(void *model)
{
    return ifp_model_solve(model);
}

START_TEST(handles_may_move)
{
    pthread_t thread;
    void *moved = NULL;
    ifp_instance *instance = scenario_small(11);
    ifp_model *model = ifp_model_new(instance, NULL, NULL);
    ifp_solution *here = ifp_model_solve(model);
    ck_assert_int_eq(pthread_create(&thread, NULL, solve_it, model), 0);
    ck_assert_int_eq(pthread_join(thread, &moved), 0);
    ck_assert_ptr_nonnull(moved);
    char *one = scenario_document(here);
    char *other = scenario_document(moved);
    suite_expect_same(one, other);
    ifp_text_free(one);
    ifp_text_free(other);
    ifp_solution_free(here);
    ifp_solution_free(moved);
    ifp_model_free(model);
    ifp_instance_free(instance);
}
END_TEST

static Suite *threads_suite(void)
{
    Suite *suite = suite_create("threads");
    TCase *tests = tcase_create("threads");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, two_threads);
    tcase_add_test(tests, four_threads);
    tcase_add_test(tests, one_is_stopped);
    tcase_add_test(tests, handles_may_move);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(threads_suite());
}
