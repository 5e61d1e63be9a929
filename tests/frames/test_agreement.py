"""Codes of several coders: votes, ties, classes and agreement."""

import numpy as np
import pandas as pd
import pytest
from to_code import LEXICON

import analysis as an

WAR = {"passage_id": ["a", "a", "a", "b", "b", "b"], "coder": ["ann", "bob", "cat"] * 2}


@pytest.mark.parametrize("value", [-1, 99, 2, 0.5, "maybe"])
def test_a_vote_is_yes_or_no_and_nothing_else(value):
    codes = pd.DataFrame(WAR | {"label": "war", "code": pd.Series([1, 1, value, 0, 0, 0], dtype=object)})
    for step in (an.majority_codes, an.coder_agreement):
        with pytest.raises(ValueError, match=r"^codes: war \(cat\) has an invalid code in row 0 \(from 0\)\."):
            step(codes)
    remedied = codes.replace({"code": {value: None}})
    assert an.majority_codes(remedied)["war"].tolist() == [1, 0]


@pytest.mark.parametrize(
    "given",
    [[True, True, False, False, False, True], [1.0, 1.0, 0.0, 0.0, 0.0, 1.0], ["1", "1", "0", "0", "0", "1"],
     ["yes", "YES", "No", "no", "n", "Y"], ["True", "true", "False", "false", "0.0", "1.0"]],
)  # fmt: skip
def test_codes_as_people_write_them_are_the_same_codes(given):
    codes = pd.DataFrame(WAR | {"label": "war", "code": pd.Series(given, dtype=object)})
    assert an.majority_codes(codes)["war"].tolist() == [1, 0]
    plain = codes.assign(code=[1, 1, 0, 0, 0, 1])
    pd.testing.assert_frame_equal(an.coder_agreement(codes), an.coder_agreement(plain))
    coded = pd.DataFrame({"text": ["ally", "sea"] * 3, "near": pd.Series(given, dtype=object), "far": 0})
    as_numbers = coded.assign(near=plain["code"])
    pd.testing.assert_frame_equal(an.validate(coded, LEXICON).table, an.validate(as_numbers, LEXICON).table)


def test_a_frame_is_never_taken_for_a_coder():
    long = pd.DataFrame(
        [
            (p, c, f, int(p == "a"))
            for p in "abcd"
            for c in ("ann", "bob")
            for f in ("economic", "economic_policy")
        ],
        columns=["passage_id", "coder", "label", "code"],
    )
    wide = an.majority_codes(long)
    for codes in (long, wide):
        agreement = an.coder_agreement(codes)
        assert agreement[["label", "coders", "agree", "alpha"]].to_numpy().tolist() == [
            ["economic", 2, 1.0, 1.0], ["economic_policy", 2, 1.0, 1.0],
        ]  # fmt: skip
    frames = pd.DataFrame({"economic": [1, 0], "economic_policy": [1, 0], "economic_loss": [0, 0]})
    with pytest.raises(ValueError, match=r"^codes: no column holds what one coder said\."):
        an.coder_agreement(frames)
    named = pd.DataFrame({"war": [1, 0, 1], "war_ann": [1, 0, 1], "war_bob": [1, 0, 0], "war_crimes": [0, 0, 0]})
    assert an.coder_agreement(named, coders=["ann", "bob"])[["label", "n"]].to_numpy().tolist() == [["war", 3]]
    assert an.majority_codes(named, coders=["ann", "bob"])["tied"].tolist() == ["", "", "war"]
    with pytest.raises(ValueError, match=r"^codes: no column holds what one coder said\."):
        an.majority_codes(named)


def test_classes_have_kappa_and_alpha_over_all_of_them():
    # 4 passages, 2 coders: they agree on three, and differ between threat and economic on one.
    # kappa: (3/4 − 5/16) / (1 − 5/16) with shares 1/2, 1/4, 1/4 and 1/4, 1/4, 1/2.
    words = ["THREAT", "THREAT", "THREAT", "ECON", "DIPL", "DIPL", "ECON", "ECON"]
    codes = pd.DataFrame({"passage_id": [*"aabbccdd"], "coder": ["ann", "bob"] * 4, "code": words})
    rows = an.coder_agreement(codes)
    assert rows["label"].tolist() == ["code", "DIPL", "ECON", "THREAT"]
    row = rows.iloc[0]
    assert row[["classes", "n", "agree"]].tolist() == [3, 4, 0.75]
    assert row["kappa"] == pytest.approx((3 / 4 - 5 / 16) / (1 - 5 / 16))
    # Of eight codes 3 are THREAT, 3 ECON, 2 DIPL: by chance (64 − 22) / (8 · 7) differ, in truth 2 / 8.
    assert row["alpha"] == pytest.approx(1 - (2 / 8) / (42 / 56))
    numbers = codes.rename(columns={"code": "class"}).assign(**{"class": [3, 3, 3, 15, 1, 1, 15, 15]})
    assert an.coder_agreement(numbers).iloc[0]["alpha"] == pytest.approx(row["alpha"])
    by_column = pd.DataFrame({"first": words[::2], "second": words[1::2]})
    assert an.coder_agreement(by_column, coders=["first", "second"]).iloc[0]["alpha"] == row["alpha"]
    coded = an.majority_codes(codes)
    assert coded[["THREAT", "ECON", "DIPL"]].iloc[[0, 2, 3]].to_numpy().tolist() == [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
    ]
    assert coded["tied"].tolist() == ["", "ECON, THREAT", "", ""]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, "", "n/a"])
@pytest.mark.parametrize("column", ["class", "code"])
def test_a_missing_class_is_passed_over(missing, column):
    words = pd.Series(["war", "war", "peace", missing, "peace", "war"], dtype=object)
    codes = pd.DataFrame({"passage_id": [*"aabbcc"], "coder": ["ann", "bob"] * 3, column: words})
    assert an.coder_agreement(codes)[["label", "n"]].to_numpy().tolist() == [
        [column, 2], ["peace", 2], ["war", 2],
    ]  # fmt: skip
    assert an.majority_codes(codes)[["war", "tied"]].to_numpy().tolist() == [
        [1, ""], [0, ""], [pd.NA, "peace, war"],
    ]  # fmt: skip
    wide = pd.DataFrame({"class": "x", "class_coder1": words[::2].tolist(), "class_coder2": words[1::2].tolist()})
    assert an.majority_codes(wide)["tied"].tolist() == ["", "", "peace, war"]


def test_one_story_alone_has_no_interval_of_alpha():
    codes = pd.DataFrame({"passage_id": [*"aabb"], "coder": ["ann", "bob"] * 2, "label": "war",
                          "code": [1, 1, 0, 1], "story_id": "s"})  # fmt: skip
    row = an.coder_agreement(codes).iloc[0]
    assert np.isfinite(row["alpha"])
    assert row[["alpha_low", "alpha_high"]].isna().all()


def test_one_column_of_classes_is_a_column_a_frame():
    coded = pd.DataFrame({"text": ["ally", "rival", "sea"], "class": ["NEAR", "far", "other"]})
    dummies = pd.DataFrame({"text": coded["text"], "near": [1, 0, 0], "far": [0, 1, 0]})
    pd.testing.assert_frame_equal(an.validate(coded, LEXICON).table, an.validate(dummies, LEXICON).table)


def test_one_coder_twice_on_a_passage_is_named():
    codes = pd.DataFrame({"passage_id": ["a", "a"], "coder": "ann", "label": "war", "code": [1, 0]})
    with pytest.raises(ValueError, match=r"^codes: ann coded 'a' twice for war\. Keep one of the rows\."):
        an.majority_codes(codes)


def test_articles_can_be_coded_as_well_as_passages():
    codes = pd.DataFrame(
        {"doc_id": ["a", "a", "b", "b"], "coder": ["ann", "bob"] * 2, "label": "war", "code": [1, 1, 0, 1]}
    )
    assert an.majority_codes(codes)[["doc_id", "tied"]].to_numpy().tolist() == [["a", ""], ["b", "war"]]


def test_twenty_passages_without_a_disagreement_are_not_certainty():
    codes = pd.DataFrame({"passage_id": [f"p{at // 2}" for at in range(40)], "coder": ["ann", "bob"] * 20,
                          "label": "war", "code": [1, 1] * 4 + [0, 0] * 16})  # fmt: skip
    row = an.coder_agreement(codes).iloc[0]
    assert row["alpha"] == row["alpha_high"] == 1
    assert 0.4 < row["alpha_low"] < 0.9


def test_the_interval_of_alpha_holds_the_truth_at_twenty_passages():
    """Two coders, 1 in 10 or 3 in 10 passages carry the label, each errs once in twenty."""
    generator, held = np.random.default_rng(0), []
    for prevalence in (0.1, 0.3):
        truth = generator.random(200_000) < prevalence
        said = truth[:, None] ^ (generator.random((200_000, 2)) < 0.05)
        ones, differ = said.mean(), (said[:, 0] != said[:, 1]).mean()
        alpha = 1 - differ / (2 * ones * (1 - ones))
        for draw in range(60):
            rows = said[draw * 20 : draw * 20 + 20].astype(int)
            wide = pd.DataFrame({"war": rows[:, 0], "war_coder1": rows[:, 0], "war_coder2": rows[:, 1]})
            row = an.coder_agreement(wide).iloc[0]
            held.append(np.isnan(row["alpha"]) or row["alpha_low"] <= alpha <= row["alpha_high"])
    assert np.mean(held) >= 0.93
