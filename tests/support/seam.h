/* SPDX-License-Identifier: MIT */
/* What the tests of the seam to the LP solver share: a small LP, and a check that nothing is
 * printed. Whatever fails, fails the running test. */
#ifndef IFP_TEST_SEAM_H
#define IFP_TEST_SEAM_H

#include "lp/lp.h"

extern struct ifp_error seam_error;
extern const struct ifp_lp_limits seam_no_limits;

/* The number of tests of `variants` variants on every backend of the build: the end of a loop test.
 * seam_choose takes the backend of the test `number` and returns its variant. */
int seam_tests(int variants);
int seam_choose(int number, int variants);
/* Take the backend with this name. */
void seam_choose_named(const char *name);
const char *seam_name(void);
const struct ifp_lp_backend *seam_backend(void);
/* An environment of the chosen backend, and one of another backend. */
struct ifp_lp_environment *seam_environment(bool careful);
struct ifp_lp_environment *seam_other_environment(void);
/* For other threads, which may not fail a test: NULL if it cannot be made. */
struct ifp_lp_environment *seam_try_environment(void);

/* Fails the test, with the message of seam_error, where the code is not IFP_OK. */
void seam_ok(int code);

/* minimise -x - 2y with x + y <= 4, x + 3y <= 6 and both in [0, 10]: -5 at (3, 1). */
struct ifp_lp *seam_lp(struct ifp_lp_environment *environment);
void seam_expect_solved(struct ifp_lp *lp, double objective);

/* The optimum of a small instance, which is solved by the library as a whole. */
double seam_solve_instance(void);

/* What is written to standard output and standard error in between fails the test. */
void seam_capture(void);
void seam_expect_silence(void);

#endif
