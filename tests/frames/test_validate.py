import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.frames.grammar.yaml_form import parsed
from analysis.frames.validation.measures import measures as _measures

LEXICON = parsed("frames: {near: [ally], far: [rival]}", "tiny.yaml")
# The lexicon and the coders both say yes twice, the lexicon alone once, the coders alone once, nobody twice.
CODED = pd.DataFrame(
    {
        "article": ["a", "a", "b", "b", "c", "c"],
        "text": ["ally", "an ally", "ally?", "friend", "sea", "sky"],
        "near": [1, 1, 0, 1, 0, 0],
        "far": [0, 0, 0, 0, 0, 0],
    }
)


def test_measures_by_hand():
    row = an.validate(LEXICON, CODED).iloc[0]
    assert (row["frame"], row["n"], row["positives"]) == ("near", 6, 3)
    assert row["precision"] == pytest.approx(2 / 3)
    assert row["recall"] == pytest.approx(2 / 3)
    assert row["f1"] == pytest.approx(2 / 3)
    # Twelve codes, six of them 1: by chance 2 · 6 · 6 / (12 · 11) = 6/11 disagree, in truth 2/6.
    assert row["alpha"] == pytest.approx(1 - (2 / 6) / (6 / 11))


def test_a_measure_without_a_case_is_missing():
    row = an.validate(LEXICON, CODED).iloc[1]
    assert row["positives"] == 0
    assert row.drop(["frame", "n", "positives"]).isna().all()


CELLS = st.tuples(*[st.integers(0, 30)] * 4).filter(
    lambda cells: sum(cells[:3]) and sum(cells[:3:]) + cells[3] > 1
)


@given(CELLS)
def test_alpha_is_krippendorffs(cells):
    both, one, other, neither = cells
    lexicon = [1] * (both + one) + [0] * (other + neither)
    coders = [1] * both + [0] * one + [1] * other + [0] * neither
    if len({*lexicon, *coders}) < 2:  # nothing varies: no alpha
        assert np.isnan(_measures(np.array(cells, float))[-1])
        return
    expected = krippendorff.alpha([lexicon, coders], level_of_measurement="nominal")
    assert _measures(np.array(cells, float))[-1] == pytest.approx(expected)


def test_intervals_resample_articles():
    coded = pd.concat([CODED] * 10, ignore_index=True)
    articles = an.validate(LEXICON, coded, draws=500).loc[0, ["f1_low", "f1", "f1_high"]].tolist()
    passages = an.validate(LEXICON, coded.drop(columns="article"), draws=500)
    # The lexicon is always right in one of the three articles, always wrong in another: any mix may be drawn.
    assert articles == [0, pytest.approx(2 / 3), 1]
    assert 0.4 < passages.loc[0, "f1_low"] < 2 / 3 < passages.loc[0, "f1_high"] < 0.9
    pd.testing.assert_frame_equal(an.validate(LEXICON, CODED, draws=9), an.validate(LEXICON, CODED, draws=9))


def test_one_article_has_no_interval():
    row = an.validate(LEXICON, CODED.assign(article="a")).iloc[0]
    assert row["f1"] == pytest.approx(2 / 3)
    assert row.filter(regex="_(low|high)$").isna().all()


def test_a_reprint_is_no_second_witness():
    """Stories are drawn where they are known: two articles of one story are one."""
    retold = CODED.assign(story=["s", "s", "s", "s", "c", "c"])
    by_story = an.validate(LEXICON, retold)
    assert by_story.attrs["cluster"] == "story"
    pd.testing.assert_frame_equal(by_story, an.validate(LEXICON, retold, cluster="story"))
    assert an.validate(LEXICON, CODED).attrs["cluster"] == "article"
    assert an.validate(LEXICON, CODED.drop(columns="article")).attrs["cluster"] == "passage"


def test_a_weight_counts_a_passage_as_often_as_it_stands_for():
    weights = [3, 1, 1, 2, 1, 1]
    repeated = CODED.loc[np.repeat(CODED.index, weights)].reset_index(drop=True)
    weighted = an.validate(LEXICON, CODED.assign(weight=np.array(weights) * 10.0)).iloc[0]
    often = an.validate(LEXICON, repeated).iloc[0]
    assert weighted["precision"] == pytest.approx(4 / 5)
    assert weighted["recall"] == pytest.approx(4 / 6)
    for measure in ("precision", "recall", "f1"):
        assert weighted[measure] == pytest.approx(often[measure])
    assert (weighted["n"], weighted["positives"]) == (6, 3)
    # nine passages' worth of codes in six passages: 3 of 9 differ; 4 + 1 and 4 + 2 of 12 codes are 1 after scaling
    scaled = np.array([4, 1, 2, 2]) * 6 / 9
    assert weighted["alpha"] == pytest.approx(_measures(scaled)[-1])


def test_by_outlet_each_value_is_measured_by_itself():
    outlets = CODED.assign(outlet=["TASS", "TASS", "DW", "DW", None, None])
    table = an.validate(LEXICON, outlets, by="outlet")
    assert table.columns[:4].tolist() == ["outlet", "frame", "n", "positives"]
    assert table["outlet"].tolist() == ["(unknown)"] * 2 + ["DW"] * 2 + ["TASS"] * 2
    near = table[table["frame"] == "near"].set_index("outlet")["f1"]
    assert np.isnan(near["(unknown)"])
    assert near[["DW", "TASS"]].tolist() == [0.0, 1.0]
    alone = an.validate(LEXICON, outlets[:2]).assign(outlet="TASS")
    pd.testing.assert_frame_equal(table[4:].reset_index(drop=True)[list(alone)], alone, check_dtype=False)


ENTRIES = parsed(
    """
negation: {words: [no]}
frames:
  near:
    entries:
      - {name: allies, match: [ally], negated: far}
      - {name: friends, match: [friend]}
      - {name: silent, match: [brother]}
  far: {entries: [{name: rivals, match: [rival]}]}
""",
    "tiny.yaml",
)
JUDGED = pd.DataFrame(
    [
        ("a", "ally and friend", 1, 0),  # both entries give near, and are right
        ("a", "ally", 0, 0),  # a false hit of allies alone
        ("b", "ally", 1, 0),  # right, allies alone
        ("b", "no ally", 1, 0),  # denied: a miss of near, and far by what it became, wrongly
        ("c", "friend ally", 0, 0),  # a false hit of both
        ("c", "rival", 0, 1),
        ("c", "sea", 1, 0),  # missed by all
    ],
    columns=["article", "text", "near", "far"],
)


def test_entries_are_judged_by_the_passages_they_speak_for():
    table = an.validate(ENTRIES, JUDGED, by="entry")
    counts = table[["frame", "entry", "n", "wrong", "right_alone", "wrong_alone", "denied"]]
    assert counts.to_numpy().tolist() == [
        ["near", "allies", 4, 2, 1, 1, 1],
        ["near", "friends", 2, 1, 0, 0, 0],
        ["near", "silent", 0, 0, 0, 0, 0],
        ["far", "rivals", 1, 0, 1, 0, 0],
        ["far", "allies", 1, 1, 0, 1, 0],
    ]
    assert table["precision"].tolist() == [0.5, 0.5, pytest.approx(np.nan, nan_ok=True), 1.0, 0.0]
    assert table.loc[3, "precision_low"] == pytest.approx(0.025)  # one article without an error
    assert table.loc[4, "precision_high"] == pytest.approx(0.975)


def test_true_and_false_are_codes():
    bools = CODED.astype({"near": bool, "far": bool}).set_axis([7] * 6)
    pd.testing.assert_frame_equal(an.validate(LEXICON, bools), an.validate(LEXICON, CODED))


@pytest.mark.parametrize(
    ("coded", "options", "error"),
    [
        (
            CODED.drop(columns="far"),
            {},
            "coded passages: no column 'far'; there is article, text, near. "
            "They need 'text' and a column of 0 and 1 for each frame of the lexicon.",
        ),
        (CODED[:0], {}, "coded passages: the table is empty, so nothing can be measured."),
        (
            CODED.assign(near=["1", "0", "1", "0", "1", "0"]),
            {},
            "coded passages: near is '1' in row 0 (from 0). A code is 0 or 1.",
        ),
        (
            CODED.assign(far=[0, 0, 2, 0, 0, 0]).set_axis([7] * 6),
            {},
            "coded passages: far is 2 in row 2 (from 0). A code is 0 or 1.",
        ),
        (
            CODED.assign(article=["a", None, *"bbcc"]),
            {},
            "coded passages: article is missing in row 1 (from 0). Say where the passage is from.",
        ),
        (
            CODED,
            {"cluster": "story"},
            "coded passages: no column 'story' to resample; there is article, text, near, far.",
        ),
        (
            CODED,
            {"by": "outlet"},
            "coded passages: no column 'outlet' to tell apart; there is article, text, near, far. "
            "by is 'frame', 'entry' or one of these.",
        ),
        (
            CODED.assign(n=1),
            {"by": "n"},
            "by is 'n', which is a column of the result. Rename it in coded.",
        ),
        (
            CODED.assign(weight=[1, 2, 0, 1, 1, 1]),
            {},
            "coded passages: weight is 0 in row 2 (from 0). A weight is a number above 0, as an.sample_to_code "
            "gives it; drop the column to count each passage once.",
        ),
        (CODED, {"level": 95}, "level lies between 0 and 1 and draws is 1 or more, not 95 and 2000."),
        (CODED, {"draws": 0}, "level lies between 0 and 1 and draws is 1 or more, not 0.95 and 0."),
    ],
)
def test_what_is_wrong_is_told(coded, options, error):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.validate(LEXICON, coded, **options)
    assert str(raised.value) == error


def test_without_an_error_the_bound_is_that_of_so_many_articles():
    coded = CODED.assign(text=["ally"] * 6, near=1)
    row = an.validate(LEXICON, coded).iloc[0]
    # Three articles without an error: 0.025 ^ (1/3), however often they are resampled.
    assert row[["precision_low", "recall_low", "f1_low"]].tolist() == pytest.approx([0.025 ** (1 / 3)] * 3)
    assert row["precision_high"] == 1
