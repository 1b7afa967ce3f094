/* SPDX-License-Identifier: MIT */
/* Reading the input: the instance with its --set changes, and a plan. */
#ifndef INFERPLAN_TOOLS_INPUT_H
#define INFERPLAN_TOOLS_INPUT_H

#include <stdbool.h>

#include <inferplan/instance.h>
#include <inferplan/plan.h>

#include "terminal/arguments.h"

/* Shared by every command that reads an instance. */
#define INPUT_SET_OPTION                                                                           \
    {                                                                                              \
        .name = "set", .value = "PATH=VALUE", .repeatable = true,                                  \
        .doc = "change a field of the instance before anything else, e.g. "                        \
               "limits.budget_usd=800, tiers[*].usd_per_hour=scale:1.2 or "                        \
               "queries[qa].delay_limit_ms=null (no limit); may be repeated, applied in order"     \
    }

/* The name of the file in errors: its path as given, or "standard input" for "-". */
const char *input_name(const char *path);

/* The "=" of PATH=VALUE: the first outside brackets, or the last one if brackets in a name do not
 * close. NULL if there is none. */
const char *input_equals(const char *set);

/* Check that every --set has the form PATH=VALUE. Returns an exit status; a failure has been
 * printed. */
int input_check_sets(const struct arguments *arguments);

/*
 * Read the instance from a file, or from standard input for "-", and apply every --set in order.
 * Returns an exit status; a failure has been printed and leaves *instance NULL. The caller frees
 * the instance.
 */
int input_instance(const char *path, const struct arguments *arguments, ifp_instance **instance);

/* The same, and calls `arrived` when the text has been read. Until then a signal should simply end
 * the program, since waiting for input may take forever. */
int input_instance_told(const char *path, const struct arguments *arguments, void (*arrived)(void),
                        ifp_instance **instance);

/* Read a plan for the instance, from a file or from standard input for "-". Returns an exit status;
 * a failure has been printed and leaves *plan NULL. The caller frees the plan. */
int input_plan(const char *path, const ifp_instance *instance, ifp_plan **plan);

/* Read and validate FILE, and read PLAN.json; at most one of them may be "-". Returns an exit
 * status; a failure has been printed. The caller frees *instance and *plan, also after a
 * failure. */
int input_instance_and_plan(const struct arguments *arguments, ifp_instance **instance,
                            ifp_plan **plan, ifp_error *error);

/* Print a note if the plan names another instance than the one it is checked against. */
void input_note_other(const char *path, const ifp_plan *plan, const ifp_instance *instance);

#endif
