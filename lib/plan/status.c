/* SPDX-License-Identifier: MIT */
/* The table of the status words. */
#include "plan/status.h"

#include <inferplan/solution.h>

#include "util/words.h"

static const struct ifp_word words[] = {
    {IFP_STATUS_OPTIMAL, "optimal"},
    {IFP_STATUS_FEASIBLE, "feasible"},
    {IFP_STATUS_INFEASIBLE, "infeasible"},
    {IFP_STATUS_NO_PLAN, "no_plan"},
};

const char *ifp_status_word(int status)
{
    return IFP_WORD_OF(words, status);
}
