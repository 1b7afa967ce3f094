/* SPDX-License-Identifier: MIT */
/* Query types that no route can serve, because the instance has no numbers for them. */
#ifndef INFERPLAN_TOOLS_CANDIDATES_H
#define INFERPLAN_TOOLS_CANDIDATES_H

#include <inferplan/instance.h>

/* Print a note that names them, if there are any: a name left out of a table is easily overlooked.
 * Returns an exit status; a failure has been printed. */
int candidates_note(const ifp_instance *instance);

#endif
