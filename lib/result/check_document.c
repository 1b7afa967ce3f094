/* SPDX-License-Identifier: MIT */
/* The result document of a checked plan. */
#include <math.h>

#include <inferplan/solution.h>

#include "check/check.h"
#include "plan/plan.h"
#include "plan/status.h"
#include "result/document.h"

char *ifp_check_write_json(const ifp_check *check)
{
    if (!check)
        return NULL;
    struct ifp_json json = {0};
    bool feasible = ifp_check_feasible(check);
    const struct ifp_document document = {
        .instance = check->plan->instance,
        .status = ifp_status_word(feasible ? IFP_STATUS_FEASIBLE : IFP_STATUS_INFEASIBLE),
        .objective = check->total,
        .bound = -INFINITY,
        .gap = INFINITY,
        .check = check,
    };
    ifp_document_begin(&json, &document);
    ifp_note_list_write(&check->notes, &json);
    if (!feasible)
        ifp_json_string(&json, "reason", check->reason);
    return ifp_document_end(&json);
}
