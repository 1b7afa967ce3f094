/* SPDX-License-Identifier: MIT */
/* Run one solve on a private thread, while the caller's thread runs the callbacks. */
#include "engine/solve/run.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "engine/compact/compact_bounder.h"
#include "engine/master/master.h"
#include "engine/master/master_bounder.h"
#include "engine/tree/search.h"
#include "engine/tuning.h"
#include "util/clock.h"
#include "util/number.h"
#include "util/thread.h"

struct ifp_run {
    const struct ifp_instance *instance;
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    const struct ifp_options *options;
    const ifp_plan *first;             /* start plan, or NULL */
    struct ifp_warm_start *warm_start; /* warm start from earlier solves, or NULL */
    bool deployments_are_fixed;        /* are the deployments fixed to those of the start plan? */
    struct ifp_watch watch;
    struct ifp_bound_methods methods;
    struct ifp_solution *solution;
    int code;
    struct ifp_error error;
};

/* Is a plan of this cost proven to be the best one within the requested gap? A gap of rounding
 * noise counts as proven. */
static bool is_proven(const struct ifp_run *run, double objective, double bound)
{
    double gap = (objective - bound) / fmax(1, fabs(objective));
    return gap <= fmax(run->options->gap, IFP_GAP_DIGITS);
}

/* Make the solution from the plan and the proof. */
static int conclude(struct ifp_run *run, struct ifp_incumbent *incumbent,
                    const struct ifp_outcome *outcome)
{
    struct ifp_solution *solution = ifp_solution_new();
    if (!solution)
        return ifp_error_memory(&run->error);
    run->solution = solution;
    solution->engine = run->methods.own->word;
    solution->nodes = outcome->nodes;
    solution->stop = atomic_load(run->watch.cancel.flag)        ? IFP_STOP_CANCELLED
                     : ifp_watch_seconds_left(&run->watch) <= 0 ? IFP_STOP_TIME_LIMIT
                                                                : IFP_STOP_EXHAUSTED;
    solution->instance = ifp_string_copy(run->instance->name);
    if (!solution->instance)
        return ifp_error_memory(&run->error);
    solution->objective = incumbent->objective;
    solution->bound = fmin(outcome->bound, incumbent->objective);
    solution->plan = incumbent->plan;
    solution->check = incumbent->check;
    incumbent->plan = NULL;
    incumbent->check = NULL;
    if (!solution->plan)
        solution->status = solution->bound == INFINITY ? IFP_STATUS_INFEASIBLE : IFP_STATUS_NO_PLAN;
    else
        solution->status = is_proven(run, solution->objective, solution->bound)
                               ? IFP_STATUS_OPTIMAL
                               : IFP_STATUS_FEASIBLE;
    return IFP_OK;
}

/* Relaxation of the limits: by the verifier's tolerance plus an allowance for rounding, or by a
 * little less than the tolerance, so that the rounding of the LP solver stays within the tolerance.
 */
static const double SLACK_ALL = (1 + 1e-6) * IFP_VERIFY_TOLERANCE;
static const double SLACK_NEARLY = 0.998 * IFP_VERIFY_TOLERANCE;

/* Search a program of the instance, or a relaxed one. `warm_start` may be NULL. */
static int search(struct ifp_run *run, const struct ifp_problem *problem, struct ifp_milp *milp,
                  struct ifp_incumbent *incumbent, struct ifp_bound_methods methods,
                  struct ifp_warm_start *warm_start, struct ifp_outcome *outcome)
{
    const struct ifp_context context = {.problem = problem,
                                        .milp = milp,
                                        .incumbent = incumbent,
                                        .warm_start = warm_start,
                                        .watch = &run->watch,
                                        .error = &run->error,
                                        .gap = run->options->gap};
    return ifp_search(&context, methods, outcome);
}

static int search_with_slack(struct ifp_run *run, double slack, struct ifp_incumbent *incumbent,
                             struct ifp_bound_methods methods, struct ifp_outcome *outcome)
{
    struct ifp_problem *problem = NULL;
    struct ifp_milp *milp = NULL;
    struct ifp_outcome relaxed = {.bound = -INFINITY};
    ifp_watch_log(&run->watch, "no plan holds the limits exactly: on with limits relaxed by %g",
                  slack);
    int code = ifp_problem_new_relaxed(run->instance, slack, ifp_watch_cancel(&run->watch),
                                       &problem, &run->error);
    if (!code && problem) {
        problem->linearization = run->problem->linearization;
        code = ifp_milp_new(problem, ifp_watch_cancel(&run->watch), &milp, &run->error);
    }
    if (!code && milp)
        code = search(run, problem, milp, incumbent, methods, NULL, &relaxed);
    outcome->bound = relaxed.bound;
    outcome->nodes += relaxed.nodes;
    outcome->iterations += relaxed.iterations;
    ifp_milp_free(milp);
    ifp_problem_free(problem);
    return code;
}

/*
 * No plan holds the exact limits. The verifier accepts a plan that exceeds them by a millionth. So
 * "infeasible" is claimed only if the limits relaxed by that tolerance have no plan either, and the
 * bound is for all plans that the verifier accepts. A point that uses all of the tolerance exceeds
 * it by the rounding of the LP solver. If the search does not find the best plan for that reason, a
 * search with a slightly smaller relaxation follows to find it; its bound is not used.
 */
static int search_relaxed(struct ifp_run *run, struct ifp_incumbent *incumbent,
                          struct ifp_outcome *outcome)
{
    struct ifp_bound_methods methods = run->methods;
    if (outcome->proved_by && outcome->proved_by != methods.own)
        methods = ifp_bound_methods_swapped(methods);
    ifp_incumbent_relax(incumbent);
    int code = search_with_slack(run, SLACK_ALL, incumbent, methods, outcome);
    double bound = outcome->bound;
    if (code || bound == INFINITY || ifp_watch_stopped(&run->watch) ||
        is_proven(run, incumbent->objective, bound))
        return code;
    code = search_with_slack(run, SLACK_NEARLY, incumbent, methods, outcome);
    outcome->bound = bound;
    return code;
}

static void *work(void *argument)
{
    struct ifp_run *run = argument;
    struct ifp_incumbent incumbent = {
        .instance = run->instance,
        .tolerance = IFP_HOLDS_TOLERANCE,
        .fixed_plan = run->deployments_are_fixed ? run->first : NULL,
        .sunk_usd = run->problem ? run->problem->sunk_usd : 0,
        .objective = INFINITY,
    };
    struct ifp_outcome outcome = {.bound = -INFINITY};
    if (run->first)
        run->code = ifp_incumbent_start(&incumbent, run->first, &run->error);
    if (!run->code && run->milp)
        run->code = search(run, run->problem, run->milp, &incumbent, run->methods, run->warm_start,
                           &outcome);
    if (!run->code && run->milp && !run->deployments_are_fixed && !incumbent.plan &&
        !ifp_watch_stopped(&run->watch))
        run->code = search_relaxed(run, &incumbent, &outcome);
    /* A search that was stopped early, perhaps before its program was built, may have no plan. Then
     * offer the plan that serves nothing. A proof of "infeasible" is kept. */
    if (!run->code && !run->deployments_are_fixed && !incumbent.plan && !incumbent.loose &&
        outcome.bound < INFINITY)
        run->code = ifp_incumbent_serve_nothing(&incumbent, &run->error);
    /* If the search was stopped early, return a plan that only the verifier accepts rather than no
     * plan. The bound is for the exact limits, so it is not valid for that plan. */
    if (!incumbent.plan && incumbent.loose)
        outcome.bound = -INFINITY;
    ifp_incumbent_relax(&incumbent);
    if (!run->code)
        run->code = conclude(run, &incumbent, &outcome);
    ifp_incumbent_clear(&incumbent);
    ifp_watch_done(&run->watch);
    return NULL;
}

/* Is the master used? A linearization of products concerns the compact program only, so a caller
 * that chooses one gets the compact program. */
static bool takes_master(const struct ifp_problem *problem, const struct ifp_options *options)
{
    if (!problem)
        return options->engine != IFP_ENGINE_MIP;
    bool products = problem->coupled && problem->linearization != IFP_LINEARIZATION_EXACT;
    return options->engine == IFP_ENGINE_DECOMPOSE ||
           (options->engine == IFP_ENGINE_AUTO && !products);
}

/* The method that the option `engine` asks for, and the other one. No other place knows both. */
static struct ifp_bound_methods methods_of(const struct ifp_problem *problem,
                                           const struct ifp_options *options)
{
    const struct ifp_bound_methods methods = {.own = &ifp_compact_method,
                                              .other = &ifp_master_method};
    return takes_master(problem, options) ? ifp_bound_methods_swapped(methods) : methods;
}

/* Start the thread and wait for it. The caller owns the solution. Closes the watch. */
static int carry_out(struct ifp_run *run, struct ifp_solution **solution, struct ifp_error *error)
{
    pthread_t thread;
    *solution = NULL;
    run->methods = methods_of(run->problem, run->options);
    if (!ifp_thread_start(&thread, work, run)) {
        run->code = ifp_error_memory(&run->error);
    } else {
        ifp_watch_wait(&run->watch);
        pthread_join(thread, NULL);
    }
    if (run->solution)
        run->solution->seconds = ifp_watch_seconds(&run->watch);
    ifp_watch_close(&run->watch);
    if (run->code) {
        ifp_solution_free(run->solution);
        ifp_error_copy(error, &run->error);
        return run->code;
    }
    *solution = run->solution;
    return IFP_OK;
}

int ifp_run_solve(const struct ifp_instance *instance, const struct ifp_problem *problem,
                  struct ifp_milp *milp, const struct ifp_options *options, const ifp_plan *start,
                  struct ifp_warm_start *warm_start, double begin, atomic_bool *cancel,
                  struct ifp_solution **solution, struct ifp_error *error)
{
    struct ifp_run run = {
        .instance = instance,
        .problem = problem,
        .milp = milp,
        .options = options,
        .first = start,
        .warm_start = warm_start,
    };
    *solution = NULL;
    if (ifp_watch_open(&run.watch, options, begin, cancel, NULL))
        return ifp_error_memory(error);
    return carry_out(&run, solution, error);
}

int ifp_run_routing(const struct ifp_instance *instance, const struct ifp_problem *problem,
                    struct ifp_milp *milp, const struct ifp_options *options, const ifp_plan *plan,
                    const struct ifp_stop_request *request, bool *stopped,
                    struct ifp_solution **solution, struct ifp_error *error)
{
    atomic_bool cancel;
    struct ifp_run run = {
        .instance = instance,
        .problem = problem,
        .milp = milp,
        .options = options,
        .first = plan,
        .deployments_are_fixed = true,
    };
    atomic_init(&cancel, false);
    *solution = NULL;
    *stopped = false;
    if (ifp_watch_open(&run.watch, options, ifp_clock_seconds(), &cancel, request))
        return ifp_error_memory(error);
    int code = carry_out(&run, solution, error);
    *stopped = atomic_load(&cancel);
    return code;
}
