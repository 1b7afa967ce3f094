/* SPDX-License-Identifier: MIT */
/* Everything is drawn about the size that makes it matter: one replica serves about one query, in
 * load, in memory and in slots, and limits lie near what the points give. */
#include "loaded.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "points.h"
#include "support/random.h"

/* To 4 significant digits, so that the decimal in the file is the number. */
static double draw(struct random *random, double low, double high)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.3e", random_between(random, low, high));
    return strtod(text, NULL);
}

static void make_headroom(struct loaded_headroom *headroom, struct random *random)
{
    static const double quantiles[] = {0, 0.5, 0.9, 0.99};
    headroom->form = random_chance(random, 0.4) ? LOADED_ABSENT : 1 + random_below(random, 3);
    headroom->utilization = random_chance(random, 0.2) ? 1 : draw(random, 0.5, 1);
    headroom->wait_ms = random_chance(random, 0.2) ? 0 : draw(random, 0, 2000);
    headroom->quantile = quantiles[random_below(random, 4)];
    headroom->slots = 1 + random_below(random, 40);
    headroom->service_ms = draw(random, 300, 3000);
    headroom->cv2 = random_chance(random, 0.3) ? 1 : draw(random, 0, 3);
    headroom->entries = 1 + random_below(random, LOADED_TABLE);
    for (int e = 0; e < headroom->entries; e++) {
        double before = e ? headroom->table[e - 1] : 0;
        double step = random_chance(random, 0.1) ? 0 : random_between(random, 0.3, 1.2);
        headroom->table[e] = draw(random, before + step, before + step);
    }
}

static void make_policy(struct loaded *loaded, struct random *random, uint64_t seed)
{
    loaded->placement = (int)(seed % 3);
    loaded->offered = seed / 3 % 2;
    loaded->stored_by_route = seed / 6 % 2;
    loaded->uncertainty = (int)(seed / 12 % 4);
    if (loaded->uncertainty == LOADED_QUERY && loaded->placement != LOADED_SINGLE)
        loaded->uncertainty = LOADED_CELL;
    loaded->many_deployments = random_chance(random, 0.5);
    loaded->queries = 1 + random_below(random, LOADED_QUERIES);
    if (loaded->placement == LOADED_SPLIT && loaded->stored_by_route && loaded->queries > 2)
        loaded->queries = 2;
    loaded->models = 1 + random_below(random, LOADED_MODELS);
    loaded->tiers = 1 + random_below(random, LOADED_TIERS);
    loaded->max_replicas = 1 + random_below(random, 3);
    loaded->route_limits = random_chance(random, 0.3);
    loaded->whole_requests = random_chance(random, 0.5);
    loaded->paces = 1 + random_below(random, 3);
    loaded->rental_hours = random_chance(random, 0.5) ? 1 : 6;
    loaded->penalty_hours = random_chance(random, 0.5) ? loaded->rental_hours : 0.5;
    loaded->pool_gpus = random_chance(random, 0.75) ? (double)INFINITY : random_below(random, 12);
    loaded->resides_for_delay = random_chance(random, 0.5);
    loaded->delay_budget = random_chance(random, 0.3) ? 1 : draw(random, 0, 2.5);
    loaded->error_budget = random_chance(random, 0.3) ? 1 : draw(random, 0, 2.5);
    loaded->storage_usd_per_gb_hour = random_chance(random, 0.3) ? 0 : draw(random, 0, 0.02);
    loaded->budget_usd =
        random_chance(random, 0.6) ? (double)INFINITY : loaded->rental_hours * draw(random, 4, 24);
    loaded->storage_gb = random_chance(random, 0.7) ? (double)INFINITY : draw(random, 30, 200);
    make_headroom(&loaded->headroom, random);
}

static void make_hardware(struct loaded *loaded, struct random *random)
{
    for (int k = 0; k < loaded->tiers; k++) {
        loaded->tier[k].memory_gb = 80;
        loaded->tier[k].memory_utilization = random_chance(random, 0.5) ? 1 : draw(random, 0.5, 1);
        loaded->tier[k].tflops = draw(random, 100, 500);
        loaded->tier[k].usd_per_hour = random_chance(random, 0.05) ? 0 : draw(random, 1, 3);
        loaded->tier[k].degrees = 1 + random_below(random, LOADED_DEGREES);
        for (int n = 0; n < loaded->tier[k].degrees; n++) {
            loaded->tier[k].tp_degrees[n] = 1 << (n + random_chance(random, 0.1));
            loaded->tier[k].tp_speedup[n] = draw(random, 0.8, 2);
        }
        if (loaded->tier[k].tp_degrees[0] == loaded->tier[k].tp_degrees[1])
            loaded->tier[k].tp_degrees[1] = 4;
        loaded->tier[k].weight_scale = random_chance(random, 0.3) ? 0.5 : 1;
        loaded->tier[k].kv_scale = random_chance(random, 0.3) ? 0.5 : 1;
    }
    for (int j = 0; j < loaded->models; j++) {
        /* About 100 requests at once, or about one where a request may be too large. */
        double large = random_chance(random, 0.3) ? 40 : 1;
        loaded->model[j].weights_gb = random_chance(random, 0.1) ? 0 : draw(random, 5, 65);
        loaded->model[j].kv_gb_per_token =
            random_chance(random, 0.2) ? 0 : draw(random, 0, 0.003) * large;
    }
}

static void make_queries(struct loaded *loaded, struct random *random)
{
    for (int i = 0; i < loaded->queries; i++) {
        loaded->query[i].input_tokens = random_below(random, 400);
        loaded->query[i].output_tokens =
            random_chance(random, 0.2) ? 1 : 1 + random_below(random, 300);
        loaded->query[i].cached_input_fraction =
            random_chance(random, 0.5) ? 0 : draw(random, 0, 1);
        loaded->query[i].rate_per_hour =
            random_chance(random, 0.08) ? 0 : draw(random, 20000, 80000);
        double rate = fmax(1, loaded->query[i].rate_per_hour);
        double tokens = loaded->query[i].input_tokens + loaded->query[i].output_tokens;
        double usd = random_between(random, 3, 40) * loaded->rental_hours;
        loaded->query[i].tflop_per_1k_tokens =
            random_chance(random, 0.2) ? 0 : 300 * 3.6e6 / rate / tokens * draw(random, 0, 1.2);
        loaded->query[i].tflop_per_1k_tokens = draw(random, loaded->query[i].tflop_per_1k_tokens,
                                                    loaded->query[i].tflop_per_1k_tokens);
        loaded->query[i].storage_gb_per_token =
            random_chance(random, 0.5) ? 0 : draw(random, 0, 20 / rate / tokens);
        loaded->query[i].unmet_penalty_usd = draw(random, 0.9, 1) * usd / rate;
        loaded->query[i].unmet_penalty_usd /= loaded->penalty_hours;
        loaded->query[i].unmet_penalty_usd =
            draw(random, loaded->query[i].unmet_penalty_usd, loaded->query[i].unmet_penalty_usd);
        loaded->query[i].delay_penalty_usd_per_ms =
            random_chance(random, 0.4)
                ? 0
                : draw(random, 0, loaded->query[i].unmet_penalty_usd / (tokens + 1) / 20);
        loaded->query[i].max_unmet = random_chance(random, 0.8) ? 1 : draw(random, 0.1, 0.8);
        loaded->query[i].limit_basis = random_below(random, 3) - 1;
        loaded->query[i].attainment_target =
            random_chance(random, 0.15) ? draw(random, 0.8, 0.95) : (double)NAN;
    }
}

static void make_entry(const struct loaded *loaded, struct loaded_entry *entry, int i, double tpot,
                       struct random *random)
{
    double more = loaded->query[i].output_tokens * tpot;
    entry->there = random_chance(random, 0.9);
    entry->rate_per_hour = fmax(1, loaded->query[i].rate_per_hour) * draw(random, 0.6, 3);
    entry->rate_per_hour = draw(random, entry->rate_per_hour, entry->rate_per_hour);
    entry->ttft_ms = draw(random, 50, 500);
    entry->tpot_ms =
        random_chance(random, 0.3) ? draw(random, tpot * 0.9, tpot * 1.2) : (double)NAN;
    entry->e2e_ms = random_chance(random, 0.3) ? draw(random, more, 2 * more + 500) : (double)NAN;
    entry->attainment = random_chance(random, 0.8) ? draw(random, 0.7, 1) : (double)NAN;
    entry->ttft_deviation_ms = random_chance(random, 0.2) ? draw(random, 0, 100) : (double)NAN;
    entry->tpot_deviation_ms = random_chance(random, 0.2) ? draw(random, 0, 10) : (double)NAN;
    entry->e2e_deviation_ms = random_chance(random, 0.2) ? draw(random, 0, more) : (double)NAN;
}

static void make_profile(const struct loaded *loaded, struct loaded_profile *profile,
                         struct random *random)
{
    profile->form = random_below(random, 5) * 2 / 3; /* 0 0 1 2 2 */
    make_headroom(&profile->headroom, random);
    profile->spare_replicas = random_chance(random, 0.8) ? 0 : 1;
    profile->min_replicas = random_chance(random, 0.7) ? 0 : random_below(random, 4);
    profile->network_ms = random_chance(random, 0.5) ? 0 : draw(random, 1, 100);
    profile->delay_deviation = random_chance(random, 0.3) ? 0 : draw(random, 0, 0.5);
    profile->iteration_ms = draw(random, 3, 12);
    profile->prefill_ms_per_token = random_chance(random, 0.1) ? 0 : draw(random, 0, 0.15);
    profile->decode_ms_per_token = draw(random, 0, 0.2);
    profile->context_ms_per_token = random_chance(random, 0.6) ? 0 : draw(random, 0, 0.0005);
    profile->max_sequences =
        random_chance(random, 0.5) ? (double)INFINITY : 10 + random_below(random, 200);
    profile->chunk_tokens =
        random_chance(random, 0.5) ? (double)INFINITY : 16 + random_below(random, 300);
    profile->paces = random_chance(random, 0.5) ? 0 : 1 + random_below(random, LOADED_PACES);
    for (int p = 0; p < profile->paces; p++)
        profile->pace_ms[p] = profile->iteration_ms + 0.5 + 20 * p + random_below(random, 20);
    profile->points = 1 + random_below(random, LOADED_MEASURED);
    for (int p = 0; p < profile->points; p++) {
        profile->tpot_ms[p] = draw(random, 8, 50);
        for (int i = 0; i < loaded->queries; i++)
            make_entry(loaded, &profile->entry[p][i], i, profile->tpot_ms[p], random);
        profile->entry[p][0].there = true; /* a point without queries is refused */
    }
}

static void make_tables(struct loaded *loaded, struct random *random)
{
    bool profiles = false;
    loaded->delays_absent = random_chance(random, 0.2);
    for (int j = 0; j < loaded->models; j++) {
        for (int k = 0; k < loaded->tiers; k++) {
            bool measured = !loaded->delays_absent && random_chance(random, 0.6);
            /* Long ones fill the memory; after short ones only a single request may not fit. */
            double longest = random_chance(random, 0.3) ? 1e-5 : 0.003;
            loaded->delay_shrink[j][k] = draw(random, -0.5, 1);
            loaded->error_shrink[j][k] = draw(random, -0.5, 1);
            for (int i = 0; i < loaded->queries; i++) {
                loaded->delay_ms_per_token[i][j][k] = measured ? draw(random, 5, 40) : (double)NAN;
                loaded->delay_deviation_ms_per_token[i][j][k] = draw(random, 0, 20);
                loaded->error_rate[i][j][k] =
                    random_chance(random, 0.05) ? (double)NAN : draw(random, 0.01, 0.15);
                loaded->error_deviation[i][j][k] =
                    random_chance(random, 0.2) ? 0 : draw(random, 0, 0.06);
                loaded->kv_residency_hours[i][j][k] = draw(random, 0, longest);
            }
            for (int n = 0; n < loaded->tier[k].degrees; n++)
                make_profile(loaded, &loaded->profile[j][k][n], random);
            for (int n = 0; n < loaded->tier[k].degrees; n++)
                profiles |= loaded->profile[j][k][n].form != LOADED_NO_PROFILE;
        }
    }
    /* Without a profile the table must be there; here it has nothing in it. */
    loaded->delays_absent &= profiles;
}

/* Near the value of a point that exists before the limits do; exactly there now and then. */
static double limit_near(struct random *random, double value)
{
    if (!(value > 0) || random_chance(random, 0.65))
        return (double)INFINITY;
    value *= random_between(random, 0.9, 1.8);
    return draw(random, value, value);
}

static void make_limits(struct loaded *loaded, struct random *random)
{
    struct point points[POINTS_MAX];
    for (int i = 0; i < loaded->queries; i++) {
        loaded->query[i].ttft_limit_ms = (double)INFINITY;
        loaded->query[i].tpot_limit_ms = (double)INFINITY;
        loaded->query[i].delay_limit_ms = (double)INFINITY;
        loaded->query[i].error_limit = (double)INFINITY;
    }
    int count = points_find(loaded, points);
    for (int i = 0; i < loaded->queries && count; i++) {
        const struct point *point = &points[random_below(random, count)];
        struct figures figures;
        if (!points_figures(loaded, point, i, &figures))
            continue;
        if (random_chance(random, 0.6)) {
            loaded->query[i].ttft_limit_ms = limit_near(random, (double)figures.ttft_ms);
            loaded->query[i].tpot_limit_ms = limit_near(random, (double)figures.tpot_ms);
        }
        loaded->query[i].delay_limit_ms = limit_near(random, (double)figures.e2e_ms);
        loaded->query[i].error_limit =
            limit_near(random, loaded->error_rate[i][point->model][point->tier]);
    }
}

void loaded_make(struct loaded *loaded, uint64_t seed)
{
    struct random random = {seed * 77 + 5};
    int points = 0;
    struct point found[POINTS_MAX];
    int least = seed % 5 < 2 ? 1 : 3;
    int most = LOADED_POINTS;
    do {
        memset(loaded, 0, sizeof *loaded);
        make_policy(loaded, &random, seed);
        make_hardware(loaded, &random);
        make_queries(loaded, &random);
        make_tables(loaded, &random);
        make_limits(loaded, &random);
        points = points_find(loaded, found);
        most = loaded->placement == LOADED_SPLIT && loaded->stored_by_route ? 3 : LOADED_POINTS;
    } while (points < least || points > most);
}
