"""What figures are made of: dots with intervals, scales in percent and points, rows in groups."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.arrays import Flags, Floats
from analysis.numbers import percent, points

from ..look import INK, MUTED, PAPER, colours, ink_of, markers
from .style import LINE, ROW, WHOLE, Page, legible, on_lines, panels

STEPS = [1, 2, 2.5, 5, 10]
GAP = 0.35  # of a row, between two groups
LABELS = 57  # letters of 9-point type over all panels of a page's width
MANY = 4  # panels side by side from which headings are set smaller, to stay apart


def in_order(labels: pd.Series) -> list[Any]:
    """The labels in the order of their categories, else of their rows."""
    return list(labels.cat.categories if isinstance(labels.dtype, pd.CategoricalDtype) else pd.unique(labels))


def draw_dots(
    ax: Axes, x: Any, y: Any, filled: Flags | Any, *, colour: str, marker: str = "o", size: float = 26
) -> None:
    """Draws a dot at each place, hollow where not filled; one on the edge of the panel is not cut."""
    look: dict[str, Any] = {"marker": marker, "s": size, "edgecolors": colour, "linewidths": 1.2, "zorder": 3}
    x, y, filled = np.asarray(x), np.asarray(y), np.asarray(filled, dtype=bool)
    for face, which in ((colour, filled), (PAPER, ~filled)):
        ax.scatter(x[which], y[which], facecolors=face, clip_on=False, **look)


def draw_intervals(
    ax: Axes, rows: pd.DataFrame, y: Any, value: str, *, colour: str, filled: Any = None, **look: Any
) -> None:
    """Draws a dot and its interval a row of ``value, low, high``; hollow where not filled, or without interval."""
    known, bounded = rows[value].notna().to_numpy(), rows["low"].notna().to_numpy()
    if bounded.any():
        ax.hlines(y[bounded], rows["low"][bounded], rows["high"][bounded], color=colour, linewidth=2, alpha=0.55)
    full = bounded if filled is None else np.asarray(filled, bool)
    draw_dots(ax, rows[value][known], y[known], full[known], colour=colour, **look)


def draw_by_label(ax: Axes, rows: pd.DataFrame, y: Floats, value: str) -> None:
    """Draws dots and intervals, those of each label in its colour and shape."""
    hues, shapes = colours(rows["label"]), markers(rows["label"])
    for label in hues:
        own = (rows["label"] == label).to_numpy()
        draw_intervals(ax, rows[own], y[own], value, colour=hues[label], marker=shapes[label])


def name_label(
    ax: Axes, label: str, labels: Sequence[str], page: Page, columns: int, *, pad: float | None = None
) -> None:
    """Writes a label over its panel in its colour, on as many lines as the panel's width asks."""
    size = 9 if columns < MANY and page.wide else 7.5 if page.wide or columns == 1 else 6.5
    lines = on_lines(legible(label), max(8, int(LABELS * page.scale / columns * 9 / size)))
    ax.set_title(lines, color=ink_of(colours(labels)[label]), fontsize=size, pad=pad)


def label_panels(
    ax: Axes, labels: Sequence[str], names: Sequence[str], page: Page, columns: int, gap: tuple[float, float]
) -> Iterator[tuple[Axes, str]]:
    """A panel a label, named once it is drawn; the first of each line of panels names the rows."""
    for at, (face, label) in enumerate(zip(panels(ax, len(labels), columns, gap=gap), labels, strict=True)):
        yield face, label
        if len(labels) > 1:
            name_label(face, label, labels, page, columns)
        face.set_yticklabels(names if at % columns == 0 else [])


def fit_names(names: Sequence[str], page: Page) -> tuple[list[str], float]:
    """Names on lines that leave most of a figure's width, and the inches of a row that holds them."""
    lines = [on_lines(name, max(12, int(LINE * page.scale))) for name in names]
    return lines, max(ROW, 0.07 + 0.14 * (1 + max((line.count("\n") for line in lines), default=0)))


def percent_scale(axis: Axis, most: int = 4) -> None:
    """Ticks in percent, at most so many steps between them."""
    axis.set_major_locator(MaxNLocator(most, steps=STEPS))
    axis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))


def points_scale(axis: Axis, most: int = 4, *, symmetric: bool = False) -> None:
    """Ticks in percentage points, with their sign."""
    axis.set_major_locator(MaxNLocator(most, steps=STEPS, symmetric=symmetric))
    axis.set_major_formatter(FuncFormatter(lambda value, _: points(value)))


def write_beside(ax: Axes, x: float, y: float, text: str) -> None:
    """Writes a value right of its mark."""
    ax.annotate(legible(text, letters=WHOLE), (x, y), xytext=(6, 0), textcoords="offset points", va="center",
                fontsize=7.5, color=MUTED)  # fmt: skip


def as_rows(ax: Axes, y: Any, names: Sequence[str] = ()) -> None:
    """Rows from top to bottom, named on the left, with lines for the scale beneath."""
    ax.set_yticks(y, list(names) or [""] * len(y))
    ax.set_ylim(float(max(y, default=0)) + 0.5, -0.5)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def places(groups: Sequence[str]) -> tuple[Floats, dict[str, float]]:
    """Where each row is, counted downwards, and where the heading of each group is.

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


def name_rows(ax: Axes, rows: Floats, names: Sequence[str], headings: dict[str, float]) -> None:
    """Writes names and headings beside the axes, each heading in the colour of its frame."""
    as_rows(ax, [*headings.values(), *rows], [*map(legible, headings), *names])
    hues = colours(headings)
    for tick, group in zip(ax.get_yticklabels(), headings, strict=False):
        tick.set_color(ink_of(hues[group]))
        tick.set_fontweight("bold")
    ax.tick_params(axis="y", labelcolor=INK) if not headings else None
