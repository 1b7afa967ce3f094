/* SPDX-License-Identifier: MIT */
/*
 * A dense copy of a small LP, and what the solver says of that LP proven by arithmetic on the copy:
 * optima by their point and their multipliers, infeasibility by the combination of rows, rows of
 * the tableau by the basis. Whatever fails, fails the running test.
 */
#ifndef IFP_TEST_MIRROR_H
#define IFP_TEST_MIRROR_H

#include "lp/lp.h"
#include "support/random.h"

enum { MIRROR_MAX = 40 };

struct mirror {
    size_t columns;
    size_t rows;
    double cost[MIRROR_MAX];
    double lower[MIRROR_MAX];
    double upper[MIRROR_MAX];
    double row_lower[MIRROR_MAX];
    double row_upper[MIRROR_MAX];
    double entry[MIRROR_MAX][MIRROR_MAX]; /* by row */
};

/* Random ones, of small whole numbers. The middle of the columns satisfies each row added. */
struct ifp_lp *mirror_random(struct mirror *mirror, struct ifp_lp_environment *environment,
                             struct random *random, size_t columns, size_t rows);
void mirror_add_row(struct mirror *mirror, struct ifp_lp *lp, struct random *random);
void mirror_add_column(struct mirror *mirror, struct ifp_lp *lp, struct random *random);

/* The same LP from the start: all columns, then the rows. */
struct ifp_lp *mirror_anew(const struct mirror *mirror, struct ifp_lp_environment *environment);

/* The least that cost x can be where the rows hold, by these multipliers: -infinity where they
 * lean on a bound that is not there. Without cost: what the rows ask for beyond what there is. */
double mirror_bound(const struct mirror *mirror, bool cost, const double *multiplier);

void mirror_expect_optimal(const struct mirror *mirror, struct ifp_lp *lp,
                           const struct ifp_lp_result *result);
void mirror_expect_ray(const struct mirror *mirror, struct ifp_lp *lp);
/* Among the basic columns and slacks only the one asked for is left. */
void mirror_expect_tableau(const struct mirror *mirror, struct ifp_lp *lp);

#endif
