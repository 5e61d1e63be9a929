"""Shares per outlet, as dots with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.numbers import percent

from ..look import MUTED, colours, markers, outlet_order
from ..measured import footed
from .marks import MANY, as_rows, draw_intervals, fit_names, label_panels, percent_scale, write_beside
from .names import distinct
from .style import Page, canvas, describe, nothing

UNIT = (
    "Mean share of an article's passages that carry the label. "
    "Line: 95\u00a0% interval over stories. Hollow: no interval."
)
POOLED = " Grey: drawn towards the other outlets, the more the fewer stories there are."
BENEATH = 0.27  # rows under the dot: clear of it and of the next row
VALUE = 0.082  # of the width all panels have: room for "100 %" right of an interval, wherever it ends
ROWS_OF_PANELS = 5  # panels side by side; more stand beneath
NO_INTERVAL = "one story"
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
    counts = {name: {0: "no story", 1: NO_INTERVAL}.get(n[name], f"{n[name]:,.0f} stories") for name in outlets}
    return [f"{labels[name]} ·{SPACE}{counts[name].replace(' ', SPACE)}" for name in outlets]


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
