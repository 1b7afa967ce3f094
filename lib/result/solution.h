/* SPDX-License-Identifier: MIT */
/* The result of one solve, in memory. The engine makes one and fills in its fields;
 * the gap is no field, so that it always is that of objective and bound. */
#ifndef IFP_RESULT_SOLUTION_H
#define IFP_RESULT_SOLUTION_H

#include <inferplan/solution.h>

struct ifp_solution {
    int status;       /* enum ifp_status */
    int stop;         /* enum ifp_stop; of what is proven without a say */
    double objective; /* +infinity: no plan */
    double bound;     /* -infinity: nothing is known */
    double seconds;
    double nodes;
    const char *engine; /* static */
    char *instance;     /* the instance's name, owned; NULL: none */
    ifp_plan *plan;     /* owned; NULL: none */
    ifp_check *check;   /* owned; NULL exactly where plan is */
};

/* Without plan and bound, status IFP_STATUS_NO_PLAN; NULL when out of memory. */
ifp_solution *ifp_solution_new(void);

/* No plan costs less than `bound`, as is known otherwise. Says nothing where nothing was proven; a
 * plan that is within the gap of it is optimal. */
void ifp_solution_raise_bound(ifp_solution *solution, double bound, double gap);

#endif
