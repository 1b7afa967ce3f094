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
struct look {
    const struct greedy_problem *problem;
    const struct greedy_fleet *fleet;
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

static double limited_share(const struct look *look, size_t pair, int degree)
{
    const struct greedy_problem *problem = look->problem;
    const struct greedy_query *query = &problem->queries[look->query];
    const struct greedy_route *route = greedy_route_of(problem, look->query, pair);
    double delay = route->delay_whole / problem->pairs[pair].degrees[degree].speedup;
    return fmin(limited(problem, query->delay_limit, look->delay_slack, delay),
                limited(problem, query->error_limit, look->error_slack, route->error_whole));
}

/* What fits beside what is there; a route that needs nothing of it always does. */
static double room_for(double capacity, double used, double need)
{
    if (need <= 0)
        return 1;
    return fmax(0, (capacity - used) / need);
}

/* Judge one way to rent the pair: the share it could cover, and what that costs. */
static void consider(struct look *look, size_t pair, int degree, int replicas, double most)
{
    const struct greedy_problem *problem = look->problem;
    const struct greedy_fleet *fleet = look->fleet;
    const struct greedy_query *query = &problem->queries[look->query];
    const struct greedy_pair *data = &problem->pairs[pair];
    const struct greedy_degree *rented = &data->degrees[degree];
    const struct greedy_deployment *deployment = &fleet->deployments[pair];
    const struct greedy_route *route = greedy_route_of(problem, look->query, pair);
    bool open = deployment->degree >= 0;

    double gpus = (double)rented->degree * replicas;
    double weights = 0;
    double others = 0;
    if (open) {
        const struct greedy_degree *before = &data->degrees[deployment->degree];
        gpus -= (double)before->degree * deployment->replicas;
        others = deployment->delay_sum * (1 / rented->speedup - 1 / before->speedup);
    }
    if (problem->weights_routed ? !greedy_fleet_part(fleet, look->query, pair) : !open)
        weights = data->weights;
    if (fleet->weights + weights > problem->storage)
        return;
    double fixed = data->rent * gpus + problem->weight_cost * weights;

    double share = fmin(look->left, most);
    share = fmin(share, room_for(rented->room * replicas, open ? deployment->kv : 0, route->kv));
    share = fmin(
        share, room_for(rented->power * replicas, open ? deployment->compute : 0, route->compute));
    share = fmin(share, room_for(problem->budget, greedy_fleet_spent(problem, fleet) + fixed,
                                 query->data_cost));
    if (share < GREEDY_SHARE_MIN || greedy_fleet_spent(problem, fleet) + fixed > problem->budget)
        return;

    double delay = route->delay_whole / rented->speedup;
    double running = (query->data_cost + query->delay_cost * delay) * share + others;
    double saved = query->unmet_cost * share;
    if (!look->must &&
        (look->choice->thrift == GREEDY_THRIFTY ? fixed + running : running) >= saved)
        return;
    double score = fixed + running;
    /* With one route, what it does not cover stays unmet. */
    if (problem->placement == GREEDY_SINGLE)
        score += query->unmet_cost * (look->left - share);
    score /= share;
    if (look->best.share > 0 && score >= look->best.score)
        return;
    look->best = (struct option){
        .pair = pair, .degree = degree, .replicas = replicas, .share = share, .score = score};
}

/* As many replicas as hold a load, at least 1; never more than an int can say. */
static int replicas_for(double kv, double room, double compute, double power)
{
    double count = 1;
    if (kv > 0)
        count = fmax(count, ceil(kv / room - 1e-9));
    if (compute > 0)
        count = fmax(count, ceil(compute / power - 1e-9));
    return count < 1e6 ? (int)count : 1000000;
}

/* All ways to rent one pair: from its smallest feasible degree, or as it stands, upwards; each with
 * as few replicas as hold what is there, and with as many as cover all that is left. */
static void consider_pair(struct look *look, size_t pair)
{
    const struct greedy_problem *problem = look->problem;
    const struct greedy_pair *data = &problem->pairs[pair];
    const struct greedy_deployment *deployment = &look->fleet->deployments[pair];
    const struct greedy_route *route = greedy_route_of(problem, look->query, pair);
    bool open = deployment->degree >= 0;
    double kv = open ? deployment->kv : 0;
    double compute = open ? deployment->compute : 0;
    double spare = problem->budget - greedy_fleet_spent(problem, look->fleet);

    for (int n = open ? deployment->degree : 0; n < data->degree_count; n++) {
        const struct greedy_degree *degree = &data->degrees[n];
        double most = limited_share(look, pair, n);
        if (most < GREEDY_SHARE_MIN)
            continue;
        /* Others' limits were met at the speed they have. */
        if (open && degree->speedup < data->degrees[deployment->degree].speedup)
            continue;
        double gpus = INFINITY; /* that may be had in all */
        double had =
            open ? (double)data->degrees[deployment->degree].degree * deployment->replicas : 0;
        if (data->pool >= 0)
            gpus = problem->pools[data->pool] - look->fleet->pool_gpus[data->pool] + had;
        if (data->rent > 0)
            gpus = fmin(gpus, had + fmax(0, spare) / data->rent);
        double replicas = fmin(floor(gpus / degree->degree + 1e-9), problem->max_replicas);
        int few = open && n == deployment->degree
                      ? deployment->replicas
                      : replicas_for(kv, degree->room, compute, degree->power);
        if (few > replicas)
            continue;
        double share = fmin(look->left, most);
        int many = replicas_for(kv + route->kv * share, degree->room,
                                compute + route->compute * share, degree->power);
        if (many > replicas)
            many = (int)replicas;
        consider(look, pair, n, few, most);
        if (many > few)
            consider(look, pair, n, many, most);
    }
}

static bool may_use(const struct look *look, size_t pair)
{
    const struct greedy_problem *problem = look->problem;
    const struct greedy_service *service = &look->fleet->services[look->query];
    if (!greedy_route_of(problem, look->query, pair)->candidate || pair == look->choice->banned ||
        (look->choice->rented_only && look->fleet->deployments[pair].degree < 0))
        return false;
    if (problem->placement == GREEDY_SPLIT)
        return service->count < GREEDY_ROUTES_MAX ||
               greedy_fleet_part(look->fleet, look->query, pair);
    if (problem->placement == GREEDY_SINGLE)
        return service->count == 0;
    for (int r = 0; r < service->count; r++) {
        const struct greedy_pair *other = &problem->pairs[service->parts[r].pair];
        if (service->parts[r].pair != pair && (other->model == problem->pairs[pair].model ||
                                               other->tier == problem->pairs[pair].tier))
            return false;
    }
    return true;
}

void greedy_serve(const struct greedy_problem *problem, struct greedy_fleet *fleet, size_t query,
                  struct greedy_choice choice)
{
    const struct greedy_query *data = &problem->queries[query];
    for (;;) {
        double served = fleet->services[query].served;
        struct look look = {
            .problem = problem,
            .fleet = fleet,
            .query = query,
            .choice = &choice,
            .left = 1 - served,
            .must = 1 - served > data->max_unmet + GREEDY_SHARE_MIN,
            .delay_slack = slack(problem, data->delay_limit, served,
                                 greedy_fleet_delay(problem, fleet, query)),
            .error_slack = slack(problem, data->error_limit, served,
                                 greedy_fleet_error(problem, fleet, query)),
        };
        if (look.left < GREEDY_SHARE_MIN)
            return;
        if (choice.forced != SIZE_MAX) {
            if (may_use(&look, choice.forced))
                consider_pair(&look, choice.forced);
            choice.forced = SIZE_MAX;
        } else {
            for (size_t p = 0; p < problem->pair_count; p++)
                if (may_use(&look, p))
                    consider_pair(&look, p);
        }
        const struct option *best = &look.best;
        if (best->share == 0)
            return;
        const struct greedy_deployment *deployment = &fleet->deployments[best->pair];
        if (deployment->degree != best->degree || deployment->replicas != best->replicas)
            greedy_fleet_rent(problem, fleet, best->pair, best->degree, best->replicas);
        greedy_fleet_serve(problem, fleet, query, best->pair, best->share);
    }
}

void greedy_construct(const struct greedy_problem *problem, struct greedy_fleet *fleet,
                      const size_t *order, enum greedy_thrift thrift)
{
    struct greedy_choice choice = GREEDY_FREELY;
    choice.thrift = thrift;
    greedy_fleet_clear(problem, fleet);
    for (size_t n = 0; n < problem->query_count; n++)
        greedy_serve(problem, fleet, order[n], choice);
}
