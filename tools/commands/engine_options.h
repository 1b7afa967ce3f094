/* SPDX-License-Identifier: MIT */
/* The library's options on the command line, whatever they are: shared by the commands that
 * solve. */
#ifndef INFERPLAN_TOOLS_ENGINE_OPTIONS_H
#define INFERPLAN_TOOLS_ENGINE_OPTIONS_H

#include <stddef.h>

#include <inferplan/options.h>

#include "terminal/arguments.h"

/* The library's options, ifp_option_count() of them, and behind them a command's own. Freed with
 * free; NULL when out of memory. */
struct argument_option *engine_options_table(const struct argument_option *own, size_t own_count,
                                             size_t *count);

/* Hand those of the library's that were given over as text: the library says what is wrong with
 * them. `table` is the one above. Returns an exit status; a failure has been printed. */
int engine_options_apply(const struct arguments *arguments, const struct argument_option *table,
                         ifp_options *options);

/* Print why no model could be made, or solved: what is wrong is in the file, or is an option that
 * this kind of instance does not take. Returns the exit status. */
int engine_options_fail(const char *file, const ifp_error *error);

#endif
