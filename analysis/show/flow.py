"""From what was received to what was measured: the corpus as a flow chart."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from .style import INK, MUTED, RULE, canvas, headline, house_style, legible, nothing

STEP = 0.56  # inches from box to box: a box of two lines, and an arrow that can be seen
BOX, TALL = 0.52, 0.68  # of the width, and of a step
LINE = 36  # letters of a step's name on one line of its box
WASH = "#f4f6f8"


def plot_flow(steps: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Axes with a box a step, from top to bottom, and beside it what was marked or set aside there.

    Takes ``step, number`` and ``of them``, as the report's table of the corpus has them.

    >>> steps = pd.DataFrame({"step": ["articles", "stories"], "number": ["9", "8"], "of them": ["", "1 copy"]})
    >>> [text.get_text() for text in plot_flow(steps).texts if text.get_text()]
    ['9', 'articles', '8', 'stories', '1 copy']
    >>> import matplotlib.pyplot as plt; plt.close("all")
    """
    with house_style():
        if steps.empty:
            return nothing(ax, "no article was read")
        ax = canvas(ax, 0.5 + STEP * len(steps))
        ax.set_axis_off()
        ax.set(xlim=(0, 1), ylim=(len(steps) - 0.5 + TALL / 2 - 0.3, -TALL / 2 - 0.05))
        for at, (step, number, aside) in enumerate(steps.itertuples(index=False)):
            _draw_step(ax, at, legible(step), legible(number), last=at == len(steps) - 1)
            _draw_aside(ax, at, legible(aside))
        headline(ax, title or "From what was received to what was measured")
        return ax


def _draw_step(ax: Axes, at: int, step: str, number: str, *, last: bool) -> None:
    shape = "round,pad=0,rounding_size=0.015"
    ax.add_patch(
        FancyBboxPatch((0.002, at - TALL / 2), BOX, TALL, boxstyle=shape, facecolor=WASH, edgecolor=MUTED, lw=0.8)
    )
    ax.text(0.11, at, number, ha="right", va="center", fontsize=10.5, fontweight="bold", color=INK)
    ax.text(0.13, at, textwrap.fill(step, LINE), va="center", fontsize=8.5, color=INK)
    if not last:
        style: dict[str, Any] = {"arrowstyle": "-|>", "color": MUTED, "lw": 0.9, "shrinkA": 0, "shrinkB": 0}
        middle = 0.002 + BOX / 2
        ax.annotate("", (middle, at + 1 - TALL / 2), (middle, at + TALL / 2), arrowprops=style)


def _draw_aside(ax: Axes, at: int, aside: str) -> None:
    if not aside:
        return
    ax.plot([BOX + 0.002, BOX + 0.05], [at, at], color=RULE, linewidth=1)
    ax.text(BOX + 0.06, at, aside.replace("; ", "\n"), va="center", fontsize=8, color=MUTED, linespacing=1.25)
