/* SPDX-License-Identifier: MIT */
/* An LP with up to three rows, solved by the dual simplex method along the lines at which its dual
 * function bends. The vectors of two rows are handled apart, since nearly all LPs have two. */
#include "engine/master/few_row_lp.h"
#include "engine/tuning.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

_Static_assert(IFP_CAPACITY_COUNT == 3,
               "the algebra of the basis is written for at most three rows");

struct ifp_fill *ifp_fill_new(size_t items)
{
    struct ifp_fill *fill = calloc(1, sizeof *fill);
    if (!fill)
        return NULL;
    size_t capacity = items + IFP_FILL_FIRST;
    fill->id = calloc(3 * capacity, sizeof *fill->id);
    fill->worth = calloc((5 + IFP_CAPACITY_COUNT) * capacity, sizeof *fill->worth);
    if (!fill->id || !fill->worth) {
        ifp_fill_free(fill);
        return NULL;
    }
    fill->where = fill->id + capacity;
    fill->crossed = fill->where + capacity;
    fill->max_share = fill->worth + capacity;
    fill->share = fill->max_share + capacity;
    fill->step = fill->share + capacity;
    fill->bend = fill->step + capacity;
    for (size_t k = 0; k < IFP_CAPACITY_COUNT; k++)
        fill->need[k] = fill->bend + (k + 1) * capacity;
    for (size_t i = 0; i < IFP_FILL_FIRST; i++) {
        fill->id[i] = SIZE_MAX;
        fill->max_share[i] = INFINITY;
    }
    const double capacities[IFP_CAPACITY_COUNT] = {0};
    ifp_fill_start(fill, NULL, 0, capacities);
    return fill;
}

void ifp_fill_free(struct ifp_fill *fill)
{
    if (!fill)
        return;
    free(fill->id);
    free(fill->worth);
    free(fill);
}

/* -- the choice of rows -- */

bool ifp_fill_shuts_out(const struct ifp_fill *fill, const struct ifp_item *item)
{
    bool out = false;
    for (size_t r = 0; r < IFP_CAPACITY_COUNT; r++)
        out |= fill->closed[r] && item->need[r] > 0;
    return out;
}

/* Find the capacities of 0 that items need, and prices at which none of these items pays. */
static void close_capacities(struct ifp_fill *fill, size_t count, const double *capacity)
{
    fill->any_closed = false;
    for (size_t r = 0; r < IFP_CAPACITY_COUNT; r++) {
        double highest = 0;
        fill->closed[r] = false;
        for (size_t i = 0; !(capacity[r] > 0) && i < count; i++) {
            const struct ifp_item *item = &fill->items[i];
            if (!(item->need[r] > 0))
                continue;
            fill->closed[r] = true;
            highest = fmax(highest, item->value / item->need[r]);
        }
        fill->any_closed |= fill->closed[r];
        /* Rounded up: the product with the need is at least the value. */
        fill->prohibits.each[r] = highest * (1 + 4 * DBL_EPSILON);
    }
}

/* Does the row of capacity s imply the row of capacity r? */
static bool implies(const struct ifp_fill *fill, size_t count, const double *capacity, size_t s,
                    size_t r)
{
    double by_s = capacity[r] / capacity[s];
    for (size_t i = 0; i < count; i++) {
        const struct ifp_item *item = &fill->items[i];
        if (item->need[r] > item->need[s] * by_s &&
            !(fill->any_closed && ifp_fill_shuts_out(fill, item)))
            return false;
    }
    return true;
}

/* List the capacities that open items need. */
static size_t find_used(const struct ifp_fill *fill, size_t count, bool *used)
{
    for (size_t r = 0; r < IFP_CAPACITY_COUNT; r++)
        used[r] = false;
    for (size_t i = 0; i < count; i++) {
        const struct ifp_item *item = &fill->items[i];
        if (fill->any_closed && ifp_fill_shuts_out(fill, item))
            continue;
        for (size_t r = 0; r < IFP_CAPACITY_COUNT; r++)
            used[r] |= item->need[r] > 0;
    }
    size_t rows = 0;
    for (size_t r = 0; r < IFP_CAPACITY_COUNT; r++)
        rows += used[r];
    return rows;
}

/* Scale the rows and place their slacks before the items. */
static void set_rows(struct ifp_fill *fill, const bool *used, const double *capacity)
{
    double largest = 0;
    for (size_t k = 0; k < fill->rows; k++) {
        double right = capacity[fill->row[k]];
        largest = used[fill->row[k]] ? fmax(largest, right) : largest;
    }
    fill->capacity = largest;
    for (size_t k = 0; k < fill->rows; k++) {
        fill->scale[k] = used[fill->row[k]] ? largest / capacity[fill->row[k]] : 1;
        for (size_t slack = 0; slack < IFP_FILL_FIRST; slack++)
            fill->need[k][slack] = slack == IFP_FILL_FIRST - fill->rows + k ? 1 : 0;
    }
}

void ifp_fill_start(struct ifp_fill *fill, const struct ifp_item *items, size_t count,
                    const double *capacity)
{
    bool used[IFP_CAPACITY_COUNT];
    fill->items = items;
    close_capacities(fill, count, capacity);
    size_t rows = find_used(fill, count, used);
    for (size_t r = 0; r < IFP_CAPACITY_COUNT && rows == IFP_CAPACITY_COUNT; r++) {
        for (size_t s = 0; s < IFP_CAPACITY_COUNT && used[r]; s++) {
            if (s != r && implies(fill, count, capacity, s, r)) {
                used[r] = false;
                rows--;
            }
        }
    }
    /* At least two rows: those without needs do no harm. */
    fill->rows = 0;
    for (size_t r = 0; r < IFP_CAPACITY_COUNT; r++) {
        bool fills_up = !used[r] && rows < 2;
        rows += fills_up;
        if (used[r] || fills_up)
            fill->row[fill->rows++] = r;
    }
    set_rows(fill, used, capacity);
    ifp_fill_clear(fill);
    ifp_fill_forget(fill);
}

/* -- the basis -- */

static inline size_t slack_of(size_t rows, size_t row)
{
    return IFP_FILL_FIRST - rows + row;
}

static inline void enter(struct ifp_fill *fill, size_t rows, size_t at, struct ifp_fill_line *line)
{
    line->id = fill->id[at];
    line->at = at;
    line->worth = fill->worth[at];
    line->max_share = fill->max_share[at];
    line->share = 0;
    for (size_t k = 0; k < rows; k++)
        line->need[k] = fill->need[k][at];
}

static inline void forget(struct ifp_fill *fill, size_t rows)
{
    for (size_t k = 0; k < rows; k++)
        enter(fill, rows, slack_of(rows, k), &fill->basis[k]);
}

void ifp_fill_forget(struct ifp_fill *fill)
{
    forget(fill, fill->rows);
}

static inline double dot(size_t rows, const double *a, const double *b)
{
    double sum = a[0] * b[0] + a[1] * b[1];
    return rows > 2 ? sum + a[2] * b[2] : sum;
}

/* The product of a vector by row with the needs of an item. */
static inline double along(const struct ifp_fill *fill, size_t rows, const double *vector, size_t i)
{
    double sum = vector[0] * fill->need[0][i] + vector[1] * fill->need[1][i];
    return rows > 2 ? sum + vector[2] * fill->need[2][i] : sum;
}

static void set_across(struct ifp_fill_line *line, size_t k, double plus, double minus)
{
    line->across[k] = plus - minus;
    line->across_size[k] = plus + minus;
}

/* Each line's direction is orthogonal to the needs of the other lines: their vector product. */
static inline void find_across(struct ifp_fill *fill, size_t rows)
{
    struct ifp_fill_line *basis = fill->basis;
    if (rows == 2) {
        set_across(&basis[0], 0, basis[1].need[1], 0);
        set_across(&basis[0], 1, 0, basis[1].need[0]);
        set_across(&basis[1], 0, 0, basis[0].need[1]);
        set_across(&basis[1], 1, basis[0].need[0], 0);
    } else {
        for (size_t l = 0; l < 3; l++) {
            const double *p = basis[(l + 1) % 3].need;
            const double *q = basis[(l + 2) % 3].need;
            set_across(&basis[l], 0, p[1] * q[2], p[2] * q[1]);
            set_across(&basis[l], 1, p[2] * q[0], p[0] * q[2]);
            set_across(&basis[l], 2, p[0] * q[1], p[1] * q[0]);
        }
    }
    fill->determinant = dot(rows, basis[0].need, basis[0].across);
}

/* Find the lines of the last basis among the present items, if they still cross. A line whose item
 * is not present stays with a largest share of 0, and will leave the basis. */
static inline void find_basis(struct ifp_fill *fill, size_t rows)
{
    for (size_t l = 0; l < rows; l++) {
        struct ifp_fill_line *line = &fill->basis[l];
        if (line->id == SIZE_MAX)
            continue;
        size_t at = fill->where[line->id];
        if (at < fill->count && fill->id[at] == line->id) {
            enter(fill, rows, at, line);
        } else {
            line->at = SIZE_MAX;
            line->max_share = 0;
        }
    }
    find_across(fill, rows);
    double size = dot(rows, fill->basis[0].need, fill->basis[0].across_size);
    if (!(fabs(fill->determinant) > IFP_FILL_PARALLEL * size)) {
        forget(fill, rows);
        find_across(fill, rows);
    }
}

/* The multipliers at the crossing of the lines. */
static inline void find_multipliers(struct ifp_fill *fill, size_t rows)
{
    const struct ifp_fill_line *basis = fill->basis;
    for (size_t k = 0; k < rows; k++) {
        double sum = basis[0].worth * basis[0].across[k] + basis[1].worth * basis[1].across[k];
        if (rows > 2)
            sum += basis[2].worth * basis[2].across[k];
        fill->mu[k] = sum / fill->determinant;
    }
}

static inline void cut_rounding(struct ifp_fill *fill, size_t rows)
{
    for (size_t k = 0; k < rows; k++)
        fill->mu[k] = fill->mu[k] > 0 ? fill->mu[k] : 0;
}

static inline void replace(struct ifp_fill *fill, size_t rows, struct ifp_fill_line *line,
                           size_t at)
{
    enter(fill, rows, at, line);
    find_across(fill, rows);
    find_multipliers(fill, rows);
}

/* Two rows: start at the crossing of an axis and the line that meets it at a multiplier >= 0. */
static inline void start_on_axis(struct ifp_fill *fill, size_t rows)
{
    struct ifp_fill_line *p = &fill->basis[0];
    struct ifp_fill_line *q = &fill->basis[1];
    if (fill->mu[0] < 0)
        replace(fill, rows, p->need[1] < q->need[1] ? p : q, slack_of(rows, 0));
    else if (fill->mu[1] < 0)
        replace(fill, rows, p->need[0] < q->need[0] ? p : q, slack_of(rows, 1));
}

/* Three rows: if a multiplier is below 0, move to its axis along two of the lines. Returns false if
 * another multiplier would be below 0 then. */
static inline bool move_to_axis(struct ifp_fill *fill, size_t rows, size_t row)
{
    size_t leaving = SIZE_MAX;
    double best = IFP_FILL_PARALLEL;
    for (size_t l = 0; l < rows; l++) {
        const struct ifp_fill_line *line = &fill->basis[l];
        double rate = line->across[row];
        double size = line->across_size[row];
        bool good = fabs(rate) > best * size;
        for (size_t k = 0; good && k < rows; k++)
            good = k == row || fill->mu[k] - fill->mu[row] / rate * line->across[k] >= 0;
        if (!good)
            continue;
        best = fabs(rate) / size;
        leaving = l;
    }
    if (leaving == SIZE_MAX)
        return false;
    replace(fill, rows, &fill->basis[leaving], slack_of(rows, row));
    return true;
}

/* Find a start. If worths have changed, the lines may cross beyond an axis; then start at a
 * crossing with that axis. */
static inline void find_start(struct ifp_fill *fill, size_t rows)
{
    find_basis(fill, rows);
    find_multipliers(fill, rows);
    if (rows == 2) {
        start_on_axis(fill, rows);
    } else {
        for (size_t k = 0; k < rows; k++) {
            bool on_axis = false;
            for (size_t l = 0; l < rows; l++)
                on_axis |= fill->basis[l].at == slack_of(rows, k);
            if (fill->mu[k] >= 0 || on_axis || move_to_axis(fill, rows, k))
                continue;
            forget(fill, rows);
            find_across(fill, rows);
            find_multipliers(fill, rows);
        }
    }
    cut_rounding(fill, rows);
}

/* -- steps -- */

static inline double rest_of(const struct ifp_fill *fill, size_t rows, size_t i)
{
    double need = fill->mu[0] * fill->need[0][i];
    double rest = fill->worth[i] - need - fill->mu[1] * fill->need[1][i];
    return rows > 2 ? rest - fill->mu[2] * fill->need[2][i] : rest;
}

/* Take all items that pay at the multipliers, except those in the basis. */
static inline void take_what_pays(struct ifp_fill *fill, size_t rows)
{
    size_t third = rows > 2 ? fill->basis[2].at : SIZE_MAX;
    for (size_t k = 0; k < rows; k++) {
        fill->left[k] = fill->capacity;
        fill->share[slack_of(rows, k)] = 0;
    }
    for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
        double share = rest_of(fill, rows, i) > 0 ? fill->max_share[i] : 0;
        share = i == fill->basis[0].at || i == fill->basis[1].at || i == third ? 0 : share;
        fill->share[i] = share;
        fill->left[0] -= share * fill->need[0][i];
        fill->left[1] -= share * fill->need[1][i];
        if (rows > 2)
            fill->left[2] -= share * fill->need[2][i];
    }
}

static inline void set_share(struct ifp_fill *fill, size_t rows, size_t i, double share)
{
    double more = share - fill->share[i];
    fill->share[i] = share;
    for (size_t k = 0; k < rows; k++)
        fill->left[k] -= more * fill->need[k][i];
}

/* The violation of the bounds of a line's share, weighted by its needs. */
static inline double excess_of(size_t rows, const struct ifp_fill_line *line)
{
    double share = line->share;
    double out = share < 0 ? -share : share > line->max_share ? share - line->max_share : 0;
    double need = line->need[0] + line->need[1];
    return out * (rows > 2 ? need + line->need[2] : need);
}

static inline bool in_basis(const struct ifp_fill *fill, size_t rows, size_t i)
{
    return i == fill->basis[0].at || i == fill->basis[1].at || (rows > 2 && i == fill->basis[2].at);
}

/* Find the lines ahead if `leaving` leaves and the multipliers move along its direction, forwards
 * if `sign` is 1, backwards if it is -1. */
static inline void find_crossed(struct ifp_fill *fill, size_t rows,
                                const struct ifp_fill_line *leaving, double sign)
{
    double across[IFP_CAPACITY_COUNT]; /* copied to stay in registers */
    double parallel[IFP_CAPACITY_COUNT];
    size_t count = 0;
    for (size_t k = 0; k < rows; k++) {
        across[k] = sign * leaving->across[k];
        parallel[k] = IFP_FILL_PARALLEL * leaving->across_size[k];
    }
    for (size_t i = slack_of(rows, 0); i < fill->count; i++) {
        double rate = along(fill, rows, across, i);
        bool taken = fill->share[i] > 0;
        if ((taken ? rate : -rate) <= along(fill, rows, parallel, i) || in_basis(fill, rows, i))
            continue;
        double step = rest_of(fill, rows, i) / rate;
        fill->crossed[count] = i;
        fill->step[count] = step > 0 ? step : 0;
        fill->bend[count++] = fabs(rate) * fill->max_share[i];
    }
    fill->crossed_count = count;
}

/* Go past the lines ahead, nearest first, while f decreases. `slope` is the initial rate of
 * decrease. Returns the item at whose line f is least, or SIZE_MAX if there is none. */
static inline size_t walk(struct ifp_fill *fill, size_t rows, double slope)
{
    size_t count = fill->crossed_count;
    while (count > 0) {
        size_t next = 0;
        for (size_t k = 1; k < count; k++) {
            if (fill->step[k] < fill->step[next] ||
                (fill->step[k] == fill->step[next] && fill->crossed[k] < fill->crossed[next]))
                next = k;
        }
        size_t i = fill->crossed[next];
        slope -= fill->bend[next];
        count--;
        if (slope <= 0 || count == 0)
            return i;
        set_share(fill, rows, i, fill->share[i] > 0 ? 0 : fill->max_share[i]);
        fill->crossed[next] = fill->crossed[count];
        fill->step[next] = fill->step[count];
        fill->bend[next] = fill->bend[count];
    }
    return SIZE_MAX;
}

/* A line leaves the basis to the bound that it violates, which decreases f along the other lines.
 * The entering line takes its place. Returns false if no line can enter. */
static inline bool exchange(struct ifp_fill *fill, size_t rows, struct ifp_fill_line *leaving)
{
    bool over = leaving->share > leaving->max_share;
    double out = over ? leaving->share - leaving->max_share : -leaving->share;
    find_crossed(fill, rows, leaving, (fill->determinant > 0) == over ? -1 : 1);
    size_t entering = walk(fill, rows, out * fabs(fill->determinant));
    if (entering == SIZE_MAX)
        return false;
    if (leaving->at != SIZE_MAX)
        set_share(fill, rows, leaving->at, over ? leaving->max_share : 0);
    set_share(fill, rows, entering, 0);
    enter(fill, rows, entering, leaving);
    return true;
}

/* -- the solution -- */

/* Scale down the shares of all items that need capacity. */
static inline void shrink(struct ifp_fill *fill, size_t rows, double fraction)
{
    fill->value = 0;
    for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
        bool needs = false;
        for (size_t k = 0; k < rows; k++)
            needs |= fill->need[k][i] > 0;
        fill->share[i] *= needs ? fraction : 1;
        fill->value += fill->worth[i] * fill->share[i];
    }
}

/* Compute value and bound of the solution found. The bound includes an allowance for rounding; the
 * shares are scaled down if they exceed the capacity. */
static inline double finish(struct ifp_fill *fill, size_t rows)
{
    double multipliers = fill->mu[0] + fill->mu[1];
    if (rows > 2)
        multipliers += fill->mu[2];
    double bound = multipliers * fill->capacity;
    double size = bound;
    double value = 0;
    double used[IFP_CAPACITY_COUNT] = {0};
    for (size_t l = 0; l < rows; l++) {
        const struct ifp_fill_line *line = &fill->basis[l];
        if (line->at != SIZE_MAX)
            fill->share[line->at] = line->share > line->max_share ? line->max_share
                                    : line->share > 0             ? line->share
                                                                  : 0;
    }
    for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
        double rest = rest_of(fill, rows, i);
        bound += rest > 0 ? rest * fill->max_share[i] : 0;
        size += fill->worth[i] * fill->max_share[i];
        value += fill->worth[i] * fill->share[i];
        used[0] += fill->need[0][i] * fill->share[i];
        used[1] += fill->need[1][i] * fill->share[i];
        if (rows > 2)
            used[2] += fill->need[2][i] * fill->share[i];
    }
    fill->value = value;
    double full = used[0] > used[1] ? used[0] : used[1];
    full = used[2] > full ? used[2] : full;
    if (full > fill->capacity)
        shrink(fill, rows, fill->capacity / full);
    return bound + fmax(4 * IFP_PRICING_ROUNDING, (double)fill->count * DBL_EPSILON) * size;
}

static inline double solve(struct ifp_fill *fill, size_t rows)
{
    find_start(fill, rows);
    take_what_pays(fill, rows);
    double load = (double)(rows + 1) * fill->capacity;
    for (size_t k = 0; k < rows; k++)
        load -= fill->left[k];
    double rounding = IFP_PRICING_ROUNDING * load;
    size_t steps = IFP_FILL_STEPS_MIN + fill->count;
    for (;;) {
        struct ifp_fill_line *worst = NULL;
        double excess = rounding;
        for (size_t l = 0; l < rows; l++) {
            struct ifp_fill_line *line = &fill->basis[l];
            line->share = dot(rows, fill->left, line->across) / fill->determinant;
            double out = excess_of(rows, line);
            if (out > excess) {
                excess = out;
                worst = line;
            }
        }
        if (!worst || steps-- == 0 || !exchange(fill, rows, worst))
            break;
        find_across(fill, rows);
        find_multipliers(fill, rows);
        cut_rounding(fill, rows);
    }
    return finish(fill, rows);
}

/* The number of rows is a constant in each of the two calls, so that the compiler makes a solver
 * for two rows and one for three. */
double ifp_fill_solve(struct ifp_fill *fill)
{
    return fill->rows == 2 ? solve(fill, 2) : solve(fill, 3);
}

struct ifp_capacity_price ifp_fill_price(const struct ifp_fill *fill)
{
    struct ifp_capacity_price price = fill->prohibits;
    for (size_t k = 0; k < fill->rows; k++)
        price.each[fill->row[k]] += fill->mu[k] * fill->scale[k];
    return price;
}
