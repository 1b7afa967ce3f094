/* SPDX-License-Identifier: MIT */
/* The seam to GLPK: what it answers, that a host program's own use of GLPK on the same thread is
 * left alone, and that GLPK's fatal errors become error codes, without a word and without a leak.
 */
#include <check.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glpk.h>

#include <inferplan/inferplan.h>

#include "lp/lp.h"
#include "suite.h"
#include "unit/random.h"

static struct ifp_error error;

static void ok(int code)
{
    ck_assert_msg(code == IFP_OK, "%d: %s", code, error.message);
}

/* minimise -x - 2y with x + y <= 4, x + 3y <= 6 and both in [0, 10]: -5 at (3, 1). */
static struct ifp_lp *make_lp(struct ifp_lp_environment *environment)
{
    static const double cost[] = {-1, -2};
    static const double lower[] = {0, 0};
    static const double upper[] = {10, 10};
    static const size_t index[] = {0, 1};
    static const double first[] = {1, 1};
    static const double second[] = {1, 3};
    struct ifp_lp *lp = NULL;
    ok(ifp_lp_new(environment, 2, cost, lower, upper, &lp, &error));
    ok(ifp_lp_add_row(lp, -INFINITY, 4, 2, index, first, &error));
    ok(ifp_lp_add_row(lp, -INFINITY, 6, 2, index, second, &error));
    return lp;
}

static const struct ifp_lp_limits no_limits = {
    .seconds = INFINITY, .iterations = 1000000, .cutoff = INFINITY};

static void expect_solved(struct ifp_lp *lp, double objective)
{
    struct ifp_lp_result result;
    ok(ifp_lp_solve(lp, &no_limits, &result, &error));
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_eq_tol(result.objective, objective, 1e-9);
}

START_TEST(answers)
{
    struct ifp_lp_environment *environment;
    double point[2];
    double multipliers[2];
    double reduced[2];
    char basis[4];
    ok(ifp_lp_environment_new(false, &environment, &error));
    struct ifp_lp *lp = make_lp(environment);
    expect_solved(lp, -5);
    ok(ifp_lp_point(lp, point, &error));
    ck_assert_double_eq_tol(point[0], 3, 1e-9);
    ck_assert_double_eq_tol(point[1], 1, 1e-9);
    ok(ifp_lp_multipliers(lp, multipliers, &error));
    ck_assert_double_eq_tol(multipliers[0], -0.5, 1e-9);
    ck_assert_double_eq_tol(multipliers[1], -0.5, 1e-9);
    ok(ifp_lp_reduced_costs(lp, reduced, &error));
    ck_assert_double_eq_tol(reduced[0], 0, 1e-9);
    ok(ifp_lp_get_basis(lp, basis, &error));
    ck_assert_mem_eq(basis, "bbuu", 4);
    /* Bounds change, and the basis comes back. */
    ok(ifp_lp_set_column_bounds(lp, 1, 0, 0, &error));
    expect_solved(lp, -4);
    ok(ifp_lp_set_column_bounds(lp, 1, 0, 10, &error));
    ok(ifp_lp_set_row_bounds(lp, 0, -INFINITY, 2, &error));
    expect_solved(lp, -4); /* (0, 2) */
    ok(ifp_lp_set_row_bounds(lp, 0, -INFINITY, 4, &error));
    ok(ifp_lp_set_basis(lp, basis, 2, &error));
    struct ifp_lp_result result;
    ok(ifp_lp_solve(lp, &no_limits, &result, &error));
    ck_assert_double_eq_tol(result.objective, -5, 1e-9);
    ck_assert_int_eq(result.iterations, 0);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
    ck_assert_str_eq(ifp_lp_solver(), "GLPK");
}
END_TEST

START_TEST(infeasible_with_proof)
{
    static const size_t index[] = {0, 1};
    static const double ones[] = {1, 1};
    struct ifp_lp_environment *environment;
    struct ifp_lp_result result;
    double y[3] = {0};
    ok(ifp_lp_environment_new(false, &environment, &error));
    struct ifp_lp *lp = make_lp(environment);
    ok(ifp_lp_add_row(lp, 5, INFINITY, 2, index, ones, &error));
    ok(ifp_lp_solve(lp, &no_limits, &result, &error));
    ck_assert_int_eq(result.status, IFP_LP_INFEASIBLE);
    ck_assert(result.ray);
    ok(ifp_lp_multipliers(lp, y, &error));
    /* The combination of rows asks for more than any point within bounds has. */
    double right = y[0] * 4 + y[1] * 6 + y[2] * 5;
    double most = 10 * fmax(0, y[0] + y[1] + y[2]) + 10 * fmax(0, y[0] + 3 * y[1] + y[2]);
    ck_assert_double_le(y[0], 1e-12);
    ck_assert_double_le(y[1], 1e-12);
    ck_assert_double_ge(y[2], 0);
    ck_assert_double_gt(right, most + 1e-6 * fabs(y[2]));
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
}
END_TEST

/* A random LP, its numbers small and whole, with a point: what is in the middle of the columns. */
static struct ifp_lp *random_lp(struct ifp_lp_environment *environment, uint64_t seed)
{
    enum { COLUMNS = 12, ROWS = 9 };
    struct random random = {seed};
    double cost[COLUMNS];
    double lower[COLUMNS];
    double upper[COLUMNS];
    struct ifp_lp *lp = NULL;
    for (size_t c = 0; c < COLUMNS; c++) {
        cost[c] = random_below(&random, 21) - 10;
        lower[c] = random_below(&random, 4) - 2;
        upper[c] = lower[c] + 2 * random_below(&random, 6);
    }
    ok(ifp_lp_new(environment, COLUMNS, cost, lower, upper, &lp, &error));
    for (size_t r = 0; r < ROWS; r++) {
        size_t index[COLUMNS];
        double value[COLUMNS];
        size_t count = 0;
        double middle = 0;
        for (size_t c = 0; c < COLUMNS; c++) {
            int entry = random_below(&random, 9) - 4;
            if (entry == 0)
                continue;
            index[count] = c;
            value[count++] = entry;
            middle += entry * (lower[c] + upper[c]) / 2;
        }
        bool equation = random_chance(&random, 0.2);
        ok(ifp_lp_add_row(lp, equation || random_chance(&random, 0.3) ? middle : -INFINITY,
                          equation ? middle : middle + random_below(&random, 5), count, index,
                          value, &error));
    }
    return lp;
}

/* With the plainest methods the optimum is the same, also after a bound changes. */
START_TEST(careful_or_not)
{
    double objective[2][2] = {{0}};
    for (uint64_t seed = 0; seed < 200; seed++) {
        for (int careful = 0; careful < 2; careful++) {
            struct ifp_lp_environment *environment;
            struct ifp_lp_result result;
            ok(ifp_lp_environment_new(careful != 0, &environment, &error));
            struct ifp_lp *lp = random_lp(environment, seed);
            for (int turn = 0; turn < 2; turn++) {
                ok(ifp_lp_solve(lp, &no_limits, &result, &error));
                ck_assert(result.status == IFP_LP_OPTIMAL ||
                          (turn == 1 && result.status == IFP_LP_INFEASIBLE));
                objective[careful][turn] =
                    result.status == IFP_LP_OPTIMAL ? result.objective : (double)INFINITY;
                ok(ifp_lp_set_column_bounds(lp, seed % 12, -2, -2, &error));
            }
            ifp_lp_free(lp);
            ifp_lp_environment_free(environment);
        }
        for (int turn = 0; turn < 2; turn++)
            ck_assert_msg(objective[0][turn] == objective[1][turn] ||
                              fabs(objective[0][turn] - objective[1][turn]) <= 1e-7,
                          "seed %d: %.12g, carefully %.12g", (int)seed, objective[0][turn],
                          objective[1][turn]);
    }
}
END_TEST

/* -- nothing is printed -- */

static FILE *captured;
static int kept[2];

static void capture(void)
{
    (void)fflush(NULL);
    captured = tmpfile();
    ck_assert_ptr_nonnull(captured);
    for (int fd = 0; fd < 2; fd++) {
        kept[fd] = dup(fd + 1);
        ck_assert_int_ge(dup2(fileno(captured), fd + 1), 0);
    }
}

static void expect_silence(void)
{
    (void)fflush(NULL);
    for (int fd = 0; fd < 2; fd++) {
        (void)dup2(kept[fd], fd + 1);
        (void)close(kept[fd]);
    }
    char text[200] = "";
    (void)fseek(captured, 0, SEEK_SET);
    size_t size = fread(text, 1, sizeof text - 1, captured);
    (void)fclose(captured);
    ck_assert_msg(size == 0, "printed: %s", text);
}

/* -- fatal errors -- */

static const char small_text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"small\","
    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0.01,"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 600, \"output_tokens\": 400,"
    "   \"rate_per_hour\": 100, \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"b\", \"input_tokens\": 100, \"output_tokens\": 400,"
    "   \"rate_per_hour\": 300, \"unmet_penalty_usd\": 1, \"tflop_per_1k_tokens\": 500}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 10, \"kv_gb_per_token\": 0.001}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 13, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2]}, {\"name\": \"U\", \"memory_gb\": 24, \"tflops\": 9,"
    "   \"usd_per_hour\": 1.25, \"tp_degrees\": [1]}],"
    " \"performance\": {\"delay_ms_per_token\": 0.5, \"error_rate\": 0.02,"
    "   \"kv_residency_hours\": 0.01}}";

static double solve_small(void)
{
    ifp_instance *instance = ifp_instance_read_string(small_text, strlen(small_text), NULL);
    ck_assert_ptr_nonnull(instance);
    ifp_model *model = ifp_model_new(instance, NULL, NULL);
    ck_assert_ptr_nonnull(model);
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_ptr_nonnull(solution);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_OPTIMAL);
    double objective = ifp_solution_objective(solution);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_instance_free(instance);
    return objective;
}

/* Rows until GLPK has used the megabyte that it is given. */
static int run_out_of_memory(struct ifp_lp *lp)
{
    enum { ENTRIES = 2 };
    static const size_t index[ENTRIES] = {0, 1};
    static const double value[ENTRIES] = {1, 1};
    int code = IFP_OK;
    glp_mem_limit(1);
    for (int r = 0; r < 200000 && !code; r++)
        code = ifp_lp_add_row(lp, 0, 1, ENTRIES, index, value, &error);
    return code;
}

static int add_twice_the_same_column(struct ifp_lp *lp)
{
    static const size_t index[] = {1, 0, 1};
    static const double value[] = {1, 2, 3};
    return ifp_lp_add_row(lp, 0, 1, 3, index, value, &error);
}

static int add_column_out_of_range(struct ifp_lp *lp)
{
    static const size_t index[] = {0, 2};
    static const double value[] = {1, 2};
    return ifp_lp_add_row(lp, 0, 1, 2, index, value, &error);
}

static int bound_row_out_of_range(struct ifp_lp *lp)
{
    return ifp_lp_set_row_bounds(lp, 2, 0, 1, &error);
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
    double before = solve_small();
    capture();
    struct ifp_lp_environment *environment;
    struct ifp_lp_result result;
    double point[2];
    char basis[4];
    ok(ifp_lp_environment_new(false, &environment, &error));
    struct ifp_lp *lp = make_lp(environment);
    struct ifp_lp *other = make_lp(environment);
    int code = fatal[_i].provoke(lp);
    struct ifp_error first = error;
    /* All LPs of the environment are lost: every call says so, with the same words. */
    int later[] = {ifp_lp_solve(other, &no_limits, &result, &error),
                   ifp_lp_point(lp, point, &error),
                   ifp_lp_multipliers(lp, point, &error),
                   ifp_lp_reduced_costs(other, point, &error),
                   ifp_lp_get_basis(other, basis, &error),
                   ifp_lp_set_column_bounds(lp, 0, 0, 1, &error),
                   add_twice_the_same_column(lp)};
    ifp_lp_free(lp);
    ifp_lp_free(other);
    ifp_lp_environment_free(environment);
    double after = solve_small();
    /* And on this thread, where it happened. */
    ok(ifp_lp_environment_new(false, &environment, &error));
    lp = make_lp(environment);
    expect_solved(lp, -5);
    ifp_lp_free(lp);
    ifp_lp_environment_free(environment);
    expect_silence();
    ck_assert_int_eq(code, fatal[_i].code);
    ck_assert_int_eq(first.code, code);
    ck_assert_msg(!strncmp(first.message, fatal[_i].words, strlen(fatal[_i].words)), "%s",
                  first.message);
    for (size_t l = 0; l < sizeof later / sizeof *later; l++)
        ck_assert_int_eq(later[l], code);
    ck_assert_double_eq(before, after);
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
    ck_assert_int_eq(ifp_lp_environment_new(false, &environment, &error), IFP_ERROR_ENGINE);
    ck_assert_str_eq(error.message, "the LP solver is in use on this thread");
    ck_assert_ptr_null(environment);
    /* And a solve works all the same. */
    double objective = solve_small();
    for (int again = 0; again < 3; again++)
        ck_assert_double_eq(solve_small(), objective);

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
    ck_assert_double_eq(solve_small(), objective);
}
END_TEST

/* A host without a problem at hand gets no environment left behind on its thread. */
START_TEST(nothing_is_left_behind)
{
    (void)glp_free_env();
    (void)solve_small();
    ck_assert_int_eq(glp_init_env(), 0); /* 1 if there were one already */
    (void)glp_free_env();
}
END_TEST

static Suite *glpk_suite(void)
{
    Suite *suite = suite_create("glpk");
    TCase *seam = tcase_create("seam");
    tcase_set_timeout(seam, 60);
    tcase_add_test(seam, answers);
    tcase_add_test(seam, infeasible_with_proof);
    tcase_add_test(seam, careful_or_not);
    tcase_add_loop_test(seam, fatal_errors_are_codes, 0, (int)(sizeof fatal / sizeof *fatal));
    tcase_add_test(seam, the_host_keeps_its_own);
    tcase_add_test(seam, nothing_is_left_behind);
    suite_add_tcase(suite, seam);
    return suite;
}

int main(void)
{
    return suite_run(glpk_suite());
}
