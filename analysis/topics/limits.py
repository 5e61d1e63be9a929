"""Limits: what may be concluded from these topics of these articles, and what not."""

import numpy as np
import pandas as pd

from analysis.text.terms import Counts
from analysis.topics.fit import FEW_DOCUMENTS, FEW_WORDS, Topics
from analysis.topics.marks import stable
from analysis.topics.stability import FEW_STORIES
from analysis.topics.stories import told_by

READING = "The topics order what these texts say."
OTHERS = "Other news of the kind has these topics."
OUTLETS = "Outlets differ in these topics."
SURE = "A document's shares are known."
EACH = "Every topic is there."
FRAMES = "A topic is a frame."


def topic_limits(
    topics: Topics, counts: Counts, articles: pd.DataFrame, *, stability: pd.DataFrame | None = None
) -> pd.DataFrame:
    """What may be concluded, one claim a row: ``conclusion, allowed, because``.

    Five articles can be modelled, as passages, but they remain five: what holds of their words holds of no
    other news. The table says so in words, from the numbers of stories, outlets, documents and words, and from
    ``stability`` if it is given.

    Args:
        topics: what ``fit_topics`` returns.
        counts: what it was fitted to.
        articles: ``doc_id, outlet`` and, from ``mark_copies``, ``story_id``.
        stability: what ``topic_stability`` returns.

    Raises:
        ValueError: a document is not in ``articles``.

    >>> import analysis as an
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(60)], "outlet": ["AP", "BBC"] * 30,
    ...     "text": ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 30})
    >>> counts = an.count_terms(an.tokenize(articles))
    >>> an.topic_limits(an.fit_topics(counts, 2), counts, articles)["allowed"].tolist()
    [True, True, True, True, False, False]
    """
    told = told_by(topics.shares.index, articles)
    rows = [
        (READING, True, f"{len(topics.shares):,} documents of {told['story'].nunique():,} stories were fitted."),
        (OTHERS, *_others(told)),
        (OUTLETS, *_outlets(told)),
        (SURE, *_shares(topics, counts)),
        (EACH, *_each(topics, stability)),
        (
            FRAMES,
            False,
            "Topics are what is told of, frames how: only hand coding can show that one follows the other.",
        ),
    ]
    return pd.DataFrame(rows, columns=["conclusion", "allowed", "because"])


def _others(told: pd.DataFrame) -> tuple[bool, str]:
    n = told["story"].nunique()
    if n < FEW_STORIES:
        return False, f"{_number(n, 'story', 'stories')} stand for no others; {FEW_STORIES} are the least."
    return True, f"{n:,} stories were fitted, if they were drawn without regard to what they say."


def _outlets(told: pd.DataFrame) -> tuple[bool, str]:
    stories = told.groupby("outlet")["story"].nunique()
    if len(stories) < 2:
        return False, "There is only one outlet."
    single = stories.index[stories < 2].tolist()
    if single:
        return False, f"One story of an outlet is no sample of it: {', '.join(single)}."
    return True, "Every outlet has two stories or more; the intervals of compare_outlets say how surely."


def _shares(topics: Topics, counts: Counts) -> tuple[bool, str]:
    documents, k = topics.shares.shape
    words = int(np.median(np.asarray(counts.matrix.sum(axis=1)).ravel())) if counts.matrix.shape[0] else 0
    if words < FEW_WORDS:
        return False, f"A document has {words} counted words in the median; {FEW_WORDS} are the least."
    if documents < FEW_DOCUMENTS * k:
        return False, f"{documents} documents are few for {k} topics; {FEW_DOCUMENTS * k} are the least."
    return (
        True,
        f"{documents:,} documents with {words} counted words in the median; topic_prevalence carries the doubt.",
    )


def _each(topics: Topics, stability: pd.DataFrame | None) -> tuple[bool, str]:
    if stability is None:
        return False, "Whether they come back was not asked; see topic_stability."
    shaky = topics.words.index[~stable(topics.words.index, stability)].astype("str").tolist()
    if shaky:
        return False, f"Other samples did not repeat {', '.join(shaky)}."
    return True, f"All came back in other runs ({stability.attrs.get('over', 'seeds')})."


def _number(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
