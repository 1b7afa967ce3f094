/* SPDX-License-Identifier: MIT */
/* The problem by configurations: coefficients from the instance, filtered. Symbols are those of
 * docs/formulation.md. */
#include "problem/problem.h"

#include <stdlib.h>
#include <string.h>

#include "problem/build.h"
#include "problem/filter.h"
#include "problem/twins.h"
#include "problem/worst.h"
#include "util/array.h"
#include "util/number.h"

const char *const ifp_service_names[IFP_SERVICE_COUNT] = {"delay", "error", "attainment"};

/* Configurations between two polls of the cancel. */
enum { PER_POLL = 256 };

void ifp_problem_free(struct ifp_problem *problem)
{
    if (!problem)
        return;
    free(problem->demands);
    free(problem->configurations);
    free(problem->routes);
    free(problem->deviations);
    free(problem->residency_hours);
    free(problem->needs);
    free(problem->pairs);
    ifp_twins_clear(&problem->twins);
    ifp_account_close(problem);
    ifp_capacity_close(problem);
    free(problem);
}

/* A configuration of a pair, for sorting by degree. */
struct placed {
    double degree;
    double speedup;
    size_t configuration;
};

static int by_degree(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;
    if (a->degree != b->degree)
        return a->degree < b->degree ? -1 : 1;
    return (a->configuration > b->configuration) - (a->configuration < b->configuration);
}

static bool dominates(const struct ifp_problem *problem, size_t other, size_t configuration)
{
    const struct ifp_configuration *a = &problem->configurations[other];
    const struct ifp_configuration *b = &problem->configurations[configuration];
    return ifp_filter_dominates(problem, a, problem->routes + a->first_route, b,
                                problem->routes + b->first_route);
}

/* The maximum number of configurations before and after it in the order of degrees that each
 * configuration of a pair is compared with. Real pairs have fewer. */
enum { COMPARED_MAX = 32 };

/* Is the configuration at place n dominated? If two dominate each other, the first one stays. The
 * fastest of all smaller degrees is compared as well. */
static bool is_dominated(const struct ifp_problem *problem, const struct placed *sorted,
                         size_t count, size_t n, size_t fastest)
{
    size_t c = sorted[n].configuration;
    size_t first = n > COMPARED_MAX ? n - COMPARED_MAX : 0;
    size_t last = n + COMPARED_MAX < count ? n + COMPARED_MAX + 1 : count;
    for (size_t o = n; o-- > first;) {
        if (dominates(problem, sorted[o].configuration, c))
            return true;
    }
    if (fastest < first && dominates(problem, sorted[fastest].configuration, c))
        return true;
    for (size_t o = n + 1; o < last && sorted[o].degree == sorted[n].degree; o++) {
        if (dominates(problem, sorted[o].configuration, c) &&
            !dominates(problem, c, sorted[o].configuration))
            return true;
    }
    return false;
}

/*
 * Count why configurations of a pair are useless, and keep the others. A configuration is compared
 * with near ones and with the fastest of all smaller degrees. More comparisons could only remove
 * more, and their number would grow with the square of the number of configurations.
 */
static void find_useless(struct ifp_problem *problem, const struct placed *sorted, size_t count,
                         const struct ifp_cancel *cancel, bool *keep)
{
    size_t fastest = 0;
    for (size_t n = 0; n < count && !ifp_is_cancelled(cancel); n++) {
        size_t c = sorted[n].configuration;
        const struct ifp_configuration *configuration = &problem->configurations[c];
        struct ifp_miss miss = {NAN, NAN};
        int why = ifp_filter_profit(problem, configuration,
                                    problem->routes + configuration->first_route, &miss);
        /* If a pair may have several deployments, the second one may be worth its cost. */
        if (!why && !problem->several && is_dominated(problem, sorted, count, n, fastest))
            why = IFP_REMOVAL_DOMINATED;
        /* If two are equally fast, the larger degree has more capacity. */
        if (sorted[n].speedup >= sorted[fastest].speedup)
            fastest = n;
        if (why)
            ifp_removal_add(problem, why, SIZE_MAX, configuration, miss);
        keep[c] = why == 0;
    }
}

/* Move the kept configurations together, and count the pairs. If cancelled, the result is
 * incomplete and must not be used. False if out of memory. */
static bool compact(struct ifp_problem *problem, const bool *keep, const struct ifp_cancel *cancel)
{
    size_t count = problem->configuration_count;
    size_t kept = 0;
    size_t routes = 0;
    problem->pairs = calloc(count + 1, sizeof *problem->pairs);
    if (!problem->pairs)
        return false;
    for (size_t c = 0; c < count; c++) {
        if (c % PER_POLL == 0 && ifp_is_cancelled(cancel))
            break;
        if (!keep[c])
            continue;
        struct ifp_configuration configuration = problem->configurations[c];
        size_t from = configuration.first_route;
        memmove(problem->routes + routes, problem->routes + from,
                configuration.route_count * sizeof *problem->routes);
        if (problem->deviations)
            memmove(problem->deviations + routes, problem->deviations + from,
                    configuration.route_count * sizeof *problem->deviations);
        if (problem->residency_hours)
            memmove(problem->residency_hours + routes, problem->residency_hours + from,
                    configuration.route_count * sizeof *problem->residency_hours);
        if (problem->needs)
            memmove(problem->needs + IFP_CAPACITY_COUNT * routes,
                    problem->needs + IFP_CAPACITY_COUNT * from,
                    IFP_CAPACITY_COUNT * configuration.route_count * sizeof *problem->needs);
        configuration.first_route = routes;
        for (size_t r = 0; r < configuration.route_count; r++)
            problem->routes[routes++].configuration = (uint32_t)kept;
        struct ifp_pair *pair =
            problem->pair_count ? &problem->pairs[problem->pair_count - 1] : NULL;
        if (!pair || problem->several || pair->model != configuration.model ||
            pair->tier != configuration.tier) {
            pair = &problem->pairs[problem->pair_count++];
            *pair = (struct ifp_pair){
                .model = configuration.model, .tier = configuration.tier, .first = kept};
        }
        pair->count++;
        problem->configurations[kept++] = configuration;
    }
    problem->configuration_count = kept;
    problem->route_count = routes;
    return true;
}

/* Fold worst cases and find twins. Needs the final routes. */
static bool finish(struct ifp_problem *problem, const struct ifp_cancel *cancel)
{
    return ifp_worst_fold_all(problem) && ifp_twins_find(problem, cancel, &problem->twins);
}

/* Free the memory that growing has left unused. */
static void shrink_routes(struct ifp_problem *problem)
{
    size_t count = problem->route_count + 1;
    struct ifp_route_data *routes = realloc(problem->routes, count * sizeof *routes);
    if (routes)
        problem->routes = routes;
}

/* Remove useless configurations. If cancelled, the result is incomplete and must not be used. */
static bool drop_useless(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                         struct ifp_problem *problem)
{
    size_t count = problem->configuration_count;
    bool *keep = calloc(count + 1, sizeof *keep);
    struct placed *sorted = malloc((count + 1) * sizeof *sorted);
    bool done = keep && sorted;
    for (size_t c = 0, first = 0; done && c < count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        const struct ifp_configuration *next = configuration + 1;
        sorted[c - first] = (struct placed){
            .degree = configuration->degree,
            .speedup = ifp_tier_speedup(&instance->tiers[configuration->tier],
                                        configuration->degree_index),
            .configuration = c,
        };
        if (c + 1 < count && next->model == configuration->model &&
            next->tier == configuration->tier)
            continue;
        /* The instance may list degrees in any order. */
        if (c > first)
            qsort(sorted, c + 1 - first, sizeof *sorted, by_degree);
        find_useless(problem, sorted, c + 1 - first, cancel, keep);
        first = c + 1;
    }
    done = done && compact(problem, keep, cancel);
    shrink_routes(problem);
    free(sorted);
    free(keep);
    return done;
}

static void *copy_array(const void *array, size_t count, size_t size)
{
    void *copy = calloc(count + 1, size);
    if (copy && count)
        memcpy(copy, array, count * size);
    return copy;
}

static struct ifp_problem *copy_problem(const struct ifp_problem *problem)
{
    struct ifp_problem *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    *made = *problem;
    made->demands = copy_array(problem->demands, problem->query_count, sizeof *made->demands);
    made->configurations = copy_array(problem->configurations, problem->configuration_count,
                                      sizeof *made->configurations);
    made->routes = copy_array(problem->routes, problem->route_count, sizeof *made->routes);
    bool account = ifp_account_copy(problem, made);
    bool tables = ifp_capacity_copy(problem, made);
    made->pairs = copy_array(problem->pairs, problem->pair_count, sizeof *made->pairs);
    made->deviations = NULL;
    made->residency_hours = NULL;
    made->needs = NULL;
    made->twins = (struct ifp_twins){0};
    if (problem->deviations)
        made->deviations =
            copy_array(problem->deviations, problem->route_count, sizeof *made->deviations);
    if (problem->residency_hours)
        made->residency_hours =
            copy_array(problem->residency_hours, problem->route_count, sizeof(double));
    if (problem->needs)
        made->needs = copy_array(problem->needs, IFP_CAPACITY_COUNT * problem->route_count,
                                 sizeof *made->needs);
    if (!made->deviations == !problem->deviations && !made->needs == !problem->needs &&
        !made->residency_hours == !problem->residency_hours && made->demands &&
        made->configurations && made->routes && account && tables && made->pairs)
        return made;
    ifp_problem_free(made);
    return NULL;
}

struct ifp_problem *ifp_problem_restrict(const struct ifp_problem *problem, const bool *keep)
{
    struct ifp_problem *made = copy_problem(problem);
    if (!made)
        return NULL;
    free(made->pairs);
    made->pairs = NULL;
    made->pair_count = 0;
    if (compact(made, keep, NULL) && finish(made, NULL))
        return made;
    ifp_problem_free(made);
    return NULL;
}

/* The deviation of a route, limited to what costs `usd` if the route serves in full and deviates
 * alone. It is not limited in coupled problems, which charge deviation_usd instead. */
static double max_deviation_ms(const struct ifp_problem *problem, size_t route, double usd)
{
    struct ifp_route_deviation of = ifp_route_deviation(problem, &problem->routes[route]);
    double price =
        problem->demands[problem->routes[route].query].delay_usd * of.cap[IFP_SERVICE_DELAY];
    if (problem->coupled || of.deviation[IFP_SERVICE_DELAY] * price <= usd)
        return of.deviation[IFP_SERVICE_DELAY];
    return usd / price;
}

int ifp_problem_cap(const struct ifp_problem *problem, double usd, struct ifp_problem **capped)
{
    bool any = false;
    *capped = NULL;
    for (size_t i = 0; i < problem->query_count; i++)
        any |= problem->demands[i].unmet_usd > usd;
    for (size_t r = 0; r < problem->route_count; r++)
        any |= ifp_route_delay_usd(problem, &problem->routes[r]) > usd ||
               ifp_route_deviation(problem, &problem->routes[r]).deviation_usd > usd ||
               max_deviation_ms(problem, r, usd) <
                   ifp_route_deviation(problem, &problem->routes[r]).deviation[IFP_SERVICE_DELAY];
    if (!any)
        return IFP_OK;
    struct ifp_problem *made = copy_problem(problem);
    if (!made)
        return IFP_ERROR_MEMORY;
    for (size_t i = 0; i < problem->query_count; i++)
        made->demands[i].unmet_usd = fmin(made->demands[i].unmet_usd, usd);
    made->penalty_max = fmin(problem->penalty_max, usd);
    for (size_t r = 0; made->deviations && r < problem->route_count; r++) {
        struct ifp_route_deviation *of = &made->deviations[r];
        of->delay_usd = fmin(of->delay_usd, usd);
        of->deviation_usd = fmin(of->deviation_usd, usd);
        of->deviation[IFP_SERVICE_DELAY] = max_deviation_ms(problem, r, usd);
    }
    if (!ifp_twins_find(made, NULL, &made->twins)) {
        ifp_problem_free(made);
        return IFP_ERROR_MEMORY;
    }
    *capped = made;
    return IFP_OK;
}

int ifp_problem_new(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                    struct ifp_problem **problem, struct ifp_error *error)
{
    return ifp_problem_new_relaxed(instance, 0, cancel, problem, error);
}

int ifp_problem_new_relaxed(const struct ifp_instance *instance, double slack,
                            const struct ifp_cancel *cancel, struct ifp_problem **problem,
                            struct ifp_error *error)
{
    struct ifp_problem *made = calloc(1, sizeof *made);
    *problem = NULL;
    bool done = made && ifp_build_begin(instance, slack, made) &&
                ifp_build_configurations(instance, cancel, made) &&
                ifp_build_routes(instance, cancel, made);
    /* A cancel may have left any of these steps incomplete. */
    if (done && !ifp_is_cancelled(cancel))
        done = drop_useless(instance, cancel, made);
    if (done && !ifp_is_cancelled(cancel))
        done = finish(made, cancel);
    if (done && !ifp_is_cancelled(cancel))
        *problem = made;
    else
        ifp_problem_free(made);
    return done ? IFP_OK : ifp_error_memory(error);
}

/* Remove only configurations without routes. Dominated ones stay, since the fleet is fixed. */
static bool keep_routed(struct ifp_problem *problem)
{
    bool *keep = calloc(problem->configuration_count + 1, sizeof *keep);
    if (!keep)
        return false;
    for (size_t c = 0; c < problem->configuration_count; c++)
        keep[c] = problem->configurations[c].route_count > 0;
    bool done = compact(problem, keep, NULL);
    free(keep);
    return done;
}

int ifp_problem_of_deployments(const struct ifp_instance *instance, const struct ifp_rented *rented,
                               size_t count, struct ifp_problem **problem, struct ifp_error *error)
{
    struct ifp_problem *made = calloc(1, sizeof *made);
    *problem = NULL;
    bool done = made && ifp_build_begin(instance, 0, made);
    if (done) /* no search with relaxed limits follows */
        made->tolerance = IFP_VERIFY_TOLERANCE;
    if (!done || !ifp_build_deployments(instance, rented, count, made) ||
        !ifp_build_routes(instance, NULL, made) || !keep_routed(made) || !finish(made, NULL)) {
        ifp_problem_free(made);
        return ifp_error_memory(error);
    }
    *problem = made;
    return IFP_OK;
}
