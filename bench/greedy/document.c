/* SPDX-License-Identifier: MIT */
/* The result document of a fleet (docs/result-format.md), as far as the library reads it. */
#include "document.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static void add_deployments(const struct greedy_problem *problem,
                            const struct greedy_solution *solution, json_t *list)
{
    for (size_t n = 0; n < solution->rented_count; n++) {
        const struct greedy_deployment *deployment = &solution->deployments[solution->rented[n]];
        const struct greedy_pair *pair = &problem->pairs[solution->rented[n]];
        int degree = pair->degrees[deployment->degree].degree;
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:i, s:i, s:i}", "model",
                      ifp_instance_model_name(problem->instance, pair->model), "tier",
                      ifp_instance_tier_name(problem->instance, pair->tier), "tp_degree", degree,
                      "replicas", deployment->replicas, "gpus", degree * deployment->replicas));
    }
}

static void add_services(const struct greedy_problem *problem,
                         const struct greedy_solution *solution, json_t *routes, json_t *unmet)
{
    for (size_t i = 0; i < problem->query_count; i++) {
        const char *query = ifp_instance_query_name(problem->instance, i);
        const struct greedy_service *service = &solution->services[i];
        double rest = 1;
        for (int r = 0; r < service->count; r++) {
            const struct greedy_pair *pair = &problem->pairs[service->shares[r].pair];
            rest -= service->shares[r].share;
            json_array_append_new(
                routes, json_pack("{s:s, s:s, s:s, s:f}", "query", query, "model",
                                  ifp_instance_model_name(problem->instance, pair->model), "tier",
                                  ifp_instance_tier_name(problem->instance, pair->tier), "fraction",
                                  service->shares[r].share));
        }
        if (rest > 0)
            json_array_append_new(unmet, json_pack("{s:s, s:f}", "query", query, "fraction", rest));
    }
}

ifp_plan *greedy_plan_new(const struct greedy_problem *problem,
                          const struct greedy_solution *solution, ifp_error *error)
{
    ifp_plan *plan = NULL;
    json_t *document = json_pack("{s:s, s:i, s:s, s:[], s:[], s:[]}", "format", "inferplan-plan",
                                 "version", 1, "instance", ifp_instance_name(problem->instance),
                                 "deployments", "routes", "unmet");
    if (document) {
        add_deployments(problem, solution, json_object_get(document, "deployments"));
        add_services(problem, solution, json_object_get(document, "routes"),
                     json_object_get(document, "unmet"));
        char *text = json_dumps(document, 0);
        if (text)
            plan = ifp_plan_read_string(problem->instance, text, strlen(text), error);
        free(text);
    }
    json_decref(document);
    return plan;
}
