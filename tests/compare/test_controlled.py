"""Like compared with like: within the periods and headings that two outlets share."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from outlets import corpus

import analysis as an
from benchmarks import periods
from tests.data import refused


def archives(corpora, *, sizes=(60, 40), effect=0.0, seed=0):
    """A from 2015 to 2017, B from mid-2016 on; the frame grows over the quarters in both. A column a corpus."""
    chance = np.random.default_rng(seed)
    quarter = np.concatenate([chance.integers(0, 12, sizes[0]), chance.integers(6, 12, sizes[1])])
    _, articles = corpus([("A", f"a{at}") for at in range(sizes[0])] + [("B", f"b{at}") for at in range(sizes[1])])
    day = quarter * 91 + chance.integers(0, 90, len(quarter))
    articles["date"] = pd.Timestamp("2015-01-01") + pd.to_timedelta(day, unit="D")
    mood = chance.normal(0, 0.7, (12, corpora)) + 1.5 * (np.arange(12)[:, None] >= 6) - 1.4
    share = 1 / (1 + np.exp(-mood[quarter] - effect * (articles["outlet"] == "A").to_numpy()[:, None]))
    values = chance.binomial(3, chance.beta(5 * share, 5 * (1 - share))) / 3
    return pd.DataFrame(values, index=articles["doc_id"]), articles


def test_a_difference_of_archives_is_none_of_outlets():
    given = archives(150)
    how = an.Inference(draws=100, relabelings=199)
    table = an.outlet_differences(*given, control="period", how=how)
    assert (table["p"] < 0.05).mean() > 0.25
    assert (table["standardised_p"] < 0.05).mean() <= 0.06
    assert table["standardised"].mean() == pytest.approx(0, abs=0.02)
    assert table["in_window"].mean() == pytest.approx(0, abs=0.02)
    assert table["note"].str.startswith("of different days: in the days of both are A ").all()


def test_a_difference_of_outlets_is_found_between_archives():
    table = an.outlet_differences(*archives(60, sizes=(160, 90), effect=1.0), control="period",
                                  how=an.Inference(draws=100, relabelings=199))  # fmt: skip
    assert (table["standardised_p"] < 0.05).mean() > 0.9
    assert (table["standardised"] > 0).all()


def standardised_alarms(corpora, **settings):
    how = an.Inference(draws=2, relabelings=2, **settings)
    tables = [an.outlet_differences(*given, control="period", how=how) for given in corpora]
    return (pd.concat(tables)["standardised_p"] < 0.05).mean()


@pytest.mark.parametrize(("sizes", "passages"), [((200, 15), ()), ((40, 20), (1, 8))])
def test_a_small_archive_in_which_stories_happen_to_agree_differs_no_more_often(sizes, passages):
    # Topics: low shares and one story in a hundred full. From its own spread alone a small side differed in 20.
    assert standardised_alarms(periods._archives(sizes, 0.0, passages, seed) for seed in range(5)) <= 0.06


@pytest.mark.parametrize(("often", "rate"), [((1, 0), 3), ((1, 0), 6), ((0.85, 0.15), 3), ((0.85, 0.15), 6)])
def test_outlets_that_print_in_turn_are_not_compared_over_longer_periods(often, rate):
    given = [periods._in_turn(often, rate, seed) for seed in range(5)]
    assert standardised_alarms(given) <= 0.06
    raw = [an.outlet_differences(*one, how=an.Inference(draws=100, relabelings=2))["p"] for one in given]
    assert (pd.concat(raw) < 0.05).mean() > 0.06


def test_outlets_that_print_in_turn_are_named():
    note = an.outlet_differences(*periods._in_turn((1, 0), 6, 0))["note"]
    assert set(note) == {"seldom of the same month: in months of both are A 0 %, B 0 %; see control='period'"}
    assert set(an.outlet_differences(*periods._in_turn((1, 1), 6, 0))["note"]) == {""}


def test_moods_that_last_are_held_by_years():
    assert standardised_alarms((periods._moody(0.8, seed) for seed in range(5)), cluster="year") <= 0.06


def test_the_standardised_difference_is_that_of_a_regression_with_terms_for_periods():
    shares, articles = archives(1, sizes=(40, 30), seed=3)
    row = an.outlet_differences(shares, articles, control="period").iloc[0]
    first, last = (pd.Timestamp(day) for day in row["window"].split(" to "))
    inside = articles["date"].between(first, last).to_numpy()
    letter = {"month": "M", "quarter": "Q", "year": "Y"}[row["control"]]
    period = articles.loc[inside, "date"].dt.to_period(letter).astype(str)
    kept = period.isin(set(period[articles["outlet"] == "A"]) & set(period[articles["outlet"] == "B"])).to_numpy()
    terms = pd.get_dummies(period[kept]).astype(float).assign(A=(articles["outlet"][inside][kept] == "A") * 1.0)
    fit = sm.OLS(shares[0].to_numpy()[inside][kept], terms.to_numpy()).fit()
    assert row["standardised"] == pytest.approx(fit.params[-1])
    assert row["overlap"] == pytest.approx(min(
        (articles["outlet"][inside][kept] == name).sum() / (articles["outlet"] == name).sum() for name in "AB"
    ))  # fmt: skip


def test_all_outlets_are_compared_within_what_they_covered():
    # Against the rest, A differs by its archive alone; asked within periods, it does not.
    given = archives(100, sizes=(160, 90))
    how = an.Inference(draws=2, relabelings=99)
    table = an.outlet_differences(*given, against="rest", control="period", how=how)
    pairs = an.outlet_differences(*given, control="period", how=how)
    of_a = table[table["outlet"] == "A"]
    np.testing.assert_allclose(of_a["standardised"], pairs["standardised"])
    assert of_a["note"].str.contains("of different days").all()
    overall = an.outlets_differ(*given, control="period", how=how)
    assert (overall["p"] < 0.05).mean() > 0.5
    assert (overall["standardised_p"] < 0.05).mean() <= 0.06
    assert (
        overall["standardised_verdict"]
        .isin(["the outlets differ", "no difference between outlets is clear"])
        .all()
    )


def test_a_column_is_controlled_for_by_hand():
    # Opinion: A .8, .6 and B .5, .5; news: A .2 and B .1, .1, .1. Weights 2·2/4 = 1 and 1·3/4: apart .2 and .1.
    rows = [("A", "a"), ("A", "b"), ("A", "c"), *(("B", name) for name in "defgh")]
    shares, articles = corpus(rows, x=[0.8, 0.6, 0.2, 0.5, 0.5, 0.1, 0.1, 0.1])
    articles["section"] = ["opinion"] * 2 + ["news"] + ["opinion"] * 2 + ["news"] * 3
    row = an.outlet_differences(shares, articles, control="section").iloc[0]
    assert row["difference"] == pytest.approx(1.6 / 3 - 1.3 / 5)
    assert row["standardised"] == pytest.approx((1 * 0.2 + 0.75 * 0.1) / 1.75)
    assert (row["control"], row["overlap"], row["window"]) == ("section", 1.0, "")


def test_archives_without_a_day_in_common_cannot_be_compared():
    shares, articles = corpus([("A", "a"), ("A", "b"), ("B", "c"), ("B", "d")], x=[0.1, 0.2, 0.3, 0.4])
    articles["date"] = pd.to_datetime(["2015-01-01", "2015-02-01", "2016-01-01", None])
    row = an.outlet_differences(shares, articles, control="period").iloc[0]
    assert row["overlap"] == 0
    assert row["window"] == ""
    assert np.isnan(row["standardised"])
    assert row["standardised_verdict"] == "too little data"


def test_coverage_counts_stories_and_chooses_a_period_that_fits():
    _, articles = corpus([("A", "a"), ("A", "a"), ("A", "b"), ("B", "c")])
    articles["date"] = pd.to_datetime(["2010-01-05", "2010-02-01", "2014-01-01", "2010-03-01"])
    table = an.outlet_coverage(articles)
    assert table["period"].iloc[0] == "2010Q1"
    assert table.groupby("outlet")["n_articles"].sum().to_dict() == {"A": 3, "B": 1}
    assert table.groupby("outlet")["n_stories"].sum().to_dict() == {"A": 2, "B": 1}
    assert table.loc[table["shared"], "period"].unique().tolist() == ["2010Q1"]
    assert an.outlet_coverage(articles, "year")["period"].unique().tolist() == [
        str(year) for year in range(2010, 2015)
    ]
    assert an.outlet_coverage(articles.assign(date=pd.NaT))["period"].unique().tolist() == ["undated"]


def test_stories_that_agree_do_not_move_with_others_by_rounding():
    # A has no story with the label, or none without it: what rounding leaves is not a variance or a correlation.
    rows = [("A", f"a{at}") for at in range(6)] + [("B", f"b{at}") for at in range(6)]
    shares, articles = corpus(rows, x=[0.0] * 6 + [0.1, 0.3, 0.7, 0.2, 0.9, 0.6])
    articles = articles.assign(event=list("pqrpqr") * 2, section=["one"] * 6 + ["one"] * 5 + ["two"])
    how = an.Inference(cluster="event")
    row = an.outlet_differences(shares, articles, control="section", how=how).iloc[0]
    mirrored = an.outlet_differences(1 - shares, articles, control="section", how=how).iloc[0]
    assert -row["standardised_low"] == pytest.approx(mirrored["standardised_high"])
    assert -row["standardised_high"] == pytest.approx(mirrored["standardised_low"])


def test_a_column_that_divides_nothing_is_refused():
    shares, articles = corpus([("A", "a"), ("A", "b"), ("B", "c"), ("B", "d")], x=[0.1, 0.3, 0.5, 0.7])
    for values, why in (
        (["one"] * 4, "all articles have the same value"),
        ([None] * 4, "all articles have the same value"),
        (["one", "one", "two", "two"], "no value of it is shared by two of outlet"),
    ):
        with refused(f"control: 'section' leaves nothing to compare: {why}. Name another column."):
            an.outlet_differences(shares, articles.assign(section=values), control="section")


def test_within_one_month_all_intervals_of_a_rare_frame_agree():
    """One story of 40 on each side, all of one month: standardised bounds were ±20 points, raw ones ±11."""
    _, articles = corpus([(outlet, f"{outlet}{at}") for outlet in "AB" for at in range(40)])
    values = pd.DataFrame({"war": [1.0, *[0.0] * 39] * 2}, index=articles["doc_id"])
    articles["date"] = pd.to_datetime(["2020-01-01", "2020-01-31"] * 40)
    row = an.outlet_differences(values, articles, control="period", margin=0.15).iloc[0]
    # Clopper & Pearson: from .0006 to .1316 where 1 of 40 has it; √((.1316 − .025)² + (.025 − .0006)²) = .1094.
    assert row["high"] == -row["low"] == pytest.approx(0.1094, abs=0.001)
    assert row["in_window_high"] == pytest.approx(row["high"], abs=0.002)
    assert row["standardised_high"] == pytest.approx(row["high"], abs=0.005)
    assert row["verdict"] == row["standardised_verdict"] == "no difference larger than 15 points"
