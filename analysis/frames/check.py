"""Entries and patterns of a lexicon that can never count, or did not in a corpus."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import pandas as pd

from analysis.corpus.mentions import missed_names
from analysis.frames.conditions import KINDS, Only, Unless
from analysis.frames.covering import inside, same_span
from analysis.frames.lexicon import Entry, Lexicon
from analysis.frames.match import as_passages, find_frames, in_language
from analysis.frames.matching import found_patterns
from analysis.text.patterns import CASE, GLOB, Steps, left_out
from analysis.text.tokens import tokenize

COLUMNS = ["frame", "entry", "pattern", "problem", "by"]
# Characters that may part two words: some pairs are one term after one, two after another ("3,200", "3; 200").
PARTINGS = (" ", "; ", "-")
MOST_PAIRS = 2_000  # pairs of neighbouring words that are tried; where there are more, some are enough

LIST = re.compile(r"@([\w.-]+)")
Row = tuple[str, str, str, str, str]
BEGIN = 3  # letters by which a pattern is looked up, so that it is compared with few others


def check_lexicon(lexicon: Lexicon, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Patterns of a lexicon that can never count or match anything, and lists that nothing uses.

    A pattern can never match where a list it needs is empty or the tokens write its words as one ("s 400" in two
    parts). It never counts where its own conditions always exclude it, or where another pattern of its frame
    matches wherever it does and has precedence. What is listed is certain, but not all that might be wrong.

    Parameters
    ----------
    passages : DataFrame, optional
        All passages of some articles (``passages(articles, about=None)``), or the articles. With them, patterns
        without a hit are listed, too, and names of the two countries which the lexicon's pair does not know; with
        a column ``outlet``, by outlet.

    Returns
    -------
    DataFrame
        ``frame, entry, pattern, problem, by``: ``by`` is the pattern that has precedence or excludes it. In the
        order of the lexicon; an empty table where nothing is wrong. Of a lexicon of several languages also
        ``language``.

    Examples
    --------
    >>> check_lexicon(Lexicon("tiny", entries=[Entry("all*", "near"), Entry("ally", "near")]))
      frame entry pattern   problem    by
    0  near  ally    ally  shadowed  all*
    """
    if lexicon.parallel:
        given = None if passages is None else as_passages(passages)
        parts = [
            check_lexicon(one, in_language(given, code)).assign(language=code)
            for code, one in lexicon.each.items()
        ]
        return pd.concat(parts, ignore_index=True)
    dead = _dead(lexicon)
    rows = [*_patterns(lexicon, dead), *_unused(lexicon)]
    if passages is not None:
        rows += _silent(lexicon, passages, {(frame, entry, pattern) for frame, entry, pattern, *_ in rows})
        rows += _missed_names(lexicon, passages)
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


@dataclass(frozen=True)
class _Rivals:
    """The patterns of a lexicon by their first words, so that each is compared with few others."""

    lexicon: Lexicon
    dead: Mapping[str, str]

    @cached_property
    def index(self) -> dict[tuple[str, int, str], set[tuple[int, int, str]]]:
        """Entry, place and pattern, by the group of competing hits, the number of steps and a beginning."""
        index = defaultdict(set)
        for number, entry in enumerate(self.lexicon.entries):
            for place, pattern in enumerate(dict.fromkeys(entry.match)):
                for steps in [] if pattern in self.dead else self.lexicon.read[pattern]:
                    for word in steps[0].words:
                        index[self.group(number), len(steps), _begin(word)].add((number, place, pattern))
        return index

    def group(self, number: int) -> str:
        """Hits compete within a frame, the lexicon, or an entry."""
        overlaps = self.lexicon.overlaps
        return {"frame": self.lexicon.entries[number].frame, "lexicon": "", "all": f"#{number}"}[overlaps]

    def of(self, number: int, steps: Steps) -> list[tuple[int, str]]:
        """The patterns that may match wherever the steps do, in the order of the lexicon."""
        keys = {"", _begin(steps[0].words[0])} if steps[0].words else set()
        found = set().union(*(self.index.get((self.group(number), len(steps), key), set()) for key in keys))
        return [(other, pattern) for other, _, pattern in sorted(found) if other <= number]


def _begin(word: str) -> str:
    """The first letters of a word, if it has so many before a glob: what covers it begins alike, or has fewer."""
    letters = re.split("[*?=]", word)[0][:BEGIN]
    return letters if len(letters) == BEGIN else ""


def _patterns(lexicon: Lexicon, dead: Mapping[str, str]) -> Iterator[Row]:
    rivals = _Rivals(lexicon, dead)
    applied = {frame.name: frame.negation for frame in lexicon.frames}
    for number, entry in enumerate(lexicon.entries):
        never = _never_allowed(lexicon, entry, dead)
        for pattern, times in Counter(entry.match).items():
            twice = ("duplicate in its entry", pattern)
            problem, by = _problem(rivals, number, pattern, never) if times == 1 else twice
            if problem:
                yield entry.frame, entry.name, pattern, problem, by
        yield from _without_effect(lexicon, entry, applied=applied[entry.frame])


def _problem(rivals: _Rivals, number: int, pattern: str, never: str) -> tuple[str, str]:
    lexicon, dead = rivals.lexicon, rivals.dead
    entry = lexicon.entries[number]
    if pattern in dead:
        return dead[pattern], ""
    single = [steps[0].words for steps in lexicon.read[pattern] if len(steps) == 1]
    if loose := [word for words in single for word in words if set(word) <= GLOB]:
        star = any("*" in word for word in loose)
        return f"matches every word{'' if star else f' of {len(loose[0])} characters'}", ""
    if by := _taken_back(lexicon, entry, pattern):
        return "always excluded by unless", by
    if never:
        return "its only can never hold", never
    shadows = [_first_shadow(rivals, number, pattern, steps) for steps in lexicon.read[pattern]]
    if shadows and all(shadows):
        return "shadowed", shadows[0]
    if left := left_out(pattern):
        words = "; ".join(" ".join(step.words[0] for step in steps) for steps in lexicon.read[pattern][:1])
        return f"its characters {left!r} are not matched; it finds {words!r}", ""
    return "", ""


def _dead(lexicon: Lexicon) -> dict[str, str]:
    pairs = {pattern: [list(_pairs(steps)) for steps in read] for pattern, read in lexicon.read.items()}
    one_term = _joined({pair for read in pairs.values() for steps in read for ways in steps for pair in ways})
    dead = {}
    for pattern, readings in pairs.items():
        if all(any(not step.words for step in steps) for steps in lexicon.read[pattern]):
            dead[pattern] = "can never match: its list is empty"
        elif all(any(ways and one_term.issuperset(ways) for ways in steps) for steps in readings):
            dead[pattern] = "can never match: the tokens write its words as one, or not at all"
    return dead


def _pairs(steps: Steps) -> Iterator[list[tuple[str, str]]]:
    """Pairs of words possible at each two neighbouring steps; those with a glob may be anything."""
    for one, other in pairwise(steps):
        plain = not any(GLOB & set(word) for word in (*one.words, *other.words))
        if other.gap == 0 and plain and len(one.words) * len(other.words) <= MOST_PAIRS:
            yield [(a.partition(CASE)[0], b.partition(CASE)[0]) for a, b in product(one.words, other.words)]


def _joined(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs that are never two terms in a row, however they are written."""
    ordered = sorted(pairs)
    lists = tokenize([sign.join(pair) for sign in PARTINGS for pair in ordered]).to_lists()
    apart = [tuple(terms) == pair for terms, pair in zip(lists, ordered * len(PARTINGS), strict=True)]
    return pairs - {pair for pair, as_two in zip(ordered * len(PARTINGS), apart, strict=True) if as_two}


def _taken_back(lexicon: Lexicon, entry: Entry, pattern: str) -> str:
    """The pattern of an ``unless`` that matches wherever this one does."""
    barring = [
        other
        for unless in (entry.unless, lexicon.unless)
        for other in (*unless.over, *unless.passage)
        if all(inside(lexicon.read[other], steps) for steps in lexicon.read[pattern])
    ]
    return barring[0] if barring else ""


def _never_allowed(lexicon: Lexicon, entry: Entry, dead: Mapping[str, str]) -> str:
    """The ``only`` that cannot hold: none of its patterns can match, or an ``unless`` excludes all of them."""
    unlesses = (entry.unless, lexicon.unless)
    for only in (entry.only, lexicon.only):
        for kind in KINDS:
            asked = getattr(only, kind)
            barred = {pattern for unless in unlesses for pattern in getattr(unless, kind)}
            if asked and all(pattern in dead or pattern in barred for pattern in asked):
                return f"only {kind}: {', '.join(asked)}"
        if only.about and only.about in [unless.about for unless in unlesses]:
            return f"only about: {' and '.join(only.about)}"
    return ""


def _first_shadow(rivals: _Rivals, number: int, pattern: str, steps: Steps) -> str:
    lexicon, entry = rivals.lexicon, rivals.lexicon.entries[number]
    for other, rival in rivals.of(number, steps):
        wider = lexicon.entries[other]
        alike = wider.only in (Only(), entry.only) and wider.unless in (Unless(), entry.unless)
        if (other, rival) == (number, pattern) or not alike:
            continue
        found = any(same_span(wide, steps) for wide in lexicon.read[rival])
        sooner = other < number or entry.match.index(rival) < entry.match.index(pattern)
        both = all(any(same_span(one, narrow) for one in lexicon.read[pattern]) for narrow in lexicon.read[rival])
        if found and (sooner or not both):
            return rival
    return ""


def _without_effect(lexicon: Lexicon, entry: Entry, *, applied: bool) -> Iterator[Row]:
    """The frames that an entry names for negation and hedging, though neither applies."""
    if entry.negated not in ("", entry.frame) and not (applied and lexicon.negation.words):
        yield entry.frame, entry.name, "", f"negated: {entry.negated} never applies", ""
    if entry.hedged and not lexicon.hedging.words:
        yield entry.frame, entry.name, "", f"hedged: {entry.hedged} never applies", ""


def _unused(lexicon: Lexicon) -> Iterator[Row]:
    used: set[str] = set()
    asked = {name for _, patterns in lexicon.patterns() for pattern in patterns for name in LIST.findall(pattern)}
    while asked:
        used |= asked
        within = (member for name in asked for member in lexicon.named_lists[name])
        asked = {member.strip()[1:] for member in within if member.startswith("@")} - used
    yield from (("", "", f"@{name}", "list never used", "") for name in lexicon.lists if name not in used)


def _silent(lexicon: Lexicon, passages: pd.DataFrame, listed: set[tuple[str, str, str]]) -> Iterator[Row]:
    """The patterns that occur nowhere, and those of entries without a hit, beyond those ``listed`` already."""
    hits = find_frames(passages, lexicon)
    hit = set(zip(hits["frame"].astype("str"), hits["entry"], strict=True))
    found = found_patterns(tokenize(as_passages(passages), known=lexicon.known), lexicon)
    for entry in lexicon.entries:
        silent = hit.isdisjoint((frame, entry.name) for frame in (entry.frame, entry.negated, entry.hedged))
        for pattern in entry.match:
            absent = not len(found[pattern][0])
            problem = "occurs, but a condition or a longer match takes each hit away"
            if (absent or silent) and (entry.frame, entry.name, pattern) not in listed:
                yield entry.frame, entry.name, pattern, "does not occur in the passages" if absent else problem, ""


def _missed_names(lexicon: Lexicon, passages: pd.DataFrame) -> Iterator[Row]:
    """Names of the two countries that the passages hold and the lexicon's pair does not."""
    if not lexicon.about:
        return
    table = as_passages(passages)
    outlets = table["outlet"].astype("str").tolist() if "outlet" in table else [""] * len(table)
    for country, name, rows in missed_names(table["text"].tolist(), lexicon.about):
        by_outlet = Counter(outlets[row] for row in rows).most_common()
        where = f" ({', '.join(f'{outlet} {n:,}' for outlet, n in by_outlet)})" if "outlet" in table else ""
        problem = f"a name of {country} in {len(rows):,} passages{where}, not among those of the pair"
        yield "", "about", name, problem, ""
