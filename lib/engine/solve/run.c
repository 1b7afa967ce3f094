/* SPDX-License-Identifier: MIT */
/* Carrying out one solve: on a thread of its own, while the caller's thread takes its calls. */
#include "engine/solve/run.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "util/clock.h"
#include "util/number.h"
#include "engine/master/master.h"
#include "engine/tree/search.h"

struct ifp_run {
    const struct ifp_instance *instance;
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    const struct ifp_options *options;
    const ifp_plan *first;   /* to begin with; NULL: none */
    struct ifp_stock *stock; /* of earlier solves; NULL: none */
    bool fleet_is_fixed;     /* to that of the first plan */
    struct ifp_watch watch;
    bool decompose;
    struct ifp_solution *solution;
    int code;
    struct ifp_error error;
};

/* Is a plan of that cost the best one, within the asked gap? Below the last digits there is nothing
 * left to prove. */
static bool is_proven(const struct ifp_run *run, double objective, double bound)
{
    const double digits = 2e-9;
    double gap = (objective - bound) / fmax(1, fabs(objective));
    return gap <= fmax(run->options->gap, digits);
}

/* The plan and the proof as one result. */
static int conclude(struct ifp_run *run, struct ifp_incumbent *incumbent,
                    const struct ifp_outcome *outcome)
{
    struct ifp_solution *solution = ifp_solution_new();
    if (!solution)
        return ifp_error_memory(&run->error);
    run->solution = solution;
    solution->engine = run->decompose ? "decompose" : "mip";
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

/* Limits relaxed by all that the verifier lets pass, and by as much again as rounding may hide; and
 * by nearly all of it: the rest is for the LP solver. */
static const double SLACK_ALL = (1 + 1e-6) * IFP_VERIFY_TOLERANCE;
static const double SLACK_NEARLY = 0.998 * IFP_VERIFY_TOLERANCE;

static int search_with_slack(struct ifp_run *run, double slack, struct ifp_incumbent *incumbent,
                             bool decompose, struct ifp_outcome *outcome)
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
        code = ifp_search(problem, milp, incumbent, run->options->gap, decompose, NULL, &run->watch,
                          &relaxed, &run->error);
    outcome->bound = relaxed.bound;
    outcome->nodes += relaxed.nodes;
    outcome->iterations += relaxed.iterations;
    ifp_milp_free(milp);
    ifp_problem_free(problem);
    return code;
}

/*
 * No plan holds the limits to the last digits. The verifier would let one pass that exceeds them by
 * a millionth, so that "infeasible" is only claimed if limits relaxed by all of that leave no plan
 * either, and a bound is that of all the plans that pass. A point that makes use of all of it
 * exceeds the tolerance by the LP solver's rounding: where the search does not find the best plan
 * for that reason, another with a little less follows to find it.
 */
static int search_relaxed(struct ifp_run *run, struct ifp_incumbent *incumbent,
                          struct ifp_outcome *outcome)
{
    bool decompose = run->decompose && !outcome->by_other;
    ifp_incumbent_relax(incumbent);
    int code = search_with_slack(run, SLACK_ALL, incumbent, decompose, outcome);
    double bound = outcome->bound;
    if (code || bound == INFINITY || ifp_watch_stopped(&run->watch) ||
        is_proven(run, incumbent->objective, bound))
        return code;
    code = search_with_slack(run, SLACK_NEARLY, incumbent, decompose, outcome);
    outcome->bound = bound;
    return code;
}

static void *work(void *argument)
{
    struct ifp_run *run = argument;
    struct ifp_incumbent incumbent = {
        .instance = run->instance,
        .tolerance = IFP_HOLDS_TOLERANCE,
        .fleet = run->fleet_is_fixed ? run->first : NULL,
        .sunk_usd = run->problem ? run->problem->sunk_usd : 0,
        .objective = INFINITY,
    };
    struct ifp_outcome outcome = {.bound = -INFINITY};
    if (run->first)
        run->code = ifp_incumbent_start(&incumbent, run->first, &run->error);
    if (!run->code && run->milp)
        run->code = ifp_search(run->problem, run->milp, &incumbent, run->options->gap,
                               run->decompose, run->stock, &run->watch, &outcome, &run->error);
    if (!run->code && run->milp && !run->fleet_is_fixed && !incumbent.plan &&
        !ifp_watch_stopped(&run->watch))
        run->code = search_relaxed(run, &incumbent, &outcome);
    /* A search that was stopped early, perhaps before its program was built, may have no plan,
     * though one is known; "infeasible" is proven and stays. */
    if (!run->code && !run->fleet_is_fixed && !incumbent.plan && !incumbent.loose &&
        outcome.bound < INFINITY)
        run->code = ifp_incumbent_serve_nothing(&incumbent, &run->error);
    /* If the search was stopped first, a plan that is only verified is better than none; but the
     * bound is that of the limits as they are, which it does not hold. */
    if (!incumbent.plan && incumbent.loose)
        outcome.bound = -INFINITY;
    ifp_incumbent_relax(&incumbent);
    if (!run->code)
        run->code = conclude(run, &incumbent, &outcome);
    ifp_incumbent_clear(&incumbent);
    ifp_watch_done(&run->watch);
    return NULL;
}

/* Signals are the host program's: its handlers run on its own threads. */
static int start_thread(pthread_t *thread, struct ifp_run *run)
{
    sigset_t all;
    sigset_t old;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &old))
        return IFP_ERROR_MEMORY;
    int failed = pthread_create(thread, NULL, work, run);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return failed ? IFP_ERROR_MEMORY : IFP_OK;
}

/* Products are of the compact program: who asks for them gets it. */
static bool takes_master(const struct ifp_problem *problem, const struct ifp_options *options)
{
    if (!problem)
        return options->engine != IFP_ENGINE_MIP;
    bool products = problem->coupled && problem->linearization != IFP_LINEARIZATION_EXACT;
    return options->engine == IFP_ENGINE_DECOMPOSE ||
           (options->engine == IFP_ENGINE_AUTO && !products && ifp_master_pays(problem));
}

/* Do the work and wait for it; the solution is the caller's. Closes the watch. */
static int carry_out(struct ifp_run *run, struct ifp_solution **solution, struct ifp_error *error)
{
    pthread_t thread;
    *solution = NULL;
    run->decompose = takes_master(run->problem, run->options);
    if (start_thread(&thread, run)) {
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
                  struct ifp_stock *stock, double begin, atomic_bool *cancel,
                  struct ifp_solution **solution, struct ifp_error *error)
{
    struct ifp_run run = {
        .instance = instance,
        .problem = problem,
        .milp = milp,
        .options = options,
        .first = start,
        .stock = stock,
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
        .fleet_is_fixed = true,
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
