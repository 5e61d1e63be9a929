"""Terms: how often each occurs in each document, in an order of its own; its weight; the first of each group."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.arrays import Flags, Ints, Places
from analysis.corpus.tables import check_whole, places_in, refuse_duplicates, refuse_unknown
from analysis.text.stopwords import stop_words
from analysis.text.tokens import Tokens

Groups: TypeAlias = "Mapping[str, Any] | Sequence[Any] | pd.Series[Any] | npt.NDArray[Any] | pd.Categorical"


@dataclass(frozen=True)
class Counts:
    """Documents × terms, with their labels.

    Attributes
    ----------
    matrix : sparse array
        Documents × terms; counts are integers, weights are floats.
    docs, terms : Index
        The ``doc_id`` of each row, and the term of each column, in alphabetical order.
    """

    matrix: "sparse.csr_array[Any]"
    docs: "pd.Index[Any]"
    terms: "pd.Index[Any]"

    def of_docs(self, rows: Any) -> "Counts":
        """The counts of some documents, by their places or as a mask; a place may be there twice."""
        return Counts(self.matrix[rows], self.docs[rows], self.terms)

    def of_terms(self, columns: Any) -> "Counts":
        """The counts of some terms."""
        return Counts(self.matrix[:, columns], self.docs, self.terms[columns])

    def shares(
        self, terms: Sequence[str] | None = None, *, of: Literal["documents", "words"] = "documents"
    ) -> pd.DataFrame:
        """The shares of terms in documents, for ``compare_outlets`` and ``outlet_differences``.

        Parameters
        ----------
        terms : sequence of str, optional
            Which terms; all by default.
        of : str
            "documents": 1 where a document has the term. "words": the part of a document's counted words that
            are the term; documents without a counted word are left out.

        Examples
        --------
        >>> import analysis as an
        >>> an.count_terms(an.tokenize(["gas gas oil", "oil"])).shares(["gas"], of="words").round(2)
                 gas
        doc_id
        0       0.67
        1       0.00
        """
        refuse_unknown("of", of, "a choice", ("documents", "words"))
        counts, chosen = whole(self), list(self.terms if terms is None else terms)
        wrong = "was not counted. Lower min_df in count_terms, or leave it out."
        columns = places_in(self.terms, chosen, "terms:", wrong)
        values = counts.matrix[:, columns].toarray().astype(float)
        table = pd.DataFrame(values, index=self.docs.rename("doc_id"), columns=chosen)
        if of == "documents":
            return (table > 0).astype(float)
        total = np.asarray(counts.matrix.sum(axis=1), dtype=float).ravel()
        return table[total > 0].div(total[total > 0], axis=0)


def count_terms(
    tokens: Tokens, *, min_df: float = 1, max_df: float = 1.0, stopwords: Collection[str] | None = "auto",
    ngrams: int = 1,
) -> Counts:  # fmt: skip
    """How often each term occurs in each document.

    Parameters
    ----------
    tokens : Tokens
    min_df, max_df : int or float
        Keep terms of at least and at most so many documents: an integer is a number of documents, a float
        a share of them, as in scikit-learn (``1`` is one document, ``1.0`` all).
    stopwords : str or collection, optional
        Words left out: "auto", those of the texts' languages; of a language ("de"); your own; or None.
    ngrams : int
        2 adds pairs of neighbouring words ("silk road"), 3 also triples. They are taken from the running text
        ("bank of china" is a triple) and left out if they begin or end with a stop word.

    Returns
    -------
    Counts
        Documents × terms, whole numbers; terms in alphabetical order.

    Examples
    --------
    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["The bank of China", "China and the banks"]))
    >>> counts.terms.tolist(), counts.matrix.toarray().tolist()
    (['bank', 'banks', 'china'], [[1, 0, 1], [0, 1, 1]])
    """
    check_whole("ngrams", ngrams)
    limits = {"min_df": min_df, "max_df": max_df}
    low, high = (_documents(name, given, len(tokens.docs)) for name, given in limits.items())
    stopped = pd.Index(tokens.vocabulary, dtype=object).isin(stop_words(stopwords, tokens.texts))
    blocks = list(_blocks(tokens, stopped, ngrams, low, high))
    terms = np.concatenate([labels for _, labels in blocks])
    order = np.argsort(terms, kind="stable")  # quick where the vocabulary is already in order
    matrix = sparse.hstack([block for block, _ in blocks], format="csc")[:, order].tocsr().astype(np.int64)
    return Counts(matrix, tokens.docs, pd.Index(terms[order], dtype="str", name="term"))


def _documents(name: str, limit: float, n: int) -> float:
    if isinstance(limit, (int, np.integer)):
        return limit
    if not 0 <= limit <= 1:
        what = f"a float is a share of the documents, from 0.0 to 1.0. Found: {limit}"
        raise ValueError(f"{name}: {what}. Give an integer for a number of documents.")
    return limit * n


def _blocks(
    tokens: Tokens, stopped: Flags, ngrams: int, low: float, high: float
) -> Iterator[tuple[Any, npt.NDArray[Any]]]:
    """For each length of run: documents × its terms between the limits, and these terms."""
    vocabulary = np.asarray(tokens.vocabulary, dtype=object)
    for n in range(1, ngrams + 1):
        at, ids, kinds = _runs(tokens, stopped, n)
        ones = np.ones(len(at), dtype=np.int32)
        matrix = sparse.coo_array((ones, (tokens.text_index[at], ids)), shape=(len(tokens.docs), kinds)).tocsc()
        df = np.diff(matrix.indptr)
        kept = np.flatnonzero((df >= max(low, 1)) & (df <= high))
        seen = np.zeros(kinds, dtype=np.int64)
        seen[ids] = at  # any occurrence gives the term
        words = (vocabulary[tokens.codes[seen[kept] + i]] for i in range(n))
        yield matrix[:, kept], reduce(lambda run, word: run + " " + word, words)


def _runs(tokens: Tokens, stopped: Flags, n: int) -> tuple[Ints, npt.NDArray[Any], int]:
    """Where runs of ``n`` tokens start, a number for each kind of run, and how many kinds there are."""
    codes, doc = tokens.codes, tokens.text_index
    last = max(len(codes) - n + 1, 0)
    inside = doc[:last] == doc[n - 1 :]
    at = np.flatnonzero(inside & ~stopped[codes[:last]] & ~stopped[codes[n - 1 :]])
    ids, kinds = codes[at], len(stopped)
    for i in range(1, n):  # two at a time: numbering the pairs anew keeps the product within 64 bits
        pairs, ids = np.unique(ids.astype(np.int64) * len(stopped) + codes[at + i], return_inverse=True)
        kinds = len(pairs)
    return at, ids, kinds


def whole(counts: Counts) -> Counts:
    """The counts, checked to be whole numbers from 0 up."""
    values = counts.matrix.data
    if len(wrong := values[(values < 0) | (values != np.floor(values)) | np.isinf(values)]):
        what = f"whole numbers of occurrences are needed. Found: {wrong[0]}"
        raise ValueError(f"counts: {what}. Give what count_terms returns, not TF-IDF weights.")
    return counts


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
    refuse_duplicates("counts: term", counts.terms, "Add the columns of a term up, or give each its own name.")
    matrix = sparse.csr_array(counts.matrix)
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
    blank = sparse.csc_array((len(counts.docs), 1), dtype=np.int64)  # of a term that is missing: place -1
    matrix = sparse.hstack([checked(counts), blank], format="csc")
    return compact(matrix[:, counts.terms.get_indexer(terms)])


def tfidf(counts: Counts) -> Counts:
    """The counts as TF-IDF weights, by scikit-learn's ``TfidfTransformer`` with its defaults.

    Returns
    -------
    Counts
        The same documents and terms; weights from 0 to 1.

    Examples
    --------
    >>> import analysis as an
    >>> an.tfidf(an.count_terms(an.tokenize(["gas gas pipeline", "gas"]))).matrix.toarray().round(2).tolist()
    [[0.82, 0.57], [1.0, 0.0]]
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    empty = 0 in counts.matrix.shape  # an error in scikit-learn
    weights = counts.matrix.astype(float) if empty else TfidfTransformer().fit_transform(counts.matrix)
    return Counts(sparse.csr_array(weights), counts.docs, counts.terms)


def top_terms(weights: Counts, groups: Groups, *, n: int = 10) -> pd.DataFrame:
    """The `n` terms with the highest mean weight in each group.

    Parameters
    ----------
    weights : Counts
        Counts or TF-IDF weights.
    groups : mapping, Series or sequence
        The group of each document: a mapping from ``doc_id``, a Series indexed by ``doc_id``, or one value for
        each row of `weights` in order (``articles["outlet"]``).
    n : int
        Number of terms per group, or fewer. Ties in alphabetical order.

    Returns
    -------
    DataFrame
        ``group, rank, term, weight``; terms of weight 0 are left out.

    Examples
    --------
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
    spelled, n = terms.to_numpy(dtype=object), min(n, len(terms))
    column = np.array([np.lexsort((spelled, -values))[:n] for values in weights], dtype=np.int64).ravel()
    row, rank = np.repeat(np.arange(len(weights)), n), np.tile(np.arange(1, n + 1), len(weights))
    weight = weights[row, column]
    table = pd.DataFrame({label: labels.take(row), "rank": rank, "term": terms.take(column), "weight": weight})
    return table[table["weight"] > 0].reset_index(drop=True)


def aligned(groups: Groups, docs: "pd.Index[Any]") -> pd.Categorical:
    """The group of each document, in the order of ``docs``; categories are the groups that occur.

    A mapping and a Series indexed by ``doc_id`` are matched by id; all else by position (``articles[name]``).

    >>> aligned({"b": "TASS", "a": "BBC"}, pd.Index(["a", "b"])).tolist()
    ['BBC', 'TASS']
    """
    values = pd.Series(groups)
    named = isinstance(groups, pd.Series) and not pd.api.types.is_integer_dtype(values.index)
    if named or isinstance(groups, Mapping):
        refuse_duplicates("groups: doc_id", values.index, "Give each document one group.")
        values = values.reindex(docs)
    if len(values) != len(docs):
        what = f"one value for each of {len(docs)} documents is needed. Found: {len(values)}"
        remedy = "Give them in the order of counts.docs, or as a Series indexed by doc_id."
        raise ValueError(f"groups: {what}. {remedy}")
    if len(lost := docs[values.isna()]):
        first = ", ".join(map(repr, lost[:3])) + (", …" if len(lost) > 3 else "")
        remedy = "Give each doc_id of counts.docs a group, or leave these documents out."
        raise ValueError(f"groups: {len(lost)} of {len(docs)} documents have no group: {first}. {remedy}")
    return pd.Categorical(values).remove_unused_categories()


def group_sums(matrix: Any, groups: pd.Categorical) -> npt.NDArray[Any]:
    """Groups × terms: the rows of ``matrix`` added up by group."""
    n = len(groups)
    member = (np.ones(n, dtype=matrix.dtype), (groups.codes.astype(np.int64), np.arange(n)))
    return np.asarray((sparse.csr_array(member, shape=(len(groups.categories), n)) @ matrix).toarray())
