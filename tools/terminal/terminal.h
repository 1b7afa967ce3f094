/* SPDX-License-Identifier: MIT */
/* What a terminal can show: how many columns, and whether colours are welcome. */
#ifndef INFERPLAN_TOOLS_TERMINAL_H
#define INFERPLAN_TOOLS_TERMINAL_H

#include <stdbool.h>

/* 0 if the descriptor is no terminal, or does not say. */
int terminal_columns(int descriptor);

/* A terminal, with NO_COLOR unset (https://no-color.org) and TERM naming more than a dumb one. */
bool terminal_colours(int descriptor);

#endif
