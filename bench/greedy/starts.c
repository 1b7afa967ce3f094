/* SPDX-License-Identifier: MIT */
/* The orders that GH and AGH take the query types in, and the best of what comes of them. */
#include "starts.h"

#include <math.h>
#include <stdlib.h>

#include "construct.h"
#include "improve.h"

/* What the query types are sorted by. The first is GH's. */
enum sorting {
    SORTING_UNMET,   /* dearest unmet demand first */
    SORTING_RATE,    /* most queries an hour first */
    SORTING_COMPUTE, /* most TFLOP/s first */
    SORTING_PENALTY, /* dearest delay first */
    SORTING_DELAY,   /* tightest delay limit first */
    SORTING_ERROR,   /* tightest error limit first */
    SORTING_COUNT
};

static double sorting_key(const struct greedy_query *query, enum sorting sorting)
{
    switch (sorting) {
    case SORTING_UNMET:
        return query->unmet_cost;
    case SORTING_RATE:
        return query->rate;
    case SORTING_COMPUTE:
        return query->compute;
    case SORTING_PENALTY:
        return query->delay_cost;
    case SORTING_DELAY:
        return -query->delay_limit;
    case SORTING_ERROR:
        return -query->error_limit;
    case SORTING_COUNT:
        break;
    }
    return 0;
}

/* Largest key first; equal ones as in the instance. */
static void sort(const struct greedy_problem *problem, enum sorting sorting, size_t *order)
{
    for (size_t n = 0; n < problem->query_count; n++) {
        double key = sorting_key(&problem->queries[n], sorting);
        size_t at = n;
        while (at > 0 && sorting_key(&problem->queries[order[at - 1]], sorting) < key) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = n;
    }
}

/* splitmix64 (Vigna, public domain): equal seeds, equal permutations, everywhere. */
static uint64_t random_below(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void shuffle(size_t *order, size_t count, uint64_t *state)
{
    for (size_t n = count; n > 1; n--) {
        size_t other = (size_t)(random_below(state) % n);
        size_t kept = order[n - 1];
        order[n - 1] = order[other];
        order[other] = kept;
    }
}

/* Construct in that order, thrifty and generous, improve both if asked to, and keep what is better
 * than *best. */
static void try_order(const struct greedy_problem *problem, const size_t *order,
                      const struct greedy_scratch *improve, struct greedy_solution *solution,
                      struct greedy_solution *best)
{
    static const enum greedy_thrift thrifts[] = {GREEDY_THRIFTY, GREEDY_GENEROUS};
    double before = -INFINITY;
    for (size_t n = 0; n < sizeof thrifts / sizeof *thrifts; n++) {
        greedy_construct(problem, solution, order, thrifts[n]);
        double cost = greedy_selection_cost(problem, solution);
        if (cost == before) /* the same fleet, as good as certainly */
            return;
        before = cost;
        if (improve)
            greedy_improve(problem, solution, improve);
        if (greedy_selection_better(problem, solution, best))
            greedy_selection_copy(problem, best, solution);
    }
}

struct greedy_solution *greedy_gh(const struct greedy_problem *problem)
{
    size_t *order = calloc(problem->query_count, sizeof *order);
    struct greedy_solution *solution = greedy_selection_new(problem);
    struct greedy_solution *best = greedy_selection_new(problem);
    bool complete = order && solution && best;
    if (complete) {
        sort(problem, SORTING_UNMET, order);
        try_order(problem, order, NULL, solution, best);
    }
    free(order);
    greedy_selection_free(solution);
    if (!complete) {
        greedy_selection_free(best);
        return NULL;
    }
    return best;
}

struct greedy_solution *greedy_agh(const struct greedy_problem *problem, int permutations,
                                   uint64_t seed, bool improve_best)
{
    size_t *order = calloc(problem->query_count, sizeof *order);
    struct greedy_solution *solution = greedy_selection_new(problem);
    struct greedy_solution *best = greedy_selection_new(problem);
    struct greedy_scratch scratch = {greedy_selection_new(problem), greedy_selection_new(problem),
                                     greedy_selection_new(problem)};
    bool complete = order && solution && best && scratch.without && scratch.trial && scratch.best;
    if (complete) {
        const struct greedy_scratch *improve = improve_best ? NULL : &scratch;
        for (int sorting = 0; sorting < SORTING_COUNT; sorting++) {
            sort(problem, (enum sorting)sorting, order);
            try_order(problem, order, improve, solution, best);
        }
        for (int n = 0; n < permutations; n++) {
            shuffle(order, problem->query_count, &seed);
            try_order(problem, order, improve, solution, best);
        }
        if (improve_best)
            greedy_improve(problem, best, &scratch);
    }
    free(order);
    greedy_selection_free(solution);
    greedy_selection_free(scratch.without);
    greedy_selection_free(scratch.trial);
    greedy_selection_free(scratch.best);
    if (!complete) {
        greedy_selection_free(best);
        return NULL;
    }
    return best;
}
