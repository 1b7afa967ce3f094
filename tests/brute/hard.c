/* SPDX-License-Identifier: MIT */
/* Tiny instances that are hard on rounding. */
#include "hard.h"

#include <math.h>

#include "brute.h"

static double tokens_of(const struct tiny *tiny, int i)
{
    return tiny->query[i].input_tokens + tiny->query[i].output_tokens;
}

/* TFLOP/s of serving all of a query type. */
static double load_of(const struct tiny *tiny, int i, int j)
{
    return tiny->query[i].tflop_per_1k_tokens * tiny->model[j].compute_scale / 1000 *
           tokens_of(tiny, i) * (tiny->query[i].rate_per_hour / 3600);
}

/* -- shares -- */

/* What serving a tiny share saves pays for a deployment. */
static void make_shares(struct tiny *tiny, struct random *random)
{
    static const double times[] = {0.5, 1, 1, 2, 3};
    double share = ldexp(1, -20 - random_below(random, 20));
    int tier = random_below(random, tiny->tiers);
    for (int i = 0; i < tiny->queries; i++) {
        if (!(load_of(tiny, i, 0) > 0)) {
            tiny->query[i].rate_per_hour = 360;
            tiny->query[i].tflop_per_1k_tokens = 100;
        }
        if (random_chance(random, 0.5))
            tiny->query[i].max_unmet = 1 - times[random_below(random, 5)] * share;
        if (random_chance(random, 0.5))
            tiny->query[i].unmet_penalty_usd /= share;
        if (tiny->query[i].unmet_penalty_usd > 1e15)
            tiny->query[i].unmet_penalty_usd = 1e15;
        /* With slo_basis offered, tiny limits let tiny shares pass. */
        if (tiny->offered && random_chance(random, 0.4))
            tiny->query[i].delay_limit_ms =
                times[random_below(random, 5)] * share * tokens_of(tiny, i);
        else if (random_chance(random, 0.7))
            tiny->query[i].delay_limit_ms = (double)INFINITY;
    }
    if (random_chance(random, 0.7))
        tiny->tier[tier].tflops = load_of(tiny, 0, 0) * times[random_below(random, 5)] *
                                  (random_chance(random, 0.6) ? share : 1 - share);
    if (random_chance(random, 0.5))
        tiny->budget_usd = (double)INFINITY;
}

/* -- zeros -- */

static void zero(struct random *random, double density, double *value)
{
    if (random_chance(random, density))
        *value = 0;
}

static void make_zero_tables(struct tiny *tiny, struct random *random, double density)
{
    for (int i = 0; i < tiny->queries; i++) {
        for (int j = 0; j < tiny->models; j++) {
            for (int k = 0; k < tiny->tiers; k++) {
                zero(random, density, &tiny->delay_ms_per_token[i][j][k]);
                zero(random, density, &tiny->error_rate[i][j][k]);
                zero(random, density, &tiny->kv_residency_hours[i][j][k]);
                zero(random, density, &tiny->delay_deviation_ms_per_token[i][j][k]);
                zero(random, density, &tiny->error_deviation[i][j][k]);
            }
        }
    }
}

static void make_zeros(struct tiny *tiny, struct random *random)
{
    static const double densities[] = {0.3, 0.5, 0.8};
    double density = densities[random_below(random, 3)];
    zero(random, density, &tiny->storage_usd_per_gb_hour);
    zero(random, density, &tiny->penalty_hours);
    zero(random, density * 0.2, &tiny->budget_usd);
    zero(random, density * 0.2, &tiny->storage_gb);
    for (int i = 0; i < tiny->queries; i++) {
        zero(random, density, &tiny->query[i].input_tokens);
        if (tiny->query[i].input_tokens > 0)
            zero(random, density, &tiny->query[i].output_tokens);
        zero(random, density * 0.5, &tiny->query[i].rate_per_hour);
        zero(random, density, &tiny->query[i].tflop_per_1k_tokens);
        zero(random, density, &tiny->query[i].storage_gb_per_token);
        zero(random, density, &tiny->query[i].delay_penalty_usd_per_ms);
        zero(random, density, &tiny->query[i].unmet_penalty_usd);
        zero(random, density, &tiny->query[i].max_unmet);
        zero(random, density * 0.3, &tiny->query[i].delay_limit_ms);
        zero(random, density * 0.3, &tiny->query[i].error_limit);
    }
    for (int j = 0; j < tiny->models; j++) {
        zero(random, density, &tiny->model[j].weights_gb);
        zero(random, density, &tiny->model[j].kv_gb_per_token);
        zero(random, density, &tiny->model[j].compute_scale);
    }
    for (int k = 0; k < tiny->tiers; k++) {
        zero(random, density, &tiny->tier[k].usd_per_hour);
        zero(random, density, &tiny->tier[k].weight_scale);
        zero(random, density, &tiny->tier[k].kv_scale);
    }
    make_zero_tables(tiny, random, density);
}

/* -- ties -- */

/* 1, 1, 2 or 4 units. */
static double few(struct random *random, double unit)
{
    static const double times[] = {1, 1, 2, 4};
    return unit * times[random_below(random, 4)];
}

static void make_tied_queries(struct tiny *tiny, struct random *random)
{
    for (int i = 0; i < tiny->queries; i++) {
        tiny->query[i].input_tokens = 500;
        tiny->query[i].output_tokens = 500;
        tiny->query[i].rate_per_hour = 3600;
        tiny->query[i].tflop_per_1k_tokens = few(random, 1);
        tiny->query[i].storage_gb_per_token = 0;
        tiny->query[i].delay_limit_ms = random_chance(random, 0.5) ? INFINITY : few(random, 1000);
        tiny->query[i].error_limit = random_chance(random, 0.5) ? INFINITY : few(random, 0.125);
        tiny->query[i].delay_penalty_usd_per_ms =
            random_chance(random, 0.5) ? 0 : few(random, 1.0 / (1 << 17));
        tiny->query[i].unmet_penalty_usd = few(random, 1.0 / 512);
        tiny->query[i].max_unmet = random_chance(random, 0.3) ? few(random, 0.25) : 1;
        for (int j = 0; j < tiny->models; j++) {
            for (int k = 0; k < tiny->tiers; k++) {
                tiny->delay_ms_per_token[i][j][k] = few(random, 1);
                tiny->error_rate[i][j][k] = few(random, 0.125);
                tiny->kv_residency_hours[i][j][k] = few(random, 1.0 / 1024);
            }
        }
    }
}

/* Rents are 3600 / 1024 dollars, as what is left unmet costs. */
static void make_ties(struct tiny *tiny, struct random *random)
{
    const double usd = 3600.0 / 1024;
    tiny->uncertainty = TINY_NOMINAL;
    tiny->rental_hours = 1;
    tiny->penalty_hours = 1;
    tiny->storage_usd_per_gb_hour = random_chance(random, 0.7) ? 0 : usd;
    tiny->budget_usd = random_chance(random, 0.6) ? (double)INFINITY : few(random, usd * 2);
    tiny->storage_gb = random_chance(random, 0.6) ? (double)INFINITY : few(random, 2);
    make_tied_queries(tiny, random);
    for (int j = 0; j < tiny->models; j++) {
        tiny->model[j].weights_gb = few(random, 1);
        tiny->model[j].kv_gb_per_token = random_chance(random, 0.5) ? 0 : 1.0 / 3600;
        tiny->model[j].compute_scale = 1;
    }
    for (int k = 0; k < tiny->tiers; k++) {
        tiny->tier[k].memory_gb = few(random, 2);
        tiny->tier[k].tflops = few(random, 1);
        tiny->tier[k].usd_per_hour = few(random, usd);
        tiny->tier[k].weight_scale = 1;
        tiny->tier[k].kv_scale = 1;
        for (int n = 0; n < TINY_DEGREES; n++)
            tiny->tier[k].tp_speedup[n] = tiny->tier[k].tp_degrees[n];
    }
}

/* -- penalties -- */

static void make_penalties(struct tiny *tiny, struct random *random)
{
    for (int i = 0; i < tiny->queries; i++) {
        if (random_chance(random, 0.6))
            tiny->query[i].unmet_penalty_usd = pow(10, random_between(random, 8, 15));
        if (random_chance(random, 0.3))
            tiny->query[i].delay_penalty_usd_per_ms = pow(10, random_between(random, 8, 15));
    }
}

/* -- twins -- */

static void copy_pairs(struct tiny *tiny, int j, int k, int from_j, int from_k)
{
    for (int i = 0; i < tiny->queries; i++) {
        tiny->delay_ms_per_token[i][j][k] = tiny->delay_ms_per_token[i][from_j][from_k];
        tiny->error_rate[i][j][k] = tiny->error_rate[i][from_j][from_k];
        tiny->kv_residency_hours[i][j][k] = tiny->kv_residency_hours[i][from_j][from_k];
        tiny->delay_deviation_ms_per_token[i][j][k] =
            tiny->delay_deviation_ms_per_token[i][from_j][from_k];
        tiny->error_deviation[i][j][k] = tiny->error_deviation[i][from_j][from_k];
    }
    tiny->delay_shrink[j][k] = tiny->delay_shrink[from_j][from_k];
    tiny->error_shrink[j][k] = tiny->error_shrink[from_j][from_k];
}

static void make_twins(struct tiny *tiny, struct random *random)
{
    int which = 1 + random_below(random, 3);
    for (int j = 0; which & 1 && j < tiny->models; j++) {
        if (j > 0)
            tiny->model[j] = tiny->model[0];
        for (int k = 0; k < tiny->tiers; k++)
            copy_pairs(tiny, j, k, 0, k);
    }
    for (int k = 1; which & 2 && k < tiny->tiers; k++) {
        tiny->tier[k] = tiny->tier[0];
        for (int j = 0; j < tiny->models; j++)
            copy_pairs(tiny, j, k, j, 0);
    }
}

/* -- missed limits -- */

/* Room for everything, and all of it has to be served. */
static void make_roomy(struct tiny *tiny)
{
    tiny->uncertainty = TINY_NOMINAL;
    tiny->pools = 0;
    tiny->budget_usd = (double)INFINITY;
    tiny->storage_gb = (double)INFINITY;
    for (int j = 0; j < tiny->models; j++)
        tiny->model[j].compute_scale = 1;
    for (int k = 0; k < tiny->tiers; k++) {
        tiny->tier[k].pool = -1;
        tiny->tier[k].memory_gb = 1000;
        tiny->tier[k].tflops = 1e6;
    }
    for (int i = 0; i < tiny->queries; i++) {
        tiny->query[i].rate_per_hour += 1;
        tiny->query[i].tflop_per_1k_tokens += 1;
        tiny->query[i].max_unmet = 0;
        tiny->query[i].delay_limit_ms = (double)INFINITY;
        tiny->query[i].error_limit = (double)INFINITY;
        for (int j = 0; j < tiny->models; j++) {
            for (int k = 0; k < tiny->tiers; k++) {
                if (isnan(tiny->delay_ms_per_token[i][j][k]))
                    tiny->delay_ms_per_token[i][j][k] = 1;
                if (isnan(tiny->error_rate[i][j][k]))
                    tiny->error_rate[i][j][k] = 0.1;
            }
        }
    }
}

/* The best delay and the best error that query type 0 can have are too much. */
static void miss_best(struct tiny *tiny, bool delay, double by)
{
    double min_ms = (double)INFINITY;
    double min_error = (double)INFINITY;
    for (int j = 0; j < tiny->models; j++) {
        for (int k = 0; k < tiny->tiers; k++) {
            for (int n = 0; n < tiny->tier[k].degrees; n++)
                min_ms = fmin(min_ms, tiny->delay_ms_per_token[0][j][k] * tokens_of(tiny, 0) /
                                          tiny->tier[k].tp_speedup[n]);
            min_error = fmin(min_error, tiny->error_rate[0][j][k]);
        }
    }
    if (delay)
        tiny->query[0].delay_limit_ms = min_ms / (1 + by);
    else
        tiny->query[0].error_limit = min_error / (1 + by);
}

/* The least that rent and storage can be is more than the budget. */
static void miss_budget(struct tiny *tiny, double by)
{
    for (int i = 0; i < tiny->queries; i++) {
        tiny->query[i].unmet_penalty_usd = 0;
        tiny->query[i].delay_penalty_usd_per_ms = 0;
    }
    struct brute cheapest = brute_solve(tiny);
    if (cheapest.feasible)
        tiny->budget_usd = cheapest.objective / (1 + by);
}

/* The one deployment that there can be holds less than all, or than what may not be unmet. */
static void exceed_capacity(struct tiny *tiny, int which, double by)
{
    double maximum = tiny->tier[0].tp_degrees[0] * tiny->max_replicas;
    double load = 0;
    double kv = 0;
    tiny->models = 1;
    tiny->tiers = 1;
    tiny->tier[0].degrees = 1;
    tiny->queries = which == 2 ? 1 : tiny->queries;
    for (int i = 0; i < tiny->queries; i++) {
        load += load_of(tiny, i, 0);
        kv += tiny->tier[0].kv_scale * tiny->model[0].kv_gb_per_token * tokens_of(tiny, i) *
              tiny->query[i].rate_per_hour * tiny->kv_residency_hours[i][0][0];
    }
    if (which == 0) {
        tiny->tier[0].tflops = load / maximum / (1 + by);
    } else if (which == 1) {
        tiny->model[0].weights_gb = 0;
        if (kv > 0)
            tiny->tier[0].memory_gb = kv / maximum / (1 + by);
    } else {
        tiny->tier[0].tflops = load / maximum / 4;
        tiny->query[0].max_unmet = 0.75 - by;
    }
}

static void miss_by(struct tiny *tiny, struct random *random, double by)
{
    int which = random_below(random, 6);
    make_roomy(tiny);
    if (which < 2)
        miss_best(tiny, which == 0, by);
    else if (which == 2)
        miss_budget(tiny, by);
    else
        exceed_capacity(tiny, which - 3, by);
}

static void make_missed(struct tiny *tiny, struct random *random)
{
    static const double misses[] = {0.2e-6, 0.6e-6, 0.95e-6, 1.1e-6, 2.5e-6, 4e-6};
    miss_by(tiny, random, misses[random_below(random, sizeof misses / sizeof *misses)]);
}

static struct random begin(struct tiny *tiny, enum hard_family family, uint64_t seed)
{
    struct random random = {seed * 16 + (uint64_t)family};
    (void)random_bits(&random);
    /* Policies come by in turns of 12. */
    if (seed / 12 % 2)
        tiny_make_uncertain(tiny, seed);
    else
        tiny_make(tiny, seed);
    return random;
}

void hard_make(struct tiny *tiny, enum hard_family family, uint64_t seed)
{
    static void (*const make[HARD_FAMILIES])(struct tiny *, struct random *) = {
        make_shares, make_zeros, make_ties, make_penalties, make_twins, make_missed};
    struct random random = begin(tiny, family, seed);
    make[family](tiny, &random);
}

void hard_make_missed_by(struct tiny *tiny, double by, uint64_t seed)
{
    struct random random = begin(tiny, HARD_MISSED, seed);
    miss_by(tiny, &random, by);
}
