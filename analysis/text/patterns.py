"""Patterns of words: resolved against a vocabulary once, then found by array arithmetic.

==================  ===========================================================================
``trade``           the word, as the tokens write it: case and punctuation do not matter
``alli*``, ``?``    any letters, one letter
``oil and gas``     words in a row
``(oil|gas) deal``  one of several words or phrases
``@russia``         one of a named list
``joint … drill*``  up to three other words between; ``…6``: up to six
==================  ===========================================================================
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.tokens import Tokens, tokenize

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Lists = Mapping[str, Sequence[str]]

# How many other words "…" lets pass: an article and an adjective or two, not a clause.
GAP = 3
GLOB = frozenset("*?")
PART = re.compile(r"\((?P<any>[^()]*)\)|(?:…|\.\.\.)(?P<gap>\d*)|@(?P<list>[\w.-]+)|(?P<word>[^\s()@…]+)")


@dataclass(frozen=True)
class Step:
    """One of ``words``, after at most ``gap`` other words."""

    words: tuple[str, ...]
    gap: int = 0


Steps = tuple[Step, ...]


def read_pattern(pattern: str, lists: Lists | None = None) -> list[Steps]:
    """The sequences of steps a pattern stands for; a choice between phrases gives one each.

    Raises:
        ValueError: a bracket that does not close, a list that is not there, or nothing to match.

    >>> read_pattern("(closer|warm) ties")
    [(Step(words=('closer', 'warm'), gap=0), Step(words=('ties',), gap=0))]
    """
    return read_patterns([pattern], lists)[pattern]


def read_patterns(patterns: Iterable[str], lists: Lists | None = None) -> dict[str, list[Steps]]:
    """Each pattern, read as ``read_pattern`` does; all their words are spelled as tokens in one go."""
    parts = {pattern: _parts(pattern) for pattern in patterns}
    written = {
        member
        for pattern, found in parts.items()
        for part in found
        for member in _members(part, lists or {}, pattern)
    }
    spelled = _spelled(sorted(written))
    return {
        pattern: _sequences(pattern, [(part, _members(part, lists or {}, pattern)) for part in found], spelled)
        for pattern, found in parts.items()
    }


def _parts(pattern: str) -> list[re.Match[str]]:
    if rest := PART.sub("", pattern).strip():
        raise ValueError(f"pattern {pattern!r}: cannot read {rest!r}. Brackets open and close: (oil|gas).")
    return list(PART.finditer(pattern))


def _members(part: re.Match[str], lists: Lists, pattern: str) -> list[str]:
    """The words or phrases one part may be, as written."""
    if part["gap"] is not None:
        return []
    if part["word"]:
        return [part["word"]]
    written = part["any"].split("|") if part["any"] is not None else [f"@{part['list']}"]
    found: list[str] = []
    for member in map(str.strip, written):
        if member.startswith("@") and member[1:] not in lists:
            known = ", ".join(f"@{name}" for name in lists) or "none"
            raise ValueError(f"pattern {pattern!r}: no list {member!r}. There are: {known}.")
        found += lists[member[1:]] if member.startswith("@") else [member]
    return found


def _spelled(written: list[str]) -> dict[str, tuple[str, ...]]:
    """The words of each phrase as the tokens write them; globs are lower-cased and split at hyphens."""
    globs = {text: tuple(re.findall(r"[\w*?]+", text.lower())) for text in written if GLOB & set(text)}
    plain = [text for text in written if text not in globs]
    return globs | dict(zip(plain, map(tuple, tokenize(plain).to_lists()), strict=True))


def _sequences(
    pattern: str, parts: list[tuple[re.Match[str], list[str]]], spelled: Mapping[str, tuple[str, ...]]
) -> list[Steps]:
    choices: list[list[Steps]] = []
    gap = 0
    for part, members in parts:
        if part["gap"] is not None:
            gap = int(part["gap"] or GAP)
            continue
        empty = [member for member in members if not spelled[member]]
        if empty:
            raise ValueError(f"pattern {pattern!r}: {empty[0]!r} holds no word.")
        choices.append([_after(steps, gap) for steps in _choice([spelled[member] for member in members])])
        gap = 0
    if not choices or gap:
        raise ValueError(f"pattern {pattern!r}: no word to match {'after the gap' if gap else 'in it'}.")
    return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*choices)]


def _choice(phrases: Sequence[tuple[str, ...]]) -> list[Steps]:
    """All single words as one step, each phrase as steps of its own."""
    single = tuple(phrase[0] for phrase in phrases if len(phrase) == 1)
    steps: list[Steps] = [(Step(single),)] if single else []
    return steps + [tuple(Step((word,)) for word in phrase) for phrase in phrases if len(phrase) > 1]


def _after(steps: Steps, gap: int) -> Steps:
    return (Step(steps[0].words, gap), *steps[1:])


def find_patterns(tokens: Tokens, patterns: Sequence[Steps]) -> pd.DataFrame:
    """Where each pattern stands: ``pattern`` (its place in ``patterns``), ``first`` and ``last`` token.

    The vocabulary is asked once a distinct word, the running text passed once.
    """
    codes_of = _resolved(tokens, {word for steps in patterns for step in steps for word in step.words})
    heads = [_codes(steps[0], codes_of) for steps in patterns]
    places = _places(tokens, heads)
    found = [_followed(tokens, at, steps, codes_of) for at, steps in zip(places, patterns, strict=True)]
    none = np.zeros(0, np.int64)
    return pd.DataFrame(
        {
            "pattern": np.repeat(np.arange(len(patterns)), [len(first) for first, _ in found]),
            "first": np.concatenate([none, *(first for first, _ in found)]),
            "last": np.concatenate([none, *(last for _, last in found)]),
        }
    )


def _resolved(tokens: Tokens, words: Iterable[str]) -> dict[str, Places]:
    """The codes each word or glob stands for."""
    code_of = {term: code for code, term in enumerate(tokens.vocabulary)}
    lines = "\n".join(tokens.vocabulary)
    starts = np.cumsum([0] + [len(term) + 1 for term in tokens.vocabulary])
    return {
        word: np.searchsorted(starts, [match.start() for match in _glob(word).finditer(lines)])
        if GLOB & set(word)
        else np.array([code_of[word]] if word in code_of else [], dtype=np.int64)
        for word in words
    }


def _glob(word: str) -> re.Pattern[str]:
    letters = re.escape(word).replace(r"\*", r"[^\n]*").replace(r"\?", r"[^\n]")
    return re.compile(f"^{letters}$", re.MULTILINE)


def _codes(step: Step, codes_of: Mapping[str, Places]) -> Places:
    return np.unique(np.concatenate([codes_of[word] for word in step.words]))


def _flags(step: Step, codes_of: Mapping[str, Places], size: int) -> Flags:
    flags = np.zeros(size, bool)
    flags[_codes(step, codes_of)] = True
    return flags


def _places(tokens: Tokens, heads: Sequence[Places]) -> list[Places]:
    """For each set of codes the tokens that bear one of them, in order."""
    wanted = np.zeros(len(tokens.vocabulary), bool)
    wanted[np.concatenate([np.zeros(0, np.int64), *heads])] = True
    at = np.flatnonzero(wanted[tokens.codes])
    order = at[np.argsort(tokens.codes[at], kind="stable")]
    bounds = np.searchsorted(tokens.codes[order], np.arange(len(tokens.vocabulary) + 1))
    return [
        np.sort(
            np.concatenate([np.zeros(0, np.int64), *(order[bounds[code] : bounds[code + 1]] for code in head)])
        )
        for head in heads
    ]


def _followed(
    tokens: Tokens, first: Places, steps: Steps, codes_of: Mapping[str, Places]
) -> tuple[Places, Places]:
    """The places from which the whole pattern runs, and where it ends; the nearest next word is taken."""
    last = first
    for step in steps[1:]:
        flags = _flags(step, codes_of, len(tokens.vocabulary))
        ends = np.full(len(first), -1)
        for distance in range(step.gap + 1, 0, -1):
            at = np.minimum(last + distance, len(tokens) - 1)
            good = (last + distance == at) & flags[tokens.codes[at]] & (tokens.text[at] == tokens.text[last])
            ends[good] = at[good]
        first, last = first[ends >= 0], ends[ends >= 0]
    return first, last
