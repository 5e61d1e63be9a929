"""The benchmark of intervals and tests, small: fixed seeds, the cases that failed before."""

import pytest

from benchmarks import coverage

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
