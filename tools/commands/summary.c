/* SPDX-License-Identifier: MIT */
/* Lays a result out for people: status, costs, fleet, routes, unmet demand, limits. Every number
 * comes from the library; only percentages are computed here. */
#define _POSIX_C_SOURCE 200809L

#include "commands/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "terminal/output.h"
#include "terminal/table.h"
#include "terminal/terminal.h"
#include "util/figure.h"
#include "util/utf8.h"

enum { BAR_LENGTH = 10, LARGEST_REMOVAL = 99 };

/* A limit this much above full counts as broken, as in the library's check. */
static const double full_tolerance = 1e-6;
/* Plans that exceed a limit by at most this count as holding it: docs/solving.md, "Tolerances". */
static const double held_tolerance = 1e-8;
/* Gaps below this are shown as such: their digits are those of rounding. */
static const double min_gap = 1e-6;

struct summary_style summary_style_of_output(void)
{
    struct summary_style style = {terminal_columns(STDOUT_FILENO), terminal_colours(STDOUT_FILENO)};
    return style;
}

static void put_heading(struct ifp_text *out, struct summary_style style, const char *heading)
{
    output_print(out, style.colours ? "\n\033[1m%s\033[0m\n" : "\n%s\n", heading);
}

/* Green, yellow or red for the exit statuses 0, 1 and the rest. */
static void put_status(struct ifp_text *out, struct summary_style style, int status,
                       const char *words)
{
    const char *colour = status == STATUS_DONE    ? "\033[32m"
                         : status == STATUS_LIMIT ? "\033[33m"
                                                  : "\033[31m";
    output_print(out, "status     %s%s%s", style.colours ? colour : "", words,
                 style.colours ? "\033[0m" : "");
}

static void format_percent(char text[IFP_NUMBER_SIZE], double ratio)
{
    if (isfinite(ratio))
        snprintf(text, IFP_NUMBER_SIZE, "%.1f %%", 100 * ratio);
    else
        snprintf(text, IFP_NUMBER_SIZE, "-");
}

/* How full a limit is; NaN where that has no meaning. */
static double fullness(const ifp_limit *limit)
{
    if (!isfinite(limit->limit) || limit->limit <= 0)
        return NAN;
    return limit->used / limit->limit;
}

static bool same_name(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* Find the limit of that kind (enum ifp_limit_kind) that applies to these; NULL for none. */
static bool find_limit(const ifp_check *check, int kind, const char *query, const char *model,
                       const char *tier, ifp_limit *found)
{
    for (size_t i = 0; i < ifp_check_limit_count(check); i++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        if (ifp_check_limit(check, i, &limit) == IFP_OK && limit.kind == kind &&
            same_name(limit.query, query) && same_name(limit.model, model) &&
            same_name(limit.tier, tier)) {
            *found = limit;
            return true;
        }
    }
    return false;
}

/* The same for a deployment, which may be one of several of its model and tier. */
static bool find_deployment_limit(const ifp_check *check, int kind,
                                  const ifp_deployment *deployment, ifp_limit *found)
{
    for (size_t i = 0; i < ifp_check_limit_count(check); i++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        if (ifp_check_limit(check, i, &limit) == IFP_OK && limit.kind == kind &&
            same_name(limit.model, deployment->model) && same_name(limit.tier, deployment->tier) &&
            (!limit.tp_degree || (limit.tp_degree == deployment->tp_degree &&
                                  same_name(limit.point, deployment->point)))) {
            *found = limit;
            return true;
        }
    }
    return false;
}

static const char *plural_s(double count)
{
    return count == 1 ? "" : "s";
}

static void put_instance(struct ifp_text *out, const ifp_instance *instance)
{
    const char *name = ifp_instance_name(instance);
    size_t queries = ifp_instance_query_count(instance);
    size_t models = ifp_instance_model_count(instance);
    size_t tiers = ifp_instance_tier_count(instance);
    output_print(out, "instance   %s (%zu quer%s, %zu model%s, %zu tier%s)\n",
                 *name ? name : "unnamed", queries, queries == 1 ? "y" : "ies", models,
                 plural_s((double)models), tiers, plural_s((double)tiers));
}

/* The parts of the cost, and behind them the total. */
static void put_costs(struct ifp_text *out, struct summary_style style, const ifp_check *check)
{
    size_t cost_parts = ifp_cost_part_count();
    int width = 0;
    put_heading(out, style, "Costs in USD over the horizon");
    /* First as wide as the widest of them. */
    for (int print = 0; print < 2; print++) {
        for (size_t p = 0; p <= cost_parts; p++) {
            ifp_cost_part cost_part = IFP_COST_PART_INIT;
            cost_part.cost = IFP_COST_TOTAL;
            cost_part.label = "total";
            if (p < cost_parts)
                (void)ifp_cost_part_get(p, &cost_part);
            char text[IFP_NUMBER_SIZE];
            ifp_figure_usd(text, ifp_check_cost(check, cost_part.cost));
            int length = (int)strlen(text);
            width = length > width ? length : width;
            if (print)
                output_print(out, "  %-8s %*s\n", cost_part.label, width, text);
        }
    }
}

/* The columns that a table shows: only those that mean something for one of its rows. */
enum { COLUMNS_MAX = 12 };
struct columns {
    struct table_column shown[COLUMNS_MAX];
    size_t count;
};

static void add_column(struct columns *columns, const char *heading, bool right, bool may_be_cut)
{
    columns->shown[columns->count++] = (struct table_column){heading, right, may_be_cut};
}

/* What a plan says about its deployments and routes. */
struct shown_fields {
    bool several; /* a pair has several deployments */
    bool points;
    bool loads;
    bool memory;
    bool slots;
    bool compute;
    bool ttft;
    bool tpot;
    bool delay; /* under profiles: of each route */
    bool error;
};

static bool same_pair(const ifp_deployment *one, const ifp_deployment *other)
{
    return same_name(one->model, other->model) && same_name(one->tier, other->tier);
}

static struct shown_fields find_fields(const ifp_check *check)
{
    const ifp_plan *plan = ifp_check_plan(check);
    struct shown_fields fields = {0};
    ifp_deployment previous = IFP_DEPLOYMENT_INIT;
    for (size_t i = 0; i < ifp_plan_deployment_count(plan); i++) {
        ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
        if (ifp_plan_deployment(plan, i, &deployment) != IFP_OK)
            continue;
        /* Deployments of one pair are neighbours. */
        fields.several |= previous.model && same_pair(&previous, &deployment);
        fields.points |= deployment.point != NULL;
        fields.loads |= isfinite(deployment.load_limit);
        previous = deployment;
    }
    for (size_t i = 0; i < ifp_check_limit_count(check); i++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        if (ifp_check_limit(check, i, &limit) != IFP_OK)
            continue;
        fields.memory |= limit.kind == IFP_LIMIT_KIND_MEMORY;
        fields.slots |= limit.kind == IFP_LIMIT_KIND_SLOTS;
        fields.compute |= limit.kind == IFP_LIMIT_KIND_COMPUTE;
    }
    for (size_t i = 0; i < ifp_plan_route_count(plan); i++) {
        ifp_route route = IFP_ROUTE_INIT;
        if (ifp_plan_route(plan, i, &route) != IFP_OK)
            continue;
        fields.ttft |= isfinite(route.ttft_ms);
        fields.tpot |= isfinite(route.tpot_ms);
        fields.error |= isfinite(route.error) && route.error > 0;
    }
    fields.delay = fields.ttft || fields.tpot || fields.points;
    fields.error &= fields.delay;
    /* Without profiles the columns of memory and compute stay, if only with dashes. */
    fields.memory |= !fields.points;
    fields.compute |= !fields.points;
    return fields;
}

/* A number in the table, "-" if it means nothing. */
static void put_number_cell(struct table *table, double value)
{
    if (isfinite(value))
        table_cell(table, "%.4g", value);
    else
        table_cell(table, "-");
}

static void put_fullness_cell(struct table *table, const ifp_check *check, int kind,
                              const ifp_deployment *deployment)
{
    ifp_limit limit = IFP_LIMIT_INIT;
    char text[IFP_NUMBER_SIZE] = "-";
    if (find_deployment_limit(check, kind, deployment, &limit))
        format_percent(text, fullness(&limit));
    table_cell(table, "%s", text);
}

/* The load of the load that is allowed, and the replicas that are kept free. */
static void put_load_cells(struct table *table, const ifp_deployment *deployment)
{
    if (isfinite(deployment->load) && isfinite(deployment->load_limit))
        table_cell(table, "%.4g / %.4g", deployment->load, deployment->load_limit);
    else
        table_cell(table, "-");
    put_number_cell(table, deployment->headroom);
}

static void put_deployment_cells(struct table *table, const struct shown_fields *fields,
                                 const ifp_check *check, size_t index,
                                 const ifp_deployment *deployment)
{
    char rental[IFP_NUMBER_SIZE];
    ifp_figure_usd(rental, ifp_check_deployment_cost(check, index, IFP_COST_RENTAL));
    table_cell(table, "%s", deployment->model);
    table_cell(table, "%s", deployment->tier);
    table_cell(table, "%" PRId64, deployment->tp_degree);
    if (fields->points)
        table_cell(table, "%s", deployment->point ? deployment->point : "-");
    table_cell(table, "%" PRId64, deployment->replicas);
    table_cell(table, "%" PRId64, deployment->gpus);
    table_cell(table, "%s", rental);
    if (fields->loads)
        put_load_cells(table, deployment);
    if (fields->memory)
        put_fullness_cell(table, check, IFP_LIMIT_KIND_MEMORY, deployment);
    if (fields->compute)
        put_fullness_cell(table, check, IFP_LIMIT_KIND_COMPUTE, deployment);
    if (fields->slots)
        put_fullness_cell(table, check, IFP_LIMIT_KIND_SLOTS, deployment);
}

static void put_deployments(struct ifp_text *out, struct summary_style style,
                            const ifp_check *check)
{
    const ifp_plan *plan = ifp_check_plan(check);
    struct shown_fields fields = find_fields(check);
    struct columns columns = {0};
    put_heading(out, style, "Fleet");
    if (ifp_plan_deployment_count(plan) == 0) {
        output_print(out, "  nothing is rented\n");
        return;
    }
    add_column(&columns, "model", false, true);
    add_column(&columns, "tier", false, true);
    add_column(&columns, "degree", true, false);
    if (fields.points)
        add_column(&columns, "point", false, true);
    add_column(&columns, "replicas", true, false);
    add_column(&columns, "GPUs", true, false);
    add_column(&columns, "rental $", true, false);
    if (fields.loads) {
        add_column(&columns, "load", true, false);
        add_column(&columns, "head-room", true, false);
    }
    if (fields.memory)
        add_column(&columns, "memory", true, false);
    if (fields.compute)
        add_column(&columns, "compute", true, false);
    if (fields.slots)
        add_column(&columns, "slots", true, false);
    struct table table = {.columns = columns.shown, .column_count = columns.count};
    for (size_t i = 0; i < ifp_plan_deployment_count(plan); i++) {
        ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
        if (ifp_plan_deployment(plan, i, &deployment) == IFP_OK)
            put_deployment_cells(&table, &fields, check, i, &deployment);
    }
    table_print(&table, out, style.width);
    table_free(&table);
}

/* A query type's delay against its limit, for the first of its routes. */
static void put_delay_cell(struct table *table, const ifp_check *check, const char *query)
{
    ifp_limit limit = IFP_LIMIT_INIT;
    if (!find_limit(check, IFP_LIMIT_KIND_DELAY, query, NULL, NULL, &limit))
        table_cell(table, "no limit");
    else if (isfinite(limit.limit))
        table_cell(table, "%.5g / %.5g ms", limit.used, limit.limit);
    else
        table_cell(table, "%.5g ms, no limit", limit.used);
}

/* Degree and point of a route's deployment, if its pair has several, and what a request feels. */
static void put_route_cells(struct table *table, const struct shown_fields *fields,
                            const ifp_route *route)
{
    char share[IFP_NUMBER_SIZE];
    format_percent(share, route->fraction);
    table_cell(table, "%s", route->query);
    table_cell(table, "%s", route->model);
    table_cell(table, "%s", route->tier);
    if (fields->several) {
        if (route->tp_degree > 0)
            table_cell(table, "%" PRId64, route->tp_degree);
        else
            table_cell(table, "-");
        if (fields->points)
            table_cell(table, "%s", route->point ? route->point : "-");
    }
    table_cell(table, "%s", share);
    if (fields->ttft)
        put_number_cell(table, route->ttft_ms);
    if (fields->tpot)
        put_number_cell(table, route->tpot_ms);
    if (fields->delay)
        put_number_cell(table, route->delay_ms);
    if (fields->error) {
        char error[IFP_NUMBER_SIZE];
        format_percent(error, route->error);
        table_cell(table, "%s", error);
    }
}

static void add_route_columns(struct columns *columns, const struct shown_fields *fields)
{
    add_column(columns, "query", false, true);
    add_column(columns, "model", false, true);
    add_column(columns, "tier", false, true);
    if (fields->several) {
        add_column(columns, "degree", true, false);
        if (fields->points)
            add_column(columns, "point", false, true);
    }
    add_column(columns, "share", true, false);
    if (fields->ttft)
        add_column(columns, "TTFT ms", true, false);
    if (fields->tpot)
        add_column(columns, "TPOT ms", true, false);
    if (fields->delay)
        add_column(columns, "delay ms", true, false);
    if (fields->error)
        add_column(columns, "error", true, false);
    /* Limits of the delay under profiles are in the table of limits. */
    if (!fields->delay)
        add_column(columns, "delay / limit", true, false);
}

static void put_routes(struct ifp_text *out, struct summary_style style, const ifp_check *check)
{
    /* The check's own plan: it knows what a request of each route feels. */
    const ifp_plan *plan = ifp_check_plan(check);
    struct shown_fields fields = find_fields(check);
    struct columns columns = {0};
    put_heading(out, style, "Routes");
    if (ifp_plan_route_count(plan) == 0) {
        output_print(out, "  nothing is served\n");
        return;
    }
    add_route_columns(&columns, &fields);
    struct table table = {.columns = columns.shown, .column_count = columns.count};
    const char *previous = "";
    for (size_t i = 0; i < ifp_plan_route_count(plan); i++) {
        ifp_route route = IFP_ROUTE_INIT;
        if (ifp_plan_route(plan, i, &route) != IFP_OK)
            continue;
        put_route_cells(&table, &fields, &route);
        /* The limit is the query type's, over all of its routes. */
        if (!fields.delay && strcmp(previous, route.query) != 0)
            put_delay_cell(&table, check, route.query);
        else if (!fields.delay)
            table_cell(&table, "%s", "");
        previous = route.query;
    }
    table_print(&table, out, style.width);
    table_free(&table);
}

static void put_unmet(struct ifp_text *out, struct summary_style style, const ifp_plan *plan)
{
    static const struct table_column columns[] = {{"query", false, true}, {"share", true, false}};
    struct table table = {.columns = columns, .column_count = sizeof columns / sizeof *columns};
    for (size_t i = 0; i < ifp_plan_unmet_count(plan); i++) {
        ifp_unmet unmet = IFP_UNMET_INIT;
        if (ifp_plan_unmet(plan, i, &unmet) != IFP_OK || unmet.fraction <= 0)
            continue;
        char share[IFP_NUMBER_SIZE];
        format_percent(share, unmet.fraction);
        table_cell(&table, "%s", unmet.query);
        table_cell(&table, "%s", share);
    }
    if (table.cell_count > 0 || table.failed) {
        put_heading(out, style, "Unmet demand");
        table_print(&table, out, style.width);
    }
    table_free(&table);
}

/* Whether the fleet's table shows limits of this kind. */
static bool in_plan(int kind)
{
    return kind == IFP_LIMIT_KIND_MEMORY || kind == IFP_LIMIT_KIND_COMPUTE ||
           kind == IFP_LIMIT_KIND_LOAD || kind == IFP_LIMIT_KIND_SLOTS;
}

/* "[######----]": full only when the limit is. */
static void format_bar(char bar[BAR_LENGTH + 3], double ratio)
{
    int filled = 0;
    if (ratio >= 1)
        filled = BAR_LENGTH;
    else if (ratio > 0)
        filled = (int)(ratio * BAR_LENGTH);
    bar[0] = '[';
    for (int i = 0; i < BAR_LENGTH; i++)
        bar[1 + i] = i < filled ? '#' : '-';
    bar[BAR_LENGTH + 1] = ']';
    bar[BAR_LENGTH + 2] = '\0';
}

static void put_limits(struct ifp_text *out, struct summary_style style, const ifp_check *check)
{
    static const struct table_column columns[] = {{"limit", false, true}, {"full", false, false},
                                                  {"", true, false},      {"used", true, false},
                                                  {"of", true, false},    {"", false, false}};
    struct table table = {.columns = columns, .column_count = sizeof columns / sizeof *columns};
    for (size_t i = 0; i < ifp_check_limit_count(check); i++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        if (ifp_check_limit(check, i, &limit) != IFP_OK || !isfinite(limit.limit) ||
            in_plan(limit.kind))
            continue;
        double ratio = fullness(&limit);
        bool over = limit.used > limit.limit * (1 + full_tolerance);
        char bar[BAR_LENGTH + 3];
        char percent[IFP_NUMBER_SIZE];
        format_bar(bar, ratio);
        format_percent(percent, ratio);
        table_cell(&table, "%s", limit.name);
        table_cell(&table, "%s", bar);
        table_cell(&table, "%s", percent);
        table_cell(&table, "%.5g", limit.used);
        table_cell(&table, "%.5g", limit.limit);
        table_cell(&table, "%s%s", limit.unit, over ? "  over" : "");
    }
    if (table.cell_count > 0 || table.failed) {
        put_heading(out, style, "Limits");
        table_print(&table, out, style.width);
    }
    table_free(&table);
}

static void put_plan(struct ifp_text *out, struct summary_style style, const ifp_plan *plan,
                     const ifp_check *check)
{
    put_costs(out, style, check);
    put_deployments(out, style, check);
    put_routes(out, style, check);
    put_unmet(out, style, plan);
    put_limits(out, style, check);
}

/* Feasible within the tolerance only: the limits table would show no more than "100.0 %". */
static void put_excess(struct ifp_text *out, const ifp_check *check)
{
    double violation = ifp_check_max_violation(check);
    if (!ifp_check_feasible(check) || violation <= held_tolerance)
        return;
    double maximum = 0;
    ifp_limit worst = IFP_LIMIT_INIT;
    for (size_t i = 0; i < ifp_check_limit_count(check); i++) {
        ifp_limit limit = IFP_LIMIT_INIT;
        if (ifp_check_limit(check, i, &limit) == IFP_OK && fullness(&limit) - 1 > maximum) {
            maximum = fullness(&limit) - 1;
            worst = limit;
        }
    }
    /* Not every constraint is a limit of the check: shares that must add up to 1 are not. */
    if (maximum > held_tolerance)
        output_print(out, "note       the plan exceeds %s by %.3g of the limit", worst.name,
                     maximum);
    else
        output_print(out, "note       the plan breaks a constraint by %.3g", violation);
    output_print(out, ", within the tolerance of %g\n", full_tolerance);
}

/* The width of sentences where any width is allowed. */
enum { SENTENCE_WIDTH = 79 };

/* A sentence as an item of a list. */
static void put_wrapped(struct ifp_text *out, int width, const char *text)
{
    enum { INDENT = 4 };
    int maximum = width > 0 ? width : SENTENCE_WIDTH;
    int at = INDENT;
    output_print(out, "  - ");
    for (const char *word = text + strspn(text, " "); *word;) {
        size_t length = strcspn(word, " ");
        int columns = 0;
        for (size_t b = 0; b < length; b++)
            columns += !ifp_utf8_continues(word[b]);
        if (at > INDENT && at + 1 + columns > maximum) {
            output_print(out, "\n    ");
            at = INDENT;
        } else if (at > INDENT) {
            output_print(out, " ");
            at++;
        }
        output_print(out, "%.*s", (int)length, word);
        at += columns;
        word += length;
        word += strspn(word, " ");
    }
    output_print(out, "\n");
}

static void put_note(struct ifp_text *out, struct summary_style style, size_t index,
                     const ifp_note *note)
{
    if (index == 0)
        put_heading(out, style, "Notes");
    put_wrapped(out, style.width, note->text);
    output_print(out, "    see %s\n", note->path);
}

/* The one of a reason that misses its limit by the smallest fraction: "  nearest: a on M on T,
 * degree 2, at 40ms: 5 of 4 ms". Empty if there is none. */
static void put_nearest(struct ifp_text *text, const ifp_solution *solution, int reason)
{
    ifp_removed_example nearest = IFP_REMOVED_EXAMPLE_INIT;
    bool found = false;
    for (size_t n = 0; n < ifp_solution_removed_count(solution) && !found; n++) {
        ifp_removed removed = IFP_REMOVED_INIT;
        found = ifp_solution_removed(solution, n, &removed) == IFP_OK && removed.reason == reason &&
                ifp_solution_removed_nearest(solution, n, &nearest) == IFP_OK;
    }
    if (!found)
        return;
    ifp_text_string(text, "  nearest: ");
    if (nearest.query)
        ifp_text_format(text, "%s on ", nearest.query);
    ifp_text_format(text, "%s on %s", nearest.model, nearest.tier);
    output_print(text, ", degree %" PRId64, nearest.tp_degree);
    if (nearest.point)
        ifp_text_format(text, ", at %s", nearest.point);
    output_print(text, ": %.4g of %.4g%s%s", nearest.value, nearest.limit, *nearest.unit ? " " : "",
                 nearest.unit);
}

/* Reasons are found by their number, so that those of later releases are shown too. */
static void put_removed(struct ifp_text *out, struct summary_style style, const ifp_model *model,
                        const ifp_solution *solution)
{
    static const struct table_column columns[] = {{"removed", true, false},
                                                  {"because", false, false}};
    struct table table = {.columns = columns, .column_count = sizeof columns / sizeof *columns};
    for (int reason = 1; reason <= LARGEST_REMOVAL; reason++) {
        const char *text = ifp_removal_text(reason);
        size_t count = ifp_model_removed(model, reason);
        if (!text || count == 0)
            continue;
        table_cell(&table, "%zu", count);
        struct ifp_text nearest = {0};
        put_nearest(&nearest, solution, reason);
        table.failed |= nearest.failed;
        table_cell(&table, "%s%s: %s", ifp_removal_kind(reason), plural_s((double)count), text);
        if (nearest.size > 0 && !nearest.failed) {
            table_cell(&table, "%s", "");
            table_cell(&table, "%s", nearest.data);
        }
        ifp_text_clear(&nearest);
    }
    size_t configurations = ifp_model_configuration_count(model);
    size_t routes = ifp_model_route_count(model);
    /* Every instance has configurations, kept or removed: without any, nothing was built. */
    if (table.cell_count == 0 && configurations == 0 && !table.failed) {
        table_free(&table);
        return;
    }
    put_heading(out, style, "Before solving");
    if (table.cell_count > 0 || table.failed)
        table_print(&table, out, style.width);
    output_print(out, "  kept: %zu configuration%s (model, tier, degree), %zu route%s\n",
                 configurations, plural_s((double)configurations), routes,
                 plural_s((double)routes));
    table_free(&table);
}

/* A gap asked for that is worth telling beside the one proven. */
static const double wide_gap = 1e-3;

/* The status in a sentence. */
static void put_solution_status(struct ifp_text *out, struct summary_style style,
                                const ifp_solution *solution, const ifp_options *options)
{
    double time_limit = ifp_options_number(options, IFP_OPTION_TIME_LIMIT);
    double asked = ifp_options_number(options, IFP_OPTION_GAP);
    double gap = ifp_solution_gap(solution);
    char limit[96] = "the search ended without proof of the asked gap";
    if (ifp_solution_stop(solution) == IFP_STOP_CANCELLED)
        snprintf(limit, sizeof limit, "interrupted");
    else if (ifp_solution_stop(solution) == IFP_STOP_TIME_LIMIT)
        snprintf(limit, sizeof limit, "the time limit of %g s was reached", time_limit);
    const char *word = ifp_solution_status_word(solution);
    switch (ifp_solution_status(solution)) {
    case IFP_STATUS_OPTIMAL:
        put_status(out, style, STATUS_DONE, word);
        if (asked > wide_gap && gap >= min_gap)
            output_print(out, ": proven within %.3g %% of the best (asked: %.3g %%)\n", 100 * gap,
                         100 * asked);
        else
            output_print(out, ": no plan costs less, within the asked gap\n");
        break;
    case IFP_STATUS_FEASIBLE:
        put_status(out, style, STATUS_LIMIT, word);
        output_print(out, ": the best plan so far; %s\n", limit);
        break;
    case IFP_STATUS_INFEASIBLE:
        put_status(out, style, STATUS_INFEASIBLE, word);
        output_print(out, ": proven that no plan holds every limit of this instance\n");
        break;
    default:
        put_status(out, style, STATUS_NO_PLAN, word);
        output_print(out, ": no plan was found, nor was it proven that there is none; %s\n", limit);
        break;
    }
}

void summary_solution(struct ifp_text *out, struct summary_style style, const ifp_model *model,
                      const ifp_solution *solution, const ifp_options *options)
{
    const ifp_instance *instance = ifp_model_instance(model);
    const ifp_plan *plan = ifp_solution_plan(solution);
    const ifp_check *check = ifp_solution_check(solution);
    char money[IFP_NUMBER_SIZE];
    put_instance(out, instance);
    put_solution_status(out, style, solution, options);
    if (plan && check) {
        ifp_figure_usd(money, ifp_solution_objective(solution));
        output_print(out, "cost       %s USD\n", money);
    }
    if (isfinite(ifp_solution_bound(solution))) {
        ifp_figure_usd(money, ifp_solution_bound(solution));
        output_print(out, "bound      %s USD, proven: no plan can cost less\n", money);
    }
    double gap = ifp_solution_gap(solution);
    if (isfinite(gap))
        output_print(out, "gap        %s%.3g %%\n", gap < min_gap ? "below " : "",
                     100 * (gap < min_gap ? min_gap : gap));
    if (plan && check) {
        put_excess(out, check);
        put_plan(out, style, plan, check);
    }
    put_removed(out, style, model, solution);
    double nodes = ifp_solution_nodes(solution);
    output_print(out, "\nengine %s, %.0f node%s, %.3f seconds\n", ifp_solution_engine(solution),
                 nodes, plural_s(nodes), ifp_solution_seconds(solution));
    for (size_t n = 0; n < ifp_solution_note_count(solution); n++) {
        ifp_note note = IFP_NOTE_INIT;
        if (ifp_solution_note(solution, n, &note) == IFP_OK)
            put_note(out, style, n, &note);
    }
}

void summary_check(struct ifp_text *out, struct summary_style style, const ifp_instance *instance,
                   const ifp_plan *plan, const ifp_check *check)
{
    put_instance(out, instance);
    if (ifp_check_feasible(check)) {
        put_status(out, style, STATUS_DONE, "feasible");
        output_print(out, ": every limit holds\n");
        put_excess(out, check);
    } else {
        put_status(out, style, STATUS_INFEASIBLE, "infeasible");
        output_print(out, ": %s\n", ifp_check_reason(check));
        output_print(out, "violation  %.3g, the largest, relative to its limit\n",
                     ifp_check_max_violation(check));
    }
    put_plan(out, style, plan, check);
    for (size_t n = 0; n < ifp_check_note_count(check); n++) {
        ifp_note note = IFP_NOTE_INIT;
        if (ifp_check_note(check, n, &note) == IFP_OK)
            put_note(out, style, n, &note);
    }
}
