"""Keywords pull topics to them, and the shares say that they are no frames."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.seeded import CAUTION


def planted(k=4, terms=120, documents=200, length=60):
    rng = np.random.default_rng(2)
    words = rng.dirichlet(np.full(terms, 0.05), k)
    mixes = rng.dirichlet(np.full(k, 0.15), documents)
    matrix = sparse.csr_array(np.vstack([rng.multinomial(length, mix @ words) for mix in mixes]))
    docs = pd.Index([f"d{number:03}" for number in range(documents)], name="doc_id")
    return Counts(matrix, docs, pd.Index([f"w{number:03}" for number in range(terms)])), words, mixes


def test_keywords_find_their_planted_topics():
    counts, words, mixes = planted()
    keywords = {
        name: counts.terms[np.argsort(-words[at])[:3]].tolist() for name, at in (("third", 2), ("first", 0))
    }
    topics = an.fit_seeded_topics(counts, keywords, k_extra=2)
    assert (
        topics.shares.columns.tolist() == topics.words.index.tolist() == ["third", "first", "topic 1", "topic 2"]
    )
    for name, at in (("third", 2), ("first", 0)):
        assert np.corrcoef(topics.shares[name], mixes[:, at])[0, 1] > 0.97
    np.testing.assert_allclose(topics.shares.sum(axis=1), 1)
    np.testing.assert_allclose(topics.words.sum(axis=1), 1)
    assert topics.shares["topic 1"].mean() >= topics.shares["topic 2"].mean()


def test_order_of_rows_changes_nothing():
    counts, words, _ = planted()
    keywords = {"a": counts.terms[np.argsort(-words[0])[:3]].tolist()}
    turn = np.random.default_rng(0).permutation(len(counts.docs))
    one = an.fit_seeded_topics(counts, keywords, k_extra=3)
    other = an.fit_seeded_topics(Counts(counts.matrix[turn], counts.docs[turn], counts.terms), keywords, k_extra=3)
    pd.testing.assert_frame_equal(one.words, other.words, check_exact=True)
    pd.testing.assert_frame_equal(one.shares, other.shares.loc[counts.docs], check_exact=True)


TEXTS = ["joint drill of navies " * 5, "trade and bank loans " * 5, "friends and friendly ties " * 5] * 4


def test_patterns_are_resolved_against_the_terms():
    counts = an.count_terms(an.tokenize(TEXTS), ngrams=2)
    keywords = {"alliance": ["joint drill*", "friend*", "stand … together"], "economy": ["(trade|bank)", "tariff"]}
    found = an.fit_seeded_topics(counts, keywords, k_extra=1).shares.attrs
    # A star ends with the word: "friend*" is not "friendly ties".
    assert found["keywords"] == {"alliance": ["friendly", "friends", "joint drill"], "economy": ["bank", "trade"]}
    assert found["unused"] == ["stand … together", "tariff"]
    assert found["caution"] == CAUTION


def test_a_lexicon_gives_a_topic_for_each_frame():
    text = "allies friendship trade bank investment rival dispute suspicion rain snow " * 3
    counts = an.count_terms(an.tokenize([text] * 8))
    topics = an.fit_seeded_topics(counts, an.load_lexicon(), k_extra=1)
    assert topics.shares.columns.tolist() == ["alliance", "pragmatism", "economy", "topic 1"]
    ax = an.plot(SimpleNamespace(words=topics.words, shares=topics.shares))
    assert CAUTION in " ".join(ax.figure.get_supxlabel().split())


@pytest.mark.parametrize(
    ("keywords", "more", "message"),
    [
        (
            {"economy": ["tariff*"]},
            {},
            "keywords: none of 'economy' is among the 9 terms of counts. Use single words, lower min_df, or count "
            "runs of words with ngrams=2.",
        ),
        (
            {"economy": ["trade"]},
            {"k_extra": 0},
            "1 topics in all: ask for 2 up to the 12 documents and 9 terms there are.",
        ),
        (
            {"every": ["*"]},
            {},
            "keywords: they claim all 9 terms of counts, which leaves no word to begin another topic with. "
            "Ask for k_extra=0, or count more words.",
        ),
        ({"economy": ["trade"]}, {"strength": -1}, "strength=-1, k_extra=5: neither can be below 0."),
    ],
)
def test_refusals(keywords, more, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.fit_seeded_topics(an.count_terms(an.tokenize(TEXTS)), keywords, **more)
