/* SPDX-License-Identifier: MIT */
/* The vertices of a budgeted set of factors, {g: 0 <= g_n <= cap_n, sum g_n <= budget}. What is
 * linear in g is largest at one of them. */
#ifndef IFP_TEST_VERTICES_H
#define IFP_TEST_VERTICES_H

#include <stdbool.h>

enum { VERTEX_FACTORS = 6, VERTICES = 256 };

struct vertices {
    int count;
    long double factor[VERTICES][VERTEX_FACTORS];
    bool full[VERTICES]; /* no factor can grow by itself: such a vertex exists above every other */
};

/* All of them, each once. A cap below 0 counts as 0. */
void vertices_find(struct vertices *vertices, const long double *caps, int factors,
                   long double budget);

#endif
