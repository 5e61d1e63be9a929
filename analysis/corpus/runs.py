"""Five-word runs: what two versions of one story still share after cuts, new headlines and lost punctuation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .words import Words, words

LENGTH = 5  # words; shorter runs ("said in a statement") meet by chance, longer ones break at every small edit
MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd: spreads small codes over all 64 bits (Knuth 1973)
BATCH = 10_000  # texts whose words are held at a time: some 300 MB, and as fast as all at once

Hashes = NDArray[np.uint64]
Places = NDArray[np.int32]


@dataclass(frozen=True)
class Runs:
    """All runs of some texts, in the order of the texts.

    Attributes:
        hashes: a 64-bit number a run. Of two million different runs, two share one with a chance of one in ten
            million; of sixty million, one in ten thousand.
        texts: the number of the text each run stands in.
    """

    hashes: Hashes
    texts: Places


def text_runs(texts: Sequence[str], *, length: int = LENGTH) -> Runs:
    """Every run of `length` lower-cased words, as often as it stands in a text.

    Case, punctuation and spacing do not matter:

    >>> found = text_runs(["Xi’s visit to Moscow ends.", "after xi s visit to moscow ends", "Too short."])
    >>> found.texts.tolist(), len(np.unique(found.hashes))
    ([0, 0, 1, 1, 1], 3)
    """
    parts = [_runs(texts[at : at + BATCH], at, length) for at in range(0, len(texts), BATCH)] or [
        _runs([], 0, length)
    ]
    return Runs(np.concatenate([part.hashes for part in parts]), np.concatenate([part.texts for part in parts]))


def lowered(found: Words) -> Hashes:
    """A number for each word, the same for "Putin" and "putin", whatever else was read with it."""
    forms = np.array([form.lower() for form in found.forms], dtype=object)
    return pd.util.hash_array(forms, categorize=False)[found.codes]


def _runs(texts: Sequence[str], first: int, length: int) -> Runs:
    found = words(texts)
    hashes = run_hashes(lowered(found), length)
    text = np.repeat(np.arange(first, first + len(texts), dtype=np.int32), np.diff(found.bounds))
    within = text[: len(hashes)] == text[len(text) - len(hashes) :]
    return Runs(hashes[within], text[: len(hashes)][within])


def run_hashes(codes: Hashes, length: int) -> Hashes:
    """A number for the `length` words that begin at each word but the last few."""
    places = max(len(codes) - length + 1, 0)
    hashes = np.zeros(places, dtype=np.uint64)
    for word in range(length):
        hashes = hashes * MIX + codes[word : word + places]
        hashes ^= hashes >> np.uint64(29)
    return hashes


def piece_hashes(codes: Hashes, first: NDArray[np.int64], last: NDArray[np.int64]) -> Hashes:
    """A number for the words from `first` up to `last` of each piece, in their order; no piece is empty."""
    lengths = last - first
    place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    mixed = (codes[np.repeat(first, lengths) + place] ^ (place.astype(np.uint64) * MIX)) * MIX
    mixed ^= mixed >> np.uint64(29)
    return np.add.reduceat(mixed * MIX, np.cumsum(lengths) - lengths) if len(first) else np.zeros(0, np.uint64)


def same_words(codes: Hashes, bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each text the first text with the same words in the same order; a text without words is its own."""
    first = np.arange(len(bounds) - 1)
    worded = np.flatnonzero(np.diff(bounds))
    kinds, _ = pd.factorize(piece_hashes(codes, bounds[worded], bounds[worded + 1]))
    _, firsts = np.unique(kinds, return_index=True)
    first[worded] = worded[firsts[kinds]]
    return first
