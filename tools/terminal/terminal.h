/* SPDX-License-Identifier: MIT */
/* What a terminal can show: its number of columns, and colours. */
#ifndef INFERPLAN_TOOLS_TERMINAL_H
#define INFERPLAN_TOOLS_TERMINAL_H

#include <stdbool.h>

/* The number of columns; 0 if the descriptor is no terminal or the number is unknown. */
int terminal_columns(int descriptor);

/* Is it a terminal with colours: NO_COLOR unset (https://no-color.org), TERM set and not "dumb"? */
bool terminal_colours(int descriptor);

#endif
