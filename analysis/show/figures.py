"""Figures as text that an HTML file can hold: SVG, the same bytes at every run."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# Letters as outlines: the file looks the same where DejaVu is not installed. The salt names what would
# otherwise be drawn from chance, and no date is written.
SVG: Any = {"svg.fonttype": "path", "svg.hashsalt": "outlet-framing", "svg.image_inline": True}
PRINT = 300  # dots an inch, what journals ask of a figure
UNDATED = {"Date": None, "Creator": None}


@dataclass(frozen=True)
class Picture:
    """A figure ready for the page: its data address, and what it shows in words."""

    source: str
    shows: str


def picture(draw: Callable[..., Axes], *tables: Any, title: str, vector: bool = True) -> Picture:
    """The figure that ``draw`` makes of the tables, as an SVG or a PNG written into a data address."""
    figure = draw(*tables, title=title).get_figure(root=True)
    assert figure is not None
    buffer = BytesIO()
    with mpl.rc_context(SVG):
        if vector:
            figure.savefig(buffer, format="svg", metadata=UNDATED)
        else:
            figure.savefig(buffer, format="png", dpi=PRINT, metadata={"Software": None})
    plt.close(figure)
    return Picture(
        f"data:image/{'svg+xml' if vector else 'png'};base64," + base64.b64encode(buffer.getvalue()).decode(),
        title,
    )
