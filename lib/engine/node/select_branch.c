/* SPDX-License-Identifier: MIT */
/* Choice of the branching candidate: pseudo-costs and strong branching. */
#include "engine/node/select_branch.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    STRONG_CANDIDATES = 16,  /* maximum number of candidates tried, without the master */
    STRONG_ESTIMATED = 3,    /* with the master: the best ones by its estimate */
    ESTIMATED = 12,          /* maximum number of candidates estimated */
    STRONG_IDLE = 6,         /* tries without a better score, then stop */
    STRONG_ITERATIONS = 100, /* of the compact relaxation, for each side of a candidate */
    STRONG_TRIES = 4         /* number of gains per side from which pseudo-costs are reliable */
};

static double gain_of(const struct ifp_state *state, size_t entity, int side)
{
    const struct ifp_pseudocost *pseudocost = &state->pseudocosts[entity];
    return pseudocost->tries[side] > 0 ? pseudocost->gain[side] / pseudocost->tries[side] : -1;
}

void ifp_choose_remember(struct ifp_state *state, size_t entity, int side, double gain,
                         double distance)
{
    if (distance < 1e-6 || !isfinite(gain))
        return;
    state->pseudocosts[entity].gain[side] += fmax(0, gain) / distance;
    state->pseudocosts[entity].tries[side] += 1;
}

static double score_of(double down, double up)
{
    return fmax(down, 1e-6) * fmax(up, 1e-6);
}

double ifp_choose_distance(const struct ifp_branch *branch, bool up)
{
    return up ? 1 - branch->fraction : branch->fraction;
}

/* Apply the changes of one side of a branch. */
static int take_side(struct ifp_state *state, const struct ifp_branch *branch, bool up)
{
    struct ifp_changes changes = {0};
    int code = ifp_branch_changes(state->problem, state->relaxation, branch, up, &changes);
    if (code)
        ifp_error_memory(state->error);
    for (size_t c = 0; !code && c < changes.count; c++)
        code = ifp_state_apply(state, &changes.items[c]);
    free(changes.items);
    return code;
}

/* Try one side. *gain is the increase of the bound. *dead: is the side infeasible, or its bound
 * above the cutoff? */
static int try_side(struct ifp_state *state, const struct ifp_branch *branch, bool up, double base,
                    const char *basis, size_t basis_rows, double *gain, bool *dead)
{
    size_t mark = state->touched_count;
    enum ifp_relaxation_status status = IFP_RELAXATION_UNKNOWN;
    int code = take_side(state, branch, up);
    if (!code && state->master)
        code = ifp_master_solve(state->master, ifp_state_cutoff(state), &status, state->error);
    else if (!code)
        code = ifp_relaxation_solve(state->relaxation, ifp_state_cutoff(state), STRONG_ITERATIONS,
                                    &status, state->error);
    *dead = status == IFP_RELAXATION_CUTOFF || status == IFP_RELAXATION_INFEASIBLE;
    *gain = *dead ? 0 : fmax(0, state->relaxation->bound - base);
    if (!code)
        code = ifp_state_restore(state, mark);
    if (!code && !state->master)
        code = ifp_relaxation_set_basis(state->relaxation, basis, basis_rows, state->error);
    return code;
}

/* Are enough gains of the candidate known for its pseudo-costs to be reliable? */
static bool is_reliable(const struct ifp_state *state, const struct ifp_branch *branch)
{
    const struct ifp_pseudocost *pseudocost = &state->pseudocosts[branch->entity];
    double enough = state->master ? 0.5 * STRONG_TRIES : STRONG_TRIES;
    return fmin(pseudocost->tries[0], pseudocost->tries[1]) >= enough;
}

/* Estimate the gain of one side of a branch by the master. */
static int estimate_side(struct ifp_state *state, const struct ifp_branch *branch, bool up,
                         double base, double *gain)
{
    size_t mark = state->touched_count;
    double objective = base;
    int code = take_side(state, branch, up);
    if (!code)
        code = ifp_master_estimate(state->master, &objective, state->error);
    if (!code)
        code = ifp_state_restore(state, mark);
    *gain = fmax(0, objective - base);
    return code;
}

/* Replace the weight of each unreliable candidate by a score from the master's estimate of both
 * sides. At most ESTIMATED are estimated, the heaviest first; the others get a weight of 0. */
static int weigh_by_estimate(struct ifp_state *state)
{
    const struct ifp_branches *branches = &state->branches;
    double *score = malloc((branches->count + 1) * sizeof *score);
    double base = state->relaxation->objective;
    double best = fabs(ifp_state_cutoff(state) - base); /* a larger gain has no further use */
    int code = score ? IFP_OK : ifp_error_memory(state->error);
    for (size_t b = 0; !code && b < branches->count; b++)
        score[b] = -1;
    for (size_t turn = 0; !code && turn < ESTIMATED && turn < branches->count; turn++) {
        size_t pick = SIZE_MAX;
        double pick_weight = -1;
        for (size_t b = 0; b < branches->count; b++) {
            const struct ifp_branch *branch = &branches->items[b];
            double weight = branch->weight * fmin(branch->fraction, 1 - branch->fraction);
            if (score[b] < 0 && weight > pick_weight && !is_reliable(state, branch)) {
                pick = b;
                pick_weight = weight;
            }
        }
        if (pick == SIZE_MAX || ifp_watch_stopped(state->watch))
            break;
        double gain[2] = {0, 0};
        for (int side = 0; !code && side < 2; side++)
            code = estimate_side(state, &branches->items[pick], side == 1, base, &gain[side]);
        score[pick] = score_of(fmin(gain[0], best), fmin(gain[1], best));
    }
    for (size_t b = 0; !code && b < branches->count; b++) {
        /* Divide by the fraction so that it does not affect the ranking. */
        struct ifp_branch *branch = &branches->items[b];
        branch->weight =
            score[b] < 0 ? 0 : score[b] / fmax(1e-9, fmin(branch->fraction, 1 - branch->fraction));
    }
    free(score);
    return code;
}

int ifp_choose_branch(struct ifp_state *state, double base, const char *basis, size_t basis_rows,
                      size_t *chosen, int *dead_side)
{
    const struct ifp_branches *branches = &state->branches;
    double best = -1;
    double average = 1e-3;
    double known = 0;
    *chosen = 0;
    *dead_side = -1;
    for (size_t b = 0; b < branches->count; b++) {
        for (int side = 0; side < 2; side++) {
            double gain = gain_of(state, branches->items[b].entity, side);
            if (gain >= 0) {
                average += gain;
                known += 1;
            }
        }
    }
    average /= known + 1;
    if (state->master && branches->count > 1) {
        int code = weigh_by_estimate(state);
        if (code)
            return code;
    }
    size_t tried = 0;
    size_t idle = 0; /* number of tries since the best score */
    /* Try the heaviest candidates whose pseudo-costs are not reliable. */
    for (;;) {
        size_t pick = SIZE_MAX;
        double pick_weight = -1;
        for (size_t b = 0; b < branches->count; b++) {
            struct ifp_branch *branch = &branches->items[b];
            bool reliable = is_reliable(state, branch);
            double weight = branch->weight * fmin(branch->fraction, 1 - branch->fraction);
            bool route = branch->kind == IFP_BRANCH_ROUTE || branch->kind == IFP_BRANCH_COLUMN;
            if (!state->master && route != (tried % 2 == 1))
                weight *= 1e-9; /* alternate between routes and other candidates */
            if (!reliable && branch->weight >= 0 && weight > pick_weight) {
                pick = b;
                pick_weight = weight;
            }
        }
        if (pick == SIZE_MAX || tried == (state->master ? STRONG_ESTIMATED : STRONG_CANDIDATES) ||
            idle == STRONG_IDLE || ifp_watch_stopped(state->watch))
            break;
        struct ifp_branch branch = branches->items[pick];
        double gain[2];
        bool dead[2];
        tried++;
        for (int side = 0; side < 2; side++) {
            int code = try_side(state, &branch, side == 1, base, basis, basis_rows, &gain[side],
                                &dead[side]);
            if (code)
                return code;
            if (!dead[side])
                ifp_choose_remember(state, branch.entity, side, gain[side],
                                    ifp_choose_distance(&branch, side == 1));
        }
        if (dead[0] || dead[1]) {
            *chosen = pick;
            *dead_side = dead[0] && dead[1] ? 2 : dead[0] ? 0 : 1;
            return IFP_OK;
        }
        double score = score_of(gain[0], gain[1]);
        idle++;
        if (score > best) {
            best = score;
            *chosen = pick;
            idle = 0;
        }
        branches->items[pick].weight = -1; /* tried */
    }
    for (size_t b = 0; b < branches->count; b++) {
        const struct ifp_branch *branch = &branches->items[b];
        double gain[2];
        if (branch->weight < 0)
            continue;
        for (int side = 0; side < 2; side++) {
            gain[side] = gain_of(state, branch->entity, side);
            gain[side] =
                (gain[side] < 0 ? average : gain[side]) * ifp_choose_distance(branch, side == 1);
        }
        double score = score_of(gain[0], gain[1]);
        if (score > best) {
            best = score;
            *chosen = b;
        }
    }
    return IFP_OK;
}
