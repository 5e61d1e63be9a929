"""A corpus as the report shows it: findings as sentences, figures, rounded tables and quoted passages."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from analysis.compare.effects import ALPHA, different
from analysis.corpus.passages import passages
from analysis.corpus.stories import UNKNOWN
from analysis.corpus.summary import REASONS, columns_said, given_dates, renamed, unread_dates
from analysis.corpus.tables import usable
from analysis.numbers import counted, percent, with_interval
from analysis.topics.reading import top_words

from ..characters import Mark, segments, shortened
from ..desk.cards import day
from ..desk.sheet import first_of, link
from ..look import outlet_order
from . import instrument, prose
from .findings import Findings, Read
from .instrument import Instrument
from .methods import methods_text
from .pictures import pictures
from .scrutiny import stories_of

ROWS = 100  # of a long list; the page says how many more there are, and the tables to download hold all
PAPER_ROWS, PATTERNS = 25, 240  # on paper: rows of a long list, letters of an entry's patterns
FIRST = 6  # outlets of the first screen: more would push the checks off it
FEW = 6  # outlets that are named where the rest is counted
TOPIC_WORDS = 6  # what a line holds
TERMS = 10  # of an outlet
DOT = ["outlet", "label", "share", "low", "high"]
ASIDE = "more naming both, but judged not to be about the two, and set aside"
PER_FRAME = 4  # passages quoted for a frame: enough to judge the instrument, few enough to read
LEADING = 2  # documents of a topic: enough to see what it is


def chapter(found: Findings, used: Instrument, kind: str = "html") -> dict[str, Any]:
    """What the template needs to print one corpus in a format; on paper lists are shorter."""
    entries = instrument.entries_table(found)
    if kind != "html":
        entries["patterns"] = [shortened(patterns, PATTERNS) for patterns in entries["patterns"]]
    paragraph, works = methods_text(*found.results, validation=used.here).split("\n\n")
    ranked, titled = ranked_outlets(found), about_in_title(found)
    shown = [name for name in outlet_order(found.estimates) if name in ranked[: prose.OUTLETS]]
    first = (found.scrutiny.claim or {"label": found.frames[0]})["label"]
    return {
        "found": found, "used": used, "rows": ROWS if kind == "html" else PAPER_ROWS, "shown": shown,
        "first": {"outlets": ranked[:FIRST], "frame": first}, "entries": entries,
        "pictures": pictures(found, shown, vector=kind in ("html", "pdf")),
        "methods": paragraph, "works": works.splitlines(),
        "quotes": {frame: quotes(found, frame, titled=titled) for frame in found.frames},
        "negated": {frame: quotes(found, frame, 1, negated=True, titled=titled) for frame in found.frames},
    }  # fmt: skip


def ranked_outlets(found: Findings) -> list[str]:
    """The outlets with an interval, or all if none has: those of the claim, others that differ, most stories."""
    claim, clear = found.scrutiny.claim or {}, found.differences[different(found.differences)]
    ranks = [{claim.get("outlet"), claim.get("other")}, {*clear["outlet"], *clear["other"]}]
    stories = stories_of(found.estimates)
    bounded = stories.index[stories >= (2 if (stories > 1).any() else 1)]
    return sorted(bounded, key=lambda name: (*(name not in rank for rank in ranks), -stories[name]))


def others(found: Findings, shown: list[str]) -> str:
    """The outlets without an interval or a share, and how many more the page does not show."""
    every = stories_of(found.estimates)
    groups = {"One story, so no interval": every.index[every == 1], "No passage": every.index[every == 0]}
    said = []
    for what, names in groups.items():
        rest = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
        said += [f"{what}: {', '.join(names[:FEW])}{rest}."] if len(names) else []
    more = int((every.drop([*shown, UNKNOWN], errors="ignore") > 1).sum())
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
    if pd.isna(value) or isinstance(value, pd.Timestamp):
        return "–" if pd.isna(value) else f"{value:%Y-%m-%d}"
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


def topics_table(found: Findings) -> pd.DataFrame:
    """A row a topic, named by its own words: its share, most frequent words, and where it is largest."""
    assert found.topics is not None
    topics, shares = found.topics, found.topics.shares
    frequent = top_words(topics, n=TOPIC_WORDS).groupby("label", sort=False)["term"].agg(", ".join)
    documents = found.passages.set_index("passage_id")["text"]
    if found.topic_unit == "article":
        named = found.articles.set_index("doc_id")
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
    left_out = {f"{reason}, left out": n for reason, n in found.left_out.items()}
    read_here = usable(found.received)
    language = {"in another language, set aside": len(read_here) - len(articles)}
    read_as = _commonest(_columns_said(found.received), "read_as", "{}")
    other = renamed(read_here)
    other = other.assign(written=other["outlet_given"] + ", read as " + other["outlet"])
    under_one = _commonest(other, "written", "from {}", "from outlets under one name with others")
    rows = [
        ("items in the files", len(found.received) + sum(found.left_out.values()), unread | left_out),
        ("articles read", len(read_here), gaps(read_here) | language | read_as | under_one),
        ("articles cleaned", len(articles), {"with boilerplate removed": found.removed["doc_id"].nunique()}),
        ("stories", articles["story_id"].nunique(), {"marked as copies": articles["copy_of"].count()}),
        (f"articles with a passage{which}", about, {"set aside": len(articles) - about}),
        (f"passages{which}", len(read), {"without a frame": len(read) - framed, ASIDE: found.aside}),
        ("passages with a frame", framed, {}),
        ("lexicon hits counted", len(counted_hits), {"negated, so not counted": len(hits) - len(counted_hits)}),
    ]
    shown = [
        (step, f"{int(number):,}", "; ".join(f"{n:,} {what}" for what, n in aside.items() if n))
        for step, number, aside in (rows if any((unread | left_out).values()) else rows[1:])
    ]
    return pd.DataFrame(shown, columns=["step", "number", "of them"])


def _columns_said(received: pd.DataFrame) -> pd.DataFrame:
    """The articles with what became of their columns in words."""
    if "read_as" not in received:
        return received
    said = {}
    for one in received["read_as"].fillna("").unique():
        used, unused = columns_said(one)
        parts = {f"with columns read as {used}": used, f"of which {unused}": unused}
        said[one] = ", ".join(text for text, there in parts.items() if there)
    return received.assign(read_as=received["read_as"].fillna("").map(said))


def _commonest(received: pd.DataFrame, column: str, each: str, rest: str = "") -> dict[str, int]:
    """How many items have each value of a column, the commonest first; the others together, if they are named."""
    values = received[column].fillna("") if column in received else pd.Series("", received.index)
    counts = values[values != ""].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    named = {each.format(value): int(n) for value, n in counts.head(REASONS).items()}
    return named | ({rest: int(counts.iloc[REASONS:].sum())} if rest else {})


def gaps(articles: pd.DataFrame) -> dict[str, int]:
    """What articles lacked as they came, and dates of their files' names; they stay."""
    written, undated = given_dates(articles), articles["date"].isna()
    undecided, unreadable = unread_dates(written, undated)
    empty = articles["text"].fillna("").str.strip() == "" if "text" in articles else articles["empty"]
    return {
        "without text": int(empty.sum()),
        "without a date": int(undated.sum()),
        "with a date whose order of day and month is not known": int(undecided.sum()),
        "with a date that could not be read": int(unreadable.sum()),
        "with the date from the name of the file": _of_file_names(articles, written),
        "without an outlet": int((articles["outlet"].astype("str").fillna("").str.strip() == "").sum()),
    }


def _of_file_names(articles: pd.DataFrame, written: "pd.Series[str]") -> int:
    """How many articles are texts whose file begins with their date."""
    if not {"source", "item"} <= set(articles):
        return 0
    texts = articles[(articles["item"] == "") & articles["date"].notna() & (written != "")]
    names = texts["source"].str.split("/").str[-1]
    return sum(name.startswith(day) for name, day in zip(names, written[texts.index], strict=True))


def quotes(
    found: Read, frame: str, n: int = PER_FRAME, *, negated: bool = False, titled: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Up to ``n`` passages that carry the frame, each of a story; titled ones first, and outlets take turns."""
    carried = found.hits[(found.hits["frame"] == frame) & (found.hits["negated"].astype(bool) == negated)]
    ranked = carried.groupby("passage_id").agg(doc_id=("doc_id", "first"), hits=("entry", "nunique"))
    by_name = found.articles.set_index("doc_id")
    ranked = ranked.join(by_name[["outlet", "story_id"]], on="doc_id").reset_index()
    ranked = ranked.assign(titled=ranked["doc_id"].isin(titled)).sort_values(
        ["titled", "hits", "passage_id"], ascending=[False, False, True]
    ).drop_duplicates("story_id")  # fmt: skip
    turns = ranked.groupby("outlet", dropna=False).cumcount()  # each outlet's richest first, then its next
    chosen = ranked.assign(turn=turns).sort_values("turn", kind="stable").head(n)
    return [_quote(found, by_name.loc[doc], name) for doc, name in chosen[["doc_id", "passage_id"]].to_numpy()]


def about_in_title(found: Findings) -> set[str]:
    """The articles with a passage whose headline names both countries of the pair."""
    used = found.articles[found.articles["doc_id"].isin(found.passages["doc_id"])]
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
