/* SPDX-License-Identifier: MIT */
/* The model: an instance with options, checked and ready to be solved, changed and solved again. */
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
 * Validate and copy the instance, and copy the options (NULL: all defaults). NULL with
 * IFP_ERROR_VALUE, _UNSUPPORTED or _MEMORY in error where that is not possible.
 */
IFP_API ifp_model *ifp_model_new(const ifp_instance *instance, const ifp_options *options,
                                 ifp_error *error);
/* A solve on another thread is cancelled and waited for, so that no callback runs after this has
 * returned. In a callback of the model's own solve, the solve is cancelled, returns its solution,
 * and frees the model when it ends. */
IFP_API void ifp_model_free(ifp_model *model);

/* Change a field of the model's own copy of the instance, from text as ifp_instance_set does.
 * On failure nothing is changed. IFP_ERROR_BUSY while another call solves, changes or exports the
 * model, also in a callback of its solve; so ifp_model_set_start. */
IFP_API int ifp_model_set(ifp_model *model, const char *path, const char *value);

/* The model's copy of the instance. Borrowed. */
IFP_API const ifp_instance *ifp_model_instance(const ifp_model *model);

/*
 * Solve. The result is owned by the caller; NULL with a code in ifp_model_last_error only when
 * the solve could not be carried out (_VALUE after a change that contradicts another field,
 * _MEMORY, _ENGINE, _BUSY as in ifp_model_set). Reaching a limit or proving that there is no plan
 * is a result, not an error. Equal models with equal starts, solved equally often since, give equal
 * results, the seconds aside, unless a time limit or a cancel cuts in.
 */
IFP_API ifp_solution *ifp_model_solve(ifp_model *model);

/*
 * A plan for solves to begin with, from another solve or from elsewhere: copied; NULL for none.
 * Each solve from now on takes it as the first plan found if it holds in the instance as it then
 * stands, and otherwise looks among the deployments it rents first; names that the instance does
 * not have are refused with IFP_ERROR_VALUE. As long as there is a start, each solve also begins
 * with what earlier ones of this model have learnt; NULL forgets that as well. What is proven is
 * the same; the plan returned may be another one within the gap.
 */
IFP_API int ifp_model_set_start(ifp_model *model, const ifp_plan *plan);

/* Ask a running ifp_model_solve, or else the next one, to stop at once with the best plan found.
 * From any thread and from a signal handler. */
IFP_API void ifp_model_cancel(ifp_model *model);

/*
 * The compact mixed-integer program as text, for other solvers: format "mps" (free MPS) or "lp"
 * (CPLEX LP). Rows and columns are named after equations, queries, models and tiers. What cannot
 * be part of any best plan has been removed. Owned by the caller, freed with ifp_text_free; NULL
 * with a code in ifp_model_last_error.
 */
IFP_API char *ifp_model_export(ifp_model *model, const char *format);

/* Why configurations (model, tier, degree) and routes (query, configuration) were removed before
 * anything was built. */
enum ifp_removal {
    /* configurations: */
    IFP_REMOVAL_WEIGHTS = 1,      /* the weight shard alone exceeds a GPU's memory */
    IFP_REMOVAL_BUDGET = 2,       /* one replica alone exceeds the budget */
    IFP_REMOVAL_STORAGE = 3,      /* its weights alone exceed the storage capacity */
    IFP_REMOVAL_POOL = 4,         /* one replica alone exceeds its pool */
    IFP_REMOVAL_NO_ROUTE = 5,     /* no query type can use it */
    IFP_REMOVAL_UNPROFITABLE = 6, /* it costs more than all it could ever save */
    IFP_REMOVAL_DOMINATED = 7,    /* another degree of the same pair is never worse */
    /* routes: */
    IFP_REMOVAL_NOT_MEASURED = 21, /* null or left out: not a candidate */
    IFP_REMOVAL_DELAY = 22,        /* no share of it can hold the delay limit */
    IFP_REMOVAL_ERROR = 23,        /* no share of it can hold the error limit */
    IFP_REMOVAL_CAPACITY = 24,     /* its capacity or a limit leaves it no share (below 1e-100) */
    IFP_REMOVAL_DEARER = 25        /* serving costs more than leaving the demand unmet */
};

/* How many were removed for that reason when the model was built (by ifp_model_new, or after
 * ifp_model_set by the next ifp_model_export, or ifp_model_solve unless that is cancelled); 0
 * between the two, and for an unknown reason. To be asked from any thread, also during a solve. */
IFP_API size_t ifp_model_removed(const ifp_model *model, int reason);
/* The reason in words: "the weight shard alone exceeds a GPU's memory"; NULL if unknown. Static. */
IFP_API const char *ifp_removal_text(int reason);
/* How many configurations and routes were kept; 0 in the same way. */
IFP_API size_t ifp_model_configuration_count(const ifp_model *model);
IFP_API size_t ifp_model_route_count(const ifp_model *model);

/* The last error of a call on this handle. Borrowed; never NULL unless model is. While a call has
 * the model alone, it is IFP_ERROR_BUSY: "the model is being solved". */
IFP_API const ifp_error *ifp_model_last_error(const ifp_model *model);

IFP_END_DECLS

#endif
