"""The passages of a page: those that are quoted, and the book and script of the desk that holds them all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.corpus.passages import passages

from ..desk.book import book, packed, script, style
from ..desk.cards import day
from ..desk.evidence import gathered
from ..desk.segments import Mark, segments
from ..desk.sheet import link
from .findings import Findings, Read

PER_FRAME = 4  # passages quoted for a frame: enough to judge the instrument, few enough to read


def quotes(
    found: Read, frame: str, n: int = PER_FRAME, *, negated: bool = False, titled: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Up to ``n`` passages that carry the frame, each of a story; titled ones first, and outlets take turns."""
    carried = found.hits[(found.hits["frame"] == frame) & (found.hits["negated"].astype(bool) == negated)]
    ranked = carried.groupby("passage_id").agg(doc_id=("doc_id", "first"), hits=("entry", "nunique"))
    by_name = found.articles.set_index(found.articles["doc_id"].astype("str"))
    ranked = ranked.join(by_name[["outlet", "story_id"]], on="doc_id").reset_index()
    ranked = ranked.assign(titled=ranked["doc_id"].isin(titled)).sort_values(
        ["titled", "hits", "passage_id"], ascending=[False, False, True]
    ).drop_duplicates("story_id")  # fmt: skip
    turns = ranked.groupby("outlet", dropna=False).cumcount()  # each outlet's richest first, then its next
    chosen = ranked.assign(turn=turns).sort_values("turn", kind="stable").head(n)
    return [_quote(found, by_name.loc[doc], name) for doc, name in chosen[["doc_id", "passage_id"]].to_numpy()]


def about_in_title(found: Findings) -> set[str]:
    """The articles with a passage whose headline names both countries of the pair."""
    used = found.articles[found.articles["doc_id"].astype("str").isin(found.passages["doc_id"])]
    titles = used.assign(text=used["title"].fillna("").astype("str"))
    return set(passages(titles, about=found.lexicon.about or None, unit="article")["doc_id"])


def _quote(found: Read, article: pd.Series, passage_id: str) -> dict[str, Any]:
    """A passage, where it was printed, and its pieces with the frames they carry or negate."""
    passage = found.passages[found.passages["passage_id"] == passage_id].iloc[0]
    inside = found.hits[found.hits["passage_id"] == passage_id]
    keys = inside["negated"].map({True: "negated", False: "frames"})
    marks = list(map(Mark, inside["start"], inside["end"], keys, inside["frame"].astype("str")))
    return {
        "outlet": str(article.get("printed_by", article["outlet"])),
        "date": day(article["date"]) or "no date",
        "title": str(article["title"]),
        "url": link(str(article["url"])),
        "passage_id": str(passage_id),
        "pieces": segments(article["text"], marks, start=int(passage["start"]), end=int(passage["end"])),
    }


@cache
def page_script() -> dict[str, str]:
    """The report's only script, its sha256 for the page's security policy, and the style it needs."""
    source = script("search.js", "book.js", "downloads.js")
    if "</script" in source or "<!--" in source:
        raise AssertionError("the report's script holds a sign that would end its element")
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    shipped = {"source": Markup(source), "style": Markup(style())}  # noqa: S704 - files that ship
    return {**shipped, "digest": f"sha256-{digest}"}


def embedded_book(found: Findings) -> Markup:
    """All that the desk of one corpus can be asked, packed; its search knows the lists of the lexicon."""
    evidence = gathered(found.articles, found.hits, passages=found.passages, topics=found.topics)
    evidence = replace(evidence, about=tuple(found.lexicon.about))
    held = book(evidence, lists=found.lexicon.named_lists, seed=found.how.seed)
    return Markup(packed(held | {"key": f"{found.digest} {found.lexicon.name}"}))  # noqa: S704 - base64
