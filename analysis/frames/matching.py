"""Which matches of a lexicon's patterns are hits: conditions, overlaps, negation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.arrays import Ints as Places
from analysis.corpus.pair import enumerations
from analysis.corpus.passages import about_pair
from analysis.corpus.writing import grammar
from analysis.frames.conditions import PAIR, Clauses, Condition, Negation, Only, Unless
from analysis.frames.lexicon import Lexicon
from analysis.text.patterns import LONGEST_GAP, Steps, read_patterns
from analysis.text.places import NONE, Patterns, find_patterns
from analysis.text.tokens import Tokens

COUNTRIES = re.compile(r"@(others|pair)\b")  # the lists of names in a lexicon about two countries
Found = dict[str, tuple[Places, Places]]


@dataclass(frozen=True)
class MatchContext:
    """Passages, which of them are searched (``near``), and what these hold.

    Passages before one show who "the two countries" are; ``found`` is the first and last token of each match of a
    pattern, ``read`` what the pattern stands for.
    """

    passages: pd.DataFrame
    near: Flags
    tokens: Tokens
    found: Found
    read: Mapping[str, list[Steps]]
    isolated: bool = False
    language: str = "en"

    def allows(self, first: Places, last: Places, only: Only, unless: Unless) -> Flags:
        """Which spans meet all that ``only`` asks for, and nothing that ``unless`` names."""
        allowed, barred = self._met(first, last, only), self._met(first, last, unless)
        if unless.listed and len(first):
            barred.append(self._listed(first, last, unless.listed))
        every = [np.ones(len(first), bool), *allowed, *(~met for met in barred)]
        return np.asarray(np.logical_and.reduce(every), bool)

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
            starts = np.sort(spans_of(condition.passage, self.found)[0])
            below = np.searchsorted(starts, np.maximum(first - LONGEST_GAP, bounds[text]))
            upto = np.minimum(last + LONGEST_GAP, bounds[text + 1] - 1)
            met.append(np.searchsorted(starts, upto, "right") > below)
        if condition.opens:
            near = last - bounds[text] < LONGEST_GAP  # of what comes later, the opening says nothing
            met.append((self._opening(condition.opens) < self._opening([PAIR]))[text] & near)
        if condition.about:
            about = about_pair(self.passages, condition.about, isolated=self.isolated).to_numpy(dtype=bool)
            met.append(about[self.near][text])
        return met

    def _opening(self, patterns: Sequence[str]) -> Places:
        """The first token in each passage that begins one of the patterns; beyond the last where none occurs."""
        first = np.full(len(self.tokens.docs), len(self.tokens.codes))
        at = spans_of(patterns, self.found)[0]
        np.minimum.at(first, self.tokens.text_index[at], at)
        return first

    def _listed(self, first: Places, last: Places, least: int) -> Flags:
        """Which spans share a character with a list of so many countries."""
        tokens = self.tokens
        text, start, end = tokens.text_index[first], tokens.starts[first], tokens.ends[last] - 1
        rows, place = np.unique(text, return_inverse=True)
        texts = [tokens.texts[row] for row in rows.tolist()]
        lists = enumerations(texts, least=least, language=self.language)
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


@dataclass(frozen=True)
class Matches:
    """Matches as columns: entry, frame and pattern (places in the lexicon), first and last token, negation."""

    entry: Places
    frame: Places
    pattern: Places
    first: Places
    last: Places
    negated: Flags

    def __len__(self) -> int:
        return len(self.first)

    def __getitem__(self, rows: Any) -> "Matches":
        return Matches(**{name: column[rows] for name, column in vars(self).items()})

    def joined(self, more: "Matches") -> "Matches":
        return Matches(**{name: np.concatenate([column, vars(more)[name]]) for name, column in vars(self).items()})


def found_patterns(tokens: Tokens, lexicon: Lexicon) -> Found:
    """First and last tokens of every match of every pattern; the vocabulary is searched once for all."""
    found = find_patterns(tokens, lexicon.searched)
    ends = np.cumsum([0, *map(len, lexicon.read.values())])
    bounds = np.searchsorted(found["pattern"], ends)
    first, last = (np.split(found[end].to_numpy(), bounds[1:-1]) for end in ("first", "last"))
    matches = dict(zip(lexicon.read, zip(first, last, strict=True), strict=False))
    named = [pattern for pattern in matches if COUNTRIES.search(pattern)] if lexicon.about else []
    if named:
        table = find_patterns(tokens, _read(lexicon.language, "not", "currencies"))
        hidden = table["first"].to_numpy(), table["last"].to_numpy()
        for pattern in named:
            free = ~meeting(*matches[pattern], *hidden)
            matches[pattern] = matches[pattern][0][free], matches[pattern][1][free]
    return matches


@cache
def _read(language: str, *lists: str) -> Patterns:
    """The phrases of a language's lists, as patterns: what has a country's name but is not it, what denies."""
    phrases = [str(form) for name in lists for form in grammar(language).get(name, ())]
    return Patterns(steps for read in read_patterns(phrases, language=language).values() for steps in read)


def framed(context: MatchContext, lexicon: Lexicon) -> Matches:
    """The matches that count, sorted by place."""
    matches = _matches(context.found, lexicon)
    kept = _counted(matches[_in_context(matches, context, lexicon)], lexicon.overlaps)
    return _unyielding(_negated(kept, context, lexicon), context, lexicon)


def _matches(found: Found, lexicon: Lexicon) -> Matches:
    labels = {label: at for at, label in enumerate(lexicon.labels)}
    rows = [
        (at, labels[entry.frame], pattern) for at, entry in enumerate(lexicon.entries) for pattern in entry.match
    ]
    first, last = spans_of([pattern for *_, pattern in rows], found)
    number = np.repeat(np.arange(len(rows)), [len(found[pattern][0]) for *_, pattern in rows])
    entry, frame = (np.array([row[at] for row in rows], np.int64)[number] for at in (0, 1))
    return Matches(entry, frame, number, first, last, np.zeros(len(first), bool))


def _in_context(matches: Matches, context: MatchContext, lexicon: Lexicon) -> Flags:
    """Which matches every ``only`` allows and no ``unless`` excludes: the lexicon's and the entry's own."""
    counts = context.allows(matches.first, matches.last, lexicon.only, lexicon.unless)
    bounds = np.searchsorted(matches.entry, np.arange(len(lexicon.entries) + 1))
    for entry, start, end in zip(lexicon.entries, bounds[:-1], bounds[1:], strict=True):
        own = slice(start, end)
        counts[own] &= context.allows(matches.first[own], matches.last[own], entry.only, entry.unless)
    return counts


def _counted(matches: Matches, overlaps: str) -> Matches:
    """Of overlapping matches, of one frame or of the lexicon, the longest, then the first, then the first entry.

    With ``overlaps`` "all" every match counts, once an entry and place.
    """
    if overlaps == "all":
        spans = np.stack([matches.frame, matches.entry, matches.first, matches.last])
        return _in_order(matches[np.unique(spans, axis=1, return_index=True)[1]])
    apart = matches.last.max(initial=0) + 1  # groups are laid end to end, so that they never meet
    group = matches.frame * apart if overlaps == "frame" else 0
    return _in_order(matches[_longest(matches.first + group, matches.last + group, matches.entry)])


def _in_order(matches: Matches) -> Matches:
    """By place, then by frame and entry."""
    length = matches.last - matches.first
    kind = matches.frame * (matches.entry.max(initial=0) + 1) + matches.entry
    longest, kinds = length.max(initial=0) + 1, kind.max(initial=0) + 1
    return matches[np.argsort((matches.first * longest + length) * kinds + kind, kind="stable")]


def _longest(first: Places, last: Places, entry: Places) -> Places:
    """Rows of the spans that win: those that meet no other, then, by rank, those that meet no earlier winner.

    An earlier winner is at least as long, so an end of the row would lie in it.
    """
    order = np.argsort(first, kind="stable")
    first, last, entry = first[order], last[order], entry[order]
    opens = np.append(True, first[1:] > np.maximum.accumulate(last)[:-1])[: len(first)]
    wins = opens & np.append(opens[1:], True)[: len(first)]
    contested = np.flatnonzero(~wins)
    rank = np.lexsort([entry[contested], first[contested], (first - last)[contested]])
    ranked, taken = contested[rank], set[int]()
    for row, start, end in zip(ranked.tolist(), first[ranked].tolist(), last[ranked].tolist(), strict=True):
        if start not in taken and end not in taken:
            taken.update(range(start, end + 1))
            wins[row] = True
    return np.asarray(order[wins])


def _negated(matches: Matches, context: MatchContext, lexicon: Lexicon) -> Matches:
    """The matches with those negated, and the frames that these count for instead."""
    applied, doubted = ([getattr(one, key) for one in lexicon.labelled] for key in ("negation", "hedging"))
    negative = _follows(matches, lexicon.negation, context, lexicon) & np.array(applied, bool)[matches.frame]
    hedged = _follows(matches, lexicon.hedging, context, lexicon) & ~negative
    at = {"": -1} | {label: place for place, label in enumerate(lexicon.labels)}
    no, maybe = (
        np.array([at[getattr(entry, key)] for entry in lexicon.entries], np.int64)[matches.entry]
        for key in ("negated", "hedged")
    )
    hedged &= np.array(doubted, bool)[matches.frame] | (maybe >= 0)
    becomes = np.where(negative, no, np.where(hedged, maybe, -1))
    marked = replace(matches, negated=(negative | hedged) & (becomes != matches.frame))
    turned = (becomes >= 0) & marked.negated
    if not turned.any():
        return marked
    instead = replace(marked, frame=becomes, negated=np.zeros(len(marked), bool))
    both = marked.joined(instead[turned])
    return _counted(both, "frame") if lexicon.overlaps == "frame" else _in_order(both)


def _follows(matches: Matches, words: Negation, context: MatchContext, lexicon: Lexicon) -> Flags:
    """Which matches are within the scope of such a word in the same passage, or hold it in a gap.

    In other languages than English the scope ends with the clause, that of a negator of a noun with the first
    match and those joined to it, and verbs of denial are negators.
    """
    if not words.words or not len(matches):
        return np.zeros(len(matches), bool)
    clauses, first = Clauses(context.tokens, lexicon.language), matches.first
    found = spans_of(words.words, context.found)
    if words is lexicon.negation and clauses.rules:
        denials = find_patterns(context.tokens, _read(lexicon.language, "denials"))
        found = np.append(found[0], denials["first"]), np.append(found[1], denials["last"])
    kept = ~clauses.idle(found[1]) & ~meeting(*found, *spans_of(words.exceptions, context.found))
    starts, ends = found[0][kept], clauses.aside(found[1][kept])
    hyphened = clauses.hyphened(ends)
    opens = np.searchsorted(first, ends, side="right")
    reach = np.where(hyphened, ends + 1, clauses.reach(ends, words.scope))
    if "nominal" in clauses.rules:
        joined = _joined(matches, clauses)[np.minimum(opens, len(first) - 1)]
        reach = np.where(clauses.at(clauses.rules["nominal"], starts), np.minimum(reach, joined), reach)
    edges = [np.bincount(at, minlength=len(first) + 1) for at in (opens, np.searchsorted(first, reach, "right"))]
    follows = np.asarray(np.cumsum(edges[0] - edges[1])[:-1] > 0)
    follows |= _behind(matches, np.sort(starts[~hyphened]), words.behind, clauses)
    split = np.flatnonzero(_open(matches, words, context, lexicon))
    before, within = (np.searchsorted(np.sort(ends[~hyphened]), at[split]) for at in (first, matches.last))
    follows[split] |= within > before
    return follows


def _joined(matches: Matches, clauses: Clauses) -> Places:
    """Where the last match begins that only joiners part from each ("ohne Dialog und Vertrauen")."""
    counted = clauses.counted("uncounted", "joiners")
    apart = counted[matches.first[1:] - 1] > counted[np.maximum.accumulate(matches.last)[:-1]]
    group = np.cumsum(np.append(False, apart))
    return np.asarray(matches.first[np.searchsorted(group, group, side="right") - 1])


def _behind(matches: Matches, starts: Places, scope: int, clauses: Clauses) -> Flags:
    """Which matches a later word negates; without a ``scope`` those that the grammar of the language allows."""
    rules: dict[str, Any] = {"scope": scope} if scope else clauses.rules.get("behind", {})
    if "words" in rules:
        starts = starts[clauses.at(rules["words"], starts)]
    if not rules or not len(starts):
        return np.zeros(len(matches), bool)
    end, nearest = clauses.reach(matches.last, rules["scope"]), np.searchsorted(starts, matches.last, side="right")
    negated = np.asarray(np.searchsorted(starts, end, side="right") > nearest)
    if "unless" in rules:
        rows = np.flatnonzero(negated)
        negated[rows] = ~clauses.between(
            rules["unless"], matches.first[rows], matches.last[rows], starts[nearest[rows]]
        )
    return negated


def _open(matches: Matches, words: Negation, context: MatchContext, lexicon: Lexicon) -> Flags:
    """Which matches have a gap for a negator; one that their pattern itself spells negates nothing."""
    written = [pattern for entry in lexicon.entries for pattern in entry.match]
    met, number = np.unique(matches.pattern, return_inverse=True)
    negators = _spelled(words.words, context)
    gaps = [
        any(step.gap for steps in context.read[pattern] for step in steps)
        and negators.isdisjoint(_spelled([pattern], context))
        for pattern in (written[at] for at in met.tolist())
    ]
    return np.array(gaps, bool)[number]


def _spelled(patterns: Sequence[str], context: MatchContext) -> set[str]:
    return {
        word for pattern in patterns for steps in context.read[pattern] for step in steps for word in step.words
    }


def _unyielding(matches: Matches, context: MatchContext, lexicon: Lexicon) -> Matches:
    """The matches that need not yield: no entry that yields to none carries the frame that has precedence."""
    if not any(entry.yields for entry in lexicon.entries):
        return matches
    text = context.tokens.text_index[matches.first]
    yielding = np.array([bool(entry.yields) for entry in lexicon.entries], bool)[matches.entry]
    firm = ~matches.negated & ~yielding
    carried = np.zeros((len(context.tokens.docs), len(lexicon.labels)), bool)
    carried[text[firm], matches.frame[firm]] = True
    before = [
        [bool(entry.yields) and f"{label}.".startswith(f"{entry.yields}.") for label in lexicon.labels]
        for entry in lexicon.entries
    ]
    return matches[~(carried[text] & np.array(before, bool)[matches.entry]).any(axis=1)]
