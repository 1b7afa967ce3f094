/* SPDX-License-Identifier: MIT */
/* The stress test: cost and violations of a fixed plan when delay and error deviate. */
#ifndef INFERPLAN_STRESS_H
#define INFERPLAN_STRESS_H

#include <stddef.h>
#include <stdint.h>

#include <inferplan/error.h>
#include <inferplan/export.h>
#include <inferplan/instance.h>
#include <inferplan/plan.h>

IFP_BEGIN_DECLS

typedef struct ifp_stress ifp_stress;

/* Progress callback, called between samples and many times a second, on the thread that called
 * ifp_stress_new. `part` is the fraction of the samples that is done (0 to 1). A return of 0
 * continues the test; any other value stops it. The callback may use other handles and read the
 * instance; calls that change the instance fail with IFP_ERROR_BUSY. It must return: no longjmp,
 * and no exception may leave it. */
typedef int (*ifp_stress_function)(double part, void *user);

typedef struct ifp_stress_options {
    size_t size;                  /* set to sizeof(ifp_stress_options) before the call */
    size_t samples;               /* 1 to 1000000 */
    uint64_t seed;                /* any number; equal seeds draw equal samples */
    ifp_stress_function progress; /* NULL: no callback */
    void *user;                   /* passed to progress */
} ifp_stress_options;
#define IFP_STRESS_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(ifp_stress_options), 1000, 1, NULL, NULL                                            \
    }

enum ifp_stress_routing {
    /* The plan's own routes and unmet shares. */
    IFP_STRESS_ROUTING_KEPT = 1,
    /* The best routes and unmet shares on the plan's deployments, for known deviations. All
     * deployments stay and are paid for. */
    IFP_STRESS_ROUTING_REOPTIMISED = 2
};

/* The results of one routing, with the deviations drawn from the uncertainty set times the
 * inflation. Costs are the total in dollars over the horizon. A value is NaN if there is no data,
 * and for the worst case of re-optimised routing, which has no formula. */
typedef struct ifp_stress_entry {
    size_t size;      /* set to sizeof(ifp_stress_entry) before the call */
    int routing;      /* an enum ifp_stress_routing */
    double inflation; /* 1, 1.2 or 1.5 */
    /* Over the samples in which a routing exists: */
    double cost_mean_usd;
    double cost_p95_usd; /* the smallest cost that 95 % of them do not exceed */
    double cost_largest_usd;
    /* Fractions from 0 to 1. For delay and error: of the query types that are served, the fraction
     * that exceeds a limit by more than 1e-6 of it, averaged over the samples. Limits on TTFT and
     * on the time per token count as delay, attainment targets as error. any_violated: the fraction
     * of samples in which any limit is violated. */
    double delay_violated;
    double error_violated;
    double any_violated;
    /* Re-optimised: the number of samples in which no routing satisfies every limit. They count as
     * violated in any_violated, and do not count in the other fields. */
    size_t samples_without_plan;
    /* The worst case over the uncertainty set: its cost, and the use of the fullest limit (1:
     * full). */
    double worst_cost_usd;
    double worst_delay_full; /* NaN: no limit on delay */
    double worst_error_full;
} ifp_stress_entry;
#define IFP_STRESS_ENTRY_INIT                                                                      \
    {                                                                                              \
        sizeof(ifp_stress_entry), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                               \
    }

/*
 * Draw samples from the uncertainty set of the instance, and evaluate the plan in each: with its
 * own routes, in the arithmetic of ifp_check_new, and with routes re-optimised to within 1e-6 of
 * the optimum. All inflations use the same samples. docs/stress.md describes how they are drawn.
 * If options is NULL, IFP_STRESS_OPTIONS_INIT applies. The result keeps no reference to the
 * arguments: the instance is read until the call returns, and the plan is copied before the first
 * sample.
 *
 * NULL on failure, with IFP_ERROR_MEMORY, _ARGUMENT, _ENGINE or _VALUE in error. _VALUE means that
 * the instance is incomplete, its uncertainty.kind is "none", samples is out of range, the plan has
 * names that the instance does not have, or the plan violates a limit that no deviation changes
 * (any limit except those on delay, TTFT, time per token, error and attainment). Stopping is not an
 * error: the result then covers the samples that were done. Equal input gives equal results.
 */
IFP_API ifp_stress *ifp_stress_new(const ifp_instance *instance, const ifp_plan *plan,
                                   const ifp_stress_options *options, ifp_error *error);
IFP_API void ifp_stress_free(ifp_stress *stress);

/* The number of samples evaluated. It is the number requested, unless the test was stopped. */
IFP_API size_t ifp_stress_samples(const ifp_stress *stress);

/* Rows: kept routing at each inflation in ascending order, then re-optimised routing in the same
 * order. The getter fills the entry up to its size. IFP_ERROR_ARGUMENT if index is out of range or
 * the size is smaller than in the first release. */
IFP_API size_t ifp_stress_row_count(const ifp_stress *stress);
IFP_API int ifp_stress_row(const ifp_stress *stress, size_t index, ifp_stress_entry *entry);

/* The stress document of docs/stress.md. Owned by the caller, freed with ifp_text_free. NULL if out
 * of memory. */
IFP_API char *ifp_stress_write_json(const ifp_stress *stress);

IFP_END_DECLS

#endif
