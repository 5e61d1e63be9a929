"""Scatter, timeline and topic map, read back from their artists and tables."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

import analysis as an
from analysis.show.timeline import shares_by_period
from analysis.text.distinctive import term_ranks
from analysis.topics.words import topic_places

NONE = pd.DataFrame()
TEXTS = ["gas gas gas oil deal", "summit summit oil deal", "tea tea oil"]


def counted(n=3):
    return an.count_terms(an.tokenize(TEXTS[:n]))


def words_on(ax):
    return sorted(t.get_text() for face in (ax, *ax.child_axes) for t in face.texts)


def test_ranks_are_dense_and_others_are_taken_together():
    ranks = term_ranks(counted(), ["A", "B", "C"]).set_index(["group", "term"])
    # A says gas 3, oil 1, deal 1, the others none; B and C together say oil 2, summit 2, tea 2, deal 1, gas 0
    assert ranks.loc["A", "own"].to_dict() == {"deal": 0.5, "gas": 1.0, "oil": 0.5, "summit": 0.0, "tea": 0.0}
    assert ranks.loc["A", "others"].to_dict() == {"deal": 0.5, "gas": 0.0, "oil": 1.0, "summit": 1.0, "tea": 1.0}
    assert (ranks.loc["A", "z"] > 0).to_dict() == {
        "deal": True, "gas": True, "oil": False, "summit": False, "tea": False,
    }  # fmt: skip


def test_two_groups_share_a_panel_and_more_have_their_own():
    two = an.plot_scatter(counted(2), ["A", "B"], n=1)
    assert (two.child_axes, words_on(two)) == ([], ["gas", "summit"])
    assert (two.get_ylabel(), two.get_xlabel()) == ("A", "B")
    three = an.plot_scatter(counted(), ["A", "B", "C"], n=1)
    assert [face.get_ylabel() for face in three.child_axes] == ["A", "B", "C"]
    assert words_on(three) == ["gas", "summit", "tea"]


def test_names_do_not_stand_on_each_other():
    texts = [" ".join(f"word{i} " * (i % 3 + 1) for i in range(40)), " ".join(f"name{i} " for i in range(40))]
    ax = an.plot_scatter(an.count_terms(an.tokenize(texts)), ["A", "B"], n=40)
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) > 4
    assert not any(a.overlaps(b) for at, a in enumerate(boxes) for b in boxes[:at])


def dated():
    dates = pd.to_datetime(["2016-12-30", "2017-01-02", "2017-01-20", "2017-04-01", None])
    shares = pd.DataFrame({"a": [0.2, 0.0, 1.0, 0.4, 0.9], "b": 0.5}, index=list("vwxyz"))
    return shares, pd.DataFrame({"doc_id": list("vwxyz"), "date": dates, "outlet": "X"})


def test_periods_are_compared_like_outlets_and_undated_articles_left_out():
    found = shares_by_period(*dated(), by="quarter")
    assert found["period"].astype("str").tolist() == ["2016Q4", "2017Q1", "2017Q2"] * 2
    assert found["share"].tolist() == [0.2, 0.5, 0.4, 0.5, 0.5, 0.5]
    assert found["low"].isna().tolist() == [True, False, True] * 2


def test_months_without_a_passage_break_the_line():
    ax = an.plot_timeline(*dated())
    upper, lower = ax.child_axes
    np.testing.assert_array_equal(upper.lines[0].get_ydata(), [0.2, 0.5, np.nan, np.nan, 0.4])
    assert [tick.get_text() for tick in lower.get_xticklabels()] == ["Dec 2016", "Jan 2017", "Feb", "Mar", "Apr"]


@pytest.mark.parametrize(
    ("by", "ticks"),
    [
        ("day", ["30 Dec 2016", "31 Dec", "1 Jan 2017", "2 Jan"]),
        ("week", ["26 Dec 2016", "2 Jan 2017"]),
        ("quarter", ["Q4 2016", "Q1 2017"]),
        ("year", ["2016", "2017"]),
    ],
)
def test_periods_are_named_by_their_first_day_and_the_year_where_it_begins(by, ticks):
    articles = pd.DataFrame({"doc_id": ["a", "b"], "date": pd.to_datetime(["2016-12-30", "2017-01-02"])})
    ax = an.plot_timeline(pd.DataFrame({"economy": [0.2, 0.4]}, index=["a", "b"]), articles, by=by)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ticks


def test_an_unknown_period_is_refused():
    with pytest.raises(ValueError, match="by: 'decade' is none of day, week, month, quarter, year"):
        an.plot_timeline(*dated(), by="decade")


def test_three_topics_stand_as_far_apart_as_they_speak_differently():
    words = pd.DataFrame([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]])
    places = topic_places(words).to_numpy()
    for one, other in ((0, 1), (0, 2), (1, 2)):
        apart = np.linalg.norm(places[one] - places[other])
        assert apart == pytest.approx(jensenshannon(words.loc[one], words.loc[other]))
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda: an.plot_scatter(an.count_terms(an.tokenize([])), []), "no group has a term"),
        (lambda: an.plot_timeline(dated()[0].iloc[:0], dated()[1]), "no article with a share has a date"),
        (lambda: an.plot_topic_map(SimpleNamespace(words=NONE, shares=NONE)), "no topic was fitted"),
    ],
)  # fmt: skip
def test_nothing_to_draw_is_said(draw, why):
    assert words_on(draw()) == [f"nothing to show: {why}"]
