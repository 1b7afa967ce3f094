/* SPDX-License-Identifier: MIT */
/* The instance in memory. Symbols in comments are those of docs/formulation.md. */
#ifndef IFP_INSTANCE_INSTANCE_H
#define IFP_INSTANCE_INSTANCE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include <inferplan/instance.h>

#include "util/busy.h"
#include "util/error.h"
#include "util/names.h"

/*
 * How absent values are stored. An absent limit is +infinity, so comparisons need no special case.
 * A required number that was not given yet is NaN, and so is penalty_hours if it has its default. A
 * delay or error entry that is null (not a candidate) is NaN.
 */

enum ifp_placement { IFP_PLACEMENT_SINGLE, IFP_PLACEMENT_MATCHING, IFP_PLACEMENT_SPLIT };
enum ifp_slo_basis { IFP_SLO_SERVED, IFP_SLO_OFFERED };
enum ifp_storage_basis { IFP_STORAGE_DEPLOYMENT, IFP_STORAGE_ROUTE };
enum ifp_uncertainty { IFP_UNCERTAINTY_NONE, IFP_UNCERTAINTY_BUDGET, IFP_UNCERTAINTY_DECISION };
enum ifp_level { IFP_LEVEL_CELL, IFP_LEVEL_QUERY };
/* On what a limit on delay or error is held: the mean of all routes, or each route by itself. */
enum ifp_limit_basis { IFP_BASIS_AVERAGE, IFP_BASIS_ROUTE };

struct ifp_numbers {
    double *values;
    size_t count;
};

/* `extra` in each record: the user's own x_ members, as JSON text without braces, or NULL. */

enum ifp_headroom_kind {
    IFP_HEADROOM_ABSENT, /* not given, or null */
    IFP_HEADROOM_UTILIZATION,
    IFP_HEADROOM_WAIT,
    IFP_HEADROOM_TABLE
};

/* L(m), how much load m replicas may carry, in replicas. Only the members of its kind are used. */
struct ifp_headroom_data {
    int kind; /* enum ifp_headroom_kind */
    double utilization;
    double wait_ms;           /* w */
    double quantile;          /* q */
    double slots;             /* s, of one replica */
    double service_ms;        /* D */
    double cv2;               /* v */
    struct ifp_numbers table; /* L(1), L(2), .. */
    char *extra;
};

struct ifp_query_data {
    char *name;
    char *extra;
    double input_tokens;             /* h_i */
    double output_tokens;            /* f_i */
    double rate_per_hour;            /* lam_i */
    double tflop_per_1k_tokens;      /* a_i */
    double storage_gb_per_token;     /* th_i */
    double delay_limit_ms;           /* Dl_i */
    double error_limit;              /* El_i */
    double delay_penalty_usd_per_ms; /* rho_i */
    double unmet_penalty_usd;        /* phi_i */
    double max_unmet;                /* zeta_i */
    double ttft_limit_ms;            /* of every route; +infinity: no limit */
    double tpot_limit_ms;            /* of every route; +infinity: no limit */
    int limit_basis;                 /* enum ifp_limit_basis; -1: the policy's */
    double attainment_target;        /* q_i; NaN: no target */
    double cached_input_fraction;
};

struct ifp_model_data {
    char *name;
    char *extra;
    double weights_gb;      /* B_j */
    double kv_gb_per_token; /* b_j */
    double compute_scale;   /* s_j */
};

struct ifp_tier_data {
    char *name;
    char *extra;
    double memory_gb;              /* C_k */
    double tflops;                 /* P_k */
    double usd_per_hour;           /* p_k */
    struct ifp_numbers tp_degrees; /* N_k */
    struct ifp_numbers tp_speedup; /* S_k(n), by degree; empty: the degrees are the speedups */
    double weight_scale;           /* wk_k */
    double kv_scale;               /* kk_k */
    char *pool;                    /* a pool's name; NULL: no pool */
    double memory_utilization;     /* C_k is memory_gb times this */
};

struct ifp_pool_data {
    char *name;
    char *extra;
    double gpus;
};

/* What was measured for one query type at a point. NaN: not given. */
struct ifp_measured_data {
    char *query; /* the name of a query type */
    char *extra;
    double rate_per_hour; /* mu: of one replica that serves this query type only */
    double ttft_ms;
    double tpot_ms;           /* NaN: the point's */
    double e2e_ms;            /* NaN: ttft_ms + max(0, f_i - 1) tpot_ms */
    double attainment;        /* the fraction of requests within all limits */
    double ttft_deviation_ms; /* NaN: the profile's delay_deviation times the nominal value; */
    double tpot_deviation_ms; /* so also for these */
    double e2e_deviation_ms;
};

/* A measured operating point. */
struct ifp_point_data {
    char *name;
    char *extra;
    double tpot_ms; /* NaN: not given */
    struct ifp_measured_data *queries;
    size_t query_count;
    struct ifp_names query_names;
};

/* What one replica of a configuration does under load. It has one of two forms. */
struct ifp_profile_data {
    char *name; /* its key in profile_names, made by ifp_profile_key; NULL until it is complete */
    char *extra;
    char *model;
    char *tier;
    double tp_degree;
    struct ifp_headroom_data headroom; /* absent: the policy's */
    double spare_replicas;
    double min_replicas;
    double network_ms;
    double delay_deviation; /* a fraction */
    /* the law; iteration_ms is NaN in the other form: */
    double iteration_ms;         /* a */
    double prefill_ms_per_token; /* b */
    double decode_ms_per_token;  /* g */
    double context_ms_per_token; /* k */
    double max_sequences;        /* S; +infinity: no limit */
    double chunk_tokens;         /* +infinity: one chunk */
    struct ifp_numbers paces_ms; /* empty: chosen by the solver */
    /* measured points: */
    struct ifp_point_data *points;
    size_t point_count; /* 0: the law */
    struct ifp_names point_names;
};

/* The performance fields, in the order of the file format. */
enum ifp_performance {
    IFP_DELAY,           /* d_ijk */
    IFP_DELAY_DEVIATION, /* dd_ijk */
    IFP_ERROR_RATE,      /* e_ijk */
    IFP_ERROR_DEVIATION, /* de_ijk */
    IFP_KV_RESIDENCY,    /* t_ijk */
    IFP_DELAY_SHRINK,    /* gd_jk */
    IFP_ERROR_SHRINK,    /* ge_jk */
    IFP_PERFORMANCE_COUNT
};

/* A table, which may be given for fewer dimensions than it has: rank 0 is one number for all cells,
 * rank 1 is one number per query (shrink: per model), and so on. The order is row-major. `values`
 * is NULL if the table was not given. */
struct ifp_table {
    double *values;
    size_t count;
    int rank;
};

struct ifp_instance {
    char *name;
    char *source; /* may be NULL */
    char *extra;
    double rental_hours;  /* T */
    double penalty_hours; /* H; NaN: equal to rental_hours */
    char *horizon_extra;
    double budget_usd; /* Bud */
    double storage_gb; /* Sto */
    char *limits_extra;
    double storage_usd_per_gb_hour; /* ps */
    int placement;                  /* enum ifp_placement */
    int slo_basis;                  /* enum ifp_slo_basis */
    int storage_basis;              /* enum ifp_storage_basis */
    double max_replicas;            /* R */
    int limit_basis;                /* enum ifp_limit_basis; the default of the query types */
    bool whole_requests;            /* must one request fit one replica, also without a profile? */
    double deployments_per_pair;    /* 1, or +infinity: any number */
    double paces;                   /* P: paces chosen for a law without paces_ms */
    struct ifp_headroom_data headroom; /* the default of the profiles */
    char *policy_extra;
    int uncertainty;     /* enum ifp_uncertainty */
    int level;           /* enum ifp_level */
    double delay_budget; /* Gd; +infinity: not given */
    double error_budget; /* Ge; +infinity: not given */
    char *uncertainty_extra;
    struct ifp_query_data *queries;
    size_t query_count;
    struct ifp_model_data *models;
    size_t model_count;
    struct ifp_tier_data *tiers;
    size_t tier_count;
    struct ifp_pool_data *pools;
    size_t pool_count;
    struct ifp_profile_data *profiles; /* at most one for each model, tier and degree */
    size_t profile_count;
    struct ifp_names query_names; /* the names of each list, in its order */
    struct ifp_names model_names;
    struct ifp_names tier_names;
    struct ifp_names pool_names;
    struct ifp_names profile_names; /* keys of model, tier and degree */
    struct ifp_table performance[IFP_PERFORMANCE_COUNT];
    bool residency_is_delay; /* is kv_residency_hours the word "delay"? Its table is then absent */
    char *performance_extra;
    /* The members below belong to the handle and are not copied. */
    struct ifp_error error;
    struct ifp_busy busy;
    /* In a sample of the stress test: by query type, model and tier, the factor g of each deviation
     * that is added to times, and to the missed fraction of requests. NULL: nothing is added. */
    double *sampled_delay;
    double *sampled_error;
};

/* Every public call that reads the instance is enclosed in these. Changes are refused meanwhile. If
 * the instance is freed meanwhile, the last of these calls destroys it. Calls may nest; `instance`
 * may be NULL. */
void ifp_instance_begin_read(const struct ifp_instance *instance);
void ifp_instance_end_read(const struct ifp_instance *instance);

/* Every public call that changes the instance is enclosed in these. ifp_instance_begin returns
 * IFP_ERROR_BUSY if another call uses the instance. ifp_instance_end takes the result of the call,
 * and returns it. */
int ifp_instance_begin(struct ifp_instance *instance);
int ifp_instance_end(struct ifp_instance *instance, int code);

/* The entry of a three-dimensional performance field, or NaN if it is not a candidate. */
double ifp_instance_performance(const struct ifp_instance *instance, enum ifp_performance field,
                                size_t query, size_t model, size_t tier);

/* The drawn factor g of a deviation, in a sample of the stress test; else 0. */
static inline double ifp_instance_sampled(const struct ifp_instance *instance,
                                          const double *sampled, size_t query, size_t model,
                                          size_t tier)
{
    return sampled ? sampled[(query * instance->model_count + model) * instance->tier_count + tier]
                   : 0;
}

/* gd_jk or ge_jk. */
double ifp_instance_shrink(const struct ifp_instance *instance, enum ifp_performance field,
                           size_t model, size_t tier);

/* H, with its default applied. */
static inline double ifp_instance_penalty_hours(const struct ifp_instance *instance)
{
    return isnan(instance->penalty_hours) ? instance->rental_hours : instance->penalty_hours;
}

/* The basis of a query type's limits on delay and error, with its default applied. */
static inline enum ifp_limit_basis ifp_instance_limit_basis(const struct ifp_instance *instance,
                                                            size_t query)
{
    int basis = instance->queries[query].limit_basis;
    return (enum ifp_limit_basis)(basis < 0 ? instance->limit_basis : basis);
}

/* The head-room of a configuration with that profile, or NULL for one without; its kind is
 * IFP_HEADROOM_ABSENT if there is none. */
static inline const struct ifp_headroom_data *
ifp_instance_headroom(const struct ifp_instance *instance, const struct ifp_profile_data *profile)
{
    return profile && profile->headroom.kind ? &profile->headroom : &instance->headroom;
}

/* The profile of a configuration, or NULL. `degree` is the degree itself, not its index. */
const struct ifp_profile_data *ifp_instance_profile(const struct ifp_instance *instance,
                                                    size_t model, size_t tier, double degree);

/* S_k(n) for the degree at that index, with its default applied. */
static inline double ifp_tier_speedup(const struct ifp_tier_data *tier, size_t degree_index)
{
    return tier->tp_speedup.count ? tier->tp_speedup.values[degree_index]
                                  : tier->tp_degrees.values[degree_index];
}

/* The index of a name in a list, or the list's length if it is missing. */
size_t ifp_instance_find_query(const struct ifp_instance *instance, const char *name);
size_t ifp_instance_find_model(const struct ifp_instance *instance, const char *name);
size_t ifp_instance_find_tier(const struct ifp_instance *instance, const char *name);
size_t ifp_instance_find_pool(const struct ifp_instance *instance, const char *name);

#endif
