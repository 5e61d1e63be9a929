"""Counts in an order of their own, so that no result hangs on the order in which they were given."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.text.terms import Counts, whole

Ints = npt.NDArray[np.intp]


class Canonical(NamedTuple):
    """A matrix of counts, and which rows and columns of those given were taken into it."""

    matrix: Any
    rows: Ints
    columns: Ints


def canonical(counts: Counts) -> Canonical:
    """The counts without empty rows and columns, columns by name and rows by what they hold.

    Names of documents do not enter: the same texts numbered in another order are the same matrix. Rows that are
    equal can stand in any order.

    Raises:
        ValueError: fractional or negative counts, or two columns of one name.
    """
    matrix = checked(counts)
    columns = np.flatnonzero(matrix.sum(axis=0))
    columns = columns[np.argsort(counts.terms.to_numpy(dtype=object)[columns], kind="stable")]
    matrix = compact(matrix[:, columns])
    rows = np.flatnonzero(np.diff(matrix.indptr))
    rows = rows[_by_content(matrix, rows)]
    return Canonical(compact(matrix[rows]), rows, columns)


def checked(counts: Counts) -> Any:
    """The matrix of ``counts`` as sparse rows of whole numbers."""
    repeated = counts.terms[counts.terms.duplicated()]
    if len(repeated):
        raise ValueError(
            f"counts: more than one column for {repeated[0]!r}. "
            "Add the columns of one term up, or give each a name of its own."
        )
    matrix = sparse.csr_array(counts.matrix)
    endless = np.isinf(matrix.data)
    if endless.any():
        raise ValueError(
            "counts: found inf, where numbers of occurrences are needed. Give what count_terms returns."
        )
    whole(Counts(matrix, counts.docs, counts.terms))
    return matrix.astype(np.int64)


def compact(matrix: Any) -> Any:
    """The matrix with the columns of each row in order and no zero kept."""
    rows = matrix.tocsr()
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows


def aligned_to(counts: Counts, terms: "pd.Index[Any]") -> Any:
    """The matrix of ``counts`` with a column for each of ``terms``; those it lacks are 0."""
    matrix = checked(counts).tocsc()
    at = counts.terms.get_indexer(terms)
    held = compact(matrix[:, at[at >= 0]]).tocoo()
    columns = np.flatnonzero(at >= 0)
    placed = sparse.csr_array(
        (held.data, (held.row, columns[held.col])), shape=(matrix.shape[0], len(terms)), dtype=np.int64
    )
    return compact(placed)


def _by_content(matrix: Any, rows: Ints) -> Ints:
    """The order that sorts ``rows`` by the terms and counts they hold."""
    bounds, held, times = matrix.indptr, matrix.indices.astype(np.int64), matrix.data
    keys = [
        held[start:end].tobytes() + times[start:end].tobytes()
        for start, end in zip(bounds[rows], bounds[rows + 1], strict=True)
    ]
    order: Ints = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)
    return order
