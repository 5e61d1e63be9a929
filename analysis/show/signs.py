"""Strangers' text on a page: signs that steer others shown by name, words that no page can hold cut short."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

# Signs that cannot be seen and change how others are shown (Unicode Standard Annex 9), and other invisible ones.
NAMES = {
    "\u00ad": "soft hyphen", "\u061c": "ALM", "\u200b": "zero-width space", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}  # fmt: skip
SIGN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f" + "".join(NAMES) + "]")
# The longest word of News Articles has 78 letters, an address. What is longer breaks a page and says nothing.
LONGEST_WORD = 300
WORD_SHOWN = 60
GIANT = re.compile(rf"\S{{{LONGEST_WORD},}}")


def legible_sign(found: re.Match[str]) -> str:
    """The sign's name between angle brackets."""
    return f"⟨{NAMES.get(found[0], f'U+{ord(found[0]):04X}')}⟩"


def harmless(value: Any) -> Any:
    r"""What a template prints: text that can neither turn its surroundings nor stretch them; all else as it is.

    >>> harmless("\u202etxt.exe"), harmless("x" * 1000)[-20:], harmless(3)
    ('⟨RLO⟩txt.exe', '… (940 more letters)', 3)
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return SIGN.sub(legible_sign, GIANT.sub(_cut, value))


def _cut(giant: re.Match[str]) -> str:
    return f"{giant[0][:WORD_SHOWN]}… ({len(giant[0]) - WORD_SHOWN:,} more letters)"


def shortened(text: str, letters: int = 160) -> str:
    """The text on one line, its middle left out where it is longer than that.

    >>> shortened("top  stories a b c d e f", 14)
    'top sto … d e f'
    """
    line = " ".join(text.split())
    if len(line) <= letters:
        return line
    half = letters // 2
    return f"{line[:half]} … {line[-(half - 2) :].lstrip()}"
