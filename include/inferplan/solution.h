/* SPDX-License-Identifier: MIT */
/* The solution: the plan and the proof of one solve. It never changes once it is returned. */
#ifndef INFERPLAN_SOLUTION_H
#define INFERPLAN_SOLUTION_H

#include <stddef.h>
#include <stdint.h>

#include <inferplan/error.h>
#include <inferplan/export.h>
#include <inferplan/plan.h>

IFP_BEGIN_DECLS

typedef struct ifp_solution ifp_solution;

enum ifp_status {
    /* A verified plan. Its cost is proven to be within the requested gap of the optimum. */
    IFP_STATUS_OPTIMAL = 1,
    /* A limit was reached or the solve was cancelled. A verified plan was found. */
    IFP_STATUS_FEASIBLE = 2,
    /* Proven: no plan satisfies every limit. */
    IFP_STATUS_INFEASIBLE = 3,
    /* A limit was reached or the solve was cancelled before a plan was found. */
    IFP_STATUS_NO_PLAN = 4
};

/* Why a solve ended. */
enum ifp_stop {
    /* The requested gap is proven (status optimal), or it is proven that no plan exists (status
     * infeasible). */
    IFP_STOP_PROVEN = 1,
    IFP_STOP_TIME_LIMIT = 2,
    /* Cancelled by ifp_model_cancel or by the progress callback. */
    IFP_STOP_CANCELLED = 3,
    /* The search is complete, but because of rounding the proven gap is above the requested one. */
    IFP_STOP_EXHAUSTED = 4
};

/* Free the solution, with its plan and its check. */
IFP_API void ifp_solution_free(ifp_solution *solution);

/* One of enum ifp_status; 0 for NULL. */
IFP_API int ifp_solution_status(const ifp_solution *solution);
/* "optimal", "feasible", "infeasible", "no_plan". Static. */
IFP_API const char *ifp_solution_status_word(const ifp_solution *solution);

/* One of enum ifp_stop; 0 for NULL. */
IFP_API int ifp_solution_stop(const ifp_solution *solution);
/* "proven", "time_limit", "cancelled", "exhausted". Static; "" for NULL. */
IFP_API const char *ifp_solution_stop_word(const ifp_solution *solution);

/* Total cost of the plan over the horizon in dollars. +infinity without a plan. */
IFP_API double ifp_solution_objective(const ifp_solution *solution);
/* The bound: no plan costs less. -infinity if no bound is known, +infinity if infeasible. */
IFP_API double ifp_solution_bound(const ifp_solution *solution);
/* (objective - bound) / max(1, |objective|). +infinity without a plan or a bound. */
IFP_API double ifp_solution_gap(const ifp_solution *solution);
/* Wall-clock seconds of the solve. They include the time to build the model: before the first
 * solve, and again after a change. */
IFP_API double ifp_solution_seconds(const ifp_solution *solution);
/* Branch-and-bound nodes solved. */
IFP_API double ifp_solution_nodes(const ifp_solution *solution);
/* "mip" or "decompose". Static. */
IFP_API const char *ifp_solution_engine(const ifp_solution *solution);

/* The plan and its check. NULL without a plan. Borrowed from the solution. */
IFP_API const ifp_plan *ifp_solution_plan(const ifp_solution *solution);
IFP_API const ifp_check *ifp_solution_check(const ifp_solution *solution);

/* The notes: those of the check, or without a plan those on the instance alone. Texts are borrowed
 * from the solution. ifp_solution_note fills the entry up to its size; IFP_ERROR_ARGUMENT if index
 * is out of range or the size is smaller than in the first release. */
IFP_API size_t ifp_solution_note_count(const ifp_solution *solution);
IFP_API int ifp_solution_note(const ifp_solution *solution, size_t index, ifp_note *entry);

/* A reason for which configurations or routes were removed before the solve. */
typedef struct ifp_removed {
    size_t size;      /* set to sizeof(ifp_removed) before the call */
    int reason;       /* enum ifp_removal (model.h) */
    const char *kind; /* "configuration" or "route"; ifp_removal_kind. Static */
    const char *word; /* "weights", "ttft"; ifp_removal_word. Static */
    size_t count;     /* how many were removed */
    size_t example_count;
} ifp_removed;
#define IFP_REMOVED_INIT                                                                           \
    {                                                                                              \
        sizeof(ifp_removed), 0, NULL, NULL, 0, 0                                                   \
    }

/* A configuration or a route that was removed. Names are borrowed from the solution. */
typedef struct ifp_removed_example {
    size_t size;       /* set to sizeof(ifp_removed_example) before the call */
    const char *query; /* NULL: a configuration */
    const char *model;
    const char *tier;
    int64_t tp_degree;
    const char *point; /* NULL: it has no operating point */
    double value; /* what it would have of the limit that removed it, in `unit`, and that limit;
                     NaN if the reason is not about a limit */
    double limit;
    const char *unit; /* "GB", "USD", "GPUs", "replicas", "ms"; "" for a fraction; NULL if the
                         reason is not about a limit. Static */
} ifp_removed_example;
#define IFP_REMOVED_EXAMPLE_INIT                                                                   \
    {                                                                                              \
        sizeof(ifp_removed_example), NULL, NULL, NULL, 0, NULL, 0, 0, NULL                         \
    }

/*
 * The reasons for removals before the solve, configurations first. There are none if the solve was
 * stopped before its program was built. An example is one of the first three that were removed for
 * the reason; the nearest one is the one that misses its limit by the smallest fraction of it. Each
 * function fills the entry up to its size. IFP_ERROR_ARGUMENT if an index is out of range, if the
 * reason has no nearest example, or if the size is smaller than in the first release.
 */
IFP_API size_t ifp_solution_removed_count(const ifp_solution *solution);
IFP_API int ifp_solution_removed(const ifp_solution *solution, size_t index, ifp_removed *entry);
IFP_API int ifp_solution_removed_example(const ifp_solution *solution, size_t index, size_t example,
                                         ifp_removed_example *entry);
IFP_API int ifp_solution_removed_nearest(const ifp_solution *solution, size_t index,
                                         ifp_removed_example *entry);

/* The result document of docs/result-format.md. Owned by the caller, freed with ifp_text_free. NULL
 * if out of memory. */
IFP_API char *ifp_solution_write_json(const ifp_solution *solution);

IFP_END_DECLS

#endif
