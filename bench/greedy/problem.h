/* SPDX-License-Identifier: MIT */
/*
 * The numbers of an instance as the heuristics use them: products that never change are worked out
 * once, and (model, tier) pairs are numbered model * tiers + tier.
 */
#ifndef GREEDY_PROBLEM_H
#define GREEDY_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include <inferplan/inferplan.h>

enum greedy_placement { GREEDY_SINGLE, GREEDY_MATCHING, GREEDY_SPLIT };

struct greedy_query {
    double delay_limit; /* +infinity: none, as for all limits here */
    double error_limit;
    double max_unmet;
    double unmet_cost; /* H phi_i lam_i: dollars for all of it unmet */
    double delay_cost; /* H rho_i lam_i: dollars for each ms of mean delay */
    double data_cost;  /* T ps th_i r_i lam_i: dollars for all of it served */
    double compute;    /* a_i / 1000 r_i lam_i / 3600: TFLOP/s of a model with a factor of 1 */
    double rate;
};

/* A degree n of a pair, whose weights fit. Of one replica: */
struct greedy_degree {
    int degree;
    double speedup;
    double kv_gb; /* n C_k - B_j wk_k: GB for KV cache */
    double power; /* n P_k */
};

struct greedy_pair {
    size_t model;
    size_t tier;
    int pool; /* -1: none */
    double weights;
    double rent; /* T p_k: dollars for one GPU */
    double delay_cap;
    double error_cap; /* of the deviations' factors */
    int degree_count; /* 0: no degree can hold the weights */
    struct greedy_degree *degrees;
};

struct greedy_route {
    bool candidate;
    double delay; /* d_ijk r_i, ms at one GPU */
    double delay_deviation;
    double delay_whole; /* with its own deviation, as far as cap and budget let it go */
    double error;
    double error_deviation;
    double error_whole;
    double kv;      /* GB, all of it served */
    double compute; /* TFLOP/s */
};

struct greedy_problem {
    const ifp_instance *instance; /* borrowed */
    size_t query_count;
    size_t tier_count;
    size_t pair_count;
    size_t pool_count;
    enum greedy_placement placement;
    bool offered;        /* limits hold for the offered share */
    bool weights_routed; /* weights are stored once per route */
    bool coupled;        /* one budget of deviations for the delay cost of all query types */
    double max_replicas;
    double budget;
    double storage;
    double weight_cost; /* T ps: dollars for each GB of weights */
    double delay_budget;
    double error_budget;
    double *pools; /* GPUs */
    struct greedy_query *queries;
    struct greedy_pair *pairs;
    struct greedy_degree *degrees; /* of all pairs */
    struct greedy_route *routes;   /* by query and pair */
};

/* NULL, with a word on standard error, if the instance cannot be read or has profiles. The instance
 * outlives the problem. */
struct greedy_problem *greedy_problem_new(const ifp_instance *instance);
void greedy_problem_free(struct greedy_problem *problem);

static inline const struct greedy_route *greedy_route_of(const struct greedy_problem *problem,
                                                         size_t query, size_t pair)
{
    return &problem->routes[query * problem->pair_count + pair];
}

#endif
