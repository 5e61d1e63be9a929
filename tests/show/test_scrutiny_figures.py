"""Figures of robustness, trends and pooled shares, read back from the artists."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.compare.robustness.curve import Robustness, choice_effects
from analysis.compare.robustness.measures import Claim


@pytest.fixture
def curve():
    table = pd.DataFrame({"unit": ["sentence", "sentence", "article", "article"], "copies": ["once", "all"] * 2,
                          "difference": [0.3, 0.2, -0.1, np.nan], "low": [0.1, -0.1, -0.3, np.nan],
                          "high": [0.5, 0.5, 0.1, np.nan], "same_sign": [True, True, False, False],
                          "clear": [True, False, False, False], "counted": True})  # fmt: skip
    return Robustness(table, Claim("TASS", "DW", "alliance", 1), "", choice_effects(table))


def test_differences_stand_by_size_with_the_usual_one_ringed(curve):
    above, _ = an.plot(curve).child_axes
    dots, ring = above.collections[1], above.collections[2]
    assert dots.get_offsets().tolist() == [[0, -0.1], [1, 0.2], [2, 0.3]]
    assert ring.get_offsets().tolist() == [[2, 0.3]]


def test_the_choice_that_matters_most_stands_on_top(curve):
    ax = an.plot(curve)
    beneath = ax.child_axes[1]
    assert [tick.get_text() for tick in beneath.get_yticklabels()] == ["sentence", "article", "once", "all"]
    assert [text.get_text() for text in beneath.texts] == ["unit", "copies"]
    marked = [[float(path.vertices[0, 0]) for path in lines.get_paths()] for lines in beneath.collections]
    assert marked == [[1, 2], [0], [0, 2], [1]]


def test_the_foot_counts_what_agrees(curve):
    foot = an.plot(curve).figure.get_supxlabel()
    assert (
        "interval without 0 (1); grey: the sign claimed, interval with 0 or none (1); red: another (1)."
        in foot.replace("\n", " ")
    )


def test_nothing_measured_is_said(curve):
    ax = an.plot(dataclasses.replace(curve, table=curve.table.iloc[3:]))
    assert ax.texts[0].get_text() == "nothing to show: no specification finds a story of both outlets"


@pytest.fixture
def trends():
    nan = np.nan
    shares = [0.2, nan, 0.5, 0.5, nan, nan]
    table = pd.DataFrame({"outlet": ["A"] * 3 + ["B"] * 3, "label": "x", "share": shares, "low": nan, "high": nan})
    table.loc[0, ["low", "high"]] = [0.1, 0.3]
    return table.assign(period=["2016-01", "2016-02", "2016-03"] * 2)


def test_periods_keep_their_places(trends):
    ax = an.plot(trends)
    bounds, filled, hollow = ax.collections
    assert [path.vertices.tolist() for path in bounds.get_paths()] == [[[0, 0.1], [0, 0.3]]]
    assert filled.get_offsets().tolist() == [[0, 0.2]]
    assert hollow.get_offsets().tolist() == [[2, 0.5]]
    assert "1 outlet of one story a period left out." in ax.figure.get_supxlabel().replace("\n", " ")


def test_only_changes_are_drawn(trends):
    changes = pd.DataFrame({"outlet": "A", "label": "x", "period": ["2016-03"], "before": [0.2], "after": [0.5],
                            "verdict": ["change"]})  # fmt: skip
    ax = an.plot(trends, changes=changes)
    assert ax.lines[0].get_xydata().tolist() == [[-0.6, 0.2], [1.5, 0.2], [1.5, 0.5], [2.6, 0.5]]
    assert not an.plot(trends, changes=changes.assign(verdict="no change to be seen")).lines


def test_no_trend_is_said(trends):
    ax = an.plot(trends.assign(low=np.nan))
    assert ax.texts[0].get_text() == "nothing to show: no outlet has a period with two stories"


def test_pooled_shares_stand_beneath(estimates):
    pooled = estimates.assign(pooled=0.3, pooled_low=0.1, pooled_high=0.5)
    pooled.loc[pooled["outlet"] == "Void", ["pooled", "pooled_low", "pooled_high"]] = np.nan
    alliance, _ = an.plot(pooled).child_axes
    ticks = alliance.collections[4]
    assert ticks.get_offsets()[:, 0].tolist() == [0.3] * 3
    assert ticks.get_offsets()[:, 1].tolist() == pytest.approx([0.27, 1.27, 2.27])
