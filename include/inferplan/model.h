/* SPDX-License-Identifier: MIT */
/* The model: a validated instance with options. It can be solved, changed and solved again. */
#ifndef INFERPLAN_MODEL_H
#define INFERPLAN_MODEL_H

#include <stddef.h>

#include <inferplan/error.h>
#include <inferplan/export.h>
#include <inferplan/instance.h>
#include <inferplan/options.h>
#include <inferplan/plan.h>
#include <inferplan/solution.h>

IFP_BEGIN_DECLS

typedef struct ifp_model ifp_model;

/*
 * Validate and copy the instance, and copy the options (NULL: all defaults). Returns NULL on
 * failure, with IFP_ERROR_VALUE, _UNSUPPORTED or _MEMORY in error.
 */
IFP_API ifp_model *ifp_model_new(const ifp_instance *instance, const ifp_options *options,
                                 ifp_error *error);
/* Free the model. If another thread is solving it, cancel that solve and wait for its return, so
 * that no callback runs after this call. If called in a callback of the model's own solve, cancel
 * that solve: it returns its solution, and the model is freed when it ends. */
IFP_API void ifp_model_free(ifp_model *model);

/* Change a field of the model's own copy of the instance, from text as in ifp_instance_set. On
 * failure nothing changes. This call and ifp_model_set_start fail with IFP_ERROR_BUSY while another
 * call solves, changes or exports the model, also in a callback of its solve. */
IFP_API int ifp_model_set(ifp_model *model, const char *path, const char *value);

/* The model's own copy of the instance. Borrowed. */
IFP_API const ifp_instance *ifp_model_instance(const ifp_model *model);

/*
 * Solve the model. The caller owns the result. Returns NULL only if the solve could not be carried
 * out, with a code in ifp_model_last_error: _VALUE after a change that contradicts another field,
 * _MEMORY, _ENGINE, or _BUSY as in ifp_model_set. Reaching a limit is a result and not an error,
 * and so is a proof that no plan exists. Equal models with equal starts, solved equally often
 * since, give equal results, except for the seconds, unless a time limit or a cancel intervenes.
 */
IFP_API ifp_solution *ifp_model_solve(ifp_model *model);

/*
 * Set a start plan (warm start) for later solves. The plan may come from another solve or from
 * elsewhere, and is copied. NULL removes it. If the plan is feasible in the instance as it is when
 * a solve begins, the solve takes it as the first plan found; otherwise the solve first searches
 * among the deployments that the plan rents. Names that the instance does not have are refused with
 * IFP_ERROR_VALUE. While a start plan is set, each solve also reuses what earlier solves of this
 * model have learnt; NULL discards that too. A start plan does not change what is proven, but the
 * plan returned may be a different one within the gap.
 */
IFP_API int ifp_model_set_start(ifp_model *model, const ifp_plan *plan);

/* Ask the running ifp_model_solve, or the next one if none is running, to stop at once with the
 * best plan found. May be called from any thread and from a signal handler. */
IFP_API void ifp_model_cancel(ifp_model *model);

/*
 * The compact mixed-integer program as text for other solvers. format is "mps" (free MPS) or "lp"
 * (CPLEX LP). Rows and columns are named after equations, queries, models and tiers. Configurations
 * and routes that an optimal plan does not need are left out. Owned by the caller, freed with
 * ifp_text_free. NULL on failure, with a code in ifp_model_last_error.
 */
IFP_API char *ifp_model_export(ifp_model *model, const char *format);

/* Why a configuration (model, tier, degree) or a route (query, configuration) was removed before
 * the program was built. */
enum ifp_removal {
    /* configurations: */
    IFP_REMOVAL_WEIGHTS = 1,      /* the weight shard alone exceeds a GPU's memory */
    IFP_REMOVAL_BUDGET = 2,       /* one replica alone exceeds the budget */
    IFP_REMOVAL_STORAGE = 3,      /* its weights alone exceed the storage capacity */
    IFP_REMOVAL_POOL = 4,         /* one replica alone exceeds its pool */
    IFP_REMOVAL_NO_ROUTE = 5,     /* no query type can use it */
    IFP_REMOVAL_UNPROFITABLE = 6, /* it costs more than all it could ever save */
    IFP_REMOVAL_DOMINATED = 7,    /* another configuration of the same pair is never worse */
    IFP_REMOVAL_REPLICAS = 8,     /* max_replicas allows fewer replicas than it needs at least */
    /* routes: */
    IFP_REMOVAL_NOT_MEASURED = 21, /* null or left out: not a candidate */
    IFP_REMOVAL_DELAY = 22,        /* no share of it can hold the delay limit */
    IFP_REMOVAL_ERROR = 23,        /* no share of it can hold the error limit */
    IFP_REMOVAL_CAPACITY = 24,     /* its capacity or a limit leaves it no share (below 1e-100) */
    IFP_REMOVAL_DEARER = 25,       /* serving costs more than leaving the demand unmet */
    IFP_REMOVAL_TTFT = 26,         /* its time to first token exceeds the limit */
    IFP_REMOVAL_TPOT = 27,         /* its time per output token exceeds the limit */
    IFP_REMOVAL_REQUEST = 28,      /* the KV cache of one request exceeds the memory of a replica */
    IFP_REMOVAL_ATTAINMENT = 29,   /* no share of it can hold the attainment target */
    IFP_REMOVAL_UNPROFILED = 30    /* the query type limits TTFT, TPOT or attainment, which was not
                                      measured for it */
};

/* The number of configurations or routes removed for a reason when the model was last built.
 * ifp_model_new builds it. After ifp_model_set, the next ifp_model_export builds it again, or the
 * next ifp_model_solve unless that is cancelled; until then the number is 0. It is 0 for an unknown
 * reason. May be called from any thread, also during a solve. */
IFP_API size_t ifp_model_removed(const ifp_model *model, int reason);
/* The reason in words: "the weight shard alone exceeds a GPU's memory". NULL if unknown. Static. */
IFP_API const char *ifp_removal_text(int reason);
/* The reason in the result document: "weights", "budget", "storage", "pool", "no_route",
 * "unprofitable", "dominated", "replicas"; "not_measured", "delay", "error", "capacity", "dearer",
 * "ttft", "tpot", "request", "attainment", "unprofiled". NULL if unknown. Static. */
IFP_API const char *ifp_removal_word(int reason);
/* What it removes: "configuration" or "route". NULL if unknown. Static. */
IFP_API const char *ifp_removal_kind(int reason);
/* The numbers of configurations and routes that were kept. 0 after ifp_model_set until the model is
 * built again. */
IFP_API size_t ifp_model_configuration_count(const ifp_model *model);
IFP_API size_t ifp_model_route_count(const ifp_model *model);

/* The error of the last failed call on this handle. Borrowed. NULL only if model is NULL. While a
 * call has exclusive use of the model, it is IFP_ERROR_BUSY: "the model is being solved". */
IFP_API const ifp_error *ifp_model_last_error(const ifp_model *model);

IFP_END_DECLS

#endif
