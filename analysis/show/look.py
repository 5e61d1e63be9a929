"""The same look everywhere: a frame's colour, and the order of outlets, in figures, page and desk."""

import colorsys
from collections.abc import Iterable
from functools import cache
from itertools import cycle

import pandas as pd
from matplotlib.colors import to_hex, to_rgb

from analysis.corpus.stories import UNKNOWN

# Paul Tol's "high-contrast" then "medium-contrast" schemes (2021): distinct under every common colour
# blindness, and the first three also on a grey printout, which Okabe and Ito's blue, red and green are not.
PALETTE = ("#004488", "#BB5566", "#DDAA33", "#6699CC", "#994455", "#997700", "#EE99AA", "#EECC66")
FRAME_COLOURS = {"alliance": PALETTE[0], "pragmatism": PALETTE[1], "economy": PALETTE[2]}
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "h")  # a second cue beside colour
INK, MUTED, RULE, PAPER = "#1f2933", "#5b6770", "#d9dee3", "#ffffff"
DARK_PAPER = "#171b1f"  # as the report's page
SLATE, RUST = "#5a6b7b", "#8c3b1f"  # for what is not a frame: groups, topics, measures
READABLE = 4.5  # contrast of letters with what is behind them (WCAG 2.1, AA)
ON_DARK = 5.5  # the same on a dark page, where what is pressed or chosen is lighter than the page
HUED = 0.25  # saturation from which a colour carries a meaning and must stay bright on a dark page


def colours(labels: Iterable[object]) -> dict[object, str]:
    """A colour for each label: its own for the three shipped frames, the rest of the palette in order.

    >>> colours(["economy", "threat"])
    {'economy': '#DDAA33', 'threat': '#6699CC'}
    """
    free = cycle(c for c in PALETTE if c not in FRAME_COLOURS.values())
    return {label: FRAME_COLOURS.get(str(label)) or next(free) for label in dict.fromkeys(labels)}


def markers(labels: Iterable[object]) -> dict[object, str]:
    """A marker for each label, by the same rule as its colour, so that a grey copy can still be read."""
    return {label: MARKERS[PALETTE.index(colour)] for label, colour in colours(labels).items()}


def ink_of(colour: str) -> str:
    """The colour, darkened until letters in it can be read on white."""
    red, green, blue = to_rgb(colour)
    while contrast(ink := to_hex((red, green, blue)), PAPER) < READABLE:
        red, green, blue = 0.95 * red, 0.95 * green, 0.95 * blue
    return ink


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def in_dark(colour: str) -> str:
    """The colour on a dark page: greys change places, hues stay and are lightened until letters can be read."""
    if colour == PAPER:
        return DARK_PAPER
    hue, light, full = colorsys.rgb_to_hls(*to_rgb(colour))
    # Bent, so that pale greys do not sink into the page: measured on rules and boxes.
    light = 0.08 + 0.92 * (1 - light) ** 1.15
    while contrast(dyed := to_hex(colorsys.hls_to_rgb(hue, light, full)), DARK_PAPER) < ON_DARK:
        if full <= HUED:
            break
        light += 0.02
    return dyed


def outlet_order(estimates: pd.DataFrame) -> list[str]:
    """Outlets by the share of the first label, highest first; then those without a share, by name, or no name."""
    first = estimates[estimates["label"] == estimates["label"].iloc[0]]
    ordered = first.sort_values(["share", "outlet"], ascending=[False, True], na_position="last")["outlet"]
    return sorted(dict.fromkeys([*ordered, *sorted(set(estimates["outlet"]))]), key=lambda one: one == UNKNOWN)
