"""Which neighbouring words are one term: ``joins.yaml`` resolved against a vocabulary."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from analysis.corpus.words import Ints, Words

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

# Gaps after which a lone "s" is what is left of a possessive: an apostrophe of any shape, a damaged one, or the
# single space of a stripped archive.
POSSESSIVE_GAPS = frozenset("'’‘`´\" ")
# "3,200" and the archive's "3 200" are one number; "100, 200" is two.
THOUSANDS_GAPS = frozenset(", \u00a0\u202f")
HYPHENS = frozenset("-‐‑")


@dataclass
class Joined:
    """Words on their way to terms: a joined term stands at its first word, its other words are not kept."""

    codes: Ints
    ends: Ints
    kept: Flags
    code_of: dict[str, int]

    def code(self, term: str) -> int:
        return self.code_of.setdefault(term, len(self.code_of))

    def among(self, terms: Collection[str]) -> Flags:
        """Which words are one of these terms."""
        wanted = np.zeros(len(self.code_of), bool)
        wanted[[self.code_of[term] for term in terms if term in self.code_of]] = True
        return wanted[self.codes]

    def join(self, first: Places, length: int, term: str) -> None:
        self.codes[first] = self.code(term)
        self.ends[first] = self.ends[first + length - 1]
        self.kept[(first[:, None] + np.arange(1, length)).ravel()] = False


def joined(found: Words) -> Joined:
    """The terms of some words."""
    state = _single(found)
    text = np.repeat(np.arange(len(found.bounds) - 1), np.diff(found.bounds))
    _name_hyphened(found, state)
    _join_sequences(state, text)
    _join_numbers(found, state, text)
    _drop_possessives(found, state, text)
    return state


def _single(found: Words) -> Joined:
    """Each word under the term that it is on its own."""
    code_of: dict[str, int] = {}
    terms = [code_of.setdefault(term, len(code_of)) for term in _lowered(found.forms)]
    codes = np.array(terms, dtype=np.int32)[found.codes]
    return Joined(codes, found.ends.copy(), np.ones(len(codes), bool), code_of)


@cache
def rules() -> dict[str, Any]:
    """The decisions of ``joins.yaml``."""
    loaded: dict[str, Any] = yaml.safe_load(files("analysis.text").joinpath("joins.yaml").read_text("utf-8"))
    return loaded


@cache
def sequences() -> dict[tuple[str, ...], str]:
    """Each run of words that is one term, with the term."""
    return dict(_acronyms()) | dict(_designators()) | dict(_contractions())


def _acronyms() -> Iterator[tuple[tuple[str, ...], str]]:
    return ((tuple(words.split()), term) for words, term in rules()["acronyms"].items())


def _designators() -> Iterator[tuple[tuple[str, ...], str]]:
    for prefix, numbers in rules()["designators"].items():
        for number in numbers:
            yield (prefix, f"{number}"), f"{prefix}-{number}"
            yield (prefix, f"{number}s"), f"{prefix}-{number}"


def _contractions() -> Iterator[tuple[tuple[str, ...], str]]:
    for rest, heads in rules()["contractions"].items():
        yield from (((head, rest), f"{head}'{rest}") for head in heads)


def _lowered(forms: list[str]) -> list[str]:
    """The term each written form stands for on its own."""
    capitals = rules()["capitals"]
    alike = rules()["aliases"] | {"".join(pair): term for pair, term in _designators()}
    lowered = (unicodedata.normalize("NFKC", form).lower() for form in forms)
    return [capitals.get(form) or alike.get(term, term) for form, term in zip(forms, lowered, strict=True)]


def _name_hyphened(found: Words, state: Joined) -> None:
    hyphen = np.array([gap[:1] in HYPHENS for gap in found.gaps], bool)[found.gap_codes]
    for word, term in rules()["hyphened"].items():
        state.codes[hyphen & state.among([word])] = state.code(term)


def _join_sequences(state: Joined, text: Places) -> None:
    """Joins every listed sequence, the longest first; a word serves one term."""
    known = sorted(sequences().items(), key=lambda item: (-len(item[0]), item[0]))
    pairs = state.among({words[0] for words, _ in known})[:-1] & state.among({words[1] for words, _ in known})[1:]
    likely = np.flatnonzero(pairs & (text[1:] == text[:-1]))
    amounts, words_of = state.among(rules()["amounts"]), state.codes.copy()
    for words, term in known:
        first = _starts(words, likely, words_of, text, state)
        if words[-1].isdigit():
            after = np.minimum(first + len(words), len(text) - 1)
            first = first[~(amounts[after] & (text[after] == text[first]))]
        if len(first):
            state.join(first, len(words), term)


def _starts(words: tuple[str, ...], at: Places, words_of: Ints, text: Places, state: Joined) -> Places:
    """Where these words stand in a row, within one text and in no longer term."""
    for step, word in enumerate(words):
        at = at[at + step < len(text)]
        at = at[(words_of[at + step] == state.code_of.get(word, -1)) & (text[at + step] == text[at])]
        at = at[state.kept[at + step]]
    return at


def _join_numbers(found: Words, state: Joined, text: Places) -> None:
    """Joins the groups of a number of thousands ("3,200")."""
    group = np.array([form.isdecimal() and len(form) == 3 for form in found.forms], bool)[found.codes]
    head = np.array([form.isdecimal() and len(form) < 4 for form in found.forms], bool)[found.codes]
    near = np.array([gap in THOUSANDS_GAPS for gap in found.gaps], bool)[found.gap_codes]
    goes_on = np.zeros(len(text), bool)
    goes_on[1:] = group[1:] & head[:-1] & near[:-1] & (text[1:] == text[:-1]) & state.kept[:-1]
    lengths = _run_lengths(goes_on)
    for first in np.flatnonzero(lengths):
        words = found.codes[first : first + lengths[first] + 1]
        state.join(np.array([first]), len(words), "".join(found.forms[code] for code in words))


def _run_lengths(goes_on: Flags) -> Places:
    """At each head of a run, how many words go on from it; elsewhere 0."""
    heads = ~goes_on
    counts = np.bincount(np.cumsum(heads) - 1, weights=goes_on, minlength=int(heads.sum()))
    lengths = np.zeros(len(goes_on), dtype=np.int64)
    lengths[heads] = counts
    return lengths


def _drop_possessives(found: Words, state: Joined, text: Places) -> None:
    written = np.array([form == "s" for form in found.forms], bool)[found.codes]
    near = np.array([gap.removeprefix(".") in POSSESSIVE_GAPS for gap in found.gaps], bool)[found.gap_codes]
    left = state.among(["s"]) & written & state.kept
    left[1:] &= near[:-1] & (text[1:] == text[:-1])
    left[:1] = False
    state.kept[left] = False
