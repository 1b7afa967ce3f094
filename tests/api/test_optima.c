/* SPDX-License-Identifier: MIT */
/*
 * Instances whose optima are known: proven by another solver (HiGHS 1.15 to a gap of 0, on a
 * program written independently of this one), over every placement and both bases; by both engines.
 * Those called leftover need a little more than a capacity (1e-7 of it) and tempt whoever rounds;
 * large-penalty has a price of rounding above that gap, until another relaxation ends it;
 * dear-deviation and dear-deviation-limited have delay penalties that make deviations of cells cost
 * far more than any plan, without limits on delay and with one;
 * those under load (fast-and-bulk and so on) say in their source how theirs are worked out;
 * replicas-of-none once led to branching on the replicas of what may not be rented, without end.
 * The optima of small-shares and eleven-small-shares are worked out by hand: the demand is 1
 * TFLOP/s, and besides tier A (0.999999 and 0.99999901) every other tier, which holds 5e-7 and 9e-8
 * of it, is needed.
 * INFERPLAN_DATA names the directory with the instances and with optima.tsv: file, status,
 * objective in dollars.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/suite.h"
#include "util/number_text.h"
#include "util/text.h"

enum { COUNT_MAX = 96, COUNT_MIN = 40 };

static struct {
    char file[80];
    char status[16];
    double objective;
} optima[COUNT_MAX];
static int count;

static void path_of(char path[1024], const char *file)
{
    const char *directory = getenv("INFERPLAN_DATA");
    (void)snprintf(path, 1024, "%s/%s", directory ? directory : "tests/data", file);
}

/* Before the tests, so that each instance is one of them. */
static void read_optima(void)
{
    char line[200];
    char path[1024];
    path_of(path, "optima.tsv");
    FILE *table = fopen(path, "r");
    while (table && count < COUNT_MAX && fgets(line, sizeof line, table)) {
        char *rest = NULL;
        const char *file = strtok_r(line, "\t", &rest);
        const char *status = strtok_r(NULL, "\t", &rest);
        const char *objective = strtok_r(NULL, "\n", &rest);
        if (!objective || !strcmp(file, "file"))
            continue;
        (void)snprintf(optima[count].file, sizeof optima[count].file, "%s", file);
        (void)snprintf(optima[count].status, sizeof optima[count].status, "%s", status);
        if (!ifp_number_read(objective, strlen(objective), &optima[count].objective))
            optima[count].objective = INFINITY; /* infeasible */
        count++;
    }
    if (table)
        (void)fclose(table);
}

START_TEST(there_are_enough)
{
    int infeasible = 0;
    for (int o = 0; o < count; o++)
        infeasible += !strcmp(optima[o].status, "infeasible");
    ck_assert_int_ge(count, COUNT_MIN);
    ck_assert_int_ge(infeasible, 5);
}
END_TEST

START_TEST(known_optima)
{
    static const char *const engines[] = {"decompose", "mip"};
    char path[1024];
    int entry = _i / 2;
    double best = optima[entry].objective;
    double slack = 1e-6 * fmax(1, fabs(best));
    ifp_error *error = ifp_error_new();
    ifp_options *options = ifp_options_new();
    path_of(path, optima[entry].file);
    ifp_instance *instance = ifp_instance_read_file(path, error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_GAP, 5e-7), IFP_OK);
    ck_assert_int_eq(ifp_options_set_number(options, IFP_OPTION_TIME_LIMIT, 100), IFP_OK);
    ck_assert_int_eq(ifp_options_set_word(options, IFP_OPTION_ENGINE, engines[_i % 2]), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, error);
    ck_assert_msg(model != NULL, "%s", ifp_error_message(error));
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_msg(solution != NULL, "%s", ifp_error_message(ifp_model_last_error(model)));
    double objective = ifp_solution_objective(solution);
    double bound = ifp_solution_bound(solution);
    ck_assert_msg(!strcmp(ifp_solution_status_word(solution), optima[entry].status),
                  "%s: %s with %.12g, not %s", optima[entry].file,
                  ifp_solution_status_word(solution), objective, optima[entry].status);
    if (isinf(best)) {
        ck_assert_double_eq(objective, INFINITY);
        ck_assert_double_eq(bound, INFINITY);
    } else {
        ck_assert_msg(fabs(objective - best) <= slack, "%s: %.12g, not %.12g", optima[entry].file,
                      objective, best);
        ck_assert_msg(bound <= best * (1 + 1e-9), "%s: the bound %.12g is above %.12g",
                      optima[entry].file, bound, best);
        ck_assert_int_eq(ifp_check_feasible(ifp_solution_check(solution)), 1);
    }
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_instance_free(instance);
    ifp_options_free(options);
    ifp_error_free(error);
}
END_TEST

static Suite *optima_suite(void)
{
    Suite *suite = suite_create("optima");
    TCase *tests = tcase_create("optima");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, there_are_enough);
    tcase_add_loop_test(tests, known_optima, 0, 2 * count);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    read_optima();
    return suite_run(optima_suite());
}
