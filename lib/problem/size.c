/* SPDX-License-Identifier: MIT */
/* The size that the problem of an instance would have, counted from its lists and tables. */
#include "problem/size.h"

#include <math.h>

#include "util/number_text.h"
#include "util/text.h"

/*
 * Bytes per route while the problem is built and solved, and per configuration. Measured on random
 * instances with 60 query types, 40 models and 40 tiers (250,000 to 300,000 routes): the peak is
 * 600 to 740 bytes a route by decomposition and 1060 to 1380 by the compact program.
 */
static const double BYTES_PER_ROUTE = 800;
static const double BYTES_PER_ROUTE_COMPACT = 1400;
static const double BYTES_PER_CONFIGURATION = 1000;
/*
 * Bytes per entry of the basis inverses of the LPs that lp/own solves. SELECTIONS of these LPs
 * route fleets (engine/routing/routing.h) and one is the master. A row also has other data.
 */
static const double BYTES_PER_ENTRY = 8;
static const double SELECTIONS = 4;
static const double BYTES_PER_ROW = 600;
static const double BYTES_PER_MB = 1e6;
/* Column indices of the program have 32 bits. A route has at most two columns, and shares a third
 * with other routes. */
static const double ROUTES_MAX = 1e9;

/* Is the field a table, in which some entries may be null? */
static bool is_table(const struct ifp_instance *instance, enum ifp_performance field)
{
    return instance->performance[field].rank > 0;
}

double ifp_size_routes(const struct ifp_instance *instance)
{
    double routes = 0;
    bool whole = !is_table(instance, IFP_DELAY) && !is_table(instance, IFP_ERROR_RATE);
    double of_all = (double)instance->query_count * (double)instance->model_count;
    for (size_t k = 0; k < instance->tier_count; k++) {
        double candidates = whole ? of_all : 0;
        for (size_t i = 0; !whole && i < instance->query_count; i++) {
            for (size_t j = 0; j < instance->model_count; j++)
                candidates += !isnan(ifp_instance_performance(instance, IFP_DELAY, i, j, k)) &&
                              !isnan(ifp_instance_performance(instance, IFP_ERROR_RATE, i, j, k));
        }
        routes += candidates * (double)instance->tiers[k].tp_degrees.count;
    }
    return routes;
}

static double configurations(const struct ifp_instance *instance)
{
    double degrees = 0;
    for (size_t k = 0; k < instance->tier_count; k++)
        degrees += (double)instance->tiers[k].tp_degrees.count;
    return degrees * (double)instance->model_count;
}

/* Rounded up to three digits, so that the number shown is above the limit that it exceeds. */
static double rounded_up(double mb)
{
    enum { DIGITS = 3 };
    double rounded = ifp_number_to_digits(mb, DIGITS);
    if (rounded < mb)
        rounded = ifp_number_to_digits(mb + pow(10, floor(log10(mb)) - DIGITS + 1), DIGITS);
    return rounded;
}

/* The rows of the LPs that may be active at once: demands, and limits on the sum over routes. */
static double rows_of_queries(const struct ifp_instance *instance)
{
    double rows = (double)instance->query_count;
    for (size_t i = 0; instance->placement != IFP_PLACEMENT_SINGLE && i < instance->query_count;
         i++)
        rows += isfinite(instance->queries[i].delay_limit_ms) +
                isfinite(instance->queries[i].error_limit);
    return rows;
}

/* The inverse has a row for each row of the LP and a column for each active row. A pool without a
 * tier has a row in the master that is never active. */
static double bytes_of_rows(const struct ifp_instance *instance, bool compact)
{
    double rows = rows_of_queries(instance);
    double pools = (double)instance->pool_count;
    double entries = SELECTIONS * rows * rows;
    if (!compact)
        entries += (rows + pools) * (rows + fmin(pools, (double)instance->tier_count));
    return entries * BYTES_PER_ENTRY + (rows + pools) * BYTES_PER_ROW;
}

int ifp_size_check(const struct ifp_instance *instance, double limit_mb, bool compact, bool solve,
                   struct ifp_error *error)
{
    double each = compact ? BYTES_PER_ROUTE_COMPACT : BYTES_PER_ROUTE;
    double maximum = configurations(instance) * (double)instance->query_count;
    double base = configurations(instance) * BYTES_PER_CONFIGURATION;
    if (solve)
        base += bytes_of_rows(instance, compact);
    /* Count the candidates only if assuming all routes would exceed the limit. */
    if ((base + maximum * each) / BYTES_PER_MB <= limit_mb && maximum <= ROUTES_MAX)
        return IFP_OK;
    double routes = ifp_size_routes(instance);
    double needed = (base + routes * each) / BYTES_PER_MB;
    if (needed <= limit_mb && routes <= ROUTES_MAX)
        return IFP_OK;
    bool memory = needed > limit_mb;
    return ifp_error_set(error, IFP_ERROR_VALUE, "memory_limit_mb",
                         "found an instance that may need %g MB (%zu routes: %zu query type%s, %zu "
                         "model%s, %zu tier%s and their degrees); allowed: %g %s",
                         rounded_up(needed), (size_t)routes, instance->query_count,
                         instance->query_count == 1 ? "" : "s", instance->model_count,
                         instance->model_count == 1 ? "" : "s", instance->tier_count,
                         instance->tier_count == 1 ? "" : "s", memory ? limit_mb : ROUTES_MAX,
                         memory ? "MB" : "routes, whatever the memory");
}
