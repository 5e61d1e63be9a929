"""Examples: the passages in which each topic speaks most clearly."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.passages import passages as cut
from analysis.text.tokens import Tokens, tokenize
from analysis.topics.fit import Topics
from analysis.topics.stories import articles_of, told_by

Floats = npt.NDArray[np.float64]

COLUMNS = ["topic", "rank", "passage_id", "doc_id", "outlet", "text", "weight"]
# Stories with most of a topic, in which its passages are looked for.
STORIES = 20
# A short sentence may be all of one topic by accident: it is read as if so many words of none stood beside it.
SILENT = 10


def topic_passages(
    topics: Topics, articles: pd.DataFrame, *, passages: pd.DataFrame | None = None, n: int = 3
) -> pd.DataFrame:
    """The ``n`` passages that show each topic best: ``topic, rank, passage_id, doc_id, outlet, text, weight``.

    ``weight`` is the part of a passage's words that the topic is likely to have said, given the mixture of its
    document (with ten silent words added, so that length counts). Each passage is from another story, and from
    one of the twenty stories with most of the topic.

    Args:
        topics: what ``fit_topics`` returns.
        articles: ``doc_id, outlet, text`` of what was counted, or of what its passages were cut from.
        passages: what to choose from; by default the sentences of ``articles``. Give them where they were the
            documents and no sentences.
        n: how many passages a topic.

    Raises:
        ValueError: a document is not in ``articles``, a column is missing, or no passage is of these documents.

    >>> import analysis as an
    >>> texts = ["Gas and oil prices rose. " * 3] * 30 + ["The army moved tanks. " * 4] * 20
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(50)], "outlet": "AP", "text": texts})
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(articles)), 2)
    >>> an.topic_passages(topics, articles, n=1)[["topic", "doc_id", "text"]]
         topic doc_id                      text
    0  topic 1    d00  Gas and oil prices rose.
    1  topic 2    d30     The army moved tanks.
    """
    if "text" not in articles:
        raise ValueError(f"articles: no column 'text'; there is {', '.join(map(str, articles))}.")
    told = told_by(topics.shares.index, articles)
    near = _nearest(topics, told)
    rows = articles_of(near, articles)
    chosen = cut(_once(rows), about=None) if passages is None else passages
    document = chosen["passage_id"].where(chosen["passage_id"].isin(near), chosen["doc_id"])
    kept = document.isin(near).to_numpy()
    if not kept.any():
        raise ValueError("passages: none is of the documents of the topics. Give the table that was counted.")
    chosen, document = chosen[kept].reset_index(drop=True), document[kept].reset_index(drop=True)
    weights = _spoken(topics, tokenize(chosen), topics.shares.loc[document].to_numpy())
    table = chosen[["passage_id", "doc_id", "text"]].assign(
        story=told.loc[document, "story"].to_numpy(), outlet=told.loc[document, "outlet"].to_numpy()
    )
    parts = [
        _first(table.assign(weight=weights[:, at]), n).assign(topic=topic)
        for at, topic in enumerate(topics.words.index)
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop_duplicates("doc_id").reset_index(drop=True)


def _nearest(topics: Topics, told: pd.DataFrame) -> "pd.Index[Any]":
    """Documents of the stories with most of some topic."""
    by_story = topics.shares.groupby(told["story"]).max()
    falling = [by_story[topic].sort_values(ascending=False, kind="stable").index for topic in by_story]
    firsts = {story for stories in falling for story in stories[:STORIES]}
    return topics.shares.index[told["story"].isin(firsts).to_numpy()]


def _spoken(topics: Topics, tokens: Tokens, mixtures: Floats) -> Floats:
    """Part of the words of each text that each topic is likely to have said, texts × topics."""
    column = topics.words.columns.get_indexer(pd.Index(tokens.vocabulary))[tokens.codes]
    text, words = tokens.text[column >= 0], topics.words.to_numpy().T[column[column >= 0]]
    said = words * mixtures[text]
    said /= said.sum(axis=1, keepdims=True)
    mass = np.zeros((len(tokens.docs), words.shape[1]))
    np.add.at(mass, text, said)
    return np.asarray(mass / (np.bincount(text, minlength=len(mass)) + SILENT)[:, None])


def _first(table: pd.DataFrame, n: int) -> pd.DataFrame:
    # Rounded, so that reprints tie on every machine and go by name.
    order = table.assign(weight=table["weight"].round(9)).sort_values(
        ["weight", "passage_id"], ascending=[False, True], kind="stable"
    )
    first = order.drop_duplicates("story").head(n)
    return first.assign(rank=np.arange(1, len(first) + 1))
