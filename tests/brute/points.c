/* SPDX-License-Identifier: MIT */
#include "points.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

static const long double MS_PER_HOUR = 3.6e6L;
static const long double FILTER = 1e-9L; /* of a limit that holds on every route */

const struct loaded_profile *points_profile(const struct loaded *loaded, const struct point *point)
{
    return point->form == LOADED_NO_PROFILE
               ? NULL
               : &loaded->profile[point->model][point->tier][point->degree];
}

static long double computed_tokens(const struct loaded *loaded, int i)
{
    return loaded->query[i].input_tokens *
           (1 - (long double)loaded->query[i].cached_input_fraction);
}

static long double chunks_of(const struct loaded *loaded, const struct loaded_profile *law, int i)
{
    if (isinf(law->chunk_tokens))
        return 1;
    return ceill(computed_tokens(loaded, i) / law->chunk_tokens - 1e-12L);
}

/* Down to 6 significant digits; what is within rounding of such a number is that number. */
static double round_down(long double value)
{
    int places = 5 - (int)floorl(log10l(value));
    long double scale = powl(10, abs(places));
    long double digits = places >= 0 ? value * scale : value / scale;
    digits = floorl(digits + 1e-8L);
    return (double)(places >= 0 ? digits / scale : digits * scale);
}

/* Adds a pace once. */
static int add_pace(double *paces, int count, double pace)
{
    for (int p = 0; p < count; p++) {
        if (fabs(paces[p] - pace) <= 1e-12 * pace)
            return count;
    }
    ck_assert_int_lt(count, POINTS_MAX);
    paces[count] = pace;
    return count + 1;
}

static int automatic_paces(const struct loaded *loaded, const struct loaded_profile *law,
                           double paces[POINTS_MAX])
{
    double limit[3 * LOADED_QUERIES];
    int limits = 0;
    int count = 0;
    double a = law->iteration_ms;
    double top = -1;
    for (int i = 0; i < loaded->queries; i++) {
        long double first = law->prefill_ms_per_token * computed_tokens(loaded, i);
        long double chunks = chunks_of(loaded, law, i);
        long double all[] = {loaded->query[i].tpot_limit_ms,
                             (loaded->query[i].ttft_limit_ms - first - law->network_ms) /
                                 (1 + chunks),
                             (loaded->query[i].delay_limit_ms - first - law->network_ms) /
                                 (chunks + loaded->query[i].output_tokens)};
        for (int l = 0; l < 3; l++) {
            if (isfinite(all[l]))
                limit[limits++] = all[l] > 0 ? round_down(all[l]) : (double)all[l];
        }
    }
    for (int l = 0; l < limits; l++) {
        top = l == 0 ? limit[l] : fmax(top, limit[l]);
        if (limit[l] > a)
            count = add_pace(paces, count, limit[l]);
    }
    if (!limits)
        top = 10 * a;
    long double low = 1.1L * a;
    for (int k = 0; k < loaded->paces && top > low; k++) {
        long double part = loaded->paces == 1 ? 0 : (long double)k / (loaded->paces - 1);
        count = add_pace(paces, count, (double)(low * powl(top / low, part)));
    }
    return count;
}

static int points_of(const struct loaded *loaded, struct point point, struct point *points,
                     int count)
{
    const struct loaded_profile *profile = &loaded->profile[point.model][point.tier][point.degree];
    double automatic[POINTS_MAX];
    const double *paces = profile->pace_ms;
    int more = 1;
    point.form = profile->form;
    if (profile->form == LOADED_POINTS_FORM)
        more = profile->points;
    if (profile->form == LOADED_LAW)
        more = profile->paces;
    if (profile->form == LOADED_LAW && !profile->paces) {
        more = automatic_paces(loaded, profile, automatic);
        paces = automatic;
    }
    for (int p = 0; p < more; p++) {
        ck_assert_int_lt(count, POINTS_MAX);
        point.entry = profile->form == LOADED_POINTS_FORM ? p : 0;
        point.pace_ms = profile->form == LOADED_LAW ? paces[p] : 0;
        points[count++] = point;
    }
    return count;
}

int points_find(const struct loaded *loaded, struct point points[POINTS_MAX])
{
    int count = 0;
    for (int j = 0; j < loaded->models; j++) {
        for (int k = 0; k < loaded->tiers; k++) {
            for (int n = 0; n < loaded->tier[k].degrees; n++) {
                struct point point = {.model = j, .tier = k, .degree = n};
                count = points_of(loaded, point, points, count);
            }
        }
    }
    return count;
}

static void figures_of_law(const struct loaded *loaded, const struct point *point, int i,
                           struct figures *figures)
{
    const struct loaded_profile *law = points_profile(loaded, point);
    long double h = loaded->query[i].input_tokens;
    long double f = loaded->query[i].output_tokens;
    long double prefill = law->prefill_ms_per_token * computed_tokens(loaded, i);
    long double tau = point->pace_ms;
    long double work =
        prefill + law->decode_ms_per_token * f + law->context_ms_per_token * f * (h + (f + 1) / 2);
    figures->tpot_ms = tau;
    figures->ttft_ms = (1 + chunks_of(loaded, law, i)) * tau + prefill + law->network_ms;
    figures->e2e_ms = figures->ttft_ms + fmaxl(0, f - 1) * tau;
    figures->load = loaded->query[i].rate_per_hour / MS_PER_HOUR * work /
                    (1 - (long double)law->iteration_ms / tau);
    figures->slots =
        loaded->query[i].rate_per_hour * ((figures->e2e_ms - law->network_ms) / MS_PER_HOUR);
    figures->ttft_deviation_ms = law->delay_deviation * figures->ttft_ms;
    figures->tpot_deviation_ms = law->delay_deviation * figures->tpot_ms;
    figures->e2e_deviation_ms = law->delay_deviation * figures->e2e_ms;
}

static long double given(double value, long double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static bool figures_of_entry(const struct loaded *loaded, const struct point *point, int i,
                             struct figures *figures)
{
    const struct loaded_profile *profile = points_profile(loaded, point);
    const struct loaded_entry *entry = &profile->entry[point->entry][i];
    long double more = profile->delay_deviation;
    if (!entry->there)
        return false;
    figures->tpot_ms = given(entry->tpot_ms, profile->tpot_ms[point->entry]);
    figures->ttft_ms = (long double)entry->ttft_ms + profile->network_ms;
    long double e2e_ms =
        given(entry->e2e_ms,
              entry->ttft_ms + fmaxl(0, loaded->query[i].output_tokens - 1) * figures->tpot_ms);
    figures->e2e_ms = e2e_ms + profile->network_ms;
    figures->load = (long double)loaded->query[i].rate_per_hour / entry->rate_per_hour;
    figures->attainment = entry->attainment;
    figures->ttft_deviation_ms = given(entry->ttft_deviation_ms, more * figures->ttft_ms);
    figures->tpot_deviation_ms = given(entry->tpot_deviation_ms, more * figures->tpot_ms);
    figures->e2e_deviation_ms = given(entry->e2e_deviation_ms, more * figures->e2e_ms);
    return true;
}

static bool figures_of_tables(const struct loaded *loaded, const struct point *point, int i,
                              struct figures *figures)
{
    int j = point->model;
    int k = point->tier;
    long double tokens =
        (long double)loaded->query[i].input_tokens + loaded->query[i].output_tokens;
    long double speedup = loaded->tier[k].tp_speedup[point->degree];
    long double rate = loaded->query[i].rate_per_hour;
    if (isnan(loaded->delay_ms_per_token[i][j][k]))
        return false;
    figures->e2e_ms = loaded->delay_ms_per_token[i][j][k] * tokens / speedup;
    figures->e2e_deviation_ms = loaded->delay_deviation_ms_per_token[i][j][k] * tokens / speedup;
    figures->load = loaded->query[i].tflop_per_1k_tokens / 1000 * tokens * rate / 3600 /
                    (loaded->tier[k].tflops * loaded->tier[k].tp_degrees[point->degree]);
    figures->slots = rate * (loaded->resides_for_delay ? figures->e2e_ms / MS_PER_HOUR
                                                       : loaded->kv_residency_hours[i][j][k]);
    return true;
}

bool points_figures(const struct loaded *loaded, const struct point *point, int i,
                    struct figures *figures)
{
    int j = point->model;
    int k = point->tier;
    bool there = true;
    *figures = (struct figures){
        .ttft_ms = (long double)NAN, .tpot_ms = (long double)NAN, .attainment = (long double)NAN};
    if (isnan(loaded->error_rate[i][j][k]))
        return false;
    if (point->form == LOADED_LAW)
        figures_of_law(loaded, point, i, figures);
    else if (point->form == LOADED_POINTS_FORM)
        there = figures_of_entry(loaded, point, i, figures);
    else
        there = figures_of_tables(loaded, point, i, figures);
    figures->request_gb =
        (long double)loaded->tier[k].kv_scale * loaded->model[j].kv_gb_per_token *
        ((long double)loaded->query[i].input_tokens + loaded->query[i].output_tokens) /
        loaded->tier[k].tp_degrees[point->degree];
    figures->memory_gb = figures->request_gb * figures->slots;
    return there;
}

long double points_room_gb(const struct loaded *loaded, const struct point *point)
{
    int k = point->tier;
    return (long double)loaded->tier[k].memory_gb * loaded->tier[k].memory_utilization -
           (long double)loaded->model[point->model].weights_gb * loaded->tier[k].weight_scale /
               loaded->tier[k].tp_degrees[point->degree];
}

static bool meets(long double value, long double limit)
{
    return isinf(limit) || value <= limit * (1 + FILTER);
}

/* How much of a deviation a route by itself has to bear. */
static long double factor_alone(const struct loaded *loaded, double budget, double shrink)
{
    if (loaded->uncertainty == LOADED_NOMINAL)
        return 0;
    long double cap = loaded->uncertainty == LOADED_BUDGET ? 1 : fmaxl(0, 1 - (long double)shrink);
    return fminl(budget, cap);
}

bool points_candidate(const struct loaded *loaded, const struct point *point, int i)
{
    int j = point->model;
    int k = point->tier;
    struct figures figures;
    long double slow = factor_alone(loaded, loaded->delay_budget, loaded->delay_shrink[j][k]);
    long double wrong = factor_alone(loaded, loaded->error_budget, loaded->error_shrink[j][k]);
    bool by_route =
        loaded->query[i].limit_basis < 0 ? loaded->route_limits : loaded->query[i].limit_basis == 1;
    if (points_room_gb(loaded, point) < 0 || !points_figures(loaded, point, i, &figures))
        return false;
    if (point->form == LOADED_NO_PROFILE &&
        (isfinite(loaded->query[i].ttft_limit_ms) || isfinite(loaded->query[i].tpot_limit_ms)))
        return false;
    if (!isnan(loaded->query[i].attainment_target) && isnan(figures.attainment))
        return false;
    if ((point->form != LOADED_NO_PROFILE || loaded->whole_requests) &&
        !meets(figures.request_gb, points_room_gb(loaded, point)))
        return false;
    if (!meets(figures.ttft_ms + slow * figures.ttft_deviation_ms,
               loaded->query[i].ttft_limit_ms) ||
        !meets(figures.tpot_ms + slow * figures.tpot_deviation_ms, loaded->query[i].tpot_limit_ms))
        return false;
    return !by_route ||
           (meets(figures.e2e_ms + slow * figures.e2e_deviation_ms,
                  loaded->query[i].delay_limit_ms) &&
            meets(loaded->error_rate[i][j][k] + wrong * loaded->error_deviation[i][j][k],
                  loaded->query[i].error_limit));
}

/* P(wait > w) of N servers with `load` of them busy on average, by Erlang's recursion. */
static long double late(const struct loaded_headroom *headroom, int servers, long double load)
{
    long double blocked = 1;
    if (load >= servers)
        return 1;
    for (int n = 1; n <= servers; n++)
        blocked = load * blocked / (n + load * blocked);
    long double waits = servers * blocked / (servers - load * (1 - blocked));
    return waits * expl(-2 * (servers - load) * headroom->wait_ms /
                        ((1 + headroom->cv2) * headroom->service_ms));
}

long double points_waiting(const struct loaded_headroom *headroom, int replicas)
{
    int servers = (int)headroom->slots * replicas;
    long double low = 0;
    long double high = replicas;
    if (headroom->quantile <= 0)
        return replicas;
    for (int step = 0; step < 70; step++) {
        long double middle = (low + high) / 2;
        bool good = late(headroom, servers, (int)headroom->slots * middle) <=
                    1 - (long double)headroom->quantile;
        *(good ? &low : &high) = middle;
    }
    return low;
}

static long double table_load(const struct loaded_headroom *headroom, int replicas)
{
    int last = headroom->entries - 1;
    if (replicas <= headroom->entries)
        return headroom->table[replicas - 1];
    long double step = headroom->table[last] - (last ? (long double)headroom->table[last - 1] : 0);
    return headroom->table[last] + step * (replicas - headroom->entries);
}

long double points_load(const struct loaded *loaded, const struct point *point, int replicas)
{
    const struct loaded_profile *profile = points_profile(loaded, point);
    const struct loaded_headroom *headroom =
        profile && profile->headroom.form != LOADED_ABSENT ? &profile->headroom : &loaded->headroom;
    int count = replicas - (profile ? profile->spare_replicas : 0);
    if (count <= 0)
        return 0;
    switch (headroom->form) {
    case LOADED_UTILIZATION:
        return (long double)headroom->utilization * count;
    case LOADED_WAIT:
        return points_waiting(headroom, count);
    case LOADED_STEPS:
        return table_load(headroom, count);
    default:
        return count;
    }
}
