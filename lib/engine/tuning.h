/* SPDX-License-Identifier: MIT */
/*
 * The numbers that steer the engine: tolerances in ascending order, then efforts by what they
 * steer. Bounds are made safe by safe_bound.h, decide.h and pricing_round.c, and every plan is
 * verified. So a different value costs time or the quality of a plan that is not proven optimal,
 * and no result becomes wrong. The exceptions are IFP_PRICING_ROUNDING, which is subtracted from
 * bounds and must not be smaller, and IFP_GAP_DIGITS, which decides whether the status is
 * "optimal".
 *
 * In the compact program and in the LPs, rows are scaled so that a limit is 1. So a violation of a
 * row is a fraction of the limit. "Scaled dollars" are units of the LP's objective.
 *
 * Efforts count operations, such as simplex iterations or nodes, and never seconds. So equal input
 * takes equal paths on every machine. Unless a line says otherwise, a value was chosen by processor
 * time on the families of bench/generate.py with 6 to 20 query types.
 *
 * The tolerances of the LP solvers are in lib/lp; those of limits are in problem/account.h.
 */
#ifndef IFP_ENGINE_TUNING_H
#define IFP_ENGINE_TUNING_H

/* -- tolerances, in ascending order of the first of each group -- */

/* In the scaled table of decide.c, whose numbers are about 1 and have 31 digits: a smaller
 * violation of a bound counts as 0. */
static const double IFP_WIDE_VIOLATION_MIN = 1e-24;
/* In that table: reduced costs are perturbed by about this fraction of the largest one, so that
 * ties do not make the method cycle. */
static const double IFP_WIDE_PERTURBATION = 1e-22;
/* In that table: a smaller entry counts as 0. */
static const double IFP_WIDE_ENTRY_MIN = 1e-20;

/* Rounding error of the sums in pricing, as a fraction of the sum of the magnitudes of their terms.
 * It is at least this, and at least the number of terms times DBL_EPSILON. A branch of a pricing
 * search is closed if it cannot gain more than this. Both are added to the maximum profit, so that
 * the bound is safe. */
static const double IFP_PRICING_ROUNDING = 1e-12;
/* Lines of the LP of pricing are parallel if their determinant is at most this fraction of the sum
 * of its terms' magnitudes. The same holds for a line and the direction of a step. */
static const double IFP_FILL_PARALLEL = 1e-12;
/* A smaller change of the master's objective or bound, as a fraction of it, is not progress. */
static const double IFP_MASTER_PROGRESS = 1e-12;

/* If a plan breaks a limit by the LP solver's rounding, the LP is solved again with limits that are
 * tightened by twice the violation. The first time they are tightened by at least this fraction of
 * the limit, which is a typical violation of an LP's row; the second time by at least
 * IFP_FIX_TIGHTER_LAST. */
static const double IFP_FIX_TIGHTER_FIRST = 1e-11;

/* A row whose violation is at most this is left out of an LP: the LP solvers have the same
 * tolerance. */
static const double IFP_ROW_VIOLATION_MIN = 1e-9;
/* An inactive pair is activated if its reduced cost, in scaled dollars, is below minus this. */
static const double IFP_INACTIVE_REDUCED_COST = 1e-9;
/* Column generation has converged if bound and LP objective differ by at most this fraction of the
 * objective (of 1 scaled dollar if that is larger). */
static const double IFP_MASTER_CONVERGED = 1e-9;
/* A local search accepts a change only if it saves more than this fraction of the cost, so that it
 * does not cycle. */
static const double IFP_LOCAL_SAVING_MIN = 1e-9;
/* A share up to this is rounding: the verifier does not tell it from 0. In the routing LP, all
 * demand counts as met if the shares that are missing sum to at most this. */
static const double IFP_SHARE_MIN = 1e-9;
/* Smallest coefficient of a combination of rows that it may be divided by to make a cut. Smallest
 * multiplier of a row in a combination from the tableau, as a fraction of the largest one. */
static const double IFP_CUT_DIVISOR_MIN = 1e-9;
static const double IFP_CUT_MULTIPLIER_MIN = 1e-9;
/* In a cut, a column this close to one of its bounds, in its own unit, is at the bound. */
static const double IFP_CUT_AT_BOUND = 1e-9;
/* Added to the weight of a branching candidate, in dollars, so that it is above 0. */
static const double IFP_BRANCH_WEIGHT_MIN = 1e-9;
/* The cutoff of an LP is above that of the search by this fraction (of 1 scaled dollar if that is
 * larger), so that the safe bound, which is a little lower than the LP's, exceeds the search's
 * cutoff, too. */
static const double IFP_RELAXATION_BEYOND = 1e-9;
/* Fractions of a branching candidate count as at least this when a score is divided by them. A
 * factor of a candidate's weight that puts it behind those of the other class. */
static const double IFP_FRACTION_MIN = 1e-9;
static const double IFP_SCORE_LAST = 1e-9;
/* A node is closed if it can save at most this fraction of the best plan's cost: IFP_PRUNE_GAP
 * times the requested gap, but at least IFP_PRUNE_MIN, below which is rounding, and at most
 * IFP_PRUNE_MAX, above which the difference of two plans would matter. */
static const double IFP_PRUNE_MIN = 1e-9;
static const double IFP_PRUNE_MAX = 1e-7;
static const double IFP_PRUNE_GAP = 0.9;

/* Each of these is a little more than the LP solvers' tolerance of a row. A row enters the routing
 * LP if its violation exceeds the first. For the second see IFP_FIX_TIGHTER_FIRST. */
static const double IFP_ROUTING_VIOLATION_MIN = 2e-9;
static const double IFP_FIX_TIGHTER_LAST = 2e-9;
/* A relative gap up to this counts as proven even if the requested one is smaller. */
static const double IFP_GAP_DIGITS = 2e-9;
/* A share up to this is left out when an LP's point becomes a plan. It is larger than
 * IFP_SHARE_MIN, and applies to unmet shares, too. */
static const double IFP_POINT_SHARE_MIN = 3e-9;

/* A pattern enters the master if its reduced cost, in scaled dollars, is at most minus the first. A
 * pattern that is not used may be dropped if its reduced cost is above the second. */
static const double IFP_PATTERN_REDUCED_COST = 1e-8;
static const double IFP_PATTERN_IDLE = 1e-8;
/* A row of a worst case that has a cost enters the routing LP if its violation exceeds this
 * fraction of the worst case (of 1 if that is larger). */
static const double IFP_ROUTING_WORST_VIOLATION_MIN = 1e-8;

/* Artificial columns of the master that sum to at most this count as 0: the point is feasible. */
static const double IFP_ARTIFICIAL_MIN = 1e-7;
/* A worst-case row enters the master if its violation exceeds this fraction of the worst case (of 1
 * if that is larger). It may be loose, since plans are verified. */
static const double IFP_WORST_VIOLATION_MIN = 1e-7;
/* Two bounds of a column are equally near to the point of a cut if their distances differ by at
 * most this. */
static const double IFP_CUT_BOUND_TIE = 1e-7;
/* A gap that is at most this, and at most the requested one, ends the search at once. With a larger
 * gap the search goes on for some nodes (IFP_GAP_NODES_FACTOR), since a better plan may exist. */
static const double IFP_GAP_AT_ONCE = 1e-7;

/* A value this close to an integer counts as whole. */
static const double IFP_WHOLE = 1e-6;
/* When a point is rounded up, a share up to this is ignored, and a load may exceed whole replicas
 * by this fraction of a replica. When a whole point is completed, a route whose column is above the
 * second value, and whose share is above IFP_SHARE_MIN, is used. */
static const double IFP_ROUNDING_SHARE_MIN = 1e-6;
static const double IFP_ROUNDING_ROUTE_MIN = 1e-6;
/* A pattern or a configuration whose value at a point is at most this is not rented there. */
static const double IFP_RENTED_MIN = 1e-6;
/* Gains of a side of a branch, in dollars, count as at least this in the score, a product. */
static const double IFP_SCORE_MIN = 1e-6;
/* The balance row of a pair is divided by the largest excess of its routes over the limit, as a
 * fraction of the limit. If that is below this, the division would enlarge rounding: the row is not
 * scaled, and then its violation is always below IFP_BALANCE_VIOLATION_MIN. */
static const double IFP_BALANCE_EXCESS_MIN = 1e-6;
/* A combination of rows is extended by a row to eliminate a continuous column. That is done only
 * for a column whose value is farther than this from its bounds. */
static const double IFP_CUT_BOUND_DISTANCE_MIN = 1e-6;
/* The gap of the routing of fixed deployments. It refers to the cost of the routes only. */
static const double IFP_REROUTE_GAP = 1e-6;

/* A divisor of a row is not halved further below this; divisors that differ by at most this
 * fraction are tried once. */
static const double IFP_CUT_DIVISOR_END = 1e-6;
static const double IFP_CUT_DIVISOR_SAME = 1e-6;

/* A cut is worth a row if its Euclidean distance from the point exceeds this. */
static const double IFP_CUT_DISTANCE_MIN = 1e-5;

/* An integer column gives a row of the LP's tableau for cuts if it is at least this far from a
 * whole number. */
static const double IFP_CUT_TABLEAU_FRACTION = 1e-4;

/* A bound is tightened in decide.c only if its range shrinks by more than this fraction. */
static const double IFP_DECIDE_NARROWER = 1e-3;
/* Balance rows only tighten the master's bound, so those that are violated by at most this fraction
 * of their largest coefficient are left out. */
static const double IFP_BALANCE_VIOLATION_MIN = 1e-3;
/* One assumed gain, in dollars per distance, with which the average gain of all candidates begins:
 * there is an average even if no gain is known. */
static const double IFP_SCORE_PRIOR = 1e-3;
/* A row by which a combination may be extended has the score: distance of the column from its
 * bounds, divided by the row's slack plus this. */
static const double IFP_CUT_SLACK = 1e-3;
/* A requested gap above this means that speed matters more than the quality of the plan. */
static const double IFP_GAP_WIDE = 1e-3;

/* Penalties above this multiple of the best plan's cost are capped. It is large enough that a plan
 * that serves less than the best one costs more, and small enough for doubles. */
static const double IFP_PENALTY_MAX = 1e8;

/* -- polls: how much is computed between two checks whether the run is stopped -- */

enum {
    IFP_POLL_MILLISECONDS = 20,        /* of the caller's thread, for the mailbox */
    IFP_POLL_PRICING_NODES = 100,      /* of a pricing search: about a tenth of a millisecond */
    IFP_POLL_LINES = 4096,             /* rows or columns that are read */
    IFP_POLL_ROWS_LOADED = 64,         /* rows that are loaded into the LP */
    IFP_POLL_ROWS_INACTIVE = 4096,     /* rows that are split by pair */
    IFP_POLL_ROUTING_ITERATIONS = 100, /* of a routing LP */
    /* Simplex iterations of the compact relaxation. Counted, not timed, so that equal input takes
     * equal paths. If the number of rows and columns exceeds the size, fewer in inverse proportion,
     * but at least the minimum. */
    IFP_POLL_ITERATIONS = 400,
    IFP_POLL_ITERATIONS_SIZE = 8000,
    IFP_POLL_ITERATIONS_MIN = 40,
    /* Rows and columns from which a cancel interrupts the LP solver. A smaller LP is not
     * interrupted, so that its multipliers still prove a bound. */
    IFP_POLL_INTERRUPT_SIZE = 400000
};

/* Entries of a small LP's table that are updated between two polls: a few milliseconds. */
static const double IFP_POLL_ENTRIES = 1e7;
/* Estimated time of the LP solver's first call without its iterations, and of computing the bound
 * after it, as fractions of the time for loading the columns. These use the clock, only to end
 * before the time limit. Measured with 1.6 million columns: up to 0.2 and 0.12. */
static const double IFP_RELAXATION_FIRST_CALL = 0.2;
static const double IFP_RELAXATION_FIRST_BOUND = 0.15;

/* -- the compact relaxation -- */

enum {
    /* Partial pricing is off with fewer pairs. At most the minimum plus one in ten of the pairs are
     * activated at a time. */
    IFP_INACTIVE_PAIRS_MIN = 12,
    IFP_INACTIVE_ACTIVATED_MIN = 4,
    IFP_INACTIVE_ACTIVATED_ONE_IN = 10,
    /* The LP is stuck after this number of iterations of one solve: the minimum plus a number for
     * each row and column, but at most the maximum. */
    IFP_RELAXATION_ITERATIONS_MIN = 2000,
    IFP_RELAXATION_ITERATIONS_PER_LINE = 100,
    IFP_RELAXATION_ITERATIONS_MAX = 200000
};

/* -- cuts -- */

/* A cut is weak or badly scaled if the fraction f of its right side is outside this range. */
static const double IFP_CUT_FRACTION_MIN = 0.02;
static const double IFP_CUT_FRACTION_MAX = 0.98;
/* The coefficients of a cut may differ by this factor. Smaller ones are dropped, and the cut is
 * weakened by what they may contribute. */
static const double IFP_CUT_SPREAD_MAX = 1e6;
/* The multiplier of a row that extends a combination is from 1 / this to this. */
static const double IFP_CUT_WEIGHT_MAX = 1e4;
/* A cut is left out if the cosine of the angle to a better one exceeds this. */
static const double IFP_CUT_PARALLEL = 0.9;
/* A round of cuts is stalled if it raises the bound by less than this fraction of the distance to
 * the cutoff, or of the gain of all rounds if that is smaller. */
static const double IFP_CUT_GAIN_MIN = 0.02;

enum {
    IFP_CUT_DIVISORS_MAX = 12,  /* divisors tried for one combination of rows */
    IFP_CUT_FLIPS_MAX = 40,     /* columns whose complement is tried */
    IFP_CUT_PATH_MAX = 6,       /* rows of a combination */
    IFP_CUT_TABLEAU_MAX = 200,  /* combinations from the LP's tableau in a round */
    IFP_CUT_ADDED_MAX = 60,     /* cuts added in a round */
    IFP_CUT_POOL_MAX = 2000,    /* cuts found in a round */
    IFP_CUT_ROUNDS = 40,        /* rounds at the root */
    IFP_CUT_ROUNDS_NESTED = 8,  /* rounds at the root of a nested search */
    IFP_CUT_ROUNDS_STALLED = 4, /* rounds without progress, then no more */
    IFP_CUT_ROUNDS_DROP = 5     /* rounds from one removal of cuts that are not tight to the next */
};

/* -- the master and its pricing -- */

/* The cost of an artificial column, as a multiple of the largest cost of a column; in the routing
 * LP also times the number of query types. It makes the LP prefer other columns. */
static const double IFP_ARTIFICIAL_PENALTY = 16;

/* Stop early at a fractional point if less than this fraction of the distance to the cutoff can be
 * gained: the node is branched on anyway. */
static const double IFP_MASTER_GAIN_MIN = 0.03;
/* Dual smoothing (Wentges): the weight of the prices of the best bound. */
static const double IFP_MASTER_SMOOTHING = 0.6;
/* The artificial columns must come down to this fraction of their sum in each
 * IFP_MASTER_ROUNDS_ARTIFICIAL rounds; see there. */
static const double IFP_MASTER_ARTIFICIAL_LEFT = 0.9;
/* Once bound and LP objective differ by at most this fraction of the bound, violated rows are added
 * every IFP_MASTER_ROUNDS_ARTIFICIAL rounds, before the LP has converged. */
static const double IFP_MASTER_NEAR = 0.1;

/* Maximum nodes of one pricing search. In each round it begins at the minimum. It is multiplied by
 * the factor while searches are cut short and find no pattern, until it has reached the maximum. */
static const double IFP_PRICING_NODES_MIN = 300;
static const double IFP_PRICING_NODES_FACTOR = 5;
static const double IFP_PRICING_NODES_MAX = 2.5e4;
/* The maximum in the mode THOROUGH (bounder.h), and the fixed number in the mode DIVE. */
static const double IFP_PRICING_NODES_THOROUGH = 1e6;
static const double IFP_PRICING_NODES_DIVE = 100;

enum {
    IFP_MASTER_ROUNDS_MAX = 2000,    /* rounds of column generation in a solve */
    IFP_MASTER_ROUNDS_STALLED = 200, /* rounds without progress of the LP or of the bound */
    /* Rounds after which the artificial columns must have shrunk (IFP_MASTER_ARTIFICIAL_LEFT).
     * Otherwise the node is probably infeasible and its prices only rise: the master gives up. */
    IFP_MASTER_ROUNDS_ARTIFICIAL = 25,
    /* Rounds in the mode DIVE, and one more for each number of rows of the LP. */
    IFP_MASTER_ROUNDS_DIVE = 10,
    IFP_MASTER_ROUNDS_DIVE_ROWS = 20,
    /* The LP is stuck after this number of iterations plus a number for each row. */
    IFP_MASTER_ITERATIONS_MIN = 1000,
    IFP_MASTER_ITERATIONS_PER_ROW = 50,
    /* Patterns that are not used are dropped if there are too many patterns. The measure is the
     * minimum plus a number for each row of the LP. Too many are 3/2 of it after a node's solve,
     * and 6/2 during it: the last two values are in halves. */
    IFP_MASTER_PATTERNS_MIN = 100,
    IFP_MASTER_PATTERNS_PER_ROW = 2,
    IFP_MASTER_PURGE_AFTER = 3,
    IFP_MASTER_PURGE_WITHIN = 6,
    /* If a configuration may have at most so many different numbers of replicas, they are priced in
     * ascending order; more of them in the order of their estimates. */
    IFP_PRICING_IN_ORDER = 16,
    /* New patterns in one round, and one more for each query type. Then the other configurations
     * are only bounded by their estimates. */
    IFP_PRICING_PATTERNS = 30,
    /* The LP of pricing stops after this number of steps and one for each item. Its present shares
     * and bound are valid, but perhaps not the best. */
    IFP_FILL_STEPS_MIN = 50,
    /* Worst-case rows that are not tight are dropped if there are more rows than this number times
     * the number of worst cases. */
    IFP_WORST_ROWS_PER_BLOCK = 1
};

/* -- the routing LP -- */

enum {
    IFP_ROUTING_SOLVES_MAX = 40,        /* solves to make the routes respect the placement */
    IFP_ROUTING_ROUNDS_MAX = 60,        /* rounds of violated rows for one LP */
    IFP_ROUTING_ITERATIONS_MAX = 20000, /* simplex iterations of one solve */
    IFP_ROUTING_IDLE_ROWS_MAX = 8       /* rows that are not tight are dropped if there
                                           are more, or if a deployment leaves the LP */
};

/* -- branching and the tree -- */

/* If the branch is whether a pair is rented, the upper side is solved first if the fraction is
 * above this, and not only above 0.5 as for other branches: renting is preferred. */
static const double IFP_BRANCH_OPEN_UP = 0.3;
/* Once the requested gap is reached after n nodes, go on to this factor times n nodes, plus
 * IFP_GAP_NODES: a better plan may exist within the gap. */
static const double IFP_GAP_NODES_FACTOR = 1.25;

enum {
    /* Strong branching, at each node. */
    IFP_STRONG_CANDIDATES = 16,   /* candidates tried by the compact relaxation */
    IFP_STRONG_ESTIMATED = 3,     /* candidates tried by the master: the best by its estimate */
    IFP_STRONG_ESTIMATES = 12,    /* candidates estimated by the master */
    IFP_STRONG_IDLE = 6,          /* consecutive tries without a better score, then stop */
    IFP_STRONG_ITERATIONS = 100,  /* of the compact relaxation, for each side of a candidate */
    IFP_STRONG_GAINS_COMPACT = 4, /* gains on each side from which pseudo-costs are reliable, */
    IFP_STRONG_GAINS_MASTER = 2,  /* by the compact relaxation and by the master */
    IFP_GAP_NODES = 20,           /* see IFP_GAP_NODES_FACTOR */
    /* Restart if a smaller percentage of the configurations is left. A removable one costs the
     * master only little time in each round of pricing. */
    IFP_RESTART_PERCENT_COMPACT = 90,
    IFP_RESTART_PERCENT_MASTER = 50,
    IFP_TREE_BASES_MAX = 20000,   /* bases that are kept at a time, to bound the memory */
    IFP_TREE_UNDECIDED_MAX = 500, /* undecided nodes at which the search ends and another begins */
    IFP_NESTED_NODES = 200,       /* maximum nodes of a nested search */
    /* Turns of the other method: nodes of the search before the first turn, with and without a
     * plan; simplex iterations of that turn; maximum columns of the compact program. If there is a
     * plan, a larger program gets no turn; if there is none, its turn has fewer iterations, in
     * inverse proportion. */
    IFP_OTHER_NODES = 200,
    IFP_OTHER_NODES_WITHOUT_PLAN = 50,
    IFP_OTHER_ITERATIONS = 30000,
    IFP_OTHER_COLUMNS_MAX = 1000,
    /* Deciding a node in pairs of doubles: entries of the rows and of the dense table, above which
     * it takes too long; passes of bound tightening over the rows. */
    IFP_DECIDE_ENTRIES_MAX = 200000,
    IFP_DECIDE_TABLE_MAX = 250000,
    IFP_DECIDE_PASSES_MAX = 20,
    IFP_DECIDE_STEPS_PER_LINE = 10, /* maximum pivots: this for each row and column, */
    IFP_DECIDE_STEPS_MIN = 100      /* plus this */
};

/* -- local search -- */

/* A premium for meeting a demand that has to be met, as a multiple of the cost of serving nothing
 * plus 1 dollar. It is large enough that no saving outweighs it. */
static const double IFP_LOCAL_PREMIUM = 16;
/* A random walk accepts a selection that is worse than the last one by at most this fraction of
 * the cost: with one route for each query type, and with a routing LP. */
static const double IFP_SINGLE_WORSE_MAX = 0.03;
static const double IFP_ROUTED_WORSE_MAX = 0.02;
/* Rounding a point with one route for each query type: pairs whose value is at least the first
 * fraction come first, then those of at least the second. A route is taken if its share is at least
 * the second fraction of its largest one, and replicas are rounded up from that fraction. */
static const double IFP_SINGLE_ROUND_FIRST = 0.9;
static const double IFP_SINGLE_ROUND_THEN = 0.5;
/* Numbers of replicas above IFP_ROUTED_REPLICAS_ALL are tried in steps of this factor. */
static const double IFP_ROUTED_REPLICAS_FACTOR = 1.25;

enum {
    IFP_LOCAL_WALK_MAX = 12,     /* consecutive changes of a random walk that find no better plan;
                                    then it returns to the best selection */
    IFP_SINGLE_MOVES_MAX = 20,   /* passes over the query types, to move each where it saves more */
    IFP_SINGLE_RANDOM_TRIES = 6, /* tries to find an addition for a random change */
    /* Numbers of replicas of one configuration that are bounded, and that are tried, if there may
     * be many: typical are 3 tries. */
    IFP_SINGLE_TRIALS_MAX = 160,
    IFP_SINGLE_TRIALS = 12,
    IFP_ROUTED_TRIED = 8,            /* most promising additions that are evaluated by an LP */
    IFP_ROUTED_TRIED_MAX = 64,       /* the same when a plan is improved */
    IFP_ROUTED_BY_PAIR = 2,          /* additions of one pair among them */
    IFP_ROUTED_BY_PAIR_MAX = 4,      /* the same when a plan is improved */
    IFP_ROUTED_PROMISING = 12,       /* additions from which a random change chooses */
    IFP_ROUTED_ADDITIONS_MAX = 64,   /* consecutive additions */
    IFP_ROUTED_REPLICAS_ALL = 16,    /* numbers of replicas are tried one by one up to this */
    IFP_ROUTED_DESCENT_SOLVES = 2500 /* LP solves of one descent; typical are 250 */
};

/* -- dives, and fixing and solving -- */

/* Patterns with a value above this are fixed together with the first one. */
static const double IFP_DIVE_NEARLY_ONE = 0.999;
/* Dives by branches: candidates with a fraction of at least this are fixed together with the
 * largest one. The second value is for binaries of routes. */
static const double IFP_FIX_NEARLY = 0.8;
static const double IFP_FIX_NEARLY_ROUTE = 0.5;

enum {
    IFP_DIVE_EXCLUDED_DEPTH = 3, /* only patterns fixed at a smaller depth are excluded later */
    IFP_DIVE_FAILURES_MAX = 5,   /* fixed patterns that fail in a dive: the configuration of such a
                                    pattern is closed; at the next failure the dive ends */
    IFP_DIVE_EXCLUDED_MAX = 8,   /* patterns excluded at a time: the size of an array */
    IFP_FIX_STEPS_MAX = 200,     /* solves of a dive by branches */
    IFP_FIX_FAILURES_MAX = 4,    /* failed steps that such a dive survives */
    IFP_FIX_PASSES = 10          /* effort of the local search after rounding: passes over all
                                    configurations */
};

/* -- the schedule of heuristics -- */

/* Simplex iterations of nested searches, as a fraction of those of the search itself. */
static const double IFP_NESTED_FRACTION = 0.5;
/* Routes that the local search evaluates before the first bound, and after a dive. Divided by the
 * number of routes, this is the number of passes: within the range below before the first bound,
 * and at most its maximum after a dive. */
static const double IFP_SCHEDULE_ROUTES_FIRST = 5e6;
static const double IFP_SCHEDULE_ROUTES_AFTER = 5e7;
/* With operating points there are several configurations for each that a plan may use, so that the
 * first number is multiplied by this. With 4000 configurations the first plan becomes 5 to 7 %
 * cheaper in 40 ms. */
static const double IFP_SCHEDULE_POINTS_FACTOR = 4;

enum {
    IFP_SCHEDULE_PASSES_MIN = 10, /* passes of the local search over all configurations */
    IFP_SCHEDULE_PASSES_MAX = 300,
    IFP_SCHEDULE_PASSES_DIVISOR = 5, /* of the passes, to improve a start plan before the bound */
    /* LP solves of the random walk with a routing LP at the root: a number for each pair, but at
     * most the first. They are divided by the divisor if the start plan holds the limits. */
    IFP_SCHEDULE_WALK_SOLVES = 3000,
    IFP_SCHEDULE_WALK_SOLVES_PER_PAIR = 50,
    IFP_SCHEDULE_WALK_DIVISOR = 10,
    IFP_SCHEDULE_WALK_SOLVES_NODE = 300, /* the same at a tree node */
    IFP_SCHEDULE_ROUND_ALL = 30,         /* nodes whose points are all rounded; later those at */
    IFP_SCHEDULE_ROUND_EVERY = 10,       /* every tenth node */
    IFP_SCHEDULE_DIVE_NODES = 20, /* nodes to the second dive; after a dive at n nodes the next
                                     is at 2 n plus this */
    /* Patterns that a dive by patterns excludes at a time: one; at the root one more for each
     * number of configurations, but at most the maximum. */
    IFP_SCHEDULE_DISCREPANCIES = 1,
    IFP_SCHEDULE_DISCREPANCIES_ROOT = 2,
    IFP_SCHEDULE_DISCREPANCY_CONFIGURATIONS = 1500,
    /* Simplex iterations of a sub-search: the minimum plus those of the search so far, but at most
     * the second. */
    IFP_NESTED_ITERATIONS_MIN = 1000,
    IFP_NESTED_ITERATIONS = 30000,
    /* Simplex iterations of a sub-search by the master, with operating points: 0.2 seconds for 20
     * query types. */
    IFP_NESTED_ITERATIONS_PATTERNS = 20000,
    /* Configurations of a sub-search: those in use, then others of low reduced cost up to this
     * number. After the first sub-search only one in three of the others is taken, so that they
     * vary. */
    IFP_NESTED_CONFIGURATIONS = 30,
    /* A sub-search with this percentage of all configurations or more is not worth its time. */
    IFP_NESTED_PERCENT = 75,
    IFP_NESTED_ONE_IN = 3
};

#endif
