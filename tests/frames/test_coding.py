"""From passages to sheets and back to codes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

import analysis as an
from analysis.corpus.files import disarmed, write_whole
from analysis.frames.coding.sample import _drawn, _probabilities
from analysis.frames.coding.sheets import csv_sheet, plain, sheet_rows, workbook
from analysis.frames.formats.read_yaml import parsed

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
        "near found", "only negated", "far found", "none", "none", "none", "none", "near found",
    ]  # fmt: skip
    assert (sample["weight"] == 1).all()
    assert sample["story_id"].tolist() == ["a"] * 8
    assert sample["stratum"].tolist()[:2] == ["DW / near found", "DW / only negated"]
    assert sample.attrs == {}


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
    assert names == ["ann.csv", "ann.xlsx", "bob.csv", "bob.xlsx", "codebook.md", "design.csv"]
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
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.read_codes(tmp_path / "ann.xlsx", sample)
    assert str(raised.value) == error


def test_all_mistakes_are_told_at_once_up_to_ten(tmp_path):
    sample = written(tmp_path, coders=["ann"])
    fill(tmp_path / "ann.xlsx", everything(7))
    with pytest.raises(ValueError, match="is not a valid code") as raised:
        an.read_codes(tmp_path, sample)
    lines = str(raised.value).split("\n")
    assert len(lines) == 11
    assert lines[-1] == "and 6 more."


def test_without_the_sample_sheets_are_held_against_each_other(tmp_path):
    written(tmp_path, coders=["ann", "bob"])
    fill(tmp_path / "ann.xlsx", everything(1))
    fill(tmp_path / "bob.xlsx", everything(1), change=edited)
    with pytest.raises(ValueError, match=r"^bob.xlsx, row \d+, column text: the text of 'a:3' was edited"):
        an.read_codes(tmp_path, weights=False)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"n": 0}, "sample_to_code: n must be a whole number from 1 up. Found: 0."),
        ({"n": 2.5}, "sample_to_code: n must be a whole number from 1 up. Found: 2.5."),
        ({"coders": "ann"}, "coders: give how many there are, or a list of their names. Found: 'ann'."),
        ({"coders": 0}, "coders: give how many there are, or a list of their names. Found: 0."),
        ({"coders": ["../ann"]},
         "coders: '../ann' cannot name a file. Use letters, digits, dots and dashes."),
        ({"coders": ["Ann", "ann"]},
         "coders: two names are alike except for case. Found: ['Ann', 'ann']. Give each a different name."),
        ({"articles": ARTICLES[:1]},
         "articles: 4 of 8 documents are not in this table. First: 'b'. Give the articles that the "
         "shares or counts were "
         "made from."),
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
        f"{tmp_path / 'ann.csv'} exists already. Move it, or name another folder with path=…."
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
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.read_codes(tmp_path)
    assert str(raised.value) == (
        f"{tmp_path}: design.csv is missing, so the weights of the passages are not known. Without them recall is "
        "far too high. Put the file back, pass sample= as an.sample_to_code returned it, or write "
        "weights=False if "
        "the passages were not drawn by it."
    )
    assert not an.validate(an.majority_codes(an.read_codes(tmp_path, weights=False)), LEXICON).drawn


def test_a_design_without_weights_is_refused():
    sample = an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=7)
    coded = sample.drop(columns=["weight", "probability"]).assign(near=[1, 0] * 3 + [1], far=0)
    with pytest.raises(ValueError, match=r"column 'weight' is missing.*drawn from strata"):
        an.validate(coded, LEXICON)
    by_chance = an.validate(sample.drop(columns="weight").assign(near=[1, 0] * 3 + [1], far=0), LEXICON)
    by_weight = an.validate(sample.assign(near=[1, 0] * 3 + [1], far=0), LEXICON)
    pd.testing.assert_frame_equal(by_chance.table, by_weight.table)


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
    with pytest.raises(ValueError, match=r"^codes: no label has two coders\."):
        an.coder_agreement(frames)
    named = pd.DataFrame({"war": [1, 0, 1], "war_ann": [1, 0, 1], "war_bob": [1, 0, 0], "war_crimes": [0, 0, 0]})
    assert an.coder_agreement(named, coders=["ann", "bob"])[["label", "n"]].to_numpy().tolist() == [["war", 3]]


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
