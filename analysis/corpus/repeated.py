"""Boilerplate without a rule: what one outlet prints in many stories, and hardly any other outlet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.arrays import Codes, Flags, Floats, Ints

from .countries import countries
from .runs import (
    BATCH,
    LENGTH,
    MIX,
    Hashes,
    Runs,
    joined_runs,
    lowered,
    piece_hashes,
    run_hashes,
    runs_in,
    same_texts,
    shared_runs,
    word_batches,
)  # fmt: skip
from .words import Texts, Words, strings, words
from .writing import KNOWN, folded

# Stories of the outlet that hold it. A wire story is one, however often it returns.
STORIES = 10
# Days on which it is printed: the phrase of the week is quoted in ten stories too, but within a few days.
DAYS = 7
# Share of its stories that may be other outlets': one of them may have reprinted a page with its boilerplate.
ELSEWHERE = 0.02
# Words, where no punctuation shows that a sentence begins: "the Islamic State of Iraq and the Levant" has eight.
INSIDE = 10
# There, of the places that hold a part of it, at least this share holds all of it: boilerplate is printed in one
# form, a long name in many ("… also known as ISIS", "… group").
STEADY = 0.5
# Words in which a text with punctuation ends a sentence; the longest speeches do so every 60.
SENTENCE = 200
# What ends a sentence or a line: a full stop and a space, a new line, a bullet, a dash between spaces, two spaces.
BOUNDARY = re.compile(r"[.!?…:|•*]\W*\s|[\n\r]|\s{2,}|\s[—–-]+\s|[—–]|\s-|-\s")
CLOSING = re.compile(r"[^\w\s\"“‘(\[]*[)\]\"”’]*\s*")  # what belongs to the end of a sentence
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")  # characters of words that follow each other without blanks
OPENING = re.compile(r"[\[—–•*|(-]+\s*\Z")
Span = tuple[int, int, str]  # start, end, name of the rule
NONE: Hashes = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True)
class Boilerplate:
    """What outlets repeat, as numbers that hold for texts not seen before, too."""

    runs: Hashes  # that an outlet holds often
    times: Ints  # how often all outlets hold each
    marks: Hashes  # numbers of a run in its outlet
    pieces: Hashes  # of a piece in its outlet
    steady: Hashes  # where a piece of a text without punctuation must be besides
    lines: Hashes


def boilerplate_of(
    texts: Texts, outlets: Sequence[str], stories: Sequence[str], days: NDArray[np.datetime64]
) -> Boilerplate:
    """What the outlets repeat in these texts, for ``boilerplate_spans`` of these or of others.

    Complete sentences or lines, in text without punctuation ten words or more, which with each of their runs of
    five words are in ten stories of the outlet or more, on seven days or more, and hardly in another outlet's, but
    for lines of a few words. One outlet alone, or too few articles: nothing.

    >>> pages = [f"Item {day} is out. Like us on Facebook now!" for day in range(12)] + ["Mars is red."]
    >>> days, outlets = np.arange("2017-02-01", "2017-02-14", dtype="datetime64[D]"), ["BBC"] * 12 + ["DW"]
    >>> boilerplate_spans(pages[:1], ["BBC"], boilerplate_of(pages, outlets, pages, days))
    [[(15, 39, 'repeated in BBC')]]
    """
    if len(set(outlets)) < 2:
        return Boilerplate(NONE, NONE.astype(np.int64), NONE, NONE, NONE, NONE)
    facts = {"outlet": np.asarray(outlets, dtype=object), "story": np.asarray(stories), "day": days}
    every = pd.DataFrame({name: pd.factorize(values)[0] for name, values in facts.items()})
    every["key"] = _keys(outlets)
    column = strings(texts)
    known, holders = _boilerplate_runs(column, every)
    about, column = every.iloc[holders].reset_index(drop=True), column.take(pa.array(holders))
    _, pieces = _candidates(column, about["key"].to_numpy(), known)
    text, hashes, short = (pieces[name].to_numpy() for name in ("text", "hash", "short"))
    steady = (pieces.groupby("hash")["hash"].transform("size") >= STEADY * pieces["times"]).to_numpy()
    kept = _of_one_outlet(hashes, text, about, elsewhere=np.where(short, np.inf, ELSEWHERE))
    kept &= short | ~pieces["bare"].to_numpy() | steady
    kept[kept] = _in_many_texts(hashes[kept], column, text[kept], about)
    marks = _marks(hashes, text, about["key"].to_numpy())
    return replace(
        known, pieces=np.unique(marks[kept & ~short]), steady=np.unique(hashes[kept & steady]),
        lines=np.unique(marks[kept & short]),
    )  # fmt: skip


def boilerplate_spans(texts: Texts, outlets: Sequence[str], known: Boilerplate) -> list[list[Span]]:
    """For each text the spans ``(start, end, rule)`` of known boilerplate of its outlet that names no country."""
    spans, column = [list[Span]() for _ in outlets], strings(texts)
    for at in range(0, len(outlets) if len(known.pieces) + len(known.lines) else 0, BATCH):
        _add_spans(spans[at : at + BATCH], column[at : at + BATCH], outlets[at : at + BATCH], known)
    return spans


def _add_spans(spans: list[list[Span]], texts: pa.Array, outlets: Sequence[str], known: Boilerplate) -> None:
    keys = _keys(outlets)
    found, pieces = _candidates(texts, keys, known)
    marks = _marks(pieces["hash"].to_numpy(), pieces["text"].to_numpy(), keys)
    long = np.isin(marks, known.pieces) & (~pieces["bare"] | np.isin(pieces["hash"], known.steady))
    kept = np.where(pieces["short"], np.isin(marks, known.lines), long)
    for one, end, place in sorted(pieces.loc[kept, ["first", "last", "text"]].to_numpy().tolist()):
        text, begun = texts[place].as_py(), spans[place][-1][1] if spans[place] else 0
        start, stop = int(found.starts[one]), int(found.ends[end - 1])
        # the span with the dash before it, and the full stop and space after it
        start = before.start() if (before := OPENING.search(text, max(start - 4, 0), start)) else start
        stop = after.end() if (after := CLOSING.match(text, stop)) else stop
        # what a piece inside a line announces with a colon stays ("GOP resists Doe: The FBI …")
        announces = text[start:stop].rstrip().endswith(":") and text[:start].rpartition("\n")[2].strip()
        if start >= begun and not announces and not _on_a_country(text[start:stop], outlets[place]):
            spans[place].append((start, stop, f"repeated in {outlets[place]}"))


def _keys(outlets: Sequence[str]) -> Hashes:
    """A number for each outlet's name, the same in every corpus."""
    return pd.util.hash_array(np.asarray(outlets, dtype=object), categorize=True)


def _candidates(texts: pa.Array, keys: Hashes, known: Boilerplate) -> tuple[Words, pd.DataFrame]:
    """The words, and the pieces that consist of runs which their outlet holds often, and short lines.

    Of each piece the ``first`` word and its end, ``last``; its ``text``, and if that is ``bare`` of punctuation;
    its ``hash``; the ``times`` of the most frequent run within; and if it is a ``short`` line.
    """
    found = words(texts)
    codes, text = lowered(found), found.text
    covered, times = _covered(codes, text, keys, known)
    first, last, bare, inside = _pieces(found, text, covered)
    complete = np.logical_and.reduceat(covered, first) if len(first) else np.zeros(0, dtype=bool)
    complete &= last - first >= np.where(inside, INSIDE, LENGTH)
    first, last, bare = first[complete], last[complete], bare[complete]
    edges = np.column_stack([first, last - LENGTH + 1]).ravel()
    most = np.maximum.reduceat(times, edges)[::2] if len(first) else np.zeros(0, dtype=np.int64)
    lines, ends = _lines(found)
    long = pd.DataFrame({"first": first, "last": last, "bare": bare, "times": most, "short": False})
    short = pd.DataFrame({"first": lines, "last": ends, "bare": False, "times": 0, "short": True})
    pieces = pd.concat([long, short], ignore_index=True)
    first, last = pieces["first"].to_numpy(), pieces["last"].to_numpy()
    return found, pieces.assign(text=text[first], hash=piece_hashes(codes, first, last))


def _boilerplate_runs(texts: pa.Array, about: pd.DataFrame) -> tuple[Boilerplate, Ints]:
    """The runs that are an outlet's boilerplate, and the texts that hold one, or a short line of boilerplate."""
    parts, short, keys = [], [], about["key"].to_numpy()
    for start, found in word_batches(texts):
        codes = lowered(found)
        parts.append(runs_in(found, codes, start, LENGTH))
        first, last = _lines(found)
        place = np.searchsorted(found.bounds, first, side="right") - 1 + start
        short.append(Runs(piece_hashes(codes, first, last), place.astype(np.int32)))
    runs, lines = (_repeated_within(each, keys) for each in (parts, short))
    kept = _of_one_outlet(runs.hashes, runs.texts, about)
    printed = _of_one_outlet(lines.hashes, lines.texts, about, elsewhere=np.inf)
    marks = np.unique(_marks(runs.hashes, runs.texts, keys)[kept])
    known = Boilerplate(*np.unique(runs.hashes, return_counts=True), marks, NONE, NONE, NONE)
    return known, np.unique(np.concatenate([runs.texts[kept], lines.texts[printed]]))


def _repeated_within(parts: list[Runs], outlets: Hashes) -> Runs:
    """All occurrences of the runs that some outlet holds ``STORIES`` times, and of a few that share their cell."""
    shift = np.uint64(64 - max(sum(len(part.hashes) for part in parts).bit_length(), 10))

    def cells(part: Runs) -> Ints:
        return (_marks(part.hashes, part.texts, outlets) >> shift).astype(np.int64)

    counts = np.zeros(1 << int(64 - shift), dtype=np.int32)
    for part in parts:
        np.add.at(counts, cells(part), np.int32(1))
    hashes = np.unique(np.concatenate([part.hashes[counts[cells(part)] >= STORIES] for part in parts]))
    counts[:] = 0
    counts[(hashes >> shift).astype(np.int64)] = 1
    kept = []
    for part in parts:
        at = np.flatnonzero(counts[(part.hashes >> shift).astype(np.int64)])
        at = at[np.isin(part.hashes[at], hashes)]
        kept.append(Runs(part.hashes[at], part.texts[at]))
    return joined_runs(kept)


def _marks(hashes: Hashes, texts: Ints | Codes, outlets: Hashes) -> Hashes:
    """A number for each run or piece in the outlet of its text."""
    return (hashes ^ (outlets[texts] * MIX)) * MIX


def _in_many_texts(hashes: Hashes, texts: pa.Array, text: Ints, about: pd.DataFrame) -> Flags:
    """Which pieces are still in many stories once texts that are equal, or nearly so, count as one."""
    holders = np.unique(text)
    groups = same_texts(*shared_runs(texts.take(pa.array(holders))))
    _, firsts = np.unique(groups, return_index=True)
    story = about["story"].to_numpy().copy()
    story[holders] = story[holders[firsts[groups]]]
    return _of_one_outlet(hashes, text, about.assign(story=story), elsewhere=np.inf)


@lru_cache(maxsize=4096)
def _on_a_country(span: str, outlet: str) -> bool:
    return _names().search(folded(span).replace(folded(outlet), " ")) is not None


@cache
def _names() -> re.Pattern[str]:
    """Any country's name, in each language that is known."""
    forms = sorted({form for code in KNOWN for forms in countries(code, leaders=False).values() for form in forms})
    spaced = [form for form in forms if len(form) > 2 and not UNSPACED.search(form)]
    joined = [form for form in forms if len(form) > 1 and UNSPACED.search(form)]
    words = "|".join(re.escape(form.lower()).replace(r"\*", r"\w*") for form in spaced)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)|{'|'.join(map(re.escape, joined))}")


def _lines(found: Words) -> tuple[Ints, Ints]:
    """First word and end of each line of a few words ("Advertisement") that is not all of its text."""
    breaks = np.array(["\n" in gap or "\r" in gap for gap in found.gaps], dtype=bool)[found.gap_codes]
    first, last, within = _stretches(found, breaks)
    short = (last - first < LENGTH) & (within > 0)
    return first[short], last[short]


def _stretches(found: Words, stops: Flags) -> tuple[Ints, Ints, Ints]:
    """First word and end of the words up to each stop or end of text; on how many sides more words of it are."""
    edge = np.zeros(len(stops) + 1, dtype=bool)
    edge[found.bounds] = True  # before the first word of each text
    last = np.flatnonzero(edge[1:] | stops) + 1
    first = np.append(0, last[:-1])[: len(last)]
    return first, last, 2 - edge[first].astype(np.int64) - edge[last]


def _covered(codes: Hashes, text: Ints, outlets: Hashes, known: Boilerplate) -> tuple[Flags, Ints]:
    """Which words are in a run of their outlet's boilerplate; how often the run that begins there occurs."""
    hashes = run_hashes(codes, LENGTH)
    at = np.flatnonzero(text[: len(hashes)] == text[len(text) - len(hashes) :])
    times, covered = np.zeros(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=bool)
    at = at[np.isin(hashes[at], known.runs)]
    times[at] = known.times[np.searchsorted(known.runs, hashes[at])]
    at = at[np.isin(_marks(hashes[at], text[at], outlets), known.marks)]
    for word in range(LENGTH):
        covered[at + word] = True
    return covered, times


def _of_one_outlet(
    hashes: Hashes, text: Ints | Codes, about: pd.DataFrame, *, elsewhere: float | Floats = ELSEWHERE
) -> Flags:
    """Which occurrences are of something that many stories of their outlet hold, and hardly any other's."""
    kind, n = pd.factorize(hashes)[0], int(about["outlet"].to_numpy().max(initial=-1)) + 1
    group, place = np.unique(kind * n + about["outlet"].to_numpy()[text], return_inverse=True)
    stories, days = (_distinct(place, about[name].to_numpy()[text], len(group)) for name in ("story", "day"))
    others = np.bincount(group // n, weights=stories)[group // n] - stories
    kept = (stories >= STORIES) & (days >= DAYS)
    return np.asarray(kept[place] & (others[place] <= elsewhere * stories[place]), dtype=bool)


def _distinct(group: Ints, values: Ints, n: int) -> Ints:
    """How many different values each group has; what is unknown, -1, is none."""
    known = values >= 0
    most = int(values.max(initial=0)) + 1
    return np.bincount(np.unique(group[known] * most + values[known]) // most, minlength=n)


def _pieces(found: Words, text: Ints, covered: Flags) -> tuple[Ints, Ints, Flags, Flags]:
    """First word and end of each sentence or line, if its text lacks punctuation, and if it is inside one."""
    ends = np.array([BOUNDARY.search(gap) is not None for gap in found.gaps], dtype=bool)[found.gap_codes]
    ends_in = np.bincount(text, weights=ends, minlength=len(found.bounds) - 1) * SENTENCE
    bare = (ends_in < np.diff(found.bounds))[text]
    turns = np.append(covered[1:] != covered[:-1], True)[: len(text)]
    first, last, within = _stretches(found, np.where(bare, turns, ends))
    return first, last, bare[first], bare[first] & (within == 2)
