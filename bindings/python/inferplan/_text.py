# SPDX-License-Identifier: MIT
"""Text of any origin in pictures, pages and messages: of names that no library has checked."""
import unicodedata

_REPLACEMENT = "\ufffd"
# Format characters that words and emoji need.
_JOINERS = ("\u200c", "\u200d")


def readable(text: str) -> str:
    """With U+FFFD for what XML cannot hold, and for what is not seen or turns the text around."""
    return "".join(one if _is_shown(one) else _REPLACEMENT for one in text)


def one_line(text: str, most: int) -> str:
    """As a message can hold it: what is not seen is escaped, and what is longer than ``most`` (at least
    5) loses its middle."""
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
