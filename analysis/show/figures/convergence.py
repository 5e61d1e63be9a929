"""Whether several instruments find the same: their correlations over articles, side by side."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from .marks import draw_dots, name_rows, places
from .names import on_lines
from .style import INK, ROW, Page, canvas, colours, headline, markers, nothing, unit

NOTE = (
    "Rank correlation over articles (Spearman). Line: 95\u00a0% interval over stories. Where an instrument has no "
    "label of that name, its closest one is named."
)


def draw_convergence(table: pd.DataFrame, page: Page) -> Axes:
    """The correlation of each two instruments in a label as a dot with its interval, rows under each label."""
    rows = _rows(table)
    if rows.empty:
        return nothing(page, "no two instruments can be compared")
    y, headings = places(rows["label"].tolist())
    ax = canvas(page, 1.3 + ROW * (y[-1] + 1))
    hues, shapes = colours(rows["label"]), markers(rows["label"])
    ax.axvline(0, color=INK, linewidth=0.8, alpha=0.5)
    for place, (_, row) in zip(y, rows.iterrows(), strict=True):
        hue, sure = hues[row["label"]], bool(pd.notna(row["low"]))
        if sure:
            ax.hlines(place, row["low"], row["high"], color=hue, linewidth=2, alpha=0.55)
        draw_dots(ax, [row["correlation"]], [place], [sure], colour=hue, marker=shapes[row["label"]])
    ax.set_xlim(min(-0.05, float(rows[["low", "correlation"]].min().min()) - 0.05), 1.02)
    name_rows(ax, y, [on_lines(name) for name in rows["name"]], headings)
    headline(ax, page, "How far instruments agree, per label")
    unit(ax, page, NOTE)
    return ax


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    """For each label and two instruments the label of the same name, else the closest one."""
    known = table.dropna(subset="correlation").assign(same=table["label"] == table["other_label"])
    pair = ["label", "instrument", "other_instrument"]
    best = known.sort_values(["same", "correlation"], ascending=False, kind="stable").drop_duplicates(pair)
    other = best["other_instrument"] + (": " + best["other_label"]).where(~best["same"], "")
    order = {label: at for at, label in enumerate(pd.unique(table["label"]))}
    best = best.assign(name=best["instrument"] + " and " + other, place=best["label"].map(order))
    return best.sort_index().sort_values("place", kind="stable").reset_index(drop=True)
