/* SPDX-License-Identifier: MIT */
/* Reading an instance: every field, what absence means, tables in every form, and documents with
 * one mistake each, refused with the place and the words. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/suite.h"

/* Every field is in here once, each number another. */
static const char full[] =
    "{\n"
    "\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"all\", \"source\": \"me\",\n"
    "\"horizon\": {\"rental_hours\": 10, \"penalty_hours\": 20},\n"
    "\"limits\": {\"budget_usd\": 30, \"storage_gb\": 40},\n"
    "\"storage_usd_per_gb_hour\": 50,\n"
    "\"policy\": {\"placement\": \"single\", \"slo_basis\": \"offered\",\n"
    " \"storage_basis\": \"route\", \"max_replicas\": 60},\n"
    "\"uncertainty\": {\"kind\": \"budget\", \"level\": \"cell\", \"delay_budget\": 70,\n"
    " \"error_budget\": 80},\n"
    "\"queries\": [{\"name\": \"a\", \"input_tokens\": 1, \"output_tokens\": 2,\n"
    "  \"rate_per_hour\": 3, \"tflop_per_1k_tokens\": 4, \"storage_gb_per_token\": 5,\n"
    "  \"delay_limit_ms\": 6, \"error_limit\": 0.7, \"delay_penalty_usd_per_ms\": 8,\n"
    "  \"unmet_penalty_usd\": 9, \"max_unmet\": 0.25},\n"
    " {\"name\": \"b\", \"input_tokens\": 11, \"output_tokens\": 12, \"rate_per_hour\": 13,\n"
    "  \"unmet_penalty_usd\": 14}],\n"
    "\"models\": [{\"name\": \"M\", \"weights_gb\": 21, \"kv_gb_per_token\": 22,\n"
    "  \"compute_scale\": 23}],\n"
    "\"tiers\": [{\"name\": \"T\", \"memory_gb\": 31, \"tflops\": 32, \"usd_per_hour\": 33,\n"
    "  \"tp_degrees\": [1, 34], \"tp_speedup\": [1, 35.5], \"weight_scale\": 36,\n"
    "  \"kv_scale\": 37, \"pool\": \"P\"}],\n"
    "\"pools\": [{\"name\": \"P\", \"gpus\": 41}],\n"
    "\"performance\": {\"delay_ms_per_token\": [[[51]], [[52]]],\n"
    " \"delay_deviation_ms_per_token\": [[53], [54]], \"error_rate\": [0.55, 0.56],\n"
    " \"error_deviation\": 57, \"kv_residency_hours\": [58, 59], \"delay_shrink\": [[0.61]],\n"
    " \"error_shrink\": [-62]}\n"
    "}\n";

/* As little as there can be. */
static const char minimum[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"least\","
    " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0,"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 0, \"output_tokens\": 1,"
    "   \"rate_per_hour\": 0, \"unmet_penalty_usd\": 0}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 0, \"kv_gb_per_token\": 0}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 0,"
    "   \"tp_degrees\": [1]}],"
    " \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0}}";

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

/* The text with the first `from` in it replaced; owned by the caller. NULL where it is not
 * there. */
static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (!at)
        return NULL;
    char *made = malloc(strlen(text) + strlen(to) + 1);
    ck_assert_ptr_nonnull(made);
    memcpy(made, text, (size_t)(at - text));
    strcpy(made + (at - text), to);
    strcat(made, at + strlen(from));
    return made;
}

static ifp_instance *read_text(const char *text)
{
    return ifp_instance_read_string(text, strlen(text), error);
}

static ifp_instance *read_good(const char *text)
{
    ifp_instance *instance = read_text(text);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    return instance;
}

static void expect(const ifp_instance *instance, const char *path, double value)
{
    double found = NAN;
    ck_assert_msg(ifp_instance_get_number(instance, path, &found, error) == IFP_OK, "%s",
                  ifp_error_message(error));
    ck_assert_msg(found == value, "%s is %g, not %g", path, found, value);
}

static void expect_in_json(const ifp_instance *instance, const char *piece)
{
    char *text = ifp_instance_write_json(instance);
    ck_assert_msg(strstr(text, piece) != NULL, "no %s in\n%s", piece, text);
    ifp_text_free(text);
}

struct number {
    const char *path;
    double value;
};

START_TEST(every_field)
{
    static const struct number numbers[] = {
        {"horizon.rental_hours", 10},
        {"horizon.penalty_hours", 20},
        {"limits.budget_usd", 30},
        {"limits.storage_gb", 40},
        {"storage_usd_per_gb_hour", 50},
        {"policy.max_replicas", 60},
        {"uncertainty.delay_budget", 70},
        {"uncertainty.error_budget", 80},
        {"queries[a].input_tokens", 1},
        {"queries[a].output_tokens", 2},
        {"queries[a].rate_per_hour", 3},
        {"queries[a].tflop_per_1k_tokens", 4},
        {"queries[a].storage_gb_per_token", 5},
        {"queries[a].delay_limit_ms", 6},
        {"queries[a].error_limit", 0.7},
        {"queries[a].delay_penalty_usd_per_ms", 8},
        {"queries[a].unmet_penalty_usd", 9},
        {"queries[a].max_unmet", 0.25},
        {"queries[b].unmet_penalty_usd", 14},
        {"models[M].weights_gb", 21},
        {"models[M].kv_gb_per_token", 22},
        {"models[M].compute_scale", 23},
        {"tiers[T].memory_gb", 31},
        {"tiers[T].tflops", 32},
        {"tiers[T].usd_per_hour", 33},
        {"tiers[T].weight_scale", 36},
        {"tiers[T].kv_scale", 37},
        {"pools[P].gpus", 41},
        {"performance.delay_ms_per_token[b][M][T]", 52},
        {"performance.delay_deviation_ms_per_token[b][M]", 54},
        {"performance.error_rate[a]", 0.55},
        {"performance.error_deviation", 57},
        {"performance.kv_residency_hours[b]", 59},
        {"performance.delay_shrink[M][T]", 0.61},
        {"performance.error_shrink[M]", -62},
    };
    ifp_instance *instance = read_good(full);
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        expect(instance, numbers[n].path, numbers[n].value);
    ck_assert_str_eq(ifp_instance_name(instance), "all");
    expect_in_json(instance, "\"source\": \"me\"");
    expect_in_json(instance, "\"placement\": \"single\"");
    expect_in_json(instance, "\"slo_basis\": \"offered\"");
    expect_in_json(instance, "\"storage_basis\": \"route\"");
    expect_in_json(instance, "\"kind\": \"budget\"");
    expect_in_json(instance, "\"level\": \"cell\"");
    expect_in_json(instance, "\"tp_degrees\": [1, 34]");
    expect_in_json(instance, "\"tp_speedup\": [1, 35.5]");
    expect_in_json(instance, "\"pool\": \"P\"");
    ifp_instance_free(instance);
}
END_TEST

static void expect_defaults(const ifp_instance *instance)
{
    static const struct number numbers[] = {
        {"horizon.penalty_hours", 10},
        {"limits.budget_usd", INFINITY},
        {"limits.storage_gb", INFINITY},
        {"policy.max_replicas", 1},
        {"uncertainty.delay_budget", INFINITY},
        {"uncertainty.error_budget", INFINITY},
        {"queries[a].tflop_per_1k_tokens", 0},
        {"queries[a].storage_gb_per_token", 0},
        {"queries[a].delay_limit_ms", INFINITY},
        {"queries[a].error_limit", INFINITY},
        {"queries[a].delay_penalty_usd_per_ms", 0},
        {"queries[a].max_unmet", 1},
        {"models[M].compute_scale", 1},
        {"tiers[T].weight_scale", 1},
        {"tiers[T].kv_scale", 1},
        {"performance.delay_deviation_ms_per_token", 0},
        {"performance.error_deviation", 0},
        {"performance.kv_residency_hours", 0},
        {"performance.delay_shrink", 0},
        {"performance.error_shrink", 0},
    };
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        expect(instance, numbers[n].path, numbers[n].value);
    ck_assert_uint_eq(ifp_instance_pool_count(instance), 0);
    expect_in_json(instance, "\"placement\": \"split\"");
    expect_in_json(instance, "\"slo_basis\": \"served\"");
    expect_in_json(instance, "\"storage_basis\": \"deployment\"");
    expect_in_json(instance, "\"kind\": \"none\"");
    expect_in_json(instance, "\"level\": \"query\"");
}

START_TEST(absent_fields)
{
    ifp_instance *instance = read_good(minimum);
    expect_defaults(instance);
    ifp_instance_free(instance);
}
END_TEST

/* Null, where it is taken, is the same as absence; and empty objects are the same as none. */
START_TEST(null_fields)
{
    static const struct {
        const char *from;
        const char *to;
    } changes[] = {
        {"\"rental_hours\": 10", "\"rental_hours\": 10, \"penalty_hours\": null"},
        {" \"queries\"", " \"limits\": {\"budget_usd\": null, \"storage_gb\": null},"
                         " \"policy\": {}, \"pools\": [], \"uncertainty\": {\"delay_budget\": null,"
                         " \"error_budget\": null}, \"queries\""},
        {"\"unmet_penalty_usd\": 0", "\"unmet_penalty_usd\": 0, \"delay_limit_ms\": null,"
                                     " \"error_limit\": null"},
        {"\"tp_degrees\": [1]", "\"tp_degrees\": [1], \"tp_speedup\": null, \"pool\": null"},
    };
    char *text = replaced(minimum, "", "");
    for (size_t c = 0; c < sizeof changes / sizeof *changes; c++) {
        char *next = replaced(text, changes[c].from, changes[c].to);
        ck_assert_msg(next != NULL, "%s", changes[c].from);
        free(text);
        text = next;
    }
    ifp_instance *instance = read_good(text);
    ifp_instance *plain = read_good(minimum);
    expect_defaults(instance);
    char *one = ifp_instance_write_json(instance);
    char *other = ifp_instance_write_json(plain);
    suite_expect_same(one, other);
    ifp_text_free(one);
    ifp_text_free(other);
    ifp_instance_free(plain);
    ifp_instance_free(instance);
    free(text);
}
END_TEST

/* The order of members says nothing: performance first, lists last, names at the end. */
START_TEST(order_is_free)
{
    static const char mixed[] =
        "{\"performance\": {\"error_rate\": 0, \"delay_ms_per_token\": {\"a\": {\"M\": {\"T\": "
        "1}}}},"
        " \"tiers\": [{\"tp_degrees\": [1], \"pool\": \"P\", \"usd_per_hour\": 0, \"tflops\": 1,"
        "   \"memory_gb\": 1, \"name\": \"T\"}],"
        " \"pools\": [{\"gpus\": 1, \"name\": \"P\"}],"
        " \"models\": [{\"kv_gb_per_token\": 0, \"weights_gb\": 0, \"name\": \"M\"}],"
        " \"queries\": [{\"unmet_penalty_usd\": 0, \"rate_per_hour\": 0, \"output_tokens\": 1,"
        "   \"input_tokens\": 0, \"name\": \"a\"}], \"storage_usd_per_gb_hour\": 0,"
        " \"horizon\": {\"rental_hours\": 10}, \"name\": \"mixed\", \"version\": 1.0,"
        " \"format\": \"inferplan-instance\"}";
    ifp_instance *instance = read_good(mixed);
    expect(instance, "performance.delay_ms_per_token[a][M][T]", 1);
    expect(instance, "horizon.rental_hours", 10);
    expect_in_json(instance, "\"pool\": \"P\"");
    ifp_instance_free(instance);
}
END_TEST

/* The delay table of two queries, two models and two tiers in every form; "-" is no candidate. */
static const struct {
    const char *table;
    const char *entries[8];
} tables[] = {
    {"3", {"3", "3", "3", "3", "3", "3", "3", "3"}},
    {"null", {"-", "-", "-", "-", "-", "-", "-", "-"}},
    {"[1, 2]", {"1", "1", "1", "1", "2", "2", "2", "2"}},
    {"[null, 2]", {"-", "-", "-", "-", "2", "2", "2", "2"}},
    {"{\"b\": 2}", {"-", "-", "-", "-", "2", "2", "2", "2"}},
    {"{\"b\": 2, \"a\": 1}", {"1", "1", "1", "1", "2", "2", "2", "2"}},
    {"[[1, 2], [3, 4]]", {"1", "1", "2", "2", "3", "3", "4", "4"}},
    {"[null, [3, null]]", {"-", "-", "-", "-", "3", "3", "-", "-"}},
    {"{\"b\": {\"N\": 4, \"M\": 3}, \"a\": [1, 2]}", {"1", "1", "2", "2", "3", "3", "4", "4"}},
    {"[{\"N\": 2}, {}]", {"-", "-", "2", "2", "-", "-", "-", "-"}},
    {"[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", {"1", "2", "3", "4", "5", "6", "7", "8"}},
    {"[[[1, null], null], null]", {"1", "-", "-", "-", "-", "-", "-", "-"}},
    {"[null, null]", {"-", "-", "-", "-", "-", "-", "-", "-"}},
    {"[[null, null], null]", {"-", "-", "-", "-", "-", "-", "-", "-"}},
    {"{}", {"-", "-", "-", "-", "-", "-", "-", "-"}},
    {"{\"a\": {\"M\": {\"U\": 2, \"T\": 1}, \"N\": [3, 4]}, \"b\": [{\"T\": 5}, {\"U\": 8}]}",
     {"1", "2", "3", "4", "5", "-", "-", "8"}},
    {"{\"a\": {\"M\": null}, \"b\": {\"N\": {\"U\": 8}}}",
     {"-", "-", "-", "-", "-", "-", "-", "8"}},
    /* The user's own members say nothing, whatever they look like. */
    {"{\"x_note\": 5, \"a\": {\"x_of\": [[1]], \"M\": {\"x_\": 9, \"T\": 1}}}",
     {"1", "-", "-", "-", "-", "-", "-", "-"}},
    {"{\"x_note\": [[[1]]], \"b\": 2}", {"-", "-", "-", "-", "2", "2", "2", "2"}},
};

static const char wide[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"wide\","
    " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0,"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 0, \"output_tokens\": 1,"
    "   \"rate_per_hour\": 0, \"unmet_penalty_usd\": 0},"
    "  {\"name\": \"b\", \"input_tokens\": 0, \"output_tokens\": 1,"
    "   \"rate_per_hour\": 0, \"unmet_penalty_usd\": 0}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 0, \"kv_gb_per_token\": 0},"
    "  {\"name\": \"N\", \"weights_gb\": 0, \"kv_gb_per_token\": 0}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 0,"
    "   \"tp_degrees\": [1]}, {\"name\": \"U\", \"memory_gb\": 1, \"tflops\": 1,"
    "   \"usd_per_hour\": 0, \"tp_degrees\": [1]}],"
    " \"performance\": {\"delay_ms_per_token\": @, \"error_rate\": 0}}";

START_TEST(tables_in_every_form)
{
    char *text = replaced(wide, "@", tables[_i].table);
    ifp_instance *instance = read_good(text);
    for (int cell = 0; cell < 8; cell++) {
        char path[80];
        (void)snprintf(path, sizeof path, "performance.delay_ms_per_token[%d][%d][%d]", cell / 4,
                       cell / 2 % 2, cell % 2);
        const char *entry = tables[_i].entries[cell];
        expect(instance, path, *entry == '-' ? INFINITY : strtod(entry, NULL));
    }
    ifp_instance_free(instance);
    free(text);
}
END_TEST

START_TEST(own_members_are_kept)
{
    static const struct {
        const char *from;
        const char *to;
        const char *kept;
    } places[] = {
        {"\"source\": \"me\"", "\"source\": \"me\", \"x_top\": [1, {\"budget_usd\": 0.5}]",
         "\"x_top\": [1, {\"budget_usd\": 0.5}]"},
        {"\"penalty_hours\": 20", "\"penalty_hours\": 20, \"x_h\": \"\\u00e9\"",
         "\"x_h\": \"\xc3\xa9\""},
        {"\"storage_gb\": 40", "\"storage_gb\": 40, \"x_l\": null", "\"x_l\": null"},
        {"\"max_replicas\": 60", "\"max_replicas\": 60, \"x_p\": true", "\"x_p\": true"},
        {"\"error_budget\": 80", "\"x_u\": 1.5, \"error_budget\": 80", "\"x_u\": 1.5"},
        {"\"max_unmet\": 0.25", "\"max_unmet\": 0.25, \"x_\": 9007199254740993, \"x_name\": {}",
         "\"x_\": 9007199254740993, \"x_name\": {}"},
        {"\"compute_scale\": 23", "\"compute_scale\": 23, \"x_m\": \"a\\\"b\\\\\\n\"",
         "\"x_m\": \"a\\\"b\\\\\\n\""},
        {"\"kv_scale\": 37", "\"x_t\": [[], {}], \"kv_scale\": 37", "\"x_t\": [[], {}]"},
        {"\"gpus\": 41", "\"gpus\": 41, \"x_g\": -0.25", "\"x_g\": -0.25"},
        {"\"error_deviation\": 57", "\"error_deviation\": 57, \"x_f\": \"\"", "\"x_f\": \"\""},
    };
    char *text = replaced(full, "", "");
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        char *next = replaced(text, places[p].from, places[p].to);
        ck_assert_msg(next != NULL, "%s", places[p].from);
        free(text);
        text = next;
    }
    ifp_instance *instance = read_good(text);
    ifp_instance *copy = ifp_instance_copy(instance);
    char *written = ifp_instance_write_json(copy);
    for (size_t p = 0; p < sizeof places / sizeof *places; p++)
        ck_assert_msg(strstr(written, places[p].kept) != NULL, "no %s in\n%s", places[p].kept,
                      written);
    ifp_text_free(written);
    ifp_instance_free(copy);
    ifp_instance_free(instance);
    free(text);
}
END_TEST

/* In a locale with another decimal sign the same text means the same, and is written the same. */
START_TEST(locales_do_not_matter)
{
    char *text = replaced(full, "\"gpus\": 41", "\"gpus\": 41, \"x_g\": [0.125, 1e-7, 12345.5]");
    ifp_instance *plain = read_good(text);
    char *expected = ifp_instance_write_json(plain);
    if (suite_enter_locale(_i)) {
        ifp_instance *instance = read_good(text);
        char *found = ifp_instance_write_json(instance);
        suite_expect_same(found, expected);
        expect(instance, "queries[a].error_limit", 0.7);
        ck_assert_int_eq(ifp_instance_set(instance, "queries[a].error_limit", "0.5"), IFP_OK);
        expect(instance, "queries[a].error_limit", 0.5);
        ifp_text_free(found);
        ifp_instance_free(instance);
    }
    ifp_text_free(expected);
    ifp_instance_free(plain);
    free(text);
}
END_TEST

START_TEST(files)
{
    char path[] = "/tmp/inferplan-test-XXXXXX";
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "wb");
    ck_assert_uint_eq(fwrite(full, 1, strlen(full), file), strlen(full));
    ck_assert_int_eq(fclose(file), 0);
    ifp_instance *instance = ifp_instance_read_file(path, error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    expect(instance, "pools[P].gpus", 41);
    ifp_instance_free(instance);

    char expected[256];
    file = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(full, 1, 40, file), 40);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_ptr_null(ifp_instance_read_file(path, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_SYNTAX);
    ck_assert_str_eq(ifp_error_where(error), "line 2, column 39");
    (void)snprintf(expected, sizeof expected, "%s: line 2, column 39: found ", path);
    ck_assert_msg(!strncmp(ifp_error_message(error), expected, strlen(expected)), "%s",
                  ifp_error_message(error));
    char *text = replaced(full, "\"gpus\": 41", "\"gpus\": -41");
    file = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    ck_assert_int_eq(fclose(file), 0);
    free(text);
    ck_assert_ptr_null(ifp_instance_read_file(path, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    (void)snprintf(expected, sizeof expected,
                   "%s: pools[0].gpus: found -41; allowed: a number of at least 0", path);
    ck_assert_str_eq(ifp_error_message(error), expected);

    ck_assert_int_eq(remove(path), 0);
    ck_assert_ptr_null(ifp_instance_read_file(path, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_FILE);
    (void)snprintf(expected, sizeof expected, "%s: cannot be opened: No such file or directory",
                   path);
    ck_assert_str_eq(ifp_error_message(error), expected);
    ck_assert_ptr_null(ifp_instance_read_file("/tmp", error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_FILE);
    ck_assert_str_eq(ifp_error_message(error), "/tmp: cannot be read: Is a directory");
    /* The caller need not want to know. */
    ck_assert_ptr_null(ifp_instance_read_file(path, NULL));
    ck_assert_ptr_null(ifp_instance_read_file(NULL, NULL));
    ck_assert_ptr_null(ifp_instance_read_string("{}", 2, NULL));
    ck_assert_ptr_null(ifp_instance_read_string(NULL, 7, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ARGUMENT);
}
END_TEST

#include "support/damaged.h"

START_TEST(damaged_documents)
{
    char *text = replaced(full, damaged[_i].from, damaged[_i].to);
    ck_assert_msg(text != NULL, "no %s in the document", damaged[_i].from);
    ifp_instance *instance = read_text(text);
    ck_assert_msg(!instance, "%s is taken", damaged[_i].to);
    ck_assert_str_eq(ifp_error_message(error), damaged[_i].message);
    const char *message = damaged[_i].message;
    bool syntax = !strncmp(message, "line ", 5);
    ck_assert_int_eq(ifp_error_code(error), syntax ? IFP_ERROR_SYNTAX : IFP_ERROR_VALUE);
    /* The place is what the message begins with. */
    size_t length = strlen(ifp_error_where(error));
    ck_assert_uint_gt(length, 0);
    ck_assert(!strncmp(message, ifp_error_where(error), length));
    ck_assert(!strncmp(message + length, ": ", 2));
    free(text);
}
END_TEST

/* Cut anywhere, a document is refused as cut, without a crash. */
START_TEST(cut_documents)
{
    size_t length = strlen(full) - 2; /* the last brace, and what follows it */
    for (size_t cut = 0; cut < length; cut++) {
        char *text = malloc(cut + 1);
        ck_assert_ptr_nonnull(text);
        memcpy(text, full, cut);
        ck_assert_ptr_null(ifp_instance_read_string(text, cut, error));
        ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_SYNTAX);
        free(text);
    }
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static Suite *read_suite(void)
{
    Suite *suite = suite_create("read");
    TCase *reading = tcase_create("reading");
    tcase_add_checked_fixture(reading, setup, teardown);
    tcase_set_timeout(reading, 30);
    tcase_add_test(reading, every_field);
    tcase_add_test(reading, absent_fields);
    tcase_add_test(reading, null_fields);
    tcase_add_test(reading, order_is_free);
    tcase_add_loop_test(reading, tables_in_every_form, 0, COUNT(tables));
    tcase_add_test(reading, own_members_are_kept);
    tcase_add_loop_test(reading, locales_do_not_matter, 0, SUITE_LOCALES);
    tcase_add_test(reading, files);
    suite_add_tcase(suite, reading);
    TCase *refusing = tcase_create("refusing");
    tcase_add_checked_fixture(refusing, setup, teardown);
    tcase_add_loop_test(refusing, damaged_documents, 0, COUNT(damaged));
    tcase_add_test(refusing, cut_documents);
    suite_add_tcase(suite, refusing);
    return suite;
}

int main(void)
{
    return suite_run(read_suite());
}
