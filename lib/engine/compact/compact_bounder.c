/* SPDX-License-Identifier: MIT */
/* The method `mip`: nodes are bounded by the compact relaxation, with cuts at the root. */
#include "engine/compact/compact_bounder.h"

#include <math.h>
#include <stdlib.h>

#include "engine/compact/separate.h"
#include "engine/compact/snapshot.h"
#include "engine/context.h"
#include "engine/tuning.h"

struct compact {
    struct ifp_bounder bounder;      /* the first member: a pointer to it is one to the whole */
    struct ifp_separator *separator; /* NULL unless cuts are being added */
};

static int make(const struct ifp_context *context, struct ifp_bounder **bounder)
{
    struct compact *compact = calloc(1, sizeof *compact);
    *bounder = NULL;
    if (!compact)
        return ifp_error_memory(context->error);
    compact->bounder.method = &ifp_compact_method;
    int code = ifp_relaxation_new(context->environment, context->problem, context->milp,
                                  context->watch, &compact->bounder.relaxation, context->error);
    if (code)
        free(compact);
    else
        *bounder = &compact->bounder;
    return code;
}

static void release(struct ifp_bounder *bounder)
{
    struct compact *compact = (struct compact *)bounder;
    ifp_separator_free(compact->separator);
    ifp_relaxation_free(bounder->relaxation);
    free(compact);
}

static int begin(struct ifp_bounder *bounder, const struct ifp_warm_start *warm_start,
                 struct ifp_error *error)
{
    (void)bounder;
    (void)warm_start;
    (void)error;
    return IFP_OK;
}

static int solve(struct ifp_bounder *bounder, struct ifp_bound_effort effort, double cutoff,
                 enum ifp_relaxation_status *status, struct ifp_error *error)
{
    int quick = effort.mode == IFP_BOUND_TRIAL ? IFP_STRONG_ITERATIONS : 0;
    return ifp_relaxation_solve(bounder->relaxation, cutoff, quick, status, error);
}

static int keep(const struct ifp_bounder *bounder, struct ifp_warm_start *warm_start,
                struct ifp_error *error)
{
    (void)bounder;
    (void)warm_start;
    (void)error;
    return IFP_OK;
}

/* -- cuts -- */

static int drop_and_solve(struct ifp_relaxation *relaxation, double cutoff,
                          enum ifp_relaxation_status *status, struct ifp_error *error)
{
    int code = ifp_relaxation_drop_cuts(relaxation, error);
    return code ? code : ifp_relaxation_solve(relaxation, cutoff, 0, status, error);
}

static int cut(struct ifp_bounder *bounder, double cutoff, struct ifp_cutting *cutting,
               enum ifp_relaxation_status *status, struct ifp_error *error)
{
    struct compact *compact = (struct compact *)bounder;
    struct ifp_relaxation *relaxation = bounder->relaxation;
    double last = relaxation->bound;
    size_t added;
    cutting->more = false;
    cutting->dropped = false;
    if (cutting->rounds == 0)
        cutting->before = relaxation->bound;
    if (!compact->separator)
        compact->separator = ifp_separator_new(relaxation);
    if (!compact->separator)
        return ifp_error_memory(error);
    int code = ifp_separate(compact->separator, relaxation, true, &added, error);
    if (code || !added)
        return code;
    code = ifp_relaxation_solve(relaxation, cutoff, 0, status, error);
    if (code || *status != IFP_RELAXATION_SOLVED)
        return code;
    double gain = relaxation->bound - last;
    double left = fmin(cutoff - relaxation->bound, relaxation->bound - cutting->before);
    cutting->stalled = gain < IFP_CUT_GAIN_MIN * left ? cutting->stalled + 1 : 0;
    cutting->more = cutting->stalled < IFP_CUT_ROUNDS_STALLED;
    cutting->dropped = ++cutting->rounds % IFP_CUT_ROUNDS_DROP == 0;
    return cutting->dropped ? drop_and_solve(relaxation, cutoff, status, error) : IFP_OK;
}

static int drop_cuts(struct ifp_bounder *bounder, double cutoff, enum ifp_relaxation_status *status,
                     struct ifp_error *error)
{
    struct compact *compact = (struct compact *)bounder;
    ifp_separator_free(compact->separator);
    compact->separator = NULL;
    return drop_and_solve(bounder->relaxation, cutoff, status, error);
}

/* -- snapshots and bases -- */

static int remember(const struct ifp_bounder *bounder, struct ifp_snapshot *snapshot,
                    struct ifp_error *error)
{
    return ifp_snapshot_take(bounder->relaxation, true, snapshot, error);
}

static int put_back(struct ifp_bounder *bounder, const struct ifp_snapshot *snapshot,
                    struct ifp_error *error)
{
    return ifp_snapshot_put_back(bounder->relaxation, snapshot, error);
}

static int basis(const struct ifp_bounder *bounder, char **letters, size_t *rows,
                 struct ifp_error *error)
{
    return ifp_relaxation_get_basis(bounder->relaxation, letters, rows, error);
}

static int set_basis(struct ifp_bounder *bounder, const char *letters, size_t rows,
                     struct ifp_error *error)
{
    return ifp_relaxation_set_basis(bounder->relaxation, letters, rows, error);
}

const struct ifp_bound_method ifp_compact_method = {
    .word = "mip",
    .label = "the compact program",
    .all_classes = true,
    .completes_by_lp = true,
    .searches_around = true,
    .restart_percent = IFP_RESTART_PERCENT_COMPACT,
    .strong_max = IFP_STRONG_CANDIDATES,
    .reliable_gains = IFP_STRONG_GAINS_COMPACT,
    .make = make,
    .free = release,
    .begin = begin,
    .solve = solve,
    .keep = keep,
    .cut = cut,
    .drop_cuts = drop_cuts,
    .remember = remember,
    .put_back = put_back,
    .basis = basis,
    .set_basis = set_basis,
};
