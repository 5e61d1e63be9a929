"""Two versions of one story as strips: what was cut and added, and the frames lost and gained with it."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from analysis.compare.wire import SIDES, STAYS, Comparison
from analysis.numbers import counted
from analysis.text.edits import Alignment, Places

from ..look import INK, MUTED, PAPER, RULE, colours, ink_of
from .marks import in_order
from .style import WHOLE, WIDTH, Page, canvas, describe, legible, nothing

LANE = 0.2  # inches: a row of ticks
STRIP = 0.3  # inches: words as a band
BETWEEN = 0.62  # inches: three lines of 7-point type between the strips
PALE = 0.3  # opacity of what stayed
QUOTED = 0.14  # part of the width from which a stretch is quoted: an inch holds its words
WORDS_QUOTED = (7, 6, 5, 4, 3, 2)  # quoted from either end of a stretch, as many as there is room for
LINES = 3
MEASURED = (
    "Each strip is a version, word by word. Grey: words of both. Colour: words cut or added, by the frames of "
    "their {unit}; hatched: no frame. Ticks: hits; full: lost or new; pale: in both."
)


@dataclass(frozen=True)
class Side:
    """One version as it is drawn: where its words stand, and up (1) or down (-1) to its lanes."""

    name: str
    text: str
    places: Places
    strip: float
    up: int
    hits: pd.DataFrame
    pieces: pd.DataFrame

    @property
    def size(self) -> int:
        return len(self.places.starts)

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The words that lie between two characters."""
        first = int(np.searchsorted(self.places.ends, start, side="right"))
        return first, int(np.searchsorted(self.places.starts, end))


def draw_copies(comparison: Comparison, page: Page, *, names: tuple[str, str] | None = None) -> Axes:
    """The original above the copy as strips of words by frame, and outside a lane of ticks a frame: its hits."""
    if not comparison.alignment.edits:
        return nothing(page, "neither version has a word")
    labels = list(comparison.labels)
    ax = canvas(page, 0.75 + 2 * (LANE * len(labels) + STRIP) + BETWEEN)
    titles = names or comparison.names
    _draw(ax, comparison.alignment, _sides(comparison, titles), labels)
    title = f"The story of {titles[0]} in the version of {titles[1]}"
    return describe(ax, page, title, MEASURED.format(unit=comparison.unit))


def _sides(comparison: Comparison, names: tuple[str, str]) -> tuple[Side, Side]:
    hits, pieces, aligned = comparison.hits, comparison.passages, comparison.alignment
    places, edges = (aligned.original, aligned.copy), ((STRIP + BETWEEN, 1), (0.0, -1))
    original, copy = (
        Side(names[at], comparison.texts[at], places[at], *edges[at],
             hits[(hits["side"] == side) & ~hits["negated"]], pieces[pieces["doc_id"] == side])
        for at, side in enumerate(SIDES)
    )  # fmt: skip
    return original, copy


def _draw(ax: Axes, alignment: Alignment, sides: tuple[Side, Side], frames: list[str]) -> None:
    colour = colours(frames)
    reach = max(side.size for side in sides)
    lanes = LANE * len(frames)
    for edit in alignment.edits:
        if edit.change in STAYS:
            (left, right), (begin, end) = edit.original, edit.copy
            corners = [(left, STRIP + BETWEEN), (right, STRIP + BETWEEN), (end, STRIP), (begin, STRIP)]
            shade = MUTED if edit.change == "moved" else RULE
            ax.add_patch(Polygon(corners, facecolor=shade, alpha=0.5, linewidth=0, zorder=1))
    for number, side in enumerate(sides):
        spans = [(edit.change, (edit.original, edit.copy)[number]) for edit in alignment.edits]
        for change, span in spans:
            _draw_stretch(ax, side, span, change in STAYS, colour, reach)
        for lane, frame in enumerate(frames):
            _draw_lane(ax, side, lane, frame, str(colour[frame]), reach)
    rows = [(_lane(side, at), frame, ink_of(colour[frame])) for side in sides for at, frame in enumerate(frames)]
    rows += [(side.strip + STRIP / 2, f"{side.name}\n{side.size:,} words", INK) for side in sides]
    names = ["\n".join(map(legible, name.split("\n"))) for _, name, _ in rows]
    ax.set_yticks([place for place, _, _ in rows], names, fontsize=7.5)
    for label, (_, _, ink) in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_color(ink)
    height = -lanes - 0.06, 2 * STRIP + BETWEEN + lanes + 0.06
    ax.set(xlim=(-0.004 * reach, 1.13 * reach), ylim=height, xticks=[])  # room for the counts at the right
    ax.spines[:].set_visible(False)


def _draw_stretch(
    ax: Axes, side: Side, span: tuple[int, int], stays: bool, colour: dict[object, str], reach: int
) -> None:
    """A band of words: grey where they stay, else in the colours of the frames that went or came with them."""
    if span[0] == span[1]:
        return
    for first, last, frames in [(*span, [])] if stays else _parts(side, span):
        shades: list[Any] = [colour[frame] for frame in frames] or [RULE if stays else PAPER]
        for at, shade in enumerate(shades):
            height = STRIP / len(shades)
            hatched: dict[str, Any] = {} if stays or frames else {"hatch": "/////", "edgecolor": MUTED}
            place = first, side.strip + STRIP - height * (at + 1)
            ax.add_patch(Rectangle(place, last - first, height, facecolor=shade, linewidth=0, zorder=2, **hatched))
    if not stays and span[1] - span[0] >= QUOTED * reach:
        _quote(ax, side, span, reach)


def _parts(side: Side, span: tuple[int, int]) -> Iterator[tuple[int, int, list[str]]]:
    """A changed stretch, divided where passages end, with the frames lost or gained in each part."""
    changed = side.hits[side.hits["fate"] != "kept"]
    bounds = [side.at(start, end) for start, end in side.pieces[["start", "end"]].to_numpy()]
    cuts = sorted({span[0], span[1], *(end for _, end in bounds if span[0] < end < span[1])})
    for first, last in pairwise(cuts):
        start, end = side.places.span((first, last))
        inside = changed[(changed["start"] < end) & (changed["end"] > start)]
        order = in_order(inside["frame"].sort_values())
        yield first, last, [str(frame) for frame in order if (inside["frame"] == frame).any()]


def _quote(ax: Axes, side: Side, span: tuple[int, int], reach: int) -> None:
    """Writes how long a stretch is, how it begins and how it ends, in the space between the strips."""
    start, end = side.places.span(span)
    words = side.text[start:end].split()
    head = f"{span[1] - span[0]} words {'cut' if side.up > 0 else 'added'}"
    width = int((span[1] - span[0]) / reach * WIDTH * 0.7 * 19)  # 6.8-point letters
    quotes = [f"{head}: “{' '.join(words[:n])} … {' '.join(words[-n:])}”" for n in WORDS_QUOTED] + [head]
    wraps = (textwrap.wrap(legible(text, letters=WHOLE), width) for text in quotes)
    lines = next((lines for lines in wraps if len(lines) <= LINES), [head])
    edge = side.strip if side.up > 0 else side.strip + STRIP
    look: dict[str, Any] = {"fontsize": 6.8, "color": INK, "zorder": 4, "linespacing": 1.25}
    look |= {"xytext": (0, -4 * side.up), "textcoords": "offset points", "va": "top" if side.up > 0 else "bottom"}
    ax.annotate("\n".join(lines), (span[0] + 0.004 * reach, edge), **look)


def _draw_lane(ax: Axes, side: Side, lane: int, frame: str, colour: str, reach: int) -> None:
    middle, hits = _lane(side, lane), side.hits[side.hits["frame"] == frame]
    at = np.array([np.mean(side.at(start, end)) for start, end in hits[["start", "end"]].to_numpy()])
    stays = (hits["fate"] == "kept").to_numpy()
    ax.hlines(middle, 0, side.size, color=RULE, linewidth=0.6, zorder=1)
    for shown, alpha in ((stays, PALE), (~stays, 1.0)):
        low, high = middle - 0.38 * LANE, middle + 0.38 * LANE
        ax.vlines(at[shown] if len(at) else [], low, high, color=colour, alpha=alpha, linewidth=1.8, zorder=3)
    changed = f"{(~stays).sum()} {'lost' if side.up > 0 else 'new'}"
    words = f"{counted(len(hits), 'hit')}, {changed}" if len(hits) else "no hit"
    ax.text(1.012 * reach, middle, words, va="center", fontsize=7.2, color=ink_of(colour))


def _lane(side: Side, lane: int) -> float:
    """The height of a lane's middle; the first frame stands farthest from the strips on top, nearest below."""
    edge = side.strip + STRIP if side.up > 0 else side.strip
    return edge + side.up * LANE * (lane + 0.6)
