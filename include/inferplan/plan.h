/* SPDX-License-Identifier: MIT */
/* The plan (which GPUs to rent and where to route) and its check against an instance. */
#ifndef INFERPLAN_PLAN_H
#define INFERPLAN_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include <inferplan/error.h>
#include <inferplan/export.h>
#include <inferplan/instance.h>

IFP_BEGIN_DECLS

typedef struct ifp_plan ifp_plan;

/* A deployment: `replicas` copies of `model` are rented, each on `tp_degree` GPUs of `tier`. The
 * members from `point` on mean something under a profile only. `point` is a measured point's name,
 * or a pace such as "40ms"; NULL if there is none. The numbers behind it are those of the plan of a
 * check (ifp_check_plan, ifp_solution_plan), and NaN in a plan that was only read. Without a
 * profile, `load` is that of the compute if the policy gives head-room. */
typedef struct ifp_deployment {
    size_t size; /* set to sizeof(ifp_deployment) before the call */
    const char *model;
    const char *tier;
    int64_t tp_degree;
    int64_t replicas;
    int64_t gpus;      /* tp_degree * replicas */
    const char *point; /* its operating point */
    double tpot_ms;    /* time per token at the point; NaN if the point has no single one */
    double load;       /* what its routes load it with, in replicas */
    double load_limit; /* how much load it may carry, in replicas */
    double headroom;   /* replicas - load_limit: what is kept free */
} ifp_deployment;
#define IFP_DEPLOYMENT_INIT                                                                        \
    {                                                                                              \
        sizeof(ifp_deployment), NULL, NULL, 0, 0, 0, NULL, 0, 0, 0, 0                              \
    }

/* The share x_ijk of `query` that `model` on `tier` serves. The times and the error are what a
 * request of this route feels, with the deviations that are worst for this route alone. They are
 * NaN in a plan that was only read; without a profile, TTFT and time per token are NaN. */
typedef struct ifp_route {
    size_t size; /* set to sizeof(ifp_route) before the call */
    const char *query;
    const char *model;
    const char *tier;
    double fraction;
    int64_t tp_degree; /* of its deployment; 0 if the plan has none for it */
    const char *point; /* of its deployment; NULL: none */
    double ttft_ms;    /* until the first token */
    double tpot_ms;    /* for each further token */
    double delay_ms;   /* from end to end */
    double error;      /* a fraction */
} ifp_route;
#define IFP_ROUTE_INIT                                                                             \
    {                                                                                              \
        sizeof(ifp_route), NULL, NULL, NULL, 0, 0, NULL, 0, 0, 0, 0                                \
    }

/* The share u_i of `query` that is left unmet. */
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
 * Read a plan from a result document, as `inferplan solve --json` writes it. Only the name of the
 * instance, the deployments, the routes and the unmet shares are read. Costs and feasibility in the
 * document are ignored. Every name must exist in the instance. A query type without an unmet entry
 * has an unmet share of 0.
 */
IFP_API ifp_plan *ifp_plan_read_file(const ifp_instance *instance, const char *path,
                                     ifp_error *error);
IFP_API ifp_plan *ifp_plan_read_string(const ifp_instance *instance, const char *text,
                                       size_t length, ifp_error *error);
IFP_API void ifp_plan_free(ifp_plan *plan);

/* The name of the instance that the plan was made for. For a plan that was read, this is the name
 * in its document. That name may differ from the name of the instance it was read for, and is NULL
 * if the document has none. Borrowed. */
IFP_API const char *ifp_plan_instance_name(const ifp_plan *plan);

/* Entries in the order of the instance's lists: queries, then models, then tiers; deployments of
 * one pair by degree, then by point. The getters fill the entry up to its size. Names are borrowed
 * from the plan. IFP_ERROR_ARGUMENT if index is out of range or the size is smaller than in the
 * first release. */
IFP_API size_t ifp_plan_deployment_count(const ifp_plan *plan);
IFP_API int ifp_plan_deployment(const ifp_plan *plan, size_t index, ifp_deployment *entry);
IFP_API size_t ifp_plan_route_count(const ifp_plan *plan);
IFP_API int ifp_plan_route(const ifp_plan *plan, size_t index, ifp_route *entry);
IFP_API size_t ifp_plan_unmet_count(const ifp_plan *plan);
IFP_API int ifp_plan_unmet(const ifp_plan *plan, size_t index, ifp_unmet *entry);

/* A plan evaluated against an instance. Every constraint and every cost is computed from the
 * instance's own numbers in 100-bit arithmetic, by code that the solver does not share. Under
 * uncertainty of either kind the worst case is computed. */
typedef struct ifp_check ifp_check;

enum ifp_cost {
    IFP_COST_TOTAL = 0,
    IFP_COST_RENTAL = 1,
    IFP_COST_STORAGE = 2,
    IFP_COST_DELAY = 3,
    IFP_COST_UNMET = 4
};

/* One of the parts that add up to the total cost, as the library names and draws it. */
typedef struct ifp_cost_part {
    size_t size;        /* set to sizeof(ifp_cost_part) before the call */
    int cost;           /* its number in enum ifp_cost */
    int penalty;        /* 1 if it is charged over horizon.penalty_hours, 0 if over rental_hours */
    const char *key;    /* "rental_usd": in documents and columns */
    const char *label;  /* "rental": in headings */
    const char *title;  /* "rental", "unmet demand": in sentences and legends */
    const char *colour; /* in pictures: a number sign and six hexadecimal digits */
} ifp_cost_part;
#define IFP_COST_PART_INIT                                                                         \
    {                                                                                              \
        sizeof(ifp_cost_part), 0, 0, NULL, NULL, NULL, NULL                                        \
    }

/* The parts of the cost in the order of the result document. A later release may have more of them.
 * The getter fills the entry up to its size. Texts are static. IFP_ERROR_ARGUMENT if index is out
 * of range or the size is smaller than in the first release. */
IFP_API size_t ifp_cost_part_count(void);
IFP_API int ifp_cost_part_get(size_t index, ifp_cost_part *entry);

enum ifp_limit_kind {
    IFP_LIMIT_KIND_BUDGET = 1,     /* rental and storage cost, in dollars */
    IFP_LIMIT_KIND_STORAGE = 2,    /* stored weights, in GB */
    IFP_LIMIT_KIND_POOL = 3,       /* GPUs of a pool */
    IFP_LIMIT_KIND_MEMORY = 4,     /* memory of a deployment, in GB */
    IFP_LIMIT_KIND_COMPUTE = 5,    /* compute of a deployment, in TFLOP/s */
    IFP_LIMIT_KIND_DELAY = 6,      /* delay of a query type, in ms */
    IFP_LIMIT_KIND_ERROR = 7,      /* error rate of a query type, a fraction */
    IFP_LIMIT_KIND_LOAD = 8,       /* load of a deployment with a profile, in replicas */
    IFP_LIMIT_KIND_SLOTS = 9,      /* sequences that a deployment runs at a time */
    IFP_LIMIT_KIND_ATTAINMENT = 10 /* requests of a query type that miss a limit, a fraction */
};

/* The word of a kind in the result document: "budget", "storage", "pool", "memory", "compute",
 * "delay", "error", "load", "slots", "attainment". NULL if unknown. Static. */
IFP_API const char *ifp_limit_kind_word(int kind);

/* One limit and how much of it is used. Names: "budget_usd", "storage_gb", "pool[NAME]",
 * "memory[MODEL,TIER]", "compute[MODEL,TIER]", "load[MODEL,TIER]", "slots[MODEL,TIER]",
 * "delay[QUERY]", "error[QUERY]", "attainment[QUERY]"; if the pair has several deployments, also
 * its degree and point: "load[MODEL,TIER,2,40ms]". They are for people;
 * programs read `kind` and the names of what the limit applies to. Units:
 * "USD", "GB", "GPUs", "TFLOP/s", "ms", "replicas" and "sequences". Unless uncertainty.kind is
 * "none", `used` of delay and error is the worst case over the uncertainty set. */
typedef struct ifp_limit {
    size_t size; /* set to sizeof(ifp_limit) before the call */
    const char *name;
    double used;
    double limit;
    int kind;          /* enum ifp_limit_kind */
    const char *unit;  /* of used and limit; "" for a fraction. Static */
    const char *query; /* what the limit applies to; NULL if it applies to no single query type, */
    const char *model; /* model, */
    const char *tier;  /* tier */
    const char *pool;  /* or pool */
    int64_t tp_degree; /* of one of several deployments of a pair, else 0 */
    const char *point; /* the same, else NULL */
} ifp_limit;
#define IFP_LIMIT_INIT                                                                             \
    {                                                                                              \
        sizeof(ifp_limit), NULL, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, 0, NULL                    \
    }

/* Check a plan. NULL on failure, with IFP_ERROR_MEMORY, _ARGUMENT or (an incomplete instance)
 * _VALUE in error. A plan that violates limits is not an error. */
IFP_API ifp_check *ifp_check_new(const ifp_instance *instance, const ifp_plan *plan,
                                 ifp_error *error);
IFP_API void ifp_check_free(ifp_check *check);

/* 1 if every constraint holds within 1e-6 of its limit, else 0. */
IFP_API int ifp_check_feasible(const ifp_check *check);
/* The largest violation of any constraint, relative to max(1, |limit|) for shares and counts and to
 * the limit for quantities. 0 if every violation is below 1e-12. Rounded to nine digits, and the
 * same on every machine. */
IFP_API double ifp_check_max_violation(const ifp_check *check);
/* The most violated constraint in words. Empty if the plan is feasible. Borrowed. */
IFP_API const char *ifp_check_reason(const ifp_check *check);
/* A cost in dollars over the horizon, by enum ifp_cost. NaN for an unknown one. Under uncertainty
 * the delay cost is that of the worst case, and so is the total, which includes it. */
IFP_API double ifp_check_cost(const ifp_check *check, int cost);
/* The check's own copy of the plan, in the order of the instance's lists. Borrowed. */
IFP_API const ifp_plan *ifp_check_plan(const ifp_check *check);
/*
 * The part of a cost that one entry of ifp_check_plan causes: dollars over the horizon, by enum
 * ifp_cost. NaN if there is no such entry or cost.
 *   route       its share of the deployment's rental and storage, in proportion to the tokens that
 *               each route sends there; storage for this route alone; its delay, with the
 *               deviations that attain the worst case of the plan's delay cost
 *   deployment  rental, and with storage_basis deployment the storage of its weights
 *   unmet       the penalty, also for demand that the plan misses within the tolerance. If the
 *               query type has no unmet entry, its routes carry that part as their unmet cost
 * The costs of the routes, of the unmet entries and of the deployments that no route uses add up to
 * the plan's costs. If a broken plan lists an entry twice, its cost may be counted twice.
 */
IFP_API double ifp_check_route_cost(const ifp_check *check, size_t index, int cost);
IFP_API double ifp_check_deployment_cost(const ifp_check *check, size_t index, int cost);
IFP_API double ifp_check_unmet_cost(const ifp_check *check, size_t index);
IFP_API size_t ifp_check_limit_count(const ifp_check *check);
/* Names are borrowed from the check. Fills the entry up to its size. IFP_ERROR_ARGUMENT if index is
 * out of range or the size is smaller than in the first release. */
IFP_API int ifp_check_limit(const ifp_check *check, size_t index, ifp_limit *entry);

/* A note: what an instance leaves unlimited or unmeasured, or what a user should know before
 * renting. docs/result-format.md lists the kinds. Notes change no verdict and no cost. */
typedef struct ifp_note {
    size_t size;      /* set to sizeof(ifp_note) before the call */
    const char *kind; /* a stable word, such as "load_unlimited". Static */
    const char *text; /* a sentence with numbers and names */
    const char *path; /* the field to look at, such as "policy.max_replicas" */
} ifp_note;
#define IFP_NOTE_INIT                                                                              \
    {                                                                                              \
        sizeof(ifp_note), NULL, NULL, NULL                                                         \
    }

/* The notes on the instance and the plan, the most important one first; at most one of a kind. */
IFP_API size_t ifp_check_note_count(const ifp_check *check);
/* Texts are borrowed from the check. Fills the entry up to its size. IFP_ERROR_ARGUMENT if index is
 * out of range or the size is smaller than in the first release. */
IFP_API int ifp_check_note(const ifp_check *check, size_t index, ifp_note *entry);
/* The check as JSON: the result document with status "feasible" or "infeasible". Owned by the
 * caller, freed with ifp_text_free. NULL if out of memory. */
IFP_API char *ifp_check_write_json(const ifp_check *check);

IFP_END_DECLS

#endif
