"""Where patterns occur: resolved against the vocabulary once, then found by array arithmetic."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from functools import cache

import numpy as np
import pandas as pd

from analysis.arrays import Codes, Flags, Ints
from analysis.corpus.tables import check_whole
from analysis.corpus.words import INVISIBLE
from analysis.text.patterns import CASE, Lists, Steps, read_pattern
from analysis.text.tokens import Tokens, tokenize

NONE = np.zeros(0, np.int64)
SAMPLE = 16  # one token in so many is counted to tell rare words from common ones
LAST_CHARACTER = "\U0010ffff"  # sorts after every other
UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
CONTEXT = {"start": "int64", "end": "int64", "left": "str", "match": "str", "right": "str"}


def in_context(
    texts: Tokens | pd.DataFrame, pattern: str, *, width: int = 40, lists: Lists | None = None
) -> pd.DataFrame:
    """Every occurrence of a pattern, with the text around it.

    Parameters
    ----------
    texts : Tokens or DataFrame of passages or articles
    pattern : str
        As in a lexicon: words, globs, phrases, ``(a|b)``, ``joint … drill*``.
    width : int
        Characters of context on each side.
    lists : mapping, optional
        Named lists that the pattern may use, as ``lexicon.named_lists``.

    Returns
    -------
    DataFrame
        ``doc_id`` (``passage_id`` for passages), ``start``, ``end`` in that text, ``left``, ``match``, ``right``.

    Examples
    --------
    >>> in_context(tokenize(["Closer ties between Russia and China"]), "closer (ties|links)", width=9)
       doc_id  start  end left        match     right
    0       0      0   11       Closer ties   between
    """
    check_whole("width", width, 0)
    tokens = texts if isinstance(texts, Tokens) else tokenize(texts)
    try:
        steps = read_pattern(pattern, lists)
    except ValueError as error:
        hint = " Name the lists: lists=lexicon.named_lists." if lists is None and "@" in pattern else ""
        raise ValueError(f"{error}{hint}") from None
    found = find_patterns(tokens, steps)[["first", "last"]].drop_duplicates()
    first, last = found.sort_values(["first", "last"]).to_numpy().T
    at, start, end = tokens.text_index[first], tokens.starts[first], tokens.ends[last]
    places = [(tokens.texts[text], *place) for text, *place in zip(at, start, end, strict=True)]
    return pd.DataFrame({
        tokens.docs.name or "doc_id": tokens.docs[at], "start": start, "end": end,
        "left": [text[max(start - width, 0) : start].replace("\n", " ") for text, start, _ in places],
        "match": [text[start:end] for text, start, end in places],
        "right": [text[end : end + width].replace("\n", " ") for text, _, end in places],
    }).astype(CONTEXT)  # fmt: skip


class Patterns:
    """Patterns with each choice of words numbered: made once, for any number of texts."""

    def __init__(self, patterns: Iterable[Steps]) -> None:
        asked: dict[tuple[str, ...], int] = {}
        steps = list(patterns)
        self.words = [[asked.setdefault(step.words, len(asked)) for step in one] for one in steps]
        self.gaps = [[step.gap for step in one] for one in steps]
        self.opening = [next((at for at, gap in enumerate(gaps) if gap), len(gaps)) for gaps in self.gaps]
        self.asked, self.terms = list(asked), {word for words in asked for word in words}
        self._flat = np.array([word for words in self.words for word in words], np.int64)
        self._starts = np.cumsum([0, *map(len, self.words)])[:-1]

    def of(self, present: Flags) -> list[int]:
        """The patterns of which all words are present."""
        if not self.words:
            return []
        found: list[int] = np.flatnonzero(np.logical_and.reduceat(present[self._flat], self._starts)).tolist()
        return found


def find_patterns(tokens: Tokens, patterns: Patterns | Sequence[Steps]) -> pd.DataFrame:
    """Every occurrence of each pattern: ``pattern`` (its position in `patterns`), ``first`` and ``last`` token.

    The text is passed once, for the rarest word of each pattern's opening. A first token has its nearest end.
    """
    text = _Text(tokens, patterns if isinstance(patterns, Patterns) else Patterns(patterns))
    found = [text.found(number) for number in text.rarest]
    pattern = np.repeat(np.array([*text.rarest], np.int64), np.array([len(first) for first, _ in found], np.int64))
    first, last = (np.concatenate([NONE, *(ends[side] for ends in found)]) for side in (0, 1))
    return pd.DataFrame({"pattern": pattern, "first": first, "last": last})


class _Text:
    """The running text as codes, and the places of the words with which some patterns begin."""

    def __init__(self, tokens: Tokens, patterns: Patterns) -> None:
        self.text, self.patterns = tokens.text_index, patterns
        self.codes, of_word, self.size = codes_of(tokens, patterns.terms)
        known = ([of_word[word] for word in words if len(of_word[word])] for words in patterns.asked)
        self.of = [np.unique(np.concatenate(one)) if one else NONE for one in known]
        self._flags: dict[int, Flags] = {}
        # The rarest step of each opening, by a sample: any would do, a rare one is fast.
        times = np.bincount(self.codes[::SAMPLE], minlength=self.size)
        often = [int(times[codes].sum()) if len(codes) else 0 for codes in self.of]
        self.rarest = {
            number: min(range(max(patterns.opening[number], 1)), key=lambda at: often[patterns.words[number][at]])
            for number in patterns.of(np.array([len(codes) > 0 for codes in self.of], bool))
        }
        self._index({patterns.words[number][at] for number, at in self.rarest.items()})

    def _index(self, asked: set[int]) -> None:
        """Sorts the tokens that are one of these words by code, in one pass."""
        used = np.unique(np.concatenate([NONE, *(self.of[at] for at in asked)]))
        rank = np.zeros(self.size, np.min_scalar_type(len(used)))
        rank[used] = np.arange(1, len(used) + 1)
        ranks = rank.take(self.codes)
        at = np.flatnonzero(ranks)
        self._by_code = at[np.argsort(ranks[at], kind="stable")]
        times = np.zeros(self.size, np.int64)
        times[used] = np.bincount(ranks[at], minlength=len(used) + 1)[1:]
        self._edges = np.append(0, np.cumsum(times))

    def found(self, number: int) -> tuple[Ints, Ints]:
        """First and last tokens of a pattern's matches, in order; the rarest word of its opening is looked up."""
        words, opening = self.patterns.words[number], self.patterns.opening[number]
        offset = self.rarest[number]
        codes = self.of[words[offset]].tolist()
        at = np.sort(np.concatenate([self._by_code[self._edges[code] : self._edges[code + 1]] for code in codes]))
        first = self._in_a_row(at, offset, words[:opening])
        last = first + (opening - 1)
        if opening == len(words) or not len(first):
            return first, last
        for word, gap in zip(words[opening:], self.patterns.gaps[number][opening:], strict=True):
            ways = [self._following(first, last, distance, word) for distance in range(1, gap + 2)]
            pairs = np.unique(np.concatenate(ways))
            first, last = pairs // len(self.codes), pairs % len(self.codes)
        first, nearest = np.unique(first, return_index=True)
        return first, last[nearest]

    def _in_a_row(self, at: Ints, offset: int, words: list[int]) -> Ints:
        """Where the words follow each other in one text; the one at `offset` is at the places `at`."""
        if len(words) == 1:
            return at
        first = at - offset
        first = first[(first >= 0) & (first + len(words) <= len(self.codes))]
        for step, word in enumerate(words):
            if step != offset:
                first = first[self._are(word)[self.codes[first + step]]]
        within: Flags = self.text[first] == self.text[first + len(words) - 1]
        return first[within]

    def _following(self, first: Ints, last: Ints, distance: int, word: int) -> Ints:
        """The runs that continue with this word at this distance, in the same text: both ends in one number."""
        at = last + distance
        inside = at < len(self.codes)
        inside[inside] = self._are(word)[self.codes[at[inside]]]
        inside[inside] = self.text[at[inside]] == self.text[last[inside]]
        return first[inside] * len(self.codes) + at[inside]

    def _are(self, word: int) -> Flags:
        """Which codes are this word."""
        if word not in self._flags:
            self._flags[word] = np.zeros(self.size, bool)
            self._flags[word][self.of[word]] = True
        return self._flags[word]


def codes_of(tokens: Tokens, words: Collection[str]) -> tuple[Codes | Ints, dict[str, Ints], int]:
    """The code of each token (one a form where a word asks for one), those of each word or glob, and how many."""
    terms = tokens.vocabulary.tolist()
    found = {word: np.array(_alike(word.partition(CASE)[0], terms), dtype=np.int64) for word in words}
    cased = {word: word.partition(CASE)[2] for word in words if CASE in word}
    return _by_form(tokens, found, cased) if cased else (tokens.codes, found, len(terms))


def _alike(word: str, terms: list[str]) -> list[int]:
    """The codes of a word or glob, looked up in the sorted vocabulary."""
    stem = re.split(r"[*?]", word)[0]
    likely = range(bisect_left(terms, stem), bisect_left(terms, stem + LAST_CHARACTER))
    if stem == word:
        return [code for code in likely[:1] if terms[code] == word]
    glob = _glob(word)
    return [code for code in likely if glob.fullmatch(terms[code])]


@cache
def _glob(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _by_form(
    tokens: Tokens, found: dict[str, Ints], cased: dict[str, str]
) -> tuple[Codes | Ints, dict[str, Ints], int]:
    size = len(tokens.vocabulary)
    split = np.zeros(size, bool)
    split[np.concatenate([found[word] for word in cased])] = True
    at = np.flatnonzero(split[tokens.codes])
    forms: dict[tuple[int, str], int] = {}
    places = zip(*(part[at].tolist() for part in (tokens.text_index, tokens.starts, tokens.ends)), strict=True)
    written = [tokens.texts[text][start:end].translate(UNSEEN) for text, start, end in places]
    codes, terms = tokens.codes.copy(), tokens.codes[at].tolist()
    codes[at] = [size + forms.setdefault(form, len(forms)) for form in zip(terms, written, strict=True)]
    chosen = {word: _forms(codes, split, forms, cased.get(word, "*")) for word, codes in found.items()}
    return codes, chosen, size + len(forms)


def _forms(codes: Ints, split: Flags, forms: Iterable[tuple[int, str]], asked: str) -> Ints:
    """The codes, with those of the forms asked for in place of a term that was split by form."""
    terms, glob = set(codes.tolist()), _glob(asked)
    own = [len(split) + at for at, (term, form) in enumerate(forms) if term in terms and glob.fullmatch(form)]
    return np.array([*codes[~split[codes]].tolist(), *own], dtype=np.int64)
