"""One look for every figure: type, colours, sizes. Applied inside a plot, never to the reader's session."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgb, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.text import Text

from ..look import INK, MUTED, PAPER, RULE, in_dark, luminance
from .names import WHOLE, families, legible

WIDTH = 7.0  # inches: the text width of an A4 or Letter page
ROW = 0.30  # inches: a line of 8.5-point type with air around it
DYED = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")  # what colours an artist has

LOOK: dict[str, Any] = {
    "font.size": 8.5, "text.color": INK, "text.parse_math": False,  # "$12" in a headline is money
    "axes.edgecolor": MUTED, "axes.labelcolor": MUTED, "axes.labelsize": 8, "axes.linewidth": 0.7,
    "axes.spines.top": False, "axes.spines.right": False, "axes.facecolor": "none", "axes.axisbelow": True,
    "axes.titlelocation": "left", "axes.titlesize": 9, "axes.titleweight": "bold", "axes.unicode_minus": True,
    "grid.color": RULE, "grid.linewidth": 0.6, "xtick.color": MUTED, "xtick.labelsize": 7.5,
    "xtick.major.size": 2.5, "ytick.color": MUTED, "ytick.labelsize": 8.5, "ytick.labelcolor": INK,
    "ytick.major.size": 0, "figure.facecolor": PAPER, "figure.dpi": 120, "figure.constrained_layout.use": False,
}  # fmt: skip


@contextmanager
def house_style() -> Iterator[None]:
    """The look, for as long as one plot is drawn; the reader's own settings come back afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        look: Any = LOOK | {"font.family": [*families()]}
        mpl.rcParams.update(look)
        yield
        interactive = mpl.is_interactive()
    # A notebook's first figure turns interaction on; turned off again, the notebook would show no second figure.
    mpl.interactive(interactive)


def is_dark(colour: Any) -> bool:
    """Whether a page of this colour asks for light letters."""
    rgba = to_rgba_array(colour)
    return bool(len(rgba) and rgba[0, 3] and luminance(to_hex(rgba[0])) < 0.2)


def darken(ax: Axes) -> None:
    """Redraws what stands in the axes for a dark page."""
    for artist in (ax.figure if _alone(ax) else ax).findobj(lambda one: not isinstance(one, (Figure, Axes))):
        # all are read before one is set: a marker's colour may be that of its line
        dyed = {name: _dyed(artist, name) for name in DYED if hasattr(artist, f"get_{name}")}
        for name, colour in dyed.items():
            if colour is not None:
                getattr(artist, f"set_{name}")(colour)
        if isinstance(artist, Text) and (patch := artist.get_bbox_patch()):
            patch.set_facecolor(in_dark(PAPER))


def _dyed(artist: Any, name: str) -> Any:
    value = getattr(artist, f"get_{name}")()
    rgba = to_rgba_array([] if isinstance(value, str) and value in ("face", "auto") else value)
    if len(rgba) == 0 or not rgba[:, 3].any():
        return None
    dyed = [(*to_rgb(in_dark(str(to_hex(one)))), one[3]) for one in rgba]
    return dyed if isinstance(artist, Collection) else dyed[0]


@dataclass(frozen=True)
class Page:
    """Where a figure is drawn and what its reader asked for: axes, a title, inches, a caution of its result."""

    ax: Axes | None = None
    title: str | None = None
    caution: str = ""
    width: float = WIDTH

    @property
    def scale(self) -> float:
        """Its width as a part of a page's."""
        return self.width / WIDTH

    @property
    def wide(self) -> bool:
        """Whether it is as wide as a page, rather than a column."""
        return self.scale >= 1


def canvas(page: Page, height: float) -> Axes:
    """The reader's axes, or the only axes of a new figure of this many inches."""
    if page.ax is not None:
        return page.ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(page.width, height), layout="constrained")[1]


def panels(ax: Axes, n: int, columns: int, *, gap: tuple[float, float]) -> list[Axes]:
    """Small multiples as insets of one axes, row by row; ``gap`` is a share of a panel's (width, height)."""
    if n == 1:
        return [ax]
    ax.set_axis_off()
    rows = -(-n // columns)
    width, height = 1 / (columns + gap[0] * (columns - 1)), 1 / (rows + gap[1] * (rows - 1))
    lefts = [i * width * (1 + gap[0]) for i in range(columns)]
    bottoms = [1 - height - i * height * (1 + gap[1]) for i in range(rows)]
    places = [(left, bottom, width, height) for bottom in bottoms for left in lefts]
    return [ax.inset_axes(place) for place in places[:n]]


def describe(ax: Axes, page: Page, neutral: str, foot: str, *, below: float = 24) -> Axes:
    """The axes with the reader's title, or the neutral one, and what is measured ``below`` points under them."""
    title = _wrapped(ax, neutral if page.title is None else page.title, 12)  # bold 10-point letters an inch
    lines = _wrapped(ax, f"{foot} {page.caution}".strip(), 17)  # 7.5-point letters an inch
    if _alone(ax):
        if title:
            ax.figure.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold", color=INK)
        ax.figure.supxlabel(lines, x=0.01, ha="left", fontsize=7.5, color=MUTED)
        return ax
    if title:
        named = any(isinstance(face, Axes) and face.get_title("left") for face in ax.child_axes)
        ax.set_title(title, pad=24 if named else 8, fontsize=10, loc="left")
    place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    ax.annotate(lines, (0, 0), xytext=(0, -below), va="top", color=MUTED, fontsize=7.5, **place)
    return ax


def _alone(ax: Axes) -> bool:
    """Whether the figure is this axes' own and lays itself out: then its margins are free for words."""
    return ax.figure.axes == [ax] and ax.figure.get_layout_engine() is not None


def _wrapped(ax: Axes, text: str, letters_an_inch: float) -> str:
    width = (ax.figure if _alone(ax) else ax).get_window_extent().width / ax.figure.dpi
    return "\n".join(textwrap.wrap(legible(text, letters=WHOLE), max(30, int(width * letters_an_inch))))


def nothing(page: Page, why: str) -> Axes:
    """An axes that says why there is nothing to see."""
    ax = canvas(page, 1.2)
    ax.set_axis_off()
    ax.text(0, 0.5, f"nothing to show: {why}", color=MUTED, transform=ax.transAxes, va="center")
    return ax
