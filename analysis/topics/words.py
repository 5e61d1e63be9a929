"""FREX: words that are both frequent in a topic and its own."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from analysis.text.terms import ranked
from analysis.topics.fit import Topics

Floats = npt.NDArray[np.float64]

# Exclusivity and frequency weigh the same, as in the R package stm.
EVEN = 0.5


def frex_words(topics: Topics, *, n: int = 10, weight: float = EVEN) -> pd.DataFrame:
    """The ``n`` words of each topic with the highest FREX score: ``topic, rank, term, weight``.

    FREX (Bischof & Airoldi 2012) is the harmonic mean of two ranks of a word within its topic, each from near 0
    to 1: how exclusive to the topic it is, and how frequent. Likely words name what a topic shares with the
    corpus; FREX words, what sets it apart. Ties go by the alphabet.

    Args:
        topics: what ``fit_topics`` returns.
        n: how many words a topic.
        weight: of exclusivity, against frequency, from 0 to 1.

    Raises:
        ValueError: ``weight`` outside 0 to 1.

    >>> words = pd.DataFrame([[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]], ["topic 1", "topic 2"], ["said", "gas", "army"])
    >>> frex_words(Topics(words, pd.DataFrame()), n=1).round(2)
         topic  rank  term  weight
    0  topic 1     1   gas     0.8
    1  topic 2     1  army     0.8
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"weight={weight}: the weight of exclusivity lies between 0 and 1.")
    words = topics.words
    return ranked(frex(words.to_numpy(), weight), words.index, words.columns, n=n, label="topic")


def frex(words: Floats, weight: float = EVEN) -> Floats:
    """The FREX score of every word in every topic, topics × terms."""
    exclusive = _ranks(_part(words))
    frequent = _ranks(words)
    scores: Floats = 1 / (weight / exclusive + (1 - weight) / frequent)
    return scores


def _part(words: Floats) -> Floats:
    """The topic's part in each word, were all topics equally frequent."""
    total = words.sum(axis=0)
    part: Floats = np.divide(words, total, out=np.zeros_like(words), where=total > 0)
    return part


def _ranks(values: Floats) -> Floats:
    """Share of the topic's words that lie no higher: the empirical distribution function."""
    # Rounded, so that words which tie but for noise in the last digits tie on every machine.
    ranks: Floats = rankdata(values.round(12), method="max", axis=1) / values.shape[1]
    return ranks


def topic_places(words: pd.DataFrame) -> pd.DataFrame:
    """Each topic as a point, ``x`` and ``y``: topics with similar words lie close together.

    The distance of two topics is the root of the Jensen-Shannon divergence of their words (Endres & Schindelin
    2003), laid out by classical scaling (Torgerson 1952), as in LDAvis (Sievert & Shirley 2014). The topic
    farthest from the middle on an axis has a positive value there, so that no sign is left to chance.

    >>> words = pd.DataFrame([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> topic_places(words)["x"].round(2).tolist()
    [-0.28, -0.28, 0.56]
    """
    rows = words.to_numpy(float)
    rows = rows / rows.sum(axis=1, keepdims=True)
    square = np.array([[_divergence(p, q) for q in rows] for p in rows])
    centre = np.eye(len(rows)) - 1 / len(rows)
    values, vectors = np.linalg.eigh(-centre @ square @ centre / 2)
    plane = np.zeros((len(rows), 2))
    kept = np.argsort(-values)[:2]
    plane[:, : len(kept)] = vectors[:, kept] * np.sqrt(np.maximum(values[kept], 0))
    far = np.abs(plane.round(9)).argmax(axis=0)
    signs = np.where(plane[far, np.arange(2)] < 0, -1.0, 1.0)
    return pd.DataFrame(plane * signs, index=words.index, columns=["x", "y"])


def _divergence(p: Floats, q: Floats) -> float:
    """Jensen and Shannon's divergence, in nats."""
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [np.where(one > 0, one * np.log(one / middle), 0.0).sum() for one in (p, q)]
    return float(max(0.0, sum(parts) / 2))
