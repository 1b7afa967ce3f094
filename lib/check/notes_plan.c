/* SPDX-License-Identifier: MIT */
/* Notes on a plan: loads without a limit, demand that a default leaves unmet, limits that hold only
 * on average, and queues that grow. */
#include "check/notes.h"

#include <math.h>
#include <stdlib.h>

#include "util/figure.h"
#include "util/number.h"

/* A share below this is no route (docs/result-format.md). */
static const double ROUTE_SHARE_MIN = 1e-9;
/* A route with more than this fraction of its query type's traffic is worth a note. */
static const double ROUTE_MIN = 0.05;
/* From this utilization on, waiting times are long without head-room. */
static const double BUSY = 0.95;
static const double MS_PER_HOUR = 3.6e6;

/* A route that serves demand, and its deployment. */
struct served {
    const struct ifp_plan_route *route;
    size_t deployment;
    const struct ifp_deployment_totals *totals;
    const struct ifp_query_data *query;
    struct ifp_felt felt;
};

/* The route at that index, if it serves demand from a deployment at a known point. */
static bool find_served(const struct ifp_noting *noting, size_t r, struct served *served)
{
    const struct ifp_evaluation *evaluation = noting->evaluation;
    const struct ifp_plan *plan = evaluation->plan;
    served->route = &plan->routes[r];
    served->deployment = ifp_plan_route_deployment(plan, r);
    served->query = &noting->instance->queries[served->route->query];
    if (!(served->route->fraction >= ROUTE_SHARE_MIN) || !(served->query->rate_per_hour > 0) ||
        served->deployment >= plan->deployment_count)
        return false;
    served->totals = &evaluation->deployments[served->deployment];
    if (!served->totals->operating.known)
        return false;
    ifp_operating_feel(&served->totals->operating, served->route->query, &served->felt);
    return !served->felt.unknown;
}

static const char *model_of(const struct ifp_noting *noting, const struct served *served)
{
    return noting->instance->models[served->route->model].name;
}

static const char *tier_of(const struct ifp_noting *noting, const struct served *served)
{
    return noting->instance->tiers[served->route->tier].name;
}

/* -- loads without a limit -- */

/* Why a route without a profile needs no compute, and which field says so. */
static void put_unlimited(const struct ifp_noting *noting, const struct served *served,
                          struct ifp_text *text, struct ifp_text *path)
{
    const struct ifp_profile_data *profile = served->totals->operating.profile;
    const struct ifp_query_data *query = served->query;
    ifp_text_format(text, "Nothing limits how much of %s (", query->name);
    ifp_figure_number(text, query->rate_per_hour);
    ifp_text_format(text, " requests per hour) %s on %s serves: ", model_of(noting, served),
                    tier_of(noting, served));
    if (profile) {
        ifp_text_string(text, "the times of its profile are 0");
        ifp_text_format(path, "profiles[%zu].decode_ms_per_token",
                        (size_t)(profile - noting->instance->profiles));
        return;
    }
    bool by_model = query->tflop_per_1k_tokens > 0;
    ifp_text_format(text, "%s is 0, no KV cache stays in memory (",
                    by_model ? "compute_scale" : "tflop_per_1k_tokens");
    ifp_text_string(text, ifp_wide_get(served->felt.residency_hours) > 0
                              ? "kv_gb_per_token is 0"
                              : "kv_residency_hours is 0");
    ifp_text_string(text, "), and there is no profile");
    if (by_model)
        ifp_noting_path(path, "models", model_of(noting, served), served->route->model,
                        "compute_scale");
    else
        ifp_noting_path(path, "queries", query->name, served->route->query, "tflop_per_1k_tokens");
}

void ifp_noting_unlimited(struct ifp_noting *noting)
{
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    for (size_t r = 0; r < noting->evaluation->plan->route_count; r++) {
        struct served served;
        if (!find_served(noting, r, &served))
            continue;
        struct ifp_needs needs =
            ifp_noting_needs(&served.totals->operating, served.route->query, &served.felt);
        if (ifp_needs_largest(&needs) > 0 || cases++ > 0)
            continue;
        put_unlimited(noting, &served, &text, &path);
    }
    ifp_noting_put(noting, cases, &text, &path);
}

void ifp_noting_residency(struct ifp_noting *noting)
{
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    for (size_t r = 0; r < noting->evaluation->plan->route_count; r++) {
        struct served served;
        if (!find_served(noting, r, &served))
            continue;
        const struct ifp_operating *operating = &served.totals->operating;
        double kv_gb = noting->instance->models[operating->model].kv_gb_per_token *
                       noting->instance->tiers[operating->tier].kv_scale;
        if (operating->profile || !(kv_gb > 0) || noting->instance->residency_is_delay ||
            ifp_wide_get(served.felt.residency_hours) > 0 || cases++ > 0)
            continue;
        ifp_text_format(&text,
                        "kv_residency_hours is 0, so the requests of %s take no KV memory "
                        "of %s on %s, although one request has ",
                        served.query->name, model_of(noting, &served), tier_of(noting, &served));
        ifp_figure_number(&text,
                          kv_gb * (served.query->input_tokens + served.query->output_tokens));
        ifp_text_string(&text, " GB; the word \"delay\" keeps it for the delay of each request");
        ifp_text_string(&path, "performance.kv_residency_hours");
    }
    ifp_noting_put(noting, cases, &text, &path);
}

/* -- unmet demand -- */

void ifp_noting_unmet(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    const struct ifp_evaluation *evaluation = noting->evaluation;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    double rate = 0;
    for (size_t i = 0; i < instance->query_count; i++) {
        rate += instance->queries[i].rate_per_hour;
        if (instance->queries[i].rate_per_hour > 0 &&
            ifp_wide_get(evaluation->queries[i].served) >= ROUTE_SHARE_MIN)
            return;
    }
    if (!(rate > 0))
        return;
    ifp_text_string(&text, "Everything is unmet: none of ");
    ifp_figure_number(&text, rate);
    ifp_text_string(&text, " requests per hour is served, at a penalty of ");
    ifp_figure_dollars(&text, evaluation->check->cost_parts[IFP_COST_PART_UNMET]);
    ifp_text_string(&path, "queries[*].unmet_penalty_usd");
    ifp_noting_put(noting, 1, &text, &path);
}

/* -- service -- */

/* The mean delay or error of a query type in its worst case, as its limit counts it. */
static double mean_of(const struct ifp_evaluation *evaluation, size_t i, bool delay)
{
    const struct ifp_query_totals *totals = &evaluation->queries[i];
    struct ifp_wide sum = delay ? ifp_wide_plus(totals->delay, totals->more_delay)
                                : ifp_wide_plus(totals->error, totals->more_error);
    bool served = evaluation->instance->slo_basis == IFP_SLO_SERVED;
    return ifp_wide_get(served ? ifp_wide_over(sum, totals->served) : sum);
}

/* Does the mean hold a limit that the route misses in its worst case? */
static bool is_hidden(const struct ifp_evaluation *evaluation, size_t query, bool delay,
                      double value)
{
    const struct ifp_query_data *data = &evaluation->instance->queries[query];
    double maximum =
        (delay ? data->delay_limit_ms : data->error_limit) * (1 + IFP_VERIFY_TOLERANCE);
    return value > maximum && mean_of(evaluation, query, delay) <= maximum;
}

void ifp_noting_mean(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    const struct ifp_evaluation *evaluation = noting->evaluation;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    for (size_t r = 0; r < evaluation->plan->route_count; r++) {
        const struct ifp_plan_route *route = &evaluation->plan->routes[r];
        if (!(route->fraction > ROUTE_MIN) ||
            ifp_instance_limit_basis(instance, route->query) == IFP_BASIS_ROUTE)
            continue;
        bool late = is_hidden(evaluation, route->query, true, route->delay_ms);
        bool wrong = is_hidden(evaluation, route->query, false, route->error);
        if (!(late || wrong) || cases++ > 0)
            continue;
        const char *name = instance->queries[route->query].name;
        ifp_figure_percent(&text, route->fraction);
        ifp_text_format(&text, " of %s goes to %s on %s, where its %s is ", name,
                        instance->models[route->model].name, instance->tiers[route->tier].name,
                        late ? "delay" : "error");
        ifp_figure_number(&text, late ? route->delay_ms : route->error);
        ifp_text_string(&text, late ? " ms; only the mean holds the limit of "
                                    : "; only the mean holds the limit of ");
        ifp_figure_number(&text, late ? instance->queries[route->query].delay_limit_ms
                                      : instance->queries[route->query].error_limit);
        ifp_text_string(&text, late ? " ms" : "");
        ifp_noting_path(&path, "queries", name, route->query, "limit_basis");
    }
    ifp_noting_put(noting, cases, &text, &path);
}

/* The utilization of a deployment: of its load, or, without a profile, of its compute or of its
 * memory for KV cache. */
static double utilization(const struct ifp_evaluation *evaluation, size_t d)
{
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[d];
    const struct ifp_deployment_totals *totals = &evaluation->deployments[d];
    const struct ifp_operating *operating = &totals->operating;
    double counted = ifp_operating_counted(operating, (double)deployment->replicas);
    if (operating->profile)
        return ifp_noting_fraction(ifp_wide_get(totals->load), counted);
    double tflops =
        evaluation->instance->tiers[deployment->tier].tflops * operating->degree * counted;
    return fmax(
        ifp_noting_fraction(ifp_wide_get(totals->compute), tflops),
        ifp_noting_fraction(ifp_wide_get(totals->kv), ifp_noting_kv_capacity(operating) * counted));
}

/* The name of a limit of the query type on delays, or NULL. */
static const char *delay_limit_of(const struct ifp_query_data *query)
{
    return isfinite(query->delay_limit_ms)  ? "delay_limit_ms"
           : isfinite(query->ttft_limit_ms) ? "ttft_limit_ms"
           : isfinite(query->tpot_limit_ms) ? "tpot_limit_ms"
                                            : NULL;
}

void ifp_noting_headroom(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    for (size_t r = 0; r < noting->evaluation->plan->route_count; r++) {
        struct served served;
        if (!find_served(noting, r, &served))
            continue;
        const char *limit = delay_limit_of(served.query);
        double full = utilization(noting->evaluation, served.deployment);
        const struct ifp_headroom_data *headroom =
            ifp_instance_headroom(instance, served.totals->operating.profile);
        if (!limit || !(full >= BUSY) || headroom->kind != IFP_HEADROOM_ABSENT || cases++ > 0)
            continue;
        ifp_text_format(&text, "%s on %s is used to ", model_of(noting, &served),
                        tier_of(noting, &served));
        ifp_figure_percent(&text, full);
        ifp_text_format(&text,
                        " without head-room, and %s states %s: requests wait whenever more than "
                        "the mean arrive",
                        served.query->name, limit);
        ifp_text_string(&path, "policy.headroom");
    }
    ifp_noting_put(noting, cases, &text, &path);
}

/* Add to each deployment the prompt tokens that arrive in an hour: sum lam_i h'_i x_i. */
static void add_prompts(const struct ifp_noting *noting, double *tokens)
{
    for (size_t r = 0; r < noting->evaluation->plan->route_count; r++) {
        struct served served;
        if (find_served(noting, r, &served))
            tokens[served.deployment] += served.query->rate_per_hour * served.route->fraction *
                                         served.query->input_tokens *
                                         (1 - served.query->cached_input_fraction);
    }
}

/* If more prompt tokens arrive in an iteration than it takes, prompts queue without end: the law
 * does not see that. */
void ifp_noting_chunks(struct ifp_noting *noting)
{
    const struct ifp_instance *instance = noting->instance;
    const struct ifp_evaluation *evaluation = noting->evaluation;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    size_t cases = 0;
    double *prompts = calloc(evaluation->plan->deployment_count + 1, sizeof *prompts);
    if (!prompts) {
        noting->failed = true;
        return;
    }
    add_prompts(noting, prompts);
    for (size_t d = 0; d < evaluation->plan->deployment_count; d++) {
        const struct ifp_operating *operating = &evaluation->deployments[d].operating;
        if (!operating->profile || operating->point || !operating->known ||
            !isfinite(operating->profile->chunk_tokens))
            continue;
        double counted =
            ifp_operating_counted(operating, (double)evaluation->plan->deployments[d].replicas);
        double tokens = ifp_noting_fraction(prompts[d] * operating->pace_ms / MS_PER_HOUR, counted);
        if (!(tokens > operating->profile->chunk_tokens) || cases++ > 0)
            continue;
        ifp_text_format(&text, "chunk_tokens of %s on %s is %g, but at the pace of %g ms ",
                        operating->profile->model, operating->profile->tier,
                        operating->profile->chunk_tokens, operating->pace_ms);
        ifp_figure_number(&text, tokens);
        ifp_text_string(&text, " prompt tokens arrive in each iteration of a replica, so the time "
                               "to first token grows without end");
        ifp_text_format(&path, "profiles[%zu].chunk_tokens",
                        (size_t)(operating->profile - instance->profiles));
    }
    free(prompts);
    ifp_noting_put(noting, cases, &text, &path);
}
