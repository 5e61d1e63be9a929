"""The benchmark of intervals and tests, small: fixed seeds, the cases that failed before."""

import pytest

from benchmarks import coverage
from benchmarks.correction import measured

# An outlet of short stories beside one of long ones: p was below .05 in up to 34 of 100.
UNLIKE = [((50, 200), (1, 8), 0.0), ((20, 100), (1, 8), 0.0), ((200, 8), (1, 8), 0.0)]


@pytest.mark.parametrize("layout", UNLIKE)
def test_outlets_of_short_stories_do_not_differ_for_that(layout):
    for row in coverage.grid(coverage.TOGETHER, [layout], (0.05,)):
        assert row["covered"] >= 93
        assert row["alarms"] <= 6
        assert row["against 0"] == 0


def test_a_report_without_a_difference_calls_nothing_different():
    # Five outlets, two with one passage a story: any row was called different in 70 of 100 corpora.
    (row,) = coverage.grid(coverage.TOGETHER, [((30,) * 5, (1, 8), 0.0)], (0.04,), {"beta": coverage.skewed})
    assert row["different"] <= 5


def test_equivalence_holds_at_the_margin_for_skewed_shares():
    for row in coverage.equivalence(300):
        assert row["at the margin"] <= 6
        assert row["alike"] >= 90 or "15" in row["stories"] or row["stories"] == "60/60"


def test_stories_of_a_day_are_held_by_days():
    for row in coverage.events(300):
        assert row["covered, day"] >= 93
        assert row["alarms, day"] <= 6


def test_corrected_intervals_hold_the_truth_and_naive_ones_do_not():
    scores = measured("differing", "sample_to_code", 200, corpora=5, seed=1)  # 60 intervals each
    assert scores["naive"] < 0.75
    assert scores["dsl"] >= 0.93
    assert scores["by_hand"] >= 0.93
    assert scores["misclassification"] >= 0.93  # though its condition, one error rate for all, does not hold
    assert scores["bias_dsl"] < scores["bias_naive"] / 3
    assert scores["width_dsl"] < scores["width_by_hand"]
    equal = measured("equal", "sample_to_code", 200, corpora=5, seed=1)
    assert equal["dsl"] >= 0.93
    assert equal["misclassification"] >= 0.92
    assert equal["width_misclassification"] < 1.1 * equal["width_dsl"]


@pytest.mark.parametrize("kind", ["rare", "rare, differing"])
def test_few_codes_of_a_rare_frame_give_wide_bounds_that_hold(kind):
    scores = measured(kind, "sample_to_code", 50, corpora=8, seed=2)  # 96 intervals
    assert scores["dsl"] >= 0.93
    assert scores["by_hand"] >= 0.93
