"""Which texts share runs: an exact join that grows with the corpus and not with its square.

MinHash with LSH was measured beside it (``benchmarks/copies.py``). On whole articles it finds 59 to 71 of 100
planted reprints, for it sees resemblance and not containment. On windows of 64 runs it finds them all, with 13 to
20 wrong pairs for each right one, which would still need this join; it loses 6 of 252 right pairs, and takes as
much time and more memory.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .runs import Runs

# A run that one outlet printed more often is its furniture ("share this article", "first 100 days impact you"):
# 382 runs of 1.97 million. A story that is printed again in other outlets is not touched by it.
FURNITURE = 10
PARTS = 16  # runs are sorted a sixteenth at a time, so that sorting needs little room beside them
ROWS = 1_000  # texts compared with all others at a time

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Repeated:
    """Runs that stand in two texts or more.

    Attributes:
        held: texts × repeated runs, 1 where the text holds the run.
        sizes: distinct runs of each text, repeated or not, furniture aside.
    """

    held: csr_array[np.int32]
    sizes: Ints


@dataclass(frozen=True)
class Pairs:
    """Pairs of texts, ``one < other``, and the number of distinct runs they share."""

    one: Ints
    other: Ints
    shared: Ints


def repeated_runs(runs: Runs, outlets: Ints) -> Repeated:
    """The runs that stand in several texts; `outlets` is a number for the outlet of each text."""
    sizes = np.zeros(len(outlets), dtype=np.int64)
    texts, kinds, n_kinds = [], [], 0
    part_of = (runs.hashes >> np.uint64(60)).astype(np.uint8)
    for part in range(PARTS):
        inside = part_of == part
        text, kind = _distinctive(*_distinct(runs.hashes[inside], runs.texts[inside]), outlets)
        sizes += np.bincount(text, minlength=len(outlets))
        again = np.bincount(kind, minlength=1)[kind] > 1
        _, renumbered = np.unique(kind[again], return_inverse=True)
        texts.append(text[again])
        kinds.append(renumbered + n_kinds)
        n_kinds += int(renumbered.max(initial=-1)) + 1
    text, kind = np.concatenate(texts), np.concatenate(kinds)
    ones = np.ones(len(text), dtype=np.int32)
    return Repeated(csr_array((ones, (text, kind)), shape=(len(outlets), n_kinds)), sizes)


def _distinct(hashes: NDArray[np.uint64], texts: NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Each text and run once: the text, and a number for the run."""
    order = np.argsort(hashes, kind="stable")  # texts stay in order within a run
    hashes, texts = hashes[order], texts[order]
    new = np.ones(len(hashes), dtype=bool)
    new[1:] = hashes[1:] != hashes[:-1]
    first = new.copy()
    first[1:] |= texts[1:] != texts[:-1]
    return texts[first].astype(np.int64), (np.cumsum(new) - 1)[first]


def _distinctive(text: Ints, kind: Ints, outlets: Ints) -> tuple[Ints, Ints]:
    """Without the runs that one outlet prints again and again."""
    often = np.bincount(kind, minlength=1)[kind] > FURNITURE
    places = kind[often] * (outlets.max(initial=0) + 1) + outlets[text[often]]
    place, times = np.unique(places, return_counts=True)
    furniture = place[times > FURNITURE] // (outlets.max(initial=0) + 1)
    kept = ~np.isin(kind, furniture)
    return text[kept], kind[kept]


def pairs_sharing(runs: Repeated, share: float) -> Pairs:
    """All pairs of texts in which one holds at least `share` of the runs of the other.

    Such a text has at least that share of its runs in *some* other text. Few have: only these are compared with
    the rest, and no pair is lost (the first half of prefix filtering, Chaudhuri et al. 2006).
    """
    likely = np.flatnonzero((runs.held.sum(axis=1) >= share * runs.sizes) & (runs.sizes > 0))
    others = runs.held.T.tocsr()
    found = [_holding(runs, likely[at : at + ROWS], others, share) for at in range(0, len(likely), ROWS)]
    table = np.concatenate([np.zeros((0, 3), dtype=np.int64), *found])
    return Pairs(*np.unique(table, axis=0).T)


def _holding(runs: Repeated, likely: Ints, others: csr_array[np.int32], share: float) -> Ints:
    """Rows ``one, other, shared`` of the texts in `likely` with any other text."""
    met = (runs.held[likely] @ others).tocoo()
    row, column, shared = likely[met.row], met.col.astype(np.int64), met.data.astype(np.int64)
    enough = (row != column) & (shared >= share * np.minimum(runs.sizes[row], runs.sizes[column]))
    row, column, shared = row[enough], column[enough], shared[enough]
    return np.column_stack([np.minimum(row, column), np.maximum(row, column), shared])
