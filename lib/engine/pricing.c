/* SPDX-License-Identifier: MIT */
/* The best set of query types for one deployment to serve: depth-first search with bounds. */
#include "engine/pricing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fill.h"

/* Rounding of the sums below, relative to what goes into them. */
static const double ROUNDING = 1e-12;

/* What is taken may exceed the room by rounding. */
static const double FITS = 1e-12;

/* Most searches are soon over when they go by value. What these many nodes do not settle is left to
 * one that goes by certainty, as that of knapsacks by their core (Balas and Zemel 1980). */
static const double NODES_BY_VALUE = 1e4;

enum { PROOFS = 3, SHARE_OUT = 3, LOOK_UP = 2000 };

/* Multipliers of the two capacities, and what they say the room is worth. */
struct proof {
    double kv;
    double tflops;
    double room;
};

struct ifp_pricing {
    size_t room;
    struct ifp_run *run;
    struct ifp_fill *fill; /* of the path: what is taken, to share the room out among */
    bool *choice;          /* of the path, by item: is it taken? */
    bool *best_choice;     /* of the best solution */
    double *best_share;
    struct ifp_item *sorted; /* the items, in the order of the search */
    size_t *order;           /* where they come from */
    double *key;
    double *part; /* by item and proof: what it brings beyond its need when it is taken */
    double *rest; /* by depth and proof: what the items from there on bring at most */
    struct ifp_room_price room_price;
    struct proof proof[PROOFS];
    /* the problem being solved: */
    size_t count;
    size_t branched; /* those first in the order of the search; the rest is free */
    bool certain;    /* the order: by certainty, or by value */
    double capacity;
    double best;
    double nodes;
    double nodes_max;
    double next_look; /* at whether the run is stopped */
    double cut_short; /* the largest bound among branches not searched */
};

struct ifp_pricing *ifp_pricing_new(size_t items, struct ifp_run *run)
{
    struct ifp_pricing *pricing = calloc(1, sizeof *pricing);
    if (!pricing)
        return NULL;
    pricing->room = items;
    pricing->run = run;
    pricing->fill = ifp_fill_new(items);
    pricing->choice = calloc(items + 1, sizeof *pricing->choice);
    pricing->best_choice = calloc(items + 1, sizeof *pricing->best_choice);
    pricing->best_share = calloc(items + 1, sizeof *pricing->best_share);
    pricing->sorted = calloc(items + 1, sizeof *pricing->sorted);
    pricing->order = calloc(items + 1, sizeof *pricing->order);
    pricing->key = calloc(items + 1, sizeof *pricing->key);
    pricing->part = calloc(PROOFS * (items + 1), sizeof *pricing->part);
    pricing->rest = calloc(PROOFS * (items + 1), sizeof *pricing->rest);
    if (!pricing->fill || !pricing->choice || !pricing->best_choice || !pricing->best_share ||
        !pricing->sorted || !pricing->order || !pricing->key || !pricing->part || !pricing->rest) {
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
    free(pricing->best_choice);
    free(pricing->best_share);
    free(pricing->sorted);
    free(pricing->order);
    free(pricing->key);
    free(pricing->part);
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

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* What is worth nothing has no share in any best solution. */
static void add_to_fill(struct ifp_fill *fill, const struct ifp_item *items, size_t i, double worth)
{
    if (worth > 0)
        ifp_fill_add(fill, i, worth, items[i].kv, items[i].tflops, items[i].most);
}

/* -- without charges -- */

double ifp_pricing_fill(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                        double room, double *most)
{
    struct ifp_fill *fill = pricing->fill;
    double paid = 0;
    ifp_fill_forget(fill);
    ifp_fill_clear(fill);
    for (size_t i = 0; i < count; i++) {
        paid += items[i].forced ? items[i].charge : 0;
        items[i].share = 0;
        items[i].taken = items[i].forced;
        add_to_fill(fill, items, i, items[i].value);
    }
    double bound = ifp_fill_solve(fill, room);
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++) {
        struct ifp_item *item = &items[fill->id[k]];
        item->share = fill->share[k];
        item->taken |= item->share > 0;
    }
    pricing->room_price = (struct ifp_room_price){fill->mu_kv, fill->mu_tflops};
    *most = bound - paid + ROUNDING * paid;
    return fill->value - paid;
}

/* -- with charges -- */

/* What an item brings at prices of the room once it is taken. */
static double part_at(const struct ifp_item *item, double kv, double tflops)
{
    double need = kv * item->kv + tflops * item->tflops;
    return larger(0, (item->value - need) * item->most) - (item->forced ? 0 : item->charge);
}

/* What has been chosen on the way to a node of the search. */
struct path {
    double value; /* of what is taken, in full, its charges taken off; without what is free */
    double paid;  /* the charges */
    double kv;    /* of the room, left; less than 0 where it does not fit */
    double tflops;
    double brought[PROOFS]; /* by proof */
};

/* No choice among the items from `depth` on, with those taken so far, exceeds this: the least that
 * the multipliers prove. */
static double bound_at(const struct ifp_pricing *pricing, size_t depth, const struct path *path)
{
    double least = INFINITY;
    for (size_t k = 0; k < PROOFS; k++) {
        double bound =
            pricing->proof[k].room + path->brought[k] + pricing->rest[depth * PROOFS + k];
        least = bound < least ? bound : least;
    }
    return least;
}

/* The best shares of what is taken and of what is free are an LP. Its multipliers say what no
 * choice among the items from `depth` on exceeds, which is returned. */
static double share_out(struct ifp_pricing *pricing, size_t depth, double paid)
{
    const struct ifp_item *items = pricing->sorted;
    struct ifp_fill *fill = pricing->fill;
    /* It costs the time of many nodes. */
    pricing->nodes += floor((double)(fill->count - IFP_FILL_FIRST) / SHARE_OUT);
    double bound = ifp_fill_solve(fill, pricing->capacity) - paid;
    for (size_t i = depth; i < pricing->branched; i++)
        bound += larger(0, part_at(&items[i], fill->mu_kv, fill->mu_tflops));
    if (fill->value - paid <= pricing->best)
        return bound;
    pricing->best = fill->value - paid;
    for (size_t i = 0; i < pricing->count; i++) {
        pricing->best_choice[i] = i < depth && pricing->choice[i];
        pricing->best_share[i] = 0;
    }
    for (size_t k = IFP_FILL_FIRST; k < fill->count; k++) {
        pricing->best_share[fill->id[k]] = fill->share[k];
        pricing->best_choice[fill->id[k]] |= fill->share[k] > 0;
    }
    return bound;
}

/* By more than rounding. */
static bool exceeds(double bound, double best)
{
    return bound > best + ROUNDING * (fabs(bound) + fabs(best));
}

/* Is it time to give up? */
static bool is_over(struct ifp_pricing *pricing)
{
    pricing->nodes += 1;
    if (pricing->nodes >= pricing->next_look && pricing->run) {
        pricing->next_look = pricing->nodes + LOOK_UP;
        if (ifp_run_stopped(pricing->run))
            pricing->nodes_max = 0;
    }
    return pricing->nodes > pricing->nodes_max;
}

/* What the last LP of the shares says on the way down: no choice among the items from here on
 * exceeds bound; and its multipliers. */
struct shared {
    double bound;
    double kv;
    double tflops;
};

static void search(struct ifp_pricing *pricing, size_t depth, const struct path *path,
                   struct shared shared);

/* What is taken has changed. */
static struct shared evaluate(struct ifp_pricing *pricing, size_t depth, const struct path *path)
{
    bool fits = path->kv >= -FITS && path->tflops >= -FITS;
    bool alone = pricing->branched == pricing->count; /* nothing is free */
    struct shared shared = {.bound = INFINITY};
    if (alone && fits && path->value > pricing->best) {
        pricing->best = path->value;
        for (size_t i = 0; i < pricing->count; i++) {
            pricing->best_choice[i] = i < depth && pricing->choice[i];
            pricing->best_share[i] = pricing->best_choice[i] ? pricing->sorted[i].most : 0;
        }
    }
    if ((alone && fits) || !exceeds(bound_at(pricing, depth, path), pricing->best))
        return shared;
    shared.bound = share_out(pricing, depth, path->paid);
    shared.kv = pricing->fill->mu_kv;
    shared.tflops = pricing->fill->mu_tflops;
    return shared;
}

static void take(struct ifp_pricing *pricing, size_t depth, const struct path *path)
{
    const struct ifp_item *item = &pricing->sorted[depth];
    struct ifp_fill *fill = pricing->fill;
    size_t count = fill->count;
    struct path with = {
        .value = path->value + full_value(item),
        .paid = path->paid + item->charge,
        .kv = path->kv - weight_of(item, false),
        .tflops = path->tflops - weight_of(item, true),
    };
    for (size_t k = 0; k < PROOFS; k++)
        with.brought[k] = path->brought[k] + pricing->part[depth * PROOFS + k];
    add_to_fill(fill, pricing->sorted, depth, item->value);
    pricing->choice[depth] = true;
    search(pricing, depth + 1, &with, evaluate(pricing, depth + 1, &with));
    pricing->choice[depth] = false;
    fill->count = count;
}

/* Depth first; by certainty, first what the relaxation would do with an item. */
static void search(struct ifp_pricing *pricing, size_t depth, const struct path *path,
                   struct shared shared)
{
    double bound = bound_at(pricing, depth, path);
    bound = shared.bound < bound ? shared.bound : bound;
    if (depth == pricing->branched || !exceeds(bound, pricing->best))
        return;
    if (is_over(pricing)) {
        pricing->cut_short = larger(pricing->cut_short, bound);
        return;
    }
    bool preferred = !pricing->certain || pricing->part[depth * PROOFS] > 0;
    struct shared without = shared;
    if (isfinite(shared.bound))
        without.bound -= larger(0, part_at(&pricing->sorted[depth], shared.kv, shared.tflops));
    if (preferred)
        take(pricing, depth, path);
    search(pricing, depth + 1, path, without);
    if (!preferred)
        take(pricing, depth, path);
}

/* Nothing is to be decided about it: any share may be served. */
static bool is_free(const struct ifp_item *item)
{
    return item->forced || item->charge == 0;
}

/* By value, for the scarcer of the two capacities: what is taken first in a good solution comes
 * first. By certainty: what the relaxation says most clearly, either way. */
static double key_of(const struct ifp_pricing *pricing, const struct ifp_item *item)
{
    const struct proof *proof = &pricing->proof[0];
    if (pricing->certain)
        return fabs(part_at(item, proof->kv, proof->tflops));
    double weight = larger(weight_of(item, false), weight_of(item, true));
    return weight > 0 ? full_value(item) / weight : INFINITY;
}

/* The largest key first, of equals what comes first among the items, and what is free last. */
static void sort(struct ifp_pricing *pricing, const struct ifp_item *items)
{
    size_t *order = pricing->order;
    for (size_t i = 0; i < pricing->count; i++) {
        double key = is_free(&items[i]) ? -INFINITY : key_of(pricing, &items[i]);
        size_t first = 0;
        size_t last = i;
        while (first < last) {
            size_t middle = (first + last) / 2;
            if (pricing->key[order[middle]] >= key)
                first = middle + 1;
            else
                last = middle;
        }
        memmove(order + first + 1, order + first, (i - first) * sizeof *order);
        order[first] = i;
        pricing->key[i] = key;
    }
    pricing->branched = 0;
    for (size_t s = 0; s < pricing->count; s++) {
        pricing->sorted[s] = items[order[s]];
        pricing->branched += !is_free(&pricing->sorted[s]);
    }
}

/* The LP in which charges are shared out in proportion: its multipliers, those of each capacity
 * alone, and what it proves that nothing exceeds. */
static double relax(struct ifp_pricing *pricing, const struct ifp_item *items, double room)
{
    struct ifp_fill *fill = pricing->fill;
    ifp_fill_clear(fill);
    for (size_t i = 0; i < pricing->count; i++)
        add_to_fill(fill, items, i, full_value(&items[i]) / items[i].most);
    pricing->proof[1] = (struct proof){.kv = ifp_fill_alone(fill, room, false)};
    pricing->proof[2] = (struct proof){.tflops = ifp_fill_alone(fill, room, true)};
    double relaxed = ifp_fill_solve(fill, room);
    pricing->proof[0] = (struct proof){.kv = fill->mu_kv, .tflops = fill->mu_tflops};
    pricing->room_price = (struct ifp_room_price){fill->mu_kv, fill->mu_tflops};
    return relaxed;
}

/* What the multipliers say of each item, and of all from each on. */
static void prepare(struct ifp_pricing *pricing)
{
    size_t count = pricing->count;
    for (size_t k = 0; k < PROOFS; k++) {
        struct proof *proof = &pricing->proof[k];
        proof->room = (proof->kv + proof->tflops) * pricing->capacity;
        pricing->rest[count * PROOFS + k] = 0;
        for (size_t i = count; i-- > 0;) {
            const struct ifp_item *item = &pricing->sorted[i];
            double part = part_at(item, proof->kv, proof->tflops);
            pricing->part[i * PROOFS + k] = part;
            pricing->rest[i * PROOFS + k] = pricing->rest[(i + 1) * PROOFS + k] + larger(0, part);
        }
    }
}

/* The items' search in one of the orders, for so many nodes; what it finds goes to the items. */
static void search_in_order(struct ifp_pricing *pricing, struct ifp_item *items, bool certain,
                            double nodes)
{
    double before = pricing->best;
    pricing->certain = certain;
    pricing->cut_short = -INFINITY;
    sort(pricing, items);
    prepare(pricing);
    ifp_fill_forget(pricing->fill);
    ifp_fill_clear(pricing->fill);
    pricing->nodes = 0;
    pricing->next_look = LOOK_UP;
    pricing->nodes_max = nodes;
    for (size_t i = pricing->branched; i < pricing->count; i++)
        add_to_fill(pricing->fill, pricing->sorted, i, pricing->sorted[i].value);
    const struct path nothing = {.kv = pricing->capacity, .tflops = pricing->capacity};
    search(pricing, 0, &nothing, evaluate(pricing, 0, &nothing));
    for (size_t s = 0; pricing->best > before && s < pricing->count; s++) {
        struct ifp_item *item = &items[pricing->order[s]];
        item->taken = item->forced || pricing->best_choice[s];
        item->share = pricing->best_share[s];
    }
}

double ifp_pricing_solve(struct ifp_pricing *pricing, struct ifp_item *items, size_t count,
                         double room, double least, double nodes, double *most)
{
    double paid = 0; /* charges of forced items, once and for all */
    double size = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].forced)
            paid += items[i].charge;
        items[i].taken = items[i].forced;
        items[i].share = 0;
        size += fabs(items[i].value * items[i].most) + items[i].charge;
    }
    pricing->count = count;
    pricing->capacity = room;
    pricing->cut_short = -INFINITY;
    pricing->best = least + paid;
    double relaxed = relax(pricing, items, room);
    if (exceeds(relaxed, pricing->best)) {
        double by_value = fmin(nodes / 2, NODES_BY_VALUE);
        search_in_order(pricing, items, false, by_value);
        if (ifp_pricing_cut_short(pricing))
            search_in_order(pricing, items, true, nodes - by_value);
    }
    *most = fmin(fmax(pricing->best, pricing->cut_short), relaxed) - paid +
            4 * ROUNDING * (size + fabs(pricing->best) + paid);
    return pricing->best - paid;
}

bool ifp_pricing_cut_short(const struct ifp_pricing *pricing)
{
    return pricing->cut_short > -INFINITY;
}

struct ifp_room_price ifp_pricing_room_price(const struct ifp_pricing *pricing)
{
    return pricing->room_price;
}

double ifp_pricing_rest(const struct ifp_item *item, struct ifp_room_price price)
{
    double need = price.kv * item->kv + price.tflops * item->tflops;
    double rest = (item->value - need) * item->most;
    /* A forced item pays its charge in any case, and may serve nothing. */
    return item->forced ? fmax(0, rest) - item->charge : fmax(0, rest - item->charge);
}
