/* SPDX-License-Identifier: MIT */
/* Files that hold a result whole, or what they held before. */
#ifndef INFERPLAN_TOOLS_SAVE_H
#define INFERPLAN_TOOLS_SAVE_H

/*
 * Write a text into a file, with a newline where it does not end in one. A regular file is replaced
 * in one step once everything is on the disk, so that a failure or a kill leaves it as it was; what
 * is no regular file (a pipe, a device) is written to. Returns an exit status; a failure has been
 * printed.
 */
int save_text(const char *path, const char *text);

#endif
