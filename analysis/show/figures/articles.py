"""Where in an article each frame falls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.arrays import Ints

from ..look import MUTED, PAPER, colours, ink_of
from ..measured import footed
from .marks import in_order, percent_scale
from .names import legible, on_lines
from .style import Page, canvas, describe, nothing, panels

TENTHS = np.linspace(0, 1, 11)
POSITIONS = (
    "Share of the frame's hits in each tenth of an article. Dashed: hits spread evenly. Negated hits left out."
)
FEW = 150  # hits of a frame up to which each is drawn as a tick of its own


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
