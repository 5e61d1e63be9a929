"""Names in figures: drawn with a font that has their letters, cut so that no two are alike, placed where free."""

import re
import textwrap
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from analysis.show.characters import shortened

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
