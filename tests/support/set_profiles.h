/* SPDX-License-Identifier: MIT */
/* Values set by a path in the document of test_profiles.c, and the number there afterwards (NAN:
 * the path names no single number) or the message of the refusal. */
#ifndef IFP_TEST_SET_PROFILES_H
#define IFP_TEST_SET_PROFILES_H

#include <math.h>
#include <stddef.h>

static const struct {
    const char *path;
    const char *value;
    double number;
    const char *message;
} settings[] = {
    {"queries[a].limit_basis", "route", NAN, NULL},
    {"queries[*].limit_basis", "null", NAN, NULL},
    {"queries[a].limit_basis", "routes", NAN,
     "queries[a].limit_basis: found \"routes\" (route?); allowed: one of average, route"},
    {"policy.limit_basis", "null", NAN,
     "policy.limit_basis: found null; allowed: one of average, route"},
    {"policy.whole_requests", "false", NAN, NULL},
    {"policy.whole_requests", "1", NAN, "policy.whole_requests: found 1; allowed: true or false"},
    {"policy.whole_requests", "yes", NAN,
     "policy.whole_requests: found \"yes\"; allowed: true or false"},
    {"policy.deployments_per_pair", "1", 1.0, NULL},
    {"policy.deployments_per_pair", "null", INFINITY, NULL},
    {"policy.deployments_per_pair", "2", NAN,
     "policy.deployments_per_pair: found 2; allowed: 1, or null for no limit"},
    {"policy.paces", "9", 9.0, NULL},
    {"policy.paces", "scale:2", 10.0, NULL},
    {"policy.headroom", "0.8", NAN,
     "policy.headroom: is an object; allowed: null, or a value for a field of it, as in "
     "headroom.utilization"},
    {"policy.headroom[0]", "1", NAN,
     "policy.headroom[0]: headroom is no list, so that no [..] follows; allowed: headroom.FIELD"},
    {"policy.headroom.wait_ms", "scale:2", 1000.0, NULL},
    {"policy.headroom.quantile", "1", NAN,
     "policy.headroom.quantile: found 1; allowed: a number of at least 0 and below 1, or null"},
    {"policy.headroom.use", "1", NAN,
     "policy.headroom.use: there is no such field; allowed: utilization, wait_ms, quantile, slots, "
     "service_ms, cv2, table"},
    {"policy.headroom.utilization", "0", NAN,
     "policy.headroom.utilization: found 0; allowed: a number above 0 and at most 1, or null"},
    {"policy.headroom.table", "[2, 1]", NAN,
     "policy.headroom.table[1]: found 1 after 2; allowed: numbers that do not decrease"},
    {"policy.headroom.cv2", "null", NAN,
     "policy.headroom.cv2: found null; allowed: a number of at least 0"},
    {"queries[a].ttft_limit_ms", "null", INFINITY, NULL},
    {"queries[a].attainment_target", "null", INFINITY, NULL},
    {"queries[b].attainment_target", "0.75", 0.75, NULL},
    {"queries[b].attainment_target", "scale:2", INFINITY, NULL},
    {"tiers[T].memory_utilization", "0", NAN,
     "tiers[T].memory_utilization: found 0; allowed: a number above 0 and at most 1"},
    {"profiles", "1", NAN,
     "profiles: there is no such field; allowed: storage_usd_per_gb_hour, horizon, limits, policy, "
     "uncertainty, queries, models, tiers and 3 more, as in limits.budget_usd and "
     "queries[0].rate_per_hour"},
    {"profiles[0]", "1", NAN, "profiles[0]: a field's name is missing after the section's"},
    {"profiles.iteration_ms", "1", NAN,
     "profiles.iteration_ms: which member? allowed: [MODEL,TIER,DEGREE], [number] or [*]"},
    {"profiles[0].model", "M", NAN,
     "profiles[0].model: is not to be set by a path; allowed: fields with numbers, with one of a "
     "few words, or with the name of a pool"},
    {"profiles[0].tp_degree", "4", NAN,
     "profiles[0].tp_degree: is not to be set by a path; allowed: fields with numbers, with one of "
     "a few words, or with the name of a pool"},
    {"profiles[0].name", "p", NAN,
     "profiles[0].name: there is no such field; allowed: headroom, spare_replicas, min_replicas, "
     "network_ms, delay_deviation, iteration_ms, prefill_ms_per_token, decode_ms_per_token and 5 "
     "more"},
    {"profiles[0].iteration_ms", "7.5", 7.5, NULL},
    {"profiles[M,T,2].iteration_ms", "7.5", 7.5, NULL},
    {"profiles[M,T,4].iteration_ms", "7.5", NAN,
     "profiles[M,T,4].iteration_ms: there is no such profile; allowed: [MODEL,TIER,DEGREE] of a "
     "profile, a number from 0, or * for all"},
    {"profiles[m].iteration_ms", "7.5", NAN,
     "profiles[m].iteration_ms: there is no such profile; allowed: [MODEL,TIER,DEGREE] of a "
     "profile, a number from 0, or * for all"},
    {"profiles[2].iteration_ms", "7.5", NAN,
     "profiles[2].iteration_ms: no such member; profiles has 2, counted from 0"},
    {"profiles[M,T,2].iteration_ms", "-1", NAN,
     "profiles[M,T,2].iteration_ms: found -1; allowed: a number of at least 0, or null"},
    {"profiles[M,T,2].max_sequences", "null", INFINITY, NULL},
    {"profiles[M,T,2].max_sequences", "scale:2", 512.0, NULL},
    {"profiles[0].paces_ms", "[8, 10]", NAN, NULL},
    {"profiles[0].paces_ms", "null", NAN, NULL},
    {"profiles[0].paces_ms[1]", "11", 11.0, NULL},
    {"profiles[0].paces_ms[1]", "12", NAN,
     "profiles[0].paces_ms[1]: found 12 twice; allowed: distinct paces"},
    {"profiles[0].paces_ms[2]", "12", NAN,
     "profiles[0].paces_ms[2]: no such entry; the list has 2, counted from 0"},
    {"profiles[1].paces_ms[0]", "12", NAN,
     "profiles[1].paces_ms[0]: no such entry; the list has 0, counted from 0"},
    {"profiles[0].headroom.utilization", "0.9", 0.9, NULL},
    {"profiles[0].headroom", "null", NAN, NULL},
    {"profiles[*].headroom.utilization", "scale:0.5", NAN, NULL},
    {"profiles[1].headroom.table[1]", "2", 2.0, NULL},
    {"profiles[1].points", "1", NAN,
     "profiles[1].points: which member? allowed: [name], [number] or [*]"},
    {"profiles[0].points[0].tpot_ms", "1", NAN,
     "profiles[0].points[0].tpot_ms: points has no members"},
    {"profiles[1].points[fast].tpot_ms", "21", 21.0, NULL},
    {"profiles[1].points[slow].tpot_ms", "21", NAN,
     "profiles[1].points[slow].tpot_ms: no member of points by that name; allowed: \"fast\", "
     "\"bulk\", a number from 0, or * for all"},
    {"profiles[*].points[bulks].tpot_ms", "21", NAN,
     "profiles[*].points[bulks].tpot_ms: no member of points by that name (\"bulk\"?); allowed: "
     "\"fast\", \"bulk\", a number from 0, or * for all"},
    {"profiles[1].points[2].tpot_ms", "21", NAN,
     "profiles[1].points[2].tpot_ms: no such member; points has 2, counted from 0"},
    {"profiles[1].points[fast].queries[b].rate_per_hour", "scale:2", 82.0, NULL},
    {"profiles[1].points[*].queries[c].rate_per_hour", "1", NAN,
     "profiles[1].points[*].queries[c].rate_per_hour: no member of queries by that name; allowed: "
     "\"b\", \"a\", a number from 0, or * for all"},
    {"profiles[1].points[fast].queries[a].tpot_ms", "null", INFINITY, NULL},
    {"profiles[1].points[fast].queries[a].rate_per_hour", "0", NAN,
     "profiles[1].points[fast].queries[a].rate_per_hour: found 0; allowed: a number above 0"},
    {"profiles[1].points[fast].queries.rate", "1", NAN,
     "profiles[1].points[fast].queries.rate: which member? allowed: [name], [number] or [*]"},
    {"profiles[1].points[fast].queries[a]", "1", NAN,
     "profiles[1].points[fast].queries[a]: a field's name is missing after the section's"},
    {"profiles[1].points[fast].queries[a].rate", "1", NAN,
     "profiles[1].points[fast].queries[a].rate: there is no such field (rate_per_hour?); allowed: "
     "rate_per_hour, ttft_ms, tpot_ms, e2e_ms, attainment, ttft_deviation_ms, tpot_deviation_ms, "
     "e2e_deviation_ms"},
    {"profiles[1].points[fast].name", "x", NAN,
     "profiles[1].points[fast].name: is not to be set by a path; allowed: fields with numbers, "
     "with one of a few words, or with the name of a pool"},
    {"profiles[1].points[fast", "1", NAN,
     "profiles[1].points[fast: found no ] for the [ after points; allowed: [name], [number] or "
     "[*]"},
    {"performance.kv_residency_hours", "dely", NAN,
     "performance.kv_residency_hours: found \"dely\" (delay?); allowed: numbers, or the word "
     "delay"},
    {"performance.kv_residency_hours[a]", "1", NAN,
     "performance.kv_residency_hours[a]: is a part of a table that is given as a word; allowed: "
     "numbers for the whole table"},
    {"performance.kv_residency_hours[a]", "delay", NAN,
     "performance.kv_residency_hours[a]: takes a word for the whole table only"},
    {"performance.kv_residency_hours", "null", NAN,
     "performance.kv_residency_hours: found null; allowed: a number of at least 0"},
    {"performance.error_rate", "delay", NAN,
     "performance.error_rate: found \"delay\"; allowed: a number from 0 to 1"},
};

#endif
