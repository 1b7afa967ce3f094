/* SPDX-License-Identifier: MIT */
/* GH: what serving a query type at a pair would take, and the cheapest of it by coverage. */
#include "construct.h"

#include <math.h>
#include <stdint.h>

/* A way to serve a share of a query type. */
struct option {
    size_t pair;
    int degree;
    int replicas;
    double share;
    double score; /* dollars per unit of the share */
};

/* What is known while one query type is looked at. */
struct search {
    const struct greedy_problem *problem;
    const struct greedy_solution *solution;
    size_t query;
    const struct greedy_choice *choice;
    double left;        /* the share that is not served yet */
    bool must;          /* more of it has to be served, whatever it costs */
    double delay_slack; /* what the limits leave, of the sums over routes */
    double error_slack;
    struct option best;
};

static double slack(const struct greedy_problem *problem, double limit, double served, double used)
{
    return isinf(limit) ? INFINITY : limit * (problem->offered ? 1 : served) - used;
}

/* The largest share that a limit leaves a route: each unit of it uses `rate`, and with limits on
 * what is served also earns `limit`. The route's own deviation counts whole, which is what the
 * worst case can do to it at most. */
static double limited(const struct greedy_problem *problem, double limit, double limit_slack,
                      double rate)
{
    double net = problem->offered ? rate : rate - limit;
    if (isinf(limit) || net <= 0)
        return 1;
    return fmax(0, limit_slack / net);
}

static double limited_share(const struct search *search, size_t pair, int degree)
{
    const struct greedy_problem *problem = search->problem;
    const struct greedy_query *query = &problem->queries[search->query];
    const struct greedy_route *route = greedy_route_of(problem, search->query, pair);
    double delay = route->delay_whole / problem->pairs[pair].degrees[degree].speedup;
    return fmin(limited(problem, query->delay_limit, search->delay_slack, delay),
                limited(problem, query->error_limit, search->error_slack, route->error_whole));
}

/* What fits beside what is there; a route that needs nothing of it always does. */
static double share_that_fits(double capacity, double used, double need)
{
    if (need <= 0)
        return 1;
    return fmax(0, (capacity - used) / need);
}

/* Judge one way to rent the pair: the share it could cover, and what that costs. */
static void consider(struct search *search, size_t pair, int degree, int replicas, double maximum)
{
    const struct greedy_problem *problem = search->problem;
    const struct greedy_solution *solution = search->solution;
    const struct greedy_query *query = &problem->queries[search->query];
    const struct greedy_pair *data = &problem->pairs[pair];
    const struct greedy_degree *rented = &data->degrees[degree];
    const struct greedy_deployment *deployment = &solution->deployments[pair];
    const struct greedy_route *route = greedy_route_of(problem, search->query, pair);
    bool open = deployment->degree >= 0;

    double gpus = (double)rented->degree * replicas;
    double weights = 0;
    double others = 0;
    if (open) {
        const struct greedy_degree *before = &data->degrees[deployment->degree];
        gpus -= (double)before->degree * deployment->replicas;
        others = deployment->delay_sum * (1 / rented->speedup - 1 / before->speedup);
    }
    if (problem->weights_routed ? !greedy_solution_share(solution, search->query, pair) : !open)
        weights = data->weights;
    if (solution->weights + weights > problem->storage)
        return;
    double fixed = data->rent * gpus + problem->weight_cost * weights;

    double share = fmin(search->left, maximum);
    share = fmin(share,
                 share_that_fits(rented->kv_gb * replicas, open ? deployment->kv : 0, route->kv));
    share = fmin(share, share_that_fits(rented->power * replicas, open ? deployment->compute : 0,
                                        route->compute));
    share = fmin(share,
                 share_that_fits(problem->budget, greedy_selection_spent(problem, solution) + fixed,
                                 query->data_cost));
    if (share < GREEDY_SHARE_MIN ||
        greedy_selection_spent(problem, solution) + fixed > problem->budget)
        return;

    double delay = route->delay_whole / rented->speedup;
    double running = (query->data_cost + query->delay_cost * delay) * share + others;
    double saved = query->unmet_cost * share;
    if (!search->must &&
        (search->choice->thrift == GREEDY_THRIFTY ? fixed + running : running) >= saved)
        return;
    double score = fixed + running;
    /* With one route, what it does not cover stays unmet. */
    if (problem->placement == GREEDY_SINGLE)
        score += query->unmet_cost * (search->left - share);
    score /= share;
    if (search->best.share > 0 && score >= search->best.score)
        return;
    search->best = (struct option){
        .pair = pair, .degree = degree, .replicas = replicas, .share = share, .score = score};
}

/* As many replicas as hold a load, at least 1; never more than an int can say. */
static int replicas_for(double kv, double capacity, double compute, double power)
{
    double count = 1;
    if (kv > 0)
        count = fmax(count, ceil(kv / capacity - 1e-9));
    if (compute > 0)
        count = fmax(count, ceil(compute / power - 1e-9));
    return count < 1e6 ? (int)count : 1000000;
}

/* All ways to rent one pair: from its smallest feasible degree, or as it stands, upwards; each with
 * as few replicas as hold what is there, and with as many as cover all that is left. */
static void consider_pair(struct search *search, size_t pair)
{
    const struct greedy_problem *problem = search->problem;
    const struct greedy_pair *data = &problem->pairs[pair];
    const struct greedy_deployment *deployment = &search->solution->deployments[pair];
    const struct greedy_route *route = greedy_route_of(problem, search->query, pair);
    bool open = deployment->degree >= 0;
    double kv = open ? deployment->kv : 0;
    double compute = open ? deployment->compute : 0;
    double spare = problem->budget - greedy_selection_spent(problem, search->solution);

    for (int n = open ? deployment->degree : 0; n < data->degree_count; n++) {
        const struct greedy_degree *degree = &data->degrees[n];
        double maximum = limited_share(search, pair, n);
        if (maximum < GREEDY_SHARE_MIN)
            continue;
        /* Others' limits were met at the speed they have. */
        if (open && degree->speedup < data->degrees[deployment->degree].speedup)
            continue;
        double gpus = INFINITY; /* that may be had in all */
        double had =
            open ? (double)data->degrees[deployment->degree].degree * deployment->replicas : 0;
        if (data->pool >= 0)
            gpus = problem->pools[data->pool] - search->solution->pool_gpus[data->pool] + had;
        if (data->rent > 0)
            gpus = fmin(gpus, had + fmax(0, spare) / data->rent);
        double replicas = fmin(floor(gpus / degree->degree + 1e-9), problem->max_replicas);
        int few = open && n == deployment->degree
                      ? deployment->replicas
                      : replicas_for(kv, degree->kv_gb, compute, degree->power);
        if (few > replicas)
            continue;
        double share = fmin(search->left, maximum);
        int many = replicas_for(kv + route->kv * share, degree->kv_gb,
                                compute + route->compute * share, degree->power);
        if (many > replicas)
            many = (int)replicas;
        consider(search, pair, n, few, maximum);
        if (many > few)
            consider(search, pair, n, many, maximum);
    }
}

static bool may_use(const struct search *search, size_t pair)
{
    const struct greedy_problem *problem = search->problem;
    const struct greedy_service *service = &search->solution->services[search->query];
    if (!greedy_route_of(problem, search->query, pair)->candidate ||
        pair == search->choice->banned ||
        (search->choice->rented_only && search->solution->deployments[pair].degree < 0))
        return false;
    if (problem->placement == GREEDY_SPLIT)
        return service->count < GREEDY_ROUTES_MAX ||
               greedy_solution_share(search->solution, search->query, pair);
    if (problem->placement == GREEDY_SINGLE)
        return service->count == 0;
    for (int r = 0; r < service->count; r++) {
        const struct greedy_pair *other = &problem->pairs[service->shares[r].pair];
        if (service->shares[r].pair != pair && (other->model == problem->pairs[pair].model ||
                                                other->tier == problem->pairs[pair].tier))
            return false;
    }
    return true;
}

void greedy_serve(const struct greedy_problem *problem, struct greedy_solution *solution,
                  size_t query, struct greedy_choice choice)
{
    const struct greedy_query *data = &problem->queries[query];
    for (;;) {
        double served = solution->services[query].served;
        struct search search = {
            .problem = problem,
            .solution = solution,
            .query = query,
            .choice = &choice,
            .left = 1 - served,
            .must = 1 - served > data->max_unmet + GREEDY_SHARE_MIN,
            .delay_slack = slack(problem, data->delay_limit, served,
                                 greedy_selection_delay(problem, solution, query)),
            .error_slack = slack(problem, data->error_limit, served,
                                 greedy_selection_error(problem, solution, query)),
        };
        if (search.left < GREEDY_SHARE_MIN)
            return;
        if (choice.forced != SIZE_MAX) {
            if (may_use(&search, choice.forced))
                consider_pair(&search, choice.forced);
            choice.forced = SIZE_MAX;
        } else {
            for (size_t p = 0; p < problem->pair_count; p++)
                if (may_use(&search, p))
                    consider_pair(&search, p);
        }
        const struct option *best = &search.best;
        if (best->share == 0)
            return;
        const struct greedy_deployment *deployment = &solution->deployments[best->pair];
        if (deployment->degree != best->degree || deployment->replicas != best->replicas)
            greedy_selection_rent(problem, solution, best->pair, best->degree, best->replicas);
        greedy_selection_serve(problem, solution, query, best->pair, best->share);
    }
}

void greedy_construct(const struct greedy_problem *problem, struct greedy_solution *solution,
                      const size_t *order, enum greedy_thrift thrift)
{
    struct greedy_choice choice = GREEDY_FREELY;
    choice.thrift = thrift;
    greedy_selection_clear(problem, solution);
    for (size_t n = 0; n < problem->query_count; n++)
        greedy_serve(problem, solution, order[n], choice);
}
