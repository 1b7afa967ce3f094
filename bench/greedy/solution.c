/* SPDX-License-Identifier: MIT */
/* Changes to a fleet and its sums, and what it costs; equations of the formulation beside each. */
#include "solution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A factor of a worst case: what its whole deviation is worth, and how far it may go. */
struct factor {
    double value;
    double cap;
};

struct greedy_fleet *greedy_fleet_new(const struct greedy_problem *problem)
{
    struct greedy_fleet *fleet = calloc(1, sizeof *fleet);
    if (!fleet)
        return NULL;
    fleet->pool_gpus = calloc(problem->pool_count + 1, sizeof *fleet->pool_gpus);
    fleet->rented = calloc(problem->pair_count, sizeof *fleet->rented);
    fleet->deployments = calloc(problem->pair_count, sizeof *fleet->deployments);
    fleet->services = calloc(problem->query_count, sizeof *fleet->services);
    if (!fleet->pool_gpus || !fleet->rented || !fleet->deployments || !fleet->services) {
        greedy_fleet_free(fleet);
        return NULL;
    }
    greedy_fleet_clear(problem, fleet);
    return fleet;
}

void greedy_fleet_free(struct greedy_fleet *fleet)
{
    if (!fleet)
        return;
    free(fleet->pool_gpus);
    free(fleet->rented);
    free(fleet->deployments);
    free(fleet->services);
    free(fleet);
}

void greedy_fleet_clear(const struct greedy_problem *problem, struct greedy_fleet *fleet)
{
    fleet->rental = fleet->weights = fleet->data = 0;
    fleet->rented_count = 0;
    memset(fleet->pool_gpus, 0, problem->pool_count * sizeof *fleet->pool_gpus);
    memset(fleet->deployments, 0, problem->pair_count * sizeof *fleet->deployments);
    for (size_t p = 0; p < problem->pair_count; p++)
        fleet->deployments[p].degree = -1;
    for (size_t i = 0; i < problem->query_count; i++) {
        fleet->services[i].count = 0;
        fleet->services[i].served = 0;
    }
}

/* Only what is in use of either: most pairs are not rented, and most services are short. */
void greedy_fleet_copy(const struct greedy_problem *problem, struct greedy_fleet *to,
                       const struct greedy_fleet *from)
{
    to->rental = from->rental;
    to->weights = from->weights;
    to->data = from->data;
    memcpy(to->pool_gpus, from->pool_gpus, problem->pool_count * sizeof *to->pool_gpus);
    for (size_t n = 0; n < to->rented_count; n++)
        to->deployments[to->rented[n]].degree = -1;
    to->rented_count = from->rented_count;
    for (size_t n = 0; n < from->rented_count; n++) {
        size_t pair = to->rented[n] = from->rented[n];
        to->deployments[pair] = from->deployments[pair];
    }
    for (size_t i = 0; i < problem->query_count; i++) {
        struct greedy_service *service = &to->services[i];
        service->count = from->services[i].count;
        service->served = from->services[i].served;
        memcpy(service->parts, from->services[i].parts,
               (size_t)service->count * sizeof *service->parts);
    }
}

/* Rental T p_k y_jk, pools, and the weights once per deployment. */
void greedy_fleet_rent(const struct greedy_problem *problem, struct greedy_fleet *fleet,
                       size_t pair, int degree, int replicas)
{
    const struct greedy_pair *data = &problem->pairs[pair];
    struct greedy_deployment *deployment = &fleet->deployments[pair];
    double gpus = (double)data->degrees[degree].degree * replicas;
    if (deployment->degree < 0) {
        *deployment = (struct greedy_deployment){.degree = degree, .replicas = replicas};
        fleet->rented[fleet->rented_count++] = pair;
        if (!problem->weights_routed)
            fleet->weights += data->weights;
    } else {
        gpus -= (double)data->degrees[deployment->degree].degree * deployment->replicas;
        deployment->degree = degree;
        deployment->replicas = replicas;
    }
    fleet->rental += data->rent * gpus;
    if (data->pool >= 0)
        fleet->pool_gpus[data->pool] += gpus;
}

static void give_back(const struct greedy_problem *problem, struct greedy_fleet *fleet, size_t pair)
{
    const struct greedy_pair *data = &problem->pairs[pair];
    struct greedy_deployment *deployment = &fleet->deployments[pair];
    double gpus = (double)data->degrees[deployment->degree].degree * deployment->replicas;
    size_t at = 0;
    while (fleet->rented[at] != pair)
        at++;
    fleet->rented[at] = fleet->rented[--fleet->rented_count];
    fleet->rental -= data->rent * gpus;
    if (data->pool >= 0)
        fleet->pool_gpus[data->pool] -= gpus;
    if (!problem->weights_routed)
        fleet->weights -= data->weights;
    deployment->degree = -1;
    if (fleet->rented_count == 0)
        fleet->rental = fleet->weights = 0; /* not what rounding has left of them */
}

/* What a share of a route adds to the sums of its deployment; negative: takes off. */
static void load(const struct greedy_problem *problem, struct greedy_fleet *fleet, size_t query,
                 size_t pair, double share)
{
    const struct greedy_route *route = greedy_route_of(problem, query, pair);
    struct greedy_deployment *deployment = &fleet->deployments[pair];
    deployment->kv += route->kv * share;
    deployment->compute += route->compute * share;
    deployment->delay_sum += problem->queries[query].delay_cost * share * route->delay_whole;
    fleet->data += problem->queries[query].data_cost * share;
    fleet->services[query].served += share;
}

void greedy_fleet_serve(const struct greedy_problem *problem, struct greedy_fleet *fleet,
                        size_t query, size_t pair, double share)
{
    struct greedy_service *service = &fleet->services[query];
    int at = 0;
    while (at < service->count && service->parts[at].pair != pair)
        at++;
    if (at == service->count) {
        service->parts[service->count++] = (struct greedy_part){.pair = pair};
        fleet->deployments[pair].routes++;
        if (problem->weights_routed)
            fleet->weights += problem->pairs[pair].weights;
    }
    service->parts[at].share += share;
    load(problem, fleet, query, pair, share);
}

void greedy_fleet_leave(const struct greedy_problem *problem, struct greedy_fleet *fleet,
                        size_t query, size_t pair)
{
    struct greedy_service *service = &fleet->services[query];
    int at = 0;
    while (at < service->count && service->parts[at].pair != pair)
        at++;
    if (at == service->count)
        return;
    load(problem, fleet, query, pair, -service->parts[at].share);
    service->parts[at] = service->parts[--service->count];
    if (service->count == 0)
        service->served = 0;
    if (problem->weights_routed)
        fleet->weights -= problem->pairs[pair].weights;
    if (--fleet->deployments[pair].routes == 0)
        give_back(problem, fleet, pair);
}

void greedy_fleet_drop(const struct greedy_problem *problem, struct greedy_fleet *fleet,
                       size_t query)
{
    while (fleet->services[query].count > 0)
        greedy_fleet_leave(problem, fleet, query, fleet->services[query].parts[0].pair);
}

const struct greedy_part *greedy_fleet_part(const struct greedy_fleet *fleet, size_t query,
                                            size_t pair)
{
    const struct greedy_service *service = &fleet->services[query];
    for (int r = 0; r < service->count; r++)
        if (service->parts[r].pair == pair)
            return &service->parts[r];
    return NULL;
}

/* Insert in the order of falling values. */
static void add_factor(struct factor *factors, size_t count, struct factor added)
{
    while (count > 0 && factors[count - 1].value < added.value) {
        factors[count] = factors[count - 1];
        count--;
    }
    factors[count] = added;
}

/* max sum value g, 0 <= g <= cap, sum g <= budget: the most valuable first. */
static double worst_case(const struct factor *factors, size_t count, double budget)
{
    double sum = 0;
    for (size_t n = 0; n < count && budget > 0; n++) {
        double g = fmin(factors[n].cap, budget);
        sum += factors[n].value * g;
        budget -= g;
    }
    return sum;
}

/* The nominal sum of a query type's delays; what its deviations are, in *factors. */
static double delays_of(const struct greedy_problem *problem, const struct greedy_fleet *fleet,
                        size_t query, struct factor *factors)
{
    const struct greedy_service *service = &fleet->services[query];
    double nominal = 0;
    for (int r = 0; r < service->count; r++) {
        size_t pair = service->parts[r].pair;
        const struct greedy_route *route = greedy_route_of(problem, query, pair);
        double share = service->parts[r].share /
                       problem->pairs[pair].degrees[fleet->deployments[pair].degree].speedup;
        nominal += route->delay * share;
        add_factor(factors, (size_t)r,
                   (struct factor){.value = route->delay_deviation * share,
                                   .cap = problem->pairs[pair].delay_cap});
    }
    return nominal;
}

double greedy_fleet_delay(const struct greedy_problem *problem, const struct greedy_fleet *fleet,
                          size_t query)
{
    struct factor factors[GREEDY_ROUTES_MAX + 1];
    double nominal = delays_of(problem, fleet, query, factors);
    return nominal +
           worst_case(factors, (size_t)fleet->services[query].count, problem->delay_budget);
}

double greedy_fleet_error(const struct greedy_problem *problem, const struct greedy_fleet *fleet,
                          size_t query)
{
    const struct greedy_service *service = &fleet->services[query];
    struct factor factors[GREEDY_ROUTES_MAX + 1];
    double nominal = 0;
    for (int r = 0; r < service->count; r++) {
        size_t pair = service->parts[r].pair;
        const struct greedy_route *route = greedy_route_of(problem, query, pair);
        nominal += route->error * service->parts[r].share;
        add_factor(factors, (size_t)r,
                   (struct factor){.value = route->error_deviation * service->parts[r].share,
                                   .cap = problem->pairs[pair].error_cap});
    }
    return nominal + worst_case(factors, (size_t)service->count, problem->error_budget);
}

/* Rounding that the check does not see; without it a share that fills a limit would break it. */
static bool within(double used, double limit)
{
    return used <= limit * (1 + 1e-9);
}

bool greedy_fleet_holds(const struct greedy_problem *problem, const struct greedy_fleet *fleet,
                        size_t query)
{
    const struct greedy_query *data = &problem->queries[query];
    double share = problem->offered ? 1 : fleet->services[query].served;
    if (fleet->services[query].count == 0)
        return true;
    return within(greedy_fleet_delay(problem, fleet, query), data->delay_limit * share) &&
           within(greedy_fleet_error(problem, fleet, query), data->error_limit * share);
}

/* H sum rho_i lam_i delays in the worst case: of each query type by itself, or with one budget for
 * all of them, where there is a factor for each. */
static double delay_cost(const struct greedy_problem *problem, const struct greedy_fleet *fleet)
{
    double cost = 0;
    double budget = problem->delay_budget;
    if (!problem->coupled) {
        for (size_t i = 0; i < problem->query_count; i++)
            cost += problem->queries[i].delay_cost * greedy_fleet_delay(problem, fleet, i);
        return cost;
    }
    for (size_t i = 0; i < problem->query_count; i++) {
        struct factor factors[GREEDY_ROUTES_MAX + 1];
        cost += problem->queries[i].delay_cost * delays_of(problem, fleet, i, factors);
    }
    /* The most valuable factor below the last one, until the budget is spent: it covers few. */
    double last = INFINITY;
    size_t after = 0;
    while (budget > 0) {
        struct factor best = {.value = -1};
        size_t best_query = 0;
        for (size_t i = 0; i < problem->query_count; i++) {
            struct factor factors[GREEDY_ROUTES_MAX + 1];
            if (fleet->services[i].count == 0)
                continue;
            delays_of(problem, fleet, i, factors);
            double value = problem->queries[i].delay_cost * factors[0].value;
            bool later = value < last || (value == last && i >= after);
            if (later && value > best.value) {
                best = (struct factor){.value = value, .cap = factors[0].cap};
                best_query = i;
            }
        }
        if (best.value <= 0)
            break;
        double g = fmin(best.cap, budget);
        cost += best.value * g;
        budget -= g;
        last = best.value;
        after = best_query + 1;
    }
    return cost;
}

double greedy_fleet_cost(const struct greedy_problem *problem, const struct greedy_fleet *fleet)
{
    double cost = greedy_fleet_spent(problem, fleet) + delay_cost(problem, fleet);
    for (size_t i = 0; i < problem->query_count; i++)
        cost += problem->queries[i].unmet_cost * (1 - fleet->services[i].served);
    return cost;
}

double greedy_fleet_shortfall(const struct greedy_problem *problem,
                              const struct greedy_fleet *fleet)
{
    double shortfall = 0;
    for (size_t i = 0; i < problem->query_count; i++)
        shortfall += fmax(0, 1 - fleet->services[i].served - problem->queries[i].max_unmet);
    return shortfall;
}

bool greedy_fleet_better(const struct greedy_problem *problem, const struct greedy_fleet *a,
                         const struct greedy_fleet *b)
{
    double difference = greedy_fleet_shortfall(problem, a) - greedy_fleet_shortfall(problem, b);
    if (fabs(difference) > GREEDY_SHARE_MIN)
        return difference < 0;
    double cost = greedy_fleet_cost(problem, b);
    return greedy_fleet_cost(problem, a) < cost - GREEDY_GAIN_MIN * fmax(1, fabs(cost));
}
