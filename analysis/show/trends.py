"""Shares over time, outlet by outlet, with their intervals and the changes that are more than noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .dots import draw_dots
from .style import (
    INK,
    MUTED,
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

PANEL = 1.05  # inches of a panel: an interval of ten points can still be seen
TICKS = 5  # periods named under a panel

UNIT = (
    "Mean share of an outlet's stories in each period. Line: 95\u00a0% interval; hollow: one story, no interval."
)


def plot_trends(
    trends: pd.DataFrame,
    changes: pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    measured: str = UNIT,
) -> Axes:
    """Axes with the share in each period, a row of panels an outlet, a column a label.

    Takes the table of ``trend_outlets``, and that of ``outlet_changes`` to draw the changes among them as steps;
    what is no change by its q is not drawn. Outlets without an interval anywhere are left out, and the foot says
    so. Panels are the axes' ``child_axes``.

    >>> import analysis as an, pandas as pd
    >>> trends = pd.DataFrame(
    ...     {"outlet": "TASS", "label": "alliance", "period": ["2016-05", "2016-06"], "n_articles": 3,
    ...      "n_stories": 3, "share": [0.4, 0.5], "low": 0.2, "high": 0.7, "note": ""})
    >>> ax = an.plot_trends(trends)
    >>> ax.get_title("left")
    'TASS'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        bounded = trends.groupby("outlet")["low"].apply(lambda low: low.notna().any())
        outlets, labels = list(bounded.index[bounded]), list(pd.unique(trends["label"]))
        if not outlets:
            return nothing(ax, "no outlet has a period with two stories")
        ax = canvas(ax, 1.0 + PANEL * len(outlets))
        faces = panels(ax, len(outlets), len(labels), gap=(0.1, 0.55))
        periods = list(dict.fromkeys(trends["period"]))
        top = min(1.0, float(np.nanmax(trends[["share", "high"]].to_numpy(float))) * 1.05)
        for at, face in enumerate(faces):
            outlet, label = outlets[at // len(labels)], labels[at % len(labels)]
            rows = (
                trends[(trends["outlet"] == outlet) & (trends["label"] == label)].set_index("period").loc[periods]
            )
            _draw_panel(face, rows, colours(labels)[label], markers(labels)[label], top)
            if changes is not None:
                _draw_change(face, changes[(changes["outlet"] == outlet) & (changes["label"] == label)], periods)
            _name(face, outlet if at % len(labels) == 0 else "", label, labels, first=at < len(labels))
            face.tick_params(labelbottom=at >= len(faces) - len(labels), labelleft=at % len(labels) == 0)
        headline(ax, title or "How large a share each outlet gives to each label over time", above=14)
        left = len(bounded) - len(outlets)
        unit(ax, measured + (f" {left} outlets with one story a period at most are left out." if left else ""))
        return ax


def _name(ax: Axes, outlet: str, label: str, labels: list[str], *, first: bool) -> None:
    """The outlet over the first panel of its row, the label over the first row."""
    ax.set_title(legible(outlet), fontsize=8, pad=3)
    if first and len(labels) > 1:
        ax.set_title(legible(label), fontsize=8, loc="right", pad=3, color=ink_of(colours(labels)[label]))


def _draw_panel(ax: Axes, rows: pd.DataFrame, colour: str, marker: str, top: float) -> None:
    x = np.arange(len(rows))
    known, bounded = rows["share"].notna().to_numpy(), rows["low"].notna().to_numpy()
    ax.vlines(x[bounded], rows["low"][bounded], rows["high"][bounded], color=colour, linewidth=1.6, alpha=0.5)
    draw_dots(ax, x[known], rows["share"][known], bounded[known], colour=colour, marker=marker, size=14, edge=1)
    step = max(1, -(-len(x) // TICKS))
    ax.set_xticks(x[::step], [legible(period) for period in rows.index[::step]])
    ax.set_xlim(-0.6, len(x) - 0.4)
    ax.set_ylim(-0.03 * top, top)
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.grid(axis="y")


def _draw_change(ax: Axes, rows: pd.DataFrame, periods: list[str]) -> None:
    for row in rows[rows["verdict"] == "change"].itertuples():
        at = periods.index(str(row.period)) - 0.5
        y = np.array([row.before, row.before, row.after, row.after], dtype=float)
        ax.plot([-0.6, at, at, len(periods) - 0.4], y, color=INK, linewidth=0.9)
        ax.annotate("change", (at, 1), xycoords=("data", "axes fraction"), fontsize=6.5, color=MUTED, va="top",
                    xytext=(3, 0), textcoords="offset points")  # fmt: skip
