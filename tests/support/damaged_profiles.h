/* SPDX-License-Identifier: MIT */
/* One mistake each in the document of test_profiles.c: what is replaced by what, and the message.
 */
#ifndef IFP_TEST_DAMAGED_PROFILES_H
#define IFP_TEST_DAMAGED_PROFILES_H

#include <math.h>
#include <stddef.h>

static const struct {
    const char *from;
    const char *to;
    const char *message;
} damaged_profiles[] = {
    {"\"limit_basis\": \"route\"", "\"limit_basis\": \"routes\"",
     "policy.limit_basis: found \"routes\" (route?); allowed: one of average, route"},
    {"\"limit_basis\": \"average\"", "\"limit_basis\": 1",
     "queries[0].limit_basis: found 1; allowed: one of average, route, or null for the policy's"},
    {"\"whole_requests\": true", "\"whole_requests\": 1",
     "policy.whole_requests: found 1; allowed: true or false"},
    {"\"whole_requests\": true", "\"whole_requests\": \"true\"",
     "policy.whole_requests: found \"true\"; allowed: true or false"},
    {"\"deployments_per_pair\": null", "\"deployments_per_pair\": 2",
     "policy.deployments_per_pair: found 2; allowed: 1, or null for no limit"},
    {"\"paces\": 5", "\"paces\": 0",
     "policy.paces: found 0; allowed: an integer from 1 to 1000000"},
    {"\"paces\": 5", "\"paces\": 2.5",
     "policy.paces: found 2.5; allowed: an integer from 1 to 1000000"},
    {"\"wait_ms\": 500", "\"wait_ms\": -1",
     "policy.headroom.wait_ms: found -1; allowed: a number of at least 0, or null"},
    {"\"wait_ms\": 500, ", "",
     "policy.headroom.wait_ms: missing; allowed: a number of at least 0, as head-room by waiting "
     "times has wait_ms, quantile, slots and service_ms"},
    {"\"quantile\": 0.99, ", "",
     "policy.headroom.quantile: missing; allowed: a number of at least 0 and below 1, as head-room "
     "by waiting times has wait_ms, quantile, slots and service_ms"},
    {", \"slots\": 16", "",
     "policy.headroom.slots: missing; allowed: an integer from 1 to 1000000, as head-room by "
     "waiting times has wait_ms, quantile, slots and service_ms"},
    {", \"service_ms\": 5000", "",
     "policy.headroom.service_ms: missing; allowed: a number above 0, as head-room by waiting "
     "times has wait_ms, quantile, slots and service_ms"},
    {"\"quantile\": 0.99", "\"quantile\": 1",
     "policy.headroom.quantile: found 1; allowed: a number of at least 0 and below 1, or null"},
    {"\"slots\": 16", "\"slots\": 1.5",
     "policy.headroom.slots: found 1.5; allowed: an integer from 1 to 1000000, or null"},
    {"\"service_ms\": 5000", "\"service_ms\": 0",
     "policy.headroom.service_ms: found 0; allowed: a number above 0, or null"},
    {"\"cv2\": 2", "\"cv2\": null",
     "policy.headroom.cv2: found null; allowed: a number of at least 0"},
    {"\"cv2\": 2", "\"cv\": 2",
     "policy.headroom.cv: unknown field (cv2?); allowed: utilization, wait_ms, quantile, slots, "
     "service_ms, cv2, table, and names of your own that begin with x_"},
    {"\"cv2\": 2", "\"utilization\": 0.5",
     "policy.headroom: found wait_ms and utilization; allowed: one form: utilization, or wait_ms "
     "with quantile, slots and service_ms, or table"},
    {"{\"utilization\": 0.8}", "{\"x_none\": 1}",
     "profiles[0].headroom: found no form; allowed: one form: utilization, or wait_ms with "
     "quantile, slots and service_ms, or table"},
    {"{\"utilization\": 0.8}", "{\"utilization\": null}",
     "profiles[0].headroom: found no form; allowed: one form: utilization, or wait_ms with "
     "quantile, slots and service_ms, or table"},
    {"{\"utilization\": 0.8}", "{\"utilization\": 0.8, \"table\": [1]}",
     "profiles[0].headroom: found utilization and table; allowed: one form: utilization, or "
     "wait_ms with quantile, slots and service_ms, or table"},
    {"{\"utilization\": 0.8}", "{\"utilization\": 0}",
     "profiles[0].headroom.utilization: found 0; allowed: a number above 0 and at most 1, or null"},
    {"{\"utilization\": 0.8}", "{\"utilization\": 1.1}",
     "profiles[0].headroom.utilization: found 1.1; allowed: a number above 0 and at most 1, or "
     "null"},
    {"{\"utilization\": 0.8}", "0.8",
     "profiles[0].headroom: found 0.8; allowed: an object, or null"},
    {"{\"utilization\": 0.8}", "{\"table\": []}",
     "profiles[0].headroom.table: found an empty list; allowed: a non-empty list such as [1, 2], "
     "each a number of at least 0, or null"},
    {"[0.5, 1.5]", "[0.5, 0.4]",
     "profiles[1].headroom.table[1]: found 0.4 after 0.5; allowed: numbers that do not decrease"},
    {"[0.5, 1.5]", "[0.5, -1]",
     "profiles[1].headroom.table[1]: found -1; allowed: a non-empty list such as [1, 2], each a "
     "number of at least 0, or null"},
    {"[0.5, 1.5]", "1",
     "profiles[1].headroom.table: found 1; allowed: a non-empty list such as [1, 2], each a number "
     "of at least 0, or null"},
    {"\"ttft_limit_ms\": 101", "\"ttft_limit_ms\": -1",
     "queries[0].ttft_limit_ms: found -1; allowed: a number of at least 0, or null for no limit"},
    {"\"attainment_target\": 0.5", "\"attainment_target\": 1.5",
     "queries[0].attainment_target: found 1.5; allowed: a number from 0 to 1, or null"},
    {"\"cached_input_fraction\": 0.25", "\"cached_input_fraction\": null",
     "queries[0].cached_input_fraction: found null; allowed: a number from 0 to 1"},
    {"\"memory_utilization\": 0.9", "\"memory_utilization\": 0",
     "tiers[0].memory_utilization: found 0; allowed: a number above 0 and at most 1"},
    {"\"memory_utilization\": 0.9", "\"memory_utilization\": 1.1",
     "tiers[0].memory_utilization: found 1.1; allowed: a number above 0 and at most 1"},
    {"\"profiles\": [", "\"profiles\": {}, \"x_p\": [",
     "profiles: found an object; allowed: a list, which may be empty"},
    {"\"profiles\": [", "\"profiles\": [1, ", "profiles[0]: found 1; allowed: an object"},
    {"{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2",
     "{\"model\": \"m\", \"tier\": \"T\", \"tp_degree\": 2",
     "profiles[0].model: found \"m\", which is no model (\"M\"?); allowed: \"M\""},
    {"{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2",
     "{\"model\": \"M\", \"tier\": \"TT\", \"tp_degree\": 2",
     "profiles[0].tier: found \"TT\", which is no tier; allowed: \"T\""},
    {"{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2",
     "{\"model\": 1, \"tier\": \"T\", \"tp_degree\": 2",
     "profiles[0].model: found 1; allowed: the name of a model"},
    {"{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2", "{\"tier\": \"T\", \"tp_degree\": 2",
     "profiles[0].model: missing; allowed: the name of a model"},
    {"{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2", "{\"model\": \"M\", \"tier\": \"T\"",
     "profiles[0].tp_degree: missing; allowed: an integer from 1 to 1000000"},
    {"\"tp_degree\": 2", "\"tp_degree\": 3",
     "profiles[0].tp_degree: found 3; allowed: a degree of tier \"T\": 1, 2, 4"},
    {"\"tp_degree\": 2", "\"tp_degree\": 2.5",
     "profiles[0].tp_degree: found 2.5; allowed: an integer from 1 to 1000000"},
    {"\"tp_degree\": 2", "\"tp_degree\": 1",
     "profiles[1]: found model \"M\", tier \"T\" and tp_degree 1, which profiles[0] has already; "
     "allowed: one profile of each configuration"},
    {"\"tp_degree\": 2", "\"name\": \"law\", \"tp_degree\": 2",
     "profiles[0].name: unknown field; allowed: model, tier, tp_degree, headroom, spare_replicas, "
     "min_replicas, network_ms, delay_deviation and 8 more, and names of your own that begin with "
     "x_"},
    {"\"tp_degree\": 2", "\"degree\": 2",
     "profiles[0].degree: unknown field (tp_degree?); allowed: model, tier, tp_degree, headroom, "
     "spare_replicas, min_replicas, network_ms, delay_deviation and 8 more, and names of your own "
     "that begin with x_"},
    {"\"spare_replicas\": 1", "\"spare_replicas\": -1",
     "profiles[0].spare_replicas: found -1; allowed: an integer from 0 to 1000000"},
    {"\"min_replicas\": 3", "\"min_replicas\": 0.5",
     "profiles[0].min_replicas: found 0.5; allowed: an integer from 0 to 1000000"},
    {"\"network_ms\": 4.5", "\"network_ms\": -1",
     "profiles[0].network_ms: found -1; allowed: a number of at least 0"},
    {"\"iteration_ms\": 6.5, ", "",
     "profiles[0].iteration_ms: missing; allowed: a number of at least 0, as a law needs it"},
    {"\"iteration_ms\": 6.5", "\"iteration_ms\": null",
     "profiles[0].iteration_ms: missing; allowed: a number of at least 0, as a law needs it"},
    {"\"prefill_ms_per_token\": 0.0625,", "",
     "profiles[0].prefill_ms_per_token: missing; allowed: a number of at least 0, as a law needs "
     "it"},
    {"\"decode_ms_per_token\": 0.5,", "",
     "profiles[0].decode_ms_per_token: missing; allowed: a number of at least 0, as a law needs "
     "it"},
    {"\"decode_ms_per_token\": 0.5", "\"decode_ms_per_token\": -1",
     "profiles[0].decode_ms_per_token: found -1; allowed: a number of at least 0, or null"},
    {"\"max_sequences\": 256", "\"max_sequences\": 0",
     "profiles[0].max_sequences: found 0; allowed: an integer of at least 1, or null for no limit"},
    {"\"chunk_tokens\": 2048", "\"chunk_tokens\": 1.5",
     "profiles[0].chunk_tokens: found 1.5; allowed: an integer of at least 1, or null for no "
     "limit"},
    {"[12, 10]", "[12, 6.5]",
     "profiles[0].paces_ms[1]: found 6.5; allowed: paces above iteration_ms, which is 6.5"},
    {"[12, 10]", "[12, 12]", "profiles[0].paces_ms[1]: found 12 twice; allowed: distinct paces"},
    {"[12, 10]", "[12, 0]",
     "profiles[0].paces_ms[1]: found 0; allowed: a non-empty list such as [1, 2], each a number "
     "above 0, or null"},
    {"[12, 10]", "[]",
     "profiles[0].paces_ms: found an empty list; allowed: a non-empty list such as [1, 2], each a "
     "number above 0, or null"},
    {"\"iteration_ms\": 6.5, \"prefill_ms_per_token\": 0.0625,\n  \"decode_ms_per_token\": 0.5, "
     "\"context_ms_per_token\": 0.001, \"max_sequences\": 256,\n  \"chunk_tokens\": 2048, "
     "\"paces_ms\": [12, 10], ",
     "\"iteration_ms\": 0, \"prefill_ms_per_token\": 1, \"decode_ms_per_token\": 1, ",
     "profiles[0].paces_ms: missing; allowed: a list of paces, as iteration_ms is 0"},
    {"\"iteration_ms\": 6.5, \"prefill_ms_per_token\": 0.0625,\n  \"decode_ms_per_token\": 0.5, "
     "\"context_ms_per_token\": 0.001, \"max_sequences\": 256,\n  \"chunk_tokens\": 2048, "
     "\"paces_ms\": [12, 10], ",
     "",
     "profiles[0]: found no form; allowed: one form: iteration_ms, prefill_ms_per_token and "
     "decode_ms_per_token (a law), or points (measured)"},
    {"\"paces_ms\": [12, 10]",
     "\"points\": [{\"name\": \"p\", \"tpot_ms\": 1, \"queries\": {\"a\": {\"rate_per_hour\": 1, "
     "\"ttft_ms\": 1}}}]",
     "profiles[0]: found iteration_ms and points; allowed: one form: iteration_ms, "
     "prefill_ms_per_token and decode_ms_per_token (a law), or points (measured)"},
    {"\"points\": [", "\"max_sequences\": 8, \"points\": [",
     "profiles[1]: found max_sequences and points; allowed: one form: iteration_ms, "
     "prefill_ms_per_token and decode_ms_per_token (a law), or points (measured)"},
    {"\"points\": [", "\"context_ms_per_token\": 0, \"points\": [",
     "profiles[1]: found context_ms_per_token and points; allowed: one form: iteration_ms, "
     "prefill_ms_per_token and decode_ms_per_token (a law), or points (measured)"},
    {"\"points\": [", "\"points\": [], \"x_points\": [",
     "profiles[1].points: found an empty list; allowed: a list with at least one member"},
    {"\"points\": [", "\"points\": {}, \"x_points\": [",
     "profiles[1].points: found an object; allowed: a list with at least one member"},
    {"\"name\": \"fast\", ", "", "profiles[1].points[0].name: missing; allowed: a name"},
    {"\"name\": \"bulk\"", "\"name\": \"fast\"",
     "profiles[1].points[1].name: found \"fast\", which points[0] has already; allowed: a name "
     "that is unique in its list"},
    {"\"tpot_ms\": 20", "\"tpot_ms\": 0",
     "profiles[1].points[0].tpot_ms: found 0; allowed: a number above 0, or null"},
    {"\"tpot_ms\": 20", "\"tpot_ms\": 20, \"max_sequences\": 4",
     "profiles[1].points[0].max_sequences: unknown field; allowed: name, tpot_ms, queries, and "
     "names of your own that begin with x_"},
    {"{\"name\": \"bulk\", \"queries\": {", "{\"name\": \"bulk\", \"x_queries\": {",
     "profiles[1].points[1].queries: missing; allowed: an object with at least one query type"},
    {"{\"name\": \"bulk\", \"queries\": {",
     "{\"name\": \"bulk\", \"queries\": {}, \"x_queries\": {",
     "profiles[1].points[1].queries: found no query type; allowed: an object with at least one "
     "query type"},
    {"{\"name\": \"bulk\", \"queries\": {",
     "{\"name\": \"bulk\", \"queries\": [], \"x_queries\": {",
     "profiles[1].points[1].queries: found an empty list; allowed: an object with at least one "
     "query type"},
    {"{\"name\": \"bulk\", \"queries\": {\"b\"", "{\"name\": \"bulk\", \"queries\": {\"B\"",
     "profiles[1].points[1].queries[B]: no member of queries by that name (\"b\"?); allowed: "
     "\"a\", \"b\", and names of your own that begin with x_"},
    {"{\"name\": \"bulk\", \"queries\": {\"b\"", "{\"name\": \"bulk\", \"queries\": {\"x_b\"",
     "profiles[1].points[1].queries: found no query type; allowed: an object with at least one "
     "query type"},
    {"\"b\": {\"rate_per_hour\": 41", "\"b\": 1, \"x_b\": {\"rate_per_hour\": 41",
     "profiles[1].points[0].queries[b]: found 1; allowed: an object"},
    {"\"rate_per_hour\": 41", "\"rate_per_hour\": 0",
     "profiles[1].points[0].queries[b].rate_per_hour: found 0; allowed: a number above 0"},
    {"\"rate_per_hour\": 41, ", "",
     "profiles[1].points[0].queries[b].rate_per_hour: missing; allowed: a number above 0"},
    {"\"ttft_ms\": 42, ", "",
     "profiles[1].points[0].queries[b].ttft_ms: missing; allowed: a number of at least 0"},
    {"\"ttft_ms\": 42", "\"ttft_ms\": -1",
     "profiles[1].points[0].queries[b].ttft_ms: found -1; allowed: a number of at least 0"},
    {"\"tpot_ms\": 43", "\"tpot_ms\": 0",
     "profiles[1].points[0].queries[b].tpot_ms: found 0; allowed: a number above 0, or null"},
    {"\"tpot_ms\": 43", "\"tpot\": 43",
     "profiles[1].points[0].queries[b].tpot: unknown field (tpot_ms?); allowed: rate_per_hour, "
     "ttft_ms, tpot_ms, e2e_ms, attainment, ttft_deviation_ms, tpot_deviation_ms, "
     "e2e_deviation_ms, and names of your own that begin with x_"},
    {"\"attainment\": 0.75", "\"attainment\": 1.5",
     "profiles[1].points[0].queries[b].attainment: found 1.5; allowed: a number from 0 to 1, or "
     "null"},
    {"\"e2e_deviation_ms\": 47", "\"e2e_deviation_ms\": -1",
     "profiles[1].points[0].queries[b].e2e_deviation_ms: found -1; allowed: a number of at least "
     "0, or null"},
    {"\"ttft_ms\": 62,\n     \"e2e_ms\": 63", "\"ttft_ms\": 62",
     "profiles[1].points[1].queries[b].tpot_ms: missing; allowed: a number above 0, here or as "
     "tpot_ms of the point, as there is no e2e_ms"},
    {"\"tpot_ms\": 20, ", "",
     "profiles[1].points[0].queries[a].tpot_ms: missing; allowed: a number above 0, here or as "
     "tpot_ms of the point, as there is no e2e_ms"},
    {"{\"name\": \"bulk\", \"queries\": {\"b\"", "{\"name\": \"bulk\", \"queries\": {\"a\"",
     "profiles[1].points[1].queries[a].tpot_ms: missing; allowed: a number above 0, here or as "
     "tpot_ms of the point, as the query type has a tpot_limit_ms"},
    {"\"kv_residency_hours\": \"delay\"", "\"kv_residency_hours\": \"dely\"",
     "performance.kv_residency_hours: found \"dely\" (delay?); allowed: numbers, or the word "
     "delay"},
    {"\"kv_residency_hours\": \"delay\"", "\"kv_residency_hours\": null",
     "performance.kv_residency_hours: found null; allowed: a number, or a list or object of them, "
     "or \"delay\""},
    {"\"kv_residency_hours\": \"delay\"", "\"kv_residency_hours\": [\"delay\", \"delay\"]",
     "performance.kv_residency_hours[0]: found \"delay\"; allowed: a number of at least 0"},
    {"\"error_rate\": 0, ", "",
     "performance.error_rate: missing; allowed: a number, or a list or object of them"},
};

#endif
