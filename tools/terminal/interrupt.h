/* SPDX-License-Identifier: MIT */
/* Ctrl-C or SIGTERM during a solve: stop it at the best plan found; a second one ends the
 * program. */
#ifndef INFERPLAN_TOOLS_INTERRUPT_H
#define INFERPLAN_TOOLS_INTERRUPT_H

#include <stdbool.h>

#include <inferplan/model.h>

/* From here on SIGINT and SIGTERM cancel this model's solve; NULL: they are only kept in mind.
 * Nothing changes where one is ignored, as SIGINT is for jobs that a shell started in the
 * background. */
void interrupt_begin(ifp_model *model);

/* This model's solve from now on: the next one, if a signal has come already. */
void interrupt_attach(ifp_model *model);

/* Whether one has come since. For the thread that began; other threads should block both. */
bool interrupt_seen(void);

/* Back to what they did before; true if one came in between. Must precede freeing the model.
 * Does nothing if it has been called already. */
bool interrupt_end(void);

#endif
