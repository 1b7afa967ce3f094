/* SPDX-License-Identifier: MIT */
/*
 * lp.h implemented with HiGHS, by its C interface: the only file that uses it. It differs from the
 * implementation with GLPK in these points:
 *
 *   - When the model changes, HiGHS walks through its data and often loses the factorised basis.
 *     Changes are therefore recorded here, and passed on together before the next solve.
 *   - The basis, the last point and the multipliers are kept here, with the bounds. They survive
 *     changes of the model with every version of HiGHS.
 *   - HiGHS is C++: highs_api.cpp catches its exceptions. Only HiGHS and code of this file that
 *     owns no memory run inside the guard.
 *   - Making a solver object takes longer than many of our LPs, so unused objects are kept.
 *
 * Only the simplex method of HiGHS is used, on the calling thread, without presolve.
 */
#include "lp/lp.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lp/highs_api.h"

enum {
    SPARES_MAX = 4,
    COLUMNS_A_LOOK = 1024, /* columns loaded between two polls of the cancel */
    STRATEGY_DUAL = 1,     /* values of the option simplex_strategy */
    STRATEGY_PRIMAL = 4,
};

struct ifp_lp_environment {
    bool careful;
    bool dead;
    bool out_of_memory;
    const char *failed; /* the call that failed */
    size_t spares;
    void *spare[SPARES_MAX]; /* solver objects without a model */
};

/* A column or a row: its data for the next solve, and the results of the last solve. */
struct line {
    double cost; /* only columns */
    double lower;
    double upper;
    double value; /* columns: the value in the last point */
    double price; /* columns: the reduced cost; rows: the multiplier */
    char letter;  /* its character in the basis */
    bool changed; /* have its bounds changed since they were passed to HiGHS? */
};

struct lines {
    struct line *line;
    size_t count;
    size_t room;
    size_t passed; /* HiGHS has the first `passed` lines; the others are pending */
};

struct ifp_lp {
    struct ifp_lp_environment *environment;
    void *highs;
    struct lines columns;
    struct lines rows;
    /* Entries of the pending lines, which are all columns or all rows. */
    size_t starts_room;
    size_t entries;
    size_t entries_room;
    HighsInt *start; /* by pending line */
    HighsInt *index;
    double *value;
    bool basis_changed; /* since it was passed to HiGHS */
    bool factorised;    /* HiGHS has factorised the last solve's basis, and no change was passed */
    size_t room;        /* capacity in lines of the arrays below: the larger of columns and rows */
    HighsInt *status;   /* 2 per line */
    double *number;     /* 3 per line */
};

/* -- failing -- */

static int fatal(struct ifp_lp_environment *environment, struct ifp_error *error)
{
    if (environment->out_of_memory)
        return ifp_error_memory(error);
    return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "the LP solver failed: %s",
                         environment->failed ? environment->failed : "no reason given");
}

static bool failed(struct ifp_lp_environment *environment, HighsInt status, const char *call)
{
    if (status != IFP_HIGHS_ERROR)
        return false;
    environment->dead = true;
    environment->failed = call;
    return true;
}

static int guarded(struct ifp_lp_environment *environment, void (*work)(void *), void *argument,
                   struct ifp_error *error)
{
    if (environment->dead)
        return fatal(environment, error);
    enum ifp_highs_thrown thrown = ifp_highs_guard(work, argument);
    if (thrown != IFP_HIGHS_NOTHING) {
        environment->dead = true;
        environment->out_of_memory = thrown == IFP_HIGHS_MEMORY;
        environment->failed = "an exception";
    }
    return environment->dead ? fatal(environment, error) : IFP_OK;
}

/* Is the environment alive, and the index in range? */
static int check(struct ifp_lp_environment *environment, size_t index, size_t count,
                 struct ifp_error *error)
{
    if (!environment->dead && index >= count)
        (void)failed(environment, IFP_HIGHS_ERROR, "an index is out of range");
    return environment->dead ? fatal(environment, error) : IFP_OK;
}

/* `array` is the address of the pointer. A failure changes nothing. */
static bool grow(void *array, size_t *room, size_t count, size_t size)
{
    void *block;
    size_t more = 2 * count + 16;
    if (count <= *room)
        return true;
    memcpy(&block, array, sizeof block);
    block = count < INT_MAX / 4 ? realloc(block, more * size) : NULL;
    if (!block)
        return false;
    memcpy(array, &block, sizeof block);
    *room = more;
    return true;
}

/* -- solver objects -- */

static void destroy(void *argument)
{
    Highs_destroy(argument);
}

/* Options that this version of HiGHS does not know are ignored. */
static void set_options(void *highs, bool careful)
{
    Highs_setBoolOptionValue(highs, "output_flag", 0);
    Highs_setBoolOptionValue(highs, "log_to_console", 0);
    Highs_setStringOptionValue(highs, "solver", "simplex");
    Highs_setStringOptionValue(highs, "presolve", "off");
    Highs_setStringOptionValue(highs, "parallel", "off");
    Highs_setIntOptionValue(highs, "threads", 1);
    /* Rows are scaled already, to a limit of 1; plans are verified to 1e-6 of it. */
    Highs_setIntOptionValue(highs, "simplex_scale_strategy", 0);
    Highs_setDoubleOptionValue(highs, "primal_feasibility_tolerance", 1e-9);
    Highs_setDoubleOptionValue(highs, "dual_feasibility_tolerance", 1e-9);
    /* Matrix entries below the first are dropped. Only infinity counts as an infinite number. */
    Highs_setDoubleOptionValue(highs, "small_matrix_value", 1e-12);
    Highs_setDoubleOptionValue(highs, "infinite_cost", INFINITY);
    Highs_setDoubleOptionValue(highs, "infinite_bound", INFINITY);
    if (careful)
        Highs_setDoubleOptionValue(highs, "dual_simplex_cost_perturbation_multiplier", 0);
}

static void make_solver(void *argument)
{
    struct ifp_lp *lp = argument;
    struct ifp_lp_environment *environment = lp->environment;
    if (environment->spares) {
        lp->highs = environment->spare[--environment->spares];
        return;
    }
    lp->highs = Highs_create();
    if (!failed(environment, lp->highs ? IFP_HIGHS_OK : IFP_HIGHS_ERROR, "Highs_create"))
        set_options(lp->highs, environment->careful);
}

static void clear_solver(void *argument)
{
    struct ifp_lp *lp = argument;
    (void)failed(lp->environment, Highs_clearModel(lp->highs), "Highs_clearModel");
}

int ifp_lp_environment_new(bool careful, struct ifp_lp_environment **environment,
                           struct ifp_error *error)
{
    *environment = calloc(1, sizeof **environment);
    if (!*environment)
        return ifp_error_memory(error);
    (*environment)->careful = careful;
    return IFP_OK;
}

void ifp_lp_environment_free(struct ifp_lp_environment *environment)
{
    if (!environment)
        return;
    for (size_t s = 0; s < environment->spares; s++)
        (void)ifp_highs_guard(destroy, environment->spare[s]);
    free(environment);
}

/* -- the model -- */

/* Columns start at their cheaper bound, so the basis is dual feasible. */
static char standard_letter(const struct line *column)
{
    return column->cost < 0 ? 'u' : 'l';
}

static size_t line_count(const struct ifp_lp *lp)
{
    return lp->columns.count + lp->rows.count;
}

/* Columns first, then rows: the order of a basis. */
static struct line *line_at(const struct ifp_lp *lp, size_t at)
{
    return at < lp->columns.count ? &lp->columns.line[at] : &lp->rows.line[at - lp->columns.count];
}

/* Replace the basis by the standard one if `replace` is true, or if its number of basic lines is
 * not the number of rows. */
static void mend_basis(struct ifp_lp *lp, bool replace)
{
    size_t basic = 0;
    for (size_t l = 0; l < line_count(lp); l++)
        basic += line_at(lp, l)->letter == 'b';
    if (basic == lp->rows.count && !replace)
        return;
    for (size_t c = 0; c < lp->columns.count; c++)
        lp->columns.line[c].letter = standard_letter(&lp->columns.line[c]);
    for (size_t r = 0; r < lp->rows.count; r++)
        lp->rows.line[r].letter = 'b';
    lp->basis_changed = true;
}

/* Reserve capacity for one more line of `count` entries. */
static bool reserve(struct ifp_lp *lp, struct lines *lines, size_t count)
{
    size_t columns = lp->columns.count;
    size_t rows = lp->rows.count;
    size_t most = 1 + (columns > rows ? columns : rows);
    size_t pending = lines->count + 1 - lines->passed;
    size_t entries = lp->entries + count;
    /* These arrays share a capacity, which is updated when all of them have grown. */
    size_t entries_room = lp->entries_room;
    size_t room = lp->room;
    if (!grow(&lines->line, &lines->room, lines->count + 1, sizeof *lines->line) ||
        !grow(&lp->start, &lp->starts_room, pending, sizeof *lp->start) ||
        !grow(&lp->index, &(size_t){entries_room}, entries, sizeof *lp->index) ||
        !grow(&lp->value, &entries_room, entries, sizeof *lp->value) ||
        !grow(&lp->status, &(size_t){room}, most, 2 * sizeof *lp->status) ||
        !grow(&lp->number, &room, most, 3 * sizeof *lp->number))
        return false;
    lp->entries_room = entries_room;
    lp->room = room;
    return true;
}

static void pass_rows(struct ifp_lp *lp)
{
    struct lines *rows = &lp->rows;
    size_t count = rows->count - rows->passed;
    double *lower = lp->number;
    double *upper = lower + count;
    for (size_t r = 0; r < count; r++) {
        lower[r] = rows->line[rows->passed + r].lower;
        upper[r] = rows->line[rows->passed + r].upper;
    }
    if (failed(lp->environment,
               Highs_addRows(lp->highs, (HighsInt)count, lower, upper, (HighsInt)lp->entries,
                             lp->start, lp->index, lp->value),
               "Highs_addRows"))
        return;
    rows->passed = rows->count;
}

static void pass_columns(struct ifp_lp *lp)
{
    struct lines *columns = &lp->columns;
    size_t count = columns->count - columns->passed;
    double *cost = lp->number;
    double *lower = cost + count;
    double *upper = lower + count;
    for (size_t c = 0; c < count; c++) {
        cost[c] = columns->line[columns->passed + c].cost;
        lower[c] = columns->line[columns->passed + c].lower;
        upper[c] = columns->line[columns->passed + c].upper;
    }
    if (failed(lp->environment,
               Highs_addCols(lp->highs, (HighsInt)count, cost, lower, upper, (HighsInt)lp->entries,
                             lp->start, lp->index, lp->value),
               "Highs_addCols"))
        return;
    columns->passed = columns->count;
}

static void pass_lines(void *argument)
{
    struct ifp_lp *lp = argument;
    if (lp->rows.passed == lp->rows.count && lp->columns.passed == lp->columns.count)
        return;
    lp->factorised = false;
    if (lp->rows.passed < lp->rows.count)
        pass_rows(lp);
    else
        pass_columns(lp);
    lp->entries = 0;
}

typedef HighsInt change_bounds(void *highs, HighsInt count, const HighsInt *set,
                               const double *lower, const double *upper);

static void pass_bounds(struct ifp_lp *lp, struct lines *lines, change_bounds *change)
{
    size_t count = 0;
    double *lower = lp->number;
    double *upper = lower + lines->count;
    for (size_t l = 0; l < lines->count; l++) {
        struct line *line = &lines->line[l];
        if (!line->changed)
            continue;
        line->changed = false;
        lp->status[count] = (HighsInt)l;
        lower[count] = line->lower;
        upper[count++] = line->upper;
    }
    if (!count)
        return;
    lp->factorised = false;
    (void)failed(lp->environment, change(lp->highs, (HighsInt)count, lp->status, lower, upper),
                 "changing bounds");
}

static HighsInt status_of(const struct line *line)
{
    if (line->letter == 'b')
        return IFP_HIGHS_BASIS_BASIC;
    bool upper = line->letter == 'u';
    /* A status that contradicts the bounds is replaced by one that fits. */
    if (upper ? isinf(line->upper) : isinf(line->lower))
        upper = !upper;
    if (upper ? isinf(line->upper) : isinf(line->lower))
        return IFP_HIGHS_BASIS_ZERO;
    return upper ? IFP_HIGHS_BASIS_UPPER : IFP_HIGHS_BASIS_LOWER;
}

static void pass_basis(struct ifp_lp *lp)
{
    mend_basis(lp, false);
    for (size_t l = 0; l < line_count(lp); l++)
        lp->status[l] = status_of(line_at(lp, l));
    lp->basis_changed = false;
    lp->factorised = false;
    (void)failed(lp->environment,
                 Highs_setBasis(lp->highs, lp->status, lp->status + lp->columns.count),
                 "Highs_setBasis");
}

static void pass_all(struct ifp_lp *lp)
{
    pass_lines(lp);
    if (!lp->environment->dead)
        pass_bounds(lp, &lp->columns, Highs_changeColsBoundsBySet);
    if (!lp->environment->dead)
        pass_bounds(lp, &lp->rows, Highs_changeRowsBoundsBySet);
    if (!lp->environment->dead && lp->basis_changed)
        pass_basis(lp);
}

/* Record a line with its entries. Pending lines of the other kind are passed to HiGHS first, since
 * the entries may refer to them. */
static int append(struct ifp_lp *lp, struct lines *lines, const struct line *line, size_t count,
                  const size_t *index, const double *value, struct ifp_error *error)
{
    const struct lines *others = lines == &lp->rows ? &lp->columns : &lp->rows;
    int code = lp->environment->dead ? fatal(lp->environment, error) : IFP_OK;
    for (size_t e = 0; !code && e < count; e++)
        code = check(lp->environment, index[e], others->count, error);
    if (!code && others->passed < others->count)
        code = guarded(lp->environment, pass_lines, lp, error);
    if (!code && !reserve(lp, lines, count))
        code = ifp_error_memory(error);
    if (code)
        return code;
    lp->start[lines->count - lines->passed] = (HighsInt)lp->entries;
    for (size_t e = 0; e < count; e++) {
        lp->index[lp->entries] = (HighsInt)index[e];
        lp->value[lp->entries++] = value[e];
    }
    lines->line[lines->count++] = *line;
    return IFP_OK;
}

int ifp_lp_add_row(struct ifp_lp *lp, double lower, double upper, size_t count, const size_t *index,
                   const double *value, struct ifp_error *error)
{
    const struct line row = {.lower = lower, .upper = upper, .letter = 'b'};
    return append(lp, &lp->rows, &row, count, index, value, error);
}

int ifp_lp_add_column(struct ifp_lp *lp, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error)
{
    const struct line column = {.cost = cost, .lower = lower, .upper = upper, .letter = 'l'};
    return append(lp, &lp->columns, &column, count, row, value, error);
}

int ifp_lp_new(struct ifp_lp_environment *environment, size_t columns, const double *cost,
               const double *lower, const double *upper, const struct ifp_cancel *cancel,
               struct ifp_lp **lp, struct ifp_error *error)
{
    bool cancelled = false;
    *lp = NULL;
    if (!columns || columns >= INT_MAX / 4)
        return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "%zu columns are not an LP", columns);
    struct ifp_lp *made = calloc(1, sizeof *made);
    if (!made)
        return ifp_error_memory(error);
    made->environment = environment;
    int code = guarded(environment, make_solver, made, error);
    for (size_t c = 0; !code && !cancelled && c < columns; c++) {
        cancelled = c % COLUMNS_A_LOOK == 0 && ifp_is_cancelled(cancel);
        struct line column = {.cost = cost[c], .lower = lower[c], .upper = upper[c]};
        column.letter = standard_letter(&column);
        code = append(made, &made->columns, &column, 0, NULL, NULL, error);
    }
    made->basis_changed = true;
    if (code || cancelled) {
        ifp_lp_free(made);
        return code;
    }
    *lp = made;
    return IFP_OK;
}

void ifp_lp_free(struct ifp_lp *lp)
{
    if (!lp)
        return;
    struct ifp_lp_environment *environment = lp->environment;
    bool keep = lp->highs && environment->spares < SPARES_MAX &&
                !guarded(environment, clear_solver, lp, NULL);
    if (keep)
        environment->spare[environment->spares++] = lp->highs;
    else if (lp->highs)
        (void)ifp_highs_guard(destroy, lp->highs);
    free(lp->columns.line);
    free(lp->rows.line);
    free(lp->start);
    free(lp->index);
    free(lp->value);
    free(lp->status);
    free(lp->number);
    free(lp);
}

static int set_bounds(struct ifp_lp *lp, struct lines *lines, size_t at, double lower, double upper,
                      struct ifp_error *error)
{
    int code = check(lp->environment, at, lines->count, error);
    if (code)
        return code;
    struct line *line = &lines->line[at];
    if (line->lower == lower && line->upper == upper)
        return IFP_OK;
    line->lower = lower;
    line->upper = upper;
    line->changed = at < lines->passed;
    return IFP_OK;
}

int ifp_lp_set_column_bounds(struct ifp_lp *lp, size_t column, double lower, double upper,
                             struct ifp_error *error)
{
    return set_bounds(lp, &lp->columns, column, lower, upper, error);
}

int ifp_lp_set_row_bounds(struct ifp_lp *lp, size_t row, double lower, double upper,
                          struct ifp_error *error)
{
    return set_bounds(lp, &lp->rows, row, lower, upper, error);
}

/* lp->status is the mask of the lines to delete. */
static void pass_deletion(struct ifp_lp *lp, bool columns)
{
    void *highs = lp->highs;
    HighsInt status = columns ? Highs_deleteColsByMask(highs, lp->status)
                              : Highs_deleteRowsByMask(highs, lp->status);
    lp->factorised = false;
    lp->basis_changed = true;
    (void)failed(lp->environment, status, columns ? "deleting columns" : "deleting rows");
}

static void delete_rows(void *argument)
{
    pass_deletion(argument, false);
}

static void delete_columns(void *argument)
{
    pass_deletion(argument, true);
}

static int delete_some(struct ifp_lp *lp, struct lines *lines, size_t count, const size_t *which,
                       struct ifp_error *error)
{
    bool columns = lines == &lp->columns;
    if (!count)
        return IFP_OK;
    bool basis_lost = false;
    int code = guarded(lp->environment, pass_lines, lp, error);
    for (size_t l = 0; !code && l < lines->count; l++)
        lp->status[l] = 0;
    for (size_t k = 0; !code && k < count; k++) {
        code = check(lp->environment, which[k], lines->count, error);
        if (!code)
            lp->status[which[k]] = 1;
        basis_lost |= !code && columns == (lines->line[which[k]].letter == 'b');
    }
    if (code)
        return code;
    size_t kept = 0;
    for (size_t l = 0; l < lines->count; l++) {
        if (!lp->status[l])
            lines->line[kept++] = lines->line[l];
    }
    code = guarded(lp->environment, columns ? delete_columns : delete_rows, lp, error);
    lines->count = lines->passed = kept;
    mend_basis(lp, basis_lost);
    return code;
}

int ifp_lp_delete_rows(struct ifp_lp *lp, size_t count, const size_t *rows, struct ifp_error *error)
{
    return delete_some(lp, &lp->rows, count, rows, error);
}

int ifp_lp_delete_columns(struct ifp_lp *lp, size_t count, const size_t *columns,
                          struct ifp_error *error)
{
    return delete_some(lp, &lp->columns, count, columns, error);
}

size_t ifp_lp_size(const struct ifp_lp *lp)
{
    return lp->environment->dead ? 0 : line_count(lp);
}

/* -- solving -- */

struct solve {
    struct ifp_lp *lp;
    const struct ifp_lp_limits *limits;
    struct ifp_lp_result *result;
};

static void set_limits(void *highs, const struct ifp_lp_limits *limits)
{
    /* HiGHS measures the run time over all solves. */
    Highs_setDoubleOptionValue(highs, "time_limit",
                               Highs_getRunTime(highs) + fmax(0, limits->seconds));
    Highs_setDoubleOptionValue(highs, "objective_bound", limits->cutoff);
    Highs_setIntOptionValue(highs, "simplex_iteration_limit", limits->iterations);
    Highs_setIntOptionValue(highs, "simplex_strategy",
                            limits->primal ? STRATEGY_PRIMAL : STRATEGY_DUAL);
}

static enum ifp_lp_status run(void *highs)
{
    if (Highs_run(highs) == IFP_HIGHS_ERROR)
        return IFP_LP_TROUBLE;
    HighsInt status = Highs_getModelStatus(highs);
    if (status == IFP_HIGHS_MODEL_OPTIMAL)
        return IFP_LP_OPTIMAL;
    if (status == IFP_HIGHS_MODEL_INFEASIBLE)
        return IFP_LP_INFEASIBLE;
    if (status == IFP_HIGHS_MODEL_OBJECTIVE_BOUND)
        return IFP_LP_CUTOFF;
    if (status == IFP_HIGHS_MODEL_TIME_LIMIT || status == IFP_HIGHS_MODEL_ITERATION_LIMIT)
        return IFP_LP_LIMIT;
    return IFP_LP_TROUBLE;
}

/* Numbers that HiGHS does not have become 0: after a failure it has no point. */
static void read_solution(struct ifp_lp *lp)
{
    void *highs = lp->highs;
    size_t columns = lp->columns.count;
    size_t rows = lp->rows.count;
    double *value = lp->number;
    double *reduced = value + columns;
    double *multiplier = lp->number + 2 * lp->room;
    for (size_t c = 0; c < 2 * columns; c++)
        value[c] = 0;
    for (size_t r = 0; r < rows; r++)
        multiplier[r] = 0;
    Highs_getSolution(highs, value, reduced, NULL, multiplier);
    for (size_t c = 0; c < columns; c++) {
        lp->columns.line[c].value = value[c];
        lp->columns.line[c].price = reduced[c];
    }
    for (size_t r = 0; r < rows; r++)
        lp->rows.line[r].price = multiplier[r];
}

static char letter_of(HighsInt status)
{
    return status == IFP_HIGHS_BASIS_BASIC ? 'b' : status == IFP_HIGHS_BASIS_UPPER ? 'u' : 'l';
}

static void read_basis(struct ifp_lp *lp)
{
    for (size_t l = 0; l < line_count(lp); l++)
        lp->status[l] = IFP_HIGHS_BASIS_NONBASIC;
    Highs_getBasis(lp->highs, lp->status, lp->status + lp->columns.count);
    for (size_t l = 0; l < line_count(lp); l++)
        line_at(lp, l)->letter = letter_of(lp->status[l]);
    mend_basis(lp, false);
}

static void read_ray(struct ifp_lp *lp, struct ifp_lp_result *result)
{
    HighsInt there = 0;
    double *ray = lp->number;
    /* If the matrix is empty, HiGHS does not run its simplex method. A row that excludes 0 is then
     * the proof. */
    for (size_t r = 0; r < lp->rows.count && Highs_getNumNz(lp->highs) == 0; r++) {
        const struct line *row = &lp->rows.line[r];
        lp->rows.line[r].price = result->ray ? 0 : row->lower > 0 ? 1 : row->upper < 0 ? -1 : 0;
        result->ray |= lp->rows.line[r].price != 0;
    }
    if (result->ray)
        return;
    /* First ask only whether there is a ray: asked for its values, HiGHS would solve again. */
    if (Highs_getDualRay(lp->highs, &there, NULL) == IFP_HIGHS_ERROR || !there ||
        Highs_getDualRay(lp->highs, &there, ray) == IFP_HIGHS_ERROR || !there)
        return;
    for (size_t r = 0; r < lp->rows.count; r++)
        lp->rows.line[r].price = ray[r];
    result->ray = true;
}

static void solve_once(void *argument)
{
    const struct solve *solve = argument;
    struct ifp_lp *lp = solve->lp;
    struct ifp_lp_result *result = solve->result;
    void *highs = lp->highs;
    HighsInt iterations = 0;
    pass_all(lp);
    if (lp->environment->dead)
        return;
    set_limits(highs, solve->limits);
    result->status = run(highs);
    if (result->status == IFP_LP_TROUBLE) {
        /* Retry from the standard basis. If the host program has used HiGHS on this thread with
         * more threads, HiGHS refuses our thread count: 0 accepts the existing threads, of which
         * the simplex method uses one. */
        Highs_setIntOptionValue(highs, "threads", 0);
        Highs_clearSolver(highs);
        mend_basis(lp, true);
        pass_all(lp);
        if (lp->environment->dead)
            return;
        result->status = run(highs);
    }
    read_basis(lp);
    lp->factorised = result->status == IFP_LP_OPTIMAL;
    /* If the matrix is empty, some versions of HiGHS leave a basis without rows. */
    if (Highs_getNumNz(highs) == 0) {
        lp->basis_changed = true;
        lp->factorised = false;
    }
    read_solution(lp);
    Highs_getDoubleInfoValue(highs, "objective_function_value", &result->objective);
    Highs_getIntInfoValue(highs, "simplex_iteration_count", &iterations);
    result->iterations = iterations > 0 ? (int)iterations : 0;
    if (result->status == IFP_LP_INFEASIBLE && lp->rows.count)
        read_ray(lp, result);
}

int ifp_lp_solve(struct ifp_lp *lp, const struct ifp_lp_limits *limits,
                 struct ifp_lp_result *result, struct ifp_error *error)
{
    *result = (struct ifp_lp_result){.status = IFP_LP_TROUBLE};
    struct solve solve = {lp, limits, result};
    return guarded(lp->environment, solve_once, &solve, error);
}

/* -- reading -- */

int ifp_lp_point(struct ifp_lp *lp, double *point, struct ifp_error *error)
{
    if (lp->environment->dead)
        return fatal(lp->environment, error);
    for (size_t c = 0; c < lp->columns.count; c++)
        point[c] = lp->columns.line[c].value;
    return IFP_OK;
}

int ifp_lp_multipliers(struct ifp_lp *lp, double *multipliers, struct ifp_error *error)
{
    if (lp->environment->dead)
        return fatal(lp->environment, error);
    for (size_t r = 0; r < lp->rows.count; r++)
        multipliers[r] = lp->rows.line[r].price;
    return IFP_OK;
}

int ifp_lp_reduced_costs(struct ifp_lp *lp, double *reduced, struct ifp_error *error)
{
    if (lp->environment->dead)
        return fatal(lp->environment, error);
    for (size_t c = 0; c < lp->columns.count; c++)
        reduced[c] = lp->columns.line[c].price;
    return IFP_OK;
}

struct tableau_row {
    struct ifp_lp *lp;
    size_t column;
    double *multipliers;
};

static void read_tableau_row(void *argument)
{
    const struct tableau_row *row = argument;
    struct ifp_lp *lp = row->lp;
    void *highs = lp->highs;
    if (Highs_getBasicVariables(highs, lp->status) == IFP_HIGHS_ERROR)
        return;
    for (size_t r = 0; r < lp->rows.count; r++) {
        if (lp->status[r] != (HighsInt)row->column)
            continue;
        if (Highs_getBasisInverseRow(highs, (HighsInt)r, lp->number, NULL, NULL) != IFP_HIGHS_ERROR)
            memcpy(row->multipliers, lp->number, lp->rows.count * sizeof *lp->number);
        return;
    }
}

int ifp_lp_tableau_row(struct ifp_lp *lp, size_t column, double *multipliers,
                       struct ifp_error *error)
{
    if (lp->environment->dead)
        return fatal(lp->environment, error);
    for (size_t r = 0; r < lp->rows.count; r++)
        multipliers[r] = 0;
    if (!lp->factorised || lp->columns.line[column].letter != 'b' ||
        lp->rows.passed < lp->rows.count)
        return IFP_OK;
    struct tableau_row row = {lp, column, multipliers};
    return guarded(lp->environment, read_tableau_row, &row, error);
}

int ifp_lp_get_basis(struct ifp_lp *lp, char *basis, struct ifp_error *error)
{
    if (lp->environment->dead)
        return fatal(lp->environment, error);
    for (size_t l = 0; l < line_count(lp); l++)
        basis[l] = line_at(lp, l)->letter;
    return IFP_OK;
}

int ifp_lp_set_basis(struct ifp_lp *lp, const char *basis, size_t rows, struct ifp_error *error)
{
    if (lp->environment->dead)
        return fatal(lp->environment, error);
    bool changed = false;
    for (size_t l = 0; l < line_count(lp); l++) {
        struct line *line = line_at(lp, l);
        char letter = l < lp->columns.count + rows ? basis[l] : 'b';
        changed |= line->letter != letter;
        line->letter = letter;
    }
    /* If HiGHS has this basis already, it keeps its factors. */
    lp->basis_changed |= changed;
    return IFP_OK;
}

const char *ifp_lp_solver(void)
{
    return "HiGHS";
}
