/* SPDX-License-Identifier: MIT */
/* `inferplan export`: writes the compact mixed-integer program of an instance for other solvers. */
#include <string.h>

#include <inferplan/inferplan.h>

#include "commands/command.h"
#include "terminal/arguments.h"
#include "terminal/input.h"
#include "terminal/output.h"
#include "terminal/save.h"

static const struct argument_option export_options[] = {
    {.name = "format", .value = "mps|lp", .doc = "free MPS or CPLEX LP; required"},
    {.name = "output",
     .value = "PATH",
     .doc = "write to this file instead of standard output. Replaced, once the result is whole, is "
            "only an empty file or one that export made"},
    INPUT_SET_OPTION,
};

enum { OPTION_COUNT = sizeof export_options / sizeof *export_options };

static const char help_head[] =
    "usage: inferplan export FILE --format mps|lp [OPTION]...\n"
    "\n"
    "Write the mixed-integer program of an instance as text, for other solvers.\n"
    "Rows and columns are named after equations, queries, models and tiers; what\n"
    "cannot be part of any best plan is left out. Costs are in US dollars.\n"
    "FILE is an instance (JSON); \"-\" is standard input.\n"
    "\n"
    "Options\n";

static const char help_tail[] =
    "\n"
    "Exit status: 0 written; 2 bad usage or input; 5 internal failure, such as no\n"
    "memory or output that cannot be written.\n";

static int run(const struct arguments *arguments)
{
    const char *file = arguments->files[0];
    const char *format = arguments_value(arguments, "format");
    const char *path = arguments_value(arguments, "output");
    if (!format)
        return output_fail(STATUS_USAGE, "export needs --format mps or --format lp");
    if (strcmp(format, "mps") != 0 && strcmp(format, "lp") != 0)
        return output_fail(STATUS_USAGE, "--format: found \"%s\"; allowed: mps or lp", format);
    if (path && !*path)
        return output_fail(STATUS_USAGE, "--output: a file name is expected");
    ifp_instance *instance = NULL;
    ifp_model *model = NULL;
    char *text = NULL;
    ifp_error *error = ifp_error_new();
    int status = error ? input_check_sets(arguments) : output_fail_memory();
    if (status == STATUS_DONE)
        status = input_instance(file, arguments, &instance);
    if (status == STATUS_DONE && path && strcmp(path, "-") != 0)
        status = save_check("output", path, SAVE_PROGRAM, file, false);
    if (status != STATUS_DONE)
        goto cleanup;
    model = ifp_model_new(instance, NULL, error);
    if (!model) {
        status = output_fail_error(input_name(file), error, 0);
        goto cleanup;
    }
    text = ifp_model_export(model, format);
    if (!text) {
        status = output_fail_error(input_name(file), ifp_model_last_error(model), 0);
        goto cleanup;
    }
    status =
        path && strcmp(path, "-") != 0 ? save_text(path, SAVE_PROGRAM, text) : output_text(text);
cleanup:
    ifp_text_free(text);
    ifp_model_free(model);
    ifp_instance_free(instance);
    ifp_error_free(error);
    return status;
}

int command_export(char **words)
{
    struct argument_syntax syntax = {"export", "FILE", 1, export_options, OPTION_COUNT};
    struct arguments arguments;
    int status = arguments_parse(&syntax, words, &arguments);
    if (status == STATUS_DONE)
        status = arguments.help ? arguments_help(help_head, export_options, OPTION_COUNT, help_tail)
                                : run(&arguments);
    arguments_free(&arguments);
    return status;
}
