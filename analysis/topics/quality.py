"""Quality: whether a topic's words keep company, are its own, and come from more than a few documents."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.terms import Counts
from analysis.topics.fit import Topics

Floats = npt.NDArray[np.float64]

# The customary number of words shown, and judged, a topic.
TOP = 10


def topic_quality(topics: Topics, counts: Counts) -> pd.DataFrame:
    """One row a topic: ``topic, share, coherence, exclusivity, documents``.

    - ``share``: its mean share of a document.
    - ``coherence``: mean normalised pointwise mutual information (Bouma 2009) of the pairs among its ten
      likeliest words, over the documents of ``counts``: 1 if they only occur together, 0 if as often as by
      chance, -1 if never. Of the simple measures it goes best with human judgement (Lau, Newman & Baldwin
      2014).
    - ``exclusivity``: mean over these words of the topic's part in the word, were all topics equally frequent
      (Bischof & Airoldi 2012): 1 if no other topic uses them, 1/k if all do.
    - ``documents``: effective number of documents that it comes from, the inverse Simpson index of their
      shares: near 1, a single document is the topic.

    Raises:
        ValueError: a top word is not among the terms of ``counts``.

    >>> import analysis as an
    >>> trade = "gas oil price bank loan market tariff currency pipeline export"
    >>> arms = "army navy drill missile tank jet defence soldier weapon rocket"
    >>> counts = an.count_terms(an.tokenize([trade] * 30 + [arms] * 10))
    >>> an.topic_quality(an.fit_topics(counts, 2), counts).round(1)
         topic  share  coherence  exclusivity  documents
    0  topic 1    0.7        1.0          1.0       30.9
    1  topic 2    0.3        1.0          1.0       13.0
    """
    words = topics.words.to_numpy()
    top = np.argsort(-words, axis=1, kind="stable")[:, :TOP]
    shares = topics.shares.to_numpy()
    return pd.DataFrame(
        {
            "topic": topics.words.index,
            "share": shares.mean(axis=0),
            "coherence": [_coherence(_together(topics.words.columns[row], counts)) for row in top],
            "exclusivity": np.take_along_axis(words / words.sum(axis=0), top, axis=1).mean(axis=1),
            "documents": shares.sum(axis=0) ** 2 / (shares**2).sum(axis=0),
        }
    )


def _together(words: "pd.Index[str]", counts: Counts) -> Floats:
    """Share of documents that hold both words, words × words; the diagonal is the share that holds one."""
    at = counts.terms.get_indexer(words)
    if (at < 0).any():
        raise ValueError(
            f"counts: no column for {words[at < 0].tolist()}. Give the counts that the topics were fitted to, "
            "or counts of other documents with the same terms."
        )
    present = (counts.matrix[:, at] > 0).astype(np.float64)
    shares: Floats = (present.T @ present).toarray() / present.shape[0]
    return shares


def _coherence(together: Floats) -> float:
    """Mean normalised pointwise mutual information over pairs of words."""
    one, other = np.triu_indices(len(together), k=1)
    both, alone = together[one, other], together.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(both / (alone[one] * alone[other])) / -np.log(both)
    # The limits: words that never meet, and words that are in every document.
    return float(np.mean(np.select([both == 0, both == 1], [-1.0, 1.0], npmi)))
