"""Topics: which words go together, and how much of each document they make up."""

import operator
import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.text.terms import Counts, ranked
from analysis.topics.canonical import Canonical, canonical
from analysis.topics.marks import with_stability
from analysis.topics.result import Topics as Topics

Floats = npt.NDArray[np.float64]
Engine = Literal["warm", "sklearn", "gensim", "tomotopy"]
ENGINES = ("warm", "sklearn", "gensim", "tomotopy")

# A corpus too small for k gives other topics when sampled again. Measured on News Articles by fitting two disjoint
# samples (5 and 10 topics, 3 draws each): of the 20 likeliest words of matched topics 15% are the same at 2
# documents a topic, 24% at 10, 31% at 20, 47% at 50; and at 50 with texts cut short, 22% at a median of 7 counted
# words, 31% at 16. The limits are where that part passes a quarter.
FEW_DOCUMENTS = 20
FEW_WORDS = 10


def fit_topics(counts: Counts, k: int, *, seed: int = 0, engine: Engine = "warm") -> Topics:
    """``k`` topics of the counted documents, with the share of each topic in each document.

    Latent Dirichlet allocation (Blei, Ng & Jordan 2003), whichever the engine:

    - "warm" starts from a factorisation of the TF-IDF weights and takes variational steps until one changes
      less than a twentieth of a topic's words; nothing is left to chance and ``seed`` is ignored.
    - "sklearn" and "gensim" are variational too and start from ``seed``, with these packages' settings.
    - "tomotopy" samples from ``seed``: a thousand rounds, one thread. It needs
      ``pip install outlet-framing[tomotopy]``, and has been seen to diverge between runs of one seed.

    The same counts give the same bytes at every run, however rows and columns are ordered or documents are
    named, on any number of threads (tomotopy: as far as it keeps its own word).
    Documents with few words (sentences) or few documents (five articles) hold little to learn from: a warning
    says so. Take passages or paragraphs as documents where articles are few.

    Args:
        counts: what ``count_terms`` returns; ``min_df=5, max_df=0.5`` keeps out what topics cannot use.
            Documents without a term take no part; ``shares.attrs["left_out"]`` lists them.
        k: how many topics, 2 or more.
        seed: where all but "warm" start.
        engine: "warm", "sklearn", "gensim" or "tomotopy".

    Raises:
        ValueError: fewer than 2 topics, more topics than documents or terms, no term at all, two columns of one
            term, weights instead of counts, or an unknown engine.
        TypeError: ``k`` is not a whole number.
        ImportError: "tomotopy" without the package.

    >>> import analysis as an
    >>> texts = ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 10
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(texts)), 2)
    >>> topics.shares.round(2).iloc[[0, 39]]
    topic  topic 1  topic 2
    0         0.96     0.04
    39        0.04     0.96
    """
    k = _number(k, engine)
    taken = canonical(counts)
    _check(taken.matrix, k)
    _warn(taken.matrix, k)
    with threadpool_limits(1):  # threads would add floats up in another order
        words, shares = _fit(engine)(taken.matrix, k, seed)
    return labelled(words, shares, counts, taken)


def top_words(topics: Topics, *, n: int = 10, stability: pd.DataFrame | None = None) -> pd.DataFrame:
    """The ``n`` most likely words of each topic: ``topic, rank, term, weight``; ties go by the alphabet.

    With the table of ``topic_stability`` there is ``stable``, too: whether other samples repeat the topic.

    >>> words = pd.DataFrame([[0.7, 0.3]], index=["topic 1"], columns=["gas", "oil"])
    >>> top_words(Topics(words, pd.DataFrame({"topic 1": [1.0]})), n=1)
         topic  rank term  weight
    0  topic 1     1  gas     0.7
    """
    words = topics.words
    table = ranked(words.to_numpy(), words.index, words.columns, n=n, label="topic")
    return with_stability(table, stability)


def _number(k: int, engine: str) -> int:
    """``k`` as a plain integer, after a look at it and at ``engine``."""
    if engine not in ENGINES:
        raise ValueError(f"engine={engine!r}: choose 'warm', 'sklearn', 'gensim' or 'tomotopy'.")
    if isinstance(k, (bool, np.bool_)) or not hasattr(k, "__index__"):
        raise TypeError(f"k={k!r}: the number of topics is a whole number, such as 20.")
    if k < 2:
        raise ValueError(f"k={k}: one topic tells nothing apart. Ask for 2 or more.")
    return operator.index(k)


def _check(matrix: Any, k: int) -> None:
    documents, terms = matrix.shape
    if not terms:
        raise ValueError("counts: not one term in any document. Lower min_df or raise max_df in count_terms.")
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


def _fit(engine: str) -> Callable[[Any, int, int], tuple[Floats, Floats]]:
    """The engine as a function of a matrix, ``k`` and a seed."""
    if engine == "warm":
        return _warm
    from analysis.topics import engines

    fit: Callable[[Any, int, int], tuple[Floats, Floats]] = getattr(engines, engine)
    return fit


def _warm(matrix: Any, k: int, _: int) -> tuple[Floats, Floats]:
    from analysis.topics.inference import inferred
    from analysis.topics.warm import warm

    words = warm(matrix, k)
    return words, inferred(words, matrix)


def fit_words(counts: Counts, k: int, *, seed: int, engine: Engine) -> pd.DataFrame:
    """The topics × terms of ``fit_topics`` in no set order, unwarned: a sample whose shares nobody asks for.

    The shares are a third of the warm engine's time.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        if engine != "warm":
            return fit_topics(counts, k, seed=seed, engine=engine).words
        from analysis.topics.warm import warm

        taken = canonical(counts)
        _check(taken.matrix, k)
        with threadpool_limits(1):
            return pd.DataFrame(warm(taken.matrix, k), columns=counts.terms[taken.columns])


def labelled(words: Floats, shares: Floats, counts: Counts, taken: Canonical) -> Topics:
    """Topics numbered by falling share, documents and terms back in the order of ``counts``."""
    # Shares that tie but for noise in the last digits go by their likeliest word, on every machine.
    order = np.lexsort((words.argmax(axis=1), -shares.mean(axis=0).round(6)))
    names = _names(len(words))
    by_row, by_column = np.argsort(taken.rows), np.argsort(taken.columns)
    docs = counts.docs[taken.rows[by_row]]
    table = pd.DataFrame(shares[np.ix_(by_row, order)], index=docs, columns=names)
    table.attrs["left_out"] = counts.docs.delete(taken.rows).tolist()
    spoken = counts.terms[taken.columns[by_column]].rename("term")
    return Topics(pd.DataFrame(words[np.ix_(order, by_column)], index=names, columns=spoken), table)


def _names(k: int) -> "pd.Index[str]":
    return pd.Index([f"topic {number:0{len(str(k))}}" for number in range(1, k + 1)], name="topic")
