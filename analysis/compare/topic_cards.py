"""Topic cards: the words, a passage and the outlets of each topic, to read before naming a topic."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.compare.estimates import compare_outlets
from analysis.compare.inference import Inference
from analysis.corpus.stories import article_rows, document_stories
from analysis.numbers import with_interval
from analysis.topics.reading import top_words, topic_passages
from analysis.topics.result import Topics
from analysis.topics.stability import Stability, with_stability


@dataclass(frozen=True, eq=False)
class TopicCards:
    """What to read before naming a topic.

    Attributes
    ----------
    table : DataFrame
        One row per topic: ``label``, its mean ``share`` of a document (each story counts once), the likeliest
        ``words``, ``own_words`` with the highest FREX score, the clearest ``passage`` and its source, the three
        ``outlets`` with the largest shares and their intervals; with a stability also ``stable``.
    estimates : DataFrame
        The share of each topic in each outlet, as ``compare_outlets`` returns it.
    caution : str
        The caution of keyword topics; empty for others.
    """

    table: pd.DataFrame
    estimates: pd.DataFrame
    caution: str = ""


def topic_cards(
    topics: Topics, articles: pd.DataFrame, *, passages: pd.DataFrame | None = None,
    stability: Stability | None = None, n: int = 8, how: Inference | None = None,
) -> TopicCards:  # fmt: skip
    """Card of each topic: its share, words, clearest passage and outlets.

    Parameters
    ----------
    topics, articles, passages
        As for ``topic_passages``.
    stability : Stability, optional
    n : int
        Number of words.
    how : Inference, optional

    Returns
    -------
    TopicCards
        ``table`` with a row per topic, and the ``estimates`` of its share in each outlet.

    Examples
    --------
    >>> import analysis as an
    >>> texts = ["Gas and oil prices rose. " * 3] * 30 + ["The army moved tanks. " * 4] * 20
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(50)], "outlet": "AP", "text": texts})
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(articles)), 2)
    >>> an.topic_cards(topics, articles, n=2).table[["label", "words", "passage"]]
         label        words                             passage
    0  topic 1     gas, oil  Gas and oil prices rose. (AP, d00)
    1  topic 2  army, moved     The army moved tanks. (AP, d30)
    """
    documents = document_stories(topics.shares.index, articles)
    best = topic_passages(topics, articles, passages=passages, n=1).set_index("label")
    shown = [f"{row.text} ({row.outlet}, {row.doc_id})" for row in best.itertuples()]
    names = article_rows(topics.shares.index, articles)["doc_id"].to_numpy()
    by_article = replace(topics, shares=topics.shares.groupby(pd.Index(names, name="doc_id")).mean())
    estimates = compare_outlets(by_article, articles, how=how)
    table = pd.DataFrame({
        "label": topics.words.index,
        "share": np.average(topics.shares.to_numpy(), axis=0, weights=documents["weight"].to_numpy()),
        "words": _lines(top_words(topics, n=n), topics),
        "own_words": _lines(top_words(topics, n=n, by="frex"), topics),
        "passage": pd.Series(shown, best.index, dtype="str").reindex(topics.words.index).to_numpy(),
        "outlets": [_leading(estimates, str(topic)) for topic in topics.words.index],
    })  # fmt: skip
    return TopicCards(with_stability(table, stability), estimates, topics.caution)


def _lines(ranked: pd.DataFrame, topics: Topics) -> list[str]:
    words = ranked.groupby("label", sort=False)["term"].agg(lambda terms: ", ".join(map(str, terms)))
    return [str(line) for line in words.reindex(topics.words.index).fillna("")]


def _leading(estimates: pd.DataFrame, topic: str) -> str:
    rows = estimates[estimates["label"] == topic].sort_values(["share", "outlet"], ascending=[False, True]).head(3)
    shares = map(with_interval, rows["share"], rows["low"], rows["high"])
    alone = np.where(rows["n_stories"] < 2, " (one story)", "")
    return "; ".join(map("{} {}{}".format, rows["outlet"], shares, alone))
