"""Differences between outlets: which rows there are, their q, and against whom."""

import numpy as np
import pandas as pd
import pytest
from outlets import corpus, told
from statsmodels.stats.multitest import multipletests

import analysis as an
from analysis.arrays import false_discovery
from analysis.compare import differences
from tests.data import refused

COLUMNS = [
    "outlet", "other", "label", "difference", "low", "high", "p", "q", "n_stories", "n_others", "h", "ratio",
    "p_equivalent", "verdict", "note",
]  # fmt: skip


def test_differences_are_of_story_means_in_a_fixed_order():
    shares, articles = told(TASS={"a": 0.2, "b": 0.4}, DW={"c": 0.9, "d": 0.5}, ABC={"e": 0.0, "f": 0.2})
    result = an.outlet_differences(shares.assign(y=0.5), articles)
    assert list(result.columns) == COLUMNS
    assert result["label"].tolist() == ["x"] * 3 + ["y"] * 3
    pairs = [["ABC", "DW"], ["ABC", "TASS"], ["DW", "TASS"]]
    assert result[["outlet", "other"]].to_numpy().tolist() == pairs * 2
    assert result["difference"].to_numpy() == pytest.approx([-0.6, -0.2, 0.4, 0, 0, 0])


def test_q_is_benjamini_hochbergs():
    shares, articles = told(
        A=dict(zip("abcd", [0.9, 1.0, 0.95, 0.92], strict=True)),
        B=dict(zip("efgh", [0.1, 0.0, 0.2, 0.25], strict=True)),
        C=dict(zip("ijkl", [0.15, 0.05, 0.1, 0.3], strict=True)),
    )
    result = an.outlet_differences(shares, articles)
    # Of three, the smallest p counts thrice at most, the second at most the larger p · 3 / 2.
    first, second, third = result["p"]
    assert first < second < 0.04 < third
    assert result["q"].tolist() == pytest.approx([second * 1.5] * 2 + [third])


def test_q_is_statsmodels_with_gaps_left_out():
    p = np.array([0.001, np.nan, 0.02, 0.8, 0.04])
    expected = multipletests(p[~np.isnan(p)], method="fdr_bh")[1]
    np.testing.assert_allclose(false_discovery(p)[~np.isnan(p)], expected)
    assert np.isnan(false_discovery(p)[1])


def test_an_outlet_of_one_story_is_not_tested():
    shares, articles = told(A={"a": 0.1, "b": 0.4}, B={"c": 0.9}, C={"d": 0.2, "e": 0.3})
    result = an.outlet_differences(shares, articles)
    assert result["note"].tolist() == ["one story: no test", "", "one story: no test"]
    assert result[["low", "high", "p", "q"]].isna().all(axis=1).tolist() == [True, False, True]
    assert result["difference"].notna().all()


def test_shared_stories_narrow_the_interval():
    same = {str(i): i / 20 for i in range(20)}
    nearly = {story: share + (0.04 if int(story) % 2 else 0.0) for story, share in same.items()}
    apart = an.outlet_differences(*told(A=same, B={f"x{story}": share for story, share in nearly.items()}))
    paired = an.outlet_differences(*told(A=same, B=nearly))
    assert paired["difference"][0] == pytest.approx(apart["difference"][0])
    assert (paired["high"] - paired["low"])[0] < (apart["high"] - apart["low"])[0] / 3
    assert paired["p"][0] < 0.01 < apart["p"][0]


def test_the_rest_counts_a_story_once():
    # A: .5 and .7. The rest: story s in B and C, mean .2, and story t in C, .6: .4.
    shares, articles = corpus(
        [("A", "p"), ("A", "q"), ("B", "s"), ("C", "s"), ("C", "t")], x=[0.5, 0.7, 0.1, 0.3, 0.6]
    )
    table = an.outlet_differences(shares, articles, against="rest")
    assert table[["outlet", "other"]].to_numpy().tolist() == [[name, "the rest"] for name in "ABC"]
    assert table["difference"][0] == pytest.approx(0.2)


def test_an_outlet_may_be_called_the_rest():
    """With a window for each comparison, which is what was wrong."""
    tables = []
    for name in ("C", "the rest"):
        shares, articles = corpus(
            [(o, f"{o}{at}") for o in ("A", "B", name) for at in range(4)], x=np.arange(12) % 5 / 5
        )
        articles = articles.assign(date=pd.date_range("2017-01-01", periods=12))
        tables.append(an.outlet_differences(shares, articles, against="rest", control="period"))
    pd.testing.assert_frame_equal(*(table.drop(columns=["outlet", "note"]) for table in tables))


def test_one_of_two_against_the_rest_is_the_pair():
    given = corpus([(o, f"{o}{at}") for o in "AB" for at in range(6)], x=np.arange(12) / 12)
    pair, rest = an.outlet_differences(*given).iloc[0], an.outlet_differences(*given, against="rest").iloc[0]
    assert pair[["difference", "p"]].tolist() == rest[["difference", "p"]].tolist()


SPOILT = [
    ({"how": an.Inference(reprints="original")},
     'Inference: reprints="original" needs copy_of. Add it with mark_copies(articles).'),
    ({"against": "all"}, "against: 'all' is not a choice. Use one of: pairs, rest."),
    ({"margin": 5}, "outlet_differences: margin is a difference of shares, between 0 and 1. Found: 5. "
     "Write 0.05 for five points."),
    ({"split": "day", "against": "rest"},
     "outlet_differences: split= compares pairs of outlets. Leave out against=."),
    ({"split": "day"}, "articles: column 'date' is missing. Found: outlet, story_id, doc_id."),
    ({"split": "topic"}, "split: 'topic' is not 'story', a period or a column of articles. "
     "Use one of: story, day, week, month, quarter, year, outlet, story_id, doc_id."),
    ({"control": "section"}, "articles: column 'section' is missing. Found: outlet, story_id, doc_id. "
     "A control is a column, or 'period'."),
    ({"control": ["story_id", "outlet"]}, "control: 'outlet' is what is compared, so it cannot be held equal. "
     "Name another column."),
    ({"control": "doc_id"}, "control: 'doc_id' leaves nothing to compare: no value of it is shared by two of "
     "outlet. Name another column."),
    ({"control": "period"}, "articles: column 'date' is missing. Found: outlet, story_id, doc_id. "
     "control='period' needs it."),
    ({"control": "period", "split": "day"},
     "outlet_differences: control= and split= cannot be combined. Call it twice."),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), SPOILT)
def test_errors_say_what_to_do(options, message):
    given = corpus([("DW", "a"), ("TASS", "b")], economy=[0.2, 0.4])
    with refused(message):
        an.outlet_differences(*given, **options)


def test_many_outlets_are_compared_as_two_alone_are(monkeypatch):
    # Some pairs at a time give the rows that all at once give, and those of the pair by itself.
    given = corpus([(o, f"{o}{at}") for o in "ABCDE" for at in range(6)], x=np.arange(30) / 30)
    every = an.outlet_differences(*given)
    monkeypatch.setattr(differences, "BATCH", 1)
    pd.testing.assert_frame_equal(an.outlet_differences(*given), every)
    alone = given[1]["outlet"].isin(["B", "D"]).to_numpy()
    pair = an.outlet_differences(given[0][alone], given[1][alone]).iloc[0]
    row = every[(every["outlet"] == "B") & (every["other"] == "D")].iloc[0]
    columns = ["difference", "h", "ratio", "n_stories", "n_others"]
    assert row[columns].tolist() == pytest.approx(pair[columns].tolist())
    assert row[["low", "high"]].tolist() == pytest.approx(
        pair[["low", "high"]].tolist(), abs=0.02
    )  # other resamples
