/* SPDX-License-Identifier: MIT */
/* The picture of the costs: the parts of the cost, of the whole plan and of each query type,
 * from the bill. */
#include <stdlib.h>

#include "plan/plan.h"
#include "report/bars.h"
#include "report/picture.h"
#include "report/svg.h"
#include "util/figure.h"

/* The most rows. If there are more, the cheapest ones are merged into one. */
enum { ROWS_MAX = 20 };

struct bill_row {
    const char *name;
    double cost_parts[IFP_COST_PART_COUNT];
    double total;
    size_t place; /* index in the instance's list; one past the end for the row of unused ones */
};

/* The highest cost first; rows with equal costs in the order of the instance. */
static int compare(const void *one, const void *other)
{
    const struct bill_row *a = one;
    const struct bill_row *b = other;
    if (a->total != b->total)
        return a->total > b->total ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void add(struct bill_row *row, const struct ifp_bill_entry *entry)
{
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        row->cost_parts[p] += entry->cost_parts[p];
    row->total += ifp_bill_total(entry);
}

/* Add up the rows. The last row is for deployments that no route uses. */
static void add_up(struct bill_row *rows, const struct ifp_report *report)
{
    const ifp_plan *plan = report->check->plan;
    const struct ifp_bill *bill = &report->check->bill;
    for (size_t r = 0; r < plan->route_count; r++)
        add(&rows[plan->routes[r].query], &bill->routes[r]);
    for (size_t u = 0; u < plan->unmet_count; u++) {
        rows[plan->unmet[u].query].cost_parts[IFP_COST_PART_UNMET] += bill->unmet[u];
        rows[plan->unmet[u].query].total += bill->unmet[u];
    }
    for (size_t d = 0; d < plan->deployment_count; d++) {
        bool used = false;
        for (size_t r = 0; r < plan->route_count && !used; r++)
            used = plan->routes[r].model == plan->deployments[d].model &&
                   plan->routes[r].tier == plan->deployments[d].tier;
        if (!used)
            add(&rows[report->instance->query_count], &bill->deployments[d]);
    }
}

static void merge(struct bill_row *row, const struct bill_row *other)
{
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        row->cost_parts[p] += other->cost_parts[p];
    row->total += other->total;
}

static void draw_row(struct ifp_text *text, double y, double width, const char *label,
                     const struct bill_row *row, double whole)
{
    struct ifp_bar_segment segments[IFP_COST_PART_COUNT];
    struct ifp_text figure = {0};
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        segments[p] = (struct ifp_bar_segment){.value = row->cost_parts[p],
                                               .colour = ifp_cost_parts[p].colour,
                                               .name = ifp_cost_parts[p].title};
    ifp_figure_dollars(&figure, row->total);
    ifp_bar_row(text, y, width, label, &figure, segments, IFP_COST_PART_COUNT, whole,
                ifp_figure_dollars);
    ifp_text_clear(&figure);
}

/* Draw the legend: one line for each part, with its total. */
static double draw_legend(struct ifp_text *text, double y, double width, const struct bill_row *all)
{
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++) {
        struct ifp_text line = {0};
        ifp_text_format(&line, "%s ", ifp_cost_parts[p].title);
        ifp_figure_dollars(&line, all->cost_parts[p]);
        if (all->total > 0) {
            ifp_text_string(&line, ", ");
            ifp_figure_percent(&line, all->cost_parts[p] / all->total);
        }
        ifp_svg_rect(text, 0, y - 9, 10, 10, ifp_cost_parts[p].colour, NULL);
        if (!line.failed)
            ifp_svg_text(text, 16, y, IFP_SVG_START, "", width - 16, line.data);
        text->failed |= line.failed;
        ifp_text_clear(&line);
        y += 17;
    }
    return y;
}

/* "Where the money goes: rental, storage and delay, by query type". */
static void put_description(struct ifp_text *text)
{
    ifp_text_string(text, "Where the money goes: ");
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++) {
        bool last = p + 1 == IFP_COST_PART_COUNT;
        ifp_text_format(text, "%s%s", p == 0 ? "" : last ? " and " : ", ", ifp_cost_parts[p].title);
    }
    ifp_text_string(text, ", by query type");
}

void ifp_picture_costs(struct ifp_text *text, const struct ifp_report *report, double width)
{
    if (!report->check) {
        ifp_picture_nothing(text, "costs", width, "There is no plan.");
        return;
    }
    size_t count = report->instance->query_count;
    struct bill_row *rows = calloc(count + 1, sizeof *rows);
    if (!rows) {
        text->failed = true;
        return;
    }
    add_up(rows, report);
    struct bill_row all = {.total = report->check->total};
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        all.cost_parts[p] = report->check->cost_parts[p];
    for (size_t i = 0; i <= count; i++) {
        rows[i].place = i;
        rows[i].name = i < count ? report->instance->queries[i].name : "rented, and used by none";
    }
    size_t shown = count + (rows[count].total > 0);
    qsort(rows, shown, sizeof *rows, compare);
    struct ifp_text rest = {0};
    struct ifp_text description = {0};
    if (shown > ROWS_MAX) {
        ifp_text_format(&rest, "%zu others", shown - ROWS_MAX + 1);
        text->failed |= rest.failed;
        for (size_t i = ROWS_MAX; i < shown; i++)
            merge(&rows[ROWS_MAX - 1], &rows[i]);
        rows[ROWS_MAX - 1].name = rest.failed ? "" : rest.data;
        shown = ROWS_MAX;
    }
    double whole = 0;
    for (size_t i = 0; i < shown; i++)
        whole = rows[i].total > whole ? rows[i].total : whole;
    double legend = 17 * IFP_COST_PART_COUNT;
    double first = IFP_BAR_ROW + legend + 26;
    put_description(&description);
    text->failed |= description.failed;
    ifp_svg_open(text, "costs", width, first + (double)shown * IFP_BAR_ROW,
                 description.failed ? "" : description.data);
    ifp_text_clear(&description);
    draw_row(text, 0, width, "all", &all, all.total);
    double y = draw_legend(text, IFP_BAR_ROW + 12, width, &all);
    ifp_svg_text(text, 0, y + 8, IFP_SVG_START, "b", width, "By query type");
    for (size_t i = 0; i < shown; i++)
        draw_row(text, first + (double)i * IFP_BAR_ROW, width, rows[i].name, &rows[i], whole);
    ifp_svg_close(text);
    ifp_text_clear(&rest);
    free(rows);
}
