/* SPDX-License-Identifier: MIT */
/* The page of a report: first the result and its proof in words and figures, then the pictures,
 * then all data in tables. It has no scripts and loads no other files. */
#include <math.h>

#include <inferplan/version.h>

#include "plan/plan.h"
#include "report/picture.h"
#include "report/svg.h"
#include "result/document.h"
#include "util/figure.h"

/* Widths of pictures for a screen, half a screen and a phone, in units of the pictures. Their
 * letters have size 12. */
static const double WIDE = 820;
static const double HALF_WIDTH = 460;
static const double NARROW = 360;

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    /* By this the command and the Python package recognise a page that they may replace. */
    "<meta name=\"generator\" content=\"inferplan\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n<title>";

static const char style[] =
    "</title>\n<style>\n"
    ":root{color-scheme:light}\n"
    "body{margin:0;background:#fff;color:#222;font:16px/1.45 system-ui,sans-serif}\n"
    "main{max-width:1080px;margin:0 auto;padding:16px}\n"
    "h1{font-size:1.5rem;margin:.2em 0;overflow-wrap:anywhere}\n"
    "h2{font-size:1.1rem;margin:0 0 .5em}\n"
    "p{margin:.4em 0 1em;max-width:46em}\n"
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;"
    "margin:1em 0 1.5em}\n"
    ".figures div{background:#f4f5f7;border-radius:6px;padding:10px 12px}\n"
    ".figures b{display:block;font-size:1.35rem;overflow-wrap:anywhere}\n"
    ".figures span{color:#555;font-size:.9rem}\n"
    ".grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));"
    "gap:28px 36px;align-items:start}\n"
    "section{margin:0 0 28px;break-inside:avoid}\n"
    ".grid section{margin:0}\n"
    ".narrow{display:none}\n"
    ".scroll{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}\n"
    "th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid "
    "#ddd;white-space:nowrap}\n"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
    "tfoot td{font-weight:600}\n"
    ".notes{border-left:4px solid #ee6677;background:#fdf1f3;padding:8px 16px;margin:0 0 1em}\n"
    ".notes ul{margin:.3em 0;padding-left:1.2em}\n"
    ".notes code{color:#555;overflow-wrap:anywhere}\n"
    "footer{color:#555;font-size:.85rem;margin-top:2em}\n"
    "@media (max-width:699px){.wide{display:none}.narrow{display:block}main{padding:12px}}\n"
    "@media print{body{font-size:11pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "main{max-width:none;padding:0}tr{break-inside:avoid}"
    ".long{break-inside:auto}}\n"
    "@page{margin:14mm}\n"
    "</style>\n</head>\n<body>\n<main>\n";

/* -- in words -- */

/* A gap below this is rounding noise. */
static const double NO_GAP = 1e-6;

static double gap_of(const struct ifp_report *report)
{
    return fmax(ifp_document_gap(report->check->total, report->bound), 0);
}

static void put_gap(struct ifp_text *text, const struct ifp_report *report)
{
    ifp_figure_percent(text, gap_of(report) > NO_GAP ? gap_of(report) : 0);
}

static void put_verdict(struct ifp_text *text, const struct ifp_report *report)
{
    if (report->status == IFP_STATUS_INFEASIBLE) {
        ifp_text_string(text, "Proven: no plan holds every limit.");
    } else if (!report->check) {
        ifp_text_string(text, "No plan was found before the solve ended.");
    } else if (!ifp_check_feasible(report->check)) {
        ifp_text_string(text, "The plan breaks a limit: ");
        ifp_markup_text(text, report->check->reason);
        ifp_text_string(text, ".");
    } else if (report->status == 0 || !isfinite(report->bound)) {
        ifp_text_string(text, "The plan holds every limit. How far from the best it may be is not "
                              "known.");
    } else if (gap_of(report) <= NO_GAP) {
        ifp_text_string(text, "Proven to be the cheapest: no plan costs less.");
    } else {
        ifp_text_string(text, report->status == IFP_STATUS_OPTIMAL
                                  ? "Proven within the gap that was asked for: no plan costs "
                                    "less than "
                                  : "The best plan found before the solve ended. No plan costs "
                                    "less than ");
        ifp_figure_dollars(text, report->bound);
        ifp_text_string(text, ", which is within ");
        put_gap(text, report);
        ifp_text_string(text, " of this one.");
    }
    if (report->check && report->instance->uncertainty != IFP_UNCERTAINTY_NONE)
        ifp_text_string(text, " Delay and error may deviate: delays, errors and the cost of delay "
                              "are those of the worst case.");
}

static void put_card(struct ifp_text *text, const struct ifp_text *figure, const char *words)
{
    text->failed |= figure->failed;
    ifp_text_format(text, "<div><b>%s</b><span>%s</span></div>\n",
                    figure->failed ? "" : figure->data, words);
}

/* The fraction of all tokens that is served. */
static double served_share(const struct ifp_report *report)
{
    double all = 0;
    double unmet = 0;
    for (size_t i = 0; i < report->instance->query_count; i++) {
        const struct ifp_query_data *query = &report->instance->queries[i];
        all += (query->input_tokens + query->output_tokens) * query->rate_per_hour;
    }
    const ifp_plan *plan = report->check->plan;
    for (size_t u = 0; u < plan->unmet_count; u++) {
        const struct ifp_query_data *query = &report->instance->queries[plan->unmet[u].query];
        unmet += (query->input_tokens + query->output_tokens) * query->rate_per_hour *
                 plan->unmet[u].fraction;
    }
    return all > 0 ? fmin(fmax(1 - unmet / all, 0), 1) : 1;
}

static void put_figures(struct ifp_text *text, const struct ifp_report *report)
{
    struct ifp_text figure = {0};
    double gpus = 0;
    ifp_text_string(text, "<div class=\"figures\">\n");
    ifp_figure_dollars(&figure, report->check->total);
    struct ifp_text words = {0};
    ifp_text_string(&words, "for ");
    ifp_figure_count(&words, report->instance->rental_hours, "hour", "hours");
    text->failed |= words.failed;
    put_card(text, &figure, words.failed ? "" : words.data);
    ifp_text_clear(&words);
    ifp_text_clear(&figure);
    for (size_t d = 0; d < report->check->plan->deployment_count; d++)
        gpus += (double)ifp_plan_gpus(&report->check->plan->deployments[d]);
    ifp_figure_number(&figure, gpus);
    put_card(text, &figure, gpus == 1 ? "GPU rented" : "GPUs rented");
    ifp_text_clear(&figure);
    ifp_figure_percent(&figure, served_share(report));
    put_card(text, &figure, "of all tokens served");
    ifp_text_clear(&figure);
    if (isfinite(report->bound) && report->status != 0) {
        put_gap(&figure, report);
        put_card(text, &figure, "from the best, at most");
        ifp_text_clear(&figure);
    }
    ifp_text_string(text, "</div>\n");
}

/* -- pictures -- */

typedef void (*draw)(struct ifp_text *text, const struct ifp_report *report, double width);

static void put_picture(struct ifp_text *text, const struct ifp_report *report, const char *title,
                        const char *words, draw picture)
{
    ifp_text_format(text, "<section>\n<h2>%s</h2>\n", title);
    if (*words)
        ifp_text_format(text, "<p>%s</p>\n", words);
    picture(text, report, HALF_WIDTH);
    ifp_text_string(text, "</section>\n");
}

/* Only if the load of a deployment means something. */
static void put_loads(struct ifp_text *text, const struct ifp_report *report)
{
    const ifp_plan *plan = report->check->plan;
    bool any = false;
    for (size_t d = 0; d < plan->deployment_count; d++)
        any |= ifp_picture_load_shows(&plan->deployments[d]);
    if (any)
        put_picture(text, report, "How loaded the deployments are",
                    "In replicas. Blue: the load of the routes (red: more than is allowed). Light "
                    "blue: more load that is allowed. Yellow: head-room, which is kept free.",
                    ifp_picture_load);
}

static void put_pictures(struct ifp_text *text, const struct ifp_report *report)
{
    ifp_text_string(text, "<section>\n<h2>Where the traffic goes</h2>\n<p>Query types, models and "
                          "GPU tiers; bands are as wide as their share of all tokens, and coloured "
                          "by what a million tokens cost there.</p>\n<div class=\"wide\">\n");
    ifp_picture_traffic(text, report, WIDE);
    ifp_text_string(text, "</div>\n<div class=\"narrow\">\n");
    ifp_picture_traffic(text, report, NARROW);
    ifp_text_string(text, "</div>\n</section>\n<div class=\"grid\">\n");
    put_picture(text, report, "Where the money goes", "", ifp_picture_costs);
    put_picture(text, report, "What is rented", "", ifp_picture_fleet);
    put_loads(text, report);
    put_picture(text, report, "How full the limits are", "", ifp_picture_limits);
    if (report->point_count > 0)
        put_picture(text, report, "The gap over the time of the solve", "", ifp_picture_gap);
    ifp_text_string(text, "</div>\n");
}

/* -- tables -- */

static void put_cell(struct ifp_text *text, const char *name)
{
    ifp_text_string(text, "<td>");
    ifp_markup_text(text, name);
    ifp_text_string(text, "</td>");
}

static void put_dollars(struct ifp_text *text, double value)
{
    ifp_text_string(text, "<td class=\"n\">");
    ifp_figure_dollars(text, value);
    ifp_text_string(text, "</td>");
}

static void put_number(struct ifp_text *text, double value)
{
    ifp_text_string(text, "<td class=\"n\">");
    ifp_figure_number(text, value);
    ifp_text_string(text, "</td>");
}

static void put_percent(struct ifp_text *text, double value)
{
    ifp_text_string(text, "<td class=\"n\">");
    ifp_figure_percent(text, value);
    ifp_text_string(text, "</td>");
}

static void put_known(struct ifp_text *text, double value)
{
    if (isfinite(value))
        put_number(text, value);
    else
        ifp_text_string(text, "<td class=\"n\"></td>");
}

/* The columns of the tables that mean something for this plan. */
struct page_columns {
    bool point;
    bool load;
    bool several; /* a pair has several deployments */
    bool ttft;
    bool tpot;
};

static struct page_columns find_columns(const ifp_plan *plan)
{
    struct page_columns columns = {0};
    for (size_t d = 0; d < plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        columns.point |= deployment->point != NULL;
        columns.load |= ifp_picture_load_shows(deployment);
        /* Deployments of one pair are neighbours. */
        columns.several |= d > 0 && deployment[-1].model == deployment->model &&
                           deployment[-1].tier == deployment->tier;
    }
    for (size_t r = 0; r < plan->route_count; r++) {
        columns.ttft |= isfinite(plan->routes[r].ttft_ms);
        columns.tpot |= isfinite(plan->routes[r].tpot_ms);
    }
    return columns;
}

static void put_deployment(struct ifp_text *text, const struct ifp_report *report,
                           const struct page_columns *columns, size_t d)
{
    const struct ifp_plan_deployment *deployment = &report->check->plan->deployments[d];
    ifp_text_string(text, "<tr>");
    put_cell(text, report->instance->models[deployment->model].name);
    put_cell(text, report->instance->tiers[deployment->tier].name);
    put_number(text, (double)deployment->degree);
    if (columns->point)
        put_cell(text, deployment->point ? deployment->point : "");
    if (columns->point)
        put_known(text, deployment->tpot_ms);
    put_number(text, (double)deployment->replicas);
    put_number(text, (double)ifp_plan_gpus(deployment));
    if (columns->load) {
        put_known(text, deployment->load);
        put_known(text, deployment->load_limit);
        put_known(text, (double)deployment->replicas - deployment->load_limit);
    }
    put_dollars(text, report->check->bill.deployments[d].cost_parts[IFP_COST_PART_RENTAL]);
    ifp_text_string(text, "</tr>\n");
}

static void put_deployments(struct ifp_text *text, const struct ifp_report *report)
{
    const ifp_plan *plan = report->check->plan;
    const struct page_columns columns = find_columns(plan);
    ifp_text_string(text, "<section class=\"long\">\n<h2>Deployments</h2>\n<div class=\"scroll\">"
                          "<table>\n<thead><tr><th>model</th><th>tier</th><th class=\"n\">degree"
                          "</th>");
    if (columns.point)
        ifp_text_string(text, "<th>point</th><th class=\"n\">TPOT, ms</th>");
    ifp_text_string(text, "<th class=\"n\">replicas</th><th class=\"n\">GPUs</th>");
    if (columns.load)
        ifp_text_string(text, "<th class=\"n\">load</th><th class=\"n\">allowed load</th><th "
                              "class=\"n\">head-room</th>");
    ifp_text_string(text, "<th class=\"n\">rental</th></tr></thead>\n<tbody>\n");
    for (size_t d = 0; d < plan->deployment_count; d++)
        put_deployment(text, report, &columns, d);
    ifp_text_string(text, "</tbody>\n</table></div>\n</section>\n");
}

/* "50 of 80", or "50" without a limit. */
static void put_limited(struct ifp_text *text, double value, double limit,
                        void (*figure)(struct ifp_text *text, double value))
{
    ifp_text_string(text, "<td class=\"n\">");
    if (isfinite(value))
        figure(text, value);
    if (isfinite(value) && isfinite(limit)) {
        ifp_text_string(text, " of ");
        figure(text, limit);
    }
    ifp_text_string(text, "</td>");
}

/* What a request of the route feels, against the limits of its query type. */
static void put_felt(struct ifp_text *text, const struct ifp_report *report,
                     const struct page_columns *columns, const struct ifp_plan_route *route)
{
    const struct ifp_query_data *query = &report->instance->queries[route->query];
    if (columns->ttft)
        put_limited(text, route->ttft_ms, query->ttft_limit_ms, ifp_figure_number);
    if (columns->tpot)
        put_limited(text, route->tpot_ms, query->tpot_limit_ms, ifp_figure_number);
    put_limited(text, route->delay_ms, query->delay_limit_ms, ifp_figure_number);
    put_limited(text, route->error, query->error_limit, ifp_figure_percent);
}

static void put_empty(struct ifp_text *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ifp_text_string(text, "<td class=\"n\"></td>");
}

static void put_route(struct ifp_text *text, const struct ifp_report *report,
                      const struct page_columns *columns, size_t r)
{
    const struct ifp_instance *instance = report->instance;
    const struct ifp_plan_route *route = &report->check->plan->routes[r];
    const struct ifp_bill_entry *entry = &report->check->bill.routes[r];
    ifp_text_string(text, "<tr>");
    put_cell(text, instance->queries[route->query].name);
    put_cell(text, instance->models[route->model].name);
    put_cell(text, instance->tiers[route->tier].name);
    if (columns->several)
        put_known(text, route->degree > 0 ? (double)route->degree : NAN);
    if (columns->several && columns->point)
        put_cell(text, route->point ? route->point : "");
    put_percent(text, route->fraction);
    put_felt(text, report, columns, route);
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++) {
        if (p != IFP_COST_PART_UNMET || entry->cost_parts[p] > 0)
            put_dollars(text, entry->cost_parts[p]);
        else
            put_empty(text, 1);
    }
    ifp_text_string(text, "</tr>\n");
}

static void put_unmet(struct ifp_text *text, const struct ifp_report *report, size_t places,
                      size_t felt, size_t u)
{
    const struct ifp_plan_unmet *unmet = &report->check->plan->unmet[u];
    ifp_text_string(text, "<tr>");
    put_cell(text, report->instance->queries[unmet->query].name);
    ifp_text_string(text, "<td>unmet</td><td></td>");
    put_empty(text, places);
    put_percent(text, unmet->fraction);
    put_empty(text, felt);
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++) {
        if (p == IFP_COST_PART_UNMET)
            put_dollars(text, report->check->bill.unmet[u]);
        else
            put_empty(text, 1);
    }
    ifp_text_string(text, "</tr>\n");
}

static void put_routes_head(struct ifp_text *text, const struct page_columns *columns)
{
    ifp_text_string(text, "<section class=\"long\">\n<h2>Routes</h2>\n<div class=\"scroll\"><table>"
                          "\n<thead><tr><th>query type</th><th>model</th><th>tier</th>");
    if (columns->several)
        ifp_text_string(text, "<th class=\"n\">degree</th>");
    if (columns->several && columns->point)
        ifp_text_string(text, "<th>point</th>");
    ifp_text_string(text, "<th class=\"n\">share</th>");
    if (columns->ttft)
        ifp_text_string(text, "<th class=\"n\">TTFT, ms</th>");
    if (columns->tpot)
        ifp_text_string(text, "<th class=\"n\">TPOT, ms</th>");
    ifp_text_string(text, "<th class=\"n\">delay, ms</th><th class=\"n\">error</th>");
    /* "delay" is the heading of a time already. */
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        ifp_text_format(text, "<th class=\"n\">%s, $</th>", ifp_cost_parts[p].label);
    ifp_text_string(text, "</tr></thead>\n<tbody>\n");
}

static void put_routes(struct ifp_text *text, const struct ifp_report *report)
{
    const ifp_plan *plan = report->check->plan;
    const struct page_columns columns = find_columns(plan);
    size_t places = columns.several ? 1 + (size_t)columns.point : 0;
    size_t felt = 2 + (size_t)columns.ttft + (size_t)columns.tpot;
    put_routes_head(text, &columns);
    for (size_t r = 0; r < plan->route_count; r++)
        put_route(text, report, &columns, r);
    for (size_t u = 0; u < plan->unmet_count; u++)
        put_unmet(text, report, places, felt, u);
    ifp_text_string(text, "</tbody>\n<tfoot><tr><td>all</td><td></td><td></td>");
    put_empty(text, places + 1 + felt);
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        put_dollars(text, report->check->cost_parts[p]);
    ifp_text_string(text, "</tr></tfoot>\n</table></div>\n<p>The rental of a deployment is shared "
                          "by its routes in proportion to their tokens. \"50 of 80\": 80 is the "
                          "limit of the query type. Unless its limit basis is \"route\", limits "
                          "on delay and error apply to the mean over its routes.</p>\n"
                          "</section>\n");
}

/* First of all, since a note may make the rest worthless. */
static void put_notes(struct ifp_text *text, const struct ifp_report *report)
{
    const struct ifp_note_list *notes = report->check ? &report->check->notes : &report->notes;
    if (!notes->count)
        return;
    ifp_text_string(text, "<section class=\"notes\">\n<h2>Notes</h2>\n<ul>\n");
    for (size_t n = 0; n < notes->count; n++) {
        ifp_text_string(text, "<li>");
        ifp_markup_text(text, notes->items[n].text);
        ifp_text_string(text, " <code>");
        ifp_markup_text(text, notes->items[n].path);
        ifp_text_string(text, "</code></li>\n");
    }
    ifp_text_string(text, "</ul>\n</section>\n");
}

void ifp_report_page(struct ifp_text *text, const struct ifp_report *report)
{
    const char *name = report->instance->name ? report->instance->name : "";
    ifp_text_string(text, head);
    ifp_markup_text(text, name);
    ifp_text_string(text, " &#8211; inferplan");
    ifp_text_string(text, style);
    ifp_text_string(text, "<h1>");
    ifp_markup_text(text, name);
    ifp_text_string(text, "</h1>\n");
    put_notes(text, report);
    ifp_text_string(text, "<p>");
    put_verdict(text, report);
    ifp_text_string(text, "</p>\n");
    if (report->check) {
        put_figures(text, report);
        put_pictures(text, report);
        put_deployments(text, report);
        put_routes(text, report);
    }
    ifp_text_format(text,
                    "<footer>inferplan %d.%d.%d. Dollars over the horizon; degree: GPUs that one "
                    "replica is spread over.</footer>\n</main>\n</body>\n</html>\n",
                    IFP_VERSION_MAJOR, IFP_VERSION_MINOR, IFP_VERSION_PATCH);
}
