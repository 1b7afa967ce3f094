/* SPDX-License-Identifier: MIT */
/* `inferplan solve`: reads an instance, solves it, and prints the plan. Its engine options are
 * those of the library's table, whatever they are. */
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "commands/candidates.h"
#include "commands/command.h"
#include "commands/engine_options.h"
#include "commands/report.h"
#include "commands/summary.h"
#include "terminal/arguments.h"
#include "terminal/input.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/save.h"

static const struct argument_option own_options[] = {
    {.name = "json", .doc = "print the result document instead of the summary"},
    {.name = "quiet",
     .doc = "print no progress and no summary; the exit status tells, and --json still prints the "
            "document"},
    {.name = "progress",
     .doc = "print progress to standard error also when that is no terminal: at most one line a "
            "second, and a last one"},
    {.name = "report",
     .value = "PATH",
     .doc =
         "write a page with pictures (HTML, all in one file) to PATH. Replaced, once it is whole, "
         "is only an empty file or another such page; PATH is checked before the solve, and "
         "written before the result is printed"},
    {.name = "strict", .doc = "exit with 6 if the result has notes: facts to know before renting"},
    INPUT_SET_OPTION,
};

enum { OWN_COUNT = sizeof own_options / sizeof *own_options };

static const char help_head[] =
    "usage: inferplan solve FILE [OPTION]...\n"
    "\n"
    "Find the plan with the least total cost: which GPUs to rent, which models to\n"
    "deploy on them, and which share of each query type to route where.\n"
    "FILE is an instance (JSON); \"-\" is standard input.\n"
    "\n"
    "Options\n";

static const char help_tail[] =
    "\n"
    "Costs are in US dollars over the horizon, delays in milliseconds; shares and\n"
    "the gap are fractions. Ctrl-C and SIGTERM stop with the best plan found (while\n"
    "the instance is read and the program built: once that is done); a second one\n"
    "kills.\n"
    "\n"
    "Exit status: 0 plan proven within the gap; 1 limit reached, verified plan\n"
    "returned; 2 bad usage or input; 3 proven infeasible; 4 limit reached, no plan;\n"
    "5 internal failure, such as no memory or output that cannot be written; 6 with\n"
    "--strict, instead of 0, 1, 3 and 4, if the result has notes.\n";

static int status_of(const ifp_solution *solution)
{
    switch (ifp_solution_status(solution)) {
    case IFP_STATUS_OPTIMAL:
        return STATUS_DONE;
    case IFP_STATUS_FEASIBLE:
        return STATUS_LIMIT;
    case IFP_STATUS_INFEASIBLE:
        return STATUS_INFEASIBLE;
    case IFP_STATUS_NO_PLAN:
        return STATUS_NO_PLAN;
    default:
        return output_fail(STATUS_INTERNAL, "the library returned an unknown status, %d",
                           ifp_solution_status(solution));
    }
}

static int print_summary(const ifp_model *model, const ifp_solution *solution,
                         const ifp_options *options)
{
    struct ifp_text output = {0};
    summary_solution(&output, summary_style_of_output(), model, solution, options);
    return output_finish(&output);
}

/* Solve, print what was asked for, and return the status of the solution or of a failure. */
static int solve_and_print(ifp_model *model, const char *file, const struct report *report,
                           const struct arguments *arguments, const ifp_options *options)
{
    struct progress *progress = report->progress;
    interrupt_attach(model);
    ifp_solution *solution = ifp_model_solve(model);
    (void)interrupt_end(); /* the solution knows */
    progress_end(progress);
    if (!solution)
        return engine_options_fail(file, ifp_model_last_error(model));
    progress_last(progress, solution);
    int status = status_of(solution);
    int printed = STATUS_DONE;
    /* The page comes first: if it fails, nothing may be on standard output. */
    if (status == STATUS_INTERNAL)
        printed = STATUS_INTERNAL;
    else if (report->path)
        printed = report_write(report, model, solution);
    if (printed != STATUS_DONE)
        goto cleanup;
    if (arguments_has(arguments, "json"))
        printed = output_document(ifp_solution_write_json(solution));
    else if (!arguments_has(arguments, "quiet"))
        printed = print_summary(model, solution, options);
cleanup:
    if (arguments_has(arguments, "strict") && ifp_solution_note_count(solution) > 0)
        status = STATUS_NOTED;
    ifp_solution_free(solution);
    return printed == STATUS_DONE ? status : printed;
}

static void heed_signals(void)
{
    interrupt_begin(NULL);
}

/* What building a model may take after a signal: no time at all. */
static const double NO_TIME = 1e-9;

int command_solve(char **words)
{
    struct arguments arguments = {0};
    struct progress progress = {0};
    struct report report = {0};
    ifp_instance *instance = NULL;
    ifp_model *model = NULL;
    size_t option_count = 0;
    struct argument_option *table = engine_options_table(own_options, OWN_COUNT, &option_count);
    ifp_options *options = ifp_options_new();
    ifp_error *error = ifp_error_new();
    int status = table && options && error ? STATUS_DONE : output_fail_memory();
    if (status != STATUS_DONE)
        goto cleanup;
    struct argument_syntax syntax = {"solve", "FILE", 1, table, option_count};
    status = arguments_parse(&syntax, words, &arguments);
    if (status == STATUS_DONE && arguments.help)
        status = arguments_help(help_head, table, option_count, help_tail);
    if (status != STATUS_DONE || arguments.help)
        goto cleanup;
    bool quiet = arguments_has(&arguments, "quiet");
    if (quiet && arguments_has(&arguments, "progress")) {
        status = output_fail(STATUS_USAGE, "--quiet and --progress contradict each other");
        goto cleanup;
    }
    const char *path = arguments_value(&arguments, "report");
    if (path && (!*path || !strcmp(path, "-"))) {
        status = output_fail(STATUS_USAGE, "--report: found \"%s\"; allowed: a file's name", path);
        goto cleanup;
    }
    status = engine_options_apply(&arguments, table, options);
    if (status == STATUS_DONE)
        status = input_check_sets(&arguments);
    if (status == STATUS_DONE)
        status = input_instance_told(arguments.files[0], &arguments, heed_signals, &instance);
    if (status == STATUS_DONE && path)
        status = save_check("report", path, SAVE_PAGE, arguments.files[0],
                            !quiet || arguments_has(&arguments, "json"));
    if (status != STATUS_DONE)
        goto cleanup;
    bool shown = !quiet && progress_ready(&progress, arguments_has(&arguments, "progress"));
    int watched = report_begin(&report, options, path, &progress, shown);
    if (watched != IFP_OK) {
        status = watched == IFP_ERROR_MEMORY
                     ? output_fail_memory()
                     : output_fail_error("progress", ifp_options_last_error(options), 0);
        goto cleanup;
    }
    if (interrupt_seen())
        (void)ifp_options_set_number(options, IFP_OPTION_TIME_LIMIT, NO_TIME);
    model = ifp_model_new(instance, options, error);
    if (!model)
        status = engine_options_fail(arguments.files[0], error);
    else if (!quiet)
        status = candidates_note(instance);
    if (model && status == STATUS_DONE)
        status = solve_and_print(model, arguments.files[0], &report, &arguments, options);
cleanup:
    (void)interrupt_end();
    ifp_model_free(model);
    ifp_instance_free(instance);
    ifp_error_free(error);
    ifp_options_free(options);
    report_clear(&report);
    arguments_free(&arguments);
    free(table);
    return status;
}
