/* SPDX-License-Identifier: MIT */
/*
 * The greedy heuristics on an instance: one line for each, with seconds (of the heuristic alone,
 * without reading and checking), whether the library's check finds its plan feasible, and what the
 * check says it costs. Exit status 0 if all plans are feasible, 3 if not, 2 for bad usage or input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "document.h"
#include "starts.h"

struct arguments {
    const char *method; /* NULL: both */
    const char *path;
    bool json;
    bool improve_best;
    bool processor; /* measure the process's processor time, not the wall's */
    int permutations;
    uint64_t seed;
};

static int usage(void)
{
    fputs(
        "usage: greedy [--method gh|agh] [--permutations N] [--seed S] [--improve-best]\n"
        "              [--clock wall|processor] [--json] INSTANCE\n"
        "Plan by the greedy heuristics GH and AGH. --json: the plan of the last one, checked, as\n"
        "a result document. --improve-best: local search from the best start alone.\n",
        stderr);
    return 2;
}

static bool read_arguments(int count, char **words, struct arguments *arguments)
{
    for (int n = 1; n < count; n++) {
        const char *word = words[n];
        const char *value = n + 1 < count ? words[n + 1] : NULL;
        if (strcmp(word, "--json") == 0) {
            arguments->json = true;
        } else if (strcmp(word, "--improve-best") == 0) {
            arguments->improve_best = true;
        } else if (strncmp(word, "--", 2) != 0 && !arguments->path) {
            arguments->path = word;
        } else if (!value) {
            return false;
        } else {
            char *end = NULL;
            n++;
            if (strcmp(word, "--method") == 0 &&
                (strcmp(value, "gh") == 0 || strcmp(value, "agh") == 0)) {
                arguments->method = value;
                continue;
            }
            if (strcmp(word, "--clock") == 0 &&
                (strcmp(value, "wall") == 0 || strcmp(value, "processor") == 0)) {
                arguments->processor = *value == 'p';
                continue;
            }
            unsigned long number = strtoul(value, &end, 10);
            if (*value < '0' || *value > '9' || *end || number > 1000000)
                return false;
            if (strcmp(word, "--permutations") == 0)
                arguments->permutations = (int)number;
            else if (strcmp(word, "--seed") == 0)
                arguments->seed = number;
            else
                return false;
        }
    }
    return arguments->path != NULL;
}

static double now(bool processor)
{
    struct timespec time;
    clock_gettime(processor ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Run one of them and print what came of it; an exit status. */
static int run(const struct greedy_problem *problem, const struct arguments *arguments,
               const char *method, bool print_plan, ifp_error *error)
{
    int status = 2;
    double begin = now(arguments->processor);
    struct greedy_solution *solution = strcmp(method, "gh") == 0
                                           ? greedy_gh(problem)
                                           : greedy_agh(problem, arguments->permutations,
                                                        arguments->seed, arguments->improve_best);
    double seconds = now(arguments->processor) - begin;
    ifp_plan *plan = solution ? greedy_plan_new(problem, solution, error) : NULL;
    ifp_check *check = plan ? ifp_check_new(problem->instance, plan, error) : NULL;

    if (!check) {
        fprintf(stderr, "greedy: %s\n", solution ? ifp_error_message(error) : "out of memory");
    } else {
        status = ifp_check_feasible(check) ? 0 : 3;
        if (print_plan) {
            char *text = ifp_check_write_json(check);
            fputs(text ? text : "", stdout);
            ifp_text_free(text);
        } else if (!arguments->json) {
            printf("%s seconds %.6f %s objective %.6f %s\n", method, seconds,
                   status == 0 ? "feasible" : "infeasible", ifp_check_cost(check, IFP_COST_TOTAL),
                   ifp_check_reason(check));
        }
    }
    ifp_check_free(check);
    ifp_plan_free(plan);
    greedy_selection_free(solution);
    return status;
}

int main(int count, char **words)
{
    struct arguments arguments = {.permutations = 20, .seed = 1};
    if (!read_arguments(count, words, &arguments))
        return usage();

    int status = 2;
    ifp_error *error = ifp_error_new();
    ifp_instance *instance = ifp_instance_read_file(arguments.path, error);
    struct greedy_problem *problem = instance ? greedy_problem_new(instance) : NULL;
    if (!instance)
        fprintf(stderr, "greedy: %s\n", ifp_error_message(error));
    if (problem) {
        status = 0;
        if (!arguments.method || strcmp(arguments.method, "gh") == 0)
            status = run(problem, &arguments, "gh", arguments.json && arguments.method, error);
        if (status != 2 && (!arguments.method || strcmp(arguments.method, "agh") == 0)) {
            int later = run(problem, &arguments, "agh", arguments.json, error);
            status = later > status || later == 2 ? later : status;
        }
    }
    greedy_problem_free(problem);
    ifp_instance_free(instance);
    ifp_error_free(error);
    return status;
}
