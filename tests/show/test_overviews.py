"""Scatter, timeline and topic map, read back from their artists and tables."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

import analysis as an
from analysis.show.figures.style import Page
from analysis.show.figures.topics import draw_map
from analysis.topics.reading import topic_places

QUARTERS = "Jan", "Apr", "Jul", "Oct"
NONE = pd.DataFrame()
NO_TERM = pd.DataFrame(columns=["group", "term", "n", "n_others", "log_odds", "z", "q"])
TEXTS = ["gas gas gas oil deal", "summit summit oil deal", "tea tea oil"]


def counted(n=3):
    return an.count_terms(an.tokenize(TEXTS[:n]))


def foot(ax):
    return ax.figure.get_supxlabel().replace("\n", " ")


def words_on(ax):
    return sorted(t.get_text() for face in (ax, *ax.child_axes) for t in face.texts)


def test_ranks_are_dense_and_others_are_taken_together():
    ax = an.plot(an.distinctive_terms(counted(), ["A", "B", "C"], min_count=1), "scatter")
    # A says gas 3, oil 1, deal 1, the others none; B and C together say oil 2, summit 2, tea 1, deal 1, gas 0
    dots = {tuple(dot) for rows in ax.child_axes[0].collections for dot in rows.get_offsets().tolist()}
    assert dots == {(0.5, 0.5), (0.0, 1.0), (1.0, 0.5), (1.0, 0.0)}


def test_two_groups_share_a_panel_and_more_have_their_own():
    two = an.plot(an.distinctive_terms(counted(2), ["A", "B"], min_count=1), "scatter", n=1)
    assert (two.child_axes, words_on(two)) == ([], ["gas", "summit"])
    assert (two.get_ylabel(), two.get_xlabel()) == ("A", "B")
    three = an.plot(an.distinctive_terms(counted(), ["A", "B", "C"], min_count=1), "scatter", n=1)
    assert [face.get_ylabel() for face in three.child_axes] == ["A", "B", "C"]
    assert words_on(three) == ["gas", "summit", "tea"]


def test_names_do_not_stand_on_each_other():
    texts = [" ".join(f"word{i} " * (i % 3 + 1) for i in range(40)), " ".join(f"name{i} " for i in range(40))]
    ax = an.plot(
        an.distinctive_terms(an.count_terms(an.tokenize(texts)), ["A", "B"], min_count=1), "scatter", n=40
    )
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) > 4
    assert not any(a.overlaps(b) for at, a in enumerate(boxes) for b in boxes[:at])


def by_period(*periods, outlet="X", label="a"):
    share = np.linspace(0.1, 0.5, len(periods))
    return pd.DataFrame({"outlet": outlet, "label": label, "period": periods, "n_stories": 2, "share": share,
                         "low": share - 0.1, "high": share + 0.1})  # fmt: skip


def ticks(ax):
    return [tick.get_text() for tick in ax.get_xticklabels()]


def test_a_period_without_a_row_keeps_its_place_and_breaks_the_line():
    table = by_period("2016-12", "2017-01", "2017-04")
    ax, share = an.plot(table), table["share"]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [0.1, share[1], np.nan, np.nan, 0.5])
    assert ticks(ax) == ["Dec\n2016", "Jan\n2017", "Feb\n2017", "Mar\n2017", "Apr\n2017"]


def test_one_outlet_is_a_band_and_several_have_a_row_of_panels_each():
    two = pd.concat([by_period("2016", "2018", label=label) for label in "ab"])
    assert len(an.plot(two).child_axes) == 2
    assert len(an.plot(pd.concat([two, two.assign(outlet="Y")])).child_axes) == 4
    together = an.plot(two.drop(columns="outlet")).child_axes
    assert [face.get_title("left") for face in together] == ["a", "b"]


@pytest.mark.parametrize(
    ("periods", "named"),
    [
        (["2016-12-30", "2017-01-02"], ["30 Dec\n2016", "31 Dec\n2016", "1 Jan\n2017", "2 Jan\n2017"]),
        (["2016-12-26", "2017-01-09"], ["26 Dec\n2016", "2 Jan\n2017", "9 Jan\n2017"]),
        (["2016Q4", "2017Q1"], ["Q4\n2016", "Q1\n2017"]),
        (["2016", "2018"], ["2016", "2017", "2018"]),
        (["before", "after"], ["before", "after"]),
        (["2012Q2", "2020Q3"], [f"Q1\n{year}" for year in range(2013, 2021)]),
        (
            ["2015-02", "2017-12"],
            [f"{m}\n{y}" for y in (2015, 2016, 2017) for m in ("Jan", "Apr", "Jul", "Oct")][1:],
        ),
    ],
)
def test_named_periods_stand_at_even_steps_with_their_year(periods, named):
    ax = an.plot(by_period(*periods))
    places = ax.get_xticks()
    assert ticks(ax) == named
    assert len(set(np.diff(places))) == 1
    if len(named) > 2:
        assert len(ax.get_xticks(minor=True)) + len(places) >= len(named)


def test_three_topics_stand_as_far_apart_as_they_speak_differently():
    words = pd.DataFrame([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]])
    places = topic_places(words).to_numpy()
    for one, other in ((0, 1), (0, 2), (1, 2)):
        apart = np.linalg.norm(places[one] - places[other])
        assert apart == pytest.approx(jensenshannon(words.loc[one], words.loc[other]))
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize("shape", [(1.0, 0.3), (1.0, 0.9), (1.0, 1.2)])
def test_no_disc_of_the_map_is_cut_by_the_edge(shape, monkeypatch):
    points = pd.DataFrame(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) * shape, columns=["x", "y"])
    words = pd.DataFrame(np.eye(4), index=list("abcd"), columns=["oil", "gas", "tea", "war"])
    topics = SimpleNamespace(words=words, shares=pd.DataFrame([[0.25] * 4], columns=words.index))
    monkeypatch.setattr("analysis.show.figures.topics.topic_places", lambda _: points)
    ax = draw_map(topics, Page())
    ax.figure.canvas.draw()
    radius = np.sqrt(ax.collections[0].get_sizes().max()) / 2 * ax.figure.dpi / 72
    middles = ax.transData.transform(points.to_numpy())
    assert (middles - radius >= ax.bbox.min).all()
    assert (middles + radius <= ax.bbox.max).all()


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda: an.plot(NO_TERM, "scatter"), "no group has a term"),
        (lambda: an.plot(by_period()), "no article with a share has a date"),
        (lambda: an.plot(SimpleNamespace(words=NONE, shares=NONE), "map"), "no topic was fitted"),
    ],
)  # fmt: skip
def test_nothing_to_draw_is_said(draw, why):
    assert words_on(draw()) == [f"nothing to show: {why}"]


def covered(*rows):
    table = pd.DataFrame(rows, columns=["outlet", "period", "n_stories"])
    return table.assign(n_articles=table["n_stories"], shared=table["period"] == "2016-05")


def test_coverage_has_a_tile_a_number_and_marks_gaps_and_shared_periods():
    ax = an.plot(covered(("AP", "2016-05", 4), ("AP", "2016-06", 0), ("DW", "2016-05", 1), ("DW", "2016-06", 9)))
    assert [text.get_text() for text in ax.texts] == ["4", "1", "9"]
    (line,) = ax.lines
    assert line.get_xdata().tolist() == [-0.46, 0.46]  # May alone is shared
    assert [round(tile.get_alpha(), 2) for tile in ax.patches] == [0.43, 0.27, 0.6]  # 0.1 + 0.5 · √(n / 9)
    assert ax.collections[0].get_offsets().tolist() == [[1, 0]]  # AP in June
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["AP", "DW"]
    assert foot(ax).endswith("Line on top: 1 month with stories from every outlet shown.")


def test_coverage_sets_undated_articles_apart_and_names_a_missing_overlap():
    ax = an.plot(covered(("AP", "2016-06", 4), ("AP", "undated", 2)))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["Jun\n2016", "undated"]
    assert foot(ax).endswith("No month has stories from every outlet shown.")
    assert an.plot(covered()).texts[0].get_text() == "nothing to show: no article"
    undated = an.plot(covered(("AP", "undated", 2)))
    assert [tick.get_text() for tick in undated.get_xticklabels()] == ["undated"]


def test_a_split_has_two_rows_a_pair_and_fills_framing_alone():
    parts = pd.DataFrame([["DW", "TASS", "economy", 0.3, -0.2, -0.4, 0.1, 0.5, 0.4, 0.6, 0.01],
                          ["AP", "TASS", "economy", 0.1, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan]],
                         columns=["outlet", "other", "label", "difference", "selection", "selection_low",
                                  "selection_high", "framing", "framing_low", "framing_high", "q"])  # fmt: skip
    ax = an.plot(parts)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["DW − TASS, selection", "DW − TASS, framing"]
    _, filled, hollow = ax.collections  # intervals, then dots
    assert (filled.get_offsets().tolist(), hollow.get_offsets().tolist()) == ([[0.5, 1]], [[-0.2, 0]])
    assert an.plot(parts[1:]).texts[0].get_text() == "nothing to show: no two outlets share two events"


def test_topics_that_are_nearly_equal_or_alone_have_places():
    """What is rounded differently for one and the other of two topics is no reason to stop."""
    chance = np.random.default_rng(0)
    for _ in range(20):
        words = chance.dirichlet(np.ones(20)) * (1 + chance.normal(0, 1e-9, (3, 20)))
        places = topic_places(pd.DataFrame(words / words.sum(axis=1, keepdims=True)))
        assert np.abs(places).to_numpy().max() < 1e-6
    assert topic_places(pd.DataFrame([[0.5, 0.5]])).to_numpy().tolist() == [[0.0, 0.0]]
