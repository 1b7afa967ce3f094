/* SPDX-License-Identifier: MIT */
/* Pricing of one deployment: branch and bound on a knapsack with a few capacities. */
#include "engine/master/knapsack.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/master/few_row_lp.h"
#include "engine/tuning.h"

enum choice { OPEN, TAKEN, LEFT };

struct ifp_pricing {
    struct ifp_watch *watch;
    struct ifp_fill *fill; /* the last node's LP; ids are indices of items */
    enum choice *choice;   /* by item, at the present node */
    size_t *decided;       /* items fixed by reduced cost on the path to the node, latest last */
    size_t decided_count;
    double *best_share; /* of the best solution */
    struct ifp_capacity_price capacity_price;
    /* the present problem: */
    const struct ifp_item *items;
    size_t count;
    double best;
    double nodes;
    double nodes_max;
    double next_poll;  /* number of nodes at which to poll whether the run is stopped */
    double leaf_bound; /* the largest bound of nodes without a branching candidate */
    double cut_short;  /* the largest bound of nodes that were not searched */
};

struct ifp_pricing *ifp_pricing_new(size_t items, struct ifp_watch *watch)
{
    struct ifp_pricing *pricing = calloc(1, sizeof *pricing);
    if (!pricing)
        return NULL;
    pricing->watch = watch;
    pricing->fill = ifp_fill_new(items);
    pricing->choice = calloc(items + 1, sizeof *pricing->choice);
    pricing->decided = calloc(items + 1, sizeof *pricing->decided);
    pricing->best_share = calloc(items + 1, sizeof *pricing->best_share);
    if (!pricing->fill || !pricing->choice || !pricing->decided || !pricing->best_share) {
        ifp_pricing_free(pricing);
        return NULL;
    }
    return pricing;
}

void ifp_pricing_free(struct ifp_pricing *pricing)
{
    if (!pricing)
        return;
    ifp_fill_free(pricing->fill);
    free(pricing->choice);
    free(pricing->decided);
    free(pricing->best_share);
    free(pricing);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Items without a positive worth are left out: they have share 0 in a best solution. */
static void add_to_fill(struct ifp_fill *fill, size_t i, double worth)
{
    if (worth > 0)
        ifp_fill_add(fill, i, worth);
}

/* -- without charges -- */

double ifp_pricing_fill(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                        const double *capacity, double *maximum)
{
    struct ifp_fill *fill = pricing->fill;
    double paid = 0;
    ifp_fill_start(fill, items, count, capacity);
    for (size_t i = 0; i < count; i++) {
        paid += items[i].forced ? items[i].charge : 0;
        items[i].share = 0;
        items[i].taken = items[i].forced;
        add_to_fill(fill, i, items[i].value);
    }
    double bound = ifp_fill_solve(fill);
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++) {
        struct ifp_item *item = &items[fill->id[k]];
        item->share = fill->share[k];
        item->taken |= item->share > 0;
    }
    pricing->capacity_price = ifp_fill_price(fill);
    *maximum = bound - paid + fmax(IFP_PRICING_ROUNDING, (double)count * DBL_EPSILON) * paid;
    return fill->value - paid;
}

/* -- with charges -- */

/* Is there no decision to make? Then any share may be served without a further charge. */
static bool is_free(const struct ifp_item *item)
{
    return item->forced || item->charge == 0;
}

/* Solve the LP of a node, in which open items pay their charge in proportion to their share.
 * Returns an upper bound on all solutions below the node. */
static double relax(struct ifp_pricing *pricing)
{
    const struct ifp_item *items = pricing->items;
    struct ifp_fill *fill = pricing->fill;
    double paid = 0;
    ifp_fill_clear(fill);
    for (size_t i = 0; i < pricing->count; i++) {
        const struct ifp_item *item = &items[i];
        if (is_free(item)) {
            add_to_fill(fill, i, item->value);
        } else if (pricing->choice[i] == TAKEN) {
            paid += item->charge;
            add_to_fill(fill, i, item->value);
        } else if (pricing->choice[i] == OPEN) {
            add_to_fill(fill, i, item->value - item->charge / item->max_share);
        }
    }
    return ifp_fill_solve(fill) - paid;
}

/* Does the bound exceed the best value by more than rounding? */
static bool exceeds(double bound, double best)
{
    return bound > best + IFP_PRICING_ROUNDING * (fabs(bound) + fabs(best));
}

/* The profit of a share, net of the full charge. */
static double worth_of(const struct ifp_item *item, double share)
{
    return item->value * share - (item->forced ? 0 : item->charge);
}

/* The shares of the LP are a solution if full charges are paid. Items that do not earn their charge
 * are left out. */
static void keep_better(struct ifp_pricing *pricing)
{
    const struct ifp_fill *fill = pricing->fill;
    double value = 0;
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++)
        value += larger(0, worth_of(&pricing->items[fill->id[k]], fill->share[k]));
    if (value <= pricing->best)
        return;
    pricing->best = value;
    for (size_t i = 0; i < pricing->count; i++)
        pricing->best_share[i] = 0;
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++) {
        size_t i = fill->id[k];
        if (worth_of(&pricing->items[i], fill->share[k]) > 0)
            pricing->best_share[i] = fill->share[k];
    }
}

/* Find the item to branch on. Only items in the basis have fractional shares. Of the open ones,
 * choose the one for which the charge paid in the LP is farthest from both 0 and the full charge.
 * Returns SIZE_MAX if there is no such item. *nearer_max: is the share nearer to the largest
 * one? */
static size_t find_branch(const struct ifp_pricing *pricing, bool *nearer_max)
{
    const struct ifp_fill *fill = pricing->fill;
    size_t branch = SIZE_MAX;
    double farthest = 0;
    for (size_t k = 0; k < fill->rows; k++) {
        size_t at = fill->basis[k].at;
        if (at == SIZE_MAX || at < IFP_FILL_FIRST)
            continue;
        const struct ifp_item *item = &pricing->items[fill->id[at]];
        double fraction = fill->share[at] / item->max_share;
        double far = item->charge * (fraction < 0.5 ? fraction : 1 - fraction);
        if (is_free(item) || pricing->choice[fill->id[at]] != OPEN || far <= farthest)
            continue;
        farthest = far;
        branch = fill->id[at];
        *nearer_max = fraction >= 0.5;
    }
    return branch;
}

/* Reduced-cost fixing: fix an open item if the opposite choice cannot lead to a better solution. */
static void decide_by_reduced_cost(struct ifp_pricing *pricing, double bound, size_t except)
{
    const struct ifp_capacity_price price = ifp_fill_price(pricing->fill);
    for (size_t i = 0; i < pricing->count; i++) {
        const struct ifp_item *item = &pricing->items[i];
        if (pricing->choice[i] != OPEN || is_free(item) || i == except)
            continue;
        double need = ifp_capacity_price_of(&price, item->need);
        double reduced = (item->value - need) * item->max_share - item->charge;
        /* Leaving it loses its profit; taking it loses at most its charge, with a share of 0. */
        double lost = reduced > 0 ? reduced : fmin(-reduced, item->charge);
        if (exceeds(bound - lost, pricing->best))
            continue;
        pricing->choice[i] = reduced > 0 ? TAKEN : LEFT;
        pricing->decided[pricing->decided_count++] = i;
    }
}

/* Is the limit of nodes reached, or the run stopped? */
static bool is_over(struct ifp_pricing *pricing)
{
    pricing->nodes += 1;
    if (pricing->nodes >= pricing->next_poll && pricing->watch) {
        pricing->next_poll = pricing->nodes + IFP_POLL_PRICING_NODES;
        if (ifp_watch_stopped(pricing->watch))
            pricing->nodes_max = 0;
    }
    return pricing->nodes > pricing->nodes_max;
}

/* Depth-first search; the side that is nearer to the LP's solution comes first. */
static void search(struct ifp_pricing *pricing, double bound)
{
    bool take;
    if (!exceeds(bound, pricing->best))
        return;
    keep_better(pricing);
    if (!exceeds(bound, pricing->best))
        return;
    if (is_over(pricing)) {
        pricing->cut_short = larger(pricing->cut_short, bound);
        return;
    }
    size_t branch = find_branch(pricing, &take);
    if (branch == SIZE_MAX) {
        pricing->leaf_bound = larger(pricing->leaf_bound, bound);
        return;
    }
    size_t mark = pricing->decided_count;
    decide_by_reduced_cost(pricing, bound, branch);
    for (int turn = 0; turn < 2; turn++) {
        pricing->choice[branch] = take == (turn == 0) ? TAKEN : LEFT;
        search(pricing, relax(pricing));
    }
    pricing->choice[branch] = OPEN;
    while (pricing->decided_count > mark)
        pricing->choice[pricing->decided[--pricing->decided_count]] = OPEN;
}

double ifp_pricing_solve(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                         const double *capacity, double cutoff, double nodes, double *maximum)
{
    double paid = 0; /* charges of forced items, a constant */
    double size = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].forced)
            paid += items[i].charge;
        size += fabs(items[i].value * items[i].max_share) + items[i].charge;
        pricing->choice[i] = OPEN;
    }
    pricing->items = items;
    pricing->count = count;
    pricing->best = cutoff + paid;
    pricing->leaf_bound = -INFINITY;
    pricing->cut_short = -INFINITY;
    pricing->decided_count = 0;
    pricing->nodes = 0;
    pricing->nodes_max = nodes;
    pricing->next_poll = IFP_POLL_PRICING_NODES;
    ifp_fill_start(pricing->fill, items, count, capacity);
    double relaxed = relax(pricing);
    pricing->capacity_price = ifp_fill_price(pricing->fill);
    search(pricing, relaxed);
    bool found = pricing->best > cutoff + paid;
    for (size_t i = 0; i < count; i++) {
        items[i].share = found ? pricing->best_share[i] : 0;
        items[i].taken = items[i].forced || items[i].share > 0;
    }
    double bound = larger(pricing->best, larger(pricing->leaf_bound, pricing->cut_short));
    double rounding = fmax(4 * IFP_PRICING_ROUNDING, (double)count * DBL_EPSILON);
    *maximum = fmin(bound, relaxed) - paid + rounding * (size + fabs(pricing->best) + paid);
    return pricing->best - paid;
}

bool ifp_pricing_cut_short(const struct ifp_pricing *pricing)
{
    return pricing->cut_short > -INFINITY;
}

struct ifp_capacity_price ifp_pricing_capacity_price(const struct ifp_pricing *pricing)
{
    return pricing->capacity_price;
}

double ifp_pricing_profit(const struct ifp_item *item, const struct ifp_capacity_price *price)
{
    double need = ifp_capacity_price_of(price, item->need);
    double rest = (item->value - need) * item->max_share;
    /* A forced item pays its charge in any case, and may have a share of 0. */
    return item->forced ? fmax(0, rest) - item->charge : fmax(0, rest - item->charge);
}
