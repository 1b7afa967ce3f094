/* SPDX-License-Identifier: MIT */
/* The best set of query types for one deployment to serve: depth-first search with bounds. */
#include "engine/pricing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounding of the sums below, relative to what goes into them. */
static const double ROUNDING = 1e-12;

enum { FILL_STEPS = 60 };

/* What is taken may exceed the room by rounding. */
static const double FITS = 1e-12;

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
    size_t *by_worth;  /* items by worth for what they need of the mixed capacity */
    bool *choice;      /* of the path, by item: is it taken? */
    bool *best_choice; /* of the best solution */
    double *best_share;
    double *shares; /* three lots, for filling */
    double *worth;  /* per unit of share, for filling; by item */
    double *dense;  /* that for what it needs of the mixed capacity */
    double *part;   /* by item and proof: what it brings beyond its need when it is taken */
    double *rest;   /* by depth and proof: what the items from there on bring at most */
    double mu_kv;   /* multipliers of the two capacities */
    double mu_tflops;
    struct proof proof[PROOFS];
    struct ifp_item *taken; /* of the path, to share the room out among */
    /* the problem being solved: */
    struct ifp_item *items;
    size_t count;
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
    pricing->by_worth = calloc(items + 1, sizeof *pricing->by_worth);
    pricing->choice = calloc(items + 1, sizeof *pricing->choice);
    pricing->best_choice = calloc(items + 1, sizeof *pricing->best_choice);
    pricing->best_share = calloc(items + 1, sizeof *pricing->best_share);
    pricing->shares = calloc(3 * items + 1, sizeof *pricing->shares);
    pricing->worth = calloc(items + 1, sizeof *pricing->worth);
    pricing->dense = calloc(items + 1, sizeof *pricing->dense);
    pricing->part = calloc(PROOFS * (items + 1), sizeof *pricing->part);
    pricing->rest = calloc(PROOFS * (items + 1), sizeof *pricing->rest);
    pricing->taken = calloc(items + 1, sizeof *pricing->taken);
    if (!pricing->by_worth || !pricing->choice || !pricing->best_choice || !pricing->best_share ||
        !pricing->shares || !pricing->worth || !pricing->dense || !pricing->part ||
        !pricing->rest || !pricing->taken) {
        ifp_pricing_free(pricing);
        return NULL;
    }
    return pricing;
}

void ifp_pricing_free(struct ifp_pricing *pricing)
{
    if (!pricing)
        return;
    free(pricing->by_worth);
    free(pricing->choice);
    free(pricing->best_choice);
    free(pricing->best_share);
    free(pricing->shares);
    free(pricing->worth);
    free(pricing->dense);
    free(pricing->part);
    free(pricing->rest);
    free(pricing->taken);
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
    size_t *order = pricing->by_worth; /* as it was for the last theta: nearly right */
    double multiplier = 0;
    for (size_t s = 0; s < pricing->count; s++) {
        pricing->dense[s] = density(pricing->worth[s], mixed(&pricing->items[s], theta));
        share[s] = 0;
    }
    for (size_t s = 1; s < pricing->count; s++) {
        size_t moving = order[s];
        size_t at = s;
        for (; at > 0; at--) {
            size_t other = order[at - 1];
            if (pricing->dense[other] > pricing->dense[moving] ||
                (pricing->dense[other] == pricing->dense[moving] && other < moving))
                break;
            order[at] = other;
        }
        order[at] = moving;
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

static double worth_of(const struct ifp_pricing *pricing, const double *share)
{
    double worth = 0;
    for (size_t i = 0; i < pricing->count; i++)
        worth += share[i] * pricing->worth[i];
    return worth;
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
    for (size_t i = 0; i < pricing->count; i++)
        pricing->by_worth[i] = i;
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
    double above = use_of(pricing, high_share, false) - room;
    double below = use_of(pricing, share, false) - room;
    double worth_above = worth_of(pricing, high_share);
    double worth_below = worth_of(pricing, share);
    double tflops_above = use_of(pricing, high_share, true);
    double tflops_below = use_of(pricing, share, true);
    double part = 0;
    for (int step = 0; step < FILL_STEPS; step++) {
        /* Between the two, memory is just full; once they are neighbours, so is compute, and what
         * is served is worth what the bound says. */
        part = above > 0 && below < above ? fmin(1, fmax(0, -below / (above - below))) : 0;
        double worth = worth_below + part * (worth_above - worth_below);
        double tflops = tflops_below + part * (tflops_above - tflops_below);
        if (bound - worth <= 16 * ROUNDING * (1 + fabs(bound)) && tflops <= room * (1 + ROUNDING))
            break;
        double theta = 0.5 * (low + high);
        multiplier = fill_mixed(pricing, theta, room, middle);
        keep_bound(pricing, theta, multiplier, room, &bound);
        double over = use_of(pricing, middle, false) - room;
        memcpy(over > 0 ? high_share : share, middle, pricing->count * sizeof *middle);
        *(over > 0 ? &high : &low) = theta;
        *(over > 0 ? &above : &below) = over;
        *(over > 0 ? &worth_above : &worth_below) = worth_of(pricing, middle);
        *(over > 0 ? &tflops_above : &tflops_below) = use_of(pricing, middle, true);
    }
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

/* What is served of an item that is taken where there is room: of one that is forced and costs more
 * than it brings, nothing. */
static double share_of(const struct ifp_item *item)
{
    return item->value > 0 ? item->most : 0;
}

/* No choice among the items from `depth` on, with those taken so far, exceeds this: the least that
 * the multipliers prove. */
static double bound_at(const struct ifp_pricing *pricing, size_t depth, const double *brought)
{
    double least = INFINITY;
    for (size_t k = 0; k < PROOFS; k++)
        least =
            fmin(least, pricing->proof[k].room + brought[k] + pricing->rest[depth * PROOFS + k]);
    return least;
}

/* Too much for the room is taken: the best shares of it are an LP. Its multipliers say what no
 * choice among the items from `depth` on exceeds, which is returned. */
static double share_out(struct ifp_pricing *pricing, size_t depth)
{
    struct ifp_item *items = pricing->items;
    size_t count = pricing->count;
    double paid = 0;
    double value = 0;
    pricing->count = 0;
    pricing->items = pricing->taken;
    for (size_t i = 0; i < depth; i++) {
        if (!pricing->choice[i])
            continue;
        paid += items[i].forced ? 0 : items[i].charge;
        pricing->worth[pricing->count] = items[i].value;
        pricing->taken[pricing->count++] = items[i];
    }
    /* It costs the time of many nodes. */
    pricing->nodes += floor((double)pricing->count / SHARE_OUT);
    double bound = fill(pricing, pricing->capacity) - paid;
    double full = use_of_all(pricing);
    double fit = full > pricing->capacity ? pricing->capacity / full : 1;
    for (size_t i = 0; i < pricing->count; i++)
        value += pricing->taken[i].value * (fit * pricing->shares[i]);
    pricing->items = items;
    pricing->count = count;
    for (size_t i = depth; i < count; i++) {
        const struct ifp_item *item = &items[i];
        double need = pricing->mu_kv * item->kv + pricing->mu_tflops * item->tflops;
        double part = (item->value - need) * item->most - (item->forced ? 0 : item->charge);
        bound += fmax(0, part);
    }
    if (value - paid <= pricing->best)
        return bound;
    pricing->best = value - paid;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        pricing->best_choice[i] = i < depth && pricing->choice[i];
        pricing->best_share[i] = pricing->best_choice[i] ? fit * pricing->shares[at++] : 0;
    }
    return bound;
}

/* By more than rounding. */
static bool exceeds(double bound, double best)
{
    return bound > best + ROUNDING * (fabs(bound) + fabs(best));
}

/* Depth first, an item taken before it is left out. What is taken so far is worth `value` in full,
 * and leaves so much of the room, less than 0 where it does not fit. */
static void search(struct ifp_pricing *pricing, size_t depth, bool changed, double value, double kv,
                   double tflops, const double *brought)
{
    bool fits = kv >= -FITS && tflops >= -FITS;
    if (changed && fits && value > pricing->best) {
        pricing->best = value;
        for (size_t i = 0; i < pricing->count; i++) {
            pricing->best_choice[i] = i < depth && pricing->choice[i];
            pricing->best_share[i] = pricing->best_choice[i] ? share_of(&pricing->items[i]) : 0;
        }
    }
    double bound = bound_at(pricing, depth, brought);
    if (!exceeds(bound, pricing->best))
        return;
    if (changed && !fits)
        bound = fmin(bound, share_out(pricing, depth));
    if (depth == pricing->count || !exceeds(bound, pricing->best))
        return;
    pricing->nodes += 1;
    if (pricing->nodes >= pricing->next_look && pricing->run) {
        pricing->next_look = pricing->nodes + LOOK_UP;
        if (ifp_run_stopped(pricing->run))
            pricing->nodes_max = 0;
    }
    if (pricing->nodes > pricing->nodes_max) {
        pricing->cut_short = fmax(pricing->cut_short, bound);
        return;
    }
    const struct ifp_item *item = &pricing->items[depth];
    double with[PROOFS];
    for (size_t k = 0; k < PROOFS; k++)
        with[k] = brought[k] + pricing->part[depth * PROOFS + k];
    double most = share_of(item);
    pricing->choice[depth] = true;
    search(pricing, depth + 1, true, value + item->value * most - (item->forced ? 0 : item->charge),
           kv - item->kv * most, tflops - item->tflops * most, with);
    pricing->choice[depth] = false;
    if (!item->forced)
        search(pricing, depth + 1, false, value, kv, tflops, brought);
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

/* The multipliers that bound the search: those of both capacities together, and of each alone. */
static void prepare(struct ifp_pricing *pricing, double room)
{
    size_t count = pricing->count;
    double *share = pricing->shares;
    pricing->proof[0] = (struct proof){.kv = pricing->mu_kv, .tflops = pricing->mu_tflops};
    pricing->proof[1] = (struct proof){.kv = fill_mixed(pricing, 1, room, share)};
    pricing->proof[2] = (struct proof){.tflops = fill_mixed(pricing, 0, room, share)};
    for (size_t k = 0; k < PROOFS; k++) {
        struct proof *proof = &pricing->proof[k];
        proof->room = (proof->kv + proof->tflops) * room;
        pricing->rest[count * PROOFS + k] = 0;
        for (size_t i = count; i-- > 0;) {
            const struct ifp_item *item = &pricing->items[i];
            double need = proof->kv * item->kv + proof->tflops * item->tflops;
            double part = fmax(0, (item->value - need) * item->most);
            part -= item->forced ? 0 : item->charge;
            pricing->part[i * PROOFS + k] = part;
            pricing->rest[i * PROOFS + k] = pricing->rest[(i + 1) * PROOFS + k] + fmax(0, part);
        }
    }
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
    struct ifp_room_price price = {pricing->mu_kv, pricing->mu_tflops};
    prepare(pricing, room);
    pricing->capacity = room;
    pricing->nodes = 0;
    pricing->next_look = LOOK_UP;
    pricing->nodes_max = nodes;
    pricing->cut_short = -INFINITY;
    pricing->best = least + paid;
    double start = pricing->best;
    const double nothing[PROOFS] = {0};
    search(pricing, 0, true, 0, room, room, nothing);
    pricing->mu_kv = price.kv;
    pricing->mu_tflops = price.tflops;
    bool found = pricing->best > start;
    double size = fabs(pricing->best) + paid;
    if (found) {
        for (size_t i = 0; i < count; i++) {
            items[i].taken = items[i].forced || pricing->best_choice[i];
            items[i].share = pricing->best_share[i];
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

struct ifp_room_price ifp_pricing_room_price(const struct ifp_pricing *pricing)
{
    return (struct ifp_room_price){pricing->mu_kv, pricing->mu_tflops};
}

double ifp_pricing_rest(const struct ifp_item *item, struct ifp_room_price price)
{
    double need = price.kv * item->kv + price.tflops * item->tflops;
    double rest = (item->value - need) * item->most;
    /* A forced item pays its charge in any case, and may serve nothing. */
    return item->forced ? fmax(0, rest) - item->charge : fmax(0, rest - item->charge);
}
