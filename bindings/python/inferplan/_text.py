# SPDX-License-Identifier: MIT
"""Text of any origin for pictures, pages and messages. The library has not checked the names in
it."""
import unicodedata

_REPLACEMENT = "\ufffd"
# Format characters that words and emoji need.
_JOINERS = ("\u200c", "\u200d")


def readable(text: str) -> str:
    """The text with U+FFFD for characters that XML cannot hold, that are invisible, or that change
    the direction of text."""
    return "".join(one if _is_shown(one) else _REPLACEMENT for one in text)


def one_line(text: str, most: int) -> str:
    """The text on one line of a message. Invisible characters are escaped. A text longer than
    ``most`` (at least 5) loses its middle."""
    escaped = (one if _is_shown(one) else one.encode("unicode_escape").decode()
               for one in _shortened(text, most))
    return _shortened("".join(escaped), most)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    tail = (most - 3) // 2
    return text[:most - 3 - tail] + "..." + text[-tail:]


def _is_shown(one: str) -> bool:
    if one in _JOINERS:
        return True
    if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return False
    return not (0xfdd0 <= ord(one) <= 0xfdef or ord(one) & 0xfffe == 0xfffe)
