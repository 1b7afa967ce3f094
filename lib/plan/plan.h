/* SPDX-License-Identifier: MIT */
/* The plan in memory: entries by index, and the names that the indices stand for. */
#ifndef IFP_PLAN_PLAN_H
#define IFP_PLAN_PLAN_H

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
};

/* An entry is a route (z_ijk = 1) even if its fraction is 0. */
struct ifp_plan_route {
    size_t query;
    size_t model;
    size_t tier;
    double fraction; /* x_ijk */
    int64_t degree;  /* of its deployment; 0: the only deployment of the pair */
    char *point;     /* of its deployment, owned; NULL: as above */
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

/* Sort the entries by the instance's lists: queries, then models, then tiers. */
void ifp_plan_sort(ifp_plan *plan);

/* The index of the pair's first deployment in a sorted plan, or the number of deployments. */
size_t ifp_plan_find_deployment(const ifp_plan *plan, size_t model, size_t tier);

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
