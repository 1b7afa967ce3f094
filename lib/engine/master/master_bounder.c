/* SPDX-License-Identifier: MIT */
/* The method `decompose`: nodes are bounded by the master, and by the compact relaxation if the
 * master gives up. It uses no cuts: patterns are integral already, and cuts would make pricing
 * harder. It keeps no basis, since its patterns come and go. */
#include "engine/master/master_bounder.h"

#include <math.h>
#include <stdlib.h>

#include "engine/compact/snapshot.h"
#include "engine/context.h"
#include "engine/master/master.h"
#include "engine/tuning.h"

struct by_master {
    struct ifp_bounder bounder; /* the first member: a pointer to it is one to the whole */
    struct ifp_master *master;  /* NULL until the root's solve */
};

static struct ifp_master *master_of(const struct ifp_bounder *bounder)
{
    return ((const struct by_master *)bounder)->master;
}

static int make(const struct ifp_context *context, struct ifp_bounder **bounder)
{
    struct by_master *made = calloc(1, sizeof *made);
    *bounder = NULL;
    if (!made)
        return ifp_error_memory(context->error);
    made->bounder.method = &ifp_master_method;
    int code = ifp_relaxation_new(context->environment, context->problem, context->milp,
                                  context->watch, &made->bounder.relaxation, context->error);
    if (code)
        free(made);
    else
        *bounder = &made->bounder;
    return code;
}

static void release(struct ifp_bounder *bounder)
{
    ifp_master_free(master_of(bounder));
    ifp_relaxation_free(bounder->relaxation);
    free(bounder);
}

static int begin(struct ifp_bounder *bounder, const struct ifp_warm_start *warm_start,
                 struct ifp_error *error)
{
    struct by_master *by_master = (struct by_master *)bounder;
    int code = ifp_master_new(bounder->relaxation->problem, bounder->relaxation, &by_master->master,
                              error);
    if (!code && warm_start)
        code = ifp_master_take(by_master->master, warm_start, error);
    return code;
}

static int solve(struct ifp_bounder *bounder, struct ifp_bound_effort effort, double cutoff,
                 enum ifp_relaxation_status *status, struct ifp_error *error)
{
    struct ifp_relaxation *relaxation = bounder->relaxation;
    int code = ifp_master_solve(master_of(bounder), effort, cutoff, status, error);
    /* A dive and a trial have better uses of their time than a second relaxation. */
    if (code || *status != IFP_RELAXATION_UNKNOWN || effort.mode == IFP_BOUND_DIVE ||
        effort.mode == IFP_BOUND_TRIAL)
        return code;
    double known = relaxation->bound;
    code = ifp_relaxation_solve(relaxation, cutoff, 0, status, error);
    relaxation->bound = fmax(relaxation->bound, known);
    return code;
}

static int keep(const struct ifp_bounder *bounder, struct ifp_warm_start *warm_start,
                struct ifp_error *error)
{
    const struct ifp_relaxation *relaxation = bounder->relaxation;
    ifp_watch_log(relaxation->watch, "bound %g by the master", relaxation->bound);
    return ifp_master_give(master_of(bounder), warm_start, error);
}

static int estimate(struct ifp_bounder *bounder, double *objective, struct ifp_error *error)
{
    return ifp_master_estimate(master_of(bounder), objective, error);
}

static int remember(const struct ifp_bounder *bounder, struct ifp_snapshot *snapshot,
                    struct ifp_error *error)
{
    return ifp_snapshot_take(bounder->relaxation, false, snapshot, error);
}

static int put_back(struct ifp_bounder *bounder, const struct ifp_snapshot *snapshot,
                    struct ifp_error *error)
{
    return ifp_snapshot_put_back(bounder->relaxation, snapshot, error);
}

static int basis(const struct ifp_bounder *bounder, char **letters, size_t *rows,
                 struct ifp_error *error)
{
    (void)bounder;
    (void)error;
    *letters = NULL;
    *rows = 0;
    return IFP_OK;
}

static int set_basis(struct ifp_bounder *bounder, const char *letters, size_t rows,
                     struct ifp_error *error)
{
    (void)bounder;
    (void)letters;
    (void)rows;
    (void)error;
    return IFP_OK;
}

static size_t pattern_count(const struct ifp_bounder *bounder)
{
    return ifp_master_pattern_count(master_of(bounder));
}

static const struct ifp_pattern *pattern(const struct ifp_bounder *bounder, size_t k,
                                         double *weight)
{
    return ifp_master_pattern(master_of(bounder), k, weight);
}

const struct ifp_bound_method ifp_master_method = {
    .word = "decompose",
    .label = "the master",
    .has_thorough = true,
    .trusts_start = true,
    .gives_turns = true,
    .keeps_warm_start = true,
    .restart_percent = IFP_RESTART_PERCENT_MASTER,
    .strong_max = IFP_STRONG_ESTIMATED,
    .reliable_gains = IFP_STRONG_GAINS_MASTER,
    .make = make,
    .free = release,
    .begin = begin,
    .solve = solve,
    .keep = keep,
    .estimate = estimate,
    .remember = remember,
    .put_back = put_back,
    .basis = basis,
    .set_basis = set_basis,
    .pattern_count = pattern_count,
    .pattern = pattern,
};
