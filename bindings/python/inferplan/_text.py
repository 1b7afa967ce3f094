# SPDX-License-Identifier: MIT
"""Text of any origin in pictures and pages: of names that no library has checked."""
import unicodedata

_REPLACEMENT = "\ufffd"
# Format characters that words and emoji need.
_JOINERS = ("\u200c", "\u200d")


def readable(text: str) -> str:
    """With U+FFFD for what XML cannot hold, and for what is not seen or turns the text around."""
    return "".join(one if _is_shown(one) else _REPLACEMENT for one in text)


def _is_shown(one: str) -> bool:
    if one in _JOINERS:
        return True
    if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return False
    return not (0xfdd0 <= ord(one) <= 0xfdef or ord(one) & 0xfffe == 0xfffe)
