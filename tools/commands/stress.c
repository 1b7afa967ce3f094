/* SPDX-License-Identifier: MIT */
/* `inferplan stress`: how a fixed plan fares when delay and error deviate. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "commands/command.h"
#include "commands/summary.h"
#include "terminal/arguments.h"
#include "terminal/input.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/printable.h"
#include "terminal/table.h"
#include "util/figure.h"

static const struct argument_option stress_options[] = {
    {.name = "samples",
     .value = "NUMBER",
     .doc = "how many samples to draw",
     .allowed = "1 to 1000000",
     .fallback = "1000"},
    {.name = "seed",
     .value = "NUMBER",
     .doc = "what the samples are drawn from: equal seeds give equal samples",
     .allowed = "a whole number below 2^64",
     .fallback = "1"},
    {.name = "json", .doc = "print the stress document instead of the tables"},
    {.name = "quiet", .doc = "print no tables and no note; --json still prints the document"},
    INPUT_SET_OPTION,
};

enum { OPTION_COUNT = sizeof stress_options / sizeof *stress_options };

static const char help_head[] =
    "usage: inferplan stress FILE PLAN.json [OPTION]...\n"
    "\n"
    "How does a plan fare when delay and error deviate from their nominal values?\n"
    "FILE is an instance (JSON) whose uncertainty.kind is not none; PLAN.json is a\n"
    "result document, as for \"inferplan check\". One of the two may be \"-\".\n"
    "Deviations are drawn from the uncertainty set, as they are and times 1.2 and\n"
    "1.5, and the plan is evaluated in each sample: with its own routes (kept), and\n"
    "with the best routes on its deployments (re-optimised).\n"
    "\n"
    "Options\n";

static const char help_tail[] =
    "\n"
    "Costs are in US dollars over the horizon. Under \"delay\" and \"error\" stands the\n"
    "part of the served query types that exceed their limit, under \"any\" that of the\n"
    "samples in which one does, and under \"no plan\" how many have no routes that\n"
    "hold. Ctrl-C and SIGTERM stop with the samples that are done; a second one\n"
    "kills.\n"
    "\n"
    "Exit status: 0 all samples are done; 1 interrupted, and the result is that of\n"
    "some samples; 2 bad usage or input; 4 interrupted before any was done;\n"
    "5 internal failure, such as no memory or output that cannot be written.\n";

/* A whole number in the range; where the option was not given, *value stays. */
static int take_whole(const struct arguments *arguments, const char *name, uint64_t minimum,
                      uint64_t maximum, uint64_t *value)
{
    const char *text = arguments_value(arguments, name);
    if (!text)
        return STATUS_DONE;
    errno = 0;
    uint64_t found = strtoull(text, NULL, 10);
    if (!*text || text[strspn(text, "0123456789")] || errno || found < minimum || found > maximum)
        return output_fail(STATUS_USAGE,
                           "--%s: found \"%s\"; allowed: a whole number from %" PRIu64
                           " to %" PRIu64,
                           name, text, minimum, maximum);
    *value = found;
    return STATUS_DONE;
}

static int ask(double fraction, void *user)
{
    (void)fraction;
    (void)user;
    return interrupt_seen();
}

/* -- the tables -- */

static void put_usd(struct table *table, double usd)
{
    char text[IFP_NUMBER_SIZE];
    ifp_figure_usd(text, usd);
    table_cell(table, "%s", text);
}

static void put_percent(struct table *table, double fraction)
{
    if (isfinite(fraction))
        table_cell(table, "%.1f %%", 100 * fraction);
    else
        table_cell(table, "-");
}

static void put_samples(struct ifp_text *output, const ifp_stress *stress)
{
    static const struct table_column columns[] = {
        {"routing", false, false}, {"", true, false},     {"mean", true, false},
        {"95 %", true, false},     {"most", true, false}, {"delay", true, false},
        {"error", true, false},    {"any", true, false},  {"no plan", true, false},
    };
    struct table table = {.columns = columns, .column_count = sizeof columns / sizeof *columns};
    for (size_t n = 0; n < ifp_stress_row_count(stress); n++) {
        ifp_stress_entry row = IFP_STRESS_ENTRY_INIT;
        if (ifp_stress_row(stress, n, &row) != IFP_OK)
            continue;
        bool kept = row.routing == IFP_STRESS_ROUTING_KEPT;
        table_cell(&table, "%s", kept ? "kept" : "re-optimised");
        table_cell(&table, "x %g", row.inflation);
        put_usd(&table, row.cost_mean_usd);
        put_usd(&table, row.cost_p95_usd);
        put_usd(&table, row.cost_largest_usd);
        put_percent(&table, row.delay_violated);
        put_percent(&table, row.error_violated);
        put_percent(&table, row.any_violated);
        table_cell(&table, "%zu", row.samples_without_plan);
    }
    output_print(output,
                 "\nSamples: cost in USD; served query types above their limit, and samples "
                 "with any\n");
    table_print(&table, output, summary_style_of_output().width);
    table_free(&table);
}

static void put_worst_case(struct ifp_text *output, const ifp_stress *stress)
{
    static const struct table_column columns[] = {
        {"routing", false, false},
        {"", true, false},
        {"cost USD", true, false},
        {"fullest delay limit", true, false},
        {"fullest error limit", true, false},
    };
    struct table table = {.columns = columns, .column_count = sizeof columns / sizeof *columns};
    for (size_t n = 0; n < ifp_stress_row_count(stress); n++) {
        ifp_stress_entry row = IFP_STRESS_ENTRY_INIT;
        if (ifp_stress_row(stress, n, &row) != IFP_OK || row.routing != IFP_STRESS_ROUTING_KEPT)
            continue;
        table_cell(&table, "kept");
        table_cell(&table, "x %g", row.inflation);
        put_usd(&table, row.worst_cost_usd);
        put_percent(&table, row.worst_delay_full);
        put_percent(&table, row.worst_error_full);
    }
    output_print(output, "\nWorst case over the whole set\n");
    table_print(&table, output, summary_style_of_output().width);
    table_free(&table);
}

static int print_tables(const ifp_instance *instance, const char *plan_file,
                        const ifp_stress *stress, const ifp_stress_options *options)
{
    struct ifp_text output = {0};
    char *name = strdup(input_name(plan_file));
    if (!name)
        return output_fail_memory();
    make_printable(name);
    output_print(&output, "stress     %s against %s, ", name, ifp_instance_name(instance));
    free(name);
    if (ifp_stress_samples(stress) < options->samples)
        output_print(&output, "%zu of ", ifp_stress_samples(stress));
    output_print(&output, "%zu sample%s, seed %" PRIu64 "\n", options->samples,
                 options->samples == 1 ? "" : "s", options->seed);
    put_samples(&output, stress);
    put_worst_case(&output, stress);
    return output_finish(&output);
}

/* -- the command -- */

static int stress_and_print(const struct arguments *arguments, const ifp_instance *instance,
                            const ifp_plan *plan, ifp_error *error)
{
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    uint64_t samples = options.samples;
    int status = take_whole(arguments, "samples", 1, 1000000, &samples);
    if (status == STATUS_DONE)
        status = take_whole(arguments, "seed", 0, UINT64_MAX, &options.seed);
    if (status != STATUS_DONE)
        return status;
    options.samples = (size_t)samples;
    options.progress = ask;
    interrupt_begin(NULL);
    ifp_stress *stress = ifp_stress_new(instance, plan, &options, error);
    (void)interrupt_end();
    if (!stress) {
        /* What is wrong with the instance has a place in it, what is wrong with the plan has
         * none. */
        bool of_instance = *ifp_error_where(error) != '\0';
        return output_fail_error(input_name(arguments->files[of_instance ? 0 : 1]), error, 0);
    }
    if (arguments_has(arguments, "json"))
        status = output_document(ifp_stress_write_json(stress));
    else if (!arguments_has(arguments, "quiet"))
        status = print_tables(instance, arguments->files[1], stress, &options);
    if (status == STATUS_DONE && ifp_stress_samples(stress) < options.samples)
        status = ifp_stress_samples(stress) ? STATUS_LIMIT : STATUS_NO_PLAN;
    ifp_stress_free(stress);
    return status;
}

static int run(const struct arguments *arguments)
{
    const char *plan_file = arguments->files[1];
    ifp_instance *instance = NULL;
    ifp_plan *plan = NULL;
    ifp_error *error = ifp_error_new();
    int status =
        error ? input_instance_and_plan(arguments, &instance, &plan, error) : output_fail_memory();
    if (status == STATUS_DONE)
        status = stress_and_print(arguments, instance, plan, error);
    if (status == STATUS_DONE && !arguments_has(arguments, "quiet"))
        input_note_other(plan_file, plan, instance);
    ifp_plan_free(plan);
    ifp_instance_free(instance);
    ifp_error_free(error);
    return status;
}

int command_stress(char **words)
{
    struct argument_syntax syntax = {"stress", "FILE PLAN.json", 2, stress_options, OPTION_COUNT};
    struct arguments arguments;
    int status = arguments_parse(&syntax, words, &arguments);
    if (status == STATUS_DONE)
        status = arguments.help ? arguments_help(help_head, stress_options, OPTION_COUNT, help_tail)
                                : run(&arguments);
    arguments_free(&arguments);
    return status;
}
