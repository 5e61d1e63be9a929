"""Entries and patterns of a lexicon that can never count, or did not in a corpus."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

import pandas as pd

from analysis.frames.grammar.covering import inside, same_span
from analysis.frames.lexicon import KINDS, Entry, Lexicon, Only, Unless
from analysis.frames.match import find_frames
from analysis.text.patterns import CASE, GLOB, Step, Steps
from analysis.text.tokens import tokenize

COLUMNS = ["frame", "entry", "pattern", "problem", "by"]
# Signs that may part two words: some pairs are one term after one of them, two after another ("3,200", "3; 200").
PARTINGS = (" ", "; ", "-")
MOST_PAIRS = 2_000  # pairs of neighbouring words that are tried; where there are more, some will do

LIST = re.compile(r"@([\w.-]+)")
Row = tuple[str, str, str, str, str]


def check_lexicon(lexicon: Lexicon, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """What is wrong with a lexicon: entries and patterns that can never count, and lists that nothing uses.

    A pattern can never match where a list it needs is empty or the tokens write its words as one ("s 400" in two
    parts). It never counts where its own conditions always take it back, or where another pattern of its frame
    stands wherever it does and goes before it; compared word by word, globs and gaps read, so that what is told is
    sure and not all that might be told.

    Args:
        lexicon: the lexicon.
        passages: passages or articles; with them, patterns that stand nowhere in these and entries without a hit
            are told, too.

    Returns:
        ``frame, entry, pattern, problem, by``: ``by`` is the pattern that goes before, or takes it back. In the
        order of the lexicon; no row, no problem.

    >>> from analysis.frames.grammar.yaml_form import parsed
    >>> check_lexicon(parsed("frames: {near: [ally, all*, ally of mine]}", "tiny.yaml"))
    Empty DataFrame
    Columns: [frame, entry, pattern, problem, by]
    Index: []
    >>> check_lexicon(parsed("frames: {near: [all*, ally]}", "tiny.yaml"))
      frame entry pattern   problem    by
    0  near  ally    ally  shadowed  all*
    """
    dead = _dead(lexicon)
    rows = [*_patterns(lexicon, dead), *_unused(lexicon)]
    if passages is not None:
        rows += _silent(lexicon, passages, {(frame, entry, pattern) for frame, entry, pattern, *_ in rows})
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _patterns(lexicon: Lexicon, dead: Mapping[str, str]) -> Iterator[Row]:
    for at, entry in enumerate(lexicon.entries):
        for pattern in dict.fromkeys(entry.match):
            problem, by = _problem(lexicon, at, pattern, dead)
            if problem:
                yield entry.frame, entry.name, pattern, problem, by
        yield from _deaf(lexicon, entry)


def _problem(lexicon: Lexicon, at: int, pattern: str, dead: Mapping[str, str]) -> tuple[str, str]:
    entry = lexicon.entries[at]
    if entry.match.count(pattern) > 1:
        return "stands twice in its entry", pattern
    if pattern in dead:
        return dead[pattern], ""
    if by := _taken_back(lexicon, entry, pattern):
        return "always taken back by unless", by
    if by := _never_allowed(lexicon, entry, dead):
        return "its only can never hold", by
    by = _shadow(lexicon, at, pattern, dead)
    return ("shadowed", by) if by else ("", "")


def _dead(lexicon: Lexicon) -> dict[str, str]:
    """The patterns that no text can match, and why."""
    pairs = {pattern: [list(_pairs(steps)) for steps in read] for pattern, read in lexicon.read.items()}
    one_term = _joined({pair for read in pairs.values() for steps in read for ways in steps for pair in ways})
    dead = {}
    for pattern, readings in pairs.items():
        if not lexicon.read[pattern] or all(
            any(not step.words for step in steps) for steps in lexicon.read[pattern]
        ):
            dead[pattern] = "can never match: its list is empty"
        elif all(any(ways and one_term.issuperset(ways) for ways in steps) for steps in readings):
            dead[pattern] = "can never match: the tokens write its words as one, or not at all"
    return dead


def _pairs(steps: Steps) -> Iterator[list[tuple[str, str]]]:
    """The pairs of words that may stand at each two neighbouring steps; those with a glob may be anything."""
    for one, other in pairwise(steps):
        if other.gap == 0 and _plain(one) and _plain(other) and len(one.words) * len(other.words) <= MOST_PAIRS:
            yield [(a.partition(CASE)[0], b.partition(CASE)[0]) for a, b in product(one.words, other.words)]


def _plain(step: Step) -> bool:
    return not any(GLOB & set(word) for word in step.words)


def _joined(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs that are never two terms in a row, however they are written."""
    ordered = sorted(pairs)
    texts = [sign.join(pair) for pair in ordered for sign in PARTINGS]
    lists = iter(tokenize(texts).to_lists())
    found = [[next(lists) for _ in PARTINGS] for _ in ordered]
    return {pair for pair, ways in zip(ordered, found, strict=True) if list(pair) not in ways}


def _taken_back(lexicon: Lexicon, entry: Entry, pattern: str) -> str:
    """The pattern of an ``unless`` that stands wherever this one does."""
    barring = [
        other
        for unless in (entry.unless, lexicon.unless)
        for other in (*unless.over, *unless.passage)
        if all(inside(lexicon.read[other], steps) for steps in lexicon.read[pattern])
    ]
    return barring[0] if barring else ""


def _never_allowed(lexicon: Lexicon, entry: Entry, dead: Mapping[str, str]) -> str:
    """The ``only`` that cannot hold: none of its patterns can match, or an ``unless`` bars all of them."""
    onlys, unlesses = (entry.only, lexicon.only), (entry.unless, lexicon.unless)
    for only in onlys:
        for kind in KINDS:
            asked = getattr(only, kind)
            barred = {pattern for unless in unlesses for pattern in getattr(unless, kind)}
            if asked and all(pattern in dead or pattern in barred for pattern in asked):
                return f"only {kind}: {', '.join(asked)}"
        if only.about and only.about in [unless.about for unless in unlesses]:
            return f"only about: {' and '.join(only.about)}"
    return ""


def _shadow(lexicon: Lexicon, at: int, pattern: str, dead: Mapping[str, str]) -> str:
    """The pattern that goes before this one wherever it stands; of several, the first."""
    rivals = [
        (number, other)
        for number, entry in enumerate(lexicon.entries)
        if number <= at and _may_shadow(lexicon, number, at)
        for other in entry.match
        if other not in dead and (number < at or other != pattern)
    ]
    shadows = [_first_shadow(lexicon, rivals, at, pattern, steps) for steps in lexicon.read[pattern]]
    return shadows[0] if shadows and all(shadows) else ""


def _first_shadow(lexicon: Lexicon, rivals: Sequence[tuple[int, str]], at: int, pattern: str, steps: Steps) -> str:
    for number, other in rivals:
        found = any(same_span(wide, steps) for wide in lexicon.read[other])
        if found and (number < at or _sooner(lexicon, lexicon.entries[at].match, other, pattern)):
            return other
    return ""


def _may_shadow(lexicon: Lexicon, number: int, at: int) -> bool:
    """Whether hits of one entry go before those of another: they compete, and stand under the same conditions."""
    rival, entry = lexicon.entries[number], lexicon.entries[at]
    competing = (
        number == at
        or lexicon.overlaps == "lexicon"
        or (lexicon.overlaps == "frame" and rival.frame == entry.frame)
    )
    return competing and rival.only in (Only(), entry.only) and rival.unless in (Unless(), entry.unless)


def _sooner(lexicon: Lexicon, match: Sequence[str], other: str, pattern: str) -> bool:
    """Whether a pattern of the same entry makes this one needless: it stands earlier, or says more."""
    earlier = match.index(other) < match.index(pattern)
    return earlier or not all(
        any(same_span(wide, steps) for wide in lexicon.read[pattern]) for steps in lexicon.read[other]
    )


def _deaf(lexicon: Lexicon, entry: Entry) -> Iterator[Row]:
    """What an entry says that it becomes, though no denial is heard."""
    heard = {frame.name: frame.negation for frame in lexicon.frames}[entry.frame]
    if entry.negated not in ("", entry.frame) and not (heard and lexicon.negation.words):
        yield entry.frame, entry.name, "", f"negated: {entry.negated} is never heard", ""
    if entry.hedged and not lexicon.hedging.words:
        yield entry.frame, entry.name, "", f"hedged: {entry.hedged} is never heard", ""


def _unused(lexicon: Lexicon) -> Iterator[Row]:
    used: set[str] = set()
    asked = {name for _, patterns in lexicon.patterns() for pattern in patterns for name in LIST.findall(pattern)}
    while asked:
        used |= asked
        within = (member for name in asked for member in lexicon.named_lists[name])
        asked = {member.strip()[1:] for member in within if member.startswith("@")} - used
    yield from (("", "", f"@{name}", "list never used", "") for name in lexicon.lists if name not in used)


def _silent(lexicon: Lexicon, passages: pd.DataFrame, told: set[tuple[str, str, str]]) -> Iterator[Row]:
    hits = find_frames(passages, lexicon)
    absent = set(hits.attrs["unmatched_patterns"])
    heard = set(zip(hits["frame"], hits["entry"], strict=True))
    for entry in lexicon.entries:
        for pattern in entry.match:
            if pattern in absent and (entry.frame, entry.name, pattern) not in told:
                yield entry.frame, entry.name, pattern, "stands nowhere in the passages", ""
        if not absent.issuperset(entry.match) and (entry.frame, entry.name) not in heard:
            yield entry.frame, entry.name, "", "no hit in the passages", ""
