"""What a difference is worth: its size, equivalence, p from intervals, verdicts."""

import numpy as np
import pandas as pd
import pytest
from outlets import corpus
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_effectsize

import analysis as an
from analysis.compare.effects import over_all


def test_effect_size_is_statsmodels():
    shares, articles = corpus(
        [(o, f"{o}{at}") for o in ("DW", "TASS") for at in range(4)], x=[0.6] * 4 + [0.2] * 4
    )
    row = an.outlet_differences(shares, articles).iloc[0]
    assert row["h"] == pytest.approx(proportion_effectsize(0.6, 0.2))
    assert row["ratio"] == pytest.approx(3)


def test_correction_over_all_is_statsmodels_holm():
    p = np.array([0.03, np.nan, 0.001, 0.2, 0.01])
    known = ~np.isnan(p)
    np.testing.assert_allclose(over_all(p)[known], multipletests(p[known], method="holm")[1])
    assert np.isnan(over_all(p)[1])


def test_verdicts_tell_no_difference_from_too_little_data():
    rng = np.random.default_rng(5)
    sizes = {"A": 400, "B": 400, "C": 5, "D": 1}
    rows = [(o, f"{o}{at}") for o, n in sizes.items() for at in range(n)]
    values = np.concatenate([rng.random(400) * 0.4, rng.random(400) * 0.4, [0.1, 0.3, 0.2, 0.3, 0.1], [0.2]])
    table = an.outlet_differences(*corpus(rows, x=values))
    verdicts = dict(zip(table["outlet"] + table["other"], table["verdict"], strict=True))
    assert verdicts["AB"] == "no difference larger than 10 points"
    assert verdicts["AC"] == "too little data"
    assert verdicts["AD"] == "too little data"
    assert table["note"][2] == "one story: no test"


def test_two_stories_each_can_show_nothing():
    row = an.outlet_differences(*corpus([("A", "a"), ("A", "b"), ("B", "c"), ("B", "d")], x=[0, 0, 1, 1])).iloc[0]
    assert row["p"] > 0.1
    assert row["verdict"] == "too little data"


def test_a_difference_that_other_comparisons_cost_is_not_clear():
    # One pair of outlets and 40 labels: 12 yes of 16 against 4 in the first, four of 16 alike in the rest.
    rows = [(o, f"{o}{at}") for o in "AB" for at in range(16)]
    alike = [1.0] * 4 + [0.0] * 12
    labels = {f"x{at:02}": alike * 2 for at in range(40)} | {"x00": [1.0] * 12 + [0.0] * 4 + alike}
    table = an.outlet_differences(*corpus(rows, **labels)).set_index("label")
    row = table.loc["x00"]
    assert row["low"] > 0
    assert row["p"] < 0.05 < row["q"]
    assert row["verdict"] == "not clear once all comparisons are counted"


def test_stories_that_all_agree_are_no_proof_of_equality():
    rows = [(o, f"{o}{at}") for o in "AB" for at in range(8)]
    table = an.outlet_differences(*corpus(rows, x=[0.0] * 16), margin=0.05)
    assert table["p_equivalent"][0] > 0.05


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_p_and_interval_agree(level):
    rng = np.random.default_rng(1)
    values = {f"x{at}": np.concatenate([rng.random(9) < 0.2 + at / 60, rng.random(20) ** 3]) for at in range(40)}
    rows = [("A", f"a{at}") for at in range(9)] + [("B", f"b{at}") for at in range(20)]
    table = an.outlet_differences(*corpus(rows, **values), how=an.Inference(level=level, relabelings=999))
    holds_zero = (table["low"] <= 0) & (table["high"] >= 0)
    assert not (holds_zero & (table["p"] < 1 - level - 1e-9)).any()
    assert (~holds_zero).any()


def test_p_is_symmetric_in_the_outlets():
    rng = np.random.default_rng(3)
    values = rng.random(24) ** 2
    rows = [("A", f"s{at}") for at in range(10)] + [("B", f"s{at}") for at in range(5, 19)]
    one = an.outlet_differences(*corpus(rows, x=values)).iloc[0]
    other = an.outlet_differences(*corpus([("BA"["AB".index(o)], s) for o, s in rows], x=values)).iloc[0]
    assert one["difference"] == pytest.approx(-other["difference"])
    assert (one["low"], one["high"]) == pytest.approx((-other["high"], -other["low"]))
    assert one["p_equivalent"] == pytest.approx(other["p_equivalent"])
    assert one["p"] == pytest.approx(other["p"], abs=0.01)  # other relabelings are drawn


def test_columns_are_the_same_with_nothing_to_compare():
    shares, articles = corpus([("A", "a"), ("B", "b"), ("B", "c")], x=[0.1, 0.2, 0.3])
    full, empty = an.outlet_differences(shares, articles), an.outlet_differences(shares.iloc[:0], articles)
    pd.testing.assert_series_equal(full.dtypes, empty.dtypes)


ROW = {
    "outlet": "DW", "other": "TASS", "label": "trade", "difference": 0.14, "low": 0.02, "high": 0.26,
    "verdict": "different",
}  # fmt: skip
SENTENCES = [
    ({}, "DW uses trade more than TASS (14 points [2, 26])."),
    ({"difference": -0.14, "low": -0.26, "high": -0.02}, "DW uses trade less than TASS (−14 points [−26, −2])."),
    (
        {"verdict": "not clear once all comparisons are counted"},
        "DW and TASS differ in trade if only these two are compared (14 points [2, 26]), but this is not clear "
        "once all comparisons are counted.",
    ),
    (
        {"verdict": "no difference larger than 10 points", "difference": 0.01, "low": -0.03, "high": 0.05},
        "A difference larger than 10 points between DW and TASS in trade is unlikely (1 point [−3, 5]).",
    ),
    (
        {"verdict": "too little data", "low": np.nan, "high": np.nan},
        "There is too little data to say whether DW and TASS differ in trade (14 points, no interval).",
    ),
    (
        {"control": "quarter, section", "standardised": 0.1, "standardised_low": 0.01, "standardised_high": 0.2,
         "standardised_verdict": "different"},
        "DW uses trade more than TASS (14 points [2, 26]), also within each quarter and section that both covered "
        "(10 points [1, 20]).",
    ),
    (
        {"control": "quarter", "standardised": 0.77, "standardised_low": 0.14, "standardised_high": 1.0,
         "standardised_verdict": "not clear once all comparisons are counted"},
        "DW uses trade more than TASS (14 points [2, 26]); within each quarter that both covered (77 points "
        "[14, 100]) this is not clear once all comparisons are counted.",
    ),
    (
        {"control": "quarter", "standardised": -0.3, "standardised_low": -0.5, "standardised_high": -0.1,
         "standardised_verdict": "different"},
        "DW uses trade more than TASS (14 points [2, 26]), but less within each quarter that both covered "
        "(−30 points [−50, −10]).",
    ),
    (
        {"control": "year", "standardised": np.nan},
        "DW uses trade more than TASS (14 points [2, 26]); what both covered is too little to "
        "compare them there.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "sentence"), SENTENCES)
def test_a_row_has_the_sentence_that_a_paper_prints(changed, sentence):
    assert an.difference_sentence(pd.Series(ROW | changed)) == sentence


def test_the_sentence_gives_both_shares_where_it_knows_them():
    estimates = pd.DataFrame({"outlet": ["DW", "TASS"], "label": "trade", "share": [0.4, 0.26]})
    expected = "DW uses trade more than TASS (40 % against 26 %; 14 points [2, 26])."
    assert an.difference_sentence(pd.Series(ROW), estimates) == expected


def test_every_row_of_a_table_has_a_sentence():
    given = corpus([(o, f"{o}{at}") for o in "ABC" for at in range(6)], x=np.arange(18) / 18)
    estimates = an.compare_outlets(*given)
    sentences = [an.difference_sentence(row, estimates) for _, row in an.outlet_differences(*given).iterrows()]
    assert all(sentence.endswith(".") and " against " in sentence for sentence in sentences)


def test_outlets_that_are_alike_are_seldom_said_to_differ():
    rng = np.random.default_rng(0)
    rows = [(o, f"{o}{at}") for o, n in zip("ABCD", (8, 20, 40, 60), strict=True) for at in range(n)]
    _, articles = corpus(rows)
    values = rng.binomial(3, rng.beta(1, 4, (len(rows), 200))) / 3
    shares = pd.DataFrame(values, index=articles["doc_id"])
    table = an.outlets_differ(shares, articles, how=an.Inference(draws=100, relabelings=199))
    assert (table["p"] < 0.05).mean() <= 0.05
    shares.loc[(articles["outlet"] == "D").to_numpy()] = np.minimum(values[-60:] + 0.3, 1)
    table = an.outlets_differ(shares, articles, how=an.Inference(draws=100, relabelings=199))
    assert (table["verdict"] == "the outlets differ").mean() > 0.9


def test_one_outlet_cannot_differ():
    shares, articles = corpus([("A", "a"), ("A", "b")], x=[0.1, 0.2])
    assert an.outlets_differ(shares, articles).empty
    assert an.outlets_differ(shares, articles).columns.tolist()[:2] == ["label", "n_outlets"]
