# SPDX-License-Identifier: MIT
"""Writes fields of CSV as RFC 4180 says, without fields that a spreadsheet would execute. The
command has the same rule."""
import re
from typing import Sequence

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\Z")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_QUOTED = re.compile(r"[,\"\r\n]")


def field(text: str) -> str:
    """A field as it is written. A text that begins like a formula and is not a number gets an
    apostrophe in front. If it begins with apostrophes before that, it gets one more."""
    if _FORMULA.match(text) and not _NUMBER.match(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def plain(text: str) -> str:
    """The inverse of ``field``, for a field that a CSV reader has read."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def line(fields: Sequence[str]) -> str:
    """A line with its line end. A line of one empty field is quoted, because an empty line is not a
    row."""
    return (",".join(map(field, fields)) or '""') + "\r\n"
