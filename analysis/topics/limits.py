"""Limits: what these topics of these articles allow to conclude, and what not."""

import numpy as np
import pandas as pd

from analysis.corpus.stories import document_stories
from analysis.text.terms import Counts
from analysis.topics.fit import FEW_DOCUMENTS, FEW_WORDS
from analysis.topics.result import Topics
from analysis.topics.stability import FEW_STORIES, Stability, too_few

FITTED = "{:,} stories were fitted, if they were chosen regardless of what they say."
NEVER = "A topic is what is reported; a frame is how. Only hand coding can show whether a topic tracks a frame."


def topic_limits(
    topics: Topics, counts: Counts, articles: pd.DataFrame, *, stability: Stability | None = None
) -> pd.DataFrame:
    """What may be concluded, one claim a row: ``conclusion, allowed, because``.

    Five articles can be modelled, as passages, but remain five: what holds of their words holds of no other news.
    The reasons come from the numbers of stories, outlets, documents and words, and from `stability`.

    Parameters
    ----------
    topics, counts
        As returned by ``fit_topics``, and the counts that they were fitted to.
    articles : DataFrame
        ``doc_id, outlet`` and, from ``mark_copies``, ``story_id``.
    stability : Stability, optional
        As returned by ``topic_stability``.

    Raises
    ------
    ValueError
        If a document is not in `articles`.

    Examples
    --------
    >>> import analysis as an
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(60)], "outlet": ["AP", "BBC"] * 30,
    ...     "text": ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 30})
    >>> counts = an.count_terms(an.tokenize(articles))
    >>> an.topic_limits(an.fit_topics(counts, 2), counts, articles)["allowed"].tolist()
    [True, True, True, True, False, False]
    """
    sources = document_stories(topics.shares.index, articles)
    stories = sources["story"].nunique()
    others = too_few(stories) if stories < FEW_STORIES else FITTED.format(stories)
    rows = [
        (
            "The topics sort what these texts say.",
            True,
            f"{len(topics.shares):,} documents of {stories:,} stories were fitted.",
        ),
        ("Other news of the kind has these topics.", stories >= FEW_STORIES, others),
        ("Outlets differ in these topics.", *_outlets(sources)),
        ("The shares of a document are known.", *_shares(topics, counts)),
        ("Every topic exists.", *_each(topics, stability)),
        ("A topic is a frame.", False, NEVER),
    ]
    return pd.DataFrame(rows, columns=["conclusion", "allowed", "because"])


def _outlets(sources: pd.DataFrame) -> tuple[bool, str]:
    stories = sources.groupby("outlet")["story"].nunique()
    if len(stories) < 2:
        return False, "There is only one outlet."
    single = stories.index[stories < 2].tolist()
    if single:
        return False, f"One story cannot represent an outlet: {', '.join(single)}."
    return True, "Every outlet has two stories or more; the intervals of compare_outlets show how surely."


def _shares(topics: Topics, counts: Counts) -> tuple[bool, str]:
    documents, k = topics.shares.shape
    words = int(np.median(counts.matrix.sum(axis=1))) if counts.matrix.shape[0] else 0
    if words < FEW_WORDS:
        return False, f"The median document has {words} counted words; at least {FEW_WORDS} are needed."
    if documents < FEW_DOCUMENTS * k:
        return False, f"{documents} documents are too few for {k} topics; {FEW_DOCUMENTS * k} are needed."
    counted = f"{documents:,} documents with a median of {words} counted words"
    return True, f"{counted}; topic_prevalence takes the rest of the uncertainty into account."


def _each(topics: Topics, stability: Stability | None) -> tuple[bool, str]:
    if stability is None:
        return False, "It is unknown whether they come back: see topic_stability."
    shaky = topics.words.index[~stability.stable(topics.words.index)].astype("str").tolist()
    if shaky:
        return False, f"Other runs did not repeat {', '.join(shaky)}."
    return True, f"All came back when {stability.over} varied."
