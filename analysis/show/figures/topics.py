"""Topics: how much of the corpus each takes and its words, as a list, as a map, as cards; and how many to fit."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from analysis.arrays import Floats
from analysis.compare.topics import TopicCards
from analysis.numbers import percent
from analysis.topics.choose import KChoice
from analysis.topics.reading import topic_places
from analysis.topics.stability import Stability

from ..look import INK, MUTED, PAPER, SLATE, outlet_order
from .marks import STEPS, draw_dots, draw_intervals, name_rows, percent_scale, places, write_beside
from .style import ROW, Disc, Page, Place, canvas, describe, distinct, lay_out, legible, named, nothing, panels

BARS = 0.22  # of the width; the rest is for the words
LINE = 78  # letters of 8-point type beside the bars
LARGEST = 2000.0  # points²: a disc of a ninth of the page's width
ROUND = 0.16  # of the width and height of all places, on every side: as much as half of the largest disc needs
WORDS = 3
OUTLETS = 5  # with most of the topic: what a card of an inch and a half has room for
CARD = 1.55  # inches
CARD_LINE = 70  # letters of 7.5-point type beside the outlets
LIKELY = (
    "Likely: the heaviest words. Its own: heavy here and light in other topics. Dot: mean share of an outlet's "
    "articles. Line: 95\u00a0% interval over stories."
)
RIM: tuple[Place, ...] = (
    (0, 1, "center", "bottom"), (0, -1, "center", "top"), (1, 0, "left", "center"), (-1, 0, "right", "center"),
    (0.75, 0.75, "left", "bottom"), (-0.75, 0.75, "right", "bottom"),
    (0.75, -0.75, "left", "top"), (-0.75, -0.75, "right", "top"),
)  # fmt: skip
MEASURES = {
    "coherence": "coherence\nhigher is better",
    "perplexity": "held-out\nperplexity\nlower is better",
    "agreement": "stability\nhigher is better",
}


def draw_topics(topics: Any, page: Page, *, n: int = 8, stability: Stability | None = None) -> Axes:
    """One row a topic: a bar of its mean share, and its ``n`` heaviest words; hollow and grey where unstable."""
    if topics.words.empty or topics.shares.empty:
        return nothing(page, "no topic was fitted")
    share, index = topics.shares.mean(), topics.words.index
    ax = canvas(page, 1.0 + ROW * len(share))
    y, top = np.arange(len(share)), float(share.max())
    sure = np.ones(len(share), dtype=bool) if stability is None else stability.stable(index)
    ax.barh(y, share, height=0.6, color=np.where(sure, SLATE, PAPER), edgecolor=SLATE, linewidth=0.8)
    names = _names(index)
    for place, topic in enumerate(index):
        write_beside(ax, share.iloc[place], place, percent(share.iloc[place]))
        ink = INK if sure[place] else MUTED
        ax.text(top * 1.4, place, _words(topics.words.loc[topic], n), va="center", color=ink, fontsize=8)
    marks = ["" if mark else " · unstable" for mark in sure]
    ax.set_yticks(y, [f"{names[topic]}{mark}" for topic, mark in zip(index, marks, strict=True)])
    ax.set(ylim=(len(share) - 0.5, -0.5), xlim=(0, top / BARS), xticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    hollow = "" if sure.all() else " Hollow: a topic that other samples did not repeat."
    foot = f"Bar: mean share of a document. Words: the heaviest, heaviest first.{hollow}"
    return describe(ax, page, "Topics by their share of the corpus", foot, below=4)


def _names(topics: "pd.Index[Any]") -> dict[object, str]:
    return {name: f"topic {one}" if one.isdigit() else one for name, one in distinct(topics, letters=28).items()}


def _words(weights: pd.Series, n: int) -> str:
    """The heaviest words, as many as one line holds."""
    heaviest = weights.sort_values(ascending=False, kind="stable").head(n).index
    line = textwrap.wrap(", ".join(legible(word) for word in heaviest), LINE)
    return line[0].rstrip(",") if line else ""


def draw_map(topics: Any, page: Page) -> Axes:
    """A disc a topic, as large as its mean share, named where there is room; its words lie beside like ones."""
    if topics.words.empty or topics.shares.empty:
        return nothing(page, "no topic was fitted")
    xy, share = topic_places(topics.words)[["x", "y"]].to_numpy(float), topics.shares.mean().to_numpy(float)
    ax = canvas(page, 5.4)
    area = LARGEST * share / share.max()
    ax.scatter(xy[:, 0], xy[:, 1], s=area, color=SLATE, alpha=0.4, edgecolor=PAPER, linewidth=1)
    ax.set_aspect("equal", adjustable="datalim")
    room = ROUND * np.ptp(xy, axis=0)
    ax.update_datalim([xy.min(axis=0) - room, xy.max(axis=0) + room])  # an equal aspect would take from margins
    ax.autoscale_view()
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    foot = "Area: mean share of a document. Distance: how different the words of two topics are."
    describe(ax, page, "Topics that share words lie close together", foot, below=4)
    lay_out(ax)
    _name_topics(ax, topics, xy, share, np.sqrt(area) / 2)
    return ax


def _name_topics(ax: Axes, topics: Any, xy: Floats, share: Floats, radius: Floats) -> None:
    """Each topic by its words; the largest topics choose first."""
    assert ax.figure is not None
    pixels = ax.figure.dpi / 72
    middles = ax.transData.transform(xy)
    discs = [Disc(x, y, r * pixels) for (x, y), r in zip(middles, radius, strict=True)]
    names = _names(topics.words.index)
    taken: list[Bbox] = []
    for at in np.argsort(-share, kind="stable").tolist():
        topic = topics.words.index[at]
        weights = topics.words.loc[topic].sort_values(ascending=False, kind="stable")
        words = ", ".join(legible(word) for word in weights.index[:WORDS] if word not in topic.split(", "))
        short = names[topic]
        full = f"{words}\n{short} · {percent(float(share[at]))}".lstrip()
        others = discs[:at] + discs[at + 1 :]
        for text in (full, short):
            where = _places_round(float(radius[at]))
            if named(ax, text, tuple(xy[at]), where, taken, own=discs[at], discs=others, fontsize=7.2, color=INK):
                break


def _places_round(radius: float) -> list[Place]:
    """In the disc, then on its rim in eight directions, then twice and three times as far out."""
    rim = radius + 2
    room: list[Place] = [(0, 0, "center", "center")]
    for far in (rim, rim + 10, rim + 22):
        room += [(far * x, far * y, across, up) for x, y, across, up in RIM]
    return room


def draw_cards(cards: TopicCards, page: Page, *, only: list[str] | None = None) -> Axes:
    """A card a topic: its words, its own words, a passage, and the outlets that have most of it."""
    table = cards.table if only is None else cards.table.set_index("label").loc[only].reset_index()
    if table.empty:
        return nothing(page, "no topic was fitted")
    ax = canvas(page, 0.8 + CARD * len(table))
    ax.set_axis_off()
    faces = panels(ax, len(table), 1, gap=(0, 0.42)) if len(table) > 1 else [ax.inset_axes((0, 0, 1, 1))]
    for face, (_, card) in zip(faces, table.iterrows(), strict=True):
        _draw_card(face, card, cards.estimates[cards.estimates["label"] == card["label"]])
    return describe(ax, page, "Topics: their words, a passage, and the outlets with most of each", LIKELY)


def _draw_card(face: Axes, card: pd.Series, rows: pd.DataFrame) -> None:
    face.set_axis_off()
    shaky = not card.get("stable", True)
    name = f"{legible(card['label'])} · {percent(card['share'])}" + " · unstable" * shaky
    face.set_title(name, color=MUTED if shaky else INK, fontstyle="italic" if shaky else "normal")
    blocks = [("likely", card["words"]), ("its own", card["own_words"]), ("passage", card["passage"])]
    lines = [textwrap.wrap(legible(f"{what}: {text}", letters=200), CARD_LINE) for what, text in blocks]
    face.text(
        0, 1, "\n".join(line for block in lines for line in block), transform=face.transAxes,
        va="top", fontsize=7.5, linespacing=1.35, color=INK,
    )  # fmt: skip
    _draw_outlets(face.inset_axes((0.76, 0.08, 0.24, 0.92)), rows)


def _draw_outlets(ax: Axes, rows: pd.DataFrame) -> None:
    first = rows.set_index("outlet").loc[outlet_order(rows)[:OUTLETS]].reset_index()
    names = distinct(first["outlet"], letters=20)
    draw_intervals(ax, first, np.arange(len(first)), "share", colour=SLATE, size=16)
    ax.set_yticks(np.arange(len(first)), [names[outlet] for outlet in first["outlet"]], fontsize=7.5)
    reach = max(0.05, float(np.nanmax(first[["share", "high"]].to_numpy(float), initial=0)) * 1.08)
    ax.set(ylim=(OUTLETS - 0.5, -0.5), xlim=(0, reach))
    percent_scale(ax.xaxis, 3)
    ax.tick_params(axis="x", labelsize=7)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def draw_packages(table: pd.DataFrame, page: Page) -> Axes:
    """The topics of each package with their shares; hollow where a topic changes its package in other samples."""
    if table.empty:
        return nothing(page, "no topic was fitted")
    size = table.groupby("package")["share"].transform("sum")
    rows = table.assign(size=size).sort_values(["size", "package", "share"], ascending=[False, True, False])
    y, headings = places(rows["package"].tolist())
    ax = canvas(page, 1.1 + ROW * 0.85 * (y[-1] + 1))
    look: dict[str, Any] = {"height": 0.6, "edgecolor": SLATE, "linewidth": 0.8}
    ax.barh(y, rows["share"], color=np.where(rows["stable"], SLATE, PAPER), **look)
    for place, share in zip(y, rows["share"], strict=True):
        write_beside(ax, share, place, percent(share))
    names = distinct(rows["label"])
    name_rows(ax, y, [names[label] for label in rows["label"]], headings)
    percent_scale(ax.xaxis, 5)
    hollow = "" if rows["stable"].all() else " Hollow: in a package that other samples do not repeat."
    return describe(ax, page, "Topics that share articles, in packages", f"Bar: mean share of a document.{hollow}")


def draw_choice(tried: KChoice | pd.DataFrame, page: Page) -> Axes:
    """A strip for coherence, held-out perplexity and stability over the numbers of topics."""
    table, k = (tried, None) if isinstance(tried, pd.DataFrame) else (tried.table, tried.k)
    if table.empty:
        return nothing(page, "no number of topics was tried")
    ax = canvas(page, 5.2)
    faces = panels(ax, len(MEASURES), 1, gap=(0, 0.22))
    for face, (name, label) in zip(faces, MEASURES.items(), strict=True):
        _draw_criterion(face, table, name, k)
        face.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=10)
        face.tick_params(labelbottom=face is faces[-1])
    faces[-1].set_xlabel("number of topics")
    dashed = "" if k is None else " Dashed: the number recommended."
    foot = (
        "Mean over splits of the stories, with one standard error. Filled: within one standard error of the best."
    )
    return describe(ax, page, "Coherence, perplexity and stability per number of topics", foot + dashed, below=40)


def _draw_criterion(ax: Axes, table: pd.DataFrame, name: str, k: int | None) -> None:
    x, y, near = table["k"].to_numpy(), table[name].to_numpy(), table[f"near_{name}"].to_numpy(dtype=bool)
    error = table[f"{name}_se"].fillna(0).to_numpy()
    ax.plot(x, y, color=SLATE, linewidth=0.8, alpha=0.5)
    ax.vlines(x, y - error, y + error, color=SLATE, linewidth=1.8, alpha=0.55)
    draw_dots(ax, x, y, near, colour=SLATE)
    if k is not None:
        ax.axvline(k, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.set_xticks(x)
    ax.tick_params(axis="y", labelsize=7, labelcolor=MUTED)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=STEPS))
    ax.grid(axis="y")
