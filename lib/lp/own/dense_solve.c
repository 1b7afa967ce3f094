/* SPDX-License-Identifier: MIT */
/*
 * The simplex methods on the tableau. If the basis is not primal feasible, the dual method starts,
 * with long steps (a variable may go to its other bound instead of entering the basis). Costs are
 * shifted if the basis is not dual feasible. The primal method follows, with Devex pricing (Forrest
 * and Goldfarb 1992). Ties within the tolerance go to the largest pivot (Harris 1973). After many
 * pivots without progress, Bland's rule prevents cycling.
 */
#include "lp/own/dense_table.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "util/clock.h"

/* The largest violation of a bound, and the largest reduced cost of the wrong sign. */
static const double FEASIBLE = 1e-9;
static const double DUAL_FEASIBLE = 1e-9;
/* The smallest pivot, absolute and as a fraction of the largest entry of its row or column. */
static const double PIVOT = 1e-9;
static const double PIVOT_FRACTION = 1e-7;
/* The table is computed again if its relative error is larger than this. */
static const double WRONG = 1e-9;
/* The largest relative difference between two computations of an entry of the table. */
static const double DISAGREEING = 1e-7;
/* More than the relative rounding error of (a / b) b. */
static const double DIVISION_ROUNDING = 1e-15;

enum {
    FRESH = 150,       /* pivots after which the table is computed again before a solve */
    STALLED = 100,     /* pivots without progress (plus rows) after which Bland's rule applies */
    ATTEMPTS = 4,      /* to get a result that agrees with the original data */
    ROWS_PER_POLL = 16 /* iterations between two looks at the clock */
};

/* Should the solve end after this number of iterations? *reason is then its status. */
static bool is_stopped(const struct ifp_dense *lp, const struct ifp_lp_limits *limits,
                       int iterations, enum ifp_lp_status *reason)
{
    *reason = IFP_LP_LIMIT;
    if (iterations >= limits->iterations)
        return true;
    if (limits->cancel && atomic_load_explicit(limits->cancel, memory_order_relaxed)) {
        *reason = IFP_LP_ABANDONED;
        return true;
    }
    return isfinite(lp->end) && iterations % ROWS_PER_POLL == 0 && ifp_clock_seconds() >= lp->end;
}

/* -- the dual method -- */

/* The squared length of a row of the inverse. */
static double length_of(const struct ifp_dense *lp, size_t place)
{
    const double *inverse = ifp_dense_inverse(lp, place);
    double own = ifp_dense_slack_row(lp, place) == SIZE_MAX ? 0 : 1;
    return ifp_dense_larger(own + ifp_dense_dot(inverse, inverse, lp->active), 1e-12);
}

/* The violation of a basic variable's bounds, negative if it is below the lower bound; 0 within the
 * tolerance. */
static double excess_of(const struct ifp_dense *lp, size_t place)
{
    size_t slot = lp->basic[place];
    double level = lp->level[place];
    if (level > lp->upper[slot] + FEASIBLE)
        return level - lp->upper[slot];
    if (level < lp->lower[slot] - FEASIBLE)
        return level - lp->lower[slot];
    return 0;
}

/* The place with the largest violation relative to the length of its row of the inverse, or
 * SIZE_MAX if no bound is violated. */
static size_t choose_row(const struct ifp_dense *lp, bool first)
{
    size_t best = SIZE_MAX;
    double largest = 0;
    for (size_t r = 0; r < lp->rows; r++) {
        double excess = excess_of(lp, r);
        if (excess == 0)
            continue;
        if (first) {
            if (best == SIZE_MAX || lp->basic[r] < lp->basic[best])
                best = r;
            continue;
        }
        double size = excess * excess / length_of(lp, r);
        if (size > largest) {
            largest = size;
            best = r;
        }
    }
    return best;
}

static bool at_upper(const struct ifp_dense *lp, size_t slot)
{
    return lp->value[slot] == lp->upper[slot];
}

/* Make the basis dual feasible. A nonbasic variable whose reduced cost has the wrong sign goes to
 * its other bound. If that is infinite, its cost is shifted until the reduced cost is 0. */
static void make_dual_feasible(struct ifp_dense *lp)
{
    for (size_t s = 0; s < lp->slots; s++) {
        if (lp->place[s] != NOT_BASIC || ifp_dense_is_fixed(lp, s))
            continue;
        bool bounded_below = isfinite(lp->lower[s]);
        bool bounded_above = isfinite(lp->upper[s]);
        if (lp->price[s] < -DUAL_FEASIBLE && !(bounded_above && at_upper(lp, s))) {
            if (bounded_above) {
                ifp_dense_move(lp, s, lp->upper[s]);
                continue;
            }
        } else if (lp->price[s] > DUAL_FEASIBLE &&
                   (!bounded_below || lp->value[s] > lp->lower[s])) {
            if (bounded_below) {
                ifp_dense_move(lp, s, lp->lower[s]);
                continue;
            }
        } else {
            continue;
        }
        lp->shift[s] -= lp->price[s];
        lp->price[s] = 0;
        lp->shifted = true;
    }
}

/*
 * The variable that enters the basis for that of the row, which has to rise (sign 1) or fall (-1).
 * It is the one whose reduced cost reaches 0 first. Variables that can go to their other bound
 * instead are passed as long as the row stays violated (long steps); they are
 * lp->candidates[0 .. *passed - 1]. Returns SIZE_MAX if no point within the bounds satisfies the
 * row.
 */
static size_t choose_entering(struct ifp_dense *lp, double sign, double excess, bool first,
                              size_t *passed)
{
    const double *table = lp->line;
    size_t count = 0;
    double largest = 0;
    *passed = 0;
    for (size_t s = 0; s < lp->slots; s++) {
        double rise = -sign * table[s];
        if (fabs(rise) <= PIVOT || lp->place[s] != NOT_BASIC || ifp_dense_is_fixed(lp, s))
            continue;
        if (rise > 0 ? at_upper(lp, s) && isfinite(lp->upper[s])
                     : lp->value[s] == lp->lower[s] && isfinite(lp->lower[s]))
            continue;
        largest = ifp_dense_larger(largest, fabs(rise));
        lp->candidates[count++] = s;
    }
    double left = fabs(excess) - FEASIBLE; /* passing all of them may just repair the row */
    for (size_t from = 0; from < count;) {
        double reach = INFINITY;
        double width = 0;
        size_t best = SIZE_MAX;
        for (size_t k = from; k < count; k++) {
            size_t s = lp->candidates[k];
            double size = fabs(table[s]);
            double tolerance = first ? 0 : DUAL_FEASIBLE;
            if (size >= PIVOT_FRACTION * largest)
                reach = ifp_dense_smaller(reach, (fabs(lp->price[s]) + tolerance) / size);
        }
        reach *= 1 + DIVISION_ROUNDING; /* so that the candidate that sets it is within it */
        size_t to = from;
        for (size_t k = from; k < count; k++) {
            size_t s = lp->candidates[k];
            double size = fabs(table[s]);
            if (fabs(lp->price[s]) > reach * size)
                continue;
            lp->candidates[k] = lp->candidates[to];
            lp->candidates[to++] = s;
            width += size * (lp->upper[s] - lp->lower[s]);
            if (size >= PIVOT_FRACTION * largest &&
                (best == SIZE_MAX || (first ? s < best : size > fabs(table[best]))))
                best = s;
        }
        if (best == SIZE_MAX)
            return SIZE_MAX; /* only negligible entries are left */
        if (first || !(left - width > 0)) {
            *passed = from;
            return best;
        }
        left -= width;
        from = to;
    }
    return SIZE_MAX;
}

static double objective_of(const struct ifp_dense *lp)
{
    double sum = 0;
    for (size_t c = 0; c < lp->columns; c++) {
        size_t s = lp->column_slot[c];
        double value = ifp_dense_value(lp, s);
        sum += lp->cost[s] * value;
    }
    return sum;
}

static void subtract(double *restrict to, const double *restrict from, double times, size_t count)
{
    for (size_t k = 0; k < count; k++)
        to[k] -= times * from[k];
}

/*
 * The variable of `slot` changes by `change` and replaces the basic variable at `place`, which goes
 * to `bound`. lp->line must be that of the place and lp->spike that of the slot. Returns false if
 * they disagree, since the inverse is then too inaccurate, or if out of memory for the inverse.
 */
static bool exchange(struct ifp_dense *lp, size_t place, size_t slot, double change, double bound)
{
    double entry = lp->spike[place];
    double value = lp->value[slot] + change;
    size_t leaving = lp->basic[place];
    if (!(fabs(entry - lp->line[slot]) <= DISAGREEING * (1 + fabs(entry))) ||
        !ifp_dense_reserve_active(lp, lp->active + 1))
        return false;
    double step = lp->price[slot] / entry;
    subtract(lp->level, lp->spike, change, lp->rows);
    if (step != 0)
        subtract(lp->price, lp->line, step, lp->slots);
    lp->price[slot] = 0;
    lp->price[leaving] = -step;
    ifp_dense_pivot(lp, place, slot);
    lp->level[place] = value;
    lp->value[leaving] = bound;
    return true;
}

/* Shift costs so that reduced costs that passed 0 within the tolerance are 0 again. */
static void shift_back(struct ifp_dense *lp)
{
    for (size_t s = 0; s < lp->slots; s++) {
        double price = lp->price[s];
        if (fabs(price) <= DUAL_FEASIBLE || lp->place[s] != NOT_BASIC || ifp_dense_is_fixed(lp, s))
            continue;
        if (price > 0 ? lp->value[s] == lp->lower[s] : at_upper(lp, s))
            continue;
        lp->shift[s] -= price;
        lp->price[s] = 0;
        lp->shifted = true;
    }
}

static enum ifp_lp_status solve_dual(struct ifp_dense *lp, const struct ifp_lp_limits *limits,
                                     int *iterations)
{
    size_t stalled = 0;
    make_dual_feasible(lp);
    for (;;) {
        bool first = stalled > STALLED + lp->rows;
        size_t place = choose_row(lp, first);
        if (place == SIZE_MAX)
            return IFP_LP_OPTIMAL;
        enum ifp_lp_status reason;
        if (is_stopped(lp, limits, *iterations, &reason))
            return reason;
        if (isfinite(limits->cutoff) && !lp->shifted && objective_of(lp) > limits->cutoff)
            return IFP_LP_CUTOFF;
        ++*iterations;
        double excess = excess_of(lp, place);
        size_t leaving = lp->basic[place];
        double bound = excess < 0 ? lp->lower[leaving] : lp->upper[leaving];
        size_t passed;
        ifp_dense_line(lp, place);
        size_t slot = choose_entering(lp, excess < 0 ? 1 : -1, excess, first, &passed);
        if (slot == SIZE_MAX) {
            lp->has_ray = true;
            lp->ray_slot = leaving;
            lp->ray_sign = excess < 0 ? -1 : 1;
            return IFP_LP_INFEASIBLE;
        }
        for (size_t k = 0; k < passed; k++) {
            size_t s = lp->candidates[k];
            ifp_dense_move(lp, s, lp->value[s] == lp->lower[s] ? lp->upper[s] : lp->lower[s]);
        }
        ifp_dense_spike(lp, slot);
        double entry = lp->spike[place];
        stalled = fabs(lp->price[slot]) > 1e-12 * fabs(entry) ? 0 : stalled + 1;
        if (!exchange(lp, place, slot, (lp->level[place] - bound) / entry, bound))
            return IFP_LP_TROUBLE;
        shift_back(lp);
    }
}

/* -- the primal method -- */

/* The entering variable, by Devex pricing, or SIZE_MAX if the basis is dual feasible. *up: does its
 * value rise? */
static size_t choose_column(const struct ifp_dense *lp, bool first, bool *up)
{
    size_t best = SIZE_MAX;
    double largest = 0;
    for (size_t s = 0; s < lp->slots; s++) {
        double price = lp->price[s];
        if (fabs(price) <= DUAL_FEASIBLE || lp->place[s] != NOT_BASIC || ifp_dense_is_fixed(lp, s))
            continue;
        if (price < 0 ? at_upper(lp, s) : lp->value[s] == lp->lower[s])
            continue;
        double size = price * price / lp->weight[s];
        if (best != SIZE_MAX && (first || size <= largest))
            continue;
        best = s;
        largest = size;
    }
    *up = best != SIZE_MAX && lp->price[best] < 0;
    return best;
}

/* The place of the basic variable that reaches its bound first, or SIZE_MAX if no variable does
 * within *step. Two passes (Harris): the longest step with the tolerance, then the largest pivot
 * within it. */
static size_t choose_leaving(const struct ifp_dense *lp, double direction, bool first, double *step)
{
    double reach = INFINITY;
    double tolerance = first ? 0 : FEASIBLE;
    size_t best = SIZE_MAX;
    double largest = 0;
    for (size_t r = 0; r < lp->rows; r++)
        largest = ifp_dense_larger(largest, fabs(lp->spike[r]));
    double minimum = fmax(PIVOT, PIVOT_FRACTION * largest);
    for (size_t r = 0; r < lp->rows; r++) {
        double fall = lp->spike[r] * direction; /* how far the level falls at step 1 */
        size_t s = lp->basic[r];
        double distance = fall > 0 ? lp->level[r] - lp->lower[s] : lp->upper[s] - lp->level[r];
        lp->work[r] = INFINITY;
        if (fabs(fall) < minimum || !isfinite(distance))
            continue;
        distance = ifp_dense_larger(0, distance);
        lp->work[r] = distance / fabs(fall);
        reach = ifp_dense_smaller(reach, (distance + tolerance) / fabs(fall));
    }
    for (size_t r = 0; r < lp->rows; r++) {
        if (!(lp->work[r] <= reach) || !isfinite(lp->work[r]))
            continue;
        double size = fabs(lp->spike[r]);
        if (best == SIZE_MAX ||
            (first ? lp->work[r] < lp->work[best] ||
                         (lp->work[r] == lp->work[best] && lp->basic[r] < lp->basic[best])
                   : size > fabs(lp->spike[best])))
            best = r;
    }
    if (best == SIZE_MAX || lp->work[best] > *step)
        return SIZE_MAX;
    *step = lp->work[best];
    return best;
}

/* Update the Devex weights. Call it before the exchange. */
static void update_weights(struct ifp_dense *lp, size_t place, size_t slot)
{
    double entry = lp->spike[place];
    double weight = lp->weight[slot] / (entry * entry);
    for (size_t s = 0; s < lp->slots; s++) {
        double line = lp->line[s];
        if (line != 0)
            lp->weight[s] = ifp_dense_larger(lp->weight[s], line * line * weight);
    }
    lp->weight[lp->basic[place]] = fmax(1, weight);
}

static enum ifp_lp_status solve_primal(struct ifp_dense *lp, const struct ifp_lp_limits *limits,
                                       int *iterations)
{
    size_t stalled = 0;
    for (size_t s = 0; s < lp->slots; s++)
        lp->weight[s] = 1;
    for (;;) {
        bool first = stalled > STALLED + lp->rows;
        bool up;
        size_t slot = choose_column(lp, first, &up);
        if (slot == SIZE_MAX)
            return IFP_LP_OPTIMAL;
        enum ifp_lp_status reason;
        if (is_stopped(lp, limits, *iterations, &reason))
            return reason;
        ++*iterations;
        double direction = up ? 1 : -1;
        double step = lp->upper[slot] - lp->lower[slot];
        ifp_dense_spike(lp, slot);
        size_t place = choose_leaving(lp, direction, first, &step);
        if (!isfinite(step))
            return IFP_LP_TROUBLE;
        stalled = step > 1e-12 ? 0 : stalled + 1;
        if (place == SIZE_MAX) {
            ifp_dense_move(lp, slot, up ? lp->upper[slot] : lp->lower[slot]);
            continue;
        }
        size_t leaving = lp->basic[place];
        double bound = lp->spike[place] * direction > 0 ? lp->lower[leaving] : lp->upper[leaving];
        ifp_dense_line(lp, place);
        update_weights(lp, place, slot);
        if (!exchange(lp, place, slot, direction * step, bound))
            return IFP_LP_TROUBLE;
    }
}

/* -- both -- */

static bool is_primal_feasible(const struct ifp_dense *lp)
{
    for (size_t r = 0; r < lp->rows; r++) {
        if (excess_of(lp, r) != 0)
            return false;
    }
    return true;
}

/* Do the values and reduced costs agree with the original data? */
static bool is_right(struct ifp_dense *lp)
{
    double *sum = lp->work; /* by row: the activity minus the slack; `size`: sum of the sizes */
    double *size = lp->spike;
    double *multipliers = lp->multipliers;
    for (size_t r = 0; r < lp->rows; r++) {
        double level = ifp_dense_value(lp, lp->row_slot[r]);
        multipliers[r] = lp->price[lp->row_slot[r]];
        sum[r] = -level;
        size[r] = 1 + fabs(level);
    }
    for (size_t c = 0; c < lp->columns; c++) {
        size_t s = lp->column_slot[c];
        const struct ifp_dense_column *column = &lp->column[s];
        double value = ifp_dense_value(lp, s);
        for (size_t e = column->start; value != 0 && e < column->start + column->count; e++) {
            sum[lp->entry_row[e]] += lp->entry_value[e] * value;
            size[lp->entry_row[e]] += fabs(lp->entry_value[e] * value);
        }
        if (lp->place[s] == NOT_BASIC && ifp_dense_is_fixed(lp, s))
            continue;
        double price = lp->cost[s];
        double magnitude = 1 + fabs(price);
        for (size_t e = column->start; e < column->start + column->count; e++) {
            double product = lp->entry_value[e] * multipliers[lp->entry_row[e]];
            price -= product;
            magnitude += fabs(product);
        }
        if (!(fabs(price - lp->price[s]) <= WRONG * magnitude))
            return false;
    }
    for (size_t r = 0; r < lp->rows; r++) {
        if (!(fabs(sum[r]) <= WRONG * size[r]))
            return false;
    }
    return true;
}

static enum ifp_lp_status solve_both(struct ifp_dense *lp, const struct ifp_lp_limits *limits,
                                     int *iterations)
{
    if (!is_primal_feasible(lp)) {
        enum ifp_lp_status status = solve_dual(lp, limits, iterations);
        if (status != IFP_LP_OPTIMAL)
            return status;
    }
    if (lp->shifted)
        ifp_dense_find_prices(lp);
    return solve_primal(lp, limits, iterations);
}

void ifp_dense_solve(struct ifp_dense *lp, const struct ifp_lp_limits *limits,
                     struct ifp_lp_result *result)
{
    *result = (struct ifp_lp_result){.status = IFP_LP_TROUBLE};
    lp->has_ray = false;
    lp->end = isfinite(limits->seconds) ? ifp_clock_seconds() + limits->seconds : INFINITY;
    if (lp->pivots > FRESH)
        ifp_dense_refresh(lp);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        result->status = solve_both(lp, limits, &result->iterations);
        if (result->status == IFP_LP_LIMIT || result->status == IFP_LP_CUTOFF ||
            result->status == IFP_LP_ABANDONED)
            break;
        if (result->status == IFP_LP_OPTIMAL && is_right(lp) && is_primal_feasible(lp))
            break;
        if (result->status == IFP_LP_INFEASIBLE && lp->pivots == 0)
            break;
        result->status = result->status == IFP_LP_INFEASIBLE ? IFP_LP_INFEASIBLE : IFP_LP_TROUBLE;
        ifp_dense_refresh(lp);
    }
    if (lp->shifted)
        ifp_dense_find_prices(lp);
    result->objective = objective_of(lp);
    lp->has_ray &= result->status == IFP_LP_INFEASIBLE && lp->place[lp->ray_slot] != NOT_BASIC;
    result->ray = lp->has_ray;
}

void ifp_dense_point(const struct ifp_dense *lp, double *point)
{
    for (size_t c = 0; c < lp->columns; c++) {
        size_t s = lp->column_slot[c];
        double value = ifp_dense_value(lp, s);
        /* A value that violates its bound within the tolerance is put at the bound. */
        point[c] = fmin(fmax(value, lp->lower[s]), lp->upper[s]);
    }
}

void ifp_dense_multipliers(const struct ifp_dense *lp, double *multipliers)
{
    if (lp->has_ray) {
        ifp_dense_combination(lp, lp->ray_slot, lp->ray_sign, multipliers);
        return;
    }
    for (size_t r = 0; r < lp->rows; r++)
        multipliers[r] = lp->price[lp->row_slot[r]];
}

void ifp_dense_reduced_costs(const struct ifp_dense *lp, double *reduced)
{
    for (size_t c = 0; c < lp->columns; c++)
        reduced[c] = ifp_dense_price(lp, lp->column_slot[c]);
}
