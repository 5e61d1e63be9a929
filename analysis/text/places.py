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
Words = tuple[str, ...]

NONE = np.zeros(0, np.int64)


def find_patterns(tokens: Tokens, patterns: Sequence[Steps]) -> pd.DataFrame:
    """Where each pattern stands: ``pattern`` (its place in ``patterns``), ``first`` and ``last`` token.

    The vocabulary is asked once a distinct word. The running text is passed once, for the rarest of the words with
    which each pattern begins; what follows looks only there. From each first token the nearest end is told.
    """
    text = _Text(tokens, patterns)
    found = [text.ends(text.starts(steps), steps) for steps in patterns]
    return pd.DataFrame(
        {
            "pattern": np.repeat(np.arange(len(patterns)), [len(first) for first, _ in found]),
            "first": np.concatenate([NONE, *(first for first, _ in found)]),
            "last": np.concatenate([NONE, *(last for _, last in found)]),
        }
    )


def _opening(steps: Steps) -> int:
    """How many steps stand in a row before the first gap."""
    return next((at for at, step in enumerate(steps) if step.gap), len(steps))


class _Text:
    """The running text as codes, and where the words stand with which some patterns begin."""

    def __init__(self, tokens: Tokens, patterns: Sequence[Steps]) -> None:
        self.tokens = tokens
        asked = {step.words for steps in patterns for step in steps}
        self.codes, of_word, self.size = codes_of(tokens, {word for words in asked for word in words})
        self.of = {words: np.unique(np.concatenate([of_word[word] for word in words])) for words in asked}
        self._flags: dict[Words, Flags] = {}
        opening = {step.words for steps in patterns for step in steps[: _opening(steps)]}
        self._index(np.unique(np.concatenate([NONE, *(self.of[words] for words in opening)])))

    def _index(self, used: Places) -> None:
        """Sorts the tokens that bear one of these codes by code; so few kinds are sorted in one pass."""
        rank = np.zeros(self.size, np.min_scalar_type(len(used)))
        rank[used] = np.arange(1, len(used) + 1)
        ranks = rank.take(self.codes)
        at = np.flatnonzero(ranks)
        self._by_code = at[np.argsort(ranks[at], kind="stable")]
        times = np.bincount(ranks[at], minlength=len(used) + 1)[1:]
        self._edges = np.zeros((self.size, 2), np.int64)
        self._edges[used, 1] = np.cumsum(times)
        self._edges[used, 0] = self._edges[used, 1] - times

    def amount(self, words: Words) -> int:
        return int(np.diff(self._edges[self.of[words]]).sum())

    def places(self, words: Words) -> Places:
        """The tokens that are one of these words, in order."""
        parts = [self._by_code[start:end] for start, end in self._edges[self.of[words]].tolist()]
        return parts[0] if len(parts) == 1 else np.sort(np.concatenate([NONE, *parts]))

    def flags(self, words: Words) -> Flags:
        """Which codes are one of these words."""
        if words not in self._flags:
            self._flags[words] = np.zeros(self.size, bool)
            self._flags[words][self.of[words]] = True
        return self._flags[words]

    def starts(self, steps: Steps) -> Places:
        """The places from which the steps before the first gap run in one text; the rarest is looked up first."""
        opening = _opening(steps)
        offset = min(range(opening), key=lambda at: self.amount(steps[at].words)) if opening > 1 else 0
        at = self.places(steps[offset].words)
        if opening == 1:
            return at
        first = at - offset
        first = first[(first >= 0) & (first + opening <= len(self.codes))]
        for step in (step for step in range(opening) if step != offset):
            first = first[self.flags(steps[step].words)[self.codes[first + step]]]
        text = self.tokens.text
        return first[text[first] == text[first + opening - 1]]

    def ends(self, first: Places, steps: Steps) -> tuple[Places, Places]:
        """The places from which the whole pattern runs, and the nearest place where it ends."""
        opening = _opening(steps)
        last = first + (opening - 1)
        for step in steps[opening:]:
            flags = self.flags(step.words)
            ways = [self.following(first, last, distance, flags) for distance in range(1, step.gap + 2)]
            first, last = _distinct(*(np.concatenate(ends) for ends in zip(*ways, strict=True)), len(self.codes))
        if len(steps) > opening:
            first, nearest = np.unique(first, return_index=True)
            last = last[nearest]
        return first, last

    def following(self, first: Places, last: Places, distance: int, flags: Flags) -> tuple[Places, Places]:
        """The runs that go on with a flagged word at this distance, in the same text: first and last words."""
        at = last + distance
        inside = at < len(self.codes)
        inside[inside] = flags[self.codes[at[inside]]]
        text = self.tokens.text
        inside[inside] = text[at[inside]] == text[last[inside]]
        return first[inside], at[inside]


def _distinct(first: Places, last: Places, size: int) -> tuple[Places, Places]:
    """Each pair once, sorted."""
    pairs = np.unique(first * size + last)
    return pairs // size, pairs % size
