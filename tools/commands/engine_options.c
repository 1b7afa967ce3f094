/* SPDX-License-Identifier: MIT */
/* Turns the library's table of options into arguments, and arguments into options. */
#include "commands/engine_options.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/input.h"
#include "terminal/output.h"

struct argument_option *engine_options_table(const struct argument_option *own, size_t own_count,
                                             size_t *count)
{
    size_t engine_count = ifp_option_count();
    *count = engine_count + own_count;
    struct argument_option *options = calloc(*count, sizeof *options);
    if (!options)
        return NULL;
    for (size_t i = 0; i < engine_count; i++) {
        options[i].name = ifp_option_name(i);
        options[i].value = ifp_option_type(i) == IFP_OPTION_TYPE_NUMBER ? "NUMBER" : "WORD";
        options[i].doc = ifp_option_doc(i);
        options[i].allowed = ifp_option_allowed(i);
        options[i].fallback = ifp_option_default(i);
    }
    memcpy(options + engine_count, own, own_count * sizeof *own);
    return options;
}

/* An error that concerns an option, which is named as the command line writes it. */
static int fail_option(const char *name, const ifp_error *error)
{
    char place[80] = "--";
    size_t length = 2;
    for (const char *at = name; *at && length + 1 < sizeof place; at++)
        place[length++] = *at == '_' ? '-' : *at;
    place[length] = '\0';
    return output_fail_error(place, error, 1);
}

int engine_options_apply(const struct arguments *arguments, const struct argument_option *table,
                         ifp_options *options)
{
    const struct argument_option *own = table + ifp_option_count();
    for (size_t i = 0; i < arguments->given_count; i++) {
        const struct argument_given *given = &arguments->given[i];
        if (given->option < own &&
            ifp_options_set(options, given->option->name, given->value) != IFP_OK)
            return fail_option(given->option->name, ifp_options_last_error(options));
    }
    return STATUS_DONE;
}

int engine_options_fail(const char *file, const ifp_error *error)
{
    for (size_t i = 0; i < ifp_option_count(); i++) {
        if (strcmp(ifp_error_where(error), ifp_option_name(i)) == 0)
            return fail_option(ifp_option_name(i), error);
    }
    return output_fail_error(input_name(file), error, 0);
}
