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

struct greedy_solution *greedy_selection_new(const struct greedy_problem *problem)
{
    struct greedy_solution *solution = calloc(1, sizeof *solution);
    if (!solution)
        return NULL;
    solution->pool_gpus = calloc(problem->pool_count + 1, sizeof *solution->pool_gpus);
    solution->rented = calloc(problem->pair_count, sizeof *solution->rented);
    solution->deployments = calloc(problem->pair_count, sizeof *solution->deployments);
    solution->services = calloc(problem->query_count, sizeof *solution->services);
    if (!solution->pool_gpus || !solution->rented || !solution->deployments ||
        !solution->services) {
        greedy_selection_free(solution);
        return NULL;
    }
    greedy_selection_clear(problem, solution);
    return solution;
}

void greedy_selection_free(struct greedy_solution *solution)
{
    if (!solution)
        return;
    free(solution->pool_gpus);
    free(solution->rented);
    free(solution->deployments);
    free(solution->services);
    free(solution);
}

void greedy_selection_clear(const struct greedy_problem *problem, struct greedy_solution *solution)
{
    solution->rental = solution->weights = solution->data = 0;
    solution->rented_count = 0;
    memset(solution->pool_gpus, 0, problem->pool_count * sizeof *solution->pool_gpus);
    memset(solution->deployments, 0, problem->pair_count * sizeof *solution->deployments);
    for (size_t p = 0; p < problem->pair_count; p++)
        solution->deployments[p].degree = -1;
    for (size_t i = 0; i < problem->query_count; i++) {
        solution->services[i].count = 0;
        solution->services[i].served = 0;
    }
}

/* Only what is in use of either: most pairs are not rented, and most services are short. */
void greedy_selection_copy(const struct greedy_problem *problem, struct greedy_solution *to,
                           const struct greedy_solution *from)
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
        memcpy(service->shares, from->services[i].shares,
               (size_t)service->count * sizeof *service->shares);
    }
}

/* Rental T p_k y_jk, pools, and the weights once per deployment. */
void greedy_selection_rent(const struct greedy_problem *problem, struct greedy_solution *solution,
                           size_t pair, int degree, int replicas)
{
    const struct greedy_pair *data = &problem->pairs[pair];
    struct greedy_deployment *deployment = &solution->deployments[pair];
    double gpus = (double)data->degrees[degree].degree * replicas;
    if (deployment->degree < 0) {
        *deployment = (struct greedy_deployment){.degree = degree, .replicas = replicas};
        solution->rented[solution->rented_count++] = pair;
        if (!problem->weights_routed)
            solution->weights += data->weights;
    } else {
        gpus -= (double)data->degrees[deployment->degree].degree * deployment->replicas;
        deployment->degree = degree;
        deployment->replicas = replicas;
    }
    solution->rental += data->rent * gpus;
    if (data->pool >= 0)
        solution->pool_gpus[data->pool] += gpus;
}

static void give_back(const struct greedy_problem *problem, struct greedy_solution *solution,
                      size_t pair)
{
    const struct greedy_pair *data = &problem->pairs[pair];
    struct greedy_deployment *deployment = &solution->deployments[pair];
    double gpus = (double)data->degrees[deployment->degree].degree * deployment->replicas;
    size_t at = 0;
    while (solution->rented[at] != pair)
        at++;
    solution->rented[at] = solution->rented[--solution->rented_count];
    solution->rental -= data->rent * gpus;
    if (data->pool >= 0)
        solution->pool_gpus[data->pool] -= gpus;
    if (!problem->weights_routed)
        solution->weights -= data->weights;
    deployment->degree = -1;
    if (solution->rented_count == 0)
        solution->rental = solution->weights = 0; /* not what rounding has left of them */
}

/* What a share of a route adds to the sums of its deployment; negative: takes off. */
static void load(const struct greedy_problem *problem, struct greedy_solution *solution,
                 size_t query, size_t pair, double share)
{
    const struct greedy_route *route = greedy_route_of(problem, query, pair);
    struct greedy_deployment *deployment = &solution->deployments[pair];
    deployment->kv += route->kv * share;
    deployment->compute += route->compute * share;
    deployment->delay_sum += problem->queries[query].delay_cost * share * route->delay_whole;
    solution->data += problem->queries[query].data_cost * share;
    solution->services[query].served += share;
}

void greedy_selection_serve(const struct greedy_problem *problem, struct greedy_solution *solution,
                            size_t query, size_t pair, double share)
{
    struct greedy_service *service = &solution->services[query];
    int at = 0;
    while (at < service->count && service->shares[at].pair != pair)
        at++;
    if (at == service->count) {
        service->shares[service->count++] = (struct greedy_share){.pair = pair};
        solution->deployments[pair].routes++;
        if (problem->weights_routed)
            solution->weights += problem->pairs[pair].weights;
    }
    service->shares[at].share += share;
    load(problem, solution, query, pair, share);
}

void greedy_selection_leave(const struct greedy_problem *problem, struct greedy_solution *solution,
                            size_t query, size_t pair)
{
    struct greedy_service *service = &solution->services[query];
    int at = 0;
    while (at < service->count && service->shares[at].pair != pair)
        at++;
    if (at == service->count)
        return;
    load(problem, solution, query, pair, -service->shares[at].share);
    service->shares[at] = service->shares[--service->count];
    if (service->count == 0)
        service->served = 0;
    if (problem->weights_routed)
        solution->weights -= problem->pairs[pair].weights;
    if (--solution->deployments[pair].routes == 0)
        give_back(problem, solution, pair);
}

void greedy_selection_drop(const struct greedy_problem *problem, struct greedy_solution *solution,
                           size_t query)
{
    while (solution->services[query].count > 0)
        greedy_selection_leave(problem, solution, query, solution->services[query].shares[0].pair);
}

const struct greedy_share *greedy_solution_share(const struct greedy_solution *solution,
                                                 size_t query, size_t pair)
{
    const struct greedy_service *service = &solution->services[query];
    for (int r = 0; r < service->count; r++)
        if (service->shares[r].pair == pair)
            return &service->shares[r];
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
static double delays_of(const struct greedy_problem *problem,
                        const struct greedy_solution *solution, size_t query,
                        struct factor *factors)
{
    const struct greedy_service *service = &solution->services[query];
    double nominal = 0;
    for (int r = 0; r < service->count; r++) {
        size_t pair = service->shares[r].pair;
        const struct greedy_route *route = greedy_route_of(problem, query, pair);
        double share = service->shares[r].share /
                       problem->pairs[pair].degrees[solution->deployments[pair].degree].speedup;
        nominal += route->delay * share;
        add_factor(factors, (size_t)r,
                   (struct factor){.value = route->delay_deviation * share,
                                   .cap = problem->pairs[pair].delay_cap});
    }
    return nominal;
}

double greedy_selection_delay(const struct greedy_problem *problem,
                              const struct greedy_solution *solution, size_t query)
{
    struct factor factors[GREEDY_ROUTES_MAX + 1];
    double nominal = delays_of(problem, solution, query, factors);
    return nominal +
           worst_case(factors, (size_t)solution->services[query].count, problem->delay_budget);
}

double greedy_selection_error(const struct greedy_problem *problem,
                              const struct greedy_solution *solution, size_t query)
{
    const struct greedy_service *service = &solution->services[query];
    struct factor factors[GREEDY_ROUTES_MAX + 1];
    double nominal = 0;
    for (int r = 0; r < service->count; r++) {
        size_t pair = service->shares[r].pair;
        const struct greedy_route *route = greedy_route_of(problem, query, pair);
        nominal += route->error * service->shares[r].share;
        add_factor(factors, (size_t)r,
                   (struct factor){.value = route->error_deviation * service->shares[r].share,
                                   .cap = problem->pairs[pair].error_cap});
    }
    return nominal + worst_case(factors, (size_t)service->count, problem->error_budget);
}

/* Rounding that the check does not see; without it a share that fills a limit would break it. */
static bool within(double used, double limit)
{
    return used <= limit * (1 + 1e-9);
}

bool greedy_selection_holds(const struct greedy_problem *problem,
                            const struct greedy_solution *solution, size_t query)
{
    const struct greedy_query *data = &problem->queries[query];
    double share = problem->offered ? 1 : solution->services[query].served;
    if (solution->services[query].count == 0)
        return true;
    return within(greedy_selection_delay(problem, solution, query), data->delay_limit * share) &&
           within(greedy_selection_error(problem, solution, query), data->error_limit * share);
}

/* H sum rho_i lam_i delays in the worst case: of each query type separately, or with one budget for
 * all of them, where there is a factor for each. */
static double delay_cost(const struct greedy_problem *problem,
                         const struct greedy_solution *solution)
{
    double cost = 0;
    double budget = problem->delay_budget;
    if (!problem->coupled) {
        for (size_t i = 0; i < problem->query_count; i++)
            cost += problem->queries[i].delay_cost * greedy_selection_delay(problem, solution, i);
        return cost;
    }
    for (size_t i = 0; i < problem->query_count; i++) {
        struct factor factors[GREEDY_ROUTES_MAX + 1];
        cost += problem->queries[i].delay_cost * delays_of(problem, solution, i, factors);
    }
    /* The most valuable factor below the last one, until the budget is spent: it covers few. */
    double last = INFINITY;
    size_t after = 0;
    while (budget > 0) {
        struct factor best = {.value = -1};
        size_t best_query = 0;
        for (size_t i = 0; i < problem->query_count; i++) {
            struct factor factors[GREEDY_ROUTES_MAX + 1];
            if (solution->services[i].count == 0)
                continue;
            delays_of(problem, solution, i, factors);
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

double greedy_selection_cost(const struct greedy_problem *problem,
                             const struct greedy_solution *solution)
{
    double cost = greedy_selection_spent(problem, solution) + delay_cost(problem, solution);
    for (size_t i = 0; i < problem->query_count; i++)
        cost += problem->queries[i].unmet_cost * (1 - solution->services[i].served);
    return cost;
}

double greedy_selection_shortfall(const struct greedy_problem *problem,
                                  const struct greedy_solution *solution)
{
    double shortfall = 0;
    for (size_t i = 0; i < problem->query_count; i++)
        shortfall += fmax(0, 1 - solution->services[i].served - problem->queries[i].max_unmet);
    return shortfall;
}

bool greedy_selection_better(const struct greedy_problem *problem, const struct greedy_solution *a,
                             const struct greedy_solution *b)
{
    double difference =
        greedy_selection_shortfall(problem, a) - greedy_selection_shortfall(problem, b);
    if (fabs(difference) > GREEDY_SHARE_MIN)
        return difference < 0;
    double cost = greedy_selection_cost(problem, b);
    return greedy_selection_cost(problem, a) < cost - GREEDY_GAIN_MIN * fmax(1, fabs(cost));
}
