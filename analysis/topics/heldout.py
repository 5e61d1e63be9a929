"""Held-out fit: how well topics predict the words of documents that they were not fitted to."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from analysis.draws import orders
from analysis.text.terms import Counts
from analysis.topics.canonical import aligned_to, canonical, compact
from analysis.topics.variational import document_shares


def perplexity(words: pd.DataFrame, counts: Counts, *, seed: int) -> float:
    """Perplexity of `counts` under topics × terms; see ``Topics.perplexity``."""
    matrix, _, columns = canonical(Counts(aligned_to(counts, words.columns), counts.docs, words.columns))
    likelihoods, matrix = words.to_numpy()[:, columns], matrix[matrix.sum(axis=1) > 1]
    if not matrix.shape[0]:
        raise ValueError(
            f"counts: no document has two words of these topics ({len(words.columns)} terms). "
            "Hold out documents of the same collection, counted together with the fitted ones."
        )
    read, scored = _halves(matrix, np.random.default_rng(seed))
    rest = scored.tocoo()
    shares = document_shares(likelihoods, read)
    likely = np.einsum("ij,ij->i", shares[rest.row], likelihoods.T[rest.col])
    with np.errstate(divide="ignore"):
        return float(np.exp(-(rest.data @ np.log(likely)) / rest.data.sum()))


def hold_out(
    counts: Counts, *, part: float = 0.2, groups: Sequence[Any] | None = None, seed: int = 0
) -> tuple[Counts, Counts]:
    """The counts in two: those to fit to, and the `part` of the documents held out at random.

    `groups` names what stays together, one value a document (``articles["story_id"]``): a reprint of a fitted
    story would not be a new document.
    """
    codes, kinds = pd.factorize(np.asarray(counts.docs if groups is None else groups, dtype=object))
    order = next(orders(len(kinds), 1, seed=seed))[0]
    out = np.isin(codes, order[: round(part * len(kinds))])
    fitted, held = (Counts(counts.matrix[rows], counts.docs[rows], counts.terms) for rows in (~out, out))
    return fitted, held


def _halves(matrix: Any, generator: np.random.Generator) -> tuple[Any, Any]:
    """Each document's words in two, without replacement; of an odd number the second half has one more."""
    first = matrix.copy()
    for start, end in pairwise(matrix.indptr):
        times = matrix.data[start:end]
        first.data[start:end] = generator.multivariate_hypergeometric(times, times.sum() // 2)
    return compact(first), compact(matrix - first)
