/* SPDX-License-Identifier: MIT */
/* A fleet as the library's plan, which its check then judges. */
#ifndef GREEDY_DOCUMENT_H
#define GREEDY_DOCUMENT_H

#include "solution.h"

/* NULL with the reason in error. */
ifp_plan *greedy_plan_new(const struct greedy_problem *problem,
                          const struct greedy_solution *solution, ifp_error *error);

#endif
