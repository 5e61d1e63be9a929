"""Topics that share articles are one package; noise makes none that stays."""

import re

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.topics.fit import Topics
from analysis.topics.packages import _cosines, _kept

NAMES = [f"topic {at}" for at in range(1, 7)]


def topics_of(shares):
    docs = pd.Index([f"d{at:03}" for at in range(len(shares))], name="doc_id")
    return Topics(pd.DataFrame(np.eye(6), NAMES), pd.DataFrame(shares, docs, NAMES))


def planted(seed=0):
    """Articles of three topics each: 1, 3 and 5, or 2, 4 and 6; the second kind twice as often."""
    rng = np.random.default_rng(seed)
    odd = np.array([3.0, 0.1, 3.0, 0.1, 3.0, 0.1])
    return topics_of(np.vstack([rng.dirichlet(odd, 40), rng.dirichlet(odd[::-1], 80)]))


def test_planted_packages_are_found_and_stay():
    found = an.frame_packages(planted())
    assert found["package"].tolist() == ["package 2", "package 1"] * 3
    assert found["stability"].tolist() == [1.0] * 6
    assert found["stable"].all()
    assert found.attrs["agreement"] == 1.0
    assert found.attrs["modularity"] > 0.2
    np.testing.assert_allclose(found["share"].sum(), 1)


def test_noise_has_no_packages():
    noise = an.frame_packages(topics_of(np.random.default_rng(0).dirichlet(np.ones(6), 120)), draws=5)
    assert noise["package"].eq("package 1").all()
    assert not noise["stable"].any()
    assert np.isnan(noise.attrs["agreement"])
    assert noise.attrs["note"] == "All topics are in one package: articles share them too evenly for communities."


def test_the_order_of_rows_changes_nothing():
    topics = planted()
    turn = np.random.default_rng(1).permutation(120)
    turned = Topics(topics.words, topics.shares.iloc[turn])
    pd.testing.assert_frame_equal(an.frame_packages(turned, draws=5), an.frame_packages(topics, draws=5))


def test_shares_of_packages_add_up():
    topics = planted()
    found = an.package_shares(topics, an.frame_packages(topics, draws=0))
    np.testing.assert_allclose(found["package 1"], topics.shares[["topic 2", "topic 4", "topic 6"]].sum(axis=1))
    articles = pd.DataFrame({"doc_id": topics.shares.index, "outlet": ["AP", "BBC"] * 60})
    assert an.compare_outlets(found, articles)["label"].unique().tolist() == ["package 1", "package 2"]


def test_reprints_weigh_once():
    shares = np.vstack([np.eye(6), np.eye(6)[[0]]])
    docs = [f"d{at:03}" for at in range(7)]
    articles = pd.DataFrame({"doc_id": docs, "outlet": "AP", "story_id": [*docs[:6], "d000"]})
    found = an.frame_packages(topics_of(shares), articles=articles, draws=2)
    np.testing.assert_allclose(found["share"], 1 / 6)
    assert found["package"].is_unique  # no two topics share an article


def test_cosines_and_kept_fellows_by_hand():
    np.testing.assert_allclose(_cosines(np.array([[1.0, 1.0], [0.0, 1.0]]), np.ones(2))[0, 1], 1 / np.sqrt(2))
    # {0, 1} {2} against {0} {1, 2}: {0, 1} and {0} share a half, {0, 1} and {1, 2} a third, {2} and {1, 2} a half.
    np.testing.assert_allclose(_kept(np.array([0, 0, 1]), np.array([0, 1, 1])), [1 / 2, 1 / 3, 1 / 2])


def test_refusals():
    two = Topics(pd.DataFrame(), pd.DataFrame([[0.5, 0.5]], ["a"], ["topic 1", "topic 2"]))
    with pytest.raises(ValueError, match=r"^topics: 2 of them make no network\. Fit three or more\.$"):
        an.frame_packages(two)
    message = "packages: no row for 'topic 2'. Give those of these topics."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.package_shares(two, pd.DataFrame({"topic": ["topic 1"], "package": ["x"]}))
