"""Topics: which words go together, and how much of each document they make up."""

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.text.terms import Counts, ranked, whole

Floats = npt.NDArray[np.float64]
Engine = Literal["warm", "sklearn", "gensim"]

# A corpus too small for k gives other topics when sampled again. Measured on News Articles by fitting two disjoint
# samples (5 and 10 topics, 3 draws each): of the 20 likeliest words of matched topics 15% are the same at 2
# documents a topic, 24% at 10, 31% at 20, 47% at 50; and at 50 with texts cut short, 22% at a median of 7 counted
# words, 31% at 16. The limits are where that part passes a quarter.
FEW_DOCUMENTS = 20
FEW_WORDS = 10


@dataclass(frozen=True)
class Topics:
    """Topics as words and as parts of documents; topics are numbered by falling mean share.

    Attributes:
        words: topic × term, rows sum to 1: how likely a topic is to say the term.
        shares: ``doc_id`` × topic, rows sum to 1: how much of a document each topic makes up. Documents
            without a term have none; ``shares.attrs["left_out"]`` lists them.
    """

    words: pd.DataFrame
    shares: pd.DataFrame


def fit_topics(counts: Counts, k: int, *, seed: int = 0, engine: Engine = "warm") -> Topics:
    """``k`` topics of the counted documents, with the share of each topic in each document.

    Latent Dirichlet allocation (Blei, Ng & Jordan 2003) by variational inference, whichever the engine:

    - "warm" starts from a factorisation of the TF-IDF weights; nothing is left to chance and ``seed`` is
      ignored.
    - "sklearn" and "gensim" start from ``seed``, with these packages' settings.

    The same counts give the same bytes at every run, and rows or columns in another order the same topics.
    Documents with few words (sentences) or few documents (five articles) hold little to learn from: a warning
    says so. Take passages or paragraphs as documents where articles are few.

    Args:
        counts: what ``count_terms`` returns; ``min_df=5, max_df=0.5`` keeps out what topics cannot use.
        k: how many topics, 2 or more.
        seed: where "sklearn" and "gensim" start.
        engine: "warm", "sklearn" or "gensim".

    Raises:
        ValueError: fewer than 2 topics, more topics than documents or terms, no term at all, weights instead
            of counts, or an unknown engine.

    >>> import analysis as an
    >>> texts = ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 10
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(texts)), 2)
    >>> topics.shares.round(2).iloc[[0, 39]]
    topic  topic 1  topic 2
    0         0.96     0.04
    39        0.04     0.96
    """
    matrix, kept, terms = _canonical(whole(counts))
    _check(matrix, k, engine)
    _warn(matrix, k)
    with threadpool_limits(1):  # threads would add floats up in another order
        words, shares = _fitted(matrix, k, seed=seed, engine=engine)
    words, shares = _normal(words), _normal(shares)
    # Shares that tie but for noise in the last digits go by their likeliest word, on every machine.
    order = np.lexsort((words.argmax(axis=1), -shares.mean(axis=0).round(6)))
    return _labelled(words[order], shares[:, order], counts, kept, terms)


def top_words(topics: Topics, *, n: int = 10) -> pd.DataFrame:
    """The ``n`` most likely words of each topic: ``topic, rank, term, weight``; ties go by the alphabet.

    >>> words = pd.DataFrame([[0.7, 0.3]], index=["topic 1"], columns=["gas", "oil"])
    >>> top_words(Topics(words, pd.DataFrame({"topic 1": [1.0]})), n=1)
         topic  rank term  weight
    0  topic 1     1  gas     0.7
    """
    words = topics.words
    return ranked(words.to_numpy(), words.index, words.columns, n=n, label="topic")


def _canonical(counts: Counts) -> tuple[Any, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The counts with rows and columns sorted by name, and which were taken: those that hold a count."""
    rows, columns = (np.flatnonzero(counts.matrix.sum(axis=axis)) for axis in (1, 0))
    rows = rows[np.argsort(counts.docs.to_numpy(dtype=object)[rows], kind="stable")]
    columns = columns[np.argsort(counts.terms.to_numpy(dtype=object)[columns], kind="stable")]
    matrix = counts.matrix[rows][:, columns].tocsr()
    matrix.sort_indices()
    return matrix, rows, columns


def _check(matrix: Any, k: int, engine: str) -> None:
    documents, terms = matrix.shape
    if engine not in ("warm", "sklearn", "gensim"):
        raise ValueError(f"engine={engine!r}: choose 'warm', 'sklearn' or 'gensim'.")
    if not terms:
        raise ValueError("counts: not one term in any document. Lower min_df or raise max_df in count_terms.")
    if k < 2:
        raise ValueError(f"k={k}: one topic tells nothing apart. Ask for 2 or more.")
    if k > min(documents, terms):
        raise ValueError(
            f"k={k}: more topics than the {documents} documents or {terms} terms can tell apart. "
            "Ask for fewer, or take passages as documents."
        )


def _warn(matrix: Any, k: int) -> None:
    documents, words = matrix.shape[0], int(np.median(matrix.sum(axis=1)))
    if documents < FEW_DOCUMENTS * k or words < FEW_WORDS:
        warnings.warn(
            f"{documents} documents with a median of {words} counted words are little for {k} topics: expect "
            f"topics that another sample would not repeat. At least {FEW_DOCUMENTS} documents a topic and "
            f"{FEW_WORDS} words a document are advisable: ask for a smaller k, take passages or paragraphs as "
            "documents where articles are few, or join them where they are short.",
            UserWarning,
            stacklevel=3,
        )


def _fitted(matrix: Any, k: int, *, seed: int, engine: str) -> tuple[Floats, Floats]:
    if engine == "warm":
        from analysis.topics.warm import warm

        return warm(matrix, k)
    from analysis.topics import engines

    return engines.gensim(matrix, k, seed=seed) if engine == "gensim" else engines.sklearn(matrix, k, seed=seed)


def _normal(rows: Floats) -> Floats:
    parts: Floats = rows / rows.sum(axis=1, keepdims=True)
    return parts


def _labelled(
    words: Floats, shares: Floats, counts: Counts, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]
) -> Topics:
    """The tables, documents and terms back in the order of ``counts``."""
    width = len(str(len(words)))
    names = pd.Index([f"topic {number:0{width}}" for number in range(1, len(words) + 1)], name="topic")
    by_row, by_column = np.argsort(rows), np.argsort(columns)
    table = pd.DataFrame(shares[by_row], index=counts.docs[rows[by_row]], columns=names)
    table.attrs["left_out"] = counts.docs.delete(rows).tolist()
    spoken = counts.terms[columns[by_column]].rename("term")
    return Topics(pd.DataFrame(words[:, by_column], index=names, columns=spoken), table)
