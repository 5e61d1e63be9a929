"""Terms: how often each occurs in each document, how much it weighs, and which lead in each group."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.text.groups import Groups, aligned, group_sums
from analysis.text.stopwords import stop_words

if TYPE_CHECKING:
    from analysis.text.tokens import Tokens

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """Documents × terms, with their labels.

    Attributes:
        matrix: sparse documents × terms; counts are integers, weights are floats.
        docs: the ``doc_id`` of each row.
        terms: the term of each column, in alphabetical order.
    """

    matrix: "sparse.csr_array[Any]"
    docs: "pd.Index[Any]"
    terms: "pd.Index[Any]"


def count_terms(
    tokens: "Tokens",
    *,
    min_df: float = 1,
    max_df: float = 1.0,
    stopwords: Collection[str] | None = "english",
    ngrams: int = 1,
) -> Counts:
    """How often each term occurs in each document; terms in alphabetical order.

    Args:
        tokens: what ``tokenize`` returns.
        min_df, max_df: keep terms that at least, at most, so many documents contain: an integer is a number
            of documents, a float a share of them, as in scikit-learn (``1`` is one document, ``1.0`` all).
        stopwords: words left out: "english", your own collection, or None.
        ngrams: 2 adds pairs of neighbours ("silk road"), 3 triples too. They are read off the running text
            ("bank of china" is a triple) and left out if they begin or end with a stop word.

    Raises:
        ValueError: ``ngrams`` below 1, a share outside 0–1, or an unknown name of a stop word list.

    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["The bank of China", "China and the banks"]))
    >>> counts.terms.tolist(), counts.matrix.toarray().tolist()
    (['bank', 'banks', 'china'], [[1, 0, 1], [0, 1, 1]])
    """
    if ngrams < 1:
        raise ValueError(f"ngrams={ngrams}: the longest run of words to count is 1 or more.")
    n = len(tokens.docs)
    low, high = _documents(min_df, n, name="min_df"), _documents(max_df, n, name="max_df")
    stopped = pd.Index(tokens.vocabulary, dtype=object).isin(stop_words(stopwords))
    blocks = list(_blocks(tokens, stopped, ngrams, low, high))
    terms = np.concatenate([labels for _, labels in blocks])
    order = np.argsort(terms, kind="stable")  # quick where the vocabulary is already in order
    matrix = sparse.hstack([block for block, _ in blocks], format="csc")[:, order].tocsr().astype(np.int64)
    return Counts(matrix, tokens.docs, pd.Index(terms[order], dtype="str", name="term"))


def _documents(limit: float, n: int, *, name: str) -> float:
    """The limit as a number of documents."""
    if isinstance(limit, (int, np.integer)):
        return limit
    if not 0 <= limit <= 1:
        raise ValueError(
            f"{name}={limit}: a float is a share of the documents, between 0.0 and 1.0. "
            "Give an integer for a number of documents."
        )
    return limit * n


def _blocks(
    tokens: "Tokens", stopped: npt.NDArray[np.bool_], ngrams: int, low: float, high: float
) -> Iterator[tuple[Any, npt.NDArray[Any]]]:
    """For each length of run: documents × its terms between the limits, and these terms."""
    vocabulary = np.asarray(tokens.vocabulary, dtype=object)
    for n in range(1, ngrams + 1):
        at, ids, kinds = _runs(tokens, stopped, n)
        matrix = _tally(tokens.text[at], ids, shape=(len(tokens.docs), kinds))
        df = np.diff(matrix.indptr)
        kept = np.flatnonzero((df >= max(low, 1)) & (df <= high))
        seen = np.zeros(kinds, dtype=np.int64)
        seen[ids] = at  # any occurrence spells the term
        words = (vocabulary[tokens.codes[seen[kept] + i]] for i in range(n))
        yield matrix[:, kept], reduce(lambda run, word: run + " " + word, words)


def _runs(tokens: "Tokens", stopped: npt.NDArray[np.bool_], n: int) -> tuple[Ints, npt.NDArray[Any], int]:
    """Where runs of ``n`` tokens start, a number for each kind of run, and how many kinds there are."""
    codes, doc = tokens.codes, tokens.text
    last = max(len(codes) - n + 1, 0)
    inside = doc[:last] == doc[n - 1 :]
    at = np.flatnonzero(inside & ~stopped[codes[:last]] & ~stopped[codes[n - 1 :]])
    ids, kinds = codes[at], len(stopped)
    for i in range(1, n):  # two at a time: numbering the pairs anew keeps the product within 64 bits
        pairs, ids = np.unique(ids.astype(np.int64) * len(stopped) + codes[at + i], return_inverse=True)
        kinds = len(pairs)
    return at, ids, kinds


def _tally(rows: npt.NDArray[Any], columns: npt.NDArray[Any], *, shape: tuple[int, int]) -> Any:
    """Occurrences as a sparse matrix of counts, in linear time, as rows arrive in order."""
    starts = np.searchsorted(rows, np.arange(shape[0] + 1))
    ones = np.ones(len(columns), dtype=np.int32)
    matrix = sparse.csr_array((ones, columns, starts), shape=shape).tocsc()
    matrix.sum_duplicates()
    return matrix


def whole(counts: Counts) -> Counts:
    """The counts, if they are: whole numbers, none below 0.

    Raises:
        ValueError: fractional or negative values.
    """
    values = counts.matrix.data
    wrong = values[(values < 0) | (values != np.floor(values))]
    if len(wrong):
        raise ValueError(
            f"counts: found {wrong[0]}, where whole numbers of occurrences are needed. "
            "Give what count_terms returns, not TF-IDF weights."
        )
    return counts


def tfidf(counts: Counts) -> Counts:
    """The counts as TF-IDF weights: scikit-learn's ``TfidfTransformer`` as it stands.

    A count is multiplied by ``1 + log((1 + documents) / (1 + documents with the term))`` (natural logarithm),
    then each row is scaled to length 1; a document without terms stays zero.

    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["gas gas pipeline", "gas"]))
    >>> an.tfidf(counts).matrix.toarray().round(2).tolist()
    [[0.82, 0.57], [1.0, 0.0]]
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    if 0 in counts.matrix.shape:  # nothing to weigh, which scikit-learn takes for a mistake
        return Counts(counts.matrix.astype(float), counts.docs, counts.terms)
    weights = TfidfTransformer().fit_transform(counts.matrix)
    return Counts(sparse.csr_array(weights), counts.docs, counts.terms)


def top_terms(weights: Counts, groups: Groups, *, n: int = 10) -> pd.DataFrame:
    """The ``n`` terms with the highest mean weight in each group: ``group, rank, term, weight``.

    Args:
        weights: counts, or TF-IDF weights.
        groups: the group of each document: a mapping from ``doc_id``, a Series indexed by ``doc_id``, or a
            value for each row of ``weights`` in order (``articles["outlet"]``).
        n: how many terms a group; fewer where a group has fewer. Ties go by the alphabet.

    Raises:
        ValueError: a document without a group, or another number of groups than documents.

    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["gas gas pipeline", "summit", "summit gas"]))
    >>> an.top_terms(counts, ["Economy", "Politics", "Politics"], n=1)
          group  rank    term  weight
    0   Economy     1     gas     2.0
    1  Politics     1  summit     1.0
    """
    by_group = aligned(groups, weights.docs)
    sizes = np.bincount(by_group.codes, minlength=len(by_group.categories))
    means = group_sums(weights.matrix, by_group) / sizes[:, None]
    return ranked(means, by_group.categories, weights.terms, n=n, label="group")


def ranked(
    weights: npt.NDArray[Any], labels: "pd.Index[Any]", terms: "pd.Index[Any]", *, n: int, label: str
) -> pd.DataFrame:
    """The ``n`` heaviest terms of each row, without those of weight 0: ``label, rank, term, weight``."""
    spelled = terms.to_numpy(dtype=object)
    rows, columns = [], []
    for row, values in enumerate(weights):
        order = np.lexsort((spelled, -values))[:n]
        order = order[values[order] > 0]
        rows += [np.full(len(order), row)]
        columns += [order]
    row_of, column_of = (np.concatenate([*parts, []]).astype(np.int64) for parts in (rows, columns))
    return pd.DataFrame(
        {
            label: labels.take(row_of),
            "rank": np.concatenate([np.arange(1, len(part) + 1) for part in columns] + [[]]).astype(np.int64),
            "term": pd.Index(terms).take(column_of),
            "weight": weights[row_of, column_of],
        }
    )
