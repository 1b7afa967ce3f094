/* SPDX-License-Identifier: MIT */
/*
 * inferplan: which GPUs to rent, which models to deploy on them, and which share of each query
 * type to route where, at the least total cost.
 *
 *     ifp_instance   what is asked: queries, models, tiers, limits
 *     ifp_options    how to solve: gap, time limit, engine, callbacks
 *     ifp_model      an instance with options, ready to be solved again and again
 *     ifp_solution   what was found and what was proven
 *     ifp_plan       deployments, routes and unmet shares: found here, or read from a file
 *     ifp_check      a plan re-evaluated from the instance alone: costs, limits, violations
 *     ifp_stress     a plan in samples of what may deviate
 *     ifp_report     a plan as pictures and as a page
 *
 * Rules that hold for every function
 *   Results     functions that can fail return an enum ifp_code, or a new handle and NULL on
 *               failure. What went wrong is in the ifp_error that the caller passed (NULL where
 *               nobody wants to know), or in the last error of the handle.
 *   Ownership   what *_new, *_read_* and ifp_model_solve return is owned by the caller and freed
 *               by the matching *_free, which takes NULL. Inputs are copied. Pointers returned by
 *               accessors are borrowed from the handle and live until it changes or is freed.
 *   Threads     different handles may be used from different threads at once. Several calls may
 *               read one handle at once. A call that would change a handle that another call uses
 *               is refused with IFP_ERROR_BUSY, in callbacks too; docs/threads.md has the table.
 *   Behaviour   nothing is printed, no signal handler is installed, the locale is not consulted,
 *               and no call ends the process: running out of memory is IFP_ERROR_MEMORY.
 *   Text        is UTF-8 and NUL-terminated.
 */
#ifndef INFERPLAN_H
#define INFERPLAN_H

#include <inferplan/error.h>
#include <inferplan/export.h>
#include <inferplan/instance.h>
#include <inferplan/model.h>
#include <inferplan/options.h>
#include <inferplan/plan.h>
#include <inferplan/report.h>
#include <inferplan/solution.h>
#include <inferplan/stress.h>
#include <inferplan/version.h>

#endif
