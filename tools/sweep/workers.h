/* SPDX-License-Identifier: MIT */
/* Threads that solve the cells of a grid, and hand the results over in grid order. */
#ifndef INFERPLAN_TOOLS_WORKERS_H
#define INFERPLAN_TOOLS_WORKERS_H

#include <stddef.h>

#include "sweep/cell.h"

struct workers;

/* What workers_wait returned. */
enum workers_news {
    WORKERS_RESULT, /* the next cell's result */
    WORKERS_TICK,   /* a tenth of a second has passed */
    WORKERS_END     /* there will be no more results */
};

/* The state of the work. */
struct workers_state {
    size_t done;
    size_t running;
    size_t first; /* the first cell that is being solved, if running > 0 */
    double gap;   /* the gap of its solve so far; not finite if unknown */
};

/* Start `jobs` threads, or as many as the system allows. The grid, the instance and the options are
 * borrowed. NULL if out of memory or no thread could be started. */
struct workers *workers_new(const struct grid *grid, const ifp_instance *instance,
                            const ifp_options *options, size_t jobs);

/* Stop and free everything. `workers` may be NULL. */
void workers_free(struct workers *workers);

/*
 * Wait for the next result in grid order, for at most a tenth of a second. With WORKERS_RESULT,
 * *cell is its cell, and the caller clears *result. After workers_stop, cells that were not solved
 * are left out.
 */
enum workers_news workers_wait(struct workers *workers, size_t *cell, struct cell_result *result);

/* Cancel the running solves and start no other. */
void workers_stop(struct workers *workers);

void workers_poll(struct workers *workers, struct workers_state *state);

#endif
