"""The desk as a book: every answer that a page without Python needs, written down beforehand."""

import base64
import gzip
import json
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import Any

import numpy as np

from analysis.text.patterns import Lists
from analysis.text.tokens import rules, sequences, tokenize

from .bench import Bench
from .cards import card, ordered
from .evidence import Evidence, Units, rows_of

# Plain scripts that share one scope, in the order in which they build on each other: no bundler, no address.
CORE = ("marks.js", "grid.js", "reading.js", "desk.js")
LETTERS = 1_500_000  # a chapter's texts; with figures and tables two chapters stay below 5 MB
MOST_CARDS = 1_500  # passages; beyond them the list says that it holds the strongest
OF_ARTICLE = ("segments", "doc_id", "outlet", "date", "title", "story")
PER_CELL = 3  # articles listed behind a topic's cell


def book(evidence: Evidence, *, lists: Lists | None = None, seed: int = 0) -> dict[str, Any]:
    """All that the desk in a report can be asked, the strongest passages first, as far as they fit (``whole``)."""
    bench = Bench(evidence, seed=seed)
    scope = bench.answer({"ask": "scope"})
    units = evidence.units
    chosen = ordered(evidence, units, np.ones(len(units.table), bool), "", "strength")[:MOST_CARDS]
    found = _with_terms([_card(evidence, units, int(at)) for at in chosen])
    listed = _topic_cards(evidence)
    names = [one["article"] for one in (*found, *(c for cell in listed for c in cell["cards"]))]
    sheets = _sheets(bench, list(dict.fromkeys(names)))
    return {
        "scope": scope | {"can": {"search": True, "compare": True, "story": True, "code": True, "take": True}},
        "cells": {view: bench.answer({"ask": "cells", "view": view}) for view in scope["views"]},
        "cards": [_without_text(one, sheets) for one in found],
        "topics": listed, "sheets": sheets, "pairs": _pairs(bench, sheets),
        "whole": len(found) == len(units.table), "of": len(units.table),
        "lists": {name: list(words) for name, words in (lists or {}).items()}, "joins": joins(),
    }  # fmt: skip


def _without_text(card: dict[str, Any], sheets: dict[str, Any]) -> dict[str, Any]:
    """The card without its text where its article is held: the page cuts it from there."""
    if card["article"] not in sheets or "left_out" in card["segments"][-1]:
        return card
    return {name: value for name, value in card.items() if name not in OF_ARTICLE}


def _card(evidence: Evidence, units: Units, at: int, label: str = "") -> dict[str, Any]:
    """A card, and what the page filters and sorts it by."""
    doc = units.row(at)[1]
    hits = rows_of(evidence.hits, doc)
    if units.kind == "passage":
        hits = hits[(hits["passage"] == units.place[at]).to_numpy()]
    return card(evidence, units, at, label=label) | {
        "article": evidence.columns["doc_id"][doc],
        "story": evidence.columns["story_id"][doc],
        "columns": {name: str(evidence.articles[name].array[doc]) for name in evidence.choices},
        "topic": str(evidence.main_topics[doc]),
        "strength": units.strength[at].round(3).tolist(),
        "said": list(zip(*(hits[name].tolist() for name in ("frame", "entry", "negated")), strict=True)),
    }


def _with_terms(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cards with the terms of what they show, as every search reads them."""
    texts = ["".join(piece["text"] for piece in one["segments"]) for one in cards]
    return [one | {"terms": " ".join(terms)} for one, terms in zip(cards, tokenize(texts).to_lists(), strict=True)]


def joins() -> dict[str, Any]:
    """How a pattern's words become terms: what each is alone, and the runs that are one, longest first."""
    known = rules()
    pairs = {"".join(words): term for words, term in sequences().items() if words[1][0].isdigit()}
    runs = sorted(sequences().items(), key=lambda run: (-len(run[0]), run[0]))
    return {
        "capitals": known["capitals"], "hyphened": known["hyphened"], "alike": known["aliases"] | pairs,
        "runs": [[" ".join(words), term] for words, term in runs],
    }  # fmt: skip


def _topic_cards(evidence: Evidence) -> list[dict[str, Any]]:
    """The articles that are most of each topic, outlet by outlet."""
    units = evidence.topics
    if units is None:
        return []
    outlet = evidence.articles["outlet"].to_numpy()[units.table["doc"].to_numpy(int)]
    cells = {
        (name, label): ordered(evidence, units, outlet == name, label, "strength")[:PER_CELL]
        for name, label in product(evidence.outlets, units.labels)
    }
    every = [_card(evidence, units, int(at), label) for (_, label), rows in cells.items() for at in rows]
    cards = iter(_with_terms(every))  # at once, as splitting into words is slow to begin
    listed = ((place, list(islice(cards, len(rows)))) for place, rows in cells.items())
    return [{"outlet": name, "label": label, "cards": own} for (name, label), own in listed if own]


def _sheets(bench: Bench, docs: list[str]) -> dict[str, Any]:
    """Whole articles, as many as fit, and with each the other versions of its story."""
    sheets: dict[str, Any] = {}
    left = LETTERS
    for doc_id in docs:
        place = bench.evidence.place[doc_id]
        story = [bench.evidence.columns["doc_id"][at] for at in bench.evidence.story(place)]
        for name in story:
            if name not in sheets and left > 0:
                sheets[name] = bench.answer({"ask": "sheet", "article": name})
                left -= sum(len(piece["text"]) for piece in sheets[name]["segments"])
    return sheets


def _pairs(bench: Bench, sheets: dict[str, Any]) -> dict[str, Any]:
    """Each copy beside its original."""
    first = {name: next((one["id"] for one in sheet["versions"] if one["original"]), name)
             for name, sheet in sheets.items()}  # fmt: skip
    return {f"{one}\n{name}": bench.answer({"ask": "compare", "article": one, "other": name})
            for name, one in first.items() if one != name}  # fmt: skip


def packed(value: Any) -> str:
    """JSON, compressed and in letters that a script element can hold; ``unpacked`` in marks.js reads it."""
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(said.encode(), mtime=0)).decode()


@cache
def script(*more: str) -> str:
    """The rendering core, and after it the files that fit it to a place."""
    shelf = files(__package__ or __name__)
    return "\n".join(shelf.joinpath(name).read_text("utf-8") for name in (*CORE, *more))


@cache
def style() -> str:
    """The desk's style sheet."""
    return files(__package__ or __name__).joinpath("desk.css").read_text("utf-8")
