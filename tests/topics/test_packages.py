"""Topics that share articles are one package; noise makes none that stays."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.topics.fit import Topics
from analysis.topics.packages import Packages, _cosines, _kept
from tests.data import refused

NAMES = [f"topic {at}" for at in range(1, 7)]


def topics_of(shares):
    docs = pd.Index([f"d{at:03}" for at in range(len(shares))], name="doc_id")
    return Topics(pd.DataFrame(np.eye(6), NAMES), pd.DataFrame(shares, docs, NAMES))


def three_each(seed=0):
    """Articles of three topics each: 1, 3 and 5, or 2, 4 and 6; the second kind twice as often."""
    rng = np.random.default_rng(seed)
    odd = np.array([3.0, 0.1, 3.0, 0.1, 3.0, 0.1])
    return topics_of(np.vstack([rng.dirichlet(odd, 40), rng.dirichlet(odd[::-1], 80)]))


def test_planted_packages_are_found_and_stay():
    found = an.topic_packages(three_each())
    assert found.table["package"].tolist() == ["package 2", "package 1"] * 3
    assert found.table["stability"].tolist() == [1.0] * 6
    assert found.table["stable"].all()
    assert (found.agreement, found.number, found.note) == (1.0, 2.0, "")
    assert found.modularity > 0.2
    np.testing.assert_allclose(found.table["share"].sum(), 1)


def test_noise_has_no_packages():
    noise = an.topic_packages(topics_of(np.random.default_rng(0).dirichlet(np.ones(6), 120)), draws=5)
    assert noise.table["package"].eq("package 1").all()
    assert not noise.table["stable"].any()
    assert np.isnan(noise.agreement)
    assert noise.note == "All topics are in one package: articles share them too evenly for communities."


def test_the_order_of_rows_changes_nothing():
    topics = three_each()
    turn = np.random.default_rng(1).permutation(120)
    turned = Topics(topics.words, topics.shares.iloc[turn])
    one, other = (an.topic_packages(given, draws=5) for given in (turned, topics))
    pd.testing.assert_frame_equal(one.table, other.table)


def test_shares_of_packages_add_up():
    topics = three_each()
    found = an.topic_packages(topics, draws=0).shares(topics)
    np.testing.assert_allclose(found["package 1"], topics.shares[["topic 2", "topic 4", "topic 6"]].sum(axis=1))
    articles = pd.DataFrame({"doc_id": topics.shares.index, "outlet": ["AP", "BBC"] * 60})
    assert an.compare_outlets(found, articles)["label"].unique().tolist() == ["package 1", "package 2"]


def test_reprints_weigh_once():
    shares = np.vstack([np.eye(6), np.eye(6)[[0]]])
    docs = [f"d{at:03}" for at in range(7)]
    articles = pd.DataFrame({"doc_id": docs, "outlet": "AP", "story_id": [*docs[:6], "d000"]})
    found = an.topic_packages(topics_of(shares), articles=articles, draws=2)
    np.testing.assert_allclose(found.table["share"], 1 / 6)
    assert found.table["package"].is_unique  # no two topics share an article


def test_cosines_and_kept_fellows_by_hand():
    np.testing.assert_allclose(_cosines(np.array([[1.0, 1.0], [0.0, 1.0]]), np.ones(2))[0, 1], 1 / np.sqrt(2))
    # {0, 1} {2} against {0} {1, 2}: {0, 1} and {0} share a half, {0, 1} and {1, 2} a third, {2} and {1, 2} a half.
    np.testing.assert_allclose(_kept(np.array([0, 0, 1]), np.array([0, 1, 1])), [1 / 2, 1 / 3, 1 / 2])


def test_refusals():
    two = Topics(pd.DataFrame(), pd.DataFrame([[0.5, 0.5]], ["a"], ["topic 1", "topic 2"]))
    with pytest.raises(ValueError, match=r"^topics: a network needs three topics or more\. Found: 2\.$"):
        an.topic_packages(two)
    message = "topics: 'topic 2' has no package. Give the topics that topic_packages was given."
    with refused(message):
        Packages(pd.DataFrame({"label": ["topic 1"], "package": ["x"]}), 0.0, 1.0, 1.0, 0).shares(two)
