/* SPDX-License-Identifier: MIT */
/* Ctrl-C during a solve: stop it at the best plan found; a second Ctrl-C ends the program. */
#ifndef INFERPLAN_TOOLS_INTERRUPT_H
#define INFERPLAN_TOOLS_INTERRUPT_H

#include <stdbool.h>

#include <inferplan/model.h>

/* From here on SIGINT cancels this model's solve; NULL: it is only kept in mind. Nothing changes
 * where SIGINT is ignored, as it is for jobs that a shell started in the background. */
void interrupt_begin(ifp_model *model);

/* Whether it has come since. For the thread that began; other threads should block SIGINT. */
bool interrupt_seen(void);

/* Back to what SIGINT did before; true if it came in between. Must precede freeing the model. */
bool interrupt_end(void);

#endif
