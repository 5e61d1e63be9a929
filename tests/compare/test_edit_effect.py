"""What an edit did to frames, on texts whose answers can be counted by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.frames.formats.read_yaml import parsed
from tests.data import refused

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
LEXICON = parsed(
    """
name: small
negation: {words: [no], scope: 2}
frames:
  alliance:
    entries: [{name: allies, match: [ally, allies, friend*]}]
  economy:
    negation: ignored
    entries: [{name: trade, match: [trade]}, {name: energy, match: [oil, gas]}]
""",
    "small.yaml",
)
ALLIES, TRADE, OIL, RAIN = "They are allies.", "Much trade went on.", "Some oil was sold.", "It rained all day."


def fates(original, copy):
    hits = an.compare_copies(original, copy, LEXICON).hits
    return list(zip(hits["side"], hits["text"], hits["fate"], hits["change"], strict=True))


FATES = [
    (f"{TRADE} {RAIN}", RAIN, [("original", "trade", "lost", "cut")]),
    (RAIN, f"{TRADE} {RAIN}", [("copy", "trade", "gained", "added")]),
    (TRADE, TRADE.upper(), [("original", "trade", "kept", "kept"), ("copy", "TRADE", "kept", "kept")]),
    # Reworded within the frame it stays, reworded into another frame it does not.
    (
        "Much trade went on.",
        "Much oil went on.",
        [("original", "trade", "kept", "reworded"), ("copy", "oil", "kept", "reworded")],
    ),
    (
        "Much trade went on.",
        "Much friendship went on.",
        [("original", "trade", "lost", "reworded"), ("copy", "friendship", "gained", "reworded")],
    ),
    # The word stays, but what it says is turned: the denied hit is lost, the plain one gained.
    (
        "He has no ally here at all.",
        "He has ally here at all.",
        [("original", "ally", "lost", "kept"), ("copy", "ally", "gained", "kept")],
    ),
    (RAIN, RAIN, []),
    ("", TRADE, [("copy", "trade", "gained", "added")]),
]


@pytest.mark.parametrize(("original", "copy", "expected"), FATES)
def test_fates_of_hits(original, copy, expected):
    assert fates(original, copy) == expected


def test_rows_count_the_hits_inside():
    edits = an.compare_copies(f"{ALLIES} {TRADE} {OIL}", f"{ALLIES} {RAIN}", LEXICON).table
    assert edits.columns[-4:].tolist() == ["hits_kept", "hits_lost", "hits_gained", "frames"]
    rows = edits[["change", "hits_kept", "hits_lost", "hits_gained", "frames"]].to_numpy().tolist()
    assert rows == [["kept", 1, 0, 0, "alliance"], ["reworded", 0, 2, 0, "economy"]]


def test_effect_is_counted_in_passages():
    # Of four sentences one speaks of allies and two of the economy; the copy keeps the first and the last.
    effect = an.compare_copies(" ".join([ALLIES, TRADE, OIL, RAIN]), f"{ALLIES} {RAIN}", LEXICON).effect
    assert effect["label"].tolist() == ["alliance", "economy"]
    assert effect["original"].tolist() == [0.25, 0.5]
    assert effect["copy"].tolist() == [0.5, 0.0]
    assert effect["difference"].tolist() == [0.25, -0.5]
    assert effect[["n_original", "n_copy"]].to_numpy().tolist() == [[4, 2], [4, 2]]
    assert effect[["kept", "lost", "gained"]].to_numpy().tolist() == [[1, 0, 0], [0, 2, 0]]
    assert effect["entries"].tolist() == ["", "energy −1, trade −1"]


def test_without_passages_there_is_no_share():
    effect = an.compare_copies("", ALLIES, LEXICON).effect
    assert effect["original"].isna().all()
    assert effect["difference"].isna().all()
    assert effect["gained"].tolist() == [1, 0]


def test_both_versions_are_read_in_one_unit():
    original, copy = (path.read_text(encoding="utf-8") for path in SEEDS[:2])
    lexicon = an.read_lexicon("russia-china")
    by_default = an.compare_copies(original, copy, lexicon).effect  # the original lost its points
    pd.testing.assert_frame_equal(by_default, an.compare_copies(original, copy, lexicon, unit="window").effect)
    assert by_default["n_copy"].iloc[0] != an.compare_copies(copy, copy, lexicon).effect["n_copy"].iloc[0]


def test_the_taipei_times_lost_pragmatism():
    articles = an.clean(an.load_example("seeds"))
    effect = an.compare_copies(articles.loc[0], articles.loc[1], an.read_lexicon("russia-china")).effect.set_index(
        "label"
    )
    assert effect.loc["pragmatism", ["kept", "gained", "copy"]].tolist() == [0, 0, 0]
    assert effect.loc["pragmatism", "lost"] > 0
    assert effect.loc["economy", "difference"] < 0


def corpus():
    return pd.DataFrame(
        {
            "doc_id": ["a", "b", "c", "d"],
            "outlet": ["AP", "DW", "TASS", "AP"],
            "text": [f"{ALLIES} {TRADE} {OIL} {RAIN}", f"{ALLIES} {TRADE}", f"{ALLIES} {RAIN}", RAIN],
            "story_id": ["a", "a", "a", "d"],
            "copy_of": [None, "a", "a", None],
        }
    )


def test_every_copy_has_a_row_a_frame():
    effects = an.edit_effects(corpus(), LEXICON)
    assert effects[["doc_id", "label"]].to_numpy().tolist() == [
        ["b", "alliance"], ["b", "economy"], ["c", "alliance"], ["c", "economy"],
    ]  # fmt: skip
    assert set(effects["original_outlet"]) == {"AP"}
    # Of the fifteen words of the original b lacks eight and c lacks eight.
    assert effects[["words", "words_lost", "words_gained"]].drop_duplicates().to_numpy().tolist() == [[15, 8, 0]]
    single = an.compare_copies(corpus()["text"][0], corpus()["text"][1], LEXICON).effect
    pd.testing.assert_frame_equal(effects.head(2)[list(single)], single)


def test_no_copy_keeps_the_columns():
    full = an.edit_effects(corpus(), LEXICON)
    empty = an.edit_effects(corpus().assign(copy_of=None), LEXICON)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


ERRORS = [
    (
        corpus().drop(columns="copy_of"),
        "articles: column 'copy_of' is missing. Found: doc_id, outlet, text, story_id. Pass what "
        "mark_copies returns.",
    ),
    (corpus().iloc[1:], "articles: original 'a', named by copy_of, is missing. Keep originals with their copies."),
]


@pytest.mark.parametrize(("articles", "message"), ERRORS)
def test_errors_say_what_is_wrong(articles, message):
    with refused(message):
        an.edit_effects(articles, LEXICON)


def test_what_outlets_cut():
    effects = pd.DataFrame(
        {
            "doc_id": ["b", "b", "c", "c", "d", "d"],
            "outlet": ["DW"] * 4 + ["TASS"] * 2,
            "story_id": ["s", "s", "t", "t", "t", "t"],
            "label": ["alliance", "economy"] * 3,
            "kept": [1, 0, 1, 0, 0, 4],
            "lost": [1, 0, 3, 0, 2, 1],
            "words": 10,
            "words_lost": [2, 2, 6, 6, 5, 5],
        }
    )
    cuts = an.outlet_cuts(effects).set_index(["label", "outlet"])
    assert cuts.index.tolist() == [
        (label, outlet) for label in ("alliance", "economy", "all words") for outlet in ("DW", "TASS")
    ]
    # DW lost 1 of 2 and 3 of 4 hits of alliance, TASS 2 of 2; DW's originals say nothing of the economy.
    assert cuts["share"].tolist() == pytest.approx([0.625, 1.0, np.nan, 0.2, 0.4, 0.5], nan_ok=True)
    assert cuts["n_stories"].tolist() == [2, 1, 0, 1, 2, 1]
    one, none = "one story: no interval", "no hit in an original"
    assert cuts["note"].tolist() == ["", one, none, one, "", one]
    assert cuts.loc[("all words", "DW"), "low"] < 0.4 < cuts.loc[("all words", "DW"), "high"]


def test_no_copies_have_no_cuts():
    cuts = an.outlet_cuts(an.edit_effects(corpus().assign(copy_of=None), LEXICON))
    assert cuts.empty
    assert cuts.columns.tolist()[:8] == [
        "outlet",
        "label",
        "n_articles",
        "n_stories",
        "share",
        "low",
        "high",
        "note",
    ]


texts = st.lists(st.sampled_from([ALLIES, TRADE, OIL, RAIN, "No ally came."]), max_size=8).map(" ".join)


@settings(max_examples=10, deadline=None)
@given(texts, texts)
def test_hits_are_kept_or_lost_and_rows_agree(original, copy):
    compared = an.compare_copies(original, copy, LEXICON)
    hits, effect, rows = compared.hits, compared.effect, compared.table
    found = an.find_frames(pd.DataFrame({"doc_id": ["o", "c"], "text": [original, copy]}), LEXICON)
    assert len(hits) == len(found)  # every hit has one fate
    assert set(hits.loc[hits["side"] == "original", "fate"]) <= {"kept", "lost"}
    assert set(hits.loc[hits["side"] == "copy", "fate"]) <= {"kept", "gained"}
    assert (
        rows[["hits_kept", "hits_lost", "hits_gained"]].sum().tolist()
        == effect[["kept", "lost", "gained"]].sum().tolist()
    )


@settings(max_examples=20, deadline=None)
@given(texts)
def test_a_reprint_word_for_word_moves_nothing(text):
    effect = an.compare_copies(text, text, LEXICON).effect
    assert (effect[["lost", "gained"]] == 0).all(axis=None)
    assert (effect["difference"].dropna() == 0).all()
