"""One look for every figure: type, colours, sizes; names cut so that no two are alike, and placed where free."""

import re
import textwrap
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgb, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from ..characters import shortened
from ..look import INK, MUTED, PAPER, RULE, in_dark, luminance

BASE = "DejaVu Sans"  # comes with Matplotlib: Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian
# Asked first, in this order, for letters that DejaVu lacks; any other installed font comes after.
EASTERN = "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", "PingFang SC", "Microsoft YaHei", "Heiti TC"
FONTS = {"CJK": "Noto Sans CJK SC", "HIRAGANA": "Noto Sans CJK JP", "KATAKANA": "Noto Sans CJK JP",
         "HANGUL": "Noto Sans CJK KR"}  # fmt: skip
LONGEST = 44  # letters of a name, on two lines: a longer one leaves no room for the figure that it labels
LINE = 32  # letters of a name on one line beside the axes
WHOLE = 10_000  # letters of a text that is not cut
LAST = "Last Resort"  # comes with Matplotlib and has a box for every character
BOX = "▯"  # stands for a character that no installed font can draw
# From this version on, Matplotlib sets right-to-left text by itself, and marks that keep it apart are invisible.
BIDIRECTIONAL = tuple(map(int, re.findall(r"\d+", mpl.__version__)[:2])) >= (3, 11)
# behind a name, so that its letters can be read over dots; outlines round them would weigh ten times as much
PATCH = {"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.7}
Place = tuple[float, float, str, str]  # points right and up of the dot, and how the name is aligned there

_undrawn: dict[str, None] = {}  # what the figure in hand could not draw, in order


@contextmanager
def warned() -> Iterator[None]:
    """One warning for all characters that a figure could not draw, with the font to install."""
    _undrawn.clear()
    yield
    if _undrawn:
        missing = [character for character in "".join(_undrawn) if not (character.isspace() or _family(character))]
        warnings.warn(
            f"figure: no installed font can draw {', '.join(map(repr, _undrawn))}; {BOX} stands for each such "
            f"character. Install {' and '.join(dict.fromkeys(map(_font, missing)))}, then start again.",
            stacklevel=4,
        )


def _font(character: str) -> str:
    if "\U0001f000" <= character < "\U00020000" or unicodedata.category(character) == "So":
        return "Noto Emoji"
    script = unicodedata.name(character, "UNKNOWN").split()[0]
    return FONTS.get(script.partition("-")[0], f"Noto Sans {script.title()}")


@cache
def families() -> tuple[str, ...]:
    """The font families in which figures are set, the first for most letters."""
    installed = set(font_manager.fontManager.get_font_names())
    return BASE, *[name for name in EASTERN if name in installed][:1]


@cache
def _family(character: str) -> str:
    """The family that is to draw the character: of the figure's own, or the first installed; else none."""
    own = ((family, font_manager.findfont(family)) for family in families())
    installed = sorted((font.name, font.fname) for font in font_manager.fontManager.ttflist)
    others = ((name, path) for name, path in installed if not name.startswith(LAST))
    return next((name for name, path in chain(own, others) if ord(character) in _glyphs(path)), "")


@cache
def _glyphs(path: str) -> frozenset[int]:
    return frozenset(font_manager.get_font(path).get_charmap())


def _drawable(character: str) -> bool:
    """Whether some installed font has the character; the figure in hand then uses it."""
    family = _family(character)
    if family and family not in mpl.rcParams["font.family"]:
        mpl.rcParams["font.family"] = [*mpl.rcParams["font.family"], family]
    return bool(family)


def legible(text: object, *, letters: int = LONGEST) -> str:
    """The text as a figure can draw it: on one line, cut in the middle where long, right-to-left text apart."""
    line = shortened(str(text), letters)
    drawn = "".join(c if c.isspace() or _drawable(c) else BOX for c in line)
    if drawn != line:
        _undrawn[line] = None
    if BIDIRECTIONAL and any(unicodedata.bidirectional(c) in ("R", "AL") for c in drawn):
        return f"\N{FIRST STRONG ISOLATE}{drawn}\N{POP DIRECTIONAL ISOLATE}"
    return drawn


def distinct(names: Iterable[object], *, letters: int = LONGEST) -> dict[object, str]:
    """A label for each name, no two alike: names that look alike once drawn are numbered in their order.

    >>> list(distinct(["BBC", "x" * 60, "x" * 70], letters=6).values())
    ['BBC', 'xxx…xx (1)', 'xxx…xx (2)']
    """
    drawn = {name: legible(name, letters=letters) for name in dict.fromkeys(names)}
    alike, number = Counter(drawn.values()), Counter[str]()
    labels: dict[object, str] = {}
    for name, label in drawn.items():
        number[label] += 1
        labels[name] = f"{label} ({number[label]})" if alike[label] > 1 else label
    return labels


def on_lines(label: str, letters: int = LINE) -> str:
    """The label on as few lines as hold it."""
    return "\n".join(textwrap.wrap(label, letters)) if len(label) > letters else label


def lay_out(ax: Axes) -> None:
    """Gives every part of the figure its place, so that the room which names take can be asked."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()


class Disc(NamedTuple):
    """A disc on the page, in pixels."""

    x: float
    y: float
    radius: float

    def meets(self, box: Bbox) -> bool:
        """Whether the disc and a box share a point."""
        across = self.x - min(max(self.x, box.x0), box.x1)
        up = self.y - min(max(self.y, box.y0), box.y1)
        return bool(np.hypot(across, up) < self.radius)

    def holds(self, box: Bbox) -> bool:
        """Whether the box lies in the disc."""
        return all(np.hypot(x - self.x, y - self.y) <= self.radius for x, y in box.corners())


def named(
    ax: Axes, text: str, at: tuple[float, float], places: Iterable[Place], taken: list[Bbox], *,
    own: Disc | None = None, discs: Sequence[Disc] = (), **look: Any,
) -> Annotation | None:  # fmt: skip
    """The name at the first free place round its dot, in its ``own`` disc or outside all; it is then ``taken``."""
    inside = ax.get_window_extent().padded(2)
    for x, y, across, up in places:
        where: dict[str, Any] = {"xytext": (x, y), "textcoords": "offset points", "ha": across, "va": up}
        label = ax.annotate(text, at, zorder=4, bbox=None if discs else PATCH, **where, **look)
        box = label.get_window_extent().padded(0.5)
        fits = box.x0 >= inside.x0 and box.x1 <= inside.x1 and box.y0 >= inside.y0 and box.y1 <= inside.y1
        clear = not any(disc.meets(box) for disc in discs)
        clear &= own is None or own.holds(box) or not own.meets(box)
        if fits and clear and not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return label
        label.remove()
    return None


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
