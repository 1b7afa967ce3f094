/* SPDX-License-Identifier: MIT */
/* The commands: each takes the words after its name, a list that ends with NULL, prints its result
 * or one line about what is wrong, and returns the program's exit status. */
#ifndef INFERPLAN_TOOLS_COMMAND_H
#define INFERPLAN_TOOLS_COMMAND_H

int command_solve(char **words);
int command_check(char **words);
int command_sweep(char **words);
int command_stress(char **words);
int command_export(char **words);

#endif
