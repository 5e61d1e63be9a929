"""Groups: which documents belong together."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

Groups: TypeAlias = "Mapping[str, Any] | Sequence[Any] | pd.Series[Any] | npt.NDArray[Any] | pd.Categorical"


def aligned(groups: Groups, docs: "pd.Index[Any]") -> pd.Categorical:
    """The group of each document, in the order of ``docs``; categories are the groups that occur.

    A mapping and a Series indexed by ``doc_id`` go by id; anything else goes by position, a Series with mere
    row numbers (a column of ``articles``) included.

    >>> aligned({"b": "TASS", "a": "BBC"}, pd.Index(["a", "b"])).tolist()
    ['BBC', 'TASS']
    """
    by_id = pd.Series(groups) if isinstance(groups, Mapping) else groups
    if isinstance(by_id, pd.Series) and (
        isinstance(groups, Mapping) or not pd.api.types.is_integer_dtype(by_id.index)
    ):
        values = _looked_up(by_id, docs)
    else:
        values = pd.Series(groups).reset_index(drop=True)
        if len(values) != len(docs):
            raise ValueError(
                f"groups: {len(values)} for {len(docs)} documents. Give one a document, in the order of "
                "counts.docs, or a Series indexed by doc_id."
            )
    _refuse(values.isna().to_numpy(), docs, "Give each a group, or leave these documents out of the counts.")
    return pd.Categorical(values).remove_unused_categories()


def _looked_up(by_id: "pd.Series[Any]", docs: "pd.Index[Any]") -> "pd.Series[Any]":
    twice = by_id.index[by_id.index.duplicated()]
    if len(twice):
        raise ValueError(f"groups: the index names {twice[0]!r} more than once. Give each doc_id one group.")
    _refuse(~docs.isin(by_id.index), docs, "The index of groups must name every doc_id of counts.docs.")
    return by_id.loc[docs]


def _refuse(lost: npt.NDArray[np.bool_], docs: "pd.Index[Any]", remedy: str) -> None:
    if lost.any():
        first = ", ".join(repr(doc) for doc in docs[lost][:3]) + (", …" if lost.sum() > 3 else "")
        raise ValueError(f"groups: {lost.sum()} of {len(docs)} documents have none: {first}. {remedy}")


def group_sums(matrix: Any, groups: pd.Categorical) -> npt.NDArray[Any]:
    """Groups × terms: the rows of ``matrix`` added up by group."""
    n = len(groups)
    member = (np.ones(n, dtype=matrix.dtype), (groups.codes.astype(np.int64), np.arange(n)))
    summed: npt.NDArray[Any] = (sparse.csr_array(member, shape=(len(groups.categories), n)) @ matrix).toarray()
    return summed
