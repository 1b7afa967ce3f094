/* SPDX-License-Identifier: MIT */
/*
 * The best plan of a tiny instance with profiles, by trying every fleet (so many replicas of each
 * operating point) with every set of routes that the placement allows, and solving the shares of
 * each exactly. Written from the formulation; nothing of the library takes part.
 *
 * Under uncertainty each limit in the mean holds at every vertex of the uncertainty set, as in
 * brute.c. Fleets are skipped whose fixed costs and the least that their shares could cost already
 * reach the best plan found.
 */
#include "fleets.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "simplex.h"
#include "vertices.h"

enum deviating { DELAY, ERROR, ATTAINMENT };

struct search {
    const struct loaded *loaded;
    int uncertainty; /* the instance's, or LOADED_NOMINAL for what bounds it from below */
    int points;
    struct point point[LOADED_POINTS];
    bool candidate[LOADED_QUERIES][LOADED_POINTS];
    struct figures figures[LOADED_QUERIES][LOADED_POINTS];
    long double load[LOADED_POINTS][4]; /* L(m - spare) */
    int replicas[LOADED_POINTS];
    unsigned routes[LOADED_QUERIES]; /* which points each query may use, as bits */
    long double rental_usd;
    long double weights_gb;
    long double open_usd; /* the least cost of shares with all routes open */
    struct simplex program;
    long double missed[SIMPLEX_ROWS]; /* of a row of attainment: the target */
    int shares;                       /* its first columns, with what each is a share of */
    int query[SIMPLEX_COLUMNS];
    int to[SIMPLEX_COLUMNS];
    long double best_usd;
    struct fleets best;
};

static long double tokens_of(const struct loaded *loaded, int i)
{
    return (long double)loaded->query[i].input_tokens + loaded->query[i].output_tokens;
}

static long double weights_of(const struct search *search, int o)
{
    const struct point *point = &search->point[o];
    return (long double)search->loaded->model[point->model].weights_gb *
           search->loaded->tier[point->tier].weight_scale;
}

static int degree_of(const struct search *search, int o)
{
    const struct point *point = &search->point[o];
    return (int)search->loaded->tier[point->tier].tp_degrees[point->degree];
}

static long double stored_usd(const struct loaded *loaded, long double gb)
{
    return (long double)loaded->rental_hours * loaded->storage_usd_per_gb_hour * gb;
}

static long double data_usd(const struct loaded *loaded, int i)
{
    return stored_usd(loaded, loaded->query[i].storage_gb_per_token * tokens_of(loaded, i) *
                                  loaded->query[i].rate_per_hour);
}

static long double unmet_usd(const struct loaded *loaded, int i)
{
    return (long double)loaded->penalty_hours * loaded->query[i].unmet_penalty_usd *
           loaded->query[i].rate_per_hour;
}

static long double delay_usd(const struct loaded *loaded, int i, long double ms)
{
    return (long double)loaded->penalty_hours * loaded->query[i].delay_penalty_usd_per_ms *
           loaded->query[i].rate_per_hour * ms;
}

/* What a unit of share is worth in a row of limits, and its deviation. */
static long double nominal_of(const struct search *search, int i, int o, enum deviating what)
{
    const struct point *point = &search->point[o];
    if (what == DELAY)
        return search->figures[i][o].e2e_ms;
    if (what == ATTAINMENT)
        return 1 - search->figures[i][o].attainment;
    return search->loaded->error_rate[i][point->model][point->tier];
}

static long double deviation_of(const struct search *search, int i, int o, enum deviating what)
{
    const struct point *point = &search->point[o];
    return what == DELAY ? search->figures[i][o].e2e_deviation_ms
                         : search->loaded->error_deviation[i][point->model][point->tier];
}

static long double shrink_of(const struct search *search, int o, enum deviating what)
{
    const struct point *point = &search->point[o];
    return what == DELAY ? search->loaded->delay_shrink[point->model][point->tier]
                         : search->loaded->error_shrink[point->model][point->tier];
}

/* The cap of a query's one factor. */
static long double query_cap(const struct search *search, int i, enum deviating what)
{
    long double cap = 1;
    for (int o = 0; o < search->points; o++)
        cap -= search->routes[i] >> o & 1 ? shrink_of(search, o, what) : 0;
    return fmaxl(0, cap);
}

static void find_vertices(const struct search *search, int i, enum deviating what,
                          struct vertices *vertices)
{
    long double caps[LOADED_POINTS] = {0};
    for (int o = 0; o < search->points; o++) {
        bool routed = search->routes[i] >> o & 1;
        if (search->uncertainty == LOADED_BUDGET && routed)
            caps[o] = 1;
        else if (search->uncertainty == LOADED_CELL && routed)
            caps[o] = fmaxl(0, 1 - shrink_of(search, o, what));
    }
    if (search->uncertainty == LOADED_QUERY)
        caps[0] = query_cap(search, i, what);
    vertices_find(vertices, caps, LOADED_POINTS,
                  what == DELAY ? search->loaded->delay_budget : search->loaded->error_budget);
}

static int new_row(struct search *search, enum simplex_relation relation, long double right)
{
    struct simplex *program = &search->program;
    ck_assert_int_lt(program->rows, SIMPLEX_ROWS);
    for (int c = 0; c < SIMPLEX_COLUMNS; c++)
        program->entry[program->rows][c] = 0;
    program->relation[program->rows] = relation;
    search->missed[program->rows] = 0;
    program->right[program->rows] = right;
    return program->rows++;
}

/* Shares first, then the unmet share of each query. */
static void add_columns(struct search *search)
{
    const struct loaded *loaded = search->loaded;
    search->shares = 0;
    for (int i = 0; i < loaded->queries; i++) {
        for (int o = 0; o < search->points; o++) {
            if (!(search->routes[i] >> o & 1))
                continue;
            search->query[search->shares] = i;
            search->to[search->shares] = o;
            search->program.cost[search->shares++] =
                data_usd(loaded, i) + delay_usd(loaded, i, search->figures[i][o].e2e_ms);
        }
    }
    for (int i = 0; i < loaded->queries; i++)
        search->program.cost[search->shares + i] = unmet_usd(loaded, i);
    search->program.columns = search->shares + loaded->queries;
}

/* A limit in the mean, at each vertex. Of what is offered, what is unmet counts as no delay and no
 * error, but as an attainment missed. */
static void add_limit(struct search *search, int i, enum deviating what, long double limit)
{
    bool offered = search->loaded->offered;
    struct vertices vertices;
    find_vertices(search, i, what, &vertices);
    for (int v = 0; v < vertices.count; v++) {
        if (!vertices.full[v])
            continue;
        int row = new_row(search, SIMPLEX_AT_MOST, offered ? limit : 0);
        for (int s = 0; s < search->shares; s++) {
            int o = search->to[s];
            int factor = search->uncertainty == LOADED_QUERY ? 0 : o;
            if (search->query[s] == i)
                search->program.entry[row][s] =
                    nominal_of(search, i, o, what) +
                    deviation_of(search, i, o, what) * vertices.factor[v][factor] -
                    (offered ? 0 : limit);
        }
        if (offered && what == ATTAINMENT)
            search->program.entry[row][search->shares + i] = 1;
        if (what == ATTAINMENT)
            search->missed[row] = 1 - limit;
    }
}

static void add_query_rows(struct search *search)
{
    const struct loaded *loaded = search->loaded;
    for (int i = 0; i < loaded->queries; i++) {
        int demand = new_row(search, SIMPLEX_EQUAL, 1);
        int maximum = new_row(search, SIMPLEX_AT_MOST, loaded->query[i].max_unmet);
        bool by_route = loaded->query[i].limit_basis < 0 ? loaded->route_limits
                                                         : loaded->query[i].limit_basis == 1;
        search->program.entry[demand][search->shares + i] = 1;
        search->program.entry[maximum][search->shares + i] = 1;
        for (int s = 0; s < search->shares; s++)
            search->program.entry[demand][s] = search->query[s] == i;
        if (!by_route && isfinite(loaded->query[i].delay_limit_ms))
            add_limit(search, i, DELAY, loaded->query[i].delay_limit_ms);
        if (!by_route && isfinite(loaded->query[i].error_limit))
            add_limit(search, i, ERROR, loaded->query[i].error_limit);
        if (!isnan(loaded->query[i].attainment_target))
            add_limit(search, i, ATTAINMENT, 1 - (long double)loaded->query[i].attainment_target);
    }
}

/* What deviations may add to the delay cost. */
static void add_cost_rows(struct search *search)
{
    const struct loaded *loaded = search->loaded;
    bool joint = search->uncertainty == LOADED_QUERY;
    int sums = search->uncertainty == LOADED_NOMINAL ? 0 : joint ? 1 : loaded->queries;
    for (int d = 0; d < sums; d++) {
        struct vertices vertices;
        int column = search->program.columns++;
        search->program.cost[column] = 1;
        if (joint) {
            long double caps[LOADED_QUERIES];
            for (int i = 0; i < loaded->queries; i++)
                caps[i] = query_cap(search, i, DELAY);
            vertices_find(&vertices, caps, loaded->queries, loaded->delay_budget);
        } else {
            find_vertices(search, d, DELAY, &vertices);
        }
        for (int v = 0; v < vertices.count; v++) {
            if (!vertices.full[v])
                continue;
            int row = new_row(search, SIMPLEX_AT_MOST, 0);
            search->program.entry[row][column] = -1;
            for (int s = 0; s < search->shares; s++) {
                int i = search->query[s];
                int o = search->to[s];
                if (joint || i == d)
                    search->program.entry[row][s] =
                        delay_usd(loaded, i, search->figures[i][o].e2e_deviation_ms) *
                        vertices.factor[v][joint ? i : o];
            }
        }
    }
}

static void add_point_rows(struct search *search)
{
    for (int o = 0; o < search->points; o++) {
        const struct loaded_profile *profile = points_profile(search->loaded, &search->point[o]);
        int m = search->replicas[o];
        if (!m)
            continue;
        int good = m - (profile ? profile->spare_replicas : 0);
        good = good > 0 ? good : 0;
        int load = new_row(search, SIMPLEX_AT_MOST, search->load[o][m]);
        for (int s = 0; s < search->shares; s++) {
            if (search->to[s] == o)
                search->program.entry[load][s] = search->figures[search->query[s]][o].load;
        }
        if (search->point[o].form == LOADED_POINTS_FORM)
            continue;
        int memory = new_row(search, SIMPLEX_AT_MOST,
                             points_room_gb(search->loaded, &search->point[o]) * good);
        int slots = -1;
        if (search->point[o].form == LOADED_LAW && isfinite(profile->max_sequences))
            slots = new_row(search, SIMPLEX_AT_MOST, (long double)profile->max_sequences * good);
        for (int s = 0; s < search->shares; s++) {
            if (search->to[s] != o)
                continue;
            search->program.entry[memory][s] = search->figures[search->query[s]][o].memory_gb;
            if (slots >= 0)
                search->program.entry[slots][s] = search->figures[search->query[s]][o].slots;
        }
    }
}

/* What is stored and rented, before any data. */
static long double fixed_usd(const struct search *search)
{
    return search->rental_usd + stored_usd(search->loaded, search->weights_gb);
}

static bool same_row(const struct simplex *program, int r, int q)
{
    long double largest = 0;
    long double apart = fabsl(program->right[r] - program->right[q]);
    for (int c = 0; c < program->columns; c++) {
        largest = fmaxl(largest, fabsl(program->entry[q][c]));
        apart = fmaxl(apart, fabsl(program->entry[r][c] - program->entry[q][c]));
    }
    return program->relation[r] == program->relation[q] && apart <= 1e-14L * largest;
}

/* Vertices that differ by rounding alone give such rows, and their difference is no pivot. */
static void drop_same_rows(struct search *search)
{
    struct simplex *program = &search->program;
    int kept = 0;
    for (int r = 0; r < program->rows; r++) {
        bool again = false;
        for (int q = 0; q < kept && !again; q++)
            again = same_row(program, r, q);
        if (again)
            continue;
        memmove(program->entry[kept], program->entry[r], sizeof program->entry[r]);
        program->right[kept] = program->right[r];
        program->relation[kept] = program->relation[r];
        search->missed[kept++] = search->missed[r];
    }
    program->rows = kept;
}

static void build(struct search *search)
{
    const struct loaded *loaded = search->loaded;
    memset(search->program.cost, 0, sizeof search->program.cost);
    search->program.rows = 0;
    add_columns(search);
    add_query_rows(search);
    add_cost_rows(search);
    add_point_rows(search);
    if (isfinite(loaded->budget_usd)) {
        int budget = new_row(search, SIMPLEX_AT_MOST, loaded->budget_usd - fixed_usd(search));
        for (int s = 0; s < search->shares; s++)
            search->program.entry[budget][s] = data_usd(loaded, search->query[s]);
    }
    drop_same_rows(search);
}

static bool solve(struct search *search)
{
    build(search);
    search->best.programs++;
    return simplex_solve(&search->program);
}

/* The least that the shares could cost if each query were alone in the world. */
static long double least_usd(const struct search *search)
{
    long double sum = 0;
    for (int i = 0; i < search->loaded->queries; i++) {
        long double least = unmet_usd(search->loaded, i);
        for (int o = 0; o < search->points; o++) {
            if (search->routes[i] >> o & 1)
                least =
                    fminl(least, data_usd(search->loaded, i) +
                                     delay_usd(search->loaded, i, search->figures[i][o].e2e_ms));
        }
        sum += least;
    }
    return sum;
}

static bool hopeless(const struct search *search, long double more)
{
    const struct loaded *loaded = search->loaded;
    long double usd = fixed_usd(search);
    return search->weights_gb > loaded->storage_gb * (1 + 1e-12L) ||
           usd > loaded->budget_usd * (1 + 1e-12L) ||
           (search->best.feasible && usd + more >= search->best_usd);
}

/* Everything is chosen. */
static void try_plan(struct search *search)
{
    if (hopeless(search, search->open_usd) || hopeless(search, least_usd(search)))
        return;
    if (!solve(search))
        return;
    long double usd = fixed_usd(search) + search->program.objective;
    if (search->best.feasible && usd >= search->best_usd)
        return;
    search->best_usd = usd;
    search->best.feasible = true;
    search->best.objective = (double)usd;
    memcpy(search->best.replicas, search->replicas, sizeof search->replicas);
    memset(search->best.share, 0, sizeof search->best.share);
    for (int s = 0; s < search->shares; s++)
        search->best.share[search->query[s]][search->to[s]] = (double)search->program.point[s];
    for (int i = 0; i < search->loaded->queries; i++)
        search->best.unmet[i] = (double)search->program.point[search->shares + i];
}

/* May one query use these points together? Each is a deployment of its own. */
static bool allowed(const struct search *search, unsigned routes)
{
    for (int o = 0; o < search->points; o++) {
        for (int p = 0; p < o; p++) {
            if (!(routes >> o & 1) || !(routes >> p & 1))
                continue;
            if (search->loaded->placement == LOADED_SINGLE)
                return false;
            if (search->loaded->placement == LOADED_MATCHING &&
                (search->point[o].model == search->point[p].model ||
                 search->point[o].tier == search->point[p].tier))
                return false;
        }
    }
    return true;
}

static unsigned open_routes(const struct search *search, int i)
{
    unsigned routes = 0;
    for (int o = 0; o < search->points; o++)
        routes |= search->replicas[o] && search->candidate[i][o] ? 1u << o : 0;
    return routes;
}

/* Every set of routes for query i and those after it. */
static void choose_routes(struct search *search, int i)
{
    if (i == search->loaded->queries || i == LOADED_QUERIES) {
        try_plan(search);
        return;
    }
    unsigned open = open_routes(search, i);
    unsigned before = search->routes[i];
    for (unsigned routes = 0; routes < 1u << search->points; routes++) {
        long double weights = search->weights_gb;
        if (routes & ~open || !allowed(search, routes))
            continue;
        search->routes[i] = routes;
        for (int o = 0; o < search->points && search->loaded->stored_by_route; o++)
            search->weights_gb += routes >> o & 1 ? weights_of(search, o) : 0;
        choose_routes(search, i + 1);
        search->weights_gb = weights;
    }
    search->routes[i] = before;
}

static bool fits_pool(const struct search *search)
{
    int gpus = 0;
    for (int o = 0; o < search->points; o++)
        gpus += degree_of(search, o) * search->replicas[o];
    return gpus <= search->loaded->pool_gpus;
}

static void try_fleet(struct search *search)
{
    const struct loaded *loaded = search->loaded;
    if (!fits_pool(search))
        return;
    for (int i = 0; i < loaded->queries; i++)
        search->routes[i] = open_routes(search, i);
    search->open_usd = least_usd(search);
    if (hopeless(search, search->open_usd))
        return;
    if (loaded->placement == LOADED_SPLIT && !loaded->stored_by_route) {
        try_plan(search);
        return;
    }
    search->uncertainty = LOADED_NOMINAL;
    bool possible = solve(search);
    search->uncertainty = loaded->uncertainty;
    if (!possible)
        return;
    search->open_usd = search->program.objective;
    choose_routes(search, 0);
}

/* Is another point of the same pair rented already? */
static bool excluded(const struct search *search, int o)
{
    for (int p = 0; p < o && !search->loaded->many_deployments; p++) {
        if (search->replicas[p] && search->point[p].model == search->point[o].model &&
            search->point[p].tier == search->point[o].tier)
            return true;
    }
    return false;
}

static void rent(struct search *search, int o, int m)
{
    search->replicas[o] = m;
    search->rental_usd += (long double)search->loaded->rental_hours *
                          search->loaded->tier[search->point[o].tier].usd_per_hour *
                          degree_of(search, o) * m;
    if (!search->loaded->stored_by_route)
        search->weights_gb += weights_of(search, o);
}

/* Every number of replicas of point o and those after it. */
static void choose_fleet(struct search *search, int o)
{
    if (o == search->points || o == LOADED_POINTS) {
        try_fleet(search);
        return;
    }
    const struct loaded_profile *profile = points_profile(search->loaded, &search->point[o]);
    int least = profile && profile->min_replicas > 1 ? profile->min_replicas : 1;
    long double rental = search->rental_usd;
    long double weights = search->weights_gb;
    search->replicas[o] = 0;
    choose_fleet(search, o + 1);
    if (excluded(search, o) || points_room_gb(search->loaded, &search->point[o]) < 0)
        return;
    for (int m = least; m <= search->loaded->max_replicas; m++) {
        rent(search, o, m);
        choose_fleet(search, o + 1);
        search->rental_usd = rental;
        search->weights_gb = weights;
    }
    search->replicas[o] = 0;
}

static void set_up(struct search *search, const struct loaded *loaded)
{
    struct point points[POINTS_MAX];
    search->loaded = loaded;
    search->uncertainty = loaded->uncertainty;
    search->points = points_find(loaded, points);
    ck_assert_int_le(search->points, LOADED_POINTS);
    search->best.objective = (double)INFINITY;
    search->best.points = search->points;
    for (int o = 0; o < search->points; o++) {
        search->point[o] = search->best.point[o] = points[o];
        for (int i = 0; i < loaded->queries; i++) {
            search->candidate[i][o] = points_candidate(loaded, &points[o], i);
            (void)points_figures(loaded, &points[o], i, &search->figures[i][o]);
        }
        for (int m = 1; m <= loaded->max_replicas && m < 4; m++)
            search->load[o][m] = points_load(loaded, &points[o], m);
    }
}

struct fleets fleets_solve(const struct loaded *loaded)
{
    struct search search = {.loaded = loaded};
    set_up(&search, loaded);
    choose_fleet(&search, 0);
    return search.best;
}

static bool holds(long double used, long double limit)
{
    return used <= limit + 1e-6L * fabsl(limit) + 1e-15L;
}

/* A target of attainment is judged by itself, not by what it leaves to miss. */
static bool row_holds(const struct search *search, int row, long double used, long double limit)
{
    return holds(used + search->missed[row], limit + search->missed[row]);
}

/* Do the shares keep every row? Adds up what they cost. */
static bool rows_hold(const struct search *search, long double *point)
{
    const struct simplex *program = &search->program;
    int first_sum = search->shares + search->loaded->queries;
    for (int r = 0; r < program->rows; r++) {
        long double plus = 0;
        long double minus = 0;
        int sum = first_sum;
        for (int c = 0; c < first_sum; c++) {
            long double term = program->entry[r][c] * point[c];
            *(term > 0 ? &plus : &minus) += term;
        }
        while (sum < program->columns && program->entry[r][sum] == 0)
            sum++;
        if (sum < program->columns)
            point[sum] = fmaxl(point[sum], plus + minus);
        else if (!row_holds(search, r, plus, program->right[r] - minus) ||
                 (program->relation[r] == SIMPLEX_EQUAL && !holds(program->right[r], plus + minus)))
            return false;
    }
    return true;
}

double fleets_cost(const struct loaded *loaded, const struct fleets *plan)
{
    struct search search = {.loaded = loaded};
    long double point[SIMPLEX_COLUMNS] = {0};
    set_up(&search, loaded);
    bool good = true;
    for (int o = 0; o < search.points; o++) {
        const struct loaded_profile *profile = points_profile(loaded, &search.point[o]);
        int m = plan->replicas[o];
        if (!m)
            continue;
        good &= !excluded(&search, o) && m <= loaded->max_replicas &&
                (!profile || m >= profile->min_replicas) &&
                points_room_gb(loaded, &search.point[o]) >= 0;
        rent(&search, o, m);
    }
    for (int i = 0; i < loaded->queries; i++) {
        for (int o = 0; o < search.points; o++) {
            if (plan->share[i][o] <= 0)
                continue;
            search.routes[i] |= 1u << o;
            search.weights_gb += loaded->stored_by_route ? weights_of(&search, o) : 0;
        }
        good &=
            !(search.routes[i] & ~open_routes(&search, i)) && allowed(&search, search.routes[i]);
    }
    if (!good || !fits_pool(&search) || !holds(search.weights_gb, loaded->storage_gb))
        return (double)NAN;
    build(&search);
    for (int s = 0; s < search.shares; s++)
        point[s] = plan->share[search.query[s]][search.to[s]];
    for (int i = 0; i < loaded->queries; i++)
        point[search.shares + i] = plan->unmet[i];
    if (!rows_hold(&search, point))
        return (double)NAN;
    long double usd = fixed_usd(&search);
    for (int c = 0; c < search.program.columns; c++)
        usd += search.program.cost[c] * point[c];
    return (double)usd;
}
