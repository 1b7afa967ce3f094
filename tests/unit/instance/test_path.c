/* SPDX-License-Identifier: MIT */
/* Paths to fields: every form, names that look like something else, and what is refused, with the
 * words it is refused in and the instance as it was. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/suite.h"

#define NO_SECTION(meant)                                                                          \
    "there is no such field" meant "; allowed: storage_usd_per_gb_hour, horizon, limits, policy, " \
    "uncertainty, queries, models, tiers and 3 more, as in limits.budget_usd and "                 \
    "queries[0].rate_per_hour"
#define NO_LIMIT(meant) "there is no such field" meant "; allowed: budget_usd, storage_gb"
#define NO_PERFORMANCE(meant)                                                                      \
    "there is no such field" meant "; allowed: delay_ms_per_token, "                               \
    "delay_deviation_ms_per_token, error_rate, error_deviation, kv_residency_hours, "              \
    "delay_shrink, error_shrink"
#define NO_QUERY                                                                                   \
    "no member of queries by that name; allowed: \"plain\", \"0\", \"*\", \"a]b\", \"a\", "        \
    "\"a.b [c].d\", \"\xd0\xb6\xe6\xbc\xa2\xf0\x9f\x98\x80\", \"7x\" and 1 more, a number "        \
    "from 0, or * for all"

static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"paths\","
    " \"horizon\": {\"rental_hours\": 10, \"penalty_hours\": 20},"
    " \"limits\": {\"budget_usd\": 30, \"storage_gb\": 40}, \"storage_usd_per_gb_hour\": 50,"
    " \"policy\": {\"max_replicas\": 60, \"placement\": \"single\"},"
    " \"uncertainty\": {\"delay_budget\": 70, \"error_budget\": 80},"
    " \"queries\": ["
    "  {\"name\": \"plain\", \"input_tokens\": 1, \"output_tokens\": 2, \"rate_per_hour\": 3,"
    "   \"tflop_per_1k_tokens\": 4, \"storage_gb_per_token\": 5, \"delay_limit_ms\": 6,"
    "   \"error_limit\": 0.7, \"delay_penalty_usd_per_ms\": 8, \"unmet_penalty_usd\": 9,"
    "   \"max_unmet\": 0.5},"
    "  {\"name\": \"0\", \"input_tokens\": 11, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"*\", \"input_tokens\": 12, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"a]b\", \"input_tokens\": 13, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"a\", \"input_tokens\": 14, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"a.b [c].d\", \"input_tokens\": 15, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"\xd0\xb6\xe6\xbc\xa2\xf0\x9f\x98\x80\", \"input_tokens\": 16,"
    "   \"output_tokens\": 1, \"rate_per_hour\": 1, \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"7x\", \"input_tokens\": 17, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"-1\", \"input_tokens\": 18, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 21, \"kv_gb_per_token\": 22,"
    "   \"compute_scale\": 23}, {\"name\": \"m\", \"weights_gb\": 24, \"kv_gb_per_token\": 0}],"
    " \"tiers\": [{\"name\": \"T][M\", \"memory_gb\": 31, \"tflops\": 32, \"usd_per_hour\": 33,"
    "   \"tp_degrees\": [1, 2], \"weight_scale\": 34, \"kv_scale\": 35, \"pool\": \"P\"},"
    "  {\"name\": \"T\", \"memory_gb\": 36, \"tflops\": 1, \"usd_per_hour\": 1,"
    "   \"tp_degrees\": [4], \"tp_speedup\": [2.5]}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 41}, {\"name\": \"null\", \"gpus\": 42},"
    "  {\"name\": \"17\", \"gpus\": 43}],"
    " \"performance\": {\"delay_ms_per_token\": [[[1, 2], [3, 4]], [[5, 6], [7, 8]],"
    "   [[9, 10], [11, 12]], [[13, 14], [15, 16]], [[17, 18], [19, 20]], [[21, 22], [23, 24]],"
    "   [[25, 26], [27, 28]], [[29, 30], [31, 32]], [[33, 34], [35, 36]]],"
    "  \"error_rate\": 0.25, \"delay_deviation_ms_per_token\": 1, \"error_deviation\": 2,"
    "  \"kv_residency_hours\": [0, 1, 2, 3, 4, 5, 6, 7, 8], \"delay_shrink\": [0.1, 0.2],"
    "  \"error_shrink\": [[0.3, 0.4], [0.5, -6]]}}";

static ifp_instance *instance;
static ifp_error *error;

static void setup(void)
{
    error = ifp_error_new();
    instance = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
}

static void teardown(void)
{
    ifp_instance_free(instance);
    ifp_error_free(error);
}

static const struct {
    const char *path;
    double value;
} readable[] = {
    {"horizon.rental_hours", 10},
    {"horizon.penalty_hours", 20},
    {"limits.budget_usd", 30},
    {"limits.storage_gb", 40},
    {"storage_usd_per_gb_hour", 50},
    {"policy.max_replicas", 60},
    {"uncertainty.delay_budget", 70},
    {"uncertainty.error_budget", 80},
    {"queries[0].input_tokens", 1},
    {"queries[plain].input_tokens", 1},
    {"queries[0].output_tokens", 2},
    {"queries[0].rate_per_hour", 3},
    {"queries[0].tflop_per_1k_tokens", 4},
    {"queries[0].storage_gb_per_token", 5},
    {"queries[0].delay_limit_ms", 6},
    {"queries[0].error_limit", 0.7},
    {"queries[0].delay_penalty_usd_per_ms", 8},
    {"queries[0].unmet_penalty_usd", 9},
    {"queries[0].max_unmet", 0.5},
    {"queries[1].input_tokens", 11},
    {"queries[2].input_tokens", 12},
    {"queries[a]b].input_tokens", 13},
    {"queries[a].input_tokens", 14},
    {"queries[a.b [c].d].input_tokens", 15},
    {"queries[\xd0\xb6\xe6\xbc\xa2\xf0\x9f\x98\x80].input_tokens", 16},
    {"queries[7x].input_tokens", 17},
    {"queries[7].input_tokens", 17},
    {"queries[-1].input_tokens", 18},
    {"queries[000000000000000000008].input_tokens", 18},
    {"models[M].weights_gb", 21},
    {"models[m].weights_gb", 24},
    {"models[M].kv_gb_per_token", 22},
    {"models[0].compute_scale", 23},
    {"tiers[T][M].memory_gb", 31},
    {"tiers[T].memory_gb", 36},
    {"tiers[0].tflops", 32},
    {"tiers[0].usd_per_hour", 33},
    {"tiers[0].weight_scale", 34},
    {"tiers[0].kv_scale", 35},
    {"tiers[0].tp_degrees[1]", 2},
    {"tiers[T].tp_degrees[0]", 4},
    {"tiers[T].tp_speedup[0]", 2.5},
    {"pools[P].gpus", 41},
    {"pools[2].gpus", 43},
    {"performance.delay_ms_per_token[plain][M][T]", 2},
    {"performance.delay_ms_per_token[plain][M][T][M]", 1},
    {"performance.delay_ms_per_token[a]b][m][1]", 16},
    {"performance.delay_ms_per_token[8][1][T]", 36},
    {"performance.error_rate", 0.25},
    {"performance.error_rate[4]", 0.25},
    {"performance.error_rate[4][M]", 0.25},
    {"performance.error_rate[4][M][T]", 0.25},
    {"performance.delay_deviation_ms_per_token", 1},
    {"performance.error_deviation", 2},
    {"performance.kv_residency_hours[7x]", 7},
    {"performance.kv_residency_hours[7x][M][0]", 7},
    {"performance.delay_shrink[m]", 0.2},
    {"performance.delay_shrink[m][T]", 0.2},
    {"performance.error_shrink[m][T]", -6},
};

START_TEST(every_number_by_its_path)
{
    double value = NAN;
    ck_assert_int_eq(ifp_instance_get_number(instance, readable[_i].path, &value, error), IFP_OK);
    ck_assert_double_eq(value, readable[_i].value);
    /* A number for several entries of a table is each of theirs. */
    double values[40];
    size_t count = 40;
    ck_assert_int_eq(ifp_instance_get_numbers(instance, readable[_i].path, values, &count, error),
                     IFP_OK);
    ck_assert_uint_ge(count, 1);
    for (size_t v = 0; v < count; v++)
        ck_assert_double_eq(values[v], readable[_i].value);
    /* Setting what is there changes nothing; setting something else only that. */
    char *before = ifp_instance_write_json(instance);
    ck_assert_int_eq(ifp_instance_set_number(instance, readable[_i].path, value), IFP_OK);
    ck_assert_int_eq(ifp_instance_get_number(instance, readable[_i].path, &value, error), IFP_OK);
    ck_assert_double_eq(value, readable[_i].value);
    if (!strncmp(readable[_i].path, "performance.", 12))
        goto done; /* its rank may have grown */
    char *after = ifp_instance_write_json(instance);
    suite_expect_same(before, after);
    ifp_text_free(after);
done:
    ifp_text_free(before);
}
END_TEST

static const struct {
    const char *path;
    const char *message; /* what follows "PATH: " */
} unreadable[] = {
    {"", NO_SECTION("")},
    {"nonsense", NO_SECTION("")},
    {"limits", NO_SECTION("")},
    {"queries", NO_SECTION("")},
    {"limits.", NO_LIMIT("")},
    {"limits.budget", NO_LIMIT(" (budget_usd?)")},
    {"limits.budget_usd.", NO_LIMIT("")},
    {"limits.budget_usd ", NO_LIMIT(" (budget_usd?)")},
    {" limits.budget_usd", NO_SECTION(" (limits?)")},
    {"Limits.budget_usd", NO_SECTION(" (limits?)")},
    {"limits.rental_hours", NO_LIMIT("")},
    {"limits[0].budget_usd", "limits is no list, so that no [..] follows; allowed: limits.FIELD"},
    {"limits.budget_usd[0]", "is no list, so that no [..] follows"},
    {"budget_usd", NO_SECTION("")},
    {"queries.rate_per_hour", "which member? allowed: [name], [number] or [*]"},
    {"queries[0]", "a field's name is missing after the section's"},
    {"queries[0]rate_per_hour",
     "found \"rate_per_hour\" behind the ]; allowed: . and a field's name"},
    {"queries[0][1].rate_per_hour",
     "found \"[1].rate_per_hour\" behind the ]; allowed: . and a field's name"},
    {"queries[9].rate_per_hour", "no such member; queries has 9, counted from 0"},
    {"queries[18446744073709551616].max_unmet", "no such member; queries has 9, counted from 0"},
    {"queries[1e0].max_unmet", NO_QUERY},
    {"queries[b].max_unmet", NO_QUERY},
    {"queries[].max_unmet", NO_QUERY},
    {"queries[plain.max_unmet",
     "found no ] for the [ after queries; allowed: [name], [number] or [*]"},
    {"queries[", "found no ] for the [ after queries; allowed: [name], [number] or [*]"},
    {"queries[0", "found no ] for the [ after queries; allowed: [name], [number] or [*]"},
    {"pools[1.gpus", "found no ] for the [ after pools; allowed: [name], [number] or [*]"},
    {"performance.error_rate[0][0",
     "found no ] for the [ after models; allowed: [name], [number] or [*]"},
    {"queries[0]", "a field's name is missing after the section's"},
    {"queries[*].rate_per_hour", "names more than one number"},
    {"queries[0].name",
     "is not to be set by a path; allowed: fields with numbers, with one of a few words, or with "
     "the name of a pool"},
    {"name",
     "is not to be set by a path; allowed: fields with numbers, with one of a few words, or with "
     "the name of a pool"},
    {"source",
     "is not to be set by a path; allowed: fields with numbers, with one of a few words, or with "
     "the name of a pool"},
    {"limits.name", NO_LIMIT("")},
    {"queries[0].source",
     "there is no such field; allowed: input_tokens, output_tokens, rate_per_hour, "
     "tflop_per_1k_tokens, storage_gb_per_token, delay_limit_ms, error_limit, "
     "delay_penalty_usd_per_ms and 7 more"},
    {"tiers[0].pool", "is not a number"},
    {"tiers[0].tp_degrees", "is not a number"},
    {"tiers[0].tp_degrees[*]", "names more than one number"},
    {"tiers[*].tp_degrees[0]", "names more than one number"},
    {"tiers[0].tp_degrees[2]", "no such entry; the list has 2, counted from 0"},
    {"tiers[T].tp_speedup[1]", "no such entry; the list has 1, counted from 0"},
    {"tiers[0].tp_degrees[36893488147419103233]", "no such entry; the list has 2, counted from 0"},
    {"tiers[0].tp_degrees[]", "which entry? allowed: [number], counted from 0, or [*]"},
    {"tiers[0].tp_degrees[0",
     "found no ] for the [ after tp_degrees; allowed: [name], [number] or [*]"},
    {"tiers[0].tp_degrees[0]x", "which entry? allowed: [number], counted from 0, or [*]"},
    {"tiers[0].tp_degrees[-1]", "which entry? allowed: [number], counted from 0, or [*]"},
    {"tiers[0].tp_degrees[0][0]", "which entry? allowed: [number], counted from 0, or [*]"},
    {"tiers[0].memory_gb[0]", "is no list, so that no [..] follows"},
    {"tiers[0].pool[0]", "is no list, so that no [..] follows"},
    {"policy.placement", "is not a number"},
    {"performance", NO_SECTION("")},
    {"performance.", NO_PERFORMANCE("")},
    {"performance.delay", NO_PERFORMANCE(" (delay_ms_per_token?)")},
    {"performance[0]", NO_SECTION("")},
    {"performance.delay_ms_per_token", "names more than one number"},
    {"performance.delay_ms_per_token[0][0]", "names more than one number"},
    {"performance.delay_ms_per_token[0][0][*]", "names more than one number"},
    {"performance.delay_ms_per_token[0][0][0][0]",
     "there is more after the field than it has dimensions"},
    {"performance.delay_ms_per_token[0].x", "there is more after the field than it has dimensions"},
    {"performance.delay_shrink[0][0][0]", "there is more after the field than it has dimensions"},
    {"performance.delay_shrink[plain]",
     "no member of models by that name; allowed: \"M\", \"m\", a number from 0, or * for all"},
    {"performance.error_rate[0][2]", "no such member; models has 2, counted from 0"},
};

static void expect_words(const ifp_error *found, const char *path, const char *message)
{
    char all[512] = "";
    if (*path) {
        strcat(all, path);
        strcat(all, ": ");
    }
    strcat(all, message);
    ck_assert_str_eq(ifp_error_message(found), all);
    ck_assert_str_eq(ifp_error_where(found), path);
}

START_TEST(paths_that_name_no_number)
{
    double value = 1234;
    ck_assert_int_eq(ifp_instance_get_number(instance, unreadable[_i].path, &value, error),
                     IFP_ERROR_VALUE);
    expect_words(error, unreadable[_i].path, unreadable[_i].message);
    ck_assert_double_eq(value, 1234);
}
END_TEST

static const struct {
    const char *path;
    size_t count;
    double values[8]; /* the first of them */
} many[] = {
    {"queries[*].input_tokens", 9, {1, 11, 12, 13, 14, 15, 16, 17}},
    {"models[*].weights_gb", 2, {21, 24}},
    {"tiers[0].tp_degrees", 2, {1, 2}},
    {"tiers[0].tp_speedup", 2, {1, 2}}, /* not given: the degrees */
    {"tiers[1].tp_speedup", 1, {2.5}},
    {"tiers[T].tp_degrees[*]", 1, {4}},
    {"tiers[*].tp_degrees[0]", 2, {1, 4}},
    {"tiers[*].tp_speedup[0]", 2, {1, 2.5}},
    {"pools[*].gpus", 3, {41, 42, 43}},
    {"performance.delay_ms_per_token", 36, {1, 2, 3, 4, 5, 6, 7, 8}},
    {"performance.delay_ms_per_token[1]", 4, {5, 6, 7, 8}},
    {"performance.delay_ms_per_token[*][1]", 18, {3, 4, 7, 8, 11, 12, 15, 16}},
    {"performance.delay_ms_per_token[8][*][T]", 2, {34, 36}},
    {"performance.error_rate", 36, {0.25, 0.25}},
    {"performance.error_rate[0]", 4, {0.25, 0.25, 0.25, 0.25}},
    {"performance.delay_shrink", 4, {0}},
    {"performance.delay_shrink[m]", 2, {0.2, 0.2}},
};

START_TEST(all_numbers_of_a_path)
{
    double values[40];
    size_t count = 0;
    ck_assert_int_eq(ifp_instance_get_numbers(instance, many[_i].path, NULL, &count, error),
                     IFP_OK);
    ck_assert_uint_eq(count, many[_i].count);
    count = many[_i].count - 1;
    ck_assert_int_eq(ifp_instance_get_numbers(instance, many[_i].path, values, &count, error),
                     IFP_ERROR_ARGUMENT);
    ck_assert_uint_eq(count, many[_i].count - 1);
    count = 40;
    values[many[_i].count] = 1234;
    ck_assert_int_eq(ifp_instance_get_numbers(instance, many[_i].path, values, &count, error),
                     IFP_OK);
    ck_assert_uint_eq(count, many[_i].count);
    ck_assert_double_eq(values[count], 1234);
    for (size_t v = 0; v < count && v < 8 && many[_i].values[v] != 0; v++)
        ck_assert_double_eq(values[v], many[_i].values[v]);
    /* Back in as they came out. */
    if (!strstr(many[_i].path, "performance") && !strstr(many[_i].path, "tp_")) {
        char *before = ifp_instance_write_json(instance);
        ck_assert_int_eq(ifp_instance_set_numbers(instance, many[_i].path, values, count), IFP_OK);
        char *after = ifp_instance_write_json(instance);
        suite_expect_same(before, after);
        ifp_text_free(before);
        ifp_text_free(after);
    }
}
END_TEST

/* Infinity comes out for null, and goes in for it where null is allowed. */
START_TEST(infinity_is_null_among_numbers)
{
    double values[36];
    size_t count = 36;
    ck_assert_int_eq(ifp_instance_set_null(instance, "performance.delay_ms_per_token[plain][m][T]"),
                     IFP_OK);
    ck_assert_int_eq(ifp_instance_set_null(instance, "queries[0].delay_limit_ms"), IFP_OK);
    char *before = ifp_instance_write_json(instance);
    ck_assert_int_eq(
        ifp_instance_get_numbers(instance, "performance.delay_ms_per_token", values, &count, error),
        IFP_OK);
    ck_assert_double_eq(values[3], (double)INFINITY);
    ck_assert_int_eq(
        ifp_instance_set_numbers(instance, "performance.delay_ms_per_token", values, count),
        IFP_OK);
    count = 36;
    ck_assert_int_eq(
        ifp_instance_get_numbers(instance, "queries[*].delay_limit_ms", values, &count, error),
        IFP_OK);
    ck_assert_double_eq(values[0], (double)INFINITY);
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "queries[*].delay_limit_ms", values, count),
                     IFP_OK);
    char *after = ifp_instance_write_json(instance);
    suite_expect_same(before, after);
    ifp_text_free(after);
    /* Nowhere else, nor less than nothing. */
    for (size_t v = 0; v < 36; v++)
        values[v] = (double)INFINITY;
    static const char *const never[] = {"queries[*].rate_per_hour", "performance.error_deviation",
                                        "performance.kv_residency_hours", "tiers[*].tp_degrees"};
    for (size_t n = 0; n < sizeof never / sizeof *never; n++)
        ck_assert_int_eq(ifp_instance_set_numbers(instance, never[n], values, n > 0 ? 1 : 9),
                         IFP_ERROR_VALUE);
    values[0] = -(double)INFINITY;
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "performance.error_rate", values, 1),
                     IFP_ERROR_VALUE);
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "queries[*].error_limit", values, 9),
                     IFP_ERROR_VALUE);
    after = ifp_instance_write_json(instance);
    suite_expect_same(before, after);
    ifp_text_free(before);
    ifp_text_free(after);
}
END_TEST

START_TEST(what_has_no_numbers)
{
    static const struct {
        const char *path;
        const char *message;
    } cases[] = {
        {"tiers[*].tp_degrees", "names more than one list"},
        {"tiers[*].tp_speedup[*]", "names more than one list"},
        {"tiers[0].tp_degrees[2]", "no such entry; the list has 2, counted from 0"},
        {"policy.placement", "is not a number"},
        {"tiers[0].pool", "is not a number"},
        {"performance.error_rate[0][2]", "no such member; models has 2, counted from 0"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        double values[40];
        size_t count = 40;
        ck_assert_int_eq(ifp_instance_get_numbers(instance, cases[c].path, values, &count, error),
                         IFP_ERROR_VALUE);
        expect_words(error, cases[c].path, cases[c].message);
        ck_assert_uint_eq(count, 40);
    }
    ifp_instance *bare = ifp_instance_new();
    size_t count = 0;
    ck_assert_int_eq(ifp_instance_get_numbers(bare, "horizon.rental_hours", NULL, &count, error),
                     IFP_ERROR_VALUE);
    expect_words(error, "horizon.rental_hours", "was never set");
    ck_assert_int_eq(ifp_instance_get_numbers(bare, "performance.error_rate", NULL, &count, error),
                     IFP_ERROR_VALUE);
    expect_words(error, "performance.error_rate", "was never set");
    ifp_instance_free(bare);
    ck_assert_int_eq(ifp_instance_get_numbers(NULL, "x", NULL, &count, error), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_get_numbers(instance, NULL, NULL, &count, error),
                     IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_get_numbers(instance, "limits.budget_usd", NULL, NULL, error),
                     IFP_ERROR_ARGUMENT);
}
END_TEST

enum call { NUMBER, NUMBERS, WORD, TEXT, CLEAR, SCALE };

static const double three[] = {1, 2, 3};
static const double twins[] = {2, 4, 2};
static const double halves[] = {1, 1.5};
static const double zeros[] = {0, 0};
static const double with_nan[] = {1, NAN};
static const double nine_wrong[] = {0, 0, 0, 0, -1, 0, 0, 0, 0};

/* Every call that must be refused: with it, what is said after "PATH: ". A path that is given is
 * where it is, unless `where` says more. */
static const struct {
    enum call call;
    const char *path;
    double number; /* or how many of the numbers */
    const double *numbers;
    const char *word;
    const char *where;
    const char *message;
} refused[] = {
    {NUMBER, "limits.budget_usd", -1,
     .message = "found -1; allowed: a number of at least 0, or "
                "null for no limit"},
    {NUMBER, "limits.budget_usd", NAN,
     .message = "found nan; allowed: a number of at least 0, or null for no limit"},
    {NUMBER, "limits.budget_usd", -INFINITY,
     .message = "found -inf; allowed: a number of at least 0, or null for no limit"},
    {NUMBER, "limits.budget_usd", 1.1e15,
     .message = "found 1.1e+15; allowed: a number of at least 0, or null for no limit, and at "
                "most 1e+15"},
    {NUMBER, "horizon.rental_hours", 0, .message = "found 0; allowed: a number above 0"},
    {NUMBER, "queries[0].error_limit", 1.5,
     .message = "found 1.5; allowed: a number from 0 to 1, or null for no limit"},
    {NUMBER, "queries[*].max_unmet", -0.5, .message = "found -0.5; allowed: a number from 0 to 1"},
    {NUMBER, "policy.max_replicas", 1.5,
     .message = "found 1.5; allowed: an integer from 1 to 1000000"},
    {NUMBER, "policy.max_replicas", 0, .message = "found 0; allowed: an integer from 1 to 1000000"},
    {NUMBER, "policy.placement", 1, .message = "found 1; allowed: one of single, matching, split"},
    {NUMBER, "tiers[0].pool", 1, .message = "found 1; allowed: the name of a pool, or null"},
    {NUMBER, "tiers[T].tp_degrees", 0, .where = "tiers[T].tp_degrees[0]",
     .message =
         "found 0; allowed: a non-empty list such as [1, 2], each an integer from 1 to 1000000"},
    {NUMBER, "performance.delay_ms_per_token", -1,
     .message = "found -1; allowed: a number of at least 0"},
    {NUMBER, "performance.error_rate[*][M]", 1.01,
     .message = "found 1.01; allowed: a number from 0 to 1"},
    {NUMBER, "performance.delay_shrink[m][T]", 1.01,
     .message = "found 1.01; allowed: a number of at most 1"},
    {NUMBERS, "queries[*].max_unmet", 3, three, .message = "found 3 numbers; allowed: 9"},
    {NUMBERS, "queries[*].rate_per_hour", 9, nine_wrong,
     .message = "found -1; allowed: a number of at least 0"},
    {NUMBERS, "limits.budget_usd", 2, halves, .message = "found 2 numbers; allowed: 1"},
    {NUMBERS, "tiers[*].tp_degrees", 3, twins, .where = "tiers[*].tp_degrees[2]",
     .message = "found 2 twice; allowed: distinct degrees"},
    {NUMBERS, "tiers[*].tp_degrees", 2, halves, .where = "tiers[*].tp_degrees[1]",
     .message =
         "found 1.5; allowed: a non-empty list such as [1, 2], each an integer from 1 to 1000000"},
    {NUMBERS, "tiers[1].tp_degrees", 0, halves,
     .message = "found an empty list; allowed: at least one number"},
    {NUMBERS, "tiers[1].tp_speedup", 2, zeros, .where = "tiers[1].tp_speedup[0]",
     .message =
         "found 0; allowed: a non-empty list such as [1, 2], each a number of at least 1e-15"},
    {NUMBER, "horizon.rental_hours", INFINITY,
     .message = "found inf; allowed: a number above 0, and at most 1e+15"},
    {NUMBERS, "performance.delay_ms_per_token", 3, three,
     .message = "found 3 numbers; allowed: 1, 9, 18 or 36"},
    {NUMBERS, "performance.delay_shrink[*][T]", 3, three,
     .message = "found 3 numbers; allowed: 1 or 2"},
    {NUMBERS, "performance.delay_ms_per_token", 0, three,
     .message = "found an empty list; allowed: at least one number"},
    {NUMBERS, "performance.error_rate[0]", 0, three,
     .message = "found an empty list; allowed: at least one number"},
    {NUMBERS, "performance.delay_ms_per_token[0]", 3, three,
     .message = "found 3 numbers; allowed: 1, 2 or 4"},
    {NUMBERS, "performance.delay_ms_per_token[0][M][T]", 3, three,
     .message = "found 3 numbers; allowed: 1"},
    {NUMBERS, "performance.delay_ms_per_token", 9, nine_wrong,
     .message = "found -1; allowed: a number of at least 0"},
    {NUMBERS, "performance.delay_shrink", 2, with_nan,
     .message = "found nan; allowed: a number of at most 1"},
    {NUMBERS, "policy.placement", 2, halves,
     .message = "found a list of 2 numbers; allowed: one of single, matching, split"},
    {WORD, "policy.placement", .word = "Split",
     .message = "found \"Split\" (split?); allowed: one of single, matching, split"},
    {WORD, "uncertainty.level", .word = "", .message = "found \"\"; allowed: one of cell, query"},
    {WORD, "tiers[*].pool", .word = "p",
     .message =
         "found \"p\", which is no pool (\"P\"?); allowed: \"P\", \"null\", \"17\", or null"},
    {WORD, "limits.budget_usd", .word = "none",
     .message = "found \"none\"; allowed: a number of at least 0, or null for no "
                "limit"},
    {WORD, "tiers[0].tp_degrees", .word = "1",
     .message = "found \"1\"; allowed: a non-empty list such as [1, 2], each an integer from 1 "
                "to 1000000"},
    {WORD, "performance.error_rate", .word = "low",
     .message = "found \"low\"; allowed: a number from 0 to 1"},
    {CLEAR, "queries[0].rate_per_hour", .message = "found null; allowed: a number of at least 0"},
    {CLEAR, "queries[0].max_unmet", .message = "found null; allowed: a number from 0 to 1"},
    {CLEAR, "tiers[0].tp_degrees",
     .message = "found null; allowed: a non-empty list such as [1, 2], each an integer from 1 "
                "to 1000000"},
    {CLEAR, "policy.slo_basis", .message = "found null; allowed: one of served, offered"},
    {CLEAR, "performance.kv_residency_hours[0]",
     .message = "found null; allowed: a number of at least 0"},
    {CLEAR, "performance.delay_shrink", .message = "found null; allowed: a number of at most 1"},
    {SCALE, "limits.budget_usd", -1,
     .message = "found -30; allowed: a number of at least 0, or null for no limit"},
    {SCALE, "limits.budget_usd", NAN, .message = "found the factor nan; allowed: a finite number"},
    {SCALE, "limits.budget_usd", INFINITY,
     .message = "found the factor inf; allowed: a finite number"},
    {SCALE, "queries[*].error_limit", 2,
     .message = "found 1.4; allowed: a number from 0 to 1, or null for no limit"},
    {SCALE, "queries[*].input_tokens", 1e14,
     .message = "found 1.1e+15; allowed: a number of at least 0, and at most 1e+15"},
    {SCALE, "tiers[*].tp_degrees", 0.5, .where = "tiers[*].tp_degrees[0]",
     .message =
         "found 0.5; allowed: a non-empty list such as [1, 2], each an integer from 1 to 1000000"},
    {SCALE, "policy.placement", 2,
     .message = "found scale:2; allowed: one of single, matching, split"},
    {SCALE, "tiers[0].pool", 2, .message = "found scale:2; allowed: the name of a pool, or null"},
    {SCALE, "performance.error_rate", 5, .message = "found 1.25; allowed: a number from 0 to 1"},
    {SCALE, "performance.delay_ms_per_token", -1,
     .message = "found -1; allowed: a number of at least 0"},
    {TEXT, "limits.budget_usd",
     .word = "scale:", .message = "found \"scale:\"; allowed: scale:F with a number F"},
    {TEXT, "limits.budget_usd", .word = "scale:2x",
     .message = "found \"scale:2x\"; allowed: scale:F with a number F"},
    {TEXT, "limits.budget_usd", .word = "1,5",
     .message = "found \"1,5\"; allowed: a number of at least 0, or null for no "
                "limit"},
    {TEXT, "limits.budget_usd", .word = "",
     .message = "found \"\"; allowed: a number of at least 0, or null for no "
                "limit"},
    {TEXT, "policy.placement", .word = "null",
     .message = "found null; allowed: one of single, matching, split"},
    {TEXT, "nonsense", .word = "1", .message = NO_SECTION("")},
    {TEXT, "limits.budget_usd", .word = "0x10",
     .message = "found \"0x10\"; allowed: a number of at least 0, or null for no limit"},
    {TEXT, "limits.budget_usd", .word = "[1]]",
     .message = "found \"[1]]\"; allowed: a number of at least 0, or null for no limit"},
    {TEXT, "limits.budget_usd", .word = "[",
     .message = "found \"[\"; allowed: a number of at least 0, or null for no limit"},
    {TEXT, "limits.budget_usd", .word = "[1, 2]", .message = "found 2 numbers; allowed: 1"},
    {TEXT, "limits.budget_usd", .word = "[]", .message = "found 0 numbers; allowed: 1"},
    {TEXT, "queries[*].max_unmet", .word = "[1]", .message = "found 1 number; allowed: 9"},
    {TEXT, "queries[0].max_unmet", .word = "[null]",
     .message = "found inf; allowed: a number from 0 to 1"},
    {TEXT, "policy.placement", .word = "[1]",
     .message = "found a list of 1 number; allowed: one of single, matching, split"},
    {TEXT, "tiers[0].tp_degrees", .word = "[]",
     .message = "found an empty list; allowed: at least one number"},
    {TEXT, "tiers[0].tp_degrees", .word = "[1,]",
     .message = "found \"[1,]\"; allowed: a non-empty list such as [1, 2], each an integer from 1 "
                "to 1000000"},
    {TEXT, "tiers[0].tp_degrees", .word = "[1 2]",
     .message = "found \"[1 2]\"; allowed: a non-empty list such as [1, 2], each an integer from 1 "
                "to 1000000"},
    {TEXT, "tiers[0].tp_degrees", .word = "[1, 2, 1]", .where = "tiers[0].tp_degrees[2]",
     .message = "found 1 twice; allowed: distinct degrees"},
    {TEXT, "tiers[0].tp_degrees", .word = "1,2",
     .message = "found \"1,2\"; allowed: a non-empty list such as [1, 2], each an integer from 1 "
                "to 1000000"},
    {NUMBER, "tiers[0].tp_degrees[1]", 1.5,
     .message = "found 1.5; allowed: a non-empty list such as [1, 2], each an integer from 1 to "
                "1000000"},
    {NUMBER, "tiers[0].tp_degrees[1]", 1, .message = "found 1 twice; allowed: distinct degrees"},
    {NUMBER, "tiers[*].tp_degrees[1]", 8,
     .message = "no such entry; the list has 1, counted from 0"},
    {NUMBERS, "tiers[0].tp_degrees[1]", 3, three, .message = "found 3 numbers; allowed: 1"},
    {CLEAR, "tiers[T].tp_speedup[0]",
     .message = "found null; allowed: a non-empty list such as [1, 2], each a number of at least "
                "1e-15"},
    {SCALE, "tiers[0].tp_speedup[1]", 0,
     .message =
         "found 0; allowed: a non-empty list such as [1, 2], each a number of at least 1e-15"},
    {TEXT, "limits.budget_usd", .word = "1e400",
     .message = "found 1e400, which is too large; allowed: a number of at least 0, or null for no "
                "limit, and at most 1e+15"},
    {TEXT, "queries[0].max_unmet", .word = "1e400",
     .message = "found 1e400, which is too large; allowed: a number from 0 to 1"},
    {TEXT, "performance.delay_ms_per_token", .word = "1e309",
     .message = "found 1e309, which is too large; allowed: a number of at least 0, and at most "
                "1e+15"},
    {TEXT, "policy.placement", .word = "1e400",
     .message = "found \"1e400\"; allowed: one of single, matching, split"},
    {TEXT, "name", .word = "other",
     .message = "is not to be set by a path; allowed: fields with numbers, with one of a few "
                "words, or with the name of a pool"},
};

static int call_refused(size_t r)
{
    const char *path = refused[r].path;
    switch (refused[r].call) {
    case NUMBER:
        return ifp_instance_set_number(instance, path, refused[r].number);
    case NUMBERS:
        return ifp_instance_set_numbers(instance, path, refused[r].numbers,
                                        (size_t)refused[r].number);
    case WORD:
        return ifp_instance_set_word(instance, path, refused[r].word);
    case TEXT:
        return ifp_instance_set(instance, path, refused[r].word);
    case CLEAR:
        return ifp_instance_set_null(instance, path);
    default:
        return ifp_instance_scale(instance, path, refused[r].number);
    }
}

START_TEST(refusals_change_nothing)
{
    char *before = ifp_instance_write_json(instance);
    ck_assert_int_eq(call_refused((size_t)_i), IFP_ERROR_VALUE);
    const ifp_error *found = ifp_instance_last_error(instance);
    ck_assert_int_eq(ifp_error_code(found), IFP_ERROR_VALUE);
    expect_words(found, refused[_i].where ? refused[_i].where : refused[_i].path,
                 refused[_i].message);
    char *after = ifp_instance_write_json(instance);
    suite_expect_same(before, after);
    ifp_text_free(before);
    ifp_text_free(after);
}
END_TEST

/* The paths above without a number are as good for setting as for reading. */
START_TEST(unknown_paths_are_not_set)
{
    static const char *const kinds[] = {"names more", "is not a"};
    if (!strncmp(unreadable[_i].message, kinds[0], strlen(kinds[0])) ||
        !strncmp(unreadable[_i].message, kinds[1], strlen(kinds[1])))
        return;
    char *before = ifp_instance_write_json(instance);
    const char *path = unreadable[_i].path;
    const double one = 1;
    for (int call = 0; call < 5; call++) {
        int code = call == 0   ? ifp_instance_set_number(instance, path, 1)
                   : call == 1 ? ifp_instance_set_numbers(instance, path, &one, 1)
                   : call == 2 ? ifp_instance_set_word(instance, path, "single")
                   : call == 3 ? ifp_instance_set_null(instance, path)
                               : ifp_instance_scale(instance, path, 2);
        ck_assert_int_eq(code, IFP_ERROR_VALUE);
        expect_words(ifp_instance_last_error(instance), path, unreadable[_i].message);
    }
    char *after = ifp_instance_write_json(instance);
    suite_expect_same(before, after);
    ifp_text_free(before);
    ifp_text_free(after);
}
END_TEST

/* A pool may be called like a number or like "null": only set_word can name those. */
START_TEST(pools_with_odd_names)
{
    ck_assert_int_eq(ifp_instance_set_word(instance, "tiers[T].pool", "null"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_word(instance, "tiers[0].pool", "17"), IFP_OK);
    char *json = ifp_instance_write_json(instance);
    ck_assert_ptr_nonnull(strstr(json, "\"pool\": \"null\""));
    ck_assert_ptr_nonnull(strstr(json, "\"pool\": \"17\""));
    ifp_text_free(json);
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[T].pool", "null"), IFP_OK);
    json = ifp_instance_write_json(instance);
    ck_assert_ptr_null(strstr(json, "\"pool\": \"null\""));
    ifp_text_free(json);
}
END_TEST

static void expect_list(const char *list)
{
    char *json = ifp_instance_write_json(instance);
    ck_assert_msg(strstr(json, list) != NULL, "%s in %s", list, json);
    ifp_text_free(json);
}

/* Lists as text, and single entries of them; speed-ups that are not given are the degrees. */
START_TEST(lists_and_their_entries)
{
    double value = 0;
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[0].tp_degrees", "[1, 2,4 ]"), IFP_OK);
    expect_list("\"tp_degrees\": [1, 2, 4],\n   \"weight_scale\"");
    ck_assert_int_eq(ifp_instance_get_number(instance, "tiers[0].tp_speedup[2]", &value, error),
                     IFP_OK);
    ck_assert_double_eq(value, 4);
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[0].tp_speedup[1]", "1.5"), IFP_OK);
    expect_list("\"tp_speedup\": [1, 1.5, 4]");
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[0].tp_speedup[*]", "scale:2"), IFP_OK);
    expect_list("\"tp_speedup\": [2, 3, 8]");
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[0].tp_degrees[2]", "[8]"), IFP_OK);
    expect_list("\"tp_degrees\": [1, 2, 8]");
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[*].tp_degrees[0]", "3"), IFP_OK);
    expect_list("\"tp_degrees\": [3, 2, 8]");
    expect_list("\"tp_degrees\": [3],\n   \"tp_speedup\": [2.5]");
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[0].tp_speedup", "null"), IFP_OK);
    ck_assert_int_eq(ifp_instance_get_number(instance, "tiers[0].tp_speedup[0]", &value, error),
                     IFP_OK);
    ck_assert_double_eq(value, 3);
    /* One value for each member. */
    ck_assert_int_eq(ifp_instance_set(instance, "models[*].weights_gb", "[ 5 , -0 ]"), IFP_OK);
    ck_assert_int_eq(ifp_instance_get_number(instance, "models[m].weights_gb", &value, error),
                     IFP_OK);
    ck_assert_double_eq(value, 0);
    ck_assert_int_eq(ifp_instance_set(instance, "performance.delay_shrink", "[0.5,0.25]"), IFP_OK);
    ck_assert_int_eq(
        ifp_instance_get_number(instance, "performance.delay_shrink[1]", &value, error), IFP_OK);
    ck_assert_double_eq(value, 0.25);
    ck_assert_int_eq(ifp_instance_validate(instance, error), IFP_OK);
}
END_TEST

START_TEST(arguments_may_not_be_null)
{
    double value;
    ck_assert_int_eq(ifp_instance_set_number(instance, NULL, 1), IFP_ERROR_ARGUMENT);
    ck_assert_str_eq(ifp_error_message(ifp_instance_last_error(instance)), "the path is NULL");
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "limits.budget_usd", NULL, 1),
                     IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_word(instance, "policy.placement", NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_null(instance, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_scale(instance, NULL, 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set(instance, "limits.budget_usd", NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set(instance, NULL, "1"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_get_number(instance, NULL, &value, error), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_get_number(instance, "limits.budget_usd", NULL, error),
                     IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_get_number(NULL, "limits.budget_usd", &value, error),
                     IFP_ERROR_ARGUMENT);
}
END_TEST

/* Whatever a message quotes, it stays one readable line of UTF-8 of bounded length. */
START_TEST(messages_are_one_line)
{
    static const char *const ugly[] = {
        "queries[a\nb\x1b[31m\x7f].max_unmet", "limits.\302\23331m\302\205",
        "limits.\xe2\x80\xa8\xe2\x80\xa9", "limits.\xff\xfe\x9b", "limits.\xf0\x9f\x98"};
    char longest[4000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    for (size_t u = 0; u <= sizeof ugly / sizeof *ugly; u++) {
        const char *path = u < sizeof ugly / sizeof *ugly ? ugly[u] : longest;
        ck_assert_int_eq(ifp_instance_set_number(instance, path, 1), IFP_ERROR_VALUE);
        const ifp_error *found = ifp_instance_last_error(instance);
        const char *both[] = {ifp_error_message(found), ifp_error_where(found)};
        for (int b = 0; b < 2; b++) {
            /* A name may hold anything but controls and bytes that are not UTF-8. */
            ifp_instance *scratch = ifp_instance_new();
            ck_assert_msg(ifp_instance_set_name(scratch, both[b]) == IFP_OK, "%s: %s", both[b],
                          ifp_error_message(ifp_instance_last_error(scratch)));
            ck_assert_uint_lt(strlen(both[b]), 1024);
            ifp_instance_free(scratch);
        }
    }
}
END_TEST

/* However long the input that a message quotes is, it says where, what is wrong and what is
 * allowed. */
START_TEST(long_input_is_shortened)
{
    static char path[100000];
    memset(path, 'a', sizeof path - 1);
    memcpy(path, "limits.", 7);
    ck_assert_int_eq(ifp_instance_set_number(instance, path, 1), IFP_ERROR_VALUE);
    const ifp_error *found = ifp_instance_last_error(instance);
    ck_assert_uint_lt(strlen(ifp_error_where(found)), 256);
    ck_assert_ptr_nonnull(strstr(ifp_error_where(found), "limits.aaa"));
    ck_assert_ptr_nonnull(strstr(ifp_error_message(found), "a...a"));
    ck_assert_ptr_nonnull(strstr(ifp_error_message(found), "a: there is no such field"));
    ck_assert_int_eq(ifp_instance_set(instance, "policy.placement", path), IFP_ERROR_VALUE);
    ck_assert_uint_lt(strlen(ifp_error_message(found)), 1024);
    ck_assert_ptr_nonnull(strstr(ifp_error_message(found), "policy.placement: found \"limits.aaa"));
    ck_assert_ptr_nonnull(
        strstr(ifp_error_message(found), "a\"; allowed: one of single, matching, split"));
    memset(path, '1', sizeof path - 1);
    ck_assert_int_eq(ifp_instance_set(instance, "limits.budget_usd", path), IFP_ERROR_VALUE);
    ck_assert_ptr_nonnull(strstr(ifp_error_message(found), "budget_usd: found 111"));
    ck_assert_ptr_nonnull(
        strstr(ifp_error_message(found),
               "111, which has too many digits; allowed: a number of at least 0"));
    memset(path, 'b', sizeof path - 1);
    ck_assert_int_eq(ifp_instance_add_model(instance, path), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(instance, "models[b].weights_gb", "1"), IFP_ERROR_VALUE);
    ck_assert_str_eq(
        ifp_error_message(found),
        "models[b].weights_gb: no member of models by that name; allowed: \"M\", \"m\", "
        "\"bbbbbbbbbbbbbbbbbbb...bbbbbbbbbbbbbbbbbb\", a number from 0, or * for all");
}
END_TEST

/* While there are no lists yet, no entries and one entry for each are the same number. */
START_TEST(no_numbers_are_no_table)
{
    ifp_instance *made = ifp_instance_new();
    const double one = 1;
    ck_assert_ptr_nonnull(made);
    ck_assert_int_eq(ifp_instance_set_numbers(made, "performance.error_rate", &one, 0),
                     IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(ifp_instance_last_error(made)),
                     "performance.error_rate: found an empty list; allowed: at least one number");
    char *json = ifp_instance_write_json(made);
    ck_assert_ptr_null(strstr(json, "error_rate"));
    ifp_text_free(json);
    ifp_instance_free(made);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static Suite *path_suite(void)
{
    Suite *suite = suite_create("path");
    TCase *paths = tcase_create("paths");
    tcase_add_checked_fixture(paths, setup, teardown);
    tcase_add_loop_test(paths, every_number_by_its_path, 0, COUNT(readable));
    tcase_add_loop_test(paths, paths_that_name_no_number, 0, COUNT(unreadable));
    tcase_add_loop_test(paths, all_numbers_of_a_path, 0, COUNT(many));
    tcase_add_test(paths, infinity_is_null_among_numbers);
    tcase_add_test(paths, what_has_no_numbers);
    tcase_add_loop_test(paths, unknown_paths_are_not_set, 0, COUNT(unreadable));
    tcase_add_loop_test(paths, refusals_change_nothing, 0, COUNT(refused));
    tcase_add_test(paths, pools_with_odd_names);
    tcase_add_test(paths, lists_and_their_entries);
    tcase_add_test(paths, arguments_may_not_be_null);
    tcase_add_test(paths, messages_are_one_line);
    tcase_add_test(paths, long_input_is_shortened);
    tcase_add_test(paths, no_numbers_are_no_table);
    suite_add_tcase(suite, paths);
    return suite;
}

int main(void)
{
    return suite_run(path_suite());
}
