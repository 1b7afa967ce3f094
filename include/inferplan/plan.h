/* SPDX-License-Identifier: MIT */
/* The plan (what to rent and where to route) and its check against an instance. */
#ifndef INFERPLAN_PLAN_H
#define INFERPLAN_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include <inferplan/error.h>
#include <inferplan/export.h>
#include <inferplan/instance.h>

IFP_BEGIN_DECLS

typedef struct ifp_plan ifp_plan;

/* Rented: `replicas` copies of `model`, each on `tp_degree` GPUs of `tier`. */
typedef struct ifp_deployment {
    size_t size; /* set to sizeof(ifp_deployment) before the call */
    const char *model;
    const char *tier;
    int64_t tp_degree;
    int64_t replicas;
    int64_t gpus; /* tp_degree * replicas */
} ifp_deployment;
#define IFP_DEPLOYMENT_INIT                                                                        \
    {                                                                                              \
        sizeof(ifp_deployment), NULL, NULL, 0, 0, 0                                                \
    }

/* The share x_ijk of `query` that `model` on `tier` serves. */
typedef struct ifp_route {
    size_t size; /* set to sizeof(ifp_route) before the call */
    const char *query;
    const char *model;
    const char *tier;
    double fraction;
} ifp_route;
#define IFP_ROUTE_INIT                                                                             \
    {                                                                                              \
        sizeof(ifp_route), NULL, NULL, NULL, 0                                                     \
    }

/* The share u_i of `query` that nobody serves. */
typedef struct ifp_unmet {
    size_t size; /* set to sizeof(ifp_unmet) before the call */
    const char *query;
    double fraction;
} ifp_unmet;
#define IFP_UNMET_INIT                                                                             \
    {                                                                                              \
        sizeof(ifp_unmet), NULL, 0                                                                 \
    }

/*
 * Read a plan from a result document (as `inferplan solve --json` writes it). Only the instance's
 * name, deployments, routes and unmet are read: what a document claims about costs or feasibility
 * is not believed. Names must be those of the instance. A query type whose unmet share is not
 * listed has none.
 */
IFP_API ifp_plan *ifp_plan_read_file(const ifp_instance *instance, const char *path,
                                     ifp_error *error);
IFP_API ifp_plan *ifp_plan_read_string(const ifp_instance *instance, const char *text,
                                       size_t length, ifp_error *error);
IFP_API void ifp_plan_free(ifp_plan *plan);

/* The name of the instance that the plan was made for: of a plan that was read, the one its
 * document gives, which may be another than that it was read for; NULL if the document names none.
 * Borrowed. */
IFP_API const char *ifp_plan_instance_name(const ifp_plan *plan);

/* Entries in the order of the instance's lists: queries, then models, then tiers. The getters
 * fill as much of *entry as its size says; names are borrowed from the plan. IFP_ERROR_ARGUMENT
 * when index is out of range or the size is smaller than the first release's. */
IFP_API size_t ifp_plan_deployment_count(const ifp_plan *plan);
IFP_API int ifp_plan_deployment(const ifp_plan *plan, size_t index, ifp_deployment *entry);
IFP_API size_t ifp_plan_route_count(const ifp_plan *plan);
IFP_API int ifp_plan_route(const ifp_plan *plan, size_t index, ifp_route *entry);
IFP_API size_t ifp_plan_unmet_count(const ifp_plan *plan);
IFP_API int ifp_plan_unmet(const ifp_plan *plan, size_t index, ifp_unmet *entry);

/* A plan held against an instance: every constraint and every cost, from the instance's own
 * numbers, in arithmetic of 100 bits, sharing no code with the solver. Under uncertainty of either
 * kind, at the worst case. */
typedef struct ifp_check ifp_check;

enum ifp_cost {
    IFP_COST_TOTAL = 0,
    IFP_COST_RENTAL = 1,
    IFP_COST_STORAGE = 2,
    IFP_COST_DELAY = 3,
    IFP_COST_UNMET = 4
};

/* One limit and how full it is. Names: "budget_usd", "storage_gb", "pool[NAME]",
 * "memory[MODEL,TIER]", "compute[MODEL,TIER]", "delay[QUERY]", "error[QUERY]". Unless
 * uncertainty.kind is none, the last two are used as far as the worst case over the uncertainty
 * uses them. */
typedef struct ifp_limit {
    size_t size; /* set to sizeof(ifp_limit) before the call */
    const char *name;
    double used;
    double limit;
} ifp_limit;
#define IFP_LIMIT_INIT                                                                             \
    {                                                                                              \
        sizeof(ifp_limit), NULL, 0, 0                                                              \
    }

/* NULL with IFP_ERROR_MEMORY, _ARGUMENT or (an incomplete instance) _VALUE in error. A plan that
 * breaks limits is no error. */
IFP_API ifp_check *ifp_check_new(const ifp_instance *instance, const ifp_plan *plan,
                                 ifp_error *error);
IFP_API void ifp_check_free(ifp_check *check);

/* 1 if every constraint holds to 1e-6 of its limit, else 0. */
IFP_API int ifp_check_feasible(const ifp_check *check);
/* The largest violation of any constraint, relative to max(1, |limit|) for shares and counts and
 * to the limit for quantities; 0 if none is 1e-12 or more. Nine digits, the same on every machine.
 */
IFP_API double ifp_check_max_violation(const ifp_check *check);
/* The worst violated constraint in words; empty if the plan is feasible. Borrowed. */
IFP_API const char *ifp_check_reason(const ifp_check *check);
/* Dollars over the horizon, by enum ifp_cost; NaN for an unknown one. Under uncertainty the delay
 * cost, and the total with it, is that of the worst case. */
IFP_API double ifp_check_cost(const ifp_check *check, int cost);
/* The check's own copy of the plan, in the order of the instance's lists. Borrowed. */
IFP_API const ifp_plan *ifp_check_plan(const ifp_check *check);
/*
 * Who pays for what: dollars over the horizon by enum ifp_cost, of an entry of ifp_check_plan; NaN
 * where there is no such entry or cost.
 *   route       its part of the deployment's rental and storage, in proportion to the tokens that
 *               each route sends there; what is stored for it alone; its delay, with the deviations
 *               that make the worst case of the plan's delay cost
 *   deployment  rental, and with storage_basis deployment the storage of its weights
 *   unmet       the penalty; with that of demand that the plan misses within the tolerance, which
 *               the routes pay as their unmet cost where the query type has no unmet entry
 * The routes, the unmet entries and the deployments that no route uses add up to the plan's costs;
 * an entry that a broken plan lists twice may pay twice.
 */
IFP_API double ifp_check_route_cost(const ifp_check *check, size_t index, int cost);
IFP_API double ifp_check_deployment_cost(const ifp_check *check, size_t index, int cost);
IFP_API double ifp_check_unmet_cost(const ifp_check *check, size_t index);
IFP_API size_t ifp_check_limit_count(const ifp_check *check);
IFP_API int ifp_check_limit(const ifp_check *check, size_t index, ifp_limit *entry);
/* The check as JSON: the result document with status "feasible" or "infeasible". Owned by the
 * caller, freed with ifp_text_free; NULL when out of memory. */
IFP_API char *ifp_check_write_json(const ifp_check *check);

IFP_END_DECLS

#endif
