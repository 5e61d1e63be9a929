"""The intervals of selection and framing, on corpora in which both were planted."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.compare.intervals import correlation
from benchmarks import decomposition


@pytest.fixture(scope="module")
def planted():
    return decomposition.split(
        decomposition.KINDS["many days without"], decomposition.KEPT, 200, draws=300, relabelings=1
    )


@pytest.mark.parametrize("part", ["selection", "framing"])
def test_planted_parts_are_held_and_lie_in_the_middle(planted, part):
    assert 91 <= decomposition.held(planted, part) <= 99
    assert (planted[part] - planted[f"true_{part}"]).mean() == pytest.approx(0, abs=0.01)


def test_bounds_turn_round_with_the_outlets():
    chance = np.random.default_rng(0)
    shares, articles = decomposition.corpus(decomposition.KINDS["common"], decomposition.KEPT, chance)
    turned = articles.assign(outlet=articles["outlet"].map({"A": "D", "D": "A"}))
    pair = articles["outlet"].isin(["A", "D"])
    one = an.outlet_differences(shares[pair.to_numpy()], articles, split="day")
    other = an.outlet_differences(shares[pair.to_numpy()], turned, split="day")
    for name in ("selection", "framing"):
        np.testing.assert_allclose(one[name], -other[name], atol=1e-12)
        np.testing.assert_allclose(one[f"{name}_low"], -other[f"{name}_high"], atol=1e-12)
        assert (one[f"{name}_low"] <= one[name] + 1e-12).all()


def test_columns_that_do_not_vary_are_uncorrelated():
    first = np.array([[1.0, 1.0], [2.0, 1.0]])
    assert correlation(first, first).tolist() == [1.0, 0.0]


def test_power_asks_only_where_framing_was_planted():
    table = pd.DataFrame({"p": [0.01, 0.01, 0.5, np.nan, 0.3], "true_framing": [0.0, 0.2, 0.2, -0.1, -0.1]})
    assert decomposition.found(table) == 25.0


@pytest.mark.parametrize("events", [2, 4, 10])
def test_events_of_unequal_size_do_not_narrow_the_bounds(events):
    # One event of twelve stories beside others of one: intervals held 78 to 91 of 100.
    chance = np.random.default_rng(events)
    days = np.repeat(np.arange(events), [12, *[1] * (events - 1)])
    articles = pd.DataFrame({"outlet": np.repeat(["A", "B"], len(days)), "day": np.tile(days, 2).astype(str)})
    articles["doc_id"] = articles["story_id"] = [f"d{at:02}" for at in range(len(articles))]
    framing = chance.uniform(-0.15, 0.15, (events, 500))[days]
    shares = pd.DataFrame(np.concatenate([0.5 + framing, 0.5 - framing]), articles["doc_id"])
    table = an.outlet_differences(shares, articles, split="day", how=an.Inference(draws=2, relabelings=2))
    assert ((table["framing_low"] <= 0) & (table["framing_high"] >= 0)).mean() >= 0.93
