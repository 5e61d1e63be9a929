"""Lexicons written in each format: what is lost is listed, and what is written is read back."""

import pytest
from dictionaries import FORMS, terms
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.frames.conditions import Negation, Only, Unless
from analysis.frames.formats.conversion import lexicon_of
from analysis.frames.formats.files import FORMATS, lexicon_losses, written_with_losses
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.lexicon import Entry, Frame, Lexicon
from tests.data import refused

PAIR = Only(after=("@pair",))
RICH = Lexicon(
    name="rich",
    source="us",
    about=("Russia", "China"),
    lists={"drills": ("drill*", "war games")},
    negation=Negation(("not",), 3),
    hedging=Negation(("may",)),
    unless=Unless(before=("its",), listed=3),
    overlaps="lexicon",
    frames=(Frame("near", "close", negation=False), Frame("near.arms", hedging=True), Frame("far"), Frame("none")),
    entries=(
        Entry("ally", "near", ("ally",), why="rule 1", weight=0.5),
        Entry("drills", "near.arms", ("@drills", "joint … @drills"), Unless(over=("fire drill*",)), source="book"),
        Entry("feud", "far", ("(open|old) feud",), negated="near", hedged="near", yields="near", only=PAIR),
    ),
)  # fmt: skip
RULES = [
    ["near.arms", "drills", "unless: over fire drill*", "has no exclusions"],
    ["far", "feud", "negated: near", "has no negation"],
    ["far", "feud", "yields: near", "has no order among entries"],
    ["far", "feud", "hedged: near", "has no hedging"],
    ["far", "feud", "only: after @pair", "has no conditions"],
    ["near", "", "negation: ignored", "has no negation"],
    ["near.arms", "", "hedging: applied", "has no hedging"],
    ["", "", "about: Russia, China", "has no conditions: its words count in any text"],
    ["", "", "lists: drills", "has no named lists; they are written out where patterns name them"],
    ["", "", "negation: words not; scope 3", "has no negation"],
    ["", "", "unless: before its; listed 3", "has no exclusions"],
    ["", "", "hedging: words may", "has no hedging"],
    ["", "", "overlaps: lexicon", "has no choice over overlaps"],
]
NAMES = [
    ["near.arms", "drills", "entry", "has patterns only, not named groups of them"],
    ["far", "feud", "entry", "has patterns only, not named groups of them"],
]
NOTES = [
    ["near", "ally", "why: rule 1", "has no notes"],
    ["near.arms", "drills", "source: book", "has no sources"],
]
GAP = [["near.arms", "drills", "pattern 'joint … @drills'", "has no gaps between words"]]
WEIGHT = [["near", "ally", "weight: 0.5", "has no weights"]]
MEANING = [["near", "", "meaning: close", "has no meanings"]]
SOURCE = [["", "", "source: us", "has no place for a source"]]
LOST = {
    "yaml": [],
    "quanteda": [*RULES, *NAMES, *NOTES, *GAP, *WEIGHT, *MEANING, *SOURCE],
    "liwc": [*RULES, *NAMES, *NOTES, *GAP, *WEIGHT, *SOURCE],
    "yoshikoder": [*RULES, *NAMES, *NOTES, *GAP],
    "wordstat": [*RULES, *NAMES, *NOTES, *GAP, *MEANING, *SOURCE],
    "lexicoder": [*RULES, *NAMES, *NOTES, *GAP, *WEIGHT, *MEANING, *SOURCE],
    "tsv": [*RULES, *MEANING, *SOURCE, ["none", "", "frame", "has a row per pattern, and it has none"]],
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_what_a_format_cannot_hold_is_listed(name):
    table = lexicon_losses(RICH, name)
    assert list(table.columns) == ["frame", "entry", "what", "why"]
    title = FORMATS[name].title if LOST[name] else ""
    assert sorted(table.to_numpy().tolist()) == sorted([*row[:3], f"{title} {row[3]}"] for row in LOST[name])


def test_what_is_lost_in_writing_is_told(tmp_path):
    with pytest.warns(UserWarning, match="no place") as caught:
        assert an.write_lexicon(RICH, tmp_path / "r.lc3") == tmp_path / "r.lc3"
    assert [str(warning.message) for warning in caught] == [
        f"{tmp_path / 'r.lc3'}: no place in it for 21 items of the lexicon, "
        "first: near, ally, why: rule 1: Lexicoder's .lc3 has no notes. "
        "To list all: analysis.frames.formats.files.lexicon_losses(lexicon, 'lexicoder')."
    ]
    assert (tmp_path / "r.lc3").read_text() == (
        "+near\nally\n+near.arms\ndrill*\nwar games\n+far\nopen feud\nold feud\n+none\n"
    )


def test_a_file_gets_the_format_asked_for(tmp_path):
    tiny = parsed("frames: {near: [ally], far: [feud*]}", "tiny.yaml")
    path = an.write_lexicon(tiny, tmp_path / "tiny.yaml", format="quanteda")
    assert path.read_text() == "near:\n- ally\nfar:\n- feud*\n"
    assert an.read_lexicon(path) == tiny
    with pytest.raises(ValueError, match=r"^lexicon_losses: name the format, as in lexicon_losses\(lexicon, 'li"):
        lexicon_losses(tiny)
    with pytest.raises(ValueError, match=r"tiny\.docx: the suffix is not that of a lexicon format \("):
        an.write_lexicon(tiny, tmp_path / "tiny.docx")


@pytest.mark.parametrize(
    ("name", "pattern", "why"),
    [
        ("liwc", "colo?r", "cannot write the word 'colo?r'"),
        ("liwc", "*ing", "cannot write the word '*ing'"),
        ("lexicoder", "+1", "cannot write the word '+1'"),
        ("yoshikoder", "colo?r", "cannot write the word 'colo?r'"),
        ("quanteda", "=May", "does not distinguish words by their case"),
        ("quanteda", "joint ~ drills", "has no gaps between words"),
        ("wordstat", "a\x07b", "holds no control characters"),
        (
            "wordstat",
            " ".join(["(a|b)"] * 10),
            f"has no choices, and written out it would be 1,024 phrases. {FORMS}",
        ),
    ],
)
def test_a_pattern_that_cannot_be_written_is_listed(name, pattern, why):
    lexicon = Lexicon("n", (Frame("f"),), (Entry(pattern, "f", (pattern,)),))
    rows = lexicon_losses(lexicon, name).to_numpy().tolist()
    assert ["f", pattern, f"pattern {pattern!r}", f"{FORMATS[name].title} {why}"] in rows


@pytest.mark.parametrize(
    ("name", "frame", "key"),
    [
        ("liwc", "trade (goods)", "trade goods"),
        ("wordstat", "trade (1)", "trade 1"),
        ("quanteda", "a.__", "a._"),
        ("lexicoder", "a..b", "a._.b"),
        ("tsv", " a\nb", "a b"),
    ],
)
def test_a_key_that_cannot_be_written_is_changed_and_told(name, frame, key):
    lexicon = Lexicon("n", (Frame(frame),), (Entry("x", frame, ("x",)),))
    rows = lexicon_losses(lexicon, name).to_numpy().tolist()
    assert [frame, "", "name", f"{FORMATS[name].title} cannot write it; written {key!r}"] in rows
    text, _ = written_with_losses(lexicon, name)
    assert key in [frame.name for frame in lexicon_of(FORMATS[name].read(text, "n"))[0].frames]


SIGNS = st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="()@…|~=.%<>\u2028\u2029")
WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)
GLOBS = st.builds("{}{}".format, WORD, st.sampled_from(["", "", "*"]))
PHRASES = st.lists(GLOBS, min_size=1, max_size=3).map(" ".join)
PARTS = st.text(SIGNS, min_size=1, max_size=6).map(lambda text: " ".join(text.split())).filter(len)
KEYS = st.lists(PARTS, min_size=1, max_size=3).map(".".join)
WEIGHTS = st.one_of(st.just(1.0), st.floats(1e-6, 1))


@st.composite
def lexicons(draw):
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    found = {key: draw(st.lists(PHRASES, max_size=4, unique=True)) for key in keys}
    weights = draw(st.lists(WEIGHTS, min_size=16, max_size=16))
    entries = [
        Entry(pattern, key, (pattern,), weight=weights[at])
        for key, patterns in found.items()
        for at, pattern in enumerate(patterns)
    ]
    names = [entry.name for entry in entries]
    assume(names and (names != [*map(str.upper, names)] or names == [*map(str.lower, names)]))
    return Lexicon(draw(PARTS), tuple(Frame(key) for key in keys), tuple(entries))


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"tsv"}))
@pytest.mark.parametrize(("pattern", "read"), [("A", "a"), ("GAS DEAL*", "gas deal*"), ("US", "US")])
def test_capitals_alone_mean_nothing_but_where_another_word_is_meant(name, pattern, read):
    """The same pattern is read: letters match in either case, unless they are an acronym."""
    text, _ = written_with_losses(Lexicon("n", (Frame("f"),), (Entry(pattern, "f", (pattern,)),)), name)
    back, losses = lexicon_of(FORMATS[name].read(text, "n"))
    assert ([entry.match for entry in back.entries], losses) == ([(read,)], [])


def outer(keys):
    return {".".join(key.split(".")[:end]) for key in keys for end in range(1, key.count(".") + 2)}


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=10)
@given(lexicons())
def test_what_is_written_is_read_back(name, lexicon):
    text, losses = written_with_losses(lexicon, name)
    changed = {loss.frame for loss in losses if loss.what == "name"}
    dropped = {(loss.frame, loss.entry) for loss in losses if loss.what.startswith("pattern ")}
    back, unread = lexicon_of(FORMATS[name].read(text, "l"), ours=name == "tsv")
    assert {loss.what for loss in unread} <= {"category"}  # WordStat's word may lack its weight
    kept = [entry for entry in lexicon.entries if not changed and (entry.frame, entry.name) not in dropped]
    weighs = "entry.weight" in FORMATS[name].holds
    if not changed:
        assert terms(back) == {(entry.frame, entry.name, entry.weight if weighs else 1.0) for entry in kept}
        names = {frame.name for frame in lexicon.frames}
        held = names if "frame.empty" in FORMATS[name].holds else {entry.frame for entry in kept}
        assert outer(frame.name for frame in back.frames) == outer(held)


@settings(deadline=None, max_examples=10)
@given(lexicons(), st.lists(st.sampled_from(["(a|b) … c", "a …5 b*", "x ~2 =Y", "x"]), min_size=1, unique=True))
def test_a_table_holds_entries_whole(lexicon, patterns):
    entry = Entry(
        "a name", lexicon.frames[0].name, tuple(patterns), why="line\ntwo", source='a "book"', weight=0.5
    )
    text, _ = written_with_losses(Lexicon("l", lexicon.frames, (*lexicon.entries, entry)), "tsv")
    back, _ = lexicon_of(FORMATS["tsv"].read(text, "l"), ours=True)
    assert set(back.entries) == {*lexicon.entries, entry}


def test_a_language_other_than_english_is_listed_as_lost():
    german = Lexicon("klein", entries=[Entry("Gas", "trade")], language="de")
    lost = lexicon_losses(german, "lexicoder").query("what == 'language: de'")
    assert lost["why"].tolist() == ["Lexicoder's .lc3 has no place for a language"]


def test_a_table_is_written_by_commas_as_csv_and_a_dicx_only_read(tmp_path):
    lexicon = Lexicon("l", entries=[Entry("ally", "near", match=("ally, friend", "allied"))])
    tabs, commas = (an.write_lexicon(lexicon, tmp_path / name) for name in ("l.tsv", "l.csv"))
    assert tabs.read_text("utf-8").startswith("frame\tpattern")
    assert commas.read_text("utf-8").startswith("frame,pattern")
    with pytest.warns(UserWarning, match="read as one phrase"):
        assert terms(an.read_lexicon(commas)) == terms(an.read_lexicon(tabs))
    with refused(f"{tmp_path / 'l.dicx'}: this format is read, not written. Write l.dic, which LIWC reads, too."):
        an.write_lexicon(lexicon, tmp_path / "l.dicx")
