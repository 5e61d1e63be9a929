"""Stories of one event: how alike they are, and what counts as one observation."""

import numpy as np
import pandas as pd
import pytest
from outlets import corpus

import analysis as an


def events(icc, corpora, *, outlets=2, days=10, stories=6, mean=0.3, seed=0):
    """Yes-or-no stories, six on each of ten days an outlet; a column a corpus."""
    chance = np.random.default_rng(seed)
    rows = [(f"o{o}", d) for o in range(outlets) for d in range(days) for _ in range(stories)]
    _, articles = corpus([(o, f"{o}-{at}") for at, (o, _) in enumerate(rows)])
    articles["event"] = [f"{o}-{d}" for o, d in rows]
    articles["date"] = pd.Timestamp("2017-01-01") + pd.to_timedelta([d for _, d in rows], unit="D")
    size = (1 - icc) / icc
    level = chance.beta(mean * size, (1 - mean) * size, (outlets * days, corpora))[
        pd.factorize(articles["event"])[0]
    ]
    return pd.DataFrame(np.where(chance.random(level.shape) < level, 1.0, 0.0), index=articles["doc_id"]), articles


@pytest.mark.parametrize("cluster", ["event", "day"])
def test_intervals_and_tests_hold_over_events(cluster):
    shares, articles = events(0.3, 300)
    how = an.Inference(cluster=cluster, draws=200, relabelings=199)
    estimates = an.compare_outlets(shares, articles, how=how)
    assert (estimates["low"].le(0.3) & estimates["high"].ge(0.3)).mean() >= 0.93
    assert estimates["icc"].mean() == pytest.approx(0.3, abs=0.06)
    assert estimates["n_stories"].eq(60).all()
    assert (an.outlet_differences(shares, articles, how=how)["p"] < 0.05).mean() <= 0.06


def test_stories_of_one_day_are_said_to_be_alike():
    table = an.compare_outlets(*events(0.5, 20))
    assert table["note"].str.startswith("stories of one day are alike").mean() > 0.8
    assert table["design_effect"].mean() == pytest.approx(1 + 5 * 0.5, abs=0.5)
    unrelated = an.compare_outlets(*events(1e-6, 40))
    assert unrelated["note"].str.startswith("stories of one day are alike").mean() < 0.1


def test_a_share_stays_the_mean_over_stories():
    # Two events, one of three stories: (0 + 0 + .6 + 1) / 4 = .4, not (.2 + 1) / 2.
    shares, articles = corpus([("A", "a"), ("A", "b"), ("A", "c"), ("A", "d")], x=[0.0, 0.0, 0.6, 1.0])
    row = an.compare_outlets(shares, articles.assign(event=list("ppps")), how=an.Inference(cluster="event")).iloc[
        0
    ]
    assert row["share"] == pytest.approx(0.4)
    assert row["n_stories"] == 4
    alone = an.compare_outlets(shares, articles.assign(event="p"), how=an.Inference(cluster="event")).iloc[0]
    assert alone["note"] == "all stories in one cluster: no interval"
    assert np.isnan(alone["low"])


def test_undated_stories_are_observations_of_their_own():
    shares, articles = corpus([("A", "a"), ("A", "b"), ("A", "c")], x=[0.0, 0.2, 0.6])
    dated = articles.assign(date=pd.NaT)
    by_day = an.compare_outlets(shares, dated, how=an.Inference(cluster="day"))
    pd.testing.assert_frame_equal(
        by_day[["share", "low", "high"]], an.compare_outlets(shares, articles)[["share", "low", "high"]]
    )
