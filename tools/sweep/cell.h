/* SPDX-License-Identifier: MIT */
/* One cell of a sweep: its model, made or moved on from the cell before, and what its solve came
 * to. */
#ifndef INFERPLAN_TOOLS_CELL_H
#define INFERPLAN_TOOLS_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <inferplan/inferplan.h>

#include "sweep/grid.h"

/* No release has more parts of the cost than this. */
enum { CELL_COST_PARTS_MAX = 16 };

/* What a cell came to. Numbers that do not exist are not finite. */
struct cell_result {
    int code;    /* IFP_OK, or why it was not solved, */
    char *error; /* and that in words; NULL: none, or no memory for them */
    int status;  /* enum ifp_status, and its word; of a solve */
    const char *word;
    bool has_plan;
    double objective;
    double bound;
    double gap;
    double cost_parts[CELL_COST_PARTS_MAX]; /* of the cost, in the order of ifp_cost_part_get */
    double unmet_fraction;                  /* the part of all queries that nobody serves */
    double seconds;
    int64_t gpus;
    size_t deployments;
};

/* What solves one cell after another; used by one thread. Zero-initialise, then fill in the first
 * three, which are borrowed. */
struct cell_solver {
    const struct grid *grid;
    const ifp_instance *instance;
    const ifp_options *options;
    ifp_error *error;
    ifp_model *model;     /* ready to be solved; NULL: none yet */
    ifp_solution *before; /* with the plan of the last cell that had one; NULL: none */
};

/*
 * Get the model of a cell ready in solver->model. It begins with the plan of the cell before, so
 * that its result depends on which cells came before. False where the cell cannot be solved, which
 * *result then says.
 */
bool cell_prepare(struct cell_solver *solver, size_t cell, struct cell_result *result);

/* Solve the model that is ready. */
void cell_solve(struct cell_solver *solver, struct cell_result *result);

/* Forget the plan, so that the next cell begins with none. */
void cell_forget(struct cell_solver *solver);

/* Free what the solver has made. */
void cell_solver_clear(struct cell_solver *solver);

void cell_result_clear(struct cell_result *result);

/* The number of parts of the cost that a result holds. */
size_t cell_cost_part_count(void);

#endif
