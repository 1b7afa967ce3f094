/* SPDX-License-Identifier: MIT */
/*
 * What a query type feels at an operating point, for the check of a plan: times, error and
 * attainment of one request, and what it takes of a replica. Written from docs/formulation.md
 * alone, in its symbols. A configuration without a profile is an operating point, too.
 */
#ifndef IFP_CHECK_OPERATING_H
#define IFP_CHECK_OPERATING_H

#include <stdbool.h>
#include <stddef.h>

#include "instance/instance.h"
#include "plan/plan.h"
#include "util/wide.h"

/* A deployment's configuration and its operating point. All are borrowed. */
struct ifp_operating {
    const struct ifp_instance *instance;
    size_t model;
    size_t tier;
    double degree;                          /* n */
    double speedup;                         /* S_k(n); 1 if the tier does not have the degree */
    const struct ifp_profile_data *profile; /* NULL: no profile */
    const struct ifp_point_data *point;     /* NULL: not measured */
    double pace_ms;                         /* tau of a law; NaN: no law */
    bool known; /* false: its profile does not have the point, or the plan does not say which */
};

/* A route without a deployment: no profile, as fast as on one GPU. */
struct ifp_operating ifp_operating_undeployed(const struct ifp_instance *instance, size_t model,
                                              size_t tier);

/* The operating point of a deployment of a resolved plan. `degree_index` is the index of its degree
 * in the tier's list, or the list's length if it is missing. */
struct ifp_operating ifp_operating_of(const struct ifp_instance *instance,
                                      const struct ifp_plan_deployment *deployment,
                                      size_t degree_index);

/* L(m) of a deployment, with its head-room and without its spare replicas. 0 if none is left. */
double ifp_operating_load_limit(const struct ifp_operating *operating, double replicas);

/* m without spare replicas, at least 0. */
double ifp_operating_counted(const struct ifp_operating *operating, double replicas);

/* C_k: the memory of a GPU that may be used, in GB. */
struct ifp_wide ifp_operating_memory(const struct ifp_operating *operating);

/* B_j wk_k: the weights, in GB. */
struct ifp_wide ifp_operating_weights(const struct ifp_operating *operating);

/* A figure of one request: basis times value, and its largest deviation, basis times deviation.
 * value.high is NaN if the figure is not known. */
struct ifp_figure_felt {
    struct ifp_wide basis;
    struct ifp_wide value;
    struct ifp_wide deviation;
};

struct ifp_felt {
    struct ifp_figure_felt ttft;     /* ms */
    struct ifp_figure_felt tpot;     /* ms */
    struct ifp_figure_felt delay;    /* e2e or delay_ijk, ms; its basis is r_i / S_k(n) without a
                                        profile, and 1 with one */
    struct ifp_figure_felt error;    /* a fraction */
    double attainment;               /* NaN: not known */
    struct ifp_wide residency_hours; /* t_ijk, nominal */
    struct ifp_wide replica_hours;   /* 1 / mu_io: of one request; 0 without a profile */
    const char *unknown;             /* why it is no candidate; NULL: it is one */
};

/* What a query type feels at the point. */
void ifp_operating_feel(const struct ifp_operating *operating, size_t query, struct ifp_felt *felt);

/* min(budget, cap) of a pair's deviation of delay (IFP_DELAY_SHRINK) or error (IFP_ERROR_SHRINK); 0
 * without uncertainty. */
struct ifp_wide ifp_operating_factor(const struct ifp_operating *operating,
                                     enum ifp_performance shrink);

/* A figure in the worst case of its route alone: basis (value + factor deviation). */
struct ifp_wide ifp_felt_worst(const struct ifp_figure_felt *figure, struct ifp_wide factor);

/*
 * Why a route may not exist: the limit that it misses by more than 1e-9 of it. `name` is NULL if it
 * misses none.
 */
struct ifp_filter_result {
    const char *name; /* "ttft_limit_ms" */
    const char *unit; /* "ms" */
    double value;
    double limit;
};

/* Hold a route against the limits on each route by itself: TTFT, time per token, delay and error if
 * their basis is the route, and whole requests. */
struct ifp_filter_result ifp_operating_filter(const struct ifp_operating *operating, size_t query,
                                              const struct ifp_felt *felt);

#endif
