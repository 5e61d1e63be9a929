"""Estimates and tests beyond one share an article: units, reprints, pooling, verdicts, shared events, time."""

import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportion_effectsize
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

import analysis as an
from analysis.compare.effects import equivalence_p, sampling_errors
from analysis.compare.events import signs_p
from analysis.compare.intervals import score_interval
from analysis.compare.relabel import permutation_p
from analysis.compare.tests import false_discovery
from benchmarks import coverage


def corpus(rows, **labels):
    """Shares and articles from (outlet, story) pairs."""
    docs = [f"d{i:03}" for i in range(len(rows))]
    articles = pd.DataFrame(rows, columns=["outlet", "story_id"], dtype="str").assign(doc_id=docs)
    return pd.DataFrame(labels, index=pd.Index(docs, name="doc_id"), dtype=float), articles


def alone(values, prefix):
    table = pd.DataFrame({"x": values}, index=[f"{prefix}{at}" for at in range(len(values))])
    return table, pd.Series(1.0, table.index)


# Notes and reprints


@pytest.mark.parametrize("compare", [an.compare_outlets, an.test_outlets])
def test_without_stories_the_note_says_so(compare):
    shares, articles = corpus([("DW", "a"), ("DW", "b"), ("TASS", "c")], economy=[0.2, 0.4, 0.6])
    without = compare(shares, articles.drop(columns="story_id"))["note"]
    assert without.str.endswith("no story_id: each article taken for a story").all()
    assert not compare(shares, articles)["note"].str.contains("article").any()
    assert (
        compare(shares, articles, cluster="doc_id")["note"].tolist() == compare(shares, articles)["note"].tolist()
    )


def test_only_originals_count_if_asked():
    shares, articles = corpus([("DW", "a"), ("TASS", "a"), ("TASS", "b"), ("DW", "c")], economy=[0.2, 0.9, 0.4, 0])
    articles["copy_of"] = [None, "d000", None, None]
    table = an.compare_outlets(shares, articles, reprints="original")
    assert table[["outlet", "n_stories", "share"]].to_numpy().tolist() == [["DW", 2, 0.1], ["TASS", 1, 0.4]]


SPOILT = [
    ({"reprints": "all"}, "reprints: 'all' is neither 'weighted' nor 'original'."),
    ({"reprints": "original"}, 'reprints="original" needs the column copy_of: mark_copies(articles) adds it.'),
    ({"against": "all"}, "against: 'all' is neither 'pairs' nor 'rest'."),
    ({"margin": 5}, "margin is 5; it is a difference of shares, from 0 to 1 (five points are 0.05)."),
    (
        {"shared_events": True, "margin": 0.1},
        "shared_events=True compares pairs of outlets, and without a margin.",
    ),
    ({"shared_events": True}, "articles have no column 'date'; they have ['outlet', 'story_id', 'doc_id']."),
    (
        {"shared_events": True, "event": "topic"},
        "event: 'topic' is neither 'story', one of 'day', 'week', 'month', 'quarter', 'year', nor a column of "
        "articles; they have ['outlet', 'story_id', 'doc_id'].",
    ),
]


@pytest.mark.parametrize(("options", "message"), SPOILT)
def test_errors_say_what_to_do(options, message):
    given = corpus([("DW", "a"), ("TASS", "b")], economy=[0.2, 0.4])
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.test_outlets(*given, **options)


# Passages


def passage_shares():
    """DW: story a twice, with 2 and 4 passages, and story b with 1; TASS: story c with 1."""
    _, articles = corpus([("DW", "a"), ("DW", "a"), ("DW", "b"), ("TASS", "c")])
    ids = ["d000:0", "d000:7", "d001:0", "d001:1", "d001:2", "d001:3", "d002:0", "d003:5"]
    return pd.DataFrame({"x": [1.0, 0, 1, 1, 0, 0, 1, 0]}, index=pd.Index(ids, name="passage_id")), articles


def test_passages_weigh_stories_and_reprints_share_one():
    # Story a: half of six passages, which are three an article; b: one of one. (3 · ½ + 1) / (3 + 1) = 0.625
    table = an.compare_outlets(*passage_shares())
    assert table["share"].tolist() == [0.625, 0.0]
    assert table[["n_articles", "n_stories"]].to_numpy().tolist() == [[3, 2], [1, 1]]


def test_one_passage_an_article_is_the_same_as_articles():
    shares, articles = corpus([(o, f"{o}{at}") for o in ("DW", "TASS") for at in range(5)], x=np.arange(10) / 10)
    passages = shares.set_axis(shares.index + ":3")
    for compare in (an.compare_outlets, an.test_outlets):
        pd.testing.assert_frame_equal(compare(shares, articles), compare(passages, articles))


def test_passages_of_unknown_articles_are_refused():
    shares, articles = passage_shares()
    with pytest.raises(ValueError, match=r"^8 of 8 documents in shares are not in articles, first 'd000:0'\."):
        an.compare_outlets(shares, articles.iloc[1:])


def test_unequal_weights_enter_the_error_as_a_ratio_estimate_does():
    # Weights 3, 1, 2 and shares 1, 0, ½: mean 4/6; n/(n−1) Σ w²(y − m)² / W² = 1.5 · (1 + 4/9 + 1/9) / 36
    table = pd.DataFrame({"x": [1.0, 0.0, 0.5]}, index=list("abc"))
    first = table, pd.Series([3.0, 1.0, 2.0], index=list("abc"))
    error = sampling_errors(first, alone([0.1, 0.2], "z")).first[0]
    assert error**2 == pytest.approx(1.5 * (1 + 4 / 9 + 1 / 9) / 36)


def test_weighted_relabeling_agrees_with_scipys():
    rng = np.random.default_rng(8)
    values, weights = rng.random(8), rng.integers(1, 5, 8).astype(float)
    rows = np.column_stack([values, weights])

    def linearised(first, second):
        means, spread = [], 0.0
        for side in (first, second):
            y, w = side[:, 0], side[:, 1]
            means.append(np.average(y, weights=w))
            spread += len(y) / (len(y) - 1) * (w**2 * (y - means[-1]) ** 2).sum() / w.sum() ** 2
        return abs(means[0] - means[1]) / np.sqrt(spread)

    every = []
    for chosen in combinations(range(8), 4):
        mask = np.isin(np.arange(8), chosen)
        every.append(linearised(rows[mask], rows[~mask]))
    expected = np.mean(np.array(every) >= every[0] * (1 - 1e-9))
    names = [f"s{at}" for at in range(8)]
    sides = [
        (pd.DataFrame({"x": values[part]}, index=names[part]), pd.Series(weights[part], index=names[part]))
        for part in (slice(0, 4), slice(4, 8))
    ]
    assert permutation_p(*sides, relabelings=1000, seed=0)[0] == pytest.approx(expected)


# Equal to what others compute where the case is theirs


def test_equivalence_of_separate_stories_is_statsmodels_tost():
    rng = np.random.default_rng(0)
    first, second = rng.random(30), rng.random(40)
    errors = sampling_errors(alone(first, "a"), alone(second, "b"))
    ours = equivalence_p(np.array([first.mean() - second.mean()]), errors.difference, errors.degrees, 0.2)
    assert ours[0] == pytest.approx(ttost_ind(first, second, -0.2, 0.2, usevar="unequal")[0])


def test_equivalence_of_shared_stories_is_statsmodels_paired_tost():
    rng = np.random.default_rng(1)
    first, second = rng.random(25), rng.random(25)
    errors = sampling_errors(alone(first, "a"), alone(second, "a"))
    ours = equivalence_p(np.array([first.mean() - second.mean()]), errors.difference, errors.degrees, 0.2)
    assert ours[0] == pytest.approx(ttost_paired(first, second, -0.2, 0.2)[0])


def test_q_is_statsmodels_with_gaps_left_out():
    p = np.array([0.001, np.nan, 0.02, 0.8, 0.04])
    expected = multipletests(p[~np.isnan(p)], method="fdr_bh")[1]
    np.testing.assert_allclose(false_discovery(p)[~np.isnan(p)], expected)
    assert np.isnan(false_discovery(p)[1])


def test_yes_or_no_stories_have_wilsons_interval():
    # With an error of √(p(1−p)/n) the effective number is n; for many stories Student's t is the normal.
    share, n = np.array([0.3]), np.array([1e6])
    bounds = score_interval(share, np.sqrt(share * (1 - share) / n), n, level=0.95)
    np.testing.assert_allclose(np.ravel(bounds), proportion_confint(3e5, 1e6, method="wilson"), rtol=1e-6)


def test_effect_size_is_statsmodels():
    shares, articles = corpus(
        [(o, f"{o}{at}") for o in ("DW", "TASS") for at in range(4)], x=[0.6] * 4 + [0.2] * 4
    )
    row = an.test_outlets(shares, articles, margin=0.05).iloc[0]
    assert row["h"] == pytest.approx(proportion_effectsize(0.6, 0.2))
    assert row["ratio"] == pytest.approx(3)


def test_exchange_of_outlets_is_scipys_exact_sign_test():
    rng = np.random.default_rng(2)
    terms = rng.normal(0.2, 0.5, (9, 1))
    theirs = stats.permutation_test(
        (terms[:, 0],), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert signs_p(terms, relabelings=1000, seed=0)[0] == pytest.approx(theirs.pvalue)


# Jointly and pooled


def test_joint_intervals_hold_single_ones_and_stay_below_bonferronis():
    rows = [(o, f"{o}{at}") for o in "ABCDE" for at in range(20)]
    values = np.random.default_rng(3).random(100)
    one = an.compare_outlets(*corpus(rows, x=values))
    joint = an.compare_outlets(*corpus(rows, x=values), simultaneous=True)
    strict = an.compare_outlets(*corpus(rows, x=values), level=1 - 0.05 / 5)
    assert ((joint["low"] < one["low"]) & (joint["high"] > one["high"])).all()
    assert (joint["high"] - joint["low"]).mean() == pytest.approx(
        (strict["high"] - strict["low"]).mean(), rel=0.05
    )
    assert joint.attrs["simultaneous"] is True


def test_a_single_outlet_needs_no_joint_interval():
    given = corpus([("A", str(at)) for at in range(20)], x=np.arange(20) / 20)
    figures = ["low", "high"]
    joint = an.compare_outlets(*given, simultaneous=True, draws=20_000)[figures]
    np.testing.assert_allclose(joint, an.compare_outlets(*given, draws=20_000)[figures], atol=0.002)


def test_small_outlets_are_drawn_to_the_rest():
    rows = [("A", "a")] + [(o, f"{o}{at}") for o in "BCD" for at in range(40)]
    values = [1.0] + [0.0, 0.0, 0.0, 1.0] * 30
    table = an.compare_outlets(*corpus(rows, x=values), pool=True).set_index("outlet")
    assert list(table.columns[-3:]) == ["pooled", "pooled_low", "pooled_high"]
    assert 0.25 < table.loc["A", "pooled"] < 0.5
    assert table.loc["A", ["pooled_low", "pooled_high"]].notna().all()
    assert table.loc["B", "pooled"] == pytest.approx(0.25, abs=0.02)


def test_a_sole_outlet_has_nothing_to_be_drawn_to():
    table = an.compare_outlets(*corpus([("A", "a"), ("A", "b")], x=[0.2, 0.4]), pool=True)
    assert table[["pooled", "pooled_low", "pooled_high"]].isna().all(axis=None)


rows = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("stuvwxyz"), st.floats(0, 1)), min_size=2)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_pooled_shares_lie_between_the_outlets_and_within_their_bounds(rows):
    shares, articles = corpus([row[:2] for row in rows], x=[row[2] for row in rows])
    table = an.compare_outlets(shares, articles, pool=True, draws=50)
    if len(table) > 1:
        assert (table["pooled_low"] <= table["pooled"]).all()
        assert (table["pooled_high"] >= table["pooled"]).all()
        assert table["pooled_low"].ge(0).all()
        assert table["pooled_high"].le(1).all()


# One against the rest, verdicts


def test_the_rest_counts_a_story_once():
    # A: .5 and .7. The rest: story s in B and C, mean .2, and story t in C, .6: .4.
    shares, articles = corpus(
        [("A", "p"), ("A", "q"), ("B", "s"), ("C", "s"), ("C", "t")], x=[0.5, 0.7, 0.1, 0.3, 0.6]
    )
    table = an.test_outlets(shares, articles, against="rest")
    assert table[["outlet", "other"]].to_numpy().tolist() == [
        ["A", "the rest"],
        ["B", "the rest"],
        ["C", "the rest"],
    ]
    assert table["difference"][0] == pytest.approx(0.2)


def test_one_of_two_against_the_rest_is_the_pair():
    given = corpus([(o, f"{o}{at}") for o in "AB" for at in range(6)], x=np.arange(12) / 12)
    pair, rest = an.test_outlets(*given).iloc[0], an.test_outlets(*given, against="rest").iloc[0]
    assert pair[["difference", "p"]].tolist() == rest[["difference", "p"]].tolist()


def test_verdicts_tell_no_difference_from_too_little_data():
    rng = np.random.default_rng(5)
    sizes = {"A": 400, "B": 400, "C": 5, "D": 1}
    rows = [(o, f"{o}{at}") for o, n in sizes.items() for at in range(n)]
    values = np.concatenate([rng.random(400) * 0.4, rng.random(400) * 0.4, [0.1, 0.3, 0.2, 0.3, 0.1], [0.2]])
    table = an.test_outlets(*corpus(rows, x=values), margin=0.05)
    verdicts = dict(zip(table["outlet"] + table["other"], table["verdict"], strict=True))
    assert verdicts["AB"] == "no difference larger than .05"
    assert re.fullmatch(r"cannot tell: only differences above \.\d\d would show", verdicts["AC"])
    assert verdicts["AD"] == "cannot tell: one story"


def test_two_stories_each_can_show_nothing():
    # Of six ways to deal four stories p is a third at best.
    row = an.test_outlets(*corpus([("A", "a"), ("A", "b"), ("B", "c"), ("B", "d")], x=[0, 0, 1, 1]), margin=0.05)
    assert row["p"][0] == pytest.approx(1 / 3)
    assert row["smallest"][0] == np.inf
    assert row["verdict"][0] == "cannot tell: too few stories for any difference to show"


def test_stories_that_all_agree_are_no_proof_of_equality():
    rows = [(o, f"{o}{at}") for o in "AB" for at in range(8)]
    table = an.test_outlets(*corpus(rows, x=[0.0] * 16), margin=0.05)
    assert table["p_equivalent"][0] > 0.05


def test_asking_for_verdicts_changes_nothing_else():
    given = corpus([(o, f"{o}{at}") for o in "ABC" for at in range(6)], x=np.arange(18) / 18)
    plain, judged = an.test_outlets(*given), an.test_outlets(*given, margin=0.1)
    pd.testing.assert_frame_equal(plain, judged[plain.columns])
    assert list(judged.columns[9:]) == ["h", "ratio", "p_equivalent", "smallest", "verdict"]


# Shared events


def told_by_day(days):
    """Shares and articles of outlets A and B from {day: (shares of A, shares of B)}."""
    rows = [(o, f"2016-05-{day:02}", s) for day, both in days.items() for o, told in zip("AB", both, strict=True)
            for s in told]  # fmt: skip
    shares, articles = corpus([(o, str(at)) for at, (o, _, _) in enumerate(rows)], x=[row[2] for row in rows])
    return shares, articles.assign(date=pd.to_datetime([row[1] for row in rows]))


def test_selection_and_framing_add_up_by_hand():
    # Shared: day 1 (A .8 .6 → .7, B .5), day 2 (A .4, B .2). Day 3 A alone, 0. Day 4 B alone, .9.
    # A .45, B .5333; A's shared weights ⅔ ⅓, B's ½ ½: framing .2 · (⅔ + ½)/2 + .2 · (⅓ + ½)/2 = .2.
    given = told_by_day({1: ([0.8, 0.6], [0.5]), 2: ([0.4], [0.2]), 3: ([0.0], []), 4: ([], [0.9])})
    row = an.decompose_outlets(*given).iloc[0]
    assert (row["n_events"], row["n_shared"], row["note"]) == (4, 2, "on 2 shared events")
    assert row["difference"] == pytest.approx(0.45 - 1.6 / 3)
    assert row["framing"] == pytest.approx(0.2)
    assert row["selection"] == pytest.approx(row["difference"] - 0.2)
    assert row["p"] == pytest.approx(0.5)  # of four ways to exchange two days, two
    same = an.test_outlets(*given, shared_events=True).iloc[0]
    assert same[["difference", "low", "high", "p"]].tolist() == row[
        ["framing", "framing_low", "framing_high", "p"]].tolist()  # fmt: skip


def test_what_outlets_select_is_not_taken_for_framing():
    # On each of ten days both tell alike; A has ten days of its own, full of the frame.
    alike = {day: ([0.2], [0.2]) for day in range(1, 11)} | {day: ([1.0], []) for day in range(11, 21)}
    row = an.decompose_outlets(*told_by_day(alike)).iloc[0]
    assert row[["difference", "selection", "framing", "p"]].tolist() == pytest.approx([0.4, 0.4, 0.0, 1.0])


def test_without_shared_events_nothing_is_split():
    given = told_by_day({1: ([0.8, 0.6], []), 2: ([], [0.2, 0.3])})
    row = an.decompose_outlets(*given).iloc[0]
    assert row["note"] == "fewer than two shared events"
    assert row[["framing", "selection", "p", "q"]].isna().all()
    assert an.test_outlets(*given, shared_events=True)["p"].isna().all()


def test_a_story_belongs_to_the_day_it_first_ran():
    shares, articles = corpus([("A", "s"), ("B", "s"), ("A", "t"), ("B", "t")], x=[0.1, 0.3, 0.2, 0.4])
    articles["date"] = pd.to_datetime(["2016-05-01", "2016-05-03", "2016-06-01", None])
    by_day, by_story = (an.decompose_outlets(shares, articles, event=event) for event in ("day", "story"))
    assert by_day["n_shared"][0] == 2
    pd.testing.assert_frame_equal(by_day, by_story)


def test_undated_stories_are_shared_by_none():
    given = told_by_day({1: ([0.8], [0.6]), 2: ([0.1], [0.2])})
    undated = given[1].assign(date=pd.NaT)
    assert an.decompose_outlets(given[0], undated)["n_shared"].tolist() == [0]


# Time


def monthly(values, outlet="DW"):
    """One story a week from January 2016, and its share."""
    shares, articles = corpus([(outlet, str(at)) for at in range(len(values))], x=values)
    return shares, articles.assign(date=pd.date_range("2016-01-04", periods=len(values), freq="7D"))


def test_months_hold_what_compare_outlets_finds_in_them():
    shares, articles = monthly(np.random.default_rng(0).random(20))
    trend = an.trend_outlets(shares, articles)
    assert trend["period"].tolist() == ["2016-01", "2016-02", "2016-03", "2016-04", "2016-05"]
    march = articles[articles["date"].dt.month == 3]
    alone = an.compare_outlets(shares.loc[march["doc_id"]], march, draws=20_000).iloc[0]
    row = trend.iloc[2]
    assert row["share"] == pytest.approx(alone["share"])
    assert row[["low", "high"]].tolist() == pytest.approx(alone[["low", "high"]].tolist(), abs=0.02)


def test_a_month_without_stories_has_a_row_without_a_share():
    shares, articles = corpus([("A", "a"), ("B", "b")], x=[0.2, 0.4])
    trend = an.trend_outlets(shares, articles.assign(date=pd.to_datetime(["2016-01-01", "2016-03-01"])))
    assert trend["n_stories"].tolist() == [1, 0, 0, 0, 0, 1]
    assert trend["share"].isna().tolist() == [False, True, True, True, True, False]
    assert trend["note"].tolist()[1] == "no story"


def test_a_change_is_found_where_it_was_planted():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.random(22) * 0.4, 0.5 + rng.random(21) * 0.4])
    row = an.outlet_changes(*monthly(values)).iloc[0]
    assert (row["period"], row["verdict"]) == ("2016-06", "change")
    assert row["after"] - row["before"] == pytest.approx(row["difference"])


def test_noise_is_seldom_called_a_change():
    # A hundred labels without a change, each tested alone: p below .05 in about five.
    rng = np.random.default_rng(2)
    values = np.where(rng.random((52, 100)) < 0.5, 0.0, rng.random((52, 100)))
    shares, articles = monthly(np.zeros(52))
    shares = pd.DataFrame(values, index=shares.index)
    changes = an.outlet_changes(shares, articles, relabelings=199)
    assert (changes["p"] < 0.05).mean() <= 0.09
    assert (changes["verdict"] == "change").sum() <= 1


def test_few_stories_show_no_change():
    row = an.outlet_changes(*monthly([0.0, 0.0, 1.0, 1.0])).iloc[0]
    assert (row["verdict"], row["note"], row["period"]) == ("cannot tell", "too few stories: no test", "")


@pytest.mark.parametrize("follow", [an.trend_outlets, an.outlet_changes])
def test_time_needs_a_known_period(follow):
    message = "period: 'decade' is none of 'day', 'week', 'month', 'quarter', 'year' or D, W, M, Q, Y."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        follow(*monthly([0.1, 0.2]), period="decade")


@pytest.mark.parametrize("compare", [an.trend_outlets, an.outlet_changes, an.decompose_outlets])
def test_nothing_to_compare_is_an_empty_table(compare):
    shares, articles = monthly(np.arange(12) / 12)
    articles.loc[1::2, "outlet"] = "TASS"
    full, empty = compare(shares, articles), compare(shares.iloc[:0], articles)
    assert len(full)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


# Terms


def test_terms_are_compared_as_frames_are():
    texts = ["gas price", "gas pipe", "navy drill", "navy drill gas"]
    shares = an.term_shares(an.count_terms(an.tokenize(texts)), ["gas", "navy"])
    articles = pd.DataFrame({"doc_id": shares.index, "outlet": ["A", "A", "B", "B"], "story_id": shares.index})
    table = an.test_outlets(shares, articles)
    assert table[["label", "difference"]].to_numpy().tolist() == [["gas", 0.5], ["navy", -1.0]]


def test_a_term_that_was_not_counted_is_an_error():
    counts = an.count_terms(an.tokenize(["gas"]))
    message = "terms: 'oil' was not counted. Count with a smaller min_df, or leave it out."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.term_shares(counts, ["gas", "oil"])


# The benchmark, small


def test_intervals_and_tests_hold_on_reprints_where_articles_do_not():
    kinds = {"rare": coverage.KINDS["rare, .10"]}
    stories, articles = coverage.compared(400, kinds)
    assert 93 <= stories["covered"] <= 98
    assert 92 <= stories["differences"] <= 99
    assert 92 <= stories["jointly"] <= 99
    assert stories["alarms"] <= 6
    assert articles["covered"] < 80
    assert articles["alarms"] > 3 * stories["alarms"]
