"""Words, globs and phrases of a language, looked up in the words of texts."""

import fnmatch
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from analysis.arrays import Flags, Ints
from analysis.corpus.countries import parts
from analysis.corpus.words import Texts, Words, cut, words
from analysis.corpus.writing import UNSPACED_LANGUAGES, folded, grammar

# Chinese and Japanese are looked up by characters, words in katakana whole.
TOKEN = re.compile(
    "[\u30a1-\u30fa\u30fc-\u30ff]+|[\u3005\u3041-\u309f\u3400-\u9fff]|[^\\W\u3005\u3040-\u30ff\u3400-\u9fff]+"
)
CHOICE = re.compile(r"\(([^()]*)\)|([^()]+)")
NONE = np.zeros(0, dtype=np.int64)
# Foreign letters of names, with their marks or without: Erdoğan, Vučić.
PLAIN = str.maketrans("ğşıćčđšžłńśźżąęėģķļņţťțșăőűěďňřů", "gsiccdszlnszzaeegklntttsaouednru")

Steps = tuple[tuple[str, ...], ...]
Spans = tuple[Ints, Ints]


class Phrase(NamedTuple):
    """Words in a row, with the choices for each: whose name they are, or what kind of word."""

    kind: str
    form: str
    steps: Steps


class Seen:
    """The words of some texts and the ``text`` of each, to be looked up by the words and globs of a language.

    What a word may carry before and after it (Arabic "and", "the"; German "anti", "nord") is passed over. In
    Chinese and Japanese each character is a word; ``begins`` and ``ends`` show where those of the language do. A
    phrase may go on after words that are ``tied``.
    """

    def __init__(self, texts: Texts, language: str) -> None:
        found = self.words = words(texts)
        unspaced = language in UNSPACED_LANGUAGES
        if unspaced:
            self.words = cut(found, TOKEN.findall)
        self.text = self.words.text
        self.begins = np.isin(_places(self.words), _places(found)) if unspaced else np.ones(len(self.text), bool)
        self.ends = np.append(self.begins[1:], True)[: len(self.text)]
        self.follows = np.append(self.text[1:] == self.text[:-1], False)[: len(self.text)]
        self.tied = self.follows & self.gaps(r"[\s·・、]?" if unspaced else r"[^:;!?]{0,3}")
        self.order = np.argsort(self.words.codes, kind="stable")
        self.bounds = np.searchsorted(self.words.codes[self.order], np.arange(len(self.words.forms) + 1))
        self._index(language)

    def _index(self, language: str) -> None:
        rules = grammar(language)
        before = ["".join(one) for one in product(*(["", *many] for many in rules.get("before", ())))]
        carried = tuple(one for one in before if one)
        self.capitals = bool(rules.get("capitals"))
        self.written = {form: [code] for code, form in enumerate(self.words.forms)}
        self.whole: dict[str, list[int]] = defaultdict(list)
        self.opening: dict[str, list[int]] = defaultdict(list)
        for code, form in enumerate(folded(form).translate(PLAIN) for form in self.words.forms):
            for stem in {form.removeprefix(one) for one in before} if form.startswith(carried) else (form,):
                self.opening[stem].append(code)
                for end in ("", *rules.get("after", ())):
                    if stem.endswith(end):
                        self.whole[stem.removesuffix(end)].append(code)
        self.sorted = sorted(self.opening)
        self.codes = cache(self._codes)

    def _codes(self, word: str) -> list[int]:
        """The distinct words that a word or glob stands for; an English one in capitals is met in these only."""
        if self.capitals and word.isupper():
            return self.written.get(word, [])
        word, is_glob = _spelled(word)
        if not is_glob:
            return self.whole.get(word, [])
        opening = word.rstrip("*")
        first, last = (bisect_left(self.sorted, opening + end) for end in ("", "\U0010ffff"))
        alike = fnmatch.filter(self.sorted, word) if set(opening) & set("*?") else self.sorted[first:last]
        return [code for form in alike for code in self.opening[form]]

    def kinds(self, among: Iterable[str]) -> list[int]:
        """The distinct words that one of some words and globs stands for."""
        return [code for word in among for code in self.codes(word)]

    def places(self, codes: Sequence[int]) -> Ints:
        """Where these distinct words are."""
        return np.concatenate([NONE, *(self.order[self.bounds[code] : self.bounds[code + 1]] for code in codes)])

    def gaps(self, pattern: str) -> Flags:
        """After which words a gap follows that matches the pattern entirely."""
        fits = np.array([re.fullmatch(pattern, gap) is not None for gap in self.words.gaps], bool)
        return np.asarray(fits[self.words.gap_codes])

    def of(self, flags: Iterable[bool]) -> Flags:
        """What holds for each distinct word, for every word."""
        return np.asarray(np.array(list(flags), bool)[self.words.codes])

    def among(self, words: Iterable[str]) -> Flags:
        """Which words are one of some words and globs."""
        flags = np.zeros(len(self.words.forms), bool)
        flags[self.kinds(words)] = True
        return flags[self.words.codes]

    def spans(self, phrases: Sequence[Phrase]) -> tuple[Ints, Ints, Ints]:
        """First and last word of every phrase that the texts hold, and its number."""
        hyphen = self.gaps("(?s)[-‐‑–].*")
        rows = [(NONE, NONE, NONE)]
        for number, phrase in enumerate(phrases):
            if not (codes := self.kinds(phrase.steps[0])):
                continue
            at = self.places(codes)
            for distance, step in enumerate(phrase.steps[1:], start=1):
                at = at[self.tied[at + distance - 1]]
                if len(at) and step != ("*",):
                    at = at[np.isin(self.words.codes[at + distance], self.kinds(step))]
            if phrase.form.endswith("-"):
                at = at[hyphen[at + len(phrase.steps) - 1]]
            rows.append((at, at + len(phrase.steps) - 1, np.full(len(at), number)))
        first, last, numbers = map(np.concatenate, zip(*rows, strict=True))
        return first, last, numbers


@lru_cache(maxsize=100_000)
def _spelled(word: str) -> tuple[str, bool]:
    """A word as it is looked up, and whether it is a glob."""
    plain = folded(word).translate(PLAIN)
    return plain, not {"*", "?"}.isdisjoint(plain)


def _places(found: Words) -> Ints:
    return np.asarray((found.text << 32) + found.starts)


@lru_cache(maxsize=10_000)
def read_phrases(kind: str, forms: tuple[str, ...], language: str, *, name: bool = False) -> list[Phrase]:
    """Phrases as they are written: words, globs, "(one|another)" and "*" for any word; "-" at the end, a hyphen.

    A German ``name`` of some letters opens compounds, too ("Chinapolitik").

    >>> [phrase.steps for phrase in read_phrases("both", ("(both|two) sides",), "en")]
    [(('both', 'two'), ('sides',))]
    """
    compound = grammar(language).get("compound", 0) if name else 0
    found = [Phrase(kind, form, steps) for form in map(str, forms) for steps in _steps(form, language)]
    for at, (_, form, steps) in enumerate(found):
        if compound and form[-1] != "-" and len(steps) == 1:
            words = (word if len(word) < compound else f"{word.rstrip('*')}*" for word in steps[0])
            found[at] = Phrase(kind, form, (tuple(words),))
    return found


@cache
def _steps(form: str, language: str) -> list[Steps]:
    """The words of a phrase; choices of several words make several phrases."""
    variants: list[Steps] = [()]
    for choice, plain in CHOICE.findall(form):
        ways = [_words(one, language) for one in (choice.split("|") if choice else [plain])]
        single = choice and all(len(way) == 1 for way in ways)
        steps = [(tuple(way[0] for way in ways),)] if single else [tuple((word,) for word in way) for way in ways]
        variants = [(*before, *more) for before in variants for more in steps]
    return [steps for steps in variants if steps]


def _words(text: str, language: str) -> list[str]:
    if language in UNSPACED_LANGUAGES:
        return TOKEN.findall(folded(text))
    article = grammar(language).get("article", "")
    return [word.removeprefix(article) for word in parts(folded(text) if article else text)]
