"""Keywords pull topics to them, and the result says that these are not measured frames."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.engines import CAUTION
from tests.data import refused
from tests.topics.corpora import planted

# Small on purpose: fit_topics warns.
pytestmark = pytest.mark.filterwarnings("ignore:.* are too (few|short) for .* topics:UserWarning")
BLUR = {"k": 4, "terms": 120, "documents": 200, "seed": 2}


def test_keywords_find_their_planted_topics():
    counts, words, mixes = planted(**BLUR)
    keywords = {
        name: counts.terms[np.argsort(-words[at])[:3]].tolist() for name, at in (("third", 2), ("first", 0))
    }
    topics = an.fit_topics(counts, 4, keywords=keywords)
    assert (
        topics.shares.columns.tolist() == topics.words.index.tolist() == ["third", "first", "topic 1", "topic 2"]
    )
    for name, at in (("third", 2), ("first", 0)):
        assert np.corrcoef(topics.shares[name], mixes[:, at])[0, 1] > 0.97
    np.testing.assert_allclose(topics.shares.sum(axis=1), 1)
    np.testing.assert_allclose(topics.words.sum(axis=1), 1)
    assert topics.shares["topic 1"].mean() >= topics.shares["topic 2"].mean()


def test_order_of_rows_changes_nothing():
    counts, words, _ = planted(**BLUR)
    keywords = {"a": counts.terms[np.argsort(-words[0])[:3]].tolist()}
    turn = np.random.default_rng(0).permutation(len(counts.docs))
    one = an.fit_topics(counts, 4, keywords=keywords)
    other = an.fit_topics(Counts(counts.matrix[turn], counts.docs[turn], counts.terms), 4, keywords=keywords)
    pd.testing.assert_frame_equal(one.words, other.words, check_exact=True)
    pd.testing.assert_frame_equal(one.shares, other.shares.loc[counts.docs], check_exact=True)


TEXTS = ["joint drill of navies " * 5, "trade and bank loans " * 5, "friends and friendly ties " * 5] * 4


def test_patterns_are_resolved_against_the_terms():
    counts = an.count_terms(an.tokenize(TEXTS), ngrams=2)
    keywords = {"alliance": ["joint drill*", "friend*", "stand … together"], "economy": ["(trade|bank)", "tariff"]}
    found = an.fit_topics(counts, 3, keywords=keywords)
    # A star ends with the word: "friend*" is not "friendly ties".
    assert found.keywords == {"alliance": ("friendly", "friends", "joint drill"), "economy": ("bank", "trade")}
    assert found.unused == ("stand … together", "tariff")
    assert found.caution == found.transform(counts).caution == CAUTION


def test_a_lexicon_gives_a_topic_for_each_frame():
    text = "allies friendship trade bank investment rival dispute suspicion rain snow " * 3
    counts = an.count_terms(an.tokenize([text] * 8))
    topics = an.fit_topics(counts, 4, keywords=an.read_lexicon("russia-china"))
    assert topics.shares.columns.tolist() == ["alliance", "pragmatism", "economy", "topic 1"]
    ax = an.plot(topics)
    assert CAUTION in " ".join(ax.figure.get_supxlabel().split())


@pytest.mark.parametrize(
    ("keywords", "k", "message"),
    [
        (
            {"economy": ["tariff*"]},
            3,
            "keywords: no keyword of 'economy' is among the 9 terms of counts. Use single words, lower min_df, or "
            "count runs of words with ngrams=2.",
        ),
        (
            {"economy": ["trade"], "alliance": ["ties"], "arms": ["drill"]},
            2,
            "k: 2 topics are too few for 3 frames. Ask for more: texts have other subjects, too.",
        ),
        (
            {"every": ["*"]},
            3,
            "keywords: they include all 9 terms of counts, which leaves no word for other topics. Ask for k=1, or "
            "count more words.",
        ),
        ({}, 3, "keywords: no frame is given. Give {'economy': ['trade', 'bank*']}, or leave it out."),
    ],
)
def test_refusals(keywords, k, message):
    with refused(message):
        an.fit_topics(an.count_terms(an.tokenize(TEXTS)), k, keywords=keywords)


def test_keyword_topics_are_fitted_again_with_their_keywords():
    counts, words, _ = planted(**BLUR)
    keywords = {"a": counts.terms[np.argsort(-words[0])[:3]].tolist()}
    stability = an.topic_stability(an.fit_topics(counts, 4, keywords=keywords), counts, draws=2)
    assert stability.table["label"].tolist() == ["a", "topic 1", "topic 2", "topic 3"]
    assert stability.table["stable"].all()


def test_names_are_carried_to_the_keywords():
    topics = an.fit_topics(an.count_terms(an.tokenize(TEXTS)), 3, keywords={"economy": ["trade"]})
    named = topics.named({"economy": "trade"})
    assert named.keywords == {"trade": ("trade",)}
    assert named.shares.columns.name == topics.shares.columns.name  # by which a bare table brings its caution
