"""Rows of a figure in groups, each under the name of its frame in the frame's colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .style import INK, MUTED, colours, ink_of, legible

GAP = 0.35  # of a row, between two groups
Places = np.ndarray[Any, np.dtype[np.float64]]


def places(groups: Sequence[str]) -> tuple[Places, dict[str, float]]:
    """Where each row stands, counted downwards, and where the heading of each group does.

    >>> rows, headings = places(["a", "a", "b"])
    >>> rows.tolist(), headings
    ([1.0, 2.0, 4.35], {'a': 0.0, 'b': 3.35})
    """
    rows: list[float] = []
    headings: dict[str, float] = {}
    y = -1.0
    for group in groups:
        if group not in headings:
            y += 1 + GAP * bool(headings)
            headings[group] = y
        y += 1
        rows.append(y)
    return np.array(rows), headings


def name_rows(ax: Axes, rows: Places, names: Sequence[str], headings: dict[str, float]) -> None:
    """Writes names and headings beside the axes."""
    hues = colours(headings)
    ax.set_yticks([*headings.values(), *rows], [*map(legible, headings), *map(legible, names)])
    for tick, group in zip(ax.get_yticklabels(), headings, strict=False):
        tick.set_color(ink_of(hues[group]))
        tick.set_fontweight("bold")


def write_beside(ax: Axes, x: float, y: float, text: str, *, ink: str = MUTED) -> None:
    """A value beside its mark."""
    style: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 7.5, "color": ink}
    ax.annotate(legible(text), (x, y), xytext=(6, 0), **style)


def bare(ax: Axes, rows: Places) -> None:
    """Limits and lines that all panels of grouped rows share."""
    ax.set_ylim(float(max(rows, default=0)) + 0.5, -0.5)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", labelcolor=INK)
