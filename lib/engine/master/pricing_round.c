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

/* Make the knapsack item of a route for a deployment with the capacities, by enum ifp_capacity.
 * Returns false if the route is closed or saves nothing. *size as in value_of. */
static bool make_item(const struct ifp_master *master, size_t route, const double *capacity,
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
            item->max_share = fmin(item->max_share, capacity[k] / item->need[k]);
    }
    return true;
}

/* The capacities of a deployment, by enum ifp_capacity. */
static void read_capacity(const struct ifp_master *master, const struct ifp_configuration *c,
                          double replicas, double capacity[IFP_CAPACITY_COUNT])
{
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        capacity[k] = ifp_capacity_of(master->problem, c, (enum ifp_capacity)k, replicas);
}

/* What a deployment costs beyond the value of its capacities at these prices. *size is increased by
 * the magnitudes of the terms. */
static double cost_beyond(const struct ifp_master *master, size_t c, double replicas,
                          const struct ifp_capacity_price *price, double *size)
{
    double capacity[IFP_CAPACITY_COUNT];
    double rent = ifp_coupling_rent(master->coupling, master->price, c, replicas);
    read_capacity(master, &master->problem->configurations[c], replicas, capacity);
    double worth = ifp_capacity_price_of(price, capacity);
    *size += fabs(rent) + worth;
    return rent - worth;
}

/* The least of cost_beyond over all numbers of replicas. Rent and capacities are linear in the
 * replicas, or their best numbers are corners of the upper hull of the load. */
static double min_cost_beyond(const struct ifp_master *master, size_t c,
                              const struct ifp_capacity_price *price, double *size)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    const struct ifp_master_hull *hull = &master->hulls[c];
    double minimum = fmin(cost_beyond(master, c, configuration->min_replicas, price, size),
                          cost_beyond(master, c, configuration->max_replicas, price, size));
    for (size_t k = hull->first; k < hull->first + hull->count; k++)
        minimum = fmin(minimum, cost_beyond(master, c, master->hull_replicas[k], price, size));
    return minimum;
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
    double minimum = min_cost_beyond(master, c, &price, &size);
    return minimum - brought -
           ifp_bound_rounding(configuration->route_count + ITEM_OPERATIONS, size);
}

/* Make the items of a configuration. *free: has no item a charge, except required ones? *concave:
 * is that true also of routes that are no items now but may be with more replicas? */
static size_t make_items(struct ifp_master *master, const struct ifp_configuration *c,
                         const double *capacity, bool *free, bool *concave, double *size)
{
    size_t count = 0;
    *free = true;
    *concave = true;
    *size = 0;
    for (size_t r = c->first_route; r < c->first_route + c->route_count; r++) {
        struct ifp_item *item = &master->items[count];
        if (!make_item(master, r, capacity, item, size))
            continue;
        *concave &= item->forced || item->charge == 0;
        if (!item->forced && item->value * item->max_share <= item->charge)
            continue;
        *free &= item->forced || item->charge == 0;
        count++;
    }
    return count;
}

/* An upper bound on what the items bring, apart from the worth of capacities, at capacity prices.
 * *size becomes the magnitude of its terms. */
static double brought_at(const struct ifp_master *master, size_t count,
                         const struct ifp_capacity_price *price, double *size)
{
    double brought = 0;
    *size = 0;
    for (size_t i = 0; i < count; i++) {
        const struct ifp_item *item = &master->items[i];
        double need = ifp_capacity_price_of(price, item->need);
        brought += ifp_pricing_profit(item, price);
        *size += (fabs(item->value) + need) * item->max_share + item->charge;
    }
    return brought;
}

/* The result of pricing one configuration with a number of replicas. */
struct priced {
    double lower; /* safe lower bound on the reduced cost; INFINITY if capacity prices have shown
                     that another number of replicas is at least as good */
    double value; /* reduced cost of the best pattern found */
    bool concave; /* has no route a charge, except required ones? */
    size_t count; /* the number of items */
};

/* Price one configuration with `replicas` replicas, unless capacity prices prove that its reduced
 * cost is at least `minimum`. The best pattern is added to the master if it is attractive. */
static int price_replicas(struct ifp_master *master, size_t c, double replicas, double pair_price,
                          double minimum, struct priced *priced, size_t *added,
                          struct ifp_error *error)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    double rent = ifp_coupling_rent(master->coupling, master->price, c, replicas);
    double capacity[IFP_CAPACITY_COUNT];
    bool free;
    double size;
    double maximum;
    read_capacity(master, configuration, replicas, capacity);
    priced->count = make_items(master, configuration, capacity, &free, &priced->concave, &size);
    priced->lower = INFINITY;
    priced->value = INFINITY;
    if (isfinite(minimum)) {
        const struct ifp_capacity_price *price = &master->capacity_price[c];
        double sum;
        double brought = brought_at(master, priced->count, price, &sum);
        double beyond = cost_beyond(master, c, replicas, price, &sum);
        if (beyond - brought - ifp_bound_rounding(priced->count + ITEM_OPERATIONS, sum) -
                ifp_bound_rounding(ITEM_OPERATIONS, size) >=
            minimum)
            return IFP_OK;
    }
    double best =
        free ? ifp_pricing_fill(master->pricing, master->items, priced->count, capacity, &maximum)
             : ifp_pricing_solve(master->pricing, master->items, priced->count, capacity,
                                 rent - pair_price, master->effort, &maximum);
    if (!free)
        master->cut_short |= ifp_pricing_cut_short(master->pricing);
    master->capacity_price[c] = ifp_pricing_capacity_price(master->pricing);
    /* The values of the items are rounded, and so are those of routes that were left out. */
    size += fabs(rent) + fabs(maximum);
    priced->lower = rent - maximum - ifp_bound_rounding(ITEM_OPERATIONS, size);
    priced->value = rent - best;
    if (rent - best - pair_price > -IFP_PATTERN_REDUCED_COST)
        return IFP_OK;
    ++*added;
    return ifp_master_add_pattern(master, c, replicas, priced->count, error);
}

/* Price all numbers of replicas of one configuration, into master->min_reduced, in ascending order.
 * If routes have no charges and capacities are linear in the replicas, the value of a deployment is
 * concave in its replicas: once one number is proved worse than a smaller one, all larger numbers
 * are worse, too. */
static int price_in_order(struct ifp_master *master, size_t c, double pair_price, size_t *added,
                          struct ifp_error *error)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    bool linear = configuration->load_table == SIZE_MAX;
    double best = INFINITY; /* reduced cost of the best pattern with fewer replicas */
    double *minimum = &master->min_reduced[c];
    *minimum = INFINITY;
    for (double m = configuration->min_replicas; m <= configuration->max_replicas; m++) {
        struct priced priced;
        if (!ifp_master_rentable(master, c, m))
            continue;
        if (ifp_watch_stopped(master->relaxation->watch)) {
            *minimum = -INFINITY; /* unknown */
            return IFP_OK;
        }
        int code = price_replicas(master, c, m, pair_price, *minimum, &priced, added, error);
        if (code)
            return code;
        *minimum = fmin(*minimum, priced.lower);
        if (priced.lower == INFINITY)
            continue;
        if (linear && priced.concave && priced.lower > best)
            break;
        best = fmin(best, priced.value);
    }
    return IFP_OK;
}

/* Lower the estimates of the reduced costs by what capacity prices prove, for the items that all
 * replicas could serve. */
static void raise_estimates(struct ifp_master *master, size_t c,
                            const struct ifp_capacity_price *price)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    size_t places = (size_t)(configuration->max_replicas - configuration->min_replicas) + 1;
    double capacity[IFP_CAPACITY_COUNT];
    bool free;
    bool concave;
    double size;
    double sum;
    read_capacity(master, configuration, configuration->max_replicas, capacity);
    size_t count = make_items(master, configuration, capacity, &free, &concave, &size);
    double brought = brought_at(master, count, price, &sum);
    for (size_t k = 0; k < places; k++) {
        double of_this = size + sum;
        double m = configuration->min_replicas + (double)k;
        double beyond = cost_beyond(master, c, m, price, &of_this);
        master->estimates[k] =
            fmax(master->estimates[k],
                 beyond - brought - ifp_bound_rounding(count + 2 * ITEM_OPERATIONS, of_this));
    }
}

/*
 * Price the numbers of replicas of one configuration, into master->min_reduced, the most promising
 * first. The capacity prices of each number that is priced bound the reduced costs of all numbers
 * from below. It ends when the least bound is that of a number that is priced.
 */
static int price_by_estimate(struct ifp_master *master, size_t c, double pair_price, bool required,
                             size_t *added, struct ifp_error *error)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    size_t places = (size_t)(configuration->max_replicas - configuration->min_replicas) + 1;
    double best = INFINITY; /* the least bound of those that are priced */
    for (size_t k = 0; k < places; k++) {
        bool open = ifp_master_rentable(master, c, configuration->min_replicas + (double)k);
        master->estimates[k] = open ? -INFINITY : INFINITY;
    }
    raise_estimates(master, c, &master->capacity_price[c]);
    for (size_t n = 0; n < places; n++) {
        struct priced priced;
        size_t lowest = 0;
        for (size_t k = 1; k < places; k++) {
            if (master->estimates[k] < master->estimates[lowest])
                lowest = k;
        }
        double estimate = master->estimates[lowest];
        master->min_reduced[c] = fmin(best, estimate);
        if (estimate == INFINITY || (!required && estimate >= 0) ||
            estimate >= best - IFP_PRICING_ROUNDING * fabs(best))
            return IFP_OK;
        if (ifp_watch_stopped(master->relaxation->watch)) {
            master->min_reduced[c] = -INFINITY; /* unknown */
            return IFP_OK;
        }
        int code = price_replicas(master, c, configuration->min_replicas + (double)lowest,
                                  pair_price, -INFINITY, &priced, added, error);
        if (code)
            return code;
        best = fmin(best, priced.lower);
        master->estimates[lowest] = INFINITY;
        const struct ifp_capacity_price price = master->capacity_price[c];
        raise_estimates(master, c, &price);
    }
    master->min_reduced[c] = best;
    return IFP_OK;
}

static int price_configuration(struct ifp_master *master, size_t c, double pair_price,
                               bool required, size_t *added, struct ifp_error *error)
{
    const struct ifp_configuration *configuration = &master->problem->configurations[c];
    double places = configuration->max_replicas - configuration->min_replicas + 1;
    return places <= IFP_PRICING_IN_ORDER
               ? price_in_order(master, c, pair_price, added, error)
               : price_by_estimate(master, c, pair_price, required, added, error);
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
        int code = price_configuration(master, c, master->price[coupling->first_pair + p],
                                       master->required[p], added, error);
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
