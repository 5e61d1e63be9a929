"""From sheets back to codes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook
from to_code import ARTICLES, LEXICON, PASSAGES, everything, fill, written

import analysis as an
from analysis.corpus.files import disarmed, write_whole
from analysis.frames.coding.read_sheets import design
from analysis.frames.coding.sample import csv_sheet, plain, sheet_rows, workbook
from tests.data import refused


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


def test_no_cell_is_a_formula(tmp_path):
    written(tmp_path, coders=["ann"])
    cells = [
        cell for row in load_workbook(str(tmp_path / "ann.xlsx")).get_sheet_by_index(1).to_python() for cell in row
    ]
    assert "=1+1" in cells  # as text: a formula would be read back as its value
    assert disarmed("=1+1") in sheet_rows(tmp_path / "ann.csv")["text"].tolist()


@pytest.mark.parametrize("text", ["=1", "+1", "-1x", "@x", " \t=1", "\r\n=1", "a;=1", "a,@b", "'=1", "Is it?"])
def test_a_passage_is_known_again_whatever_a_spreadsheet_made_of_the_added_characters(text):
    saved = disarmed(text).encode("cp1252", "replace").decode("cp1252")
    assert {plain(seen) for seen in (disarmed(text), saved, saved.replace("'?", "'"))} == {plain(text)}


TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)


@settings(deadline=None, max_examples=30)
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_any_text_comes_back_from_both_sheets(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("sheets")
    rows = pd.DataFrame({"passage_id": [f"p{at}" for at in range(len(texts))], "text": texts})
    (folder / "a.xlsx").write_bytes(workbook(rows, {"near": ""}, "book"))
    write_whole(folder / "a.csv", csv_sheet(rows, ["near"]))
    for name in ("a.xlsx", "a.csv"):
        back = sheet_rows(folder / name)
        assert [plain(text) for text in back["text"]] == [plain(text) for text in texts]
        assert (back["near"] == "").all()


def test_codes_come_back_long_with_the_sample_beside_them(tmp_path):
    sample = written(tmp_path, coders=["bob", "ann"])
    fill(tmp_path / "ann.xlsx", everything(1), note="sure")
    fill(tmp_path / "bob.xlsx", everything(0) | {"a:1": {"near": 1}})
    codes = an.read_codes(tmp_path, sample)
    assert codes.columns[:4].tolist() == ["passage_id", "coder", "label", "code"]
    assert len(codes) == 8 * 2 * 2
    assert codes["coder"].unique().tolist() == ["ann", "bob"]
    second = codes[codes["passage_id"] == "a:1"]
    assert second["code"].tolist()[:3] == [1, 1, 1]
    assert pd.isna(second["code"].iloc[3])
    assert second["weight"].tolist() == [1.0] * 4
    assert codes.groupby("coder")["note"].unique().map(list).to_dict() == {"ann": ["sure"], "bob": [""]}
    pd.testing.assert_frame_equal(an.read_codes([tmp_path / "bob.xlsx", tmp_path / "ann.xlsx"], sample), codes)


def test_majority_ties_and_agreement_by_hand(tmp_path):
    sample = written(tmp_path, coders=["ann", "bob"])
    fill(tmp_path / "ann.xlsx", everything(0) | {"a:0": {"near": 1, "far": 0}, "a:1": {"near": 1, "far": 0}})
    fill(tmp_path / "bob.xlsx", everything(0) | {"a:0": {"near": 1, "far": 0}})
    codes = an.read_codes(tmp_path, sample)
    coded = an.majority_codes(codes)
    assert coded["near"].tolist() == [1, pd.NA, 0, 0, 0, 0, 0, 0]
    assert coded["tied"].tolist() == ["", "near", *[""] * 6]
    assert coded["near_coder_ann"].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    near, far = an.coder_agreement(codes).itertuples()
    # 16 codes, three of them 1: by chance 2 · 3 · 13 / (16 · 15) = .325 differ, in truth 1 of 8.
    assert (near.coders, near.n, near.agree) == (2, 8, 7 / 8)
    assert near.alpha == pytest.approx(1 - (1 / 8) / 0.325)
    assert np.isnan(far.alpha)  # nobody ever said yes
    pd.testing.assert_frame_equal(an.coder_agreement(coded), an.coder_agreement(codes))
    measured = an.validate(coded, LEXICON)
    assert measured.table[["n", "unsettled"]].to_numpy().tolist() == [[8, 1], [8, 0]]
    assert measured.unsettled.to_numpy().tolist() == [[1, "near"]]


def test_the_csv_of_a_coder_counts_where_it_was_filled(tmp_path):
    sample = written(tmp_path, coders=["ann"])
    path = tmp_path / "ann.csv"
    rows = sheet_rows(path).assign(near="1", far="0")
    rows.to_csv(
        path, index=False, sep=";", encoding="cp1252", errors="replace"
    )  # as Excel saves it in much of Europe
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
        ({"a:0": {"near": "maybe"}}, in_order,
         "ann.xlsx, row 2, column near: 'maybe' is not a valid code. Write 1, 0 or nothing."),
        ({"a:0": {"far": 2}}, in_order,
         "ann.xlsx, row 2, column far: '2' is not a valid code. Write 1, 0 or nothing."),
        ({}, without_header,
         "ann.xlsx: column 'far' is missing. Found: passage_id, text, near, fra, note. "
         "Give its header back, or name the sheets one by one if this file is not a sheet."),
        ({}, lambda rows: [row for row in rows if row[0] not in ("a:2", "b:1")],
         "ann.xlsx: passage 'a:2' and 1 more missing. Put the row back; its codes may be left empty."),
        ({}, lambda rows: [*in_order(rows), in_order(rows)[1]],
         "ann.xlsx, row 10: passage 'a:0' is also in row 2. Delete one of them."),
        ({}, lambda rows: [*rows, ["c:0", "who?", "", "", ""]],
         "ann.xlsx, row 10, column passage_id: 'c:0' is not a passage of the sample. Write its id again as it was "
         "(a spreadsheet may have changed it: in CSV, 1:0 becomes a time of day)."),
        ({}, lambda rows: edited(in_order(rows)),
         "ann.xlsx, row 5, column text: the text of 'a:3' was edited, and begins 'changed'. Put it back: 'sea'…"),
    ],
)  # fmt: skip
def test_what_went_wrong_in_a_sheet_is_told(tmp_path, codes, change, error):
    sample = written(tmp_path, coders=["ann"])
    fill(tmp_path / "ann.xlsx", codes, change=change)
    with refused(error):
        an.read_codes(tmp_path / "ann.xlsx", sample)


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff", "\ufeff\u200b", "\u2060\u200e \u00ad", "\t"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_invisible_characters_beside_a_header_name_do_not_matter(tmp_path, mark, ending):
    written(tmp_path, coders=["ann"])
    filled = sheet_rows(tmp_path / "ann.csv").assign(near="1", far="0")
    if ending == ".csv":
        text = csv_sheet(filled, ["near", "far"]).replace('"near"', f'{mark}"near"{mark}', 1)
        (tmp_path / "ann.csv").write_text(mark + text, "utf-8")
    else:
        (tmp_path / "ann.csv").unlink()
        renamed = [[f"{mark}{name}{mark}" for name in filled], *filled.to_numpy().tolist()]
        fill(tmp_path / "ann.xlsx", {}, change=lambda _: renamed)
    assert an.read_codes(tmp_path)["code"].tolist() == [1, 0] * 8


@pytest.mark.parametrize("where", [".", "elsewhere"])
@pytest.mark.parametrize("word", ["maybe", "unclear", "war"])
def test_one_wrong_word_in_all_cells_is_not_taken_for_a_class(tmp_path, where, word):
    written(tmp_path, coders=["ann"])
    sheet = tmp_path / where / "ann.csv"
    sheet.parent.mkdir(exist_ok=True)
    sheet_rows(tmp_path / "ann.csv").assign(near="yes", far=word).to_csv(sheet, index=False)
    with refused(f"ann.csv, row 2 and 7 more, column far: '{word}' is not a valid code. Write 1, 0 or nothing."):
        an.read_codes(sheet, design([tmp_path]))


def test_all_mistakes_are_told_at_once_up_to_ten(tmp_path):
    sample = written(tmp_path, coders=["ann"])
    places = [(passage, frame) for passage in PASSAGES["passage_id"] for frame in ("near", "far")]
    wrong = {passage: {} for passage, _ in places}
    for number, (passage, frame) in enumerate(places, 2):
        wrong[passage][frame] = number
    wrong[places[0][0]] = {"near": 1, "far": 0}
    fill(tmp_path / "ann.xlsx", wrong)
    with pytest.raises(ValueError, match="is not a valid code") as raised:
        an.read_codes(tmp_path, sample)
    lines = str(raised.value).split("\n")
    assert len(lines) == 11
    assert lines[-1] == "and 4 more."


def test_without_the_sample_sheets_are_held_against_each_other(tmp_path):
    written(tmp_path, coders=["ann", "bob"])
    fill(tmp_path / "ann.xlsx", everything(1))
    fill(tmp_path / "bob.xlsx", everything(1), change=edited)
    with pytest.raises(ValueError, match=r"^bob.xlsx, row \d+, column text: the text of 'a:3' was edited"):
        an.read_codes(tmp_path, weights=False)


def test_numbers_for_names_are_names(tmp_path):
    numbered = PASSAGES.assign(passage_id=range(8), doc_id=[1, 1, 1, 1, 2, 2, 2, 2])
    sample = an.sample_to_code(numbered, LEXICON, articles=ARTICLES.assign(doc_id=[1, 2]), n=3, path=tmp_path)
    assert len(an.read_codes(tmp_path, sample)) == 3 * 2 * 2
    with pytest.raises(ValueError, match=r"^sample: passage '\d' is duplicated\."):
        an.read_codes(tmp_path, pd.concat([sample, sample]))


def test_nothing_to_sample_and_nothing_to_read(tmp_path):
    none = an.sample_to_code(PASSAGES[:0], LEXICON, articles=ARTICLES)
    assert none.empty
    assert {"outlet", "story_id", "score", "probability", "weight"} <= set(none)
    with pytest.raises(FileNotFoundError, match="No sheet in"):
        an.read_codes(tmp_path)


def test_the_weights_travel_with_the_sheets_or_reading_is_refused(tmp_path):
    sample = an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=7, coders=["ann"], path=tmp_path)
    fill(tmp_path / "ann.xlsx", everything(1))
    codes = an.read_codes(tmp_path)
    columns = ["passage_id", "coder", "label", "code", "text", "outlet", "stratum", "weight"]
    assert codes[columns].to_numpy().tolist() == an.read_codes(tmp_path, sample)[columns].to_numpy().tolist()
    coded = an.majority_codes(codes)
    assert coded["weight"].tolist() == sample["weight"].tolist()
    assert an.validate(coded, LEXICON).drawn
    (tmp_path / "design.csv").unlink()
    with refused(
        f"{tmp_path}: design.csv is missing, so the weights of the passages are not known. Without them recall is "
        "far too high. Put the file back, pass sample= as an.sample_to_code returned it, or write "
        "weights=False if "
        "the passages were not drawn by it."
    ):
        an.read_codes(tmp_path)
    assert not an.validate(an.majority_codes(an.read_codes(tmp_path, weights=False)), LEXICON).drawn


def test_a_codebook_in_the_folder_is_the_one_that_coders_get(tmp_path):
    (tmp_path / "codebook.md").write_text("# Our own rules", "utf-8")
    written(tmp_path, coders=["ann"])
    assert load_workbook(str(tmp_path / "ann.xlsx")).get_sheet_by_index(0).to_python()[0] == ["Our own rules"]


def test_coders_may_share_only_a_part(tmp_path):
    written(tmp_path, coders=["ann", "bob"])
    fill(tmp_path / "ann.xlsx", everything(1), change=lambda rows: [rows[0], *sorted(rows[1:])[:5]])
    fill(tmp_path / "bob.xlsx", everything(1), change=lambda rows: [rows[0], *sorted(rows[1:])[3:]])
    codes = an.read_codes(tmp_path)
    assert an.coder_agreement(codes)["n"].tolist() == [2, 2]
    assert an.majority_codes(codes)["near"].tolist() == [1] * 8
    fill(tmp_path / "bob.xlsx", everything(1), change=lambda rows: [row for row in rows if row[0] != "b:3"])
    with pytest.raises(ValueError, match=r"^ann.xlsx, bob.xlsx: passage 'b:3' missing\. Put the row back"):
        an.read_codes(tmp_path)


def test_sheets_hold_words_yes_and_no_and_what_pandas_makes_of_numbers(tmp_path):
    written(tmp_path, coders=["ann", "bob"])
    fill(tmp_path / "ann.xlsx", everything("Yes") | {"a:0": {"near": "no", "far": "n/a"}})
    rows = sheet_rows(tmp_path / "bob.csv").assign(near="1.0", far="False")
    rows.to_csv(tmp_path / "bob.csv", index=False)
    codes = an.read_codes(tmp_path)
    assert codes["code"].tolist()[:4] == [0, pd.NA, 1, 0]
    assert codes["code"].tolist()[4:] == [1, 1, 1, 0] * 7
