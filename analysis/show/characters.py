"""Text of others on a page: characters that steer their neighbours shown by name, what is too long cut short."""

import re
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from analysis.corpus.tables import near_miss

# Invisible characters, among them those that change how others are shown (Unicode Standard Annex 9).
NAMES = {
    "\u00ad": "soft hyphen", "\u061c": "ALM", "\u200b": "zero-width space", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}  # fmt: skip
UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u180e\u2028\u2029\u206a-\u206f\ufff9-\ufffb"
    f"\U000e0000-\U000e007f{''.join(NAMES)}]"
)
# The longest word of News Articles has 78 letters, an address. What is longer breaks a page and says nothing.
LONGEST_WORD = 300
WORD_SHOWN = 60
OF_WORDS = 32  # letters from which a cut text has words to spare on either side
BLANKS = re.compile(r"[ \t\r\n]+")  # no-break spaces stay
GIANT = re.compile(rf"\S{{{LONGEST_WORD},}}")
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # Hebrew, Arabic and their neighbours
RTL = re.compile(f"[{_RTL}](?:[{_RTL}\\s.,'’-]*[{_RTL}])?")


def safe_text(value: Any) -> Any:
    """Text that can neither turn its surroundings nor stretch them, as a template prints it; else unchanged."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    shown = UNSEEN.sub(lambda found: f"⟨{NAMES.get(found[0], f'U+{ord(found[0]):04X}')}⟩", GIANT.sub(_cut, value))
    # right-to-left words are isolated: else a number after such a name would be shown before it
    return RTL.sub("\N{FIRST STRONG ISOLATE}\\g<0>\N{POP DIRECTIONAL ISOLATE}", shown)


def _cut(giant: re.Match[str]) -> str:
    return f"{giant[0][:WORD_SHOWN]}… ({len(giant[0]) - WORD_SHOWN:,} more letters)"


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that is most likely meant by another, or by one of its words; empty where none is."""
    names = list(names)
    parts = {part: one for one in reversed(names) for part in one.split()} | {one: one for one in names}
    return parts.get(near_miss(name, parts) or "", "")


def refuse_unknown(where: str, value: object, what: str, known: Iterable[str]) -> None:
    """Refuses a value that is not among the known ones, with the nearest of them."""
    if value not in (known := list(known)):
        near = nearest(str(value), known)
        hint = f" Did you mean {near!r}?" if near else ""
        raise ValueError(f"{where}: {value!r} is not {what}. Use one of: {', '.join(known) or 'none'}.{hint}")


def shortened(text: str, letters: int = 160) -> str:
    """The text on one line, its middle left out where it is longer than that, between two words if there are many.

    >>> shortened("top  stories"), shortened("x" * 1000, 10)
    ('top stories', 'xxxxx…xxxx')
    >>> shortened("Xi met Putin in Moscow on Tuesday for talks on gas and oil", 32)
    'Xi met Putin in…on gas and oil'
    """
    line = BLANKS.sub(" ", text).strip(" ")
    if len(line) <= letters:
        return line
    head, tail = line[: letters // 2], line[1 - (letters + 1) // 2 :]
    if letters >= OF_WORDS:
        head, tail = head.rpartition(" ")[0] or head, tail.partition(" ")[2] or tail
    return f"{head.rstrip()}…{tail.lstrip()}"
