/* SPDX-License-Identifier: MIT */
/* Writing result files in one step: a file holds the whole result or its previous content. */
#ifndef INFERPLAN_TOOLS_SAVE_H
#define INFERPLAN_TOOLS_SAVE_H

#include <stdbool.h>

/* The kind of file. A file may be replaced only if it begins like a file of the same kind that this
 * program wrote. */
enum save_kind {
    SAVE_PAGE,   /* of solve --report */
    SAVE_PROGRAM /* of export, in either format */
};

/*
 * Check, before a long solve, that save_text could write `path`, the value of --option. It changes
 * no file. A file that is the instance itself (`input`, "-" for standard input) is refused, and any
 * other that is not empty and not of this kind. If `prints`, so is one that standard output goes to
 * as well. Returns an exit status; a failure has been printed.
 */
int save_check(const char *option, const char *path, enum save_kind kind, const char *input,
               bool prints);

/*
 * Write a text into a file, with a newline if it does not end in one. A regular file of the same
 * kind, or an empty one, is replaced in one step once everything is on the disk, so that a failure
 * or a kill leaves it as it was; any other is refused. A
 * symbolic link stays one: its target is replaced. A file that this program was started with open,
 * and anything that is no regular file (a pipe, a device), is written to and not replaced. Returns
 * an exit status; a failure has been printed.
 */
int save_text(const char *path, enum save_kind kind, const char *text);

#endif
