"""Held-out fit: how well topics foretell the words of documents that they have not seen."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.terms import Counts
from analysis.topics.canonical import aligned_to, canonical, compact
from analysis.topics.inference import inferred

if TYPE_CHECKING:
    from analysis.topics.result import Topics

Floats = npt.NDArray[np.float64]


def heldout_perplexity(topics: "Topics", counts: Counts, *, seed: int = 0) -> float:
    """Among how many equally likely words the topics leave the choice: lower is better, ``inf`` is impossible.

    Document completion (Wallach et al. 2009): of each document, half of the words, drawn by ``seed``, tells its
    topics' shares; the perplexity is that of the other half. It is computed the same way whichever engine
    found the topics, so engines and numbers of topics can be compared on the same documents, which none of
    them should have been fitted to. Words that the topics do not know, and documents with fewer than two that
    they do, are passed over. The order of rows does not matter.

    Raises:
        ValueError: no document holds two known words, or weights instead of counts.

    >>> import analysis as an
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(["gas oil " * 9] * 30 + ["army navy " * 9] * 10)), 2)
    >>> round(an.heldout_perplexity(topics, an.count_terms(an.tokenize(["oil gas " * 9, "navy army " * 9]))), 1)
    2.1
    """
    return perplexity(topics.words, counts, seed=seed)


def perplexity(words: pd.DataFrame, counts: Counts, *, seed: int) -> float:
    """See ``heldout_perplexity``; all that it takes of the topics is their words."""
    known = Counts(aligned_to(counts, words.columns), counts.docs, words.columns)
    matrix, _, columns = canonical(known)
    likelihoods = words.to_numpy()[:, columns]
    matrix = matrix[matrix.sum(axis=1) > 1]
    if not matrix.shape[0]:
        raise ValueError(
            f"counts: no document holds two words that these topics know ({len(words.columns)} terms). "
            "Hold out documents of the same collection, counted together with the fitted ones."
        )
    told, scored = _halves(matrix, np.random.default_rng(seed))
    rest = scored.tocoo()
    shares = inferred(likelihoods, told)
    likely = np.einsum("ij,ij->i", shares[rest.row], likelihoods.T[rest.col])
    with np.errstate(divide="ignore"):
        return float(np.exp(-(rest.data @ np.log(likely)) / rest.data.sum()))


def hold_out(
    counts: Counts, *, part: float = 0.2, groups: Sequence[Any] | None = None, seed: int = 0
) -> tuple[Counts, Counts]:
    """The counts in two: those to fit to, and the ``part`` of the documents held out, drawn by ``seed``.

    ``groups`` names what stays together, a value a document (``articles["story_id"]``): a reprint of a fitted
    story would be no new document.
    """
    codes, kinds = pd.factorize(np.asarray(counts.docs if groups is None else groups, dtype=object))
    drawn = np.random.default_rng(seed).permutation(len(kinds))[: round(part * len(kinds))]
    held = np.isin(codes, drawn)
    fitted, kept = (Counts(counts.matrix[rows], counts.docs[rows], counts.terms) for rows in (~held, held))
    return fitted, kept


def _halves(matrix: Any, chance: np.random.Generator) -> tuple[Any, Any]:
    """Each document's words in two, without replacement; of an odd number the second half has one more."""
    told = matrix.copy()
    bounds = matrix.indptr
    for start, end in pairwise(bounds):
        times = matrix.data[start:end]
        told.data[start:end] = chance.multivariate_hypergeometric(times, times.sum() // 2)
    return compact(told), compact(matrix - told)
