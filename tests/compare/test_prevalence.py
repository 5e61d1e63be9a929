"""Intervals that carry the topic model's doubt: wider for short texts, the same shares, adjusted for dates."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.fit import Topics
from tests.data import refused

DOCS = pd.Index([f"d{at:02}" for at in range(40)], name="doc_id")
NAMES = pd.Index(["topic 1", "topic 2"], name="topic")


def corpus(length=50, seed=0):
    share = np.random.default_rng(seed).uniform(0.1, 0.9, 40)
    topics = Topics(
        pd.DataFrame([[0.9, 0.1], [0.1, 0.9]], NAMES, ["gas", "army"]),
        pd.DataFrame(np.column_stack([share, 1 - share]), DOCS, NAMES),
    )
    counts = Counts(sparse.csr_array(np.full((40, 2), length // 2)), DOCS, pd.Index(["gas", "army"]))
    articles = pd.DataFrame(
        {
            "doc_id": DOCS,
            "outlet": ["AP", "BBC"] * 20,
            "story_id": ["d00", "d00", *DOCS[2:]],
            "date": pd.date_range("2020-01-01", periods=40),
        }
    )
    return topics, counts, articles


def test_shares_are_those_of_compare_outlets():
    topics, counts, articles = corpus()
    found, plain = an.topic_prevalence(topics, counts, articles), an.compare_outlets(topics.shares, articles)
    columns = ["outlet", "label", "n_articles", "n_stories", "share", "note"]
    pd.testing.assert_frame_equal(found[columns], plain[columns])


def test_long_texts_leave_no_doubt_and_short_ones_much():
    topics, counts, articles = corpus(length=1_000_000)
    plain = an.compare_outlets(topics.shares, articles, how=an.Inference(draws=4000))
    sure = an.topic_prevalence(topics, counts, articles, how=an.Inference(draws=4000))
    np.testing.assert_allclose(sure[["low", "high"]], plain[["low", "high"]], atol=0.03)
    assert sure["from_topics"].max() < 1e-4
    topics, counts, articles = corpus(length=4)
    unsure = an.topic_prevalence(topics, counts, articles, how=an.Inference(draws=500))
    assert (unsure["high"] - unsure["low"] > 1.1 * (plain["high"] - plain["low"])).all()
    assert unsure["from_topics"].mean() > 0.3


def test_the_spread_of_shares_alone_by_hand():
    # All articles have the same shares, so stories say nothing and only the posterior does: with 8 words and a
    # prior of 1 each article's share has variance 1/4 / (9 + 1), and the mean of 20 of them a twentieth of that.
    topics, counts, articles = corpus(length=8)
    topics.shares[:] = 0.5
    found = an.topic_prevalence(topics, counts, articles.drop(columns="story_id"), how=an.Inference(draws=4000))
    half = (found["high"] - found["low"]) / 2
    # The drawn shares also differ among the stories of each draw, which resampling adds once more (as in multiple
    # imputation, within and between).
    expected = 2.09 * np.sqrt(0.25 / 10 / 20 * 2)
    np.testing.assert_allclose(half, expected, rtol=0.1)
    assert found["from_topics"].mean() > 0.8


def test_outlets_are_compared_on_the_same_days():
    # The share rises by a hundredth a day, and BBC wrote in the second half only: on the same days they are alike.
    topics, counts, articles = corpus()
    share = 0.2 + 0.01 * np.arange(40)
    topics.shares["topic 1"], topics.shares["topic 2"] = share, 1 - share
    articles = articles.assign(outlet=np.where(np.arange(40) >= 15, "BBC", "AP"), story_id=DOCS)
    articles.loc[[5, 10], "outlet"] = "BBC"
    articles.loc[[20, 30], "outlet"] = "AP"
    plain = an.topic_prevalence(topics, counts, articles)
    alike = an.topic_prevalence(topics, counts, articles, adjust="date")
    assert plain["share"].iloc[1] - plain["share"].iloc[0] > 0.1
    np.testing.assert_allclose(alike["share"].iloc[:2], share.mean())
    undated = articles.assign(date=articles["date"].where(articles["doc_id"] != "d39"))
    assert an.topic_prevalence(topics, counts, undated, adjust="date")["n_articles"].iloc[:2].sum() == 39


def test_passages_are_averaged_by_article():
    topics, counts, articles = corpus()
    names = pd.Index([f"d{at // 2:02}:{at % 2}" for at in range(40)])
    topics = Topics(topics.words, topics.shares.set_axis(names))
    found = an.topic_prevalence(topics, Counts(counts.matrix, names, counts.terms), articles[:20])
    assert found["n_articles"].iloc[:2].tolist() == [10, 10]
    whole = topics.shares.groupby(names.str[:3]).mean()
    np.testing.assert_allclose(found["share"], an.compare_outlets(whole, articles[:20])["share"])


def test_the_seed_and_the_order_of_rows():
    topics, counts, articles = corpus()
    turn = np.random.default_rng(0).permutation(40)
    one = an.topic_prevalence(topics, counts, articles, how=an.Inference(draws=50))
    turned = Topics(topics.words, topics.shares.iloc[turn])
    pd.testing.assert_frame_equal(
        an.topic_prevalence(turned, counts, articles.iloc[turn], how=an.Inference(draws=50)), one
    )
    assert not one.equals(an.topic_prevalence(topics, counts, articles, how=an.Inference(draws=50, seed=1)))


def test_one_story_has_no_interval():
    topics, counts, articles = corpus()
    articles.loc[39, "outlet"] = "DW"
    found = an.topic_prevalence(topics, counts, articles, how=an.Inference(draws=50)).set_index("outlet")
    assert found.loc["DW", "note"].tolist() == ["one story: no interval"] * 2
    assert found.loc["DW", ["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"adjust": "day"}, "articles: column 'day' is missing. Found: doc_id, outlet, story_id, date."),
        (
            {"counts": Counts(sparse.csr_array([[1, 1]]), pd.Index(["d00"]), pd.Index(["gas", "army"]))},
            "counts: document 'd01' is missing. Give the counts that the topics were fitted to.",
        ),
    ],
)
def test_refusals(change, message):
    topics, counts, articles = corpus()
    with refused(message):
        an.topic_prevalence(topics, **({"counts": counts, "articles": articles} | change))
