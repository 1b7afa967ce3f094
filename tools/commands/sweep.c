/* SPDX-License-Identifier: MIT */
/* `inferplan sweep`: solves an instance for every combination of the values of some fields. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <inferplan/inferplan.h>

#include "commands/command.h"
#include "commands/engine_options.h"
#include "sweep/grid.h"
#include "sweep/rows.h"
#include "sweep/workers.h"
#include "terminal/arguments.h"
#include "terminal/input.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "util/clock.h"
#include "util/number_text.h"

enum { JOBS_MAX = 1024 };

/* The maximum number of bytes of a cell's values that an error shows. */
enum { PLACE_MAX = 399 };

static const struct argument_option own_options[] = {
    {.name = "vary",
     .value = "PATH=VALUES",
     .repeatable = true,
     .doc = "the values of a field: a:b:n (n values from a to b), scale:a:b:n (as many factors of "
            "what stands in FILE), or values as --set takes them, separated by commas; several "
            "--vary make every combination, the last varying fastest"},
    {.name = "jobs",
     .value = "N",
     .doc = "solve so many cells at once",
     .allowed = "a whole number from 1 to 1024",
     .fallback = "one for each processor"},
    {.name = "csv", .doc = "print comma-separated values (RFC 4180) instead of the table"},
    {.name = "json", .doc = "print a document instead of the table"},
    {.name = "quiet",
     .doc = "print no progress and no table; the exit status tells, and --csv and --json still "
            "print"},
    {.name = "progress",
     .doc = "print progress to standard error also when that is no terminal: at most one line a "
            "second"},
    INPUT_SET_OPTION,
};

enum { OWN_COUNT = sizeof own_options / sizeof *own_options };

static const char help_head[] =
    "usage: inferplan sweep FILE --vary PATH=VALUES [--vary ..] [OPTION]...\n"
    "\n"
    "Solve for every combination of values, such as\n"
    "--vary tiers[*].usd_per_hour=scale:0.5:2:7 --vary limits.budget_usd=500,null\n"
    "Each is one cell, solved as \"inferplan solve\" would with those --set, and one\n"
    "row, in the order of the grid, written once all before it are.\n"
    "FILE is an instance (JSON); \"-\" is standard input.\n"
    "\n"
    "Options; the gap and the time limit are those of each cell\n";

static const char help_tail[] =
    "\n"
    "Costs are in US dollars over the horizon. Ctrl-C and SIGTERM stop with what is\n"
    "solved; a second one kills.\n"
    "\n"
    "Exit status: 0 every cell solved within the gap or proven infeasible; 1 a limit\n"
    "reached in some cell; 2 bad usage or input, or values that contradict each\n"
    "other in some cell; 5 internal failure, such as output that cannot be written.\n";

/* Counts of the rows, and the first error among them. */
struct tally {
    size_t rows;
    size_t limits; /* cells without proof */
    size_t errors;
    int error_status;
    size_t error_cell;
    char *error;
};

static int read_jobs(const struct arguments *arguments, size_t *jobs)
{
    const char *text = arguments_value(arguments, "jobs");
    double number;
    if (!text) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        *jobs = online < 1 ? 1 : online > JOBS_MAX ? JOBS_MAX : (size_t)online;
        return STATUS_DONE;
    }
    if (!ifp_number_read(text, strlen(text), &number) || number != floor(number) || number < 1 ||
        number > JOBS_MAX)
        return output_fail(STATUS_USAGE,
                           "--jobs: found \"%s\"; allowed: a whole number from 1 to %d", text,
                           JOBS_MAX);
    *jobs = (size_t)number;
    return STATUS_DONE;
}

static void show_progress(struct progress *progress, struct workers *workers,
                          const struct grid *grid, double seconds)
{
    struct workers_state state;
    if (!progress_due(progress, seconds))
        return;
    workers_poll(workers, &state);
    char gap[40] = "unknown";
    if (isfinite(state.gap))
        snprintf(gap, sizeof gap, "%.3g %%", 100 * state.gap);
    char line[160];
    snprintf(line, sizeof line, "%.1f s, %zu of %zu cells, %zu running, gap of the next %s",
             seconds, state.done, grid->cell_count, state.running, gap);
    progress_show(progress, line);
}

static void count_row(struct tally *tally, size_t cell, struct cell_result *result)
{
    tally->rows++;
    if (result->code == IFP_OK) {
        tally->limits +=
            result->status != IFP_STATUS_OPTIMAL && result->status != IFP_STATUS_INFEASIBLE;
        return;
    }
    bool input = result->code == IFP_ERROR_VALUE || result->code == IFP_ERROR_UNSUPPORTED;
    int status = input ? STATUS_USAGE : STATUS_INTERNAL;
    if (status > tally->error_status)
        tally->error_status = status;
    if (tally->errors++ > 0)
        return;
    tally->error_cell = cell;
    tally->error = result->error;
    result->error = NULL;
}

/* Print the number of errors and the first one, and return the exit status for them. */
static int fail_cells(const struct tally *tally, const struct grid *grid, const char *file)
{
    struct ifp_text values = {0};
    for (size_t a = 0; a < grid->axis_count; a++)
        output_print(&values, "%s%s=%s", a ? " " : "", grid->axes[a].path,
                     grid_value(&grid->axes[a], tally->error_cell)->text);
    if (!values.failed)
        output_shorten(values.data, PLACE_MAX);
    output_fail(tally->error_status, "%s: %zu of %zu cells could not be solved; the first: %s: %s",
                input_name(file), tally->errors, grid->cell_count, values.failed ? "" : values.data,
                tally->error ? tally->error : "out of memory");
    ifp_text_clear(&values);
    return tally->error_status;
}

/* Take the results until there are no more. Returns STATUS_DONE also if the user interrupted. */
static int take_results(struct workers *workers, const struct grid *grid, struct rows *rows,
                        struct progress *progress, bool shown, struct tally *tally)
{
    double start = ifp_clock_seconds();
    bool stopped = false;
    for (;;) {
        size_t cell;
        struct cell_result result;
        enum workers_news news = workers_wait(workers, &cell, &result);
        if (interrupt_seen() && !stopped) {
            workers_stop(workers);
            stopped = true;
        }
        if (news == WORKERS_END)
            return STATUS_DONE;
        if (news == WORKERS_RESULT) {
            /* Both may go to one terminal. */
            progress_end(progress);
            int status = rows_add(rows, cell, &result);
            count_row(tally, cell, &result);
            cell_result_clear(&result);
            if (status != STATUS_DONE)
                return status;
        }
        if (shown)
            show_progress(progress, workers, grid, ifp_clock_seconds() - start);
    }
}

static int solve_grid(const struct grid *grid, const ifp_instance *instance,
                      const ifp_options *options, size_t jobs, const struct arguments *arguments)
{
    const char *file = arguments->files[0];
    bool quiet = arguments_has(arguments, "quiet");
    struct rows rows = {0};
    struct progress progress = {0};
    struct tally tally = {0};
    struct workers *workers = NULL;
    enum rows_format format = arguments_has(arguments, "csv")    ? ROWS_CSV
                              : arguments_has(arguments, "json") ? ROWS_JSON
                              : quiet                            ? ROWS_NONE
                                                                 : ROWS_TABLE;
    int status = rows_begin(&rows, format, grid, ifp_instance_name(instance),
                            terminal_columns(STDOUT_FILENO));
    if (status != STATUS_DONE)
        goto cleanup;
    bool shown = !quiet && progress_ready(&progress, arguments_has(arguments, "progress"));
    interrupt_begin(NULL);
    workers = workers_new(grid, instance, options, jobs);
    status = workers ? take_results(workers, grid, &rows, &progress, shown, &tally)
                     : output_fail(STATUS_INTERNAL, "no thread could be started: out of memory");
    bool interrupted = interrupt_end();
    progress_end(&progress);
    if (status != STATUS_DONE)
        goto cleanup;
    bool whole = tally.rows == grid->cell_count;
    status = rows_end(&rows);
    if (status != STATUS_DONE)
        goto cleanup;
    if (!whole && !interrupted)
        status = output_fail_memory();
    else if (tally.errors > 0)
        status = fail_cells(&tally, grid, file);
    else if (!whole || tally.limits > 0)
        status = STATUS_LIMIT;
    if (status == STATUS_LIMIT && interrupted && !quiet)
        output_note("interrupted: %zu of %zu cells are there", tally.rows, grid->cell_count);
cleanup:
    workers_free(workers);
    free(tally.error);
    rows_clear(&rows);
    return status;
}

/* Check the options before the file is read. */
static int check_arguments(const struct arguments *arguments, size_t *jobs, struct grid *grid)
{
    static const char *const pairs[][2] = {{"csv", "json"}, {"quiet", "progress"}};
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
        if (arguments_has(arguments, pairs[p][0]) && arguments_has(arguments, pairs[p][1]))
            return output_fail(STATUS_USAGE, "--%s and --%s contradict each other", pairs[p][0],
                               pairs[p][1]);
    }
    int status = read_jobs(arguments, jobs);
    if (status == STATUS_DONE)
        status = input_check_sets(arguments);
    if (status == STATUS_DONE)
        status = grid_read(arguments, grid);
    return status;
}

/* Does the field decide how large the problem is? */
static bool decides_size(const char *path)
{
    return strncmp(path, "performance.", strlen("performance.")) == 0 ||
           strstr(path, ".tp_degrees");
}

/* Refuse an instance that is too large in every cell, before anything is printed. */
static int check_size(const struct grid *grid, const ifp_instance *instance,
                      const ifp_options *options, const char *file)
{
    static const double no_time = 1e-9; /* to build anything: the size is looked at before */
    for (size_t a = 0; a < grid->axis_count; a++) {
        if (decides_size(grid->axes[a].path))
            return STATUS_DONE;
    }
    ifp_error *error = ifp_error_new();
    ifp_options *hurried = ifp_options_copy(options);
    ifp_model *model = NULL;
    int status = error && hurried ? STATUS_DONE : output_fail_memory();
    if (status == STATUS_DONE) {
        (void)ifp_options_set_number(hurried, IFP_OPTION_TIME_LIMIT, no_time);
        model = ifp_model_new(instance, hurried, error);
        /* Other errors may be corrected by a cell's values. */
        if (!model && strcmp(ifp_error_where(error), "memory_limit_mb") == 0)
            status = engine_options_fail(file, error);
    }
    ifp_model_free(model);
    ifp_options_free(hurried);
    ifp_error_free(error);
    return status;
}

int command_sweep(char **words)
{
    struct arguments arguments = {0};
    struct grid grid = {0};
    ifp_instance *instance = NULL;
    size_t jobs = 1;
    size_t option_count = 0;
    struct argument_option *table = engine_options_table(own_options, OWN_COUNT, &option_count);
    ifp_options *options = ifp_options_new();
    int status = table && options ? STATUS_DONE : output_fail_memory();
    if (status != STATUS_DONE)
        goto cleanup;
    struct argument_syntax syntax = {"sweep", "FILE", 1, table, option_count};
    status = arguments_parse(&syntax, words, &arguments);
    if (status == STATUS_DONE && arguments.help)
        status = arguments_help(help_head, table, option_count, help_tail);
    if (status != STATUS_DONE || arguments.help)
        goto cleanup;
    status = engine_options_apply(&arguments, table, options);
    if (status == STATUS_DONE)
        status = check_arguments(&arguments, &jobs, &grid);
    if (status == STATUS_DONE)
        status = input_instance(arguments.files[0], &arguments, &instance);
    if (status == STATUS_DONE)
        status = grid_check(&grid, arguments.files[0], instance, options);
    if (status == STATUS_DONE)
        status = check_size(&grid, instance, options, arguments.files[0]);
    if (status == STATUS_DONE)
        status = solve_grid(&grid, instance, options, jobs, &arguments);
cleanup:
    grid_free(&grid);
    ifp_instance_free(instance);
    ifp_options_free(options);
    arguments_free(&arguments);
    free(table);
    return status;
}
