/* SPDX-License-Identifier: MIT */
/* The compact mixed-integer program over configurations, row by row. */
#include "milp/milp.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "milp/milp_build.h"
#include "util/number.h"

const struct ifp_row_trait ifp_row_traits[IFP_ROW_KIND_COUNT] = {
    [IFP_ROW_DEMAND] = {.name = "demand", .is_exact = true, .starts_in_lp = true},
    [IFP_ROW_DEGREE] = {.name = "degree", .is_exact = true},
    [IFP_ROW_REPLICAS_MIN] = {.name = "replicas_least"},
    [IFP_ROW_REPLICAS_MAX] = {.name = "replicas_most"},
    [IFP_ROW_EXACTLY_ONE] = {.name = "exactly_one", .is_exact = true},
    [IFP_ROW_EXACTLY_COUNT] = {.name = "exactly_replicas", .is_exact = true},
    [IFP_ROW_MEMORY] = {.name = "memory", .is_limit = true},
    [IFP_ROW_LOAD] = {.name = "load", .is_limit = true},
    [IFP_ROW_SLOTS] = {.name = "slots", .is_limit = true},
    [IFP_ROW_RESOURCE] = {.is_limit = true, .starts_in_lp = true},
    [IFP_ROW_LEVEL] = {.is_limit = true, .starts_in_lp = true},
    [IFP_ROW_SINGLE] = {.name = "single"},
    [IFP_ROW_MATCHING_MODEL] = {.name = "matching_model"},
    [IFP_ROW_MATCHING_TIER] = {.name = "matching_tier"},
    [IFP_ROW_SERVE] = {.name = "serve", .is_link = true},
    [IFP_ROW_SERVE_PAIR] = {.name = "serve", .is_link = true},
    [IFP_ROW_OPEN] = {.name = "open", .is_link = true},
    [IFP_ROW_OPEN_PAIR] = {.name = "open", .is_link = true},
    [IFP_ROW_DEVIATION] = {.name = "deviation", .is_link = true},
    [IFP_ROW_PRODUCTS] = {.name = "products", .is_link = true},
    [IFP_ROW_PRODUCT_MAX] = {.name = "product_most", .is_link = true},
    [IFP_ROW_PRODUCT_MIN] = {.name = "product_least", .is_link = true},
    [IFP_ROW_REMAINDER] = {.name = "remainder", .is_link = true},
};

void ifp_milp_free(struct ifp_milp *milp)
{
    if (!milp)
        return;
    free(milp->columns);
    free(milp->cost);
    free(milp->lower);
    free(milp->upper);
    free(milp->integer);
    free(milp->rows);
    free(milp->row_lower);
    free(milp->row_upper);
    free(milp->start);
    free(milp->index);
    free(milp->value);
    free(milp->rent);
    free(milp->replicas);
    free(milp->exactly);
    free(milp->choice);
    free(milp->degree);
    free(milp->complement);
    ifp_worst_free(milp->worst);
    free(milp);
}

static bool has_pair_columns(const struct ifp_problem *problem)
{
    return problem->placement == IFP_PLACEMENT_MATCHING ||
           (problem->placement == IFP_PLACEMENT_SPLIT && problem->route_charges);
}

/* Does a route to the configuration need the capacity? */
static bool is_needed(const struct ifp_problem *problem, size_t c, enum ifp_capacity capacity)
{
    const struct ifp_configuration *configuration = &problem->configurations[c];
    const struct ifp_route_data *routes = problem->routes + configuration->first_route;
    for (size_t r = 0; r < configuration->route_count; r++) {
        if (ifp_route_need(problem, &routes[r], capacity) != 0)
            return true;
    }
    return false;
}

/* One column for every number of replicas if the load depends on the number by a table. */
static void add_exactly_columns(struct ifp_milp_builder *builder, size_t c)
{
    const struct ifp_configuration *configuration = &builder->problem->configurations[c];
    double minimum = configuration->min_replicas;
    double maximum = configuration->max_replicas;
    builder->milp->exactly[c] = SIZE_MAX;
    if (configuration->load_table == SIZE_MAX || minimum >= maximum ||
        !is_needed(builder->problem, c, IFP_CAPACITY_LOAD))
        return;
    builder->milp->exactly[c] = builder->milp->column_count;
    for (double m = minimum; m <= maximum && !builder->failed; m++) {
        if (builder->milp->column_count % IFP_MILP_POLL == 0 && ifp_is_cancelled(builder->cancel))
            break;
        ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_EXACTLY, c, (size_t)m), 0, 1, true);
    }
}

static void add_columns(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    struct ifp_milp *milp = builder->milp;
    for (size_t i = 0; i < problem->query_count; i++) {
        const struct ifp_demand *demand = &problem->demands[i];
        ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_UNMET, i, 0), demand->unmet_usd,
                            demand->max_unmet, false);
    }
    for (size_t c = 0; c < problem->configuration_count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        bool many = configuration->max_replicas > 1;
        const struct ifp_rates *cost = &configuration->cost;
        milp->rent[c] = ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_RENT, c, 0),
                                            cost->deployment + (many ? 0 : cost->replica), 1, true);
        milp->replicas[c] = milp->rent[c];
        if (many)
            milp->replicas[c] =
                ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_REPLICAS, c, 0),
                                    cost->replica, configuration->max_replicas, true);
        if (milp->exactly)
            add_exactly_columns(builder, c);
    }
    milp->first_share = milp->column_count;
    milp->share_step = problem->placement == IFP_PLACEMENT_SINGLE ? 2 : 1;
    for (size_t r = 0; r < problem->route_count; r++) {
        if (r % IFP_MILP_POLL == 0 && ifp_is_cancelled(builder->cancel))
            break;
        const struct ifp_route_data *route = &problem->routes[r];
        ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_SHARE, r, 0),
                            ifp_route_share_usd(problem, route), route->max_share, false);
        if (problem->placement == IFP_PLACEMENT_SINGLE) {
            const struct ifp_configuration *configuration =
                &problem->configurations[route->configuration];
            milp->choice[r] =
                (uint32_t)ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_ROUTE, r, 0),
                                              configuration->cost.charge, 1, true);
        }
    }
    for (size_t p = 0;
         has_pair_columns(problem) && p < problem->pair_count && !ifp_is_cancelled(builder->cancel);
         p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        size_t first = problem->configurations[pair->first].first_route;
        const struct ifp_configuration *last =
            &problem->configurations[pair->first + pair->count - 1];
        for (size_t r = first; r < last->first_route + last->route_count; r++) {
            size_t i = problem->routes[r].query;
            uint32_t *column = &builder->pair_column[i * problem->pair_count + p];
            if (*column == UINT32_MAX)
                *column = (uint32_t)ifp_milp_add_column(
                    builder, ifp_milp_column(IFP_COLUMN_PAIR, i, p), last->cost.charge, 1, true);
            milp->choice[r] = *column;
        }
    }
    ifp_milp_add_worst_columns(builder);
}

static void add_demand_rows(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    ifp_milp_reserve_entries(builder, problem->route_count + problem->query_count + 1);
    for (size_t i = 0; i < problem->query_count; i++) {
        ifp_milp_begin_row(builder, IFP_ROW_DEMAND, i, 0, 1, 1);
        ifp_milp_add_entry(builder, i, 1);
        for (const uint32_t *r = builder->by_query[i]; r < builder->by_query[i + 1]; r++)
            ifp_milp_add_entry(builder, ifp_milp_share(builder->milp, *r), 1);
    }
}

static void add_degree_rows(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    struct ifp_milp *milp = builder->milp;
    for (size_t p = 0; p < problem->pair_count; p++) {
        milp->degree[p] = SIZE_MAX;
        if (problem->pairs[p].count < 2)
            continue;
        milp->degree[p] = milp->row_count;
        ifp_milp_begin_row(builder, IFP_ROW_DEGREE, p, 0, -INFINITY, 1);
        for (size_t n = 0; n < problem->pairs[p].count; n++)
            ifp_milp_add_entry(builder, milp->rent[problem->pairs[p].first + n], 1);
    }
}

/* Exactly one number of replicas if rented, and it is m_c. */
static void add_exactly_rows(struct ifp_milp_builder *builder, size_t c)
{
    const struct ifp_milp *milp = builder->milp;
    size_t first;
    size_t last;
    if (!ifp_milp_exactly_range(milp, c, &first, &last))
        return;
    ifp_milp_begin_row(builder, IFP_ROW_EXACTLY_ONE, c, 0, 0, 0);
    for (size_t v = first; v <= last; v++)
        ifp_milp_add_entry(builder, v, 1);
    ifp_milp_add_entry(builder, milp->rent[c], -1);
    ifp_milp_begin_row(builder, IFP_ROW_EXACTLY_COUNT, c, 0, 0, 0);
    for (size_t v = first; v <= last; v++)
        ifp_milp_add_entry(builder, v, milp->columns[v].second);
    ifp_milp_add_entry(builder, milp->replicas[c], -1);
}

/* Add, with a minus sign, what the replicas of a configuration have of a capacity. */
static void add_capacity(struct ifp_milp_builder *builder, size_t c, enum ifp_capacity capacity)
{
    const struct ifp_problem *problem = builder->problem;
    const struct ifp_milp *milp = builder->milp;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t first;
    size_t last;
    if (capacity != IFP_CAPACITY_LOAD || configuration->load_table == SIZE_MAX) {
        ifp_milp_add_entry(builder, milp->replicas[c], -1);
        ifp_milp_add_entry(builder, milp->rent[c], configuration->spare);
    } else if (ifp_milp_exactly_range(milp, c, &first, &last)) {
        for (size_t v = first; v <= last; v++)
            ifp_milp_add_entry(
                builder, v,
                -ifp_capacity_of(problem, configuration, capacity, milp->columns[v].second));
    } else {
        ifp_milp_add_entry(
            builder, milp->rent[c],
            -ifp_capacity_of(problem, configuration, capacity, configuration->max_replicas));
    }
}

static void add_configuration_rows(struct ifp_milp_builder *builder)
{
    static const enum ifp_row_kind kinds[IFP_CAPACITY_COUNT] = {
        [IFP_CAPACITY_MEMORY] = IFP_ROW_MEMORY,
        [IFP_CAPACITY_LOAD] = IFP_ROW_LOAD,
        [IFP_CAPACITY_SLOTS] = IFP_ROW_SLOTS,
    };
    const struct ifp_problem *problem = builder->problem;
    struct ifp_milp *milp = builder->milp;
    for (size_t c = 0; c < problem->configuration_count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        if (configuration->max_replicas > 1) {
            ifp_milp_begin_row(builder, IFP_ROW_REPLICAS_MIN, c, 0, -INFINITY, 0);
            ifp_milp_add_entry(builder, milp->rent[c], configuration->min_replicas);
            ifp_milp_add_entry(builder, milp->replicas[c], -1);
            ifp_milp_begin_row(builder, IFP_ROW_REPLICAS_MAX, c, 0, -INFINITY, 0);
            ifp_milp_add_entry(builder, milp->replicas[c], 1);
            ifp_milp_add_entry(builder, milp->rent[c], -configuration->max_replicas);
        }
        add_exactly_rows(builder, c);
        const struct ifp_route_data *routes = problem->routes + configuration->first_route;
        for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
            enum ifp_capacity capacity = (enum ifp_capacity)k;
            if (!is_needed(problem, c, capacity))
                continue;
            ifp_milp_begin_row(builder, kinds[k], c, 0, -INFINITY, 0);
            for (size_t r = 0; r < configuration->route_count; r++)
                ifp_milp_add_entry(builder, ifp_milp_share(milp, configuration->first_route + r),
                                   ifp_route_need(problem, &routes[r], capacity));
            add_capacity(builder, c, capacity);
        }
    }
}

/* The numbers 0 .. count - 1 sorted by key: those of key k are item[start[k]] ..
 * item[start[k + 1] - 1], ascending. */
struct groups {
    size_t *start;
    size_t *item;
};

static void clear_groups(struct groups *groups)
{
    free(groups->start);
    free(groups->item);
}

/* Keys are below `keys`. False if out of memory. The caller clears the groups in any case. */
static bool make_groups(struct groups *groups, const struct ifp_problem *problem, size_t count,
                        size_t keys, size_t (*key)(const struct ifp_problem *, size_t))
{
    groups->start = calloc(keys + 2, sizeof *groups->start);
    groups->item = malloc((count + 1) * sizeof *groups->item);
    if (!groups->start || !groups->item)
        return false;
    for (size_t m = 0; m < count; m++)
        groups->start[key(problem, m) + 2]++;
    for (size_t k = 0; k < keys; k++)
        groups->start[k + 2] += groups->start[k + 1];
    /* start[k + 1] is the begin of key k. Filling moves it to the end, the begin of key k + 1. */
    for (size_t m = 0; m < count; m++)
        groups->item[groups->start[key(problem, m) + 1]++] = m;
    return true;
}

static size_t model_of(const struct ifp_problem *problem, size_t p)
{
    return problem->pairs[p].model;
}

static size_t tier_of(const struct ifp_problem *problem, size_t p)
{
    return problem->pairs[p].tier;
}

/* Add what a configuration's replicas use of a resource. */
static void add_use(struct ifp_milp_builder *builder, size_t c, const struct ifp_rates *rates,
                    double scale)
{
    const struct ifp_milp *milp = builder->milp;
    bool many = builder->problem->configurations[c].max_replicas > 1;
    ifp_milp_add_entry(builder, milp->rent[c],
                       (rates->deployment + (many ? 0 : rates->replica)) / scale);
    if (many)
        ifp_milp_add_entry(builder, milp->replicas[c], rates->replica / scale);
}

/* What a route to the configuration uses of a resource, whatever its share. */
static double charge_of(const struct ifp_configuration *configuration, size_t resource)
{
    for (size_t u = 0; u < configuration->use_count; u++) {
        if (configuration->uses[u].resource == resource)
            return configuration->uses[u].rates.charge;
    }
    return 0;
}

/* Add what routes use of a resource: their shares, then their charges. */
static void add_route_uses(struct ifp_milp_builder *builder, size_t resource)
{
    const struct ifp_problem *problem = builder->problem;
    const struct ifp_milp *milp = builder->milp;
    const struct ifp_resource *of = &problem->resources[resource];
    for (size_t r = 0; r < problem->route_count; r++)
        ifp_milp_add_entry(builder, ifp_milp_share(milp, r),
                           ifp_route_share_use(problem, of, &problem->routes[r]) / of->scale);
    for (size_t c = 0; problem->route_charges && c < milp->column_count; c++) {
        const struct ifp_column *column = &milp->columns[c];
        size_t configuration = SIZE_MAX;
        if (column->kind == IFP_COLUMN_ROUTE)
            configuration = problem->routes[column->first].configuration;
        else if (column->kind == IFP_COLUMN_PAIR)
            configuration = problem->pairs[column->second].first;
        if (configuration != SIZE_MAX)
            ifp_milp_add_entry(builder, c,
                               charge_of(&problem->configurations[configuration], resource) /
                                   of->scale);
    }
}

/* The resource of the use `k`, counted over all configurations; the number of resources if there is
 * no such use. */
static size_t resource_of(const struct ifp_problem *problem, size_t k)
{
    const struct ifp_configuration *configuration = &problem->configurations[k / IFP_USES_MAX];
    size_t u = k % IFP_USES_MAX;
    return u < configuration->use_count ? configuration->uses[u].resource : problem->resource_count;
}

static void add_resource_rows(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    struct groups uses = {0};
    if (!make_groups(&uses, problem, problem->configuration_count * IFP_USES_MAX,
                     problem->resource_count + 1, resource_of))
        builder->failed = true;
    for (size_t s = 0; s < problem->resource_count && !builder->failed; s++) {
        const struct ifp_resource *resource = &problem->resources[s];
        ifp_milp_begin_row(builder, IFP_ROW_RESOURCE, s, 0, -INFINITY,
                           resource->limit / resource->scale);
        for (size_t k = uses.start[s]; k < uses.start[s + 1]; k++) {
            size_t c = uses.item[k] / IFP_USES_MAX;
            size_t u = uses.item[k] % IFP_USES_MAX;
            add_use(builder, c, &problem->configurations[c].uses[u].rates, resource->scale);
        }
        if (ifp_resource_is_routed(resource))
            add_route_uses(builder, s);
        ifp_milp_drop_row_below(builder, 1);
    }
    clear_groups(&uses);
}

/* A limit on the sum over a query's routes. */
static void add_limit_row(struct ifp_milp_builder *builder, enum ifp_service_level level,
                          size_t query, const uint32_t *first, const uint32_t *last)
{
    const struct ifp_problem *problem = builder->problem;
    const struct ifp_demand *demand = &problem->demands[query];
    double limit = demand->limit[level];
    if (!ifp_limit_has_row(problem, level, query))
        return;
    bool unmet_counts = problem->slo_basis == IFP_SLO_OFFERED && ifp_limit_of_unmet(level) > 0;
    double worst = unmet_counts ? INFINITY : 0;
    ifp_milp_begin_row(builder, IFP_ROW_LEVEL, query, level, -INFINITY,
                       ifp_limit_right_side(problem, level, limit));
    for (const uint32_t *r = first; r < last; r++) {
        const struct ifp_route_data *route = &problem->routes[*r];
        ifp_milp_add_entry(builder, ifp_milp_share(builder->milp, *r),
                           ifp_limit_coefficient(problem, level, route->level[level], limit));
        worst = fmax(worst, ifp_route_alone(problem, route, level));
    }
    ifp_milp_add_worst_entries(builder, builder->milp->worst->level[level][query]);
    /* Shares sum to at most 1, so the row is redundant if no single route breaks the limit. */
    ifp_milp_drop_row_below(builder, worst <= limit ? SIZE_MAX : 1);
}

static void add_query_rows(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    uint32_t *const *by_query = builder->by_query;
    for (size_t i = 0; i < problem->query_count; i++) {
        for (int level = 0; level < IFP_SERVICE_COUNT; level++)
            add_limit_row(builder, (enum ifp_service_level)level, i, by_query[i], by_query[i + 1]);
        if (problem->placement == IFP_PLACEMENT_SINGLE) {
            ifp_milp_begin_row(builder, IFP_ROW_SINGLE, i, 0, -INFINITY, 1);
            for (const uint32_t *r = by_query[i]; r < by_query[i + 1]; r++)
                ifp_milp_add_entry(builder, ifp_milp_choice(builder->milp, *r), 1);
            ifp_milp_drop_row_below(builder, 2);
        }
    }
}

/* Rows of one query type: it uses at most one pair of each group. */
static void add_matching_of(struct ifp_milp_builder *builder, enum ifp_row_kind kind, size_t query,
                            const struct groups *groups, size_t count)
{
    const uint32_t *column = builder->pair_column + query * builder->problem->pair_count;
    for (size_t g = 0; g < count && !builder->failed; g++) {
        ifp_milp_begin_row(builder, kind, query, g, -INFINITY, 1);
        for (size_t k = groups->start[g]; k < groups->start[g + 1]; k++) {
            if (column[groups->item[k]] != UINT32_MAX)
                ifp_milp_add_entry(builder, column[groups->item[k]], 1);
        }
        ifp_milp_drop_row_below(builder, 2);
    }
}

static void add_matching_rows(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    struct groups by_model = {0};
    struct groups by_tier = {0};
    if (problem->placement != IFP_PLACEMENT_MATCHING)
        return;
    if (!make_groups(&by_model, problem, problem->pair_count, problem->model_count, model_of) ||
        !make_groups(&by_tier, problem, problem->pair_count, problem->tier_count, tier_of))
        builder->failed = true;
    for (size_t i = 0; i < problem->query_count && !builder->failed; i++) {
        add_matching_of(builder, IFP_ROW_MATCHING_MODEL, i, &by_model, problem->model_count);
        add_matching_of(builder, IFP_ROW_MATCHING_TIER, i, &by_tier, problem->tier_count);
    }
    clear_groups(&by_model);
    clear_groups(&by_tier);
}

/* The first route in a query type's list whose index is at least `route`. */
static const uint32_t *first_from(const struct ifp_milp_builder *builder, size_t query,
                                  size_t route)
{
    const uint32_t *first = builder->by_query[query];
    const uint32_t *last = builder->by_query[query + 1];
    while (first < last) {
        const uint32_t *middle = first + (last - first) / 2;
        if (*middle < route)
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

static void add_link_rows(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    struct ifp_milp *milp = builder->milp;
    bool single = problem->placement == IFP_PLACEMENT_SINGLE;
    for (size_t r = 0; r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        size_t rent = milp->rent[route->configuration];
        ifp_milp_begin_row(builder, IFP_ROW_SERVE, r, 0, -INFINITY, 0);
        ifp_milp_add_entry(builder, ifp_milp_share(milp, r), 1);
        ifp_milp_add_entry(builder, single ? ifp_milp_choice(milp, r) : rent, -route->max_share);
        if (single) {
            ifp_milp_begin_row(builder, IFP_ROW_OPEN, r, 0, -INFINITY, 0);
            ifp_milp_add_entry(builder, ifp_milp_choice(milp, r), 1);
            ifp_milp_add_entry(builder, rent, -1);
        }
    }
    /* At most one degree of a pair is rented, so the sum is the share of that degree. */
    for (size_t c = 0; c < milp->column_count; c++) {
        const struct ifp_column column = milp->columns[c];
        if (column.kind != IFP_COLUMN_PAIR)
            continue;
        const struct ifp_pair *pair = &problem->pairs[column.second];
        ifp_milp_begin_row(builder, IFP_ROW_SERVE_PAIR, column.first, column.second, -INFINITY, 0);
        const struct ifp_configuration *last =
            &problem->configurations[pair->first + pair->count - 1];
        size_t end = last->first_route + last->route_count;
        const uint32_t *r =
            first_from(builder, column.first, problem->configurations[pair->first].first_route);
        for (; r < builder->by_query[column.first + 1] && *r < end; r++)
            ifp_milp_add_entry(builder, ifp_milp_share(milp, *r),
                               1 / problem->routes[*r].max_share);
        ifp_milp_add_entry(builder, c, -1);
        ifp_milp_begin_row(builder, IFP_ROW_OPEN_PAIR, column.first, column.second, -INFINITY, 0);
        ifp_milp_add_entry(builder, c, 1);
        for (size_t n = 0; n < pair->count; n++)
            ifp_milp_add_entry(builder, milp->rent[pair->first + n], -1);
    }
}

/* Sort the routes by query into `list`; by_query[i] .. by_query[i + 1] - 1 are those of query i. */
static void sort_routes(const struct ifp_problem *problem, uint32_t *list, uint32_t **by_query)
{
    size_t queries = problem->query_count;
    for (size_t i = 0; i <= queries; i++)
        by_query[i] = list;
    for (size_t r = 0; r < problem->route_count; r++)
        by_query[problem->routes[r].query + 1]++;
    for (size_t i = 0; i < queries; i++)
        by_query[i + 1] = by_query[i] + (by_query[i + 1] - list);
    /* Each pointer is a query's begin. Filling moves it to the end, the begin of the next query. */
    for (size_t r = 0; r < problem->route_count; r++)
        *by_query[problem->routes[r].query]++ = (uint32_t)r;
    for (size_t i = queries; i > 0; i--)
        by_query[i] = by_query[i - 1];
    by_query[0] = list;
}

static void forget(struct ifp_milp_builder *builder)
{
    free(builder->pair_column);
    free(builder->threshold);
    free(builder->product);
    free(builder->list);
    free(builder->by_query);
}

/* Make the arrays that only building needs. */
static bool prepare(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    size_t routes = problem->route_count + 1;
    size_t cells = problem->query_count * problem->pair_count + 1;
    bool pairs = has_pair_columns(problem);
    bool products = builder->milp->worst->cost != SIZE_MAX;
    if (pairs)
        builder->pair_column = malloc(cells * sizeof *builder->pair_column);
    if (products)
        builder->product = malloc(routes * sizeof *builder->product);
    builder->threshold = calloc(builder->milp->worst->count + 1, sizeof *builder->threshold);
    builder->list = calloc(routes, sizeof *builder->list);
    builder->by_query = calloc(problem->query_count + 1, sizeof *builder->by_query);
    if ((pairs && !builder->pair_column) || (products && !builder->product) ||
        !builder->threshold || !builder->list || !builder->by_query)
        return false;
    for (size_t c = 0; pairs && c < cells; c++)
        builder->pair_column[c] = UINT32_MAX;
    sort_routes(problem, builder->list, builder->by_query);
    return true;
}

/* Allocate the indices of columns and rows. */
static bool make_places(const struct ifp_problem *problem, struct ifp_milp *milp)
{
    size_t configurations = problem->configuration_count + 1;
    size_t routes = problem->route_count + 1;
    milp->rent = calloc(configurations, sizeof *milp->rent);
    milp->replicas = calloc(configurations, sizeof *milp->replicas);
    if (problem->load_table_count)
        milp->exactly = calloc(configurations, sizeof *milp->exactly);
    bool choices = problem->placement == IFP_PLACEMENT_SINGLE || has_pair_columns(problem);
    if (choices)
        milp->choice = calloc(routes, sizeof *milp->choice);
    milp->degree = calloc(problem->pair_count + 1, sizeof *milp->degree);
    milp->worst = ifp_worst_new(problem);
    return milp->rent && milp->replicas && (milp->exactly || !problem->load_table_count) &&
           (milp->choice || !choices) && milp->degree && milp->worst;
}

/* Set `complement`. Needs all columns. */
static void find_complements(struct ifp_milp_builder *builder)
{
    struct ifp_milp *milp = builder->milp;
    if (milp->worst->cost == SIZE_MAX || builder->problem->linearization != IFP_LINEARIZATION_SOS1)
        return;
    milp->complement = malloc((milp->column_count + 1) * sizeof *milp->complement);
    builder->failed = !milp->complement;
    for (size_t c = 0; milp->complement && c < milp->column_count; c++)
        milp->complement[c] = SIZE_MAX;
    for (size_t c = 0; milp->complement && c < milp->column_count; c++) {
        if (milp->columns[c].kind == IFP_COLUMN_REMAINDER)
            milp->complement[ifp_milp_choice(milp, milp->columns[c].first)] = c;
    }
}

/* Restore the builder from the columns of a finished program. */
static void read_columns(struct ifp_milp_builder *builder)
{
    const struct ifp_milp *milp = builder->milp;
    for (size_t c = 0; c < milp->column_count; c++) {
        const struct ifp_column *column = &milp->columns[c];
        if (column->kind == IFP_COLUMN_PAIR)
            builder->pair_column[column->first * builder->problem->pair_count + column->second] =
                (uint32_t)c;
        else if (column->kind == IFP_COLUMN_THRESHOLD)
            builder->threshold[column->first] = c;
        else if (column->kind == IFP_COLUMN_PRODUCT)
            builder->product[column->first] = (uint32_t)c;
    }
}

int ifp_milp_new(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                 struct ifp_milp **milp, struct ifp_error *error)
{
    struct ifp_milp *made = calloc(1, sizeof *made);
    struct ifp_milp_builder builder = {.problem = problem, .milp = made, .cancel = cancel};
    *milp = NULL;
    builder.failed = !made || !make_places(problem, made) || !prepare(&builder);
    if (!builder.failed)
        ifp_milp_reserve_columns(&builder,
                                 problem->query_count + problem->configuration_count +
                                     (problem->placement == IFP_PLACEMENT_SINGLE ? 2 : 1) *
                                         problem->route_count);
    if (!builder.failed)
        add_columns(&builder);
    /* The columns are most of the work. After a cancel they may be incomplete. */
    bool cancelled = ifp_is_cancelled(cancel);
    builder.cancel = NULL;
    if (!builder.failed && !cancelled)
        find_complements(&builder);
    if (!builder.failed && !cancelled) {
        add_demand_rows(&builder);
        add_degree_rows(&builder);
        made->early_row_count = made->row_count;
    }
    forget(&builder);
    if (!builder.failed && !cancelled)
        *milp = made;
    else
        ifp_milp_free(made);
    return builder.failed ? ifp_error_memory(error) : IFP_OK;
}

int ifp_milp_complete(const struct ifp_problem *problem, struct ifp_milp *milp,
                      const struct ifp_cancel *cancel, struct ifp_error *error)
{
    size_t rows = milp->row_count;
    size_t entries = milp->entry_count;
    struct ifp_milp_builder builder = {.problem = problem,
                                       .milp = milp,
                                       .column_capacity = milp->column_count,
                                       .row_capacity = rows + 1,
                                       .entry_capacity = entries,
                                       .cancel = cancel};
    if (milp->complete)
        return IFP_OK;
    builder.failed = !prepare(&builder);
    if (!builder.failed) {
        read_columns(&builder);
        add_configuration_rows(&builder);
        add_resource_rows(&builder);
        add_query_rows(&builder);
        add_matching_rows(&builder);
        add_link_rows(&builder);
        ifp_milp_add_worst_rows(&builder);
    }
    forget(&builder);
    milp->complete = !builder.failed;
    if (builder.failed) {
        milp->row_count = rows;
        milp->entry_count = entries;
        milp->start[rows] = entries;
    }
    return builder.failed && !builder.cancelled ? ifp_error_memory(error) : IFP_OK;
}

void ifp_milp_set_exactly(const struct ifp_milp *milp, size_t configuration_count, double *point)
{
    size_t first;
    size_t last;
    for (size_t c = 0; milp->exactly && c < configuration_count; c++) {
        if (!ifp_milp_exactly_range(milp, c, &first, &last))
            continue;
        for (size_t v = first; v <= last; v++)
            point[v] = 0;
        size_t column = ifp_milp_exactly(milp, c, floor(point[milp->replicas[c]] + 0.5));
        if (column != SIZE_MAX)
            point[column] = 1;
    }
}

double ifp_milp_scale(const struct ifp_milp *milp)
{
    double logs = 0;
    double count = 0;
    for (size_t c = 0; c < milp->column_count; c++) {
        if (milp->cost[c] > 0) {
            logs += log2(milp->cost[c]);
            count += 1;
        }
    }
    return count > 0 ? exp2(floor(logs / count)) : 1;
}
