/* SPDX-License-Identifier: MIT */
/*
 * The problem by configurations: c = (model j, tier k, degree n), and for each query type i the
 * routes (i,c) that it may take, with all their coefficients. What cannot be feasible, or cannot
 * be part of a best plan, is gone, and counted. Everything downstream (the compact MILP, the
 * engines) reads this, and none of it reads the instance's numbers again.
 *
 * Why a removal is exact is said at each in filter.c.
 */
#ifndef IFP_PROBLEM_PROBLEM_H
#define IFP_PROBLEM_PROBLEM_H

#include <math.h>
#include <stdint.h>

#include <inferplan/model.h>

#include "util/cancel.h"
#include "instance/instance.h"

/* Largest numbers of reasons in enum ifp_removal. */
enum { IFP_REMOVAL_COUNT = 32 };

/* How the products of a coupled problem are made linear in the compact MILP: in the order of the
 * option's words. */
enum ifp_linearization {
    IFP_LINEARIZATION_EXACT,
    IFP_LINEARIZATION_MCCORMICK,
    IFP_LINEARIZATION_SOS1
};

struct ifp_configuration {
    size_t model;
    size_t tier;
    size_t degree_index;
    double degree;          /* n */
    double max_replicas;    /* never more than could be filled */
    double rental_usd;      /* T p_k n, of one replica */
    double weights_gb;      /* B_j wk_k: stored once per deployment, or once per route */
    double weights_usd;     /* T ps of that */
    double kv_gb;           /* (C_k - B_j wk_k / n) n: room for KV cache in one replica */
    double tflops;          /* P_k n, of one replica */
    double kv_gb_per_token; /* kk_k b_j */
    double compute_scale;   /* s_j */
    size_t first_route;     /* its routes are first_route .. first_route + route_count - 1, */
    size_t route_count;     /* by query */
};

/*
 * The route (i,c). What it shares with the other routes of its query type, its model or its tier
 * is not stored again: ifp_route_kv_gb and the functions beside it say it. All quantities are those
 * of serving the whole of query type i.
 */
struct ifp_candidate {
    uint32_t query;
    uint32_t configuration;
    double delay_ms;  /* d_ijk r_i / S_k(n); with all of its deviation where that is certain */
    double error;     /* e_ijk; likewise */
    double max_share; /* no plan serves a larger share by this route; above 0, at most 1 */
};

/* What else there is of a route of an uncertain problem. */
struct ifp_route_deviation {
    double delay_deviation_ms; /* dd_ijk r_i / S_k(n), where worst.h has to weigh it, else 0 */
    double error_deviation;    /* de_ijk, likewise */
    double delay_cap;          /* no more of the deviation than this: max(0, 1 - gd_jk), or 1, */
    double error_cap;          /* and never more than the budget */
    double delay_usd;          /* H rho_i lam_i delay_ms, nominal at level query */
    double deviation_usd; /* H rho_i lam_i dd_ijk r_i / S_k(n), where worst.h has to weigh it in the
                             cost of all query types, else 0 */
};

struct ifp_demand {
    double unmet_usd; /* H phi_i lam_i */
    double delay_usd; /* H rho_i lam_i, of a millisecond */
    double max_unmet; /* zeta_i */
    double delay_limit_ms;
    double error_limit;
    double residency_hours;     /* t_i, where it is the same everywhere, else NaN */
    double tokens_per_hour;     /* r_i lam_i */
    double tflop_per_1k_tokens; /* a_i */
    double storage_gb;          /* th_i r_i lam_i, charged but not part of W */
    double storage_usd;         /* T ps of that */
};

/* All configurations of one (model, tier): at most one of them is rented. */
struct ifp_pair {
    size_t model;
    size_t tier;
    size_t first; /* its configurations, by degree index */
    size_t count;
};

/*
 * Pairs that are alike in every number, so that a plan stays a plan and costs the same when two of
 * them change places (twins.h). Those of set s are pairs[start[s]] .. pairs[start[s + 1] - 1], in
 * ascending order, at least two of them.
 */
struct ifp_twins {
    size_t count;
    size_t *start;
    size_t *pairs;
    size_t *set; /* by pair: its set, or SIZE_MAX */
};

struct ifp_problem {
    size_t query_count;
    size_t model_count;
    size_t tier_count;
    size_t configuration_count;
    size_t route_count;
    size_t pair_count;
    struct ifp_demand *demands;
    struct ifp_configuration *configurations;
    struct ifp_candidate *routes;           /* by configuration, then by query */
    struct ifp_route_deviation *deviations; /* by route; NULL: the problem is certain */
    double *residency_hours;                /* t_ijk by route; NULL: each query type has one */
    double penalty_most; /* dollars: no delay costs more, see ifp_problem_cap; INFINITY */
    struct ifp_pair *pairs;
    struct ifp_twins twins;
    double budget_usd; /* +infinity: none */
    double storage_gb; /* +infinity: none */
    size_t pool_count;
    double *pool_gpus;
    size_t *tier_pool; /* by tier; pool_count where the tier is in none */
    enum ifp_placement placement;
    enum ifp_slo_basis slo_basis;
    enum ifp_storage_basis storage_basis;
    bool uncertain;
    bool coupled;        /* by one budget for the delay cost of all query types: level query */
    double delay_budget; /* Gd */
    double error_budget; /* Ge */
    double slack;        /* fraction by which limits are relaxed; 0: they are as given */
    double tolerance;    /* a single route may exceed its query's limits by this part of them */
    int linearization;   /* enum ifp_linearization: of the compact MILP, where coupled */
    double sunk_usd;     /* paid whatever is decided, and part of no cost here: of a fixed fleet */
    size_t removed[IFP_REMOVAL_COUNT]; /* by enum ifp_removal */
};

/*
 * The coefficient of a share in the row of a limit on delay or error, in units of the limit: of
 * rate x <= limit (slo_basis offered), or of (rate - limit) x <= 0 (served). If the two are nearly
 * equal, few of their digits are left: its rounding is that of a number larger by 1.
 */
static inline double ifp_limit_coefficient(const struct ifp_problem *problem, double rate,
                                           double limit)
{
    double scale = limit > 0 ? limit : 1;
    double served = problem->slo_basis == IFP_SLO_SERVED ? limit : 0;
    return (rate - served) / scale;
}

/* -- of a route in problem->routes, at share 1 -- */

static inline size_t ifp_route_index(const struct ifp_problem *problem,
                                     const struct ifp_candidate *route)
{
    return (size_t)(route - problem->routes);
}

/* kk_k b_j r_i lam_i t_ijk */
static inline double ifp_route_kv_gb(const struct ifp_problem *problem,
                                     const struct ifp_candidate *route)
{
    double hours = problem->residency_hours
                       ? problem->residency_hours[ifp_route_index(problem, route)]
                       : problem->demands[route->query].residency_hours;
    return problem->configurations[route->configuration].kv_gb_per_token *
           problem->demands[route->query].tokens_per_hour * hours;
}

/* a_ij / 1000 r_i lam_i / 3600 */
static inline double ifp_route_tflops(const struct ifp_problem *problem,
                                      const struct ifp_candidate *route)
{
    const struct ifp_demand *demand = &problem->demands[route->query];
    return demand->tflop_per_1k_tokens *
           problem->configurations[route->configuration].compute_scale / 1000 *
           demand->tokens_per_hour / 3600;
}

static inline double ifp_route_storage_usd(const struct ifp_problem *problem,
                                           const struct ifp_candidate *route)
{
    return problem->demands[route->query].storage_usd;
}

static inline double ifp_route_delay_usd(const struct ifp_problem *problem,
                                         const struct ifp_candidate *route)
{
    return problem->deviations ? problem->deviations[ifp_route_index(problem, route)].delay_usd
                               : fmin(problem->penalty_most,
                                      problem->demands[route->query].delay_usd * route->delay_ms);
}

/* Of a certain problem, no deviation. */
static inline struct ifp_route_deviation ifp_route_deviation(const struct ifp_problem *problem,
                                                             const struct ifp_candidate *route)
{
    static const struct ifp_route_deviation none = {0};
    return problem->deviations ? problem->deviations[ifp_route_index(problem, route)] : none;
}

/* What a query type served by this route alone may meet. */
static inline double ifp_route_delay_alone(const struct ifp_problem *problem,
                                           const struct ifp_candidate *route)
{
    struct ifp_route_deviation of = ifp_route_deviation(problem, route);
    return route->delay_ms + of.delay_cap * of.delay_deviation_ms;
}

static inline double ifp_route_error_alone(const struct ifp_problem *problem,
                                           const struct ifp_candidate *route)
{
    struct ifp_route_deviation of = ifp_route_deviation(problem, route);
    return route->error + of.error_cap * of.error_deviation;
}

/* Build from a valid instance. Where that is cancelled (cancel may be NULL), *problem is NULL and
 * nothing is wrong. */
int ifp_problem_new(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                    struct ifp_problem **problem, struct ifp_error *error);

/*
 * The same with every limit relaxed by the fraction `slack` of it, as the verifier measures
 * violations: of a plan that is verified at that tolerance, no limit is exceeded here once its
 * shares sum to 1. Where they sum to more, all of them can be made smaller in proportion, which
 * breaks no limit and costs no more; where they sum to less, the rest is unmet to the verifier,
 * too.
 */
int ifp_problem_new_relaxed(const struct ifp_instance *instance, double slack,
                            const struct ifp_cancel *cancel, struct ifp_problem **problem,
                            struct ifp_error *error);
void ifp_problem_free(struct ifp_problem *problem);

/* A deployment that is there whatever is decided. */
struct ifp_rented {
    size_t model;
    size_t tier;
    size_t degree_index;
    double replicas;
};

/*
 * The problem of routing alone, on a fixed fleet of a valid instance without uncertainty: each
 * deployment is a configuration of its own, with the room of all its replicas, that costs nothing
 * and takes nothing of any limit. Its rental, and its weights where they are stored once per
 * deployment, are sunk: the budget is less by as much, and pools and the storage capacity, where
 * the fleet alone fills them, are none of this problem's. Deployments ordered by model, then by
 * tier, each pair once.
 */
int ifp_problem_of_fleet(const struct ifp_instance *instance, const struct ifp_rented *rented,
                         size_t count, struct ifp_problem **problem, struct ifp_error *error);

/* The same problem with some of its configurations only: keep[c] says of configuration c. NULL
 * when out of memory. */
struct ifp_problem *ifp_problem_restrict(const struct ifp_problem *problem, const bool *keep);

/*
 * A copy of the problem in which no penalty is above `usd`: neither that of leaving a query type
 * unmet, nor that of a route's delay, nor that of what a route deviates by alone. A bound of it is
 * one of the problem, since its costs are no higher; and numbers of like size lose less by
 * rounding. Where a deviation is lowered for that, it is lower in the limit on delay, too: that
 * only allows more, so that the bound, and a proof that there is no plan, hold all the same.
 * *capped is NULL if no penalty is above, or when out of memory, which the result says
 * (IFP_ERROR_MEMORY).
 */
int ifp_problem_cap(const struct ifp_problem *problem, double usd, struct ifp_problem **capped);

/* What the weights of a configuration cost when they are stored with the deployment, else 0. */
static inline double ifp_deployment_weights_usd(const struct ifp_problem *problem,
                                                const struct ifp_configuration *configuration)
{
    return problem->storage_basis == IFP_STORAGE_DEPLOYMENT ? configuration->weights_usd : 0;
}

/* What the weights cost once more for each route, else 0. */
static inline double ifp_route_weights_usd(const struct ifp_problem *problem,
                                           const struct ifp_configuration *configuration)
{
    return problem->storage_basis == IFP_STORAGE_ROUTE ? configuration->weights_usd : 0;
}

#endif
