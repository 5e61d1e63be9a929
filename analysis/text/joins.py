"""Which neighbouring words are one term: ``joins.yaml`` resolved against a vocabulary."""

from collections.abc import Collection
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


class Joined:
    """Words that become terms: a joined term is at its first word, its other words are not kept."""

    def __init__(self, found: Words) -> None:
        coded = pc.dictionary_encode(pa.array(_lowered(found.forms), pa.large_string()))
        self.code_of = {term: code for code, term in enumerate(coded.dictionary.to_pylist())}
        self.codes: Codes = coded.indices.to_numpy()[found.codes]
        self.found, self.ends = found, found.ends.copy()
        self.kept = np.ones(len(self.codes), bool)
        self.text = found.text
        hyphen = np.array([gap[:1] in HYPHENS for gap in found.gaps], bool)[found.gap_codes]
        for word, term in rules()["hyphened"].items():
            self.join(np.flatnonzero(hyphen & self.among([word])), 1, term)
        self._join_sequences()
        self._join_numbers()
        self._drop_possessives()

    def among(self, terms: Collection[str]) -> Flags:
        """Which words are one of these terms."""
        wanted = np.zeros(len(self.code_of), bool)
        wanted[[self.code_of[term] for term in terms if term in self.code_of]] = True
        return wanted[self.codes]

    def join(self, first: Ints, length: int, term: str) -> None:
        self.codes[first] = self.code_of.setdefault(term, len(self.code_of))
        self.ends[first] = self.ends[first + length - 1]
        self.kept[(first[:, None] + np.arange(1, length)).ravel()] = False

    def _join_sequences(self) -> None:
        """Joins every listed sequence, the longest first; a word belongs to one term."""
        known = sorted(sequences().items(), key=lambda item: (-len(item[0]), item[0]))
        heads, seconds = ({words[at] for words, _ in known} for at in (0, 1))
        likely = np.flatnonzero(self.among(heads)[:-1] & self.among(seconds)[1:])
        amounts, words_of, text = self.among(rules()["amounts"]), self.codes.copy(), self.text
        by_head = {head: likely[words_of[likely] == self.code_of.get(head, -1)] for head in sorted(heads)}
        for words, term in known:
            first = by_head[words[0]]
            for step, word in enumerate(words):  # within one text and not in a longer term
                first = first[first + step < len(text)]
                same = (words_of[first + step] == self.code_of.get(word, -1)) & (text[first + step] == text[first])
                first = first[same & self.kept[first + step]]
            if words[-1].isdigit():
                after = np.minimum(first + len(words), len(text) - 1)
                first = first[~(amounts[after] & (text[after] == text[first]))]
            if len(first):
                self.join(first, len(words), term)

    def _join_numbers(self) -> None:
        """Joins the groups of a number of thousands ("3,200")."""
        found = self.found
        digits = np.array([len(form) if form.isdecimal() else 0 for form in found.forms])
        at = np.flatnonzero((digits == 3)[found.codes])
        head = np.isin(digits[found.codes[at - 1]], [1, 2, 3])
        goes_on = at[head & self._near(at, THOUSANDS_GAPS)]
        opens = np.diff(goes_on, prepend=-2) > 1
        for run in np.split(goes_on, np.flatnonzero(opens)[1:]):
            if len(run):
                words = found.codes[run[0] - 1 : run[-1] + 1]
                self.join(run[:1] - 1, len(words), "".join(found.forms[code] for code in words))

    def _drop_possessives(self) -> None:
        gaps = POSSESSIVE_GAPS | {f".{gap}" for gap in POSSESSIVE_GAPS - {" "}}
        for sign, after in (("s", gaps), ("S", gaps - {" "})):  # "Plan S" is a name, "RUSSIA'S" is not
            lone = np.array([form == sign for form in self.found.forms], bool)
            at = np.flatnonzero(lone[self.found.codes] & self.among(["s"]))
            self.kept[at[self.kept[at] & self._near(at, after)]] = False

    def _near(self, at: Ints, gaps: Collection[str]) -> Flags:
        """Which words follow a word of the same text at one of these gaps."""
        known = np.array([gap in gaps for gap in self.found.gaps], bool)
        near: Flags = (at > 0) & known[self.found.gap_codes[at - 1]] & (self.text[at] == self.text[at - 1])
        return near


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
