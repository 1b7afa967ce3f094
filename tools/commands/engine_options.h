/* SPDX-License-Identifier: MIT */
/* The library's options on the command line, for the commands that solve. */
#ifndef INFERPLAN_TOOLS_ENGINE_OPTIONS_H
#define INFERPLAN_TOOLS_ENGINE_OPTIONS_H

#include <stddef.h>

#include <inferplan/options.h>

#include "terminal/arguments.h"

/* The library's options, ifp_option_count() of them, followed by a command's own. Free it with
 * free; NULL if out of memory. */
struct argument_option *engine_options_table(const struct argument_option *own, size_t own_count,
                                             size_t *count);

/* Set the library's options that were given, as text, which the library checks. `table` is from
 * engine_options_table. Returns an exit status; a failure has been printed. */
int engine_options_apply(const struct arguments *arguments, const struct argument_option *table,
                         ifp_options *options);

/* Print why a model could not be made or solved: an error in the file, or an option that this kind
 * of instance does not allow. Returns the exit status. */
int engine_options_fail(const char *file, const ifp_error *error);

#endif
