# SPDX-License-Identifier: MIT
"""Documents that are smaller than a given one, to find the smallest that shows a fault."""

from __future__ import annotations

import copy
from typing import Any, Dict, Iterator, List, Tuple

Document = Dict[str, Any]


def smaller(document: Document) -> Iterator[Document]:
    """Documents with one thing less."""
    sizes = ("queries", "models", "tiers")
    for axis, field in enumerate(sizes):
        for position in range(len(document[field]) if len(document[field]) > 1 else 0):
            less = copy.deepcopy(document)
            del less[field][position]
            for name, table in less["performance"].items():
                depth = axis - 1 if name.endswith("_shrink") else axis
                if depth >= 0:
                    _drop(table, depth, position)
            _forget(less, field[:-1], document[field][position]["name"])
            yield less
    for tier in range(len(document["tiers"])):
        for position in range(len(document["tiers"][tier]["tp_degrees"])):
            if len(document["tiers"][tier]["tp_degrees"]) > 1:
                less = copy.deepcopy(document)
                for field in ("tp_degrees", "tp_speedup"):
                    if field in less["tiers"][tier]:
                        del less["tiers"][tier][field][position]
                less["profiles"] = [p for p in less.get("profiles", [])
                                    if p["tier"] != less["tiers"][tier]["name"]
                                    or p["tp_degree"] in less["tiers"][tier]["tp_degrees"]]
                yield less
    yield from _fewer_points(document)
    yield from _plainer(document)


def _forget(document: Document, field: str, name: str) -> None:
    """Remove what profiles say of a query, model or tier that is gone."""
    profiles = document.get("profiles", [])
    if field != "querie":
        document["profiles"] = [p for p in profiles if p[field] != name]
        return
    for profile in profiles:
        for point in profile.get("points", []):
            point["queries"].pop(name, None)
        if "points" in profile:
            profile["points"] = [p for p in profile["points"] if p["queries"]]
    document["profiles"] = [p for p in profiles if p.get("points", True)]


def _fewer_points(document: Document) -> Iterator[Document]:
    """Without a profile, a measured point or an entry of one, a pace."""
    for position, profile in enumerate(document.get("profiles", [])):
        less = copy.deepcopy(document)
        del less["profiles"][position]
        yield less
        for field in ("points", "paces_ms"):
            for member in range(len(profile.get(field, [])) if len(profile.get(field, [])) > 1
                                else 0):
                less = copy.deepcopy(document)
                del less["profiles"][position][field][member]
                yield less
        for member, point in enumerate(profile.get("points", [])):
            for query in point["queries"] if len(point["queries"]) > 1 else []:
                less = copy.deepcopy(document)
                del less["profiles"][position]["points"][member]["queries"][query]
                yield less


def _drop(table: Any, depth: int, position: int) -> None:
    if not isinstance(table, list):
        return
    if depth == 0:
        del table[position]
    else:
        for part in table:
            _drop(part, depth - 1, position)


def _plainer(document: Document) -> Iterator[Document]:
    """Documents with a default in place of something that was given."""
    keep = {"name", "storage_usd_per_gb_hour", "input_tokens", "output_tokens", "rate_per_hour",
            "unmet_penalty_usd", "weights_gb", "kv_gb_per_token", "memory_gb", "tflops",
            "usd_per_hour", "tp_degrees", "delay_ms_per_token", "error_rate", "rental_hours",
            "format", "version", "horizon", "queries", "models", "tiers", "performance",
            "delay_budget", "error_budget", "gpus", "model", "tier", "tp_degree", "iteration_ms",
            "prefill_ms_per_token", "decode_ms_per_token", "points"}
    if document.get("uncertainty", {}).get("kind", "none") != "none":
        yield {**document, "uncertainty": {"kind": "none"}}
    if "pools" in document:
        less = copy.deepcopy(document)
        del less["pools"]
        for tier in less["tiers"]:
            tier.pop("pool", None)
        yield less
    places: List[Tuple[Any, ...]] = [(), ("horizon",), ("limits",), ("policy",), ("performance",)]
    places += [(field, i) for field in ("queries", "models", "tiers")
               for i in range(len(document[field]))]
    places += [("profiles", i) for i in range(len(document.get("profiles", [])))]
    for place in places:
        object_ = _at(document, place)
        for field in list(object_ or {}):
            if field in keep or field in ("pool", "pools", "uncertainty"):
                continue
            less = copy.deepcopy(document)
            del _at(less, place)[field]
            yield less
        for field in list(object_ or {}):
            value = object_[field]
            if (field in keep and isinstance(value, (int, float)) and value not in (0, 1)
                    and field not in ("version",)):
                for simple in (0, 1):
                    less = copy.deepcopy(document)
                    _at(less, place)[field] = simple
                    yield less


def _at(document: Document, place: Tuple[Any, ...]) -> Any:
    part: Any = document
    for step in place:
        part = part.get(step, {}) if isinstance(part, dict) else part[step]
    return part
