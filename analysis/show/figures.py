"""Figures as text that an HTML file can hold: SVG, the same bytes at every run."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# Letters as outlines: the file looks the same where DejaVu is not installed. The salt names what would
# otherwise be drawn from chance, and no date is written.
SVG: Any = {"svg.fonttype": "path", "svg.hashsalt": "outlet-framing", "svg.image_inline": True}
PRINT = 300  # dots an inch, what journals ask of a figure
UNDATED = {"Date": None, "Creator": None}
UNSEEN = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)  # comments repeat the figure's words
PLACED = re.compile(r'(?<= )(d|x|y)="[^"]*"|translate\([^)]*\)')
FINE = re.compile(r"(\.\d\d)\d+")  # a hundredth of a point: finer than any printer
PLAIN = " '/:=;,.)-+"  # signs of a drawing that an attribute in double quotes may hold as they are
DOTS = re.compile(r'(?<=/>)</g><g clip-path="[^"]*">(?=<use)')  # of one axes, each clipped for itself


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
    if vector:
        return Picture(address(slim(buffer.getvalue().decode())), title)
    return Picture(f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}", title)


def address(svg: str) -> str:
    """The drawing as a data address, a quarter shorter than in base64; it stands between double quotes.

    >>> address('<path d="M 1 2" fill="#fff"/>')
    "data:image/svg+xml,%3Cpath d='M 1 2' fill='%23fff'/%3E"
    """
    free = svg if "'" in svg else svg.replace('"', "'")
    return f"data:image/svg+xml,{quote(free, safe=PLAIN)}"


def slim(svg: str) -> str:
    """The same drawing in fewer letters: a third of what Matplotlib writes is digits and spaces nobody can see.

    >>> slim('<g> <!-- a word -->\\n <path d="M 0.123456 2 \\nL 3 4.5"/>\\n</g>')
    '<g><path d="M 0.12 2 L 3 4.5"/></g>'
    """
    rounded = PLACED.sub(lambda found: FINE.sub(r"\1", found[0]), UNSEEN.sub("", svg))
    return DOTS.sub("", re.sub(r"\s*\n\s*", " ", rounded).replace("> <", "><")).strip()
