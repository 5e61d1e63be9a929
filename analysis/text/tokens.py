"""Integer-coded tokens: the same terms from a text and from its lower-cased, stripped copy.

Which neighbouring words are one term is data, in ``joins.yaml``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Codes, Flags, Ints
from analysis.corpus.files import shipped
from analysis.corpus.tables import check_columns, usable
from analysis.corpus.words import Words, words
from analysis.corpus.writing import folded

Vocabulary = npt.NDArray[np.object_]
POSSESSIVE_GAPS = frozenset("'’‘`´\" ")  # before a single "s": any apostrophe, or the space of a stripped archive
THOUSANDS_GAPS = frozenset(", \u00a0\u202f")  # "3,200" and the archive's "3 200" are one number; "100, 200" is two
HYPHENS = frozenset("-‐‑")


@dataclass(frozen=True)
class Tokens:
    """Tokens of some texts: one vocabulary, and for each token an integer and its place in the text.

    Attributes
    ----------
    codes, vocabulary : array
        The position of each token in ``vocabulary``, which holds the distinct terms in alphabetical order.
    bounds : array
        The tokens of text ``i`` are ``codes[bounds[i]:bounds[i + 1]]``.
    starts, ends : array
        Character offsets of each token in its text.
    docs, texts
        The name of each text (``passage_id``, ``doc_id``, or its position in a list), and the texts.
    """

    codes: Codes
    vocabulary: Vocabulary
    bounds: Ints
    starts: Codes
    ends: Codes
    docs: "pd.Index[str]"
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def text_index(self) -> Codes:
        """The text of each token, as a position in ``docs``."""
        return np.repeat(np.arange(len(self.docs), dtype=np.int32), np.diff(self.bounds))

    def to_lists(self) -> list[list[str]]:
        """The tokens of each text as words."""
        written = self.vocabulary[self.codes].tolist()
        return [written[start:end] for start, end in zip(self.bounds[:-1], self.bounds[1:], strict=True)]

    def lemmatize(self, *, language: str = "en") -> "Tokens":
        """The same tokens under their lemmas (simplemma's rules and dictionary), with unchanged offsets.

        >>> tokenize(["ties strengthened"]).lemmatize().to_lists()
        [['tie', 'strengthen']]
        """
        import simplemma

        lemmas = [simplemma.lemmatize(term, lang=language) if term.isalpha() else term for term in self.vocabulary]
        vocabulary, codes = _alphabetical(np.array(lemmas, dtype=object), self.codes)
        return replace(self, vocabulary=vocabulary, codes=codes)


def tokenize(texts: pd.DataFrame | Sequence[str], *, known: frozenset[str] = frozenset()) -> Tokens:
    """The tokens of articles, of passages, or of a list of texts.

    Words are lower-cased runs of letters and digits. What ``joins.yaml`` lists is one term ("U.S.", "US" and
    "u s" are ``u.s.``, never the pronoun; "S-400" and "s 400" are ``s-400``), a possessive "s" is dropped, and
    "Sino-Russian" is two words.

    Parameters
    ----------
    texts : DataFrame or sequence of str
        A table of texts (with ``passage_id`` or ``doc_id``), or a list of strings.
    known : frozenset of str
        Chinese and Japanese words that are tokens of their own, though a dictionary joins them to others.

    Returns
    -------
    Tokens
        One for each text, in order.

    Examples
    --------
    >>> tokenize(["The U.S.-led bloc fears Xi’s S-400", "the u s led bloc fears xi s s 400"]).to_lists()[1]
    ['the', 'u.s.', 'led', 'bloc', 'fears', 'xi', 's-400']
    """
    column, docs = _texts(texts)
    found = words(column, known=known)
    terms = Joined(found)
    bounds = np.concatenate([[0], np.cumsum(terms.kept)])[found.bounds]
    vocabulary, codes = _alphabetical(np.array(list(terms.code_of), dtype=object), terms.codes[terms.kept])
    return Tokens(codes, vocabulary, bounds, found.starts[terms.kept], terms.ends[terms.kept], docs, column)


def _texts(texts: pd.DataFrame | Sequence[str]) -> tuple[list[str], "pd.Index[str]"]:
    if isinstance(texts, str):
        raise TypeError("texts: must be a table or a list of texts. Found: one string. Write tokenize([text]).")
    if isinstance(texts, pd.DataFrame):
        check_columns(texts, ["text"], where="tokenize")
        texts = usable(texts)
        name = next((name for name in ("passage_id", "doc_id") if name in texts), None)
        docs = pd.Index(texts[name] if name else texts.index, name=name)
        column = texts["text"].tolist()
    else:
        column, docs = list(texts), pd.RangeIndex(len(texts))
    for doc, text in zip(docs, column, strict=True):
        if not isinstance(text, str):
            what = f"the text of {doc!r} is not a string. Found: {text!r}"
            raise TypeError(f"texts: {what}. Fill missing texts with '' or drop them first.")
    return column, docs


def _alphabetical(vocabulary: Vocabulary, codes: Codes) -> tuple[Vocabulary, Codes]:
    """The terms in use, sorted and distinct, and the codes that point to them."""
    used = np.flatnonzero(np.bincount(codes, minlength=len(vocabulary)))
    distinct, place = np.unique(vocabulary[used].astype(str), return_inverse=True)
    moved = np.zeros(len(vocabulary), dtype=np.int32)
    moved[used] = place
    return distinct.astype(object), moved[codes]


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
        heads, seconds = ({sequence[at] for sequence, _ in known} for at in (0, 1))
        likely = np.flatnonzero(self.among(heads)[:-1] & self.among(seconds)[1:])
        amounts, words_of, text = self.among(rules()["amounts"]), self.codes.copy(), self.text
        by_head = {head: likely[words_of[likely] == self.code_of.get(head, -1)] for head in sorted(heads)}
        for sequence, term in known:
            first = by_head[sequence[0]]
            for step, word in enumerate(sequence):  # within one text and not in a longer term
                first = first[first + step < len(text)]
                same = (words_of[first + step] == self.code_of.get(word, -1)) & (text[first + step] == text[first])
                first = first[same & self.kept[first + step]]
            if sequence[-1].isdigit():
                after = np.minimum(first + len(sequence), len(text) - 1)
                first = first[~(amounts[after] & (text[after] == text[first]))]
            if len(first):
                self.join(first, len(sequence), term)

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
                codes = found.codes[run[0] - 1 : run[-1] + 1]
                self.join(run[:1] - 1, len(codes), "".join(found.forms[code] for code in codes))

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
