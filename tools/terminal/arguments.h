/* SPDX-License-Identifier: MIT */
/* The command line of one command, read against a table of its options. */
#ifndef INFERPLAN_TOOLS_ARGUMENTS_H
#define INFERPLAN_TOOLS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct argument_option {
    const char *name;     /* without the leading dashes; an underscore stands for a dash */
    const char *value;    /* the name of its value in help; NULL if it takes no value */
    const char *doc;      /* its effect */
    const char *allowed;  /* the allowed values, in words; NULL if doc says it */
    const char *fallback; /* the default, in words; NULL if there is none or doc says it */
    bool repeatable;
};

struct argument_syntax {
    const char *command;
    const char *files; /* the names of the positional arguments: "FILE PLAN.json", or "" */
    size_t file_count; /* the number of positional arguments, all of them required */
    const struct argument_option *options;
    size_t option_count;
};

struct argument_given {
    const struct argument_option *option;
    const char *value; /* NULL for an option without one */
};

struct arguments {
    bool help; /* --help or -h was given, and the rest was not read */
    const char **files;
    size_t file_count;
    struct argument_given *given; /* in the order given */
    size_t given_count;
};

/*
 * Read the words after the command's name, a list that ends with NULL. "--name VALUE" and
 * "--name=VALUE" are the same; "--" ends the options; "-" is a file. Returns an exit status; a
 * failure has been printed. Free with arguments_free in either case.
 */
int arguments_parse(const struct argument_syntax *syntax, char **words,
                    struct arguments *arguments);
void arguments_free(struct arguments *arguments);

/* Whether an option was given. */
bool arguments_has(const struct arguments *arguments, const char *name);

/* The value given to an option, NULL if it was not given. */
const char *arguments_value(const struct arguments *arguments, const char *name);

/* Print a command's --help: the options between two texts, wrapped to 79 columns. Returns an exit
 * status; a failure has been printed. */
int arguments_help(const char *head, const struct argument_option *options, size_t count,
                   const char *tail);

#endif
