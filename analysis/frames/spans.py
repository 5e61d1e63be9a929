"""Which matches of a lexicon's patterns are hits: conditions, overlaps, denial."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.arrays import Ints as Places
from analysis.frames.lexicon import Lexicon, Negation
from analysis.frames.scene import Found, Scene, meeting, spans_of
from analysis.text.patterns import Steps
from analysis.text.places import find_patterns
from analysis.text.tokens import Tokens

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Matches:
    """Matches as columns: ``entry`` and ``frame`` (positions in the lexicon), ``first`` and ``last`` (tokens).

    ``pattern`` is the entry's own; ``denied`` is said not to hold.
    """

    entry: Places
    frame: Places
    pattern: Places
    first: Places
    last: Places
    denied: Flags

    def __len__(self) -> int:
        return len(self.first)

    def __getitem__(self, rows: Any) -> "Matches":
        return Matches(**{name: column[rows] for name, column in vars(self).items()})

    def and_(self, more: "Matches") -> "Matches":
        return Matches(**{name: np.concatenate([column, vars(more)[name]]) for name, column in vars(self).items()})


def found_patterns(tokens: Tokens, lexicon: Lexicon) -> Found:
    """First and last tokens of every match of every pattern; the vocabulary is asked once for all."""
    steps = [steps for read in lexicon.read.values() for steps in read]
    found = find_patterns(tokens, steps)
    ends = np.cumsum([0, *map(len, lexicon.read.values())])
    bounds = np.searchsorted(found["pattern"], ends)
    first, last = (np.split(found[end].to_numpy(), bounds[1:-1]) for end in ("first", "last"))
    return dict(zip(lexicon.read, zip(first, last, strict=True), strict=False))


def framed(scene: Scene, lexicon: Lexicon) -> Matches:
    """The matches that count, sorted by place."""
    matches = _matches(scene.found, lexicon)
    kept = _counted(matches[_standing_in_context(matches, scene, lexicon)], lexicon.overlaps)
    return _standing(_said(kept, scene, lexicon), scene, lexicon)


def _matches(found: Found, lexicon: Lexicon) -> Matches:
    labels = {label: at for at, label in enumerate(lexicon.labels)}
    rows = [
        (at, labels[entry.frame], pattern) for at, entry in enumerate(lexicon.entries) for pattern in entry.match
    ]
    first, last = spans_of([pattern for *_, pattern in rows], found)
    number = np.repeat(np.arange(len(rows)), [len(found[pattern][0]) for *_, pattern in rows])
    entry, frame = (np.array([row[at] for row in rows], np.int64)[number] for at in (0, 1))
    return Matches(entry, frame, number, first, last, np.zeros(len(first), bool))


def _standing_in_context(matches: Matches, scene: Scene, lexicon: Lexicon) -> Flags:
    """Which matches every ``only`` allows and no ``unless`` takes back: the lexicon's and the entry's own."""
    stands = scene.stands(matches.first, matches.last, lexicon.only, lexicon.unless)
    bounds = np.searchsorted(matches.entry, np.arange(len(lexicon.entries) + 1))
    for entry, start, end in zip(lexicon.entries, bounds[:-1], bounds[1:], strict=True):
        own = slice(start, end)
        stands[own] &= scene.stands(matches.first[own], matches.last[own], entry.only, entry.unless)
    return stands


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
    """Rows of the spans that win. Most overlap no other: only the rest is gone through one by one."""
    order = np.argsort(first, kind="stable")
    first, last, entry = first[order], last[order], entry[order]
    opens = np.append(True, first[1:] > np.maximum.accumulate(last)[:-1])[: len(first)]
    wins = opens & np.append(opens[1:], True)[: len(first)]
    contested = np.flatnonzero(~wins)
    rank = np.lexsort([entry[contested], first[contested], (first - last)[contested]])
    wins[_won(contested[rank], first, last)] = True
    won: Places = order[wins]
    return won


def _won(ranked: Places, first: Places, last: Places) -> Places:
    """Rows that meet no earlier winner: these are at least as long, so an end of the row would lie in one."""
    taken: set[int] = set()
    won = []
    for row, start, end in zip(ranked.tolist(), first[ranked].tolist(), last[ranked].tolist(), strict=True):
        if start not in taken and end not in taken:
            taken.update(range(start, end + 1))
            won.append(row)
    return np.array(won, np.int64)


def _said(matches: Matches, scene: Scene, lexicon: Lexicon) -> Matches:
    """The matches with those denied, and what these become instead."""
    negated = _denied(matches, lexicon.negation, scene, lexicon)
    negated &= np.array([frame.negation for frame in lexicon.labelled], bool)[matches.frame]
    hedged = _denied(matches, lexicon.hedging, scene, lexicon) & ~negated
    no, maybe = (_targets(lexicon, key)[matches.entry] for key in ("negated", "hedged"))
    hedged &= np.array([frame.hedging for frame in lexicon.labelled], bool)[matches.frame] | (maybe >= 0)
    becomes = np.where(negated, no, np.where(hedged, maybe, -1))
    marked = replace(matches, denied=(negated | hedged) & (becomes != matches.frame))
    turned = (becomes >= 0) & marked.denied
    if not turned.any():
        return marked
    instead = replace(marked, frame=becomes, denied=np.zeros(len(marked), bool))
    both = marked.and_(instead[turned])
    return _counted(both, "frame") if lexicon.overlaps == "frame" else _in_order(both)


def _targets(lexicon: Lexicon, key: str) -> Places:
    """The frame that each entry becomes, -1 for none."""
    labels = {label: at for at, label in enumerate(lexicon.labels)}
    return np.array([labels.get(getattr(entry, key), -1) for entry in lexicon.entries], np.int64)


def _denied(matches: Matches, words: Negation, scene: Scene, lexicon: Lexicon) -> Flags:
    """Which matches such a word precedes within its scope in the same passage, or splits."""
    denied = np.zeros(len(matches), bool)
    if not words.words or not len(matches):
        return denied
    deniers = spans_of(words.words, scene.found)
    ends = deniers[1][~meeting(*deniers, *spans_of(words.exceptions, scene.found))]
    tokens, first = scene.tokens, matches.first
    reach = np.minimum(ends + words.scope, tokens.bounds[tokens.text_index[ends] + 1] - 1)
    opens, closes = (np.searchsorted(first, at, side="right") for at in (ends, reach))
    edges = [np.bincount(at, minlength=len(first) + 1) for at in (opens, closes)]
    denied |= np.cumsum(edges[0] - edges[1])[:-1] > 0
    split = np.flatnonzero(np.array(_open(lexicon, _words(words.words, lexicon)), bool)[matches.pattern])
    before, within = (np.searchsorted(np.sort(ends), at[split]) for at in (first, matches.last))
    denied[split] |= within > before
    return denied


def _words(patterns: Sequence[str], lexicon: Lexicon) -> set[str]:
    return {word for pattern in patterns for words in _spelled(lexicon.read[pattern]) for word in words}


def _spelled(read: Sequence[Steps]) -> set[tuple[str, ...]]:
    return {step.words for steps in read for step in steps}


def _open(lexicon: Lexicon, deniers: set[str]) -> list[bool]:
    """Whether a denier may stand in a gap of each pattern; one that the pattern itself spells denies nothing."""
    return [
        any(step.gap for steps in lexicon.read[pattern] for step in steps)
        and all(deniers.isdisjoint(words) for words in _spelled(lexicon.read[pattern]))
        for entry in lexicon.entries
        for pattern in entry.match
    ]


def _standing(matches: Matches, scene: Scene, lexicon: Lexicon) -> Matches:
    """The matches that need not yield: no entry that yields to none carries the frame that goes before."""
    if not any(entry.yields for entry in lexicon.entries):
        return matches
    text = scene.tokens.text_index[matches.first]
    yielding = np.array([bool(entry.yields) for entry in lexicon.entries], bool)[matches.entry]
    said = ~matches.denied & ~yielding
    carried = np.zeros((len(scene.tokens.docs), len(lexicon.labels)), bool)
    carried[text[said], matches.frame[said]] = True
    before = np.array([_within(lexicon, entry.yields) for entry in lexicon.entries], bool)[matches.entry]
    return matches[~(carried[text] & before).any(axis=1)]


def _within(lexicon: Lexicon, frame: str) -> list[bool]:
    """Which labels are this frame, or within it."""
    return [bool(frame) and f"{label}.".startswith(f"{frame}.") for label in lexicon.labels]
