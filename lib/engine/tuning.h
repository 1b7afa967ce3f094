/* SPDX-License-Identifier: MIT */
/*
 * The numbers that steer the engine: tolerances in ascending order, then efforts by what they
 * steer. None of them decides whether a result is right. Bounds are made safe by safe_bound.h,
 * decide.h and pricing_round.c, whatever the tolerances, and every plan is verified. A different
 * value costs time or the quality of a plan that is not proven optimal.
 *
 * Efforts count operations, such as simplex iterations or nodes, and never seconds. So equal input
 * takes equal paths on every machine. Unless a line says otherwise, a value was chosen by processor
 * time on the families of bench/generate.py with 6 to 20 query types.
 *
 * The tolerances of the LP solvers are in lib/lp; those of limits are in problem/account.h.
 */
#ifndef IFP_ENGINE_TUNING_H
#define IFP_ENGINE_TUNING_H

/* -- tolerances, in ascending order; relative unless a unit is given -- */

/* In the scaled table of decide.c, whose numbers are about 1 and have 31 digits: a violation. */
static const double IFP_WIDE_VIOLATION_MIN = 1e-24;
/* In that table: reduced costs are perturbed by about this fraction of the largest one, so that
 * ties do not make the method cycle. */
static const double IFP_WIDE_PERTURBATION = 1e-22;
/* In that table: a smaller entry counts as 0. */
static const double IFP_WIDE_ENTRY_MIN = 1e-20;

/* Rounding error of a sum of some hundred terms, relative to their magnitudes: in pricing. */
static const double IFP_PRICING_ROUNDING = 1e-12;
/* Two lines of the two-row LP are parallel if their determinant is at most this fraction of the sum
 * of its terms. */
static const double IFP_TWO_ROW_PARALLEL = 1e-12;
/* Smallest change of the master's objective or bound that counts as progress. */
static const double IFP_MASTER_PROGRESS = 1e-12;

/* Violation of an LP's row that is typical; limits are first tightened by this. */
static const double IFP_FIX_TIGHTER_FIRST = 1e-11;

/* A row that is violated by less is left out of an LP: the LP solvers have the same tolerance. */
static const double IFP_ROW_VIOLATION_MIN = 1e-9;
/* An inactive pair is activated if its reduced cost, in scaled dollars, is below minus this. */
static const double IFP_INACTIVE_REDUCED_COST = 1e-9;
/* Column generation has converged if bound and LP objective differ by less. */
static const double IFP_MASTER_CONVERGED = 1e-9;
/* A local search accepts a change only if it saves more than this fraction of the cost, so that it
 * does not cycle. */
static const double IFP_LOCAL_SAVING_MIN = 1e-9;
/* A share up to this is rounding: the verifier does not tell it from 0. */
static const double IFP_SHARE_MIN = 1e-9;
/* Smallest coefficient that a cut may be divided by; smallest multiplier of a row in a cut, as a
 * fraction of the largest one. */
static const double IFP_CUT_DIVISOR_MIN = 1e-9;
static const double IFP_CUT_MULTIPLIER_MIN = 1e-9;
/* The cutoff of an LP is a little above that of the search, so that the safe bound, which is a
 * little lower than the LP's, exceeds the search's cutoff, too. */
static const double IFP_RELAXATION_BEYOND = 1e-9;
/* Fractions of a branching candidate count as at least this; and a factor that puts a candidate
 * behind all others. */
static const double IFP_FRACTION_MIN = 1e-9;
static const double IFP_SCORE_LAST = 1e-9;
/* Nodes are pruned if they can save less than a fraction of the objective: IFP_PRUNE_GAP times the
 * requested gap, but within this range. Below it is rounding; above it the difference of two plans
 * would matter. */
static const double IFP_PRUNE_MIN = 1e-9;
static const double IFP_PRUNE_MAX = 1e-7;
static const double IFP_PRUNE_GAP = 0.9;

/* A little more than the LP solvers' tolerance of a row: a violated row of the routing LP; the
 * maximum violation of an LP's row, by which limits are tightened at last; a gap that counts as
 * proven even if the requested one is smaller. */
static const double IFP_ROUTING_VIOLATION_MIN = 2e-9;
static const double IFP_FIX_TIGHTER_LAST = 2e-9;
static const double IFP_GAP_DIGITS = 2e-9;
/* A share of an LP's point up to this is rounding. */
static const double IFP_POINT_SHARE_MIN = 3e-9;

/* A pattern enters the master if its reduced cost, in scaled dollars, is below minus this. With a
 * reduced cost above this it may be dropped. */
static const double IFP_PATTERN_REDUCED_COST = 1e-8;
static const double IFP_PATTERN_IDLE = 1e-8;
/* Tolerance of a worst case that has a cost in the routing LP. */
static const double IFP_ROUTING_WORST_VIOLATION_MIN = 1e-8;

/* Artificial columns that sum to less than this count as 0. */
static const double IFP_ARTIFICIAL_MIN = 1e-7;
/* Violation of a worst-case row of the master. It may be loose, since plans are verified. */
static const double IFP_WORST_VIOLATION_MIN = 1e-7;
/* A requested gap below this is treated as this when the effort is chosen. */
static const double IFP_GAP_MIN = 1e-7;

/* A value this close to an integer counts as whole. */
static const double IFP_WHOLE = 1e-6;
/* A share or a route column up to this is ignored when a point is rounded. */
static const double IFP_ROUNDING_SHARE_MIN = 1e-6;
static const double IFP_ROUNDING_ROUTE_MIN = 1e-6;
/* A pattern or a configuration that is rented by at most this is ignored. */
static const double IFP_RENTED_MIN = 1e-6;
/* Gains of a side of a branch count as at least this in its score, a product. */
static const double IFP_SCORE_MIN = 1e-6;
/* If a pair exceeds a limit by less than this fraction of it, its balance row is not scaled, and is
 * never violated by enough to be added. */
static const double IFP_BALANCE_EXCESS_MIN = 1e-6;
/* A bound that is nearer to the point than this does not add a row to a cut's combination. */
static const double IFP_CUT_CAPACITY_MIN = 1e-6;
/* The gap of the routing of fixed deployments. It refers to the cost of the routes only. */
static const double IFP_REROUTE_GAP = 1e-6;

/* Distance of a cut from the point, below which it is not worth a row. */
static const double IFP_CUT_DISTANCE_MIN = 1e-5;

/* A bound is tightened in decide.c only if its range shrinks by more than this fraction. */
static const double IFP_DECIDE_NARROWER = 1e-3;
/* Balance rows only tighten the master's bound, so those that are violated by less are left out. */
static const double IFP_BALANCE_VIOLATION_MIN = 1e-3;
/* Sum of scores that the average score of pseudo-costs begins with. */
static const double IFP_SCORE_PRIOR = 1e-3;
/* Added to the slack of a row in the score for extending a combination of rows by it. */
static const double IFP_CUT_SLACK = 1e-3;
/* A requested gap above this means that speed matters more than the quality of the plan. */
static const double IFP_GAP_WIDE = 1e-3;

/* Penalties above this multiple of the best plan's cost are capped. It is large enough that a plan
 * that serves less than the best one costs more, and small enough for doubles. */
static const double IFP_PENALTY_MAX = 1e8;

/* -- polls: how long a stop request or a cancel may wait -- */

enum {
    IFP_POLL_MILLISECONDS = 20,        /* of the mailbox, by the caller's thread */
    IFP_POLL_PRICING_NODES = 100,      /* about a tenth of a millisecond */
    IFP_POLL_LINES = 4096,             /* rows or columns that are read */
    IFP_POLL_ROWS_LOADED = 64,         /* rows that are loaded into the LP */
    IFP_POLL_ROWS_INACTIVE = 4096,     /* rows that are split by pair */
    IFP_POLL_ROUTING_ITERATIONS = 100, /* of a routing LP */
    /* Simplex iterations of the compact relaxation. Counted, not timed, so that equal input takes
     * equal paths. Fewer, but at least the minimum, if rows and columns exceed the size. */
    IFP_POLL_ITERATIONS = 400,
    IFP_POLL_ITERATIONS_SIZE = 8000,
    IFP_POLL_ITERATIONS_MIN = 40,
    /* Rows and columns from which a cancel interrupts the LP solver. A smaller LP is not
     * interrupted, so that its multipliers still prove a bound. */
    IFP_POLL_INTERRUPT_SIZE = 400000
};

/* Entries of a small LP's table that are updated between two polls: a few milliseconds. */
static const double IFP_POLL_ENTRIES = 1e7;
/* Estimated time of the LP solver's first call without its iterations, and of reading the bound
 * after it, as fractions of the time for loading the columns. Measured with 1.6 million columns: up
 * to 0.2 and 0.12. */
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
/* The coefficients of a cut may differ by this factor; it is weakened to drop smaller ones. */
static const double IFP_CUT_SPREAD_MAX = 1e6;
/* The multipliers of the rows of a combination are within this factor of 1. */
static const double IFP_CUT_WEIGHT_MAX = 1e4;
/* Of two cuts the worse one is left out if the cosine of the angle between them exceeds this. */
static const double IFP_CUT_PARALLEL = 0.9;
/* A round of cuts is stalled if it gains less than this fraction of the possible or past gain. */
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

/* The cost of an artificial column, as a multiple of the largest cost: in the master and in the LP
 * over routes. */
static const double IFP_ARTIFICIAL_PENALTY = 16;

/* Stop early at a fractional point if less than this fraction of the distance to the cutoff can be
 * gained: the node is branched on anyway. */
static const double IFP_MASTER_GAIN_MIN = 0.03;
/* Dual smoothing (Wentges): the weight of the prices of the best bound. */
static const double IFP_MASTER_SMOOTHING = 0.6;
/* Required reduction of the artificial columns in IFP_MASTER_ROUNDS_ARTIFICIAL rounds. */
static const double IFP_MASTER_ARTIFICIAL_REDUCTION = 0.9;
/* The bound is near the LP's objective if they differ by at most this fraction of the bound. */
static const double IFP_MASTER_NEAR = 0.1;

/* Maximum nodes of one pricing search. It begins at the minimum and grows by the factor while
 * searches are cut short, up to the maximum. */
static const double IFP_PRICING_NODES_MIN = 300;
static const double IFP_PRICING_NODES_FACTOR = 5;
static const double IFP_PRICING_NODES_MAX = 2.5e4;
/* The same maximum where a node must be decided, and where only plans are looked for. */
static const double IFP_PRICING_NODES_THOROUGH = 1e6;
static const double IFP_PRICING_NODES_DIVE = 100;

enum {
    /* The master pays off if no configuration may have more replicas: each number of them may have
     * to be priced separately. */
    IFP_MASTER_REPLICAS_MAX = 64,
    IFP_MASTER_ROUNDS_MAX = 2000,    /* rounds of column generation in a solve */
    IFP_MASTER_ROUNDS_STALLED = 200, /* rounds without progress of the LP or of the bound */
    /* Rounds in which the artificial columns must have shrunk. Otherwise the node is probably
     * infeasible and its prices only rise. */
    IFP_MASTER_ROUNDS_ARTIFICIAL = 25,
    /* Rounds if only plans are looked for, and one more for each number of rows of the LP. */
    IFP_MASTER_ROUNDS_DIVE = 10,
    IFP_MASTER_ROUNDS_DIVE_ROWS = 20,
    /* The LP is stuck after this number of iterations plus a number for each row. */
    IFP_MASTER_ITERATIONS_MIN = 1000,
    IFP_MASTER_ITERATIONS_PER_ROW = 50,
    /* Idle patterns are dropped if there are many more than this number plus one for each row: more
     * than so many halves of it after a node's solve, and during it. */
    IFP_MASTER_PATTERNS_MIN = 100,
    IFP_MASTER_PATTERNS_PER_ROW = 2,
    IFP_MASTER_PURGE_AFTER = 3,
    IFP_MASTER_PURGE_WITHIN = 6,
    /* New patterns in one round, and one more for each query type. */
    IFP_PRICING_PATTERNS = 30,
    /* The two-row LP stops after this number of steps and one for each item. Its present shares and
     * bound are valid, but perhaps not the best. */
    IFP_TWO_ROW_STEPS_MIN = 50,
    /* Worst-case rows that are not tight are kept up to this number for each worst case. */
    IFP_WORST_ROWS_PER_BLOCK = 1
};

/* -- the routing LP -- */

enum {
    IFP_ROUTING_SOLVES_MAX = 40, /* solves to make the routes respect the placement */
    IFP_ROUTING_ROUNDS_MAX = 60, /* rounds of violated rows for one LP */
    IFP_ROUTING_ITERATIONS_MAX = 20000,
    IFP_ROUTING_IDLE_ROWS_MAX = 8 /* rows that are not tight are kept up to this number */
};

/* -- branching and the tree -- */

/* Branch on a deployment upwards first if its value is above this. */
static const double IFP_BRANCH_OPEN_UP = 0.3;
/* Within the requested gap, go on for this factor of the nodes and a number more: a better plan may
 * exist within the gap. */
static const double IFP_GAP_NODES_FACTOR = 1.25;

enum {
    IFP_STRONG_CANDIDATES = 16,   /* candidates tried by the compact relaxation */
    IFP_STRONG_ESTIMATED = 3,     /* candidates tried by the master: the best by its estimate */
    IFP_STRONG_ESTIMATES = 12,    /* candidates estimated by the master */
    IFP_STRONG_IDLE = 6,          /* tries without a better score, then stop */
    IFP_STRONG_ITERATIONS = 100,  /* of the compact relaxation, for each side of a candidate */
    IFP_STRONG_GAINS_COMPACT = 4, /* gains on each side from which pseudo-costs are reliable, */
    IFP_STRONG_GAINS_MASTER = 2,  /* by the compact relaxation and by the master */
    IFP_GAP_NODES = 20,
    /* Restart if fewer of the configurations are left. A removable one costs the master only little
     * time in each round of pricing. */
    IFP_RESTART_PERCENT_COMPACT = 90,
    IFP_RESTART_PERCENT_MASTER = 50,
    IFP_TREE_BASES_MAX = 20000,   /* bases that are kept, to bound the memory */
    IFP_TREE_UNDECIDED_MAX = 500, /* undecided nodes at which another search is tried */
    IFP_NESTED_NODES = 200,       /* nodes of a nested search */
    /* Nodes of the master before the other relaxation has its first turn, with and without a plan;
     * iterations of that turn; maximum columns of the compact program for it. */
    IFP_OTHER_NODES = 200,
    IFP_OTHER_NODES_WITHOUT_PLAN = 50,
    IFP_OTHER_ITERATIONS = 30000,
    IFP_OTHER_COLUMNS_MAX = 1000,
    /* Deciding a node in pairs of doubles: entries of the rows and of the dense table, above which
     * it takes too long; passes of bound tightening over the rows. */
    IFP_DECIDE_ENTRIES_MAX = 200000,
    IFP_DECIDE_TABLE_MAX = 250000,
    IFP_DECIDE_PASSES_MAX = 20,
    IFP_DECIDE_STEPS_PER_LINE = 10, /* pivots for each row and column, */
    IFP_DECIDE_STEPS_MIN = 100      /* and more */
};

/* -- local search -- */

/* A premium for meeting a demand that has to be met, as a multiple of the cost of serving
 * nothing. */
static const double IFP_LOCAL_PREMIUM = 16;
/* A random walk accepts a selection that is worse than the last one by at most this fraction of
 * the cost: with one route for each query type, and with a routing LP. */
static const double IFP_SINGLE_WORSE_MAX = 0.03;
static const double IFP_ROUTED_WORSE_MAX = 0.02;
/* Rounding a point: pairs rented by at least the first fraction come first, then those by at least
 * the second. A route is taken if its share is at least the second fraction of its largest one. */
static const double IFP_SINGLE_ROUND_FIRST = 0.9;
static const double IFP_SINGLE_ROUND_THEN = 0.5;
/* Larger numbers of replicas are tried in steps of this factor. */
static const double IFP_ROUTED_REPLICAS_FACTOR = 1.25;

enum {
    IFP_LOCAL_WALK_MAX = 12,     /* selections without improvement until a return to the best */
    IFP_SINGLE_MOVES_MAX = 20,   /* passes of moving query types */
    IFP_SINGLE_RANDOM_TRIES = 6, /* tries to find an addition for a random change */
    IFP_ROUTED_TRIED = 8,        /* most promising additions that are evaluated by an LP */
    IFP_ROUTED_TRIED_MAX = 64,   /* the same when the best plan is improved */
    IFP_ROUTED_BY_PAIR = 2,      /* additions of one pair among them */
    IFP_ROUTED_BY_PAIR_MAX = 4,
    IFP_ROUTED_PROMISING = 12,       /* additions from which a random change chooses */
    IFP_ROUTED_ADDITIONS_MAX = 64,   /* consecutive additions */
    IFP_ROUTED_REPLICAS_ALL = 16,    /* numbers of replicas are tried one by one up to this */
    IFP_ROUTED_DESCENT_SOLVES = 2500 /* LP solves of one descent; most need a tenth of it */
};

/* -- dives, and fixing and solving -- */

/* Patterns with a value above this are fixed together with the first one. */
static const double IFP_DIVE_NEARLY_ONE = 0.999;
/* Candidates with a fraction of at least this are fixed together with the largest one. */
static const double IFP_FIX_NEARLY = 0.8;
static const double IFP_FIX_NEARLY_ROUTE = 0.5;

enum {
    IFP_DIVE_EXCLUDED_DEPTH = 3, /* only patterns fixed at a smaller depth are excluded later */
    IFP_DIVE_FAILURES_MAX = 5,   /* configurations closed in a dive after a failure */
    IFP_DIVE_EXCLUDED_MAX = 8,
    IFP_FIX_STEPS_MAX = 200, /* steps of fixing one integer after the other */
    IFP_FIX_FAILURES_MAX = 4,
    IFP_FIX_PASSES = 10 /* passes of the local search after rounding */
};

/* -- the schedule of heuristics -- */

/* Simplex iterations of nested searches, as a fraction of those of the search itself. */
static const double IFP_NESTED_FRACTION = 0.5;
/* Routes that the local search evaluates before the first bound, and after a dive. */
static const double IFP_SCHEDULE_ROUTES_FIRST = 5e6;
static const double IFP_SCHEDULE_ROUTES_AFTER = 5e7;

enum {
    IFP_SCHEDULE_PASSES_MIN = 10, /* passes of the local search over all configurations */
    IFP_SCHEDULE_PASSES_MAX = 300,
    IFP_SCHEDULE_PASSES_DIVISOR = 5, /* if there is a start plan */
    IFP_SCHEDULE_WALK_SOLVES = 3000, /* LP solves of the random walk with a routing LP */
    IFP_SCHEDULE_WALK_SOLVES_PER_PAIR = 50,
    IFP_SCHEDULE_WALK_DIVISOR = 10, /* if there is a start plan */
    IFP_SCHEDULE_WALK_SOLVES_NODE = 300,
    IFP_SCHEDULE_ROUND_ALL = 30,   /* nodes whose points are all rounded; then one in */
    IFP_SCHEDULE_ROUND_EVERY = 10, /* ten */
    IFP_SCHEDULE_DIVE_NODES = 20,  /* nodes to the second dive; the distance grows */
    IFP_SCHEDULE_DISCREPANCIES = 1,
    IFP_SCHEDULE_DISCREPANCIES_ROOT =
        2, /* at most, with one more for each so many configurations */
    IFP_SCHEDULE_DISCREPANCY_CONFIGURATIONS = 1500,
    IFP_NESTED_ITERATIONS_MIN = 1000,
    IFP_NESTED_ITERATIONS = 30000,
    IFP_NESTED_CONFIGURATIONS = 30,
    IFP_NESTED_ONE_IN = 3 /* after the first nested search, one in three candidates is taken */
};

#endif
