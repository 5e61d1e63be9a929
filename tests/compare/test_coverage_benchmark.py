"""The benchmark of intervals and tests, small."""

from benchmarks import coverage


def test_intervals_and_tests_hold_on_reprints_where_articles_do_not():
    kinds = {"rare": coverage.KINDS["rare, .10"]}
    stories, articles = coverage.compared(400, kinds)
    assert 93 <= stories["covered"] <= 100
    assert 92 <= stories["differences"] <= 100
    assert 92 <= stories["jointly"] <= 100
    assert stories["alarms"] <= 6
    assert articles["covered"] < 85
    assert articles["alarms"] > 3 * stories["alarms"]
