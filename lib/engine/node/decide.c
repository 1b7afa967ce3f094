/* SPDX-License-Identifier: MIT */
/* A bound for a node whose LP is too hard for doubles. */
#include "engine/node/decide.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/compact/safe_bound.h"
#include "engine/tuning.h"
#include "util/wide.h"

/* The relative error of an operation in pairs of doubles is less than this. */
static const double WIDE_EPSILON = 1e-29;

/* A row, or the cost in the form of a row. */
struct line {
    size_t count;
    const size_t *index; /* if NULL, entry e is in column e */
    const double *value;
    double lower;
    double upper;
    double error; /* relative error of a coefficient or limit */
    double noise; /* added to the magnitude of a coefficient */
};

struct decide {
    const struct ifp_context *context;
    const struct ifp_relaxation *relaxation;
    size_t columns;
    size_t rows;
    double cutoff; /* scaled; +infinity if there is no plan */
    double *lower; /* by column: tightened bounds */
    double *upper;
    double *multiplier_high; /* by row */
    double *multiplier_low;
    double *point;
    /* The dense LP: its columns x = lower + scale t, and its rows. */
    size_t *column;
    size_t *row;
    double *column_scale; /* powers of two */
    double *row_scale;
    size_t column_count;
    size_t row_count;
    struct ifp_wide *table; /* by basic variable: coefficients of the nonbasic ones */
    struct ifp_wide *value; /* of the basic variables */
    struct ifp_wide *reduced;
    struct ifp_wide *minimum; /* by variable: the columns, then the rows' activities */
    struct ifp_wide *maximum;
    size_t *basic;
    size_t *nonbasic;
    bool *at_upper; /* by nonbasic position: is it at its upper bound? */
};

static void clear(struct decide *decide)
{
    free(decide->lower);
    free(decide->column);
    free(decide->column_scale);
    free(decide->table);
    free(decide->basic);
    free(decide->at_upper);
}

static size_t column_of(const struct line *line, size_t entry)
{
    return line->index ? line->index[entry] : entry;
}

/* The relative error of a coefficient that is not exact. It is a result of a limited number of
 * operations (safe_bound.h), each with a relative error of at most half of DBL_EPSILON. A
 * thousandth more covers that errors multiply and that magnitudes are rounded. */
static double coefficient_error(const struct ifp_relaxation *relaxation)
{
    double operations =
        (double)(IFP_BOUND_COEFFICIENT_OPERATIONS + relaxation->rows.more_operations);
    return 1.001 * operations / 2 * DBL_EPSILON;
}

static double error_of(const struct ifp_relaxation *relaxation, size_t row)
{
    enum ifp_row_kind kind = relaxation->milp->rows[row].kind;
    return ifp_row_traits[kind].is_exact ? 0 : coefficient_error(relaxation);
}

static struct line line_of(const struct decide *decide, size_t row)
{
    const struct ifp_rows *rows = &decide->relaxation->rows;
    return (struct line){
        .count = rows->start[row + 1] - rows->start[row],
        .index = rows->index + rows->start[row],
        .value = rows->value + rows->start[row],
        .lower = rows->lower[row],
        .upper = rows->upper[row],
        .error = error_of(decide->relaxation, row),
        .noise = rows->noise[row],
    };
}

static struct line cost_of(const struct decide *decide)
{
    return (struct line){
        .count = decide->columns,
        .value = decide->relaxation->cost,
        .lower = -INFINITY,
        .upper = decide->cutoff,
        .error = coefficient_error(decide->relaxation),
    };
}

/* -- bound tightening -- */

/* The range of a row's activity, and its error. */
struct range {
    struct ifp_wide minimum;
    struct ifp_wide maximum;
    double error;
};

static struct range range_of(const struct decide *decide, const struct line *line)
{
    struct range range = {.error = 0};
    double magnitude = 0;
    double exact = 0;
    for (size_t e = 0; e < line->count; e++) {
        size_t c = column_of(line, e);
        double a = line->value[e];
        double x = fmax(fabs(decide->lower[c]), fabs(decide->upper[c]));
        bool up = a > 0;
        ifp_wide_add(&range.minimum,
                     ifp_wide_two_product(a, up ? decide->lower[c] : decide->upper[c]));
        ifp_wide_add(&range.maximum,
                     ifp_wide_two_product(a, up ? decide->upper[c] : decide->lower[c]));
        exact += fabs(a) * x;
        magnitude += (fabs(a) + line->noise) * x;
    }
    double limit = fmax(isfinite(line->lower) ? fabs(line->lower) : 0,
                        isfinite(line->upper) ? fabs(line->upper) : 0);
    range.error = line->error * (magnitude + limit) +
                  2 * (double)(line->count + 4) * WIDE_EPSILON * (exact + limit);
    return range;
}

static double outward(double value, double direction)
{
    return value + direction * (2 * DBL_EPSILON * fabs(value) + DBL_MIN);
}

/* Tighten one column by what the others leave of the limit. Returns false if its range is empty. */
static bool narrow_column(struct decide *decide, size_t c, double edge, bool upper, bool *narrowed)
{
    double width = decide->upper[c] - decide->lower[c];
    if (decide->relaxation->milp->integer[c])
        edge = upper ? floor(edge) : ceil(edge);
    if (upper ? edge < decide->lower[c] : edge > decide->upper[c])
        return false;
    double gain = upper ? decide->upper[c] - edge : edge - decide->lower[c];
    if (gain > IFP_DECIDE_NARROWER * width) {
        *(upper ? &decide->upper[c] : &decide->lower[c]) = edge;
        *narrowed = true;
    }
    return true;
}

/* Tighten the columns of a row. Returns false if no point within the bounds satisfies the row. */
static bool narrow(struct decide *decide, const struct line *line, bool *narrowed)
{
    struct range range = range_of(decide, line);
    struct ifp_wide error = ifp_wide(range.error);
    if (isfinite(line->upper) &&
        ifp_wide_above(range.minimum, ifp_wide_plus(ifp_wide(line->upper), error)))
        return false;
    if (isfinite(line->lower) &&
        ifp_wide_above(ifp_wide(line->lower), ifp_wide_plus(range.maximum, error)))
        return false;
    for (size_t e = 0; e < line->count; e++) {
        size_t c = column_of(line, e);
        double a = line->value[e];
        double lower = decide->lower[c];
        double upper = decide->upper[c];
        if (a == 0 || lower >= upper)
            continue;
        struct ifp_wide minimum = ifp_wide_two_product(a, a > 0 ? lower : upper);
        struct ifp_wide maximum = ifp_wide_two_product(a, a > 0 ? upper : lower);
        if (isfinite(line->upper)) {
            struct ifp_wide left =
                ifp_wide_minus(ifp_wide(line->upper), ifp_wide_minus(range.minimum, minimum));
            left = ifp_wide_over(ifp_wide_plus(left, error), ifp_wide(a));
            if (!narrow_column(decide, c, outward(left.high, a > 0 ? 1 : -1), a > 0, narrowed))
                return false;
        }
        if (isfinite(line->lower)) {
            struct ifp_wide left =
                ifp_wide_minus(ifp_wide(line->lower), ifp_wide_minus(range.maximum, maximum));
            left = ifp_wide_over(ifp_wide_minus(left, error), ifp_wide(a));
            if (!narrow_column(decide, c, outward(left.high, a > 0 ? -1 : 1), a < 0, narrowed))
                return false;
        }
    }
    return true;
}

/* Tighten all columns by the rows, and by the cost if there is a cutoff. Returns false if no point
 * is left. */
static bool narrow_all(struct decide *decide)
{
    bool again = true;
    for (size_t pass = 0;
         again && pass < IFP_DECIDE_PASSES_MAX && !ifp_watch_stopped(decide->context->watch);
         pass++) {
        again = false;
        for (size_t r = 0; r < decide->rows; r++) {
            struct line line = line_of(decide, r);
            if (!narrow(decide, &line, &again))
                return false;
        }
        struct line cost = cost_of(decide);
        if (isfinite(cost.upper) && !narrow(decide, &cost, &again))
            return false;
    }
    return true;
}

/* -- the safe bound -- */

/*
 * As ifp_bound_safe, in pairs of doubles, with the cost or with an objective of 0. It uses the
 * tightened bounds of the columns.
 */
static double safe_bound(const struct decide *decide, bool of_cost, struct ifp_wide *work,
                         double *size)
{
    const struct ifp_relaxation *relaxation = decide->relaxation;
    struct ifp_wide total = {0};
    double off = 0;
    double magnitude = 0;
    double error = coefficient_error(relaxation);
    for (size_t c = 0; c < decide->columns; c++) {
        work[c] = ifp_wide(of_cost ? relaxation->cost[c] : 0);
        size[c] = error * fabs(work[c].high);
    }
    for (size_t r = 0; r < decide->rows; r++) {
        struct line line = line_of(decide, r);
        struct ifp_wide y = {decide->multiplier_high[r], decide->multiplier_low[r]};
        double limit = y.high > 0 ? line.lower : line.upper;
        if (y.high == 0 || !isfinite(y.high) || isinf(limit))
            continue; /* skip a multiplier of the wrong sign: the bound is valid without it */
        struct ifp_wide term = ifp_wide_times(y, ifp_wide(limit));
        ifp_wide_add(&total, term);
        off += line.error * fabs(term.high);
        magnitude += fabs(term.high);
        for (size_t e = 0; e < line.count; e++) {
            struct ifp_wide product = ifp_wide_times(y, ifp_wide(line.value[e]));
            size_t c = line.index[e];
            work[c] = ifp_wide_minus(work[c], product);
            size[c] += line.error * (fabs(product.high) + fabs(y.high) * line.noise) +
                       (double)decide->rows * WIDE_EPSILON * fabs(product.high);
        }
    }
    for (size_t c = 0; c < decide->columns; c++) {
        bool up = work[c].high > 0;
        struct ifp_wide term =
            ifp_wide_times(work[c], ifp_wide(up ? decide->lower[c] : decide->upper[c]));
        ifp_wide_add(&total, term);
        magnitude += fabs(term.high);
        off += size[c] * fmax(fabs(decide->lower[c]), fabs(decide->upper[c]));
    }
    off += 2 * (double)(decide->rows + decide->columns + 4) * WIDE_EPSILON * magnitude;
    total = ifp_wide_minus(total, ifp_wide(off));
    return outward(total.high, -1);
}

/* -- the dual simplex method -- */

static double power_of(double value)
{
    int exponent;
    (void)frexp(value, &exponent);
    return ldexp(1, exponent - 1);
}

/* Choose the columns that are not fixed, and the rows that they can violate. */
static void choose_lines(struct decide *decide)
{
    for (size_t c = 0; c < decide->columns; c++) {
        double width = decide->upper[c] - decide->lower[c];
        if (!(width > 0))
            continue;
        decide->column_scale[decide->column_count] = power_of(width);
        decide->column[decide->column_count++] = c;
    }
    for (size_t r = 0; r < decide->rows; r++) {
        struct line line = line_of(decide, r);
        struct range range = range_of(decide, &line);
        bool above = isfinite(line.upper) && ifp_wide_above(range.maximum, ifp_wide(line.upper));
        bool below = isfinite(line.lower) && ifp_wide_above(ifp_wide(line.lower), range.minimum);
        if (above || below)
            decide->row[decide->row_count++] = r;
    }
}

static bool reserve(struct decide *decide)
{
    size_t columns = decide->column_count;
    size_t rows = decide->row_count;
    size_t variables = columns + rows;
    size_t wides = rows * columns + rows + columns + 2 * variables + decide->columns + 1;
    decide->table = calloc(wides, sizeof *decide->table);
    decide->basic = calloc(variables + 1, sizeof *decide->basic);
    decide->at_upper = calloc(columns + 1, sizeof *decide->at_upper);
    if (!decide->table || !decide->basic || !decide->at_upper)
        return false;
    decide->value = decide->table + rows * columns;
    decide->reduced = decide->value + rows;
    decide->minimum = decide->reduced + columns;
    decide->maximum = decide->minimum + variables;
    decide->nonbasic = decide->basic + rows;
    return true;
}

/* Fill a row of the table for the slack basis. place: by column its position, or SIZE_MAX. */
static void fill_row(struct decide *decide, size_t k, const size_t *place)
{
    struct line line = line_of(decide, decide->row[k]);
    struct ifp_wide fixed = {0};
    struct ifp_wide *entries = decide->table + k * decide->column_count;
    double largest = 0;
    for (size_t e = 0; e < line.count; e++) {
        size_t c = line.index[e];
        ifp_wide_add(&fixed, ifp_wide_two_product(line.value[e], decide->lower[c]));
        if (place[c] == SIZE_MAX)
            continue;
        entries[place[c]] = ifp_wide(line.value[e] * decide->column_scale[place[c]]);
        largest = fmax(largest, fabs(entries[place[c]].high));
    }
    double scale = largest > 0 ? 1 / power_of(largest) : 1;
    decide->row_scale[k] = scale;
    for (size_t q = 0; q < decide->column_count; q++)
        entries[q].high *= scale;
    size_t variable = decide->column_count + k;
    struct ifp_wide lower = ifp_wide_minus(ifp_wide(line.lower), fixed);
    struct ifp_wide upper = ifp_wide_minus(ifp_wide(line.upper), fixed);
    decide->minimum[variable] = (struct ifp_wide){lower.high * scale, lower.low * scale};
    decide->maximum[variable] = (struct ifp_wide){upper.high * scale, upper.low * scale};
    decide->basic[k] = variable;
}

static void perturb(struct decide *decide)
{
    const double golden = 0.61803398874989485; /* its multiples mod 1 are evenly distributed */
    double largest = 0;
    for (size_t q = 0; q < decide->column_count; q++)
        largest = fmax(largest, fabs(decide->reduced[q].high));
    for (size_t q = 0; q < decide->column_count; q++) {
        double product = IFP_WIDE_PERTURBATION * (1 + fmod((double)(q + 1) * golden, 1));
        double more = product * (largest > 0 ? largest : 1);
        ifp_wide_add(&decide->reduced[q], ifp_wide(decide->at_upper[q] ? -more : more));
    }
}

static void fill_table(struct decide *decide, size_t *place)
{
    for (size_t c = 0; c < decide->columns; c++)
        place[c] = SIZE_MAX;
    for (size_t q = 0; q < decide->column_count; q++) {
        size_t c = decide->column[q];
        double scale = decide->column_scale[q];
        place[c] = q;
        decide->nonbasic[q] = q;
        decide->reduced[q] = ifp_wide(decide->relaxation->cost[c] * scale);
        decide->minimum[q] = ifp_wide(0);
        decide->maximum[q] = ifp_wide_minus(ifp_wide(decide->upper[c]), ifp_wide(decide->lower[c]));
        decide->maximum[q].high /= scale;
        decide->maximum[q].low /= scale;
        decide->at_upper[q] = decide->reduced[q].high < 0;
    }
    perturb(decide);
    for (size_t k = 0; k < decide->row_count; k++)
        fill_row(decide, k, place);
}

static struct ifp_wide value_of(const struct decide *decide, size_t q)
{
    size_t variable = decide->nonbasic[q];
    return decide->at_upper[q] ? decide->maximum[variable] : decide->minimum[variable];
}

/* Compute the values of the basic variables. Returns the one with the largest violation of its
 * bounds, or SIZE_MAX if there is no violation. */
static size_t leaving(struct decide *decide, bool *above)
{
    size_t worst = SIZE_MAX;
    double maximum = IFP_WIDE_VIOLATION_MIN;
    for (size_t p = 0; p < decide->row_count; p++) {
        const struct ifp_wide *entries = decide->table + p * decide->column_count;
        struct ifp_wide value = {0};
        for (size_t q = 0; q < decide->column_count; q++) {
            if (entries[q].high != 0)
                ifp_wide_add(&value, ifp_wide_times(entries[q], value_of(decide, q)));
        }
        decide->value[p] = value;
        size_t variable = decide->basic[p];
        double under = ifp_wide_minus(decide->minimum[variable], value).high;
        double over = ifp_wide_minus(value, decide->maximum[variable]).high;
        if (fmax(under, over) > maximum) {
            maximum = fmax(under, over);
            worst = p;
            *above = over > under;
        }
    }
    return worst;
}

/* Ratio test: the nonbasic variable whose reduced cost reaches 0 first, or SIZE_MAX if there is no
 * such variable. */
static size_t entering(const struct decide *decide, size_t p, bool above)
{
    const struct ifp_wide *entries = decide->table + p * decide->column_count;
    size_t best = SIZE_MAX;
    double best_ratio = INFINITY;
    for (size_t q = 0; q < decide->column_count; q++) {
        size_t variable = decide->nonbasic[q];
        double entry = entries[q].high;
        bool raises = (entry > 0) != decide->at_upper[q];
        bool fixed = !ifp_wide_above(decide->maximum[variable], decide->minimum[variable]);
        if (fabs(entry) <= IFP_WIDE_ENTRY_MIN || fixed || raises == above)
            continue;
        double ratio = fabs(ifp_wide_over(decide->reduced[q], entries[q]).high);
        bool tie = best != SIZE_MAX && ratio == best_ratio;
        if (ratio < best_ratio || (tie && fabs(entry) > fabs(entries[best].high))) {
            best = q;
            best_ratio = ratio;
        }
    }
    return best;
}

/* Exchange a basic variable and a nonbasic one. */
static void pivot(struct decide *decide, size_t p, size_t q, bool above)
{
    size_t columns = decide->column_count;
    struct ifp_wide *entries = decide->table + p * columns;
    struct ifp_wide inverse = ifp_wide_over(ifp_wide(1), entries[q]);
    for (size_t k = 0; k < columns; k++) {
        struct ifp_wide entry = ifp_wide_times(entries[k], inverse);
        entries[k] = k == q ? inverse : (struct ifp_wide){-entry.high, -entry.low};
    }
    for (size_t r = 0; r <= decide->row_count; r++) {
        struct ifp_wide *others =
            r < decide->row_count ? decide->table + r * columns : decide->reduced;
        struct ifp_wide factor = others[q];
        if (r == p || factor.high == 0)
            continue;
        others[q] = (struct ifp_wide){0};
        for (size_t k = 0; k < columns; k++) {
            if (entries[k].high != 0)
                ifp_wide_add(&others[k], ifp_wide_times(factor, entries[k]));
        }
    }
    size_t variable = decide->basic[p];
    decide->basic[p] = decide->nonbasic[q];
    decide->nonbasic[q] = variable;
    decide->at_upper[q] = above;
}

/* Store a row's multiplier, unscaled, if the variable is a row's activity. */
static void add_multiplier(struct decide *decide, size_t variable, struct ifp_wide value)
{
    if (variable < decide->column_count)
        return;
    size_t k = variable - decide->column_count;
    decide->multiplier_high[decide->row[k]] = value.high * decide->row_scale[k];
    decide->multiplier_low[decide->row[k]] = value.low * decide->row_scale[k];
}

/* Read the multipliers of the present basis. If basic variable `stuck` cannot be brought within its
 * bounds, read the multipliers that prove infeasibility instead. */
static void read_multipliers(struct decide *decide, size_t stuck, bool above)
{
    memset(decide->multiplier_high, 0, decide->rows * sizeof *decide->multiplier_high);
    memset(decide->multiplier_low, 0, decide->rows * sizeof *decide->multiplier_low);
    for (size_t q = 0; q < decide->column_count; q++) {
        struct ifp_wide value = decide->reduced[q];
        if (stuck != SIZE_MAX) {
            value = decide->table[stuck * decide->column_count + q];
            if (!above)
                value = (struct ifp_wide){-value.high, -value.low};
        }
        add_multiplier(decide, decide->nonbasic[q], value);
    }
    if (stuck != SIZE_MAX)
        add_multiplier(decide, decide->basic[stuck], ifp_wide(above ? -1 : 1));
}

static void read_point(struct decide *decide)
{
    memcpy(decide->point, decide->lower, decide->columns * sizeof *decide->point);
    for (size_t k = 0; k < decide->column_count + decide->row_count; k++) {
        bool is_basic = k < decide->row_count;
        size_t q = is_basic ? decide->basic[k] : decide->nonbasic[k - decide->row_count];
        if (q >= decide->column_count)
            continue;
        struct ifp_wide value =
            is_basic ? decide->value[k] : value_of(decide, k - decide->row_count);
        size_t c = decide->column[q];
        double scale = decide->column_scale[q];
        struct ifp_wide step = {value.high * scale, value.low * scale};
        decide->point[c] = ifp_wide_plus(step, ifp_wide(decide->lower[c])).high;
    }
}

/* Solve the dense LP. *bound is scaled. *solved: is there a point? */
static void solve(struct decide *decide, double *size, double *bound, bool *solved)
{
    struct ifp_wide *work = decide->maximum + decide->column_count + decide->row_count;
    size_t steps = IFP_DECIDE_STEPS_PER_LINE * (decide->column_count + decide->row_count) +
                   IFP_DECIDE_STEPS_MIN;
    bool above = false;
    size_t p = SIZE_MAX;
    size_t q = SIZE_MAX;
    *solved = false;
    for (size_t step = 0; step < steps && !ifp_watch_stopped(decide->context->watch); step++) {
        p = leaving(decide, &above);
        q = p == SIZE_MAX ? SIZE_MAX : entering(decide, p, above);
        *solved = p == SIZE_MAX;
        if (q == SIZE_MAX)
            break;
        pivot(decide, p, q, above);
    }
    bool stuck = p != SIZE_MAX && q == SIZE_MAX;
    read_multipliers(decide, stuck ? p : SIZE_MAX, above);
    *bound = safe_bound(decide, !stuck, work, size);
    if (stuck)
        *bound = *bound > 0 ? INFINITY : -INFINITY;
    if (*solved)
        read_point(decide);
}

/* -- the node -- */

static int begin(struct decide *decide)
{
    const struct ifp_relaxation *relaxation = decide->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    size_t columns = decide->columns;
    decide->lower = calloc(4 * columns + 2 * decide->rows + 1, sizeof *decide->lower);
    decide->column = calloc(2 * columns + decide->rows + 1, sizeof *decide->column);
    decide->column_scale = calloc(columns + decide->rows + 1, sizeof *decide->column_scale);
    if (!decide->lower || !decide->column || !decide->column_scale)
        return ifp_error_memory(decide->context->error);
    decide->upper = decide->lower + columns;
    decide->point = decide->upper + columns;
    decide->multiplier_high = decide->point + 2 * columns;
    decide->multiplier_low = decide->multiplier_high + decide->rows;
    decide->row = decide->column + 2 * columns;
    decide->row_scale = decide->column_scale + columns;
    double error = coefficient_error(relaxation);
    for (size_t c = 0; c < columns; c++) {
        bool exact = milp->integer[c] || milp->columns[c].kind == IFP_COLUMN_UNMET;
        double lower = relaxation->lower[c];
        double upper = relaxation->upper[c];
        decide->lower[c] = exact ? lower : outward(lower - error * fabs(lower), -1);
        decide->upper[c] = exact ? upper : outward(upper + error * fabs(upper), 1);
    }
    return IFP_OK;
}

/* Are all deployments of the point whole? */
static bool is_plan(const struct decide *decide)
{
    const struct ifp_milp *milp = decide->relaxation->milp;
    for (size_t c = 0; c < decide->columns; c++) {
        bool counts = milp->columns[c].kind == IFP_COLUMN_RENT ||
                      milp->columns[c].kind == IFP_COLUMN_REPLICAS ||
                      milp->columns[c].kind == IFP_COLUMN_EXACTLY;
        if (counts && fabs(decide->point[c] - floor(decide->point[c] + 0.5)) > IFP_WHOLE)
            return false;
    }
    return true;
}

static int solve_dense(struct decide *decide, double *bound, bool *solved)
{
    const struct ifp_context *context = decide->context;
    bool held;
    choose_lines(decide);
    if (decide->row_count * decide->column_count > IFP_DECIDE_TABLE_MAX)
        return IFP_OK;
    if (!reserve(decide))
        return ifp_error_memory(context->error);
    fill_table(decide, decide->column + decide->columns);
    solve(decide, decide->point + decide->columns, bound, solved);
    if (!*solved)
        return IFP_OK;
    memcpy(decide->relaxation->point, decide->point, decide->columns * sizeof *decide->point);
    if (!is_plan(decide))
        return IFP_OK;
    return ifp_incumbent_offer_exact(context->incumbent, context->problem, context->milp,
                                     decide->point, &held, context->error);
}

int ifp_decide(const struct ifp_context *context, struct ifp_relaxation *relaxation, double *bound,
               bool *solved)
{
    *solved = false;
    int code = ifp_relaxation_load(relaxation, context->error);
    if (code || !relaxation->lp || context->milp->entry_count > IFP_DECIDE_ENTRIES_MAX)
        return code;
    /* Just above the cutoff, so that a node without a point below it is closed. */
    double cutoff = nextafter(ifp_context_cutoff(context), INFINITY);
    struct decide decide = {
        .context = context,
        .relaxation = relaxation,
        .columns = context->milp->column_count,
        .rows = context->milp->row_count,
        .cutoff = cutoff / relaxation->scale,
    };
    double found = INFINITY; /* bound on the points that cost at most the cutoff */
    code = begin(&decide);
    if (!code && narrow_all(&decide)) {
        found = -INFINITY;
        code = solve_dense(&decide, &found, solved);
    }
    if (!code)
        *bound = fmax(*bound, fmin(found * relaxation->scale, cutoff));
    clear(&decide);
    return code;
}
