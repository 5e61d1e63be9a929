"""The list behind a cell: passages as short cards, a page at a time."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags

from ..characters import refuse_unknown, shortened
from .evidence import Evidence
from .segments import Mark, segments, with_left_out
from .units import EXCERPT, Units

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
