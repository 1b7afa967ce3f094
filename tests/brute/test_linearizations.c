/* SPDX-License-Identifier: MIT */
/* Three ways to make the products of level query linear, and an engine without any: the same
 * optimum on many instances. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <inferplan/inferplan.h>

#include "brute/tiny.h"
#include "support/suite.h"

enum { SEEDS = 4000, SEEDS_EACH = 250 };

struct way {
    const char *engine;
    const char *linearization;
};

static const struct way ways[] = {
    {"decompose", "exact"}, {"mip", "exact"}, {"mip", "mccormick"}, {"mip", "sos1"}};

enum { WAYS = sizeof ways / sizeof *ways };

static double solve(const ifp_instance *instance, const struct way *way, int *status)
{
    ifp_error *error = ifp_error_new();
    ifp_options *options = ifp_options_new();
    ck_assert_ptr_nonnull(error);
    ck_assert_ptr_nonnull(options);
    ck_assert_int_eq(ifp_options_set(options, "gap", "1e-9"), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "engine", way->engine), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "linearization", way->linearization), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, error);
    ck_assert_msg(model != NULL, "%s", ifp_error_message(error));
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_msg(solution != NULL, "%s", ifp_error_message(ifp_model_last_error(model)));
    *status = ifp_solution_status(solution);
    double objective = ifp_solution_objective(solution);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_error_free(error);
    return objective;
}

START_TEST(same_optimum)
{
    int count = 0;
    for (uint64_t seed = (uint64_t)_i * SEEDS_EACH; seed < (uint64_t)(_i + 1) * SEEDS_EACH;
         seed++) {
        struct tiny tiny;
        double objective[WAYS];
        int status[WAYS];
        tiny_make_uncertain(&tiny, seed);
        if (tiny.uncertainty != TINY_QUERY)
            continue;
        ifp_instance *instance = tiny_instance(&tiny);
        for (int w = 0; w < WAYS; w++) {
            objective[w] = solve(instance, &ways[w], &status[w]);
            ck_assert_int_eq(status[w], status[0]);
            if (status[0] == IFP_STATUS_OPTIMAL)
                ck_assert_msg(fabs(objective[w] - objective[0]) <=
                                  1e-6 * fmax(1, fabs(objective[0])),
                              "seed %lu, %s, %s: %.12g, not %.12g", (unsigned long)seed,
                              ways[w].engine, ways[w].linearization, objective[w], objective[0]);
        }
        ifp_instance_free(instance);
        count++;
    }
    ck_assert_int_ge(count, SEEDS_EACH / 12);
}
END_TEST

/* One on which sos1 used to fix whatever came first, not what its complements asked for. */
START_TEST(complements_first)
{
    const char *directory = getenv("INFERPLAN_DATA");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/complements.json", directory ? directory : "tests/data");
    ifp_error *error = ifp_error_new();
    ifp_instance *instance = ifp_instance_read_file(path, error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    for (int w = 0; w < WAYS; w++) {
        int status;
        double objective = solve(instance, &ways[w], &status);
        ck_assert_int_eq(status, IFP_STATUS_OPTIMAL);
        ck_assert_double_eq_tol(objective, 143.086420348, 1e-4);
    }
    ifp_instance_free(instance);
    ifp_error_free(error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("linearizations");
    TCase *tests = tcase_create("same optimum");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, same_optimum, 0, SEEDS / SEEDS_EACH);
    tcase_add_test(tests, complements_first);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
