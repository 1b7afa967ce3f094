/* SPDX-License-Identifier: MIT */
/*
 * Branch and bound on the compact MILP: best bound first, each time followed by a dive along the
 * more promising branch. Every bound that prunes is safe (bound.h), every plan that prunes is
 * verified (incumbent.h), so that the result is right whatever the LP solver's rounding does;
 * where it leaves a node undecided, the node's parent's bound stands.
 */
#include "engine/search.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/branch.h"
#include "engine/master.h"
#include "engine/nodes.h"
#include "engine/relaxation.h"
#include "engine/rounding.h"

/* Nodes may be pruned that promise less than this part of the objective: two plans that differ
 * by less are the same to anybody, unless a smaller gap is asked for. */
static const double PRUNE = 1e-7;
static const double PRUNE_LEAST = 1e-9; /* below are only the last digits */

enum {
    STRONG_CANDIDATES = 8,  /* tried out before anything is known of them */
    STRONG_ITERATIONS = 60, /* for each side of each, by the compact relaxation */
    STRONG_TRIES = 2,       /* after that many, what is remembered counts */
    BASES_MAX = 20000,      /* nodes that keep a basis: memory stays bounded */
    DIVE_STEPS = 200
};

/* Bounds as they were before a change. */
struct undo {
    size_t index;
    bool row;
    double lower;
    double upper;
};

/* What branching on an entity did to the bound, per unit of distance. */
struct memory {
    double gain[2];
    double tries[2];
};

struct search {
    struct ifp_incumbent *incumbent;
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    struct ifp_run *run;
    struct ifp_error *error;
    double gap;
    struct ifp_relaxation *relaxation;
    struct ifp_master *master; /* the tighter relaxation, where there is one */
    struct ifp_nodes tree;
    struct memory *memory;
    struct ifp_branches branches;
    struct undo *touched; /* what the path has changed, latest last */
    size_t touched_count;
    size_t touched_capacity;
    double fathomed; /* the least bound of a node that is done with */
    double nodes;
    double next_dive; /* nodes at which to dive again */
    double enough;    /* nodes at which to stop once the gap is reached */
};

/* -- bounds on the relaxation -- */

static int touch(struct search *search, struct undo undo)
{
    if (search->touched_count == search->touched_capacity) {
        size_t capacity = search->touched_capacity ? 2 * search->touched_capacity : 256;
        struct undo *touched = realloc(search->touched, capacity * sizeof *touched);
        if (!touched)
            return ifp_error_memory(search->error);
        search->touched = touched;
        search->touched_capacity = capacity;
    }
    search->touched[search->touched_count++] = undo;
    return IFP_OK;
}

static int apply(struct search *search, const struct ifp_change *change)
{
    struct ifp_relaxation *relaxation = search->relaxation;
    size_t at = change->index;
    struct undo undo = {.index = at, .row = change->row};
    undo.lower = change->row ? relaxation->row_lower[at] : relaxation->lower[at];
    undo.upper = change->row ? relaxation->row_upper[at] : relaxation->upper[at];
    int code = touch(search, undo);
    if (code)
        return code;
    if (change->row)
        return ifp_relaxation_set_row(relaxation, at, change->lower, change->upper, search->error);
    /* A later change never widens what an earlier one has narrowed. */
    double lower = fmax(change->lower, undo.lower);
    double upper = fmin(change->upper, undo.upper);
    if (lower > upper) /* contradiction: keep one of them, the other makes the LP infeasible */
        lower = upper = change->upper;
    return ifp_relaxation_set_column(relaxation, at, lower, upper, search->error);
}

/* Take back the latest changes, until only so many are left. */
static int restore(struct search *search, size_t down_to)
{
    while (search->touched_count > down_to) {
        const struct undo *undo = &search->touched[--search->touched_count];
        int code = undo->row ? ifp_relaxation_set_row(search->relaxation, undo->index, undo->lower,
                                                      undo->upper, search->error)
                             : ifp_relaxation_set_column(search->relaxation, undo->index,
                                                         undo->lower, undo->upper, search->error);
        if (code)
            return code;
    }
    return IFP_OK;
}

/* The root's changes first. */
static int apply_path(struct search *search, const struct ifp_node *node)
{
    if (!node)
        return IFP_OK;
    int code = apply_path(search, node->parent);
    for (size_t c = 0; !code && c < node->changes.count; c++)
        code = apply(search, &node->changes.items[c]);
    return code;
}

static int enter(struct search *search, const struct ifp_node *node)
{
    int code = restore(search, 0);
    if (!code)
        code = apply_path(search, node);
    if (!code && node->basis)
        code = ifp_relaxation_set_basis(search->relaxation, node->basis->letters, node->basis->rows,
                                        search->error);
    return code;
}

/* -- plans -- */

static double cutoff(const struct search *search)
{
    double objective = search->incumbent->objective;
    double part = fmax(PRUNE_LEAST, fmin(PRUNE, search->gap));
    return isinf(objective) ? INFINITY : objective - part * fmax(1, fabs(objective));
}

/*
 * Fix every integer to the point's rounding and solve for the rest; where the plan then misses a
 * limit by the LP solver's tolerance, once more with limits a little tighter. Leaves the
 * relaxation's bounds as they were.
 */
static int complete(struct search *search, const double *point, bool *verified)
{
    const struct ifp_milp *milp = search->milp;
    struct ifp_relaxation *relaxation = search->relaxation;
    size_t basis_rows = 0;
    char *basis = ifp_relaxation_basis(relaxation, &basis_rows, search->error);
    double *fixed = malloc((milp->column_count + 1) * sizeof *fixed);
    double *lower = malloc((2 * milp->column_count + 1) * sizeof *lower);
    int code = basis && fixed && lower ? IFP_OK : ifp_error_memory(search->error);
    *verified = false;
    if (!code) {
        memcpy(fixed, point, milp->column_count * sizeof *fixed);
        memcpy(lower, relaxation->lower, milp->column_count * sizeof *lower);
        memcpy(lower + milp->column_count, relaxation->upper, milp->column_count * sizeof *lower);
    }
    for (size_t c = 0; !code && c < milp->column_count; c++) {
        if (milp->integer[c]) {
            double whole = floor(fixed[c] + 0.5);
            code = ifp_relaxation_set_column(relaxation, c, whole, whole, search->error);
        }
    }
    double margin = 0;
    for (int attempt = 0; !code && !*verified && attempt < 2; attempt++) {
        enum ifp_relaxation_status status;
        for (size_t r = 0; !code && margin > 0 && r < milp->row_count; r++) {
            enum ifp_row_kind kind = milp->rows[r].kind;
            if (kind >= IFP_ROW_MEMORY && kind <= IFP_ROW_ERROR)
                code = ifp_relaxation_set_row(relaxation, r, relaxation->row_lower[r],
                                              milp->row_upper[r] - margin, search->error);
        }
        if (!code)
            code = ifp_relaxation_solve(relaxation, INFINITY, 0, &status, search->error);
        if (code || status != IFP_RELAXATION_SOLVED)
            break;
        code = ifp_incumbent_offer(search->incumbent, relaxation->point, verified, search->error);
        margin = 2 * search->incumbent->max_violation;
    }
    for (size_t r = 0; !code && margin > 0 && r < milp->row_count; r++) {
        enum ifp_row_kind kind = milp->rows[r].kind;
        if (kind >= IFP_ROW_MEMORY && kind <= IFP_ROW_ERROR)
            code = ifp_relaxation_set_row(relaxation, r, milp->row_lower[r], milp->row_upper[r],
                                          search->error);
    }
    for (size_t c = 0; !code && c < milp->column_count; c++) {
        if (milp->integer[c])
            code = ifp_relaxation_set_column(relaxation, c, lower[c], lower[milp->column_count + c],
                                             search->error);
    }
    if (!code)
        code = ifp_relaxation_set_basis(relaxation, basis, basis_rows, search->error);
    free(lower);
    free(fixed);
    free(basis);
    return code;
}

static int try_rounding(struct search *search)
{
    double *rounded = malloc((search->milp->column_count + 1) * sizeof *rounded);
    bool verified;
    int code = IFP_OK;
    if (!rounded || ifp_round_up(search->problem, search->milp, search->relaxation->point, rounded))
        code = ifp_error_memory(search->error);
    if (!code)
        code = complete(search, rounded, &verified);
    free(rounded);
    return code;
}

/* -- branching -- */

static double gain_of(const struct search *search, size_t entity, int side)
{
    const struct memory *memory = &search->memory[entity];
    return memory->tries[side] > 0 ? memory->gain[side] / memory->tries[side] : -1;
}

static void remember(struct search *search, size_t entity, int side, double gain, double distance)
{
    if (distance < 1e-6 || !isfinite(gain))
        return;
    search->memory[entity].gain[side] += fmax(0, gain) / distance;
    search->memory[entity].tries[side] += 1;
}

static double score_of(double down, double up)
{
    return fmax(down, 1e-6) * fmax(up, 1e-6);
}

static double distance_of(const struct ifp_branch *branch, bool up)
{
    return up ? 1 - branch->fraction : branch->fraction;
}

/* Try one side for a few iterations. *gain is what the bound rises by; *dead that the side is
 * beyond the cut-off or infeasible. */
static int try_side(struct search *search, const struct ifp_branch *branch, bool up, double base,
                    const char *basis, size_t basis_rows, double *gain, bool *dead)
{
    struct ifp_changes changes = {0};
    size_t mark = search->touched_count;
    enum ifp_relaxation_status status = IFP_RELAXATION_UNKNOWN;
    int code = ifp_branch_changes(search->problem, search->relaxation, branch, up, &changes);
    if (code)
        ifp_error_memory(search->error);
    for (size_t c = 0; !code && c < changes.count; c++)
        code = apply(search, &changes.items[c]);
    if (!code && search->master)
        code = ifp_master_solve(search->master, cutoff(search), &status, search->error);
    else if (!code)
        code = ifp_relaxation_solve(search->relaxation, cutoff(search), STRONG_ITERATIONS, &status,
                                    search->error);
    *dead = status == IFP_RELAXATION_CUTOFF || status == IFP_RELAXATION_INFEASIBLE;
    *gain = *dead ? 0 : fmax(0, search->relaxation->bound - base);
    if (!code)
        code = restore(search, mark);
    if (!code && !search->master)
        code = ifp_relaxation_set_basis(search->relaxation, basis, basis_rows, search->error);
    free(changes.items);
    return code;
}

/* By what is remembered where there is enough of it, else by trying. *dead_side: 0 or 1 where one
 * side is done with already, 2 where both are, else -1. */
static int choose(struct search *search, double base, const char *basis, size_t basis_rows,
                  size_t *chosen, int *dead_side)
{
    const struct ifp_branches *branches = &search->branches;
    double best = -1;
    double average = 1e-3;
    double known = 0;
    *chosen = 0;
    *dead_side = -1;
    for (size_t b = 0; b < branches->count; b++) {
        for (int side = 0; side < 2; side++) {
            double gain = gain_of(search, branches->items[b].entity, side);
            if (gain >= 0) {
                average += gain;
                known += 1;
            }
        }
    }
    average /= known + 1;
    size_t tried = 0;
    /* The heaviest candidates that little is known of are tried. */
    for (;;) {
        size_t pick = SIZE_MAX;
        double pick_weight = -1;
        for (size_t b = 0; b < branches->count; b++) {
            struct ifp_branch *branch = &branches->items[b];
            const struct memory *memory = &search->memory[branch->entity];
            bool reliable = fmin(memory->tries[0], memory->tries[1]) >= STRONG_TRIES;
            double weight = branch->weight * fmin(branch->fraction, 1 - branch->fraction);
            if (!reliable && branch->weight >= 0 && weight > pick_weight) {
                pick = b;
                pick_weight = weight;
            }
        }
        if (pick == SIZE_MAX || tried == STRONG_CANDIDATES || ifp_run_stopped(search->run))
            break;
        struct ifp_branch branch = branches->items[pick];
        double gain[2];
        bool dead[2];
        tried++;
        for (int side = 0; side < 2; side++) {
            int code = try_side(search, &branch, side == 1, base, basis, basis_rows, &gain[side],
                                &dead[side]);
            if (code)
                return code;
            if (!dead[side])
                remember(search, branch.entity, side, gain[side], distance_of(&branch, side == 1));
        }
        if (dead[0] || dead[1]) {
            *chosen = pick;
            *dead_side = dead[0] && dead[1] ? 2 : dead[0] ? 0 : 1;
            return IFP_OK;
        }
        double score = score_of(gain[0], gain[1]);
        if (score > best) {
            best = score;
            *chosen = pick;
        }
        branches->items[pick].weight = -1; /* tried */
    }
    for (size_t b = 0; b < branches->count; b++) {
        const struct ifp_branch *branch = &branches->items[b];
        double gain[2];
        if (branch->weight < 0)
            continue;
        for (int side = 0; side < 2; side++) {
            gain[side] = gain_of(search, branch->entity, side);
            gain[side] = (gain[side] < 0 ? average : gain[side]) * distance_of(branch, side == 1);
        }
        double score = score_of(gain[0], gain[1]);
        if (score > best) {
            best = score;
            *chosen = b;
        }
    }
    return IFP_OK;
}

/* Integers whose reduced cost says that moving them from their bound passes the cut-off stay
 * there in all that follows from the node. */
static int fix_by_reduced_cost(struct search *search, struct ifp_changes *changes)
{
    const struct ifp_relaxation *relaxation = search->relaxation;
    double room = cutoff(search) - relaxation->reduced_bound;
    if (!isfinite(room))
        return IFP_OK;
    for (size_t c = 0; c < search->milp->column_count; c++) {
        double lower = relaxation->lower[c];
        if (!search->milp->integer[c] || lower == relaxation->upper[c] ||
            relaxation->reduced[c] <= room)
            continue;
        struct ifp_change change = {.index = c, .lower = lower, .upper = lower};
        if (ifp_changes_add(changes, change))
            return ifp_error_memory(search->error);
    }
    return IFP_OK;
}

static struct ifp_node *make_node(struct search *search, struct ifp_node *parent, double bound)
{
    struct ifp_node *node = ifp_node_new(&search->tree, parent, bound);
    if (!node)
        ifp_error_memory(search->error);
    return node;
}

/* Both children of a node; the preferred one, if it is alive, is the next to be solved. */
static int split(struct search *search, struct ifp_node *node, struct ifp_node **next)
{
    struct ifp_relaxation *relaxation = search->relaxation;
    double base = fmax(node->bound, relaxation->bound);
    size_t rows = 0;
    char *letters = ifp_relaxation_basis(relaxation, &rows, search->error);
    if (!letters)
        return search->error ? search->error->code : IFP_ERROR_MEMORY;
    size_t chosen = 0;
    int dead_side = -1;
    int code = choose(search, base, letters, rows, &chosen, &dead_side);
    struct ifp_branch branch = search->branches.items[chosen];
    struct ifp_basis *basis = NULL;
    if (!code && search->tree.bases < BASES_MAX) {
        basis = ifp_basis_new(&search->tree, letters, rows);
        if (basis)
            letters = NULL;
        else
            code = ifp_error_memory(search->error);
    }
    /* Along the side that the value is nearer to; renting rather than not. */
    bool prefer_up =
        branch.kind == IFP_BRANCH_OPEN ? branch.fraction > 0.3 : branch.fraction >= 0.5;
    for (int turn = 0; !code && turn < 2; turn++) {
        bool up = turn == 0 ? prefer_up : !prefer_up;
        if (dead_side == 2 || dead_side == (up ? 1 : 0)) {
            search->fathomed = fmin(search->fathomed, fmax(base, cutoff(search)));
            continue;
        }
        struct ifp_node *child = make_node(search, node, base);
        if (!child) {
            code = IFP_ERROR_MEMORY;
            break;
        }
        child->entity = branch.entity;
        child->up = up;
        child->distance = distance_of(&branch, up);
        code = ifp_branch_changes(search->problem, relaxation, &branch, up, &child->changes);
        if (code)
            ifp_error_memory(search->error);
        if (basis) {
            child->basis = basis;
            basis->references++;
        }
        if (!code && !*next) {
            *next = child;
        } else if (code || (code = ifp_nodes_push(&search->tree, child)) != IFP_OK) {
            ifp_error_memory(search->error);
            ifp_node_release(&search->tree, child);
        }
    }
    ifp_basis_release(&search->tree, basis);
    free(letters);
    return code;
}

/* By the tighter relaxation where there is one; where that gives up, by the other. */
static int solve_node(struct search *search, enum ifp_relaxation_status *status)
{
    double known = -INFINITY;
    *status = IFP_RELAXATION_UNKNOWN;
    if (search->master) {
        int code = ifp_master_solve(search->master, cutoff(search), status, search->error);
        if (code || *status != IFP_RELAXATION_UNKNOWN)
            return code;
        known = search->relaxation->bound;
    }
    int code = ifp_relaxation_solve(search->relaxation, cutoff(search), 0, status, search->error);
    search->relaxation->bound = fmax(search->relaxation->bound, known);
    return code;
}

/* A point with every integer whole: a plan as it stands, or with its integers fixed and its
 * shares solved for again. */
static int settle_leaf(struct search *search, bool *verified)
{
    const struct ifp_relaxation *relaxation = search->relaxation;
    int code = ifp_incumbent_offer(search->incumbent, relaxation->point, verified, search->error);
    if (code || *verified)
        return code;
    double *point = malloc((search->milp->column_count + 1) * sizeof *point);
    if (!point)
        return ifp_error_memory(search->error);
    memcpy(point, relaxation->point, search->milp->column_count * sizeof *point);
    code = complete(search, point, verified);
    free(point);
    return code;
}

/* -- diving: towards a plan, without regard to proof -- */

/* The side of a candidate that a dive takes: rent what is rented most, route where most goes. */
static int dive_changes(const struct search *search, const struct ifp_branch *branch, bool up,
                        struct ifp_changes *changes)
{
    const struct ifp_pair *pair = &search->problem->pairs[branch->first];
    if (branch->kind != IFP_BRANCH_DEGREE || !up)
        return ifp_branch_changes(search->problem, search->relaxation, branch, up, changes);
    /* The one degree that carries most, not just the larger ones. */
    size_t best = pair->first;
    changes->count = 0;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        if (search->relaxation->point[search->milp->rent[c]] >
            search->relaxation->point[search->milp->rent[best]])
            best = c;
    }
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        struct ifp_change closed = {.index = search->milp->rent[c]};
        if (c != best && ifp_changes_add(changes, closed))
            return IFP_ERROR_MEMORY;
    }
    return IFP_OK;
}

static int dive_apply(struct search *search, const struct ifp_branch *branch, bool up,
                      struct ifp_changes *changes)
{
    if (dive_changes(search, branch, up, changes))
        return ifp_error_memory(search->error);
    int code = IFP_OK;
    for (size_t c = 0; !code && c < changes->count; c++)
        code = apply(search, &changes->items[c]);
    return code;
}

/* Take the largest candidate, and all others that are nearly whole; if that leads nowhere, do
 * without the largest. */
static int dive_step(struct search *search, struct ifp_changes *changes,
                     enum ifp_relaxation_status *status)
{
    const struct ifp_branches *branches = &search->branches;
    size_t mark = search->touched_count;
    size_t largest = 0;
    int code = IFP_OK;
    for (size_t b = 1; b < branches->count; b++) {
        if (branches->items[b].fraction > branches->items[largest].fraction)
            largest = b;
    }
    for (size_t b = 0; !code && b < branches->count; b++) {
        const struct ifp_branch *branch = &branches->items[b];
        double nearly = branch->kind == IFP_BRANCH_COLUMN ? 0.5 : 0.8;
        bool take = branch->fraction >= nearly && branch->kind != IFP_BRANCH_DEGREE;
        if (b == largest || take)
            code = dive_apply(search, branch, true, changes);
    }
    if (!code)
        code = solve_node(search, status);
    if (code || *status == IFP_RELAXATION_SOLVED || *status == IFP_RELAXATION_STOPPED)
        return code;
    code = restore(search, mark);
    if (!code)
        code = dive_apply(search, &branches->items[largest], false, changes);
    return code ? code : solve_node(search, status);
}

/* From a solved node down to a plan, or to nothing. The bounds are left as they then stand: the
 * caller enters its node again. */
static int dive(struct search *search)
{
    struct ifp_changes changes = {0};
    enum ifp_relaxation_status status = IFP_RELAXATION_SOLVED;
    int code = IFP_OK;
    for (size_t step = 0; !code && step < DIVE_STEPS && status == IFP_RELAXATION_SOLVED; step++) {
        bool verified;
        if (ifp_branch_candidates(search->problem, search->milp, search->relaxation->point,
                                  &search->branches)) {
            code = ifp_error_memory(search->error);
        } else if (!search->branches.count) {
            code = settle_leaf(search, &verified);
            break;
        } else {
            code = dive_step(search, &changes, &status);
        }
    }
    free(changes.items);
    return code;
}

/* Rounding is cheap, a dive is not: at the root, and then ever more rarely. What the node's own
 * solve has left in the relaxation is as before afterwards. */
static int look_for_plans(struct search *search, const struct ifp_node *node)
{
    struct ifp_relaxation *relaxation = search->relaxation;
    bool round = search->nodes < 30 || fmod(search->nodes, 10) == 0;
    bool plunge = search->nodes >= search->next_dive;
    if (!round && !plunge)
        return IFP_OK;
    size_t columns = search->milp->column_count;
    size_t size = columns * sizeof(double);
    size_t rows = 0;
    double bound = relaxation->bound;
    double reduced_bound = relaxation->reduced_bound;
    double *saved = malloc((2 * columns + 1) * sizeof *saved);
    char *basis = ifp_relaxation_basis(relaxation, &rows, search->error);
    int code = saved && basis ? IFP_OK : ifp_error_memory(search->error);
    if (!code) {
        memcpy(saved, relaxation->point, size);
        memcpy(saved + columns, relaxation->reduced, size);
        code = try_rounding(search);
        memcpy(relaxation->point, saved, size);
    }
    if (!code && plunge) {
        search->next_dive = 2 * search->nodes + 20;
        code = dive(search);
        if (!code)
            code = enter(search, node);
        if (!code)
            code = ifp_relaxation_set_basis(relaxation, basis, rows, search->error);
    }
    if (!code) {
        memcpy(relaxation->point, saved, size);
        memcpy(relaxation->reduced, saved + columns, size);
        relaxation->bound = bound;
        relaxation->reduced_bound = reduced_bound;
        if (ifp_branch_candidates(search->problem, search->milp, relaxation->point,
                                  &search->branches))
            code = ifp_error_memory(search->error);
    }
    free(basis);
    free(saved);
    return code;
}

/* Solve one node; *next is its preferred child, or NULL where the dive ends. */
static int process(struct search *search, struct ifp_node *node, struct ifp_node **next)
{
    struct ifp_relaxation *relaxation = search->relaxation;
    enum ifp_relaxation_status status;
    bool verified = false;
    *next = NULL;
    int code = solve_node(search, &status);
    if (code)
        return code;
    search->nodes += 1;
    double bound = fmax(node->bound, relaxation->bound);
    if (node->entity != SIZE_MAX && status == IFP_RELAXATION_SOLVED)
        remember(search, node->entity, node->up, bound - node->bound, node->distance);
    node->bound = bound;
    if (status != IFP_RELAXATION_SOLVED) {
        /* Infeasible: the bound is infinite. Stopped or unknown: it is what it was, and stays
         * the least there is, so that nothing is claimed that is not known. */
        search->fathomed = fmin(search->fathomed, bound);
        return IFP_OK;
    }
    if (ifp_branch_candidates(search->problem, search->milp, relaxation->point, &search->branches))
        return ifp_error_memory(search->error);
    if (!search->branches.count) {
        code = settle_leaf(search, &verified);
        search->fathomed = fmin(search->fathomed, bound);
        return code;
    }
    code = look_for_plans(search, node);
    if (code)
        return code;
    if (bound > cutoff(search)) {
        search->fathomed = fmin(search->fathomed, bound);
        return IFP_OK;
    }
    code = fix_by_reduced_cost(search, &node->changes);
    return code ? code : split(search, node, next);
}

static double global_bound(const struct search *search, const struct ifp_node *current)
{
    double bound = fmin(search->fathomed, search->incumbent->objective);
    if (search->tree.count)
        bound = fmin(bound, search->tree.heap[0]->bound);
    return current ? fmin(bound, current->bound) : bound;
}

static double gap_between(double objective, double bound)
{
    return (objective - bound) / fmax(1, fabs(objective));
}

/* The asked gap ends the search, but not at once: as much effort again goes into the plan, which
 * within the gap may still not be the best one. */
static bool done(struct search *search, double bound)
{
    double objective = search->incumbent->objective;
    if (isinf(objective) || gap_between(objective, bound) > search->gap)
        return false;
    if (gap_between(objective, bound) <= fmin(PRUNE, search->gap))
        return true;
    if (search->enough == 0)
        search->enough = 2 * search->nodes + 50;
    return search->nodes >= search->enough;
}

/* Serving nothing is a plan wherever all demand may stay unmet: there is one from the start. */
static int offer_nothing(struct search *search)
{
    bool verified;
    double *nothing = calloc(search->milp->column_count + 1, sizeof *nothing);
    int code = nothing ? ifp_incumbent_offer(search->incumbent, nothing, &verified, search->error)
                       : ifp_error_memory(search->error);
    free(nothing);
    return code;
}

static int explore(struct search *search, struct ifp_node *root, double *bound)
{
    int code = ifp_nodes_push(&search->tree, root);
    if (code) {
        ifp_node_release(&search->tree, root);
        return ifp_error_memory(search->error);
    }
    *bound = -INFINITY;
    code = offer_nothing(search);
    while (!code && search->tree.count && !ifp_run_stopped(search->run)) {
        struct ifp_node *node = ifp_nodes_pop(&search->tree);
        while (node) {
            struct ifp_node *next = NULL;
            if (node->bound > cutoff(search)) {
                search->fathomed = fmin(search->fathomed, node->bound);
            } else {
                code = enter(search, node);
                if (!code)
                    code = process(search, node, &next);
                if (!code && ifp_run_stopped(search->run) && next) {
                    code = ifp_nodes_push(&search->tree, next);
                    if (code) {
                        ifp_error_memory(search->error);
                        ifp_node_release(&search->tree, next);
                    }
                    next = NULL;
                }
            }
            ifp_node_release(&search->tree, node);
            node = next;
            *bound = fmax(*bound, global_bound(search, node));
            ifp_run_progress(search->run, search->incumbent->objective, *bound, search->nodes,
                             (double)search->tree.count);
            if (code || done(search, *bound)) {
                ifp_node_release(&search->tree, node);
                return code;
            }
        }
    }
    *bound = fmax(*bound, global_bound(search, NULL));
    return code;
}

int ifp_search(struct ifp_incumbent *incumbent, double gap, bool decompose, struct ifp_run *run,
               struct ifp_outcome *outcome, struct ifp_error *error)
{
    struct search search = {
        .incumbent = incumbent,
        .problem = incumbent->problem,
        .milp = incumbent->milp,
        .run = run,
        .error = error,
        .gap = gap,
        .fathomed = INFINITY,
    };
    struct ifp_lp_environment *environment = NULL;
    double bound = -INFINITY;
    size_t entities = ifp_branch_entities(search.problem, search.milp);
    search.memory = calloc(entities + 1, sizeof *search.memory);
    int code = search.memory ? IFP_OK : ifp_error_memory(error);
    if (!code)
        code = ifp_lp_environment_new(&environment, error);
    if (!code)
        code = ifp_relaxation_new(environment, search.milp, run, &search.relaxation, error);
    if (!code && decompose)
        code =
            ifp_master_new(environment, search.problem, search.relaxation, &search.master, error);
    if (!code) {
        struct ifp_node *root = make_node(&search, NULL, -INFINITY);
        code = root ? explore(&search, root, &bound) : IFP_ERROR_MEMORY;
    }
    if (!code) {
        outcome->bound = bound;
        outcome->nodes = search.nodes;
        ifp_run_log(run, "%g nodes, %g simplex iterations, %zu of %zu rows were needed",
                    search.nodes, search.relaxation->iterations, search.relaxation->active_count,
                    search.milp->row_count);
    }
    ifp_nodes_clear(&search.tree);
    free(search.branches.items);
    free(search.touched);
    free(search.memory);
    ifp_master_free(search.master);
    ifp_relaxation_free(search.relaxation);
    ifp_lp_environment_free(environment);
    return code;
}
