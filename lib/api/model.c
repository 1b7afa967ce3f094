/* SPDX-License-Identifier: MIT */
/* The model handle, the stress test and the version: the public functions that connect the other
 * directories. */
#include <inferplan/inferplan.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "api/options.h"
#include "api/removed.h"
#include "engine/solve/reroute.h"
#include "engine/solve/run.h"
#include "milp/export.h"
#include "milp/milp.h"
#include "plan/adopt.h"
#include "problem/size.h"
#include "result/solution.h"
#include "stress/stress.h"
#include "util/busy.h"

struct ifp_model {
    ifp_instance *instance;
    struct ifp_options options;
    struct ifp_problem *problem; /* of the present instance; NULL after a change */
    struct ifp_milp *milp;       /* of the problem; NULL until needed */
    ifp_plan *start;             /* the start plan of solves; may be NULL */
    double spent;                /* seconds of making the model that no solve has counted yet */
    struct ifp_warm_start warm_start; /* the warm-start pool of solves; only with a start plan */
    /* Numbers of removed and kept objects; 0 without a problem. They may be read while another call
     * builds the problem. */
    atomic_size_t removed[IFP_REMOVAL_COUNT];
    atomic_size_t configuration_count;
    atomic_size_t route_count;
    atomic_bool cancel;
    struct ifp_error error;
    struct ifp_busy busy;
    /* The solving thread, whose callbacks may call any function. Valid while `owned` is true. */
    _Atomic(pthread_t) owner;
    atomic_bool owned;
};

#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *ifp_version(void)
{
    return VERSION_TEXT(IFP_VERSION_MAJOR, IFP_VERSION_MINOR, IFP_VERSION_PATCH);
}

/* Set the counts to those of the problem, or to 0. */
static void count(ifp_model *model)
{
    const struct ifp_problem *problem = model->problem;
    for (int r = 0; r < IFP_REMOVAL_COUNT; r++)
        atomic_store(&model->removed[r], problem ? problem->removed[r] : 0);
    atomic_store(&model->configuration_count, problem ? problem->configuration_count : 0);
    atomic_store(&model->route_count, problem ? problem->route_count : 0);
}

static void forget(ifp_model *model)
{
    ifp_milp_free(model->milp);
    ifp_problem_free(model->problem);
    model->milp = NULL;
    model->problem = NULL;
    count(model);
}

static int refuse_products(struct ifp_model *model, struct ifp_error *error)
{
    const struct ifp_instance *instance = model->instance;
    bool coupled =
        instance->uncertainty == IFP_UNCERTAINTY_DECISION && instance->level == IFP_LEVEL_QUERY;
    if (!coupled || model->options.engine != IFP_ENGINE_DECOMPOSE ||
        model->options.linearization == IFP_LINEARIZATION_EXACT)
        return IFP_OK;
    return ifp_error_set(error, IFP_ERROR_VALUE, "linearization",
                         "found %s with engine decompose; allowed: exact, since that engine "
                         "has no products to make linear (engines mip and auto take all)",
                         model->options.linearization == IFP_LINEARIZATION_SOS1 ? "sos1"
                                                                                : "mccormick");
}

static int check_size(const ifp_model *model, bool solve, struct ifp_error *error)
{
    const struct ifp_options *options = &model->options;
    return ifp_size_check(model->instance, options->memory_limit_mb,
                          options->engine == IFP_ENGINE_MIP, solve, error);
}

/* Make the problem and its program for the present instance. If cancelled or out of time, returns
 * IFP_OK without them. */
static int build(ifp_model *model, const struct ifp_cancel *cancel, struct ifp_error *error)
{
    const struct ifp_options *options = &model->options;
    int code = IFP_OK;
    if (!model->problem) {
        code = ifp_instance_validate(model->instance, error);
        if (!code)
            code = refuse_products(model, error);
        if (!code)
            code = check_size(model, false, error);
        if (!code)
            code = ifp_problem_new(model->instance, cancel, &model->problem, error);
        if (model->problem)
            model->problem->linearization = options->linearization;
        count(model);
    }
    if (!code && model->problem && !model->milp)
        code = ifp_milp_new(model->problem, cancel, &model->milp, error);
    return code;
}

static void destroy(ifp_model *model)
{
    forget(model);
    ifp_plan_free(model->start);
    ifp_warm_start_clear(&model->warm_start);
    ifp_instance_free(model->instance);
    free(model);
}

/* End a call that had the model alone. Returns `code`. */
static int end(ifp_model *model, int code)
{
    if (ifp_busy_end(&model->busy, code != IFP_OK))
        destroy(model);
    return code;
}

ifp_model *ifp_model_new(const ifp_instance *instance, const ifp_options *options, ifp_error *error)
{
    if (!instance) {
        (void)ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the instance is NULL");
        return NULL;
    }
    ifp_options *own = options ? ifp_options_copy(options) : ifp_options_new();
    ifp_model *model = calloc(1, sizeof *model);
    int code = model && own ? IFP_OK : ifp_error_memory(error);
    if (!code) {
        double begin = ifp_clock_seconds();
        ifp_options_take(&model->options, own);
        const struct ifp_cancel cancel = {NULL, begin + model->options.time_limit};
        model->instance = ifp_instance_copy(instance);
        code = model->instance ? build(model, &cancel, error) : ifp_error_memory(error);
        model->spent = ifp_clock_seconds() - begin;
    }
    ifp_options_free(own);
    if (code) {
        ifp_model_free(model);
        model = NULL;
    }
    return model;
}

/* Does this thread solve the model, so that the call comes from a callback? */
static bool is_own_solve(const ifp_model *model)
{
    return atomic_load(&model->owned) && pthread_equal(atomic_load(&model->owner), pthread_self());
}

/* A callback's thread cannot wait for its own solve. Other threads wait, so that no callback runs
 * after the return. The cancel is repeated, since the end of a solve resets it. */
void ifp_model_free(ifp_model *model)
{
    if (!model || ifp_busy_freed(&model->busy))
        return;
    while (!ifp_busy_begin(&model->busy, IFP_BUSY_MODEL_CHANGED)) {
        atomic_store(&model->cancel, true);
        if (is_own_solve(model)) {
            (void)ifp_busy_free(&model->busy);
            return;
        }
        ifp_busy_pause();
    }
    destroy(model);
}

int ifp_model_set(ifp_model *model, const char *path, const char *value)
{
    if (!model)
        return IFP_ERROR_ARGUMENT;
    if (!ifp_busy_begin(&model->busy, IFP_BUSY_MODEL_CHANGED))
        return IFP_ERROR_BUSY;
    int code = ifp_instance_set(model->instance, path, value);
    if (code)
        ifp_error_copy(&model->error, ifp_instance_last_error(model->instance));
    else
        forget(model);
    return end(model, code);
}

int ifp_model_set_start(ifp_model *model, const ifp_plan *plan)
{
    ifp_plan *own = NULL;
    if (!model)
        return IFP_ERROR_ARGUMENT;
    if (!ifp_busy_begin(&model->busy, IFP_BUSY_MODEL_CHANGED))
        return IFP_ERROR_BUSY;
    int code = plan ? ifp_plan_adopt(model->instance, plan, &own, &model->error) : IFP_OK;
    if (!code) {
        ifp_plan_free(model->start);
        model->start = own;
        if (!own)
            ifp_warm_start_clear(&model->warm_start);
    }
    return end(model, code);
}

const ifp_instance *ifp_model_instance(const ifp_model *model)
{
    return model ? model->instance : NULL;
}

ifp_solution *ifp_model_solve(ifp_model *model)
{
    ifp_solution *solution = NULL;
    if (!model || !ifp_busy_begin(&model->busy, IFP_BUSY_MODEL_SOLVED))
        return NULL;
    /* The first solve counts the time that making the model took. */
    double begin = ifp_clock_seconds() - model->spent;
    model->spent = 0;
    const struct ifp_cancel cancel = {&model->cancel, begin + model->options.time_limit};
    atomic_store(&model->owner, pthread_self());
    atomic_store(&model->owned, true);
    int code = build(model, &cancel, &model->error);
    if (!code)
        code = check_size(model, true, &model->error);
    if (!code)
        code = ifp_run_solve(model->instance, model->problem, model->milp, &model->options,
                             model->start, model->start ? &model->warm_start : NULL, begin,
                             &model->cancel, &solution, &model->error);
    if (solution)
        ifp_solution_raise_bound(solution, 0, model->options.gap); /* no cost is negative */
    if (solution)
        code = ifp_solution_add_notes(solution, model->instance, &model->error);
    if (solution && !code && model->problem &&
        !ifp_removed_fill(model->instance, model->problem, &solution->removed))
        code = ifp_error_memory(&model->error);
    if (code) {
        ifp_solution_free(solution);
        solution = NULL;
    }
    /* A cancel is for one solve: the running one, or else the next one. */
    atomic_store(&model->cancel, false);
    atomic_store(&model->owned, false);
    (void)end(model, code);
    return solution;
}

void ifp_model_cancel(ifp_model *model)
{
    if (model)
        atomic_store(&model->cancel, true);
}

static int export_as(ifp_model *model, const char *format, char **text)
{
    bool mps = format && !strcmp(format, "mps");
    if (!mps && (!format || strcmp(format, "lp") != 0))
        return ifp_error_set(&model->error, IFP_ERROR_ARGUMENT, "format",
                             "found \"%s\"; allowed: mps or lp", format ? format : "");
    int code = build(model, NULL, &model->error);
    if (!code)
        code = ifp_milp_complete(model->problem, model->milp, NULL, &model->error);
    if (code)
        return code;
    *text = ifp_milp_export(model->instance, model->problem, model->milp,
                            mps ? IFP_EXPORT_MPS : IFP_EXPORT_LP);
    return *text ? IFP_OK : ifp_error_memory(&model->error);
}

char *ifp_model_export(ifp_model *model, const char *format)
{
    if (!model || !ifp_busy_begin(&model->busy, IFP_BUSY_MODEL_EXPORTED))
        return NULL;
    char *text = NULL;
    int code = export_as(model, format, &text);
    (void)end(model, code);
    return text;
}

size_t ifp_model_removed(const ifp_model *model, int reason)
{
    if (!model || reason <= 0 || reason >= IFP_REMOVAL_COUNT)
        return 0;
    return atomic_load(&model->removed[reason]);
}

size_t ifp_model_configuration_count(const ifp_model *model)
{
    return model ? atomic_load(&model->configuration_count) : 0;
}

size_t ifp_model_route_count(const ifp_model *model)
{
    return model ? atomic_load(&model->route_count) : 0;
}

const ifp_error *ifp_model_last_error(const ifp_model *model)
{
    return model ? ifp_busy_error(&model->busy, &model->error) : NULL;
}

static int stop_stress(void *user)
{
    return ifp_stress_asked(user);
}

static int reroute(const ifp_instance *realised, const ifp_plan *plan,
                   struct ifp_stress_asker *asker, double *usd, bool *stopped,
                   struct ifp_error *error)
{
    const struct ifp_stop_request watch = {.stop = asker->progress ? stop_stress : NULL,
                                           .user = asker};
    ifp_solution *solution = NULL;
    int code = ifp_reroute(realised, plan, &watch, stopped, &solution, error);
    *usd = solution && solution->check ? ifp_check_cost(solution->check, IFP_COST_TOTAL) : INFINITY;
    ifp_solution_free(solution);
    return code;
}

ifp_stress *ifp_stress_new(const ifp_instance *instance, const ifp_plan *plan,
                           const ifp_stress_options *options, ifp_error *error)
{
    return ifp_stress_run(instance, plan, options, reroute, error);
}
