"""Quality: whether a topic's words keep company, are its own, and come from more than one hand."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.terms import Counts
from analysis.text.tokens import Tokens
from analysis.topics.coherence import (
    CV_WINDOW,
    NPMI_WINDOW,
    c_v,
    npmi,
    together_in_documents,
    together_in_windows,
)
from analysis.topics.fit import Topics
from analysis.topics.marks import with_stability
from analysis.topics.stories import told_by
from analysis.topics.words import frex

Floats = npt.NDArray[np.float64]

# The customary number of words shown, and judged, a topic.
TOP = 10

ONE_OUTLET, ONE_STORY = "one outlet's", "one story's"
# From here on all others together hold less than half of what the first holds.
ALONE = 2 / 3


def topic_quality(
    topics: Topics,
    counts: Counts,
    *,
    articles: pd.DataFrame | None = None,
    tokens: Tokens | None = None,
    stability: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a topic: how large it is, how its words hang together, and whom it comes from.

    - ``share``: its mean share of a document.
    - ``coherence``: mean normalised pointwise mutual information (Bouma 2009) of the pairs among its ten
      likeliest words, over the documents of ``counts``: 1 if they only occur together, 0 if as often as by
      chance, -1 if never. Of the simple measures it goes best with human judgement (Lau, Newman & Baldwin
      2014).
    - ``exclusivity``: mean over these words of the topic's part in the word, were all topics equally frequent:
      1 if no other topic uses them, 1/k if all do.
    - ``documents``: effective number of documents that it comes from, the inverse Simpson index of their
      shares: near 1, a single document is the topic.
    - ``npmi``, ``c_v``: coherence in windows of 10 and 110 running words, as gensim's ``CoherenceModel``
      reports it (Röder, Both & Hinneburg 2015); over whole documents where ``tokens`` is not given, so that
      ``npmi`` is ``coherence``. ``.attrs["windows"]`` says which. Pairs that never meet count -1 in ``npmi``,
      in gensim's a little more.
    - ``frex``: mean over the ten words of the harmonic mean of their ranks in exclusivity and in frequency
      (Bischof & Airoldi 2012), from 0 to 1. See ``frex_words``.

    With ``articles`` a story that several printed weighs once in all of these, ``documents`` counts stories,
    and further columns say whether the topic is one hand's alone:

    - ``outlet``, ``outlet_share``: the outlet with the largest part in it, were all outlets equally large.
    - ``story``, ``story_share``: the story with the largest part in it.
    - ``note``: "one outlet's" or "one story's" where that part is above two thirds.

    Args:
        topics: what ``fit_topics`` returns.
        counts: what it was fitted to, or other documents counted by the same terms.
        articles: ``doc_id, outlet`` and, from ``mark_copies``, ``story_id``.
        tokens: what was counted, for coherence in windows.
        stability: what ``topic_stability`` returns; adds its column ``stable``.

    Raises:
        ValueError: a top word is not among the terms of ``counts`` or the words of ``tokens``, or a document
            is not in ``articles``.

    >>> import analysis as an
    >>> trade = "gas oil price bank loan market tariff currency pipeline export"
    >>> arms = "army navy drill missile tank jet defence soldier weapon rocket"
    >>> counts = an.count_terms(an.tokenize([trade] * 30 + [arms] * 10))
    >>> an.topic_quality(an.fit_topics(counts, 2), counts).round(1)
         topic  share  coherence  exclusivity  documents  npmi  c_v  frex
    0  topic 1    0.7        1.0          1.0       30.9   1.0  1.0   1.0
    1  topic 2    0.3        1.0          1.0       13.0   1.0  1.0   1.0
    """
    words = topics.words.to_numpy()
    top = np.argsort(-words, axis=1, kind="stable")[:, :TOP]
    spoken = [topics.words.columns[row] for row in top]
    told = None if articles is None else told_by(topics.shares.index, articles)
    counted = None if articles is None else told_by(counts.docs, articles)["weight"].to_numpy()
    met = [together_in_documents(row, counts, counted) for row in spoken]
    near, far = (met, met) if tokens is None else _windowed(spoken, tokens)
    weight = np.ones(len(topics.shares)) if told is None else told["weight"].to_numpy()
    table = pd.DataFrame(
        {
            "topic": topics.words.index,
            "share": np.average(topics.shares.to_numpy(), axis=0, weights=weight),
            "coherence": [npmi(pairs) for pairs in met],
            "exclusivity": np.take_along_axis(words / words.sum(axis=0), top, axis=1).mean(axis=1),
            "documents": _effective(topics.shares.to_numpy() if told is None else _by_story(topics, told)),
            "npmi": [npmi(pairs) for pairs in near],
            "c_v": [c_v(pairs) for pairs in far],
            "frex": np.take_along_axis(frex(words), top, axis=1).mean(axis=1),
        }
    )
    table.attrs["windows"] = "whole documents" if tokens is None else "running words"
    if told is not None:
        table = table.assign(**_hands(topics, told))
    return with_stability(table, stability)


def _windowed(spoken: "list[pd.Index[str]]", tokens: Tokens) -> tuple[list[Floats], list[Floats]]:
    near, far = (list(together_in_windows(spoken, tokens, window)) for window in (NPMI_WINDOW, CV_WINDOW))
    return near, far


def _effective(mass: Floats) -> Floats:
    """Inverse Simpson index of each column: how many equal rows would spread it as much."""
    number: Floats = mass.sum(axis=0) ** 2 / (mass**2).sum(axis=0)
    return number


def _by_story(topics: Topics, told: pd.DataFrame) -> Floats:
    masses: Floats = topics.shares.mul(told["weight"], axis=0).groupby(told["story"]).sum().to_numpy()
    return masses


def _hands(topics: Topics, told: pd.DataFrame) -> dict[str, npt.NDArray[Any]]:
    """Whom each topic comes from: the first outlet, the first story, and whether either is alone."""
    mass = topics.shares.mul(told["weight"], axis=0)
    outlets = mass.groupby(told["outlet"]).sum().div(told.groupby("outlet")["weight"].sum(), axis=0)
    outlets, stories = (part / part.sum() for part in (outlets, mass.groupby(told["story"]).sum()))
    alone = [outlets.max() > ALONE, stories.max() > ALONE]
    return {
        "outlet": outlets.idxmax().to_numpy(),
        "outlet_share": outlets.max().to_numpy(),
        "story": stories.idxmax().to_numpy(),
        "story_share": stories.max().to_numpy(),
        "note": np.select([alone[1], alone[0]], [ONE_STORY, ONE_OUTLET], ""),
    }
