/* SPDX-License-Identifier: MIT */
/*
 * Four query types, three models, eight tiers: a scenario built through calls, solved as it
 * stands and after each of four changes, with one table of what comes out. Each change is made
 * to a fresh copy, so that a row shows what that change alone does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Every setter returns 0 or an error code, so a chain of || stops at the first that fails; the
 * handle remembers why. */
static int build_queries(ifp_instance *instance)
{
    static const double input_tokens[] = {512, 256, 128, 64};
    static const double output_tokens[] = {256, 512, 128, 128};
    static const double rates[] = {100, 80, 120, 150};
    static const double tflop[] = {14, 20, 12, 14};
    static const double delay_limits[] = {5000, 4000, 3000, 2000};
    static const double error_limits[] = {0.05, 0.04, 0.04, 0.06};
    static const double delay_penalties[] = {0.1, 0.15, 0.08, 0.12};
    static const double unmet_penalties[] = {45, 60, 25, 20};

    return ifp_instance_add_query(instance, "summarization") ||
           ifp_instance_add_query(instance, "code_generation") ||
           ifp_instance_add_query(instance, "translation") ||
           ifp_instance_add_query(instance, "qa") ||
           ifp_instance_set_numbers(instance, "queries[*].input_tokens", input_tokens, 4) ||
           ifp_instance_set_numbers(instance, "queries[*].output_tokens", output_tokens, 4) ||
           ifp_instance_set_numbers(instance, "queries[*].rate_per_hour", rates, 4) ||
           ifp_instance_set_numbers(instance, "queries[*].tflop_per_1k_tokens", tflop, 4) ||
           ifp_instance_set_number(instance, "queries[*].storage_gb_per_token", 1e-6) ||
           ifp_instance_set_numbers(instance, "queries[*].delay_limit_ms", delay_limits, 4) ||
           ifp_instance_set_numbers(instance, "queries[*].error_limit", error_limits, 4) ||
           ifp_instance_set_numbers(instance, "queries[*].delay_penalty_usd_per_ms",
                                    delay_penalties, 4) ||
           ifp_instance_set_numbers(instance, "queries[*].unmet_penalty_usd", unmet_penalties, 4);
}

static int build_models(ifp_instance *instance)
{
    static const double weights[] = {14, 26, 14.5};
    static const double kv[] = {0.0005, 0.0008, 0.00013};

    return ifp_instance_add_model(instance, "LLaMA-7B") ||
           ifp_instance_add_model(instance, "LLaMA-13B") ||
           ifp_instance_add_model(instance, "Mistral-7B") ||
           ifp_instance_set_numbers(instance, "models[*].weights_gb", weights, 3) ||
           ifp_instance_set_numbers(instance, "models[*].kv_gb_per_token", kv, 3);
}

static int build_tiers(ifp_instance *instance)
{
    static const char *const names[] = {"T4-FP16",   "T4-INT8",   "A10-FP16",  "A10-INT8",
                                        "A100-FP16", "A100-INT8", "H100-FP16", "H100-INT8"};
    static const double memory[] = {16, 16, 24, 24, 40, 40, 80, 80};
    static const double tflops[] = {8.1, 16.2, 31.2, 62.4, 156, 312, 197, 394};
    static const double prices[] = {0.35, 0.35, 0.6, 0.6, 2.5, 2.5, 3.9, 3.9};
    static const double weight_scales[] = {1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5};
    static const double degrees[] = {1, 2, 4, 8};
    static const double speedups[] = {1, 1, 1, 1}; /* more GPUs: more room, no less delay */
    char degree_path[] = "tiers[0].tp_degrees";
    char speedup_path[] = "tiers[0].tp_speedup";
    int code = IFP_OK;

    for (size_t k = 0; k < COUNT(names) && !code; k++) {
        size_t count = k < 4 ? 2 : 4; /* T4 and A10 come in ones and twos */
        degree_path[6] = speedup_path[6] = (char)('0' + k);
        code = ifp_instance_add_tier(instance, names[k]);
        if (!code)
            code = ifp_instance_set_numbers(instance, degree_path, degrees, count);
        if (!code)
            code = ifp_instance_set_numbers(instance, speedup_path, speedups, count);
    }
    return code || ifp_instance_set_numbers(instance, "tiers[*].memory_gb", memory, 8) ||
           ifp_instance_set_numbers(instance, "tiers[*].tflops", tflops, 8) ||
           ifp_instance_set_numbers(instance, "tiers[*].usd_per_hour", prices, 8) ||
           ifp_instance_set_numbers(instance, "tiers[*].weight_scale", weight_scales, 8);
}

/* Queries, models and tiers come first: the lists they form give the performance its shape. */
static int build_instance(ifp_instance *instance)
{
    static const double delays[] = {2.0, 2.5, 1.5, 1.0};
    static const double errors[] = {0.03, 0.02, 0.025, 0.03};

    return build_queries(instance) || build_models(instance) || build_tiers(instance) ||
           ifp_instance_set_name(instance, "four-queries") ||
           ifp_instance_set_number(instance, "horizon.rental_hours", 12) ||
           ifp_instance_set_number(instance, "horizon.penalty_hours", 1) ||
           ifp_instance_set_number(instance, "limits.budget_usd", 500) ||
           ifp_instance_set_number(instance, "limits.storage_gb", 1000) ||
           ifp_instance_set_number(instance, "storage_usd_per_gb_hour", 0.001) ||
           ifp_instance_set_word(instance, "policy.placement", "matching") ||
           ifp_instance_set_word(instance, "policy.slo_basis", "offered") ||
           ifp_instance_set_word(instance, "policy.storage_basis", "route") ||
           ifp_instance_set_numbers(instance, "performance.delay_ms_per_token", delays, 4) ||
           ifp_instance_set_numbers(instance, "performance.error_rate", errors, 4) ||
           ifp_instance_set_number(instance, "performance.kv_residency_hours", 0.01);
}

static int as_it_stands(ifp_instance *instance)
{
    (void)instance;
    return IFP_OK;
}

static int dearer_unmet(ifp_instance *instance)
{
    static const double penalties[] = {500, 667, 278, 222};
    return ifp_instance_set_numbers(instance, "queries[*].unmet_penalty_usd", penalties, 4);
}

static int larger_budget(ifp_instance *instance)
{
    return ifp_instance_set_number(instance, "limits.budget_usd", 5000);
}

static int looser_limits(ifp_instance *instance)
{
    return ifp_instance_scale(instance, "queries[*].delay_limit_ms", 2) ||
           ifp_instance_scale(instance, "queries[*].error_limit", 2);
}

static int faster_models(ifp_instance *instance)
{
    return ifp_instance_scale(instance, "performance.delay_ms_per_token", 0.25) ||
           ifp_instance_scale(instance, "queries[*].delay_penalty_usd_per_ms", 0.1);
}

static const struct scenario {
    const char *name;
    int (*change)(ifp_instance *instance);
} scenarios[] = {{"as it stands", as_it_stands},
                 {"unmet penalties x 11.1", dearer_unmet},
                 {"budget 5000", larger_budget},
                 {"limits doubled", looser_limits},
                 {"delays / 4, penalties / 10", faster_models}};

static int complain(const char *what, const ifp_error *error)
{
    const char *message = ifp_error_message(error);
    fprintf(stderr, "four_queries: %s: %s\n", what,
            message && *message ? message : "out of memory");
    return -1;
}

/* The share of all queries per hour that is served; negative if the rates cannot be read. */
static double served_share(const ifp_instance *instance, const ifp_plan *plan)
{
    char path[] = "queries[0].rate_per_hour";
    double all = 0;
    double unserved = 0;

    for (size_t i = 0; i < ifp_instance_query_count(instance); i++) {
        const char *name = ifp_instance_query_name(instance, i);
        double rate = 0;
        path[8] = (char)('0' + i);
        if (ifp_instance_get_number(instance, path, &rate, NULL))
            return -1;
        all += rate;
        for (size_t u = 0; u < ifp_plan_unmet_count(plan); u++) {
            ifp_unmet entry = IFP_UNMET_INIT;
            if (ifp_plan_unmet(plan, u, &entry))
                return -1;
            if (strcmp(entry.query, name) == 0)
                unserved += rate * entry.fraction;
        }
    }
    return 1 - unserved / all;
}

static int print_row(const char *name, const ifp_instance *instance, const ifp_solution *solution)
{
    const ifp_plan *plan = ifp_solution_plan(solution);
    const ifp_check *check = ifp_solution_check(solution);
    long gpus = 0;
    double served;

    if (!plan) {
        fprintf(stderr, "four_queries: %s: no plan, the status is %s\n", name,
                ifp_solution_status_word(solution));
        return -1;
    }
    for (size_t d = 0; d < ifp_plan_deployment_count(plan); d++) {
        ifp_deployment entry = IFP_DEPLOYMENT_INIT;
        if (ifp_plan_deployment(plan, d, &entry))
            return complain(name, NULL);
        gpus += (long)entry.gpus;
    }
    served = served_share(instance, plan);
    if (served < 0)
        return complain(name, ifp_instance_last_error(instance));
    printf("%-26s  %-8s %11.3f %11.3f %7.4f %6.1f%% %4ld %8.3f %8.3f %10.3f %10.3f\n", name,
           ifp_solution_status_word(solution), ifp_solution_objective(solution),
           ifp_solution_bound(solution), ifp_solution_gap(solution), 100 * served, gpus,
           ifp_check_cost(check, IFP_COST_RENTAL), ifp_check_cost(check, IFP_COST_STORAGE),
           ifp_check_cost(check, IFP_COST_DELAY), ifp_check_cost(check, IFP_COST_UNMET));
    return 0;
}

static int run(const ifp_instance *base, const struct scenario *scenario,
               const ifp_options *options, ifp_error *error)
{
    ifp_model *model = NULL;
    ifp_solution *solution = NULL;
    int result = -1;
    ifp_instance *instance = ifp_instance_copy(base);

    if (!instance || scenario->change(instance)) {
        complain(scenario->name, ifp_instance_last_error(instance));
        goto cleanup;
    }
    model = ifp_model_new(instance, options, error);
    if (!model) {
        complain(scenario->name, error);
        goto cleanup;
    }
    solution = ifp_model_solve(model);
    if (!solution) {
        complain(scenario->name, ifp_model_last_error(model));
        goto cleanup;
    }
    result = print_row(scenario->name, instance, solution);

cleanup:
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_instance_free(instance);
    return result;
}

int main(void)
{
    int result = -1;
    ifp_error *error = ifp_error_new();
    ifp_options *options = ifp_options_new();
    ifp_instance *base = ifp_instance_new();

    if (!error || !options || !base || build_instance(base)) {
        complain("building the instance", ifp_instance_last_error(base));
        goto cleanup;
    }
    /* So small a scenario can be solved to the last cent. */
    if (ifp_options_set_number(options, IFP_OPTION_GAP, 1e-8)) {
        complain("setting the gap", ifp_options_last_error(options));
        goto cleanup;
    }
    printf("%-26s  %-8s %11s %11s %7s %7s %4s %8s %8s %10s %10s\n", "scenario (dollars)", "status",
           "objective", "bound", "gap", "served", "GPUs", "rental", "storage", "delay", "unmet");
    result = 0;
    for (size_t s = 0; s < COUNT(scenarios) && !result; s++)
        result = run(base, &scenarios[s], options, error);

cleanup:
    ifp_instance_free(base);
    ifp_options_free(options);
    ifp_error_free(error);
    return result ? EXIT_FAILURE : EXIT_SUCCESS;
}
