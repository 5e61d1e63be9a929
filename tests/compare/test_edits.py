import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from tests.data import refused

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
COLUMNS = ["change", "text", "original_start", "original_end", "copy_start", "copy_end", "copy_text"]
FIRST, SECOND = "one two three four five six seven eight", "nine ten eleven twelve thirteen"


def edits_of(original, copy):
    """(change, original's words, copy's words) of each row."""
    edits = an.compare_copies(original, copy).table
    sides = []
    for text, start, end in ((original, "original_start", "original_end"), (copy, "copy_start", "copy_end")):
        spans = zip(edits[start], edits[end], strict=True)
        sides.append(["" if pd.isna(first) else text[first:last] for first, last in spans])
    return list(zip(edits["change"], *sides, strict=True))


EDITS = [
    ("a b c", "A, b. C!", [("kept", "a b c", "A, b. C")]),
    ("a b c d", "a b", [("kept", "a b", "a b"), ("cut", "c d", "")]),
    ("a b", "x a b", [("added", "", "x"), ("kept", "a b", "a b")]),
    ("a b x c d", "a b y z c d", [("kept", "a b", "a b"), ("reworded", "x", "y z"), ("kept", "c d", "c d")]),
    # One word between two rewordings is part of one, two words are not, and between two cuts it was kept.
    ("a b x c y d", "a b v c w d", [("kept", "a b", "a b"), ("reworded", "x c y", "v c w"), ("kept", "d", "d")]),
    ("x c d y", "v c d w", [("reworded", "x", "v"), ("kept", "c d", "c d"), ("reworded", "y", "w")]),
    ("x c y", "c", [("cut", "x", ""), ("kept", "c", "c"), ("cut", "y", "")]),
    # Eight words that change places were moved …
    (
        f"{FIRST} {SECOND} {SECOND}",
        f"{SECOND} {SECOND} {FIRST}",
        [("moved", FIRST, FIRST), ("kept", f"{SECOND} {SECOND}", f"{SECOND} {SECOND}")],
    ),
    # … seven are cut here and added there.
    (
        f"{FIRST[4:]} {SECOND} {SECOND}",
        f"{SECOND} {SECOND} {FIRST[4:]}",
        [("cut", FIRST[4:], ""), ("kept", f"{SECOND} {SECOND}", f"{SECOND} {SECOND}"), ("added", "", FIRST[4:])],
    ),
    # What stood around moved words is cut, added or reworded on its own.
    (
        f"before {FIRST} after {SECOND} {SECOND}",
        f"{SECOND} {SECOND} since {FIRST}",
        [
            ("cut", "before", ""),
            ("moved", FIRST, FIRST),
            ("cut", "after", ""),
            ("kept", f"{SECOND} {SECOND}", f"{SECOND} {SECOND}"),
            ("added", "", "since"),
        ],
    ),
    # Up to forty words are reworded, more are cut here and added there.
    (f"a {'x ' * 40}b", "a y b", [("kept", "a", "a"), ("reworded", "x " * 39 + "x", "y"), ("kept", "b", "b")]),
    (
        f"a {'x ' * 41}b",
        "a y b",
        [("kept", "a", "a"), ("cut", "x " * 40 + "x", ""), ("added", "", "y"), ("kept", "b", "b")],
    ),
    # Broken by an archive, the words are the same; one that is written apart stands with its term.
    ("Xi’s S-400, the U.S.", "xi s s 400 the u s", [("kept", "Xi’s S-400, the U.S", "xi s s 400 the u s")]),
    ("Xi’s US trip", "xi s china trip", [
        ("kept", "Xi’s", "xi s"), ("reworded", "US", "china"), ("kept", "trip", "trip"),
    ]),
    ("", "a b", [("added", "", "a b")]),
    ("a b", "", [("cut", "a b", "")]),
    ("", "", []),
]  # fmt: skip


@pytest.mark.parametrize(("original", "copy", "expected"), EDITS)
def test_edits_tell_what_happened(original, copy, expected):
    assert edits_of(original, copy) == expected


def test_columns_and_offsets_of_each_side():
    edits = an.compare_copies("Xi said so.", "Then Xi said").table
    assert list(edits.columns) == COLUMNS
    assert edits["text"].tolist() == ["Then", "Xi said", "so"]
    assert edits["copy_text"].tolist()[:2] == ["Then", "Xi said"]
    assert edits["original_start"].tolist() == [pd.NA, 0, 8]
    assert edits["original_end"].tolist() == [pd.NA, 7, 10]
    assert edits["copy_start"].tolist() == [0, 5, pd.NA]
    assert edits["copy_end"].tolist() == [4, 12, pd.NA]


def test_nothing_to_compare_keeps_the_columns():
    assert (
        an.compare_copies("", "").table.dtypes.to_dict()
        == an.compare_copies("a b c", "a x").table.dtypes.to_dict()
    )


def test_rows_of_articles_will_do():
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["one two", "one three"]})
    by_row = an.compare_copies(articles.iloc[0], articles.iloc[1]).table
    pd.testing.assert_frame_equal(by_row, an.compare_copies("one two", "one three").table)
    pd.testing.assert_frame_equal(by_row, an.compare_copies({"text": "one two"}, "one three").table)


def test_an_article_without_text_is_an_error():
    message = "copy: 'text' is missing. Found: title. Pass a row of articles or a text."
    with refused(message):
        an.compare_copies("a", {"title": "b"})


def test_how_the_taipei_times_cut_the_ap_story():
    original, copy = (path.read_text(encoding="utf-8") for path in SEEDS[:2])
    edits = an.compare_copies(original, copy).table
    cut = " ".join(edits.loc[edits["change"] == "cut", "text"])
    assert "oppose intervention in syria" in cut
    assert "yu bin a political scientist" in cut
    reworded = edits[edits["change"] == "reworded"].set_index("text")["copy_text"]
    assert reworded["russia s"] == "Moscow’s"
    assert set(reworded["america s"]) == {"the US"}
    assert not {"u s", "xi s"} & set(edits["text"])  # no change but case and points


def words_of(text):
    return re.findall(r"\w+", text.lower())


def assert_covers(original, copy):
    """Put together by either side's offsets, the rows give back that side's words."""
    rows = edits_of(original, copy)
    assert [word for row in rows for word in words_of(row[1])] == words_of(original)
    edits = an.compare_copies(original, copy).table.dropna(subset="copy_start").sort_values("copy_start")
    assert [word for text in edits["copy_text"] for word in words_of(text)] == words_of(copy)
    terms = [an.tokenize([row[side] for row in rows]).to_lists() for side in (1, 2)]
    for (change, before, after), one, other in zip(rows, *terms, strict=True):
        assert (one == other) == (change in ("kept", "moved"))
        assert (bool(before), bool(after)) == (change != "added", change != "cut")


@pytest.mark.parametrize("pair", [(0, 1), (1, 0), (2, 3)])
def test_edits_cover_the_seeds(pair):
    assert_covers(*(SEEDS[seed].read_text(encoding="utf-8") for seed in pair))


sentences = st.lists(st.sampled_from([FIRST, SECOND, "a", "b", "c. D"]), max_size=8).map(" ".join)


@settings(max_examples=20, deadline=None)
@given(sentences, sentences)
def test_edits_cover_both_texts(original, copy):
    assert_covers(original, copy)


@settings(max_examples=15, deadline=None)
@given(sentences, sentences)
def test_offsets_run_on_and_only_moved_words_turn_back(original, copy):
    edits = an.compare_copies(original, copy).table
    there = edits.dropna(subset="original_start")
    assert (there["original_end"] <= there["original_start"].shift(-1)).iloc[:-1].all()
    still = edits[edits["change"] != "moved"].dropna(subset="copy_start")
    assert (still["copy_end"] <= still["copy_start"].shift(-1)).iloc[:-1].all()


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_that_lost_case_and_points_is_the_same(seed):
    text = SEEDS[seed].read_text(encoding="utf-8")
    stripped = " ".join(re.findall(r"\w+", text.replace("US ", "U.S. ").replace("US’", "U.S.’").lower()))
    assert set(an.compare_copies(text, stripped).table["change"]) == {"kept"}
