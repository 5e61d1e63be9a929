"""Findings as sentences, written from the tables so that no number in them can drift from its table."""

from __future__ import annotations

import pandas as pd

from analysis.corpus.tables import is_usable, usable
from analysis.numbers import MINUS, chance, percent, points, with_interval

from ..figures.differences import ALPHA
from .findings import Findings


def lead(passages: pd.DataFrame, articles: pd.DataFrame, about: tuple[str, str]) -> str:
    """How much there is to go by."""
    used = articles[articles["doc_id"].isin(passages["doc_id"])]
    if used.empty:
        return f"No passage in {_count(len(articles), 'article')} speaks of {about[0]} and {about[1]} together."
    return (
        f"{_count(len(passages), 'passage')} in {_count(len(used), 'article')} "
        f"({_count(used['story_id'].nunique(), 'story')}) of {_count(used['outlet'].nunique(), 'outlet')} "
        f"{'speaks' if len(passages) == 1 else 'speak'} of {about[0]} and {about[1]} together."
    )


def outlet_sentences(estimates: pd.DataFrame, outlets: pd.DataFrame, about: tuple[str, str]) -> dict[str, str]:
    """What each outlet does, in the order of the table, with its interval or the reason it has none."""
    published = outlets.set_index("outlet")["n_articles"]
    return {
        str(outlet): _outlet_sentence(rows, int(published[outlet]), about)
        for outlet, rows in estimates.groupby("outlet", sort=False)
    }


def _outlet_sentence(rows: pd.DataFrame, published: int, about: tuple[str, str]) -> str:
    stories = int(rows["n_stories"].max())
    if not stories:
        return f"no passage about {about[0]} and {about[1]} in its {_count(published, 'article')}."
    said = ", ".join(
        f"{label} in {with_interval(share, low, high)}"
        for label, share, low, high in zip(rows["label"], rows["share"], rows["low"], rows["high"], strict=True)
    )
    if rows["low"].isna().all():
        return f"{said} of the passages of its only story; one story is no sample, so there is no interval."
    return f"{said} of passages about the pair, {_count(stories, 'story')}."


def extremes(estimates: pd.DataFrame) -> list[str]:
    """For each label the outlets with the highest and the lowest share, of those that have an interval."""
    bounded = estimates.dropna(subset=["share", "low"]).sort_values("outlet", kind="stable")
    sentences = []
    for label, rows in bounded.groupby("label", sort=False):
        most, least = rows["share"].max(), rows["share"].min()
        if most > least:
            named = [_named(rows[rows["share"] == share]) for share in (most, least)]
            sentences.append(
                f"{str(label).capitalize()} is highest in {named[0]}, lowest in {named[1]}, as measured."
            )
    return sentences


def _named(rows: pd.DataFrame) -> str:
    """One outlet with its interval, or how many share the place."""
    share, low, high = rows[["share", "low", "high"]].iloc[0]
    if len(rows) == 1:
        return f"{rows['outlet'].iloc[0]} ({with_interval(share, low, high)})"
    outlets = " and ".join(rows["outlet"]) if len(rows) == 2 else f"{len(rows)} outlets"
    return f"{outlets} ({percent(share)})"


def shares_title(estimates: pd.DataFrame, differences: pd.DataFrame) -> str:
    """The finding over the shares figure: the clearest difference, or that none is clear."""
    known = differences.dropna(subset="q").sort_values(["q", "label", "outlet", "other"], kind="stable")
    clear = known[known["q"] < ALPHA]
    if known.empty:
        return "How often each outlet uses each frame: too few stories to compare"
    if clear.empty:
        return "No two outlets can be told apart by how often they use a frame"
    first = clear.iloc[0]
    share = estimates[estimates["label"] == first["label"]].set_index("outlet")["share"]
    pair = share[[first["outlet"], first["other"]]].sort_values(ascending=False)
    said = ", ".join(f"{outlet} {percent(value)}" for outlet, value in pair.items())
    return f"The clearest difference is in {first['label']}: {said}"


def tested(differences: pd.DataFrame) -> str:
    """How many differences between two outlets cannot be put down to chance, and the largest of them."""
    known = differences.dropna(subset="q")
    if known.empty:
        return "No two outlets have two stories each about the pair, so no difference can be tested."
    clear = known[known["q"] < ALPHA]
    asked = f"Of {_count(len(known), 'comparison')} between two outlets"
    if clear.empty:
        return f"{asked}, none can be told from chance (q < .05, false discoveries controlled)."
    top = clear.iloc[clear["difference"].abs().argmax()]
    return (
        f"{asked}, {len(clear):,} cannot be put down to chance (q < .05, false discoveries controlled). "
        f"The largest: {top['label']}, {top['outlet']} {MINUS} {top['other']}, "
        f"{points(top['difference'], top['low'], top['high'])} points."
    )


def differences_title(differences: pd.DataFrame) -> str:
    """The finding over the figure of differences."""
    known = differences.dropna(subset="q")
    clear = int((known["q"] < ALPHA).sum())
    if known.empty:
        return "No difference can be tested: no two outlets have two stories each"
    if not clear:
        return f"None of {_count(len(known), 'difference')} between two outlets can be told from chance"
    return f"{clear:,} of {_count(len(known), 'difference')} between two outlets cannot be put down to chance"


def undecided(differences: pd.DataFrame, margin: float) -> str:
    """What the comparisons that are not clear leave open, so that "not found" is not read as "not there"."""
    known = differences.dropna(subset="q")
    open_ = int(known["verdict"].eq("too little data").sum())
    alike = int(known["verdict"].str.startswith("no difference").sum())
    about = f"{margin * 100:.0f} points"
    which = "all of them" if open_ == len(known) > 1 else _count(open_, "comparison")
    said = []
    if open_:
        said.append(
            f"For {which} there is too little data to say whether the outlets differ by "
            f"more than {about} or not: that is no finding of likeness."
        )
    if alike:
        said.append(f"In {_count(alike, 'comparison')} a difference of {about} or more can be ruled out.")
    return " ".join(said)


def robustness_title(curve: pd.DataFrame) -> str:
    """The finding over the specification curve."""
    claim, known = curve.attrs["claim"], curve.dropna(subset="difference")
    more = "more" if claim["sign"] > 0 else "less"
    return (
        f"{claim['outlet']} gives {claim['label']} {more} than {claim['other']}: in "
        f"{known['same_sign'].sum()} of {len(known)} ways to measure it"
    )


def _count(n: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{n:,} {noun if n == 1 else plural}"


def shares_table(estimates: pd.DataFrame) -> pd.DataFrame:
    """A row an outlet: its stories and articles, and a column a label of "41 % [30, 52]"."""
    spread = estimates[["share", "low", "high"]].itertuples(index=False)
    cells = estimates.assign(cell=[with_interval(*row) for row in spread])
    wide = cells.pivot_table("cell", "outlet", "label", aggfunc="first", sort=False)
    sizes = cells.groupby("outlet", sort=False)[["n_stories", "n_articles"]].max()
    notes = cells.groupby("outlet", sort=False)["note"].first()
    table = sizes.rename(columns={"n_stories": "stories", "n_articles": "articles"}).join(wide)
    return table.join(notes).reset_index().rename_axis(columns=None)


def differences_table(differences: pd.DataFrame) -> pd.DataFrame:
    """A row a tested pair and label: difference in points with its interval, p and q; smallest q first."""
    tested = differences.dropna(subset="q")
    ordered = tested.sort_values(["q", "label", "outlet", "other"], kind="stable")
    spread = zip(ordered["difference"], ordered["low"], ordered["high"], strict=True)
    return pd.DataFrame(
        {
            "frame": ordered["label"].to_numpy(),
            "pair": [f"{a} {MINUS} {b}" for a, b in zip(ordered["outlet"], ordered["other"], strict=True)],
            "difference, points": [points(*row) for row in spread],
            "p": [chance(p) for p in ordered["p"]],
            "q": [chance(q) for q in ordered["q"]],
        }
    )


def flow(found: Findings) -> pd.DataFrame:
    """A row a step: ``step, number``, and ``of them``, what was marked or set aside there."""
    articles, hits, pair = found.articles, found.hits, " and ".join(found.about)
    said = hits[~hits["negated"].astype(bool)]
    framed, about = said["passage_id"].nunique(), found.passages["doc_id"].nunique()
    unread = int((~is_usable(found.received)).sum())
    rows = [
        ("items in the files", len(found.received), {"could not be read": unread}),
        ("articles read", len(articles), _gaps(found)),
        ("articles cleaned", len(articles), {"freed of page furniture": found.removed["doc_id"].nunique()}),
        ("stories", articles["story_id"].nunique(), {"marked as a copy of another": articles["copy_of"].count()}),
        (f"articles about {pair}", about, {"set aside: no passage on both": len(articles) - about}),
        ("passages about the pair", len(found.passages), {"without a frame": len(found.passages) - framed}),
        ("passages with a frame", framed, {}),
        ("hits of the lexicon counted", len(said), {"denied, so not counted": len(hits) - len(said)}),
    ]
    shown = rows if unread else rows[1:]
    return pd.DataFrame(
        [(step, f"{int(number):,}", _asides(aside)) for step, number, aside in shown],
        columns=["step", "number", "of them"],
    )


def _gaps(found: Findings) -> dict[str, int]:
    """What articles lacked as they came; they stay."""
    articles = usable(found.received)
    written = articles["date_given"].fillna("") if "date_given" in articles else pd.Series("", articles.index)
    return {
        "without text": int((articles["text"].fillna("").str.strip() == "").sum()),
        "without a date": int(articles["date"].isna().sum()),
        "with a date that could not be read": int((articles["date"].isna() & (written.str.strip() != "")).sum()),
        "without an outlet": int((articles["outlet"].fillna("") == "").sum()),
    }


def _asides(aside: dict[str, int]) -> str:
    return "; ".join(f"{number:,} {what}" for what, number in aside.items() if number)
