"""What an outlet did to a story: what it kept, cut, added, reworded and moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

import pandas as pd

from .runs import lowered
from .words import words

COLUMNS = {
    "change": "str", "text": "str", "original_start": "Int64", "original_end": "Int64",
    "copy_start": "Int64", "copy_end": "Int64", "copy_text": "str",
}  # fmt: skip
GLUE = 1  # a single word between two rewordings stayed by chance ("U.S. and China" made "China and Washington")
MOVED = 8  # words in a row that cannot stand in both texts by chance; "the South China Sea on Friday" can

Article = str | Mapping[str, object] | pd.Series
Span = tuple[int, int]  # first word, and the word after the last


@dataclass(frozen=True)
class Edit:
    """A change over words of the original and of the copy; a span of no words where one side has none."""

    change: str
    original: Span
    copy: Span


def compare_copies(original: Article, copy: Article) -> pd.DataFrame:
    """Edits that lead from the original to the copy, in the order of reading.

    Parameters
    ----------
    original, copy : row of articles (Series or mapping with ``text``) or str
        Two versions of one story. Words are compared without case and punctuation.

    Returns
    -------
    DataFrame
        ``change`` : kept, cut, added, reworded (cut and added at one place) or moved (eight words or more,
        cut at one place and added alike at another; it stands where the original has it).
        ``text`` : the words in the original, for added ones in the copy, as written there.
        ``original_start, original_end, copy_start, copy_end`` : character offsets, missing on a side without it.
        ``copy_text`` : the words in the copy, missing for cut ones.

        Each word of both texts is in exactly one row.

    Raises
    ------
    ValueError
        If an article has no ``text``.

    Notes
    -----
    Longest common runs first (Ratcliff & Metzener 1988, *Dr. Dobb's Journal* 13, as in Python's difflib).

    Examples
    --------
    >>> edits = compare_copies("Putin heads to Beijing on Friday, aides said.", "Putin heads to China on Friday")
    >>> edits[["change", "text", "copy_text", "copy_start"]]
         change            text       copy_text  copy_start
    0      kept  Putin heads to  Putin heads to           0
    1  reworded         Beijing           China          15
    2      kept       on Friday       on Friday          21
    3       cut      aides said             NaN        <NA>
    """
    texts = _text(original, "original"), _text(copy, "copy")
    found = words(texts)
    codes, cut = lowered(found).tolist(), int(found.bounds[1])
    edits = _moved(_glued(_aligned(codes[:cut], codes[cut:])), codes[:cut], codes[cut:])
    places = [
        list(zip(found.starts[bounds].tolist(), found.ends[bounds].tolist(), strict=True))
        for bounds in (slice(None, cut), slice(cut, None))
    ]
    rows = [_row(edit, texts, places) for edit in edits]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _text(article: Article, name: str) -> str:
    if isinstance(article, str):
        return article
    if "text" not in article:
        raise ValueError(
            f"the {name} has no 'text'; it has {list(article.keys())}. Pass a row of articles or a str."
        )
    return str(article["text"])


def _aligned(original: list[int], copy: list[int]) -> Iterator[Edit]:
    names = {"equal": "kept", "delete": "cut", "insert": "added", "replace": "reworded"}
    for tag, i, j, k, m in SequenceMatcher(None, original, copy, autojunk=False).get_opcodes():
        yield Edit(names[tag], (i, j), (k, m))


def _glued(edits: Iterator[Edit]) -> list[Edit]:
    """The edits with lone words between two rewordings made part of one."""
    glued: list[Edit] = []
    for edit in edits:
        glued.append(edit)
        while len(glued) > 2 and _one_place(*glued[-3:]):
            first, _, last = glued[-3:]
            spans = (first.original[0], last.original[1]), (first.copy[0], last.copy[1])
            glued[-3:] = [Edit("reworded", *spans)]
    return glued


def _one_place(first: Edit, middle: Edit, last: Edit) -> bool:
    """Whether words were both taken out and put in around one that stayed."""
    around = {first.change, last.change}
    little = middle.change == "kept" and middle.original[1] - middle.original[0] <= GLUE
    return little and "kept" not in around and around not in ({"cut"}, {"added"})


def _moved(edits: list[Edit], original: list[int], copy: list[int]) -> list[Edit]:
    """The edits, with runs that were cut here and added there told apart."""
    changed = [edit for edit in edits if edit.change != "kept"]
    lost = _only(original, [edit.original for edit in changed], -1)
    gained = _only(copy, [edit.copy for edit in changed], -2)
    moves = []
    while (match := SequenceMatcher(None, lost, gained, autojunk=False).find_longest_match()).size >= MOVED:
        move = Edit("moved", (match.a, match.a + match.size), (match.b, match.b + match.size))
        lost[slice(*move.original)] = [-1] * match.size
        gained[slice(*move.copy)] = [-2] * match.size
        moves.append(move)
    rest = [part for edit in edits for part in _without(edit, moves)]
    return sorted(rest + moves, key=lambda edit: (edit.original, edit.copy))


def _only(codes: list[int], spans: list[Span], hidden: int) -> list[int]:
    """The codes within the spans, all others hidden."""
    shown = [hidden] * len(codes)
    for start, end in spans:
        shown[start:end] = codes[start:end]
    return shown


def _without(edit: Edit, moves: list[Edit]) -> Iterator[Edit]:
    """What remains of an edit when its moved words are taken out."""
    if edit.change == "kept":
        yield edit
        return
    originals = _rest(edit.original, [move.original for move in moves])
    copies = _rest(edit.copy, [move.copy for move in moves])
    nowhere = (edit.original[1], edit.original[1]), (edit.copy[1], edit.copy[1])
    for original, copy in zip_longest(originals, copies):
        change = "added" if original is None else "cut" if copy is None else "reworded"
        yield Edit(change, original or nowhere[0], copy or nowhere[1])


def _rest(span: Span, taken: list[Span]) -> list[Span]:
    """The parts of a span outside the taken ones, none of them empty."""
    start, end = span
    parts = []
    for first, last in sorted(part for part in taken if start <= part[0] < end):
        parts.append((start, first))
        start = last
    return [part for part in [*parts, (start, end)] if part[0] < part[1]]


def _row(edit: Edit, texts: tuple[str, str], places: list[list[Span]]) -> tuple[object, ...]:
    (start, end), (copy_start, copy_end) = (
        (where[span[0]][0], where[span[1] - 1][1]) if span[0] < span[1] else (None, None)
        for span, where in zip((edit.original, edit.copy), places, strict=True)
    )
    copied = None if copy_start is None else texts[1][copy_start:copy_end]
    text = copied if start is None else texts[0][start:end]
    return edit.change, text, start, end, copy_start, copy_end, copied
