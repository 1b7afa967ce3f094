/* SPDX-License-Identifier: MIT */
/* Numbers as text, and back: the same bytes as the library's own documents have. The program never
 * takes up a locale, so that "." is the decimal sign. */
#ifndef INFERPLAN_TOOLS_NUMBER_H
#define INFERPLAN_TOOLS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

enum { NUMBER_SIZE = 48 };

/* The fewest of 15, 16 or 17 digits that read back as the same double; 0 for -0. */
void number_text(char text[NUMBER_SIZE], double value);

/* Dollars with two decimals, or three digits where those say nothing; "-" if not finite. */
void number_money(char text[NUMBER_SIZE], double usd);

/* Read a decimal number that takes up all `length` bytes; false if it is anything else, or not
 * finite. */
bool number_read(const char *text, size_t length, double *value);

#endif
