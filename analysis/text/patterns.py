"""Patterns of words: how they are written and what they stand for.

==================  ===========================================================================
``trade``           the word, as the tokens write it: case and punctuation do not matter
``alli*``, ``?``    any letters, one letter
``oil and gas``     words in a row
``(oil|gas) deal``  one of several words or phrases
``@russia``         one of a named list of words and phrases
``joint … drill*``  up to three other words between; ``…6``: up to six
==================  ===========================================================================
"""

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.text.lists import Lists, members
from analysis.text.tokens import tokenize

# How many other words "…" lets pass: an article and an adjective or two, not a clause.
GAP = 3
# No sentence that `passages` gives is longer, so a wider gap is a slip.
LONGEST_GAP = 80
# Choices between phrases multiply; a pattern with more readings than this is several patterns.
MOST_READINGS = 10_000

GLOB = frozenset("*?")
WORD = r"[^\s()@…|]+"
PART = re.compile(rf"\((?P<any>[^()]*)\)|…(?P<gap>\d*)|@(?P<list>[\w.-]+)|(?P<phrase>{WORD}(?:\s+{WORD})*)")
# "gas(oline)" is one word in other grammars and two here.
GLUED = re.compile(r"[^\s(|][(@]|\)[^\s|)]")


@dataclass(frozen=True)
class Step:
    """One of ``words``, after at most ``gap`` other words."""

    words: tuple[str, ...]
    gap: int = 0


Steps = tuple[Step, ...]


def read_pattern(pattern: str, lists: Lists | None = None) -> list[Steps]:
    """The sequences of steps a pattern stands for; a choice between phrases gives one each.

    Raises:
        ValueError: a bracket that does not close, a list that is not there, a gap at an end or too wide,
            nothing to match, or too many readings.

    >>> read_pattern("(closer|warm) ties")
    [(Step(words=('closer', 'warm'), gap=0), Step(words=('ties',), gap=0))]
    """
    return read_patterns([pattern], lists)[pattern]


def read_patterns(patterns: Iterable[str], lists: Lists | None = None) -> dict[str, list[Steps]]:
    """Each pattern, read as ``read_pattern`` does; all their words are spelled as tokens in one go."""
    parts = {pattern: _parts(pattern) for pattern in patterns}
    words = {
        pattern: [(part, _members(part, lists or {}, pattern)) for part in found]
        for pattern, found in parts.items()
    }
    spelled = _spelled({member for found in words.values() for _, written in found for member in written})
    return {pattern: _sequences(pattern, found, spelled) for pattern, found in words.items()}


def _parts(pattern: str) -> list[re.Match[str]]:
    spaced = re.sub(r"(?:…|\.\.\.)(\d*)", r" …\1 ", pattern)
    if rest := PART.sub("", spaced).strip():
        raise ValueError(
            f"pattern {pattern!r}: cannot read {rest!r}. Choices stand in brackets that close: (oil|gas)."
        )
    if glued := GLUED.search(spaced):
        raise ValueError(
            f"pattern {pattern!r}: {glued.group()!r} runs together. "
            "Put a space between words, brackets and lists, or write both words: (gas|gasoline)."
        )
    return list(PART.finditer(spaced))


def _members(part: re.Match[str], lists: Lists, pattern: str) -> list[str]:
    """The words or phrases one part may be, as written."""
    if part["gap"] is not None:
        return []
    if part["phrase"]:
        return [part["phrase"]]
    written = part["any"].split("|") if part["any"] is not None else [f"@{part['list']}"]
    try:
        found = members(written, lists)
    except ValueError as error:
        raise ValueError(f"pattern {pattern!r}: {error}") from None
    for member in found:
        if set("()@…|") & set(member):
            raise ValueError(
                f"pattern {pattern!r}: {member!r} stands in a choice or list, which hold words and phrases only. "
                "Write it as a pattern of its own."
            )
    return found


def _spelled(written: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words of each phrase as the tokens write them."""
    pieces = {text: _pieces(text) for text in written}
    plain = sorted({piece for found in pieces.values() for piece in found if not GLOB & set(piece)})
    terms = dict(zip(plain, tokenize(plain).to_lists(), strict=True))
    return {
        text: tuple(term for piece in found for term in (_globs(piece) if GLOB & set(piece) else terms[piece]))
        for text, found in pieces.items()
    }


def _pieces(text: str) -> list[str]:
    """A phrase as runs of plain words, which may be one term together ("s 400"), and of globs."""
    runs = itertools.groupby(text.split(), key=lambda word: bool(GLOB & set(word)))
    return [" ".join(run) for _, run in runs]


def _globs(text: str) -> list[str]:
    """Globs, lower-cased, split where words are."""
    signs = (sign if sign in GLOB or unicodedata.category(sign)[0] in "LMN" else " " for sign in text.lower())
    return "".join(signs).split()


def _sequences(
    pattern: str, parts: list[tuple[re.Match[str], list[str]]], spelled: Mapping[str, tuple[str, ...]]
) -> list[Steps]:
    choices: list[list[Steps]] = []
    gap: int | None = None
    for part, written in parts:
        if part["gap"] is not None:
            gap = (gap or 0) + int(part["gap"] or GAP)
            _check_gap(pattern, gap, first=not choices)
            continue
        empty = [member for member in written if not spelled[member]]
        if empty:
            raise ValueError(f"pattern {pattern!r}: {empty[0]!r} holds no word.")
        choices.append([_after(steps, gap or 0) for steps in _choice([spelled[member] for member in written])])
        gap = None
    if not choices or gap is not None:
        raise ValueError(f"pattern {pattern!r}: no word to match {'in it' if gap is None else 'after the gap'}.")
    if (readings := math.prod(map(len, choices))) > MOST_READINGS:
        raise ValueError(
            f"pattern {pattern!r} can be read in {readings:,} ways; {MOST_READINGS:,} are allowed. "
            "Choices between phrases multiply: split the pattern."
        )
    return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*choices)]


def _check_gap(pattern: str, gap: int, *, first: bool) -> None:
    if first:
        raise ValueError(f"pattern {pattern!r}: no word to match before the gap.")
    if gap > LONGEST_GAP:
        raise ValueError(f"pattern {pattern!r}: a gap of {gap} words; at most {LONGEST_GAP} may pass.")


def _choice(phrases: Sequence[tuple[str, ...]]) -> list[Steps]:
    """All single words as one step, each phrase as steps of its own."""
    single = tuple(phrase[0] for phrase in phrases if len(phrase) == 1)
    steps: list[Steps] = [(Step(single),)] if single else []
    return steps + [tuple(Step((word,)) for word in phrase) for phrase in phrases if len(phrase) > 1]


def _after(steps: Steps, gap: int) -> Steps:
    return (Step(steps[0].words, gap), *steps[1:])
