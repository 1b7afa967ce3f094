/* SPDX-License-Identifier: MIT */
/* The best set of query types for one deployment to serve: depth-first search with bounds. */
#include "engine/pricing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Nodes after which the search returns what it has, with its bound. */
static const double NODES_MAX = 5000;

/* Rounding of the sums below, relative to what goes into them. */
static const double ROUNDING = 1e-12;

enum choice { OUT, FULL, PART, IDLE }; /* IDLE: forced, and not served */

struct ifp_pricing {
    size_t room;
    size_t *by_kv; /* items by value for memory, then for compute, best first */
    size_t *by_tflops;
    char *choice; /* of the path, by item */
    char *best_choice;
    bool *open; /* not decided yet on the path */
    /* the problem being solved: */
    struct ifp_item *items;
    size_t count;
    double best;
    double best_part[2]; /* shares of the partial items of the best solution, in item order */
    size_t part[2];      /* partial items of the path */
    size_t parts;
    double nodes;
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
    if (!pricing->by_kv || !pricing->by_tflops || !pricing->choice || !pricing->best_choice ||
        !pricing->open) {
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
    if (++pricing->nodes > NODES_MAX) {
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
                         double room, double least, double *most)
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
    pricing->parts = 0;
    pricing->nodes = 0;
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
    *most = fmax(pricing->best, pricing->cut_short) - paid + 4 * ROUNDING * size;
    return pricing->best - paid;
}
