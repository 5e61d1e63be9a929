"""The matcher against one that says the same in loops over lists of words."""

import pandas as pd
import reference
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.frames.conditions import Negation, Only, Unless
from analysis.frames.lexicon import OVERLAPS, Entry, Frame, Lexicon
from analysis.text.patterns import read_pattern
from analysis.text.places import find_patterns

LETTERS = ["aa", "ab", "bb", "cc", "no"]
WORDS = st.lists(st.sampled_from(LETTERS), max_size=9)
CHOICES = st.lists(st.sampled_from([*LETTERS, "a*", "?b"]), min_size=1, max_size=2, unique=True).map(tuple)
SIDE = st.lists(st.tuples(CHOICES, st.sampled_from([0, 0, 1, 2])), min_size=1, max_size=3).map(tuple)
PATTERN = st.tuples(st.integers(0, 2), st.lists(SIDE, min_size=1, max_size=2).map(tuple))
SHORT_CHOICES = st.lists(st.sampled_from(["aa", "bb", "a*"]), min_size=1, max_size=2, unique=True).map(tuple)
SHORT_SIDE = st.lists(st.tuples(SHORT_CHOICES, st.integers(0, 2)), min_size=1, max_size=3).map(tuple)
SHORT_PATTERN = st.tuples(st.integers(0, 1), st.lists(SHORT_SIDE, min_size=1, max_size=2).map(tuple))
SHORT = st.tuples(st.just(0), st.tuples(st.tuples(st.tuples(CHOICES, st.just(0)))))
FEW = st.lists(SHORT, max_size=1)
FRAMES = ["x", "y"]
KINDS = ("over", "before", "after", "passage")
CONDITION = st.one_of(st.just({}), st.fixed_dictionaries({}, optional=dict.fromkeys(KINDS, FEW)))
DENIAL = st.tuples(FEW, st.integers(1, 3), FEW)
OTHER = st.sampled_from(["", "", *FRAMES])


@settings(deadline=None, max_examples=40)
@given(PATTERN, st.lists(WORDS, min_size=1, max_size=3))
def test_a_pattern_stands_where_loops_find_it(pattern, texts):
    tokens = an.tokenize([" ".join(words) for words in texts])
    found = find_patterns(tokens, read_pattern(reference.written(pattern)))
    expected = [
        (start + first, start + last)
        for start, words in zip(tokens.bounds.tolist(), texts, strict=False)
        for first, last in reference.matches(pattern, words)
    ]
    assert sorted(set(zip(found["first"].tolist(), found["last"].tolist(), strict=True))) == expected


ENTRY = st.fixed_dictionaries(
    {
        "frame": st.sampled_from(FRAMES),
        "patterns": st.lists(PATTERN, min_size=1, max_size=2, unique_by=reference.written),
        "only": CONDITION,
        "unless": CONDITION,
        "negated": OTHER,
        "hedged": OTHER,
        "yields": OTHER,
    }
)
LEXICON = st.fixed_dictionaries(
    {
        "entries": st.lists(ENTRY, min_size=1, max_size=4),
        "only": st.just({}),
        "unless": CONDITION,
        "negation": DENIAL,
        "hedging": DENIAL,
        "overlaps": st.sampled_from(OVERLAPS),
        "heard": st.sets(st.sampled_from(FRAMES)),
        "hedged": st.sets(st.sampled_from(FRAMES)),
    }
)


def lexicon_of(plain):
    def condition(kind, said):
        return kind(**{key: tuple(map(reference.written, patterns)) for key, patterns in said.items()})

    def denial(words, scope, exceptions):
        return Negation(tuple(map(reference.written, words)), scope, tuple(map(reference.written, exceptions)))

    entries = tuple(
        Entry(
            str(at),
            entry["frame"],
            tuple(map(reference.written, entry["patterns"])),
            condition(Unless, entry["unless"]),
            entry["negated"],
            entry["yields"] if entry["yields"] != entry["frame"] else "",
            hedged=entry["hedged"],
            only=condition(Only, entry["only"]),
        )
        for at, entry in enumerate(plain["entries"])
    )
    return Lexicon(
        "plain",
        tuple(Frame(name, "", name in plain["heard"], name in plain["hedged"]) for name in FRAMES),
        entries,
        negation=denial(*plain["negation"]),
        hedging=denial(*plain["hedging"]),
        unless=condition(Unless, plain["unless"]),
        only=condition(Only, plain["only"]),
        overlaps=plain["overlaps"],
    )


@settings(deadline=None, max_examples=20)
@given(LEXICON, st.lists(WORDS, min_size=1, max_size=3))
def test_hits_are_those_that_loops_find(plain, texts):
    for entry in plain["entries"]:
        entry["yields"] = entry["yields"] if entry["yields"] != entry["frame"] else ""
    table = pd.DataFrame({"doc_id": [str(at) for at in range(len(texts))], "text": list(map(" ".join, texts))})
    found = an.find_frames(table, lexicon_of(plain))
    for doc, words in zip(table["doc_id"], texts, strict=True):
        rows = found.loc[found["doc_id"] == doc, ["start", "end", "frame", "entry", "negated"]].to_numpy().tolist()
        # every word has two letters and a space after it
        hits = [(start // 3, (end - 2) // 3, frame, int(entry), no) for start, end, frame, entry, no in rows]
        assert sorted(hits) == reference.hits(words, plain)
