# SPDX-License-Identifier: MIT
"""The fields of CSV that are written: RFC 4180, and nothing in them that a spreadsheet would execute. The
command has the same rule."""
import re
from typing import Sequence

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\Z")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_QUOTED = re.compile(r"[,\"\r\n]")


def field(text: str) -> str:
    """As it stands in the file. What begins as a formula does, and is no number, gets an apostrophe in
    front; what begins with apostrophes and then so, one more."""
    if _FORMULA.match(text) and not _NUMBER.match(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def plain(text: str) -> str:
    """What ``field`` was given, of what a reader of CSV has found."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def line(fields: Sequence[str]) -> str:
    """With its end. A line of one empty field is in quotes, as an empty line is no row."""
    return (",".join(map(field, fields)) or '""') + "\r\n"
