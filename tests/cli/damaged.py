#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes damaged copies of the sample instance, and the place that each error must name.

usage: damaged.py SAMPLE.json DIRECTORY

Every case is one mistake. DIRECTORY gets a file for each, and `cases.tsv`: file name, place.
"""

import json
import os
import sys

SYNTAX = []
MEANING = []


def whole(name, place, text):
    """The whole file is `text`."""
    SYNTAX.append((name, place, lambda sample: text))


def line(name, place, number, old, new):
    """One line of the sample is changed."""

    def damage(sample):
        lines = sample.split(b"\n")
        assert lines[number - 1].count(old) == 1, (name, lines[number - 1])
        lines[number - 1] = lines[number - 1].replace(old, new)
        return b"\n".join(lines)

    SYNTAX.append((name, place, damage))


def cut(name, place, after):
    """The sample ends after the first occurrence of `after`."""
    SYNTAX.append((name, place, lambda sample: sample[: sample.index(after) + len(after)]))


def append(name, place, text):
    SYNTAX.append((name, place, lambda sample: sample + text))


def put(name, place, *steps):
    """Sets values: each step is (keys..., value), the keys leading down from the root."""

    def damage(instance):
        for step in steps:
            *keys, last, value = step
            at = instance
            for key in keys:
                at = at[key]
            at[last] = value

    MEANING.append((name, place, damage))


def take(name, place, *keys):
    """Removes a field."""

    def damage(instance):
        *path, last = keys
        at = instance
        for key in path:
            at = at[key]
        del at[last]

    MEANING.append((name, place, damage))


def rename(name, place, *keys_and_name):
    """Misspells a field."""

    def damage(instance):
        *path, last, wrong = keys_and_name
        at = instance
        for key in path:
            at = at[key]
        at[wrong] = at.pop(last)

    MEANING.append((name, place, damage))


def table(models, tiers=None, value=0.5, queries=4):
    """A performance table of rank 2 or 3."""
    row = [value] * tiers if tiers else value
    return [[row for _ in range(models)] for _ in range(queries)]


def changed(values, index, value):
    """A copy of nested lists in which one entry is another."""
    copy = json.loads(json.dumps(values))
    at = copy
    for position in index[:-1]:
        at = at[position]
    at[index[-1]] = value
    return copy


def syntax_cases():
    whole("empty-file", "line 1, column 1", b"")
    whole("only-blanks", "line 2, column 3", b" \n  ")
    cut("cut-after-a-colon", "line 11, column 16", b'"budget_usd":')
    cut("cut-in-a-string", "line 26, column 17", b'"name": "summ')
    SYNTAX.append(("cut-before-the-last-brace", "line 170, column 1", lambda sample: sample[:-2]))
    line("trailing-comma-in-an-object", "line 13, column 2", 12, b"1000", b"1000,")
    line("trailing-comma-in-a-list", "line 151, column 30", 151, b"8]", b"8,]")
    line("missing-comma", "line 12, column 3", 11, b"500,", b"500")
    line("missing-colon", "line 11, column 16", 11, b":", b"")
    line("wrong-bracket", "line 151, column 29", 151, b"]", b"}")
    line("duplicate-key-in-an-object", "line 12, column 3", 12, b"storage_gb", b"budget_usd")
    line("duplicate-key-in-a-query", "line 28, column 4", 28, b"output_tokens", b"input_tokens")
    line("duplicate-key-at-the-top", "line 14, column 36", 14, b"0.001,", b'0.001, "version": 1,')
    line("byte-that-is-not-utf8", "line 26, column 17", 26, b"summarization", b"summ\xff")
    line("overlong-utf8", "line 26, column 13", 26, b"summarization", b"\xc0\xaf")
    line("surrogate-in-utf8", "line 26, column 13", 26, b"summarization", b"\xed\xa0\x80")
    line("incomplete-utf8", "line 26, column 13", 26, b"summarization", b"\xe2\x82")
    line("byte-outside-strings", "line 11, column 17", 11, b"500", b"\xa0500")
    line("nan", "line 11, column 17", 11, b"500", b"NaN")
    line("infinity", "line 11, column 17", 11, b"500", b"Infinity")
    line("minus-infinity", "line 11, column 18", 11, b"500", b"-Infinity")
    line("too-large-for-a-double", "line 11, column 17", 11, b"500", b"1e999")
    line("too-small-for-a-double", "line 11, column 17", 11, b"500", b"-1e999")
    whole("deep-lists", "line 1, column 513", b"[" * 100000)
    whole("deep-objects", "line 1, column 2561", b'{"a":' * 100000)
    line("nul-outside-strings", "line 11, column 17", 11, b"500", b"\0")
    line("nul-in-a-string", "line 26, column 17", 26, b"summarization", b"summ\0")
    line("nul-escaped", "line 26, column 17", 26, b"summarization", b"summ\\u0000")
    append("second-document", "line 171, column 1", b"{}")
    append("bracket-too-many", "line 171, column 1", b"}\n")
    line("single-quotes", "line 4, column 2", 4, b'"name"', b"'name'")
    line("comment", "line 4, column 2", 4, b'"name"', b'// the name\n "name"')
    line("key-without-quotes", "line 4, column 2", 4, b'"name"', b"name")
    line("leading-zero", "line 11, column 18", 11, b"500", b"0500")
    line("leading-plus", "line 11, column 17", 11, b"500", b"+500")
    line("no-digit-before-the-point", "line 11, column 17", 11, b"500", b".5")
    line("no-digit-after-the-point", "line 11, column 19", 11, b"500", b"5.")
    line("no-digit-in-the-exponent", "line 11, column 19", 11, b"500", b"5e")
    line("hexadecimal", "line 11, column 18", 11, b"500", b"0x1F4")
    line("decimal-comma", "line 14, column 31", 14, b"0.001", b"0,001")
    line("capital-true", "line 11, column 17", 11, b"500", b"True")
    line("unknown-escape", "line 26, column 14", 26, b"summarization", b"\\q")
    line("half-a-surrogate-pair", "line 26, column 13", 26, b"summarization", b"\\ud800")
    line("newline-in-a-string", "line 4, column 15", 4, b"seed-sample", b"seed\nsample")
    line("tab-in-a-string", "line 4, column 15", 4, b"seed-sample", b"seed\tsample")
    line(
        "columns-count-characters",
        "line 4, column 18",
        4,
        b'"seed-sample"',
        '"gr\u00f6\u00dfe" x'.encode(),
    )


def field_cases():
    whole("document-is-a-number", "document", b"5\n")
    rename("misspelt-at-the-top", "limitz", "limits", "limitz")
    rename("misspelt-in-horizon", "horizon.rental_hour", "horizon", "rental_hours", "rental_hour")
    rename("misspelt-limit", "limits.budget", "limits", "budget_usd", "budget")
    rename("misspelt-policy", "policy.slo", "policy", "slo_basis", "slo")
    rename("misspelt-uncertainty", "uncertainty.kinds", "uncertainty", "kind", "kinds")
    rename("misspelt-in-a-query", "queries[1].eror", "queries", 1, "error_limit", "eror")
    rename("misspelt-in-a-model", "models[2].weight_gb", "models", 2, "weights_gb", "weight_gb")
    rename("misspelt-in-a-tier", "tiers[3].tflop", "tiers", 3, "tflops", "tflop")
    put("misspelt-in-a-pool", "pools[0].gpu", ("pools", [{"name": "a", "gpus": 1, "gpu": 1}]))
    rename(
        "misspelt-performance",
        "performance.errors",
        "performance",
        "error_rate",
        "errors",
    )
    rename("capital-letters-differ", "Queries", "queries", "Queries")

    take("missing-format", "format", "format")
    take("missing-version", "version", "version")
    take("missing-name", "name", "name")
    take("missing-horizon", "horizon", "horizon")
    take("missing-queries", "queries", "queries")
    take("missing-models", "models", "models")
    take("missing-tiers", "tiers", "tiers")
    take("missing-performance", "performance", "performance")
    take("missing-at-the-top", "storage_usd_per_gb_hour", "storage_usd_per_gb_hour")
    take("missing-in-horizon", "horizon.rental_hours", "horizon", "rental_hours")
    take("missing-name-of-a-query", "queries[3].name", "queries", 3, "name")
    take("missing-in-a-query", "queries[0].rate_per_hour", "queries", 0, "rate_per_hour")
    take("missing-unmet-penalty", "queries[2].unmet_penalty_usd", "queries", 2, "unmet_penalty_usd")
    take("missing-in-a-model", "models[0].kv_gb_per_token", "models", 0, "kv_gb_per_token")
    take("missing-in-a-tier", "tiers[2].memory_gb", "tiers", 2, "memory_gb")
    take("missing-degrees", "tiers[7].tp_degrees", "tiers", 7, "tp_degrees")
    put("missing-in-a-pool", "pools[0].gpus", ("pools", [{"name": "a"}]))
    take(
        "missing-delay", "performance.delay_ms_per_token", "performance", "delay_ms_per_token"
    )
    take("missing-error-rate", "performance.error_rate", "performance", "error_rate")


def type_cases():
    put("format-of-a-plan", "format", ("format", "inferplan-plan"))
    put("version-two", "version", ("version", 2))
    put("version-as-text", "version", ("version", "1"))
    put("name-is-a-number", "name", ("name", 5))
    put("source-is-a-number", "source", ("source", 5))
    put("horizon-is-a-number", "horizon", ("horizon", 12))
    put("limits-is-a-list", "limits", ("limits", [500, 1000]))
    put("limit-is-true", "limits.budget_usd", ("limits", "budget_usd", True))
    put("number-as-text", "queries[0].rate_per_hour", ("queries", 0, "rate_per_hour", "100"))
    put("null-is-no-number", "queries[0].rate_per_hour", ("queries", 0, "rate_per_hour", None))
    put("queries-is-an-object", "queries", ("queries", {"name": "a"}))
    put("query-is-text", "queries[2]", ("queries", 2, "qa"))
    put("degrees-is-a-number", "tiers[0].tp_degrees", ("tiers", 0, "tp_degrees", 2))
    put("degree-is-text", "tiers[0].tp_degrees[1]", ("tiers", 0, "tp_degrees", [1, "2"]))
    put("word-is-a-number", "policy.placement", ("policy", "placement", 1))
    put("pool-is-a-number", "tiers[0].pool", ("tiers", 0, "pool", 1))
    put("performance-is-a-list", "performance", ("performance", [1, 2]))
    put(
        "delay-is-text",
        "performance.delay_ms_per_token",
        ("performance", "delay_ms_per_token", "fast"),
    )
    put(
        "delay-entry-is-text",
        "performance.delay_ms_per_token[2]",
        ("performance", "delay_ms_per_token", [2.0, 2.5, "1.5", 1.0]),
    )

    put("unknown-placement", "policy.placement", ("policy", "placement", "single-route"))
    put("unknown-slo-basis", "policy.slo_basis", ("policy", "slo_basis", "Served"))
    put("unknown-storage-basis", "policy.storage_basis", ("policy", "storage_basis", ""))
    put("unknown-kind", "uncertainty.kind", ("uncertainty", "kind", "robust"))
    put("unknown-level", "uncertainty.level", ("uncertainty", "level", "cells"))
    put(
        "unknown-pool",
        "tiers[4].pool",
        ("pools", [{"name": "a", "gpus": 4}]),
        ("tiers", 4, "pool", "b"),
    )


def range_cases():
    put("rental-hours-zero", "horizon.rental_hours", ("horizon", "rental_hours", 0))
    put("penalty-hours-negative", "horizon.penalty_hours", ("horizon", "penalty_hours", -1))
    put("budget-negative", "limits.budget_usd", ("limits", "budget_usd", -500))
    put("storage-price-negative", "storage_usd_per_gb_hour", ("storage_usd_per_gb_hour", -0.001))
    put("rate-negative", "queries[2].rate_per_hour", ("queries", 2, "rate_per_hour", -1))
    put("weights-negative", "models[1].weights_gb", ("models", 1, "weights_gb", -26))
    put("price-negative", "tiers[6].usd_per_hour", ("tiers", 6, "usd_per_hour", -3.9))
    put("memory-zero", "tiers[0].memory_gb", ("tiers", 0, "memory_gb", 0))
    put("compute-zero", "tiers[0].tflops", ("tiers", 0, "tflops", 0))
    put("gpus-negative", "pools[0].gpus", ("pools", [{"name": "a", "gpus": -1}]))
    put("replicas-zero", "policy.max_replicas", ("policy", "max_replicas", 0))
    put("replicas-not-whole", "policy.max_replicas", ("policy", "max_replicas", 1.5))
    put(
        "tokens-both-zero",
        "queries[1].input_tokens",
        ("queries", 1, "input_tokens", 0),
        ("queries", 1, "output_tokens", 0),
    )
    put("error-limit-above-one", "queries[0].error_limit", ("queries", 0, "error_limit", 5))
    put("max-unmet-above-one", "queries[3].max_unmet", ("queries", 3, "max_unmet", 1.01))
    put("max-unmet-null", "queries[3].max_unmet", ("queries", 3, "max_unmet", None))
    put(
        "error-rate-above-one",
        "performance.error_rate[1]",
        ("performance", "error_rate", [0.03, 2, 0.025, 0.03]),
    )
    put(
        "delay-negative",
        "performance.delay_ms_per_token[3]",
        ("performance", "delay_ms_per_token", [2.0, 2.5, 1.5, -1.0]),
    )
    put("deviation-negative", "performance.error_deviation", ("performance", "error_deviation", -1))
    put("shrink-above-one", "performance.delay_shrink", ("performance", "delay_shrink", 1.1))
    put(
        "shrink-entry-above-one",
        "performance.error_shrink[2]",
        ("performance", "error_shrink", [0.1, 0.2, 1.3]),
    )
    put("weights-too-large", "models[0].weights_gb", ("models", 0, "weights_gb", 1e300))
    put("rate-too-large", "queries[0].rate_per_hour", ("queries", 0, "rate_per_hour", 1e300))
    put(
        "delay-too-large",
        "performance.delay_ms_per_token",
        ("performance", "delay_ms_per_token", 1e300),
    )
    put("degree-zero", "tiers[0].tp_degrees[0]", ("tiers", 0, "tp_degrees", [0, 2]))
    put("degree-not-whole", "tiers[1].tp_degrees[1]", ("tiers", 1, "tp_degrees", [1, 1.5]))
    put("degree-repeated", "tiers[4].tp_degrees[3]", ("tiers", 4, "tp_degrees", [1, 2, 4, 2]))
    put("degree-too-large", "tiers[4].tp_degrees[3]", ("tiers", 4, "tp_degrees", [1, 2, 4, 1e9]))
    put("speedup-zero", "tiers[5].tp_speedup[1]", ("tiers", 5, "tp_speedup", [1, 0, 1, 1]))
    put("speedups-too-few", "tiers[5].tp_speedup", ("tiers", 5, "tp_speedup", [1, 1, 1]))
    put("speedups-too-many", "tiers[5].tp_speedup", ("tiers", 5, "tp_speedup", [1, 1, 1, 1, 1]))


def uncertainty_cases():
    put(
        "budget-without-budgets",
        "uncertainty.delay_budget",
        ("uncertainty", {"kind": "budget"}),
    )
    put(
        "budget-without-error-budget",
        "uncertainty.error_budget",
        ("uncertainty", {"kind": "budget", "delay_budget": 1}),
    )
    put(
        "budget-null",
        "uncertainty.delay_budget",
        ("uncertainty", {"kind": "budget", "delay_budget": None, "error_budget": 1}),
    )
    put(
        "decision-dependent-without-budgets",
        "uncertainty.delay_budget",
        ("uncertainty", {"kind": "decision_dependent", "level": "cell"}),
    )
    put(
        "uncertainty-budget-negative",
        "uncertainty.error_budget",
        ("uncertainty", {"kind": "budget", "delay_budget": 1, "error_budget": -1}),
    )
    ready = {"kind": "decision_dependent", "delay_budget": 1, "error_budget": 1}
    put(
        "query-level-with-split",
        "uncertainty.level",
        ("policy", "placement", "split"),
        ("uncertainty", {**ready, "level": "query"}),
    )
    put(
        "query-level-by-default-with-matching",
        "uncertainty.level",
        ("uncertainty", ready),
    )


def name_cases():
    put("name-empty", "name", ("name", ""))
    put("name-of-a-query-empty", "queries[1].name", ("queries", 1, "name", ""))
    put("name-with-a-newline", "name", ("name", "seed\nsample"))
    put("name-with-a-control", "models[0].name", ("models", 0, "name", "LLaMA\u0007"))
    put("name-with-a-c1-control", "tiers[1].name", ("tiers", 1, "name", "T4\u0085INT8"))
    put("name-of-a-query-twice", "queries[3].name", ("queries", 3, "name", "translation"))
    put("name-of-a-model-twice", "models[2].name", ("models", 2, "name", "LLaMA-7B"))
    put("name-of-a-tier-twice", "tiers[7].name", ("tiers", 7, "name", "T4-FP16"))
    put(
        "name-of-a-pool-twice",
        "pools[1].name",
        ("pools", [{"name": "a", "gpus": 1}, {"name": "a", "gpus": 2}]),
    )


def shape_cases():
    put("no-queries", "queries", ("queries", []))
    put("no-models", "models", ("models", []))
    put("no-tiers", "tiers", ("tiers", []))
    put("no-degrees", "tiers[2].tp_degrees", ("tiers", 2, "tp_degrees", []))
    put("no-speedups", "tiers[2].tp_speedup", ("tiers", 2, "tp_speedup", []))
    delay = ("performance", "delay_ms_per_token")
    at = "performance.delay_ms_per_token"
    put("no-delays", at, (*delay, []))
    put("rank-one-too-short", at, (*delay, [2.0, 2.5, 1.5]))
    put("rank-one-too-long", at, (*delay, [2.0, 2.5, 1.5, 1.0, 1.0]))
    put("rank-two-too-few-queries", at, (*delay, table(3, queries=3)))
    put("rank-two-ragged", at + "[1]", (*delay, changed(table(3), [1], [0.5, 0.5])))
    put("rank-three-too-few-models", at + "[0]", (*delay, table(2, 8)))
    put("rank-three-ragged", at + "[3][2]", (*delay, changed(table(3, 8), [3, 2], [0.5] * 7)))
    put("rank-four", at + "[0][0][0]", (*delay, table(3, 8, [0.5])))
    put("ranks-mixed", at + "[2]", (*delay, [[0.5] * 3, [0.5] * 3, 0.5, [0.5] * 3]))
    put("ranks-mixed-deeper", at + "[1][1]", (*delay, changed(table(3), [1, 1], [0.5] * 8)))
    put(
        "null-where-it-means-nothing",
        "performance.kv_residency_hours[1]",
        ("performance", "kv_residency_hours", [0.01, None, 0.01, 0.01]),
    )
    put("shrink-too-short", "performance.delay_shrink", ("performance", "delay_shrink", [0.1] * 4))
    put(
        "shrink-ragged",
        "performance.error_shrink[2]",
        ("performance", "error_shrink", [[0.1] * 8, [0.1] * 8, [0.1] * 7]),
    )
    put(
        "keyed-by-an-unknown-query",
        at + "[poetry]",
        (*delay, {"summarization": 2.0, "poetry": 1.0}),
    )
    put(
        "keyed-by-an-unknown-model",
        "performance.error_rate[qa][LLaMA-8B]",
        ("performance", "error_rate", {"qa": {"LLaMA-7B": 0.03, "LLaMA-8B": 0.03}}),
    )


def main():
    sample_path, directory = sys.argv[1:]
    with open(sample_path, "rb") as stream:
        sample = stream.read()
    for collect in (
        syntax_cases,
        field_cases,
        type_cases,
        range_cases,
        uncertainty_cases,
        name_cases,
        shape_cases,
    ):
        collect()
    cases = [(name, place, damage(sample)) for name, place, damage in SYNTAX]
    for name, place, damage in MEANING:
        instance = json.loads(sample)
        damage(instance)
        cases.append((name, place, json.dumps(instance).encode()))
    assert len({name for name, _, _ in cases}) == len(cases), "two cases of one name"
    with open(os.path.join(directory, "cases.tsv"), "w", encoding="utf-8") as listing:
        for name, place, text in cases:
            assert text != sample, name
            with open(os.path.join(directory, name + ".json"), "wb") as stream:
                stream.write(text)
            listing.write(f"{name}.json\t{place}\n")


if __name__ == "__main__":
    main()
