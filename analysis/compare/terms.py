"""Terms as shares, so that words are compared as frames and topics are."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.text.terms import Counts, whole


def term_shares(
    counts: Counts, terms: Sequence[str] | None = None, *, of: Literal["documents", "words"] = "documents"
) -> pd.DataFrame:
    """The shares of terms in documents, for ``compare_outlets`` and ``outlet_differences``.

    Args:
        counts: what ``count_terms`` returns.
        terms: which; all if not given.
        of: "documents": 1 where a document says the term, so that an outlet's share is that of its stories which
            do. "words": the part of a document's counted words that are the term.

    Returns:
        Index ``doc_id``, a column a term; documents without a counted word are left out where shares are of words.

    Raises:
        ValueError: a term that was not counted, or an unknown `of`.

    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["gas gas oil", "oil"]))
    >>> term_shares(counts, ["gas"], of="words").round(2)
             gas
    doc_id
    0       0.67
    1       0.00
    """
    if of not in ("documents", "words"):
        raise ValueError(f"of: {of!r} is neither 'documents' nor 'words'.")
    counted = whole(counts)
    chosen = list(counted.terms if terms is None else terms)
    at = counted.terms.get_indexer(pd.Index(chosen))
    if (at < 0).any():
        missing = [term for term, place in zip(chosen, at, strict=True) if place < 0]
        raise ValueError(f"terms: {missing[0]!r} was not counted. Count with a smaller min_df, or leave it out.")
    matrix = counted.matrix[:, at].toarray().astype(float)
    total = np.asarray(counted.matrix.sum(axis=1), dtype=float).ravel()
    kept = np.ones(len(total), bool) if of == "documents" else total > 0
    values = (matrix > 0).astype(float) if of == "documents" else matrix[kept] / total[kept, None]
    return pd.DataFrame(values, index=counted.docs[kept].rename("doc_id"), columns=chosen)
