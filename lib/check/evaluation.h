/* SPDX-License-Identifier: MIT */
/* What the check of a plan sums up, and how it records violations and limits. */
#ifndef IFP_CHECK_EVALUATION_H
#define IFP_CHECK_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>

#include "check/check.h"
#include "check/operating.h"
#include "check/worst_case.h"
#include "instance/instance.h"
#include "plan/plan.h"
#include "util/text.h"
#include "util/wide.h"

/* Sums over all routes, by query type and by deployment. */
struct ifp_query_totals {
    struct ifp_wide share;  /* sum_jk x_ijk as listed */
    struct ifp_wide served; /* the sum without negative shares */
    struct ifp_wide unmet;  /* u_i */
    size_t fractions;       /* the number of fractions listed, routed or unmet */
    struct ifp_wide delay;  /* sum_jk delay_ijk x_ijk, ms, by nominal delays */
    struct ifp_wide error;  /* sum_jk e_ijk x_ijk, by nominal error rates */
    size_t first_factor;    /* the first of its factors g of the uncertainty */
    size_t factor_count;
    struct ifp_wide more_delay; /* what the worst case adds to delay, and to error */
    struct ifp_wide more_error;
    struct ifp_wide missed;      /* sum_o (1 - a_io) x_io: requests that miss a limit of theirs */
    struct ifp_wide worst_delay; /* the largest of a single route, in its worst case */
    struct ifp_wide worst_error;
};

struct ifp_deployment_totals {
    struct ifp_wide kv;      /* kk_k b_j sum_i r_i lam_i t_ijk x_ijk, GB over all its GPUs */
    struct ifp_wide compute; /* sum_i (a_ij/1000) r_i (lam_i/3600) x_ijk, TFLOP/s */
    struct ifp_wide load;    /* sum_i (lam_i / mu_io) x_io, replicas */
    struct ifp_wide slots;   /* sum_i lam_i t_io x_io, sequences */
    struct ifp_wide gpus;    /* n m_jkn; 0 if one of them is not positive */
    struct ifp_operating operating;
    char *label;  /* what messages call it, owned */
    bool several; /* does its pair have another deployment? */
};

struct ifp_evaluation {
    const struct ifp_instance *instance;
    struct ifp_plan *plan; /* the check's own */
    struct ifp_check *check;
    struct ifp_query_totals *queries;
    struct ifp_deployment_totals *deployments;
    struct ifp_deviation *delays; /* by factor: sum of dd_ijk r_i / S_k(n) x_ijk, ms */
    struct ifp_deviation *errors; /* by factor: sum of de_ijk x_ijk */
    size_t factor_count;
    size_t *degrees;        /* by deployment: its degree's index in the tier's list */
    size_t *routes_of_tier; /* workspace of the placement check */
    struct ifp_wide rental;
    struct ifp_wide weights; /* W */
    struct ifp_wide data;    /* sum th_i r_i lam_i x_ijk, GB */
    struct ifp_wide storage;
    struct ifp_text reason;
    bool failed;
};

/* Record a violation. The text becomes the reason if this is the largest violation so far and makes
 * the plan infeasible. NaN and overflow count as the largest possible violation. */
void ifp_evaluation_note(struct ifp_evaluation *evaluation, double violation, const char *format,
                         ...) IFP_FORMAT(3, 4);

/* A number as the reason shows it: integers in full, others with as few digits as in the summary,
 * but enough to differ from `other`. */
double ifp_evaluation_shown(double violation, double value, double other);

/* Add a limit and its violation to the list. An infinite limit is absent and not listed. */
void ifp_evaluation_add_judged(struct ifp_evaluation *evaluation, double violation, int kind,
                               struct ifp_limit_subject subject, struct ifp_wide used,
                               struct ifp_wide limit);

/* The same, with the violation of a count or a quantity by the kind. */
void ifp_evaluation_add_limit(struct ifp_evaluation *evaluation, int kind,
                              struct ifp_limit_subject subject, struct ifp_wide used,
                              struct ifp_wide limit);

/* The fraction listed as unmet plus the missing one. The sum may be below 0. */
struct ifp_wide ifp_evaluation_unmet(const struct ifp_query_totals *totals);

/* Check what all deployments share: budget, storage, pools. */
void ifp_evaluation_check_shared(struct ifp_evaluation *evaluation);

/* Check memory, compute, load and slots of each deployment. */
void ifp_evaluation_check_deployments(struct ifp_evaluation *evaluation);

/* Check delay, error and attainment of each query type. */
void ifp_evaluation_check_queries(struct ifp_evaluation *evaluation);

#endif
