/* SPDX-License-Identifier: MIT */
/* Written, read and written again: the same bytes, and the same numbers to the last bit.
 * usage: test_round_trip      INFERPLAN_INSTANCES names a directory of instances */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/random.h"
#include "support/suite.h"

static ifp_error *error;

static void setup(void)
{
    error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
}

static void teardown(void)
{
    ifp_error_free(error);
}

/* Reads what was written, writes it again, and compares. The instance read is the caller's. */
static ifp_instance *round_trip(const ifp_instance *instance)
{
    char *text = ifp_instance_write_json(instance);
    ck_assert_ptr_nonnull(text);
    ifp_instance *read = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(read != NULL, "%s in\n%s", ifp_error_message(error), text);
    char *again = ifp_instance_write_json(read);
    suite_expect_same(text, again);
    ifp_text_free(again);
    ifp_text_free(text);
    return read;
}

static void ok(const ifp_instance *instance, int code)
{
    ck_assert_msg(code == IFP_OK, "%s", ifp_error_message(ifp_instance_last_error(instance)));
}

/* From 0 to `high`, of any size: whole, short, or with all its digits, down to the smallest. */
static double any_number(struct random *random, double high)
{
    double exponent = random_between(random, -330, log10(high));
    switch (random_below(random, 5)) {
    case 0:
        return 0;
    case 1:
        return floor(random_between(random, 0, fmin(high, 1000)));
    case 2:
        return random_between(random, 0, fmin(high, 1));
    case 3:
        return fmin(high, pow(10, exponent));
    default:
        return random_between(random, 0, high);
    }
}

struct shape {
    int queries;
    int models;
    int tiers;
    int pools;
};

static void add_names(ifp_instance *instance, struct random *random, int count,
                      int (*add)(ifp_instance *, const char *))
{
    static const char *const kinds[] = {"plain %d", "%d",
                                        "x_%d",     "\"quoted\" \\%d",
                                        "[%d].a",   "\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80 %d",
                                        "null%d"};
    for (int m = 0; m < count; m++) {
        char name[64];
        const char *kind = kinds[random_below(random, 7)];
        const char *number = strstr(kind, "%d");
        (void)snprintf(name, sizeof name, "%.*s%d%s", (int)(number - kind), kind, m, number + 2);
        ok(instance, add(instance, name));
    }
}

struct field {
    const char *name;
    double high;
    bool required;
    bool nullable;
};

static void set_fields(ifp_instance *instance, struct random *random, const char *list, int count,
                       const struct field *fields)
{
    for (int m = 0; m < count; m++) {
        for (const struct field *field = fields; field->name; field++) {
            char path[80];
            (void)snprintf(path, sizeof path, "%s[%d].%s", list, m, field->name);
            if (field->nullable && random_chance(random, 0.2))
                ok(instance, ifp_instance_set_null(instance, path));
            else if (field->required || random_chance(random, 0.6))
                ok(instance,
                   ifp_instance_set_number(instance, path, any_number(random, field->high)));
        }
    }
}

static void set_lists(ifp_instance *instance, struct random *random, const struct shape *shape)
{
    static const struct field queries[] = {{"input_tokens", 1e6, true, false},
                                           {"rate_per_hour", 1e9, true, false},
                                           {"unmet_penalty_usd", 1e3, true, false},
                                           {"tflop_per_1k_tokens", 1e3, false, false},
                                           {"storage_gb_per_token", 1, false, false},
                                           {"delay_limit_ms", 1e15, false, true},
                                           {"error_limit", 1, false, true},
                                           {"delay_penalty_usd_per_ms", 1, false, false},
                                           {"max_unmet", 1, false, false},
                                           {NULL, 0, false, false}};
    static const struct field models[] = {{"weights_gb", 1e4, true, false},
                                          {"kv_gb_per_token", 1, true, false},
                                          {"compute_scale", 10, false, false},
                                          {NULL, 0, false, false}};
    static const struct field tiers[] = {{"usd_per_hour", 100, true, false},
                                         {"weight_scale", 2, false, false},
                                         {"kv_scale", 2, false, false},
                                         {NULL, 0, false, false}};
    static const struct field pools[] = {{"gpus", 1e6, true, false}, {NULL, 0, false, false}};
    set_fields(instance, random, "queries", shape->queries, queries);
    set_fields(instance, random, "models", shape->models, models);
    set_fields(instance, random, "tiers", shape->tiers, tiers);
    set_fields(instance, random, "pools", shape->pools, pools);
    ok(instance, ifp_instance_set_number(instance, "queries[*].output_tokens", 1e-3));
    ok(instance, ifp_instance_set_number(instance, "tiers[*].memory_gb", 1e-300));
    ok(instance, ifp_instance_set_number(instance, "tiers[*].tflops", 0.1 + 0.2));
    for (int k = 0; k < shape->tiers; k++) {
        static const double degrees[] = {8, 1, 1e6, 3};
        double speedups[4];
        char path[64];
        size_t count = 1 + (size_t)random_below(random, 4);
        (void)snprintf(path, sizeof path, "tiers[%d].tp_degrees", k);
        ok(instance, ifp_instance_set_numbers(instance, path, degrees, count));
        for (size_t n = 0; n < count; n++)
            speedups[n] = 1e-5 + any_number(random, 100);
        (void)snprintf(path, sizeof path, "tiers[%d].tp_speedup", k);
        if (random_chance(random, 0.5))
            ok(instance, ifp_instance_set_numbers(instance, path, speedups, count));
        (void)snprintf(path, sizeof path, "tiers[%d].pool", k);
        if (shape->pools && random_chance(random, 0.5))
            ok(instance,
               ifp_instance_set_word(
                   instance, path,
                   ifp_instance_pool_name(instance, (size_t)random_below(random, shape->pools))));
    }
}

static const struct {
    const char *name;
    double high;
    int dimensions;
    bool required;
    bool nullable;
} tables[] = {
    {"performance.delay_ms_per_token", 1e15, 3, true, true},
    {"performance.delay_deviation_ms_per_token", 1e15, 3, false, false},
    {"performance.error_rate", 1, 3, true, true},
    {"performance.error_deviation", 1e15, 3, false, false},
    {"performance.kv_residency_hours", 1e15, 3, false, false},
    {"performance.delay_shrink", 1, 2, false, false},
    {"performance.error_shrink", 1, 2, false, false},
};
enum { TABLES = sizeof tables / sizeof *tables };

/* A table of the rank, and null here and there: at one entry, at a whole row, or everywhere. */
static void set_table(ifp_instance *instance, struct random *random, const struct shape *shape,
                      int which, int rank)
{
    const int lengths[] = {shape->queries, shape->models, shape->tiers};
    const int *length = tables[which].dimensions == 3 ? lengths : lengths + 1;
    size_t count = 1;
    double values[64];
    for (int d = 0; d < rank; d++)
        count *= (size_t)length[d];
    for (size_t v = 0; v < count; v++) {
        values[v] = any_number(random, tables[which].high);
        if (tables[which].dimensions == 2 && random_chance(random, 0.3))
            values[v] = -values[v];
    }
    ok(instance, ifp_instance_set_numbers(instance, tables[which].name, values, count));
    for (int null = random_below(random, 3); tables[which].nullable && null > 0; null--) {
        char path[96];
        int at = snprintf(path, sizeof path, "%s", tables[which].name);
        for (int d = 0; d < rank; d++)
            at += random_chance(random, 0.3) ? snprintf(path + at, sizeof path - (size_t)at, "[*]")
                                             : snprintf(path + at, sizeof path - (size_t)at, "[%d]",
                                                        random_below(random, length[d]));
        ok(instance, ifp_instance_set_null(instance, path));
    }
}

static void set_rest(ifp_instance *instance, struct random *random)
{
    static const char *const words[][5] = {
        {"policy.placement", "single", "matching", "split"},
        {"policy.slo_basis", "served", "offered"},
        {"policy.storage_basis", "deployment", "route"},
        {"uncertainty.kind", "none", "budget", "decision_dependent"},
    };
    for (int w = 0; w < 4; w++) {
        int count = 0;
        while (words[w][count + 1])
            count++;
        ok(instance,
           ifp_instance_set_word(instance, words[w][0], words[w][1 + random_below(random, count)]));
    }
    ok(instance, ifp_instance_set_word(instance, "uncertainty.level", "cell"));
    ok(instance,
       ifp_instance_set_number(instance, "uncertainty.delay_budget", any_number(random, 100)));
    ok(instance,
       ifp_instance_set_number(instance, "uncertainty.error_budget", any_number(random, 100)));
    ok(instance,
       ifp_instance_set_number(instance, "horizon.rental_hours", 1e-9 + any_number(random, 1e5)));
    if (random_chance(random, 0.5))
        ok(instance,
           ifp_instance_set_number(instance, "horizon.penalty_hours", any_number(random, 1e5)));
    ok(instance,
       ifp_instance_set_number(instance, "storage_usd_per_gb_hour", any_number(random, 1)));
    if (random_chance(random, 0.5))
        ok(instance,
           ifp_instance_set_number(instance, "limits.budget_usd", any_number(random, 1e15)));
    if (random_chance(random, 0.5))
        ok(instance,
           ifp_instance_set_number(instance, "limits.storage_gb", any_number(random, 1e15)));
    ok(instance,
       ifp_instance_set_number(instance, "policy.max_replicas", 1 + random_below(random, 1000000)));
}

/* Every number of the instance that has a path of its own. */
static void expect_same_numbers(const ifp_instance *one, const ifp_instance *other,
                                const struct shape *shape)
{
    static const char *const fields[][12] = {
        {"input_tokens", "output_tokens", "rate_per_hour", "tflop_per_1k_tokens",
         "storage_gb_per_token", "delay_limit_ms", "error_limit", "delay_penalty_usd_per_ms",
         "unmet_penalty_usd", "max_unmet"},
        {"weights_gb", "kv_gb_per_token", "compute_scale"},
        {"memory_gb", "tflops", "usd_per_hour", "weight_scale", "kv_scale"},
        {"gpus"}};
    static const char *const lists[] = {"queries", "models", "tiers", "pools"};
    const int counts[] = {shape->queries, shape->models, shape->tiers, shape->pools};
    char path[128];
    double values[2];
    for (int l = 0; l < 4; l++) {
        for (int m = 0; m < counts[l]; m++) {
            for (int f = 0; fields[l][f]; f++) {
                (void)snprintf(path, sizeof path, "%s[%d].%s", lists[l], m, fields[l][f]);
                ck_assert_int_eq(ifp_instance_get_number(one, path, &values[0], error), IFP_OK);
                ck_assert_int_eq(ifp_instance_get_number(other, path, &values[1], error), IFP_OK);
                ck_assert_msg(values[0] == values[1], "%s: %a and %a", path, values[0], values[1]);
            }
        }
    }
    for (int t = 0; t < TABLES; t++) {
        const int *length = tables[t].dimensions == 3 ? counts : counts + 1;
        int cells = length[0] * length[1] * (tables[t].dimensions == 3 ? length[2] : 1);
        for (int c = 0; c < cells; c++) {
            if (tables[t].dimensions == 3)
                (void)snprintf(path, sizeof path, "%s[%d][%d][%d]", tables[t].name,
                               c / length[2] / length[1], c / length[2] % length[1], c % length[2]);
            else
                (void)snprintf(path, sizeof path, "%s[%d][%d]", tables[t].name, c / length[1],
                               c % length[1]);
            /* With profiles, delays may be absent; the residency may be the word "delay". */
            int code = ifp_instance_get_number(one, path, &values[0], error);
            ck_assert_int_eq(ifp_instance_get_number(other, path, &values[1], error), code);
            ck_assert_msg(code || values[0] == values[1], "%s: %a and %a", path, values[0],
                          values[1]);
            ck_assert(!code || ifp_instance_profile_count(one) > 0);
        }
    }
}

/* 600 instances, which have every table in every rank. */
START_TEST(random_instances)
{
    struct random random = {(uint64_t)_i};
    for (int n = 0; n < 100; n++) {
        const struct shape shape = {1 + random_below(&random, 4), 1 + random_below(&random, 4),
                                    1 + random_below(&random, 4), random_below(&random, 3)};
        ifp_instance *instance = ifp_instance_new();
        ok(instance, ifp_instance_set_name(instance, "random"));
        add_names(instance, &random, shape.queries, ifp_instance_add_query);
        add_names(instance, &random, shape.models, ifp_instance_add_model);
        add_names(instance, &random, shape.tiers, ifp_instance_add_tier);
        add_names(instance, &random, shape.pools, ifp_instance_add_pool);
        set_lists(instance, &random, &shape);
        set_rest(instance, &random);
        for (int t = 0; t < TABLES; t++) {
            if (tables[t].required || random_chance(&random, 0.7))
                set_table(instance, &random, &shape, t,
                          random_below(&random, tables[t].dimensions + 1));
        }
        if (random_chance(&random, 0.3))
            ok(instance, ifp_instance_set_source(instance, "a\n\"b\"\t\\ \x7f \xc3\xa9"));
        ck_assert_msg(ifp_instance_validate(instance, error) == IFP_OK, "%s",
                      ifp_error_message(error));
        ifp_instance *read = round_trip(instance);
        expect_same_numbers(instance, read, &shape);
        ifp_instance_free(read);
        ifp_instance_free(instance);
    }
}
END_TEST

/* What people write differs from what is written; from then on nothing changes. */
START_TEST(instances_of_the_examples)
{
    const char *directory = getenv("INFERPLAN_INSTANCES");
    ck_assert_msg(directory != NULL, "INFERPLAN_INSTANCES is not set");
    DIR *entries = opendir(directory);
    ck_assert_msg(entries != NULL, "%s cannot be opened", directory);
    int found = 0;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        size_t length = strlen(entry->d_name);
        char path[1024];
        if (length < 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        ifp_instance *instance = ifp_instance_read_file(path, error);
        ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
        const struct shape shape = {
            (int)ifp_instance_query_count(instance), (int)ifp_instance_model_count(instance),
            (int)ifp_instance_tier_count(instance), (int)ifp_instance_pool_count(instance)};
        ifp_instance *read = round_trip(instance);
        expect_same_numbers(instance, read, &shape);
        ifp_instance_free(read);
        ifp_instance_free(instance);
        found++;
    }
    ck_assert_int_eq(closedir(entries), 0);
    ck_assert_int_ge(found, 3);
}
END_TEST

/* The user's own numbers as well, once they have been written. */
START_TEST(own_members)
{
    static const char text[] =
        "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"own\","
        " \"x_a\": [0.1, 1e300, 5e-324, 1.0, -0.0, 12345678901234567890.0, 3, 1E5],"
        " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0,"
        " \"queries\": [{\"name\": \"a\", \"input_tokens\": 0, \"output_tokens\": 1,"
        "   \"rate_per_hour\": 0, \"unmet_penalty_usd\": 0, \"x_\": {\"k\": \"\\u00e9\\t/\"}}],"
        " \"models\": [{\"name\": \"M\", \"weights_gb\": 0, \"kv_gb_per_token\": 0}],"
        " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 0,"
        "   \"tp_degrees\": [1]}],"
        " \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0, \"x_p\": [[]]}}";
    ifp_instance *instance = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    ifp_instance *read = round_trip(instance);
    ifp_instance_free(read);
    ifp_instance_free(instance);
}
END_TEST

static Suite *round_trip_suite(void)
{
    Suite *suite = suite_create("round trip");
    TCase *trips = tcase_create("trips");
    tcase_add_checked_fixture(trips, setup, teardown);
    tcase_set_timeout(trips, 60);
    tcase_add_loop_test(trips, random_instances, 0, 6);
    tcase_add_test(trips, instances_of_the_examples);
    tcase_add_test(trips, own_members);
    suite_add_tcase(suite, trips);
    return suite;
}

int main(void)
{
    return suite_run(round_trip_suite());
}
