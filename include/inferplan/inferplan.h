/* SPDX-License-Identifier: MIT */
/*
 * inferplan: which GPUs to rent, which models to deploy on them, and which share of each query
 * type to route where, at the least total cost.
 *
 *     ifp_instance   the problem: queries, models, tiers, limits
 *     ifp_options    how to solve: gap, time limit, engine, callbacks
 *     ifp_model      an instance with options, which can be solved repeatedly
 *     ifp_solution   the result of a solve: its plan and the proven bound
 *     ifp_plan       deployments, routes and unmet shares, from a solve or from a file
 *     ifp_check      a plan re-evaluated from the instance alone: costs, limits, violations
 *     ifp_stress     a plan evaluated with sampled deviations of delay and error
 *     ifp_report     a plan as pictures and as an HTML page
 *
 * Rules for all functions
 *   Results     functions that can fail return an enum ifp_code, or a new handle and NULL on
 *               failure. The error is stored in the ifp_error that the caller passed (NULL if it
 *               is not needed), or as the last error of the handle.
 *   Ownership   the caller owns the handles that *_new, *_read_* and ifp_model_solve return, and
 *               frees each with the matching *_free, which takes NULL. Inputs are copied. Accessors
 *               return pointers borrowed from the handle, valid until it changes or is freed.
 *   Threads     different handles may be used from different threads at once. Several calls may
 *               read one handle at once. A call that would change a handle while another call uses
 *               it fails with IFP_ERROR_BUSY, also in callbacks. docs/threads.md lists all calls.
 *   Behaviour   the library prints nothing, installs no signal handler, ignores the locale and
 *               never ends the process. If memory runs out, a call returns IFP_ERROR_MEMORY.
 *   Text        all text is UTF-8 and NUL-terminated.
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
