/* SPDX-License-Identifier: MIT */
/* The cost of a plan by route and by deployment, as bill.h defines it. Worst cases are found as in
 * the check, and the entries add up to the sums of the check. */
#include "check/bill.h"

#include <math.h>
#include <stdlib.h>

#include "check/operating.h"
#include "check/violation.h"
#include "check/worst_case.h"
#include "instance/instance.h"
#include "plan/degrees.h"
#include "plan/plan.h"

/* Intermediate sums: by route, by deployment and by query type. */
struct route_work {
    size_t deployment;       /* the number of deployments if the route has no deployment */
    struct ifp_wide tokens;  /* r_i lam_i x_ijk, with x_ijk = 0 if it is negative or not finite */
    struct ifp_wide dollars; /* H rho_i lam_i r_i / S_k(n) x_ijk: cost of a ms per token; with a
                                profile H rho_i lam_i x_io: cost of a ms of e2e */
    struct ifp_wide delay;   /* what is charged by `dollars`; NaN if it is not known */
    struct ifp_wide deviation;
};

struct deployment_work {
    struct ifp_wide tokens;
    size_t routes;
    struct ifp_operating operating;
};

struct query_work {
    struct ifp_wide share;  /* the sum of its routes' shares, */
    struct ifp_wide served; /* and of those above 0 */
    struct ifp_wide unmet;
    size_t fractions;
    struct ifp_wide missing;
    bool listed; /* has an unmet entry been charged for the missing demand? */
};

static struct ifp_wide weights_gb(const struct ifp_instance *instance, size_t model, size_t tier)
{
    return IFP_WIDE_PRODUCT(instance->models[model].weights_gb, instance->tiers[tier].weight_scale);
}

static void prepare(const struct ifp_instance *instance, const struct ifp_plan *plan,
                    const size_t *degrees, struct route_work *routes,
                    struct deployment_work *deployments)
{
    for (size_t d = 0; d < plan->deployment_count; d++)
        deployments[d].operating = ifp_operating_of(instance, &plan->deployments[d], degrees[d]);
    for (size_t r = 0; r < plan->route_count; r++) {
        const struct ifp_plan_route *route = &plan->routes[r];
        const struct ifp_query_data *query = &instance->queries[route->query];
        struct ifp_wide length = ifp_wide_two_sum(query->input_tokens, query->output_tokens);
        double share = fmax(0, ifp_violation_share(route->fraction));
        struct route_work *work = &routes[r];
        work->deployment = ifp_plan_route_deployment(plan, r);
        work->tokens = IFP_WIDE_SCALED(length, query->rate_per_hour, share);
        bool deployed = work->deployment < plan->deployment_count;
        struct ifp_operating nowhere =
            ifp_operating_undeployed(instance, route->model, route->tier);
        const struct ifp_operating *operating =
            deployed ? &deployments[work->deployment].operating : &nowhere;
        struct ifp_felt felt;
        ifp_operating_feel(operating, route->query, &felt);
        work->delay = felt.delay.value;
        work->deviation = felt.delay.deviation;
        work->dollars =
            operating->profile ? IFP_WIDE_PRODUCT(query->rate_per_hour, share) : work->tokens;
        work->dollars = IFP_WIDE_SCALED(work->dollars, ifp_instance_penalty_hours(instance),
                                        query->delay_penalty_usd_per_ms);
        if (!deployed)
            continue;
        struct deployment_work *deployment = &deployments[work->deployment];
        work->dollars =
            ifp_wide_over(work->dollars, ifp_wide(operating->profile ? 1 : operating->speedup));
        ifp_wide_add(&deployment->tokens, work->tokens);
        deployment->routes++;
    }
}

static void bill_deployments(struct ifp_bill *bill, const struct ifp_instance *instance,
                             const struct ifp_plan *plan)
{
    struct ifp_wide storage_price =
        IFP_WIDE_PRODUCT(instance->rental_hours, instance->storage_usd_per_gb_hour);
    for (size_t d = 0; d < plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        const struct ifp_tier_data *tier = &instance->tiers[deployment->tier];
        bill->deployments[d].cost_parts[IFP_COST_PART_RENTAL] = ifp_wide_get(IFP_WIDE_PRODUCT(
            instance->rental_hours, tier->usd_per_hour, (double)ifp_plan_gpus(deployment)));
        if (instance->storage_basis == IFP_STORAGE_DEPLOYMENT)
            bill->deployments[d].cost_parts[IFP_COST_PART_STORAGE] = ifp_wide_get(ifp_wide_times(
                storage_price, weights_gb(instance, deployment->model, deployment->tier)));
    }
}

static void bill_routes(struct ifp_bill *bill, const struct ifp_instance *instance,
                        const struct ifp_plan *plan, const struct route_work *routes,
                        const struct deployment_work *deployments)
{
    struct ifp_wide storage_price =
        IFP_WIDE_PRODUCT(instance->rental_hours, instance->storage_usd_per_gb_hour);
    for (size_t r = 0; r < plan->route_count; r++) {
        const struct ifp_plan_route *route = &plan->routes[r];
        const struct route_work *work = &routes[r];
        struct ifp_bill_entry *entry = &bill->routes[r];
        struct ifp_wide kept =
            IFP_WIDE_SCALED(work->tokens, instance->queries[route->query].storage_gb_per_token);
        if (instance->storage_basis == IFP_STORAGE_ROUTE)
            ifp_wide_add(&kept, weights_gb(instance, route->model, route->tier));
        struct ifp_wide storage = ifp_wide_times(storage_price, kept);
        if (work->deployment < plan->deployment_count) {
            const struct deployment_work *deployment = &deployments[work->deployment];
            const struct ifp_bill_entry *whole = &bill->deployments[work->deployment];
            bool any = ifp_wide_get(deployment->tokens) > 0;
            struct ifp_wide product =
                any ? ifp_wide_over(work->tokens, deployment->tokens)
                    : ifp_wide_over(ifp_wide(1), ifp_wide((double)deployment->routes));
            entry->cost_parts[IFP_COST_PART_RENTAL] =
                ifp_wide_get(IFP_WIDE_SCALED(product, whole->cost_parts[IFP_COST_PART_RENTAL]));
            ifp_wide_add(&storage,
                         IFP_WIDE_SCALED(product, whole->cost_parts[IFP_COST_PART_STORAGE]));
        }
        entry->cost_parts[IFP_COST_PART_STORAGE] = ifp_wide_get(storage);
        if (!isnan(ifp_wide_get(work->delay)))
            entry->cost_parts[IFP_COST_PART_DELAY] =
                ifp_wide_get(ifp_wide_times(work->dollars, work->delay));
    }
}

/* With level query, all query types, which have one route each, share one budget. Otherwise each
 * query type has its own budget. Routes are in the order of query types. */
static void bill_worst_case(struct ifp_bill *bill, const struct ifp_instance *instance,
                            const struct ifp_plan *plan, const struct route_work *routes,
                            struct ifp_deviation *deviations)
{
    bool together =
        instance->uncertainty == IFP_UNCERTAINTY_DECISION && instance->level == IFP_LEVEL_QUERY;
    size_t first = 0;
    for (size_t r = 0; r < plan->route_count; r++) {
        const struct ifp_plan_route *route = &plan->routes[r];
        const struct route_work *work = &routes[r];
        struct ifp_deviation *entry = &deviations[r];
        entry->owner = r;
        entry->value = ifp_wide_times(work->dollars, work->deviation);
        entry->cap = ifp_wide(1);
        if (instance->uncertainty == IFP_UNCERTAINTY_DECISION)
            ifp_wide_add(&entry->cap, ifp_wide(-ifp_instance_shrink(instance, IFP_DELAY_SHRINK,
                                                                    route->model, route->tier)));
        bool last = r + 1 == plan->route_count;
        if (!last && (together || plan->routes[r + 1].query == route->query))
            continue;
        (void)ifp_worst_case(&deviations[first], r + 1 - first, instance->delay_budget);
        for (size_t n = first; n <= r; n++) {
            if (ifp_wide_get(deviations[n].factor) > 0)
                bill->routes[deviations[n].owner].cost_parts[IFP_COST_PART_DELAY] +=
                    ifp_wide_get(ifp_wide_times(deviations[n].value, deviations[n].factor));
        }
        first = r + 1;
    }
}

static void find_missing(const struct ifp_instance *instance, const struct ifp_plan *plan,
                         struct query_work *queries)
{
    for (size_t r = 0; r < plan->route_count; r++) {
        struct query_work *query = &queries[plan->routes[r].query];
        double share = ifp_violation_share(plan->routes[r].fraction);
        ifp_wide_add(&query->share, ifp_wide(share));
        ifp_wide_add(&query->served, ifp_wide(fmax(0, share)));
        query->fractions++;
    }
    for (size_t u = 0; u < plan->unmet_count; u++) {
        struct query_work *query = &queries[plan->unmet[u].query];
        ifp_wide_add(&query->unmet, ifp_wide(ifp_violation_share(plan->unmet[u].fraction)));
        query->fractions++;
    }
    for (size_t i = 0; i < instance->query_count; i++)
        queries[i].missing = ifp_violation_missing(
            ifp_wide_plus(queries[i].share, queries[i].unmet), queries[i].fractions);
}

/* As in the check, a query type is charged only if its unmet and missing shares sum to more than
 * 0. */
static void bill_unmet(struct ifp_bill *bill, const struct ifp_instance *instance,
                       const struct ifp_plan *plan, struct query_work *queries)
{
    double hours = ifp_instance_penalty_hours(instance);
    find_missing(instance, plan, queries);
    for (size_t u = 0; u < plan->unmet_count; u++) {
        const struct ifp_query_data *query = &instance->queries[plan->unmet[u].query];
        struct query_work *work = &queries[plan->unmet[u].query];
        struct ifp_wide share = ifp_wide(ifp_violation_share(plan->unmet[u].fraction));
        if (!work->listed)
            ifp_wide_add(&share, work->missing);
        work->listed = true;
        if (ifp_wide_get(ifp_wide_plus(work->unmet, work->missing)) > 0)
            bill->unmet[u] = ifp_wide_get(
                IFP_WIDE_SCALED(share, hours, query->unmet_penalty_usd, query->rate_per_hour));
    }
    for (size_t r = 0; r < plan->route_count; r++) {
        const struct ifp_query_data *query = &instance->queries[plan->routes[r].query];
        const struct query_work *work = &queries[plan->routes[r].query];
        double share = fmax(0, ifp_violation_share(plan->routes[r].fraction));
        if (work->listed || !(ifp_wide_get(work->missing) > 0))
            continue;
        struct ifp_wide product = ifp_wide_over(ifp_wide(share), work->served);
        bill->routes[r].cost_parts[IFP_COST_PART_UNMET] =
            ifp_wide_get(IFP_WIDE_SCALED(ifp_wide_times(product, work->missing), hours,
                                         query->unmet_penalty_usd, query->rate_per_hour));
    }
}

bool ifp_bill_make(struct ifp_bill *bill, const ifp_instance *instance, const ifp_plan *plan)
{
    /* One more element than needed, so that an empty list is not taken for a failed allocation. */
    size_t route_count = plan->route_count + 1;
    size_t deployment_count = plan->deployment_count + 1;
    struct route_work *routes = calloc(route_count, sizeof *routes);
    struct deployment_work *deployments = calloc(deployment_count, sizeof *deployments);
    struct query_work *queries = calloc(instance->query_count + 1, sizeof *queries);
    struct ifp_deviation *deviations = calloc(route_count, sizeof *deviations);
    size_t *degrees = calloc(deployment_count, sizeof *degrees);
    bill->routes = calloc(route_count, sizeof *bill->routes);
    bill->deployments = calloc(deployment_count, sizeof *bill->deployments);
    bill->unmet = calloc(plan->unmet_count + 1, sizeof *bill->unmet);
    bool good = routes && deployments && queries && deviations && degrees && bill->routes &&
                bill->deployments && bill->unmet && ifp_plan_find_degrees(instance, plan, degrees);
    if (good) {
        prepare(instance, plan, degrees, routes, deployments);
        bill_deployments(bill, instance, plan);
        bill_routes(bill, instance, plan, routes, deployments);
        if (instance->uncertainty != IFP_UNCERTAINTY_NONE)
            bill_worst_case(bill, instance, plan, routes, deviations);
        bill_unmet(bill, instance, plan, queries);
    } else {
        ifp_bill_clear(bill);
    }
    free(routes);
    free(deployments);
    free(queries);
    free(deviations);
    free(degrees);
    return good;
}

double ifp_bill_total(const struct ifp_bill_entry *entry)
{
    double total = entry->cost_parts[0];
    for (size_t p = 1; p < IFP_COST_PART_COUNT; p++)
        total += entry->cost_parts[p];
    return total;
}

void ifp_bill_clear(struct ifp_bill *bill)
{
    free(bill->routes);
    free(bill->deployments);
    free(bill->unmet);
    *bill = (struct ifp_bill){0};
}
