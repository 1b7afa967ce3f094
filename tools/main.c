/* SPDX-License-Identifier: MIT */
/* The program: finds the command that was asked for and runs it. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/version.h>

#include "commands/command.h"
#include "terminal/output.h"
#include "util/nearest.h"
#include "util/text.h"

/* The commands, in the order of the help, and their lines in it. */
static const struct {
    const char *name;
    int (*run)(char **words);
    const char *help;
} commands[] = {
    {"solve", command_solve,
     "  solve FILE                   find the cheapest plan, and prove how good it is\n"},
    {"check", command_check,
     "  check FILE PLAN.json         is a plan feasible, and what does it cost\n"},
    {"sweep", command_sweep,
     "  sweep FILE --vary PATH=..    a grid of solves over any fields, as rows\n"},
    {"stress", command_stress,
     "  stress FILE PLAN.json        how a plan fares when delay and error deviate\n"},
    {"export", command_export,
     "  export FILE --format mps|lp  the mixed-integer program, for other solvers\n"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static const char help_head[] =
    "usage: inferplan COMMAND FILE [OPTION]...\n"
    "\n"
    "Plans the serving of large language models: which GPUs to rent, which models to\n"
    "deploy on them, and which share of each query type to route where, at the least\n"
    "total cost of rental, storage, delay and unmet demand.\n"
    "\n"
    "Commands\n";

static const char help_tail[] =
    "\n"
    "  inferplan COMMAND --help     the options of a command; also -h, and\n"
    "                               inferplan help COMMAND\n"
    "  inferplan --version          the version\n"
    "\n"
    "FILE is an instance (JSON), \"-\" standard input. Results go to standard output;\n"
    "progress goes to standard error if that is a terminal.\n"
    "\n"
    "Units\n"
    "  costs    US dollars over the horizon      memory, storage  GB\n"
    "  delays   milliseconds                     compute          TFLOP/s\n"
    "  shares, error rates and the gap are fractions: 0.01 is one per cent\n"
    "\n"
    "Exit status\n"
    "  0  plan proven within the gap; check: feasible; sweep: every cell is solved\n"
    "  1  a limit was reached, a verified plan is returned; sweep: in some cell\n"
    "  2  bad usage or bad input; sweep: or a cell that contradicts itself\n"
    "  3  proven infeasible; check: a limit is broken\n"
    "  4  a limit was reached with no plan\n"
    "  5  internal failure, such as no memory or output that cannot be written\n"
    "  6  solve and check with --strict: the result has notes\n"
    "\n"
    "Examples\n"
    "  inferplan solve instance.json --time-limit 60 --json > plan.json\n"
    "  inferplan check instance.json plan.json --set limits.budget_usd=scale:0.9\n"
    "  inferplan sweep instance.json --vary limits.budget_usd=200:1000:5 --csv\n";

/* A standard stream that is closed would be taken by the next file that is opened, and messages
 * would end up in it. Fill the place so that reading or writing there fails. */
static int fill_closed_streams(void)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF)
            continue;
        if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor)
            return output_fail(STATUS_INTERNAL, "/dev/null: cannot be opened: %s", strerror(errno));
    }
    return STATUS_DONE;
}

static int print_help(void)
{
    struct ifp_text output = {0};
    ifp_text_string(&output, help_head);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        ifp_text_string(&output, commands[i].help);
    ifp_text_string(&output, help_tail);
    return output_finish(&output);
}

static void list_commands(struct ifp_text *text)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        ifp_text_format(text, "%s%s", i ? ", " : "", commands[i].name);
}

static int refuse_no_command(void)
{
    struct ifp_text known = {0};
    list_commands(&known);
    int status = known.failed
                     ? output_fail_memory()
                     : output_fail(STATUS_USAGE,
                                   "no command given; known commands: %s; see: inferplan --help",
                                   known.data);
    ifp_text_clear(&known);
    return status;
}

static int run_command(const char *name, char **words)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(words);
    }
    struct ifp_nearest nearest;
    ifp_nearest_begin(&nearest, name, strlen(name));
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        ifp_nearest_try(&nearest, commands[i].name);
    struct ifp_text known = {0};
    list_commands(&known);
    int status = known.failed
                     ? output_fail_memory()
                     : output_fail(STATUS_USAGE, "unknown command \"%s\"%s%s%s; known commands: %s",
                                   name, nearest.name ? " (" : "", nearest.name ? nearest.name : "",
                                   nearest.name ? "?)" : "", known.data);
    ifp_text_clear(&known);
    return status;
}

static int refuse_argument(const char *word, const char *argument)
{
    return output_fail(STATUS_USAGE, "%s takes no arguments, but \"%s\" was given", word, argument);
}

/* "help" alone, or with the command whose options are asked for. */
static int run_help(char **words)
{
    char option[] = "--help";
    char *command_words[] = {option, NULL};
    if (!words[0] || (strcmp(words[0], "help") == 0 && !words[1]))
        return print_help();
    return words[1] ? refuse_argument(words[0], words[1]) : run_command(words[0], command_words);
}

static int run(char **words)
{
    const char *word = words[0];
    if (!word)
        return refuse_no_command();
    if (strcmp(word, "help") == 0)
        return run_help(words + 1);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return words[1] ? refuse_argument(word, words[1]) : print_help();
    if (strcmp(word, "--version") == 0) {
        char version[64];
        snprintf(version, sizeof version, "inferplan %s\n", ifp_version());
        return words[1] ? refuse_argument(word, words[1]) : output_text(version);
    }
    if (word[0] == '-')
        return output_fail(STATUS_USAGE,
                           "unknown option %s before a command; see: inferplan --help", word);
    return run_command(word, words + 1);
}

int main(int argc, char **argv)
{
    char *nothing[] = {NULL};
    if (fill_closed_streams() != STATUS_DONE)
        return STATUS_INTERNAL;
    return run(argc > 0 ? argv + 1 : nothing);
}
