/* SPDX-License-Identifier: MIT */
/* `inferplan check`: says whether a plan is feasible and what it costs, by the instance alone. */
#include <stdbool.h>

#include <inferplan/inferplan.h>

#include "commands/command.h"
#include "commands/summary.h"
#include "terminal/arguments.h"
#include "terminal/input.h"
#include "terminal/output.h"

static const struct argument_option check_options[] = {
    {.name = "json", .doc = "print the result document instead of the summary"},
    {.name = "quiet",
     .doc = "print no summary and no note; the exit status tells, and --json still prints the "
            "document"},
    {.name = "strict", .doc = "exit with 6 if the result has notes: facts to know before renting"},
    INPUT_SET_OPTION,
};

enum { OPTION_COUNT = sizeof check_options / sizeof *check_options };

static const char help_head[] =
    "usage: inferplan check FILE PLAN.json [OPTION]...\n"
    "\n"
    "Hold a plan against an instance: is every limit kept, and what does it cost?\n"
    "FILE is an instance (JSON). PLAN.json is a result document, as written by\n"
    "\"inferplan solve --json\"; only its deployments, routes and unmet shares are\n"
    "read, and everything else is computed anew from the instance. A note on\n"
    "standard error says so where the document names another instance.\n"
    "One of the two may be \"-\", standard input.\n"
    "\n"
    "Options\n";

static const char help_tail[] =
    "\n"
    "Costs are in US dollars over the horizon, delays in milliseconds, memory in GB,\n"
    "compute in TFLOP/s; shares are fractions.\n"
    "\n"
    "Exit status: 0 feasible; 2 bad usage or input; 3 the plan breaks a limit;\n"
    "5 internal failure, such as no memory or output that cannot be written; 6 with\n"
    "--strict, instead of 0 and 3, if the result has notes.\n";

static int print_summary(const ifp_instance *instance, const ifp_plan *plan, const ifp_check *check)
{
    struct ifp_text output = {0};
    summary_check(&output, summary_style_of_output(), instance, plan, check);
    return output_finish(&output);
}

static int run(const struct arguments *arguments)
{
    const char *file = arguments->files[0];
    const char *plan_file = arguments->files[1];
    ifp_instance *instance = NULL;
    ifp_plan *plan = NULL;
    ifp_check *check = NULL;
    ifp_error *error = ifp_error_new();
    int status =
        error ? input_instance_and_plan(arguments, &instance, &plan, error) : output_fail_memory();
    if (status != STATUS_DONE)
        goto cleanup;
    check = ifp_check_new(instance, plan, error);
    if (!check) {
        status = output_fail_error(input_name(file), error, 0);
        goto cleanup;
    }
    if (arguments_has(arguments, "json"))
        status = output_document(ifp_check_write_json(check));
    else if (!arguments_has(arguments, "quiet"))
        status = print_summary(instance, plan, check);
    /* At the end: a failure has one line on standard error. */
    if (status == STATUS_DONE && !arguments_has(arguments, "quiet"))
        input_note_other(plan_file, plan, instance);
    if (status == STATUS_DONE && !ifp_check_feasible(check))
        status = STATUS_INFEASIBLE;
    if ((status == STATUS_DONE || status == STATUS_INFEASIBLE) &&
        arguments_has(arguments, "strict") && ifp_check_note_count(check) > 0)
        status = STATUS_NOTED;
cleanup:
    ifp_check_free(check);
    ifp_plan_free(plan);
    ifp_instance_free(instance);
    ifp_error_free(error);
    return status;
}

int command_check(char **words)
{
    struct argument_syntax syntax = {"check", "FILE PLAN.json", 2, check_options, OPTION_COUNT};
    struct arguments arguments;
    int status = arguments_parse(&syntax, words, &arguments);
    if (status == STATUS_DONE)
        status = arguments.help ? arguments_help(help_head, check_options, OPTION_COUNT, help_tail)
                                : run(&arguments);
    arguments_free(&arguments);
    return status;
}
