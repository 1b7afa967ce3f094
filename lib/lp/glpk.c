/* SPDX-License-Identifier: MIT */
/*
 * The backend for GLPK, and the only file that uses it. GLPK ends the process after misuse, lack of
 * memory and failed assertions of its own. The guard here turns that into an error code:
 *
 *   - We make and free the environment, on a thread of our own. So we do not affect a host program
 *     that uses GLPK, and no other problem is lost with the environment.
 *   - An error hook jumps out of GLPK into the function of this file that called it. That frees the
 *     whole environment (and with it all of GLPK's memory), as GLPK's manual demands.
 *   - Only GLPK and code of this file that owns no memory run between setjmp and the jump.
 *
 * The simplex method has no callback, but it writes progress lines. When one is written and the
 * caller has cancelled the solve, the same jump ends it.
 *
 * Only the simplex method of GLPK is used. Its MIP presolver returns wrong optima, its clique cuts
 * write past their buffers and two of its heuristics ignore the clock.
 */
#include "lp/backend.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <glpk.h>

#include "util/array.h"

/* Milliseconds between two progress lines, and until the first one. */
enum { POLL_MS = 10 };

struct environment {
    jmp_buf jump;
    const atomic_bool *cancel; /* of the running solve; may be NULL */
    bool careful;
    bool dead;
    bool abandoned; /* dead because of a cancel */
    bool out_of_memory;
    char message[200]; /* the last fatal error */
};

struct lp {
    struct ifp_lp base;
    struct environment *environment;
    glp_prob *problem; /* dangling once the environment is dead */
    size_t columns;
    size_t rows;
    int last_ray; /* GLPK's index of the row or column that proves infeasibility; 0: no proof */
    int capacity; /* capacity of the arrays below */
    int *index;
    double *value;
};

static struct lp *of(struct ifp_lp *base)
{
    return (struct lp *)base;
}

static const struct lp *of_const(const struct ifp_lp *base)
{
    return (const struct lp *)base;
}

/* GLPK calls this for all text, and it prints no text. The message of a fatal error is kept. Other
 * text comes only from the simplex method, whose memory all belongs to the environment. */
static int on_text(void *info, const char *text)
{
    struct environment *environment = info;
    if (glp_at_error() && !environment->message[0]) {
        strncpy(environment->message, text, sizeof environment->message - 1);
        environment->out_of_memory = strstr(text, "memory") != NULL;
    }
    if (!glp_at_error() && environment->cancel && atomic_load(environment->cancel)) {
        environment->abandoned = true;
        longjmp(environment->jump, 1);
    }
    return 1;
}

static void on_error(void *info)
{
    struct environment *environment = info;
    longjmp(environment->jump, 1);
}

/* The part of a function that runs inside GLPK. A jump may leave it at any call. */
typedef void work_function(struct lp *lp, void *argument);

static int fatal(struct environment *environment, struct ifp_error *error)
{
    if (environment->out_of_memory)
        return ifp_error_memory(error);
    return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "the LP solver failed: %s",
                         environment->message[0] ? environment->message : "no reason given");
}

static int guarded(struct environment *environment, struct lp *lp, work_function *work,
                   void *argument, struct ifp_error *error)
{
    if (environment->abandoned)
        return IFP_OK;
    if (environment->dead)
        return fatal(environment, error);
    if (setjmp(environment->jump)) {
        glp_free_env();
        environment->dead = true;
        return environment->abandoned ? IFP_OK : fatal(environment, error);
    }
    work(lp, argument);
    return IFP_OK;
}

static int environment_new(bool careful, void **environment, struct ifp_error *error)
{
    struct environment *made = calloc(1, sizeof *made);
    *environment = NULL;
    if (!made)
        return ifp_error_memory(error);
    /* 0: made now; 1: this thread already had an environment; else out of memory. */
    int state = glp_init_env();
    if (state) {
        free(made);
        return state == 1 ? ifp_error_set(error, IFP_ERROR_ENGINE, NULL,
                                          "the LP solver is in use on this thread")
                          : ifp_error_memory(error);
    }
    made->careful = careful;
    glp_term_hook(on_text, made);
    glp_error_hook(on_error, made);
    *environment = made;
    return IFP_OK;
}

static void environment_free(void *environment)
{
    struct environment *ours = environment;
    if (!ours->dead)
        glp_free_env();
    free(ours);
}

/* Columns loaded between two polls of the cancel. */
enum { COLUMNS_PER_POLL = 1024 };

struct columns {
    size_t count;
    const double *cost;
    const double *lower;
    const double *upper;
    const struct ifp_cancel *cancel;
    bool cancelled;
};

static int bound_type(double lower, double upper)
{
    if (isinf(lower))
        return isinf(upper) ? GLP_FR : GLP_UP;
    if (isinf(upper))
        return GLP_LO;
    return lower == upper ? GLP_FX : GLP_DB;
}

static void load_columns(struct lp *lp, const struct columns *columns, size_t first, size_t end)
{
    glp_add_cols(lp->problem, (int)(end - first));
    for (size_t c = first; c < end; c++) {
        int column = (int)c + 1;
        glp_set_obj_coef(lp->problem, column, columns->cost[c]);
        glp_set_col_bnds(lp->problem, column, bound_type(columns->lower[c], columns->upper[c]),
                         columns->lower[c], columns->upper[c]);
        /* Each column starts at its cheaper bound, so the basis is dual feasible. */
        glp_set_col_stat(lp->problem, column, columns->cost[c] < 0 ? GLP_NU : GLP_NL);
    }
}

static void make_problem(struct lp *lp, void *argument)
{
    struct columns *columns = argument;
    lp->problem = glp_create_prob();
    glp_set_obj_dir(lp->problem, GLP_MIN);
    for (size_t first = 0; first < columns->count && !columns->cancelled;
         first += COLUMNS_PER_POLL) {
        size_t left = columns->count - first;
        columns->cancelled = ifp_is_cancelled(columns->cancel);
        if (!columns->cancelled)
            load_columns(lp, columns, first,
                         first + (left < COLUMNS_PER_POLL ? left : COLUMNS_PER_POLL));
    }
    if (columns->cancelled)
        glp_delete_prob(lp->problem);
}

static int lp_new(void *environment, size_t columns, const double *cost, const double *lower,
                  const double *upper, const struct ifp_cancel *cancel, struct ifp_lp **lp,
                  struct ifp_error *error)
{
    *lp = NULL;
    if (!columns || columns >= INT_MAX)
        return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "%zu columns are not an LP", columns);
    struct lp *made = calloc(1, sizeof *made);
    if (!made)
        return ifp_error_memory(error);
    made->base.backend = &ifp_lp_glpk;
    made->environment = environment;
    made->columns = columns;
    struct columns argument = {columns, cost, lower, upper, cancel, false};
    int code = guarded(environment, made, make_problem, &argument, error);
    if (code || argument.cancelled) {
        free(made);
        return code;
    }
    *lp = &made->base;
    return IFP_OK;
}

static void delete_problem(struct lp *lp, void *argument)
{
    (void)argument;
    glp_delete_prob(lp->problem);
}

static void lp_free(struct ifp_lp *base)
{
    struct lp *lp = of(base);
    if (!lp->environment->dead)
        guarded(lp->environment, lp, delete_problem, NULL, NULL);
    free(lp->index);
    free(lp->value);
    free(lp);
}

static void copy_problem(struct lp *lp, void *argument)
{
    glp_copy_prob(lp->problem, argument, GLP_OFF);
}

/* glp_copy_prob copies the basis and the last solution, and replaces all that was there. */
static int copy_lp(struct ifp_lp **to, struct ifp_lp *from, struct ifp_error *error)
{
    const struct lp *source = of_const(from);
    int code = IFP_OK;
    if (!*to) {
        const double none = 0;
        code = lp_new(source->environment, 1, &none, &none, &none, NULL, to, error);
    }
    if (code)
        return code;
    struct lp *lp = of(*to);
    lp->columns = source->columns;
    lp->rows = source->rows;
    lp->last_ray = 0;
    return guarded(lp->environment, lp, copy_problem, source->problem, error);
}

/* Reserve capacity for `count` entries, numbered from 1 as in GLPK. Never call it inside the guard:
 * a jump would leak the memory from realloc. */
static int reserve(struct lp *lp, size_t count, struct ifp_error *error)
{
    if (lp->capacity > 0 && count < (size_t)lp->capacity)
        return IFP_OK;
    if (count >= INT_MAX / 2)
        return ifp_error_memory(error);
    size_t capacity = 2 * count + 64;
    if (!ifp_array_resize(&lp->index, capacity, sizeof *lp->index) ||
        !ifp_array_resize(&lp->value, capacity, sizeof *lp->value))
        return ifp_error_memory(error);
    lp->capacity = (int)capacity;
    return IFP_OK;
}

static void fill(struct lp *lp, size_t count, const size_t *index, const double *value)
{
    for (size_t e = 0; e < count; e++) {
        lp->index[e + 1] = (int)index[e] + 1;
        lp->value[e + 1] = value[e];
    }
}

struct row {
    double lower;
    double upper;
    int count;
};

static void append_row(struct lp *lp, void *argument)
{
    const struct row *row = argument;
    int at = glp_add_rows(lp->problem, 1);
    glp_set_row_bnds(lp->problem, at, bound_type(row->lower, row->upper), row->lower, row->upper);
    glp_set_mat_row(lp->problem, at, row->count, lp->index, lp->value);
}

static int add_row(struct ifp_lp *base, double lower, double upper, size_t count,
                   const size_t *index, const double *value, struct ifp_error *error)
{
    struct lp *lp = of(base);
    int code = reserve(lp, count, error);
    if (code)
        return code;
    fill(lp, count, index, value);
    struct row row = {lower, upper, (int)count};
    code = guarded(lp->environment, lp, append_row, &row, error);
    lp->rows += !code;
    return code;
}

struct column {
    double cost;
    double lower;
    double upper;
    int count;
};

static void append_column(struct lp *lp, void *argument)
{
    const struct column *column = argument;
    int at = glp_add_cols(lp->problem, 1);
    glp_set_obj_coef(lp->problem, at, column->cost);
    glp_set_col_bnds(lp->problem, at, bound_type(column->lower, column->upper), column->lower,
                     column->upper);
    glp_set_mat_col(lp->problem, at, column->count, lp->index, lp->value);
}

static int add_column(struct ifp_lp *base, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error)
{
    struct lp *lp = of(base);
    int code = reserve(lp, count, error);
    if (code)
        return code;
    fill(lp, count, row, value);
    struct column column = {cost, lower, upper, (int)count};
    code = guarded(lp->environment, lp, append_column, &column, error);
    lp->columns += !code;
    return code;
}

struct bounds {
    int at;
    double lower;
    double upper;
};

static void bound_column(struct lp *lp, void *argument)
{
    const struct bounds *bounds = argument;
    glp_set_col_bnds(lp->problem, bounds->at, bound_type(bounds->lower, bounds->upper),
                     bounds->lower, bounds->upper);
}

static void bound_row(struct lp *lp, void *argument)
{
    const struct bounds *bounds = argument;
    glp_set_row_bnds(lp->problem, bounds->at, bound_type(bounds->lower, bounds->upper),
                     bounds->lower, bounds->upper);
}

static int set_column_bounds(struct ifp_lp *base, size_t column, double lower, double upper,
                             struct ifp_error *error)
{
    struct lp *lp = of(base);
    struct bounds bounds = {(int)column + 1, lower, upper};
    return guarded(lp->environment, lp, bound_column, &bounds, error);
}

static int set_row_bounds(struct ifp_lp *base, size_t row, double lower, double upper,
                          struct ifp_error *error)
{
    struct lp *lp = of(base);
    struct bounds bounds = {(int)row + 1, lower, upper};
    return guarded(lp->environment, lp, bound_row, &bounds, error);
}

/* If a nonbasic row or a basic column is deleted, the standard basis replaces the basis, which may
 * be singular: GLPK fails fatally on some singular bases. */
static void drop_rows(struct lp *lp, void *argument)
{
    const int *count = argument;
    bool lost = false;
    for (int k = 1; k <= *count; k++)
        lost |= glp_get_row_stat(lp->problem, lp->index[k]) != GLP_BS;
    glp_del_rows(lp->problem, *count, lp->index);
    if (lost)
        glp_std_basis(lp->problem);
}

static void drop_columns(struct lp *lp, void *argument)
{
    const int *count = argument;
    bool lost = false;
    for (int k = 1; k <= *count; k++)
        lost |= glp_get_col_stat(lp->problem, lp->index[k]) == GLP_BS;
    glp_del_cols(lp->problem, *count, lp->index);
    if (lost)
        glp_std_basis(lp->problem);
}

static int delete_some(struct lp *lp, void (*call)(struct lp *, void *), size_t count,
                       const size_t *which, struct ifp_error *error)
{
    int code = count ? reserve(lp, count, error) : IFP_OK;
    if (code || !count)
        return code;
    int number = (int)count;
    for (size_t k = 0; k < count; k++)
        lp->index[k + 1] = (int)which[k] + 1;
    return guarded(lp->environment, lp, call, &number, error);
}

static int delete_rows(struct ifp_lp *base, size_t count, const size_t *rows,
                       struct ifp_error *error)
{
    struct lp *lp = of(base);
    int code = delete_some(lp, drop_rows, count, rows, error);
    lp->rows -= code ? 0 : count;
    return code;
}

static int delete_columns(struct ifp_lp *base, size_t count, const size_t *columns,
                          struct ifp_error *error)
{
    struct lp *lp = of(base);
    int code = delete_some(lp, drop_columns, count, columns, error);
    lp->columns -= code ? 0 : count;
    return code;
}

static size_t get_size(const struct ifp_lp *base)
{
    const struct lp *lp = of_const(base);
    return lp->environment->dead ? 0 : lp->rows + lp->columns;
}

struct solve {
    const struct ifp_lp_limits *limits;
    struct ifp_lp_result *result;
};

static void read_status(struct lp *lp, int code, struct ifp_lp_result *result)
{
    result->objective = glp_get_obj_val(lp->problem);
    if (code == GLP_EOBJUL || code == GLP_EOBJLL)
        result->status = IFP_LP_CUTOFF;
    else if (code == GLP_EITLIM || code == GLP_ETMLIM)
        result->status = IFP_LP_LIMIT;
    else if (code)
        result->status = IFP_LP_TROUBLE;
    else if (glp_get_status(lp->problem) == GLP_OPT)
        result->status = IFP_LP_OPTIMAL;
    else if (glp_get_prim_stat(lp->problem) == GLP_NOFEAS)
        result->status = IFP_LP_INFEASIBLE;
    else
        result->status = IFP_LP_TROUBLE;
    if (result->status == IFP_LP_INFEASIBLE) {
        lp->last_ray = glp_get_unbnd_ray(lp->problem);
        result->ray = lp->last_ray > 0;
    }
}

static void run_simplex(struct lp *lp, void *argument)
{
    const struct solve *solve = argument;
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    /* Dual simplex: after a change of bounds or new rows, the basis is still dual feasible. If it
     * is not, GLPK switches to the primal method (DUALP). */
    parameters.meth = solve->limits->primal ? GLP_PRIMAL : GLP_DUALP;
    /* Rows are scaled to a limit of 1, and plans are verified to 1e-6 of it. */
    parameters.tol_bnd = 1e-9;
    parameters.tol_dj = 1e-9;
    /* Not the long-step ratio test (GLP_RT_FLIP), although it would be faster with many bounds: it
     * sometimes fails an assertion, and reads an uninitialised value. */
    parameters.r_test = lp->environment->careful ? GLP_RT_STD : GLP_RT_HAR;
    parameters.tm_lim = solve->limits->seconds >= INT_MAX / 1000
                            ? INT_MAX
                            : (int)fmax(1, 1000 * solve->limits->seconds);
    parameters.it_lim = solve->limits->iterations;
    if (isfinite(solve->limits->cutoff))
        parameters.obj_ul = solve->limits->cutoff;
    if (solve->limits->cancel) {
        parameters.msg_lev = GLP_MSG_ON;
        parameters.out_frq = POLL_MS;
        parameters.out_dly = POLL_MS;
    }
    int before = glp_get_it_cnt(lp->problem);
    int code = glp_simplex(lp->problem, &parameters);
    if (code == GLP_EBADB || code == GLP_ESING || code == GLP_ECOND) {
        glp_std_basis(lp->problem);
        code = glp_simplex(lp->problem, &parameters);
    }
    read_status(lp, code, solve->result);
    solve->result->iterations = glp_get_it_cnt(lp->problem) - before;
}

static int solve_lp(struct ifp_lp *base, const struct ifp_lp_limits *limits,
                    struct ifp_lp_result *result, struct ifp_error *error)
{
    struct lp *lp = of(base);
    *result = (struct ifp_lp_result){.status = IFP_LP_TROUBLE};
    lp->last_ray = 0;
    struct solve solve = {limits, result};
    lp->environment->cancel = limits->cancel;
    int code = guarded(lp->environment, lp, run_simplex, &solve, error);
    lp->environment->cancel = NULL;
    if (lp->environment->abandoned)
        *result = (struct ifp_lp_result){.status = IFP_LP_ABANDONED};
    return code;
}

/* Read numbers from GLPK. If a cancel has ended the environment, they are 0. */
static int read_numbers(struct lp *lp, work_function *read, double *numbers, size_t count,
                        struct ifp_error *error)
{
    for (size_t k = 0; lp->environment->abandoned && k < count; k++)
        numbers[k] = 0;
    return guarded(lp->environment, lp, read, numbers, error);
}

static void read_point(struct lp *lp, void *argument)
{
    double *point = argument;
    int columns = glp_get_num_cols(lp->problem);
    for (int c = 0; c < columns; c++)
        point[c] = glp_get_col_prim(lp->problem, c + 1);
}

static int get_point(struct ifp_lp *base, double *point, struct ifp_error *error)
{
    struct lp *lp = of(base);
    return read_numbers(lp, read_point, point, lp->columns, error);
}

static void read_duals(struct lp *lp, void *argument)
{
    double *multipliers = argument;
    int rows = glp_get_num_rows(lp->problem);
    for (int r = 0; r < rows; r++)
        multipliers[r] = glp_get_row_dual(lp->problem, r + 1);
}

/*
 * Suppose that the dual simplex method stops at a basic variable whose violated bound cannot be
 * repaired. Its row of the simplex table, x_b = sum alpha_j x_j over the nonbasic x_j, is a
 * combination of the rows of the problem. The coefficients of the auxiliary variables (the rows'
 * activities) are the multipliers of that combination, up to a common sign.
 */
static void read_ray(struct lp *lp, void *argument)
{
    double *multipliers = argument;
    int rows = glp_get_num_rows(lp->problem);
    for (int r = 0; r < rows; r++)
        multipliers[r] = 0;
    if (!glp_bf_exists(lp->problem) && glp_factorize(lp->problem) != 0)
        return;
    int stat = lp->last_ray <= rows ? glp_get_row_stat(lp->problem, lp->last_ray)
                                    : glp_get_col_stat(lp->problem, lp->last_ray - rows);
    if (stat != GLP_BS)
        return;
    double value;
    double lower;
    if (lp->last_ray <= rows) {
        value = glp_get_row_prim(lp->problem, lp->last_ray);
        lower = glp_get_row_lb(lp->problem, lp->last_ray);
    } else {
        value = glp_get_col_prim(lp->problem, lp->last_ray - rows);
        lower = glp_get_col_lb(lp->problem, lp->last_ray - rows);
    }
    int count = glp_eval_tab_row(lp->problem, lp->last_ray, lp->index, lp->value);
    /* Below its lower bound, even the maximum of the combination is too small; above its upper
     * bound, even the minimum is too large. */
    double sign = value < lower ? 1 : -1;
    for (int e = 1; e <= count; e++) {
        if (lp->index[e] <= rows)
            multipliers[lp->index[e] - 1] = -sign * lp->value[e];
    }
    if (lp->last_ray <= rows)
        multipliers[lp->last_ray - 1] += sign;
}

static int get_multipliers(struct ifp_lp *base, double *multipliers, struct ifp_error *error)
{
    struct lp *lp = of(base);
    int code = lp->last_ray ? reserve(lp, lp->rows + lp->columns, error) : IFP_OK;
    return code ? code
                : read_numbers(lp, lp->last_ray ? read_ray : read_duals, multipliers, lp->rows,
                               error);
}

static void read_reduced(struct lp *lp, void *argument)
{
    double *reduced = argument;
    int columns = glp_get_num_cols(lp->problem);
    for (int c = 0; c < columns; c++)
        reduced[c] = glp_get_col_dual(lp->problem, c + 1);
}

static int get_reduced_costs(struct ifp_lp *base, double *reduced, struct ifp_error *error)
{
    struct lp *lp = of(base);
    return read_numbers(lp, read_reduced, reduced, lp->columns, error);
}

/* lp->value holds a unit vector, and then the row of the inverse of the basis. */
static void read_tableau_row(struct lp *lp, void *argument)
{
    const int *column = argument;
    int rows = glp_get_num_rows(lp->problem);
    for (int r = 1; r <= rows; r++)
        lp->value[r] = 0;
    if (!glp_bf_exists(lp->problem) && glp_factorize(lp->problem) != 0)
        return;
    int position = glp_get_col_bind(lp->problem, *column);
    if (!position)
        return;
    lp->value[position] = 1;
    glp_btran(lp->problem, lp->value);
}

static int get_tableau_row(struct ifp_lp *base, size_t column, double *multipliers,
                           struct ifp_error *error)
{
    struct lp *lp = of(base);
    int at = (int)column + 1;
    int code = reserve(lp, lp->rows, error);
    if (!code)
        code = guarded(lp->environment, lp, read_tableau_row, &at, error);
    for (size_t r = 0; !code && r < lp->rows; r++)
        multipliers[r] = lp->environment->abandoned ? 0 : lp->value[r + 1];
    return code;
}

static char letter_of(int status)
{
    return status == GLP_BS ? 'b' : status == GLP_NU ? 'u' : 'l';
}

static void read_basis(struct lp *lp, void *argument)
{
    char *basis = argument;
    int columns = glp_get_num_cols(lp->problem);
    int rows = glp_get_num_rows(lp->problem);
    for (int c = 0; c < columns; c++)
        basis[c] = letter_of(glp_get_col_stat(lp->problem, c + 1));
    for (int r = 0; r < rows; r++)
        basis[columns + r] = letter_of(glp_get_row_stat(lp->problem, r + 1));
}

static int get_basis(struct ifp_lp *base, char *basis, struct ifp_error *error)
{
    struct lp *lp = of(base);
    if (lp->environment->abandoned)
        memset(basis, 'l', lp->columns + lp->rows);
    return guarded(lp->environment, lp, read_basis, basis, error);
}

struct basis {
    const char *letters;
    size_t rows;
};

static int status_of(char letter)
{
    return letter == 'b' ? GLP_BS : letter == 'u' ? GLP_NU : GLP_NL;
}

static void write_basis(struct lp *lp, void *argument)
{
    const struct basis *basis = argument;
    int columns = glp_get_num_cols(lp->problem);
    int rows = glp_get_num_rows(lp->problem);
    /* GLPK replaces a status that contradicts the bounds by one that fits. */
    for (int c = 0; c < columns; c++)
        glp_set_col_stat(lp->problem, c + 1, status_of(basis->letters[c]));
    for (int r = 0; r < rows; r++)
        glp_set_row_stat(lp->problem, r + 1,
                         (size_t)r < basis->rows ? status_of(basis->letters[columns + r]) : GLP_BS);
}

static int set_basis(struct ifp_lp *base, const char *basis, size_t rows, struct ifp_error *error)
{
    struct lp *lp = of(base);
    struct basis argument = {basis, rows};
    return guarded(lp->environment, lp, write_basis, &argument, error);
}

/* Read without the guard, since GLPK cannot fail here. */
static bool row_is_basic(const struct ifp_lp *base, size_t row)
{
    const struct lp *lp = of_const(base);
    return !lp->environment->dead && row < lp->rows &&
           glp_get_row_stat(lp->problem, (int)row + 1) == GLP_BS;
}

const struct ifp_lp_backend ifp_lp_glpk = {
    .name = "GLPK",
    .environment_new = environment_new,
    .environment_free = environment_free,
    .lp_new = lp_new,
    .lp_free = lp_free,
    .copy = copy_lp,
    .add_row = add_row,
    .add_column = add_column,
    .set_column_bounds = set_column_bounds,
    .set_row_bounds = set_row_bounds,
    .delete_rows = delete_rows,
    .delete_columns = delete_columns,
    .size = get_size,
    .solve = solve_lp,
    .point = get_point,
    .multipliers = get_multipliers,
    .reduced_costs = get_reduced_costs,
    .tableau_row = get_tableau_row,
    .get_basis = get_basis,
    .set_basis = set_basis,
    .row_is_basic = row_is_basic,
};
