/* SPDX-License-Identifier: MIT */
/* A tiny instance as plain arrays: made at random from a seed, turned into an ifp_instance through
 * the public calls. Absent limits are +infinity, null entries NaN. */
#ifndef IFP_TEST_TINY_H
#define IFP_TEST_TINY_H

#include <inferplan/inferplan.h>

#include "support/random.h"

enum { TINY_QUERIES = 3, TINY_MODELS = 2, TINY_TIERS = 2, TINY_DEGREES = 2, TINY_POOLS = 2 };
enum { TINY_PAIRS = TINY_MODELS * TINY_TIERS };

enum { TINY_SINGLE, TINY_MATCHING, TINY_SPLIT };
/* Kind and level of the uncertainty: none, budget, decision_dependent by cell and by query. */
enum { TINY_NOMINAL, TINY_BUDGET, TINY_CELL, TINY_QUERY };

struct tiny {
    int queries;
    int models;
    int tiers;
    int pools;
    double rental_hours;
    double penalty_hours;
    double budget_usd;
    double storage_gb;
    double storage_usd_per_gb_hour;
    int placement;        /* TINY_SINGLE .. */
    bool offered;         /* slo_basis */
    bool stored_by_route; /* storage_basis */
    int max_replicas;
    struct {
        double input_tokens;
        double output_tokens;
        double rate_per_hour;
        double tflop_per_1k_tokens;
        double storage_gb_per_token;
        double delay_limit_ms;
        double error_limit;
        double delay_penalty_usd_per_ms;
        double unmet_penalty_usd;
        double max_unmet;
    } query[TINY_QUERIES];
    struct {
        double weights_gb;
        double kv_gb_per_token;
        double compute_scale;
    } model[TINY_MODELS];
    struct {
        double memory_gb;
        double tflops;
        double usd_per_hour;
        int degrees;
        double tp_degrees[TINY_DEGREES];
        double tp_speedup[TINY_DEGREES];
        double weight_scale;
        double kv_scale;
        int pool; /* -1: none */
    } tier[TINY_TIERS];
    double pool_gpus[TINY_POOLS];
    double delay_ms_per_token[TINY_QUERIES][TINY_MODELS][TINY_TIERS];
    double error_rate[TINY_QUERIES][TINY_MODELS][TINY_TIERS];
    double kv_residency_hours[TINY_QUERIES][TINY_MODELS][TINY_TIERS];
    int uncertainty; /* TINY_NOMINAL ..; the rest is of no meaning where it is that */
    double delay_budget;
    double error_budget;
    double delay_deviation_ms_per_token[TINY_QUERIES][TINY_MODELS][TINY_TIERS];
    double error_deviation[TINY_QUERIES][TINY_MODELS][TINY_TIERS];
    double delay_shrink[TINY_MODELS][TINY_TIERS];
    double error_shrink[TINY_MODELS][TINY_TIERS];
};

/* The same for the same seed; all policies take turns. Nominal values. */
void tiny_make(struct tiny *tiny, uint64_t seed);

/* The same instance with uncertainty, of which all kinds and levels take turns with each policy, as
 * far as placement allows; limits are wider, so that some hold at the worst. */
void tiny_make_uncertain(struct tiny *tiny, uint64_t seed);

/* Owned by the caller; fails the running test where a call fails. Queries are called q0.., models
 * m0.., tiers t0.., pools p0... */
ifp_instance *tiny_instance(const struct tiny *tiny);

#endif
