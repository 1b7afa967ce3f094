/* SPDX-License-Identifier: MIT */
/*
 * How long a solve goes on after it should have ended: past its time limit, or after a cancel from
 * another thread. For each of the given seconds a new model is made and solved. A time limit counts
 * making the model, a cancel is set after the solve has begun. Exit status 0, or 2 for bad usage,
 * input or no memory.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <inferplan/inferplan.h>

struct cancelling {
    ifp_model *model;
    double seconds;
    double at; /* when it was set, on this program's clock */
};

struct arguments {
    const char *path;
    const char *engine;
    bool cancel;
    char **seconds;
    int count;
};

static int usage(void)
{
    fputs("usage: overshoot [--engine E] [--cancel] INSTANCE SECONDS...\n"
          "Solve with each time limit, or with --cancel until a cancel after as many seconds, and\n"
          "print by how much the solve exceeds it and how long freeing takes.\n",
          stderr);
    return 2;
}

static bool read_arguments(int count, char **words, struct arguments *arguments)
{
    int n = 1;
    for (; n < count && strncmp(words[n], "--", 2) == 0; n++) {
        if (strcmp(words[n], "--cancel") == 0)
            arguments->cancel = true;
        else if (strcmp(words[n], "--engine") == 0 && n + 1 < count)
            arguments->engine = words[++n];
        else
            return false;
    }
    if (n + 1 >= count)
        return false;
    arguments->path = words[n];
    arguments->seconds = words + n + 1;
    arguments->count = count - n - 1;
    return true;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void *cancel_later(void *argument)
{
    struct cancelling *cancelling = argument;
    struct timespec time = {
        (time_t)cancelling->seconds,
        (long)(1e9 * (cancelling->seconds - (double)(long)cancelling->seconds))};
    nanosleep(&time, NULL);
    cancelling->at = now();
    ifp_model_cancel(cancelling->model);
    return NULL;
}

/* Solve once and print a line. */
static bool measure(const ifp_instance *instance, const ifp_options *options, double seconds,
                    bool cancel, ifp_error *error)
{
    double begin = now();
    ifp_model *model = ifp_model_new(instance, options, error);
    struct cancelling cancelling = {model, seconds, 0};
    pthread_t thread;
    bool threaded =
        model && cancel && pthread_create(&thread, NULL, cancel_later, &cancelling) == 0;
    ifp_solution *solution = model && (threaded || !cancel) ? ifp_model_solve(model) : NULL;
    double end = now();
    bool solved = solution != NULL;
    if (threaded)
        pthread_join(thread, NULL);
    if (!solved)
        fprintf(stderr, "overshoot: %s\n",
                ifp_error_message(model ? ifp_model_last_error(model) : error));
    else
        printf("%8.3f  %9.3f  ", seconds, end - (cancel ? cancelling.at : begin + seconds));
    double gap = solution ? ifp_solution_gap(solution) : 0;
    double before = now();
    ifp_solution_free(solution);
    ifp_model_free(model);
    if (solved)
        printf("%8.3f  %8.4f\n", now() - before, gap);
    fflush(stdout);
    return solved;
}

int main(int count, char **words)
{
    struct arguments arguments = {.engine = "auto"};
    if (!read_arguments(count, words, &arguments))
        return usage();
    ifp_error *error = ifp_error_new();
    ifp_options *options = ifp_options_new();
    ifp_instance *instance = error ? ifp_instance_read_file(arguments.path, error) : NULL;
    bool good = options && instance && !ifp_options_set(options, "engine", arguments.engine);
    if (!good)
        fprintf(stderr, "overshoot: %s\n",
                ifp_error_message(options && instance ? ifp_options_last_error(options) : error));
    else
        printf(" seconds  overshoot   freeing       gap\n");
    for (int n = 0; good && n < arguments.count; n++) {
        const char *word = arguments.seconds[n];
        double seconds = strtod(word, NULL);
        good = seconds > 0 && seconds < 1e6;
        if (!good) {
            usage();
        } else if (!arguments.cancel && ifp_options_set(options, "time_limit", word)) {
            fprintf(stderr, "overshoot: %s\n", ifp_error_message(ifp_options_last_error(options)));
            good = false;
        } else {
            good = measure(instance, options, seconds, arguments.cancel, error);
        }
    }
    ifp_instance_free(instance);
    ifp_options_free(options);
    ifp_error_free(error);
    return good ? 0 : 2;
}
