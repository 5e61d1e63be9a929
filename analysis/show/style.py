"""One look for every figure: type, colours, sizes. Applied inside a plot, never to the reader's session."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

# Paul Tol's "high-contrast" then "medium-contrast" schemes (2021): told apart under every common colour
# blindness, and the first three also on a grey printout, which Okabe and Ito's blue, red and green are not.
PALETTE = ("#004488", "#BB5566", "#DDAA33", "#6699CC", "#994455", "#997700", "#EE99AA", "#EECC66")
FRAME_COLOURS = {"alliance": PALETTE[0], "pragmatism": PALETTE[1], "economy": PALETTE[2]}
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "h")  # a second cue beside colour
INK, MUTED, RULE = "#1f2933", "#5b6770", "#d9dee3"
WIDTH = 7.0  # inches: the text width of an A4 or Letter page
ROW = 0.30  # inches: a line of 8.5-point type with air around it

# Families that hold Chinese, Japanese and Korean on Linux, macOS and Windows; used where installed.
EASTERN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "Heiti TC",
)
LONGEST = 40  # letters: a word as wide as half the page leaves no room for the figure it labels
ENDLESS = re.compile(rf"\S{{{LONGEST + 1},}}")
UNSEEN = "▯"  # what stands for a character that no installed font can draw

LOOK: dict[str, Any] = {
    "font.size": 8.5,
    "text.color": INK,
    "text.parse_math": False,  # "$12" in a headline is money
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 8,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 8.5,
    "ytick.labelcolor": INK,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0,
    "figure.facecolor": "white",
    "axes.facecolor": "none",
    "figure.dpi": 120,
    "figure.constrained_layout.use": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """The look, for as long as one plot is drawn; the reader's own settings come back afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        look: Any = LOOK | {"font.family": ["DejaVu Sans", *_eastern_fonts()]}
        mpl.rcParams.update(look)
        yield
        interactive = mpl.is_interactive()
    # A notebook's first figure turns interaction on; turned off again, the notebook would show no second figure.
    mpl.interactive(interactive)


@cache
def _eastern_fonts() -> tuple[str, ...]:
    installed = set(font_manager.fontManager.get_font_names())
    return tuple(name for name in EASTERN if name in installed)[:1]


@cache
def _drawable() -> frozenset[int]:
    paths = [font_manager.findfont(name) for name in ("DejaVu Sans", *_eastern_fonts())]
    return frozenset().union(*(font_manager.get_font(path).get_charmap() for path in paths))


def legible(text: object) -> str:
    """The text as the figure's fonts can draw it: an undrawable character is a box, an endless word is cut.

    >>> legible("pivot to China"), legible("x" * 1000) == "x" * 40 + "…"
    ('pivot to China', True)
    """
    drawable = _drawable()
    line = ENDLESS.sub(lambda word: word[0][:LONGEST] + "…", re.sub(r"[ \t\r\n]+", " ", str(text)))
    return "".join(c if ord(c) in drawable else UNSEEN for c in line)


def colours(labels: Iterable[object]) -> dict[object, str]:
    """A colour for each label: its own for the three shipped frames, the rest of the palette in order.

    >>> colours(["economy", "threat"])
    {'economy': '#DDAA33', 'threat': '#6699CC'}
    """
    free = [c for c in PALETTE if c not in FRAME_COLOURS.values()]
    found: dict[object, str] = {}
    for label in labels:
        turn = sum(name not in FRAME_COLOURS for name in found)
        found.setdefault(label, FRAME_COLOURS.get(str(label), free[turn % len(free)]))
    return found


def markers(labels: Iterable[object]) -> dict[object, str]:
    """A marker for each label, by the same rule as its colour, so that a grey copy can still be read."""
    return {label: MARKERS[PALETTE.index(colour)] for label, colour in colours(labels).items()}


def ink_of(colour: str) -> str:
    """The colour, darkened until letters in it can be read on white (contrast 4.5 : 1, WCAG 2.1)."""
    rgb = to_rgb(colour)
    while contrast_with_white(rgb) < 4.5:
        rgb = (rgb[0] * 0.95, rgb[1] * 0.95, rgb[2] * 0.95)
    return str(to_hex(rgb))


def contrast_with_white(rgb: Sequence[float]) -> float:
    """Contrast ratio of a colour with white, 1 to 21 (WCAG 2.1)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb[:3]]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def canvas(ax: Axes | None, height: float, *, width: float = WIDTH) -> Axes:
    """The reader's axes, or the only axes of a new figure of this many inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def panels(ax: Axes, rows: int, columns: int, *, gap: tuple[float, float] = (0.06, 0.2)) -> list[Axes]:
    """Small multiples inside one axes, row by row; ``gap`` is a share of a panel's (width, height).

    They are insets, so that a figure of many panels is still one Axes to place, title and save.
    """
    if rows * columns == 1:
        return [ax]
    ax.set_axis_off()
    width, height = 1 / (columns + gap[0] * (columns - 1)), 1 / (rows + gap[1] * (rows - 1))
    lefts = [i * width * (1 + gap[0]) for i in range(columns)]
    bottoms = [1 - height - i * height * (1 + gap[1]) for i in range(rows)]
    return [ax.inset_axes((left, bottom, width, height)) for bottom in bottoms for left in lefts]


def headline(ax: Axes, title: str, *, above: float = 0) -> None:
    """Writes the finding at the top; over the axes, ``above`` points higher, where it shares a figure."""
    lines = _wrapped(ax, title, 12)  # bold 10-point letters an inch
    if _alone(ax):
        ax.figure.suptitle(lines, x=0.01, ha="left", fontsize=10, fontweight="bold", color=INK)
    else:
        ax.set_title(lines, pad=8 + above, fontsize=10, loc="left")


def unit(ax: Axes, text: str, *, below: float = 24) -> None:
    """Writes what is measured at the foot; ``below`` points under the axes where it shares a figure."""
    lines = _wrapped(ax, text, 17)  # 7.5-point letters an inch
    if _alone(ax):
        ax.figure.supxlabel(lines, x=0.01, ha="left", fontsize=7.5, color=MUTED)
    else:
        place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
        ax.annotate(lines, (0, 0), xytext=(0, -below), va="top", color=MUTED, fontsize=7.5, **place)


def _alone(ax: Axes) -> bool:
    """Whether the figure is this axes' own and lays itself out: then its margins are free for words."""
    return ax.figure.axes == [ax] and ax.figure.get_layout_engine() is not None


def _wrapped(ax: Axes, text: str, letters_an_inch: float) -> str:
    width = (ax.figure if _alone(ax) else ax).get_window_extent().width / ax.figure.dpi
    return "\n".join(textwrap.wrap(legible(text), max(30, int(width * letters_an_inch))))


def nothing(ax: Axes | None, why: str) -> Axes:
    """An axes that says why there is nothing to see."""
    ax = canvas(ax, 1.2)
    ax.set_axis_off()
    ax.text(0, 0.5, legible(f"nothing to show: {why}"), color=MUTED, transform=ax.transAxes, va="center")
    return ax
