"""Where in an article each frame falls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.frames.shares import hit_positions

from .measured import footed
from .style import MUTED, canvas, colours, headline, house_style, ink_of, legible, nothing, panels, unit

TENTHS = np.linspace(0, 1, 11)
UNIT = "Share of the frame's hits in each tenth of an article. Dashed: hits spread evenly. Negated hits left out."
FEW = 150  # hits of a frame up to which each is drawn as a tick of its own


def plot_positions(
    hits: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    validation: pd.DataFrame | None = None,
) -> Axes:
    """Axes with one strip a frame: the share of its hits in each tenth of an article.

    The dashed line is what hits spread evenly would give; single hits are ticks beneath while there are at
    most 150 of them. Negated hits are left out. ``validation`` as in ``plot_shares``. Strips are the axes'
    ``child_axes`` when there is more than one frame.

    >>> import analysis as an, pandas as pd
    >>> hits = pd.DataFrame({"doc_id": ["a"], "start": [5], "frame": ["economy"], "negated": [False]})
    >>> ax = an.plot_positions(hits, pd.DataFrame({"doc_id": ["a"], "text": ["0123456789"]}))
    >>> [round(float(bar.get_height()), 2) for bar in ax.patches]
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        places = hit_positions(hits, articles)
        if places.empty:
            return nothing(ax, "no hit of any frame")
        frames = _frames(hits)
        ax = canvas(ax, 0.9 + 0.85 * len(frames))
        faces = panels(ax, len(frames), 1, gap=(0, 0.45))
        hue, of = colours(frames), {f: places["position"][places["frame"] == f] for f in frames}
        counts = {f: np.histogram(positions, TENTHS)[0] for f, positions in of.items()}
        top = max(float((c / max(1, c.sum())).max()) for c in counts.values())
        for face, frame in zip(faces, frames, strict=True):
            _draw_strip(face, counts[frame], of[frame], hue[frame], top)
            _name(face, frame, int(counts[frame].sum()), hue[frame])
            face.tick_params(labelbottom=face is faces[-1])
        faces[-1].set_xticks([0, 0.5, 1], ["first word", "middle", "last word"])
        headline(ax, title or "Where in an article each frame falls")
        unit(ax, footed(UNIT, validation, frames))
        return ax


def _frames(hits: pd.DataFrame) -> list[object]:
    if isinstance(hits["frame"].dtype, pd.CategoricalDtype):
        return list(hits["frame"].cat.categories)
    return list(pd.unique(hits["frame"]))


def _name(ax: Axes, frame: object, n: int, colour: str) -> None:
    name = legible(f"{frame} · {n:,} {'hit' if n == 1 else 'hits'}").replace(" · ", "\n")
    ax.set_ylabel(name, rotation=0, ha="right", va="center", color=ink_of(colour), fontweight="bold")


def _draw_strip(ax: Axes, counts: np.ndarray, positions: pd.Series, colour: str, top: float) -> None:
    heights = counts / max(1, counts.sum())
    look: dict[str, Any] = {"color": colour, "alpha": 0.8, "edgecolor": "white", "linewidth": 0.8}
    ax.bar(TENTHS[:-1], heights, width=0.1, align="edge", **look)
    ax.axhline(0.1, color=MUTED, linewidth=0.7, linestyle=(0, (4, 3)))
    if len(positions) <= FEW:
        ax.vlines(positions, -0.16 * top, -0.04 * top, color=colour, linewidth=0.8)
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.2 * top, top * 1.05)
    ax.set_xticks([0, 0.5, 1])
    ax.yaxis.set_major_locator(MaxNLocator(2, steps=[1, 2, 5, 10], prune=None))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.tick_params(axis="y", labelsize=7, labelcolor=MUTED)
    ax.spines["left"].set_visible(False)
