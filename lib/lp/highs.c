/* SPDX-License-Identifier: MIT */
/*
 * The backend for HiGHS, by its C interface: environments, LPs and their changes. It differs from
 * the backend for GLPK in these points:
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
#include "lp/highs_lp.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_PER_POLL = 1024 }; /* columns loaded between two polls of the cancel */

/* -- failing -- */

int ifp_highs_fatal(struct ifp_highs_environment *environment, struct ifp_error *error)
{
    if (environment->out_of_memory)
        return ifp_error_memory(error);
    return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "the LP solver failed: %s",
                         environment->failed ? environment->failed : "no reason given");
}

bool ifp_highs_has_failed(struct ifp_highs_environment *environment, HighsInt status,
                          const char *call)
{
    if (status != IFP_HIGHS_ERROR)
        return false;
    environment->dead = true;
    environment->failed = call;
    return true;
}

int ifp_highs_guarded(struct ifp_highs_environment *environment, void (*work)(void *),
                      void *argument, struct ifp_error *error)
{
    if (environment->dead)
        return ifp_highs_fatal(environment, error);
    enum ifp_highs_thrown thrown = ifp_highs_guard(work, argument);
    if (thrown != IFP_HIGHS_NOTHING) {
        environment->dead = true;
        environment->out_of_memory = thrown == IFP_HIGHS_MEMORY;
        environment->failed = "an exception";
    }
    return environment->dead ? ifp_highs_fatal(environment, error) : IFP_OK;
}

/* Is the environment alive, and the index in range? */
static int check(struct ifp_highs_environment *environment, size_t index, size_t count,
                 struct ifp_error *error)
{
    if (!environment->dead && index >= count)
        (void)ifp_highs_has_failed(environment, IFP_HIGHS_ERROR, "an index is out of range");
    return environment->dead ? ifp_highs_fatal(environment, error) : IFP_OK;
}

/* `array` is the address of the pointer. A failure changes nothing. */
static bool grow(void *array, size_t *capacity, size_t count, size_t size)
{
    void *block;
    size_t more = 2 * count + 16;
    if (count <= *capacity)
        return true;
    memcpy(&block, array, sizeof block);
    block = count < INT_MAX / 4 ? realloc(block, more * size) : NULL;
    if (!block)
        return false;
    memcpy(array, &block, sizeof block);
    *capacity = more;
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
    struct ifp_highs_lp *lp = argument;
    struct ifp_highs_environment *environment = lp->environment;
    if (environment->spares) {
        lp->highs = environment->spare[--environment->spares];
        return;
    }
    lp->highs = Highs_create();
    if (!ifp_highs_has_failed(environment, lp->highs ? IFP_HIGHS_OK : IFP_HIGHS_ERROR,
                              "Highs_create"))
        set_options(lp->highs, environment->careful);
}

static void clear_solver(void *argument)
{
    struct ifp_highs_lp *lp = argument;
    (void)ifp_highs_has_failed(lp->environment, Highs_clearModel(lp->highs), "Highs_clearModel");
}

static int environment_new(bool careful, void **environment, struct ifp_error *error)
{
    struct ifp_highs_environment *made = calloc(1, sizeof *made);
    *environment = made;
    if (!made)
        return ifp_error_memory(error);
    made->careful = careful;
    return IFP_OK;
}

static void environment_free(void *environment)
{
    struct ifp_highs_environment *ours = environment;
    for (size_t s = 0; s < ours->spares; s++)
        (void)ifp_highs_guard(destroy, ours->spare[s]);
    free(ours);
}

/* -- the model -- */

/* Columns start at their cheaper bound, so the basis is dual feasible. */
static char standard_letter(const struct ifp_highs_line *column)
{
    return column->cost < 0 ? 'u' : 'l';
}

size_t ifp_highs_line_count(const struct ifp_highs_lp *lp)
{
    return lp->columns.count + lp->rows.count;
}

struct ifp_highs_line *ifp_highs_line_at(const struct ifp_highs_lp *lp, size_t at)
{
    return at < lp->columns.count ? &lp->columns.line[at] : &lp->rows.line[at - lp->columns.count];
}

void ifp_highs_mend_basis(struct ifp_highs_lp *lp, bool replace)
{
    size_t basic = 0;
    for (size_t l = 0; l < ifp_highs_line_count(lp); l++)
        basic += ifp_highs_line_at(lp, l)->letter == 'b';
    if (basic == lp->rows.count && !replace)
        return;
    for (size_t c = 0; c < lp->columns.count; c++)
        lp->columns.line[c].letter = standard_letter(&lp->columns.line[c]);
    for (size_t r = 0; r < lp->rows.count; r++)
        lp->rows.line[r].letter = 'b';
    lp->basis_changed = true;
}

/* Reserve capacity for one more line of `count` entries. */
static bool reserve(struct ifp_highs_lp *lp, struct ifp_highs_lines *lines, size_t count)
{
    size_t columns = lp->columns.count;
    size_t rows = lp->rows.count;
    size_t maximum = 1 + (columns > rows ? columns : rows);
    size_t pending = lines->count + 1 - lines->passed;
    size_t entries = lp->entries + count;
    /* These arrays share a capacity, which is updated when all of them have grown. */
    size_t entries_capacity = lp->entries_capacity;
    size_t capacity = lp->capacity;
    if (!grow(&lines->line, &lines->capacity, lines->count + 1, sizeof *lines->line) ||
        !grow(&lp->start, &lp->starts_capacity, pending, sizeof *lp->start) ||
        !grow(&lp->index, &(size_t){entries_capacity}, entries, sizeof *lp->index) ||
        !grow(&lp->value, &entries_capacity, entries, sizeof *lp->value) ||
        !grow(&lp->status, &(size_t){capacity}, maximum, 2 * sizeof *lp->status) ||
        !grow(&lp->number, &capacity, maximum, 3 * sizeof *lp->number))
        return false;
    lp->entries_capacity = entries_capacity;
    lp->capacity = capacity;
    return true;
}

static void pass_rows(struct ifp_highs_lp *lp)
{
    struct ifp_highs_lines *rows = &lp->rows;
    size_t count = rows->count - rows->passed;
    double *lower = lp->number;
    double *upper = lower + count;
    for (size_t r = 0; r < count; r++) {
        lower[r] = rows->line[rows->passed + r].lower;
        upper[r] = rows->line[rows->passed + r].upper;
    }
    if (ifp_highs_has_failed(lp->environment,
                             Highs_addRows(lp->highs, (HighsInt)count, lower, upper,
                                           (HighsInt)lp->entries, lp->start, lp->index, lp->value),
                             "Highs_addRows"))
        return;
    rows->passed = rows->count;
}

static void pass_columns(struct ifp_highs_lp *lp)
{
    struct ifp_highs_lines *columns = &lp->columns;
    size_t count = columns->count - columns->passed;
    double *cost = lp->number;
    double *lower = cost + count;
    double *upper = lower + count;
    for (size_t c = 0; c < count; c++) {
        cost[c] = columns->line[columns->passed + c].cost;
        lower[c] = columns->line[columns->passed + c].lower;
        upper[c] = columns->line[columns->passed + c].upper;
    }
    if (ifp_highs_has_failed(lp->environment,
                             Highs_addCols(lp->highs, (HighsInt)count, cost, lower, upper,
                                           (HighsInt)lp->entries, lp->start, lp->index, lp->value),
                             "Highs_addCols"))
        return;
    columns->passed = columns->count;
}

static void pass_lines(void *argument)
{
    struct ifp_highs_lp *lp = argument;
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

static void pass_bounds(struct ifp_highs_lp *lp, struct ifp_highs_lines *lines,
                        change_bounds *change)
{
    size_t count = 0;
    double *lower = lp->number;
    double *upper = lower + lines->count;
    for (size_t l = 0; l < lines->count; l++) {
        struct ifp_highs_line *line = &lines->line[l];
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
    (void)ifp_highs_has_failed(lp->environment,
                               change(lp->highs, (HighsInt)count, lp->status, lower, upper),
                               "changing bounds");
}

static HighsInt status_of(const struct ifp_highs_line *line)
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

static void pass_basis(struct ifp_highs_lp *lp)
{
    ifp_highs_mend_basis(lp, false);
    for (size_t l = 0; l < ifp_highs_line_count(lp); l++)
        lp->status[l] = status_of(ifp_highs_line_at(lp, l));
    lp->basis_changed = false;
    lp->factorised = false;
    (void)ifp_highs_has_failed(
        lp->environment, Highs_setBasis(lp->highs, lp->status, lp->status + lp->columns.count),
        "Highs_setBasis");
}

void ifp_highs_pass_all(struct ifp_highs_lp *lp)
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
static int append(struct ifp_highs_lp *lp, struct ifp_highs_lines *lines,
                  const struct ifp_highs_line *line, size_t count, const size_t *index,
                  const double *value, struct ifp_error *error)
{
    const struct ifp_highs_lines *others = lines == &lp->rows ? &lp->columns : &lp->rows;
    int code = lp->environment->dead ? ifp_highs_fatal(lp->environment, error) : IFP_OK;
    for (size_t e = 0; !code && e < count; e++)
        code = check(lp->environment, index[e], others->count, error);
    if (!code && others->passed < others->count)
        code = ifp_highs_guarded(lp->environment, pass_lines, lp, error);
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

static int add_row(struct ifp_lp *base, double lower, double upper, size_t count,
                   const size_t *index, const double *value, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    const struct ifp_highs_line row = {.lower = lower, .upper = upper, .letter = 'b'};
    return append(lp, &lp->rows, &row, count, index, value, error);
}

static int add_column(struct ifp_lp *base, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    const struct ifp_highs_line column = {
        .cost = cost, .lower = lower, .upper = upper, .letter = 'l'};
    return append(lp, &lp->columns, &column, count, row, value, error);
}

static void lp_free(struct ifp_lp *base)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    struct ifp_highs_environment *environment = lp->environment;
    bool keep = lp->highs && environment->spares < IFP_HIGHS_SPARES_MAX &&
                !ifp_highs_guarded(environment, clear_solver, lp, NULL);
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

static int lp_new(void *environment, size_t columns, const double *cost, const double *lower,
                  const double *upper, const struct ifp_cancel *cancel, struct ifp_lp **lp,
                  struct ifp_error *error)
{
    bool cancelled = false;
    *lp = NULL;
    if (!columns || columns >= INT_MAX / 4)
        return ifp_error_set(error, IFP_ERROR_ENGINE, NULL, "%zu columns are not an LP", columns);
    struct ifp_highs_lp *made = calloc(1, sizeof *made);
    if (!made)
        return ifp_error_memory(error);
    made->base.backend = &ifp_lp_highs;
    made->environment = environment;
    int code = ifp_highs_guarded(made->environment, make_solver, made, error);
    for (size_t c = 0; !code && !cancelled && c < columns; c++) {
        cancelled = c % COLUMNS_PER_POLL == 0 && ifp_is_cancelled(cancel);
        struct ifp_highs_line column = {.cost = cost[c], .lower = lower[c], .upper = upper[c]};
        column.letter = standard_letter(&column);
        code = append(made, &made->columns, &column, 0, NULL, NULL, error);
    }
    made->basis_changed = true;
    if (code || cancelled) {
        lp_free(&made->base);
        return code;
    }
    *lp = &made->base;
    return IFP_OK;
}

struct copy {
    struct ifp_highs_lp *to;
    const struct ifp_highs_lp *from;
};

/* `to` is empty, and has the lines and the capacity for the entries. */
static void copy_model(void *argument)
{
    const struct copy *copy = argument;
    struct ifp_highs_lp *lp = copy->to;
    HighsInt columns = 0;
    HighsInt entries = 0;
    if (ifp_highs_has_failed(lp->environment,
                             Highs_getColsByRange(copy->from->highs, 0,
                                                  (HighsInt)lp->columns.count - 1, &columns,
                                                  lp->number, lp->number + lp->capacity,
                                                  lp->number + 2 * lp->capacity, &entries,
                                                  lp->start, lp->index, lp->value),
                             "Highs_getColsByRange"))
        return;
    if (lp->rows.count)
        pass_rows(lp);
    lp->entries = (size_t)entries;
    if (!lp->environment->dead)
        pass_columns(lp);
    lp->entries = 0;
}

static void copy_lines(struct ifp_highs_lines *to, const struct ifp_highs_lines *from)
{
    if (from->count)
        memcpy(to->line, from->line, from->count * sizeof *to->line);
    to->count = from->count;
    for (size_t l = 0; l < to->count; l++)
        to->line[l].changed = false;
}

/* Reserve capacity for the lines and entries of another LP, which has no pending lines. */
static bool reserve_as(struct ifp_highs_lp *lp, const struct ifp_highs_lp *from)
{
    size_t entries_capacity = lp->entries_capacity;
    size_t capacity = lp->capacity;
    size_t entries = (size_t)Highs_getNumNz(from->highs);
    size_t maximum =
        from->columns.count > from->rows.count ? from->columns.count : from->rows.count;
    if (!grow(&lp->columns.line, &lp->columns.capacity, from->columns.count,
              sizeof *lp->rows.line) ||
        !grow(&lp->rows.line, &lp->rows.capacity, from->rows.count, sizeof *lp->rows.line) ||
        !grow(&lp->start, &lp->starts_capacity, from->columns.count, sizeof *lp->start) ||
        !grow(&lp->index, &(size_t){entries_capacity}, entries, sizeof *lp->index) ||
        !grow(&lp->value, &entries_capacity, entries, sizeof *lp->value) ||
        !grow(&lp->status, &(size_t){capacity}, maximum, 2 * sizeof *lp->status) ||
        !grow(&lp->number, &capacity, maximum, 3 * sizeof *lp->number))
        return false;
    lp->entries_capacity = entries_capacity;
    lp->capacity = capacity;
    return true;
}

static int copy_lp(struct ifp_lp **to, struct ifp_lp *from, struct ifp_error *error)
{
    struct ifp_highs_lp *source = ifp_highs_of(from);
    struct ifp_highs_environment *environment = source->environment;
    int code = ifp_highs_guarded(environment, pass_lines, source, error);
    if (!*to) {
        struct ifp_highs_lp *made = code ? NULL : calloc(1, sizeof *made);
        if (!made)
            return code ? code : ifp_error_memory(error);
        made->base.backend = &ifp_lp_highs;
        made->environment = environment;
        *to = &made->base;
        code = ifp_highs_guarded(environment, make_solver, made, error);
    } else if (!code) {
        code = ifp_highs_guarded(environment, clear_solver, ifp_highs_of(*to), error);
    }
    struct ifp_highs_lp *lp = ifp_highs_of(*to);
    lp->columns.count = lp->columns.passed = lp->rows.count = lp->rows.passed = lp->entries = 0;
    if (!code && !reserve_as(lp, source))
        code = ifp_error_memory(error);
    if (code)
        return code;
    copy_lines(&lp->columns, &source->columns);
    copy_lines(&lp->rows, &source->rows);
    lp->basis_changed = true;
    lp->factorised = false;
    struct copy copy = {lp, source};
    return ifp_highs_guarded(environment, copy_model, &copy, error);
}

static int set_bounds(struct ifp_highs_lp *lp, struct ifp_highs_lines *lines, size_t at,
                      double lower, double upper, struct ifp_error *error)
{
    int code = check(lp->environment, at, lines->count, error);
    if (code)
        return code;
    struct ifp_highs_line *line = &lines->line[at];
    if (line->lower == lower && line->upper == upper)
        return IFP_OK;
    line->lower = lower;
    line->upper = upper;
    line->changed = at < lines->passed;
    return IFP_OK;
}

static int set_column_bounds(struct ifp_lp *base, size_t column, double lower, double upper,
                             struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    return set_bounds(lp, &lp->columns, column, lower, upper, error);
}

static int set_row_bounds(struct ifp_lp *base, size_t row, double lower, double upper,
                          struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    return set_bounds(lp, &lp->rows, row, lower, upper, error);
}

/* lp->status is the mask of the lines to delete. */
static void pass_deletion(struct ifp_highs_lp *lp, bool columns)
{
    void *highs = lp->highs;
    HighsInt status = columns ? Highs_deleteColsByMask(highs, lp->status)
                              : Highs_deleteRowsByMask(highs, lp->status);
    lp->factorised = false;
    lp->basis_changed = true;
    (void)ifp_highs_has_failed(lp->environment, status,
                               columns ? "deleting columns" : "deleting rows");
}

static void drop_rows(void *argument)
{
    pass_deletion(argument, false);
}

static void drop_columns(void *argument)
{
    pass_deletion(argument, true);
}

static int delete_some(struct ifp_highs_lp *lp, struct ifp_highs_lines *lines, size_t count,
                       const size_t *which, struct ifp_error *error)
{
    bool columns = lines == &lp->columns;
    if (!count)
        return IFP_OK;
    bool basis_lost = false;
    int code = ifp_highs_guarded(lp->environment, pass_lines, lp, error);
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
    code = ifp_highs_guarded(lp->environment, columns ? drop_columns : drop_rows, lp, error);
    lines->count = lines->passed = kept;
    ifp_highs_mend_basis(lp, basis_lost);
    return code;
}

static int delete_rows(struct ifp_lp *base, size_t count, const size_t *rows,
                       struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    return delete_some(lp, &lp->rows, count, rows, error);
}

static int delete_columns(struct ifp_lp *base, size_t count, const size_t *columns,
                          struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    return delete_some(lp, &lp->columns, count, columns, error);
}

static size_t get_size(const struct ifp_lp *base)
{
    const struct ifp_highs_lp *lp = ifp_highs_of_const(base);
    return lp->environment->dead ? 0 : ifp_highs_line_count(lp);
}

/* -- the basis -- */

static int get_basis(struct ifp_lp *base, char *basis, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    if (lp->environment->dead)
        return ifp_highs_fatal(lp->environment, error);
    for (size_t l = 0; l < ifp_highs_line_count(lp); l++)
        basis[l] = ifp_highs_line_at(lp, l)->letter;
    return IFP_OK;
}

static int set_basis(struct ifp_lp *base, const char *basis, size_t rows, struct ifp_error *error)
{
    struct ifp_highs_lp *lp = ifp_highs_of(base);
    if (lp->environment->dead)
        return ifp_highs_fatal(lp->environment, error);
    bool changed = false;
    for (size_t l = 0; l < ifp_highs_line_count(lp); l++) {
        struct ifp_highs_line *line = ifp_highs_line_at(lp, l);
        char letter = l < lp->columns.count + rows ? basis[l] : 'b';
        changed |= line->letter != letter;
        line->letter = letter;
    }
    /* If HiGHS has this basis already, it keeps its factors. */
    lp->basis_changed |= changed;
    return IFP_OK;
}

static bool row_is_basic(const struct ifp_lp *base, size_t row)
{
    const struct ifp_highs_lp *lp = ifp_highs_of_const(base);
    return row < lp->rows.count && lp->rows.line[row].letter == 'b';
}

const struct ifp_lp_backend ifp_lp_highs = {
    .name = "HiGHS",
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
    .solve = ifp_highs_solve,
    .point = ifp_highs_point,
    .multipliers = ifp_highs_multipliers,
    .reduced_costs = ifp_highs_reduced_costs,
    .tableau_row = ifp_highs_tableau_row,
    .get_basis = get_basis,
    .set_basis = set_basis,
    .row_is_basic = row_is_basic,
};
