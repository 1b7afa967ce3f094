/* SPDX-License-Identifier: MIT */
/*
 * Checking whether a plan satisfies every constraint of the formulation, and its cost. It is
 * written from the formulation alone: each function below is one of its equations or a group of
 * them, with its symbols in the comments. Under uncertainty, delay and error are those of the worst
 * case. check.h defines the measures of violation.
 */
#include "check/check.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "check/evaluation.h"
#include "check/notes.h"
#include "check/operating.h"
#include "check/violation.h"
#include "check/worst_case.h"
#include "instance/instance.h"
#include "plan/adopt.h"
#include "plan/degrees.h"
#include "plan/plan.h"
#include "util/error.h"
#include "util/number.h"
#include "util/number_text.h"
#include "util/text.h"
#include "util/wide.h"

/* A route with a smaller share is none for the limits on each route by itself. */
static const double share_min = 1e-9;

static const char *query_name(const struct ifp_evaluation *evaluation, size_t query)
{
    return evaluation->instance->queries[query].name;
}

static const char *model_name(const struct ifp_evaluation *evaluation, size_t model)
{
    return evaluation->instance->models[model].name;
}

static const char *tier_name(const struct ifp_evaluation *evaluation, size_t tier)
{
    return evaluation->instance->tiers[tier].name;
}

/* What messages call a deployment: "MODEL,TIER", or "MODEL,TIER,2,40ms" if its pair has several. */
static char *make_label(const struct ifp_evaluation *evaluation, size_t index)
{
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[index];
    struct ifp_text text = {0};
    ifp_text_format(&text, "%s,%s", model_name(evaluation, deployment->model),
                    tier_name(evaluation, deployment->tier));
    if (evaluation->deployments[index].several)
        ifp_text_format(&text, ",%g", (double)deployment->degree);
    if (evaluation->deployments[index].several && deployment->point)
        ifp_text_format(&text, ",%s", deployment->point);
    return ifp_text_take(&text);
}

static bool same_pair(const struct ifp_plan_deployment *a, const struct ifp_plan_deployment *b)
{
    return a->model == b->model && a->tier == b->tier;
}

/* The operating points of all deployments. Returns false if out of memory. */
static bool find_operating_points(struct ifp_evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    struct ifp_plan *plan = evaluation->plan;
    for (size_t d = 0; d < plan->deployment_count; d++) {
        struct ifp_plan_deployment *deployment = &plan->deployments[d];
        struct ifp_deployment_totals *totals = &evaluation->deployments[d];
        totals->operating = ifp_operating_of(instance, deployment, evaluation->degrees[d]);
        totals->several =
            instance->deployments_per_pair != 1 &&
            ((d > 0 && same_pair(deployment - 1, deployment)) ||
             (d + 1 < plan->deployment_count && same_pair(deployment, deployment + 1)));
        totals->label = make_label(evaluation, d);
        if (!totals->label)
            return false;
        deployment->tpot_ms =
            totals->operating.point ? totals->operating.point->tpot_ms : totals->operating.pace_ms;
    }
    return true;
}

/* The point of a deployment is one of its profile's. */
static void check_point(struct ifp_evaluation *evaluation, size_t index)
{
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[index];
    const struct ifp_operating *operating = &evaluation->deployments[index].operating;
    const char *label = evaluation->deployments[index].label;
    if (operating->known)
        return;
    if (!operating->profile)
        ifp_evaluation_note(evaluation, 1,
                            "deployment[%s]: it is at the point %s, without a profile", label,
                            deployment->point);
    else if (!deployment->point)
        ifp_evaluation_note(evaluation, 1,
                            "deployment[%s]: the plan does not say its point, and the profile has "
                            "several",
                            label);
    else if (operating->profile->point_count)
        ifp_evaluation_note(evaluation, 1, "deployment[%s]: the profile has no point %s", label,
                            deployment->point);
    else
        ifp_evaluation_note(evaluation, 1,
                            "deployment[%s]: the point %s is no pace above iteration_ms, %g", label,
                            deployment->point, operating->profile->iteration_ms);
}

/* w_jkn <= m_jkn <= R w_jkn, and at least min_replicas. */
static void check_replicas(struct ifp_evaluation *evaluation, size_t index)
{
    const struct ifp_profile_data *profile = evaluation->deployments[index].operating.profile;
    const char *label = evaluation->deployments[index].label;
    double replicas = (double)evaluation->plan->deployments[index].replicas;
    double maximum = evaluation->instance->max_replicas;
    double minimum = profile ? profile->min_replicas : 0;
    if (replicas < 1)
        ifp_evaluation_note(evaluation, 1, "deployment[%s]: %g replicas, at least 1 is required",
                            label, replicas);
    ifp_evaluation_note(evaluation, ifp_violation_of_count(ifp_wide(replicas), ifp_wide(maximum)),
                        "deployment[%s]: %g of %g replicas", label, replicas, maximum);
    if (replicas < minimum)
        ifp_evaluation_note(evaluation, 1, "deployment[%s]: %g replicas, at least %g are required",
                            label, replicas, minimum);
}

/* sum_n w_jkn = q_jk, unless a pair may have any number of deployments; and which degrees and
 * points exist. */
static void check_deployment_structure(struct ifp_evaluation *evaluation, size_t index)
{
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[index];
    const struct ifp_tier_data *tier = &evaluation->instance->tiers[deployment->tier];
    struct ifp_deployment_totals *totals = &evaluation->deployments[index];
    const char *label = totals->label;

    if (index > 0 && same_pair(deployment - 1, deployment)) {
        if (evaluation->instance->deployments_per_pair == 1)
            ifp_evaluation_note(evaluation, 1,
                                "deployment[%s]: listed twice, a pair has one deployment", label);
        else if (ifp_plan_same_point(deployment[-1].degree, deployment[-1].point,
                                     deployment->degree, deployment->point))
            ifp_evaluation_note(evaluation, 1, "deployment[%s]: listed twice", label);
    }
    if (evaluation->degrees[index] == tier->tp_degrees.count)
        ifp_evaluation_note(evaluation, 1, "deployment[%s]: degree %g is none of the tier's", label,
                            (double)deployment->degree);
    check_point(evaluation, index);
    check_replicas(evaluation, index);
    if (deployment->degree < 1 || deployment->replicas < 1)
        return;
    totals->gpus = IFP_WIDE_PRODUCT((double)deployment->degree, (double)deployment->replicas);
    /* B_j wk_k / n against C_k */
    struct ifp_wide memory = ifp_operating_memory(&totals->operating);
    struct ifp_wide shard = ifp_wide_over(ifp_operating_weights(&totals->operating),
                                          ifp_wide((double)deployment->degree));
    double violation = ifp_violation_of_quantity(shard, memory);
    ifp_evaluation_note(evaluation, violation,
                        "deployment[%s]: a weight shard of %g GB on a GPU of %g GB", label,
                        ifp_evaluation_shown(violation, ifp_wide_get(shard), ifp_wide_get(memory)),
                        ifp_evaluation_shown(violation, ifp_wide_get(memory), ifp_wide_get(shard)));
}

/* Add a deployment's rental, its GPUs, and its weights if they are stored once per deployment. */
static void add_deployment(struct ifp_evaluation *evaluation, size_t index)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[index];
    const struct ifp_tier_data *tier = &instance->tiers[deployment->tier];
    struct ifp_wide gpus = evaluation->deployments[index].gpus;
    /* T p_k y_jk */
    ifp_wide_add(&evaluation->rental,
                 IFP_WIDE_SCALED(gpus, instance->rental_hours, tier->usd_per_hour));
    /* B_j wk_k q_jk */
    if (instance->storage_basis == IFP_STORAGE_DEPLOYMENT)
        ifp_wide_add(&evaluation->weights,
                     ifp_operating_weights(&evaluation->deployments[index].operating));
}

static bool same_route(const struct ifp_plan_route *a, const struct ifp_plan_route *b)
{
    return a->query == b->query && a->model == b->model && a->tier == b->tier &&
           ifp_plan_same_point(a->degree, a->point, b->degree, b->point);
}

/* Why a route has no deployment. */
static const char *undeployed(const struct ifp_evaluation *evaluation,
                              const struct ifp_plan_route *route)
{
    const struct ifp_plan *plan = evaluation->plan;
    if (ifp_plan_find_deployment(plan, route->model, route->tier) == plan->deployment_count)
        return "the model is not deployed on the tier";
    return route->degree || route->point
               ? "the model is not deployed on the tier at this degree and point"
               : "the plan does not say which of several deployments";
}

/* x_ijk <= z_ijk <= q_jk, x_ijk in [0, 1], and only candidates, which meet the limits on each route
 * by itself. */
static void check_route_structure(struct ifp_evaluation *evaluation, size_t index, size_t d,
                                  const struct ifp_operating *operating,
                                  const struct ifp_felt *felt)
{
    const struct ifp_plan_route *route = &evaluation->plan->routes[index];
    bool deployed = d < evaluation->plan->deployment_count;
    const char *i = query_name(evaluation, route->query);
    const char *j =
        deployed ? evaluation->deployments[d].label : model_name(evaluation, route->model);
    const char *comma = deployed ? "" : ",";
    const char *k = deployed ? "" : tier_name(evaluation, route->tier);

    if (index > 0 && same_route(route - 1, route))
        ifp_evaluation_note(evaluation, 1, "route[%s,%s%s%s]: listed twice", i, j, comma, k);
    if (!deployed)
        ifp_evaluation_note(evaluation, 1, "route[%s,%s%s%s]: %s", i, j, comma, k,
                            undeployed(evaluation, route));
    if (felt->unknown)
        ifp_evaluation_note(evaluation, 1, "route[%s,%s%s%s]: no candidate, %s", i, j, comma, k,
                            felt->unknown);
    if (!isfinite(route->fraction))
        ifp_evaluation_note(evaluation, 1, "route[%s,%s%s%s]: the fraction is no finite number", i,
                            j, comma, k);
    else
        ifp_evaluation_note(
            evaluation,
            fmax(-route->fraction, ifp_violation_excess(ifp_wide(route->fraction), ifp_wide(1))),
            "route[%s,%s%s%s]: the fraction %g is not from 0 to 1", i, j, comma, k,
            route->fraction);
    if (!deployed || felt->unknown || !(route->fraction >= share_min))
        return;
    struct ifp_filter_result missed = ifp_operating_filter(operating, route->query, felt);
    if (missed.name)
        ifp_evaluation_note(evaluation, 1, "route[%s,%s%s%s]: %g%s%s, over %s, %g%s%s", i, j, comma,
                            k, ifp_evaluation_shown(1, missed.value, missed.limit),
                            *missed.unit ? " " : "", missed.unit, missed.name,
                            ifp_evaluation_shown(1, missed.limit, missed.value),
                            *missed.unit ? " " : "", missed.unit);
}

static bool level_is_query(const struct ifp_instance *instance)
{
    return instance->uncertainty == IFP_UNCERTAINTY_DECISION && instance->level == IFP_LEVEL_QUERY;
}

/* The increase of a route's delay and error for each unit of its factor g, and the caps of g:
 *   budget                     a factor for each route, g_ijk <= 1
 *   decision_dependent, cell   the same, g_ijk <= max(0, 1 - gd_jk)
 *   decision_dependent, query  a factor for each query type, g_i <= max(0, 1 - sum_jk gd_jk z_ijk)
 * with ge_jk in place of gd_jk for errors. A route listed twice is one route, as in storage. */
static void add_deviations(struct ifp_evaluation *evaluation, size_t index, struct ifp_wide delay,
                           struct ifp_wide error)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_route *route = &evaluation->plan->routes[index];
    struct ifp_query_totals *totals = &evaluation->queries[route->query];
    bool again = index > 0 && same_route(route - 1, route);
    if (!again && !(level_is_query(instance) && totals->factor_count > 0)) {
        if (totals->factor_count++ == 0)
            totals->first_factor = evaluation->factor_count;
        evaluation->delays[evaluation->factor_count].cap = ifp_wide(1);
        evaluation->errors[evaluation->factor_count].cap = ifp_wide(1);
        evaluation->factor_count++;
    }
    struct ifp_deviation *delays = &evaluation->delays[evaluation->factor_count - 1];
    struct ifp_deviation *errors = &evaluation->errors[evaluation->factor_count - 1];
    ifp_wide_add(&delays->value, delay);
    ifp_wide_add(&errors->value, error);
    if (again || instance->uncertainty != IFP_UNCERTAINTY_DECISION)
        return;
    ifp_wide_add(&delays->cap, ifp_wide(-ifp_instance_shrink(instance, IFP_DELAY_SHRINK,
                                                             route->model, route->tier)));
    ifp_wide_add(&errors->cap, ifp_wide(-ifp_instance_shrink(instance, IFP_ERROR_SHRINK,
                                                             route->model, route->tier)));
}

/* What a share of a query type takes of its deployment's capacities. */
static void add_load(struct ifp_deployment_totals *deployment, const struct ifp_query_data *query,
                     const struct ifp_felt *felt, struct ifp_wide flow, double share)
{
    const struct ifp_operating *operating = &deployment->operating;
    const struct ifp_instance *instance = operating->instance;
    const struct ifp_model_data *model = &instance->models[operating->model];
    const struct ifp_tier_data *tier = &instance->tiers[operating->tier];
    if (!operating->known)
        return;
    /* kk_k b_j r_i lam_i t_ijk x_ijk; at a measured point, what fits was measured */
    if (!operating->point)
        ifp_wide_add(&deployment->kv,
                     ifp_wide_times(IFP_WIDE_SCALED(flow, tier->kv_scale, model->kv_gb_per_token),
                                    felt->residency_hours));
    if (!operating->profile) {
        /* (a_ij / 1000) r_i (lam_i / 3600) x_ijk */
        ifp_wide_add(
            &deployment->compute,
            ifp_wide_over(IFP_WIDE_SCALED(flow, query->tflop_per_1k_tokens, model->compute_scale),
                          ifp_wide(1000.0 * 3600.0)));
        return;
    }
    /* (lam_i / mu_io) x_io and lam_i t_io x_io */
    struct ifp_wide rate = IFP_WIDE_PRODUCT(query->rate_per_hour, share);
    ifp_wide_add(&deployment->load, ifp_wide_times(rate, felt->replica_hours));
    ifp_wide_add(&deployment->slots, ifp_wide_times(rate, felt->residency_hours));
}

/* The figures of a route by itself, in its worst case: into the plan, and the largest of its query
 * type. */
static void add_figures(struct ifp_evaluation *evaluation, size_t index,
                        const struct ifp_operating *operating, const struct ifp_felt *felt)
{
    struct ifp_plan_route *route = &evaluation->plan->routes[index];
    struct ifp_query_totals *totals = &evaluation->queries[route->query];
    struct ifp_wide late = ifp_operating_factor(operating, IFP_DELAY_SHRINK);
    struct ifp_wide wrong = ifp_operating_factor(operating, IFP_ERROR_SHRINK);
    struct ifp_wide delay = ifp_felt_worst(&felt->delay, late);
    struct ifp_wide error = ifp_felt_worst(&felt->error, wrong);
    route->ttft_ms = ifp_wide_get(ifp_felt_worst(&felt->ttft, late));
    route->tpot_ms = ifp_wide_get(ifp_felt_worst(&felt->tpot, late));
    route->delay_ms = ifp_wide_get(delay);
    route->error = ifp_wide_get(error);
    if (!(route->fraction >= share_min))
        return;
    if (ifp_wide_above(delay, totals->worst_delay))
        totals->worst_delay = delay;
    if (ifp_wide_above(error, totals->worst_error))
        totals->worst_error = error;
}

/* basis value share, or basis deviation share */
static struct ifp_wide shared(const struct ifp_figure_felt *figure, struct ifp_wide value,
                              double share)
{
    return ifp_wide_times(IFP_WIDE_SCALED(figure->basis, share), value);
}

/* Add a route to the sums of its query type, of its deployment and of storage. */
static void add_route(struct ifp_evaluation *evaluation, size_t index)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_route *route = &evaluation->plan->routes[index];
    const struct ifp_query_data *query = &instance->queries[route->query];
    struct ifp_query_totals *totals = &evaluation->queries[route->query];
    size_t d = ifp_plan_route_deployment(evaluation->plan, index);
    bool deployed = d < evaluation->plan->deployment_count;
    struct ifp_operating nowhere = ifp_operating_undeployed(instance, route->model, route->tier);
    const struct ifp_operating *operating =
        deployed ? &evaluation->deployments[d].operating : &nowhere;
    struct ifp_felt felt;
    ifp_operating_feel(operating, route->query, &felt);
    check_route_structure(evaluation, index, d, operating, &felt);

    double listed = ifp_violation_share(route->fraction);
    double share = fmax(0, listed);
    /* r_i lam_i x_ijk */
    struct ifp_wide flow = IFP_WIDE_SCALED(
        ifp_wide_two_sum(query->input_tokens, query->output_tokens), query->rate_per_hour, share);
    if (deployed) {
        add_load(&evaluation->deployments[d], query, &felt, flow, share);
        add_figures(evaluation, index, operating, &felt);
    }
    totals->fractions++;
    ifp_wide_add(&totals->share, ifp_wide(listed));
    ifp_wide_add(&totals->served, ifp_wide(share));
    /* delay_ijk x_ijk and e_ijk x_ijk, and (1 - a_io) x_io */
    if (!isnan(ifp_wide_get(felt.delay.value)))
        ifp_wide_add(&totals->delay, shared(&felt.delay, felt.delay.value, share));
    if (!isnan(ifp_wide_get(felt.error.value)))
        ifp_wide_add(&totals->error, shared(&felt.error, felt.error.value, share));
    double attainment = isnan(felt.attainment) ? 0 : felt.attainment;
    ifp_wide_add(&totals->missed, IFP_WIDE_SCALED(ifp_wide_two_sum(1, -attainment), share));
    /* dd_ijk r_i / S_k(n) x_ijk and de_ijk x_ijk */
    if (instance->uncertainty != IFP_UNCERTAINTY_NONE)
        add_deviations(evaluation, index, shared(&felt.delay, felt.delay.deviation, share),
                       shared(&felt.error, felt.error.deviation, share));
    /* th_i r_i lam_i x_ijk */
    ifp_wide_add(&evaluation->data, IFP_WIDE_SCALED(flow, query->storage_gb_per_token));
    /* B_j wk_k z_ijk */
    if (instance->storage_basis == IFP_STORAGE_ROUTE &&
        !(index > 0 && same_route(route - 1, route)))
        ifp_wide_add(&evaluation->weights, ifp_operating_weights(operating));
}

/* u_i in [0, zeta_i] */
static void add_unmet(struct ifp_evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan *plan = evaluation->plan;
    for (size_t u = 0; u < plan->unmet_count; u++) {
        const struct ifp_plan_unmet *unmet = &plan->unmet[u];
        const char *i = query_name(evaluation, unmet->query);
        if (u > 0 && plan->unmet[u - 1].query == unmet->query)
            ifp_evaluation_note(evaluation, 1, "unmet[%s]: listed twice", i);
        if (!isfinite(unmet->fraction))
            ifp_evaluation_note(evaluation, 1, "unmet[%s]: the fraction is no finite number", i);
        else
            ifp_evaluation_note(evaluation, -unmet->fraction,
                                "unmet[%s]: the fraction %g is not from 0 to 1", i,
                                unmet->fraction);
        evaluation->queries[unmet->query].fractions++;
        ifp_wide_add(&evaluation->queries[unmet->query].unmet,
                     ifp_wide(ifp_violation_share(unmet->fraction)));
    }
    for (size_t i = 0; i < instance->query_count; i++) {
        struct ifp_wide share = ifp_evaluation_unmet(&evaluation->queries[i]);
        double maximum = instance->queries[i].max_unmet;
        double violation = ifp_violation_excess(share, ifp_wide(maximum));
        ifp_evaluation_note(evaluation, violation, "unmet[%s]: %g of %g", query_name(evaluation, i),
                            ifp_evaluation_shown(violation, ifp_wide_get(share), maximum),
                            ifp_evaluation_shown(violation, maximum, ifp_wide_get(share)));
    }
}

/* sum_jk x_ijk + u_i = 1 */
static void check_demand(struct ifp_evaluation *evaluation)
{
    for (size_t i = 0; i < evaluation->instance->query_count; i++) {
        struct ifp_wide sum =
            ifp_wide_plus(evaluation->queries[i].share, evaluation->queries[i].unmet);
        ifp_evaluation_note(evaluation, fabs(ifp_violation_excess(sum, ifp_wide(1))),
                            "demand[%s]: routes and unmet add up to %g, not 1",
                            query_name(evaluation, i), ifp_wide_get(sum));
    }
}

/* single: sum_jk z_ijk <= 1; matching: sum_k z_ijk <= 1 and sum_j z_ijk <= 1. The routes
 * [first, end) are those of one query type. */
static void check_query_placement(struct ifp_evaluation *evaluation, size_t first, size_t end)
{
    const struct ifp_plan_route *routes = evaluation->plan->routes;
    const char *i = query_name(evaluation, routes[first].query);
    size_t on_query = 0;
    size_t on_model = 0;
    bool pairs = evaluation->instance->deployments_per_pair == 1;
    for (size_t r = first; r < end; r++) {
        if (r > first && same_route(&routes[r - 1], &routes[r]))
            continue;
        on_query++;
        on_model = r > first && routes[r - 1].model == routes[r].model ? on_model + 1 : 1;
        size_t on_tier = ++evaluation->routes_of_tier[routes[r].tier];
        if (evaluation->instance->placement == IFP_PLACEMENT_SINGLE) {
            ifp_evaluation_note(evaluation, ifp_violation_of_second(on_query),
                                "placement[%s]: %zu of 1 routes", i, on_query);
        } else if (evaluation->instance->placement == IFP_PLACEMENT_MATCHING) {
            ifp_evaluation_note(
                evaluation, ifp_violation_of_second(on_model), "placement[%s,%s]: %zu of 1 %s", i,
                model_name(evaluation, routes[r].model), on_model, pairs ? "tiers" : "deployments");
            ifp_evaluation_note(
                evaluation, ifp_violation_of_second(on_tier), "placement[%s,%s]: %zu of 1 %s", i,
                tier_name(evaluation, routes[r].tier), on_tier, pairs ? "models" : "deployments");
        }
    }
    for (size_t r = first; r < end; r++)
        evaluation->routes_of_tier[routes[r].tier] = 0;
}

static void check_placement(struct ifp_evaluation *evaluation)
{
    const struct ifp_plan *plan = evaluation->plan;
    size_t first = 0;
    for (size_t r = 1; r <= plan->route_count; r++) {
        if (r < plan->route_count && plan->routes[r].query == plan->routes[first].query)
            continue;
        check_query_placement(evaluation, first, r);
        first = r;
    }
}

/* What the worst case adds to the delay cost. Each query type has its own worst case with the whole
 * budget. With level query, the factors of all query types share one budget instead. */
static struct ifp_wide find_more_delay_cost(struct ifp_evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    double hours = ifp_instance_penalty_hours(instance);
    struct ifp_wide separately = {0};
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        const struct ifp_query_totals *totals = &evaluation->queries[i];
        /* H rho_i lam_i, dollars per ms */
        struct ifp_wide price =
            IFP_WIDE_PRODUCT(hours, query->delay_penalty_usd_per_ms, query->rate_per_hour);
        ifp_wide_add(&separately, ifp_wide_times(price, totals->more_delay));
        if (level_is_query(instance) && totals->factor_count > 0) {
            struct ifp_deviation *delays = &evaluation->delays[totals->first_factor];
            delays->value = ifp_wide_times(price, delays->value);
        }
    }
    if (!level_is_query(instance))
        return separately;
    return ifp_worst_case(evaluation->delays, evaluation->factor_count, instance->delay_budget);
}

/* Rental and storage are known already. Delay and unmet demand are charged over H. */
static void add_costs(struct ifp_evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    struct ifp_check *check = evaluation->check;
    double hours = ifp_instance_penalty_hours(instance);
    struct ifp_wide delay = {0};
    struct ifp_wide unmet = {0};
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        const struct ifp_query_totals *totals = &evaluation->queries[i];
        double rate = query->rate_per_hour;
        /* H rho_i lam_i sum_jk delay_ijk x_ijk, H phi_i lam_i u_i */
        ifp_wide_add(&delay,
                     IFP_WIDE_SCALED(totals->delay, hours, query->delay_penalty_usd_per_ms, rate));
        struct ifp_wide share = ifp_evaluation_unmet(totals);
        if (ifp_wide_get(share) > 0)
            ifp_wide_add(&unmet, IFP_WIDE_SCALED(share, hours, query->unmet_penalty_usd, rate));
    }
    ifp_wide_add(&delay, find_more_delay_cost(evaluation));
    const struct ifp_wide cost_parts[IFP_COST_PART_COUNT] = {
        [IFP_COST_PART_RENTAL] = evaluation->rental,
        [IFP_COST_PART_STORAGE] = evaluation->storage,
        [IFP_COST_PART_DELAY] = delay,
        [IFP_COST_PART_UNMET] = unmet,
    };
    struct ifp_wide total = cost_parts[0];
    for (size_t p = 1; p < IFP_COST_PART_COUNT; p++)
        ifp_wide_add(&total, cost_parts[p]);
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        check->cost_parts[p] = ifp_wide_get(cost_parts[p]);
    check->total = ifp_wide_get(total);
}

/* Structure comes before quantities. If two violations are equally large, the first one, which
 * explains the other, becomes the reason. */
static void evaluate(struct ifp_evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    for (size_t d = 0; d < evaluation->plan->deployment_count; d++) {
        check_deployment_structure(evaluation, d);
        add_deployment(evaluation, d);
    }
    for (size_t r = 0; r < evaluation->plan->route_count; r++)
        add_route(evaluation, r);
    add_unmet(evaluation);
    check_demand(evaluation);
    check_placement(evaluation);
    /* T ps (W + sum th_i r_i lam_i x_ijk) */
    evaluation->storage =
        IFP_WIDE_SCALED(ifp_wide_plus(evaluation->weights, evaluation->data),
                        instance->rental_hours, instance->storage_usd_per_gb_hour);
    ifp_evaluation_check_shared(evaluation);
    ifp_evaluation_check_deployments(evaluation);
    ifp_evaluation_check_queries(evaluation);
    add_costs(evaluation);
}

/* A violation as it is reported: 0 for rounding noise, else rounded to the digits that are the same
 * on every machine, unless rounding would contradict the verdict. */
static double reported(double violation)
{
    if (violation < IFP_NOISE)
        return 0;
    double rounded = ifp_number_rounded(violation);
    bool agrees = (rounded <= IFP_VERIFY_TOLERANCE) == (violation <= IFP_VERIFY_TOLERANCE);
    return agrees ? rounded : violation;
}

static bool run(struct ifp_check *check, const struct ifp_instance *instance, bool noted)
{
    struct ifp_evaluation evaluation = {.instance = instance, .plan = check->plan, .check = check};
    /* One more element than needed, so that an empty list is not taken for a failed allocation. */
    evaluation.queries = calloc(instance->query_count + 1, sizeof *evaluation.queries);
    evaluation.deployments =
        calloc(check->plan->deployment_count + 1, sizeof *evaluation.deployments);
    evaluation.degrees = calloc(check->plan->deployment_count + 1, sizeof *evaluation.degrees);
    evaluation.delays = calloc(check->plan->route_count + 1, sizeof *evaluation.delays);
    evaluation.errors = calloc(check->plan->route_count + 1, sizeof *evaluation.errors);
    evaluation.routes_of_tier = calloc(instance->tier_count + 1, sizeof *evaluation.routes_of_tier);
    bool good = evaluation.queries && evaluation.deployments && evaluation.delays &&
                evaluation.errors && evaluation.routes_of_tier && evaluation.degrees &&
                ifp_plan_find_degrees(instance, check->plan, evaluation.degrees) &&
                find_operating_points(&evaluation);
    if (good) {
        evaluate(&evaluation);
        check->max_violation = reported(check->violation);
        check->reason = ifp_text_take(&evaluation.reason);
        good = check->reason && !evaluation.failed &&
               (!noted || ifp_notes_make(instance, &evaluation, &check->notes));
    }
    for (size_t d = 0; evaluation.deployments && d < check->plan->deployment_count; d++)
        free(evaluation.deployments[d].label);
    free(evaluation.queries);
    free(evaluation.deployments);
    free(evaluation.degrees);
    free(evaluation.delays);
    free(evaluation.errors);
    free(evaluation.routes_of_tier);
    return good;
}

/* The plan has the names of everything else. */
static bool copy_pool_names(struct ifp_check *check, const struct ifp_instance *instance)
{
    check->pool_names = calloc(instance->pool_count + 1, sizeof *check->pool_names);
    bool good = check->pool_names != NULL;
    for (size_t p = 0; good && p < instance->pool_count; p++) {
        check->pool_names[p] = ifp_string_copy(instance->pools[p].name);
        check->pool_count++;
        good = check->pool_names[p] != NULL;
    }
    return good;
}

static ifp_check *make(const ifp_instance *instance, const ifp_plan *plan, bool noted,
                       ifp_error *error)
{
    if (ifp_instance_validate(instance, error) != IFP_OK)
        return NULL;
    ifp_check *check = calloc(1, sizeof *check);
    if (!check) {
        (void)ifp_error_memory(error);
        return NULL;
    }
    int code = ifp_plan_adopt(instance, plan, &check->plan, error);
    if (code == IFP_OK && !(copy_pool_names(check, instance) && run(check, instance, noted) &&
                            ifp_bill_make(&check->bill, instance, check->plan)))
        code = ifp_error_memory(error);
    if (code != IFP_OK) {
        ifp_check_free(check);
        return NULL;
    }
    return check;
}

static ifp_check *make_alone(const ifp_instance *instance, const ifp_plan *plan, bool noted,
                             ifp_error *error)
{
    if (!instance || !plan) {
        (void)ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the %s is NULL",
                            instance ? "plan" : "instance");
        return NULL;
    }
    ifp_instance_begin_read(instance);
    ifp_check *check = make(instance, plan, noted, error);
    ifp_instance_end_read(instance);
    return check;
}

ifp_check *ifp_check_new(const ifp_instance *instance, const ifp_plan *plan, ifp_error *error)
{
    return make_alone(instance, plan, true, error);
}

ifp_check *ifp_check_evaluate(const ifp_instance *instance, const ifp_plan *plan, ifp_error *error)
{
    return make_alone(instance, plan, false, error);
}

void ifp_check_free(ifp_check *check)
{
    if (!check)
        return;
    ifp_plan_free(check->plan);
    ifp_bill_clear(&check->bill);
    free(check->reason);
    for (size_t l = 0; l < check->limit_count; l++)
        free(check->limits[l].name);
    free(check->limits);
    for (size_t p = 0; p < check->pool_count; p++)
        free(check->pool_names[p]);
    free(check->pool_names);
    ifp_note_list_clear(&check->notes);
    free(check);
}
