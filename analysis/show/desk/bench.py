"""The desk without its face: questions in, answers out, nothing but plain values in either."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.corpus.tables import refuse_unknown
from analysis.frames.lexicon import Entry, Lexicon
from analysis.frames.match import find_frames
from analysis.text.patterns import Lists, read_patterns
from analysis.text.places import find_patterns
from analysis.text.terms import Counts, count_terms

from .cards import Filters, card, cards, filters, found_marks, passing
from .cells import compared, frame_labels, grid, outlets_by_share, term_grid
from .coding import CodesFile, coded_table, judged
from .evidence import Evidence, Units, placed_hits, with_article
from .sheet import sheet, side_by_side

ASKED = ("scope", "cells", "cards", "sheet", "compare", "code", "silence", "restore", "add")
EVERY_DESK = ("code", "silence", "search", "compare", "story")  # what each desk with a kernel can do
CHANGES = ("code", "silence", "restore", "add")  # questions after which earlier answers no longer hold
EntryKey = tuple[str, str]  # frame, name of the entry


class Bench:
    """What the desk holds and what the reader did at it; each value is replaced, never changed in place."""

    def __init__(
        self, evidence: Evidence, lexicon: Lexicon | None = None, *, seed: int = 0, file: CodesFile | None = None
    ) -> None:
        self.given = evidence
        self.evidence = evidence
        self.base = lexicon
        self.seed = seed
        self.silenced: tuple[EntryKey, ...] = ()
        self.added: tuple[Entry, ...] = ()
        self.file = file
        self.codes: dict[str, dict[str, int]] = {} if file is None else file.read(evidence)
        self._passed: tuple[Units, Filters, Flags] | None = None
        self._whole: WeakKeyDictionary[Units, pd.DataFrame] = WeakKeyDictionary()

    # --- what the reader changes ---

    @property
    def lexicon(self) -> Lexicon | None:
        """The lexicon as it stands: without what is silenced, with what was added."""
        return None if self.base is None else self._lexicon(self.silenced, self.added)

    def _lexicon(self, silenced: Sequence[EntryKey], added: Sequence[Entry]) -> Lexicon:
        assert self.base is not None

        def changed(one: Lexicon) -> Lexicon:
            kept = [entry for entry in one.entries if (entry.frame, entry.name) not in silenced]
            return replace(one, entries=(*kept, *added))

        return changed(replace(self.base, parallel=tuple(map(changed, self.base.parallel))))

    def change_lexicon(self, silenced: Sequence[EntryKey], added: Sequence[Entry]) -> None:
        """Finds the hits again under other entries; an entry that cannot be read changes nothing."""
        for frame, name in silenced:
            if (frame, name) not in self.entries:
                raise ValueError(f"silenced: {name!r} is not an entry of {frame}. Use names of the lexicon.")
        if added and self.base is None:
            raise ValueError("added: the desk has no lexicon. Pass it: explore(articles, hits, lexicon=…).")
        for entry in added:
            refuse_unknown("added", entry.frame, "a frame", self.given.frames)
        if not silenced and not added:
            self.evidence = self.given
        elif self.base is None:
            hits = self.given.hits
            gone = pd.MultiIndex.from_frame(hits[["frame", "entry"]]).isin(list(silenced))
            self.evidence = self.given.with_hits(hits[~gone].reset_index(drop=True))
        else:
            before, after = (self._lexicon(*both) for both in ((self.silenced, self.added), (silenced, added)))
            self.evidence = found_again(self.evidence, before, after)
        self._passed = None
        self.silenced, self.added = tuple(silenced), tuple(added)

    @cached_property
    def entries(self) -> list[EntryKey]:
        """Every entry that can be silenced."""
        if self.base is None:
            return self.given.said[1]
        every = [(entry.frame, entry.name) for one in self.base.each.values() for entry in one.entries]
        return list(dict.fromkeys(every))

    @property
    def coded(self) -> pd.DataFrame:
        """The reader's codes as ``validate`` takes them."""
        return coded_table(self.given, self.codes)

    def keep(self, codes: dict[str, dict[str, int]]) -> None:
        """Holds these codes from now on, once they are in the file."""
        if self.file is not None:
            self.file.write(self.given, codes)
        self.codes = codes

    # --- what the desk answers ---

    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a question: ``ask``, one of ASKED, and what that needs; else an ``error``."""
        try:
            refuse_unknown("ask", asked := question.get("ask"), "a question", ASKED)
            return getattr(self, f"_{asked}")(question)  # type: ignore[no-any-return]
        except ValueError as refusal:
            return {"error": str(refusal)}

    def _scope(self, _: Mapping[str, Any]) -> dict[str, Any]:
        given, dates = self.given, self.given.articles["date"].dropna()
        return {
            "views": self.views, "outlets": given.outlets, "frames": frame_labels(given.frames),
            "topics": list(given.topics.labels) if given.topics else [],
            "topic_words": given.topic_words or {},
            "days": [f"{day:%Y-%m-%d}" for day in (dates.min(), dates.max())] if len(dates) else [],
            "columns": given.choices, "about": [with_article(country) for country in given.about],
            "articles": len(given.articles), "passages": len(given.passages),
            "can": {**dict.fromkeys(EVERY_DESK, True), "add": self.base is not None, "settle": bool(given.differ)},
        }  # fmt: skip

    @property
    def views(self) -> list[str]:
        """What the grid can show."""
        return ["frames"] if self.given.differ else ["frames", *(["topics"] if self.given.topics else []), "terms"]

    def units(self, view: str) -> Units:
        """What a view counts."""
        if view == "topics" and self.evidence.topics is not None:
            return self.evidence.topics
        refuse_unknown("view", view, "a view", [one for one in self.views if one != "topics"])
        return self.evidence.units

    def _kept(self, question: Mapping[str, Any]) -> tuple[Units, Filters, Flags]:
        units = self.units(str(question.get("view", "frames")))
        wanted = filters(question.get("filters"), self.evidence)
        if self._passed is None or self._passed[:2] != (units, wanted):  # grid and list ask for the same
            self._passed = units, wanted, passing(self.evidence, units, wanted, self._lists)
        return self._passed

    @cached_property
    def _lists(self) -> Lists:
        """The named lists that a search may use."""
        return {} if self.base is None else self.base.named_lists

    def _cells(self, question: Mapping[str, Any]) -> dict[str, Any]:
        units, _, kept = self._kept(question)
        view = str(question.get("view", "frames"))
        if view == "terms":
            return term_grid(self.evidence, self._counts, kept, self._rows("frames"))
        changed = view == "frames" and (self.silenced or self.added)
        before = self._compared(self.given.units, kept) if changed else None
        found = grid(self.evidence, units, kept, self._rows(view), self._compared(units, kept), before)
        return found | self._changes()

    def _compared(self, units: Units, kept: Flags) -> pd.DataFrame:
        """Estimates; those of all units are kept, as each grid's rows are ordered by them."""
        if not kept.all():
            return compared(self.evidence, units, kept, self.seed)
        if units not in self._whole:
            self._whole[units] = compared(self.evidence, units, kept, self.seed)
        return self._whole[units]

    def _rows(self, view: str) -> list[str]:
        """Outlets in the order of the evidence as given, so that rows stay where they are."""
        units = self.given.topics if view == "topics" and self.given.topics else self.given.units
        compared = self._compared(units, np.ones(len(units.table), bool))
        return [] if self.given.differ else outlets_by_share(self.given, compared)

    @cached_property
    def _counts(self) -> Counts:
        return count_terms(self.given.passage_tokens, ngrams=2)

    def _cards(self, question: Mapping[str, Any]) -> dict[str, Any]:
        units, wanted, kept = self._kept(question)
        label = str(question.get("label") or "")
        if label:
            refuse_unknown("label", label, "a label", units.labels)
        page, order = max(0, int(question.get("page") or 0)), str(question.get("order") or "strength")
        search = partial(found_marks, pattern=wanted["search"], lists=self._lists)
        found = cards(self.evidence, units, kept, label=label, order=order, page=page, found=search)
        found["cards"] = [self._with_codes(one) for one in found["cards"]]
        return found

    def _with_codes(self, found: dict[str, Any]) -> dict[str, Any]:
        """A passage with the lexicon's reading and the reader's; an article has neither."""
        place = self.given.passage_place.get(found["id"])
        if place is None:
            return found
        given = self.codes.get(found["id"])
        read = self.evidence.units.carried[place].astype(int).tolist()
        coded = None if given is None else [given.get(frame) for frame in self.given.frames]
        queue = {"differ": self.given.differ[found["id"]]} if self.given.differ else {}
        return found | {"read": read, "coded": coded, **queue}

    def _sheet(self, question: Mapping[str, Any]) -> dict[str, Any]:
        return sheet(self.evidence, str(question.get("article")))

    def _compare(self, question: Mapping[str, Any]) -> dict[str, Any]:
        return side_by_side(self.evidence, str(question.get("article")), str(question.get("other")))

    def _code(self, question: Mapping[str, Any]) -> dict[str, Any]:
        passage, frame, code = str(question.get("passage")), str(question.get("frame") or ""), question.get("code")
        self.keep(judged(self.evidence, self.codes, passage, frame, code))
        place = self.evidence.passage_place[passage]
        found = self._with_codes(card(self.evidence, self.evidence.units, place))
        left = sum(not set(frames) <= {*self.codes.get(name, {})} for name, frames in self.given.differ.items())
        file = "" if self.file is None else self.file.path.name
        return {"card": found, "coded": len(self.codes), "file": file, "left": left}

    def _silence(self, question: Mapping[str, Any]) -> dict[str, Any]:
        key = str(question.get("frame")), str(question.get("entry"))
        kept = [entry for entry in self.added if (entry.frame, entry.name) != key]
        more = [key] if len(kept) == len(self.added) and key not in self.silenced else []
        self.change_lexicon([*self.silenced, *more], kept)
        return self._changes()

    def _restore(self, question: Mapping[str, Any]) -> dict[str, Any]:
        key = question.get("frame"), question.get("entry")
        self.change_lexicon([one for one in self.silenced if one != key], self.added)
        return self._changes()

    def _add(self, question: Mapping[str, Any]) -> dict[str, Any]:
        pattern = " ".join(str(question.get("pattern") or "").split())
        entry = Entry(pattern, str(question.get("frame")), (pattern,), why="added at the desk")
        if (entry.frame, entry.name) in {*self.entries, *((e.frame, e.name) for e in self.added)}:
            raise ValueError(f"added: {entry.frame} already has the entry {pattern!r}.")
        self.change_lexicon(self.silenced, [*self.added, entry])
        return self._changes()

    def _changes(self) -> dict[str, Any]:
        added = [[entry.frame, entry.name] for entry in self.added]
        return {"silenced": [list(key) for key in self.silenced], "added": added}


def found_again(evidence: Evidence, before: Lexicon, after: Lexicon) -> Evidence:
    """The evidence with the hits of ``after``; read again are only articles with a pattern that came or went."""
    again = np.zeros(len(evidence.articles), bool)
    for code, part in after.each.items():
        again |= _speaking(evidence, {*before.each[code].entries} ^ {*part.entries}, part)
    passages = evidence.passages[again[evidence.passages["doc"].to_numpy(int)]]
    found = placed_hits(find_frames(passages.drop(columns="doc"), after), evidence.passages, evidence.articles)
    kept = evidence.hits[~again[evidence.hits["doc"].to_numpy(int)]]
    hits = pd.concat([kept, found]).sort_values(["doc", "start", "end"], kind="stable", ignore_index=True)
    return evidence.with_hits(hits)


def _speaking(evidence: Evidence, entries: set[Entry], lexicon: Lexicon) -> Flags:
    """Which articles hold a pattern of these entries."""
    tokens = evidence.passage_tokens
    patterns = {pattern for entry in entries for pattern in entry.match}
    readings = read_patterns(patterns, lexicon.named_lists, language=lexicon.language)
    found = find_patterns(tokens, [steps for sequences in readings.values() for steps in sequences])
    articles = np.zeros(len(evidence.articles), bool)
    articles[evidence.passages["doc"].to_numpy(int)[tokens.text_index[found["first"].to_numpy(int)]]] = True
    return articles
