"""Instruments side by side: correlations, their intervals, and what cannot be compared."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

import analysis as an
from tests.data import refused

DOCS = [f"d{at:02}" for at in range(60)]


def tables(seed=0):
    rng = np.random.default_rng(seed)
    one = pd.DataFrame(rng.uniform(size=(60, 2)), DOCS, ["alliance", "economy"])
    other = pd.DataFrame(
        {"topic 1": one["economy"] + rng.normal(0, 0.3, 60), "topic 2": rng.uniform(size=60)}, DOCS
    )
    return one, other


def test_correlations_are_spearmans():
    one, other = tables()
    found = an.convergence({"lexicon": one, "topics": other})
    assert found["label"].tolist() == ["alliance", "alliance", "economy", "economy"]
    assert found["other_label"].tolist() == ["topic 1", "topic 2"] * 2
    expected = [spearmanr(one[a], other[b]).statistic for a in one for b in other]
    np.testing.assert_allclose(found["correlation"], expected)
    same = found.set_index(["label", "other_label"])
    assert same.loc[("economy", "topic 1"), "low"] > 0.3
    assert found["n_documents"].eq(60).all()


def test_intervals_hold_the_truth():
    # Normal values that correlate by .5; Spearman's is 6/π · asin(1/4). Of 60 intervals about 57 hold it.
    truth, held = 6 / np.pi * np.arcsin(0.25), 0
    for seed in range(60):
        values = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 30)
        one, other = (pd.DataFrame({"x": column}, DOCS[:30]) for column in values.T)
        row = an.convergence({"a": one, "b": other}, how=an.Inference(draws=60)).iloc[0]
        held += row["low"] <= truth <= row["high"]
    assert 53 <= held < 60


def test_reprints_are_one_observation():
    one, other = tables()
    articles = pd.DataFrame({"doc_id": DOCS, "outlet": "AP", "story_id": [DOCS[at // 2] for at in range(60)]})
    for table in (one, other):
        table.iloc[1::2] = table.iloc[::2].to_numpy()
    twice = an.convergence({"a": one, "b": other}, articles=articles)
    once = an.convergence({"a": one.iloc[::2], "b": other.iloc[::2]})
    np.testing.assert_allclose(twice["correlation"], once["correlation"])
    np.testing.assert_allclose(twice[["low", "high"]], once[["low", "high"]])
    assert twice["n_stories"].eq(30).all()


def test_what_has_no_correlation_or_interval_says_so():
    one, other = tables()
    found = an.convergence({"a": one.assign(economy=0.0), "b": other[["topic 1"]]})
    assert found["note"].tolist() == ["", "all shares alike: no correlation"]
    few = an.convergence({"a": one.iloc[:3], "b": other})
    assert few["note"].eq("fewer than 4 stories: no interval").all()
    assert few["low"].isna().all()


def test_three_instruments_are_compared_two_by_two():
    one, other = tables()
    found = an.convergence({"lexicon": one, "topics": other, "coders": one.iloc[:40]}, how=an.Inference(draws=20))
    assert found.groupby(["instrument", "other_instrument"], sort=False).size().to_dict() == {
        ("lexicon", "topics"): 4,
        ("lexicon", "coders"): 4,
        ("topics", "coders"): 4,
    }
    perfect = found[(found["other_instrument"] == "coders") & (found["label"] == found["other_label"])]
    np.testing.assert_allclose(perfect["correlation"], 1)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"a": pd.DataFrame()}, "shares: two instruments or more are needed. Found: 1."),
        (
            {"a": pd.DataFrame({"x": [1, 2]}, ["d", "d"]), "b": pd.DataFrame({"x": [1]}, ["d"])},
            "shares of 'a': document 'd' is duplicated. Average by document first.",
        ),
        (
            {"a": pd.DataFrame({"x": [1]}, ["d:0"]), "b": pd.DataFrame({"x": [1]}, ["d"])},
            "shares: 'a' and 'b' have no document in common. Found: ['d:0'] and ['d']. "
            "Average passages by article, or make both tables from the same articles.",
        ),
    ],
)
def test_refusals(shares, message):
    with refused(message):
        an.convergence(shares)
