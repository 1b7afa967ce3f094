/* SPDX-License-Identifier: MIT */
/* The compact program of operating points: its rows and columns by hand, its names in exports, and
 * the engine's optimum against trying every number of replicas, with routes by another LP solver.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "brute/simplex.h"
#include "milp/export.h"
#include "milp/milp.h"
#include "support/plain_numbers.h"
#include "support/random.h"
#include "support/suite.h"

static ifp_instance *instance;
static struct ifp_problem *problem;
static struct ifp_milp *milp;

static void read_text(const char *text)
{
    ifp_error *error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
    instance = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    ifp_error_free(error);
}

static void build(const char *text)
{
    struct ifp_error error = {0};
    read_text(text);
    ck_assert_msg(ifp_problem_new(instance, NULL, &problem, &error) == IFP_OK, "%s", error.message);
    ck_assert_msg(ifp_milp_new(problem, NULL, &milp, &error) == IFP_OK, "%s", error.message);
    ck_assert_msg(ifp_milp_complete(problem, milp, NULL, &error) == IFP_OK, "%s", error.message);
}

static void destroy(void)
{
    ifp_milp_free(milp);
    ifp_problem_free(problem);
    ifp_instance_free(instance);
}

/* Two query types of 3600 requests an hour, one model, one tier; POLICY is inserted into the
 * policy, and PROFILE is the profile behind its model, tier and degree. */
static char whole[4000];

static const char *text_of(const char *policy, const char *profile)
{
    (void)snprintf(
        whole, sizeof whole,
        "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"load\","
        " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
        " \"policy\": {%s},"
        " \"queries\": [{\"name\": \"a\", \"input_tokens\": 100, \"output_tokens\": 10,"
        "   \"rate_per_hour\": 3600, \"unmet_penalty_usd\": 1},"
        "  {\"name\": \"b\", \"input_tokens\": 10, \"output_tokens\": 100, \"rate_per_hour\": 3600,"
        "   \"unmet_penalty_usd\": 1}],"
        " \"models\": [{\"name\": \"M\", \"weights_gb\": 10, \"kv_gb_per_token\": 0.01}],"
        " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 30, \"tflops\": 1, \"usd_per_hour\": 1,"
        "   \"tp_degrees\": [1, 2]}],"
        " \"profiles\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1, %s}],"
        " \"performance\": {\"error_rate\": 0}}",
        policy, profile);
    return whole;
}

static double entry(size_t row, size_t column)
{
    for (size_t e = milp->start[row]; e < milp->start[row + 1]; e++) {
        if (milp->index[e] == column)
            return milp->value[e];
    }
    return 0;
}

static size_t length(size_t row)
{
    return milp->start[row + 1] - milp->start[row];
}

static size_t find_row(enum ifp_row_kind kind, size_t first)
{
    for (size_t r = 0; r < milp->row_count; r++) {
        if (milp->rows[r].kind == kind && milp->rows[r].first == first)
            return r;
    }
    return SIZE_MAX;
}

static size_t row_of(enum ifp_row_kind kind, size_t first)
{
    size_t row = find_row(kind, first);
    ck_assert_msg(row != SIZE_MAX, "no row of kind %d for %zu", (int)kind, first);
    ck_assert_double_eq(milp->row_upper[row], 0);
    ck_assert_double_eq(
        milp->row_lower[row],
        kind == IFP_ROW_EXACTLY_ONE || kind == IFP_ROW_EXACTLY_COUNT ? 0 : (double)-INFINITY);
    return row;
}

static void expect_entry(size_t row, size_t column, double value)
{
    ck_assert_double_eq_tol(entry(row, column), value, 1e-12 * fmax(1, fabs(value)));
}

/* Both query types together fill 3.6 + 1.2 replicas; one is spare, and at least two are rented. */
static const char measured[] =
    "\"spare_replicas\": 1, \"min_replicas\": 3, \"headroom\": {\"table\": [0, 1.5, 2.75, 4.5]},"
    " \"points\": [{\"name\": \"p 1\", \"tpot_ms\": 20, \"queries\": {"
    "  \"a\": {\"rate_per_hour\": 1000, \"ttft_ms\": 100},"
    "  \"b\": {\"rate_per_hour\": 3000, \"ttft_ms\": 100}}}]";

/* A table makes a column for every number of replicas. */
START_TEST(rows_of_a_table)
{
    build(text_of("\"max_replicas\": 9", measured));
    ck_assert_uint_eq(problem->configuration_count, 1);
    /* L(4) = 4.5 and then 1.75 more for each: L(5) = 6.25 holds all 4.8, so that 6 are enough. */
    ck_assert_double_eq(problem->configurations[0].max_replicas, 6);
    ck_assert_double_eq(problem->configurations[0].min_replicas, 3);
    size_t first;
    size_t last;
    ck_assert(ifp_milp_exactly_range(milp, 0, &first, &last));
    ck_assert_uint_eq(last - first, 3);
    const double loads[] = {1.5, 2.75, 4.5, 6.25};
    size_t one = row_of(IFP_ROW_EXACTLY_ONE, 0);
    size_t count = row_of(IFP_ROW_EXACTLY_COUNT, 0);
    size_t load = row_of(IFP_ROW_LOAD, 0);
    for (size_t v = first; v <= last; v++) {
        double replicas = 3 + (double)(v - first);
        ck_assert_int_eq(milp->columns[v].kind, IFP_COLUMN_EXACTLY);
        ck_assert_uint_eq(milp->columns[v].second, (size_t)replicas);
        ck_assert(milp->integer[v] && milp->upper[v] == 1 && milp->cost[v] == 0);
        ck_assert_uint_eq(ifp_milp_exactly(milp, 0, replicas), v);
        expect_entry(one, v, 1);
        expect_entry(count, v, replicas);
        expect_entry(load, v, -loads[v - first]);
    }
    ck_assert_uint_eq(ifp_milp_exactly(milp, 0, 2), SIZE_MAX);
    ck_assert_uint_eq(ifp_milp_exactly(milp, 0, 7), SIZE_MAX);
    ck_assert_uint_eq(ifp_milp_exactly(milp, 0, 0), SIZE_MAX);
    expect_entry(one, milp->rent[0], -1);
    expect_entry(count, milp->replicas[0], -1);
    ck_assert_uint_eq(length(one), 5);
    ck_assert_uint_eq(length(count), 5);
    expect_entry(load, ifp_milp_share(milp, 0), 3.6);
    expect_entry(load, ifp_milp_share(milp, 1), 1.2);
    ck_assert_uint_eq(length(load), 6);
    size_t least = row_of(IFP_ROW_REPLICAS_MIN, 0);
    expect_entry(least, milp->rent[0], 3);
    expect_entry(least, milp->replicas[0], -1);
    /* A measured point has no memory and no slots. */
    ck_assert_uint_eq(find_row(IFP_ROW_MEMORY, 0), SIZE_MAX);
    ck_assert_uint_eq(find_row(IFP_ROW_SLOTS, 0), SIZE_MAX);
    double *point = calloc(milp->column_count, sizeof *point);
    ck_assert_ptr_nonnull(point);
    point[milp->replicas[0]] = 5;
    point[first] = 0.5;
    ifp_milp_set_exactly(milp, 1, point);
    for (size_t v = first; v <= last; v++)
        ck_assert_double_eq(point[v], v == first + 2);
    point[milp->replicas[0]] = 0;
    ifp_milp_set_exactly(milp, 1, point);
    for (size_t v = first; v <= last; v++)
        ck_assert_double_eq(point[v], 0);
    free(point);
    destroy();
}
END_TEST

/* If the number of replicas is given by the limits, the table's value is a coefficient. */
START_TEST(rows_of_one_number)
{
    build(text_of("\"max_replicas\": 3", measured));
    size_t first;
    size_t last;
    ck_assert(!ifp_milp_exactly_range(milp, 0, &first, &last));
    ck_assert_uint_eq(find_row(IFP_ROW_EXACTLY_ONE, 0), SIZE_MAX);
    size_t load = row_of(IFP_ROW_LOAD, 0);
    expect_entry(load, milp->rent[0], -1.5);
    expect_entry(load, milp->replicas[0], 0);
    expect_entry(load, ifp_milp_share(milp, 0), 3.6);
    ck_assert_uint_eq(length(load), 3);
    destroy();
}
END_TEST

/* Spare replicas come off every capacity. The law: an iteration of 10 ms at a pace of 20 ms leaves
 * half of the time; type a has W = 100 x 1 + 10 x 0.1 ms and b W = 10 x 1 + 100 x 0.1 ms. */
START_TEST(rows_of_a_law)
{
    build(text_of("\"max_replicas\": 400",
                  "\"spare_replicas\": 2, \"iteration_ms\": 10, \"prefill_ms_per_token\": 1,"
                  " \"decode_ms_per_token\": 0.1, \"max_sequences\": 2, \"paces_ms\": [20]"));
    ck_assert_uint_eq(problem->configuration_count, 1);
    /* ttft = 2 x 20 + h; e2e = ttft + (f - 1) 20: 320 ms for a, 2030 ms for b. */
    const double load[] = {101 / 500.0 * 1, 20 / 500.0 * 1};
    const double slots[] = {0.32 / 2, 2.03 / 2};
    const double memory[] = {0.01 * 110 * 0.32 / 20, 0.01 * 110 * 2.03 / 20};
    size_t rows[] = {row_of(IFP_ROW_LOAD, 0), row_of(IFP_ROW_SLOTS, 0)};
    for (size_t r = 0; r < 2; r++) {
        ck_assert_uint_eq(length(rows[r]), 4);
        expect_entry(rows[r], milp->replicas[0], -1);
        expect_entry(rows[r], milp->rent[0], 2);
    }
    for (size_t i = 0; i < 2; i++) {
        expect_entry(rows[0], ifp_milp_share(milp, i), load[i]);
        expect_entry(rows[1], ifp_milp_share(milp, i), slots[i]);
    }
    /* Memory is never exhausted before the slots are. */
    ck_assert_double_lt(memory[0], slots[0]);
    ck_assert_double_lt(memory[1], slots[1]);
    ck_assert_uint_eq(find_row(IFP_ROW_MEMORY, 0), SIZE_MAX);
    expect_entry(row_of(IFP_ROW_REPLICAS_MIN, 0), milp->rent[0], 3);
    destroy();
}
END_TEST

/* -- attainment -- */

static const char attained[] =
    "\"points\": [{\"name\": \"p\", \"tpot_ms\": 20, \"queries\": {"
    "  \"a\": {\"rate_per_hour\": 1000, \"ttft_ms\": 100, \"attainment\": 0.96},"
    "  \"b\": {\"rate_per_hour\": 3000, \"ttft_ms\": 100}}},"
    " {\"name\": \"q\", \"tpot_ms\": 20, \"queries\": {"
    "  \"a\": {\"rate_per_hour\": 2000, \"ttft_ms\": 100, \"attainment\": 0.88}}}]";

static const struct {
    const char *placement;
    const char *basis;
    double right;  /* of the row in units of 1 - q = 0.1; NaN: no row */
    double better; /* the coefficient of p, and of q */
    double worse;
} targets[] = {
    {"split", "served", 0, -0.6, 0.2},
    {"split", "offered", -9, -9.6, -8.8},
    {"single", "offered", -9, -9.6, -8.8},
    {"single", "served", (double)NAN, 0, 0},
};

/* sum (q - a) x <= 0 of what is served, or sum a x >= q of all; with one route, a filter does it
 * unless unmet demand counts. */
START_TEST(rows_of_attainment)
{
    char policy[200];
    (void)snprintf(policy, sizeof policy,
                   "\"max_replicas\": 9, \"placement\": \"%s\", \"slo_basis\": \"%s\","
                   " \"deployments_per_pair\": null",
                   targets[_i].placement, targets[_i].basis);
    char *text = strdup(text_of(policy, attained));
    ck_assert_ptr_nonnull(text);
    read_text(text);
    ck_assert_int_eq(ifp_instance_set_number(instance, "queries[a].attainment_target", 0.9),
                     IFP_OK);
    char *changed = ifp_instance_write_json(instance);
    ck_assert_ptr_nonnull(changed);
    ifp_instance_free(instance);
    build(changed);
    size_t row = SIZE_MAX;
    for (size_t r = 0; r < milp->row_count; r++) {
        if (milp->rows[r].kind == IFP_ROW_LEVEL)
            row = r;
    }
    ck_assert_int_eq(isnan(targets[_i].right), row == SIZE_MAX);
    for (size_t r = 0; row != SIZE_MAX && r < problem->route_count; r++) {
        const struct ifp_route_data *route = &problem->routes[r];
        if (route->query == 1) {
            expect_entry(row, ifp_milp_share(milp, r), 0);
            continue;
        }
        bool better = route->level[IFP_SERVICE_MISSED] < 0.1;
        expect_entry(row, ifp_milp_share(milp, r), better ? targets[_i].better : targets[_i].worse);
    }
    if (row != SIZE_MAX)
        ck_assert_double_eq_tol(milp->row_upper[row], targets[_i].right, 1e-12);
    free(changed);
    free(text);
    destroy();
}
END_TEST

/* -- names -- */

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in a section of free MPS, from `begin` to `end`, are all different. */
static void expect_different(const char *text, const char *begin, const char *end, size_t count)
{
    char **names = calloc(count + 1, sizeof *names);
    size_t found = 0;
    ck_assert_ptr_nonnull(names);
    char *section = strdup(strstr(text, begin) + strlen(begin));
    ck_assert_ptr_nonnull(section);
    *strstr(section, end) = '\0';
    for (char *line = strtok(section, "\n"); line; line = strtok(NULL, "\n")) {
        char *name = strchr(line + 1, ' ');
        ck_assert_uint_lt(found, count);
        names[found++] = name + 1;
        char *last = strchr(name + 7, ' ');
        if (last)
            *last = '\0';
    }
    ck_assert_uint_eq(found, count);
    qsort(names, found, sizeof *names, by_text);
    for (size_t n = 1; n < found; n++)
        ck_assert_msg(strcmp(names[n - 1], names[n]) != 0, "two are called %s", names[n]);
    free(section);
    free(names);
}

static const char *const named[] = {
    "\"max_replicas\": 4, \"deployments_per_pair\": null, \"storage_basis\": \"route\"",
    "\"max_replicas\": 4, \"deployments_per_pair\": null, \"placement\": \"matching\"",
    "\"max_replicas\": 4, \"deployments_per_pair\": null, \"placement\": \"single\"",
    "\"max_replicas\": 4",
};

static const char two_points[] = "\"headroom\": {\"table\": [0.5, 1.5]},"
                                 " \"points\": [{\"name\": \"p 1\", \"tpot_ms\": 20, \"queries\": {"
                                 "  \"a\": {\"rate_per_hour\": 1000, \"ttft_ms\": 100},"
                                 "  \"b\": {\"rate_per_hour\": 3000, \"ttft_ms\": 90}}},"
                                 " {\"name\": \"p+1\", \"tpot_ms\": 10, \"queries\": {"
                                 "  \"a\": {\"rate_per_hour\": 2000, \"ttft_ms\": 100},"
                                 "  \"b\": {\"rate_per_hour\": 2500, \"ttft_ms\": 80}}}]";

/* Each of several deployments of a pair counts in the placement, and no other row says
 * that one excludes the other. */
START_TEST(deployments_of_a_pair)
{
    build(text_of(named[1], two_points));
    ck_assert_uint_eq(problem->pair_count, 2);
    ck_assert_uint_eq(find_row(IFP_ROW_DEGREE, 0), SIZE_MAX);
    for (size_t i = 0; i < 2; i++) {
        size_t rows[] = {find_row(IFP_ROW_MATCHING_MODEL, i), find_row(IFP_ROW_MATCHING_TIER, i)};
        for (size_t r = 0; r < 2; r++) {
            ck_assert_uint_ne(rows[r], SIZE_MAX);
            ck_assert_double_eq(milp->row_upper[rows[r]], 1);
            ck_assert_uint_eq(length(rows[r]), 2);
            expect_entry(rows[r], ifp_milp_choice(milp, i), 1);
            expect_entry(rows[r], ifp_milp_choice(milp, 2 + i), 1);
        }
    }
    destroy();
}
END_TEST

START_TEST(names)
{
    build(text_of(named[_i], two_points));
    ck_assert_int_eq(problem->several, _i < 3);
    char *text = ifp_milp_export(instance, problem, milp, IFP_EXPORT_MPS);
    ck_assert_ptr_nonnull(text);
    expect_different(text, "N cost\n", "COLUMNS\n", milp->row_count);
    expect_different(strstr(text, "BOUNDS\n"), "BOUNDS\n", "ENDATA\n", milp->column_count);
    ck_assert_ptr_nonnull(strstr(text, " load(M,T,1,p_1)\n"));
    ck_assert_ptr_nonnull(strstr(text, " v(M,T,1,p_1,2) "));
    ck_assert_ptr_nonnull(strstr(text, " x(a,M,T,1,p_1#1) "));
    ck_assert_ptr_null(strstr(text, "compute("));
    free(text);
    destroy();
}
END_TEST

/* A pace is named as in plans; without a profile, load is called compute. */
START_TEST(names_of_paces)
{
    build(text_of("\"max_replicas\": 400, \"deployments_per_pair\": null",
                  "\"iteration_ms\": 10, \"prefill_ms_per_token\": 1, \"decode_ms_per_token\": 0.1,"
                  " \"max_sequences\": 2, \"paces_ms\": [20, 12.5]"));
    char *text = ifp_milp_export(instance, problem, milp, IFP_EXPORT_LP);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(strstr(text, " load(M,T,1,20ms):"));
    ck_assert_ptr_nonnull(strstr(text, " w(M,T,1,12.5ms)"));
    ck_assert_ptr_nonnull(strstr(text, " slots(M,T,1,20ms):"));
    free(text);
    destroy();
}
END_TEST

/* -- the engine against trying every number -- */

enum { QUERIES = 2, TIERS = 2, MOST = 4, EACH = 40 };

/* One model; each tier has one measured point. */
struct trial {
    double rate[QUERIES];
    double unmet_usd[QUERIES]; /* of all requests */
    double max_unmet[QUERIES];
    double mu[QUERIES][TIERS];
    double price[TIERS];
    double table[TIERS][MOST];
    double spare[TIERS];
    double least[TIERS];
    double gpus; /* of both tiers together */
};

static struct trial random_trial(struct random *random)
{
    struct trial trial = {.gpus = 2 + random_below(random, 5)};
    for (int i = 0; i < QUERIES; i++) {
        trial.rate[i] = 100 + random_below(random, 1000);
        trial.unmet_usd[i] = random_between(random, 2, 20);
        trial.max_unmet[i] = random_chance(random, 0.6) ? 1 : random_between(random, 0, 0.6);
        for (int k = 0; k < TIERS; k++)
            trial.mu[i][k] = trial.rate[i] / random_between(random, 0.3, 2);
    }
    for (int k = 0; k < TIERS; k++) {
        double load = 0;
        trial.price[k] = random_between(random, 0.5, 4);
        for (int m = 0; m < MOST; m++) {
            load += random_chance(random, 0.2) ? 0 : random_between(random, 0.1, 1);
            trial.table[k][m] = load;
        }
        trial.spare[k] = random_chance(random, 0.3);
        trial.least[k] = random_chance(random, 0.4) ? 2 + random_below(random, 2) : 0;
    }
    return trial;
}

static void write_trial(const struct trial *trial, char *text, size_t size)
{
    struct plain_numbers numbers = plain_numbers_begin();
    size_t at = (size_t)snprintf(
        text, size,
        "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"trial\","
        " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
        " \"policy\": {\"max_replicas\": %d,"
        " \"placement\": \"split\"}, \"pools\": [{\"name\": \"P\", \"gpus\": %.0f}],"
        " \"models\": [{\"name\": \"M\", \"weights_gb\": 1, \"kv_gb_per_token\": 0}],"
        " \"performance\": {\"error_rate\": 0}, \"queries\": [",
        (int)MOST, trial->gpus);
    for (int i = 0; i < QUERIES; i++)
        at += (size_t)snprintf(text + at, size - at,
                               "%s{\"name\": \"q%d\", \"input_tokens\": 1, \"output_tokens\": 1,"
                               " \"rate_per_hour\": %.17g, \"unmet_penalty_usd\": %.17g,"
                               " \"max_unmet\": %.17g}",
                               i ? ", " : "", i, trial->rate[i],
                               trial->unmet_usd[i] / trial->rate[i], trial->max_unmet[i]);
    at += (size_t)snprintf(text + at, size - at, "], \"tiers\": [");
    for (int k = 0; k < TIERS; k++)
        at += (size_t)snprintf(text + at, size - at,
                               "%s{\"name\": \"t%d\", \"memory_gb\": 9, \"tflops\": 1,"
                               " \"usd_per_hour\": %.17g,"
                               " \"tp_degrees\": [1], \"pool\": \"P\"}",
                               k ? ", " : "", k, trial->price[k]);
    at += (size_t)snprintf(text + at, size - at, "], \"profiles\": [");
    for (int k = 0; k < TIERS; k++) {
        at +=
            (size_t)snprintf(text + at, size - at,
                             "%s{\"model\": \"M\", \"tier\": \"t%d\", \"tp_degree\": 1,"
                             " \"spare_replicas\": %.0f, \"min_replicas\": %.0f,"
                             " \"headroom\": {\"table\": [%.17g, %.17g, %.17g, %.17g]},"
                             " \"points\": [{\"name\": \"p\", \"tpot_ms\": 9, \"queries\": {",
                             k ? ", " : "", k, trial->spare[k], trial->least[k], trial->table[k][0],
                             trial->table[k][1], trial->table[k][2], trial->table[k][3]);
        for (int i = 0; i < QUERIES; i++)
            at += (size_t)snprintf(text + at, size - at,
                                   "%s\"q%d\": {\"rate_per_hour\": %.17g, \"ttft_ms\": 1}",
                                   i ? ", " : "", i, trial->mu[i][k]);
        at += (size_t)snprintf(text + at, size - at, "}}]}");
    }
    at += (size_t)snprintf(text + at, size - at, "]}");
    ck_assert_uint_lt(at, size);
    plain_numbers_end(numbers);
}

/* The least cost of routes on a fleet; +infinity if there is no way to route. */
static double cost_of_fleet(const struct trial *trial, const int replicas[TIERS])
{
    struct simplex program = {.rows = 2 * QUERIES + TIERS, .columns = QUERIES * (TIERS + 1)};
    double usd = 0;
    double gpus = 0;
    for (int k = 0; k < TIERS; k++) {
        int row = 2 * QUERIES + k;
        int counted = replicas[k] - (int)trial->spare[k];
        gpus += replicas[k];
        usd += trial->price[k] * replicas[k];
        if (replicas[k] && replicas[k] < trial->least[k])
            return INFINITY;
        program.relation[row] = SIMPLEX_AT_MOST;
        program.right[row] = counted > 0 ? trial->table[k][counted - 1] : 0;
        for (int i = 0; i < QUERIES; i++)
            program.entry[row][i * (TIERS + 1) + k] = trial->rate[i] / trial->mu[i][k];
    }
    for (int i = 0; i < QUERIES; i++) {
        int unmet = i * (TIERS + 1) + TIERS;
        for (int k = 0; k <= TIERS; k++)
            program.entry[i][i * (TIERS + 1) + k] = 1;
        program.relation[i] = SIMPLEX_EQUAL;
        program.right[i] = 1;
        program.entry[QUERIES + i][unmet] = 1;
        program.relation[QUERIES + i] = SIMPLEX_AT_MOST;
        program.right[QUERIES + i] = trial->max_unmet[i];
        program.cost[unmet] = trial->unmet_usd[i];
    }
    if (gpus > trial->gpus || !simplex_solve(&program))
        return INFINITY;
    return usd + (double)program.objective;
}

static double solve_trial(const struct trial *trial, const char *engine, unsigned long seed)
{
    char text[4000];
    write_trial(trial, text, sizeof text);
    read_text(text);
    ifp_error *error = ifp_error_new();
    ifp_options *options = ifp_options_new();
    ck_assert_int_eq(ifp_options_set(options, "engine", engine), IFP_OK);
    ck_assert_int_eq(ifp_options_set(options, "gap", "1e-9"), IFP_OK);
    ifp_model *model = ifp_model_new(instance, options, error);
    ck_assert_msg(model != NULL, "seed %lu: %s", seed, ifp_error_message(error));
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_ptr_nonnull(solution);
    int status = ifp_solution_status(solution);
    ck_assert_msg(status == IFP_STATUS_OPTIMAL || status == IFP_STATUS_INFEASIBLE, "seed %lu: %s",
                  seed, ifp_solution_status_word(solution));
    double usd = status == IFP_STATUS_OPTIMAL
                     ? ifp_check_cost(ifp_solution_check(solution), IFP_COST_TOTAL)
                     : (double)INFINITY;
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_options_free(options);
    ifp_error_free(error);
    ifp_instance_free(instance);
    return usd;
}

START_TEST(the_same_by_trying_every_number)
{
    int infeasible = 0;
    int rented = 0;
    for (int n = 0; n < EACH; n++) {
        unsigned long seed = (unsigned long)(_i * EACH + n);
        struct random random = {seed};
        struct trial trial = random_trial(&random);
        double best = INFINITY;
        int most = 0;
        int replicas[TIERS];
        for (replicas[0] = 0; replicas[0] <= MOST; replicas[0]++) {
            for (replicas[1] = 0; replicas[1] <= MOST; replicas[1]++) {
                double usd = cost_of_fleet(&trial, replicas);
                if (usd < best)
                    most = replicas[0] + replicas[1];
                best = fmin(best, usd);
            }
        }
        infeasible += isinf(best);
        rented += isfinite(best) && most > 1;
        for (int e = 0; e < 2; e++) {
            const char *engine = e ? "decompose" : "mip";
            double found = solve_trial(&trial, engine, seed);
            ck_assert_msg(isinf(best) ? isinf(found) : fabs(found - best) <= 1e-6 * fmax(1, best),
                          "seed %lu, %s: %.12g, not %.12g", seed, engine, found, best);
        }
    }
    ck_assert_int_ge(infeasible, 1);
    ck_assert_int_ge(rented, EACH / 4);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static Suite *load_suite(void)
{
    Suite *suite = suite_create("load rows");
    TCase *hand = tcase_create("by hand");
    tcase_add_test(hand, rows_of_a_table);
    tcase_add_test(hand, rows_of_one_number);
    tcase_add_test(hand, rows_of_a_law);
    tcase_add_loop_test(hand, rows_of_attainment, 0, COUNT(targets));
    tcase_add_test(hand, deployments_of_a_pair);
    tcase_add_loop_test(hand, names, 0, COUNT(named));
    tcase_add_test(hand, names_of_paces);
    suite_add_tcase(suite, hand);
    TCase *engine = tcase_create("engine");
    tcase_set_timeout(engine, 60);
    tcase_add_loop_test(engine, the_same_by_trying_every_number, 0, 5);
    suite_add_tcase(suite, engine);
    return suite;
}

int main(void)
{
    return suite_run(load_suite());
}
