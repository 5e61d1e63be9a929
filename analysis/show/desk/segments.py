"""A text cut where marks begin and end, in pieces small enough to travel and to be shown."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from analysis.show.characters import GIANT, LONGEST_WORD, WORD_SHOWN

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
