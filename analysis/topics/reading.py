"""Words and clearest passages of each topic, and the topics that are like it."""

from typing import Literal

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon

from analysis.arrays import Floats, sums
from analysis.corpus.passages import passages as cut
from analysis.corpus.stories import article_rows, document_stories
from analysis.corpus.tables import check_columns, refuse_unknown
from analysis.text.terms import ranked
from analysis.text.tokens import Tokens, tokenize
from analysis.topics.fit import Topics
from analysis.topics.stability import Stability, with_stability

EVEN = 0.5  # exclusivity and frequency weigh the same in FREX, as in the R package stm
COLUMNS = ["label", "rank", "passage_id", "doc_id", "outlet", "text", "weight"]
STORIES = 20  # with the largest shares of a topic: its passages are looked for there
NEUTRAL = 10  # words that are added to each sentence: a short one may belong to a topic by accident


def top_words(
    topics: Topics, *, n: int = 10, by: Literal["share", "frex"] = "share", exclusivity: float | None = None,
    stability: Stability | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The `n` first words of each topic.

    Parameters
    ----------
    topics : Topics
    n : int
        Number of words per topic.
    by : str
        "share": the likeliest words. "frex": words that set the topic apart, by the harmonic mean of two ranks
        within the topic, each up to 1: how exclusive a word is, and how frequent (Bischof & Airoldi 2012).
    exclusivity : float, optional
        Only with ``by="frex"``: the weight of exclusivity against frequency, from 0 to 1 (default .5).
    stability : Stability, optional
        Adds the column ``stable``: whether other samples repeat the topic.

    Returns
    -------
    DataFrame
        ``label, rank, term, weight``; ties in alphabetical order.

    Examples
    --------
    >>> words = pd.DataFrame([[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]], ["topic 1", "topic 2"], ["said", "gas", "army"])
    >>> top_words(Topics(words, pd.DataFrame()), n=1, by="frex").round(2)
         label  rank  term  weight
    0  topic 1     1   gas     0.8
    1  topic 2     1  army     0.8
    """
    refuse_unknown("by", by, "a choice", ("share", "frex"))
    if by == "share" and exclusivity is not None:
        raise ValueError(f"exclusivity: has no effect with by='share'. Found: {exclusivity!r}. Leave it out.")
    weight = EVEN if exclusivity is None else exclusivity
    if not 0 <= weight <= 1:
        raise ValueError(f"exclusivity: must lie between 0 and 1. Found: {weight}.")
    words = topics.words
    values = words.to_numpy() if by == "share" else frex(words.to_numpy(), weight)
    return with_stability(ranked(values, words.index, words.columns, n=n, label="label"), stability)


def frex(words: Floats, weight: float = EVEN) -> Floats:
    """The FREX score of every word in every topic, topics × terms."""
    total = words.sum(axis=0)
    part = np.divide(words, total, out=np.zeros_like(words), where=total > 0)  # were all topics equally frequent
    return np.asarray(1 / (weight / _ranks(part) + (1 - weight) / _ranks(words)))


def _ranks(values: Floats) -> Floats:
    """Part of the topic's words that are not higher: the empirical distribution function."""
    # Rounded, so that words that differ only in the last digits tie on every machine.
    return np.asarray(pd.DataFrame(values.round(12)).rank(axis=1, method="max", pct=True))


def topic_passages(
    topics: Topics, articles: pd.DataFrame, *, passages: pd.DataFrame | None = None, n: int = 3
) -> pd.DataFrame:
    """The `n` clearest passages of each topic, each from another story.

    ``weight`` is the expected part of a passage's words that come from the topic, given the shares of its document
    (with ten neutral words added, so that longer passages count more). Passages are of the twenty stories with the
    largest shares of the topic.

    Parameters
    ----------
    topics : Topics
    articles : DataFrame
        ``doc_id, outlet, text`` of what was counted, or of the articles whose passages were.
    passages : DataFrame, optional
        To choose from; by default sentences. Needed where the passages that were counted are not sentences.
    n : int
        Number of passages per topic.

    Returns
    -------
    DataFrame
        ``label, rank, passage_id, doc_id, outlet, text, weight``, the clearest first.

    Examples
    --------
    >>> import analysis as an
    >>> texts = ["Gas and oil prices rose. " * 3] * 30 + ["The army moved tanks. " * 4] * 20
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(50)], "outlet": "AP", "text": texts})
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(articles)), 2)
    >>> an.topic_passages(topics, articles, n=1)["text"].tolist()
    ['Gas and oil prices rose.', 'The army moved tanks.']
    """
    check_columns(articles, ["text"], where="articles")
    sources = document_stories(topics.shares.index, articles)
    by_story = topics.shares.groupby(sources["story"]).max()
    falling = [by_story[topic].sort_values(ascending=False, kind="stable").index for topic in by_story]
    firsts = {story for stories in falling for story in stories[:STORIES]}
    near = topics.shares.index[sources["story"].isin(firsts).to_numpy()]
    if passages is None:
        rows = article_rows(near, articles)
        passages = cut(rows.drop_duplicates("doc_id").reset_index(drop=True), about=None)
    document = passages["passage_id"].where(passages["passage_id"].isin(near), passages["doc_id"])
    chosen = passages.assign(document=document)[document.isin(near).to_numpy()]
    if chosen.empty:
        raise ValueError("passages: none is from a document of these topics. Give the table that was counted.")
    chosen = chosen.sort_values("passage_id", kind="stable", ignore_index=True)  # reprints are ordered by name
    of_document = sources.loc[chosen["document"], ["story", "outlet"]].reset_index(drop=True)
    table = chosen[["passage_id", "doc_id", "text"]].join(of_document)
    weights = _expected(topics, tokenize(chosen), topics.shares.loc[chosen["document"]].to_numpy())
    parts = []
    for topic, weight in zip(topics.words.index, weights.round(9).T, strict=True):  # so they tie on every machine
        ordered = table.assign(label=topic, weight=weight).sort_values("weight", ascending=False, kind="stable")
        first = ordered.drop_duplicates("story").head(n)
        parts.append(first.assign(rank=np.arange(1, len(first) + 1)))
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _expected(topics: Topics, tokens: Tokens, shares: Floats) -> Floats:
    """Expected part of the words of each text that come from each topic, texts × topics."""
    column = topics.words.columns.get_indexer(pd.Index(tokens.vocabulary))[tokens.codes]
    text, words = tokens.text_index[column >= 0], topics.words.to_numpy().T[column[column >= 0]]
    parts = words * shares[text]
    parts /= parts.sum(axis=1, keepdims=True)
    length = np.bincount(text, minlength=len(tokens.docs)) + NEUTRAL
    return np.asarray(sums(parts, text, len(length)) / length[:, None])


def topic_places(words: pd.DataFrame) -> pd.DataFrame:
    """Each topic as a point, ``x`` and ``y``: topics with similar words lie close together.

    The distance of two topics is the root of the Jensen-Shannon divergence of their words (Endres & Schindelin
    2003), laid out by classical scaling (Torgerson 1952), as in LDAvis (Sievert & Shirley 2014). The topic
    farthest from the middle on an axis has a positive value there, so that no sign is left to chance.
    """
    rows = words.to_numpy(float)
    with np.errstate(invalid="ignore"):  # what is rounded below 0 becomes NaN, and then 0
        square = np.nan_to_num([jensenshannon(row[None], rows, axis=1) for row in rows]) ** 2
    centre = np.eye(len(rows)) - 1 / len(rows)
    values, vectors = np.linalg.eigh(-centre @ square @ centre / 2)  # scikit-learn's refuses equal topics, and one
    plane = np.zeros((len(rows), 2))
    kept = np.argsort(-values)[:2]
    plane[:, : len(kept)] = vectors[:, kept] * np.sqrt(np.maximum(values[kept], 0))
    far = np.abs(plane.round(9)).argmax(axis=0)
    signs = np.where(plane[far, np.arange(2)] < 0, -1.0, 1.0)
    return pd.DataFrame(plane * signs, index=words.index, columns=["x", "y"])
