"""What matches stand in: the passages, their tokens, and where every pattern was found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Ints as Places
from analysis.corpus.pair import enumerations
from analysis.corpus.passages import about_pair
from analysis.frames.lexicon import PAIR, Condition, Only, Unless
from analysis.text.patterns import LONGEST_GAP
from analysis.text.places import NONE
from analysis.text.tokens import Tokens

Flags = npt.NDArray[np.bool_]
Found = dict[str, tuple[Places, Places]]


@dataclass(frozen=True)
class Scene:
    """Passages that are looked at, and what stands in them.

    Attributes:
        passages: all that were given; those before a passage tell who "the two countries" are.
        near: which of them are looked at.
        tokens: of these.
        found: the first and the last token of every match of every pattern.
        isolated: the passages come without their articles.
    """

    passages: pd.DataFrame
    near: Flags
    tokens: Tokens
    found: Found
    isolated: bool = False

    def stands(self, first: Places, last: Places, only: Only, unless: Unless) -> Flags:
        """Which spans meet all that ``only`` asks for, and nothing that ``unless`` names."""
        allowed, barred = self._met(first, last, only), self._met(first, last, unless)
        if unless.listed and len(first):
            barred.append(self._listed(first, last, unless.listed))
        stands = np.ones(len(first), bool)
        for met in allowed:
            stands &= met
        for met in barred:
            stands &= ~met
        return stands

    def _met(self, first: Places, last: Places, condition: Condition) -> list[Flags]:
        """For each kind of condition that is given, which spans meet it."""
        if condition in (Only(), Unless()) or not len(first):
            return []
        text, bounds = self.tokens.text_index[first], self.tokens.bounds
        met = []
        if condition.over:
            met.append(meeting(first, last, *spans_of(condition.over, self.found)))
        if condition.before:
            ends = spans_of(condition.before, self.found)[1]
            met.append(np.isin(first - 1, ends) & (first > bounds[text]))
        if condition.after:
            starts = spans_of(condition.after, self.found)[0]
            met.append(np.isin(last + 1, starts) & (last + 1 < bounds[text + 1]))
        if condition.passage:
            holding = np.zeros(len(self.tokens.docs), bool)
            holding[self.tokens.text_index[spans_of(condition.passage, self.found)[0]]] = True
            met.append(holding[text])
        if condition.opens:
            near = last - bounds[text] < LONGEST_GAP  # of what stands further on, the opening says nothing
            met.append((self._opening(condition.opens) < self._opening([PAIR]))[text] & near)
        if condition.about:
            about = about_pair(self.passages, condition.about, isolated=self.isolated).to_numpy(dtype=bool)
            met.append(about[self.near][text])
        return met

    def _opening(self, patterns: Sequence[str]) -> Places:
        """The first token in each passage where one of the patterns stands; beyond the last where none does."""
        first = np.full(len(self.tokens.docs), len(self.tokens.codes))
        at = spans_of(patterns, self.found)[0]
        np.minimum.at(first, self.tokens.text_index[at], at)
        return first

    def _listed(self, first: Places, last: Places, least: int) -> Flags:
        """Which spans share a sign with a list of so many countries."""
        tokens = self.tokens
        text, start, end = tokens.text_index[first], tokens.starts[first], tokens.ends[last] - 1
        rows, place = np.unique(text, return_inverse=True)
        lists = enumerations([tokens.texts[row] for row in rows.tolist()], least=least)
        apart = int(max(end.max(), lists["end"].max())) + 1 if len(lists) else 0  # texts laid end to end
        at, opens, closes = lists.to_numpy(dtype=np.int64).T
        return meeting(place * apart + start, place * apart + end, at * apart + opens, at * apart + closes - 1)


def spans_of(patterns: Sequence[str], found: Found) -> tuple[Places, Places]:
    """First and last tokens of all matches of some patterns."""
    first, last = (np.concatenate([NONE, *(found[name][end] for name in patterns)]) for end in (0, 1))
    return first, last


def meeting(first: Places, last: Places, other_first: Places, other_last: Places) -> Flags:
    """Which spans share a place with one of the others."""
    if not len(other_first):
        return np.zeros(len(first), bool)
    order = np.argsort(other_first, kind="stable")
    reach = np.maximum.accumulate(other_last[order])
    at = np.searchsorted(other_first[order], last, side="right") - 1
    return np.asarray((at >= 0) & (reach[np.maximum(at, 0)] >= first), bool)
