"""Codes as people write them, in sheets of many hands."""

import pandas as pd
import pytest

import analysis as an
from analysis.frames.lexicon import Entry
from tests.data import refused


@pytest.mark.parametrize(
    "cells", [("WAHR", "FALSCH", ""), ("1,0", "0,0", ""), ("ja", "Nein", "NA"), ("VRAI", "FAUX", " "),
              ("x", "0", ""), ("1.00", "0.00", "n/a"), ("да", "нет", ""), ("✓", "✗", "")],
)  # fmt: skip
def test_codes_as_spreadsheets_of_other_languages_write_them(tmp_path, cells):
    path = tmp_path / "ann.csv"
    rows = [
        f"p{at};{text};BBC;{cell};" for at, (text, cell) in enumerate(zip(("Öl", "b", "c"), cells, strict=True))
    ]
    path.write_bytes("\n".join(["passage_id;text;outlet;war;note", *rows]).encode("utf-8-sig"))
    codes = an.read_codes(path, weights=False)
    assert codes["label"].unique().tolist() == ["war"]  # a column of the corpus is not a label
    assert codes["code"].tolist() == [1, 0, pd.NA]


def test_marks_without_a_no_are_refused(tmp_path):
    path = tmp_path / "ann.csv"
    path.write_text("passage_id,text,war,note\np1,a,x,\np2,b,,\n")
    with pytest.raises(
        ValueError,
        match=r"^ann\.csv, column war: only yes is marked, so no and 'not coded' look alike\. Write 0 in",
    ):
        an.read_codes(path, weights=False)


@pytest.mark.parametrize(("joined", "sign"), [("war#peace", "#"), ("peace; war", "; "), ("War|Peace", "|")])
def test_several_labels_in_one_cell_are_refused_since_the_passage_would_have_none(joined, sign):
    table = pd.DataFrame(
        {"text": ["War came.", "Peace came.", "War and peace."], "label": ["war", "peace", joined]}
    )
    lexicon = an.Lexicon("l", entries=[Entry("war", "war"), Entry("peace", "peace")])
    said = (
        f"a passage has one class. Found: {joined.lower()!r}, which names several. Make a column of 0 and 1 for "
    )
    with refused(f"coded passages: {said}each: .str.get_dummies({sign!r})."):
        an.validate(table, lexicon)
    coded = table[["text"]].join(table["label"].str.lower().str.get_dummies(sign))
    assert an.validate(coded, lexicon).table["f1"].tolist() == [1.0, 1.0]
    long = pd.DataFrame(
        {"passage_id": [*"abc"] * 2, "coder": [*"xxxyyy"], "class": [*table["label"].str.lower()] * 2}
    )
    with refused(f"codes: {said}each: .str.get_dummies({sign!r})."):
        an.coder_agreement(long)
    alone = table.assign(label=["war", "peace", "war and/or drought"])  # a name that is not made of others
    assert an.validate(alone, lexicon).table["positives"].tolist() == [1, 1]


def test_a_mark_without_letters_is_asked_for_as_a_missing_code():
    coded = pd.DataFrame({"text": ["a", "b"], "war": ["1", "?"]})
    with pytest.raises(ValueError, match=r"'not coded', write it as missing: \.replace\(\{'\?': None\}\)\.$"):
        an.validate(coded, an.Lexicon("l", entries=[Entry("war", "war")]))


def test_a_workbook_with_a_sheet_for_each_coder_is_not_one_coder(tmp_path):
    with pd.ExcelWriter(tmp_path / "all.xlsx") as book:
        for coder in ("mia", "noa"):
            sheet = pd.DataFrame({"passage_id": ["a"], "text": ["War."], "war": [1], "note": [""]})
            sheet.to_excel(book, sheet_name=coder, index=False)
    said = "several sheets have a column 'passage_id'. Found sheets: 'mia', 'noa'. Save each as a file of its own,"
    with refused(f"all.xlsx: {said} named for its coder."):
        an.read_codes(tmp_path / "all.xlsx", weights=False)


def test_rows_of_a_table_keep_their_codes():
    wide = pd.DataFrame({"passage_id": [*"abc"], "war": 0, "war_coder1": [0, 1, 1], "war_coder2": [0, 1, 0]})
    found = an.majority_codes(wide[wide["passage_id"] != "a"])
    assert found["war_coder1"].tolist() == [1, 1]
    assert found["war"].tolist() == [1, pd.NA]
    assert found["tied"].tolist() == ["", "war"]


@pytest.mark.parametrize("asked", ["war,", ""])
def test_a_sheet_without_a_passage_or_a_label_gives_no_code(tmp_path, asked):
    path = tmp_path / "ann.csv"
    path.write_text(f"passage_id,text,{asked}note\n")
    codes = an.read_codes(path, weights=False)
    assert (len(codes), codes["code"].dtype.name) == (0, "Int64")


def test_a_table_with_a_row_for_each_code_and_a_column_that_is_no_label_are_told(tmp_path):
    texts = [f"Passage {at}." for at in range(5)]
    sheet = pd.DataFrame({"passage_id": list("abcde"), "text": texts, "war": 1, "pages": 7})
    sheet.to_csv(tmp_path / "ann.csv", index=False)
    with pytest.raises(
        ValueError, match=r"ann.csv, column pages: no cell holds a code. First: '7'. Move a column"
    ):
        an.read_codes(tmp_path / "ann.csv", weights=False)
    sheet.melt(["passage_id", "text"], ["war"], "frame", "code").assign(coder="ann").to_csv(
        tmp_path / "long.csv", index=False
    )
    with pytest.raises(
        ValueError, match=r"long.csv: a row for each code is not a sheet. Pass an.read_table\(path\)"
    ):
        an.read_codes(tmp_path / "long.csv", weights=False)
    assert an.majority_codes(an.read_table(tmp_path / "long.csv"))["war"].tolist() == [1] * 5
    with pytest.raises(TypeError, match=r"validate: a path is not a table. Pass an.read_table\(path\)"):
        an.validate(tmp_path / "long.csv", an.read_lexicon("russia-china"))


def test_ids_as_spreadsheets_rewrite_them_and_names_in_capitals_are_known(tmp_path):
    (tmp_path / "ann.csv").write_text("Passage_ID,Text,war,NOTE\n1,a,1,\n2,b,0,\n")
    (tmp_path / "bob.csv").write_text("passage_id,text,war,comment\n1.0,a,1,sure\n2.0,b,1,not\n")
    codes = an.read_codes(tmp_path, weights=False)
    assert codes[["passage_id", "coder", "label", "code"]].to_numpy().tolist() == [
        ["1", "ann", "war", 1], ["1", "bob", "war", 1], ["2", "ann", "war", 0], ["2", "bob", "war", 1],
    ]  # fmt: skip


def test_an_encoding_that_was_guessed_is_said(tmp_path):
    path = tmp_path / "ann.csv"
    path.write_bytes("passage_id;text;war\np1;Mächte;1\np2;Öl;0\n".encode("cp1252"))
    with pytest.warns(UserWarning, match=r"^ann\.csv: its encoding was guessed to be cp1252\."):
        assert an.read_codes(path, weights=False)["text"].tolist() == ["Mächte", "Öl"]


LONG = pd.DataFrame({
    "passage_id": ["a", "a", "b", "b"], "text": ["war", "war", "peace", "peace"], "annotator": ["ann", "bob"] * 2,
    "frame": "war", "code": ["yes", "yes", "no", "no"],
})  # fmt: skip


def test_a_row_for_each_coder_is_never_one_for_each_passage():
    lexicon = an.Lexicon("own", entries=[Entry("war", "war")])
    for given in (LONG, LONG.rename(columns=str.title), LONG.rename(columns={"annotator": "Coder"})):
        assert an.validate(given.rename(columns={"Passage_Id": "passage_id"}), lexicon).table["n"].tolist() == [2]
    unnamed = LONG.rename(columns={"code": "value"})
    with refused(
        "coded passages: passage 'a' has several rows, so it would count several times. Keep one; of several "
        "coders, write columns coder, label and code."
    ):
        an.validate(unnamed, lexicon)
    with refused(
        "codes: no column holds what one coder said. Found: passage_id, text, annotator, frame, value. In a table "
        "with a row for each annotator it is called 'code'."
    ):
        an.coder_agreement(unnamed)


def test_a_label_that_nobody_coded_is_said_not_to_be_measured():
    coded = pd.DataFrame({"passage_id": ["a", "b"], "text": ["war", "peace"], "war": None})
    notes = an.validate(coded, an.Lexicon("own", entries=[Entry("war", "war")])).notes
    assert notes[-1] == "war: no passage has a code, so it is not measured."


PASSAGES = pd.DataFrame(
    {"passage_id": [*"abcdef"], "text": ["War.", "Peace.", "War, peace.", "No.", "Arms.", "Talks."]}
)
ANN, BOB = ["war", "peace", "none", "none", "war", "peace"], ["war", "peace", "war", "none", "war", "none"]
CLASSES = pd.concat(
    [PASSAGES.assign(coder=who, **{"class": given}) for who, given in (("ann", ANN), ("bob", BOB))]
)
# By hand: 4 of 6 alike. By chance (2·3 + 2·1 + 2·2) / 36 are. Of 12 codes 5, 3 and 4 are of a class, so that of
# 132 pairs 5·7 + 3·9 + 4·8 differ.
AGREED = (4 / 6, 0.5, 1 - (4 / 12) / (94 / 132))


@pytest.mark.parametrize(
    "written",
    [
        CLASSES,
        CLASSES.assign(**{"class": [*ANN, *map(str.title, BOB)]}),
        CLASSES.assign(**{"class": [*ANN, *(f" {word}" for word in BOB)]}),
        CLASSES.assign(**{"class": [*(str(len(word)) for word in ANN), *(f"{len(word)}.0" for word in BOB)]}),
        CLASSES.assign(coder=["ann", "Ann", "ann "] * 2 + ["bob"] * 6),
        CLASSES.assign(passage_id=[*range(6), *map(str, range(6))], label=["tone", "Tone"] * 6),
    ],
)
def test_one_class_coder_or_label_in_several_spellings_is_one(written):
    found = an.coder_agreement(written.astype({"class": object})).iloc[0]
    assert found["coders"] == 2
    assert tuple(found[["agree", "kappa", "alpha"]]) == pytest.approx(AGREED)


@pytest.mark.parametrize("column", ["passage_id", "coder", "label"])
def test_a_row_that_lacks_what_it_is_of_is_named(column):
    codes = LONG.rename(columns={"annotator": "coder", "frame": "label"})
    with refused(f"codes: {column} is missing in row 1 (from 0). Write it, or drop the row."):
        an.coder_agreement(codes.assign(**{column: [codes[column][0], None, *codes[column][2:]]}))


def test_only_what_was_marked_is_not_taken_for_all_that_was_coded():
    marked = LONG.rename(columns={"annotator": "coder"}).iloc[[0, 1, 2]].assign(code=1)
    only = "only yes is marked, so no and 'not coded' look alike"
    with refused(f"codes: {only}. Add a row of code 0 for what a coder read and did not mark."):
        an.majority_codes(marked)
    lexicon = an.Lexicon("own", entries=[Entry("war", "war")])
    with refused(f"coded passages: war: {only}. Write 0 where it means no."):
        an.validate(pd.DataFrame({"text": ["War.", "Talks."], "war": ["x", ""]}), lexicon)


def test_a_coder_whose_columns_are_not_there_is_named():
    wide = PASSAGES.assign(war_ann=1, war_bob=0, war_cat=1)
    with pytest.raises(
        ValueError, match=r"column '…_cta' is missing\. Found: .* coders= has the ends of their names"
    ):
        an.coder_agreement(wide, coders=["ann", "bob", "cta"])
    alone = PASSAGES.assign(war_coder1=[1, 1, 0, 0, 1, 0], war_coder2=[1, 1, 0, 0, 1, 0])
    assert an.coder_agreement(alone)["agree"].tolist() == [1.0]


def test_classes_of_several_coders_are_measured_by_majority():
    lexicon = an.Lexicon("own", entries=[Entry("war", "War"), Entry("peace", "peace"), Entry("trade", "trade")])
    table = an.validate(CLASSES, lexicon).table
    assert table["n"].tolist() == [6, 6, 6]
    assert table["positives"].tolist() == [2, 1, 0]
    assert table["unsettled"].tolist() == [1, 1, 0]  # c: none and war; f: none and peace
    alone = an.validate(CLASSES[CLASSES["coder"] == "ann"], lexicon).table
    assert alone["positives"].tolist() == [2, 2, 0]


@pytest.mark.parametrize("ids", [["1e+05", "b"], ["2024-01-02", "b"]])
def test_an_id_that_a_spreadsheet_changed_is_known_by_its_text(tmp_path, ids):
    for coder, names in (("ann", ["a", "b"]), ("bob", ids)):
        sheet = pd.DataFrame({"passage_id": names, "text": ["War came.", "Peace."], "war": 1})
        sheet.to_csv(tmp_path / f"{coder}.csv", index=False)
    with refused(
        f"bob.csv, row 2, column passage_id: {ids[0]!r} has the text of 'a' in ann.csv. Write one id (a "
        "spreadsheet may change it)."
    ):
        an.read_codes(tmp_path, weights=False)


def test_a_file_that_is_no_sheet_and_a_table_with_semicolons(tmp_path):
    (tmp_path / "codes.qdpx").write_text("x")
    with refused("codes.qdpx is not a sheet, which ends in .xlsx, .csv, .tsv, .ods, .xls. Save it as one."):
        an.read_codes(tmp_path / "codes.qdpx", weights=False)
    (tmp_path / "long.csv").write_text("passage_id;coder;label;code\n01;ann;war;1,0\n01;bob;war;0,0\n")
    assert an.majority_codes(an.read_table(tmp_path / "long.csv")).iloc[0].tolist()[:3] == ["01", 1, 0]
