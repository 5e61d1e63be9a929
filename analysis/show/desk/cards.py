"""The list behind a cell: which passages a reader wants to see, as short cards, a page at a time."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.corpus.tables import refuse_unknown
from analysis.text.patterns import Lists, read_pattern
from analysis.text.places import find_patterns
from analysis.text.tokens import Tokens, tokenize

from ..characters import Mark, segments, shortened, with_left_out
from .evidence import EXCERPT, Evidence, Units

PAGE = 50  # cards that travel at a time: some ten screens
LONGEST_CARD = 3_000  # letters; a sentence of News Articles has 1,100 at most
ENTRIES = 40  # entries named above a list; the rest are rare
ORDERS = ("strength", "date")
ENDED = re.compile(r"[.!?。！？]\W*?\s+|\n+|[。！？]")  # after it a sentence may begin
UNSPACED = "\u2e80"  # from here on scripts write no blanks between words


def cards(
    evidence: Evidence, units: Units, kept: Flags, *, label: str, order: str, page: int,
    found: Callable[[list[str]], list[list[Mark]]],
) -> dict[str, Any]:  # fmt: skip
    """One page of the units kept, of one label or any, with the entries that say it; ties go by date."""
    refuse_unknown("order", order, "an order", ORDERS)
    rows, texts = ordered(evidence, units, kept, label, order), evidence.columns["text"]
    shown = rows[page * PAGE : (page + 1) * PAGE]
    texts = [texts[units.row(at)[1]][slice(*_shown(evidence, units, at, label))] for at in shown]
    return {
        "total": len(rows), "page": page, "size": PAGE,
        "cards": [card(evidence, units, at, marks, label) for at, marks in zip(shown, found(texts), strict=True)],
        "entries": entries(evidence, units, rows, label),
    }  # fmt: skip


def ordered(evidence: Evidence, units: Units, kept: Flags, label: str, order: str) -> np.ndarray:
    """The places of the units, best first."""
    column = units.labels.index(label) if label else None
    rows = np.flatnonzero(kept if column is None else kept & units.listed[:, column])
    strength = units.strength[rows].sum(axis=1) if column is None else units.strength[rows, column]
    date = evidence.articles["date"].to_numpy()[units.table["doc"].to_numpy(int)[rows]]
    day = np.where(np.isnat(date), np.iinfo(np.int64).max, date.astype("datetime64[s]").astype(np.int64))
    keys = [rows, day, -strength] if order == "strength" else [rows, -strength, day]
    return np.asarray(rows[np.lexsort(keys)])


def card(
    evidence: Evidence, units: Units, at: int, searched: Iterable[Mark] = (), label: str = ""
) -> dict[str, Any]:
    """A unit as it is listed, of a topic with its words marked; ``searched`` are marks in what is shown of it."""
    name, doc, _, end = units.row(int(at))
    text = evidence.columns["text"][doc]
    start, shown = _shown(evidence, units, at, label)
    moved = [mark._replace(start=mark.start + start, end=mark.end + start) for mark in searched]
    own = [Mark(*place, "found", True) for place, _ in _said(text, (evidence.topic_words or {}).get(label, ()))]
    pieces = segments(text, [*evidence.marks_in(doc), *moved, *own], start=start, end=shown)
    left = len(text) - shown + start if units.kind == "article" else end - shown
    return {"id": name, **heading(evidence, doc)} | {
        "segments": with_left_out(pieces, left), "copies": len(evidence.story(doc)) - 1,
        "values": [round(float(value), 3) for value in units.carried[int(at)]],
    }  # fmt: skip


def _shown(evidence: Evidence, units: Units, at: int, label: str) -> tuple[int, int]:
    """Where what a card shows begins and ends; of an article on a topic, the sentences with most of its words."""
    _, doc, start, end = units.row(int(at))
    text = evidence.columns["text"][doc]
    if units.kind == "article" and (said := _said(text, (evidence.topic_words or {}).get(label, ()))):
        starts = [0, *(mark.end() for mark in ENDED.finditer(text))]
        places = [place[0] for place, _ in said]

        def different(first: int) -> int:
            inside = said[bisect_left(places, first) : bisect_left(places, first + EXCERPT)]
            return len({word for _, word in inside})

        start = max(starts, key=different)  # the first of equals
        end = min(len(text), start + EXCERPT)
    end = min(end, start + LONGEST_CARD)
    # moved back to a space where it would cut a word in two
    space = -1 if text[end : end + 1].strip() == "" else text.rfind(" ", max(start, end - 40), end)
    return start, end if space < 0 else space


def _said(text: str, words: Sequence[str]) -> list[tuple[tuple[int, int], str]]:
    """Where a text has one of these words, and which."""
    if not words:
        return []
    every = "|".join(re.escape(word) if word > UNSPACED else rf"\b{re.escape(word)}\b" for word in words)
    return [(found.span(), found[0].lower()) for found in re.finditer(every, text, re.IGNORECASE)]


def heading(evidence: Evidence, doc: int) -> dict[str, Any]:
    """Which article it is."""
    known, letters = evidence.columns, {"doc_id": 200, "outlet": 120, "title": 300}
    named = {name: shortened(known[name][doc], most) for name, most in letters.items()}
    return named | {"date": day(known["date"][doc])}


def day(date: pd.Timestamp) -> str:
    """A day as it is written everywhere, empty for none."""
    return "" if pd.isna(date) else f"{date:%Y-%m-%d}"


def entries(evidence: Evidence, units: Units, rows: np.ndarray, label: str) -> list[dict[str, Any]]:
    """The entries that speak for a frame in the units listed, most hits first."""
    if units.kind != "passage" or (label and label not in evidence.frames):
        return []
    hits, listed = evidence.hits, np.zeros(len(evidence.passages), bool)
    listed[units.place[rows]] = True
    number, pairs = evidence.said
    inside = listed[hits["passage"].to_numpy(int)]
    counts = np.bincount(number[inside], minlength=len(pairs))
    negated = np.bincount(number[inside & hits["negated"].to_numpy(bool)], minlength=len(pairs))
    most = np.argsort(-counts, kind="stable").tolist()
    named = [at for at in most if counts[at] and label in ("", pairs[at][0])]
    return [
        {"frame": pairs[at][0], "entry": pairs[at][1], "hits": int(counts[at]), "negated": int(negated[at])}
        for at in named[:ENTRIES]
    ]


# What a unit must be: each setting that is not empty narrows the list. ``since`` and ``until`` are days, ``frame``
# and ``entry`` what its passage carries, ``topic`` its article's largest, ``search`` a pattern as of a lexicon,
# ``where`` a value in each of other columns of the articles, or a part of it where there are many.
NAMES = ("outlet", "since", "until", "frame", "entry", "topic", "story", "search")
Filters = dict[str, Any]


def filters(settings: Mapping[str, Any] | None, evidence: Evidence) -> Filters:
    """The filters that these settings name, checked."""
    if not isinstance(settings, Mapping | None):
        raise ValueError(f"filters: {settings!r} is not a dict. Write {{'outlet': 'TASS'}}.")
    given = {**(settings or {})}
    where = {str(name): str(value) for name, value in (given.pop("where", None) or {}).items() if value}
    for name, value in where.items():
        refuse_unknown("filters", name, "a column to filter by", evidence.choices)
        refuse_unknown("filters", value, f"a known {name}", evidence.choices[name] or [value])
    said = {name: str(value).strip() for name, value in given.items() if value not in (None, "")}
    topics = evidence.topics.labels if evidence.topics else ()
    known = {"outlet": evidence.outlets, "frame": evidence.frames, "topic": topics}
    for name, value in said.items():
        refuse_unknown("filters", name, "a filter", (*NAMES, "where"))
        refuse_unknown("filters", value, f"a known {name}", known.get(name, [value]))
    for name in ("since", "until"):
        if name in said and pd.isna(pd.to_datetime(said[name], errors="coerce", format="ISO8601")):
            raise ValueError(f"filters: {name} {said[name]!r} is not a date. Write it as 2017-02-28.")
    return dict.fromkeys(NAMES, "") | said | {"where": where}


def passing(evidence: Evidence, units: Units, wanted: Filters, lists: Lists | None = None) -> Flags:
    """Which units the filters let pass."""
    doc = units.table["doc"].to_numpy(int)
    kept: Flags = _articles(evidence, wanted)[doc]
    if wanted["frame"] or wanted["entry"]:
        carrying = _carrying(evidence, wanted)  # passages, or the articles that hold one of them
        docs = evidence.passages["doc"].to_numpy()[carrying]
        kept = kept & (carrying[units.place] if units.kind == "passage" else np.isin(doc, docs))
    if wanted["search"]:
        tokens: Tokens = evidence.passage_tokens if units.kind == "passage" else evidence.article_tokens
        found = find_patterns(tokens, read_pattern(wanted["search"], lists))
        kept = kept & np.isin(units.place, tokens.text_index[found["first"].to_numpy(int)])
    return kept


def _articles(evidence: Evidence, wanted: Filters) -> Flags:
    articles, kept = evidence.articles, np.ones(len(evidence.articles), bool)
    for name, column in (("outlet", "outlet"), ("story", "story_id")):
        kept &= (articles[column] == wanted[name]).to_numpy() | (not wanted[name])
    if wanted["since"]:
        kept &= (articles["date"] >= pd.Timestamp(wanted["since"])).to_numpy()
    if wanted["until"]:
        kept &= (articles["date"] < pd.Timestamp(wanted["until"]) + pd.Timedelta(days=1)).to_numpy()
    for name, value in wanted["where"].items():
        own, few = articles[name].astype("str"), evidence.choices[name]
        kept &= own.eq(value).to_numpy() if few else own.str.casefold().str.contains(value.casefold(), regex=False)
    if wanted["topic"]:
        kept &= evidence.main_topics == wanted["topic"]
    return kept


def _carrying(evidence: Evidence, wanted: Filters) -> Flags:
    """The passages with a hit of this frame, or of this entry; an entry's negated hits can be looked up too."""
    hits = evidence.hits if wanted["entry"] else evidence.hits[~evidence.hits["negated"].astype(bool)]
    for name in ("frame", "entry"):
        hits = hits[hits[name] == wanted[name]] if wanted[name] else hits
    kept = np.zeros(len(evidence.passages), bool)
    kept[hits["passage"].to_numpy(int)] = True
    return kept


def found_marks(texts: list[str], pattern: str, lists: Lists | None = None) -> list[list[Mark]]:
    """Where the pattern stands in each text."""
    marks: list[list[Mark]] = [[] for _ in texts]
    if pattern:
        tokens = tokenize(texts)
        found = find_patterns(tokens, read_pattern(pattern, lists))
        first, last = found["first"].to_numpy(int), found["last"].to_numpy(int)
        columns = tokens.text_index[first], tokens.starts[first], tokens.ends[last]
        for text, start, end in zip(*(column.tolist() for column in columns), strict=True):
            marks[text].append(Mark(start, end, "found", True))
    return marks
