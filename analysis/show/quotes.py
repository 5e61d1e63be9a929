"""Passages as evidence: the text as it stands, cut where hits begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

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
