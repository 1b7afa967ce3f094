/* SPDX-License-Identifier: MIT */
/* Reads a command's words against its table of options, and prints that table as help. */
#include "terminal/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/output.h"
#include "util/nearest.h"

enum { HELP_INDENT = 24, HELP_WIDTH = 79, OPTION_SIZE = 64 };

/* Whether `length` bytes at `text` spell the option's name as the command line writes it. */
static bool spells(const char *name, const char *text, size_t length)
{
    if (strlen(name) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        char expected = name[i] == '_' ? '-' : name[i];
        if (text[i] != expected)
            return false;
    }
    return true;
}

static const struct argument_option *find_option(const struct argument_syntax *syntax,
                                                 const char *text, size_t length)
{
    for (size_t i = 0; i < syntax->option_count; i++) {
        if (spells(syntax->options[i].name, text, length))
            return &syntax->options[i];
    }
    return NULL;
}

static bool already_given(const struct arguments *arguments, const struct argument_option *option)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (arguments->given[i].option == option)
            return true;
    }
    return false;
}

/* Write an option's name as it is spelled on the command line. Returns false if it does not fit. */
static bool spell(const char *name, char spelled[OPTION_SIZE])
{
    size_t length = strlen(name);
    for (size_t i = 0; i <= length && length < OPTION_SIZE; i++)
        spelled[i] = name[i];
    for (char *at = length < OPTION_SIZE ? spelled : NULL; at && *at; at++)
        *at = *at == '_' ? '-' : *at;
    return length < OPTION_SIZE;
}

static int unknown_option(const struct argument_syntax *syntax, const char *word, size_t length)
{
    struct ifp_nearest nearest;
    char spelled[OPTION_SIZE];
    size_t dashes = strspn(word, "-");
    const char *name = NULL;
    ifp_nearest_begin(&nearest, word + dashes, length > dashes ? length - dashes : 0);
    for (size_t o = 0; o < syntax->option_count; o++) {
        const char *known = syntax->options[o].name;
        ifp_nearest_try(&nearest, known);
        /* One dash, or an underscore: the name is right, and only its spelling is wrong. */
        if (strlen(known) == nearest.length && memcmp(known, nearest.word, nearest.length) == 0)
            name = known;
    }
    name = name ? name : nearest.name;
    if (name && spell(name, spelled))
        return output_fail(STATUS_USAGE, "unknown option %.*s (--%s?); see: inferplan %s --help",
                           (int)length, word, spelled, syntax->command);
    return output_fail(STATUS_USAGE, "unknown option %.*s; see: inferplan %s --help", (int)length,
                       word, syntax->command);
}

/* Read one option, and its value from the same word or the next. Moves *next past them. */
static int take_option(const struct argument_syntax *syntax, char ***next,
                       struct arguments *arguments)
{
    const char *word = *(*next)++;
    size_t length = strcspn(word, "=");
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    const struct argument_option *option = NULL;
    if (strncmp(word, "--", 2) == 0 && length > 2)
        option = find_option(syntax, word + 2, length - 2);
    if (!option)
        return unknown_option(syntax, word, length);
    if (!option->repeatable && already_given(arguments, option))
        return output_fail(STATUS_USAGE, "%.*s is given twice; once is allowed", (int)length, word);
    if (!option->value && value)
        return output_fail(STATUS_USAGE, "%.*s takes no value, but \"%s\" was given", (int)length,
                           word, value);
    if (option->value && !value) {
        value = **next;
        if (!value)
            return output_fail(STATUS_USAGE, "%s needs a value; see: inferplan %s --help", word,
                               syntax->command);
        (*next)++;
    }
    arguments->given[arguments->given_count].option = option;
    arguments->given[arguments->given_count].value = value;
    arguments->given_count++;
    return STATUS_DONE;
}

int arguments_parse(const struct argument_syntax *syntax, char **words, struct arguments *arguments)
{
    memset(arguments, 0, sizeof *arguments);
    size_t count = 0;
    while (words[count])
        count++;
    /* No list can be longer than the words there are; one more keeps the sizes above zero. */
    arguments->files = calloc(count + 1, sizeof *arguments->files);
    arguments->given = calloc(count + 1, sizeof *arguments->given);
    if (!arguments->files || !arguments->given)
        return output_fail_memory();

    bool options_end = false;
    char **next = words;
    while (*next) {
        const char *word = *next;
        if (options_end || word[0] != '-' || word[1] == '\0') {
            arguments->files[arguments->file_count++] = word;
            next++;
        } else if (strcmp(word, "--") == 0) {
            options_end = true;
            next++;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            arguments->help = true;
            return STATUS_DONE;
        } else {
            int status = take_option(syntax, &next, arguments);
            if (status != STATUS_DONE)
                return status;
        }
    }
    if (arguments->file_count < syntax->file_count)
        return output_fail(STATUS_USAGE, "%s needs %s; see: inferplan %s --help", syntax->command,
                           syntax->files, syntax->command);
    if (arguments->file_count > syntax->file_count)
        return output_fail(STATUS_USAGE, "unexpected argument \"%s\"; %s takes %s%s",
                           arguments->files[syntax->file_count], syntax->command,
                           syntax->file_count ? "only " : "no file", syntax->files);
    return STATUS_DONE;
}

void arguments_free(struct arguments *arguments)
{
    free(arguments->files);
    free(arguments->given);
    memset(arguments, 0, sizeof *arguments);
}

const char *arguments_value(const struct arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, name) == 0)
            return arguments->given[i].value;
    }
    return NULL;
}

bool arguments_has(const struct arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, name) == 0)
            return true;
    }
    return false;
}

/* Append a text word by word. Begins a new line when a word would pass the last column. */
static void put_wrapped(struct ifp_text *out, const char *text, int *column)
{
    while (*text) {
        size_t length = strcspn(text, " ");
        if (*column > HELP_INDENT && *column + 1 + (int)length > HELP_WIDTH) {
            output_print(out, "\n%*s", HELP_INDENT, "");
            *column = HELP_INDENT;
        }
        const char *space = *column > HELP_INDENT ? " " : "";
        *column += output_print(out, "%s%.*s", space, (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static void put_options(struct ifp_text *out, const struct argument_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct argument_option *option = &options[i];
        int column = output_print(out, "  --");
        for (const char *at = option->name; *at; at++, column++)
            output_print(out, "%c", *at == '_' ? '-' : *at);
        if (option->value)
            column += output_print(out, " %s", option->value);
        if (column + 2 > HELP_INDENT) {
            output_print(out, "\n");
            column = 0;
        }
        output_print(out, "%*s", HELP_INDENT - column, "");
        column = HELP_INDENT;
        put_wrapped(out, option->doc, &column);
        if (option->allowed) {
            char range[160];
            if (option->fallback)
                snprintf(range, sizeof range, "(%s; default %s)", option->allowed,
                         option->fallback);
            else
                snprintf(range, sizeof range, "(%s)", option->allowed);
            put_wrapped(out, range, &column);
        }
        output_print(out, "\n");
    }
}

int arguments_help(const char *head, const struct argument_option *options, size_t count,
                   const char *tail)
{
    struct ifp_text output = {0};
    output_print(&output, "%s", head);
    put_options(&output, options, count);
    output_print(&output, "%s", tail);
    return output_finish(&output);
}
