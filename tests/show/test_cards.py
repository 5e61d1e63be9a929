"""Cards: words, passages and outlets of a topic, and what is marked unstable."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.topics.stability import Stability
from tests.data import refused

# Small on purpose: fit_topics says so.
pytestmark = pytest.mark.filterwarnings("ignore:.* are too (few|short) for .* topics:UserWarning")

TEXTS = ["Gas and oil prices rose. It rained."] * 30 + ["The army moved its new tanks. Gas was dear."] * 20
ARTICLES = pd.DataFrame(
    {
        "doc_id": [f"d{at:02}" for at in range(50)],
        "outlet": ["AP", "BBC"] * 24 + ["AP", "DW"],
        "text": TEXTS,
        "story_id": ["d00", "d00", *(f"d{at:02}" for at in range(2, 50))],
    }
)


@pytest.fixture
def topics():
    return an.fit_topics(an.count_terms(an.tokenize(ARTICLES)), 2)


def test_passages_are_of_other_stories_and_lead_back(topics):
    found = an.topic_passages(topics, ARTICLES, n=2)
    assert found["label"].tolist() == ["topic 1"] * 2 + ["topic 2"] * 2
    assert found["rank"].tolist() == [1, 2, 1, 2]
    assert found["text"].tolist() == ["Gas and oil prices rose."] * 2 + ["The army moved its new tanks."] * 2
    assert found["doc_id"].tolist() == ["d00", "d02", "d30", "d31"]
    assert found["outlet"].tolist() == ["AP", "AP", "AP", "BBC"]
    # Of "gas oil prices rose" nearly all, of four words and ten silent ones.
    assert found["weight"].iloc[0] == pytest.approx(4 / 14, abs=0.02)


def test_passages_that_were_documents():
    parts = an.passages(ARTICLES, about=None)
    topics = an.fit_topics(an.count_terms(an.tokenize(parts)), 2)
    found = an.topic_passages(topics, ARTICLES, passages=parts, n=1)
    assert set(found["passage_id"]) <= set(parts["passage_id"])
    cards = an.topic_cards(topics, ARTICLES, passages=parts).table
    np.testing.assert_allclose(cards["share"].sum(), 1)


def test_a_card_says_words_passage_and_outlets(topics):
    cards = an.topic_cards(topics, ARTICLES, n=2).table.set_index("label")
    assert cards.columns.tolist() == ["share", "words", "own_words", "passage", "outlets"]
    assert cards.loc["topic 2", "passage"] == "The army moved its new tanks. (AP, d30)"
    own = cards.loc["topic 1", "own_words"].split(", ")
    assert "gas" not in own
    assert re.search(r"DW \d+\xa0% \(one story\)", cards.loc["topic 2", "outlets"])
    assert re.search(r"AP \d+\xa0% \[\d+, \d+\]", cards.loc["topic 2", "outlets"])


def marks(topics, stable):
    table = pd.DataFrame({"label": topics.words.index[: len(stable)], "stable": stable})
    return Stability(table, {}, "stories", ())


def test_unstable_topics_are_marked(topics):
    stability = marks(topics, [True, False])
    cards = an.topic_cards(topics, ARTICLES, stability=stability)
    assert cards.table["stable"].tolist() == [True, False]
    ax = an.plot(cards)
    names = [face.get_title("left").split(" · ") for face in ax.child_axes]
    assert [name[2:] for name in names] == [[], ["unstable"]]
    bars = an.plot(topics, stability=stability)
    assert [tick.get_text() for tick in bars.get_yticklabels()] == ["topic 1", "topic 2 · unstable"]
    assert bars.patches[1].get_facecolor() == (1, 1, 1, 1)
    with pytest.raises(ValueError, match=r"^stability: topic 'topic 2' is missing\. Found: topic 1\."):
        an.plot(topics, stability=marks(topics, [True]))


def test_cards_of_keyword_topics_carry_their_caution(topics):
    cards = an.topic_cards(dataclasses.replace(topics, caution="Not frames."), ARTICLES)
    assert an.plot(cards).figure.get_supxlabel().endswith("Not frames.")


def test_only_some_cards(topics):
    ax = an.plot(an.topic_cards(topics, ARTICLES), only=["topic 2"])
    assert [face.get_title("left")[:7] for face in ax.child_axes] == ["topic 2"]
    outlets = ax.child_axes[0].child_axes[0]
    assert {tick.get_text() for tick in outlets.get_yticklabels()} == {"AP", "BBC", "DW"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"articles": ARTICLES.drop(columns="text")},
            "articles: column 'text' is missing. Found: doc_id, outlet, story_id.",
        ),
        (
            {"passages": pd.DataFrame({"passage_id": ["x:0"], "doc_id": ["x"], "text": ["x"]})},
            "passages: none is from a document of these topics. Give the table that was counted.",
        ),
    ],
)
def test_passages_refuse(topics, change, message):
    with refused(message):
        an.topic_passages(topics, **({"articles": ARTICLES} | change))
