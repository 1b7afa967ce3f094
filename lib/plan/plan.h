/* SPDX-License-Identifier: MIT */
/* The plan in memory: entries by index, and the names that the indices stand for. */
#ifndef IFP_PLAN_PLAN_H
#define IFP_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <inferplan/instance.h>
#include <inferplan/plan.h>

struct ifp_plan_deployment {
    size_t model;
    size_t tier;
    int64_t degree;   /* n */
    int64_t replicas; /* m_jkn */
    char *point;      /* the name of its operating point, owned; NULL: its configuration has no
                         profile, or the plan does not say and there is one point only */
    double order;     /* of the points of a configuration: an index in the profile, or the pace */
    /* The check fills these in its own plan. Otherwise, or if they mean nothing, they are NaN. */
    double tpot_ms;
    double load;       /* replicas */
    double load_limit; /* L(m), replicas */
};

/* An entry is a route (z_ijk = 1) even if its fraction is 0. */
struct ifp_plan_route {
    size_t query;
    size_t model;
    size_t tier;
    double fraction; /* x_ijk */
    int64_t degree;  /* of its deployment; 0: the only deployment of the pair */
    char *point;     /* of its deployment, owned; NULL: as above */
    double order;    /* of its deployment */
    /* In the worst case; the check fills these in its own plan, as above. */
    double ttft_ms;
    double tpot_ms;
    double delay_ms;
    double error;
};

struct ifp_plan_unmet {
    size_t query;
    double fraction; /* u_i */
};

struct ifp_plan_names {
    char **items;
    size_t count;
};

/* Holds copies of all names of its instance, and may outlive it. */
struct ifp_plan {
    char *instance; /* the name of the instance it was made for; NULL if unknown */
    struct ifp_plan_names queries;
    struct ifp_plan_names models;
    struct ifp_plan_names tiers;
    struct ifp_plan_deployment *deployments;
    size_t deployment_count;
    size_t deployment_capacity;
    struct ifp_plan_route *routes;
    size_t route_count;
    size_t route_capacity;
    struct ifp_plan_unmet *unmet;
    size_t unmet_count;
    size_t unmet_capacity;
};

/* A plan without entries; NULL if out of memory. */
ifp_plan *ifp_plan_new(const ifp_instance *instance);
/* NULL if out of memory. */
ifp_plan *ifp_plan_copy(const ifp_plan *plan);

/*
 * Append an entry. Returns IFP_OK or IFP_ERROR_MEMORY. Indices are those of the instance's lists
 * and must be within them. Numbers are kept as they are, for the check to judge. An unmet fraction
 * of exactly 0 adds no entry.
 */
int ifp_plan_add_deployment(ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                            int64_t replicas);
int ifp_plan_add_route(ifp_plan *plan, size_t query, size_t model, size_t tier, double fraction);
int ifp_plan_add_unmet(ifp_plan *plan, size_t query, double fraction);

/* The same for a deployment at an operating point, and for a route to it. `point` is copied; it may
 * be NULL, and the degree of a route 0, if the plan does not say. */
int ifp_plan_add_deployment_at(ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                               const char *point, int64_t replicas);
int ifp_plan_add_route_at(ifp_plan *plan, size_t query, size_t model, size_t tier, int64_t degree,
                          const char *point, double fraction);

/* Sort the entries by the instance's lists: queries, then models, then tiers. Deployments of one
 * pair, and routes to them, are sorted by degree, then by the order of their points. */
void ifp_plan_sort(ifp_plan *plan);

/* The index of the pair's first deployment in a sorted plan, or the number of deployments. */
size_t ifp_plan_find_deployment(const ifp_plan *plan, size_t model, size_t tier);

/* The index of a route's deployment in a sorted plan, or the number of deployments: none has its
 * degree and point, or it says neither and its pair has several. */
size_t ifp_plan_route_deployment(const ifp_plan *plan, size_t route);

/* The deployments of a pair in a sorted plan, with that degree only if it is not 0: [*first, *end).
 * Empty if there are none. */
void ifp_plan_pair_deployments(const ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                               size_t *first, size_t *end);

/* Do two entries of a pair lie at the same degree and point? For resolved plans (resolve.h). */
bool ifp_plan_same_point(int64_t degree, const char *point, int64_t other_degree,
                         const char *other_point);

/* n m_jkn, the GPUs of a deployment, but at most INT64_MAX; 0 if a factor is not positive. */
int64_t ifp_plan_gpus(const struct ifp_plan_deployment *deployment);

/*
 * Fill a public struct whose first member is its size: copy `ours` into `entry` up to the smaller
 * of `size`, the caller's size, and `our_size`. The caller's size member is kept. Returns
 * IFP_ERROR_ARGUMENT if `size` is below `first`, the size of the struct in the first release.
 */
int ifp_entry_fill(void *entry, size_t size, const void *ours, size_t our_size, size_t first);

/* The sizes of the structs in the first release: up to the end of their last member then. */
#define IFP_DEPLOYMENT_SIZE_FIRST (offsetof(ifp_deployment, gpus) + sizeof(int64_t))
#define IFP_ROUTE_SIZE_FIRST (offsetof(ifp_route, fraction) + sizeof(double))
#define IFP_UNMET_SIZE_FIRST (offsetof(ifp_unmet, fraction) + sizeof(double))
#define IFP_COST_PART_SIZE_FIRST (offsetof(ifp_cost_part, colour) + sizeof(const char *))
#define IFP_LIMIT_SIZE_FIRST (offsetof(ifp_limit, limit) + sizeof(double))

#endif
