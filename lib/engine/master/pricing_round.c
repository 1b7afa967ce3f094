/* SPDX-License-Identifier: MIT */
/* A round of pricing for the master: the best pattern of each configuration at given prices, and
 * the Lagrangian bound. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/compact/safe_bound.h"
#include "engine/master/master_lp.h"
#include "engine/tuning.h"

/* Operations on the instance's numbers for one item's value, coefficients and share, or a rent. */
enum { ITEM_OPERATIONS = 32 };

void ifp_master_adjust(struct ifp_master *master)
{
    const struct ifp_coupling *coupling = master->coupling;
    const struct ifp_problem *problem = master->problem;
    for (size_t r = 0; master->is_adjusted && r < problem->route_count; r++) {
        master->adjustment[r] = 0;
        master->adjustment_size[r] = 0;
    }
    master->is_adjusted = master->balance_count > 0 || master->case_count > 0;
    for (size_t i = 0; master->charges_by_query && i < problem->query_count; i++)
        master->charge[i] = problem->placement == IFP_PLACEMENT_SINGLE
                                ? fmax(0, -master->price[coupling->first_placement + i])
                                : 0;
    master->limits_have_prices = false;
    for (size_t r = coupling->first_level; r < coupling->first_resource; r++)
        master->limits_have_prices |= master->price[r] != 0;
    for (size_t b = 0; b < master->balance_count; b++) {
        size_t row = master->balances[b];
        size_t query = (row - coupling->first_balance) / problem->pair_count % problem->query_count;
        double price = master->price[row];
        for (size_t k = coupling->query_start[query];
             price != 0 && k < coupling->query_start[query + 1]; k++) {
            size_t route = coupling->of_query[k];
            double product = price * ifp_coupling_in_balance(coupling, row, route);
            master->adjustment[route] += product;
            master->adjustment_size[route] +=
                fabs(product) +
                fabs(price) / coupling->balance_scale[row - coupling->first_balance];
        }
    }
    ifp_master_adjust_by_cases(master);
}

int ifp_master_read_prices(struct ifp_master *master, struct ifp_error *error)
{
    int code = ifp_lp_multipliers(master->lp, master->row_value, error);
    if (code)
        return code;
    for (size_t r = 0; r < master->coupling->row_count; r++)
        master->price[r] = 0;
    for (size_t a = 0; a < master->active_count; a++) {
        size_t row = master->active[a];
        double price = master->row_value[a];
        if (row >= master->coupling->row_count) {
            master->cases[row - master->coupling->row_count].price =
                isfinite(price) ? fmin(0, price) : 0;
            continue;
        }
        bool equation = ifp_master_is_demand(master, row) ||
                        (ifp_master_is_pair(master, row) &&
                         master->required[row - master->coupling->first_pair]);
        if (isfinite(price) && (equation || price < 0))
            master->price[row] = price;
    }
    ifp_master_adjust(master);
    return IFP_OK;
}

/* What share 1 of a route saves, including the prices of balances and cases. *size is increased by
 * the magnitudes of its terms, which determine the rounding error. */
static inline double value_of(const struct ifp_master *master, size_t route, double *size)
{
    const struct ifp_coupling *coupling = master->coupling;
    const double *price = master->price;
    const struct ifp_master_route *data = &master->routes[route];
    double value = price[data->query] - coupling->cost[route];
    double magnitude = fabs(price[data->query]) + coupling->cost[route];
    if (master->is_adjusted) {
        value += master->adjustment[route];
        magnitude += master->adjustment_size[route];
    }
    if (master->limits_have_prices) {
        double sum = 0;
        double sum_size = 0;
        for (size_t l = 0; l < IFP_SERVICE_COUNT; l++) {
            double by_limit = price[ifp_coupling_level(coupling, l, data->query)];
            sum += by_limit * coupling->level[l][route];
            /* These coefficients are differences. Their rounding error is as if they were larger by
             * 1. */
            sum_size += fabs(by_limit) * (fabs(coupling->level[l][route]) + 1);
        }
        value += sum;
        magnitude += sum_size;
    }
    if (coupling->budget != SIZE_MAX) {
        double money = price[coupling->budget] * coupling->budget_use[route];
        value += money;
        magnitude += fabs(money);
    }
    *size += magnitude * data->max_share;
    return value;
}

/* The charge of a route. If it depends on the query type only, it has been computed before. */
static double charge_of(const struct ifp_master *master, size_t route)
{
    return master->charges_by_query ? master->charge[master->routes[route].query]
                                    : ifp_coupling_charge(master->coupling, master->price,
                                                          &master->problem->routes[route]);
}

/* Make the knapsack item of a route for a deployment of `replicas` replicas. Returns false if the
 * route is closed or saves nothing. *size as in value_of. */
static bool make_item(const struct ifp_master *master, size_t route, double replicas,
                      struct ifp_item *item, double *size)
{
    const struct ifp_master_route *data = &master->routes[route];
    item->forced = data->state == ROUTE_REQUIRED;
    item->value = value_of(master, route, size);
    if (data->state == ROUTE_CLOSED || (!item->forced && item->value <= 0))
        return false;
    item->route = route;
    item->charge = charge_of(master, route);
    item->max_share = master->problem->routes[route].max_share;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        item->need[k] = data->need[k];
        if (item->need[k] > 0)
            item->max_share = fmin(item->max_share, replicas / item->need[k]);
    }
    return true;
}

/* The price of all capacities of one replica. */
static double per_replica(const struct ifp_capacity_price *price)
{
    double sum = 0;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        sum += price->each[k];
    return sum;
}

/* A lower bound on the reduced cost (without the pair's price) of every deployment of the
 * configuration, proved by the capacity prices of its last pricing. Most of the time of pricing is
 * spent here. */
static double estimate(const struct ifp_master *master, size_t c)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    const struct ifp_capacity_price price = master->capacity_price[c];
    double brought = 0;
    double size = 0;
    for (size_t r = configuration->first_route;
         r < configuration->first_route + configuration->route_count; r++) {
        const struct ifp_master_route *data = &master->routes[r];
        double need = ifp_capacity_price_of(&price, data->need);
        double rest = (value_of(master, r, &size) - need) * data->max_share;
        size += need * data->max_share;
        if (data->state == ROUTE_CLOSED || (rest <= 0 && data->state != ROUTE_REQUIRED))
            continue;
        double charge = charge_of(master, r);
        /* A required route pays its charge in any case, and may have a share of 0. */
        if (data->state == ROUTE_REQUIRED)
            brought += fmax(0, rest) - charge;
        else if (rest > charge)
            brought += rest - charge;
        size += charge;
    }
    /* Rent and capacity are linear in the replicas, so one of the two ends is the best. */
    double maximum = configuration->max_replicas;
    double capacity = per_replica(&price);
    double one = ifp_coupling_rent(master->coupling, master->price, c, 1) - capacity;
    double all =
        ifp_coupling_rent(master->coupling, master->price, c, maximum) - maximum * capacity;
    size += fabs(one) + fabs(all) + 2 * maximum * capacity;
    return fmin(one, all) - brought -
           ifp_bound_rounding(configuration->route_count + ITEM_OPERATIONS, size);
}

/* Make the items of a configuration. *free: has no item a charge, except required ones? *concave:
 * is that true also of routes that are no items now but may be with more replicas? */
static size_t make_items(struct ifp_master *master, const struct ifp_configuration *c,
                         double replicas, bool *free, bool *concave, double *size)
{
    size_t count = 0;
    *free = true;
    *concave = true;
    *size = 0;
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        struct ifp_item *item = &master->items[count];
        if (!make_item(master, r, replicas, item, size))
            continue;
        *concave &= item->forced || item->charge == 0;
        if (!item->forced && item->value * item->max_share <= item->charge)
            continue;
        *free &= item->forced || item->charge == 0;
        count++;
    }
    return count;
}

/* A lower bound on the reduced cost (without the pair's price) of every deployment with `replicas`
 * replicas, proved by capacity prices for the present items. */
static double estimate_items(const struct ifp_master *master, size_t count, double replicas,
                             double rent, const struct ifp_capacity_price *price)
{
    double capacity = per_replica(price) * replicas;
    double brought = capacity;
    double size = fabs(rent) + capacity;
    for (size_t i = 0; i < count; i++) {
        const struct ifp_item *item = &master->items[i];
        double need = ifp_capacity_price_of(price, item->need);
        brought += ifp_pricing_profit(item, price);
        size += (fabs(item->value) + need) * item->max_share + item->charge;
    }
    return rent - brought - ifp_bound_rounding(count + ITEM_OPERATIONS, size);
}

/* The result of pricing one configuration with a number of replicas. */
struct priced {
    double lower; /* safe lower bound on the reduced cost; INFINITY if capacity prices have shown
                     that another number of replicas is at least as good */
    double value; /* reduced cost of the best pattern found */
    bool concave; /* has no route a charge, except required ones? */
};

/* Price one configuration with `replicas` replicas. *minimum is lowered to a safe lower bound on
 * its reduced cost (without the price of the pair's row). The best pattern is added to the master
 * if it is attractive. */
static int price_replicas(struct ifp_master *master, size_t c, double replicas, double pair_price,
                          double *minimum, struct priced *priced, size_t *added,
                          struct ifp_error *error)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    double rent = ifp_coupling_rent(master->coupling, master->price, c, replicas);
    bool free;
    double size;
    size_t count = make_items(master, configuration, replicas, &free, &priced->concave, &size);
    const double capacity[IFP_CAPACITY_COUNT] = {replicas, replicas, replicas};
    double maximum;
    priced->lower = INFINITY;
    priced->value = INFINITY;
    if (isfinite(*minimum) &&
        estimate_items(master, count, replicas, rent, &master->capacity_price[c]) -
                ifp_bound_rounding(ITEM_OPERATIONS, size) >=
            *minimum)
        return IFP_OK;
    double best = free ? ifp_pricing_fill(master->pricing, master->items, count, capacity, &maximum)
                       : ifp_pricing_solve(master->pricing, master->items, count, capacity,
                                           rent - pair_price, master->effort, &maximum);
    if (!free)
        master->cut_short |= ifp_pricing_cut_short(master->pricing);
    master->capacity_price[c] = ifp_pricing_capacity_price(master->pricing);
    /* The values of the items are rounded, and so are those of routes that were left out. */
    size += fabs(rent) + fabs(maximum);
    priced->lower = rent - maximum - ifp_bound_rounding(ITEM_OPERATIONS, size);
    priced->value = rent - best;
    *minimum = fmin(*minimum, priced->lower);
    if (rent - best - pair_price > -IFP_PATTERN_REDUCED_COST)
        return IFP_OK;
    ++*added;
    return ifp_master_add_pattern(master, c, replicas, count, error);
}

/* Price all numbers of replicas of one configuration, into master->min_reduced. If routes have no
 * charges, the value of a deployment is concave in its replicas: once one number is proved worse
 * than a smaller one, all larger numbers are worse, too. */
static int price_configuration(struct ifp_master *master, size_t c, double pair_price,
                               size_t *added, struct ifp_error *error)
{
    double best = INFINITY; /* reduced cost of the best pattern with fewer replicas */
    master->min_reduced[c] = INFINITY;
    for (double m = 1; m <= master->problem->configurations[c].max_replicas; m++) {
        struct priced priced;
        if (!ifp_master_rentable(master, c, m))
            continue;
        if (ifp_watch_stopped(master->relaxation->watch)) {
            master->min_reduced[c] = -INFINITY; /* unknown */
            return IFP_OK;
        }
        int code = price_replicas(master, c, m, pair_price, &master->min_reduced[c], &priced, added,
                                  error);
        if (code)
            return code;
        if (priced.lower == INFINITY)
            continue;
        if (priced.concave && priced.lower > best)
            break;
        best = fmin(best, priced.value);
    }
    return IFP_OK;
}

static int by_key(const void *left, const void *right)
{
    const struct ifp_master_candidate *a = left;
    const struct ifp_master_candidate *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->configuration < b->configuration ? -1 : a->configuration > b->configuration;
}

/* Estimate all configurations, into master->min_reduced, and list those that have to be priced, the
 * most promising first. Configurations of pairs that must be rented come before all others. */
static size_t find_promising(struct ifp_master *master)
{
    const struct ifp_problem *problem = master->problem;
    size_t count = 0;
    for (size_t p = 0; p < problem->pair_count; p++) {
        double pair_price = master->price[master->coupling->first_pair + p];
        for (size_t n = 0; n < problem->pairs[p].count; n++) {
            size_t c = problem->pairs[p].first + n;
            if (!master->rentable[c]) {
                master->min_reduced[c] = INFINITY;
                continue;
            }
            master->min_reduced[c] = master->required[p] ? -INFINITY : estimate(master, c);
            if (master->min_reduced[c] < 0)
                master->promising[count++] = (struct ifp_master_candidate){
                    .key = master->min_reduced[c] - pair_price, .configuration = c};
        }
    }
    qsort(master->promising, count, sizeof *master->promising, by_key);
    return count;
}

int ifp_master_price(struct ifp_master *master, double *bound, size_t *added,
                     struct ifp_error *error)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_coupling *coupling = master->coupling;
    double total = 0;
    double size = 0;
    *added = 0;
    total += ifp_master_cases_bound(master, &size);
    for (size_t i = 0; i < problem->query_count; i++) {
        double unmet =
            (master->relaxation->cost[i] - master->price[i]) * problem->demands[i].max_unmet;
        total += master->price[i] + fmin(0, unmet);
        size += fabs(master->price[i]) + fabs(unmet);
    }
    for (size_t r = problem->query_count; r < coupling->first_balance; r++) {
        total += master->price[r] * coupling->upper[r];
        size += fabs(master->price[r] * coupling->upper[r]);
    }
    for (size_t p = 0; p < problem->pair_count; p++)
        master->pair_min_reduced[p] = 0;
    size_t count = find_promising(master);
    for (size_t k = 0; k < count; k++) {
        size_t c = master->promising[k].configuration;
        size_t p = coupling->pair[c];
        /* Skip the rest: their estimates are valid bounds, and enough columns were added for this
         * round. */
        if (!master->required[p] && (*added >= IFP_PRICING_PATTERNS + problem->query_count ||
                                     master->min_reduced[c] >= master->pair_min_reduced[p]))
            continue;
        int code =
            price_configuration(master, c, master->price[coupling->first_pair + p], added, error);
        if (code)
            return code;
        master->pair_min_reduced[p] = fmin(master->pair_min_reduced[p], master->min_reduced[c]);
    }
    /* The best configuration of each pair is chosen independently. */
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t first = problem->pairs[p].first;
        size_t last = first + problem->pairs[p].count;
        double minimum = master->required[p] ? INFINITY : 0;
        for (size_t c = first; c < last; c++)
            minimum = fmin(minimum, master->min_reduced[c]);
        total += minimum;
        size += isinf(minimum) ? 0 : fabs(minimum);
        /* The reduced cost of a configuration relative to the best of its pair. */
        for (size_t c = first; c < last; c++)
            master->min_reduced[c] = isfinite(minimum) ? master->min_reduced[c] - minimum : 0;
    }
    *bound = total - ifp_bound_rounding(coupling->row_count + problem->configuration_count +
                                            master->case_count + ITEM_OPERATIONS,
                                        size);
    return IFP_OK;
}
