"""Which neighbouring words are one term: ``joins.yaml`` resolved against a vocabulary."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Codes, Flags, Ints
from analysis.corpus.files import shipped
from analysis.corpus.words import Words
from analysis.corpus.writing import folded

POSSESSIVE_GAPS = frozenset("'’‘`´\" ")  # before a single "s": any apostrophe, or the space of a stripped archive
THOUSANDS_GAPS = frozenset(", \u00a0\u202f")  # "3,200" and the archive's "3 200" are one number; "100, 200" is two
HYPHENS = frozenset("-‐‑")


@dataclass
class Joined:
    """Words that become terms: a joined term is at its first word, its other words are not kept."""

    codes: Codes
    ends: Codes
    kept: Flags
    code_of: dict[str, int]

    def among(self, terms: Collection[str]) -> Flags:
        """Which words are one of these terms."""
        wanted = np.zeros(len(self.code_of), bool)
        wanted[[self.code_of[term] for term in terms if term in self.code_of]] = True
        return wanted[self.codes]

    def join(self, first: Ints, length: int, term: str) -> None:
        self.codes[first] = self.code_of.setdefault(term, len(self.code_of))
        self.ends[first] = self.ends[first + length - 1]
        self.kept[(first[:, None] + np.arange(1, length)).ravel()] = False


def joined(found: Words) -> Joined:
    """The terms of some words: each is one by itself, until it is joined to others."""
    coded = pc.dictionary_encode(pa.array(_lowered(found.forms), pa.large_string()))
    codes = coded.indices.to_numpy()[found.codes]
    code_of = {term: code for code, term in enumerate(coded.dictionary.to_pylist())}
    state = Joined(codes, found.ends.copy(), np.ones(len(codes), bool), code_of)
    text = np.repeat(np.arange(len(found.bounds) - 1), np.diff(found.bounds))
    hyphen = np.array([gap[:1] in HYPHENS for gap in found.gaps], bool)[found.gap_codes]
    for word, term in rules()["hyphened"].items():
        state.join(np.flatnonzero(hyphen & state.among([word])), 1, term)
    _join_sequences(state, text)
    _join_numbers(found, state, text)
    _drop_possessives(found, state, text)
    return state


def rules() -> dict[str, Any]:
    """The decisions of ``joins.yaml``."""
    loaded: dict[str, Any] = shipped("analysis.text", "joins.yaml")
    return loaded


@cache
def sequences() -> dict[tuple[str, ...], str]:
    """Each run of words that is one term, with the term."""
    known = {tuple(words.split()): term for words, term in rules()["acronyms"].items()} | _designators()
    heads = [(head, rest) for rest, heads in rules()["contractions"].items() for head in heads]
    return known | {pair: "'".join(pair) for pair in heads}


def _designators() -> dict[tuple[str, ...], str]:
    kinds = rules()["designators"].items()
    return {(kind, f"{one}{end}"): f"{kind}-{one}" for kind, some in kinds for one in some for end in ("", "s")}


def _lowered(forms: list[str]) -> list[str]:
    """The term that each written form is by itself."""
    alike = rules()["aliases"] | {"".join(pair): term for pair, term in _designators().items()}
    capitals, lowered = rules()["capitals"], map(folded, forms)
    return [capitals.get(form, alike.get(term, term)) for form, term in zip(forms, lowered, strict=True)]


def _join_sequences(state: Joined, text: Ints) -> None:
    """Joins every listed sequence, the longest first; a word belongs to one term."""
    known = sorted(sequences().items(), key=lambda item: (-len(item[0]), item[0]))
    heads, seconds = ({words[at] for words, _ in known} for at in (0, 1))
    likely = np.flatnonzero(state.among(heads)[:-1] & state.among(seconds)[1:])
    amounts, words_of = state.among(rules()["amounts"]), state.codes.copy()
    by_head = {head: likely[words_of[likely] == state.code_of.get(head, -1)] for head in sorted(heads)}
    for words, term in known:
        first = _starts(words, by_head[words[0]], words_of, text, state)
        if words[-1].isdigit():
            after = np.minimum(first + len(words), len(text) - 1)
            first = first[~(amounts[after] & (text[after] == text[first]))]
        if len(first):
            state.join(first, len(words), term)


def _starts(words: tuple[str, ...], at: Ints, words_of: Codes, text: Ints, state: Joined) -> Ints:
    """Where these words follow each other, within one text and not in a longer term."""
    for step, word in enumerate(words):
        at = at[at + step < len(text)]
        at = at[(words_of[at + step] == state.code_of.get(word, -1)) & (text[at + step] == text[at])]
        at = at[state.kept[at + step]]
    return at


def _join_numbers(found: Words, state: Joined, text: Ints) -> None:
    """Joins the groups of a number of thousands ("3,200")."""
    digits = np.array([len(form) if form.isdecimal() else 0 for form in found.forms])
    at = np.flatnonzero((digits == 3)[found.codes])
    head = np.isin(digits[found.codes[at - 1]], [1, 2, 3])
    goes_on = at[head & _near(found, text, at, THOUSANDS_GAPS)]
    opens = np.diff(goes_on, prepend=-2) > 1
    for run in np.split(goes_on, np.flatnonzero(opens)[1:]):
        if len(run):
            words = found.codes[run[0] - 1 : run[-1] + 1]
            state.join(run[:1] - 1, len(words), "".join(found.forms[code] for code in words))


def _drop_possessives(found: Words, state: Joined, text: Ints) -> None:
    gaps = POSSESSIVE_GAPS | {f".{gap}" for gap in POSSESSIVE_GAPS - {" "}}
    for sign, after in (("s", gaps), ("S", gaps - {" "})):  # "Plan S" is a name, "RUSSIA'S" is not
        lone = np.array([form == sign for form in found.forms], bool)
        at = np.flatnonzero(lone[found.codes] & state.among(["s"]))
        state.kept[at[state.kept[at] & _near(found, text, at, after)]] = False


def _near(found: Words, text: Ints, at: Ints, gaps: Collection[str]) -> Flags:
    """Which words follow a word of the same text at one of these gaps."""
    known = np.array([gap in gaps for gap in found.gaps], bool)
    near: Flags = (at > 0) & known[found.gap_codes[at - 1]] & (text[at] == text[at - 1])
    return near
