/* SPDX-License-Identifier: MIT */
/* Ctrl-C or SIGTERM during a solve stop it with the best plan so far; a second signal ends the
 * program. */
#ifndef INFERPLAN_TOOLS_INTERRUPT_H
#define INFERPLAN_TOOLS_INTERRUPT_H

#include <stdbool.h>

#include <inferplan/model.h>

/* From now on, SIGINT and SIGTERM cancel this model's solve; with NULL they are only remembered. A
 * signal that is ignored stays ignored, as SIGINT is in background jobs of a shell. */
void interrupt_begin(ifp_model *model);

/* Signals cancel this model's solve from now on. If one has arrived already, it is cancelled at
 * once. */
void interrupt_attach(ifp_model *model);

/* Has a signal arrived since interrupt_begin? For the thread that called it; other threads should
 * block both signals. */
bool interrupt_seen(void);

/* Restore the signals' previous actions. Returns true if one arrived since interrupt_begin. Call it
 * before freeing the model; a second call does nothing. */
bool interrupt_end(void);

#endif
