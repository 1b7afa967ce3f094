/* SPDX-License-Identifier: MIT */
/* Finds the values of an axis that pass a test, with few tests: many values must have the same
 * result. */
#ifndef INFERPLAN_TOOLS_GRID_SIFT_H
#define INFERPLAN_TOOLS_GRID_SIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "sweep/grid.h"

/* Which values pass if one or two others do. Equal values always have the same result. */
enum sift_rule {
    SIFT_EQUAL,
    SIFT_BETWEEN, /* numbers between two numbers, and factors between two factors */
    SIFT_WHOLE,   /* as SIFT_BETWEEN for whole numbers, except numbers that the caller names */
    SIFT_LENGTH   /* lists of one length, all numbers, and all factors */
};

/* With SIFT_WHOLE: numbers that are tested one by one, in ascending order, borrowed. */
struct sift_exceptions {
    const double *numbers;
    size_t count;
    bool factors; /* all factors are tested one by one, too */
};

struct sift {
    const struct grid_axis *axis;
    enum sift_rule rule;
    bool *good;            /* by value: has it passed? */
    struct sift_key *keys; /* sorted, so that values with the same result are neighbours */
    size_t *places;        /* by value: the index of its key */
};

/* `exceptions` may be NULL. Returns false if out of memory. Call sift_clear in either case. */
bool sift_init(struct sift *sift, const struct grid_axis *axis, enum sift_rule rule,
               const struct sift_exceptions *exceptions);
void sift_clear(struct sift *sift);

/* Returns IFP_OK if the value passes, else an error code. IFP_ERROR_MEMORY ends the sifting. */
typedef int sift_test(void *user, size_t index);

/* Mark the value at index, which has passed, and the values that pass with it. Returns IFP_OK, or
 * IFP_ERROR_MEMORY from a test. */
int sift_spread(struct sift *sift, size_t index, sift_test *test, void *user);

/* Write representatives of all values into `picked`, at least one for each possible result and at
 * most axis->count. Returns their number. */
size_t sift_pick(const struct sift *sift, size_t *picked);

#endif
