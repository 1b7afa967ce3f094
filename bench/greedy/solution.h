/* SPDX-License-Identifier: MIT */
/*
 * A fleet under construction: which pairs are rented and how, who is served where, and what that
 * costs. Every operation keeps the sums that decide capacity and money; what a query type's limits
 * use, and costs of worst cases, are computed from its routes when they are asked for.
 */
#ifndef GREEDY_SOLUTION_H
#define GREEDY_SOLUTION_H

#include "problem.h"

/* More routes than this no query type is given. */
#define GREEDY_ROUTES_MAX 16

/* A gain must exceed this fraction of the cost: local search would continue for almost no gain.
 * It is the gap that inferplan proves by default. */
#define GREEDY_GAIN_MIN 1e-4

/* A share below this counts as 0: the check cannot tell it from 0. */
#define GREEDY_SHARE_MIN 1e-6

struct greedy_deployment {
    int degree; /* index into the pair's degrees, -1: not rented */
    int replicas;
    int routes;       /* how many query types it serves */
    double kv;        /* GB, over all its GPUs */
    double compute;   /* TFLOP/s */
    double delay_sum; /* sum of delay_cost (d + own deviation) x: dollars of delay at speed-up 1 */
};

struct greedy_share {
    size_t pair;
    double share;
};

struct greedy_service {
    int count;
    double served; /* sum of the shares */
    struct greedy_share shares[GREEDY_ROUTES_MAX];
};

struct greedy_solution {
    double rental;
    double weights; /* GB stored */
    double data;    /* dollars */
    size_t rented_count;
    double *pool_gpus;
    size_t *rented;                        /* pairs, in no particular order */
    struct greedy_deployment *deployments; /* by pair */
    struct greedy_service *services;       /* by query */
};

/* A solution without deployments and routes. NULL if out of memory. */
struct greedy_solution *greedy_selection_new(const struct greedy_problem *problem);
void greedy_selection_free(struct greedy_solution *solution);
void greedy_selection_clear(const struct greedy_problem *problem, struct greedy_solution *solution);
void greedy_selection_copy(const struct greedy_problem *problem, struct greedy_solution *to,
                           const struct greedy_solution *from);

/* Rent a pair, or change its degree and replicas. */
void greedy_selection_rent(const struct greedy_problem *problem, struct greedy_solution *solution,
                           size_t pair, int degree, int replicas);
/* Add a share to a query type's route to a pair that is rented. */
void greedy_selection_serve(const struct greedy_problem *problem, struct greedy_solution *solution,
                            size_t query, size_t pair, double share);
/* Remove a query type's route to a pair. A pair without routes is then returned. */
void greedy_selection_leave(const struct greedy_problem *problem, struct greedy_solution *solution,
                            size_t query, size_t pair);
/* Take all routes of a query type away. */
void greedy_selection_drop(const struct greedy_problem *problem, struct greedy_solution *solution,
                           size_t query);

/* Dollars spent of the budget: rental and storage. */
static inline double greedy_selection_spent(const struct greedy_problem *problem,
                                            const struct greedy_solution *solution)
{
    return solution->rental + problem->weight_cost * solution->weights + solution->data;
}

/* The query type's part at a pair, NULL if none. */
const struct greedy_share *greedy_solution_share(const struct greedy_solution *solution,
                                                 size_t query, size_t pair);

/* What the worst case of a query type's delay and error sums up to, to be held against the limit
 * times what is served (or offered). */
double greedy_selection_delay(const struct greedy_problem *problem,
                              const struct greedy_solution *solution, size_t query);
double greedy_selection_error(const struct greedy_problem *problem,
                              const struct greedy_solution *solution, size_t query);
/* Whether a query type holds its delay and error limits. */
bool greedy_selection_holds(const struct greedy_problem *problem,
                            const struct greedy_solution *solution, size_t query);

/* The objective; and by how much unmet shares exceed their maxima together. */
double greedy_selection_cost(const struct greedy_problem *problem,
                             const struct greedy_solution *solution);
double greedy_selection_shortfall(const struct greedy_problem *problem,
                                  const struct greedy_solution *solution);
/* Whether a is better than b: less shortfall, else cheaper by more than GREEDY_GAIN_MIN. */
bool greedy_selection_better(const struct greedy_problem *problem, const struct greedy_solution *a,
                             const struct greedy_solution *b);

#endif
