/* SPDX-License-Identifier: MIT */
/* Choice of the branching candidate: pseudo-costs and strong branching. */
#include "engine/node/select_branch.h"
#include "engine/tuning.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* The choice among the candidates of a path. */
struct selection {
    struct ifp_path *path;
    struct ifp_pseudocost *pseudocosts; /* by entity */
    double base;                        /* the node's bound */
    struct ifp_basis_view basis;
    size_t chosen;
    double best;  /* score of the chosen candidate; -1 if none is chosen yet */
    bool dead[2]; /* by side: has a trial pruned it? Then the choice is made */
};

/* The mean gain per distance of a side; -1 if none is known. */
static double gain_of(const struct selection *selection, size_t entity, int side)
{
    const struct ifp_pseudocost *pseudocost = &selection->pseudocosts[entity];
    return pseudocost->tries[side] > 0 ? pseudocost->gain[side] / pseudocost->tries[side] : -1;
}

void ifp_pseudocost_add(struct ifp_pseudocost *pseudocosts, size_t entity, int side, double gain,
                        double distance)
{
    if (distance < IFP_WHOLE || !isfinite(gain))
        return;
    pseudocosts[entity].gain[side] += fmax(0, gain) / distance;
    pseudocosts[entity].tries[side] += 1;
}

static double score_of(double down, double up)
{
    return fmax(down, IFP_SCORE_MIN) * fmax(up, IFP_SCORE_MIN);
}

double ifp_branch_distance(const struct ifp_branch *branch, bool up)
{
    return up ? 1 - branch->fraction : branch->fraction;
}

/* Apply the changes of one side of a branch. */
static int take_side(struct ifp_path *path, const struct ifp_branch *branch, bool up)
{
    struct ifp_changes changes = {0};
    int code =
        ifp_branch_changes(path->context->problem, path->bounder->relaxation, branch, up, &changes);
    if (code)
        ifp_error_memory(path->context->error);
    for (size_t c = 0; !code && c < changes.count; c++)
        code = ifp_path_apply(path, &changes.items[c]);
    free(changes.items);
    return code;
}

/* Try one side. *gain is the increase of the bound. *dead: is the side infeasible, or its bound
 * above the cutoff? */
static int try_side(const struct selection *selection, const struct ifp_branch *branch, bool up,
                    double *gain, bool *dead)
{
    struct ifp_path *path = selection->path;
    struct ifp_bounder *bounder = path->bounder;
    size_t mark = path->count;
    enum ifp_relaxation_status status = IFP_RELAXATION_UNKNOWN;
    int code = take_side(path, branch, up);
    if (!code)
        code = ifp_path_solve(path, IFP_BOUND_TRIAL, &status);
    *dead = status == IFP_RELAXATION_CUTOFF || status == IFP_RELAXATION_INFEASIBLE;
    *gain = *dead ? 0 : fmax(0, bounder->relaxation->bound - selection->base);
    if (!code)
        code = ifp_path_restore(path, mark);
    if (!code)
        code = bounder->method->set_basis(bounder, selection->basis.letters, selection->basis.rows,
                                          path->context->error);
    return code;
}

/* Are enough gains of the candidate known for its pseudo-costs to be reliable? */
static bool is_reliable(const struct selection *selection, const struct ifp_branch *branch)
{
    const struct ifp_pseudocost *pseudocost = &selection->pseudocosts[branch->entity];
    double enough = selection->path->bounder->method->reliable_gains;
    return fmin(pseudocost->tries[0], pseudocost->tries[1]) >= enough;
}

/* Estimate the gain of one side of a branch. */
static int estimate_side(struct ifp_path *path, const struct ifp_branch *branch, bool up,
                         double base, double *gain)
{
    struct ifp_bounder *bounder = path->bounder;
    size_t mark = path->count;
    double objective = base;
    int code = take_side(path, branch, up);
    if (!code)
        code = bounder->method->estimate(bounder, &objective, path->context->error);
    if (!code)
        code = ifp_path_restore(path, mark);
    *gain = fmax(0, objective - base);
    return code;
}

/* Replace the weight of each unreliable candidate by a score from the bounder's estimate of both
 * sides. At most IFP_STRONG_ESTIMATES are estimated, the heaviest first; the others get a weight of
 * 0. */
static int weigh_by_estimate(const struct selection *selection)
{
    struct ifp_path *path = selection->path;
    const struct ifp_context *context = path->context;
    const struct ifp_branches *branches = &path->branches;
    double *score = malloc((branches->count + 1) * sizeof *score);
    double base = path->bounder->relaxation->objective;
    double best = fabs(ifp_context_cutoff(context) - base); /* a larger gain has no further use */
    int code = score ? IFP_OK : ifp_error_memory(context->error);
    for (size_t b = 0; !code && b < branches->count; b++)
        score[b] = -1;
    for (size_t turn = 0; !code && turn < IFP_STRONG_ESTIMATES && turn < branches->count; turn++) {
        size_t pick = SIZE_MAX;
        double pick_weight = -1;
        for (size_t b = 0; b < branches->count; b++) {
            const struct ifp_branch *branch = &branches->items[b];
            double weight = branch->weight * fmin(branch->fraction, 1 - branch->fraction);
            if (score[b] < 0 && weight > pick_weight && !is_reliable(selection, branch)) {
                pick = b;
                pick_weight = weight;
            }
        }
        if (pick == SIZE_MAX || ifp_watch_stopped(context->watch))
            break;
        double gain[2] = {0, 0};
        for (int side = 0; !code && side < 2; side++)
            code = estimate_side(path, &branches->items[pick], side == 1, base, &gain[side]);
        score[pick] = score_of(fmin(gain[0], best), fmin(gain[1], best));
    }
    for (size_t b = 0; !code && b < branches->count; b++) {
        /* Divide by the fraction so that it does not affect the ranking. */
        struct ifp_branch *branch = &branches->items[b];
        branch->weight =
            score[b] < 0
                ? 0
                : score[b] / fmax(IFP_FRACTION_MIN, fmin(branch->fraction, 1 - branch->fraction));
    }
    free(score);
    return code;
}

/* The mean of the known gains of all candidates and sides, for those whose gains are unknown. */
static double average_gain(const struct selection *selection)
{
    const struct ifp_branches *branches = &selection->path->branches;
    double sum = IFP_SCORE_PRIOR;
    double known = 0;
    for (size_t b = 0; b < branches->count; b++) {
        for (int side = 0; side < 2; side++) {
            double gain = gain_of(selection, branches->items[b].entity, side);
            if (gain >= 0) {
                sum += gain;
                known += 1;
            }
        }
    }
    return sum / (known + 1);
}

/* The heaviest candidate that has not been tried and whose pseudo-costs are not reliable, or
 * SIZE_MAX. Among all classes, alternate between routes and other candidates. */
static size_t heaviest(const struct selection *selection, size_t tried)
{
    const struct ifp_branches *branches = &selection->path->branches;
    bool alternate = selection->path->bounder->method->all_classes;
    size_t pick = SIZE_MAX;
    double pick_weight = -1;
    for (size_t b = 0; b < branches->count; b++) {
        const struct ifp_branch *branch = &branches->items[b];
        double weight = branch->weight * fmin(branch->fraction, 1 - branch->fraction);
        bool route = branch->kind == IFP_BRANCH_ROUTE || branch->kind == IFP_BRANCH_COLUMN;
        if (alternate && route != (tried % 2 == 1))
            weight *= IFP_SCORE_LAST;
        if (branch->weight >= 0 && weight > pick_weight && !is_reliable(selection, branch)) {
            pick = b;
            pick_weight = weight;
        }
    }
    return pick;
}

/* Try both sides of a candidate and learn from the gains. *better: is it the best so far? If a side
 * is pruned, the candidate is chosen at once. */
static int try_candidate(struct selection *selection, size_t candidate, bool *better)
{
    const struct ifp_branch branch = selection->path->branches.items[candidate];
    bool *dead = selection->dead;
    double gain[2];
    *better = false;
    for (int side = 0; side < 2; side++) {
        int code = try_side(selection, &branch, side == 1, &gain[side], &dead[side]);
        if (code)
            return code;
        if (!dead[side])
            ifp_pseudocost_add(selection->pseudocosts, branch.entity, side, gain[side],
                               ifp_branch_distance(&branch, side == 1));
    }
    if (dead[0] || dead[1]) {
        selection->chosen = candidate;
        return IFP_OK;
    }
    double score = score_of(gain[0], gain[1]);
    *better = score > selection->best;
    if (*better) {
        selection->best = score;
        selection->chosen = candidate;
    }
    selection->path->branches.items[candidate].weight = -1; /* tried */
    return IFP_OK;
}

static bool is_pruned(const struct selection *selection)
{
    return selection->dead[0] || selection->dead[1];
}

/* Strong branching: try the heaviest candidates whose pseudo-costs are not reliable, until a side
 * is pruned or several tries in a row are no better. */
static int try_candidates(struct selection *selection)
{
    const struct ifp_path *path = selection->path;
    size_t tried = 0;
    size_t idle = 0; /* number of tries since the best score */
    int code = IFP_OK;
    while (!code && !is_pruned(selection)) {
        size_t pick = heaviest(selection, tried);
        bool better;
        if (pick == SIZE_MAX || tried == path->bounder->method->strong_max ||
            idle == IFP_STRONG_IDLE || ifp_watch_stopped(path->context->watch))
            break;
        tried++;
        code = try_candidate(selection, pick, &better);
        idle = better ? 0 : idle + 1;
    }
    return code;
}

/* Choose by pseudo-costs if an untried candidate has a better score than the best tried one. */
static void choose_by_pseudocosts(struct selection *selection, double average)
{
    const struct ifp_branches *branches = &selection->path->branches;
    for (size_t b = 0; b < branches->count; b++) {
        const struct ifp_branch *branch = &branches->items[b];
        double gain[2];
        if (branch->weight < 0)
            continue;
        for (int side = 0; side < 2; side++) {
            gain[side] = gain_of(selection, branch->entity, side);
            gain[side] =
                (gain[side] < 0 ? average : gain[side]) * ifp_branch_distance(branch, side == 1);
        }
        double score = score_of(gain[0], gain[1]);
        if (score > selection->best) {
            selection->best = score;
            selection->chosen = b;
        }
    }
}

int ifp_select_branch(struct ifp_path *path, struct ifp_pseudocost *pseudocosts, double base,
                      struct ifp_basis_view basis, size_t *chosen, bool dead[2])
{
    struct selection selection = {
        .path = path, .pseudocosts = pseudocosts, .base = base, .basis = basis, .best = -1};
    double average = average_gain(&selection); /* before the trials add to the gains */
    int code = IFP_OK;
    if (path->bounder->method->estimate && path->branches.count > 1)
        code = weigh_by_estimate(&selection);
    if (!code)
        code = try_candidates(&selection);
    if (!code && !is_pruned(&selection))
        choose_by_pseudocosts(&selection, average);
    *chosen = selection.chosen;
    dead[0] = selection.dead[0];
    dead[1] = selection.dead[1];
    return code;
}
