"""Where patterns stand: resolved against the vocabulary once, then found by array arithmetic."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.patterns import Step, Steps
from analysis.text.tokens import Tokens

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

LAST_SIGN = "\U0010ffff"  # sorts after every other


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
    """The codes each word or glob stands for, looked up in the sorted vocabulary."""
    terms = tokens.vocabulary.tolist()
    return {word: np.array(_alike(word, terms), dtype=np.int64) for word in words}


def _alike(word: str, terms: list[str]) -> list[int]:
    stem = re.split(r"[*?]", word)[0]
    likely = range(bisect_left(terms, stem), bisect_left(terms, stem + LAST_SIGN))
    if stem == word:
        return [code for code in likely[:1] if terms[code] == word]
    glob = re.compile(re.escape(word).replace(r"\*", ".*").replace(r"\?", "."))
    return [code for code in likely if glob.fullmatch(terms[code])]


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
    """The places from which the whole pattern runs, and the nearest place where it ends."""
    last = first
    for step in steps[1:]:
        flags = _flags(step, codes_of, len(tokens.vocabulary))
        ways = [_next(tokens, first, last, distance, flags) for distance in range(1, step.gap + 2)]
        first, last = np.unique(np.concatenate(ways, axis=1), axis=1) if step.gap else ways[0]
    first, nearest = np.unique(first, return_index=True)
    return first, last[nearest]


def _next(tokens: Tokens, first: Places, last: Places, distance: int, flags: Flags) -> Places:
    """The runs that go on with a flagged word at this distance, in the same text: their first and last words."""
    inside = last + distance < len(tokens)
    first, last = first[inside], last[inside]
    at = last + distance
    good = flags[tokens.codes[at]] & (tokens.text[at] == tokens.text[last])
    return np.stack([first[good], at[good]])
