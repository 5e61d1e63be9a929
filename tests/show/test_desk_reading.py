"""At the desk: whole articles, their versions side by side, and text from strangers."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.show.characters import Mark, segments
from tests.show.benches import ROWS, ask, bench, corpus, shares


def test_a_sheet_puts_back_what_cleaning_removed():
    received = pd.DataFrame(
        {"doc_id": ["x"], "outlet": [""], "title": [""], "text": ["Gas flows. Share: leave a reply:"]}
    )
    cleaned = an.clean(received)
    sheet = ask(bench(cleaned), "sheet", article="x")
    assert "".join(piece["text"] for piece in sheet["segments"]) == received["text"][0]
    assert [p["text"] for p in sheet["segments"] if "removed" in p] == [" leave a reply:"]
    assert [p["text"] for p in sheet["segments"] if "frames" in p] == ["Gas"]
    assert sheet["removed"][0]["letters"] == 15


def test_articles_without_an_outlet_come_last():
    nameless = corpus().assign(outlet=["", "", "BBC", "BBC", "DW"])  # with the highest share
    desk = bench(nameless)
    assert ask(desk, "scope")["outlets"] == ["BBC", "DW", "(unknown)"]
    assert list(shares(ask(desk, "cells")))[-1] == "(unknown)"


def test_versions_stand_side_by_side():
    desk = bench()
    sheet = ask(desk, "sheet", article="d")
    assert [(v["id"], v["original"], v["overlap"]) for v in sheet["versions"]] == [
        ("a", True, None),
        ("d", False, 0.8),
    ]
    assert [v["unsure"] for v in sheet["versions"]] == ["", ""]
    same_day = corpus().assign(date=pd.Timestamp("2017-01-03"))
    versions = ask(bench(same_day), "sheet", article="d")["versions"]
    assert [v["unsure"] for v in versions] == ["", "same day: order not known"]
    pair = ask(desk, "compare", article="a", other="d")
    assert pair["words"] == {"kept": 7, "added": 1}
    for side, text in enumerate((ROWS[0][4], ROWS[3][4])):
        assert "".join(piece["text"] for row in pair["rows"] for piece in row[side]) == text
    assert [p["text"] for row in pair["rows"] for p in row[1] if "change" in p] == ["fast"]


def test_of_a_story_printed_often_some_versions_are_listed_and_the_others_counted():
    ids = [f"{at:02}" for at in range(40)]
    articles = pd.DataFrame({"doc_id": ids, "text": "Gas.", "story_id": "00", "copy_of": [None, *["00"] * 39]})
    sheet = ask(bench(articles), "sheet", article="39")
    assert [version["id"] for version in sheet["versions"]] == [*ids[:30], "39"]
    assert sheet["more"] == 9


@pytest.mark.parametrize(
    "texts", [("", "x"), ("", ""), ("a b", "c d"), ("one two " * 9 + "three", "three " + "one two " * 9)]
)
def test_any_two_texts_can_stand_side_by_side(texts):
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": texts, "story_id": "a", "copy_of": [None, "a"]})
    pair = ask(bench(articles), "compare", article="a", other="b")
    for side, text in enumerate(texts):
        assert sorted("".join(p["text"] for row in pair["rows"] for p in row[side]).split()) == sorted(
            text.split()
        )


def test_hostile_text_travels_as_text_and_giants_are_cut():
    text = "<script>alert(1)</script> gas " + "x" * 1_000_000 + " trade"
    articles = pd.DataFrame(
        {"doc_id": ["x"], "text": [text], "url": ["javascript:alert(1)"], "title": ["t" * 100_000]}
    )
    sheet = ask(bench(articles), "sheet", article="x")
    assert sheet["url"] == ""
    assert len(json.dumps(sheet)) < 3_000
    left_out = sum(piece.get("left_out", 0) for piece in sheet["segments"])
    assert sum(len(piece["text"]) for piece in sheet["segments"]) + left_out == len(text)


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from("ab"), st.integers(0, 2)), max_size=8
)


@given(text=st.text(max_size=40), spans=SPANS)
def test_segments_join_to_the_text_and_carry_every_mark(text, spans):
    marks = [Mark(start, start + length, key, value) for start, length, key, value in spans]
    at = 0
    for piece in segments(text, marks):
        over = {(m.key, m.value) for m in marks if m.start <= at < m.end}
        assert {(key, v) for key in "ab" for v in piece.get(key, [])} == over
        at += len(piece["text"])
    assert at == len(text)
