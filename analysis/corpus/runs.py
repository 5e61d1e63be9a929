"""Five-word runs: what two versions of one story still share after cuts, new headlines and lost punctuation."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .words import Words, words

LENGTH = 5  # words; shorter runs ("said in a statement") meet by chance, longer ones break at every small edit
MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd: spreads small codes over all 64 bits (Knuth 1973)

Incidence = csr_array[np.int32]


def text_runs(texts: Sequence[str]) -> Incidence:
    """Texts × distinct runs of five lower-cased words, 1 where the text holds the run.

    Case, punctuation and spacing do not matter:

    >>> found = text_runs(["Xi’s visit to Moscow ends.", "after xi s visit to moscow ends", "Too short."])
    >>> (found @ found.T).toarray()
    array([[2, 2, 0],
           [2, 3, 0],
           [0, 0, 0]], dtype=int32)
    """
    found = words(texts)
    hashes, text = _hashed(lowered(found), found.bounds)
    kinds, run = np.unique(hashes, return_inverse=True)
    held = csr_array((np.ones(len(run), dtype=np.int32), (text, run)), shape=(len(texts), len(kinds)))
    held.sum_duplicates()
    held.data[:] = 1
    return held


def lowered(found: Words) -> NDArray[np.uint64]:
    """The code of each word, the same for "Putin" and "putin"."""
    codes, _ = pd.factorize(np.array([form.lower() for form in found.forms], dtype=object))
    return codes.astype(np.uint64)[found.codes]


def _hashed(codes: NDArray[np.uint64], bounds: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """A 64-bit number for each run that lies within one text, and that text.

    Of two million different runs, two share a number with a chance of one in ten million.
    """
    places = max(len(codes) - LENGTH + 1, 0)
    hashes = np.zeros(places, dtype=np.uint64)
    for word in range(LENGTH):
        hashes = hashes * MIX + codes[word : word + places]
        hashes ^= hashes >> np.uint64(29)
    text = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    within = text[:places] == text[len(text) - places :]
    return hashes[within], text[:places][within]
