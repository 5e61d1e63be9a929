"""Outlets × labels as a heat map with the numbers written in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from analysis.numbers import percent

from .measured import footed
from .shares import NO_INTERVAL, NO_SHARE, outlet_order, row_name
from .style import INK, canvas, colours, contrast_with_white, headline, house_style, ink_of, legible, nothing, unit

# White to slate: a scale of its own, because hues already stand for frames.
SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#c9d2da", "#4a5b6b"])


def plot_heatmap(
    estimates: pd.DataFrame,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    validation: pd.DataFrame | None = None,
) -> Axes:
    """Axes of outlets × labels, each cell shaded by its share with the share and its interval written in.

    Takes the table of ``compare_outlets``. A cell without an interval says "one story" and a cell without a
    share "no passage"; neither is shaded, so that the least sure share is never the darkest. ``validation`` as in
    ``plot_shares``.

    >>> import analysis as an, pandas as pd
    >>> estimates = pd.DataFrame(
    ...     {"outlet": ["TASS"], "label": ["alliance"], "n_articles": [3], "n_stories": [3],
    ...      "share": [0.4], "low": [0.2], "high": [0.6], "note": [""]})
    >>> ax = an.plot_heatmap(estimates)
    >>> [text.get_text() for text in ax.texts][0]
    '40\\xa0%\\n20–60'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        if estimates.empty:
            return nothing(ax, "no outlet has been compared")
        labels, outlets = list(pd.unique(estimates["label"])), outlet_order(estimates)
        ax = canvas(ax, 1.0 + 0.42 * len(outlets), width=min(7.0, 2.4 + 1.2 * len(labels)))
        cells = {(row["outlet"], row["label"]): row for _, row in estimates.iterrows()}
        grid = (
            estimates.assign(share=estimates["share"].where(estimates["low"].notna()))
            .pivot_table("share", "outlet", "label", dropna=False)
            .reindex(outlets)[labels]
            .to_numpy(float)
        )
        top = max(0.05, float(np.nanmax(grid, initial=0)))
        ax.imshow(np.ma.masked_invalid(grid), cmap=SHADES, vmin=0, vmax=top, aspect="auto")
        for (row, column), value in np.ndenumerate(grid):
            text = _cell_text(cells.get((outlets[row], labels[column])))
            place: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7.5, "linespacing": 1.3}
            ax.text(column, row, text, color=_ink_on(value / top), **place)
        _name_cells(ax, [row_name(estimates, outlet) for outlet in outlets], labels)
        headline(ax, title or "Share of passages that carry each label", above=4)
        foot = "Percent, and the 95\u00a0% interval beneath it. Unshaded: no interval."
        unit(ax, footed(foot, validation, labels), below=8)
        return ax


def _ink_on(part: float) -> str:
    """White or dark letters, whichever stand out more on the shade."""
    shade = contrast_with_white(SHADES(float(np.nan_to_num(part))))
    return "white" if shade**2 > contrast_with_white(to_rgb(INK)) else INK


def _cell_text(row: pd.Series | None) -> str:
    if row is None or pd.isna(row["share"]):
        return NO_SHARE
    if pd.isna(row["low"]):
        return f"{percent(row['share'])}\n{NO_INTERVAL if row['n_stories'] == 1 else 'no interval'}"
    return f"{percent(row['share'])}\n{row['low'] * 100:.0f}–{row['high'] * 100:.0f}"


def _name_cells(ax: Axes, rows: list[str], labels: list[str]) -> None:
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xticks(range(len(labels)), [legible(label) for label in labels])
    ax.tick_params(axis="x", top=False, bottom=False, labeltop=True, labelbottom=False, labelsize=8.5)
    for tick, label in zip(ax.get_xticklabels(), labels, strict=True):
        tick.set_color(ink_of(colours(labels)[label]))
        tick.set_fontweight("bold")
    ax.spines[:].set_visible(False)
    ax.set_xticks(np.arange(len(labels) - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(len(rows) - 1) + 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=2)
    ax.tick_params(which="minor", length=0)
