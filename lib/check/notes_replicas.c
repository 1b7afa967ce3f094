/* SPDX-License-Identifier: MIT */
/* What requests need of a replica, and the note on max_replicas: a deployment that is full at its
 * largest number of replicas while demand stays unmet that one more would serve at a profit. */
#include "check/notes.h"

#include <math.h>
#include <stdlib.h>

#include "util/figure.h"
#include "util/number.h"

/* Unmet shares up to this are within the verifier's tolerance. */
static const double UNMET_MIN = IFP_VERIFY_TOLERANCE;
/* A deployment that is fuller than this could use another replica. */
static const double FULL = 0.99;
/* The query types that are looked at: those with the largest unmet penalties. */
enum { QUERIES_MAX = 16 };

/* -- needs -- */

double ifp_noting_fraction(double use, double capacity)
{
    return !(use > 0) ? 0 : capacity > 0 ? use / capacity : INFINITY;
}

double ifp_noting_kv_capacity(const struct ifp_operating *operating)
{
    return operating->degree * ifp_wide_get(ifp_operating_memory(operating)) -
           ifp_wide_get(ifp_operating_weights(operating));
}

struct ifp_needs ifp_noting_needs(const struct ifp_operating *operating, size_t i,
                                  const struct ifp_felt *felt)
{
    const struct ifp_instance *instance = operating->instance;
    const struct ifp_query_data *query = &instance->queries[i];
    const struct ifp_tier_data *tier = &instance->tiers[operating->tier];
    const struct ifp_model_data *model = &instance->models[operating->model];
    const struct ifp_profile_data *profile = operating->profile;
    double tokens = query->input_tokens + query->output_tokens;
    double hours = ifp_wide_get(felt->residency_hours);
    double kv_gb = tier->kv_scale * model->kv_gb_per_token * tokens * query->rate_per_hour * hours;
    double tflops = query->tflop_per_1k_tokens * model->compute_scale / 1000 * tokens *
                    query->rate_per_hour / 3600;
    struct ifp_needs made = {
        .load = profile ? query->rate_per_hour * ifp_wide_get(felt->replica_hours)
                        : ifp_noting_fraction(tflops, tier->tflops * operating->degree),
        .kv = operating->point ? 0 : ifp_noting_fraction(kv_gb, ifp_noting_kv_capacity(operating)),
    };
    if (profile && !operating->point && isfinite(profile->max_sequences))
        made.slots = query->rate_per_hour * hours / profile->max_sequences;
    return made;
}

double ifp_needs_largest(const struct ifp_needs *needs)
{
    return fmax(needs->load, fmax(needs->kv, needs->slots));
}

/* -- one more replica -- */

/* A deployment that is full at max_replicas, and what one more replica would bring and cost. */
struct grown {
    size_t deployment;
    double load;  /* replicas: of load or compute */
    double other; /* replicas: of memory and slots */
    double usd;
};

/* Is it full? Fills in the rest. */
static bool is_full(const struct ifp_evaluation *evaluation, size_t d, struct grown *grown)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[d];
    const struct ifp_deployment_totals *totals = &evaluation->deployments[d];
    const struct ifp_operating *operating = &totals->operating;
    const struct ifp_tier_data *tier = &instance->tiers[deployment->tier];
    double replicas = (double)deployment->replicas;
    if (replicas < instance->max_replicas || !operating->known)
        return false;
    double counted = ifp_operating_counted(operating, replicas);
    double limit = ifp_operating_load_limit(operating, replicas);
    double used = operating->profile ? ifp_wide_get(totals->load)
                                     : ifp_noting_fraction(ifp_wide_get(totals->compute),
                                                           tier->tflops * operating->degree);
    double full = ifp_noting_fraction(used, limit);
    full = fmax(full, ifp_noting_fraction(ifp_wide_get(totals->kv),
                                          ifp_noting_kv_capacity(operating) * counted));
    if (operating->profile && isfinite(operating->profile->max_sequences))
        full = fmax(full, ifp_noting_fraction(ifp_wide_get(totals->slots),
                                              operating->profile->max_sequences * counted));
    *grown = (struct grown){
        .deployment = d,
        .load = ifp_operating_load_limit(operating, replicas + 1) - limit,
        .other = ifp_operating_counted(operating, replicas + 1) - counted,
        .usd = instance->rental_hours * tier->usd_per_hour * operating->degree,
    };
    return full >= FULL;
}

/* Do the budget and the pool have room for one more replica? */
static bool may_grow(const struct ifp_evaluation *evaluation, const struct grown *grown)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_check *check = evaluation->check;
    const struct ifp_plan_deployment *deployment =
        &evaluation->plan->deployments[grown->deployment];
    const char *pool = instance->tiers[deployment->tier].pool;
    double spent = ifp_wide_get(evaluation->rental) + ifp_wide_get(evaluation->storage);
    if (spent + grown->usd > instance->budget_usd)
        return false;
    const char *name = pool ? check->pool_names[ifp_instance_find_pool(instance, pool)] : NULL;
    for (size_t l = 0; name && l < check->limit_count; l++) {
        const struct ifp_check_limit *limit = &check->limits[l];
        if (limit->subject.pool == name)
            return limit->used + (double)deployment->degree <= limit->limit;
    }
    return true;
}

/* May the query type have a route there, by its limits? */
static bool may_serve(const struct ifp_operating *operating, size_t i, struct ifp_felt *felt)
{
    const struct ifp_query_data *query = &operating->instance->queries[i];
    ifp_operating_feel(operating, i, felt);
    if (felt->unknown || ifp_operating_filter(operating, i, felt).name)
        return false;
    struct ifp_wide late = ifp_operating_factor(operating, IFP_DELAY_SHRINK);
    struct ifp_wide wrong = ifp_operating_factor(operating, IFP_ERROR_SHRINK);
    return ifp_wide_get(ifp_felt_worst(&felt->delay, late)) <= query->delay_limit_ms &&
           ifp_wide_get(ifp_felt_worst(&felt->error, wrong)) <= query->error_limit;
}

/* The dollars saved if one more replica serves what query type i leaves unmet; 0 if it cannot. */
static double saving(const struct ifp_evaluation *evaluation, const struct grown *grown, size_t i)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_operating *operating = &evaluation->deployments[grown->deployment].operating;
    const struct ifp_query_data *query = &instance->queries[i];
    struct ifp_felt felt;
    if (!may_serve(operating, i, &felt))
        return 0;
    struct ifp_needs needs = ifp_noting_needs(operating, i, &felt);
    double share = ifp_wide_get(ifp_evaluation_unmet(&evaluation->queries[i]));
    if (needs.load > 0)
        share = fmin(share, grown->load / needs.load);
    if (fmax(needs.kv, needs.slots) > 0)
        share = fmin(share, grown->other / fmax(needs.kv, needs.slots));
    double ms = ifp_wide_get(ifp_felt_worst(&felt.delay, ifp_wide(0)));
    double each = query->unmet_penalty_usd - query->delay_penalty_usd_per_ms * ms;
    return ifp_instance_penalty_hours(instance) * query->rate_per_hour * each * share;
}

/* -- the query types -- */

static double unmet_usd(const struct ifp_evaluation *evaluation, size_t i)
{
    const struct ifp_query_data *query = &evaluation->instance->queries[i];
    double unmet = ifp_wide_get(ifp_evaluation_unmet(&evaluation->queries[i]));
    return unmet > UNMET_MIN ? unmet * query->rate_per_hour * query->unmet_penalty_usd : 0;
}

/* The query types with the largest penalties for unmet demand, in descending order. */
static size_t find_unmet(const struct ifp_evaluation *evaluation, size_t queries[QUERIES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < evaluation->instance->query_count; i++) {
        double usd = unmet_usd(evaluation, i);
        size_t at = count;
        while (at > 0 && usd > unmet_usd(evaluation, queries[at - 1]))
            at--;
        if (!(usd > 0) || at == QUERIES_MAX)
            continue;
        count += count < QUERIES_MAX;
        for (size_t n = count - 1; n > at; n--)
            queries[n] = queries[n - 1];
        queries[at] = i;
    }
    return count;
}

/* Is the query type routed elsewhere only, with a placement that allows it no other route? */
static bool is_bound(const struct ifp_evaluation *evaluation, size_t i, size_t deployment)
{
    const struct ifp_plan *plan = evaluation->plan;
    bool routed = false;
    if (evaluation->instance->placement == IFP_PLACEMENT_SPLIT)
        return false;
    for (size_t r = 0; r < plan->route_count; r++) {
        if (plan->routes[r].query != i)
            continue;
        if (ifp_plan_route_deployment(plan, r) == deployment)
            return false;
        routed = true;
    }
    return routed;
}

static void describe(const struct ifp_evaluation *evaluation, const struct grown *grown, size_t i,
                     double saved, struct ifp_text *text)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_deployment *deployment =
        &evaluation->plan->deployments[grown->deployment];
    ifp_text_clear(text);
    ifp_text_format(text, "max_replicas is %g, and ", instance->max_replicas);
    ifp_figure_percent(text, ifp_wide_get(ifp_evaluation_unmet(&evaluation->queries[i])));
    ifp_text_format(text, " of %s stays unmet: one more replica of %s on %s would save ",
                    instance->queries[i].name, instance->models[deployment->model].name,
                    instance->tiers[deployment->tier].name);
    ifp_figure_dollars(text, saved);
    ifp_text_string(text, " for a rent of ");
    ifp_figure_dollars(text, grown->usd);
}

void ifp_noting_replicas(struct ifp_noting *noting)
{
    const struct ifp_evaluation *evaluation = noting->evaluation;
    struct ifp_text text = {0};
    struct ifp_text path = {0};
    double best = 0;
    size_t queries[QUERIES_MAX];
    size_t count = find_unmet(evaluation, queries);
    for (size_t d = 0; count > 0 && d < evaluation->plan->deployment_count; d++) {
        struct grown grown;
        if (!is_full(evaluation, d, &grown))
            continue;
        for (size_t q = 0; q < count; q++) {
            double saved = saving(evaluation, &grown, queries[q]);
            if (!(saved - grown.usd > best) || is_bound(evaluation, queries[q], d) ||
                !may_grow(evaluation, &grown))
                continue;
            best = saved - grown.usd;
            describe(evaluation, &grown, queries[q], saved, &text);
        }
    }
    ifp_text_string(&path, "policy.max_replicas");
    ifp_noting_put(noting, best > 0, &text, &path);
}
