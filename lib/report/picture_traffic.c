/* SPDX-License-Identifier: MIT */
/*
 * The picture of the traffic: query types on the left, models in the middle, tiers on the right.
 * The height of each shows its tokens per hour (r_i lam_i x_ijk). The colour of a band between them
 * shows the cost of a million tokens on it, from the bill of the plan. Unmet demand ends in the
 * middle.
 */
#include <math.h>
#include <stdlib.h>

#include "plan/plan.h"
#include "report/picture.h"
#include "report/svg.h"
#include "util/figure.h"

enum column { QUERIES, MODELS, TIERS, COLUMNS };

static const double BAR = 8;          /* width of a node */
static const double PITCH = 17;       /* minimum distance of two nodes: a line of text */
static const double SPACE = 8;        /* minimum space between two nodes */
static const double FLOW = 260;       /* minimum height of all traffic together, */
static const double FLOW_A_NODE = 12; /* and for each node of the longest column */

struct node {
    const char *name;
    double tokens; /* per hour */
    double place;  /* the sort key within its column */
    double y;
    double height;
    double filled[2]; /* height used by bands on the left [0] and on the right [1] */
    bool shown;
};

struct band {
    size_t from; /* a node of one column, */
    size_t to;   /* and of the next column */
    double tokens;
    double dollars; /* per hour */
    double y[2];    /* the upper edge at each end */
    double key[2];  /* the sort keys */
};

struct picture {
    struct node *nodes[COLUMNS];
    size_t counts[COLUMNS];
    struct band *bands[2]; /* queries to models, models to tiers */
    size_t band_counts[2];
    double tokens;
    double height;
    double cheapest; /* dollars per million tokens */
    double dearest;
    bool served;
    bool unmet;
};

static bool reserve(struct picture *picture, const struct ifp_report *report)
{
    const struct ifp_instance *instance = report->instance;
    const ifp_plan *plan = report->check->plan;
    picture->counts[QUERIES] = instance->query_count;
    picture->counts[MODELS] = instance->model_count + 1; /* the last node is unmet demand */
    picture->counts[TIERS] = instance->tier_count;
    bool good = true;
    for (size_t c = 0; c < COLUMNS; c++) {
        picture->nodes[c] = calloc(picture->counts[c], sizeof *picture->nodes[c]);
        good &= picture->nodes[c] != NULL;
    }
    picture->bands[0] =
        calloc(plan->route_count + plan->unmet_count + 1, sizeof *picture->bands[0]);
    picture->bands[1] = calloc(plan->deployment_count + 1, sizeof *picture->bands[1]);
    return good && picture->bands[0] && picture->bands[1];
}

static void clear(struct picture *picture)
{
    for (size_t c = 0; c < COLUMNS; c++)
        free(picture->nodes[c]);
    free(picture->bands[0]);
    free(picture->bands[1]);
}

static double tokens_of(const struct ifp_instance *instance, size_t query)
{
    const struct ifp_query_data *data = &instance->queries[query];
    return (data->input_tokens + data->output_tokens) * data->rate_per_hour;
}

/* Dollars per hour: each part of the cost divided by the hours that it is charged over. */
static double dollars_of(const struct ifp_report *report, size_t route)
{
    const struct ifp_bill_entry *entry = &report->check->bill.routes[route];
    double hours = ifp_instance_penalty_hours(report->instance);
    double usd[2] = {0, 0}; /* not a penalty, a penalty */
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        usd[ifp_cost_parts[p].penalty] += entry->cost_parts[p];
    return usd[0] / report->instance->rental_hours + (hours > 0 ? usd[1] / hours : 0);
}

static double usable(double fraction)
{
    return isfinite(fraction) && fraction > 0 ? fraction : 0;
}

/* Routes are ordered by query, model and tier. The routes of one query type to one model are one
 * band. */
static void add_routes(struct picture *picture, const struct ifp_report *report)
{
    const ifp_plan *plan = report->check->plan;
    for (size_t r = 0; r < plan->route_count; r++) {
        const struct ifp_plan_route *route = &plan->routes[r];
        double tokens = tokens_of(report->instance, route->query) * usable(route->fraction);
        double dollars = dollars_of(report, r);
        if (!(tokens > 0))
            continue;
        picture->served = true;
        size_t count = picture->band_counts[0];
        struct band *band = count > 0 ? &picture->bands[0][count - 1] : NULL;
        if (!band || band->from != route->query || band->to != route->model) {
            band = &picture->bands[0][picture->band_counts[0]++];
            *band = (struct band){.from = route->query, .to = route->model};
        }
        band->tokens += tokens;
        band->dollars += dollars;
        size_t d = ifp_plan_route_deployment(plan, r);
        if (d < plan->deployment_count) {
            picture->bands[1][d].tokens += tokens;
            picture->bands[1][d].dollars += dollars;
        }
    }
    for (size_t d = 0; d < plan->deployment_count; d++) {
        picture->bands[1][d].from = plan->deployments[d].model;
        picture->bands[1][d].to = plan->deployments[d].tier;
    }
    picture->band_counts[1] = plan->deployment_count;
}

static void add_unmet(struct picture *picture, const struct ifp_report *report)
{
    const ifp_plan *plan = report->check->plan;
    for (size_t u = 0; u < plan->unmet_count; u++) {
        double tokens =
            tokens_of(report->instance, plan->unmet[u].query) * usable(plan->unmet[u].fraction);
        if (!(tokens > 0))
            continue;
        picture->unmet = true;
        picture->bands[0][picture->band_counts[0]++] = (struct band){
            .from = plan->unmet[u].query, .to = report->instance->model_count, .tokens = tokens};
    }
}

static void fill_nodes(struct picture *picture, const struct ifp_report *report)
{
    const struct ifp_instance *instance = report->instance;
    for (size_t i = 0; i < instance->query_count; i++)
        picture->nodes[QUERIES][i].name = instance->queries[i].name;
    for (size_t j = 0; j < instance->model_count; j++)
        picture->nodes[MODELS][j].name = instance->models[j].name;
    picture->nodes[MODELS][instance->model_count].name = "unmet";
    for (size_t k = 0; k < instance->tier_count; k++)
        picture->nodes[TIERS][k].name = instance->tiers[k].name;
    for (size_t side = 0; side < 2; side++) {
        for (size_t b = 0; b < picture->band_counts[side]; b++) {
            const struct band *band = &picture->bands[side][b];
            if (side == 0) {
                picture->nodes[QUERIES][band->from].tokens += band->tokens;
                picture->tokens += band->tokens;
            }
            picture->nodes[side + 1][band->to].tokens += band->tokens;
        }
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        for (size_t n = 0; n < picture->counts[c]; n++)
            picture->nodes[c][n].shown = picture->nodes[c][n].tokens > 0;
    }
}

/* Sort the indices of a column's shown nodes by `place`. Returns their number. */
static size_t sorted(const struct node *nodes, size_t count, size_t *order)
{
    size_t shown = 0;
    for (size_t n = 0; n < count; n++) {
        if (!nodes[n].shown)
            continue;
        size_t at = shown++;
        for (; at > 0 && nodes[order[at - 1]].place > nodes[n].place; at--)
            order[at] = order[at - 1];
        order[at] = n;
    }
    return shown;
}

/* Order the nodes column by column from the left, by the mean position of the nodes that send them
 * traffic, so that fewer bands cross. Then put them one below the other. */
static bool place_nodes(struct picture *picture, const struct ifp_report *report)
{
    size_t maximum = 1;
    size_t longest = 1;
    for (size_t c = 0; c < COLUMNS; c++) {
        size_t shown = 0;
        for (size_t n = 0; n < picture->counts[c]; n++)
            shown += picture->nodes[c][n].shown;
        longest = shown > longest ? shown : longest;
        maximum = picture->counts[c] > maximum ? picture->counts[c] : maximum;
    }
    size_t *order = malloc(maximum * sizeof *order);
    if (!order)
        return false;
    double scale = fmax(FLOW, FLOW_A_NODE * (double)longest) / picture->tokens;
    for (size_t c = 0; c < COLUMNS; c++) {
        struct node *nodes = picture->nodes[c];
        if (c > 0) {
            const struct node *before = picture->nodes[c - 1];
            for (size_t b = 0; b < picture->band_counts[c - 1]; b++) {
                const struct band *band = &picture->bands[c - 1][b];
                const struct node *from = &before[band->from];
                if (nodes[band->to].shown)
                    nodes[band->to].place +=
                        (from->y + from->height / 2) * band->tokens / nodes[band->to].tokens;
            }
            if (c == MODELS)
                nodes[report->instance->model_count].place = INFINITY;
        }
        size_t shown = sorted(nodes, picture->counts[c], order);
        double y = 4;
        for (size_t s = 0; s < shown; s++) {
            struct node *node = &nodes[order[s]];
            node->height = fmax(1, node->tokens * scale);
            node->y = y + fmax(0, (PITCH - SPACE - node->height) / 2);
            y += fmax(node->height + SPACE, PITCH);
        }
        picture->height = fmax(picture->height, y);
    }
    free(order);
    return true;
}

static int compare_bands(const void *one, const void *other)
{
    const struct band *a = one;
    const struct band *b = other;
    for (size_t k = 0; k < 2; k++) {
        if (a->key[k] != b->key[k])
            return a->key[k] < b->key[k] ? -1 : 1;
    }
    return 0;
}

/* At each node, order the bands by their other ends. */
static void place_bands(struct picture *picture, size_t side)
{
    double scale = 0;
    for (size_t end = 0; end < 2; end++) {
        struct band *bands = picture->bands[side];
        for (size_t b = 0; b < picture->band_counts[side]; b++) {
            double places[2] = {picture->nodes[side][bands[b].from].y,
                                picture->nodes[side + 1][bands[b].to].y};
            bands[b].key[0] = places[end];
            bands[b].key[1] = places[1 - end];
        }
        qsort(bands, picture->band_counts[side], sizeof *bands, compare_bands);
        for (size_t b = 0; b < picture->band_counts[side]; b++) {
            struct node *node = end == 0 ? &picture->nodes[side][bands[b].from]
                                         : &picture->nodes[side + 1][bands[b].to];
            if (!(node->tokens > 0))
                continue;
            scale = node->height / node->tokens;
            /* The begin of a band (end 0) is on the right of a node, and its end on the left. */
            bands[b].y[end] = node->y + node->filled[end == 0];
            node->filled[end == 0] += bands[b].tokens * scale;
        }
    }
}

static double price_of(const struct band *band)
{
    return 1e6 * band->dollars / band->tokens;
}

static void find_prices(struct picture *picture, const struct ifp_report *report)
{
    picture->cheapest = INFINITY;
    picture->dearest = -INFINITY;
    for (size_t side = 0; side < 2; side++) {
        for (size_t b = 0; b < picture->band_counts[side]; b++) {
            const struct band *band = &picture->bands[side][b];
            if (!(band->tokens > 0) || (side == 0 && band->to == report->instance->model_count))
                continue;
            picture->cheapest = fmin(picture->cheapest, price_of(band));
            picture->dearest = fmax(picture->dearest, price_of(band));
        }
    }
}

/* Colours from cheap (light) to expensive (dark), which also differ in grey print. */
static const int stops[][3] = {
    {199, 233, 180}, {127, 205, 187}, {65, 182, 196}, {44, 127, 184}, {37, 52, 148}};
enum { STOPS = sizeof stops / sizeof *stops, COLOUR_SIZE = 8 };

/* The colour of a position from 0 (cheapest) to 1 (most expensive). */
static void put_colour(char colour[COLOUR_SIZE], double fraction)
{
    static const char digits[] = "0123456789abcdef";
    double at = fmin(fmax(fraction, 0), 1) * (STOPS - 1);
    int stop = (int)at < STOPS - 1 ? (int)at : STOPS - 2;
    colour[0] = '#';
    for (int c = 0; c < 3; c++) {
        double value = stops[stop][c] + (at - stop) * (stops[stop + 1][c] - stops[stop][c]);
        int rounded = (int)(value + 0.5);
        colour[1 + 2 * c] = digits[rounded / 16];
        colour[2 + 2 * c] = digits[rounded % 16];
    }
    colour[COLOUR_SIZE - 1] = '\0';
}

static double fraction_of(const struct picture *picture, double price)
{
    double range = picture->dearest - picture->cheapest;
    /* Prices that differ only in their last digits count as equal. */
    return range > 1e-9 * fabs(picture->dearest) ? (price - picture->cheapest) / range : 0.5;
}

static void draw_bands(struct ifp_text *text, const struct picture *picture,
                       const struct ifp_report *report, size_t side, double x0, double x1)
{
    for (size_t b = 0; b < picture->band_counts[side]; b++) {
        const struct band *band = &picture->bands[side][b];
        if (!(band->tokens > 0))
            continue;
        const struct node *from = &picture->nodes[side][band->from];
        const struct node *to = &picture->nodes[side + 1][band->to];
        bool unmet = side == 0 && band->to == report->instance->model_count;
        char colour[COLOUR_SIZE];
        struct ifp_text title = {0};
        ifp_text_format(&title, "%s \xe2\x86\x92 %s: ", from->name, to->name);
        ifp_figure_percent(&title, band->tokens / picture->tokens);
        ifp_text_string(&title, " of all tokens");
        if (!unmet) {
            ifp_text_string(&title, ", ");
            ifp_figure_dollars(&title, price_of(band));
            ifp_text_string(&title, " a million");
            put_colour(colour, fraction_of(picture, price_of(band)));
        }
        double height = fmax(0.5, band->tokens * from->height / from->tokens);
        ifp_svg_band(text, x0, band->y[0], x1, band->y[1], height,
                     unmet ? ifp_cost_parts[IFP_COST_PART_UNMET].colour : colour, &title);
        text->failed |= title.failed;
        ifp_text_clear(&title);
    }
}

/* The widest label of a column. */
static double label_width(const struct picture *picture, size_t column, bool with_share)
{
    double widest = 0;
    for (size_t n = 0; n < picture->counts[column]; n++) {
        const struct node *node = &picture->nodes[column][n];
        if (node->shown)
            widest = fmax(widest, ifp_svg_text_width(node->name));
    }
    return widest + (with_share ? ifp_svg_text_width("0.0123 % ") : 0);
}

static void draw_nodes(struct ifp_text *text, const struct picture *picture, size_t column,
                       double x, double max_width, bool with_share)
{
    for (size_t n = 0; n < picture->counts[column]; n++) {
        const struct node *node = &picture->nodes[column][n];
        if (!node->shown)
            continue;
        struct ifp_text share = {0};
        ifp_figure_percent(&share, node->tokens / picture->tokens);
        text->failed |= share.failed;
        ifp_svg_rect(text, x, node->y, BAR, node->height, "#222", NULL);
        ifp_svg_remark(text, column == TIERS ? x - 4 : x + BAR + 4, node->y + node->height / 2 + 4,
                       column == TIERS ? IFP_SVG_END : IFP_SVG_START, "h", max_width, node->name,
                       with_share && !share.failed ? share.data : NULL);
        ifp_text_clear(&share);
    }
}

static void draw_scale(struct ifp_text *text, const struct picture *picture, double y, double width)
{
    enum { STEPS = 10 };
    static const double STEP = 9;
    if (!picture->served)
        return;
    struct ifp_text low = {0};
    struct ifp_text high = {0};
    ifp_figure_dollars(&low, picture->cheapest);
    ifp_figure_dollars(&high, picture->dearest);
    ifp_text_string(&high, " a million tokens");
    bool one = fraction_of(picture, picture->dearest) < 1;
    if (!low.failed && !high.failed) {
        double x = 4;
        if (!one) {
            ifp_svg_text(text, x, y, IFP_SVG_START, "", width, low.data);
            x += ifp_svg_text_width(low.data) + 6;
        }
        for (int s = 0; s < (one ? 1 : STEPS); s++, x += STEP) {
            char colour[COLOUR_SIZE];
            put_colour(colour, one ? 0.5 : s / (double)(STEPS - 1));
            ifp_svg_rect(text, x, y - 9, STEP + 0.5, 10, colour, NULL);
        }
        ifp_svg_text(text, x + 6, y, IFP_SVG_START, "", width - x - 10, high.data);
    }
    text->failed |= low.failed || high.failed;
    ifp_text_clear(&low);
    ifp_text_clear(&high);
}

static void draw(struct ifp_text *text, const struct picture *picture,
                 const struct ifp_report *report, double width)
{
    double x[COLUMNS] = {0, (width - BAR) / 2, width - BAR};
    double max_width = (width - BAR) / 2 - BAR - 8;
    /* The labels of models and tiers share the right half of the picture. */
    bool with_share =
        label_width(picture, MODELS, true) + label_width(picture, TIERS, true) < max_width;
    double models = label_width(picture, MODELS, with_share);
    double both = models + label_width(picture, TIERS, with_share);
    double models_width = both > max_width - 8 ? (max_width - 8) * models / both : models;
    ifp_svg_open(text, "traffic", width, picture->height + 24,
                 "Where the traffic goes: query types to models to tiers");
    draw_bands(text, picture, report, 0, x[QUERIES] + BAR, x[MODELS]);
    draw_bands(text, picture, report, 1, x[MODELS] + BAR, x[TIERS]);
    draw_nodes(text, picture, QUERIES, x[QUERIES], max_width, true);
    draw_nodes(text, picture, MODELS, x[MODELS], models_width, with_share);
    draw_nodes(text, picture, TIERS, x[TIERS], max_width - 8 - models_width, with_share);
    draw_scale(text, picture, picture->height + 16, width);
    ifp_svg_close(text);
}

void ifp_picture_traffic(struct ifp_text *text, const struct ifp_report *report, double width)
{
    struct picture picture = {0};
    if (!report->check) {
        ifp_picture_nothing(text, "traffic", width, "There is no plan.");
        return;
    }
    if (!reserve(&picture, report)) {
        text->failed = true;
        clear(&picture);
        return;
    }
    add_routes(&picture, report);
    add_unmet(&picture, report);
    fill_nodes(&picture, report);
    if (!(picture.tokens > 0) || !isfinite(picture.tokens)) {
        ifp_picture_nothing(text, "traffic", width, "There is no traffic.");
    } else if (!place_nodes(&picture, report)) {
        text->failed = true;
    } else {
        place_bands(&picture, 0);
        place_bands(&picture, 1);
        find_prices(&picture, report);
        draw(text, &picture, report, width);
    }
    clear(&picture);
}
