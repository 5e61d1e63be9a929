"""A corpus as the report shows it: findings as sentences, pictures, rounded tables and quoted passages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.numbers import percent

from ..figures.estimates import outlet_order
from ..measured import beside
from ..signs import shortened
from . import prose
from .checklist import methods
from .findings import MARGIN, Findings
from .pictures import pictures, timed
from .prose import differences_table, flow, shares_table

ROWS = 100  # of a long list; the page says how many more there are, and the tables hold all
TIMED = (
    "All outlets together. They do not write in the same {period}s: a rise may be another outlet’s turn to write."
)


@dataclass(frozen=True)
class Listing:
    """The first rows of a table, and how many follow."""

    rows: pd.DataFrame
    more: int
    whole: bool = False  # whether the page holds the rest of it


def chapter(found: Findings, validation: pd.DataFrame, *, vector: bool = True) -> dict[str, Any]:
    """What the template needs to print one corpus; figures as SVG, or as PNG for what cannot draw that."""
    about, estimates = found.about, in_figure_order(found.estimates)
    shares = shares_table(estimates).rename(
        columns={frame: f"{frame} ({beside(validation, frame)})" for frame in found.frames}
    )
    outlets = summary_table(found.outlets)
    evidence = found.articles, found.passages, found.hits
    paragraph, works = methods(found, validation)
    quoted = {frame: quotes(*evidence, frame) for frame in found.frames}
    return {
        "name": found.name,
        "lead": prose.lead(found.passages, found.articles, about),
        "extremes": prose.extremes(estimates),
        "tested": prose.tested(found.differences),
        "undecided": prose.undecided(found.differences, MARGIN),
        "scrutiny": found.scrutiny.sentences,
        "sentences": prose.outlet_sentences(estimates, found.outlets, about),
        "shares": shares,
        "share_columns": tuple(c for c in shares.columns if c not in ("outlet", "note")),
        "differences": listing(differences_table(found.differences), whole=True),
        "untested": found.differences["q"].isna().sum(),
        "outlets": outlets,
        "outlet_numbers": tuple(outlets.columns[1:]),
        "flow": flow(found),
        "pictures": pictures(found, validation, vector=vector),
        "timed": TIMED.format(period=period) if (period := timed(found)) else "",
        "methods": paragraph,
        "works": works,
        "notes": found.notes,
        "topic_unit": found.topic_unit,
        "quotes": quoted,
        "denials": {
            frame: [quote for quote in quotes(*evidence, frame, n=1, denied=True) if quote not in quoted[frame]]
            for frame in found.frames
        },
        **removals(found),
        **copies(found.articles),
    }


def in_figure_order(estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates with outlets in the order in which the figures have them."""
    place = {outlet: at for at, outlet in enumerate(outlet_order(estimates))}
    return estimates.sort_values("outlet", key=lambda outlets: outlets.map(place), kind="stable")


def listing(table: pd.DataFrame, *, rows: int = ROWS, whole: bool = False) -> Listing:
    """The table's first rows; ``whole`` where the reader can take along the rest."""
    return Listing(table.head(rows), max(0, len(table) - rows), whole)


def summary_table(outlets: pd.DataFrame) -> pd.DataFrame:
    """The table of ``summarize`` with dates and numbers as they are read."""
    named = outlets.reset_index() if outlets.index.name else outlets
    return pd.DataFrame(
        {str(name).removeprefix("n_").replace("_", " "): [_cell(v) for v in named[name]] for name in named.columns}
    )


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "–"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


def removals(found: Findings) -> dict[str, Any]:
    """What cleaning took: by rule, and span by span."""
    removed = found.removed.assign(characters=found.removed["end"] - found.removed["start"])
    by_rule = removed.groupby("rule", as_index=False).agg(
        spans=("doc_id", "size"),
        articles=("doc_id", "nunique"),
        characters=("characters", "sum"),
        example=("text", "first"),
    )
    by_rule["characters"] = [f"{n:,}" for n in by_rule["characters"]]
    by_rule["example"] = [shortened(text, 90) for text in by_rule["example"]]
    spans = removed.assign(text=[shortened(text) for text in removed["text"]])
    return {
        "rules": by_rule,
        "removed": listing(spans[["doc_id", "rule", "start", "end", "text"]], whole=True),
        "n_removed": len(removed),
        "letters_removed": int(removed["characters"].sum()),
    }


def copies(articles: pd.DataFrame) -> dict[str, Any]:
    """Which article repeats which, and how much of it."""
    repeated = articles[articles["copy_of"].notna()]
    outlet = articles.set_index("doc_id")["outlet"]
    table = pd.DataFrame(
        {
            "article": repeated["doc_id"],
            "outlet": repeated["outlet"],
            "title": [shortened(title, 70) for title in repeated["title"]],
            "repeats": repeated["copy_of"],
            "of": repeated["copy_of"].map(outlet),
            "overlap": [percent(share) for share in repeated["overlap"]],
        }
    )
    return {"copies": listing(table, whole=True), "n_copies": len(table)}


PER_FRAME = 4  # passages quoted for a frame: enough to judge the instrument, few enough to read


@dataclass(frozen=True)
class Piece:
    """A stretch of a passage, the frames its hits carry, and those that it denies."""

    text: str
    frames: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quote:
    """One passage, where it stands, and its pieces."""

    outlet: str
    date: str
    doc_id: str
    passage_id: str
    pieces: tuple[Piece, ...]


def pieces(text: str, hits: pd.DataFrame) -> tuple[Piece, ...]:
    """The text cut at the ends of its hits; joined again the pieces are the text.

    ``hits`` has start, end, frame and negated, with offsets into this very text; they may overlap.

    >>> hits = pd.DataFrame({"start": [3], "end": [6], "frame": ["economy"], "negated": [False]})
    >>> [(piece.text, piece.frames) for piece in pieces("an oil deal", hits)]
    [('an ', ()), ('oil', ('economy',)), (' deal', ())]
    """
    cuts = sorted({0, len(text), *hits["start"], *hits["end"]})
    spans = [(a, b) for a, b in pairwise(cuts) if 0 <= a < b <= len(text)]
    return tuple(_piece(text[a:b], hits[(hits["start"] <= a) & (hits["end"] >= b)]) for a, b in spans)


def _piece(text: str, over: pd.DataFrame) -> Piece:
    frame, negated = over["frame"].astype("str"), over["negated"].astype(bool)
    return Piece(text, tuple(dict.fromkeys(frame[~negated])), tuple(dict.fromkeys(frame[negated])))


def quotes(
    articles: pd.DataFrame,
    passages: pd.DataFrame,
    hits: pd.DataFrame,
    frame: str,
    *,
    n: int = PER_FRAME,
    denied: bool = False,
) -> list[Quote]:
    """Up to ``n`` passages that carry the frame, or deny it; outlets take turns, richest in hits first.

    A story is quoted once: its copies say the same words.
    """
    carried = hits[(hits["frame"] == frame) & (hits["negated"].astype(bool) == denied)]
    found = carried.groupby("passage_id").agg(doc_id=("doc_id", "first"), hits=("entry", "nunique"))
    ranked = found.join(articles.set_index("doc_id")[["outlet", "story_id"]], on="doc_id").reset_index()
    ranked = ranked.sort_values(["hits", "passage_id"], ascending=[False, True]).drop_duplicates("story_id")
    turns = ranked.groupby("outlet", dropna=False).cumcount()  # each outlet's richest first, then its next
    chosen = ranked.assign(turn=turns).sort_values("turn", kind="stable")["passage_id"].head(n)
    return [_quote(articles, passages, hits, passage_id) for passage_id in chosen]


def _quote(articles: pd.DataFrame, passages: pd.DataFrame, hits: pd.DataFrame, passage_id: str) -> Quote:
    passage = passages[passages["passage_id"] == passage_id].iloc[0]
    article = articles[articles["doc_id"] == passage["doc_id"]].iloc[0]
    inside = hits[hits["passage_id"] == passage_id]
    shifted = inside.assign(start=inside["start"] - passage["start"], end=inside["end"] - passage["start"])
    text = article["text"][passage["start"] : passage["end"]]
    date = "no date" if pd.isna(article["date"]) else f"{article['date']:%Y-%m-%d}"
    return Quote(str(article["outlet"]), date, str(passage["doc_id"]), str(passage_id), pieces(text, shifted))


if TYPE_CHECKING:
    from .findings import Findings
