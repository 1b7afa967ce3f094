/* SPDX-License-Identifier: MIT */
/* A C99 program outside the project: builds a small instance through the public header, solves
 * it, and holds the answer against one worked out by hand. */
#include <inferplan/inferplan.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * One query type (100 queries/h of 1000 tokens), one model, one GPU, one hour:
 *   rental 2; storage 10 GB of weights at 0.01 = 0.1;
 *   delay 0.5 ms/token * 1000 tokens * 0.001 $/ms * 100 queries = 50; together 52.1.
 * Leaving it unmet costs 100 * 1 = 100.
 */
static const double served_cost = 52.1;
static const double unmet_cost = 100;

static int build(ifp_instance *instance)
{
    static const double degrees[] = {1};
    return ifp_instance_set_name(instance, "consumer") ||
           ifp_instance_add_query(instance, "chat") || ifp_instance_add_model(instance, "small") ||
           ifp_instance_add_tier(instance, "gpu") ||
           ifp_instance_set_number(instance, "horizon.rental_hours", 1) ||
           ifp_instance_set_number(instance, "storage_usd_per_gb_hour", 0.01) ||
           ifp_instance_set_number(instance, "queries[chat].input_tokens", 600) ||
           ifp_instance_set_number(instance, "queries[chat].output_tokens", 400) ||
           ifp_instance_set_number(instance, "queries[chat].rate_per_hour", 100) ||
           ifp_instance_set_number(instance, "queries[chat].delay_penalty_usd_per_ms", 0.001) ||
           ifp_instance_set_number(instance, "queries[chat].unmet_penalty_usd", 1) ||
           ifp_instance_set_number(instance, "models[small].weights_gb", 10) ||
           ifp_instance_set_number(instance, "models[small].kv_gb_per_token", 0.0001) ||
           ifp_instance_set_number(instance, "tiers[gpu].memory_gb", 24) ||
           ifp_instance_set_number(instance, "tiers[gpu].tflops", 30) ||
           ifp_instance_set_number(instance, "tiers[gpu].usd_per_hour", 2) ||
           ifp_instance_set_numbers(instance, "tiers[gpu].tp_degrees", degrees, 1) ||
           ifp_instance_set_number(instance, "performance.delay_ms_per_token", 0.5) ||
           ifp_instance_set_number(instance, "performance.error_rate", 0.02);
}

/* 0 if the model's optimum is `expected`. */
static int expect(ifp_model *model, double expected)
{
    int wrong = 1;
    ifp_solution *solution = ifp_model_solve(model);
    if (!solution)
        fprintf(stderr, "solve: %s\n", ifp_error_message(ifp_model_last_error(model)));
    else if (ifp_solution_status(solution) != IFP_STATUS_OPTIMAL)
        fprintf(stderr, "status %s, expected optimal\n", ifp_solution_status_word(solution));
    else if (!(fabs(ifp_solution_objective(solution) - expected) < 1e-6))
        fprintf(stderr, "objective %.9g, expected %.9g\n", ifp_solution_objective(solution),
                expected);
    else if (!ifp_check_feasible(ifp_solution_check(solution)))
        fprintf(stderr, "the plan does not hold: %s\n",
                ifp_check_reason(ifp_solution_check(solution)));
    else
        wrong = 0;
    ifp_solution_free(solution);
    return wrong;
}

int main(void)
{
    int result = 1;
    ifp_model *model = NULL;
    ifp_error *error = ifp_error_new();
    ifp_instance *instance = ifp_instance_new();
    char version[32];

    if (!error || !instance) {
        fprintf(stderr, "out of memory\n");
        goto cleanup;
    }
    snprintf(version, sizeof version, "%d.%d.%d", IFP_VERSION_MAJOR, IFP_VERSION_MINOR,
             IFP_VERSION_PATCH);
    if (strcmp(version, ifp_version()) != 0) {
        fprintf(stderr, "header %s, library %s\n", version, ifp_version());
        goto cleanup;
    }
    if (build(instance)) {
        fprintf(stderr, "build: %s\n", ifp_error_message(ifp_instance_last_error(instance)));
        goto cleanup;
    }
    /* A misspelt field must be refused, and name itself. */
    if (ifp_instance_set_number(instance, "limits.budget", 1) != IFP_ERROR_VALUE ||
        !strstr(ifp_error_message(ifp_instance_last_error(instance)), "limits.budget")) {
        fprintf(stderr, "an unknown field was not refused by its name: %s\n",
                ifp_error_message(ifp_instance_last_error(instance)));
        goto cleanup;
    }
    model = ifp_model_new(instance, NULL, error);
    if (!model) {
        fprintf(stderr, "model: %s\n", ifp_error_message(error));
        goto cleanup;
    }
    if (expect(model, served_cost))
        goto cleanup;
    /* One dollar buys no GPU, so everything is left unmet. */
    if (ifp_model_set(model, "limits.budget_usd", "1")) {
        fprintf(stderr, "set: %s\n", ifp_error_message(ifp_model_last_error(model)));
        goto cleanup;
    }
    result = expect(model, unmet_cost);

cleanup:
    ifp_model_free(model);
    ifp_instance_free(instance);
    ifp_error_free(error);
    return result;
}
