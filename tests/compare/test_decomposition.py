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
