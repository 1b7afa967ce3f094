/* SPDX-License-Identifier: MIT */
/* The stress test: how a fixed plan fares when delay and error deviate. */
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

/* Asked between samples and many times a second, on the thread that called ifp_stress_new, with
 * the part of the samples that is done (0 to 1): returns 0 to go on, anything else to stop. It may
 * use other handles, and read the instance; changes to the instance are refused with
 * IFP_ERROR_BUSY. It must return (no longjmp, no exception through it). */
typedef int (*ifp_stress_function)(double part, void *user);

typedef struct ifp_stress_options {
    size_t size;                  /* set to sizeof(ifp_stress_options) before the call */
    size_t samples;               /* 1 to 1000000 */
    uint64_t seed;                /* any number; the same one draws the same samples */
    ifp_stress_function progress; /* NULL: nobody is asked */
    void *user;                   /* passed to progress */
} ifp_stress_options;
#define IFP_STRESS_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(ifp_stress_options), 1000, 1, NULL, NULL                                            \
    }

enum ifp_stress_routing {
    /* The plan's own routes and unmet shares. */
    IFP_STRESS_ROUTING_KEPT = 1,
    /* The best ones on the plan's deployments, once the deviations are known. All that is rented
     * stays and is paid for. */
    IFP_STRESS_ROUTING_REOPTIMISED = 2
};

/* What came of one routing, with deviations as drawn from the uncertainty set times the inflation.
 * Dollars are the total over the horizon. NaN where there is nothing to tell, and for the worst
 * case of re-optimised routing, which has no formula. */
typedef struct ifp_stress_entry {
    size_t size;      /* set to sizeof(ifp_stress_entry) before the call */
    int routing;      /* an enum ifp_stress_routing */
    double inflation; /* 1, 1.2 or 1.5 */
    /* Over the samples in which the routing exists: */
    double cost_mean_usd;
    double cost_p95_usd; /* the least cost that 95 % of them do not exceed */
    double cost_largest_usd;
    /* Shares from 0 to 1. Of the query types that are served, how many exceed their limit by more
     * than 1e-6 of it, as a mean over samples; and the samples in which any limit is violated. */
    double delay_violated;
    double error_violated;
    double any_violated;
    /* Re-optimised: samples in which no routing holds every limit. They count as violated in
     * any_violated, and in nothing else. */
    size_t samples_without_plan;
    /* The worst case over the set: its cost, and how full the fullest limit is (1: full). */
    double worst_cost_usd;
    double worst_delay_full; /* NaN: no limit on delay is set */
    double worst_error_full;
} ifp_stress_entry;
#define IFP_STRESS_ENTRY_INIT                                                                      \
    {                                                                                              \
        sizeof(ifp_stress_entry), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                               \
    }

/*
 * Draw samples from the uncertainty set of the instance and evaluate the plan in each: as it is,
 * in the arithmetic of ifp_check_new, and with its routes re-optimised, within 1e-6 of the best.
 * The same samples are used for all inflations; docs/stress.md says how they are drawn. Options
 * may be NULL: all as in IFP_STRESS_OPTIONS_INIT. Nothing is kept of what is passed: the instance
 * is read until the call returns, the plan is copied before the first sample.
 *
 * NULL with IFP_ERROR_MEMORY, _ARGUMENT, _ENGINE or _VALUE in error: the instance is incomplete,
 * its uncertainty.kind is none, samples is out of range, the plan names what the instance does not
 * have or breaks what no deviation changes (all but its limits on delay and error). Stopping is no
 * error: the result is that of the samples that were done. Equal input gives equal results.
 */
IFP_API ifp_stress *ifp_stress_new(const ifp_instance *instance, const ifp_plan *plan,
                                   const ifp_stress_options *options, ifp_error *error);
IFP_API void ifp_stress_free(ifp_stress *stress);

/* How many samples were evaluated: as many as asked for, unless it was stopped. */
IFP_API size_t ifp_stress_samples(const ifp_stress *stress);

/* Rows: kept routing at each inflation in ascending order, then re-optimised routing likewise.
 * Fills as much of *entry as its size says; IFP_ERROR_ARGUMENT when index is out of range or the
 * size is smaller than the first release's. */
IFP_API size_t ifp_stress_row_count(const ifp_stress *stress);
IFP_API int ifp_stress_row(const ifp_stress *stress, size_t index, ifp_stress_entry *entry);

/* The stress document of docs/stress.md. Owned by the caller, freed with ifp_text_free; NULL when
 * out of memory. */
IFP_API char *ifp_stress_write_json(const ifp_stress *stress);

IFP_END_DECLS

#endif
