/* SPDX-License-Identifier: MIT */
/*
 * Branch and bound on the compact MILP: take the open node with the lowest bound, then plunge: go
 * on along the preferred children. Every bound that prunes is safe (safe_bound.h) and every plan
 * that prunes is verified (incumbent.h), so the result is right whatever rounding errors the LP
 * solver makes. If a node stays undecided, its parent's bound is used.
 */
#include "engine/tree/search.h"

#include <math.h>
#include <stdlib.h>

#include "engine/master/warm_start.h"
#include "engine/tree/process.h"
#include "engine/tuning.h"

/* How one search is run. */
struct options {
    struct ifp_bound_methods methods;
    bool main;               /* the main search, or a restart of it; false for a sub-search */
    bool restarted;          /* have the heuristics that run once been run? */
    bool heuristics_started; /* have the heuristics before the first bound been run? */
    bool thorough;           /* continue for any number of undecided nodes? */
    double floor;            /* a bound proved by an earlier search */
    double nodes_max;
    double iterations_max; /* of the simplex method */
};

struct search {
    struct ifp_context context;
    struct options options;
    struct ifp_tree tree;
    struct ifp_problem *capped; /* if not NULL, restart the search with these penalties */
    double other_turns;         /* turns that the other method has had */
    double other_next;          /* iterations at which the other method has its next turn */
    bool other_proved;          /* has the other method proved that there is no plan? */
    double enough;              /* number of nodes at which to stop once the gap is reached */
};

static int search_problem(const struct ifp_context *context, const struct options *options,
                          struct ifp_outcome *outcome);

static double iterations_of(const struct search *search)
{
    return search->tree.bounder->relaxation->iterations;
}

static double gap_between(double objective, double bound)
{
    return (objective - bound) / fmax(1, fabs(objective));
}

/* -- nested searches -- */

/* Search a problem that was derived from the context's problem. */
static int search_derived(const struct ifp_context *context, const struct ifp_problem *problem,
                          const struct options *options, struct ifp_outcome *outcome)
{
    struct ifp_context nested = *context;
    nested.problem = problem;
    nested.milp = NULL;
    int code = ifp_milp_new(problem, NULL, &nested.milp, context->error);
    if (!code)
        code = search_problem(&nested, options, outcome);
    ifp_milp_free(nested.milp);
    return code;
}

/* Search among the configurations in `keep`. */
static int search_kept(const struct ifp_context *context, const bool *keep,
                       const struct options *options, struct ifp_outcome *outcome)
{
    struct ifp_problem *problem = ifp_problem_restrict(context->problem, keep);
    int code = problem ? search_derived(context, problem, options, outcome)
                       : ifp_error_memory(context->error);
    ifp_problem_free(problem);
    return code;
}

/* The options of a sub-search, which is short. */
static struct options sub_options(const struct search *search, double nodes, double iterations)
{
    struct options options = search->options;
    options.main = false;
    options.restarted = false;
    options.floor = search->tree.tally.floor;
    options.nodes_max = nodes;
    options.iterations_max = iterations;
    return options;
}

/* search_among of the schedule: a sub-MIP that looks for better plans. */
static int search_among(void *user, const bool *keep, double iterations,
                        struct ifp_outcome *outcome)
{
    const struct search *search = user;
    const struct options options = sub_options(search, IFP_NESTED_NODES, iterations);
    return search_kept(&search->context, keep, &options, outcome);
}

/* Is it the other method's turn? */
static bool is_turn_of_other(const struct search *search)
{
    const struct ifp_context *context = &search->context;
    double nodes = search->tree.tally.nodes;
    if (!search->options.main || !search->options.methods.own->gives_turns ||
        ifp_watch_stopped(context->watch))
        return false;
    if (isinf(context->incumbent->objective))
        return nodes >= IFP_OTHER_NODES_WITHOUT_PLAN && iterations_of(search) >= search->other_next;
    return search->other_turns == 0 && nodes >= IFP_OTHER_NODES &&
           context->milp->column_count <= IFP_OTHER_COLUMNS_MAX;
}

/*
 * If the master does not solve a small problem soon, run a short search with the compact
 * relaxation. Its cuts capture facts that the master's patterns do not, such as how many routes a
 * query type needs. The bound that it proves becomes the floor. While there is no plan, the problem
 * may be infeasible, which the cuts often prove sooner than the master, whose prices only rise.
 * Then the other method has further turns for a problem of any size, each four times as long as the
 * one before.
 */
static int try_other(struct search *search)
{
    struct ifp_outcome outcome = {0};
    struct ifp_tally *tally = &search->tree.tally;
    if (!is_turn_of_other(search))
        return IFP_OK;
    double size = fmax(1, (double)search->context.milp->column_count / IFP_OTHER_COLUMNS_MAX);
    double turn = pow(4, search->other_turns);
    double iterations = IFP_OTHER_ITERATIONS * turn / size;
    struct options options = sub_options(search, IFP_NESTED_NODES * turn, iterations);
    options.methods = ifp_bound_methods_swapped(options.methods);
    search->other_turns += 1;
    int code = search_problem(&search->context, &options, &outcome);
    search->other_next = iterations_of(search) + iterations / 2;
    if (!code)
        tally->floor = fmax(tally->floor, outcome.bound);
    search->other_proved = isinf(outcome.bound);
    ifp_watch_log(search->context.watch, "bound %g by %s", outcome.bound,
                  options.methods.own->label);
    return code;
}

/* -- the tree -- */

static double global_bound(const struct ifp_tree *tree, const struct ifp_node *current)
{
    double bound = fmin(tree->fathomed, tree->context->incumbent->objective);
    if (tree->open.count)
        bound = fmin(bound, tree->open.heap[0]->bound);
    return current ? fmin(bound, current->bound) : bound;
}

/* Stop at the requested gap. If the gap is small, continue for 25 % more nodes plus 20, since a
 * better plan may exist within the gap. */
static bool is_done(struct search *search, double bound)
{
    double objective = search->context.incumbent->objective;
    double gap = search->context.gap;
    double nodes = search->tree.tally.nodes;
    if (isinf(objective) || gap_between(objective, bound) > gap)
        return false;
    if (gap_between(objective, bound) <= fmin(IFP_GAP_AT_ONCE, gap))
        return true;
    if (search->enough == 0)
        search->enough = gap > IFP_GAP_WIDE ? nodes : IFP_GAP_NODES_FACTOR * nodes + IFP_GAP_NODES;
    return nodes >= search->enough;
}

/* Is a limit reached that ends the search? */
static bool is_over(const struct search *search)
{
    const struct options *options = &search->options;
    const struct ifp_tree *tree = &search->tree;
    return ifp_watch_stopped(search->context.watch) || tree->tally.nodes >= options->nodes_max ||
           (!options->thorough && tree->undecided >= IFP_TREE_UNDECIDED_MAX) ||
           iterations_of(search) >= options->iterations_max;
}

/*
 * A plan that is better than the best one pays at most the best one's cost for any item. Penalties
 * far above it make prices so large that rounding exceeds the differences of plans. So the search
 * restarts with lower penalties; every bound of the new problem is valid for the old one.
 */
static int cap_penalties(struct search *search, double times)
{
    const struct ifp_context *context = &search->context;
    double objective = context->incumbent->objective;
    if (isinf(objective))
        return IFP_OK;
    if (ifp_problem_cap(context->problem, times * fmax(1, objective), &search->capped))
        return ifp_error_memory(context->error);
    if (search->capped)
        ifp_watch_log(context->watch, "penalties are capped at %g", times * fmax(1, objective));
    return IFP_OK;
}

/* Take one node: close it by its bound, or enter and solve it. *next as in ifp_tree_process; it is
 * opened instead if a limit is reached. */
static int take_node(struct search *search, struct ifp_node *node, struct ifp_node **next)
{
    struct ifp_tree *tree = &search->tree;
    *next = NULL;
    if (node->bound > ifp_context_cutoff(&search->context)) {
        tree->fathomed = fmin(tree->fathomed, node->bound);
        return IFP_OK;
    }
    tree->tally.open_nodes = (double)tree->open.count;
    int code = ifp_path_enter(&tree->path, node);
    if (!code)
        code = ifp_tree_process(tree, node, next);
    if (!code && is_over(search) && *next) {
        code = ifp_nodes_push(&tree->open, *next);
        if (code) {
            ifp_error_memory(search->context.error);
            ifp_node_release(&tree->open, *next);
        }
        *next = NULL;
    }
    return code;
}

/* Raise *bound to the proven one after a node, and report it. *over: is the search at its end? */
static int conclude_node(struct search *search, const struct ifp_node *next, double *bound,
                         bool *over)
{
    struct ifp_tree *tree = &search->tree;
    int code = try_other(search);
    double floor = tree->tally.floor;
    *bound = fmax(fmax(*bound, floor), global_bound(tree, next));
    tree->tally.open_nodes = (double)tree->open.count;
    if (search->options.main)
        ifp_context_report(&search->context, &tree->tally, *bound);
    *over = code || floor > ifp_context_cutoff(&search->context) || isinf(floor) ||
            is_done(search, *bound);
    return code;
}

/* Take a node from the open ones, and plunge from it along preferred children. *over: is the search
 * at its end? */
static int plunge(struct search *search, double *bound, bool *over)
{
    struct ifp_tree *tree = &search->tree;
    struct ifp_node *node = ifp_nodes_pop(&tree->open);
    int code = IFP_OK;
    while (node && !*over) {
        struct ifp_node *next;
        code = take_node(search, node, &next);
        ifp_node_release(&tree->open, node);
        node = next;
        if (tree->keep) { /* restart; a node that is to be restarted has no children */
            *bound = fmax(*bound, tree->bounder->relaxation->bound);
            *over = true;
        } else if (code) {
            *over = true;
        } else {
            code = conclude_node(search, node, bound, over);
        }
    }
    ifp_node_release(&tree->open, node);
    return code;
}

static int explore(struct search *search, struct ifp_node *root, double *bound)
{
    struct ifp_tree *tree = &search->tree;
    const struct options *options = &search->options;
    bool over = false;
    int code = ifp_nodes_push(&tree->open, root);
    if (code) {
        ifp_node_release(&tree->open, root);
        return ifp_error_memory(search->context.error);
    }
    tree->tally.open_nodes = (double)tree->open.count;
    *bound = tree->tally.floor;
    if (options->main && !options->restarted && !options->heuristics_started) {
        code = ifp_schedule_start(&tree->schedule, *bound);
        if (!code)
            code = cap_penalties(search, IFP_PENALTY_MAX);
        if (code || search->capped)
            return code;
    }
    while (!code && !over && tree->open.count && !is_over(search))
        code = plunge(search, bound, &over);
    if (!over)
        *bound = fmax(*bound, global_bound(tree, NULL));
    return code;
}

/* -- one problem -- */

/* Build the tree of a search up to its root. */
static int begin_tree(struct search *search)
{
    const struct ifp_context *context = &search->context;
    const struct ifp_bound_method *method = search->options.methods.own;
    struct ifp_tree *tree = &search->tree;
    size_t entities = ifp_branch_entities(context->problem);
    *tree = (struct ifp_tree){
        .context = context,
        .main = search->options.main,
        .fathomed = INFINITY,
        .tally = {.floor = search->options.floor},
    };
    tree->pseudocosts = calloc(entities + 1, sizeof *tree->pseudocosts);
    int code = tree->pseudocosts ? IFP_OK : ifp_error_memory(context->error);
    if (!code && tree->main && method->keeps_warm_start)
        ifp_warm_start_recall(context->warm_start, tree->pseudocosts, entities);
    if (!code)
        code = method->make(context, &tree->bounder);
    tree->path = (struct ifp_path){.context = context, .bounder = tree->bounder};
    tree->schedule = (struct ifp_schedule){.context = context,
                                           .path = &tree->path,
                                           .tally = &tree->tally,
                                           .main = tree->main,
                                           .restarted = search->options.restarted,
                                           .search_among = search_among,
                                           .search = search};
    return code ? code : ifp_schedule_begin(&tree->schedule);
}

/* Keep the pseudo-costs for the next search of the model. */
static int keep_pseudocosts(const struct search *search)
{
    const struct ifp_context *context = &search->context;
    const struct ifp_tree *tree = &search->tree;
    size_t entities = ifp_branch_entities(context->problem);
    if (!tree->main || !search->options.methods.own->keeps_warm_start || tree->tally.nodes <= 1)
        return IFP_OK;
    if (!ifp_warm_start_remember(context->warm_start, tree->pseudocosts, entities))
        return ifp_error_memory(context->error);
    return IFP_OK;
}

/* Free the tree, except tree.keep, and add its counts to the outcome. */
static void end_tree(struct search *search, struct ifp_outcome *outcome)
{
    struct ifp_watch *watch = search->context.watch;
    struct ifp_tree *tree = &search->tree;
    outcome->nodes += tree->tally.nodes;
    if (search->other_proved)
        outcome->proved_by = search->options.methods.other;
    if (tree->bounder) {
        const struct ifp_relaxation *relaxation = tree->bounder->relaxation;
        outcome->iterations += relaxation->iterations;
        ifp_watch_log(watch, "%g nodes, %g simplex iterations", tree->tally.nodes,
                      relaxation->iterations);
        if (relaxation->lp)
            ifp_watch_log(watch, "%zu of %zu rows of the compact program were needed",
                          relaxation->active_count, search->context.milp->row_count);
    }
    ifp_nodes_clear(&tree->open);
    ifp_path_clear(&tree->path);
    free(tree->pseudocosts);
    ifp_schedule_end(&tree->schedule);
    ifp_bounder_free(tree->bounder);
}

/* Restart with capped penalties, or with the configurations that are left. `bound` is proved. */
static int restart(struct search *search, double bound, struct ifp_outcome *outcome)
{
    struct options options = search->options;
    options.floor = search->tree.tally.floor;
    if (search->capped) {
        options.heuristics_started = true;
        return search_derived(&search->context, search->capped, &options, outcome);
    }
    /* The removed configurations lead to no plan below the cutoff. */
    double minimum = ifp_context_cutoff(&search->context);
    options.floor = bound;
    options.restarted = options.main;
    if (!options.main)
        options.nodes_max = IFP_NESTED_NODES;
    int code = search_kept(&search->context, search->tree.keep, &options, outcome);
    outcome->bound = fmax(fmin(outcome->bound, minimum), bound);
    return code;
}

/* Search the context's problem. Restart whenever its penalties are capped or many configurations
 * are removed. Adds nodes and iterations to the outcome. */
static int search_problem(const struct ifp_context *context, const struct options *options,
                          struct ifp_outcome *outcome)
{
    struct search search = {.context = *context, .options = *options};
    double bound = options->floor;
    int code = begin_tree(&search);
    if (!code) {
        struct ifp_node *root = ifp_tree_node_new(&search.tree, NULL, options->floor);
        code = root ? explore(&search, root, &bound) : IFP_ERROR_MEMORY;
    }
    if (!code)
        code = keep_pseudocosts(&search);
    end_tree(&search, outcome);
    if (!code && (search.capped || search.tree.keep))
        code = restart(&search, bound, outcome);
    else
        outcome->bound = bound;
    free(search.tree.keep);
    ifp_problem_free(search.capped);
    return code;
}

/* -- further attempts -- */

/* Has a search ended without a proof, although it was not stopped? */
static bool is_left_open(const struct ifp_context *context, double bound)
{
    double objective = context->incumbent->objective;
    if (ifp_watch_stopped(context->watch) || bound == INFINITY)
        return false;
    return isinf(objective) || gap_between(objective, bound) > fmax(context->gap, IFP_GAP_DIGITS);
}

/*
 * Attempts, in order, after a search that ended without a proof. The cause is prices so large that
 * the allowance for rounding exceeds the gap. An attempt uses the other method, which has other
 * multipliers, or lower penalties.
 */
static const struct attempt {
    double penalty_max; /* multiple of the best plan's cost; INFINITY if not capped */
    bool other;         /* use the other method? */
    bool thorough;      /* continue for any number of undecided nodes? */
} ATTEMPTS[] = {
    {INFINITY, true, false}, {1e6, false, false},    {1e6, true, false},
    {1e10, false, false},    {1e10, true, false},    {1e4, false, false},
    {1e4, true, false},      {INFINITY, true, true}, {INFINITY, false, true},
};

/* Search again, with the known bound and the plans found. `options` are those of the first search;
 * its floor rises. `usual` is the typical size of a cost, used while there is no plan. */
static int try_again(const struct ifp_context *context, struct options *options,
                     const struct attempt *attempt, double usual, struct ifp_outcome *outcome)
{
    double objective = context->incumbent->objective;
    double bound = outcome->bound;
    struct ifp_problem *capped = NULL;
    if (isfinite(attempt->penalty_max) &&
        ifp_problem_cap(context->problem,
                        attempt->penalty_max * fmax(1, isinf(objective) ? usual : objective),
                        &capped))
        return ifp_error_memory(context->error);
    if (isfinite(attempt->penalty_max) && !capped)
        return IFP_OK;
    options->floor = fmax(options->floor, bound);
    struct options again = *options;
    if (attempt->other)
        again.methods = ifp_bound_methods_swapped(options->methods);
    again.restarted = true;
    again.thorough = attempt->thorough;
    ifp_watch_log(context->watch, "bound %g, and on by %s with penalties up to %g times the cost",
                  bound, again.methods.own->label, attempt->penalty_max);
    int code = search_derived(context, capped ? capped : context->problem, &again, outcome);
    outcome->bound = fmax(outcome->bound, bound);
    ifp_problem_free(capped);
    return code;
}

int ifp_search(const struct ifp_context *context, struct ifp_bound_methods methods,
               struct ifp_outcome *outcome)
{
    struct ifp_warm_start own = {0}; /* warm start between restarts */
    struct ifp_context made = *context;
    struct options options = {
        .methods = methods,
        .main = true,
        .floor = 0, /* costs are not negative */
        .nodes_max = INFINITY,
        .iterations_max = INFINITY,
    };
    double usual = ifp_milp_scale(context->milp);
    int code = IFP_ERROR_ENGINE;
    if (!made.warm_start)
        made.warm_start = &own;
    ifp_watch_log(context->watch, "LP solver %s", ifp_lp_solver());
    /* If the LP solver fails, start again with its most careful methods and the plans found. */
    for (int careful = 0; careful < 2 && code == IFP_ERROR_ENGINE; careful++) {
        *outcome = (struct ifp_outcome){.bound = options.floor};
        code = ifp_lp_environment_new(careful != 0, &made.environment, context->error);
        if (!code)
            code = search_problem(&made, &options, outcome);
        for (size_t a = 0;
             !code && is_left_open(&made, outcome->bound) && a < sizeof ATTEMPTS / sizeof *ATTEMPTS;
             a++)
            code = try_again(&made, &options, &ATTEMPTS[a], usual, outcome);
        ifp_lp_environment_free(made.environment);
        made.environment = NULL;
    }
    ifp_warm_start_clear(&own);
    return code;
}
