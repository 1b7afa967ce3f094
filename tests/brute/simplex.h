/* SPDX-License-Identifier: MIT */
/* A dense simplex method for programs of a few rows, given and answered in long double. */
#ifndef IFP_TEST_SIMPLEX_H
#define IFP_TEST_SIMPLEX_H

#include <stdbool.h>

enum { SIMPLEX_ROWS = 192, SIMPLEX_COLUMNS = 20 };

enum simplex_relation { SIMPLEX_AT_MOST, SIMPLEX_EQUAL };

/* minimise cost x subject to each row's entries x <= or = its right side, x >= 0. */
struct simplex {
    int rows;
    int columns;
    long double entry[SIMPLEX_ROWS][SIMPLEX_COLUMNS];
    long double right[SIMPLEX_ROWS];
    enum simplex_relation relation[SIMPLEX_ROWS];
    long double cost[SIMPLEX_COLUMNS];
    long double point[SIMPLEX_COLUMNS]; /* of the best objective */
    long double objective;
};

/* false: infeasible. Programs without a least objective are not for this method. */
bool simplex_solve(struct simplex *simplex);

#endif
