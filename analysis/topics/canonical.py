"""Counts in a canonical order, so that no result depends on the order in which rows and columns were given."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.arrays import Places
from analysis.text.terms import Counts, whole


class Canonical(NamedTuple):
    """A matrix of counts, and the rows and columns of the original that it was made from."""

    matrix: Any
    rows: Places
    columns: Places


def canonical(counts: Counts) -> Canonical:
    """The counts without empty rows and columns; columns sorted by name, rows by content and not by name."""
    matrix = checked(counts)
    columns = np.flatnonzero(matrix.sum(axis=0))
    columns = columns[np.argsort(counts.terms.to_numpy(dtype=object)[columns], kind="stable")]
    matrix = compact(matrix[:, columns])
    rows, bounds = np.flatnonzero(np.diff(matrix.indptr)), matrix.indptr
    terms, times = matrix.indices.astype(np.int64), matrix.data
    spans = [slice(*bounds[row : row + 2]) for row in rows]
    keys = [terms[span].tobytes() + times[span].tobytes() for span in spans]
    rows = rows[np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)]
    return Canonical(compact(matrix[rows]), rows, columns)


def checked(counts: Counts) -> Any:
    """The matrix of `counts` as sparse rows of whole numbers."""
    if len(repeated := counts.terms[counts.terms.duplicated()]):
        raise ValueError(
            f"counts: several columns for one term. Found: {repeated[0]!r}. "
            "Add the columns of a term up, or give each its own name."
        )
    matrix = sparse.csr_array(counts.matrix)
    if np.isinf(matrix.data).any():
        raise ValueError(
            "counts: whole numbers of occurrences are needed. Found: inf. Give what count_terms returns."
        )
    whole(Counts(matrix, counts.docs, counts.terms))
    return matrix.astype(np.int64)


def compact(matrix: Any) -> Any:
    """The matrix with sorted columns in each row and without stored zeros."""
    rows = matrix.tocsr()
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows


def aligned_to(counts: Counts, terms: "pd.Index[Any]") -> Any:
    """The matrix of `counts` with one column for each of `terms`; 0 where `counts` lacks the term."""
    matrix = checked(counts).tocsc()
    place = counts.terms.get_indexer(terms)
    known = compact(matrix[:, place[place >= 0]]).tocoo()
    columns = np.flatnonzero(place >= 0)
    shape = (matrix.shape[0], len(terms))
    return compact(sparse.csr_array((known.data, (known.row, columns[known.col])), shape=shape, dtype=np.int64))
