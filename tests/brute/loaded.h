/* SPDX-License-Identifier: MIT */
/* A tiny instance with profiles as plain arrays: made at random from a seed, and written as JSON,
 * so that the library reads it as it reads a file. Absent limits are +infinity, absent and null
 * entries NaN. All numbers have at most 4 significant digits. */
#ifndef IFP_TEST_LOADED_H
#define IFP_TEST_LOADED_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LOADED_QUERIES = 3,
    LOADED_MODELS = 2,
    LOADED_TIERS = 2,
    LOADED_DEGREES = 2,
    LOADED_PACES = 3,
    LOADED_MEASURED = 2, /* points of one profile */
    LOADED_TABLE = 4,
    LOADED_POINTS = 4 /* operating points of an instance, configurations without profile included */
};

enum { LOADED_SINGLE, LOADED_MATCHING, LOADED_SPLIT };
enum { LOADED_NOMINAL, LOADED_BUDGET, LOADED_CELL, LOADED_QUERY };
enum { LOADED_ABSENT, LOADED_UTILIZATION, LOADED_WAIT, LOADED_STEPS }; /* forms of head-room */
enum { LOADED_NO_PROFILE, LOADED_LAW, LOADED_POINTS_FORM };

struct loaded_headroom {
    int form;
    double utilization;
    double wait_ms;
    double quantile;
    double slots;
    double service_ms;
    double cv2;
    int entries;
    double table[LOADED_TABLE];
};

/* What was measured of one query at one point. */
struct loaded_entry {
    bool there;
    double rate_per_hour;
    double ttft_ms;
    double tpot_ms;
    double e2e_ms;
    double attainment;
    double ttft_deviation_ms;
    double tpot_deviation_ms;
    double e2e_deviation_ms;
};

struct loaded_profile {
    int form;
    struct loaded_headroom headroom;
    int spare_replicas;
    int min_replicas;
    double network_ms;
    double delay_deviation;
    double iteration_ms;
    double prefill_ms_per_token;
    double decode_ms_per_token;
    double context_ms_per_token;
    double max_sequences;
    double chunk_tokens;
    int paces; /* 0: automatic */
    double pace_ms[LOADED_PACES];
    int points;
    double tpot_ms[LOADED_MEASURED];
    struct loaded_entry entry[LOADED_MEASURED][LOADED_QUERIES];
};

struct loaded {
    int queries;
    int models;
    int tiers;
    double pool_gpus; /* of the one pool, which every tier draws on; infinity: no pool */
    double rental_hours;
    double penalty_hours;
    double budget_usd;
    double storage_gb;
    double storage_usd_per_gb_hour;
    int placement;
    bool offered;
    bool stored_by_route;
    int max_replicas;
    bool route_limits; /* the policy's limit_basis */
    bool whole_requests;
    bool many_deployments; /* deployments_per_pair null */
    int paces;             /* of the policy */
    struct loaded_headroom headroom;
    struct {
        double input_tokens;
        double output_tokens;
        double cached_input_fraction;
        double rate_per_hour;
        double tflop_per_1k_tokens;
        double storage_gb_per_token;
        double ttft_limit_ms;
        double tpot_limit_ms;
        double delay_limit_ms;
        double error_limit;
        double attainment_target;
        int limit_basis; /* -1: the policy's; 0: average; 1: route */
        double delay_penalty_usd_per_ms;
        double unmet_penalty_usd;
        double max_unmet;
    } query[LOADED_QUERIES];
    struct {
        double weights_gb;
        double kv_gb_per_token;
    } model[LOADED_MODELS];
    struct {
        double memory_gb;
        double memory_utilization;
        double tflops;
        double usd_per_hour;
        int degrees;
        double tp_degrees[LOADED_DEGREES];
        double tp_speedup[LOADED_DEGREES];
        double weight_scale;
        double kv_scale;
    } tier[LOADED_TIERS];
    bool delays_absent; /* the whole table; every entry is NaN then */
    bool resides_for_delay;
    double delay_ms_per_token[LOADED_QUERIES][LOADED_MODELS][LOADED_TIERS];
    double error_rate[LOADED_QUERIES][LOADED_MODELS][LOADED_TIERS];
    double kv_residency_hours[LOADED_QUERIES][LOADED_MODELS][LOADED_TIERS];
    struct loaded_profile profile[LOADED_MODELS][LOADED_TIERS][LOADED_DEGREES];
    int uncertainty;
    double delay_budget;
    double error_budget;
    double delay_deviation_ms_per_token[LOADED_QUERIES][LOADED_MODELS][LOADED_TIERS];
    double error_deviation[LOADED_QUERIES][LOADED_MODELS][LOADED_TIERS];
    double delay_shrink[LOADED_MODELS][LOADED_TIERS];
    double error_shrink[LOADED_MODELS][LOADED_TIERS];
};

/* The same for the same seed; policies and kinds of uncertainty take turns. It has 1 to
 * LOADED_POINTS operating points, 3 at most where storage is by route and placement is split. */
void loaded_make(struct loaded *loaded, uint64_t seed);

/* The instance file, for the caller to free. Queries are called q0.., models m0.., tiers t0..,
 * measured points p0... Fails the running test if out of memory. */
char *loaded_json(const struct loaded *loaded);

#endif
