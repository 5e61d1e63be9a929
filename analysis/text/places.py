"""Where patterns stand: resolved against the vocabulary once, then found by array arithmetic."""

from collections.abc import Iterable, Sequence

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
    rare = [_rarest(steps, text) for steps in patterns]
    places = text.places({steps[at].words for steps, at in zip(patterns, rare, strict=True)})
    found = [
        text.ends(text.starts(places[steps[at].words], at, steps), steps)
        for steps, at in zip(patterns, rare, strict=True)
    ]
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


def _rarest(steps: Steps, text: "_Text") -> int:
    opening = _opening(steps)
    return min(range(opening), key=lambda at: text.amount(steps[at].words)) if opening > 1 else 0


class _Text:
    """The running text as codes, and what each word of some patterns stands for in it."""

    def __init__(self, tokens: Tokens, patterns: Iterable[Steps]) -> None:
        self.tokens = tokens
        asked = {step.words for steps in patterns for step in steps}
        self.codes, of_word, self.size = codes_of(tokens, {word for words in asked for word in words})
        self.of = {words: np.unique(np.concatenate([of_word[word] for word in words])) for words in asked}
        self.often = np.bincount(self.codes, minlength=self.size)
        self._flags: dict[Words, Flags] = {}

    def amount(self, words: Words) -> int:
        return int(self.often[self.of[words]].sum())

    def flags(self, words: Words) -> Flags:
        """Which codes are one of these words."""
        if words not in self._flags:
            self._flags[words] = np.zeros(self.size, bool)
            self._flags[words][self.of[words]] = True
        return self._flags[words]

    def places(self, asked: Iterable[Words]) -> dict[Words, Places]:
        """The tokens that are one of these words, in order."""
        asked = list(asked)
        used = np.unique(np.concatenate([NONE, *(self.of[words] for words in asked)]))
        rank = np.zeros(self.size, np.min_scalar_type(len(used)))  # few kinds: sorted by counting, in one pass
        rank[used] = np.arange(1, len(used) + 1)
        ranks = rank[self.codes]
        at = np.flatnonzero(ranks)
        by_code = at[np.argsort(ranks[at], kind="stable")]
        edges = np.zeros(self.size + 1, np.int64)
        edges[used + 1] = self.often[used]
        edges = np.cumsum(edges)
        return {
            words: _merged([by_code[edges[code] : edges[code + 1]] for code in self.of[words].tolist()])
            for words in asked
        }

    def starts(self, at: Places, offset: int, steps: Steps) -> Places:
        """The places from which the steps before the first gap run in one text; one of them stands ``at``."""
        opening = _opening(steps)
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


def _merged(parts: list[Places]) -> Places:
    return parts[0] if len(parts) == 1 else np.sort(np.concatenate([NONE, *parts]))


def _distinct(first: Places, last: Places, size: int) -> tuple[Places, Places]:
    """Each pair once, sorted."""
    pairs = np.unique(first * size + last)
    return pairs // size, pairs % size
