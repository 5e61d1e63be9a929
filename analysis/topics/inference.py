"""Shares of given topics in documents: the topics stay fixed, whichever engine found them."""

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.text.terms import Counts
from analysis.topics.canonical import aligned_to, checked

if TYPE_CHECKING:
    from analysis.topics.result import Topics

Floats = npt.NDArray[np.float64]

# Shares of documents most of whose words are unknown tell more about the rest of their words than about them.
UNKNOWN = 0.5


def inferred(words: Floats, matrix: Any) -> Floats:
    """Documents × topics, rows sum to 1, by variational inference with the topics fixed (Blei, Ng & Jordan 2003).

    Each document begins with equal shares and a prior of 1/k a topic; documents do not touch each other.
    """
    from analysis.topics.variational import NEVER, standing

    order = np.lexsort((words.max(axis=1), words.argmax(axis=1)))  # sums over topics hang on no numbering
    fixed = np.maximum(words[order], NEVER)
    model = standing(fixed)
    model.exp_dirichlet_component_ = fixed  # as given, not as an estimate that may err
    with threadpool_limits(1):  # threads would add floats up in another order
        shares: Floats = model.transform(matrix.astype(np.float64))
    return shares[:, np.argsort(order)]


def transformed(topics: "Topics", counts: Counts) -> pd.DataFrame:
    """See ``Topics.transform``."""
    words = topics.words[sorted(topics.words.columns)]
    matrix = aligned_to(counts, words.columns)
    rows = np.flatnonzero(np.diff(matrix.indptr))
    if not len(rows):
        raise ValueError(
            f"counts: no document holds one of the {len(topics.words.columns)} terms of these topics. "
            "Count the new documents as the fitted ones were counted: same language, same n-grams."
        )
    table = pd.DataFrame(
        inferred(words.to_numpy(), matrix[rows]), index=counts.docs[rows], columns=topics.words.index
    )
    table.attrs["left_out"] = counts.docs.delete(rows).tolist()
    table.attrs |= _unknown(topics, counts)
    return table


def _unknown(topics: "Topics", counts: Counts) -> dict[str, int]:
    """How many terms, and how many words in running text, no topic knows; a warning if they are most."""
    said = checked(counts).sum(axis=0)
    strange = ~counts.terms.isin(topics.words.columns) & (said > 0)
    words, all_words = int(said[strange].sum()), int(said.sum())
    if words > UNKNOWN * all_words:
        warnings.warn(
            f"{words} of {all_words} words are unknown to these topics: the shares speak of the rest only. "
            "Count the new documents as the fitted ones were counted, or fit topics to both.",
            UserWarning,
            stacklevel=4,
        )
    return {"unknown_terms": int(strange.sum()), "unknown_words": words}
