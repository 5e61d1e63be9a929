"""Coherence, exclusivity and effective documents, derived by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.fit import Topics
from analysis.topics.quality import together_in_windows
from tests.data import refused
from tests.topics.corpora import NAMES, counts_of
from tests.topics.corpora import topics_of as by_hand

SHARES = ((1.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.5, 0.5))


def topics_of(words, terms, shares=SHARES):
    return by_hand(words, terms, shares)


def test_quality_by_hand():
    # gas is in 3 of 4 documents, oil in 2, both in 2: log((2/4) / (3/4 · 2/4)) / log(4/2). army meets neither.
    counts = counts_of([[3, 1, 0], [1, 1, 0], [2, 0, 0], [0, 0, 5]], ["gas", "oil", "army"])
    gas_oil = math.log(4 / 3) / math.log(2)
    found = an.topic_quality(topics_of([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], ["gas", "oil", "army"]), counts)
    expected = pd.DataFrame(
        {
            "label": ["topic 1", "topic 2"],
            "share": [0.75, 0.25],
            "coherence": [(gas_oil - 2) / 3] * 2,
            "exclusivity": [(2 / 3 + 2 / 3 + 0) / 3, (1 / 3 + 1 / 3 + 1) / 3],
            "documents": [3**2 / 2.5, 1**2 / 0.5],
        }
    )
    pd.testing.assert_frame_equal(found[list(expected)], expected)
    assert not {"npmi", "c_v", "outlet"} & set(found)


def test_frex_by_hand():
    # topic 1 says gas, oil, army with .5, .3, .2; topic 2 with .1, .3, .6. Its parts are 5/6, 1/2 and 1/4, so both
    # ranks are 3, 2, 1 of 3. In topic 2 parts (1/6, 1/2, 3/4) and words run 1, 2, 3.
    topics = topics_of([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]], ["gas", "oil", "army"])
    found = an.topic_quality(topics, counts_of([[1, 1, 1]], ["gas", "oil", "army"]))
    np.testing.assert_allclose(found["frex"], (3 / 3 + 2 / 3 + 1 / 3) / 3)
    # The likeliest word, which both topics say, ranks 3 in frequency and 1 in exclusivity: 2 / (3/1 + 3/3).
    shared = topics_of([[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]], ["said", "gas", "army"])
    words = an.top_words(shared, n=3, by="frex")
    first = words[words["label"] == "topic 1"].set_index("term")["weight"]
    np.testing.assert_allclose(
        first[["gas", "said", "army"]], [2 / (1 / (3 / 3) + 1 / (2 / 3)), 2 / (3 / 2 + 1), 1 / 3]
    )
    assert words["term"].tolist() == ["gas", "said", "army", "army", "said", "gas"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"by": "frex", "exclusivity": 2}, "exclusivity: must lie between 0 and 1. Found: 2."),
        ({"exclusivity": 0.3}, "exclusivity: has no effect with by='share'. Found: 0.3. Leave it out."),
        ({"by": "lift"}, "by: 'lift' is not a choice. Use one of: share, frex."),
    ],
)
def test_top_words_refuse(wrong, message):
    with refused(message):
        an.top_words(topics_of([[0.5, 0.5]] * 2, ["gas", "oil"]), **wrong)


def test_exclusivity_alone_and_frequency_alone():
    topics = topics_of([[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]], ["said", "gas", "army"])
    leading = {
        weight: an.top_words(topics, n=1, by="frex", exclusivity=weight)["term"].tolist() for weight in (0, 1)
    }
    assert leading == {0: ["said", "said"], 1: ["gas", "army"]}


TEXTS = [
    "gas oil price gas bank " * 9,
    "oil price army gas oil " * 30,
    "army drill navy tank drill " * 12,
    "navy army price bank",
    "drill tank navy said said",
    # All meet once: of words that never do, gensim makes a little more than -1.
    "gas oil price bank army drill navy tank said",
    "",
]


@pytest.mark.parametrize(("measure", "column"), [("c_npmi", "npmi"), ("c_v", "c_v")])
def test_windows_agree_with_gensim(measure, column):
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    tokens = an.tokenize(TEXTS)
    counts = an.count_terms(tokens)
    topics = topics_of(np.random.default_rng(0).dirichlet(np.ones(len(counts.terms)), 2), counts.terms)
    found = an.topic_quality(topics, counts, tokens=tokens)
    texts = [text for text in tokens.to_lists() if text]
    top = an.top_words(topics).groupby("label")["term"].agg(list).tolist()
    model = CoherenceModel(
        topics=top, texts=texts, dictionary=Dictionary(texts), coherence=measure, topn=10, processes=1
    )
    np.testing.assert_allclose(found[column], model.get_coherence_per_topic(), atol=1e-6)


@pytest.mark.parametrize("window", [1, 2, 10, 110])
def test_windows_hold_a_word_that_comes_again(window):
    # gensim takes a word that leaves a window for gone: texts that repeat at even steps do not show it.
    words = ["gas", "oil", "army"]
    texts = [np.random.default_rng(n).choice([*words, "said", "bank"], n).tolist() for n in (0, 1, 9, 40, 150)]
    found = next(together_in_windows([pd.Index(words)], an.tokenize([" ".join(text) for text in texts]), window))
    views = [text[at : at + window] for text in texts if text for at in range(max(len(text) - window, 0) + 1)]
    held = np.array([[word in view for word in words] for view in views], dtype=float)
    np.testing.assert_allclose(found, held.T @ held / len(views))


STORIES = pd.DataFrame(
    {"doc_id": ["d0", "d1", "d2", "d3"], "outlet": ["AP", "BBC", "BBC", " "], "story_id": ["d0", "d0", "d2", "d3"]}
)


def test_a_reprint_weighs_once():
    # d0 and d1 are one story, so they weigh a half each, of 3 stories in all.
    counts = counts_of([[1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 5]], ["gas", "oil", "army"])
    topics = topics_of([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], ["gas", "oil", "army"])
    found = an.topic_quality(topics, counts, articles=STORIES)
    np.testing.assert_allclose(found["share"], [2 / 3, 1 / 3])
    np.testing.assert_allclose(found["documents"], [2**2 / 1.5, 1**2 / 0.5])
    # Of the stories 2/3 hold gas, 1/3 oil, 1/3 both; army meets neither.
    gas_oil = math.log((1 / 3) / (2 / 3 * 1 / 3)) / math.log(3)
    np.testing.assert_allclose(found["coherence"], (gas_oil - 2) / 3)
    # Mean shares of topic 1: AP 1, BBC (1/2 · 1 + 1/2) / (3/2) = 2/3, unknown 1/2; of topic 2: 0, 1/3, 1/2.
    assert found["outlet"].tolist() == ["AP", "(unknown)"]
    np.testing.assert_allclose(found["outlet_share"], [1 / (1 + 2 / 3 + 1 / 2), (1 / 2) / (1 / 3 + 1 / 2)])
    assert found["story"].tolist() == ["d0", "d2"]
    np.testing.assert_allclose(found["story_share"], [1 / 2, 1 / 2])
    assert found["note"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("shares", "note"),
    [
        # the story d0; what only BBC prints, in two stories
        ([[1, 0], [1, 0], [0, 1], [0, 1]], ["one story's", "one outlet's"]),
        # d2 has 1 of 1.25; d0 has .75 of 1.75, AP .75 of 1.25
        ([[0, 1], [0.5, 0.5], [1, 0], [0, 1]], ["one story's", ""]),
    ],
)
def test_whose_a_topic_is_alone(shares, note):
    articles = STORIES.assign(outlet=["AP", "AP", "BBC", "BBC"])
    counts = counts_of([[1, 1]] * 4, ["gas", "oil"])
    found = an.topic_quality(topics_of([[0.5, 0.5]] * 2, ["gas", "oil"], shares), counts, articles=articles)
    assert found["note"].tolist() == note


def test_passages_weigh_as_their_article():
    names = pd.Index(["d0:0", "d0:1", "d2:0", "d3:0"])
    counts = Counts(sparse.csr_array(np.ones((4, 2))), names, pd.Index(["gas", "oil"]))
    topics = Topics(
        pd.DataFrame([[0.5, 0.5]] * 2, NAMES, ["gas", "oil"]),
        pd.DataFrame([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], names, NAMES),
    )
    found = an.topic_quality(topics, counts, articles=STORIES)
    assert found["story"].tolist() == ["d0", "d2"]
    np.testing.assert_allclose(found["documents"], [1, 2])


def test_articles_that_were_not_counted():
    message = (
        "articles: 1 of 4 documents are not in this table. First: 'd3'. Give the articles that the shares or "
        "counts were made from."
    )
    with refused(message):
        an.topic_quality(topics_of([[1.0]] * 2, ["gas"]), counts_of([[1]] * 4, ["gas"]), articles=STORIES[:3])


def test_passages_in_the_place_of_articles():
    message = "articles: doc_id 'd0' is duplicated. Give one row per article, not the table of passages."
    with refused(message):
        an.topic_quality(
            topics_of([[1.0]] * 2, ["gas"]), counts_of([[1]] * 4, ["gas"]), articles=pd.concat([STORIES] * 2)
        )


def test_tokens_that_were_not_counted():
    message = (
        "tokens: word 'oil' is missing. Give the tokens that were counted; runs of words (ngrams) have no windows."
    )
    with refused(message):
        an.topic_quality(
            topics_of([[0.5, 0.5]] * 2, ["gas", "oil"]),
            counts_of([[1, 1]], ["gas", "oil"]),
            tokens=an.tokenize(["gas army"]),
        )


@pytest.mark.parametrize(
    ("rows", "coherence"),
    [
        ([[1, 1], [1, 1], [0, 0], [0, 0]], 1.0),
        ([[1, 1], [1, 1]], 1.0),
        ([[1, 0], [0, 1]], -1.0),
        ([[1, 1], [1, 0], [0, 1], [0, 0]], 0.0),
    ],
    ids=["always together", "in every document", "never together", "as often as by chance"],
)
def test_coherence_at_its_limits(rows, coherence):
    found = an.topic_quality(topics_of([[0.5, 0.5], [0.5, 0.5]], ["gas", "oil"]), counts_of(rows, ["gas", "oil"]))
    np.testing.assert_allclose(found["coherence"], coherence, atol=1e-12)


def test_only_ten_words_are_judged():
    # Ten words that always meet, and an eleventh, less likely, that never joins them.
    terms = [f"w{i:02}" for i in range(11)]
    counts = counts_of([[1] * 10 + [0]] * 3 + [[0] * 10 + [1]], terms)
    found = an.topic_quality(topics_of([[0.099] * 10 + [0.01]] * 2, terms), counts)
    np.testing.assert_allclose(found["coherence"], 1)


def test_counts_of_other_terms():
    message = (
        "counts: term 'oil' of these topics is missing. Give the counts that they were fitted to, or others of "
        "the same terms."
    )
    with refused(message):
        an.topic_quality(topics_of([[0.5, 0.5]] * 2, ["gas", "oil"]), counts_of([[1, 1]], ["gas", "army"]))
