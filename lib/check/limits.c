/* SPDX-License-Identifier: MIT */
/* The limits of the formulation on quantities: what all deployments share, what a deployment bears,
 * and what a query type feels. */
#include "check/evaluation.h"

#include <math.h>
#include <stdint.h>

#include "check/violation.h"

/* What a limit applies to. The names are the check's own. */
static struct ifp_limit_subject everything(void)
{
    return (struct ifp_limit_subject){0};
}

static struct ifp_limit_subject one_query(const struct ifp_evaluation *evaluation, size_t query)
{
    return (struct ifp_limit_subject){.query = evaluation->plan->queries.items[query]};
}

/* The degree and the point are named only if the pair has several deployments. */
static struct ifp_limit_subject one_deployment(const struct ifp_evaluation *evaluation, size_t d)
{
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[d];
    bool several = evaluation->deployments[d].several;
    return (struct ifp_limit_subject){.model = evaluation->plan->models.items[deployment->model],
                                      .tier = evaluation->plan->tiers.items[deployment->tier],
                                      .degree = several ? deployment->degree : 0,
                                      .point = several ? deployment->point : NULL};
}

static struct ifp_limit_subject one_pool(const struct ifp_evaluation *evaluation, size_t pool)
{
    return (struct ifp_limit_subject){.pool = evaluation->check->pool_names[pool]};
}

static void add_shared_limit(void *user, int kind, size_t pool, struct ifp_wide used,
                             struct ifp_wide limit)
{
    struct ifp_evaluation *evaluation = user;
    ifp_evaluation_add_limit(evaluation, kind,
                             pool == SIZE_MAX ? everything() : one_pool(evaluation, pool), used,
                             limit);
}

void ifp_evaluation_check_shared(struct ifp_evaluation *evaluation)
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
 * listed with the weights on the left, so that the limit is the memory. */
static void check_memory(struct ifp_evaluation *evaluation, size_t d, double counted)
{
    const struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[d];
    const struct ifp_deployment_totals *totals = &evaluation->deployments[d];
    const struct ifp_tier_data *tier = &evaluation->instance->tiers[deployment->tier];
    const struct ifp_model_data *model = &evaluation->instance->models[deployment->model];
    struct ifp_wide weights = IFP_WIDE_PRODUCT(counted, model->weights_gb, tier->weight_scale);
    struct ifp_wide memory = IFP_WIDE_PRODUCT((double)deployment->degree, counted, tier->memory_gb,
                                              tier->memory_utilization);
    /* If there is no load, only the weight shard is checked, as part of the structure. */
    double violation = ifp_wide_get(totals->kv) > 0
                           ? ifp_violation_of_quantity(totals->kv, ifp_wide_minus(memory, weights))
                           : 0;
    ifp_evaluation_add_judged(evaluation, violation, IFP_LIMIT_KIND_MEMORY,
                              one_deployment(evaluation, d), ifp_wide_plus(totals->kv, weights),
                              memory);
}

/* sum_i (a_ij/1000) r_i (lam_i/3600) x_ijk <= P_k n L(m_jkn) */
static void check_compute(struct ifp_evaluation *evaluation, size_t d, double load_limit)
{
    struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[d];
    const struct ifp_deployment_totals *totals = &evaluation->deployments[d];
    const struct ifp_tier_data *tier = &evaluation->instance->tiers[deployment->tier];
    double degree = (double)deployment->degree;
    ifp_evaluation_add_limit(evaluation, IFP_LIMIT_KIND_COMPUTE, one_deployment(evaluation, d),
                             totals->compute, IFP_WIDE_PRODUCT(degree, load_limit, tier->tflops));
    if (evaluation->instance->headroom.kind == IFP_HEADROOM_ABSENT)
        return;
    deployment->load =
        ifp_wide_get(ifp_wide_over(totals->compute, IFP_WIDE_PRODUCT(degree, tier->tflops)));
    deployment->load_limit = load_limit;
}

/* sum_i (lam_i / mu_io) x_io <= L_o(m_o), and with max_sequences sum_i lam_i t_io x_io <= S m_o */
static void check_load(struct ifp_evaluation *evaluation, size_t d, double counted,
                       double load_limit)
{
    struct ifp_plan_deployment *deployment = &evaluation->plan->deployments[d];
    const struct ifp_deployment_totals *totals = &evaluation->deployments[d];
    const struct ifp_profile_data *profile = totals->operating.profile;
    ifp_evaluation_add_limit(evaluation, IFP_LIMIT_KIND_LOAD, one_deployment(evaluation, d),
                             totals->load, ifp_wide(load_limit));
    if (!totals->operating.point && isfinite(profile->max_sequences))
        ifp_evaluation_add_limit(evaluation, IFP_LIMIT_KIND_SLOTS, one_deployment(evaluation, d),
                                 totals->slots, IFP_WIDE_PRODUCT(profile->max_sequences, counted));
    deployment->load = ifp_wide_get(totals->load);
    deployment->load_limit = load_limit;
}

void ifp_evaluation_check_deployments(struct ifp_evaluation *evaluation)
{
    for (size_t d = 0; d < evaluation->plan->deployment_count; d++) {
        const struct ifp_operating *operating = &evaluation->deployments[d].operating;
        double replicas = (double)evaluation->plan->deployments[d].replicas;
        double counted = ifp_operating_counted(operating, replicas);
        double load_limit = ifp_operating_load_limit(operating, replicas);
        if (!(ifp_wide_get(evaluation->deployments[d].gpus) > 0) || !operating->known)
            continue;
        if (!operating->point)
            check_memory(evaluation, d, counted);
        if (operating->profile)
            check_load(evaluation, d, counted, load_limit);
        else
            check_compute(evaluation, d, load_limit);
    }
}

/* The worst case of each query type's own limits: its factors may use the whole budget. */
static void find_worst_cases(struct ifp_evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    for (size_t i = 0; i < instance->query_count; i++) {
        struct ifp_query_totals *totals = &evaluation->queries[i];
        totals->more_delay = ifp_worst_case(&evaluation->delays[totals->first_factor],
                                            totals->factor_count, instance->delay_budget);
        totals->more_error = ifp_worst_case(&evaluation->errors[totals->first_factor],
                                            totals->factor_count, instance->error_budget);
    }
}

/*
 * sum_o (q_i - a_io) x_io <= 0 with slo_basis served, sum_o a_io x_io >= q_i with offered. It is
 * listed as a limit 1 - q_i on the fraction of requests that miss a limit of theirs. It is a row of
 * the kind of errors, so it has the worst case of their deviations, too. Of the offered
 * requests, those that are not served miss it, too.
 */
static void check_attainment(struct ifp_evaluation *evaluation, size_t i)
{
    const struct ifp_query_totals *totals = &evaluation->queries[i];
    double target = evaluation->instance->queries[i].attainment_target;
    struct ifp_wide used = ifp_wide_plus(totals->missed, totals->more_error);
    if (isnan(target))
        return;
    if (evaluation->instance->slo_basis == IFP_SLO_OFFERED) {
        struct ifp_wide unmet = ifp_evaluation_unmet(totals);
        if (ifp_wide_get(unmet) > 0)
            ifp_wide_add(&used, unmet);
    } else {
        used = ifp_wide_get(totals->served) > 0 ? ifp_wide_over(used, totals->served) : ifp_wide(0);
    }
    ifp_evaluation_add_limit(evaluation, IFP_LIMIT_KIND_ATTAINMENT, one_query(evaluation, i), used,
                             ifp_wide_two_sum(1, -target));
}

/* The worst case of sum_jk delay_ijk x_ijk <= Dl_i served_i and of sum_jk e_ijk x_ijk <= El_i
 * served_i. With slo_basis served, both sides are divided by served_i; otherwise it is 1. With
 * limit_basis route, each route is held to the limit by itself, and the worst one is listed. */
void ifp_evaluation_check_queries(struct ifp_evaluation *evaluation)
{
    const struct ifp_instance *instance = evaluation->instance;
    find_worst_cases(evaluation);
    for (size_t i = 0; i < instance->query_count; i++) {
        const struct ifp_query_data *query = &instance->queries[i];
        const struct ifp_query_totals *totals = &evaluation->queries[i];
        struct ifp_wide served =
            instance->slo_basis == IFP_SLO_SERVED ? totals->served : ifp_wide(1);
        struct ifp_wide delay = ifp_wide_plus(totals->delay, totals->more_delay);
        struct ifp_wide error = ifp_wide_plus(totals->error, totals->more_error);
        bool any = ifp_wide_get(served) > 0;
        delay = any ? ifp_wide_over(delay, served) : ifp_wide(0);
        error = any ? ifp_wide_over(error, served) : ifp_wide(0);
        if (ifp_instance_limit_basis(instance, i) == IFP_BASIS_ROUTE) {
            delay = totals->worst_delay;
            error = totals->worst_error;
        }
        ifp_evaluation_add_limit(evaluation, IFP_LIMIT_KIND_DELAY, one_query(evaluation, i), delay,
                                 ifp_wide(query->delay_limit_ms));
        ifp_evaluation_add_limit(evaluation, IFP_LIMIT_KIND_ERROR, one_query(evaluation, i), error,
                                 ifp_wide(query->error_limit));
        check_attainment(evaluation, i);
    }
}
