/* SPDX-License-Identifier: MIT */
/* The report: a plan as pictures, and as one self-contained HTML page. */
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
    /* The flow of traffic: query types, models and tiers, joined by bands. The width of a band is
     * the number of tokens, and its colour the cost per million tokens. */
    IFP_PICTURE_TRAFFIC = 1,
    /* Costs of rental, storage, delay and unmet demand: in total, and by query type. */
    IFP_PICTURE_COSTS = 2,
    /* Rented GPUs by tier, and the models on them. */
    IFP_PICTURE_FLEET = 3,
    /* How much of each limit is used, the fullest limit first. */
    IFP_PICTURE_LIMITS = 4,
    /* The gap over the time of the solve. */
    IFP_PICTURE_GAP = 5
};

/* The word of a picture: "traffic", "costs", "fleet", "limits", "gap". NULL if unknown. Static. */
IFP_API const char *ifp_picture_word(int picture);

/*
 * Make the report of a plan (NULL: no plan was found) for an instance. Both are copied. Costs are
 * those of ifp_check_route_cost. NULL on failure, with IFP_ERROR_ARGUMENT, _VALUE (an incomplete
 * instance, or a plan with names that the instance does not have) or _MEMORY in error. A plan that
 * violates limits is not an error; the page says that it does.
 */
IFP_API ifp_report *ifp_report_new(const ifp_instance *instance, const ifp_plan *plan,
                                   ifp_error *error);
IFP_API void ifp_report_free(ifp_report *report);

/* Set the proof: an enum ifp_status and the bound in dollars (-infinity: no bound). If this is
 * never called, the page shows neither. IFP_ERROR_ARGUMENT for an unknown status. */
IFP_API int ifp_report_set_proof(ifp_report *report, int status, double bound);

/* Add a point of the solve's progress: the seconds since its start, at least those of the last
 * point, with the plan's cost (+infinity: no plan yet) and the bound (-infinity: no bound yet) at
 * that time. IFP_ERROR_ARGUMENT if seconds is not such a number, IFP_ERROR_MEMORY; IFP_ERROR_BUSY,
 * as in ifp_report_set_proof, while another thread uses the report. */
IFP_API int ifp_report_add_progress(ifp_report *report, double seconds, double objective,
                                    double bound);

/* One picture as SVG (an <svg> element), `width` units wide (240 to 4000), with letters 12 units
 * high. Owned by the caller, freed with ifp_text_free. NULL if out of memory, or if the picture or
 * the width is not allowed. A picture without data says that it has none. */
IFP_API char *ifp_report_write_svg(const ifp_report *report, int picture, double width);

/* The page: HTML with all pictures, and with tables of deployments and routes. It loads no other
 * files, runs no scripts, and fits telephones and paper. Owned by the caller, freed with
 * ifp_text_free. NULL if out of memory. */
IFP_API char *ifp_report_write_html(const ifp_report *report);

IFP_END_DECLS

#endif
