/* SPDX-License-Identifier: MIT */
/* What is answered, in memory: entries by index, and the names that the indices stand for. */
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
};

/* An entry is a route (z_ijk = 1) whatever its fraction, be it 0. */
struct ifp_plan_route {
    size_t query;
    size_t model;
    size_t tier;
    double fraction; /* x_ijk */
};

struct ifp_plan_unmet {
    size_t query;
    double fraction; /* u_i */
};

struct ifp_plan_names {
    char **items;
    size_t count;
};

/* Holds copies of every name of its instance, which it outlives. */
struct ifp_plan {
    char *instance; /* the name of the one it was made for; NULL: not known */
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

/* No entries yet; NULL when out of memory. */
ifp_plan *ifp_plan_new(const ifp_instance *instance);
/* NULL when out of memory. */
ifp_plan *ifp_plan_copy(const ifp_plan *plan);

/*
 * Append an entry: IFP_OK or IFP_ERROR_MEMORY. Indices are those of the instance's lists and must
 * be within them; all else is held as it is, so that the check can judge it. An unmet fraction of
 * exactly 0 is the same as none and adds nothing.
 */
int ifp_plan_add_deployment(ifp_plan *plan, size_t model, size_t tier, int64_t degree,
                            int64_t replicas);
int ifp_plan_add_route(ifp_plan *plan, size_t query, size_t model, size_t tier, double fraction);
int ifp_plan_add_unmet(ifp_plan *plan, size_t query, double fraction);

/* Into the order of the instance's lists: queries, then models, then tiers. */
void ifp_plan_sort(ifp_plan *plan);

/* The first deployment of the pair in a plan that is sorted, or their number. */
size_t ifp_plan_find_deployment(const ifp_plan *plan, size_t model, size_t tier);

/* n m_jkn, the GPUs of a deployment; INT64_MAX if there are more, 0 if either factor is not
 * positive. */
int64_t ifp_plan_gpus(const struct ifp_plan_deployment *deployment);

/*
 * Fill a public size-first struct: as much of `entry`, which is `*size` bytes long by its first
 * member, as `ours` has. The caller's size stays. IFP_ERROR_ARGUMENT if it is below `first`, the
 * size that the struct had in the first release.
 */
int ifp_entry_fill(void *entry, size_t size, const void *ours, size_t our_size, size_t first);

/* The sizes of the first release: up to the end of the last member it had. */
#define IFP_DEPLOYMENT_SIZE_FIRST (offsetof(ifp_deployment, gpus) + sizeof(int64_t))
#define IFP_ROUTE_SIZE_FIRST (offsetof(ifp_route, fraction) + sizeof(double))
#define IFP_UNMET_SIZE_FIRST (offsetof(ifp_unmet, fraction) + sizeof(double))
#define IFP_LIMIT_SIZE_FIRST (offsetof(ifp_limit, limit) + sizeof(double))

#endif
