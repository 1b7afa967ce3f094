/* SPDX-License-Identifier: MIT */
/* An instance built through calls: fields by path in every form, and refusals that change
 * nothing. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/suite.h"

static ifp_instance *instance;
static ifp_error *error;

static void ok_at(int line, int code)
{
    ck_assert_msg(code == IFP_OK, "line %d: %d %s", line, code,
                  ifp_error_message(ifp_instance_last_error(instance)));
}
#define OK(call) ok_at(__LINE__, call)

/* Two of each list, and nothing set. */
static void setup(void)
{
    error = ifp_error_new();
    instance = ifp_instance_new();
    ck_assert_ptr_nonnull(error);
    ck_assert_ptr_nonnull(instance);
    OK(ifp_instance_set_name(instance, "by calls"));
    OK(ifp_instance_add_query(instance, "a"));
    OK(ifp_instance_add_query(instance, "b"));
    OK(ifp_instance_add_model(instance, "M"));
    OK(ifp_instance_add_model(instance, "N"));
    OK(ifp_instance_add_tier(instance, "T"));
    OK(ifp_instance_add_tier(instance, "U"));
    OK(ifp_instance_add_tier(instance, "V"));
    OK(ifp_instance_add_pool(instance, "P"));
}

static void teardown(void)
{
    ifp_instance_free(instance);
    ifp_error_free(error);
}

static const double degrees[] = {1, 2, 4};

/* All that is required. */
static void fill(void)
{
    OK(ifp_instance_set_number(instance, "horizon.rental_hours", 12));
    OK(ifp_instance_set_number(instance, "storage_usd_per_gb_hour", 0.01));
    OK(ifp_instance_set_numbers(instance, "queries[*].input_tokens", (const double[]){512, 64}, 2));
    OK(ifp_instance_set_number(instance, "queries[*].output_tokens", 256));
    OK(ifp_instance_set_numbers(instance, "queries[*].rate_per_hour", (const double[]){9, 8}, 2));
    OK(ifp_instance_set_number(instance, "queries[*].unmet_penalty_usd", 5));
    OK(ifp_instance_set_numbers(instance, "models[*].weights_gb", (const double[]){14, 26}, 2));
    OK(ifp_instance_set_number(instance, "models[*].kv_gb_per_token", 0.001));
    OK(ifp_instance_set_numbers(instance, "tiers[*].memory_gb", (const double[]){16, 24, 80}, 3));
    OK(ifp_instance_set_number(instance, "tiers[*].tflops", 30));
    OK(ifp_instance_set_number(instance, "tiers[*].usd_per_hour", 0.5));
    OK(ifp_instance_set_numbers(instance, "tiers[*].tp_degrees", degrees, 3));
    OK(ifp_instance_set_number(instance, "pools[P].gpus", 8));
    OK(ifp_instance_set_number(instance, "performance.delay_ms_per_token", 2));
    OK(ifp_instance_set_number(instance, "performance.error_rate", 0.03));
}

static char *json_of(const ifp_instance *of)
{
    char *text = ifp_instance_write_json(of);
    ck_assert_ptr_nonnull(text);
    return text;
}

static double get(const char *path)
{
    double value = NAN;
    ck_assert_msg(ifp_instance_get_number(instance, path, &value, error) == IFP_OK, "%s: %s", path,
                  ifp_error_message(error));
    return value;
}

static void expect(const char *path, double value)
{
    double found = get(path);
    ck_assert_msg(found == value, "%s is %g, not %g", path, found, value);
}

static void expect_unreadable(const char *path, const char *message)
{
    double value = 1234;
    ck_assert_int_eq(ifp_instance_get_number(instance, path, &value, error), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(error), message);
    ck_assert_str_eq(ifp_error_where(error), path);
    ck_assert_double_eq(value, 1234);
}

static void expect_valid(void)
{
    ck_assert_msg(ifp_instance_validate(instance, error) == IFP_OK, "%s", ifp_error_message(error));
}

static void expect_invalid(const char *message)
{
    ck_assert_int_eq(ifp_instance_validate(instance, error), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(error), message);
}

START_TEST(built_by_calls)
{
    fill();
    expect_valid();
    char *text = json_of(instance);
    ifp_instance *read = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(read != NULL, "%s", ifp_error_message(error));
    char *again = json_of(read);
    suite_expect_same(text, again);
    ifp_text_free(again);
    ifp_text_free(text);
    ifp_instance_free(read);
    ck_assert_int_eq(ifp_error_code(ifp_instance_last_error(instance)), IFP_OK);
}
END_TEST

START_TEST(defaults)
{
    static const struct {
        const char *path;
        double value;
    } expected[] = {
        {"limits.budget_usd", INFINITY},
        {"limits.storage_gb", INFINITY},
        {"policy.max_replicas", 1},
        {"uncertainty.delay_budget", INFINITY},
        {"uncertainty.error_budget", INFINITY},
        {"queries[0].tflop_per_1k_tokens", 0},
        {"queries[0].storage_gb_per_token", 0},
        {"queries[0].delay_limit_ms", INFINITY},
        {"queries[0].error_limit", INFINITY},
        {"queries[0].delay_penalty_usd_per_ms", 0},
        {"queries[0].max_unmet", 1},
        {"models[0].compute_scale", 1},
        {"tiers[0].weight_scale", 1},
        {"tiers[0].kv_scale", 1},
        {"performance.delay_deviation_ms_per_token", 0},
        {"performance.error_deviation", 0},
        {"performance.kv_residency_hours[b][N][U]", 0},
        {"performance.delay_shrink", 0},
        {"performance.error_shrink[N][U]", 0},
    };
    for (size_t e = 0; e < sizeof expected / sizeof *expected; e++)
        expect(expected[e].path, expected[e].value);
    /* The penalties' hours are the rental's until they have some of their own. */
    expect_unreadable("horizon.penalty_hours", "horizon.penalty_hours: was never set");
    OK(ifp_instance_set_number(instance, "horizon.rental_hours", 7));
    expect("horizon.penalty_hours", 7);
    OK(ifp_instance_set_number(instance, "horizon.penalty_hours", 3));
    expect("horizon.penalty_hours", 3);
    OK(ifp_instance_set_null(instance, "horizon.penalty_hours"));
    expect("horizon.penalty_hours", 7);
}
END_TEST

/* Each required field, left out alone, is missed by name. */
static const struct {
    const char *path;
    const char *message;
} required[] = {
    {"horizon.rental_hours", "horizon.rental_hours: missing; allowed: a number above 0"},
    {"storage_usd_per_gb_hour",
     "storage_usd_per_gb_hour: missing; allowed: a number of at least 0"},
    {"queries[1].input_tokens",
     "queries[1].input_tokens: missing; allowed: a number of at least 0"},
    {"queries[0].output_tokens",
     "queries[0].output_tokens: missing; allowed: a number of at least 0"},
    {"queries[1].rate_per_hour",
     "queries[1].rate_per_hour: missing; allowed: a number of at least 0"},
    {"queries[1].unmet_penalty_usd",
     "queries[1].unmet_penalty_usd: missing; allowed: a number of at least 0"},
    {"models[1].weights_gb", "models[1].weights_gb: missing; allowed: a number of at least 0"},
    {"models[0].kv_gb_per_token",
     "models[0].kv_gb_per_token: missing; allowed: a number of at least 0"},
    {"tiers[2].memory_gb", "tiers[2].memory_gb: missing; allowed: a number above 0"},
    {"tiers[1].tflops", "tiers[1].tflops: missing; allowed: a number above 0"},
    {"tiers[0].usd_per_hour", "tiers[0].usd_per_hour: missing; allowed: a number of at least 0"},
    {"tiers[1].tp_degrees", "tiers[1].tp_degrees: missing; allowed: a non-empty list such as [1, "
                            "2], each an integer from 1 to 1000000"},
    {"pools[0].gpus", "pools[0].gpus: missing; allowed: a number of at least 0"},
    {"performance.delay_ms_per_token",
     "performance.delay_ms_per_token: missing; allowed: a number or a list of them"},
    {"performance.error_rate",
     "performance.error_rate: missing; allowed: a number or a list of them"},
};

/* fill(), member by member and without the one at `path`. */
static void fill_but(const char *path)
{
    static const struct {
        const char *list;
        int members;
        const char *fields[6];
    } all[] = {
        {"queries", 2, {"input_tokens", "output_tokens", "rate_per_hour", "unmet_penalty_usd"}},
        {"models", 2, {"weights_gb", "kv_gb_per_token"}},
        {"tiers", 3, {"memory_gb", "tflops", "usd_per_hour", "tp_degrees"}},
        {"pools", 1, {"gpus"}},
    };
    static const char *const others[] = {"horizon.rental_hours", "storage_usd_per_gb_hour",
                                         "performance.delay_ms_per_token",
                                         "performance.error_rate"};
    for (size_t l = 0; l < sizeof all / sizeof *all; l++) {
        for (int m = 0; m < all[l].members; m++) {
            for (int f = 0; all[l].fields[f]; f++) {
                char at[64];
                (void)snprintf(at, sizeof at, "%s[%d].%s", all[l].list, m, all[l].fields[f]);
                if (strcmp(at, path) != 0)
                    OK(ifp_instance_set_number(instance, at, 1));
            }
        }
    }
    for (size_t o = 0; o < sizeof others / sizeof *others; o++) {
        if (strcmp(others[o], path) != 0)
            OK(ifp_instance_set_number(instance, others[o], 1));
    }
}

START_TEST(required_fields)
{
    fill_but(required[_i].path);
    expect_invalid(required[_i].message);
    OK(ifp_instance_set_number(instance, required[_i].path, 1));
    expect_valid();
}
END_TEST

/* What is wrong is told in the order of the file, one thing at a time. */
START_TEST(lists_may_not_be_empty)
{
    static const struct {
        const char *message;
        int (*add)(ifp_instance *, const char *);
    } order[] = {
        {"name: found an empty name; allowed: a non-empty name", ifp_instance_set_name},
        {"queries: found an empty list; allowed: at least one member", ifp_instance_add_query},
        {"models: found an empty list; allowed: at least one member", ifp_instance_add_model},
        {"tiers: found an empty list; allowed: at least one member", ifp_instance_add_tier},
        {"performance.delay_ms_per_token: missing; allowed: a number or a list of them", NULL},
    };
    ifp_instance *empty = ifp_instance_new();
    ck_assert_int_eq(ifp_instance_set_number(empty, "queries[*].max_unmet", 1), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(ifp_instance_last_error(empty)),
                     "queries[*].max_unmet: queries has no members");
    ck_assert_int_eq(ifp_instance_set_number(empty, "queries[chat].max_unmet", 1), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(ifp_instance_last_error(empty)),
                     "queries[chat].max_unmet: queries has no members");
    ck_assert_int_eq(ifp_instance_set_number(empty, "horizon.rental_hours", 1), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(empty, "storage_usd_per_gb_hour", 1), IFP_OK);
    for (int step = 0; step < 5; step++) {
        ck_assert_int_eq(ifp_instance_validate(empty, error), IFP_ERROR_VALUE);
        ck_assert_str_eq(ifp_error_message(error), order[step].message);
        if (!order[step].add)
            continue;
        ck_assert_int_eq(order[step].add(empty, "only"), IFP_OK);
        for (size_t r = 0; r < sizeof required / sizeof *required; r++) {
            char path[64];
            const char *bracket = strchr(required[r].path, '[');
            if (!bracket)
                continue;
            (void)snprintf(path, sizeof path, "%.*s[0]%s", (int)(bracket - required[r].path),
                           required[r].path, strchr(bracket, '.'));
            (void)ifp_instance_set_number(empty, path, 1);
        }
    }
    ifp_instance_free(empty);
}
END_TEST

START_TEST(columns)
{
    OK(ifp_instance_set_numbers(instance, "tiers[*].usd_per_hour", (const double[]){1, 2, 3}, 3));
    expect("tiers[0].usd_per_hour", 1);
    expect("tiers[U].usd_per_hour", 2);
    expect("tiers[2].usd_per_hour", 3);
    OK(ifp_instance_scale(instance, "tiers[*].usd_per_hour", 0.5));
    expect("tiers[T].usd_per_hour", 0.5);
    expect("tiers[V].usd_per_hour", 1.5);
    OK(ifp_instance_set_number(instance, "tiers[*].usd_per_hour", 7));
    expect("tiers[T].usd_per_hour", 7);
    expect("tiers[2].usd_per_hour", 7);
    OK(ifp_instance_set_numbers(instance, "tiers[1].usd_per_hour", (const double[]){9}, 1));
    expect("tiers[U].usd_per_hour", 9);
    expect("tiers[V].usd_per_hour", 7);
}
END_TEST

static void expect_in_json(const char *piece, bool there)
{
    char *text = json_of(instance);
    ck_assert_msg((strstr(text, piece) != NULL) == there, "%s in\n%s", piece, text);
    ifp_text_free(text);
}

START_TEST(number_lists)
{
    OK(ifp_instance_set_numbers(instance, "tiers[*].tp_degrees", degrees, 3));
    OK(ifp_instance_set_number(instance, "tiers[U].tp_degrees", 8));
    OK(ifp_instance_set_numbers(instance, "tiers[V].tp_speedup", (const double[]){1, 1.5, 2}, 3));
    expect_in_json("\"tp_degrees\": [1, 2, 4],\n   \"tp_speedup\": [1, 1.5, 2]", true);
    expect_in_json("\"tp_degrees\": [8]", true);
    OK(ifp_instance_scale(instance, "tiers[*].tp_speedup", 2));
    expect_in_json("[2, 3, 4]", true);
    OK(ifp_instance_set_null(instance, "tiers[*].tp_speedup"));
    expect_in_json("tp_speedup", false);
    expect_unreadable("tiers[0].tp_degrees", "tiers[0].tp_degrees: is not a number");
    fill();
    OK(ifp_instance_set_numbers(instance, "tiers[1].tp_speedup", (const double[]){1, 2}, 2));
    expect_invalid("tiers[1].tp_speedup: found 2 numbers; allowed: as many as tp_degrees has, 3");
}
END_TEST

/* A table of each rank, with the entry i + 10 j + 100 k where it reaches, read at every cell. */
START_TEST(tables_of_every_rank)
{
    double values[12];
    size_t counts[] = {1, 2, 4, 12};
    int rank = _i;
    for (size_t v = 0; v < counts[rank]; v++) {
        size_t cell = v * (12 / counts[rank]);
        size_t i = cell / 6;
        size_t j = cell / 3 % 2;
        size_t k = cell % 3;
        values[v] = (rank > 0 ? (double)i : 0) + (rank > 1 ? 10 * (double)j : 0) +
                    (rank > 2 ? 100 * (double)k : 0);
    }
    OK(ifp_instance_set_numbers(instance, "performance.delay_ms_per_token", values, counts[rank]));
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 2; j++) {
            for (size_t k = 0; k < 3; k++) {
                char path[80];
                (void)snprintf(path, sizeof path, "performance.delay_ms_per_token[%zu][%zu][%zu]",
                               i, j, k);
                expect(path, (rank > 0 ? (double)i : 0) + (rank > 1 ? 10 * (double)j : 0) +
                                 (rank > 2 ? 100 * (double)k : 0));
            }
        }
    }
}
END_TEST

START_TEST(shrink_tables)
{
    OK(ifp_instance_set_number(instance, "performance.delay_shrink", -2));
    expect("performance.delay_shrink[N][V]", -2);
    OK(ifp_instance_set_numbers(instance, "performance.delay_shrink", (const double[]){0.5, 1}, 2));
    expect("performance.delay_shrink[M]", 0.5);
    expect("performance.delay_shrink[N][T]", 1);
    OK(ifp_instance_set_numbers(instance, "performance.delay_shrink",
                                (const double[]){0, 0.1, 0.2, 0.3, 0.4, 0.5}, 6));
    expect("performance.delay_shrink[0][V]", 0.2);
    expect("performance.delay_shrink[1][T]", 0.3);
    expect_unreadable("performance.delay_shrink[M]",
                      "performance.delay_shrink[M]: names more than one number");
}
END_TEST

/* One entry of a table that was given for fewer dimensions: the rest keep what they had. */
START_TEST(tables_grow_to_the_entry)
{
    OK(ifp_instance_set_number(instance, "performance.error_rate", 0.1));
    OK(ifp_instance_set_number(instance, "performance.error_rate[b]", 0.2));
    OK(ifp_instance_set_number(instance, "performance.error_rate[*][N]", 0.3));
    OK(ifp_instance_set_number(instance, "performance.error_rate[a][*][V]", 0.4));
    expect("performance.error_rate[a][M][T]", 0.1);
    expect("performance.error_rate[a][N][T]", 0.3);
    expect("performance.error_rate[a][M][V]", 0.4);
    expect("performance.error_rate[a][N][V]", 0.4);
    expect("performance.error_rate[b][M][V]", 0.2);
    expect("performance.error_rate[b][N][V]", 0.3);
    OK(ifp_instance_scale(instance, "performance.error_rate[b]", 0.5));
    expect("performance.error_rate[b][M][U]", 0.1);
    expect("performance.error_rate[a][M][T]", 0.1);
    OK(ifp_instance_set_number(instance, "performance.error_rate", 0.9));
    expect("performance.error_rate", 0.9);
}
END_TEST

/* Where only some entries of a required table were given, the others were never measured. */
START_TEST(entries_never_given_are_no_candidates)
{
    fill();
    ifp_instance *fresh = ifp_instance_new();
    ifp_instance *kept = instance;
    instance = fresh;
    OK(ifp_instance_add_query(fresh, "a"));
    OK(ifp_instance_add_query(fresh, "b"));
    OK(ifp_instance_add_model(fresh, "M"));
    OK(ifp_instance_add_tier(fresh, "T"));
    OK(ifp_instance_set_number(fresh, "performance.delay_ms_per_token[b][M][T]", 2));
    expect("performance.delay_ms_per_token[b][M][T]", 2);
    expect("performance.delay_ms_per_token[a][M][T]", INFINITY);
    OK(ifp_instance_set_number(fresh, "performance.error_rate[a]", 0.5));
    expect("performance.error_rate[b]", INFINITY);
    /* The others default to 0. */
    OK(ifp_instance_set_number(fresh, "performance.kv_residency_hours[a]", 0.5));
    expect("performance.kv_residency_hours[b]", 0);
    instance = kept;
    ifp_instance_free(fresh);
}
END_TEST

START_TEST(null_is_absence)
{
    fill();
    OK(ifp_instance_set_number(instance, "limits.budget_usd", 100));
    OK(ifp_instance_set_null(instance, "limits.budget_usd"));
    expect("limits.budget_usd", INFINITY);
    OK(ifp_instance_set_number(instance, "queries[*].delay_limit_ms", 0));
    expect("queries[b].delay_limit_ms", 0);
    OK(ifp_instance_set_null(instance, "queries[b].delay_limit_ms"));
    expect("queries[b].delay_limit_ms", INFINITY);
    expect("queries[a].delay_limit_ms", 0);
    OK(ifp_instance_set_null(instance, "performance.delay_ms_per_token[*][N][U]"));
    expect("performance.delay_ms_per_token[a][N][U]", INFINITY);
    expect("performance.delay_ms_per_token[a][M][U]", 2);
    OK(ifp_instance_set_word(instance, "tiers[*].pool", "P"));
    OK(ifp_instance_set_null(instance, "tiers[U].pool"));
    expect_in_json("\"pool\": \"P\"", true);
    OK(ifp_instance_set_null(instance, "tiers[*].pool"));
    expect_in_json("\"pool\"", false);
    expect_valid();
}
END_TEST

START_TEST(scale_keeps_absence)
{
    fill();
    OK(ifp_instance_scale(instance, "limits.budget_usd", 2));
    expect("limits.budget_usd", INFINITY);
    OK(ifp_instance_set_null(instance, "performance.delay_ms_per_token[a]"));
    OK(ifp_instance_scale(instance, "performance.delay_ms_per_token", 2));
    expect("performance.delay_ms_per_token[a]", INFINITY);
    expect("performance.delay_ms_per_token[b]", 4);
    OK(ifp_instance_scale(instance, "horizon.penalty_hours", 2));
    expect("horizon.penalty_hours", 12);
    OK(ifp_instance_scale(instance, "policy.max_replicas", 3));
    expect("policy.max_replicas", 3);
    OK(ifp_instance_scale(instance, "performance.kv_residency_hours", 3));
    expect("performance.kv_residency_hours", 0);
    OK(ifp_instance_scale(instance, "queries[*].rate_per_hour", 0));
    expect("queries[1].rate_per_hour", 0);
    expect_valid();
}
END_TEST

START_TEST(from_text)
{
    fill();
    OK(ifp_instance_set(instance, "limits.budget_usd", "12.5"));
    expect("limits.budget_usd", 12.5);
    OK(ifp_instance_set(instance, "limits.budget_usd", "scale:2e1"));
    expect("limits.budget_usd", 250);
    OK(ifp_instance_set(instance, "limits.budget_usd", "null"));
    expect("limits.budget_usd", INFINITY);
    OK(ifp_instance_set(instance, "policy.placement", "matching"));
    expect_in_json("\"placement\": \"matching\"", true);
    OK(ifp_instance_set(instance, "tiers[*].pool", "P"));
    expect_in_json("\"pool\": \"P\"", true);
    OK(ifp_instance_set(instance, "tiers[T].tp_degrees", "2"));
    expect_in_json("\"tp_degrees\": [2]", true);
    OK(ifp_instance_set(instance, "performance.error_rate[a][M][T]", "null"));
    expect("performance.error_rate[a][M][T]", INFINITY);
}
END_TEST

static const struct {
    const char *path;
    const char *words[4];
} words[] = {
    {"policy.placement", {"single", "matching", "split"}},
    {"policy.slo_basis", {"served", "offered"}},
    {"policy.storage_basis", {"deployment", "route"}},
    {"uncertainty.kind", {"none", "budget", "decision_dependent"}},
    {"uncertainty.level", {"cell", "query"}},
};

START_TEST(word_fields)
{
    for (int w = 0; words[_i].words[w]; w++) {
        char piece[64];
        OK(ifp_instance_set_word(instance, words[_i].path, words[_i].words[w]));
        (void)snprintf(piece, sizeof piece, "\"%s\": \"%s\"", strchr(words[_i].path, '.') + 1,
                       words[_i].words[w]);
        expect_in_json(piece, true);
    }
}
END_TEST

START_TEST(uncertainty_is_checked)
{
    fill();
    OK(ifp_instance_set_word(instance, "uncertainty.kind", "decision_dependent"));
    expect_invalid("uncertainty.delay_budget: missing; allowed: a number of at least 0, as the "
                   "kind is not none");
    OK(ifp_instance_set_number(instance, "uncertainty.delay_budget", 0));
    expect_invalid("uncertainty.error_budget: missing; allowed: a number of at least 0, as the "
                   "kind is not none");
    OK(ifp_instance_set_number(instance, "uncertainty.error_budget", 2.5));
    expect_invalid("uncertainty.level: found query with policy.placement split; allowed: level "
                   "query needs placement single, other placements take level cell");
    OK(ifp_instance_set_word(instance, "uncertainty.level", "cell"));
    expect_valid();
    OK(ifp_instance_set_word(instance, "uncertainty.level", "query"));
    OK(ifp_instance_set_word(instance, "policy.placement", "single"));
    expect_valid();
}
END_TEST

START_TEST(counts_and_names)
{
    ck_assert_uint_eq(ifp_instance_query_count(instance), 2);
    ck_assert_uint_eq(ifp_instance_model_count(instance), 2);
    ck_assert_uint_eq(ifp_instance_tier_count(instance), 3);
    ck_assert_uint_eq(ifp_instance_pool_count(instance), 1);
    ck_assert_str_eq(ifp_instance_query_name(instance, 1), "b");
    ck_assert_str_eq(ifp_instance_model_name(instance, 0), "M");
    ck_assert_str_eq(ifp_instance_tier_name(instance, 2), "V");
    ck_assert_str_eq(ifp_instance_pool_name(instance, 0), "P");
    ck_assert_ptr_null(ifp_instance_query_name(instance, 2));
    ck_assert_ptr_null(ifp_instance_model_name(instance, 2));
    ck_assert_ptr_null(ifp_instance_tier_name(instance, 3));
    ck_assert_ptr_null(ifp_instance_pool_name(instance, (size_t)-1));
    ck_assert_str_eq(ifp_instance_name(instance), "by calls");
    OK(ifp_instance_set_source(instance, "one\ntwo"));
    expect_in_json("\"source\": \"one\\u000atwo\"", true);
}
END_TEST

static Suite *instance_suite(void)
{
    Suite *suite = suite_create("instance");
    TCase *fields = tcase_create("fields");
    tcase_add_checked_fixture(fields, setup, teardown);
    tcase_add_test(fields, built_by_calls);
    tcase_add_test(fields, defaults);
    tcase_add_loop_test(fields, required_fields, 0, (int)(sizeof required / sizeof *required));
    tcase_add_test(fields, lists_may_not_be_empty);
    tcase_add_test(fields, columns);
    tcase_add_test(fields, number_lists);
    tcase_add_test(fields, null_is_absence);
    tcase_add_test(fields, scale_keeps_absence);
    tcase_add_test(fields, from_text);
    tcase_add_loop_test(fields, word_fields, 0, (int)(sizeof words / sizeof *words));
    tcase_add_test(fields, uncertainty_is_checked);
    tcase_add_test(fields, counts_and_names);
    suite_add_tcase(suite, fields);
    TCase *tables = tcase_create("tables");
    tcase_add_checked_fixture(tables, setup, teardown);
    tcase_add_loop_test(tables, tables_of_every_rank, 0, 4);
    tcase_add_test(tables, shrink_tables);
    tcase_add_test(tables, tables_grow_to_the_entry);
    tcase_add_test(tables, entries_never_given_are_no_candidates);
    suite_add_tcase(suite, tables);
    return suite;
}

int main(void)
{
    return suite_run(instance_suite());
}
