/* SPDX-License-Identifier: MIT */
/* Writing the result document: its members in a fixed order, each entry of a list on one line. */
#include "result/document.h"

#include <math.h>
#include <stdint.h>

#include "check/cost_parts.h"
#include "plan/plan.h"

double ifp_document_gap(double objective, double bound)
{
    if (!isfinite(objective) || !isfinite(bound))
        return INFINITY;
    return (objective - bound) / fmax(1, fabs(objective));
}

static void write_costs(struct ifp_json *json, const ifp_check *check)
{
    ifp_json_open(json, "costs", '{', true);
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        ifp_json_number(json, ifp_cost_parts[p].key, ifp_check_cost(check, ifp_cost_parts[p].cost));
    ifp_json_close(json, '}');
}

static void write_if_given(struct ifp_json *json, const char *name, const char *value)
{
    if (value)
        ifp_json_string(json, name, value);
}

/* A number that means nothing is left out. */
static void write_if_known(struct ifp_json *json, const char *name, double value)
{
    if (isfinite(value))
        ifp_json_number(json, name, value);
}

static void write_if_not_zero(struct ifp_json *json, const char *name, int64_t value)
{
    if (value)
        ifp_json_number(json, name, (double)value);
}

static void write_deployments(struct ifp_json *json, const ifp_plan *plan)
{
    ifp_json_open(json, "deployments", '[', false);
    for (size_t d = 0; d < ifp_plan_deployment_count(plan); d++) {
        ifp_deployment entry = IFP_DEPLOYMENT_INIT;
        (void)ifp_plan_deployment(plan, d, &entry);
        ifp_json_open(json, NULL, '{', true);
        ifp_json_string(json, "model", entry.model);
        ifp_json_string(json, "tier", entry.tier);
        ifp_json_number(json, "tp_degree", (double)entry.tp_degree);
        ifp_json_number(json, "replicas", (double)entry.replicas);
        ifp_json_number(json, "gpus", (double)entry.gpus);
        write_if_given(json, "point", entry.point);
        write_if_known(json, "tpot_ms", entry.tpot_ms);
        write_if_known(json, "load", entry.load);
        write_if_known(json, "load_limit", entry.load_limit);
        write_if_known(json, "headroom", entry.headroom);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
}

static void write_routes(struct ifp_json *json, const ifp_plan *plan)
{
    ifp_json_open(json, "routes", '[', false);
    for (size_t r = 0; r < ifp_plan_route_count(plan); r++) {
        ifp_route entry = IFP_ROUTE_INIT;
        (void)ifp_plan_route(plan, r, &entry);
        ifp_json_open(json, NULL, '{', true);
        ifp_json_string(json, "query", entry.query);
        ifp_json_string(json, "model", entry.model);
        ifp_json_string(json, "tier", entry.tier);
        write_if_not_zero(json, "tp_degree", entry.tp_degree);
        write_if_given(json, "point", entry.point);
        ifp_json_number(json, "fraction", entry.fraction);
        write_if_known(json, "ttft_ms", entry.ttft_ms);
        write_if_known(json, "tpot_ms", entry.tpot_ms);
        write_if_known(json, "delay_ms", entry.delay_ms);
        write_if_known(json, "error", entry.error);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
}

static void write_unmet(struct ifp_json *json, const ifp_plan *plan)
{
    ifp_json_open(json, "unmet", '[', false);
    for (size_t u = 0; u < ifp_plan_unmet_count(plan); u++) {
        ifp_unmet entry = IFP_UNMET_INIT;
        (void)ifp_plan_unmet(plan, u, &entry);
        if (!(entry.fraction > 0))
            continue;
        ifp_json_open(json, NULL, '{', true);
        ifp_json_string(json, "query", entry.query);
        ifp_json_number(json, "fraction", entry.fraction);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
}

static void write_limits(struct ifp_json *json, const ifp_check *check)
{
    ifp_json_open(json, "limits", '[', false);
    for (size_t l = 0; l < ifp_check_limit_count(check); l++) {
        ifp_limit entry = IFP_LIMIT_INIT;
        (void)ifp_check_limit(check, l, &entry);
        ifp_json_open(json, NULL, '{', true);
        ifp_json_string(json, "name", entry.name);
        ifp_json_number(json, "used", entry.used);
        ifp_json_number(json, "limit", entry.limit);
        ifp_json_string(json, "kind", ifp_limit_kind_word(entry.kind));
        ifp_json_string(json, "unit", entry.unit);
        write_if_given(json, "query", entry.query);
        write_if_given(json, "model", entry.model);
        write_if_given(json, "tier", entry.tier);
        write_if_given(json, "pool", entry.pool);
        write_if_not_zero(json, "tp_degree", entry.tp_degree);
        write_if_given(json, "point", entry.point);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
}

void ifp_document_begin(struct ifp_json *json, const struct ifp_document *document)
{
    const ifp_plan *plan = document->check ? ifp_check_plan(document->check) : NULL;
    ifp_json_open(json, NULL, '{', false);
    ifp_json_string(json, "format", "inferplan-plan");
    ifp_json_number(json, "version", 1);
    ifp_json_string(json, "instance", document->instance);
    ifp_json_string(json, "status", document->status);
    ifp_json_number(json, "objective_usd", document->objective);
    ifp_json_number(json, "bound_usd", document->bound);
    ifp_json_number(json, "gap", document->gap);
    write_costs(json, document->check);
    write_deployments(json, plan);
    write_routes(json, plan);
    write_unmet(json, plan);
    write_limits(json, document->check);
    ifp_json_bool(json, "verified", ifp_check_feasible(document->check) == 1);
    ifp_json_number(json, "max_violation", ifp_check_max_violation(document->check));
}

char *ifp_document_end(struct ifp_json *json)
{
    ifp_json_close(json, '}');
    ifp_text_string(&json->text, "\n");
    return ifp_text_take(&json->text);
}
