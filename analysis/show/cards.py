"""Topic cards: all there is to know of a topic before it is given a name."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.compare.topic_cards import TopicCards
from analysis.numbers import percent

from .signs import shortened
from .style import INK, MUTED, canvas, headline, house_style, legible, nothing, panels, unit

SLATE = "#4a5b6b"
OUTLETS = 5  # with most of the topic: what a card of an inch and a half has room for
CARD = 1.55  # inches
LETTERS = 70  # a line of 7.5-point type beside the outlets
UNSTABLE = "unstable"


def plot_topic_cards(
    cards: TopicCards,
    *,
    only: list[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Axes with a card a topic: its words, its own words, a passage, and the outlets that have most of it.

    Dots are mean shares of an article, lines 95 % intervals over resampled stories; a hollow dot has none. A
    topic that ``stability`` calls unstable says so beside its name. Cards are the axes' ``child_axes``.
    ``only`` names the topics to draw.
    """
    with house_style():
        table = cards.table if only is None else cards.table.set_index("label").loc[only].reset_index()
        if table.empty:
            return nothing(ax, "no topic was fitted")
        ax = canvas(ax, 0.8 + CARD * len(table))
        ax.set_axis_off()
        faces = panels(ax, len(table), 1, gap=(0, 0.42)) if len(table) > 1 else [ax.inset_axes((0, 0, 1, 1))]
        for face, (_, card) in zip(faces, table.iterrows(), strict=True):
            _draw_card(face, card, cards.estimates[cards.estimates["label"] == card["label"]])
        headline(ax, title or "What each topic says, where, and who says it", above=16)
        unit(ax, "Dot: mean share of an outlet's articles. Line: 95\u00a0% interval, stories resampled.", below=24)
        return ax


def _draw_card(face: Axes, card: pd.Series, rows: pd.DataFrame) -> None:
    face.set_axis_off()
    shaky = not card.get("stable", True)
    name = f"{card['label']} · {percent(card['share'])}" + (f" · {UNSTABLE}" if shaky else "")
    face.set_title(legible(name), color=MUTED if shaky else INK, fontstyle="italic" if shaky else "normal")
    blocks = [("likely", card["words"]), ("its own", card["own_words"]), ("passage", card["passage"])]
    lines = [textwrap.wrap(legible(shortened(f"{what}: {text}", 200)), LETTERS) for what, text in blocks]
    face.text(
        0, 1, "\n".join(line for block in lines for line in block), transform=face.transAxes,
        va="top", fontsize=7.5, linespacing=1.35, color=INK,
    )  # fmt: skip
    _draw_outlets(face.inset_axes((0.74, 0.08, 0.26, 0.92)), rows)


def _draw_outlets(ax: Axes, rows: pd.DataFrame) -> None:
    first = rows.sort_values(["share", "outlet"], ascending=[False, True]).head(OUTLETS)
    y, bounded = np.arange(len(first)), first["low"].notna().to_numpy()
    ax.hlines(y[bounded], first["low"][bounded], first["high"][bounded], color=SLATE, linewidth=1.8, alpha=0.55)
    ax.scatter(first["share"][bounded], y[bounded], s=16, color=SLATE, zorder=3)
    ax.scatter(first["share"][~bounded], y[~bounded], s=16, facecolors="white", edgecolors=SLATE, zorder=3)
    ax.set_yticks(y, [legible(outlet) for outlet in first["outlet"]], fontsize=7.5)
    ax.set_ylim(OUTLETS - 0.5, -0.5)
    ax.set_xlim(0, max(0.05, float(np.nanmax(first[["share", "high"]].to_numpy(float), initial=0)) * 1.08))
    ax.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.tick_params(axis="x", labelsize=7)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
