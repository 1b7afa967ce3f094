/* SPDX-License-Identifier: MIT */
/*
 * What solving again saves: changes are made to a model one after the other, and after each it is
 * solved twice, by the same long-lived model with the plan it has (warm), and by a new model of the
 * same numbers that knows nothing (cold). Cold counts building the model, warm making the change.
 * Both have to agree within the gap. Exit status 0, 3 if they do not, 2 for bad usage or input.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <inferplan/inferplan.h>

/* A sweep's small steps first, then changes as they come in from outside. */
static const char *const usual_changes[] = {
    "queries[*].rate_per_hour=scale:1.02",    "queries[*].rate_per_hour=scale:1.02",
    "queries[0].rate_per_hour=scale:1.3",     "queries[1].rate_per_hour=scale:0.7",
    "tiers[*].usd_per_hour=scale:1.05",       "tiers[0].usd_per_hour=scale:0.7",
    "queries[*].unmet_penalty_usd=scale:1.1", "limits.budget_usd=scale:0.95",
    "limits.budget_usd=scale:0.95",
};
#define USUAL_COUNT (sizeof usual_changes / sizeof *usual_changes)

#define REPEAT_MAX 99

struct outcome {
    double seconds;
    double objective;
    double gap;
};

struct change {
    char *path; /* owned, and value is behind it */
    const char *value;
    double cold[REPEAT_MAX]; /* seconds */
    double warm[REPEAT_MAX];
    struct outcome cold_outcome; /* of the last repetition */
    struct outcome warm_outcome;
};

struct arguments {
    const char *path;
    const char *gap; /* as text, NULL: the default */
    const char *time_limit;
    size_t repeat;
    clockid_t clock; /* what seconds are counted by */
    struct change *changes;
    size_t change_count;
};

static int usage(void)
{
    fputs("usage: resolve [--gap G] [--time-limit S] [--repeat N] [--clock wall|processor]\n"
          "               INSTANCE [PATH=VALUE]...\n"
          "Make each change (as the command's --set; without any: rates, prices, penalties, the\n"
          "budget), solve again, and compare with solving from nothing.\n",
          stderr);
    return 2;
}

static bool add_change(struct arguments *arguments, const char *word)
{
    const char *equals = strchr(word, '=');
    struct change *change = &arguments->changes[arguments->change_count];
    if (!equals || !(change->path = malloc(strlen(word) + 1)))
        return false;
    strcpy(change->path, word);
    change->path[equals - word] = '\0';
    change->value = change->path + (equals - word) + 1;
    arguments->change_count++;
    return true;
}

static bool read_arguments(int count, char **words, struct arguments *arguments)
{
    for (int n = 1; n < count; n++) {
        const char *word = words[n];
        if (strncmp(word, "--", 2) == 0) {
            const char *value = n + 1 < count ? words[++n] : NULL;
            if (!value)
                return false;
            if (strcmp(word, "--gap") == 0)
                arguments->gap = value;
            else if (strcmp(word, "--time-limit") == 0)
                arguments->time_limit = value;
            else if (strcmp(word, "--clock") == 0 && strcmp(value, "wall") == 0)
                arguments->clock = CLOCK_MONOTONIC;
            else if (strcmp(word, "--clock") == 0 && strcmp(value, "processor") == 0)
                arguments->clock = CLOCK_PROCESS_CPUTIME_ID;
            else if (strcmp(word, "--repeat") == 0)
                arguments->repeat = (size_t)strtoul(value, NULL, 10);
            else
                return false;
        } else if (!arguments->path) {
            arguments->path = word;
        } else if (!add_change(arguments, word)) {
            return false;
        }
    }
    if (!arguments->path || arguments->repeat < 1 || arguments->repeat > REPEAT_MAX)
        return false;
    for (size_t n = 0; n < USUAL_COUNT && arguments->change_count == n; n++)
        if (!add_change(arguments, usual_changes[n]))
            return false;
    return true;
}

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static struct outcome outcome_of(const ifp_solution *solution, double seconds)
{
    return (struct outcome){.seconds = seconds,
                            .objective = ifp_solution_objective(solution),
                            .gap = ifp_solution_gap(solution)};
}

static bool solve_cold(const ifp_instance *instance, const ifp_options *options, clockid_t clock,
                       struct outcome *outcome, ifp_error *error)
{
    double begin = now(clock);
    ifp_model *model = ifp_model_new(instance, options, error);
    ifp_solution *solution = model ? ifp_model_solve(model) : NULL;
    double seconds = now(clock) - begin;
    bool solved = solution != NULL;
    if (solved)
        *outcome = outcome_of(solution, seconds);
    else
        fprintf(stderr, "resolve: %s\n",
                ifp_error_message(model ? ifp_model_last_error(model) : error));
    ifp_solution_free(solution);
    ifp_model_free(model);
    return solved;
}

/* Make one change and solve; the solution is kept for the next start. */
static bool solve_warm(ifp_model *model, const struct change *change, ifp_solution **solution,
                       clockid_t clock, struct outcome *outcome)
{
    double begin = now(clock);
    ifp_solution *next = NULL;
    if (!ifp_model_set_start(model, ifp_solution_plan(*solution)) &&
        !ifp_model_set(model, change->path, change->value))
        next = ifp_model_solve(model);
    double seconds = now(clock) - begin;
    if (!next) {
        fprintf(stderr, "resolve: %s\n", ifp_error_message(ifp_model_last_error(model)));
        return false;
    }
    *outcome = outcome_of(next, seconds);
    ifp_solution_free(*solution);
    *solution = next;
    return true;
}

/* All changes once. */
static bool run(const ifp_instance *instance, const ifp_options *options,
                struct arguments *arguments, size_t repetition, ifp_error *error)
{
    ifp_model *model = ifp_model_new(instance, options, error);
    ifp_solution *solution = model ? ifp_model_solve(model) : NULL;
    bool solved = solution != NULL;
    if (!solved)
        fprintf(stderr, "resolve: %s\n",
                ifp_error_message(model ? ifp_model_last_error(model) : error));
    for (size_t n = 0; n < arguments->change_count && solved; n++) {
        struct change *change = &arguments->changes[n];
        solved = solve_warm(model, change, &solution, arguments->clock, &change->warm_outcome) &&
                 solve_cold(ifp_model_instance(model), options, arguments->clock,
                            &change->cold_outcome, error);
        change->warm[repetition] = change->warm_outcome.seconds;
        change->cold[repetition] = change->cold_outcome.seconds;
    }
    ifp_solution_free(solution);
    ifp_model_free(model);
    return solved;
}

static int compare_seconds(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;
    return (first > second) - (first < second);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_seconds);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* Neither plan may be dearer than the other one's gap allows; both may have none. */
static bool agree(const struct outcome *a, const struct outcome *b)
{
    if (isinf(a->objective) || isinf(b->objective))
        return isinf(a->objective) && isinf(b->objective);
    double scale = fmax(1, fmax(fabs(a->objective), fabs(b->objective)));
    return fabs(a->objective - b->objective) <= (fmax(a->gap, b->gap) + 1e-6) * scale;
}

static int report(struct arguments *arguments)
{
    double logarithms = 0;
    int status = 0;
    printf("%-42s %15s %9s %9s %9s %7s\n", "change", "plan", "gap", "cold s", "warm s", "ratio");
    for (size_t n = 0; n < arguments->change_count; n++) {
        struct change *change = &arguments->changes[n];
        double cold = median(change->cold, arguments->repeat);
        double warm = median(change->warm, arguments->repeat);
        bool same = agree(&change->cold_outcome, &change->warm_outcome);
        logarithms += log(cold / warm);
        printf("%s=%-*s %15.3f %9.1e %9.4f %9.4f %7.2f%s\n", change->path,
               (int)(41 - strlen(change->path) % 41), change->value, change->warm_outcome.objective,
               change->warm_outcome.gap, cold, warm, cold / warm, same ? "" : " plans differ");
        if (!same)
            status = 3;
    }
    printf("geometric mean of the ratios: %.2f\n",
           exp(logarithms / (double)arguments->change_count));
    return status;
}

int main(int count, char **words)
{
    struct arguments arguments = {.repeat = 1, .clock = CLOCK_MONOTONIC};
    int status = 2;
    ifp_error *error = ifp_error_new();
    ifp_options *options = ifp_options_new();
    ifp_instance *instance = NULL;

    arguments.changes = calloc((size_t)count + USUAL_COUNT, sizeof *arguments.changes);
    if (!error || !options || !arguments.changes)
        goto cleanup;
    if (!read_arguments(count, words, &arguments)) {
        status = usage();
        goto cleanup;
    }
    if ((arguments.gap && ifp_options_set(options, "gap", arguments.gap)) ||
        (arguments.time_limit && ifp_options_set(options, "time_limit", arguments.time_limit))) {
        fprintf(stderr, "resolve: %s\n", ifp_error_message(ifp_options_last_error(options)));
        goto cleanup;
    }
    instance = ifp_instance_read_file(arguments.path, error);
    if (!instance) {
        fprintf(stderr, "resolve: %s\n", ifp_error_message(error));
        goto cleanup;
    }
    for (size_t n = 0; n < arguments.repeat; n++)
        if (!run(instance, options, &arguments, n, error))
            goto cleanup;
    status = report(&arguments);
cleanup:
    for (size_t n = 0; arguments.changes && n < arguments.change_count; n++)
        free(arguments.changes[n].path);
    free(arguments.changes);
    ifp_instance_free(instance);
    ifp_options_free(options);
    ifp_error_free(error);
    return status;
}
