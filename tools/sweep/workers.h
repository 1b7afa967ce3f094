/* SPDX-License-Identifier: MIT */
/* Threads that solve the cells of a grid, and hand the results over in grid order. */
#ifndef INFERPLAN_TOOLS_WORKERS_H
#define INFERPLAN_TOOLS_WORKERS_H

#include <stddef.h>

#include "sweep/cell.h"

struct workers;

/* What workers_wait came back with. */
enum workers_news {
    WORKERS_RESULT, /* the next cell's result */
    WORKERS_TICK,   /* a tenth of a second has gone by */
    WORKERS_END     /* there will be no more results */
};

/* How the work stands. */
struct workers_state {
    size_t done;
    size_t running;
    size_t first; /* the first cell that is being solved; only where some are */
    double gap;   /* and how far its solve has come; not finite if unknown */
};

/* Start `jobs` threads, or as many as can be. The grid, the instance and the options are borrowed.
 * NULL where memory ran out or no thread could be started. */
struct workers *workers_new(const struct grid *grid, const ifp_instance *instance,
                            const ifp_options *options, size_t jobs);

/* Stop, and free everything. Takes NULL. */
void workers_free(struct workers *workers);

/*
 * Wait for the next result in grid order, for a tenth of a second at most. With WORKERS_RESULT,
 * *cell says which it is and *result is the caller's to clear. After workers_stop the cells that
 * were not solved are left out.
 */
enum workers_news workers_wait(struct workers *workers, size_t *cell, struct cell_result *result);

/* Cancel what is being solved, and begin nothing new. */
void workers_stop(struct workers *workers);

void workers_look(struct workers *workers, struct workers_state *state);

#endif
