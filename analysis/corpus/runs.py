"""Five-word runs, and which texts share them: an exact join that grows with the corpus and not with its square.

MinHash with LSH (``benchmarks/copies.py``) sees resemblance and not containment: on whole articles it finds 59 to
71 of 100 planted reprints; on windows of 64 runs all, with 13 to 20 wrong pairs for each right one, as slowly.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import connected_components

from analysis.arrays import Codes, Flags, Floats, Ints

from .words import Texts, Words, strings, words

LENGTH = 5  # words; shorter runs ("said in a statement") meet by chance, longer ones break at every small edit
MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd: spreads small codes over all 64 bits (Knuth 1973)
BATCH = 4_000  # texts whose words are held at a time: some 150 MB, and as fast as all at once
PARTS = 16  # runs are sorted a sixteenth at a time, so that sorting needs little room beside them
PLACES = 1 << 23  # places of shared runs that are held at a time: some 50 MB, and three times that while compared
CELLS = 1 << 22  # places of runs that are looked at at a time
PAIRS = 1 << 14  # pairs of texts whose shared runs are counted at a time
# A run that one outlet has in more of its texts is boilerplate ("share this article", "first 100 days impact"):
# 382 runs of 1.97 million. A story that is printed again in other outlets is not touched by it.
OFTEN = 10
# Share of the runs of the longer text that two prints of one text have in common. Printed again and again in one
# outlet, under another headline or date, they count as one text: what they share is their story, not boilerplate.
SAME = 0.8

Hashes = NDArray[np.uint64]
Keys = TypeVar("Keys", Ints, Hashes)


@dataclass(frozen=True)
class Runs:
    """All runs of some texts, in the order of the texts: a 64-bit number, and the text that holds it.

    Of two million different runs, two share a number with a chance of one in ten million; of sixty million, one in
    ten thousand.
    """

    hashes: Hashes
    texts: Codes


Place = tuple[Codes, Codes]  # the texts that hold each of some runs, one run after the other; how many hold each


class Store(Protocol):
    """Where places are put, and from where they are taken in order as often as needed: a list, or a file."""

    def append(self, places: Place, /) -> None: ...
    def __iter__(self) -> Iterator[Place]: ...
    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Repeated:
    """Runs that two texts or more hold, in pieces of some ``PLACES``; and how many runs each text has, in all."""

    places: Collection[Place] | Store
    sizes: Ints
    kept: list[Flags] = field(default_factory=list)  # of each piece, if not all of its runs count

    def pieces(self) -> Iterator[csc_array[Any]]:
        """Texts × runs, 1 where held.

        The ones are of 16 bits, in which their sums fit too, unless a text holds more runs than that.
        """
        kind = np.uint16 if self.sizes.max(initial=0) <= np.iinfo(np.uint16).max else np.int32
        for at, (texts, holders) in enumerate(self.places):
            edges = np.concatenate([np.zeros(1, np.int32), np.cumsum(holders, dtype=np.int32)])
            ones: NDArray[Any] = np.ones(len(texts), kind)
            held: csc_array[Any] = csc_array((ones, texts, edges), shape=(len(self.sizes), len(holders)))
            yield held[:, np.flatnonzero(self.kept[at])] if self.kept else held


@dataclass(frozen=True)
class Pairs:
    """Pairs of texts, ``one < other``, and the number of distinct runs they share."""

    one: Ints
    other: Ints
    shared: Ints


def text_runs(texts: Texts, *, length: int = LENGTH) -> Runs:
    """Every run of `length` lower-cased words, as often as a text holds it.

    Case, punctuation and spacing do not matter:

    >>> found = text_runs(["Xi’s visit to Moscow ends.", "after xi s visit to moscow ends", "Too short."])
    >>> found.texts.tolist(), len(np.unique(found.hashes))
    ([0, 0, 1, 1, 1], 3)
    """
    return joined_runs(runs_in(found, lowered(found), start, length) for start, found in word_batches(texts))


def word_batches(texts: Texts) -> Iterator[tuple[int, Words]]:
    """The words of ``BATCH`` texts at a time, with the place of the first of them."""
    column = strings(texts)
    for start in range(0, max(len(column), 1), BATCH):
        yield start, words(column[start : start + BATCH])


def runs_in(found: Words, codes: Hashes, first: int, length: int) -> Runs:
    """The runs of some texts, of which the first has the place ``first``."""
    hashes = run_hashes(codes, length)
    text = np.repeat(np.arange(first, first + len(found.bounds) - 1, dtype=np.int32), np.diff(found.bounds))
    within = text[: len(hashes)] == text[len(text) - len(hashes) :]
    return Runs(hashes[within], text[: len(hashes)][within])


def joined_runs(parts: Iterable[Runs]) -> Runs:
    """The runs of several batches, in order."""
    hashes, texts = zip(*((part.hashes, part.texts) for part in parts), strict=True)
    return Runs(np.concatenate(hashes), np.concatenate(texts))


def lowered(found: Words) -> Hashes:
    """A number for each word, the same for "Putin" and "putin", whatever else was read with it."""
    forms = np.array([form.lower() for form in found.forms], dtype=object)
    return pd.util.hash_array(forms, categorize=False)[found.codes]


def run_hashes(codes: Hashes, length: int) -> Hashes:
    """A number for the `length` words that begin at each word but the last few."""
    places = max(len(codes) - length + 1, 0)
    hashes = np.zeros(places, dtype=np.uint64)
    for word in range(length):
        hashes = hashes * MIX + codes[word : word + places]
        hashes ^= hashes >> np.uint64(29)
    return hashes


def piece_hashes(codes: Hashes, first: Ints, last: Ints) -> Hashes:
    """A number for the codes from `first` up to `last` of each piece, in their order; no piece is empty."""
    lengths = last - first
    place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    mixed = (codes[np.repeat(first, lengths) + place] ^ (place.astype(np.uint64) * MIX)) * MIX
    mixed ^= mixed >> np.uint64(29)
    return np.add.reduceat(mixed * MIX, np.cumsum(lengths) - lengths) if len(first) else np.zeros(0, np.uint64)


def text_hashes(runs: Runs, n: int) -> Hashes:
    """A number for all runs of each of `n` texts in their order; 0 without runs."""
    edges, hashes = np.searchsorted(runs.texts, np.arange(n + 1)), np.zeros(n, dtype=np.uint64)
    filled = np.flatnonzero(np.diff(edges))
    hashes[filled] = piece_hashes(runs.hashes, edges[filled], edges[filled + 1])
    return hashes


def first_equal(hashes: Hashes) -> Ints:
    """For each text the first one with the same number; a text without runs, with 0, is its own."""
    first, at = np.arange(len(hashes)), np.flatnonzero(hashes)
    kinds, _ = pd.factorize(hashes[at])
    _, firsts = np.unique(kinds, return_index=True)
    first[at] = at[firsts[kinds]]
    return first


def shared_runs(texts: Texts) -> tuple[Repeated, Ints]:
    """The runs that several of the texts hold, and for each text the first one that is equal.

    Runs of all texts at once would take twice the memory.
    """
    parts: list[list[Runs]] = [[] for _ in range(PARTS)]
    known = [np.zeros(0, dtype=np.uint64)]
    for start, found in word_batches(texts):
        runs, n = runs_in(found, lowered(found), 0, LENGTH), len(found.bounds) - 1
        known.append(text_hashes(runs, n))
        for held, part in zip(parts, in_parts(runs), strict=True):
            held.append(Runs(part.hashes, part.texts + np.int32(start)))
    hashes, n = np.concatenate(known), len(texts)
    parts.reverse()
    repeated = repeated_among((joined_runs(parts.pop()) for _ in range(PARTS)), n)
    return repeated, first_equal(hashes)


def in_parts(runs: Runs) -> Iterator[Runs]:
    """The runs in ``PARTS`` parts by their numbers; equal ones are in one part."""
    part_of = (runs.hashes >> np.uint64(60)).astype(np.uint8)
    for at in (np.flatnonzero(part_of == part) for part in range(PARTS)):
        yield Runs(runs.hashes[at], runs.texts[at])


def repeated_among(parts: Iterable[Runs], n: int, places: Store | None = None) -> Repeated:
    """The runs that several of `n` texts hold, of all runs in parts: equal ones are in one part."""
    sizes, held = np.zeros(n, dtype=np.int64), list[Place]()
    places = list[Place]() if places is None else places
    for part in parts:
        order = np.argsort(part.hashes)
        new, several = _sorted_groups(part.hashes[order])
        holding = part.texts[order[several]]
        kind, text = np.divmod(distinct(np.cumsum(new)[several] * n + holding), n)
        sizes += np.bincount(part.texts, minlength=n)
        sizes -= np.bincount(holding, minlength=n) - np.bincount(text, minlength=n)
        new, several = _sorted_groups(kind)
        held.append((text[several].astype(np.int32), np.bincount(np.cumsum(new[several]))[1:].astype(np.int32)))
        if sum(len(texts) for texts, _ in held) > PLACES:
            places.append(_joined(held))
            held = []
    if held or not len(places):
        places.append(_joined(held))
    return Repeated(places, sizes)


def _joined(places: list[Place]) -> Place:
    none = np.zeros(0, np.int32)
    texts, holders = zip(*[(none, none), *places], strict=True)
    return np.concatenate(texts), np.concatenate(holders)


def distinct(values: Keys) -> Keys:
    """The values in order, each once: where most differ, sorting takes a tenth of the time of a hash table."""
    values = np.sort(values)
    return values[_sorted_groups(values)[0]]


def _sorted_groups(values: Hashes | Ints) -> tuple[Flags, Flags]:
    """Where another value begins, and which values are there more than once."""
    new = np.append(True, values[1:] != values[:-1])[: len(values)]
    return new, ~(new & np.append(new[1:], True)[: len(values)])


def same_texts(repeated: Repeated, equal: Ints) -> Ints:
    """A number for each group of texts that are one text, equal or with small changes.

    >>> held = shared_runs(["Xi met Putin in Moscow today.", "xi met putin in moscow today", "Xi met him."])
    >>> same_texts(*held).tolist()
    [0, 0, 1]
    """
    alone = np.flatnonzero(equal == np.arange(len(equal)))
    pairs = pairs_sharing(repeated, SAME, among=alone)
    alike = pairs.shared >= SAME * np.maximum(repeated.sizes[pairs.one], repeated.sizes[pairs.other])
    one = np.concatenate([pairs.one[alike], equal])
    other = np.concatenate([pairs.other[alike], np.arange(len(equal))])
    graph = csr_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(equal), len(equal)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def without_boilerplate(repeated: Repeated, outlets: Ints, groups: Ints) -> Repeated:
    """Without the runs that one outlet has in many texts; of a group of texts that are one, one counts."""
    base = int(groups.max(initial=0)) + 1
    names, prints = np.unique(outlets.astype(np.int64) * base + groups, return_inverse=True)
    in_print, of_outlet = _indicator(prints), _indicator(names // base)
    kept, sizes = [], repeated.sizes.copy()
    for held in repeated.pieces():
        kept.append(_not_boilerplate(held, in_print, of_outlet))
        sizes -= held @ (~kept[-1]).astype(held.dtype)
    return Repeated(repeated.places, sizes, kept)


def _not_boilerplate(held: csc_array[Any], in_print: csr_array[Any], of_outlet: csr_array[Any]) -> Flags:
    """Which of some runs no outlet has in many prints."""
    often = np.flatnonzero(np.diff(held.indptr) > OFTEN)
    cells, kept = np.cumsum(np.diff(held.indptr)[often]), np.ones(held.shape[1], dtype=bool)
    for some in _by_cells(often, cells) if len(often) else ():
        printed = held[:, some].T @ in_print
        printed.data[:] = 1
        kept[some] = (printed @ of_outlet).max(axis=1).toarray() <= OFTEN
    return kept


def _by_cells(values: Ints, cells: Ints) -> list[Ints]:
    """The values, so many together as take ``CELLS`` or one more; ``cells`` is what they take up to each."""
    return np.split(values, np.searchsorted(cells, np.arange(CELLS, cells.max(initial=0), CELLS)))


def _indicator(codes: Ints) -> csr_array[np.int32]:
    """Rows × codes: 1 in the column that a row has the code of."""
    ones, shape = np.ones(len(codes), np.int32), (len(codes), int(codes.max(initial=-1)) + 1)
    return csr_array((ones, (np.arange(len(codes)), codes)), shape=shape)


def pairs_sharing(runs: Repeated, share: float, *, among: Ints | None = None) -> Pairs:
    """All pairs of texts, or of those `among`, in which one holds at least `share` of the runs of the other.

    Such a text has at least that share of its runs in *some* other text. Few have: only these are compared with
    the rest, and no pair is lost (the first half of prefix filtering, Chaudhuri et al. 2006). Of runs in several
    pieces, the two share in one piece at least as many as they would if theirs were spread evenly: only of pairs
    that do are the shared runs of all pieces counted.
    """
    n, need = len(runs.sizes), share * runs.sizes
    wanted = np.ones(n, dtype=bool) if among is None else np.isin(np.arange(n), among)
    repeated = sum((_numbers(held) for held in runs.pieces()), np.zeros(n, np.int64))
    likely = wanted & (repeated >= need) & (runs.sizes > 0)
    found = [_meeting(held, need / len(runs.places), likely, wanted) for held in runs.pieces()]
    one, other = np.divmod(distinct(np.concatenate(found)), n)
    shared = sum((_in_both(held, one, other) for held in runs.pieces()), np.zeros(len(one), np.int64))
    enough = shared >= np.minimum(need[one], need[other])
    return Pairs(one[enough], other[enough], shared[enough])


def _numbers(held: csc_array[Any]) -> Ints:
    """How many of some runs each text holds."""
    return np.asarray(held @ np.ones(held.shape[1], held.dtype), np.int64)  # a sum would copy all of it first


def _meeting(held: csc_array[Any], need: Floats, likely: Flags, wanted: Flags) -> Ints:
    """The pairs of which the likely one needs no more than both hold, each as ``one * n + other``."""
    rows, found = np.flatnonzero(likely & (_numbers(held) >= need)), [np.zeros(0, dtype=np.int64)]
    own = held[rows].tocsr()
    cells = np.cumsum(own @ np.diff(held.indptr))
    for some in _by_cells(np.arange(len(rows)), cells):
        met = (own[some] @ held.T).tocoo()
        row, column = rows[some][met.row], met.col.astype(np.int64)
        enough = (row != column) & (met.data >= np.minimum(need[row], need[column])) & wanted[column]
        row, column = row[enough], column[enough]
        found.append(np.minimum(row, column) * len(need) + np.maximum(row, column))
    return distinct(np.concatenate(found))


def _in_both(held: csc_array[Any], one: Ints, other: Ints) -> Ints:
    """How many of some runs both texts of each pair hold."""
    rows, shared = held.tocsr(), np.zeros(len(one), np.int64)
    for at in range(0, len(one), PAIRS):
        some = slice(at, at + PAIRS)
        shared[some] = rows[one[some]].multiply(rows[other[some]]).sum(axis=1)
    return shared
