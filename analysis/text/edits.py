"""Two versions of one story, aligned term by term: what was kept, cut, added, reworded and moved."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from analysis.arrays import Codes
from analysis.corpus.words import words
from analysis.text.tokens import Joined

GLUE = 1  # a single word between two rewordings was kept by chance ("U.S. and China", "China and Washington")
SENTENCE = 40  # terms; 93 of 100 sentences in News Articles are as short. A longer exchange is not a rewording
MOVED = 8  # words in a row that are not in both texts by chance; "the South China Sea on Friday" can be
CHANGES = {"equal": "kept", "delete": "cut", "insert": "added", "replace": "reworded"}  # difflib's names, and ours

Span = tuple[int, int]  # first term, and the term after the last


class Edit(NamedTuple):
    """A change over terms of the original and of the copy; a span of no terms where one side has none."""

    change: str
    original: Span
    copy: Span


class Places(NamedTuple):
    """Character offsets of the terms of a text; every word belongs to one."""

    starts: Codes
    ends: Codes

    def span(self, terms: Span) -> Span:
        """The characters from the first term to the last."""
        return int(self.starts[terms[0]]), int(self.ends[terms[1] - 1])


class Alignment(NamedTuple):
    """The edits that lead from an original to its copy, in reading order, and the places of the terms."""

    edits: list[Edit]
    original: Places
    copy: Places


def align(original: str, copy: str) -> Alignment:
    """The edits between two texts, longest common runs first (Ratcliff & Metzener 1988, as in Python's difflib).

    >>> [edit.change for edit in align("Xi’s U.S. visit", "xi s u s trip").edits]
    ['kept', 'reworded']
    """
    found = words([original, copy])
    terms = Joined(found)
    at = np.flatnonzero(terms.kept)
    codes, starts = terms.codes[at].tolist(), found.starts[at]
    ends = found.ends[np.append(at[1:], len(found.codes)) - 1] if len(at) else found.ends
    cut = int(np.searchsorted(at, found.bounds[1]))
    edits = _moved(_aligned(codes[:cut], codes[cut:]), codes[:cut], codes[cut:])
    return Alignment(
        [part for edit in edits for part in _parted(edit)],
        Places(starts[:cut], ends[:cut]),
        Places(starts[cut:], ends[cut:]),
    )


def _aligned(original: list[int], copy: list[int]) -> list[Edit]:
    """The edits, with single words between two rewordings made part of one."""
    glued: list[Edit] = []
    for tag, i, j, k, m in SequenceMatcher(None, original, copy, autojunk=False).get_opcodes():
        glued.append(Edit(CHANGES[tag], (i, j), (k, m)))
        while len(glued) > 2 and _one_place(*glued[-3:]):
            first, _, last = glued[-3:]
            spans = (first.original[0], last.original[1]), (first.copy[0], last.copy[1])
            glued[-3:] = [Edit("reworded", *spans)]
    return glued


def _one_place(first: Edit, middle: Edit, last: Edit) -> bool:
    """Whether words were both removed and added around one that was kept."""
    around = {first.change, last.change}
    little = middle.change == "kept" and middle.original[1] - middle.original[0] <= GLUE
    return little and "kept" not in around and around not in ({"cut"}, {"added"})


def _moved(edits: list[Edit], original: list[int], copy: list[int]) -> list[Edit]:
    """The edits, with runs that were cut in one place and added in another as moves."""
    changed = [edit for edit in edits if edit.change != "kept"]
    lost = _only(original, [edit.original for edit in changed], -1)
    gained = _only(copy, [edit.copy for edit in changed], -2)
    moves = []
    while (match := SequenceMatcher(None, lost, gained, autojunk=False).find_longest_match()).size >= MOVED:
        moves.append(Edit("moved", (match.a, match.a + match.size), (match.b, match.b + match.size)))
        lost[slice(*moves[-1].original)] = [-1] * match.size
        gained[slice(*moves[-1].copy)] = [-2] * match.size
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


def _parted(edit: Edit) -> Iterator[Edit]:
    """The edit, or the cut and the addition that a long exchange is."""
    (start, end), (first, last) = edit.original, edit.copy
    if edit.change != "reworded" or max(end - start, last - first) <= SENTENCE:
        yield edit
        return
    yield Edit("cut", edit.original, (first, first))
    yield Edit("added", (end, end), edit.copy)


def _rest(span: Span, taken: list[Span]) -> list[Span]:
    """The non-empty parts of a span outside the taken ones."""
    inside = sorted(part for part in taken if span[0] <= part[0] < span[1])
    edges = [span[0], *(edge for part in inside for edge in part), span[1]]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
