/* SPDX-License-Identifier: MIT */
/* Text of any origin, made fit for one line of a terminal. */
#ifndef TOOLS_PRINTABLE_H
#define TOOLS_PRINTABLE_H

/* Replace in place, by question marks, bytes that are not UTF-8 and characters that control a
 * terminal, end a line, reorder text or are invisible. */
void make_printable(char *line);

#endif
