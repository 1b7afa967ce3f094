/* SPDX-License-Identifier: MIT */
/* Cuts by mixed-integer rounding of combinations of rows. */
#include "engine/compact/mir.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/tuning.h"
#include "util/array.h"

/* The bound x <= factor * w; w is `column`. */
struct variable_bound {
    size_t column;
    double factor;
};

/* A term of the row that is rounded: an integer, counted from its lower or upper bound. */
struct term {
    size_t column;
    double value;
    double at; /* value in the relaxation's point */
    double range;
    bool flipped; /* is it counted from the upper bound? */
};

struct ifp_mir {
    const struct ifp_relaxation *relaxation;
    struct variable_bound (*bounds)[2]; /* by column; column is SIZE_MAX if there is no bound */
    /* The combination  sum value x + sum slack_value s = right,  s >= 0. */
    double *value; /* by column */
    double *size;  /* by column: sum of the magnitudes of the terms of value */
    bool *listed;
    size_t *columns;
    size_t column_count;
    double *weight; /* by row */
    size_t *rows;
    size_t row_count;
    size_t row_capacity;
    /* The row to be rounded. */
    struct term *terms;
    size_t term_count;
    size_t *place; /* by column: its term, or SIZE_MAX */
    double right;
    /* The bound that replaces a continuous column: 0 lower, 1 upper, 2 and 3 variable bounds. */
    unsigned char *replaced;
    double tail_value;  /* activity of the continuous terms with negative coefficients */
    double tail_square; /* sum of the squares of their coefficients */
    double error;       /* bound on the rounding error */
    size_t *cut_index;
    double *cut_value;
    double *dense;
};

void ifp_mir_free(struct ifp_mir *mir)
{
    if (!mir)
        return;
    free(mir->bounds);
    free(mir->value);
    free(mir->size);
    free(mir->listed);
    free(mir->columns);
    free(mir->weight);
    free(mir->rows);
    free(mir->terms);
    free(mir->place);
    free(mir->replaced);
    free(mir->cut_index);
    free(mir->cut_value);
    free(mir->dense);
    free(mir);
}

/* Find the bounds  x <= factor w  in the link rows  x - u w <= 0  and  sum x/u - z <= 0. */
static void find_variable_bounds(struct ifp_mir *mir)
{
    const struct ifp_milp *milp = mir->relaxation->milp;
    for (size_t c = 0; c < milp->column_count; c++)
        mir->bounds[c][0].column = mir->bounds[c][1].column = SIZE_MAX;
    for (size_t r = 0; r < milp->row_count; r++) {
        enum ifp_row_kind kind = milp->rows[r].kind;
        size_t last = milp->start[r + 1] - 1;
        if (kind != IFP_ROW_SERVE && kind != IFP_ROW_SERVE_PAIR)
            continue;
        double over = -milp->value[last];
        for (size_t e = milp->start[r]; e < last; e++) {
            struct variable_bound *bound = mir->bounds[milp->index[e]];
            if (bound[0].column != SIZE_MAX)
                bound++;
            *bound = (struct variable_bound){milp->index[last], over / milp->value[e]};
        }
    }
}

struct ifp_mir *ifp_mir_new(const struct ifp_relaxation *relaxation)
{
    struct ifp_mir *mir = calloc(1, sizeof *mir);
    size_t columns = relaxation->milp->column_count + 1;
    if (!mir)
        return NULL;
    mir->relaxation = relaxation;
    mir->bounds = calloc(columns, sizeof *mir->bounds);
    mir->value = calloc(columns, sizeof *mir->value);
    mir->size = calloc(columns, sizeof *mir->size);
    mir->listed = calloc(columns, sizeof *mir->listed);
    mir->columns = calloc(columns, sizeof *mir->columns);
    mir->terms = calloc(columns, sizeof *mir->terms);
    mir->place = calloc(columns, sizeof *mir->place);
    mir->replaced = calloc(columns, sizeof *mir->replaced);
    mir->cut_index = calloc(columns, sizeof *mir->cut_index);
    mir->cut_value = calloc(columns, sizeof *mir->cut_value);
    mir->dense = calloc(columns, sizeof *mir->dense);
    if (!mir->bounds || !mir->value || !mir->size || !mir->listed || !mir->columns || !mir->terms ||
        !mir->place || !mir->replaced || !mir->cut_index || !mir->cut_value || !mir->dense) {
        ifp_mir_free(mir);
        return NULL;
    }
    find_variable_bounds(mir);
    return mir;
}

void ifp_mir_clear(struct ifp_mir *mir)
{
    for (size_t k = 0; k < mir->column_count; k++) {
        size_t c = mir->columns[k];
        mir->value[c] = mir->size[c] = 0;
        mir->listed[c] = false;
    }
    for (size_t k = 0; k < mir->row_count; k++)
        mir->weight[mir->rows[k]] = 0;
    mir->column_count = 0;
    mir->row_count = 0;
}

bool ifp_mir_add_row(struct ifp_mir *mir, size_t row, double weight)
{
    const struct ifp_rows *rows = &mir->relaxation->rows;
    if (rows->row_count > mir->row_capacity) {
        size_t capacity = ifp_array_growth(mir->row_capacity, rows->row_count);
        if (!ifp_array_resize(&mir->weight, capacity, sizeof *mir->weight) ||
            !ifp_array_resize(&mir->rows, capacity, sizeof *mir->rows))
            return false;
        for (size_t r = mir->row_capacity; r < capacity; r++)
            mir->weight[r] = 0;
        mir->row_capacity = capacity;
    }
    if (mir->weight[row] == 0)
        mir->rows[mir->row_count++] = row;
    mir->weight[row] += weight;
    for (size_t e = rows->start[row]; e < rows->start[row + 1]; e++) {
        size_t c = rows->index[e];
        double product = weight * rows->value[e];
        if (!mir->listed[c]) {
            mir->listed[c] = true;
            mir->columns[mir->column_count++] = c;
        }
        mir->value[c] += product;
        mir->size[c] += fabs(product);
    }
    return true;
}

size_t ifp_mir_columns(const struct ifp_mir *mir, const size_t **columns)
{
    *columns = mir->columns;
    return mir->column_count;
}

double ifp_mir_coefficient(const struct ifp_mir *mir, size_t column)
{
    return fabs(mir->value[column]) > 1e-11 * mir->size[column] ? mir->value[column] : 0;
}

/* -- the row to be rounded -- */

static double bound_value(const struct ifp_mir *mir, size_t column, int which)
{
    const struct ifp_relaxation *relaxation = mir->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    if (which == 0)
        return milp->lower[column];
    if (which == 1)
        return milp->upper[column];
    const struct variable_bound *bound = &mir->bounds[column][which - 2];
    return bound->factor * relaxation->point[bound->column];
}

/* The bound that is nearest to the point. Of several equally near ones, the one that makes the
 * coefficient positive, so that the variable is not in the tail. */
static int nearest_bound(const struct ifp_mir *mir, size_t column, double coefficient)
{
    const struct ifp_relaxation *relaxation = mir->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    double at = relaxation->point[column];
    int nearest = 0;
    double minimum = at - milp->lower[column];
    for (int which = 3; which >= 1; which--) {
        if (which >= 2 && mir->bounds[column][which - 2].column == SIZE_MAX)
            continue;
        /* x <= u w cannot be used with a lower bound above zero. */
        if (which >= 2 && milp->lower[column] > 0)
            continue;
        double distance = bound_value(mir, column, which) - at;
        if (distance < minimum - IFP_CUT_BOUND_TIE ||
            (nearest == 0 && coefficient < 0 && distance < minimum + IFP_CUT_BOUND_TIE)) {
            nearest = which;
            minimum = distance;
        }
    }
    return nearest;
}

double ifp_mir_slack(const struct ifp_mir *mir, size_t column)
{
    int which = nearest_bound(mir, column, 1);
    double at = mir->relaxation->point[column];
    return which == 0 ? at - bound_value(mir, column, 0) : bound_value(mir, column, which) - at;
}

static void add_term(struct ifp_mir *mir, size_t column, double value)
{
    if (mir->place[column] == SIZE_MAX) {
        mir->place[column] = mir->term_count;
        mir->terms[mir->term_count++] = (struct term){.column = column};
    }
    mir->terms[mir->place[column]].value += value;
}

static void flip(struct ifp_mir *mir, struct term *term)
{
    mir->right -= term->value * term->range;
    term->value = -term->value;
    term->at = term->range - term->at;
    term->flipped = !term->flipped;
}

/* A row with its bounds at the root: a x + s = limit, or a x - s = limit. */
struct side {
    double limit;
    bool from_above;
    bool equation; /* has the row no slack? */
};

static struct side side_of(const struct ifp_mir *mir, size_t row)
{
    const struct ifp_milp *milp = mir->relaxation->milp;
    const struct ifp_rows *rows = &mir->relaxation->rows;
    double lower = row < milp->row_count ? milp->row_lower[row] : rows->lower[row];
    double upper = row < milp->row_count ? milp->row_upper[row] : rows->upper[row];
    return (struct side){.limit = isfinite(upper) ? upper : lower,
                         .from_above = isfinite(upper),
                         .equation = lower == upper};
}

/* Turn the combination, times the sign, into integer terms and a tail of continuous ones. */
static void substitute(struct ifp_mir *mir, double sign)
{
    const struct ifp_relaxation *relaxation = mir->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    const struct ifp_rows *rows = &relaxation->rows;
    double magnitude = 0;
    mir->term_count = 0;
    mir->right = 0;
    mir->tail_value = mir->tail_square = mir->error = 0;
    for (size_t k = 0; k < mir->row_count; k++) {
        size_t r = mir->rows[k];
        double weight = sign * mir->weight[r];
        struct side side = side_of(mir, r);
        bool from_above = side.from_above;
        double limit = side.limit;
        mir->right += weight * limit;
        magnitude += fabs(weight * limit);
        /* a x + s = upper, or a x - s = lower. */
        double slack = side.equation ? 0 : from_above ? weight : -weight;
        if (slack < 0) {
            double activity = 0;
            for (size_t e = rows->start[r]; e < rows->start[r + 1]; e++)
                activity += rows->value[e] * relaxation->point[rows->index[e]];
            mir->tail_value += slack * fmax(0, from_above ? limit - activity : activity - limit);
            mir->tail_square += slack * slack;
        }
    }
    for (size_t k = 0; k < mir->column_count; k++)
        mir->place[mir->columns[k]] = SIZE_MAX;
    for (size_t k = 0; k < mir->column_count; k++) {
        size_t c = mir->columns[k];
        double value = sign * ifp_mir_coefficient(mir, c);
        double reach = fmax(fabs(milp->lower[c]), fabs(milp->upper[c]));
        /* The maximum effect of a dropped coefficient, or the rounding error of a kept one. */
        mir->error += (value == 0 ? mir->size[c] * 2e-11 : mir->size[c] * 1e-14) * reach;
        mir->replaced[c] = 0;
        if (value == 0 || milp->integer[c])
            continue;
        int which = nearest_bound(mir, c, value);
        mir->replaced[c] = (unsigned char)which;
        if (which >= 2) {
            const struct variable_bound *bound = &mir->bounds[c][which - 2];
            if (!mir->listed[bound->column]) {
                mir->listed[bound->column] = true;
                mir->place[bound->column] = SIZE_MAX;
                mir->columns[mir->column_count++] = bound->column;
            }
            add_term(mir, bound->column, value * bound->factor);
        } else {
            double at = bound_value(mir, c, which);
            mir->right -= value * at;
            magnitude += fabs(value * at);
        }
        double rest = which == 0 ? value : -value;
        if (rest < 0) {
            mir->tail_value +=
                rest * fmax(0, fabs(relaxation->point[c] - bound_value(mir, c, which)));
            mir->tail_square += rest * rest;
        }
    }
    for (size_t k = 0; k < mir->column_count; k++) {
        size_t c = mir->columns[k];
        double value = sign * ifp_mir_coefficient(mir, c);
        if (value != 0 && milp->integer[c])
            add_term(mir, c, value);
    }
    for (size_t t = 0; t < mir->term_count; t++) {
        struct term *term = &mir->terms[t];
        double lower = milp->lower[term->column];
        mir->right -= term->value * lower;
        term->range = milp->upper[term->column] - lower;
        term->at = fmin(fmax(0, relaxation->point[term->column] - lower), term->range);
        magnitude += fabs(term->value) * (fabs(lower) + 2 * term->range);
        if (term->at > term->range / 2)
            flip(mir, term);
    }
    mir->error += 1e-14 * magnitude;
}

static double rounded(double value, double fraction)
{
    double whole = floor(value);
    return whole + fmax(0, value - whole - fraction) / (1 - fraction);
}

/* The distance by which the point violates the cut with this divisor, in the space of the terms;
 * below 0 if the cut is useless. */
static double beyond(const struct ifp_mir *mir, double divisor)
{
    double right = mir->right / divisor;
    double fraction = right - floor(right);
    if (fraction < IFP_CUT_FRACTION_MIN || fraction > IFP_CUT_FRACTION_MAX)
        return -1;
    double tail = 1 / (divisor * (1 - fraction));
    double left = mir->tail_value * tail;
    double square = mir->tail_square * tail * tail;
    for (size_t t = 0; t < mir->term_count; t++) {
        double value = rounded(mir->terms[t].value / divisor, fraction);
        left += value * mir->terms[t].at;
        square += value * value;
    }
    return square > 0 ? (left - floor(right)) / sqrt(square) : -1;
}

/* Find the best divisor, and the best set of integers to count from their upper bounds. */
static double search(struct ifp_mir *mir, double *divisor)
{
    double tried[IFP_CUT_DIVISORS_MAX];
    size_t count = 0;
    double best = 0;
    *divisor = 0;
    for (size_t t = 0; t < mir->term_count && count < IFP_CUT_DIVISORS_MAX; t++) {
        const struct term *term = &mir->terms[t];
        double size = fabs(term->value);
        if (term->at <= IFP_CUT_AT_BOUND || term->at >= term->range - IFP_CUT_AT_BOUND ||
            size < IFP_CUT_DIVISOR_MIN)
            continue;
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known |= fabs(tried[k] - size) < IFP_CUT_DIVISOR_SAME * size;
        if (known)
            continue;
        tried[count++] = size;
        double gain = beyond(mir, size);
        if (gain > best) {
            best = gain;
            *divisor = size;
        }
    }
    if (*divisor == 0)
        return 0;
    for (double factor = 2; factor <= 8; factor *= 2) {
        double gain = beyond(mir, *divisor / factor);
        if (gain > best) {
            best = gain;
            *divisor /= factor;
            factor = 1;
            if (*divisor < IFP_CUT_DIVISOR_END)
                break;
        }
    }
    size_t flips = 0;
    for (size_t t = 0; t < mir->term_count && flips < IFP_CUT_FLIPS_MAX; t++) {
        struct term *term = &mir->terms[t];
        if (term->at <= IFP_CUT_AT_BOUND || term->at >= term->range - IFP_CUT_AT_BOUND)
            continue;
        flips++;
        flip(mir, term);
        double gain = beyond(mir, *divisor);
        if (gain > best)
            best = gain;
        else
            flip(mir, term);
    }
    return best;
}

/* The rounded row, in the columns of the program: mir->dense x <= upper. */
struct rounding {
    double fraction; /* of the right side */
    double tail;     /* factor of the continuous terms */
    double upper;
    double magnitude; /* sum of the magnitudes of the terms, for the rounding error */
};

/* The integer terms, each counted from one of its bounds. */
static void write_terms(struct ifp_mir *mir, double divisor, struct rounding *rounding)
{
    const struct ifp_milp *milp = mir->relaxation->milp;
    for (size_t t = 0; t < mir->term_count; t++) {
        const struct term *term = &mir->terms[t];
        double value = rounded(term->value / divisor, rounding->fraction);
        double at = term->flipped ? milp->upper[term->column] : milp->lower[term->column];
        double side = term->flipped ? -1 : 1;
        mir->dense[term->column] += side * value;
        rounding->upper += side * value * at;
        rounding->magnitude += fabs(value) * (fabs(at) + term->range);
    }
}

/* The continuous columns with negative coefficients, by the bounds that replace them. */
static void write_columns(struct ifp_mir *mir, double sign, struct rounding *rounding)
{
    const struct ifp_milp *milp = mir->relaxation->milp;
    for (size_t k = 0; k < mir->column_count; k++) {
        size_t c = mir->columns[k];
        double value = sign * ifp_mir_coefficient(mir, c);
        if (value == 0 || milp->integer[c])
            continue;
        int which = mir->replaced[c];
        double rest = which == 0 ? value : -value;
        if (rest >= 0)
            continue;
        /* The term is rest * tail * (x - at), or (at - x). */
        double product = rest * rounding->tail * (which == 0 ? 1 : -1);
        mir->dense[c] += product;
        if (which >= 2) {
            const struct variable_bound *bound = &mir->bounds[c][which - 2];
            mir->dense[bound->column] -= product * bound->factor;
            rounding->magnitude += fabs(product * bound->factor);
        } else {
            rounding->upper += product * bound_value(mir, c, which);
            rounding->magnitude += fabs(product);
        }
    }
}

/* The slacks with negative coefficients, by their rows. */
static void write_slacks(struct ifp_mir *mir, double sign, struct rounding *rounding)
{
    const struct ifp_milp *milp = mir->relaxation->milp;
    const struct ifp_rows *rows = &mir->relaxation->rows;
    for (size_t k = 0; k < mir->row_count; k++) {
        size_t r = mir->rows[k];
        double weight = sign * mir->weight[r];
        struct side side = side_of(mir, r);
        bool from_above = side.from_above;
        double slack = side.equation ? 0 : from_above ? weight : -weight;
        if (slack >= 0)
            continue;
        double product = slack * rounding->tail * (from_above ? -1 : 1);
        double limit = side.limit;
        rounding->upper += product * limit;
        rounding->magnitude += fabs(product * limit);
        for (size_t e = rows->start[r]; e < rows->start[r + 1]; e++) {
            size_t c = rows->index[e];
            mir->dense[c] += product * rows->value[e];
            rounding->magnitude +=
                fabs(product * rows->value[e]) * fmax(fabs(milp->lower[c]), fabs(milp->upper[c]));
        }
    }
}

/* Move the coefficients from mir->dense, which becomes 0, to the cut. Much smaller ones are
 * replaced by a bound. Returns false if the cut is useless. */
static bool gather(struct ifp_mir *mir, double upper, struct ifp_cut *cut)
{
    const struct ifp_relaxation *relaxation = mir->relaxation;
    const struct ifp_milp *milp = relaxation->milp;
    double *dense = mir->dense;
    double largest = 0;
    for (size_t k = 0; k < mir->column_count; k++)
        largest = fmax(largest, fabs(dense[mir->columns[k]]));
    double activity = 0;
    double square = 0;
    cut->count = 0;
    cut->index = mir->cut_index;
    cut->value = mir->cut_value;
    for (size_t k = 0; k < mir->column_count; k++) {
        size_t c = mir->columns[k];
        double value = dense[c];
        dense[c] = 0;
        if (value == 0)
            continue;
        if (fabs(value) < largest / IFP_CUT_SPREAD_MAX) {
            upper -= fmin(value * milp->lower[c], value * milp->upper[c]);
            continue;
        }
        cut->index[cut->count] = c;
        cut->value[cut->count++] = value;
        activity += value * relaxation->point[c];
        square += value * value;
    }
    if (square == 0 || !isfinite(upper) || !isfinite(square))
        return false;
    /* Divide by the largest coefficient, as in the rows of the program. */
    for (size_t e = 0; e < cut->count; e++)
        cut->value[e] /= largest;
    cut->upper = upper / largest;
    cut->upper += 1e-15 * fabs(cut->upper);
    cut->distance = (activity - upper) / sqrt(square);
    return cut->distance > IFP_CUT_DISTANCE_MIN;
}

/* Write the cut in the columns of the program. */
static bool write_cut(struct ifp_mir *mir, double sign, double divisor, struct ifp_cut *cut)
{
    double scaled = mir->right / divisor;
    double fraction = scaled - floor(scaled);
    struct rounding rounding = {.fraction = fraction,
                                .tail = 1 / (divisor * (1 - fraction)),
                                .upper = floor(scaled),
                                .magnitude = fabs(floor(scaled))};
    write_terms(mir, divisor, &rounding);
    write_columns(mir, sign, &rounding);
    write_slacks(mir, sign, &rounding);
    double upper = rounding.upper + (mir->error * rounding.tail + 1e-14 * rounding.magnitude);
    return gather(mir, upper, cut);
}

bool ifp_mir_cut(struct ifp_mir *mir, struct ifp_cut *cut)
{
    double best = 0;
    double sign = 0;
    double divisor;
    for (int turn = 0; turn < 2; turn++) {
        double side = turn ? -1 : 1;
        substitute(mir, side);
        double gain = search(mir, &divisor);
        if (gain > best) {
            best = gain;
            sign = side;
        }
    }
    if (best <= 0)
        return false;
    substitute(mir, sign);
    search(mir, &divisor);
    return write_cut(mir, sign, divisor, cut);
}
