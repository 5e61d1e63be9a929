"""Shares per outlet as dots with their intervals, and as a heat map with the numbers written in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.numbers import percent

from .dots import draw_dots
from .measured import footed
from .style import (
    MUTED,
    ROW,
    canvas,
    colours,
    headline,
    house_style,
    ink_of,
    legible,
    markers,
    nothing,
    panels,
    unit,
)

UNIT = (
    "Mean share of an article's passages that carry the label. "
    "Line: 95\u00a0% interval, stories resampled. Hollow: no interval."
)
POOLED = " Grey: drawn towards the other outlets, the more the fewer stories there are."
BENEATH = 0.27  # rows under the dot: clear of it and of the next row
VALUE = 0.082  # of the width all panels have: room for "100 %" right of an interval, wherever it ends
MANY = 4  # panels above which headings and ticks are set smaller, to stay apart
NO_INTERVAL = "one story"
NO_SHARE = "no passage"


def plot_shares(
    estimates: pd.DataFrame,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    measured: str = UNIT,
    validation: pd.DataFrame | None = None,
) -> Axes:
    """Axes with a dot and an interval for each outlet, one panel a label (a frame or a topic).

    Outlets stand in the order of the first label's share, highest first. An outlet of one story has a
    hollow dot and no interval; an outlet without a passage keeps its row and says so. Where the table has
    pooled shares, they stand beneath each dot in grey. Panels are the axes' ``child_axes`` when there is more
    than one label.

    Parameters
    ----------
    estimates
        The table of ``compare_outlets``: outlet, label, n_articles, n_stories, share, low, high, note.
    title
        The finding, in words; without it a neutral heading.
    measured
        What stands beneath the axis.
    validation
        The table of ``validate``: the precision and recall of each label then stand beneath, and a label that
        is not in it is called not validated. Leave it out for topics.

    >>> import analysis as an, pandas as pd
    >>> estimates = pd.DataFrame(
    ...     {"outlet": ["TASS"], "label": ["alliance"], "n_articles": [3], "n_stories": [3],
    ...      "share": [0.4], "low": [0.2], "high": [0.6], "note": [""]})
    >>> ax = an.plot_shares(estimates, title="TASS tells of an alliance")
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['TASS · 3 stories']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        if estimates.empty:
            return nothing(ax, "no outlet has been compared")
        labels = list(pd.unique(estimates["label"]))
        outlets = outlet_order(estimates)
        ax = canvas(ax, 1.25 + ROW * len(outlets))
        faces = panels(ax, 1, len(labels), gap=(0.1, 0))
        reach = max(0.05, float(np.nanmax(estimates[["share", "high"]].to_numpy(float), initial=0)))
        for face, label in zip(faces, labels, strict=True):
            rows = estimates[estimates["label"] == label].set_index("outlet").reindex(outlets)
            _draw_share_panel(face, rows, colours(labels)[label], markers(labels)[label])
            _measure(face, reach, len(labels))
            if len(labels) > 1:
                size = 7.5 if len(labels) > MANY else 9
                face.set_title(legible(label), color=ink_of(colours(labels)[label]), fontsize=size)
            face.set_yticklabels([])
        faces[0].set_yticklabels([row_name(estimates, outlet) for outlet in outlets])
        headline(ax, title or "How large a share each outlet gives to each label", above=16 * (len(labels) > 1))
        unit(ax, footed(measured + (POOLED if "pooled" in estimates else ""), validation, labels))
        return ax


def outlet_order(estimates: pd.DataFrame) -> list[str]:
    """Outlets by the share of the first label, highest first; those without a share last, by name."""
    first = estimates[estimates["label"] == estimates["label"].iloc[0]]
    ordered = first.sort_values(["share", "outlet"], ascending=[False, True], na_position="last")["outlet"]
    return list(dict.fromkeys([*ordered, *sorted(set(estimates["outlet"]))]))


def row_name(estimates: pd.DataFrame, outlet: str) -> str:
    n = estimates.loc[estimates["outlet"] == outlet, "n_stories"].max()
    stories = {0: "no story", 1: NO_INTERVAL}.get(n, f"{n:,.0f} stories")
    return legible(f"{outlet} · {stories}")


def _draw_share_panel(ax: Axes, rows: pd.DataFrame, colour: str, marker: str) -> None:
    y = np.arange(len(rows))
    known, bounded = rows["share"].notna().to_numpy(), rows["low"].notna().to_numpy()
    ax.hlines(y[bounded], rows["low"][bounded], rows["high"][bounded], color=colour, linewidth=2, alpha=0.55)
    draw_dots(ax, rows["share"][known], y[known], bounded[known], colour=colour, marker=marker, size=26)
    if "pooled" in rows:
        _draw_pooled(ax, rows, y + BENEATH)
    for place, (_, row) in enumerate(rows.iterrows()):
        _write_value(ax, row, place)
    ax.set_yticks(y, [""] * len(y))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _measure(ax: Axes, reach: float, n: int) -> None:
    """The scale of one of ``n`` panels: no share is named that is larger than the largest drawn."""
    ticks = np.asarray(
        MaxNLocator(2 if n > MANY else 3 if n > 2 else 4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, reach)
    )
    ax.set_xticks(ticks[ticks <= reach * 1.1])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.tick_params(axis="x", labelsize=6.5 if n > MANY else 7.5)
    ax.set_xlim(-0.02 * reach, reach * max(1.32, 1 / max(0.3, 1 - VALUE * n)))


def _draw_pooled(ax: Axes, rows: pd.DataFrame, y: Any) -> None:
    known = rows["pooled"].notna().to_numpy()
    ax.hlines(y[known], rows["pooled_low"][known], rows["pooled_high"][known], color=MUTED, linewidth=0.9)
    ax.scatter(rows["pooled"][known], y[known], marker="|", s=22, color=MUTED, linewidths=1.2, zorder=3)


def _write_value(ax: Axes, row: pd.Series, place: int) -> None:
    end = 0.0 if pd.isna(row["share"]) else row["share"] if pd.isna(row["high"]) else row["high"]
    text = NO_SHARE if pd.isna(row["share"]) else percent(row["share"])
    style: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 7.5, "color": MUTED}
    ax.annotate(text, (end, place), xytext=(6, 0), **style)
