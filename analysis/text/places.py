"""Where patterns stand: resolved against the vocabulary once, then found by array arithmetic."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.patterns import Steps
from analysis.text.tokens import Tokens
from analysis.text.vocabulary import codes_of

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

NONE = np.zeros(0, np.int64)
SAMPLE = 16  # of every so many tokens one is counted to tell rare words from common ones


def find_patterns(tokens: Tokens, patterns: Sequence[Steps]) -> pd.DataFrame:
    """Where each pattern stands: ``pattern`` (its place in ``patterns``), ``first`` and ``last`` token.

    The vocabulary is asked once a distinct word. The running text is passed once, for the rarest of the words with
    which each pattern begins; what follows looks only there. From each first token the nearest end is told.
    """
    text = _Text(tokens, patterns)
    found = [text.found(number) for number in range(len(patterns))]
    return pd.DataFrame(
        {
            "pattern": np.repeat(np.arange(len(patterns)), [len(first) for first, _ in found]),
            "first": np.concatenate([NONE, *(first for first, _ in found)]),
            "last": np.concatenate([NONE, *(last for _, last in found)]),
        }
    )


class _Text:
    """The running text as codes, and where the words stand with which some patterns begin."""

    def __init__(self, tokens: Tokens, patterns: Sequence[Steps]) -> None:
        self.text = tokens.text
        asked: dict[tuple[str, ...], int] = {}
        self.words = [[asked.setdefault(step.words, len(asked)) for step in steps] for steps in patterns]
        self.gaps = [[step.gap for step in steps] for steps in patterns]
        self.opening = [next((at for at, gap in enumerate(gaps) if gap), len(gaps)) for gaps in self.gaps]
        self.codes, of_word, self.size = codes_of(tokens, {word for words in asked for word in words})
        self.of = [np.unique(np.concatenate([of_word[word] for word in words])) for words in asked]
        self._flags: dict[int, Flags] = {}
        self.rarest = self._rarest()
        self._index({words[at] for words, at in zip(self.words, self.rarest, strict=True)})

    def _rarest(self) -> list[int]:
        """Which step of each opening is the rarest, as a sample tells: any would do, a rare one is quick."""
        times = np.bincount(self.codes[::SAMPLE], minlength=self.size)
        often = [int(times[codes].sum()) for codes in self.of]
        return [
            min(range(end), key=lambda at: often[words[at]]) if end > 1 else 0
            for words, end in zip(self.words, self.opening, strict=True)
        ]

    def _index(self, asked: set[int]) -> None:
        """Sorts the tokens that are one of these words by code; so few kinds are sorted in one pass."""
        used = np.unique(np.concatenate([NONE, *(self.of[at] for at in asked)]))
        rank = np.zeros(self.size, np.min_scalar_type(len(used)))
        rank[used] = np.arange(1, len(used) + 1)
        ranks = rank.take(self.codes)
        at = np.flatnonzero(ranks)
        self._by_code = at[np.argsort(ranks[at], kind="stable")]
        times = np.zeros(self.size, np.int64)
        times[used] = np.bincount(ranks[at], minlength=len(used) + 1)[1:]
        self._edges = np.append(0, np.cumsum(times))

    def found(self, number: int) -> tuple[Places, Places]:
        """First and last tokens of a pattern's matches, in order; the rarest word of its opening is looked up."""
        words, opening = self.words[number], self.opening[number]
        if not all(len(self.of[at]) for at in words):
            return NONE, NONE
        offset = self.rarest[number]
        first = self._in_a_row(self._places(words[offset]), offset, words[:opening])
        last = first + (opening - 1)
        if opening == len(words) or not len(first):
            return first, last
        for word, gap in zip(words[opening:], self.gaps[number][opening:], strict=True):
            ways = [self._following(first, last, distance, word) for distance in range(1, gap + 2)]
            pairs = np.unique(np.concatenate(ways))
            first, last = pairs // len(self.codes), pairs % len(self.codes)
        first, nearest = np.unique(first, return_index=True)
        return first, last[nearest]

    def _places(self, word: int) -> Places:
        """The tokens that are this word, in order."""
        parts = [self._by_code[self._edges[code] : self._edges[code + 1]] for code in self.of[word].tolist()]
        return parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts))

    def _in_a_row(self, at: Places, offset: int, words: list[int]) -> Places:
        """Where the words stand in a row in one text; that at ``offset`` stands ``at``."""
        if len(words) == 1:
            return at
        first = at - offset
        first = first[(first >= 0) & (first + len(words) <= len(self.codes))]
        for step, word in enumerate(words):
            if step != offset:
                first = first[self._are(word)[self.codes[first + step]]]
        within: Flags = self.text[first] == self.text[first + len(words) - 1]
        return first[within]

    def _following(self, first: Places, last: Places, distance: int, word: int) -> Places:
        """The runs that go on with this word at this distance, in the same text: their ends in one number."""
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
