"""A whole article as it was received: hits marked, boilerplate greyed, and beside it its copies."""

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from analysis.compare.wire import compare_copies
from analysis.corpus.clean import Removed, received_offset, received_text

from ..characters import Mark, Segment, segments, shortened
from .cards import heading
from .evidence import Evidence, rows_of

LONG_KEPT = 12  # words kept in a row from which a new pair of lines begins: about a line of print
MOST_VERSIONS = 30  # listed beside an article: more are not read one by one
LONGEST_COMPARED = 60_000  # letters: difflib's time grows with the square, and past this a click takes a second


def sheet(evidence: Evidence, doc_id: str) -> dict[str, Any]:
    """An article: what it is, its text in segments, and the other versions of its story."""
    doc = _doc(evidence, doc_id)
    known = {name: values[doc] for name, values in evidence.columns.items()}
    removed: list[Any] = rows_of(evidence.removed, doc).to_dict("records")
    read = rows_of(evidence.passages, doc)
    places = zip(*(read[name].tolist() for name in ("start", "end", "passage_id")), strict=True)
    passages = [Mark(start, end, "passage", name) for start, end, name in places]
    return heading(evidence, doc) | {
        "id": known["doc_id"], "story": known["story_id"],
        "agency": shortened(known["agency"], 120), "url": link(known["url"]),
        "segments": _received(known["text"], removed, [*passages, *evidence.marks_in(doc)]),
        "removed": [{"rule": one["rule"], "letters": one["end"] - one["start"]} for one in removed],
        "versions": (listed := versions(evidence, doc)),
        "more": max(len(evidence.story(doc)) - max(len(listed), 1), 0),
    }  # fmt: skip


def _doc(evidence: Evidence, doc_id: str) -> int:
    if doc_id not in evidence.place:
        raise ValueError(f"article: {doc_id!r} is not among the articles.")
    return evidence.place[doc_id]


def link(url: str) -> str:
    """The address if a browser may be led there, else nothing: only the web's own schemes, with a host.

    >>> link("https://example.org/a"), link("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def versions(evidence: Evidence, doc: int) -> list[dict[str, Any]]:
    """The articles that print the same story, the original first, this one among them; none if it stands alone."""
    docs = evidence.story(doc)
    if len(docs) < 2:
        return []
    docs = [at for place, at in enumerate(docs) if place < MOST_VERSIONS or at == doc]
    overlap, date = evidence.columns["overlap"], evidence.columns["date"]
    return [heading(evidence, at) | {
        "id": evidence.columns["doc_id"][at], "original": place == 0,
        "unsure": first_of(date[at], date[docs[0]]) if place else "",
        "overlap": None if np.isnan(overlap[at]) else round(overlap[at], 3),
    } for place, at in enumerate(docs)]  # fmt: skip


def first_of(one: pd.Timestamp, other: pd.Timestamp) -> str:
    """Why it is not known which of two versions was first; "" where their days differ."""
    if pd.isna(one) or pd.isna(other):
        return "no date: order not known"
    return "same day: order not known" if one.date() == other.date() else ""


def _received(text: str, removed: list[Removed], marks: list[Mark]) -> list[Segment]:
    """The text as received, from the cleaned text with what was removed put back in its place."""
    places = received_offset(removed, [(mark.start, mark.end - 1) for mark in marks]).tolist()
    moved = (mark._replace(start=start, end=last + 1) for mark, (start, last) in zip(marks, places, strict=True))
    cut = (Mark(span["start"], span["end"], "removed", span["rule"]) for span in removed)
    return segments(received_text(text, removed), [*cut, *moved])


def side_by_side(evidence: Evidence, doc_id: str, other: str) -> dict[str, Any]:
    """Two versions of one story in pairs of stretches: what was kept, cut, added, reworded and moved."""
    docs = _doc(evidence, doc_id), _doc(evidence, other)
    texts = [evidence.columns["text"][doc] for doc in docs]
    sides = [{**heading(evidence, doc), "id": name} for doc, name in zip(docs, (doc_id, other), strict=True)]
    if (longest := max(map(len, texts))) > LONGEST_COMPARED:
        note = f"These texts are too long to compare here ({longest:,} letters): use an.compare_copies."
        return {"sides": sides, "rows": [], "words": {}, "note": note}
    edits = compare_copies(*texts).table
    marks = [evidence.marks_in(doc) for doc in docs]
    left, right = (_stretches(edits, side, text) for side, text in zip(("original", "copy"), texts, strict=True))
    words = edits["text"].str.count(r"\S+")
    # a new pair of stretches begins with each long run that was kept
    opens = {0, *np.flatnonzero((edits["change"] == "kept") & (words > LONG_KEPT)).tolist()}
    each = list(zip(texts, (left, right), marks, strict=True))
    rows = [
        [_stretch(text, found, number, following, mark) for text, found, mark in each]
        for number, following in pairwise([*sorted(opens), len(edits) + 1])
    ]
    counts = words.groupby(edits["change"].to_numpy()).sum()
    return {"sides": sides, "rows": rows, "words": {str(name): int(n) for name, n in counts.items()}, "note": ""}


def _stretches(edits: pd.DataFrame, side: str, text: str) -> list[tuple[int, Mark]]:
    """The text of one side, in its order, each stretch with the edit it belongs to and up to the next."""
    known = edits[edits[f"{side}_start"].notna()].sort_values(f"{side}_start", kind="stable")
    begins, ends = (known[f"{side}_{end}"].astype("int64").tolist() for end in ("start", "end"))
    edges = [0, *begins[1:], len(text)]  # what stands between two edits, a point or a space, goes with the first
    found, number = [], 0
    for at, (edit, change) in enumerate(zip(known.index.tolist(), known["change"].tolist(), strict=True)):
        # what was moved stands where this side has it, in the pair of stretches that surrounds it
        number = max(number, edit) if change != "moved" or side == "original" else number
        found.append((number, Mark(edges[at], edges[at + 1], "stretch", change)))
        if change != "kept":
            found.append((number, Mark(begins[at], ends[at], "change", change)))
    return found


def _stretch(text: str, found: list[tuple[int, Mark]], first: int, last: int, hits: list[Mark]) -> list[Segment]:
    inside = [mark for number, mark in found if first <= number < last]
    if not inside:
        return []
    changes = [mark for mark in inside if mark.key == "change"]
    start, end = min(mark.start for mark in inside), max(mark.end for mark in inside)
    return segments(text, [*changes, *hits], start=start, end=end)
