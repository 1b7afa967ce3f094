/* SPDX-License-Identifier: MIT */
/* Results as text for people. */
#ifndef INFERPLAN_TOOLS_SUMMARY_H
#define INFERPLAN_TOOLS_SUMMARY_H

#include <stdbool.h>

#include <inferplan/inferplan.h>

#include "terminal/output.h"

/* How the reader sees it. */
struct summary_style {
    int width; /* columns; 0: any */
    bool colours;
};

struct summary_style summary_style_of_output(void);

/* What a solve came to. `options`: those it was made with. */
void summary_solution(struct ifp_text *out, struct summary_style style, const ifp_model *model,
                      const ifp_solution *solution, const ifp_options *options);

/* What a check of a plan came to. */
void summary_check(struct ifp_text *out, struct summary_style style, const ifp_instance *instance,
                   const ifp_plan *plan, const ifp_check *check);

#endif
