"""Errors in their place, and what held-out stories say of a choice of entries."""

import pandas as pd
import pytest

import analysis as an
from analysis.frames.grammar.yaml_form import parsed

LEXICON = parsed(
    """
negation: {words: [no]}
frames:
  near:
    entries:
      - {name: allies, match: [ally], negated: far}
      - {name: friends, match: [friend]}
  far: {entries: [{name: rivals, match: [rival]}]}
""",
    "tiny.yaml",
)
JUDGED = pd.DataFrame(
    [
        ("a", "ally and friend", 1, 0),
        ("a", "an ally", 0, 0),
        ("b", "no ally", 1, 0),
        ("c", "friend ally", 0, 0),
        ("c", "sea", 1, 0),
        ("c", "sky", 1, 1),
    ],
    columns=["article", "text", "near", "far"],
)


def test_errors_stand_with_the_entry_that_made_them_worst_first():
    errors = an.validation_errors(LEXICON, JUDGED.assign(near_ann=JUDGED["near"]))
    assert list(errors) == ["frame", "kind", "entry", "n", "hits", "text", "article"]
    assert errors.to_numpy().tolist() == [
        ["near", "false hit", "allies", 2, "ally", "an ally", "a"],
        ["near", "false hit", "allies", 2, "ally", "friend ally", "c"],
        ["near", "false hit", "friends", 1, "friend", "friend ally", "c"],
        ["far", "false hit", "allies", 1, "ally", "no ally", "b"],  # what the denied ally became
        ["near", "miss", "", 2, "", "sea", "c"],
        ["near", "miss", "", 2, "", "sky", "c"],
        ["near", "miss", "allies", 1, "ally", "no ally", "b"],
        ["far", "miss", "", 1, "", "sky", "c"],
    ]


def test_without_an_error_the_table_is_empty():
    errors = an.validation_errors(LEXICON, JUDGED[:1])
    assert errors.empty
    assert list(errors) == ["frame", "kind", "entry", "n", "hits", "text", "article"]


def test_errors_and_entries_read_a_passage_as_the_measures_do():
    # It names neither country, but speaks of a relationship and comes alone: the lexicon gives it the frame.
    pair = parsed("about: [Russia, China]\nframes: {near: [friend*]}", "pair.yaml")
    coded = pd.DataFrame({"text": ["The two countries are friends."] * 2, "near": [1, 0]})
    assert an.validate(pair, coded)["precision"].tolist() == [0.5]
    assert an.validate(pair, coded, by="entry")[["n", "wrong"]].to_numpy().tolist() == [[2, 1]]
    assert an.validation_errors(pair, coded)[["kind", "hits"]].to_numpy().tolist() == [["false hit", "friends"]]


def test_an_entry_is_chosen_on_other_stories_than_those_it_is_scored_on():
    coded = pd.DataFrame(
        [("a", "ally", 1, 0), ("b", "ally", 0, 0), ("c", "friend", 1, 0), ("d", "friend", 1, 1)],
        columns=["story", "text", "near", "far"],
    )
    table = an.cross_validate(LEXICON, coded, folds=4, draws=50)
    near = table.iloc[0]
    # Without a, "allies" is only wrong: it goes, and a is missed. Without b it is only right: it errs in b.
    assert (near["precision"], near["recall"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (near["fitted_precision"], near["fitted_recall"]) == (pytest.approx(3 / 4), 1)
    assert table.attrs == {"dropped": [{"frame": "near", "entry": "allies", "folds": 1}], "cluster": "story"}
    assert table.columns[:6].tolist() == [
        "frame",
        "n",
        "positives",
        "precision",
        "precision_low",
        "precision_high",
    ]


def test_weights_have_a_say_in_the_choice():
    coded = pd.DataFrame(
        [("a", "ally", 1, 0, 1), ("b", "ally", 0, 0, 3), ("c", "ally", 1, 0, 1)],
        columns=["story", "text", "near", "far", "weight"],
    )
    plain = an.cross_validate(LEXICON, coded.drop(columns="weight"), folds=3, draws=1)
    weighted = an.cross_validate(LEXICON, coded, folds=3, draws=1)
    assert plain.loc[0, "fitted_recall"] == 1
    assert weighted.loc[0, "fitted_recall"] == 0  # 1 + 1 right stand for fewer than 3 wrong


def test_stories_are_dealt_whole():
    coded = pd.concat([JUDGED] * 3, ignore_index=True)
    for folds, told in [(1, "1"), (4, "4")]:
        with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
            an.cross_validate(LEXICON, coded, folds=folds)
        assert str(raised.value) == (
            f"folds is {told}; there are 3 of article to deal, so take between 2 and as many."
        )
    pd.testing.assert_frame_equal(
        an.cross_validate(LEXICON, coded, folds=3, seed=1, draws=9),
        an.cross_validate(LEXICON, coded, folds=3, seed=1, draws=9),
    )
