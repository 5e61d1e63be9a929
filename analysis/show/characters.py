"""Texts of others on a page: what would steer or stretch their surroundings made harmless, and cut up by marks."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from markupsafe import Markup

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


MOST_SHOWN = 200_000  # letters of one article: a book chapter; a page with more no longer scrolls smoothly

Segment = dict[str, Any]


class Mark(NamedTuple):
    """A stretch of a text and what is known of it."""

    start: int
    end: int
    key: str
    value: Any


def segments(text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None) -> list[Segment]:
    """The text from ``start`` to ``end`` cut at its marks: joined again the pieces are the text.

    Each piece has its ``text`` and, for each key of the marks over it, the list of their values, each once. What
    is too long to be shown is left out; ``left_out`` says how many letters that were.
    """
    end = len(text) if end is None else end
    last = min(end, start + MOST_SHOWN)
    inside = sorted(mark for mark in marks if mark.start < last and mark.end > start)
    found = [piece for cut in _cuts(text, inside, start, last) for piece in _shortened(cut)]
    return with_left_out(found, end - last)


def with_left_out(pieces: list[Segment], letters: int) -> list[Segment]:
    """The pieces, and at their end how many letters follow that are not shown."""
    if not letters:
        return pieces
    before = pieces[-1].get("left_out", 0) if pieces else 0
    return [*(pieces[:-1] if before else pieces), {"text": "", "left_out": before + letters}]


def _cuts(text: str, marks: list[Mark], start: int, end: int) -> Iterator[Segment]:
    """One pass from left to right: only marks that are still open are looked at."""
    bounds = {start, end, *(m.start for m in marks if m.start > start), *(m.end for m in marks if m.end < end)}
    open_marks: list[Mark] = []
    waiting = iter([*marks, None])
    following = next(waiting)
    for first, last in pairwise(sorted(bounds)):
        open_marks = [mark for mark in open_marks if mark.end > first]
        while following is not None and following.start <= first:
            open_marks.append(following)
            following = next(waiting)
        piece: Segment = {"text": text[first:last]}
        for mark in open_marks:
            values = piece.setdefault(mark.key, [])
            if mark.value not in values:
                values.append(mark.value)
        yield piece


def _shortened(piece: Segment) -> Iterator[Segment]:
    """The piece with words that no page can hold cut short."""
    text, at = piece["text"], 0
    if len(text) < LONGEST_WORD:
        yield piece
        return
    for giant in GIANT.finditer(text):
        shown = giant.start() + WORD_SHOWN
        yield piece | {"text": text[at:shown]}
        yield {"text": "", "left_out": giant.end() - shown}
        at = giant.end()
    if at < len(text):
        yield piece | {"text": text[at:]}
