# SPDX-License-Identifier: MIT
"""Names and free text: whatever is accepted leaves pictures XML, pages HTML and documents JSON, and
turns no text around. Every Unicode character is tried."""
import html.parser
import json
import os
import subprocess
import sys
import unicodedata
import unittest
import xml.etree.ElementTree
from typing import Any, Dict, List, Tuple

import inferplan

COMMAND = os.environ.get("INFERPLAN_COMMAND")

#: Bidirectional classes of characters that do nothing but turn text around.
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = {0x61c, 0x200e, 0x200f}


def noncharacter(point: int) -> bool:
    return 0xfdd0 <= point <= 0xfdef or point & 0xfffe == 0xfffe


def must_not_be(point: int) -> bool:
    """By Unicode's own tables, whatever the library's say."""
    one = chr(point)
    return (unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") or noncharacter(point)
            or unicodedata.bidirectional(one) in TURNING or point in MARKS)


def sorted_out() -> Tuple[List[int], List[int]]:
    """Characters that a name may hold, and those it may not."""
    accepted, refused = [], []
    with inferplan.Instance() as instance:
        for point in range(1, 0x110000):
            if 0xd800 <= point <= 0xdfff:
                continue
            try:
                instance.name = "a" + chr(point)
                accepted.append(point)
            except inferplan.InputError as error:
                refused.append(point)
                assert f"U+{point:04X}" in str(error) and len(str(error).splitlines()) == 1, error
                assert not any(must_not_be(ord(one)) for one in str(error)), error
    return accepted, refused


ACCEPTED, REFUSED = sorted_out()


def document(query: str, model: str, tier: str, pool: str) -> Dict[str, Any]:
    return {
        "format": "inferplan-instance", "version": 1, "name": query,
        "horizon": {"rental_hours": 24}, "storage_usd_per_gb_hour": 0,
        "pools": [{"name": pool, "gpus": 4}],
        "queries": [{"name": query, "input_tokens": 500, "output_tokens": 200,
                     "rate_per_hour": 300, "unmet_penalty_usd": 0.2}],
        "models": [{"name": model, "weights_gb": 14, "kv_gb_per_token": 0.0005}],
        "tiers": [{"name": tier, "memory_gb": 24, "tflops": 100, "usd_per_hour": 0.7,
                   "tp_degrees": [1, 2], "pool": pool}],
        "performance": {"delay_ms_per_token": 20, "error_rate": 0.02, "kv_residency_hours": 0.002},
    }


class Page(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: List[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)


class Names(unittest.TestCase):
    def test_what_is_refused(self) -> None:
        self.assertEqual([point for point in ACCEPTED if must_not_be(point)], [])
        # Letters, digits, marks, punctuation and symbols are all accepted.
        self.assertEqual([point for point in REFUSED
                          if unicodedata.category(chr(point))[0] in "LNMPS"
                          and not 0x180b <= point <= 0x180f], [])
        self.assertIn(0x202e, REFUSED)
        for point in (0x200c, 0x200d, 0xfe0f, 0x5d0, 0x627, 0x1f600, 0xfffd, 0xe000, 0xa0):
            self.assertIn(point, ACCEPTED)

    def test_every_way_in(self) -> None:
        edges = sorted({point for point in REFUSED if point - 1 not in REFUSED
                        or point + 1 not in REFUSED})
        self.assertGreater(len(edges), 40)
        good = document("q", "m", "t", "p")
        for point in edges:
            bad = "a" + chr(point)
            with inferplan.Instance() as instance:
                for add in (instance.add_query, instance.add_model, instance.add_tier,
                            instance.add_pool):
                    with self.assertRaises(inferplan.InputError):
                        add(bad)
            with self.assertRaises(inferplan.InputError):
                inferplan.Instance(bad)
            for plural in ("queries", "models", "tiers", "pools"):
                changed = json.loads(json.dumps(good))
                changed[plural][0]["name"] = bad
                for escaped in (True, False):
                    with self.assertRaisesRegex(inferplan.InputError, plural):
                        inferplan.Instance.from_json(json.dumps(changed, ensure_ascii=escaped))

    def test_pictures_pages_and_documents(self) -> None:
        size = 1 + len(ACCEPTED) // 200
        for at in range(0, len(ACCEPTED), 4 * size):
            names = ["x" + "".join(map(chr, ACCEPTED[begin:begin + size]))
                     for begin in range(at, at + 4 * size, size)]
            with inferplan.load(document(*names)) as instance:
                plan = instance.solve()
                self.assertEqual(json.loads(instance.to_json())["queries"][0]["name"], names[0])
                self.assertEqual(plan.to_dict()["deployments"][0]["tier"], names[2])
                # Cut in pictures; whole in the page's tables.
                for picture in ("traffic", "costs", "fleet", "limits", "gap"):
                    text = plan.svg(picture)
                    xml.etree.ElementTree.fromstring(text)
                    self.assertFalse(any(must_not_be(ord(one)) for one in text if one != "\n"))
                page = Page()
                text = plan.report()
                page.feed(text)
                page.close()
                self.assertFalse(any(must_not_be(ord(one)) for one in text if one != "\n"))
                self.assertIn(names[1].split()[0][:20], "".join(page.text))

    def test_free_text(self) -> None:
        everything = "".join(map(chr, REFUSED))
        made = document("q", "m", "t", "p")
        made["source"] = everything
        made["x_note"] = {"x": [everything]}
        made["queries"][0]["x_" + everything] = 1
        with inferplan.load(made) as instance:
            text = instance.to_json()
            self.assertFalse(any(must_not_be(ord(one)) for one in text if one != "\n"))
            self.assertEqual(instance.source, everything)
            again = json.loads(text)
            self.assertEqual(again["x_note"], made["x_note"])
            self.assertEqual(again["queries"][0]["x_" + everything], 1)
            with inferplan.Instance.from_json(text) as copy:
                self.assertEqual(copy.to_json(), text)

    def test_terminals(self) -> None:
        if COMMAND is None:
            self.skipTest("no command")
        for at in range(0, len(REFUSED), 60):
            name = "".join(map(chr, REFUSED[at:at + 60]))
            done = subprocess.run([os.fsencode(COMMAND), b"solve", os.fsencode("/no/") + name.encode()],
                                  capture_output=True, check=False)
            self.assertEqual(done.returncode, 2)
            line = done.stderr.decode()
            self.assertEqual(line.count("\n"), 1)
            self.assertFalse(any(ord(one) in REFUSED for one in line[:-1]), line)
        shown = "".join(map(chr, ACCEPTED[0xa000:0xa000 + 60]))
        done = subprocess.run([os.fsencode(COMMAND), b"solve", os.fsencode("/no/") + shown.encode()],
                              capture_output=True, check=False)
        self.assertIn(shown, done.stderr.decode())


if __name__ == "__main__":
    sys.exit(unittest.main())
