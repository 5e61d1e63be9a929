import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outlets import corpus, monthly
from scipy.stats import beta
from statsmodels.stats.proportion import proportion_confint

import analysis as an
from analysis.compare.intervals import score_interval
from tests.data import refused


def by_month(shares, articles):
    return an.compare_outlets(shares, articles, "month")


def split_by_day(shares, articles):
    return an.outlet_differences(shares, articles, split="day")


COLUMNS = [*["outlet", "label", "n_articles", "n_stories", "share", "low", "high", "note", "icc", "design_effect"]]


def test_a_story_reprinted_is_one_observation():
    shares, articles = corpus([("DW", "a")] * 3 + [("DW", "b")], economy=[0.0, 0.5, 1.0, 0.1])
    row = an.compare_outlets(shares, articles).iloc[0]
    assert (row.n_articles, row.n_stories) == (4, 2)
    assert row.share == pytest.approx((0.5 + 0.1) / 2)


def test_reprinting_every_story_changes_no_bound():
    rows = [("DW", s) for s in "abcdef"]
    values = [0.0, 0.2, 0.5, 0.0, 1.0, 0.3]
    once = an.compare_outlets(*corpus(rows, economy=values))
    thrice = an.compare_outlets(*corpus(rows * 3, economy=values * 3))
    figures = ["share", "low", "high"]
    np.testing.assert_allclose(once[figures], thrice[figures], rtol=1e-12)


def test_bounds_allow_for_one_story_not_seen():
    # Ten stories at 0.1 and 0.9 and one all about it: mean 6 / 11, squares 10 · .16 + 10 · .5² · (1/11)² + (5/11)²
    # = 1.6 + .020661 + .206612 = 1.827273, variance 1.827273 / (11 · 12) = .013843; a beta distribution with these
    # has mean (1 − mean) / variance − 1 = 16.9084 in all, 9.2228 and 7.6856, and .7672 as its upper quantile.
    shares, articles = corpus([("DW", str(i)) for i in range(10)], economy=[0.1, 0.9] * 5)
    row = an.compare_outlets(shares, articles).iloc[0]
    assert row.high == pytest.approx(beta.ppf(0.975, 9.2228, 7.6856), abs=1e-4)
    assert row.low == pytest.approx(1 - row.high)


@pytest.mark.parametrize(("yes", "n"), [(0, 3), (1, 2), (1, 10), (3, 10), (9, 10), (13, 40), (40, 40)])
def test_yes_or_no_stories_have_statsmodels_clopper_pearson_interval(yes, n):
    shares, articles = corpus([("DW", str(i)) for i in range(n)], economy=[1.0] * yes + [0.0] * (n - yes))
    row = an.compare_outlets(shares, articles).iloc[0]
    assert [row.low, row.high] == pytest.approx(proportion_confint(yes, n, method="beta"))


def test_outlets_that_differ_in_case_only_are_pointed_out():
    shares, articles = corpus([("Vox", "a"), ("vox", "b"), ("NPR", "c"), ("NPR", "d")], x=[0.1, 0.2, 0.3, 0.4])
    for table in (an.compare_outlets(shares, articles), an.outlet_differences(shares, articles)):
        assert table["note"].str.contains("names that differ in case only: Vox, vox").all()


def test_yes_or_no_stories_have_wilsons_interval_where_the_error_is_known():
    # With an error of √(p(1−p)/n) the effective number is n; for many stories Student's t is the normal.
    share, n = np.array([0.3]), np.array([1e6])
    bounds = score_interval(share, np.sqrt(share * (1 - share) / n), n, level=0.95)
    np.testing.assert_allclose(np.ravel(bounds), proportion_confint(3e5, 1e6, method="wilson"), rtol=1e-6)


# Laws of stories' shares, each with its mean; intervals from their own spread held some in 12 of 100.
LAWS = {
    "yes or no, .01": (lambda chance, shape: chance.random(shape) < 0.01, 0.01),
    "skewed, .01": (lambda chance, shape: chance.beta(0.02, 1.98, shape), 0.01),
    "one in a hundred all about it": (
        lambda chance, shape: np.where(chance.random(shape) < 0.01, 1.0, 0.03 + 0.02 * chance.random(shape)),
        0.01 + 0.99 * 0.04,
    ),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("n", [8, 30, 100])
def test_intervals_hold_rare_and_skewed_shares(law, n):
    draw, mean = LAWS[law]
    _, articles = corpus([("DW", str(i)) for i in range(n)])
    values = pd.DataFrame(draw(np.random.default_rng(0), (n, 400)), index=articles["doc_id"], dtype=float)
    table = an.compare_outlets(values, articles, how=an.Inference(draws=2))
    assert (table["low"].le(mean) & table["high"].ge(mean)).mean() >= 0.95


@pytest.mark.parametrize("n", [30, 100])
def test_shares_of_passages_hold_where_long_articles_say_more(n):
    # Lengths are lognormal and the share rises with them; weighted by size alone, 83 to 92 of 100 were held.
    def corpora(chance, stories):
        length = np.ceil(np.exp(chance.normal(1.0, 1.2, stories))).astype(int)
        return length, 1 / (1 + np.exp(2 - 0.8 * (np.log(length) - 1)))

    length, share = corpora(np.random.default_rng(1), 1_000_000)
    truth = np.average(share, weights=length)
    _, articles = corpus([(f"o{draw}", f"{draw}-{at}") for draw in range(150) for at in range(n)])
    chance = np.random.default_rng(0)
    length, share = corpora(chance, len(articles))
    ids = [f"{doc}:{at}" for doc, count in zip(articles["doc_id"], length, strict=True) for at in range(count)]
    values = chance.random(length.sum()) < np.repeat(share, length)
    rows = an.compare_outlets(pd.DataFrame({"x": values * 1.0}, ids), articles, how=an.Inference(draws=2))
    assert len(rows) == 150
    assert (rows["low"].le(truth) & rows["high"].ge(truth)).mean() >= 0.92


def test_one_story_has_no_interval_however_often_reprinted():
    row = an.compare_outlets(*corpus([("DW", "a")] * 5, economy=[0.1] * 5)).iloc[0]
    assert row.share == pytest.approx(0.1)
    assert np.isnan(row.low)
    assert np.isnan(row.high)
    assert row.note == "one story: no interval"


def test_labels_keep_their_order_and_outlets_are_sorted():
    rows = [("TASS", "a"), ("DW", "b"), ("", "c"), (None, "d")]
    table = an.compare_outlets(*corpus(rows, pragmatism=[0, 0.5, 1, 0.5], alliance=[1, 1, 0, 0]))
    assert list(table.columns) == COLUMNS
    assert list(table["label"]) == ["pragmatism"] * 3 + ["alliance"] * 3
    assert list(table["outlet"]) == ["(unknown)", "DW", "TASS"] * 2
    assert table["n_articles"].tolist() == [2, 1, 1] * 2


def test_articles_without_a_share_do_not_count():
    shares, articles = corpus([("DW", "a"), ("DW", "b"), ("TASS", "c")], economy=[0.2, 0.4, 0.6])
    table = an.compare_outlets(shares.iloc[:2], articles)
    assert table[["outlet", "n_articles"]].to_numpy().tolist() == [["DW", 2]]


def test_without_stories_each_article_is_its_own():
    shares, articles = corpus([("DW", "a")] * 3, economy=[0.2, 0.4, 0.6])
    table = an.compare_outlets(shares, articles.drop(columns="story_id"))
    assert table["n_stories"].tolist() == [3]


def test_an_article_without_a_story_is_its_own():
    shares, articles = corpus([("DW", "a"), ("DW", "a"), ("DW", None), ("DW", None)], economy=[0.2, 0.4, 0.6, 0])
    assert an.compare_outlets(shares, articles)["n_stories"].tolist() == [3]


def test_compares_by_any_column():
    shares, articles = corpus([("DW", "a"), ("DW", "b"), ("TASS", "c")], economy=[0.2, 0.4, 0.6])
    table = an.compare_outlets(shares, articles.assign(year=[2016, 2016, 2017]), how=an.Inference(by="year"))
    assert table["outlet"].tolist() == ["2016", "2017"]


@pytest.mark.parametrize(
    "compare", [an.compare_outlets, an.outlet_differences, by_month, an.outlet_changes, split_by_day]
)
def test_nothing_to_compare_is_an_empty_table(compare):
    shares, articles = monthly(np.arange(12) / 12)
    articles.loc[1::2, "outlet"] = "TASS"
    full, empty = compare(shares, articles), compare(shares.iloc[:0], articles)
    assert len(full)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


ERRORS = [
    (
        lambda s, a: (s.rename({"d000": "x"}), a),
        "articles: 1 of 2 documents are not in this table. First: 'x'. "
        "Give the articles that the shares or counts were made from.",
    ),
    (
        lambda s, a: (s.rename({"d000": "d001"}), a),
        "shares: the row 'd001' is duplicated. One row per document is needed. "
        "Average passages first: shares.groupby(level=0).mean().",
    ),
    (
        lambda s, a: (s, a.assign(doc_id="d000")),
        "articles: doc_id 'd000' is duplicated. Give one row per article, not the table of passages.",
    ),
    (
        lambda s, a: (s * 10, a),
        "shares: document 'd000' has 2.0 in column 'economy'; a share lies between 0 and 1. "
        "Divide counts by the number of passages, and drop rows without any.",
    ),
    (
        lambda s, a: (s.where(s > 0.3), a),
        "shares: document 'd000' has nan in column 'economy'; a share lies between 0 and 1. "
        "A missing code is not 0: leave the row out, shares.dropna().",
    ),
    (
        lambda s, a: (s.reset_index(), a),
        "shares: column 'doc_id' does not hold numbers. Set it as the index: shares.set_index('doc_id').",
    ),
    (
        lambda s, a: (s[[]], a),
        "shares: the table has no columns. Give one row per document, one column per label.",
    ),
    (
        lambda s, a: (s[[]].assign(frame="THREAT"), a),
        "shares: column 'frame' does not hold numbers. If these are classes, make a column per class: "
        "pd.get_dummies(shares['frame']).",
    ),
    (
        lambda s, a: (s, a.drop(columns="outlet")),
        "articles: column 'outlet' is missing. Found: story_id, doc_id.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), ERRORS)
@pytest.mark.parametrize("compare", [an.compare_outlets, an.outlet_differences])
def test_errors_say_what_where_and_what_to_do(spoil, message, compare):
    with refused(message, (TypeError, ValueError)):
        compare(*spoil(*corpus([("DW", "a"), ("TASS", "b")], economy=[0.2, 0.4])))


def test_an_unknown_cluster_is_an_error():
    shares, articles = corpus([("DW", "a")], economy=[0.2])
    message = (
        "Inference, cluster: 'wire' is not a period or a column of articles. "
        "Use one of: day, week, month, quarter, year, outlet, story_id, doc_id."
    )
    with refused(message):
        an.compare_outlets(shares, articles, how=an.Inference(cluster="wire"))


rows = st.lists(
    st.tuples(st.sampled_from(["DW", "TASS", "ABC"]), st.sampled_from("abcdefgh"), st.floats(0, 1)), min_size=1
)


@given(rows, st.randoms(use_true_random=False))
@pytest.mark.parametrize("compare", [an.compare_outlets, an.outlet_differences])
def test_the_order_of_rows_does_not_matter(compare, rows, random):
    shares, articles = corpus([row[:2] for row in rows], economy=[row[2] for row in rows])
    shuffled = random.sample(list(shares.index), len(shares))
    again = compare(shares.loc[shuffled], articles.sample(frac=1, random_state=len(rows)))
    pd.testing.assert_frame_equal(compare(shares, articles), again, check_exact=True)


@given(rows)
def test_bounds_hold_the_share_and_stay_shares(rows):
    shares, articles = corpus([row[:2] for row in rows], economy=[row[2] for row in rows])
    table = an.compare_outlets(shares, articles, how=an.Inference(draws=200))
    assert (table["low"].isna() == (table["n_stories"] == 1)).all()
    sure = table.dropna()
    assert (sure["low"] >= 0).all()
    assert (sure["high"] <= 1).all()
    assert (sure["low"] <= sure["share"] + 1e-12).all()
    assert (sure["high"] >= sure["share"] - 1e-12).all()


def test_intervals_hold_the_truth_as_often_as_they_say():
    # 300 outlets of 12 stories, drawn alike: a share of 0 in seven of ten stories, else uniform; mean 0.15.
    rng = np.random.default_rng(7)
    values = np.where(rng.random(3600) < 0.7, 0.0, rng.random(3600))
    table = an.compare_outlets(
        *corpus([(f"o{i // 12}", str(i)) for i in range(3600)], economy=values), how=an.Inference(draws=500)
    )
    held = ((table["low"] <= 0.15) & (table["high"] >= 0.15)).mean()
    assert 0.94 <= held <= 0.995
