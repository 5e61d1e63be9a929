"""Dictionaries read in each format: what they hold, and complaints that say where and what to do."""

import re
from contextlib import suppress

import pandas as pd
import pytest
from dictionaries import terms

import analysis as an
from analysis.frames.formats.files import lexicon_losses, read_with_losses, written_with_losses
from analysis.frames.formats.read_yaml import parsed
from tests.data import cases, refused

READ = cases("formats")
ERRORS = cases("format_errors")


def saved(folder, case):
    path = folder / case["file"]
    path.write_bytes(case["text"].replace("⇥", "\t").encode(case.get("encoding", "utf-8")))
    return path


@pytest.mark.parametrize("case", READ, ids=lambda case: case["label"])
def test_a_dictionary_is_read(case, tmp_path):
    path = saved(tmp_path, case)
    lexicon, losses = read_with_losses(path)
    assert [[*loss] for loss in losses] == case.get("losses", [])
    assert {frame.name: frame.meaning for frame in lexicon.frames} == case["frames"]
    assert list(case["frames"]) == [frame.name for frame in lexicon.frames]
    assert terms(lexicon) == {(frame, word, *(weight or [1.0])) for frame, word, *weight in case["terms"]}
    assert (lexicon.name, lexicon.source) == (case.get("name", path.stem), case.get("source", ""))
    assert parsed(written_with_losses(lexicon, "yaml")[0], "l.yaml") == lexicon


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: f"{case['file']}: {case['text'][:30]!r}")
def test_a_complaint_says_where_and_what_to_do(case, tmp_path):
    path = saved(tmp_path, case)
    with refused(case["error"].replace("FILE", str(path))):
        an.read_lexicon(path, format=case.get("format"), columns=case.get("columns"))


ALIASES = "\n".join(
    ["a0: &a0 [x, x, x, x]", *(f"a{at}: &a{at} [*a{at - 1}{f', *a{at - 1}' * 9}]" for at in range(1, 9))]
)
LISTED = "lists:\n  l0: [a, b]\n" + "".join(f"  l{at}: ['@l{at - 1}', '@l{at - 1}']\n" for at in range(1, 40))
CHAIN = "lists:\n  l0: [a, b]\n" + "".join(f"  l{at}: ['@l{at - 1}']\n" for at in range(1, 1_500))
FRAMES = "frames: {f: ['@l39']}"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (ALIASES, "more than 1,000,000 items once its aliases (*name) are written out. Take the aliases out, or"),
        (f"name:\n{ALIASES.replace('a0:', '  a0:')}", "more than 1,000,000 items once its aliases (*name)"),
        ("[" * 200_000, "nested more than 100 levels deep."),
        (CHAIN + FRAMES, "lists use lists more than 100 levels deep: @l"),
    ],
)
@pytest.mark.parametrize("format", ["quanteda", "yaml", None])
def test_a_file_that_multiplies_is_refused(tmp_path, text, error, format):
    if text.startswith("lists") and format == "quanteda":
        return
    (tmp_path / "bomb.yaml").write_text(text)
    with pytest.raises(ValueError, match=re.escape(error)) as raised:
        an.read_lexicon(tmp_path / "bomb.yaml", format=format)
    assert len(str(raised.value)) < 400


def test_lists_that_use_lists_twice_are_read_once(tmp_path):
    (tmp_path / "l.yaml").write_text(LISTED + FRAMES)
    lexicon = an.read_lexicon(tmp_path / "l.yaml")
    assert [step.words for steps in lexicon.read["@l39"] for step in steps] == [("a", "b")]


AFINN = "abandon\t-2\nable\t1\nnone\t0\n"
NRC = "aback\tanger\t0\nabandon\tfear\t1\nabandon\tjoy\t0\n"
EMFD = "word,care_p,fairness_p,care_sent\nharm,0.4,0.1,-0.5\nkind,0.2,0,0.3\n"
SENTIWS = "Abbau|NN\t-0.058\tAbbaus,Abbaues\nFreude|NN\t0.5\t\n"
GPC = "gut\tgut\tADJD\tpositive\n"


@pytest.mark.parametrize(
    ("file", "text", "columns", "expected"),
    [
        ("afinn.txt", AFINN, {"pattern": 1, "weight": 2},
         {("negative", "abandon", 1.0), ("positive", "able", 0.5)}),
        ("nrc.txt", NRC, {"pattern": 1, "frame": 2, "weight": 3}, {("fear", "abandon", 1.0)}),
        ("emfd.csv", EMFD, {"pattern": "word", "frame": ["care_p", "fairness_p"]},
         {("care_p", "harm", 0.4), ("fairness_p", "harm", 0.1), ("care_p", "kind", 0.2)}),
        ("sentiws.txt", SENTIWS, {"pattern": 1, "weight": 2, "forms": 3},
         {("negative", "Abbau", 0.058), ("negative", "Abbaus", 0.058), ("negative", "Abbaues", 0.058),
          ("positive", "Freude", 0.5)}),
        ("war.txt", "missile*\nattack\n", {"pattern": 1}, {("war", "missile*", 1.0), ("war", "attack", 1.0)}),
        ("blank.tsv", "gut\t1\n\t2\n", {"pattern": 1, "weight": 2}, {("positive", "gut", 1.0)}),
        ("gpc.tsv", GPC, {"pattern": "1", "frame": "4"}, {("positive", "gut", 1.0)}),
        ("semi.csv", "wort;wert\ngut;0.5\n", {"pattern": "wort", "weight": "wert"}, {("positive", "gut", 0.5)}),
        ("comma.csv", "gut;0,5\nschlecht;-0,25\n", {"pattern": 1, "weight": 2},
         {("positive", "gut", 0.5), ("negative", "schlecht", 0.25)}),
    ],
)  # fmt: skip
def test_a_published_word_list_is_read_by_its_columns(tmp_path, file, text, columns, expected):
    (tmp_path / file).write_text(text)
    lexicon, losses = read_with_losses(tmp_path / file, columns=columns)
    assert terms(lexicon) == expected
    assert all(
        loss.what.endswith(("rows of weight 0", "1 rows without a word", "part-of-speech tags", "weights"))
        for loss in losses
    )


def test_words_below_their_frames_are_read_by_the_columns(tmp_path):
    (tmp_path / "wide.csv").write_text("coop,conf,note\nally,war,a\nfriend,ally,b\npartner*,,c\n")
    lexicon = an.read_lexicon(tmp_path / "wide.csv", columns={"frame": ["coop", "conf"]})
    expected = {("coop", "ally"), ("coop", "friend"), ("coop", "partner*"), ("conf", "war"), ("conf", "ally")}
    assert {(frame, pattern) for frame, pattern, _ in terms(lexicon)} == expected


@pytest.mark.parametrize(
    ("file", "text", "columns", "expected"),
    [
        ("rows.csv", "war,missile*,shell\npeace,truce\n", {"frame": 1, "pattern": [2, 3]},
         {("war", "missile*", 1.0), ("war", "shell", 1.0), ("peace", "truce", 1.0)}),
        ("blank.dicx", "DicTerm,warm,cold\nfriend*,1.5,\nenem*,,0.75\n", {"pattern": 1, "frame": ["warm", "cold"]},
         {("warm", "friend*", 1.0), ("cold", "enem*", 0.5)}),
        ("first.csv", "truce,,0.7\nmissile*,0.9,\n", {"pattern": 1, "frame": [2, 3]},
         {("3", "truce", 0.7), ("2", "missile*", 0.9)}),
        ("gi.csv", "Entry,Pstv,Ngtv\nALLY#1,Pstv,\nALLY#2,,\nFOE,,Ngtv\n",
         {"pattern": "Entry", "frame": ["Pstv", "Ngtv"]}, {("Pstv", "ally", 1.0), ("Ngtv", "foe", 1.0)}),
        ("swn.txt", "able#1\t0.5\t0\nnascent#1 new#4\t0\t0.25\n", {"pattern": 1, "frame": [2, 3]},
         {("2", "able", 0.5), ("3", "nascent", 0.25), ("3", "new", 0.25)}),
        ("frame.tsv", "ally\tcoop\nfoe\t\n", {"pattern": 1, "frame": 2}, {("coop", "ally", 1.0)}),
    ],
)  # fmt: skip
def test_what_a_cell_of_a_word_list_leaves_out_is_not_filled_in(tmp_path, file, text, columns, expected):
    (tmp_path / file).write_text(text)
    assert terms(read_with_losses(tmp_path / file, columns=columns)[0]) == expected


NESTED = '{\n\t"coop": ["ally*", "friend"],\n\t"conf": {"hot": ["war*"], "cold": ["sanction*"]}\n}'
RECORDS = '[{"category": "coop", "words": ["ally*", "friend"]}, {"category": "conf", "words": ["war*"]}]'


@pytest.mark.parametrize(
    ("text", "frames"), [(NESTED, ["coop", "conf.hot", "conf.cold"]), (RECORDS, ["coop", "conf"])]
)
def test_json_is_read_as_what_it_holds(tmp_path, text, frames):
    (tmp_path / "d.json").write_text(text)
    lexicon = an.read_lexicon(tmp_path / "d.json")
    assert lexicon.labels == frames
    assert [entry.match for entry in lexicon.entries][:3] == [("ally*",), ("friend",), ("war*",)]


def test_the_first_sheet_of_a_workbook_is_read_as_a_table(tmp_path):
    path = tmp_path / "d.xlsx"
    words = {"Category": ["coop", "coop", "conf"], "Search item": ["ally", "peace, talks", "war"]}
    with pd.ExcelWriter(path) as book:
        pd.DataFrame(words).to_excel(book, sheet_name="words", index=False)
        pd.DataFrame({"a": [1]}).to_excel(book, sheet_name="more", index=False)
    lexicon, losses = read_with_losses(path)
    assert [entry.name for entry in lexicon.entries] == ["ally", "peace, talks", "war"]
    assert str(losses[0]) == "sheet 'more': only the first, 'words', is read"


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"word": 1}, "columns: 'word' is not one of ours. Use one of: frame, pattern, weight, entry, note, "
         "source, forms."),
        ({"frame": 1}, 'columns: name the one that holds the words, as in {"pattern": "word"}.'),
        ({"pattern": "wrd", "frame": "care_p"}, "FILE, line 1: column 'wrd' is missing. Found: word, care_p, "
         "fairness_p, care_sent. Did you mean 'word'?"),
        ({"pattern": 1, "frame": 9},
         "FILE, line 1: column 9 does not exist: the first row has 4, counted from 1."),
    ],
)  # fmt: skip
def test_a_wrong_column_is_named(tmp_path, columns, error):
    (tmp_path / "emfd.csv").write_text(EMFD)
    with refused(error.replace("FILE", str(tmp_path / "emfd.csv"))):
        an.read_lexicon(tmp_path / "emfd.csv", columns=columns)


def test_what_is_lost_in_reading_is_told(tmp_path):
    path = tmp_path / "mood.dic"
    path.write_text("%\n1\tjoy\n%\nglad\t1\n:)\t1\n;)\t1\n")
    with pytest.warns(UserWarning, match="no place") as caught:
        lexicon = an.read_lexicon(path)
    assert lexicon.labels == ["joy"]
    assert [str(warning.message) for warning in caught] == [
        f"{path}: no place in a lexicon for 2 of its items, first: joy, :), pattern: line 5: "
        f"its characters are not words. To list all: analysis.frames.formats.files.lexicon_losses({str(path)!r})."
    ]
    assert lexicon_losses(path).to_dict("list") == {
        "frame": ["joy", "joy"],
        "entry": [":)", ";)"],
        "what": ["pattern", "pattern"],
        "why": ["line 5: its characters are not words", "line 6: its characters are not words"],
    }


def test_what_cannot_be_meant_as_one_pattern_is_listed(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        'frame,pattern\nwar,"army, navy"\nwar,miss.*\nwar,sol\xaddier*\nwar,u.s.*\nwar,"3,200"\n', "utf-8"
    )
    lexicon, losses = read_with_losses(path)
    assert [entry.name for entry in lexicon.entries] == ["army, navy", "soldier*", "u.s.*", "3,200"]
    assert [str(loss) for loss in losses] == [
        "war, miss.*, pattern: line 3: a regular expression; here * alone stands for any letters",
        "war, army, navy, pattern: line 2: read as one phrase, whose words all follow one another; write a "
        "pattern for each",
    ]


def test_cyrillic_is_not_taken_for_half_width_japanese(tmp_path):
    path = tmp_path / "own.dic"
    path.write_bytes("%\n1\tдружба\n%\nсоюзник*\t1\nпартнер*\t1\n".encode("koi8-r"))
    with suppress(ValueError):  # so few letters may be in no encoding that is known
        assert "ﾓ" not in str(read_with_losses(path)[0])
