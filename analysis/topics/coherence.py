"""Coherence: whether words keep company, in whole documents or in windows of running text."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.terms import Counts
from analysis.text.tokens import Tokens

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Running words a window holds, for each measure; Röder, Both & Hinneburg 2015 settled on them.
NPMI_WINDOW = 10
CV_WINDOW = 110

# gensim's: keeps a logarithm from being taken of nothing.
EPSILON = 1e-12


def together_in_documents(words: "pd.Index[str]", counts: Counts, weights: Floats | None = None) -> Floats:
    """Share of documents that hold both words, words × words; the diagonal is the share that holds one.

    Raises:
        ValueError: a word is not among the terms of ``counts``.
    """
    at = counts.terms.get_indexer(words)
    if (at < 0).any():
        raise ValueError(
            f"counts: no column for {words[at < 0].tolist()}. Give the counts that the topics were fitted to, "
            "or counts of other documents with the same terms."
        )
    present: Any = (counts.matrix[:, at] > 0).astype(np.float64)
    one = np.ones(present.shape[0]) if weights is None else weights
    shares: Floats = (present.T @ present.multiply(one[:, None])).toarray() / one.sum()
    return shares


def together_in_windows(groups: "list[pd.Index[str]]", tokens: Tokens, window: int) -> Iterator[Floats]:
    """For each group of words: share of windows that hold both, words × words.

    A window is so many running words and moves on by one; a shorter text is one window (gensim's, too).

    Raises:
        ValueError: there is no token, or a word of a group is none.
    """
    starts, totals = _windows(tokens.bounds.astype(np.int64), window)
    if not totals:
        raise ValueError("tokens: there is none, so no word has company. Give the tokens that were counted.")
    order = np.argsort(tokens.codes, kind="stable")
    firsts = np.searchsorted(tokens.codes[order], np.arange(len(tokens.vocabulary) + 1))
    vocabulary = pd.Index(tokens.vocabulary)
    marks: dict[int, npt.NDArray[np.uint64]] = {}
    for words in groups:
        codes = vocabulary.get_indexer(words)
        if (codes < 0).any():
            raise ValueError(
                f"tokens: {words[codes < 0].tolist()} never stand in them. Give the tokens that were counted; "
                "pairs of words (ngrams) have no windows."
            )
        for code in codes.tolist():
            if code not in marks:
                places = order[firsts[code] : firsts[code + 1]]
                marks[code] = _holding(places, tokens, starts, totals, window)
        held = [marks[code] for code in codes.tolist()]
        yield np.array([[int(np.bitwise_count(one & other).sum()) for other in held] for one in held]) / totals


def _windows(bounds: Ints, window: int) -> tuple[Ints, int]:
    """Number of the first window of each text, and of windows in all; a text without a word has none."""
    lengths = np.diff(bounds)
    each = np.where(lengths > 0, np.maximum(lengths - window + 1, 1), 0)
    return np.concatenate([[0], np.cumsum(each)]), int(each.sum())


def _holding(places: Ints, tokens: Tokens, starts: Ints, totals: int, window: int) -> npt.NDArray[np.uint64]:
    """A bit for each window: whether it holds the word that stands at these places."""
    text = tokens.text[places]
    within = places - tokens.bounds[text]
    first = starts[text] + np.maximum(within - window + 1, 0)
    last = np.minimum(starts[text] + within, starts[text + 1] - 1)
    covered = np.zeros(totals + 1, dtype=np.int32)
    np.add.at(covered, first, 1)
    np.add.at(covered, last + 1, -1)
    bits = np.packbits(np.cumsum(covered[:-1]) > 0)
    padded: npt.NDArray[np.uint64] = np.pad(bits, (0, -len(bits) % 8)).view(np.uint64)
    return padded


def npmi(together: Floats) -> float:
    """Mean normalised pointwise mutual information over pairs of words (Bouma 2009)."""
    one, other = np.triu_indices(len(together), k=1)
    both, alone = together[one, other], together.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(both / (alone[one] * alone[other])) / -np.log(both)
    # The limits: words that never meet, and words that are in every document.
    return float(np.mean(np.select([both == 0, both == 1], [-1.0, 1.0], values)))


def c_v(together: Floats) -> float:
    """How alike the company of each word is to that of all: mean cosine of vectors of NPMI (Röder et al. 2015)."""
    alone = together.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        company = np.log((together + EPSILON) / np.outer(alone, alone)) / -np.log(together + EPSILON)
    company = np.nan_to_num(company, nan=0.0, posinf=0.0, neginf=0.0)
    whole = company.sum(axis=0)
    lengths = np.linalg.norm(company, axis=1) * np.linalg.norm(whole)
    return float(np.mean(np.divide(company @ whole, lengths, out=np.zeros(len(whole)), where=lengths > 0)))
