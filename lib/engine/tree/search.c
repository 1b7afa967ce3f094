/* SPDX-License-Identifier: MIT */
/*
 * Branch and bound on the compact MILP: take the open node with the least bound, then dive along
 * the more promising branch. Every bound that prunes is safe (safe_bound.h) and every plan that
 * prunes is verified (incumbent.h), so the result is right whatever rounding errors the LP solver
 * makes. If a node stays undecided, its parent's bound is used.
 */
#include "engine/tree/search.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/node/select_branch.h"
#include "engine/node/decide.h"
#include "engine/heuristics/schedule.h"
#include "engine/heuristics/fix_and_solve.h"
#include "engine/heuristics/eval_lp.h"
#include "engine/heuristics/eval_single.h"
#include "engine/compact/separate.h"
#include "engine/node/state.h"

/* A requested gap above this means that speed matters more than the quality of the plan. */
static const double GAP_WIDE = 1e-3;
/* Gaps below this are rounding noise. */
static const double GAP_LEAST = 1e-7;
/* A gap of at most this counts as proven, even if the requested gap is smaller (run.c). */
static const double GAP_DIGITS = 2e-9;
/* Penalties above this multiple of the best plan's cost are capped. It is large enough that a plan
 * that serves less than the best one costs more, and small enough for doubles. */
static const double PENALTY_MOST = 1e8;

enum {
    BASES_MAX = 20000,    /* maximum number of stored bases, to bound the memory */
    ROUNDS_MAX = 40,      /* rounds of cuts */
    ROUNDS_FEW = 8,       /* rounds of cuts in a sub-search */
    ROUNDS_STALLED = 4,   /* rounds without progress, then no more cuts */
    ROUNDS_DROP = 5,      /* rounds from one removal of cuts that are not tight to the next */
    NODES_AMONG = 200,    /* nodes of a sub-search */
    UNDECIDED_MOST = 500, /* undecided nodes at which the search ends and another is tried */
    OTHER_NODES = 200,    /* nodes of the master before the first turn of the other relaxation */
    OTHER_NODES_WITHOUT_PLAN = 50, /* the same while there is no plan */
    OTHER_ITERATIONS = 30000,      /* iterations of that turn */
    OTHER_COLUMNS = 1000           /* maximum columns of the compact program for that turn */
};

static int search_problem(const struct ifp_state *like, const struct ifp_problem *problem,
                          struct ifp_milp *milp, bool main, bool restarted,
                          struct ifp_outcome *outcome);

static struct ifp_node *make_node(struct ifp_state *state, struct ifp_node *parent, double bound)
{
    struct ifp_node *node = ifp_node_new(&state->tree, parent, bound);
    if (!node)
        ifp_error_memory(state->error);
    return node;
}

/* Make both children of a node. The preferred one, unless it is pruned, is the next node to solve.
 */
static int split(struct ifp_state *state, struct ifp_node *node, struct ifp_node **next)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    double base = fmax(node->bound, relaxation->bound);
    size_t rows = 0;
    /* Under the master no basis is kept, since its patterns come and go. */
    char *letters = state->master ? NULL : ifp_relaxation_basis(relaxation, &rows, state->error);
    if (!letters && !state->master)
        return state->error ? state->error->code : IFP_ERROR_MEMORY;
    size_t chosen = 0;
    int dead_side = -1;
    int code = ifp_choose_branch(state, base, letters, rows, &chosen, &dead_side);
    struct ifp_branch branch = state->branches.items[chosen];
    struct ifp_basis *basis = NULL;
    if (!code && letters && state->tree.bases < BASES_MAX) {
        basis = ifp_basis_new(&state->tree, letters, rows);
        if (basis)
            letters = NULL;
        else
            code = ifp_error_memory(state->error);
    }
    /* Prefer the side that is nearer to the value, with a bias towards renting. */
    bool prefer_up =
        branch.kind == IFP_BRANCH_OPEN ? branch.fraction > 0.3 : branch.fraction >= 0.5;
    for (int turn = 0; !code && turn < 2; turn++) {
        bool up = turn == 0 ? prefer_up : !prefer_up;
        if (dead_side == 2 || dead_side == (up ? 1 : 0)) {
            state->fathomed = fmin(state->fathomed, fmax(base, ifp_state_cutoff(state)));
            continue;
        }
        struct ifp_node *child = make_node(state, node, base);
        if (!child) {
            code = IFP_ERROR_MEMORY;
            break;
        }
        child->entity = branch.entity;
        child->up = up;
        child->distance = ifp_choose_distance(&branch, up);
        code = ifp_branch_changes(state->problem, relaxation, &branch, up, &child->changes);
        if (code)
            ifp_error_memory(state->error);
        if (basis) {
            child->basis = basis;
            basis->references++;
        }
        if (!code && !*next) {
            *next = child;
        } else if (code || (code = ifp_nodes_push(&state->tree, child)) != IFP_OK) {
            ifp_error_memory(state->error);
            ifp_node_release(&state->tree, child);
        }
    }
    ifp_basis_release(&state->tree, basis);
    free(letters);
    return code;
}

/*
 * Reduced-cost fixing: if moving an integer from its lower bound raises the bound above the cutoff,
 * fix it there in all nodes below. The cutoff is a little below the best plan's cost, so a plan
 * that is excluded here may be better than that plan. `fathomed`, and with it the bound of the
 * search, allows for it.
 */
static int fix_by_reduced_cost(struct ifp_state *state, struct ifp_changes *changes)
{
    const struct ifp_relaxation *relaxation = state->relaxation;
    double slack = ifp_state_cutoff(state) - relaxation->reduced_bound;
    if (!isfinite(slack))
        return IFP_OK;
    for (size_t c = 0; c < state->milp->column_count; c++) {
        double lower = relaxation->lower[c];
        double reduced = relaxation->reduced[c];
        if (!state->milp->integer[c] || lower == relaxation->upper[c] || reduced <= slack)
            continue;
        struct ifp_change change = {.index = c, .lower = lower, .upper = lower};
        if (ifp_changes_add(changes, change))
            return ifp_error_memory(state->error);
        state->fathomed = fmin(state->fathomed, relaxation->reduced_bound + reduced);
    }
    return IFP_OK;
}

/* -- restarts and sub-searches -- */

/* If the reduced cost of a configuration proves that no better plan rents it, it can be removed. If
 * this removes many configurations, restart the search with the rest. */
static int consider_restart(struct ifp_state *state)
{
    const struct ifp_relaxation *relaxation = state->relaxation;
    size_t count = state->problem->configuration_count;
    double room = ifp_state_cutoff(state) - relaxation->reduced_bound;
    bool *keep = calloc(count + 1, sizeof *keep);
    size_t kept = 0;
    if (!keep)
        return ifp_error_memory(state->error);
    for (size_t c = 0; c < count; c++) {
        size_t rent = state->milp->rent[c];
        keep[c] = relaxation->upper[rent] > 0.5 && !(relaxation->reduced[rent] > room);
        kept += keep[c];
    }
    /* Under the master a removable configuration costs only little time per round of pricing. */
    if (state->master ? 2 * kept < count : 10 * kept < 9 * count) {
        state->keep = keep;
        if (state->main)
            ifp_watch_log(state->watch, "%zu of %zu configurations are left", kept, count);
    } else {
        free(keep);
    }
    return IFP_OK;
}

/* Is it the other relaxation's turn? */
static bool is_turn_of_other(const struct ifp_state *state)
{
    if (!state->main || !state->master || ifp_watch_stopped(state->watch))
        return false;
    if (isinf(state->incumbent->objective))
        return state->nodes >= OTHER_NODES_WITHOUT_PLAN &&
               state->relaxation->iterations >= state->other_next;
    return state->other_turns == 0 && state->nodes >= OTHER_NODES &&
           state->milp->column_count <= OTHER_COLUMNS;
}

/*
 * If the master does not solve a small problem soon, run a short search with the compact
 * relaxation. Its cuts capture facts that the master's patterns do not, such as how many routes a
 * query type needs. The bound that it proves becomes the floor. While there is no plan, the problem
 * may be infeasible, which the cuts often prove sooner than the master, whose prices only rise.
 * Then the other relaxation has further turns for a problem of any size, each four times as long as
 * the one before.
 */
static int try_other(struct ifp_state *state)
{
    struct ifp_outcome outcome = {0};
    struct ifp_state other = *state;
    if (!is_turn_of_other(state))
        return IFP_OK;
    double size = fmax(1, (double)state->milp->column_count / OTHER_COLUMNS);
    other.decompose = false;
    double turn = pow(4, state->other_turns);
    other.allowance = OTHER_ITERATIONS * turn / size;
    other.allowance_nodes = NODES_AMONG * turn;
    state->other_turns += 1;
    int code = search_problem(&other, state->problem, state->milp, false, false, &outcome);
    state->other_next = state->relaxation->iterations + other.allowance / 2;
    if (!code)
        state->floor = fmax(state->floor, outcome.bound);
    state->other_proved = isinf(outcome.bound);
    ifp_watch_log(state->watch, "bound %g by the compact program", outcome.bound);
    return code;
}

/* -- nodes -- */

/* Add cuts at the root until they no longer raise the bound. */
static int cut(struct ifp_state *state, enum ifp_relaxation_status *status)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    struct ifp_separator *separator = ifp_separator_new(relaxation);
    double before = relaxation->bound;
    int stalled = 0;
    int code = separator ? IFP_OK : ifp_error_memory(state->error);
    for (int round = 0;
         !code && round < (state->main ? ROUNDS_MAX : ROUNDS_FEW) && stalled < ROUNDS_STALLED;
         round++) {
        size_t added;
        double last = relaxation->bound;
        code = ifp_separate(separator, relaxation, true, &added, state->error);
        if (code || !added)
            break;
        code = ifp_relaxation_solve(relaxation, ifp_state_cutoff(state), 0, status, state->error);
        if (code || *status != IFP_RELAXATION_SOLVED)
            break;
        double gain = relaxation->bound - last;
        double left = fmin(ifp_state_cutoff(state) - relaxation->bound, relaxation->bound - before);
        stalled = gain < 0.02 * left ? stalled + 1 : 0;
        if (round % ROUNDS_DROP == ROUNDS_DROP - 1)
            code = ifp_relaxation_drop_cuts(relaxation, state->error);
        if (!code && round % ROUNDS_DROP == ROUNDS_DROP - 1)
            code =
                ifp_relaxation_solve(relaxation, ifp_state_cutoff(state), 0, status, state->error);
        if (!code && round % ROUNDS_DROP == ROUNDS_DROP - 1 && *status == IFP_RELAXATION_SOLVED)
            code = consider_restart(state);
        if (state->keep)
            break;
    }
    if (!code && *status == IFP_RELAXATION_SOLVED && !state->keep) {
        code = ifp_relaxation_drop_cuts(relaxation, state->error);
        if (!code)
            code =
                ifp_relaxation_solve(relaxation, ifp_state_cutoff(state), 0, status, state->error);
    }
    ifp_separator_free(separator);
    relaxation->bound = fmax(relaxation->bound, before);
    if (!code && state->main)
        ifp_watch_log(state->watch, "bound %g with %zu cuts, %g without", relaxation->bound,
                      relaxation->rows.row_count - state->milp->row_count, before);
    return code;
}

/* Solve the root with the master. It uses no cuts: patterns are integral already, and cuts would
 * make pricing harder. */
static int solve_master_root(struct ifp_state *state, enum ifp_relaxation_status *status)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    int code = ifp_master_new(state->problem, relaxation, &state->master, state->error);
    if (!code && state->main)
        code = ifp_master_take(state->master, state->stock, state->error);
    if (!code)
        code = ifp_state_solve(state, status);
    if (!code && state->main && *status == IFP_RELAXATION_SOLVED)
        code = ifp_master_give(state->master, state->stock, state->error);
    if (code || *status != IFP_RELAXATION_SOLVED)
        return code;
    if (state->main) {
        ifp_state_report(state, fmax(state->floor, relaxation->bound));
        ifp_watch_log(state->watch, "bound %g by the master", relaxation->bound);
    }
    code = ifp_look_at_root(state);
    if (!code && ifp_state_is_open(state))
        code = consider_restart(state);
    ifp_master_be_hasty(state->master, true);
    return code;
}

/* Solve the root: heuristics, cuts, and removal of configurations. */
static int solve_root(struct ifp_state *state, enum ifp_relaxation_status *status)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    if (state->decompose)
        return solve_master_root(state, status);
    int code = ifp_relaxation_solve(relaxation, ifp_state_cutoff(state), 0, status, state->error);
    if (code || *status != IFP_RELAXATION_SOLVED)
        return code;
    if (state->main)
        ifp_state_report(state, fmax(state->floor, relaxation->bound));
    code = ifp_look_at_root(state);
    if (!code)
        code = ifp_look_around_root(state);
    if (!code && ifp_state_is_open(state))
        code = consider_restart(state);
    if (code || state->keep)
        return code;
    if (ifp_state_is_open(state)) {
        code = cut(state, status);
        if (!code && !state->keep && *status == IFP_RELAXATION_SOLVED && ifp_state_is_open(state))
            code = consider_restart(state);
    }
    return code;
}

/* If the LP solver gave up on a node, bound it in pairs of doubles. */
static int decide(struct ifp_state *state, struct ifp_node *node,
                  enum ifp_relaxation_status *status)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    bool solved;
    if (*status != IFP_RELAXATION_UNKNOWN || node->bound > ifp_state_cutoff(state) ||
        ifp_watch_stopped(state->watch))
        return IFP_OK;
    int code = ifp_decide(state, &node->bound, &solved);
    if (!code && solved) {
        relaxation->bound = node->bound;
        relaxation->reduced_bound = -INFINITY; /* there are no reduced costs */
        *status = IFP_RELAXATION_SOLVED;
    }
    return code;
}

/* The point is integral but its plan costs more than the bound, since pricing was cut short. Price
 * with more effort before branching on integers that change nothing. */
static int solve_patiently(struct ifp_state *state, struct ifp_node *node,
                           enum ifp_relaxation_status *status)
{
    ifp_master_be_patient(state->master, true);
    int code = ifp_state_solve(state, status);
    ifp_master_be_patient(state->master, false);
    node->bound = fmax(node->bound, state->relaxation->bound);
    if (!code)
        code = decide(state, node, status);
    if (!code && *status == IFP_RELAXATION_SOLVED && ifp_state_find_candidates(state))
        code = ifp_error_memory(state->error);
    return code;
}

/* Solve one node. *next is its preferred child, or NULL if the dive ends. */
static int process(struct ifp_state *state, struct ifp_node *node, struct ifp_node **next)
{
    struct ifp_relaxation *relaxation = state->relaxation;
    enum ifp_relaxation_status status;
    bool verified = false;
    *next = NULL;
    int code = node->parent ? ifp_state_solve(state, &status) : solve_root(state, &status);
    if (code || state->keep)
        return code;
    state->nodes += 1;
    double bound = fmax(node->bound, relaxation->bound);
    if (node->entity != SIZE_MAX && status == IFP_RELAXATION_SOLVED)
        ifp_choose_remember(state, node->entity, node->up, bound - node->bound, node->distance);
    node->bound = bound;
    code = decide(state, node, &status);
    if (code)
        return code;
    bound = node->bound;
    if (status == IFP_RELAXATION_UNKNOWN && bound <= ifp_state_cutoff(state) &&
        !ifp_watch_stopped(state->watch)) {
        /* The LP solver gave up on the node, but may solve its children. */
        state->undecided += 1;
        if (ifp_branch_unfixed(state->problem, relaxation, &state->branches))
            return ifp_error_memory(state->error);
        if (state->branches.count)
            return split(state, node, next);
    }
    if (status != IFP_RELAXATION_SOLVED) {
        /* If the node is infeasible, its bound is infinite. If it was stopped or is unknown, its
         * bound is the previous one and is kept in `fathomed`, so that no false bound is claimed.
         */
        state->fathomed = fmin(state->fathomed, bound);
        return IFP_OK;
    }
    if (ifp_state_find_candidates(state))
        return ifp_error_memory(state->error);
    if (!state->branches.count) {
        code = ifp_plans_settle(state, &verified);
        if (!code && state->master && bound <= ifp_state_cutoff(state))
            code = solve_patiently(state, node, &status);
        if (code)
            return code;
        bound = node->bound;
        if (status != IFP_RELAXATION_SOLVED && status != IFP_RELAXATION_UNKNOWN) {
            state->fathomed = fmin(state->fathomed, bound);
            return IFP_OK;
        }
        /* If the plan costs more than the bound (by rounding, or because a limit is just missed),
         * another plan may exist unless every integer is fixed. */
        if (bound <= ifp_state_cutoff(state) && !state->branches.count &&
            ifp_branch_unfixed(state->problem, relaxation, &state->branches))
            return ifp_error_memory(state->error);
        if (!state->branches.count) {
            if (bound <= ifp_state_cutoff(state))
                code = ifp_decide(state, &bound, &verified);
            state->fathomed = fmin(state->fathomed, bound);
            return code;
        }
        return split(state, node, next);
    }
    code = ifp_look_along(state, node);
    if (code)
        return code;
    if (bound > ifp_state_cutoff(state)) {
        state->fathomed = fmin(state->fathomed, bound);
        return IFP_OK;
    }
    code = fix_by_reduced_cost(state, &node->changes);
    return code ? code : split(state, node, next);
}

/* -- the tree -- */

static double global_bound(const struct ifp_state *state, const struct ifp_node *current)
{
    double bound = fmin(state->fathomed, state->incumbent->objective);
    if (state->tree.count)
        bound = fmin(bound, state->tree.heap[0]->bound);
    return current ? fmin(bound, current->bound) : bound;
}

static double gap_between(double objective, double bound)
{
    return (objective - bound) / fmax(1, fabs(objective));
}

/* Stop at the requested gap. If the gap is small, continue for 25 % more nodes plus 20, since a
 * better plan may exist within the gap. */
static bool done(struct ifp_state *state, double bound)
{
    double objective = state->incumbent->objective;
    if (isinf(objective) || gap_between(objective, bound) > state->gap)
        return false;
    if (gap_between(objective, bound) <= fmin(GAP_LEAST, state->gap))
        return true;
    if (state->enough == 0)
        state->enough = state->gap > GAP_WIDE ? state->nodes : 1.25 * state->nodes + 20;
    return state->nodes >= state->enough;
}

/* Is a limit reached that ends the search? */
static bool is_over(const struct ifp_state *state)
{
    return ifp_watch_stopped(state->watch) || state->nodes >= state->nodes_max ||
           (!state->thorough && state->undecided >= UNDECIDED_MOST) ||
           state->relaxation->iterations >= state->iterations_max;
}

/*
 * A plan that is better than the best one pays at most the best one's cost for any item. Penalties
 * far above it make prices so large that rounding exceeds the differences of plans. So the search
 * restarts with lower penalties; every bound of the new problem is valid for the old one.
 */
static int cap_penalties(struct ifp_state *state, double times)
{
    double objective = state->incumbent->objective;
    if (isinf(objective))
        return IFP_OK;
    if (ifp_problem_cap(state->problem, times * fmax(1, objective), &state->capped))
        return ifp_error_memory(state->error);
    if (state->capped)
        ifp_watch_log(state->watch, "penalties are capped at %g", times * fmax(1, objective));
    return IFP_OK;
}

static int explore(struct ifp_state *state, struct ifp_node *root, double *bound)
{
    int code = ifp_nodes_push(&state->tree, root);
    if (code) {
        ifp_node_release(&state->tree, root);
        return ifp_error_memory(state->error);
    }
    *bound = state->floor;
    if (state->main && !state->restarted && !state->looked) {
        code = ifp_look_first(state, *bound);
        if (!code)
            code = cap_penalties(state, PENALTY_MOST);
        if (code || state->capped)
            return code;
    }
    while (!code && state->tree.count && !is_over(state)) {
        struct ifp_node *node = ifp_nodes_pop(&state->tree);
        while (node) {
            struct ifp_node *next = NULL;
            if (node->bound > ifp_state_cutoff(state)) {
                state->fathomed = fmin(state->fathomed, node->bound);
            } else {
                code = ifp_state_enter(state, node);
                if (!code)
                    code = process(state, node, &next);
                if (!code && is_over(state) && next) {
                    code = ifp_nodes_push(&state->tree, next);
                    if (code) {
                        ifp_error_memory(state->error);
                        ifp_node_release(&state->tree, next);
                    }
                    next = NULL;
                }
            }
            if (state->keep) {
                *bound = fmax(*bound, state->relaxation->bound);
                ifp_node_release(&state->tree, node);
                return code;
            }
            ifp_node_release(&state->tree, node);
            node = next;
            if (!code)
                code = try_other(state);
            *bound = fmax(fmax(*bound, state->floor), global_bound(state, node));
            if (state->main)
                ifp_state_report(state, *bound);
            bool nothing_left = state->floor > ifp_state_cutoff(state) || isinf(state->floor);
            if (code || nothing_left || done(state, *bound)) {
                ifp_node_release(&state->tree, node);
                return code;
            }
        }
    }
    *bound = fmax(*bound, global_bound(state, NULL));
    return code;
}

static int search_copy(const struct ifp_state *state, const struct ifp_problem *problem, bool main,
                       bool restarted, struct ifp_outcome *outcome);

/* Search one problem. Restart whenever its penalties are capped or many configurations are removed.
 */
static int search_problem(const struct ifp_state *like, const struct ifp_problem *problem,
                          struct ifp_milp *milp, bool main, bool restarted,
                          struct ifp_outcome *outcome)
{
    struct ifp_state state = {
        .environment = like->environment,
        .incumbent = like->incumbent,
        .stock = like->stock,
        .problem = problem,
        .milp = milp,
        .watch = like->watch,
        .error = like->error,
        .gap = like->gap,
        .search_among = ifp_search_among,
        .decompose = like->decompose,
        .main = main,
        .restarted = restarted,
        .looked = like->looked,
        .thorough = like->thorough,
        .nodes_max = main ? INFINITY : fmax(NODES_AMONG, like->allowance_nodes),
        .iterations_max = main ? INFINITY : like->allowance,
        .allowance = like->allowance,
        .floor = like->floor,
        .fathomed = INFINITY,
        .polished = INFINITY,
    };
    double bound = state.floor;
    size_t entities = ifp_branch_entities(state.problem, state.milp);
    state.pseudocosts = calloc(entities + 1, sizeof *state.pseudocosts);
    int code = state.pseudocosts ? IFP_OK : ifp_error_memory(state.error);
    if (!code && main && state.decompose)
        ifp_stock_recall(state.stock, state.pseudocosts, entities);
    if (!code)
        code = ifp_relaxation_new(state.environment, problem, state.milp, state.watch,
                                  &state.relaxation, state.error);
    /* For large problems each of these takes as long as the latency of a cancel, so poll between
     * them. Without them, only the plan that serves nothing is tried. */
    if (!code && !ifp_watch_stopped(state.watch))
        code = ifp_local_new(
            ifp_eval_lp_new(state.environment, problem, milp, state.incumbent, state.watch),
            &state.local_lp, state.error);
    if (!code && main && !ifp_watch_stopped(state.watch))
        code = ifp_local_new(ifp_eval_single_new(problem, milp, state.incumbent, state.watch),
                             &state.local_single, state.error);
    if (!code) {
        struct ifp_node *root = make_node(&state, NULL, state.floor);
        code = root ? explore(&state, root, &bound) : IFP_ERROR_MEMORY;
    }
    if (!code && main && state.decompose && state.nodes > 1 &&
        !ifp_stock_remember(state.stock, state.pseudocosts, entities))
        code = ifp_error_memory(state.error);
    ifp_nodes_clear(&state.tree);
    free(state.branches.items);
    free(state.touched);
    free(state.pseudocosts);
    ifp_master_free(state.master);
    ifp_local_free(state.local_lp);
    ifp_local_free(state.local_single);
    outcome->nodes += state.nodes;
    outcome->by_other |= state.other_proved;
    outcome->iterations += state.relaxation ? state.relaxation->iterations : 0;
    if (state.relaxation)
        ifp_watch_log(state.watch, "%g nodes, %g simplex iterations", state.nodes,
                      state.relaxation->iterations);
    if (state.relaxation && state.relaxation->lp)
        ifp_watch_log(state.watch, "%zu of %zu rows of the compact program were needed",
                      state.relaxation->active_count, state.milp->row_count);
    ifp_relaxation_free(state.relaxation);
    if (!code && state.capped) {
        state.looked = true;
        code = search_copy(&state, state.capped, main, restarted, outcome);
    } else if (!code && state.keep) {
        /* The removed configurations lead to no plan below the cutoff. */
        double least = ifp_state_cutoff(&state);
        state.floor = bound;
        code = ifp_search_among(&state, state.keep, main, outcome);
        outcome->bound = fmax(fmin(outcome->bound, least), bound);
    } else {
        outcome->bound = bound;
    }
    free(state.keep);
    ifp_problem_free(state.capped);
    return code;
}

/* Search a problem that was derived from the state's problem. */
static int search_copy(const struct ifp_state *state, const struct ifp_problem *problem, bool main,
                       bool restarted, struct ifp_outcome *outcome)
{
    struct ifp_milp *milp = NULL;
    int code = ifp_milp_new(problem, NULL, &milp, state->error);
    if (!code)
        code = search_problem(state, problem, milp, main, restarted, outcome);
    ifp_milp_free(milp);
    return code;
}

int ifp_search_among(const struct ifp_state *state, const bool *keep, bool main,
                     struct ifp_outcome *outcome)
{
    struct ifp_problem *problem = ifp_problem_restrict(state->problem, keep);
    int code =
        problem ? search_copy(state, problem, main, main, outcome) : ifp_error_memory(state->error);
    ifp_problem_free(problem);
    return code;
}

/* Has a search ended without a proof, although it was not stopped? */
static bool is_left_open(const struct ifp_state *state, double bound)
{
    double objective = state->incumbent->objective;
    if (ifp_watch_stopped(state->watch) || bound == INFINITY)
        return false;
    return isinf(objective) || gap_between(objective, bound) > fmax(state->gap, GAP_DIGITS);
}

/*
 * Attempts, in order, after a search that ended without a proof. The cause is prices so large that
 * the allowance for rounding exceeds the gap. An attempt uses the other relaxation, which has other
 * multipliers, or lower penalties.
 */
static const struct attempt {
    double penalty_most; /* multiple of the best plan's cost; INFINITY if not capped */
    bool other;          /* use the other relaxation? */
    bool thorough;       /* continue for any number of undecided nodes? */
} ATTEMPTS[] = {
    {INFINITY, true, false}, {1e6, false, false},    {1e6, true, false},
    {1e10, false, false},    {1e10, true, false},    {1e4, false, false},
    {1e4, true, false},      {INFINITY, true, true}, {INFINITY, false, true},
};

/* Search again, with the known bound and the plans found. */
static int try_again(struct ifp_state *state, const struct ifp_problem *problem,
                     const struct attempt *attempt, struct ifp_outcome *outcome)
{
    double objective = state->incumbent->objective;
    double usual = isinf(objective) ? state->usual_usd : objective;
    double bound = outcome->bound;
    bool decompose = state->decompose;
    struct ifp_problem *capped = NULL;
    if (isfinite(attempt->penalty_most) &&
        ifp_problem_cap(problem, attempt->penalty_most * fmax(1, usual), &capped))
        return ifp_error_memory(state->error);
    if (isfinite(attempt->penalty_most) && !capped)
        return IFP_OK;
    ifp_watch_log(state->watch, "bound %g, and on by %s with penalties up to %g times the cost",
                  bound, decompose != attempt->other ? "the master" : "the compact program",
                  attempt->penalty_most);
    state->decompose = decompose != attempt->other;
    state->thorough = attempt->thorough;
    state->floor = fmax(state->floor, bound);
    int code = search_copy(state, capped ? capped : problem, true, true, outcome);
    state->decompose = decompose;
    outcome->bound = fmax(outcome->bound, bound);
    ifp_problem_free(capped);
    return code;
}

static int finish(struct ifp_state *state, const struct ifp_problem *problem,
                  struct ifp_outcome *outcome)
{
    int code = IFP_OK;
    for (size_t a = 0;
         !code && is_left_open(state, outcome->bound) && a < sizeof ATTEMPTS / sizeof *ATTEMPTS;
         a++)
        code = try_again(state, problem, &ATTEMPTS[a], outcome);
    return code;
}

int ifp_search(const struct ifp_problem *problem, struct ifp_milp *milp,
               struct ifp_incumbent *incumbent, double gap, bool decompose, struct ifp_stock *stock,
               struct ifp_watch *watch, struct ifp_outcome *outcome, struct ifp_error *error)
{
    struct ifp_stock own = {0}; /* warm start between restarts */
    struct ifp_state state = {
        .incumbent = incumbent,
        .stock = stock ? stock : &own,
        .watch = watch,
        .error = error,
        .gap = gap,
        .decompose = decompose,
        .floor = 0, /* costs are not negative */
        .usual_usd = ifp_milp_scale(milp),
        .looked = false,
    };
    int code = IFP_ERROR_ENGINE;
    ifp_watch_log(watch, "LP solver %s", ifp_lp_solver());
    /* If the LP solver fails, start again with its most careful methods and the plans found. */
    for (int careful = 0; careful < 2 && code == IFP_ERROR_ENGINE; careful++) {
        *outcome = (struct ifp_outcome){.bound = state.floor};
        code = ifp_lp_environment_new(careful != 0, &state.environment, error);
        if (!code)
            code = search_problem(&state, problem, milp, true, false, outcome);
        if (!code)
            code = finish(&state, problem, outcome);
        ifp_lp_environment_free(state.environment);
        state.environment = NULL;
    }
    ifp_stock_clear(&own);
    return code;
}
