/* SPDX-License-Identifier: MIT */
/* Text of any origin, made fit for one line of a terminal. */
#ifndef TOOLS_PRINTABLE_H
#define TOOLS_PRINTABLE_H

/* In place: bytes that are not UTF-8, and characters that control a terminal, end a line, turn text
 * around or are not seen, become question marks. */
void make_printable(char *line);

#endif
