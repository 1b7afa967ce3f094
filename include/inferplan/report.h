/* SPDX-License-Identifier: MIT */
/* The report: a plan as pictures, and as one page that needs nothing else. */
#ifndef INFERPLAN_REPORT_H
#define INFERPLAN_REPORT_H

#include <inferplan/error.h>
#include <inferplan/export.h>
#include <inferplan/instance.h>
#include <inferplan/plan.h>
#include <inferplan/solution.h>

IFP_BEGIN_DECLS

typedef struct ifp_report ifp_report;

enum ifp_picture {
    /* Where the traffic goes: query types, models and tiers, joined by bands as wide as the tokens
     * that pass, coloured by what a million of them costs. */
    IFP_PICTURE_TRAFFIC = 1,
    /* What is paid for rental, storage, delay and unmet demand: in all, and by query type. */
    IFP_PICTURE_COSTS = 2,
    /* GPUs rented by tier, and the models on them. */
    IFP_PICTURE_FLEET = 3,
    /* How full the limits are, the fullest first. */
    IFP_PICTURE_LIMITS = 4,
    /* How far from the best the plan could have been as the solve went on. */
    IFP_PICTURE_GAP = 5
};

/*
 * Of a plan (NULL: none was found) for an instance; both are copied. Costs are those of
 * ifp_check_route_cost. NULL with IFP_ERROR_ARGUMENT, _VALUE (an incomplete instance, a plan with
 * names that it does not have) or _MEMORY in error. A plan that breaks limits is no error: the
 * page says so.
 */
IFP_API ifp_report *ifp_report_new(const ifp_instance *instance, const ifp_plan *plan,
                                   ifp_error *error);
IFP_API void ifp_report_free(ifp_report *report);

/* What was proven: an enum ifp_status, and the bound in dollars (-infinity: none). Until this is
 * called nothing is, and the page says nothing of it. IFP_ERROR_ARGUMENT for an unknown status. */
IFP_API int ifp_report_set_proof(ifp_report *report, int status, double bound);

/* A point in time of the solve: seconds since its begin, not before the last one's, with the
 * plan's cost (+infinity: none yet) and the bound (-infinity: none yet) then. IFP_ERROR_ARGUMENT
 * for seconds that are no such number, IFP_ERROR_MEMORY; IFP_ERROR_BUSY, as in
 * ifp_report_set_proof, while another thread uses the report. */
IFP_API int ifp_report_add_progress(ifp_report *report, double seconds, double objective,
                                    double bound);

/* One picture as SVG (an <svg> element), `width` units wide, 240 to 4000, with letters of 12 units.
 * Owned by the caller, freed with ifp_text_free. NULL when out of memory, for an unknown picture or
 * width. Where there is nothing to show, the picture says so. */
IFP_API char *ifp_report_write_svg(const ifp_report *report, int picture, double width);

/* The page: HTML with all pictures and tables of deployments and routes. It loads nothing, runs
 * nothing, and fits telephones and paper. Owned by the caller, freed with ifp_text_free; NULL when
 * out of memory. */
IFP_API char *ifp_report_write_html(const ifp_report *report);

IFP_END_DECLS

#endif
