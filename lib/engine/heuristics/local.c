/* SPDX-License-Identifier: MIT */
/* The moves of the local search, and when they end. */
#include "engine/heuristics/local.h"

#include <stdlib.h>
#include <string.h>

#include "engine/tuning.h"
#include "util/random.h"

struct ifp_local {
    struct ifp_evaluator *evaluator;
    struct ifp_selection *trial;
    struct ifp_selection *base; /* the selection to improve */
    struct ifp_selection *best; /* the best found */
    struct ifp_selection *walk; /* the present selection of ifp_local_walk */
    struct ifp_barred barred;
    double until; /* effort at which the descent ends */
    double end;   /* effort at which the present function ends */
    struct ifp_random random;
};

static void selection_free(const struct ifp_evaluator *evaluator, struct ifp_selection *selection)
{
    if (!selection)
        return;
    if (evaluator->accounts_free)
        evaluator->accounts_free(selection);
    ifp_selection_free(selection);
    free(selection);
}

static struct ifp_selection *selection_new(const struct ifp_evaluator *evaluator)
{
    struct ifp_selection *made = calloc(1, evaluator->selection_size);
    if (!made)
        return NULL;
    if (!ifp_selection_new(evaluator->problem->pair_count, made) ||
        (evaluator->accounts_new && !evaluator->accounts_new(evaluator, made))) {
        selection_free(evaluator, made);
        return NULL;
    }
    return made;
}

static void copy(const struct ifp_local *local, struct ifp_selection *to,
                 const struct ifp_selection *from)
{
    ifp_selection_copy(to, from, local->evaluator->problem->pair_count);
    if (local->evaluator->accounts_copy)
        local->evaluator->accounts_copy(local->evaluator, to, from);
}

void ifp_local_free(struct ifp_local *local)
{
    if (!local)
        return;
    selection_free(local->evaluator, local->trial);
    selection_free(local->evaluator, local->base);
    selection_free(local->evaluator, local->best);
    selection_free(local->evaluator, local->walk);
    local->evaluator->free(local->evaluator);
    free(local);
}

int ifp_local_new(struct ifp_evaluator *evaluator, struct ifp_local **local,
                  struct ifp_error *error)
{
    *local = NULL;
    if (!evaluator)
        return ifp_error_memory(error);
    struct ifp_local *made = calloc(1, sizeof *made);
    if (!made) {
        evaluator->free(evaluator);
        return ifp_error_memory(error);
    }
    made->evaluator = evaluator;
    made->trial = selection_new(evaluator);
    made->base = selection_new(evaluator);
    made->best = selection_new(evaluator);
    made->walk = selection_new(evaluator);
    if (!made->trial || !made->base || !made->best || !made->walk) {
        ifp_local_free(made);
        return ifp_error_memory(error);
    }
    *local = made;
    return IFP_OK;
}

void ifp_local_point(const struct ifp_problem *problem, const struct ifp_milp *milp,
                     const struct ifp_selection *selection, double *point)
{
    memset(point, 0, milp->column_count * sizeof *point);
    for (size_t p = 0; p < problem->pair_count; p++) {
        size_t c = selection->configuration[p];
        if (c == SIZE_MAX)
            continue;
        point[milp->replicas[c]] = selection->replicas[p];
        point[milp->rent[c]] = 1;
    }
}

/* -- moves -- */

static void begin(struct ifp_local *local, double effort)
{
    local->end = local->evaluator->effort + effort;
    local->barred.count = 0;
}

static bool is_over(const struct ifp_local *local)
{
    return local->evaluator->effort >= local->until || ifp_watch_stopped(local->evaluator->watch);
}

static int offer(const struct ifp_local *local, const struct ifp_selection *selection,
                 struct ifp_error *error)
{
    struct ifp_evaluator *evaluator = local->evaluator;
    return evaluator->offer ? evaluator->offer(evaluator, selection, error) : IFP_OK;
}

static int fill(const struct ifp_local *local, struct ifp_selection *selection,
                enum ifp_filling filling, struct ifp_error *error)
{
    return local->evaluator->fill(local->evaluator, selection, &local->barred, filling, error);
}

static void leave(struct ifp_local *local, struct ifp_selection *selection, size_t pair)
{
    struct ifp_barred *barred = &local->barred;
    barred->pair[barred->count] = pair;
    barred->configuration[barred->count] = selection->configuration[pair];
    barred->replicas[barred->count++] = selection->replicas[pair];
    if (local->evaluator->remove)
        local->evaluator->remove(local->evaluator, selection, pair);
    selection->configuration[pair] = SIZE_MAX;
}

/* Remove the deployments of the pairs `a` and `b` from the base and add others that pay. If a == b,
 * one deployment is removed; if both are SIZE_MAX, no deployment is. The change is kept if it
 * improves the value. */
static int replace(struct ifp_local *local, size_t a, size_t b, enum ifp_filling filling,
                   bool *improved, struct ifp_error *error)
{
    struct ifp_evaluator *evaluator = local->evaluator;
    copy(local, local->trial, local->base);
    local->barred.count = 0;
    if (a != SIZE_MAX)
        leave(local, local->trial, a);
    if (b != a)
        leave(local, local->trial, b);
    int code = fill(local, local->trial, filling, error);
    *improved = !code && ifp_local_better(local->trial->value, local->base->value);
    if (!*improved)
        return code;
    copy(local, local->base, local->trial);
    return evaluator->keep ? evaluator->keep(evaluator, error) : IFP_OK;
}

/* Replace each subset of `how_many` (0 to 2) deployments of the base, until a change is kept. */
static int leave_out(struct ifp_local *local, size_t how_many, enum ifp_filling filling,
                     bool *improved, struct ifp_error *error)
{
    const size_t *configuration = local->base->configuration;
    size_t pairs = local->evaluator->problem->pair_count;
    int code = IFP_OK;
    *improved = false;
    if (how_many == 0)
        return replace(local, SIZE_MAX, SIZE_MAX, filling, improved, error);
    for (size_t a = 0; a < pairs; a++) {
        if (configuration[a] == SIZE_MAX)
            continue;
        size_t first = how_many == 1 ? a : a + 1;
        size_t end = how_many == 1 ? a + 1 : pairs;
        for (size_t b = first; b < end; b++) {
            if (configuration[b] == SIZE_MAX)
                continue;
            if (is_over(local))
                return IFP_OK;
            code = replace(local, a, b, filling, improved, error);
            if (code || *improved)
                return code;
        }
    }
    return code;
}

/* Improve the base until replacing no subset of up to `removed_max` deployments does. If its value
 * is unknown, begin by filling it up. */
static int descend(struct ifp_local *local, size_t removed_max, enum ifp_filling filling,
                   struct ifp_error *error)
{
    const struct ifp_evaluator *evaluator = local->evaluator;
    size_t how_many = isinf(local->base->value) ? 0 : 1;
    int code = IFP_OK;
    local->until =
        evaluator->descent_effort > 0 ? evaluator->effort + evaluator->descent_effort : local->end;
    while (!code && how_many <= removed_max && !is_over(local)) {
        bool improved;
        code = leave_out(local, how_many, filling, &improved, error);
        how_many = !improved ? how_many + 1 : how_many > 0 ? 1 : 0;
    }
    if (code)
        return code;
    if (isinf(local->best->value) || ifp_local_better(local->base->value, local->best->value))
        copy(local, local->best, local->base);
    return offer(local, local->best, error);
}

/* Random change: remove one or two deployments of the base, add a random one, and then those that
 * pay. If the value is unknown, descend adds the latter. */
static int kick(struct ifp_local *local, struct ifp_error *error)
{
    struct ifp_evaluator *evaluator = local->evaluator;
    struct ifp_selection *base = local->base;
    size_t pairs = evaluator->problem->pair_count;
    size_t rented = 0;
    for (size_t p = 0; p < pairs; p++)
        rented += base->configuration[p] != SIZE_MAX;
    local->barred.count = 0;
    for (size_t out = 1 + ifp_random_below(&local->random, 2); out > 0 && rented > 0; out--) {
        size_t which = ifp_random_below(&local->random, rented--);
        for (size_t p = 0; p < pairs; p++) {
            if (base->configuration[p] != SIZE_MAX && which-- == 0) {
                leave(local, base, p);
                break;
            }
        }
    }
    int code = evaluator->add_random(evaluator, base, &local->barred, &local->random, error);
    if (!code && !isinf(base->value))
        code = fill(local, base, IFP_FILLING_USUAL, error);
    return code;
}

/* -- searching -- */

int ifp_local_construct(struct ifp_local *local, double effort, struct ifp_error *error)
{
    static const enum ifp_filling fillings[] = {IFP_FILLING_USUAL, IFP_FILLING_THRIFTY};
    struct ifp_evaluator *evaluator = local->evaluator;
    int code = IFP_OK;
    begin(local, effort);
    for (size_t k = 0; !code && k < 2; k++) {
        evaluator->read(evaluator, NULL, NULL, local->trial);
        code = fill(local, local->trial, fillings[k], error);
        if (!code && ifp_local_better(local->trial->value, local->base->value))
            copy(local, local->base, local->trial);
        if (!code)
            code = offer(local, local->trial, error);
    }
    if (code)
        return code;
    copy(local, local->best, local->base);
    return descend(local, 2, IFP_FILLING_USUAL, error);
}

int ifp_local_polish(struct ifp_local *local, const ifp_plan *plan, double effort,
                     struct ifp_error *error)
{
    struct ifp_evaluator *evaluator = local->evaluator;
    begin(local, effort);
    evaluator->read(evaluator, plan, NULL, local->base);
    return descend(local, evaluator->removed_of_plan, IFP_FILLING_WIDE, error);
}

int ifp_local_round(struct ifp_local *local, const double *point, double effort,
                    struct ifp_error *error)
{
    struct ifp_evaluator *evaluator = local->evaluator;
    int code = IFP_OK;
    begin(local, effort);
    evaluator->read(evaluator, NULL, point, local->base);
    if (!isinf(local->base->value))
        code = fill(local, local->base, IFP_FILLING_USUAL, error);
    return code ? code : descend(local, evaluator->removed_of_point, IFP_FILLING_USUAL, error);
}

int ifp_local_complete(struct ifp_local *local, const double *point, struct ifp_error *error)
{
    struct ifp_evaluator *evaluator = local->evaluator;
    begin(local, INFINITY);
    evaluator->read(evaluator, NULL, point, local->trial);
    return fill(local, local->trial, IFP_FILLING_USUAL, error);
}

int ifp_local_walk(struct ifp_local *local, double effort, struct ifp_error *error)
{
    const struct ifp_evaluator *evaluator = local->evaluator;
    double here = local->best->value;
    int idle = 0;
    int code = IFP_OK;
    begin(local, effort);
    copy(local, local->walk, local->best);
    while (!code && evaluator->effort < local->end && !ifp_watch_stopped(evaluator->watch) &&
           evaluator->problem->configuration_count) {
        double best = local->best->value;
        copy(local, local->base, local->walk);
        code = kick(local, error);
        if (!code)
            code = descend(local, 1, IFP_FILLING_USUAL, error);
        if (local->best->value > best)
            idle = 0;
        /* Accept a slightly worse selection for a while, then return to the best. */
        if (local->base->value >=
            here - evaluator->worse_max * fabs(evaluator->nothing_usd - here)) {
            here = local->base->value;
            copy(local, local->walk, local->base);
        }
        if (++idle >= IFP_LOCAL_WALK_MAX) {
            idle = 0;
            here = local->best->value;
            copy(local, local->walk, local->best);
        }
    }
    return code;
}
