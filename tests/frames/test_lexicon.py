import inspect
import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.frames.conditions import Negation, Only, Unless
from analysis.frames.formats.files import written
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.lexicon import OVERLAPS, Entry, Frame, Lexicon
from tests.data import cases, refused

ERRORS = cases("lexicon_errors")


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["error"][:60])
def test_a_complaint_says_what_and_where(case):
    with refused(case["error"]):
        parsed(case["text"], "l.yaml")


def test_a_lexicon_without_a_name_has_that_of_its_file():
    for text in ("frames: {trade: [gas]}", "name: ''\nframes: {trade: [gas]}", "name: &a\nframes: {trade: [gas]}"):
        assert parsed(text, "folder/own.yaml").name == "own"


def test_nesting_without_end_is_told():
    with pytest.raises(ValueError, match=r"^l\.yaml, line 1: nested more than 100 levels deep\.$"):
        parsed("[" * 1_500, "l.yaml")


def test_every_key_is_read():
    lexicon = parsed(
        """
        name: tiny
        source: here
        about: {India: [india*, Modi], Pakistan: pakistan*}
        lists: {drills: [drill*, no]}
        negation: {words: not, scope: 3, except: [not only]}
        hedging: {words: may, scope: 2}
        unless: {before: ["@others"], over: [x], after: [y], opens: v, listed: 3}
        only: {passage: [p, q], about: [Japan, China]}
        overlaps: lexicon
        frames:
          near:
            meaning: close
            entries:
              - ally
              - {match: "@drills", name: n, unless: {over: z}, negated: far, yields: far, why: w}
              - {match: m, only: {before: o}, hedged: far, weight: 0.5, source: s}
          far: [yes]
          off:
            negation: ignored
            frames:
              in: {meaning: deep, hedging: applied, frames: {most: [o]}}
              out: {negation: heard}
        """,
        "l.yaml",
    )
    assert lexicon == Lexicon(
        name="tiny",
        frames=(
            Frame("near", "close"),
            Frame("far"),
            Frame("off", negation=False),
            Frame("off.in", "deep", negation=False, hedging=True),
            Frame("off.in.most", negation=False, hedging=True),
            Frame("off.out"),
        ),
        entries=(
            Entry("ally", "near", ("ally",)),
            Entry("n", "near", ("@drills",), Unless(over=("z",)), negated="far", yields="far", why="w"),
            Entry("m", "near", ("m",), only=Only(before=("o",)), hedged="far", weight=0.5, source="s"),
            Entry("yes", "far", ("yes",)),
            Entry("o", "off.in.most", ("o",)),
        ),
        about={"India": ("india*", "Modi"), "Pakistan": ("pakistan*",)},
        lists={"drills": ("drill*", "no")},
        negation=Negation(("not",), 3, ("not only",)),
        hedging=Negation(("may",), 2),
        unless=Unless(("x",), ("@others",), ("y",), opens=("v",), listed=3),
        only=Only(passage=("p", "q"), about=("Japan", "China")),
        overlaps="lexicon",
        source="here",
    )
    assert lexicon.labels == ["near", "far", "off.in.most", "off.out"]
    assert lexicon.named_lists["pair"] == ("india*", "Modi", "pakistan*")
    assert "china" in lexicon.named_lists["others"]
    assert "indian" not in lexicon.named_lists["others"]


def test_the_grammar_s_own_example_is_read():
    shown = inspect.cleandoc(Lexicon.__doc__).split("may hold::\n", 1)[1].split("\nPatterns:")[0]
    lexicon = parsed(textwrap.dedent(shown), "l.yaml")
    assert lexicon.labels == ["alliance", "alliance.military", "pragmatism", "economy"]
    assert an.check_lexicon(lexicon).empty


def test_the_file_names_a_lexicon_without_a_name():
    assert parsed("frames: {a: [b]}", "some/where/mine.yaml").name == "mine"


def test_own_lists_go_before_those_of_the_pair():
    lexicon = parsed("about: [Russia, China]\nlists: {others: [mars]}\nframes: {a: [b]}", "l.yaml")
    assert lexicon.named_lists["others"] == ("mars",)


def test_a_list_of_lists_is_all_of_them():
    lexicon = parsed("lists: {a: {b: [x], c: {d: [y z], e: ['@a.b', w]}}}\nframes: {f: ['@a', '@a.c']}", "l.yaml")
    words = {pattern: [[step.words for step in steps] for steps in read] for pattern, read in lexicon.read.items()}
    assert words == {"@a": [[("x", "w")], [("y",), ("z",)]], "@a.c": [[("x", "w")], [("y",), ("z",)]]}


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1)
TEXT = st.text(st.characters(exclude_categories=["C"], include_characters="\n\t"))
PATTERNS = st.lists(WORDS, max_size=3).map(tuple)
NAME = st.one_of(st.text(st.characters(exclude_categories=["C"]), min_size=1), st.from_regex(r"\A[ab](\.[ab])*\Z"))
NAMES = st.lists(NAME, min_size=1, max_size=3, unique=True)
ABOUT = st.sampled_from([(), ("Russia", "China"), {"India": ("india*", "Modi"), "Pakistan": ("pakistan",)}])
NONE = st.just(())  # `opens` needs a pair to go before
ONLY = st.builds(Only, *[PATTERNS] * 4, NONE, ABOUT)
UNLESS = st.builds(Unless, *[PATTERNS] * 4, NONE, ABOUT, st.sampled_from([0, 3]))
NEGATION = st.builds(Negation, PATTERNS, st.integers(1, 80), PATTERNS)


@st.composite
def lexicons(draw):
    labels = draw(NAMES)
    entries = [
        Entry(
            name,
            label,
            draw(PATTERNS.filter(len)),
            draw(UNLESS),
            *[draw(st.sampled_from(["", *(other for other in labels if other != label)])) for _ in range(2)],
            why=draw(TEXT),
            source=draw(TEXT),
            weight=draw(st.sampled_from([1.0, 0.25])),
            only=draw(ONLY),
        )
        for label in labels
        for name in draw(NAMES)
    ]
    return Lexicon(
        name=draw(TEXT.filter(len)),
        frames=tuple(Frame(label, draw(TEXT), draw(st.booleans()), draw(st.booleans())) for label in labels),
        entries=tuple(entries),
        about=draw(ABOUT),
        lists=draw(st.dictionaries(st.from_regex(r"\A[a-z][\w.-]*\Z"), PATTERNS, max_size=2)),
        negation=draw(NEGATION),
        hedging=draw(NEGATION),
        unless=draw(UNLESS),
        only=draw(ONLY),
        overlaps=draw(st.sampled_from(OVERLAPS)),
        source=draw(TEXT),
    )


@given(lexicons())
def test_what_is_written_is_read_back(lexicon):
    assert parsed(written(lexicon), "l.yaml") == lexicon


def test_the_shipped_lexicon_goes_through_a_file(tmp_path):
    lexicon = an.read_lexicon("russia-china")
    assert an.read_lexicon(an.write_lexicon(lexicon, tmp_path / "l.yaml")) == lexicon


def test_files_that_are_none(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("frames: {é: [b]}".encode("latin-1"))
    with pytest.raises(ValueError, match=rf"^{re.escape(str(latin))}: not UTF-8\. Save the lexicon as UTF"):
        an.read_lexicon(latin)
    with pytest.raises(FileNotFoundError):
        an.read_lexicon(tmp_path / "none.yaml")


def test_a_byte_order_mark_is_no_letter(tmp_path):
    path = tmp_path / "l.yaml"
    path.write_text("frames: {a: [b]}", "utf-8-sig")
    assert an.read_lexicon(path).labels == ["a"]


def test_no_such_lexicon_ships():
    with refused(
        "lexicon 'mars' does not ship with the package, and a file of this name does not exist. "
        "Found: russia-china, russia-china-ar, russia-china-de, russia-china-es, russia-china-fr, "
        "russia-china-ru, russia-china-zh, us-russia. "
        "Give the path of a lexicon file, as in 'mine.yaml'."
    ):
        an.read_lexicon("mars")
