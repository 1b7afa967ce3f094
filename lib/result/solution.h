/* SPDX-License-Identifier: MIT */
/* The result of one solve, in memory. The engine makes it and sets its fields. The gap is not a
 * field, so it always agrees with objective and bound. */
#ifndef IFP_RESULT_SOLUTION_H
#define IFP_RESULT_SOLUTION_H

#include <inferplan/solution.h>

#include "check/note_list.h"
#include "result/removed.h"

struct ifp_solution {
    int status;       /* enum ifp_status */
    int stop;         /* enum ifp_stop; ignored if the status is proven */
    double objective; /* +infinity: no plan */
    double bound;     /* -infinity: no bound is known */
    double seconds;
    double nodes;
    const char *engine;         /* static */
    char *instance;             /* the instance's name, owned; may be NULL */
    ifp_plan *plan;             /* owned; NULL: no plan */
    ifp_check *check;           /* owned; NULL exactly if `plan` is NULL */
    struct ifp_note_list notes; /* without a plan: on the instance */
    struct ifp_removed_list removed;
};

/* A solution with status IFP_STATUS_NO_PLAN, without plan and bound. NULL if out of memory. */
ifp_solution *ifp_solution_new(void);

/* Raise the bound to `bound`, which is proven elsewhere. The solution is unchanged if it has no
 * finite bound. The status becomes optimal if the plan is within `gap` of the new bound. */
void ifp_solution_raise_bound(ifp_solution *solution, double bound, double gap);

/* Add the notes, once: for a valid instance, with the plan of the solution if it has one. Returns
 * IFP_OK or IFP_ERROR_MEMORY. */
int ifp_solution_add_notes(ifp_solution *solution, const ifp_instance *instance,
                           struct ifp_error *error);

#endif
