/* SPDX-License-Identifier: MIT */
/* The picture of the load of each deployment, and of how much of it is head-room. It is on the page
 * only. */
#include <math.h>

#include "plan/plan.h"
#include "report/bars.h"
#include "report/picture.h"
#include "report/svg.h"
#include "util/figure.h"

static const char load_colour[] = "#4477aa";
static const char over_colour[] = "#ee6677";
static const char free_colour[] = "#b6cfe6";
static const char headroom_colour[] = "#ddcc77";

/* Loads above their limit by more than this fraction are exceeded. */
static const double EXCEEDED = 1e-6;

bool ifp_picture_load_shows(const struct ifp_plan_deployment *deployment)
{
    return isfinite(deployment->load) && isfinite(deployment->load_limit);
}

static void put_replicas(struct ifp_text *text, double replicas)
{
    ifp_figure_count(text, replicas, "replica", "replicas");
}

static void draw_load(struct ifp_text *text, double y, double width,
                      const struct ifp_instance *instance,
                      const struct ifp_plan_deployment *deployment)
{
    double replicas = (double)deployment->replicas;
    double load = fmax(deployment->load, 0);
    double limit = deployment->load_limit;
    bool over = load > limit * (1 + EXCEEDED);
    const struct ifp_bar_segment segments[] = {
        {.value = load, .colour = over ? over_colour : load_colour, .name = "load"},
        {.value = fmax(limit - load, 0), .colour = free_colour, .name = "more load allowed"},
        {.value = fmax(replicas - fmax(limit, load), 0),
         .colour = headroom_colour,
         .name = "head-room"}};
    struct ifp_text label = {0};
    struct ifp_text figure = {0};
    ifp_text_format(&label, "%s on %s, ", instance->models[deployment->model].name,
                    instance->tiers[deployment->tier].name);
    ifp_figure_count(&label, (double)deployment->degree, "GPU", "GPUs");
    if (deployment->point)
        ifp_text_format(&label, ", %s", deployment->point);
    ifp_text_string(&figure, "load ");
    ifp_figure_number(&figure, load);
    ifp_text_string(&figure, " of ");
    ifp_figure_number(&figure, limit);
    ifp_text_string(&figure, ", rented ");
    put_replicas(&figure, replicas);
    ifp_bar_row(text, y, width, label.failed ? "" : label.data, &figure, segments,
                sizeof segments / sizeof *segments, replicas, put_replicas);
    text->failed |= label.failed;
    ifp_text_clear(&label);
    ifp_text_clear(&figure);
}

void ifp_picture_load(struct ifp_text *text, const struct ifp_report *report, double width)
{
    const ifp_plan *plan = report->check->plan;
    size_t rows = 0;
    for (size_t d = 0; d < plan->deployment_count; d++)
        rows += ifp_picture_load_shows(&plan->deployments[d]);
    ifp_svg_open(text, "load", width, (double)rows * IFP_BAR_ROW,
                 "The load of each deployment, in replicas, and its head-room");
    double y = 0;
    for (size_t d = 0; d < plan->deployment_count; d++) {
        if (!ifp_picture_load_shows(&plan->deployments[d]))
            continue;
        draw_load(text, y, width, report->instance, &plan->deployments[d]);
        y += IFP_BAR_ROW;
    }
    ifp_svg_close(text);
}
