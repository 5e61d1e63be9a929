"""Dots with a meaning in whether they are filled."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes


def draw_dots(
    ax: Axes, x: Any, y: Any, filled: npt.NDArray[np.bool_], *,
    colour: str, marker: str, size: int, edge: float = 1.2,
) -> None:  # fmt: skip
    """Draws a dot at each place, hollow where not filled; one on the edge of the panel stays whole."""
    look: dict[str, Any] = {"marker": marker, "s": size, "edgecolors": colour, "linewidths": edge}
    look |= {"zorder": 3, "clip_on": False}
    for face, which in ((colour, filled), ("white", ~filled)):
        ax.scatter(x[which], y[which], facecolors=face, **look)
