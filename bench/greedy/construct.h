/* SPDX-License-Identifier: MIT */
/*
 * The greedy heuristic GH: query types one after the other, each served where the cost per share
 * covered is least.
 *
 *   feasible degree first   A pair that is not rented yet comes with the smallest degree that holds
 *                           the weights and the query type's limits.
 *   cost per coverage       Of each pair, what it would take to serve the query type there (rent,
 *                           storage, delay, what changes for others), by the share that memory,
 *                           compute, budget, storage, pool and limits leave it. Pairs that are
 *                           rented already cost no more rent as they stand.
 *   degree upgrade          A larger degree, or more replicas, of either is an option of its own,
 *                           ranked with the rest, so that it is taken where it pays.
 *
 * Where the placement allows several routes, what is left of a query type goes on to the next best.
 */
#ifndef GREEDY_CONSTRUCT_H
#define GREEDY_CONSTRUCT_H

#include "solution.h"

/* How far the heuristic looks ahead. */
enum greedy_thrift {
    GREEDY_THRIFTY, /* only what saves more than leaving the share unmet costs */
    GREEDY_GENEROUS /* also what would not if rent were free: others may come to share it */
};

/* Which pairs a query type may go to. */
struct greedy_choice {
    enum greedy_thrift thrift;
    bool rented_only;
    size_t banned; /* this one not; SIZE_MAX: none */
    size_t forced; /* this one first; SIZE_MAX: none */
};
#define GREEDY_FREELY                                                                              \
    (struct greedy_choice)                                                                         \
    {                                                                                              \
        GREEDY_THRIFTY, false, SIZE_MAX, SIZE_MAX                                                  \
    }

/* Serve what is left of a query type, as far as it pays and limits allow. */
void greedy_serve(const struct greedy_problem *problem, struct greedy_solution *solution,
                  size_t query, struct greedy_choice choice);

/* A fleet from nothing, for the query types in that order. */
void greedy_construct(const struct greedy_problem *problem, struct greedy_solution *solution,
                      const size_t *order, enum greedy_thrift thrift);

#endif
