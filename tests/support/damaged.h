/* SPDX-License-Identifier: MIT */
/* Documents with one mistake each, made from the one in test_read.c: what is replaced by what, and
 * all that must then be said. */
#ifndef IFP_TEST_DAMAGED_H
#define IFP_TEST_DAMAGED_H

static const struct {
    const char *from;
    const char *to;
    const char *message;
} damaged[] = {
    /* no JSON */
    {"\"version\": 1,", "\"version\": 1", "line 2, column 46: found '\"'; allowed: ',' or '}'"},
    {"\"version\": 1", "\"version\": 01",
     "line 2, column 45: found '1'; allowed: a number without a leading 0"},
    {"\"version\": 1", "\"version\": 1.", "line 2, column 46: found ','; allowed: a digit"},
    {"\"version\": 1", "\"version\": +1",
     "line 2, column 44: found '+'; allowed: a value (a number, string, list, object, true, false "
     "or null)"},
    {"\"version\": 1", "\"version\": NaN",
     "line 2, column 44: found 'N'; allowed: a value (a number, string, list, object, true, false "
     "or null)"},
    {"\"version\": 1", "version: 1",
     "line 2, column 33: found 'v'; allowed: a key in quotes after ','"},
    {"\"me\"", "\"m\te\"",
     "line 2, column 74: found byte 0x09; allowed: '\"' to end the string (control characters are "
     "escaped)"},
    {"\"me\"",
     "\"m\xff"
     "e\"",
     "line 2, column 74: found byte 0xff; allowed: UTF-8"},
    {"\"me\"", "\"\\x\"",
     "line 2, column 74: found 'x'; allowed: one of \" \\ / b f n r t u after a backslash"},
    {"\"me\"", "\"\\u0000\"", "line 2, column 73: found '\\'; allowed: any character but \\u0000"},
    {"\"me\"", "\"\\ud800\"",
     "line 2, column 73: found '\\'; allowed: a whole surrogate pair after \\u"},
    {"\"name\": \"all\"", "\"name\": \"all\", \"version\": 2",
     "line 2, column 62: found \"version\" again; allowed: each key of an object once"},
    {"\"rental_hours\": 10", "\"rental_hours\": 10, \"rental_hours\": 10",
     "line 3, column 33: found \"rental_hours\" again; allowed: each key of an object once"},
    {"\"me\"", "\"me\", \"x_a\": {\"b\": 1, \"b\": 2}",
     "line 2, column 94: found \"b\" again; allowed: each key of an object once"},
    {"\"budget_usd\": 30", "\"budget_usd\": 1e999",
     "line 4, column 26: found 1e999; allowed: a number that is not too large to be held"},
    {"\"budget_usd\": 30", "\"budget_usd\": 99999999999999999999",
     "line 4, column 26: found 99999999999999999999; allowed: a number that is not too large to "
     "be held"},
    {"\"tp_degrees\": [1, 34]", "\"tp_degrees\": [1, 34,]",
     "line 19, column 24: found ']'; allowed: a value (a number, string, list, object, true, false "
     "or null)"},
    {"[-62]}\n}\n", "[-62]}\n}\n{}",
     "line 27, column 1: found '{'; allowed: nothing after the value"},
    {"[-62]}\n}\n", "[-62]}\n",
     "line 26, column 1: found the end of the text; allowed: ',' or '}'"},
    /* another kind of document */
    {"inferplan-instance", "inferplan-plan",
     "format: found \"inferplan-plan\"; allowed: \"inferplan-instance\""},
    {"\"format\": \"inferplan-instance\", ", "",
     "format: missing; allowed: \"inferplan-instance\""},
    {"\"format\": \"inferplan-instance\"", "\"format\": [1]",
     "format: found a list; allowed: \"inferplan-instance\""},
    {"\"version\": 1", "\"version\": 2", "version: found 2; allowed: 1"},
    {"\"version\": 1", "\"version\": \"1\"", "version: found \"1\"; allowed: 1"},
    {"\"version\": 1, ", "", "version: missing; allowed: 1"},
    {"\"name\": \"all\", ", "", "name: missing; allowed: a name"},
    {"\"name\": \"all\"", "\"name\": 7", "name: found 7; allowed: a name"},
    {"\"name\": \"all\"", "\"name\": \"\"", "name: found an empty name; allowed: a non-empty name"},
    {"\"name\": \"all\"", "\"name\": \"a\\u0001b\"",
     "name: found U+0001 in \"a b\", a control character; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    {"\"source\": \"me\"", "\"source\": null", "source: found null; allowed: text"},
    /* fields that nobody knows */
    {"\"source\": \"me\"", "\"sauce\": \"me\"",
     "sauce: unknown field (source?); allowed: format, version, source, name, "
     "storage_usd_per_gb_hour, horizon, limits, policy and 7 more, and names of your own "
     "that begin with x_"},
    {"\"source\": \"me\"", "\"X_mine\": 1",
     "X_mine: unknown field; allowed: format, version, source, name, "
     "storage_usd_per_gb_hour, horizon, limits, policy and 7 more, and names of your own "
     "that begin with x_"},
    {"\"source\": \"me\"", "\"xmine\": 1",
     "xmine: unknown field; allowed: format, version, source, name, "
     "storage_usd_per_gb_hour, horizon, limits, policy and 7 more, and names of your own "
     "that begin with x_"},
    {"\"penalty_hours\"", "\"penalty_hour\"",
     "horizon.penalty_hour: unknown field (penalty_hours?); allowed: rental_hours, "
     "penalty_hours, and names of your own that begin with x_"},
    {"\"budget_usd\"", "\"budget\"",
     "limits.budget: unknown field (budget_usd?); allowed: budget_usd, storage_gb, and "
     "names of your own that begin with x_"},
    {"\"max_replicas\"", "\"replicas\"",
     "policy.replicas: unknown field (max_replicas?); allowed: placement, slo_basis, "
     "storage_basis, max_replicas, limit_basis, whole_requests, deployments_per_pair, paces and "
     "1 more, and names of your own that begin with x_"},
    {"\"delay_budget\"", "\"\"",
     "uncertainty.: unknown field; allowed: kind, level, delay_budget, error_budget, and "
     "names of your own that begin with x_"},
    {"\"delay_limit_ms\"", "\"delay_limit\"",
     "queries[0].delay_limit: unknown field (delay_limit_ms?); allowed: name, "
     "input_tokens, output_tokens, rate_per_hour, tflop_per_1k_tokens, "
     "storage_gb_per_token, delay_limit_ms, error_limit and 8 more, and names of your own "
     "that begin with x_"},
    {"\"compute_scale\"", "\"Compute_scale\"",
     "models[0].Compute_scale: unknown field (compute_scale?); allowed: name, weights_gb, "
     "kv_gb_per_token, compute_scale, and names of your own that begin with x_"},
    {"\"pool\": \"P\"", "\"pools\": \"P\"",
     "tiers[0].pools: unknown field (pool?); allowed: name, memory_gb, tflops, "
     "usd_per_hour, tp_degrees, tp_speedup, weight_scale, kv_scale and 2 more, and names "
     "of your own that begin with x_"},
    {"\"gpus\": 41", "\"gpus\": 41, \"name \": 1",
     "pools[0].name : unknown field (name?); allowed: name, gpus, and names of your own "
     "that begin with x_"},
    {"\"error_deviation\"", "\"error_deviation_ms\"",
     "performance.error_deviation_ms: unknown field (error_deviation?); allowed: "
     "delay_ms_per_token, delay_deviation_ms_per_token, error_rate, error_deviation, "
     "kv_residency_hours, delay_shrink, error_shrink, and names of your own that begin "
     "with x_"},
    /* sections */
    {"{\"rental_hours\": 10, \"penalty_hours\": 20}", "10",
     "horizon: found 10; allowed: an object"},
    {"\"horizon\": {\"rental_hours\": 10, \"penalty_hours\": 20},", "",
     "horizon: missing; allowed: an object"},
    {"{\"budget_usd\": 30, \"storage_gb\": 40}", "null", "limits: found null; allowed: an object"},
    {"[{\"name\": \"M\"", "[], \"x_models\": [{\"name\": \"M\"",
     "models: found an empty list; allowed: a list with at least one member"},
    {"\"models\":", "\"x_models\":", "models: missing; allowed: a list"},
    {"\"queries\":", "\"queries\": {}, \"x_queries\":",
     "queries: found an object; allowed: a list with at least one member"},
    {"\"tiers\": [", "\"tiers\": [null, ", "tiers[0]: found null; allowed: an object"},
    {"\"pools\": [", "\"pools\": [\"P\", ", "pools[0]: found \"P\"; allowed: an object"},
    {"\"pools\":", "\"pools\": null, \"x_pools\":",
     "pools: found null; allowed: a list, which may be empty"},
    {"\"performance\":", "\"x_performance\":", "performance: missing; allowed: an object"},
    {"\"performance\":", "\"performance\": [], \"x_performance\":",
     "performance: found an empty list; allowed: an object"},
    /* names in lists */
    {"\"name\": \"b\", ", "", "queries[1].name: missing; allowed: a name"},
    {"\"name\": \"b\"", "\"name\": null", "queries[1].name: found null; allowed: a name"},
    {"\"name\": \"b\"", "\"name\": \"a\"",
     "queries[1].name: found \"a\", which queries[0] has already; allowed: a name that is unique "
     "in its list"},
    {"\"name\": \"M\"", "\"name\": \"\"",
     "models[0].name: found an empty name; allowed: a non-empty name"},
    {"\"name\": \"T\"", "\"name\": \"\\u007f\"",
     "tiers[0].name: found U+007F in \" \", a control character; allowed: text without control "
     "characters, bidirectional controls, invisible characters and noncharacters"},
    /* numbers */
    {"\"rental_hours\": 10, ", "", "horizon.rental_hours: missing; allowed: a number above 0"},
    {"\"rental_hours\": 10", "\"rental_hours\": 0",
     "horizon.rental_hours: found 0; allowed: a number above 0"},
    {"\"rental_hours\": 10", "\"rental_hours\": null",
     "horizon.rental_hours: found null; allowed: a number above 0"},
    {"\"penalty_hours\": 20", "\"penalty_hours\": -1",
     "horizon.penalty_hours: found -1; allowed: a number of at least 0"},
    {"\"budget_usd\": 30", "\"budget_usd\": -0.5",
     "limits.budget_usd: found -0.5; allowed: a number of at least 0, or null for no limit"},
    {"\"budget_usd\": 30", "\"budget_usd\": \"30\"",
     "limits.budget_usd: found \"30\"; allowed: a number of at least 0, or null for no limit"},
    {"\"budget_usd\": 30", "\"budget_usd\": 1e16",
     "limits.budget_usd: found 1e+16; allowed: a number of at least 0, or null for no limit, and "
     "at most 1e+15"},
    {"\"storage_gb\": 40", "\"storage_gb\": true",
     "limits.storage_gb: found true; allowed: a number of at least 0, or null for no limit"},
    {"\"storage_usd_per_gb_hour\": 50,", "",
     "storage_usd_per_gb_hour: missing; allowed: a number of at least 0"},
    {"\"storage_usd_per_gb_hour\": 50", "\"storage_usd_per_gb_hour\": []",
     "storage_usd_per_gb_hour: found an empty list; allowed: a number of at least 0"},
    {"\"max_replicas\": 60", "\"max_replicas\": 1.5",
     "policy.max_replicas: found 1.5; allowed: an integer from 1 to 1000000"},
    {"\"max_replicas\": 60", "\"max_replicas\": 0",
     "policy.max_replicas: found 0; allowed: an integer from 1 to 1000000"},
    {"\"max_replicas\": 60", "\"max_replicas\": 1000001",
     "policy.max_replicas: found 1000001; allowed: an integer from 1 to 1000000"},
    {"\"rate_per_hour\": 13,", "",
     "queries[1].rate_per_hour: missing; allowed: a number of at least 0"},
    {"\"rate_per_hour\": 13", "\"rate_per_hour\": -13",
     "queries[1].rate_per_hour: found -13; allowed: a number of at least 0"},
    {"\"input_tokens\": 1,", "\"input_tokens\": null,",
     "queries[0].input_tokens: found null; allowed: a number of at least 0"},
    {"\"input_tokens\": 11, \"output_tokens\": 12", "\"input_tokens\": 0, \"output_tokens\": 0",
     "queries[1].input_tokens: found 0 and output_tokens 0; allowed: a sum above 0"},
    {"\"error_limit\": 0.7", "\"error_limit\": 7",
     "queries[0].error_limit: found 7; allowed: a number from 0 to 1, or null for no limit"},
    {"\"max_unmet\": 0.25", "\"max_unmet\": 1.0001",
     "queries[0].max_unmet: found 1.0001; allowed: a number from 0 to 1"},
    {"\"max_unmet\": 0.25", "\"max_unmet\": null",
     "queries[0].max_unmet: found null; allowed: a number from 0 to 1"},
    {"\"weights_gb\": 21", "\"weights_gb\": {}",
     "models[0].weights_gb: found an object; allowed: a number of at least 0"},
    {"\"memory_gb\": 31", "\"memory_gb\": 0",
     "tiers[0].memory_gb: found 0; allowed: a number above 0"},
    {"\"tflops\": 32", "\"tflops\": 1e-400", "tiers[0].tflops: found 0; allowed: a number above 0"},
    {"\"gpus\": 41", "\"gpus\": -1", "pools[0].gpus: found -1; allowed: a number of at least 0"},
    /* words, lists of numbers, pools */
    {"\"single\"", "\"Single\"",
     "policy.placement: found \"Single\" (single?); allowed: one of single, matching, split"},
    {"\"offered\"", "null", "policy.slo_basis: found null; allowed: one of served, offered"},
    {"\"route\"", "1", "policy.storage_basis: found 1; allowed: one of deployment, route"},
    {"\"budget\"", "\"\"",
     "uncertainty.kind: found \"\"; allowed: one of none, budget, decision_dependent"},
    {"\"cell\"", "\"cells\"",
     "uncertainty.level: found \"cells\" (cell?); allowed: one of cell, query"},
    {"\"tp_degrees\": [1, 34], ", "",
     "tiers[0].tp_degrees: missing; allowed: a non-empty list such as [1, 2], each an integer from "
     "1 to 1000000"},
    {"[1, 34]", "[]",
     "tiers[0].tp_degrees: found an empty list; allowed: a non-empty list such as [1, 2], each an "
     "integer from 1 to "
     "1000000"},
    {"[1, 34]", "34",
     "tiers[0].tp_degrees: found 34; allowed: a non-empty list such as [1, 2], each an integer "
     "from 1 to "
     "1000000"},
    {"[1, 34]", "[1, \"34\"]",
     "tiers[0].tp_degrees[1]: found \"34\"; allowed: a non-empty list such as [1, 2], each an "
     "integer from 1 to "
     "1000000"},
    {"[1, 34]", "[0, 34]",
     "tiers[0].tp_degrees[0]: found 0; allowed: a non-empty list such as [1, 2], each an integer "
     "from 1 to "
     "1000000"},
    {"[1, 34]", "[34, 34.0]", "tiers[0].tp_degrees[1]: found 34 twice; allowed: distinct degrees"},
    {"[1, 35.5]", "[1]",
     "tiers[0].tp_speedup: found 1 number; allowed: as many as tp_degrees has, 2"},
    {"[1, 35.5]", "[1, 0]",
     "tiers[0].tp_speedup[1]: found 0; allowed: a non-empty list such as [1, 2], each a number "
     "of at least 1e-15"},
    {"[1, 35.5]", "[1, 9.99e-16]",
     "tiers[0].tp_speedup[1]: found 9.99e-16; allowed: a non-empty list such as [1, 2], each a "
     "number of at least 1e-15"},
    {"\"pool\": \"P\"", "\"pool\": \"Q\"",
     "tiers[0].pool: found \"Q\", which is no pool; allowed: \"P\", or null"},
    {"\"pool\": \"P\"", "\"pool\": 1",
     "tiers[0].pool: found 1; allowed: the name of a pool, or null"},
    /* tables */
    {"[[[51]], [[52]]]", "\"slow\"",
     "performance.delay_ms_per_token: found \"slow\"; allowed: a number, or a list or object of "
     "them"},
    {"\"error_rate\": [0.55, 0.56],", "",
     "performance.error_rate: missing; allowed: a number, or a list or object of them"},
    {"[[[51]], [[52]]]", "[[[51]]]",
     "performance.delay_ms_per_token: found a list; allowed: one entry for each of the 2 queries, "
     "not 1"},
    {"[[[51]], [[52]]]", "[[[51]], [[52], [53]]]",
     "performance.delay_ms_per_token[1]: found a list; allowed: one entry for each of the 1 "
     "models, not 2"},
    {"[[[51]], [[52]]]", "[[[51]], [52]]",
     "performance.delay_ms_per_token[1][0]: found 52; allowed: a list with one entry for each of "
     "the 1 tiers, as its neighbours are"},
    {"[[[51]], [[52]]]", "[[[51]], [[[52]]]]",
     "performance.delay_ms_per_token[1][0][0]: found a list; allowed: a number of at least 0"},
    {"[[[51]], [[52]]]", "[[[51]], [[-52]]]",
     "performance.delay_ms_per_token[1][0][0]: found -52; allowed: a number of at least 0"},
    {"[[[51]], [[52]]]", "{\"a\": 1, \"c\": 2}",
     "performance.delay_ms_per_token[c]: no member of queries by that name; allowed: "
     "\"a\", \"b\", and names of your own that begin with x_"},
    {"[[[51]], [[52]]]", "{\"a\": {\"M\": {\"t\": 1}}}",
     "performance.delay_ms_per_token[a][M][t]: no member of tiers by that name (\"T\"?); "
     "allowed: \"T\", and names of your own that begin with x_"},
    {"[[[51]], [[52]]]", "{\"a\": {\"M\": {\"T\": false}}}",
     "performance.delay_ms_per_token[a][M][T]: found false; allowed: a number of at least 0"},
    {"[0.55, 0.56]", "[0.55, 1.5]",
     "performance.error_rate[1]: found 1.5; allowed: a number from 0 to 1"},
    {"[[53], [54]]", "[[53], [null]]",
     "performance.delay_deviation_ms_per_token[1][0]: found null; allowed: a number of at least "
     "0"},
    {"[[53], [54]]", "null",
     "performance.delay_deviation_ms_per_token: found null; allowed: a number, or a list or "
     "object of them"},
    {"[[53], [54]]", "{\"a\": [53]}",
     "performance.delay_deviation_ms_per_token[b]: missing; allowed: a number of at least 0"},
    {"[[0.61]]", "[[1.5]]",
     "performance.delay_shrink[0][0]: found 1.5; allowed: a number of at most 1"},
    {"[[0.61]]", "[[0.61], [0.62]]",
     "performance.delay_shrink: found a list; allowed: one entry for each of the 1 models, not 2"},
    {"[-62]", "[[[-62]]]",
     "performance.error_shrink[0][0]: found a list; allowed: a number of at most 1"},
    /* several fields at once */
    {"\"delay_budget\": 70,", "",
     "uncertainty.delay_budget: missing; allowed: a number of at least 0, as the kind is not "
     "none"},
    {"\"error_budget\": 80", "\"error_budget\": null",
     "uncertainty.error_budget: missing; allowed: a number of at least 0, as the kind is not "
     "none"},
};

#endif
