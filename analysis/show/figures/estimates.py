"""Shares per outlet, as dots with their intervals; and where in an article each frame falls."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.arrays import Ints
from analysis.numbers import percent

from ..look import MUTED, PAPER, colours, ink_of, markers, outlet_order
from ..measured import footed
from .marks import MANY, as_rows, draw_intervals, fit_names, in_order, label_panels, percent_scale, write_beside
from .names import distinct, legible, on_lines
from .style import Page, canvas, describe, nothing, panels

TENTHS = np.linspace(0, 1, 11)
POSITIONS = (
    "Share of the frame's hits in each tenth of an article. Dashed: hits spread evenly. Negated hits left out."
)
FEW = 150  # hits of a frame up to which each is drawn as a tick of its own
UNIT = (
    "Mean share of an article's passages that carry the label. "
    "Line: 95\u00a0% interval over stories. Hollow: no interval."
)
POOLED = " Grey: drawn towards the other outlets, the more the fewer stories there are."
BENEATH = 0.27  # rows under the dot: clear of it and of the next row
VALUE = 0.082  # of the width all panels have: room for "100 %" right of an interval, wherever it ends
ROWS_OF_PANELS = 5  # panels side by side; more stand beneath
NO_SHARE = "no passage"
SPACE = "\N{NO-BREAK SPACE}"  # a count stays on one line


def draw_estimates(
    estimates: pd.DataFrame, page: Page, *, unit_note: str = UNIT, validation: pd.DataFrame | None = None
) -> Axes:
    """Dots and intervals, one panel a label; outlets by the first label's share, pooled shares beneath."""
    if estimates.empty:
        return nothing(page, "no outlet has been compared")
    labels, outlets = list(pd.unique(estimates["label"])), outlet_order(estimates)
    names, row = fit_names(row_names(estimates, outlets), page)
    columns = min(len(labels), ROWS_OF_PANELS if page.wide else 1)
    ax = canvas(page, 0.95 + -(-len(labels) // columns) * (0.3 + row * len(outlets)))
    reach = max(0.05, float(np.nanmax(estimates[["share", "high"]].to_numpy(float), initial=0)))
    gap = 0.1, 0.55 / max(0.6, row * len(outlets))
    for face, label in label_panels(ax, labels, names, page, columns, gap):
        own = estimates[estimates["label"] == label].set_index("outlet").reindex(outlets)
        _draw_panel(face, own, colours(labels)[label], markers(labels)[label])
        n = int(columns / page.scale)
        percent_scale(face.xaxis, 2 if n > MANY else 3 if n > 2 else 4)
        ticks = np.asarray(face.xaxis.get_major_locator().tick_values(0, reach))
        face.set_xticks(ticks[(ticks <= reach * 1.1) & (ticks >= 0)])  # none is larger than the largest drawn
        face.tick_params(axis="x", labelsize=6.5 if n > MANY else 7.5)
        face.set_xlim(-0.02 * reach, reach * max(1.32, 1 / max(0.3, 1 - VALUE * n)))
    foot = footed(unit_note + POOLED * ("pooled" in estimates), validation, labels)
    return describe(ax, page, "Share of each label per outlet", foot)


def row_names(estimates: pd.DataFrame, outlets: list[str]) -> list[str]:
    """Each outlet with its number of stories, no two alike."""
    labels, n = distinct(outlets), estimates.groupby("outlet")["n_stories"].max()
    few = {0: f"no{SPACE}story", 1: f"one{SPACE}story"}
    return [f"{labels[name]} ·{SPACE}{few.get(n[name], f'{n[name]:,.0f}{SPACE}stories')}" for name in outlets]


def _draw_panel(ax: Axes, rows: pd.DataFrame, colour: str, marker: str) -> None:
    y = np.arange(len(rows))
    draw_intervals(ax, rows, y, "share", colour=colour, marker=marker)
    if "pooled" in rows:
        pooled, beneath = rows.dropna(subset="pooled"), (y + BENEATH)[rows["pooled"].notna()]
        ax.hlines(beneath, pooled["pooled_low"], pooled["pooled_high"], color=MUTED, linewidth=0.9)
        ax.scatter(pooled["pooled"], beneath, marker="|", s=22, color=MUTED, linewidths=1.2, zorder=3)
    for place, (_, row) in enumerate(rows.iterrows()):
        missing = pd.isna(row["share"])
        end = 0.0 if missing else row["share"] if pd.isna(row["high"]) else row["high"]
        write_beside(ax, end, place, NO_SHARE if missing else percent(row["share"]))
    as_rows(ax, len(rows))


def draw_positions(positions: pd.DataFrame, page: Page, *, validation: pd.DataFrame | None = None) -> Axes:
    """One strip a frame: the share of its hits in each tenth of an article; few hits are ticks beneath."""
    if positions.empty:
        return nothing(page, "no hit of any frame")
    labels = in_order(positions["label"])
    ax = canvas(page, 0.9 + 0.85 * len(labels))
    faces, hue = panels(ax, len(labels), 1, gap=(0, 0.45)), colours(labels)
    own = {name: positions["position"][positions["label"] == name] for name in labels}
    counts = {name: np.histogram(places, TENTHS)[0] for name, places in own.items()}
    top = max(float((c / max(1, c.sum())).max()) for c in counts.values())
    for face, name in zip(faces, labels, strict=True):
        _draw_tenths(face, counts[name], own[name], hue[name], top)
        n = int(counts[name].sum())
        words = f"{on_lines(legible(name), 16)}\n{n:,} {'hit' if n == 1 else 'hits'}"
        face.set_ylabel(words, rotation=0, ha="right", va="center", color=ink_of(hue[name]), fontweight="bold")
        face.tick_params(labelbottom=face is faces[-1])
    faces[-1].set_xticks([0, 0.5, 1], ["first word", "middle", "last word"])
    foot = footed(POSITIONS, validation, labels)
    return describe(ax, page, "Position of each frame's hits in the article", foot)


def _draw_tenths(ax: Axes, counts: Ints, positions: pd.Series, colour: str, top: float) -> None:
    look: dict[str, Any] = {"color": colour, "alpha": 0.8, "edgecolor": PAPER, "linewidth": 0.8}
    ax.bar(TENTHS[:-1], counts / max(1, counts.sum()), width=0.1, align="edge", **look)
    ax.axhline(0.1, color=MUTED, linewidth=0.7, linestyle=(0, (4, 3)))
    if len(positions) <= FEW:
        ax.vlines(positions, -0.16 * top, -0.04 * top, color=colour, linewidth=0.8)
    ax.set(xlim=(0, 1), ylim=(-0.2 * top, top * 1.05), xticks=[0, 0.5, 1])
    percent_scale(ax.yaxis, 2)
    ax.tick_params(axis="y", labelsize=7, labelcolor=MUTED)
    ax.spines["left"].set_visible(False)
