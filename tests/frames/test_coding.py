"""From passages to sheets and back to codes."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

import analysis as an
from analysis.frames.coding.sample import _drawn, _probabilities
from analysis.frames.coding.sheets import disarmed, plain, sheet_rows, write_csv, write_workbook
from analysis.frames.grammar.yaml_form import parsed

LEXICON = parsed(
    "negation: {words: [no]}\n"
    "frames: {near: {meaning: the two are close, entries: [ally]}, far: [rival]}", "tiny.yaml",
)  # fmt: skip
TEXTS = ["ally", "no ally", "ally rival", "sea", "=1+1", "sky", "rain", "ally again"]
PASSAGES = pd.DataFrame(
    {
        "passage_id": [f"a:{at}" for at in range(4)] + [f"b:{at}" for at in range(4)],
        "doc_id": ["a"] * 4 + ["b"] * 4,
        "start": [0, 10, 20, 30] * 2,
        "text": TEXTS,
    }
)
ARTICLES = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["DW", "TASS"], "text": "…", "story_id": ["a", "a"]})


def written(tmp_path, **options):
    return an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=8, path=tmp_path, **options)


def fill(path: Path, codes: dict[str, dict[str, object]], *, note: str = "", change=lambda rows: rows) -> None:
    """Fills a workbook as a coder does: numbers as Excel keeps them."""
    rows = load_workbook(str(path)).get_sheet_by_name("passages").to_python()
    header = rows[0]
    for row in rows[1:]:
        for frame, code in codes.get(row[0], {}).items():
            row[header.index(frame)] = code
        row[header.index("note")] = note
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("codebook").write_string(0, 0, "read me")
        sheet = book.add_worksheet("passages")
        for at, row in enumerate(change(rows)):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell) if isinstance(cell, (int, float)) else sheet.write_string(
                    at, column, str(cell)
                )


def everything(code):
    return {passage: {"near": code, "far": code} for passage in PASSAGES["passage_id"]}


def test_scores_and_what_each_passage_stands_for():
    sample = an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=100)
    assert sample["score"].tolist() == [
        "one hit", "only negated", "several hits", "none", "none", "none", "none", "one hit",
    ]  # fmt: skip
    assert (sample["weight"] == 1).all()
    assert sample["story_id"].tolist() == ["a"] * 8
    assert sample.attrs["strata"][0] == {"outlet": "DW", "score": "none", "passages": 1, "drawn": 1}


def test_strata_are_drawn_evenly_and_weights_are_one_over_the_probability():
    sample = an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=7)
    # Six strata hold 1, 1, 1, 1, 3 and 1 passages; seven are wanted: all of the small ones, two of the three.
    none = sample[(sample["outlet"] == "TASS") & (sample["score"] == "none")]
    assert none["probability"].tolist() == pytest.approx([2 / 3] * 2)
    assert none["weight"].tolist() == pytest.approx([1.5] * 2)
    assert len(sample) == 7
    assert sample["weight"].sum() == pytest.approx(8)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.integers(1, 80), st.integers(0, 99))
def test_any_number_is_drawn_with_the_probabilities_told(strata, n, seed):
    stratum = np.unique(strata, return_inverse=True)[1]
    n = min(n, len(stratum))
    probability = _probabilities(stratum, n)
    drawn = _drawn(stratum, probability, np.random.default_rng(seed))
    assert len(set(drawn.tolist())) == len(drawn) == n
    expected = np.bincount(stratum, weights=probability)
    assert (np.abs(np.bincount(stratum[drawn], minlength=len(expected)) - expected) < 1).all()


def test_over_many_seeds_each_passage_is_drawn_as_often_as_told():
    stratum = np.array([0] * 7 + [1] * 2 + [2])
    probability = _probabilities(stratum, 5)  # two of seven, two of two, one of one
    assert probability == pytest.approx([2 / 7] * 7 + [1] * 3)
    times = np.zeros(10)
    for seed in range(2000):
        times[_drawn(stratum, probability, np.random.default_rng(seed))] += 1
    assert times / 2000 == pytest.approx(probability, abs=0.05)


def test_sheets_hide_what_the_lexicon_said(tmp_path):
    written(tmp_path, coders=["ann"])
    header = ["passage_id", "text", "near", "far", "note"]
    assert list(sheet_rows(tmp_path / "ann.xlsx")) == header
    assert list(sheet_rows(tmp_path / "ann.csv")) == header
    book = load_workbook(str(tmp_path / "ann.xlsx"))
    assert book.sheet_names == ["codebook", "passages"]
    codebook = [row[0] for row in book.get_sheet_by_name("codebook").to_python()]
    assert codebook[0] == "How to code"
    assert "the two are close" in codebook


def test_each_coder_has_an_order_of_their_own_and_a_seed_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        written(tmp_path / folder, coders=["ann", "bob"], seed=4)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["ann.csv", "ann.xlsx", "bob.csv", "bob.xlsx", "codebook.md"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    ann, bob = (sheet_rows(tmp_path / "one" / f"{name}.csv")["passage_id"].tolist() for name in ("ann", "bob"))
    assert sorted(ann) == sorted(bob)
    assert ann != bob


def test_no_cell_is_a_formula(tmp_path):
    written(tmp_path, coders=["ann"])
    cells = [
        cell for row in load_workbook(str(tmp_path / "ann.xlsx")).get_sheet_by_index(1).to_python() for cell in row
    ]
    assert "=1+1" in cells  # as text: a formula would be read back as its value
    with (tmp_path / "ann.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "'=1+1" in [cell for row in csv.reader(file) for cell in row]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " \t=1", "\r\n=1", "＝1", "a;=1", "a,@b", "'=1"])
def test_what_a_spreadsheet_would_run_is_disarmed(text):
    assert "'" in disarmed(text)
    assert plain(disarmed(text)) == plain(text)


TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)


@settings(deadline=None, max_examples=30)
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_any_text_comes_back_from_both_sheets(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("sheets")
    rows = pd.DataFrame({"passage_id": [f"p{at}" for at in range(len(texts))], "text": texts})
    write_workbook(folder / "a.xlsx", rows, {"near": ""}, "book")
    write_csv(folder / "a.csv", rows, ["near"])
    for name in ("a.xlsx", "a.csv"):
        back = sheet_rows(folder / name)
        assert [plain(text) for text in back["text"]] == [plain(text) for text in texts]
        assert (back["near"] == "").all()


def test_codes_come_back_long_with_the_sample_beside_them(tmp_path):
    sample = written(tmp_path, coders=["bob", "ann"])
    fill(tmp_path / "ann.xlsx", everything(1), note="sure")
    fill(tmp_path / "bob.xlsx", everything(0) | {"a:1": {"near": 1}})
    codes = an.read_codes(tmp_path, sample)
    assert codes.columns[:4].tolist() == ["passage_id", "coder", "frame", "code"]
    assert len(codes) == 8 * 2 * 2
    assert codes["coder"].unique().tolist() == ["ann", "bob"]
    second = codes[codes["passage_id"] == "a:1"]
    assert second["code"].tolist()[:3] == [1, 1, 1]
    assert pd.isna(second["code"].iloc[3])
    assert second["weight"].tolist() == [1.0] * 4
    assert codes.attrs["notes"] == [("ann", passage, "sure") for passage in PASSAGES["passage_id"]]
    pd.testing.assert_frame_equal(an.read_codes([tmp_path / "bob.xlsx", tmp_path / "ann.xlsx"], sample), codes)


def test_majority_ties_and_agreement_by_hand(tmp_path):
    sample = written(tmp_path, coders=["ann", "bob"])
    fill(tmp_path / "ann.xlsx", everything(0) | {"a:0": {"near": 1, "far": 0}, "a:1": {"near": 1, "far": 0}})
    fill(tmp_path / "bob.xlsx", everything(0) | {"a:0": {"near": 1, "far": 0}})
    codes = an.read_codes(tmp_path, sample)
    coded = an.majority_codes(codes)
    assert coded["near"].tolist() == [1, pd.NA, 0, 0, 0, 0, 0, 0]
    assert coded["tied"].tolist() == ["", "near", *[""] * 6]
    assert coded["near_ann"].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    near, far = an.coder_agreement(codes).itertuples()
    # 16 codes, three of them 1: by chance 2 · 3 · 13 / (16 · 15) = .325 differ, in truth 1 of 8.
    assert (near.coders, near.n, near.agree) == (2, 8, 7 / 8)
    assert near.alpha == pytest.approx(1 - (1 / 8) / 0.325)
    assert np.isnan(far.alpha)  # nobody ever said yes
    pd.testing.assert_frame_equal(an.coder_agreement(coded), an.coder_agreement(codes))
    settled = coded[coded["tied"] == ""]
    assert an.validate(LEXICON, settled)["n"].tolist() == [7, 7]
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.validate(LEXICON, coded)
    assert str(raised.value) == (
        "coded passages: near is <NA> in row 1 (from 0). "
        "Nobody coded it, or the coders tied: settle it, or drop the passage."
    )


def test_the_csv_of_a_coder_counts_where_it_was_filled(tmp_path):
    sample = written(tmp_path, coders=["ann"])
    path = tmp_path / "ann.csv"
    rows = sheet_rows(path).assign(near="1", far="0")
    rows.to_csv(path, index=False, sep=";", encoding="cp1252")  # as Excel saves it in much of Europe
    codes = an.read_codes(tmp_path, sample)
    assert codes["code"].tolist() == [1, 0] * 8
    fill(tmp_path / "ann.xlsx", everything(1))
    with pytest.raises(ValueError, match=r"^ann.xlsx and ann.csv both hold codes, and are sheets of one coder\."):
        an.read_codes(tmp_path, sample)


def in_order(rows):
    return [rows[0], *sorted(rows[1:])]


def without_header(rows):
    return [[name if name != "far" else "fra" for name in rows[0]], *rows[1:]]


def edited(rows):
    return [rows[0], *[[*row[:1], "changed", *row[2:]] if row[0] == "a:3" else row for row in rows[1:]]]


@pytest.mark.parametrize(
    ("codes", "change", "error"),
    [
        ({"a:0": {"near": "yes"}}, in_order,
         "ann.xlsx, row 2, column near: 'yes' is no code. Write 1, 0 or nothing."),
        ({"a:0": {"far": 2}}, in_order,
         "ann.xlsx, row 2, column far: '2' is no code. Write 1, 0 or nothing."),
        ({}, without_header,
         "ann.xlsx: no column 'far'; there is passage_id, text, near, fra, note. "
         "Give its header back, or name the sheets one by one if this file is none."),
        ({}, lambda rows: [row for row in rows if row[0] not in ("a:2", "b:1")],
         "ann.xlsx: passage 'a:2' and 1 more missing. Put the row back; its codes may be left empty."),
        ({}, lambda rows: [*in_order(rows), in_order(rows)[1]],
         "ann.xlsx, row 10: passage 'a:0' stands in row 2 too. Delete one of them."),
        ({}, lambda rows: [*rows, ["c:0", "who?", "", "", ""]],
         "ann.xlsx, row 10, column passage_id: 'c:0' is no passage of the sample. Write its id again as it was "
         "(a spreadsheet may have changed it: in CSV, 1:0 becomes a time of day)."),
        ({}, lambda rows: edited(in_order(rows)),
         "ann.xlsx, row 5, column text: the text of 'a:3' was edited, and begins 'changed'. Put it back: 'sea'…"),
    ],
)  # fmt: skip
def test_what_went_wrong_in_a_sheet_is_told(tmp_path, codes, change, error):
    sample = written(tmp_path, coders=["ann"])
    fill(tmp_path / "ann.xlsx", codes, change=change)
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.read_codes(tmp_path / "ann.xlsx", sample)
    assert str(raised.value) == error


def test_all_mistakes_are_told_at_once_up_to_ten(tmp_path):
    sample = written(tmp_path, coders=["ann"])
    fill(tmp_path / "ann.xlsx", everything("x"))
    with pytest.raises(ValueError, match="is no code") as raised:
        an.read_codes(tmp_path, sample)
    lines = str(raised.value).split("\n")
    assert len(lines) == 11
    assert lines[-1] == "and 6 more."


def test_without_the_sample_sheets_are_held_against_each_other(tmp_path):
    written(tmp_path, coders=["ann", "bob"])
    fill(tmp_path / "ann.xlsx", everything(1))
    fill(tmp_path / "bob.xlsx", everything(1), change=edited)
    with pytest.raises(ValueError, match=r"^bob.xlsx, row \d+, column text: the text of 'a:3' was edited"):
        an.read_codes(tmp_path)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"n": 0}, "n is 0; a sample holds a whole number of passages, at least one."),
        ({"n": 2.5}, "n is 2.5; a sample holds a whole number of passages, at least one."),
        ({"coders": "ann"}, "coders is 'ann'; give how many there are, or a list of their names."),
        ({"coders": 0}, "coders is 0; give how many there are, or a list of their names."),
        ({"coders": ["../ann"]},
         "coders: '../ann' cannot name a file. Use letters, digits, dots and dashes."),
        ({"coders": ["Ann", "ann"]},
         "coders: two of ['Ann', 'ann'] are alike but for case. Give each a name of their own."),
        ({"articles": ARTICLES[:1]},
         "passages: article 'b' is not among the articles. Give the articles that the passages were cut from."),
    ],
)  # fmt: skip
def test_what_cannot_be_sampled_is_told(options, error):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.sample_to_code(PASSAGES, LEXICON, **options)
    assert str(raised.value) == error


def test_codes_are_never_overwritten(tmp_path):
    written(tmp_path, coders=["ann"])
    with pytest.raises(FileExistsError) as raised:
        written(tmp_path, coders=["bob", "ann"])
    assert str(raised.value) == (
        f"{tmp_path / 'ann.xlsx'} is there already, and may hold codes. "
        "Move it, or name another folder with path=…."
    )
    assert not (tmp_path / "bob.xlsx").exists()


def test_a_text_longer_than_a_cell_is_refused_before_anything_is_written(tmp_path):
    long = PASSAGES.assign(text="x" * 32_768)
    with pytest.raises(
        ValueError, match=r"^passages: the text of 'a:0' has 32,768 characters; a cell holds 32,767\."
    ):
        an.sample_to_code(long, LEXICON, path=tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_numbers_for_names_are_names(tmp_path):
    numbered = PASSAGES.assign(passage_id=range(8), doc_id=[1, 1, 1, 1, 2, 2, 2, 2])
    sample = an.sample_to_code(numbered, LEXICON, articles=ARTICLES.assign(doc_id=[1, 2]), n=3, path=tmp_path)
    assert len(an.read_codes(tmp_path, sample)) == 3 * 2 * 2
    with pytest.raises(ValueError, match=r"^sample: passage '\d' stands twice\."):
        an.read_codes(tmp_path, pd.concat([sample, sample]))


def test_nothing_to_sample_and_nothing_to_read(tmp_path):
    none = an.sample_to_code(PASSAGES[:0], LEXICON, articles=ARTICLES)
    assert none.empty
    assert {"outlet", "story_id", "score", "probability", "weight"} <= set(none)
    with pytest.raises(FileNotFoundError, match="no sheet in"):
        an.read_codes(tmp_path)
