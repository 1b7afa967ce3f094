/* SPDX-License-Identifier: MIT */
/* The output of the program: exit statuses, the error line, and results that are either written
 * whole or reported as failed. */
#ifndef INFERPLAN_TOOLS_OUTPUT_H
#define INFERPLAN_TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include <inferplan/error.h>

#include "util/text.h"

enum exit_status {
    STATUS_DONE = 0,       /* proven within the gap; for check: feasible */
    STATUS_LIMIT = 1,      /* a limit was reached, a verified plan is returned */
    STATUS_USAGE = 2,      /* bad usage or bad input */
    STATUS_INFEASIBLE = 3, /* proven infeasible; for check: a limit is broken */
    STATUS_NO_PLAN = 4,    /* a limit was reached with no plan */
    STATUS_INTERNAL = 5,   /* out of memory, failed output, failed solver */
    STATUS_NOTED = 6       /* --strict, and the result has notes */
};

/* Print "inferplan: ..." as one line on standard error, and return the status. */
int output_fail(int status, const char *format, ...) IFP_FORMAT(2, 3);

int output_fail_memory(void);

/* Shorten a text in place to at most `maximum` bytes, as ifp_utf8_shorten: user input may have any
 * length, and the words around it must stay visible. Far too long lines are shortened when they are
 * printed. */
void output_shorten(char *text, size_t maximum);

/* Print "inferplan: note: ..." as one line on standard error, for facts that are no failure. */
void output_note(const char *format, ...) IFP_FORMAT(1, 2);

/* Print a library error about `place` (a file, an option), and return the exit status for its code.
 * If without_where, the place at the beginning of the message is left out. */
int output_fail_error(const char *place, const ifp_error *error, int without_where);

/*
 * Results are collected in a text in memory and written at the end, so that nothing is written if
 * something fails before. After a failed allocation, appending does nothing and output_finish
 * reports it.
 *
 * output_print appends in a format of printf, since the program stays in the "C" locale. Returns
 * the number of bytes added.
 */
int output_print(struct ifp_text *output, const char *format, ...) IFP_FORMAT(2, 3);

/* Write the whole text to standard output, once, and free it. Returns an exit status; a failure has
 * been printed. */
int output_finish(struct ifp_text *output);

/* For results that grow: write the text so far to standard output, at once and if possible in one
 * piece, and empty it. output_stream_end also closes standard output. Both return an exit status; a
 * failure has been printed. */
int output_stream(struct ifp_text *output);
int output_stream_end(struct ifp_text *output);

/* Write a complete text to standard output, once. A newline is added if the text does not end in
 * one. */
int output_text(const char *text);

/* Write a document that the library made, and free it. NULL means out of memory. */
int output_document(char *text);

#endif
