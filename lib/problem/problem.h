/* SPDX-License-Identifier: MIT */
/*
 * The problem: configurations c = (model j, tier k, degree n, and an operating point if its profile
 * has any), and the routes (i,c) from query types to configurations, with all coefficients. A
 * filter removes configurations and routes that no feasible plan can use, or that some optimal plan
 * does not use; filter.c says at each removal why it is exact. The compact MILP and the engine read
 * the problem and not the instance. The symbols are those of docs/formulation.md.
 *
 * A finished problem is constant: it owns its arrays, refers to no instance, and may be read from
 * several threads. "Share 1" of a route means that it serves all requests of its query type.
 */
#ifndef IFP_PROBLEM_PROBLEM_H
#define IFP_PROBLEM_PROBLEM_H

#include <math.h>
#include <stdint.h>

#include <inferplan/model.h>

#include "instance/instance.h"
#include "problem/account.h"
#include "problem/capacity.h"
#include "problem/removal.h"
#include "util/cancel.h"

/* The capacity of arrays by enum ifp_removal. */
enum { IFP_REMOVAL_COUNT = 32 };

/* How the compact MILP linearises the products of a coupled problem, in the order of the option's
 * words. */
enum ifp_linearization {
    IFP_LINEARIZATION_EXACT,
    IFP_LINEARIZATION_MCCORMICK,
    IFP_LINEARIZATION_SOS1
};

/* What a query type limits on its routes: the delay in ms, the error as a fraction, and the missed
 * fraction 1 - a_io of requests, which attainment_target limits. Arrays by service level have this
 * order. */
enum ifp_service_level {
    IFP_SERVICE_DELAY,
    IFP_SERVICE_ERROR,
    IFP_SERVICE_MISSED,
    IFP_SERVICE_COUNT
};

extern const char *const ifp_service_names[IFP_SERVICE_COUNT];

struct ifp_configuration {
    size_t model;
    size_t tier;
    size_t degree_index;
    size_t profile;      /* in the instance; SIZE_MAX: none, and no operating point */
    size_t point;        /* in the profile's points; SIZE_MAX: none */
    double pace_ms;      /* of a law; NaN: none */
    double degree;       /* n */
    double min_replicas; /* whole, at least 1: fewer are not allowed, or serve nothing */
    double max_replicas; /* whole, at least min_replicas; no optimal plan needs more: limited by the
                            instance, the resources and the load of all its routes */
    double spare;        /* replicas that count in no capacity; below min_replicas */
    bool idle;           /* only spare replicas, for routes that need nothing */
    size_t load_table;   /* of its head-room; SIZE_MAX: L(m) = m */
    double weights_gb;   /* B_j wk_k */
    double kv_gb;        /* (C_k - B_j wk_k / n) n: memory for KV cache in one replica, GB */
    double utilization;  /* the constant utilization of its head-room; 1 if it has a table */
    double tflops;       /* P_k n: compute of one replica, TFLOP/s, times that utilization */
    double whole[IFP_CAPACITY_COUNT]; /* the replicas of which routes need parts: 1, or those of a
                                         fixed deployment */
    double kv_gb_per_token;           /* kk_k b_j, GB */
    double compute_scale;             /* s_j: factor on the compute of a query type, no unit */
    struct ifp_rates cost;            /* in dollars: rental and weights */
    size_t use_count;                 /* entries of `uses`, in the order of resources */
    struct ifp_use uses[IFP_USES_MAX];
    size_t first_route; /* its routes are first_route .. first_route + route_count - 1, */
    size_t route_count; /* ordered by query */
};

/*
 * The route (i,c). Quantities that follow from its query type, model or tier are not stored here:
 * ifp_route_kv_gb and the functions beside it compute them. All quantities are those of serving
 * query type i in full (share 1).
 */
struct ifp_route_data {
    uint32_t query;
    uint32_t configuration;
    /* By service level: the delay d_ijk r_i / S_k(n) in ms and the error e_ijk as a fraction. If
     * the worst case is a coefficient, it is added (worst.h). */
    double level[IFP_SERVICE_COUNT];
    double max_share; /* no feasible plan has a larger share on this route; above 0, at most 1 */
};

/* The data of a route that only an uncertain problem has. */
struct ifp_route_deviation {
    /* By service level: dd_ijk r_i / S_k(n) and de_ijk, or 0 if it is in no block of worst.h. */
    double deviation[IFP_SERVICE_COUNT];
    /* By service level, the largest factor g: max(0, 1 - gd_jk) and max(0, 1 - ge_jk), or 1; at
     * most the budget. */
    double cap[IFP_SERVICE_COUNT];
    double delay_usd;     /* H rho_i lam_i times the delay; nominal at level query */
    double deviation_usd; /* H rho_i lam_i dd_ijk r_i / S_k(n), or 0 if it is not in the cost block
                             of all query types */
};

struct ifp_demand {
    double unmet_usd; /* H phi_i lam_i: the penalty if all demand is unmet */
    double delay_usd; /* H rho_i lam_i: the penalty per millisecond, if all demand is served */
    double max_unmet; /* zeta_i: the largest unmet fraction */
    /* Dl_i, El_i and 1 - q_i of the mean of all routes, relaxed by the slack; +infinity: no limit
     */
    double limit[IFP_SERVICE_COUNT];
    /* of each route by itself, not relaxed; +infinity: no limit */
    double route_limit[IFP_SERVICE_COUNT];
    double ttft_limit_ms;
    double tpot_limit_ms;
    double residency_hours;     /* t_i if it is the same for all models and tiers, else NaN */
    double tokens_per_hour;     /* r_i lam_i */
    double tflop_per_1k_tokens; /* a_i */
    double storage_gb;          /* th_i r_i lam_i, charged but not part of W */
    double storage_usd;         /* T ps storage_gb */
};

/* All configurations of one (model, tier), of which a plan rents at most one. If a pair may have
 * several deployments, each configuration is a pair of its own, and pairs may have equal model and
 * tier. */
struct ifp_pair {
    size_t model;
    size_t tier;
    size_t first; /* its configurations, by degree index */
    size_t count;
};

/*
 * Pairs that are equal in every number (twins.h). If two of them change places, a plan stays
 * feasible and costs the same. Set s is pairs[start[s]] .. pairs[start[s + 1] - 1], in ascending
 * order, with at least two members.
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
    struct ifp_route_data *routes;          /* by configuration, then by query */
    struct ifp_route_deviation *deviations; /* by route; NULL: the problem is certain */
    double *residency_hours;                /* t_ijk by route; NULL: each query type has one */
    bool has_needs;     /* are needs stored? They are if there are profiles or fixed deployments */
    double *needs;      /* by route and enum ifp_capacity, see ifp_route_need */
    double penalty_max; /* dollars: no delay costs more; INFINITY unless ifp_problem_cap set it */
    struct ifp_pair *pairs;
    struct ifp_twins twins;
    size_t resource_count; /* account.h; the arrays below are its own */
    struct ifp_resource *resources;
    size_t shared_resource; /* the resource that shares use: the budget; SIZE_MAX if none */
    size_t pool_count;
    size_t *tier_pool;  /* by tier; pool_count if the tier is in no pool */
    bool route_charges; /* may a route have a charge? It does if weights are stored per route */
    enum ifp_placement placement;
    enum ifp_slo_basis slo_basis;
    size_t load_table_count; /* capacity.h; the tables are its own */
    struct ifp_load_table *load_tables;
    bool several; /* may a pair have several deployments? */
    bool uncertain;
    bool coupled; /* one budget for the delay cost of all query types (level query) */
    double deviation_budget[IFP_SERVICE_COUNT]; /* Gd, Ge */
    double slack;      /* the fraction of each limit by which it is relaxed here; 0: not relaxed */
    double tolerance;  /* single placement: the filter keeps a route whose delay or error exceeds
                          the limit by at most this fraction of it */
    int linearization; /* enum ifp_linearization: of the compact MILP, if coupled */
    double sunk_usd;   /* the cost of fixed deployments, not included in any other cost here */
    size_t removed[IFP_REMOVAL_COUNT];                     /* by enum ifp_removal */
    struct ifp_removal_record removals[IFP_REMOVAL_COUNT]; /* the same */
};

/* What unmet demand counts in a limit on offered demand: it has no delay and no error, but its
 * requests are missed. */
static inline double ifp_limit_of_unmet(enum ifp_service_level level)
{
    return level == IFP_SERVICE_MISSED ? 1 : 0;
}

/*
 * The coefficient of a share in a limit row, in units of the limit, and the row's right side. With
 * b = ifp_limit_of_unmet, the row is sum (rate - b) x <= limit - b (slo_basis offered), or
 * sum (rate - limit) x <= 0 (served). The difference is inexact if rate and limit are nearly equal:
 * estimate its rounding error as that of |coefficient| + 1.
 */
static inline double ifp_limit_coefficient(const struct ifp_problem *problem,
                                           enum ifp_service_level level, double rate, double limit)
{
    double less = problem->slo_basis == IFP_SLO_SERVED ? limit : ifp_limit_of_unmet(level);
    return (rate - less) / ifp_limit_scale(limit);
}

static inline double ifp_limit_right_side(const struct ifp_problem *problem,
                                          enum ifp_service_level level, double limit)
{
    return problem->slo_basis == IFP_SLO_SERVED
               ? 0
               : (limit - ifp_limit_of_unmet(level)) / ifp_limit_scale(limit);
}

/* Does the limit of a query type on a service level need a row? With placement single the filter of
 * routes enforces it, unless unmet demand counts as well. */
static inline bool ifp_limit_has_row(const struct ifp_problem *problem,
                                     enum ifp_service_level level, size_t query)
{
    bool filtered = problem->placement == IFP_PLACEMENT_SINGLE &&
                    !(problem->slo_basis == IFP_SLO_OFFERED && ifp_limit_of_unmet(level) > 0);
    return !filtered && isfinite(problem->demands[query].limit[level]);
}

/* -- quantities of a route in problem->routes, at share 1 -- */

static inline size_t ifp_route_index(const struct ifp_problem *problem,
                                     const struct ifp_route_data *route)
{
    return (size_t)(route - problem->routes);
}

/* `use` as a part of a capacity. If that is 0, INFINITY unless `use` is 0, too. */
static inline double ifp_fraction_of(double use, double capacity)
{
    if (!(use > 0))
        return 0;
    return capacity > 0 ? use / capacity : INFINITY;
}

/* The part of one replica's capacity that share 1 needs. It is finite for a route of a finished
 * problem.
 *     memory   kk_k b_j r_i lam_i t_ijk / kv_gb
 *     load     lam_i / mu_io over the utilization; without a profile
 *              a_ij / 1000 r_i lam_i / 3600 / tflops
 *     slots    lam_i t_io / S; only with a profile */
static inline double ifp_route_need(const struct ifp_problem *problem,
                                    const struct ifp_route_data *route, enum ifp_capacity capacity)
{
    size_t index = ifp_route_index(problem, route);
    if (problem->has_needs)
        return problem->needs[IFP_CAPACITY_COUNT * index + (size_t)capacity];
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    const struct ifp_demand *demand = &problem->demands[route->query];
    switch (capacity) {
    case IFP_CAPACITY_MEMORY: {
        double hours =
            problem->residency_hours ? problem->residency_hours[index] : demand->residency_hours;
        double kv_gb = c->kv_gb_per_token * demand->tokens_per_hour * hours;
        return ifp_fraction_of(kv_gb, c->kv_gb);
    }
    case IFP_CAPACITY_LOAD:
        return demand->tflop_per_1k_tokens * c->compute_scale / 1000 * demand->tokens_per_hour /
               3600 / c->tflops;
    default:
        return 0;
    }
}

/* The cost of storing the data of share 1 of a route, in dollars. */
static inline double ifp_route_storage_usd(const struct ifp_problem *problem,
                                           const struct ifp_route_data *route)
{
    return problem->demands[route->query].storage_usd;
}

/* The penalty for the delay of share 1 of a route, in dollars. Without the part of the worst case
 * that is in a block of worst.h. */
static inline double ifp_route_delay_usd(const struct ifp_problem *problem,
                                         const struct ifp_route_data *route)
{
    return problem->deviations
               ? problem->deviations[ifp_route_index(problem, route)].delay_usd
               : fmin(problem->penalty_max,
                      problem->demands[route->query].delay_usd * route->level[IFP_SERVICE_DELAY]);
}

/* The cost of share 1 of a route, in dollars: storage of data and penalty for delay. It does not
 * include the charge, which is a cost of the configuration. */
static inline double ifp_route_share_usd(const struct ifp_problem *problem,
                                         const struct ifp_route_data *route)
{
    return ifp_route_storage_usd(problem, route) + ifp_route_delay_usd(problem, route);
}

/* The use of a resource by share 1 of a route, in the resource's unit. Stored data count only
 * against the budget, not against the storage capacity. */
static inline double ifp_route_share_use(const struct ifp_problem *problem,
                                         const struct ifp_resource *resource,
                                         const struct ifp_route_data *route)
{
    return resource->trait->shared ? ifp_route_storage_usd(problem, route) : 0;
}

/* All zero if the problem is certain. */
static inline struct ifp_route_deviation ifp_route_deviation(const struct ifp_problem *problem,
                                                             const struct ifp_route_data *route)
{
    static const struct ifp_route_deviation none = {0};
    return problem->deviations ? problem->deviations[ifp_route_index(problem, route)] : none;
}

/* The delay (ms) or error (fraction) of a query type in its worst case if only this route serves
 * it. */
static inline double ifp_route_alone(const struct ifp_problem *problem,
                                     const struct ifp_route_data *route,
                                     enum ifp_service_level level)
{
    struct ifp_route_deviation of = ifp_route_deviation(problem, route);
    return route->level[level] + of.cap[level] * of.deviation[level];
}

/* Build a problem from a valid instance, which is not kept. If cancelled, returns IFP_OK with
 * *problem = NULL. `cancel` may be NULL. The only error is IFP_ERROR_MEMORY. Free the result with
 * ifp_problem_free. */
int ifp_problem_new(const struct ifp_instance *instance, const struct ifp_cancel *cancel,
                    struct ifp_problem **problem, struct ifp_error *error);

/*
 * Like ifp_problem_new, with every limit relaxed by the fraction `slack` of it, as the verifier
 * measures violations. A plan that is verified at that tolerance exceeds no limit here once its
 * shares sum to 1. If they sum to more, all can be scaled down in proportion, which breaks no limit
 * and costs no more. If they sum to less, the verifier also counts the rest as unmet.
 */
int ifp_problem_new_relaxed(const struct ifp_instance *instance, double slack,
                            const struct ifp_cancel *cancel, struct ifp_problem **problem,
                            struct ifp_error *error);
void ifp_problem_free(struct ifp_problem *problem);

/* A fixed deployment, in indices of the instance. */
struct ifp_rented {
    size_t model;
    size_t tier;
    size_t degree_index;
    size_t profile; /* as in ifp_configuration, as are the next two */
    size_t point;
    double pace_ms;
    double replicas;
};

/*
 * The problem of routing over `count` fixed deployments of a valid instance without uncertainty.
 * Each deployment becomes a configuration with the capacity of all its replicas. Its cost is sunk
 * (ifp_account_sink): renting it is free and uses no resource. Only the charges of its routes
 * remain. `rented` is ordered by model, then by tier. Each deployment is a pair of its own.
 */
int ifp_problem_of_deployments(const struct ifp_instance *instance, const struct ifp_rented *rented,
                               size_t count, struct ifp_problem **problem, struct ifp_error *error);

/* A copy of the problem with only the configurations c for which keep[c] is true. Their indices and
 * those of routes and pairs change. Returns NULL if out of memory. */
struct ifp_problem *ifp_problem_restrict(const struct ifp_problem *problem, const bool *keep);

/*
 * A copy of the problem in which no penalty exceeds `usd`. The penalties are that of the unmet
 * demand of a query type, that of a route's delay, and that of the deviation of a single route. The
 * copy is a relaxation: its costs are no higher, so a lower bound for the copy is one for the
 * problem. Its numbers are of more similar size, so rounding loses less. A deviation that is
 * lowered is also lowered in the limit on delay. That only admits more plans, so a proof of
 * infeasibility holds for the problem, too. *capped is NULL if no penalty exceeds `usd`, or if out
 * of memory: then the result is IFP_ERROR_MEMORY.
 */
int ifp_problem_cap(const struct ifp_problem *problem, double usd, struct ifp_problem **capped);

#endif
