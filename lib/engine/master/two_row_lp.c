/* SPDX-License-Identifier: MIT */
/* An LP with two rows, solved by the dual simplex method along the lines at which its dual function
 * bends. */
#include "engine/master/two_row_lp.h"
#include "engine/tuning.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

struct ifp_fill *ifp_fill_new(size_t items)
{
    struct ifp_fill *fill = calloc(1, sizeof *fill);
    if (!fill)
        return NULL;
    size_t capacity = items + IFP_FILL_FIRST;
    fill->id = calloc(3 * capacity, sizeof *fill->id);
    fill->worth = calloc(7 * capacity, sizeof *fill->worth);
    if (!fill->id || !fill->worth) {
        ifp_fill_free(fill);
        return NULL;
    }
    fill->where = fill->id + capacity;
    fill->crossed = fill->where + capacity;
    fill->kv = fill->worth + capacity;
    fill->tflops = fill->kv + capacity;
    fill->max_share = fill->tflops + capacity;
    fill->share = fill->max_share + capacity;
    fill->step = fill->share + capacity;
    fill->bend = fill->step + capacity;
    fill->kv[0] = 1;
    fill->tflops[1] = 1;
    for (size_t i = 0; i < IFP_FILL_FIRST; i++) {
        fill->id[i] = SIZE_MAX;
        fill->max_share[i] = INFINITY;
    }
    ifp_fill_clear(fill);
    ifp_fill_forget(fill);
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

static void enter(struct ifp_fill *fill, size_t at, struct ifp_fill_line *line)
{
    *line = (struct ifp_fill_line){
        .id = fill->id[at],
        .at = at,
        .worth = fill->worth[at],
        .kv = fill->kv[at],
        .tflops = fill->tflops[at],
        .max_share = fill->max_share[at],
    };
}

void ifp_fill_forget(struct ifp_fill *fill)
{
    enter(fill, 0, &fill->basis[0]);
    enter(fill, 1, &fill->basis[1]);
}

static double determinant(const struct ifp_fill_line *p, const struct ifp_fill_line *q)
{
    return p->kv * q->tflops - p->tflops * q->kv;
}

/* Find the lines of the last basis among the present items, if they still cross. A line whose item
 * is not present stays with a largest share of 0, and will leave the basis. */
static void find_basis(struct ifp_fill *fill)
{
    for (int k = 0; k < 2; k++) {
        struct ifp_fill_line *line = &fill->basis[k];
        if (line->id == SIZE_MAX)
            continue;
        size_t at = fill->where[line->id];
        if (at < fill->count && fill->id[at] == line->id) {
            enter(fill, at, line);
        } else {
            line->at = SIZE_MAX;
            line->max_share = 0;
        }
    }
    const struct ifp_fill_line *p = &fill->basis[0];
    const struct ifp_fill_line *q = &fill->basis[1];
    if (!(fabs(determinant(p, q)) > IFP_TWO_ROW_PARALLEL * (p->kv * q->tflops + p->tflops * q->kv)))
        ifp_fill_forget(fill);
}

/* The multipliers at the crossing of the two lines. */
static void find_multipliers(struct ifp_fill *fill)
{
    const struct ifp_fill_line *p = &fill->basis[0];
    const struct ifp_fill_line *q = &fill->basis[1];
    double det = determinant(p, q);
    fill->mu_kv = (p->worth * q->tflops - q->worth * p->tflops) / det;
    fill->mu_tflops = (q->worth * p->kv - p->worth * q->kv) / det;
}

static void cut_rounding(struct ifp_fill *fill)
{
    fill->mu_kv = fill->mu_kv > 0 ? fill->mu_kv : 0;
    fill->mu_tflops = fill->mu_tflops > 0 ? fill->mu_tflops : 0;
}

/* Find a start. If worths have changed, the lines may cross beyond an axis; then start at the
 * crossing of one of them with that axis. */
static void find_start(struct ifp_fill *fill)
{
    struct ifp_fill_line *p = &fill->basis[0];
    struct ifp_fill_line *q = &fill->basis[1];
    find_basis(fill);
    find_multipliers(fill);
    if (fill->mu_kv < 0) {
        enter(fill, 0, p->tflops < q->tflops ? p : q);
        find_multipliers(fill);
    } else if (fill->mu_tflops < 0) {
        enter(fill, 1, p->kv < q->kv ? p : q);
        find_multipliers(fill);
    }
    cut_rounding(fill);
}

static double rest_of(const struct ifp_fill *fill, size_t i)
{
    return fill->worth[i] - fill->mu_kv * fill->kv[i] - fill->mu_tflops * fill->tflops[i];
}

/* Take all items that pay at the multipliers, except those in the basis. */
static void take_what_pays(struct ifp_fill *fill, double capacity)
{
    fill->left_kv = capacity;
    fill->left_tflops = capacity;
    fill->share[0] = 0;
    fill->share[1] = 0;
    for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
        double share = rest_of(fill, i) > 0 ? fill->max_share[i] : 0;
        share = i == fill->basis[0].at || i == fill->basis[1].at ? 0 : share;
        fill->share[i] = share;
        fill->left_kv -= share * fill->kv[i];
        fill->left_tflops -= share * fill->tflops[i];
    }
}

static void set_share(struct ifp_fill *fill, size_t i, double share)
{
    double more = share - fill->share[i];
    fill->share[i] = share;
    fill->left_kv -= more * fill->kv[i];
    fill->left_tflops -= more * fill->tflops[i];
}

/* The violation of the bounds of a line's share, weighted by its needs. */
static double excess_of(const struct ifp_fill_line *line)
{
    double share = line->share;
    double out = share < 0 ? -share : share > line->max_share ? share - line->max_share : 0;
    return out * (line->kv + line->tflops);
}

/* Find the lines ahead if p leaves and the multipliers move along q, by (kv, tflops) per unit of
 * step. */
static void find_crossed(struct ifp_fill *fill, const struct ifp_fill_line *p,
                         const struct ifp_fill_line *q, double kv, double tflops)
{
    size_t count = 0;
    for (size_t i = 0; i < fill->count; i++) {
        double by_kv = kv * fill->kv[i];
        double by_tflops = tflops * fill->tflops[i];
        double rate = by_kv + by_tflops;
        bool taken = fill->share[i] > 0;
        if (taken ? rate <= IFP_TWO_ROW_PARALLEL * (fabs(by_kv) + fabs(by_tflops))
                  : -rate <= IFP_TWO_ROW_PARALLEL * (fabs(by_kv) + fabs(by_tflops)))
            continue;
        if (i == p->at || i == q->at)
            continue;
        double step = rest_of(fill, i) / rate;
        fill->crossed[count] = i;
        fill->step[count] = step > 0 ? step : 0;
        fill->bend[count++] = fabs(rate) * fill->max_share[i];
    }
    fill->crossed_count = count;
}

/* Go past the lines ahead, nearest first, while f decreases. `slope` is the initial rate of
 * decrease. Returns the item at whose line f is least, or SIZE_MAX if there is none. */
static size_t walk(struct ifp_fill *fill, double slope)
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
        set_share(fill, i, fill->share[i] > 0 ? 0 : fill->max_share[i]);
        fill->crossed[next] = fill->crossed[count];
        fill->step[next] = fill->step[count];
        fill->bend[next] = fill->bend[count];
    }
    return SIZE_MAX;
}

/* p leaves the basis to the bound that it violates, which decreases f along q. The entering line
 * takes its place. Returns false if no line can enter. */
static bool exchange(struct ifp_fill *fill, struct ifp_fill_line *p, const struct ifp_fill_line *q)
{
    double det = determinant(p, q);
    bool over = p->share > p->max_share;
    double sign = (det > 0) == over ? -1 : 1;
    double slope = (over ? p->share - p->max_share : -p->share) * fabs(det);
    find_crossed(fill, p, q, sign * q->tflops, -sign * q->kv);
    size_t entering = walk(fill, slope);
    if (entering == SIZE_MAX)
        return false;
    if (p->at != SIZE_MAX)
        set_share(fill, p->at, over ? p->max_share : 0);
    set_share(fill, entering, 0);
    enter(fill, entering, p);
    return true;
}

/* Scale down the shares of all items that need capacity. */
static void shrink(struct ifp_fill *fill, double fraction)
{
    fill->value = 0;
    for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
        fill->share[i] *= fill->kv[i] > 0 || fill->tflops[i] > 0 ? fraction : 1;
        fill->value += fill->worth[i] * fill->share[i];
    }
}

/* Compute value and bound of the solution found. The bound includes an allowance for rounding; the
 * shares are scaled down if they exceed the capacity. */
static double finish(struct ifp_fill *fill, double capacity)
{
    double bound = (fill->mu_kv + fill->mu_tflops) * capacity;
    double size = bound;
    double value = 0;
    double kv = 0;
    double tflops = 0;
    for (int k = 0; k < 2; k++) {
        const struct ifp_fill_line *line = &fill->basis[k];
        if (line->at != SIZE_MAX)
            fill->share[line->at] = line->share > line->max_share ? line->max_share
                                    : line->share > 0             ? line->share
                                                                  : 0;
    }
    for (size_t i = IFP_FILL_FIRST; i < fill->count; i++) {
        double rest = rest_of(fill, i);
        bound += rest > 0 ? rest * fill->max_share[i] : 0;
        size += fill->worth[i] * fill->max_share[i];
        value += fill->worth[i] * fill->share[i];
        kv += fill->kv[i] * fill->share[i];
        tflops += fill->tflops[i] * fill->share[i];
    }
    fill->value = value;
    double full = kv > tflops ? kv : tflops;
    if (full > capacity)
        shrink(fill, capacity / full);
    return bound + fmax(4 * IFP_PRICING_ROUNDING, (double)fill->count * DBL_EPSILON) * size;
}

double ifp_fill_solve(struct ifp_fill *fill, double capacity)
{
    struct ifp_fill_line *p = &fill->basis[0];
    struct ifp_fill_line *q = &fill->basis[1];
    capacity = capacity > 0 ? capacity : 0;
    find_start(fill);
    take_what_pays(fill, capacity);
    double rounding = IFP_PRICING_ROUNDING * (3 * capacity - fill->left_kv - fill->left_tflops);
    size_t steps = IFP_TWO_ROW_STEPS_MIN + fill->count;
    for (;;) {
        double det = determinant(p, q);
        p->share = (fill->left_kv * q->tflops - fill->left_tflops * q->kv) / det;
        q->share = (fill->left_tflops * p->kv - fill->left_kv * p->tflops) / det;
        double p_excess = excess_of(p);
        double q_excess = excess_of(q);
        if ((p_excess <= rounding && q_excess <= rounding) || steps-- == 0)
            break;
        if (!(p_excess >= q_excess ? exchange(fill, p, q) : exchange(fill, q, p)))
            break;
        find_multipliers(fill);
        cut_rounding(fill);
    }
    return finish(fill, capacity);
}

double ifp_fill_alone(struct ifp_fill *fill, double capacity, bool by_tflops)
{
    struct ifp_fill_line *row = &fill->basis[by_tflops ? 1 : 0];
    capacity = capacity > 0 ? capacity : 0;
    ifp_fill_forget(fill);
    find_multipliers(fill);
    take_what_pays(fill, capacity);
    row->share = by_tflops ? fill->left_tflops : fill->left_kv;
    double multiplier = 0;
    if (row->share < 0 && exchange(fill, row, &fill->basis[by_tflops ? 0 : 1]))
        multiplier = row->worth / (by_tflops ? row->tflops : row->kv);
    ifp_fill_forget(fill);
    return multiplier;
}
