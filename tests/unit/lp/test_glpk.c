/* SPDX-License-Identifier: MIT */
/* The seam to GLPK, beside what test_lp.c asks of every solver: a host program's own use of GLPK on
 * the same thread is left alone, and GLPK's fatal errors become error codes, without a word and
 * without a leak. */
#include <check.h>
#include <math.h>
#include <setjmp.h>
#include <string.h>

#include <glpk.h>

#include <inferplan/inferplan.h>

#include "lp/lp.h"
#include "support/random.h"
#include "support/seam.h"
#include "support/suite.h"

/* -- fatal errors -- */

/* Rows until GLPK has used the megabyte that it is given. */
static int run_out_of_memory(struct ifp_lp *lp)
{
    enum { ENTRIES = 2 };
    static const size_t index[ENTRIES] = {0, 1};
    static const double value[ENTRIES] = {1, 1};
    int code = IFP_OK;
    glp_mem_limit(1);
    for (int r = 0; r < 200000 && !code; r++)
        code = ifp_lp_add_row(lp, 0, 1, ENTRIES, index, value, &seam_error);
    return code;
}

static int add_twice_the_same_column(struct ifp_lp *lp)
{
    static const size_t index[] = {1, 0, 1};
    static const double value[] = {1, 2, 3};
    return ifp_lp_add_row(lp, 0, 1, 3, index, value, &seam_error);
}

static int add_column_out_of_range(struct ifp_lp *lp)
{
    static const size_t index[] = {0, 2};
    static const double value[] = {1, 2};
    return ifp_lp_add_row(lp, 0, 1, 2, index, value, &seam_error);
}

static int bound_row_out_of_range(struct ifp_lp *lp)
{
    return ifp_lp_set_row_bounds(lp, 2, 0, 1, &seam_error);
}

static const struct {
    int (*provoke)(struct ifp_lp *lp);
    int code;
    const char *words;
} fatal[] = {
    {add_twice_the_same_column, IFP_ERROR_ENGINE, "the LP solver failed: "},
    {add_column_out_of_range, IFP_ERROR_ENGINE, "the LP solver failed: "},
    {bound_row_out_of_range, IFP_ERROR_ENGINE, "the LP solver failed: "},
    {run_out_of_memory, IFP_ERROR_MEMORY, "out of memory"},
};

START_TEST(fatal_errors_are_codes)
{
    double before = seam_solve_instance();
    seam_capture();
    struct ifp_lp_environment *environment;
    struct ifp_lp_result result;
    double point[2];
    char basis[4];
    environment = seam_environment(false);
    struct ifp_lp *lp = seam_lp(environment);
    struct ifp_lp *other = seam_lp(environment);
    int code = fatal[_i].provoke(lp);
    struct ifp_error first = seam_error;
    /* All LPs of the environment are lost: every call says so, with the same words. */
    int later[] = {ifp_lp_solve(other, &seam_no_limits, &result, &seam_error),
                   ifp_lp_point(lp, point, &seam_error),
                   ifp_lp_multipliers(lp, point, &seam_error),
                   ifp_lp_reduced_costs(other, point, &seam_error),
                   ifp_lp_get_basis(other, basis, &seam_error),
                   ifp_lp_set_column_bounds(lp, 0, 0, 1, &seam_error),
                   add_twice_the_same_column(lp)};
    ifp_lp_free(lp);
    ifp_lp_free(other);
    ifp_lp_environment_free(environment);
    double after = seam_solve_instance();
    /* And on this thread, where it happened. */
    environment = seam_environment(false);
    lp = seam_lp(environment);
    seam_expect_solved(lp, -5);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
    seam_expect_silence();
    ck_assert_int_eq(code, fatal[_i].code);
    ck_assert_int_eq(first.code, code);
    ck_assert_msg(!strncmp(first.message, fatal[_i].words, strlen(fatal[_i].words)), "%s",
                  first.message);
    for (size_t l = 0; l < sizeof later / sizeof *later; l++)
        ck_assert_int_eq(later[l], code);
    ck_assert_double_eq(before, after);
}
END_TEST

/* -- a cancel while the simplex method runs -- */

/* Large enough that the simplex method takes several times as long as the seam waits before it
 * looks at a cancel. */
enum { LARGE = 400 };

static struct ifp_lp *large_lp(struct ifp_lp_environment *environment)
{
    struct random random = {1};
    double cost[LARGE];
    double lower[LARGE];
    double upper[LARGE];
    double value[LARGE];
    size_t index[LARGE];
    struct ifp_lp *lp = NULL;
    for (size_t c = 0; c < LARGE; c++) {
        cost[c] = -random_between(&random, 1, 2);
        lower[c] = 0;
        upper[c] = 10;
        index[c] = c;
    }
    seam_ok(
        ifp_lp_new(environment, IFP_LP_LARGE, LARGE, cost, lower, upper, NULL, &lp, &seam_error));
    for (size_t r = 0; r < LARGE; r++) {
        for (size_t c = 0; c < LARGE; c++)
            value[c] = random_between(&random, 0.5, 1);
        seam_ok(ifp_lp_add_row(lp, -INFINITY, 100, LARGE, index, value, &seam_error));
    }
    return lp;
}

/* The solve is abandoned, and what follows does nothing and succeeds. */
START_TEST(cancel_abandons_the_solve)
{
    static const double one[] = {1};
    static double numbers[LARGE + 1];
    static char basis[2 * LARGE + 1];
    struct ifp_lp_environment *environment;
    struct ifp_lp_result result;
    struct ifp_lp_limits limits = seam_no_limits;
    atomic_bool cancel;
    environment = seam_environment(false);
    struct ifp_lp *small = seam_lp(environment);
    struct ifp_lp *lp = large_lp(environment);
    atomic_init(&cancel, true);
    limits.cancel = &cancel;
    seam_capture();
    seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
    seam_expect_silence();
    ck_assert_int_eq(result.status, IFP_LP_ABANDONED);
    numbers[LARGE - 1] = 1;
    numbers[LARGE] = 7;
    seam_ok(ifp_lp_point(lp, numbers, &seam_error));
    ck_assert_double_eq(numbers[LARGE - 1], 0);
    numbers[LARGE - 1] = 1;
    seam_ok(ifp_lp_multipliers(lp, numbers, &seam_error));
    ck_assert_double_eq(numbers[LARGE - 1], 0);
    numbers[LARGE - 1] = 1;
    seam_ok(ifp_lp_reduced_costs(lp, numbers, &seam_error));
    ck_assert_double_eq(numbers[LARGE - 1], 0);
    numbers[LARGE - 1] = 1;
    seam_ok(ifp_lp_tableau_row(lp, 0, numbers, &seam_error));
    ck_assert_double_eq(numbers[LARGE - 1], 0);
    ck_assert_double_eq(numbers[LARGE], 7);
    seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
    ck_assert_int_eq(basis[2 * LARGE - 1], 'l');
    ck_assert_int_eq(basis[2 * LARGE], 0);
    seam_ok(ifp_lp_set_basis(lp, basis, LARGE, &seam_error));
    seam_ok(ifp_lp_set_column_bounds(small, 0, 0, 1, &seam_error));
    seam_ok(ifp_lp_set_row_bounds(small, 0, 0, 1, &seam_error));
    seam_ok(ifp_lp_add_row(small, 0, 1, 1, (const size_t[]){0}, one, &seam_error));
    seam_ok(ifp_lp_delete_rows(small, 1, (const size_t[]){0}, &seam_error));
    seam_ok(ifp_lp_solve(small, &seam_no_limits, &result, &seam_error));
    ck_assert_int_eq(result.status, IFP_LP_ABANDONED);
    ifp_lp_free(seam_lp(environment));
    ifp_lp_free(lp);
    ifp_lp_free(small);
    ifp_lp_environment_free(environment);
    /* A cancel that is not set changes nothing. */
    environment = seam_environment(false);
    lp = large_lp(environment);
    atomic_store(&cancel, false);
    seam_ok(ifp_lp_solve(lp, &limits, &result, &seam_error));
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* -- a host program with a GLPK of its own -- */

static int host_lines;
static jmp_buf host_jump;

static int host_term(void *info, const char *text)
{
    (void)text;
    ck_assert_str_eq(info, "host");
    host_lines++;
    return 1;
}

static void host_error(void *info)
{
    ck_assert_str_eq(info, "host");
    longjmp(host_jump, 1);
}

/* max 10x + 6y + 4z of GLPK's manual: 733.333 */
static glp_prob *host_problem(void)
{
    static const int rows[] = {0, 1, 1, 1, 2, 2, 2, 3, 3, 3};
    static const int columns[] = {0, 1, 2, 3, 1, 2, 3, 1, 2, 3};
    static const double values[] = {0, 1, 1, 1, 10, 4, 5, 2, 2, 6};
    static const double limits[] = {0, 100, 600, 300};
    static const double gains[] = {0, 10, 6, 4};
    glp_prob *problem = glp_create_prob();
    glp_set_prob_name(problem, "the host's");
    glp_set_obj_dir(problem, GLP_MAX);
    glp_add_rows(problem, 3);
    glp_add_cols(problem, 3);
    for (int n = 1; n <= 3; n++) {
        glp_set_row_bnds(problem, n, GLP_UP, 0, limits[n]);
        glp_set_col_bnds(problem, n, GLP_LO, 0, 0);
        glp_set_obj_coef(problem, n, gains[n]);
    }
    glp_load_matrix(problem, 9, rows, columns, values);
    return problem;
}

START_TEST(the_host_keeps_its_own)
{
    static char name[] = "host";
    size_t total_before;
    size_t total_after;
    int blocks_before;
    int blocks_after;
    glp_term_hook(host_term, name);
    glp_error_hook(host_error, name);
    glp_term_out(GLP_ON);
    glp_mem_limit(500);
    glp_prob *problem = host_problem();
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.it_lim = 1; /* stopped half way, to go on later */
    ck_assert_int_eq(glp_simplex(problem, &parameters), GLP_EITLIM);
    int lines = host_lines;
    ck_assert_int_gt(lines, 0);
    glp_mem_usage(&blocks_before, NULL, &total_before, NULL);

    /* Its environment is there, so the seam does not take it over. */
    struct ifp_lp_environment *environment = NULL;
    ck_assert_int_eq(ifp_lp_environment_new_of(seam_backend(), false, &environment, &seam_error),
                     IFP_ERROR_ENGINE);
    ck_assert_str_eq(seam_error.message, "the LP solver is in use on this thread");
    ck_assert_ptr_null(environment);
    /* And a solve works all the same. */
    double objective = seam_solve_instance();
    for (int again = 0; again < 3; again++)
        ck_assert_double_eq(seam_solve_instance(), objective);

    ck_assert_int_eq(host_lines, lines);
    glp_mem_usage(&blocks_after, NULL, &total_after, NULL);
    ck_assert_int_eq(blocks_after, blocks_before);
    ck_assert_uint_eq(total_after, total_before);
    ck_assert_str_eq(glp_get_prob_name(problem), "the host's");
    ck_assert_int_eq(glp_get_num_rows(problem), 3);
    parameters.it_lim = 1000;
    ck_assert_int_eq(glp_simplex(problem, &parameters), 0);
    ck_assert_int_eq(glp_get_status(problem), GLP_OPT);
    ck_assert_double_eq_tol(glp_get_obj_val(problem), 2200.0 / 3, 1e-9);
    ck_assert_int_gt(host_lines, lines);
    /* Its error hook is still the one that is called. */
    lines = host_lines;
    if (!setjmp(host_jump)) {
        glp_set_row_bnds(problem, 99, GLP_UP, 0, 1);
        ck_abort_msg("GLPK took a row that is not there");
    }
    ck_assert_int_gt(host_lines, lines);
    glp_free_env();
    ck_assert_double_eq(seam_solve_instance(), objective);
}
END_TEST

/* A host without a problem at hand gets no environment left behind on its thread. */
START_TEST(nothing_is_left_behind)
{
    (void)glp_free_env();
    (void)seam_solve_instance();
    ck_assert_int_eq(glp_init_env(), 0); /* 1 if there were one already */
    (void)glp_free_env();
}
END_TEST

static Suite *glpk_suite(void)
{
    Suite *suite = suite_create("glpk");
    TCase *seam = tcase_create("seam");
    tcase_set_timeout(seam, 60);
    tcase_add_loop_test(seam, fatal_errors_are_codes, 0, (int)(sizeof fatal / sizeof *fatal));
    tcase_add_test(seam, cancel_abandons_the_solve);
    tcase_add_test(seam, the_host_keeps_its_own);
    tcase_add_test(seam, nothing_is_left_behind);
    suite_add_tcase(suite, seam);
    return suite;
}

int main(void)
{
    seam_choose_named("GLPK");
    return suite_run(glpk_suite());
}
