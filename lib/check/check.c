/* SPDX-License-Identifier: MIT */
/*
 * Checking whether a plan satisfies every constraint of the formulation, and its cost. It is
 * written from the formulation alone: each function below is one of its equations or a group of
 * them, with its symbols in the comments. Under uncertainty, delay and error are those of the worst
 * case. check.h defines the measures of violation.
 */
#include "check/check.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include "check/violation.h"
#include "check/worst_case.h"
#include "instance/instance.h"
#include "plan/adopt.h"
#include "plan/degrees.h"
#include "plan/plan.h"
#include "util/array.h"
#include "util/error.h"
#include "util/number.h"
#include "util/number_text.h"
#include "util/wide.h"

/* Sums over all routes, by query type and by deployment. */
struct query_totals {
    struct ifp_wide share;  /* sum_jk x_ijk as listed */
    struct ifp_wide served; /* the sum without negative shares */
    struct ifp_wide unmet;  /* u_i */
    size_t fractions;       /* the number of fractions listed, routed or unmet */
    struct ifp_wide delay;  /* sum_jk delay_ijk x_ijk, ms, by nominal delays */
    struct ifp_wide error;  /* sum_jk e_ijk x_ijk, by nominal error rates */
    size_t first_factor;    /* the first of its factors g of the uncertainty */
    size_t factor_count;
    struct ifp_wide more_delay; /* what the worst case adds to delay, and to error */
    struct ifp_wide more_error;
};

struct deployment_totals {
    struct ifp_wide kv;      /* kk_k b_j sum_i r_i lam_i t_ijk x_ijk, GB over all its GPUs */
    struct ifp_wide compute; /* sum_i (a_ij/1000) r_i (lam_i/3600) x_ijk, TFLOP/s */
    struct ifp_wide gpus;    /* n m_jkn */
    double speedup;          /* S_k(n) */
};

struct evaluation {
    const struct ifp_instance *instance;
    const struct ifp_plan *plan;
    struct ifp_check *check;
    struct query_totals *queries;
    struct deployment_totals *deployments;
    struct ifp_deviation *delays; /* by factor: sum of dd_ijk r_i / S_k(n) x_ijk, ms */
    struct ifp_deviation *errors; /* by factor: sum of de_ijk x_ijk */
    size_t factor_count;
    size_t *degrees;        /* by deployment: its degree's index in the tier's list */
    size_t *routes_of_tier; /* workspace of the placement check */
    struct ifp_wide rental;
    struct ifp_wide weights; /* W */
    struct ifp_wide data;    /* sum th_i r_i lam_i x_ijk, GB */
    struct ifp_wide storage;
    struct ifp_text reason;
    bool failed;
};

/* Record a violation. The text becomes the reason if this is the largest violation so far and makes
 * the plan infeasible. NaN and overflow count as the largest possible violation. */
static void note(struct evaluation *evaluation, double violation, const char *format, ...)
    IFP_FORMAT(3, 4);

static void note(struct evaluation *evaluation, double violation, const char *format, ...)
{
    struct ifp_check *check = evaluation->check;
    if (!(violation < DBL_MAX))
        violation = DBL_MAX;
    if (violation <= check->violation)
        return;
    check->violation = violation;
    if (violation <= IFP_VERIFY_TOLERANCE)
        return;
    va_list arguments;
    evaluation->failed |= evaluation->reason.failed;
    ifp_text_clear(&evaluation->reason);
    va_start(arguments, format);
    ifp_text_vformat(&evaluation->reason, format, arguments);
    va_end(arguments);
}

/* A number as the reason shows it: integers in full, others with as few digits as in the summary,
 * but enough to differ from `other`. */
static double shown(double violation, double value, double other)
{
    enum { FEW = 5, MANY = 9 };
    if (!(violation > IFP_VERIFY_TOLERANCE)) /* it is not shown */
        return value;
    if (value == floor(value) && fabs(value) <= IFP_NUMBER_MAX)
        return value;
    for (int digits = FEW; digits <= MANY; digits += MANY - FEW) {
        double rounded = ifp_number_to_digits(value, digits);
        if (value == other || rounded != ifp_number_to_digits(other, digits))
            return rounded;
    }
    return value;
}

/* Add a limit and its violation to the list. An infinite limit is absent and not listed. */
static void add_judged_limit(struct evaluation *evaluation, double violation, int kind,
                             struct ifp_limit_subject subject, struct ifp_wide used,
                             struct ifp_wide limit)
{
    struct ifp_check *check = evaluation->check;
    const struct ifp_limit_traits *traits = ifp_limit_traits_of(kind);
    if (isinf(limit.high))
        return;
    char *name = ifp_limit_name(traits, &subject);
    if (!name) {
        evaluation->failed = true;
        return;
    }
    if (!ifp_array_reserve(&check->limits, &check->limit_capacity, check->limit_count + 1,
                           sizeof *check->limits)) {
        evaluation->failed = true;
        free(name);
        return;
    }
    check->limits[check->limit_count++] = (struct ifp_check_limit){
        .traits = traits, .subject = subject, .name = name, .used = used.high, .limit = limit.high};
    note(evaluation, violation, "%s: %g of %g%s%s", name, shown(violation, used.high, limit.high),
         shown(violation, limit.high, used.high), *traits->unit ? " " : "", traits->unit);
}

static void add_limit(struct evaluation *evaluation, int kind, struct ifp_limit_subject subject,
                      struct ifp_wide used, struct ifp_wide limit)
{
    double violation = ifp_limit_traits_of(kind)->count ? ifp_violation_of_count(used, limit)
                                                        : ifp_violation_of_quantity(used, limit);
    add_judged_limit(evaluation, violation, kind, subject, used, limit);
}

/* What a limit applies to. The names are the check's own. */
static struct ifp_limit_subject everything(void)
{
    return (struct ifp_limit_subject){0};
}

static struct ifp_limit_subject one_query(const struct evaluation *evaluation, size_t query)
{
    return (struct ifp_limit_subject){.query = evaluation->plan->queries.items[query]};
}

static struct ifp_limit_subject one_pair(const struct evaluation *evaluation, size_t model,
                                         size_t tier)
{
    return (struct ifp_limit_subject){.model = evaluation->plan->models.items[model],
                                      .tier = evaluation->plan->tiers.items[tier]};
}

static struct ifp_limit_subject one_pool(const struct evaluation *evaluation, size_t pool)
{
    return (struct ifp_limit_subject){.pool = evaluation->check->pool_names[pool]};
}

static const char *query_name(const struct evaluation *evaluation, size_t query)
{
    return evaluation->instance->queries[query].name;
}

static const char *model_name(const struct evaluation *evaluation, size_t model)
{
    return evaluation->instance->models[model].name;
}

static const char *tier_name(const struct evaluation *evaluation, size_t tier)
{
    return evaluation->instance->tiers[tier].name;
}

/* sum_n w_jkn = q_jk, w_jkn <= m_jkn <= R w_jkn, and which degrees exist. */
static void check_deployment_structure(struct evaluation *evaluation, size_t index)
{
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[index];
    const struct ifp_tier_data *tier = &evaluation->instance->tiers[deployment->tier];
    const struct ifp_model_data *model = &evaluation->instance->models[deployment->model];
    struct deployment_totals *totals = &evaluation->deployments[index];
    const char *j = model->name;
    const char *k = tier->name;

    if (index > 0 && deployment[-1].model == deployment->model &&
        deployment[-1].tier == deployment->tier)
        note(evaluation, 1, "deployment[%s,%s]: listed twice, a pair has one deployment", j, k);
    size_t degree = evaluation->degrees[index];
    if (degree == tier->tp_degrees.count) {
        totals->speedup = 1;
        note(evaluation, 1, "deployment[%s,%s]: degree %g is none of the tier's", j, k,
             (double)deployment->degree);
    } else {
        totals->speedup = ifp_tier_speedup(tier, degree);
    }
    if (deployment->replicas < 1)
        note(evaluation, 1, "deployment[%s,%s]: %g replicas, at least 1 is required", j, k,
             (double)deployment->replicas);
    note(evaluation,
         ifp_violation_of_count(ifp_wide((double)deployment->replicas),
                                ifp_wide(evaluation->instance->max_replicas)),
         "deployment[%s,%s]: %g of %g replicas", j, k, (double)deployment->replicas,
         evaluation->instance->max_replicas);
    if (deployment->degree < 1 || deployment->replicas < 1)
        return;
    totals->gpus = IFP_WIDE_PRODUCT((double)deployment->degree, (double)deployment->replicas);
    /* B_j wk_k / n against C_k */
    struct ifp_wide shard = ifp_wide_over(IFP_WIDE_PRODUCT(model->weights_gb, tier->weight_scale),
                                          ifp_wide((double)deployment->degree));
    double violation = ifp_violation_of_quantity(shard, ifp_wide(tier->memory_gb));
    note(evaluation, violation, "deployment[%s,%s]: a weight shard of %g GB on a GPU of %g GB", j,
         k, shown(violation, ifp_wide_get(shard), tier->memory_gb),
         shown(violation, tier->memory_gb, ifp_wide_get(shard)));
}

/* Add a deployment's rental, its GPUs, and its weights if they are stored once per deployment. */
static void add_deployment(struct evaluation *evaluation, size_t index)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[index];
    const struct ifp_tier_data *tier = &instance->tiers[deployment->tier];
    const struct ifp_model_data *model = &instance->models[deployment->model];
    struct ifp_wide gpus = evaluation->deployments[index].gpus;
    /* T p_k y_jk */
    ifp_wide_add(&evaluation->rental,
                 IFP_WIDE_SCALED(gpus, instance->rental_hours, tier->usd_per_hour));
    /* B_j wk_k q_jk */
    if (instance->storage_basis == IFP_STORAGE_DEPLOYMENT)
        ifp_wide_add(&evaluation->weights, IFP_WIDE_PRODUCT(model->weights_gb, tier->weight_scale));
}

static bool same_route(const struct ifp_plan_route *a, const struct ifp_plan_route *b)
{
    return a->query == b->query && a->model == b->model && a->tier == b->tier;
}

/* x_ijk <= z_ijk <= q_jk, x_ijk in [0, 1], and only candidates. */
static void check_route_structure(struct evaluation *evaluation, size_t index, double delay,
                                  double error)
{
    const struct ifp_plan_route *route = &evaluation->plan->routes[index];
    const char *i = query_name(evaluation, route->query);
    const char *j = model_name(evaluation, route->model);
    const char *k = tier_name(evaluation, route->tier);

    if (index > 0 && same_route(route - 1, route))
        note(evaluation, 1, "route[%s,%s,%s]: listed twice", i, j, k);
    if (ifp_plan_find_deployment(evaluation->plan, route->model, route->tier) ==
        evaluation->plan->deployment_count)
        note(evaluation, 1, "route[%s,%s,%s]: the model is not deployed on the tier", i, j, k);
    if (isnan(delay) || isnan(error))
        note(evaluation, 1, "route[%s,%s,%s]: no candidate, its delay or error is null", i, j, k);
    if (!isfinite(route->fraction))
        note(evaluation, 1, "route[%s,%s,%s]: the fraction is no finite number", i, j, k);
    else
        note(evaluation,
             fmax(-route->fraction, ifp_violation_excess(ifp_wide(route->fraction), ifp_wide(1))),
             "route[%s,%s,%s]: the fraction %g is not from 0 to 1", i, j, k, route->fraction);
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
static void add_deviations(struct evaluation *evaluation, size_t index, struct ifp_wide delay,
                           struct ifp_wide error)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_route *route = &evaluation->plan->routes[index];
    struct query_totals *totals = &evaluation->queries[route->query];
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

/* Add a route to the sums of its query type, of its deployment and of storage. */
static void add_route(struct evaluation *evaluation, size_t index)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan_route *route = &evaluation->plan->routes[index];
    const struct ifp_query_data *query = &instance->queries[route->query];
    const struct ifp_model_data *model = &instance->models[route->model];
    const struct ifp_tier_data *tier = &instance->tiers[route->tier];
    struct query_totals *totals = &evaluation->queries[route->query];
    double delay =
        ifp_instance_performance(instance, IFP_DELAY, route->query, route->model, route->tier);
    double error =
        ifp_instance_performance(instance, IFP_ERROR_RATE, route->query, route->model, route->tier);
    check_route_structure(evaluation, index, delay, error);

    double listed = ifp_violation_share(route->fraction);
    double share = fmax(0, listed);
    /* r_i */
    struct ifp_wide tokens = ifp_wide_two_sum(query->input_tokens, query->output_tokens);
    /* r_i lam_i x_ijk */
    struct ifp_wide flow = IFP_WIDE_SCALED(tokens, query->rate_per_hour, share);
    double speedup = 1;
    size_t d = ifp_plan_find_deployment(evaluation->plan, route->model, route->tier);
    if (d < evaluation->plan->deployment_count) {
        struct deployment_totals *deployment = &evaluation->deployments[d];
        double residency = ifp_instance_performance(instance, IFP_KV_RESIDENCY, route->query,
                                                    route->model, route->tier);
        speedup = deployment->speedup;
        /* kk_k b_j r_i lam_i t_ijk x_ijk */
        ifp_wide_add(&deployment->kv,
                     IFP_WIDE_SCALED(flow, tier->kv_scale, model->kv_gb_per_token, residency));
        /* (a_ij / 1000) r_i (lam_i / 3600) x_ijk */
        ifp_wide_add(
            &deployment->compute,
            ifp_wide_over(IFP_WIDE_SCALED(flow, query->tflop_per_1k_tokens, model->compute_scale),
                          ifp_wide(1000.0 * 3600.0)));
    }
    totals->fractions++;
    ifp_wide_add(&totals->share, ifp_wide(listed));
    ifp_wide_add(&totals->served, ifp_wide(share));
    /* r_i / S_k(n) x_ijk */
    struct ifp_wide per_ms = IFP_WIDE_SCALED(ifp_wide_over(tokens, ifp_wide(speedup)), share);
    /* delay_ijk x_ijk = d_ijk r_i / S_k(n) x_ijk */
    if (!isnan(delay))
        ifp_wide_add(&totals->delay, IFP_WIDE_SCALED(per_ms, delay));
    if (!isnan(error))
        ifp_wide_add(&totals->error, IFP_WIDE_PRODUCT(error, share));
    /* dd_ijk r_i / S_k(n) x_ijk and de_ijk x_ijk */
    if (instance->uncertainty != IFP_UNCERTAINTY_NONE) {
        double more_delay = ifp_instance_performance(instance, IFP_DELAY_DEVIATION, route->query,
                                                     route->model, route->tier);
        double more_error = ifp_instance_performance(instance, IFP_ERROR_DEVIATION, route->query,
                                                     route->model, route->tier);
        add_deviations(evaluation, index, IFP_WIDE_SCALED(per_ms, isnan(delay) ? 0 : more_delay),
                       IFP_WIDE_PRODUCT(isnan(error) ? 0 : more_error, share));
    }
    /* th_i r_i lam_i x_ijk */
    ifp_wide_add(&evaluation->data, IFP_WIDE_SCALED(flow, query->storage_gb_per_token));
    /* B_j wk_k z_ijk */
    if (instance->storage_basis == IFP_STORAGE_ROUTE &&
        !(index > 0 && same_route(route - 1, route)))
        ifp_wide_add(&evaluation->weights, IFP_WIDE_PRODUCT(model->weights_gb, tier->weight_scale));
}

/* The fraction listed as unmet plus the missing one. The sum may be below 0. */
static struct ifp_wide unmet_of(const struct query_totals *totals)
{
    struct ifp_wide listed = ifp_wide_plus(totals->share, totals->unmet);
    return ifp_wide_plus(totals->unmet, ifp_violation_missing(listed, totals->fractions));
}

/* u_i in [0, zeta_i] */
static void add_unmet(struct evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    const struct ifp_plan *plan = evaluation->plan;
    for (size_t u = 0; u < plan->unmet_count; u++) {
        const struct ifp_plan_unmet *unmet = &plan->unmet[u];
        const char *i = query_name(evaluation, unmet->query);
        if (u > 0 && plan->unmet[u - 1].query == unmet->query)
            note(evaluation, 1, "unmet[%s]: listed twice", i);
        if (!isfinite(unmet->fraction))
            note(evaluation, 1, "unmet[%s]: the fraction is no finite number", i);
        else
            note(evaluation, -unmet->fraction, "unmet[%s]: the fraction %g is not from 0 to 1", i,
                 unmet->fraction);
        evaluation->queries[unmet->query].fractions++;
        ifp_wide_add(&evaluation->queries[unmet->query].unmet,
                     ifp_wide(ifp_violation_share(unmet->fraction)));
    }
    for (size_t i = 0; i < instance->query_count; i++) {
        struct ifp_wide share = unmet_of(&evaluation->queries[i]);
        double maximum = instance->queries[i].max_unmet;
        double violation = ifp_violation_excess(share, ifp_wide(maximum));
        note(evaluation, violation, "unmet[%s]: %g of %g", query_name(evaluation, i),
             shown(violation, ifp_wide_get(share), maximum),
             shown(violation, maximum, ifp_wide_get(share)));
    }
}

/* sum_jk x_ijk + u_i = 1 */
static void check_demand(struct evaluation *evaluation)
{
    for (size_t i = 0; i < evaluation->instance->query_count; i++) {
        struct ifp_wide sum =
            ifp_wide_plus(evaluation->queries[i].share, evaluation->queries[i].unmet);
        note(evaluation, fabs(ifp_violation_excess(sum, ifp_wide(1))),
             "demand[%s]: routes and unmet add up to %g, not 1", query_name(evaluation, i),
             ifp_wide_get(sum));
    }
}

/* single: sum_jk z_ijk <= 1; matching: sum_k z_ijk <= 1 and sum_j z_ijk <= 1. The routes
 * [first, end) are those of one query type. */
static void check_query_placement(struct evaluation *evaluation, size_t first, size_t end)
{
    const struct ifp_plan_route *routes = evaluation->plan->routes;
    const char *i = query_name(evaluation, routes[first].query);
    size_t on_query = 0;
    size_t on_model = 0;
    for (size_t r = first; r < end; r++) {
        if (r > first && same_route(&routes[r - 1], &routes[r]))
            continue;
        on_query++;
        on_model = r > first && routes[r - 1].model == routes[r].model ? on_model + 1 : 1;
        size_t on_tier = ++evaluation->routes_of_tier[routes[r].tier];
        if (evaluation->instance->placement == IFP_PLACEMENT_SINGLE) {
            note(evaluation, ifp_violation_of_second(on_query), "placement[%s]: %zu of 1 routes", i,
                 on_query);
        } else if (evaluation->instance->placement == IFP_PLACEMENT_MATCHING) {
            note(evaluation, ifp_violation_of_second(on_model), "placement[%s,%s]: %zu of 1 tiers",
                 i, model_name(evaluation, routes[r].model), on_model);
            note(evaluation, ifp_violation_of_second(on_tier), "placement[%s,%s]: %zu of 1 models",
                 i, tier_name(evaluation, routes[r].tier), on_tier);
        }
    }
    for (size_t r = first; r < end; r++)
        evaluation->routes_of_tier[routes[r].tier] = 0;
}

static void check_placement(struct evaluation *evaluation)
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

static void add_shared_limit(void *user, int kind, size_t pool, struct ifp_wide used,
                             struct ifp_wide limit)
{
    struct evaluation *evaluation = user;
    add_limit(evaluation, kind, pool == SIZE_MAX ? everything() : one_pool(evaluation, pool), used,
              limit);
}

static void check_shared_limits(struct evaluation *evaluation)
{
    struct ifp_limit_totals totals = {.instance = evaluation->instance,
                                      .plan = evaluation->plan,
                                      .spent_usd = evaluation->rental,
                                      .weights_gb = evaluation->weights};
    ifp_wide_add(&totals.spent_usd, evaluation->storage);
    if (!ifp_limits_visit_shared(&totals, add_shared_limit, evaluation))
        evaluation->failed = true;
}

/* Both sides of the per-GPU memory constraint times n,
 *   kk_k b_j sum_i r_i lam_i t_ijk x_ijk <= (C_k - B_j wk_k / n) n m_jkn,
 * listed with the weights on the left, so that the limit is the memory; and sum_i (a_ij/1000) r_i
 * (lam_i/3600) x_ijk <= P_k n m_jkn. */
static void check_deployment_limits(struct evaluation *evaluation)
{
    for (size_t d = 0; d < evaluation->plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[d];
        const struct ifp_tier_data *tier = &evaluation->instance->tiers[deployment->tier];
        const struct ifp_model_data *model = &evaluation->instance->models[deployment->model];
        const struct deployment_totals *totals = &evaluation->deployments[d];
        if (!(ifp_wide_get(totals->gpus) > 0))
            continue;
        struct ifp_wide weights =
            IFP_WIDE_PRODUCT((double)deployment->replicas, model->weights_gb, tier->weight_scale);
        struct ifp_wide memory = IFP_WIDE_SCALED(totals->gpus, tier->memory_gb);
        /* If there is no load, only the weight shard is checked, as part of the structure. */
        double violation =
            ifp_wide_get(totals->kv) > 0
                ? ifp_violation_of_quantity(totals->kv, ifp_wide_minus(memory, weights))
                : 0;
        struct ifp_limit_subject pair = one_pair(evaluation, deployment->model, deployment->tier);
        add_judged_limit(evaluation, violation, IFP_LIMIT_KIND_MEMORY, pair,
                         ifp_wide_plus(totals->kv, weights), memory);
        add_limit(evaluation, IFP_LIMIT_KIND_COMPUTE, pair, totals->compute,
                  IFP_WIDE_SCALED(totals->gpus, tier->tflops));
    }
}

/* The worst case of each query type's own limits: its factors may use the whole budget. */
static void find_worst_cases(struct evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    for (size_t i = 0; i < instance->query_count; i++) {
        struct query_totals *totals = &evaluation->queries[i];
        totals->more_delay = ifp_worst_case(&evaluation->delays[totals->first_factor],
                                            totals->factor_count, instance->delay_budget);
        totals->more_error = ifp_worst_case(&evaluation->errors[totals->first_factor],
                                            totals->factor_count, instance->error_budget);
    }
}

/* The worst case of sum_jk delay_ijk x_ijk <= Dl_i served_i and of sum_jk e_ijk x_ijk <= El_i
 * served_i. With slo_basis served, both sides are divided by served_i; otherwise it is 1. */
static void check_query_limits(struct evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        const struct query_totals *totals = &evaluation->queries[i];
        struct ifp_wide served =
            instance->slo_basis == IFP_SLO_SERVED ? totals->served : ifp_wide(1);
        struct ifp_wide delay = ifp_wide_plus(totals->delay, totals->more_delay);
        struct ifp_wide error = ifp_wide_plus(totals->error, totals->more_error);
        bool any = ifp_wide_get(served) > 0;
        add_limit(evaluation, IFP_LIMIT_KIND_DELAY, one_query(evaluation, i),
                  any ? ifp_wide_over(delay, served) : ifp_wide(0),
                  ifp_wide(query->delay_limit_ms));
        add_limit(evaluation, IFP_LIMIT_KIND_ERROR, one_query(evaluation, i),
                  any ? ifp_wide_over(error, served) : ifp_wide(0), ifp_wide(query->error_limit));
    }
}

/* What the worst case adds to the delay cost. Each query type has its own worst case with the whole
 * budget. With level query, the factors of all query types share one budget instead. */
static struct ifp_wide find_more_delay_cost(struct evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    double hours = ifp_instance_penalty_hours(instance);
    struct ifp_wide separately = {0};
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        const struct query_totals *totals = &evaluation->queries[i];
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
static void add_costs(struct evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    struct ifp_check *check = evaluation->check;
    double hours = ifp_instance_penalty_hours(instance);
    struct ifp_wide delay = {0};
    struct ifp_wide unmet = {0};
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        const struct query_totals *totals = &evaluation->queries[i];
        double rate = query->rate_per_hour;
        /* H rho_i lam_i sum_jk delay_ijk x_ijk, H phi_i lam_i u_i */
        ifp_wide_add(&delay,
                     IFP_WIDE_SCALED(totals->delay, hours, query->delay_penalty_usd_per_ms, rate));
        struct ifp_wide share = unmet_of(totals);
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
static void evaluate(struct evaluation *evaluation)
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
    check_shared_limits(evaluation);
    check_deployment_limits(evaluation);
    find_worst_cases(evaluation);
    check_query_limits(evaluation);
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

static bool run(struct ifp_check *check, const struct ifp_instance *instance)
{
    struct evaluation evaluation = {.instance = instance, .plan = check->plan, .check = check};
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
                ifp_plan_find_degrees(instance, check->plan, evaluation.degrees);
    if (good) {
        evaluate(&evaluation);
        check->max_violation = reported(check->violation);
        check->reason = ifp_text_take(&evaluation.reason);
        good = check->reason && !evaluation.failed;
    }
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

static ifp_check *make(const ifp_instance *instance, const ifp_plan *plan, ifp_error *error)
{
    if (ifp_instance_validate(instance, error) != IFP_OK)
        return NULL;
    ifp_check *check = calloc(1, sizeof *check);
    if (!check) {
        (void)ifp_error_memory(error);
        return NULL;
    }
    int code = ifp_plan_adopt(instance, plan, &check->plan, error);
    if (code == IFP_OK && !(copy_pool_names(check, instance) && run(check, instance) &&
                            ifp_bill_make(&check->bill, instance, check->plan)))
        code = ifp_error_memory(error);
    if (code != IFP_OK) {
        ifp_check_free(check);
        return NULL;
    }
    return check;
}

ifp_check *ifp_check_new(const ifp_instance *instance, const ifp_plan *plan, ifp_error *error)
{
    if (!instance || !plan) {
        (void)ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the %s is NULL",
                            instance ? "plan" : "instance");
        return NULL;
    }
    ifp_instance_begin_read(instance);
    ifp_check *check = make(instance, plan, error);
    ifp_instance_end_read(instance);
    return check;
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
    free(check);
}
