"""What speaks for each number of topics."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .style import MUTED, canvas, headline, house_style, nothing, panels, unit

SLATE = "#4a5b6b"
PANELS = {
    "coherence": "coherence\nhigher is better",
    "perplexity": "held-out\nperplexity\nlower is better",
    "agreement": "stability\nhigher is better",
}


def plot_choose_k(table: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Axes with a strip for coherence, held-out perplexity and stability over the numbers of topics.

    Takes the table of ``choose_k``. Lines are one standard error either side; filled dots lie within one of the
    best. The dashed line is the k that is advised, if one is. Strips are the axes' ``child_axes``.
    """
    with house_style():
        if table.empty:
            return nothing(ax, "no number of topics was tried")
        ax = canvas(ax, 5.2)
        faces = panels(ax, len(PANELS), 1, gap=(0, 0.22))
        for face, (name, label) in zip(faces, PANELS.items(), strict=True):
            _draw_measure(face, table, name)
            face.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=10)
            face.tick_params(labelbottom=face is faces[-1])
        faces[-1].set_xlabel("number of topics")
        headline(ax, title or _neutral(table))
        unit(
            ax,
            "Mean over splits of the stories, with one standard error. Filled: within one standard error of the "
            "best." + ("" if table.attrs.get("recommended") is None else " Dashed: the number advised."),
            below=40,
        )
        return ax


def _neutral(table: pd.DataFrame) -> str:
    k = table.attrs.get("recommended")
    return "No number of topics is best in every way" if k is None else f"What speaks for {k} topics, and against"


def _draw_measure(ax: Axes, table: pd.DataFrame, name: str) -> None:
    x, y, near = table["k"].to_numpy(), table[name].to_numpy(), table[f"near_{name}"].to_numpy(dtype=bool)
    error = table[f"{name}_se"].fillna(0).to_numpy()
    ax.plot(x, y, color=SLATE, linewidth=0.8, alpha=0.5)
    ax.vlines(x, y - error, y + error, color=SLATE, linewidth=1.8, alpha=0.55)
    ax.scatter(x[near], y[near], s=26, color=SLATE, zorder=3)
    ax.scatter(x[~near], y[~near], s=26, facecolors="white", edgecolors=SLATE, zorder=3)
    if table.attrs.get("recommended") is not None:
        ax.axvline(table.attrs["recommended"], color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.set_xticks(x)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.grid(axis="y")
