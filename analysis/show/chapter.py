"""A corpus as the report shows it: findings turned into sentences, pictures and rounded tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from . import prose
from .differences import plot_differences
from .figures import Picture, picture
from .findings import Findings
from .heatmap import plot_heatmap
from .measured import beside
from .positions import plot_positions
from .quotes import quotes
from .shares import outlet_order, plot_shares
from .style import percent
from .tables import differences_table, shares_table, shortened
from .terms import plot_terms
from .topics import plot_topics

ROWS = 100  # of a long list; the page says how many more there are, and the tables hold all
FRAMED = {"shares", "heatmap", "differences", "positions"}  # figures of what the lexicon measured
TERMS_TITLE = "What each outlet’s passages about the pair say more than the others’ do"
PANELS = 12  # outlets with a panel of their own among the distinctive terms: a printed page


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
    return {
        "name": found.name,
        "lead": prose.lead(found.passages, found.articles, about),
        "extremes": prose.extremes(estimates),
        "tested": prose.tested(found.differences),
        "sentences": prose.outlet_sentences(estimates, found.outlets, about),
        "shares": shares,
        "share_columns": tuple(c for c in shares.columns if c not in ("outlet", "note")),
        "differences": listing(differences_table(found.differences), whole=True),
        "untested": found.differences["q"].isna().sum(),
        "outlets": outlets,
        "outlet_numbers": tuple(outlets.columns[1:]),
        "flow": flow(found),
        "pictures": pictures(found, validation, vector=vector),
        "notes": found.notes,
        "topic_unit": found.topic_unit,
        "quotes": {frame: quotes(*evidence, frame) for frame in found.frames},
        "denials": {frame: quotes(*evidence, frame, n=1, denied=True) for frame in found.frames},
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


def flow(found: Findings) -> pd.DataFrame:
    """How many articles each step saw, and how many passages and hits were left in the end."""
    articles, passages, hits = found.articles, found.passages, found.hits
    audit = found.received.attrs.get("audit", {})
    counts = {
        "articles read": len(articles),
        "of them without text": int((articles["text"].str.strip() == "").sum()),
        "of them without a date": int(articles["date"].isna().sum()),
        "with a date that could not be read": audit.get("unreadable_dates", 0),
        "items of the files that became no article": audit.get("unparsed", 0),
        "of them without an outlet": int((articles["outlet"].fillna("") == "").sum()),
        "of them freed of page furniture": found.removed["doc_id"].nunique(),
        "of them copies of another": int(articles["copy_of"].notna().sum()),
        "stories": articles["story_id"].nunique(),
        f"articles with a passage about {found.about[0]} and {found.about[1]}": passages["doc_id"].nunique(),
        "passages about the pair": len(passages),
        "of them with a frame": hits.loc[~hits["negated"].astype(bool), "passage_id"].nunique(),
        "hits": len(hits),
        "of them negated": int(hits["negated"].sum()),
    }
    return pd.DataFrame({"step": list(counts), "number": [f"{n:,}" for n in counts.values()]})


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


def pictures(found: Findings, validation: pd.DataFrame, *, vector: bool = True) -> dict[str, Picture]:
    """Every figure of the chapter; what it shows is also in a table beside it."""
    estimates, differences = found.estimates, found.differences
    drawn: dict[str, tuple[Any, tuple[Any, ...], str]] = {
        "shares": (plot_shares, (estimates,), prose.shares_title(estimates, differences)),
        "heatmap": (plot_heatmap, (estimates,), "Share of passages that carry each frame"),
        "differences": (plot_differences, (differences,), prose.differences_title(differences)),
        "positions": (plot_positions, (found.hits, found.articles), "Where in an article each frame falls"),
        "terms": (plot_terms, (_largest(found.terms, found),), TERMS_TITLE),
        "topics": (plot_topics, (found.topics or NO_TOPICS,), "What the texts write about"),
    }
    return {
        name: picture(
            partial(draw, validation=validation) if name in FRAMED else draw, *tables, title=title, vector=vector
        )
        for name, (draw, tables, title) in drawn.items()
    }


def _largest(terms: pd.DataFrame, found: Findings) -> pd.DataFrame:
    """The terms of the outlets with most passages."""
    outlet = found.passages["doc_id"].map(found.articles.set_index("doc_id")["outlet"])
    largest = outlet.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:PANELS]
    return terms[terms["group"].isin(largest)]


@dataclass(frozen=True)
class _NoTopics:
    words: pd.DataFrame
    shares: pd.DataFrame


NO_TOPICS = _NoTopics(pd.DataFrame(), pd.DataFrame())
