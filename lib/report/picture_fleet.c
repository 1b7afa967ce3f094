/* SPDX-License-Identifier: MIT */
/* The pictures of the fleet (the models deployed on each tier) and of the limits. */
#include <math.h>
#include <stdlib.h>

#include "plan/plan.h"
#include "report/bars.h"
#include "report/picture.h"
#include "report/svg.h"
#include "util/figure.h"

/* Colours that colour-blind readers can distinguish. They repeat if there are more models. */
static const char *const model_colours[] = {"#4477aa", "#ee8866", "#228833", "#aa3377",
                                            "#ccbb44", "#66ccee", "#bbbbbb", "#882255"};
enum { MODEL_COLOURS = sizeof model_colours / sizeof *model_colours };

struct tier_row {
    double gpus;
    double dollars;
    size_t deployments;
};

static void put_gpus(struct ifp_text *text, double gpus)
{
    ifp_figure_count(text, gpus, "GPU", "GPUs");
}

static void sum_up(struct tier_row *rows, const struct ifp_report *report)
{
    const ifp_plan *plan = report->check->plan;
    for (size_t d = 0; d < plan->deployment_count; d++) {
        struct tier_row *row = &rows[plan->deployments[d].tier];
        row->gpus += (double)ifp_plan_gpus(&plan->deployments[d]);
        row->dollars += report->check->bill.deployments[d].cost_parts[IFP_COST_PART_RENTAL];
        row->deployments++;
    }
}

/* Append "7B x 2 on 4": the model, its replicas and the GPUs of each replica; and the operating
 * point, if it has one. */
static void put_deployment(struct ifp_text *text, const struct ifp_instance *instance,
                           const struct ifp_plan_deployment *deployment)
{
    ifp_text_string(text, instance->models[deployment->model].name);
    if (deployment->replicas != 1) {
        ifp_text_string(text, " \xc3\x97 ");
        ifp_figure_number(text, (double)deployment->replicas);
    }
    ifp_text_string(text, " on ");
    put_gpus(text, (double)deployment->degree);
    if (deployment->replicas != 1)
        ifp_text_string(text, " each");
    if (deployment->point)
        ifp_text_format(text, ", %s", deployment->point);
}

static double draw_tier(struct ifp_text *text, double y, double width,
                        const struct ifp_report *report, size_t tier, const struct tier_row *row,
                        double whole, struct ifp_bar_segment *segments)
{
    const ifp_plan *plan = report->check->plan;
    const struct ifp_instance *instance = report->instance;
    struct ifp_text figure = {0};
    size_t count = 0;
    for (size_t d = 0; d < plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        if (deployment->tier == tier)
            segments[count++] =
                (struct ifp_bar_segment){.value = (double)ifp_plan_gpus(deployment),
                                         .colour = model_colours[deployment->model % MODEL_COLOURS],
                                         .name = instance->models[deployment->model].name};
    }
    put_gpus(&figure, row->gpus);
    ifp_text_string(&figure, ", ");
    ifp_figure_dollars(&figure, row->dollars);
    ifp_bar_row(text, y, width, instance->tiers[tier].name, &figure, segments, count, whole,
                put_gpus);
    ifp_text_clear(&figure);
    y += IFP_BAR_ROW;
    for (size_t d = 0; d < plan->deployment_count; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        if (deployment->tier != tier)
            continue;
        struct ifp_text line = {0};
        put_deployment(&line, instance, deployment);
        ifp_svg_rect(text, 0, y - 1, 8, 8, model_colours[deployment->model % MODEL_COLOURS], NULL);
        if (!line.failed)
            ifp_svg_text(text, 13, y + 7, IFP_SVG_START, "s", width - 13, line.data);
        text->failed |= line.failed;
        ifp_text_clear(&line);
        y += 15;
    }
    return y + 6;
}

void ifp_picture_fleet(struct ifp_text *text, const struct ifp_report *report, double width)
{
    if (!report->check || report->check->plan->deployment_count == 0) {
        ifp_picture_nothing(text, "fleet", width,
                            report->check ? "Nothing is rented." : "There is no plan.");
        return;
    }
    size_t tiers = report->instance->tier_count;
    size_t deployments = report->check->plan->deployment_count;
    struct tier_row *rows = calloc(tiers, sizeof *rows);
    struct ifp_bar_segment *segments = calloc(deployments, sizeof *segments);
    if (rows && segments) {
        double whole = 0;
        double height = 15 * (double)deployments;
        sum_up(rows, report);
        for (size_t k = 0; k < tiers; k++) {
            whole = fmax(whole, rows[k].gpus);
            height += rows[k].deployments > 0 ? IFP_BAR_ROW + 6 : 0;
        }
        ifp_svg_open(text, "fleet", width, height, "GPUs rented by tier, and the models on them");
        double y = 0;
        for (size_t k = 0; k < tiers; k++) {
            if (rows[k].deployments > 0)
                y = draw_tier(text, y, width, report, k, &rows[k], whole, segments);
        }
        ifp_svg_close(text);
    } else {
        text->failed = true;
    }
    free(rows);
    free(segments);
}

/* -- limits -- */

/* The most limits shown. More would not be useful. */
enum { LIMITS_MAX = 14 };

static const char held_colour[] = "#4477aa";
static const char exceeded_colour[] = "#ee6677";

static double fullness(const struct ifp_check_limit *limit)
{
    return limit->limit > 0 ? limit->used / limit->limit : limit->used > 0 ? INFINITY : 0;
}

static void draw_limit(struct ifp_text *text, double y, double width,
                       const struct ifp_check_limit *limit)
{
    double full = fullness(limit);
    struct ifp_text figure = {0};
    ifp_figure_number(&figure, limit->used);
    ifp_text_string(&figure, " of ");
    ifp_figure_number(&figure, limit->limit);
    if (isfinite(full)) {
        ifp_text_string(&figure, ", ");
        ifp_figure_percent(&figure, full);
    }
    const struct ifp_bar_segment segment = {.value = fmin(full, 1),
                                            .colour =
                                                full > 1 + 1e-6 ? exceeded_colour : held_colour,
                                            .name = limit->name};
    ifp_bar_row(text, y, width, limit->name, &figure, &segment, 1, 1, ifp_figure_percent);
    ifp_text_clear(&figure);
}

void ifp_picture_limits(struct ifp_text *text, const struct ifp_report *report, double width)
{
    size_t count = report->check ? report->check->limit_count : 0;
    if (count == 0) {
        ifp_picture_nothing(text, "limits", width,
                            report->check ? "Nothing is limited." : "There is no plan.");
        return;
    }
    /* The fullest limits so far, in order; equal ones in the order of the list. */
    const struct ifp_check_limit *fullest[LIMITS_MAX];
    size_t shown = 0;
    for (size_t l = 0; l < count; l++) {
        const struct ifp_check_limit *limit = &report->check->limits[l];
        size_t at = shown;
        while (at > 0 && fullness(fullest[at - 1]) < fullness(limit))
            at--;
        if (at == LIMITS_MAX)
            continue;
        shown += shown < LIMITS_MAX;
        for (size_t m = shown - 1; m > at; m--)
            fullest[m] = fullest[m - 1];
        fullest[at] = limit;
    }
    double more = count > shown ? 20 : 0;
    ifp_svg_open(text, "limits", width, (double)shown * IFP_BAR_ROW + more,
                 "How full the limits are, the fullest first");
    for (size_t l = 0; l < shown; l++)
        draw_limit(text, (double)l * IFP_BAR_ROW, width, fullest[l]);
    if (count > shown) {
        struct ifp_text line = {0};
        ifp_text_format(&line, "and %zu more, which are less full", count - shown);
        if (!line.failed)
            ifp_svg_text(text, 0, (double)shown * IFP_BAR_ROW + 14, IFP_SVG_START, "s", width,
                         line.data);
        text->failed |= line.failed;
        ifp_text_clear(&line);
    }
    ifp_svg_close(text);
}
