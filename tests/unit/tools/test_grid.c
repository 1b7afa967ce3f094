/* SPDX-License-Identifier: MIT */
/*
 * Which values of a sweep's grid are refused, beside trying every cell; and how many instances are
 * copied, checked and changed for it; and what is read beside the solve of a cell. The linker puts
 * the functions here between the trial and the library.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/random.h"
#include "support/suite.h"
#include "sweep/cell.h"
#include "sweep/grid.h"
#include "terminal/arguments.h"
#include "terminal/output.h"

static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"grid\","
    " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0.01,"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 8}, {\"name\": \"R\", \"gpus\": 8}],"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 0, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 3600, \"error_limit\": 0.1, \"unmet_penalty_usd\": 5},"
    "  {\"name\": \"b].c\", \"input_tokens\": 120, \"output_tokens\": 0, \"rate_per_hour\": 60,"
    "   \"unmet_penalty_usd\": 5}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 8, \"kv_gb_per_token\": 0.01}],"
    " \"tiers\": ["
    "  {\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2], \"tp_speedup\": [1, 1.5]},"
    "  {\"name\": \"U[0\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 3,"
    "   \"tp_degrees\": [2, 4]}],"
    " \"performance\": {\"delay_ms_per_token\": 20, \"error_rate\": [0.2, null],"
    "   \"delay_shrink\": -0.5}}";

/* Paths and values. Numbers between two of a column are wrong for some fields. */
static const char *const columns[][2] = {
    {"limits.budget_usd", "-1,0,2,1e15,2e15,null,scale:2,scale:-1,any"},
    {"policy.max_replicas", "0,1,1.5,2,1000000,1000001,scale:2,scale:0.5,null"},
    {"policy.placement", "single,matching,split,split,any,1"},
    {"uncertainty.kind", "none,budget,decision_dependent,any"},
    {"uncertainty.level", "cell,query"},
    {"uncertainty.delay_budget", "null,0,1,4,-1,scale:2"},
    {"uncertainty.error_budget", "null,0,1,4,scale:0"},
    {"queries[*].input_tokens", "0,1,2,[0, 1],[1, 0],scale:0,scale:1,scale:-1"},
    {"queries[a].output_tokens", "0,5,scale:0,scale:2,1e15,scale:1e14"},
    {"queries[b].c].output_tokens", "0,5,scale:0,scale:2"},
    {"queries[*].error_limit", "0,0.5,1,1.1,scale:5,scale:10,scale:11,null"},
    {"queries[a].error_limit", "0.01,0.9,scale:2,scale:9,scale:20"},
    {"tiers[*].tp_degrees",
     "1,2,2.5,0,[1],[1, 2],[1, 2, 4],[2, 2],scale:0.5,scale:2,scale:3,scale:1e6"},
    {"tiers[T].tp_degrees", "1,[1, 4],scale:2,scale:0.5,[1, 2, 3]"},
    {"tiers[*].tp_degrees[0]", "1,2,3,4,5,2.5,scale:2,scale:1"},
    {"tiers[0].tp_degrees[1]", "1,2,3,4,scale:0.5,scale:2"},
    {"tiers[*].tp_speedup", "null,1,[1],[1, 1.5],[1, 2, 3],0,scale:2,scale:0"},
    {"tiers[U[0].tp_speedup[1]", "1,2,0,scale:2,scale:1e-15,scale:1e-16"},
    {"tiers[*].tp_speedup[2]", "1,2,scale:2"},
    {"tiers[*].pool", "P,R,null,S,1"},
    {"tiers[0].pool", "R,S"},
    {"performance.error_rate", "0,0.5,1,1.5,null,scale:5,scale:6,[0.1, 0.2],[1, 2, 3]"},
    {"performance.error_rate[a]", "0.5,2,scale:2,scale:9,null"},
    {"performance.error_rate[*][M][*]", "0.5,scale:2,scale:6,-1"},
    {"performance.delay_shrink", "-1,0,1,2,scale:2,scale:-2,scale:-3"},
    {"tiers[X].pool", "P"},
    {"limits.x", "1,2"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* What the trial has done, and what it has printed. */
static size_t copies;
static size_t checks;
static size_t sets;
static size_t reads;
static char printed[4096];

ifp_instance *__real_ifp_instance_copy(const ifp_instance *instance);
ifp_instance *__wrap_ifp_instance_copy(const ifp_instance *instance);
ifp_instance *__wrap_ifp_instance_copy(const ifp_instance *instance)
{
    copies++;
    return __real_ifp_instance_copy(instance);
}

int __real_ifp_instance_validate(const ifp_instance *instance, ifp_error *error);
int __wrap_ifp_instance_validate(const ifp_instance *instance, ifp_error *error);
int __wrap_ifp_instance_validate(const ifp_instance *instance, ifp_error *error)
{
    checks++;
    return __real_ifp_instance_validate(instance, error);
}

int __real_ifp_instance_set(ifp_instance *instance, const char *path, const char *value);
int __wrap_ifp_instance_set(ifp_instance *instance, const char *path, const char *value);
int __wrap_ifp_instance_set(ifp_instance *instance, const char *path, const char *value)
{
    sets++;
    return __real_ifp_instance_set(instance, path, value);
}

const char *__real_ifp_instance_query_name(const ifp_instance *instance, size_t index);
const char *__wrap_ifp_instance_query_name(const ifp_instance *instance, size_t index);
const char *__wrap_ifp_instance_query_name(const ifp_instance *instance, size_t index)
{
    reads++;
    return __real_ifp_instance_query_name(instance, index);
}

int __real_ifp_plan_unmet(const ifp_plan *plan, size_t index, ifp_unmet *entry);
int __wrap_ifp_plan_unmet(const ifp_plan *plan, size_t index, ifp_unmet *entry);
int __wrap_ifp_plan_unmet(const ifp_plan *plan, size_t index, ifp_unmet *entry)
{
    reads++;
    return __real_ifp_plan_unmet(plan, index, entry);
}

int __wrap_output_fail_error(const char *place, const ifp_error *error, int without_where);
int __wrap_output_fail_error(const char *place, const ifp_error *error, int without_where)
{
    ck_assert_int_eq(without_where, 0);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    snprintf(printed, sizeof printed, "%s: %s", place, ifp_error_message(error));
    return STATUS_USAGE;
}

static ifp_instance *read_instance(void)
{
    ifp_error *error = ifp_error_new();
    ifp_instance *instance = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    ifp_error_free(error);
    return instance;
}

/* The grid of some --vary. */
static void read_grid(char *const *varied, size_t count, struct grid *grid)
{
    static const struct argument_option option = {.name = "vary"};
    struct argument_given *given = calloc(count, sizeof *given);
    ck_assert_ptr_nonnull(given);
    for (size_t g = 0; g < count; g++)
        given[g] = (struct argument_given){&option, varied[g]};
    struct arguments arguments = {.given = given, .given_count = count};
    ck_assert_int_eq(grid_read(&arguments, grid), STATUS_DONE);
    free(given);
}

static int check_grid(const struct grid *grid, const ifp_instance *instance)
{
    ifp_options *options = ifp_options_new();
    ck_assert_ptr_nonnull(options);
    copies = checks = sets = 0;
    printed[0] = '\0';
    int status = grid_check(grid, "file", instance, options);
    ifp_options_free(options);
    return status;
}

static bool is_valid(const struct grid *grid, size_t cell, const ifp_instance *instance)
{
    size_t failed;
    ifp_instance *copy = __real_ifp_instance_copy(instance);
    ck_assert_ptr_nonnull(copy);
    bool valid = grid_apply(grid, cell, copy, &failed) == IFP_OK &&
                 __real_ifp_instance_validate(copy, NULL) == IFP_OK;
    ifp_instance_free(copy);
    return valid;
}

/* Whether a value that no cell allows is named by what was printed, or all values are. */
static bool is_named(const struct grid *grid, bool *const *good)
{
    size_t named = 0;
    bool bad = false;
    for (size_t a = 0; a < grid->axis_count; a++) {
        for (size_t v = 0; v < grid->axes[a].count; v++) {
            char place[400];
            snprintf(place, sizeof place, " --vary %s=%s", grid->axes[a].path,
                     grid->axes[a].values[v].text);
            const char *found = strstr(printed, place);
            if (found && strchr(" :", found[strlen(place)])) {
                named++;
                bad = bad || !good[a][v];
                break;
            }
        }
    }
    return bad || named == grid->axis_count;
}

/* Some values of some columns, as --vary; each column at most once. */
static size_t random_axes(struct random *random, char varied[][400], char **pointers)
{
    size_t count = 1 + (size_t)random_below(random, 3);
    bool taken[COLUMNS] = {false};
    for (size_t a = 0; a < count; a++) {
        size_t c;
        do
            c = (size_t)random_below(random, COLUMNS);
        while (taken[c]);
        taken[c] = true;
        size_t used = (size_t)snprintf(varied[a], 400, "%s=", columns[c][0]);
        bool any = false;
        const char *values = columns[c][1];
        while (!any) {
            int depth = 0;
            const char *first = values;
            for (const char *at = values;; at++) {
                depth += (*at == '[') - (*at == ']');
                if (*at && (*at != ',' || depth))
                    continue;
                if (random_below(random, 3)) {
                    used += (size_t)snprintf(varied[a] + used, 400 - used, "%s%.*s", any ? "," : "",
                                             (int)(at - first), first);
                    any = true;
                }
                if (!*at)
                    break;
                first = at + 1;
            }
        }
        pointers[a] = varied[a];
    }
    return count;
}

/* Values are refused exactly if some of them is valid in no cell. */
START_TEST(test_every_cell)
{
    struct random random = {.state = 1};
    ifp_instance *instance = read_instance();
    size_t refused = 0;
    for (int round = 0; round < 6000; round++) {
        char varied[3][400];
        char *pointers[3];
        struct grid grid;
        bool *good[3];
        bool all = true;
        read_grid(pointers, random_axes(&random, varied, pointers), &grid);
        for (size_t a = 0; a < grid.axis_count; a++)
            good[a] = calloc(grid.axes[a].count, sizeof *good[a]);
        for (size_t cell = 0; cell < grid.cell_count; cell++) {
            bool valid = is_valid(&grid, cell, instance);
            for (size_t a = 0; valid && a < grid.axis_count; a++)
                good[a][grid_index(&grid.axes[a], cell)] = true;
        }
        for (size_t a = 0; a < grid.axis_count; a++) {
            for (size_t v = 0; v < grid.axes[a].count; v++)
                all = all && good[a][v];
        }
        int status = check_grid(&grid, instance);
        ck_assert_msg((status == STATUS_DONE) == all, "round %d, %s, %s: %s", round, pointers[0],
                      grid.axis_count > 1 ? pointers[1] : "", printed);
        ck_assert_msg(all || is_named(&grid, good), "round %d, %s, %s: %s", round, pointers[0],
                      grid.axis_count > 1 ? pointers[1] : "", printed);
        refused += !all;
        for (size_t a = 0; a < grid.axis_count; a++)
            free(good[a]);
        grid_free(&grid);
    }
    /* Both happen often. */
    ck_assert_uint_gt(refused, 1000);
    ck_assert_uint_lt(refused, 5900);
    ifp_instance_free(instance);
}
END_TEST

/* The first of several wrong values is named. */
START_TEST(test_first)
{
    static const char *const cases[][2] = {
        {"limits.budget_usd=0:1:1000,-3,-2,-4", "limits.budget_usd=-3: "},
        {"queries[*].error_limit=scale:1:10:1000,scale:12,scale:11,scale:-1",
         "error_limit=scale:12: "},
        {"policy.max_replicas=1:1000:1000,7.5,2.5", "max_replicas=7.5: "},
        {"tiers[*].tp_degrees[0]=5:1000:996,4,3,2", "tp_degrees[0]=4: "},
        {"tiers[*].tp_degrees=scale:1:1000:1000,scale:0.25,scale:0.5", "scale:0.25: "},
        {"tiers[0].pool=P\ntiers[1].pool=S,R", "file: --vary tiers[1].pool=S: tiers[1].pool: "},
        {"tiers[*].pool=P,R,S,Q", "tiers[*].pool=S: tiers[*].pool: found \"S\""},
    };
    ifp_instance *instance = read_instance();
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct grid grid;
        char varied[400];
        char *pointers[2] = {varied, NULL};
        snprintf(varied, sizeof varied, "%s", cases[c][0]);
        pointers[1] = strchr(varied, '\n');
        if (pointers[1])
            *pointers[1]++ = '\0';
        read_grid(pointers, pointers[1] ? 2 : 1, &grid);
        ck_assert_int_eq(check_grid(&grid, instance), STATUS_USAGE);
        ck_assert_msg(strstr(printed, cases[c][1]) != NULL, "%s", printed);
        grid_free(&grid);
    }
    ifp_instance_free(instance);
}
END_TEST

/* Copies and checks, whose work is that of the instance, stay few however many values there are;
 * and so do the changes of fields of all members. */
START_TEST(test_work)
{
    static const struct {
        const char *varied[3];
        size_t max_sets;
    } cases[] = {
        {{"limits.budget_usd=0:1:200000"}, 20},
        {{"queries[*].rate_per_hour=scale:0:2:200000"}, 20},
        {{"queries[*].rate_per_hour=0:2:100000,scale:0:2:100000"}, 20},
        {{"performance.error_rate[*][*][*]=0:1:200000"}, 20},
        {{"queries[*].input_tokens=1:2:200000"}, 20},
        {{"uncertainty.delay_budget=null,0:4:60000", "uncertainty.kind=none,budget",
          "uncertainty.error_budget=1"},
         200},
        {{"tiers[*].tp_degrees=1:200000:200000", "tiers[T].tp_speedup=1",
          "tiers[*].usd_per_hour=1"},
         20},
        {{"tiers[U[0].tp_degrees[1]=5:200004:200000"}, 20},
        {{"tiers[U[0].tp_degrees=scale:1:200000:200000"}, 20},
        {{"policy.max_replicas=1:200000:200000"}, 20},
        {{"tiers[*].tp_speedup[1]=1:2:200000"}, 20},
    };
    ifp_instance *instance = read_instance();
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct grid grid;
        char varied[3][400];
        char *pointers[3];
        size_t count = 0;
        for (; count < 3 && cases[c].varied[count]; count++) {
            snprintf(varied[count], sizeof varied[count], "%s", cases[c].varied[count]);
            pointers[count] = varied[count];
        }
        read_grid(pointers, count, &grid);
        ck_assert_int_eq(check_grid(&grid, instance), STATUS_DONE);
        ck_assert_msg(copies <= 100 && checks <= 100 && sets <= cases[c].max_sets,
                      "%s: %zu copies, %zu checks, %zu sets", varied[0], copies, checks, sets);
        grid_free(&grid);
    }
    ifp_instance_free(instance);
}
END_TEST

/* An instance of as many query types more, which differ in nothing. */
static ifp_instance *read_large_instance(int queries)
{
    static const char *const fields[] = {"input_tokens", "output_tokens", "rate_per_hour",
                                         "unmet_penalty_usd"};
    ifp_instance *instance = read_instance();
    for (int i = 0; i < queries; i++) {
        char name[20];
        snprintf(name, sizeof name, "q%d", i);
        ck_assert_int_eq(ifp_instance_add_query(instance, name), IFP_OK);
    }
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        char path[80];
        snprintf(path, sizeof path, "queries[*].%s", fields[f]);
        ck_assert_int_eq(ifp_instance_set(instance, path, "1"), IFP_OK);
    }
    ck_assert_int_eq(ifp_instance_set(instance, "performance.error_rate", "0.1"), IFP_OK);
    return instance;
}

/* So many --vary that their square is too many: one copy serves all of them. */
START_TEST(test_many_axes)
{
    enum { AXES = 2000 };
    static char varied[AXES][60];
    static char *pointers[AXES];
    ifp_instance *instance = read_large_instance(AXES);
    for (int i = 0; i < AXES; i++) {
        snprintf(varied[i], sizeof varied[i], "queries[q%d].input_tokens=1", i);
        pointers[i] = varied[i];
    }
    struct grid grid;
    read_grid(pointers, AXES, &grid);
    ck_assert_msg(check_grid(&grid, instance) == STATUS_DONE, "%s", printed);
    ck_assert_uint_le(copies, 10);
    ck_assert_uint_le(checks, 10);
    ck_assert_uint_le(sets, 5 * AXES);
    grid_free(&grid);
    ifp_instance_free(instance);
}
END_TEST

/* What a cell has left unmet is read off its plan without looking for each query type in all of
 * it. */
START_TEST(test_cell)
{
    enum { QUERIES = 500 };
    char varied[] = "limits.budget_usd=0";
    char *pointer = varied;
    struct grid grid;
    struct cell_result result;
    ifp_instance *instance = read_large_instance(QUERIES);
    ifp_options *options = ifp_options_new();
    ck_assert_ptr_nonnull(options);
    ck_assert_int_eq(ifp_instance_set(instance, "queries[0].rate_per_hour", "3"), IFP_OK);
    read_grid(&pointer, 1, &grid);
    struct cell_solver solver = {.grid = &grid, .instance = instance, .options = options};
    ck_assert(cell_prepare(&solver, 0, &result));
    reads = 0;
    cell_solve(&solver, &result);
    ck_assert_int_eq(result.code, IFP_OK);
    ck_assert(result.has_plan);
    ck_assert_double_eq(result.unmet_fraction, 1);
    ck_assert_uint_ge(reads, QUERIES);
    ck_assert_uint_le(reads, 8 * QUERIES);
    cell_result_clear(&result);
    cell_solver_clear(&solver);
    grid_free(&grid);
    ifp_options_free(options);
    ifp_instance_free(instance);
}
END_TEST

static Suite *grid_suite(void)
{
    Suite *suite = suite_create("grid");
    TCase *tests = tcase_create("grid");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_every_cell);
    tcase_add_test(tests, test_first);
    tcase_add_test(tests, test_work);
    tcase_add_test(tests, test_many_axes);
    tcase_add_test(tests, test_cell);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    /* The command never takes up a locale, and its code is tested as it runs. */
    setlocale(LC_ALL, "C");
    return suite_run(grid_suite());
}
