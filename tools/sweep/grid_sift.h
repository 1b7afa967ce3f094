/* SPDX-License-Identifier: MIT */
/* Finds out which values of an axis pass a test, with few tests: many values share their fate. */
#ifndef INFERPLAN_TOOLS_GRID_SIFT_H
#define INFERPLAN_TOOLS_GRID_SIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "sweep/grid.h"

/* Which values pass if one does, or if two do. Equal values always share their fate. */
enum sift_rule {
    SIFT_EQUAL,
    SIFT_BETWEEN, /* numbers between two numbers, and factors between two factors */
    SIFT_WHOLE,   /* the same of whole ones, except numbers that the caller names */
    SIFT_LENGTH   /* lists of one length, all numbers, and all factors */
};

/* With SIFT_WHOLE: numbers that are tested one by one, in ascending order, borrowed. */
struct sift_exceptions {
    const double *numbers;
    size_t count;
    bool factors; /* so are all factors */
};

struct sift {
    const struct grid_axis *axis;
    enum sift_rule rule;
    bool *good;            /* by value: it has passed */
    struct sift_key *keys; /* sorted, so that values that share their fate are neighbours */
    size_t *places;        /* by value: where its key is */
};

/* `exceptions` may be NULL. False if out of memory. Clear it in either case. */
bool sift_init(struct sift *sift, const struct grid_axis *axis, enum sift_rule rule,
               const struct sift_exceptions *exceptions);
void sift_clear(struct sift *sift);

/* IFP_OK if the value passes; else a code, of which IFP_ERROR_MEMORY ends everything. */
typedef int sift_test(void *user, size_t index);

/* The value at index has passed: mark it, and those that pass with it. Returns IFP_OK, or
 * IFP_ERROR_MEMORY from a test. */
int sift_spread(struct sift *sift, size_t index, sift_test *test, void *user);

/* Some values to stand for all, at least one for each fate, into room for axis->count. Returns how
 * many there are. */
size_t sift_pick(const struct sift *sift, size_t *picked);

#endif
