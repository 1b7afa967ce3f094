/* SPDX-License-Identifier: MIT */
/* The compact MILP as text for other solvers. */
#ifndef IFP_MILP_EXPORT_H
#define IFP_MILP_EXPORT_H

#include "instance/instance.h"
#include "milp/milp.h"

enum ifp_export_format { IFP_EXPORT_MPS, IFP_EXPORT_LP };

/*
 * Free MPS or CPLEX LP. Names are those of columns and rows in milp.h with the instance's names
 * in parentheses, such as x(summarization,LLaMA-7B,T4-INT8,2), or with an operating point
 * x(chat,Llama-70B,H100,4,40ms). A load row is called "load" with a profile and "compute" without
 * one. Characters that either format does
 * not allow become '_'. Names that would then be equal get a number after #. The text is owned by
 * the caller; NULL if out of memory.
 */
char *ifp_milp_export(const struct ifp_instance *instance, const struct ifp_problem *problem,
                      const struct ifp_milp *milp, enum ifp_export_format format);

#endif
