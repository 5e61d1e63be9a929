"""What a difference is worth: its size, equivalence, p from intervals, verdicts."""

import numpy as np
import pandas as pd
import pytest
from corpora import corpus
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_effectsize

import analysis as an
from analysis.compare.effects import over_all


def test_effect_size_is_statsmodels():
    shares, articles = corpus(
        [(o, f"{o}{at}") for o in ("DW", "TASS") for at in range(4)], x=[0.6] * 4 + [0.2] * 4
    )
    row = an.outlet_differences(shares, articles).iloc[0]
    assert row["h"] == pytest.approx(proportion_effectsize(0.6, 0.2))
    assert row["ratio"] == pytest.approx(3)


def test_correction_over_all_is_statsmodels_holm():
    p = np.array([0.03, np.nan, 0.001, 0.2, 0.01])
    known = ~np.isnan(p)
    np.testing.assert_allclose(over_all(p)[known], multipletests(p[known], method="holm")[1])
    assert np.isnan(over_all(p)[1])


def test_verdicts_tell_no_difference_from_too_little_data():
    rng = np.random.default_rng(5)
    sizes = {"A": 400, "B": 400, "C": 5, "D": 1}
    rows = [(o, f"{o}{at}") for o, n in sizes.items() for at in range(n)]
    values = np.concatenate([rng.random(400) * 0.4, rng.random(400) * 0.4, [0.1, 0.3, 0.2, 0.3, 0.1], [0.2]])
    table = an.outlet_differences(*corpus(rows, x=values))
    verdicts = dict(zip(table["outlet"] + table["other"], table["verdict"], strict=True))
    assert verdicts["AB"] == "no difference larger than 10 points"
    assert verdicts["AC"] == "too little data"
    assert verdicts["AD"] == "too little data"
    assert table["note"][2] == "one story: no test"


def test_two_stories_each_can_show_nothing():
    # Of six ways to deal four stories p is a third at best.
    row = an.outlet_differences(*corpus([("A", "a"), ("A", "b"), ("B", "c"), ("B", "d")], x=[0, 0, 1, 1])).iloc[0]
    assert row["p"] >= 1 / 3
    assert row["verdict"] == "too little data"


def test_a_difference_that_other_comparisons_cost_is_not_clear():
    # One pair of outlets and 40 labels: 12 yes of 16 against 4 in the first, four of 16 alike in the rest.
    rows = [(o, f"{o}{at}") for o in "AB" for at in range(16)]
    alike = [1.0] * 4 + [0.0] * 12
    labels = {f"x{at:02}": alike * 2 for at in range(40)} | {"x00": [1.0] * 12 + [0.0] * 4 + alike}
    table = an.outlet_differences(*corpus(rows, **labels)).set_index("label")
    row = table.loc["x00"]
    assert row["low"] > 0
    assert row["p"] < 0.05 < row["q"]
    assert row["verdict"] == "not clear once all comparisons are counted"


def test_stories_that_all_agree_are_no_proof_of_equality():
    rows = [(o, f"{o}{at}") for o in "AB" for at in range(8)]
    table = an.outlet_differences(*corpus(rows, x=[0.0] * 16), margin=0.05)
    assert table["p_equivalent"][0] > 0.05


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_p_and_interval_agree(level):
    rng = np.random.default_rng(1)
    values = {f"x{at}": np.concatenate([rng.random(9) < 0.2 + at / 60, rng.random(20) ** 3]) for at in range(40)}
    rows = [("A", f"a{at}") for at in range(9)] + [("B", f"b{at}") for at in range(20)]
    table = an.outlet_differences(*corpus(rows, **values), how=an.Inference(level=level, relabelings=999))
    holds_zero = (table["low"] <= 0) & (table["high"] >= 0)
    assert not (holds_zero & (table["p"] < 1 - level - 1e-9)).any()
    assert (~holds_zero).any()


def test_p_is_symmetric_in_the_outlets():
    rng = np.random.default_rng(3)
    values = rng.random(24) ** 2
    rows = [("A", f"s{at}") for at in range(10)] + [("B", f"s{at}") for at in range(5, 19)]
    one = an.outlet_differences(*corpus(rows, x=values)).iloc[0]
    other = an.outlet_differences(*corpus([("BA"["AB".index(o)], s) for o, s in rows], x=values)).iloc[0]
    assert one["difference"] == pytest.approx(-other["difference"])
    assert (one["low"], one["high"]) == pytest.approx((-other["high"], -other["low"]))
    assert one["p_equivalent"] == pytest.approx(other["p_equivalent"])
    assert one["p"] == pytest.approx(other["p"], abs=0.01)  # other relabelings are drawn


def test_columns_are_the_same_with_nothing_to_compare():
    shares, articles = corpus([("A", "a"), ("B", "b"), ("B", "c")], x=[0.1, 0.2, 0.3])
    full, empty = an.outlet_differences(shares, articles), an.outlet_differences(shares.iloc[:0], articles)
    pd.testing.assert_series_equal(full.dtypes, empty.dtypes)
