"""Names beside dots, where no other name stands yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

HALO = [withStroke(linewidth=1.8, foreground="white")]  # keeps letters legible over dots
Place = tuple[float, float, str, str]  # points right and up of the dot, and how the name is aligned there


def lay_out(ax: Axes) -> None:
    """Gives every part of the figure its place, so that the room which names take can be asked."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()


def named(
    ax: Axes, text: str, at: tuple[float, float], places: Iterable[Place], taken: list[Bbox], **look: Any
) -> Annotation | None:
    """The name at the first place round its dot that is free and inside the axes, if there is one.

    ``taken`` is the room that other names have; the new one's is added to it. The figure must have been laid out.
    """
    inside = ax.get_window_extent().padded(2)
    for x, y, across, up in places:
        where: dict[str, Any] = {"xytext": (x, y), "textcoords": "offset points", "ha": across, "va": up}
        label = ax.annotate(text, at, zorder=4, path_effects=HALO, **where, **look)
        box = label.get_window_extent().padded(0.5)
        if box.x0 >= inside.x0 and box.x1 <= inside.x1 and not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return label
        label.remove()
    return None
