"""The passages of a page: those that are quoted, and the book and script of the desk that holds them all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd
from markupsafe import Markup

from analysis.corpus.passages import passages
from analysis.frames.lexicon import Lexicon

from ..desk.book import book, packed, script, style
from ..desk.evidence import gathered
from ..desk.segments import Mark, Segment, segments
from ..desk.sheet import link
from .findings import Findings

PER_FRAME = 4  # passages quoted for a frame: enough to judge the instrument, few enough to read


@dataclass(frozen=True)
class Quote:
    """A passage, where it was printed, and its pieces with the frames they carry or negate."""

    outlet: str
    date: str
    title: str
    url: str
    passage_id: str
    pieces: list[Segment]


def quotes(
    articles: pd.DataFrame,
    passages: pd.DataFrame,
    hits: pd.DataFrame,
    frame: str,
    *,
    n: int = PER_FRAME,
    negated: bool = False,
    titled: Collection[str] = (),
) -> list[Quote]:
    """Up to ``n`` passages that carry the frame, or negate it; outlets take turns, richest in hits first.

    Those of the articles in ``titled`` come before: their headline is about the pair. A story is quoted once: its
    copies have the same words.
    """
    carried = hits[(hits["frame"] == frame) & (hits["negated"].astype(bool) == negated)]
    found = carried.groupby("passage_id").agg(doc_id=("doc_id", "first"), hits=("entry", "nunique"))
    by_name = articles.set_index(articles["doc_id"].astype("str"))[["outlet", "story_id"]]
    ranked = found.join(by_name, on="doc_id").reset_index()
    ranked["titled"] = ranked["doc_id"].isin(titled)
    order = ["titled", "hits", "passage_id"]
    ranked = ranked.sort_values(order, ascending=[False, False, True]).drop_duplicates("story_id")
    turns = ranked.groupby("outlet", dropna=False).cumcount()  # each outlet's richest first, then its next
    chosen = ranked.assign(turn=turns).sort_values("turn", kind="stable")["passage_id"].head(n)
    return [_quote(articles, passages, hits, passage_id) for passage_id in chosen]


def about_in_title(found: Findings) -> set[str]:
    """The articles with a passage whose headline names both countries of the pair."""
    used = found.articles[found.articles["doc_id"].astype("str").isin(found.passages["doc_id"])]
    titles = used.assign(text=used["title"].fillna("").astype("str"))
    return set(passages(titles, about=found.lexicon.about or None, unit="article")["doc_id"])


def _quote(articles: pd.DataFrame, passages: pd.DataFrame, hits: pd.DataFrame, passage_id: str) -> Quote:
    passage = passages[passages["passage_id"] == passage_id].iloc[0]
    article = articles[articles["doc_id"].astype("str") == passage["doc_id"]].iloc[0]
    inside = hits[hits["passage_id"] == passage_id]
    keys = inside["negated"].map({True: "negated", False: "frames"})
    marks = list(map(Mark, inside["start"], inside["end"], keys, inside["frame"].astype("str")))
    parts = segments(article["text"], marks, start=int(passage["start"]), end=int(passage["end"]))
    date = "no date" if pd.isna(article["date"]) else f"{article['date']:%Y-%m-%d}"
    outlet, title = str(article.get("printed_by", article["outlet"])), str(article["title"])
    return Quote(outlet, date, title, link(str(article["url"])), str(passage_id), parts)


@dataclass(frozen=True)
class Script:
    """What the page runs: the source, its sha256 for the page's security policy, and the style it needs."""

    source: Markup
    digest: str
    style: Markup


@cache
def page_script() -> Script:
    """The report's only script."""
    source = script("search.js", "book.js", "downloads.js")
    if "</script" in source or "<!--" in source:
        raise AssertionError("the report's script holds a sign that would end its element")
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return Script(Markup(source), f"sha256-{digest}", Markup(style()))  # noqa: S704 - files that ship


def embedded_book(found: Findings, *, lexicon: Lexicon | None = None, seed: int = 0) -> Markup:
    """All that the desk of one corpus can be asked, packed.

    The search knows the lists of the lexicon.
    """
    lists = {} if lexicon is None else lexicon.named_lists
    evidence = gathered(found.articles, found.hits, passages=found.passages, topics=found.topics)
    about = tuple(found.lexicon.about)
    return Markup(  # noqa: S704 - base64
        packed(
            book(replace(evidence, about=about), lists=lists, seed=seed)
            | {"key": f"{found.digest} {found.lexicon.name}"}
        )
    )
