/* SPDX-License-Identifier: MIT */
/* Profiles, head-room and the other fields of performance under load: every field read and written
 * back, every rule on several fields refused with its words, paths, and the calls that build the
 * same. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "instance/instance.h"
#include "support/damaged_profiles.h"
#include "support/set_profiles.h"
#include "support/suite.h"

/* Every field is in here once, each number another. */
static const char full[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"load\",\n"
    "\"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0,\n"
    "\"policy\": {\"limit_basis\": \"route\", \"whole_requests\": true,\n"
    " \"deployments_per_pair\": null, \"paces\": 5,\n"
    " \"headroom\": {\"wait_ms\": 500, \"quantile\": 0.99, \"slots\": 16, \"service_ms\": 5000,\n"
    "  \"cv2\": 2, \"x_by\": \"me\"}},\n"
    "\"queries\": [{\"name\": \"a\", \"input_tokens\": 1, \"output_tokens\": 2,\n"
    "  \"rate_per_hour\": 3, \"unmet_penalty_usd\": 9, \"ttft_limit_ms\": 101,\n"
    "  \"tpot_limit_ms\": 102, \"limit_basis\": \"average\", \"attainment_target\": 0.5,\n"
    "  \"cached_input_fraction\": 0.25},\n"
    " {\"name\": \"b\", \"input_tokens\": 11, \"output_tokens\": 12, \"rate_per_hour\": 13,\n"
    "  \"unmet_penalty_usd\": 14}],\n"
    "\"models\": [{\"name\": \"M\", \"weights_gb\": 21, \"kv_gb_per_token\": 22}],\n"
    "\"tiers\": [{\"name\": \"T\", \"memory_gb\": 31, \"tflops\": 32, \"usd_per_hour\": 33,\n"
    "  \"tp_degrees\": [1, 2, 4], \"memory_utilization\": 0.9}],\n"
    "\"profiles\": [\n"
    " {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, \"headroom\": {\"utilization\": 0.8},\n"
    "  \"spare_replicas\": 1, \"min_replicas\": 3, \"network_ms\": 4.5,\n"
    "  \"delay_deviation\": 0.125, \"iteration_ms\": 6.5, \"prefill_ms_per_token\": 0.0625,\n"
    "  \"decode_ms_per_token\": 0.5, \"context_ms_per_token\": 0.001, \"max_sequences\": 256,\n"
    "  \"chunk_tokens\": 2048, \"paces_ms\": [12, 10], \"x_run\": 7},\n"
    " {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1, \"headroom\": {\"table\": [0.5, "
    "1.5]},\n"
    "  \"points\": [{\"name\": \"fast\", \"tpot_ms\": 20, \"queries\": {\n"
    "    \"b\": {\"rate_per_hour\": 41, \"ttft_ms\": 42, \"tpot_ms\": 43, \"e2e_ms\": 44,\n"
    "     \"attainment\": 0.75, \"ttft_deviation_ms\": 45, \"tpot_deviation_ms\": 46,\n"
    "     \"e2e_deviation_ms\": 47, \"x_note\": 1},\n"
    "    \"a\": {\"rate_per_hour\": 51, \"ttft_ms\": 52}}, \"x_point\": 2},\n"
    "   {\"name\": \"bulk\", \"queries\": {\"b\": {\"rate_per_hour\": 61, \"ttft_ms\": 62,\n"
    "     \"e2e_ms\": 63}}}]}],\n"
    "\"performance\": {\"error_rate\": 0, \"kv_residency_hours\": \"delay\"}}\n";

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

static ifp_instance *read_text(const char *text)
{
    return ifp_instance_read_string(text, strlen(text), error);
}

static ifp_instance *read_full(void)
{
    ifp_instance *instance = read_text(full);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    return instance;
}

/* What the instance holds, by member. */
static void expect_full(const ifp_instance *instance)
{
    const struct ifp_profile_data *law = ifp_instance_profile(instance, 0, 0, 2);
    const struct ifp_profile_data *measured = ifp_instance_profile(instance, 0, 0, 1);
    ck_assert_ptr_eq(law, &instance->profiles[0]);
    ck_assert_ptr_eq(measured, &instance->profiles[1]);
    ck_assert_ptr_null(ifp_instance_profile(instance, 0, 0, 4));
    ck_assert_int_eq(instance->limit_basis, IFP_BASIS_ROUTE);
    ck_assert(instance->whole_requests && isinf(instance->deployments_per_pair));
    ck_assert(instance->paces == 5);
    const struct ifp_headroom_data *wait = &instance->headroom;
    ck_assert_int_eq(wait->kind, IFP_HEADROOM_WAIT);
    ck_assert(wait->wait_ms == 500 && wait->quantile == 0.99 && wait->slots == 16);
    ck_assert(wait->service_ms == 5000 && wait->cv2 == 2);
    const struct ifp_query_data *query = instance->queries;
    ck_assert(query->ttft_limit_ms == 101 && query->tpot_limit_ms == 102);
    ck_assert(query->attainment_target == 0.5 && query->cached_input_fraction == 0.25);
    ck_assert_int_eq(ifp_instance_limit_basis(instance, 0), IFP_BASIS_AVERAGE);
    ck_assert_int_eq(ifp_instance_limit_basis(instance, 1), IFP_BASIS_ROUTE);
    ck_assert(isinf(query[1].ttft_limit_ms) && isnan(query[1].attainment_target));
    ck_assert(instance->tiers->memory_utilization == 0.9);
    ck_assert_int_eq(law->headroom.kind, IFP_HEADROOM_UTILIZATION);
    ck_assert(law->headroom.utilization == 0.8 && law->spare_replicas == 1);
    ck_assert(law->min_replicas == 3 && law->network_ms == 4.5 && law->delay_deviation == 0.125);
    ck_assert(law->iteration_ms == 6.5 && law->prefill_ms_per_token == 0.0625);
    ck_assert(law->decode_ms_per_token == 0.5 && law->context_ms_per_token == 0.001);
    ck_assert(law->max_sequences == 256 && law->chunk_tokens == 2048 && !law->point_count);
    ck_assert(law->paces_ms.count == 2 && law->paces_ms.values[1] == 10);
    ck_assert_int_eq(measured->headroom.kind, IFP_HEADROOM_TABLE);
    ck_assert(measured->headroom.table.count == 2 && measured->headroom.table.values[1] == 1.5);
    ck_assert(isnan(measured->iteration_ms) && measured->point_count == 2);
    const struct ifp_measured_data *b = measured->points[0].queries;
    ck_assert_str_eq(b->query, "b");
    ck_assert(measured->points[0].tpot_ms == 20 && isnan(measured->points[1].tpot_ms));
    ck_assert(b->rate_per_hour == 41 && b->ttft_ms == 42 && b->tpot_ms == 43 && b->e2e_ms == 44);
    ck_assert(b->attainment == 0.75 && b->ttft_deviation_ms == 45);
    ck_assert(b->tpot_deviation_ms == 46 && b->e2e_deviation_ms == 47);
    ck_assert(isnan(b[1].tpot_ms) && isnan(b[1].attainment) && isnan(b[1].e2e_deviation_ms));
    ck_assert(instance->residency_is_delay && !instance->performance[IFP_KV_RESIDENCY].values);
    ck_assert(isnan(ifp_instance_performance(instance, IFP_DELAY, 0, 0, 0)));
}

START_TEST(every_field)
{
    ifp_instance *instance = read_full();
    expect_full(instance);
    ifp_instance *copy = ifp_instance_copy(instance);
    ck_assert_ptr_nonnull(copy);
    char *text = ifp_instance_write_json(instance);
    ifp_instance_free(instance);
    expect_full(copy);
    char *copied = ifp_instance_write_json(copy);
    ck_assert_str_eq(text, copied);
    ifp_instance_free(copy);
    instance = read_text(text);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    expect_full(instance);
    char *again = ifp_instance_write_json(instance);
    ck_assert_str_eq(text, again);
    static const char *const own[] = {"\"x_by\": \"me\"", "\"x_run\": 7", "\"x_note\": 1",
                                      "\"x_point\": 2"};
    for (size_t o = 0; o < sizeof own / sizeof *own; o++)
        ck_assert_ptr_nonnull(strstr(text, own[o]));
    ifp_text_free(text);
    ifp_text_free(copied);
    ifp_text_free(again);
    ifp_instance_free(instance);
}
END_TEST

/* Nothing new is written for an instance without the new fields. */
START_TEST(absent_fields_stay_absent)
{
    ifp_instance *instance = ifp_instance_new();
    ck_assert_ptr_nonnull(instance);
    ck_assert_int_eq(ifp_instance_add_query(instance, "a"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_tier(instance, "T"), IFP_OK);
    char *text = ifp_instance_write_json(instance);
    static const char *const fields[] = {"limit_basis", "whole_requests", "deployments_per_pair",
                                         "paces",       "headroom",       "ttft",
                                         "tpot",        "attainment",     "cached",
                                         "memory",      "profiles"};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
        ck_assert_msg(!strstr(text, fields[f]), "%s is written", fields[f]);
    ifp_text_free(text);
    ifp_instance_free(instance);
}
END_TEST

START_TEST(refused_documents)
{
    const char *at = strstr(full, damaged_profiles[_i].from);
    ck_assert_msg(at != NULL, "no %s in the document", damaged_profiles[_i].from);
    char *text = malloc(sizeof full + strlen(damaged_profiles[_i].to));
    ck_assert_ptr_nonnull(text);
    memcpy(text, full, (size_t)(at - full));
    strcpy(text + (at - full), damaged_profiles[_i].to);
    strcat(text, at + strlen(damaged_profiles[_i].from));
    ifp_instance *instance = read_text(text);
    ck_assert_msg(!instance, "%s is taken", damaged_profiles[_i].to);
    ck_assert_str_eq(ifp_error_message(error), damaged_profiles[_i].message);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    free(text);
}
END_TEST

START_TEST(paths)
{
    ifp_instance *instance = read_full();
    char *before = ifp_instance_write_json(instance);
    int code = ifp_instance_set(instance, settings[_i].path, settings[_i].value);
    const char *message = ifp_error_message(ifp_instance_last_error(instance));
    if (settings[_i].message) {
        ck_assert_int_eq(code, IFP_ERROR_VALUE);
        ck_assert_str_eq(message, settings[_i].message);
        char *after = ifp_instance_write_json(instance);
        ck_assert_str_eq(before, after);
        ifp_text_free(after);
    } else {
        ck_assert_msg(code == IFP_OK, "%s", message);
        double found;
        if (!isnan(settings[_i].number)) {
            ck_assert_msg(!ifp_instance_get_number(instance, settings[_i].path, &found, error),
                          "%s", ifp_error_message(error));
            ck_assert_msg(found == settings[_i].number, "found %g", found);
        }
    }
    ifp_text_free(before);
    ifp_instance_free(instance);
}
END_TEST

static void set(ifp_instance *instance, const char *path, const char *value)
{
    ck_assert_msg(ifp_instance_set(instance, path, value) == IFP_OK, "%s",
                  ifp_error_message(ifp_instance_last_error(instance)));
}

/* Setting a member of another form replaces the form; a form without values is absent. */
START_TEST(forms_of_headroom)
{
    ifp_instance *instance = read_full();
    struct ifp_headroom_data *headroom = &instance->headroom;
    set(instance, "policy.headroom.utilization", "scale:0.5");
    set(instance, "policy.headroom.table", "null");
    ck_assert_int_eq(headroom->kind, IFP_HEADROOM_WAIT);
    set(instance, "policy.headroom.utilization", "0.7");
    ck_assert_int_eq(headroom->kind, IFP_HEADROOM_UTILIZATION);
    ck_assert(isnan(headroom->wait_ms) && headroom->cv2 == 1 && headroom->extra);
    set(instance, "policy.headroom.cv2", "scale:2");
    ck_assert_int_eq(headroom->kind, IFP_HEADROOM_UTILIZATION);
    set(instance, "policy.headroom.table", "[1, 2]");
    ck_assert_int_eq(headroom->kind, IFP_HEADROOM_TABLE);
    ck_assert(isnan(headroom->utilization));
    set(instance, "policy.headroom.table[1]", "3");
    ck_assert_int_eq(ifp_instance_validate(instance, error), IFP_OK);
    set(instance, "policy.headroom.wait_ms", "100");
    ck_assert_int_eq(headroom->kind, IFP_HEADROOM_WAIT);
    ck_assert_uint_eq(headroom->table.count, 0);
    ck_assert_int_eq(ifp_instance_validate(instance, error), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(error),
                     "policy.headroom.quantile: missing; allowed: a number of at least 0 and below "
                     "1, as head-room by waiting times has wait_ms, quantile, slots and "
                     "service_ms");
    set(instance, "policy.headroom.quantile", "0.9");
    set(instance, "policy.headroom.slots", "2");
    set(instance, "policy.headroom.service_ms", "3");
    ck_assert_int_eq(ifp_instance_validate(instance, error), IFP_OK);
    set(instance, "policy.headroom", "null");
    ck_assert_int_eq(headroom->kind, IFP_HEADROOM_ABSENT);
    set(instance, "policy.headroom.utilization", "0.7");
    set(instance, "policy.headroom.utilization", "null");
    ck_assert_int_eq(headroom->kind, IFP_HEADROOM_ABSENT);
    ifp_instance_free(instance);
}
END_TEST

/* After [*], a name selects the members where they are. */
START_TEST(nested_selectors)
{
    ifp_instance *instance = read_full();
    set(instance, "profiles[*].points[*].queries[b].rate_per_hour", "scale:2");
    const struct ifp_point_data *points = instance->profiles[1].points;
    ck_assert(points[0].queries[0].rate_per_hour == 82);
    ck_assert(points[1].queries[0].rate_per_hour == 122);
    ck_assert(points[0].queries[1].rate_per_hour == 51);
    static const double each[] = {1, 2, 3};
    size_t count = 3;
    double found[3];
    static const char all[] = "profiles[*].points[*].queries[*].ttft_ms";
    ck_assert_int_eq(ifp_instance_set_numbers(instance, all, each, 3), IFP_OK);
    ck_assert_int_eq(ifp_instance_get_numbers(instance, all, found, &count, error), IFP_OK);
    ck_assert(count == 3 && !memcmp(each, found, sizeof each));
    ck_assert(points[1].queries[0].ttft_ms == 3);
    set(instance, "profiles[*].iteration_ms", "scale:2");
    ck_assert(instance->profiles[0].iteration_ms == 13);
    ck_assert(isnan(instance->profiles[1].iteration_ms));
    ifp_instance_free(instance);
}
END_TEST

/* What is read by a path can be set back by it, and changes nothing. */
START_TEST(set_back)
{
    static const char *const before[] = {"policy.",
                                         "policy.headroom.",
                                         "queries[*].",
                                         "queries[1].",
                                         "tiers[*].",
                                         "profiles[*].",
                                         "profiles[0].",
                                         "profiles[M,T,1].",
                                         "profiles[*].headroom.",
                                         "profiles[0].headroom.",
                                         "profiles[1].headroom.",
                                         "profiles[*].points[*].",
                                         "profiles[1].points[fast].",
                                         "profiles[*].points[*].queries[*].",
                                         "profiles[1].points[0].queries[a]."};
    static const char *const fields[] = {"deployments_per_pair",
                                         "paces",
                                         "utilization",
                                         "wait_ms",
                                         "quantile",
                                         "slots",
                                         "service_ms",
                                         "cv2",
                                         "table",
                                         "table[0]",
                                         "table[*]",
                                         "ttft_limit_ms",
                                         "tpot_limit_ms",
                                         "attainment_target",
                                         "cached_input_fraction",
                                         "memory_utilization",
                                         "spare_replicas",
                                         "min_replicas",
                                         "network_ms",
                                         "delay_deviation",
                                         "iteration_ms",
                                         "prefill_ms_per_token",
                                         "decode_ms_per_token",
                                         "context_ms_per_token",
                                         "max_sequences",
                                         "chunk_tokens",
                                         "paces_ms",
                                         "paces_ms[1]",
                                         "paces_ms[*]",
                                         "rate_per_hour",
                                         "ttft_ms",
                                         "tpot_ms",
                                         "e2e_ms",
                                         "attainment",
                                         "ttft_deviation_ms",
                                         "tpot_deviation_ms",
                                         "e2e_deviation_ms"};
    ifp_instance *instance = read_full();
    char *text = ifp_instance_write_json(instance);
    size_t held = 0;
    for (size_t b = 0; b < sizeof before / sizeof *before; b++) {
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            char path[120];
            double values[4];
            size_t count = 4;
            (void)snprintf(path, sizeof path, "%s%s", before[b], fields[f]);
            if (ifp_instance_get_numbers(instance, path, values, &count, NULL))
                continue;
            held++;
            ck_assert_msg(ifp_instance_set_numbers(instance, path, values, count) == IFP_OK, "%s",
                          ifp_error_message(ifp_instance_last_error(instance)));
            char *now = ifp_instance_write_json(instance);
            ck_assert_msg(!strcmp(text, now), "%s changed\n%s", path, now);
            ifp_text_free(now);
        }
    }
    ck_assert_uint_gt(held, 80);
    ifp_text_free(text);
    ifp_instance_free(instance);
}
END_TEST

START_TEST(residency_by_path)
{
    ifp_instance *instance = read_full();
    double value;
    static const char path[] = "performance.kv_residency_hours";
    ck_assert_int_eq(ifp_instance_get_number(instance, path, &value, error), IFP_ERROR_VALUE);
    set(instance, path, "scale:2");
    ck_assert(instance->residency_is_delay);
    set(instance, path, "0.5");
    ck_assert(!instance->residency_is_delay);
    ck_assert_int_eq(ifp_instance_get_number(instance, path, &value, error), IFP_OK);
    ck_assert(value == 0.5);
    set(instance, path, "delay");
    ck_assert(instance->residency_is_delay && !instance->performance[IFP_KV_RESIDENCY].values);
    set(instance, "performance.kv_residency_hours[*]", "[1, 2]");
    ck_assert(!instance->residency_is_delay);
    ck_assert(ifp_instance_performance(instance, IFP_KV_RESIDENCY, 1, 0, 0) == 2);
    ifp_instance_free(instance);
}
END_TEST

/* The same by calls. */
START_TEST(built_by_calls)
{
    ifp_instance *model = read_full();
    ifp_instance *made = read_full();
    /* Take the profiles away by reading the document without them. */
    char *text = malloc(sizeof full);
    ck_assert_ptr_nonnull(text);
    strcpy(text, full);
    char *from = strstr(text, "\"profiles\"");
    char *to = strstr(text, "\"performance\"");
    memmove(from, to, strlen(to) + 1);
    to = strstr(text, "\"error_rate\"");
    ck_assert_ptr_nonnull(to);
    ifp_instance_free(made);
    made = read_text(text);
    ck_assert_ptr_null(made);
    ck_assert_str_eq(ifp_error_message(error),
                     "performance.delay_ms_per_token: missing; allowed: a number, or a list or "
                     "object of them");
    free(text);
    made = ifp_instance_new();
    ck_assert_ptr_nonnull(made);
    ck_assert_int_eq(ifp_instance_add_query(made, "a"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_query(made, "b"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_model(made, "M"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_tier(made, "T"), IFP_OK);
    set(made, "tiers[T].tp_degrees", "[1, 2, 4]");
    ck_assert_int_eq(ifp_instance_add_profile(made, "M", "T", 2), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_profile(made, "M", "T", 1), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_point(made, 1, "fast"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_measured(made, 1, 0, "b"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_measured(made, 1, 0, "a"), IFP_OK);
    ck_assert_uint_eq(ifp_instance_profile_count(made), ifp_instance_profile_count(model));
    ck_assert_str_eq(ifp_instance_profile_model(made, 1), "M");
    ck_assert_str_eq(ifp_instance_profile_tier(made, 1), "T");
    ck_assert_uint_eq(ifp_instance_profile_degree(made, 0), 2);
    ck_assert_uint_eq(ifp_instance_point_count(made, 0), 0);
    ck_assert_str_eq(ifp_instance_point_name(made, 1, 0), "fast");
    ck_assert_uint_eq(ifp_instance_measured_count(made, 1, 0), 2);
    ck_assert_str_eq(ifp_instance_measured_query(made, 1, 0, 1), "a");
    ck_assert_ptr_null(ifp_instance_profile_model(made, 2));
    ck_assert_ptr_null(ifp_instance_point_name(made, 1, 1));
    ck_assert_ptr_null(ifp_instance_measured_query(made, 1, 0, 2));
    ck_assert_uint_eq(ifp_instance_profile_degree(made, 2), 0);
    ck_assert_uint_eq(ifp_instance_measured_count(made, 0, 0), 0);
    const ifp_error *last = ifp_instance_last_error(made);
    ck_assert_int_eq(ifp_instance_add_profile(made, "M", "T", 2), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(last),
                     "profiles[2]: found model \"M\", tier \"T\" and tp_degree 2, which "
                     "profiles[0] has already; allowed: one profile of each configuration");
    ck_assert_int_eq(ifp_instance_add_profile(made, "m", "T", 4), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(last), "profiles[2].model: found \"m\", which is no model "
                                              "(\"M\"?); allowed: \"M\"");
    ck_assert_int_eq(ifp_instance_add_profile(made, "M", "T", 0), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(last), "profiles[2].tp_degree: found 0; allowed: an integer "
                                              "from 1 to 1000000");
    ck_assert_int_eq(ifp_instance_add_point(made, 1, "fast"), IFP_ERROR_VALUE);
    ck_assert_int_eq(ifp_instance_add_point(made, 2, "slow"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_point(made, 1, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_measured(made, 1, 1, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_measured(made, 1, 0, "c"), IFP_ERROR_VALUE);
    ck_assert_int_eq(ifp_instance_add_measured(made, 1, 0, "a"), IFP_ERROR_VALUE);
    ck_assert_str_eq(ifp_error_message(last), "profiles[1].points[0].queries[a]: found \"a\" "
                                              "again; allowed: each query type once in a point");
    ck_assert_uint_eq(ifp_instance_profile_count(made), 2);
    ifp_instance_free(made);
    ifp_instance_free(model);
}
END_TEST

static Suite *profiles_suite(void)
{
    Suite *suite = suite_create("profiles");
    TCase *profiles = tcase_create("profiles");
    tcase_add_checked_fixture(profiles, setup, teardown);
    tcase_add_test(profiles, every_field);
    tcase_add_test(profiles, absent_fields_stay_absent);
    tcase_add_loop_test(profiles, refused_documents, 0,
                        (int)(sizeof damaged_profiles / sizeof *damaged_profiles));
    tcase_add_loop_test(profiles, paths, 0, (int)(sizeof settings / sizeof *settings));
    tcase_add_test(profiles, forms_of_headroom);
    tcase_add_test(profiles, nested_selectors);
    tcase_add_test(profiles, set_back);
    tcase_add_test(profiles, residency_by_path);
    tcase_add_test(profiles, built_by_calls);
    suite_add_tcase(suite, profiles);
    return suite;
}

int main(void)
{
    return suite_run(profiles_suite());
}
