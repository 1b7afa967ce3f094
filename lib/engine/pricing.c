/* SPDX-License-Identifier: MIT */
/* The best set of query types for one deployment to serve: depth-first search with bounds. */
#include "engine/pricing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounding of the sums below, relative to what goes into them. */
static const double ROUNDING = 1e-12;

enum { FILL_STEPS = 60 };

enum choice { OUT, FULL, PART, IDLE }; /* IDLE: forced, and not served */

struct ifp_pricing {
    size_t room;
    size_t *by_kv; /* items by value for memory, then for compute, best first */
    size_t *by_tflops;
    char *choice; /* of the path, by item */
    char *best_choice;
    bool *open;     /* not decided yet on the path */
    double *shares; /* three lots, for filling */
    double *worth;  /* per unit of share, for filling; by item */
    double *rest;   /* by depth: what the items from there on bring beyond their need at mu */
    double mu_kv;   /* multipliers of the two capacities */
    double mu_tflops;
    /* the problem being solved: */
    struct ifp_item *items;
    size_t count;
    double best;
    double best_part[2]; /* shares of the partial items of the best solution, in item order */
    size_t part[2];      /* partial items of the path */
    size_t parts;
    double nodes;
    double nodes_max;
    double cut_short; /* the largest bound among branches not searched */
};

struct ifp_pricing *ifp_pricing_new(size_t items)
{
    struct ifp_pricing *pricing = calloc(1, sizeof *pricing);
    if (!pricing)
        return NULL;
    pricing->room = items;
    pricing->by_kv = calloc(items + 1, sizeof *pricing->by_kv);
    pricing->by_tflops = calloc(items + 1, sizeof *pricing->by_tflops);
    pricing->choice = calloc(items + 1, 1);
    pricing->best_choice = calloc(items + 1, 1);
    pricing->open = calloc(items + 1, sizeof *pricing->open);
    pricing->shares = calloc(3 * items + 1, sizeof *pricing->shares);
    pricing->worth = calloc(items + 1, sizeof *pricing->worth);
    pricing->rest = calloc(items + 1, sizeof *pricing->rest);
    if (!pricing->worth || !pricing->rest || !pricing->shares || !pricing->by_kv ||
        !pricing->by_tflops || !pricing->choice || !pricing->best_choice || !pricing->open) {
        ifp_pricing_free(pricing);
        return NULL;
    }
    return pricing;
}

void ifp_pricing_free(struct ifp_pricing *pricing)
{
    if (!pricing)
        return;
    free(pricing->by_kv);
    free(pricing->by_tflops);
    free(pricing->choice);
    free(pricing->best_choice);
    free(pricing->open);
    free(pricing->shares);
    free(pricing->worth);
    free(pricing->rest);
    free(pricing);
}

/* What an item brings at its largest share. A forced one pays its charge anyway. */
static double full_value(const struct ifp_item *item)
{
    return item->value * item->most - (item->forced ? 0 : item->charge);
}

/* What an item needs at its largest share. */
static double weight_of(const struct ifp_item *item, bool by_tflops)
{
    return (by_tflops ? item->tflops : item->kv) * item->most;
}

/* Value for weight; weightless items first. */
static double density(double value, double weight)
{
    return weight > 0 ? value / weight : INFINITY;
}

/* -- without charges -- */

/* The weight of share 1 when the two capacities count as one: theta of memory, the rest compute. */
static double mixed(const struct ifp_item *item, double theta)
{
    return theta * item->kv + (1 - theta) * item->tflops;
}

/* Fill the mixed capacity best first, into share; returns the multiplier of the capacity, with
 * which the shares are best. */
static double fill_mixed(const struct ifp_pricing *pricing, double theta, double room,
                         double *share)
{
    size_t *order = pricing->by_kv;
    double multiplier = 0;
    for (size_t s = 0; s < pricing->count; s++) {
        double mine = density(pricing->worth[s], mixed(&pricing->items[s], theta));
        size_t at = s;
        for (; at > 0; at--) {
            size_t other = order[at - 1];
            if (density(pricing->worth[other], mixed(&pricing->items[other], theta)) >= mine)
                break;
            order[at] = other;
        }
        order[at] = s;
        share[s] = 0;
    }
    for (size_t o = 0; o < pricing->count; o++) {
        const struct ifp_item *item = &pricing->items[order[o]];
        double weight = mixed(item, theta);
        double worth = pricing->worth[order[o]];
        if (worth <= 0)
            continue;
        if (weight * item->most > room) {
            share[order[o]] = fmax(0, room) / weight;
            multiplier = worth / weight;
            break;
        }
        share[order[o]] = item->most;
        room -= weight * item->most;
    }
    return multiplier;
}

static double use_of(const struct ifp_pricing *pricing, const double *share, bool by_tflops)
{
    double use = 0;
    for (size_t i = 0; i < pricing->count; i++)
        use += share[i] * (by_tflops ? pricing->items[i].tflops : pricing->items[i].kv);
    return use;
}

/* The bound by the multipliers of the mixed capacity, kept where it is the least so far. */
static void keep_bound(struct ifp_pricing *pricing, double theta, double multiplier, double room,
                       double *least)
{
    double bound = multiplier * room;
    double size = bound;
    for (size_t i = 0; i < pricing->count; i++) {
        const struct ifp_item *item = &pricing->items[i];
        double rest = (pricing->worth[i] - multiplier * mixed(item, theta)) * item->most;
        size += fabs(pricing->worth[i]) * item->most;
        bound += fmax(0, rest);
    }
    bound += 4 * ROUNDING * size;
    if (bound >= *least)
        return;
    *least = bound;
    pricing->mu_kv = multiplier * theta;
    pricing->mu_tflops = multiplier * (1 - theta);
}

/*
 * The best shares at pricing->worth, an LP with two rows, into the first lot of pricing->shares;
 * returns what nothing exceeds, and leaves the multipliers that prove it.
 */
static double fill(struct ifp_pricing *pricing, double room)
{
    double *share = pricing->shares;
    double *high_share = share + pricing->room; /* uses too much memory */
    double *middle = share + 2 * pricing->room;
    double low = 1; /* theta at which memory counts for too much, and for too little */
    double high = 0;
    double bound = INFINITY;
    /* With compute alone; where memory then suffices, that is it. */
    double multiplier = fill_mixed(pricing, 0, room, high_share);
    keep_bound(pricing, 0, multiplier, room, &bound);
    if (use_of(pricing, high_share, false) <= room) {
        memcpy(share, high_share, pricing->count * sizeof *share);
        return bound;
    }
    multiplier = fill_mixed(pricing, 1, room, share);
    keep_bound(pricing, 1, multiplier, room, &bound);
    if (use_of(pricing, share, true) <= room)
        return bound;
    for (int step = 0; step < FILL_STEPS; step++) {
        double theta = 0.5 * (low + high);
        multiplier = fill_mixed(pricing, theta, room, middle);
        keep_bound(pricing, theta, multiplier, room, &bound);
        bool over = use_of(pricing, middle, false) > room;
        memcpy(over ? high_share : share, middle, pricing->count * sizeof *middle);
        *(over ? &high : &low) = theta;
    }
    /* Between the two, memory is just full, and so is compute. */
    double above = use_of(pricing, high_share, false) - room;
    double below = use_of(pricing, share, false) - room;
    double part = above > 0 && below < above ? fmin(1, fmax(0, -below / (above - below))) : 0;
    for (size_t i = 0; i < pricing->count; i++)
        share[i] += part * (high_share[i] - share[i]);
    return bound;
}

static double use_of_all(const struct ifp_pricing *pricing)
{
    return fmax(use_of(pricing, pricing->shares, false), use_of(pricing, pricing->shares, true));
}

double ifp_pricing_fill(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                        double room, double *most)
{
    double paid = 0;
    double value = 0;
    pricing->items = items;
    pricing->count = count;
    for (size_t i = 0; i < count; i++) {
        paid += items[i].forced ? items[i].charge : 0;
        pricing->worth[i] = items[i].value;
    }
    double bound = fill(pricing, room);
    /* Rounding may leave it a little too full. */
    double full = use_of_all(pricing);
    double fit = full > room ? room / full : 1;
    for (size_t i = 0; i < count; i++) {
        items[i].share = fit * pricing->shares[i];
        items[i].taken = items[i].forced || items[i].share > 0;
        value += items[i].value * items[i].share;
    }
    *most = bound - paid + ROUNDING * paid;
    return value - paid;
}

/* -- with charges -- */

static void insertion_sort(size_t *order, size_t count, const struct ifp_item *items,
                           bool by_tflops)
{
    for (size_t s = 0; s < count; s++) {
        const struct ifp_item *item = &items[s];
        double mine = density(full_value(item), weight_of(item, by_tflops));
        size_t at = s;
        for (; at > 0; at--) {
            const struct ifp_item *other = &items[order[at - 1]];
            if (density(full_value(other), weight_of(other, by_tflops)) >= mine)
                break;
            order[at] = order[at - 1];
        }
        order[at] = s;
    }
}

/* Dantzig's bound: open items best first, the last one in part. A part of x = theta most costs
 * its whole charge, so that theta times the full value is never less than what it brings. */
static double dantzig(const struct ifp_pricing *pricing, const size_t *order, bool by_tflops,
                      double room)
{
    double bound = 0;
    for (size_t o = 0; o < pricing->count; o++) {
        const struct ifp_item *item = &pricing->items[order[o]];
        double value = full_value(item);
        if (!pricing->open[order[o]] || value <= 0)
            continue;
        double weight = weight_of(item, by_tflops);
        if (weight > room)
            return bound + value * (room > 0 ? room / weight : 0);
        room -= weight;
        bound += value;
    }
    return bound;
}

/* The best shares of up to two partial items in what room is left: a corner of a small polygon.
 */
static double fill_parts(const struct ifp_pricing *pricing, double kv, double tflops, double *share)
{
    share[0] = share[1] = 0;
    if (!pricing->parts)
        return 0;
    const struct ifp_item *a = &pricing->items[pricing->part[0]];
    double alone = a->most;
    if (a->kv > 0)
        alone = fmin(alone, kv / a->kv);
    if (a->tflops > 0)
        alone = fmin(alone, tflops / a->tflops);
    if (pricing->parts == 1) {
        share[0] = fmax(0, alone);
        return a->value * share[0];
    }
    const struct ifp_item *b = &pricing->items[pricing->part[1]];
    double best = -INFINITY;
    /* Corners: one item as large as can be and the other after it, or both rows tight. */
    for (int corner = 0; corner < 3; corner++) {
        double x;
        double y;
        if (corner == 2) {
            double det = a->kv * b->tflops - b->kv * a->tflops;
            if (fabs(det) < 1e-14)
                continue;
            x = (kv * b->tflops - b->kv * tflops) / det;
            y = (a->kv * tflops - kv * a->tflops) / det;
            if (x < 0 || y < 0 || x > a->most || y > b->most)
                continue;
        } else {
            const struct ifp_item *first = corner ? b : a;
            const struct ifp_item *second = corner ? a : b;
            double large = first->most;
            if (first->kv > 0)
                large = fmin(large, kv / first->kv);
            if (first->tflops > 0)
                large = fmin(large, tflops / first->tflops);
            large = fmax(0, large);
            double rest = second->most;
            if (second->kv > 0)
                rest = fmin(rest, (kv - first->kv * large) / second->kv);
            if (second->tflops > 0)
                rest = fmin(rest, (tflops - first->tflops * large) / second->tflops);
            rest = fmax(0, rest);
            x = corner ? rest : large;
            y = corner ? large : rest;
        }
        double value = a->value * x + b->value * y;
        if (value > best) {
            best = value;
            share[0] = x;
            share[1] = y;
        }
    }
    return best;
}

/* What share 1 of an item needs, at the multipliers. */
static double need_of(const struct ifp_pricing *pricing, const struct ifp_item *item)
{
    return pricing->mu_kv * item->kv + pricing->mu_tflops * item->tflops;
}

static void search(struct ifp_pricing *pricing, size_t depth, double value, double kv,
                   double tflops)
{
    double share[2];
    /* What the path has, with its partial items filled in last: they are bounded below as if each
     * had all the room. */
    double parts = fill_parts(pricing, kv, tflops, share);
    if (value + parts > pricing->best) {
        pricing->best = value + parts;
        memcpy(pricing->best_choice, pricing->choice, depth);
        memset(pricing->best_choice + depth, OUT, pricing->count - depth);
        memcpy(pricing->best_part, share, sizeof share);
    }
    if (depth == pricing->count)
        return;
    /* The bound of the fixed multipliers costs next to nothing. */
    double quick = value + pricing->mu_kv * kv + pricing->mu_tflops * tflops + pricing->rest[depth];
    for (size_t p = 0; p < pricing->parts; p++) {
        const struct ifp_item *item = &pricing->items[pricing->part[p]];
        quick += fmax(0, item->value - need_of(pricing, item)) * item->most;
    }
    if (quick <= pricing->best + ROUNDING * (fabs(quick) + fabs(pricing->best)))
        return;
    /* Partial items compete for the same room: as open items they are in Dantzig's bound. */
    for (size_t p = 0; p < pricing->parts; p++)
        pricing->open[pricing->part[p]] = true;
    double bound = fmin(dantzig(pricing, pricing->by_kv, false, kv),
                        dantzig(pricing, pricing->by_tflops, true, tflops));
    double charges = 0; /* the path has paid them, and dantzig takes them off once more */
    for (size_t p = 0; p < pricing->parts; p++) {
        pricing->open[pricing->part[p]] = false;
        if (!pricing->items[pricing->part[p]].forced)
            charges += pricing->items[pricing->part[p]].charge;
    }
    bound += value + charges;
    if (bound <= pricing->best + ROUNDING * (fabs(bound) + fabs(pricing->best)))
        return;
    if (++pricing->nodes > pricing->nodes_max) {
        pricing->cut_short = fmax(pricing->cut_short, bound);
        return;
    }
    const struct ifp_item *item = &pricing->items[depth];
    pricing->open[depth] = false;
    double full_kv = kv - item->kv * item->most;
    double full_tflops = tflops - item->tflops * item->most;
    if (full_kv >= -1e-12 && full_tflops >= -1e-12) {
        pricing->choice[depth] = FULL;
        search(pricing, depth + 1, value + full_value(item), fmax(0, full_kv),
               fmax(0, full_tflops));
    }
    if (pricing->parts < 2) {
        pricing->choice[depth] = PART;
        pricing->part[pricing->parts++] = depth;
        search(pricing, depth + 1, value - (item->forced ? 0 : item->charge), kv, tflops);
        pricing->parts--;
    }
    pricing->choice[depth] = item->forced ? IDLE : OUT;
    search(pricing, depth + 1, value, kv, tflops);
    pricing->open[depth] = true;
}

/* By value for the scarcer of the two: what is taken first in a good solution comes first. */
static int by_density(const void *left, const void *right)
{
    const struct ifp_item *a = left;
    const struct ifp_item *b = right;
    double da = density(full_value(a), fmax(weight_of(a, false), weight_of(a, true)));
    double db = density(full_value(b), fmax(weight_of(b, false), weight_of(b, true)));
    if (da != db)
        return da > db ? -1 : 1;
    return a->route < b->route ? -1 : a->route > b->route;
}

double ifp_pricing_solve(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                         double room, double least, double nodes, double *most)
{
    double paid = 0; /* charges of forced items, once and for all */
    for (size_t i = 0; i < count; i++) {
        if (items[i].forced)
            paid += items[i].charge;
        items[i].taken = items[i].forced;
        items[i].share = 0;
    }
    qsort(items, count, sizeof *items, by_density);
    pricing->items = items;
    pricing->count = count;
    for (size_t i = 0; i < count; i++)
        pricing->worth[i] = full_value(&items[i]) / items[i].most;
    double relaxed = fill(pricing, room);
    pricing->rest[count] = 0;
    for (size_t i = count; i-- > 0;)
        pricing->rest[i] =
            pricing->rest[i + 1] +
            fmax(0, full_value(&items[i]) - need_of(pricing, &items[i]) * items[i].most);
    pricing->parts = 0;
    pricing->nodes = 0;
    pricing->nodes_max = nodes;
    pricing->cut_short = -INFINITY;
    pricing->best = least + paid;
    double start = pricing->best;
    for (size_t i = 0; i < count; i++)
        pricing->open[i] = true;
    insertion_sort(pricing->by_kv, count, items, false);
    insertion_sort(pricing->by_tflops, count, items, true);
    search(pricing, 0, 0, room, room);
    bool found = pricing->best > start;
    double size = fabs(pricing->best) + paid;
    if (found) {
        size_t part = 0;
        for (size_t i = 0; i < count; i++) {
            char choice = pricing->best_choice[i];
            items[i].taken = items[i].forced || choice != OUT;
            if (choice == FULL)
                items[i].share = items[i].most;
            else if (choice == PART)
                items[i].share = pricing->best_part[part++];
            size += fabs(items[i].value * items[i].most) + items[i].charge;
        }
    }
    *most = fmin(fmax(pricing->best, pricing->cut_short), relaxed) - paid + 4 * ROUNDING * size;
    return pricing->best - paid;
}

bool ifp_pricing_cut_short(const struct ifp_pricing *pricing)
{
    return pricing->cut_short > -INFINITY;
}
