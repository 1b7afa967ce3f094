/* SPDX-License-Identifier: MIT */
/* One node of the tree: solve it, and close it or make its children. */
#include "engine/tree/process.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/heuristics/fix_and_solve.h"
#include "engine/node/decide.h"
#include "engine/node/select_branch.h"
#include "engine/tuning.h"

static double cutoff_of(const struct ifp_tree *tree)
{
    return ifp_context_cutoff(tree->context);
}

struct ifp_node *ifp_tree_node_new(struct ifp_tree *tree, struct ifp_node *parent, double bound)
{
    struct ifp_node *node = ifp_node_new(&tree->open, parent, bound);
    if (!node)
        ifp_error_memory(tree->context->error);
    return node;
}

/* A node is closed with this bound. */
static void close_with(struct ifp_tree *tree, double bound)
{
    tree->fathomed = fmin(tree->fathomed, bound);
}

/* -- branching -- */

/* Make the child of one side of a branch. Unless *next is set already, it becomes *next; else it is
 * opened. `basis` may be NULL. */
static int make_child(struct ifp_tree *tree, struct ifp_node *node, const struct ifp_branch *branch,
                      bool up, double bound, struct ifp_basis *basis, struct ifp_node **next)
{
    struct ifp_node *child = ifp_tree_node_new(tree, node, bound);
    if (!child)
        return IFP_ERROR_MEMORY;
    child->entity = branch->entity;
    child->up = up;
    child->distance = ifp_branch_distance(branch, up);
    int code = ifp_branch_changes(tree->context->problem, tree->bounder->relaxation, branch, up,
                                  &child->changes);
    if (basis) {
        child->basis = basis;
        basis->references++;
    }
    if (!code && !*next) {
        *next = child;
        return IFP_OK;
    }
    if (!code)
        code = ifp_nodes_push(&tree->open, child);
    if (code) {
        ifp_error_memory(tree->context->error);
        ifp_node_release(&tree->open, child);
    }
    return code;
}

/* Make both children of a node. The preferred one, unless it is pruned, is the next node to
 * solve. */
static int split(struct ifp_tree *tree, struct ifp_node *node, struct ifp_node **next)
{
    struct ifp_bounder *bounder = tree->bounder;
    struct ifp_error *error = tree->context->error;
    double base = fmax(node->bound, bounder->relaxation->bound);
    size_t rows = 0;
    char *letters = NULL;
    size_t chosen = 0;
    bool dead[2];
    int code = bounder->method->basis(bounder, &letters, &rows, error);
    if (code)
        return code;
    code =
        ifp_select_branch(&tree->path, tree->pseudocosts, base,
                          (struct ifp_basis_view){.letters = letters, .rows = rows}, &chosen, dead);
    struct ifp_branch branch = tree->path.branches.items[chosen];
    struct ifp_basis *basis = NULL;
    if (!code && letters && tree->open.bases < IFP_TREE_BASES_MAX) {
        basis = ifp_basis_new(&tree->open, letters, rows);
        if (basis)
            letters = NULL;
        else
            code = ifp_error_memory(error);
    }
    /* Prefer the side that is nearer to the value, with a bias towards renting. */
    bool prefer_up = branch.kind == IFP_BRANCH_OPEN ? branch.fraction > IFP_BRANCH_OPEN_UP
                                                    : branch.fraction >= 0.5;
    for (int turn = 0; !code && turn < 2; turn++) {
        bool up = turn == 0 ? prefer_up : !prefer_up;
        if (dead[up])
            close_with(tree, fmax(base, cutoff_of(tree)));
        else
            code = make_child(tree, node, &branch, up, base, basis, next);
    }
    ifp_basis_release(&tree->open, basis);
    free(letters);
    return code;
}

/*
 * Reduced-cost fixing: if moving an integer from its lower bound raises the bound above the cutoff,
 * fix it there in all nodes below. The cutoff is a little below the best plan's cost, so a plan
 * that is excluded here may be better than that plan. `fathomed`, and with it the bound of the
 * search, allows for it.
 */
static int fix_by_reduced_cost(struct ifp_tree *tree, struct ifp_changes *changes)
{
    const struct ifp_milp *milp = tree->context->milp;
    const struct ifp_relaxation *relaxation = tree->bounder->relaxation;
    double slack = cutoff_of(tree) - relaxation->reduced_bound;
    if (!isfinite(slack))
        return IFP_OK;
    for (size_t c = 0; c < milp->column_count; c++) {
        double lower = relaxation->lower[c];
        double reduced = relaxation->reduced[c];
        if (!milp->integer[c] || lower == relaxation->upper[c] || reduced <= slack)
            continue;
        struct ifp_change change = {.index = c, .lower = lower, .upper = lower};
        const struct ifp_column *column = &milp->columns[c];
        bool replicas = column->kind == IFP_COLUMN_REPLICAS;
        int code = replicas ? ifp_branch_replicas(tree->context->problem, relaxation, column->first,
                                                  lower, lower, changes)
                            : ifp_changes_add(changes, change);
        if (code)
            return ifp_error_memory(tree->context->error);
        close_with(tree, relaxation->reduced_bound + reduced);
    }
    return IFP_OK;
}

/* -- the root -- */

/* If the reduced cost of a configuration proves that no better plan rents it, it can be removed. If
 * this removes many configurations, restart the search with the rest. */
static int consider_restart(struct ifp_tree *tree)
{
    const struct ifp_context *context = tree->context;
    const struct ifp_relaxation *relaxation = tree->bounder->relaxation;
    size_t count = context->problem->configuration_count;
    double slack = cutoff_of(tree) - relaxation->reduced_bound;
    bool *keep = calloc(count + 1, sizeof *keep);
    size_t kept = 0;
    if (!keep)
        return ifp_error_memory(context->error);
    for (size_t c = 0; c < count; c++) {
        size_t rent = context->milp->rent[c];
        keep[c] = relaxation->upper[rent] > 0.5 && !(relaxation->reduced[rent] > slack);
        kept += keep[c];
    }
    if (100 * kept < (size_t)tree->bounder->method->restart_percent * count) {
        tree->keep = keep;
        if (tree->main)
            ifp_watch_log(context->watch, "%zu of %zu configurations are left", kept, count);
    } else {
        free(keep);
    }
    return IFP_OK;
}

/* Add cuts at the root until they no longer raise the bound. */
static int add_cuts(struct ifp_tree *tree, enum ifp_relaxation_status *status)
{
    const struct ifp_context *context = tree->context;
    struct ifp_bounder *bounder = tree->bounder;
    struct ifp_relaxation *relaxation = bounder->relaxation;
    struct ifp_cutting cutting = {.more = true};
    int rounds = tree->main ? IFP_CUT_ROUNDS : IFP_CUT_ROUNDS_NESTED;
    double before = relaxation->bound;
    int code = IFP_OK;
    while (!code && cutting.more && cutting.rounds < rounds && !tree->keep) {
        code = bounder->method->cut(bounder, cutoff_of(tree), &cutting, status, context->error);
        if (!code && cutting.dropped && *status == IFP_RELAXATION_SOLVED)
            code = consider_restart(tree);
    }
    if (!code && *status == IFP_RELAXATION_SOLVED && !tree->keep)
        code = bounder->method->drop_cuts(bounder, cutoff_of(tree), status, context->error);
    relaxation->bound = fmax(relaxation->bound, before);
    if (!code && tree->main)
        ifp_watch_log(context->watch, "bound %g with %zu cuts, %g without", relaxation->bound,
                      relaxation->rows.row_count - context->milp->row_count, before);
    return code;
}

/* Solve the root, with a warm start in the main search. */
static int bound_root(struct ifp_tree *tree, enum ifp_relaxation_status *status)
{
    const struct ifp_context *context = tree->context;
    struct ifp_bounder *bounder = tree->bounder;
    int code =
        bounder->method->begin(bounder, tree->main ? context->warm_start : NULL, context->error);
    if (!code)
        code = ifp_path_solve(&tree->path, IFP_BOUND_NODE, status);
    if (!code && tree->main && *status == IFP_RELAXATION_SOLVED) {
        ifp_context_report(context, &tree->tally, bounder->relaxation->bound);
        code = bounder->method->keep(bounder, context->warm_start, context->error);
    }
    return code;
}

/* Solve the root: bound, heuristics, removal of configurations, and cuts. */
static int solve_root(struct ifp_tree *tree, enum ifp_relaxation_status *status)
{
    int code = bound_root(tree, status);
    if (code || *status != IFP_RELAXATION_SOLVED)
        return code;
    code = ifp_schedule_root(&tree->schedule);
    if (!code)
        code = ifp_schedule_neighbourhood(&tree->schedule);
    if (!code && ifp_path_is_open(&tree->path))
        code = consider_restart(tree);
    tree->path.early = true;
    if (code || tree->keep || !tree->bounder->method->cut || !ifp_path_is_open(&tree->path))
        return code;
    code = add_cuts(tree, status);
    if (!code && !tree->keep && *status == IFP_RELAXATION_SOLVED && ifp_path_is_open(&tree->path))
        code = consider_restart(tree);
    return code;
}

/* -- any node -- */

/* If the LP solver gave up on a node, bound it in pairs of doubles. */
static int decide(struct ifp_tree *tree, struct ifp_node *node, enum ifp_relaxation_status *status)
{
    struct ifp_relaxation *relaxation = tree->bounder->relaxation;
    bool solved;
    if (*status != IFP_RELAXATION_UNKNOWN || node->bound > cutoff_of(tree) ||
        ifp_watch_stopped(tree->context->watch))
        return IFP_OK;
    int code = ifp_decide(tree->context, relaxation, &node->bound, &solved);
    if (!code && solved) {
        relaxation->bound = node->bound;
        relaxation->reduced_bound = -INFINITY; /* there are no reduced costs */
        *status = IFP_RELAXATION_SOLVED;
    }
    return code;
}

/* The point is integral but its plan costs more than the bound, since the solve was cut short.
 * Spend more effort before branching on integers that change nothing. */
static int solve_thoroughly(struct ifp_tree *tree, struct ifp_node *node,
                            enum ifp_relaxation_status *status)
{
    int code = ifp_path_solve(&tree->path, IFP_BOUND_THOROUGH, status);
    node->bound = fmax(node->bound, tree->bounder->relaxation->bound);
    if (!code)
        code = decide(tree, node, status);
    if (!code && *status == IFP_RELAXATION_SOLVED)
        code = ifp_path_find_candidates(&tree->path);
    return code;
}

static int find_unfixed(struct ifp_tree *tree)
{
    if (ifp_branch_unfixed(tree->context->problem, tree->bounder->relaxation, &tree->path.branches))
        return ifp_error_memory(tree->context->error);
    return IFP_OK;
}

/* At an integral point: offer its plan. If the plan costs more than the bound (by rounding, or
 * because a limit is just missed), another plan may exist unless every integer is fixed. */
static int finish_integral(struct ifp_tree *tree, struct ifp_node *node, struct ifp_node **next)
{
    enum ifp_relaxation_status status = IFP_RELAXATION_SOLVED;
    struct ifp_branches *branches = &tree->path.branches;
    bool verified = false;
    int code = ifp_plans_offer_whole(&tree->path, &verified);
    if (!code && tree->bounder->method->has_thorough && node->bound <= cutoff_of(tree))
        code = solve_thoroughly(tree, node, &status);
    if (code)
        return code;
    double bound = node->bound;
    if (status != IFP_RELAXATION_SOLVED && status != IFP_RELAXATION_UNKNOWN) {
        close_with(tree, bound);
        return IFP_OK;
    }
    if (bound <= cutoff_of(tree) && !branches->count)
        code = find_unfixed(tree);
    if (code)
        return code;
    if (branches->count)
        return split(tree, node, next);
    if (bound <= cutoff_of(tree))
        code = ifp_decide(tree->context, tree->bounder->relaxation, &bound, &verified);
    close_with(tree, bound);
    return code;
}

int ifp_tree_process(struct ifp_tree *tree, struct ifp_node *node, struct ifp_node **next)
{
    struct ifp_relaxation *relaxation = tree->bounder->relaxation;
    enum ifp_relaxation_status status;
    *next = NULL;
    int code = node->parent ? ifp_path_solve(&tree->path, IFP_BOUND_NODE, &status)
                            : solve_root(tree, &status);
    if (code || tree->keep)
        return code;
    tree->tally.nodes += 1;
    double bound = fmax(node->bound, relaxation->bound);
    if (node->entity != SIZE_MAX && status == IFP_RELAXATION_SOLVED)
        ifp_pseudocost_add(tree->pseudocosts, node->entity, node->up, bound - node->bound,
                           node->distance);
    node->bound = bound;
    code = decide(tree, node, &status);
    if (code)
        return code;
    if (status == IFP_RELAXATION_UNKNOWN && node->bound <= cutoff_of(tree) &&
        !ifp_watch_stopped(tree->context->watch)) {
        /* The LP solver gave up on the node, but may solve its children. */
        tree->undecided += 1;
        code = find_unfixed(tree);
        if (code || tree->path.branches.count)
            return code ? code : split(tree, node, next);
    }
    if (status != IFP_RELAXATION_SOLVED) {
        /* If the node is infeasible, its bound is infinite. If it was stopped or is unknown, its
         * bound is the previous one and is kept in `fathomed`, so that no false bound is
         * claimed. */
        close_with(tree, node->bound);
        return IFP_OK;
    }
    code = ifp_path_find_candidates(&tree->path);
    if (code)
        return code;
    if (!tree->path.branches.count)
        return finish_integral(tree, node, next);
    code = ifp_schedule_node(&tree->schedule, node);
    if (code)
        return code;
    if (node->bound > cutoff_of(tree)) {
        close_with(tree, node->bound);
        return IFP_OK;
    }
    code = fix_by_reduced_cost(tree, &node->changes);
    return code ? code : split(tree, node, next);
}
