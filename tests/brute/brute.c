/* SPDX-License-Identifier: MIT */
/*
 * The best plan of a tiny instance, by trying every set of deployments (at most one degree and
 * number of replicas for each pair) with every set of routes that the placement allows, and
 * solving the shares of each exactly. Written from the formulation; nothing of the library takes
 * part.
 *
 * Under uncertainty each delay and error limit holds at every vertex of the uncertainty set, which
 * has a row of its own, and the delay cost has a variable that is at least what each vertex makes
 * of it. No worst case is known beforehand, and nothing is dual.
 *
 * Two things are skipped, because they cannot be best: sets whose fixed costs and the least that
 * their shares could cost with all routes open already reach the best plan found.
 */
#include "brute.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "simplex.h"
#include "vertices.h"

struct search {
    const struct tiny *tiny;
    int uncertainty;   /* tiny's, or TINY_NOMINAL for what bounds it from below */
    long double slack; /* fraction by which limits are relaxed */
    int pairs;
    int degree_index[TINY_PAIRS];
    int replicas[TINY_PAIRS]; /* 0: not rented */
    long double rental_usd;
    long double weights_gb;                 /* W of the deployments and routes chosen */
    unsigned routes[TINY_QUERIES];          /* which pairs each query may use, as bits */
    long double open_usd;                   /* the least cost of shares with all routes open */
    double share[TINY_QUERIES][TINY_PAIRS]; /* of the latest program, with the unmet shares */
    double unmet[TINY_QUERIES];
    long double best_usd;
    struct brute best;
};

static int model_of(const struct tiny *tiny, int pair)
{
    return pair / tiny->tiers;
}

static int tier_of(const struct tiny *tiny, int pair)
{
    return pair % tiny->tiers;
}

static long double tokens_of(const struct tiny *tiny, int i)
{
    return (long double)tiny->query[i].input_tokens + tiny->query[i].output_tokens;
}

static long double weights_of(const struct tiny *tiny, int pair)
{
    return (long double)tiny->model[model_of(tiny, pair)].weights_gb *
           tiny->tier[tier_of(tiny, pair)].weight_scale;
}

static bool measured(const struct tiny *tiny, int i, int pair)
{
    int j = model_of(tiny, pair);
    int k = tier_of(tiny, pair);
    return !isnan(tiny->delay_ms_per_token[i][j][k]) && !isnan(tiny->error_rate[i][j][k]);
}

static long double delay_ms(const struct tiny *tiny, int i, int pair, int degree_index)
{
    int k = tier_of(tiny, pair);
    return tiny->delay_ms_per_token[i][model_of(tiny, pair)][k] * tokens_of(tiny, i) /
           tiny->tier[k].tp_speedup[degree_index];
}

static long double error_rate(const struct tiny *tiny, int i, int pair)
{
    return tiny->error_rate[i][model_of(tiny, pair)][tier_of(tiny, pair)];
}

enum deviating { DELAY, ERROR };

static long double delay_deviation_ms(const struct tiny *tiny, int i, int pair, int degree_index)
{
    int k = tier_of(tiny, pair);
    return tiny->delay_deviation_ms_per_token[i][model_of(tiny, pair)][k] * tokens_of(tiny, i) /
           tiny->tier[k].tp_speedup[degree_index];
}

static long double error_deviation(const struct tiny *tiny, int i, int pair)
{
    return tiny->error_deviation[i][model_of(tiny, pair)][tier_of(tiny, pair)];
}

static long double shrink_of(const struct tiny *tiny, int pair, enum deviating what)
{
    int j = model_of(tiny, pair);
    int k = tier_of(tiny, pair);
    return what == DELAY ? tiny->delay_shrink[j][k] : tiny->error_shrink[j][k];
}

/* max(0, 1 - sum of the shrinks of the routes), the cap of a query type's one factor */
static long double query_cap(const struct tiny *tiny, unsigned routes, enum deviating what)
{
    long double cap = 1;
    for (int p = 0; p < tiny->models * tiny->tiers; p++) {
        if (routes >> p & 1)
            cap -= shrink_of(tiny, p, what);
    }
    return fmaxl(0, cap);
}

/* Which factor of a query type's vertices goes with a pair. */
static int factor_of(int uncertainty, int pair)
{
    return uncertainty == TINY_QUERY ? 0 : pair;
}

/* How far a query type with these routes may deviate from its nominal delays, or error rates. */
static void find_vertices(const struct tiny *tiny, int uncertainty, unsigned routes,
                          enum deviating what, struct vertices *vertices)
{
    long double caps[TINY_PAIRS] = {0};
    for (int p = 0; p < tiny->models * tiny->tiers; p++) {
        if (uncertainty == TINY_BUDGET && routes >> p & 1)
            caps[p] = 1;
        else if (uncertainty == TINY_CELL && routes >> p & 1)
            caps[p] = fmaxl(0, 1 - shrink_of(tiny, p, what));
    }
    if (uncertainty == TINY_QUERY)
        caps[0] = query_cap(tiny, routes, what);
    vertices_find(vertices, caps, TINY_PAIRS,
                  what == DELAY ? tiny->delay_budget : tiny->error_budget);
}

/* How far all query types together may deviate, where that is a factor for each. */
static void find_joint_vertices(const struct tiny *tiny, const unsigned *routes,
                                struct vertices *vertices)
{
    long double caps[TINY_QUERIES];
    for (int i = 0; i < tiny->queries; i++)
        caps[i] = query_cap(tiny, routes[i], DELAY);
    vertices_find(vertices, caps, tiny->queries, tiny->delay_budget);
}

static long double kv_gb(const struct tiny *tiny, int i, int pair)
{
    int j = model_of(tiny, pair);
    int k = tier_of(tiny, pair);
    return (long double)tiny->tier[k].kv_scale * tiny->model[j].kv_gb_per_token *
           tokens_of(tiny, i) * tiny->query[i].rate_per_hour * tiny->kv_residency_hours[i][j][k];
}

static long double tflops(const struct tiny *tiny, int i, int pair)
{
    return (long double)tiny->query[i].tflop_per_1k_tokens *
           tiny->model[model_of(tiny, pair)].compute_scale / 1000 * tokens_of(tiny, i) *
           (tiny->query[i].rate_per_hour / 3600);
}

static long double data_usd(const struct tiny *tiny, int i)
{
    return (long double)tiny->rental_hours * tiny->storage_usd_per_gb_hour *
           tiny->query[i].storage_gb_per_token * tokens_of(tiny, i) * tiny->query[i].rate_per_hour;
}

static long double storage_usd(const struct tiny *tiny, long double gb)
{
    return (long double)tiny->rental_hours * tiny->storage_usd_per_gb_hour * gb;
}

static long double unmet_usd(const struct tiny *tiny, int i)
{
    return (long double)tiny->penalty_hours * tiny->query[i].unmet_penalty_usd *
           tiny->query[i].rate_per_hour;
}

static long double delay_usd(const struct tiny *tiny, int i, long double ms)
{
    return (long double)tiny->penalty_hours * tiny->query[i].delay_penalty_usd_per_ms *
           tiny->query[i].rate_per_hour * ms;
}

/* Room of one replica: (C_k - B_j wk_k / n) n, below 0 where the shard does not fit. */
static long double capacity_gb(const struct tiny *tiny, int pair, int degree_index)
{
    int k = tier_of(tiny, pair);
    return (long double)tiny->tier[k].memory_gb * tiny->tier[k].tp_degrees[degree_index] -
           weights_of(tiny, pair);
}

/* Does a weight shard fit on one GPU? */
static bool fits(const struct search *search, int pair, int degree_index)
{
    const struct tiny *tiny = search->tiny;
    return capacity_gb(tiny, pair, degree_index) +
               search->slack * tiny->tier[tier_of(tiny, pair)].memory_gb *
                   tiny->tier[tier_of(tiny, pair)].tp_degrees[degree_index] >=
           0;
}

static long double capacity_tflops(const struct tiny *tiny, int pair, int degree_index)
{
    int k = tier_of(tiny, pair);
    return (long double)tiny->tier[k].tflops * tiny->tier[k].tp_degrees[degree_index];
}

static int new_row(struct simplex *program, enum simplex_relation relation, long double right)
{
    ck_assert_int_lt(program->rows, SIMPLEX_ROWS);
    for (int c = 0; c < SIMPLEX_COLUMNS; c++)
        program->entry[program->rows][c] = 0;
    program->relation[program->rows] = relation;
    program->right[program->rows] = right;
    return program->rows++;
}

struct share {
    int query;
    int pair;
};

/* The shares of what is chosen: their columns first, then one of unmet demand for each query. */
static int add_columns(const struct search *search, struct simplex *program, struct share *shares)
{
    const struct tiny *tiny = search->tiny;
    int count = 0;
    for (int i = 0; i < tiny->queries; i++) {
        for (int p = 0; p < search->pairs; p++) {
            if (!(search->routes[i] >> p & 1))
                continue;
            shares[count] = (struct share){i, p};
            program->cost[count++] =
                data_usd(tiny, i) +
                delay_usd(tiny, i, delay_ms(tiny, i, p, search->degree_index[p]));
        }
    }
    for (int i = 0; i < tiny->queries; i++)
        program->cost[count + i] = unmet_usd(tiny, i);
    program->columns = count + tiny->queries;
    return count;
}

/* The limit at one vertex, whose factors are given. */
static void add_limit_row(const struct search *search, struct simplex *program,
                          const struct share *shares, int count, int i, enum deviating what,
                          const long double *factor)
{
    const struct tiny *tiny = search->tiny;
    long double limit =
        (what == DELAY ? tiny->query[i].delay_limit_ms : tiny->query[i].error_limit) *
        (1 + search->slack);
    int row = new_row(program, SIMPLEX_AT_MOST, tiny->offered ? limit : 0);
    for (int s = 0; s < count; s++) {
        int p = shares[s].pair;
        int n = search->degree_index[p];
        long double rate = what == DELAY ? delay_ms(tiny, i, p, n) : error_rate(tiny, i, p);
        long double more =
            what == DELAY ? delay_deviation_ms(tiny, i, p, n) : error_deviation(tiny, i, p);
        rate += more * factor[factor_of(search->uncertainty, p)];
        if (shares[s].query == i)
            program->entry[row][s] = tiny->offered ? rate : rate - limit;
    }
}

static void add_query_rows(const struct search *search, struct simplex *program,
                           const struct share *shares, int count)
{
    const struct tiny *tiny = search->tiny;
    for (int i = 0; i < tiny->queries; i++) {
        int demand = new_row(program, SIMPLEX_EQUAL, 1);
        int maximum = new_row(program, SIMPLEX_AT_MOST, tiny->query[i].max_unmet + search->slack);
        double limits[] = {tiny->query[i].delay_limit_ms, tiny->query[i].error_limit};
        program->entry[demand][count + i] = 1;
        program->entry[maximum][count + i] = 1;
        for (int s = 0; s < count; s++)
            program->entry[demand][s] = shares[s].query == i;
        for (int l = DELAY; l <= ERROR; l++) {
            struct vertices vertices;
            if (isinf(limits[l]))
                continue;
            find_vertices(tiny, search->uncertainty, search->routes[i], (enum deviating)l,
                          &vertices);
            for (int v = 0; v < vertices.count; v++) {
                if (vertices.full[v])
                    add_limit_row(search, program, shares, count, i, (enum deviating)l,
                                  vertices.factor[v]);
            }
        }
    }
}

/* What deviations may add to the delay cost: a column for each query type, or at level query one
 * for all, and a row that it is at least so much for each vertex. */
static void add_cost_rows(const struct search *search, struct simplex *program,
                          const struct share *shares, int count)
{
    const struct tiny *tiny = search->tiny;
    bool joint = search->uncertainty == TINY_QUERY;
    int sums = search->uncertainty == TINY_NOMINAL ? 0 : joint ? 1 : tiny->queries;
    for (int d = 0; d < sums; d++) {
        struct vertices vertices;
        int column = program->columns++;
        program->cost[column] = 1;
        if (joint)
            find_joint_vertices(tiny, search->routes, &vertices);
        else
            find_vertices(tiny, search->uncertainty, search->routes[d], DELAY, &vertices);
        for (int v = 0; v < vertices.count; v++) {
            if (!vertices.full[v])
                continue;
            int row = new_row(program, SIMPLEX_AT_MOST, 0);
            program->entry[row][column] = -1;
            for (int s = 0; s < count; s++) {
                int i = shares[s].query;
                int p = shares[s].pair;
                long double ms = delay_deviation_ms(tiny, i, p, search->degree_index[p]);
                if (joint || i == d)
                    program->entry[row][s] =
                        delay_usd(tiny, i, ms) * vertices.factor[v][joint ? i : p];
            }
        }
    }
}

static void add_pair_rows(const struct search *search, struct simplex *program,
                          const struct share *shares, int count)
{
    const struct tiny *tiny = search->tiny;
    for (int p = 0; p < search->pairs; p++) {
        if (!search->replicas[p])
            continue;
        int n = search->degree_index[p];
        long double replicas = search->replicas[p] * (1 + search->slack);
        int memory =
            new_row(program, SIMPLEX_AT_MOST, fmaxl(0, capacity_gb(tiny, p, n)) * replicas);
        int compute = new_row(program, SIMPLEX_AT_MOST, capacity_tflops(tiny, p, n) * replicas);
        for (int s = 0; s < count; s++) {
            if (shares[s].pair != p)
                continue;
            program->entry[memory][s] = kv_gb(tiny, shares[s].query, p);
            program->entry[compute][s] = tflops(tiny, shares[s].query, p);
        }
    }
}

/* The least cost of the shares; false where there are none. */
static bool solve_shares(struct search *search, long double *usd)
{
    const struct tiny *tiny = search->tiny;
    struct simplex program = {.rows = 0};
    struct share shares[TINY_QUERIES * TINY_PAIRS];
    int count = add_columns(search, &program, shares);
    long double spent = search->rental_usd + storage_usd(tiny, search->weights_gb);
    add_query_rows(search, &program, shares, count);
    add_cost_rows(search, &program, shares, count);
    add_pair_rows(search, &program, shares, count);
    if (isfinite(tiny->budget_usd)) {
        int budget =
            new_row(&program, SIMPLEX_AT_MOST, tiny->budget_usd * (1 + search->slack) - spent);
        for (int s = 0; s < count; s++)
            program.entry[budget][s] = data_usd(tiny, shares[s].query);
    }
    search->best.programs++;
    if (!simplex_solve(&program))
        return false;
    *usd = program.objective;
    memset(search->share, 0, sizeof search->share);
    for (int s = 0; s < count; s++)
        search->share[shares[s].query][shares[s].pair] = (double)program.point[s];
    for (int i = 0; i < tiny->queries; i++)
        search->unmet[i] = (double)program.point[count + i];
    return true;
}

/* By how little a limit may be exceeded beyond the slack: rounding, no more. */
static bool within(const struct search *search, long double used, long double limit)
{
    return used <= limit * (1 + search->slack) + 1e-12L * fmaxl(1, fabsl(limit));
}

/* Everything is chosen. */
static void try_plan(struct search *search)
{
    const struct tiny *tiny = search->tiny;
    long double fixed = search->rental_usd + storage_usd(tiny, search->weights_gb);
    long double usd;
    if (!within(search, search->weights_gb, tiny->storage_gb) ||
        !within(search, fixed, tiny->budget_usd) ||
        (search->best.feasible && fixed + search->open_usd >= search->best_usd))
        return;
    if (!solve_shares(search, &usd) || (search->best.feasible && fixed + usd >= search->best_usd))
        return;
    search->best_usd = fixed + usd;
    search->best.feasible = true;
    search->best.objective = (double)search->best_usd;
    memcpy(search->best.degree_index, search->degree_index, sizeof search->degree_index);
    memcpy(search->best.replicas, search->replicas, sizeof search->replicas);
    memcpy(search->best.share, search->share, sizeof search->share);
    memcpy(search->best.unmet, search->unmet, sizeof search->unmet);
}

/* Do the pairs go together as the routes of one query? */
static bool allowed(const struct search *search, int i, unsigned routes)
{
    const struct tiny *tiny = search->tiny;
    for (int p = 0; p < search->pairs; p++) {
        if (!(routes >> p & 1))
            continue;
        if (!search->replicas[p] || !measured(tiny, i, p))
            return false;
        for (int o = 0; o < p; o++) {
            if (!(routes >> o & 1))
                continue;
            if (tiny->placement == TINY_SINGLE)
                return false;
            if (tiny->placement == TINY_MATCHING &&
                (model_of(tiny, o) == model_of(tiny, p) || tier_of(tiny, o) == tier_of(tiny, p)))
                return false;
        }
    }
    return true;
}

/* Every set of routes for query i and those after it. */
static void choose_routes(struct search *search, int i)
{
    const struct tiny *tiny = search->tiny;
    if (i == tiny->queries || i == TINY_QUERIES) {
        try_plan(search);
        return;
    }
    for (unsigned routes = 0; routes < 1u << search->pairs; routes++) {
        long double weights = search->weights_gb;
        if (!allowed(search, i, routes))
            continue;
        search->routes[i] = routes;
        for (int p = 0; p < search->pairs && tiny->stored_by_route; p++) {
            if (routes >> p & 1)
                search->weights_gb += weights_of(tiny, p);
        }
        choose_routes(search, i + 1);
        search->weights_gb = weights;
    }
}

static double gpus_of(const struct tiny *tiny, const int *degree_index, const int *replicas,
                      int pool)
{
    double gpus = 0;
    for (int p = 0; p < tiny->models * tiny->tiers; p++) {
        int k = tier_of(tiny, p);
        if (tiny->tier[k].pool == pool)
            gpus += tiny->tier[k].tp_degrees[degree_index[p]] * replicas[p];
    }
    return gpus;
}

/* The deployments are chosen. */
static void try_deployments(struct search *search)
{
    const struct tiny *tiny = search->tiny;
    for (int pool = 0; pool < tiny->pools; pool++) {
        if (gpus_of(tiny, search->degree_index, search->replicas, pool) > tiny->pool_gpus[pool])
            return;
    }
    for (int i = 0; i < tiny->queries; i++) {
        search->routes[i] = 0;
        for (int p = 0; p < search->pairs; p++) {
            if (search->replicas[p] && measured(tiny, i, p))
                search->routes[i] |= 1u << p;
        }
    }
    search->open_usd = 0;
    long double fixed = search->rental_usd + storage_usd(tiny, search->weights_gb);
    /* Caps of query types follow from their routes: with all routes open there are none to hold. */
    if (tiny->uncertainty == TINY_QUERY)
        search->uncertainty = TINY_NOMINAL;
    bool possible =
        within(search, fixed, tiny->budget_usd) && solve_shares(search, &search->open_usd);
    search->uncertainty = tiny->uncertainty;
    if (!possible || (search->best.feasible && fixed + search->open_usd >= search->best_usd))
        return;
    if (tiny->placement == TINY_SPLIT && !tiny->stored_by_route)
        try_plan(search);
    else
        choose_routes(search, 0);
}

/* Every way to rent the pair and those after it. */
static void choose_deployments(struct search *search, int pair)
{
    const struct tiny *tiny = search->tiny;
    if (pair == search->pairs || pair == TINY_PAIRS) {
        try_deployments(search);
        return;
    }
    int k = tier_of(tiny, pair);
    search->replicas[pair] = 0;
    search->degree_index[pair] = 0;
    choose_deployments(search, pair + 1);
    for (int n = 0; n < tiny->tier[k].degrees; n++) {
        if (!fits(search, pair, n))
            continue;
        for (int m = 1; m <= tiny->max_replicas; m++) {
            long double rental = search->rental_usd;
            long double weights = search->weights_gb;
            search->replicas[pair] = m;
            search->degree_index[pair] = n;
            search->rental_usd += (long double)tiny->rental_hours * tiny->tier[k].usd_per_hour *
                                  tiny->tier[k].tp_degrees[n] * m;
            if (!tiny->stored_by_route)
                search->weights_gb += weights_of(tiny, pair);
            choose_deployments(search, pair + 1);
            search->rental_usd = rental;
            search->weights_gb = weights;
        }
    }
    search->replicas[pair] = 0;
}

struct brute brute_solve(const struct tiny *tiny)
{
    return brute_solve_relaxed(tiny, 0);
}

struct brute brute_solve_relaxed(const struct tiny *tiny, double slack)
{
    struct search search = {.tiny = tiny,
                            .uncertainty = tiny->uncertainty,
                            .slack = slack,
                            .pairs = tiny->models * tiny->tiers,
                            .best = {.objective = (double)INFINITY}};
    choose_deployments(&search, 0);
    return search.best;
}

struct brute brute_route(const struct tiny *tiny, const int degree_index[TINY_PAIRS],
                         const int replicas[TINY_PAIRS])
{
    struct search search = {.tiny = tiny,
                            .uncertainty = tiny->uncertainty,
                            .pairs = tiny->models * tiny->tiers,
                            .best = {.objective = (double)INFINITY}};
    for (int p = 0; p < search.pairs; p++) {
        int k = tier_of(tiny, p);
        int n = degree_index[p];
        search.degree_index[p] = n;
        search.replicas[p] = replicas[p];
        search.rental_usd += (long double)tiny->rental_hours * tiny->tier[k].usd_per_hour *
                             tiny->tier[k].tp_degrees[n] * replicas[p];
        if (replicas[p] && !tiny->stored_by_route)
            search.weights_gb += weights_of(tiny, p);
        if (replicas[p] && !fits(&search, p, n))
            return search.best;
    }
    try_deployments(&search);
    return search.best;
}

static bool holds(long double used, long double limit)
{
    return used <= limit * (1 + 1e-6L) || used <= 1e-300L;
}

/* A plan as it is added up. */
struct account {
    const struct tiny *tiny;
    const int *degree_index;
    const int *replicas;
    double (*share)[TINY_PAIRS];
    long double rental;
    long double weights; /* W */
    long double data;
    long double penalties;
    unsigned routes[TINY_QUERIES];
    long double more_usd[TINY_QUERIES]; /* of delay, for each unit of a query type's one factor */
    bool good;
};

/* The largest sum of what is added for each unit of each factor. */
static long double worst_of(const struct vertices *vertices, const long double *more, int factors)
{
    long double worst = 0;
    for (int v = 0; v < vertices->count; v++) {
        long double sum = 0;
        for (int n = 0; n < factors; n++)
            sum += more[n] * vertices->factor[v][n];
        worst = fmaxl(worst, sum);
    }
    return worst;
}

static void add_pair(struct account *account, int p)
{
    const struct tiny *tiny = account->tiny;
    int k = tier_of(tiny, p);
    int n = account->degree_index[p];
    int m = account->replicas[p];
    long double kv = 0;
    long double compute = 0;
    for (int i = 0; i < tiny->queries; i++) {
        if (account->share[i][p] <= 0)
            continue;
        account->good &= m > 0 && measured(tiny, i, p);
        kv += kv_gb(tiny, i, p) * account->share[i][p];
        compute += tflops(tiny, i, p) * account->share[i][p];
        if (tiny->stored_by_route)
            account->weights += weights_of(tiny, p);
    }
    if (!m)
        return;
    account->rental += (long double)tiny->rental_hours * tiny->tier[k].usd_per_hour *
                       tiny->tier[k].tp_degrees[n] * m;
    if (!tiny->stored_by_route)
        account->weights += weights_of(tiny, p);
    /* KV load is judged by what the weights leave, and these by all there is. */
    account->good &= m <= tiny->max_replicas && holds(kv, capacity_gb(tiny, p, n) * m) &&
                     holds(weights_of(tiny, p), capacity_gb(tiny, p, n) + weights_of(tiny, p)) &&
                     holds(compute, capacity_tflops(tiny, p, n) * m);
}

static void add_query(struct account *account, int i, double unmet)
{
    const struct tiny *tiny = account->tiny;
    struct search search = {.tiny = tiny, .pairs = tiny->models * tiny->tiers};
    struct vertices vertices;
    unsigned routes = 0;
    int fractions = 0;
    long double served = 0;
    long double ms = 0;
    long double errors = 0;
    long double more_ms[TINY_PAIRS] = {0}; /* for each unit of a factor */
    long double more_errors[TINY_PAIRS] = {0};
    for (int p = 0; p < search.pairs; p++) {
        long double share = account->share[i][p];
        search.replicas[p] = account->replicas[p];
        if (share <= 0)
            continue;
        routes |= 1u << p;
        fractions++;
        served += share;
        ms += delay_ms(tiny, i, p, account->degree_index[p]) * share;
        errors += error_rate(tiny, i, p) * share;
        int factor = factor_of(tiny->uncertainty, p);
        more_ms[factor] += delay_deviation_ms(tiny, i, p, account->degree_index[p]) * share;
        more_errors[factor] += error_deviation(tiny, i, p) * share;
    }
    account->routes[i] = routes;
    account->more_usd[i] = delay_usd(tiny, i, more_ms[0]);
    /* What is neither served nor unmet counts as unmet, except what rounding to doubles leaves. */
    long double missing = 1 - served - unmet;
    if (missing <= (fractions + 1) * (DBL_EPSILON / 2) || missing > 1e-6L)
        missing = 0;
    account->penalties += delay_usd(tiny, i, ms) + unmet_usd(tiny, i) * (unmet + missing);
    find_vertices(tiny, tiny->uncertainty, routes, DELAY, &vertices);
    long double worst_ms = worst_of(&vertices, more_ms, TINY_PAIRS);
    if (tiny->uncertainty != TINY_QUERY)
        account->penalties += delay_usd(tiny, i, worst_ms);
    find_vertices(tiny, tiny->uncertainty, routes, ERROR, &vertices);
    long double worst_errors = worst_of(&vertices, more_errors, TINY_PAIRS);
    long double of = tiny->offered ? 1 : served;
    account->good &= allowed(&search, i, routes) && fabsl(served + unmet - 1) <= 1e-6L &&
                     unmet >= -1e-6 && unmet <= tiny->query[i].max_unmet + 1e-6;
    /* Without a served share there is nothing that a limit could be held against. */
    if (served > 0)
        account->good &= holds(ms + worst_ms, tiny->query[i].delay_limit_ms * of) &&
                         holds(errors + worst_errors, tiny->query[i].error_limit * of);
    account->data += data_usd(tiny, i) * served;
}

double brute_cost(const struct tiny *tiny, const int degree_index[TINY_PAIRS],
                  const int replicas[TINY_PAIRS], double share[TINY_QUERIES][TINY_PAIRS],
                  const double unmet[TINY_QUERIES])
{
    struct account account = {.tiny = tiny,
                              .degree_index = degree_index,
                              .replicas = replicas,
                              .share = share,
                              .good = true};
    for (int p = 0; p < tiny->models * tiny->tiers; p++)
        add_pair(&account, p);
    for (int i = 0; i < tiny->queries; i++)
        add_query(&account, i, unmet[i]);
    if (tiny->uncertainty == TINY_QUERY) {
        struct vertices vertices;
        find_joint_vertices(tiny, account.routes, &vertices);
        account.penalties += worst_of(&vertices, account.more_usd, tiny->queries);
    }
    for (int pool = 0; pool < tiny->pools; pool++)
        account.good &= gpus_of(tiny, degree_index, replicas, pool) <= tiny->pool_gpus[pool];
    long double storage = storage_usd(tiny, account.weights) + account.data;
    account.good &= holds(account.weights, tiny->storage_gb) &&
                    holds(account.rental + storage, tiny->budget_usd);
    return account.good ? (double)(account.rental + storage + account.penalties) : (double)NAN;
}
