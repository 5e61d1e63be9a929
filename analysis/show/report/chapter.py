"""A corpus as the report shows it: findings as sentences, figures, rounded tables and quoted passages."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.corpus.stories import UNKNOWN
from analysis.corpus.summary import REASONS
from analysis.corpus.tables import usable
from analysis.numbers import counted, percent, with_interval
from analysis.topics.reading import top_words

from ..characters import shortened
from ..desk.sheet import first_of
from ..look import outlet_order
from . import instrument, prose
from .findings import Findings
from .instrument import Instrument
from .methods import methods_text
from .passages import about_in_title, quotes
from .pictures import pictures, timed
from .scrutiny import ALPHA, different

ROWS = 100  # of a long list; the page says how many more there are, and the tables to download hold all
PAPER_ROWS, PATTERNS = 25, 240  # on paper: rows of a long list, letters of an entry's patterns
FIRST = 6  # outlets of the first screen: more would push the checks off it
FEW = 6  # outlets that are named where the rest is counted
TOPIC_WORDS = 6  # what a line holds
TERMS = 10  # of an outlet
DOT = ["outlet", "label", "share", "low", "high"]
LEADING = 2  # documents of a topic: enough to see what it is


def chapter(found: Findings, used: Instrument, kind: str = "html") -> dict[str, Any]:
    """What the template needs to print one corpus in a format; on paper lists are shorter."""
    entries = instrument.entries_table(found)
    if kind != "html":
        entries["patterns"] = [shortened(patterns, PATTERNS) for patterns in entries["patterns"]]
    paragraph, works = methods_text(*found.results, validation=used.here).split("\n\n")
    claim, ranked = found.scrutiny.claim, ranked_outlets(found)
    shown = [name for name in outlet_order(found.estimates) if name in ranked[: prose.OUTLETS]]
    titled, (rules, removed) = about_in_title(found), removals(found)
    return {
        "found": found,
        "rows": ROWS if kind == "html" else PAPER_ROWS,
        "certificate": instrument.certificate(used),
        "claim": prose.claimed(claim) if claim else "",
        "checks": prose.checks(found),
        "dots": dots(found.estimates, shown),
        "named": len(set(shown) - {UNKNOWN}),
        "first": {"outlets": ranked[:FIRST], "frame": (claim or {"label": found.frames[0]})["label"]},
        "others": others(found, shown),
        "differences": prose.differences_table(found.differences),
        "untested": int(found.differences["q"].isna().sum()),
        "validation": instrument.validation_table(used),
        "corrected": instrument.corrected_table(used.corrected, "by the lexicon"),
        "of_models": instrument.corrected_table(used.of_models, "by the models"),
        "models": ", ".join(sorted(set(used.models.get("coder", ())))),
        "model_differences": instrument.model_differences(used.of_models),
        "entries": entries,
        "outlets": summary_table(found.outlets),
        "flow": flow(found),
        "pictures": pictures(found, shown, vector=kind in ("html", "pdf")),
        "timed": timed(found),
        "methods": paragraph,
        "works": works.splitlines(),
        "topics": None if found.topics is None else topics_table(found),
        "terms": terms(found, shown),
        "quotes": {frame: quotes(found, frame, titled=titled) for frame in found.frames},
        "negated": {frame: quotes(found, frame, 1, negated=True, titled=titled) for frame in found.frames},
        "rules": rules,
        "removed": removed,
        "copies": copies(found.articles),
    }


def ranked_outlets(found: Findings) -> list[str]:
    """The outlets with an interval, or all if none has: those of the claim, others that differ, most stories."""
    claim, clear = found.scrutiny.claim or {}, found.differences[different(found.differences)]
    ranks = [{claim.get("outlet"), claim.get("other")}, {*clear["outlet"], *clear["other"]}]
    stories = _stories(found)
    bounded = stories.index[stories >= (2 if (stories > 1).any() else 1)]
    return sorted(bounded, key=lambda name: (*(name not in rank for rank in ranks), -stories[name]))


def _stories(found: Findings) -> pd.Series[int]:
    return found.estimates.groupby("outlet")["n_stories"].max().sort_index()


def others(found: Findings, shown: list[str]) -> str:
    """The outlets that the page does not show, by the reason."""
    stories = _stories(found).drop(shown)
    groups = {"One story, so no interval": stories.index[stories == 1], "No passage": stories.index[stories == 0]}
    said = []
    for what, names in groups.items():
        rest = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
        said += [f"{what}: {', '.join(names[:FEW])}{rest}."] if len(names) else []
    more = int((stories.drop(UNKNOWN, errors="ignore") > 1).sum())
    return " ".join([*said, f"{counted(more, 'more outlet')} in the CSV."] if more else said)


def dots(estimates: pd.DataFrame, outlets: list[str]) -> dict[str, dict[str, Any]]:
    """A row an outlet: its stories, and by label a dot in percent of a line that ends at the highest bound."""
    rows = estimates[estimates["outlet"].isin(outlets)]
    end = max(rows[["share", "high"]].max().max(), 0.01) if len(rows) else 1.0
    made: dict[str, dict[str, Any]] = {name: {"stories": 0, "dots": {}} for name in outlets}
    for name, label, share, low, high, n in rows[[*DOT, "n_stories"]].itertuples(index=False):
        bounds = (share, share, share) if pd.isna(low) else (share, low, high)
        middle, left, right = (0.0 if pd.isna(value) else value / end * 100 for value in bounds)
        places = {"share": round(middle, 2), "low": round(left, 2), "width": round(right - left, 2)}
        made[name]["dots"][label] = places | {"text": with_interval(share, low, high)}
        made[name]["stories"] = max(made[name]["stories"], int(n))
    return made


def summary_table(outlets: pd.DataFrame) -> pd.DataFrame:
    """The table of ``summarize`` with dates and numbers as they are read, without columns of zeros."""
    zeros = [name for name in ("undated", "empty", "problems") if name in outlets and not outlets[name].any()]
    shown = outlets.drop(columns=zeros).rename(columns={"words": "words (median)"}).astype(object).map(_cell)
    return shown.rename(columns=lambda name: name.removeprefix("n_").replace("_", " "))


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "–"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


def topics_table(found: Findings) -> pd.DataFrame:
    """A row a topic, named by its own words: its share, most frequent words, and where it is largest."""
    assert found.topics is not None
    topics, shares = found.topics, found.topics.shares
    frequent = top_words(topics, n=TOPIC_WORDS).groupby("label", sort=False)["term"].agg(", ".join)
    documents = found.passages.set_index("passage_id")["text"]
    if found.topic_unit == "article":
        named = found.articles.set_index(found.articles["doc_id"].astype("str"))
        documents = named["title"].where(named["title"] != "", named["text"])
    leading = {name: shares[name].sort_values(kind="stable").index[: -1 - LEADING : -1] for name in frequent.index}
    most = [" / ".join(shortened(text, 60) for text in documents[names]) for names in leading.values()]
    return pd.DataFrame({
        "topic": frequent.index.astype("str"),
        "share": [percent(shares[label].mean()) for label in frequent.index],
        "most frequent words": frequent.to_numpy(),
        f"{found.topic_unit}s with most of it": most,
    })  # fmt: skip


def terms(found: Findings, outlets: list[str]) -> dict[str, dict[str, bool]]:
    """By outlet the terms that set its passages apart, the most distinctive first, and whether q is below .05."""
    return {
        name: dict(zip(rows["term"].head(TERMS), rows["q"].head(TERMS) < ALPHA, strict=True))
        for name, rows in found.terms.groupby(found.terms["group"].astype("str"))
        if name in outlets
    }


def removals(found: Findings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What cleaning removed: by rule, and span by span."""
    removed = found.removed.assign(characters=found.removed["end"] - found.removed["start"])
    by_rule = removed.groupby("rule", as_index=False).agg(
        spans=("doc_id", "size"), articles=("doc_id", "nunique"), characters=("characters", "sum"),
        example=("text", "first"),
    )  # fmt: skip
    by_rule["characters"] = [f"{n:,}" for n in by_rule["characters"]]
    by_rule["example"] = [shortened(text, 90) for text in by_rule["example"]]
    spans = removed.assign(text=[shortened(text) for text in removed["text"]])
    return by_rule, spans[["doc_id", "rule", "start", "end", "text"]].rename(columns={"doc_id": "article"})


def copies(articles: pd.DataFrame) -> pd.DataFrame:
    """Which article repeats which, and how much of it."""
    repeated = articles[articles["copy_of"].notna()]
    outlet, date = (articles.set_index("doc_id")[name] for name in ("outlet", "date"))
    order = map(first_of, repeated["date"], repeated["copy_of"].map(date))
    return repeated[["doc_id", "outlet"]].assign(
        title=[shortened(title, 70) for title in repeated["title"]], repeats=repeated["copy_of"],
        of=repeated["copy_of"].map(outlet), order=[unsure or "later" for unsure in order],
        overlap=[percent(share) for share in repeated["overlap"]],
    ).rename(columns={"doc_id": "article"})  # fmt: skip


def flow(found: Findings) -> pd.DataFrame:
    """A row a step: ``step, number``, and ``of them``, what was marked or set aside there."""
    articles, hits, read = found.articles, found.hits, found.passages
    counted_hits = hits[~hits["negated"].astype(bool)]
    framed, about = counted_hits["passage_id"].nunique(), read["doc_id"].nunique()
    which = f" about {found.pair}" if found.pair else ""
    unread = _commonest(found.received, "problem", "could not be read: {}", "could not be read for other reasons")
    read_here = usable(found.received)
    language = {"in another language, set aside": len(read_here) - len(articles)}
    read_as = _commonest(found.received, "read_as", "with columns read as {}")
    renamed = _commonest(_renamed(read_here), "written", "from {}", "from outlets under one name with others")
    rows = [
        ("items in the files", len(found.received), unread),
        ("articles read", len(read_here), _gaps(read_here) | language | read_as | renamed),
        ("articles cleaned", len(articles), {"with boilerplate removed": found.removed["doc_id"].nunique()}),
        ("stories", articles["story_id"].nunique(), {"marked as copies": articles["copy_of"].count()}),
        (f"articles with a passage{which}", about, {"set aside": len(articles) - about}),
        (f"passages{which}", len(read), {"without a frame": len(read) - framed}),
        ("passages with a frame", framed, {}),
        ("lexicon hits counted", len(counted_hits), {"negated, so not counted": len(hits) - len(counted_hits)}),
    ]
    shown = [
        (step, f"{int(number):,}", "; ".join(f"{n:,} {what}" for what, n in aside.items() if n))
        for step, number, aside in (rows if any(unread.values()) else rows[1:])
    ]
    return pd.DataFrame(shown, columns=["step", "number", "of them"])


def _renamed(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles whose outlet was written in another way, with both names in ``written``."""
    given = articles["outlet_given"] if "outlet_given" in articles else articles["outlet"]
    other = articles[(given != articles["outlet"]) & (given != "")]
    return other.assign(written=given[other.index] + ", read as " + other["outlet"])


def _commonest(received: pd.DataFrame, column: str, each: str, rest: str = "") -> dict[str, int]:
    """How many items have each value of a column, the commonest first; the others together, if they are named."""
    values = received[column].fillna("") if column in received else pd.Series("", received.index)
    counts = values[values != ""].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    named = {each.format(value): int(n) for value, n in counts.head(REASONS).items()}
    return named | ({rest: int(counts.iloc[REASONS:].sum())} if rest else {})


def _gaps(articles: pd.DataFrame) -> dict[str, int]:
    """What articles lacked as they came; they stay."""
    written = articles["date_given"].fillna("") if "date_given" in articles else pd.Series("", articles.index)
    empty = articles["text"].fillna("").str.strip() == "" if "text" in articles else articles["empty"]
    return {
        "without text": int(empty.sum()),
        "without a date": int(articles["date"].isna().sum()),
        "with a date that could not be read": int((articles["date"].isna() & (written.str.strip() != "")).sum()),
        "without an outlet": int((articles["outlet"].astype("str").fillna("").str.strip() == "").sum()),
    }
